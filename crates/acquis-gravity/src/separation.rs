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
use crate::components::separated_by_pairs;
use crate::dense::Cholesky;
use crate::design::Design;
use crate::error::EstimateError;
use crate::gram::gram;
use crate::options::Options;
use crate::panel::{Chunk, Gather, Panel, gathered, take};
use crate::projection::{Accuracy, Diagonal, Projection, STALL};
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
    /// Combinations of two sets of effects: exact, and one pass.
    Pairs,
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
    if search == Search::Pairs {
        return Ok(separated_by_pairs(design, kept));
    }
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
    projection: Projection<L>,
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
        for (residual, &zero) in panel.residual.iter_mut().zip(&zero) {
            *residual = if zero { 1.0 } else { 0.0 };
        }
        let mut projection = Projection::new(&panel);
        let schwarz = if poor { Schwarz::new(&panel) } else { None };
        Self {
            diagonal: projection.diagonal(&panel),
            projection,
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
            Search::Pairs | Search::Effects | Search::Quick => QUICK_ROUNDS,
            Search::Thorough => ROUNDS,
        };
        let mut a = vec![vec![[0.0; L]; self.panel.levels]; self.panel.blocks.len()];
        let mut fresh = true;
        for _ in 0..rounds {
            for (block, a) in a.iter_mut().enumerate() {
                if block == 0 || fresh {
                    self.project(a, block, options)?;
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
                Search::Pairs | Search::Effects | Search::Quick => NEGATIVE * shape.largest,
                Search::Thorough => f64::INFINITY,
            };
            let held = self.hold(limit);
            fresh = held;
            if held {
                self.panel.weigh_runs();
                self.diagonal = self.projection.diagonal(&self.panel);
                if let Some(schwarz) = &mut self.schwarz {
                    schwarz.rebuild(&self.panel);
                }
            }
        }
        match search {
            Search::Pairs | Search::Effects | Search::Quick => Ok(Vec::new()),
            Search::Thorough => Err(EstimateError::SeparationUnsettled { rounds }),
        }
    }

    fn project(
        &mut self,
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
        residual(&mut self.projection, &self.panel, a);
        if self.schwarz.is_none() {
            let first = limit.min(STALL);
            let solved =
                self.projection
                    .solve(&self.panel, a, &accuracy, &mut self.diagonal, first);
            if solved.accurate {
                return Ok(());
            }
            self.schwarz = Schwarz::new(&self.panel);
            residual(&mut self.projection, &self.panel, a);
        }
        let solved = match &mut self.schwarz {
            Some(schwarz) => self
                .projection
                .solve(&self.panel, a, &accuracy, schwarz, limit),
            None => self
                .projection
                .solve(&self.panel, a, &accuracy, &mut self.diagonal, limit),
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
        let rows = self.panel.residual.iter_mut().zip(&mut self.panel.weight);
        for ((residual, weight), zero) in rows.zip(&mut self.zero) {
            if *zero && *residual < -limit {
                (*zero, *weight, held) = (false, WEIGHT, true);
            }
            *residual = if *zero { residual.max(0.0) } else { 0.0 };
        }
        held
    }

    /// Replaces what was fitted by its fit where the outcome is zero; [`Self::hold`] then cuts it off
    /// at zero.
    fn rectify(&mut self, a: &[Vec<[f64; L]>]) -> Shape {
        let (hessian, gradient) = gram(&self.panel, a).split(self.regressors);
        // Collinear regressors add nothing to what the others span.
        let coefficients = Cholesky::new(&hessian).map(|factor| factor.solve(&gradient));
        let coefficients = coefficients.unwrap_or_default();
        let mut residual = std::mem::take(&mut self.panel.residual);
        let mut left = residual.as_mut_slice();
        let mut parts: Vec<Fitted<'_>> = Vec::with_capacity(self.panel.chunks.len());
        for chunk in &self.panel.chunks {
            parts.push(Fitted {
                fits: take(&mut left, self.panel.chunk_rows(chunk).len()),
                shape: Shape::default(),
            });
        }
        gathered!(self.panel, gather => {
            self.panel.over_chunks(&mut parts, #[inline(always)] |chunk, part| {
                self.fit_chunk(gather, a, &coefficients, chunk, part);
            });
        });
        let mut shape = Shape::default();
        for part in &parts {
            shape.least = shape.least.min(part.shape.least);
            shape.largest = shape.largest.max(part.shape.largest);
            shape.leak = shape.leak.max(part.shape.leak);
        }
        self.panel.residual = residual;
        shape
    }

    /// Puts the fit of a chunk's rows in place of what was fitted: what effects, means of runs
    /// and regressors make up.
    #[expect(
        clippy::inline_always,
        reason = "must become part of the vectorized pass"
    )]
    #[inline(always)]
    fn fit_chunk<G: Gather>(
        &self,
        gather: &G,
        a: &[Vec<[f64; L]>],
        coefficients: &[f64],
        chunk: &Chunk,
        part: &mut Fitted<'_>,
    ) {
        let mut buffers = vec![self.panel.run_buffer(); self.panel.blocks.len()];
        let mut fits = &mut *part.fits;
        for run in chunk.runs.clone() {
            let rows = self.panel.run(run);
            let fits = take(&mut fits, rows.len());
            for (block, (a, buffer)) in a.iter().zip(&mut buffers).enumerate() {
                self.panel.within(gather, block, run, a, fits, buffer);
            }
            for (at, fit) in fits.iter_mut().enumerate() {
                let mut residual = buffers[0][at][0];
                for (k, coefficient) in coefficients.iter().enumerate() {
                    residual -= coefficient * buffers[(k + 1) / L][at][(k + 1) % L];
                }
                let own = *fit - residual;
                if self.zero[rows.start + at] {
                    part.shape.least = part.shape.least.min(own);
                    part.shape.largest = part.shape.largest.max(own);
                    *fit = own;
                } else {
                    part.shape.leak = part.shape.leak.max(own.abs());
                }
            }
        }
    }

    fn positive(&self, least: f64) -> Vec<u32> {
        let residuals = self.panel.residual.iter().zip(&self.order.rows);
        let mut rows: Vec<u32> = residuals
            .filter(|(residual, _)| **residual > least)
            .map(|(_, &row)| row)
            .collect();
        rows.sort_unstable();
        rows
    }
}

/// One chunk's fit.
struct Fitted<'a> {
    fits: &'a mut [f64],
    shape: Shape,
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
