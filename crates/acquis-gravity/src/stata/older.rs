//! Formats 113 to 115 of Stata 8 to 12: fixed sections without tags.
//!
//! A header of 109 bytes, types, names, sort order, display formats, names of value labels,
//! labels of variables, expansion fields that are skipped, the data, and value labels to the
//! end of the file.

use std::collections::HashMap;

use super::{BYTE, Contents, Cursor, DOUBLE, Header, LONG, Labels, Variable, label_table, text};
use super::{FLOAT, INT, size};

/// Longest fixed string.
const STRING: u16 = 244;
/// Bytes of a name.
const NAME: usize = 33;
/// Bytes of the label of the data and of a variable.
const LABEL: usize = 81;
/// Bytes of the time stamp.
const TIME: usize = 18;

/// Whether a file begins as these formats do.
pub(super) fn is_older(bytes: &[u8]) -> bool {
    bytes.first().is_some_and(|byte| (113..=115).contains(byte))
}

pub(super) fn contents<'a>(cursor: &mut Cursor<'a>) -> Result<Contents<'a>, String> {
    let header = header(cursor)?;
    let variables = variables(cursor, &header)?;
    cursor.take(LABEL.saturating_mul(header.variables))?;
    loop {
        let kind = cursor.number(1)?;
        let length = cursor.number(4)? as usize;
        if kind == 0 && length == 0 {
            break;
        }
        cursor.take(length)?;
    }
    let width: usize = variables.iter().map(|v| size(v.kind)).sum();
    let data = cursor.take(header.rows.saturating_mul(width))?;
    let mut labels = Labels::new();
    while cursor.at < cursor.bytes.len() {
        cursor.take(4)?;
        let name = text(cursor.take(NAME)?);
        cursor.take(3)?;
        labels.insert(name, label_table(cursor)?);
    }
    Ok(Contents {
        header,
        variables,
        width,
        data,
        strings: HashMap::new(),
        labels,
    })
}

fn header(cursor: &mut Cursor<'_>) -> Result<Header, String> {
    let release = cursor.number(1)? as u32;
    cursor.big_endian = match cursor.number(1)? {
        1 => true,
        2 => false,
        other => return Err(format!("byte order 1 or 2 expected at byte 1, not {other}")),
    };
    cursor.take(2)?;
    let variables = cursor.number(2)? as usize;
    let rows = cursor.number(4)? as usize;
    cursor.take(LABEL + TIME)?;
    Ok(Header {
        release,
        variables,
        rows,
        big_endian: cursor.big_endian,
    })
}

fn variables(cursor: &mut Cursor<'_>, header: &Header) -> Result<Vec<Variable>, String> {
    let count = header.variables;
    let mut kinds = Vec::new();
    for &kind in cursor.take(count)? {
        kinds.push(match kind {
            251 => BYTE,
            252 => INT,
            253 => LONG,
            254 => FLOAT,
            255 => DOUBLE,
            length if (1..=STRING).contains(&u16::from(length)) => u16::from(length),
            other => return Err(format!("a variable has the unknown type {other}")),
        });
    }
    let names = cursor.take(NAME.saturating_mul(count))?;
    cursor.take(2 * (count + 1))?;
    let format = if header.release == 113 { 12 } else { 49 };
    cursor.take(format * count)?;
    let labels = cursor.take(NAME.saturating_mul(count))?;
    let mut offset = 0;
    let texts = names.chunks_exact(NAME).zip(labels.chunks_exact(NAME));
    let variable = |(kind, (name, label)): (u16, (&[u8], &[u8]))| {
        let variable = Variable {
            name: text(name),
            kind,
            label: text(label),
            offset,
        };
        offset += size(kind);
        variable
    };
    Ok(kinds.into_iter().zip(texts).map(variable).collect())
}
