//! Games in which a coalition has a worth to divide: the characteristic function.

use acquis_coalitions::Coalition;
use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::float::FloatCore;
use num_traits::{ToPrimitive, Zero};

use crate::memberships::{SingleBlocs, SizeError, check_size, members};
use crate::rules::Tolerance;
use crate::structure::CoalitionStructure;
use crate::table::Table;

/// Worths of all coalitions, `v(S)` by mask; nobody is worth nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct WorthGame {
    players: usize,
    worths: Vec<f64>,
}

/// Why worths aren't a game, or a question of it has no answer.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum WorthError {
    /// No players, or too many.
    #[error(transparent)]
    Size(#[from] SizeError),
    /// Other than one worth per coalition.
    #[error("{players} players have {expected} coalitions, the empty one included, not {got}")]
    Shape {
        /// The players.
        players: usize,
        /// Two to the power of players.
        expected: usize,
        /// How many worths were given.
        got: usize,
    },
    /// A worth that is no number.
    #[error("the worth of {coalition} is {worth}, not a finite number")]
    NotFinite {
        /// Whose worth.
        coalition: Coalition,
        /// The worth.
        worth: f64,
    },
    /// Nobody has a worth.
    #[error("the worth of the empty coalition is {worth}, but must be 0")]
    WorthOfNobody {
        /// The worth.
        worth: f64,
    },
    /// Single players have more alone than all together, so that no division gives everybody
    /// what it has alone.
    #[error("alone the players have {alone} in all, more than together, {together}")]
    NoImputation {
        /// `Σ v({i})`
        alone: f64,
        /// `v(N)`
        together: f64,
    },
    /// Other than one share per player.
    #[error("a division among {players} players has one share each, not {got}")]
    Division {
        /// The players.
        players: usize,
        /// How many shares were given.
        got: usize,
    },
}

/// What each player gets, exactly and rounded.
#[derive(Debug, Clone, PartialEq)]
pub struct Division {
    exact: Vec<BigRational>,
    rounded: Vec<f64>,
}

impl Division {
    pub(crate) fn new(exact: Vec<BigRational>) -> Self {
        let rounded = exact.iter().map(|share| share.to_f64().unwrap_or(f64::NAN));
        Self {
            rounded: rounded.collect(),
            exact,
        }
    }

    /// Shares by player.
    pub fn shares(&self) -> &[f64] {
        &self.rounded
    }

    /// Shares by player, not rounded.
    pub fn exact(&self) -> &[BigRational] {
        &self.exact
    }
}

impl WorthGame {
    /// The most players.
    pub const MOST: usize = 20;

    /// Worths by mask, `2^n` with that of nobody, which is nought.
    ///
    /// # Errors
    /// [`WorthError`] without players and beyond [`WorthGame::MOST`], with other than `2^n`
    /// worths, and if one is no number.
    pub fn new(players: usize, worths: Vec<f64>) -> Result<Self, WorthError> {
        check_size("a game of worths", players, Self::MOST)?;
        let expected = 1 << players;
        if worths.len() != expected {
            return Err(WorthError::Shape {
                players,
                expected,
                got: worths.len(),
            });
        }
        if let Some(mask) = worths.iter().position(|worth| !worth.is_finite()) {
            return Err(WorthError::NotFinite {
                coalition: Coalition::from_mask(mask as u64),
                worth: worths[mask],
            });
        }
        if worths[0] != 0.0 {
            return Err(WorthError::WorthOfNobody { worth: worths[0] });
        }
        Ok(Self { players, worths })
    }

    /// The worth of each coalition from a function of it; nobody isn't asked.
    ///
    /// # Errors
    /// As [`WorthGame::new`].
    pub fn of(players: usize, worth: impl Fn(Coalition) -> f64) -> Result<Self, WorthError> {
        check_size("a game of worths", players, Self::MOST)?;
        let masks = 1..1_u64 << players;
        let worths = masks.map(|mask| worth(Coalition::from_mask(mask)));
        Self::new(players, std::iter::once(0.0).chain(worths).collect())
    }

    /// What a bloc's members have in all while everybody else stands alone: the γ
    /// characteristic function of Chander and Tulkens (1997).
    ///
    /// # Errors
    /// [`WorthError::Size`] beyond [`WorthGame::MOST`] players.
    pub fn of_blocs(table: &Table<SingleBlocs>) -> Result<Self, WorthError> {
        Self::of(table.players(), |bloc| {
            let index = table.memberships().index(bloc).unwrap_or(0);
            members(index)
                .map(|player| table.payoff(index, player))
                .sum()
        })
    }

    /// How many players.
    pub fn players(&self) -> usize {
        self.players
    }

    /// Worths by mask.
    pub fn worths(&self) -> &[f64] {
        &self.worths
    }

    /// The worth of everybody together.
    pub fn worth_of_all(&self) -> f64 {
        self.worths[self.worths.len() - 1]
    }

    /// The coalition that a division leaves the largest excess `v(S) - x(S)`, of all but nobody and
    /// everybody, the first of several; `None` with one player.
    ///
    /// # Errors
    /// [`WorthError::Division`] if it has other than one share per player.
    pub fn largest_excess(&self, division: &[f64]) -> Result<Option<(Coalition, f64)>, WorthError> {
        if division.len() != self.players {
            return Err(WorthError::Division {
                players: self.players,
                got: division.len(),
            });
        }
        let proper = 1..self.worths.len() - 1;
        let excess = |mask: usize| {
            let shares: f64 = members(mask).map(|player| division[player]).sum();
            (
                Coalition::from_mask(mask as u64),
                self.worths[mask] - shares,
            )
        };
        Ok(proper
            .map(excess)
            .reduce(|best, next| if next.1 > best.1 { next } else { best }))
    }

    /// Whether a division is in the core (Gillies 1959): it divides what all have, and leaves no
    /// coalition an excess, both up to a tolerance in the unit of worth.
    ///
    /// # Errors
    /// [`WorthError::Division`] if it has other than one share per player.
    pub fn in_core(&self, division: &[f64], tolerance: Tolerance) -> Result<bool, WorthError> {
        let excess = self.largest_excess(division)?;
        let left: f64 = self.worth_of_all() - division.iter().sum::<f64>();
        let blocked = excess.is_some_and(|(_, excess)| excess > tolerance.amount());
        Ok(left.abs() <= tolerance.amount() && !blocked)
    }

    /// The coalition structure of the greatest total worth with that worth, by a dynamic
    /// programme over subsets, `3^n` steps (Yeh 1986). Blocs don't bear on each other here; where
    /// they do, see [`Table::greatest_sum`](crate::Table::greatest_sum).
    ///
    /// # Errors
    /// [`WorthError::Size`] beyond 16 players.
    pub fn optimal_structure(&self) -> Result<(CoalitionStructure, f64), WorthError> {
        check_size("the optimal coalition structure", self.players, 16)?;
        let mut best = self.worths.clone();
        let mut first_bloc: Vec<usize> = (0..best.len()).collect();
        for mask in 1..best.len() {
            let lowest = mask & mask.wrapping_neg();
            let others = mask ^ lowest;
            // Proper subsets with the lowest player, each once.
            let mut rest = others;
            while rest > 0 {
                let total = self.worths[mask ^ rest] + best[rest];
                if total > best[mask] {
                    (best[mask], first_bloc[mask]) = (total, mask ^ rest);
                }
                rest = (rest - 1) & others;
            }
        }
        let everybody = best.len() - 1;
        let (mut left, mut blocs) = (everybody, Vec::new());
        while left > 0 {
            blocs.push(first_bloc[left] as u64);
            left ^= first_bloc[left];
        }
        let structure = CoalitionStructure::from_masks(everybody as u64, &blocs);
        Ok((structure, best[everybody]))
    }

    /// The Shapley value (1953), exact: the mean over all orders of arrival of what a player adds,
    ///
    /// ```text
    /// φ_i = Σ_{S ∌ i}  |S|! (n - |S| - 1)! / n!  (v(S ∪ i) - v(S))
    /// ```
    ///
    /// from the sums of worth by size of coalition, with and without the player.
    pub fn shapley_value(&self) -> Division {
        let n = self.players;
        let (units, unit) = in_common_units(&self.worths);
        let mut totals = vec![BigInt::zero(); n + 1];
        let mut sums = vec![vec![BigInt::zero(); n + 1]; n];
        for (mask, worth) in units.iter().enumerate() {
            let size = mask.count_ones() as usize;
            totals[size] += worth;
            for player in members(mask) {
                sums[player][size] += worth;
            }
        }
        let factorials: Vec<BigInt> = std::iter::once(BigInt::from(1))
            .chain((1..=n).scan(BigInt::from(1), |product, factor| {
                *product *= factor;
                Some(product.clone())
            }))
            .collect();
        let share = |sums: &Vec<BigInt>| {
            let mut share = BigInt::zero();
            for size in 1..=n {
                share += &factorials[size - 1] * &factorials[n - size] * &sums[size];
            }
            for size in 0..n {
                let without = &totals[size] - &sums[size];
                share -= &factorials[size] * &factorials[n - size - 1] * without;
            }
            BigRational::new(share, factorials[n].clone()) * &unit
        };
        Division::new(sums.iter().map(share).collect())
    }
}

/// Finite numbers as whole multiples of a power of two.
fn in_common_units(values: &[f64]) -> (Vec<BigInt>, BigRational) {
    let parts: Vec<(BigInt, i32)> = values.iter().map(|&value| odd_part(value)).collect();
    let least = parts
        .iter()
        .map(|(_, power)| *power)
        .min()
        .unwrap_or(0)
        .min(0);
    let units = parts
        .into_iter()
        .map(|(odd, power)| odd << power.abs_diff(least));
    (units.collect(), power_of_two(least))
}

/// A finite number, exactly.
pub(crate) fn rational(value: f64) -> BigRational {
    let (odd, power) = odd_part(value);
    if power < 0 {
        // In lowest terms already: an odd number over a power of two.
        BigRational::new_raw(odd, BigInt::from(1) << power.unsigned_abs())
    } else {
        BigRational::from_integer(odd << power.unsigned_abs())
    }
}

/// A number as an odd one times a power of two; nought, and what is not finite, as nought times
/// one.
fn odd_part(value: f64) -> (BigInt, i32) {
    let (mantissa, power, sign) = FloatCore::integer_decode(value);
    if mantissa == 0 || !value.is_finite() {
        return (BigInt::zero(), 0);
    }
    let zeros = mantissa.trailing_zeros();
    let odd = BigInt::from(mantissa >> zeros) * i32::from(sign);
    (odd, i32::from(power) + zeros.cast_signed())
}

fn power_of_two(power: i32) -> BigRational {
    let size = BigInt::from(1) << power.unsigned_abs();
    if power < 0 {
        BigRational::new_raw(BigInt::from(1), size)
    } else {
        BigRational::from_integer(size)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_taken_exactly_and_in_lowest_terms() {
        let least = f64::from_bits(1);
        let values = [
            0.0,
            -0.0,
            1.0,
            -3.5,
            0.1,
            6.0,
            1e300,
            (-2.0_f64).powi(61),
            least,
        ];
        let (units, unit) = in_common_units(&values);
        for (value, units) in values.into_iter().zip(units) {
            let exact = BigRational::from_float(value).unwrap_or_else(BigRational::zero);
            // Equal numbers are in the same terms only where both are in the lowest.
            let own = rational(value);
            assert_eq!(
                (own.numer(), own.denom()),
                (exact.numer(), exact.denom()),
                "{value}"
            );
            assert_eq!(&unit * units, exact, "{value}");
        }
        assert_eq!(
            in_common_units(&[4.0, 6.0]).1,
            BigRational::from_integer(1.into())
        );
    }
}
