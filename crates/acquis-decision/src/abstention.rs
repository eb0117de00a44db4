//! Voting with abstention: a player votes for, against, or neither (Felsenthal and Machover 1997).
//!
//! All `3^n` divisions are equally likely. A player swings where a vote for adopts and
//! a vote against rejects, the others' votes being given; the Banzhaf measure is the share of
//! the others' divisions in which that is so.

use std::collections::BTreeMap;

use num_bigint::BigUint;
use num_rational::BigRational;

use crate::decimal::ratio;
use crate::power::{GameError, Method, Power, shares};
use crate::rule::{Count, Rule, Test, Tree};

/// Divisions that adopt, and swings by player.
#[derive(Debug, Clone, PartialEq)]
pub struct TernaryCensus {
    adopting: u128,
    swings: Vec<u128>,
}

/// Players whose divisions can be counted in 128 bits.
const MOST_PLAYERS: usize = 80;
/// Different tallies that are held at most.
const MOST_TALLIES: usize = 2_000_000;

/// Votes for or against, by what the criteria look at: how often each tally occurs.
type Tallies = BTreeMap<Vec<u128>, u128>;

#[derive(Clone, Copy, PartialEq)]
enum Vote {
    For,
    Against,
    Abstain,
}

impl Rule {
    /// Counts divisions and swings where players may abstain.
    ///
    /// # Errors
    /// [`GameError::TooLarge`] beyond 80 players or two million different tallies.
    pub fn with_abstention(&self) -> Result<TernaryCensus, GameError> {
        let too_large = || GameError::TooLarge {
            what: "voting with abstention",
            players: self.players().len(),
            why: "goes up to 80 players and two million different tallies",
        };
        let n = self.players().len();
        if n > MOST_PLAYERS {
            return Err(too_large());
        }
        let counts = self.counts();
        let all = tallies(&counts, 0..n).ok_or_else(too_large)?;
        let adopting = all.iter().filter(|(tally, _)| self.adopts(&counts, tally));
        let adopting = adopting.map(|(_, times)| times).sum();
        let votes = |player: usize| counts.iter().map(move |count| count.votes[player]);
        let mut swings: Vec<u128> = Vec::with_capacity(n);
        for player in 0..n {
            if let Some(alike) = (0..player).find(|&other| votes(other).eq(votes(player))) {
                swings.push(swings[alike]);
                continue;
            }
            let others = tallies(&counts, (0..n).filter(|&other| other != player));
            let others = others.ok_or_else(too_large)?;
            let decides = |(tally, _): &(&Vec<u128>, &u128)| {
                let cast = |vote| self.adopts(&counts, &add(&counts, tally, player, vote));
                cast(Vote::For) && !cast(Vote::Against)
            };
            let deciding = others.iter().filter(decides);
            swings.push(deciding.map(|(_, times)| times).sum());
        }
        Ok(TernaryCensus { adopting, swings })
    }

    /// The criteria in reading order.
    fn counts(&self) -> Vec<&Count> {
        fn collect<'a>(tree: &'a Tree, counts: &mut Vec<&'a Count>) {
            match tree {
                Tree::Count(count) => counts.push(count),
                Tree::All(parts) | Tree::Any(parts) => {
                    for part in parts {
                        collect(part, counts);
                    }
                }
            }
        }
        let mut counts = Vec::new();
        collect(&self.tree, &mut counts);
        counts
    }

    fn adopts(&self, counts: &[&Count], tally: &[u128]) -> bool {
        let mut met = counts
            .iter()
            .zip(tally.chunks_exact(2))
            .map(|(count, votes)| count.is_met(votes[0], votes[1]));
        holds(&self.tree, &mut met)
    }
}

/// Takes the criteria in reading order; each must be taken, whatever the result.
fn holds(tree: &Tree, met: &mut impl Iterator<Item = bool>) -> bool {
    let mut holding = |parts: &[Tree]| parts.iter().filter(|part| holds(part, met)).count();
    match tree {
        Tree::All(parts) => holding(parts) == parts.len(),
        Tree::Any(parts) => holding(parts) > 0,
        Tree::Count(_) => met.next().unwrap_or(false),
    }
}

/// Tallies `[for, against]` by criterion; `None` if there would be too many.
fn tallies(counts: &[&Count], players: impl Iterator<Item = usize>) -> Option<Tallies> {
    let mut tallies = Tallies::from([(vec![0; 2 * counts.len()], 1)]);
    for player in players {
        let mut next = Tallies::new();
        for (tally, times) in &tallies {
            for vote in [Vote::For, Vote::Against, Vote::Abstain] {
                *next.entry(add(counts, tally, player, vote)).or_default() += times;
            }
        }
        if next.len() > MOST_TALLIES {
            return None;
        }
        tallies = next;
    }
    Some(tallies)
}

/// The tally with a player's vote; what no criterion looks at isn't told apart.
fn add(counts: &[&Count], tally: &[u128], player: usize, vote: Vote) -> Vec<u128> {
    let mut sum = tally.to_vec();
    for (count, sum) in counts.iter().zip(sum.chunks_exact_mut(2)) {
        let (side, most) = match (vote, &count.test) {
            (Vote::For, Test::InFavour(quota)) => (0, *quota),
            (Vote::Against, Test::AgainstBelow(limit)) => (1, *limit),
            (Vote::For, Test::OfVotesCast { .. }) => (0, u128::MAX),
            (Vote::Against, Test::OfVotesCast { .. }) => (1, u128::MAX),
            _ => continue,
        };
        sum[side] = (sum[side] + count.votes[player]).min(most);
    }
    sum
}

impl TernaryCensus {
    /// Divisions, out of `3^n`, that adopt.
    pub fn adopting(&self) -> u128 {
        self.adopting
    }

    /// By player, the divisions of the others in which the player decides.
    pub fn swings(&self) -> &[u128] {
        &self.swings
    }

    /// The share of all divisions that adopt.
    pub fn power_to_act(&self) -> BigRational {
        let divisions = BigUint::from(3_u32).pow(power(self.swings.len()));
        ratio(&self.adopting.into(), &divisions)
    }

    /// The ternary Banzhaf measure: share of the others' divisions in which the player
    /// decides.
    pub fn banzhaf_absolute(&self) -> Power {
        let divisions = BigUint::from(3_u32).pow(power(self.swings.len().saturating_sub(1)));
        let exact = self
            .swings
            .iter()
            .map(|&swings| ratio(&swings.into(), &divisions));
        Power::exact(exact.collect(), Method::Tallies)
    }

    /// The same, scaled to sum to one.
    pub fn banzhaf(&self) -> Power {
        let numbers: Vec<BigUint> = self.swings.iter().map(|&swings| swings.into()).collect();
        Power::exact(shares(&numbers), Method::Tallies)
    }
}

fn power(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
