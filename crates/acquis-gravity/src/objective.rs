//! The mean, the weights and the working residual at given coefficients and effects.

use rayon::prelude::*;

use crate::exponential::exp;
use crate::panel::{Chunk, Panel, Term, over_chunks};

/// Sweeps of proportional fitting before the first step.
const SWEEPS: usize = 2;
/// Least fitted value at the start, against the outcome: without it, poorly connected panels
/// may diverge.
const FLOOR: f64 = 0.1;
/// Means of separated rows fall for ever; below this, squares of residuals would overflow.
const LEAST_MEAN: f64 = 1e-150;
/// Longest move of an effect in one step. On separated data steps may be as long as one
/// likes.
const LONGEST_STEP: f64 = 8.0;
/// Loss of the objective that counts as one.
const LOSS: f64 = 1e-10;
/// Times that a step is halved before it is taken as it is.
const HALVINGS: usize = 30;

/// What is maximized.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Family {
    Poisson,
    Gaussian,
}

/// Outcome, predictor and the effects so far.
///
/// For Poisson, weights stand in the outcome (`ω y`) and the offset (`+ ln ω`), so that the
/// panel's weight is the weighted mean and the score of a row is outcome less weight.
#[derive(Debug)]
pub(crate) struct Objective<'a> {
    pub(crate) family: Family,
    pub(crate) outcome: &'a [f64],
    pub(crate) offset: Option<&'a [f64]>,
    pub(crate) coefficients: Vec<f64>,
    /// Effects by level of the terms.
    pub(crate) levels: Vec<f64>,
    /// Effects by run.
    pub(crate) run_levels: Vec<f64>,
    /// What is maximized, up to a constant.
    pub(crate) value: f64,
    /// Largest share by which the mean of a row with outcome zero fell in the last step.
    pub(crate) fall: f64,
    pub(crate) total_weight: f64,
    /// Weighted squares of the working residual.
    pub(crate) total_square: f64,
    /// By level, what its score is measured against.
    scales: Vec<f64>,
}

/// One chunk's part of the state.
struct Part<'a, const L: usize> {
    weight: &'a mut [f64],
    lanes: &'a mut [[f64; L]],
    run_scale: &'a mut [f64],
    run_levels: &'a mut [f64],
    predictor: Vec<f64>,
    value: f64,
    fall: f64,
    weights: f64,
    squares: f64,
}

impl<'a> Objective<'a> {
    pub(crate) fn new<const L: usize>(
        family: Family,
        outcome: &'a [f64],
        offset: Option<&'a [f64]>,
        regressors: usize,
        panel: &Panel<L>,
    ) -> Self {
        Self {
            family,
            outcome,
            offset,
            coefficients: vec![0.0; regressors],
            levels: vec![0.0; panel.levels],
            run_levels: vec![0.0; panel.runs.len() - 1],
            value: f64::NEG_INFINITY,
            fall: 1.0,
            total_weight: 0.0,
            total_square: 0.0,
            scales: Vec::new(),
        }
    }

    /// The starting point: for Poisson, proportional fitting to the margins of the effects.
    pub(crate) fn start<const L: usize>(&mut self, panel: &mut Panel<L>) {
        let sizes: Vec<f64> = match self.family {
            Family::Poisson => self.outcome.to_vec(),
            Family::Gaussian => {
                let rows = self.outcome.iter().zip(&panel.weight);
                rows.map(|(y, w)| w * y.abs()).collect()
            }
        };
        self.scales = level_sums(panel, &sizes);
        let least = 1e-9 * sizes.iter().sum::<f64>();
        for scale in &mut self.scales {
            *scale = scale.max(least).max(f64::MIN_POSITIVE);
        }
        if self.family == Family::Poisson {
            let margins: Vec<f64> = level_sums(panel, self.outcome);
            for _ in 0..SWEEPS {
                for term in 0..panel.terms.len() {
                    self.evaluate(panel);
                    self.fit_margin(panel, term, &margins);
                }
            }
        }
        self.evaluate(panel);
        if self.family == Family::Gaussian {
            self.value = f64::NEG_INFINITY;
        }
        self.fall = 1.0;
        if self.family == Family::Poisson {
            self.raise(panel);
        }
    }

    /// Largest score of a fixed effect against its scale.
    pub(crate) fn effects_score(&self, scores: impl Iterator<Item = f64>) -> f64 {
        scores
            .zip(&self.scales)
            .map(|(score, scale)| score.abs() / scale)
            .fold(0.0, f64::max)
    }

    /// Moves by a step, halving it while the objective falls. The first step is held against
    /// the fitted margins, towards which halving leads.
    pub(crate) fn advance<const L: usize>(
        &mut self,
        panel: &mut Panel<L>,
        step: &[f64],
        levels: &[f64],
    ) {
        let before = self.value;
        let runs = self.run_levels.clone();
        let longest = levels
            .iter()
            .fold(0.0_f64, |most, change| most.max(change.abs()));
        let mut share = (LONGEST_STEP / longest).min(1.0);
        if self.family == Family::Gaussian {
            share = 1.0;
        }
        shift(&mut self.coefficients, step, share);
        shift(&mut self.levels, levels, share);
        self.evaluate(panel);
        for _ in 0..HALVINGS {
            let lost = before - self.value > LOSS * before.abs();
            if !lost && self.value.is_finite() {
                return;
            }
            share *= 0.5;
            shift(&mut self.coefficients, step, -share);
            shift(&mut self.levels, levels, -share);
            self.run_levels.copy_from_slice(&runs);
            self.evaluate(panel);
        }
    }

    /// Mean, weights and working residual at the current coefficients and levels, with the
    /// levels of the runs maximized out.
    fn evaluate<const L: usize>(&mut self, panel: &mut Panel<L>) {
        let mut run_levels = std::mem::take(&mut self.run_levels);
        let this = &*self;
        let terms = &panel.terms;
        let (head, tail) = panel.blocks.split_at_mut(1);
        let tail = &*tail;
        let runs = &panel.runs;
        let eliminated = panel.eliminated;
        let mut parts = Vec::with_capacity(panel.chunks.len());
        let mut weight = panel.weight.as_mut_slice();
        let mut lanes = head[0].as_mut_slice();
        let mut run_scale = panel.run_scale.as_mut_slice();
        let mut run_level = run_levels.as_mut_slice();
        for chunk in &panel.chunks {
            let rows = (runs[chunk.runs.end] - runs[chunk.runs.start]) as usize;
            let part = Part {
                weight: take(&mut weight, rows),
                lanes: take(&mut lanes, rows),
                run_scale: take(&mut run_scale, chunk.runs.len()),
                run_levels: take(&mut run_level, chunk.runs.len()),
                predictor: Vec::new(),
                value: 0.0,
                fall: 0.0,
                weights: 0.0,
                squares: 0.0,
            };
            parts.push(part);
        }
        over_chunks(
            &panel.chunks,
            &mut parts,
            #[inline(always)]
            |chunk, part| {
                evaluate_chunk(this, terms, runs, tail, eliminated, chunk, part);
            },
        );
        let sum = |of: fn(&Part<'_, L>) -> f64| parts.iter().map(of).sum::<f64>();
        let value = sum(|part| part.value);
        let (weights, squares) = (sum(|part| part.weights), sum(|part| part.squares));
        let fall = parts.iter().map(|part| part.fall).fold(0.0, f64::max);
        drop(parts);
        (self.value, self.fall) = (value, fall);
        (self.total_weight, self.total_square) = (weights, squares);
        self.run_levels = run_levels;
    }

    /// Makes the mean agree with the outcome by level of one term.
    fn fit_margin<const L: usize>(&mut self, panel: &Panel<L>, term: usize, margins: &[f64]) {
        let term = &panel.terms[term];
        if term.slope.is_some() {
            return;
        }
        let mut sums = vec![Vec::new(); panel.chunks.len()];
        panel.over_chunks(&mut sums, |chunk, sums| {
            *sums = vec![0.0; panel.levels];
            let rows = panel.chunk_rows(chunk);
            for (&id, weight) in term.ids[rows.clone()].iter().zip(&panel.weight[rows]) {
                sums[id as usize] += weight;
            }
        });
        let sums: Vec<f64> = (0..panel.levels)
            .map(|level| sums.iter().map(|part| part[level]).sum())
            .collect();
        for level in term.levels.clone() {
            if sums[level] > 0.0 && margins[level] > 0.0 {
                self.levels[level] += (margins[level] / sums[level]).ln();
            }
        }
    }

    /// Raises means that are far below their outcome; the working residual carries the
    /// difference to the model's predictor.
    fn raise<const L: usize>(&mut self, panel: &mut Panel<L>) {
        let lanes = &mut panel.blocks[0];
        for ((lane, weight), &y) in lanes.iter_mut().zip(&mut panel.weight).zip(self.outcome) {
            let least = FLOOR * y;
            if *weight < least {
                lane[0] = (least / *weight).ln() + (y - least) / least;
                *weight = least;
            }
        }
        panel.weigh_runs();
    }
}

#[expect(
    clippy::inline_always,
    reason = "must become part of the vectorized pass"
)]
#[inline(always)]
fn evaluate_chunk<const L: usize>(
    objective: &Objective<'_>,
    terms: &[Term],
    runs: &[u32],
    tail: &[Vec<[f64; L]>],
    eliminated: bool,
    chunk: &Chunk,
    part: &mut Part<'_, L>,
) {
    let start = runs[chunk.runs.start] as usize;
    for run in chunk.runs.clone() {
        let rows = runs[run] as usize..runs[run + 1] as usize;
        let own = rows.start - start..rows.end - start;
        let at = run - chunk.runs.start;
        let outcome = &objective.outcome[rows.clone()];
        predict(
            objective,
            terms,
            tail,
            rows,
            &part.lanes[own.clone()],
            &mut part.predictor,
        );
        let predictor = &mut part.predictor[..outcome.len()];
        let weight = &mut part.weight[own.clone()];
        let lanes = &mut part.lanes[own];
        match objective.family {
            Family::Poisson => {
                let level = part.run_levels[at];
                let total = sum(outcome);
                let mut value = dot(outcome, predictor) + total * level;
                for predictor in predictor.iter_mut() {
                    *predictor = exp(*predictor + level);
                }
                let mut means = sum(predictor);
                let mut factor = 1.0;
                if eliminated && means > 0.0 && total > 0.0 {
                    factor = total / means;
                    let shift = factor.ln();
                    part.run_levels[at] += shift;
                    value += total * shift;
                    means = total;
                }
                for mean in predictor.iter_mut() {
                    let fitted = *mean * factor;
                    *mean = if fitted > LEAST_MEAN {
                        fitted
                    } else {
                        LEAST_MEAN
                    };
                }
                part.fall = part.fall.max(fall(outcome, predictor, weight));
                for ((mean, y), (weight, lane)) in predictor
                    .iter()
                    .zip(outcome)
                    .zip(weight.iter_mut().zip(lanes))
                {
                    lane[0] = (y - mean) / mean;
                    *weight = *mean;
                }
                part.weights += means;
                part.run_scale[at] = if eliminated { 1.0 / means } else { 0.0 };
                part.value += value - means;
            }
            Family::Gaussian => {
                let mut mean = 0.0;
                let scale = part.run_scale[at];
                for i in 0..outcome.len() {
                    predictor[i] = outcome[i] - predictor[i];
                    mean += weight[i] * predictor[i];
                }
                mean *= scale;
                part.run_levels[at] = mean;
                for i in 0..outcome.len() {
                    let residual = predictor[i] - mean;
                    lanes[i][0] = residual;
                    part.weights += weight[i];
                    part.squares += weight[i] * residual * residual;
                }
                part.value = -part.squares;
            }
        }
    }
}

/// Sums in four strands, which vector instructions can add beside each other.
#[expect(
    clippy::inline_always,
    reason = "must become part of the vectorized pass"
)]
#[inline(always)]
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let (a, a_rest) = a.as_chunks::<4>();
    let (b, b_rest) = b.as_chunks::<4>();
    let mut sums = [0.0; 4];
    for (a, b) in a.iter().zip(b) {
        for l in 0..4 {
            sums[l] += a[l] * b[l];
        }
    }
    let rest: f64 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    (sums[0] + sums[1]) + (sums[2] + sums[3]) + rest
}

#[expect(
    clippy::inline_always,
    reason = "must become part of the vectorized pass"
)]
#[inline(always)]
fn sum(values: &[f64]) -> f64 {
    let (values, rest) = values.as_chunks::<4>();
    let mut sums = [0.0; 4];
    for values in values {
        for l in 0..4 {
            sums[l] += values[l];
        }
    }
    (sums[0] + sums[1]) + (sums[2] + sums[3]) + rest.iter().sum::<f64>()
}

/// Largest share by which the mean of a row with outcome zero falls.
#[expect(
    clippy::inline_always,
    reason = "must become part of the vectorized pass"
)]
#[inline(always)]
fn fall(outcome: &[f64], means: &[f64], before: &[f64]) -> f64 {
    let mut least = [1.0; 4];
    let (y, y_rest) = outcome.as_chunks::<4>();
    let (m, m_rest) = means.as_chunks::<4>();
    let (b, b_rest) = before.as_chunks::<4>();
    let keeps = |y: f64, mean: f64, before: f64| if y > 0.0 { 1.0 } else { mean / before };
    for ((y, m), b) in y.iter().zip(m).zip(b) {
        for l in 0..4 {
            let kept = keeps(y[l], m[l], b[l]);
            least[l] = if kept < least[l] { kept } else { least[l] };
        }
    }
    for ((y, m), b) in y_rest.iter().zip(m_rest).zip(b_rest) {
        least[0] = least[0].min(keeps(*y, *m, *b));
    }
    1.0 - least[0].min(least[1]).min(least[2].min(least[3]))
}

/// Offset, regressors and effects of a run's rows, without the level of the run.
#[expect(
    clippy::inline_always,
    reason = "must become part of the vectorized pass"
)]
#[inline(always)]
fn predict<const L: usize>(
    objective: &Objective<'_>,
    terms: &[Term],
    tail: &[Vec<[f64; L]>],
    rows: std::ops::Range<usize>,
    head: &[[f64; L]],
    out: &mut Vec<f64>,
) {
    let coefficients = &objective.coefficients;
    out.clear();
    match objective.offset {
        Some(offset) => out.extend_from_slice(&offset[rows.clone()]),
        None => out.resize(rows.len(), 0.0),
    }
    let mut first = [0.0; L];
    let own = coefficients.len().min(L - 1);
    first[1..=own].copy_from_slice(&coefficients[..own]);
    for (out, lane) in out.iter_mut().zip(head) {
        // Lane 0 is the old residual; its factor is zero, but it may be infinite.
        for l in 1..L {
            *out += first[l] * lane[l];
        }
    }
    for (block, lanes) in tail.iter().enumerate() {
        let from = (block + 1) * L - 1;
        let factors = &coefficients[from..coefficients.len().min(from + L)];
        for (out, lane) in out.iter_mut().zip(&lanes[rows.clone()]) {
            for (lane, factor) in lane.iter().zip(factors) {
                *out += factor * lane;
            }
        }
    }
    for term in terms {
        let ids = &term.ids[rows.clone()];
        match &term.slope {
            None => {
                for (out, &id) in out.iter_mut().zip(ids) {
                    *out += objective.levels[id as usize];
                }
            }
            Some(slope) => {
                for ((out, &id), slope) in out.iter_mut().zip(ids).zip(&slope[rows.clone()]) {
                    *out += slope * objective.levels[id as usize];
                }
            }
        }
    }
}

/// Sums of a row's value, times the size of the slope's variable, by level.
fn level_sums<const L: usize>(panel: &Panel<L>, values: &[f64]) -> Vec<f64> {
    let sums: Vec<Vec<f64>> = panel
        .terms
        .par_iter()
        .map(|term| {
            let start = term.levels.start;
            let mut sums = vec![0.0; term.levels.len()];
            for (row, (&id, value)) in term.ids.iter().zip(values).enumerate() {
                let size = term.slope.as_ref().map_or(1.0, |slope| slope[row].abs());
                sums[id as usize - start] += size * value;
            }
            sums
        })
        .collect();
    sums.concat()
}

fn shift(values: &mut [f64], by: &[f64], share: f64) {
    for (value, by) in values.iter_mut().zip(by) {
        *value += share * by;
    }
}

#[expect(clippy::mut_mut, reason = "the rest of the slice is left in its place")]
fn take<'a, T>(slice: &mut &'a mut [T], count: usize) -> &'a mut [T] {
    let (front, back) = std::mem::take(slice).split_at_mut(count);
    *slice = back;
    front
}
