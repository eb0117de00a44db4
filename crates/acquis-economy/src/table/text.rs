//! CSV: records with their places.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use acquis_registry::{Place, SourceText};
use csv::StringRecord;

use super::cannot_read;
use crate::error::{EconomyError, Location};

/// Reads a file as text; a byte-order mark is left out.
pub(crate) fn read_text(path: &Path) -> Result<Arc<SourceText>, EconomyError> {
    let file = path.display().to_string();
    let bytes = std::fs::read(path).map_err(|source| cannot_read(path, source))?;
    match std::str::from_utf8(&bytes) {
        Ok(text) => Ok(SourceText::new(
            file,
            text.strip_prefix('\u{feff}').unwrap_or(text),
        )),
        Err(error) => {
            let before = &bytes[..error.valid_up_to()];
            let lines = before.split(|byte| *byte == b'\n');
            let in_line = lines.clone().next_back().unwrap_or_default().len();
            Err(EconomyError::Encoding {
                file,
                line: lines.count(),
                column: in_line + 1,
                byte: bytes.get(before.len()).copied().unwrap_or_default(),
            })
        }
    }
}

/// The records of a text below its header.
#[derive(Debug)]
pub(super) struct Records {
    file: Arc<SourceText>,
    header: StringRecord,
    rows: Vec<StringRecord>,
}

impl Records {
    /// The header and the records.
    pub(super) fn read(file: &Arc<SourceText>) -> Result<(Vec<String>, Self), EconomyError> {
        let mut reader = csv::ReaderBuilder::new()
            .comment(Some(b'#'))
            .from_reader(file.text.as_bytes());
        let not_a_table = |error: &csv::Error| EconomyError::NotATable {
            at: Location::Text(Place {
                file: Arc::clone(file),
                span: record_span(&file.text, byte_of(error.position())),
            }),
            problem: error.to_string(),
        };
        let header = reader.headers().map_err(|error| not_a_table(&error))?;
        let names = header.iter().map(|name| name.trim().to_owned()).collect();
        let header = header.clone();
        let records = reader
            .into_records()
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| not_a_table(&error))?;
        let records = Self {
            file: Arc::clone(file),
            header,
            rows: records,
        };
        Ok((names, records))
    }

    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(super) fn field(&self, row: usize, column: usize) -> &str {
        self.rows
            .get(row)
            .and_then(|record| record.get(column))
            .unwrap_or_default()
            .trim()
    }

    pub(super) fn place(&self, row: usize, column: usize) -> Place {
        let text = &self.file.text;
        let start = self
            .rows
            .get(row)
            .map_or(0, |record| byte_of(record.position()));
        self.spanning(field_span(text, record_span(text, start).start, column))
    }

    pub(super) fn header_place(&self) -> Place {
        self.spanning(record_span(
            &self.file.text,
            byte_of(self.header.position()),
        ))
    }

    pub(super) fn start(&self) -> Place {
        self.spanning(0..0)
    }

    fn spanning(&self, span: Range<usize>) -> Place {
        Place {
            file: Arc::clone(&self.file),
            span,
        }
    }
}

fn byte_of(position: Option<&csv::Position>) -> usize {
    position.map_or(0, |position| {
        usize::try_from(position.byte()).unwrap_or(usize::MAX)
    })
}

/// The line of the record that begins at or after a byte: blank lines and remarks before it
/// are passed over, as the reader of the table does.
fn record_span(text: &str, start: usize) -> Range<usize> {
    let mut start = start.min(text.len());
    while let Some(rest) = text.get(start..) {
        let line = rest.find(['\n', '\r']).unwrap_or(rest.len());
        let is_record = line > 0 && !rest.starts_with('#');
        if is_record || line == rest.len() {
            return start..start + line;
        }
        start += line + 1;
    }
    start..start
}

/// The bytes of a field, quotes included, scanned from the start of its record.
fn field_span(text: &str, record: usize, index: usize) -> Range<usize> {
    let bytes = text.as_bytes();
    let (mut at, mut start) = (record, record);
    let mut passed = 0;
    let mut quoted = false;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => quoted = !quoted,
            b',' if !quoted => {
                if passed == index {
                    break;
                }
                passed += 1;
                start = at + 1;
            }
            b'\n' | b'\r' if !quoted => break,
            _ => {}
        }
        at += 1;
    }
    start..at
}
