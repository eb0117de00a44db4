//! A monotone formula as alternatives: a coalition wins if and only if it reaches all quotas of
//! any of them.

use crate::game::{Formula, Game};

/// More alternatives than this are refused.
const MOST: usize = 4096;

/// Least quotas, first of members and then by vector.
type Quotas = Vec<u128>;

/// The alternatives of a game, none of which asks for as much as another in everything; `None`
/// if there would be too many.
pub(crate) fn alternatives(game: &Game) -> Option<Vec<Quotas>> {
    of(&game.formula, game.vectors.len() + 1)
}

fn of(formula: &Formula, width: usize) -> Option<Vec<Quotas>> {
    let single = |kind: usize, quota: u128| {
        let mut quotas = vec![0; width];
        quotas[kind] = quota;
        Some(vec![quotas])
    };
    match formula {
        Formula::Members(least) => single(0, *least as u128),
        Formula::Weight { vector, quota } => single(vector + 1, *quota),
        Formula::Any(parts) => parts.iter().try_fold(Vec::new(), |mut any, part| {
            any.extend(of(part, width)?);
            least(any)
        }),
        Formula::All(parts) => parts.iter().try_fold(vec![vec![0; width]], |all, part| {
            let part = of(part, width)?;
            let pairs = all.iter().flat_map(|one| {
                let both = |other: &Quotas| one.iter().zip(other).map(|(a, b)| *a.max(b)).collect();
                part.iter().map(both)
            });
            least(pairs.collect())
        }),
    }
}

/// Those that don't ask for as much as another in everything.
fn least(mut quotas: Vec<Quotas>) -> Option<Vec<Quotas>> {
    quotas.sort();
    let mut kept: Vec<Quotas> = Vec::new();
    for one in quotas {
        // In this order what asks for less in everything comes before.
        let asks_for_more = |less: &Quotas| less.iter().zip(&one).all(|(less, own)| less <= own);
        if !kept.iter().any(asks_for_more) {
            kept.push(one);
        }
    }
    (kept.len() <= MOST).then_some(kept)
}
