//! The style sheet, the scripts and the mark, carried in the program and sent with a name
//! that changes when they do, so that a browser keeps them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use acquis_report::chart;
use acquis_report::html::SERVED_STYLE;
use axum::extract::Path;
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::{IntoResponse as _, Response};
use rust_embed::Embed;

use crate::answers::Rendered;
use crate::problem::Problem;

#[derive(Embed)]
#[folder = "assets"]
struct Assets;

/// Every asset with its type, ready to be sent, by the name of its file; and the mark of all
/// of them.
static READY: LazyLock<(BTreeMap<String, Rendered>, String)> = LazyLock::new(|| {
    let mut ready = BTreeMap::new();
    let mut together = String::new();
    for name in Assets::iter() {
        let Some(file) = Assets::get(&name) else {
            continue;
        };
        let bytes = if name == STYLE {
            // What the reports look like, and what stands around it in the atlas.
            let own = String::from_utf8_lossy(&file.data);
            format!("{SERVED_STYLE}{}{own}", chart::style()).into_bytes()
        } else {
            file.data.into_owned()
        };
        let rendered = Rendered::new(content_type(&name), bytes);
        together.push_str(rendered.mark());
        ready.insert(name.into_owned(), rendered);
    }
    let mark = Rendered::new("", together.into_bytes()).mark()[1..9].to_owned();
    (ready, mark)
});

/// The style sheet.
const STYLE: &str = "atlas.css";

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.') {
        Some((_, "css")) => "text/css; charset=utf-8",
        Some((_, "js")) => "text/javascript; charset=utf-8",
        Some((_, "svg")) => "image/svg+xml",
        _ => "application/octet-stream",
    }
}

/// The address of an asset. All of them share one mark, so that modules find each other by
/// their plain names.
pub(crate) fn asset(name: &str) -> String {
    format!("/assets/{}/{name}", READY.1)
}

/// Sends an asset. The mark in the address only keeps an old copy from being used.
pub(crate) async fn send(Path((_, name)): Path<(String, String)>, headers: HeaderMap) -> Response {
    let Some(rendered) = READY.0.get(&name) else {
        return Problem::not_found("There is no such file.").into_response();
    };
    let mut response = rendered.response(&headers);
    response.headers_mut().insert(
        CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=31536000, immutable"),
    );
    response
}
