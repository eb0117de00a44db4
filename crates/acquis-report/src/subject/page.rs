//! A scenario's report as one page that is readable offline.

use acquis_registry::document::Word as _;
use acquis_registry::{Registry, Stage};
use acquis_scenario::{
    Economy, Effects, Model, Outcome, Row, Scenario, SectorResults, VariantOutcome,
};

use super::origin::Origin;
use super::reform::{conflict_cases, conflict_reason, moves_in_words, state_name, when};
use super::scenario::{Detail, assumptions, consent, reading_order, results};
use super::{outcome, sectors};
use crate::chart::{Chart, ChartError, PairStage, StageLevel, StageMatrix, StagePanel, StageState};
use crate::column::Unit;
use crate::document::{Block, HtmlReport, KeyFigure, NoticeKind, Section};
use crate::table::TableError;

/// Why a page could not be made; nothing that the data can cause.
#[derive(Debug, thiserror::Error)]
pub enum PageError {
    /// A chart refused its data.
    #[error(transparent)]
    Chart(#[from] ChartError),
    /// A table refused its data.
    #[error(transparent)]
    Table(#[from] TableError),
}

/// The report of a scenario.
///
/// # Errors
/// A number that can't be drawn, which a solved equilibrium does not hold.
pub fn report(
    scenario: &Scenario,
    registry: &Registry,
    economy: &Economy,
    outcome: &Outcome,
) -> Result<HtmlReport, PageError> {
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
    let several = outcome.variants.len() > 1;
    for variant in &outcome.variants {
        variant_sections(scenario, registry, economy, variant, several, &mut page)?;
    }
    page.sections.push(Section::new(
        "assumptions",
        "What the model assumes",
        assumption_blocks(scenario, registry, economy, outcome),
    ));
    page.sections.push(Section::new(
        "certificate",
        "Certificate",
        certificate_blocks(outcome),
    ));
    Ok(page)
}

fn variant_sections(
    scenario: &Scenario,
    registry: &Registry,
    economy: &Economy,
    variant: &VariantOutcome,
    several: bool,
    page: &mut HtmlReport,
) -> Result<(), PageError> {
    let heading = |text: &str| {
        if several {
            format!("{}: {text}", variant.title)
        } else {
            capitalized(text)
        }
    };
    let id = |name: &str| format!("{}-{name}", variant.name);
    let mut law = vec![
        Block::List(variant.reform.sentences.clone()),
        Block::Paragraph(when(scenario, variant)),
        Block::Definitions(
            moves_in_words(registry, &variant.reform)
                .into_iter()
                .map(|(what, pairs)| (capitalized(&what), pairs))
                .collect(),
        ),
    ];
    law.extend(conflict_blocks(variant));
    if !variant.reform.concerned.is_empty() {
        law.push(stage_chart(registry, variant)?.figure());
    }
    page.sections.push(Section::new(
        id("law"),
        heading("who is bound by what"),
        law,
    ));
    let Some(effects) = &variant.effects else {
        return Ok(());
    };
    page.sections.push(Section::new(
        id("gains"),
        heading("what it is worth"),
        gains(scenario, economy, variant, effects)?,
    ));
    if let Model::ManySectors(results) = &effects.model {
        page.sections.push(Section::new(
            id("sectors"),
            heading("where it comes from"),
            sector_blocks(economy, effects, results)?,
        ));
    }
    Ok(())
}

/// What a variant is worth to each economy: figures, a sentence, charts, a map and the table.
///
/// # Errors
/// A number that can't be drawn, which a solved equilibrium does not hold.
pub fn gains(
    scenario: &Scenario,
    economy: &Economy,
    variant: &VariantOutcome,
    effects: &Effects,
) -> Result<Vec<Block>, PageError> {
    let mut gains = at_a_glance(economy, effects)?;
    let map = outcome::gains_map(economy, effects)?;
    gains.push(map.on(scenario.base.date).views());
    if effects.rows.iter().any(|row| row.is_member) {
        gains.push(outcome::creation_chart(economy, effects)?.figure());
        gains.push(outcome::trade_flows(economy, effects)?.figure());
    }
    let table = results(scenario, economy, variant, effects, Detail::Reading)?;
    gains.push(Block::Table(table));
    if let Some(table) = sectors::quantiles(effects)? {
        gains.push(Block::Table(table));
    }
    Ok(gains)
}

/// What a variant is worth, in brief: figures, a sentence, and bars of real income.
///
/// # Errors
/// A number that can't be drawn, which a solved equilibrium does not hold.
pub fn at_a_glance(economy: &Economy, effects: &Effects) -> Result<Vec<Block>, PageError> {
    Ok(vec![
        Block::KeyFigures(key_figures(effects)),
        Block::Paragraph(consent(effects)),
        outcome::income_chart(economy, effects)?.figure(),
    ])
}

fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

fn conflict_blocks(variant: &VariantOutcome) -> Vec<Block> {
    let reform = &variant.reform;
    let mut blocks = Vec::new();
    let intro = if variant.is_refused() {
        "Refused: the commitments can't all be kept."
    } else {
        "Computed although the commitments can't all be kept."
    };
    for conflict in &reform.incompatible {
        blocks.push(Block::Notice {
            kind: NoticeKind::Warning,
            text: format!("{intro} {}", conflict_reason(conflict)),
        });
        blocks.push(Block::List(conflict_cases(conflict)));
    }
    let already = reform.already_incompatible.iter();
    let already: Vec<&str> = already
        .flat_map(|conflict| &conflict.cases)
        .map(|case| case.sentence.as_str())
        .collect();
    if !already.is_empty() {
        blocks.push(Block::Notice {
            kind: NoticeKind::Info,
            text: format!(
                "Incompatible before the reform and after it: {}.",
                already.join("; ")
            ),
        });
    }
    blocks
}

fn key_figures(effects: &Effects) -> Vec<KeyFigure> {
    let members: Vec<&Row> = reading_order(effects)
        .into_iter()
        .filter(|row| row.is_member)
        .collect();
    let figure = |row: &Row| KeyFigure {
        label: format!("Real income, {}", row.name),
        value: signed(row.real_income_pct),
        unit: Unit::PERCENT,
    };
    match members.as_slice() {
        [] => Vec::new(),
        all if all.len() <= 6 => all.iter().map(|row| figure(row)).collect(),
        [first, .., last] => vec![figure(first), figure(last)],
        [only] => vec![figure(only)],
    }
}

fn signed(value: f64) -> String {
    if value < 0.0 {
        format!("\u{2212}{:.2}", -value)
    } else {
        format!("+{value:.2}")
    }
}

fn stage_chart(registry: &Registry, variant: &VariantOutcome) -> Result<StageMatrix, ChartError> {
    let levels = Stage::ALL
        .iter()
        .map(|&stage| {
            let short = if stage == Stage::None {
                ""
            } else {
                stage.short()
            };
            StageLevel::new(stage.label(), short)
        })
        .collect();
    let (before, after) = (&variant.reform.before, &variant.reform.after);
    let states = before
        .states()
        .iter()
        .map(|code| StageState::new(code.as_str(), state_name(registry, code)))
        .collect();
    let mut chart = StageMatrix::new("Stages of integration before and after", levels, states)?
        .source(Origin::ActsAt(registry, before.day(), before.grade()).line());
    let panel = |heading: &str, matrix: &acquis_law::StageMatrix| {
        let count = matrix.states().len();
        let mut panel = StagePanel::new(heading, count);
        for row in 0..count {
            for column in row + 1..count {
                let stage = PairStage {
                    level: matrix.stage(row, column).depth(),
                    changed: false,
                    contested: matrix.is_contested(row, column),
                };
                panel.set(row, column, stage)?;
            }
        }
        Ok::<_, ChartError>(panel)
    };
    let first = panel("Before", before)?;
    let second = panel("After", after)?.changed_from(&first);
    chart.push(first)?;
    chart.push(second)?;
    Ok(chart)
}

/// Where welfare comes from, public income, payments, draws, and sectors of the concerned.
fn sector_blocks(
    economy: &Economy,
    effects: &Effects,
    results: &SectorResults,
) -> Result<Vec<Block>, PageError> {
    let mut blocks = Vec::new();
    if !results.sentences.is_empty() {
        blocks.push(Block::List(results.sentences.clone()));
    }
    blocks.push(Block::Table(sectors::welfare(effects, results)?));
    blocks.push(Block::Table(sectors::origins(effects, results)?));
    let public = sectors::public_income(economy, effects, results)?;
    blocks.push(Block::Table(public));
    if !results.payments.is_empty() {
        blocks.push(Block::Table(sectors::payments(economy, results)?));
    }
    let by_sector = sectors::sectors(economy, results)?;
    blocks.push(Block::Table(sectors::concerned_only(&by_sector, effects)));
    Ok(blocks)
}

fn assumption_blocks(
    scenario: &Scenario,
    registry: &Registry,
    economy: &Economy,
    outcome: &Outcome,
) -> Vec<Block> {
    let mut blocks = vec![
        Block::Paragraph(
            "This is the result of a model, not a forecast: it moves one thing and holds the rest."
                .to_owned(),
        ),
        Block::Definitions(assumptions(scenario, registry, economy)),
        Block::Subheading("About the data".to_owned()),
        Block::List(economy.card.notes.clone()),
        Block::Subheading("Sources of the data".to_owned()),
        Block::List(economy.card.sources.clone()),
    ];
    if !outcome.notes.is_empty() {
        blocks.push(Block::Subheading("Notes".to_owned()));
        blocks.push(Block::List(outcome.notes.clone()));
    }
    blocks
}

fn certificate_line(model: &Model) -> String {
    match model {
        Model::OneSector(certificate) => format!(
            "{:?}, {} iterations; largest difference of sales and income {:.1e} in logs",
            certificate.method, certificate.iterations, certificate.residual
        ),
        Model::ManySectors(results) => format!(
            "{:?}, {} sweeps; largest error of prices, expenditure and labour markets {:.1e}, of the trade balance {:.1e} of world value added",
            results.certificate.method,
            results.certificate.evaluations,
            results.certificate.residual,
            results.certificate.trade_balance,
        ),
    }
}

fn certificate_blocks(outcome: &Outcome) -> Vec<Block> {
    let mut definitions = Vec::new();
    for variant in &outcome.variants {
        let text = match &variant.effects {
            None => "not computed: refused by the law".to_owned(),
            Some(effects) => certificate_line(&effects.model),
        };
        definitions.push((variant.title.clone(), text));
    }
    vec![
        Block::Paragraph(
            "The error of the equations that the tables claim to solve, computed from the flows themselves."
                .to_owned(),
        ),
        Block::Definitions(definitions),
    ]
}
