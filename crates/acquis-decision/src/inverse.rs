//! Which votes and quota come nearest to a wanted distribution of power?
//!
//! Distributions of power are finitely many, so that a wanted one is rarely met. Up to
//! five players all votes from 0 to 6 in integers are tried with all their quotas. Beyond, votes
//! are moved towards the wanted distribution by what the power misses of it (Leech 2003), and
//! the best votes found are improved by moving single votes about, drawn from a seed. The
//! distance is reported; that nothing is nearer is known only among what was tried.

use num_rational::BigRational;
use num_traits::ToPrimitive;

use crate::clause::{Clause, Quota, Share};
use crate::game::Game;
use crate::power::{GameError, Index};
use crate::random::Random;
use crate::rule::Rule;
use crate::sweep::QuestionError;

/// What is wanted, and how long to look for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanted {
    /// By player; not negative, summing to one.
    pub distribution: Vec<f64>,
    /// By which index.
    pub index: Index,
    /// The quota as a share of all votes, if it is given.
    pub quota: Option<Share>,
    /// Single votes that are moved about.
    pub moves: usize,
    /// For the draws of the moves.
    pub seed: u64,
}

/// The votes that come nearest of those tried.
#[derive(Debug, Clone, PartialEq)]
pub struct Nearest {
    /// By player, in integers.
    pub votes: Vec<u32>,
    /// Votes in favour that are needed.
    pub quota: u32,
    /// The distribution of power.
    pub power: Vec<f64>,
    /// `√Σ (power - wanted)²`
    pub distance: f64,
    /// How many rules were tried.
    pub tried: usize,
}

/// Players up to whom all small votes are tried.
const ALL_VOTES: usize = 5;
/// And how many each may have.
const SMALL: u32 = 6;
/// Votes in all, for more players.
const TOTAL: f64 = 1000.0;
/// Steps towards the wanted distribution, for each quota.
const STEPS: usize = 40;

/// Looks for votes and a quota.
///
/// # Errors
/// [`QuestionError::Setting`] if what is wanted isn't a distribution, and those of the index.
pub fn nearest_votes(wanted: &Wanted) -> Result<Nearest, QuestionError> {
    check(&wanted.distribution)?;
    let mut best = Best {
        wanted,
        found: None,
        tried: 0,
    };
    if wanted.distribution.len() <= ALL_VOTES {
        best.all_small(&mut Vec::new())?;
    } else {
        best.approach()?;
        best.improve()?;
    }
    let tried = best.tried;
    let found = best
        .found
        .ok_or(GameError::TooManyCriteria { what: "votes" })?;
    Ok(Nearest { tried, ..found })
}

fn check(distribution: &[f64]) -> Result<(), QuestionError> {
    let off = distribution
        .iter()
        .find(|share| !(0.0..=1.0).contains(*share));
    if let Some(&value) = off {
        return Err(QuestionError::Setting {
            what: "a wanted share of power",
            value,
            expected: "from 0 to 1",
        });
    }
    let sum: f64 = distribution.iter().sum();
    if (sum - 1.0).abs() > 1e-6 {
        return Err(QuestionError::Setting {
            what: "the sum of the wanted shares of power",
            value: sum,
            expected: "1",
        });
    }
    Ok(())
}

struct Best<'a> {
    wanted: &'a Wanted,
    found: Option<Nearest>,
    tried: usize,
}

impl Best<'_> {
    /// Tries votes under a quota; the power they give.
    fn try_votes(&mut self, votes: &[u32], quota: u32) -> Result<Vec<f64>, QuestionError> {
        self.tried += 1;
        let power = game(votes, quota)?.power(self.wanted.index)?.values;
        let misses = power.iter().zip(&self.wanted.distribution);
        let distance = misses.map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt();
        if self
            .found
            .as_ref()
            .is_none_or(|found| distance < found.distance)
        {
            self.found = Some(Nearest {
                votes: votes.to_vec(),
                quota,
                power: power.clone(),
                distance,
                tried: 0,
            });
        }
        Ok(power)
    }

    /// Quotas of a total: the given one, or all above one half.
    fn quotas(&self, total: u32) -> std::ops::RangeInclusive<u32> {
        match &self.wanted.quota {
            Some(share) => {
                let quota = share.ratio() * BigRational::from_integer(total.into());
                let quota = quota.ceil().to_integer().to_u32().unwrap_or(total);
                quota..=quota
            }
            None => total / 2 + 1..=total,
        }
    }

    /// All votes from 0 to [`SMALL`] that don't rank players against the wanted distribution.
    fn all_small(&mut self, votes: &mut Vec<u32>) -> Result<(), QuestionError> {
        let player = votes.len();
        let wanted = &self.wanted.distribution;
        if player == wanted.len() {
            let votes = votes.clone();
            let total: u32 = votes.iter().sum();
            if total > 0 {
                for quota in self.quotas(total) {
                    self.try_votes(&votes, quota)?;
                }
            }
            return Ok(());
        }
        // Players of whom the same is wanted are in descending order of votes, for one.
        let agrees = |vote: u32, votes: &[u32]| {
            votes.iter().zip(wanted).all(|(&theirs, their_share)| {
                if *their_share >= wanted[player] {
                    theirs >= vote
                } else {
                    theirs <= vote
                }
            })
        };
        let choices: Vec<u32> = (0..=SMALL).filter(|&vote| agrees(vote, votes)).collect();
        for vote in choices {
            votes.push(vote);
            self.all_small(votes)?;
            votes.pop();
        }
        Ok(())
    }

    /// `votes += (wanted - power) / 2`, from the wanted distribution itself; if the quota isn't
    /// given, for quotas from one half to nine tenths.
    fn approach(&mut self) -> Result<(), QuestionError> {
        let wanted = self.wanted;
        let steps = if wanted.quota.is_some() { 0 } else { 20 };
        for step in 0..=steps {
            let mut votes = wanted.distribution.clone();
            for _ in 0..STEPS {
                let whole = integers(&votes);
                let quotas = self.quotas(whole.iter().sum());
                let above = (quotas.end() - quotas.start()) * 4 * step / 100;
                let power = self.try_votes(&whole, quotas.start() + above)?;
                let misses = wanted.distribution.iter().zip(&power).map(|(a, b)| a - b);
                for (vote, miss) in votes.iter_mut().zip(misses) {
                    *vote = (*vote + 0.5 * miss).max(0.0);
                }
            }
        }
        Ok(())
    }

    /// Moves some votes from one player to another, or the quota, and keeps what is nearer.
    fn improve(&mut self) -> Result<(), QuestionError> {
        for row in 0..self.wanted.moves {
            let Some(found) = &self.found else {
                return Ok(());
            };
            let mut random = Random::row(self.wanted.seed, row as u64);
            let (mut votes, mut quota) = (found.votes.clone(), found.quota);
            let n = votes.len();
            let (from, to) = (random.below(n), random.below(n));
            let size = 1 + rounded((20.0 * random.uniform().powi(3)).floor());
            let taken = size.min(votes[from]);
            votes[from] -= taken;
            votes[to] += taken;
            let quotas = self.quotas(votes.iter().sum());
            if from == to || random.below(4) == 0 {
                let lower = random.below(2) == 0;
                quota = if lower {
                    quota.saturating_sub(size)
                } else {
                    quota + size
                };
            }
            quota = quota.clamp(*quotas.start(), *quotas.end());
            self.try_votes(&votes, quota)?;
        }
        Ok(())
    }
}

/// Shares as integers that sum to about [`TOTAL`], at least one of them above zero.
fn integers(shares: &[f64]) -> Vec<u32> {
    let sum: f64 = shares.iter().sum();
    let scale = if sum > 0.0 { TOTAL / sum } else { 0.0 };
    let mut whole: Vec<u32> = shares
        .iter()
        .map(|share| rounded((share * scale).round()))
        .collect();
    if whole.iter().all(|&vote| vote == 0) {
        whole.fill(1);
    }
    whole
}

fn rounded(value: f64) -> u32 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "bounded"
    )]
    {
        value.clamp(0.0, 1e9) as u32
    }
}

fn game(votes: &[u32], quota: u32) -> Result<Game, QuestionError> {
    let names = (1..=votes.len()).map(|place| place.to_string());
    let votes = votes.iter().map(|&vote| f64::from(vote)).collect();
    let clause = Clause::weighted(votes, Quota::at_least(f64::from(quota)));
    Ok(Rule::new(names, clause)?.game())
}
