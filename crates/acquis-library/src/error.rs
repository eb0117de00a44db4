//! Why something named could not be had.

use acquis_economy::EconomyError;
use acquis_registry::{Finding, Findings};

/// Why something named could not be had.
#[derive(Debug, thiserror::Error)]
pub enum LibraryError {
    /// Mistakes in a file or a name, each with its place or the nearest valid name.
    #[error(transparent)]
    Findings(#[from] Findings),
    /// Something that every build carries is not in this one.
    #[error("{0} missing from this program")]
    NotCarried(&'static str),
}

impl From<Finding> for LibraryError {
    fn from(finding: Finding) -> Self {
        Self::Findings(finding.into())
    }
}

impl From<EconomyError> for LibraryError {
    fn from(error: EconomyError) -> Self {
        Self::Findings(error.into())
    }
}
