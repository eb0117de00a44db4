//! From a criterion as the sources give it, and the members of a day, to a clause.

use acquis_decision::{Clause, Condition, Quota, Share, Votes, shares_of_indicator};
use acquis_registry::{self as registry, Criterion, DecisionKind, Party, Sum, Weights};

use super::Voter;
use super::error::VotingError;
use crate::almanac::Almanac;

/// Who votes, and what their votes may follow from.
pub(super) struct Voters<'v> {
    /// What the rule is called in a message.
    pub(super) whose: &'v str,
    pub(super) all: &'v [Voter],
    /// Those who are put in, with their votes.
    pub(super) added: &'v [(Voter, Option<f64>)],
    pub(super) almanac: &'v Almanac,
}

impl Voters<'_> {
    /// The clause of a criterion.
    pub(super) fn clause(&self, criterion: &Criterion) -> Result<Clause, VotingError> {
        Ok(match criterion.kind {
            DecisionKind::Consensus => Clause::consensus(),
            DecisionKind::ConsensusMinusOne => Clause::consensus_minus(1),
            DecisionKind::Unanimity => Clause::unanimity(),
            DecisionKind::Veto if criterion.members.is_empty() => Clause::consensus(),
            DecisionKind::Veto => Clause::veto(self.named(&criterion.members)),
            DecisionKind::BlockingMinority => match criterion.quota {
                Some(registry::Quota::Votes(members)) => {
                    Clause::criterion(Votes::OneEach, Condition::InFavour(all_but(members)))
                }
                _ => return Err(self.no_quota()),
            },
            DecisionKind::AllOf => Clause::All(self.clauses(&criterion.criteria)?),
            DecisionKind::AnyOf => Clause::Any(self.clauses(&criterion.criteria)?),
            DecisionKind::SimpleMajority
            | DecisionKind::QualifiedMajority
            | DecisionKind::Weighted => self.count(criterion)?,
        })
    }

    fn clauses(&self, criteria: &[Criterion]) -> Result<Vec<Clause>, VotingError> {
        criteria.iter().map(|part| self.clause(part)).collect()
    }

    fn count(&self, criterion: &Criterion) -> Result<Clause, VotingError> {
        let votes = if criterion.kind != DecisionKind::Weighted && is_plain(criterion) {
            if criterion.members.is_empty() {
                Votes::OneEach
            } else {
                Votes::OneFor(self.named(&criterion.members))
            }
        } else {
            Votes::Each(self.votes(criterion)?)
        };
        let condition = self.condition(criterion)?;
        Ok(Clause::criterion(votes, condition))
    }

    fn condition(&self, criterion: &Criterion) -> Result<Condition, VotingError> {
        let is_simple = criterion.kind == DecisionKind::SimpleMajority;
        let (quota, strict) = match criterion.quota {
            Some(quota) => (quota, criterion.strict),
            None if is_simple => (HALF, true),
            None => return Err(self.no_quota()),
        };
        if criterion.of_votes_cast {
            return match share_of(quota) {
                Some(share) => Ok(Condition::OfVotesCast { share, strict }),
                None => Err(VotingError::QuotaOfVotesCast {
                    votes: quota.votes_of(0.0),
                }),
            };
        }
        let quota = match (quota, share_of(quota)) {
            (registry::Quota::Votes(votes), _) if strict => Quota::more_than(votes),
            (registry::Quota::Votes(votes), _) => Quota::at_least(votes),
            (_, Some(share)) if strict => Quota::more_than_share(share),
            (_, Some(share)) => Quota::at_least_share(share),
            (_, None) => return Err(self.no_quota()),
        };
        Ok(Condition::InFavour(quota))
    }

    /// The votes of each member under a criterion that counts votes, in the order of the
    /// members.
    pub(super) fn votes(&self, criterion: &Criterion) -> Result<Vec<f64>, VotingError> {
        if let Some(weights) = &criterion.weights {
            return self.by_series(weights);
        }
        if criterion.votes.is_empty() {
            if criterion.kind == DecisionKind::Weighted {
                return Err(VotingError::NoVotes {
                    whose: self.whose.to_owned(),
                });
            }
            let counts = |voter: &Voter| {
                let mut members = criterion.members.iter();
                let is_named = members.any(|party| party.as_str() == voter.as_str());
                f64::from(u8::from(criterion.members.is_empty() || is_named))
            };
            return Ok(self.all.iter().map(counts).collect());
        }
        let listed = |voter: &Voter| {
            let listed = criterion.votes.iter();
            let mut listed = listed.filter(|(party, _)| party.as_str() == voter.as_str());
            listed.next().map(|(_, votes)| *votes)
        };
        let given = |voter: &Voter| {
            let mut added = self.added.iter();
            added.find(|(added, _)| added == voter)?.1
        };
        let votes: Vec<Option<f64>> = self
            .all
            .iter()
            .map(|voter| given(voter).or_else(|| listed(voter)))
            .collect();
        let missing: Vec<&str> = self
            .all
            .iter()
            .zip(&votes)
            .filter(|(_, votes)| votes.is_none())
            .map(|(voter, _)| voter.as_str())
            .collect();
        if missing.is_empty() {
            return Ok(votes.into_iter().flatten().collect());
        }
        Err(VotingError::MissingVotes {
            whose: self.whose.to_owned(),
            missing: missing.join(", "),
        })
    }

    /// Votes in proportion to a series: its figures as they are, or shares that are held
    /// between a floor and a cap.
    fn by_series(&self, weights: &Weights) -> Result<Vec<f64>, VotingError> {
        let mut figures = Vec::with_capacity(self.all.len());
        for voter in self.all {
            figures.push(self.almanac.sum(&Sum {
                series: weights.series,
                group: vec![voter.code()],
                partners: Vec::new(),
                year: weights.year,
            })?);
        }
        if weights.floor.is_none() && weights.cap.is_none() {
            return Ok(figures);
        }
        let (floor, cap) = (weights.floor.unwrap_or(0.0), weights.cap.unwrap_or(1.0));
        Ok(shares_of_indicator(&figures, floor, cap)?)
    }

    /// Those of the parties who are members.
    fn named(&self, parties: &[Party]) -> Vec<String> {
        let voters = self.all.iter();
        voters
            .filter(|voter| parties.iter().any(|party| party.as_str() == voter.as_str()))
            .map(ToString::to_string)
            .collect()
    }

    fn no_quota(&self) -> VotingError {
        VotingError::NoQuota {
            whose: self.whose.to_owned(),
        }
    }
}

const HALF: registry::Quota = registry::Quota::Share {
    numerator: 1,
    denominator: 2,
};

/// Whether everybody who counts has one vote.
fn is_plain(criterion: &Criterion) -> bool {
    criterion.votes.is_empty() && criterion.weights.is_none()
}

/// What is reached if fewer than so many withhold their assent.
fn all_but(blocking: f64) -> Quota {
    Quota::all_but((blocking - 1.0).max(0.0))
}

fn share_of(quota: registry::Quota) -> Option<Share> {
    match quota {
        registry::Quota::Votes(_) => None,
        registry::Quota::Share {
            numerator,
            denominator,
        } => Share::new(numerator.into(), denominator.into()).ok(),
    }
}

/// How many counts a criterion holds whose votes are listed by state.
pub(super) fn listed_counts(criterion: &Criterion) -> usize {
    let own = usize::from(!criterion.votes.is_empty());
    own + criterion.criteria.iter().map(listed_counts).sum::<usize>()
}
