//! The nucleolus of a simple game (Schmeidler 1969), in rational arithmetic.
//!
//! A division `x` of one leaves coalition `S` the excess `v(S) - x(S)`, what it could gain alone.
//! The nucleolus makes the largest excess least, then the next, and so on (Maschler, Peleg
//! and Shapley 1979). [`least_excesses`] says how it is found, and gives the coalitions that
//! certify it.
//!
//! Divisions that give somebody less than nothing aren't excluded, and in a proper
//! game need not be: there this prenucleolus is the nucleolus.

use acquis_coalitions::{Bids, Level, Offer, Span, least_excesses};
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, ToPrimitive, Zero};

use crate::game::Game;
use crate::power::{GameError, Method, Power};

/// The nucleolus with its certificate.
#[derive(Debug, Clone, PartialEq)]
pub struct Nucleolus {
    /// The division of one.
    pub power: Power,
    /// Levels of excess, from the largest; together they span all coalitions.
    pub levels: Vec<Level>,
}

/// Players up to whom all coalitions are scanned.
const MOST_PLAYERS: usize = 20;
const WHAT: &str = "the nucleolus";

impl Game {
    /// The nucleolus; of an improper game the prenucleolus.
    ///
    /// # Errors
    /// [`GameError::TooLarge`] beyond 20 players, [`GameError::TooManyDigits`].
    pub fn nucleolus(&self) -> Result<Nucleolus, GameError> {
        let n = self.len();
        if n > MOST_PLAYERS {
            return Err(GameError::TooLarge {
                what: WHAT,
                players: n,
                why: "goes up to 20",
            });
        }
        let bids = Wins {
            players: n,
            wins: (0..1_u64 << n).map(|mask| self.wins_mask(mask)).collect(),
        };
        let found = least_excesses(&bids, false, usize::MAX)?;
        Ok(Nucleolus {
            power: Power::exact(found.division, Method::LinearProgrammes),
            levels: found.levels,
        })
    }
}

/// A winning coalition has one, any other nothing.
struct Wins {
    players: usize,
    /// By mask.
    wins: Vec<bool>,
}

impl Bids for Wins {
    type Error = GameError;

    fn players(&self) -> usize {
        self.players
    }

    fn worth(&self, mask: u64) -> BigRational {
        let place = usize::try_from(mask).ok();
        let wins = place.and_then(|place| self.wins.get(place));
        BigRational::from_integer(i32::from(wins == Some(&true)).into())
    }

    fn most_excessive(&self, offer: &Offer<'_>, any: bool) -> Result<Option<u64>, GameError> {
        let too_long = GameError::TooManyDigits { what: WHAT };
        let scan = Scan::new(offer).ok_or(too_long)?;
        Ok(scan.most_excessive(&self.wins, offer.settled, any))
    }
}

/// Prices in integers of a common unit.
struct Scan {
    one: i128,
    division: Vec<i128>,
    excess: i128,
}

impl Scan {
    fn new(offer: &Offer<'_>) -> Option<Self> {
        // Reduced, since the least common unit is wanted.
        let prices: Vec<BigRational> = offer.division.iter().map(BigRational::reduced).collect();
        let excess = offer.excess.reduced();
        let common = prices
            .iter()
            .chain([&excess])
            .fold(BigInt::one(), |common, price| {
                let divisor = greatest_divisor(common.clone(), price.denom().clone());
                common / divisor * price.denom()
            });
        let whole = |price: &BigRational| {
            let units = price.numer() * (&common / price.denom());
            units
                .to_i128()
                .filter(|units| units.unsigned_abs() < 1 << 100)
        };
        let one = common.to_i128().filter(|one| *one < 1 << 100)?;
        Some(Self {
            one,
            division: prices.iter().map(whole).collect::<Option<_>>()?,
            excess: whole(&excess)?,
        })
    }

    /// The unsettled coalition whose excess is furthest above `ε`, the first of several; or
    /// simply the first.
    fn most_excessive(&self, wins: &[bool], settled: &Span, first: bool) -> Option<u64> {
        let n = self.division.len();
        let mut shares = vec![0_i128; wins.len()];
        let mut most = (self.excess, None);
        for (mask, &wins) in (0_u64..).zip(wins) {
            let place = usize::try_from(mask).unwrap_or(0);
            if mask > 0 {
                let lowest = mask.trailing_zeros() as usize;
                let rest = usize::try_from(mask & (mask - 1)).unwrap_or(0);
                shares[place] = shares[rest] + self.division[lowest.min(n - 1)];
            }
            let excess = if wins { self.one } else { 0 } - shares[place];
            if excess > most.0 && !settled.contains(mask) {
                most = (excess, Some(mask));
                if first {
                    break;
                }
            }
        }
        most.1
    }
}

fn greatest_divisor(mut a: BigInt, mut b: BigInt) -> BigInt {
    while !b.is_zero() {
        let rest = &a % &b;
        (a, b) = (b, rest);
    }
    a
}
