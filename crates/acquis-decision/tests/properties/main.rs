//! Every fast method against every coalition in turn, under an evaluation of the clause
//! that shares nothing with the crate's; and the axioms of the indices.

#![expect(clippy::unwrap_used, reason = "a failure here is a failed test")]

mod counts;
mod nucleolus;
mod questions;
mod unions;

use acquis_decision::{
    BigRational, Clause, Coalition, Condition, Criterion, Player, Power, Quota, Rule, Share, Votes,
};
use proptest::prelude::*;

/// A rule in small integers, from which both the clause and the oracle are made.
#[derive(Debug, Clone)]
enum Sketch {
    Count(Vec<u32>, Kind, u32),
    All(Vec<Sketch>),
    Any(Vec<Sketch>),
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    /// For `>= q`.
    For,
    /// Against `< q`.
    Against,
    /// For `>= q/total` of those cast.
    Cast,
}

impl Sketch {
    fn clause(&self) -> Clause {
        let clauses = |parts: &[Sketch]| parts.iter().map(Sketch::clause).collect();
        match self {
            Self::All(parts) => Clause::All(clauses(parts)),
            Self::Any(parts) => Clause::Any(clauses(parts)),
            Self::Count(votes, kind, quota) => {
                let total: u32 = votes.iter().sum();
                let whole = Quota::at_least(f64::from(*quota));
                let votes = Votes::Each(votes.iter().map(|&vote| f64::from(vote)).collect());
                let condition = match kind {
                    Kind::For => Condition::InFavour(whole),
                    Kind::Against => Condition::NotAgainst(whole),
                    Kind::Cast => Condition::OfVotesCast {
                        share: Share::new((*quota).into(), total.into()).unwrap(),
                        strict: false,
                    },
                };
                Clause::Criterion(Criterion { votes, condition })
            }
        }
    }

    /// Whether it adopts, where player `i` votes `ballots[i]`: 1 for, -1 against, 0 neither.
    fn adopts(&self, ballots: &[i8]) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.adopts(ballots)),
            Self::Any(parts) => parts.iter().any(|part| part.adopts(ballots)),
            Self::Count(votes, kind, quota) => {
                let sum = |side: i8| -> u32 {
                    let cast = votes.iter().zip(ballots);
                    cast.filter(|(_, ballot)| **ballot == side)
                        .map(|(vote, _)| vote)
                        .sum()
                };
                let (yes, no) = (sum(1), sum(-1));
                match kind {
                    Kind::For => yes >= *quota,
                    Kind::Against => no < *quota,
                    Kind::Cast => yes > 0 && yes * votes.iter().sum::<u32>() >= quota * (yes + no),
                }
            }
        }
    }

    fn wins(&self, n: usize, mask: u64) -> bool {
        let ballots: Vec<i8> = (0..n)
            .map(|p| if mask >> p & 1 == 1 { 1 } else { -1 })
            .collect();
        self.adopts(&ballots)
    }
}

fn count(n: usize) -> impl Strategy<Value = Sketch> {
    let votes = prop_oneof![
        Just(vec![1; n]),
        proptest::collection::vec(0_u32..=9, n),
        proptest::collection::vec(0_u32..=1, n),
    ];
    let kind = prop_oneof![Just(Kind::For), Just(Kind::Against), Just(Kind::Cast)];
    let somebody = votes.prop_filter("somebody must vote", |v| v.iter().any(|&vote| vote > 0));
    (somebody, kind).prop_flat_map(|(votes, kind)| {
        let total: u32 = votes.iter().sum();
        (Just(votes), Just(kind), 1..=total)
            .prop_map(|(votes, kind, q)| Sketch::Count(votes, kind, q))
    })
}

fn sketch(n: usize) -> impl Strategy<Value = Sketch> {
    count(n).prop_recursive(2, 6, 3, |inner| {
        let parts = proptest::collection::vec(inner, 1..=3);
        prop_oneof![
            parts.clone().prop_map(Sketch::All),
            parts.prop_map(Sketch::Any)
        ]
    })
}

fn sized(most: usize) -> impl Strategy<Value = (usize, Sketch)> {
    (1..=most).prop_flat_map(|n| (Just(n), sketch(n)))
}

fn rule(n: usize, sketch: &Sketch) -> Rule {
    Rule::new((0..n).map(|place| format!("P{place}")), sketch.clause()).unwrap()
}

/// Everything there is to know, from all coalitions.
struct Oracle {
    n: usize,
    wins: Vec<bool>,
}

impl Oracle {
    fn new(n: usize, sketch: &Sketch) -> Self {
        let wins = (0..1_u64 << n).map(|mask| sketch.wins(n, mask)).collect();
        Self { n, wins }
    }

    fn critical(&self, mask: usize) -> Vec<usize> {
        let members = (0..self.n).filter(|p| mask >> p & 1 == 1);
        members
            .filter(|p| self.wins[mask] && !self.wins[mask & !(1 << p)])
            .collect()
    }

    fn swings(&self) -> Vec<Vec<u64>> {
        let mut swings = vec![vec![0; self.n]; self.n];
        for mask in 0..self.wins.len() {
            for player in self.critical(mask) {
                swings[player][mask.count_ones() as usize - 1] += 1;
            }
        }
        swings
    }

    fn minimal(&self) -> Vec<u64> {
        let is_minimal = |mask: &usize| {
            self.wins[*mask] && self.critical(*mask).len() == mask.count_ones() as usize
        };
        (0..self.wins.len())
            .filter(is_minimal)
            .map(|mask| mask as u64)
            .collect()
    }
}

fn fraction(above: u64, below: u64) -> BigRational {
    BigRational::new(above.into(), below.into())
}

fn total(values: &[BigRational]) -> BigRational {
    values.iter().cloned().sum()
}

fn one() -> BigRational {
    fraction(1, 1)
}

/// Adds `weight` of each coalition to each listed player, then scales to one.
fn shared(n: usize, parts: impl Iterator<Item = (Vec<usize>, BigRational)>) -> Vec<BigRational> {
    let mut values = vec![fraction(0, 1); n];
    for (players, weight) in parts {
        for player in players {
            values[player] += &weight;
        }
    }
    let sum = total(&values);
    values.into_iter().map(|value| value / &sum).collect()
}

fn exact(power: Power) -> Vec<BigRational> {
    power.exact.unwrap()
}

fn members(mask: u64) -> Vec<usize> {
    Coalition::from_mask(mask)
        .players()
        .map(Player::position)
        .collect()
}
