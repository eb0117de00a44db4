//! A table of named columns, as read from a file.

use std::path::Path;

use thiserror::Error;

use crate::factor::Factor;
use crate::{delimited, parquet, stata};

/// The values of one column.
#[derive(Debug, Clone)]
pub enum Values {
    /// Numbers; what is missing is not a number.
    Numbers(Vec<f64>),
    /// Texts, as levels in alphabetical order.
    Texts(Factor<'static>),
}

/// A named column of a table.
#[derive(Debug, Clone)]
pub struct TableColumn {
    /// As in the file.
    pub name: String,
    /// One per row.
    pub values: Values,
}

/// Columns of equal length.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// In the order of the file.
    pub columns: Vec<TableColumn>,
    /// Rows of each column.
    pub rows: usize,
}

/// Why a table could not be read, or does not have what was asked of it.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum TableError {
    /// The file could not be opened or read.
    #[error("{file}: {source}")]
    Read {
        /// The file.
        file: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file's extension is not one that is known.
    #[error("{file}: expected a file that ends in .csv, .parquet or .dta")]
    UnknownFormat {
        /// The file.
        file: String,
    },
    /// The content does not follow its format.
    #[error("{file}: {what}")]
    Malformed {
        /// The file.
        file: String,
        /// What is wrong, with its place.
        what: String,
    },
    /// Text in a column of numbers.
    #[error("line {line}, column {column} (`{name}`): `{text}` is not a number")]
    NotANumber {
        /// Line of the file, from 1 (a header is line 1).
        line: usize,
        /// Column of the table, from 1.
        column: usize,
        /// Name of the column.
        name: String,
        /// The text found.
        text: String,
    },
    /// No such column.
    #[error("unknown column `{name}`{}", nearest.as_ref().map_or_else(String::new, |n| format!(": did you mean `{n}`?")))]
    UnknownColumn {
        /// The name asked for.
        name: String,
        /// The most similar name there is.
        nearest: Option<String>,
    },
    /// A column of texts where numbers are needed.
    #[error("`{name}` holds text (first `{example}`): numbers are needed here")]
    Text {
        /// The column.
        name: String,
        /// Its first text.
        example: String,
    },
    /// No column is evidently the exporter or the importer.
    #[error("no column is evidently the {what}: name it")]
    NoDyads {
        /// Which of the two.
        what: &'static str,
    },
}

impl Table {
    /// Reads the named columns (all, where `wanted` is `None`) of a CSV, Parquet or Stata
    /// file, which is told by its extension.
    ///
    /// `numeric` says which columns must hold numbers, so that a stray text is an error with
    /// its line and column; other columns of texts become levels.
    ///
    /// # Errors
    /// [`TableError`].
    pub fn read(
        path: &Path,
        wanted: Option<&[&str]>,
        numeric: &[&str],
    ) -> Result<Self, TableError> {
        let extension = path
            .extension()
            .and_then(|e| e.to_str())
            .unwrap_or_default();
        let file = path.display().to_string();
        match extension.to_ascii_lowercase().as_str() {
            "csv" => delimited::read(path, wanted, numeric),
            "parquet" | "pq" => parquet::read(path, wanted),
            "dta" => stata::read(path, wanted),
            _ => Err(TableError::UnknownFormat { file }),
        }
    }

    /// Position of a column.
    ///
    /// # Errors
    /// [`TableError::UnknownColumn`] with the nearest name.
    pub fn position(&self, name: &str) -> Result<usize, TableError> {
        let position = self.columns.iter().position(|column| column.name == name);
        position.ok_or_else(|| unknown(name, self.columns.iter().map(|c| c.name.as_str())))
    }

    /// A column's numbers.
    ///
    /// # Errors
    /// [`TableError::UnknownColumn`], [`TableError::Text`].
    pub fn numbers(&self, name: &str) -> Result<&[f64], TableError> {
        match &self.columns[self.position(name)?].values {
            Values::Numbers(numbers) => Ok(numbers),
            Values::Texts(factor) => Err(TableError::Text {
                name: name.to_owned(),
                example: factor
                    .codes()
                    .first()
                    .map_or_else(String::new, |&c| factor.label(c)),
            }),
        }
    }

    /// A column's levels: texts as they are, numbers by value.
    ///
    /// # Errors
    /// [`TableError::UnknownColumn`].
    pub fn factor(&self, name: &str) -> Result<Factor<'_>, TableError> {
        Ok(match &self.columns[self.position(name)?].values {
            Values::Numbers(numbers) => Factor::from_numbers(numbers),
            Values::Texts(factor) => factor.borrowed(),
        })
    }

    /// Only the rows for which `keep` holds.
    #[must_use]
    pub fn filtered(&self, keep: impl Fn(usize) -> bool) -> Self {
        let rows: Vec<u32> = (0..self.rows as u32)
            .filter(|&row| keep(row as usize))
            .collect();
        let columns = self.columns.iter().map(|column| TableColumn {
            name: column.name.clone(),
            values: match &column.values {
                Values::Numbers(numbers) => {
                    Values::Numbers(rows.iter().map(|&row| numbers[row as usize]).collect())
                }
                Values::Texts(factor) => Values::Texts(factor.select(&rows)),
            },
        });
        Self {
            columns: columns.collect(),
            rows: rows.len(),
        }
    }

    /// Adds a column, in place of one of the same name.
    ///
    /// # Errors
    /// [`TableError::Malformed`] if it has another number of rows.
    pub fn with(mut self, name: &str, values: Vec<f64>) -> Result<Self, TableError> {
        if self.columns.is_empty() {
            self.rows = values.len();
        }
        if values.len() != self.rows {
            return Err(TableError::Malformed {
                file: "table".to_owned(),
                what: format!("`{name}` has {} rows, not {}", values.len(), self.rows),
            });
        }
        self.columns.retain(|column| column.name != name);
        self.columns.push(TableColumn {
            name: name.to_owned(),
            values: Values::Numbers(values),
        });
        Ok(self)
    }
}

/// Says that there is no such column and which name comes nearest.
pub(crate) fn unknown<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> TableError {
    TableError::UnknownColumn {
        name: name.to_owned(),
        nearest: nearest(name, known),
    }
}

/// The name that a misspelt one probably means.
pub(crate) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    known
        .map(|other| (strsim::jaro_winkler(name, other), other))
        .filter(|(similarity, _)| *similarity > 0.6)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, other)| other.to_owned())
}
