//! The example data of ppmlhdfe (Correia, Guimarães and Zylkin 2020; Larch, Wanner, Yotov and
//! Zylkin 2019).

use acquis_gravity::Options;

use crate::data::{agrees, fit, table, where_text};

#[test]
fn total_trade_with_three_effects() {
    let Some(table) = table("ppmlhdfe_example_trade_fta.parquet") else {
        return;
    };
    let total = where_text(&table, "category", "TOTAL");
    let formula = "trade ~ fta | exporter^year + importer^year + exporter^importer \
                   | exporter^importer";
    let fit = fit(&total, formula, &Options::default());
    agrees(&fit, "fta", 0.192_445_5, Some(0.041_952_7), 7);
    assert_eq!(fit.observations, 5_950);
    assert_eq!(fit.clusters[0].clusters, 1_190);
    assert!(
        (fit.deviance - 377_332_502.3).abs() <= 0.06,
        "{}",
        fit.deviance
    );
    assert!(
        (fit.log_likelihood + 188_710_931.7).abs() <= 0.06,
        "{}",
        fit.log_likelihood
    );
    assert!((fit.pseudo_r2 - 0.9938).abs() <= 5e-5, "{}", fit.pseudo_r2);
}
