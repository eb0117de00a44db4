//! Who said who did what, when: states, organizations, agreements, and the dated, sourced
//! acts by which states bound themselves.
//!
//! # The idea
//!
//! A registry stores **acts**, never intervals. Nobody writes "member from 1992 to 1999";
//! one writes the accession and the withdrawal, each with the **claims** of the sources
//! that report it. A claim has a date whose precision is kept ([`EdtfDate`]), a source with
//! a date of publication, a locator and a rank. When sources disagree, all their claims
//! stay, and the registry says which one its views use, and why.
//!
//! Two questions are asked of a registry, and they are different:
//!
//! * *as of* a day: which acts had taken effect ([`View::as_of`]);
//! * *as known by* a day: which claims had been published ([`Registry::known_by`]).
//!
//! Beside the acts a registry holds what sources say that is no act: answers to a question
//! ([`Statement`]), carrots and sticks ([`Instrument`]), figures ([`Indicator`]), and the
//! organs of an institution with the rules by which they decide ([`Organ`]). Their claims
//! ([`Assertion`]) are ranked and settled as those of acts are ([`Sourced`]), and a known
//! disagreement ([`Conflict`]) holds together all that belongs to it.
//!
//! What follows from the acts (who is a member, which stage holds between two states) is
//! not this crate's business; that is derived in `acquis-law`.
//!
//! # Packs
//!
//! A registry is loaded from a *pack*: a folder of TOML files, described in
//! `docs/pack-format.md`. Mistakes are [`Findings`]: each with its place, what was expected
//! and the nearest valid name.
//!
//! ```
//! use acquis_registry::{Registry, SourceText};
//!
//! let pack = SourceText::new("benelux.toml", r#"
//!     [[source]]
//!     id = "treaty-1958"
//!     type = "treaty"
//!     title = "Treaty establishing the Benelux Economic Union"
//!     published = "1958-02-03"
//!
//!     [[state]]
//!     id = "BEL"
//!     names = [{ name = "Belgium" }]
//!
//!     [[state]]
//!     id = "NLD"
//!     names = [{ name = "Netherlands" }]
//!
//!     [[organization]]
//!     id = "org:benelux"
//!     names = [{ name = "Benelux Economic Union", short = "Benelux" }]
//!     [[organization.act]]
//!     act = "signature"
//!     who = ["BEL", "NLD"]
//!     claims = [{ on = "1958-02-03", src = "treaty-1958" }]
//! "#);
//! let registry = Registry::load(&[pack])?.registry;
//! let benelux = registry.find_institution("Benelux")?;
//!
//! let day = "1957-01-01".parse().unwrap();
//! assert!(registry.view().as_of(day).acts(benelux).is_empty());
//! assert!(registry.known_by(day).acts(benelux).is_empty());
//! # Ok::<(), acquis_registry::Findings>(())
//! ```
//!
//! # How it fails
//!
//! Loading returns every mistake that was found, or a registry without any. Nothing panics
//! on what a file holds.

mod amendment;
mod check;
mod claim;
mod date;
mod decision;
pub mod document;
mod finding;
mod known;
mod model;
mod pack;
mod registry;
mod statement;
mod view;
mod vocabulary;
pub mod write;

pub use amendment::{Amendment, Change, SCENARIO_SOURCE};
pub use claim::{Assertion, Claim, Quantity, Rank, Sourced};
pub use date::{DateError, EdtfDate, Precision, Qualifier};
pub use decision::{Criterion, Quota, RuleFile, Weights};
pub use finding::{Finding, Findings, Lint, Place, Severity, SourceText, nearest};
pub use known::{
    Known, KnownConflict, KnownIndicator, KnownInstrument, KnownOrgan, KnownRule, KnownStatement,
};
pub use model::{
    Act, ActKind, Basis, Institution, InstitutionId, Name, Notification, PackCard, Participants,
    Party, Rule, Source, SourceId, State, StateCode,
};
pub use pack::{PackFiles, act_kind, participants, read_folder, read_rule};
pub use registry::{Loaded, Named, Registry};
pub use statement::{
    Check, Computation, Conflict, Indicator, Instrument, Organ, OrganRule, Statement, Sum,
};
pub use view::{AsOf, KnownAct, View};
pub use vocabulary::{
    ActName, AdmittedAs, Area, ComputationKind, ConflictKind, DecisionKind, InstitutionKind,
    InstrumentKind, LegalBasis, MembershipFrom, RankName, RuleKind, Series, SourceType, Stage,
    StateKind, StatementKind,
};
