//! The pack `post-soviet` is whole: every fact of the seed texts is cited, and every known
//! conflict between them stands as claims that disagree, with ranks and reasons.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a failure here is a failed test, and a skipped comparison says so"
)]

use std::collections::BTreeSet;
use std::path::Path;

use acquis_registry::{
    Assertion, Check, KnownConflict, Loaded, Rank, Registry, Sourced, read_folder,
};

const IDS: &str = include_str!("data/seed-fact-ids.tsv");
const SHARED: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../../shared/facts/seed-facts.tsv"
);

fn pack() -> Loaded {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../packs/post-soviet");
    let files = read_folder(Path::new(folder)).unwrap();
    Registry::load(&files).unwrap_or_else(|findings| panic!("{findings}"))
}

/// The first column of a table with a head.
fn ids(table: &str) -> BTreeSet<&str> {
    table
        .lines()
        .skip(1)
        .filter_map(|line| line.split('\t').next())
        .collect()
}

#[test]
fn the_pack_is_in_order() {
    let warnings = pack().warnings;
    assert!(warnings.is_empty(), "{warnings}");
}

#[test]
fn every_fact_is_cited() {
    let registry = pack().registry;
    let cited = registry.cited_facts();
    let known = ids(IDS);
    assert_eq!(known.len(), 267);
    let missing: Vec<_> = known.difference(&cited).collect();
    assert!(missing.is_empty(), "no claim cites {missing:?}");
    let unknown: Vec<_> = cited.difference(&known).collect();
    assert!(unknown.is_empty(), "cited and not in the list: {unknown:?}");
}

#[test]
fn every_fact_is_told_in_words_of_its_own() {
    let mut told = BTreeSet::new();
    for line in IDS.lines().skip(1) {
        let (id, words) = line.split_once('\t').unwrap();
        assert!(!words.trim().is_empty(), "{id} has no words");
        assert!(told.insert(words), "{id} is told like another: {words}");
    }
}

#[test]
fn the_list_of_facts_is_the_shared_one() {
    match std::fs::read_to_string(SHARED) {
        Ok(shared) => assert_eq!(ids(IDS), ids(&shared)),
        Err(_) => println!("skipped: the shared list of facts is not here"),
    }
}

/// Whether two claims of one thing disagree, or one is put aside with its reason.
fn is_disputed<C: Sourced>(contested: bool, others: &[&C]) -> bool {
    contested
        || others.iter().any(|other| {
            matches!(other.rank(), Rank::Deprecated { reason } if !reason.trim().is_empty())
        })
}

fn is_represented(conflict: &KnownConflict<'_>) -> bool {
    let acts = conflict
        .acts
        .iter()
        .any(|act| is_disputed(act.contested, &act.others));
    let disputed = |contested: bool, others: &[&Assertion]| is_disputed(contested, others);
    acts || conflict
        .statements
        .iter()
        .any(|known| disputed(known.contested, &known.others))
        || conflict
            .instruments
            .iter()
            .any(|known| disputed(known.contested, &known.others))
        || conflict
            .indicators
            .iter()
            .any(|known| disputed(known.contested, &known.others))
        || conflict
            .organs
            .iter()
            .flat_map(|organ| &organ.rules)
            .any(|known| disputed(known.contested, &known.others))
}

#[test]
fn every_conflict_stands_as_claims_that_disagree() {
    let registry = pack().registry;
    let represented: BTreeSet<String> = registry
        .view()
        .conflicts()
        .iter()
        .filter(|conflict| is_represented(conflict))
        .map(|conflict| conflict.conflict.id.clone())
        .collect();
    let missing: Vec<String> = (1..=34)
        .map(|number| format!("K{number:02}"))
        .filter(|id| !represented.contains(id))
        .collect();
    assert!(missing.is_empty(), "not represented: {missing:?}");
    assert_eq!(registry.conflicts().count(), 34);
}

#[test]
fn every_claim_in_use_that_is_preferred_says_why() {
    let registry = pack().registry;
    for claim in registry.claims() {
        if let Rank::Preferred { reason } = claim.rank() {
            assert!(reason.is_some(), "{} gives no reason", claim.place());
        }
    }
}

#[test]
fn the_figures_to_check_are_computable() {
    let registry = pack().registry;
    for id in [
        "big-four-gdp",
        "big-four-trade",
        "ses-consumers",
        "ses-market-growth",
        "russian-market",
        "new-consumers",
        "vat-cost-2005",
        "gas-price-gap-domestic",
        "gas-price-gap-germany",
        "eurasec-trade-growth",
        "china-sco-trade-2011",
        "bilateral-agreements-implemented",
        "multilateral-agreements-implemented",
        "russian-agreements-implemented",
        "cis-documents-implemented",
    ] {
        let indicator = registry.indicator(id).unwrap_or_else(|| panic!("no {id}"));
        assert!(matches!(indicator.check, Check::Compute(_)), "{id}");
    }
}

#[test]
fn what_is_known_by_a_day_leaves_out_later_texts() {
    let registry = pack().registry;
    let in_2006 = registry.known_by("2006-01-01".parse().unwrap());
    let now = registry.view();
    assert!(in_2006.statements().len() < now.statements().len());
    assert!(in_2006.instruments().len() < now.instruments().len());
    assert!(in_2006.indicators().len() < now.indicators().len());
    let union = registry.find_institution("EAEU").unwrap();
    assert!(in_2006.organs(union).is_empty());
    assert_eq!(now.organs(union).len(), 3);
    let space = in_2006
        .statements()
        .into_iter()
        .find(|known| known.subject.id == "the-space")
        .unwrap();
    assert!(!space.contested, "one text had been published by then");
}

#[test]
fn what_is_written_is_read_again() {
    let registry = pack().registry;
    let files = registry.to_pack_files();
    let again = Registry::load(&files)
        .unwrap_or_else(|findings| panic!("{findings}"))
        .registry;
    assert_eq!(again.cited_facts(), registry.cited_facts());
    assert_eq!(again.to_pack_files(), files);
}
