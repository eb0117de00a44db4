//! Files of the user's own: a pack is checked, an economy is read, repaired and checked, and
//! nothing is kept here ([`super::own`] does). Mistakes are shown at the line they are in.

use acquis_economy::{Economy, Format, Imported, check};
use acquis_registry::document::Word as _;
use acquis_registry::{
    Finding, Findings, PackCard, PackFiles, Place, Registry, Severity, SourceText,
};
use acquis_report::json::to_json;
use acquis_report::subject::economy::{card, check as checks, repairs};
use acquis_report::subject::pack::{Holdings, excerpt, findings_json, verdict};
use axum::body::Body;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{DefaultBodyLimit, Multipart, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::post;
use maud::{Markup, html};
use serde_json::{Value, json};
use utoipa::openapi::path::HttpMethod;

use super::economy::about;
use super::own::{KEEP_ECONOMY, KEEP_PACK};
use super::pack::law_findings;
use super::reading::{OWN, read_economy};
use super::sent::Sent;
use crate::answers::{HTML, JSON, Rendered};
use crate::atlas::Atlas;
use crate::openapi;
use crate::page::{Page, Section};
use crate::part;
use crate::problem::Problem;
use crate::routes::{Routes, Shared};
use crate::visit::Visit;

const PACK: &str = "/data/check-pack";
const ECONOMY: &str = "/data/check-economy";
const API_PACK: &str = "/api/v1/data/check-pack";
const API_ECONOMY: &str = "/api/v1/data/check-economy";

/// A form may bring so many bytes.
pub(super) const MOST_BYTES: usize = 32 * 1024 * 1024;
/// More mistakes than these are counted, not shown.
const MOST_SHOWN: usize = 100;
/// Repairs are listed up to here.
const MOST_REPAIRS: usize = 50;

pub(super) fn routes() -> Routes {
    let bounded = |handlers: axum::routing::MethodRouter<Shared>| {
        handlers.layer(DefaultBodyLimit::max(MOST_BYTES))
    };
    Routes::new()
        .route(PACK, bounded(post(pack_page)))
        .route(ECONOMY, bounded(post(economy_page)))
        .route(API_PACK, bounded(post(pack_twin)))
        .route(API_ECONOMY, bounded(post(economy_twin)))
        .describe(
            API_PACK,
            HttpMethod::Post,
            sending("Checks the files of a pack, sent as a form"),
        )
        .describe(
            API_ECONOMY,
            HttpMethod::Post,
            sending("Reads, repairs and checks an economy, sent as a form"),
        )
}

fn sending(summary: &str) -> utoipa::openapi::path::Operation {
    openapi::operation(summary)
        .request_body(Some(openapi::files(
            "The files, and the fields of the form",
        )))
        .response("200", openapi::answer("What was found"))
        .response("413", openapi::problem("It is too large"))
        .response("415", openapi::problem("It is no form with files"))
        .response(
            "429",
            openapi::problem("Files of others are being looked at"),
        )
        .response("422", openapi::problem("The files can't be used, and why"))
        .build()
}

/// The two forms.
pub(super) fn forms() -> Markup {
    html! {
        form.ask #check-pack method="post" action=(PACK) enctype="multipart/form-data" {
            fieldset {
                legend { "A pack of facts" }
                div.field {
                    label for="pack-files" { "Its files (TOML)" }
                    input #pack-files type="file" name="files" accept=".toml" multiple required;
                }
                (keeping_fields("pack"))
                div.buttons {
                    button { "Check the pack" }
                    button formaction=(KEEP_PACK) { "Keep the pack" }
                }
            }
        }
        form.ask #check-economy method="post" action=(ECONOMY) enctype="multipart/form-data" {
            fieldset {
                legend { "An economy" }
                div.field {
                    label for="economy-files" { "Its files (CSV, Parquet, or a manifest with its tables)" }
                    input #economy-files type="file" name="files" accept=".csv,.parquet,.toml" multiple required;
                }
                (part::choice_field("check", "format", "Format", formats(), OWN))
                div.field {
                    label for="economy-year" { "Year, if the files don't say" }
                    input #economy-year type="number" name="year" min="1900" max="2100" step="1";
                }
                div.field {
                    label for="economy-unit" { "Unit, if the files don't say" }
                    input #economy-unit type="text" name="unit" maxlength="60" placeholder="million USD";
                }
                (keeping_fields("economy"))
                div.buttons {
                    button name="then" value="look" { "Check the economy" }
                    button formaction=(KEEP_ECONOMY) { "Keep the economy" }
                    button name="then" value="file" { "Make it one economy file" }
                }
            }
        }
    }
}

/// What is asked of files that are to be kept.
fn keeping_fields(form: &str) -> Markup {
    html! {
        div.field {
            label for={ (form) "-id" } { "Short name" }
            input id={ (form) "-id" } type="text" name="id" maxlength="60" pattern="[a-z0-9][a-z0-9\\-]*"
                aria-describedby={ (form) "-id-help" };
            p.help id={ (form) "-id-help" } { "Small letters, digits and hyphens; empty to take it from the files." }
        }
        div.tick {
            input id={ (form) "-replace" } type="checkbox" name="replace" value="yes";
            label for={ (form) "-replace" } { "Take the place of one of the same name" }
        }
    }
}

fn formats() -> Vec<(&'static str, &'static str)> {
    let own = (OWN, "An economy file, or a manifest with its tables");
    let others = Format::ALL.iter().map(|format| {
        let name = match format {
            Format::Long => "A long table: exporter, importer, sector, value, tariff",
            Format::Icio => "OECD ICIO, as published",
            Format::IcioPrepared => "OECD ICIO with tariffs, as prepared by Lashkaripour",
            Format::Wiod2013 => "WIOD, release of 2013",
            Format::CaliendoParro => "Caliendo and Parro (2015)",
            Format::Baci => "CEPII BACI with GDP",
            Format::BaciMatrix => "BACI as a matrix with GDP",
        };
        (format.word(), name)
    });
    std::iter::once(own).chain(others).collect()
}

/// A form as it arrives.
pub(super) type Arriving = Result<Multipart, MultipartRejection>;

pub(super) async fn sent(form: Arriving) -> Result<Sent, Problem> {
    let form = form.map_err(|rejected| {
        let problem = Problem::new(rejected.status(), "What was sent is no form with files.");
        problem.advise("Send it as multipart/form-data.")
    })?;
    Sent::read(form).await
}

/// A pack that was sent, looked at: what it holds if it can be used, and what was found.
pub(super) struct LookedAt {
    pub(super) card: Option<PackCard>,
    holdings: Option<Holdings>,
    pub(super) findings: Findings,
}

/// Looks at the files of a pack.
///
/// # Errors
/// A file that is no text.
pub(super) fn look_at_pack(sent: &Sent) -> Result<LookedAt, Problem> {
    let files = sent
        .files
        .iter()
        .map(|file| {
            let text = std::str::from_utf8(&file.bytes).map_err(|_| {
                let what = format!("{:?} is no text in UTF-8.", file.name);
                Problem::senseless(what).advise("A pack is made of TOML files.")
            })?;
            Ok(SourceText::new(file.name.clone(), text))
        })
        .collect::<Result<PackFiles, Problem>>()?;
    Ok(match Registry::load(&files) {
        Ok(loaded) => LookedAt {
            card: Some(loaded.registry.card().clone()),
            holdings: Some(Holdings::of(&loaded.registry)),
            findings: law_findings(&loaded.registry, loaded.warnings),
        },
        Err(findings) => LookedAt {
            card: None,
            holdings: None,
            findings: findings.sorted(),
        },
    })
}

async fn pack_page(State(atlas): State<Shared>, headers: HeaderMap, form: Arriving) -> Response {
    let looked = async {
        let sent = sent(form).await?;
        atlas.answers.work(move || look_at_pack(&sent)).await
    };
    match looked.await {
        Ok(looked) => show(&atlas, &headers, PACK, &pack_looked_at(&looked)),
        Err(problem) => problem.into_response(),
    }
}

fn pack_looked_at(looked: &LookedAt) -> Page {
    let title = looked.card.as_ref().map(|card| card.title.as_str());
    let title = title.filter(|title| !title.is_empty());
    let body = html! {
        @match looked.holdings {
            Some(holdings) => p.facts { (holdings.words()) "." },
            None => (part::notice(&html! { "The pack can't be used as it is." })),
        }
        (found(&looked.findings))
        p.ways { a href="/data/own#send" { "Send other files" } }
    };
    Page::new(Section::Data, title.unwrap_or("Your pack"), body)
        .undated()
        .without_twin()
}

async fn pack_twin(State(atlas): State<Shared>, headers: HeaderMap, form: Arriving) -> Response {
    let looked = async {
        let sent = sent(form).await?;
        atlas.answers.work(move || look_at_pack(&sent)).await
    };
    match looked.await {
        Ok(looked) => {
            let mut answer = findings_json(&looked.findings);
            answer["title"] = json!(looked.card.as_ref().map(|card| &card.title));
            answer["holds"] = json!(looked.holdings);
            Rendered::new(JSON, answer.to_string()).response(&headers)
        }
        Err(problem) => problem.into_response(),
    }
}

/// Mistakes, each with the line that it is in.
pub(super) fn found(findings: &Findings) -> Markup {
    let more = findings.len().saturating_sub(MOST_SHOWN);
    html! {
        section #its-findings aria-labelledby="h-findings" {
            h2 #h-findings { (verdict(findings)) }
            @if findings.is_empty() { p { "Nothing is wrong with it." } }
            ol.findings {
                @for finding in findings.iter().take(MOST_SHOWN) { li { (one_found(finding)) } }
            }
            @if more > 0 { p { "And " (more) " more." } }
        }
    }
}

fn one_found(finding: &Finding) -> Markup {
    let word = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    html! {
        p.what {
            span class={ "word " (word) } { (word) } " "
            @if let Some(place) = &finding.place { span.place { (place) } ": " }
            (finding.message) "."
        }
        @if let Some(place) = &finding.place { (quoted(place)) }
        @if let Some(help) = finding.help() { p.help { (help) "." } }
        p.rule title=[finding.lint.reason()] { (finding.lint.code()) ": " (finding.lint.rule()) }
    }
}

fn quoted(place: &Place) -> Markup {
    let excerpt = excerpt(place);
    let [before, here, after] = &excerpt.parts;
    html! {
        pre.excerpt tabindex="0" {
            code {
                span.line-number { (excerpt.line) } " " (before)
                @if here.is_empty() { mark { "▏" } } @else { mark { (here) } }
                (after)
            }
        }
    }
}

async fn economy_page(State(atlas): State<Shared>, headers: HeaderMap, form: Arriving) -> Response {
    let read = async {
        let sent = sent(form).await?;
        let wants_file = sent.field("then") == Some("file");
        // An economy is large: the turn ends when it is gone.
        let read = move || Ok((read_economy(&sent), sent.turn));
        let read = atlas.answers.work(read).await?;
        Ok::<_, Problem>((read, wants_file))
    };
    match read.await {
        Err(problem) => problem.into_response(),
        Ok((read, wants_file)) => match &read.0 {
            Ok(imported) if wants_file => as_file(&imported.economy),
            Ok(imported) => economy_read(&atlas, &headers, imported),
            Err(findings) => {
                let body = html! {
                    (part::notice(&html! { "The files can't be used as they are." }))
                    (found(findings))
                    p.ways { a href="/data/own#send" { "Send other files" } }
                };
                let page = Page::new(Section::Data, "Your economy", body);
                show(&atlas, &headers, ECONOMY, &page.undated().without_twin())
            }
        },
    }
}

fn economy_read(atlas: &Shared, headers: &HeaderMap, imported: &Imported) -> Response {
    let economy = &imported.economy;
    let visit = Visit::bare(ECONOMY, headers, Atlas::usual_day());
    let body = || -> Result<Markup, Problem> {
        let repaired = repairs(economy, &imported.repairs, MOST_REPAIRS)?;
        Ok(html! {
            section #its-repairs aria-labelledby="h-repairs" {
                h2 #h-repairs { "What was repaired" }
                (part::table_or(atlas, &visit, &repaired, "Nothing had to be repaired."))
            }
            (about(atlas, &visit, economy)?)
            p.ways { a href="/data/own#send" { "Send other files" } }
        })
    };
    match body() {
        Ok(body) => {
            let page = Page::new(Section::Data, economy.card.title.clone(), body);
            show(atlas, headers, ECONOMY, &page.undated().without_twin())
        }
        Err(problem) => problem.into_response(),
    }
}

/// The economy as one file, to be kept.
fn as_file(economy: &Economy) -> Response {
    let bytes = || -> std::io::Result<Vec<u8>> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("economy.parquet");
        economy.write(&path).map_err(std::io::Error::other)?;
        std::fs::read(&path)
    };
    let Ok(bytes) = bytes() else {
        let status = StatusCode::INTERNAL_SERVER_ERROR;
        return Problem::new(status, "The economy can't be written.").into_response();
    };
    let id: String = economy
        .card
        .id
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '-')
        .take(60)
        .collect();
    let name = if id.is_empty() { "economy" } else { &id };
    let mut response = Response::new(Body::from(bytes));
    let headers = response.headers_mut();
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("application/vnd.apache.parquet"),
    );
    let disposition = format!("attachment; filename=\"{name}.parquet\"");
    if let Ok(disposition) = HeaderValue::from_str(&disposition) {
        headers.insert(CONTENT_DISPOSITION, disposition);
    }
    response
}

async fn economy_twin(State(atlas): State<Shared>, headers: HeaderMap, form: Arriving) -> Response {
    let answered = async {
        let sent = sent(form).await?;
        atlas
            .answers
            .work(move || economy_json(read_economy(&sent)?))
            .await
    };
    match answered.await {
        Ok(answer) => Rendered::new(JSON, answer.to_string()).response(&headers),
        Err(problem) => problem.into_response(),
    }
}

fn economy_json(imported: Imported) -> Result<Value, Problem> {
    let Imported {
        economy,
        repairs: repaired,
    } = imported;
    let terms: Vec<Value> = card(&economy)
        .into_iter()
        .map(|(term, value)| json!({ "term": term, "value": value }))
        .collect();
    Ok(json!({
        "economy": economy.card.id,
        "title": economy.card.title,
        "card": terms,
        "checks": to_json(&checks(&economy, &check(&economy))?),
        "repairs": to_json(&repairs(&economy, &repaired, repaired.len())?),
    }))
}

fn show(atlas: &Shared, headers: &HeaderMap, path: &str, page: &Page) -> Response {
    let visit = Visit::bare(path, headers, Atlas::usual_day());
    Rendered::new(HTML, page.render(atlas, &visit)).response(headers)
}
