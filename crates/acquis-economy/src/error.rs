//! How reading an economy fails: with the file, the line and the column, and what was
//! expected there.

use std::fmt;

use acquis_equilibrium::multisector::DataError;
use acquis_registry::{Finding, Findings, Lint, Place};
use parquet::errors::ParquetError;

/// Where a figure stands in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// In a text that is at hand, so that the line can be quoted.
    Text(Place),
    /// In a text that was read as a stream.
    Line {
        /// The file.
        file: Box<str>,
        /// The line, from 1.
        line: u64,
        /// The character in the line, from 1.
        column: usize,
    },
    /// In a Parquet file.
    Row {
        /// The file.
        file: Box<str>,
        /// The row, from 1.
        row: usize,
        /// The name of the column.
        column: Box<str>,
    },
    /// Somewhere in a file.
    File(Box<str>),
}

impl fmt::Display for Location {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(place) => write!(formatter, "{place}"),
            Self::Line { file, line, column } => write!(formatter, "{file}:{line}:{column}"),
            Self::Row { file, row, column } => {
                write!(formatter, "{file}, row {row}, column {column:?}")
            }
            Self::File(file) => formatter.write_str(file),
        }
    }
}

/// Why an economy could not be read, built, changed or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EconomyError {
    /// A file that can't be read.
    #[error("can't read {file}: {source}")]
    Read {
        /// The file.
        file: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// A file that can't be written.
    #[error("can't write {file}: {source}")]
    Write {
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
    /// A Parquet file that can't be decoded or encoded.
    #[error("{file}: {source}")]
    Parquet {
        /// The file.
        file: String,
        /// What the decoder says.
        source: ParquetError,
    },
    /// A text that is no table.
    #[error("{at}: not a table: {problem}")]
    NotATable {
        /// Where.
        at: Location,
        /// What is wrong.
        problem: String,
    },
    /// A table without a column that it needs.
    #[error("{at}: the table has no column {column:?}")]
    MissingColumn {
        /// The header.
        at: Location,
        /// The column.
        column: String,
        /// The nearest column there is.
        nearest: Option<String>,
    },
    /// None of the files given is what a format needs.
    #[error("{format} needs {what}; none of the files given is that")]
    MissingFile {
        /// The format.
        format: &'static str,
        /// What the file is and by which columns it is known.
        what: &'static str,
    },
    /// Two of the files given could both be what a format needs.
    #[error("{first} and {second} could both be {what}: give one of them")]
    SeveralFiles {
        /// One.
        first: String,
        /// The other.
        second: String,
        /// What the file is and by which columns it is known.
        what: &'static str,
    },
    /// More cells than a table of an economy can have.
    #[error("the {what} would have {sizes} cells; at most {most} are held in memory")]
    TooLarge {
        /// What the cells hold.
        what: &'static str,
        /// The numbers of codes that make it so large, such as `9000 x 9000 x 40`.
        sizes: String,
        /// The most there may be.
        most: usize,
    },
    /// More rows than are read.
    #[error("{file} has more than {most} rows; no more are read")]
    TooManyRows {
        /// The file.
        file: String,
        /// The most there may be.
        most: usize,
    },
    /// Too few rows for a table of which every cell must be given.
    #[error("{at}: {rows} rows can't fill the {cells} cells of the {what}")]
    TooFewRows {
        /// The file.
        at: Location,
        /// What the cells hold.
        what: &'static str,
        /// How many rows there are.
        rows: usize,
        /// How many cells there ought to be.
        cells: usize,
    },
    /// A field that is not what its column holds.
    #[error("{at}: {column}: {value:?} is not {expected}")]
    Field {
        /// Where.
        at: Location,
        /// The column.
        column: String,
        /// What stands there.
        value: String,
        /// What was expected.
        expected: String,
    },
    /// A code that nothing declares.
    #[error("{at}: no {what} {code:?}")]
    Unknown {
        /// Where.
        at: Location,
        /// What the code should name.
        what: &'static str,
        /// The code.
        code: String,
        /// The nearest code there is.
        nearest: Option<String>,
    },
    /// A cell that is given twice.
    #[error("{at}: a second figure for {cell} ({what})")]
    Duplicate {
        /// Where the second stands.
        at: Location,
        /// What the cell holds.
        what: &'static str,
        /// The cell.
        cell: String,
    },
    /// Cells that are not given.
    #[error("{at}: {missing} of {cells} cells of the {what} are missing, first {first}")]
    Missing {
        /// The file.
        at: Location,
        /// What the cells hold.
        what: &'static str,
        /// How many are missing.
        missing: usize,
        /// How many there ought to be.
        cells: usize,
        /// The first.
        first: String,
    },
    /// A table of figures with the wrong number of cells.
    #[error("the {what} has {got} cells, {expected} are needed")]
    Shape {
        /// The table.
        what: &'static str,
        /// How many cells are needed.
        expected: usize,
        /// How many there are.
        got: usize,
    },
    /// A figure out of its range.
    #[error("the {what} of {cell} is {value}: expected {expected}")]
    Cell {
        /// What the figure is.
        what: &'static str,
        /// Country, sector or both.
        cell: String,
        /// The figure.
        value: f64,
        /// What would do.
        expected: &'static str,
    },
    /// Value added and purchases that are not the whole of output.
    #[error("value added and inputs of {sector} in {country} add up to {sum}, not to 1")]
    Shares {
        /// The country.
        country: String,
        /// The sector.
        sector: String,
        /// What they add up to.
        sum: f64,
    },
    /// Codes of an economy for which a concordance has no group.
    #[error("the concordance has no group for the {what} {code} ({missing} in all without one)")]
    NoGroup {
        /// What the codes name.
        what: &'static str,
        /// The first.
        code: String,
        /// How many there are.
        missing: usize,
        /// The nearest code of the concordance.
        nearest: Option<String>,
    },
    /// Figures that the engine can't take.
    #[error(transparent)]
    Data(#[from] DataError),
    /// Metadata that are missing or can't be used.
    #[error("{file}: the metadata {key:?} {problem}")]
    Metadata {
        /// The file.
        file: String,
        /// The key.
        key: &'static str,
        /// What is wrong with its value.
        problem: String,
    },
    /// An option of an import that is missing or can't be used.
    #[error("{option}: {problem}")]
    Setting {
        /// The option.
        option: &'static str,
        /// What is wrong.
        problem: String,
    },
    /// Mistakes in a manifest or a table of trade, each at its place.
    #[error("{0}")]
    Findings(#[from] Findings),
}

impl EconomyError {
    /// Where in a file the error is, where that is known.
    pub const fn location(&self) -> Option<&Location> {
        match self {
            Self::NotATable { at, .. }
            | Self::MissingColumn { at, .. }
            | Self::Field { at, .. }
            | Self::Unknown { at, .. }
            | Self::Duplicate { at, .. }
            | Self::TooFewRows { at, .. }
            | Self::Missing { at, .. } => Some(at),
            _ => None,
        }
    }

    const fn lint(&self) -> Lint {
        match self {
            Self::Field { .. } => Lint::Number,
            Self::Read { .. }
            | Self::Duplicate { .. }
            | Self::Missing { .. }
            | Self::TooFewRows { .. }
            | Self::Shape { .. }
            | Self::Cell { .. }
            | Self::Shares { .. }
            | Self::Unknown { .. }
            | Self::NoGroup { .. }
            | Self::Data(_) => Lint::Economy,
            _ => Lint::Format,
        }
    }
}

/// As findings, which the command line shows with the line they are about.
impl From<EconomyError> for Findings {
    fn from(error: EconomyError) -> Self {
        let said = error.to_string();
        // A place that can be quoted is shown by itself, so the sentence needn't repeat it.
        let (place, message) = match error.location() {
            Some(at @ Location::Text(place)) => {
                let sentence = said.strip_prefix(&format!("{at}: ")).unwrap_or(&said);
                (Some(place.clone()), sentence.to_owned())
            }
            _ => (None, said),
        };
        let mut finding = Finding::error(error.lint(), place, message);
        match error {
            EconomyError::Findings(findings) => return findings,
            EconomyError::MissingColumn { nearest, .. }
            | EconomyError::Unknown { nearest, .. }
            | EconomyError::NoGroup { nearest, .. } => {
                finding.nearest = nearest;
            }
            EconomyError::Missing { .. } | EconomyError::TooFewRows { .. } => {
                finding.expected =
                    Some("a figure for every cell; 0 where nothing is traded".to_owned());
            }
            _ => {}
        }
        finding.into()
    }
}
