//! A scenario on the desk: acts by click, what the law says to them, what it would be worth,
//! what the model assumes, and the file itself.

use acquis_law::Proof;
use acquis_registry::document::Word;
use acquis_registry::{
    ActName, Amendment, Change, Findings, InstitutionKind, Party, Registry, Stage,
};
use acquis_report::html::blocks;
use acquis_report::subject::page;
use acquis_report::subject::{reform, scenario as subject};
use acquis_scenario::{Conflict, Outcome, Reform};
use acquis_store::{RunCard, SavedScenario};
use jiff::civil::Date;
use maud::{Markup, html};

use super::actions::Action;
use super::field::{Field, Form};
use super::matrix::matrix;
use super::plain::capitalized;
use super::{assumptions, payments, run, said};
use crate::lab::{AtOnce, Desk, FieldError, Posted, Reading, ShelfCard};
use crate::part;
use crate::visit::{Visit, address};

/// What a page about a scenario on the desk needs to know beside it.
pub(crate) struct Around<'a> {
    /// Economies to choose from.
    pub(crate) economies: &'a [ShelfCard],
    /// Those of them that have many sectors, where the scenario's own has one.
    pub(crate) of_many_sectors: Vec<&'a ShelfCard>,
    /// Its runs that are done, the last first.
    pub(crate) runs: Vec<RunCard>,
    /// Who looks at the page.
    pub(crate) visit: &'a Visit,
    /// What the other pages are about.
    pub(crate) registry: &'a Registry,
    /// Fields that could not be read when they were posted.
    pub(crate) errors: &'a [FieldError],
    /// A sentence about what was just tried and refused.
    pub(crate) refused: Option<&'a str>,
    /// What was just typed into the form of which button, where it was not done.
    pub(crate) typed: Option<(Action, &'a Posted)>,
    /// Whether every state and institution is shown.
    pub(crate) shows_all: bool,
    /// The day that was chosen for what a click adds.
    pub(crate) added_on: Option<Date>,
    /// Where the blocs that it asks about are weighed.
    pub(crate) blocs: Option<String>,
}

impl Around<'_> {
    /// What was typed into a form and not done.
    pub(super) fn typed(&self, action: Action) -> Option<&Posted> {
        self.typed
            .filter(|(tried, _)| *tried == action)
            .map(|(_, posted)| posted)
    }

    /// A field of a form: as it was typed, or as it stands.
    pub(super) fn value<'v>(&'v self, action: Action, field: &str, stands: &'v str) -> &'v str {
        let typed = self.typed(action).and_then(|posted| posted.text(field));
        typed.unwrap_or(stands)
    }

    /// The form of a button, with what is wrong in it.
    pub(super) fn form(&self, action: Action) -> Form<'_> {
        let typed = self.typed(action);
        let errors = typed.map_or(&[][..], |_| self.errors);
        Form::new(action, errors, typed)
    }

    /// The address of the desk with another variant or scope, and the same day for what is
    /// added.
    fn address(&self, saved: &SavedScenario, variant: Option<&str>, shows_all: bool) -> String {
        let added_on = self.added_on.map(|day| day.to_string());
        let scope = shows_all.then_some("all");
        let pairs = [
            ("variant", variant),
            ("scope", scope),
            ("added_on", added_on.as_deref()),
        ];
        let pairs = pairs.into_iter();
        address(
            &format!("/lab/scenarios/{}", saved.id),
            pairs.filter_map(|(name, value)| Some((name, value?))),
        )
    }
}

/// The desk.
pub(crate) fn desk(desk: &Desk, around: &Around<'_>) -> Markup {
    let saved = &desk.saved;
    html! {
        div #desk {
            (bar(desk, around))
            (run::of_scenario(&around.runs))
            (refusal(around))
            @match &desk.reading {
                Ok(reading) => (reading_sections(saved, reading, around)),
                Err(findings) => (mistakes("This file is not a scenario yet.", findings)),
            }
            (file(desk, around))
        }
    }
}

/// Why what was tried was not done; what is wrong in a form leads to its field.
fn refusal(around: &Around<'_>) -> Markup {
    let place = |error| {
        let (action, _) = around.typed?;
        around.form(action).place(error)
    };
    html! {
        @if let Some(sentence) = around.refused {
            div.notice.warning role="alert" { p { (sentence) } }
        }
        @if !around.errors.is_empty() {
            div.notice.warning role="alert" {
                p { strong { "Not changed." } }
                ul {
                    @for error in around.errors {
                        li {
                            @match place(error) {
                                Some(id) => a href={ "#" (id) } { (error.sentence) },
                                None => (error.sentence),
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The address of a button of the desk.
pub(super) fn action(saved: &SavedScenario, what: &str) -> String {
    format!("/lab/scenarios/{}/{what}", saved.id)
}

/// The revision that a change is made to, so that nobody overwrites another.
pub(super) fn from(saved: &SavedScenario) -> Markup {
    html! { input type="hidden" name="from" value=(saved.revision); }
}

/// What is looked at, so that it is still looked at after a change.
pub(super) fn looked_at(reading: &Reading, around: &Around<'_>) -> Markup {
    html! {
        @if reading.scenario.variants.len() > 1 {
            input type="hidden" name="variant" value=(reading.looked_at().name);
        }
        @if around.shows_all { input type="hidden" name="scope" value="all"; }
        @if let Some(day) = around.added_on { input type="hidden" name="added_on" value=(day); }
    }
}

fn bar(desk: &Desk, around: &Around<'_>) -> Markup {
    let saved = &desk.saved;
    let unready = why_not_run(desk);
    html! {
        div.desk-bar role="group" aria-label="This scenario" {
            form method="post" action=(action(saved, "run")) {
                (from(saved))
                button.primary type="submit" disabled[unready.is_some()]
                    aria-describedby=[unready.map(|_| "run-help")] { "Run and keep the results" }
            }
            @if let Some(sentence) = unready { span.help id="run-help" { (sentence) } }
            form method="post" action=(action(saved, "undo")) data-desk {
                (from(saved))
                @if let Ok(reading) = &desk.reading { (looked_at(reading, around)) }
                button type="submit" disabled[!saved.can_undo] { "Undo" }
            }
            form.keep method="post" action=(action(saved, "keep")) data-desk {
                @if let Ok(reading) = &desk.reading { (looked_at(reading, around)) }
                label for="keep-name" { "Name" }
                input id="keep-name" name="name" type="text" maxlength="120" required
                    value=(around.value(Action::Keep, "name", &saved.name));
                button type="submit" { @if saved.keeping == acquis_store::Keeping::Kept { "Rename" } @else { "Save" } }
            }
            a.button href=(action(saved, "file")) download { "Download the file" }
            span.unit { "revision " (saved.revision) ", " (said::moment(saved.changed)) }
        }
    }
}

/// Why a scenario can't be run yet, and what to do.
fn why_not_run(desk: &Desk) -> Option<&'static str> {
    match &desk.reading {
        Err(_) => Some("Mend the file below first: it can't be run as it is."),
        Ok(reading) if !reading.changes_something() => {
            Some("Nothing is changed yet: click a cell of the table or add an act, then run it.")
        }
        Ok(_) => None,
    }
}

fn reading_sections(saved: &SavedScenario, reading: &Reading, around: &Around<'_>) -> Markup {
    html! {
        @if let Some(blocs) = &around.blocs {
            div.notice role="note" {
                p {
                    "This scenario also asks which union would hold, under its acts and its assumptions: "
                    a href=(blocs) { "see which union would hold" } "."
                }
            }
        }
        (variants(saved, reading, around))
        section aria-labelledby="who" {
            h2 id="who" { "Who is in what" }
            (matrix_form(saved, reading, around))
            (acts(saved, reading, around))
            (add_act(saved, reading, around))
        }
        section aria-labelledby="law" {
            h2 id="law" { "What the law says" }
            (law(reading, around))
        }
        section aria-labelledby="worth" {
            h2 id="worth" { "What it would be worth" }
            (worth(reading))
        }
        section aria-labelledby="assumed" {
            h2 id="assumed" { "What is assumed" }
            (settings(saved, reading, around))
        }
    }
}

fn variants(saved: &SavedScenario, reading: &Reading, around: &Around<'_>) -> Markup {
    html! {
        @if reading.scenario.variants.len() > 1 {
            nav.tabs aria-label="Variants" {
                @for (at, variant) in reading.scenario.variants.iter().enumerate() {
                    @let current = (at == reading.variant).then_some("page");
                    a href=(around.address(saved, Some(&variant.name), around.shows_all))
                        aria-current=[current] { (variant.title) }
                }
            }
        }
    }
}

fn matrix_form(saved: &SavedScenario, reading: &Reading, around: &Around<'_>) -> Markup {
    let Some(memberships) = &reading.memberships else {
        return html! { p { "An act of this scenario is not possible; take it back to see who is in what." } };
    };
    let variant = &reading.looked_at().name;
    let variant = (reading.scenario.variants.len() > 1).then_some(variant.as_str());
    let added_on = around.added_on.map(|day| day.to_string());
    let added_on = added_on.unwrap_or_else(|| first_of_year(reading));
    html! {
        form method="post" action=(action(saved, "click")) data-desk {
            (from(saved)) (looked_at(reading, around))
            div.fields {
                div.field {
                    label for="click-on" { "Memberships are added on" }
                    input id="click-on" name="on" type="date" value=(added_on);
                }
            }
            (matrix(memberships))
        }
        p {
            @if around.shows_all {
                a href=(around.address(saved, variant, false)) { "Show what the question is likely about" }
            } @else {
                a href=(around.address(saved, variant, true)) { "Show every state and institution" }
            }
        }
    }
}

/// The day that is proposed for what is added: the first of the year of the law.
fn first_of_year(reading: &Reading) -> String {
    reading.scenario.base.date.first_of_year().to_string()
}

/// The changes, each with a button that takes it back.
fn acts(saved: &SavedScenario, reading: &Reading, around: &Around<'_>) -> Markup {
    let variant = reading.looked_at();
    html! {
        h3 { "Changes" }
        @if variant.amendments.is_empty() {
            p { "Nothing is changed yet. Click a cell above, or add an act below." }
        } @else {
            form method="post" action=(action(saved, "remove-act")) data-desk {
                (from(saved)) (looked_at(reading, around))
                ol.acts {
                    @for (at, sentence) in sentences(reading).iter().enumerate() {
                        li {
                            span {
                                (sentence)
                                @if let Some(day) = variant.amendments.get(at).and_then(|act| too_late(act, reading)) {
                                    " " strong { "It takes no effect here: " (day) " is after the day of the law, " (reading.scenario.base.date) "." }
                                }
                            }
                            @match at.checked_sub(reading.shared_acts) {
                                Some(number) => {
                                    button type="submit" name="number" value=(number)
                                        aria-label={ "Take back: " (sentence) } { "Take back" }
                                },
                                None => span.unit { "in every variant" },
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The day of an act that comes only after the day on which the law is compared.
fn too_late(act: &Amendment, reading: &Reading) -> Option<Date> {
    let (Change::Add { on: day, .. } | Change::Move { to: day, .. }) = &act.change else {
        return None;
    };
    day.first_day()
        .filter(|day| *day > reading.scenario.base.date)
}

fn sentences(reading: &Reading) -> Vec<String> {
    if let Ok(reform) = &reading.reform {
        return reform.sentences.clone();
    }
    // Without a law the acts are told as the file has them.
    let acts = reading.looked_at().amendments.iter();
    acts.map(|act| said_as_written(act, &reading.registry))
        .collect()
}

fn said_as_written(act: &Amendment, registry: &Registry) -> String {
    let name = registry
        .institution(&act.institution)
        .map_or(act.institution.as_str(), |found| found.name());
    let (doing, who) = match &act.change {
        Change::Add { kind, who, .. } => (format!("Added: {}", kind.name()), who),
        Change::Strike { act, who } => {
            let what = act.map_or("every act", ActName::label);
            (format!("Struck: {what}"), who)
        }
        Change::Move { act, who, to } => (format!("Moved to {to}: {act}"), who),
    };
    let named = |id: &&str| match Party::from_id(id) {
        Party::State(code) => registry
            .state(&code)
            .map_or_else(|| code.to_string(), |state| state.name().to_owned()),
        Party::Organization(id) => registry
            .institution(&id)
            .map_or_else(|| id.to_string(), |found| found.name().to_owned()),
    };
    let who: Vec<String> = who.ids().iter().map(named).collect();
    if who.is_empty() {
        format!("{doing}, {name}.")
    } else {
        format!("{doing} of {}, {name}.", who.join(", "))
    }
}

/// A form for any act, where a click is not enough.
fn add_act(saved: &SavedScenario, reading: &Reading, around: &Around<'_>) -> Markup {
    let day = reading.scenario.base.date;
    let mut institutions: Vec<_> = reading.registry.institutions().collect();
    institutions.sort_by_key(|it| {
        (
            it.kind == InstitutionKind::Agreement,
            it.name_on(day).to_owned(),
        )
    });
    let institutions = institutions.iter();
    let institutions: Vec<_> = institutions
        .map(|it| (it.id.to_string(), it.name_on(day).to_owned()))
        .collect();
    let first = institutions.first().map_or("", |(id, _)| id.as_str());
    let acts = OFFERED.map(|name| (name.word().to_owned(), offered_label(name)));
    let mut stages = vec![(String::new(), "(not an assessment)".to_owned())];
    stages.extend(
        Stage::ALL
            .iter()
            .map(|it| (it.word().to_owned(), it.label().to_owned())),
    );
    let states = reading.registry.states();
    let states = states.filter(|it| reading.economy.position(it.code.as_str()).is_some());
    let mut states: Vec<_> = states
        .map(|it| (it.code.as_str(), it.name_on(day)))
        .collect();
    states.sort_unstable_by_key(|(_, name)| *name);
    let form = around.form(Action::Act);
    let field = |name, label, help| Field {
        name,
        label,
        help,
        form,
    };
    html! {
        details id="add-act" open[form.is_tried()] {
            summary { "Add another act, or say that an agreement works" }
            form method="post" action=(action(saved, "act")) data-desk {
                (from(saved)) (looked_at(reading, around))
                div.fields {
                    (field("institution", "Organization or agreement", "").choice(&institutions, first))
                    (field("name", "Act", "").choice(&acts, OFFERED[0].word()))
                    (field("stage", "It works as", "Only where the act is that it works.").choice(&stages, ""))
                    (field("on", "On", "").day(Some(reading.scenario.base.date.first_of_year())))
                }
                (field("who", "Of whom", "").boxes(&states))
                button type="submit" { "Add it" }
            }
        }
    }
}

/// Acts that a person may want to add; the file takes any.
const OFFERED: [ActName; 8] = [
    ActName::Implementation,
    ActName::Signature,
    ActName::Ratification,
    ActName::ProvisionalApplication,
    ActName::EntryIntoForce,
    ActName::Accession,
    ActName::Suspension,
    ActName::Withdrawal,
];

fn offered_label(name: ActName) -> String {
    match name {
        ActName::Implementation => "it works (choose the stage)".to_owned(),
        name => name.label().to_owned(),
    }
}

fn law(reading: &Reading, around: &Around<'_>) -> Markup {
    let reform = match &reading.reform {
        Ok(reform) => reform,
        Err(findings) => return mistakes("An act of this scenario is not possible.", findings),
    };
    html! {
        @if reform.incompatible.is_empty() {
            @if !reform.sentences.is_empty() {
                div.notice role="status" { p { "These commitments can all be kept." } }
            }
        } @else {
            div.notice.warning role="status" {
                p { strong { "Refused: these commitments exclude each other." } }
            }
            @for (place, conflict) in reform.incompatible.iter().enumerate() {
                (clash(place, conflict, around))
            }
        }
        (moves(reading, reform))
    }
}

/// What one rule forbids: the reason once, then each case with its proof, those that one cure
/// ends together.
fn clash(place: usize, conflict: &Conflict, around: &Around<'_>) -> Markup {
    let id = format!("clash-{}", place + 1);
    html! {
        section.clash aria-labelledby=(id) {
            h3 id=(id) { (conflict.statement) }
            p.basis { "Rule " (conflict.rule) ". Basis: " (conflict.basis.join("; ")) "." }
            @for cases in conflict.by_cure() {
                @let proofs: Vec<Proof> = cases.iter().map(|case| case.proof.clone()).collect();
                (part::proofs(around.visit, around.registry, &id, &proofs))
                @if let Some(first) = cases.first() { p { (reform::conflict_cure(first)) } }
            }
        }
    }
}

fn moves(reading: &Reading, reform: &Reform) -> Markup {
    let (day, grade) = (
        reading.scenario.base.date,
        reading.scenario.base.grade.label(),
    );
    html! {
        @if reform.changed.is_empty() {
            p { "No stage changes at the grade \u{201c}" (grade) "\u{201d} on " (day) "." }
            @if !reform.sentences.is_empty() {
                p.help { "An act may come later than that day, a deeper commitment may stand already, or, where only what works counts, nobody has said that it works: " a href="#add-act" { "add that below the matrix" } "." }
            }
        } @else {
            p { "On " (day) ", at the grade \u{201c}" (grade) "\u{201d}:" }
            dl {
                @for (what, pairs) in reform::moves_in_words(&reading.registry, reform) { dt { (what) } dd { (pairs) } }
            }
        }
    }
}

fn worth(reading: &Reading) -> Markup {
    if reading.reform.is_err() || !reading.changes_something() {
        return html! { p { "Nothing to tell yet." } };
    }
    match reading.at_once() {
        AtOnce::Solved(outcome) => solved(reading, &outcome),
        AtOnce::Failed(error) => html! { div.notice.warning { p { (error) "." } } },
        AtOnce::TakesTime => html! {
            p { "This economy has sectors, or draws are asked for: it takes a moment. " a href="#desk" { "Run it above" } "." }
        },
    }
}

fn solved(reading: &Reading, outcome: &Outcome) -> Markup {
    let solved = outcome.variants.first();
    let Some(effects) = solved.and_then(|variant| variant.effects.as_ref()) else {
        return html! { p { "Not computed: the law refuses it. The assumptions below can say to compute it all the same." } };
    };
    match page::at_a_glance(&reading.economy, effects) {
        Ok(body) => html! {
            (blocks(&body))
            p.help { "A result is what a model says, not a forecast. Run it to see the map, trade and every table, and to keep it with its certificate." }
        },
        Err(error) => html! { p { (error) } },
    }
}

fn settings(saved: &SavedScenario, reading: &Reading, around: &Around<'_>) -> Markup {
    let form = around.form(Action::Settings);
    html! {
        dl {
            @for (term, meaning) in subject::assumptions(&reading.scenario, &reading.registry, &reading.economy) {
                dt { (term) } dd { (meaning) }
            }
        }
        details id="settings" open[form.is_tried()] {
            summary { "Change the question and what is assumed" }
            form method="post" action=(action(saved, "settings")) data-desk {
                (from(saved)) (looked_at(reading, around))
                (assumptions::fields(reading, around.economies, form))
                button.primary type="submit" { "Change" }
            }
        }
        @if reading.economy.sectors().len() > 1 {
            (payments::payments(saved, reading, around))
        } @else {
            (payments::elsewhere(saved, reading, around))
        }
    }
}

/// The file, to read and to change by hand.
fn file(desk: &Desk, around: &Around<'_>) -> Markup {
    let saved = &desk.saved;
    let typed = around.typed(Action::Text);
    let typed = typed.and_then(|posted| posted.verbatim("text"));
    html! {
        section aria-labelledby="file-heading" {
            h2 id="file-heading" { "The file" }
            details id="file" open[desk.reading.is_err() || typed.is_some()] {
                summary { "Read and change it as text" }
                form method="post" action=(action(saved, "text")) data-desk {
                    (from(saved))
                    @if let Ok(reading) = &desk.reading { (looked_at(reading, around)) }
                    label for="file-text" { "Scenario file" }
                    textarea id="file-text" name="text" rows="24" spellcheck="false" data-typed[typed.is_some()] {
                        (typed.as_deref().unwrap_or(&saved.text))
                    }
                    button type="submit" { "Change the file" }
                }
            }
        }
    }
}

/// Mistakes, each with its place and the nearest valid name.
pub(crate) fn mistakes(intro: &str, findings: &Findings) -> Markup {
    html! {
        div.notice.warning role="alert" {
            p { strong { (intro) } }
            ul {
                @for finding in findings {
                    li {
                        @if let Some(place) = &finding.place { code { (place) } " " }
                        (finding.message) "."
                        @if let Some(help) = finding.help() { " " (capitalized(&help)) }
                    }
                }
            }
        }
    }
}
