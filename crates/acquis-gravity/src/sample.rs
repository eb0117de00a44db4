//! The rows that are left to estimate on, and what was left out and why.
//!
//! Rows with a missing value go first. Then levels with a single row and levels whose
//! outcomes are all zero, to a fixed point, because each may create the other.

use std::ops::Range;

use rayon::prelude::*;

use crate::design::{Design, Effect};
use crate::error::{DesignError, EstimateError};
use crate::factor::MISSING;
use crate::options::{Estimator, Options, Singletons};

/// Rows per task of a pass over the input.
const STRETCH: usize = 1 << 16;

/// Why rows were left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// A value of the named column is missing.
    Missing,
    /// The weight is zero.
    ZeroWeight,
    /// Not positive, where a logarithm is taken.
    NotPositive,
    /// The only row of a level of the named effect.
    Singleton,
    /// All outcomes of a level of the named effect are zero.
    AllZero,
    /// Separated by regressors together with effects.
    Separated,
}

/// Rows left out for one reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dropped {
    /// Why.
    pub reason: Reason,
    /// The column or effect it lies with; empty for separation.
    pub name: String,
    /// How many rows.
    pub rows: usize,
    /// The levels concerned, by name (or the first row numbers, from 1, of separated rows).
    pub levels: Vec<String>,
}

/// The rows that are kept.
#[derive(Debug, Clone)]
pub(crate) struct Kept {
    /// Whether each row of the design is in.
    pub(crate) keep: Vec<bool>,
    /// How many are.
    pub(crate) rows: usize,
    /// Rows per level, by effect.
    pub(crate) counts: Vec<Vec<u32>>,
    pub(crate) dropped: Vec<Dropped>,
    /// Rows left out because no finite estimate fits them.
    pub(crate) separated: Vec<u32>,
}

const SINGLETON: u8 = 1;
const ALL_ZERO: u8 = 2;

impl Kept {
    /// Leaves out what has a missing value, then singletons and all-zero levels.
    pub(crate) fn new(design: &Design<'_>, options: &Options) -> Result<Self, EstimateError> {
        let rows = design.rows();
        if rows >= MISSING as usize {
            return Err(DesignError::TooManyRows(rows).into());
        }
        let mut kept = Self {
            keep: vec![true; rows],
            rows,
            counts: Vec::new(),
            dropped: Vec::new(),
            separated: Vec::new(),
        };
        kept.leave_out_unusable(design, options)?;
        let positive = kept.count(design);
        kept.prune(design, options, positive)?;
        Ok(kept)
    }

    /// Exactly these rows.
    pub(crate) fn of(design: &Design<'_>, rows: &[u32]) -> Result<Self, EstimateError> {
        let mut keep = vec![false; design.rows()];
        for &row in rows {
            let Some(keep) = keep.get_mut(row as usize) else {
                let text = "the fit was made from another design".to_owned();
                return Err(EstimateError::NotApplicable(text));
            };
            *keep = true;
        }
        let mut kept = Self {
            keep,
            rows: rows.len(),
            counts: Vec::new(),
            dropped: Vec::new(),
            separated: Vec::new(),
        };
        kept.count(design);
        Ok(kept)
    }

    /// Leaves out further rows, then what that makes a singleton or all zero.
    pub(crate) fn separate(
        &mut self,
        design: &Design<'_>,
        options: &Options,
        rows: &[u32],
    ) -> Result<(), EstimateError> {
        for &row in rows {
            self.keep[row as usize] = false;
        }
        self.rows -= rows.len();
        self.separated.extend_from_slice(rows);
        let examples = rows.iter().take(20);
        self.dropped.push(Dropped {
            reason: Reason::Separated,
            name: String::new(),
            rows: rows.len(),
            levels: examples.map(|&row| (row + 1).to_string()).collect(),
        });
        let positive = self.count(design);
        self.prune(design, options, positive)
    }

    fn leave_out_unusable(
        &mut self,
        design: &Design<'_>,
        options: &Options,
    ) -> Result<(), EstimateError> {
        let slopes = design.effects.iter().filter_map(|e| e.slope.as_ref());
        let columns = std::iter::once(&design.outcome)
            .chain(&design.regressors)
            .chain(slopes)
            .chain(&design.weights)
            .chain(&design.offset);
        for column in columns {
            // Most columns miss nothing, and are read once.
            if column.values.par_iter().all(|value| value.is_finite()) {
                continue;
            }
            let missing = |row: usize| !column.values[row].is_finite();
            self.leave_out(Reason::Missing, &column.name, missing);
        }
        let effects = design.effects.iter().map(|e| (&e.name, &e.factor));
        let clusters = design.clusters.iter().map(|c| (&c.name, &c.factor));
        for (name, factor) in effects.chain(clusters) {
            let codes = factor.codes();
            if codes.par_iter().all(|&code| code != MISSING) {
                continue;
            }
            self.leave_out(Reason::Missing, name, |row| codes[row] == MISSING);
        }
        if let Some(weights) = &design.weights {
            self.leave_out(Reason::ZeroWeight, &weights.name, |row| {
                weights.values[row] == 0.0
            });
        }
        let outcome = &design.outcome;
        match options.estimator {
            Estimator::LeastSquares => {}
            Estimator::LogLinear => self.leave_out(Reason::NotPositive, &outcome.name, |row| {
                outcome.values[row] <= 0.0
            }),
            Estimator::Poisson => {
                let negative = |row: &usize| self.keep[*row] && outcome.values[*row] < 0.0;
                if outcome.values.par_iter().any(|&y| y < 0.0)
                    && let Some(row) = (0..design.rows()).find(negative)
                {
                    return Err(DesignError::NegativeOutcome {
                        outcome: outcome.name.clone(),
                        row: row + 1,
                        value: outcome.values[row],
                        rows: (0..design.rows()).filter(negative).count(),
                    }
                    .into());
                }
            }
        }
        Ok(())
    }

    fn leave_out(&mut self, reason: Reason, name: &str, out: impl Fn(usize) -> bool + Sync) {
        let gone: usize = self
            .keep
            .par_chunks_mut(STRETCH)
            .enumerate()
            .map(|(stretch, keep)| {
                let mut gone = 0;
                for (row, keep) in (stretch * STRETCH..).zip(keep) {
                    if *keep && out(row) {
                        *keep = false;
                        gone += 1;
                    }
                }
                gone
            })
            .sum();
        if gone > 0 {
            self.rows -= gone;
            self.dropped.push(Dropped {
                reason,
                name: name.to_owned(),
                rows: gone,
                levels: Vec::new(),
            });
        }
    }

    /// Counts the rows of each level; returns how many have a positive outcome.
    fn count(&mut self, design: &Design<'_>) -> Vec<Vec<u32>> {
        let outcome = &design.outcome.values;
        let half = design.rows().div_ceil(2);
        let part = |codes: &[u32], levels: usize, rows: Range<usize>| {
            let mut counts = vec![[0_u32; 2]; levels];
            // Rows of a level often follow on one another.
            let (mut last, mut own) = (0, [0; 2]);
            for row in rows.filter(|&row| self.keep[row]) {
                let code = codes[row] as usize;
                if code != last {
                    for i in 0..2 {
                        counts[last][i] += own[i];
                    }
                    (last, own) = (code, [0; 2]);
                }
                own[0] += 1;
                own[1] += u32::from(outcome[row] > 0.0);
            }
            if let Some(count) = counts.get_mut(last) {
                for i in 0..2 {
                    count[i] += own[i];
                }
            }
            counts
        };
        let counts = |effect: &Effect<'_>| {
            let (codes, levels) = (effect.factor.codes(), effect.factor.levels());
            let (mut counts, others) = rayon::join(
                || part(codes, levels, 0..half),
                || part(codes, levels, half..codes.len()),
            );
            for (count, other) in counts.iter_mut().zip(others) {
                for i in 0..2 {
                    count[i] += other[i];
                }
            }
            counts
        };
        let counts: Vec<Vec<[u32; 2]>> = design.effects.par_iter().map(counts).collect();
        let column = |i: usize| -> Vec<Vec<u32>> {
            let column = |counts: &Vec<[u32; 2]>| counts.iter().map(|count| count[i]).collect();
            counts.iter().map(column).collect()
        };
        self.counts = column(0);
        column(1)
    }

    /// Leaves out singletons and all-zero levels until there are none.
    fn prune(
        &mut self,
        design: &Design<'_>,
        options: &Options,
        mut positive: Vec<Vec<u32>>,
    ) -> Result<(), EstimateError> {
        let singletons = options.singletons == Singletons::Drop;
        let zeros = options.estimator == Estimator::Poisson;
        let outcome = &design.outcome.values;
        let mut gone: Vec<[usize; 2]> = vec![[0; 2]; design.effects.len()];
        let mut levels: Vec<[Vec<u32>; 2]> = vec![[Vec::new(), Vec::new()]; gone.len()];
        loop {
            let mut flags: Vec<Vec<u8>> = Vec::with_capacity(gone.len());
            let mut any = false;
            for (e, effect) in design.effects.iter().enumerate() {
                let mut flag = vec![0; effect.factor.levels()];
                if effect.slope.is_none() {
                    for (level, flag) in flag.iter_mut().enumerate() {
                        let count = self.counts[e][level];
                        *flag = match count {
                            0 => continue,
                            _ if zeros && positive[e][level] == 0 => ALL_ZERO,
                            1 if singletons => SINGLETON,
                            _ => continue,
                        };
                        levels[e][usize::from(*flag) - 1].push(level as u32);
                        any = true;
                    }
                }
                flags.push(flag);
            }
            if !any {
                break;
            }
            for (row, effect, flag) in self.flagged(design, &flags) {
                self.keep[row as usize] = false;
                self.rows -= 1;
                if flag == ALL_ZERO {
                    self.separated.push(row);
                }
                gone[effect as usize][usize::from(flag) - 1] += 1;
                for (e, effect) in design.effects.iter().enumerate() {
                    let level = effect.factor.codes()[row as usize] as usize;
                    self.counts[e][level] -= 1;
                    if zeros && outcome[row as usize] > 0.0 {
                        positive[e][level] -= 1;
                    }
                }
            }
        }
        self.report(design, &gone, &levels);
        if self.rows == 0 {
            return Err(EstimateError::EmptySample(summary(&self.dropped)));
        }
        Ok(())
    }

    /// Rows that are in but have a flagged level, with the first such effect and its flag.
    fn flagged(&self, design: &Design<'_>, flags: &[Vec<u8>]) -> Vec<(u32, u32, u8)> {
        let codes: Vec<(u32, &[u32], &[u8])> = (0_u32..)
            .zip(design.effects.iter().zip(flags))
            .filter(|(_, (_, flags))| flags.iter().any(|&flag| flag > 0))
            .map(|(e, (effect, flags))| (e, effect.factor.codes(), flags.as_slice()))
            .collect();
        let stretch = |(stretch, keep): (usize, &[bool])| {
            let start = stretch * STRETCH;
            let mut found = Vec::new();
            for (row, _) in (start..).zip(keep).filter(|(_, keep)| **keep) {
                for &(e, codes, flags) in &codes {
                    let flag = flags[codes[row] as usize];
                    if flag > 0 {
                        found.push((row as u32, e, flag));
                        break;
                    }
                }
            }
            found
        };
        let found: Vec<Vec<_>> = self
            .keep
            .par_chunks(STRETCH)
            .enumerate()
            .map(stretch)
            .collect();
        found.concat()
    }

    fn report(&mut self, design: &Design<'_>, gone: &[[usize; 2]], levels: &[[Vec<u32>; 2]]) {
        for (e, effect) in design.effects.iter().enumerate() {
            for (flag, reason) in [(0, Reason::Singleton), (1, Reason::AllZero)] {
                let mut codes = levels[e][flag].clone();
                codes.sort_unstable();
                if codes.is_empty() {
                    continue;
                }
                self.dropped.push(Dropped {
                    reason,
                    name: effect.name.clone(),
                    rows: gone[e][flag],
                    levels: codes.iter().map(|&c| effect.factor.label(c)).collect(),
                });
            }
        }
    }
}

/// One line about what was left out.
pub(crate) fn summary(dropped: &[Dropped]) -> String {
    let line = |dropped: &Dropped| {
        let why = match dropped.reason {
            Reason::Missing => "missing",
            Reason::ZeroWeight => "of weight zero",
            Reason::NotPositive => "not positive",
            Reason::Singleton => "singletons",
            Reason::AllZero => "in levels that are all zero",
            Reason::Separated => "separated",
        };
        match dropped.name.as_str() {
            "" => format!("{} rows {why}", dropped.rows),
            name => format!("{} rows {why} ({name})", dropped.rows),
        }
    };
    let lines: Vec<String> = dropped.iter().map(line).collect();
    if lines.is_empty() {
        "there was none".to_owned()
    } else {
        lines.join(", ")
    }
}
