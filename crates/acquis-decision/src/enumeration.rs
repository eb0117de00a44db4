//! Every coalition in turn, each differing from the last by one player (Gray code): the oracle
//! of the faster methods, and the way to the Johnston index.

use acquis_coalitions::bits;
use num_bigint::BigUint;
use num_rational::BigRational;
use num_traits::Zero;
use rayon::prelude::*;

use crate::decimal::ratio;
use crate::game::{Game, Staircase};
use crate::middle::Counts;
use crate::power::{GameError, Method, Power};
use crate::subsets::Amount;

/// Players up to whom coalitions are enumerated where size and one vector of weights decide.
const MOST_ON_STAIRS: usize = 30;
/// And under any formula.
const MOST: usize = 24;
/// Blocks that threads take; fixed, so that the work is cut the same way on every machine.
const BLOCK_BITS: usize = 6;

/// `[player][c]`: coalitions in which the player and `c - 1` others are critical.
type Shares = Vec<Vec<u64>>;

impl Game {
    /// The Johnston index: each winning coalition that some members can make lose shares one
    /// among those members.
    ///
    /// # Errors
    /// [`GameError::TooLarge`] beyond 30 players, or 24 where more than one vector of weights
    /// counts: every coalition is looked at.
    pub fn johnston(&self) -> Result<Power, GameError> {
        let n = self.len();
        let stairs = self.staircase();
        let most = if stairs.is_some() {
            MOST_ON_STAIRS
        } else {
            MOST
        };
        if n > most {
            return Err(GameError::TooLarge {
                what: "the Johnston index",
                players: n,
                why: "goes up to 30, and to 24 where more than one vector of weights counts",
            });
        }
        let tally = match stairs {
            Some(stairs) => on_stairs(&stairs),
            None => under_formula(self),
        };
        let value = |by_number: &Vec<u64>| {
            let shared = by_number.iter().enumerate().skip(1);
            shared.fold(BigRational::zero(), |sum, (critical, &coalitions)| {
                sum + ratio(&BigUint::from(coalitions), &BigUint::from(critical))
            })
        };
        let raw: Vec<BigRational> = tally.iter().map(value).collect();
        let sum = raw
            .iter()
            .fold(BigRational::zero(), |sum, value| sum + value);
        let exact = raw.into_iter().map(|value| value / &sum).collect();
        Ok(Power::exact(exact, Method::Enumeration))
    }
}

/// Counts winning coalitions by size and member; `None` beyond 24 players.
pub(crate) fn count_winning(game: &Game) -> Option<Counts> {
    let n = game.len();
    if n > MOST {
        return None;
    }
    let low = n.saturating_sub(BLOCK_BITS);
    let count_block = |block: u64| {
        let mut counts = Counts::none(n);
        let mut visit = |mask: u64| {
            if game.wins_mask(mask) {
                let size = mask.count_ones() as usize;
                counts.winning[size] += 1;
                for member in bits(mask) {
                    counts.with_member[member][size] += 1;
                }
            }
        };
        visit(block << low);
        gray(block << low, low, |_, _, mask| visit(mask));
        counts
    };
    let blocks = (0..1_u64 << (n - low)).into_par_iter().map(count_block);
    Some(blocks.reduce(|| Counts::none(n), |sum, part| sum.add(&part)))
}

/// Runs blocks of coalitions in parallel and adds their shares: `walk(block, bits of a block)`.
fn in_blocks(n: usize, walk: impl Fn(u64, usize) -> Shares + Sync) -> Shares {
    let low = n.saturating_sub(BLOCK_BITS);
    let none = || vec![vec![0; n + 1]; n];
    let blocks = (0..1_u64 << (n - low)).into_par_iter();
    blocks
        .map(|block| walk(block << low, low))
        .reduce(none, |mut sum, part| {
            for (sum, part) in sum.iter_mut().flatten().zip(part.iter().flatten()) {
                *sum += part;
            }
            sum
        })
}

/// Visits `fixed` with every subset of the lowest bits; `change(player, joins)` comes before
/// each visit but the first.
fn gray(fixed: u64, low: usize, mut change: impl FnMut(usize, bool, u64)) {
    let mut mask = fixed;
    for step in 1..1_u64 << low {
        let player = step.trailing_zeros() as usize;
        mask ^= 1 << player;
        change(player, mask >> player & 1 == 1, mask);
    }
}

fn on_stairs(stairs: &Staircase) -> Shares {
    if stairs.weights.iter().sum::<u128>() < u128::from(u64::MAX >> 1) {
        on_stairs_in::<u64>(stairs)
    } else {
        on_stairs_in::<u128>(stairs)
    }
}

/// With one vector of weights, in descending order, the members critical in a coalition of weight
/// `w` and size `s` are its members heavier than `w - least[s-1]`: a leading run.
fn on_stairs_in<T: Amount>(stairs: &Staircase) -> Shares {
    let n = stairs.weights.len();
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by_key(|&player| std::cmp::Reverse(stairs.weights[player]));
    let weights: Vec<T> = order
        .iter()
        .map(|&player| T::from_wide(stairs.weights[player]))
        .collect();
    // One more than any coalition weighs where none of a size wins.
    let never = stairs.weights.iter().sum::<u128>() + 1;
    let least: Vec<T> = stairs
        .least
        .iter()
        .map(|least| T::from_wide(least.unwrap_or(never)))
        .collect();
    let heaviest = weights.first().copied().unwrap_or_default();
    let sorted = in_blocks(n, |fixed, low| {
        let mut shares = vec![vec![0; n + 1]; n];
        let mut weight = bits(fixed).fold(T::default(), |sum, p| sum + weights[p]);
        let mut visit = |mask: u64, weight: T| {
            let size = mask.count_ones() as usize;
            if size == 0 || weight < least[size] {
                return;
            }
            let before = least[size - 1];
            let run = if weight < before {
                n
            } else {
                let spare = T::lacking(weight, before);
                if heaviest <= spare {
                    return;
                }
                weights.partition_point(|&member| member > spare)
            };
            let critical = mask & u64::MAX >> (64 - run);
            let number = critical.count_ones() as usize;
            for player in bits(critical) {
                shares[player][number] += 1;
            }
        };
        visit(fixed, weight);
        gray(fixed, low, |player, joins, mask| {
            weight = if joins {
                weight + weights[player]
            } else {
                T::lacking(weight, weights[player])
            };
            visit(mask, weight);
        });
        shares
    });
    let mut shares = vec![Vec::new(); n];
    for (row, player) in sorted.into_iter().zip(order) {
        shares[player] = row;
    }
    shares
}

fn under_formula(game: &Game) -> Shares {
    let n = game.len();
    in_blocks(n, |fixed, low| {
        let mut shares = vec![vec![0; n + 1]; n];
        let mut visit = |mask: u64| {
            if !game.wins_mask(mask) {
                return;
            }
            let is_critical = |&player: &usize| !game.wins_mask(mask & !(1 << player));
            let critical: Vec<usize> = bits(mask).filter(is_critical).collect();
            for &player in &critical {
                shares[player][critical.len()] += 1;
            }
        };
        visit(fixed);
        gray(fixed, low, |_, _, mask| visit(mask));
        shares
    })
}
