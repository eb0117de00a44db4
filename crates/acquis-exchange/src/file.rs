//! A user's copy of a dataset: its text, its columns by name, and the place of every field.

use std::path::Path;
use std::sync::Arc;

use acquis_registry::{Place, SourceText, nearest};
use csv::StringRecord;

use crate::error::ExchangeError;

/// A file of a dataset, as text.
///
/// ```
/// use acquis_exchange::DataFile;
///
/// assert!(DataFile::from_bytes("states.csv", b"name\nC\xc3\xb4te").is_ok());
/// let error = DataFile::from_bytes("states.csv", b"name\nC\xf4te").unwrap_err();
/// assert_eq!(error.to_string(), "states.csv:2:2: the byte 0xf4 is not UTF-8");
/// ```
#[derive(Debug, Clone)]
pub struct DataFile {
    pub(crate) text: Arc<SourceText>,
}

impl DataFile {
    /// Reads a file.
    ///
    /// # Errors
    /// A file that can't be opened, or that is not UTF-8.
    pub fn read(path: &Path) -> Result<Self, ExchangeError> {
        let name = path.display().to_string();
        match std::fs::read(path) {
            Ok(bytes) => Self::from_bytes(name, &bytes),
            Err(source) => Err(ExchangeError::Read { file: name, source }),
        }
    }

    /// Takes bytes as a file of this name; a byte-order mark is left out.
    ///
    /// # Errors
    /// Bytes that are not UTF-8, with the place of the first.
    pub fn from_bytes(name: impl Into<String>, bytes: &[u8]) -> Result<Self, ExchangeError> {
        let name = name.into();
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Self {
                text: SourceText::new(name, text.strip_prefix('\u{feff}').unwrap_or(text)),
            }),
            Err(error) => {
                let before = &bytes[..error.valid_up_to()];
                let lines = before.split(|byte| *byte == b'\n');
                let in_line = lines.clone().next_back().unwrap_or_default().len();
                Err(ExchangeError::Encoding {
                    file: name,
                    line: lines.count(),
                    column: in_line + 1,
                    byte: bytes.get(before.len()).copied().unwrap_or_default(),
                })
            }
        }
    }

    /// The name to show.
    pub fn name(&self) -> &str {
        &self.text.name
    }

    /// Whether the header has a column of this name.
    pub(crate) fn has_column(&self, name: &str) -> bool {
        let header = self.text.text.lines().next().unwrap_or_default();
        header
            .split(',')
            .any(|column| column.trim().trim_matches('"') == name)
    }
}

/// The file that has a column, by which it is known among those given.
pub(crate) fn file_with<'f>(
    files: &'f [DataFile],
    dataset: &'static str,
    column: &'static str,
    what: &'static str,
) -> Result<&'f DataFile, ExchangeError> {
    files
        .iter()
        .find(|file| file.has_column(column))
        .ok_or(ExchangeError::MissingFile {
            dataset,
            column,
            what,
        })
}

/// A column of a sheet.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Column {
    index: usize,
    name: &'static str,
}

/// The rows of a file under its columns.
pub(crate) struct Sheet {
    file: Arc<SourceText>,
    header: StringRecord,
    records: Vec<StringRecord>,
}

impl Sheet {
    pub(crate) fn read(file: &DataFile) -> Result<Self, ExchangeError> {
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .has_headers(false)
            .from_reader(file.text.text.as_bytes());
        let mut records = Vec::new();
        let mut record = StringRecord::new();
        // The text is UTF-8 and rows may have any length, so that reading can't fail.
        while reader.read_record(&mut record).unwrap_or(false) {
            records.push(record.clone());
        }
        let mut records = records.into_iter();
        let sheet = Self {
            file: Arc::clone(&file.text),
            header: records.next().unwrap_or_default(),
            records: records.collect(),
        };
        for row in sheet.rows() {
            if row.record.len() != sheet.header.len() {
                return Err(ExchangeError::Ragged {
                    place: row.place_at(row.record.len().min(sheet.header.len())),
                    fields: row.record.len(),
                    columns: sheet.header.len(),
                });
            }
        }
        Ok(sheet)
    }

    /// A column that must be there.
    pub(crate) fn column(&self, name: &'static str) -> Result<Column, ExchangeError> {
        match self.header.iter().position(|column| column.trim() == name) {
            Some(index) => Ok(Column { index, name }),
            None => Err(ExchangeError::MissingColumn {
                place: Place {
                    file: Arc::clone(&self.file),
                    span: 0..self.file.text.lines().next().map_or(0, str::len),
                },
                column: name,
                nearest: nearest(name, self.header.iter()),
            }),
        }
    }

    pub(crate) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.records.iter().map(|record| Row {
            sheet: self,
            record,
        })
    }
}

/// One row.
#[derive(Clone, Copy)]
pub(crate) struct Row<'s> {
    sheet: &'s Sheet,
    record: &'s StringRecord,
}

impl<'s> Row<'s> {
    /// The field as text, without blanks around it.
    pub(crate) fn text(&self, column: Column) -> &'s str {
        self.record.get(column.index).unwrap_or_default().trim()
    }

    /// The line on which the row begins, from 1.
    pub(crate) fn line(&self) -> usize {
        let line = self.record.position().map_or(1, csv::Position::line);
        usize::try_from(line).unwrap_or(usize::MAX)
    }

    /// A whole number within bounds.
    pub(crate) fn number(
        &self,
        column: Column,
        bounds: std::ops::RangeInclusive<i16>,
        expected: &'static str,
    ) -> Result<i16, ExchangeError> {
        self.text(column)
            .parse()
            .ok()
            .filter(|number| bounds.contains(number))
            .ok_or_else(|| self.wrong(column, expected))
    }

    /// A whole number within bounds, or none where the field is empty.
    pub(crate) fn optional_number(
        &self,
        column: Column,
        bounds: std::ops::RangeInclusive<i16>,
        expected: &'static str,
    ) -> Result<Option<i16>, ExchangeError> {
        if self.text(column).is_empty() {
            return Ok(None);
        }
        self.number(column, bounds, expected).map(Some)
    }

    /// The error that a field is not what its column holds.
    pub(crate) fn wrong(&self, column: Column, expected: &'static str) -> ExchangeError {
        self.wrong_near(column, expected, None)
    }

    /// The same, with the nearest thing that would do.
    pub(crate) fn wrong_near(
        &self,
        column: Column,
        expected: &'static str,
        nearest: Option<String>,
    ) -> ExchangeError {
        ExchangeError::Field {
            place: self.place_at(column.index),
            column: column.name,
            value: self.text(column).to_owned(),
            expected,
            nearest,
        }
    }

    /// Where a field stands, quotes included: the text is scanned from the row's start.
    fn place_at(&self, index: usize) -> Place {
        let text = self.sheet.file.text.as_bytes();
        let recorded = self.record.position().map_or(0, csv::Position::byte);
        let mut at = usize::try_from(recorded)
            .unwrap_or(text.len())
            .min(text.len());
        while matches!(text.get(at), Some(b'\n' | b'\r')) {
            at += 1;
        }
        let mut start = at;
        let mut passed = 0;
        let mut quoted = false;
        while let Some(byte) = text.get(at) {
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
        Place {
            file: Arc::clone(&self.sheet.file),
            span: start..at,
        }
    }
}
