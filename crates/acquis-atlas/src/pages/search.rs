//! Search over everything.

use maud::html;
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::IntoParams;

use crate::atlas::Atlas;
use crate::page::{Page, Section};
use crate::problem::Problem;
use crate::routes::{Lasting, Routes};
use crate::search::{Hit, Index, Kind};
use crate::visit::Visit;

/// So many hits are shown.
const MOST: usize = 60;

pub(super) fn routes() -> Routes {
    // What is saved in the lab is found too, and changes while the program runs.
    Routes::new().page("/search", Lasting::No, page).twin(
        "/search",
        "What is called so, or nearly so: states, organizations, agreements, scenarios, \
         economies, terms, sources, statements, the best first",
        Lasting::No,
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

/// What a query finds, and where that is nothing, what has a name that is like it.
struct Found {
    hits: Vec<Hit>,
    near: Vec<Hit>,
}

fn found(atlas: &Atlas, query: &str) -> Result<Found, Problem> {
    let of_the_lab = Index::of_the_lab(atlas)?;
    let indices = [atlas.index(), &of_the_lab];
    let hits = Index::find_in(&indices, query, MOST);
    let near = if hits.is_empty() {
        Index::near_in(&indices, query)
    } else {
        Vec::new()
    };
    Ok(Found { hits, near })
}

fn page(atlas: &Atlas, visit: &Visit, asked: &Maybe) -> Result<Page, Problem> {
    let query = asked.q.as_deref().unwrap_or_default();
    let Found { hits, near } = found(atlas, query)?;
    let body = html! {
        @if query.is_empty() {
            p.none { "Nothing was asked for. Type a state, an organization, a scenario, a term or a source at the top." }
        } @else if hits.is_empty() {
            p.none { "Nothing is called " q { (query) } ", or nearly so. Try fewer or other words." }
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
    // An organ is led to on a day of its own; a term and a scenario have none.
    let path = if matches!(hit.kind, Kind::Term | Kind::Organ | Kind::Scenario) {
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
    let Found { hits, near } = found(atlas, &asked.q)?;
    Ok(json!({ "query": asked.q, "hits": hits, "near": near }))
}
