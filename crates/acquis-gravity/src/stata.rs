//! Tables from Stata's `.dta`, formats 113 to 115 (Stata 8 to 12; [`older`]), 117 (Stata 13),
//! 118 (14 and later) and 119.
//!
//! The layout of the later ones is Stata's published one: a sequence of sections between tags, `<header>`,
//! `<map>`, `<variable_types>`, `<varnames>`, ..., `<data>`, `<strls>`, `<value_labels>`,
//! whose offsets stand in the map. A variable with a value label is read as the label's
//! text. Files from before format 118 are in the encoding of the machine that wrote them:
//! what is not UTF-8 is read as Latin-1.

mod older;

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use crate::factor::{Factor, MISSING};
use crate::table::{Table, TableColumn, TableError, Values, unknown};

/// Types of variables above the lengths of fixed strings.
const LONG_STRING: u16 = 32_768;
const DOUBLE: u16 = 65_526;
const FLOAT: u16 = 65_527;
const LONG: u16 = 65_528;
const INT: u16 = 65_529;
const BYTE: u16 = 65_530;
/// Longest fixed string.
const STRING: u16 = 2_045;

pub(crate) fn read(path: &Path, wanted: Option<&[&str]>) -> Result<Table, TableError> {
    let file = path.display().to_string();
    let bytes = std::fs::read(path).map_err(|source| TableError::Read {
        file: file.clone(),
        source,
    })?;
    parse(&bytes, wanted).map_err(|error| match error {
        Failure::Table(error) => error,
        Failure::Text(what) => TableError::Malformed { file, what },
    })
}

enum Failure {
    Table(TableError),
    Text(String),
}

impl From<String> for Failure {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

/// A place in the file, read from front to back.
struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
    big_endian: bool,
}

impl<'a> Cursor<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], String> {
        let end = self
            .at
            .checked_add(count)
            .filter(|&end| end <= self.bytes.len());
        let Some(end) = end else {
            return Err(format!("ends at byte {}, {count} more expected", self.at));
        };
        let out = &self.bytes[self.at..end];
        self.at = end;
        Ok(out)
    }

    fn tag(&mut self, tag: &str) -> Result<(), String> {
        let at = self.at;
        if self.take(tag.len())? == tag.as_bytes() {
            return Ok(());
        }
        Err(format!("`{tag}` expected at byte {at}"))
    }

    /// An unsigned number of some bytes.
    fn number(&mut self, count: usize) -> Result<u64, String> {
        let big = self.big_endian;
        Ok(unsigned(self.take(count)?, big))
    }
}

fn unsigned(bytes: &[u8], big_endian: bool) -> u64 {
    let join = |sum: u64, byte: &u8| sum << 8 | u64::from(*byte);
    if big_endian {
        bytes.iter().fold(0, join)
    } else {
        bytes.iter().rev().fold(0, join)
    }
}

/// What the header says.
struct Header {
    release: u32,
    variables: usize,
    rows: usize,
    big_endian: bool,
}

struct Variable {
    name: String,
    kind: u16,
    label: String,
    /// First byte within a row.
    offset: usize,
}

/// A file taken apart.
struct Contents<'a> {
    header: Header,
    variables: Vec<Variable>,
    /// Bytes of a row.
    width: usize,
    data: &'a [u8],
    strings: HashMap<(u64, u64), String>,
    labels: Labels,
}

fn parse(bytes: &[u8], wanted: Option<&[&str]>) -> Result<Table, Failure> {
    if let Some(release @ 102..=112) = bytes.first() {
        let text = format!("format {release} of Stata 7 or older: save it anew in Stata");
        return Err(text.into());
    }
    let mut cursor = Cursor {
        bytes,
        at: 0,
        big_endian: false,
    };
    let contents = if older::is_older(bytes) {
        older::contents(&mut cursor)?
    } else {
        contents(&mut cursor)?
    };
    table(&contents, wanted)
}

fn contents<'a>(cursor: &mut Cursor<'a>) -> Result<Contents<'a>, String> {
    let header = header(cursor)?;
    cursor.big_endian = header.big_endian;
    cursor.tag("<map>")?;
    let mut map = [0; 14];
    for offset in &mut map {
        *offset = usize::try_from(cursor.number(8)?).unwrap_or(usize::MAX);
    }
    let variables = variables(cursor, &header, &map)?;
    let width: usize = variables.iter().map(|v| size(v.kind)).sum();
    cursor.at = map[9];
    cursor.tag("<data>")?;
    let data = cursor.take(header.rows.saturating_mul(width))?;
    let strings = long_strings(cursor, &header, map[10])?;
    let labels = value_labels(cursor, &header, map[11])?;
    Ok(Contents {
        header,
        variables,
        width,
        data,
        strings,
        labels,
    })
}

fn table(contents: &Contents<'_>, wanted: Option<&[&str]>) -> Result<Table, Failure> {
    let Contents {
        header,
        variables,
        width,
        data,
        strings,
        labels,
    } = contents;
    let chosen: Vec<&Variable> = match wanted {
        None => variables.iter().collect(),
        Some(wanted) => wanted
            .iter()
            .map(|&name| {
                let found = variables.iter().find(|v| v.name == name);
                found.ok_or_else(|| {
                    Failure::Table(unknown(name, variables.iter().map(|v| v.name.as_str())))
                })
            })
            .collect::<Result<_, _>>()?,
    };
    let column = |variable: &&Variable| {
        let cells = (0..header.rows).map(|row| {
            let start = row * width + variable.offset;
            &data[start..start + size(variable.kind)]
        });
        TableColumn {
            name: variable.name.clone(),
            values: values(variable, cells, header, strings, labels),
        }
    };
    Ok(Table {
        columns: chosen.iter().map(column).collect(),
        rows: header.rows,
    })
}

fn header(cursor: &mut Cursor<'_>) -> Result<Header, String> {
    cursor.tag("<stata_dta><header><release>")?;
    let release = match cursor.take(3)? {
        b"117" => 117,
        b"118" => 118,
        b"119" => 119,
        other => {
            let text = String::from_utf8_lossy(other);
            return Err(format!("format {text}: 117, 118 and 119 are read"));
        }
    };
    cursor.tag("</release><byteorder>")?;
    let big_endian = cursor.take(3)? == b"MSF";
    cursor.big_endian = big_endian;
    cursor.tag("</byteorder><K>")?;
    let variables = cursor.number(if release == 119 { 4 } else { 2 })? as usize;
    cursor.tag("</K><N>")?;
    let rows = cursor.number(if release == 117 { 4 } else { 8 })?;
    cursor.tag("</N><label>")?;
    let length = cursor.number(if release == 117 { 1 } else { 2 })? as usize;
    cursor.take(length)?;
    cursor.tag("</label><timestamp>")?;
    let length = cursor.number(1)? as usize;
    cursor.take(length)?;
    cursor.tag("</timestamp></header>")?;
    Ok(Header {
        release,
        variables,
        rows: usize::try_from(rows).unwrap_or(usize::MAX),
        big_endian,
    })
}

fn variables(
    cursor: &mut Cursor<'_>,
    header: &Header,
    map: &[usize; 14],
) -> Result<Vec<Variable>, String> {
    let (name, label) = if header.release == 117 {
        (33, 33)
    } else {
        (129, 129)
    };
    cursor.at = map[2];
    cursor.tag("<variable_types>")?;
    let mut kinds = Vec::new();
    for _ in 0..header.variables {
        let kind = cursor.number(2)? as u16;
        if kind > STRING && kind != LONG_STRING && !(DOUBLE..=BYTE).contains(&kind) {
            return Err(format!("a variable has the unknown type {kind}"));
        }
        kinds.push(kind);
    }
    cursor.at = map[3];
    cursor.tag("<varnames>")?;
    let mut names = Vec::new();
    for _ in 0..header.variables {
        names.push(text(cursor.take(name)?));
    }
    cursor.at = map[6];
    cursor.tag("<value_label_names>")?;
    let mut out = Vec::new();
    let mut offset = 0;
    for (kind, name) in kinds.into_iter().zip(names) {
        out.push(Variable {
            name,
            kind,
            label: text(cursor.take(label)?),
            offset,
        });
        offset += size(kind);
    }
    Ok(out)
}

fn size(kind: u16) -> usize {
    match kind {
        LONG_STRING | DOUBLE => 8,
        FLOAT | LONG => 4,
        INT => 2,
        BYTE => 1,
        length => usize::from(length),
    }
}

/// Text up to the first zero byte.
fn text(bytes: &[u8]) -> String {
    let end = bytes
        .iter()
        .position(|&byte| byte == 0)
        .unwrap_or(bytes.len());
    let bytes = &bytes[..end];
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().copied().map(char::from).collect(),
    }
}

/// Texts stored once, by the key that stands in the data.
fn long_strings(
    cursor: &mut Cursor<'_>,
    header: &Header,
    start: usize,
) -> Result<HashMap<(u64, u64), String>, String> {
    cursor.at = start;
    cursor.tag("<strls>")?;
    let mut strings = HashMap::new();
    while cursor.bytes[cursor.at..].starts_with(b"GSO") {
        cursor.take(3)?;
        let variable = cursor.number(4)?;
        let row = cursor.number(if header.release == 117 { 4 } else { 8 })?;
        cursor.take(1)?;
        let length = cursor.number(4)? as usize;
        strings.insert((variable, row), text(cursor.take(length)?));
    }
    Ok(strings)
}

type Labels = BTreeMap<String, BTreeMap<i64, String>>;

fn value_labels(cursor: &mut Cursor<'_>, header: &Header, start: usize) -> Result<Labels, String> {
    cursor.at = start;
    cursor.tag("<value_labels>")?;
    let mut out = Labels::new();
    while cursor.bytes[cursor.at..].starts_with(b"<lbl>") {
        cursor.take(5)?;
        cursor.number(4)?;
        let name = text(cursor.take(if header.release == 117 { 33 } else { 129 })?);
        cursor.take(3)?;
        out.insert(name, label_table(cursor)?);
        cursor.tag("</lbl>")?;
    }
    Ok(out)
}

/// The texts of one value label, by value.
fn label_table(cursor: &mut Cursor<'_>) -> Result<BTreeMap<i64, String>, String> {
    let count = cursor.number(4)? as usize;
    let length = cursor.number(4)? as usize;
    let offsets = cursor.take(count.saturating_mul(4))?;
    let values = cursor.take(count.saturating_mul(4))?;
    let texts = cursor.take(length)?;
    let big = cursor.big_endian;
    let pairs = offsets.chunks_exact(4).zip(values.chunks_exact(4));
    let label = pairs.map(|(offset, value)| {
        let offset = unsigned(offset, big) as usize;
        let value = unsigned(value, big) as u32;
        (
            i64::from(value.cast_signed()),
            text(texts.get(offset..).unwrap_or_default()),
        )
    });
    Ok(label.collect())
}

fn values<'a>(
    variable: &Variable,
    cells: impl Iterator<Item = &'a [u8]>,
    header: &Header,
    strings: &HashMap<(u64, u64), String>,
    labels: &Labels,
) -> Values {
    let big = header.big_endian;
    match variable.kind {
        LONG_STRING => {
            // The key is a variable's number in 2 bytes (117: 4; 119: 3) and a row's.
            let split = match header.release {
                117 => 4,
                118 => 2,
                _ => 3,
            };
            let find = |cell: &[u8]| {
                let (variable, row) = cell.split_at(split);
                let key = (unsigned(variable, big), unsigned(row, big));
                strings.get(&key).cloned().unwrap_or_default()
            };
            let texts: Vec<String> = cells.map(find).collect();
            Values::Texts(Factor::from_labels(&texts))
        }
        DOUBLE | FLOAT | LONG | INT | BYTE => {
            let numbers: Vec<f64> = cells.map(|cell| number(variable.kind, cell, big)).collect();
            match labels.get(&variable.label) {
                Some(labels) if !labels.is_empty() => {
                    let text = |number: &f64| {
                        if number.is_nan() {
                            return String::new();
                        }
                        let label = labels.get(&(*number as i64));
                        label.cloned().unwrap_or_else(|| number.to_string())
                    };
                    labelled(&numbers, text)
                }
                _ => Values::Numbers(numbers),
            }
        }
        _ => {
            let texts: Vec<String> = cells.map(text).collect();
            Values::Texts(Factor::from_labels(&texts))
        }
    }
}

fn labelled(numbers: &[f64], text: impl Fn(&f64) -> String) -> Values {
    let levels = Factor::from_numbers(numbers);
    let mut texts = vec![String::new(); levels.levels()];
    for (number, &code) in numbers.iter().zip(levels.codes()) {
        if code != MISSING {
            texts[code as usize] = text(number);
        }
    }
    let labels = Factor::from_labels(&texts);
    let code = |&code: &u32| {
        labels
            .codes()
            .get(code as usize)
            .copied()
            .unwrap_or(MISSING)
    };
    let codes: Vec<u32> = levels.codes().iter().map(code).collect();
    let names = (0..labels.levels() as u32).map(|level| labels.label(level));
    Values::Texts(Factor::owned(codes, names.collect()))
}

/// A number; Stata's missing values are the largest of each type.
fn number(kind: u16, cell: &[u8], big_endian: bool) -> f64 {
    let bits = unsigned(cell, big_endian);
    match kind {
        BYTE => signed(i64::from((bits as u8).cast_signed()), 100),
        INT => signed(i64::from((bits as u16).cast_signed()), 32_740),
        LONG => signed(i64::from((bits as u32).cast_signed()), 2_147_483_620),
        FLOAT => {
            let value = f32::from_bits(bits as u32);
            if value < 2.0_f32.powi(127) {
                f64::from(value)
            } else {
                f64::NAN
            }
        }
        _ => {
            let value = f64::from_bits(bits);
            if value < 2.0_f64.powi(1023) {
                value
            } else {
                f64::NAN
            }
        }
    }
}

fn signed(value: i64, largest: i64) -> f64 {
    if value > largest {
        f64::NAN
    } else {
        value as f64
    }
}
