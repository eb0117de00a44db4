//! The pages of one pack or one economy of the user's own.

use std::sync::Arc;

use acquis_economy::Economy;
use acquis_registry::{Findings, Registry};
use acquis_store::{OwnCard, OwnKind};
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::Value;
use utoipa::IntoParams;

use super::super::{economy, pack};
use super::keeping::REPAIRS;
use super::{OWN, address_of, card_json, in_scenario, name_of};
use crate::atlas::Atlas;
use crate::page::{Page, Section};
use crate::pages::lab::{moment, size};
use crate::problem::Problem;
use crate::routes::{Lasting, Routes};
use crate::visit::{Visit, address};

pub(super) fn routes() -> Routes {
    Routes::new()
        .page("/data/own/packs/{name}", Lasting::No, pack_page)
        .twin(
            "/data/own/packs/{name}",
            "A pack of the user's own that is kept: what it holds and its sources",
            Lasting::No,
            pack_twin,
        )
        .page("/data/own/economies/{name}", Lasting::No, economy_page)
        .twin(
            "/data/own/economies/{name}",
            "An economy of the user's own that is kept: its card, its checks, its countries",
            Lasting::No,
            economy_twin,
        )
}

/// Which one.
#[derive(Deserialize, IntoParams)]
struct Asked {
    /// Its short name
    name: String,
}

impl Asked {
    fn card(&self, atlas: &Atlas, kind: OwnKind) -> Result<OwnCard, Problem> {
        let store = &atlas.lab()?.store;
        let name = name_of(&self.name)?;
        if let Some(card) = store.own_card(kind, &name)? {
            return Ok(card);
        }
        let known = store.own(kind)?;
        let problem = format!("No {} of your own is called {name}.", kind.word());
        Err(Problem::not_found(problem)
            .among(name.as_str(), known.iter().map(|card| card.name.as_str())))
    }

    fn pack(&self, atlas: &Atlas) -> Result<(OwnCard, Arc<Registry>), Problem> {
        let card = self.card(atlas, OwnKind::Pack)?;
        let registry = atlas.lab()?.shelf.own_pack(&card)?;
        Ok((card, registry))
    }

    fn economy(&self, atlas: &Atlas) -> Result<(OwnCard, Arc<Economy>), Problem> {
        let card = self.card(atlas, OwnKind::Economy)?;
        let economy = atlas.lab()?.shelf.own_economy(&card)?;
        Ok((card, economy))
    }
}

fn pack_page(atlas: &Atlas, visit: &Visit, asked: &Asked) -> Result<Page, Problem> {
    let (card, registry) = asked.pack(atlas)?;
    let findings = pack::law_findings(&registry, Findings::default());
    let body = html! {
        (ways(&card, "pack"))
        (pack::about(atlas, visit, &registry, &findings)?)
        (files(atlas, &card)?)
        (deletion(&card))
    };
    Ok(of(&card, body))
}

fn economy_page(atlas: &Atlas, visit: &Visit, asked: &Asked) -> Result<Page, Problem> {
    let (card, economy) = asked.economy(atlas)?;
    let body = html! {
        (ways(&card, "economy"))
        (economy::about(atlas, visit, &economy)?)
        (files(atlas, &card)?)
        (deletion(&card))
    };
    Ok(of(&card, body))
}

fn of(card: &OwnCard, body: Markup) -> Page {
    let lead = html! {
        p.facts {
            "Your own · " span.code { (card.name) } " · in a scenario: " span.code { (in_scenario(card)) }
            " · kept on " (moment(card.kept))
        }
    };
    Page::new(Section::Data, card.title.clone(), body)
        .lead(lead)
        .undated()
}

fn ways(card: &OwnCard, what: &str) -> Markup {
    let start = address("/lab", [(what, in_scenario(card).as_str())]);
    html! {
        p.ways {
            a href={ (start) "#from-date" } { "Start a scenario with it" }
            a href=(OWN) { "All files of your own" }
        }
    }
}

fn files(atlas: &Atlas, card: &OwnCard) -> Result<Markup, Problem> {
    let (_, files) = atlas.lab()?.store.own_files(card.kind, &card.name)?;
    let has_repairs = files.iter().any(|file| file.name == REPAIRS);
    Ok(html! {
        section #its-files aria-labelledby="h-files" {
            h2 #h-files { "Its files" }
            @if has_repairs {
                p { "Some figures were changed when it was read, so that they can be used: " span.code { (REPAIRS) } " lists each of them." }
            }
            ul {
                @for file in &files {
                    li {
                        a href={ (address_of(card)) "/files/" (file.name) } download { (file.name) }
                        " " span.unit { (size(file.bytes.len() as u64)) }
                    }
                }
            }
        }
    })
}

fn deletion(card: &OwnCard) -> Markup {
    html! {
        details.drawer #deletion {
            summary { "Delete it" }
            div.drawn {
                p { "Scenarios that use it stay, and can't be run until it is kept again under the same name. Runs keep their results." }
                form method="post" action={ (address_of(card)) "/delete" } {
                    button type="submit" { "Delete " (card.name) " for good" }
                }
            }
        }
    }
}

fn pack_twin(atlas: &Atlas, _: &Visit, asked: &Asked) -> Result<Value, Problem> {
    let (card, registry) = asked.pack(atlas)?;
    let findings = pack::law_findings(&registry, Findings::default());
    let mut answer = pack::json(card.name.as_str(), &registry, &findings)?;
    answer["own"] = card_json(&card);
    Ok(answer)
}

fn economy_twin(atlas: &Atlas, _: &Visit, asked: &Asked) -> Result<Value, Problem> {
    let (card, economy) = asked.economy(atlas)?;
    let mut answer = economy::json(atlas, &economy)?;
    answer["own"] = card_json(&card);
    Ok(answer)
}
