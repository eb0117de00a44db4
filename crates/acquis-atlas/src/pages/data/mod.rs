//! Packs, economies and maps: what they hold, whom they cite, under which licence, and what
//! is wrong with them; and files of the user's own, looked at the same way and kept.

mod checking;
mod economy;
mod own;
mod pack;
mod reading;
mod sent;

use acquis_library::builtin;
use acquis_registry::Registry;
use acquis_report::json::to_json;
use acquis_report::outlines::Outlines;
use acquis_report::subject::{economy as economy_subject, pack as pack_subject};
use maud::{Markup, html};
use serde_json::{Value, json};

use crate::atlas::Atlas;
use crate::page::{Page, Section};
use crate::pages::state::Nothing;
use crate::problem::Problem;
use crate::routes::Routes;
use crate::visit::{Visit, path};

pub(super) fn routes() -> Routes {
    Routes::new()
        .ask(
            "/data",
            "The packs, economies and maps that are built in",
            page,
            twin,
        )
        .and(pack::routes())
        .and(economy::routes())
        .and(checking::routes())
        .and(own::routes())
}

/// The packs that are built in, by their names.
fn packs() -> Result<Vec<(String, Registry)>, Problem> {
    builtin::packs()
        .into_iter()
        .filter_map(|name| builtin::pack(&name).map(|files| (name, files)))
        .map(|(name, files)| Ok((name, acquis_library::registry(&files)?)))
        .collect()
}

fn packs_table(packs: &[(String, Registry)]) -> Result<acquis_report::Table, Problem> {
    let named: Vec<(&str, &Registry)> = packs
        .iter()
        .map(|(name, registry)| (name.as_str(), registry))
        .collect();
    Ok(pack_subject::list(&named)?)
}

fn page(atlas: &Atlas, visit: &Visit, _: &Nothing) -> Result<Page, Problem> {
    let packs = packs()?;
    let economies = economy_subject::list(atlas.economies()?)?;
    let body = html! {
        section #all-packs aria-labelledby="h-packs" {
            h2 #h-packs { "Packs of facts" }
            (leading(&packs_table(&packs)?, "pack", "packs", visit))
        }
        section #all-economies aria-labelledby="h-economies" {
            h2 #h-economies { "Economies" }
            (leading(&economies, "id", "economies", visit))
        }
        section #maps aria-labelledby="h-maps" {
            h2 #h-maps { "Maps" }
            (maps())
        }
        section #own aria-labelledby="h-own" {
            h2 #h-own { "Files of your own" }
            p { "A pack or an economy of your own is checked, with mistakes shown at the line they are in, and can be kept for the scenario lab." }
            p.ways { a href=(own::OWN) { "Check or keep files of your own" } }
        }
    };
    let lead = html! { p { "What the program knows, from whom, and how sound it is." } };
    Ok(Page::new(Section::Data, "Data", body).lead(lead).undated())
}

/// A table in which the names of one column lead to their pages.
fn leading(table: &acquis_report::Table, column: &str, folder: &str, visit: &Visit) -> Markup {
    acquis_report::html::table_with(table, &|of, text| {
        (of.name == column).then(|| {
            let address = visit.link(&path(["data", folder, text]));
            html! { a href=(address) { (text) } }
        })
    })
}

/// Whose outlines maps are drawn from, and where they differ.
fn maps() -> Markup {
    let outlines = Outlines::built_in();
    let name = |at: usize| {
        outlines
            .viewpoints()
            .get(at)
            .map_or("", |viewpoint| &viewpoint.name)
    };
    html! {
        p {
            "Outlines are those of Natural Earth (public domain), by way of two packages under the \
             ISC and the BSD-3-Clause licence. Where they differ, a map hatches the land, calls it \
             disputed and lets you choose whose borders it shows."
        }
        dl {
            @for dispute in outlines.disputes() {
                dt { (dispute.name) }
                @for (at, code) in dispute.drawn_in.iter().enumerate() {
                    dd { "in " (code) " by " (name(at)) }
                }
            }
        }
    }
}

fn twin(atlas: &Atlas, _: &Visit, _: &Nothing) -> Result<Value, Problem> {
    let outlines = Outlines::built_in();
    let viewpoints: Vec<Value> = outlines
        .viewpoints()
        .iter()
        .map(|viewpoint| json!({ "id": viewpoint.id, "name": viewpoint.name }))
        .collect();
    let disputes: Vec<Value> = outlines
        .disputes()
        .map(|dispute| json!({ "name": dispute.name, "drawn_in": dispute.drawn_in }))
        .collect();
    Ok(json!({
        "packs": to_json(&packs_table(&packs()?)?),
        "economies": to_json(&economy_subject::list(atlas.economies()?)?),
        "maps": { "viewpoints": viewpoints, "disputes": disputes },
    }))
}
