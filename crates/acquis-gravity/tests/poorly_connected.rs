//! A ring of states that trade with their neighbours only, in spells: poorly connected, and
//! in part separated.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops where something is wrong"
)]

#[path = "../benches/generator.rs"]
#[allow(
    dead_code,
    clippy::cast_possible_truncation,
    reason = "the benchmarks' generator; squares are not needed here"
)]
mod generator;

use acquis_gravity::{Design, Factor, Fit, Options, Reason, estimate};

fn fit(panel: &generator::Panel, tolerance: f64) -> Fit {
    let names = ["rta", "tariff", "union"];
    let mut design = Design::new("trade", panel.trade.as_slice());
    for (name, values) in names.iter().zip(&panel.regressors) {
        design = design.regressor(*name, values.as_slice()).unwrap();
    }
    for (name, codes) in ["it", "jt", "ij"].iter().zip(&panel.effects) {
        design = design.effect(*name, Factor::from_codes(codes)).unwrap();
    }
    let design = design
        .cluster("ij", Factor::from_codes(&panel.effects[2]))
        .unwrap();
    let options = Options {
        tolerance,
        ..Options::default()
    };
    estimate(&design, &options).unwrap()
}

#[test]
fn a_ring_is_estimated_to_eight_digits() {
    let panel = generator::ring(300, 25, 4);
    let fast = fit(&panel, 1e-9);
    let exact = fit(&panel, 1e-12);
    assert!(fast.schwarz);
    assert!(
        fast.dropped
            .iter()
            .any(|dropped| dropped.reason == Reason::Separated)
    );
    assert_eq!(fast.sample, exact.sample);
    for (own, other) in fast.estimates.iter().zip(&exact.estimates) {
        assert!((own - other).abs() < 1e-8, "{own} {other}");
    }
    for (own, other) in fast.covariance.iter().zip(&exact.covariance) {
        assert!(
            (own - other).abs() < 1e-8 * exact.covariance[0].max(1e-2),
            "{own} {other}"
        );
    }
}
