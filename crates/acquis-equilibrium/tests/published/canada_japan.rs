//! The documented example of gegravity: an agreement between Canada and Japan. Herman (2021),
//! "gegravity: General equilibrium gravity modeling in Python", USITC Working Paper
//! 2021-04-B; coefficients and results as its documentation prints them.
//!
//! What the program calls the full general equilibrium holds the shares of output and
//! expenditure at the baseline while it solves for the multilateral resistances (its
//! `conditional` and `experiment` resistances agree to its solver's tolerance). Incomes then
//! follow factory-gate prices, `p̂_i = 1 / Π̂_i`, and trade is written with the new incomes
//! and the old resistances. So its figures are those of the conditional equilibrium, and the
//! last test shows that its trade isn't an equilibrium with its incomes. Its recorded
//! output and expenditure have different totals; its modelled trade adds up to expenditure.
//!
//! Tolerances: the program's root finder stops at a relative `1e-8`; its levels turn out to
//! carry errors of up to 2.5e-9, its per cent changes therefore some 2e-7.

use acquis_equilibrium::{
    DeficitClosure, Settings, Shock, StructuralGravity, TradeElasticity, solve,
};

use crate::data::{Row, Square, column_sums, csv_rows, number, row_sums};

const SIGMA: f64 = 5.0;
const PTA: f64 = 0.471_138_3;
const REFERENCE: &str = "DEU";
/// Percentage points.
const PER_CENT: f64 = 5e-7;
/// Relative, for levels.
const LEVEL: f64 = 5e-9;

struct Example {
    square: Square,
    before: StructuralGravity,
    after: StructuralGravity,
}

/// From the raw sample: output, expenditure and cost factors.
fn example() -> Option<Example> {
    let square = Square::new(csv_rows("equilibrium/gegravity_py_sample_2006.csv")?);
    let n = square.len();
    let costs = |agreement: bool| {
        square.map(|row| {
            let pair = [row["exporter"].as_str(), row["importer"].as_str()];
            let new = agreement && (pair == ["CAN", "JPN"] || pair == ["JPN", "CAN"]);
            let pta = if new { 1.0 } else { number(row, "pta") };
            let index = 16.324_34 - 0.389_862_3 * number(row, "lndist")
                + 0.891_577 * number(row, "contiguity")
                + 0.032_624_9 * number(row, "common_language")
                + PTA * pta
                - 3.412_584 * number(row, "international");
            index.exp()
        })
    };
    let spent: Vec<f64> = square.column("expenditure_musd")[..n].to_vec();
    let recorded = square.column("output_musd").into_iter().step_by(n);
    let mut output: Vec<f64> = recorded.collect();
    let common = spent.iter().sum::<f64>() / output.iter().sum::<f64>();
    for y in &mut output {
        *y *= common;
    }
    let reference = square.index(REFERENCE);
    let before = StructuralGravity::fit(square.labels.clone(), output, spent, costs(false))
        .unwrap()
        .with_reference(reference);
    let after = before
        .conditional(costs(true))
        .unwrap()
        .with_reference(reference);
    Some(Example {
        square,
        before,
        after,
    })
}

impl Example {
    /// `p̂_i = 1 / Π̂_i`.
    fn price_change(&self, i: usize) -> f64 {
        let ratio = self.after.outward_resistance()[i] / self.before.outward_resistance()[i];
        ratio.powf(-1.0 / (1.0 - SIGMA))
    }

    /// `P̂_j`.
    fn inward_change(&self, j: usize) -> f64 {
        let ratio = self.after.inward_resistance()[j] / self.before.inward_resistance()[j];
        ratio.powf(1.0 / (1.0 - SIGMA))
    }

    /// The program's trade: conditional trade times the new incomes.
    fn trade(&self) -> Vec<f64> {
        let n = self.square.len();
        let prices: Vec<f64> = (0..n).map(|i| self.price_change(i)).collect();
        let output = self.before.output().iter();
        let new: f64 = output.clone().zip(&prices).map(|(y, p)| y * p).sum();
        let growth = new / output.sum::<f64>();
        let cells = self.after.trade().iter().enumerate();
        cells
            .map(|(cell, flow)| flow * prices[cell / n] * prices[cell % n] / growth)
            .collect()
    }
}

fn per_cent(ratio: f64) -> f64 {
    100.0 * (ratio - 1.0)
}

fn foreign(sums: &[f64], trade: &[f64], i: usize) -> f64 {
    sums[i] - trade[i * sums.len() + i]
}

#[test]
fn herman_2021_multilateral_resistances_of_30_economies() {
    let Some(example) = example() else { return };
    let Some(rows) = csv_rows("equilibrium/reference_mr_can_jpn.csv") else {
        return;
    };
    assert_eq!(rows.len(), 30);
    for row in &rows {
        let i = example.square.index(&row["country"]);
        let power = 1.0 / (1.0 - SIGMA);
        let pairs = [
            (example.before.inward_resistance()[i], "baseline_imr"),
            (example.after.inward_resistance()[i], "conditional_imr"),
            (example.before.outward_resistance()[i], "baseline_omr"),
            (example.after.outward_resistance()[i], "conditional_omr"),
        ];
        for (ours, name) in pairs {
            let gap = (ours.powf(power) / number(row, name)).ln().abs();
            assert!(gap < LEVEL, "{name} of {}: {gap:e}", row["country"]);
        }
    }
}

#[test]
fn herman_2021_trade_of_900_pairs() {
    let Some(example) = example() else { return };
    let Some(rows) = csv_rows("equilibrium/reference_bilateral_can_jpn.csv") else {
        return;
    };
    let published = Square::new(rows);
    assert_eq!(published.labels, example.square.labels);
    let trade = example.trade();
    let before = published.column("baseline_modeled_trade");
    let after = published.column("experiment_trade");
    let change = published.column("trade_change_pct");
    assert_eq!(change.len(), 900);
    for cell in 0..change.len() {
        let (old, new) = (example.before.trade()[cell], trade[cell]);
        assert!((old / before[cell] - 1.0).abs() < LEVEL);
        assert!((new / after[cell] - 1.0).abs() < LEVEL);
        assert!((per_cent(new / old) - change[cell]).abs() < PER_CENT);
    }
}

#[test]
fn herman_2021_results_of_30_economies() {
    let Some(example) = example() else { return };
    let Some(rows) = csv_rows("equilibrium/reference_country_results_can_jpn.csv") else {
        return;
    };
    assert_eq!(rows.len(), 30);
    let n = example.square.len();
    let (before, after) = (example.before.trade().to_vec(), example.trade());
    let (sold, sold_after) = (row_sums(&before, n), row_sums(&after, n));
    let (bought, bought_after) = (column_sums(&before, n), column_sums(&after, n));
    for row in &rows {
        let i = example.square.index(&row["country"]);
        let (price, inward) = (example.price_change(i), example.inward_change(i));
        let check = |name: &str, ours: f64| {
            let gap = ours - number(row, name);
            assert!(
                gap.abs() < PER_CENT,
                "{name} of {}: {gap:e}",
                row["country"]
            );
        };
        check("factory_gate_price_change_pct", per_cent(price));
        check("omr_change_pct", per_cent(1.0 / price));
        check("imr_change_pct", per_cent(inward));
        check("gdp_change_pct", per_cent(price / inward));
        check("terms_of_trade_change_pct", per_cent(price / inward));
        check("output_change_pct", per_cent(price));
        check("expenditure_change_pct", per_cent(price));
        // A ratio of old to new: above 1 is a loss.
        check("welfare_statistic", inward / price);
        check(
            "foreign_exports_change_pct",
            per_cent(foreign(&sold_after, &after, i) / foreign(&sold, &before, i)),
        );
        check(
            "foreign_imports_change_pct",
            per_cent(foreign(&bought_after, &after, i) / foreign(&bought, &before, i)),
        );
        check(
            "intranational_trade_change_pct",
            per_cent(after[i * n + i] / before[i * n + i]),
        );
    }
}

/// Largest `|ln sales - ln income|` of the table a row of results describes.
fn sales_gap(published: &Square, results: &[Row]) -> f64 {
    let n = published.len();
    let before = row_sums(&published.column("baseline_modeled_trade"), n);
    let after = row_sums(&published.column("experiment_trade"), n);
    let gaps = results.iter().map(|row| {
        let i = published.index(&row["country"]);
        let income = 1.0 + number(row, "output_change_pct") / 100.0;
        (after[i] / before[i] / income).ln().abs()
    });
    gaps.fold(0.0, f64::max)
}

#[test]
fn herman_2021_trade_is_not_in_equilibrium_with_its_incomes() {
    let Some(rows) = csv_rows("equilibrium/reference_bilateral_can_jpn.csv") else {
        return;
    };
    let Some(results) = csv_rows("equilibrium/reference_country_results_can_jpn.csv") else {
        return;
    };
    let Some(example) = example() else { return };
    let published = Square::new(rows);
    let n = published.len();
    // Income rises by 0.18 per cent more than sales somewhere.
    assert!((sales_gap(&published, &results) - 1.834e-3).abs() < 1e-6);
    let pair = [published.index("CAN"), published.index("JPN")];
    let effects = (0..n * n).map(|cell| {
        let (i, j) = (cell / n, cell % n);
        let both = i != j && pair.contains(&i) && pair.contains(&j);
        if both { PTA } else { 0.0 }
    });
    let shock = Shock::from_log_trade_effects(n, effects.collect()).unwrap();
    let settings = Settings {
        closure: DeficitClosure::Multiplicative,
        ..Settings::new(TradeElasticity::from_sigma(SIGMA).unwrap())
    };
    let result = solve(&example.before.baseline().unwrap(), &shock, &settings).unwrap();
    assert!(result.certificate.residual <= settings.tolerance);
    // The full equilibrium, with deficits proportional to output: Canada gains a little
    // more than the conditional figures say, Japan a little less.
    for (label, full, conditional) in [("CAN", 0.428_23, 0.418_26), ("JPN", 0.050_41, 0.053_75)] {
        let i = published.index(label);
        let row = results.iter().find(|row| row["country"] == label).unwrap();
        assert!((per_cent(result.real_wage_change()[i]) - full).abs() < 1e-5);
        assert!((number(row, "gdp_change_pct") - conditional).abs() < 1e-5);
    }
}
