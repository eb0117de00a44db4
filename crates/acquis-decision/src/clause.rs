//! A decision rule as data: criteria joined by AND and OR.

use num_rational::BigRational;
use num_traits::{One, Zero};
use thiserror::Error;

use crate::decimal::exact;

/// What must hold for a decision to be adopted.
///
/// ```
/// use acquis_decision::{Clause, Quota, Share};
///
/// // Article 16(4) TEU: 55 % of the states with 65 % of the people, or fewer than four against.
/// let people = vec![83.2, 67.4, 59.2, 47.4, 37.8, 19.2, 17.5, 11.5];
/// let double = Clause::qualified_majority(Share::new(55, 100)?)
///     .and(Clause::weighted(people, Quota::at_least_share(Share::new(65, 100)?)));
/// let rule = double.or(Clause::fewer_than_blocking(4));
/// # Ok::<(), acquis_decision::ShareError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub enum Clause {
    /// One count of votes.
    Criterion(Criterion),
    /// All of these (AND).
    All(Vec<Clause>),
    /// At least one of these (OR).
    Any(Vec<Clause>),
}

/// One count of votes: who has how many, and what the count must show.
#[derive(Debug, Clone, PartialEq)]
pub struct Criterion {
    /// Who has how many votes.
    pub votes: Votes,
    /// What the count must show.
    pub condition: Condition,
}

/// Who has how many votes.
#[derive(Debug, Clone, PartialEq)]
pub enum Votes {
    /// Every player one.
    OneEach,
    /// As listed, by position of the player; finite and not negative.
    Each(Vec<f64>),
    /// The named players one each, the others none.
    OneFor(Vec<String>),
}

/// What a count must show. Without abstention the three forms say the same in other words;
/// with it they differ.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// The votes in favour reach the quota: to abstain is to withhold one's votes.
    InFavour(Quota),
    /// The votes against don't reach the quota: to abstain is to let pass.
    NotAgainst(Quota),
    /// Of the votes cast, for or against, this share (`strict`: more than it) is in favour, and
    /// somebody is.
    OfVotesCast {
        /// The share.
        share: Share,
        /// Whether more than the share is needed.
        strict: bool,
    },
}

/// How many votes.
#[derive(Debug, Clone, PartialEq)]
pub struct Quota {
    pub(crate) amount: Amount,
    pub(crate) strict: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Amount {
    Votes(f64),
    Share(Share),
    AllBut(f64),
}

/// A share of a total, exact: above 0, at most 1.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Share(BigRational);

/// A share outside its range.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("a share must be above 0 and at most 1, not {value}")]
pub struct ShareError {
    value: String,
}

impl Share {
    /// `numerator / denominator`, such as two thirds, which no decimal is.
    ///
    /// # Errors
    /// If the fraction isn't above 0 and at most 1.
    pub fn new(numerator: u64, denominator: u64) -> Result<Self, ShareError> {
        if numerator == 0 || numerator > denominator {
            return Err(ShareError {
                value: format!("{numerator}/{denominator}"),
            });
        }
        let ratio = BigRational::new(numerator.into(), denominator.into());
        Ok(Self(ratio))
    }

    /// The decimal as written: `0.65` is 65/100.
    ///
    /// # Errors
    /// If the value isn't above 0 and at most 1.
    pub fn decimal(value: f64) -> Result<Self, ShareError> {
        if value > 0.0 && value <= 1.0 {
            return Ok(Self(exact(value)));
        }
        Err(ShareError {
            value: value.to_string(),
        })
    }

    /// The whole.
    pub fn whole() -> Self {
        Self(BigRational::one())
    }

    /// One half.
    pub fn half() -> Self {
        Self(BigRational::new(1.into(), 2.into()))
    }

    pub(crate) fn ratio(&self) -> &BigRational {
        &self.0
    }
}

impl Quota {
    /// So many votes or more.
    pub fn at_least(votes: f64) -> Self {
        Self::of(Amount::Votes(votes), false)
    }

    /// More than so many votes.
    pub fn more_than(votes: f64) -> Self {
        Self::of(Amount::Votes(votes), true)
    }

    /// This share of all votes or more.
    pub fn at_least_share(share: Share) -> Self {
        Self::of(Amount::Share(share), false)
    }

    /// More than this share of all votes.
    pub fn more_than_share(share: Share) -> Self {
        Self::of(Amount::Share(share), true)
    }

    /// All votes but so many.
    pub fn all_but(votes: f64) -> Self {
        Self::of(Amount::AllBut(votes), false)
    }

    fn of(amount: Amount, strict: bool) -> Self {
        Self { amount, strict }
    }

    /// In the units of a count with this total; `in_units` converts amounts.
    pub(crate) fn in_units(
        &self,
        total: &BigRational,
        in_units: impl Fn(f64) -> BigRational,
    ) -> BigRational {
        match &self.amount {
            Amount::Votes(votes) => in_units(*votes),
            Amount::Share(share) => share.ratio() * total,
            Amount::AllBut(votes) => (total - in_units(*votes)).max(BigRational::zero()),
        }
    }

    /// The amount that a caller gave and that isn't a finite number `>= 0`.
    pub(crate) fn unusable(&self) -> Option<f64> {
        match self.amount {
            Amount::Votes(votes) | Amount::AllBut(votes) => {
                (!(votes.is_finite() && votes >= 0.0)).then_some(votes)
            }
            Amount::Share(_) => None,
        }
    }
}

impl Clause {
    /// Adopted unless somebody votes against; abstaining doesn't prevent it.
    pub fn consensus() -> Self {
        Self::consensus_minus(0)
    }

    /// Adopted unless more than `dissenters` vote against ("consensus minus one").
    pub fn consensus_minus(dissenters: u32) -> Self {
        let quota = Quota::more_than(f64::from(dissenters));
        Self::criterion(Votes::OneEach, Condition::NotAgainst(quota))
    }

    /// Everybody in favour.
    pub fn unanimity() -> Self {
        Self::qualified_majority(Share::whole())
    }

    /// More than half of all players in favour.
    pub fn simple_majority() -> Self {
        let quota = Quota::more_than_share(Share::half());
        Self::criterion(Votes::OneEach, Condition::InFavour(quota))
    }

    /// More votes for than against.
    pub fn simple_majority_of_votes_cast() -> Self {
        let (share, strict) = (Share::half(), true);
        Self::criterion(Votes::OneEach, Condition::OfVotesCast { share, strict })
    }

    /// This share of all players in favour.
    pub fn qualified_majority(share: Share) -> Self {
        let quota = Quota::at_least_share(share);
        Self::criterion(Votes::OneEach, Condition::InFavour(quota))
    }

    /// At least `k` players in favour.
    pub fn at_least(k: u32) -> Self {
        let quota = Quota::at_least(f64::from(k));
        Self::criterion(Votes::OneEach, Condition::InFavour(quota))
    }

    /// At least `k` of the named players in favour.
    pub fn at_least_of(k: u32, names: Vec<String>) -> Self {
        let quota = Quota::at_least(f64::from(k));
        Self::criterion(Votes::OneFor(names), Condition::InFavour(quota))
    }

    /// Votes in favour, listed by player, reach the quota.
    pub fn weighted(votes: Vec<f64>, quota: Quota) -> Self {
        Self::criterion(Votes::Each(votes), Condition::InFavour(quota))
    }

    /// None of the named players against.
    pub fn veto(names: Vec<String>) -> Self {
        let quota = Quota::more_than(0.0);
        Self::criterion(Votes::OneFor(names), Condition::NotAgainst(quota))
    }

    /// Fewer than `k` players withhold their assent: what is joined by OR where a blocking
    /// minority must have at least `k` members.
    pub fn fewer_than_blocking(k: u32) -> Self {
        let quota = Quota::all_but(f64::from(k.saturating_sub(1)));
        Self::criterion(Votes::OneEach, Condition::InFavour(quota))
    }

    /// One criterion.
    pub fn criterion(votes: Votes, condition: Condition) -> Self {
        Self::Criterion(Criterion { votes, condition })
    }

    /// This and another.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match self {
            Self::All(mut clauses) => {
                clauses.push(other);
                Self::All(clauses)
            }
            clause => Self::All(vec![clause, other]),
        }
    }

    /// This or another.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        match self {
            Self::Any(mut clauses) => {
                clauses.push(other);
                Self::Any(clauses)
            }
            clause => Self::Any(vec![clause, other]),
        }
    }
}
