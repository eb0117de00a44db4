//! The result: an equilibrium after the shock, and what changed.

use crate::baseline::{Baseline, BaselineError, exports, imports};
use crate::certificate::Certificate;

/// A counterfactual equilibrium.
///
/// Changes are ratios of counterfactual to baseline: 1.02 is a rise by two per cent.
/// Wages, prices and money are in units of the numeraire; ratios of them, such as the
/// real wage and welfare, don't depend on it unless the deficit closure does.
#[derive(Debug, Clone)]
pub struct Counterfactual {
    pub(crate) baseline: Baseline,
    /// Change of the wage `ŵ`, which is also the factory-gate price at unchanged
    /// productivity, `[n]`.
    pub wage_change: Vec<f64>,
    /// Change of the consumer price index `P̂`, `[n]`.
    pub price_change: Vec<f64>,
    /// New flows `X'`, exporter-major `[n * n]`, in the baseline's money unit.
    pub trade: Vec<f64>,
    /// New output `Y' = Y ŵ`, `[n]`.
    pub output: Vec<f64>,
    /// New expenditure `E'`, `[n]`.
    pub expenditure: Vec<f64>,
    /// How it was found and how well it holds.
    pub certificate: Certificate,
}

impl Counterfactual {
    /// The baseline that the changes refer to.
    pub fn baseline(&self) -> &Baseline {
        &self.baseline
    }

    /// Labels in the order of every table.
    pub fn labels(&self) -> &[String] {
        self.baseline.labels()
    }

    /// New sales of exporter `i` to importer `j`; `None` outside the matrix.
    pub fn trade(&self, i: usize, j: usize) -> Option<f64> {
        let n = self.output.len();
        (i < n && j < n).then(|| self.trade[i * n + j])
    }

    /// Change of the real wage `ŵ / P̂`, `[n]`.
    pub fn real_wage_change(&self) -> Vec<f64> {
        ratios(&self.wage_change, &self.price_change)
    }

    /// Change of welfare, here real expenditure `(E'/E) / P̂`, `[n]`. It differs from the
    /// real wage where there are deficits.
    pub fn welfare_change(&self) -> Vec<f64> {
        let nominal = ratios(&self.expenditure, self.baseline.expenditure());
        ratios(&nominal, &self.price_change)
    }

    /// Change of sales to others, domestic sales left out, `[n]`. NaN for an economy that
    /// exports nothing in the baseline: hat algebra can't say what nothing becomes.
    pub fn export_change(&self) -> Vec<f64> {
        let n = self.output.len();
        ratios(&exports(&self.trade, n), &self.baseline.exports())
    }

    /// Change of purchases from others, domestic purchases left out, `[n]`. NaN as in
    /// [`Counterfactual::export_change`].
    pub fn import_change(&self) -> Vec<f64> {
        let n = self.output.len();
        ratios(&imports(&self.trade, n), &self.baseline.imports())
    }

    /// Change of domestic sales, `X'_ii / X_ii`, `[n]`.
    pub fn domestic_change(&self) -> Vec<f64> {
        let n = self.output.len();
        let before = self.baseline.trade();
        (0..n)
            .map(|i| self.trade[i * n + i] / before[i * n + i])
            .collect()
    }

    /// Change of the share of expenditure that stays at home, `π'_jj / π_jj`, `[n]`. By the
    /// identity of Arkolakis, Costinot and Rodríguez-Clare the real wage changes by this
    /// to the power `-1/θ` (at unchanged productivity).
    pub fn domestic_share_change(&self) -> Vec<f64> {
        let spending = ratios(&self.expenditure, self.baseline.expenditure());
        ratios(&self.domestic_change(), &spending)
    }

    /// The counterfactual as the baseline of a next step.
    ///
    /// # Errors
    /// [`BaselineError`] if a flow can't be part of a baseline, which happens only where
    /// domestic sales underflow to zero.
    pub fn rebase(&self) -> Result<Baseline, BaselineError> {
        Baseline::new(self.labels().to_vec(), self.trade.clone())
    }
}

fn ratios(above: &[f64], below: &[f64]) -> Vec<f64> {
    above.iter().zip(below).map(|(a, b)| a / b).collect()
}
