//! What an estimation returns.

use statrs::distribution::{ContinuousCDF, Normal, StudentsT};

use crate::dense::{Cholesky, Symmetric};
use crate::error::EstimateError;
use crate::factor::Factor;
use crate::options::{Estimator, SmallSample, StandardErrors};
use crate::random::Random;
use crate::sample::Dropped;

/// What shows that the estimate is one; recomputed at the estimate that is returned.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Certificate {
    /// The score after projection: the largest step that Newton would still make, with
    /// regressors in units of their projected standard deviation, `max_k |Δβ_k| s_k`.
    pub score: f64,
    /// The score of the fixed effects: largest `|Σ (y - μ)| / Σ y` over their levels.
    pub effects_score: f64,
    /// What both were required to reach.
    pub tolerance: f64,
}

/// A set of fixed effects with the rows it was estimated on.
#[derive(Debug, Clone)]
pub struct EffectEstimates {
    /// Name of the effect in the design.
    pub name: String,
    /// The variable whose slopes these are; `None` for intercepts.
    pub slope: Option<String>,
    /// The code of each level, ascending.
    pub codes: Vec<u32>,
    /// One value per level. Only sums over a row's effects are identified; see
    /// [`Fit::effects`] for the normalization.
    pub values: Vec<f64>,
    /// Rows of the sample by level.
    pub rows: Vec<u32>,
    /// Knows what the codes stand for.
    pub(crate) factor: Factor<'static>,
}

impl EffectEstimates {
    /// The name of a level, by its position in [`Self::codes`].
    pub fn label(&self, position: usize) -> String {
        self.codes
            .get(position)
            .map_or_else(String::new, |&code| self.factor.label(code))
    }
}

/// One line of the table of coefficients.
#[derive(Debug, Clone, PartialEq)]
pub struct Coefficient {
    /// Name of the regressor.
    pub name: String,
    /// The estimate.
    pub estimate: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// Estimate over standard error: `z`, or `t` for least squares.
    pub statistic: f64,
    /// Two-sided p-value.
    pub p_value: f64,
    /// Confidence interval.
    pub interval: (f64, f64),
}

/// A dimension of clustering in the sample.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClusterCount {
    /// Name of the dimension.
    pub name: String,
    /// Clusters in the sample.
    pub clusters: usize,
}

/// An estimate with everything that belongs to it.
#[derive(Debug, Clone)]
pub struct Fit {
    /// The dependent variable.
    pub outcome: String,
    /// What was minimized.
    pub estimator: Estimator,
    /// Names of the regressors that were kept.
    pub names: Vec<String>,
    /// Their coefficients.
    pub estimates: Vec<f64>,
    /// Covariance of the coefficients, row-major.
    pub covariance: Vec<f64>,
    /// Which covariance it is; never [`StandardErrors::Automatic`].
    pub errors: StandardErrors,
    /// The small-sample convention it follows.
    pub small_sample: SmallSample,
    /// Whether negative eigenvalues of a multiway covariance were set to zero.
    pub repaired: bool,
    /// Clusters by dimension.
    pub clusters: Vec<ClusterCount>,
    /// Rows of the design.
    pub rows: usize,
    /// Rows estimated on.
    pub observations: usize,
    /// Rows left out and why.
    pub dropped: Vec<Dropped>,
    /// Regressors that the effects or earlier regressors explain.
    pub collinear: Vec<String>,
    /// Levels by set of effects that were estimated.
    pub effect_levels: Vec<(String, usize)>,
    /// Log-likelihood, without weights' normalization.
    pub log_likelihood: f64,
    /// Log-likelihood of a constant alone.
    pub null_log_likelihood: f64,
    /// Deviance; for least squares the sum of squared residuals.
    pub deviance: f64,
    /// `1 - logL / logL₀`; for least squares the share of variation explained.
    pub pseudo_r2: f64,
    /// Outer iterations.
    pub iterations: usize,
    /// Inner iterations, all together.
    pub inner_iterations: usize,
    /// Whether the Schwarz preconditioner was needed.
    pub schwarz: bool,
    /// Warnings in words, e.g. fewer clusters than regressors.
    pub warnings: Vec<String>,
    /// What shows that the estimate is one.
    pub certificate: Certificate,
    /// The rows of the design estimated on, ascending within levels of the largest effect.
    pub sample: Vec<u32>,
    /// Fitted values by row of the sample.
    pub fitted: Vec<f64>,
    pub(crate) effects: Vec<EffectEstimates>,
    pub(crate) freedom: f64,
    pub(crate) confidence: f64,
    pub(crate) hessian: Symmetric,
}

/// Moves constants so that every set of intercepts but the largest has mean zero.
pub(crate) fn normalize(effects: &mut [EffectEstimates]) {
    let largest = (0..effects.len())
        .filter(|&e| effects[e].slope.is_none())
        .max_by_key(|&e| (effects[e].values.len(), std::cmp::Reverse(e)));
    let Some(largest) = largest else { return };
    let mut moved = 0.0;
    for (e, set) in effects.iter_mut().enumerate() {
        if e == largest || set.slope.is_some() {
            continue;
        }
        let rows: f64 = set.rows.iter().map(|&rows| f64::from(rows)).sum();
        let levels = set.values.iter().zip(&set.rows);
        let mean = levels
            .map(|(value, &rows)| value * f64::from(rows))
            .sum::<f64>()
            / rows;
        for value in &mut set.values {
            *value -= mean;
        }
        moved += mean;
    }
    for value in &mut effects[largest].values {
        *value += moved;
    }
}

impl Fit {
    /// The table of coefficients.
    pub fn coefficients(&self) -> Vec<Coefficient> {
        let k = self.names.len();
        (0..k)
            .map(|at| {
                let estimate = self.estimates[at];
                let standard_error = self.covariance[at * k + at].sqrt();
                let statistic = estimate / standard_error;
                let reach = self.quantile() * standard_error;
                Coefficient {
                    name: self.names[at].clone(),
                    estimate,
                    standard_error,
                    statistic,
                    p_value: self.p_value(statistic),
                    interval: (estimate - reach, estimate + reach),
                }
            })
            .collect()
    }

    /// Estimate and standard error of a regressor by name.
    pub fn coefficient(&self, name: &str) -> Option<(f64, f64)> {
        let k = self.names.len();
        let at = self.names.iter().position(|own| own == name)?;
        Some((self.estimates[at], self.covariance[at * k + at].sqrt()))
    }

    /// The fixed effects, one set per set in the design, normalized so that every set of
    /// intercepts but the one with most levels has mean zero over the sample; that one
    /// carries the constant. Where effects are collinear beyond that (parts of the panel
    /// that are not connected; exporter-year and importer-year effects against each other's
    /// years), only sums over a row's effects are identified, and the solution near the
    /// start of the iterations is reported.
    pub fn effects(&self) -> &[EffectEstimates] {
        &self.effects
    }

    /// Draws coefficient vectors from the normal distribution with the fit's estimates and
    /// covariance, for simulations downstream: `count` rows of one value per regressor.
    pub fn draws(&self, count: usize, seed: u64) -> Vec<Vec<f64>> {
        let k = self.names.len();
        let (values, vectors) = self.covariance_matrix().eigen();
        let mut random = Random::new(seed);
        (0..count)
            .map(|_| {
                let mut draw = self.estimates.clone();
                for (e, value) in values.iter().enumerate() {
                    let z = random.normal() * value.max(0.0).sqrt();
                    for (i, draw) in draw.iter_mut().enumerate() {
                        *draw += z * vectors[i * k + e];
                    }
                }
                draw
            })
            .collect()
    }

    /// Wald test that the named coefficients are all zero: the statistic and its p-value
    /// from the χ² distribution with as many degrees of freedom as names.
    ///
    /// # Errors
    /// [`EstimateError::NotApplicable`] for a name that is not in the fit, or a covariance
    /// that is singular.
    pub fn wald(&self, names: &[&str]) -> Result<(f64, f64), EstimateError> {
        use statrs::distribution::ChiSquared;
        let mut at = Vec::new();
        for name in names {
            let Some(position) = self.names.iter().position(|own| own == name) else {
                let text = format!("`{name}` is not among the coefficients");
                return Err(EstimateError::NotApplicable(text));
            };
            at.push(position);
        }
        let covariance = self.covariance_matrix();
        let mut part = Symmetric::zeros(at.len());
        for i in 0..at.len() {
            for j in 0..=i {
                part.add(i, j, covariance.at(at[i], at[j]));
            }
        }
        let singular = || EstimateError::NotApplicable("the covariance is singular".to_owned());
        let factor = Cholesky::new(&part).ok_or_else(singular)?;
        let values: Vec<f64> = at.iter().map(|&k| self.estimates[k]).collect();
        let solved = factor.solve(&values);
        let statistic: f64 = values.iter().zip(solved).map(|(a, b)| a * b).sum();
        let distribution = ChiSquared::new(at.len() as f64).map_err(|_| singular())?;
        Ok((statistic, distribution.sf(statistic)))
    }

    pub(crate) fn covariance_matrix(&self) -> Symmetric {
        let k = self.names.len();
        let mut out = Symmetric::zeros(k);
        for i in 0..k {
            for j in 0..=i {
                out.add(i, j, self.covariance[i * k + j]);
            }
        }
        out
    }

    /// Degrees of freedom of the `t` distribution for least squares.
    fn student(&self) -> Option<StudentsT> {
        if self.estimator == Estimator::Poisson {
            return None;
        }
        StudentsT::new(0.0, 1.0, self.freedom).ok()
    }

    /// Coverage of the confidence intervals.
    pub const fn confidence(&self) -> f64 {
        self.confidence
    }

    /// Two-sided p-value of a statistic of this fit.
    pub fn p_value_of(&self, statistic: f64) -> f64 {
        self.p_value(statistic)
    }

    fn p_value(&self, statistic: f64) -> f64 {
        let size = statistic.abs();
        if !size.is_finite() {
            return if size.is_nan() { f64::NAN } else { 0.0 };
        }
        match self.student() {
            Some(student) => 2.0 * student.sf(size),
            None => 2.0 * Normal::standard().sf(size),
        }
    }

    fn quantile(&self) -> f64 {
        let upper = 0.5 + 0.5 * self.confidence;
        match self.student() {
            Some(student) => student.inverse_cdf(upper),
            None => Normal::standard().inverse_cdf(upper),
        }
    }
}
