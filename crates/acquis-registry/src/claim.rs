//! What sources say: a [`Claim`] about an act, an [`Assertion`] about anything else, and what
//! the two have in common ([`Sourced`]), by which a view settles which of them is used.

use crate::date::EdtfDate;
use crate::finding::Place;
use crate::model::SourceId;
use crate::vocabulary::Stage;

/// How far a claim is to be used (after Wikidata's ranks).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rank {
    /// The claim that views use.
    Preferred {
        /// Why it beats the others.
        reason: Option<String>,
    },
    /// A claim that may be used.
    Normal {
        /// A remark.
        reason: Option<String>,
    },
    /// A claim that is kept and never used.
    Deprecated {
        /// Why.
        reason: String,
    },
}

impl Rank {
    /// The reason that was given.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Preferred { reason } | Self::Normal { reason } => reason.as_deref(),
            Self::Deprecated { reason } => Some(reason),
        }
    }

    /// The word for the rank.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Preferred { .. } => "preferred",
            Self::Normal { .. } => "normal",
            Self::Deprecated { .. } => "deprecated",
        }
    }
}

/// What one source says about one act.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    /// The day of the act.
    pub on: Option<EdtfDate>,
    /// The first day of the new state of affairs, where it is not the day of the act.
    pub effect: Option<EdtfDate>,
    /// For an assessment the stage that is attained in practice; for an entry into force,
    /// provisional application or accession the stage that is in force from then, where it
    /// is less than the one the text ends with.
    pub stage: Option<Stage>,
    /// Who says so.
    pub source: SourceId,
    /// Where in the source.
    pub locator: Option<String>,
    /// How far it is to be used.
    pub rank: Rank,
    /// Whether the source says that the act did not happen.
    pub denies: bool,
    /// A paraphrase, where the wording matters.
    pub says: Option<String>,
    /// Entries of a list of facts that it rests on.
    pub facts: Vec<String>,
    /// Where it is written.
    pub place: Place,
}

impl Claim {
    /// When the act takes effect: `effect`, or the day of the act. A pack's loader makes
    /// sure that one of them is there.
    pub fn takes_effect(&self) -> Option<&EdtfDate> {
        self.effect.as_ref().or(self.on.as_ref())
    }

    /// Whether both claims can hold. A source that gives one date only may mean the day of
    /// the act or that of its effect.
    pub fn agrees_with(&self, other: &Self) -> bool {
        let stages_agree = match (self.stage, other.stage) {
            (Some(left), Some(right)) => left == right,
            _ => true,
        };
        self.denies == other.denies && stages_agree && (self.denies || self.dates_agree(other))
    }

    fn dates_agree(&self, other: &Self) -> bool {
        let has_both = |claim: &Self| claim.on.is_some() && claim.effect.is_some();
        if has_both(self) && has_both(other) {
            return both_agree(self.on.as_ref(), other.on.as_ref())
                && both_agree(self.effect.as_ref(), other.effect.as_ref());
        }
        let dates = |claim: &Self| [claim.on.clone(), claim.effect.clone()];
        let (mine, theirs) = (dates(self), dates(other));
        let mut pairs = mine
            .iter()
            .flatten()
            .flat_map(|left| theirs.iter().flatten().map(move |right| (left, right)))
            .peekable();
        pairs.peek().is_none() || pairs.any(|(left, right)| left.agrees_with(right))
    }
}

fn both_agree(left: Option<&EdtfDate>, right: Option<&EdtfDate>) -> bool {
    match (left, right) {
        (Some(left), Some(right)) => left.agrees_with(right),
        _ => true,
    }
}

/// A number with its unit: one figure, or a span of figures.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Quantity {
    /// The figure, or the lower end of a span.
    pub value: f64,
    /// The upper end of a span.
    pub to: Option<f64>,
    /// The unit, as the pack writes it ("USD", "%", "persons").
    pub unit: String,
}

impl Quantity {
    /// The upper end: the figure itself where it is no span.
    pub fn upper(&self) -> f64 {
        self.to.unwrap_or(self.value)
    }

    /// Whether both can hold: spans of one unit that overlap, or units that can't be compared.
    pub fn agrees_with(&self, other: &Self) -> bool {
        self.unit != other.unit || (self.value <= other.upper() && other.value <= self.upper())
    }
}

/// What one source says about anything that is not an act: a statement, an instrument, an
/// indicator, an organ or its rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Assertion {
    /// The answer in short.
    pub position: Option<String>,
    /// The figure that is given.
    pub value: Option<Quantity>,
    /// When it was, or the day that the figure is of.
    pub on: Option<EdtfDate>,
    /// From when it has effect, where that is not the same.
    pub effect: Option<EdtfDate>,
    /// The first day on which it no longer has effect.
    pub until: Option<EdtfDate>,
    /// Who says so.
    pub source: SourceId,
    /// Where in the source.
    pub locator: Option<String>,
    /// How far it is to be used.
    pub rank: Rank,
    /// Whether the source says that it is not so.
    pub denies: bool,
    /// A paraphrase, where the wording matters.
    pub says: Option<String>,
    /// Entries of a list of facts that it rests on.
    pub facts: Vec<String>,
    /// Where it is written.
    pub place: Place,
}

impl Assertion {
    /// Whether both can hold. Two answers in short agree only if they are the same answer;
    /// where one of them gives none, figures and dates decide.
    pub fn agrees_with(&self, other: &Self) -> bool {
        if self.denies != other.denies {
            return false;
        }
        if let (Some(mine), Some(theirs)) = (&self.position, &other.position) {
            return mine == theirs;
        }
        let values_agree = match (&self.value, &other.value) {
            (Some(mine), Some(theirs)) => mine.agrees_with(theirs),
            _ => true,
        };
        values_agree
            && both_agree(self.on.as_ref(), other.on.as_ref())
            && both_agree(self.effect.as_ref(), other.effect.as_ref())
            && both_agree(self.until.as_ref(), other.until.as_ref())
    }
}

/// A source and where in it, as it is written in a list of sources.
pub(crate) fn reference(source: &SourceId, locator: Option<&str>) -> String {
    match locator {
        Some(locator) => format!("{source}, {locator}"),
        None => source.to_string(),
    }
}

/// What every claim has, whatever it is about.
pub trait Sourced {
    /// Who says so.
    fn source(&self) -> &SourceId;
    /// Where in the source.
    fn locator(&self) -> Option<&str>;
    /// How far it is to be used.
    fn rank(&self) -> &Rank;
    /// Whether the source says that it is not so.
    fn denies(&self) -> bool;
    /// A paraphrase, where the wording matters.
    fn says(&self) -> Option<&str>;
    /// Entries of a list of facts that it rests on.
    fn facts(&self) -> &[String];
    /// Where it is written.
    fn place(&self) -> &Place;
    /// The day of what is said.
    fn on(&self) -> Option<&EdtfDate>;
    /// The first day of the new state of affairs: `effect`, or `on`.
    fn takes_effect(&self) -> Option<&EdtfDate>;
    /// Whether both can hold.
    fn agrees_with(&self, other: &Self) -> bool
    where
        Self: Sized;
    /// The source and where in it.
    fn reference(&self) -> String {
        reference(self.source(), self.locator())
    }
    /// Whether a view may use it.
    fn is_usable(&self) -> bool {
        !matches!(self.rank(), Rank::Deprecated { .. })
    }
}

macro_rules! sourced {
    ($($claim:ident),+) => {
        $(impl Sourced for $claim {
            fn source(&self) -> &SourceId {
                &self.source
            }
            fn locator(&self) -> Option<&str> {
                self.locator.as_deref()
            }
            fn rank(&self) -> &Rank {
                &self.rank
            }
            fn denies(&self) -> bool {
                self.denies
            }
            fn says(&self) -> Option<&str> {
                self.says.as_deref()
            }
            fn facts(&self) -> &[String] {
                &self.facts
            }
            fn place(&self) -> &Place {
                &self.place
            }
            fn on(&self) -> Option<&EdtfDate> {
                self.on.as_ref()
            }
            fn takes_effect(&self) -> Option<&EdtfDate> {
                self.effect.as_ref().or(self.on.as_ref())
            }
            fn agrees_with(&self, other: &Self) -> bool {
                $claim::agrees_with(self, other)
            }
        })+
    };
}

sourced!(Claim, Assertion);
