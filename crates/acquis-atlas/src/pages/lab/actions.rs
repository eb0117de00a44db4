//! What the buttons of the lab do to a scenario. Each is a change of the draft, saved as a
//! revision that names the one it was made to.

use acquis_library::LibraryError;
use acquis_registry::{
    ActKind, ActName, AdmittedAs, Change, EdtfDate, InstitutionId, Participants, Party, Stage,
    StateCode,
};
use acquis_scenario::{ActsOf, Draft, Edit, EditError, Scenario};
use acquis_store::{SavedScenario, StoreError};

use super::matrix::CELL;
use super::plain;
use crate::lab::{FieldError, Lab, Posted, ShelfError, few_enough, payment, settings};

/// Why a button did nothing.
#[derive(Debug)]
pub(crate) enum NotDone {
    /// Fields that can't be read.
    Fields(Vec<FieldError>),
    /// The draft can't be changed so.
    Edit(EditError),
    /// What it is built on can't be had.
    Missing(ShelfError),
    /// It could not be saved.
    Store(StoreError),
}

impl From<FieldError> for NotDone {
    fn from(error: FieldError) -> Self {
        Self::Fields(vec![error])
    }
}

impl From<EditError> for NotDone {
    fn from(error: EditError) -> Self {
        Self::Edit(error)
    }
}

impl From<acquis_registry::Findings> for NotDone {
    fn from(findings: acquis_registry::Findings) -> Self {
        Self::Edit(findings.into())
    }
}

impl From<ShelfError> for NotDone {
    fn from(error: ShelfError) -> Self {
        match error {
            ShelfError::Library(LibraryError::Findings(findings)) => findings.into(),
            ShelfError::Store(error) => Self::Store(error),
            missing => Self::Missing(missing),
        }
    }
}

impl From<StoreError> for NotDone {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// What a button does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    /// A cell of the matrix.
    Click,
    /// An act is added.
    Act,
    /// An act is taken back.
    RemoveAct,
    /// The question or what is assumed.
    Settings,
    /// A payment is added.
    Payment,
    /// A payment is taken back.
    RemovePayment,
    /// The whole text.
    Text,
    /// The last change is taken back.
    Undo,
    /// It is put away under a name.
    Keep,
}

impl Action {
    /// The action by the last part of its address.
    pub(crate) fn from_word(word: &str) -> Option<Self> {
        Some(match word {
            "click" => Self::Click,
            "act" => Self::Act,
            "remove-act" => Self::RemoveAct,
            "settings" => Self::Settings,
            "payment" => Self::Payment,
            "remove-payment" => Self::RemovePayment,
            "text" => Self::Text,
            "undo" => Self::Undo,
            "keep" => Self::Keep,
            _ => return None,
        })
    }
}

/// Does what a button asks for, and saves it.
pub(crate) fn perform(
    lab: &Lab,
    saved: &SavedScenario,
    action: Action,
    posted: &Posted,
) -> Result<SavedScenario, NotDone> {
    let from = posted.whole("from")?.unwrap_or(saved.revision);
    match action {
        Action::Undo => return Ok(lab.store.undo(saved.id, from)?),
        Action::Keep => {
            let name = posted.required("name", "a name")?;
            return Ok(lab.store.keep(saved.id, name)?);
        }
        Action::Text => {
            let text = posted.verbatim("text").unwrap_or_default();
            // What is no TOML at all is not kept; what is no scenario yet may be.
            let draft = Draft::open(&text)?;
            if let Ok(scenario) = draft.unfinished("scenario") {
                few_enough(&scenario)?;
            }
            return Ok(lab.store.save(saved.id, from, &text)?);
        }
        _ => {}
    }
    let mut draft = Draft::open(&saved.text)?;
    let scenario = draft.unfinished("scenario")?;
    let acts = acts_of(posted, &draft);
    let edits = change(&mut draft, &scenario, &acts, action, posted)?;
    // A change that can't be read back, or names what is not there, is refused and not kept.
    makes_sense(lab, &draft).map_err(|error| at_fields(lab, &saved.text, &edits, error))?;
    Ok(lab.store.save(saved.id, from, &draft.text())?)
}

/// Whether a draft can be read, and all that it names is there.
fn makes_sense(lab: &Lab, draft: &Draft) -> Result<(), NotDone> {
    let scenario = draft.unfinished("scenario")?;
    lab.shelf.pack(&scenario)?;
    lab.shelf.economy(&scenario)?;
    Ok(())
}

/// An error of several changes, at the fields of those that are wrong by themselves.
fn at_fields(lab: &Lab, text: &str, edits: &[Edit], error: NotDone) -> NotDone {
    let wrong = |edit: &Edit| -> Option<FieldError> {
        let mut draft = Draft::open(text).ok()?;
        draft.apply(edit).ok()?;
        match makes_sense(lab, &draft) {
            Err(NotDone::Edit(EditError::Findings(findings))) => Some(FieldError::new(
                plain::field_of(edit),
                plain::sentences(&findings),
            )),
            _ => None,
        }
    };
    let wrong: Vec<FieldError> = edits.iter().filter_map(wrong).collect();
    if wrong.is_empty() {
        error
    } else {
        NotDone::Fields(wrong)
    }
}

/// The acts that a form is about: those of the variant that it shows.
fn acts_of(posted: &Posted, draft: &Draft) -> ActsOf {
    let variants = draft.variants();
    let named = posted.text("variant").map(str::to_owned);
    match named.or_else(|| variants.first().cloned()) {
        Some(name) if !variants.is_empty() => ActsOf::Variant(name),
        _ => ActsOf::All,
    }
}

/// Makes the change. What is no act is given back, to be told at its field if it makes no sense.
fn change(
    draft: &mut Draft,
    scenario: &Scenario,
    acts: &ActsOf,
    action: Action,
    posted: &Posted,
) -> Result<Vec<Edit>, NotDone> {
    let edits = match action {
        Action::Click => {
            click(draft, scenario, acts, posted)?;
            Vec::new()
        }
        Action::Act => {
            add_act(draft, acts, posted)?;
            Vec::new()
        }
        Action::RemoveAct => {
            let number = posted.whole("number")?.unwrap_or(usize::MAX);
            draft.remove_act(acts, number)?;
            Vec::new()
        }
        Action::Settings => settings(posted, scenario).map_err(NotDone::Fields)?,
        Action::Payment => vec![payment(posted)?],
        Action::RemovePayment => {
            let number = posted.whole("number")?.unwrap_or(usize::MAX);
            vec![Edit::RemovePayment(number)]
        }
        // These change no draft.
        Action::Text | Action::Undo | Action::Keep => Vec::new(),
    };
    for edit in &edits {
        draft.apply(edit)?;
    }
    Ok(edits)
}

/// A cell of the matrix: who takes part is struck, who doesn't joins.
fn click(
    draft: &mut Draft,
    scenario: &Scenario,
    acts: &ActsOf,
    posted: &Posted,
) -> Result<(), NotDone> {
    let cell = posted.required(CELL, "a cell of the matrix")?;
    let parts = cell.split('|').collect::<Vec<_>>();
    let [institution, state, takes_part] = parts.as_slice() else {
        return Err(FieldError::new(CELL, "Click a cell of the matrix again.").into());
    };
    let institution = InstitutionId::new(institution);
    let state = StateCode::new(state);
    if *takes_part == "strike" {
        return Ok(draft.strike(acts, &institution, &state)?);
    }
    let on = posted.day("on")?;
    let on = on.unwrap_or_else(|| scenario.base.date.first_of_year());
    Ok(draft.join(acts, &institution, &state, on)?)
}

/// An act that was filled in. Every field that is wrong is told, not only the first.
fn add_act(draft: &mut Draft, acts: &ActsOf, posted: &Posted) -> Result<(), NotDone> {
    let mut wrong = Vec::new();
    let institution = posted.required("act_institution", "an organization or agreement");
    let institution = told(institution, &mut wrong);
    let kind = told(kind_of_act(posted), &mut wrong);
    let on = posted
        .day("act_on")
        .and_then(|day| day.ok_or_else(|| FieldError::new("act_on", "Give the day of the act.")));
    let on = told(on, &mut wrong);
    let who = posted.all("act_who");
    let who: Vec<Party> = who.iter().map(|id| Party::from_id(id)).collect();
    if who.is_empty() {
        let sentence = "Tick the states whose act it is.";
        wrong.push(FieldError::new("act_who", sentence));
    }
    let stage = told(posted.word::<Stage>("act_stage"), &mut wrong).flatten();
    if kind == Some(ActKind::Implementation) && stage.is_none() {
        let sentence = "Choose the stage as which it works.";
        wrong.push(FieldError::new("act_stage", sentence));
    }
    let (Some(institution), Some(kind), Some(on), true) = (institution, kind, on, wrong.is_empty())
    else {
        return Err(NotDone::Fields(wrong));
    };
    let change = Change::Add {
        kind,
        who: Participants::Listed(who),
        on: EdtfDate::day(on),
        stage,
    };
    Ok(draft.add(acts, &InstitutionId::new(institution), &change)?)
}

/// What a field holds, or nothing where it is among those that are wrong.
fn told<T>(read: Result<T, FieldError>, wrong: &mut Vec<FieldError>) -> Option<T> {
    read.map_err(|error| wrong.push(error)).ok()
}

/// The kind of an act that was filled in.
fn kind_of_act(posted: &Posted) -> Result<ActKind, FieldError> {
    let name: Option<ActName> = posted.word("act_name")?;
    let name = name.ok_or_else(|| FieldError::new("act_name", "Choose an act."))?;
    simple_kind(name).ok_or_else(|| {
        let sentence = "This act is added in the file, below on the page.";
        FieldError::new("act_name", sentence)
    })
}

/// The kinds of acts that need no more than states and a day.
fn simple_kind(name: ActName) -> Option<ActKind> {
    Some(match name {
        ActName::Implementation => ActKind::Implementation,
        ActName::Signature => ActKind::Signature,
        ActName::Ratification => ActKind::Ratification,
        ActName::ProvisionalApplication => ActKind::ProvisionalApplication,
        ActName::EntryIntoForce => ActKind::EntryIntoForce,
        ActName::Accession => ActKind::Accession(AdmittedAs::Member),
        ActName::Suspension => ActKind::Suspension(Participants::All),
        ActName::Withdrawal => ActKind::Withdrawal,
        _ => return None,
    })
}
