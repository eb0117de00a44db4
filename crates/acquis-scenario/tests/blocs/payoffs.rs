//! A state of the game is worth to each candidate what a run of the same membership finds.

use std::fmt::Write as _;

use acquis_blocs::Coalition;
use acquis_registry::{Registry, SourceText};
use acquis_scenario::{
    BlocsGame, BlocsVerdict, Economy, EconomyFiles, Progress, Scenario, Watch, run,
};

use super::{almanac, answer, asking, bloc, economy, player, read, registry, shipped, single};

/// By code: the change of real income that a run finds.
fn run_of(scenario: &Scenario, variant: usize) -> Vec<(String, f64)> {
    let (registry, economy) = (registry(), economy(&scenario.base.economy));
    let outcome = run(scenario, &registry, &economy, true, &Progress::SILENT).unwrap();
    let effects = outcome.variants[variant].effects.as_ref().unwrap();
    let rows = effects.rows.iter();
    rows.map(|row| (row.code.clone(), row.real_income_pct))
        .collect()
}

#[track_caller]
fn agrees(found: f64, expected: f64, what: &str) {
    assert!(
        (found - expected).abs() < 1e-9,
        "{what}: {found}, not {expected}"
    );
}

#[test]
fn the_single_economic_space_as_a_bloc() {
    let answer = answer(&asking(
        "candidates = [\"BLR\", \"KAZ\", \"RUS\", \"UKR\", \"MDA\"]\nstage = \"free_trade_area\"",
    ));
    let four = bloc(&answer, &["BLR", "KAZ", "RUS", "UKR"]);
    let rows = run_of(&shipped("single-economic-space-2004"), 0);
    for candidate in &answer.candidates {
        let own = player(&answer, &candidate.code);
        let found = single(&answer).percent.payoff_beside(four, own).unwrap();
        let (_, expected) = rows
            .iter()
            .find(|(code, _)| *code == candidate.code)
            .unwrap();
        agrees(found, *expected, &candidate.code);
    }
}

/// Whoever stays outside takes up the offer: the variant of the other scenario with the same acts.
#[test]
fn an_offer_is_worth_what_its_acts_are() {
    let rows = run_of(&shipped("ukraine-chooses-2012"), 0);
    let text =
        std::fs::read_to_string(super::repository("scenarios/two-unions-2012.toml")).unwrap();
    // With the union of 2010 left in place.
    let (head, tail) = text.split_once("[[act]]").unwrap();
    let tail = &tail[tail.find("[blocs]").unwrap()..];
    let answer = answer(&read("test", &format!("{head}{tail}")));
    let nobody = single(&answer).without_offers_of("UKR", &answer);
    let (_, expected) = rows.iter().find(|(code, _)| code == "UKR").unwrap();
    agrees(nobody, *expected, "UKR");
}

trait Alone {
    fn without_offers_of(&self, code: &str, answer: &acquis_scenario::BlocsAnswer) -> f64;
}

impl Alone for acquis_scenario::SingleBlocVerdict {
    /// What the state gains by its offer alone, no other taking one up.
    fn without_offers_of(&self, code: &str, answer: &acquis_scenario::BlocsAnswer) -> f64 {
        answer.offer_gains[player(answer, code).position()]
    }
}

/// In many sectors, with the union struck: no bloc is the world without it, the bloc of its
/// members the world as it is but for the tariffs that the rule makes common.
#[test]
fn a_union_undone_in_many_sectors() {
    let mut scenario = shipped("eurasian-union-2019");
    let rows = run_of(&scenario, 0);
    let question = "candidates = [\"BLR\", \"KAZ\", \"RUS\", \"UKR\"]\nstage = \"customs_union\"";
    scenario.blocs = asking(question).blocs;
    scenario.uncertainty = None;
    let answer = answer(&scenario);
    for candidate in &answer.candidates {
        let own = player(&answer, &candidate.code);
        let nobody = single(&answer).percent.payoff_beside(Coalition::EMPTY, own);
        let (_, expected) = rows
            .iter()
            .find(|(code, _)| *code == candidate.code)
            .unwrap();
        agrees(nobody.unwrap(), *expected, &candidate.code);
    }
}

const MANIFEST: &str = r#"id = "tiny"
title = "Four economies, two sectors"
year = 2000
unit = "million"
trade = "trade.csv"
value_column = "musd"
sector_column = "sector"
tariff_column = "tariff"
value_added_share = 1.0

[names]
ROW = "Rest of the world"
"#;

fn tiny() -> Economy {
    let codes = ["AAA", "BBB", "CCC", "ROW"];
    let mut trade = String::from("exporter,importer,sector,musd,tariff\n");
    for (row, exporter) in codes.iter().enumerate() {
        for (column, importer) in codes.iter().enumerate() {
            for (sector, scale) in [("goods", 1.0), ("services", 0.3)] {
                let (value, tariff) = if row == column {
                    (300.0 + 100.0 * row as f64, 0.0)
                } else {
                    let value = scale * (9.0 + 3.0 * row as f64 + 2.0 * column as f64);
                    let tariff = if sector == "goods" {
                        0.04 * (1 + column) as f64
                    } else {
                        0.0
                    };
                    (value, tariff)
                };
                writeln!(trade, "{exporter},{importer},{sector},{value},{tariff}").unwrap();
            }
        }
    }
    let manifest = SourceText::new("tiny.toml", MANIFEST);
    let files = EconomyFiles::gather(manifest, |name| {
        Ok::<_, acquis_registry::Findings>(SourceText::new(name, trade.clone()))
    });
    Economy::load(&files.unwrap()).unwrap_or_else(|error| panic!("{error}"))
}

const PACK: &str = r#"
source = [{ id = "s", type = "treaty", title = "S", published = "1990" }]
state = [
  { id = "AAA", names = [{ name = "Aland" }], from = "1950" },
  { id = "BBB", names = [{ name = "Beland" }], from = "1950" },
  { id = "CCC", names = [{ name = "Celand" }], from = "1950" },
]
[[agreement]]
id = "agr:union"
names = [{ name = "The Union" }]
stage = "customs_union"
membership_from = "signature"
[[agreement.act]]
act = "adoption"
claims = [{ on = "1991", src = "s" }]
"#;

const TINY: &str = r#"title = "Union"
[base]
date = "2000-06-01"
economy = "tiny"
grade = "in_force"
[trade_policy]
most_favoured_nation = ["ROW"]
[elasticity]
trade = 4.0
source = "test"
[revenue_pool]
shares = { AAA = 50, BBB = 50 }
[[payment]]
from = "AAA"
to = "BBB"
amount = 1.5
"#;

/// The union with its common tariff, its pool of revenue and its payment: the same as a run in which
/// the two sign it.
#[test]
fn a_customs_union_with_its_instruments() {
    let pack = SourceText::new("pack.toml", PACK);
    let registry = Registry::load(&[pack])
        .unwrap_or_else(|error| panic!("{error}"))
        .registry;
    let economy = tiny();
    let acts = "[[act]]\ndo = \"add\"\ninstitution = \"agr:union\"\nact = \"signature\"\nwho = [\"AAA\", \"BBB\"]\non = \"1999-01-01\"\n";
    let reform = read("reform", &format!("{TINY}{acts}"));
    let outcome = run(&reform, &registry, &economy, false, &Progress::SILENT);
    let outcome = outcome.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(outcome.variants[0].reform.changed.len(), 1);
    let expected = &outcome.variants[0].effects.as_ref().unwrap().rows;

    let question = "[blocs]\ncandidates = [\"AAA\", \"BBB\", \"CCC\"]\nstage = \"customs_union\"\n";
    let blocs = read("blocs", &format!("{TINY}{question}"));
    let game = BlocsGame::prepare(&blocs, &registry, &economy, &almanac()).unwrap();
    let answer = game
        .answer(&mut Watch {
            store: None,
            progress: &mut |_| std::ops::ControlFlow::Continue(()),
        })
        .unwrap_or_else(|error| panic!("{error}"));
    let BlocsVerdict::Single(verdicts) = &answer.verdict else {
        panic!("{:?}", answer.verdict)
    };
    let union = bloc(&answer, &["AAA", "BBB"]);
    for code in ["AAA", "BBB", "CCC"] {
        let found = verdicts
            .verdict
            .percent
            .payoff_beside(union, player(&answer, code));
        let expected = expected.iter().find(|row| row.code == code).unwrap();
        agrees(found.unwrap(), expected.real_income_pct, code);
    }
    // With the third, which the pool doesn't name, the tariff is common but the pool is still
    // that of the two; without either of the two there is none.
    let everybody = bloc(&answer, &["AAA", "BBB", "CCC"]);
    let other = bloc(&answer, &["AAA", "CCC"]);
    let gain = |bloc, code| {
        verdicts
            .verdict
            .percent
            .payoff_beside(bloc, player(&answer, code))
            .unwrap()
    };
    assert!(gain(everybody, "AAA").is_finite() && gain(other, "AAA").is_finite());
}
