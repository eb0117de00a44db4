//! The Shapley-Shubik index of a weighted game with hundreds of players, from the multilinear
//! extension (Owen 1972): if every other player joins with probability `t`, `i` swings with
//! probability `F_i(t)`, and `φ_i = ∫_0^1 F_i(t) dt`.
//!
//! `F_i` is a polynomial of degree below `n`, so that Gauss-Legendre quadrature with `n/2`
//! points is exact; far fewer suffice. On the ellipse with foci 0 and 1 whose axes sum to
//! `e^u`, `|z| + |1-z| = cosh u`, and so `|F_i| <= M = cosh(u)^{n-1}` there. The coefficient of
//! the `k`-th Chebyshev polynomial is then at most `2 M e^{-ku}`; those below `2m` are integrated
//! exactly by `m` points, those of odd degree too, and each other is missed by at most `16/15`
//! (Trefethen 2008, section 4). Together the error is at most
//!
//! ```text
//! (32/15) cosh(u)^{n-1} e^{-2mu} / (1 - e^{-2u})     for every u > 0
//! ```
//!
//! which is least near `tanh u = 2m/(n-1)`: some `√(14 n)` points give `1e-12`, whatever the
//! weights.
//!
//! At a point `t < 1/2`, with `r = t/(1-t)`, one pass per player makes the table `C(s)`: the
//! sum of `r` to the number of members over the coalitions that weigh at most `s`, all its
//! terms positive. Without player `i` it is
//!
//! ```text
//! B_i(s) = C(s) - r C(s-w_i) + r² C(s-2w_i) - ...
//! ```
//!
//! which converges as `r < 1`. A point above 1/2 is that of the dual game at `1-t`, and uses
//! the same table.

use rayon::prelude::*;

use crate::wide::join_shifted;

/// Values, how many points they took, and a bound on the error of each.
pub(crate) struct Quadrature {
    pub(crate) values: Vec<f64>,
    pub(crate) points: usize,
    pub(crate) error: f64,
}

/// Bytes that a table may take.
pub(crate) const MOST_BYTES: u128 = 1 << 30;
/// Bytes that tables of several points may take together, where one doesn't alone.
const MEMORY: u128 = 160 << 20;

/// Relative error of one rounding.
const UNIT: f64 = f64::EPSILON / 2.0;

/// Error of the formula that is aimed at.
const AIM: f64 = 1e-13;

/// Bytes of a table for a quota among players.
pub(crate) fn bytes(weights: &[u128], quota: u128) -> u128 {
    let total: u128 = weights.iter().sum();
    quota.max(total - quota + 1).saturating_mul(8)
}

/// The index for a quota from 1 to the total, whose [`bytes`] are within [`MOST_BYTES`].
pub(crate) fn shapley_shubik(weights: &[u128], quota: u128) -> Quadrature {
    let total: u128 = weights.iter().sum();
    let as_index = |amount: u128| usize::try_from(amount).unwrap_or(0);
    let mut ascending: Vec<usize> = weights.iter().map(|&w| as_index(w)).collect();
    ascending.retain(|&weight| weight > 0);
    ascending.sort_unstable();
    let mut distinct = ascending.clone();
    distinct.dedup();
    let problem = Problem {
        ascending: &ascending,
        distinct: &distinct,
        quota: as_index(quota),
        dual: as_index(total - quota + 1),
    };
    let n = ascending.len();
    let (pairs, truncation) = points_needed(n);
    let rule = gauss_legendre(2 * pairs);
    // No more tables at once than the memory set apart for them holds; what a point adds
    // doesn't depend on who computes it.
    let tables = MEMORY / bytes(weights, quota).clamp(1, MEMORY);
    let tables = usize::try_from(tables).unwrap_or(pairs).clamp(1, pairs);
    let in_turn = if rayon::current_num_threads() <= tables {
        1
    } else {
        pairs.div_ceil(tables)
    };
    let at_points: Vec<(Vec<f64>, f64)> = rule[..pairs]
        .par_chunks(in_turn)
        .flat_map_iter(|points| problem.at_all(points))
        .collect();
    let mut by_weight = vec![0.0; distinct.len()];
    let mut rounding = 0.0;
    for (values, bound) in at_points {
        for (sum, value) in by_weight.iter_mut().zip(values) {
            *sum += value;
        }
        rounding += bound;
    }
    let values = weights.iter().map(|&weight| {
        let known = distinct.binary_search(&as_index(weight));
        known.map_or(0.0, |place| by_weight[place])
    });
    Quadrature {
        values: values.collect(),
        points: 2 * pairs,
        // Points and their weights are off by some units in the last place; slopes are below n.
        error: truncation + rounding + (4.0 * n as f64 + 64.0) * UNIT,
    }
}

/// Half the points (never an odd number: 1/2 isn't among them), and the error they leave.
fn points_needed(n: usize) -> (usize, f64) {
    let exact = n.div_ceil(4).max(1);
    let enough = (1..exact).map(|pairs| (pairs, truncation(n, 2 * pairs)));
    let mut enough = enough.filter(|&(_, error)| error <= AIM);
    enough.next().unwrap_or((exact, 0.0))
}

fn truncation(n: usize, points: usize) -> f64 {
    let (degree, m) = (n as f64 - 1.0, points as f64);
    let u = (2.0 * m / degree).min(0.999_999).atanh();
    let log = degree * u.cosh().ln() - 2.0 * m * u;
    32.0 / 15.0 * log.exp() / -(-2.0 * u).exp_m1()
}

struct Problem<'a> {
    ascending: &'a [usize],
    distinct: &'a [usize],
    quota: usize,
    dual: usize,
}

impl Problem<'_> {
    /// Takes points in turn, with one table.
    fn at_all(&self, points: &[(f64, f64)]) -> Vec<(Vec<f64>, f64)> {
        let mut table = Vec::new();
        let points = points.iter();
        points
            .map(|&(point, weight)| self.at(point, weight, &mut table))
            .collect()
    }

    /// What the points `t < 1/2` and `1 - t` add to the integral, by distinct weight, and a bound
    /// on the rounding error.
    fn at(&self, t: f64, weight: f64, table: &mut Vec<f64>) -> (Vec<f64>, f64) {
        let odds = t / (1.0 - t);
        self.fill(odds, table);
        accumulate(table);
        // The terms of the table carry the factor (1-t)^{n-1}, brought in here.
        let n = self.ascending.len();
        let factor = weight * ((n as f64 - 1.0) * (-t).ln_1p()).exp();
        let value = |&heavy: &usize| {
            let primal = swing(&table[..self.quota], heavy, odds);
            let dual = swing(&table[..self.dual], heavy, odds);
            factor * (primal + dual)
        };
        let values = self.distinct.iter().map(value).collect();
        (values, 2.0 * weight * self.rounding(t))
    }

    /// Bounds the rounding error of a swing's probability at `t < 1/2`.
    ///
    /// Every entry of the table is within `2n` roundings of a sum of positive terms, and
    /// `(1-t)^n C <= 1`; the series adds the errors of its coefficients, of their powers and of its
    /// partial sums, none of which exceeds `2 C`.
    fn rounding(&self, t: f64) -> f64 {
        let n = self.ascending.len() as f64;
        let odds = t / (1.0 - t);
        let lightest = self.distinct.first().copied().unwrap_or(1);
        let longest = self.quota.max(self.dual).div_ceil(lightest) as f64;
        let terms = (1e-19_f64.ln() / odds.ln()).ceil().min(longest);
        let entries = (2.0 * n + 16.0) * (1.0 + 1.0 / (1.0 - 2.0 * t));
        let powers = 2.0 * odds / (1.0 - odds).powi(2);
        UNIT * (entries + powers + 2.0 * terms) / (1.0 - t)
    }

    /// `table[s] = Σ r^{|S|}` over the coalitions that weigh `s`.
    fn fill(&self, odds: f64, table: &mut Vec<f64>) {
        let range = self.quota.max(self.dual);
        table.clear();
        table.reserve(range);
        table.push(1.0);
        for pair in self.ascending.chunks(2) {
            let more = pair
                .iter()
                .fold(0_usize, |sum, &weight| sum.saturating_add(weight));
            let reach = table.len().saturating_add(more).min(range);
            table.resize(reach, 0.0);
            match *pair {
                [light, heavy] => join_pair(table, [light, heavy], odds),
                [weight] => join_shifted(table, weight, reach, |sum, part| *sum += odds * part),
                _ => {}
            }
        }
        table.resize(range, 0.0);
    }
}

/// Lets two players in at once, which halves the traffic with memory:
/// `table[s] += r table[s-w1] + r table[s-w2] + r² table[s-w1-w2]`, for `w1 <= w2`.
fn join_pair(table: &mut [f64], [light, heavy]: [usize; 2], odds: f64) {
    let both = light.saturating_add(heavy);
    let both_odds = odds * odds;
    let mut top = table.len();
    // From the top, in blocks that don't overlap their sources.
    while top > both {
        let bottom = top.saturating_sub(light).max(both);
        let (sources, target) = table.split_at_mut(bottom);
        let source = |shift: usize| &sources[bottom - shift..top - shift];
        let parts = source(light).iter().zip(source(heavy)).zip(source(both));
        for (sum, ((one, other), both)) in target[..top - bottom].iter_mut().zip(parts) {
            *sum = ((*sum + odds * one) + odds * other) + both_odds * both;
        }
        top = bottom;
    }
    while top > heavy {
        let bottom = top.saturating_sub(light).max(heavy);
        let (sources, target) = table.split_at_mut(bottom);
        let source = |shift: usize| &sources[bottom - shift..top - shift];
        let parts = source(light).iter().zip(source(heavy));
        for (sum, (one, other)) in target[..top - bottom].iter_mut().zip(parts) {
            *sum = (*sum + odds * one) + odds * other;
        }
        top = bottom;
    }
    join_shifted(table, light, top, |sum, part| *sum += odds * part);
}

/// Running sums, each right to the last place or two (Neumaier's compensation).
fn accumulate(table: &mut [f64]) {
    let (mut sum, mut lost) = (0.0_f64, 0.0);
    for entry in table {
        let next = sum + *entry;
        lost += if sum >= *entry {
            (sum - next) + *entry
        } else {
            (*entry - next) + sum
        };
        sum = next;
        *entry = sum + lost;
    }
}

/// `B(q-1) - B(q-1-w) = C(q-1) - (1+r) [C(q-1-w) - r C(q-1-2w) + ...]`, for a table that ends
/// at `q-1`.
fn swing(cumulative: &[f64], weight: usize, odds: f64) -> f64 {
    let mut lighter = cumulative.iter().rev().step_by(weight);
    let all = lighter.next().copied().unwrap_or(0.0);
    let mut power = 1.0 + odds;
    let mut rest = 0.0;
    for entry in lighter {
        let term = power * entry;
        rest += term;
        if term.abs() <= 1e-19 * all {
            break;
        }
        power *= -odds;
    }
    all - rest
}

/// Points in (0, 1) in ascending order and their weights, which sum to one.
fn gauss_legendre(points: usize) -> Vec<(f64, f64)> {
    let n = points as f64;
    let node = |k: usize| {
        let mut x = (std::f64::consts::PI * (k as f64 + 0.75) / (n + 0.5)).cos();
        // The first guess is right to some four digits, and every step doubles them.
        for _ in 0..5 {
            let (value, slope) = legendre(points, x);
            x -= value / slope;
        }
        let (_, slope) = legendre(points, x);
        (
            0.5 * (1.0 - x),
            1.0 / ((1.0 - x) * (1.0 + x) * slope * slope),
        )
    };
    let mut rule: Vec<(f64, f64)> = (0..points).map(node).collect();
    let sum: f64 = rule.iter().map(|(_, weight)| weight).sum();
    for (_, weight) in &mut rule {
        *weight /= sum;
    }
    rule
}

/// The Legendre polynomial of this degree and its slope, by Bonnet's recursion.
fn legendre(degree: usize, x: f64) -> (f64, f64) {
    let (mut last, mut value) = (1.0, x);
    for k in 1..degree {
        let k = k as f64;
        (last, value) = (value, ((2.0 * k + 1.0) * x * value - k * last) / (k + 1.0));
    }
    let slope = degree as f64 * (last - x * value) / ((1.0 - x) * (1.0 + x));
    (value, slope)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rule_integrates_polynomials() {
        let rule = gauss_legendre(20);
        for degree in [0_u8, 1, 2, 7, 39] {
            let integral: f64 = rule
                .iter()
                .map(|(point, weight)| weight * point.powi(degree.into()))
                .sum();
            let known = 1.0 / (f64::from(degree) + 1.0);
            assert!((integral - known).abs() < 1e-15, "{degree}: {integral}");
        }
    }

    #[test]
    fn few_points_suffice_for_many_players() {
        assert!(points_needed(190).0 <= 28);
        assert_eq!(points_needed(8), (2, 0.0));
    }
}
