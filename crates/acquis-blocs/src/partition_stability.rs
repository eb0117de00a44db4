//! Which coalition structures hold against single players.
//!
//! A structure is *internally stable* if no member of a bloc gains by standing alone, its
//! partners and all other blocs staying as they are. It is a *coalition-structure Nash
//! equilibrium* if nobody gains by standing alone or by moving to another bloc: any, under open
//! membership; under exclusive membership one that admits it (Hart and Kurz 1983; Bogomolnaia
//! and Jackson 2002 call the latter individually stable).
//!
//! # How all structures are gone through
//! The partition in which player `i` alone has left differs from the one at hand in few labels of
//! the growth string, whatever comes after:
//!
//! - If `i` joined others, it now has the first free label `t`, and labels from `t` on are one
//!   up.
//! - If `i` founded its bloc, nothing changes until its first partner comes, who now
//!   founds with the first free label `t`; that stands for the bloc's label from then on,
//!   and labels from `t` on are one up.
//!
//! So its rank is kept beside the partition's own as the string grows, one product and sum per
//! player and place, and at the end of the string nothing is left to do but to compare. As
//! strings that follow each other have ranks that do, so have the deviations, and the table is
//! read almost in order.

use acquis_coalitions::{Coalition, Player};
use rayon::prelude::*;

use crate::memberships::Memberships;
use crate::partitions::{Partitions, WIDTH};
use crate::rules::{Application, Rules};
use crate::structure::CoalitionStructure;
use crate::table::Table;

/// A move that a player gains by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Deviation {
    /// Who moves.
    pub player: Player,
    /// The bloc it goes to; nobody where it would stand alone.
    pub to: Coalition,
    /// What it gains, in the unit of payoffs.
    pub gain: f64,
}

impl Table<Partitions> {
    /// Indices of all internally stable structures, ascending.
    pub fn internally_stable(&self, rules: &Rules<'_>) -> Vec<usize> {
        let partitions = self.memberships();
        let shares: Vec<Vec<usize>> = partitions
            .shares()
            .into_par_iter()
            .map(|(prefix, _)| {
                let mut stable = Vec::new();
                let mut search = Search {
                    table: self,
                    players: self.players(),
                    tolerance: rules.tolerance.amount(),
                    stable: &mut stable,
                };
                let mut node = Node::default();
                for &label in &prefix {
                    node = search.next(&node, usize::from(label));
                }
                search.below(&node);
                stable
            })
            .collect();
        shares.concat()
    }

    /// Indices of all coalition-structure Nash equilibria, ascending.
    pub fn nash_stable(&self, rules: &Rules<'_>) -> Vec<usize> {
        let candidates = self.internally_stable(rules);
        let stays = |&index: &usize| {
            let structure = self.memberships().state(index);
            self.deviations_of(index, &structure, rules)
                .next()
                .is_none()
        };
        candidates.into_par_iter().filter(stays).collect()
    }

    /// All moves by single players who gain and are admitted, by player; none, if the structure
    /// is a coalition-structure Nash equilibrium. `None` if it has other players.
    pub fn deviations(
        &self,
        structure: &CoalitionStructure,
        rules: &Rules<'_>,
    ) -> Option<Vec<Deviation>> {
        let index = self.memberships().index(structure)?;
        Some(self.deviations_of(index, structure, rules).collect())
    }

    fn deviations_of(
        &self,
        index: usize,
        structure: &CoalitionStructure,
        rules: &Rules<'_>,
    ) -> impl Iterator<Item = Deviation> {
        let places = (0..structure.blocs().len()).map(Some).chain([None]);
        let moves = (0..self.players())
            .flat_map(move |player| places.clone().map(move |place| (player, place)));
        moves.filter_map(move |(player, place)| {
            let to = place.map_or(Coalition::EMPTY, |place| structure.blocs()[place]);
            if to.contains(Player::at(player)) {
                return None;
            }
            let moved = structure.moving(Player::at(player), place);
            let after = self.memberships().index(&moved)?;
            let (now, then) = (self.payoff(index, player), self.payoff(after, player));
            if !rules.gains(now, then) || !self.admits(index, after, player, to, rules) {
                return None;
            }
            Some(Deviation {
                player: Player::at(player),
                to,
                gain: then - now,
            })
        })
    }

    /// Whether the bloc takes the player in, if the structure is the one `after` then.
    fn admits(
        &self,
        index: usize,
        after: usize,
        candidate: usize,
        bloc: Coalition,
        rules: &Rules<'_>,
    ) -> bool {
        let favours = |member: &Player| {
            let member = member.position();
            !rules.gains(self.payoff(after, member), self.payoff(index, member))
        };
        let in_favour = bloc.players().filter(favours);
        bloc.is_empty()
            || rules.admission.admits(Application {
                members: bloc,
                in_favour: Coalition::of(in_favour).unwrap_or_default(),
                candidate: Player::at(candidate),
            })
    }
}

/// No label: there are at most sixteen.
const NONE: usize = usize::MAX;

/// The partition in which one player has left for itself, as far as the string goes.
#[derive(Clone, Copy)]
pub(crate) struct Left {
    /// Its rank so far.
    pub(crate) rank: u64,
    /// The label of the bloc that the player founded, or [`NONE`].
    founded: usize,
    /// From here on labels are one up: the label that is free for the player itself or for
    /// its first partner. [`NONE`] as long as labels are the same.
    free: usize,
}

impl Left {
    /// Of a player who hasn't come yet.
    pub(crate) const NOBODY: Self = Self {
        rank: 0,
        founded: NONE,
        free: NONE,
    };

    /// Of a player who comes with this label after so many blocs, alone at this rank.
    pub(crate) fn leaving(label: usize, blocs: usize, rank: u64) -> Self {
        let founds = label == blocs;
        Self {
            rank,
            founded: if founds { label } else { NONE },
            free: if founds { NONE } else { blocs },
        }
    }

    /// One more player with this label after so many blocs.
    #[inline]
    pub(crate) fn follow(&mut self, label: usize, blocs: usize, unit: impl Fn(usize) -> u64) {
        let there = blocs + usize::from(self.free != NONE);
        self.rank += self.label(label, blocs) as u64 * unit(there);
        if label == self.founded {
            self.free = self.free.min(blocs);
        }
    }

    /// What the labels of the last player after so many blocs become, all at once.
    #[inline]
    pub(crate) fn last(&self, blocs: usize) -> LastLabels {
        LastLabels {
            rank: self.rank,
            one_up_from: self.free.min(blocs + 1),
            founded: (self.founded != NONE).then(|| (self.founded, self.free.min(blocs))),
        }
    }

    /// The label in the partition without the player that stands for one with it.
    #[inline]
    pub(crate) fn label(&self, label: usize, blocs: usize) -> usize {
        if label == self.founded {
            self.free.min(blocs)
        } else {
            label + usize::from(label >= self.free)
        }
    }
}

/// What the labels of the last player become in the partition in which another has left.
#[derive(Clone, Copy)]
pub(crate) struct LastLabels {
    /// The rank of the string before the last player.
    pub(crate) rank: u64,
    /// Labels from here on are one up.
    pub(crate) one_up_from: usize,
    /// The label of the bloc that the other founded, and the one that it becomes.
    pub(crate) founded: Option<(usize, usize)>,
}

/// A growing string.
#[derive(Clone, Copy)]
struct Node {
    place: usize,
    blocs: usize,
    rank: u64,
    left: [Left; WIDTH],
}

impl Default for Node {
    fn default() -> Self {
        Self {
            place: 0,
            blocs: 0,
            rank: 0,
            left: [Left::NOBODY; WIDTH],
        }
    }
}

struct Search<'a> {
    table: &'a Table<Partitions>,
    players: usize,
    tolerance: f64,
    stable: &'a mut Vec<usize>,
}

impl Search<'_> {
    /// One more player with this label.
    fn next(&self, node: &Node, label: usize) -> Node {
        let mut next = *node;
        let (place, blocs) = (node.place, node.blocs);
        let partitions = self.table.memberships();
        let unit = |blocs: usize| partitions.continuations(place + 1, blocs);
        for left in &mut next.left[..place] {
            left.follow(label, blocs, unit);
        }
        next.left[place] = Left::leaving(label, blocs, node.rank + blocs as u64 * unit(blocs));
        next.rank += label as u64 * unit(blocs);
        next.blocs += usize::from(label == blocs);
        next.place += 1;
        next
    }

    fn below(&mut self, node: &Node) {
        if node.place + 1 == self.players {
            for label in 0..=node.blocs {
                self.last(node, label);
            }
            return;
        }
        for label in 0..=node.blocs {
            self.below(&self.next(node, label));
        }
    }

    /// The last player with this label: here a rank is that of the string before and the label.
    #[inline]
    fn last(&mut self, node: &Node, label: usize) {
        let n = self.players;
        let payoffs = self.table.all_payoffs();
        let index = |rank: u64| usize::try_from(rank).unwrap_or(usize::MAX);
        let own = index(node.rank) + label;
        let row = &payoffs[own * n..own * n + n];
        let alone = index(node.rank) + node.blocs;
        if payoffs[alone * n + n - 1] > row[n - 1] + self.tolerance {
            return;
        }
        for (player, left) in node.left[..n - 1].iter().enumerate() {
            let left = index(left.rank) + left.label(label, node.blocs);
            if payoffs[left * n + player] > row[player] + self.tolerance {
                return;
            }
        }
        self.stable.push(own);
    }
}
