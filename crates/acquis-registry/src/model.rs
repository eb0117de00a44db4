//! What a registry holds: sources, states, organizations and agreements with their acts.
//! The claims about them are in [`crate::claim`], what is not an act in [`crate::statement`].

use std::fmt;
use std::sync::Arc;

use jiff::civil::Date;

use crate::claim::Claim;
use crate::date::EdtfDate;
use crate::finding::Place;
use crate::statement::Organ;
use crate::vocabulary::{
    ActName, AdmittedAs, Area, InstitutionKind, LegalBasis, MembershipFrom, RuleKind, SourceType,
    Stage, StateKind,
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
    /// Entries of a list of facts that it rests on.
    pub facts: Vec<String>,
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
    /// Entries of a list of facts that it rests on.
    pub facts: Vec<String>,
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

    /// Those that are listed; none for all.
    pub fn parties(&self) -> &[Party] {
        match self {
            Self::All => &[],
            Self::Listed(parties) => parties,
        }
    }

    /// The ids of those that are listed; none for all.
    pub fn ids(&self) -> Vec<&str> {
        self.parties().iter().map(Party::as_str).collect()
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
    /// Suspension: towards all other parties, or only towards these (V 58, 60).
    Suspension(Participants),
    /// Withdrawal.
    Withdrawal,
    /// Termination: for all, or between some parties and these only, as a later treaty among
    /// them brings it about (V 30, 59).
    Termination(Participants),
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
            Self::Suspension(_) => ActName::Suspension,
            Self::Withdrawal => ActName::Withdrawal,
            Self::Termination(_) => ActName::Termination,
            Self::Succession(_) => ActName::Succession,
            Self::Renaming => ActName::Renaming,
            Self::Transformation(_) => ActName::Transformation,
            Self::Merger(_) => ActName::Merger,
            Self::Implementation => ActName::Implementation,
        }
    }

    /// Those towards whom alone something is suspended or ends; none for all other acts, and where
    /// it is so towards all.
    pub fn towards(&self) -> &[Party] {
        match self {
            Self::Suspension(towards) | Self::Termination(towards) => towards.parties(),
            _ => &[],
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

/// One act, with everything that is claimed about it.
#[derive(Debug, Clone, PartialEq)]
pub struct Act {
    /// The kind.
    pub kind: ActKind,
    /// Those it concerns.
    pub who: Participants,
    /// The claims, in the order of the file; at least one.
    pub claims: Vec<Claim>,
    /// The numbers of the known conflicts between sources that it belongs to.
    pub conflicts: Vec<String>,
    /// Remark.
    pub note: Option<String>,
    /// Where it is written.
    pub place: Place,
}

impl Act {
    /// Whether the act names this party: among those who act, or among those towards whom.
    pub fn names(&self, party: &Party) -> bool {
        self.who.lists(party) || self.kind.towards().contains(party)
    }

    /// Those it concerns, in codes: `RUS towards UKR`; `None` for all.
    pub fn whom(&self) -> Option<String> {
        let who = self.who.ids();
        if who.is_empty() {
            return None;
        }
        let towards: Vec<&str> = self.kind.towards().iter().map(Party::as_str).collect();
        let who = who.join(" ");
        Some(if towards.is_empty() {
            who
        } else {
            format!("{who} towards {}", towards.join(" "))
        })
    }
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
    /// On what basis it was notified to the world trade system.
    pub legal_basis: Vec<Notification>,
    /// Its acts in the order of the file.
    pub acts: Vec<Act>,
    /// The bodies that decide in it, in the order of the file.
    pub organs: Vec<Organ>,
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

/// On what basis a trade agreement was notified, and when, by what one source says.
#[derive(Debug, Clone, PartialEq)]
pub struct Notification {
    /// The provision.
    pub basis: LegalBasis,
    /// The day of the notification.
    pub notified: Option<EdtfDate>,
    /// Who says so.
    pub source: SourceId,
    /// Where in the source.
    pub locator: Option<String>,
    /// A paraphrase, where the wording matters.
    pub says: Option<String>,
    /// Where it is written.
    pub place: Place,
}

/// A legal basis: a source and a locator.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Basis {
    /// The source.
    pub source: SourceId,
    /// Where in it.
    pub locator: Option<String>,
}

impl Basis {
    /// The source and where in it.
    pub fn reference(&self) -> String {
        crate::claim::reference(&self.source, self.locator.as_deref())
    }
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
    /// The organizations it is about; empty where it is about all.
    pub institutions: Vec<InstitutionId>,
    /// The first day it holds; always, if it is left out.
    pub from: Option<EdtfDate>,
    /// Its legal basis.
    pub basis: Vec<Basis>,
    /// Entries of a list of facts that it rests on.
    pub facts: Vec<String>,
    /// Where it is written.
    pub place: Place,
}
