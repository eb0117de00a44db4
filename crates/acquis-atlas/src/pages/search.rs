//! Search over everything.

use maud::html;
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::IntoParams;

use crate::atlas::Atlas;
use crate::page::{Page, Section};
use crate::problem::Problem;
use crate::routes::{Lasting, Routes};
use crate::search::{Hit, Kind};
use crate::visit::Visit;

/// So many hits are shown.
const MOST: usize = 60;

pub(super) fn routes() -> Routes {
    Routes::new().page("/search", Lasting::Yes, page).twin(
        "/search",
        "What is called so, or nearly so: states, organizations, agreements, terms, sources, \
         statements, the best first",
        Lasting::Yes,
        twin,
    )
}

/// What is looked for.
#[derive(Deserialize, IntoParams)]
struct Asked {
    /// The words that are looked for
    #[param(example = "customs union")]
    q: String,
}

/// The same before anything is looked for.
#[derive(Deserialize)]
struct Maybe {
    q: Option<String>,
}

fn page(atlas: &Atlas, visit: &Visit, asked: &Maybe) -> Result<Page, Problem> {
    let query = asked.q.as_deref().unwrap_or_default();
    let hits = atlas.index().find(query, MOST);
    let body = html! {
        @if query.is_empty() {
            p.none { "Nothing was asked for. Type a state, an organization, a term or a source at the top." }
        } @else if hits.is_empty() {
            p.none { "Nothing is called " q { (query) } ", or nearly so. Try fewer or other words." }
            @let near = atlas.index().near(query);
            @if !near.is_empty() {
                p { "Names that are like it:" }
                ul.near { @for hit in &near { li { (one(visit, hit)) } } }
            }
        } @else {
            ol.hits { @for hit in &hits { li { (one(visit, hit)) } } }
        }
    };
    let title = if query.is_empty() {
        "Search".to_owned()
    } else {
        format!("Search: {query}")
    };
    let page = Page::new(Section::Elsewhere, title, body).undated();
    Ok(if query.is_empty() {
        page.without_twin()
    } else {
        page
    })
}

fn one(visit: &Visit, hit: &Hit) -> maud::Markup {
    // An organ is led to on a day of its own.
    let path = if matches!(hit.kind, Kind::Term | Kind::Organ) {
        hit.path.clone()
    } else {
        visit.link(&hit.path)
    };
    html! {
        a href=(path) { (hit.name) } " "
        span.kind { (hit.kind.label()) }
        @if !hit.about.is_empty() && hit.about != hit.name { p { (hit.about) } }
    }
}

fn twin(atlas: &Atlas, _: &Visit, asked: &Asked) -> Result<Value, Problem> {
    let hits = atlas.index().find(&asked.q, MOST);
    let near = if hits.is_empty() {
        atlas.index().near(&asked.q)
    } else {
        Vec::new()
    };
    Ok(json!({ "query": asked.q, "hits": hits, "near": near }))
}
