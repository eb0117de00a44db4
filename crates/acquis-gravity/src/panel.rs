//! The estimation sample laid out for the passes of the estimator.
//!
//! Rows are sorted by the effect with most levels (usually the pair), so that its levels are
//! contiguous *runs* and can be eliminated exactly by a mean per run. Every row carries `L`
//! *lanes*: lane 0 of the first block is the working residual, the others are regressors.
//! The levels of the other effects stand in one vector of `[f64; L]`.
//!
//! A pass over the rows is cut into chunks at the borders of runs. How many depends on the
//! sample alone, and partial sums are added in the order of the chunks, so the result does
//! not depend on the number of threads. A pass reads `8` bytes of weight, `4` bytes per
//! effect and, where it needs them, `8 L` bytes of lanes per row.

use std::ops::Range;

use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;

/// Rows per chunk from which a further chunk pays.
const CHUNK: usize = 12_288;
/// Chunks at most; each holds its own sums over levels.
const CHUNKS: usize = 16;

/// One effect that is not eliminated: a level per row, or a slope that varies by level.
#[derive(Debug, Clone)]
pub(crate) struct Term {
    /// Position of the row's level among all levels of all terms.
    pub(crate) ids: Vec<u32>,
    /// The variable whose slope varies, by row.
    pub(crate) slope: Option<Vec<f64>>,
    /// The positions that this term's levels take.
    pub(crate) levels: Range<usize>,
}

/// A stretch of rows that one thread works on.
#[derive(Debug, Clone)]
pub(crate) struct Chunk {
    /// The runs in it.
    pub(crate) runs: Range<usize>,
    /// By term, the positions of the levels that occur in it.
    pub(crate) reach: Vec<Range<usize>>,
}

/// Adds up the levels that apply to a row, and hands a row's value to its levels.
pub(crate) trait Gather: Sync {
    fn sum<const L: usize>(&self, row: usize, levels: &[[f64; L]]) -> [f64; L];
    fn scatter<const L: usize>(&self, row: usize, value: &[f64; L], levels: &mut [[f64; L]]);
}

pub(crate) struct One<'a>(pub(crate) &'a [u32]);
pub(crate) struct Two<'a>(pub(crate) &'a [u32], pub(crate) &'a [u32]);
pub(crate) struct Any<'a>(pub(crate) &'a [Term]);

#[expect(
    clippy::inline_always,
    reason = "must become part of the vectorized pass"
)]
impl Gather for One<'_> {
    #[inline(always)]
    fn sum<const L: usize>(&self, row: usize, levels: &[[f64; L]]) -> [f64; L] {
        levels[self.0[row] as usize]
    }

    #[inline(always)]
    fn scatter<const L: usize>(&self, row: usize, value: &[f64; L], levels: &mut [[f64; L]]) {
        add(&mut levels[self.0[row] as usize], value);
    }
}

#[expect(
    clippy::inline_always,
    reason = "must become part of the vectorized pass"
)]
impl Gather for Two<'_> {
    #[inline(always)]
    fn sum<const L: usize>(&self, row: usize, levels: &[[f64; L]]) -> [f64; L] {
        let mut sum = levels[self.0[row] as usize];
        add(&mut sum, &levels[self.1[row] as usize]);
        sum
    }

    #[inline(always)]
    fn scatter<const L: usize>(&self, row: usize, value: &[f64; L], levels: &mut [[f64; L]]) {
        add(&mut levels[self.0[row] as usize], value);
        add(&mut levels[self.1[row] as usize], value);
    }
}

#[expect(
    clippy::inline_always,
    reason = "must become part of the vectorized pass"
)]
impl Gather for Any<'_> {
    #[inline(always)]
    fn sum<const L: usize>(&self, row: usize, levels: &[[f64; L]]) -> [f64; L] {
        let mut sum = [0.0; L];
        for term in self.0 {
            let level = &levels[term.ids[row] as usize];
            match &term.slope {
                Some(slope) => add_scaled(&mut sum, slope[row], level),
                None => add(&mut sum, level),
            }
        }
        sum
    }

    #[inline(always)]
    fn scatter<const L: usize>(&self, row: usize, value: &[f64; L], levels: &mut [[f64; L]]) {
        for term in self.0 {
            let level = &mut levels[term.ids[row] as usize];
            match &term.slope {
                Some(slope) => add_scaled(level, slope[row], value),
                None => add(level, value),
            }
        }
    }
}

/// Runs `$body` with `$gather` bound to the fastest way to read the terms of `$panel`.
macro_rules! gathered {
    ($panel:expr, $gather:ident => $body:expr) => {
        match $panel.terms.as_slice() {
            [a] if a.slope.is_none() => {
                let $gather = &$crate::panel::One(&a.ids);
                $body
            }
            [a, b] if a.slope.is_none() && b.slope.is_none() => {
                let $gather = &$crate::panel::Two(&a.ids, &b.ids);
                $body
            }
            terms => {
                let $gather = &$crate::panel::Any(terms);
                $body
            }
        }
    };
}
pub(crate) use gathered;

/// The sample in the order of runs, with the working state of an estimation.
#[derive(Debug)]
pub(crate) struct Panel<const L: usize> {
    /// First row of each run, and the number of rows at the end.
    pub(crate) runs: Vec<u32>,
    /// Whether the runs are an effect; without, no mean per run is taken.
    pub(crate) eliminated: bool,
    /// The other effects.
    pub(crate) terms: Vec<Term>,
    /// Levels of all terms together.
    pub(crate) levels: usize,
    pub(crate) chunks: Vec<Chunk>,
    /// Working weight by row.
    pub(crate) weight: Vec<f64>,
    /// One over the sum of weights by run; zero where nothing is eliminated.
    pub(crate) run_scale: Vec<f64>,
    /// Lanes by row, in blocks of `L`.
    pub(crate) blocks: Vec<Vec<[f64; L]>>,
}

impl<const L: usize> Panel<L> {
    pub(crate) fn new(
        runs: Vec<u32>,
        eliminated: bool,
        terms: Vec<Term>,
        weight: Vec<f64>,
        blocks: Vec<Vec<[f64; L]>>,
    ) -> Self {
        let levels = terms.last().map_or(0, |term| term.levels.end);
        let chunks = chunks(&runs, &terms, levels);
        let mut panel = Self {
            run_scale: vec![0.0; runs.len() - 1],
            runs,
            eliminated,
            terms,
            levels,
            chunks,
            weight,
            blocks,
        };
        panel.weigh_runs();
        panel
    }

    pub(crate) fn rows(&self) -> usize {
        self.weight.len()
    }

    /// Recomputes the sums of weights by run.
    pub(crate) fn weigh_runs(&mut self) {
        if !self.eliminated {
            return;
        }
        for (scale, run) in self.run_scale.iter_mut().zip(self.runs.windows(2)) {
            let sum: f64 = self.weight[run[0] as usize..run[1] as usize].iter().sum();
            *scale = if sum > 0.0 { 1.0 / sum } else { 0.0 };
        }
    }

    /// Rows of a run.
    #[inline]
    pub(crate) fn run(&self, run: usize) -> Range<usize> {
        self.runs[run] as usize..self.runs[run + 1] as usize
    }

    /// Rows of a chunk.
    pub(crate) fn chunk_rows(&self, chunk: &Chunk) -> Range<usize> {
        self.runs[chunk.runs.start] as usize..self.runs[chunk.runs.end] as usize
    }

    /// Works on all chunks, in parallel where there are several.
    pub(crate) fn over_chunks<T: Send>(
        &self,
        state: &mut [T],
        work: impl Fn(&Chunk, &mut T) + Sync,
    ) {
        over_chunks(&self.chunks, state, work);
    }

    /// Lanes of a run's rows less their levels `a` and less the weighted mean of the run,
    /// in place of what `out` held.
    #[expect(
        clippy::inline_always,
        reason = "must become part of the vectorized pass"
    )]
    #[inline(always)]
    pub(crate) fn within<G: Gather>(
        &self,
        gather: &G,
        block: usize,
        run: usize,
        a: &[[f64; L]],
        out: &mut Vec<[f64; L]>,
    ) {
        let rows = self.run(run);
        let lanes = &self.blocks[block][rows.clone()];
        let weights = &self.weight[rows.clone()];
        let mut mean = [0.0; L];
        out.clear();
        for ((row, lane), weight) in rows.zip(lanes).zip(weights) {
            let part = gather.sum(row, a);
            let mut left = [0.0; L];
            for l in 0..L {
                left[l] = lane[l] - part[l];
                mean[l] += weight * left[l];
            }
            out.push(left);
        }
        for mean in &mut mean {
            *mean *= self.run_scale[run];
        }
        for left in out {
            for l in 0..L {
                left[l] -= mean[l];
            }
        }
    }
}

/// Works on all chunks with the widest vector instructions of the machine.
pub(crate) fn over_chunks<T: Send, F: Fn(&Chunk, &mut T) + Sync>(
    chunks: &[Chunk],
    state: &mut [T],
    work: F,
) {
    let arch = Arch::new();
    let work = &work;
    if let ([chunk], [state]) = (chunks, &mut *state) {
        arch.dispatch(Vectorized { chunk, state, work });
        return;
    }
    chunks
        .par_iter()
        .zip(state.par_iter_mut())
        .with_max_len(1)
        .for_each(|(chunk, state)| arch.dispatch(Vectorized { chunk, state, work }));
}

/// One chunk's work. A closure would not do: the call through `FnOnce` is not inlined, and
/// what is not inlined is compiled for the least common processor.
struct Vectorized<'a, T, F> {
    chunk: &'a Chunk,
    state: &'a mut T,
    work: &'a F,
}

impl<T, F: Fn(&Chunk, &mut T)> WithSimd for Vectorized<'_, T, F> {
    type Output = ();

    #[expect(
        clippy::inline_always,
        reason = "must become part of the vectorized pass"
    )]
    #[inline(always)]
    fn with_simd<S: Simd>(self, _simd: S) {
        (self.work)(self.chunk, self.state);
    }
}

#[expect(
    clippy::inline_always,
    reason = "must become part of the vectorized pass"
)]
#[inline(always)]
pub(crate) fn add<const L: usize>(sum: &mut [f64; L], value: &[f64; L]) {
    for l in 0..L {
        sum[l] += value[l];
    }
}

#[expect(
    clippy::inline_always,
    reason = "must become part of the vectorized pass"
)]
#[inline(always)]
pub(crate) fn add_scaled<const L: usize>(sum: &mut [f64; L], scale: f64, value: &[f64; L]) {
    for l in 0..L {
        sum[l] += scale * value[l];
    }
}

/// Cuts the runs into chunks of about equal numbers of rows.
fn chunks(runs: &[u32], terms: &[Term], levels: usize) -> Vec<Chunk> {
    let rows = runs.last().map_or(0, |&end| end as usize);
    let wanted = (rows / CHUNK.max(levels / 2)).clamp(1, CHUNKS);
    let mut chunks = Vec::with_capacity(wanted);
    let mut start = 0;
    for part in 1..=wanted {
        let border = rows * part / wanted;
        let end = if part == wanted {
            runs.len() - 1
        } else {
            runs.partition_point(|&row| (row as usize) < border)
                .min(runs.len() - 1)
        };
        if end > start {
            let rows = runs[start] as usize..runs[end] as usize;
            let reach = terms
                .iter()
                .map(|term| {
                    let ids = &term.ids[rows.clone()];
                    let least = ids.iter().min().map_or(0, |&id| id as usize);
                    let most = ids.iter().max().map_or(0, |&id| id as usize + 1);
                    least..most
                })
                .collect();
            chunks.push(Chunk {
                runs: start..end,
                reach,
            });
            start = end;
        }
    }
    chunks
}
