//! What has no equilibrium is said to have none, in bounded time.

use std::time::{Duration, Instant};

use acquis_equilibrium::multisector::{
    Baseline, Cause, DeficitClosure, Elasticities, Method, NoEquilibrium, Numeraire, Observations,
    Settings, Shock, ShockError, SolveError, Solver, Transfer, TransferAmount,
};

/// Two countries, two sectors, the second made of the first. B runs a deficit.
pub(crate) fn observed() -> Observations {
    Observations {
        countries: vec!["A".to_owned(), "B".to_owned()],
        sectors: vec!["ore".to_owned(), "steel".to_owned()],
        flows: vec![60.0, 10.0, 20.0, 70.0, 80.0, 10.0, 30.0, 90.0],
        tariffs: vec![0.0, 0.1, 0.05, 0.0, 0.0, 0.2, 0.0, 0.0],
        export_taxes: Vec::new(),
        value_added_shares: vec![1.0, 0.7, 1.0, 0.6],
        input_coefficients: vec![0.0, 0.3, 0.0, 0.0, 0.0, 0.4, 0.0, 0.0],
    }
}

pub(crate) fn theta() -> Elasticities {
    Elasticities::uniform(4.0, 2).unwrap()
}

pub(crate) fn base() -> Baseline {
    Baseline::new(&observed(), &theta()).unwrap().0
}

fn no_equilibrium(result: Result<impl Sized, SolveError>) -> NoEquilibrium {
    match result {
        Err(SolveError::NoEquilibrium(report)) => report,
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("solved"),
    }
}

#[test]
fn the_world_of_these_tests_is_sound() {
    let (base, repairs) = Baseline::new(&observed(), &theta()).unwrap();
    assert!(repairs.figures.is_empty() && repairs.rebalancing.is_none());
    let solver = Solver::new(base, Settings::default()).unwrap();
    assert!(solver.solve(&Shock::none(solver.baseline())).is_ok());
}

#[test]
fn a_prohibition_that_leaves_no_supplier() {
    // A makes no ore of its own.
    let mut world = observed();
    world.flows[0] = 0.0;
    world.flows[1] = 40.0;
    let base = Baseline::new(&world, &theta()).unwrap().0;
    let mut shock = Shock::none(&base);
    shock.scale_cost(0, 0, 1, f64::INFINITY).unwrap();
    let error = Solver::new(base, Settings::default())
        .unwrap()
        .solve(&shock)
        .unwrap_err();
    let expected = ShockError::NoSupplier {
        country: "A".to_owned(),
        sector: "ore".to_owned(),
    };
    assert_eq!(error, SolveError::Shock(expected));
}

fn autarky(base: &Baseline) -> Shock {
    let mut shock = Shock::none(base);
    for sector in 0..base.sectors() {
        shock.scale_cost(sector, 0, 1, f64::INFINITY).unwrap();
        shock.scale_cost(sector, 1, 0, f64::INFINITY).unwrap();
    }
    shock
}

#[test]
fn autarky_with_deficits_has_no_equilibrium() {
    let base = base();
    for method in [Method::Prepared, Method::Sweeps] {
        for closure in [
            DeficitClosure::Nominal,
            DeficitClosure::WorldShare,
            DeficitClosure::IncomeShare,
            DeficitClosure::ValueAddedShare,
        ] {
            let settings = Settings {
                closure,
                method,
                ..Settings::default()
            };
            let start = Instant::now();
            let solver = Solver::new(base.clone(), settings).unwrap();
            let report = no_equilibrium(solver.solve(&autarky(&base)));
            let Cause::StrandedDeficit { countries, deficit } = &report.cause else {
                panic!("{report}")
            };
            assert_eq!(countries.len(), 1);
            let stranded = base.country(&countries[0]).unwrap();
            let world = base.value_added(0) + base.value_added(1);
            assert!((deficit - base.deficit(stranded) / world).abs() < 1e-12);
            assert!(report.to_string().contains(&countries[0]));
            assert!(start.elapsed() < Duration::from_secs(5));
        }
    }
}

#[test]
fn autarky_without_deficits_has_one() {
    // The formula is checked among the properties; here, that both methods get there.
    let purged = base().purged().unwrap();
    for method in [Method::Prepared, Method::Sweeps] {
        for closure in [
            DeficitClosure::Balanced,
            DeficitClosure::Nominal,
            DeficitClosure::WorldShare,
        ] {
            let settings = Settings {
                closure,
                method,
                ..Settings::default()
            };
            let solver = Solver::new(purged.clone(), settings).unwrap();
            let result = solver.solve(&autarky(&purged)).unwrap();
            for country in 0..2 {
                assert!(result.welfare_change(country) < 1.0);
                assert!((result.imports(0, country)[1 - country]).abs() <= 0.0);
            }
        }
    }
}

/// A surplus fixed in money is more than what the country still earns when its goods are
/// all but shut out.
#[test]
fn a_nominal_surplus_that_eats_all_income() {
    let mut world = observed();
    world.flows = vec![30.0, 1.0, 50.0, 70.0, 30.0, 1.0, 60.0, 90.0];
    world.tariffs = Vec::new();
    world.input_coefficients = Vec::new();
    world.value_added_shares = Vec::new();
    let base = Baseline::new(&world, &theta()).unwrap().0;
    assert!(base.deficit(0) < 0.0);
    let mut shock = Shock::none(&base);
    shock.scale_endowment(0, 0.4).unwrap();
    for sector in 0..2 {
        shock.scale_cost(sector, 1, 0, 30.0).unwrap();
    }
    for method in [Method::Prepared, Method::Sweeps] {
        let settings = Settings {
            closure: DeficitClosure::Nominal,
            numeraire: Numeraire::Wage(0),
            method,
            ..Settings::default()
        };
        let start = Instant::now();
        let report = no_equilibrium(Solver::new(base.clone(), settings).unwrap().solve(&shock));
        assert_eq!(
            report.cause,
            Cause::NegativeIncome {
                country: "A".to_owned()
            }
        );
        assert!(report.reached < 1.0 && report.evaluations > 0);
        assert!(start.elapsed() < Duration::from_secs(5));
    }
}

#[test]
fn a_transfer_of_more_than_there_is() {
    let base = base();
    let mut shock = Shock::none(&base);
    let amount = TransferAmount::Fixed(2.0 * (base.value_added(0) + base.value_added(1)));
    shock
        .add_transfer(Transfer {
            from: 0,
            to: 1,
            amount,
        })
        .unwrap();
    let report = no_equilibrium(
        Solver::new(base, Settings::default())
            .unwrap()
            .solve(&shock),
    );
    assert_eq!(
        report.cause,
        Cause::NegativeIncome {
            country: "A".to_owned()
        }
    );
}

#[test]
fn too_few_iterations_give_no_table() {
    let base = base();
    let mut shock = Shock::none(&base);
    shock.set_tariff(0, 0, 1, 1.5).unwrap();
    let settings = Settings {
        iteration_limit: 1,
        ..Settings::default()
    };
    let report = no_equilibrium(Solver::new(base, settings).unwrap().solve(&shock));
    assert_eq!(report.cause, Cause::Unresolved);
    assert!(report.residual > 1e-12);
}
