//! The stages that were joined to a panel, and what another world would do to its economies.

use acquis_registry::Stage;
use acquis_scenario::gravity::{OtherWorld, StageJoin};

use super::words::{count, grouped, listed};
use crate::column::{Column, Unit};
use crate::table::{Table, TableError};

/// The stages that occur in a panel, and what the pack doesn't know of it.
///
/// # Errors
/// None that a join can bring about.
pub fn joined_stages(join: &StageJoin) -> Result<Table, TableError> {
    let question = &join.question;
    let title = format!("Stages {} on {} of each year", question.grade, question.day);
    let mut table = Table::new(
        "stages",
        title,
        vec![
            Column::text("stage", "Stage"),
            Column::integer("rows", "Rows", Unit::NONE),
            Column::integer("pairs", "Pairs", Unit::NONE).describe("Ordered pairs of states"),
            Column::integer("changing", "Changing", Unit::NONE)
                .describe("Pairs that have it in some years of the panel and not in others"),
            Column::text("years", "Years"),
        ],
    );
    for stage in &join.stages {
        let (first, last) = stage.years;
        let years = if first == last {
            first.to_string()
        } else {
            format!("{first} to {last}")
        };
        table.push_row(vec![
            stage.stage.label().into(),
            count(stage.rows).into(),
            count(stage.pairs).into(),
            count(stage.changing).into(),
            years.into(),
        ])?;
    }
    let never = never_joined(join);
    if !never.is_empty() {
        let never: Vec<&str> = never.iter().map(|stage| stage.label()).collect();
        table
            .notes
            .push(format!("No pair of the panel has: {}.", never.join(", ")));
    }
    if !join.unknown.is_empty() {
        let names: Vec<String> = join
            .unknown
            .iter()
            .map(|state| format!("{} ({})", state.name, grouped(state.rows)))
            .collect();
        table.notes.push(format!(
            "The pack doesn't know {} of the panel's names: {}. The {} rows (of {}) with one of \
             them have no stage.",
            grouped(names.len()),
            listed(&names),
            grouped(join.unknown_rows),
            grouped(join.rows),
        ));
    }
    Ok(table)
}

/// The stages that no pair of the panel has.
pub fn never_joined(join: &StageJoin) -> Vec<Stage> {
    use acquis_registry::document::Word as _;
    let occurs = |stage: &Stage| join.stages.iter().any(|joined| joined.stage == *stage);
    let deeper = Stage::ALL
        .iter()
        .copied()
        .filter(|stage| *stage != Stage::None);
    deeper.filter(|stage| !occurs(stage)).collect()
}

/// What another world does to the economies of a panel.
///
/// # Errors
/// A figure that is not finite.
pub fn other_world(world: &OtherWorld, elasticity: f64) -> Result<Table, TableError> {
    let change = |name: &str, header: &str| Column::change(name, header, Unit::PERCENT, 3);
    let title = match &world.period {
        Some(period) => format!("The other world, {period}"),
        None => "The other world".to_owned(),
    };
    let mut table = Table::new(
        "other-world",
        title,
        vec![
            Column::text("economy", "Economy"),
            change("exports_conditional_pct", "Exports, conditional")
                .describe("Output and expenditure held fixed"),
            change("exports_pct", "Exports, full").describe("Prices and incomes respond"),
            change("real_income_pct", "Real income, full").describe("Real expenditure"),
        ],
    );
    for row in &world.rows {
        table.push_row(vec![
            row.economy.as_str().into(),
            row.exports_conditional_pct.into(),
            row.exports_pct.into(),
            row.real_income_pct.into(),
        ])?;
    }
    table.notes.push(format!(
        "General equilibrium on fitted trade with a trade elasticity of {elasticity}, deficits in \
         fixed proportion to output; largest error of the equations {:.1e}.",
        world.certificate.residual
    ));
    if world.absent > 0 {
        table.notes.push(format!(
            "{} ordered pairs have no row in the sample: their trade is zero before and after, and \
             there is no conditional equilibrium.",
            grouped(world.absent)
        ));
    }
    Ok(table)
}
