//! A source: what it is, and everything that rests on it.

use acquis_registry::{Registry, Source, SourceId, Sourced as _, nearest};
use acquis_report::{Column, Table};
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::IntoParams;

use super::state::Nothing;
use crate::atlas::Atlas;
use crate::page::{Page, Section};
use crate::part;
use crate::problem::Problem;
use crate::routes::Routes;
use crate::visit::Visit;

pub(super) fn routes() -> Routes {
    Routes::new()
        .ask("/sources", "Every source of the pack", index, index_twin)
        .ask(
            "/sources/{source}",
            "A source, and the acts that it reports",
            page,
            twin,
        )
}

/// Which source.
#[derive(Deserialize, IntoParams)]
struct Asked {
    /// Id of the source
    #[param(example = "vinokurov-2005")]
    source: String,
}

fn find<'r>(registry: &'r Registry, asked: &Asked) -> Result<&'r Source, Problem> {
    registry
        .source(&SourceId::new(&asked.source))
        .ok_or_else(|| {
            let known = registry.sources().map(|source| source.id.as_str());
            let problem = Problem::not_found(format!("There is no source {:?}.", asked.source));
            match nearest(&asked.source, known) {
                Some(near) => problem.meant(near),
                None => problem,
            }
        })
}

/// The acts that a source reports, with what it says of each.
fn reported(atlas: &Atlas, source: &Source) -> Result<Table, Problem> {
    let mut table = Table::new(
        "reported",
        "Acts that it reports",
        vec![
            Column::text("institution", "Organization or agreement"),
            Column::text("act", "Act"),
            Column::text("who", "Who"),
            Column::text("on", "When"),
            Column::text("at", "Where in it"),
            Column::text("rank", "Rank"),
            Column::text("says", "What it says"),
        ],
    );
    for institution in atlas.registry().institutions() {
        for act in &institution.acts {
            for claim in act.claims.iter().filter(|claim| claim.source == source.id) {
                let denies = claim.denies.then(|| "that it did not happen".to_owned());
                let says: Vec<String> = denies.into_iter().chain(claim.says.clone()).collect();
                table.push_row(vec![
                    institution.short_name().into(),
                    act.kind.name().label().into(),
                    act.whom().unwrap_or_else(|| "all".to_owned()).into(),
                    claim.takes_effect().map(ToString::to_string).into(),
                    claim.locator.clone().into(),
                    claim.rank.word().into(),
                    says.join("; ").into(),
                ])?;
            }
        }
    }
    Ok(table)
}

fn page(atlas: &Atlas, visit: &Visit, asked: &Asked) -> Result<Page, Problem> {
    let source = find(atlas.registry(), asked)?;
    let acts = reported(atlas, source)?;
    let body = html! {
        (card(source))
        section #acts-reported {
            (part::table_or(atlas, visit, &acts, "It reports no act."))
        }
        (statements(atlas, visit, source))
    };
    Ok(Page::new(Section::Data, source.title.clone(), body)
        .undated()
        .lead(html! { p.facts { span.code { (source.id) } " · " (source.source_type.label()) } }))
}

fn card(source: &Source) -> Markup {
    let rows = [
        ("Author", source.author.clone()),
        (
            "Published",
            source.published.as_ref().map(ToString::to_string),
        ),
        ("Read", source.accessed.as_ref().map(ToString::to_string)),
        ("Covers", source.covers.as_ref().map(ToString::to_string)),
        ("Address", source.url.clone()),
        ("Remark", source.note.clone()),
    ];
    html! {
        dl.card {
            @for (term, value) in rows {
                @if let Some(value) = value { div { dt { (term) } dd { (value) } } }
            }
        }
    }
}

/// What it says that is no act: statements, instruments, figures.
fn statements(atlas: &Atlas, visit: &Visit, source: &Source) -> Markup {
    let registry = atlas.registry();
    let all = registry
        .statements()
        .map(|it| (it.question.as_str(), &it.claims))
        .chain(
            registry
                .instruments()
                .map(|it| (it.title.as_str(), &it.claims)),
        )
        .chain(
            registry
                .indicators()
                .map(|it| (it.statement.as_str(), &it.claims)),
        );
    let said: Vec<_> = all
        .flat_map(|(about, claims)| claims.iter().map(move |claim| (about, claim)))
        .filter(|(_, claim)| *claim.source() == source.id)
        .collect();
    html! {
        @if !said.is_empty() {
            section #said aria-labelledby="h-said" {
                h2 #h-said { "What else it says" }
                dl.said {
                    @for (about, claim) in &said {
                        dt { (about) }
                        dd { (super::testimony::assertion(visit, claim)) }
                    }
                }
            }
        }
    }
}

fn source_json(source: &Source) -> Value {
    json!({
        "id": source.id,
        "type": source.source_type,
        "title": source.title,
        "author": source.author,
        "published": source.published,
        "accessed": source.accessed,
        "url": source.url,
        "covers": source.covers,
        "note": source.note,
    })
}

fn twin(atlas: &Atlas, _: &Visit, asked: &Asked) -> Result<Value, Problem> {
    let source = find(atlas.registry(), asked)?;
    let mut answer = source_json(source);
    answer["reported"] = acquis_report::json::to_json(&reported(atlas, source)?);
    Ok(answer)
}

fn index(atlas: &Atlas, visit: &Visit, _: &Nothing) -> Result<Page, Problem> {
    let sources: Vec<&Source> = atlas.registry().sources().collect();
    let body = super::testimony::source_list(atlas, visit, sources.iter().map(|it| &it.id));
    Ok(Page::new(Section::Data, "Sources", body).undated())
}

fn index_twin(atlas: &Atlas, _: &Visit, _: &Nothing) -> Result<Value, Problem> {
    let sources: Vec<Value> = atlas.registry().sources().map(source_json).collect();
    Ok(json!({ "sources": sources }))
}
