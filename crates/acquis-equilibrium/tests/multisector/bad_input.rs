//! What can't be used is refused by name.

use acquis_equilibrium::multisector::{
    Baseline, BaselineError, DataError, Elasticities, Mobility, Numeraire, Observations,
    RevenuePool, Settings, SettingsError, Shock, ShockError, SolveError, Solver, Transfer,
    TransferAmount,
};

use crate::failures::{base, observed, theta};

fn data_error(change: impl FnOnce(&mut Observations)) -> DataError {
    let mut bad = observed();
    change(&mut bad);
    match Baseline::new(&bad, &theta()).unwrap_err() {
        BaselineError::Data(error) => error,
        other => panic!("{other}"),
    }
}

fn shock_error<T>(change: impl FnOnce(&mut Shock) -> Result<T, ShockError>) -> ShockError {
    let mut shock = Shock::none(&base());
    match change(&mut shock) {
        Err(error) => {
            assert!(shock.is_none(), "a refused change was made");
            error
        }
        Ok(_) => panic!("accepted"),
    }
}

#[test]
fn an_empty_world() {
    let error = data_error(|world| *world = Observations::default());
    assert_eq!(error, DataError::Empty);
}

#[test]
fn tables_of_the_wrong_size() {
    type Table = fn(&mut Observations) -> &mut Vec<f64>;
    let tables: [(&str, Table); 5] = [
        ("the table of flows", |world| &mut world.flows),
        ("the table of tariffs", |world| &mut world.tariffs),
        ("the table of export taxes", |world| &mut world.export_taxes),
        ("the table of value-added shares", |world| {
            &mut world.value_added_shares
        }),
        ("the table of input coefficients", |world| {
            &mut world.input_coefficients
        }),
    ];
    for (name, pick) in tables {
        let error = data_error(|world| pick(world).push(0.5));
        let DataError::Shape {
            table,
            got,
            expected,
            ..
        } = error
        else {
            panic!("{error}")
        };
        assert_eq!(table, name);
        // Export taxes were empty.
        let right = if table == "the table of export taxes" {
            8
        } else {
            got - 1
        };
        assert_eq!(expected, right, "{name}");
    }
    assert!(matches!(
        data_error(|world| world.flows.clear()),
        DataError::Shape { got: 0, .. }
    ));
}

#[test]
fn labels_that_occur_twice() {
    for label in ["A", "ore"] {
        let error = data_error(|world| {
            let labels = if label == "A" {
                &mut world.countries
            } else {
                &mut world.sectors
            };
            labels[1] = label.to_owned();
        });
        assert_eq!(
            error,
            DataError::DuplicateLabel {
                label: label.to_owned()
            }
        );
    }
}

#[test]
fn flows_that_are_no_amounts() {
    for bad in [-1.0, f64::NAN, f64::INFINITY] {
        let error = data_error(|world| world.flows[5] = bad);
        let DataError::Cell {
            what,
            country,
            sector,
            value,
            ..
        } = error
        else {
            panic!("{error}")
        };
        assert_eq!(
            (what, country.as_str(), sector.as_str()),
            ("the flow", "B to A", "steel")
        );
        assert_eq!(value.to_bits(), bad.to_bits());
    }
}

#[test]
fn rates_that_take_everything() {
    for bad in [-1.0, -1.5, f64::NAN, f64::INFINITY] {
        let error = data_error(|world| world.tariffs[1] = bad);
        assert!(
            matches!(
                error,
                DataError::Cell {
                    what: "the tariff",
                    ..
                }
            ),
            "{error}"
        );
        let error = data_error(|world| world.export_taxes = vec![bad; 8]);
        assert!(
            matches!(
                error,
                DataError::Cell {
                    what: "the export tax",
                    ..
                }
            ),
            "{error}"
        );
    }
}

#[test]
fn shares_and_coefficients_that_are_none() {
    for bad in [-0.1, 1.1, f64::NAN] {
        let error = data_error(|world| world.value_added_shares[1] = bad);
        assert!(
            matches!(
                error,
                DataError::Cell {
                    what: "the value-added share",
                    ..
                }
            ),
            "{error}"
        );
    }
    let error = data_error(|world| world.input_coefficients[1] = f64::NAN);
    assert!(
        matches!(
            error,
            DataError::Cell {
                what: "an input coefficient",
                ..
            }
        ),
        "{error}"
    );
}

#[test]
fn shares_that_do_not_add_up() {
    let mut bad = observed();
    bad.value_added_shares[1] = 0.6;
    let error = Baseline::new(&bad, &theta()).unwrap_err();
    let BaselineError::Shares {
        country,
        sector,
        sum,
        ..
    } = &error
    else {
        panic!("{error}")
    };
    assert_eq!((country.as_str(), sector.as_str()), ("A", "steel"));
    assert!((sum - 0.9).abs() < 1e-12);
}

#[test]
fn a_country_that_makes_nothing() {
    let error = data_error(|world| {
        for exporter_is_b in [1, 3, 5, 7] {
            world.flows[exporter_is_b] = 0.0;
        }
    });
    assert!(
        matches!(&error, DataError::Nothing { country, what: "value added", .. } if country == "B"),
        "{error}"
    );
}

/// It sells all that it makes and buys nothing.
#[test]
fn a_surplus_larger_than_income() {
    let error = data_error(|world| {
        for importer_is_a in [0, 1, 4, 5] {
            world.flows[importer_is_a] = 0.0;
        }
    });
    assert!(
        matches!(&error, DataError::Nothing { country, .. } if country == "A"),
        "{error}"
    );
}

#[test]
fn elasticities_that_are_none() {
    for bad in [-1.0, 0.0, f64::NAN, f64::INFINITY] {
        let error = Elasticities::new(vec![4.0, bad]).unwrap_err();
        assert_eq!(error.sector, 1);
        assert_eq!(error.value.to_bits(), bad.to_bits());
    }
    assert!(Elasticities::uniform(0.0, 2).is_err());
    // An elasticity of values of one leaves no elasticity of shares.
    assert_eq!(Elasticities::of_value(&[5.0, 1.0]).unwrap_err().sector, 1);
}

#[test]
fn elasticities_for_another_number_of_sectors() {
    let three = Elasticities::uniform(4.0, 3).unwrap();
    let expected = SettingsError::Elasticities {
        got: 3,
        expected: 2,
    };
    let error = Baseline::new(&observed(), &three).unwrap_err();
    assert_eq!(error, BaselineError::Settings(expected.clone()));
    let solver = Solver::new(base(), Settings::default()).unwrap();
    assert_eq!(solver.with_elasticities(three).unwrap_err(), expected);
}

#[test]
fn settings_out_of_range() {
    let with = |change: fn(&mut Settings)| {
        let mut settings = Settings::default();
        change(&mut settings);
        let solver = Solver::new(base(), Settings::default()).unwrap();
        assert!(solver.with_settings(settings).is_err());
        Solver::new(base(), settings).unwrap_err()
    };
    let error = with(|settings| settings.tolerance = 0.0);
    assert_eq!(error, SettingsError::Tolerance { value: 0.0 });
    assert!(matches!(
        with(|settings| settings.tolerance = 0.5),
        SettingsError::Tolerance { .. }
    ));
    assert!(matches!(
        with(|settings| settings.tolerance = f64::NAN),
        SettingsError::Tolerance { .. }
    ));
    assert_eq!(
        with(|settings| settings.iteration_limit = 0),
        SettingsError::IterationLimit
    );
    let error = with(|settings| settings.numeraire = Numeraire::Wage(2));
    assert_eq!(
        error,
        SettingsError::Numeraire {
            index: 2,
            countries: 2
        }
    );
}

#[test]
fn shocks_with_unknown_positions() {
    let unknown = |what, index| ShockError::Unknown {
        what,
        index,
        count: 2,
    };
    assert_eq!(
        shock_error(|shock| shock.set_tariff(2, 0, 1, 0.1)),
        unknown("sector", 2)
    );
    assert_eq!(
        shock_error(|shock| shock.set_tariff(0, 2, 1, 0.1)),
        unknown("country", 2)
    );
    assert_eq!(
        shock_error(|shock| shock.set_tariff(0, 0, 9, 0.1)),
        unknown("country", 9)
    );
    assert_eq!(
        shock_error(|shock| shock.scale_cost(0, 0, 2, 2.0)),
        unknown("country", 2)
    );
    assert_eq!(
        shock_error(|shock| shock.set_export_tax(3, 0, 1, 0.0)),
        unknown("sector", 3)
    );
    assert_eq!(
        shock_error(|shock| shock.scale_productivity(0, 2, 1.1)),
        unknown("sector", 2)
    );
    assert_eq!(
        shock_error(|shock| shock.scale_endowment(2, 1.1)),
        unknown("country", 2)
    );
    let amount = TransferAmount::Fixed(1.0);
    assert_eq!(
        shock_error(|shock| shock.add_transfer(Transfer {
            from: 0,
            to: 2,
            amount
        })),
        unknown("country", 2)
    );
    let amount = TransferAmount::OfFlow {
        sector: 2,
        importer: 0,
        exporter: 1,
        rate: 0.1,
    };
    assert_eq!(
        shock_error(|shock| shock.add_transfer(Transfer {
            from: 0,
            to: 1,
            amount
        })),
        unknown("sector", 2)
    );
    let pool = RevenuePool {
        shares: vec![(0, 0.5), (2, 0.5)],
        collection_cost: 0.0,
    };
    assert_eq!(
        shock_error(|shock| shock.add_pool(pool)),
        unknown("country", 2)
    );
    let area = Mobility {
        labour: vec![(0, 1.0), (2, 1.0)],
        elasticity: 1.0,
    };
    assert_eq!(
        shock_error(|shock| shock.add_mobility(area)),
        unknown("country", 2)
    );
}

#[test]
fn shocks_with_figures_out_of_range() {
    let refused = |error: ShockError, bad: f64| {
        let ShockError::Value { value, .. } = error else {
            panic!("{error}")
        };
        assert_eq!(value.to_bits(), bad.to_bits());
    };
    for bad in [-1.0, -2.0, f64::NAN, f64::INFINITY] {
        refused(shock_error(|shock| shock.set_tariff(0, 0, 1, bad)), bad);
        refused(shock_error(|shock| shock.set_export_tax(0, 0, 1, bad)), bad);
    }
    for bad in [0.0, -1.0, f64::NAN] {
        refused(shock_error(|shock| shock.scale_cost(0, 0, 1, bad)), bad);
        refused(
            shock_error(|shock| shock.scale_productivity(0, 0, bad)),
            bad,
        );
        refused(shock_error(|shock| shock.scale_endowment(0, bad)), bad);
    }
    // An infinite cost prohibits trade; infinite productivity is nothing.
    let bad = f64::INFINITY;
    refused(
        shock_error(|shock| shock.scale_productivity(0, 0, bad)),
        bad,
    );
    refused(shock_error(|shock| shock.scale_endowment(0, bad)), bad);
    let amount = TransferAmount::Fixed(f64::NAN);
    let transfer = Transfer {
        from: 0,
        to: 1,
        amount,
    };
    refused(shock_error(|shock| shock.add_transfer(transfer)), f64::NAN);
    for bad in [-1.0, f64::NAN] {
        let area = |labour, elasticity| Mobility {
            labour: vec![(0, labour), (1, 1.0)],
            elasticity,
        };
        refused(shock_error(|shock| shock.add_mobility(area(1.0, bad))), bad);
        refused(shock_error(|shock| shock.add_mobility(area(bad, 1.0))), bad);
    }
}

#[test]
fn pools_with_bad_shares() {
    let pool = |shares: Vec<(usize, f64)>, collection_cost| RevenuePool {
        shares,
        collection_cost,
    };
    let error = shock_error(|shock| shock.add_pool(pool(vec![(0, 0.5), (1, 0.4)], 0.0)));
    assert!(
        matches!(error, ShockError::Shares { sum } if (sum - 0.9).abs() < 1e-15),
        "{error}"
    );
    let error = shock_error(|shock| shock.add_pool(pool(vec![(0, 1.5), (1, -0.5)], 0.0)));
    assert!(matches!(error, ShockError::Value { .. }), "{error}");
    let error = shock_error(|shock| shock.add_pool(pool(vec![(0, 0.5), (1, 0.5)], 1.5)));
    assert!(matches!(error, ShockError::Value { .. }), "{error}");
    let error = shock_error(|shock| shock.add_pool(pool(vec![(0, 0.5), (0, 0.5)], 0.0)));
    assert!(matches!(error, ShockError::Twice { .. }), "{error}");
    let error = shock_error(|shock| shock.add_pool(pool(Vec::new(), 0.0)));
    assert!(matches!(error, ShockError::Shares { .. }), "{error}");
}

#[test]
fn a_country_in_two_arrangements_of_a_kind() {
    let mut shock = Shock::none(&base());
    let pool = RevenuePool {
        shares: vec![(0, 0.5), (1, 0.5)],
        collection_cost: 0.0,
    };
    shock.add_pool(pool.clone()).unwrap();
    assert!(matches!(
        shock.add_pool(pool),
        Err(ShockError::Twice { .. })
    ));
    let area = Mobility {
        labour: vec![(0, 1.0), (1, 1.0)],
        elasticity: 1.0,
    };
    shock.add_mobility(area.clone()).unwrap();
    assert!(matches!(
        shock.add_mobility(area),
        Err(ShockError::Twice { .. })
    ));
}

#[test]
fn a_shock_for_another_world() {
    let mut three = observed();
    three.sectors.pop();
    three.flows.truncate(4);
    three.tariffs.truncate(4);
    three.value_added_shares = Vec::new();
    three.input_coefficients = Vec::new();
    let other = Baseline::new(&three, &Elasticities::uniform(4.0, 1).unwrap())
        .unwrap()
        .0;
    let solver = Solver::new(base(), Settings::default()).unwrap();
    let error = solver.solve(&Shock::none(&other)).unwrap_err();
    let expected = ShockError::Shape {
        shock_countries: 2,
        shock_sectors: 1,
        countries: 2,
        sectors: 2,
    };
    assert_eq!(error, SolveError::Shock(expected));
}
