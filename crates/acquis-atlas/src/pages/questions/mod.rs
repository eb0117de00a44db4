//! Every question of the command line as a page: a form, and below it the answer.

mod binding;
mod dispute;
pub(crate) mod scenarios;
mod time;

use maud::{Markup, html};

use super::state::Nothing;
use crate::atlas::Atlas;
use crate::page::{Page, Section};
use crate::part;
use crate::problem::Problem;
use crate::routes::{Lasting, Routes};
use crate::visit::Visit;

pub(super) fn routes() -> Routes {
    Routes::new()
        .page("/questions", Lasting::Yes, index)
        .and(time::routes())
        .and(binding::routes())
        .and(dispute::routes())
}

/// All of them on one page, each with its form.
fn index(atlas: &Atlas, visit: &Visit, _: &Nothing) -> Result<Page, Problem> {
    let block = |title: &str, what: &str, form: Markup| {
        html! { section.ask { h2 { (title) } p { (what) } (form) } }
    };
    let body = html! {
        div.asks {
            (block("What changed?", "Between two days: standings, and stages between states.", time::difference_form(visit)))
            (block("What happened?", "The acts of a state, an organization or an agreement, in order.", time::timeline_form(visit)))
            (block("Between two states", "The stage at three grades, why, and how it came about.", pair_form(visit)))
            (block("What binds a state?", "Each obligation, and towards whom it is owed.", binding::obligations_form(visit)))
            (block("What would leaving end?", "What ends, what survives, and which stages would change.", binding::leave_form(visit)))
            (block("Where do two overlap?", "Who is in both of two organizations, and what both are about.", binding::overlap_form(visit)))
            (block("How many speeds?", "How many stages apart the members of an organization are, over the years.", time::speeds_form(visit)))
            (block("What can't both be kept?", "Commitments that exclude each other, with the rule and its legal basis.", binding::incompatible_form(visit)))
            (block("Where do sources disagree?", "The known conflicts, which claim is used, and why.", html! {
                p { a href=(visit.link("/conflicts")) { "All conflicts" } }
            }))
        }
        (part::lists(atlas.registry()))
    };
    Ok(Page::new(Section::Questions, "Questions", body)
        .lead(
            html! { p { "Everything that can be asked of the law, one form for each question." } },
        )
        .without_twin())
}

fn pair_form(visit: &Visit) -> Markup {
    form(
        visit,
        "/pairs",
        &html! {
            (part::text_field("pair", "first", "One state", "", Some(part::STATES)))
            (part::text_field("pair", "second", "The other", "", Some(part::STATES)))
        },
    )
}

/// A form that asks at the moment of the visit.
fn form(visit: &Visit, action: &str, fields: &Markup) -> Markup {
    html! {
        form.question method="get" action=(action) {
            (part::moment_fields(visit))
            (fields)
            button { "Ask" }
        }
    }
}

/// A page with its form, and the answer once everything was asked that has to be.
fn asked_page(atlas: &Atlas, title: &str, form: &Markup, answer: Option<&Markup>) -> Page {
    let page = Page::new(
        Section::Questions,
        title,
        html! {
            (form)
            (part::lists(atlas.registry()))
            @if let Some(answer) = answer { section #answer { (answer) } }
        },
    );
    if answer.is_some() {
        page
    } else {
        page.without_twin()
    }
}
