//! A question about a vote as it was typed: every part read, no name looked up yet. The command
//! line and a form on a page make the same request.

use acquis_law::Law;
use acquis_registry::{Findings, Registry};
use jiff::civil::Date;

use super::composed::{ComposedRule, Players};
use super::error::VotingError;
use super::typed::{Added, AskedQuota, TypedPlayers, TypedWeights};
use super::{AskedWeights, Vote, Voter, VotingQuestion};
use crate::almanac::Almanac;

/// What is asked: an organization's rule, or a composed one among its members or by itself.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct VoteRequest {
    /// The organization or agreement.
    pub organization: Option<String>,
    /// The organ, or part of its name.
    pub organ: Option<String>,
    /// What is decided, or part of its words.
    pub matter: Option<String>,
    /// A composed rule.
    pub rule: Option<ComposedRule>,
    /// Who votes under a composed rule without an organization.
    pub players: Option<TypedPlayers>,
    /// Weights in the place of the rule's.
    pub weights: Option<TypedWeights>,
    /// No share of votes below this one.
    pub floor: Option<f64>,
    /// No share of votes above this one.
    pub cap: Option<f64>,
    /// A quota in the place of the rule's.
    pub quota: Option<AskedQuota>,
    /// Who is put in.
    pub with: Vec<Added>,
    /// Who is taken out.
    pub without: Vec<String>,
}

/// What a vote is compared with, as typed: another day, the organ's own rule and members on
/// the same day, or a composed rule.
#[derive(Debug, Clone, PartialEq)]
pub enum Against {
    /// The same question on another day.
    Day(Date),
    /// What holds on the day, with nothing put in its place.
    AsItIs,
    /// A composed rule among the same members.
    Rule(Box<ComposedRule>),
}

impl Against {
    /// Reads a day, `2004-05-01`, the word `itself`, or a rule as [`ComposedRule::from_line`]
    /// does.
    ///
    /// # Errors
    /// A rule that can't be read.
    pub fn read(text: &str) -> Result<Self, Findings> {
        let text = text.trim();
        if text == "itself" {
            return Ok(Self::AsItIs);
        }
        match text.parse::<Date>() {
            Ok(day) => Ok(Self::Day(day)),
            Err(_) => Ok(Self::Rule(Box::new(ComposedRule::from_line(text)?))),
        }
    }
}

impl VoteRequest {
    /// The vote that is asked for, on a day.
    ///
    /// # Errors
    /// Every [`VotingError`].
    pub fn vote<'r>(
        &self,
        law: &Law<'r>,
        day: Date,
        almanac: &Almanac,
    ) -> Result<Vote<'r>, VotingError> {
        let registry = law.view().registry();
        let Some(organization) = &self.organization else {
            let Some(rule) = &self.rule else {
                return Err(VotingError::NothingAsked);
            };
            let question = self.question(|name| Ok(name.trim().to_owned()))?;
            return Vote::composed(rule, self.players.as_ref(), &question, almanac);
        };
        if self.players.is_some() {
            return Err(VotingError::TwoBodies);
        }
        let institution = registry.find_institution(organization)?;
        let mut question = self.question(|name| code(registry, name))?;
        if let Some(rule) = &self.rule {
            if let Players::Numbered(number) = rule.players {
                return Err(VotingError::UnnamedVotes { number });
            }
            question.rule = Some(rule.renamed(|name| code(registry, name))?);
        }
        Vote::new(law, institution, day, &question, almanac)
    }

    /// What the vote is compared with.
    ///
    /// # Errors
    /// Every [`VotingError`].
    pub fn against<'r>(
        &self,
        against: &Against,
        law: &Law<'r>,
        day: Date,
        almanac: &Almanac,
    ) -> Result<Vote<'r>, VotingError> {
        let own = Self {
            organization: self.organization.clone(),
            organ: self.organ.clone(),
            matter: self.matter.clone(),
            players: self.players.clone(),
            ..Self::default()
        };
        match against {
            Against::Day(other) => self.vote(law, *other, almanac),
            Against::AsItIs if self.organization.is_none() => Self {
                rule: self.rule.clone(),
                ..own
            }
            .vote(law, day, almanac),
            Against::AsItIs => own.vote(law, day, almanac),
            Against::Rule(rule) => Self {
                rule: Some((**rule).clone()),
                ..own
            }
            .vote(law, day, almanac),
        }
    }

    /// The same question with nobody put in or taken out; `None` where nobody is.
    pub fn with_members_as_they_are(&self) -> Option<Self> {
        let changes = !self.with.is_empty() || !self.without.is_empty();
        changes.then(|| Self {
            with: Vec::new(),
            without: Vec::new(),
            ..self.clone()
        })
    }

    /// The question with its names put through `name`.
    fn question(
        &self,
        name: impl Fn(&str) -> Result<String, VotingError>,
    ) -> Result<VotingQuestion, VotingError> {
        let voter = |text: &str| Ok::<_, VotingError>(Voter::new(name(text)?));
        let mut with = Vec::new();
        for added in &self.with {
            with.push((voter(&added.name)?, added.votes));
        }
        let without = self.without.iter().map(|text| voter(text));
        Ok(VotingQuestion {
            organ: self.organ.clone(),
            matter: self.matter.clone(),
            rule: None,
            weights: self.weights(voter)?,
            quota: self.quota,
            with,
            without: without.collect::<Result<_, _>>()?,
        })
    }

    fn weights(
        &self,
        voter: impl Fn(&str) -> Result<Voter, VotingError>,
    ) -> Result<Option<AskedWeights>, VotingError> {
        let is_held = self.floor.is_some() || self.cap.is_some();
        match &self.weights {
            None | Some(TypedWeights::Each(_)) if is_held => Err(VotingError::HeldVotes),
            None => Ok(None),
            Some(TypedWeights::Series(weights)) => {
                let mut weights = *weights;
                (weights.floor, weights.cap) = (self.floor, self.cap);
                Ok(Some(AskedWeights::Series(weights)))
            }
            Some(TypedWeights::Each(each)) => {
                let mut votes: Vec<(Voter, f64)> = Vec::new();
                for (name, number) in each {
                    let voter = voter(name)?;
                    if votes.iter().any(|(listed, _)| *listed == voter) {
                        let voter = voter.to_string();
                        return Err(VotingError::ListedTwice { voter });
                    }
                    votes.push((voter, *number));
                }
                Ok(Some(AskedWeights::Each(votes)))
            }
        }
    }
}

fn code(registry: &Registry, name: &str) -> Result<String, VotingError> {
    Ok(registry.find_state(name)?.code.to_string())
}
