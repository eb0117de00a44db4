//! The nucleolus and the least core, in rational arithmetic.
//!
//! A division `x` of `v(N)` leaves coalition `S` the excess `v(S) - x(S)`, what it could gain on
//! its own. The least core (Maschler, Peleg and Shapley 1979) makes the largest excess least; the
//! core is not empty if and only if that is at most nought. The prenucleolus then makes the next
//! largest least, and so on; the nucleolus (Schmeidler 1969) does so among divisions that
//! give each player what it has alone. [`least_excesses`] says how they are found.
//!
//! Worths are taken as the exact rationals that floating-point numbers are. Coalitions are sought
//! in floating point; only where rounding could decide are they compared exactly.

use std::convert::Infallible;

use acquis_coalitions::{Bids, Level, Offer, least_excesses};
use num_rational::BigRational;
use num_traits::{Signed, ToPrimitive, Zero};

use crate::worth::{Division, WorthError, WorthGame, rational};

/// The nucleolus or prenucleolus with its certificate.
#[derive(Debug, Clone, PartialEq)]
pub struct Nucleolus {
    /// The division of what all have together.
    pub division: Division,
    /// Levels of excess, from the largest; together they span all coalitions.
    pub levels: Vec<Level>,
}

/// The least core's excess, with one division in it.
#[derive(Debug, Clone, PartialEq)]
pub struct LeastCore {
    /// One of its divisions.
    pub division: Division,
    /// Its largest excess and what binds; `None` with one player.
    pub level: Option<Level>,
}

impl LeastCore {
    /// Whether the core is empty: some coalition gains on its own whatever the division.
    pub fn core_is_empty(&self) -> bool {
        let level = self.level.as_ref();
        level.is_some_and(|level| level.excess.is_positive())
    }

    /// What a coalition must lose on leaving for some division to hold, in the unit of worth;
    /// negative if there is room.
    pub fn excess(&self) -> f64 {
        let level = self.level.as_ref();
        level.map_or(0.0, |level| level.excess.to_f64().unwrap_or(f64::NAN))
    }
}

impl WorthGame {
    /// The nucleolus.
    ///
    /// # Errors
    /// [`WorthError::NoImputation`] if no division gives everybody what it has alone.
    pub fn nucleolus(&self) -> Result<Nucleolus, WorthError> {
        let alone = self.worths().iter().enumerate();
        let alone = alone.filter(|(mask, _)| mask.is_power_of_two());
        let alone = alone.fold(BigRational::zero(), |sum, (_, &worth)| {
            sum + rational(worth)
        });
        if alone > rational(self.worth_of_all()) {
            return Err(WorthError::NoImputation {
                alone: alone.to_f64().unwrap_or(f64::NAN),
                together: self.worth_of_all(),
            });
        }
        Ok(self.lexicographic(true, usize::MAX))
    }

    /// The prenucleolus: some may get less than they have alone.
    pub fn prenucleolus(&self) -> Nucleolus {
        self.lexicographic(false, usize::MAX)
    }

    /// The least core: whether the core is empty, and by how much.
    pub fn least_core(&self) -> LeastCore {
        let mut first = self.lexicographic(false, 1);
        LeastCore {
            division: first.division,
            level: first.levels.pop(),
        }
    }

    fn lexicographic(&self, floors: bool, most_levels: usize) -> Nucleolus {
        let Ok(found) = least_excesses(self, floors, most_levels);
        Nucleolus {
            division: Division::new(found.division),
            levels: found.levels,
        }
    }
}

impl Bids for WorthGame {
    type Error = Infallible;

    fn players(&self) -> usize {
        self.players()
    }

    fn worth(&self, mask: u64) -> BigRational {
        let worth = usize::try_from(mask).ok();
        let worth = worth.and_then(|mask| self.worths().get(mask));
        worth.map_or_else(BigRational::zero, |&worth| rational(worth))
    }

    fn most_excessive(&self, offer: &Offer<'_>, any: bool) -> Result<Option<u64>, Infallible> {
        let scan = Scan::new(offer, self);
        let mut surest: Option<(f64, u64)> = None;
        let mut doubtful = Vec::new();
        for place in 1..(1_usize << self.players()) - 1 {
            let (above, doubt) = scan.above(place);
            let mask = place as u64;
            if above > doubt {
                let better = surest.is_none_or(|(most, _)| above > most);
                if better && !offer.settled.contains(mask) {
                    surest = Some((above, mask));
                }
            } else if surest.is_none() && (above >= -doubt || above.is_nan()) {
                doubtful.push(mask);
            }
            if any && surest.is_some() {
                break;
            }
        }
        let surest = surest.map(|(_, mask)| mask);
        if surest.is_some() && !any {
            return Ok(surest);
        }
        let excess = |mask: u64| self.worth(mask) - offer.share_of(mask);
        let exactly = doubtful
            .into_iter()
            .filter(|&mask| excess(mask) > *offer.excess && !offer.settled.contains(mask));
        let exactly = if any {
            exactly.min()
        } else {
            // The last of equals would do as well; the first is the rule.
            exactly.rev().max_by_key(|&mask| excess(mask))
        };
        Ok(exactly.or(surest))
    }
}

/// Excesses in floating point with a bound on their error.
struct Scan<'a> {
    game: &'a WorthGame,
    excess: f64,
    /// `x(S)` by mask.
    shares: Vec<f64>,
    /// What the error of an excess may come to, beside that from its worth.
    doubt: f64,
}

impl<'a> Scan<'a> {
    fn new(offer: &Offer<'_>, game: &'a WorthGame) -> Self {
        let near = |price: &BigRational| price.to_f64().unwrap_or(f64::NAN);
        let division: Vec<f64> = offer.division.iter().map(near).collect();
        let excess = near(offer.excess);
        let size: f64 = division
            .iter()
            .chain([&excess])
            .copied()
            .map(f64::abs)
            .sum();
        let mut shares = vec![0.0];
        shares.reserve(1 << division.len());
        for share in &division {
            for mask in 0..shares.len() {
                shares.push(shares[mask] + share);
            }
        }
        Self {
            game,
            excess,
            shares,
            // One rounding per price and per sum, each of at most the size, twice over.
            doubt: 2.0 * size * f64::EPSILON * (offer.division.len() + 3) as f64
                + f64::MIN_POSITIVE,
        }
    }

    /// How far an excess is above `ε`, and how wrong that may be.
    fn above(&self, mask: usize) -> (f64, f64) {
        let worth = self.game.worths()[mask];
        let above = worth - self.shares[mask] - self.excess;
        (above, self.doubt + 4.0 * worth.abs() * f64::EPSILON)
    }
}
