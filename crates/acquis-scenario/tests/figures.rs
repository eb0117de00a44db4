//! The figures of the seeds, computed again from the data built in, against what was found
//! outside the project for the same question.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failure here is a failed test"
)]

use std::path::Path;

use acquis_registry::{Registry, SourceText, read_folder};
use acquis_scenario::figure::{Finding, check, compute};
use acquis_scenario::{Almanac, Economy, read_economy_files};

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

fn registry() -> Registry {
    let files = read_folder(&root().join("packs/post-soviet")).unwrap();
    Registry::load(&files).unwrap().registry
}

fn almanac() -> Almanac {
    let economies = [2004, 2012, 2016]
        .map(|year| {
            let path = root().join(format!("economies/post-soviet-{year}.toml"));
            Economy::load(&read_economy_files(&path).unwrap()).unwrap()
        })
        .to_vec();
    let path = root().join("economies/compact/macro_1990_2024.csv");
    let table = SourceText::new("macro.csv", std::fs::read_to_string(path).unwrap());
    Almanac::read(&table, economies).unwrap()
}

fn computed(registry: &Registry, almanac: &Almanac, id: &str) -> f64 {
    let indicator = registry.indicator(id).unwrap();
    match &indicator.check {
        acquis_registry::Check::Compute(computation) => {
            compute(computation, almanac).unwrap().value
        }
        acquis_registry::Check::Unchecked(why) => panic!("{id}: {why}"),
    }
}

/// Penn World Table 10 gives 218.9 million (2003), 145.8 and 26.4 million (2011), and the
/// share of the four in trade with all partners in 2004 is 94.5 % in the Comtrade panel.
#[test]
fn computed_figures_are_near_what_other_data_give() {
    let (registry, almanac) = (registry(), almanac());
    for (id, outside, percent) in [
        ("ses-consumers", 218.9e6, 1.0),
        ("russian-market", 145.8e6, 2.0),
        ("new-consumers", 26.4e6, 1.0),
        ("big-four-trade", 94.5, 1.0),
    ] {
        let value = computed(&registry, &almanac, id);
        let off = 100.0 * (value / outside - 1.0).abs();
        assert!(off <= percent, "{id}: {value} against {outside}");
    }
    let rate = computed(&registry, &almanac, "vat-cost-2005");
    assert!((rate - 34.0 / 1.17).abs() < 1e-9, "{rate}");
}

#[test]
fn a_claim_holds_differs_or_says_why_it_can_t_be_checked() {
    let (registry, almanac) = (registry(), almanac());
    let view = registry.view();
    let indicators = view.indicators();
    let verdict = |id: &str, source: &str| {
        let known = indicators
            .iter()
            .find(|known| known.subject.id == id)
            .unwrap();
        let claim = known
            .subject
            .claims
            .iter()
            .find(|claim| claim.source.as_str() == source)
            .unwrap();
        check(&known.subject.check, claim, &almanac)
    };
    assert!(matches!(
        verdict("big-four-gdp", "vinokurov-2005"),
        Finding::Holds(_)
    ));
    assert!(matches!(
        verdict("ses-consumers", "vinokurov-2005"),
        Finding::Differs { by, .. } if by < 0.0
    ));
    assert!(matches!(
        verdict("crrf-strength", "molchanov-2012"),
        Finding::NotChecked(_)
    ));
    // A gap in price follows from the prices themselves and confirms none of them.
    assert!(matches!(
        verdict("gas-price-gap-germany", "vinokurov-2005"),
        Finding::Computed(figure) if (figure.value - 53.32).abs() < 1e-9
    ));
}

#[test]
fn a_series_that_is_wrong_points_at_its_line() {
    let read = |text: &str| Almanac::read(&SourceText::new("m.csv", text), Vec::new());
    let error = read("iso3,year,gdp_current_usd,population\nAAA,2004,1,2\nAAA,x,1,2\n");
    assert_eq!(
        error.unwrap_err().to_string(),
        "m.csv:3:1: not a table of series: \"x\" is not a year [A01]"
    );
    let error = read("iso3,year,population\n");
    assert!(error.unwrap_err().to_string().contains("gdp_current_usd"));
    assert!(read("iso3,year,gdp_current_usd,population\nAAA,2004,NaN,\n").is_err());
    assert!(read("iso3,year,gdp_current_usd,population\nAAA,2004,,\n").is_ok());
}
