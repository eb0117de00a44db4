//! `acquis gravity` as a process: published figures through the command, formats, stages from a
//! pack, and one clear sentence for each kind of bad input.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a failure here is a failed test"
)]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use serde_json::Value;
use tempfile::TempDir;

fn acquis(arguments: &[&str]) -> Command {
    let mut command = Command::cargo_bin("acquis").unwrap();
    command.arg("gravity").args(arguments);
    command
}

#[track_caller]
fn output(arguments: &[&str]) -> String {
    let assert = acquis(arguments).assert().success();
    String::from_utf8(assert.get_output().stdout.clone()).unwrap()
}

#[track_caller]
fn json(arguments: &[&str]) -> Value {
    serde_json::from_str(&output(&[arguments, &["--json"]].concat())).unwrap()
}

/// Exit status 2, a message with these words, nothing on standard output.
#[track_caller]
fn mistake(arguments: &[&str], words: &str) {
    let assert = acquis(arguments).assert().code(2);
    let output = assert.get_output();
    assert!(output.stdout.is_empty(), "{arguments:?}");
    let said = String::from_utf8(output.stderr.clone()).unwrap();
    // The message is wrapped at the width of a terminal.
    let said = said.split_whitespace().filter(|word| *word != "│");
    let said = said.collect::<Vec<_>>().join(" ");
    assert!(said.contains(words), "{arguments:?}: {said}");
}

/// A published data file; `None` where it isn't there, which fails under `CI`.
fn shared(name: &str) -> Option<String> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/gravity");
    let path = Path::new(root).join(name);
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

fn written(name: &str, text: &str) -> String {
    let folder = folder();
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path.display().to_string()
}

thread_local! {
    /// Every test runs on a thread of its own. A folder for each keeps one test from reading a
    /// file that another, in the same process, is just writing.
    static FOLDER: TempDir = tempfile::tempdir().unwrap();
}

fn folder() -> PathBuf {
    FOLDER.with(|folder| folder.path().to_owned())
}

/// The figure of a coefficient of a model, by the column of the table.
#[track_caller]
fn figure(answer: &Value, model: usize, term: &str, column: &str) -> f64 {
    let rows = answer["models"][model]["coefficients"].as_array().unwrap();
    let row = rows.iter().find(|row| row["term"] == term);
    row.unwrap_or_else(|| panic!("no {term} in {rows:?}"))[column]
        .as_f64()
        .unwrap()
}

#[track_caller]
fn near(got: f64, published: f64, digits: i32) {
    let half = 0.5001 * 10_f64.powi(-digits);
    assert!((got - published).abs() <= half, "{got}, not {published}");
}

const GUIDE_YEARS: &str = "year in {1986..2006 by 4}";

#[test]
fn the_guides_traditional_gravity_in_two_estimators() {
    let Some(file) = shared("agtpa.parquet") else {
        return;
    };
    let condition = format!("{GUIDE_YEARS} and exporter != importer");
    let formula = "trade_musd ~ log(dist_km) + cntg + lang + clny | exporter^year + importer^year";
    let answer = json(&[
        &file,
        "--formula",
        formula,
        "--cluster",
        "pair_id",
        "--where",
        &condition,
        "--estimator",
        "ppml,log-linear",
    ]);
    for (term, estimate, error) in [
        ("log(dist_km)", -0.841, 0.032),
        ("cntg", 0.437, 0.083),
        ("lang", 0.247, 0.077),
        ("clny", -0.222, 0.116),
    ] {
        near(figure(&answer, 0, term, "estimate"), estimate, 3);
        near(figure(&answer, 0, term, "standard_error"), error, 3);
    }
    assert_eq!(answer["models"][0]["observations"], 28_152);
    near(figure(&answer, 1, "log(dist_km)", "estimate"), -1.216, 3);
    near(
        figure(&answer, 1, "log(dist_km)", "standard_error"),
        0.038,
        3,
    );
    assert_eq!(answer["models"][1]["observations"], 25_689);
    assert!(
        answer["models"][0]["certificate"]["score"]
            .as_f64()
            .unwrap()
            <= 1e-9
    );
}

/// The four columns of the guide's table of agreements, the last with borders by year.
#[test]
fn the_guides_agreements_step_by_step() {
    let Some(file) = shared("agtpa.parquet") else {
        return;
    };
    let formula = "trade_musd ~ rta + csw0(rta_lag4 + rta_lag8 + rta_lag12, \
                   i(year, I_border, ref = 2006)) | exporter^year + importer^year + pair_id";
    // The border is computed, so that it is written as a product.
    let formula = formula.replace(
        "i(year, I_border, ref = 2006)",
        "I(exporter != importer):i(year, ref = 2006)",
    );
    let answer = json(&[
        &file,
        "-f",
        &formula,
        "--cluster",
        "pair_id",
        "--where",
        GUIDE_YEARS,
    ]);
    near(figure(&answer, 0, "rta", "estimate"), 0.557, 3);
    near(figure(&answer, 0, "rta", "standard_error"), 0.102, 3);
    assert_eq!(answer["models"][0]["observations"], 28_482);
    let lags = ["rta", "rta_lag4", "rta_lag8", "rta_lag12"];
    for (name, estimate) in lags.iter().zip([0.291, 0.414, 0.169, 0.119]) {
        near(figure(&answer, 1, name, "estimate"), estimate, 3);
    }
    for (name, estimate) in lags.iter().zip([0.1157, 0.2877, 0.0693, 0.0024]) {
        near(figure(&answer, 2, name, "estimate"), estimate, 4);
    }
    let borders = [-0.7056, -0.4803, -0.3665, -0.1581, -0.1409];
    for (year, estimate) in (1986..).step_by(4).zip(borders) {
        let name = format!("I(exporter != importer):year::{year}");
        near(figure(&answer, 2, &name, "estimate"), estimate, 4);
    }
}

#[test]
fn both_conventions_by_name() {
    let Some(file) = shared("fixest_trade.csv") else {
        return;
    };
    let formula = "euros ~ log(dist_km) | origin + destination + product + year";
    let answer = json(&[
        &file,
        "-f",
        formula,
        "--cluster",
        "origin",
        "--small-sample",
        "fixest,ppmlhdfe",
    ]);
    near(figure(&answer, 0, "log(dist_km)", "estimate"), -1.52787, 5);
    near(
        figure(&answer, 0, "log(dist_km)", "standard_error"),
        0.115_678,
        6,
    );
    assert_eq!(answer["models"][0]["observations"], 38_325);
    let ratio = figure(&answer, 1, "log(dist_km)", "standard_error") / 0.115_678;
    assert!((0.99..1.0).contains(&ratio), "{ratio}");
}

#[test]
fn three_way_figures_and_their_bias() {
    let (Some(example), Some(bias)) = (
        shared("ppmlhdfe_example_trade_fta.parquet"),
        shared("ppml_fe_bias_example.parquet"),
    ) else {
        return;
    };
    let formula = "trade ~ fta | exporter^year + importer^year + exporter^importer";
    let pairs = "exporter^importer";
    let total = json(&[
        &example,
        "-f",
        formula,
        "--cluster",
        pairs,
        "--where",
        "category == 'TOTAL'",
    ]);
    near(figure(&total, 0, "fta", "estimate"), 0.192_445_5, 7);
    near(figure(&total, 0, "fta", "standard_error"), 0.041_952_7, 7);
    let model = &total["models"][0];
    assert_eq!(model["observations"], 5_950);
    near(model["deviance"].as_f64().unwrap(), 377_332_502.3, 1);
    near(model["log_likelihood"].as_f64().unwrap(), -188_710_931.7, 1);
    let manuf = json(&[
        &bias,
        "-f",
        formula,
        "--cluster",
        pairs,
        "--where",
        "category == 'MANUF'",
        "--bias-correction",
    ]);
    near(figure(&manuf, 0, "fta", "estimate"), 0.178_029_0, 7);
    near(figure(&manuf, 0, "fta", "standard_error"), 0.035_007_9, 7);
    near(figure(&manuf, 0, "fta", "corrected"), 0.170_372_2, 7);
    near(figure(&manuf, 0, "fta", "corrected_error"), 0.041_955_9, 7);
    near(
        manuf["models"][0]["bias_correction"]["bias"][0]
            .as_f64()
            .unwrap(),
        0.007_656_8,
        7,
    );
}

/// Chapter 2 of the guide, application 1: its coefficients, and its change of exports when
/// borders are gone and incomes stay.
#[test]
fn the_guides_world_without_borders() {
    let Some(file) = shared("guide_ch2_app1.parquet") else {
        return;
    };
    let border = "I(exporter != importer)";
    let formula = format!("trade_musd ~ log(dist_km) + cntg + {border} | exporter + importer");
    let gone = format!("{border} = 0");
    let answer = json(&[
        &file,
        "-f",
        &formula,
        "--where",
        "year == 2006",
        "--counterfactual",
        &gone,
        "--elasticity",
        "6",
    ]);
    near(
        figure(&answer, 0, "log(dist_km)", "estimate"),
        -0.791_287_9,
        7,
    );
    near(figure(&answer, 0, "cntg", "estimate"), 0.673_645_6, 7);
    near(figure(&answer, 0, border, "estimate"), -2.474_450, 6);
    let rows = answer["other_world"]["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 69);
    for (economy, published) in [
        ("DEU", 133.3886),
        ("USA", 359.9808),
        ("CHN", 175.4964),
        ("TUR", 113.0632),
    ] {
        let row = rows.iter().find(|row| row["economy"] == economy).unwrap();
        let change = row["exports_conditional_pct"].as_f64().unwrap();
        assert!((change - published).abs() < 5e-4, "{economy}: {change}");
        let income = row["real_income_pct"].as_f64().unwrap();
        assert!(income > 0.0, "{economy}: {income}");
    }
}

#[test]
fn another_world_needs_what_it_is_made_of() {
    let file = panel();
    let cross = "trade ~ rta | exporter + importer";
    let asked = |change: &'static str| ["--counterfactual", change, "--elasticity", "5"];
    let with = |more: &[&str]| -> Vec<String> {
        let start = [file.as_str(), "-f", cross];
        start.iter().chain(more).map(ToString::to_string).collect()
    };
    let refused = |more: &[&str], words: &str| {
        let arguments = with(more);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        mistake(&arguments, words);
    };
    refused(
        &asked("rta = 0"),
        "the panel has 5 periods: name one with --period",
    );
    refused(&asked("rta"), "is no change of a regressor");
    refused(
        &[&asked("rat = 0")[..], &["--period", "2004"]].concat(),
        "`rat` is not among",
    );
    refused(
        &[&asked("rta = 1")[..], &["--period", "2004"]].concat(),
        "domestic factor",
    );
    let world = with(
        &[
            &asked("rta = rta * (exporter == importer)")[..],
            &["--period", "2004"],
        ]
        .concat(),
    );
    let world: Vec<&str> = world.iter().map(String::as_str).collect();
    assert!(output(&world).contains("The other world, 2004"));
}

/// Four exporters, four importers, five years; one pair never trades, one row is alone.
fn small() -> String {
    let mut text = String::from("exporter,importer,year,trade,other,rta,zero,region\n");
    let mut seed = 3_u32;
    for i in ["RUS", "BLR", "KAZ", "UKR"] {
        for j in ["RUS", "BLR", "KAZ", "UKR"] {
            for year in (2000..2020).step_by(4) {
                let mut draw = || {
                    seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    f64::from(seed >> 8) / f64::from(1 << 22)
                };
                let trade = if i == "UKR" && j == "KAZ" {
                    0.0
                } else {
                    draw() + 0.1
                };
                let rta = u32::from(draw() > 2.0);
                let other = draw() + 0.2;
                writeln!(text, "{i},{j},{year},{trade},{other},{rta},0,west").unwrap();
            }
        }
    }
    text + "ARM,RUS,2000,1.5,1,1,0,east\n"
}

fn panel() -> String {
    written("panel.csv", &small())
}

const FORMULA: &str = "trade ~ rta | exporter^importer + year | exporter^importer";

#[test]
fn what_is_left_out_is_said_by_name() {
    let file = panel();
    let formula = "trade ~ rta + zero | exporter^importer + year | exporter^importer";
    let text = output(&[&file, "-f", formula]);
    for words in [
        "1 row, the only ones of their exporter^importer: ARM^RUS",
        "5 rows of exporter^importer in which trade is always zero: UKR^KAZ",
        "Left out as collinear with the fixed effects and the regressors before: zero",
        "75 of 81 rows",
        "clustered by exporter^importer (15)",
        "Certificate: projected score",
        "Log-likelihood",
    ] {
        let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(flat.contains(words), "{words}: {text}");
    }
    let answer = json(&[&file, "-f", formula]);
    let model = &answer["models"][0];
    assert_eq!(model["collinear"][0], "zero");
    assert_eq!(model["dropped"][1]["levels"][0], "UKR^KAZ");
}

#[test]
fn several_outcomes_stand_side_by_side_in_every_format() {
    let file = panel();
    let formula = "c(trade, other) ~ rta | exporter^importer + year | exporter^importer";
    let text = output(&[&file, "-f", formula, "--stars"]);
    assert!(
        text.contains("(1)") && text.contains("(2)") && text.contains("other"),
        "{text}"
    );
    assert!(text.contains("Effects: year"), "{text}");
    let latex = output(&[&file, "-f", formula, "--format", "latex"]);
    assert!(latex.contains("\\begin{tabular}{lcc}"), "{latex}");
    assert!(
        latex.contains("Effects: exporter\\textasciicircum{}importer & 15 & 16 \\\\"),
        "{latex}"
    );
    let csv = output(&[&file, "-f", formula, "--format", "csv"]);
    let mut lines = csv.lines();
    assert!(
        lines
            .next()
            .unwrap()
            .starts_with("model,outcome,estimator,observations,term,estimate")
    );
    assert!(
        lines.next().unwrap().starts_with("1,trade,ppml,75,rta,"),
        "{csv}"
    );
    assert!(
        lines.next().unwrap().starts_with("2,other,ppml,80,rta,"),
        "{csv}"
    );
    // The same as one after the other.
    let answer = json(&[&file, "-f", formula]);
    let alone = json(&[&file, "-f", &FORMULA.replace("trade", "other")]);
    let gap = figure(&answer, 1, "rta", "estimate") - figure(&alone, 0, "rta", "estimate");
    assert!(gap.abs() < 1e-9, "{gap}");
}

#[test]
fn the_same_input_gives_the_same_bytes_on_any_number_of_threads() {
    let file = panel();
    let arguments = [
        file.as_str(),
        "-f",
        FORMULA,
        "--bootstrap",
        "block",
        "--draws",
        "20",
        "--seed",
        "7",
        "--json",
    ];
    let on = |threads: &str| {
        let assert = acquis(&arguments)
            .env("RAYON_NUM_THREADS", threads)
            .assert()
            .success();
        assert.get_output().stdout.clone()
    };
    assert_eq!(on("1"), on("3"));
}

#[test]
fn bootstrap_tests_and_effects_come_along() {
    let file = panel();
    let effects = folder().join("effects.csv").display().to_string();
    let text = output(&[
        &file,
        "-f",
        FORMULA,
        "--bootstrap",
        "wild",
        "--draws",
        "99",
        "--test",
        "rta",
        "--fixed-effects",
        &effects,
    ]);
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        flat.contains("Bootstrap of the signs of the scores: 99 draws from seed 1"),
        "{text}"
    );
    assert!(
        flat.contains("Test that rta are zero together: \u{3c7}\u{b2}(1) ="),
        "{text}"
    );
    let written = std::fs::read_to_string(&effects).unwrap();
    assert!(
        written.starts_with("model,effect,slope,level,estimate,rows\n"),
        "{written}"
    );
    assert_eq!(written.lines().count(), 1 + 15 + 5);
}

#[test]
fn resistances_are_one_at_the_reference() {
    let file = panel();
    let resistances = folder().join("resistances.csv").display().to_string();
    let formula = "trade ~ rta | exporter^year + importer^year";
    output(&[
        &file,
        "-f",
        formula,
        "--where",
        "exporter != 'ARM'",
        "--resistances",
        &resistances,
        "--reference",
        "BLR",
    ]);
    let written = std::fs::read_to_string(&resistances).unwrap();
    let at: Vec<&str> = written
        .lines()
        .filter(|line| line.contains(",BLR,"))
        .collect();
    assert_eq!(at.len(), 5, "{written}");
    for line in at {
        let inward: f64 = line.rsplit(',').next().unwrap().parse().unwrap();
        assert!((inward - 1.0).abs() < 1e-9, "{line}");
    }
}

#[test]
fn stages_are_joined_said_and_written_for_a_scenario() {
    let file = panel();
    let effects = folder().join("stages.toml").display().to_string();
    let formula = "trade ~ stages | exporter^importer + year | exporter^importer";
    let text = output(&[
        &file,
        "-f",
        formula,
        "--stages",
        "post-soviet@in-force",
        "--out",
        &effects,
        "--where",
        "exporter != importer",
    ]);
    assert!(
        text.starts_with("Stages in force on 07-01 of each year"),
        "{text}"
    );
    assert!(text.contains("No pair of the panel has:"), "{text}");
    let written = std::fs::read_to_string(&effects).unwrap();
    assert!(
        written.contains("[effects]\n") && written.contains("[[not_estimated]]"),
        "{written}"
    );
    assert!(written.contains("grade = \"in_force\""), "{written}");
    let scenario = written_scenario();
    let mut run = Command::cargo_bin("acquis").unwrap();
    let out = folder().join("out").display().to_string();
    let assert = run
        .args(["run", &scenario, "--out", &out])
        .assert()
        .success();
    let said = String::from_utf8(assert.get_output().stdout.clone()).unwrap();
    assert!(said.contains("Real income over 30 draws"), "{said}");
    assert!(said.contains("Estimated from panel.csv"), "{said}");
}

fn written_scenario() -> String {
    written(
        "reform.toml",
        "title = \"Test\"\n[base]\npack = \"post-soviet\"\ndate = \"2016-12-31\"\n\
         economy = \"post-soviet-2016\"\ngrade = \"in_force\"\n\
         [effects]\nfile = \"stages.toml\"\n[uncertainty]\ndraws = 30\n\
         [[act]]\ndo = \"strike\"\ninstitution = \"org:eaeu\"\n",
    )
}

#[test]
fn a_name_that_the_pack_does_not_know_is_counted() {
    let file = written(
        "unknown.csv",
        &small().replace("ARM,RUS,2000", "BRA,RUS,2000"),
    );
    let formula = "trade ~ stages | exporter^importer + year";
    let text = output(&[&file, "-f", formula, "--stages", "post-soviet"]);
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        flat.contains("The pack doesn't know 1 of the panel's names: BRA (1). The 1 rows (of 81)"),
        "{text}"
    );
}

#[test]
fn bad_input_is_one_clear_sentence() {
    let file = panel();
    let with = |text: &str| written("bad.csv", text);
    mistake(
        &[&file, "-f", "trade ~ rtaa | year"],
        "unknown column `rtaa`: did you mean `rta`?",
    );
    mistake(&[&file, "-f", "trade ~ rta | year |"], "column 21 of");
    mistake(
        &[&file, "-f", "trade ~ rta", "--cluster", "region^"],
        "expected the name of a column",
    );
    mistake(
        &[
            &with(&small().replacen("RUS,RUS,2000,", "RUS,RUS,2000,-", 1)),
            "-f",
            FORMULA,
        ],
        "(1 such rows): it must not be negative",
    );
    mistake(
        &[
            &with(&small().replacen("RUS,RUS,2000,", "RUS,RUS,2000,much", 1)),
            "-f",
            FORMULA,
        ],
        "line 2, column 4 (`trade`): `much",
    );
    mistake(
        &[
            &file,
            "-f",
            "trade ~ rta | year",
            "--cluster",
            "region",
            "--where",
            "region == 'west'",
        ],
        "clustering by `region` leaves 1 cluster",
    );
    mistake(
        &[&file, "-f", FORMULA, "--where", "year > 2050"],
        "no row of the panel has year > 2050",
    );
    mistake(
        &[&file, "-f", FORMULA, "--where", "region == 'wst'"],
        "did you mean `west`?",
    );
    mistake(
        &[&file, "-f", FORMULA, "--stages", "post-soviet@works"],
        "is not a grade",
    );
    mistake(
        &[
            &file,
            "-f",
            "trade ~ customs_union_lag1 | year",
            "--stages",
            "post-soviet",
        ],
        "no pair of the panel",
    );
    mistake(&["absent.csv", "-f", FORMULA], "absent.csv");
    mistake(
        &[&file, "-f", FORMULA, "--test", "rta, rat"],
        "`rat` is not among the coefficients",
    );
    let other = with("a,b,year,trade\nRUS,BLR,2000,1\n");
    mistake(
        &[
            &other,
            "-f",
            "trade ~ stages | year",
            "--stages",
            "post-soviet",
        ],
        "no column is evidently the exporter: name it with --exporter",
    );
    let empty = folder().join("not-written.toml");
    let out = empty.display().to_string();
    let args = [
        "-f",
        "trade ~ rta | year",
        "--stages",
        "post-soviet",
        "--out",
        &out,
    ];
    mistake(
        &[&[file.as_str()], &args[..]].concat(),
        "no stage has an estimate",
    );
    assert!(!empty.exists());
}

/// A missing value, an effect with one level and a regressor of zeros are no mistakes: what is
/// left out is said.
#[test]
fn what_can_be_left_out_is_left_out() {
    let file = written("missing.csv", &small().replacen(",west", ",", 3));
    let formula = "trade ~ rta + zero | region + exporter^importer + year";
    let answer = json(&[&file, "-f", formula]);
    let dropped = answer["models"][0]["dropped"].as_array().unwrap();
    assert_eq!(dropped[0]["reason"], "missing");
    assert_eq!(
        (&dropped[0]["name"], &dropped[0]["rows"]),
        (&"region".into(), &3.into())
    );
    assert_eq!(answer["models"][0]["fixed_effects"]["region"], 1);
    assert_eq!(answer["models"][0]["collinear"][0], "zero");
}
