//! The scenario lab: scenarios that are put together by clicks, their runs, and runs side by
//! side.

mod actions;
mod api;
mod assumptions;
mod compare;
mod editor;
mod field;
mod index;
mod matrix;
mod payments;
mod plain;
mod requests;
mod run;
mod said;

use std::collections::BTreeMap;

use acquis_library::builtin;
use acquis_registry::SourceText;
use acquis_report::outlines::Outlines;
use acquis_scenario::{Scenario, Scope};
use acquis_store::{Keeping, RunCard, RunId, RunState, ScenarioId};
use maud::{Markup, html};
use serde::Deserialize;
use utoipa::IntoParams;

use self::actions::Action;
use crate::atlas::Atlas;
use crate::lab::{Desk, FieldError, Lab, Posted, REFUSED, Reading, Refused, ShelfCard};
use crate::page::{Page, Section};
use crate::problem::Problem;
use crate::routes::{Lasting, Routes};
use crate::visit::Visit;

pub(crate) use self::requests::see_other;
pub(crate) use self::said::{moment, size};

/// The script that makes the lab livelier.
const SCRIPT: &str = "lab.js";
/// Where blocs are weighed.
const BLOCS: &str = "/blocs";
/// How often a page of a run is loaded again where no script follows it, in seconds.
const REFRESHED_EVERY: u32 = 1;

pub(super) fn routes() -> Routes {
    Routes::new()
        .page("/lab", Lasting::No, start)
        .page("/lab/scenarios/{id}", Lasting::No, scenario)
        .page("/lab/runs/{id}", Lasting::No, run)
        .page("/lab/compare", Lasting::No, side_by_side)
        .and(requests::routes())
        .and(api::routes())
}

/// Nothing beside the page itself.
#[derive(Deserialize, IntoParams)]
struct Nothing {}

/// What a scenario could begin with.
#[derive(Deserialize)]
struct Beginning {
    /// Name of the pack that is offered first.
    pack: Option<String>,
    /// Name of the economy that is offered first.
    economy: Option<String>,
}

/// A scenario, and what of it is looked at.
#[derive(Debug, Default, Deserialize, IntoParams)]
struct OfScenario {
    /// Number of the scenario
    id: String,
    /// Name of the variant to look at; the first if left out
    variant: Option<String>,
    /// `all` to see every state and institution
    scope: Option<String>,
    /// The day on which memberships are added by a click
    added_on: Option<String>,
}

/// What was just tried on the desk and not done.
struct Tried<'t> {
    action: Action,
    posted: &'t Posted,
    /// Fields that could not be read.
    errors: Vec<FieldError>,
    /// Why, in sentences.
    refused: Option<String>,
}

/// A run.
#[derive(Deserialize, IntoParams)]
struct OfRun {
    /// Number of the run
    id: String,
    /// From which of its sources the map takes borders
    viewpoint: Option<String>,
}

/// Runs to set side by side.
#[derive(Deserialize, IntoParams)]
struct OfRuns {
    /// Number of a run; up to four of them
    #[serde(default)]
    run: Vec<String>,
}

impl OfScenario {
    fn scope(&self) -> Scope {
        match self.scope.as_deref() {
            Some("all") => Scope::All,
            _ => Scope::Likely,
        }
    }
}

/// The number of a scenario in an address.
pub(crate) fn scenario_id(text: &str) -> Result<ScenarioId, Problem> {
    text.parse()
        .map_err(|_| Problem::not_found(format!("{text:?} is not the number of a scenario.")))
}

/// The number of a run in an address.
fn run_id(text: &str) -> Result<RunId, Problem> {
    text.parse()
        .map_err(|_| Problem::not_found(format!("{text:?} is not the number of a run.")))
}

/// The scenarios that ship.
fn shipped() -> Vec<index::Shipped> {
    let read = |name: &String| {
        let file: std::sync::Arc<SourceText> = builtin::scenario(name)?;
        let scenario = Scenario::read(name, &file).ok()?;
        Some(index::Shipped {
            name: name.clone(),
            title: scenario.title,
            asks_about_blocs: scenario.blocs.is_some(),
            description: scenario.description,
        })
    };
    builtin::scenarios().iter().filter_map(read).collect()
}

fn kept(lab: &Lab) -> Result<index::Kept, Problem> {
    Ok(index::Kept {
        scenarios: lab.store.scenarios(Keeping::Kept)?,
        drafts: lab.store.scenarios(Keeping::Draft)?,
        runs: lab.store.runs()?,
        refused: refused(lab)?,
    })
}

/// What the law refused of each run of which it refused something.
fn refused(lab: &Lab) -> Result<BTreeMap<RunId, Refused>, Problem> {
    let files = lab.store.results_named(REFUSED)?.into_iter();
    // What another version wrote is no reason to hide the runs.
    let read = files.filter_map(|(run, bytes)| Some((run, serde_json::from_slice(&bytes).ok()?)));
    Ok(read.collect())
}

fn start(atlas: &Atlas, _: &Visit, asked: &Beginning) -> Result<Page, Problem> {
    let lab = atlas.lab()?;
    let choice = index::Choice {
        economies: lab.shelf.economies()?,
        packs: lab.shelf.packs()?,
        economy: asked.economy.as_deref(),
        pack: asked.pack.as_deref(),
    };
    let body = index::content(&shipped(), &kept(lab)?, &choice);
    let lead = html! {
        p { "A scenario is a reform laid over the law: memberships added, struck or moved. The law answers at once; the model says what it would be worth." }
    };
    Ok(Page::new(Section::Lab, "Scenario lab", body)
        .lead(lead)
        .undated())
}

fn scenario(atlas: &Atlas, visit: &Visit, asked: &OfScenario) -> Result<Page, Problem> {
    scenario_page(atlas, visit, asked, None)
}

/// The desk, with what could not be done.
fn scenario_page(
    atlas: &Atlas,
    visit: &Visit,
    asked: &OfScenario,
    tried: Option<&Tried<'_>>,
) -> Result<Page, Problem> {
    let lab = atlas.lab()?;
    let saved = lab.store.scenario(scenario_id(&asked.id)?)?;
    let scope = asked.scope();
    let name = saved.name.clone();
    let of_this = |run: &RunCard| run.scenario.is_some_and(|(id, _)| id == saved.id);
    let runs = done_runs(lab, of_this)?;
    let desk = Desk::open(saved, asked.variant.as_deref(), scope, &lab.shelf)?;
    let title = match &desk.reading {
        Ok(reading) => reading.scenario.title.clone(),
        Err(_) => name,
    };
    let lead = desk.reading.as_ref().ok().map(|reading| {
        html! {
            p.facts { "Scenario " (desk.saved.id) " · law on " (reading.scenario.base.date) " · " (reading.economy.card.title) }
            @if !reading.scenario.description.trim().is_empty() { p { (reading.scenario.description) } }
        }
    });
    let economies = lab.shelf.economies()?;
    let reading = desk.reading.as_ref().ok();
    let around = editor::Around {
        economies: &economies,
        of_many_sectors: reading.map_or_else(Vec::new, |it| of_many_sectors(lab, it, &economies)),
        visit,
        registry: atlas.registry(),
        runs,
        errors: tried.map_or(&[], |tried| &tried.errors),
        refused: tried.and_then(|tried| tried.refused.as_deref()),
        typed: tried.map(|tried| (tried.action, tried.posted)),
        shows_all: scope == Scope::All,
        added_on: asked.added_on.as_deref().and_then(|day| day.parse().ok()),
        blocs: reading.and_then(|reading| about_blocs(desk.saved.id, reading)),
    };
    let page = Page::new(Section::Lab, title, editor::desk(&desk, &around));
    Ok(page.lead(lead.unwrap_or_default()).undated().script(SCRIPT))
}

/// The economies that have many sectors, if the one of the scenario has not.
fn of_many_sectors<'e>(
    lab: &Lab,
    reading: &Reading,
    economies: &'e [ShelfCard],
) -> Vec<&'e ShelfCard> {
    if reading.economy.sectors().len() > 1 {
        return Vec::new();
    }
    let mut other = reading.scenario.clone();
    let has_many = |economy: &&ShelfCard| {
        other.base.economy.clone_from(&economy.id);
        let read = lab.shelf.economy(&other);
        read.is_ok_and(|(economy, _)| economy.sectors().len() > 1)
    };
    // To look into those of the user's own would read each of them anew.
    let built_in = economies.iter().filter(|card| !card.is_own);
    built_in.filter(has_many).collect()
}

/// Where the blocs of a saved scenario are weighed, if it asks about blocs.
fn about_blocs(id: ScenarioId, reading: &Reading) -> Option<String> {
    reading.scenario.blocs.as_ref()?;
    Some(format!("/lab/scenarios/{id}/blocs"))
}

/// The runs that are done and wanted, the last first; not all of them where there are many.
fn done_runs(lab: &Lab, is_wanted: impl Fn(&RunCard) -> bool) -> Result<Vec<RunCard>, Problem> {
    const MOST: usize = 12;

    let runs = lab.store.runs()?.into_iter();
    let done = runs.filter(|it| matches!(it.state, RunState::Done { .. }) && is_wanted(it));
    Ok(done.take(MOST).collect())
}

/// The runs that a run can be set beside, those of the same scenario first.
fn comparable(lab: &Lab, run: &RunCard) -> Result<Vec<RunCard>, Problem> {
    if !matches!(run.state, RunState::Done { .. }) {
        return Ok(Vec::new());
    }
    let scenario = |it: &RunCard| it.scenario.map(|(id, _)| id);
    let mut others = done_runs(lab, |it| it.id != run.id)?;
    others.sort_by_key(|it| scenario(it).is_none() || scenario(it) != scenario(run));
    Ok(others)
}

fn run(atlas: &Atlas, _: &Visit, asked: &OfRun) -> Result<Page, Problem> {
    let lab = atlas.lab()?;
    let run = lab.runner.run(run_id(&asked.id)?)?;
    let card = &run.card;
    let viewpoint = known_viewpoint(asked.viewpoint.as_deref())?;
    let answer = match &card.state {
        RunState::Done { .. } => Some(requests::kept_answer(lab, card.id)?),
        _ => None,
    };
    let told = answer.as_ref().and_then(Refused::of);
    let lead = html! {
        p.facts {
            "Run " (card.id) " · " (run::ending(card, told.as_ref()))
            @if let Some((scenario, revision)) = card.scenario {
                @let saved = lab.store.scenario(scenario).ok();
                " · of "
                @if let Some(saved) = &saved { "\u{201c}" (saved.name) "\u{201d}, " }
                a href={ "/lab/scenarios/" (scenario) } { "scenario " (scenario) }
                ", revision " (revision)
            }
        }
    };
    let page = |body: Markup| {
        let page = Page::new(Section::Lab, &card.title, html! { div #desk { (body) } });
        page.lead(lead.clone()).undated().script(SCRIPT)
    };
    Ok(match &answer {
        _ if !card.state.is_over() => page(run::on_its_way(&run)).refreshed_every(REFRESHED_EVERY),
        Some(answer) => page(html! {
            (run::again(card, &comparable(lab, card)?))
            (run::over(card, answer, viewpoint, &lab.store.results(card.id)?))
        }),
        None => page(html! {
            div.notice.warning { p { (run::ending(card, None)) } }
            (run::again(card, &[]))
        }),
    })
}

/// A viewpoint that maps are drawn from, if one was asked for.
fn known_viewpoint(asked: Option<&str>) -> Result<Option<&str>, Problem> {
    if let Some(id) = asked {
        Outlines::built_in().viewpoint(id)?;
    }
    Ok(asked)
}

fn side_by_side(atlas: &Atlas, _: &Visit, asked: &OfRuns) -> Result<Page, Problem> {
    let compared = compare::compared(atlas.lab()?, &asked.run)?;
    let body = compare::content(&compared)?;
    Ok(Page::new(Section::Lab, "Runs side by side", body).undated())
}
