//! The findings in `docs/findings`, computed again from the data they rest on.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a failure here is a failed test"
)]

use std::path::Path;

use assert_cmd::Command;
use serde_json::Value;

const TWELVE: &str = "'ARM','AZE','BLR','GEO','KAZ','KGZ','MDA','RUS','TJK','TKM','UKR','UZB'";
const STAGES: &str = "stages:inner + other";
/// Any stage, and what the deeper ones add to free trade.
const BEYOND: &str =
    "any + customs_union:inner + common_market:inner + economic_union:inner + other";
const PAIR: &str = "exporter^importer";
const ALL: &str = "year >= 1996";
const NO_ZEROS: &str = "year >= 1996 and not (inner == 1 and export_usd == 0)";

/// The panel; `None` where it isn't there, which fails under `CI`.
fn panel() -> Option<String> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/gravity");
    let path = Path::new(root).join("penppml_trade.parquet");
    if path.is_file() {
        return Some(path.display().to_string());
    }
    assert!(
        std::env::var_os("CI").is_none(),
        "{} not found",
        path.display()
    );
    println!("skipped: {} not found", path.display());
    None
}

/// One regression of the page.
fn regression(panel: &str, grade: &str, regressors: &str, cluster: &str, more: &[&str]) -> Value {
    let inner = format!("inner = exporter in {{{TWELVE}}} and importer in {{{TWELVE}}}");
    let effects = "exporter^year + importer^year + exporter^importer";
    let formula = format!("export_usd ~ {regressors} | {effects}");
    let stages = format!("post-soviet@{grade}");
    let mut arguments = vec![
        "gravity",
        panel,
        "--stages",
        &stages,
        "--let",
        &inner,
        "--let",
        "other = agreement_id > 0 and inner == 0",
        "--formula",
        &formula,
        "--cluster",
        cluster,
        "--json",
    ];
    let any = "any = inner * (free_trade_area + customs_union + common_market + economic_union \
               + political_union)";
    if regressors == BEYOND {
        arguments.extend(["--let", any]);
    }
    arguments.extend(more);
    let mut command = Command::cargo_bin("acquis").unwrap();
    let assert = command.args(arguments).assert().success();
    serde_json::from_slice(&assert.get_output().stdout).unwrap()
}

/// A coefficient and its error, as printed with three digits.
#[track_caller]
fn is(answer: &Value, term: &str, columns: [&str; 2], printed: [f64; 2]) {
    let rows = answer["models"][0]["coefficients"].as_array().unwrap();
    let row = rows.iter().find(|row| row["term"] == term);
    let row = row.unwrap_or_else(|| panic!("no {term} in {rows:?}"));
    for (column, printed) in columns.into_iter().zip(printed) {
        let value = row[column].as_f64().unwrap();
        assert!(
            (value - printed).abs() <= 0.000_501,
            "{term}, {column}: {value}, not {printed}"
        );
    }
}

const PLAIN: [&str; 2] = ["estimate", "standard_error"];
const CORRECTED: [&str; 2] = ["corrected", "corrected_error"];

#[test]
fn stages_in_force_among_the_twelve() {
    let Some(panel) = panel() else { return };
    let bias = ["--where", ALL, "--bias-correction"];
    let answer = regression(&panel, "in-force", STAGES, PAIR, &bias);
    assert_eq!(answer["models"][0]["observations"], 152_051);
    for (stage, plain, corrected) in [
        ("free_trade_area", [-1.349, 0.405], [-1.330, 0.474]),
        ("customs_union", [-1.446, 0.422], [-1.442, 0.497]),
        ("common_market", [-1.703, 0.434], [-1.667, 0.518]),
        ("economic_union", [-0.977, 0.432], [-0.945, 0.510]),
    ] {
        is(&answer, &format!("{stage}:inner"), PLAIN, plain);
        is(&answer, &format!("{stage}:inner"), CORRECTED, corrected);
    }
    assert_eq!(answer["models"][0]["collinear"][0], "political_union:inner");
    let last_day = ["--where", ALL, "--day", "12-31"];
    let answer = regression(&panel, "in-force", STAGES, PAIR, &last_day);
    is(&answer, "free_trade_area:inner", PLAIN, [-0.597, 0.586]);
    let shifted = ["--where", ALL, "--lags", "4", "--leads", "4"];
    let answer = regression(&panel, "in-force", STAGES, PAIR, &shifted);
    is(
        &answer,
        "free_trade_area_lead4:inner",
        PLAIN,
        [-0.607, 0.232],
    );
    is(&answer, "customs_union_lead4:inner", PLAIN, [-0.421, 0.188]);
    is(&answer, "common_market_lead4:inner", PLAIN, [-1.001, 0.276]);
}

#[test]
fn what_deeper_stages_in_force_add_to_free_trade() {
    let Some(panel) = panel() else { return };
    let stages = [
        "customs_union:inner",
        "common_market:inner",
        "economic_union:inner",
    ];
    let every = "exporter + importer + year";
    for (cluster, more, columns, printed) in [
        (
            PAIR,
            &["--where", ALL][..],
            PLAIN,
            [[-0.097, 0.150], [-0.354, 0.180], [0.372, 0.166]],
        ),
        (
            every,
            &["--where", ALL],
            PLAIN,
            [[-0.097, 0.158], [-0.354, 0.222], [0.372, 0.204]],
        ),
        (
            PAIR,
            &["--where", NO_ZEROS],
            PLAIN,
            [[-0.113, 0.153], [-0.345, 0.185], [0.380, 0.169]],
        ),
        (
            PAIR,
            &["--where", ALL, "--bias-correction"],
            CORRECTED,
            [[-0.112, 0.185], [-0.337, 0.234], [0.385, 0.205]],
        ),
    ] {
        let answer = regression(&panel, "in-force", BEYOND, cluster, more);
        for (stage, printed) in stages.iter().zip(printed) {
            is(&answer, stage, columns, printed);
        }
    }
}

#[test]
fn stages_that_function_among_the_twelve() {
    let Some(panel) = panel() else { return };
    let bias = ["--where", ALL, "--bias-correction"];
    let answer = regression(&panel, "functioning", STAGES, PAIR, &bias);
    is(&answer, "customs_union:inner", PLAIN, [-0.783, 0.605]);
    is(&answer, "customs_union:inner", CORRECTED, [-0.720, 1.132]);
    is(&answer, "common_market:inner", PLAIN, [0.057, 0.148]);
    is(&answer, "common_market:inner", CORRECTED, [0.085, 0.185]);
    let answer = regression(&panel, "functioning", STAGES, PAIR, &["--where", NO_ZEROS]);
    is(&answer, "customs_union:inner", PLAIN, [0.113, 0.214]);
    is(&answer, "common_market:inner", PLAIN, [0.054, 0.155]);
    let shifted = ["--where", ALL, "--lags", "4", "--leads", "4"];
    let answer = regression(&panel, "functioning", STAGES, PAIR, &shifted);
    is(&answer, "common_market:inner", PLAIN, [-0.014, 0.110]);
    is(&answer, "common_market_lag4:inner", PLAIN, [0.655, 0.109]);
    is(&answer, "common_market_lead4:inner", PLAIN, [-0.425, 0.264]);
}
