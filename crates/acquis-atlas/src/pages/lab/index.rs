//! Where the lab begins: scenarios that ship, those that are kept, and the runs.

use std::collections::BTreeMap;

use acquis_store::{RunCard, RunId, RunState, ScenarioCard};
use maud::{Markup, html};

use super::BLOCS;
use super::run::ending;
use super::said::moment;
use crate::lab::{Refused, ShelfCard};
use crate::visit::address;

/// A scenario that ships.
pub(crate) struct Shipped {
    /// Its short name.
    pub(crate) name: String,
    /// Its title.
    pub(crate) title: String,
    /// What it asks.
    pub(crate) description: String,
    /// Whether it asks which union would hold.
    pub(crate) asks_about_blocs: bool,
}

impl Shipped {
    /// Where its blocs are weighed.
    pub(crate) fn blocs_address(&self) -> String {
        address(BLOCS, [("scenario", self.name.as_str())])
    }
}

/// What is kept.
pub(crate) struct Kept {
    /// Scenarios under a name.
    pub(crate) scenarios: Vec<ScenarioCard>,
    /// Scenarios that are being put together.
    pub(crate) drafts: Vec<ScenarioCard>,
    /// Runs.
    pub(crate) runs: Vec<RunCard>,
    /// What the law refused of them.
    pub(crate) refused: BTreeMap<RunId, Refused>,
}

impl Kept {
    /// The name under which the scenario of a run is saved, if it still is.
    fn name_of(&self, card: &RunCard) -> Option<&str> {
        let (id, _) = card.scenario?;
        let mut saved = self.scenarios.iter().chain(&self.drafts);
        Some(saved.find(|it| it.id == id)?.name.as_str())
    }
}

/// Most drafts that are listed.
const MOST_DRAFTS: usize = 12;

/// What a scenario that starts from a date can be built on.
pub(crate) struct Choice<'a> {
    /// The economies.
    pub(crate) economies: Vec<ShelfCard>,
    /// The packs, the usual one first.
    pub(crate) packs: Vec<ShelfCard>,
    /// The name of the economy that was asked for.
    pub(crate) economy: Option<&'a str>,
    /// The name of the pack that was asked for.
    pub(crate) pack: Option<&'a str>,
}

pub(crate) fn content(shipped: &[Shipped], kept: &Kept, choice: &Choice<'_>) -> Markup {
    html! {
        section aria-labelledby="ready" {
            h2 id="ready" { "Start from a scenario that is ready" }
            ul.cards {
                @for scenario in shipped {
                    li.card {
                        h3 { (scenario.title) }
                        p { (scenario.description) }
                        @if scenario.asks_about_blocs {
                            p { a href=(scenario.blocs_address()) { "See which union would hold" } }
                        }
                        form method="post" action="/lab/start" {
                            input type="hidden" name="scenario" value=(scenario.name);
                            button type="submit" aria-label={ "Open: " (scenario.title) } { "Open" }
                        }
                    }
                }
            }
        }
        (from_a_date(choice))
        (upload())
        @if !kept.scenarios.is_empty() {
            section aria-labelledby="kept" {
                h2 id="kept" { "Saved" }
                (scenario_list(&kept.scenarios))
            }
        }
        @if !kept.drafts.is_empty() {
            section aria-labelledby="drafts" {
                h2 id="drafts" { "Being put together" }
                (scenario_list(&kept.drafts[..kept.drafts.len().min(MOST_DRAFTS)]))
                @if kept.drafts.len() > MOST_DRAFTS {
                    p.help { (kept.drafts.len() - MOST_DRAFTS) " older ones are not listed." }
                }
            }
        }
        (runs(kept))
    }
}

fn from_a_date(choice: &Choice<'_>) -> Markup {
    html! {
        section aria-labelledby="from-date" {
            h2 id="from-date" { "Start from a date" }
            form method="post" action="/lab/start" {
                div.fields {
                    div.field {
                        label for="start-title" { "Title" }
                        input id="start-title" name="title" type="text" maxlength="120" value="A scenario of my own" required;
                    }
                    div.field {
                        label for="start-economy" { "Economy" }
                        select id="start-economy" name="economy" {
                            (options(&choice.economies, choice.economy))
                        }
                    }
                    div.field {
                        label for="start-pack" { "Pack of facts" }
                        select id="start-pack" name="pack" {
                            (options(&choice.packs, choice.pack))
                        }
                    }
                    div.field {
                        label for="start-date" { "Law on" }
                        input id="start-date" name="date" type="date" aria-describedby="start-date-help";
                        p.help id="start-date-help" { "Empty: the middle of the year of the economy." }
                    }
                }
                button type="submit" { "Start" }
                p.help { "An economy or a pack of your own: " a href="/data/own" { "keep it on the page Data" } ", and it can be chosen here." }
            }
        }
    }
}

fn options(cards: &[ShelfCard], chosen: Option<&str>) -> Markup {
    html! {
        @for card in cards {
            option value=(card.id) selected[chosen == Some(card.id.as_str())] { (card.label()) }
        }
    }
}

fn upload() -> Markup {
    html! {
        section aria-labelledby="from-file" {
            h2 id="from-file" { "Open a file" }
            form method="post" action="/lab/upload" enctype="multipart/form-data" {
                div.field {
                    label for="upload" { "Scenario file (.toml)" }
                    input id="upload" name="file" type="file" accept=".toml,text/plain" required;
                }
                button type="submit" { "Open" }
            }
        }
    }
}

fn scenario_list(cards: &[ScenarioCard]) -> Markup {
    html! {
        ul.kept {
            @for card in cards {
                li {
                    a href={ "/lab/scenarios/" (card.id) } { (card.name) }
                    " " span.unit { "revision " (card.revision) ", " (moment(card.changed)) }
                    (deletion(card))
                }
            }
        }
    }
}

/// The way to delete a scenario, which asks first: what is deleted can't be had back.
fn deletion(card: &ScenarioCard) -> Markup {
    html! {
        details {
            summary.help { "Delete" span.unseen { " \u{201c}" (card.name) "\u{201d}" } }
            p { "\u{201c}" (card.name) "\u{201d} is deleted with all its revisions. Its runs stay." }
            form method="post" action={ "/lab/scenarios/" (card.id) "/delete" } {
                button type="submit" aria-label={ "Delete for good: " (card.name) } { "Delete for good" }
            }
        }
    }
}

/// The runs, of which some can be set side by side.
fn runs(kept: &Kept) -> Markup {
    html! {
        @if !kept.runs.is_empty() {
            section aria-labelledby="runs" {
                h2 id="runs" { "Runs" }
                form method="get" action="/lab/compare" {
                    div.table-scroll role="region" tabindex="0" aria-label="Runs" {
                        table {
                            caption { "Tick up to four that are done to set them side by side." }
                            thead {
                                tr {
                                    th scope="col" { "Compare" } th scope="col" { "Run" }
                                    th scope="col" { "Scenario" } th scope="col" { "Economy" }
                                    th scope="col" { "How it ended" }
                                }
                            }
                            tbody { @for card in &kept.runs { (run_row(card, kept)) } }
                        }
                    }
                    button type="submit" { "Set side by side" }
                }
            }
        }
    }
}

fn run_row(card: &RunCard, kept: &Kept) -> Markup {
    let is_done = matches!(card.state, RunState::Done { .. });
    html! {
        tr {
            td {
                @if is_done {
                    input type="checkbox" name="run" value=(card.id) aria-label={ "Compare run " (card.id) };
                }
            }
            td { (card.id) }
            th scope="row" {
                a href={ "/lab/runs/" (card.id) } { (card.title) }
                @if let Some((scenario, revision)) = card.scenario {
                    br; span.unit {
                        @if let Some(name) = kept.name_of(card) { "\u{201c}" (name) "\u{201d}, " }
                        "scenario " (scenario) ", revision " (revision)
                    }
                }
            }
            td { (card.economy.name) }
            td { (ending(card, kept.refused.get(&card.id))) }
        }
    }
}
