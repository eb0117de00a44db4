//! CSV that is too large to keep: one record at a time.

use std::fs::File;
use std::path::Path;

use acquis_registry::nearest;
use csv::StringRecord;

use crate::error::{EconomyError, Location};
use crate::table::open;

/// A CSV file that is read once, from its beginning.
pub(super) struct CsvStream {
    file: String,
    reader: csv::Reader<File>,
    header: StringRecord,
    record: StringRecord,
}

impl CsvStream {
    pub(super) fn open(path: &Path) -> Result<Self, EconomyError> {
        let file = open(path)?;
        let mut reader = csv::ReaderBuilder::new()
            .buffer_capacity(1 << 18)
            .from_reader(file);
        let name = path.display().to_string();
        let header = reader
            .headers()
            .map_err(|error| not_a_table(&name, &error))?
            .clone();
        Ok(Self {
            file: name,
            reader,
            header,
            record: StringRecord::new(),
        })
    }

    /// The names of the columns, blanks and a byte-order mark left out.
    pub(super) fn header(&self) -> impl Iterator<Item = &str> {
        self.header
            .iter()
            .map(|name| name.trim_start_matches('\u{feff}').trim())
    }

    pub(super) fn name(&self) -> &str {
        &self.file
    }

    /// The position of a column that must be there.
    pub(super) fn column(&self, name: &str) -> Result<usize, EconomyError> {
        self.header()
            .position(|column| column == name)
            .ok_or_else(|| EconomyError::MissingColumn {
                at: Location::Line {
                    file: self.file.as_str().into(),
                    line: 1,
                    column: 1,
                },
                column: name.to_owned(),
                nearest: nearest(name, self.header()),
            })
    }

    /// Goes to the next record; `false` at the end.
    pub(super) fn advance(&mut self) -> Result<bool, EconomyError> {
        self.reader
            .read_record(&mut self.record)
            .map_err(|error| not_a_table(&self.file, &error))
    }

    /// A field of the record, without blanks around it.
    pub(super) fn text(&self, column: usize) -> &str {
        self.record.get(column).unwrap_or_default().trim()
    }

    /// A field that must be a finite number.
    pub(super) fn number(&self, column: usize) -> Result<f64, EconomyError> {
        let number: Option<f64> = self.text(column).parse().ok();
        number
            .filter(|number| number.is_finite())
            .ok_or_else(|| self.wrong(column, "a finite number"))
    }

    /// The error that a field is not what its column holds.
    pub(super) fn wrong(&self, column: usize, expected: &str) -> EconomyError {
        EconomyError::Field {
            at: self.at(column),
            column: self.header().nth(column).unwrap_or_default().to_owned(),
            value: self.text(column).to_owned(),
            expected: expected.to_owned(),
        }
    }

    /// Where a field of the record stands.
    pub(super) fn at(&self, column: usize) -> Location {
        let before = self.record.iter().take(column);
        let characters: usize = before.map(|field| field.chars().count() + 1).sum();
        Location::Line {
            file: self.file.as_str().into(),
            line: self.record.position().map_or(1, csv::Position::line),
            column: characters + 1,
        }
    }
}

fn not_a_table(file: &str, error: &csv::Error) -> EconomyError {
    EconomyError::NotATable {
        at: Location::Line {
            file: file.into(),
            line: error.position().map_or(1, csv::Position::line),
            column: 1,
        },
        problem: error.to_string(),
    }
}
