//! What changed, what happened, how many speeds.

use acquis_report::json::to_json;
use acquis_report::subject::{duty, history};
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::Value;
use utoipa::IntoParams;

use super::{asked_page, form};
use crate::atlas::Atlas;
use crate::moment::Day;
use crate::page::Page;
use crate::pages::state::Nothing;
use crate::part;
use crate::problem::Problem;
use crate::routes::{Lasting, Routes};
use crate::visit::Visit;

/// A table of speeds has a line for each year, up to so many.
const MOST_YEARS: i16 = 300;

pub(super) fn routes() -> Routes {
    Routes::new()
        .page("/diff", Lasting::Yes, difference_page)
        .twin(
            "/diff",
            "What changed between two days: standings, and stages between states",
            Lasting::Yes,
            difference_twin,
        )
        .page("/timeline", Lasting::Yes, timeline_page)
        .twin(
            "/timeline",
            "The acts of a state, an organization or an agreement, in order",
            Lasting::Yes,
            timeline_twin,
        )
        .page("/speeds", Lasting::Yes, speeds_page)
        .twin(
            "/speeds",
            "How many stages apart the members of an organization are, over the years",
            Lasting::Yes,
            speeds_twin,
        )
}

/// Between which days.
#[derive(Deserialize, IntoParams)]
struct Between {
    /// The first day
    #[param(inline, example = "2009-12-31")]
    from: Day,
    /// The second day
    #[param(inline, example = "2010-01-01")]
    to: Day,
}

impl Between {
    fn checked(self) -> Result<Self, Problem> {
        if self.to < self.from {
            return Err(
                Problem::senseless(format!("{} comes before {}.", self.to, self.from))
                    .advise("Let the first day be the earlier one."),
            );
        }
        Ok(self)
    }
}

pub(super) fn difference_form(visit: &Visit) -> Markup {
    let day = |name| {
        visit
            .value(name)
            .and_then(|text| acquis_registry::EdtfDate::single_day(text).ok())
    };
    form(
        visit,
        "/diff",
        &html! {
            (part::day_field("diff", "from", "From", day("from")))
            (part::day_field("diff", "to", "To", day("to")))
        },
    )
}

fn difference_page(atlas: &Atlas, visit: &Visit, _: &Nothing) -> Result<Page, Problem> {
    let title = "What changed?";
    if !visit.has_all(&["from", "to"]) {
        return Ok(asked_page(atlas, title, &difference_form(visit), None));
    }
    let Between { from, to } = visit.ask::<Between>()?.checked()?;
    let book = atlas.law(visit.moment().known_by);
    let difference = book.law().difference(from.0, to.0);
    let standings = history::standing_changes(&difference, from.0, to.0)?;
    let title_of_stages = format!("Stages that changed from {from} to {to}");
    let stages = history::stage_changes(&difference.stages, &title_of_stages)?;
    let answer = html! {
        (part::table_or(atlas, visit, &standings, &format!("No standing changed from {from} to {to}.")))
        (part::table_or(atlas, visit, &stages, &format!("No stage between two states changed from {from} to {to}.")))
    };
    Ok(asked_page(
        atlas,
        title,
        &difference_form(visit),
        Some(&answer),
    ))
}

fn difference_twin(atlas: &Atlas, visit: &Visit, asked: &Between) -> Result<Value, Problem> {
    let Between { from, to } = Between {
        from: asked.from,
        to: asked.to,
    }
    .checked()?;
    let book = atlas.law(visit.moment().known_by);
    let law = book.law();
    let difference = law.difference(from.0, to.0);
    Ok(history::difference_json(law, &difference, from.0, to.0))
}

/// Of what.
#[derive(Deserialize, IntoParams)]
struct Of {
    /// A state, an organization or an agreement, by code, id or name
    #[param(example = "GUAM")]
    of: String,
}

pub(super) fn timeline_form(visit: &Visit) -> Markup {
    let value = visit.value("of").unwrap_or_default();
    form(
        visit,
        "/timeline",
        &html! {
            (part::text_field("timeline", "of", "State, organization or agreement", value, Some(part::ORGANIZATIONS)))
        },
    )
}

fn timeline_page(atlas: &Atlas, visit: &Visit, _: &Nothing) -> Result<Page, Problem> {
    let title = "What happened?";
    if !visit.has_all(&["of"]) {
        return Ok(asked_page(atlas, title, &timeline_form(visit), None));
    }
    let asked: Of = visit.ask()?;
    let book = atlas.law(visit.moment().known_by);
    let named = atlas.registry().find_named(&asked.of)?;
    let table = history::timeline_of(book.law(), named)?;
    let answer = part::table_or(atlas, visit, &table, "No act is known.");
    Ok(asked_page(
        atlas,
        title,
        &timeline_form(visit),
        Some(&answer),
    ))
}

fn timeline_twin(atlas: &Atlas, visit: &Visit, asked: &Of) -> Result<Value, Problem> {
    let book = atlas.law(visit.moment().known_by);
    let named = atlas.registry().find_named(&asked.of)?;
    Ok(to_json(&history::timeline_of(book.law(), named)?))
}

/// Within what, over which years.
#[derive(Deserialize, IntoParams)]
struct Within {
    /// The organization or agreement
    #[param(example = "CIS")]
    organization: String,
    /// The first year; 1992 if left out
    from: Option<i16>,
    /// The last year; 2020 if left out
    to: Option<i16>,
}

impl Within {
    fn years(&self) -> Result<std::ops::RangeInclusive<i16>, Problem> {
        let (from, to) = (self.from.unwrap_or(1992), self.to.unwrap_or(2020));
        if to < from {
            return Err(Problem::senseless(format!("{to} comes before {from}."))
                .advise("Let the first year be the earlier one."));
        }
        if i32::from(to) - i32::from(from) >= i32::from(MOST_YEARS) {
            return Err(
                Problem::senseless(format!("Those are more than {MOST_YEARS} years."))
                    .advise("Ask for fewer."),
            );
        }
        Ok(from..=to)
    }
}

pub(super) fn speeds_form(visit: &Visit) -> Markup {
    let value = |name, usual| visit.value(name).unwrap_or(usual);
    form(
        visit,
        "/speeds",
        &html! {
            (part::text_field("speeds", "organization", "Organization or agreement", value("organization", ""), Some(part::ORGANIZATIONS)))
            (part::year_field("speeds", "from", "From", value("from", "1992")))
            (part::year_field("speeds", "to", "To", value("to", "2020")))
        },
    )
}

fn speeds_page(atlas: &Atlas, visit: &Visit, _: &Nothing) -> Result<Page, Problem> {
    let title = "How many speeds?";
    if !visit.has_all(&["organization"]) {
        return Ok(asked_page(atlas, title, &speeds_form(visit), None));
    }
    let answer = speeds_table(atlas, visit, &visit.ask()?)?;
    let answer = part::table(atlas, visit, &answer);
    Ok(asked_page(atlas, title, &speeds_form(visit), Some(&answer)))
}

fn speeds_twin(atlas: &Atlas, visit: &Visit, asked: &Within) -> Result<Value, Problem> {
    Ok(to_json(&speeds_table(atlas, visit, asked)?))
}

fn speeds_table(
    atlas: &Atlas,
    visit: &Visit,
    asked: &Within,
) -> Result<acquis_report::Table, Problem> {
    let book = atlas.law(visit.moment().known_by);
    let institution = atlas.registry().find_institution(&asked.organization)?;
    Ok(duty::yearly_speeds(
        book.law(),
        institution,
        asked.years()?,
    )?)
}
