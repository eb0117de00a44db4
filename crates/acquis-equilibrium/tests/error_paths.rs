//! Every way of failing, with the values and names that the message must carry.

#![expect(clippy::unwrap_used, reason = "a failure here is a failed test")]

use acquis_equilibrium::{
    Baseline, BaselineError, Cause, DeficitClosure, Method, Numeraire, Settings, SettingsError,
    Shock, ShockError, SolveError, StructuralError, StructuralGravity, TradeElasticity, solve,
};

fn labels(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn world(trade: &[f64]) -> Result<Baseline, BaselineError> {
    let names = ["A", "B", "C"];
    Baseline::new(labels(&names[..trade.len().isqrt()]), trade.to_vec())
}

fn theta(value: f64) -> TradeElasticity {
    TradeElasticity::new(value).unwrap()
}

#[test]
fn baselines_name_what_is_wrong() {
    assert_eq!(
        Baseline::new(vec![], vec![]).unwrap_err(),
        BaselineError::Empty
    );
    assert_eq!(
        Baseline::new(labels(&["A", "B"]), vec![1.0; 3]).unwrap_err(),
        BaselineError::Shape {
            labels: 2,
            expected: 4,
            got: 3
        }
    );
    assert_eq!(
        Baseline::new(labels(&["A", "A"]), vec![1.0; 4]).unwrap_err(),
        BaselineError::DuplicateLabel { label: "A".into() }
    );
    let error = world(&[1.0, f64::INFINITY, 1.0, 1.0]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "sales of A to B are inf, not a finite amount"
    );
    let nan = world(&[1.0, 1.0, f64::NAN, 1.0]).unwrap_err();
    let named = matches!(&nan, BaselineError::NotFinite { exporter, importer, value }
        if exporter == "B" && importer == "A" && value.is_nan());
    assert!(named, "{nan}");
    assert_eq!(
        world(&[1.0, 1.0, -2.0, 1.0]).unwrap_err(),
        BaselineError::Negative {
            exporter: "B".into(),
            importer: "A".into(),
            value: -2.0
        }
    );
    for value in [0.0, -3.0] {
        let error = world(&[1.0, 1.0, 1.0, value]).unwrap_err();
        assert_eq!(
            error,
            BaselineError::NoDomesticSales {
                country: "B".into(),
                value
            }
        );
        assert!(error.to_string().contains('B'));
    }
}

#[test]
fn settings_are_checked_before_the_start() {
    for value in [0.0, -1.0, f64::INFINITY, f64::NAN] {
        let error = TradeElasticity::new(value).unwrap_err();
        assert!(matches!(error, SettingsError::Elasticity { .. }));
    }
    assert!(TradeElasticity::from_sigma(1.0).is_err());
    assert!((TradeElasticity::from_sigma(5.0).unwrap().get() - 4.0).abs() < f64::EPSILON);
    let base = world(&[9.0, 1.0, 1.0, 9.0]).unwrap();
    let good = Settings::new(theta(4.0));
    let fails = |settings: Settings| match solve(&base, &Shock::none(2), &settings) {
        Err(SolveError::Settings(error)) => error,
        other => panic!("{other:?}"),
    };
    for tolerance in [0.0, 1e-15, 0.1, f64::NAN] {
        let error = fails(Settings { tolerance, ..good });
        assert!(matches!(error, SettingsError::Tolerance { .. }));
    }
    assert_eq!(
        fails(Settings {
            iteration_limit: 0,
            ..good
        }),
        SettingsError::IterationLimit
    );
    assert_eq!(
        fails(Settings {
            numeraire: Numeraire::Wage(2),
            ..good
        }),
        SettingsError::Numeraire {
            index: 2,
            countries: 2
        }
    );
}

#[test]
fn shocks_name_the_cell() {
    let shape = Shock::from_factors(2, vec![1.0; 3]).unwrap_err();
    assert!(matches!(
        shape,
        ShockError::Shape {
            expected: 4,
            got: 3,
            ..
        }
    ));
    assert_eq!(
        Shock::from_log_trade_effects(2, vec![0.0, 0.0, 0.0, 0.1]).unwrap_err(),
        ShockError::Domestic {
            country: 1,
            factor: 0.1_f64.exp()
        }
    );
    for value in [-1.0, f64::INFINITY, f64::NAN] {
        let error = Shock::from_factors(2, vec![1.0, 1.0, value, 1.0]).unwrap_err();
        assert!(matches!(
            error,
            ShockError::Factor {
                exporter: 1,
                importer: 0,
                ..
            }
        ));
    }
    // A cost that vanishes is an infinite factor; an infinite cost is a prohibition.
    let free = Shock::from_trade_cost_changes(2, vec![1.0, 0.0, 1.0, 1.0], theta(4.0));
    assert!(matches!(free, Err(ShockError::Factor { .. })));
    let closed = Shock::from_trade_cost_changes(2, vec![1.0, f64::INFINITY, 2.0, 1.0], theta(4.0));
    assert_eq!(closed.unwrap().factors(), [1.0, 0.0, 0.0625, 1.0]);
    let short = Shock::none(2).with_productivity(vec![1.0]).unwrap_err();
    assert!(matches!(
        short,
        ShockError::Shape {
            expected: 2,
            got: 1,
            ..
        }
    ));
    for value in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let error = Shock::none(2)
            .with_productivity(vec![1.0, value])
            .unwrap_err();
        assert!(matches!(error, ShockError::Productivity { country: 1, .. }));
    }
    let base = world(&[9.0, 1.0, 1.0, 9.0]).unwrap();
    assert_eq!(
        solve(&base, &Shock::none(3), &Settings::new(theta(4.0))).unwrap_err(),
        SolveError::Shock(ShockError::Countries {
            shock: 3,
            baseline: 2
        })
    );
}

fn autarky(n: usize) -> Shock {
    let cells = (0..n * n).map(|cell| f64::from(cell / n == cell % n));
    Shock::from_factors(n, cells.collect()).unwrap()
}

#[test]
fn deficits_in_autarky_have_no_equilibrium() {
    let base = world(&[80.0, 10.0, 20.0, 90.0]).unwrap();
    for closure in [
        DeficitClosure::Additive,
        DeficitClosure::Multiplicative,
        DeficitClosure::WorldShare,
    ] {
        let settings = Settings {
            closure,
            ..Settings::new(theta(4.0))
        };
        match solve(&base, &autarky(2), &settings) {
            Err(SolveError::NoEquilibrium(report)) => {
                let Cause::StrandedDeficit { countries, deficit } = &report.cause else {
                    panic!("{report}")
                };
                assert_eq!(countries, &["A"]);
                assert!((deficit - 0.05).abs() < 1e-15);
                assert!(report.tried.is_empty());
                assert!(report.to_string().contains("cuts A off from all trade"));
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_surplus_larger_than_income_is_named() {
    // B lives from selling to A and sends most of it away as a surplus; when A stops
    // buying, B's nominal surplus exceeds whatever it can earn.
    let base = world(&[50.0, 1.0, 40.0, 2.0]).unwrap();
    let shock = Shock::from_log_trade_effects(2, vec![0.0, 0.0, -30.0, 0.0]).unwrap();
    for method in [Method::Automatic, Method::Newton] {
        let settings = Settings {
            closure: DeficitClosure::Additive,
            method,
            ..Settings::new(theta(4.0))
        };
        match solve(&base, &shock, &settings) {
            Err(SolveError::NoEquilibrium(report)) => {
                let country = "B".to_owned();
                assert_eq!(report.cause, Cause::NegativeExpenditure { country });
                assert!(report.residual > settings.tolerance);
                assert!(report.tried.len() >= 2);
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn too_few_iterations_are_an_error_not_a_table() {
    let base = world(&[80.0, 10.0, 20.0, 90.0]).unwrap();
    let shock = Shock::from_log_trade_effects(2, vec![0.0, 1.0, -1.0, 0.0]).unwrap();
    let settings = Settings {
        iteration_limit: 1,
        ..Settings::new(theta(4.0))
    };
    let error = solve(&base, &shock, &settings).unwrap_err();
    let SolveError::NoEquilibrium(report) = &error else {
        panic!("{error}")
    };
    assert!(report.residual > settings.tolerance);
    assert!(
        report
            .tried
            .iter()
            .any(|attempt| attempt.method == Method::Newton)
    );
    assert!(
        error
            .to_string()
            .starts_with("no equilibrium: sales differ")
    );
}

#[test]
fn structural_gravity_names_what_is_wrong() {
    let two = || labels(&["A", "B"]);
    let fit = StructuralGravity::fit;
    assert_eq!(
        fit(vec![], vec![], vec![], vec![]).unwrap_err(),
        StructuralError::Empty
    );
    let short = fit(two(), vec![1.0], vec![1.0, 1.0], vec![1.0; 4]).unwrap_err();
    assert!(matches!(
        short,
        StructuralError::Shape {
            what: "output",
            expected: 2,
            got: 1
        }
    ));
    let costs = fit(two(), vec![1.0; 2], vec![1.0; 2], vec![1.0; 5]).unwrap_err();
    assert!(matches!(
        costs,
        StructuralError::Shape {
            expected: 4,
            got: 5,
            ..
        }
    ));
    let empty = fit(two(), vec![1.0, 0.0], vec![0.5; 2], vec![1.0; 4]).unwrap_err();
    assert_eq!(
        empty.to_string(),
        "output of B is 0; it must be positive and finite"
    );
    let zero = fit(two(), vec![1.0; 2], vec![1.0; 2], vec![1.0, 0.0, 1.0, 1.0]).unwrap_err();
    assert_eq!(
        zero,
        StructuralError::CostFactor {
            exporter: "A".into(),
            importer: "B".into(),
            value: 0.0
        }
    );
    let unbalanced = fit(two(), vec![1.0; 2], vec![1.0, 2.0], vec![1.0; 4]).unwrap_err();
    assert_eq!(
        unbalanced,
        StructuralError::Unbalanced {
            output: 2.0,
            expenditure: 3.0
        }
    );
}
