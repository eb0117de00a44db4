//! How to solve: elasticity, closure, numeraire, method and limits, checked before the start.

use thiserror::Error;

use crate::closure::{DeficitClosure, Numeraire};

/// The trade elasticity `θ > 0`: tariff-inclusive import shares move with the power `-θ` of
/// trade costs. In Armington models `θ = σ - 1`.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct TradeElasticity(f64);

impl TradeElasticity {
    /// Checks an elasticity.
    ///
    /// # Errors
    /// [`SettingsError::Elasticity`] unless `theta` is positive and finite.
    pub fn new(theta: f64) -> Result<Self, SettingsError> {
        if theta.is_finite() && theta > 0.0 {
            Ok(Self(theta))
        } else {
            Err(SettingsError::Elasticity { value: theta })
        }
    }

    /// From the elasticity of substitution, `θ = σ - 1`.
    ///
    /// # Errors
    /// [`SettingsError::Elasticity`] (with `σ - 1`) unless `sigma` is finite and above 1.
    pub fn from_sigma(sigma: f64) -> Result<Self, SettingsError> {
        Self::new(sigma - 1.0)
    }

    /// The number `θ`.
    pub fn get(self) -> f64 {
        self.0
    }
}

/// Which solver goes first. If it fails the others are tried before giving up; the
/// [`Certificate`](crate::Certificate) says which one succeeded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Method {
    /// The one measured fastest, see the [crate page](crate#solvers).
    #[default]
    Automatic,
    /// Newton's method with the rank-one bordered Jacobian and back-tracking.
    Newton,
    /// Anderson acceleration of depth 8 of the scaled tatonnement.
    Anderson,
}

/// Everything [`solve`](crate::solve()) needs besides the baseline and the shock.
///
/// ```
/// use acquis_equilibrium::{DeficitClosure, Settings, TradeElasticity};
///
/// let settings = Settings {
///     closure: DeficitClosure::Multiplicative,
///     ..Settings::new(TradeElasticity::new(4.0)?)
/// };
/// assert!(settings.tolerance <= 1e-12);
/// # Ok::<(), acquis_equilibrium::SettingsError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// Trade elasticity `θ`.
    pub elasticity: TradeElasticity,
    /// What happens to deficits.
    pub closure: DeficitClosure,
    /// What money is counted in.
    pub numeraire: Numeraire,
    /// Which solver goes first.
    pub method: Method,
    /// Largest `|ln sales - ln income|` of any economy that counts as solved; from
    /// `1e-14` to `1e-2`. The returned table is held to it, not the solver's last step.
    pub tolerance: f64,
    /// Most iterations of any one attempt, at least 1.
    pub iteration_limit: usize,
}

/// Why settings can't be used.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum SettingsError {
    /// The elasticity isn't positive and finite.
    #[error("the trade elasticity is {value}; it must be positive and finite")]
    Elasticity {
        /// The value given.
        value: f64,
    },
    /// The tolerance is out of range.
    #[error("the tolerance is {value}; it must lie between {smallest:e} and {largest:e}")]
    Tolerance {
        /// The value given.
        value: f64,
        /// Smallest allowed value: below it rounding decides.
        smallest: f64,
        /// Largest allowed value: above it results mean nothing.
        largest: f64,
    },
    /// No iterations are allowed.
    #[error("the iteration limit must be at least 1")]
    IterationLimit,
    /// The numeraire's wage belongs to no economy.
    #[error("the numeraire is the wage of economy {index}, but there are only {countries}")]
    Numeraire {
        /// The index given.
        index: usize,
        /// Number of economies.
        countries: usize,
    },
}

const SMALLEST_TOLERANCE: f64 = 1e-14;
const LARGEST_TOLERANCE: f64 = 1e-2;

impl Settings {
    /// The defaults for an elasticity: deficits keep their share of world output, world
    /// output is the numeraire, the method is automatic, tolerance `1e-12`, at most 1000
    /// iterations an attempt.
    pub fn new(elasticity: TradeElasticity) -> Self {
        Self {
            elasticity,
            closure: DeficitClosure::default(),
            numeraire: Numeraire::default(),
            method: Method::default(),
            tolerance: 1e-12,
            iteration_limit: 1000,
        }
    }

    /// Checks the settings for a world of `countries` economies. [`solve`](crate::solve()) does
    /// this itself before it starts.
    ///
    /// # Errors
    /// [`SettingsError`] names the setting and its value.
    pub fn validate(&self, countries: usize) -> Result<(), SettingsError> {
        if !(SMALLEST_TOLERANCE..=LARGEST_TOLERANCE).contains(&self.tolerance) {
            return Err(SettingsError::Tolerance {
                value: self.tolerance,
                smallest: SMALLEST_TOLERANCE,
                largest: LARGEST_TOLERANCE,
            });
        }
        if self.iteration_limit == 0 {
            return Err(SettingsError::IterationLimit);
        }
        match self.numeraire {
            Numeraire::Wage(index) if index >= countries => {
                Err(SettingsError::Numeraire { index, countries })
            }
            Numeraire::Wage(_) | Numeraire::WorldOutput => Ok(()),
        }
    }
}
