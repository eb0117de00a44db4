//! How a solve can fail.
//!
//! | variant | when |
//! |---|---|
//! | [`SolveError::Settings`] | before the start: a setting is out of range |
//! | [`SolveError::Shock`] | before the start: the shock doesn't fit the baseline |
//! | [`SolveError::NoEquilibrium`] | no attempt reached the tolerance, or none can |

use std::fmt;

use thiserror::Error;

use crate::settings::{Method, SettingsError};
use crate::shock::ShockError;

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
    NoEquilibrium(Box<NoEquilibrium>),
}

/// What was tried in vain.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct NoEquilibrium {
    /// The cause, as far as it is known.
    pub cause: Cause,
    /// Smallest `max_i |ln sales_i - ln income_i|` reached; infinite if nothing was tried.
    pub residual: f64,
    /// Iterations of all attempts together.
    pub iterations: usize,
    /// Every attempt in order.
    pub tried: Vec<Attempt>,
}

/// Why no equilibrium was found.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Cause {
    /// The shock cuts these economies off from all others, yet the deficit closure wants
    /// them to spend more or less than they earn. No equilibrium exists.
    StrandedDeficit {
        /// Labels of the part of the world that is cut off.
        countries: Vec<String>,
        /// Its deficit in the baseline, as a share of world output.
        deficit: f64,
    },
    /// On the way the deficit closure left this economy with no positive expenditure: its
    /// nominal surplus is larger than its income.
    NegativeExpenditure {
        /// Label of the economy.
        country: String,
    },
    /// Numbers over- or underflowed on the way.
    NotFinite,
    /// The attempts ended without progress.
    Unresolved,
}

/// One attempt to solve.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Attempt {
    /// The method.
    pub method: Method,
    /// Part of the shock that was imposed, in logarithms: 1 is all of it.
    pub share_of_shock: f64,
    /// Iterations made.
    pub iterations: usize,
    /// Smallest residual reached.
    pub residual: f64,
    /// Whether it succeeded (a part of the shock can succeed where the whole fails).
    pub converged: bool,
}

impl fmt::Display for NoEquilibrium {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.cause {
            Cause::StrandedDeficit { countries, deficit } => write!(
                f,
                "the shock cuts {} off from all trade, but the deficit closure has a deficit of \
                 {deficit:e} of world output there; balance it first or choose another closure",
                countries.join(", ")
            ),
            Cause::NegativeExpenditure { country } => write!(
                f,
                "the deficit closure leaves {country} without positive expenditure \
                 (smallest residual {:e}, {} iterations in {} attempts)",
                self.residual,
                self.iterations,
                self.tried.len()
            ),
            Cause::NotFinite | Cause::Unresolved => write!(
                f,
                "sales differ from income by {:e} in logarithms after {} iterations in {} attempts",
                self.residual,
                self.iterations,
                self.tried.len()
            ),
        }
    }
}
