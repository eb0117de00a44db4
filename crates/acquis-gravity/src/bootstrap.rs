//! Bootstrap distributions of the coefficients.

use rayon::prelude::*;

use crate::dense::{Cholesky, Symmetric};
use crate::design::Design;
use crate::error::EstimateError;
use crate::estimate::estimate;
use crate::fit::Fit;
use crate::options::{Options, StandardErrors};
use crate::projected::{group_sums, numbered, projected};
use crate::random::Random;

/// What is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resampling {
    /// Rows with replacement (pairs of outcome and regressors), each draw estimated anew.
    Pairs,
    /// Whole clusters of the design's first cluster with replacement, each draw estimated
    /// anew.
    Blocks,
    /// Signs of the scores of the clusters of the design's first cluster (of the rows, where
    /// there is none), at the estimate: `β + H⁻¹ Σ_g v_g s_g` with `v_g = ±1` (Kline and
    /// Santos 2012, the wild bootstrap for estimators that solve a score). Nothing is
    /// estimated anew.
    Wild,
}

/// Coefficients by draw.
#[derive(Debug, Clone, PartialEq)]
pub struct BootstrapDraws {
    /// One row per draw that could be estimated, one value per regressor of the fit.
    pub draws: Vec<Vec<f64>>,
    /// Draws without an estimate, e.g. because a regressor did not vary in them.
    pub failed: usize,
}

impl BootstrapDraws {
    /// Standard deviation of each coefficient over the draws.
    pub fn standard_errors(&self) -> Vec<f64> {
        let count = self.draws.len() as f64;
        let coefficients = self.draws.first().map_or(0, Vec::len);
        (0..coefficients)
            .map(|k| {
                let mean = self.draws.iter().map(|draw| draw[k]).sum::<f64>() / count;
                let squares: f64 = self.draws.iter().map(|draw| (draw[k] - mean).powi(2)).sum();
                (squares / (count - 1.0)).sqrt()
            })
            .collect()
    }

    /// Percentile interval of each coefficient that covers `confidence` of the draws.
    pub fn intervals(&self, confidence: f64) -> Vec<(f64, f64)> {
        let coefficients = self.draws.first().map_or(0, Vec::len);
        (0..coefficients)
            .map(|k| {
                let mut values: Vec<f64> = self.draws.iter().map(|draw| draw[k]).collect();
                values.sort_by(f64::total_cmp);
                let last = (values.len() - 1) as f64;
                let at = |share: f64| values[(share * last).round() as usize];
                (at(0.5 - 0.5 * confidence), at(0.5 + 0.5 * confidence))
            })
            .collect()
    }
}

/// Draws the coefficients of `fit` anew, `count` times; the same seed gives the same draws.
///
/// # Errors
/// [`EstimateError::NotApplicable`] for [`Resampling::Blocks`] without a cluster or for a
/// design other than the fit's.
pub fn bootstrap(
    design: &Design<'_>,
    fit: &Fit,
    options: &Options,
    resampling: Resampling,
    count: usize,
    seed: u64,
) -> Result<BootstrapDraws, EstimateError> {
    let cluster = design.clusters.first().map(|cluster| &cluster.factor);
    let (codes, groups) = match (resampling, cluster) {
        (Resampling::Blocks, None) => {
            let text = "a block bootstrap needs a cluster in the design".to_owned();
            return Err(EstimateError::NotApplicable(text));
        }
        (Resampling::Blocks | Resampling::Wild, Some(factor)) => {
            numbered(factor.codes(), factor.levels(), &fit.sample)
        }
        _ => ((0..fit.sample.len() as u32).collect(), fit.sample.len()),
    };
    if resampling == Resampling::Wild {
        return wild(design, fit, options, (&codes, groups), count, seed);
    }
    let draws: Vec<Option<Vec<f64>>> = (0..count as u64)
        .into_par_iter()
        .map(|draw| {
            let mut random =
                Random::new(seed.wrapping_add(draw.wrapping_mul(0x2545_F491_4F6C_DD1D)));
            let mut times = vec![0.0; groups];
            for _ in 0..groups {
                times[random.below(groups)] += 1.0;
            }
            redraw(design, fit, options, &codes, &times)
        })
        .collect();
    let failed = draws.iter().filter(|draw| draw.is_none()).count();
    Ok(BootstrapDraws {
        draws: draws.into_iter().flatten().collect(),
        failed,
    })
}

/// Coefficients with each group as often as `times` says.
fn redraw(
    design: &Design<'_>,
    fit: &Fit,
    options: &Options,
    codes: &[u32],
    times: &[f64],
) -> Option<Vec<f64>> {
    let mut weights = vec![0.0; design.rows()];
    for (&row, &code) in fit.sample.iter().zip(codes) {
        let own = design
            .weights
            .as_ref()
            .map_or(1.0, |w| w.values[row as usize]);
        weights[row as usize] = own * times[code as usize];
    }
    let redrawn = design.clone().weights("draw", weights).ok()?;
    let options = Options {
        errors: StandardErrors::Homoskedastic,
        ..options.clone()
    };
    let redrawn = estimate(&redrawn, &options).ok()?;
    (redrawn.names == fit.names).then_some(redrawn.estimates)
}

fn wild(
    design: &Design<'_>,
    fit: &Fit,
    options: &Options,
    (codes, groups): (&[u32], usize),
    count: usize,
    seed: u64,
) -> Result<BootstrapDraws, EstimateError> {
    let regressors = fit.names.len();
    let sums = group_sums(&projected(design, fit, options)?, codes, groups);
    let inverse = Cholesky::new(&fit.hessian)
        .map_or_else(|| Symmetric::zeros(regressors), |factor| factor.inverse());
    let mut random = Random::new(seed);
    let draws = (0..count).map(|_| {
        let mut score = vec![0.0; regressors];
        for group in 0..groups {
            let sign = if random.bits() >> 63 == 0 { 1.0 } else { -1.0 };
            for (k, score) in score.iter_mut().enumerate() {
                *score += sign * sums[group * regressors + k];
            }
        }
        let step = inverse.times(&score);
        fit.estimates.iter().zip(step).map(|(b, s)| b + s).collect()
    });
    Ok(BootstrapDraws {
        draws: draws.collect(),
        failed: 0,
    })
}
