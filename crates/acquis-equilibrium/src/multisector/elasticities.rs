//! Trade elasticities by sector.

use thiserror::Error;

/// The trade elasticity `θ_j > 0` of every sector: tariff-inclusive shares move with the
/// power `-θ_j` of trade costs. In Armington models `θ = σ - 1`.
///
/// Estimates of the elasticity of the *value before tariffs* are larger by one:
/// [`Elasticities::of_value`] takes those.
#[derive(Debug, Clone, PartialEq)]
pub struct Elasticities(Vec<f64>);

/// An elasticity that can't be used.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
#[error("the trade elasticity of sector {} is {value}; it must be positive and finite", sector + 1)]
pub struct ElasticityError {
    /// The sector's position, from 0.
    pub sector: usize,
    /// The elasticity that was given.
    pub value: f64,
}

impl Elasticities {
    /// Elasticities of tariff-inclusive shares, one per sector.
    ///
    /// # Errors
    /// The first that isn't positive and finite.
    pub fn new(values: Vec<f64>) -> Result<Self, ElasticityError> {
        let bad = |value: &f64| !(value.is_finite() && *value > 0.0);
        match values.iter().position(bad) {
            None => Ok(Self(values)),
            Some(sector) => Err(ElasticityError {
                sector,
                value: values[sector],
            }),
        }
    }

    /// From elasticities of the value before tariffs with respect to one plus the tariff,
    /// which are `1 + θ_j`.
    ///
    /// # Errors
    /// The first that isn't above one and finite.
    pub fn of_value(values: &[f64]) -> Result<Self, ElasticityError> {
        Self::new(values.iter().map(|value| value - 1.0).collect())
    }

    /// The same elasticity in every sector.
    ///
    /// # Errors
    /// If it isn't positive and finite.
    pub fn uniform(value: f64, sectors: usize) -> Result<Self, ElasticityError> {
        Self::new(vec![value; sectors])
    }

    /// The numbers `θ_j`.
    pub fn values(&self) -> &[f64] {
        &self.0
    }
}
