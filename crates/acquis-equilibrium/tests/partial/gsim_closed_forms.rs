//! GSIM, worked by hand, against its authors' example and against SMART.

use acquis_equilibrium::partial::{Closing, Diversion, Elasticities, Industry, gsim, smart};

use crate::{
    CLOSINGS, RULES, World, assert_all_close, assert_close, demand, market, response, substitution,
    sum, supply,
};

fn one_by_one() -> World {
    World {
        importers: 1,
        exporters: 1,
        trade: vec![1_000.0],
        before: vec![0.25],
        after: vec![0.10],
        demand: -2.0,
        substitution: 3.0,
        supply: 2.0,
    }
}

#[test]
fn one_importer_and_one_exporter_linear() {
    // τ = -0.12, p = E τ / (X - E) = 0.06, q = X p = 0.12.
    let result = one_by_one().solve(Closing::Linear).unwrap();
    assert_close(result.world_price_change[0], 0.06, 1e-15);
    assert_close(result.quantity_change[0], 0.12, 1e-15);
    assert_close(result.trade_after[0], 1_000.0 * 1.12 * 1.06, 1e-10);
    assert_close(result.producer_surplus[0], 1_000.0 * 0.06 * 1.06, 1e-10);
    // The price at home: 1.06 * 0.88 - 1 = -0.0672, on 1,250 of spending.
    assert_close(result.domestic_price_change[0], -0.0672, 1e-15);
    assert_close(result.consumer_surplus[0], 1_250.0 * 0.0672 * 1.0672, 1e-10);
    assert_close(result.revenue_after[0], 118.72, 1e-10);
    assert_close(result.revenue_change()[0], 118.72 - 250.0, 1e-10);
}

#[test]
fn one_importer_and_one_exporter_with_constant_elasticities() {
    // p^X = (p T)^E, so p = T^(E / (X - E)) = 0.88^(-1/2).
    let result = one_by_one().solve(Closing::ConstantElasticity).unwrap();
    let price = 0.88_f64.powf(-0.5);
    assert_close(result.world_price_change[0], price - 1.0, 1e-14);
    assert_close(result.quantity_change[0], price.powi(2) - 1.0, 1e-14);
    let gain = 1_000.0 * (price.powi(3) - 1.0) / 3.0;
    assert_close(result.producer_surplus[0], gain, 1e-10);
    // E = -2: the area from P to 1 under P^-2 is 1/P - 1.
    let home = price * 0.88;
    let gain = 1_250.0 * (1.0 / home - 1.0);
    assert_close(result.consumer_surplus[0], gain, 1e-10);
}

#[test]
fn unit_elasticities_have_logarithms() {
    let world = World {
        demand: -1.0,
        substitution: 1.0,
        supply: f64::INFINITY,
        ..one_by_one()
    };
    let result = world.solve(Closing::ConstantElasticity).unwrap();
    assert_close(result.world_price_change[0], 0.0, 0.0);
    assert_close(result.consumer_surplus[0], -1_250.0 * 0.88_f64.ln(), 1e-10);
}

#[test]
fn given_world_prices_are_demand_with_constant_elasticities() {
    // Spending shares 125/500 and 375/500; the first's price at home falls to 0.8.
    let world = World {
        exporters: 2,
        trade: vec![100.0, 300.0],
        before: vec![0.25, 0.25],
        after: vec![0.0, 0.25],
        supply: f64::INFINITY,
        ..one_by_one()
    };
    for substitution in [1.0, 3.0] {
        let world = World {
            substitution,
            ..world.clone()
        };
        let result = world.solve(Closing::ConstantElasticity).unwrap();
        let index = match substitution {
            1.0 => 0.8_f64.powf(0.25),
            _ => (0.25 * 0.8_f64.powi(-2) + 0.75).powf(-0.5),
        };
        assert_close(result.composite_price_change[0], index - 1.0, 1e-14);
        let first = (0.8 / index).powf(-substitution) * index.powi(-2);
        let second = index.powf(substitution - 2.0);
        assert_all_close(&result.quantity_change, &[first - 1.0, second - 1.0], 1e-14);
        assert_close(
            result.consumer_surplus[0],
            500.0 * (1.0 / index - 1.0),
            1e-11,
        );
        assert_close(result.revenue_after[0], 75.0 * second, 1e-11);
    }
}

#[test]
fn two_importers_of_one_exporter() {
    // p (X - Σ φ E) = Σ φ E τ with φ = (1/4, 3/4), τ = (-0.12, 0): 0.06 / (2 + 2).
    let world = World {
        importers: 2,
        trade: vec![250.0, 750.0],
        before: vec![0.25, 0.5],
        after: vec![0.10, 0.5],
        ..one_by_one()
    };
    let result = world.solve(Closing::Linear).unwrap();
    assert_close(result.world_price_change[0], 0.015, 1e-15);
    assert_all_close(&result.quantity_change, &[0.21, -0.03], 1e-15);
}

#[test]
fn one_importer_of_two_exporters() {
    // With u the changes at home and ū their mean, X (u - τ) = E u' as in SMART, so that
    // ū = X τ̄ / (X - E) and u_r = (X τ_r + (E + S) ū) / (X + S).
    let world = World {
        exporters: 2,
        trade: vec![100.0, 300.0],
        before: vec![0.25, 0.25],
        after: vec![0.0, 0.25],
        ..one_by_one()
    };
    let result = world.solve(Closing::Linear).unwrap();
    let mean = 2.0 * (-0.05) / 4.0;
    let home = [(2.0 * -0.2 + mean) / 5.0, mean / 5.0];
    assert_all_close(&result.world_price_change, &[home[0] + 0.2, home[1]], 1e-15);
}

#[test]
fn the_same_cut_everywhere_moves_all_prices_alike() {
    let world = World {
        importers: 2,
        exporters: 3,
        trade: vec![10.0, 20.0, 0.0, 5.0, 7.0, 90.0],
        before: vec![0.25; 6],
        after: vec![0.10; 6],
        ..one_by_one()
    };
    let linear = world.solve(Closing::Linear).unwrap();
    assert_all_close(&linear.world_price_change, &[0.06; 3], 1e-14);
    let exact = world.solve(Closing::ConstantElasticity).unwrap();
    let price = 0.88_f64.powf(-0.5) - 1.0;
    assert_all_close(&exact.world_price_change, &[price; 3], 1e-14);
}

#[test]
fn the_us_eu_agreement_of_francois_and_hall() {
    // The example of the 4 x 4 spreadsheet: duties between the United States and the
    // European Union go. World prices of the US, Japan, the EU and the rest of the world
    // to the last printed digit, as a public replication in R quotes them.
    let labels = ["US", "JP", "EU", "RW"].map(String::from).to_vec();
    #[rustfmt::skip]
    let trade = vec![ // rows are importers
          0.0, 500.0, 300.0,  50.0,
         50.0,   0.0, 100.0, 100.0,
        200.0, 150.0, 200.0, 110.0,
        300.0, 200.0, 200.0,  20.0,
    ];
    #[rustfmt::skip]
    let tariffs = vec![
        0.00, 0.37, 0.32, 0.57,
        0.21, 0.00, 0.36, 0.41,
        0.41, 0.31, 0.00, 0.25,
        0.22, 0.23, 0.18, 0.15,
    ];
    let industry = Industry::new(labels.clone(), labels, trade, tariffs.clone()).unwrap();
    let mut after = tariffs;
    after[industry.cell("US", "EU").unwrap()] = 0.0;
    after[industry.cell("EU", "US").unwrap()] = 0.0;
    let elasticities =
        Elasticities::uniform(&industry, demand(-1.25), substitution(5.0), supply(1.5));
    let result = gsim(&industry, &after, &elasticities, Closing::Linear).unwrap();
    let printed = [0.0792, -0.0316, 0.0480, -0.0184];
    assert_all_close(&result.world_price_change, &printed, 0.000_05);
}

#[test]
fn given_world_prices_and_one_importer_are_smart() {
    // One initial duty: SMART with σ is GSIM with σ - ε, partner by partner.
    let (imports, after) = ([60.0, 140.0, 25.0], [0.0, 0.1, 0.4]);
    let (epsilon, sigma) = (-1.3, 2.0);
    let partners: Vec<_> = imports
        .iter()
        .zip(after)
        .map(|(m, t)| (*m, 0.2, t))
        .collect();
    let given = response(epsilon, sigma, f64::INFINITY, Diversion::Linear);
    let one = smart(&market(&partners), &given).unwrap();
    let world = World {
        importers: 1,
        exporters: 3,
        trade: imports.to_vec(),
        before: vec![0.2; 3],
        after: after.to_vec(),
        demand: epsilon,
        substitution: sigma - epsilon,
        supply: f64::INFINITY,
    };
    let many = world.solve(Closing::Linear).unwrap();
    assert_eq!(many.world_price_change, [0.0; 3]);
    assert_all_close(&many.trade_after, &one.imports_after, 1e-12);
    let revenue = one.revenue_after;
    assert_close(many.revenue_after[0], revenue, 1e-12);
}

#[test]
fn all_models_agree_to_first_order() {
    // With ε and any σ the totals agree to first order, and all rules and closings do.
    let small = 1e-6;
    let partners = [(60.0, 0.2, 0.2 - small), (140.0, 0.2, 0.2 + 2.0 * small)];
    let creation = -1.3 * (140.0 * 2.0 - 60.0) * small / 1.2;
    for rule in RULES {
        let given = response(-1.3, 2.0, f64::INFINITY, rule);
        let result = smart(&market(&partners), &given).unwrap();
        let change = sum(&result.imports_after) - 200.0;
        assert_close(change, creation, 1e-9);
    }
    for closing in CLOSINGS {
        let world = World {
            importers: 1,
            exporters: 2,
            trade: vec![60.0, 140.0],
            before: vec![0.2; 2],
            after: vec![0.2 - small, 0.2 + 2.0 * small],
            demand: -1.3,
            substitution: 2.0,
            supply: f64::INFINITY,
        };
        let change = sum(&world.solve(closing).unwrap().trade_after) - 200.0;
        assert_close(change, creation, 1e-9);
    }
}

#[test]
fn welfare_is_booked_by_country() {
    let industry = Industry::new(
        vec!["A".into(), "B".into()],
        vec!["B".into(), "C".into()],
        vec![10.0, 20.0, 30.0, 40.0],
        vec![0.2, 0.3, 0.0, 0.1],
    )
    .unwrap();
    let elasticities =
        Elasticities::uniform(&industry, demand(-1.0), substitution(4.0), supply(1.0));
    let after = [0.0, 0.3, 0.0, 0.1];
    let result = gsim(&industry, &after, &elasticities, Closing::Linear).unwrap();
    let welfare = result.net_welfare(&industry);
    let labels: Vec<&str> = welfare.iter().map(|(label, _)| label.as_str()).collect();
    assert_eq!(labels, ["A", "B", "C"]);
    let buyers = |v: usize| result.consumer_surplus[v] + result.revenue_change()[v];
    assert_close(welfare[0].1, buyers(0), 1e-15);
    assert_close(welfare[1].1, buyers(1) + result.producer_surplus[0], 1e-15);
    assert_close(welfare[2].1, result.producer_surplus[1], 1e-15);
}

#[test]
fn importers_and_exporters_without_trade_keep_still() {
    for closing in CLOSINGS {
        let world = World {
            importers: 2,
            exporters: 2,
            trade: vec![100.0, 0.0, 0.0, 0.0],
            before: vec![0.25; 4],
            after: vec![0.1, 3.0, 0.0, 0.0],
            ..one_by_one()
        };
        let result = world.solve(closing).unwrap();
        let alone = one_by_one().solve(closing).unwrap();
        assert_close(
            result.world_price_change[0],
            alone.world_price_change[0],
            1e-14,
        );
        assert_close(result.world_price_change[1], 0.0, 0.0);
        assert_close(result.consumer_surplus[1], 0.0, 0.0);
        assert_close(result.producer_surplus[1], 0.0, 0.0);
    }
}
