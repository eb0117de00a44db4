//! Scaling the rows and columns of a positive matrix until they add up to given totals.

use crate::anderson::anderson;
use crate::kernels::{
    dot, max_abs, sum, weighted_column_sums, weighted_row_sums, weighted_squares,
};
use crate::residual::{Infeasible, Residual};

/// Largest error of a row or column sum in logarithms that counts as fitted.
pub(crate) const TOLERANCE: f64 = 1e-12;
/// Plain alternations before the acceleration begins: they bring any start near.
const ALTERNATIONS: usize = 10;
const ITERATION_LIMIT: usize = 5000;

/// The balancing problem with state `ln a`, the logarithm of the row factor.
pub(crate) struct Balancing<'a> {
    output: &'a [f64],
    expenditure: &'a [f64],
    costs: Vec<f64>,
    /// `a`.
    pub(crate) row_factor: Vec<f64>,
    /// `Σ_i T_ij a_i`.
    pub(crate) column_sums: Vec<f64>,
    column_factor: Vec<f64>,
    sales: Vec<f64>,
}

impl<'a> Balancing<'a> {
    pub(crate) fn new(output: &'a [f64], expenditure: &'a [f64], costs: Vec<f64>) -> Self {
        let zeros = || vec![0.0; output.len()];
        Self {
            output,
            expenditure,
            costs,
            row_factor: zeros(),
            column_sums: zeros(),
            column_factor: zeros(),
            sales: zeros(),
        }
    }

    /// Iterations made, and whether the last point could be evaluated.
    pub(crate) fn solve(&mut self) -> (usize, bool) {
        let n = self.output.len();
        let world = sum(self.output);
        let mut state: Vec<f64> = self.output.iter().map(|y| (y / world).ln()).collect();
        let mut gap = vec![0.0; n];
        for _ in 0..ALTERNATIONS {
            if self.residual(&mut state, &mut gap).is_ok() {
                for (u, gap) in state.iter_mut().zip(&gap) {
                    *u += gap;
                }
            }
        }
        let run = anderson(self, &mut state, 0.5 * TOLERANCE, ITERATION_LIMIT);
        let evaluated = self.residual(&mut state, &mut gap);
        (run.iterations, evaluated.is_ok())
    }

    pub(crate) fn trade(&self) -> Vec<f64> {
        let rows = self
            .costs
            .chunks_exact(self.output.len())
            .zip(&self.row_factor);
        rows.flat_map(|(row, a)| {
            row.iter()
                .zip(&self.column_factor)
                .map(move |(t, b)| a * t * b)
        })
        .collect()
    }
}

impl Residual for Balancing<'_> {
    /// `ln Y_i - ln Σ_j X_ij`, columns adding up by construction.
    fn residual(&mut self, state: &mut [f64], residual: &mut [f64]) -> Result<f64, Infeasible> {
        let level = dot(state, self.output) / sum(self.output);
        for (u, a) in state.iter_mut().zip(&mut self.row_factor) {
            *u -= level;
            *a = u.exp();
        }
        weighted_column_sums(&self.costs, &self.row_factor, &mut self.column_sums);
        let columns = self.expenditure.iter().zip(&self.column_sums);
        for (factor, (spent, total)) in self.column_factor.iter_mut().zip(columns) {
            *factor = spent / total;
        }
        weighted_row_sums(&self.costs, &self.column_factor, &mut self.sales);
        let rows = self.sales.iter_mut().zip(&self.row_factor).zip(self.output);
        for (r, ((sales, a), output)) in residual.iter_mut().zip(rows) {
            *sales *= a;
            *r = (output / *sales).ln();
        }
        let worst = max_abs(residual);
        if worst.is_finite() {
            Ok(worst)
        } else {
            Err(Infeasible::NotFinite)
        }
    }

    /// `1 - Σ_j s_ij π_ij`: how far an economy's sales rise with its own row factor.
    fn scale(&self, scale: &mut [f64]) {
        let n = self.output.len();
        let columns = self.column_factor.iter().zip(&self.column_sums);
        let per_importer: Vec<f64> = columns.map(|(q, m)| q / m).collect();
        for (i, (scale, row)) in scale.iter_mut().zip(self.costs.chunks_exact(n)).enumerate() {
            let overlap = weighted_squares(row, &per_importer);
            let own = self.row_factor[i] * self.row_factor[i] / self.sales[i];
            *scale = (1.0 - own * overlap).clamp(1e-6, 1.0);
        }
    }
}
