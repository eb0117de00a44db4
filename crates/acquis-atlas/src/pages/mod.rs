//! The pages, a file or folder for each, and what is no page: assets, the description for
//! programs, the colours.

mod atlas;
mod blocs;
mod claims;
mod data;
mod lab;
mod organization;
mod pair;
mod questions;
mod search;
mod source;
mod state;
mod terms;
mod testimony;
mod votes;

use axum::http::header::{CONTENT_TYPE, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Form, Router};
use serde::Deserialize;
use serde_json::Value;

use crate::answers::{JSON, Rendered};
use crate::assets;
use crate::guard::is_own_path;
use crate::problem::Problem;
use crate::routes::{Routes, Shared};
use crate::visit::Theme;

/// Every page's routes.
pub(crate) fn routes() -> Routes {
    Routes::new()
        .and(atlas::routes())
        .and(state::routes())
        .and(organization::routes())
        .and(pair::routes())
        .and(questions::routes())
        .and(lab::routes())
        .and(search::routes())
        .and(source::routes())
        .and(claims::routes())
        .and(blocs::routes())
        .and(data::routes())
        .and(terms::routes())
        .and(votes::routes())
        .route("/theme", post(choose_theme))
}

/// The first pages of the parts that there are; those of others stay out of the navigation.
pub(crate) fn is_there(path: &str) -> bool {
    const THERE: &[&str] = &[
        "/",
        "/states",
        "/organizations",
        "/pairs",
        "/questions",
        "/lab",
        "/blocs",
        "/claims",
        "/data",
        "/terms",
        "/votes",
    ];
    THERE.contains(&path)
}

/// What is no page.
pub(crate) fn beside_the_pages(document: &Value) -> Router<Shared> {
    let described = Rendered::new(JSON, document.to_string());
    Router::new()
        .route("/assets/{mark}/{name}", get(assets::send))
        .route(
            "/api/v1/openapi.json",
            get(move |headers: HeaderMap| {
                let response = described.response(&headers);
                async move { response }
            }),
        )
}

/// The colours that a reader chooses, and the page to go back to.
#[derive(Deserialize)]
struct Chosen {
    theme: String,
    back: String,
}

/// Keeps the choice of colours in a cookie and goes back.
async fn choose_theme(Form(chosen): Form<Chosen>) -> Response {
    let Some(theme) = Theme::from_word(&chosen.theme) else {
        return Problem::unreadable(format!("There are no colours {:?}.", chosen.theme))
            .advise("Choose one of system, light, dark.")
            .into_response();
    };
    let back = if is_own_path(&chosen.back) {
        chosen.back.as_str()
    } else {
        "/"
    };
    let cookie = format!(
        "{}={}; Path=/; Max-Age=31536000; SameSite=Strict",
        Theme::COOKIE,
        theme.word()
    );
    let mut response = StatusCode::SEE_OTHER.into_response();
    let headers = response.headers_mut();
    headers.remove(CONTENT_TYPE);
    for (name, value) in [(SET_COOKIE, cookie.as_str()), (LOCATION, back)] {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    }
    response
}
