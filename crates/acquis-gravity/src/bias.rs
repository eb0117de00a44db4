//! The incidental-parameter bias of gravity estimates and of their standard errors.
//!
//! With exporter-time, importer-time and pair effects, Poisson estimates are consistent but
//! their limit distribution is not centred: the bias falls as `1/N`, like the standard error.
//! Clustered standard errors are too small, with three effects or two. Weidner and Zylkin
//! (2021), propositions 3 and 4, give corrections. Per pair `ij`, over time: `e = y - λ`,
//! `H = diag(λ) - λλ'/Σλ` (three effects) or `diag(λ)` (two), `x̃` the projected regressor;
//! and with sums over `j` of these as `H_i` and so on
//!
//! ```text
//! B = -1/N Σ_i tr[H_i⁺ Σ_j H x̃ e'] + 1/(2N) Σ_i tr[(Σ_j G x̃) H_i⁺ (Σ_j e e') H_i⁺]
//! bias = W⁻¹ (B + D)/(N - 1)              W = Σ x̃'H x̃ / N(N-1), D as B with i and j swapped
//! Ω = Σ x̃'(I - H (x̃ V_x x̃' + d V_d d'))⁻¹ e e' x̃ / N(N-1)
//! ```
//!
//! where `Ω` takes the place of `Σ x̃' e e' x̃`, `d` are the dummies of the effects and `V_d`
//! their covariance.

use crate::dense::{Cholesky, Symmetric};
use crate::design::Design;
use crate::error::EstimateError;
use crate::factor::{Factor, MISSING};
use crate::fit::Fit;
use crate::options::{Estimator, Options};
use crate::projected::{Projected, projected};

/// Levels of both directional effects up to which their covariance is computed exactly.
const EXACT: usize = 1_500;
/// Share of a pivot that must be left for a level to count as identified.
const PIVOT: f64 = 1e-9;

/// Which columns are the dimensions of the gravity panel.
#[derive(Debug, Clone)]
pub struct Dimensions<'a> {
    /// Who sells.
    pub exporter: &'a Factor<'a>,
    /// Who buys.
    pub importer: &'a Factor<'a>,
    /// When; `None` for a cross-section.
    pub time: Option<&'a Factor<'a>>,
}

/// Estimates without their bias.
#[derive(Debug, Clone, PartialEq)]
pub struct BiasCorrection {
    /// What is to be subtracted from each estimate; zero with two effects, where Poisson has
    /// none.
    pub bias: Vec<f64>,
    /// Estimates less their bias.
    pub corrected: Vec<f64>,
    /// Corrected standard errors, clustered by pair.
    pub standard_errors: Vec<f64>,
    /// The corrected covariance, row-major.
    pub covariance: Vec<f64>,
    /// Whether the covariance of the effects was computed exactly; in large panels the
    /// dependence between exporter and importer effects is left out of it.
    pub exact: bool,
}

/// Corrects a Poisson fit with exporter-time and importer-time effects and, where the fit has
/// a third set of effects, pair effects.
///
/// # Errors
/// [`EstimateError::NotApplicable`] unless the fit is Poisson with two or three sets of
/// intercepts and at most one row per exporter, importer and time.
pub fn bias_correction(
    design: &Design<'_>,
    fit: &Fit,
    dimensions: &Dimensions<'_>,
    options: &Options,
) -> Result<BiasCorrection, EstimateError> {
    let refuse = |text: &str| Err(EstimateError::NotApplicable(text.to_owned()));
    let sets = design.effects.len();
    if fit.estimator != Estimator::Poisson || !(2..=3).contains(&sets) {
        return refuse("the bias correction is for Poisson with two or three sets of effects");
    }
    if design.effects.iter().any(|effect| effect.slope.is_some()) {
        return refuse("the bias correction does not know slopes that vary by group");
    }
    let projected = projected(design, fit, options)?;
    let Some(pairs) = Pairs::new(fit, dimensions, &projected, sets == 3) else {
        return refuse("the bias correction needs one row per exporter, importer and time");
    };
    let regressors = fit.names.len();
    let count = pairs.members.len() as f64;
    let mut inverse = match Cholesky::new(&fit.hessian) {
        Some(factor) => factor.inverse(),
        None => return refuse("the projected regressors are collinear"),
    };
    let total = inverse.clone();
    inverse.scale(count);
    let mut bias = vec![0.0; regressors];
    if pairs.three {
        for side in [0, 1] {
            let members = pairs.sides[side] as f64;
            let partners = count / members;
            let part = pairs.bias_part(side);
            let factor = members / (members - 1.0) / partners;
            for (bias, part) in bias.iter_mut().zip(inverse.times(&part)) {
                *bias += factor * part;
            }
        }
    }
    let (mut covariance, exact) = pairs.covariance(&total);
    covariance.scale(count / (count - 1.0));
    let corrected = fit.estimates.iter().zip(&bias).map(|(b, bias)| b - bias);
    Ok(BiasCorrection {
        corrected: corrected.collect(),
        standard_errors: (0..regressors)
            .map(|k| covariance.at(k, k).sqrt())
            .collect(),
        bias,
        covariance: covariance.to_rows(),
        exact,
    })
}

/// One pair over time, zero where there is no row.
struct Pair {
    /// Exporter and importer.
    ends: [usize; 2],
    mean: Vec<f64>,
    error: Vec<f64>,
    /// `[regressors][times]`.
    regressors: Vec<f64>,
}

struct Pairs {
    times: usize,
    /// Exporters and importers.
    sides: [usize; 2],
    regressors: usize,
    /// Whether pairs have effects of their own.
    three: bool,
    members: Vec<Pair>,
}

impl Pairs {
    fn new(
        fit: &Fit,
        dimensions: &Dimensions<'_>,
        projected: &Projected,
        three: bool,
    ) -> Option<Self> {
        let codes = |factor: &Factor<'_>| {
            let own: Vec<u32> = fit
                .sample
                .iter()
                .map(|&row| factor.codes().get(row as usize).copied().unwrap_or(MISSING))
                .collect();
            if own.contains(&MISSING) {
                return None;
            }
            let mut present = own.clone();
            present.sort_unstable();
            present.dedup();
            let number = |code| present.binary_search(code).unwrap_or(0);
            Some((
                own.iter().map(number).collect::<Vec<usize>>(),
                present.len(),
            ))
        };
        let (exporters, senders) = codes(dimensions.exporter)?;
        let (importers, buyers) = codes(dimensions.importer)?;
        let (times, periods) = match dimensions.time {
            Some(factor) => codes(factor)?,
            None => (vec![0; fit.sample.len()], 1),
        };
        let regressors = fit.names.len();
        let mut order: Vec<usize> = (0..fit.sample.len()).collect();
        order.sort_by_key(|&row| (exporters[row], importers[row], times[row]));
        let mut pairs: Vec<Pair> = Vec::new();
        let mut last = None;
        for row in order {
            let ends = [exporters[row], importers[row]];
            let time = times[row];
            if last == Some((ends, time)) {
                return None;
            }
            if pairs.last().is_none_or(|pair| pair.ends != ends) {
                pairs.push(Pair {
                    ends,
                    mean: vec![0.0; periods],
                    error: vec![0.0; periods],
                    regressors: vec![0.0; periods * regressors],
                });
            }
            last = Some((ends, time));
            if let Some(pair) = pairs.last_mut() {
                pair.mean[time] = projected.weights[row];
                pair.error[time] = projected.scores[row];
                for k in 0..regressors {
                    pair.regressors[k * periods + time] =
                        projected.regressors[row * regressors + k];
                }
            }
        }
        Some(Self {
            times: periods,
            sides: [senders, buyers],
            regressors,
            three,
            members: pairs,
        })
    }

    /// `H` of a pair.
    fn curvature(&self, pair: &Pair) -> Vec<f64> {
        let times = self.times;
        let total: f64 = pair.mean.iter().sum();
        let mut out = vec![0.0; times * times];
        for s in 0..times {
            if self.three {
                for t in 0..times {
                    out[s * times + t] = -pair.mean[s] * pair.mean[t] / total;
                }
            }
            out[s * times + s] += pair.mean[s];
        }
        out
    }

    /// `B` (side 0) or `D` (side 1), by regressor.
    fn bias_part(&self, side: usize) -> Vec<f64> {
        let (times, sides) = (self.times, self.sides[side]);
        let square = times * times;
        let mut curvatures = vec![0.0; sides * square];
        let mut errors = vec![0.0; sides * square];
        let mut first = vec![0.0; sides * square * self.regressors];
        let mut second = vec![0.0; sides * square * self.regressors];
        for pair in &self.members {
            let member = pair.ends[side];
            let curvature = self.curvature(pair);
            for s in 0..times {
                for t in 0..times {
                    let at = s * times + t;
                    curvatures[member * square + at] += curvature[at];
                    errors[member * square + at] += pair.error[s] * pair.error[t];
                }
            }
            for k in 0..self.regressors {
                let x = &pair.regressors[k * times..(k + 1) * times];
                let start = (member * self.regressors + k) * square;
                for s in 0..times {
                    let row = &curvature[s * times..(s + 1) * times];
                    let image: f64 = row.iter().zip(x).map(|(h, x)| h * x).sum();
                    for t in 0..times {
                        first[start + s * times + t] += image * pair.error[t];
                        // The third derivative summed over partners comes to this.
                        second[start + s * times + t] -= row[t] * (x[s] + x[t]);
                    }
                }
            }
        }
        let mut out = vec![0.0; self.regressors];
        for member in 0..sides {
            let part = member * square..(member + 1) * square;
            let inverse = pseudo_inverse(&curvatures[part.clone()], times);
            let inner = product(&product(&inverse, &errors[part], times), &inverse, times);
            for (k, out) in out.iter_mut().enumerate() {
                let start = (member * self.regressors + k) * square;
                let x = start..start + square;
                *out -= trace(&first[x.clone()], &inverse, times);
                *out += 0.5 * trace(&second[x], &inner, times);
            }
        }
        for out in &mut out {
            *out /= sides as f64;
        }
        out
    }

    /// `W⁻¹ Ω W⁻¹` with the corrected `Ω`, and whether exactly; `inverse` is that of the sum
    /// of `x̃'H x̃`.
    fn covariance(&self, inverse: &Symmetric) -> (Symmetric, bool) {
        let effects = Effects::new(self);
        let (times, regressors) = (self.times, self.regressors);
        let mut middle = Symmetric::zeros(regressors);
        for pair in &self.members {
            let mut inner = effects.of(pair);
            for s in 0..times {
                let x: Vec<f64> = (0..regressors)
                    .map(|k| pair.regressors[k * times + s])
                    .collect();
                let image = inverse.times(&x);
                for t in 0..times {
                    for (k, image) in image.iter().enumerate() {
                        inner[s * times + t] += image * pair.regressors[k * times + t];
                    }
                }
            }
            let mut system = product(&self.curvature(pair), &inner, times);
            for (at, entry) in system.iter_mut().enumerate() {
                *entry = if at / times == at % times {
                    1.0 - *entry
                } else {
                    -*entry
                };
            }
            let Some(inflated) = eliminate(system, pair.error.clone()) else {
                continue;
            };
            let dot = |k: usize, error: &[f64]| -> f64 {
                let x = &pair.regressors[k * times..(k + 1) * times];
                x.iter().zip(error).map(|(x, e)| x * e).sum()
            };
            for i in 0..regressors {
                for j in 0..=i {
                    let one = dot(i, &inflated) * dot(j, &pair.error);
                    let other = dot(j, &inflated) * dot(i, &pair.error);
                    middle.add(i, j, 0.5 * (one + other));
                }
            }
        }
        (inverse.sandwich(&middle), effects.is_exact())
    }
}

/// The covariance of the directional effects.
enum Effects {
    /// Of all levels, row-major: exporters by time, then importers by time.
    Exact {
        inverse: Vec<f64>,
        levels: usize,
        times: usize,
        exporters: usize,
    },
    /// By exporter and by importer.
    Blocks { sides: [Vec<Vec<f64>>; 2] },
}

impl Effects {
    fn new(pairs: &Pairs) -> Self {
        let times = pairs.times;
        let levels = (pairs.sides[0] + pairs.sides[1]) * times;
        if levels > EXACT {
            let side = |side: usize| {
                let mut sums = vec![vec![0.0; times * times]; pairs.sides[side]];
                for pair in &pairs.members {
                    let sum = &mut sums[pair.ends[side]];
                    for (sum, entry) in sum.iter_mut().zip(pairs.curvature(pair)) {
                        *sum += entry;
                    }
                }
                sums.iter().map(|sum| pseudo_inverse(sum, times)).collect()
            };
            return Self::Blocks {
                sides: [side(0), side(1)],
            };
        }
        let mut matrix = vec![0.0; levels * levels];
        for pair in &pairs.members {
            let starts = [
                pair.ends[0] * times,
                (pairs.sides[0] + pair.ends[1]) * times,
            ];
            let curvature = pairs.curvature(pair);
            for left in starts {
                for right in starts {
                    for s in 0..times {
                        for t in 0..times {
                            matrix[(left + s) * levels + right + t] += curvature[s * times + t];
                        }
                    }
                }
            }
        }
        generalized_inverse(&mut matrix, levels);
        Self::Exact {
            inverse: matrix,
            levels,
            times,
            exporters: pairs.sides[0],
        }
    }

    fn is_exact(&self) -> bool {
        matches!(self, Self::Exact { .. })
    }

    /// `d V_d d'` of a pair.
    fn of(&self, pair: &Pair) -> Vec<f64> {
        match self {
            Self::Blocks { sides } => {
                let blocks = sides[0][pair.ends[0]].iter().zip(&sides[1][pair.ends[1]]);
                blocks.map(|(a, b)| a + b).collect()
            }
            Self::Exact {
                inverse,
                levels,
                times,
                exporters,
            } => {
                let starts = [pair.ends[0] * times, (exporters + pair.ends[1]) * times];
                let mut out = vec![0.0; times * times];
                for left in starts {
                    for right in starts {
                        for s in 0..*times {
                            for t in 0..*times {
                                out[s * times + t] += inverse[(left + s) * levels + right + t];
                            }
                        }
                    }
                }
                out
            }
        }
    }
}

/// A symmetric generalized inverse in place, by sweeping; levels that the ones before
/// determine are set to zero.
fn generalized_inverse(matrix: &mut [f64], order: usize) {
    let diagonal: Vec<f64> = (0..order).map(|k| matrix[k * order + k]).collect();
    let mut left_out = Vec::new();
    let mut pivot_row = vec![0.0; order];
    for k in 0..order {
        let pivot = matrix[k * order + k];
        if pivot <= PIVOT * diagonal[k] || diagonal[k] <= 0.0 {
            left_out.push(k);
            continue;
        }
        pivot_row.copy_from_slice(&matrix[k * order..(k + 1) * order]);
        for entry in &mut pivot_row {
            *entry /= pivot;
        }
        for (i, row) in matrix.chunks_exact_mut(order).enumerate() {
            let factor = row[k];
            if i == k || factor == 0.0 {
                continue;
            }
            for (entry, pivot) in row.iter_mut().zip(&pivot_row) {
                *entry -= factor * pivot;
            }
            row[k] = -factor / pivot;
        }
        matrix[k * order..(k + 1) * order].copy_from_slice(&pivot_row);
        matrix[k * order + k] = 1.0 / pivot;
    }
    for k in left_out {
        for i in 0..order {
            matrix[k * order + i] = 0.0;
            matrix[i * order + k] = 0.0;
        }
    }
}

/// Of a symmetric matrix without negative eigenvalues.
fn pseudo_inverse(matrix: &[f64], order: usize) -> Vec<f64> {
    let mut symmetric = Symmetric::zeros(order);
    for i in 0..order {
        for j in 0..=i {
            symmetric.add(i, j, matrix[i * order + j]);
        }
    }
    let (values, vectors) = symmetric.eigen();
    let most = values.iter().copied().fold(0.0, f64::max);
    let mut out = vec![0.0; order * order];
    for (k, value) in values.iter().enumerate() {
        if *value > 1e-11 * most {
            for i in 0..order {
                for j in 0..order {
                    out[i * order + j] += vectors[i * order + k] * vectors[j * order + k] / value;
                }
            }
        }
    }
    out
}

fn product(a: &[f64], b: &[f64], order: usize) -> Vec<f64> {
    let mut out = vec![0.0; order * order];
    for i in 0..order {
        for k in 0..order {
            let factor = a[i * order + k];
            for j in 0..order {
                out[i * order + j] += factor * b[k * order + j];
            }
        }
    }
    out
}

/// Trace of the product of `a` and a symmetric `b`.
fn trace(a: &[f64], b: &[f64], order: usize) -> f64 {
    a[..order * order].iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Solves a small system with partial pivoting; nothing if it is singular.
fn eliminate(mut matrix: Vec<f64>, mut right: Vec<f64>) -> Option<Vec<f64>> {
    let n = right.len();
    for k in 0..n {
        let size = |row: &usize| matrix[row * n + k].abs();
        let pivot = (k..n).max_by(|a, b| size(a).total_cmp(&size(b)))?;
        if matrix[pivot * n + k] == 0.0 {
            return None;
        }
        for j in 0..n {
            matrix.swap(k * n + j, pivot * n + j);
        }
        right.swap(k, pivot);
        for i in k + 1..n {
            let factor = matrix[i * n + k] / matrix[k * n + k];
            for j in k..n {
                matrix[i * n + j] -= factor * matrix[k * n + j];
            }
            right[i] -= factor * right[k];
        }
    }
    for i in (0..n).rev() {
        for j in i + 1..n {
            right[i] -= matrix[i * n + j] * right[j];
        }
        right[i] /= matrix[i * n + i];
    }
    Some(right)
}
