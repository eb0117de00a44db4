//! What holds when those who move look to the end: Chwe's (1994) largest consistent set.
//!
//! A state `b` *indirectly dominates* `a`, `a ≪ b`, if coalitions can move from `a` to `b` step by step
//! so that all who move gain by `b` over the state in which they do. A set of states is
//! *consistent* if from each of its states `a` any move, by `T` to `d`, might be deterred: there
//! is an `e` in the set, `d` itself or one with `d ≪ e`, in which not all of `T` gain over `a`.
//! The largest such set is found by striking out until nothing is left to strike: what is
//! struck can't hold, what stays might.

use acquis_coalitions::Coalition;
use rayon::prelude::*;

use crate::memberships::{Memberships, SingleBlocs, SizeError, check_size};
use crate::partitions::Partitions;
use crate::rules::Tolerance;
use crate::table::Table;

/// Who must agree for outsiders to enter a bloc.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Entry {
    /// Those who enter.
    #[default]
    Open,
    /// Those who enter and all members.
    ByConsent,
}

impl Table<Partitions> {
    /// Indices of the largest consistent set, ascending. Any players can leave their blocs
    /// to form one; those they leave stay together.
    ///
    /// # Errors
    /// [`SizeError`] beyond 8 players.
    pub fn largest_consistent_set(&self, tolerance: Tolerance) -> Result<Vec<usize>, SizeError> {
        check_size(
            "the largest consistent set of partitions",
            self.players(),
            8,
        )?;
        let partitions = self.memberships();
        let coalitions = 1_u64 << self.players();
        let indices = (0..partitions.count()).into_par_iter();
        let destinations = indices.flat_map_iter(|index| {
            let structure = partitions.state(index);
            (0..coalitions).map(move |leavers| {
                let after = structure.breaking_away(Coalition::from_mask(leavers));
                partitions.index(&after).unwrap_or(index)
            })
        });
        let moves = PartitionMoves {
            coalitions: 1 << self.players(),
            destinations: destinations.collect(),
        };
        let states: Vec<usize> = (0..partitions.count()).collect();
        Ok(largest_consistent_set(self, &states, &moves, tolerance))
    }
}

impl Table<SingleBlocs> {
    /// The largest consistent set of blocs, by mask, the empty one standing for none. Members leave
    /// together, outsiders enter together.
    ///
    /// # Errors
    /// [`SizeError`] beyond 12 players.
    pub fn largest_consistent_set(
        &self,
        entry: Entry,
        tolerance: Tolerance,
    ) -> Result<Vec<Coalition>, SizeError> {
        check_size("the largest consistent set of blocs", self.players(), 12)?;
        let blocs = self.memberships();
        let canonical = |&index: &usize| blocs.canonical(index) == index;
        let states: Vec<usize> = (0..blocs.count()).filter(canonical).collect();
        let moves = BlocMoves {
            blocs: *blocs,
            entry,
        };
        let set = largest_consistent_set(self, &states, &moves, tolerance);
        let bloc = |index: usize| Coalition::from_mask(index as u64);
        Ok(set.into_iter().map(bloc).collect())
    }
}

/// What coalitions can do.
trait Moves: Sync {
    /// Whether some move by some of those allowed, given as who moves and where to, is
    /// what is sought.
    fn any(&self, from: usize, allowed: usize, sought: impl FnMut(usize, usize) -> bool) -> bool;
}

struct PartitionMoves {
    coalitions: usize,
    /// `[state][coalition]`
    destinations: Vec<usize>,
}

impl Moves for PartitionMoves {
    fn any(
        &self,
        from: usize,
        allowed: usize,
        mut sought: impl FnMut(usize, usize) -> bool,
    ) -> bool {
        let destinations = &self.destinations[from * self.coalitions..][..self.coalitions];
        subsets(allowed).any(|who| destinations[who] != from && sought(who, destinations[who]))
    }
}

struct BlocMoves {
    blocs: SingleBlocs,
    entry: Entry,
}

impl Moves for BlocMoves {
    fn any(
        &self,
        from: usize,
        allowed: usize,
        mut sought: impl FnMut(usize, usize) -> bool,
    ) -> bool {
        let mut seek = |who: usize, to: usize| {
            let to = self.blocs.canonical(to);
            to != from && sought(who, to)
        };
        if subsets(allowed & from).any(|who| seek(who, from ^ who)) {
            return true;
        }
        let must_agree = match self.entry {
            Entry::Open => 0,
            Entry::ByConsent => from,
        };
        must_agree & !allowed == 0
            && subsets(allowed & !from).any(|who| seek(who | must_agree, from | who))
    }
}

/// All subsets but the empty one.
fn subsets(mask: usize) -> impl Iterator<Item = usize> {
    let mut next = mask;
    std::iter::from_fn(move || {
        let subset = next;
        next = subset.wrapping_sub(1) & mask;
        (subset != 0).then_some(subset)
    })
}

/// Sets of states by index, one bit each.
#[derive(Clone)]
struct StateSet(Vec<u64>);

impl StateSet {
    fn new(count: usize) -> Self {
        Self(vec![0; count.div_ceil(64)])
    }

    fn contains(&self, state: usize) -> bool {
        self.0[state / 64] >> (state % 64) & 1 == 1
    }

    fn insert(&mut self, state: usize) {
        self.0[state / 64] |= 1 << (state % 64);
    }
}

struct Preferences<'a> {
    players: usize,
    payoffs: &'a [f64],
    tolerance: Tolerance,
}

impl Preferences<'_> {
    /// Who gains by `then` over `now`.
    fn gainers(&self, now: usize, then: usize) -> usize {
        let row = |state: usize| &self.payoffs[state * self.players..][..self.players];
        let pairs = row(now).iter().zip(row(then)).enumerate();
        pairs.fold(0, |mask, (player, (now, then))| {
            mask | usize::from(*then > *now + self.tolerance.amount()) << player
        })
    }
}

fn largest_consistent_set<M>(
    table: &Table<M>,
    states: &[usize],
    moves: &impl Moves,
    tolerance: Tolerance,
) -> Vec<usize>
where
    M: Memberships,
{
    let preferences = Preferences {
        players: table.players(),
        payoffs: table.all_payoffs(),
        tolerance,
    };
    let count = table.memberships().count();
    let dominated: Vec<StateSet> = states
        .par_iter()
        .map(|&end| dominated_by(end, count, states, moves, &preferences))
        .collect();
    // By the state that is dominated: those that dominate it or are it.
    let mut ends: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (&end, dominated) in states.iter().zip(&dominated) {
        for &state in states {
            if state == end || dominated.contains(state) {
                ends[state].push(end);
            }
        }
    }
    let everybody = (1 << table.players()) - 1;
    let mut set = states.to_vec();
    loop {
        let mut holds = StateSet::new(count);
        for &state in &set {
            holds.insert(state);
        }
        let deterred = |from: usize, who: usize, to: usize| {
            ends[to]
                .iter()
                .any(|&end| holds.contains(end) && who & !preferences.gainers(from, end) != 0)
        };
        let stays = |&from: &usize| !moves.any(from, everybody, |who, to| !deterred(from, who, to));
        let next: Vec<usize> = set.par_iter().copied().filter(stays).collect();
        if next.len() == set.len() {
            return set;
        }
        set = next;
    }
}

/// All states that `end` indirectly dominates.
fn dominated_by(
    end: usize,
    count: usize,
    states: &[usize],
    moves: &impl Moves,
    preferences: &Preferences<'_>,
) -> StateSet {
    let mut dominated = StateSet::new(count);
    let mut open: Vec<(usize, usize)> = states
        .iter()
        .map(|&state| (state, preferences.gainers(state, end)))
        .filter(|&(state, gainers)| state != end && gainers != 0)
        .collect();
    loop {
        let before = open.len();
        open.retain(|&(state, gainers)| {
            let reaches = moves.any(state, gainers, |_, to| to == end || dominated.contains(to));
            if reaches {
                dominated.insert(state);
            }
            !reaches
        });
        if open.len() == before {
            return dominated;
        }
    }
}
