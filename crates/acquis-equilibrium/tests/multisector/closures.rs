//! Deficits, revenue pools, transfers, free movement and taxes on exports, each by its
//! definition.

use acquis_equilibrium::multisector::{
    Counterfactual, DeficitClosure, Mobility, RevenuePool, Shock, Transfer, TransferAmount,
};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use crate::measures::{distance, each, flows, within, worse};
use crate::synthetic::Draws;
use crate::worlds::{
    Traits, World, closures, draw, homogeneous_closures, settings, solve, tame_worlds,
};

/// Figures of countries that money closes: within this of world output.
const EXACT: f64 = 1e-14;

/// The largest figure, as a part of all incomes.
fn part_of_world(result: &Counterfactual, figures: impl IntoIterator<Item = f64>) -> f64 {
    let world: f64 = each(result, Counterfactual::income).iter().sum();
    figures
        .into_iter()
        .map(|figure| figure.abs() / world)
        .fold(0.0, worse)
}

/// Shares that add up to one, for the first two countries or more.
fn members(world: &World, most: usize) -> Vec<(usize, f64)> {
    let n = world.observed.countries.len();
    let mut draws = Draws::new(world.seed);
    let count = n.min(most).max(2);
    let weights: Vec<f64> = (0..count).map(|_| draws.between(0.1, 1.0)).collect();
    let total: f64 = weights.iter().sum();
    weights
        .iter()
        .map(|weight| weight / total)
        .enumerate()
        .collect()
}

/// What a country collects on goods from outside the first `count` countries.
fn outside_duties(result: &Counterfactual, country: usize, count: usize) -> f64 {
    let base = result.baseline();
    let sectors = 0..base.sectors();
    let duties = sectors.map(|sector| -> f64 {
        let imports = result.imports(sector, country);
        (count..base.countries())
            .map(|exporter| imports[exporter] * result.tariff(sector, country, exporter))
            .sum()
    });
    duties.sum()
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 96,
        rng_seed: RngSeed::Fixed(2025),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn deficits_add_up_to_zero(world in tame_worlds(), closure in closures()) {
        let base = world.baseline();
        let Some(result) = world.solve(&base, closure) else { return Ok(()) };
        let sum: f64 = each(&result, Counterfactual::deficit).iter().sum();
        prop_assert!(within("closure: sum of deficits", part_of_world(&result, [sum]), EXACT));
    }

    #[test]
    fn what_a_closure_keeps_stays(world in tame_worlds(), closure in closures()) {
        let base = world.baseline();
        let Some(result) = world.solve(&base, closure) else { return Ok(()) };
        let n = base.countries();
        let old = |country: usize| base.deficit(country);
        let world_grows = each(&result, Counterfactual::value_added).iter().sum::<f64>()
            / (0..n).map(|country| base.value_added(country)).sum::<f64>();
        let error = match closure {
            DeficitClosure::Nominal => part_of_world(
                &result,
                (0..n).map(|country| result.deficit(country) - old(country)),
            ),
            DeficitClosure::Balanced => {
                part_of_world(&result, each(&result, Counterfactual::deficit))
            }
            DeficitClosure::WorldShare => part_of_world(
                &result,
                (0..n).map(|country| result.deficit(country) - old(country) * world_grows),
            ),
            // Ξ is one for all.
            DeficitClosure::IncomeShare => {
                let before = |country: usize| base.income(country) / (base.income(country) - old(country));
                let ratios = each(&result, |result, country| {
                    let own = result.income(country) - result.deficit(country);
                    result.income(country) / own / before(country)
                });
                distance(&ratios, &vec![ratios[0]; n])
            }
            // The remainder's share of value added is one for all.
            _ => {
                let moved = each(&result, |result, country| {
                    result.deficit(country) / result.value_added(country)
                        - old(country) / base.value_added(country)
                });
                let first = moved[0];
                moved.into_iter().map(|moved| (moved - first).abs()).fold(0.0, worse)
            }
        };
        prop_assert!(within("closure: what stays", error, 10.0 * EXACT));
    }

    #[test]
    fn a_purged_world_is_balanced_and_at_rest(world in tame_worlds()) {
        let purged = world.baseline().purged().unwrap();
        for country in 0..purged.countries() {
            prop_assert!(purged.deficit(country).abs() <= 0.0);
            let earned = purged.value_added(country) + purged.revenue(country);
            prop_assert!(within("purged incomes", (purged.income(country) / earned).ln().abs(), EXACT));
        }
        let again = purged.purged().unwrap();
        let error = (0..purged.countries())
            .map(|country| (again.income(country) / purged.income(country)).ln().abs())
            .fold(0.0, worse);
        prop_assert!(within("purged twice", error, 2e-12));
    }

    #[test]
    fn transfers_are_paid_and_received(world in tame_worlds(), closure in closures()) {
        let base = world.baseline();
        let mut shock = world.change.on(&base);
        let amount = 0.01 * base.income(0);
        let flow = TransferAmount::OfFlow { sector: 0, importer: 1, exporter: 0, rate: 0.1 };
        shock.add_transfer(Transfer { from: 0, to: 1, amount: TransferAmount::Fixed(amount) }).unwrap();
        shock.add_transfer(Transfer { from: 0, to: 1, amount: flow }).unwrap();
        let Some(result) = solve(&base, &shock, settings(closure)) else { return Ok(()) };
        let due = amount + 0.1 * result.imports(0, 1)[0];
        let mut paid = vec![0.0; base.countries()];
        (paid[0], paid[1]) = (-due, due);
        let errors = each(&result, |result, country| result.transfers(country) - paid[country]);
        prop_assert!(within("transfers", part_of_world(&result, errors), 1e-13));
        prop_assert!(within("transfers in the trade balance", imbalance(&result), 1e-13));
        let budgets = each(&result, |result, country| {
            result.income(country) - own_income(result, country)
                - result.transfers(country)
                - result.deficit(country)
        });
        prop_assert!(within("transfers in income", part_of_world(&result, budgets), EXACT));
    }

    #[test]
    fn a_pool_shares_out_what_it_takes(
        world in tame_worlds(),
        closure in closures(),
        collection_cost in 0.0..0.5_f64,
        most in 2_usize..=4,
    ) {
        let base = world.baseline();
        let shares = members(&world, most);
        let mut shock = world.change.on(&base);
        shock.add_pool(RevenuePool { shares: shares.clone(), collection_cost }).unwrap();
        let Some(result) = solve(&base, &shock, settings(closure)) else { return Ok(()) };
        let handed_over: Vec<f64> = (0..shares.len())
            .map(|country| (1.0 - collection_cost) * outside_duties(&result, country, shares.len()))
            .collect();
        let pool: f64 = handed_over.iter().sum();
        let errors = each(&result, |result, country| {
            let due = shares.get(country).map_or(0.0, |(_, share)| share * pool - handed_over[country]);
            result.pooled_revenue(country) - due
        });
        prop_assert!(within("pool", part_of_world(&result, errors), 1e-13));
        let sum: f64 = each(&result, Counterfactual::pooled_revenue).iter().sum();
        prop_assert!(within("pool adds up", part_of_world(&result, [sum]), EXACT));
        prop_assert!(within("pool in the trade balance", imbalance(&result), 1e-13));
    }

    #[test]
    fn a_pool_that_returns_what_each_collects_changes_nothing(
        world in tame_worlds(),
        closure in homogeneous_closures(),
    ) {
        prop_assume!(world.traits.tariffs);
        let base = world.baseline();
        let Some(plain) = world.solve(&base, closure) else { return Ok(()) };
        let count = 2;
        let duties: Vec<f64> = (0..count).map(|c| outside_duties(&plain, c, count)).collect();
        let total: f64 = duties.iter().sum();
        prop_assume!(total > 0.0);
        let first = duties[0] / total;
        let mut shock = world.change.on(&base);
        let shares = vec![(0, first), (1, 1.0 - first)];
        shock.add_pool(RevenuePool { shares, collection_cost: 0.0 }).unwrap();
        let pooled = solve(&base, &shock, settings(closure)).unwrap();
        let welfare = |result: &Counterfactual| each(result, Counterfactual::welfare_change);
        prop_assert!(within("idle pool", distance(&welfare(&plain), &welfare(&pooled)), 1e-12));
    }

    #[test]
    fn labour_moves_towards_higher_real_wages(
        world in tame_worlds(),
        closure in closures(),
        elasticity in 0.0..3.0_f64,
        most in 2_usize..=4,
    ) {
        let base = world.baseline();
        let mut draws = Draws::new(world.seed);
        let count = most.min(base.countries());
        let labour: Vec<(usize, f64)> = (0..count).map(|c| (c, draws.between(1.0, 9.0))).collect();
        let mut shock = world.change.on(&base);
        shock.add_mobility(Mobility { labour: labour.clone(), elasticity }).unwrap();
        let Some(result) = solve(&base, &shock, settings(closure)) else { return Ok(()) };
        let mut endowment = vec![1.0; base.countries()];
        for &(country, factor) in &world.change.endowments {
            endowment[country] *= factor;
        }
        let (mut before, mut after) = (0.0, 0.0);
        for &(country, labour) in &labour {
            before += labour * endowment[country];
            after += labour * result.labour_change(country);
        }
        prop_assert!(within("labour in all", (after / before).ln().abs(), EXACT));
        let pull = |country: usize| {
            (result.labour_change(country) / endowment[country]).ln()
                - elasticity * result.real_wage_change(country).ln()
        };
        for country in 0..count {
            prop_assert!(within("labour supply", (pull(country) - pull(0)).abs(), 1e-13));
            let heads = result.welfare_change_per_head(country) * result.labour_change(country);
            prop_assert!((heads / result.welfare_change(country)).ln().abs() < EXACT);
        }
        for (country, endowment) in endowment.iter().enumerate().skip(count) {
            prop_assert!((result.labour_change(country) / endowment).ln().abs() < EXACT);
        }
        for country in 0..base.countries() {
            let value = result.wage_change(country) * result.labour_change(country);
            let error = (result.value_added(country) / base.value_added(country) / value).ln().abs();
            prop_assert!(within("value added", error, EXACT));
        }
    }

    #[test]
    fn free_movement_without_response_changes_nothing(world in tame_worlds(), closure in homogeneous_closures()) {
        let base = world.baseline();
        let Some(plain) = world.solve(&base, closure) else { return Ok(()) };
        let mut shock = world.change.on(&base);
        // Labour goes where endowments put it.
        shock.add_mobility(Mobility { labour: vec![(0, 1.0), (1, 2.0)], elasticity: 0.0 }).unwrap();
        let same = solve(&base, &shock, settings(closure)).unwrap();
        let welfare = |result: &Counterfactual| each(result, Counterfactual::welfare_change);
        prop_assert!(within("idle mobility", distance(&welfare(&plain), &welfare(&same)), 1e-12));
    }

    #[test]
    fn taxes_are_what_the_rates_say(world in tame_worlds(), closure in closures()) {
        let base = world.baseline();
        let Some(result) = world.solve(&base, closure) else { return Ok(()) };
        let n = base.countries();
        let mut rates = world.observed.export_taxes.clone();
        rates.resize(base.sectors() * n * n, 0.0);
        for &(sector, importer, exporter, rate) in &world.change.export_taxes {
            rates[(sector * n + importer) * n + exporter] = rate;
        }
        let (mut tariffs, mut export_taxes) = (vec![0.0; n], vec![0.0; n]);
        for (cell, flow) in flows(&result).iter().enumerate() {
            let (sector, importer, exporter) = (cell / n / n, cell / n % n, cell % n);
            tariffs[importer] += flow * result.tariff(sector, importer, exporter);
            export_taxes[exporter] += flow * rates[cell] / (1.0 + rates[cell]);
        }
        let tariffs = each(&result, |result, c| result.tariff_revenue(c) - tariffs[c]);
        prop_assert!(within("tariff revenue", part_of_world(&result, tariffs), 1e-13));
        let taxes = each(&result, |result, c| result.export_revenue(c) - export_taxes[c]);
        prop_assert!(within("export revenue", part_of_world(&result, taxes), 1e-13));
    }

    /// Lerner (1936): a uniform tax on all exports is a uniform tariff on all imports.
    #[test]
    fn a_tax_on_exports_is_a_tariff(world in tame_worlds(), rate in 0.01..0.5_f64) {
        let traits = Traits {
            tariffs: false,
            export_taxes: false,
            ..world.traits
        };
        let (n, sectors) = world.observed.shape();
        let world = draw(n, sectors, world.seed, traits);
        let base = world.baseline().purged().unwrap();
        let (mut exports, mut imports) = (Shock::none(&base), Shock::none(&base));
        for sector in 0..sectors {
            for other in 1..n {
                exports.set_export_tax(sector, other, 0, rate).unwrap();
                imports.set_tariff(sector, 0, other, rate).unwrap();
            }
        }
        let one = solve(&base, &exports, settings(DeficitClosure::Balanced)).unwrap();
        let two = solve(&base, &imports, settings(DeficitClosure::Balanced)).unwrap();
        let welfare = |result: &Counterfactual| each(result, Counterfactual::welfare_change);
        prop_assert!(within("Lerner", distance(&welfare(&one), &welfare(&two)), 1e-12));
    }

    #[test]
    fn a_rebased_world_is_the_world_it_came_from(world in tame_worlds(), closure in closures()) {
        let base = world.baseline();
        let Some(result) = world.solve(&base, closure) else { return Ok(()) };
        let new = result.rebase();
        for country in 0..base.countries() {
            let same = [
                (new.income(country), result.income(country)),
                (new.value_added(country), result.value_added(country)),
            ];
            for (a, b) in same {
                prop_assert!(within("rebased", (a / b).ln().abs(), 1e-14));
            }
            let revenue = result.tariff_revenue(country) + result.export_revenue(country);
            let errors = [
                new.revenue(country) - revenue,
                new.deficit(country) - result.deficit(country),
            ];
            prop_assert!(within("rebased amounts", part_of_world(&result, errors), 1e-14));
            for sector in 0..base.sectors() {
                let old = result.imports(sector, country);
                let rebased: Vec<f64> =
                    (0..old.len()).map(|i| new.flow(sector, country, i)).collect();
                prop_assert!(within("rebased flows", distance(&old, &rebased), 1e-12));
                for exporter in 0..base.countries() {
                    let rate = result.tariff(sector, country, exporter);
                    prop_assert!((new.tariff(sector, country, exporter) - rate).abs() < 1e-15);
                }
            }
        }
        let rest = solve(&new, &Shock::none(&new), settings(closure));
        if closure != DeficitClosure::Balanced || new.deficit(0).abs() <= 0.0 {
            let ones = vec![1.0; base.countries()];
            let welfare = each(&rest.unwrap(), Counterfactual::welfare_change);
            prop_assert!(within("rebased at rest", distance(&welfare, &ones), 2e-12));
        }
    }
}

/// The second country sells a fifth of its output abroad and imports next to nothing: wages
/// have far to go before trade balances, too far for one attempt.
#[test]
fn a_large_surplus_is_purged_in_steps() {
    let traits = Traits {
        tariffs: false,
        export_taxes: false,
        inputs: true,
        extreme: false,
        unbalanced: false,
        complete: false,
    };
    let base = draw(3, 1, 1_213_370_493_948_240_149, traits).baseline();
    assert!(base.deficit(1) < -0.2 * base.value_added(1));
    let purged = base.purged().unwrap();
    assert!((0..3).all(|country| purged.deficit(country).abs() <= 0.0));
}

fn own_income(result: &Counterfactual, country: usize) -> f64 {
    result.value_added(country) + result.tariff_revenue(country) + result.export_revenue(country)
}

/// Imports less exports, less all that a country receives.
fn imbalance(result: &Counterfactual) -> f64 {
    let n = result.baseline().countries();
    let mut balance = each(result, |result, country| {
        -result.deficit(country) - result.transfers(country) - result.pooled_revenue(country)
    });
    for (cell, flow) in flows(result).iter().enumerate() {
        balance[cell / n % n] += flow;
        balance[cell % n] -= flow;
    }
    part_of_world(result, balance)
}
