//! Regressors projected off the fixed effects at an estimate.

use rayon::prelude::*;

use crate::arrange::Order;
use crate::design::Design;
use crate::error::EstimateError;
use crate::fit::Fit;
use crate::newton::lane;
use crate::options::{Estimator, Options};
use crate::panel::gathered;
use crate::projection::{Accuracy, Projection, STALL};
use crate::sample::Kept;
use crate::schwarz::Schwarz;

/// What the fit's scores are made of, by row of its sample.
#[derive(Debug)]
pub(crate) struct Projected {
    /// `[rows][regressors]`.
    pub(crate) regressors: Vec<f64>,
    /// Weighted outcome less weighted mean.
    pub(crate) scores: Vec<f64>,
    /// Working weights: for Poisson the weighted mean.
    pub(crate) weights: Vec<f64>,
}

/// Projects the regressors that `fit` kept, at its working weights.
pub(crate) fn projected(
    design: &Design<'_>,
    fit: &Fit,
    options: &Options,
) -> Result<Projected, EstimateError> {
    if fit.names.len() < 4 {
        project::<4>(design, fit, options)
    } else {
        project::<8>(design, fit, options)
    }
}

fn project<const L: usize>(
    design: &Design<'_>,
    fit: &Fit,
    options: &Options,
) -> Result<Projected, EstimateError> {
    let order = Order::new(design, &Kept::of(design, &fit.sample)?);
    if order.rows != fit.sample {
        let text = "the fit was made from another design".to_owned();
        return Err(EstimateError::NotApplicable(text));
    }
    let outcome = order.column(&design.outcome);
    let mut weights = match &design.weights {
        Some(column) => order.column(column),
        None => vec![1.0; outcome.len()],
    };
    let target = |y: f64| match fit.estimator {
        Estimator::LogLinear => y.ln(),
        _ => y,
    };
    let rows = weights.iter().zip(&outcome).zip(&fit.fitted);
    let scores = rows
        .map(|((w, &y), fitted)| w * (target(y) - fitted))
        .collect();
    if fit.estimator == Estimator::Poisson {
        for (weight, fitted) in weights.iter_mut().zip(&fit.fitted) {
            *weight *= fitted;
        }
    }
    let regressors: Vec<usize> = (0..design.regressors.len())
        .filter(|&k| fit.names.contains(&design.regressors[k].name))
        .collect();
    let panel = order.panel::<L>(design, &regressors, weights.clone());
    let mut projection = Projection::new(&panel);
    let mut diagonal = projection.diagonal(&panel);
    let mut schwarz = if fit.schwarz {
        Schwarz::new(&panel)
    } else {
        None
    };
    let accuracy = Accuracy {
        relative: [0.0; L],
        absolute: [1e-2 * options.tolerance; L],
    };
    let mut out = vec![0.0; regressors.len() * outcome.len()];
    for block in 0..panel.blocks.len() {
        let mut a = vec![[0.0; L]; panel.levels];
        projection.residual(&panel, block, &a);
        let limit = options.inner_iterations.max(STALL);
        let solved = match &mut schwarz {
            Some(schwarz) => projection.solve(&panel, &mut a, &accuracy, schwarz, limit),
            None => projection.solve(&panel, &mut a, &accuracy, &mut diagonal, limit),
        };
        if !solved.accurate {
            return Err(EstimateError::Projection {
                iterations: solved.iterations,
            });
        }
        let count = regressors.len();
        let mut buffer = panel.run_buffer();
        for run in 0..panel.runs.len() - 1 {
            let rows = gathered!(panel, gather => {
                panel.within(gather, block, run, &a, panel.residuals(run), &mut buffer)
            });
            for (row, lanes) in panel.run(run).zip(rows) {
                for k in (0..count).filter(|&k| lane::<L>(k).0 == block) {
                    out[row * count + k] = lanes[lane::<L>(k).1];
                }
            }
        }
    }
    Ok(Projected {
        regressors: out,
        scores,
        weights,
    })
}

/// Sums of `x̃ s` by group, `[groups][regressors]`, for groups numbered without gaps.
pub(crate) fn group_sums(projected: &Projected, codes: &[u32], groups: usize) -> Vec<f64> {
    let rows = projected.scores.len();
    let count = projected.regressors.len() / rows.max(1);
    let mut sums = vec![0.0; groups * count];
    for (row, &code) in codes.iter().enumerate().take(rows) {
        let at = code as usize * count;
        for k in 0..count {
            sums[at + k] += projected.regressors[row * count + k] * projected.scores[row];
        }
    }
    sums
}

/// Numbers the groups that occur in a sample in the order of their appearance.
pub(crate) fn numbered(codes: &[u32], levels: usize, sample: &[u32]) -> (Vec<u32>, usize) {
    let mut number = vec![u32::MAX; levels];
    let mut groups = 0;
    let own: Vec<u32> = sample.par_iter().map(|&row| codes[row as usize]).collect();
    let renumbered = own.into_iter().map(|code| {
        let number = &mut number[code as usize];
        if *number == u32::MAX {
            *number = groups;
            groups += 1;
        }
        *number
    });
    let renumbered: Vec<u32> = renumbered.collect();
    (renumbered, groups as usize)
}
