//! The mean, the weights and the working residual at given coefficients and effects.

use std::borrow::Cow;
use std::ops::Range;

use rayon::prelude::*;

use crate::elementary::exp;
use crate::panel::{Chunk, Panel, Term, over_chunks, take};
use crate::strands::{dot, sum};

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
struct Part<'a> {
    weight: &'a mut [f64],
    residual: &'a mut [f64],
    run_scale: &'a mut [f64],
    run_levels: &'a mut [f64],
    /// Room for one run.
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
        let sizes: Cow<'_, [f64]> = match self.family {
            Family::Poisson => Cow::Borrowed(self.outcome),
            Family::Gaussian => {
                let rows = self.outcome.iter().zip(&panel.weight);
                rows.map(|(y, w)| w * y.abs()).collect()
            }
        };
        let margins = level_sums(panel, &sizes);
        self.scales.clone_from(&margins);
        let least = 1e-9 * sizes.iter().sum::<f64>();
        for scale in &mut self.scales {
            *scale = scale.max(least).max(f64::MIN_POSITIVE);
        }
        if self.family == Family::Poisson {
            self.fit_margins(panel, &margins);
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
        let mut weight = std::mem::take(&mut panel.weight);
        let mut residual = std::mem::take(&mut panel.residual);
        let mut run_scale = std::mem::take(&mut panel.run_scale);
        let mut parts = Vec::with_capacity(panel.chunks.len());
        let (mut weights, mut residuals) = (weight.as_mut_slice(), residual.as_mut_slice());
        let mut run_scales = run_scale.as_mut_slice();
        let mut run_level = run_levels.as_mut_slice();
        for chunk in &panel.chunks {
            let rows = panel.chunk_rows(chunk).len();
            parts.push(Part {
                weight: take(&mut weights, rows),
                residual: take(&mut residuals, rows),
                run_scale: take(&mut run_scales, chunk.runs.len()),
                run_levels: take(&mut run_level, chunk.runs.len()),
                predictor: vec![0.0; panel.longest],
                value: 0.0,
                fall: 0.0,
                weights: 0.0,
                squares: 0.0,
            });
        }
        let (this, shared) = (&*self, &*panel);
        over_chunks(
            &panel.chunks,
            &mut parts,
            #[inline(always)]
            |chunk, part| evaluate_chunk(this, shared, chunk, part),
        );
        let sum = |of: fn(&Part<'_>) -> f64| parts.iter().map(of).sum::<f64>();
        let value = sum(|part| part.value);
        let (weights, squares) = (sum(|part| part.weights), sum(|part| part.squares));
        let fall = parts.iter().map(|part| part.fall).fold(0.0, f64::max);
        drop(parts);
        (self.value, self.fall) = (value, fall);
        (self.total_weight, self.total_square) = (weights, squares);
        self.run_levels = run_levels;
        (panel.weight, panel.residual, panel.run_scale) = (weight, residual, run_scale);
    }

    /// Makes the mean agree with the outcome by level of one term after another, with all
    /// coefficients at zero.
    fn fit_margins<const L: usize>(&mut self, panel: &Panel<L>, margins: &[f64]) {
        let part = || (vec![0.0; panel.levels], vec![0.0; panel.longest]);
        let mut parts: Vec<(Vec<f64>, Vec<f64>)> = panel.chunks.iter().map(|_| part()).collect();
        for term in (0..SWEEPS).flat_map(|_| &panel.terms) {
            if term.slope.is_some() {
                continue;
            }
            let this = &*self;
            panel.over_chunks(
                &mut parts,
                #[inline(always)]
                |chunk, (sums, means)| margin_chunk(this, panel, term, chunk, sums, means),
            );
            for level in term.levels.clone() {
                let sum: f64 = parts.iter().map(|(sums, _)| sums[level]).sum();
                if sum > 0.0 && sum.is_finite() && margins[level] > 0.0 {
                    self.levels[level] += (margins[level] / sum).ln();
                }
            }
        }
    }

    /// Raises means that are far below their outcome; the working residual carries the
    /// difference to the model's predictor.
    fn raise<const L: usize>(&mut self, panel: &mut Panel<L>) {
        const STRETCH: usize = 1 << 14;
        panel
            .residual
            .par_chunks_mut(STRETCH)
            .zip(panel.weight.par_chunks_mut(STRETCH))
            .zip(self.outcome.par_chunks(STRETCH))
            .for_each(|((residuals, weights), outcome)| {
                let rows = residuals.iter_mut().zip(weights);
                for ((residual, weight), &y) in rows.zip(outcome) {
                    let least = FLOOR * y;
                    if *weight < least {
                        *residual = (least / *weight).ln() + (y - least) / least;
                        *weight = least;
                    }
                }
            });
        panel.weigh_runs();
    }
}

/// Sums of the means by level of one term, with the levels of the runs maximized out.
#[expect(
    clippy::inline_always,
    reason = "must become part of the vectorized pass"
)]
#[inline(always)]
fn margin_chunk<const L: usize>(
    objective: &Objective<'_>,
    panel: &Panel<L>,
    term: &Term,
    chunk: &Chunk,
    sums: &mut [f64],
    means: &mut [f64],
) {
    sums[term.levels.clone()].fill(0.0);
    for run in chunk.runs.clone() {
        let rows = panel.run(run);
        let outcome = &objective.outcome[rows.clone()];
        let means = &mut means[..rows.len()];
        objective.add_effects(panel, run, means);
        for mean in means.iter_mut() {
            *mean = exp(*mean);
        }
        let (total, fitted) = (sum(outcome), sum(means));
        let factor = if panel.eliminated && fitted > 0.0 && total > 0.0 {
            total / fitted
        } else {
            1.0
        };
        add_to_levels(term, run, rows, means, factor, sums);
    }
}

#[expect(
    clippy::inline_always,
    reason = "must become part of the vectorized pass"
)]
#[inline(always)]
fn evaluate_chunk<const L: usize>(
    objective: &Objective<'_>,
    panel: &Panel<L>,
    chunk: &Chunk,
    part: &mut Part<'_>,
) {
    let start = panel.run(chunk.runs.start).start;
    for run in chunk.runs.clone() {
        let rows = panel.run(run);
        let own = rows.start - start..rows.end - start;
        let at = run - chunk.runs.start;
        let outcome = &objective.outcome[rows.clone()];
        let predictor = &mut part.predictor[..rows.len()];
        objective.add_effects(panel, run, predictor);
        objective.add_regressors(panel, rows, predictor);
        let weight = &mut part.weight[own.clone()];
        let residual = &mut part.residual[own];
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
                if panel.eliminated && means > 0.0 && total > 0.0 {
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
                for ((mean, y), residual) in predictor.iter().zip(outcome).zip(residual) {
                    *residual = (y - mean) / mean;
                }
                weight.copy_from_slice(predictor);
                part.weights += means;
                part.run_scale[at] = if panel.eliminated { 1.0 / means } else { 0.0 };
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
                    residual[i] = predictor[i] - mean;
                    part.weights += weight[i];
                    part.squares += weight[i] * residual[i] * residual[i];
                }
                part.value = -part.squares;
            }
        }
    }
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

impl Objective<'_> {
    /// Offset and effects of a run's rows, without the level of the run.
    #[expect(
        clippy::inline_always,
        reason = "must become part of the vectorized pass"
    )]
    #[inline(always)]
    fn add_effects<const L: usize>(&self, panel: &Panel<L>, run: usize, out: &mut [f64]) {
        let rows = panel.run(run);
        match self.offset {
            Some(offset) => out.copy_from_slice(&offset[rows.clone()]),
            None => out.fill(0.0),
        }
        for term in &panel.terms {
            if let Some(start) = term.steady(run) {
                let levels = &self.levels[start..start + out.len()];
                for (out, level) in out.iter_mut().zip(levels) {
                    *out += level;
                }
                continue;
            }
            let ids = &term.ids[rows.clone()];
            match &term.slope {
                None => {
                    for (out, &id) in out.iter_mut().zip(ids) {
                        *out += self.levels[id as usize];
                    }
                }
                Some(slope) => {
                    for ((out, &id), slope) in out.iter_mut().zip(ids).zip(&slope[rows.clone()]) {
                        *out += slope * self.levels[id as usize];
                    }
                }
            }
        }
    }

    /// Adds what the regressors make of some rows.
    #[expect(
        clippy::inline_always,
        reason = "must become part of the vectorized pass"
    )]
    #[inline(always)]
    fn add_regressors<const L: usize>(
        &self,
        panel: &Panel<L>,
        rows: Range<usize>,
        out: &mut [f64],
    ) {
        if self
            .coefficients
            .iter()
            .all(|&coefficient| coefficient == 0.0)
        {
            return;
        }
        for (block, lanes) in panel.blocks.iter().enumerate() {
            // Lane 0 of the first block belongs to the residual.
            let from = (block * L).saturating_sub(1);
            let until = ((block + 1) * L - 1).min(self.coefficients.len());
            let first = usize::from(block == 0);
            let mut factors = [0.0; L];
            factors[first..first + until - from].copy_from_slice(&self.coefficients[from..until]);
            for (out, lane) in out.iter_mut().zip(&lanes[rows.clone()]) {
                for l in 0..L {
                    *out += factors[l] * lane[l];
                }
            }
        }
    }
}

/// Sums of a row's value, times the size of the slope's variable, by level.
fn level_sums<const L: usize>(panel: &Panel<L>, values: &[f64]) -> Vec<f64> {
    let mut parts = vec![vec![0.0; panel.levels]; panel.chunks.len()];
    panel.over_chunks(
        &mut parts,
        #[inline(always)]
        |chunk, sums| {
            for run in chunk.runs.clone() {
                let rows = panel.run(run);
                for term in &panel.terms {
                    add_to_levels(term, run, rows.clone(), &values[rows.clone()], 1.0, sums);
                }
            }
        },
    );
    (0..panel.levels)
        .map(|level| parts.iter().map(|sums| sums[level]).sum())
        .collect()
}

/// Adds the values of a run's rows, scaled, to the levels of a term.
#[expect(
    clippy::inline_always,
    reason = "must become part of the vectorized pass"
)]
#[inline(always)]
fn add_to_levels(
    term: &Term,
    run: usize,
    rows: Range<usize>,
    values: &[f64],
    scale: f64,
    sums: &mut [f64],
) {
    if let Some(start) = term.steady(run) {
        for (sum, value) in sums[start..start + values.len()].iter_mut().zip(values) {
            *sum += scale * value;
        }
        return;
    }
    let ids = term.ids[rows.clone()].iter().zip(values);
    match &term.slope {
        None => {
            for (&id, value) in ids {
                sums[id as usize] += scale * value;
            }
        }
        Some(slope) => {
            for ((&id, value), slope) in ids.zip(&slope[rows]) {
                sums[id as usize] += scale * value * slope.abs();
            }
        }
    }
}

fn shift(values: &mut [f64], by: &[f64], share: f64) {
    for (value, by) in values.iter_mut().zip(by) {
        *value += share * by;
    }
}
