//! Worlds at the edge: one economy, a tiny one, extreme elasticities, worlds cut in pieces.

#![expect(clippy::unwrap_used, reason = "a failure here is a failed test")]

use acquis_equilibrium::{
    Baseline, Counterfactual, DeficitClosure, Method, Settings, Shock, StructuralGravity,
    TradeElasticity, solve,
};

fn world(trade: &[f64]) -> Baseline {
    let n = trade.len().isqrt();
    Baseline::new((0..n).map(|i| format!("C{i}")).collect(), trade.to_vec()).unwrap()
}

fn settings(theta: f64, closure: DeficitClosure) -> Settings {
    Settings {
        closure,
        ..Settings::new(TradeElasticity::new(theta).unwrap())
    }
}

const CLOSURES: [DeficitClosure; 3] = [
    DeficitClosure::Additive,
    DeficitClosure::Multiplicative,
    DeficitClosure::WorldShare,
];
const METHODS: [Method; 3] = [Method::Automatic, Method::Newton, Method::Anderson];

fn close(a: f64, b: f64, tolerance: f64) -> bool {
    (a / b - 1.0).abs() < tolerance
}

fn certified(result: &Counterfactual, tolerance: f64) -> bool {
    result.certificate.residual <= tolerance && result.certificate.budget_residual < 1e-12
}

#[test]
fn one_economy_stays_as_it_is() {
    for closure in CLOSURES {
        for method in METHODS {
            let chosen = Settings {
                method,
                ..settings(4.0, closure)
            };
            let result = solve(&world(&[7.0]), &Shock::none(1), &chosen).unwrap();
            assert!(close(result.wage_change[0], 1.0, 1e-15));
            assert!(close(result.welfare_change()[0], 1.0, 1e-15));
            assert!(result.export_change()[0].is_nan());
        }
    }
}

#[test]
fn one_economy_with_better_technology() {
    let shock = Shock::none(1).with_productivity(vec![16.0]).unwrap();
    let result = solve(
        &world(&[7.0]),
        &shock,
        &settings(4.0, DeficitClosure::Additive),
    )
    .unwrap();
    assert!(close(result.real_wage_change()[0], 2.0, 1e-14));
}

/// Five economies with deficits; the last is `size` of the first.
fn with_a_tiny_one(size: f64) -> Vec<f64> {
    let sizes = [1.0, 0.3, 0.1, 0.05, size];
    let mut trade = Vec::new();
    for (i, seller) in sizes.iter().enumerate() {
        for (j, buyer) in sizes.iter().enumerate() {
            let taste = 1.0 + 0.3 * ((3 * i + 5 * j) as f64).sin();
            trade.push(if i == j {
                *seller
            } else {
                0.2 * seller * buyer * taste
            });
        }
    }
    trade
}

#[test]
fn a_tiny_economy_is_solved_as_exactly_as_a_large_one() {
    // Overwriting the tiny economy's equation by the numeraire loses nine digits here.
    let effects = (0..25).map(|k| {
        if k % 6 == 0 {
            0.0
        } else {
            0.4 * (f64::from(k)).cos()
        }
    });
    let shock = Shock::from_log_trade_effects(5, effects.collect()).unwrap();
    for closure in CLOSURES {
        for method in METHODS {
            let chosen = Settings {
                method,
                ..settings(4.0, closure)
            };
            let result = solve(&world(&with_a_tiny_one(1e-9)), &shock, &chosen).unwrap();
            assert!(certified(&result, 1e-12));
            // It hardly matters to the others: their wages are those of a world with an
            // economy ten times smaller still.
            let smaller = solve(&world(&with_a_tiny_one(1e-10)), &shock, &chosen).unwrap();
            for i in 0..5 {
                assert!(close(result.wage_change[i], smaller.wage_change[i], 1e-8));
            }
        }
    }
}

#[test]
fn elasticities_from_a_tenth_to_sixty() {
    for theta in [0.1, 0.5, 4.0, 20.0, 60.0] {
        // The same trade effect, and the same cost reduction of five per cent.
        let cost = |k: usize| if k.is_multiple_of(6) { 1.0 } else { 0.95 };
        let elasticity = TradeElasticity::new(theta).unwrap();
        let cheaper = Shock::from_trade_cost_changes(5, (0..25).map(cost).collect(), elasticity);
        let effect = |k: usize| {
            if k.is_multiple_of(6) || k < 5 {
                0.0
            } else {
                0.7
            }
        };
        let partial = Shock::from_log_trade_effects(5, (0..25).map(effect).collect());
        for shock in [cheaper.unwrap(), partial.unwrap()] {
            for closure in [DeficitClosure::Multiplicative, DeficitClosure::WorldShare] {
                let mut found: Vec<Counterfactual> = Vec::new();
                for method in METHODS {
                    let chosen = Settings {
                        method,
                        ..settings(theta, closure)
                    };
                    let result = solve(&world(&with_a_tiny_one(0.2)), &shock, &chosen).unwrap();
                    assert!(certified(&result, 1e-12));
                    found.push(result);
                }
                for i in 0..5 {
                    assert!(close(
                        found[1].wage_change[i],
                        found[2].wage_change[i],
                        1e-10
                    ));
                }
            }
        }
    }
}

#[test]
fn a_world_cut_in_two_balanced_halves_is_two_worlds() {
    let (n, half) = (4, 2);
    let effects = (0..n * n).map(|k| {
        if (k / n < half) == (k % n < half) {
            0.0
        } else {
            f64::NEG_INFINITY
        }
    });
    let shock = Shock::from_log_trade_effects(n, effects.collect()).unwrap();
    #[rustfmt::skip]
    let base = world(&[
        50.0, 3.0, 2.0, 1.0,
         3.0, 9.0, 0.5, 0.0,
         2.0, 0.5, 20.0, 4.0,
         1.0, 0.0, 4.0, 30.0,
    ]);
    for closure in CLOSURES {
        for method in METHODS {
            let chosen = Settings {
                method,
                ..settings(5.0, closure)
            };
            let result = solve(&base, &shock, &chosen).unwrap();
            assert!(certified(&result, 1e-12));
            assert_eq!(result.trade(0, 2), Some(0.0));
            for part in [0..half, half..n] {
                let before: f64 = base.output()[part.clone()].iter().sum();
                let after: f64 = result.output[part].iter().sum();
                assert!(close(before, after, 1e-13));
            }
        }
    }
}

/// All foreign trade of five economies multiplied by `exp(effect)`.
fn foreign_trade(effect: f64) -> Shock {
    let cells = (0..25_usize).map(|k| if k.is_multiple_of(6) { 0.0 } else { effect });
    Shock::from_log_trade_effects(5, cells.collect()).unwrap()
}

#[test]
fn near_autarky_is_solved_one_way_or_another() {
    // What little trade is left must balance: from a third to a sixtieth of a millionth.
    let base = world(&with_a_tiny_one(0.2));
    let (mut by_newton, mut in_steps) = (0, 0);
    for effect in [-1.0, -3.0, -6.0, -9.0, -12.0, -15.0, -18.0] {
        for theta in [1.0, 4.0, 10.0] {
            let chosen = Settings {
                method: Method::Anderson,
                ..settings(theta, DeficitClosure::Multiplicative)
            };
            let result = solve(&base, &foreign_trade(effect), &chosen).unwrap();
            assert!(certified(&result, 1e-12));
            by_newton += usize::from(result.certificate.method == Method::Newton);
            in_steps += usize::from(result.certificate.approached_from > 0.0);
        }
    }
    // Every line of defence is needed somewhere.
    assert!(by_newton > 0 && in_steps > 0);
}

#[test]
fn shocks_that_change_trade_a_thousandfold() {
    let cells = (0..25_usize).map(|k| {
        if k.is_multiple_of(6) {
            0.0
        } else {
            7.0 * (k as f64).sin()
        }
    });
    let shock = Shock::from_log_trade_effects(5, cells.collect()).unwrap();
    for theta in [0.5, 2.0, 8.0] {
        for method in METHODS {
            let chosen = Settings {
                method,
                ..settings(theta, DeficitClosure::Multiplicative)
            };
            let result = solve(&world(&with_a_tiny_one(0.2)), &shock, &chosen).unwrap();
            assert!(certified(&result, 1e-12));
        }
    }
}

#[test]
fn a_rebased_fit_is_its_own_fit() {
    let sizes = vec![5.0, 3.0, 1.0];
    let costs = vec![1.0, 0.2, 0.1, 0.3, 1.0, 0.05, 0.1, 0.1, 1.0];
    let labels: Vec<String> = ["A", "B", "C"].map(String::from).to_vec();
    let fit = StructuralGravity::fit(labels.clone(), sizes.clone(), sizes.clone(), costs).unwrap();
    // Fitted trade as cost factors needs no scaling at all.
    let again = StructuralGravity::fit(labels, sizes.clone(), sizes, fit.trade().to_vec()).unwrap();
    for (a, b) in fit.trade().iter().zip(again.trade()) {
        assert!(close(*a, *b, 1e-11));
    }
    assert!(close(fit.inward_resistance()[0], 1.0, 1e-15));
    let moved = fit.clone().with_reference(2);
    assert!(close(moved.inward_resistance()[2], 1.0, 1e-15));
    assert_eq!(moved.trade(), fit.trade());
    let base = fit.baseline().unwrap();
    assert!(close(base.output()[1], 3.0, 1e-12));
}

#[test]
fn structural_gravity_over_eleven_orders_of_magnitude() {
    let n = 12;
    let size = |i: usize| 10_f64.powf(-(i as f64));
    let output: Vec<f64> = (0..n).map(size).collect();
    let mut spent = output.clone();
    spent.swap(1, 2);
    let costs = (0..n * n).map(|k| {
        if k / n == k % n {
            1.0
        } else {
            (-8.0 - (k as f64).sin()).exp()
        }
    });
    let labels = (0..n).map(|i| format!("C{i}")).collect();
    let fit = StructuralGravity::fit(labels, output, spent, costs.collect()).unwrap();
    assert!(fit.residual() <= 1e-12);
}

#[test]
fn automatic_begins_with_anderson() {
    let base = world(&[80.0, 10.0, 10.0, 12.0, 50.0, 8.0, 9.0, 6.0, 300.0]);
    let effects = vec![0.0, 0.5, 0.5, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
    let shock = Shock::from_log_trade_effects(3, effects).unwrap();
    let result = solve(&base, &shock, &settings(4.0, DeficitClosure::WorldShare)).unwrap();
    assert_eq!(result.certificate.method, Method::Anderson);
    assert!(certified(&result, 1e-12));
}
