//! Files that are sent to be kept: checked as those that are only looked at, and kept if
//! nothing in them is wrong.

use acquis_economy::Imported;
use acquis_registry::Findings;
use acquis_report::csv::to_csv;
use acquis_report::subject::economy::repairs;
use acquis_store::{NameInUse, NewOwn, OwnCard, OwnKind, OwnName, StoredFile};
use axum::extract::{DefaultBodyLimit, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use maud::html;
use serde_json::Value;
use utoipa::openapi::path::{HttpMethod, Operation};

use super::super::checking::{Arriving, MOST_BYTES, found, look_at_pack, sent};
use super::super::reading::read_economy;
use super::super::sent::Sent;
use super::{OWN, address_of, card_json};
use crate::answers::{HTML, JSON};
use crate::atlas::Atlas;
use crate::lab::{economy_file, file_name};
use crate::openapi;
use crate::page::{Page, Section};
use crate::pages::lab::see_other;
use crate::part;
use crate::problem::Problem;
use crate::routes::{Routes, Shared};
use crate::visit::Visit;

/// Where a pack is sent to be kept.
pub(in super::super) const KEEP_PACK: &str = "/data/own/packs";
/// Where an economy is sent to be kept.
pub(in super::super) const KEEP_ECONOMY: &str = "/data/own/economies";
/// The file in which it is told what was changed when an economy was read.
pub(super) const REPAIRS: &str = "repairs.csv";

pub(super) fn routes() -> Routes {
    let bounded = |handlers: axum::routing::MethodRouter<Shared>| {
        handlers.layer(DefaultBodyLimit::max(MOST_BYTES))
    };
    Routes::new()
        .route(KEEP_PACK, bounded(post(pack_page)))
        .route(KEEP_ECONOMY, bounded(post(economy_page)))
        .route("/api/v1/data/own/packs", bounded(post(pack_twin)))
        .route("/api/v1/data/own/economies", bounded(post(economy_twin)))
        .describe(
            "/api/v1/data/own/packs",
            HttpMethod::Post,
            described("Checks the files of a pack, sent as a form, and keeps them"),
        )
        .describe(
            "/api/v1/data/own/economies",
            HttpMethod::Post,
            described("Reads, repairs and checks an economy, sent as a form, and keeps it"),
        )
}

fn described(summary: &str) -> Operation {
    openapi::operation(summary)
        .request_body(Some(openapi::files(
            "The files, and the fields of the form: `id` for a short name, `replace` to take the \
             place of what has it",
        )))
        .response("201", openapi::answer("It is kept"))
        .response("404", openapi::problem("Nothing is kept by this server"))
        .response(
            "409",
            openapi::problem("The name is taken, or there is no room"),
        )
        .response("413", openapi::problem("It is too large"))
        .response("415", openapi::problem("It is no form with files"))
        .response("422", openapi::problem("The files can't be used, and why"))
        .response(
            "429",
            openapi::problem("Files of others are being looked at"),
        )
        .build()
}

/// What came of files that were sent to be kept.
enum Outcome {
    Kept(OwnCard),
    /// They have mistakes.
    Unusable(Findings),
}

/// How files of a kind are read and kept.
type Keep = fn(&Atlas, &Sent) -> Result<Outcome, Problem>;

async fn pack_page(State(atlas): State<Shared>, headers: HeaderMap, form: Arriving) -> Response {
    kept_page(&atlas, &headers, form, keep_pack).await
}

async fn economy_page(State(atlas): State<Shared>, headers: HeaderMap, form: Arriving) -> Response {
    kept_page(&atlas, &headers, form, keep_economy).await
}

async fn pack_twin(State(atlas): State<Shared>, form: Arriving) -> Response {
    kept_twin(&atlas, form, keep_pack).await
}

async fn economy_twin(State(atlas): State<Shared>, form: Arriving) -> Response {
    kept_twin(&atlas, form, keep_economy).await
}

async fn outcome(atlas: &Shared, form: Arriving, keep: Keep) -> Result<Outcome, Problem> {
    let sent = sent(form).await?;
    let worker = Shared::clone(atlas);
    // What was sent goes with the work, and its turn with it.
    let outcome = atlas.answers.work(move || keep(&worker, &sent)).await?;
    std::sync::Arc::into_inner(outcome).ok_or_else(|| {
        Problem::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "The answer was lost on its way; look whether the files are kept.",
        )
    })
}

async fn kept_page(atlas: &Shared, headers: &HeaderMap, form: Arriving, keep: Keep) -> Response {
    match outcome(atlas, form, keep).await {
        Ok(Outcome::Kept(card)) => see_other(&address_of(&card)),
        Ok(Outcome::Unusable(findings)) => {
            let body = html! {
                (part::notice(&html! { "The files were not kept: they can't be used as they are." }))
                (found(&findings))
                p.ways { a href={ (OWN) "#send" } { "Send other files" } }
            };
            let page = Page::new(Section::Data, "Not kept", body);
            let visit = Visit::bare(OWN, headers, Atlas::usual_day());
            let page = page.undated().without_twin().render(atlas, &visit);
            answer(StatusCode::UNPROCESSABLE_ENTITY, HTML, page)
        }
        Err(problem) => problem.into_response(),
    }
}

async fn kept_twin(atlas: &Shared, form: Arriving, keep: Keep) -> Response {
    match outcome(atlas, form, keep).await {
        Ok(Outcome::Kept(card)) => {
            let card: Value = card_json(&card);
            answer(StatusCode::CREATED, JSON, card.to_string())
        }
        Ok(Outcome::Unusable(findings)) => Problem::from(findings).into_response(),
        Err(problem) => problem.into_response(),
    }
}

fn answer(status: StatusCode, kind: &'static str, body: String) -> Response {
    let mut response = (status, body).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}

fn keep_pack(atlas: &Atlas, sent: &Sent) -> Result<Outcome, Problem> {
    let looked = look_at_pack(sent)?;
    let Some(card) = looked.card.filter(|_| !looked.findings.has_errors()) else {
        return Ok(Outcome::Unusable(looked.findings));
    };
    let files = sent.files.iter().map(|file| StoredFile {
        name: file.name.clone(),
        bytes: file.bytes.to_vec(),
    });
    let files: Vec<StoredFile> = files.collect();
    let title = if card.title.is_empty() {
        &card.id
    } else {
        &card.title
    };
    kept(atlas, sent, OwnKind::Pack, (&card.id, title), &files)
}

fn keep_economy(atlas: &Atlas, sent: &Sent) -> Result<Outcome, Problem> {
    let imported = match read_economy(sent) {
        Ok(imported) => imported,
        Err(findings) => return Ok(Outcome::Unusable(findings)),
    };
    let Imported {
        mut economy,
        repairs: repaired,
    } = imported;
    let name = name(sent, &economy.card.id, &economy.card.title)?;
    // Its tables name it as the page does.
    name.as_str().clone_into(&mut economy.card.id);
    let title = match economy.card.title.trim() {
        "" => name.to_string(),
        title => title.to_owned(),
    };
    let mut files = vec![economy_file(&economy)?];
    if !repaired.is_empty() {
        let table = repairs(&economy, &repaired, repaired.len())?;
        files.push(StoredFile {
            name: REPAIRS.to_owned(),
            bytes: to_csv(&table),
        });
    }
    kept(
        atlas,
        sent,
        OwnKind::Economy,
        (name.as_str(), &title),
        &files,
    )
}

/// Keeps files under the name that was asked for, or else under that in the files.
fn kept(
    atlas: &Atlas,
    sent: &Sent,
    kind: OwnKind,
    (id, title): (&str, &str),
    files: &[StoredFile],
) -> Result<Outcome, Problem> {
    let name = name(sent, id, title)?;
    let in_use = match sent.field("replace") {
        Some(_) => NameInUse::Replace,
        None => NameInUse::Refuse,
    };
    let new = NewOwn {
        kind,
        name: &name,
        title,
        files,
    };
    Ok(Outcome::Kept(atlas.lab()?.store.keep_own(new, in_use)?))
}

/// The short name that was asked for; where none was, what the files call themselves.
fn name(sent: &Sent, id: &str, title: &str) -> Result<OwnName, Problem> {
    let asked = sent.field("id").map(str::to_owned);
    let own = if id.is_empty() { title } else { id };
    let name = asked.unwrap_or_else(|| file_name(own));
    name.parse::<OwnName>()
        .map_err(|error| Problem::senseless(format!("{error}.")))
}
