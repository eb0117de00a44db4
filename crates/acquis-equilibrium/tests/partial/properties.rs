//! Identities that hold whatever the data are.

use acquis_equilibrium::partial::{
    Closing, GsimError, GsimResult, Market, Response, SmartError, SmartResult, SupplyElasticity,
    smart,
};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use crate::{CLOSINGS, RULES, World, market, response, sum};

fn partners() -> impl Strategy<Value = Vec<(f64, f64, f64)>> {
    let imports = prop_oneof![1 => Just(0.0), 6 => 0.1..1_000.0];
    let partner = (imports, 0.0..0.6, 0.0..0.6);
    proptest::collection::vec(partner, 1..9)
        .prop_filter("something is imported", |all| all.iter().any(|p| p.0 > 0.0))
}

fn supplies() -> impl Strategy<Value = f64> {
    prop_oneof![
        1 => Just(f64::INFINITY),
        1 => 1e3..1e12,
        3 => 0.05..20.0,
    ]
}

fn responses() -> impl Strategy<Value = Response> {
    let rules = proptest::sample::select(RULES.to_vec());
    (-1.5..0.0, 0.0..6.0, supplies(), rules)
        .prop_map(|(epsilon, sigma, exports, rule)| response(epsilon, sigma, exports, rule))
}

/// The linear rules have a limit, and then there is nothing to check.
fn try_smart(market: &Market, response: &Response) -> Option<SmartResult> {
    match smart(market, response) {
        Ok(result) => Some(result),
        Err(SmartError::Exhausted { .. }) => None,
        Err(other) => panic!("{other}"),
    }
}

fn try_gsim(world: &World, closing: Closing) -> Option<GsimResult> {
    match world.solve(closing) {
        Ok(result) => Some(result),
        Err(GsimError::NegativeTrade { .. }) if closing == Closing::Linear => None,
        Err(other) => panic!("{other}"),
    }
}

fn worlds() -> impl Strategy<Value = World> {
    (1_usize..5, 1_usize..6)
        .prop_flat_map(|(importers, exporters)| {
            let cells = importers * exporters;
            let flow = prop_oneof![1 => Just(0.0), 4 => 0.1..1_000.0];
            (
                Just((importers, exporters)),
                proptest::collection::vec(flow, cells),
                proptest::collection::vec(0.0..0.6, cells),
                proptest::collection::vec(0.0..0.6, cells),
                -3.0..-0.1,
                0.0..8.0,
                supplies(),
            )
        })
        .prop_filter("something is traded", |world| {
            world.1.iter().any(|x| *x > 0.0)
        })
        .prop_map(
            |((importers, exporters), trade, before, after, demand, substitution, supply)| World {
                importers,
                exporters,
                trade,
                before,
                after,
                demand,
                substitution,
                supply,
            },
        )
}

fn closings() -> impl Strategy<Value = Closing> {
    proptest::sample::select(CLOSINGS.to_vec())
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 512,
        rng_seed: RngSeed::Fixed(1986),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn smart_diversion_adds_up_to_zero(partners in partners(), response in responses()) {
        let market = market(&partners);
        if let Some(result) = try_smart(&market, &response) {
            let total = sum(&result.trade_diversion);
            prop_assert!(total.abs() <= 1e-12 * market.imports(), "{total:e}");
        }
    }

    #[test]
    fn smart_books_add_up(partners in partners(), response in responses()) {
        let market = market(&partners);
        if let Some(result) = try_smart(&market, &response) {
            let scale = market.imports();
            let mut revenue = (0.0, 0.0);
            let change = result.import_change();
            for (i, (imports, before, after)) in partners.iter().enumerate() {
                let drift = result.imports_after[i] - imports - change[i];
                prop_assert!(drift.abs() <= 1e-12 * scale);
                revenue.0 += before * imports;
                revenue.1 += after * result.imports_after[i];
            }
            prop_assert!((result.revenue_before - revenue.0).abs() <= 1e-12 * scale);
            prop_assert!((result.revenue_after - revenue.1).abs() <= 1e-12 * scale);
            let welfare = result.consumer_surplus + revenue.1 - revenue.0;
            prop_assert!((result.welfare() - welfare).abs() <= 1e-12 * scale);
        }
    }

    #[test]
    fn smart_welfare_at_given_prices_is_harbergers_sum(
        partners in partners(),
        response in responses(),
    ) {
        let given = Response { supply: SupplyElasticity::INFINITE, ..response };
        let market = market(&partners);
        if let Some(result) = try_smart(&market, &given) {
            let quantities = result.trade_creation.iter().zip(&result.trade_diversion);
            let expected: f64 = quantities
                .zip(&partners)
                .map(|((tc, td), (_, before, after))| (tc + td) * (before + after) / 2.0)
                .sum();
            prop_assert!((result.welfare() - expected).abs() <= 1e-12 * market.imports());
            prop_assert!(result.price_effect.iter().all(|effect| *effect == 0.0));
        }
    }

    #[test]
    fn smart_creation_in_total_is_laird_and_yeats(partners in partners(), response in responses()) {
        let market = market(&partners);
        if let Some(result) = try_smart(&market, &response) {
            let epsilon = response.demand.get();
            let factor = epsilon / (1.0 - epsilon / response.supply.get());
            let expected: f64 = partners
                .iter()
                .map(|(imports, before, after)| factor * imports * (after - before) / (1.0 + before))
                .sum();
            let got = sum(&result.trade_creation);
            prop_assert!((got - expected).abs() <= 1e-12 * market.imports(), "{got} {expected}");
        }
    }

    #[test]
    fn smart_without_a_change_changes_nothing(partners in partners(), response in responses()) {
        let same: Vec<_> = partners.iter().map(|p| (p.0, p.1, p.1)).collect();
        let result = smart(&market(&same), &response).unwrap();
        for (after, partner) in result.imports_after.iter().zip(&same) {
            prop_assert!((after - partner.0).abs() <= 1e-12 * partner.0);
        }
        prop_assert!(result.consumer_surplus == 0.0);
    }

    #[test]
    fn smart_scales_with_the_unit(partners in partners(), response in responses()) {
        let scaled: Vec<_> = partners.iter().map(|p| (p.0 * 1024.0, p.1, p.2)).collect();
        let (small, large) = (market(&partners), market(&scaled));
        let results = (try_smart(&small, &response), try_smart(&large, &response));
        let (small, large) = match results {
            (Some(small), Some(large)) => (small, large),
            (None, None) => return Ok(()),
            other => panic!("{other:?}"),
        };
        // A power of two scales without rounding.
        prop_assert_eq!(large.welfare(), small.welfare() * 1024.0);
        for (large, small) in large.imports_after.iter().zip(&small.imports_after) {
            prop_assert_eq!(*large, small * 1024.0);
        }
    }

    #[test]
    fn smart_treats_equal_partners_equally(
        partners in partners(),
        response in responses(),
        twin in (0.1..1_000.0, 0.0..0.6, 0.0..0.6),
    ) {
        let mut all = vec![twin];
        all.extend(partners);
        all.push(twin);
        let last = all.len() - 1;
        if let Some(result) = try_smart(&market(&all), &response) {
            prop_assert_eq!(result.imports_after[0], result.imports_after[last]);
            prop_assert_eq!(result.trade_diversion[0], result.trade_diversion[last]);
            prop_assert_eq!(result.world_price_change[0], result.world_price_change[last]);
        }
    }

    #[test]
    fn gsim_markets_clear(world in worlds(), closing in closings()) {
        if let Some(result) = try_gsim(&world, closing) {
            prop_assert!(result.residual <= 1e-12);
            // Once more from the quantities, exporter by exporter.
            for r in 0..world.exporters {
                let column = || (0..world.importers).map(|v| v * world.exporters + r);
                let sales: f64 = column().map(|cell| world.trade[cell]).sum();
                let price = result.world_price_change[r];
                if sales == 0.0 || world.supply.is_infinite() {
                    prop_assert_eq!(price, 0.0);
                    continue;
                }
                let demand = column()
                    .map(|cell| world.trade[cell] * result.quantity_change[cell])
                    .sum::<f64>()
                    / sales;
                let (offered, demand) = match closing {
                    Closing::Linear => (world.supply * price, demand),
                    _ => (world.supply * price.ln_1p(), demand.ln_1p()),
                };
                let scale = offered.abs().max(demand.abs()).max(1.0);
                prop_assert!((offered - demand).abs() <= 2e-12 * scale, "{} {}", offered, demand);
            }
        }
    }

    #[test]
    fn gsim_revenue_is_duty_times_trade(world in worlds(), closing in closings()) {
        if let Some(result) = try_gsim(&world, closing) {
            let n = world.exporters;
            for v in 0..world.importers {
                let row = v * n..(v + 1) * n;
                let before: f64 = row.clone().map(|c| world.trade[c] * world.before[c]).sum();
                let after: f64 = row.map(|c| result.trade_after[c] * world.after[c]).sum();
                prop_assert!((result.revenue_before[v] - before).abs() <= 1e-12 * (1.0 + before));
                prop_assert!((result.revenue_after[v] - after).abs() <= 1e-12 * (1.0 + after));
                prop_assert_eq!(
                    result.revenue_change()[v],
                    result.revenue_after[v] - result.revenue_before[v]
                );
            }
        }
    }

    #[test]
    fn gsim_without_a_change_changes_nothing(world in worlds(), closing in closings()) {
        let world = World { after: world.before.clone(), ..world };
        let result = world.solve(closing).unwrap();
        prop_assert_eq!(&result.trade_after, &world.trade);
        prop_assert!(result.world_price_change.iter().all(|p| *p == 0.0));
        prop_assert!(result.net_welfare(&world.industry()).iter().all(|(_, w)| *w == 0.0));
    }

    #[test]
    fn gsim_scales_with_the_unit(world in worlds(), closing in closings()) {
        let scaled = World {
            trade: world.trade.iter().map(|x| x * 1024.0).collect(),
            before: world.before.clone(),
            after: world.after.clone(),
            ..world
        };
        if let (Some(small), Some(large)) = (try_gsim(&world, closing), try_gsim(&scaled, closing)) {
            prop_assert_eq!(&small.world_price_change, &large.world_price_change);
            for (large, small) in large.producer_surplus.iter().zip(&small.producer_surplus) {
                prop_assert_eq!(*large, small * 1024.0);
            }
        }
    }

    #[test]
    fn gsim_treats_equal_exporters_equally(world in worlds(), closing in closings()) {
        // Every importer's last exporter becomes the twin of its first.
        let n = world.exporters;
        let mut world = world;
        for v in 0..world.importers {
            for cells in [&mut world.trade, &mut world.before, &mut world.after] {
                cells[v * n + n - 1] = cells[v * n];
            }
        }
        if world.trade.iter().all(|x| *x == 0.0) {
            return Ok(());
        }
        if let Some(result) = try_gsim(&world, closing) {
            let difference = result.world_price_change[0] - result.world_price_change[n - 1];
            prop_assert!(difference.abs() <= 1e-13, "{difference:e}");
            for v in 0..world.importers {
                let (first, last) = (result.trade_after[v * n], result.trade_after[v * n + n - 1]);
                prop_assert!((first - last).abs() <= 1e-12 * first.max(1.0));
            }
        }
    }

    #[test]
    fn gsim_small_changes_are_linear(world in worlds()) {
        let after = world.before.iter().zip(&world.after);
        let after = after.map(|(t0, t1)| t0 + 1e-5 * (t1 - t0)).collect();
        let world = World { after, ..world };
        let linear = world.solve(Closing::Linear).unwrap();
        let exact = world.solve(Closing::ConstantElasticity).unwrap();
        // The difference is of second order: 1e-10 times products of elasticities.
        for (a, b) in linear.world_price_change.iter().zip(&exact.world_price_change) {
            prop_assert!((a - b).abs() <= 1e-8, "{a:e} {b:e}");
        }
        for (a, b) in linear.consumer_surplus.iter().zip(&exact.consumer_surplus) {
            prop_assert!((a - b).abs() <= 1e-8 * sum(&world.trade), "{a:e} {b:e}");
        }
    }

    #[test]
    fn gsim_takes_any_change_with_constant_elasticities(
        world in worlds(),
        factor in 1.0..20.0,
    ) {
        let after = world.after.iter().map(|t| t * factor).collect();
        let world = World { after, ..world };
        let result = world.solve(Closing::ConstantElasticity).unwrap();
        prop_assert!(result.residual <= 1e-12);
        for (after, before) in result.trade_after.iter().zip(&world.trade) {
            prop_assert!((*after > 0.0) == (*before > 0.0));
        }
    }

    #[test]
    fn gsim_is_the_same_at_every_call(world in worlds(), closing in closings()) {
        prop_assert_eq!(world.solve(closing), world.solve(closing));
    }
}
