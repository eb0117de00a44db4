//! Where sources disagree, and which claim is used.

use acquis_registry::KnownConflict;
use acquis_report::subject::dispute;
use maud::html;
use serde::Deserialize;
use serde_json::Value;
use utoipa::IntoParams;

use crate::atlas::Atlas;
use crate::names::source_path;
use crate::page::{Page, Section};
use crate::pages::state::Nothing;
use crate::part;
use crate::problem::Problem;
use crate::routes::Routes;
use crate::visit::Visit;

pub(super) fn routes() -> Routes {
    Routes::new()
        .ask(
            "/conflicts",
            "Where sources disagree, by kind, and which claim is used",
            page,
            twin,
        )
        .ask(
            "/conflicts/{conflict}",
            "One conflict in full: what each source says, which claim is used, and why",
            one_page,
            one_twin,
        )
}

/// Which conflict.
#[derive(Deserialize, IntoParams)]
struct Asked {
    /// Id of the conflict, such as K05
    #[param(example = "K05")]
    conflict: String,
}

fn page(atlas: &Atlas, visit: &Visit, _: &Nothing) -> Result<Page, Problem> {
    let book = atlas.law(visit.moment().known_by);
    let mut conflicts = book.law().view().conflicts();
    conflicts.sort_by(|left, right| {
        (left.conflict.kind, &left.conflict.id).cmp(&(right.conflict.kind, &right.conflict.id))
    });
    let title = format!(
        "Where the sources of {} disagree",
        atlas.registry().card().title
    );
    let table = dispute::conflicts(&title, &conflicts)?;
    Ok(Page::new(
        Section::Questions,
        "Where do sources disagree?",
        part::table_or(atlas, visit, &table, "No conflict is known."),
    ))
}

fn twin(atlas: &Atlas, visit: &Visit, _: &Nothing) -> Result<Value, Problem> {
    let book = atlas.law(visit.moment().known_by);
    Ok(dispute::conflicts_json(&book.law().view().conflicts()))
}

fn one<'r>(mut conflicts: Vec<KnownConflict<'r>>, id: &str) -> Result<KnownConflict<'r>, Problem> {
    let place = conflicts
        .iter()
        .position(|known| known.conflict.id.eq_ignore_ascii_case(id));
    place
        .map(|place| conflicts.swap_remove(place))
        .ok_or_else(|| {
            let known = conflicts.iter().map(|known| known.conflict.id.as_str());
            Problem::not_found(format!("There is no conflict {id:?}.")).among(id, known)
        })
}

fn one_page(atlas: &Atlas, visit: &Visit, asked: &Asked) -> Result<Page, Problem> {
    let book = atlas.law(visit.moment().known_by);
    let known = one(book.law().view().conflicts(), &asked.conflict)?;
    let mut by_subject: Vec<(String, Vec<dispute::Position>)> = Vec::new();
    for position in dispute::positions(&known) {
        match by_subject.last_mut() {
            Some((about, positions)) if *about == position.about => positions.push(position),
            _ => by_subject.push((position.about.clone(), vec![position])),
        }
    }
    let body = html! {
        @for (about, positions) in &by_subject {
            h2 { (about) }
            ul.testimonies {
                @for position in positions {
                    @let word = if position.in_use { "in use" } else if position.rank == "deprecated" { "set aside" } else { "not used" };
                    li class={ "said " (word.replace(' ', "-")) } {
                        span.word { (word) } " "
                        a href=(visit.link(&source_path(&acquis_registry::SourceId::new(&position.source)))) { (position.source) }
                        @if let Some(locator) = &position.locator { ", " (locator) }
                        ": " (position.says)
                        @if let Some(reason) = &position.reason { " " span.reason { "(" (reason) ")" } }
                    }
                }
            }
        }
        @if let Some(note) = &known.conflict.note { (part::notice(&html! { (note) })) }
        p.ways { a href=(visit.link("/conflicts")) { "All conflicts" } }
    };
    Ok(
        Page::new(Section::Questions, known.conflict.question.clone(), body).lead(html! {
            p.facts { span.code { (known.conflict.id) } " · " (known.conflict.kind.label()) }
        }),
    )
}

fn one_twin(atlas: &Atlas, visit: &Visit, asked: &Asked) -> Result<Value, Problem> {
    let book = atlas.law(visit.moment().known_by);
    let known = one(book.law().view().conflicts(), &asked.conflict)?;
    let mut list = dispute::conflicts_json(std::slice::from_ref(&known));
    Ok(list[0].take())
}
