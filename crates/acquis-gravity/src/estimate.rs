//! From a design to a fit.

use rayon::prelude::*;

use crate::arrange::Order;
use crate::covariance::{Covariance, Ingredients};
use crate::design::Design;
use crate::error::EstimateError;
use crate::fit::{Certificate, EffectEstimates, Fit, normalize};
use crate::newton::{Ending, Newton, Solution, Wary};
use crate::objective::{Family, Objective};
use crate::options::{Estimator, Options, Separation, SmallSample, StandardErrors};
use crate::panel::Panel;
use crate::quality::quality;
use crate::sample::Kept;
use crate::separation::{Search, separated};

/// Rows up to which several outcomes are estimated beside each other: above, one alone keeps
/// all cores busy, and the memory of several might be missed.
const BESIDE: usize = 1 << 20;

/// Estimates a design.
///
/// # Errors
/// [`EstimateError`] if the design is wrong, no row is left, or the score does not fall to
/// the tolerance: there is never a fit that did not converge.
pub fn estimate(design: &Design<'_>, options: &Options) -> Result<Fit, EstimateError> {
    options.check()?;
    let mut kept = Kept::new(design, options)?;
    estimate_on(design, options, &mut kept)
}

/// Rows of a design, ascending, that no finite Poisson estimate fits: rows in levels whose
/// outcomes are all zero, and rows separated by regressors and effects together. Singletons
/// are dropped or kept as the options say.
///
/// # Errors
/// As [`estimate`], but a sample of which nothing is left is no error.
pub fn separated_rows(design: &Design<'_>, options: &Options) -> Result<Vec<u32>, EstimateError> {
    let options = Options {
        estimator: Estimator::Poisson,
        separation: Separation::Always,
        errors: StandardErrors::Homoskedastic,
        small_sample: SmallSample::None,
        ..options.clone()
    };
    options.check()?;
    let mut kept = Kept::new(design, &options)?;
    match estimate_on(design, &options, &mut kept) {
        Ok(_) | Err(EstimateError::EmptySample(_)) => {}
        Err(error) => return Err(error),
    }
    kept.separated.sort_unstable();
    Ok(kept.separated)
}

/// Estimates a design for several dependent variables (sectors), in their order.
///
/// Codes, regressors and clusters are shared, not copied; each outcome has its own sample,
/// since its zeros decide what is left out. Panels of up to a million rows are estimated
/// beside each other.
///
/// # Errors
/// The first [`EstimateError`], with the position of its outcome.
pub fn estimate_each<'a>(
    design: &Design<'a>,
    outcomes: &'a [(String, Vec<f64>)],
    options: &Options,
) -> Result<Vec<Fit>, (usize, EstimateError)> {
    let shared = design.borrowed();
    let one = |(at, (name, values)): (usize, &(String, Vec<f64>))| {
        let sector = shared
            .with_outcome(name, values.as_slice())
            .map_err(|error| (at, error.into()))?;
        estimate(&sector, options).map_err(|error| (at, error))
    };
    if design.rows() > BESIDE {
        return outcomes.iter().enumerate().map(one).collect();
    }
    // All are estimated before the first error is looked for, so that it is the same one
    // with any number of threads.
    let fits: Vec<Result<Fit, _>> = outcomes.par_iter().enumerate().map(one).collect();
    fits.into_iter().collect()
}

/// Estimates on the rows that are kept, leaving out more where the data are separated.
fn estimate_on(
    design: &Design<'_>,
    options: &Options,
    kept: &mut Kept,
) -> Result<Fit, EstimateError> {
    let poisson = options.estimator == Estimator::Poisson;
    let mut search = match options.separation {
        Separation::Always if poisson => Some(Search::Pairs),
        _ => None,
    };
    let mut poor = false;
    let mut found = false;
    let mut next = Search::Pairs;
    let mut wary = match options.separation {
        Separation::EffectsOnly => Wary::No,
        _ if poisson => Wary::OfAnySign,
        _ => Wary::No,
    };
    let mut regressors: Vec<usize> = (0..design.regressors.len()).collect();
    let mut collinear = Vec::new();
    loop {
        if let Some(how) = search {
            let searched: &[usize] = match how {
                Search::Pairs | Search::Effects => &[],
                _ => &regressors,
            };
            let rows = separated(design, options, kept, searched, how, poor)?;
            if !rows.is_empty() {
                kept.separate(design, options, &rows)?;
                // What was left may be separated in turn.
                found = true;
                continue;
            }
            (search, next, wary) = match how {
                Search::Pairs => (Some(Search::Effects), Search::Effects, wary),
                Search::Effects if found => (None, Search::Quick, wary),
                Search::Effects => (Some(Search::Quick), Search::Quick, wary),
                Search::Quick => (None, Search::Thorough, Wary::OfFalling),
                Search::Thorough => (None, Search::Thorough, Wary::No),
            };
        }
        if search.is_some() {
            continue;
        }
        let attempt = if regressors.len() < 4 {
            Attempt::<4>::run(design, options, kept, &regressors, wary, poor)?
        } else {
            Attempt::<8>::run(design, options, kept, &regressors, wary, poor)?
        };
        match attempt {
            Outcome::Fit(mut fit) => {
                collinear.sort_unstable();
                fit.collinear = collinear
                    .iter()
                    .map(|&k: &usize| design.regressors[k].name.clone())
                    .collect();
                return Ok(*fit);
            }
            Outcome::Collinear(positions) => {
                for &position in positions.iter().rev() {
                    collinear.push(regressors.remove(position));
                }
            }
            Outcome::Separation { poor: stalled } => {
                poor |= stalled;
                search = Some(next);
                found = false;
            }
        }
    }
}

enum Outcome {
    Fit(Box<Fit>),
    Collinear(Vec<usize>),
    Separation { poor: bool },
}

/// One estimation with lanes in blocks of `L`.
struct Attempt<const L: usize>;

impl<const L: usize> Attempt<L> {
    fn run(
        design: &Design<'_>,
        options: &Options,
        kept: &Kept,
        regressors: &[usize],
        wary: Wary,
        poor: bool,
    ) -> Result<Outcome, EstimateError> {
        let order = Order::new(design, kept);
        let mut outcome = order.column(&design.outcome);
        let mut offset = design.offset.as_ref().map(|column| order.column(column));
        let weights = design.weights.as_ref().map(|column| order.column(column));
        let family = match options.estimator {
            Estimator::Poisson => Family::Poisson,
            _ => Family::Gaussian,
        };
        if options.estimator == Estimator::LogLinear {
            for y in &mut outcome {
                *y = y.ln();
            }
        }
        let mut weight = vec![1.0; outcome.len()];
        if let Some(weights) = &weights {
            match family {
                Family::Gaussian => weight.copy_from_slice(weights),
                Family::Poisson => {
                    let offset = offset.get_or_insert_with(|| vec![0.0; weights.len()]);
                    for ((y, offset), weight) in outcome.iter_mut().zip(offset).zip(weights) {
                        *y *= weight;
                        *offset += weight.ln();
                    }
                }
            }
        }
        let panel = order.panel::<L>(design, regressors, weight);
        let objective = Objective::new(
            family,
            &outcome,
            offset.as_deref(),
            regressors.len(),
            &panel,
        );
        let mut newton = Newton::new(panel, objective, regressors.len(), options);
        if poor {
            newton.expect_poor_connection();
        }
        let solution = match newton.run(wary) {
            Ending::Converged(solution) => solution,
            Ending::Collinear(positions) => return Ok(Outcome::Collinear(positions)),
            Ending::Separation => return Ok(Outcome::Separation { poor: newton.poor }),
            Ending::Stalled { score, iterations } => {
                return Err(EstimateError::NotConverged {
                    iterations,
                    score,
                    tolerance: options.tolerance,
                });
            }
            Ending::Inaccurate => {
                return Err(EstimateError::Projection {
                    iterations: newton.inner,
                });
            }
        };
        let covariance = Ingredients {
            design,
            options,
            order: &order,
            panel: &newton.panel,
            a: &newton.a,
            objective: &newton.objective,
            hessian: &solution.hessian,
        }
        .covariance()?;
        let parts = Parts {
            design,
            options,
            kept,
            order: &order,
            weights: weights.as_deref(),
            regressors,
        };
        let fit = parts.fit(newton, solution, covariance);
        Ok(Outcome::Fit(Box::new(fit)))
    }
}

/// What a fit is put together from.
struct Parts<'a> {
    design: &'a Design<'a>,
    options: &'a Options,
    kept: &'a Kept,
    order: &'a Order,
    weights: Option<&'a [f64]>,
    regressors: &'a [usize],
}

impl Parts<'_> {
    fn fit<const L: usize>(
        &self,
        newton: Newton<'_, L>,
        solution: Solution,
        covariance: Covariance,
    ) -> Fit {
        let Newton {
            mut panel,
            objective,
            schwarz,
            inner,
            ..
        } = newton;
        let fitted = fitted(&mut panel, &objective, self.weights);
        drop(panel);
        let quality = quality(&objective, self.weights, &fitted);
        let name = |&k: &usize| self.design.regressors[k].name.clone();
        let effect_levels = self.order.eliminated.iter().chain(&self.order.others);
        let mut levels: Vec<(usize, usize)> = effect_levels
            .map(|levels| (levels.effect, levels.codes.len()))
            .collect();
        levels.sort_unstable();
        Fit {
            outcome: self.design.outcome.name.clone(),
            estimator: self.options.estimator,
            names: self.regressors.iter().map(name).collect(),
            effects: self.effects(&objective),
            estimates: objective.coefficients,
            covariance: covariance.matrix.to_rows(),
            errors: covariance.kind,
            small_sample: self.options.small_sample,
            repaired: covariance.repaired,
            clusters: covariance.clusters,
            rows: self.design.rows(),
            observations: self.order.rows.len(),
            dropped: self.kept.dropped.clone(),
            collinear: Vec::new(),
            effect_levels: levels
                .iter()
                .map(|&(e, count)| (self.design.effects[e].name.clone(), count))
                .collect(),
            log_likelihood: quality.log_likelihood,
            null_log_likelihood: quality.null_log_likelihood,
            deviance: quality.deviance,
            pseudo_r2: quality.pseudo_r2,
            iterations: solution.iterations,
            inner_iterations: inner,
            schwarz: schwarz.is_some(),
            warnings: covariance.warnings,
            certificate: Certificate {
                score: solution.score,
                effects_score: solution.effects_score,
                tolerance: self.options.tolerance,
            },
            sample: self.order.rows.clone(),
            fitted,
            freedom: covariance.freedom,
            confidence: self.options.confidence,
            hessian: solution.hessian,
        }
    }

    fn effects(&self, objective: &Objective<'_>) -> Vec<EffectEstimates> {
        let mut sets: Vec<(usize, EffectEstimates)> = Vec::new();
        let all = self.order.eliminated.iter().chain(&self.order.others);
        for levels in all {
            let effect = &self.design.effects[levels.effect];
            let values = if levels.positions.is_empty() {
                objective.run_levels.clone()
            } else {
                objective.levels[levels.positions.clone()].to_vec()
            };
            sets.push((
                levels.effect,
                EffectEstimates {
                    name: effect.name.clone(),
                    slope: effect.slope.as_ref().map(|slope| slope.name.clone()),
                    rows: levels
                        .codes
                        .iter()
                        .map(|&code| self.kept.counts[levels.effect][code as usize])
                        .collect(),
                    codes: levels.codes.clone(),
                    factor: effect.factor.select(&[]),
                    values,
                },
            ));
        }
        sets.sort_by_key(|(effect, _)| *effect);
        let mut sets: Vec<EffectEstimates> = sets.into_iter().map(|(_, set)| set).collect();
        normalize(&mut sets);
        sets
    }
}

/// Fitted values by row of the sample, without weights; may leave the panel without its own.
fn fitted<const L: usize>(
    panel: &mut Panel<L>,
    objective: &Objective<'_>,
    weights: Option<&[f64]>,
) -> Vec<f64> {
    match objective.family {
        Family::Poisson => match weights {
            None => std::mem::take(&mut panel.weight),
            Some(weights) => panel
                .weight
                .iter()
                .zip(weights)
                .map(|(m, w)| m / w)
                .collect(),
        },
        Family::Gaussian => {
            let rows = objective.outcome.iter().zip(&panel.residual);
            rows.map(|(y, residual)| y - residual).collect()
        }
    }
}
