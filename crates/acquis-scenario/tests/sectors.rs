//! Scenarios in economies of many sectors: what a stage does at the border, the instruments
//! on top, and mistakes in them.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failure here is a failed test"
)]

use std::path::PathBuf;

use acquis_registry::{Registry, SourceText};
use acquis_scenario::{
    Economy, EconomyFiles, Effects, Model, Progress, RunError, Scenario, SectorResults,
    read_economy_files, run,
};

const MANIFEST: &str = r#"id = "tiny"
title = "Three economies, two sectors"
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

const TRADE: &str = "exporter,importer,sector,musd,tariff
AAA,AAA,goods,100,0
AAA,BBB,goods,10,0.1
AAA,ROW,goods,15,0
BBB,AAA,goods,12,0.2
BBB,BBB,goods,80,0
BBB,ROW,goods,13,0
ROW,AAA,goods,16,0.3
ROW,BBB,goods,17,0.1
ROW,ROW,goods,900,0
AAA,AAA,services,200,0
AAA,BBB,services,2,0
AAA,ROW,services,2,0
BBB,AAA,services,2,0
BBB,BBB,services,180,0
BBB,ROW,services,2,0
ROW,AAA,services,2,0
ROW,BBB,services,2,0
ROW,ROW,services,1900,0
";

const PACK: &str = r#"
source = [{ id = "s", type = "treaty", title = "S", published = "1990" }]
state = [
  { id = "AAA", names = [{ name = "Aland" }], from = "1950" },
  { id = "BBB", names = [{ name = "Beland" }], from = "1950" },
]
[[agreement]]
id = "agr:area"
names = [{ name = "The Area" }]
stage = "free_trade_area"
membership_from = "signature"
[[agreement.act]]
act = "signature"
who = ["AAA"]
claims = [{ on = "1991", src = "s" }]
[[agreement]]
id = "agr:union"
names = [{ name = "The Union" }]
stage = "common_market"
membership_from = "signature"
[[agreement.act]]
act = "signature"
who = ["AAA"]
claims = [{ on = "1991", src = "s" }]
"#;

/// A scenario in which Beland signs an agreement, with more TOML at its end.
fn signs(agreement: &str, more: &str) -> String {
    format!(
        r#"title = "Beland comes in"
[base]
date = "2000-06-30"
economy = "tiny"
grade = "signed"
[[act]]
do = "add"
institution = "{agreement}"
act = "signature"
who = ["BBB"]
on = "1995-01-01"
[effects]
source = "none"
free_trade_area = 0.0
{more}"#
    )
}

fn registry() -> Registry {
    let files = [SourceText::new("pack.toml", PACK)];
    match Registry::load(&files) {
        Ok(loaded) => loaded.registry,
        Err(findings) => panic!("{findings}"),
    }
}

fn tiny() -> Economy {
    let manifest = SourceText::new("tiny.toml", MANIFEST);
    let files = EconomyFiles::gather(manifest, |_| Ok(SourceText::new("trade.csv", TRADE)));
    Economy::load(&files.unwrap()).unwrap_or_else(|findings| panic!("{findings}"))
}

fn read(text: &str) -> Result<Scenario, String> {
    Scenario::read("test", &SourceText::new("test.toml", text)).map_err(|found| found.to_string())
}

fn effects_of(text: &str) -> Effects {
    let scenario = read(text).unwrap_or_else(|message| panic!("{message}"));
    let outcome = run(&scenario, &registry(), &tiny(), false, &Progress::SILENT);
    let mut outcome = outcome.unwrap_or_else(|error| panic!("{error}"));
    outcome.variants.remove(0).effects.unwrap()
}

fn refused(text: &str) -> String {
    let scenario = match read(text) {
        Ok(scenario) => scenario,
        Err(message) => return message,
    };
    match run(&scenario, &registry(), &tiny(), false, &Progress::SILENT) {
        Err(RunError::Findings(findings)) => findings.to_string(),
        Err(other) => other.to_string(),
        Ok(_) => panic!("it ran"),
    }
}

fn results(effects: &Effects) -> &SectorResults {
    match &effects.model {
        Model::ManySectors(results) => results,
        Model::OneSector(_) => panic!("one sector"),
    }
}

/// The tariff before and after in a sector.
fn tariff(effects: &Effects, exporter: &str, importer: &str, sector: &str) -> [f64; 2] {
    let flows = &results(effects).flows;
    let found = flows
        .iter()
        .find(|row| row.exporter == exporter && row.importer == importer && row.sector == sector);
    found.unwrap().tariff
}

fn near(a: f64, b: f64) {
    assert!((a - b).abs() < 1e-9, "{a} {b}");
}

#[test]
fn a_free_trade_area_drops_tariffs_among_its_members_only() {
    let effects = effects_of(&signs("agr:area", ""));
    assert!(effects.residual() <= 1e-12);
    near(tariff(&effects, "AAA", "BBB", "goods")[1], 0.0);
    near(tariff(&effects, "BBB", "AAA", "goods")[1], 0.0);
    near(tariff(&effects, "ROW", "AAA", "goods")[1], 0.3);
    let row = |code: &str| effects.rows.iter().find(|row| row.code == code).unwrap();
    assert!(row("BBB").from_members.change_pct().unwrap() > 10.0);
    // Without an effect beyond the tariff there is no technical gain.
    let parts = results(&effects).parts.as_ref().unwrap();
    assert!(parts.iter().all(|parts| parts.technical.abs() < 1e-12));
    for (row, parts) in effects.rows.iter().zip(parts) {
        near(row.real_income_pct / 100.0, parts.total());
    }
}

#[test]
fn what_an_effect_has_beyond_the_tariff_comes_as_a_cost() {
    let with = |effect: f64| {
        let goods = "[trade_policy]\nsectors = [\"goods\"]";
        let text = signs("agr:area", goods).replace("area = 0.0", &format!("area = {effect}"));
        effects_of(&text.replace("source = \"none\"", "source = \"made up\""))
    };
    let grown = |effects: &Effects| effects.rows[1].from_members.change_pct().unwrap();
    // The tariff cut alone is worth more than this effect.
    near(grown(&with(0.01)), grown(&with(0.001)));
    assert!(grown(&with(2.0)) > grown(&with(0.0)) + 10.0);
}

#[test]
fn a_customs_union_takes_a_common_tariff_by_rule_and_the_test_of_gatt_is_told() {
    for (rule, expected) in [
        ("simple_mean", 0.2),
        ("trade_weighted_mean", (16.0 * 0.3 + 17.0 * 0.1) / 33.0),
        ("minimum", 0.1),
        ("maximum", 0.3),
        ("largest_member", 0.3),
    ] {
        let more = format!("[trade_policy]\nexternal_tariff = \"{rule}\"\nsectors = [\"goods\"]");
        let effects = effects_of(&signs("agr:union", &more));
        near(tariff(&effects, "ROW", "AAA", "goods")[1], expected);
        near(tariff(&effects, "ROW", "BBB", "goods")[1], expected);
        let sentence = &results(&effects).sentences[0];
        // Duties on 33 were 6.5, a rate of 0.197.
        let is_higher = expected > 6.5 / 33.0 + 1e-9;
        assert_eq!(sentence.contains("not met"), is_higher, "{sentence}");
    }
}

#[test]
fn revenue_is_pooled_payments_are_paid_and_labour_moves() {
    let more = r#"
[revenue_pool]
shares = { AAA = 90, BBB = 10 }
[[payment]]
from = "AAA"
to = "BBB"
amount = 5
for = "a loan"
[[payment]]
from = "BBB"
to = "AAA"
sector = "goods"
rate = 0.1
[labour]
elasticity = 2.0
"#;
    let effects = effects_of(&signs("agr:union", more));
    let results = results(&effects);
    let public = &results.public;
    near(public.iter().map(|income| income.pooled).sum(), 0.0);
    near(public.iter().map(|income| income.payments).sum(), 0.0);
    assert!(public[0].pooled > 0.0);
    assert_eq!(results.payments[0].reason, "a loan");
    near(results.payments[0].amount, 5.0);
    assert!(results.payments[0].payer < 0.0 && results.payments[0].receiver > 0.0);
    let labour = |position: usize| results.parts.as_ref().unwrap()[position].endowment;
    assert!(labour(0) * labour(1) < 0.0);
}

#[test]
fn draws_are_the_same_every_time_and_hold_the_point_estimate() {
    let more = "[uncertainty]\ndraws = 40\nseed = 3\nelasticity_error = 0.1";
    let (one, two) = (
        effects_of(&signs("agr:area", more)),
        effects_of(&signs("agr:area", more)),
    );
    let quantiles = one.quantiles.as_ref().unwrap();
    assert_eq!(Some(quantiles), two.quantiles.as_ref());
    assert_eq!(quantiles.draws, 40);
    for (row, [low, _, high]) in one.rows.iter().zip(&quantiles.real_income) {
        let point = row.real_income_pct / 100.0;
        assert!(*low < point && point < *high, "{low} {point} {high}");
    }
}

#[test]
fn the_shipped_union_is_worth_something_to_its_members() {
    let repository = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let path = repository.join("scenarios/eurasian-union-2019.toml");
    let text = std::fs::read_to_string(path)
        .unwrap()
        .replace("draws = 200", "draws = 8");
    let scenario = read(&text).unwrap();
    let files = acquis_registry::read_folder(&repository.join("packs/post-soviet")).unwrap();
    let registry = Registry::load(&files).unwrap().registry;
    let files = read_economy_files(&repository.join("economies/post-soviet-2019.toml")).unwrap();
    let economy = Economy::load(&files).unwrap();
    let outcome = run(&scenario, &registry, &economy, false, &Progress::SILENT).unwrap();
    let effects = outcome.variants[0].effects.as_ref().unwrap();
    assert!(effects.residual() <= 1e-12);
    for row in effects.rows.iter().filter(|row| row.is_member) {
        assert!(row.from_members.change_pct().unwrap() < 0.0, "{}", row.code);
    }
    // What ends is free trade: the tariff on Kazakh goods in Russia is no longer near zero.
    let flows = &results(effects).flows;
    let food = flows.iter().find(|row| {
        (
            row.exporter.as_str(),
            row.importer.as_str(),
            row.sector.as_str(),
        ) == ("KAZ", "RUS", "food")
    });
    let [before, after] = food.unwrap().tariff;
    assert!(before < 0.02 && after > 0.05, "{before} {after}");
}

#[test]
fn mistakes_in_instruments_point_to_their_place() {
    for (more, expected) in [
        (
            "[revenue_pool]\nshares = { AAA = 90, BBB = 9 }",
            "add up to 99 %",
        ),
        (
            "[revenue_pool]\nshares = { AAA = 90, BBX = 10 }",
            "no economy \"BBX\"",
        ),
        (
            "[trade_policy]\nsectors = [\"godds\"]",
            "no sector \"godds\"",
        ),
        ("[trade_policy]\nexternal_tariff = \"median\"", "median"),
        ("[trade_policy]\nutilisation = 1.5", "utilisation is 1.5"),
        (
            "[trade_policy]\nrules_of_origin = -0.1",
            "rules_of_origin is -0.1",
        ),
        (
            "[[payment]]\nfrom = \"AAA\"\nto = \"BBB\"",
            "a payment of no size",
        ),
        ("[labour]\nelasticity = -1", "elasticity is -1"),
        ("[uncertainty]\ndraws = 2.5", "draws"),
        ("[deficit]\nclosure = \"none\"", "none"),
    ] {
        let message = refused(&signs("agr:union", more));
        assert!(message.contains(expected), "{more}: {message}");
        assert!(message.contains("test.toml:"), "{more}: {message}");
    }
}
