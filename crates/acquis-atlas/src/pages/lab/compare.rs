//! Runs side by side.

use acquis_report::Block;
use acquis_report::chart::Chart as _;
use acquis_report::html::blocks;
use acquis_report::subject::answer::KeptAnswer;
use acquis_report::subject::comparison::{Comparison, MOST_COMPARED, sides};
use acquis_store::{RunCard, RunState};
use maud::{Markup, html};

use super::requests::kept_answer;
use super::run_id;
use crate::lab::Lab;
use crate::problem::Problem;

/// Runs that were read to be compared.
pub(crate) struct Compared {
    runs: Vec<(RunCard, KeptAnswer)>,
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
    let sides = sides(runs.iter().map(|(_, answer)| answer));
    if sides.len() > MOST_COMPARED {
        return Err(too_many(sides.len(), "variants"));
    }
    let comparison = Comparison::new(&sides);
    Ok(Compared { runs, comparison })
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
    Ok(html! {
        section aria-labelledby="sides" {
            h2 id="sides" { "What is compared" }
            ul {
                @for (card, _) in &compared.runs {
                    li {
                        a href={ "/lab/runs/" (card.id) } { (card.title) }
                        " " span.unit { "run " (card.id) ", " (card.economy.name) }
                    }
                }
            }
            @if differ(&compared.runs) {
                div.notice { p { "These runs don't start from the same figures: part of the difference is between the years, not between the reforms." } }
            }
        }
        section aria-labelledby="incomes" {
            h2 id="incomes" { "What each is worth" }
            @if compared.comparison.concerned() == 0 {
                p { "No state's stage with another one changes on any side." }
            } @else {
                (blocks(&[chart]))
            }
            (blocks(&[Block::Table(table)]))
        }
        section aria-labelledby="assumed" {
            h2 id="assumed" { "What each assumes" }
            @for (card, answer) in &compared.runs {
                h3 { (card.title) " " span.unit { "run " (card.id) } }
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
