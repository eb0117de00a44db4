//! Proof that a table solves the model, computed from the table itself.

use crate::kernels::sum;
use crate::settings::Method;

/// How a counterfactual was found and how well it satisfies the model.
///
/// The errors are recomputed from the flows that are returned, not taken from the
/// solver's last step: a small last step of a damped iteration proves nothing.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Certificate {
    /// The method that succeeded, never [`Method::Automatic`].
    pub method: Method,
    /// Part of the shock at the start of the attempt that succeeded: 0 if it went from the
    /// baseline in one go, above 0 if the shock had to be approached in steps.
    pub approached_from: f64,
    /// Iterations of all attempts together.
    pub iterations: usize,
    /// Evaluations of the equilibrium conditions in all attempts together.
    pub evaluations: usize,
    /// `max_i |ln Σ_j X'_ij - ln Y'_i|`: sales against income.
    pub residual: f64,
    /// `max_j |ln Σ_i X'_ij - ln E'_j|`: purchases against expenditure.
    pub budget_residual: f64,
    /// `|Σ E' - Σ Y'| / Σ Y'`: world expenditure against world output.
    pub world_balance: f64,
}

/// The three errors of a table of flows.
pub(crate) struct Errors {
    pub(crate) residual: f64,
    pub(crate) budget_residual: f64,
    pub(crate) world_balance: f64,
}

pub(crate) fn errors(trade: &[f64], output: &[f64], expenditure: &[f64]) -> Errors {
    let n = output.len();
    let mut purchases = vec![0.0; n];
    let mut sales_off = Spread::default();
    for (row, income) in trade.chunks_exact(n).zip(output) {
        for (total, cell) in purchases.iter_mut().zip(row) {
            *total += cell;
        }
        sales_off.take(sum(row) / income);
    }
    let mut budgets_off = Spread::default();
    for (bought, spent) in purchases.iter().zip(expenditure) {
        budgets_off.take(bought / spent);
    }
    let (earned, spent): (f64, f64) = (output.iter().sum(), expenditure.iter().sum());
    Errors {
        residual: sales_off.largest_log(),
        budget_residual: budgets_off.largest_log(),
        world_balance: ((spent - earned) / earned).abs(),
    }
}

/// The least and the greatest of some ratios, so that one logarithm tells how far they are from
/// one.
struct Spread {
    least: f64,
    greatest: f64,
}

impl Default for Spread {
    fn default() -> Self {
        Self {
            least: 1.0,
            greatest: 1.0,
        }
    }
}

impl Spread {
    /// A ratio that is no number stays.
    fn take(&mut self, ratio: f64) {
        if ratio < self.least || ratio.is_nan() {
            self.least = ratio;
        }
        if ratio > self.greatest {
            self.greatest = ratio;
        }
    }

    /// `max |ln ratio|`
    fn largest_log(&self) -> f64 {
        let (fallen, risen) = (-self.least.ln(), self.greatest.ln());
        if fallen > risen || fallen.is_nan() {
            fallen
        } else {
            risen
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_error_is_found_on_either_side_and_nan_stays() {
        let trade = [2.0, 1.0, 1.0, 2.0];
        let found = errors(&trade, &[3.0, 3.0], &[3.0, 3.0]);
        assert!(found.residual.abs() + found.budget_residual.abs() < f64::EPSILON);
        let found = errors(&trade, &[1.5, 4.0], &[6.0, 2.0]);
        assert!((found.residual - 2.0_f64.ln()).abs() < f64::EPSILON);
        assert!((found.budget_residual - 2.0_f64.ln()).abs() < f64::EPSILON);
        let broken = errors(&[f64::NAN, 1.0, 1.0, 2.0], &[3.0, 3.0], &[3.0, 3.0]);
        assert!(broken.residual.is_nan() && broken.budget_residual.is_nan());
        let broken = errors(&[2.0, 1.0, 1.0, f64::NAN], &[3.0, 1.0], &[9.0, 3.0]);
        assert!(broken.residual.is_nan() && broken.budget_residual.is_nan());
    }
}
