//! The answer as one page that is readable offline.

use acquis_blocs::Indifference;
use acquis_scenario::{AdmissionQuestion, BlocsAnswer, BlocsQuestion, BlocsVerdict, Economy};

use super::sentences::formed;
use super::{Answered, lattice, names, tables, words};
use crate::chart::{Bar, BarChart, Chart, ChartError};
use crate::document::{Block, HtmlReport, Section};
use crate::subject::origin::Origin;
use crate::subject::page::PageError;
use crate::subject::scenario;

/// What was asked and assumed, as terms with their meaning.
pub(super) fn assumptions(answered: &Answered<'_>) -> Vec<(String, String)> {
    let Answered {
        scenario,
        question,
        registry,
        economy,
        answer,
    } = *answered;
    let candidates = answer.candidates.iter().map(|it| it.code.as_str());
    let mut terms = vec![
        (
            "Candidates".to_owned(),
            candidates.collect::<Vec<_>>().join(", "),
        ),
        ("What can be formed".to_owned(), formed(&question.form)),
        (
            "Gains".to_owned(),
            format!(
                "change of real income against the world of the figures; in money the equivalent variation, {}; \
                 changes up to {} % of income count as none; payments don't move prices",
                economy.card.unit, question.tolerance
            ),
        ),
        (
            "Who decides on an applicant".to_owned(),
            admission(question, answer),
        ),
        (
            "Who neither gains nor loses by joining".to_owned(),
            match question.indifferent {
                Indifference::StaysOut => "stays out",
                Indifference::Joins => "joins",
            }
            .to_owned(),
        ),
        (
            "Pairs with a deeper stage already".to_owned(),
            "keep it and gain nothing by the bloc".to_owned(),
        ),
    ];
    if !answer.founders.is_empty() {
        terms.push((
            "Founders".to_owned(),
            names(answer.founders, &answer.candidates),
        ));
    }
    if !answer.offers.is_empty() {
        terms.push((
            "Offers".to_owned(),
            "whoever stays outside takes up what it is offered if it gains by that while there is no bloc; \
             whoever joins gives it up"
                .to_owned(),
        ));
    }
    terms.extend(scenario::assumptions(scenario, registry, economy));
    terms
}

fn admission(question: &BlocsQuestion, answer: &BlocsAnswer) -> String {
    match (&question.admission, &answer.admission_rule) {
        (AdmissionQuestion::Open, _) => "nobody: membership is open".to_owned(),
        (AdmissionQuestion::Unanimity, _) => {
            "every member can refuse, and does if it loses".to_owned()
        }
        (AdmissionQuestion::Rule(_), rule) => format!(
            "the members by the rule of the {}; who loses votes against",
            rule.as_deref().unwrap_or("organ")
        ),
    }
}

/// The whole answer as a page.
///
/// # Errors
/// A number that can't be drawn, which a solved equilibrium does not hold.
pub(super) fn report(answered: &Answered<'_>) -> Result<HtmlReport, PageError> {
    let Answered {
        scenario,
        registry,
        economy,
        answer,
        ..
    } = *answered;
    let mut page = HtmlReport::new(&scenario.title, &scenario.description);
    page.meta = vec![
        (
            "Law".to_owned(),
            format!(
                "{}, {} ({})",
                scenario.base.date,
                registry.card().title,
                scenario.base.grade.label()
            ),
        ),
        ("Economy".to_owned(), economy.card.title.clone()),
        (
            "Made by".to_owned(),
            format!("acquis {}", env!("CARGO_PKG_VERSION")),
        ),
    ];
    let mut verdict = vec![Block::List(words(economy, answer))];
    if let Some(lattice) = lattice(economy, answer)? {
        verdict.push(lattice.figure());
        verdict.push(Block::Paragraph(
            "Each tick is a bloc, in the row of its size; the line is a path of accession."
                .to_owned(),
        ));
    }
    page.sections
        .push(Section::new("verdict", "Which union would hold", verdict));
    if let Some(chart) = gains_chart(economy, answer)? {
        page.sections.push(Section::new(
            "gains-chart",
            "Who gains",
            vec![chart.figure()],
        ));
    }
    let tables = tables(economy, answer)?.into_iter().map(Block::Table);
    page.sections
        .push(Section::new("tables", "In figures", tables.collect()));
    page.sections.push(Section::new(
        "assumptions",
        "What was assumed",
        assumption_blocks(answered),
    ));
    Ok(page)
}

fn gains_chart(economy: &Economy, answer: &BlocsAnswer) -> Result<Option<BarChart>, ChartError> {
    let BlocsVerdict::Single(verdicts) = &answer.verdict else {
        return Ok(None);
    };
    let verdict = &verdicts.verdict;
    let focus = verdict.focus.bloc;
    let title = format!("With {}", names(focus, &answer.candidates));
    let mut chart = BarChart::new(title, "Change of real income", "%")
        .decimals(3)
        .source(Origin::Economy(economy).line());
    for (group, inside) in [("Members", true), ("Outside", false)] {
        for (place, candidate) in answer.candidates.iter().enumerate() {
            let player = acquis_blocs::Player::at(place);
            if focus.contains(player) == inside {
                let gain = verdict
                    .percent
                    .payoff_beside(focus, player)
                    .unwrap_or_default();
                let bar = Bar::new(&candidate.name, gain).group(group);
                chart.push(if inside { bar.emphasized() } else { bar })?;
            }
        }
    }
    Ok(Some(chart))
}

fn assumption_blocks(answered: &Answered<'_>) -> Vec<Block> {
    let (economy, answer) = (answered.economy, answered.answer);
    let mut blocks = vec![
        Block::Paragraph(
            "This is the result of a model, not a forecast: states are taken to look at their real income alone, \
             and one thing moves while the rest is held."
                .to_owned(),
        ),
        Block::Definitions(assumptions(answered)),
        Block::Subheading("About the data".to_owned()),
        Block::List(economy.card.notes.clone()),
        Block::Subheading("Sources of the data".to_owned()),
        Block::List(economy.card.sources.clone()),
    ];
    if !answer.notes.is_empty() {
        blocks.push(Block::Subheading("Notes".to_owned()));
        blocks.push(Block::List(answer.notes.clone()));
    }
    blocks
}
