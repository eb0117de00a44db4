//! Every way of failing, with the values and names that the message must carry.

mod smart_refuses {
    use acquis_equilibrium::partial::{
        DemandElasticity, Diversion, ElasticityError, Market, Partner, SmartError,
        SubstitutionElasticity, SupplyElasticity, smart,
    };

    use crate::{assert_close, market, response};

    fn error(partners: Vec<Partner>) -> SmartError {
        Market::new(partners).unwrap_err()
    }

    #[test]
    fn no_partners() {
        assert_eq!(error(vec![]), SmartError::Empty);
    }

    #[test]
    fn a_partner_twice() {
        let twice = vec![Partner::new("A", 1.0), Partner::new("A", 2.0)];
        assert_eq!(
            error(twice),
            SmartError::DuplicateLabel { label: "A".into() }
        );
    }

    #[test]
    fn negative_or_infinite_imports() {
        let message = error(vec![Partner::new("A", 1.0), Partner::new("B", -2.0)]).to_string();
        assert_eq!(
            message,
            "imports from B are -2; they must be zero or a positive finite value"
        );
        for value in [f64::NAN, f64::INFINITY] {
            let wrong = error(vec![Partner::new("A", value)]);
            assert!(matches!(wrong, SmartError::Imports { partner, .. } if partner == "A"));
        }
        let overflow = error(vec![Partner::new("A", 1e308), Partner::new("B", 1e308)]);
        assert!(matches!(overflow, SmartError::Imports { value, .. } if value.is_infinite()));
    }

    #[test]
    fn a_tariff_of_minus_one() {
        let before = error(vec![Partner::new("A", 1.0).tariffs(-1.0, 0.0)]);
        assert_eq!(
            before.to_string(),
            "the tariff before on A is -1; it must be a finite fraction above -1 (0.1 is ten per \
             cent)"
        );
        let after = error(vec![Partner::new("A", 1.0).tariffs(0.0, f64::NAN)]);
        assert!(matches!(after, SmartError::Tariff { when: "after", .. }));
    }

    #[test]
    fn no_imports_at_all() {
        let nothing = error(vec![Partner::new("A", 0.0), Partner::new("B", 0.0)]);
        assert_eq!(nothing, SmartError::NoImports { partners: 2 });
    }

    #[test]
    fn elasticities_of_the_wrong_sign() {
        assert_eq!(
            DemandElasticity::new(1.2).unwrap_err(),
            ElasticityError::Demand(1.2)
        );
        assert!(DemandElasticity::new(f64::NEG_INFINITY).is_err());
        assert!(DemandElasticity::new(f64::NAN).is_err());
        assert_eq!(
            SupplyElasticity::new(-0.5).unwrap_err(),
            ElasticityError::Supply(-0.5)
        );
        assert!(SupplyElasticity::new(f64::NAN).is_err());
        assert_eq!(
            SubstitutionElasticity::new(-1.0).unwrap_err(),
            ElasticityError::Substitution(-1.0)
        );
        assert!(SubstitutionElasticity::new(f64::INFINITY).is_err());
        assert_eq!(SupplyElasticity::default(), SupplyElasticity::INFINITE);
    }

    #[test]
    fn linear_diversion_that_takes_all() {
        let market = market(&[(140.0, 1.0, 0.0), (60.0, 0.4, 0.4)]);
        let given = response(-1.0, 5.0, f64::INFINITY, Diversion::Linear);
        let wrong = smart(&market, &given).unwrap_err();
        let SmartError::Exhausted { partner, value, .. } = wrong else {
            panic!("{wrong}");
        };
        assert_eq!(partner, "P1");
        // 60 (1 - 5 * 0.7 * 0.5).
        assert_close(value, -45.0, 1e-12);
    }

    #[test]
    fn a_duty_that_kills_more_than_all_demand() {
        let market = market(&[(140.0, 0.0, 1.0)]);
        let given = response(-1.5, 0.0, f64::INFINITY, Diversion::LairdYeats);
        let wrong = smart(&market, &given).unwrap_err();
        assert!(matches!(wrong, SmartError::Exhausted { change, .. } if change == 1.0));
    }

    #[test]
    fn rigid_demand_and_supply() {
        let market = market(&[(140.0, 0.0, 1.0)]);
        let given = response(0.0, 0.0, 0.0, Diversion::LairdYeats);
        let wrong = smart(&market, &given).unwrap_err();
        assert!(matches!(
            wrong,
            SmartError::NotFinite {
                demand: 0.0,
                supply: 0.0
            }
        ));
    }
}

mod gsim_refuses {
    use acquis_equilibrium::partial::{Closing, Elasticities, GsimError, Industry, gsim};

    use crate::{
        CLOSINGS, World, assert_all_close, assert_close, demand, names, substitution, supply,
    };

    fn industry(trade: &[f64], tariffs: &[f64]) -> Result<Industry, GsimError> {
        let (importers, exporters) = (names("M", 2), names("X", 2));
        Industry::new(importers, exporters, trade.to_vec(), tariffs.to_vec())
    }

    #[test]
    fn nobody() {
        let wrong = Industry::new(vec![], names("X", 2), vec![], vec![]).unwrap_err();
        let expected = GsimError::Empty {
            importers: 0,
            exporters: 2,
        };
        assert_eq!(wrong, expected);
    }

    #[test]
    fn a_label_twice() {
        let twice = vec!["A".to_owned(), "A".to_owned()];
        let wrong = Industry::new(names("M", 1), twice, vec![1.0; 2], vec![0.0; 2]).unwrap_err();
        assert_eq!(wrong.to_string(), "A occurs twice among the exporters");
    }

    #[test]
    fn wrong_shapes() {
        let wrong = industry(&[1.0; 3], &[0.0; 4]).unwrap_err();
        assert_eq!(wrong.to_string(), "trade: 4 values expected, 3 given");
        let wrong = industry(&[1.0; 4], &[0.0; 5]).unwrap_err();
        assert_eq!(
            wrong.to_string(),
            "tariffs before: 4 values expected, 5 given"
        );
        let good = industry(&[1.0; 4], &[0.0; 4]).unwrap();
        let elasticities =
            Elasticities::uniform(&good, demand(-1.0), substitution(1.0), supply(1.0));
        let wrong = gsim(&good, &[0.0; 2], &elasticities, Closing::Linear).unwrap_err();
        assert_eq!(
            wrong.to_string(),
            "tariffs after: 4 values expected, 2 given"
        );
        let short = Elasticities {
            supply: vec![supply(1.0)],
            ..elasticities
        };
        let wrong = gsim(&good, &[0.0; 4], &short, Closing::Linear).unwrap_err();
        assert!(matches!(
            wrong,
            GsimError::Shape {
                expected: 2,
                got: 1,
                ..
            }
        ));
    }

    #[test]
    fn negative_trade() {
        let wrong = industry(&[1.0, 1.0, -3.0, 1.0], &[0.0; 4]).unwrap_err();
        assert_eq!(
            wrong.to_string(),
            "imports of M1 from X0 are -3; they must be zero or a positive finite value"
        );
    }

    #[test]
    fn tariffs_at_or_below_minus_one() {
        let wrong = industry(&[1.0; 4], &[0.0, -1.0, 0.0, 0.0]).unwrap_err();
        assert!(
            matches!(&wrong, GsimError::Tariff { importer, exporter, when: "before", .. }
            if importer == "M0" && exporter == "X1")
        );
        let good = industry(&[1.0; 4], &[0.0; 4]).unwrap();
        let elasticities =
            Elasticities::uniform(&good, demand(-1.0), substitution(1.0), supply(1.0));
        let after = [0.0, 0.0, 0.0, f64::INFINITY];
        let wrong = gsim(&good, &after, &elasticities, Closing::Linear).unwrap_err();
        assert!(matches!(wrong, GsimError::Tariff { when: "after", .. }));
    }

    #[test]
    fn no_trade() {
        let wrong = industry(&[0.0; 4], &[0.0; 4]).unwrap_err();
        let expected = GsimError::NoTrade {
            importers: 2,
            exporters: 2,
        };
        assert_eq!(wrong, expected);
    }

    #[test]
    fn rigid_demand_and_supply() {
        // Two exporters tied to each other, but to no level: any common price would do.
        let world = World {
            importers: 1,
            exporters: 2,
            trade: vec![1.0, 3.0],
            before: vec![0.0, 0.1],
            after: vec![0.5, 0.1],
            demand: 0.0,
            substitution: 3.0,
            supply: 0.0,
        };
        for closing in CLOSINGS {
            assert_eq!(world.solve(closing).unwrap_err(), GsimError::Singular);
        }
        // One of them answers, and both prices are known: with X = 1 and 0 the second's demand
        // can't move, so that neither's relative price at home does.
        let industry = world.industry();
        let mut elasticities =
            Elasticities::uniform(&industry, demand(0.0), substitution(3.0), supply(0.0));
        elasticities.supply[0] = supply(1.0);
        for closing in CLOSINGS {
            let result = gsim(&industry, &world.after, &elasticities, closing).unwrap();
            assert_all_close(&result.quantity_change, &[0.0, 0.0], 1e-14);
            assert_close(result.world_price_change[0], 0.0, 1e-14);
            assert_close(result.world_price_change[1], 0.5, 1e-14);
        }
    }

    #[test]
    fn a_change_too_large_for_the_linear_closing() {
        let world = World {
            importers: 1,
            exporters: 2,
            trade: vec![1.0, 1.0],
            before: vec![0.0; 2],
            after: vec![2.0, 0.0],
            demand: -1.0,
            substitution: 5.0,
            supply: f64::INFINITY,
        };
        let wrong = world.solve(Closing::Linear).unwrap_err();
        assert!(matches!(&wrong, GsimError::NegativeTrade { exporter, .. } if exporter == "X0"));
        assert!(wrong.to_string().contains("ConstantElasticity"), "{wrong}");
        let result = world.solve(Closing::ConstantElasticity).unwrap();
        assert!(result.trade_after[0] > 0.0);
    }

    #[test]
    fn values_that_overflow() {
        let world = World {
            importers: 1,
            exporters: 2,
            trade: vec![1.5e308; 2],
            before: vec![0.0; 2],
            after: vec![0.1; 2],
            demand: -1.0,
            substitution: 5.0,
            supply: 1.0,
        };
        for closing in CLOSINGS {
            assert_eq!(world.solve(closing).unwrap_err(), GsimError::NotFinite);
        }
    }
}
