//! Likelihood, deviance and pseudo R² of a fit.

use std::ops::Range;

use crate::elementary::{ln, ln_gamma};
use crate::objective::{Family, Objective};
use crate::panel::over_chunks;
use crate::strands::{dot, sum};

/// Rows of a stretch; sums of stretches are added in their order.
const STRETCH: usize = 1 << 14;
/// Rows whose logarithms are taken together.
const BLOCK: usize = 256;

/// How well a fit describes the outcome.
pub(crate) struct Quality {
    pub(crate) log_likelihood: f64,
    pub(crate) null_log_likelihood: f64,
    pub(crate) deviance: f64,
    pub(crate) pseudo_r2: f64,
}

/// Likelihood and deviance. For Poisson the constant `ln Γ(y + 1)` is included, as Stata and
/// R do.
pub(crate) fn quality(
    objective: &Objective<'_>,
    weights: Option<&[f64]>,
    fitted: &[f64],
) -> Quality {
    let rows = Rows {
        outcome: objective.outcome,
        weights,
        fitted,
    };
    match objective.family {
        Family::Poisson => rows.poisson(),
        Family::Gaussian => rows.gaussian(),
    }
}

/// What likelihoods are made of, by row. For Poisson the outcome is weighted.
#[derive(Clone, Copy)]
struct Rows<'a> {
    outcome: &'a [f64],
    weights: Option<&'a [f64]>,
    fitted: &'a [f64],
}

impl Rows<'_> {
    fn poisson(self) -> Quality {
        let [outcomes, weights] = self.sums(|block| {
            let weights = block.weights.map_or(block.fitted.len() as f64, sum);
            [sum(block.outcome), weights]
        });
        let mean = outcomes / weights;
        let log_mean = mean.ln();
        let [log_likelihood, null_log_likelihood, deviance] = self.sums(
            #[inline(always)]
            |block| block.poisson_parts(mean, log_mean),
        );
        Quality {
            log_likelihood,
            null_log_likelihood,
            deviance,
            pseudo_r2: 1.0 - log_likelihood / null_log_likelihood,
        }
    }

    fn gaussian(self) -> Quality {
        let [outcomes, weights] = self.sums(|block| match block.weights {
            Some(weights) => [dot(block.outcome, weights), sum(weights)],
            None => [sum(block.outcome), block.outcome.len() as f64],
        });
        let mean = outcomes / weights;
        let [residuals, spread] = self.sums(|block| {
            let mut sums = [0.0; 2];
            for row in 0..block.outcome.len() {
                let (w, y) = (block.weight(row), block.outcome[row]);
                sums[0] += w * (y - block.fitted[row]).powi(2);
                sums[1] += w * (y - mean).powi(2);
            }
            sums
        });
        let n = self.fitted.len() as f64;
        let likelihood =
            |squares: f64| -0.5 * n * ((std::f64::consts::TAU * squares / n).ln() + 1.0);
        Quality {
            log_likelihood: likelihood(residuals),
            null_log_likelihood: likelihood(spread),
            deviance: residuals,
            pseudo_r2: 1.0 - residuals / spread,
        }
    }

    /// The parts of a block of Poisson's log-likelihood, that of the mean alone, and the
    /// deviance.
    #[expect(
        clippy::inline_always,
        reason = "must become part of the vectorized pass"
    )]
    #[inline(always)]
    fn poisson_parts(self, mean: f64, log_mean: f64) -> [f64; 3] {
        match self.weights {
            None => self.poisson_weighted(mean, log_mean, |_| 1.0),
            Some(weights) => {
                let weights = &weights[..self.outcome.len()];
                self.poisson_weighted(mean, log_mean, |row| weights[row])
            }
        }
    }

    #[expect(
        clippy::inline_always,
        reason = "must become part of the vectorized pass"
    )]
    #[inline(always)]
    fn poisson_weighted(self, mean: f64, log_mean: f64, weight: impl Fn(usize) -> f64) -> [f64; 3] {
        let (mut own, mut null, mut deviance) = ([0.0; BLOCK], [0.0; BLOCK], [0.0; BLOCK]);
        let rows = self.outcome.len().min(BLOCK);
        let (outcome, fitted) = (&self.outcome[..rows], &self.fitted[..rows]);
        for row in 0..rows {
            let (w, mu) = (weight(row), fitted[row]);
            let y = outcome[row] / w;
            let (log, ratio) = (ln(y), ln(y / mu));
            let constant = if y > 0.0 { ln_gamma(y + 1.0) } else { 0.0 };
            own[row] = w * (y * (log - ratio) - mu - constant);
            null[row] = w * (y * log_mean - mean - constant);
            deviance[row] = w * 2.0 * (y * ratio - (y - mu));
        }
        [sum(&own), sum(&null), sum(&deviance)]
    }

    #[expect(
        clippy::inline_always,
        reason = "must become part of the vectorized pass"
    )]
    #[inline(always)]
    fn weight(self, row: usize) -> f64 {
        self.weights.map_or(1.0, |weights| weights[row])
    }

    #[expect(
        clippy::inline_always,
        reason = "must become part of the vectorized pass"
    )]
    #[inline(always)]
    fn at(self, rows: Range<usize>) -> Self {
        Self {
            outcome: &self.outcome[rows.clone()],
            weights: self.weights.map(|weights| &weights[rows.clone()]),
            fitted: &self.fitted[rows],
        }
    }

    /// Adds up the parts of blocks of rows.
    fn sums<const N: usize>(self, part: impl Fn(Self) -> [f64; N] + Sync) -> [f64; N] {
        let rows = self.fitted.len();
        let starts: Vec<usize> = (0..rows).step_by(STRETCH).collect();
        let mut stretches = vec![[0.0; N]; starts.len()];
        over_chunks(
            &starts,
            &mut stretches,
            #[inline(always)]
            |&start, sums| {
                let end = rows.min(start + STRETCH);
                for from in (start..end).step_by(BLOCK) {
                    let part = part(self.at(from..end.min(from + BLOCK)));
                    for i in 0..N {
                        sums[i] += part[i];
                    }
                }
            },
        );
        let mut total = [0.0; N];
        for sums in stretches {
            for i in 0..N {
                total[i] += sums[i];
            }
        }
        total
    }
}
