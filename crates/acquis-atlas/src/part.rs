//! What pages are put together from: tables whose names lead on, pictures, proofs that open,
//! drawers, fields, notices, and the control of the moment.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use acquis_law::{Proof, Testimony};
use acquis_registry::{Registry, SourceId};
use acquis_report::chart::BORDERS;
use acquis_report::{Column, Table, html as report_html};
use jiff::civil::Date;
use maud::{Markup, html};

use crate::atlas::Atlas;
use crate::glossary::{self, term};
use crate::names::{institution_path, state_path};
use crate::visit::Visit;

/// Columns in which words of the field stand.
const OF_WORDS: [&str; 7] = [
    "stage", "before", "after", "grade", "standing", "flags", "act",
];
/// Columns in which names stand that lead to a page.
const OF_NAMES: [&str; 14] = [
    "institution",
    "party",
    "code",
    "state",
    "name",
    "through",
    "by",
    "towards",
    "sources",
    "source",
    "who",
    "first",
    "second",
    "in_use",
];

/// A table as the reports show it, in which names lead to their pages and words of the field
/// to their meaning.
pub(crate) fn table(atlas: &Atlas, visit: &Visit, table: &Table) -> Markup {
    report_html::table_with(table, &|column: &Column, text: &str| {
        dressed(atlas, visit, column, text)
    })
}

/// The same with a place to lead to in each row: the words of `column` get the id that `mark`
/// makes of them.
pub(crate) fn table_with_marks(
    atlas: &Atlas,
    visit: &Visit,
    table: &Table,
    column: &str,
    mark: &dyn Fn(&str) -> String,
) -> Markup {
    report_html::table_with(table, &|of: &Column, text: &str| {
        let words = dressed(atlas, visit, of, text);
        if of.name != column {
            return words;
        }
        Some(html! {
            span id=(mark(text)) { @match words { Some(words) => (words), None => (text) } }
        })
    })
}

/// The same with the meaning of every word of a group of the glossary, where it stands: at the
/// head of a column, and in a note.
pub(crate) fn table_explained(atlas: &Atlas, visit: &Visit, table: &Table, group: &str) -> Markup {
    let dress = Explained {
        atlas,
        visit,
        group,
    };
    report_html::table_dressed(table, &dress)
}

struct Explained<'a> {
    atlas: &'a Atlas,
    visit: &'a Visit,
    group: &'a str,
}

impl report_html::Dress for Explained<'_> {
    fn cell(&self, column: &Column, text: &str) -> Option<Markup> {
        let of_it = || glossary::find_in(text, self.group).map(|_| term(text));
        dressed(self.atlas, self.visit, column, text).or_else(of_it)
    }

    fn head(&self, column: &Column) -> Option<Markup> {
        glossary::find_in(&column.header, self.group).map(|_| term(&column.header))
    }

    fn note(&self, note: &str) -> Option<Markup> {
        Some(glossary::explained(note, self.group))
    }
}

/// The words of a cell, where they lead somewhere or have a meaning.
fn dressed(atlas: &Atlas, visit: &Visit, column: &Column, text: &str) -> Option<Markup> {
    let name = column.name.as_str();
    if OF_WORDS.contains(&name) {
        return words(text);
    }
    if !OF_NAMES.contains(&name) {
        return None;
    }
    atlas.names().linked(visit, text).or_else(|| {
        // A source with its place in it: "vinokurov-2005, l. 105".
        let (source, place) = text.split_once(", ")?;
        let path = atlas.names().path(source)?;
        Some(html! { a href=(visit.link(path)) { (source) } ", " (place) })
    })
}

/// The words of the field in a cell, each with its meaning.
fn words(text: &str) -> Option<Markup> {
    if glossary::find(text).is_some() {
        return Some(term(text));
    }
    let parts: Vec<&str> = text.split(", ").collect();
    let known = parts.iter().all(|part| glossary::find(part).is_some());
    (known && parts.len() > 1).then(|| {
        html! {
            @for (place, part) in parts.iter().enumerate() {
                @if place > 0 { ", " }
                (term(part))
            }
        }
    })
}

/// A table, or a sentence where it has no rows.
pub(crate) fn table_or(atlas: &Atlas, visit: &Visit, set: &Table, none: &str) -> Markup {
    if set.is_empty() {
        html! { p.none { (none) } }
    } else {
        table(atlas, visit, set)
    }
}

/// Something that opens when it is asked for.
pub(crate) fn drawer(id: &str, summary: &str, count: Option<usize>, body: &Markup) -> Markup {
    html! {
        details.drawer id=(id) {
            summary {
                (summary)
                @if let Some(count) = count { " " span.count { (count) } }
            }
            div.drawn { (body) }
        }
    }
}

/// Proofs as a tree that opens, down to what each source says. `under` is an id: what opens has
/// an id below it that is the same on every day on which the statement is, so that it stays open
/// when the day moves.
pub(crate) fn proofs(visit: &Visit, registry: &Registry, under: &str, proofs: &[Proof]) -> Markup {
    html! {
        ul.proof {
            @for (id, proof) in ids_below(under, proofs).iter().zip(proofs) {
                li { (proof_node(visit, registry, id, proof)) }
            }
        }
    }
}

/// An id for each proof, by what it states; those that state the same are counted.
fn ids_below(under: &str, proofs: &[Proof]) -> Vec<String> {
    let mut known: BTreeMap<u64, usize> = BTreeMap::new();
    let ids = proofs.iter().map(|proof| {
        let mut hasher = DefaultHasher::new();
        proof.statement.hash(&mut hasher);
        let short = hasher.finish() >> 32;
        let count = known.entry(short).or_default();
        *count += 1;
        match *count {
            1 => format!("{under}-{short:08x}"),
            count => format!("{under}-{short:08x}.{count}"),
        }
    });
    ids.collect()
}

fn proof_node(visit: &Visit, registry: &Registry, id: &str, proof: &Proof) -> Markup {
    let Some(evidence) = &proof.act else {
        return html! {
            @if proof.because.is_empty() {
                p { (proof.statement) }
            } @else {
                details id=(id) {
                    summary { (proof.statement) @if proof.is_contested() { " " span.contested { "contested" } } }
                    (proofs(visit, registry, id, &proof.because))
                }
            }
        };
    };
    html! {
        details id=(id) {
            summary { (proof.statement) @if evidence.contested { " " span.contested { "contested" } } }
            ul.testimonies {
                (testimony(visit, registry, &evidence.claim, "in use"))
                @for other in &evidence.others {
                    @let word = match (other.rank.as_str(), other.agrees) {
                        ("deprecated", _) => "set aside",
                        (_, true) => "agrees",
                        (_, false) => "disagrees",
                    };
                    (testimony(visit, registry, other, word))
                }
            }
        }
        @if !proof.because.is_empty() { (proofs(visit, registry, id, &proof.because)) }
    }
}

/// What one source says. It leads to the page of the source where there is one: a scenario may
/// stand on facts of its own.
fn testimony(visit: &Visit, registry: &Registry, said: &Testimony, word: &str) -> Markup {
    let has_page = registry.source(&SourceId::new(&said.source)).is_some();
    let page = crate::visit::path(["sources", said.source.as_str()]);
    let mut says: Vec<String> = Vec::new();
    if said.denies {
        says.push("it did not happen".to_owned());
    }
    says.extend(said.on.clone());
    says.extend(
        said.effect
            .as_ref()
            .map(|day| format!("with effect from {day}")),
    );
    says.extend(said.stage.as_ref().map(|stage| format!("stage: {stage}")));
    says.extend(said.says.clone());
    html! {
        li class={ "said " (word.replace(' ', "-")) } {
            span.word { (word) } " "
            @if has_page {
                a href=(visit.link(&page)) title=(said.citation) { (said.source) }
            } @else {
                span title=(said.citation) { (said.source) }
            }
            @if let Some(locator) = &said.locator { ", " (locator) }
            @if !says.is_empty() { ": " (says.join("; ")) }
            @if let Some(reason) = &said.reason { " " span.reason { "(" (reason) ")" } }
        }
    }
}

/// The mark of what is contested: a shape, a word and an explanation.
pub(crate) fn contested_mark() -> Markup {
    html! { span.contested { (term("contested")) } }
}

/// A sentence that wants to be seen.
pub(crate) fn notice(text: &Markup) -> Markup {
    html! { div.notice role="note" { p { (text) } } }
}

/// A picture as it stands in a page, with the way to keep it as a file.
pub(crate) fn picture(block: acquis_report::Block, file: Option<&str>) -> Markup {
    html! {
        div.picture {
            (report_html::blocks(&[block]))
            @if let Some(file) = file { (save(file)) }
        }
    }
}

/// The way to keep a picture as a file.
pub(crate) fn save(file: &str) -> Markup {
    html! { p.save { a href=(file) download { "Save this picture (SVG)" } } }
}

/// The hidden fields that keep the moment in a form that asks for something else.
pub(crate) fn moment_fields(visit: &Visit) -> Markup {
    html! {
        @for (name, value) in visit.of_the_moment() {
            input type="hidden" name=(name) value=(value);
        }
    }
}

/// The control of the moment: a day, and what was known by another. A plain form; a script
/// adds the slider.
pub(crate) fn moment_control(atlas: &Atlas, visit: &Visit) -> Markup {
    let moment = visit.moment();
    let law = atlas.law(moment.known_by);
    let (before, after) = law.changes_around(moment.on);
    html! {
        form.moment #moment method="get" action=(visit.path()) {
            @for (name, value) in visit.beside_the_moment() {
                input type="hidden" name=(name) value=(value);
            }
            div.field {
                label for="on" { "On" }
                input #on type="date" name="on" value=(moment.on) required;
            }
            div.steps role="group" aria-label="Days on which something changed" {
                (step(visit, before, "‹", "previous change"))
                (step(visit, after, "›", "next change"))
            }
            div.field {
                label for="known_by" { "As known by" }
                input #known_by type="date" name="known_by" value=[moment.known_by];
            }
            button { "Show" }
            @if let Some(from) = atlas.from() {
                div.slider hidden data-from=(from) data-days="/api/v1/days" {}
            }
        }
    }
}

fn step(visit: &Visit, day: Option<Date>, sign: &str, what: &str) -> Markup {
    html! {
        @match day {
            Some(day) => a.step href=(visit.here_with("on", Some(&day.to_string())))
                aria-label={ (day) ", " (what) } title={ (day) ", " (what) } { (sign) },
            None => span.step aria-hidden="true" { (sign) },
        }
    }
}

/// A field of a form: its label, and what is filled in, which gets the id. What it is called in
/// its form is unique on a page together with the form's own name.
fn field(form: &str, name: &str, label: &str, control: impl FnOnce(&str) -> Markup) -> Markup {
    let id = format!("{form}-{name}");
    html! { div.field { label for=(id) { (label) } (control(&id)) } }
}

/// A field of text with its label.
pub(crate) fn text_field(
    form: &str,
    name: &str,
    label: &str,
    value: &str,
    list: Option<&str>,
) -> Markup {
    text(form, name, label, value, list, true)
}

/// A field of text that may stay empty.
pub(crate) fn optional_field(
    form: &str,
    name: &str,
    label: &str,
    value: &str,
    list: Option<&str>,
) -> Markup {
    text(form, name, label, value, list, false)
}

fn text(
    form: &str,
    name: &str,
    label: &str,
    value: &str,
    list: Option<&str>,
    is_required: bool,
) -> Markup {
    field(form, name, label, |id| {
        html! {
            input id=(id) type="text" name=(name) value=(value) list=[list]
                autocomplete="off" maxlength="200" required[is_required];
        }
    })
}

/// A field with a year.
pub(crate) fn year_field(form: &str, name: &str, label: &str, value: &str) -> Markup {
    field(form, name, label, |id| {
        html! {
            input id=(id) type="number" name=(name) value=(value) min="1" max="9999" step="1";
        }
    })
}

/// A field with a day.
pub(crate) fn day_field(form: &str, name: &str, label: &str, value: Option<Date>) -> Markup {
    field(form, name, label, |id| {
        html! { input id=(id) type="date" name=(name) value=[value]; }
    })
}

/// A field with one of several words; `chosen` is the one that is chosen.
pub(crate) fn choice_field<'c>(
    form: &str,
    name: &str,
    label: &str,
    choices: impl IntoIterator<Item = (&'c str, &'c str)>,
    chosen: &str,
) -> Markup {
    field(form, name, label, |id| {
        html! {
            select id=(id) name=(name) {
                @for (word, shown) in choices {
                    option value=(word) selected[word == chosen] { (shown) }
                }
            }
        }
    })
}

/// The field in which the viewpoint of a map is chosen.
pub(crate) fn viewpoint_field<'c>(
    form: &str,
    viewpoints: impl IntoIterator<Item = (&'c str, &'c str)>,
    chosen: Option<&str>,
) -> Markup {
    let chosen = chosen.unwrap_or_default();
    choice_field(form, "viewpoint", BORDERS, viewpoints, chosen)
}

/// The names of all states, and of all organizations and agreements, for fields that ask for
/// one: [`STATES`] and [`ORGANIZATIONS`].
pub(crate) fn lists(registry: &Registry) -> Markup {
    html! {
        datalist id=(STATES) {
            @for state in registry.states() { option value=(state.name()) { (state.code) } }
        }
        datalist id=(ORGANIZATIONS) {
            @for institution in registry.institutions() {
                option value=(institution.short_name()) { (institution.name()) }
            }
        }
    }
}

/// The id of the list of states.
pub(crate) const STATES: &str = "all-states";
/// The id of the list of organizations and agreements.
pub(crate) const ORGANIZATIONS: &str = "all-organizations";

/// A link to a state by its name on a day.
pub(crate) fn state_link(visit: &Visit, state: &acquis_registry::State) -> Markup {
    let name = state.name_on(visit.moment().on);
    html! { a href=(visit.link(&state_path(&state.code))) { (name) } }
}

/// A link to an organization or agreement by its short name on a day.
pub(crate) fn institution_link(
    visit: &Visit,
    institution: &acquis_registry::Institution,
) -> Markup {
    let day = visit.moment().on;
    html! {
        a href=(visit.link(&institution_path(&institution.id))) title=(institution.name_on(day)) {
            (institution.short_name_on(day))
        }
    }
}
