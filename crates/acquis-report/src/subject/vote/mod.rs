//! Who decides: the power of each member under a rule, what another quota or another member
//! would change, and who can outvote whom.
//!
//! [`answer`] makes all tables that are asked for, with their pictures; the command line, the
//! page of a report and the pages of a server show the same.

mod page;
mod picture;
mod power;
mod questions;
mod sweep;
mod words;

use acquis_decision::GameError;
use acquis_registry::Registry;
use acquis_scenario::{Almanac, Also, AskedQuota, Measure, Vote, VoteQuestions, VotingError};

pub use page::report;
pub use picture::power_bars;
pub use power::power;
pub use words::{rule_words, title};

use crate::chart::{Chart, ChartError};
use crate::document::Block;
use crate::table::{Table, TableError};

/// What is asked of a vote, and what it may be answered from.
#[derive(Debug, Clone, Copy)]
pub struct Inquiry<'a, 'r> {
    /// Names of states.
    pub registry: &'a Registry,
    /// Series that a wanted distribution may follow.
    pub almanac: &'a Almanac,
    /// The vote.
    pub vote: &'a Vote<'r>,
    /// The vote that it is compared with.
    pub before: Option<&'a Vote<'r>>,
    /// The quota that was typed, for votes that are sought.
    pub quota: Option<AskedQuota>,
    /// The questions.
    pub questions: &'a VoteQuestions,
}

/// One table of an answer with its pictures.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// The table.
    pub table: Table,
    /// Its pictures.
    pub pictures: Vec<Picture>,
}

/// A picture of an answer, for a page and as a file of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    /// The name of the file, without its ending.
    pub name: &'static str,
    /// As a block of a page.
    pub figure: Block,
    /// As an SVG file.
    pub svg: String,
}

impl Picture {
    fn of(name: &'static str, chart: &impl Chart) -> Self {
        Self {
            name,
            figure: chart.figure(),
            svg: chart.svg(),
        }
    }
}

/// What a measure is called at the head of a column.
pub const fn heading(measure: Measure) -> &'static str {
    match measure {
        Measure::Banzhaf => "Banzhaf",
        Measure::ShapleyShubik => "Shapley-Shubik",
        Measure::Absolute => "Absolute",
        Measure::Swings => "Swings",
        Measure::Prevent => "Prevents",
        Measure::Initiate => "Initiates",
        Measure::Johnston => "Johnston",
        Measure::DeeganPackel => "Deegan-Packel",
        Measure::Holler => "Holler",
        Measure::Nucleolus => "Nucleolus",
    }
}

/// Every table that is asked for: first the power of each, then changes, the sweep, outvoting,
/// coalitions, blocs, abstention, uncertainty, the nearest votes.
///
/// # Errors
/// A name that isn't there, a question that the rule has no answer to, a game that is too large.
pub fn answer(inquiry: &Inquiry<'_, '_>) -> Result<Vec<Part>, VoteAnswerError> {
    let Inquiry {
        registry,
        vote,
        questions,
        ..
    } = *inquiry;
    let powers = vote.powers_by(&questions.measures)?;
    let mut parts = vec![Part {
        table: power::table(registry, vote, &powers, questions.exact)?,
        pictures: picture::power_bars(registry, vote, &powers, picture::MOST_MEASURES)?
            .into_iter()
            .collect(),
    }];
    if let Some(before) = inquiry.before {
        parts.push(Part {
            table: questions::changes(registry, before, vote, questions)?,
            pictures: picture::change_bars(registry, before, vote, questions)?,
        });
    }
    if questions.also.contains(&Also::Sweep) {
        let swept = vote.sweep(questions.measures.first())?;
        parts.push(sweep::roles(vote, &swept)?.into());
        parts.push(Part {
            table: sweep::sweep(vote, &swept)?,
            pictures: picture::sweep_lines(registry, vote, swept.measure)?,
        });
    }
    if !questions.outvote.is_empty() {
        let players = vote.players(registry, &questions.outvote)?;
        parts.push(questions::outvoting(vote, &players)?.into());
    }
    if questions.also.contains(&Also::Coalitions) {
        parts.push(questions::coalitions(vote)?.into());
    }
    if !questions.blocs.is_empty() {
        let unions = vote.unions(registry, &questions.blocs)?;
        parts.push(questions::unions(registry, vote, &unions)?.into());
    }
    if questions.also.contains(&Also::Abstention) {
        parts.push(questions::abstention(registry, vote)?.into());
    }
    if let Some(spread) = &questions.uncertain {
        let uncertain = vote.uncertain(registry, questions, spread)?;
        parts.push(Part {
            table: questions::uncertainty(registry, vote, &uncertain, questions)?,
            pictures: picture::uncertain_bars(registry, vote, &uncertain)?,
        });
    }
    if let Some(wanted) = &questions.wanted {
        let almanac = inquiry.almanac;
        let nearest = vote.nearest(registry, almanac, wanted, inquiry.quota, questions)?;
        parts.push(questions::nearest(registry, vote, &nearest)?.into());
    }
    Ok(parts)
}

impl From<Table> for Part {
    fn from(table: Table) -> Self {
        Self {
            table,
            pictures: Vec::new(),
        }
    }
}

/// Why a question about a vote has no answer.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum VoteAnswerError {
    /// A cell that does not fit.
    #[error(transparent)]
    Table(#[from] TableError),
    /// A number that can't be drawn.
    #[error(transparent)]
    Chart(#[from] ChartError),
    /// A game that can't be counted.
    #[error(transparent)]
    Game(#[from] GameError),
    /// What the rule can't be asked.
    #[error(transparent)]
    Voting(#[from] VotingError),
}
