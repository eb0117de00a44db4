//! How to solve.

use thiserror::Error;

use super::baseline::Baseline;
use super::closure::DeficitClosure;

/// What money is counted in. Real results depend on it only where deficits are fixed
/// amounts of it ([`DeficitClosure::Nominal`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Numeraire {
    /// World value added stays what it was.
    #[default]
    WorldValueAdded,
    /// The wage of one country stays what it was.
    Wage(usize),
}

/// How the system is solved. Every method ends at the same equations and the same
/// certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Method {
    /// Anderson acceleration preconditioned by the linearised world, prepared once per
    /// baseline.
    #[default]
    Prepared,
    /// Anderson acceleration of plain sweeps with an elasticity-aware wage step: nothing to
    /// prepare, more sweeps.
    Sweeps,
}

/// Everything that [`Solver::solve`](super::Solver::solve) needs besides the baseline and
/// the shock.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// What happens to deficits.
    pub closure: DeficitClosure,
    /// What money is counted in.
    pub numeraire: Numeraire,
    /// How the system is solved.
    pub method: Method,
    /// Largest residual that counts as solved, from `1e-14` to `1e-2`; see
    /// [`Certificate::residual`](super::Certificate::residual).
    pub tolerance: f64,
    /// Most iterations of any one attempt, at least 1.
    pub iteration_limit: usize,
}

impl Default for Settings {
    /// Deficits keep their share of world value added, which is the numeraire; prepared
    /// solver, tolerance `1e-12`, at most 500 iterations an attempt.
    fn default() -> Self {
        Self {
            closure: DeficitClosure::default(),
            numeraire: Numeraire::default(),
            method: Method::default(),
            tolerance: 1e-12,
            iteration_limit: 500,
        }
    }
}

/// A setting that can't be used.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum SettingsError {
    /// The tolerance is out of range.
    #[error(
        "the tolerance is {value}; it must lie between {SMALLEST_TOLERANCE:e} and {LARGEST_TOLERANCE:e}"
    )]
    Tolerance {
        /// The value given.
        value: f64,
    },
    /// No iterations are allowed.
    #[error("the iteration limit must be at least 1")]
    IterationLimit,
    /// The numeraire's wage belongs to no country.
    #[error("the numeraire is the wage of country {index}, but there are only {countries}")]
    Numeraire {
        /// The index given.
        index: usize,
        /// Number of countries.
        countries: usize,
    },
    /// The elasticities are for another number of sectors.
    #[error("{got} elasticities for {expected} sectors")]
    Elasticities {
        /// Elasticities given.
        got: usize,
        /// Sectors of the baseline.
        expected: usize,
    },
}

/// Below it rounding decides.
const SMALLEST_TOLERANCE: f64 = 1e-14;
/// Above it results mean nothing.
const LARGEST_TOLERANCE: f64 = 1e-2;

impl Settings {
    /// Checks the settings for a baseline.
    pub(super) fn check(&self, baseline: &Baseline) -> Result<(), SettingsError> {
        if !(SMALLEST_TOLERANCE..=LARGEST_TOLERANCE).contains(&self.tolerance) {
            return Err(SettingsError::Tolerance {
                value: self.tolerance,
            });
        }
        if self.iteration_limit == 0 {
            return Err(SettingsError::IterationLimit);
        }
        let countries = baseline.countries();
        match self.numeraire {
            Numeraire::Wage(index) if index >= countries => {
                Err(SettingsError::Numeraire { index, countries })
            }
            _ => Ok(()),
        }
    }
}
