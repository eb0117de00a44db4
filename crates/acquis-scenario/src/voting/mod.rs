//! Who decides: an organ's rule among its members on a day, as a rule whose power can be
//! counted.
//!
//! The registry says which rule an organ has and since when, the law who is a member, the
//! almanac what votes by a series are; `acquis_decision`, which knows none of these, counts.
//! What is asked may differ from what holds: other weights, another quota, one member more
//! or fewer.

mod count;
mod error;
mod find;
mod power;

use acquis_decision::Rule;
use acquis_law::Law;
use acquis_registry::{
    Criterion, DecisionKind, Institution, KnownRule, Party, Quota, StateCode, Weights,
};
use jiff::civil::Date;

use crate::almanac::Almanac;
use count::{Voters, listed_counts};
pub use error::VotingError;
pub use power::{Powers, QuotaSweep, SweptQuota};

/// What is asked of an organ. The default asks for what holds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct VotingQuestion {
    /// The organ's name, or part of it; without it, one that weighs votes, else the first
    /// that has a rule.
    pub organ: Option<String>,
    /// What is decided, or part of its words, where the organ has several rules.
    pub matter: Option<String>,
    /// Votes in the place of those of the rule.
    pub weights: Option<AskedWeights>,
    /// A quota in the place of that of the rule.
    pub quota: Option<Quota>,
    /// Whether more than that quota is needed.
    pub strict: bool,
    /// States that are put in; with their votes where these are listed.
    pub with: Vec<(StateCode, Option<f64>)>,
    /// Members that are taken out.
    pub without: Vec<StateCode>,
}

/// Votes that are asked for in the place of those of a rule.
#[derive(Debug, Clone, PartialEq)]
pub enum AskedWeights {
    /// By a series.
    Series(Weights),
    /// As listed.
    Each(Vec<(StateCode, f64)>),
}

impl VotingQuestion {
    /// The same, asked of the members as they are.
    #[must_use]
    pub fn as_it_is(&self) -> Self {
        Self {
            with: Vec::new(),
            without: Vec::new(),
            ..self.clone()
        }
    }

    /// Whether something is put in the place of the rule's votes or quota.
    fn replaces(&self) -> bool {
        self.weights.is_some() || self.quota.is_some()
    }
}

/// An organ's rule among its members.
#[derive(Debug, Clone)]
pub struct Vote<'r> {
    /// The institution.
    pub institution: &'r Institution,
    /// The organ's name.
    pub organ: &'r str,
    /// The rule as the sources give it, with its claims.
    pub known: KnownRule<'r>,
    /// The day.
    pub day: Date,
    /// Who votes, in the order of the codes; players have the same positions.
    pub members: Vec<StateCode>,
    /// What is counted: the rule's criterion, or what was put in its place.
    pub criterion: Criterion,
    /// Whether weights or a quota were put in the place of the rule's.
    pub replaced: bool,
    /// The votes of each, where one kind of votes is counted.
    pub votes: Option<Vec<f64>>,
    /// Those for whom the rule has votes and who are no members.
    pub absent: Vec<String>,
    /// Other organs of the institution that have a rule on that day.
    pub other_organs: Vec<&'r str>,
    /// Other matters for which the organ has a rule on that day.
    pub other_matters: Vec<&'r str>,
    /// The rule, ready to be counted.
    pub rule: Rule,
}

impl<'r> Vote<'r> {
    /// The vote of an organ on a day, or what is asked to be counted in its place.
    ///
    /// # Errors
    /// Every [`VotingError`]: a name that is not there, no rule on the day, votes or a quota
    /// that no source gives, a figure that is not in the almanac, a rule that can't be.
    pub fn new(
        law: &Law<'r>,
        institution: &'r Institution,
        day: Date,
        question: &VotingQuestion,
        almanac: &Almanac,
    ) -> Result<Self, VotingError> {
        let found = find::rule(law, institution, day, question)?;
        let organ = found.organ.organ.subject.name.as_str();
        let criterion = asked(organ, &found.rule.subject.criterion, question)?;
        let members = members(law, institution, day, question)?;
        if let Some((state, _)) = question.with.iter().find(|(_, votes)| votes.is_some())
            && listed_counts(&criterion) > 1
        {
            return Err(VotingError::SeveralVotes {
                organ: organ.to_owned(),
                state: state.to_string(),
            });
        }
        let voters = Voters {
            organ,
            members: &members,
            added: &question.with,
            almanac,
        };
        let clause = voters.clause(&criterion)?;
        let rule = Rule::new(members.iter().map(ToString::to_string), clause)?;
        let votes = match criterion.kind {
            DecisionKind::AllOf | DecisionKind::AnyOf => None,
            _ => Some(voters.votes(&criterion)?),
        };
        let absent = criterion.parties().into_iter();
        let absent = absent.filter(|party| members.iter().all(|it| it.as_str() != party.as_str()));
        let mut absent: Vec<String> = absent.map(ToString::to_string).collect();
        absent.sort();
        absent.dedup();
        Ok(Self {
            institution,
            organ,
            known: found.rule,
            day,
            absent,
            criterion,
            replaced: question.replaces(),
            votes,
            other_organs: found.other_organs,
            other_matters: found.other_matters,
            rule,
            members,
        })
    }
}

/// The rule's criterion, or what is asked in its place.
fn asked(
    organ: &str,
    criterion: &Criterion,
    question: &VotingQuestion,
) -> Result<Criterion, VotingError> {
    let joins = matches!(
        criterion.kind,
        DecisionKind::AllOf | DecisionKind::AnyOf | DecisionKind::BlockingMinority
    );
    if let Some(weights) = &question.weights {
        // A number of votes of another kind says nothing here.
        let own = match criterion.quota {
            Some(share @ Quota::Share { .. }) if !joins => Some((share, criterion.strict)),
            _ => None,
        };
        let asked = question.quota.map(|quota| (quota, question.strict));
        let (quota, strict) = asked.or(own).ok_or_else(|| VotingError::NoQuota {
            organ: organ.to_owned(),
        })?;
        let (weights, votes) = match weights {
            AskedWeights::Series(weights) => (Some(*weights), Vec::new()),
            AskedWeights::Each(votes) => {
                let party =
                    |(state, votes): &(StateCode, f64)| (Party::State(state.clone()), *votes);
                (None, votes.iter().map(party).collect())
            }
        };
        return Ok(Criterion {
            votes,
            weights,
            quota: Some(quota),
            strict,
            ..Criterion::new(DecisionKind::Weighted)
        });
    }
    let Some(quota) = question.quota else {
        return Ok(criterion.clone());
    };
    if joins {
        return Err(VotingError::JoinedQuota {
            organ: organ.to_owned(),
        });
    }
    let kind = match criterion.kind {
        DecisionKind::Weighted => DecisionKind::Weighted,
        _ => DecisionKind::QualifiedMajority,
    };
    Ok(Criterion {
        kind,
        quota: Some(quota),
        strict: question.strict,
        ..criterion.clone()
    })
}

/// The members on the day, with those who are put in and without those who are taken out.
fn members(
    law: &Law<'_>,
    institution: &Institution,
    day: Date,
    question: &VotingQuestion,
) -> Result<Vec<StateCode>, VotingError> {
    let mut members = law.members(&institution.id, day);
    let name = institution.short_name_on(day);
    if members.is_empty() {
        let institution = name.to_owned();
        return Err(VotingError::NoMembers { institution, day });
    }
    for state in &question.without {
        let Some(place) = members.iter().position(|member| member == state) else {
            return Err(VotingError::NotAMember {
                state: state.to_string(),
                institution: name.to_owned(),
                day,
                members: members
                    .iter()
                    .map(StateCode::as_str)
                    .collect::<Vec<_>>()
                    .join(", "),
            });
        };
        members.remove(place);
    }
    for (state, _) in &question.with {
        if members.contains(state) {
            return Err(VotingError::AlreadyAMember {
                state: state.to_string(),
                institution: name.to_owned(),
                day,
            });
        }
        members.push(state.clone());
    }
    members.sort();
    Ok(members)
}
