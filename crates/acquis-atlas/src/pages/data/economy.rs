//! One economy: its card, its checks, its countries and sectors.

use acquis_economy::{Economy, check};
use acquis_library::builtin;
use acquis_report::json::to_json;
use acquis_report::subject::economy::{card, check as checks, countries};
use acquis_report::{Block, html as report_html};
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
        "/data/economies/{economy}",
        "One economy: its sources, what is estimated in it, and how far its figures are off",
        page,
        twin,
    )
}

/// Which economy.
#[derive(Deserialize, IntoParams)]
struct Asked {
    /// Name of an economy that is built in, such as post-soviet-2004
    #[param(example = "post-soviet-2004")]
    economy: String,
}

impl Asked {
    fn of<'a>(&self, atlas: &'a Atlas) -> Result<&'a Economy, Problem> {
        let all = atlas.economies()?;
        let found = all.iter().find(|economy| economy.card.id == self.economy);
        found.ok_or_else(|| {
            let known = builtin::economies();
            Problem::not_found(format!("No economy {:?} is built in.", self.economy))
                .among(&self.economy, known.iter().map(String::as_str))
        })
    }
}

fn page(atlas: &Atlas, visit: &Visit, asked: &Asked) -> Result<Page, Problem> {
    let economy = asked.of(atlas)?;
    let lead = html! { p.facts { span.code { (economy.card.id) } } };
    let body = about(atlas, visit, economy)?;
    Ok(Page::new(Section::Data, economy.card.title.clone(), body)
        .lead(lead)
        .undated())
}

/// Everything there is to say about an economy.
pub(super) fn about(atlas: &Atlas, visit: &Visit, economy: &Economy) -> Result<Markup, Problem> {
    let sectors: Vec<String> = economy
        .sectors()
        .iter()
        .map(|sector| format!("{} ({})", sector.name, sector.code))
        .collect();
    Ok(html! {
        (report_html::blocks(&[Block::Definitions(card(economy))]))
        section #its-checks aria-labelledby="h-checks" {
            h2 #h-checks { "Its checks" }
            (part::table(atlas, visit, &checks(economy, &check(economy))?))
        }
        section #its-countries aria-labelledby="h-countries" {
            h2 #h-countries { "Its countries" }
            (part::table(atlas, visit, &countries(economy, atlas.registry())?))
        }
        @if sectors.len() > 1 {
            section #its-sectors aria-labelledby="h-sectors" {
                h2 #h-sectors { "Its sectors" }
                ul { @for sector in &sectors { li { (sector) } } }
            }
        }
    })
}

fn twin(atlas: &Atlas, _: &Visit, asked: &Asked) -> Result<Value, Problem> {
    json(atlas, asked.of(atlas)?)
}

/// An economy for programs.
pub(super) fn json(atlas: &Atlas, economy: &Economy) -> Result<Value, Problem> {
    Ok(json!({
        "economy": economy.card.id,
        "title": economy.card.title,
        "card": card(economy).into_iter().map(|(term, value)| json!({ "term": term, "value": value })).collect::<Vec<_>>(),
        "checks": to_json(&checks(economy, &check(economy))?),
        "countries": to_json(&countries(economy, atlas.registry())?),
    }))
}
