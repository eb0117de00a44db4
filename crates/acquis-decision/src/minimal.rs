//! Minimal winning coalitions: counted without listing them where size and one vector of
//! weights decide, otherwise by a search that only meets coalitions on the verge of winning.

use std::ops::ControlFlow;

use acquis_coalitions::{Coalition, Player, bits};
use num_bigint::BigUint;
use num_rational::BigRational;
use num_traits::Zero;
use rayon::prelude::*;

use crate::decimal::ratio;
use crate::game::{Game, Staircase};
use crate::middle::{self, Counts, count_meeting};
use crate::power::{GameError, Method, Power, shares};
use crate::search::{Branch, Tally, search};
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

/// Places whose answers are shared out among threads.
const SHARED_PLACES: usize = 7;

impl Game {
    /// Counts the minimal winning coalitions: those that lose with any member gone.
    ///
    /// # Errors
    /// [`GameError::TooLarge`] beyond 40 players, or 32 where more than one vector of weights
    /// counts, and beyond 15 such vectors.
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
        let counts = self.count_by_search()?;
        Ok(MinimalWinning {
            counts,
            method: Method::Enumeration,
        })
    }

    /// Counts by a search, shared among threads by who of the first players is in.
    fn count_by_search(&self) -> Result<Counts, GameError> {
        let n = self.len();
        let search = search(self, Coalition::EMPTY, Coalition::EMPTY)?;
        let count = |branch: Branch| {
            let mut tally = Tally::new(n);
            let _ = search.follow(branch, &mut |places| {
                tally.add(places);
                ControlFlow::Continue(())
            });
            tally.counts(search.order())
        };
        let branches = Branch::after(n.min(SHARED_PLACES));
        let counts = branches.into_par_iter().map(count);
        Ok(counts.reduce(|| Counts::none(n), |sum, part| sum.add(&part)))
    }

    /// Lists minimal winning coalitions, up to so many.
    ///
    /// # Errors
    /// [`GameError::TooLarge`] beyond [`Coalition::WIDTH`] players or 15 vectors of weights.
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
        self.list(Coalition::EMPTY, absent, most)
    }

    /// The least sets that win together with these players.
    pub(crate) fn minimal_completing(
        &self,
        players: &[Player],
        most: usize,
    ) -> Result<Coalitions, GameError> {
        let present = self.coalition(players)?;
        self.list(present, Coalition::EMPTY, most)
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

    fn list(
        &self,
        present: Coalition,
        absent: Coalition,
        most: usize,
    ) -> Result<Coalitions, GameError> {
        let search = search(self, present, absent)?;
        let mut listed = Vec::new();
        let ending = search.follow(Branch::ROOT, &mut |places| {
            if listed.len() == most {
                return ControlFlow::Break(());
            }
            let players = bits(places).map(|place| 1 << search.order()[place]);
            listed.push(Coalition::from_mask(players.sum()));
            ControlFlow::Continue(())
        });
        listed.sort_by_key(|coalition| (coalition.len(), *coalition));
        Ok(Coalitions {
            listed,
            complete: ending.is_continue(),
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
