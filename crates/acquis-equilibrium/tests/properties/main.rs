//! Properties of the one-sector model that hold whatever the data are.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failure here is a failed test"
)]

mod worlds;

use acquis_equilibrium::{
    Baseline, Cause, Counterfactual, DeficitClosure, Method, Neighbourhood, Numeraire, Settings,
    Shock, SolveError, solve,
};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use worlds::{
    World, balanced_worlds, baseline, closures, distance, largest, methods, settings, worlds,
};

const TIGHT: f64 = 1e-10;

fn with(world: &World, closure: DeficitClosure) -> Settings {
    Settings {
        closure,
        ..world.settings()
    }
}

/// Deficits fixed in units of one wage now and then have no equilibrium (about one in
/// 60,000 of these worlds); then there is nothing to compare.
fn try_solve(baseline: &Baseline, shock: &Shock, settings: &Settings) -> Option<Counterfactual> {
    match solve(baseline, shock, settings) {
        Ok(result) => Some(result),
        Err(SolveError::NoEquilibrium(_)) => None,
        Err(other) => panic!("{other}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 256,
        rng_seed: RngSeed::Fixed(2019),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn no_shock_changes_nothing(world in worlds(), closure in closures()) {
        let result = solve(
            &world.baseline(),
            &Shock::none(world.n),
            &with(&world, closure),
        )
        .unwrap();
        let ones = vec![1.0; world.n];
        prop_assert!(distance(&result.wage_change, &ones) < 1e-13);
        prop_assert!(distance(&result.welfare_change(), &ones) < 1e-13);
        prop_assert!(distance(&result.trade, &world.trade) < 1e-13);
    }

    #[test]
    fn the_world_balances(world in worlds(), closure in closures()) {
        let result = solve(&world.baseline(), &world.shock(), &with(&world, closure)).unwrap();
        let n = world.n;
        let total: f64 = result.output.iter().sum();
        for i in 0..n {
            let sales: f64 = result.trade[i * n..(i + 1) * n].iter().sum();
            let purchases: f64 = (0..n).map(|k| result.trade[k * n + i]).sum();
            prop_assert!((sales - result.output[i]).abs() < 1e-12 * total);
            prop_assert!((purchases - result.expenditure[i]).abs() < 1e-12 * total);
        }
        prop_assert!(result.certificate.residual <= 2e-14);
        prop_assert!(result.certificate.budget_residual < 1e-12);
        prop_assert!(result.certificate.world_balance < 1e-12);
        prop_assert!((total / world.trade.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn deficits_follow_their_closure(world in worlds(), closure in closures()) {
        let base = world.baseline();
        let result = solve(&base, &world.shock(), &with(&world, closure)).unwrap();
        let ratio: Vec<f64> = match closure {
            // One factor for all: Ξ.
            DeficitClosure::Multiplicative => (0..world.n)
                .map(|j| {
                    (result.expenditure[j] / result.output[j])
                        / (base.expenditure()[j] / base.output()[j])
                })
                .collect(),
            _ => (0..world.n)
                .map(|j| {
                    1.0 + (result.expenditure[j] - result.output[j] - base.deficit()[j])
                        / base.world_output()
                })
                .collect(),
        };
        let first = vec![ratio[0]; world.n];
        prop_assert!(distance(&ratio, &first) < 1e-12);
    }

    #[test]
    fn real_wages_follow_the_domestic_share(world in worlds(), closure in closures()) {
        // Arkolakis, Costinot and Rodríguez-Clare 2012.
        let result = solve(&world.baseline(), &world.shock(), &with(&world, closure)).unwrap();
        let expected: Vec<f64> = result
            .domestic_share_change()
            .iter()
            .map(|x| x.powf(-1.0 / world.theta))
            .collect();
        prop_assert!(distance(&result.real_wage_change(), &expected) < 1e-12);
    }

    #[test]
    fn autarky_costs_what_the_domestic_share_says(
        world in balanced_worlds(),
        closure in closures(),
    ) {
        // Every border closed and no deficits: relative wages are indeterminate, real ones aren't.
        let base = world.baseline();
        let exact = base
            .deficit()
            .iter()
            .zip(base.output())
            .all(|(d, y)| d.abs() < 1e-13 * y);
        prop_assume!(exact);
        let result = solve(&base, &closed_borders(world.n), &with(&world, closure)).unwrap();
        let expected: Vec<f64> = base
            .domestic_share()
            .iter()
            .map(|share| share.powf(1.0 / world.theta))
            .collect();
        prop_assert!(distance(&result.welfare_change(), &expected) < 1e-12);
        prop_assert!(distance(&result.real_wage_change(), &expected) < 1e-12);
    }

    #[test]
    fn autarky_with_deficits_has_no_equilibrium(world in worlds(), closure in closures()) {
        let error = solve(
            &world.baseline(),
            &closed_borders(world.n),
            &with(&world, closure),
        )
        .unwrap_err();
        let SolveError::NoEquilibrium(report) = error else {
            panic!("{error}")
        };
        let stranded = matches!(report.cause, Cause::StrandedDeficit { .. });
        prop_assert!(stranded);
    }

    #[test]
    fn the_money_unit_does_not_matter(
        world in worlds(),
        closure in closures(),
        factor in -9.0..9.0_f64,
    ) {
        let factor = 10_f64.powf(factor);
        let scaled: Vec<f64> = world.trade.iter().map(|x| factor * x).collect();
        let chosen = with(&world, closure);
        let plain = solve(&world.baseline(), &world.shock(), &chosen).unwrap();
        let other = solve(&baseline(&scaled), &world.shock(), &chosen).unwrap();
        prop_assert!(distance(&plain.wage_change, &other.wage_change) < TIGHT);
        let back: Vec<f64> = other.trade.iter().map(|x| x / factor).collect();
        prop_assert!(distance(&plain.trade, &back) < TIGHT);
    }

    #[test]
    fn the_numeraire_is_only_a_unit_under_homogeneous_closures(
        world in worlds(),
        country in 0_usize..9,
    ) {
        let country = country % world.n;
        for closure in [DeficitClosure::Multiplicative, DeficitClosure::WorldShare] {
            let chosen = with(&world, closure);
            let output = solve(&world.baseline(), &world.shock(), &chosen).unwrap();
            let wage = world.solve_with(&Settings {
                numeraire: Numeraire::Wage(country),
                ..chosen
            });
            prop_assert!((wage.wage_change[country] - 1.0).abs() < 1e-14);
            prop_assert!(distance(&output.welfare_change(), &wage.welfare_change()) < 1e-12);
            prop_assert!(
                distance(
                    &output.export_change(),
                    &wage
                        .export_change()
                        .iter()
                        .map(|x| x * output.wage_change[country])
                        .collect::<Vec<f64>>()
                ) < 1e-12
            );
        }
    }

    #[test]
    fn the_numeraire_is_only_a_unit_without_deficits(
        world in balanced_worlds(),
        country in 0_usize..9,
    ) {
        let chosen = with(&world, DeficitClosure::Additive);
        let output = world.solve_with(&chosen);
        let wage = world.solve_with(&Settings {
            numeraire: Numeraire::Wage(country % world.n),
            ..chosen
        });
        prop_assert!(distance(&output.welfare_change(), &wage.welfare_change()) < TIGHT);
    }

    #[test]
    fn shocks_compose_and_revert(world in worlds(), closure in closures()) {
        let chosen = with(&world, closure);
        let base = world.baseline();
        let half: Vec<f64> = world
            .effects
            .iter()
            .enumerate()
            .map(|(k, x)| x * ((k % 3) as f64 / 2.0))
            .collect();
        let rest: Vec<f64> = world
            .effects
            .iter()
            .zip(&half)
            .map(|(x, y)| x - y)
            .collect();
        let back: Vec<f64> = world.effects.iter().map(|x| -x).collect();
        let shock = |effects: Vec<f64>| Shock::from_log_trade_effects(world.n, effects).unwrap();
        let whole = solve(&base, &world.shock(), &chosen).unwrap();
        let first = solve(&base, &shock(half), &chosen).unwrap();
        let second = solve(&first.rebase().unwrap(), &shock(rest), &chosen).unwrap();
        prop_assert!(distance(&whole.trade, &second.trade) < TIGHT);
        let product: Vec<f64> = first
            .welfare_change()
            .iter()
            .zip(second.welfare_change())
            .map(|(a, b)| a * b)
            .collect();
        prop_assert!(distance(&whole.welfare_change(), &product) < TIGHT);
        let reverted = solve(&whole.rebase().unwrap(), &shock(back), &chosen).unwrap();
        prop_assert!(distance(&reverted.trade, &world.trade) < TIGHT);
    }

    #[test]
    fn splitting_economies_changes_nothing(world in worlds(), closure in closures()) {
        let n = world.n;
        let chosen = with(&world, closure);
        let whole = solve(&world.baseline(), &world.shock(), &chosen).unwrap();
        let twice = |cells: &[f64], factor: f64| -> Vec<f64> {
            (0..4 * n * n)
                .map(|k| factor * cells[(k / (2 * n) / 2) * n + (k % (2 * n)) / 2])
                .collect()
        };
        let halves = baseline(&twice(&world.trade, 0.25));
        let shock = Shock::from_log_trade_effects(2 * n, twice(&world.effects, 1.0)).unwrap();
        let split = solve(&halves, &shock, &chosen).unwrap();
        for i in 0..2 * n {
            prop_assert!((split.wage_change[i] / whole.wage_change[i / 2]).ln().abs() < TIGHT);
            prop_assert!(
                (split.price_change[i] / whole.price_change[i / 2])
                    .ln()
                    .abs()
                    < TIGHT
            );
        }
    }

    #[test]
    fn the_order_of_economies_does_not_matter(
        world in worlds(),
        closure in closures(),
        turn in 0_usize..9,
    ) {
        let n = world.n;
        let place = |i: usize| (i * (n - 1) + turn) % n; // n - 1 and n have no common divisor
        let chosen = with(&world, closure);
        let plain = solve(&world.baseline(), &world.shock(), &chosen).unwrap();
        let mut moved = world.clone();
        for i in 0..n {
            for j in 0..n {
                moved.trade[place(i) * n + place(j)] = world.trade[i * n + j];
                moved.effects[place(i) * n + place(j)] = world.effects[i * n + j];
            }
        }
        let other = moved.solve_with(&chosen);
        for i in 0..n {
            prop_assert!(
                (plain.wage_change[i] / other.wage_change[place(i)])
                    .ln()
                    .abs()
                    < TIGHT
            );
        }
    }

    #[test]
    fn cheaper_trade_of_a_pair_raises_its_trade(
        world in worlds(),
        cell in 0_usize..81,
        size in 0.01..1.0_f64,
    ) {
        let n = world.n;
        let i = (cell / 9) % n;
        let other = (i + 1 + (cell % 9) % (n - 1)) % n;
        // The ring's flow is never zero.
        let j = if world.trade[i * n + other] > 0.0 {
            other
        } else {
            (i + 1) % n
        };
        let mut effects = vec![0.0; n * n];
        effects[i * n + j] = size;
        let shock = Shock::from_log_trade_effects(n, effects).unwrap();
        let result = solve(
            &world.baseline(),
            &shock,
            &with(&world, DeficitClosure::WorldShare),
        )
        .unwrap();
        prop_assert!(result.trade(i, j).unwrap() > world.trade[i * n + j]);
    }

    #[test]
    fn two_economies_both_gain_from_an_agreement(
        world in balanced_worlds(),
        size in 0.01..1.0_f64,
    ) {
        let trade = vec![
            world.trade[0],
            world.trade[1],
            world.trade[world.n],
            world.trade[world.n + 1],
        ];
        let shock = Shock::from_log_trade_effects(2, vec![0.0, size, size, 0.0]).unwrap();
        let result = solve(&baseline(&trade), &shock, &world.settings()).unwrap();
        prop_assert!(result.welfare_change().iter().all(|x| *x > 1.0));
    }

    #[test]
    fn a_small_shock_has_the_first_order_effect(world in balanced_worlds()) {
        // Envelope theorem: world welfare, weighted by baseline expenditure, rises by
        // Σ X_ij dlnB_ij / θ; terms of trade cancel out.
        let small: Vec<f64> = world.effects.iter().map(|x| 1e-5 * x).collect();
        let expected: f64 = small
            .iter()
            .zip(&world.trade)
            .map(|(x, trade)| x * trade / world.theta)
            .sum();
        let shock = Shock::from_log_trade_effects(world.n, small).unwrap();
        let base = world.baseline();
        let result = solve(&base, &shock, &world.settings()).unwrap();
        let total: f64 = result
            .welfare_change()
            .iter()
            .zip(base.expenditure())
            .map(|(w, e)| w.ln() * e)
            .sum();
        let traded: f64 = base.exports().iter().sum();
        prop_assert!(
            (total - expected).abs() < 1e-9 * traded,
            "{} {}",
            total,
            expected
        );
    }

    #[test]
    fn solvers_agree(world in worlds(), closure in closures(), country in 0_usize..9) {
        for numeraire in [Numeraire::WorldOutput, Numeraire::Wage(country % world.n)] {
            let mut found = Vec::new();
            for method in methods() {
                let chosen = Settings {
                    method,
                    numeraire,
                    ..with(&world, closure)
                };
                found.extend(try_solve(&world.baseline(), &world.shock(), &chosen));
            }
            prop_assert!(found.is_empty() || found.len() == 3);
            for other in found.iter().skip(1) {
                prop_assert!(distance(&found[0].wage_change, &other.wage_change) < TIGHT);
            }
            // Additive deficits now and then need the other method.
            if closure != DeficitClosure::Additive {
                prop_assert_eq!(found[1].certificate.method, Method::Newton);
                prop_assert_eq!(found[2].certificate.method, Method::Anderson);
            }
        }
    }

    #[test]
    fn the_plain_iteration_agrees(world in worlds(), closure in closures()) {
        // Nothing shared with the solvers but the equations.
        let result = solve(&world.baseline(), &world.shock(), &with(&world, closure)).unwrap();
        let (wage, price) = plain_iteration(&world, closure);
        prop_assert!(distance(&result.wage_change, &wage) < TIGHT);
        prop_assert!(distance(&result.price_change, &price) < TIGHT);
    }

    #[test]
    fn a_neighbourhood_gives_what_the_baseline_gives(
        world in worlds(),
        closure in closures(),
        share in 0.0..=1.0_f64,
        noise in -0.5..0.5_f64,
    ) {
        let (baseline, chosen) = (world.baseline(), with(&world, closure));
        let portion: Vec<f64> = world.effects.iter().map(|effect| share * effect).collect();
        let middle = Shock::from_log_trade_effects(world.n, portion).unwrap();
        let Ok(near) = Neighbourhood::around(&baseline, &middle, &chosen) else {
            return Err(TestCaseError::reject("no equilibrium in the middle"));
        };
        let Some(plain) = try_solve(&baseline, &world.shock(), &chosen) else {
            return Err(TestCaseError::reject("no equilibrium"));
        };
        let good: Vec<f64> = plain.wage_change.iter().map(|wage| wage.ln() + noise).collect();
        let guesses = [
            None,
            Some(good),
            Some(vec![f64::NAN; world.n]),
            Some(vec![700.0; world.n]),
            Some(vec![0.0; world.n + 1]),
        ];
        for guess in guesses {
            let found = near.solve(&world.shock(), guess.as_deref()).unwrap();
            prop_assert!(found.certificate.residual <= 2e-14);
            prop_assert!(distance(&found.wage_change, &plain.wage_change) < TIGHT);
            prop_assert!(distance(&found.trade, &plain.trade) < TIGHT);
        }
    }

    #[test]
    fn pairs_changed_one_by_one_are_a_shock(world in balanced_worlds()) {
        let n = world.n;
        let mut changed = Shock::none(n);
        let mut factors = vec![1.0; n * n];
        for i in 0..n {
            for j in 0..i {
                let factor = world.effects[i * n + j].exp();
                changed.set_pair(i, j, factor).unwrap();
                (factors[i * n + j], factors[j * n + i]) = (factor, factor);
            }
        }
        prop_assert_eq!(changed.factors(), &factors[..]);
        let before = changed.clone();
        prop_assert!(changed.set_pair(0, n, 1.0).is_err());
        prop_assert!(changed.set_pair(0, 1, -1.0).is_err());
        prop_assert!(changed.set_pair(0, 1, f64::NAN).is_err());
        prop_assert!(changed.set_pair(0, 0, 2.0).is_err());
        prop_assert_eq!(changed, before);
    }

    #[test]
    fn the_same_input_gives_the_same_bits(world in worlds(), closure in closures()) {
        let chosen = with(&world, closure);
        let bits = |result: Counterfactual| {
            result
                .trade
                .iter()
                .map(|x| x.to_bits())
                .collect::<Vec<u64>>()
        };
        let first = bits(world.solve_with(&chosen));
        let again = bits(world.solve_with(&chosen));
        prop_assert_eq!(first, again);
    }

    #[test]
    fn productivity_of_everyone_is_a_cheaper_world(
        world in balanced_worlds(),
        growth in 0.5..2.0_f64,
    ) {
        // All technologies times g^θ: every real wage times g, nothing else moves.
        let shock = Shock::none(world.n)
            .with_productivity(vec![growth.powf(world.theta); world.n])
            .unwrap();
        let result = solve(&world.baseline(), &shock, &world.settings()).unwrap();
        prop_assert!(distance(&result.trade, &world.trade) < 1e-12);
        prop_assert!(distance(&result.real_wage_change(), &vec![growth; world.n]) < 1e-12);
    }
}

fn closed_borders(n: usize) -> Shock {
    let cells = (0..n * n).map(|cell| if cell / n == cell % n { 1.0 } else { 0.0 });
    Shock::from_factors(n, cells.collect()).unwrap()
}

/// Equations (1.1) to (1.4) iterated as they stand, without any acceleration.
fn plain_iteration(world: &World, closure: DeficitClosure) -> (Vec<f64>, Vec<f64>) {
    let (n, theta, base) = (world.n, world.theta, world.baseline());
    let factors = world.shock().factors().to_vec();
    let (output, spent, deficit) = (base.output(), base.expenditure(), base.deficit());
    let mut wage = vec![1.0_f64; n];
    let mut power = vec![1.0_f64; n];
    for _ in 0..200_000 {
        let income: Vec<f64> = (0..n).map(|i| output[i] * wage[i]).collect();
        let plain: f64 = (0..n).map(|j| spent[j] * wage[j]).sum();
        let xi = income.iter().sum::<f64>() / plain;
        for j in 0..n {
            power[j] = (0..n)
                .map(|i| {
                    world.trade[i * n + j] / spent[j] * factors[i * n + j] * wage[i].powf(-theta)
                })
                .sum();
        }
        let mut next = vec![0.0; n];
        for i in 0..n {
            let sales: f64 = (0..n)
                .map(|j| {
                    let budget = match closure {
                        DeficitClosure::Multiplicative => xi * spent[j] * wage[j],
                        _ => income[j] + deficit[j],
                    };
                    world.trade[i * n + j] / spent[j] * factors[i * n + j] * budget / power[j]
                })
                .sum();
            next[i] = (sales / output[i]).powf(1.0 / (1.0 + theta));
        }
        let level = base.world_output() / (0..n).map(|i| output[i] * next[i]).sum::<f64>();
        let moves: Vec<f64> = (0..n).map(|i| (next[i] * level / wage[i]).ln()).collect();
        wage = next.iter().map(|w| w * level).collect();
        if largest(&moves) < 1e-15 {
            break;
        }
    }
    let price = power.iter().map(|p| p.powf(-1.0 / theta)).collect();
    (wage, price)
}

#[test]
fn additive_deficits_depend_on_the_numeraire() {
    let base = baseline(&[90.0, 10.0, 30.0, 70.0]);
    let shock = Shock::from_log_trade_effects(2, vec![0.0, 1.0, 0.0, 0.0]).unwrap();
    let chosen = Settings {
        closure: DeficitClosure::Additive,
        ..settings(4.0)
    };
    let world = solve(&base, &shock, &chosen).unwrap();
    let wage = Settings {
        numeraire: Numeraire::Wage(0),
        ..chosen
    };
    let first = solve(&base, &shock, &wage).unwrap();
    assert!(distance(&world.welfare_change(), &first.welfare_change()) > 1e-4);
}
