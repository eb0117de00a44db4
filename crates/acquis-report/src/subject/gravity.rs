//! Gravity: regressions as journals print them, what was left out of them and why, and the
//! stages that were joined to a panel.

mod effects;
mod joined;
mod journal;
mod words;

use acquis_gravity::{Regressed, Resistance};
use acquis_scenario::gravity::StageJoin;
use serde_json::{Map, Value, json};

use crate::column::{Column, Unit};
use crate::json::to_json;
use crate::table::{Cell, Table, TableError};

pub(super) use effects::{draws, effects};
pub use joined::{joined_stages, never_joined, other_world};
pub use journal::{Stars, journal};
pub use words::{certificate, estimator_words, left_out};

/// Names of levels or rows that a sentence lists; files have them all.
pub const LISTED: usize = 8;

/// The coefficients of one regression, with what was asked beyond them.
///
/// # Errors
/// A figure that is not finite.
pub fn coefficients(regressed: &Regressed) -> Result<Table, TableError> {
    let fit = &regressed.fit;
    let all = fit.coefficients();
    let decimals = decimals(all.iter().map(|line| line.standard_error));
    let statistic = words::statistic(fit);
    let mut columns = vec![
        Column::text("term", ""),
        Column::number("estimate", "Estimate", Unit::NONE, decimals),
        Column::number("standard_error", "Std. error", Unit::NONE, decimals),
        Column::number(statistic, statistic, Unit::NONE, 2),
        Column::number("p_value", "p", Unit::NONE, 4),
        Column::number("low", "From", Unit::NONE, decimals).describe("Confidence interval, lower"),
        Column::number("high", "To", Unit::NONE, decimals).describe("Confidence interval, upper"),
    ];
    if regressed.correction.is_some() {
        columns.extend([
            Column::number("corrected", "Corrected", Unit::NONE, decimals),
            Column::number("corrected_error", "Its error", Unit::NONE, decimals),
        ]);
    }
    if regressed.bootstrap.is_some() {
        columns.extend([
            Column::number("bootstrap_error", "Bootstrap error", Unit::NONE, decimals),
            Column::number("bootstrap_low", "From", Unit::NONE, decimals),
            Column::number("bootstrap_high", "To", Unit::NONE, decimals),
        ]);
    }
    let title = format!("{}, {}", fit.outcome, words::estimator_words(fit.estimator));
    let mut table = Table::new("coefficients", title, columns);
    let beyond = Beyond::of(regressed);
    for (at, line) in all.iter().enumerate() {
        let mut cells: Vec<Cell> = vec![line.name.as_str().into()];
        let (low, high) = line.interval;
        let figures = [
            line.estimate,
            line.standard_error,
            line.statistic,
            line.p_value,
            low,
            high,
        ];
        cells.extend(figures.map(finite));
        cells.extend(beyond.cells(at));
        table.push_row(cells)?;
    }
    table.notes = words::notes(regressed);
    Ok(table)
}

/// A number, if it is one: the error of a coefficient whose covariance is singular is none.
fn finite(number: f64) -> Cell {
    Some(number).filter(|number| number.is_finite()).into()
}

/// Decimals that show the smallest error with three digits.
fn decimals(errors: impl Iterator<Item = f64>) -> usize {
    let positive = errors.filter(|error| *error > 0.0 && error.is_finite());
    let least = positive.fold(f64::INFINITY, f64::min);
    let needed = if least.is_finite() {
        2.0 - least.log10().floor()
    } else {
        4.0
    };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 3 and 9"
    )]
    let needed = needed.clamp(3.0, 9.0) as usize;
    needed
}

/// Correction and bootstrap of a regression, by coefficient.
struct Beyond {
    corrected: Option<Vec<[f64; 2]>>,
    bootstrap: Option<Vec<[f64; 3]>>,
}

impl Beyond {
    fn of(regressed: &Regressed) -> Self {
        let corrected = regressed.correction.as_ref().map(|found| {
            let both = found.corrected.iter().zip(&found.standard_errors);
            both.map(|(estimate, error)| [*estimate, *error]).collect()
        });
        let bootstrap = regressed.bootstrap.as_ref().map(|found| {
            if found.draws.draws.len() < 2 {
                return vec![[f64::NAN; 3]; regressed.fit.names.len()];
            }
            let errors = found.draws.standard_errors();
            let intervals = found.draws.intervals(regressed.fit.confidence());
            let both = errors.into_iter().zip(intervals);
            both.map(|(error, (low, high))| [error, low, high])
                .collect()
        });
        Self {
            corrected,
            bootstrap,
        }
    }

    fn cells(&self, at: usize) -> Vec<Cell> {
        let mut cells = Vec::new();
        if let Some(corrected) = &self.corrected {
            cells.extend(corrected[at].map(finite));
        }
        if let Some(bootstrap) = &self.bootstrap {
            cells.extend(bootstrap[at].map(finite));
        }
        cells
    }
}

/// All coefficients of all regressions, a line for each: for files.
///
/// # Errors
/// A figure that is not finite.
pub fn tidy(all: &[Regressed]) -> Result<Table, TableError> {
    let figures = [
        "estimate",
        "standard_error",
        "statistic",
        "p_value",
        "low",
        "high",
        "corrected",
        "corrected_error",
        "bootstrap_error",
        "bootstrap_low",
        "bootstrap_high",
    ];
    let mut columns = vec![
        Column::integer("model", "Model", Unit::NONE),
        Column::text("outcome", "Outcome"),
        Column::text("estimator", "Estimator"),
        Column::integer("observations", "Observations", Unit::NONE),
        Column::text("term", "Term"),
    ];
    columns.extend(figures.map(|name| Column::number(name, name, Unit::NONE, 6)));
    let mut table = Table::new("coefficients", "Coefficients", columns);
    for (number, regressed) in (1_i64..).zip(all) {
        let fit = &regressed.fit;
        let beyond = Beyond::of(regressed);
        for (at, line) in fit.coefficients().iter().enumerate() {
            let mut cells: Vec<Cell> = vec![
                number.into(),
                fit.outcome.as_str().into(),
                words::estimator_word(fit.estimator).into(),
                words::count(fit.observations).into(),
                line.name.as_str().into(),
            ];
            let (low, high) = line.interval;
            let own = [
                line.estimate,
                line.standard_error,
                line.statistic,
                line.p_value,
                low,
                high,
            ];
            cells.extend(own.map(finite));
            let corrected = beyond.corrected.as_ref().map(|found| found[at]);
            let bootstrap = beyond.bootstrap.as_ref().map(|found| found[at]);
            cells.extend(corrected.map_or([Cell::Missing, Cell::Missing], |c| c.map(finite)));
            cells.extend(bootstrap.map_or([const { Cell::Missing }; 3], |b| b.map(finite)));
            table.push_row(cells)?;
        }
    }
    Ok(table)
}

/// Everything about all regressions.
///
/// # Errors
/// A figure that is not finite.
pub fn to_value(all: &[Regressed], join: Option<&StageJoin>) -> Result<Value, TableError> {
    let mut models = Vec::with_capacity(all.len());
    for regressed in all {
        models.push(model(regressed)?);
    }
    let mut value = json!({ "models": models });
    if let Some(join) = join {
        let unknown = join.unknown.iter();
        let unknown: Map<String, Value> = unknown
            .map(|state| (state.name.clone(), state.rows.into()))
            .collect();
        value["stages"] = json!({
            "grade": join.question.grade,
            "day": join.question.day.to_string(),
            "table": to_json(&joined_stages(join)?),
            "unknown_states": unknown,
            "rows_with_unknown_states": join.unknown_rows,
        });
    }
    Ok(value)
}

fn model(regressed: &Regressed) -> Result<Value, TableError> {
    let fit = &regressed.fit;
    let width = fit.names.len().max(1);
    let covariance: Vec<&[f64]> = fit.covariance.chunks(width).collect();
    let dropped: Vec<Value> = fit
        .dropped
        .iter()
        .map(|dropped| {
            json!({
                "reason": words::reason_word(dropped.reason),
                "name": dropped.name,
                "rows": dropped.rows,
                "levels": dropped.levels,
            })
        })
        .collect();
    let clusters: Map<String, Value> = fit
        .clusters
        .iter()
        .map(|cluster| (cluster.name.clone(), cluster.clusters.into()))
        .collect();
    let effects: Map<String, Value> = fit
        .effect_levels
        .iter()
        .map(|(name, levels)| (name.clone(), (*levels).into()))
        .collect();
    let mut value = json!({
        "outcome": fit.outcome,
        "estimator": words::estimator_word(fit.estimator),
        "coefficients": to_json(&coefficients(regressed)?)["rows"],
        "covariance": covariance,
        "standard_errors": words::errors_words(fit),
        "clusters": clusters,
        "fixed_effects": effects,
        "rows": fit.rows,
        "observations": fit.observations,
        "dropped": dropped,
        "collinear": fit.collinear,
        "log_likelihood": fit.log_likelihood,
        "null_log_likelihood": fit.null_log_likelihood,
        "pseudo_r2": fit.pseudo_r2,
        "deviance": fit.deviance,
        "iterations": fit.iterations,
        "inner_iterations": fit.inner_iterations,
        "schwarz_preconditioner": fit.schwarz,
        "warnings": fit.warnings,
        "certificate": {
            "score": fit.certificate.score,
            "effects_score": fit.certificate.effects_score,
            "tolerance": fit.certificate.tolerance,
        },
    });
    if let Some(correction) = &regressed.correction {
        let covariance: Vec<&[f64]> = correction.covariance.chunks(width).collect();
        value["bias_correction"] = json!({
            "bias": correction.bias,
            "corrected": correction.corrected,
            "standard_errors": correction.standard_errors,
            "covariance": covariance,
            "exact": correction.exact,
        });
    }
    if let Some(bootstrap) = &regressed.bootstrap {
        value["bootstrap"] = json!({
            "kind": words::resampling_word(bootstrap.asked.resampling),
            "seed": bootstrap.asked.seed,
            "failed": bootstrap.draws.failed,
            "draws": bootstrap.draws.draws,
        });
    }
    if !regressed.tests.is_empty() {
        let test = |test: &acquis_gravity::WaldTest| json!({ "names": test.names, "chi2": test.statistic, "p_value": test.p_value });
        value["tests"] = regressed.tests.iter().map(test).collect();
    }
    Ok(value)
}

/// The fixed effects of regressions, a line for each level.
///
/// # Errors
/// A figure that is not finite.
pub fn fixed_effects(all: &[Regressed]) -> Result<Table, TableError> {
    let mut table = Table::new(
        "fixed-effects",
        "Fixed effects",
        vec![
            Column::integer("model", "Model", Unit::NONE),
            Column::text("effect", "Effect"),
            Column::text("slope", "Slope of"),
            Column::text("level", "Level"),
            Column::number("estimate", "Estimate", Unit::NONE, 6),
            Column::integer("rows", "Rows", Unit::NONE),
        ],
    );
    for (number, regressed) in (1_i64..).zip(all) {
        for set in regressed.fit.effects() {
            for (at, value) in set.values.iter().enumerate() {
                table.push_row(vec![
                    number.into(),
                    set.name.as_str().into(),
                    set.slope.clone().into(),
                    set.label(at).into(),
                    finite(*value),
                    set.rows[at].into(),
                ])?;
            }
        }
    }
    Ok(table)
}

/// Multilateral resistances of regressions, a line for each economy and period.
///
/// # Errors
/// A figure that is not finite.
pub fn resistances(all: &[Regressed]) -> Result<Table, TableError> {
    let power = "Power 1 - sigma of the price index; one for the reference's inward resistance";
    let mut table = Table::new(
        "resistances",
        "Multilateral resistances",
        vec![
            Column::integer("model", "Model", Unit::NONE),
            Column::text("economy", "Economy"),
            Column::text("period", "Period"),
            Column::number("outward", "Outward", Unit::NONE, 6).describe(power),
            Column::number("inward", "Inward", Unit::NONE, 6).describe(power),
        ],
    );
    for (number, regressed) in (1_i64..).zip(all) {
        for Resistance {
            economy,
            time,
            outward,
            inward,
        } in &regressed.resistances
        {
            table.push_row(vec![
                number.into(),
                economy.as_str().into(),
                time.as_str().into(),
                outward.map_or(Cell::Missing, finite),
                inward.map_or(Cell::Missing, finite),
            ])?;
        }
    }
    Ok(table)
}
