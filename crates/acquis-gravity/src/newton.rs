//! Newton's method on coefficients and fixed effects together (for Poisson: iteratively
//! reweighted least squares).
//!
//! Each outer step projects the working residual and the regressors off the fixed effects at
//! the current weights, solves for the coefficients, and moves the effects along. The levels
//! of the eliminated effect are maximized out exactly at every step, so that their score is
//! zero throughout. Inner solves begin where the last step ended, and are no more accurate
//! than the step they serve.

use crate::dense::{Cholesky, Symmetric};
use crate::gram::gram;
use crate::objective::{Family, Objective};
use crate::options::Options;
use crate::panel::{Panel, add};
use crate::projection::{Accuracy, Diagonal, Projection, STALL, Solved};
use crate::schwarz::Schwarz;

/// Squared share of a regressor's variation that must be left after projection.
const COLLINEAR: f64 = 1e-10;
/// Squared share below which a loose projection does not settle whether a regressor is
/// collinear.
const DOUBTFUL: f64 = 1e-3;
/// Weight of a row, against the mean, that may hide what varies in it alone.
const DEGENERATE: f64 = 1e-9;
/// Relative accuracy of the first projections.
const LOOSE: f64 = 1e-2;
/// Relative accuracy beyond which the projection of a regressor is never let go.
const COARSE: f64 = 0.1;
/// Move of an effect since a preconditioner was built from which a new one pays: one of old
/// weights may cost many times the iterations.
const STALE: f64 = 0.1;
/// Accuracy of a projection on which a decision or a covariance rests, against the tolerance.
const TIGHT: f64 = 0.2;
/// Share by which a fitted value may still fall in the last step.
const FALL: f64 = 1e-3;
/// Share that fitted values of separated rows lose in every step, `1 - 1/e`, less a margin.
const SEPARATED_FALL: f64 = 0.5;
/// Outer iterations after which such a fall is taken as a sign.
const PATIENCE: usize = 8;
/// The working state of an estimation.
pub(crate) struct Newton<'a, const L: usize> {
    pub(crate) panel: Panel<L>,
    pub(crate) objective: Objective<'a>,
    projection: Projection<L>,
    /// Levels that project each block, by block.
    pub(crate) a: Vec<Vec<[f64; L]>>,
    diagonal: Diagonal,
    pub(crate) schwarz: Option<Schwarz>,
    /// How far the effects have moved since the preconditioner was built.
    moved: f64,
    regressors: usize,
    spreads: Vec<f64>,
    pub(crate) inner: usize,
    /// Whether a stalling projection or falling means are taken as signs of separation.
    wary: bool,
    pub(crate) poor: bool,
    options: &'a Options,
}

/// What is taken as a sign that the data may be separated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wary {
    /// A projection that stalls, or means that keep falling.
    OfAnySign,
    /// Means that keep falling although the score is small.
    OfFalling,
    /// Nothing.
    No,
}

/// How the outer iterations ended.
#[derive(Debug)]
pub(crate) enum Ending {
    Converged(Solution),
    /// Regressors (by position) that the effects or earlier regressors explain.
    Collinear(Vec<usize>),
    /// Rows of the sample keep falling to zero.
    Separation,
    Stalled {
        score: f64,
        iterations: usize,
    },
    Inaccurate,
}

/// A maximum, with the projected cross products at it.
#[derive(Debug)]
pub(crate) struct Solution {
    /// `X̃'WX̃`.
    pub(crate) hessian: Symmetric,
    pub(crate) iterations: usize,
    /// Largest step in units of standardized regressors that Newton would still make.
    pub(crate) score: f64,
    /// Largest relative score of a fixed effect.
    pub(crate) effects_score: f64,
}

impl<'a, const L: usize> Newton<'a, L> {
    pub(crate) fn new(
        panel: Panel<L>,
        objective: Objective<'a>,
        regressors: usize,
        options: &'a Options,
    ) -> Self {
        let projection = Projection::new(&panel);
        let a = vec![vec![[0.0; L]; panel.levels]; panel.blocks.len()];
        Self {
            diagonal: Diagonal(Vec::new()),
            projection,
            a,
            panel,
            objective,
            schwarz: None,
            moved: 0.0,
            regressors,
            spreads: Vec::new(),
            inner: 0,
            wary: false,
            poor: false,
            options,
        }
    }

    /// Preconditions from the start, for a panel that is known to be poorly connected.
    pub(crate) fn expect_poor_connection(&mut self) {
        self.poor = true;
    }

    /// Iterates to the maximum, stopping where separation shows to one who is `wary`.
    pub(crate) fn run(&mut self, wary: Wary) -> Ending {
        let tolerance = self.options.tolerance;
        self.wary = wary == Wary::OfAnySign;
        self.objective.start(&mut self.panel);
        self.spreads = self.spread();
        let (mut accuracy, mut regressor_accuracy) = (LOOSE, LOOSE);
        let mut score = f64::INFINITY;
        for iteration in 1..=self.options.iterations {
            self.diagonal = self.projection.diagonal(&self.panel);
            self.precondition();
            let Some(effects_score) = self.project(accuracy, regressor_accuracy) else {
                return self.without_projection();
            };
            let mut products = gram(&self.panel, &self.a);
            if !products.is_finite() {
                return Self::stalled(wary, score, iteration);
            }
            let doubtful = if iteration == 1 { DOUBTFUL } else { COLLINEAR };
            if products.least_share(&self.spreads) <= doubtful {
                if self.project(1.0, TIGHT * tolerance).is_none() {
                    return self.without_projection();
                }
                products = gram(&self.panel, &self.a);
                let collinear = products.collinear(&self.spreads, COLLINEAR);
                if !collinear.is_empty() {
                    return self.without_variation(collinear, iteration, wary);
                }
            }
            let (hessian, gradient) = products.split(self.regressors);
            let Some(factor) = Cholesky::new(&hessian) else {
                let collinear = products.collinear(&self.spreads, COLLINEAR);
                return self.without_variation(collinear, iteration, wary);
            };
            let step = factor.solve(&gradient);
            let own_score = self.standardized(&hessian, &step);
            score = own_score.max(effects_score);
            let fall = self.objective.fall;
            let small = score <= tolerance;
            if small && (fall <= FALL || wary == Wary::No) {
                // The effects' score was small before the projection, so that was tight.
                return Ending::Converged(Solution {
                    hessian,
                    iterations: iteration,
                    score: own_score,
                    effects_score,
                });
            }
            let falling = fall > SEPARATED_FALL && iteration >= PATIENCE;
            if falling && (self.wary || (small && wary == Wary::OfFalling)) {
                return Ending::Separation;
            }
            self.step(&step);
            accuracy = (0.1 * score).clamp(1e-6, LOOSE);
            // An error in a regressor's projection counts times the step along it. Without
            // the Schwarz preconditioner, though, all lanes cost as much as one.
            regressor_accuracy = if self.schwarz.is_none() {
                accuracy
            } else if own_score > 0.0 {
                (accuracy * score / own_score).clamp(accuracy, COARSE)
            } else {
                COARSE
            };
        }
        Self::stalled(wary, score, self.options.iterations)
    }

    /// What to make of iterations that lead nowhere: to one who is wary, a sign of separation,
    /// since what separated rows alone identify never settles.
    fn stalled(wary: Wary, score: f64, iterations: usize) -> Ending {
        if wary == Wary::No {
            Ending::Stalled { score, iterations }
        } else {
            Ending::Separation
        }
    }

    /// Builds the Schwarz preconditioner where it is needed and the weights have changed.
    fn precondition(&mut self) {
        match &mut self.schwarz {
            Some(_) if self.moved <= STALE => return,
            Some(schwarz) => schwarz.rebuild(&self.panel),
            None if self.poor => self.schwarz = Schwarz::new(&self.panel),
            None => return,
        }
        self.moved = 0.0;
    }

    /// What to make of a projection that stalls: to one who is wary, a sign of separation.
    fn without_projection(&self) -> Ending {
        if self.wary {
            Ending::Separation
        } else {
            Ending::Inaccurate
        }
    }

    /// What to make of regressors of which nothing is left. The small weights of separated
    /// rows may have taken it, after the first iteration or even at its start: then those
    /// rows go first.
    fn without_variation(&self, collinear: Vec<usize>, iteration: usize, wary: Wary) -> Ending {
        let mean = self.objective.total_weight / self.panel.rows() as f64;
        let least = self
            .panel
            .weight
            .iter()
            .copied()
            .fold(f64::INFINITY, f64::min);
        if wary != Wary::No && (iteration > 1 || least < DEGENERATE * mean) {
            return Ending::Separation;
        }
        Ending::Collinear(collinear)
    }

    /// Projects all lanes at the current weights; returns the relative score of the effects
    /// before, or nothing if that cannot be done accurately. Where the effects' score is small
    /// enough, the working residual is left alone and the regressors are projected tightly.
    fn project(&mut self, residual: f64, regressors: f64) -> Option<f64> {
        let tolerance = self.options.tolerance;
        let mut regressors = regressors;
        let mut effects_score = 0.0;
        for block in 0..self.a.len() {
            let first = block == 0;
            let mut accuracy = Accuracy {
                relative: [0.0; L],
                absolute: [regressors; L],
            };
            if first {
                accuracy.relative[0] = residual;
                accuracy.absolute[0] = 0.0;
                if residual < 1.0 {
                    for level in &mut self.a[0] {
                        level[0] = 0.0;
                    }
                }
            }
            self.projection.residual(&self.panel, block, &self.a[block]);
            if first {
                let scores = self.projection.remaining().iter().map(|level| level[0]);
                effects_score = self.objective.effects_score(scores);
                accuracy.absolute[0] = 1e-3 * tolerance;
                if effects_score <= tolerance {
                    regressors = regressors.min(TIGHT * tolerance);
                    accuracy.absolute = [regressors; L];
                    accuracy.relative[0] = 1.0;
                }
            }
            if !self.solve(block, &accuracy).accurate {
                return None;
            }
        }
        Some(effects_score)
    }

    fn solve(&mut self, block: usize, accuracy: &Accuracy<L>) -> Solved {
        let limit = self.options.inner_iterations;
        let a = &mut self.a[block];
        let mut solved = Solved::default();
        if self.schwarz.is_none() {
            let first = limit.min(STALL);
            solved = self
                .projection
                .solve(&self.panel, a, accuracy, &mut self.diagonal, first);
            self.inner += solved.iterations;
            self.poor |= !solved.accurate;
            if solved.accurate || solved.iterations == limit || self.wary {
                return solved;
            }
            self.schwarz = Schwarz::new(&self.panel);
            self.moved = 0.0;
            self.projection.residual(&self.panel, block, a);
        }
        let left = limit - solved.iterations;
        let solved = match &mut self.schwarz {
            Some(schwarz) => self
                .projection
                .solve(&self.panel, a, accuracy, schwarz, left),
            None => self
                .projection
                .solve(&self.panel, a, accuracy, &mut self.diagonal, left),
        };
        self.inner += solved.iterations;
        solved
    }

    /// Moves coefficients and effects by a step, or by less where that would lose ground.
    fn step(&mut self, step: &[f64]) {
        let mut levels = vec![0.0; self.panel.levels];
        for (level, change) in levels.iter_mut().enumerate() {
            *change = self.a[0][level][0];
            for (k, step) in step.iter().enumerate() {
                let (block, lane) = lane::<L>(k);
                *change -= step * self.a[block][level][lane];
            }
        }
        self.moved += levels
            .iter()
            .fold(0.0_f64, |most, change| most.max(change.abs()));
        self.objective.advance(&mut self.panel, step, &levels);
    }

    /// Largest step in units of the regressors' projected standard deviations; for least
    /// squares, also in units of the residual's.
    fn standardized(&self, hessian: &Symmetric, step: &[f64]) -> f64 {
        let scale = match self.objective.family {
            Family::Poisson => self.objective.total_weight,
            Family::Gaussian => self.objective.total_square,
        };
        let size = |(k, step): (usize, &f64)| step.abs() * (hessian.at(k, k) / scale).sqrt();
        step.iter().enumerate().map(size).fold(0.0, f64::max)
    }

    /// Weighted sums of squares of the regressors about their means.
    fn spread(&self) -> Vec<f64> {
        let zero = vec![[0.0; L]; self.panel.blocks.len()];
        let mut means = weighted_powers(&self.panel, &zero, 1);
        for mean in means.iter_mut().flatten() {
            *mean /= self.objective.total_weight;
        }
        let squares = weighted_powers(&self.panel, &means, 2);
        let spread = |k: usize| squares[lane::<L>(k).0][lane::<L>(k).1];
        (0..self.regressors).map(spread).collect()
    }
}

/// Weighted sums of the first or second powers of the lanes less `means`, by block.
fn weighted_powers<const L: usize>(
    panel: &Panel<L>,
    means: &[[f64; L]],
    power: u32,
) -> Vec<[f64; L]> {
    let mut parts = vec![vec![[0.0; L]; means.len()]; panel.chunks.len()];
    panel.over_chunks(
        &mut parts,
        #[inline(always)]
        |chunk, part| {
            let rows = panel.chunk_rows(chunk);
            for (block, (sum, mean)) in part.iter_mut().zip(means).enumerate() {
                let lanes = panel.blocks[block][rows.clone()].iter();
                let mut own = [0.0; L];
                for (lane, weight) in lanes.zip(&panel.weight[rows.clone()]) {
                    for l in 0..L {
                        let left = lane[l] - mean[l];
                        own[l] += weight * if power == 2 { left * left } else { left };
                    }
                }
                *sum = own;
            }
        },
    );
    let mut sums = vec![[0.0; L]; means.len()];
    for part in &parts {
        for (sum, part) in sums.iter_mut().zip(part) {
            add(sum, part);
        }
    }
    sums
}

/// Block and lane of a regressor.
pub(crate) fn lane<const L: usize>(regressor: usize) -> (usize, usize) {
    ((regressor + 1) / L, (regressor + 1) % L)
}
