//! Random worlds: sizes over four orders of magnitude, zeros off the diagonal, deficits.

use acquis_equilibrium::{
    Baseline, Counterfactual, DeficitClosure, Method, Settings, Shock, TradeElasticity, solve,
};
use proptest::prelude::*;

/// A baseline, a shock to it and an elasticity.
#[derive(Debug, Clone)]
pub(crate) struct World {
    pub(crate) trade: Vec<f64>,
    pub(crate) effects: Vec<f64>,
    pub(crate) theta: f64,
    pub(crate) n: usize,
}

impl World {
    pub(crate) fn baseline(&self) -> Baseline {
        baseline(&self.trade)
    }

    pub(crate) fn shock(&self) -> Shock {
        Shock::from_log_trade_effects(self.n, self.effects.clone()).unwrap()
    }

    pub(crate) fn settings(&self) -> Settings {
        settings(self.theta)
    }

    pub(crate) fn solve_with(&self, settings: &Settings) -> Counterfactual {
        solve(&self.baseline(), &self.shock(), settings).unwrap()
    }
}

pub(crate) fn baseline(trade: &[f64]) -> Baseline {
    let n = trade.len().isqrt();
    let labels = (0..n).map(|i| format!("C{i}")).collect();
    Baseline::new(labels, trade.to_vec()).unwrap()
}

pub(crate) fn settings(theta: f64) -> Settings {
    Settings {
        tolerance: 2e-14,
        ..Settings::new(TradeElasticity::new(theta).unwrap())
    }
}

pub(crate) fn closures() -> impl Strategy<Value = DeficitClosure> {
    prop_oneof![
        Just(DeficitClosure::Additive),
        Just(DeficitClosure::Multiplicative),
        Just(DeficitClosure::WorldShare),
    ]
}

pub(crate) fn methods() -> [Method; 3] {
    [Method::Automatic, Method::Newton, Method::Anderson]
}

/// Worlds of 2 to 9 economies. A ring of trade keeps every economy connected; any other
/// foreign flow is zero with probability one quarter.
pub(crate) fn worlds() -> impl Strategy<Value = World> {
    (2_usize..=9).prop_flat_map(|n| {
        let sizes = prop::collection::vec(-2.0..2.0_f64, n);
        let home = prop::collection::vec(0.5..1.5_f64, n);
        let flows = prop::collection::vec((0.0..1.0_f64, 0.1..1.0_f64), n * n);
        let effects = prop::collection::vec(-1.0..1.0_f64, n * n);
        (sizes, home, flows, effects, 1.0..10.0_f64).prop_map(
            move |(sizes, home, flows, effects, theta)| {
                let sizes: Vec<f64> = sizes.iter().map(|x| 10_f64.powf(*x)).collect();
                let world: f64 = sizes.iter().sum();
                let mut trade = vec![0.0; n * n];
                let mut changes = effects.clone();
                for i in 0..n {
                    for j in 0..n {
                        let cell = i * n + j;
                        let (chance, size) = flows[cell];
                        if i == j {
                            trade[cell] = sizes[i] * home[i];
                            changes[cell] = 0.0;
                        } else if chance > 0.25 || j == (i + 1) % n {
                            trade[cell] = 0.5 * size * sizes[i] * sizes[j] / world;
                        }
                    }
                }
                World {
                    trade,
                    effects: changes,
                    theta,
                    n,
                }
            },
        )
    })
}

/// The same worlds with every deficit closed by making the flows symmetric.
pub(crate) fn balanced_worlds() -> impl Strategy<Value = World> {
    worlds().prop_map(|mut world| {
        let n = world.n;
        for i in 0..n {
            for j in 0..i {
                let mean = 0.5 * (world.trade[i * n + j] + world.trade[j * n + i]);
                world.trade[i * n + j] = mean;
                world.trade[j * n + i] = mean;
            }
        }
        world
    })
}

/// `max |ln a - ln b|` over cells that aren't both zero.
pub(crate) fn distance(a: &[f64], b: &[f64]) -> f64 {
    assert_eq!(a.len(), b.len());
    let pairs = a.iter().zip(b).filter(|(x, y)| **x != 0.0 || **y != 0.0);
    pairs.map(|(x, y)| (x / y).ln().abs()).fold(0.0, f64::max)
}

pub(crate) fn largest(x: &[f64]) -> f64 {
    x.iter().fold(0.0, |a, b| a.max(b.abs()))
}
