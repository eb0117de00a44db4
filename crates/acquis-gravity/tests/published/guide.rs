//! Yotov, Piermartini, Monteiro and Larch (2016), An Advanced Guide to Trade Policy Analysis,
//! chapter 1, tables 1 and 3 (applications 1 and 3): manufacturing trade of 69 countries,
//! 1986-2006 in steps of four years, errors clustered by pair.

use acquis_gravity::{Estimator, Options, Table};

use crate::data::{agrees, fit, numbers, table};

fn panel(domestic: bool) -> Option<Table> {
    let table = table("agtpa.parquet")?;
    let year = numbers(&table, "year");
    let exporter = table.factor("exporter").unwrap();
    let importer = table.factor("importer").unwrap();
    let same =
        |row: usize| exporter.label(exporter.codes()[row]) == importer.label(importer.codes()[row]);
    let border: Vec<f64> = (0..table.rows)
        .map(|row| f64::from(u8::from(!same(row))))
        .collect();
    let kept = |row: usize| (year[row] - 1986.0) % 4.0 == 0.0 && (domestic || !same(row));
    let filtered = table.filtered(kept);
    let border = border.into_iter().enumerate().filter(|(row, _)| kept(*row));
    Some(
        filtered
            .with("border", border.map(|(_, b)| b).collect())
            .unwrap(),
    )
}

const DIRECTIONAL: &str = "exporter^year + importer^year | pair_id";
const PAIRS: &str = "exporter^year + importer^year + pair_id | pair_id";

#[test]
fn ppml_with_directional_effects() {
    let Some(table) = panel(false) else { return };
    let formula = format!("trade_musd ~ log(dist_km) + cntg + lang + clny | {DIRECTIONAL}");
    let fit = fit(&table, &formula, &Options::default());
    assert_eq!(fit.observations, 28_152);
    agrees(&fit, "log(dist_km)", -0.841, Some(0.032), 3);
    agrees(&fit, "cntg", 0.437, Some(0.083), 3);
    agrees(&fit, "lang", 0.247, Some(0.077), 3);
    agrees(&fit, "clny", -0.222, Some(0.116), 3);
}

#[test]
fn ordinary_least_squares_in_logarithms() {
    let Some(table) = panel(false) else { return };
    let formula = format!("trade_musd ~ log(dist_km) + cntg + lang + clny | {DIRECTIONAL}");
    let options = Options {
        estimator: Estimator::LogLinear,
        ..Options::default()
    };
    let fit = fit(&table, &formula, &options);
    assert_eq!(fit.observations, 25_689);
    agrees(&fit, "log(dist_km)", -1.216, Some(0.038), 3);
    for (name, estimate) in [("cntg", 0.223), ("lang", 0.661), ("clny", 0.670)] {
        agrees(&fit, name, estimate, None, 3);
    }
}

#[test]
fn ppml_with_pair_effects() {
    let Some(table) = panel(true) else { return };
    let fit = fit(
        &table,
        &format!("trade_musd ~ rta | {PAIRS}"),
        &Options::default(),
    );
    assert_eq!(fit.observations, 28_482);
    agrees(&fit, "rta", 0.557, Some(0.102), 3);
}

#[test]
fn phasing_in_by_lags() {
    let Some(table) = panel(true) else { return };
    let lags = "rta + rta_lag4 + rta_lag8 + rta_lag12";
    let fit = fit(
        &table,
        &format!("trade_musd ~ {lags} | {PAIRS}"),
        &Options::default(),
    );
    for (name, estimate) in lags.split(" + ").zip([0.291, 0.414, 0.169, 0.119]) {
        agrees(&fit, name, estimate, None, 3);
    }
}

#[test]
fn globalization_borders() {
    let Some(table) = panel(true) else { return };
    let lags = "rta + rta_lag4 + rta_lag8 + rta_lag12";
    let formula = format!("trade_musd ~ {lags} + border:i(year, ref = 2006) | {PAIRS}");
    let fit = fit(&table, &formula, &Options::default());
    for (name, estimate) in lags.split(" + ").zip([0.1157, 0.2877, 0.0693, 0.0024]) {
        agrees(&fit, name, estimate, None, 4);
    }
    let borders = [-0.7056, -0.4803, -0.3665, -0.1581, -0.1409];
    for (year, estimate) in (1986..).step_by(4).zip(borders) {
        agrees(&fit, &format!("border:year::{year}"), estimate, None, 4);
    }
}
