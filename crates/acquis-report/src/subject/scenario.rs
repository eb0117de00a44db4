//! A scenario's outcome: stages before and after, the table of gains, the certificate.

use std::cmp::Reverse;

use acquis_law::StageMatrix;
use acquis_registry::{EdtfDate, Registry, Stage};
use acquis_scenario::{
    Closure, Economy, Effects, Model, Outcome, Reform, Row, Scenario, VariantOutcome, Verdict,
    name_of,
};
use serde_json::{Value, json};

use super::gravity;
use crate::column::{Column, Unit};
use crate::table::{Cell, Table, TableError};

/// The stages between the concerned states as a square of short words; `*` marks a
/// contested stage.
///
/// # Errors
/// None that the data can cause; the table's own check.
pub fn stage_square(title: &str, matrix: &StageMatrix) -> Result<Table, TableError> {
    let states = matrix.states();
    let mut columns = vec![Column::text("state", "")];
    columns.extend(
        states
            .iter()
            .map(|code| Column::text(code.as_str().to_lowercase(), code.as_str())),
    );
    let mut table = Table::new("stages", title, columns);
    let mut used: Vec<Stage> = Vec::new();
    let mut contested = false;
    for (row, code) in states.iter().enumerate() {
        let mut cells: Vec<Cell> = vec![code.as_str().into()];
        for column in 0..states.len() {
            let stage = matrix.stage(row, column);
            let mark = if matrix.is_contested(row, column) {
                "*"
            } else {
                ""
            };
            contested |= !mark.is_empty();
            if stage > Stage::None && !used.contains(&stage) {
                used.push(stage);
            }
            cells.push(if row == column {
                "\u{2014}".into()
            } else {
                format!("{}{mark}", stage.short()).into()
            });
        }
        table.push_row(cells)?;
    }
    used.sort_unstable();
    let mut legend: Vec<String> = used
        .iter()
        .map(|stage| format!("{} {stage}", stage.short()))
        .collect();
    if contested {
        legend.push("* contested".to_owned());
    }
    if legend.is_empty() {
        return Ok(table);
    }
    Ok(table.note(format!("{}.", legend.join(", "))))
}

/// The stages between the concerned states before and after, one row a pair.
///
/// # Errors
/// None that the data can cause; the table's own check.
pub fn stages(reform: &Reform) -> Result<Table, TableError> {
    let mut table = Table::new(
        "stages",
        "Stages before and after",
        vec![
            Column::text("first", "State"),
            Column::text("second", "With"),
            Column::text("grade", "Grade"),
            Column::text("before", "Before"),
            Column::text("after", "After"),
            Column::flag("changed", "Changed"),
            Column::flag("contested", "Contested"),
        ],
    );
    let (before, after) = (&reform.before, &reform.after);
    let states = before.states();
    for row in 0..states.len() {
        for column in row + 1..states.len() {
            let (from, to) = (before.stage(row, column), after.stage(row, column));
            table.push_row(vec![
                states[row].as_str().into(),
                states[column].as_str().into(),
                before.grade().label().into(),
                from.label().into(),
                to.label().into(),
                Cell::Flag(from != to),
                Cell::Flag(before.is_contested(row, column) || after.is_contested(row, column)),
            ])?;
        }
    }
    Ok(table)
}

/// The rows as they are read: members first, then by change of real income.
pub fn reading_order(effects: &Effects) -> Vec<&Row> {
    let mut rows: Vec<&Row> = effects.rows.iter().collect();
    rows.sort_by(|left, right| {
        Reverse(left.is_member)
            .cmp(&Reverse(right.is_member))
            .then(right.real_income_pct.total_cmp(&left.real_income_pct))
    });
    rows
}

/// How much of the table of results is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// What fits a terminal: names, changes, verdict.
    Reading,
    /// Everything, for files and pages: codes and amounts too.
    Full,
}

/// The table of a scenario: what it does to each state.
///
/// # Errors
/// None that the data can cause; the table's own check.
pub fn results(
    scenario: &Scenario,
    economy: &Economy,
    variant: &VariantOutcome,
    effects: &Effects,
    detail: Detail,
) -> Result<Table, TableError> {
    let mut columns = match detail {
        Detail::Reading => vec![Column::text("state", "State")],
        Detail::Full => vec![
            Column::text("state", "State"),
            Column::text("name", "Name"),
            Column::flag("concerned", "Concerned")
                .describe("Whether its stage with another state changes"),
        ],
    };
    columns.extend(change_columns());
    if detail == Detail::Full {
        columns.extend(amount_columns(economy));
    }
    let mut table = Table::new("results", format!("Results: {}", variant.title), columns);
    for row in reading_order(effects) {
        table.push_row(result_row(scenario.closure_in(economy), row, detail))?;
    }
    Ok(match detail {
        Detail::Reading => table.note(format!(
            "{CONCERNED} concerned: its stage with another state changes."
        )),
        Detail::Full => table,
    })
}

/// The mark of a state that a reform concerns.
const CONCERNED: &str = "\u{25cf}";

fn change_columns() -> [Column; 7] {
    [
        Column::change("exports_change_pct", "Exports", Unit::PERCENT, 2)
            .describe("Change in the value of exports, in the money of the model"),
        Column::change("real_income_change_pct", "Real income", Unit::PERCENT, 3)
            .describe("Change in expenditure over its price index (equivalent variation)"),
        Column::change(
            "imports_from_members_change_pct",
            "Imports: members",
            Unit::PERCENT,
            2,
        )
        .describe("Trade creation: change of imports from the states whose stage changes"),
        Column::change(
            "imports_from_outsiders_change_pct",
            "outsiders",
            Unit::PERCENT,
            2,
        )
        .describe("Trade diversion: change of imports from all others, domestic sales left out"),
        Column::text("deficit_closure", "Deficits"),
        Column::share("estimated_share", "Estimated")
            .describe("Share of its exports and imports that is estimated"),
        Column::verdict("gains", "Verdict", "gains", "loses").or_else("unchanged"),
    ]
}

fn amount_columns(economy: &Economy) -> [Column; 5] {
    let unit = Unit::new(economy.card.unit.clone());
    let amount = |name: &str, header: &str| Column::number(name, header, unit.clone(), 1);
    [
        amount(
            "imports_from_members_before",
            "Imports from members, before",
        ),
        amount("imports_from_members_after", "Imports from members, after"),
        amount(
            "imports_from_outsiders_before",
            "Imports from outsiders, before",
        ),
        amount(
            "imports_from_outsiders_after",
            "Imports from outsiders, after",
        ),
        Column::change("real_wage_change_pct", "Real wage", Unit::PERCENT, 3),
    ]
}

fn number(value: Option<f64>) -> Cell {
    value.map_or(Cell::Missing, Cell::Number)
}

fn result_row(closure: Closure, row: &Row, detail: Detail) -> Vec<Cell> {
    use acquis_registry::document::Word as _;

    let mut cells: Vec<Cell> = match detail {
        Detail::Reading if row.is_member => vec![format!("{CONCERNED} {}", row.name).into()],
        Detail::Reading => vec![row.name.as_str().into()],
        Detail::Full => vec![
            row.code.as_str().into(),
            row.name.as_str().into(),
            Cell::Flag(row.is_member),
        ],
    };
    cells.extend([
        number(row.exports_pct),
        row.real_income_pct.into(),
        number(row.from_members.change_pct()),
        number(row.from_outsiders.change_pct()),
        closure.word().into(),
        number(row.estimated_share),
        match row.verdict {
            Verdict::Gains => Cell::Flag(true),
            Verdict::Loses => Cell::Flag(false),
            Verdict::Unchanged => Cell::Missing,
        },
    ]);
    if detail == Detail::Full {
        cells.extend([
            row.from_members.before.into(),
            row.from_members.after.into(),
            row.from_outsiders.before.into(),
            row.from_outsiders.after.into(),
            row.real_wage_pct.into(),
        ]);
    }
    cells
}

/// Who would have reason to refuse, in a sentence.
pub fn consent(effects: &Effects) -> String {
    let list = |rows: &[&Row]| -> String {
        rows.iter()
            .map(|row| row.name.as_str())
            .collect::<Vec<_>>()
            .join(", ")
    };
    let losers = |members: bool| -> Vec<&Row> {
        reading_order(effects)
            .into_iter()
            .filter(|row| row.is_member == members && row.verdict == Verdict::Loses)
            .collect()
    };
    let concerned = effects.rows.iter().filter(|row| row.is_member).count();
    let refuse = losers(true);
    let inside = match (concerned, refuse.len()) {
        (0, _) => return "No state is concerned.".to_owned(),
        (_, 0) => "No state concerned has reason to refuse: none of them loses.".to_owned(),
        _ => format!("Would have reason to refuse: {}.", list(&refuse)),
    };
    let outside = losers(false);
    let others = effects.rows.len() - concerned;
    match outside.last() {
        None => format!("{inside} None of the {others} others loses."),
        Some(worst) => format!(
            "{inside} Of the {others} others {} lose, {} the most ({:.3} % of its real income).",
            outside.len(),
            worst.name,
            -worst.real_income_pct
        ),
    }
}

/// What the model assumes, as terms and sentences.
pub fn assumptions(
    scenario: &Scenario,
    registry: &Registry,
    economy: &Economy,
) -> Vec<(String, String)> {
    let many = economy.sectors().len() > 1;
    let closure = scenario.closure_in(economy).label();
    let mut terms = vec![
        (
            "Model".to_owned(),
            if many { MANY_SECTORS } else { ONE_SECTOR }.to_owned(),
        ),
        (
            "Effect of a stage on ln trade".to_owned(),
            gravity::effects(&scenario.effects),
        ),
        ("Trade elasticity".to_owned(), elasticity(scenario, economy)),
        (
            "Deficits".to_owned(),
            if scenario.purge {
                format!("{closure}, set to zero before anything changes")
            } else {
                closure.to_owned()
            },
        ),
    ];
    if many {
        terms.push((
            "At the border".to_owned(),
            border(scenario, registry, economy),
        ));
    }
    if let Some(draws) = gravity::draws(scenario) {
        terms.push(("Draws".to_owned(), draws));
    }
    terms.extend([
        (
            "Law".to_owned(),
            format!(
                "stages on {} at the grade \"{}\"{}",
                scenario.base.date,
                scenario.base.grade.label(),
                scenario
                    .base
                    .known_by
                    .map_or_else(String::new, |day| format!(", as known by {day}")),
            ),
        ),
        (
            "Economy".to_owned(),
            format!(
                "{} ({}), {}",
                economy.card.title, economy.card.id, economy.card.unit
            ),
        ),
    ]);
    terms
}

const ONE_SECTOR: &str = "One sector, exact hat algebra (Dekle, Eaton and Kortum 2008; Baier, Yotov and Zylkin 2019); no tariffs, no revenue";
const MANY_SECTORS: &str = "Many sectors with tariffs, revenue and intermediate goods where the economy has them, exact hat algebra (Caliendo and Parro 2015)";

fn elasticity(scenario: &Scenario, economy: &Economy) -> String {
    let used = scenario.elasticity_in(economy);
    let bounds = used
        .thetas
        .iter()
        .fold((f64::INFINITY, 0.0_f64), |(low, high), theta| {
            (low.min(*theta), high.max(*theta))
        });
    match used.thetas.as_slice() {
        [one] => format!("{one}. {}", used.source),
        _ => format!(
            "by sector, {:.2} to {:.2}. {}",
            bounds.0, bounds.1, used.source
        ),
    }
}

/// What stages do at the border of an economy with tariffs, in a sentence.
fn border(scenario: &Scenario, registry: &Registry, economy: &Economy) -> String {
    let policy = &scenario.policy;
    let mut parts = vec![
        "free trade drops tariffs in the sectors covered, and the effect of the stage beyond that is a trade cost".to_owned(),
        format!("a customs union takes {}", policy.external_tariff.label()),
    ];
    if policy.rules_of_origin > 0.0 {
        parts.push(format!(
            "proving origin costs {} % of the value",
            100.0 * policy.rules_of_origin
        ));
    }
    if let Some(part) = policy.utilisation {
        parts.push(format!("{} % of trade uses the preference", 100.0 * part));
    }
    if let Some(pool) = &policy.pool {
        let shares = pool.shares.iter().map(|(code, share)| {
            let name = name_of(registry, economy, &code.value);
            format!("{name} {share} %")
        });
        parts.push(format!(
            "duties are pooled: {}",
            shares.collect::<Vec<_>>().join(", ")
        ));
    }
    if let Some(elasticity) = policy.labour_mobility {
        parts.push(format!(
            "labour moves within common markets with elasticity {elasticity}"
        ));
    }
    parts.join("; ")
}

/// The scenario as it was resolved, with everything that was left to a default.
pub fn resolved_json(scenario: &Scenario, economy: &Economy, outcome: &Outcome) -> Value {
    use acquis_registry::document::Word as _;

    let variants: Vec<Value> = outcome
        .variants
        .iter()
        .map(|variant| {
            json!({
                "name": variant.name,
                "title": variant.title,
                "acts": variant.reform.sentences,
                "changed": variant.reform.changed,
                "incompatible": variant.reform.incompatible,
                "already_incompatible": variant.reform.already_incompatible,
                "refused": variant.is_refused(),
            })
        })
        .collect();
    let elasticity = scenario.elasticity_in(economy);
    let effects: serde_json::Map<String, Value> = scenario
        .effects
        .by_stage()
        .map(|(stage, effect)| (stage.word().to_owned(), json!(effect)))
        .collect();
    json!({
        "name": scenario.name,
        "title": scenario.title,
        "description": scenario.description,
        "base": {
            "pack": scenario.base.pack,
            "date": scenario.base.date.to_string(),
            "grade": scenario.base.grade,
            "known_by": scenario.base.known_by.map(|day| EdtfDate::day(day).to_string()),
            "economy": {
                "id": economy.card.id,
                "title": economy.card.title,
                "year": economy.card.year,
                "unit": economy.card.unit,
                "sources": economy.card.sources,
                "method": economy.card.method,
                "notes": economy.card.notes,
                "economies": economy.labels(),
            },
        },
        "effects": {
            "by_stage": effects,
            "source": scenario.effects.source,
            "estimates": scenario.effects.estimates(),
        },
        "elasticity": {
            "trade": elasticity.thetas,
            "source": elasticity.source,
        },
        "deficit_closure": scenario.closure_in(economy).word(),
        "variants": variants,
        "notes": outcome.notes,
    })
}

/// The certificates of all variants that were solved.
pub fn certificate_json(scenario: &Scenario, economy: &Economy, outcome: &Outcome) -> Value {
    use acquis_registry::document::Word as _;

    let variants: Vec<Value> = outcome
        .variants
        .iter()
        .map(|variant| match &variant.effects {
            None => json!({ "variant": variant.name, "refused": true }),
            Some(effects) => {
                let mut certificate = certificate(&effects.model);
                certificate["variant"] = json!(variant.name);
                certificate
            }
        })
        .collect();
    let equations = if economy.sectors().len() > 1 {
        "Caliendo and Parro (2015), exact hat algebra with many sectors and tariffs"
    } else {
        "Baier, Yotov and Zylkin (2019), exact hat algebra with one sector"
    };
    json!({
        "scenario": scenario.name,
        "equations": equations,
        "deficit_closure": scenario.closure_in(economy).word(),
        "variants": variants,
    })
}

fn certificate(model: &Model) -> Value {
    match model {
        Model::OneSector(certificate) => json!({
            "method": format!("{:?}", certificate.method).to_lowercase(),
            "iterations": certificate.iterations,
            "evaluations": certificate.evaluations,
            "residual": certificate.residual,
            "residual_definition": "largest |ln sales - ln income| over the economies, computed from the flows returned",
            "budget_residual": certificate.budget_residual,
            "world_balance": certificate.world_balance,
        }),
        Model::ManySectors(results) => {
            let certificate = &results.certificate;
            json!({
                "method": format!("{:?}", certificate.method).to_lowercase(),
                "approached_from": certificate.approached_from,
                "evaluations": certificate.evaluations,
                "residual": certificate.residual,
                "residual_definition": "largest error of prices (logs), expenditure (relative) and labour markets (logs), recomputed flow by flow from wages, prices and expenditure returned",
                "price_residual": certificate.price_residual,
                "expenditure_residual": certificate.expenditure_residual,
                "labour_residual": certificate.labour_residual,
                "trade_balance": certificate.trade_balance,
                "world_balance": certificate.world_balance,
            })
        }
    }
}
