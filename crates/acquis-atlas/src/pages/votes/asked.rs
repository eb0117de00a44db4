//! What is asked of a vote, as it stands in the address: read by the same code as what is typed
//! on the command line.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::str::FromStr;

use acquis_library::LibraryError;
use acquis_registry::Findings;
use acquis_scenario::{
    Added, Against, Also, Bloc, ComposedRule, Measure, Measures, TypedShare, VoteQuestions,
    VoteRequest,
};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::problem::Problem;

/// Draws of uncertain votes on a page.
const MOST_DRAWS: usize = 2_000;

/// The question. Everything may be left out but an organization or a rule.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
pub(super) struct Asked {
    /// The organization or agreement whose rule is asked about, or whose members vote
    pub(super) organization: Option<String>,
    /// The organ, or part of its name
    pub(super) organ: Option<String>,
    /// What is decided, or part of its words, where the organ has several rules
    pub(super) matter: Option<String>,
    /// A composed rule in a line, such as [7; RUS=4, BLR=2, KAZ=2] and veto(RUS)
    pub(super) rule: Option<String>,
    /// Who votes under a composed rule without an organization: names with commas, or how many
    pub(super) members: Option<String>,
    /// Votes by gdp or population of a year, such as gdp:2003, or as listed: RUS=4,BLR=2
    pub(super) weights: Option<String>,
    /// No share of votes below this one
    pub(super) floor: Option<String>,
    /// No share of votes above this one
    pub(super) cap: Option<String>,
    /// Another quota: 2/3, 80%, 7; with a leading > more than it is needed
    pub(super) quota: Option<String>,
    /// Who is put in, with votes where they are listed: UZB=1,ARM=1
    pub(super) with: Option<String>,
    /// Who is taken out, with commas
    pub(super) without: Option<String>,
    /// Measures of power; the two best known if left out
    pub(super) index: Vec<String>,
    /// With any word: every measure that can be had
    pub(super) all: Option<String>,
    /// With any word: power as fractions
    pub(super) exact: Option<String>,
    /// Another day, a rule in a line, or the word itself: who gains and who loses against it
    pub(super) against: Option<String>,
    /// With any word: what other quotas would do
    pub(super) sweep: Option<String>,
    /// With any word: which coalitions win
    pub(super) coalitions: Option<String>,
    /// With any word: what abstention does to power
    pub(super) abstention: Option<String>,
    /// Who may be outvoted, all of them together, with commas
    pub(super) outvote: Option<String>,
    /// Members that vote as one, with commas; further blocs after a semicolon
    pub(super) bloc: Option<String>,
    /// How uncertain votes are: 10%, or RUS=5%,BLR=20%
    pub(super) uncertain: Option<String>,
    /// How often uncertain votes are drawn, up to 2000
    pub(super) draws: Option<String>,
    /// The seed of the draws
    pub(super) seed: Option<String>,
    /// A distribution of power for which votes are sought: equal, population:2003, RUS=40,BLR=60
    pub(super) wanted: Option<String>,
}

/// The question, read.
#[derive(Debug)]
pub(super) struct Read {
    pub(super) request: VoteRequest,
    pub(super) questions: VoteQuestions,
    pub(super) against: Option<Against>,
}

/// What is wrong with a question, and in which field.
#[derive(Debug)]
pub(super) struct Wrong {
    pub(super) field: Option<&'static str>,
    pub(super) problem: Problem,
}

impl From<Problem> for Wrong {
    fn from(problem: Problem) -> Self {
        Self {
            field: None,
            problem,
        }
    }
}

impl From<LibraryError> for Wrong {
    fn from(error: LibraryError) -> Self {
        Problem::from(error).into()
    }
}

impl Asked {
    /// Whether there is something to count.
    pub(super) fn asks(&self) -> bool {
        self.organization.is_some() || self.rule.is_some()
    }

    /// Reads every field.
    pub(super) fn read(&self) -> Result<Read, Wrong> {
        let share = |field, text| Ok::<_, Wrong>(one(field, text)?.map(|TypedShare(share)| share));
        let rule = self
            .rule
            .as_deref()
            .map(ComposedRule::from_line)
            .transpose();
        let request = VoteRequest {
            organization: self.organization.clone(),
            organ: self.organ.clone(),
            matter: self.matter.clone(),
            rule: rule.map_err(|findings| in_field("rule", findings))?,
            players: one("members", self.members.as_deref())?,
            weights: one("weights", self.weights.as_deref())?,
            floor: share("floor", self.floor.as_deref())?,
            cap: share("cap", self.cap.as_deref())?,
            quota: one("quota", self.quota.as_deref())?,
            with: several::<Added>("with", self.with.as_deref(), ',')?,
            without: several("without", self.without.as_deref(), ',')?,
        };
        let against = self.against.as_deref().map(Against::read).transpose();
        Ok(Read {
            request,
            questions: self.questions()?,
            against: against.map_err(|findings| in_field("against", findings))?,
        })
    }

    fn questions(&self) -> Result<VoteQuestions, Wrong> {
        let usual = VoteQuestions::default();
        let mut measures = Vec::new();
        for word in &self.index {
            measures.extend(several::<Measure>("index", Some(word), ',')?);
        }
        let also = [
            (&self.sweep, Also::Sweep),
            (&self.coalitions, Also::Coalitions),
            (&self.abstention, Also::Abstention),
        ];
        let also = also.into_iter().filter(|(word, _)| word.is_some());
        let draws = one("draws", self.draws.as_deref())?.unwrap_or(usual.draws);
        if draws > MOST_DRAWS {
            let problem = Problem::senseless(format!(
                "{draws} draws are too many for a page, which makes up to {MOST_DRAWS}."
            ));
            return Err(Wrong {
                field: Some("draws"),
                problem: problem.advise("The command acquis vote makes more."),
            });
        }
        Ok(VoteQuestions {
            measures: match (self.all.is_some(), measures.is_empty()) {
                (true, _) => Measures::All,
                (false, true) => Measures::Usual,
                (false, false) => Measures::Named(measures),
            },
            exact: self.exact.is_some(),
            also: also.map(|(_, also)| also).collect::<BTreeSet<Also>>(),
            outvote: several("outvote", self.outvote.as_deref(), ',')?,
            blocs: several::<Bloc>("bloc", self.bloc.as_deref(), ';')?,
            uncertain: one("uncertain", self.uncertain.as_deref())?,
            draws,
            seed: one("seed", self.seed.as_deref())?.unwrap_or(usual.seed),
            wanted: one("wanted", self.wanted.as_deref())?,
        })
    }
}

fn in_field(field: &'static str, findings: Findings) -> Wrong {
    Wrong {
        field: Some(field),
        problem: findings.into(),
    }
}

/// A field, if it was filled in.
fn one<T: FromStr>(field: &'static str, text: Option<&str>) -> Result<Option<T>, Wrong>
where
    T::Err: Display,
{
    let read = text.map(|text| text.trim().parse::<T>()).transpose();
    read.map_err(|error| Wrong {
        field: Some(field),
        problem: Problem::unreadable(format!("The field {field} can't be read: {error}.")),
    })
}

/// A field with several things and a sign between them.
fn several<T: FromStr>(field: &'static str, text: Option<&str>, sign: char) -> Result<Vec<T>, Wrong>
where
    T::Err: Display,
{
    let mut read = Vec::new();
    for part in text.unwrap_or_default().split(sign) {
        if !part.trim().is_empty() {
            read.extend(one(field, Some(part))?);
        }
    }
    Ok(read)
}
