//! The three elasticities of a product, each with its sign in its type.

use thiserror::Error;

/// An elasticity that can't be used.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
#[non_exhaustive]
pub enum ElasticityError {
    /// Demand rises with the price, or the value isn't a number.
    #[error(
        "the demand elasticity is {0}; it must be negative or zero (a finite number, \
         such as -1.25)"
    )]
    Demand(f64),
    /// Supply falls with the price, or the value isn't a number.
    #[error("the supply elasticity is {0}; it must be zero, positive or infinite")]
    Supply(f64),
    /// Buyers turn to what has become dearer, or the value isn't a finite number.
    #[error("the substitution elasticity is {0}; it must be zero or a positive finite number")]
    Substitution(f64),
}

/// Per cent by which purchases of the product as a whole change when its price at home
/// rises by one per cent: negative or zero.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct DemandElasticity(f64);

impl DemandElasticity {
    /// Takes a value in the papers' sign, such as `-1.25`.
    ///
    /// # Errors
    /// [`ElasticityError::Demand`] if it is positive or not finite.
    pub fn new(value: f64) -> Result<Self, ElasticityError> {
        if value.is_finite() && value <= 0.0 {
            Ok(Self(value))
        } else {
            Err(ElasticityError::Demand(value))
        }
    }

    /// The value, at most zero.
    pub fn get(self) -> f64 {
        self.0
    }
}

/// Per cent by which a partner's exports change when their world price rises by one per
/// cent: from zero (all that there is comes at any price) to infinite (any quantity comes at
/// one price).
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct SupplyElasticity(f64);

impl SupplyElasticity {
    /// World prices are given: the small importer.
    pub const INFINITE: Self = Self(f64::INFINITY);

    /// Takes zero, a positive number or infinity.
    ///
    /// # Errors
    /// [`ElasticityError::Supply`] if it is negative or not a number.
    pub fn new(value: f64) -> Result<Self, ElasticityError> {
        if value >= 0.0 {
            Ok(Self(value.abs())) // no -0.0, which would divide to -infinity
        } else {
            Err(ElasticityError::Supply(value))
        }
    }

    /// The value, possibly infinite.
    pub fn get(self) -> f64 {
        self.0
    }

    /// `e / (1 + e)` and `1 / (1 + e)`: (0, 1) for a fixed supply, (1, 0) for a fixed price.
    /// Market clearing weighed with them is one equation for all elasticities, with no
    /// infinite coefficient and no cancellation.
    pub(super) fn weights(self) -> (f64, f64) {
        (1.0 / (1.0 + 1.0 / self.0), 1.0 / (1.0 + self.0))
    }
}

impl Default for SupplyElasticity {
    fn default() -> Self {
        Self::INFINITE
    }
}

/// Per cent by which the ratio of the quantities bought from two partners changes when the
/// ratio of their prices changes by one per cent: positive or zero.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct SubstitutionElasticity(f64);

impl SubstitutionElasticity {
    /// Takes a value such as `1.5` (the customary one of SMART) or `5` (of GSIM's example).
    ///
    /// # Errors
    /// [`ElasticityError::Substitution`] if it is negative or not finite.
    pub fn new(value: f64) -> Result<Self, ElasticityError> {
        if value.is_finite() && value >= 0.0 {
            Ok(Self(value))
        } else {
            Err(ElasticityError::Substitution(value))
        }
    }

    /// The value, at least zero.
    pub fn get(self) -> f64 {
        self.0
    }
}
