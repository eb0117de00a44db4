//! A decision rule as the sources give it: who has how many votes, and what must be reached.
//!
//! A rule may be known in part: sources tell of votes by economic potential and give no
//! number, or tell the votes of one member only. So what is missing is missing here too, and
//! whoever counts votes says what is not known.

use crate::model::Party;
use crate::vocabulary::{DecisionKind, Series};

/// One count of votes, or several joined.
#[derive(Debug, Clone, PartialEq)]
pub struct Criterion {
    /// The kind.
    pub kind: DecisionKind,
    /// The votes of each, in the order of the file; empty where all have one, or where the
    /// votes follow from a series.
    pub votes: Vec<(Party, f64)>,
    /// The series that the votes follow from.
    pub weights: Option<Weights>,
    /// What must be reached.
    pub quota: Option<Quota>,
    /// Whether more than the quota is needed.
    pub strict: bool,
    /// Whether the quota is one of the votes cast, so that those who abstain do not count.
    pub of_votes_cast: bool,
    /// Those who count; everybody if empty.
    pub members: Vec<Party>,
    /// What is joined, for a kind that joins.
    pub criteria: Vec<Criterion>,
}

/// Votes in proportion to a series.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weights {
    /// The series: gross domestic product or population.
    pub series: Series,
    /// The year.
    pub year: i16,
    /// The least share of all votes, from 0 to 1.
    pub floor: Option<f64>,
    /// The greatest share of all votes, from 0 to 1.
    pub cap: Option<f64>,
}

impl Criterion {
    /// A criterion of which nothing but the kind is known.
    pub const fn new(kind: DecisionKind) -> Self {
        Self {
            kind,
            votes: Vec::new(),
            weights: None,
            quota: None,
            strict: false,
            of_votes_cast: false,
            members: Vec::new(),
            criteria: Vec::new(),
        }
    }

    /// Everybody whom it or a part of it names.
    pub fn parties(&self) -> Vec<&Party> {
        let own = self.votes.iter().map(|(party, _)| party);
        let parts = self.criteria.iter().flat_map(Self::parties);
        own.chain(&self.members).chain(parts).collect()
    }
}

/// A rule in a file of its own, outside any pack: the keys are those of a rule in a pack.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleFile {
    /// `title`
    pub title: Option<String>,
    /// `players`: who votes; empty if the file doesn't say.
    pub players: Vec<String>,
    /// What is counted.
    pub criterion: Criterion,
}

/// What must be reached for a decision.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Quota {
    /// So many votes.
    Votes(f64),
    /// So large a share of all votes.
    Share {
        /// Numerator.
        numerator: u32,
        /// Denominator.
        denominator: u32,
    },
}

impl Quota {
    /// Reads "2/3" or "80%".
    pub fn from_text(text: &str) -> Option<Self> {
        let share = match text.trim().strip_suffix('%') {
            Some(percent) => Some((percent, "100")),
            None => text.split_once('/'),
        };
        let (numerator, denominator) = share?;
        let numerator = numerator.trim().parse().ok()?;
        let denominator = denominator.trim().parse().ok()?;
        (denominator > 0 && numerator <= denominator).then_some(Self::Share {
            numerator,
            denominator,
        })
    }

    /// The votes that are needed of so many.
    pub fn votes_of(self, total: f64) -> f64 {
        match self {
            Self::Votes(votes) => votes,
            Self::Share {
                numerator,
                denominator,
            } => total * f64::from(numerator) / f64::from(denominator),
        }
    }
}
