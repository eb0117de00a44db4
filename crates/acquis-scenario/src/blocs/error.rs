//! Why there is no answer.

use acquis_blocs::{SizeError, TableError, WorthError};
use acquis_registry::{Finding, Findings, Lint, Place};

use crate::run::RunError;
use crate::voting::VotingError;

/// Why it can't be told which union would hold.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BlocsError {
    /// Mistakes in the scenario.
    #[error("{0}")]
    Findings(#[from] Findings),
    /// The economy or the engine.
    #[error(transparent)]
    Run(#[from] RunError),
    /// Stopped by whoever watches; what was done is in the store.
    #[error("stopped after {done} of {total} equilibria")]
    Stopped {
        /// Solved so far.
        done: usize,
        /// To be solved in all.
        total: usize,
    },
    /// A payoff that isn't a number or could not be had, or a store that can't be used.
    #[error("{error}{}", legend(.candidates))]
    Table {
        /// What is wrong; players by position.
        #[source]
        error: TableError,
        /// Codes by position.
        candidates: Vec<String>,
    },
    /// The rule by which a union admits can't be counted.
    #[error("{error}")]
    Vote {
        /// Where the rule is asked for.
        place: Option<Place>,
        /// Why.
        #[source]
        error: VotingError,
    },
    /// Too many candidates for a question.
    #[error(transparent)]
    Size(#[from] SizeError),
    /// Gains that can't be shared out.
    #[error(transparent)]
    Worth(#[from] WorthError),
}

impl From<Finding> for BlocsError {
    fn from(finding: Finding) -> Self {
        Self::Findings(finding.into())
    }
}

impl BlocsError {
    /// The mistake at its place, where it is one of the scenario.
    ///
    /// # Errors
    /// The error itself, where it is another.
    pub fn into_findings(self) -> Result<Findings, Self> {
        match self {
            Self::Findings(findings) | Self::Run(RunError::Findings(findings)) => Ok(findings),
            Self::Vote { place, error } => {
                Ok(Finding::error(Lint::Economy, place, error.to_string()).into())
            }
            other => Err(other),
        }
    }
}

fn legend(candidates: &[String]) -> String {
    let named: Vec<String> = candidates
        .iter()
        .enumerate()
        .map(|(position, code)| format!("{position} is {code}"))
        .collect();
    if named.is_empty() {
        String::new()
    } else {
        format!(" (of the players {})", named.join(", "))
    }
}
