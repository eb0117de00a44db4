//! How an exchange fails: with the file, the line and the column, and what was expected there.

use acquis_registry::{Finding, Findings, Lint, Place};
use parquet::errors::ParquetError;

/// Why a dataset could not be read or a panel not be written.
#[derive(Debug, thiserror::Error)]
pub enum ExchangeError {
    /// A file that can't be opened.
    #[error("can't read {file}: {source}")]
    Read {
        /// The file.
        file: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// A byte that is not UTF-8; the column counts bytes.
    #[error("{file}:{line}:{column}: the byte {byte:#04x} is not UTF-8")]
    Encoding {
        /// The file.
        file: String,
        /// The line, from 1.
        line: usize,
        /// The byte in the line, from 1.
        column: usize,
        /// The byte.
        byte: u8,
    },
    /// None of the files has the columns of a part of the dataset.
    #[error("{dataset} needs a file with the column {column:?}: {what}")]
    MissingFile {
        /// The dataset.
        dataset: &'static str,
        /// The column by which the file is known.
        column: &'static str,
        /// What the file is.
        what: &'static str,
    },
    /// A file without a column that its dataset has.
    #[error("{place}: no column {column:?}")]
    MissingColumn {
        /// The header.
        place: Place,
        /// The column.
        column: &'static str,
        /// The nearest column there is.
        nearest: Option<String>,
    },
    /// A row with more or fewer fields than the header.
    #[error("{place}: {fields} fields under {columns} columns")]
    Ragged {
        /// The row.
        place: Place,
        /// How many fields it has.
        fields: usize,
        /// How many columns the header has.
        columns: usize,
    },
    /// A field that is not what its column holds.
    #[error("{place}: {column}: {value:?} is not {expected}")]
    Field {
        /// The field.
        place: Place,
        /// The column.
        column: &'static str,
        /// What stands there.
        value: String,
        /// What was expected.
        expected: &'static str,
        /// The nearest thing that would do.
        nearest: Option<String>,
    },
    /// Mistakes in a mapping.
    #[error("{0}")]
    Mapping(Findings),
    /// A panel of years that ends before it begins.
    #[error("the years {first} to {last} are no span of years from 1 to 9998")]
    Years {
        /// The first year.
        first: i16,
        /// The last.
        last: i16,
    },
    /// The output can't be written.
    #[error("can't write: {0}")]
    Write(#[from] std::io::Error),
    /// The encoder of Parquet fails.
    #[error("can't write Parquet: {0}")]
    Parquet(#[from] ParquetError),
}

impl ExchangeError {
    /// The place in a file that the error is about, where there is one.
    pub const fn place(&self) -> Option<&Place> {
        match self {
            Self::MissingColumn { place, .. }
            | Self::Ragged { place, .. }
            | Self::Field { place, .. } => Some(place),
            _ => None,
        }
    }
}

/// As findings, which the command line shows with the line they are about.
impl From<ExchangeError> for Findings {
    fn from(error: ExchangeError) -> Self {
        let place = error.place().cloned();
        let with = |message: String| Finding::error(Lint::Format, place, message);
        match error {
            ExchangeError::Mapping(findings) => findings,
            ExchangeError::MissingColumn {
                column, nearest, ..
            } => {
                let mut finding = with(format!("the file has no column {column:?}"));
                finding.nearest = nearest;
                finding.into()
            }
            ExchangeError::Ragged {
                fields, columns, ..
            } => with(format!("{fields} fields under {columns} columns"))
                .expecting("a row with as many fields as the header")
                .into(),
            ExchangeError::Field {
                column,
                value,
                expected,
                nearest,
                ..
            } => {
                let mut finding =
                    with(format!("{column}: {value:?} is not {expected}")).expecting(expected);
                finding.nearest = nearest;
                finding.into()
            }
            other => with(other.to_string()).into(),
        }
    }
}
