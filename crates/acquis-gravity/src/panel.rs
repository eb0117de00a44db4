//! The estimation sample laid out for the passes of the estimator.
//!
//! Rows are sorted by the effect with most levels (usually the pair), so that its levels are
//! contiguous *runs* and can be eliminated exactly by a mean per run. Every row carries `L`
//! *lanes*: lane 0 of the first block is the working residual, which stands in a column of
//! its own because it alone changes; the others are regressors.
//! The levels of the other effects stand in one vector of `[f64; L]`.
//!
//! A pass over the rows is cut into chunks at the borders of runs. How many depends on the
//! sample alone, and partial sums are added in the order of the chunks, so the result does
//! not depend on the number of threads. A pass reads `8` bytes of weight per row, `4` bytes per
//! effect where the levels of a run's rows do not follow on one another, and `8 L` bytes of
//! lanes where it needs them.

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
    /// By run, the position of its first row's level if every row's is the next one (a pair's
    /// exporter-years, year after year), otherwise [`UNSTEADY`]. Such runs are read and
    /// written without their ids.
    starts: Vec<u32>,
}

/// Marks a run whose levels do not follow on one another.
const UNSTEADY: u32 = u32::MAX;

impl Term {
    pub(crate) fn new(
        ids: Vec<u32>,
        slope: Option<Vec<f64>>,
        levels: Range<usize>,
        runs: &[u32],
    ) -> Self {
        let start = |run: &[u32]| {
            let ids = &ids[run[0] as usize..run[1] as usize];
            let first = ids.first().copied().unwrap_or(UNSTEADY);
            let mut steady = slope.is_none();
            for (&id, next) in ids.iter().zip(first..) {
                steady &= id == next;
            }
            if steady { first } else { UNSTEADY }
        };
        let starts = runs.par_windows(2).map(start).collect();
        Self {
            ids,
            slope,
            levels,
            starts,
        }
    }

    /// Position of the level of a run's first row, where those of its other rows follow.
    #[inline]
    pub(crate) fn steady(&self, run: usize) -> Option<usize> {
        let start = self.starts[run];
        (start != UNSTEADY).then_some(start as usize)
    }
}

/// A stretch of rows that one thread works on.
#[derive(Debug, Clone)]
pub(crate) struct Chunk {
    /// The runs in it.
    pub(crate) runs: Range<usize>,
    /// By term, the positions of the levels that occur in it.
    pub(crate) reach: Vec<Range<usize>>,
}

/// Adds up the levels that apply to the rows of a run, and hands the rows' values to their
/// levels. Rows are counted from the start of the run.
pub(crate) trait Gather: Sync {
    /// Calls `visit` with each row and the sum of its levels.
    fn each_sum<const L: usize>(
        &self,
        run: usize,
        rows: Range<usize>,
        levels: &[[f64; L]],
        visit: impl FnMut(usize, [f64; L]),
    );
    /// Adds each row's `value` to its levels.
    fn each_level<const L: usize>(
        &self,
        run: usize,
        rows: Range<usize>,
        levels: &mut [[f64; L]],
        value: impl FnMut(usize) -> [f64; L],
    );
}

pub(crate) struct One<'a>(pub(crate) &'a Term);
pub(crate) struct Two<'a>(pub(crate) &'a Term, pub(crate) &'a Term);
pub(crate) struct Any<'a>(pub(crate) &'a [Term]);

#[expect(
    clippy::inline_always,
    reason = "must become part of the vectorized pass"
)]
impl Gather for One<'_> {
    #[inline(always)]
    fn each_sum<const L: usize>(
        &self,
        run: usize,
        rows: Range<usize>,
        levels: &[[f64; L]],
        mut visit: impl FnMut(usize, [f64; L]),
    ) {
        if let Some(start) = self.0.steady(run) {
            for (row, level) in levels[start..start + rows.len()].iter().enumerate() {
                visit(row, *level);
            }
            return;
        }
        for (row, &id) in self.0.ids[rows].iter().enumerate() {
            visit(row, levels[id as usize]);
        }
    }

    #[inline(always)]
    fn each_level<const L: usize>(
        &self,
        run: usize,
        rows: Range<usize>,
        levels: &mut [[f64; L]],
        mut value: impl FnMut(usize) -> [f64; L],
    ) {
        if let Some(start) = self.0.steady(run) {
            let levels = &mut levels[start..start + rows.len()];
            for (row, level) in levels.iter_mut().enumerate() {
                add(level, &value(row));
            }
            return;
        }
        for (row, &id) in self.0.ids[rows].iter().enumerate() {
            add(&mut levels[id as usize], &value(row));
        }
    }
}

#[expect(
    clippy::inline_always,
    reason = "must become part of the vectorized pass"
)]
impl Gather for Two<'_> {
    #[inline(always)]
    fn each_sum<const L: usize>(
        &self,
        run: usize,
        rows: Range<usize>,
        levels: &[[f64; L]],
        mut visit: impl FnMut(usize, [f64; L]),
    ) {
        if let (Some(a), Some(b)) = (self.0.steady(run), self.1.steady(run)) {
            let a = &levels[a..a + rows.len()];
            let b = &levels[b..b + rows.len()];
            for (row, (a, b)) in a.iter().zip(b).enumerate() {
                let mut sum = *a;
                add(&mut sum, b);
                visit(row, sum);
            }
            return;
        }
        let ids = self.0.ids[rows.clone()].iter().zip(&self.1.ids[rows]);
        for (row, (&a, &b)) in ids.enumerate() {
            let mut sum = levels[a as usize];
            add(&mut sum, &levels[b as usize]);
            visit(row, sum);
        }
    }

    #[inline(always)]
    fn each_level<const L: usize>(
        &self,
        run: usize,
        rows: Range<usize>,
        levels: &mut [[f64; L]],
        mut value: impl FnMut(usize) -> [f64; L],
    ) {
        if let (Some(a), Some(b)) = (self.0.steady(run), self.1.steady(run)) {
            // The second term's levels stand behind those of the first.
            let border = self.1.levels.start;
            let (first, second) = levels.split_at_mut(border);
            let first = &mut first[a..a + rows.len()];
            let second = &mut second[b - border..b - border + rows.len()];
            for (row, (a, b)) in first.iter_mut().zip(second).enumerate() {
                let value = value(row);
                add(a, &value);
                add(b, &value);
            }
            return;
        }
        let ids = self.0.ids[rows.clone()].iter().zip(&self.1.ids[rows]);
        for (row, (&a, &b)) in ids.enumerate() {
            let value = value(row);
            add(&mut levels[a as usize], &value);
            add(&mut levels[b as usize], &value);
        }
    }
}

#[expect(
    clippy::inline_always,
    reason = "must become part of the vectorized pass"
)]
impl Gather for Any<'_> {
    #[inline(always)]
    fn each_sum<const L: usize>(
        &self,
        _run: usize,
        rows: Range<usize>,
        levels: &[[f64; L]],
        mut visit: impl FnMut(usize, [f64; L]),
    ) {
        for (at, row) in rows.enumerate() {
            let mut sum = [0.0; L];
            for term in self.0 {
                let level = &levels[term.ids[row] as usize];
                match &term.slope {
                    Some(slope) => add_scaled(&mut sum, slope[row], level),
                    None => add(&mut sum, level),
                }
            }
            visit(at, sum);
        }
    }

    #[inline(always)]
    fn each_level<const L: usize>(
        &self,
        _run: usize,
        rows: Range<usize>,
        levels: &mut [[f64; L]],
        mut value: impl FnMut(usize) -> [f64; L],
    ) {
        for (at, row) in rows.enumerate() {
            let value = value(at);
            for term in self.0 {
                let level = &mut levels[term.ids[row] as usize];
                match &term.slope {
                    Some(slope) => add_scaled(level, slope[row], &value),
                    None => add(level, &value),
                }
            }
        }
    }
}

/// Runs `$body` with `$gather` bound to the fastest way to read the terms of `$panel`.
macro_rules! gathered {
    ($panel:expr, $gather:ident => $body:expr) => {
        match $panel.terms.as_slice() {
            [a] if a.slope.is_none() => {
                let $gather = &$crate::panel::One(a);
                $body
            }
            [a, b] if a.slope.is_none() && b.slope.is_none() => {
                let $gather = &$crate::panel::Two(a, b);
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
    /// Rows of the longest run.
    pub(crate) longest: usize,
    /// Working weight by row.
    pub(crate) weight: Vec<f64>,
    /// Working residual by row: lane 0 of the first block, which has no other there.
    pub(crate) residual: Vec<f64>,
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
        let longest = runs.windows(2).map(|run| run[1] - run[0]).max();
        let mut panel = Self {
            longest: longest.unwrap_or(0) as usize,
            residual: vec![0.0; weight.len()],
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
        let weight = &self.weight;
        let runs = self.runs.par_windows(2);
        self.run_scale
            .par_iter_mut()
            .zip(runs)
            .with_min_len(1 << 10)
            .for_each(|(scale, run)| {
                let sum: f64 = weight[run[0] as usize..run[1] as usize].iter().sum();
                *scale = if sum > 0.0 { 1.0 / sum } else { 0.0 };
            });
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

    /// Working residuals of a run's rows.
    #[inline]
    pub(crate) fn residuals(&self, run: usize) -> &[f64] {
        &self.residual[self.run(run)]
    }

    /// Room for one run's rows.
    pub(crate) fn run_buffer(&self) -> Vec<[f64; L]> {
        vec![[0.0; L]; self.longest]
    }

    /// Lanes of a run's rows less their levels `a` and less the weighted mean of the run, in
    /// the front of `out`. `residuals` are the run's working residuals.
    #[expect(
        clippy::inline_always,
        reason = "must become part of the vectorized pass"
    )]
    #[inline(always)]
    pub(crate) fn within<'o, G: Gather>(
        &self,
        gather: &G,
        block: usize,
        run: usize,
        a: &[[f64; L]],
        residuals: &[f64],
        out: &'o mut [[f64; L]],
    ) -> &'o mut [[f64; L]] {
        let rows = self.run(run);
        let out = &mut out[..rows.len()];
        let lanes = &self.blocks[block][rows.clone()];
        let weights = &self.weight[rows.clone()];
        let mut mean = [0.0; L];
        let mut less = |row: usize, mut left: [f64; L], part: [f64; L]| {
            for l in 0..L {
                left[l] -= part[l];
                mean[l] += weights[row] * left[l];
            }
            out[row] = left;
        };
        if block == 0 {
            let residuals = &residuals[..rows.len()];
            gather.each_sum(run, rows, a, |row, part| {
                let mut left = lanes[row];
                left[0] = residuals[row];
                less(row, left, part);
            });
        } else {
            gather.each_sum(run, rows, a, |row, part| less(row, lanes[row], part));
        }
        for mean in &mut mean {
            *mean *= self.run_scale[run];
        }
        for left in out.iter_mut() {
            for l in 0..L {
                left[l] -= mean[l];
            }
        }
        out
    }
}

/// Works on all chunks with the widest vector instructions of the machine.
pub(crate) fn over_chunks<C: Sync, T: Send, F: Fn(&C, &mut T) + Sync>(
    chunks: &[C],
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
struct Vectorized<'a, C, T, F> {
    chunk: &'a C,
    state: &'a mut T,
    work: &'a F,
}

impl<C, T, F: Fn(&C, &mut T)> WithSimd for Vectorized<'_, C, T, F> {
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

/// Cuts off the first elements of a slice.
#[expect(clippy::mut_mut, reason = "the rest of the slice is left in its place")]
pub(crate) fn take<'a, T>(slice: &mut &'a mut [T], count: usize) -> &'a mut [T] {
    let (front, back) = std::mem::take(slice).split_at_mut(count);
    *slice = back;
    front
}
