//! One pack: its card, what it holds, when things happened in it, its sources, its checks.

use acquis_law::Law;
use acquis_library::builtin;
use acquis_registry::{EdtfDate, Findings, Registry};
use acquis_report::chart::{Chart as _, TimeSpan};
use acquis_report::json::to_json;
use acquis_report::subject::pack::{Holdings, findings, findings_json, sources};
use acquis_report::subject::picture::changes;
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::IntoParams;

use crate::atlas::Atlas;
use crate::page::{Page, Section};
use crate::part;
use crate::problem::Problem;
use crate::routes::Routes;
use crate::visit::Visit;

pub(super) fn routes() -> Routes {
    Routes::new().ask(
        "/data/packs/{pack}",
        "One pack: what it holds, its sources, and what is wrong with it",
        page,
        twin,
    )
}

/// Which pack.
#[derive(Deserialize, IntoParams)]
struct Asked {
    /// Name of a pack that is built in, such as post-soviet
    #[param(example = "post-soviet")]
    pack: String,
}

impl Asked {
    fn registry(&self) -> Result<(Registry, Findings), Problem> {
        let files = builtin::pack(&self.pack).ok_or_else(|| {
            let known = builtin::packs();
            Problem::not_found(format!("No pack {:?} is built in.", self.pack))
                .among(&self.pack, known.iter().map(String::as_str))
        })?;
        let loaded = Registry::load(&files)?;
        let findings = law_findings(&loaded.registry, loaded.warnings);
        Ok((loaded.registry, findings))
    }
}

/// What was found in the form of a pack, and what is found in its law.
pub(super) fn law_findings(registry: &Registry, mut findings: Findings) -> Findings {
    findings.extend(acquis_law::check(&Law::new(registry.view())));
    findings.sorted()
}

fn page(atlas: &Atlas, visit: &Visit, asked: &Asked) -> Result<Page, Problem> {
    let (registry, found) = asked.registry()?;
    let card = registry.card();
    let body = about(atlas, visit, &registry, &found)?;
    let lead = html! {
        p.facts {
            span.code { (asked.pack) }
            @if let Some(covers) = &card.covers { " · " (covers) }
            @if let Some(licence) = &card.licence { " · " (licence) }
        }
    };
    Ok(Page::new(Section::Data, card.title.clone(), body)
        .lead(lead)
        .undated())
}

/// Everything there is to say about a pack.
pub(super) fn about(
    atlas: &Atlas,
    visit: &Visit,
    registry: &Registry,
    found: &Findings,
) -> Result<Markup, Problem> {
    let law = Law::new(registry.view());
    Ok(html! {
        p { (registry.card().description) }
        p.facts { (Holdings::of(registry).words()) "." }
        section #time aria-labelledby="h-time" {
            h2 #h-time { "When its law changed" }
            (strip(visit, registry, &law)?)
        }
        section #its-checks aria-labelledby="h-checks" {
            h2 #h-checks { "Its checks" }
            (part::table_or(atlas, visit, &findings(found)?, "Nothing is wrong with it."))
        }
        section #its-sources aria-labelledby="h-sources" {
            h2 #h-sources { "Its sources" }
            (part::table(atlas, visit, &sources(registry)?))
        }
    })
}

/// The days on which its acts took effect, over the years that it covers.
fn strip(visit: &Visit, registry: &Registry, law: &Law<'_>) -> Result<Markup, Problem> {
    let days = law.change_days();
    let covers = registry.card().covers.as_ref();
    let from = covers
        .and_then(EdtfDate::first_day)
        .or_else(|| days.first().copied());
    let to = covers
        .and_then(EdtfDate::last_day)
        .or_else(|| days.last().copied());
    let span = from
        .zip(to)
        .and_then(|(from, to)| TimeSpan::new(from, to).ok());
    let Some(span) = span else {
        return Ok(html! { p.none { "No day of it is known." } });
    };
    let strip = changes(law, span, visit.moment().on, &|_| None)?;
    Ok(part::picture(strip.figure(), None))
}

fn twin(_: &Atlas, _: &Visit, asked: &Asked) -> Result<Value, Problem> {
    let (registry, found) = asked.registry()?;
    json(&asked.pack, &registry, &found)
}

/// A pack for programs, under the name that it is asked for by.
pub(super) fn json(name: &str, registry: &Registry, found: &Findings) -> Result<Value, Problem> {
    let card = registry.card();
    Ok(json!({
        "pack": name,
        "title": card.title,
        "description": card.description,
        "covers": card.covers.as_ref().map(ToString::to_string),
        "licence": card.licence,
        "holds": Holdings::of(registry),
        "sources": to_json(&sources(registry)?),
        "checks": findings_json(found),
    }))
}
