//! The nucleolus of a simple game (Schmeidler 1969), in rational arithmetic.
//!
//! A division `x` of one leaves coalition `S` the excess `v(S) - x(S)`, what it could gain alone.
//! The nucleolus makes the largest excess least, then the next, and so on (Maschler, Peleg
//! and Shapley 1979): a sequence of linear programmes
//!
//! ```text
//! min ε   subject to   x(S) + ε >= v(S)   for S not yet settled
//!                      x(F) = v(F) - ε_F   for settled F, all players among them
//! ```
//!
//! each solved through its dual, where coalitions come in as columns only when they bind.
//! Coalitions whose dual weights are positive bind in every solution, and are settled at that
//! excess, as is what they and earlier ones span. When the settled coalitions span everything, `x`
//! is unique. The positive weights are Kohlberg's (1971) certificate: at each level the
//! coalitions of at least that excess are balanced.
//!
//! Divisions that give somebody less than nothing aren't excluded, and in a proper
//! game need not be: there this prenucleolus is the nucleolus.

use num_rational::BigRational;
use num_traits::{One, Signed, ToPrimitive, Zero};

use crate::game::Game;
use crate::player::{Coalition, bits};
use crate::power::{GameError, Method, Power};
use crate::span::Span;

/// The nucleolus with its certificate.
#[derive(Debug, Clone, PartialEq)]
pub struct Nucleolus {
    /// The division of one.
    pub power: Power,
    /// Levels of excess, from the largest; together they span all coalitions.
    pub levels: Vec<Level>,
}

/// Coalitions that can't all have less than an excess.
#[derive(Debug, Clone, PartialEq)]
pub struct Level {
    /// The excess `v(S) - x(S)`.
    pub excess: BigRational,
    /// Coalitions at that excess with positive weights that sum to one; the weighted sum of
    /// their members is a combination of those of earlier levels and of all players.
    pub binding: Vec<(Coalition, BigRational)>,
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
        let wins: Vec<bool> = (0..1_u64 << n).map(|mask| self.wins_mask(mask)).collect();
        let mut settled = Settled::new(n);
        let mut levels = Vec::new();
        let mut division = settled.only_division();
        while settled.span.rank() < n {
            let mut programme = Programme::new(&settled, wins_of(&wins));
            programme.solve(&wins)?;
            let level = programme.level();
            division = programme.prices[..n].to_vec();
            for (coalition, _) in &level.binding {
                let value = division_of(&division, coalition.mask());
                settled.add(coalition.mask(), value);
            }
            levels.push(level);
        }
        Ok(Nucleolus {
            power: Power::exact(division, Method::LinearProgrammes),
            levels,
        })
    }
}

/// `v(S)`
fn wins_of(wins: &[bool]) -> impl Fn(u64) -> BigRational {
    move |mask| {
        let win = usize::try_from(mask).ok().and_then(|mask| wins.get(mask));
        BigRational::from_integer(i32::from(win == Some(&true)).into())
    }
}

/// `x(S)`
fn division_of(division: &[BigRational], mask: u64) -> BigRational {
    bits(mask).fold(BigRational::zero(), |sum, player| sum + &division[player])
}

/// Coalitions whose worth is decided, independent of each other.
struct Settled {
    n: usize,
    span: Span,
    coalitions: Vec<(u64, BigRational)>,
}

impl Settled {
    /// All players together have one.
    fn new(n: usize) -> Self {
        let mut settled = Self {
            n,
            span: Span::new(n),
            coalitions: Vec::new(),
        };
        settled.add((1 << n) - 1, BigRational::one());
        settled
    }

    fn add(&mut self, mask: u64, worth: BigRational) {
        if self.span.add(mask) {
            self.coalitions.push((mask, worth));
        }
    }

    /// The division where there is one player.
    fn only_division(&self) -> Vec<BigRational> {
        vec![BigRational::one(); self.n]
    }

    /// Single players who aren't settled and are independent, so many that with the settled
    /// coalitions they span all.
    fn singles(&self) -> Vec<u64> {
        let mut span = self.span.clone();
        let mut singles: Vec<u64> = (0..self.n).map(|player| 1 << player).collect();
        singles.retain(|&single| span.add(single));
        singles
    }
}

/// A column of the dual: settled coalitions have free weights and stay in the basis.
#[derive(Clone, Copy, PartialEq)]
enum Column {
    Settled(usize),
    Bid(u64),
}

/// The dual of one level: weights `λ >= 0` of unsettled coalitions that sum to one and free
/// weights `μ` of settled ones, `Σ λ_S 1_S + Σ μ_F 1_F = 0`, with the most worth. The
/// prices of its `n + 1` equations are `x` and `ε`.
struct Programme<'a, V> {
    settled: &'a Settled,
    worth: V,
    basis: Vec<Column>,
    /// Weights by place in the basis.
    weights: Vec<BigRational>,
    /// `[place][equation]`
    inverse: Vec<Vec<BigRational>>,
    /// `x`, then `ε`.
    prices: Vec<BigRational>,
}

/// Steps without progress after which the first column that helps is taken, not the best
/// (Bland 1977).
const PATIENCE: usize = 40;

impl<'a, V: Fn(u64) -> BigRational> Programme<'a, V> {
    /// Begins with a single player against all others, each weight one half: in terms of
    /// unsettled coalitions the one is the other's negative.
    fn new(settled: &'a Settled, worth: V) -> Self {
        let n = settled.n;
        let singles = settled.singles();
        let all = (1 << n) - 1;
        let opposite = singles.first().map(|single| all & !single);
        let basis: Vec<Column> = (0..settled.coalitions.len())
            .map(Column::Settled)
            .chain(singles.iter().copied().chain(opposite).map(Column::Bid))
            .collect();
        let mut programme = Self {
            settled,
            worth,
            weights: Vec::new(),
            inverse: Vec::new(),
            prices: Vec::new(),
            basis,
        };
        let columns: Vec<Vec<BigRational>> = programme
            .basis
            .iter()
            .map(|&column| programme.entries(column))
            .collect();
        programme.inverse = invert(&columns);
        // The right-hand side is zero but for the sum of weights.
        let weights = programme.inverse.iter().map(|row| row[n].clone());
        programme.weights = weights.collect();
        programme.set_prices();
        programme
    }

    /// Membership, and one if the weight counts in the sum.
    fn entries(&self, column: Column) -> Vec<BigRational> {
        let (mask, counts) = match column {
            Column::Settled(place) => (self.settled.coalitions[place].0, false),
            Column::Bid(mask) => (mask, true),
        };
        let members = (0..self.settled.n).map(|player| mask >> player & 1 == 1);
        let entry = |is_one: bool| BigRational::from_integer(i32::from(is_one).into());
        members.chain([counts]).map(entry).collect()
    }

    fn set_prices(&mut self) {
        let mut prices = vec![BigRational::zero(); self.settled.n + 1];
        for (column, row) in self.basis.iter().zip(&self.inverse) {
            let worth = match *column {
                Column::Settled(place) => self.settled.coalitions[place].1.clone(),
                Column::Bid(mask) => (self.worth)(mask),
            };
            if worth.is_zero() {
                continue;
            }
            for (price, entry) in prices.iter_mut().zip(row) {
                if !entry.is_zero() {
                    *price += &worth * entry;
                }
            }
        }
        self.prices = prices;
    }

    /// Takes in coalitions with more excess than `ε` until there are none.
    fn solve(&mut self, wins: &[bool]) -> Result<(), GameError> {
        let mut idle = 0;
        loop {
            let too_long = GameError::TooManyDigits { what: WHAT };
            let scan = Scan::new(&self.prices).ok_or(too_long)?;
            let found = scan.most_excessive(wins, &self.settled.span, idle > PATIENCE);
            let Some(mask) = found else {
                return Ok(());
            };
            idle = if self.take_in(Column::Bid(mask)) {
                0
            } else {
                idle + 1
            };
            self.set_prices();
        }
    }

    /// One pivot; whether weights moved.
    fn take_in(&mut self, entering: Column) -> bool {
        let entries = self.entries(entering);
        let product = |row: &Vec<BigRational>| {
            let terms = row
                .iter()
                .zip(&entries)
                .filter(|(_, entry)| !entry.is_zero());
            terms.fold(BigRational::zero(), |sum, (a, _)| sum + a)
        };
        let direction: Vec<BigRational> = self.inverse.iter().map(product).collect();
        let bounding = (0..self.basis.len()).filter_map(|place| match self.basis[place] {
            Column::Bid(mask) if direction[place].is_positive() => {
                Some((&self.weights[place] / &direction[place], mask, place))
            }
            _ => None,
        });
        // Weights sum to one, so that some weight always falls.
        let Some((step, _, leaving)) = bounding.min() else {
            return false;
        };
        for (place, direction) in direction.iter().enumerate() {
            if place != leaving && !direction.is_zero() {
                self.weights[place] -= direction * &step;
            }
        }
        let pivot: Vec<BigRational> = self.inverse[leaving]
            .iter()
            .map(|entry| entry / &direction[leaving])
            .collect();
        for (place, direction) in direction.iter().enumerate() {
            if place != leaving && !direction.is_zero() {
                for (entry, pivot) in self.inverse[place].iter_mut().zip(&pivot) {
                    if !pivot.is_zero() {
                        *entry -= direction * pivot;
                    }
                }
            }
        }
        self.inverse[leaving] = pivot;
        self.basis[leaving] = entering;
        let moved = !step.is_zero();
        self.weights[leaving] = step;
        moved
    }

    fn level(&self) -> Level {
        let binding = self.basis.iter().zip(&self.weights);
        let mut binding: Vec<(Coalition, BigRational)> = binding
            .filter_map(|(column, weight)| match *column {
                Column::Bid(mask) if weight.is_positive() => {
                    Some((Coalition::from_mask(mask), weight.clone()))
                }
                _ => None,
            })
            .collect();
        binding.sort_by_key(|(coalition, _)| *coalition);
        Level {
            excess: self.prices[self.settled.n].clone(),
            binding,
        }
    }
}

/// Prices in integers of a common unit.
struct Scan {
    one: i128,
    division: Vec<i128>,
    excess: i128,
}

impl Scan {
    fn new(prices: &[BigRational]) -> Option<Self> {
        use num_bigint::BigInt;
        let common = prices.iter().fold(BigInt::one(), |common, price| {
            let divisor = greatest_divisor(common.clone(), price.denom().clone());
            common / divisor * price.denom()
        });
        let whole = |price: &BigRational| {
            let units = price.numer() * (&common / price.denom());
            units
                .to_i128()
                .filter(|units| units.unsigned_abs() < 1 << 100)
        };
        let mut division: Vec<i128> = prices.iter().map(whole).collect::<Option<_>>()?;
        let excess = division.pop()?;
        let one = common.to_i128().filter(|one| *one < 1 << 100)?;
        Some(Self {
            one,
            division,
            excess,
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

fn greatest_divisor(mut a: num_bigint::BigInt, mut b: num_bigint::BigInt) -> num_bigint::BigInt {
    while !b.is_zero() {
        let rest = &a % &b;
        (a, b) = (b, rest);
    }
    a
}

/// The inverse of the matrix with these columns, which is regular, by Gauss and Jordan.
fn invert(columns: &[Vec<BigRational>]) -> Vec<Vec<BigRational>> {
    let n = columns.len();
    let unit = |i: usize, j: usize| BigRational::from_integer(i32::from(i == j).into());
    // Rows of the matrix, each followed by a row of the unit matrix.
    let mut rows: Vec<Vec<BigRational>> = (0..n)
        .map(|i| {
            let row = columns.iter().map(|column| column[i].clone());
            row.chain((0..n).map(|j| unit(i, j))).collect()
        })
        .collect();
    for column in 0..n {
        let Some(found) = (column..n).find(|&row| !rows[row][column].is_zero()) else {
            continue;
        };
        rows.swap(column, found);
        let scale = rows[column][column].clone();
        let pivot: Vec<BigRational> = rows[column].iter().map(|entry| entry / &scale).collect();
        for (place, row) in rows.iter_mut().enumerate() {
            if place != column && !row[column].is_zero() {
                let factor = row[column].clone();
                for (entry, pivot) in row.iter_mut().zip(&pivot) {
                    *entry -= &factor * pivot;
                }
            }
        }
        rows[column] = pivot;
    }
    rows.into_iter().map(|mut row| row.split_off(n)).collect()
}
