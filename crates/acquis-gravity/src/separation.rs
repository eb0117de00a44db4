//! Rows that no finite estimate fits.
//!
//! Poisson estimates exist if and only if there is no linear combination `z` of regressors
//! and effects with `z = 0` wherever the outcome is positive and `z >= 0`, not all zero,
//! where it is zero: along `-z` the likelihood would rise for ever. Rows with `z > 0` for
//! some such `z` are *separated*; they carry no information and are left out (Correia,
//! Guimarães and Zylkin 2019, who prove it and give the iterated rectifier).
//!
//! The iterated rectifier starts from `u = 1` where the outcome is zero, regresses `u` on
//! regressors and effects with a large weight where the outcome is positive, keeps the
//! positive part of the fit as the next `u`, and repeats until the fit is such a `z`. The
//! weight need not be enormous: what does not vanish on positive outcomes shrinks with
//! every round. Whatever it finds is proved by `z` itself.
//!
//! That nothing is left to find is proved by the estimate: at a finite maximum every mean `μ`
//! is positive and no score is left, so that `Σ z (y - μ) = 0`, which for a `z` as above is
//! `-Σ z μ`, and `z` must be zero. On separated data Newton's step never vanishes: the
//! means of separated rows fall by `1/e` each time. That is the sign which starts a search.

use crate::arrange::Order;
use crate::dense::Cholesky;
use crate::design::Design;
use crate::error::EstimateError;
use crate::gram::gram;
use crate::options::Options;
use crate::panel::{Panel, gathered};
use crate::projection::{Accuracy, Diagonal, Projection, STALL, diagonal};
use crate::sample::Kept;
use crate::schwarz::Schwarz;

/// Weight of rows with a positive outcome.
const WEIGHT: f64 = 1e4;
/// Rounds at most.
const ROUNDS: usize = 5_000;
/// Rounds at most of the quick search.
const QUICK_ROUNDS: usize = 40;
/// Share of the largest fit below zero at which the quick search holds a row at zero.
const NEGATIVE: f64 = 1e-5;
/// Size of the fit, against 1 for the first round, below which it is nothing.
const NOTHING: f64 = 1e-5;
/// What may be left of the fit on positive outcomes, and below zero elsewhere, against its
/// largest value.
const FEASIBLE: f64 = 1e-6;
/// Accuracy of each round's regression of `u`. It may be rough: whatever comes of it is a
/// combination of regressors and effects, and is judged as such.
const RELATIVE: f64 = 1e-2;
/// Accuracy against the size of what is regressed.
const ACCURACY: f64 = 1e-10;

/// How thoroughly to search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Search {
    /// As [`Search::Quick`], but for combinations of effects alone.
    Effects,
    /// What falls below zero is held at zero from then on. What is found is separated, but
    /// something may be missed.
    Quick,
    /// The iterated rectifier itself, which misses nothing.
    Thorough,
}

/// Rows of the design, ascending, that are separated within the rows that are kept. A panel
/// that is known to be `poor`ly connected is preconditioned from the start.
pub(crate) fn separated(
    design: &Design<'_>,
    options: &Options,
    kept: &Kept,
    regressors: &[usize],
    search: Search,
    poor: bool,
) -> Result<Vec<u32>, EstimateError> {
    if regressors.len() < 4 {
        Rectifier::<4>::new(design, kept, regressors, poor).run(options, search)
    } else {
        Rectifier::<8>::new(design, kept, regressors, poor).run(options, search)
    }
}

struct Rectifier<const L: usize> {
    order: Order,
    panel: Panel<L>,
    /// Whether the outcome is zero, by row of the sample.
    zero: Vec<bool>,
    regressors: usize,
    diagonal: Diagonal,
    schwarz: Option<Schwarz>,
    /// Squared length against which accuracy is measured.
    least_length: f64,
}

impl<const L: usize> Rectifier<L> {
    fn new(design: &Design<'_>, kept: &Kept, regressors: &[usize], poor: bool) -> Self {
        let order = Order::new(design, kept);
        let outcome = order.column(&design.outcome);
        let zero: Vec<bool> = outcome.iter().map(|&y| y == 0.0).collect();
        let zeros = zero.iter().filter(|&&zero| zero).count() as f64;
        let weight = zero
            .iter()
            .map(|&zero| if zero { 1.0 } else { WEIGHT })
            .collect();
        let mut panel = order.panel::<L>(design, regressors, weight);
        for (lanes, &zero) in panel.blocks[0].iter_mut().zip(&zero) {
            lanes[0] = if zero { 1.0 } else { 0.0 };
        }
        let schwarz = if poor { Schwarz::new(&panel) } else { None };
        Self {
            diagonal: diagonal(&panel),
            order,
            panel,
            zero,
            regressors: regressors.len(),
            schwarz,
            least_length: zeros,
        }
    }

    fn run(mut self, options: &Options, search: Search) -> Result<Vec<u32>, EstimateError> {
        if !self.zero.contains(&true) {
            return Ok(Vec::new());
        }
        let rounds = match search {
            Search::Effects | Search::Quick => QUICK_ROUNDS,
            Search::Thorough => ROUNDS,
        };
        let mut projection = Projection::new(&self.panel);
        let mut a = vec![vec![[0.0; L]; self.panel.levels]; self.panel.blocks.len()];
        let mut fresh = true;
        for _ in 0..rounds {
            for (block, a) in a.iter_mut().enumerate() {
                if block == 0 || fresh {
                    self.project(&mut projection, a, block, options)?;
                }
            }
            let shape = self.rectify(&a);
            if shape.largest <= NOTHING {
                return Ok(Vec::new());
            }
            if shape.leak.max(-shape.least) <= FEASIBLE * shape.largest {
                return Ok(self.positive(NOTHING * shape.largest));
            }
            let limit = match search {
                Search::Effects | Search::Quick => NEGATIVE * shape.largest,
                Search::Thorough => f64::INFINITY,
            };
            let held = self.hold(limit);
            fresh = held;
            if held {
                self.panel.weigh_runs();
                self.diagonal = diagonal(&self.panel);
                if let Some(schwarz) = &mut self.schwarz {
                    schwarz.rebuild(&self.panel);
                }
            }
        }
        match search {
            Search::Effects | Search::Quick => Ok(Vec::new()),
            Search::Thorough => Err(EstimateError::SeparationUnsettled { rounds }),
        }
    }

    fn project(
        &mut self,
        projection: &mut Projection<L>,
        a: &mut [[f64; L]],
        block: usize,
        options: &Options,
    ) -> Result<(), EstimateError> {
        let mut accuracy = Accuracy {
            relative: [0.0; L],
            absolute: [ACCURACY; L],
        };
        if block == 0 {
            accuracy.relative[0] = RELATIVE;
        }
        let limit = options.inner_iterations;
        let least = self.least_length;
        let residual = |projection: &mut Projection<L>, panel: &Panel<L>, a: &[[f64; L]]| {
            projection.residual(panel, block, a);
            // A fit may be perfect; it need not be better than that.
            for length in &mut projection.lengths {
                *length = length.max(least);
            }
        };
        residual(projection, &self.panel, a);
        if self.schwarz.is_none() {
            let first = limit.min(STALL);
            let solved = projection.solve(&self.panel, a, &accuracy, &mut self.diagonal, first);
            if solved.accurate {
                return Ok(());
            }
            self.schwarz = Schwarz::new(&self.panel);
            residual(projection, &self.panel, a);
        }
        let solved = match &mut self.schwarz {
            Some(schwarz) => projection.solve(&self.panel, a, &accuracy, schwarz, limit),
            None => projection.solve(&self.panel, a, &accuracy, &mut self.diagonal, limit),
        };
        if solved.accurate {
            return Ok(());
        }
        Err(EstimateError::Projection {
            iterations: solved.iterations,
        })
    }

    /// Holds rows at zero whose fit is further below zero than `limit`.
    fn hold(&mut self, limit: f64) -> bool {
        let mut held = false;
        let rows = self.panel.blocks[0].iter_mut().zip(&mut self.panel.weight);
        for ((lanes, weight), zero) in rows.zip(&mut self.zero) {
            if *zero && lanes[0] < -limit {
                (*zero, *weight, held) = (false, WEIGHT, true);
            }
            lanes[0] = if *zero { lanes[0].max(0.0) } else { 0.0 };
        }
        held
    }

    /// Replaces lane 0 by its fit where the outcome is zero; [`Self::hold`] then cuts it off
    /// at zero.
    fn rectify(&mut self, a: &[Vec<[f64; L]>]) -> Shape {
        let (hessian, gradient) = gram(&self.panel, a).split(self.regressors);
        // Collinear regressors add nothing to what the others span.
        let coefficients = Cholesky::new(&hessian).map(|factor| factor.solve(&gradient));
        let coefficients = coefficients.unwrap_or_default();
        let mut rows = vec![Vec::new(); self.panel.blocks.len()];
        let mut shape = Shape::default();
        for run in 0..self.panel.runs.len() - 1 {
            gathered!(self.panel, gather => {
                for (block, (a, rows)) in a.iter().zip(&mut rows).enumerate() {
                    self.panel.within(gather, block, run, a, rows);
                }
            });
            for (at, row) in self.panel.run(run).enumerate() {
                let mut residual = rows[0][at][0];
                for (k, coefficient) in coefficients.iter().enumerate() {
                    residual -= coefficient * rows[(k + 1) / L][at][(k + 1) % L];
                }
                let lane = &mut self.panel.blocks[0][row][0];
                let fit = *lane - residual;
                if self.zero[row] {
                    shape.least = shape.least.min(fit);
                    shape.largest = shape.largest.max(fit);
                    *lane = fit;
                } else {
                    shape.leak = shape.leak.max(fit.abs());
                }
            }
        }
        shape
    }

    fn positive(&self, least: f64) -> Vec<u32> {
        let lanes = self.panel.blocks[0].iter().zip(&self.order.rows);
        let mut rows: Vec<u32> = lanes
            .filter(|(lanes, _)| lanes[0] > least)
            .map(|(_, &row)| row)
            .collect();
        rows.sort_unstable();
        rows
    }
}

/// What a fit looks like.
#[derive(Debug, Clone, Copy, Default)]
struct Shape {
    /// Largest and least value where the outcome is zero.
    largest: f64,
    least: f64,
    /// Largest size where it is positive.
    leak: f64,
}
