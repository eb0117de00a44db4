//! What sources say in numbers, computed again from the data that are built in; and where
//! they disagree.

use acquis_report::chart::Chart as _;
use acquis_report::subject::dispute;
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
    Routes::new()
        .ask(
            "/claims",
            "What sources say in numbers, and what the data built in give for it",
            page,
            twin,
        )
        .picture("/claims/deviations.svg", picture)
}

/// How the figures are computed again.
#[derive(Deserialize, IntoParams)]
struct Asked {
    /// How much gas is sold in a year, in the unit that its price is for (thousand cubic
    /// metres): a gap in price then becomes a yearly sum
    volume: Option<f64>,
}

impl Asked {
    /// The volume, if it is a number that can be sold.
    fn volume(&self) -> Result<Option<f64>, Problem> {
        match self.volume {
            Some(volume) if !(volume.is_finite() && volume > 0.0) => {
                let what = format!("A volume of {volume} can't be sold.");
                Err(Problem::senseless(what).advise("Give a number above nought, or none."))
            }
            volume => Ok(volume),
        }
    }
}

fn page(atlas: &Atlas, visit: &Visit, asked: &Asked) -> Result<Page, Problem> {
    let volume = asked.volume()?;
    let book = atlas.law(visit.moment().known_by);
    let view = book.law().view();
    let (indicators, almanac) = (view.indicators(), atlas.almanac()?);
    let tally = dispute::tally(&indicators, almanac, volume);
    let figures = dispute::figures(&indicators, almanac, volume)?;
    let deviations = dispute::deviations(&indicators, almanac, volume)?;
    let conflicts = dispute::conflicts("Known conflicts", &view.conflicts())?;
    let save = visit.link("/claims/deviations.svg");
    let body = html! {
        (in_short(tally))
        section #all-figures aria-labelledby="h-figures" {
            h2 #h-figures { "Figures, computed again" }
            @if tally.hold + tally.differ > 0 { (part::picture(deviations.figure(), Some(&save))) }
            (volume_form(visit, asked.volume))
            (part::table_or(atlas, visit, &figures, "No source gives a figure."))
        }
        section #known-conflicts aria-labelledby="h-conflicts" {
            h2 #h-conflicts { "Where sources disagree" }
            (part::table_or(atlas, visit, &conflicts, "No conflict is known."))
            p.ways { a href=(visit.link("/conflicts")) { "Every conflict in full" } }
        }
    };
    let lead = html! {
        p { "What the literature asserts in numbers, and what the data say. A figure that can't be checked says why." }
    };
    Ok(Page::new(Section::Claims, "Claims", body).lead(lead))
}

fn in_short(tally: dispute::Tally) -> Markup {
    let figures = [
        (tally.hold, "hold: computed again, they come out the same"),
        (tally.differ, "differ from what the data give"),
        (tally.follow, "follow from the sources' own numbers"),
        (tally.unchecked, "can't be checked"),
    ];
    html! {
        ul.key-figures #in-short {
            @for (count, words) in figures {
                li { span.key-value { (count) } span.key-label { (words) } }
            }
        }
    }
}

fn volume_form(visit: &Visit, volume: Option<f64>) -> Markup {
    let value = volume.map_or_else(String::new, |volume| volume.to_string());
    html! {
        form.ask method="get" action="/claims" {
            (part::moment_fields(visit))
            div.field {
                label for="field-volume" { "Gas sold in a year, thousand m³" }
                input #field-volume type="number" name="volume" min="0" step="any" value=(value)
                    aria-describedby="volume-why";
                p.hint #volume-why { "A gap between two prices then becomes a yearly sum." }
            }
            button { "Compute" }
        }
    }
}

fn twin(atlas: &Atlas, visit: &Visit, asked: &Asked) -> Result<Value, Problem> {
    let volume = asked.volume()?;
    let book = atlas.law(visit.moment().known_by);
    let (indicators, almanac) = (book.law().view().indicators(), atlas.almanac()?);
    Ok(json!({
        "tally": dispute::tally(&indicators, almanac, volume),
        "claims": dispute::figures_json(&indicators, almanac, volume),
    }))
}

fn picture(atlas: &Atlas, visit: &Visit, asked: &Asked) -> Result<String, Problem> {
    let volume = asked.volume()?;
    let book = atlas.law(visit.moment().known_by);
    let chart = dispute::deviations(&book.law().view().indicators(), atlas.almanac()?, volume)?;
    Ok(chart.svg())
}
