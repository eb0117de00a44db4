//! What is written is what is read: every figure, to the last bit.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::float_cmp,
    reason = "a failure here is a failed test; what is written is read bit by bit"
)]

mod common;

use std::collections::BTreeMap;
use std::fs;

use acquis_economy::{
    Card, Concordance, Economy, Elasticities, ElasticityMeaning, Figures, TariffSchedule,
    Valuation, aggregate, load,
};
use common::{card, repository, sectors, two_by_two};
use proptest::prelude::*;

/// Any economy: shapes, zeros, unknown tables, texts with quotes and line ends.
fn economies() -> impl Strategy<Value = Economy> {
    (1_usize..5, 1_u8..4, any::<[bool; 6]>(), 0_usize..3).prop_flat_map(
        |(countries, count, has, schedules)| {
            let j = usize::from(count);
            let pairs = j * countries * countries;
            let levels = countries * j;
            let amounts = |cells: usize| {
                prop::collection::vec(prop_oneof![Just(0.0), 0.0..1e12, 1e-300..1e-290], cells)
            };
            let rates = || prop::collection::vec(-0.99..3.0_f64, pairs);
            let inputs = prop::collection::vec(0.0..1.0_f64, levels * j);
            (
                (amounts(pairs), prop::collection::vec(rates(), schedules)),
                (inputs, amounts(levels), amounts(levels)),
                prop::collection::vec(1.5..90.0_f64, j),
                prop::collection::vec(any::<bool>(), pairs),
                (
                    ".*",
                    ".*",
                    1000..9999_i32,
                    prop::collection::vec(".*", 0..3),
                ),
            )
                .prop_map(move |(bilateral, levels, thetas, flags, words)| {
                    let (title, note, year, sources) = words;
                    let (inputs, demand, output) = levels;
                    let (shares, inputs) = adding_up(countries, j, inputs);
                    let card = Card {
                        title: format!("t{title}"),
                        year,
                        sources,
                        notes: vec![note],
                        licence: has[0].then(|| title.clone()),
                        method: has[1].then_some(title),
                        valuation: has[2].then_some(Valuation::CostInsuranceFreight),
                        names: BTreeMap::from([("C0".to_owned(), "Rest".to_owned())]),
                        ..card()
                    };
                    let figures = Figures {
                        countries: (0..countries).map(|at| format!("C{at}")).collect(),
                        sectors: sectors(count),
                        flows: bilateral.0,
                        tariffs: (bilateral.1.into_iter().enumerate())
                            .map(|(number, rates)| TariffSchedule {
                                name: format!("s{number}"),
                                rates,
                            })
                            .collect(),
                        value_added_shares: has[3].then_some(shares),
                        input_coefficients: has[3].then_some(inputs),
                        final_demand: has[4].then_some(demand),
                        gross_output: has[5].then_some(output),
                        elasticities: has[4].then_some(Elasticities {
                            values: thetas,
                            meaning: ElasticityMeaning::PreTariffValue,
                            source: "nobody".to_owned(),
                        }),
                        estimated: has[5].then_some(flags),
                    };
                    Economy::new(card, figures).unwrap()
                })
        },
    )
}

/// Shares of value added, and inputs of which each user's add up to the rest.
fn adding_up(countries: usize, j: usize, mut inputs: Vec<f64>) -> (Vec<f64>, Vec<f64>) {
    let mut shares = vec![0.0; countries * j];
    for country in 0..countries {
        for user in 0..j {
            let cells = (0..j).map(|input| (country * j + input) * j + user);
            let sum: f64 = cells.clone().map(|cell| inputs[cell]).sum::<f64>() + 0.5;
            cells.for_each(|cell| inputs[cell] /= sum);
            shares[country * j + user] = 0.5 / sum;
        }
    }
    (shares, inputs)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_written_is_read(economy in economies()) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("economy.parquet");
        economy.write(&path).unwrap();
        prop_assert_eq!(&load(&path).unwrap(), &economy);
        let first = fs::read(&path).unwrap();
        economy.write(&path).unwrap();
        prop_assert_eq!(fs::read(&path).unwrap(), first);
    }

    #[test]
    fn the_engine_gets_every_cell(economy in economies()) {
        let observed = economy.observations();
        prop_assert!(observed.check().is_ok());
        let (countries, sectors) = economy.shape();
        for sector in 0..sectors {
            for from in 0..countries {
                for to in 0..countries {
                    let cell = economy.cell(sector, from, to);
                    let turned = observed.cell(sector, to, from);
                    prop_assert_eq!(economy.trade()[cell], observed.flows[turned]);
                }
            }
        }
    }

    #[test]
    fn aggregation_keeps_trade_and_revenue(economy in economies(), groups in 1_usize..3) {
        let rows: Vec<String> = (economy.labels().iter().enumerate())
            .map(|(at, label)| format!("{label},g{}", at % groups))
            .collect();
        let text = format!("from,to\n{}\n", rows.join("\n"));
        let file = acquis_registry::SourceText::new("c.csv", text);
        let table = acquis_economy::LongTable::from_text(&file).unwrap();
        let countries = Concordance::read(&table).unwrap();
        let codes = economy.sectors().iter().map(|sector| sector.code.as_str());
        let coarse = aggregate(&economy, &countries, &Concordance::identity(codes)).unwrap();
        let near = |one: f64, other: f64| (one - other).abs() <= 1e-9 * (1.0 + one.abs());
        prop_assert!(near(economy.trade().iter().sum(), coarse.trade().iter().sum()));
        let revenue = |economy: &Economy, schedule: usize| -> f64 {
            let rates = &economy.figures().tariffs[schedule].rates;
            rates.iter().zip(economy.trade()).map(|(rate, flow)| rate * flow).sum()
        };
        for schedule in 0..economy.figures().tariffs.len() {
            let (fine, coarse) = (revenue(&economy, schedule), revenue(&coarse, schedule));
            let traded: f64 = economy.trade().iter().sum();
            prop_assert!((fine - coarse).abs() <= 1e-12 * (1.0 + 3.0 * traded));
        }
    }
}

#[test]
fn every_built_in_economy_survives_the_canonical_file() {
    let folder = tempfile::tempdir().unwrap();
    for year in ["2004", "2012", "2016", "2019"] {
        let manifest = repository(&format!("economies/post-soviet-{year}.toml"));
        let economy = load(&manifest).unwrap();
        let path = folder.path().join(format!("{year}.parquet"));
        economy.write(&path).unwrap();
        assert_eq!(load(&path).unwrap(), economy);
    }
}

#[test]
fn a_file_that_cannot_be_written_leaves_what_was_there() {
    let folder = tempfile::tempdir().unwrap();
    let economy = Economy::new(card(), two_by_two()).unwrap();
    let nowhere = folder.path().join("no-such-folder/economy.parquet");
    let error = economy.write(&nowhere).unwrap_err();
    assert!(error.to_string().contains("can't write"), "{error}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}
