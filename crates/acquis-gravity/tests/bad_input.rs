//! What is wrong with the input is said once and clearly, or dropped with a reason.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops where something is wrong"
)]

use std::path::PathBuf;

use acquis_gravity::{
    Design, DesignError, EstimateError, Estimator, Factor, Fit, Formula, FormulaError, Options,
    Random, Reason, Table, TableError, estimate,
};

const SIDE: u32 = 6;

struct Square {
    outcome: Vec<f64>,
    x: Vec<f64>,
    exporter: Vec<u32>,
    importer: Vec<u32>,
}

fn square() -> Square {
    let mut random = Random::new(1);
    let rows = SIDE * SIDE * 2;
    Square {
        outcome: (0..rows).map(|_| (1.0 + random.normal()).exp()).collect(),
        x: (0..rows).map(|_| random.normal()).collect(),
        exporter: (0..rows).map(|row| row / 2 / SIDE).collect(),
        importer: (0..rows).map(|row| row / 2 % SIDE).collect(),
    }
}

fn design(square: &Square) -> Design<'_> {
    Design::new("trade", square.outcome.as_slice())
        .regressor("x", square.x.as_slice())
        .unwrap()
        .effect("exporter", Factor::from_codes(&square.exporter))
        .unwrap()
        .effect("importer", Factor::from_codes(&square.importer))
        .unwrap()
}

fn fit(design: &Design<'_>) -> Fit {
    estimate(design, &Options::default()).unwrap()
}

#[test]
fn missing_values_are_dropped_and_counted() {
    let mut square = square();
    square.x[3] = f64::NAN;
    square.outcome[5] = f64::NAN;
    square.outcome[6] = f64::INFINITY;
    let fit = fit(&design(&square));
    let missing: Vec<(&str, usize)> = fit
        .dropped
        .iter()
        .filter(|dropped| dropped.reason == Reason::Missing)
        .map(|dropped| (dropped.name.as_str(), dropped.rows))
        .collect();
    assert_eq!(missing, [("trade", 2), ("x", 1)]);
    assert_eq!(fit.observations, square.outcome.len() - 3);
}

#[test]
fn negative_trade() {
    let mut square = square();
    square.outcome[4] = -2.0;
    let error = estimate(&design(&square), &Options::default()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`trade` is -2 in row 5 (1 such rows): it must not be negative"
    );
    let options = Options {
        estimator: Estimator::LogLinear,
        ..Options::default()
    };
    let fit = estimate(&design(&square), &options).unwrap();
    assert_eq!(fit.dropped[0].reason, Reason::NotPositive);
}

#[test]
fn one_cluster() {
    let square = square();
    let one = vec![0; square.outcome.len()];
    let design = design(&square)
        .cluster("world", Factor::from_codes(&one))
        .unwrap();
    let error = estimate(&design, &Options::default()).unwrap_err();
    let expected = DesignError::TooFewClusters {
        cluster: "world".to_owned(),
        clusters: 1,
    };
    assert_eq!(error, EstimateError::Design(expected));
}

#[test]
fn fewer_clusters_than_regressors_are_said() {
    let square = square();
    let halves: Vec<u32> = square.exporter.iter().map(|&i| i / 3).collect();
    let squares: Vec<f64> = square.x.iter().map(|x| x * x).collect();
    let design = design(&square)
        .regressor("x^2", squares)
        .unwrap()
        .cluster("half", Factor::from_codes(&halves))
        .unwrap();
    assert!(fit(&design).warnings[0].contains("2 clusters by half for 2 regressors"));
}

#[test]
fn a_regressor_that_is_all_zero_or_explained_is_dropped_by_name() {
    let square = square();
    let zero = vec![0.0; square.outcome.len()];
    let size: Vec<f64> = square.exporter.iter().map(|&i| f64::from(i * i)).collect();
    let twice: Vec<f64> = square
        .x
        .iter()
        .zip(&size)
        .map(|(x, s)| 2.0 * x + s)
        .collect();
    let design = design(&square)
        .regressor("zero", zero)
        .unwrap()
        .regressor("size", size)
        .unwrap()
        .regressor("twice", twice)
        .unwrap();
    let fit = fit(&design);
    assert_eq!(fit.names, ["x"]);
    assert_eq!(fit.collinear, ["zero", "size", "twice"]);
}

#[test]
fn an_effect_with_one_level_changes_nothing() {
    let square = square();
    let one = vec![0; square.outcome.len()];
    let with = design(&square)
        .effect("world", Factor::from_codes(&one))
        .unwrap();
    let (with, without) = (fit(&with), fit(&design(&square)));
    assert!((with.estimates[0] - without.estimates[0]).abs() < 1e-10);
}

#[test]
fn no_effects_and_no_regressors() {
    let square = square();
    let plain = Design::new("trade", square.outcome.as_slice());
    let mean = square.outcome.iter().sum::<f64>() / square.outcome.len() as f64;
    let fit_plain = fit(&plain);
    assert!(fit_plain.names.is_empty());
    assert!(
        fit_plain
            .fitted
            .iter()
            .all(|fitted| (fitted - mean).abs() < 1e-9)
    );
    assert!(fit_plain.pseudo_r2.abs() < 1e-12);
}

#[test]
fn all_zero_trade() {
    let mut square = square();
    square.outcome.fill(0.0);
    let error = estimate(&design(&square), &Options::default()).unwrap_err();
    assert!(error.to_string().contains("all zero (exporter)"), "{error}");
}

#[test]
fn lengths_names_and_weights() {
    let short = [1.0];
    let error = Design::new("y", vec![1.0, 2.0])
        .regressor("x", short.as_slice())
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "`x` has 1 rows, the dependent variable 2"
    );
    let twice = Design::new("y", vec![1.0])
        .regressor("x", vec![1.0])
        .unwrap();
    assert_eq!(
        twice.regressor("x", vec![1.0]).unwrap_err(),
        DesignError::Repeated("x".to_owned())
    );
    let error = Design::new("y", vec![1.0])
        .weights("w", vec![-1.0])
        .unwrap_err();
    assert_eq!(error.to_string(), "weight -1 in row 1 is negative");
}

#[test]
fn options_out_of_range() {
    let square = square();
    let options = Options {
        tolerance: 0.5,
        ..Options::default()
    };
    let error = estimate(&design(&square), &options).unwrap_err();
    assert_eq!(error.to_string(), "tolerance = 0.5: between 1e-13 and 1e-2");
}

fn file(name: &str, text: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, text).unwrap();
    path
}

#[test]
fn an_unknown_column_is_answered_with_the_nearest() {
    let path = file("nearest.csv", "trade,exporter\n1,A\n2,B\n");
    let table = Table::read(&path, None, &[]).unwrap();
    let formula = Formula::parse("trade ~ 1 | exportr").unwrap();
    let error = formula.design(&table).unwrap_err();
    assert_eq!(
        error.to_string(),
        "unknown column `exportr`: did you mean `exporter`?"
    );
    let error = Table::read(&path, Some(&["trad"]), &[]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "unknown column `trad`: did you mean `trade`?"
    );
}

#[test]
fn text_where_a_number_belongs_has_a_line_and_column() {
    let path = file("text.csv", "trade,exporter\n1,A\nmuch,B\n");
    let error = Table::read(&path, None, &["trade"]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "line 3, column 1 (`trade`): `much` is not a number"
    );
    let table = Table::read(&path, None, &[]).unwrap();
    let error = Formula::parse("trade ~ 1 | exporter")
        .unwrap()
        .design(&table)
        .unwrap_err();
    assert!(
        matches!(error, FormulaError::Table(TableError::Text { .. })),
        "{error}"
    );
}

#[test]
fn files_that_are_not_what_they_say() {
    for (name, text, expected) in [
        ("broken.parquet", "nothing", "broken.parquet"),
        ("broken.dta", "<stata_d", "ends at byte 0, 28 more expected"),
        (
            "old.dta",
            "nothing but an old file",
            "format 110 of Stata 7 or older",
        ),
        (
            "order.dta",
            "rest of an old file",
            "byte order 1 or 2 expected at byte 1, not 101",
        ),
        (
            "ragged.csv",
            "a,b\n1,2\n3\n",
            "line 3: 1 fields, the header has 2",
        ),
        ("table.xlsx", "", "expected a file that ends in"),
    ] {
        let error = Table::read(&file(name, text), None, &[])
            .unwrap_err()
            .to_string();
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn namibia_is_not_missing_and_missing_is_not_zero() {
    let path = file("namibia.csv", "iso2,trade\nNA,NA\nBW,\nNA,3\n");
    let table = Table::read(&path, None, &["trade"]).unwrap();
    let iso2 = table.factor("iso2").unwrap();
    assert_eq!(iso2.label(iso2.codes()[0]), "NA");
    let trade = table.numbers("trade").unwrap();
    assert!(trade[0].is_nan() && trade[1].is_nan() && (trade[2] - 3.0).abs() < 1e-15);
}

#[test]
fn formulas_with_a_mistake() {
    for (text, expected) in [
        ("trade rta", "column 7"),
        ("trade ~ rta |", "expected the name of a column"),
        ("trade ~ gamma(x)", "unknown function `gamma`"),
        ("trade ~ x | a[[z]", "expected `]`"),
        ("trade ~ x | a | b | c", "expected `+`, `|` or the end"),
    ] {
        let error = Formula::parse(text).unwrap_err().to_string();
        assert!(error.contains(expected), "{text}: {error}");
    }
}
