//! Puts the kept rows in the order of runs and numbers the levels that occur.

use std::ops::Range;

use rayon::prelude::*;

use crate::design::{Column, Design};
use crate::factor::MISSING;
use crate::panel::{Panel, Term};
use crate::sample::Kept;

/// Rows per task when columns are put in order.
const STRETCH: usize = 1 << 12;

/// The levels of one effect as the estimation numbers them.
#[derive(Debug, Clone)]
pub(crate) struct Levels {
    /// Which effect of the design.
    pub(crate) effect: usize,
    /// The code of each level in the design.
    pub(crate) codes: Vec<u32>,
    /// Positions among all levels; empty for the eliminated effect.
    pub(crate) positions: Range<usize>,
}

/// The kept rows in order.
#[derive(Debug)]
pub(crate) struct Order {
    /// Row of the design by row of the sample.
    pub(crate) rows: Vec<u32>,
    /// First row of each run, and the number of rows.
    pub(crate) runs: Vec<u32>,
    /// The effect whose levels are the runs.
    pub(crate) eliminated: Option<Levels>,
    pub(crate) others: Vec<Levels>,
}

impl Order {
    /// Sorts by the effect with most levels, keeping the order within a level.
    pub(crate) fn new(design: &Design<'_>, kept: &Kept) -> Self {
        let most = (0..design.effects.len())
            .filter(|&e| design.effects[e].slope.is_none())
            .max_by_key(|&e| {
                let present = kept.counts[e].iter().filter(|&&count| count > 0).count();
                (present, std::cmp::Reverse(e))
            });
        let mut position = 0;
        let mut others = Vec::new();
        for (e, counts) in kept.counts.iter().enumerate() {
            if Some(e) == most {
                continue;
            }
            let codes = present(counts);
            let start = position;
            position += codes.len();
            others.push(Levels {
                effect: e,
                codes,
                positions: start..position,
            });
        }
        let (rows, runs, eliminated) = match most {
            Some(e) => {
                let codes = present(&kept.counts[e]);
                let (rows, runs) = sort(design.effects[e].factor.codes(), kept, e, &codes);
                let levels = Levels {
                    effect: e,
                    codes,
                    positions: 0..0,
                };
                (rows, runs, Some(levels))
            }
            None => (in_order(kept), vec![0, kept.rows as u32], None),
        };
        Self {
            rows,
            runs,
            eliminated,
            others,
        }
    }

    /// The values of a column in the order of the sample.
    pub(crate) fn column(&self, column: &Column<'_>) -> Vec<f64> {
        let mut out = vec![0.0; self.rows.len()];
        out.par_chunks_mut(STRETCH)
            .zip(self.rows.par_chunks(STRETCH))
            .for_each(|(out, rows)| {
                for (out, &row) in out.iter_mut().zip(rows) {
                    *out = column.values[row as usize];
                }
            });
        out
    }

    /// The codes of a factor in the order of the sample.
    pub(crate) fn codes(&self, codes: &[u32]) -> Vec<u32> {
        let mut out = vec![0; self.rows.len()];
        out.par_chunks_mut(STRETCH)
            .zip(self.rows.par_chunks(STRETCH))
            .for_each(|(out, rows)| {
                for (out, &row) in out.iter_mut().zip(rows) {
                    *out = codes[row as usize];
                }
            });
        out
    }

    /// The sample as a panel whose lanes are the working residual and the regressors.
    ///
    /// A design without any fixed effect has the whole sample as its single run.
    pub(crate) fn panel<const L: usize>(
        &self,
        design: &Design<'_>,
        regressors: &[usize],
        weight: Vec<f64>,
    ) -> Panel<L> {
        let columns: Vec<&[f64]> = regressors
            .iter()
            .map(|&k| &*design.regressors[k].values)
            .collect();
        let blocks = (columns.len() + 1).div_ceil(L);
        let block = |block: usize| {
            let mut lanes = vec![[0.0; L]; self.rows.len()];
            let first = usize::from(block == 0);
            let from = (block * L).saturating_sub(1);
            let until = ((block + 1) * L - 1).min(columns.len());
            let columns = &columns[from..until];
            lanes
                .par_chunks_mut(STRETCH)
                .zip(self.rows.par_chunks(STRETCH))
                .for_each(|(lanes, rows)| {
                    for (at, column) in (first..).zip(columns) {
                        for (lane, &row) in lanes.iter_mut().zip(rows) {
                            lane[at] = column[row as usize];
                        }
                    }
                });
            lanes
        };
        let blocks = (0..blocks).map(block).collect();
        let terms = self.others.iter().map(|levels| self.term(design, levels));
        let eliminated = self.eliminated.is_some() || design.effects.is_empty();
        Panel::new(
            self.runs.clone(),
            eliminated,
            terms.collect(),
            weight,
            blocks,
        )
    }

    fn term(&self, design: &Design<'_>, levels: &Levels) -> Term {
        let effect = &design.effects[levels.effect];
        let mut position = vec![0; effect.factor.levels()];
        for (at, &code) in (levels.positions.start as u32..).zip(&levels.codes) {
            position[code as usize] = at;
        }
        let codes = effect.factor.codes();
        let mut ids = vec![0; self.rows.len()];
        ids.par_chunks_mut(STRETCH)
            .zip(self.rows.par_chunks(STRETCH))
            .for_each(|(ids, rows)| {
                for (id, &row) in ids.iter_mut().zip(rows) {
                    *id = position[codes[row as usize] as usize];
                }
            });
        let slope = effect.slope.as_ref().map(|slope| self.column(slope));
        Term::new(ids, slope, levels.positions.clone(), &self.runs)
    }
}

fn present(counts: &[u32]) -> Vec<u32> {
    (0..)
        .zip(counts)
        .filter(|(_, count)| **count > 0)
        .map(|(code, _)| code)
        .collect()
}

fn in_order(kept: &Kept) -> Vec<u32> {
    let mut rows = Vec::with_capacity(kept.rows);
    rows.extend(
        (0_u32..)
            .zip(&kept.keep)
            .filter(|(_, keep)| **keep)
            .map(|(row, _)| row),
    );
    rows
}

/// Kept rows by code, stably, and where each code's run begins.
fn sort(codes: &[u32], kept: &Kept, effect: usize, present: &[u32]) -> (Vec<u32>, Vec<u32>) {
    let counts = &kept.counts[effect];
    let mut runs = Vec::with_capacity(present.len() + 1);
    let mut next = vec![MISSING; counts.len()];
    let mut start = 0;
    for &code in present {
        runs.push(start);
        next[code as usize] = start;
        start += counts[code as usize];
    }
    runs.push(start);
    if is_sorted(codes, &kept.keep) {
        return (in_order(kept), runs);
    }
    let mut rows = vec![0; kept.rows];
    for ((row, &keep), &code) in (0_u32..).zip(&kept.keep).zip(codes) {
        if keep {
            let next = &mut next[code as usize];
            rows[*next as usize] = row;
            *next += 1;
        }
    }
    (rows, runs)
}

fn is_sorted(codes: &[u32], keep: &[bool]) -> bool {
    let mut last = 0;
    for (&code, &keep) in codes.iter().zip(keep) {
        if keep {
            if code < last {
                return false;
            }
            last = code;
        }
    }
    true
}
