//! Commitments that exclude each other, and some that only look as if they did.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::format_push_string,
    reason = "a failure here is a failed test, and the packs are short"
)]

use acquis_law::{Grade, Law};
use acquis_registry::{Registry, SourceText, StateCode};

const STATES: [&str; 5] = ["AAA", "BBB", "CCC", "MMM", "ZZZ"];

const RULES: &str = r#"
[[rule]]
id = "R1"
kind = "customs_union_member_with_separate_trade_agreement"
statement = "A member of a customs union has no trade agreement of its own with an outsider."
basis = [{ src = "s", at = "art. 1" }]

[[rule]]
id = "R2"
kind = "member_of_two_customs_unions"
statement = "Nobody applies two common tariffs."
basis = [{ src = "s", at = "art. 2" }]
"#;

/// Agreements, each with its stage, its parties and lines of its own, all in force in 1991.
fn registry(agreements: &[(&str, &str, &[&str], &str)]) -> Registry {
    let mut text = format!(
        "{RULES}\n[[source]]\nid = \"s\"\ntype = \"treaty\"\ntitle = \"S\"\npublished = \"1990\"\n"
    );
    for code in STATES {
        text.push_str(&format!(
            "[[state]]\nid = \"{code}\"\nnames = [{{ name = \"{code}\" }}]\n"
        ));
    }
    for (name, stage, who, more) in agreements {
        text.push_str(&format!(
            "[[agreement]]\nid = \"agr:{name}\"\nnames = [{{ name = \"{name}\" }}]\nstage = \"{stage}\"\n\
             membership_from = \"signature\"\n{more}\n[[agreement.act]]\nact = \"signature\"\nwho = {who:?}\n\
             claims = [{{ on = \"1991-01-01\", src = \"s\" }}]\n[[agreement.act]]\nact = \"implementation\"\n\
             claims = [{{ on = \"1991-01-01\", stage = \"{stage}\", src = \"s\" }}]\n"
        ));
    }
    match Registry::load(&[SourceText::new("pack.toml", text)]) {
        Ok(loaded) => loaded.registry,
        Err(findings) => panic!("{findings}"),
    }
}

/// Rule, state, union and other commitment of each incompatibility at each grade that binds.
fn found(registry: &Registry) -> Vec<String> {
    let states = STATES.map(StateCode::new);
    let law = Law::new(registry.view());
    let day = "2000-01-01".parse().unwrap();
    law.incompatibilities(&states, day, Grade::InForce)
        .iter()
        .map(|it| {
            let outsiders: Vec<&str> = it.outsiders.iter().map(StateCode::as_str).collect();
            format!(
                "{} {} {} {} {}",
                it.rule.id,
                it.state,
                it.union.id,
                it.other.id(),
                outsiders.join(",")
            )
        })
        .collect()
}

const AREA: &str = "free_trade_area";
const UNION: &str = "customs_union";

/// Mexico: a free trade area with its neighbours and another with the European Union.
#[test]
fn two_free_trade_areas_can_stand_side_by_side() {
    let registry = registry(&[
        ("north", AREA, &["MMM", "AAA", "BBB"], ""),
        ("overseas", AREA, &["MMM", "ZZZ"], ""),
    ]);
    assert_eq!(found(&registry), Vec::<String>::new());
}

#[test]
fn a_member_of_a_customs_union_with_an_agreement_of_its_own() {
    let registry = registry(&[
        ("union", UNION, &["AAA", "BBB", "CCC"], ""),
        ("own", AREA, &["AAA", "ZZZ"], ""),
    ]);
    assert_eq!(found(&registry), ["R1 AAA agr:union agr:own ZZZ"]);
    let law = Law::new(registry.view());
    let states = STATES.map(StateCode::new);
    let day = "2000-01-01".parse().unwrap();
    let conflicts = law.incompatibilities(&states, day, Grade::InForce);
    assert_eq!(conflicts[0].since.to_string(), "1991-01-01");
    assert!(conflicts[0].sentence(&law).contains("ZZZ"));
    assert!(conflicts[0].cure().contains("own"));
    // Before both are in force there is nothing to exclude.
    let before = "1990-12-31".parse().unwrap();
    assert!(
        law.incompatibilities(&states, before, Grade::InForce)
            .is_empty()
    );
}

#[test]
fn an_agreement_of_the_union_as_a_whole() {
    let registry = registry(&[
        ("union", UNION, &["AAA", "BBB", "CCC"], ""),
        ("common", AREA, &["AAA", "BBB", "CCC", "ZZZ"], ""),
    ]);
    assert_eq!(found(&registry), Vec::<String>::new());
}

#[test]
fn every_member_with_an_agreement_of_its_own_with_the_same_outsider() {
    let registry = registry(&[
        ("union", UNION, &["AAA", "BBB"], ""),
        ("one", AREA, &["AAA", "ZZZ"], ""),
        ("two", AREA, &["BBB", "ZZZ"], ""),
    ]);
    assert_eq!(found(&registry), Vec::<String>::new());
}

#[test]
fn trade_agreements_inside_a_union_are_no_matter() {
    let registry = registry(&[
        ("union", UNION, &["AAA", "BBB", "CCC"], ""),
        ("older", AREA, &["AAA", "BBB"], ""),
    ]);
    assert_eq!(found(&registry), Vec::<String>::new());
}

#[test]
fn two_customs_unions_that_overlap() {
    let registry = registry(&[
        ("west", UNION, &["AAA", "MMM"], ""),
        ("east", UNION, &["ZZZ", "MMM"], ""),
    ]);
    let found = found(&registry);
    let doubles: Vec<&String> = found.iter().filter(|line| line.starts_with("R2")).collect();
    assert_eq!(doubles.len(), 1, "{found:?}");
    assert!(doubles[0].starts_with("R2 MMM "), "{found:?}");
}

#[test]
fn a_union_within_a_union() {
    let registry = registry(&[
        ("inner", UNION, &["AAA", "BBB"], ""),
        ("outer", "common_market", &["AAA", "BBB", "CCC"], ""),
    ]);
    assert_eq!(found(&registry), Vec::<String>::new());
}

#[test]
fn steps_of_one_project_are_not_two_unions() {
    let registry = registry(&[
        ("first", UNION, &["AAA", "BBB", "CCC"], ""),
        (
            "second",
            "common_market",
            &["AAA", "BBB", "MMM"],
            "within = \"agr:first\"",
        ),
    ]);
    assert_eq!(found(&registry), Vec::<String>::new());
}

#[test]
fn without_rules_nothing_is_looked_for() {
    let with = registry(&[
        ("union", UNION, &["AAA", "BBB"], ""),
        ("own", AREA, &["AAA", "ZZZ"], ""),
    ]);
    assert_eq!(with.rules().len(), 2);
    let text = "[[state]]\nid = \"AAA\"\nnames = [{ name = \"A\" }]\n";
    let without = Registry::load(&[SourceText::new("pack.toml", text)])
        .unwrap()
        .registry;
    assert!(found(&without).is_empty());
}

/// Two alliances that exclude each other, and an outsider's base in a member of one.
const ALLIANCES: &str = r#"
source = [{ id = "s", type = "treaty", title = "S", published = "1990" }]
state = [
  { id = "AAA", names = [{ name = "A" }] },
  { id = "BBB", names = [{ name = "B" }] },
  { id = "CCC", names = [{ name = "C" }] },
]
rule = [
  { id = "X", kind = "member_of_exclusive_alliances", statement = "One or the other.", institutions = ["org:east", "org:west"] },
  { id = "Y", kind = "foreign_base_without_consent", statement = "All agree.", institutions = ["org:east"], from = "2001-06-01" },
]
[[organization]]
id = "org:east"
names = [{ name = "East" }]
membership_from = "signature"
act = [{ act = "signature", who = ["AAA", "BBB"], claims = [{ on = "1991-01-01", src = "s" }] }]
[[organization]]
id = "org:west"
names = [{ name = "West" }]
membership_from = "signature"
act = [{ act = "signature", who = ["BBB", "CCC"], claims = [{ on = "1995-01-01", src = "s" }] }]
[[instrument]]
id = "base"
kind = "base"
title = "The base"
giver = ["AAA"]
receiver = ["CCC"]
claims = [{ on = "2000-01-01", until = "2005-01-01", src = "s" }]
"#;

#[test]
fn alliances_exclude_each_other_and_bases_need_consent() {
    let registry = acquis_registry::Registry::load(&[acquis_registry::SourceText::new(
        "pack.toml",
        ALLIANCES,
    )])
    .unwrap()
    .registry;
    let law = acquis_law::Law::new(registry.view());
    let states: Vec<_> = registry.states().map(|state| state.code.clone()).collect();
    let found = |on: &str| -> Vec<(String, String, String)> {
        law.incompatibilities(&states, on.parse().unwrap(), acquis_law::Grade::InForce)
            .iter()
            .map(|it| {
                (
                    it.rule.id.clone(),
                    it.state.to_string(),
                    it.since.to_string(),
                )
            })
            .collect()
    };
    let exclusive = ("X".to_owned(), "BBB".to_owned(), "1995-01-01".to_owned());
    let base = ("Y".to_owned(), "AAA".to_owned(), "2001-06-01".to_owned());
    assert_eq!(found("1994-12-31"), []);
    assert_eq!(found("2000-06-01"), std::slice::from_ref(&exclusive));
    assert_eq!(found("2003-01-01"), [exclusive.clone(), base]);
    assert_eq!(found("2005-01-01"), [exclusive]);
}
