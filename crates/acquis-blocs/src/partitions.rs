//! All coalition structures, streamed and never stored.
//!
//! A partition is a *restricted growth string*: a label per player, the first 0, each at most one
//! above the highest before it. In their lexicographic order partition number `r` and string are
//! the same thing: with `D(p, m)` the number of ways to go on from place `p` with `m` blocs so
//! far, `D(n, m) = 1` and `D(p, m) = m D(p+1, m) + D(p+1, m+1)`,
//!
//! ```text
//! r = Σ_p  a_p D(p+1, m_p)        m_p blocs among the players before p
//! ```
//!
//! since all labels up to `a_p` keep `m_p` blocs. `D(0, 0)` is Bell's number. (Knuth, The Art
//! of Computer Programming 4A, section 7.2.1.5.)

use rayon::prelude::*;

use crate::memberships::{Memberships, SizeError, check_size};
use crate::structure::CoalitionStructure;

/// All coalition structures of some players: the index is the rank of the string.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partitions {
    players: usize,
    /// `[place][blocs so far]`
    continuations: Vec<[u64; WIDTH]>,
}

/// One above the most players.
pub(crate) const WIDTH: usize = 17;

/// Players in a prefix that one thread takes as its share: at most 4,140 shares.
const PREFIX: usize = 8;

impl Partitions {
    /// The most players: 10,480,142,147 partitions.
    pub const MOST: usize = 16;

    /// All partitions of so many players.
    ///
    /// # Errors
    /// [`SizeError`] without players and beyond [`Partitions::MOST`].
    pub fn new(players: usize) -> Result<Self, SizeError> {
        check_size("an enumeration of all partitions", players, Self::MOST)?;
        let mut continuations = vec![[1; WIDTH]; players + 1];
        for place in (0..players).rev() {
            for blocs in 0..=place {
                let next = continuations[place + 1];
                continuations[place][blocs] = blocs as u64 * next[blocs] + next[blocs + 1];
            }
        }
        Ok(Self {
            players,
            continuations,
        })
    }

    /// How many partitions go on from a place with so many blocs.
    pub(crate) fn continuations(&self, place: usize, blocs: usize) -> u64 {
        self.continuations[place][blocs]
    }

    /// The partition's number; `None` if it has other players.
    pub fn index(&self, structure: &CoalitionStructure) -> Option<usize> {
        if structure.players() != self.players {
            return None;
        }
        let mut blocs = 0;
        let mut rank = 0;
        for (place, label) in structure.labels().into_iter().enumerate() {
            let label = usize::from(label);
            rank += label as u64 * self.continuations[place + 1][blocs];
            blocs = blocs.max(label + 1);
        }
        usize::try_from(rank).ok()
    }

    /// Folds all partitions, in parallel, the same for any number of threads: each of the
    /// shares into which the order is cut begins with `start()`, takes in its partitions in
    /// order as labels with the number of blocs, and the shares come back in order.
    pub fn fold<T: Send>(
        &self,
        start: impl Fn() -> T + Sync,
        take: impl Fn(&mut T, &[u8], usize) + Sync,
    ) -> Vec<T> {
        let shares = self.shares();
        shares
            .into_par_iter()
            .map(|(prefix, blocs)| {
                let mut labels = [0; WIDTH];
                labels[..prefix.len()].copy_from_slice(&prefix);
                let mut result = start();
                let mut visit = |labels: &[u8], blocs: usize| take(&mut result, labels, blocs);
                walk(&mut labels, prefix.len(), blocs, self.players, &mut visit);
                result
            })
            .collect()
    }

    /// Prefixes in order, with their numbers of blocs.
    pub(crate) fn shares(&self) -> Vec<(Vec<u8>, usize)> {
        let length = self.players.saturating_sub(1).min(PREFIX);
        let mut shares = Vec::new();
        let mut keep = |labels: &[u8], blocs: usize| shares.push((labels.to_vec(), blocs));
        walk(&mut [0; WIDTH], 0, 0, length, &mut keep);
        shares
    }
}

/// All strings of `length` that begin with the labels before `place`, in order.
fn walk(
    labels: &mut [u8; WIDTH],
    place: usize,
    blocs: usize,
    length: usize,
    visit: &mut impl FnMut(&[u8], usize),
) {
    if place >= length {
        visit(&labels[..length], blocs);
        return;
    }
    let last = place + 1 == length;
    for label in 0..=blocs {
        // At most sixteen blocs.
        labels[place] = label.to_le_bytes()[0];
        let blocs = blocs + usize::from(label == blocs);
        if last {
            visit(&labels[..length], blocs);
        } else {
            walk(labels, place + 1, blocs, length, visit);
        }
    }
}

impl Memberships for Partitions {
    type State = CoalitionStructure;

    fn players(&self) -> usize {
        self.players
    }

    fn count(&self) -> usize {
        // Bell's number of 16 fits any machine that could hold a table of it.
        usize::try_from(self.continuations[0][0]).unwrap_or(usize::MAX)
    }

    fn state(&self, index: usize) -> CoalitionStructure {
        let mut rest = index as u64;
        let mut blocs = 0;
        let mut labels = Vec::with_capacity(self.players);
        for place in 0..self.players {
            let unit = self.continuations[place + 1][blocs];
            let label = usize::try_from(rest / unit).unwrap_or(0).min(blocs);
            rest -= label as u64 * unit;
            blocs += usize::from(label == blocs);
            labels.push(label.to_le_bytes()[0]);
        }
        CoalitionStructure::from_labels(&labels)
    }

    fn canonical(&self, index: usize) -> usize {
        index
    }

    fn evaluations(&self) -> usize {
        self.count()
    }

    fn kind(&self) -> String {
        "partitions".into()
    }
}
