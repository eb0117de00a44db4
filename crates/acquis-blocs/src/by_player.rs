//! Internal stability of more partitions than a table of them fits in memory.
//!
//! Whether player `i` leaves takes nothing but its own payoffs, `V_i(P)` and `V_i` of the
//! partition in which it has left. So a game is judged player by player: one column of payoffs
//! at a time, `8 Bell(n)` bytes instead of `8 n Bell(n)`, and one bit per partition for what
//! still holds. For 14 players that is 1.5 GB instead of 21 GB.

use acquis_coalitions::Player;
use rayon::prelude::*;

use crate::memberships::Memberships;
use crate::partition_stability::Left;
use crate::partitions::Partitions;
use crate::payoff::{PayoffError, Reason};
use crate::rules::Tolerance;
use crate::table::{TableError, empty_cells};

/// The partitions that no member of a bloc leaves to stand alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StablePartitions {
    /// In the order of their indices.
    shares: Vec<Share>,
}

/// Partitions that follow each other.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Share {
    prefix: Vec<u8>,
    blocs: usize,
    start: usize,
    count: usize,
    /// By partition from the start: whether it still holds.
    holds: Vec<u64>,
}

impl StablePartitions {
    /// How many there are.
    pub fn count(&self) -> usize {
        let words = self.shares.iter().flat_map(|share| &share.holds);
        words.map(|word| word.count_ones() as usize).sum()
    }

    /// Whether the partition at an index is among them.
    pub fn contains(&self, index: usize) -> bool {
        let share = self.shares.partition_point(|share| share.start <= index);
        let share = share
            .checked_sub(1)
            .and_then(|share| self.shares.get(share));
        share.is_some_and(|share| {
            index < share.start + share.count && share.holds(index - share.start)
        })
    }

    /// Their indices, ascending.
    pub fn indices(&self) -> impl Iterator<Item = usize> {
        self.shares.iter().flat_map(|share| {
            let places = 0..share.count;
            places
                .filter(|&place| share.holds(place))
                .map(|place| share.start + place)
        })
    }
}

impl Share {
    fn holds(&self, place: usize) -> bool {
        self.holds[place / 64] >> (place % 64) & 1 == 1
    }

    /// Strikes out those of the up to 32 partitions from a place on whose bit is set.
    fn strike(&mut self, place: usize, gains: u32) {
        let (word, shift) = (place / 64, place % 64);
        let gains = u128::from(gains) << shift;
        // The halves of the mask.
        #[allow(clippy::cast_possible_truncation, reason = "each half by itself")]
        let (low, high) = (gains as u64, (gains >> 64) as u64);
        self.holds[word] &= !low;
        if high != 0 {
            self.holds[word + 1] &= !high;
        }
    }
}

impl Partitions {
    /// The internally stable partitions of a game whose payoffs are supplied player by player:
    /// `column` writes one player's payoffs in all partitions, in the order of their indices. The
    /// same for any number of threads.
    ///
    /// # Errors
    /// [`TableError`] if a column takes more than 16 GiB or than there is, could not be had, or
    /// holds what is no number.
    pub fn internally_stable_by_player(
        &self,
        tolerance: Tolerance,
        mut column: impl FnMut(Player, &mut [f64]) -> Result<(), Reason>,
    ) -> Result<StablePartitions, TableError> {
        let mut payoffs = empty_cells(self.count(), 1)?;
        let mut stable = StablePartitions {
            shares: self.all_hold(),
        };
        for player in 0..self.players() {
            column(Player::at(player), &mut payoffs).map_err(|reason| PayoffError::Failed {
                state: format!("player {player}"),
                reason,
            })?;
            let unusable = first_unusable(&payoffs);
            if let Some(index) = unusable {
                return Err(TableError::Payoff(PayoffError::NotFinite {
                    player,
                    state: self.state(index).to_string(),
                    value: payoffs[index],
                }));
            }
            let leaver = Leaver {
                partitions: self,
                player,
                payoffs: &payoffs,
                tolerance: tolerance.amount(),
            };
            stable
                .shares
                .par_iter_mut()
                .for_each(|share| leaver.strike_from(share));
        }
        Ok(stable)
    }

    /// All partitions in shares, all of which hold.
    fn all_hold(&self) -> Vec<Share> {
        let mut start = 0;
        let shares = self.shares().into_iter();
        shares
            .map(|(prefix, blocs)| {
                let count = self.continuations(prefix.len(), blocs);
                let count = usize::try_from(count).unwrap_or(usize::MAX);
                let mut holds = vec![u64::MAX; count.div_ceil(64)];
                if let Some(last) = holds.last_mut()
                    && !count.is_multiple_of(64)
                {
                    *last = (1 << (count % 64)) - 1;
                }
                let share = Share {
                    prefix,
                    blocs,
                    start,
                    count,
                    holds,
                };
                start += count;
                share
            })
            .collect()
    }
}

/// Where the first payoff is that is no number. Threads agree on it by the block: by the payoff
/// it would cost more than all else.
fn first_unusable(payoffs: &[f64]) -> Option<usize> {
    const BLOCK: usize = 1 << 14;
    let unusable = |payoff: &f64| !payoff.is_finite();
    let block = payoffs
        .par_chunks(BLOCK)
        .position_first(|block| block.iter().any(unusable))?;
    let start = block * BLOCK;
    let place = payoffs[start..].iter().position(unusable)?;
    Some(start + place)
}

fn index(rank: u64) -> usize {
    usize::try_from(rank).unwrap_or(usize::MAX)
}

/// One player, and where it would rather stand alone.
struct Leaver<'l> {
    partitions: &'l Partitions,
    player: usize,
    payoffs: &'l [f64],
    tolerance: f64,
}

/// A growing string, with the partition in which the player has left.
#[derive(Clone, Copy)]
struct Node {
    place: usize,
    blocs: usize,
    rank: u64,
    left: Left,
}

impl Leaver<'_> {
    fn strike_from(&self, share: &mut Share) {
        let mut node = Node {
            place: 0,
            blocs: 0,
            rank: 0,
            left: Left::NOBODY,
        };
        for &label in &share.prefix.clone() {
            node = self.next(&node, usize::from(label));
        }
        debug_assert_eq!(node.blocs, share.blocs);
        self.below(&node, share);
    }

    /// One more player with this label.
    #[inline]
    fn next(&self, node: &Node, label: usize) -> Node {
        let (place, blocs) = (node.place, node.blocs);
        let unit = |blocs: usize| self.partitions.continuations(place + 1, blocs);
        let mut next = *node;
        if place == self.player {
            next.left = Left::leaving(label, blocs, node.rank + blocs as u64 * unit(blocs));
        } else if place > self.player {
            next.left.follow(label, blocs, unit);
        }
        next.rank += label as u64 * unit(blocs);
        next.blocs += usize::from(label == blocs);
        next.place += 1;
        next
    }

    fn below(&self, node: &Node, share: &mut Share) {
        if node.place + 1 < self.partitions.players() {
            for label in 0..=node.blocs {
                self.below(&self.next(node, label), share);
            }
            return;
        }
        share.strike(index(node.rank) - share.start, self.gains(node));
    }

    /// By label of the last player: whether the leaver gains. The payoffs before and after stand
    /// side by side, in runs without a branch.
    fn gains(&self, node: &Node) -> u32 {
        let own = index(node.rank);
        let stays = &self.payoffs[own..=own + node.blocs];
        if node.place == self.player {
            // The last player alone has the last label.
            let alone = stays[node.blocs];
            return self.gains_in_run(stays, std::iter::repeat(&alone));
        }
        let left = node.left.last(node.blocs);
        let alone = &self.payoffs[index(left.rank)..];
        let (same, one_up) = stays.split_at(left.one_up_from);
        let mut gains = self.gains_in_run(same, alone);
        if !one_up.is_empty() {
            let gains_up = self.gains_in_run(one_up, &alone[left.one_up_from + 1..]);
            gains |= gains_up << left.one_up_from;
        }
        if let Some((label, stands_for)) = left.founded {
            let gain = alone[stands_for] > stays[label] + self.tolerance;
            gains = gains & !(1 << label) | u32::from(gain) << label;
        }
        gains
    }

    #[inline]
    fn gains_in_run<'a>(&self, stays: &[f64], alone: impl IntoIterator<Item = &'a f64>) -> u32 {
        let pairs = stays.iter().zip(alone).enumerate();
        pairs.fold(0, |gains, (label, (stays, alone))| {
            gains | u32::from(*alone > stays + self.tolerance) << label
        })
    }
}
