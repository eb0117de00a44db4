//! The nucleolus and the least core, in rational arithmetic.
//!
//! A division `x` of `v(N)` leaves coalition `S` the excess `v(S) - x(S)`, what it could gain on
//! its own. The least core (Maschler, Peleg and Shapley 1979) makes the largest excess least; the
//! core is not empty if and only if that is at most nought. The prenucleolus then makes the next
//! largest least, and so on; the nucleolus (Schmeidler 1969) does so among divisions that
//! give each player what it has alone. A sequence of linear programmes
//!
//! ```text
//! min ε   subject to   x(S) + ε >= v(S)   for S not yet settled
//!                      x(F) = v(F) - ε_F   for settled F, all players among them
//!                      x_i >= v({i})       nucleolus only
//! ```
//!
//! each solved through its dual, where coalitions come in as columns only when they bind. Those
//! whose dual weights are positive bind in every solution, and are settled at that excess, as
//! is what they and earlier ones span. When the settled coalitions span everything, `x` is
//! unique. The positive weights are Kohlberg's (1971) certificate.
//!
//! Worths are taken as the exact rationals that floating-point numbers are. Coalitions are sought
//! in floating point; only where rounding could decide are they compared exactly.

use num_rational::BigRational;
use num_traits::{One, Signed, ToPrimitive, Zero};

use crate::player::{Coalition, Player, bits};
use crate::span::Span;
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

/// Coalitions that can't all have less than an excess.
#[derive(Debug, Clone, PartialEq)]
pub struct Level {
    /// The excess `v(S) - x(S)`.
    pub excess: BigRational,
    /// Coalitions at that excess with positive weights that sum to one. With those of the floors
    /// the weighted sum of their members is a combination of earlier levels and of all players.
    pub binding: Vec<(Coalition, BigRational)>,
    /// Players held at what they have alone, with positive weights; none for the prenucleolus.
    pub floors: Vec<(Player, BigRational)>,
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
        let n = self.players();
        let mut settled = Settled::new(n, rational(self.worth_of_all()));
        let mut levels = Vec::new();
        let mut division = vec![rational(self.worth_of_all()); n];
        while settled.span.rank() < n && levels.len() < most_levels {
            let mut programme = Programme::new(self, &settled, floors);
            programme.solve();
            let level = programme.level();
            division = programme.prices[..n].to_vec();
            let binding = level.binding.iter().map(|(coalition, _)| coalition.mask());
            let held = level
                .floors
                .iter()
                .map(|(player, _)| 1 << player.position());
            for mask in binding.chain(held) {
                settled.add(mask, share_of(&division, mask));
            }
            levels.push(level);
        }
        Nucleolus {
            division: Division::new(division),
            levels,
        }
    }
}

/// `x(S)`
fn share_of(division: &[BigRational], mask: u64) -> BigRational {
    bits(mask).fold(BigRational::zero(), |sum, player| sum + &division[player])
}

/// Coalitions whose share is decided, independent of each other.
struct Settled {
    n: usize,
    span: Span,
    coalitions: Vec<(u64, BigRational)>,
}

impl Settled {
    fn new(n: usize, worth_of_all: BigRational) -> Self {
        let mut settled = Self {
            n,
            span: Span::new(n),
            coalitions: Vec::new(),
        };
        settled.add((1 << n) - 1, worth_of_all);
        settled
    }

    fn add(&mut self, mask: u64, share: BigRational) {
        if self.span.add(mask) {
            self.coalitions.push((mask, share));
        }
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

/// A column of the dual: settled coalitions have free weights and stay in the basis. In
/// the order in which the first that helps is taken.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Column {
    Settled(usize),
    Floor(usize),
    Bid(u64),
}

/// The dual of one level: weights `λ >= 0` of unsettled coalitions that sum to one, `ν >= 0` of
/// floors and free weights `μ` of settled ones,
/// `Σ λ_S 1_S + Σ ν_i 1_i + Σ μ_F 1_F = 0`, with the most worth. The prices of its `n + 1`
/// equations are `x` and `ε`.
struct Programme<'a> {
    game: &'a WorthGame,
    settled: &'a Settled,
    floors: bool,
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

impl<'a> Programme<'a> {
    /// Begins with a single player against all others, each weight one half: in terms of
    /// unsettled coalitions the one is the other's negative.
    fn new(game: &'a WorthGame, settled: &'a Settled, floors: bool) -> Self {
        let n = settled.n;
        let singles = settled.singles();
        let all = (1 << n) - 1;
        let opposite = singles.first().map(|single| all & !single);
        let basis: Vec<Column> = (0..settled.coalitions.len())
            .map(Column::Settled)
            .chain(singles.iter().copied().chain(opposite).map(Column::Bid))
            .collect();
        let mut programme = Self {
            game,
            settled,
            floors,
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
            Column::Floor(player) => (1 << player, false),
            Column::Bid(mask) => (mask, true),
        };
        let members = (0..self.settled.n).map(|player| mask >> player & 1 == 1);
        let entry = |is_one: bool| BigRational::from_integer(i32::from(is_one).into());
        members.chain([counts]).map(entry).collect()
    }

    fn worth(&self, mask: u64) -> BigRational {
        let worth = usize::try_from(mask).ok();
        let worth = worth.and_then(|mask| self.game.worths().get(mask));
        worth.map_or_else(BigRational::zero, |&worth| rational(worth))
    }

    fn set_prices(&mut self) {
        let mut prices = vec![BigRational::zero(); self.settled.n + 1];
        for (column, row) in self.basis.iter().zip(&self.inverse) {
            let worth = match *column {
                Column::Settled(place) => self.settled.coalitions[place].1.clone(),
                Column::Floor(player) => self.worth(1 << player),
                Column::Bid(mask) => self.worth(mask),
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

    /// Takes in columns whose bound is broken until there are none.
    fn solve(&mut self) {
        let mut idle = 0;
        while let Some(column) = self.broken(idle > PATIENCE) {
            // The weights that count sum to one, and what isn't counted is bounded since some
            // division gives everybody what it has alone: some weight always falls.
            let Some(moved) = self.take_in(column) else {
                return;
            };
            idle = if moved { 0 } else { idle + 1 };
            self.set_prices();
        }
    }

    /// A floor that isn't kept, or else the unsettled coalition whose excess is furthest above
    /// `ε`, the first of several; or simply the first.
    fn broken(&self, first: bool) -> Option<Column> {
        let n = self.settled.n;
        if self.floors {
            let below = |&player: &usize| {
                let alone = 1 << player;
                self.prices[player] < self.worth(alone) && !self.settled.span.contains(alone)
            };
            if let Some(player) = (0..n).find(below) {
                return Some(Column::Floor(player));
            }
        }
        let scan = Scan::new(&self.prices, self.game);
        let mut surest: Option<(f64, u64)> = None;
        let mut doubtful = Vec::new();
        for mask in 1..(1_u64 << n) - 1 {
            let (above, doubt) = scan.above(mask);
            if above > doubt {
                let better = surest.is_none_or(|(most, _)| above > most);
                if better && !self.settled.span.contains(mask) {
                    surest = Some((above, mask));
                }
            } else if surest.is_none() && (above >= -doubt || above.is_nan()) {
                doubtful.push(mask);
            }
            if first && surest.is_some() {
                break;
            }
        }
        match surest {
            Some((_, mask)) if !first => Some(Column::Bid(mask)),
            _ => {
                let exactly = doubtful.into_iter().filter(|&mask| {
                    self.excess(mask) > self.prices[n] && !self.settled.span.contains(mask)
                });
                let exactly = if first {
                    exactly.min()
                } else {
                    // The last of equals would do as well; the first is the rule.
                    exactly.rev().max_by_key(|&mask| self.excess(mask))
                };
                exactly.or(surest.map(|(_, mask)| mask)).map(Column::Bid)
            }
        }
    }

    fn excess(&self, mask: u64) -> BigRational {
        self.worth(mask) - share_of(&self.prices, mask)
    }

    /// One pivot; whether weights moved. `None` if no weight bounds the step.
    fn take_in(&mut self, entering: Column) -> Option<bool> {
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
            Column::Settled(_) => None,
            column if direction[place].is_positive() => {
                Some((&self.weights[place] / &direction[place], column, place))
            }
            _ => None,
        });
        let (step, _, leaving) = bounding.min()?;
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
                subtract(&mut self.inverse[place], direction, &pivot);
            }
        }
        self.inverse[leaving] = pivot;
        self.basis[leaving] = entering;
        let moved = !step.is_zero();
        self.weights[leaving] = step;
        Some(moved)
    }

    fn level(&self) -> Level {
        let mut level = Level {
            excess: self.prices[self.settled.n].clone(),
            binding: Vec::new(),
            floors: Vec::new(),
        };
        for (column, weight) in self.basis.iter().zip(&self.weights) {
            match *column {
                Column::Bid(mask) if weight.is_positive() => {
                    let coalition = Coalition::from_mask(mask);
                    level.binding.push((coalition, weight.clone()));
                }
                Column::Floor(player) if weight.is_positive() => {
                    level.floors.push((Player::at(player), weight.clone()));
                }
                _ => {}
            }
        }
        level.binding.sort_by_key(|(coalition, _)| *coalition);
        level.floors.sort_by_key(|(player, _)| *player);
        level
    }
}

/// Excesses in floating point with a bound on their error.
struct Scan<'a> {
    game: &'a WorthGame,
    excess: f64,
    division: Vec<f64>,
    /// What the error of an excess may come to, beside that from its worth.
    doubt: f64,
}

impl<'a> Scan<'a> {
    fn new(prices: &[BigRational], game: &'a WorthGame) -> Self {
        let near = |price: &BigRational| price.to_f64().unwrap_or(f64::NAN);
        let mut division: Vec<f64> = prices.iter().map(near).collect();
        let excess = division.pop().unwrap_or(f64::NAN);
        let size: f64 = division
            .iter()
            .chain([&excess])
            .copied()
            .map(f64::abs)
            .sum();
        Self {
            game,
            excess,
            division,
            // One rounding per price and per sum, each of at most the size, twice over.
            doubt: 2.0 * size * f64::EPSILON * (prices.len() + 2) as f64 + f64::MIN_POSITIVE,
        }
    }

    /// How far an excess is above `ε`, and how wrong that may be.
    fn above(&self, mask: u64) -> (f64, f64) {
        let worth = usize::try_from(mask).ok();
        let worth = worth.and_then(|mask| self.game.worths().get(mask)).copied();
        let worth = worth.unwrap_or(0.0);
        let share: f64 = bits(mask).map(|player| self.division[player]).sum();
        let above = worth - share - self.excess;
        (above, self.doubt + 4.0 * worth.abs() * f64::EPSILON)
    }
}

/// `row -= factor · pivot`
fn subtract(row: &mut [BigRational], factor: &BigRational, pivot: &[BigRational]) {
    for (entry, pivot) in row.iter_mut().zip(pivot) {
        if !pivot.is_zero() {
            *entry -= factor * pivot;
        }
    }
}

/// The inverse of the matrix with these columns, which is regular, by Gauss and Jordan.
fn invert(columns: &[Vec<BigRational>]) -> Vec<Vec<BigRational>> {
    let n = columns.len();
    let unit = |is_one: bool| {
        if is_one {
            BigRational::one()
        } else {
            BigRational::zero()
        }
    };
    // Rows of the matrix, each followed by a row of the unit matrix.
    let mut rows: Vec<Vec<BigRational>> = (0..n)
        .map(|i| {
            let row = columns.iter().map(|column| column[i].clone());
            row.chain((0..n).map(|j| unit(i == j))).collect()
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
                subtract(row, &factor, &pivot);
            }
        }
        rows[column] = pivot;
    }
    rows.into_iter().map(|mut row| row.split_off(n)).collect()
}
