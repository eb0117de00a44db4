//! Scenarios the whole way: the three that ship, on the pack and the economies that ship,
//! and small ones whose answer is known.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failure here is a failed test"
)]

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Mutex;

use acquis_registry::{Registry, SourceText, Stage, read_folder};
use acquis_scenario::{
    Economy, Effects, Outcome, Progress, Scenario, VariantOutcome, Verdict, read_economy_files, run,
};

fn repository(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(path)
}

fn registry() -> Registry {
    let files = read_folder(&repository("packs/post-soviet")).unwrap();
    match Registry::load(&files) {
        Ok(loaded) => loaded.registry,
        Err(findings) => panic!("{findings}"),
    }
}

fn economy(name: &str) -> Economy {
    let files = read_economy_files(&repository(&format!("economies/{name}.toml"))).unwrap();
    Economy::load(&files).unwrap_or_else(|findings| panic!("{findings}"))
}

fn shipped(name: &str) -> Scenario {
    let text = std::fs::read_to_string(repository(&format!("scenarios/{name}.toml"))).unwrap();
    read(name, &text)
}

fn read(name: &str, text: &str) -> Scenario {
    Scenario::read(name, &SourceText::new(format!("{name}.toml"), text))
        .unwrap_or_else(|findings| panic!("{findings}"))
}

fn outcome(scenario: &Scenario, accept: bool) -> Outcome {
    run(
        scenario,
        &registry(),
        &economy(&scenario.base.economy),
        accept,
        &Progress::SILENT,
    )
    .unwrap_or_else(|error| panic!("{error}"))
}

fn effects(variant: &VariantOutcome) -> &Effects {
    variant.effects.as_ref().unwrap()
}

fn pairs(variant: &VariantOutcome) -> Vec<String> {
    variant
        .reform
        .changed
        .iter()
        .map(|pair| format!("{}-{}", pair.first, pair.second))
        .collect()
}

/// A scenario on the trade of 2004 with these acts.
fn with_acts(acts: &str) -> Scenario {
    read(
        "test",
        &format!(
            "title = \"Test\"\n[base]\npack = \"post-soviet\"\ndate = \"2004-12-31\"\n\
             economy = \"post-soviet-2004\"\ngrade = \"functioning\"\n{acts}"
        ),
    )
}

#[track_caller]
fn nothing_happens(effects: &Effects) {
    for row in &effects.rows {
        assert!(row.real_income_pct.abs() < 1e-10, "{row:?}");
        assert!(row.real_wage_pct.abs() < 1e-10, "{row:?}");
        assert!(
            row.exports_pct.is_none_or(|change| change.abs() < 1e-10),
            "{row:?}"
        );
        assert_eq!(row.verdict, Verdict::Unchanged, "{row:?}");
        assert!(!row.is_member, "{row:?}");
        let scale = row.from_outsiders.before.max(1.0);
        assert!(
            (row.from_outsiders.change() / scale).abs() < 1e-12,
            "{row:?}"
        );
        assert!(
            row.from_members.before == 0.0 && row.from_members.after == 0.0,
            "{row:?}"
        );
    }
    assert!(effects.residual() <= 1e-12);
}

#[test]
fn the_single_economic_space_changes_five_pairs_and_not_russia_and_belarus() {
    let scenario = shipped("single-economic-space-2004");
    let outcome = outcome(&scenario, false);
    assert_eq!(outcome.variants.len(), 1);
    let variant = &outcome.variants[0];
    assert_eq!(
        pairs(variant),
        ["BLR-KAZ", "BLR-UKR", "KAZ-RUS", "KAZ-UKR", "RUS-UKR"]
    );
    for pair in &variant.reform.changed {
        assert_eq!(
            (pair.before, pair.after),
            (Stage::None, Stage::FreeTradeArea)
        );
    }
    let concerned: Vec<&str> = variant
        .reform
        .concerned
        .iter()
        .map(acquis_registry::StateCode::as_str)
        .collect();
    assert_eq!(concerned, ["BLR", "KAZ", "RUS", "UKR"]);
    let (before, after) = (&variant.reform.before, &variant.reform.after);
    assert_eq!(
        (before.stage(0, 2), after.stage(0, 2)),
        (Stage::CustomsUnion, Stage::CustomsUnion)
    );

    let effects = effects(variant);
    assert!(effects.residual() <= 1e-12);
    assert_eq!(effects.rows.len(), 36);
    let members: Vec<&str> = effects
        .rows
        .iter()
        .filter(|row| row.is_member)
        .map(|row| row.code.as_str())
        .collect();
    assert_eq!(members, ["BLR", "KAZ", "RUS", "UKR"]);
    for row in effects.rows.iter().filter(|row| row.is_member) {
        assert_eq!(row.verdict, Verdict::Gains, "{row:?}");
        assert!(row.exports_pct.unwrap() > 0.0, "{row:?}");
        assert!(row.from_members.change() > 0.0, "{row:?}");
        assert!(row.from_members.before > 0.0 && row.from_outsiders.before > 0.0);
    }
    assert_eq!(effects.would_refuse().count(), 0);
}

/// Imports before the reform are those of the table, split in two.
#[test]
fn imports_before_are_those_of_the_table() {
    let scenario = shipped("single-economic-space-2004");
    let economy = economy("post-soviet-2004");
    let outcome = outcome(&scenario, false);
    let count = economy.labels().len();
    for (position, row) in effects(&outcome.variants[0]).rows.iter().enumerate() {
        let imports: f64 = (0..count)
            .filter(|&partner| partner != position)
            .map(|partner| economy.trade()[partner * count + position])
            .sum();
        let found = row.from_members.before + row.from_outsiders.before;
        assert!((found / imports - 1.0).abs() < 1e-12, "{row:?}");
    }
}

#[test]
fn the_customs_union_undone_costs_its_members() {
    let outcome = outcome(&shipped("customs-union-2012"), false);
    let variant = &outcome.variants[0];
    assert!(!variant.reform.changed.is_empty());
    let union = ["BLR", "KAZ", "RUS"];
    for pair in &variant.reform.changed {
        assert!(pair.after < pair.before, "{pair:?}");
        assert!(union.contains(&pair.first.as_str()) && union.contains(&pair.second.as_str()));
    }
    let effects = effects(variant);
    assert!(effects.residual() <= 1e-12);
    for row in effects.rows.iter().filter(|row| row.is_member) {
        assert_eq!(row.verdict, Verdict::Loses, "{row:?}");
    }
}

#[test]
fn ukraine_can_choose_either_and_not_both() {
    let scenario = shipped("ukraine-chooses-2012");
    let refused: BTreeMap<String, VariantOutcome> = outcome(&scenario, false)
        .variants
        .into_iter()
        .map(|variant| (variant.name.clone(), variant))
        .collect();
    let names: Vec<&str> = refused.keys().map(String::as_str).collect();
    assert_eq!(names, ["both", "customs-union", "european-union"]);
    for name in ["customs-union", "european-union"] {
        let variant = &refused[name];
        assert!(
            !variant.is_refused(),
            "{name}: {:?}",
            variant.reform.incompatible
        );
        assert!(effects(variant).residual() <= 1e-12);
        assert!(!variant.reform.changed.is_empty());
    }
    let both = &refused["both"];
    assert!(both.is_refused());
    // The reason is the agreement of Ukraine's own with outsiders of the union.
    assert!(
        both.reform
            .incompatible
            .iter()
            .flat_map(|conflict| &conflict.cases)
            .all(|case| case.sentence.starts_with("Ukraine ")),
        "{:?}",
        both.reform.incompatible
    );
    let conflicts = &both.reform.incompatible;
    let [rule] = conflicts.as_slice() else {
        panic!("the reason is told once: {conflicts:?}");
    };
    assert_eq!(rule.rule, "R1");
    assert!(
        rule.basis.iter().any(|basis| basis.contains("XXIV")),
        "{rule:?}"
    );
    let own = rule.cases.iter().find(|case| {
        ["Germany", "France", "Poland"]
            .iter()
            .all(|name| case.sentence.contains(name))
    });
    let own = own.unwrap_or_else(|| panic!("{rule:?}"));
    assert!(!own.cure.is_empty());
    let proof = own.proof.lines();
    assert!(
        proof.iter().any(|line| line.contains("Ukraine")),
        "{proof:?}"
    );
    let grouped: usize = rule.by_cure().iter().map(Vec::len).sum();
    assert_eq!(grouped, rule.cases.len());

    let accepted = outcome(&scenario, true);
    assert!(
        accepted
            .variants
            .iter()
            .all(|variant| !variant.is_refused())
    );
    let both = accepted
        .variants
        .iter()
        .find(|variant| variant.name == "both")
        .unwrap();
    assert!(!both.reform.incompatible.is_empty());
    assert!(effects(both).residual() <= 1e-12);
}

/// What a scenario says in its file counts like the flag of the command line.
#[test]
fn a_scenario_can_accept_what_is_incompatible() {
    let mut scenario = shipped("ukraine-chooses-2012");
    scenario.accept_incompatible = true;
    assert!(
        outcome(&scenario, false)
            .variants
            .iter()
            .all(|variant| !variant.is_refused())
    );
}

/// An outside check: the shares were computed with the data, apart from this program.
#[test]
fn estimated_shares_are_those_of_the_data_set() {
    let path = repository("economies/compact/trade_one_sector_totals.csv");
    let mut reader = csv::Reader::from_path(path).unwrap();
    let headers = reader.headers().unwrap().clone();
    let column = |name: &str| headers.iter().position(|header| header == name).unwrap();
    let (year, code, share) = (
        column("year"),
        column("iso3"),
        column("trade_estimated_share"),
    );
    let mut compared = 0;
    let economies: Vec<Economy> = [2004, 2012, 2016]
        .iter()
        .map(|year| economy(&format!("post-soviet-{year}")))
        .collect();
    for record in reader.records() {
        let record = record.unwrap();
        let expected: f64 = record[share].parse().unwrap();
        let economy = economies
            .iter()
            .find(|economy| economy.card.year.to_string() == record[year])
            .unwrap();
        let position = economy.position(&record[code]).unwrap();
        let found = economy.estimated_share(position).unwrap();
        assert!(
            (found - expected).abs() <= 1e-4,
            "{}: {found}",
            &record[code]
        );
        compared += 1;
    }
    assert_eq!(compared, 3 * 36);
}

#[test]
fn totals_are_those_of_the_data_set() {
    let path = repository("economies/compact/trade_one_sector_totals.csv");
    let mut reader = csv::Reader::from_path(path).unwrap();
    let headers = reader.headers().unwrap().clone();
    let economy = economy("post-soviet-2012");
    let count = economy.labels().len();
    for record in reader.records() {
        let record = record.unwrap();
        if record[0] != *"2012" {
            continue;
        }
        let figure = |name: &str| -> f64 {
            let column = headers.iter().position(|header| header == name).unwrap();
            record[column].parse().unwrap()
        };
        let own = economy.position(&record[1]).unwrap();
        let output: f64 = economy.trade()[own * count..(own + 1) * count].iter().sum();
        let expenditure: f64 = (0..count)
            .map(|row| economy.trade()[row * count + own])
            .sum();
        assert!((output / figure("output_musd") - 1.0).abs() < 1e-9);
        assert!((expenditure / figure("expenditure_musd") - 1.0).abs() < 1e-9);
    }
}

#[test]
fn doing_and_undoing_is_no_change() {
    let add = "\n[[act]]\ndo = \"add\"\ninstitution = \"agr:single-economic-space-2003\"\n\
               act = \"implementation\"\nstage = \"customs_union\"\nwho = [\"KAZ\", \"RUS\", \"UKR\"]\n\
               on = \"2004-09-01\"\n";
    let done = outcome(&with_acts(add), false);
    assert_eq!(done.variants[0].reform.changed.len(), 3);

    let strike = "\n[[act]]\ndo = \"strike\"\ninstitution = \"agr:single-economic-space-2003\"\n\
                  act = \"implementation\"\nwho = [\"KAZ\", \"RUS\", \"UKR\"]\n";
    let undone = outcome(&with_acts(&format!("{add}{strike}")), false);
    assert!(
        undone.variants[0].reform.changed.is_empty(),
        "{:?}",
        undone.variants[0].reform.changed
    );
    nothing_happens(effects(&undone.variants[0]));
}

#[test]
fn an_act_that_changes_no_stage_changes_no_trade_and_says_so() {
    // The implementation comes after the day on which the law is compared.
    let later = "[[act]]\ndo = \"add\"\ninstitution = \"agr:single-economic-space-2003\"\n\
                 act = \"implementation\"\nstage = \"free_trade_area\"\non = \"2005-01-01\"\n";
    let outcome = outcome(&with_acts(later), false);
    assert!(outcome.variants[0].reform.changed.is_empty());
    nothing_happens(effects(&outcome.variants[0]));
    assert_eq!(outcome.notes.len(), 1);
    assert!(outcome.notes[0].contains("changes no stage"));
}

#[test]
fn stages_without_an_effect_change_no_trade() {
    let scenario = with_acts(
        "[[act]]\ndo = \"add\"\ninstitution = \"agr:single-economic-space-2003\"\n\
         act = \"implementation\"\nstage = \"free_trade_area\"\nwho = [\"RUS\", \"UKR\"]\n\
         on = \"2004-09-01\"\n[effects]\nsource = \"none\"\nfree_trade_area = 0\n",
    );
    let outcome = outcome(&scenario, false);
    assert_eq!(pairs(&outcome.variants[0]), ["RUS-UKR"]);
    for row in &effects(&outcome.variants[0]).rows {
        assert!(row.real_income_pct.abs() < 1e-10, "{row:?}");
        assert!((row.from_members.change() / row.from_members.before.max(1.0)).abs() < 1e-12);
    }
}

#[test]
fn a_deeper_effect_gives_members_more() {
    let gain = |effect: f64| {
        let scenario = with_acts(&format!(
            "[[act]]\ndo = \"add\"\ninstitution = \"agr:single-economic-space-2003\"\n\
             act = \"implementation\"\nstage = \"free_trade_area\"\nwho = [\"KAZ\", \"UKR\"]\n\
             on = \"2004-09-01\"\n[effects]\nsource = \"test\"\nfree_trade_area = {effect}\n"
        ));
        let outcome = outcome(&scenario, false);
        let economy = economy("post-soviet-2004");
        effects(&outcome.variants[0]).rows[economy.position("UKR").unwrap()].real_income_pct
    };
    let gains = [gain(0.1), gain(0.5), gain(1.0)];
    assert!(
        0.0 < gains[0] && gains[0] < gains[1] && gains[1] < gains[2],
        "{gains:?}"
    );
}

/// Only what had been published by a day is used; what the scenario supposes stays.
#[test]
fn a_scenario_can_be_run_as_known_by_a_day() {
    let mut scenario = shipped("single-economic-space-2004");
    scenario.base.known_by = Some("1990-01-01".parse().unwrap());
    let outcome = outcome(&scenario, false);
    // Nobody knew of the signatures, so there is nothing to carry out.
    assert!(outcome.variants[0].reform.changed.is_empty());
    nothing_happens(effects(&outcome.variants[0]));
}

#[test]
fn every_deficit_closure_solves_the_shipped_scenario() {
    for closure in acquis_scenario_closures() {
        let mut scenario = shipped("single-economic-space-2004");
        scenario.closure = Some(closure);
        let outcome = outcome(&scenario, false);
        let effects = effects(&outcome.variants[0]);
        assert!(effects.residual() <= 1e-12, "{closure:?}");
        let members = effects.rows.iter().filter(|row| row.is_member);
        assert!(
            members.into_iter().all(|row| row.real_wage_pct > 0.0),
            "{closure:?}"
        );
    }
}

fn acquis_scenario_closures() -> [acquis_scenario::Closure; 3] {
    use acquis_scenario::Closure;
    [
        Closure::Additive,
        Closure::Multiplicative,
        Closure::WorldShare,
    ]
}

#[test]
fn variants_are_told_before_they_are_run() {
    let scenario = shipped("ukraine-chooses-2012");
    let told = Mutex::new(Vec::new());
    let progress = Progress {
        on_variant: &|number| told.lock().unwrap().push(number),
        ..Progress::SILENT
    };
    let economy = economy("post-soviet-2012");
    run(&scenario, &registry(), &economy, true, &progress).unwrap();
    assert_eq!(*told.lock().unwrap(), [0, 1, 2]);
}

#[test]
fn two_runs_give_the_same_figures_to_the_last_bit() {
    let scenario = shipped("single-economic-space-2004");
    let rows = || {
        effects(&outcome(&scenario, false).variants[0])
            .rows
            .iter()
            .map(|row| {
                (
                    row.real_income_pct.to_bits(),
                    row.from_members.after.to_bits(),
                )
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(rows(), rows());
}
