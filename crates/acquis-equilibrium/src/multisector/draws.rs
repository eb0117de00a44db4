//! Uncertainty: the same scenario for many draws of what was estimated.

use faer::{Mat, Side};
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};
use rayon::prelude::*;
use thiserror::Error;

use super::counterfactual::Counterfactual;
use super::elasticities::Elasticities;
use super::error::SolveError;
use super::settings::SettingsError;
use super::shock::Shock;
use super::solve::Solver;

/// Draws of a vector of parameters: elasticities, effects of policies, or both. Each draw
/// is a row.
#[derive(Debug, Clone, PartialEq)]
pub struct Draws {
    width: usize,
    values: Vec<f64>,
}

/// Draws that can't be made.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum DrawsError {
    /// A row or a matrix of the wrong size.
    #[error("{what} has {got} figures, not {expected}")]
    Shape {
        /// What it is.
        what: String,
        /// Figures given.
        got: usize,
        /// Figures needed.
        expected: usize,
    },
    /// No draws, or draws of nothing.
    #[error("at least one draw of one parameter is needed")]
    Empty,
    /// A figure that isn't finite.
    #[error("{what} contains {value}")]
    NotFinite {
        /// Where it stands.
        what: &'static str,
        /// The figure.
        value: f64,
    },
    /// A covariance with a negative variance in some direction, or that isn't symmetric.
    #[error("the covariance is not that of anything: {reason}")]
    Covariance {
        /// Why.
        reason: String,
    },
}

impl Draws {
    /// Given rows, all of one width.
    ///
    /// # Errors
    /// No row, rows of different widths, figures that aren't finite.
    pub fn list(rows: &[Vec<f64>]) -> Result<Self, DrawsError> {
        let width = rows.first().map_or(0, Vec::len);
        if width == 0 {
            return Err(DrawsError::Empty);
        }
        for (number, row) in rows.iter().enumerate() {
            if row.len() != width {
                return Err(DrawsError::Shape {
                    what: format!("draw {}", number + 1),
                    got: row.len(),
                    expected: width,
                });
            }
        }
        let values = rows.concat();
        check_finite("a draw", &values)?;
        Ok(Self { width, values })
    }

    /// `count` draws from the normal distribution with this mean `[K]` and covariance
    /// `[K][K]`. Every draw has a seed of its own, made of `seed` and its number, so that a
    /// longer run begins with the shorter one.
    ///
    /// # Errors
    /// Wrong sizes, figures that aren't finite, or a matrix that is no covariance. A
    /// singular one is fine.
    pub fn normal(
        mean: &[f64],
        covariance: &[f64],
        count: usize,
        seed: u64,
    ) -> Result<Self, DrawsError> {
        let width = mean.len();
        if width == 0 || count == 0 {
            return Err(DrawsError::Empty);
        }
        check_finite("the mean", mean)?;
        check_finite("the covariance", covariance)?;
        let root = root(covariance, width)?;
        let mut values = Vec::with_capacity(count * width);
        let mut standard = vec![0.0; width];
        for number in 0..count {
            let mut source = ChaCha8Rng::seed_from_u64(seed);
            source.set_stream(number as u64);
            for value in &mut standard {
                *value = StandardNormal.sample(&mut source);
            }
            values.extend(mean.iter().enumerate().map(|(i, mean)| {
                let moved: f64 = (0..width).map(|k| root[(i, k)] * standard[k]).sum();
                mean + moved
            }));
        }
        Ok(Self { width, values })
    }

    /// Number of draws.
    pub fn count(&self) -> usize {
        self.values.len() / self.width
    }

    /// The draws in their order.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &[f64]> {
        self.values.chunks_exact(self.width)
    }
}

/// The symmetric square root of a covariance.
fn root(covariance: &[f64], width: usize) -> Result<Mat<f64>, DrawsError> {
    if covariance.len() != width * width {
        return Err(DrawsError::Shape {
            what: "the covariance".to_owned(),
            got: covariance.len(),
            expected: width * width,
        });
    }
    let matrix = Mat::from_fn(width, width, |i, k| covariance[i * width + k]);
    let size = covariance.iter().fold(0.0_f64, |size, x| size.max(x.abs()));
    let refused = |reason: String| DrawsError::Covariance { reason };
    for i in 0..width {
        for k in 0..i {
            if (matrix[(i, k)] - matrix[(k, i)]).abs() > 1e-9 * size {
                return Err(refused(format!("cells ({i}, {k}) and ({k}, {i}) differ")));
            }
        }
    }
    let Ok(eigen) = matrix.self_adjoint_eigen(Side::Lower) else {
        return Err(refused("its eigenvalues were not found".to_owned()));
    };
    let (vectors, values) = (eigen.U(), eigen.S().column_vector());
    if let Some(negative) = (0..width).map(|k| values[k]).find(|x| *x < -1e-9 * size) {
        return Err(refused(format!("it has the eigenvalue {negative:e}")));
    }
    Ok(Mat::from_fn(width, width, |i, m| {
        let parts =
            (0..width).map(|k| vectors[(i, k)] * values[k].max(0.0).sqrt() * vectors[(m, k)]);
        parts.sum::<f64>()
    }))
}

fn check_finite(what: &'static str, values: &[f64]) -> Result<(), DrawsError> {
    match values.iter().find(|value| !value.is_finite()) {
        None => Ok(()),
        Some(&value) => Err(DrawsError::NotFinite { what, value }),
    }
}

/// What a draw turns into.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawn {
    /// Elasticities of this draw; `None`: the solver's.
    pub elasticities: Option<Elasticities>,
    /// The shock of this draw.
    pub shock: Shock,
}

/// The outcomes of a scenario over many draws.
#[derive(Debug, Clone, PartialEq)]
pub struct Simulation {
    /// One row per draw that has an equilibrium, in their order.
    pub outcomes: Vec<Vec<f64>>,
    /// Draws without one, by number, and why.
    pub failures: Vec<(usize, SolveError)>,
}

impl Simulation {
    /// The quantile of every outcome at probability `p`, by linear interpolation of the
    /// order statistics (type 7 of Hyndman and Fan 1996); empty without any outcome.
    pub fn quantile(&self, p: f64) -> Vec<f64> {
        let width = self.outcomes.first().map_or(0, Vec::len);
        (0..width)
            .map(|column| self.quantile_of(column, p))
            .collect()
    }

    /// The part of draws in which an outcome exceeds `threshold`, for every outcome.
    pub fn share_above(&self, threshold: f64) -> Vec<f64> {
        let width = self.outcomes.first().map_or(0, Vec::len);
        let count = self.outcomes.len() as f64;
        let above = |column: usize| {
            self.outcomes
                .iter()
                .filter(move |row| row[column] > threshold)
        };
        (0..width)
            .map(|column| above(column).count() as f64 / count)
            .collect()
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a position between 0 and the number of draws"
    )]
    fn quantile_of(&self, column: usize, p: f64) -> f64 {
        let mut values: Vec<f64> = self.outcomes.iter().map(|row| row[column]).collect();
        values.sort_by(f64::total_cmp);
        let last = values.len() - 1;
        let place = p.clamp(0.0, 1.0) * last as f64;
        let below = (place.floor() as usize).min(last);
        let above = (below + 1).min(last);
        values[below] + (place - below as f64) * (values[above] - values[below])
    }
}

impl Solver {
    /// Solves a scenario for every draw, side by side on all threads, on the world that was
    /// prepared once. `scenario` turns a draw into elasticities and a shock, `outcome` picks
    /// what is kept of a result, `progress` is told of every draw that is done. The result
    /// doesn't depend on the number of threads.
    ///
    /// # Errors
    /// The first draw that `scenario` refuses, or elasticities for another number of sectors.
    /// Draws without equilibrium are no errors but counted in [`Simulation::failures`].
    pub fn simulate<E: From<SettingsError> + Send>(
        &self,
        draws: &Draws,
        scenario: impl Fn(&[f64]) -> Result<Drawn, E> + Sync,
        outcome: impl Fn(&Counterfactual) -> Vec<f64> + Sync,
        progress: impl Fn() + Sync,
    ) -> Result<Simulation, E> {
        let solve = |drawn: Drawn| -> Result<Vec<f64>, SolveError> {
            let result = match drawn.elasticities {
                None => self.solve_narrow(&drawn.shock),
                Some(elasticities) => self
                    .with_elasticities(elasticities)?
                    .solve_narrow(&drawn.shock),
            };
            progress();
            Ok(outcome(&result?))
        };
        let rows: Vec<&[f64]> = draws.rows().collect();
        let solved: Vec<Result<Result<Vec<f64>, SolveError>, E>> = rows
            .par_iter()
            .map(|row| Ok(solve(scenario(row)?)))
            .collect();
        let mut simulation = Simulation {
            outcomes: Vec::with_capacity(solved.len()),
            failures: Vec::new(),
        };
        for (number, result) in solved.into_iter().enumerate() {
            match result? {
                Ok(row) => simulation.outcomes.push(row),
                Err(SolveError::Settings(error)) => return Err(error.into()),
                Err(error) => simulation.failures.push((number, error)),
            }
        }
        Ok(simulation)
    }
}
