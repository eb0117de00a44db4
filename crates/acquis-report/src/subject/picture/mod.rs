//! Answers of the law as pictures: who is in what, how a pair moved, a life in time, maps.
//!
//! Where a picture leads is for the page to say, through [`Links`]; a report without pages of
//! its own leads nowhere ([`NoLinks`]).

mod instrument;
mod standing;
mod time;

pub use standing::{memberships, overlap, stages_with, standings_in};
pub use time::{changes, institution_life, ladder, state_life};

use acquis_law::Standing;
use acquis_registry::{
    ActKind, AdmittedAs, EdtfDate, Institution, InstitutionId, InstitutionKind, KnownAct, Stage,
    State, StateCode, StateKind,
};
use jiff::civil::Date;

use crate::chart::{Category, Heading, Look, Moment, StageLevel, TimeSpan, When};

/// Where the parts of a picture lead in a page. Each leads nowhere unless it is told where.
pub trait Links {
    /// The page of a state.
    fn state(&self, _state: &StateCode) -> Option<String> {
        None
    }

    /// The page of an organization or agreement.
    fn institution(&self, _institution: &InstitutionId) -> Option<String> {
        None
    }

    /// Why a state has its standing in an institution.
    fn standing(&self, _state: &StateCode, _institution: &InstitutionId) -> Option<String> {
        None
    }

    /// The page of two states.
    fn pair(&self, _one: &StateCode, _other: &StateCode) -> Option<String> {
        None
    }

    /// An act: its institution and its number there.
    fn act(&self, _institution: &InstitutionId, _ordinal: usize) -> Option<String> {
        None
    }
}

/// Leads nowhere.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoLinks;

impl Links for NoLinks {}

/// Every standing as a category, in the order of [`Standing`].
pub fn standing_categories() -> Vec<Category> {
    const STANDINGS: [(Standing, Look); 9] = [
        (Standing::Member, Look::Full),
        (Standing::ProvisionalParty, Look::Diamond),
        (Standing::Associate, Look::Half),
        (Standing::Observer, Look::Ring),
        (Standing::ContractingState, Look::Open),
        (Standing::Signatory, Look::Slight),
        (Standing::Suspended, Look::Paused),
        (Standing::Withdrawn, Look::Crossed),
        (Standing::Ended, Look::Dash),
    ];
    STANDINGS
        .into_iter()
        .map(|(standing, look)| {
            let name = match standing {
                Standing::Member => "member or party",
                other => other.label(InstitutionKind::Organization),
            };
            Category::new(name, look)
        })
        .collect()
}

/// Every stage as a level, from none upwards.
pub fn stage_levels() -> Vec<StageLevel> {
    use acquis_registry::document::Word as _;
    Stage::ALL
        .iter()
        .map(|stage| StageLevel::new(stage.label(), stage.short()))
        .collect()
}

/// The mark of an act: that of the standing it leads to.
fn act_look(kind: &ActKind) -> Look {
    match kind {
        ActKind::Signature => Look::Slight,
        ActKind::Ratification => Look::Open,
        ActKind::ProvisionalApplication => Look::Diamond,
        ActKind::EntryIntoForce
        | ActKind::Accession(AdmittedAs::Member)
        | ActKind::Succession(_) => Look::Full,
        ActKind::Accession(AdmittedAs::Associate) => Look::Half,
        ActKind::Accession(AdmittedAs::Observer) => Look::Ring,
        ActKind::Suspension(_) => Look::Paused,
        ActKind::Withdrawal => Look::Crossed,
        ActKind::Termination(_) | ActKind::Merger(_) => Look::Dash,
        _ => Look::Tick,
    }
}

/// The days a date leaves open, within a span; none if it is before or after it, or unknown.
fn when(date: &EdtfDate, span: TimeSpan) -> Option<When> {
    if date.first_day().is_none() && date.last_day().is_none() {
        return None;
    }
    let first = date.first_day().unwrap_or(span.from());
    let last = date.last_day().unwrap_or(span.to());
    When::within(first.min(last), last).ok()
}

fn moment(act: &KnownAct<'_>, label: String, span: TimeSpan, links: &dyn Links) -> Option<Moment> {
    let date = act.claim.takes_effect()?;
    Some(Moment {
        contested: act.contested,
        href: links.act(&act.institution.id, act.ordinal),
        ..Moment::new(when(date, span)?, label, act_look(&act.act.kind))
    })
}

/// The heading of a state, which tells whether its standing is disputed.
fn state_heading(state: &State, on: Date, links: &dyn Links) -> Heading {
    Heading {
        disputed: state.kind == StateKind::QuasiState,
        href: links.state(&state.code),
        ..Heading::new(state.code.as_str(), state.name_on(on))
    }
}

fn kind_group(kind: InstitutionKind) -> &'static str {
    match kind {
        InstitutionKind::Organization => "Organizations",
        InstitutionKind::Agreement => "Agreements",
    }
}

fn institution_heading(institution: &Institution, on: Date, links: &dyn Links) -> Heading {
    Heading {
        href: links.institution(&institution.id),
        ..Heading::new(institution.short_name_on(on), institution.name_on(on))
    }
    .group(kind_group(institution.kind))
}
