//! Winning coalitions and swings, and the indices that follow from them: Penrose-Banzhaf,
//! Shapley-Shubik and Coleman.

use acquis_coalitions::Player;
use num_bigint::BigUint;
use num_rational::BigRational;
use num_traits::{ToPrimitive, Zero};

use crate::decimal::{factorial, ratio};
use crate::game::{Game, Staircase, coalitions};
use crate::middle::{self, Counts};
use crate::power::{GameError, Method, Power, shares};
use crate::{enumeration, quadrature, size_table, weight_table};

/// How often coalitions win, and how often each player is the one who makes them.
#[derive(Debug, Clone, PartialEq)]
pub struct Census {
    winning: BigUint,
    /// `[player]`
    swings: Vec<BigUint>,
    /// `[player][size]`, unless the method doesn't tell sizes apart.
    by_size: Option<Vec<Vec<BigUint>>>,
    method: Method,
}

impl Game {
    /// Counts winning coalitions and swings, exactly.
    ///
    /// Up to 40 players any rule with up to four vectors of weights is met in the middle, and up
    /// to 24 players those with more are enumerated. Beyond 40 the rule must rest on sizes and
    /// one vector of integer weights: a table by size and weight up to 256 MB, and for
    /// weight alone one up to 32 MB, or a table by weight up to 1 GB.
    ///
    /// # Errors
    /// [`GameError::TooLarge`] and [`GameError::TooManyCriteria`].
    pub fn census(&self) -> Result<Census, GameError> {
        const WHAT: &str = "counting coalitions";
        if self.len() <= middle::MOST_PLAYERS {
            let met =
                middle::count_winning(self).map(|counts| (counts, Method::MeetingInTheMiddle));
            let one_by_one = || Some((enumeration::count_winning(self)?, Method::Enumeration));
            let (counts, method) = met
                .or_else(one_by_one)
                .ok_or(GameError::TooManyCriteria { what: WHAT })?;
            return Ok(Census::of(&counts, method));
        }
        let too_large = |why| GameError::TooLarge {
            what: WHAT,
            players: self.len(),
            why,
        };
        if self.vectors.len() > 1 {
            return Err(too_large(
                "beyond 40 takes rules of sizes and one vector of weights",
            ));
        }
        if let Some(side) = self.small_side() {
            return Ok(side.census());
        }
        match self.quota() {
            Some((weights, quota))
                if weight_table::bytes(weights, quota) <= weight_table::MOST_BYTES =>
            {
                let counted = weight_table::count(weights, quota);
                Ok(Census {
                    winning: counted.winning,
                    swings: counted.swings,
                    by_size: None,
                    method: Method::WeightTable,
                })
            }
            Some(_) => Err(too_large(
                "beyond 40 takes weights with a total in the millions",
            )),
            None => Err(too_large(
                "beyond 40 takes weights with a small total where sizes count too",
            )),
        }
    }

    /// The Shapley-Shubik index: exact where the [census](Self::census) tells sizes apart,
    /// otherwise by quadrature with an error bound near `1e-12`.
    ///
    /// # Errors
    /// As for [`Self::census`].
    pub fn shapley_shubik(&self) -> Result<Power, GameError> {
        let sized = self.len() <= middle::MOST_PLAYERS || self.small_side().is_some();
        match self.quota() {
            Some((weights, quota))
                if !sized && quadrature::bytes(weights, quota) <= quadrature::MOST_BYTES =>
            {
                let found = quadrature::shapley_shubik(weights, quota);
                Ok(Power {
                    values: found.values,
                    exact: None,
                    method: Method::Quadrature {
                        points: found.points,
                    },
                    error: found.error,
                })
            }
            _ => self.census()?.shapley_shubik().ok_or(GameError::TooLarge {
                what: "the Shapley-Shubik index",
                players: self.len(),
                why: "takes weights with a total in the millions",
            }),
        }
    }
}

/// A game or its dual, whichever needs the smaller table by size and weight.
struct Side {
    stairs: Staircase,
    is_dual: bool,
}

impl Game {
    /// The side whose table is within bounds, if there is one: narrow ones where there are
    /// ways by weight alone.
    fn small_side(&self) -> Option<Side> {
        let most = match self.quota() {
            Some(_) => size_table::NARROW_BYTES,
            None => size_table::MOST_BYTES,
        };
        [(self.staircase(), false), (self.dual().staircase(), true)]
            .into_iter()
            .filter_map(|(stairs, is_dual)| stairs.map(|stairs| Side { stairs, is_dual }))
            .map(|side| (size_table::bytes(&side.stairs), side))
            .filter(|(bytes, _)| *bytes <= most)
            .min_by_key(|(bytes, _)| *bytes)
            .map(|(_, side)| side)
    }
}

impl Side {
    /// A swing at size `s` is one at size `n - 1 - s` in the dual, where the complements of
    /// losing coalitions win.
    fn census(&self) -> Census {
        let counted = size_table::count(&self.stairs);
        let mut by_size = counted.swings;
        let mut winning = counted.winning.iter().sum();
        if self.is_dual {
            for row in &mut by_size {
                row.reverse();
            }
            winning = coalitions(by_size.len()) - winning;
        }
        Census {
            winning,
            swings: by_size.iter().map(|row| row.iter().sum()).collect(),
            by_size: Some(by_size),
            method: Method::SizeAndWeightTable,
        }
    }
}

impl Census {
    fn of(counts: &Counts, method: Method) -> Self {
        let n = counts.with_member.len();
        let count = |number: i64| BigUint::from(number.cast_unsigned());
        // Coalitions of size s that don't win without i but do with i.
        let swing =
            |with: &[i64], size: usize| count(with[size + 1] - (counts.winning[size] - with[size]));
        let row = |with: &Vec<i64>| (0..n).map(|size| swing(with, size)).collect();
        let by_size: Vec<Vec<BigUint>> = counts.with_member.iter().map(row).collect();
        Self {
            winning: counts.winning.iter().map(|&number| count(number)).sum(),
            swings: by_size.iter().map(|row| row.iter().sum()).collect(),
            by_size: Some(by_size),
            method,
        }
    }

    /// How many coalitions win.
    pub fn winning(&self) -> &BigUint {
        &self.winning
    }

    /// How many coalitions lose.
    pub fn losing(&self) -> BigUint {
        coalitions(self.swings.len()) - &self.winning
    }

    /// By player, how many coalitions of the others the player turns into winning ones.
    pub fn swings(&self) -> &[BigUint] {
        &self.swings
    }

    /// The same, `[player][size of the coalition joined]`, if the method tells sizes apart.
    pub fn swings_by_size(&self) -> Option<&[Vec<BigUint>]> {
        self.by_size.as_deref()
    }

    /// How the counts were found.
    pub fn method(&self) -> Method {
        self.method
    }

    /// Players who never turn a coalition into a winning one.
    pub fn dummies(&self) -> Vec<Player> {
        let without = |&player: &usize| self.swings[player].is_zero();
        let players = 0..self.swings.len();
        players.filter(without).map(Player::at).collect()
    }

    /// The efficiency of the rule: the share of all coalitions that win, Coleman's (1971)
    /// power of the collectivity to act.
    pub fn power_to_act(&self) -> BigRational {
        ratio(&self.winning, &coalitions(self.swings.len()))
    }

    /// [`crate::Index::BanzhafAbsolute`].
    pub fn banzhaf_absolute(&self) -> Power {
        let others = coalitions(self.swings.len().saturating_sub(1));
        self.over(&others)
    }

    /// [`crate::Index::Banzhaf`].
    pub fn banzhaf(&self) -> Power {
        Power::exact(shares(&self.swings), self.method)
    }

    /// [`crate::Index::ColemanPrevent`].
    pub fn coleman_prevent(&self) -> Power {
        self.over(&self.winning)
    }

    /// [`crate::Index::ColemanInitiate`].
    pub fn coleman_initiate(&self) -> Power {
        self.over(&self.losing())
    }

    /// [`crate::Index::ShapleyShubik`], if the method tells sizes apart:
    /// `φ_i = Σ_s s! (n-s-1)! / n! · swings_i(s)`.
    pub fn shapley_shubik(&self) -> Option<Power> {
        let by_size = self.by_size.as_ref()?;
        let n = self.swings.len();
        let orders: Vec<BigUint> = (0..n)
            .map(|size| factorial(size) * factorial(n - size - 1))
            .collect();
        let all = factorial(n);
        let value = |swings: &Vec<BigUint>| {
            let in_orders = swings
                .iter()
                .zip(&orders)
                .map(|(swings, orders)| swings * orders);
            ratio(&in_orders.sum(), &all)
        };
        let exact = by_size.iter().map(value).collect();
        Some(Power::exact(exact, self.method))
    }

    fn over(&self, whole: &BigUint) -> Power {
        let exact = self.swings.iter().map(|swings| ratio(swings, whole));
        Power::exact(exact.collect(), self.method)
    }

    /// The nearest `f64` to [`Self::power_to_act`].
    pub fn efficiency(&self) -> f64 {
        self.power_to_act().to_f64().unwrap_or(f64::NAN)
    }
}
