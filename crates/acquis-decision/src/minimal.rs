//! Minimal winning coalitions: counted without listing them where size and one vector of
//! weights decide, otherwise by a search that only meets coalitions on the verge of winning.

use std::ops::ControlFlow;

use acquis_coalitions::{Coalition, Player, bits};
use num_bigint::BigUint;
use num_rational::BigRational;
use num_traits::Zero;

use crate::decimal::ratio;
use crate::game::{Game, Staircase};
use crate::middle::{self, Counts, count_meeting};
use crate::power::{GameError, Method, Power, shares};
use crate::terms::Term;

/// How many minimal winning coalitions there are, by size and member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MinimalWinning {
    counts: Counts,
    method: Method,
}

/// A list of coalitions that may have been cut short.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coalitions {
    /// Those with the fewest members first.
    pub listed: Vec<Coalition>,
    /// Whether these are all.
    pub complete: bool,
}

/// Players up to whom a search counts under several vectors of weights.
const MOST_SEARCHED: usize = 32;

impl Game {
    /// Counts the minimal winning coalitions: those that lose with any member gone.
    ///
    /// # Errors
    /// [`GameError::TooLarge`] beyond 40 players, or 32 where more than one vector of weights
    /// counts.
    pub fn minimal_winning(&self) -> Result<MinimalWinning, GameError> {
        let too_large = |why| GameError::TooLarge {
            what: "counting minimal winning coalitions",
            players: self.len(),
            why,
        };
        if self.len() > middle::MOST_PLAYERS {
            return Err(too_large("goes up to 40"));
        }
        if let Some(stairs) = self.staircase() {
            return Ok(MinimalWinning {
                counts: count_on(&stairs),
                method: Method::MeetingInTheMiddle,
            });
        }
        if self.len() > MOST_SEARCHED {
            return Err(too_large(
                "goes up to 32 where more than one vector of weights counts",
            ));
        }
        let n = self.len();
        let mut counts = Counts::none(n);
        let _ = self.visit_minimal(Coalition::EMPTY, Coalition::EMPTY, |coalition| {
            let size = coalition.len();
            counts.winning[size] += 1;
            for member in bits(coalition.mask()) {
                counts.with_member[member][size] += 1;
            }
            ControlFlow::Continue(())
        });
        Ok(MinimalWinning {
            counts,
            method: Method::Enumeration,
        })
    }

    /// Lists minimal winning coalitions, up to so many.
    ///
    /// # Errors
    /// [`GameError::TooLarge`] beyond [`Coalition::WIDTH`] players.
    pub fn minimal_winning_coalitions(&self, most: usize) -> Result<Coalitions, GameError> {
        self.minimal_without(&[], most)
    }

    /// Minimal winning coalitions without any of these players.
    pub(crate) fn minimal_without(
        &self,
        players: &[Player],
        most: usize,
    ) -> Result<Coalitions, GameError> {
        let absent = self.coalition(players)?;
        Ok(self.list(Coalition::EMPTY, absent, most))
    }

    /// The least sets that win together with these players.
    pub(crate) fn minimal_completing(
        &self,
        players: &[Player],
        most: usize,
    ) -> Result<Coalitions, GameError> {
        let present = self.coalition(players)?;
        Ok(self.list(present, Coalition::EMPTY, most))
    }

    fn coalition(&self, members: &[Player]) -> Result<Coalition, GameError> {
        let players = self.len();
        let too_large = || GameError::TooLarge {
            what: "listing coalitions",
            players,
            why: "goes up to 64",
        };
        if players > Coalition::WIDTH {
            return Err(too_large());
        }
        let mut positions = members.iter().map(|player| player.position());
        if let Some(position) = positions.find(|&position| position >= players) {
            return Err(GameError::NoSuchPlayer { position, players });
        }
        Coalition::of(members.iter().copied()).ok_or_else(too_large)
    }

    fn list(&self, present: Coalition, absent: Coalition, most: usize) -> Coalitions {
        let mut listed = Vec::new();
        let ending = self.visit_minimal(present, absent, |coalition| {
            if listed.len() == most {
                return ControlFlow::Break(());
            }
            listed.push(coalition);
            ControlFlow::Continue(())
        });
        listed.sort_by_key(|coalition| (coalition.len(), *coalition));
        Coalitions {
            listed,
            complete: ending.is_continue(),
        }
    }

    /// Visits the least sets of players, neither `present` nor `absent`, that win with those
    /// present, in a game of at most 64 players.
    fn visit_minimal(
        &self,
        present: Coalition,
        absent: Coalition,
        mut visit: impl FnMut(Coalition) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let vectors = &self.vectors;
        let totals: Vec<u128> = vectors.iter().map(|vector| vector.iter().sum()).collect();
        let share = |player: usize| {
            let shares = vectors.iter().zip(&totals);
            let shares = shares.map(|(vector, total)| vector[player] as f64 / *total as f64);
            shares.fold(0.0, f64::max)
        };
        let taken = present.mask() | absent.mask();
        let mut order: Vec<usize> = (0..self.len()).filter(|p| taken >> p & 1 == 0).collect();
        order.sort_by(|&a, &b| share(b).total_cmp(&share(a)));
        let mut rest = vec![vec![0; vectors.len()]; order.len() + 1];
        for (place, &player) in order.iter().enumerate().rev() {
            for (vector, weights) in vectors.iter().enumerate() {
                rest[place][vector] = rest[place + 1][vector] + weights[player];
            }
        }
        let start = |vector: &Vec<u128>| bits(present.mask()).map(|p| vector[p]).sum();
        let start: Vec<u128> = vectors.iter().map(start).collect();
        if self.formula.holds(present.len(), &start) {
            return visit(Coalition::EMPTY);
        }
        let mut search = Search {
            game: self,
            present: present.len(),
            order,
            rest,
            visit,
        };
        search.go(0, 0, &start)
    }
}

/// Players are offered in turn, heavy ones first; a coalition that wins is never enlarged, and
/// one that can't win with all the rest is given up.
struct Search<'a, V> {
    game: &'a Game,
    /// Members who are in from the start.
    present: usize,
    order: Vec<usize>,
    /// `[place][vector]`: weights of the players from that place on.
    rest: Vec<Vec<u128>>,
    visit: V,
}

impl<V: FnMut(Coalition) -> ControlFlow<()>> Search<'_, V> {
    fn go(&mut self, place: usize, mask: u64, sums: &[u128]) -> ControlFlow<()> {
        let Some(&player) = self.order.get(place) else {
            return ControlFlow::Continue(());
        };
        let members = self.present + mask.count_ones() as usize;
        let best: Vec<u128> = sums
            .iter()
            .zip(&self.rest[place])
            .map(|(a, b)| a + b)
            .collect();
        let formula = &self.game.formula;
        if !formula.holds(members + self.order.len() - place, &best) {
            return ControlFlow::Continue(());
        }
        let weight = |vector: usize| self.game.vectors[vector][player];
        let with: Vec<u128> = (0..sums.len()).map(|k| sums[k] + weight(k)).collect();
        let joined = mask | 1 << player;
        if !formula.holds(members + 1, &with) {
            self.go(place + 1, joined, &with)?;
        } else if self.is_minimal(joined, &with) {
            (self.visit)(Coalition::from_mask(joined))?;
        }
        self.go(place + 1, mask, sums)
    }

    fn is_minimal(&self, mask: u64, sums: &[u128]) -> bool {
        let members = self.present + mask.count_ones() as usize - 1;
        let mut rest = vec![0; sums.len()];
        bits(mask).all(|player| {
            for (vector, rest) in rest.iter_mut().enumerate() {
                *rest = sums[vector] - self.game.vectors[vector][player];
            }
            !self.game.formula.holds(members, &rest)
        })
    }
}

/// With one vector of weights a coalition is minimal if it loses without its lightest member. So
/// for each player as the lightest, the coalitions of the players before it, in descending
/// order, are met in the middle between two bounds: with the player they win, alone (one
/// member less) they don't win even after exchanging the player for any of them.
fn count_on(stairs: &Staircase) -> Counts {
    let n = stairs.weights.len();
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by_key(|&player| std::cmp::Reverse(stairs.weights[player]));
    let sorted: Vec<u128> = order.iter().map(|&player| stairs.weights[player]).collect();
    let mut counts = Counts::none(n);
    for (place, &lightest) in order.iter().enumerate() {
        let heavier = &sorted[..place];
        let terms: Vec<Vec<Term>> = (0..=place)
            .map(|size| between(stairs, size, sorted[place]))
            .collect();
        let met = count_meeting(&[heavier.to_vec()], &terms);
        for (size, &number) in met.winning.iter().enumerate() {
            counts.winning[size + 1] += number;
            counts.with_member[lightest][size + 1] += number;
        }
        for (heavier, by_size) in met.with_member.iter().enumerate() {
            for (size, &number) in by_size.iter().enumerate() {
                counts.with_member[order[heavier]][size + 1] += number;
            }
        }
    }
    counts
}

/// Coalitions of `size` that win with one more member of weight `w`, but lose if that member
/// is all that they lack: `least[size+1] - w <= weight < least[size]`.
fn between(stairs: &Staircase, size: usize, w: u128) -> Vec<Term> {
    let term = |coefficient, quota| Term {
        coefficient,
        quotas: vec![quota],
    };
    let Some(enough) = stairs.least[size + 1] else {
        return Vec::new();
    };
    let low = enough.saturating_sub(w);
    match stairs.least[size] {
        None => vec![term(1, low)],
        Some(high) if high > low => vec![term(1, low), term(-1, high)],
        Some(_) => Vec::new(),
    }
}

impl MinimalWinning {
    /// How many there are.
    pub fn count(&self) -> u64 {
        self.counts.winning.iter().sum::<i64>().cast_unsigned()
    }

    /// By player, how many the player is in.
    pub fn with_member(&self) -> Vec<u64> {
        let counts = self.counts.with_member.iter();
        counts
            .map(|by_size| by_size.iter().sum::<i64>().cast_unsigned())
            .collect()
    }

    /// [`crate::Index::Holler`], also called the public good index.
    pub fn holler(&self) -> Power {
        let numbers: Vec<BigUint> = self.with_member().into_iter().map(BigUint::from).collect();
        Power::exact(shares(&numbers), self.method)
    }

    /// [`crate::Index::DeeganPackel`].
    pub fn deegan_packel(&self) -> Power {
        let all = BigUint::from(self.count());
        let share = |(size, &number): (usize, &i64)| {
            let number = BigUint::from(number.cast_unsigned());
            ratio(&number, &(&all * size))
        };
        let value = |by_size: &Vec<i64>| {
            let sized = by_size.iter().enumerate().skip(1);
            sized
                .map(share)
                .fold(BigRational::zero(), |sum, part| sum + part)
        };
        let exact = self.counts.with_member.iter().map(value).collect();
        Power::exact(exact, self.method)
    }
}
