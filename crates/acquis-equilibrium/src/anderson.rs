//! Anderson acceleration (Walker and Ni 2011) of the tatonnement `u + r(u)/scale`.
//!
//! Each step combines the last few residuals so that the combination is as small as least
//! squares can make it, and moves to the same combination of the steps. No matrix is
//! formed: an iteration is one evaluation plus work of order `n · DEPTH`.

use crate::kernels::dot;
use crate::residual::{Infeasible, Residual};
use crate::run::{Ending, Run};

/// Differences remembered.
const DEPTH: usize = 8;
/// A remembered difference is left out when less than this share of its squared length is
/// independent of newer ones.
const INDEPENDENT: f64 = 1e-12;
/// Largest move of a log wage in one iteration.
const LONGEST_STEP: f64 = 1.0;
/// Steps are shortened to this share before the attempt is given up.
const SMALLEST_DAMPING: f64 = 1e-3;
/// Iterations without halving the best residual after which the attempt is given up.
const PATIENCE: usize = 60;

/// Iterates from `state` (overwritten with the best point found) until the largest
/// residual is at most `tolerance`. If it converges, `system` was last evaluated there.
pub(crate) fn anderson(
    system: &mut impl Residual,
    state: &mut [f64],
    tolerance: f64,
    limit: usize,
) -> Run {
    let mut scale = vec![1.0; state.len()];
    let mut point = state.to_vec();
    let mut step = vec![0.0; state.len()];
    let mut memory = Memory::new(state.len());
    let mut progress = Progress::default();
    let mut damping = 1.0;
    let mut run = Run::default();
    for iteration in 0..=limit {
        match system.residual(&mut point, &mut step) {
            Ok(size) => {
                run.blocked = None;
                if progress.record(iteration, size) {
                    state.copy_from_slice(&point);
                }
                if size <= tolerance {
                    return run.end(Ending::Converged, iteration, size);
                }
                if progress.is_stalled(iteration) {
                    return run.end(Ending::Stalled, iteration, progress.best);
                }
                if iteration == 0 {
                    system.scale(&mut scale);
                }
                for (step, scale) in step.iter_mut().zip(&scale) {
                    *step *= damping / scale;
                }
                memory.remember(&point, &step);
                memory.advance(&mut point, &step);
            }
            Err(infeasible) => {
                run.blocked = Some(infeasible);
                if progress.best.is_infinite() || damping < SMALLEST_DAMPING {
                    return run.end(Ending::Infeasible, iteration, progress.best);
                }
                // Back to the best point, forget the past and take smaller steps.
                damping *= 0.25;
                memory.forget();
                point.copy_from_slice(state);
                retreat(system, &mut point, &mut step, &scale, damping);
            }
        }
    }
    run.end(Ending::IterationLimit, limit, progress.best)
}

/// The best residual so far, and when it last halved.
struct Progress {
    best: f64,
    milestone: f64,
    reached: usize,
}

impl Default for Progress {
    fn default() -> Self {
        Self {
            best: f64::INFINITY,
            milestone: f64::INFINITY,
            reached: 0,
        }
    }
}

impl Progress {
    /// Whether `size` is the best so far.
    fn record(&mut self, iteration: usize, size: f64) -> bool {
        if size < 0.5 * self.milestone {
            (self.milestone, self.reached) = (size, iteration);
        }
        let better = size < self.best;
        if better {
            self.best = size;
        }
        better
    }

    fn is_stalled(&self, iteration: usize) -> bool {
        iteration - self.reached > PATIENCE
    }
}

/// A plain damped step from a point known to be feasible.
fn retreat(
    system: &mut impl Residual,
    point: &mut [f64],
    step: &mut [f64],
    scale: &[f64],
    damping: f64,
) {
    let known: Result<f64, Infeasible> = system.residual(point, step);
    if known.is_ok() {
        for ((u, step), scale) in point.iter_mut().zip(&*step).zip(scale) {
            *u += (damping * step / scale).clamp(-LONGEST_STEP, LONGEST_STEP);
        }
    }
}

/// The last differences of points and steps, in a ring of `DEPTH` rows of `n`.
struct Memory {
    n: usize,
    stored: usize,
    next: usize,
    started: bool,
    last_point: Vec<f64>,
    last_step: Vec<f64>,
    points: Vec<f64>,
    steps: Vec<f64>,
    /// `gram[a][b] = steps_a · steps_b`, by ring position.
    gram: [[f64; DEPTH]; DEPTH],
}

impl Memory {
    fn new(n: usize) -> Self {
        Self {
            n,
            stored: 0,
            next: 0,
            started: false,
            last_point: vec![0.0; n],
            last_step: vec![0.0; n],
            points: vec![0.0; n * DEPTH],
            steps: vec![0.0; n * DEPTH],
            gram: [[0.0; DEPTH]; DEPTH],
        }
    }

    fn forget(&mut self) {
        (self.stored, self.next, self.started) = (0, 0, false);
    }

    fn row(&self, slot: usize) -> std::ops::Range<usize> {
        slot * self.n..(slot + 1) * self.n
    }

    fn remember(&mut self, point: &[f64], step: &[f64]) {
        if self.started {
            let slot = self.next;
            let row = self.row(slot);
            difference(point, &self.last_point, &mut self.points[row.clone()]);
            difference(step, &self.last_step, &mut self.steps[row.clone()]);
            self.next = (slot + 1) % DEPTH;
            self.stored = (self.stored + 1).min(DEPTH);
            for other in 0..self.stored {
                let product = dot(&self.steps[row.clone()], &self.steps[self.row(other)]);
                self.gram[slot][other] = product;
                self.gram[other][slot] = product;
            }
        }
        self.started = true;
        self.last_point.copy_from_slice(point);
        self.last_step.copy_from_slice(step);
    }

    /// `point += step - Σ_k γ_k (Δpoint_k + Δstep_k)`, no coordinate by more than
    /// [`LONGEST_STEP`].
    fn advance(&self, point: &mut [f64], step: &[f64]) {
        for (u, step) in point.iter_mut().zip(step) {
            *u += step;
        }
        let (slots, weights, kept) = self.weights(step);
        for (&slot, weight) in slots.iter().zip(weights).take(kept) {
            let moves = self.points[self.row(slot)]
                .iter()
                .zip(&self.steps[self.row(slot)]);
            for (u, (moved, changed)) in point.iter_mut().zip(moves) {
                *u -= weight * (moved + changed);
            }
        }
        for (u, last) in point.iter_mut().zip(&self.last_point) {
            *u = last + (*u - last).clamp(-LONGEST_STEP, LONGEST_STEP);
        }
    }

    /// Least-squares weights `γ` by Cholesky on the correlation matrix of the remembered
    /// differences, newest first, leaving out what depends on newer ones.
    fn weights(&self, step: &[f64]) -> ([usize; DEPTH], [f64; DEPTH], usize) {
        let mut factor = [[0.0; DEPTH]; DEPTH];
        let mut slots = [0; DEPTH];
        let mut lengths = [0.0; DEPTH];
        let mut solution = [0.0; DEPTH];
        let mut kept = 0;
        for age in 1..=self.stored {
            let slot = (self.next + DEPTH - age) % DEPTH;
            let length = self.gram[slot][slot].sqrt();
            if !(length > 0.0 && length.is_finite()) {
                continue;
            }
            let mut row = [0.0; DEPTH];
            let mut independent = 1.0;
            let mut right = dot(&self.steps[self.row(slot)], step) / length;
            for earlier in 0..kept {
                let mut entry = self.gram[slot][slots[earlier]] / (length * lengths[earlier]);
                for k in 0..earlier {
                    entry -= row[k] * factor[earlier][k];
                }
                row[earlier] = entry / factor[earlier][earlier];
                independent -= row[earlier] * row[earlier];
                right -= row[earlier] * solution[earlier];
            }
            if independent <= INDEPENDENT {
                continue;
            }
            row[kept] = independent.sqrt();
            factor[kept] = row;
            solution[kept] = right / row[kept];
            (slots[kept], lengths[kept]) = (slot, length);
            kept += 1;
        }
        for k in (0..kept).rev() {
            for later in k + 1..kept {
                solution[k] -= factor[later][k] * solution[later];
            }
            solution[k] /= factor[k][k];
        }
        for k in 0..kept {
            solution[k] /= lengths[k];
        }
        (slots, solution, kept)
    }
}

fn difference(now: &[f64], before: &[f64], out: &mut [f64]) {
    for ((out, now), before) in out.iter_mut().zip(now).zip(before) {
        *out = now - before;
    }
}
