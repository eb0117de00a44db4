//! Weidner and Zylkin (2021), J. International Economics 132, the example of their program
//! `ppml_fe_bias`: manufacturing trade of 65 countries in five years.

use acquis_gravity::{Dimensions, Formula, Options, Table, bias_correction, estimate};

use crate::data::{agrees, fit, table, where_text};

fn manufactures() -> Option<Table> {
    Some(where_text(
        &table("ppml_fe_bias_example.parquet")?,
        "category",
        "MANUF",
    ))
}

#[test]
fn bias_and_standard_error_with_three_effects() {
    let Some(table) = manufactures() else { return };
    let formula = "trade ~ fta | exporter^year + importer^year + exporter^importer \
                   | exporter^importer";
    let formula = Formula::parse(formula).unwrap();
    let design = formula.design(&table).unwrap();
    let options = Options::default();
    let fit = estimate(&design, &options).unwrap();
    agrees(&fit, "fta", 0.178_029_0, Some(0.035_007_9), 7);
    let dimensions = Dimensions {
        exporter: &table.factor("exporter").unwrap(),
        importer: &table.factor("importer").unwrap(),
        time: Some(&table.factor("year").unwrap()),
    };
    let correction = bias_correction(&design, &fit, &dimensions, &options).unwrap();
    assert!(correction.exact);
    let close = |own: f64, published: f64| {
        assert!((own - published).abs() < 5.1e-8, "{own} not {published}");
    };
    close(correction.bias[0], 0.007_656_8);
    close(correction.corrected[0], 0.170_372_2);
    close(correction.standard_errors[0], 0.041_955_9);
}

#[test]
fn two_effects() {
    let Some(table) = manufactures() else { return };
    let names = "ln_distw + contig + colony + comlang_off + comleg + fta";
    let formula = format!("trade ~ {names} | exporter^year + importer^year | exporter^importer");
    let fit = fit(&table, &formula, &Options::default());
    let published = [
        -0.582_689_0,
        0.369_014_9,
        -0.087_452_6,
        0.053_570_7,
        0.248_519_5,
        0.854_074_0,
    ];
    for (name, estimate) in names.split(" + ").zip(published) {
        agrees(&fit, name, estimate, None, 7);
    }
}
