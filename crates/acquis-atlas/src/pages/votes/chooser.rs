//! The organs and matters to choose from: first those with a rule on the day that is shown.

use maud::{Markup, html};
use serde::Deserialize;

use super::asked::Asked;
use crate::atlas::Atlas;
use crate::page::Page;
use crate::part;
use crate::problem::Problem;
use crate::search::organs::{self, Deciding};
use crate::visit::{Visit, address};

/// What the form sends: the query of a page about votes.
#[derive(Debug, Deserialize)]
pub(super) struct Chosen {
    of: Option<String>,
}

/// Names that a choice may have in its query.
const CHOSEN: [&str; 4] = ["organization", "organ", "matter", "on"];

/// Leads to the page of what was chosen.
pub(super) fn choose(_: &Atlas, visit: &Visit, chosen: &Chosen) -> Result<Page, Problem> {
    let Some(of) = &chosen.of else {
        return Ok(Page::moved(visit.link("/votes")));
    };
    let pairs: Vec<_> = form_urlencoded::parse(of.as_bytes()).collect();
    let pairs = pairs.iter().map(|(name, value)| (&**name, &**value));
    let pairs = pairs.filter(|(name, _)| CHOSEN.contains(name));
    let known = visit
        .of_the_moment()
        .filter(|(name, _)| *name == "known_by");
    Ok(Page::moved(address("/votes", pairs.chain(known))))
}

/// The form with everything that can be chosen.
pub(super) fn form(atlas: &Atlas, visit: &Visit, asked: &Asked) -> Markup {
    let day = visit.moment().on;
    let book = atlas.law(visit.moment().known_by);
    let all = organs::deciding_on(book.law(), day, book.change_days());
    let (now, then): (Vec<Deciding<'_>>, Vec<Deciding<'_>>) =
        all.into_iter().partition(|it| it.day == day);
    html! {
        form.question.choose #choose method="get" action="/votes/choose" {
            (part::moment_fields(visit))
            div.field.of {
                label for="choose-of" { "An organ and what it decides" }
                select #choose-of name="of" {
                    option value="" { "Choose one of " (now.len() + then.len()) }
                    (groups(visit, asked, &now, true))
                    (groups(visit, asked, &then, false))
                }
            }
            button { "Show who decides" }
        }
    }
}

/// A group for each organization.
fn groups(visit: &Visit, asked: &Asked, organs: &[Deciding<'_>], holds: bool) -> Markup {
    let by_organization =
        organs.chunk_by(|left, right| left.institution.id == right.institution.id);
    html! {
        @for of_one in by_organization {
            @let name = of_one[0].institution.short_name_on(visit.moment().on);
            @let label = if holds { name.to_owned() } else { format!("{name}, on other days") };
            optgroup label=(label) {
                @for it in of_one {
                    option value=(query(it)) selected[is_asked(asked, it)] { (words(it, holds)) }
                }
            }
        }
    }
}

fn words(it: &Deciding<'_>, holds: bool) -> String {
    let matter = it
        .matter
        .map_or_else(String::new, |matter| format!(": {matter}"));
    if holds {
        format!("{}{matter}", it.organ)
    } else {
        format!("{}{matter} ({})", it.organ, it.day)
    }
}

/// What the address of its page asks.
fn query(it: &Deciding<'_>) -> String {
    let address = it.address();
    address
        .split_once('?')
        .map_or_else(String::new, |(_, query)| query.to_owned())
}

fn is_asked(asked: &Asked, it: &Deciding<'_>) -> bool {
    let same = |asked: &Option<String>, own: Option<&str>| asked.as_deref() == own;
    asked.rule.is_none()
        && same(&asked.organization, Some(it.institution.id.as_str()))
        && same(&asked.organ, Some(it.organ))
        && same(&asked.matter, it.matter)
}
