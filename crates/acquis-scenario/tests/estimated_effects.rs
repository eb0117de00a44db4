//! Scenarios on effects from a file: point estimates, draws by their covariance, in one sector
//! and in many, and what is said of a stage without an estimate.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops where something is wrong"
)]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use acquis_registry::{Registry, SourceText, read_folder};
use acquis_scenario::{
    Economy, Effects, Outcome, Progress, Quantiles, Scenario, read_economy_files, run,
};

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(path)
}

fn economy(name: &str) -> Economy {
    let files = read_economy_files(&repository(&format!("economies/{name}.toml"))).unwrap();
    Economy::load(&files).unwrap()
}

/// A file with two estimates, perfectly correlated or not at all, of these errors.
fn effects(errors: [f64; 2], correlation: f64) -> Arc<SourceText> {
    let [one, other] = errors;
    let both = one * other * correlation;
    SourceText::new(
        "effects.toml",
        format!(
            "[estimated]\ndata = \"panel.csv\"\ngrade = \"functioning\"\nobservations = 10\n\
             [effects]\nfree_trade_area = 0.4\neconomic_union = 0.9\n\
             [covariance.free_trade_area]\nfree_trade_area = {}\neconomic_union = {both}\n\
             [covariance.economic_union]\nfree_trade_area = {both}\neconomic_union = {}\n\
             [[not_estimated]]\nstage = \"customs_union\"\nwhy = \"no pair of the panel has it\"\n",
            one * one,
            other * other
        ),
    )
}

/// The Single Economic Space works as free trade from 2004 on.
const SPACE: &str = "[[act]]\ndo = \"add\"\ninstitution = \"agr:single-economic-space-2003\"\n\
     act = \"implementation\"\nwho = [\"RUS\", \"UKR\", \"KAZ\", \"BLR\"]\non = \"2004-05-20\"\n\
     stage = \"free_trade_area\"";
/// The Customs Union of 2010, which worked from its first day, had not been.
const UNION: &str = "[[act]]\ndo = \"strike\"\ninstitution = \"org:eurasec-customs-union\"";

fn scenario(economy: &str, act: &str, assumed: &str, file: &Arc<SourceText>) -> Scenario {
    let date = if act == UNION {
        "2010-12-31"
    } else {
        "2004-12-31"
    };
    let text = format!(
        "title = \"Test\"\n[base]\npack = \"post-soviet\"\ndate = \"{date}\"\neconomy = \"{economy}\"\n\
         grade = \"functioning\"\n{act}\n{assumed}\n"
    );
    let text = SourceText::new("test.toml", text);
    Scenario::read_with("test", &text, &|name| {
        assert_eq!(name, "effects.toml");
        Ok(Arc::clone(file))
    })
    .unwrap_or_else(|findings| panic!("{findings}"))
}

fn outcome(scenario: &Scenario) -> Outcome {
    let files = read_folder(&repository("packs/post-soviet")).unwrap();
    let registry = Registry::load(&files).unwrap().registry;
    let economy = economy(&scenario.base.economy);
    run(scenario, &registry, &economy, true, &Progress::SILENT)
        .unwrap_or_else(|error| panic!("{error}"))
}

fn first(outcome: &Outcome) -> &Effects {
    outcome.variants[0].effects.as_ref().unwrap()
}

fn quantiles(outcome: &Outcome) -> &Quantiles {
    first(outcome).quantiles.as_ref().unwrap()
}

const FILE: &str = "[effects]\nfile = \"effects.toml\"";

#[test]
fn a_file_of_estimates_does_what_the_same_constants_do() {
    let file = effects([0.1, 0.2], 0.0);
    for economy in ["post-soviet-2004", "post-soviet-2019"] {
        let constant = "[effects]\nsource = \"x\"\nfree_trade_area = 0.4\neconomic_union = 0.9";
        let one = outcome(&scenario(economy, SPACE, FILE, &file));
        let other = outcome(&scenario(economy, SPACE, constant, &file));
        let member = first(&one).rows.iter().find(|row| row.is_member).unwrap();
        assert!(member.real_income_pct.abs() > 1e-4, "{member:?}");
        for (a, b) in first(&one).rows.iter().zip(&first(&other).rows) {
            assert_eq!(a, b);
        }
    }
}

#[test]
fn a_stage_without_an_estimate_is_said_and_takes_the_shallower_one() {
    let file = effects([0.1, 0.2], 0.0);
    let union = outcome(&scenario("post-soviet-2004", UNION, FILE, &file));
    let area = outcome(&scenario("post-soviet-2004", SPACE, FILE, &file));
    let words = "customs union was not estimated (no pair of the panel has it)";
    let said = |outcome: &Outcome| outcome.notes.iter().any(|note| note.contains(words));
    assert!(said(&union) && !said(&area), "{:?}", union.notes);
    let constant = "[effects]\nsource = \"x\"\nfree_trade_area = 0.4";
    let same = outcome(&scenario("post-soviet-2004", UNION, constant, &file));
    assert!(
        first(&union)
            .rows
            .iter()
            .any(|row| row.is_member && row.real_income_pct < -1e-4)
    );
    assert_eq!(first(&union).rows, first(&same).rows);
}

#[test]
fn draws_follow_the_covariance_of_the_file() {
    let draws = format!("{FILE}\n[uncertainty]\ndraws = 60\nseed = 5");
    for economy in ["post-soviet-2004", "post-soviet-2019"] {
        let width = |errors: [f64; 2]| {
            let file = effects(errors, 0.5);
            let outcome = outcome(&scenario(economy, SPACE, &draws, &file));
            let quantiles = quantiles(&outcome);
            assert_eq!((quantiles.draws, quantiles.failures), (60, 0));
            let rows = first(&outcome).rows.iter().zip(&quantiles.real_income);
            let member = rows.into_iter().find(|(row, _)| row.is_member).unwrap();
            (
                member.1[2] - member.1[0],
                member.1[1],
                member.0.real_income_pct / 100.0,
            )
        };
        let (narrow, middle, point) = width([0.05, 0.3]);
        let (wide, ..) = width([0.2, 0.3]);
        let (none, at, point_again) = width([0.0, 0.3]);
        // Only the free trade area changes: its error alone decides.
        assert!(
            wide > 2.5 * narrow && narrow > 0.0,
            "{economy}: {wide} {narrow}"
        );
        assert!(
            none.abs() < 1e-12 && (at - point_again).abs() < 1e-12,
            "{economy}: {none}"
        );
        assert!(
            (middle - point).abs() < narrow,
            "{economy}: {middle} {point}"
        );
    }
}

#[test]
fn one_sector_draws_its_elasticity_too() {
    let file = effects([0.0, 0.0], 0.0);
    let assumed = format!("{FILE}\n[uncertainty]\ndraws = 50\nelasticity_error = 0.3");
    let outcome = outcome(&scenario("post-soviet-2004", SPACE, &assumed, &file));
    let rows = first(&outcome)
        .rows
        .iter()
        .zip(&quantiles(&outcome).real_income);
    let (row, [low, middle, high]) = rows.into_iter().find(|(row, _)| row.is_member).unwrap();
    assert!(low < middle && middle < high, "{low} {middle} {high}");
    let point = row.real_income_pct / 100.0;
    assert!(*low < point && point < *high, "{low} {point} {high}");
}

#[test]
fn what_a_scenario_may_not_say_of_a_file() {
    let file = effects([0.1, 0.2], 0.0);
    let read = |assumed: &str| {
        let text = format!(
            "title = \"T\"\n[base]\ndate = \"2004-12-31\"\neconomy = \"post-soviet-2004\"\n\
             [[act]]\ndo = \"strike\"\ninstitution = \"org:cis\"\n{assumed}\n"
        );
        let text = SourceText::new("test.toml", text);
        Scenario::read_with("test", &text, &|name| match name {
            "effects.toml" => Ok(Arc::clone(&file)),
            _ => Err("no such file".to_owned()),
        })
        .unwrap_err()
        .to_string()
    };
    let missing = read("[effects]\nfile = \"effect.toml\"");
    assert!(
        missing.contains("can't read the effects \"effect.toml\": no such file"),
        "{missing}"
    );
    let both = read(&format!("{FILE}\nfree_trade_area = 0.3"));
    assert!(both.contains("free_trade_area"), "{both}");
    let error = read(&format!(
        "{FILE}\n[uncertainty]\ndraws = 5\neffect_error = 0.1"
    ));
    assert!(error.contains("its own covariance"), "{error}");
    let text = SourceText::new("test.toml", format!("title = \"T\"\n{FILE}\n"));
    let alone = Scenario::read("test", &text).unwrap_err().to_string();
    assert!(alone.contains("can't read the effects"), "{alone}");
}
