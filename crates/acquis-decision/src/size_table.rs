//! Swings by size for more players than can be met in the middle, exactly, from a table by
//! size and weight. As in [`crate::weight_table`], coalitions without player `i` come from those
//! of all: `B_i(s, t) = C(s, t) - B_i(s-1, t-w_i)`.

use num_bigint::BigUint;
use num_traits::Zero;

use crate::decimal::binomials;
use crate::game::Staircase;
use crate::weight_table::limbs;
use crate::wide::{Wide, add, big, one, subtract};

/// Bytes that a table may take.
pub(crate) const MOST_BYTES: u128 = 1 << 28;
/// Bytes up to which a table by size is preferred where weight alone counts.
pub(crate) const NARROW_BYTES: u128 = 1 << 25;

/// Winning coalitions by size, and swings by player and size of the coalition joined.
pub(crate) struct SizedSwings {
    pub(crate) winning: Vec<BigUint>,
    pub(crate) swings: Vec<Vec<BigUint>>,
}

/// Bytes needed.
pub(crate) fn bytes(stairs: &Staircase) -> u128 {
    let n = stairs.weights.len();
    width(stairs).saturating_mul((n as u128 + 1) * 8 * limbs(n) as u128)
}

/// Weights from 0 to before the highest that is asked for.
fn width(stairs: &Staircase) -> u128 {
    stairs
        .least
        .iter()
        .flatten()
        .copied()
        .max()
        .unwrap_or(0)
        .max(1)
}

/// Counts, if [`bytes`] are within [`MOST_BYTES`].
pub(crate) fn count(stairs: &Staircase) -> SizedSwings {
    match limbs(stairs.weights.len()) {
        1 => count_in::<1>(stairs),
        2 => count_in::<2>(stairs),
        3 => count_in::<3>(stairs),
        4 => count_in::<4>(stairs),
        8 => count_in::<8>(stairs),
        _ => count_in::<17>(stairs),
    }
}

fn count_in<const L: usize>(stairs: &Staircase) -> SizedSwings {
    let n = stairs.weights.len();
    let table = Cumulative::<L>::new(stairs);
    let all = binomials(n);
    let others = binomials(n.saturating_sub(1));
    let mut winning = all;
    for (size, number) in winning.iter_mut().enumerate() {
        match stairs.least[size] {
            None => *number = BigUint::zero(),
            Some(least) => {
                let least = usize::try_from(least).unwrap_or(usize::MAX);
                if let Some(row) = least.checked_sub(1).and_then(|t| table.at(size, t)) {
                    *number -= big(row);
                }
            }
        }
    }
    let by_weight = |weight: u128| -> Vec<BigUint> {
        let weight = usize::try_from(weight).unwrap_or(usize::MAX);
        let swing = |size: usize| {
            let loses = table.below_without(stairs.least[size], 0, size, weight, &others);
            let still = table.below_without(stairs.least[size + 1], weight, size, weight, &others);
            loses - still
        };
        (0..n).map(swing).collect()
    };
    let mut known: Vec<(u128, Vec<BigUint>)> = Vec::new();
    let swings = stairs.weights.iter().map(|&weight| {
        if let Some((_, swings)) = known.iter().find(|(other, _)| *other == weight) {
            return swings.clone();
        }
        let swings = by_weight(weight);
        known.push((weight, swings.clone()));
        swings
    });
    SizedSwings {
        swings: swings.collect(),
        winning,
    }
}

/// `C(s, t)`: coalitions of `s` members that weigh at most `t`.
struct Cumulative<const L: usize> {
    width: usize,
    /// `[s][t]`
    entries: Vec<Wide<L>>,
}

impl<const L: usize> Cumulative<L> {
    fn new(stairs: &Staircase) -> Self {
        let n = stairs.weights.len();
        let width = usize::try_from(width(stairs)).unwrap_or(1);
        let mut entries = vec![[0; L]; (n + 1) * width];
        entries[0] = one();
        for (joined, &weight) in stairs.weights.iter().enumerate() {
            let Some(weight) = usize::try_from(weight).ok().filter(|&w| w < width) else {
                continue;
            };
            for size in (1..=joined + 1).rev() {
                let (smaller, larger) = entries.split_at_mut(size * width);
                let source = &smaller[(size - 1) * width..size * width - weight];
                for (target, source) in larger[weight..width].iter_mut().zip(source) {
                    add(target, source);
                }
            }
        }
        for row in entries.chunks_mut(width) {
            let mut sum = [0; L];
            for entry in row {
                add(&mut sum, entry);
                *entry = sum;
            }
        }
        Self { width, entries }
    }

    fn at(&self, size: usize, most: usize) -> Option<&Wide<L>> {
        (most < self.width).then(|| &self.entries[size * self.width + most])
    }

    /// Coalitions of `size` members without one player of `weight` that weigh less than
    /// `limit - less`; all of them if there is no limit.
    fn below_without(
        &self,
        limit: Option<u128>,
        less: usize,
        size: usize,
        weight: usize,
        others: &[BigUint],
    ) -> BigUint {
        let Some(limit) = limit else {
            return others[size].clone();
        };
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let mut most = limit
            .checked_sub(less)
            .and_then(|limit| limit.checked_sub(1));
        let mut number = [0; L];
        for fewer in 0..=size {
            let Some(entry) = most.and_then(|most| self.at(size - fewer, most)) else {
                break;
            };
            if fewer % 2 == 0 {
                add(&mut number, entry);
            } else {
                subtract(&mut number, entry);
            }
            most = most.and_then(|most| most.checked_sub(weight));
        }
        big(&number)
    }
}
