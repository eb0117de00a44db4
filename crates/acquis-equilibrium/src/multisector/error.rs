//! How a solve can fail.

use std::fmt;

use thiserror::Error;

use super::settings::SettingsError;
use super::shock::ShockError;

/// Why there is no counterfactual.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum SolveError {
    /// A setting can't be used.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The shock can't be used with this baseline.
    #[error(transparent)]
    Shock(#[from] ShockError),
    /// No equilibrium was found; a table without convergence is never returned.
    #[error("no equilibrium: {0}")]
    NoEquilibrium(NoEquilibrium),
}

/// What was tried in vain.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct NoEquilibrium {
    /// The cause, as far as it is known.
    pub cause: Cause,
    /// Smallest residual that was reached with the whole shock; infinite if nothing was
    /// tried.
    pub residual: f64,
    /// The largest part of the shock, in logarithms, for which an equilibrium was found.
    pub reached: f64,
    /// Evaluations of the equilibrium conditions.
    pub evaluations: usize,
}

/// Why there is no equilibrium, or none was found.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Cause {
    /// The shock cuts these countries off from all trade with others, while the closure
    /// gives them a deficit together, which nobody can finance.
    StrandedDeficit {
        /// Their labels.
        countries: Vec<String>,
        /// Their deficit as a part of world value added.
        deficit: f64,
    },
    /// The closure and the transfers leave this country with no income to spend.
    NegativeIncome {
        /// Label of the country.
        country: String,
    },
    /// Numbers over- or underflowed on the way.
    NotFinite,
    /// The attempts ended without progress.
    Unresolved,
}

impl fmt::Display for NoEquilibrium {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            residual,
            reached,
            evaluations,
            ..
        } = self;
        match &self.cause {
            Cause::StrandedDeficit { countries, deficit } => write!(
                f,
                "the shock cuts {} off from all other trade, but they run a deficit of {deficit:e} \
                 of world value added; purge the deficits first or balance trade in the closure",
                countries.join(", ")
            ),
            Cause::NegativeIncome { country } => write!(
                f,
                "deficit and transfers leave {country} without income to spend \
                 ({evaluations} evaluations; {:.0} % of the shock can be had)",
                100.0 * reached
            ),
            Cause::NotFinite | Cause::Unresolved => write!(
                f,
                "the smallest residual was {residual:e} after {evaluations} evaluations; \
                 {:.0} % of the shock can be had",
                100.0 * reached
            ),
        }
    }
}
