//! How a union of levels deepens: who moves first, who follows, where it stops.
//!
//! At each step either one player changes its level, or two raise theirs to a common one, as no
//! player can deepen alone: the moves of pairwise stability (Jackson and Wolinsky 1996). Of the
//! moves by which all who move gain, the one is made in which whoever gains least gains
//! most; then all look again.

use acquis_coalitions::Player;
use std::collections::BTreeSet;

use crate::memberships::{Levels, Memberships};
use crate::rules::Rules;
use crate::table::Table;

/// How levels change from a start.
#[derive(Debug, Clone, PartialEq)]
pub struct LevelPath {
    /// The index of the membership at the start.
    pub start: usize,
    /// The moves in order.
    pub moves: Vec<LevelMove>,
    /// The index where it ends.
    pub end: usize,
    /// Whether the end was there before: the same moves would come round again.
    pub goes_round: bool,
}

/// One or two players change their level.
#[derive(Debug, Clone, PartialEq)]
pub struct LevelMove {
    /// Who moves, with what each gains by it, in the unit of payoffs.
    pub movers: Vec<(Player, f64)>,
    /// The level they move to.
    pub level: usize,
    /// The index of the membership after it.
    pub index: usize,
}

impl Table<Levels> {
    /// How levels change from the membership at an index, taken as it says the same with the
    /// lowest index; an index beyond the memberships is taken as nobody inside.
    pub fn path_of_deepening(&self, start: usize, rules: &Rules<'_>) -> LevelPath {
        let levels = self.memberships();
        let start = if start < levels.count() {
            levels.canonical(start)
        } else {
            0
        };
        let mut seen = BTreeSet::from([start]);
        let mut path = LevelPath {
            start,
            moves: Vec::new(),
            end: start,
            goes_round: false,
        };
        while let Some(next) = self.best_move(path.end, rules) {
            path.end = next.index;
            path.moves.push(next);
            if !seen.insert(path.end) {
                path.goes_round = true;
                break;
            }
        }
        path
    }

    /// The move in which whoever gains least gains most, the first of several; `None` if nobody
    /// gains by any: the membership is pairwise stable.
    fn best_move(&self, index: usize, rules: &Rules<'_>) -> Option<LevelMove> {
        let n = self.players();
        let singles = (0..n).map(|player| vec![player]);
        let pairs = (0..n).flat_map(|one| (one + 1..n).map(move |other| vec![one, other]));
        let moves = singles.chain(pairs).flat_map(|who| {
            (0..self.memberships().levels()).map(move |level| (who.clone(), level))
        });
        let gaining = moves.filter_map(|(who, level)| self.gaining_move(index, &who, level, rules));
        let least = |found: &LevelMove| {
            let gains = found.movers.iter().map(|(_, gain)| *gain);
            gains.fold(f64::INFINITY, f64::min)
        };
        gaining.reduce(|best, next| {
            if least(&next) > least(&best) {
                next
            } else {
                best
            }
        })
    }

    /// The move of these players to a level, if all of them gain; two only move up.
    fn gaining_move(
        &self,
        index: usize,
        who: &[usize],
        level: usize,
        rules: &Rules<'_>,
    ) -> Option<LevelMove> {
        let levels = self.memberships();
        let mut after = index;
        for &player in who {
            let player = Player::at(player);
            let own = levels.level(index, player);
            if own == level || (who.len() > 1 && own > level) {
                return None;
            }
            after = levels.moved(after, player, level)?;
        }
        let after = levels.canonical(after);
        let mut movers = Vec::with_capacity(who.len());
        for &player in who {
            let (now, then) = (self.payoff(index, player), self.payoff(after, player));
            if !rules.gains(now, then) {
                return None;
            }
            movers.push((Player::at(player), then - now));
        }
        Some(LevelMove {
            movers,
            level,
            index: after,
        })
    }
}
