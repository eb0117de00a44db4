//! How making a report fails.

use std::io;
use std::path::PathBuf;

/// Everything that can go wrong between a table and a file.
///
/// | error | when |
/// |---|---|
/// | [`Parquet`](Self::Parquet) | the encoder refused a table |
/// | [`FileName`](Self::FileName) | a file name leaves the folder it should be written to |
/// | [`Io`](Self::Io) | the operating system refused to write, move or read a file |
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The Parquet encoder failed.
    #[error("table `{table}` could not be encoded as Parquet")]
    Parquet {
        /// Id of the table.
        table: String,
        /// What the encoder said.
        #[source]
        source: parquet::errors::ParquetError,
    },
    /// A file name that is empty, absolute, given twice, or climbs out of its folder.
    #[error("`{name}` is not a usable file name in a report: {reason}")]
    FileName {
        /// The name.
        name: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A file could not be written; nothing was put in place.
    #[error("cannot {action} `{}`", path.display())]
    Io {
        /// What was being done.
        action: &'static str,
        /// The path it was done to.
        path: PathBuf,
        /// What the operating system said.
        #[source]
        source: io::Error,
    },
}
