//! Which single blocs hold, and what it costs that they do.
//!
//! `V_i(S)` is what player `i` gets when `S` is the bloc and all others stand alone. After
//! d'Aspremont and others (1983) `S` is *internally stable* if no member gains by leaving,
//! `V_i(S) >= V_i(S \ i)`, and *externally stable* if no outsider joins,
//! `V_j(S) >= V_j(S ∪ j)`, where under exclusive membership (Yi 1997) only those count whom the
//! members admit. It is *potentially internally stable* (Eyckmans and Finus 2004) if
//! sharing could keep everybody: `Σ_{i ∈ S} V_i(S) >= Σ_{i ∈ S} V_i(S \ i)`.

use acquis_coalitions::{Coalition, Player};
use rayon::prelude::*;

use crate::memberships::{Levels, Memberships, SingleBlocs, members};
use crate::rules::{Application, Rules};
use crate::table::Table;

/// How a bloc stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Assessment {
    /// The bloc.
    pub bloc: Coalition,
    /// Members who gain by leaving.
    pub leaving: Coalition,
    /// Outsiders who would join.
    pub applying: Coalition,
    /// Those of them who are admitted.
    pub admitted: Coalition,
}

impl Assessment {
    /// Nobody leaves.
    pub fn is_internally_stable(&self) -> bool {
        self.leaving.is_empty()
    }

    /// Nobody who is admitted would join.
    pub fn is_externally_stable(&self) -> bool {
        self.admitted.is_empty()
    }

    /// Both.
    pub fn is_stable(&self) -> bool {
        self.is_internally_stable() && self.is_externally_stable()
    }
}

/// The least that must change hands for a bloc to be internally stable.
#[derive(Debug, Clone, PartialEq)]
pub struct Transfers {
    /// What each player would get by leaving less what it gets inside: its price of consent where
    /// positive, what it can give where negative; nought for outsiders.
    pub shortages: Vec<f64>,
    /// Who pays whom. All who can give do so in proportion to what they can give, and
    /// everybody short is paid in proportion by each.
    pub payments: Vec<Payment>,
    /// The sum of prices of consent: no less will do, whoever pays.
    pub total: f64,
    /// What is left to share out once everybody consents; negative if the bloc can't be kept
    /// by transfers among its members, and then nothing is paid.
    pub surplus: f64,
}

/// One payment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Payment {
    /// Who pays.
    pub from: Player,
    /// Who is paid.
    pub to: Player,
    /// How much, in the unit of payoffs.
    pub amount: f64,
}

impl Table<SingleBlocs> {
    /// How a bloc stands; `None` if it has members beyond the players.
    pub fn assess(&self, bloc: Coalition, rules: &Rules<'_>) -> Option<Assessment> {
        let index = self.memberships().index(bloc)?;
        Some(self.assess_index(index, rules))
    }

    pub(crate) fn assess_index(&self, index: usize, rules: &Rules<'_>) -> Assessment {
        let leaves = |&player: &usize| {
            let alone = self.payoff(index ^ 1 << player, player);
            rules.gains(self.payoff(index, player), alone)
        };
        let applies = |&player: &usize| {
            let inside = self.payoff(index | 1 << player, player);
            rules.applies(self.payoff(index, player), inside)
        };
        let outsiders = (self.memberships().count() - 1) ^ index;
        let applying = mask_of(members(outsiders).filter(applies));
        let admitted = members(applying).filter(|&player| self.admits(index, player, rules));
        Assessment {
            bloc: Coalition::from_mask(index as u64),
            leaving: Coalition::from_mask(mask_of(members(index).filter(leaves)) as u64),
            applying: Coalition::from_mask(applying as u64),
            admitted: Coalition::from_mask(mask_of(admitted) as u64),
        }
    }

    /// Whether the members admit the candidate.
    pub(crate) fn admits(&self, index: usize, candidate: usize, rules: &Rules<'_>) -> bool {
        let after = index | 1 << candidate;
        let favours =
            |&member: &usize| !rules.gains(self.payoff(after, member), self.payoff(index, member));
        rules.admission.admits(Application {
            members: Coalition::from_mask(index as u64),
            in_favour: Coalition::from_mask(mask_of(members(index).filter(favours)) as u64),
            candidate: Player::at(candidate),
        })
    }

    /// All stable blocs of two or more, by mask. That there is no bloc at all always holds
    /// against single players, who can't form one alone, and isn't listed.
    pub fn stable_blocs(&self, rules: &Rules<'_>) -> Vec<Coalition> {
        self.blocs_that(|index| self.assess_index(index, rules).is_stable())
    }

    /// All internally stable blocs of two or more, by mask.
    pub fn internally_stable_blocs(&self, rules: &Rules<'_>) -> Vec<Coalition> {
        self.blocs_that(|index| {
            members(index).all(|player| {
                let alone = self.payoff(index ^ 1 << player, player);
                !rules.gains(self.payoff(index, player), alone)
            })
        })
    }

    /// All potentially internally stable blocs of two or more, by mask.
    pub fn potentially_stable_blocs(&self, rules: &Rules<'_>) -> Vec<Coalition> {
        self.blocs_that(|index| {
            let shortages = members(index).map(|player| self.shortage(index, player));
            shortages.sum::<f64>() <= rules.tolerance.amount()
        })
    }

    fn blocs_that(&self, holds: impl Fn(usize) -> bool + Sync) -> Vec<Coalition> {
        let indices = (0..self.memberships().count()).into_par_iter();
        indices
            .filter(|&index| index.count_ones() >= 2 && holds(index))
            .map(|index| Coalition::from_mask(index as u64))
            .collect()
    }

    /// What the member would get by leaving less what it gets inside.
    fn shortage(&self, index: usize, member: usize) -> f64 {
        self.payoff(index ^ 1 << member, member) - self.payoff(index, member)
    }

    /// The least transfers that make a bloc internally stable; `None` if it has members beyond
    /// the players.
    pub fn least_transfers(&self, bloc: Coalition) -> Option<Transfers> {
        let index = self.memberships().index(bloc)?;
        let mut shortages = vec![0.0; self.players()];
        for player in members(index) {
            shortages[player] = self.shortage(index, player);
        }
        let total: f64 = shortages.iter().filter(|short| **short > 0.0).sum();
        let to_give: f64 = shortages.iter().filter(|short| **short < 0.0).sum();
        let surplus = -to_give - total;
        let mut payments = Vec::new();
        if surplus >= 0.0 {
            for from in members(index).filter(|&from| shortages[from] < 0.0) {
                for to in members(index).filter(|&to| shortages[to] > 0.0) {
                    payments.push(Payment {
                        from: Player::at(from),
                        to: Player::at(to),
                        amount: shortages[to] * (shortages[from] / to_give),
                    });
                }
            }
        }
        Some(Transfers {
            shortages,
            payments,
            total,
            surplus,
        })
    }

    /// What the outsider must be paid to join the bloc: nought if it gains by joining, `None` if
    /// it is a member or there is no such player. With an outside option, ask the
    /// table of [`Table::with_outside_options`].
    pub fn price_of_consent(&self, bloc: Coalition, outsider: Player) -> Option<f64> {
        let index = self.memberships().index(bloc)?;
        let player = outsider.position();
        if player >= self.players() || bloc.contains(outsider) {
            return None;
        }
        let inside = self.payoff(index | 1 << player, player);
        Some((self.payoff(index, player) - inside).max(0.0))
    }
}

fn mask_of(players: impl Iterator<Item = usize>) -> usize {
    players.fold(0, |mask, player| mask | 1 << player)
}

/// How a membership with levels stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LevelAssessment {
    /// Players who gain at some lower level.
    pub lowering: Coalition,
    /// Players who gain at some higher level, which nobody can refuse.
    pub raising: Coalition,
}

impl Table<Levels> {
    /// Who would change its level, all others staying at theirs: nobody, if the membership is an
    /// equilibrium in levels (Nash 1951). `None` beyond the memberships.
    pub fn assess(&self, index: usize, rules: &Rules<'_>) -> Option<LevelAssessment> {
        let levels = self.memberships();
        if index >= levels.count() {
            return None;
        }
        let (mut lowering, mut raising) = (0, 0);
        for player in 0..self.players() {
            let own = levels.level(index, Player::at(player));
            let now = self.payoff(index, player);
            for level in 0..levels.levels() {
                let moved = levels.moved(index, Player::at(player), level)?;
                if rules.gains(now, self.payoff(moved, player)) {
                    lowering |= u64::from(level < own) << player;
                    raising |= u64::from(level > own) << player;
                }
            }
        }
        Some(LevelAssessment {
            lowering: Coalition::from_mask(lowering),
            raising: Coalition::from_mask(raising),
        })
    }

    /// Indices of the memberships from which nobody would change its level. Those that say the
    /// same as one with a lower index are left out.
    pub fn stable_memberships(&self, rules: &Rules<'_>) -> Vec<usize> {
        let levels = self.memberships();
        let stays = |index: usize| {
            let assessment = self.assess(index, rules);
            assessment.is_some_and(|all| all.lowering.is_empty() && all.raising.is_empty())
        };
        let indices = (0..levels.count()).into_par_iter();
        indices
            .filter(|&index| levels.canonical(index) == index && stays(index))
            .collect()
    }
}
