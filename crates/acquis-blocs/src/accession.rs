//! Paths: who joins first, who follows, where it stops, and what unravels.
//!
//! At each step the outsider who gains most, of those who apply and are admitted, joins; then all
//! look again. A follower is one who would not have joined the bloc that was there at the
//! start: a domino in Baldwin's (1995) sense. The *absolute threshold* is the weight of bloc
//! past which every outsider prefers to join, whoever the members are; *unravelling* is
//! its mirror, a withdrawal that makes others withdraw.

use acquis_coalitions::{Coalition, Player};

use crate::memberships::{Memberships, SingleBlocs, members};
use crate::rules::Rules;
use crate::table::Table;

/// How a bloc grows.
#[derive(Debug, Clone, PartialEq)]
pub struct Path {
    /// The bloc at the start.
    pub start: Coalition,
    /// Who joins, in order.
    pub accessions: Vec<Accession>,
    /// Where it stops.
    pub end: Coalition,
}

/// One player joins.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Accession {
    /// Who.
    pub player: Player,
    /// What it gains by joining, in the unit of payoffs.
    pub gain: f64,
    /// Whether it would have stayed outside the bloc at the start.
    pub follows: bool,
}

/// What comes of a withdrawal.
#[derive(Debug, Clone, PartialEq)]
pub struct Withdrawal {
    /// Who withdraws first.
    pub first: Player,
    /// Who withdraws then, in order, with what each gains by it.
    pub followers: Vec<(Player, f64)>,
    /// Who is left: nobody where only one would be.
    pub end: Coalition,
}

/// The point past which every outsider prefers to join.
#[derive(Debug, Clone, PartialEq)]
pub struct Threshold {
    /// The least weight of a bloc past it: from here on every outsider of every bloc joins.
    pub weight: f64,
    /// The lightest such bloc, the first of several.
    pub lightest: Coalition,
    /// The heaviest bloc that somebody would stay out of, with those who would; `None` if the
    /// threshold is passed from the start.
    pub heaviest_resisted: Option<(Coalition, Coalition)>,
}

/// What it takes to bring everybody in.
#[derive(Debug, Clone, PartialEq)]
pub struct Purchase {
    /// Who joins in order, with its price of consent.
    pub prices: Vec<(Player, f64)>,
    /// The sum of prices.
    pub total: f64,
}

impl Table<SingleBlocs> {
    /// How the bloc grows from a start; `None` if it has members beyond the players.
    pub fn path_of_accession(&self, start: Coalition, rules: &Rules<'_>) -> Option<Path> {
        let mut index = self.memberships().index(start)?;
        let willing = self.assess_index(index, rules).applying;
        let mut accessions = Vec::new();
        loop {
            let admitted = self.assess_index(index, rules).admitted.players();
            let gains = admitted.map(|player| {
                let inside = self.payoff(index | 1 << player.position(), player.position());
                (player, inside - self.payoff(index, player.position()))
            });
            let Some((player, gain)) = greatest(gains) else {
                break;
            };
            accessions.push(Accession {
                player,
                gain,
                follows: !willing.contains(player),
            });
            index |= 1 << player.position();
        }
        Some(Path {
            start,
            accessions,
            end: Coalition::from_mask(index as u64),
        })
    }

    /// What comes of each member's withdrawal: of those who gain by leaving then, who gains most
    /// leaves, until nobody does. `None` if the bloc has members beyond the players.
    pub fn withdrawals(&self, bloc: Coalition, rules: &Rules<'_>) -> Option<Vec<Withdrawal>> {
        let index = self.memberships().index(bloc)?;
        let withdrawal = |first: Player| {
            let mut left = index ^ 1 << first.position();
            let mut followers = Vec::new();
            while left.count_ones() >= 2 {
                let leaving = self.assess_index(left, rules).leaving.players();
                let gains = leaving.map(|player| {
                    let alone = self.payoff(left ^ 1 << player.position(), player.position());
                    (player, alone - self.payoff(left, player.position()))
                });
                let Some((player, gain)) = greatest(gains) else {
                    break;
                };
                followers.push((player, gain));
                left ^= 1 << player.position();
            }
            Withdrawal {
                first,
                followers,
                end: Coalition::from_mask(self.memberships().canonical(left) as u64),
            }
        };
        Some(bloc.players().map(withdrawal).collect())
    }

    /// The absolute threshold among blocs that include the core, in terms of members' weights:
    /// ones for the number of members, or market shares. `None` if some outsider stays out of
    /// even the heaviest bloc short of everybody, if the core is everybody or has members
    /// beyond the players, and unless there is one weight per player.
    pub fn absolute_threshold(
        &self,
        core: Coalition,
        weights: &[f64],
        rules: &Rules<'_>,
    ) -> Option<Threshold> {
        let core = self.memberships().index(core)?;
        if weights.len() != self.players() {
            return None;
        }
        let weight = |index: usize| members(index).map(|player| weights[player]).sum::<f64>();
        let everybody = self.memberships().count() - 1;
        let blocs = (0..everybody).filter(|index| index & core == core);
        let mut resisted: Option<(f64, usize, Coalition)> = None;
        for index in blocs.clone() {
            let outsiders = Coalition::from_mask((everybody ^ index) as u64);
            let applying = self.assess_index(index, rules).applying;
            if applying != outsiders && resisted.is_none_or(|(most, ..)| weight(index) > most) {
                let resisting = outsiders.mask() & !applying.mask();
                resisted = Some((weight(index), index, Coalition::from_mask(resisting)));
            }
        }
        let past = blocs.filter(|&index| resisted.is_none_or(|(most, ..)| weight(index) > most));
        let (weight, lightest) = past
            .map(|index| (weight(index), index))
            .reduce(|best, next| if next.0 < best.0 { next } else { best })?;
        Some(Threshold {
            weight,
            lightest: Coalition::from_mask(lightest as u64),
            heaviest_resisted: resisted
                .map(|(_, index, who)| (Coalition::from_mask(index as u64), who)),
        })
    }

    /// The threshold in transfers: the least payment to each who joins with which every outsider
    /// of every bloc that includes the core prefers to join; with the bloc and the outsider that
    /// take so much. `None` if the core is everybody or has members beyond the players.
    pub fn transfer_threshold(&self, core: Coalition) -> Option<(f64, Coalition, Player)> {
        let core = self.memberships().index(core)?;
        let everybody = self.memberships().count() - 1;
        let blocs = (0..everybody).filter(|index| index & core == core);
        let prices = blocs.flat_map(|index| {
            members(everybody ^ index).map(move |player| (self.price(index, player), index, player))
        });
        let most = prices.reduce(|best, next| if next.0 > best.0 { next } else { best });
        most.map(|(price, index, player)| {
            let bloc = Coalition::from_mask(index as u64);
            (price, bloc, Player::at(player))
        })
    }

    /// The order in which everybody joins at the least sum of prices of consent, each paid once,
    /// on joining. `None` if the start has members beyond the players.
    pub fn cheapest_accession(&self, start: Coalition) -> Option<Purchase> {
        let start = self.memberships().index(start)?;
        let everybody = self.memberships().count() - 1;
        // Cost and the last to join, by bloc; a bloc comes after all it includes.
        let mut cheapest: Vec<(f64, usize)> = vec![(f64::INFINITY, 0); everybody + 1];
        cheapest[start].0 = 0.0;
        for index in (start..everybody).filter(|index| index & start == start) {
            for player in members(everybody ^ index) {
                let cost = cheapest[index].0 + self.price(index, player);
                let next = &mut cheapest[index | 1 << player];
                if cost < next.0 {
                    *next = (cost, player);
                }
            }
        }
        let (mut index, mut prices) = (everybody, Vec::new());
        while index != start {
            let player = cheapest[index].1;
            index ^= 1 << player;
            prices.push((Player::at(player), self.price(index, player)));
        }
        prices.reverse();
        Some(Purchase {
            prices,
            total: cheapest[everybody].0,
        })
    }

    fn price(&self, index: usize, outsider: usize) -> f64 {
        let inside = self.payoff(index | 1 << outsider, outsider);
        (self.payoff(index, outsider) - inside).max(0.0)
    }
}

/// The first of those who gain most.
fn greatest(gains: impl Iterator<Item = (Player, f64)>) -> Option<(Player, f64)> {
    gains.reduce(|best, next| if next.1 > best.1 { next } else { best })
}
