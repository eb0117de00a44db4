//! Winning coalitions counted by size and by member, by meeting in the middle: the players are
//! split in two, the subsets of each half are listed and sorted, and for every subset of one
//! half a pointer into the other tells how many complete it to a winning coalition.
//! `2^{n/2}` rows instead of `2^n`; integers throughout.

use acquis_coalitions::bits;
use rayon::prelude::*;

use crate::game::Game;
use crate::subsets::{Amount, Class, Unit, classes, count_partners};
use crate::terms::Term;

/// Players up to whom halves are listed.
pub(crate) const MOST_PLAYERS: usize = 40;

/// Winning coalitions by size, of all and of those with a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Counts {
    /// `[size]`
    pub(crate) winning: Vec<i64>,
    /// `[player][size]`
    pub(crate) with_member: Vec<Vec<i64>>,
}

impl Counts {
    pub(crate) fn none(n: usize) -> Self {
        Self {
            winning: vec![0; n + 1],
            with_member: vec![vec![0; n + 1]; n],
        }
    }

    pub(crate) fn add(mut self, other: &Self) -> Self {
        add(&mut self.winning, &other.winning);
        for (mine, other) in self.with_member.iter_mut().zip(&other.with_member) {
            add(mine, other);
        }
        self
    }
}

fn add(mine: &mut [i64], other: &[i64]) {
    for (mine, other) in mine.iter_mut().zip(other) {
        *mine += other;
    }
}

/// Fewer players are counted sooner than threads begin.
const WORTH_SHARING: usize = 16;

/// Vectors of weights up to which halves are matched: each multiplies the work by the
/// logarithm of the rows.
const MOST_VECTORS: usize = 4;

/// Counts the winning coalitions of a game with at most [`MOST_PLAYERS`] players; `None` if
/// its formula has too many vectors or terms.
pub(crate) fn count_winning(game: &Game) -> Option<Counts> {
    if game.vectors.len() > MOST_VECTORS {
        return None;
    }
    let terms: Option<Vec<Vec<Term>>> = (0..=game.len()).map(|size| game.terms(size)).collect();
    let weights = game.weights();
    Some(count_meeting(&weights, &terms?))
}

/// Coalitions by size that meet `terms[size]`, for weights `[vector][player]`.
pub(crate) fn count_meeting(weights: &[Vec<u128>], terms: &[Vec<Term>]) -> Counts {
    let largest = weights.iter().map(|vector| vector.iter().sum::<u128>());
    if largest.max().unwrap_or(0) < u128::from(u64::MAX >> 1) {
        count_in::<u64>(weights, terms)
    } else {
        count_in::<u128>(weights, terms)
    }
}

fn count_in<T: Amount>(weights: &[Vec<u128>], terms: &[Vec<Term>]) -> Counts {
    let n = weights.first().map_or(0, Vec::len);
    let unit = |player: usize| Unit {
        members: 1,
        weights: weights.iter().map(|vector| vector[player]).collect(),
    };
    let units: Vec<Unit> = (0..n).map(unit).collect();
    let (low, high) = units.split_at(n / 2);
    let low_classes: Vec<Class<T>> = classes(low, weights.len());
    let high_classes: Vec<Class<T>> = classes(high, weights.len());
    let quotas: Vec<Vec<(i64, Vec<T>)>> = terms.iter().map(|terms| convert(terms)).collect();
    // The low half's rows count all coalitions once, the high half's only their own members.
    let of_low = low_classes.iter().map(|class| (class, true));
    let of_high = high_classes.iter().map(|class| (class, false));
    let sides: Vec<(&Class<T>, bool)> = of_low.chain(of_high).collect();
    let tally = |&(queries, is_low): &(&Class<T>, bool)| {
        let mut counts = Counts::none(n);
        let (partners, offset) = if is_low {
            (&high_classes, 0)
        } else {
            (&low_classes, low.len())
        };
        tally_class(queries, partners, &quotas, offset, is_low, &mut counts);
        counts
    };
    let none = || Counts::none(n);
    if n < WORTH_SHARING {
        return sides
            .iter()
            .map(tally)
            .fold(none(), |sum, part| sum.add(&part));
    }
    sides
        .par_iter()
        .map(tally)
        .reduce(none, |sum, part| sum.add(&part))
}

/// Terms with their quotas in the sums' type.
pub(crate) fn convert<T: Amount>(terms: &[Term]) -> Vec<(i64, Vec<T>)> {
    let quotas = |term: &Term| {
        term.quotas
            .iter()
            .map(|&quota| T::from_wide(quota))
            .collect()
    };
    let converted = terms.iter().map(|term| (term.coefficient, quotas(term)));
    converted.collect()
}

fn tally_class<T: Amount>(
    queries: &Class<T>,
    partners: &[Class<T>],
    quotas: &[Vec<(i64, Vec<T>)>],
    offset: usize,
    all: bool,
    counts: &mut Counts,
) {
    let mut found = Vec::new();
    for points in partners {
        let size = queries.members + points.members;
        let mut members = [0_i64; u32::BITS as usize];
        for (coefficient, quotas) in &quotas[size] {
            count_partners(queries, points, quotas, &mut found);
            let mut total = 0;
            for (&mask, &number) in queries.masks.iter().zip(&found) {
                let number = number.cast_signed() * coefficient;
                total += number;
                for place in bits(mask.into()) {
                    members[place] += number;
                }
            }
            if all {
                counts.winning[size] += total;
            }
        }
        for (player, &number) in members.iter().enumerate() {
            if let Some(counts) = counts.with_member.get_mut(offset + player) {
                counts[size] += number;
            }
        }
    }
}
