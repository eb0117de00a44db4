//! What a registry holds that is not an act: statements, instruments, indicators, and the
//! organs of institutions with the rules by which they decide. Each has its claims, like an
//! act, so that sources can disagree about it.

use jiff::civil::Date;

use crate::claim::{Assertion, Quantity};
use crate::date::EdtfDate;
use crate::decision::Criterion;
use crate::finding::Place;
use crate::model::{Party, StateCode};
use crate::vocabulary::{ComputationKind, ConflictKind, InstrumentKind, Series, StatementKind};

/// A known disagreement between sources. Whatever belongs to it carries its id.
#[derive(Debug, Clone, PartialEq)]
pub struct Conflict {
    /// Id.
    pub id: String,
    /// What they disagree about.
    pub kind: ConflictKind,
    /// The question to which they give different answers.
    pub question: String,
    /// What can be said about the disagreement as a whole.
    pub note: Option<String>,
    /// Where it is written.
    pub place: Place,
}

/// A question, and what sources answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Statement {
    /// Id.
    pub id: String,
    /// What it is about.
    pub kind: StatementKind,
    /// The question that the claims answer.
    pub question: String,
    /// The states and institutions it is about.
    pub about: Vec<Party>,
    /// The claims, in the order of the file; at least one. Each has a position.
    pub claims: Vec<Assertion>,
    /// The known conflicts it belongs to.
    pub conflicts: Vec<String>,
    /// Remark.
    pub note: Option<String>,
    /// Where it is written.
    pub place: Place,
}

/// Something by which states move others: a carrot or a stick.
#[derive(Debug, Clone, PartialEq)]
pub struct Instrument {
    /// Id.
    pub id: String,
    /// What sort of thing it is.
    pub kind: InstrumentKind,
    /// What it is, in a few words.
    pub title: String,
    /// Who gives it, or holds it out, or applies it.
    pub giver: Vec<Party>,
    /// Whom it is meant to move.
    pub receiver: Vec<Party>,
    /// The claims, in the order of the file; at least one.
    pub claims: Vec<Assertion>,
    /// The known conflicts it belongs to.
    pub conflicts: Vec<String>,
    /// Remark.
    pub note: Option<String>,
    /// Where it is written.
    pub place: Place,
}

/// A figure that sources give.
#[derive(Debug, Clone, PartialEq)]
pub struct Indicator {
    /// Id.
    pub id: String,
    /// What the figure is a figure of, as a sentence.
    pub statement: String,
    /// The states and institutions it is about.
    pub about: Vec<Party>,
    /// The claims, in the order of the file; at least one. Each has a figure.
    pub claims: Vec<Assertion>,
    /// How the program could check it.
    pub check: Check,
    /// The known conflicts it belongs to.
    pub conflicts: Vec<String>,
    /// Remark.
    pub note: Option<String>,
    /// Where it is written.
    pub place: Place,
}

/// How a figure could be checked.
#[derive(Debug, Clone, PartialEq)]
pub enum Check {
    /// By a computation.
    Compute(Computation),
    /// Not at all, and why.
    Unchecked(String),
}

/// Some of a series: that of the states of `group` in one year, summed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sum {
    /// The series.
    pub series: Series,
    /// The states whose numbers are summed.
    pub group: Vec<StateCode>,
    /// For trade: the states with which they trade; everybody if empty. Trade between two
    /// states of the group is counted once.
    pub partners: Vec<StateCode>,
    /// The year.
    pub year: i16,
}

/// A computation that gives the figure of an indicator, from the data built in or from
/// numbers of the sources themselves.
#[derive(Debug, Clone, PartialEq)]
pub enum Computation {
    /// `sum`.
    Sum(Sum),
    /// 100 `part / total`: a share in per cent.
    Share {
        /// The part.
        part: Sum,
        /// The states of the whole.
        total: Vec<StateCode>,
    },
    /// 100 (`whole / base` - 1): the excess over the base in per cent.
    Excess {
        /// The larger group.
        whole: Sum,
        /// The states of the base.
        base: Vec<StateCode>,
    },
    /// `sum(until) / sum(from)`: a ratio.
    Growth {
        /// The sum, with the year from which it grows.
        from: Sum,
        /// The year to which it has grown.
        until: i16,
    },
    /// `amount / worth`: units of the first in one unit of the second.
    Conversion {
        /// The amount in the one currency.
        amount: Quantity,
        /// The same amount in the other.
        worth: Quantity,
    },
    /// (`reference - price`) `volume`: what is forgone at a price below the reference.
    PriceGap {
        /// The price.
        price: Quantity,
        /// What it is compared with.
        reference: Quantity,
        /// How much was sold at the price; without it the gap is that of one unit.
        volume: Option<Quantity>,
    },
    /// 100 `part / whole`: one count as per cent of another.
    Counts {
        /// The part.
        part: f64,
        /// The whole.
        whole: f64,
    },
    /// `percent whole / 100`: how many a percentage of a count stands for.
    Portion {
        /// The percentage.
        percent: Quantity,
        /// The whole.
        whole: f64,
    },
}

impl Computation {
    /// The word for the kind.
    pub const fn kind(&self) -> ComputationKind {
        match self {
            Self::Sum(_) => ComputationKind::Sum,
            Self::Share { .. } => ComputationKind::Share,
            Self::Excess { .. } => ComputationKind::Excess,
            Self::Growth { .. } => ComputationKind::Growth,
            Self::Conversion { .. } => ComputationKind::Conversion,
            Self::PriceGap { .. } => ComputationKind::PriceGap,
            Self::Counts { .. } => ComputationKind::Counts,
            Self::Portion { .. } => ComputationKind::Portion,
        }
    }

    /// The sum of a series that it starts from, if it needs one.
    pub const fn sum(&self) -> Option<&Sum> {
        match self {
            Self::Sum(sum) | Self::Share { part: sum, .. } | Self::Growth { from: sum, .. } => {
                Some(sum)
            }
            Self::Excess { whole, .. } => Some(whole),
            Self::Conversion { .. }
            | Self::PriceGap { .. }
            | Self::Counts { .. }
            | Self::Portion { .. } => None,
        }
    }

    /// Every state that it names.
    pub fn states(&self) -> impl Iterator<Item = &StateCode> {
        let more: &[StateCode] = match self {
            Self::Share { total, .. } => total,
            Self::Excess { base, .. } => base,
            _ => &[],
        };
        self.sum()
            .into_iter()
            .flat_map(|sum| sum.group.iter().chain(&sum.partners))
            .chain(more)
    }
}

/// A body of an institution.
#[derive(Debug, Clone, PartialEq)]
pub struct Organ {
    /// Its name.
    pub name: String,
    /// What it does.
    pub summary: Option<String>,
    /// The claims about its existence: since when, until when.
    pub claims: Vec<Assertion>,
    /// How it decides.
    pub rules: Vec<OrganRule>,
    /// The known conflicts it belongs to.
    pub conflicts: Vec<String>,
    /// Where it is written.
    pub place: Place,
}

/// A rule by which an organ decides, for a time and a matter.
#[derive(Debug, Clone, PartialEq)]
pub struct OrganRule {
    /// What must hold for a decision.
    pub criterion: Criterion,
    /// The first day it holds.
    pub from: Option<EdtfDate>,
    /// The first day it no longer holds.
    pub until: Option<EdtfDate>,
    /// What it is used for.
    pub matter: Option<String>,
    /// Remark.
    pub note: Option<String>,
    /// The claims, in the order of the file; at least one.
    pub claims: Vec<Assertion>,
    /// The known conflicts it belongs to.
    pub conflicts: Vec<String>,
    /// Where it is written.
    pub place: Place,
}

impl OrganRule {
    /// Whether the rule can hold on a day.
    pub fn holds_on(&self, day: Date) -> bool {
        let begun = self.from.as_ref().and_then(EdtfDate::first_day);
        let ended = self.until.as_ref().and_then(EdtfDate::first_day);
        begun.is_none_or(|begun| begun <= day) && ended.is_none_or(|ended| day < ended)
    }
}
