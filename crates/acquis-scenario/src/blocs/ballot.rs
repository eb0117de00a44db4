//! Who decides on an applicant: an organization's own rule among whoever is in.

use acquis_blocs::{Admission, Application};
use acquis_decision::{Coalition, Game, Player};
use acquis_law::Law;
use acquis_registry::{Finding, Institution, Lint, Registry, StateCode};
use jiff::civil::Date;

use super::error::BlocsError;
use super::ground::{Candidate, among};
use super::question::{AdmissionQuestion, AdmissionRule};
use crate::almanac::Almanac;
use crate::run::view;
use crate::scenario::Scenario;
use crate::voting::{AskedQuota, AskedWeights, Vote, Voter, VotingError, VotingQuestion};

/// How applicants are decided on, ready to be asked.
pub(crate) enum Ballot {
    Open,
    Unanimity,
    Rule(RuleBallot),
}

/// The decision of one organ among the members of each bloc.
pub(crate) struct RuleBallot {
    /// By mask of members: the rule, and the position in it of each candidate.
    games: Vec<Option<Counted>>,
    /// The rule in words.
    pub(crate) words: String,
}

/// Blocs of so many candidates have their votes counted one by one.
const MOST: usize = 14;

impl Ballot {
    pub(crate) fn new(
        scenario: &Scenario,
        question: &AdmissionQuestion,
        candidates: &[Candidate],
        registry: &Registry,
        almanac: &Almanac,
    ) -> Result<Self, BlocsError> {
        Ok(match question {
            AdmissionQuestion::Open => Self::Open,
            AdmissionQuestion::Unanimity => Self::Unanimity,
            AdmissionQuestion::Rule(rule) => Self::Rule(RuleBallot::new(
                scenario, rule, candidates, registry, almanac,
            )?),
        })
    }

    /// Asks the ballot within the rules of a game.
    pub(crate) fn ask<T>(&self, with: impl FnOnce(Admission<'_>) -> T) -> T {
        match self {
            Self::Open => with(Admission::Open),
            Self::Unanimity => with(Admission::Unanimity),
            Self::Rule(rule) => with(Admission::Rule(&|application| rule.admits(application))),
        }
    }
}

/// An organ's rule among the members of a bloc, and the position in it of each candidate.
type Counted = (Game, Vec<Option<usize>>);

/// Who asks for the votes of each bloc.
struct Clerk<'c> {
    law: Law<'c>,
    institution: &'c Institution,
    day: Date,
    today: Vec<StateCode>,
    rule: &'c AdmissionRule,
    votes: Vec<(StateCode, f64)>,
    candidates: &'c [Candidate],
    almanac: &'c Almanac,
}

impl RuleBallot {
    fn new(
        scenario: &Scenario,
        rule: &AdmissionRule,
        candidates: &[Candidate],
        registry: &Registry,
        almanac: &Almanac,
    ) -> Result<Self, BlocsError> {
        let place = Some(rule.institution.place.clone());
        if candidates.len() > MOST {
            let message = format!(
                "the votes of every bloc of {} candidates are too many to count: at most {MOST} can be",
                candidates.len()
            );
            return Err(Finding::error(Lint::Number, place, message).into());
        }
        let institution =
            registry
                .find_institution(&rule.institution.value)
                .map_err(|mut finding| {
                    finding.place.clone_from(&place);
                    finding
                })?;
        let law = Law::new(view(scenario, registry));
        let mut votes = Vec::new();
        for (name, count) in &rule.votes {
            let candidate = among(name, candidates, registry)?;
            votes.push((StateCode::new(&candidates[candidate].code), *count));
        }
        let clerk = Clerk {
            today: law.members(&institution.id, scenario.base.date),
            day: scenario.base.date,
            law,
            institution,
            rule,
            votes,
            candidates,
            almanac,
        };
        let mut games = Vec::with_capacity(1 << candidates.len());
        let mut words = String::new();
        for mask in 0..1_usize << candidates.len() {
            games.push(if mask.count_ones() < 2 {
                None
            } else {
                let (counted, rule) = clerk.count(mask).map_err(|error| BlocsError::Vote {
                    place: place.clone(),
                    error,
                })?;
                words = rule;
                Some(counted)
            });
        }
        Ok(Self { games, words })
    }

    fn admits(&self, application: Application) -> bool {
        let mask = usize::try_from(application.members.mask()).unwrap_or(usize::MAX);
        let Some(Some((game, positions))) = self.games.get(mask) else {
            // One who finds nobody inside founds the bloc with whoever agrees.
            return application.in_favour == application.members;
        };
        let players = application.in_favour.players();
        let players = players.filter_map(|it| positions.get(it.position()).copied().flatten());
        Coalition::of(players.map(Player::at)).is_some_and(|in_favour| game.wins(in_favour))
    }
}

impl Clerk<'_> {
    /// The rule among the candidates of a mask, and its name.
    fn count(&self, mask: usize) -> Result<(Counted, String), VotingError> {
        let inside = self.candidates.iter().enumerate();
        let inside = inside.filter(|(place, _)| mask >> place & 1 == 1);
        let inside: Vec<StateCode> = inside.map(|(_, it)| StateCode::new(&it.code)).collect();
        let given = |state: &StateCode| {
            let mut votes = self.votes.iter();
            let own = votes.find(|(voter, _)| voter == state);
            own.map(|(_, count)| *count)
        };
        let added = inside.iter().filter(|state| !self.today.contains(state));
        let gone = self.today.iter().filter(|state| !inside.contains(state));
        let question = VotingQuestion {
            organ: self.rule.organ.clone(),
            matter: self.rule.matter.clone(),
            weights: self.rule.weights.map(AskedWeights::Series),
            quota: self.rule.quota.map(AskedQuota::at_least),
            with: added
                .map(|state| (Voter::from(state), given(state)))
                .collect(),
            without: gone.map(Voter::from).collect(),
            ..VotingQuestion::default()
        };
        let (law, institution) = (&self.law, self.institution);
        let vote = Vote::new(law, institution, self.day, &question, self.almanac)?;
        let position = |candidate: &Candidate| {
            let mut members = vote.voters.iter();
            members.position(|member| member.as_str() == candidate.code)
        };
        let positions = self.candidates.iter().map(position).collect();
        let name = institution.short_name_on(self.day);
        let words = format!(
            "{}, {name} ({})",
            vote.organ().unwrap_or_default(),
            vote.criterion.kind
        );
        Ok(((vote.game(), positions), words))
    }
}
