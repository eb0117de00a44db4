//! Swings of a weighted game with hundreds of players, exactly, from a table by weight.
//!
//! `C(t)`, the number of coalitions that weigh at most `t`, takes one pass per player. The
//! coalitions without player `i` satisfy `B_i(t) = C(t) - B_i(t - w_i)`, so that the
//! player's swings come from every `w_i`-th entry alone:
//!
//! ```text
//! swings_i = B_i(q-1) - B_i(q-1-w_i) = C(q-1) - 2 C(q-1-w_i) + 2 C(q-1-2w_i) - ...
//! ```
//!
//! The game with quota `T - q + 1` has the same swings (its dual); the lower of the two quotas
//! bounds the table. Players come in ascending order of weight, because as long as few light
//! players are in, both the entries in use and their digits are few.

use num_bigint::BigUint;
use num_traits::Zero;

use crate::game::coalitions;
use crate::wide::{Wide, add, big, join_shifted_in_halves, one, subtract, widen};

/// Bytes that a table may take.
pub(crate) const MOST_BYTES: u128 = 1 << 30;

/// Winning coalitions, and swings by player.
pub(crate) struct Swings {
    pub(crate) winning: BigUint,
    pub(crate) swings: Vec<BigUint>,
}

/// Bytes needed for a quota among players.
pub(crate) fn bytes(weights: &[u128], quota: u128) -> u128 {
    let total: u128 = weights.iter().sum();
    let range = quota.min(total - quota + 1);
    range.saturating_mul(8 * limbs(weights.len()) as u128)
}

/// Limbs for counts of coalitions of `n` players, of those that are compiled.
pub(crate) fn limbs(n: usize) -> usize {
    match n {
        0..=63 => 1,
        64..=127 => 2,
        128..=191 => 3,
        192..=255 => 4,
        256..=511 => 8,
        _ => 17,
    }
}

/// Counts for a quota from 1 to the total, whose [`bytes`] are within [`MOST_BYTES`].
pub(crate) fn count(weights: &[u128], quota: u128) -> Swings {
    let total: u128 = weights.iter().sum();
    let range = quota.min(total - quota + 1);
    let mut ascending: Vec<usize> = weights.iter().filter_map(|&w| small(w)).collect();
    ascending.sort_unstable();
    let nobodies = weights.len() - ascending.len();
    let table = Table {
        ascending: &ascending,
        range: small(range).unwrap_or(0),
    };
    let distinct: Vec<usize> = {
        let mut weights = ascending.clone();
        weights.dedup();
        weights
    };
    let (below, by_weight) = table.build(&distinct);
    // Everybody's swings and the losing coalitions double with each player without weight.
    let swings = weights.iter().map(|&weight| {
        let known = small(weight).and_then(|weight| distinct.binary_search(&weight).ok());
        known.map_or_else(BigUint::zero, |place| &by_weight[place] << nobodies)
    });
    let below = below << nobodies;
    let winning = if range == quota {
        coalitions(weights.len()) - below
    } else {
        below
    };
    Swings {
        winning,
        swings: swings.collect(),
    }
}

/// A weight above zero as an index.
fn small(weight: u128) -> Option<usize> {
    usize::try_from(weight).ok().filter(|&weight| weight > 0)
}

struct Table<'a> {
    ascending: &'a [usize],
    range: usize,
}

impl Table<'_> {
    /// Coalitions below the quota, and swings by distinct weight: in ever more limbs, as far
    /// as the number of players asks.
    fn build(&self, distinct: &[usize]) -> (BigUint, Vec<BigUint>) {
        let mut entries: Vec<Wide<1>> = vec![one()];
        let start = self.extend(&mut entries, 0);
        match limbs(self.ascending.len()) {
            1 => self.read(entries, distinct),
            2 => self.read(self.go_on::<1, 2>(entries, start).0, distinct),
            3 => self.read(self.in_three(entries, start).0, distinct),
            4 => {
                let (entries, start) = self.in_three(entries, start);
                self.read(self.go_on::<3, 4>(entries, start).0, distinct)
            }
            8 => self.read(self.in_eight(entries, start).0, distinct),
            _ => {
                let (entries, start) = self.in_eight(entries, start);
                self.read(self.go_on::<8, 17>(entries, start).0, distinct)
            }
        }
    }

    fn in_three(&self, entries: Vec<Wide<1>>, start: usize) -> (Vec<Wide<3>>, usize) {
        let (entries, start) = self.go_on::<1, 2>(entries, start);
        self.go_on::<2, 3>(entries, start)
    }

    fn in_eight(&self, entries: Vec<Wide<1>>, start: usize) -> (Vec<Wide<8>>, usize) {
        let (entries, start) = self.in_three(entries, start);
        self.go_on::<3, 8>(entries, start)
    }

    /// The same table in more limbs, with the players that they have room for.
    fn go_on<const A: usize, const B: usize>(
        &self,
        entries: Vec<Wide<A>>,
        start: usize,
    ) -> (Vec<Wide<B>>, usize) {
        let mut wider = Vec::with_capacity(self.reach(B));
        wider.extend(entries.iter().map(widen::<A, B>));
        drop(entries);
        let next = self.extend(&mut wider, start);
        (wider, next)
    }

    /// Players that `limbs` have room for.
    fn room(&self, limbs: usize) -> usize {
        (64 * limbs - 1).min(self.ascending.len())
    }

    /// Entries in use once the players that `limbs` have room for are in.
    fn reach(&self, limbs: usize) -> usize {
        let players = &self.ascending[..self.room(limbs)];
        let heaviest = players
            .iter()
            .fold(1_usize, |sum, &weight| sum.saturating_add(weight));
        heaviest.min(self.range)
    }

    /// Lets players from `start` in, as many as the limbs have room for.
    fn extend<const L: usize>(&self, entries: &mut Vec<Wide<L>>, start: usize) -> usize {
        let end = self.room(L);
        for &weight in &self.ascending[start..end] {
            let reach = entries.len().saturating_add(weight).min(self.range);
            entries.resize(reach, [0; L]);
            join_shifted_in_halves(entries, weight, &add);
        }
        end
    }

    fn read<const L: usize>(
        &self,
        mut entries: Vec<Wide<L>>,
        distinct: &[usize],
    ) -> (BigUint, Vec<BigUint>) {
        entries.resize(self.range, [0; L]);
        let mut sum = [0; L];
        for entry in &mut entries {
            add(&mut sum, entry);
            *entry = sum;
        }
        let below = entries.last().map_or_else(BigUint::zero, big);
        let swings = distinct.iter().map(|&weight| swings(&entries, weight));
        (below, swings.collect())
    }
}

/// `C(q-1) - 2 C(q-1-w) + 2 C(q-1-2w) - ...`
fn swings<const L: usize>(cumulative: &[Wide<L>], weight: usize) -> BigUint {
    let mut swings = [0; L];
    for (step, entry) in cumulative.iter().rev().step_by(weight).enumerate() {
        let times = if step == 0 { 1 } else { 2 };
        for _ in 0..times {
            if step % 2 == 0 {
                add(&mut swings, entry);
            } else {
                subtract(&mut swings, entry);
            }
        }
    }
    big(&swings)
}
