//! A customs union of two, with nothing but this crate; the world is made up.
//! `cargo run -p acquis-equilibrium --example customs_union`

#![allow(clippy::print_stdout, reason = "an example that prints")]

use acquis_equilibrium::multisector::instruments::{ExternalTariff, Union};
use acquis_equilibrium::multisector::{
    Baseline, Elasticities, Observations, Settings, Shock, Solver,
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    #[rustfmt::skip]
    let observed = Observations {
        countries: ["Alba", "Breg", "Rest"].map(String::from).to_vec(),
        sectors: ["food", "machines"].map(String::from).to_vec(),
        // What Alba buys from Alba, Breg and the rest; then Breg; then the rest: by sector.
        flows: vec![50.0, 4.0, 3.0,   5.0, 30.0, 4.0,    2.0, 3.0, 450.0,
                    60.0, 3.0, 12.0,  4.0, 35.0, 9.0,   11.0, 6.0, 700.0],
        tariffs: vec![0.0, 0.15, 0.2,   0.1, 0.0, 0.1,    0.05, 0.05, 0.0,
                      0.0, 0.1,  0.15,  0.05, 0.0, 0.05,  0.03, 0.03, 0.0],
        input_coefficients: vec![1.0 / 6.0; 12], // a third of output, from both sectors
        ..Observations::default()
    };
    let (baseline, _) = Baseline::new(&observed, &Elasticities::new(vec![6.0, 5.0])?)?;
    let union = Union::customs_union(vec![0, 1], ExternalTariff::TradeWeightedMean);
    let mut shock = Shock::none(&baseline);
    union.impose(&baseline, &mut shock)?;
    let result = Solver::new(baseline, Settings::default())?.solve(&shock)?;
    for (country, name) in observed.countries.iter().enumerate() {
        let welfare = 100.0 * (result.welfare_change(country) - 1.0);
        println!(
            "{name}: welfare {welfare:+.3} %, duties {:.2}",
            result.tariff_revenue(country)
        );
    }
    println!(
        "largest error of the equations: {:.0e}",
        result.certificate.residual
    );
    Ok(())
}
