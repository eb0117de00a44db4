//! Two states: the stage between them at three grades, why, and how it came about.

use acquis_law::{Between, Law, Proof, Step};
use acquis_registry::document::Word as _;
use acquis_registry::{Registry, State};
use acquis_report::chart::{Chart as _, Ladder};
use acquis_report::json::to_json;
use acquis_report::subject::{everybody, history, law as law_subject, picture};
use maud::{Markup, html};
use serde::Deserialize;
use serde_json::Value;
use utoipa::IntoParams;

use super::testimony;
use crate::atlas::Atlas;
use crate::glossary::term;
use crate::names::pair_path;
use crate::page::{Page, Section};
use crate::part;
use crate::problem::Problem;
use crate::routes::{Lasting, Routes};
use crate::visit::Visit;

pub(super) fn routes() -> Routes {
    Routes::new()
        .page("/pairs", Lasting::Yes, choose)
        .ask(
            "/pairs/{first}/{second}",
            "The stage between two states at three grades, with its proof and its story",
            page,
            twin,
        )
        .picture("/pairs/{first}/{second}/ladder.svg", ladder_file)
}

/// Which two states.
#[derive(Deserialize, IntoParams)]
struct Asked {
    /// Code or name of one state
    #[param(example = "BLR")]
    first: String,
    /// Code or name of the other
    #[param(example = "RUS")]
    second: String,
}

/// Which two states, before both are chosen.
#[derive(Deserialize)]
struct Choosing {
    first: Option<String>,
    second: Option<String>,
}

/// The two states that are meant.
fn states<'a>(atlas: &'a Atlas, asked: &Asked) -> Result<(&'a State, &'a State), Problem> {
    let first = atlas.registry().find_state(&asked.first)?;
    let second = atlas.registry().find_state(&asked.second)?;
    if first.code == second.code {
        return Err(
            Problem::senseless(format!("{} can't integrate with itself.", first.name()))
                .advise("Name two states."),
        );
    }
    Ok((first, second))
}

fn page(atlas: &Atlas, visit: &Visit, asked: &Asked) -> Result<Page, Problem> {
    let (first, second) = states(atlas, asked)?;
    let moment = visit.moment();
    let question = moment.question();
    let book = atlas.law(moment.known_by);
    let law = book.law();
    let between = law.between(&first.code, &second.code, question.on);
    let steps = law.story(&first.code, &second.code);
    let names = format!("{} and {}", first.name(), second.name());
    let table = law_subject::between(law, &between, question)?;
    let proofs = law_subject::between_proofs(law, &between);
    let story = history::story(&names, &steps)?;
    let registry = atlas.registry();
    let ladder = ladder(law, (first, second), &steps, visit)?;
    let body = html! {
        section #grades aria-labelledby="h-between" {
            h2 #h-between { (term("Stage")) " at three " (term("grade")) "s" }
            (part::table(atlas, visit, &table))
        }
        section #why aria-labelledby="h-why" {
            h2 #h-why { "Why" }
            (why(visit, registry, &between, &proofs))
        }
        section #course aria-labelledby="h-story" {
            h2 #h-story { "How it came about" }
            @if let Some(ladder) = &ladder {
                @let file = format!("{}/ladder.svg", pair_path(&first.code, &second.code));
                (part::picture(ladder.figure(), Some(&visit.link(&file))))
            }
            (part::table_or(atlas, visit, &story, "No commitment that sets a stage is known."))
            @if !steps.is_empty() {
                ol.steps {
                    @for step in &steps {
                        li {
                            @let id = format!("step-{}", step.day);
                            details id=(id) {
                                summary {
                                    (step.day)
                                    @for (grade, before, after) in step.changes() {
                                        " · " (grade.label()) ": " (before) " → " (after)
                                    }
                                }
                                (part::proofs(visit, registry, &id, &step.proofs(law)))
                                p.ways { a href=(visit.here_with("on", Some(&step.day.to_string()))) { "This day" } }
                            }
                        }
                    }
                }
            }
        }
    };
    let title = format!(
        "{} and {}",
        first.name_on(question.on),
        second.name_on(question.on)
    );
    Ok(Page::new(Section::Pairs, title, body).lead(html! {
        p.facts {
            (part::state_link(visit, first)) " · " (part::state_link(visit, second))
        }
        (testimony::known_only(atlas, visit))
    }))
}

/// Why the stage is what it is, by grade. What was opened has the same id on every day, so that
/// it stays open when the day moves.
fn why(visit: &Visit, registry: &Registry, between: &Between<'_>, proofs: &[Proof]) -> Markup {
    html! {
        ul.proof {
            @for (at, proof) in between.grades.iter().zip(proofs) {
                li {
                    @if proof.because.is_empty() {
                        p { (proof.statement) }
                    } @else {
                        @let id = format!("why-{}", at.grade.word());
                        details id=(id) {
                            summary {
                                (proof.statement)
                                @if proof.is_contested() { " " span.contested { "contested" } }
                            }
                            (part::proofs(visit, registry, &id, &proof.because))
                        }
                    }
                }
            }
        }
    }
}

/// The ladder of stages; nothing where there is none to climb.
fn ladder(
    law: &Law<'_>,
    pair: (&State, &State),
    steps: &[Step<'_>],
    visit: &Visit,
) -> Result<Option<Ladder>, Problem> {
    let Some(span) = everybody::span(law).filter(|_| !steps.is_empty()) else {
        return Ok(None);
    };
    let ladder = picture::ladder(law, pair, steps, span, visit)?;
    Ok(Some(ladder.now(visit.moment().on)))
}

fn ladder_file(atlas: &Atlas, visit: &Visit, asked: &Asked) -> Result<String, Problem> {
    let (first, second) = states(atlas, asked)?;
    let book = atlas.law(visit.moment().known_by);
    let law = book.law();
    let steps = law.story(&first.code, &second.code);
    let ladder = ladder(law, (first, second), &steps, visit)?;
    ladder
        .map(|ladder| ladder.svg())
        .ok_or_else(|| Problem::not_found("No commitment that sets a stage is known."))
}

fn twin(atlas: &Atlas, visit: &Visit, asked: &Asked) -> Result<Value, Problem> {
    let (first, second) = states(atlas, asked)?;
    let moment = visit.moment();
    let question = moment.question();
    let book = atlas.law(moment.known_by);
    let law = book.law();
    let between = law.between(&first.code, &second.code, question.on);
    let mut answer = law_subject::between_json(law, &between, question);
    answer["table"] = to_json(&law_subject::between(law, &between, question)?);
    let steps = law.story(&first.code, &second.code);
    answer["story"] = history::story_json(law, [&first.code, &second.code], &steps);
    Ok(answer)
}

/// Two fields to name the states; once both are named, the way to their page.
fn choose(atlas: &Atlas, visit: &Visit, asked: &Choosing) -> Result<Page, Problem> {
    if let (Some(first), Some(second)) = (&asked.first, &asked.second) {
        let asked = Asked {
            first: first.clone(),
            second: second.clone(),
        };
        let (first, second) = states(atlas, &asked)?;
        return Ok(Page::moved(
            visit.link(&pair_path(&first.code, &second.code)),
        ));
    }
    let value = |asked: &Option<String>| asked.clone().unwrap_or_default();
    let body = html! {
        p { "How far are two states integrated with each other, and how did it come to that?" }
        form.question method="get" action="/pairs" {
            (part::moment_fields(visit))
            (part::text_field("pair", "first", "One state", &value(&asked.first), Some(part::STATES)))
            (part::text_field("pair", "second", "The other", &value(&asked.second), Some(part::STATES)))
            button { "Show" }
        }
        (part::lists(atlas.registry()))
    };
    Ok(Page::new(Section::Pairs, "Pairs", body).without_twin())
}
