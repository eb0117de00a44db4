//! What a customs union does to its members and to the rest, with nothing but this crate:
//! `cargo run -p acquis-equilibrium --example customs_union`. The world is made up.

#![allow(clippy::print_stdout, reason = "an example that prints")]

use acquis_equilibrium::multisector::instruments::{ExternalTariff, Union};
use acquis_equilibrium::multisector::{
    Baseline, Elasticities, Observations, Settings, Shock, Solver,
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let names = |names: [&str; 3]| names.map(String::from).to_vec();
    #[rustfmt::skip]
    let observed = Observations {
        countries: names(["Alba", "Breg", "Rest"]),
        sectors: names(["food", "machines", "services"]),
        // What Alba buys from Alba, Breg and the rest; then Breg; then the rest: by sector.
        flows: vec![
            30.0,  4.0,   3.0,    5.0, 20.0,   4.0,    2.0,  3.0, 150.0, // food
            20.0,  3.0,  12.0,    4.0, 10.0,   9.0,   11.0,  6.0, 300.0, // machines
            60.0,  0.0,   2.0,    0.0, 35.0,   2.0,    3.0,  1.0, 700.0, // services
        ],
        tariffs: vec![
            0.00, 0.15, 0.20,    0.10, 0.00, 0.10,    0.05, 0.05, 0.00,
            0.00, 0.10, 0.15,    0.05, 0.00, 0.05,    0.03, 0.03, 0.00,
            0.00, 0.00, 0.00,    0.00, 0.00, 0.00,    0.00, 0.00, 0.00,
        ],
        // A third of every output is paid for inputs, equally from all sectors.
        input_coefficients: vec![1.0 / 9.0; 27],
        ..Observations::default()
    };
    let elasticities = Elasticities::new(vec![6.0, 5.0, 4.0])?;
    let (baseline, repairs) = Baseline::new(&observed, &elasticities)?;
    println!("figures repaired: {}", repairs.figures.len());

    let union = Union::customs_union(vec![0, 1], ExternalTariff::TradeWeightedMean);
    let test = union.article_xxiv(&baseline)?;
    let rates = 100.0 * test.average_before()..100.0 * test.average_after();
    println!(
        "GATT XXIV:5(a): average duty {:.2} % before, {:.2} % after, met: {}",
        rates.start,
        rates.end,
        test.is_met()
    );
    let mut shock = Shock::none(&baseline);
    union.impose(&baseline, &mut shock)?;
    let solver = Solver::new(baseline, Settings::default())?;
    let result = solver.solve(&shock)?;

    let before = solver.baseline();
    println!(
        "{:8}{:>10}{:>10}{:>10}{:>10}",
        "", "welfare", "real wage", "revenue", "was"
    );
    for (n, name) in before.country_labels().iter().enumerate() {
        let per_cent = |hat: f64| 100.0 * (hat - 1.0);
        println!(
            "{name:8}{:>8.3} %{:>8.3} %{:>10.3}{:>10.3}",
            per_cent(result.welfare_change(n)),
            per_cent(result.real_wage_change(n)),
            result.tariff_revenue(n),
            before.revenue(n),
        );
    }
    let proof = &result.certificate;
    println!(
        "certificate: residual {:.1e}, trade balance {:.1e}, world {:.1e}, {} sweeps",
        proof.residual, proof.trade_balance, proof.world_balance, proof.evaluations
    );
    Ok(())
}
