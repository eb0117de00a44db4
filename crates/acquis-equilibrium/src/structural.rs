//! Structural gravity with output and expenditure given: multilateral resistances.
//!
//! ```text
//! X_ij = Y_i E_j / Y · T_ij / (Π̃_i P̃_j),      T_ij = t_ij^{1-σ}
//! Π̃_i = Σ_j (E_j / Y) T_ij / P̃_j,   P̃_j = Σ_i (Y_i / Y) T_ij / Π̃_i
//! ```
//!
//! (Anderson and van Wincoop 2003), where `Π̃ = Π^{1-σ}` and `P̃ = P^{1-σ}` are the outward
//! and inward multilateral resistances to the power `1 - σ`. Finding them means scaling the
//! rows and columns of `T` until rows add up to `Y` and columns to `E`; the plain
//! alternation converges slowly where most trade is domestic, so it is accelerated.

use thiserror::Error;

use crate::balancing::{Balancing, TOLERANCE};
use crate::baseline::{Baseline, BaselineError, exports, imports};
use crate::certificate::errors;
use crate::kernels::sum;

/// Trade that follows from output, expenditure and trade costs.
///
/// The resistances are determined up to one common factor (`Π̃` times `c`, `P̃` divided by
/// it, leaves trade as it is): [`StructuralGravity::fit`] sets `P̃` of the first economy
/// to 1, [`StructuralGravity::with_reference`] chooses another.
///
/// # Examples
/// A border that doubles the cost of foreign trade (`2^{1-σ} = 1/16` for `σ = 5`) is taken
/// away, incomes held fixed:
///
/// ```
/// use acquis_equilibrium::StructuralGravity;
///
/// let labels = vec!["A".to_owned(), "B".to_owned()];
/// let border = vec![1.0, 1.0 / 16.0, 1.0 / 16.0, 1.0];
/// let fit = StructuralGravity::fit(labels, vec![1.0, 3.0], vec![1.0, 3.0], border)?;
/// let open = fit.conditional(vec![1.0; 4])?;
/// assert!((open.trade()[1] - 0.75).abs() < 1e-12); // 1 · 3 / 4: frictionless
/// assert!(fit.trade()[1] < 0.2);
/// # Ok::<(), acquis_equilibrium::StructuralError>(())
/// ```
#[derive(Debug, Clone)]
pub struct StructuralGravity {
    labels: Vec<String>,
    output: Vec<f64>,
    expenditure: Vec<f64>,
    trade: Vec<f64>,
    outward: Vec<f64>,
    inward: Vec<f64>,
    residual: f64,
    iterations: usize,
}

/// Why structural gravity can't be fitted.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum StructuralError {
    /// There are no labels.
    #[error("structural gravity needs at least one economy")]
    Empty,
    /// An array has the wrong length.
    #[error("{what} needs {expected} values, got {got}")]
    Shape {
        /// Which array.
        what: &'static str,
        /// Values needed.
        expected: usize,
        /// Values given.
        got: usize,
    },
    /// Output or expenditure isn't positive and finite.
    #[error("{what} of {country} is {value}; it must be positive and finite")]
    Size {
        /// Output or expenditure.
        what: &'static str,
        /// Label of the economy.
        country: String,
        /// The value given.
        value: f64,
    },
    /// A trade-cost factor isn't positive and finite.
    #[error(
        "the cost factor of {exporter} to {importer} is {value}; it must be positive and finite"
    )]
    CostFactor {
        /// Label of the exporter.
        exporter: String,
        /// Label of the importer.
        importer: String,
        /// The value given.
        value: f64,
    },
    /// World output and world expenditure differ, so that rows and columns can't both add
    /// up. Decide before calling: scale output to world expenditure, which is what
    /// gegravity's modelled trade amounts to, or give one importer the expenditure that
    /// the others leave.
    #[error("world output {output} and world expenditure {expenditure} differ")]
    Unbalanced {
        /// Sum of output.
        output: f64,
        /// Sum of expenditure.
        expenditure: f64,
    },
    /// The sums weren't reached.
    #[error(
        "row and column sums are off by {residual:e} in logarithms after {iterations} iterations"
    )]
    NotFitted {
        /// Largest error.
        residual: f64,
        /// Iterations made.
        iterations: usize,
    },
}

impl StructuralGravity {
    /// Fits trade to output and expenditure.
    ///
    /// `output` `[n]` and `expenditure` `[n]` in one money unit with the same total (to
    /// `1e-12`); `cost_factors` exporter-major `[n * n]`, `t_ij^{1-σ} > 0`, domestic ones on
    /// the diagonal, in any common scale.
    ///
    /// # Errors
    /// [`StructuralError`]: arrays of the wrong length, values that aren't positive and
    /// finite, totals that differ, or no convergence.
    pub fn fit(
        labels: Vec<String>,
        output: Vec<f64>,
        expenditure: Vec<f64>,
        cost_factors: Vec<f64>,
    ) -> Result<Self, StructuralError> {
        check(&labels, &output, &expenditure)?;
        check_costs(&labels, &cost_factors)?;
        let mut balancing = Balancing::new(&output, &expenditure, cost_factors);
        let (iterations, found) = balancing.solve();
        let point = &balancing;
        let world = sum(&output);
        let trade = point.trade();
        let errors = errors(&trade, &output, &expenditure);
        let residual = errors.residual.max(errors.budget_residual);
        if !(found && residual <= TOLERANCE) {
            return Err(StructuralError::NotFitted {
                residual,
                iterations,
            });
        }
        // X = a T E / M is the gravity equation with Π̃ = Y_i / (Y a) and P̃ = M.
        let rows = output.iter().zip(&point.row_factor);
        let outward = rows.map(|(y, a)| y / (world * a)).collect();
        let fitted = Self {
            outward,
            inward: point.column_sums.clone(),
            labels,
            output,
            expenditure,
            trade,
            residual,
            iterations,
        };
        Ok(fitted.with_reference(0))
    }

    /// Trade after a change of trade costs, output and expenditure held fixed: the
    /// conditional general equilibrium.
    ///
    /// # Errors
    /// As [`StructuralGravity::fit`].
    pub fn conditional(&self, new_cost_factors: Vec<f64>) -> Result<Self, StructuralError> {
        Self::fit(
            self.labels.clone(),
            self.output.clone(),
            self.expenditure.clone(),
            new_cost_factors,
        )
    }

    /// The same fit with `P̃ = 1` for the importer `reference`. An index outside the world
    /// leaves the resistances as they are.
    #[must_use]
    pub fn with_reference(mut self, reference: usize) -> Self {
        if let Some(&level) = self.inward.get(reference) {
            for (inward, outward) in self.inward.iter_mut().zip(&mut self.outward) {
                *inward /= level;
                *outward *= level;
            }
        }
        self
    }

    /// Labels in the order of every array.
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// Output `Y_i` as given, `[n]`.
    pub fn output(&self) -> &[f64] {
        &self.output
    }

    /// Expenditure `E_j` as given, `[n]`.
    pub fn expenditure(&self) -> &[f64] {
        &self.expenditure
    }

    /// Fitted trade, exporter-major `[n * n]`, in the money unit of output.
    pub fn trade(&self) -> &[f64] {
        &self.trade
    }

    /// Outward multilateral resistances `Π_i^{1-σ}`, `[n]`.
    pub fn outward_resistance(&self) -> &[f64] {
        &self.outward
    }

    /// Inward multilateral resistances `P_j^{1-σ}`, `[n]`.
    pub fn inward_resistance(&self) -> &[f64] {
        &self.inward
    }

    /// Fitted sales to others, `[n]`.
    pub fn exports(&self) -> Vec<f64> {
        exports(&self.trade, self.labels.len())
    }

    /// Fitted purchases from others, `[n]`.
    pub fn imports(&self) -> Vec<f64> {
        imports(&self.trade, self.labels.len())
    }

    /// Largest error of a row or column sum of the fitted trade, in logarithms.
    pub fn residual(&self) -> f64 {
        self.residual
    }

    /// Iterations of the accelerated balancing.
    pub fn iterations(&self) -> usize {
        self.iterations
    }

    /// Fitted trade as a baseline, so that incomes may respond too: the full general
    /// equilibrium of the structural-gravity literature.
    ///
    /// # Errors
    /// [`BaselineError`], which a fit reaches only for repeated labels or where domestic
    /// sales underflow to zero.
    pub fn baseline(&self) -> Result<Baseline, BaselineError> {
        Baseline::new(self.labels.clone(), self.trade.clone())
    }
}

fn check(labels: &[String], output: &[f64], expenditure: &[f64]) -> Result<(), StructuralError> {
    let n = labels.len();
    if n == 0 {
        return Err(StructuralError::Empty);
    }
    for (what, values) in [("output", output), ("expenditure", expenditure)] {
        check_length(what, n, values.len())?;
        for (label, &value) in labels.iter().zip(values) {
            if !(value.is_finite() && value > 0.0) {
                return Err(StructuralError::Size {
                    what,
                    country: label.clone(),
                    value,
                });
            }
        }
    }
    let (earned, spent) = (sum(output), sum(expenditure));
    if ((earned - spent) / earned).abs() > TOLERANCE {
        return Err(StructuralError::Unbalanced {
            output: earned,
            expenditure: spent,
        });
    }
    Ok(())
}

fn check_length(what: &'static str, expected: usize, got: usize) -> Result<(), StructuralError> {
    if expected == got {
        Ok(())
    } else {
        Err(StructuralError::Shape {
            what,
            expected,
            got,
        })
    }
}

fn check_costs(labels: &[String], cost_factors: &[f64]) -> Result<(), StructuralError> {
    let n = labels.len();
    check_length(
        "the matrix of cost factors",
        n.saturating_mul(n),
        cost_factors.len(),
    )?;
    let bad = cost_factors
        .iter()
        .position(|value| !(value.is_finite() && *value > 0.0));
    match bad {
        Some(cell) => Err(StructuralError::CostFactor {
            exporter: labels[cell / n].clone(),
            importer: labels[cell % n].clone(),
            value: cost_factors[cell],
        }),
        None => Ok(()),
    }
}
