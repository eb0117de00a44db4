//! What changes: bilateral trade costs, and productivity if the user wishes.

use thiserror::Error;

use crate::settings::TradeElasticity;

/// A change of trade costs between a baseline and its counterfactual.
///
/// The bilateral factor is `B_ij = exp(β Δz_ij) = τ̂_ij^{-θ}`: what the policy does to the
/// sales of `i` to `j` at given wages and price indices, the "partial" effect that a
/// gravity regression estimates. `B = 1` is no change, `B > 1` cheaper trade, `B = 0` a
/// prohibition. Domestic factors are 1: the model measures foreign trade costs
/// relative to domestic ones.
///
/// Productivity enters as a technology factor `Â_i` that multiplies all sales of `i` at
/// given wages (Eaton and Kortum's `T̂_i`): labour that becomes `g` times as productive
/// is `Â = g^θ`.
#[derive(Debug, Clone, PartialEq)]
pub struct Shock {
    countries: usize,
    factors: Vec<f64>,
    productivity: Option<Vec<f64>>,
}

/// Why a shock can't be used. Economies are given by their place in the matrix.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum ShockError {
    /// Wrong number of cells.
    #[error("a shock to {countries} economies needs {expected} {what}, got {got}")]
    Shape {
        /// Number of economies.
        countries: usize,
        /// What was counted.
        what: &'static str,
        /// Number of cells needed.
        expected: usize,
        /// Number of cells given.
        got: usize,
    },
    /// A domestic factor differs from 1.
    #[error("the domestic factor of economy {country} is {factor}; it must be 1")]
    Domestic {
        /// Index of the economy.
        country: usize,
        /// The factor `B_ii`.
        factor: f64,
    },
    /// A factor is negative, infinite or NaN.
    #[error(
        "the factor of exporter {exporter} to importer {importer} is {value}; it must be finite and not negative"
    )]
    Factor {
        /// Index of the exporter.
        exporter: usize,
        /// Index of the importer.
        importer: usize,
        /// The factor (after exponentiation where logarithms were given).
        value: f64,
    },
    /// A technology factor isn't positive and finite.
    #[error(
        "the productivity factor of economy {country} is {value}; it must be positive and finite"
    )]
    Productivity {
        /// Index of the economy.
        country: usize,
        /// The factor `Â_i`.
        value: f64,
    },
    /// One of a pair isn't an economy.
    #[error("economies {one} and {other} are no pair of {countries}")]
    NoSuchPair {
        /// Index of the one.
        one: usize,
        /// Index of the other.
        other: usize,
        /// How many economies there are.
        countries: usize,
    },
    /// The shock was made for another number of economies than the baseline has.
    #[error("the shock is for {shock} economies, the baseline has {baseline}")]
    Countries {
        /// Economies of the shock.
        shock: usize,
        /// Economies of the baseline.
        baseline: usize,
    },
}

impl Shock {
    /// No change among `countries` economies.
    pub fn none(countries: usize) -> Self {
        Self {
            countries,
            factors: vec![1.0; countries * countries],
            productivity: None,
        }
    }

    /// From the factors `B_ij`, exporter-major `[n * n]`.
    ///
    /// # Errors
    /// [`ShockError`] if the shape is wrong, a domestic factor isn't 1, or a factor is
    /// negative or not finite.
    pub fn from_factors(countries: usize, factors: Vec<f64>) -> Result<Self, ShockError> {
        check_shape(
            countries,
            "bilateral factors",
            countries.checked_mul(countries),
            factors.len(),
        )?;
        for i in 0..countries {
            for j in 0..countries {
                check_factor(i, j, factors[i * countries + j])?;
            }
        }
        Ok(Self {
            countries,
            factors,
            productivity: None,
        })
    }

    /// Changes the factors `B_ij` and `B_ji` of a pair to one value: tables of blocs make
    /// thousands of shocks that differ in a few pairs.
    ///
    /// # Errors
    /// [`ShockError::Factor`] and [`ShockError::Domestic`] as in [`Shock::from_factors`], and
    /// [`ShockError::NoSuchPair`]; nothing is changed then.
    pub fn set_pair(&mut self, one: usize, other: usize, factor: f64) -> Result<(), ShockError> {
        let n = self.countries;
        if one >= n || other >= n {
            return Err(ShockError::NoSuchPair {
                one,
                other,
                countries: n,
            });
        }
        check_factor(one, other, factor)?;
        self.factors[one * n + other] = factor;
        self.factors[other * n + one] = factor;
        Ok(())
    }

    /// From partial effects in logarithms, `ln B_ij = β Δz_ij`, exporter-major `[n * n]`.
    /// Zero is no change and belongs on the diagonal; `-∞` is a prohibition.
    ///
    /// # Errors
    /// As [`Shock::from_factors`], with the exponentiated value.
    ///
    /// # Examples
    /// ```
    /// use acquis_equilibrium::Shock;
    ///
    /// // An agreement that raises trade between the two by 25 per cent at given incomes.
    /// let shock = Shock::from_log_trade_effects(2, vec![0.0, 0.2231, 0.2231, 0.0])?;
    /// assert!((shock.factors()[1] - 1.25).abs() < 1e-4);
    /// # Ok::<(), acquis_equilibrium::ShockError>(())
    /// ```
    pub fn from_log_trade_effects(countries: usize, effects: Vec<f64>) -> Result<Self, ShockError> {
        let mut factors = effects;
        for cell in &mut factors {
            // Most cells of a scenario are untouched; exp(0) = 1 needs no call.
            *cell = if *cell == 0.0 { 1.0 } else { cell.exp() };
        }
        Self::from_factors(countries, factors)
    }

    /// From changes of the iceberg cost, `d̂_ij`, exporter-major `[n * n]`:
    /// `B_ij = d̂_ij^{-θ}`. A cost of `+∞` is a prohibition.
    ///
    /// # Errors
    /// As [`Shock::from_factors`], with the resulting factor.
    pub fn from_trade_cost_changes(
        countries: usize,
        costs: Vec<f64>,
        elasticity: TradeElasticity,
    ) -> Result<Self, ShockError> {
        let mut factors = costs;
        for cell in &mut factors {
            *cell = cell.powf(-elasticity.get());
        }
        Self::from_factors(countries, factors)
    }

    /// Adds technology factors `Â_i`, `[n]`.
    ///
    /// # Errors
    /// [`ShockError`] if the length is wrong or a factor isn't positive and finite.
    pub fn with_productivity(mut self, productivity: Vec<f64>) -> Result<Self, ShockError> {
        check_shape(
            self.countries,
            "productivity factors",
            Some(self.countries),
            productivity.len(),
        )?;
        let bad = productivity
            .iter()
            .position(|value| !(value.is_finite() && *value > 0.0));
        if let Some(country) = bad {
            return Err(ShockError::Productivity {
                country,
                value: productivity[country],
            });
        }
        self.productivity = Some(productivity);
        Ok(self)
    }

    /// The part `share` of the shock in logarithms, `B^share`. A prohibition, which has no
    /// logarithm, is approached linearly: `1 - share`.
    pub(crate) fn portion(&self, share: f64) -> Self {
        let part = |factor: &f64| {
            if *factor > 0.0 {
                factor.powf(share)
            } else {
                1.0 - share
            }
        };
        Self {
            countries: self.countries,
            factors: self.factors.iter().map(part).collect(),
            productivity: self
                .productivity
                .as_ref()
                .map(|factors| factors.iter().map(part).collect()),
        }
    }

    /// Number of economies the shock is for.
    pub fn countries(&self) -> usize {
        self.countries
    }

    /// The factors `B_ij`, exporter-major `[n * n]`.
    pub fn factors(&self) -> &[f64] {
        &self.factors
    }

    /// The technology factors `Â_i`, `[n]`, if any were given.
    pub fn productivity(&self) -> Option<&[f64]> {
        self.productivity.as_deref()
    }
}

fn check_shape(
    countries: usize,
    what: &'static str,
    expected: Option<usize>,
    got: usize,
) -> Result<(), ShockError> {
    if expected == Some(got) {
        return Ok(());
    }
    Err(ShockError::Shape {
        countries,
        what,
        expected: expected.unwrap_or(usize::MAX),
        got,
    })
}

#[expect(
    clippy::float_cmp,
    reason = "a domestic factor is exactly 1: anything else is a different model"
)]
fn check_factor(exporter: usize, importer: usize, value: f64) -> Result<(), ShockError> {
    if !(value.is_finite() && value >= 0.0) {
        return Err(ShockError::Factor {
            exporter,
            importer,
            value,
        });
    }
    if exporter == importer && value != 1.0 {
        return Err(ShockError::Domestic {
            country: exporter,
            factor: value,
        });
    }
    Ok(())
}
