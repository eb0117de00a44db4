//! What a registry holds: sources, states, organizations and agreements with their acts,
//! and the claims about each act.

use std::fmt;
use std::sync::Arc;

use jiff::civil::Date;

use crate::date::EdtfDate;
use crate::finding::Place;
use crate::vocabulary::{
    ActName, AdmittedAs, Area, InstitutionKind, MembershipFrom, RuleKind, SourceType, Stage,
    StateKind,
};

macro_rules! identifier {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Takes the text as an id; whether it names anything is for the registry to say.
            pub fn new(id: &str) -> Self {
                Self(Arc::from(id))
            }

            /// The id as written.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.pad(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(formatter, "{:?}", &*self.0)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }
    };
}

identifier! {
    /// A state: ISO 3166 alpha-3, or a private code that begins with X.
    StateCode
}
identifier! {
    /// An organization (`org:...`) or an agreement (`agr:...`).
    InstitutionId
}
identifier! {
    /// A source.
    SourceId
}

/// The pack's own card.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PackCard {
    /// Short name.
    pub id: String,
    /// Title.
    pub title: String,
    /// What it is about.
    pub description: String,
    /// The years it covers.
    pub covers: Option<EdtfDate>,
    /// Licence of its texts.
    pub licence: Option<String>,
}

/// Who says so: a publication with its date.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// Id.
    pub id: SourceId,
    /// What sort of publication it is.
    pub source_type: SourceType,
    /// Title.
    pub title: String,
    /// Author or publisher.
    pub author: Option<String>,
    /// When it was published.
    pub published: Option<EdtfDate>,
    /// When it was read, for pages without a date.
    pub accessed: Option<EdtfDate>,
    /// Address.
    pub url: Option<String>,
    /// The years it covers.
    pub covers: Option<EdtfDate>,
    /// Remark.
    pub note: Option<String>,
    /// Where it is declared.
    pub place: Place,
}

impl Source {
    /// Whether what the source says was known on `day`: once the last day on which it can
    /// have been published has come, or the day it was read if it has no date.
    pub fn known_on(&self, day: Date) -> bool {
        self.source_type == SourceType::Scenario
            || self
                .published
                .as_ref()
                .or(self.accessed.as_ref())
                .and_then(EdtfDate::last_day)
                .is_some_and(|published| published <= day)
    }

    /// Author, title and date for a list of sources.
    pub fn citation(&self) -> String {
        let mut parts: Vec<String> = Vec::new();
        parts.extend(self.author.clone());
        parts.push(self.title.clone());
        if let Some(published) = &self.published {
            parts.push(published.to_string());
        }
        parts.join(", ")
    }
}

/// A name and the time it was borne.
#[derive(Debug, Clone, PartialEq)]
pub struct Name {
    /// The name in full.
    pub name: String,
    /// Its short form.
    pub short: Option<String>,
    /// Other forms in use at the time.
    pub also: Vec<String>,
    /// From when; `None` from the beginning.
    pub from: Option<EdtfDate>,
    /// Who says so.
    pub source: Option<SourceId>,
    /// Where in the source.
    pub locator: Option<String>,
}

impl Name {
    /// The short form, or the name in full if there is none.
    pub fn shortest(&self) -> &str {
        self.short.as_deref().unwrap_or(&self.name)
    }

    /// Every form of the name.
    pub fn forms(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.name.as_str())
            .chain(self.short.as_deref())
            .chain(self.also.iter().map(String::as_str))
    }
}

/// The name borne on a day: the last that had begun, or the first of all.
pub(crate) fn name_on(names: &[Name], day: Date) -> Option<&Name> {
    names
        .iter()
        .rfind(|name| {
            name.from
                .as_ref()
                .and_then(EdtfDate::first_day)
                .is_none_or(|from| from <= day)
        })
        .or_else(|| names.first())
}

/// A subject of the registry.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    /// Code.
    pub code: StateCode,
    /// Whether its statehood is generally recognized.
    pub kind: StateKind,
    /// Its names in the order of time.
    pub names: Vec<Name>,
    /// When it began.
    pub from: Option<EdtfDate>,
    /// When it ended.
    pub until: Option<EdtfDate>,
    /// States whose place it took.
    pub predecessors: Vec<StateCode>,
    /// Who claims it and who recognizes it (entities of disputed standing).
    pub recognition: Option<String>,
    /// States that claim it as theirs.
    pub claimed_by: Vec<StateCode>,
    /// Groups of the pack it belongs to.
    pub groups: Vec<String>,
    /// Who says so.
    pub source: Option<SourceId>,
    /// Where in the source.
    pub locator: Option<String>,
    /// Where it is declared.
    pub place: Place,
}

impl State {
    /// The name borne on a day.
    pub fn name_on(&self, day: Date) -> &str {
        name_on(&self.names, day).map_or(self.code.as_str(), |name| name.name.as_str())
    }

    /// The latest name.
    pub fn name(&self) -> &str {
        self.names
            .last()
            .map_or(self.code.as_str(), |name| name.name.as_str())
    }

    /// Whether the state can have existed on a day.
    pub fn exists_on(&self, day: Date) -> bool {
        let begun = self.from.as_ref().and_then(EdtfDate::first_day);
        let ended = self.until.as_ref().and_then(EdtfDate::last_day);
        begun.is_none_or(|begun| begun <= day) && ended.is_none_or(|ended| day < ended)
    }
}

/// Who takes part in an act: a state, or an organization for its members.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(untagged)]
pub enum Party {
    /// A state.
    State(StateCode),
    /// An organization that acts for its members.
    Organization(InstitutionId),
}

impl Party {
    /// A party by its id: organizations have a colon in theirs, states have none.
    pub fn from_id(id: &str) -> Self {
        if id.contains(':') {
            Self::Organization(InstitutionId::new(id))
        } else {
            Self::State(StateCode::new(id))
        }
    }

    /// The id as written.
    pub fn as_str(&self) -> &str {
        match self {
            Self::State(code) => code.as_str(),
            Self::Organization(id) => id.as_str(),
        }
    }
}

impl fmt::Display for Party {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

/// Those an act concerns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Participants {
    /// All who take part in the organization or agreement.
    All,
    /// These.
    Listed(Vec<Party>),
}

impl Participants {
    /// Whether the act concerns this party by name.
    pub fn lists(&self, party: &Party) -> bool {
        match self {
            Self::All => false,
            Self::Listed(parties) => parties.contains(party),
        }
    }
}

/// A kind of act, with what belongs to the kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ActKind {
    /// The text is agreed.
    Adoption,
    /// Signature.
    Signature,
    /// Ratification, acceptance, approval.
    Ratification,
    /// Provisional application.
    ProvisionalApplication,
    /// Entry into force.
    EntryIntoForce,
    /// Accession to a standing.
    Accession(AdmittedAs),
    /// Reservation.
    Reservation,
    /// Suspension.
    Suspension,
    /// Withdrawal.
    Withdrawal,
    /// Termination for all.
    Termination,
    /// Succession to the place of another state.
    Succession(StateCode),
    /// A new name.
    Renaming,
    /// Transformation, in place or into another.
    Transformation(Option<InstitutionId>),
    /// Merger into another.
    Merger(InstitutionId),
    /// Assessment of what works.
    Implementation,
}

impl ActKind {
    /// The word for the kind.
    pub const fn name(&self) -> ActName {
        match self {
            Self::Adoption => ActName::Adoption,
            Self::Signature => ActName::Signature,
            Self::Ratification => ActName::Ratification,
            Self::ProvisionalApplication => ActName::ProvisionalApplication,
            Self::EntryIntoForce => ActName::EntryIntoForce,
            Self::Accession(_) => ActName::Accession,
            Self::Reservation => ActName::Reservation,
            Self::Suspension => ActName::Suspension,
            Self::Withdrawal => ActName::Withdrawal,
            Self::Termination => ActName::Termination,
            Self::Succession(_) => ActName::Succession,
            Self::Renaming => ActName::Renaming,
            Self::Transformation(_) => ActName::Transformation,
            Self::Merger(_) => ActName::Merger,
            Self::Implementation => ActName::Implementation,
        }
    }

    /// The organization or agreement that takes the place of this one.
    pub const fn successor(&self) -> Option<&InstitutionId> {
        match self {
            Self::Transformation(Some(into)) | Self::Merger(into) => Some(into),
            _ => None,
        }
    }
}

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
        let agree = |left: Option<&EdtfDate>, right: Option<&EdtfDate>| match (left, right) {
            (Some(left), Some(right)) => left.agrees_with(right),
            _ => true,
        };
        let has_both = |claim: &Self| claim.on.is_some() && claim.effect.is_some();
        if has_both(self) && has_both(other) {
            return agree(self.on.as_ref(), other.on.as_ref())
                && agree(self.effect.as_ref(), other.effect.as_ref());
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

/// One act, with everything that is claimed about it.
#[derive(Debug, Clone, PartialEq)]
pub struct Act {
    /// The kind.
    pub kind: ActKind,
    /// Those it concerns.
    pub who: Participants,
    /// The claims, in the order of the file; at least one.
    pub claims: Vec<Claim>,
    /// The number of a known conflict between sources.
    pub conflict: Option<String>,
    /// Remark.
    pub note: Option<String>,
    /// Where it is written.
    pub place: Place,
}

/// An organization or an agreement: anything a state can be bound by.
#[derive(Debug, Clone, PartialEq)]
pub struct Institution {
    /// Id.
    pub id: InstitutionId,
    /// Organization or agreement.
    pub kind: InstitutionKind,
    /// Its names in the order of time; at least one.
    pub names: Vec<Name>,
    /// One sentence about it.
    pub summary: Option<String>,
    /// What it is about.
    pub areas: Vec<Area>,
    /// The stage that its text sets.
    pub stage: Option<Stage>,
    /// From when a founding signatory counts as a member.
    pub membership_from: MembershipFrom,
    /// The organization under whose roof it was concluded.
    pub within: Option<InstitutionId>,
    /// Its acts in the order of the file.
    pub acts: Vec<Act>,
    /// Where it is declared.
    pub place: Place,
}

impl Institution {
    /// The name borne on a day.
    pub fn name_on(&self, day: Date) -> &str {
        name_on(&self.names, day).map_or(self.id.as_str(), |name| name.name.as_str())
    }

    /// The short name borne on a day.
    pub fn short_name_on(&self, day: Date) -> &str {
        name_on(&self.names, day).map_or(self.id.as_str(), Name::shortest)
    }

    /// The latest name.
    pub fn name(&self) -> &str {
        self.names
            .last()
            .map_or(self.id.as_str(), |name| name.name.as_str())
    }

    /// The latest short name.
    pub fn short_name(&self) -> &str {
        self.names.last().map_or(self.id.as_str(), Name::shortest)
    }
}

/// A legal basis: a source and a locator.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Basis {
    /// The source.
    pub source: SourceId,
    /// Where in it.
    pub locator: Option<String>,
}

/// Which commitments exclude each other, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// Id.
    pub id: String,
    /// What the program looks for.
    pub kind: RuleKind,
    /// The rule as a sentence.
    pub statement: String,
    /// Its legal basis.
    pub basis: Vec<Basis>,
    /// Where it is written.
    pub place: Place,
}
