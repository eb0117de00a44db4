//! Tables from CSV.
//!
//! The file is cut into parts at line ends, which are parsed beside each other. A column is
//! numeric if all its values are numbers or missing; missing is an empty field or a dot,
//! and, in a column that must be numeric, also `NA` (Namibia elsewhere).

use std::collections::HashMap;
use std::ops::Range;
use std::path::Path;

use csv::{ByteRecord, ReaderBuilder};
use rayon::prelude::*;

use crate::factor::MISSING;
use crate::parquet::merge;
use crate::table::{Table, TableColumn, TableError, Values, unknown};

/// Bytes of a part.
const PART: usize = 1 << 22;

/// One column of one part.
enum Cells {
    Numbers(Vec<f64>),
    Texts(Vec<u32>, Vec<String>),
}

/// What is read of each column.
#[derive(Clone)]
struct Chosen {
    /// Position in the file.
    position: usize,
    name: String,
    numeric: bool,
}

pub(crate) fn read(
    path: &Path,
    wanted: Option<&[&str]>,
    numeric: &[&str],
) -> Result<Table, TableError> {
    let file = path.display().to_string();
    let bytes = std::fs::read(path).map_err(|source| TableError::Read {
        file: file.clone(),
        source,
    })?;
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let malformed = |what: String| TableError::Malformed {
        file: file.clone(),
        what,
    };
    let mut reader = ReaderBuilder::new().from_reader(bytes);
    let header = reader
        .headers()
        .map_err(|error| malformed(error.to_string()))?
        .clone();
    let body = reader.position().byte() as usize;
    let chosen = choose(&header, wanted, numeric)?;
    let parts = parts(bytes, body);
    // Text where numbers were expected sends the whole column round again as text.
    let mut kinds: Vec<bool> = vec![true; chosen.len()];
    let (mut cells, rows) = loop {
        let read: Vec<Part> = parts
            .par_iter()
            .map(|range| read_part(&bytes[range.clone()], &chosen, &kinds, header.len()))
            .collect();
        let mut line = 2;
        let mut texts = Vec::new();
        let mut cells = Vec::new();
        let mut rows = 0;
        for part in read {
            match part.ending {
                Ending::Fine => {}
                Ending::NotANumber { column, row, text } => {
                    let chosen = &chosen[column];
                    if chosen.numeric {
                        return Err(TableError::NotANumber {
                            line: line + row,
                            column: chosen.position + 1,
                            name: chosen.name.clone(),
                            text,
                        });
                    }
                    texts.push(column);
                }
                Ending::Malformed { row, what } => {
                    return Err(malformed(format!("line {}: {what}", line + row)));
                }
            }
            line += part.lines;
            rows += part.rows;
            cells.push(part.cells);
        }
        if texts.is_empty() {
            break (cells, rows);
        }
        for column in texts {
            kinds[column] = false;
        }
    };
    let columns = chosen.iter().enumerate().map(|(at, chosen)| {
        let mut numbers = Vec::new();
        let mut texts = Vec::new();
        for part in &mut cells {
            match std::mem::replace(&mut part[at], Cells::Numbers(Vec::new())) {
                Cells::Numbers(part) if numbers.is_empty() => numbers = part,
                Cells::Numbers(part) => numbers.extend(part),
                Cells::Texts(codes, labels) => texts.push((codes, labels)),
            }
        }
        TableColumn {
            name: chosen.name.clone(),
            values: if kinds[at] {
                Values::Numbers(numbers)
            } else {
                Values::Texts(merge(texts))
            },
        }
    });
    Ok(Table {
        columns: columns.collect(),
        rows,
    })
}

fn choose(
    header: &csv::StringRecord,
    wanted: Option<&[&str]>,
    numeric: &[&str],
) -> Result<Vec<Chosen>, TableError> {
    let chosen = |position: usize, name: &str| Chosen {
        position,
        name: name.to_owned(),
        numeric: numeric.contains(&name),
    };
    match wanted {
        None => Ok(header
            .iter()
            .enumerate()
            .map(|(at, name)| chosen(at, name))
            .collect()),
        Some(wanted) => wanted
            .iter()
            .map(|&name| match header.iter().position(|own| own == name) {
                Some(position) => Ok(chosen(position, name)),
                None => Err(unknown(name, header.iter())),
            })
            .collect(),
    }
}

/// Cuts the body at line ends; quoted fields may hold line ends, so a file with quotes
/// stays in one piece.
fn parts(bytes: &[u8], body: usize) -> Vec<Range<usize>> {
    if bytes[body..].contains(&b'"') {
        return std::iter::once(body..bytes.len()).collect();
    }
    let mut parts = Vec::new();
    let mut start = body;
    while start < bytes.len() {
        let least = (start + PART).min(bytes.len());
        let end = bytes[least..]
            .iter()
            .position(|&byte| byte == b'\n')
            .map_or(bytes.len(), |at| least + at + 1);
        parts.push(start..end);
        start = end;
    }
    parts
}

struct Part {
    cells: Vec<Cells>,
    rows: usize,
    lines: usize,
    ending: Ending,
}

enum Ending {
    Fine,
    NotANumber {
        column: usize,
        row: usize,
        text: String,
    },
    Malformed {
        row: usize,
        what: String,
    },
}

fn read_part(bytes: &[u8], chosen: &[Chosen], kinds: &[bool], fields: usize) -> Part {
    let empty = |&number: &bool| {
        if number {
            Cells::Numbers(Vec::new())
        } else {
            Cells::Texts(Vec::new(), Vec::new())
        }
    };
    let mut part = Part {
        cells: kinds.iter().map(empty).collect(),
        rows: 0,
        lines: 0,
        ending: Ending::Fine,
    };
    let mut known: Vec<HashMap<Vec<u8>, u32>> = vec![HashMap::new(); chosen.len()];
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(bytes);
    let mut record = ByteRecord::new();
    loop {
        match reader.read_byte_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(error) => {
                part.ending = Ending::Malformed {
                    row: part.rows,
                    what: error.to_string(),
                };
                return part;
            }
        }
        let line = record
            .position()
            .map_or(part.rows, |at| at.line() as usize - 1);
        if record.len() != fields {
            part.ending = Ending::Malformed {
                row: line,
                what: format!("{} fields, the header has {fields}", record.len()),
            };
            return part;
        }
        for (at, chosen) in chosen.iter().enumerate() {
            let field = record.get(chosen.position).unwrap_or_default();
            match &mut part.cells[at] {
                Cells::Numbers(numbers) => {
                    let Some(number) = number(field, chosen.numeric) else {
                        part.ending = Ending::NotANumber {
                            column: at,
                            row: line,
                            text: String::from_utf8_lossy(field).into_owned(),
                        };
                        return part;
                    };
                    numbers.push(number);
                }
                Cells::Texts(codes, labels) => {
                    let text = field.trim_ascii();
                    if text.is_empty() {
                        codes.push(MISSING);
                    } else if let Some(&code) = known[at].get(text) {
                        codes.push(code);
                    } else {
                        let code = labels.len() as u32;
                        labels.push(String::from_utf8_lossy(text).into_owned());
                        known[at].insert(text.to_vec(), code);
                        codes.push(code);
                    }
                }
            }
        }
        part.rows += 1;
    }
    part.lines = reader.position().line() as usize - 1;
    part
}

/// A number, or not a number where the value is missing.
fn number(field: &[u8], numeric: bool) -> Option<f64> {
    let field = field.trim_ascii();
    if field.is_empty() || field == b"." || (numeric && field == b"NA") {
        return Some(f64::NAN);
    }
    if let Some(number) = short(field) {
        return Some(number);
    }
    let text = std::str::from_utf8(field).ok()?;
    let number: f64 = text.parse().ok()?;
    // `inf` and `nan` are words here.
    field.iter().any(u8::is_ascii_digit).then_some(number)
}

/// A whole number of few digits, by far the commonest field.
fn short(field: &[u8]) -> Option<f64> {
    if field.is_empty() || field.len() > 9 {
        return None;
    }
    let mut number = 0_u32;
    for byte in field {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        number = number * 10 + u32::from(digit);
    }
    Some(f64::from(number))
}
