//! Reads the data that published figures rest on.

use std::path::PathBuf;

use acquis_gravity::{Fit, Formula, Options, Table, Values, estimate};

/// A data file; `None` (and a line that says so) when it isn't there. Under continuous
/// integration (`CI` set) a missing file is a failure.
pub(crate) fn table(name: &str) -> Option<Table> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/gravity");
    let path = PathBuf::from(root).join(name);
    if !path.is_file() {
        assert!(
            std::env::var_os("CI").is_none(),
            "{} not found",
            path.display()
        );
        println!("skipped: {} not found", path.display());
        return None;
    }
    Some(Table::read(&path, None, &[]).unwrap())
}

pub(crate) fn numbers(table: &Table, name: &str) -> Vec<f64> {
    table.numbers(name).unwrap().to_vec()
}

/// Rows where a column of texts has this value.
pub(crate) fn where_text(table: &Table, name: &str, value: &str) -> Table {
    let column = &table.columns[table.position(name).unwrap()];
    let Values::Texts(factor) = &column.values else {
        panic!("{name} holds no texts")
    };
    table.filtered(|row| factor.label(factor.codes()[row]) == value)
}

pub(crate) fn fit(table: &Table, formula: &str, options: &Options) -> Fit {
    let design = Formula::parse(formula).unwrap();
    let fit = estimate(&design.design(table).unwrap(), options).unwrap();
    assert!(fit.certificate.score <= fit.certificate.tolerance);
    assert!(fit.certificate.effects_score <= fit.certificate.tolerance);
    fit
}

/// Whether an estimate agrees with a published one to half a unit of its last digit.
pub(crate) fn agrees(fit: &Fit, name: &str, estimate: f64, error: Option<f64>, digits: i32) {
    let (own, own_error) = fit.coefficient(name).unwrap();
    let half = 0.5001 * 10_f64.powi(-digits);
    assert!(
        (own - estimate).abs() <= half,
        "{name}: {own} not {estimate}"
    );
    if let Some(error) = error {
        assert!(
            (own_error - error).abs() <= half,
            "s.e. of {name}: {own_error} not {error}"
        );
    }
}
