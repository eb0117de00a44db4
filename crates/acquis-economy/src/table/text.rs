//! CSV: records with their places.

use std::io::Read as _;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use acquis_registry::{Place, SourceText};
use csv::StringRecord;

use super::{cannot_read, open};
use crate::error::{EconomyError, Location};
use crate::limits::Limits;

/// A table has no more columns: a line of commas alone would fill the memory with names.
const MOST_COLUMNS: usize = 10_000;

/// Reads a file as text; a byte-order mark is left out.
pub(crate) fn read_text(path: &Path) -> Result<Arc<SourceText>, EconomyError> {
    let mut bytes = Vec::new();
    open(path)?
        .read_to_end(&mut bytes)
        .map_err(|source| cannot_read(path, source))?;
    source_text(&path.display().to_string(), &bytes)
}

/// What is in a file as text, under the name to show; a byte-order mark is left out.
///
/// # Errors
/// A byte that is not UTF-8, with its line.
pub fn source_text(name: &str, bytes: &[u8]) -> Result<Arc<SourceText>, EconomyError> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(SourceText::new(
            name,
            text.strip_prefix('\u{feff}').unwrap_or(text),
        )),
        Err(error) => {
            let before = &bytes[..error.valid_up_to()];
            let lines = before.split(|byte| *byte == b'\n');
            let in_line = lines.clone().next_back().unwrap_or_default().len();
            Err(EconomyError::Encoding {
                file: name.to_owned(),
                line: lines.count(),
                column: in_line + 1,
                byte: bytes.get(before.len()).copied().unwrap_or_default(),
            })
        }
    }
}

/// The records of a text below its header, close together: a record of its own for each row
/// would take a hundred times the room of a short line.
#[derive(Debug)]
pub(super) struct Records {
    file: Arc<SourceText>,
    header: StringRecord,
    /// The fields of all rows, one after the other.
    fields: String,
    /// Where each field ends.
    ends: Vec<usize>,
    /// Where each row starts in the file.
    starts: Vec<usize>,
}

impl Records {
    /// The header and the records.
    pub(super) fn read(
        file: &Arc<SourceText>,
        limits: Limits,
    ) -> Result<(Vec<String>, Self), EconomyError> {
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
        let mut records = Self {
            file: Arc::clone(file),
            header: header.clone(),
            fields: String::new(),
            ends: Vec::new(),
            starts: Vec::new(),
        };
        if header.len() > MOST_COLUMNS {
            return Err(EconomyError::NotATable {
                at: Location::Text(records.header_place()),
                problem: format!("more than {MOST_COLUMNS} columns"),
            });
        }
        let names = header.iter().map(|name| name.trim().to_owned()).collect();
        let mut record = StringRecord::new();
        while (reader.read_record(&mut record)).map_err(|error| not_a_table(&error))? {
            if records.len() == limits.rows {
                return Err(EconomyError::TooManyRows {
                    file: file.name.clone(),
                    most: limits.rows,
                });
            }
            records.add(&record);
        }
        Ok((names, records))
    }

    fn add(&mut self, record: &StringRecord) {
        self.starts.push(byte_of(record.position()));
        for field in record {
            self.fields.push_str(field.trim());
            self.ends.push(self.fields.len());
        }
    }

    pub(super) fn len(&self) -> usize {
        self.starts.len()
    }

    /// A field; empty where there is none. All rows have as many fields as the header.
    pub(super) fn field(&self, row: usize, column: usize) -> &str {
        if column >= self.header.len() || row >= self.len() {
            return "";
        }
        let field = row * self.header.len() + column;
        let end_of = |field: usize| self.ends.get(field).copied();
        let start = field.checked_sub(1).and_then(end_of).unwrap_or_default();
        let end = end_of(field).unwrap_or(start);
        self.fields.get(start..end).unwrap_or_default()
    }

    pub(super) fn place(&self, row: usize, column: usize) -> Place {
        let text = &self.file.text;
        let start = self.starts.get(row).copied().unwrap_or_default();
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
