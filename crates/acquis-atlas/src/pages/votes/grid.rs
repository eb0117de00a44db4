//! The form of a rule in rows. Fields that a count has no use for are hidden by the style alone.

use maud::{Markup, html};

use super::compose::{Form, PATH};
use super::rows::{Count, Join, Kind, MOST_COUNTS, MOST_ROWS, Mistake, Row};
use crate::atlas::Atlas;
use crate::glossary::term;
use crate::part;

/// The field of a mistake that is one of the rule as a whole.
pub(super) const WHOLE: &str = "rows";

/// The form.
pub(super) fn form(atlas: &Atlas, form: &Form<'_>) -> Markup {
    let composition = form.composition;
    html! {
        form.compose #compose method="get" action=(PATH) {
            // What the key Enter does in a field.
            button.unseen name="do" value="count" tabindex="-1" aria-hidden="true" { "Count" }
            @for (name, value) in &form.kept { input type="hidden" name=(name) value=(value); }
            input type="hidden" name="rows" value=(composition.rows.len());
            input type="hidden" name="counts" value=(composition.counts.len());
            (alert(form.mistakes))
            fieldset.members {
                legend { "Who votes" }
                (rows(atlas, form))
                @if composition.rows.len() < MOST_ROWS {
                    button name="do" value="add" { "Add a row" }
                }
            }
            @for (place, count) in composition.counts.iter().enumerate() {
                (self::count(form, place + 1, count))
            }
            p.go {
                button.primary name="do" value="count" { "Count" }
                @if composition.counts.len() < MOST_COUNTS {
                    button name="do" value="join" { "Join another criterion" }
                }
                button name="do" value="look" { "Show how it reads" }
            }
        }
    }
}

fn alert(mistakes: &[Mistake]) -> Markup {
    html! {
        @if !mistakes.is_empty() {
            div.problem #wrong role="alert" {
                p.what { "It can't be counted yet." }
                ul {
                    @for mistake in mistakes {
                        li {
                            @if mistake.field == WHOLE { (mistake.sentence) }
                            @else { a href={ "#compose-" (mistake.field) } { (mistake.sentence) } }
                        }
                    }
                }
            }
        }
    }
}

fn rows(atlas: &Atlas, form: &Form<'_>) -> Markup {
    let counts = &form.composition.counts;
    html! {
        div.table-scroll role="region" tabindex="0" aria-label="Members with their votes" {
            table.rows {
                caption.unseen { "Members with their votes" }
                thead {
                    tr {
                        th scope="col" { "Member" }
                        @for place in 1..=counts.len() {
                            th.figure.{ "column" (place) } scope="col" {
                                @if counts.len() == 1 { "Votes" } @else { "Votes, " (ordinal(place)) }
                            }
                        }
                        th scope="col" { (term("Veto")) }
                        th scope="col" { span.unseen { "Remove" } }
                    }
                }
                tbody {
                    @for (place, row) in form.composition.rows.iter().enumerate() {
                        (self::row(atlas, form, place + 1, row))
                    }
                }
            }
        }
    }
}

fn row(atlas: &Atlas, form: &Form<'_>, place: usize, row: &Row) -> Markup {
    let whose = if row.name.is_empty() {
        format!("member {place}")
    } else {
        row.name.clone()
    };
    let state = atlas.registry().find_state(&row.name).ok();
    let full = state
        .map(acquis_registry::State::name)
        .filter(|name| *name != row.name);
    html! {
        tr {
            td {
                (input(form, &format!("name{place}"), &row.name, &format!("Name of member {place}"), Some(part::STATES)))
                @if let Some(full) = full { " " span.full { (full) } }
            }
            @for count in 1..=form.composition.counts.len() {
                td.figure.{ "column" (count) } {
                    @let votes = row.votes.get(count - 1).map_or("", String::as_str);
                    @let label = format!("Votes of {whose}, {} criterion", ordinal(count));
                    (input(form, &format!("votes{place}.{count}"), votes, &label, None))
                }
            }
            td.veto {
                input type="checkbox" name={ "veto" (place) } value="yes" checked[row.has_veto]
                    aria-label={ "Veto of " (whose) };
            }
            td {
                @if form.composition.rows.len() > 1 {
                    button.quiet name="do" value={ "remove" (place) }
                        aria-label={ "Remove " (whose) } title={ "Remove " (whose) } { "×" }
                }
            }
        }
    }
}

const fn ordinal(place: usize) -> &'static str {
    match place {
        1 => "first",
        2 => "second",
        3 => "third",
        _ => "fourth",
    }
}

/// A field of text with its label in words only, and with what is wrong in it below.
fn input(form: &Form<'_>, name: &str, value: &str, label: &str, list: Option<&str>) -> Markup {
    let is_votes = name.starts_with("votes");
    html! {
        input id={ "compose-" (name) } type="text" name=(name) value=(value) aria-label=(label)
            list=[list] autocomplete="off" maxlength="80" inputmode=[is_votes.then_some("decimal")]
            autofocus[form.next == Some(name)]
            aria-invalid=[wrong(form, name).map(|_| "true")]
            aria-describedby=[wrong(form, name).map(|_| format!("wrong-{name}"))];
        (told(form, name))
    }
}

fn wrong<'f>(form: &Form<'f>, name: &str) -> Option<&'f Mistake> {
    form.mistakes.iter().find(|mistake| mistake.field == name)
}

fn told(form: &Form<'_>, name: &str) -> Markup {
    html! {
        @if let Some(mistake) = wrong(form, name) {
            p.error id={ "wrong-" (name) } { (mistake.sentence) }
        }
    }
}

/// What one count counts, and how much is needed.
fn count(form: &Form<'_>, place: usize, count: &Count) -> Markup {
    let several = form.composition.counts.len() > 1;
    let named = |name: &str| format!("{name}{place}");
    let kinds = Kind::ALL.iter().map(|kind| (kind.word(), kind.label()));
    html! {
        fieldset.criterion {
            legend { "What is needed" @if several { ", " (ordinal(place)) } }
            @if place > 1 {
                @let word = if count.joins == Join::Or { "or" } else { "and" };
                (choice(form, &named("join"), "Joined by", [("and", "and: both are needed"), ("or", "or: one suffices")], word))
            }
            (choice(form, &named("kind"), "Counted", kinds, count.kind.word()))
            div.least {
                @let word = if count.more { "more" } else { "least" };
                (choice(form, &named("least"), "Needed", [("least", "at least"), ("more", "more than")], word))
            }
            div.quota { (text(form, &named("quota"), "Quota", &count.quota, "7, 2/3 or 80%")) }
            div.year { (text(form, &named("year"), "Year", &count.year, "2014")) }
            div.year { (text(form, &named("from"), "No share below", &count.floor, "5%")) }
            div.year { (text(form, &named("to"), "No share above", &count.cap, "40%")) }
            div.cast {
                label.check {
                    input type="checkbox" name=(named("cast")) value="yes" checked[count.cast];
                    " of the votes cast: who abstains doesn't count"
                }
            }
            @if several {
                div { button.quiet name="do" value=(named("part")) { "Take this criterion away" } }
            }
        }
    }
}

fn text(form: &Form<'_>, name: &str, label: &str, value: &str, example: &str) -> Markup {
    html! {
        div.field {
            label for={ "compose-" (name) } { (label) }
            input id={ "compose-" (name) } type="text" name=(name) value=(value) placeholder=(example)
                autocomplete="off" maxlength="40" autofocus[form.next == Some(name)]
                aria-invalid=[wrong(form, name).map(|_| "true")]
                aria-describedby=[wrong(form, name).map(|_| format!("wrong-{name}"))];
            (told(form, name))
        }
    }
}

fn choice<'c>(
    form: &Form<'_>,
    name: &str,
    label: &str,
    choices: impl IntoIterator<Item = (&'c str, &'c str)>,
    chosen: &str,
) -> Markup {
    html! {
        div.field {
            label for={ "compose-" (name) } { (label) }
            select id={ "compose-" (name) } name=(name) autofocus[form.next == Some(name)] {
                @for (word, shown) in choices {
                    option value=(word) selected[word == chosen] { (shown) }
                }
            }
        }
    }
}
