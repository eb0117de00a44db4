//! Long tables, whether CSV or Parquet: fields by row and column, and where each stands.

mod columns;
mod pages;
mod text;

use std::borrow::Cow;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use acquis_registry::{SourceText, nearest};

use crate::error::{EconomyError, Location};
use crate::limits::Limits;
use columns::Columns;
pub(crate) use columns::read_metadata;
use text::Records;
pub(crate) use text::read_text;
pub use text::source_text;

/// The first bytes of every Parquet file.
const PARQUET: &[u8] = b"PAR1";

/// A column of a long table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Column(usize);

/// A table with a header. A text is whole in memory; of a Parquet file, the columns that were
/// asked for.
#[derive(Debug, Clone)]
pub struct LongTable {
    name: String,
    limits: Limits,
    header: Vec<String>,
    rows: Arc<Rows>,
    /// Positions of the rows that are looked at; `None`: all.
    selected: Option<Vec<usize>>,
}

#[derive(Debug)]
enum Rows {
    Text(Records),
    Columns(Columns),
}

impl LongTable {
    /// Reads a file: Parquet if it begins as one, else CSV.
    ///
    /// # Errors
    /// A file that can't be opened, that is no table, or that is not UTF-8.
    pub fn open(path: &Path) -> Result<Self, EconomyError> {
        Self::open_within(path, Limits::OWN)
    }

    /// Reads a file as [`LongTable::open`] does, unless it is too large.
    ///
    /// # Errors
    /// As there, and more rows than may be read.
    pub fn open_within(path: &Path, limits: Limits) -> Result<Self, EconomyError> {
        if is_parquet(path)? {
            let (header, columns) = columns::read(path, limits)?;
            return Ok(Self {
                name: path.display().to_string(),
                limits,
                header,
                rows: Arc::new(Rows::Columns(columns)),
                selected: None,
            });
        }
        Self::from_text_within(&read_text(path)?, limits)
    }

    /// Takes a text as CSV. Lines that begin with `#` are remarks.
    ///
    /// # Errors
    /// Rows of different lengths.
    pub fn from_text(file: &Arc<SourceText>) -> Result<Self, EconomyError> {
        Self::from_text_within(file, Limits::OWN)
    }

    /// Takes a text as [`LongTable::from_text`] does, unless it is too large.
    ///
    /// # Errors
    /// As there, and more rows than may be read.
    pub fn from_text_within(file: &Arc<SourceText>, limits: Limits) -> Result<Self, EconomyError> {
        let (header, records) = Records::read(file, limits)?;
        Ok(Self {
            name: file.name.clone(),
            limits,
            header,
            rows: Arc::new(Rows::Text(records)),
            selected: None,
        })
    }

    /// The name of the file.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How much may be read and held of it.
    pub(crate) const fn limits(&self) -> Limits {
        self.limits
    }

    /// The names of the columns.
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// Number of rows below the header.
    pub fn len(&self) -> usize {
        if let Some(selected) = &self.selected {
            return selected.len();
        }
        match &*self.rows {
            Rows::Text(records) => records.len(),
            Rows::Columns(columns) => columns.len(),
        }
    }

    /// Whether there is nothing below the header.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The same table with only the rows that are to be kept.
    pub(crate) fn select(&self, keep: impl Fn(&Self, usize) -> bool) -> Self {
        let rows = (0..self.len()).filter(|&row| keep(self, row));
        Self {
            selected: Some(rows.map(|row| self.place_of(row)).collect()),
            ..self.clone()
        }
    }

    /// The position in the file of a row that is looked at.
    fn place_of(&self, row: usize) -> usize {
        match &self.selected {
            Some(selected) => selected.get(row).copied().unwrap_or(usize::MAX),
            None => row,
        }
    }

    /// Whether the table has all these columns.
    pub(crate) fn has(&self, columns: &[&str]) -> bool {
        columns.iter().all(|name| self.position(name).is_some())
    }

    fn position(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|column| column == name)
    }

    /// A column, ready to be read, if there is one of the name.
    pub(crate) fn find(&self, name: &str) -> Result<Option<Column>, EconomyError> {
        match self.position(name) {
            Some(position) => self.column_at(position),
            None => Ok(None),
        }
    }

    /// A column that must be there.
    pub(crate) fn column(&self, name: &str) -> Result<Column, EconomyError> {
        self.find(name)?.ok_or_else(|| EconomyError::MissingColumn {
            at: self.at_header(),
            column: name.to_owned(),
            nearest: nearest(name, self.header.iter().map(String::as_str)),
        })
    }

    /// The column at a position from 0, if there are so many. A column of a Parquet file is
    /// decoded here and not before: what nobody asks for takes no memory.
    pub(crate) fn column_at(&self, position: usize) -> Result<Option<Column>, EconomyError> {
        if position >= self.header.len() {
            return Ok(None);
        }
        if let Rows::Columns(columns) = &*self.rows {
            columns.decode(position)?;
        }
        Ok(Some(Column(position)))
    }

    /// The name of a column.
    pub(crate) fn name_of(&self, column: Column) -> &str {
        self.header.get(column.0).map_or("", String::as_str)
    }

    /// A field as text, without blanks around it; empty where there is no value.
    pub(crate) fn text(&self, row: usize, column: Column) -> Cow<'_, str> {
        let row = self.place_of(row);
        match &*self.rows {
            Rows::Text(records) => Cow::Borrowed(records.field(row, column.0)),
            Rows::Columns(columns) => columns.text(row, column.0),
        }
    }

    /// A field as a finite number, if it is one.
    pub(crate) fn number(&self, row: usize, column: Column) -> Option<f64> {
        let row = self.place_of(row);
        match &*self.rows {
            Rows::Text(records) => records.field(row, column.0).parse().ok(),
            Rows::Columns(columns) => columns.number(row, column.0),
        }
        .filter(|number: &f64| number.is_finite())
    }

    /// A field that must be a finite number.
    pub(crate) fn finite(&self, row: usize, column: Column) -> Result<f64, EconomyError> {
        self.number(row, column)
            .ok_or_else(|| self.wrong(row, column, "a finite number"))
    }

    /// A field that must be a number, zero or above.
    pub(crate) fn amount(&self, row: usize, column: Column) -> Result<f64, EconomyError> {
        self.number(row, column)
            .filter(|number| *number >= 0.0)
            .ok_or_else(|| self.wrong(row, column, "a finite number, zero or above"))
    }

    /// A rate as a fraction above -1; a column whose name ends in `_pct` is in per cent.
    pub(crate) fn rate(&self, row: usize, column: Column) -> Result<f64, EconomyError> {
        let scale = if self.name_of(column).ends_with("_pct") {
            100.0
        } else {
            1.0
        };
        self.number(row, column)
            .map(|rate| rate / scale)
            .filter(|rate| *rate > -1.0)
            .ok_or_else(|| {
                let expected = if scale > 1.0 {
                    "a percentage above -100"
                } else {
                    "a fraction above -1"
                };
                self.wrong(row, column, expected)
            })
    }

    /// The error that a field is not what its column holds.
    pub(crate) fn wrong(
        &self,
        row: usize,
        column: Column,
        expected: impl Into<String>,
    ) -> EconomyError {
        EconomyError::Field {
            at: self.at(row, column),
            column: self.name_of(column).to_owned(),
            value: self.text(row, column).into_owned(),
            expected: expected.into(),
        }
    }

    /// Where a field stands.
    pub(crate) fn at(&self, row: usize, column: Column) -> Location {
        let row = self.place_of(row);
        match &*self.rows {
            Rows::Text(records) => Location::Text(records.place(row, column.0)),
            Rows::Columns(_) => Location::Row {
                file: self.name.as_str().into(),
                row: row + 1,
                column: self.name_of(column).into(),
            },
        }
    }

    /// Where the header stands.
    pub(crate) fn at_header(&self) -> Location {
        match &*self.rows {
            Rows::Text(records) => Location::Text(records.header_place()),
            Rows::Columns(_) => Location::File(self.name.as_str().into()),
        }
    }

    /// The whole table, for what is missing from it.
    pub(crate) fn at_start(&self) -> Location {
        match &*self.rows {
            Rows::Text(records) => Location::Text(records.start()),
            Rows::Columns(_) => Location::File(self.name.as_str().into()),
        }
    }
}

/// Whether a file begins as Parquet does.
pub(crate) fn is_parquet(path: &Path) -> Result<bool, EconomyError> {
    use std::io::Read as _;
    let mut first = Vec::with_capacity(PARQUET.len());
    open(path)?
        .take(PARQUET.len() as u64)
        .read_to_end(&mut first)
        .map_err(|source| cannot_read(path, source))?;
    Ok(first == PARQUET)
}

/// Opens a file if it is a regular one. What a device or a pipe gives may have no end, and
/// opening a pipe may wait for ever.
pub(crate) fn open(path: &Path) -> Result<File, EconomyError> {
    let opened = std::fs::metadata(path).and_then(|about| {
        if about.is_file() {
            File::open(path)
        } else {
            let problem = "it is not a regular file, and only regular files are read";
            Err(std::io::Error::other(problem))
        }
    });
    opened.map_err(|source| cannot_read(path, source))
}

pub(crate) fn cannot_read(path: &Path, source: std::io::Error) -> EconomyError {
    EconomyError::Read {
        file: path.display().to_string(),
        source,
    }
}
