//! Runs side by side.

use std::collections::BTreeMap;

use acquis_report::Block;
use acquis_report::chart::Chart as _;
use acquis_report::html::blocks;
use acquis_report::subject::answer::KeptAnswer;
use acquis_report::subject::comparison::{Comparison, MOST_COMPARED, sides};
use acquis_store::{RunCard, RunState, ScenarioId};
use maud::{Markup, html};

use super::requests::kept_answer;
use super::run_id;
use crate::lab::Lab;
use crate::part::picture;
use crate::problem::Problem;
use crate::visit::address;

/// The picture of runs side by side as a file.
pub(crate) const PICTURE: &str = "/lab/compare/picture.svg";

/// Runs that were read to be compared.
pub(crate) struct Compared {
    runs: Vec<(RunCard, KeptAnswer)>,
    /// The names of the scenarios that they are of.
    names: BTreeMap<ScenarioId, String>,
    pub(crate) comparison: Comparison,
}

/// Reads the runs by their numbers.
pub(crate) fn compared(lab: &Lab, numbers: &[String]) -> Result<Compared, Problem> {
    if numbers.is_empty() {
        return Err(Problem::senseless("No run was chosen.")
            .advise("Tick the runs to set side by side in the list of the lab."));
    }
    if numbers.len() > MOST_COMPARED {
        return Err(too_many(numbers.len(), "runs"));
    }
    let mut runs = Vec::with_capacity(numbers.len());
    for number in numbers {
        let id = run_id(number)?;
        let card = lab.store.run(id)?.card;
        if !matches!(card.state, RunState::Done { .. }) {
            return Err(Problem::senseless(format!("Run {id} has no results."))
                .advise("Only runs that are done can be set side by side."));
        }
        runs.push((card, kept_answer(lab, id)?));
    }
    tell_apart(&mut runs);
    let sides = sides(runs.iter().map(|(_, answer)| answer));
    if sides.len() > MOST_COMPARED {
        return Err(too_many(sides.len(), "variants"));
    }
    let comparison = Comparison::new(&sides);
    let scenarios = runs.iter().filter_map(|(card, _)| Some(card.scenario?.0));
    let names = scenarios
        .filter_map(|id| Some((id, lab.store.scenario(id).ok()?.name)))
        .collect();
    Ok(Compared {
        runs,
        names,
        comparison,
    })
}

/// Runs of one title get their numbers, so that the columns and bars say which is which.
fn tell_apart(runs: &mut [(RunCard, KeptAnswer)]) {
    let titles: Vec<String> = runs
        .iter()
        .map(|(_, answer)| answer.report.title.clone())
        .collect();
    for (card, answer) in runs {
        let title = &answer.report.title;
        if titles.iter().filter(|it| *it == title).count() < 2 {
            continue;
        }
        let run = card.id;
        answer.report.title = format!("{title}, run {run}");
        for variant in &mut answer.variants {
            variant.title = format!("{}, run {run}", variant.title);
        }
    }
}

/// What a run says of itself: its acts by variant, then what it assumes.
fn terms(answer: &KeptAnswer) -> Vec<(String, String)> {
    let mut terms = Vec::new();
    for section in &answer.report.sections {
        for (place, block) in section.body.iter().enumerate() {
            match block {
                // What the law has against the acts comes after them.
                Block::List(acts) if place == 0 && section.id.ends_with("-law") => {
                    let several = answer.variants.len() > 1;
                    let term = if several {
                        &section.heading
                    } else {
                        "What is changed"
                    };
                    terms.push((term.to_owned(), acts.join(" ")));
                }
                Block::Definitions(pairs) if section.id == "assumptions" => {
                    terms.extend(pairs.iter().cloned());
                }
                _ => {}
            }
        }
    }
    terms
}

/// What the runs have each in their own way: a term with its meaning in every run.
fn differences(runs: &[(RunCard, KeptAnswer)]) -> Vec<(String, Vec<String>)> {
    let told: Vec<Vec<(String, String)>> = runs.iter().map(|(_, answer)| terms(answer)).collect();
    let mut differences: Vec<(String, Vec<String>)> = Vec::new();
    for (term, _) in told.iter().flatten() {
        if differences.iter().any(|(known, _)| known == term) {
            continue;
        }
        let of_run = |terms: &Vec<(String, String)>| {
            let found = terms.iter().find(|(other, _)| other == term);
            found.map_or_else(|| "\u{2013}".to_owned(), |(_, meaning)| meaning.clone())
        };
        differences.push((term.clone(), told.iter().map(of_run).collect()));
    }
    differences.retain(|(_, meanings)| meanings.iter().any(|it| *it != meanings[0]));
    differences
}

fn what_differs(compared: &Compared) -> Markup {
    let differences = differences(&compared.runs);
    html! {
        section aria-labelledby="differs" {
            h2 id="differs" { "What differs" }
            @if differences.is_empty() {
                p { "Nothing: these runs make the same changes and assume the same." }
            } @else {
                div.table-scroll role="region" tabindex="0" aria-label="What differs" {
                    table id="differences" {
                        thead {
                            tr {
                                td {}
                                @for (card, _) in &compared.runs { th scope="col" { "Run " (card.id) } }
                            }
                        }
                        tbody {
                            @for (term, meanings) in &differences {
                                tr {
                                    th scope="row" { (term) }
                                    @for meaning in meanings { td { (meaning) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The number of a run, and the scenario that it is of.
fn of_what(compared: &Compared, card: &RunCard) -> Markup {
    html! {
        span.unit {
            "run " (card.id)
            @if let Some((scenario, revision)) = card.scenario {
                " of "
                @if let Some(name) = compared.names.get(&scenario) { "\u{201c}" (name) "\u{201d}, " }
                "scenario " (scenario) ", revision " (revision)
            }
        }
    }
}

/// What the economy of a run is called.
fn economy_of<'r>(card: &'r RunCard, answer: &'r KeptAnswer) -> &'r str {
    let mut meta = answer.report.meta.iter();
    let title = meta.find(|(term, _)| term == "Economy");
    title.map_or(card.economy.name.as_str(), |(_, title)| title)
}

fn too_many(count: usize, what: &str) -> Problem {
    Problem::senseless(format!(
        "These are {count} {what}, and {MOST_COMPARED} can be told apart."
    ))
    .advise("Choose fewer runs.")
}

pub(crate) fn content(compared: &Compared) -> Result<Markup, Problem> {
    let chart = compared.comparison.chart()?.figure();
    let table = compared.comparison.table()?;
    let numbers = compared.runs.iter().map(|(card, _)| card.id.to_string());
    let numbers: Vec<String> = numbers.collect();
    let file = address(
        PICTURE,
        numbers.iter().map(|number| ("run", number.as_str())),
    );
    Ok(html! {
        section aria-labelledby="sides" {
            h2 id="sides" { "What is compared" }
            ul {
                @for (card, answer) in &compared.runs {
                    li {
                        a href={ "/lab/runs/" (card.id) } { (card.title) }
                        " " (of_what(compared, card)) ", " (economy_of(card, answer))
                    }
                }
            }
            @if differ(&compared.runs) {
                div.notice { p { "These runs don't start from the same figures: part of the difference is between the years, not between the reforms." } }
            }
        }
        @if compared.runs.len() > 1 { (what_differs(compared)) }
        section aria-labelledby="incomes" {
            h2 id="incomes" { "What each is worth" }
            @if compared.comparison.concerned() == 0 {
                p { "No state's stage with another one changes on any side." }
            } @else {
                (picture(chart, Some(&file)))
            }
            (blocks(&[Block::Table(table)]))
        }
        section aria-labelledby="assumed" {
            h2 id="assumed" { "What each assumes" }
            @for (card, answer) in &compared.runs {
                h3 { (card.title) " " (of_what(compared, card)) }
                @for section in answer.report.sections.iter().filter(|section| section.id == "assumptions") {
                    @let definitions = section.body.iter().filter(|block| matches!(block, Block::Definitions(_)));
                    (blocks(&definitions.cloned().collect::<Vec<_>>()))
                }
            }
        }
    })
}

/// Whether the runs met different figures.
fn differ(runs: &[(RunCard, KeptAnswer)]) -> bool {
    let mut economies = runs.iter().map(|(card, _)| &card.economy);
    let first = economies.next();
    economies.any(|economy| Some(economy) != first)
}
