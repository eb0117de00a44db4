//! A scenario on the desk: acts by click, what the law says to them, what it would be worth,
//! what the model assumes, and the file itself.

use acquis_registry::document::Word;
use acquis_registry::{ActName, Amendment, Findings, InstitutionKind, Registry, Stage, StateCode};
use acquis_report::html::blocks;
use acquis_report::subject::page;
use acquis_report::subject::scenario as subject;
use acquis_scenario::{Conflict, Outcome, Reform, VariantOutcome};
use acquis_store::SavedScenario;
use maud::{Markup, html};

use super::matrix::matrix;
use super::{assumptions, said};
use crate::lab::{AtOnce, Desk, EconomyCard, FieldError, Reading, payments_in_words};

/// What a page about a scenario on the desk needs to know beside it.
pub(crate) struct Around<'a> {
    /// Economies to choose from.
    pub(crate) economies: &'a [EconomyCard],
    /// Fields that could not be read when they were posted.
    pub(crate) errors: &'a [FieldError],
    /// A sentence about what was just tried and refused.
    pub(crate) refused: Option<&'a str>,
    /// Whether every state and institution is shown.
    pub(crate) shows_all: bool,
}

/// The desk.
pub(crate) fn desk(desk: &Desk, around: &Around<'_>) -> Markup {
    let saved = &desk.saved;
    html! {
        div #desk {
            (bar(desk, around))
            @if let Some(sentence) = around.refused {
                div.notice.warning role="alert" { p { (sentence) } }
            }
            @match &desk.reading {
                Ok(reading) => (reading_sections(saved, reading, around)),
                Err(findings) => (mistakes("This file is not a scenario yet.", findings)),
            }
            (file(saved, desk.reading.is_err()))
        }
    }
}

fn action(saved: &SavedScenario, what: &str) -> String {
    format!("/lab/scenarios/{}/{what}", saved.id)
}

/// The revision that a change is made to, so that nobody overwrites another.
fn from(saved: &SavedScenario) -> Markup {
    html! { input type="hidden" name="from" value=(saved.revision); }
}

/// What is looked at, so that it is still looked at after a change.
fn looked_at(reading: &Reading, around: &Around<'_>) -> Markup {
    html! {
        @if reading.scenario.variants.len() > 1 {
            input type="hidden" name="variant" value=(reading.looked_at().name);
        }
        @if around.shows_all { input type="hidden" name="scope" value="all"; }
    }
}

fn bar(desk: &Desk, around: &Around<'_>) -> Markup {
    let saved = &desk.saved;
    let is_ready = desk.reading.as_ref().is_ok_and(Reading::changes_something);
    html! {
        div.desk-bar role="group" aria-label="This scenario" {
            form method="post" action=(action(saved, "run")) {
                (from(saved))
                button.primary type="submit" disabled[!is_ready] { "Run and keep the results" }
            }
            form method="post" action=(action(saved, "undo")) data-desk {
                (from(saved))
                @if let Ok(reading) = &desk.reading { (looked_at(reading, around)) }
                button type="submit" disabled[!saved.can_undo] { "Undo" }
            }
            form.keep method="post" action=(action(saved, "keep")) data-desk {
                label for="keep-name" { "Name" }
                input id="keep-name" name="name" type="text" maxlength="120" value=(saved.name) required;
                button type="submit" { @if saved.keeping == acquis_store::Keeping::Kept { "Rename" } @else { "Save" } }
            }
            a.button href=(action(saved, "file")) download { "Download the file" }
            span.unit { "revision " (saved.revision) ", " (said::moment(saved.changed)) }
        }
    }
}

fn reading_sections(saved: &SavedScenario, reading: &Reading, around: &Around<'_>) -> Markup {
    html! {
        @if reading.scenario.blocs.is_some() {
            div.notice role="note" {
                p { "This scenario also asks which union would hold. The lab changes its acts and its assumptions; the blocs themselves are weighed by " code { "acquis blocs" } "." }
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
            (law(reading))
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
    let scope = if around.shows_all { "&scope=all" } else { "" };
    html! {
        @if reading.scenario.variants.len() > 1 {
            nav.tabs aria-label="Variants" {
                @for (at, variant) in reading.scenario.variants.iter().enumerate() {
                    @let current = (at == reading.variant).then_some("page");
                    a href={ "/lab/scenarios/" (saved.id) "?variant=" (variant.name) (scope) }
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
    let variant = match reading.scenario.variants.len() {
        1 => String::new(),
        _ => format!("variant={}&", reading.looked_at().name),
    };
    html! {
        form method="post" action=(action(saved, "click")) data-desk {
            (from(saved)) (looked_at(reading, around))
            div.fields {
                div.field {
                    label for="click-on" { "Memberships are added on" }
                    input id="click-on" name="on" type="date" value=(first_of_year(reading));
                }
            }
            (matrix(memberships))
        }
        p {
            @if around.shows_all {
                a href={ "/lab/scenarios/" (saved.id) "?" (variant) } { "Show what the question is likely about" }
            } @else {
                a href={ "/lab/scenarios/" (saved.id) "?" (variant) "scope=all" } { "Show every state and institution" }
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
                            span { (sentence) }
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

fn sentences(reading: &Reading) -> Vec<String> {
    if let Ok(reforms) = &reading.reforms {
        return reforms[reading.variant].sentences.clone();
    }
    // Without a law the acts are told as the file has them.
    let acts = reading.looked_at().amendments.iter();
    acts.map(|act| said_as_written(act, &reading.registry))
        .collect()
}

fn said_as_written(act: &Amendment, registry: &Registry) -> String {
    use acquis_registry::Change;

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
    let who = who.ids();
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
    let states: Vec<_> = reading
        .registry
        .states()
        .filter(|state| reading.economy.position(state.code.as_str()).is_some())
        .collect();
    html! {
        details id="add-act" open[around.errors.iter().any(|error| error.field.starts_with("act_"))] {
            summary { "Add another act, or say that an agreement works" }
            form method="post" action=(action(saved, "act")) data-desk {
                (from(saved)) (looked_at(reading, around))
                div.fields {
                    div.field {
                        label for="act-institution" { "Organization or agreement" }
                        select id="act-institution" name="act_institution" {
                            @for institution in &institutions {
                                option value=(institution.id) { (institution.name_on(day)) }
                            }
                        }
                    }
                    div.field {
                        label for="act-name" { "Act" }
                        select id="act-name" name="act_name" {
                            @for name in OFFERED {
                                option value=(name.word()) { (offered_label(name)) }
                            }
                        }
                    }
                    div.field {
                        label for="act-stage" { "It works as" }
                        select id="act-stage" name="act_stage" {
                            option value="" { "(not an assessment)" }
                            @for stage in Stage::ALL { option value=(stage.word()) { (stage.label()) } }
                        }
                    }
                    div.field {
                        label for="act-on" { "On" }
                        input id="act-on" name="act_on" type="date" value=(first_of_year(reading));
                    }
                }
                fieldset {
                    legend { "Of whom" }
                    div.ticks {
                        @for state in &states { (state_tick(&state.code, state.name_on(day), reading)) }
                    }
                }
                @for error in around.errors.iter().filter(|error| error.field.starts_with("act_")) {
                    p.error role="alert" { (error.sentence) }
                }
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

fn state_tick(code: &StateCode, name: &str, reading: &Reading) -> Markup {
    let is_shown = reading
        .memberships
        .as_ref()
        .is_some_and(|shown| shown.states.iter().any(|row| row.code == *code));
    let id = format!("act-who-{code}");
    html! {
        div.tick.rare[!is_shown] {
            input id=(id) name="act_who" type="checkbox" value=(code);
            label for=(id) { (name) }
        }
    }
}

fn law(reading: &Reading) -> Markup {
    let reforms = match &reading.reforms {
        Ok(reforms) => reforms,
        Err(findings) => return mistakes("An act of this scenario is not possible.", findings),
    };
    let reform = &reforms[reading.variant];
    html! {
        @if reform.incompatible.is_empty() {
            @if !reform.sentences.is_empty() {
                div.notice role="status" { p { "These commitments can all be kept." } }
            }
        } @else {
            div.notice.warning role="status" {
                p { strong { "Refused: these commitments exclude each other." } }
                @for conflict in &reform.incompatible { (conflict_words(conflict)) }
            }
        }
        (moves(reading, reform))
    }
}

fn conflict_words(conflict: &Conflict) -> Markup {
    html! { ul { @for line in subject::conflict_lines(conflict) { li { (line) } } } }
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
                p.help { "An act may come later than that day, a deeper commitment may stand already, or, where only what works counts, nobody has said that it works: add that below the matrix." }
            }
        } @else {
            p { "On " (day) ", at the grade \u{201c}" (grade) "\u{201d}:" }
            dl {
                @for (what, pairs) in subject::moves_in_words(reform) { dt { (what) } dd { (pairs) } }
            }
        }
    }
}

fn worth(reading: &Reading) -> Markup {
    if reading.reforms.is_err() || !reading.changes_something() {
        return html! { p { "Nothing to tell yet." } };
    }
    match reading.at_once() {
        AtOnce::Solved(outcome) => solved(reading, &outcome),
        AtOnce::Failed(error) => html! { div.notice.warning { p { (error) "." } } },
        AtOnce::TakesTime => html! {
            p { "This economy has sectors, or draws are asked for: it takes a moment. Run it above." }
        },
    }
}

fn solved(reading: &Reading, outcome: &Outcome) -> Markup {
    let variant: &VariantOutcome = &outcome.variants[reading.variant];
    let Some(effects) = &variant.effects else {
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
    let field_errors = around
        .errors
        .iter()
        .any(|error| !error.field.starts_with("act_"));
    html! {
        dl {
            @for (term, meaning) in subject::assumptions(&reading.scenario, &reading.economy) {
                dt { (term) } dd { (meaning) }
            }
        }
        details id="settings" open[field_errors] {
            summary { "Change the question and what is assumed" }
            form method="post" action=(action(saved, "settings")) data-desk {
                (from(saved)) (looked_at(reading, around))
                (assumptions::fields(reading, around.economies, around.errors))
                button.primary type="submit" { "Change" }
            }
        }
        @if reading.economy.sectors().len() > 1 { (payments(saved, reading, around)) }
    }
}

fn payments(saved: &SavedScenario, reading: &Reading, around: &Around<'_>) -> Markup {
    let told = payments_in_words(&reading.scenario, &reading.economy.card.unit);
    html! {
        details id="payments" open[!told.is_empty()] {
            summary { "Payments and prices below the market" }
            @if !told.is_empty() {
                form method="post" action=(action(saved, "remove-payment")) data-desk {
                    (from(saved)) (looked_at(reading, around))
                    ol.acts {
                        @for (number, words) in told.iter().enumerate() {
                            li {
                                span { (words) }
                                button type="submit" name="number" value=(number)
                                    aria-label={ "Take back: " (words) } { "Take back" }
                            }
                        }
                    }
                }
            }
            form method="post" action=(action(saved, "payment")) data-desk {
                (from(saved)) (looked_at(reading, around))
                div.fields {
                    (economy_choice("from", "Who pays, or sells below the market", reading))
                    (economy_choice("to", "Who receives", reading))
                    div.field {
                        label for="pay-sector" { "Below the market price in" }
                        select id="pay-sector" name="sector" {
                            option value="" { "(an amount of money)" }
                            @for sector in reading.economy.sectors() {
                                option value=(sector.code) { (sector.name) }
                            }
                        }
                    }
                    div.field {
                        label for="pay-size" { "Amount, or part of the price" }
                        input id="pay-size" name="size" type="text" inputmode="decimal" aria-describedby="pay-size-help";
                        p.help id="pay-size-help" { "In " (reading.economy.card.unit) ", or a part such as 0.3." }
                    }
                    div.field {
                        label for="pay-reason" { "For" }
                        input id="pay-reason" name="reason" type="text";
                    }
                }
                button type="submit" { "Add it" }
            }
        }
    }
}

fn economy_choice(name: &str, label: &str, reading: &Reading) -> Markup {
    let id = format!("pay-{name}");
    html! {
        div.field {
            label for=(id) { (label) }
            select id=(id) name=(name) {
                @for code in reading.economy.labels() {
                    option value=(code) { (reading.economy.name_of(code).unwrap_or(code)) }
                }
            }
        }
    }
}

/// The file, to read and to change by hand.
fn file(saved: &SavedScenario, is_open: bool) -> Markup {
    html! {
        section aria-labelledby="file-heading" {
            h2 id="file-heading" { "The file" }
            details id="file" open[is_open] {
                summary { "Read and change it as text" }
                form method="post" action=(action(saved, "text")) data-desk {
                    (from(saved))
                    label for="file-text" { "Scenario file" }
                    textarea id="file-text" name="text" rows="24" spellcheck="false" { (saved.text) }
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

fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}
