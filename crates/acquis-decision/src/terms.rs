//! A monotone formula as a signed sum of conjunctions, by inclusion and exclusion:
//! `1[A or B] = 1[A] + 1[B] - 1[A and B]`, so that counting under any AND and OR is counting
//! coalitions that meet one quota in each vector of weights.

use std::collections::BTreeMap;

use crate::game::{Formula, Game};

/// `coefficient · 1[weight by k >= quotas[k] for every k]`
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Term {
    pub(crate) coefficient: i64,
    pub(crate) quotas: Vec<u128>,
}

/// More terms than this are refused.
const MOST_TERMS: usize = 4096;

/// Conjunctions with their coefficients.
type Sum = BTreeMap<Vec<u128>, i64>;

impl Game {
    /// The terms for coalitions of so many members; at least one vector (of zeros if weight
    /// doesn't count). `None` if there would be too many.
    pub(crate) fn terms(&self, members: usize) -> Option<Vec<Term>> {
        let vectors = self.vectors.len().max(1);
        let sum = expand(&self.formula, members, vectors)?;
        let terms = sum.into_iter().map(|(quotas, coefficient)| Term {
            coefficient,
            quotas,
        });
        Some(terms.collect())
    }

    /// Vectors of weights, at least one.
    pub(crate) fn weights(&self) -> Vec<Vec<u128>> {
        if self.vectors.is_empty() {
            return vec![vec![0; self.len()]];
        }
        self.vectors.clone()
    }
}

fn expand(formula: &Formula, members: usize, vectors: usize) -> Option<Sum> {
    let always = || Sum::from([(vec![0; vectors], 1)]);
    match formula {
        Formula::Members(least) if members >= *least => Some(always()),
        Formula::Members(_) => Some(Sum::new()),
        Formula::Weight { vector, quota } => {
            let mut quotas = vec![0; vectors];
            quotas[*vector] = *quota;
            Some(Sum::from([(quotas, 1)]))
        }
        Formula::All(parts) => parts.iter().try_fold(always(), |product, part| {
            multiply(&product, &expand(part, members, vectors)?)
        }),
        // Not all of them fail.
        Formula::Any(parts) => {
            let none = parts.iter().try_fold(always(), |product, part| {
                let fails = complement(expand(part, members, vectors)?, vectors);
                multiply(&product, &fails)
            })?;
            Some(complement(none, vectors))
        }
    }
}

/// `1 - sum`
fn complement(sum: Sum, vectors: usize) -> Sum {
    let mut rest: Sum = sum.into_iter().map(|(quotas, c)| (quotas, -c)).collect();
    *rest.entry(vec![0; vectors]).or_default() += 1;
    rest.retain(|_, coefficient| *coefficient != 0);
    rest
}

/// Conjunctions meet the higher quota of the two in each vector.
fn multiply(one: &Sum, other: &Sum) -> Option<Sum> {
    let mut product = Sum::new();
    for (quotas, coefficient) in one {
        for (others, factor) in other {
            let higher = quotas.iter().zip(others).map(|(a, b)| *a.max(b));
            let entry = product.entry(higher.collect()).or_default();
            *entry = coefficient
                .checked_mul(*factor)
                .and_then(|change| entry.checked_add(change))?;
        }
        if product.len() > MOST_TERMS {
            return None;
        }
    }
    product.retain(|_, coefficient| *coefficient != 0);
    Some(product)
}
