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
    let mut residual = 0.0;
    for (row, income) in trade.chunks_exact(n).zip(output) {
        for (total, cell) in purchases.iter_mut().zip(row) {
            *total += cell;
        }
        residual = worse(residual, sum(row), *income);
    }
    let budgets = purchases.iter().zip(expenditure);
    let budget_residual = budgets.fold(0.0, |worst, (bought, spent)| worse(worst, *bought, *spent));
    let (earned, spent): (f64, f64) = (output.iter().sum(), expenditure.iter().sum());
    Errors {
        residual,
        budget_residual,
        world_balance: ((spent - earned) / earned).abs(),
    }
}

/// The larger of `worst` and `|ln a - ln b|`; NaN stays.
fn worse(worst: f64, a: f64, b: f64) -> f64 {
    let error = (a / b).ln().abs();
    if error > worst || error.is_nan() {
        error
    } else {
        worst
    }
}
