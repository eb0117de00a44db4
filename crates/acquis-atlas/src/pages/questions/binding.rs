//! What binds, what leaving would end, where two organizations overlap, and what can't both
//! be kept.

use acquis_law::{Grade, Incompatibility, Law};
use acquis_registry::{Institution, State, StateCode};
use acquis_report::subject::{duty, history};
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::IntoParams;

use super::{asked_page, form, scenarios};
use crate::atlas::Atlas;
use crate::choice::Choice;
use crate::page::{Page, Section};
use crate::pages::state::Nothing;
use crate::part;
use crate::problem::Problem;
use crate::routes::{Lasting, Routes};
use crate::visit::Visit;

pub(super) fn routes() -> Routes {
    Routes::new()
        .page("/obligations", Lasting::Yes, choose_state)
        .ask(
            "/obligations/{state}",
            "What a state is bound by on a day, and towards whom, each with its proof",
            obligations_page,
            obligations_twin,
        )
        .page("/leave", Lasting::Yes, leave_page)
        .twin(
            "/leave",
            "What a withdrawal would end, what would survive it, which stages would change",
            Lasting::Yes,
            leave_twin,
        )
        .page("/overlap", Lasting::Yes, overlap_page)
        .twin(
            "/overlap",
            "Who is in both of two organizations, and what both are about",
            Lasting::Yes,
            overlap_twin,
        )
        .ask(
            "/incompatible",
            "Commitments that exclude each other, with the rule and its legal basis",
            incompatible_page,
            incompatible_twin,
        )
}

/// Which state.
#[derive(Deserialize, IntoParams)]
struct OfState {
    /// Code or name of the state
    #[param(example = "GEO")]
    state: String,
}

pub(super) fn obligations_form(visit: &Visit) -> Markup {
    let value = visit.value("state").unwrap_or_default();
    form(
        visit,
        "/obligations",
        &part::text_field("obligations", "state", "State", value, Some(part::STATES)),
    )
}

/// A field to name the state; once it is named, the way to its page.
fn choose_state(atlas: &Atlas, visit: &Visit, _: &Nothing) -> Result<Page, Problem> {
    if !visit.has_all(&["state"]) {
        let form = obligations_form(visit);
        return Ok(asked_page(atlas, "What binds a state?", &form, None));
    }
    let asked: OfState = visit.ask()?;
    let state = atlas.registry().find_state(&asked.state)?;
    Ok(Page::moved(
        visit.link(&format!("/obligations/{}", state.code)),
    ))
}

fn obligations_page(atlas: &Atlas, visit: &Visit, asked: &OfState) -> Result<Page, Problem> {
    let question = visit.moment().question();
    let book = atlas.law(visit.moment().known_by);
    let law = book.law();
    let state = atlas.registry().find_state(&asked.state)?;
    let found = law.obligations(&state.code, question.on);
    let title = format!(
        "What binds {} {}",
        state.name_on(question.on),
        question.words()
    );
    let table = duty::obligations(&title, &found)?;
    let proofs: Vec<_> = found
        .iter()
        .map(|found| law.prove(&found.standing))
        .collect();
    let body = html! {
        (part::table_or(atlas, visit, &table, "Nothing, so far as is known."))
        (part::drawer("proofs", "Why: the acts behind each line", Some(proofs.len()),
            &part::proofs(visit, atlas.registry(), "proof", &proofs)))
    };
    Ok(Page::new(
        Section::Questions,
        format!("What binds {}?", state.name_on(question.on)),
        body,
    )
    .lead(html! { p.facts { (part::state_link(visit, state)) } }))
}

fn obligations_twin(atlas: &Atlas, visit: &Visit, asked: &OfState) -> Result<Value, Problem> {
    let book = atlas.law(visit.moment().known_by);
    let law = book.law();
    let state = atlas.registry().find_state(&asked.state)?;
    let found = law.obligations(&state.code, visit.moment().on);
    Ok(duty::obligations_json(law, &found))
}

/// Who would leave what.
#[derive(Deserialize, IntoParams)]
struct Leaving {
    /// Code or name of the state that would leave
    #[param(example = "GEO")]
    state: String,
    /// The organization or agreement that it would leave
    #[param(example = "CIS")]
    organization: String,
}

impl Leaving {
    /// The state and what it would leave, if it is bound by it.
    fn found<'a>(
        &self,
        atlas: &'a Atlas,
        visit: &Visit,
        law: &Law<'_>,
    ) -> Result<(&'a State, &'a Institution), Problem> {
        let state = atlas.registry().find_state(&self.state)?;
        let institution = atlas.registry().find_institution(&self.organization)?;
        let day = visit.moment().on;
        if !law.is_bound(&state.code, &institution.id, day) {
            let sentence = duty::not_bound(state, institution, day);
            return Err(Problem::senseless(format!("{sentence}."))
                .advise("Choose another day, or something that binds the state on this one."));
        }
        Ok((state, institution))
    }
}

pub(super) fn leave_form(visit: &Visit) -> Markup {
    let value = |name| visit.value(name).unwrap_or_default();
    form(
        visit,
        "/leave",
        &html! {
            (part::text_field("leave", "state", "State", value("state"), Some(part::STATES)))
            (part::text_field("leave", "organization", "What it would leave", value("organization"), Some(part::ORGANIZATIONS)))
        },
    )
}

fn leave_page(atlas: &Atlas, visit: &Visit, _: &Nothing) -> Result<Page, Problem> {
    let form = leave_form(visit);
    if !visit.has_all(&["state", "organization"]) {
        return Ok(asked_page(atlas, "What would leaving end?", &form, None));
    }
    let day = visit.moment().on;
    let book = atlas.law(visit.moment().known_by);
    let law = book.law();
    let (state, institution) = visit.ask::<Leaving>()?.found(atlas, visit, law)?;
    let departure = law.departure(&state.code, &institution.id, day)?;
    let stages = history::stage_changes(&departure.stages, "Stages that would change")?;
    let answer = html! {
        ul.words { @for line in duty::departure_words(law, &departure) { li { (line) } } }
        (part::table_or(atlas, visit, &stages, "No stage with another state would change."))
    };
    let title = format!(
        "If {} left {} on {day}",
        state.name_on(day),
        institution.short_name_on(day)
    );
    Ok(asked_page(atlas, &title, &form, Some(&answer)))
}

fn leave_twin(atlas: &Atlas, visit: &Visit, asked: &Leaving) -> Result<Value, Problem> {
    let book = atlas.law(visit.moment().known_by);
    let law = book.law();
    let (state, institution) = asked.found(atlas, visit, law)?;
    let departure = law.departure(&state.code, &institution.id, visit.moment().on)?;
    Ok(duty::departure_json(&departure))
}

/// Which two organizations or agreements.
#[derive(Deserialize, IntoParams)]
struct Two {
    /// One organization or agreement
    #[param(example = "CSTO")]
    first: String,
    /// The other
    #[param(example = "GUAM")]
    second: String,
}

pub(super) fn overlap_form(visit: &Visit) -> Markup {
    let value = |name| visit.value(name).unwrap_or_default();
    form(
        visit,
        "/overlap",
        &html! {
            (part::text_field("overlap", "first", "One organization", value("first"), Some(part::ORGANIZATIONS)))
            (part::text_field("overlap", "second", "The other", value("second"), Some(part::ORGANIZATIONS)))
        },
    )
}

fn overlap_page(atlas: &Atlas, visit: &Visit, _: &Nothing) -> Result<Page, Problem> {
    let form = overlap_form(visit);
    if !visit.has_all(&["first", "second"]) {
        return Ok(asked_page(atlas, "Where do two overlap?", &form, None));
    }
    let asked: Two = visit.ask()?;
    let day = visit.moment().on;
    let book = atlas.law(visit.moment().known_by);
    let first = atlas.registry().find_institution(&asked.first)?;
    let second = atlas.registry().find_institution(&asked.second)?;
    let overlap = book.law().overlap(&first.id, &second.id, day);
    let (left, right) = (first.short_name_on(day), second.short_name_on(day));
    let answer = html! {
        ul.words { @for line in duty::overlap_words(&overlap, left, right) { li { (line) } } }
        p.ways {
            (part::institution_link(visit, first)) " · " (part::institution_link(visit, second))
        }
    };
    Ok(asked_page(
        atlas,
        &format!("{left} and {right}"),
        &form,
        Some(&answer),
    ))
}

fn overlap_twin(atlas: &Atlas, visit: &Visit, asked: &Two) -> Result<Value, Problem> {
    let book = atlas.law(visit.moment().known_by);
    let first = atlas.registry().find_institution(&asked.first)?;
    let second = atlas.registry().find_institution(&asked.second)?;
    let overlap = book.law().overlap(&first.id, &second.id, visit.moment().on);
    Ok(json!({ "organizations": [first.id, second.id], "overlap": overlap }))
}

/// Of whom, from which grade on.
#[derive(Deserialize, IntoParams)]
struct Excluding {
    /// Only those of this state
    state: Option<String>,
    /// The grade from which a commitment counts; in force if left out
    #[param(value_type = Option<String>, inline)]
    grade: Option<Choice<Grade>>,
}

impl Excluding {
    fn grade(&self) -> Grade {
        self.grade.map_or(Grade::InForce, |grade| grade.0)
    }

    fn found<'r>(
        &self,
        atlas: &Atlas,
        visit: &Visit,
        law: &Law<'r>,
    ) -> Result<Vec<Incompatibility<'r>>, Problem> {
        let registry = atlas.registry();
        let state = match &self.state {
            Some(text) => Some(registry.find_state(text)?),
            None => None,
        };
        let states: Vec<StateCode> = registry.states().map(|state| state.code.clone()).collect();
        let mut found = law.incompatibilities(&states, visit.moment().on, self.grade());
        found.retain(|found| state.is_none_or(|state| found.state == state.code));
        Ok(found)
    }
}

pub(super) fn incompatible_form(visit: &Visit) -> Markup {
    let grades = [
        ("signed", "signed"),
        ("in_force", "in force"),
        ("functioning", "functioning"),
    ];
    let value = visit.value("state").unwrap_or_default();
    form(
        visit,
        "/incompatible",
        &html! {
            (part::optional_field("incompatible", "state", "State (any if empty)", value, Some(part::STATES)))
            (part::choice_field("incompatible", "grade", "What counts", grades, visit.value("grade").unwrap_or("in_force")))
        },
    )
}

fn incompatible_page(atlas: &Atlas, visit: &Visit, asked: &Excluding) -> Result<Page, Problem> {
    let question = visit.moment().question();
    let book = atlas.law(visit.moment().known_by);
    let law = book.law();
    let found = asked.found(atlas, visit, law)?;
    let title = format!(
        "Incompatible commitments {}, {}",
        question.words(),
        asked.grade().label()
    );
    let table = duty::incompatibilities(law, &title, &found)?;
    let proofs: Vec<_> = found
        .iter()
        .map(|found| law.prove_incompatibility(found, question.on))
        .collect();
    let answer = html! {
        (part::table_or(atlas, visit, &table, &format!("{title}: none.")))
        @if !proofs.is_empty() {
            (part::drawer("proofs", "Why: the rule, the acts and the sources", Some(proofs.len()),
                &part::proofs(visit, atlas.registry(), "proof", &proofs)))
        }
        @if found.is_empty() { (hypothetical(atlas, asked)?) }
    };
    Ok(asked_page(
        atlas,
        "What can't both be kept?",
        &incompatible_form(visit),
        Some(&answer),
    ))
}

/// Where to ask what the law has no answer to, because both were never taken.
fn hypothetical(atlas: &Atlas, asked: &Excluding) -> Result<Markup, Problem> {
    let registry = atlas.registry();
    let state = match &asked.state {
        Some(text) => Some(registry.find_state(text)?),
        None => None,
    };
    Ok(html! {
        p {
            "Only commitments that were taken are looked at here. Whether a state could have taken "
            "another beside them is asked in a scenario: the Lab "
            a href="/lab#ready" { "has some that are ready" } ", and tells what the law refuses."
        }
        @if let Some(state) = state { (scenarios::asking_about(registry, &state.code)) }
    })
}

fn incompatible_twin(atlas: &Atlas, visit: &Visit, asked: &Excluding) -> Result<Value, Problem> {
    let book = atlas.law(visit.moment().known_by);
    let law = book.law();
    let found = asked.found(atlas, visit, law)?;
    Ok(duty::incompatibilities_json(law, &found, visit.moment().on))
}
