//! Who decides: an organ's rule among its members on a day, or a rule that somebody composed, as
//! a rule whose power can be counted.
//!
//! The registry says which rule an organ has and since when, the law who is a member, the
//! almanac what votes by a series are; `acquis_decision`, which knows none of these, counts.
//! What is asked may differ from what holds: other weights, another quota, one member more
//! or fewer, another rule.

mod composed;
mod count;
mod error;
mod file;
mod find;
mod language;
mod measure;
mod power;
mod questions;
mod request;
mod typed;

use std::fmt;

use acquis_decision::{Player, Rule};
use acquis_law::Law;
use acquis_registry::{
    Criterion, DecisionKind, Institution, KnownRule, Party, Quota, StateCode, Weights, nearest,
};
use jiff::civil::Date;

use crate::almanac::Almanac;
pub use composed::{ComposedRule, Players, rule_file_text, rule_line};
use count::{Voters, listed_counts};
pub use error::VotingError;
pub use measure::{Measure, Measures, UnknownMeasure};
pub use power::{Powers, QuotaSweep, SweptQuota};
pub use questions::{Also, NearestVotes, UncertainPower, VoteQuestions, Winning};
pub use request::{Against, VoteRequest};
pub use typed::{
    Added, AskedQuota, Bloc, NotTyped, TypedPlayers, TypedShare, TypedSpread, TypedWanted,
    TypedWeights,
};

/// Somebody who votes: a state by its code, or whoever a composed rule names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Voter(String);

impl Voter {
    /// By the code of a state or the name in a composed rule.
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// The code or name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same as a state's code; whether there is such a state is for others to say.
    pub fn code(&self) -> StateCode {
        StateCode::new(&self.0)
    }
}

impl From<&StateCode> for Voter {
    fn from(code: &StateCode) -> Self {
        Self::new(code.as_str())
    }
}

impl fmt::Display for Voter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&self.0)
    }
}

/// What is asked of a body. The default asks for what holds.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct VotingQuestion {
    /// The organ's name, or part of it; without it, one that weighs votes, else the first
    /// that has a rule.
    pub organ: Option<String>,
    /// What is decided, or part of its words, where the organ has several rules.
    pub matter: Option<String>,
    /// A rule in the place of the organ's.
    pub rule: Option<ComposedRule>,
    /// Votes in the place of those of the rule.
    pub weights: Option<AskedWeights>,
    /// A quota in the place of that of the rule.
    pub quota: Option<AskedQuota>,
    /// Who is put in; with votes where these are listed.
    pub with: Vec<(Voter, Option<f64>)>,
    /// Who is taken out.
    pub without: Vec<Voter>,
}

/// Votes that are asked for in the place of those of a rule.
#[derive(Debug, Clone, PartialEq)]
pub enum AskedWeights {
    /// By a series.
    Series(Weights),
    /// As listed.
    Each(Vec<(Voter, f64)>),
}

impl VotingQuestion {
    /// Whether something is put in the place of the rule's votes or quota.
    fn replaces(&self) -> bool {
        self.weights.is_some() || self.quota.is_some()
    }
}

/// Where a rule comes from.
#[derive(Debug, Clone)]
pub enum Origin<'r> {
    /// An organ's, on a day.
    Organ(Box<OrganRuleOn<'r>>),
    /// Composed by who asks.
    Composed {
        /// The rule.
        rule: Box<ComposedRule>,
        /// The institution whose members vote under it, on a day.
        among: Option<(&'r Institution, Date)>,
    },
}

impl Origin<'_> {
    /// What the rule is called in a sentence.
    fn whose(&self) -> String {
        match self {
            Self::Organ(organ) => format!("the rule of {}", organ.organ),
            Self::Composed { .. } => "the composed rule".to_owned(),
        }
    }
}

/// The rule of an organ on a day.
#[derive(Debug, Clone)]
pub struct OrganRuleOn<'r> {
    /// The institution.
    pub institution: &'r Institution,
    /// The organ's name.
    pub organ: &'r str,
    /// The rule as the sources give it, with its claims.
    pub known: KnownRule<'r>,
    /// The day.
    pub day: Date,
    /// Other organs of the institution that have a rule on that day.
    pub other_organs: Vec<&'r str>,
    /// Other matters for which the organ has a rule on that day.
    pub other_matters: Vec<&'r str>,
}

/// A rule among those who vote.
#[derive(Debug, Clone)]
pub struct Vote<'r> {
    /// Where the rule comes from.
    pub origin: Origin<'r>,
    /// Who votes: members of an institution in the order of their codes, others as given.
    /// Players have the same positions.
    pub voters: Vec<Voter>,
    /// What is counted: the rule's criterion, or what was put in its place.
    pub criterion: Criterion,
    /// Whether weights or a quota were put in the place of the rule's.
    pub replaced: bool,
    /// The votes of each, where one kind of votes is counted.
    pub votes: Option<Vec<f64>>,
    /// Those for whom the rule has votes and who don't vote.
    pub absent: Vec<String>,
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
        let body = format!("{} on {day}", institution.short_name_on(day));
        let (origin, criterion) = if let Some(rule) = &question.rule {
            if let Players::Numbered(number) = rule.players {
                return Err(VotingError::UnnamedVotes { number });
            }
            let origin = Origin::Composed {
                rule: Box::new(rule.clone()),
                among: Some((institution, day)),
            };
            (origin, rule.criterion.clone())
        } else {
            let found = find::rule(law, institution, day, question)?;
            let criterion = found.rule.subject.criterion.clone();
            let origin = Origin::Organ(Box::new(OrganRuleOn {
                institution,
                organ: found.organ.organ.subject.name.as_str(),
                known: found.rule,
                day,
                other_organs: found.other_organs,
                other_matters: found.other_matters,
            }));
            (origin, criterion)
        };
        let members = law.members(&institution.id, day);
        if members.is_empty() {
            return Err(VotingError::NoMembers { body });
        }
        let members = members.iter().map(Voter::from);
        let mut voters = changed(members.collect(), &body, question)?;
        voters.sort();
        Self::among(origin, voters, &criterion, question, almanac)
    }

    /// A vote under a composed rule among those it names, or among these.
    ///
    /// # Errors
    /// Every [`VotingError`]: nobody named, somebody named who doesn't vote, votes without
    /// names for another number of members, a rule that can't be.
    pub fn composed(
        rule: &ComposedRule,
        players: Option<&TypedPlayers>,
        question: &VotingQuestion,
        almanac: &Almanac,
    ) -> Result<Self, VotingError> {
        let mut rule = rule.clone();
        let voters = players_of(&mut rule, players)?;
        let voters = changed(voters, "the composed body", question)?;
        if players.is_some() && question.without.is_empty() {
            for party in rule.criterion.parties() {
                if !voters.iter().any(|voter| voter.as_str() == party.as_str()) {
                    return Err(VotingError::NoVoter {
                        name: party.to_string(),
                        voters: listed(&voters),
                        near: near(party.as_str(), &voters),
                    });
                }
            }
        }
        let criterion = rule.criterion.clone();
        let origin = Origin::Composed {
            rule: Box::new(rule),
            among: None,
        };
        Self::among(origin, voters, &criterion, question, almanac)
    }

    /// The vote of these by a criterion, or by what is asked in its place.
    fn among(
        origin: Origin<'r>,
        voters: Vec<Voter>,
        criterion: &Criterion,
        question: &VotingQuestion,
        almanac: &Almanac,
    ) -> Result<Self, VotingError> {
        let whose = origin.whose();
        let criterion = asked(&whose, criterion, question)?;
        if let Some((voter, _)) = question.with.iter().find(|(_, votes)| votes.is_some())
            && listed_counts(&criterion) > 1
        {
            return Err(VotingError::SeveralVotes {
                whose,
                voter: voter.to_string(),
            });
        }
        let counting = Voters {
            whose: &whose,
            all: &voters,
            added: &question.with,
            almanac,
        };
        let clause = counting.clause(&criterion)?;
        let rule = Rule::new(voters.iter().map(ToString::to_string), clause)?;
        let votes = match criterion.kind {
            DecisionKind::AllOf | DecisionKind::AnyOf => None,
            _ => Some(counting.votes(&criterion)?),
        };
        let absent = criterion.parties().into_iter();
        let absent = absent.filter(|party| voters.iter().all(|it| it.as_str() != party.as_str()));
        let mut absent: Vec<String> = absent.map(ToString::to_string).collect();
        absent.sort();
        absent.dedup();
        Ok(Self {
            origin,
            absent,
            criterion,
            replaced: question.replaces(),
            votes,
            rule,
            voters,
        })
    }

    /// The day on which members and rule are taken, if there is one.
    pub fn day(&self) -> Option<Date> {
        match &self.origin {
            Origin::Organ(organ) => Some(organ.day),
            Origin::Composed { among, .. } => among.map(|(_, day)| day),
        }
    }

    /// The organ whose rule it is, if it is one's.
    pub fn organ(&self) -> Option<&'r str> {
        match &self.origin {
            Origin::Organ(organ) => Some(organ.organ),
            Origin::Composed { .. } => None,
        }
    }

    /// The position of a voter by code or name.
    pub fn player(&self, name: &str) -> Option<Player> {
        let place = self.voters.iter().position(|it| it.as_str() == name)?;
        Some(Player::at(place))
    }
}

fn listed(voters: &[Voter]) -> String {
    let names: Vec<&str> = voters.iter().map(Voter::as_str).collect();
    names.join(", ")
}

/// The nearest voter as a question, or nothing.
fn near(name: &str, voters: &[Voter]) -> String {
    nearest(name, voters.iter().map(Voter::as_str))
        .map_or_else(String::new, |near| format!("; did you mean {near:?}?"))
}

/// Who votes under a composed rule; votes without names get the names of these.
fn players_of(
    rule: &mut ComposedRule,
    players: Option<&TypedPlayers>,
) -> Result<Vec<Voter>, VotingError> {
    let numbered = |number: usize| (1..=number).map(|place| place.to_string());
    let names: Vec<String> = match (players, &rule.players) {
        (None, Players::Named(names)) | (Some(TypedPlayers::Named(names)), _) => names.clone(),
        (None, Players::Numbered(number)) | (Some(TypedPlayers::Numbered(number)), _) => {
            numbered(*number).collect()
        }
        (None, Players::Anybody) => return Err(VotingError::NobodyNamed),
    };
    if let Players::Numbered(votes) = rule.players {
        let members = names.len();
        if members != votes {
            return Err(VotingError::OtherNumber { votes, members });
        }
        *rule = rule.renamed(|place| {
            let place = place
                .parse::<usize>()
                .ok()
                .and_then(|place| names.get(place - 1));
            place.cloned().ok_or(VotingError::NobodyNamed)
        })?;
    }
    Ok(names.into_iter().map(Voter::new).collect())
}

/// The rule's criterion, or what is asked in its place.
fn asked(
    whose: &str,
    criterion: &Criterion,
    question: &VotingQuestion,
) -> Result<Criterion, VotingError> {
    let joins = matches!(
        criterion.kind,
        DecisionKind::AllOf | DecisionKind::AnyOf | DecisionKind::BlockingMinority
    );
    let whose = || whose.to_owned();
    if let Some(weights) = &question.weights {
        // A number of votes of another kind says nothing here.
        let own = match criterion.quota {
            Some(quota @ Quota::Share { .. }) if !joins => Some(AskedQuota {
                quota,
                strict: criterion.strict,
            }),
            _ => None,
        };
        let quota = question.quota.or(own);
        let AskedQuota { quota, strict } =
            quota.ok_or_else(|| VotingError::NoQuota { whose: whose() })?;
        let (weights, votes) = match weights {
            AskedWeights::Series(weights) => (Some(*weights), Vec::new()),
            AskedWeights::Each(votes) => {
                let party =
                    |(voter, votes): &(Voter, f64)| (Party::from_id(voter.as_str()), *votes);
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
    let Some(AskedQuota { quota, strict }) = question.quota else {
        return Ok(criterion.clone());
    };
    if joins {
        return Err(VotingError::JoinedQuota { whose: whose() });
    }
    let kind = match criterion.kind {
        DecisionKind::Weighted => DecisionKind::Weighted,
        _ => DecisionKind::QualifiedMajority,
    };
    Ok(Criterion {
        kind,
        quota: Some(quota),
        strict,
        ..criterion.clone()
    })
}

/// With those who are put in and without those who are taken out.
fn changed(
    mut voters: Vec<Voter>,
    body: &str,
    question: &VotingQuestion,
) -> Result<Vec<Voter>, VotingError> {
    for voter in &question.without {
        let Some(place) = voters.iter().position(|it| it == voter) else {
            return Err(VotingError::NotAMember {
                voter: voter.to_string(),
                body: body.to_owned(),
                voters: listed(&voters),
            });
        };
        voters.remove(place);
    }
    for (voter, _) in &question.with {
        if voters.contains(voter) {
            return Err(VotingError::AlreadyAMember {
                voter: voter.to_string(),
                body: body.to_owned(),
            });
        }
        voters.push(voter.clone());
    }
    Ok(voters)
}
