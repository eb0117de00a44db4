//! Trade without borders: Yotov, Piermartini, Monteiro and Larch (2016), "An Advanced Guide to
//! Trade Policy Analysis: The Structural Gravity Model", WTO and UNCTAD, chapter 2,
//! application 1: 69 economies in 2006, `σ = 7`, conditional equilibrium.

use acquis_equilibrium::StructuralGravity;

use crate::data::{Square, column_sums, number, parquet_rows, row_sums};

#[test]
fn yotov_et_al_2016_conditional_exports_without_borders() {
    let rows = parquet_rows("gravity/guide_ch2_app1.parquet", |row| {
        row["year"] == "2006"
    });
    let Some(rows) = rows else { return };
    let square = Square::new(rows);
    let n = square.len();
    assert_eq!(n, 69);
    let trade = square.column("trade_musd");
    // The coefficients are printed with seven digits, and the guide's own figures come
    // from a regression: some 3e-4 percentage points is what that allows.
    let costs = |border: f64| {
        square.map(|row| {
            let international = f64::from(row["exporter"] != row["importer"]);
            let distance = number(row, "dist_km").ln();
            let contiguity = number(row, "cntg");
            (-0.791_287_9 * distance + 0.673_645_6 * contiguity + border * international).exp()
        })
    };
    let output = row_sums(&trade, n);
    let spent = column_sums(&trade, n);
    let before =
        StructuralGravity::fit(square.labels.clone(), output, spent, costs(-2.474_45)).unwrap();
    let after = before.conditional(costs(0.0)).unwrap();
    assert!(before.residual() <= 1e-12 && after.residual() <= 1e-12);
    for (label, published) in [
        ("DEU", 133.3886),
        ("USA", 359.9808),
        ("CHN", 175.4964),
        ("TUR", 113.0632),
    ] {
        let i = square.index(label);
        let change = 100.0 * (after.exports()[i] / before.exports()[i] - 1.0);
        let gap = change - published;
        assert!(gap.abs() < 5e-4, "{label}: {gap:e}");
    }
}
