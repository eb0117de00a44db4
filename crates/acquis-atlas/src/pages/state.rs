//! A state: what binds it, how it came there, how far it is integrated with whom, what moves
//! it, and what leaving would end; and the list of all states.

use std::collections::BTreeSet;

use acquis_law::{Law, Standing, StandingOn};
use acquis_registry::{EdtfDate, InstitutionKind, Party, State, StateCode, StateKind};
use acquis_report::chart::{Chart as _, LifeLine};
use acquis_report::json::to_json;
use acquis_report::subject::law::Question;
use acquis_report::subject::{duty, everybody, history, instrument, law as law_subject, picture};
use acquis_report::{Cell, Table};
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::IntoParams;

use super::questions::scenarios;
use super::testimony;
use crate::atlas::Atlas;
use crate::glossary::term;
use crate::page::{Page, Section};
use crate::part;
use crate::problem::Problem;
use crate::routes::Routes;
use crate::visit::{Visit, address};

pub(super) fn routes() -> Routes {
    Routes::new()
        .ask("/states", "Every state of the pack", index, index_twin)
        .ask(
            "/states/{state}",
            "What binds a state on a day, each standing with its proof",
            page,
            twin,
        )
        .picture("/states/{state}/life.svg", life_file)
}

/// Which state.
#[derive(Deserialize, IntoParams)]
struct Asked {
    /// Code or name of the state, such as UZB or Uzbekistan
    #[param(example = "UZB")]
    state: String,
}

/// Nothing beside the moment.
#[derive(Deserialize, IntoParams)]
pub(super) struct Nothing {}

fn page(atlas: &Atlas, visit: &Visit, asked: &Asked) -> Result<Page, Problem> {
    let moment = visit.moment();
    let question = moment.question();
    let book = atlas.law(moment.known_by);
    let law = book.law();
    let state = atlas.registry().find_state(&asked.state)?;
    let (binding, other) = standings(law, state, question)?;
    let partners = law_subject::partners(law, state, question)?;
    let mut incompatible =
        law.incompatibilities(&codes(law), question.on, acquis_law::Grade::InForce);
    incompatible.retain(|found| found.state == state.code);
    let title = format!("Incompatible commitments {}", question.words());
    let incompatible = duty::incompatibilities(law, &title, &incompatible)?;
    let party = Party::State(state.code.clone());
    let instruments =
        instrument::instruments(&law.view(), "What moves it, or others by it", |it| {
            it.giver.contains(&party) || it.receiver.contains(&party)
        })?;
    let concerned = |_: &acquis_registry::Institution, act: &acquis_registry::KnownAct<'_>| {
        history::concerns(law, act, &state.code)
    };
    let timeline = history::timeline(law, &format!("Acts of {}", state.name()), concerned)?;
    let life = life(law, state, visit)?;
    let body = html! {
        (remarks(state, question.on))
        section #binds aria-labelledby="h-standings" {
            h2 #h-standings { "What binds it" }
            (part::table_or(atlas, visit, &binding, if other.is_empty() { "Nothing is known." } else { "Nothing binds it." }))
            (leaving(visit, law, state))
        }
        @if !other.is_empty() {
            section #unbound aria-labelledby="h-other-standings" {
                h2 #h-other-standings { "What it has a part in, or had, without being bound" }
                (part::table(atlas, visit, &other))
            }
        }
        @if !incompatible.is_empty() {
            section #exclusions aria-labelledby="h-incompatible" {
                h2 #h-incompatible { (term("Incompatible")) " commitments" }
                (part::table(atlas, visit, &incompatible))
            }
        }
        section #partnership aria-labelledby="h-partners" {
            h2 #h-partners { (term("Stage")) " with each partner" }
            (part::table_or(atlas, visit, &partners, "It shares no commitment that sets a stage with anyone."))
        }
        section #life aria-labelledby="h-life" {
            h2 #h-life { "In time" }
            @if let Some(life) = &life {
                (part::picture(life.figure(), Some(&visit.link(&format!("/states/{}/life.svg", state.code)))))
            }
            (part::drawer("acts", "Every act", Some(timeline.rows().len()),
                &part::table_or(atlas, visit, &timeline, "No act of it is known.")))
        }
        @if !instruments.is_empty() {
            section #means aria-labelledby="h-instruments" {
                h2 #h-instruments { "Carrots and sticks" }
                (part::table(atlas, visit, &instruments))
            }
        }
        (scenarios::asking_about(atlas.registry(), &state.code))
        (testimony::drawers(atlas, visit, law, &party, &law.standings_of(state, question.on)))
    };
    Ok(
        Page::new(Section::States, state.name_on(question.on), body)
            .lead(lead(atlas, visit, state)),
    )
}

/// What binds it, and where else it stands: as a signatory only, as an observer, no longer.
fn standings(law: &Law<'_>, state: &State, question: Question) -> Result<(Table, Table), Problem> {
    let all = law_subject::standings_of(law, state, question)?;
    let standings = law.standings_of(state, question.on);
    let binds = |standing: Standing| {
        matches!(
            standing,
            Standing::Member | Standing::ProvisionalParty | Standing::Associate
        )
    };
    let words: BTreeSet<&str> = standings
        .iter()
        .filter(|standing| binds(standing.standing))
        .map(StandingOn::label)
        .collect();
    let column = all.columns().iter();
    let column = column
        .enumerate()
        .find_map(|(place, column)| (column.name == "standing").then_some(place));
    let is_bound = |cells: &[Cell]| match column.and_then(|place| cells.get(place)) {
        Some(Cell::Text(word)) => words.contains(word.as_str()),
        _ => false,
    };
    let other = all.filtered(|cells| !is_bound(cells));
    Ok((all.filtered(is_bound), other.with_id("other-standings")))
}

/// Its life line; nothing where nothing is known of any time.
fn life(law: &Law<'_>, state: &State, visit: &Visit) -> Result<Option<LifeLine>, Problem> {
    let Some(span) = everybody::span(law) else {
        return Ok(None);
    };
    Ok(Some(
        picture::state_life(law, state, span, visit)?.now(visit.moment().on),
    ))
}

fn life_file(atlas: &Atlas, visit: &Visit, asked: &Asked) -> Result<String, Problem> {
    let book = atlas.law(visit.moment().known_by);
    let state = atlas.registry().find_state(&asked.state)?;
    let life = life(book.law(), state, visit)?;
    life.map(|life| life.svg())
        .ok_or_else(|| Problem::not_found("Nothing is known of any time."))
}

fn codes(law: &Law<'_>) -> Vec<StateCode> {
    law.registry()
        .states()
        .map(|state| state.code.clone())
        .collect()
}

fn lead(atlas: &Atlas, visit: &Visit, state: &State) -> Markup {
    let life = |date: Option<&EdtfDate>| date.map_or_else(|| "..".to_owned(), ToString::to_string);
    let days = format!(
        "{} to {}",
        life(state.from.as_ref()),
        life(state.until.as_ref())
    );
    html! {
        p.facts {
            span.code { (state.code) }
            @if state.kind == StateKind::QuasiState { " · " (term("quasi-state")) }
            @if state.from.is_some() || state.until.is_some() { " · " (days) }
            @if !state.predecessors.is_empty() {
                " · after "
                @for code in &state.predecessors {
                    a href=(visit.link(&crate::names::state_path(code))) { (code) } " "
                }
            }
        }
        p.ways {
            a href=(address("/timeline", [("of", state.code.as_str())])) { "Timeline" } " · "
            a href=(visit.link(&format!("/obligations/{}", state.code))) { "Obligations" }
        }
        (testimony::known_only(atlas, visit))
    }
}

/// What has to be said before anything else.
fn remarks(state: &State, on: jiff::civil::Date) -> Markup {
    html! {
        @if let Some(recognition) = &state.recognition {
            (part::notice(&html! { strong { "Disputed standing. " } (recognition) }))
        }
        @if !state.exists_on(on) {
            (part::notice(&html! { (state.name()) " did not exist on " (on) "." }))
        }
    }
}

/// The ways to ask what leaving each of its organizations would end.
fn leaving(visit: &Visit, law: &Law<'_>, state: &State) -> Markup {
    let day = visit.moment().on;
    let obligations = law.obligations(&state.code, day);
    let organizations: Vec<_> = obligations
        .iter()
        .map(|obligation| obligation.institution)
        .filter(|institution| institution.kind == InstitutionKind::Organization)
        .collect();
    html! {
        @if !organizations.is_empty() {
            p.ways {
                "What would leaving end? "
                @for (place, institution) in organizations.iter().enumerate() {
                    @if place > 0 { " · " }
                    @let asked = [("state", state.code.as_str()), ("organization", institution.id.as_str())];
                    a href=(address("/leave", visit.of_the_moment().chain(asked))) {
                        (institution.short_name_on(day))
                    }
                }
            }
        }
    }
}

fn twin(atlas: &Atlas, visit: &Visit, asked: &Asked) -> Result<Value, Problem> {
    let moment = visit.moment();
    let question = moment.question();
    let book = atlas.law(moment.known_by);
    let law = book.law();
    let state = atlas.registry().find_state(&asked.state)?;
    let mut answer = law_subject::state_json(law, state, question);
    answer["partners"] = to_json(&law_subject::partners(law, state, question)?);
    Ok(answer)
}

fn index(atlas: &Atlas, visit: &Visit, _: &Nothing) -> Result<Page, Problem> {
    let book = atlas.law(visit.moment().known_by);
    let table = law_subject::states(book.law(), visit.moment().question())?;
    Ok(Page::new(
        Section::States,
        "States",
        part::table(atlas, visit, &table),
    ))
}

fn index_twin(atlas: &Atlas, visit: &Visit, _: &Nothing) -> Result<Value, Problem> {
    let book = atlas.law(visit.moment().known_by);
    let table = law_subject::states(book.law(), visit.moment().question())?;
    Ok(json!({ "states": to_json(&table) }))
}
