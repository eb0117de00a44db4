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

use num_rational::BigRational;
use num_traits::{One, Signed, Zero};

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

/// A division with an excess that no unsettled coalition should be above.
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
        division = programme.prices[..n].to_vec();
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
        members.chain([counts]).map(unit).collect()
    }

    fn set_prices(&mut self) {
        let mut prices = vec![BigRational::zero(); self.settled.n + 1];
        for (column, row) in self.basis.iter().zip(&self.inverse) {
            let worth = match *column {
                Column::Settled(place) => self.settled.coalitions[place].1.clone(),
                Column::Floor(player) => self.bids.worth(1 << player),
                Column::Bid(mask) => self.bids.worth(mask),
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

fn unit(is_one: bool) -> BigRational {
    if is_one {
        BigRational::one()
    } else {
        BigRational::zero()
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
