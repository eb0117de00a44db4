//! Divisions whose largest excess is least, then the next (Schmeidler 1969), in rational
//! arithmetic.
//!
//! A division `x` of `v(N)` leaves coalition `S` the excess `v(S) - x(S)`, what it could gain on
//! its own. The least core makes the largest excess least, the prenucleolus then the next, and so
//! on; the nucleolus does so among divisions that give each player what it has alone. A sequence
//! of linear programmes (Maschler, Peleg and Shapley 1979)
//!
//! ```text
//! min ε   subject to   x(S) + ε >= v(S)   for S not yet settled
//!                      x(F) = v(F) - ε_F   for settled F, all players among them
//!                      x_i >= v({i})       with floors only
//! ```
//!
//! each solved through its dual, where coalitions come in as columns only when they bind.
//! Those whose dual weights are positive bind in every solution, and are settled at that excess,
//! as is what they and earlier ones span. When the settled coalitions span everything, `x` is
//! unique. The positive weights are Kohlberg's (1971) certificate: at each level the coalitions
//! of at least that excess are balanced.

use num_bigint::BigInt;
use num_integer::Integer;
use num_rational::BigRational;
use num_traits::{One, Zero};

use crate::player::{Coalition, Player, bits};
use crate::span::Span;

/// What each coalition could have on its own, and how the one that gives up most is found.
pub trait Bids {
    /// Why no coalition could be looked for.
    type Error;

    /// How many players there are: one at least, at most twenty.
    fn players(&self) -> usize;

    /// `v(S)`, nought for nobody.
    fn worth(&self, mask: u64) -> BigRational;

    /// The coalition that isn't settled whose excess is furthest above that of the offer, the
    /// first of several by its mask; with `any` whichever comes first.
    ///
    /// Looks at every coalition exactly. A game that can bound its rounding, or whose worths
    /// are whole numbers, does better by a scan of its own.
    ///
    /// # Errors
    /// If the scan can't be made.
    fn most_excessive(&self, offer: &Offer<'_>, any: bool) -> Result<Option<u64>, Self::Error> {
        let mut most: Option<(BigRational, u64)> = None;
        for mask in 1..(1_u64 << self.players()) - 1 {
            let excess = self.worth(mask) - offer.share_of(mask);
            let is_more = excess > *most.as_ref().map_or(offer.excess, |(most, _)| most);
            if is_more && !offer.settled.contains(mask) {
                most = Some((excess, mask));
                if any {
                    break;
                }
            }
        }
        Ok(most.map(|(_, mask)| mask))
    }
}

/// A division with an excess that no unsettled coalition should be above. Fractions may not be in
/// their lowest terms.
#[derive(Debug, Clone, Copy)]
pub struct Offer<'a> {
    /// `x`, by player.
    pub division: &'a [BigRational],
    /// `ε`.
    pub excess: &'a BigRational,
    /// What is decided already.
    pub settled: &'a Span,
}

impl Offer<'_> {
    /// `x(S)`
    pub fn share_of(&self, mask: u64) -> BigRational {
        share_of(self.division, mask)
    }
}

/// A division with its certificate.
#[derive(Debug, Clone, PartialEq)]
pub struct LeastExcesses {
    /// `x`, by player.
    pub division: Vec<BigRational>,
    /// Levels of excess, from the largest; if there is no bound on their number they span all
    /// coalitions.
    pub levels: Vec<Level>,
}

/// Coalitions that can't all have less than an excess.
#[derive(Debug, Clone, PartialEq)]
pub struct Level {
    /// The excess `v(S) - x(S)`.
    pub excess: BigRational,
    /// Coalitions at that excess with positive weights that sum to one. With those of the floors
    /// the weighted sum of their members is a combination of earlier levels and of all players.
    pub binding: Vec<(Coalition, BigRational)>,
    /// Players held at what they have alone, with positive weights; none without floors.
    pub floors: Vec<(Player, BigRational)>,
}

/// Makes the largest excess least, then the next, for so many levels. With `floors` nobody gets
/// less than alone, which some division of `v(N)` must allow.
///
/// # Errors
/// What the scan for a coalition returns.
pub fn least_excesses<B: Bids>(
    bids: &B,
    floors: bool,
    most_levels: usize,
) -> Result<LeastExcesses, B::Error> {
    let n = bids.players();
    let worth_of_all = bids.worth((1 << n) - 1);
    let mut settled = Settled::new(n, worth_of_all.clone());
    let mut levels = Vec::new();
    let mut division = vec![worth_of_all; n];
    while settled.span.rank() < n && levels.len() < most_levels {
        let mut programme = Programme::new(bids, &settled, floors);
        programme.solve()?;
        let level = programme.level();
        division = programme.prices[..n]
            .iter()
            .map(BigRational::reduced)
            .collect();
        let binding = level.binding.iter().map(|(coalition, _)| coalition.mask());
        let held = level.floors.iter();
        let held = held.map(|(player, _)| 1 << player.position());
        for mask in binding.chain(held) {
            settled.add(mask, share_of(&division, mask));
        }
        levels.push(level);
    }
    Ok(LeastExcesses { division, levels })
}

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
struct Programme<'a, B> {
    bids: &'a B,
    settled: &'a Settled,
    floors: bool,
    basis: Vec<Column>,
    /// By place in the basis.
    worths: Vec<BigRational>,
    /// Of the basis. Weights by place are its last equation's: the right-hand side is zero but
    /// for the sum of weights.
    inverse: Inverse,
    /// `x`, then `ε`; fractions may not be in their lowest terms.
    prices: Vec<BigRational>,
}

/// Steps without progress after which the first column that helps is taken, not the best
/// (Bland 1977).
const PATIENCE: usize = 40;

impl<'a, B: Bids> Programme<'a, B> {
    /// Begins with a single player against all others, each weight one half: in terms of
    /// unsettled coalitions the one is the other's negative.
    fn new(bids: &'a B, settled: &'a Settled, floors: bool) -> Self {
        let n = settled.n;
        let singles = settled.singles();
        let all = (1 << n) - 1;
        let opposite = singles.first().map(|single| all & !single);
        let basis: Vec<Column> = (0..settled.coalitions.len())
            .map(Column::Settled)
            .chain(singles.iter().copied().chain(opposite).map(Column::Bid))
            .collect();
        let mut programme = Self {
            bids,
            settled,
            floors,
            worths: Vec::new(),
            inverse: Inverse::of_units(n + 1),
            prices: Vec::new(),
            basis,
        };
        let columns = programme.basis.iter();
        let columns: Vec<Vec<bool>> = columns.map(|&column| programme.entries(column)).collect();
        programme.inverse = Inverse::of(&columns);
        let worths = programme.basis.iter();
        programme.worths = worths.map(|&column| programme.worth(column)).collect();
        programme.set_prices();
        programme
    }

    /// Membership, and one if the weight counts in the sum.
    fn entries(&self, column: Column) -> Vec<bool> {
        let (mask, counts) = match column {
            Column::Settled(place) => (self.settled.coalitions[place].0, false),
            Column::Floor(player) => (1 << player, false),
            Column::Bid(mask) => (mask, true),
        };
        let members = (0..self.settled.n).map(|player| mask >> player & 1 == 1);
        members.chain([counts]).collect()
    }

    fn worth(&self, column: Column) -> BigRational {
        match column {
            Column::Settled(place) => self.settled.coalitions[place].1.clone(),
            Column::Floor(player) => self.bids.worth(1 << player),
            Column::Bid(mask) => self.bids.worth(mask),
        }
    }

    /// Sums over the worths' common denominator, which aren't reduced: most of the time of a step
    /// would go into common divisors that nobody asks for.
    fn set_prices(&mut self) {
        let worths = self.worths.iter();
        let common = worths.fold(BigInt::one(), |common, worth| common.lcm(worth.denom()));
        let over_common = |worth: &BigRational| worth.numer() * (&common / worth.denom());
        let worths: Vec<BigInt> = self.worths.iter().map(over_common).collect();
        let denominator = common * self.inverse.determinant;
        let price = |equation: usize| {
            let rows = worths.iter().zip(&self.inverse.rows);
            let terms = rows.filter(|(_, row)| row[equation] != 0);
            let sum = terms.fold(BigInt::zero(), |sum, (worth, row)| {
                sum + worth * row[equation]
            });
            BigRational::new_raw(sum, denominator.clone())
        };
        self.prices = (0..=self.settled.n).map(price).collect();
    }

    /// Takes in columns whose bound is broken until there are none.
    fn solve(&mut self) -> Result<(), B::Error> {
        let mut idle = 0;
        while let Some(column) = self.broken(idle > PATIENCE)? {
            // The weights that count sum to one, and what isn't counted is bounded since some
            // division gives everybody what it has alone: some weight always falls.
            let Some(moved) = self.take_in(column) else {
                break;
            };
            idle = if moved { 0 } else { idle + 1 };
            self.set_prices();
        }
        Ok(())
    }

    /// A floor that isn't kept, or else an unsettled coalition with more excess than `ε`.
    fn broken(&self, any: bool) -> Result<Option<Column>, B::Error> {
        let n = self.settled.n;
        if self.floors {
            let below = |&player: &usize| {
                let alone = 1 << player;
                let is_settled = self.settled.span.contains(alone);
                self.prices[player] < self.bids.worth(alone) && !is_settled
            };
            if let Some(player) = (0..n).find(below) {
                return Ok(Some(Column::Floor(player)));
            }
        }
        let offer = Offer {
            division: &self.prices[..n],
            excess: &self.prices[n],
            settled: &self.settled.span,
        };
        Ok(self.bids.most_excessive(&offer, any)?.map(Column::Bid))
    }

    /// One pivot; whether weights moved. `None` if no weight bounds the step.
    fn take_in(&mut self, entering: Column) -> Option<bool> {
        let n = self.settled.n;
        let direction = self.inverse.times(&self.entries(entering));
        let bounding = (0..self.basis.len()).filter(|&place| {
            !matches!(self.basis[place], Column::Settled(_)) && direction[place] > 0
        });
        // The least of weight over direction, both of which have the determinant below.
        let leaving = bounding.min_by(|&one, &other| {
            let weight = |place: usize| self.inverse.rows[place][n];
            let cross = weight(one) * direction[other];
            let ratios = cross.cmp(&(weight(other) * direction[one]));
            ratios.then_with(|| self.basis[one].cmp(&self.basis[other]))
        })?;
        let moved = self.inverse.rows[leaving][n] != 0;
        self.inverse.exchange(leaving, &direction);
        self.basis[leaving] = entering;
        self.worths[leaving] = self.worth(entering);
        Some(moved)
    }

    fn level(&self) -> Level {
        let n = self.settled.n;
        let mut level = Level {
            excess: self.prices[n].reduced(),
            binding: Vec::new(),
            floors: Vec::new(),
        };
        for (&column, row) in self.basis.iter().zip(&self.inverse.rows) {
            if row[n] <= 0 {
                continue;
            }
            let weight = BigRational::new(row[n].into(), self.inverse.determinant.into());
            match column {
                Column::Bid(mask) => level.binding.push((Coalition::from_mask(mask), weight)),
                Column::Floor(player) => level.floors.push((Player::at(player), weight)),
                Column::Settled(_) => {}
            }
        }
        level.binding.sort_by_key(|(coalition, _)| *coalition);
        level.floors.sort_by_key(|(player, _)| *player);
        level
    }
}

/// The inverse of a basis in whole numbers, by pivots that keep them so (Edmonds 1967; Bareiss
/// 1968): every entry is a minor of a matrix of noughts and ones of order 21 at most, below
/// `21^{10.5} / 2^{20}` by Hadamard's bound, so that products of two are far from overflow.
struct Inverse {
    /// `determinant · B^{-1}`, `[place][equation]`.
    rows: Vec<Vec<i128>>,
    /// Positive.
    determinant: i128,
}

impl Inverse {
    fn of_units(order: usize) -> Self {
        let row = |place| (0..order).map(move |equation| i128::from(equation == place));
        Self {
            rows: (0..order).map(|place| row(place).collect()).collect(),
            determinant: 1,
        }
    }

    /// Of the matrix with these columns, which is regular.
    fn of(columns: &[Vec<bool>]) -> Self {
        let order = columns.len();
        let mut inverse = Self::of_units(order);
        // Which column stands at each place, instead of that place's unit vector.
        let mut column_at = vec![None; order];
        for (number, column) in columns.iter().enumerate() {
            let direction = inverse.times(column);
            let free = (0..order).find(|&it| column_at[it].is_none() && direction[it] != 0);
            if let Some(place) = free {
                inverse.exchange(place, &direction);
                column_at[place] = Some(number);
            }
        }
        let mut rows = vec![Vec::new(); order];
        for (row, number) in inverse.rows.into_iter().zip(column_at) {
            if let Some(number) = number {
                rows[number] = row;
            }
        }
        inverse.rows = rows;
        inverse
    }

    /// `determinant · B^{-1} column`
    fn times(&self, column: &[bool]) -> Vec<i128> {
        let product = |row: &Vec<i128>| {
            let inside = row.iter().zip(column).filter(|(_, is_in)| **is_in);
            inside.map(|(entry, _)| entry).sum()
        };
        self.rows.iter().map(product).collect()
    }

    /// Puts another column at a place; `direction` is the product with that column, not nought
    /// there.
    fn exchange(&mut self, place: usize, direction: &[i128]) {
        let pivot = self.rows[place].clone();
        let scale = direction[place];
        for (row, &factor) in self.rows.iter_mut().zip(direction) {
            for (entry, pivot) in row.iter_mut().zip(&pivot) {
                *entry = (*entry * scale - factor * pivot) / self.determinant;
            }
        }
        self.rows[place] = pivot;
        self.determinant = scale;
        if scale < 0 {
            self.determinant = -scale;
            let entries = self.rows.iter_mut().flatten();
            entries.for_each(|entry| *entry = -*entry);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_inverse_of_a_basis_times_the_basis_is_the_determinant() {
        let columns = [
            [true, true, true, false],
            [false, true, true, true],
            [true, false, false, true],
            [false, false, true, true],
        ]
        .map(Vec::from);
        let inverse = Inverse::of(&columns);
        assert!(inverse.determinant > 0);
        for (number, column) in columns.iter().enumerate() {
            let expected = (0..4).map(|place| i128::from(place == number) * inverse.determinant);
            assert_eq!(inverse.times(column), expected.collect::<Vec<_>>());
        }
    }
}
