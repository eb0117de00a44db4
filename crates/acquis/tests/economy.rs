//! `acquis economy`: what each command answers, what it writes, and how it fails.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failure here is a failed test"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use serde_json::Value;
use tempfile::TempDir;

/// A folder of its own with the program in it.
struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    fn run(&self, arguments: &[&str]) -> Output {
        std::process::Command::new(env!("CARGO_BIN_EXE_acquis"))
            .args(arguments)
            .current_dir(self.0.path())
            .output()
            .unwrap()
    }

    /// Standard output of a command that must succeed in silence.
    #[track_caller]
    fn answer(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let errors = String::from_utf8(output.stderr).unwrap();
        assert_eq!(
            (output.status.code(), errors.as_str()),
            (Some(0), ""),
            "{arguments:?}"
        );
        String::from_utf8(output.stdout).unwrap()
    }

    #[track_caller]
    fn json(&self, arguments: &[&str]) -> Value {
        serde_json::from_str(&self.answer(&[arguments, &["--json"]].concat())).unwrap()
    }

    /// Standard error of a command that must fail with the status of a mistake.
    #[track_caller]
    fn mistake(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let errors = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {errors}");
        assert_eq!(output.stdout, b"", "{arguments:?}");
        // The frame of a message may break it anywhere.
        let words = errors.replace('│', " ");
        words.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// A path of the repository as an argument.
fn repository(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    root.join(path).display().to_string()
}

const TRADE: &str = "\
exporter,importer,sector,value,tariff
AAA,AAA,x,100,
AAA,BBB,x,10,0.05
BBB,AAA,x,5,0.1
BBB,BBB,x,80,
AAA,AAA,y,50,
BBB,BBB,y,40,
";

const LONG: [&str; 9] = [
    "economy",
    "import",
    "long",
    "trade.csv",
    "--year",
    "2000",
    "--unit",
    "million USD",
    "--absent-is-zero",
];

fn imported() -> Desk {
    let desk = Desk::new();
    desk.write("trade.csv", TRADE);
    desk.answer(&[&LONG[..], &["--out", "tiny.parquet", "--id", "tiny"]].concat());
    desk
}

/// The rows of a table in JSON.
fn rows(table: &Value) -> &Vec<Value> {
    table["rows"]
        .as_array()
        .unwrap_or_else(|| panic!("{table}"))
}

#[test]
fn list_names_those_built_in_and_those_of_a_folder() {
    let desk = imported();
    let table = desk.json(&["economy", "list"]);
    let ids: Vec<&str> = rows(&table)
        .iter()
        .map(|row| row["id"].as_str().unwrap())
        .collect();
    let built_in = [
        "post-soviet-2004",
        "post-soviet-2012",
        "post-soviet-2016",
        "post-soviet-2019",
    ];
    assert_eq!(ids, built_in);
    assert_eq!(rows(&table)[3]["countries"], 25);
    assert_eq!(rows(&table)[3]["sectors"], 13);
    // Files that are no economies are passed over.
    desk.write("scenario.toml", SCENARIO);
    desk.write("other.parquet", "no Parquet at all");
    let table = desk.json(&["economy", "list", "."]);
    assert_eq!(rows(&table).len(), 5);
    assert_eq!(rows(&table)[4]["id"], "tiny");
    assert_eq!(rows(&table)[4]["unit"], "million USD");
    assert!(
        desk.mistake(&["economy", "list", "nowhere"])
            .contains("can't read nowhere")
    );
}

#[test]
fn import_writes_one_file_that_check_reads() {
    let desk = imported();
    let answer = desk.answer(&[&LONG[..], &["--out", "again.parquet"]].concat());
    assert!(answer.contains("again.parquet: 2000, 2 economies, 2 sectors, in million USD."));
    assert!(answer.contains("Nothing was repaired."));
    let table = desk.json(&["economy", "check", "tiny.parquet"]);
    for row in rows(&table) {
        assert_eq!(row["holds"], Value::Bool(true), "{row}");
    }
    assert!(
        rows(&table)
            .iter()
            .any(|row| row["rule"] == "deficits add up to zero")
    );
    // The same input gives the same bytes.
    desk.answer(&[&LONG[..], &["--out", "third.parquet"]].concat());
    let bytes = |name: &str| fs::read(desk.path(name)).unwrap();
    assert_eq!(bytes("again.parquet"), bytes("third.parquet"));
}

#[test]
fn check_takes_a_name_a_manifest_and_an_economy_file() {
    let desk = imported();
    let manifest = repository("economies/post-soviet-2019.toml");
    let table = desk.json(&["economy", "check", &manifest]);
    assert_eq!(table, desk.json(&["economy", "check", "post-soviet-2019"]));
    let home = rows(&table)
        .iter()
        .find(|row| row["rule"] == "home sales bear no tariff");
    // The note on the data: seven regions, at most 0.46 %.
    let worst = home.unwrap()["off_by_share"].as_f64().unwrap();
    assert!((worst - 0.0046).abs() < 5e-5, "{worst}");
    let shown = desk.answer(&["economy", "check", "post-soviet-2016"]);
    assert!(shown.contains("Trade among 36 economies, 2016"));
}

#[test]
fn aggregate_writes_the_coarser_economy() {
    let desk = imported();
    desk.write(
        "countries.csv",
        "from,to,to_name\nAAA,U,The union\nBBB,U,The union\n",
    );
    let arguments = [
        "economy",
        "aggregate",
        "tiny.parquet",
        "--countries",
        "countries.csv",
        "--out",
        "union.parquet",
        "--title",
        "A union",
    ];
    let answer = desk.answer(&arguments);
    assert!(answer.contains("union.parquet: 2000, 1 economies, 2 sectors, in million USD."));
    let table = desk.json(&["economy", "list", "."]);
    let union = rows(&table)
        .iter()
        .find(|row| row["title"] == "A union")
        .unwrap();
    assert_eq!(
        (&union["countries"], &union["sectors"]),
        (&1.into(), &2.into())
    );
    desk.write("countries.csv", "from,to\nAAA,U\nBBC,U\n");
    let said = desk.mistake(&arguments);
    assert!(
        said.contains("no country \"BBC\"") && said.contains("countries.csv:3:1"),
        "{said}"
    );
    let neither = ["economy", "aggregate", "tiny.parquet", "--out", "x.parquet"];
    assert_eq!(desk.run(&neither).status.code(), Some(2));
}

#[test]
fn repairs_are_shown_and_written() {
    let desk = Desk::new();
    let data = repository("../shared/data/equilibrium");
    if !Path::new(&data).exists() {
        assert!(std::env::var_os("CI").is_none(), "{data} is missing");
        println!("skipped: {data} is not there");
        return;
    }
    let arguments = [
        "economy",
        "import",
        "baci-matrix",
        &format!("{data}/liberation_day_194.parquet"),
        &format!("{data}/liberation_day_194_countries.csv"),
        "--out",
        "baci.parquet",
        "--repairs",
        "repairs.csv",
    ];
    let answer = desk.answer(&arguments);
    assert!(answer.contains("GMB") && answer.contains("MHL"), "{answer}");
    let written = fs::read_to_string(desk.path("repairs.csv")).unwrap();
    assert!(
        written.starts_with("country,partner,sector,what,from,to\nGMB,"),
        "{written}"
    );
    assert_eq!(rows(&desk.json(&arguments)).len(), 2);
}

#[test]
fn a_mistake_points_at_its_place_and_leaves_nothing_behind() {
    let desk = Desk::new();
    let arguments = [&LONG[..], &["--out", "tiny.parquet"]].concat();
    for (from, to, message, place) in [
        (
            "x,10,0.05",
            "x,ten,0.05",
            "the trade from AAA to BBB is \"ten\"",
            "trade.csv:3:11",
        ),
        ("x,10,0.05", "x,-10,0.05", "is \"-10\"", "trade.csv:3:11"),
        (
            "x,10,0.05",
            "x,10,-1",
            "\"-1\" is not a fraction above -1",
            "trade.csv:3:14",
        ),
        (
            "BBB,BBB,y",
            "AAA,AAA,y",
            "a second figure for AAA to AAA in y",
            "trade.csv:7:1",
        ),
        (
            "importer",
            "buyer",
            "the table has no column \"importer\"",
            "trade.csv:1:1",
        ),
    ] {
        assert_eq!(TRADE.matches(from).count(), 1, "{from:?}");
        desk.write("trade.csv", &TRADE.replace(from, to));
        let said = desk.mistake(&arguments);
        assert!(said.contains(message) && said.contains(place), "{said}");
        assert!(!desk.path("tiny.parquet").exists());
    }
    desk.write("trade.csv", TRADE);
    let strict = &arguments[..8];
    let said = desk.mistake(&[strict, &["--out", "tiny.parquet"]].concat());
    assert!(said.contains("2 of 8 figures are missing"), "{said}");
    let said = desk.mistake(&[&LONG[..4], &["--out", "tiny.parquet"]].concat());
    assert!(
        said.contains("year: trade.csv has no column \"year\""),
        "{said}"
    );
    assert_eq!(fs::read_dir(desk.0.path()).unwrap().count(), 1);
}

#[test]
fn an_economy_that_is_not_there() {
    let desk = imported();
    let said = desk.mistake(&["economy", "check", "post-sovjet-2019"]);
    assert!(said.contains("did you mean \"post-"), "{said}");
    let said = desk.mistake(&["economy", "check", "nowhere.parquet"]);
    assert!(said.contains("can't read nowhere.parquet"), "{said}");
    let said = desk.mistake(&["economy", "check", "trade.csv"]);
    assert!(said.contains("trade.csv"), "{said}");
}

const SCENARIO: &str = r#"
title = "A trial"
[base]
date = "2016-06-01"
economy = "NAME"
[[act]]
do = "add"
institution = "org:eaeu"
act = "accession"
who = ["UZB"]
on = "2016-01-01"
"#;

const LEAVES: &str = r#"
title = "Kazakhstan leaves"
[base]
date = "2019-06-01"
economy = "post-soviet-2019"
grade = "functioning"
[[act]]
do = "strike"
institution = "org:eaeu"
[uncertainty]
draws = 4
elasticity_error = 0.1
"#;

#[test]
fn a_scenario_runs_in_the_sectors_of_its_economy() {
    let desk = Desk::new();
    desk.write("leaves.toml", LEAVES);
    let said = desk.answer(&["run", "leaves.toml"]);
    for heading in ["Where real income comes from", "Real income over 4 draws"] {
        assert!(said.contains(heading), "{said}");
    }
    for name in [
        "results",
        "welfare",
        "origins",
        "public-income",
        "sectors",
        "trade",
        "quantiles",
    ] {
        for ending in ["csv", "parquet"] {
            let file = desk.path(&format!("out/leaves/{name}.{ending}"));
            assert!(file.metadata().unwrap().len() > 0, "{}", file.display());
        }
    }
    let certificate = fs::read_to_string(desk.path("out/leaves/certificate.json")).unwrap();
    let certificate: Value = serde_json::from_str(&certificate).unwrap();
    let residual = &certificate["variants"][0]["residual"];
    assert!(residual.as_f64().unwrap() <= 1e-12, "{certificate}");
}

#[test]
fn instruments_of_many_sectors_are_refused_with_one() {
    let desk = Desk::new();
    let scenario = SCENARIO.replace("NAME", "post-soviet-2016");
    desk.write(
        "trial.toml",
        &format!("{scenario}[labour]\nelasticity = 1\n"),
    );
    let said = desk.mistake(&["run", "trial.toml"]);
    let message = "labour that moves needs sectors, and post-soviet-2016 has one";
    assert!(said.contains(message), "{said}");
    assert!(said.contains("trial.toml:5:11"), "{said}");
}

#[test]
fn a_scenario_runs_on_an_economy_file() {
    let desk = Desk::new();
    let manifest = repository("economies/post-soviet-2016.toml");
    let countries = repository("economies/compact/trade_one_sector_2016.csv");
    let codes: std::collections::BTreeSet<String> = fs::read_to_string(countries)
        .unwrap()
        .lines()
        .skip(1)
        .map(|line| line.split(',').next().unwrap().to_owned())
        .collect();
    let same: Vec<String> = codes.iter().map(|code| format!("{code},{code}")).collect();
    desk.write("same.csv", &format!("from,to\n{}\n", same.join("\n")));
    let arguments = ["economy", "aggregate", &manifest, "--countries", "same.csv"];
    desk.answer(&[&arguments[..], &["--out", "same.parquet"]].concat());
    desk.write("trial.toml", &SCENARIO.replace("NAME", "same.parquet"));
    let file = desk.json(&["run", "trial.toml"]);
    desk.write("trial.toml", &SCENARIO.replace("NAME", "post-soviet-2016"));
    let named = desk.json(&["run", "trial.toml"]);
    let uzbekistan = |outcome: &Value| {
        let found = rows(&outcome["tables"]["results"])
            .iter()
            .find(|row| row["state"] == "UZB");
        found.unwrap()["real_income_change_pct"].as_f64().unwrap()
    };
    assert!((uzbekistan(&file) - uzbekistan(&named)).abs() < 1e-9);
}
