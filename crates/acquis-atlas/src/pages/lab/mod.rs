//! The scenario lab: scenarios that are put together by clicks, their runs, and runs side by
//! side.

mod actions;
mod api;
mod assumptions;
mod compare;
mod editor;
mod index;
mod matrix;
mod requests;
mod run;
mod said;

use acquis_library::builtin;
use acquis_registry::SourceText;
use acquis_scenario::{Scenario, Scope};
use acquis_store::{Keeping, RunId, RunState, ScenarioId};
use maud::{Markup, html};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::atlas::Atlas;
use crate::lab::{Desk, FieldError, Lab};
use crate::page::{Page, Section};
use crate::problem::Problem;
use crate::routes::{Lasting, Routes};
use crate::visit::Visit;

/// The script that makes the lab livelier.
const SCRIPT: &str = "lab.js";
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

/// A scenario, and what of it is looked at.
#[derive(Debug, Default, Deserialize, IntoParams)]
struct OfScenario {
    /// Number of the scenario
    id: String,
    /// Name of the variant to look at; the first if left out
    variant: Option<String>,
    /// `all` to see every state and institution
    scope: Option<String>,
}

/// A run.
#[derive(Deserialize, IntoParams)]
struct OfRun {
    /// Number of the run
    id: String,
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
fn scenario_id(text: &str) -> Result<ScenarioId, Problem> {
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
    })
}

fn start(atlas: &Atlas, _: &Visit, _: &Nothing) -> Result<Page, Problem> {
    let lab = atlas.lab()?;
    let body = index::content(&shipped(), &kept(lab)?, lab.shelf.cards()?);
    let lead = html! {
        p { "A scenario is a reform laid over the law: memberships added, struck or moved. The law answers at once; the model says what it would be worth." }
    };
    Ok(Page::new(Section::Lab, "Scenario lab", body)
        .lead(lead)
        .undated())
}

fn scenario(atlas: &Atlas, _: &Visit, asked: &OfScenario) -> Result<Page, Problem> {
    scenario_page(atlas, asked, &[], None)
}

/// The desk, with what could not be done.
fn scenario_page(
    atlas: &Atlas,
    asked: &OfScenario,
    errors: &[FieldError],
    refused: Option<&str>,
) -> Result<Page, Problem> {
    let lab = atlas.lab()?;
    let saved = lab.store.scenario(scenario_id(&asked.id)?)?;
    let scope = asked.scope();
    let name = saved.name.clone();
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
    let around = editor::Around {
        economies: lab.shelf.cards()?,
        errors,
        refused,
        shows_all: scope == Scope::All,
    };
    let page = Page::new(Section::Lab, title, editor::desk(&desk, &around));
    Ok(page.lead(lead.unwrap_or_default()).undated().script(SCRIPT))
}

fn run(atlas: &Atlas, _: &Visit, asked: &OfRun) -> Result<Page, Problem> {
    let lab = atlas.lab()?;
    let run = lab.runner.run(run_id(&asked.id)?)?;
    let card = &run.card;
    let lead = html! {
        p.facts {
            "Run " (card.id) " · " (run::ending(card))
            @if let Some((scenario, revision)) = card.scenario {
                " · of " a href={ "/lab/scenarios/" (scenario) } { "scenario " (scenario) }
                ", revision " (revision)
            }
        }
    };
    let page = |body: Markup| {
        let page = Page::new(Section::Lab, &card.title, html! { div #desk { (body) } });
        page.lead(lead.clone()).undated().script(SCRIPT)
    };
    Ok(match &card.state {
        RunState::Queued | RunState::Running { .. } => {
            page(run::on_its_way(&run)).refreshed_every(REFRESHED_EVERY)
        }
        RunState::Done { .. } => {
            let answer = requests::kept_answer(lab, card.id)?;
            page(html! {
                (run::again(card))
                (run::answer(&answer))
                (run::downloads(card, &lab.store.results(card.id)?))
            })
        }
        _ => page(html! {
            div.notice.warning { p { (run::ending(card)) } }
            (run::again(card))
        }),
    })
}

fn side_by_side(atlas: &Atlas, _: &Visit, asked: &OfRuns) -> Result<Page, Problem> {
    let compared = compare::compared(atlas.lab()?, &asked.run)?;
    let body = compare::content(&compared)?;
    Ok(Page::new(Section::Lab, "Runs side by side", body).undated())
}
