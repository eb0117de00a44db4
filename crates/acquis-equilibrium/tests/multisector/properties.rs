//! What holds whatever the data are. Properties 1, 2, 3, 6, 12, 13 and 14 of the chapter on
//! the model; the others are in `closed_forms`, `guises` and `first_order`.

use acquis_equilibrium::multisector::{
    Counterfactual, DeficitClosure, Method, Numeraire, Settings, Shock, Solver,
};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use rayon::ThreadPoolBuilder;

use crate::measures::{cells, distance, each, flows, hats, within, worse};
use crate::plain;
use crate::synthetic::{Draws, synthetic};
use crate::worlds::{
    Change, Traits, baseline, closures, draw, homogeneous_closures, settings, small_worlds, solve,
    tame_worlds, tight, untaxed_worlds, worlds,
};

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 192,
        rng_seed: RngSeed::Fixed(2015),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// 1.
    #[test]
    fn no_shock_changes_nothing(world in worlds(), closure in closures()) {
        let mut base = world.baseline();
        if closure == DeficitClosure::Balanced {
            base = base.purged().unwrap();
        }
        let result = solve(&base, &Shock::none(&base), settings(closure)).unwrap();
        let ones = hats(&result).iter().map(|hat| hat.ln().abs()).fold(0.0, worse);
        prop_assert!(within("1 identity", ones, 2e-12));
        for sector in 0..base.sectors() {
            for importer in 0..base.countries() {
                let old: Vec<f64> = (0..base.countries())
                    .map(|exporter| base.flow(sector, importer, exporter))
                    .collect();
                let error = distance(&result.imports(sector, importer), &old);
                prop_assert!(within("1 identity of flows", error, 2e-12));
            }
        }
    }

    /// 2.
    #[test]
    fn the_world_balances(world in tame_worlds(), closure in closures()) {
        let base = world.baseline();
        let Some(result) = solve(&base, &world.change.on(&base), tight(closure)) else {
            return Ok(());
        };
        let [spending, tariffs, export_taxes, output] = [
            cells(&result, Counterfactual::spending),
            each(&result, Counterfactual::tariff_revenue),
            each(&result, Counterfactual::export_revenue),
            cells(&result, Counterfactual::output),
        ]
        .map(|figures| figures.iter().sum::<f64>());
        let error = (spending - tariffs - export_taxes - output).abs() / output;
        prop_assert!(within("2 expenditure and output", error, 1.6e-15));
        let incomes: f64 = each(&result, Counterfactual::income).iter().sum();
        let earned: f64 = each(&result, Counterfactual::value_added).iter().sum();
        let error = (incomes - earned - tariffs - export_taxes).abs() / incomes;
        prop_assert!(within("2 incomes", error, 2e-15));
        let imbalance = trade_balances(&result)
            .iter()
            .enumerate()
            .map(|(country, deficit)| (deficit - result.deficit(country)).abs() / output)
            .fold(0.0, worse);
        prop_assert!(within("2 trade balances", imbalance, 2.6e-15));
    }

    /// 3. Arkolakis, Costinot and Rodríguez-Clare (2012) with input-output links.
    #[test]
    fn prices_follow_home_shares(world in worlds(), closure in closures()) {
        let base = world.baseline();
        let Some(result) = world.solve(&base, closure) else { return Ok(()) };
        for country in 0..base.countries() {
            for sector in 0..base.sectors() {
                let old: Vec<f64> = (0..base.countries())
                    .map(|exporter| {
                        base.flow(sector, country, exporter)
                            * (1.0 + base.tariff(sector, country, exporter))
                    })
                    .collect();
                if old[country] <= 0.0 {
                    continue;
                }
                let new = paid(&result, sector, country);
                let share = |paid: &[f64]| paid[country] / paid.iter().sum::<f64>();
                let gains = (share(&new) / share(&old)).ln() / world.theta[sector];
                let dearer =
                    (result.price_change(country, sector) / result.cost_change(country, sector)).ln();
                prop_assert!(within("3 home shares", (dearer - gains).abs(), 5e-14));
            }
        }
    }

    /// 6.
    #[test]
    fn shocks_compose_and_revert(
        world in tame_worlds(),
        closure in homogeneous_closures(),
        part in 0.2..0.8_f64,
    ) {
        let base = world.baseline();
        let step = |from, to| world.change.part(&world.observed, from, to);
        let chosen = tight(closure);
        let Some(whole) = solve(&base, &world.change.on(&base), chosen) else { return Ok(()) };
        let Some(first) = solve(&base, &step(0.0, part).on(&base), chosen) else { return Ok(()) };
        let middle = first.rebase();
        let second = solve(&middle, &step(part, 1.0).on(&middle), chosen).unwrap();
        let product: Vec<f64> = hats(&first).iter().zip(hats(&second)).map(|(a, b)| a * b).collect();
        prop_assert!(within("6 composition", distance(&hats(&whole), &product), 6e-14));
        prop_assert!(within("6 composed flows", distance(&flows(&whole), &flows(&second)), 6e-13));
        let end = whole.rebase();
        let back = solve(&end, &step(1.0, 0.0).on(&end), chosen).unwrap();
        let again: Vec<f64> = hats(&whole).iter().zip(hats(&back)).map(|(a, b)| a * b).collect();
        let ones = vec![1.0; again.len()];
        prop_assert!(within("6 reversal", distance(&again, &ones), 2e-14));
    }

    /// 12.
    #[test]
    fn cheaper_trade_of_a_pair_raises_its_trade(
        world in tame_worlds(),
        pair in (0_usize..8, 0_usize..7),
        log in 0.01..0.5_f64,
    ) {
        let base = world.baseline();
        let n = base.countries();
        let exporter = pair.0 % n;
        // The first sector's ring is never zero.
        let importer = (exporter + 1 + pair.1 % (n - 1)) % n;
        let importer = if base.flow(0, importer, exporter) > 0.0 { importer } else { (exporter + 1) % n };
        let mut shock = Shock::none(&base);
        shock.scale_cost(0, importer, exporter, (-log).exp()).unwrap();
        let Some(result) = solve(&base, &shock, settings(DeficitClosure::WorldShare)) else {
            return Ok(());
        };
        prop_assert!(result.imports(0, importer)[exporter] > base.flow(0, importer, exporter));
    }

    /// 12.
    #[test]
    fn two_countries_both_gain_from_cheaper_trade(world in untaxed_worlds(), log in 0.01..0.5_f64) {
        let traits = Traits { inputs: false, ..world.traits };
        let mut world = draw(2, 1, world.seed, traits);
        world.change = Change {
            costs: vec![(0, 0, 1, (-log).exp()), (0, 1, 0, (-log).exp())],
            ..Change::default()
        };
        let base = world.baseline().purged().unwrap();
        let result = world.solve(&base, DeficitClosure::Balanced).unwrap();
        prop_assert!(each(&result, Counterfactual::welfare_change).iter().all(|w| *w > 1.0));
    }

    /// 13.
    #[test]
    fn methods_agree(world in worlds(), closure in closures(), wage: bool) {
        let base = world.baseline();
        let shock = world.change.on(&base);
        let prepared = Settings {
            numeraire: if wage { Numeraire::Wage(0) } else { Numeraire::WorldValueAdded },
            ..settings(closure)
        };
        let sweeps = Settings { method: Method::Sweeps, ..prepared };
        let one = solve(&base, &shock, prepared);
        let two = solve(&base, &shock, sweeps);
        prop_assert_eq!(one.is_some(), two.is_some());
        if let (Some(one), Some(two)) = (one, two) {
            prop_assert_eq!(one.certificate.method, Method::Prepared);
            prop_assert_eq!(two.certificate.method, Method::Sweeps);
            prop_assert!(within("13 methods", distance(&hats(&one), &hats(&two)), 1e-11));
        }
    }

    /// The certificate takes prices as they are returned, where the solver's residual renews
    /// them: with large elasticities they can be far apart, and still every tolerance is met.
    #[test]
    fn any_tolerance_is_met(
        world in worlds(),
        closure in homogeneous_closures(),
        digits in 3_i32..=13,
    ) {
        let base = world.baseline();
        let chosen = Settings { tolerance: 10_f64.powi(-digits), ..settings(closure) };
        if let Some(result) = solve(&base, &world.change.on(&base), chosen) {
            prop_assert!(result.certificate.residual <= chosen.tolerance);
        }
    }

    /// 14.
    #[test]
    fn the_same_input_gives_the_same_bits(world in worlds(), closure in closures()) {
        let base = world.baseline();
        let bits = |result: Option<Counterfactual>| result.map(|result| bits(&result));
        let first = bits(world.solve(&base, closure));
        prop_assert_eq!(first, bits(world.solve(&world.baseline(), closure)));
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 48,
        rng_seed: RngSeed::Fixed(2015),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// 13.
    #[test]
    fn the_plain_model_agrees(world in small_worlds()) {
        let base = world.baseline();
        let Some(result) = solve(&base, &world.change.on(&base), tight(DeficitClosure::WorldShare))
        else {
            return Ok(());
        };
        let expected = plain::solve(&world);
        prop_assert!(within("13 residual of the plain model", expected.residual, 1e-12));
        let error = distance(&each(&result, Counterfactual::wage_change), &expected.wage)
            .max(distance(&cells(&result, Counterfactual::price_change), &expected.price))
            .max(distance(&cells(&result, Counterfactual::spending), &expected.spending));
        prop_assert!(within("13 the plain model", error, 1e-11));
    }
}

/// 14.
#[test]
fn the_number_of_threads_does_not_matter() {
    // Enough bilateral cells that one sweep is spread over threads.
    let (observed, theta) = synthetic(52, 30, 14);
    let base = baseline(&observed, &theta);
    let (n, sectors) = (base.countries(), base.sectors());
    let mut draws = Draws::new(41);
    let mut shock = Shock::none(&base);
    for sector in 0..20 {
        for importer in 0..10 {
            for exporter in 0..10 {
                if importer != exporter {
                    shock
                        .set_tariff(sector, importer, exporter, draws.between(0.0, 0.1))
                        .unwrap();
                }
            }
        }
    }
    assert!(n * n * sectors > 60_000);
    let run = |threads: usize, method: Method| {
        let pool = ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| {
            let settings = Settings {
                method,
                ..Settings::default()
            };
            let solver = Solver::new(baseline(&observed, &theta), settings).unwrap();
            let one = solver.solve(&shock).unwrap();
            let many = solver.solve_all(&[Shock::none(&base), shock.clone(), shock.clone()]);
            for same in many.into_iter().skip(1) {
                assert!(
                    bits(&one) == bits(&same.unwrap()),
                    "{threads} threads, solve_all"
                );
            }
            bits(&one)
        })
    };
    for method in [Method::Prepared, Method::Sweeps] {
        let alone = run(1, method);
        for threads in [2, 4] {
            assert!(
                alone == run(threads, method),
                "{threads} threads, {method:?}"
            );
        }
    }
}

fn bits(result: &Counterfactual) -> Vec<u64> {
    let mut all = hats(result);
    all.extend(cells(result, Counterfactual::spending));
    all.extend(cells(result, Counterfactual::output));
    all.extend(each(result, Counterfactual::income));
    all.push(result.certificate.residual);
    all.iter().map(|x| x.to_bits()).collect()
}

/// Imports less exports at the border.
fn trade_balances(result: &Counterfactual) -> Vec<f64> {
    let n = result.baseline().countries();
    let mut balance = vec![0.0; n];
    for (cell, flow) in flows(result).iter().enumerate() {
        balance[cell / n % n] += flow;
        balance[cell % n] -= flow;
    }
    balance
}

/// What an importer pays everyone in one sector, tariffs included.
fn paid(result: &Counterfactual, sector: usize, importer: usize) -> Vec<f64> {
    let imports = result.imports(sector, importer).into_iter().enumerate();
    imports
        .map(|(exporter, flow)| flow * (1.0 + result.tariff(sector, importer, exporter)))
        .collect()
}
