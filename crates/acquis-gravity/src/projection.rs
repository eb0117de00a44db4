//! Weighted projection of all lanes off the fixed effects at once.
//!
//! The effect with most levels is eliminated exactly (a mean per run); what is left for the
//! levels `a` of the other effects are the reduced normal equations
//! `D'W(I - P) D a = D'W(I - P) v`, with `P` the weighted mean per run. They are solved by
//! conjugate gradients, all lanes in lockstep, from the solution of the step before.

use rayon::prelude::*;

use crate::panel::{Chunk, Gather, Panel, add_scaled, gathered};

/// Iterations after which conjugate gradients with the diagonal give way to the Schwarz
/// preconditioner.
pub(crate) const STALL: usize = 200;
/// Levels per task when sums of chunks are put together.
const STRIP: usize = 2_048;
/// Share of a level's weight below which nothing is left after elimination.
const EMPTY: f64 = 1e-13;

/// What multiplies a residual so that it comes near the solution.
pub(crate) trait Preconditioner<const L: usize> {
    /// Lanes that are not `wanted` may be left as they are.
    fn apply(&mut self, residual: &[[f64; L]], out: &mut [[f64; L]], wanted: &[bool; L]);
}

/// One over the diagonal of the reduced normal equations.
#[derive(Debug, Clone)]
pub(crate) struct Diagonal(pub(crate) Vec<f64>);

impl<const L: usize> Preconditioner<L> for Diagonal {
    fn apply(&mut self, residual: &[[f64; L]], out: &mut [[f64; L]], _wanted: &[bool; L]) {
        for ((out, residual), scale) in out.iter_mut().zip(residual).zip(&self.0) {
            for l in 0..L {
                out[l] = scale * residual[l];
            }
        }
    }
}

/// The sums of one chunk.
#[derive(Debug)]
struct Partial<const L: usize> {
    sums: Vec<[f64; L]>,
    squares: [f64; L],
    /// A run's rows between the two halves of a pass.
    run: Vec<[f64; L]>,
}

/// How accurate a projection must be, by lane.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Accuracy<const L: usize> {
    /// Residual relative to the right-hand side; 1 leaves the lane as it is.
    pub(crate) relative: [f64; L],
    /// Residual relative to the lane's own length, below which it is negligible.
    pub(crate) absolute: [f64; L],
}

/// How a projection ended.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Solved {
    pub(crate) iterations: usize,
    /// Whether every lane met its accuracy.
    pub(crate) accurate: bool,
}

/// Conjugate gradients with the vectors they need.
#[derive(Debug)]
pub(crate) struct Projection<const L: usize> {
    partials: Vec<Partial<L>>,
    residual: Vec<[f64; L]>,
    preconditioned: Vec<[f64; L]>,
    direction: Vec<[f64; L]>,
    image: Vec<[f64; L]>,
    /// Squared weighted length of each lane within runs, from the last residual.
    pub(crate) lengths: [f64; L],
    /// Passes over the rows so far.
    pub(crate) passes: usize,
}

impl<const L: usize> Projection<L> {
    pub(crate) fn new(panel: &Panel<L>) -> Self {
        let zeros = || vec![[0.0; L]; panel.levels];
        let partial = || Partial {
            sums: zeros(),
            squares: [0.0; L],
            run: panel.run_buffer(),
        };
        Self {
            partials: panel.chunks.iter().map(|_| partial()).collect(),
            residual: zeros(),
            preconditioned: zeros(),
            direction: zeros(),
            image: zeros(),
            lengths: [0.0; L],
            passes: 0,
        }
    }

    /// `D'W(I - P)(v - D a)` of a block's lanes, left in [`Self::residual`].
    pub(crate) fn residual(&mut self, panel: &Panel<L>, block: usize, a: &[[f64; L]]) {
        gathered!(panel, gather => {
            panel.over_chunks(&mut self.partials, #[inline(always)] |chunk, partial| {
                residual_chunk(panel, gather, block, a, chunk, partial);
            });
        });
        self.lengths = [0.0; L];
        for partial in &self.partials {
            for l in 0..L {
                self.lengths[l] += partial.squares[l];
            }
        }
        reduce(panel, &self.partials, &mut self.residual);
        self.passes += 1;
    }

    /// `D'W(I - P) D p` for the current direction.
    fn multiply(&mut self, panel: &Panel<L>) {
        let direction = &self.direction;
        gathered!(panel, gather => {
            panel.over_chunks(&mut self.partials, #[inline(always)] |chunk, partial| {
                multiply_chunk(panel, gather, direction, chunk, partial);
            });
        });
        reduce(panel, &self.partials, &mut self.image);
        self.passes += 1;
    }

    /// One over the diagonal of the reduced normal equations at the panel's weights.
    pub(crate) fn diagonal(&mut self, panel: &Panel<L>) -> Diagonal {
        gathered!(panel, gather => {
            panel.over_chunks(&mut self.partials, #[inline(always)] |chunk, partial| {
                diagonal_chunk(panel, gather, chunk, partial);
            });
        });
        reduce(panel, &self.partials, &mut self.image);
        let inverse = |sums: &[f64; L]| {
            let [left, whole] = [sums[0], sums[1]];
            if left > EMPTY * whole {
                1.0 / left
            } else {
                0.0
            }
        };
        Diagonal(self.image.iter().map(inverse).collect())
    }

    /// The last residual, by level.
    pub(crate) fn remaining(&self) -> &[[f64; L]] {
        &self.residual
    }

    /// Improves `a` until every lane of `block` is accurate, from the residual that
    /// [`Self::residual`] left for this `a`.
    pub(crate) fn solve(
        &mut self,
        panel: &Panel<L>,
        a: &mut [[f64; L]],
        accuracy: &Accuracy<L>,
        preconditioner: &mut impl Preconditioner<L>,
        limit: usize,
    ) -> Solved {
        let mut solved = Solved::default();
        if panel.levels == 0 {
            solved.accurate = true;
            return solved;
        }
        let mut wanted = [true; L];
        preconditioner.apply(&self.residual, &mut self.preconditioned, &wanted);
        self.direction.copy_from_slice(&self.preconditioned);
        let mut energy = products(&self.residual, &self.preconditioned);
        let mut target = [0.0; L];
        for l in 0..L {
            let relative = accuracy.relative[l] * accuracy.relative[l] * energy[l];
            let absolute = accuracy.absolute[l] * accuracy.absolute[l] * self.lengths[l];
            target[l] = relative.max(absolute).max(f64::MIN_POSITIVE);
        }
        loop {
            for l in 0..L {
                wanted[l] &= energy[l] > target[l];
            }
            if !wanted.contains(&true) {
                solved.accurate = true;
                return solved;
            }
            if solved.iterations == limit {
                return solved;
            }
            solved.iterations += 1;
            self.multiply(panel);
            let curvature = products(&self.direction, &self.image);
            let mut step = [0.0; L];
            for l in 0..L {
                if wanted[l] && curvature[l] > 0.0 {
                    step[l] = energy[l] / curvature[l];
                }
            }
            advance(a, &self.direction, &step, 1.0);
            advance(&mut self.residual, &self.image, &step, -1.0);
            preconditioner.apply(&self.residual, &mut self.preconditioned, &wanted);
            let next = products(&self.residual, &self.preconditioned);
            let mut ratio = [0.0; L];
            for l in 0..L {
                if !wanted[l] {
                    continue;
                }
                if step[l] == 0.0 {
                    // Nothing can be gained along this direction any more.
                    target[l] = energy[l];
                } else {
                    ratio[l] = next[l] / energy[l];
                    energy[l] = next[l];
                }
            }
            for (direction, preconditioned) in self.direction.iter_mut().zip(&self.preconditioned) {
                for l in 0..L {
                    direction[l] = preconditioned[l] + ratio[l] * direction[l];
                }
            }
        }
    }
}

#[expect(
    clippy::inline_always,
    reason = "must become part of the vectorized pass"
)]
#[inline(always)]
fn diagonal_chunk<const L: usize, G: Gather>(
    panel: &Panel<L>,
    gather: &G,
    chunk: &Chunk,
    partial: &mut Partial<L>,
) {
    clear(chunk, &mut partial.sums);
    let sloped = panel.terms.iter().any(|term| term.slope.is_some());
    for run in chunk.runs.clone() {
        let rows = panel.run(run);
        let scale = panel.run_scale[run];
        let weights = &panel.weight[rows.clone()];
        let value = |row: usize| {
            let mut value = [0.0; L];
            value[0] = weights[row] * (1.0 - weights[row] * scale);
            value[1] = weights[row];
            value
        };
        if !sloped {
            gather.each_level(run, rows, &mut partial.sums, value);
            continue;
        }
        for (at, row) in rows.enumerate() {
            for term in &panel.terms {
                let square = term.slope.as_ref().map_or(1.0, |slope| slope[row].powi(2));
                let sum = &mut partial.sums[term.ids[row] as usize];
                add_scaled(sum, square, &value(at));
            }
        }
    }
}

#[expect(
    clippy::inline_always,
    reason = "must become part of the vectorized pass"
)]
#[inline(always)]
fn residual_chunk<const L: usize, G: Gather>(
    panel: &Panel<L>,
    gather: &G,
    block: usize,
    a: &[[f64; L]],
    chunk: &Chunk,
    partial: &mut Partial<L>,
) {
    clear(chunk, &mut partial.sums);
    let mut squares = [0.0; L];
    for run in chunk.runs.clone() {
        let rows = panel.run(run);
        let within = &*panel.within(
            gather,
            block,
            run,
            a,
            panel.residuals(run),
            &mut partial.run,
        );
        let weights = &panel.weight[rows.clone()];
        gather.each_level(run, rows, &mut partial.sums, |row| {
            let mut value = [0.0; L];
            for l in 0..L {
                value[l] = weights[row] * within[row][l];
                squares[l] += value[l] * within[row][l];
            }
            value
        });
    }
    partial.squares = squares;
}

#[expect(
    clippy::inline_always,
    reason = "must become part of the vectorized pass"
)]
#[inline(always)]
fn multiply_chunk<const L: usize, G: Gather>(
    panel: &Panel<L>,
    gather: &G,
    direction: &[[f64; L]],
    chunk: &Chunk,
    partial: &mut Partial<L>,
) {
    clear(chunk, &mut partial.sums);
    for run in chunk.runs.clone() {
        let rows = panel.run(run);
        let weights = &panel.weight[rows.clone()];
        let parts = &mut partial.run[..rows.len()];
        let mut mean = [0.0; L];
        gather.each_sum(run, rows.clone(), direction, |row, part| {
            for l in 0..L {
                mean[l] += weights[row] * part[l];
            }
            parts[row] = part;
        });
        for mean in &mut mean {
            *mean *= panel.run_scale[run];
        }
        gather.each_level(run, rows, &mut partial.sums, |row| {
            let mut value = [0.0; L];
            for l in 0..L {
                value[l] = weights[row] * (parts[row][l] - mean[l]);
            }
            value
        });
    }
}

fn clear<const L: usize>(chunk: &Chunk, sums: &mut [[f64; L]]) {
    for reach in &chunk.reach {
        sums[reach.clone()].fill([0.0; L]);
    }
}

/// Puts the sums of the chunks together, in the order of the chunks.
fn reduce<const L: usize>(panel: &Panel<L>, partials: &[Partial<L>], out: &mut [[f64; L]]) {
    if let [partial] = partials {
        out.copy_from_slice(&partial.sums);
        return;
    }
    let strip = |(strip, out): (usize, &mut [[f64; L]])| {
        let start = strip * STRIP;
        let end = start + out.len();
        out.fill([0.0; L]);
        for (chunk, partial) in panel.chunks.iter().zip(partials) {
            for reach in &chunk.reach {
                let from = reach.start.max(start);
                let until = reach.end.min(end);
                if from < until {
                    let sums = &partial.sums[from..until];
                    for (out, sum) in out[from - start..until - start].iter_mut().zip(sums) {
                        for l in 0..L {
                            out[l] += sum[l];
                        }
                    }
                }
            }
        }
    };
    out.par_chunks_mut(STRIP).enumerate().for_each(strip);
}

fn products<const L: usize>(a: &[[f64; L]], b: &[[f64; L]]) -> [f64; L] {
    let mut sum = [0.0; L];
    for (a, b) in a.iter().zip(b) {
        for l in 0..L {
            sum[l] += a[l] * b[l];
        }
    }
    sum
}

fn advance<const L: usize>(a: &mut [[f64; L]], b: &[[f64; L]], step: &[f64; L], sign: f64) {
    for (a, b) in a.iter_mut().zip(b) {
        for l in 0..L {
            a[l] += sign * step[l] * b[l];
        }
    }
}
