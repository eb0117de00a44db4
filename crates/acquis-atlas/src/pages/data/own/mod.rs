//! Packs and economies of the user's own that are kept: the list of them, a page of each, and
//! what is done with them.

mod keeping;
mod shown;

pub(super) use self::keeping::{KEEP_ECONOMY, KEEP_PACK};

use acquis_store::{OwnCard, OwnKind, OwnName};
use axum::Form;
use axum::extract::{Path, State};
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{delete, get, post};
use maud::{Markup, html};
use serde_json::{Value, json};
use utoipa::openapi::path::HttpMethod;

use super::checking;
use crate::answers::JSON;
use crate::atlas::Atlas;
use crate::openapi;
use crate::page::{Page, Section};
use crate::pages::lab::{moment, see_other, size};
use crate::pages::state::Nothing;
use crate::problem::Problem;
use crate::routes::{Lasting, Routes, Shared};
use crate::visit::{Visit, path};

/// The page of what is kept.
pub(super) const OWN: &str = "/data/own";

pub(super) fn routes() -> Routes {
    Routes::new()
        .page(OWN, Lasting::No, page)
        .twin(
            OWN,
            "The packs and economies of the user's own that are kept",
            Lasting::No,
            twin,
        )
        .route("/data/own/{kind}/{name}/delete", post(forget))
        .route("/data/own/{kind}/{name}/files/{file}", get(file))
        .route("/api/v1/data/own/packs/{name}", delete(forget_pack))
        .route("/api/v1/data/own/economies/{name}", delete(forget_economy))
        .describe(
            "/api/v1/data/own/packs/{name}",
            HttpMethod::Delete,
            forgetting(),
        )
        .describe(
            "/api/v1/data/own/economies/{name}",
            HttpMethod::Delete,
            forgetting(),
        )
        .and(keeping::routes())
        .and(shown::routes())
}

fn forgetting() -> utoipa::openapi::path::Operation {
    openapi::operation("Deletes what is kept under a name")
        .parameter(openapi::segment("name", "Its short name"))
        .response("200", openapi::answer("It is deleted"))
        .response(
            "404",
            openapi::problem("Nothing of the kind is kept under this name"),
        )
        .build()
}

/// The word for things of a kind in an address.
const fn folder(kind: OwnKind) -> &'static str {
    match kind {
        OwnKind::Pack => "packs",
        OwnKind::Economy => "economies",
    }
}

fn kind_of(folder: &str) -> Result<OwnKind, Problem> {
    match folder {
        "packs" => Ok(OwnKind::Pack),
        "economies" => Ok(OwnKind::Economy),
        _ => Err(Problem::not_found(format!(
            "Nothing is kept under {folder:?}."
        ))),
    }
}

/// The name in an address. What can't be one is not there.
fn name_of(text: &str) -> Result<OwnName, Problem> {
    text.parse::<OwnName>()
        .map_err(|error| Problem::not_found(format!("{error}.")))
}

/// Where the page of one stands.
fn address_of(card: &OwnCard) -> String {
    path(["data", "own", folder(card.kind), card.name.as_str()])
}

fn page(atlas: &Atlas, _: &Visit, _: &Nothing) -> Result<Page, Problem> {
    let store = &atlas.lab()?.store;
    let body = html! {
        section #kept-packs aria-labelledby="h-packs" {
            h2 #h-packs { "Packs of facts" }
            (table(&store.own(OwnKind::Pack)?, "Packs that are kept", "No pack is kept."))
        }
        section #kept-economies aria-labelledby="h-economies" {
            h2 #h-economies { "Economies" }
            (table(&store.own(OwnKind::Economy)?, "Economies that are kept", "No economy is kept."))
        }
        section #send aria-labelledby="h-send" {
            h2 #h-send { "Check or keep files" }
            p { "Mistakes are shown at the line they are in. What is kept can be chosen in the " a href="/lab#from-date" { "scenario lab" } ", and stays on this computer." }
            (checking::forms())
        }
    };
    let lead =
        html! { p { "Packs and economies of your own, checked like those that are built in." } };
    Ok(Page::new(Section::Data, "Files of your own", body)
        .lead(lead)
        .undated())
}

fn table(cards: &[OwnCard], caption: &str, none: &str) -> Markup {
    html! {
        @if cards.is_empty() { p.none { (none) } } @else {
            div.table-scroll role="region" tabindex="0" aria-label=(caption) {
                table {
                    caption { (caption) }
                    thead {
                        tr {
                            th scope="col" { "Title" } th scope="col" { "Short name" }
                            th scope="col" { "Size" } th scope="col" { "Kept on" }
                        }
                    }
                    tbody {
                        @for card in cards {
                            tr {
                                th scope="row" { a href=(address_of(card)) { (card.title) } }
                                td { span.code { (card.name) } }
                                td { (size(card.bytes)) }
                                td { (moment(card.kept)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn twin(atlas: &Atlas, _: &Visit, _: &Nothing) -> Result<Value, Problem> {
    let store = &atlas.lab()?.store;
    let cards = |kind| -> Result<Vec<Value>, Problem> {
        Ok(store.own(kind)?.iter().map(card_json).collect())
    };
    Ok(json!({ "packs": cards(OwnKind::Pack)?, "economies": cards(OwnKind::Economy)? }))
}

fn card_json(card: &OwnCard) -> Value {
    json!({
        "name": card.name.as_str(),
        "in_scenario": in_scenario(card),
        "title": card.title,
        "digest": card.digest,
        "kept": card.kept.to_string(),
        "bytes": card.bytes,
    })
}

/// How a scenario names it.
fn in_scenario(card: &OwnCard) -> String {
    match card.kind {
        OwnKind::Pack => crate::lab::pack_in_scenario(&card.name),
        OwnKind::Economy => crate::lab::economy_in_scenario(&card.name),
    }
}

async fn forget(
    State(atlas): State<Shared>,
    Path((kind, name)): Path<(String, String)>,
    Form(_): Form<Vec<(String, String)>>,
) -> Response {
    match forgotten(&atlas, move || Ok((kind_of(&kind)?, name_of(&name)?))).await {
        Ok(()) => see_other(OWN),
        Err(problem) => problem.into_response(),
    }
}

async fn forget_pack(State(atlas): State<Shared>, Path(name): Path<String>) -> Response {
    forget_for_programs(&atlas, OwnKind::Pack, name).await
}

async fn forget_economy(State(atlas): State<Shared>, Path(name): Path<String>) -> Response {
    forget_for_programs(&atlas, OwnKind::Economy, name).await
}

async fn forget_for_programs(atlas: &Shared, kind: OwnKind, name: String) -> Response {
    match forgotten(atlas, move || Ok((kind, name_of(&name)?))).await {
        Ok(()) => {
            let mut response = json!({ "deleted": true }).to_string().into_response();
            let headers = response.headers_mut();
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(JSON));
            response
        }
        Err(problem) => problem.into_response(),
    }
}

async fn forgotten(
    atlas: &Shared,
    which: impl FnOnce() -> Result<(OwnKind, OwnName), Problem> + Send + 'static,
) -> Result<(), Problem> {
    let worker = Shared::clone(atlas);
    let work = move || {
        let (kind, name) = which()?;
        Ok(worker.lab()?.store.forget_own(kind, &name)?)
    };
    atlas.answers.work(work).await.map(|_| ())
}

/// One of the files that are kept.
async fn file(
    State(atlas): State<Shared>,
    Path((kind, name, file)): Path<(String, String, String)>,
) -> Response {
    let worker = Shared::clone(&atlas);
    let work = move || {
        let (kind, name) = (kind_of(&kind)?, name_of(&name)?);
        let (card, files) = worker.lab()?.store.own_files(kind, &name)?;
        let found = files.into_iter().find(|kept| kept.name == file);
        found.map(|found| (card, found)).ok_or_else(|| {
            Problem::not_found(format!("No file {file:?} is kept there."))
                .advise("Open its page to see its files.")
        })
    };
    match atlas.answers.work(work).await {
        Ok(found) => {
            let (card, file) = found.as_ref();
            let name = match card.kind {
                // Under the name by which a scenario beside it finds it.
                OwnKind::Economy if file.name.ends_with(".parquet") => in_scenario(card),
                _ => file.name.clone(),
            };
            attached(&name, file.bytes.clone())
        }
        Err(problem) => problem.into_response(),
    }
}

/// A file to be kept by whoever asked for it. It is never shown: its bytes come from outside.
fn attached(name: &str, bytes: Vec<u8>) -> Response {
    let mut response = bytes.into_response();
    let headers = response.headers_mut();
    let kind = HeaderValue::from_static("application/octet-stream");
    headers.insert(CONTENT_TYPE, kind);
    let plain: String = name
        .chars()
        .filter(|letter| letter.is_ascii_alphanumeric() || "-_.".contains(*letter))
        .collect();
    let disposition = format!("attachment; filename=\"{plain}\"");
    if let Ok(disposition) = HeaderValue::from_str(&disposition) {
        headers.insert(CONTENT_DISPOSITION, disposition);
    }
    response
}
