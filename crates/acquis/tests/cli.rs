//! The program as a user meets it: what each command answers, what it writes, and how it
//! fails. Nothing here looks at the layout of a table.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failure here is a failed test"
)]

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use parquet::file::reader::{FileReader as _, SerializedFileReader};
use serde_json::Value;
use tempfile::TempDir;

/// A folder of its own with the program in it.
struct Desk {
    folder: TempDir,
}

impl Desk {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// Replaces a text that stands once in a file.
    #[track_caller]
    fn change(&self, name: &str, from: &str, to: &str) {
        let text = self.read(name);
        assert_eq!(
            text.matches(from).count(),
            1,
            "{from:?} must stand once in {name}"
        );
        fs::write(self.path(name), text.replace(from, to)).unwrap();
    }

    fn command(&self, arguments: &[&str]) -> std::process::Command {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_acquis"));
        command.args(arguments).current_dir(self.folder.path());
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Standard output of a command that must succeed in silence.
    #[track_caller]
    fn answer(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let errors = text(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {errors}");
        assert_eq!(errors, "", "{arguments:?}");
        text(&output.stdout)
    }

    #[track_caller]
    fn json(&self, arguments: &[&str]) -> Value {
        let answer = self.answer(&[arguments, &["--json"]].concat());
        serde_json::from_str(&answer).unwrap_or_else(|error| panic!("{arguments:?}: {error}"))
    }

    /// Standard error of a command that must fail as a mistake does: exit status 2, one
    /// error, nothing on standard output, and nothing written.
    #[track_caller]
    fn mistake(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let errors = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {errors}");
        assert_eq!(text(&output.stdout), "", "{arguments:?}");
        assert!(!errors.contains("panicked"), "{errors}");
        assert!(!errors.is_empty(), "{arguments:?}");
        assert!(
            !self.path("out").exists(),
            "{arguments:?} left something under out"
        );
        errors
    }

    /// The same for a mistake with a code: it is the only one, and it shows these texts.
    #[track_caller]
    fn mistake_with_code(&self, arguments: &[&str], code: &str, parts: &[&str]) {
        let errors = self.mistake(arguments);
        assert_eq!(codes(&errors), [code], "{errors}");
        for part in parts {
            assert!(errors.contains(part), "{part:?} is not in\n{errors}");
        }
    }

    /// Every file below a folder with its bytes.
    fn files(&self, name: &str) -> BTreeMap<String, Vec<u8>> {
        let mut files = BTreeMap::new();
        let mut folders = vec![self.path(name)];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let name = path.strip_prefix(self.path(name)).unwrap();
                    files.insert(name.display().to_string(), fs::read(&path).unwrap());
                }
            }
        }
        files
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// The codes of rules, `A01` to `A99`, that stand as words in a text.
fn codes(text: &str) -> Vec<String> {
    text.split(|letter: char| !letter.is_ascii_alphanumeric())
        .filter(|word| {
            word.len() == 3
                && word.starts_with('A')
                && word[1..].bytes().all(|byte| byte.is_ascii_digit())
        })
        .map(str::to_owned)
        .collect()
}

/// Records of a table of comma-separated values (RFC 4180).
fn csv_records(text: &str) -> Vec<Vec<String>> {
    let mut records = vec![vec![String::new()]];
    let mut quoted = false;
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let record = records.last_mut().unwrap();
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                record.last_mut().unwrap().push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => record.push(String::new()),
            '\n' if !quoted => records.push(vec![String::new()]),
            '\r' if !quoted => {}
            _ => record.last_mut().unwrap().push(letter),
        }
    }
    assert!(!quoted, "a quote is not closed");
    assert_eq!(records.pop().unwrap(), [""], "a table ends with a line end");
    records
}

#[track_caller]
fn table(text: &str) -> Vec<Vec<String>> {
    let records = csv_records(text);
    assert!(records.len() > 1, "a table has a header and rows");
    for record in &records {
        assert_eq!(record.len(), records[0].len(), "{record:?}");
    }
    records
}

/// Names of the columns and number of rows.
fn parquet_shape(path: &Path) -> (Vec<String>, usize) {
    let reader = SerializedFileReader::new(fs::File::open(path).unwrap()).unwrap();
    let columns = reader
        .metadata()
        .file_metadata()
        .schema_descr()
        .columns()
        .iter()
        .map(|column| column.name().to_owned())
        .collect();
    let rows = reader
        .get_row_iter(None)
        .unwrap()
        .map(Result::unwrap)
        .count();
    (columns, rows)
}

/// Every number under a key, anywhere in a value.
fn numbers<'v>(value: &'v Value, key: &str) -> Vec<f64> {
    let inner: Vec<&'v Value> = match value {
        Value::Array(items) => items.iter().collect(),
        Value::Object(entries) => entries.values().collect(),
        _ => Vec::new(),
    };
    let own = value.get(key).and_then(Value::as_f64);
    own.into_iter()
        .chain(inner.into_iter().flat_map(|value| numbers(value, key)))
        .collect()
}

const SHIPPED: [&str; 3] = [
    "single-economic-space-2004",
    "customs-union-2012",
    "ukraine-chooses-2012",
];

// Queries

#[test]
fn a_state_on_a_day() {
    let desk = Desk::new();
    let arguments = ["state", "UZB", "--on", "2008-11-01"];
    let answer = desk.answer(&arguments);
    for part in ["CSTO", "GUAM", "2008-11-01"] {
        assert!(answer.contains(part), "{part} is not in\n{answer}");
    }
    assert_eq!(
        desk.answer(&["state", "uzbekistan", "--on", "2008-11-01"]),
        answer
    );
    let json = desk.json(&arguments);
    let standings = json["standings"].as_array().unwrap();
    let in_csto = standings
        .iter()
        .find(|standing| standing["institution"] == "org:csto")
        .unwrap();
    assert_eq!(in_csto["standing"], "member");
    let why = desk.answer(&[&arguments[..], &["--why"]].concat());
    assert!(why.len() > answer.len());
}

#[test]
fn an_organization_on_a_day() {
    let desk = Desk::new();
    let arguments = ["org", "CSTO", "--on", "2000-01-01"];
    let answer = desk.answer(&arguments);
    for code in ["ARM", "BLR", "KAZ", "KGZ", "RUS", "TJK"] {
        assert!(answer.contains(code), "{code} is not in\n{answer}");
    }
    let json = desk.json(&arguments);
    let members: Vec<&str> = json["standings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|standing| standing["standing"] == "member")
        .filter_map(|standing| standing["party"].as_str())
        .collect();
    assert_eq!(members, ["ARM", "BLR", "KAZ", "KGZ", "RUS", "TJK"]);
    desk.answer(&["org", "CSTO", "--on", "2000-01-01", "--why"]);
}

#[test]
fn the_stage_between_two_states_with_its_proof() {
    let desk = Desk::new();
    let arguments = ["between", "RUS", "BLR", "--on", "2004-06-01"];
    let answer = desk.answer(&arguments);
    for part in [
        "signed",
        "in force",
        "functioning",
        "customs union",
        "vinokurov-2005",
    ] {
        assert!(answer.contains(part), "{part} is not in\n{answer}");
    }
    let json = desk.json(&arguments);
    let grades: Vec<(&str, &str)> = json["grades"]
        .as_array()
        .unwrap()
        .iter()
        .map(|grade| {
            (
                grade["grade"].as_str().unwrap(),
                grade["stage"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(grades.len(), 3);
    assert_eq!(grades[2], ("functioning", "customs_union"));
}

#[test]
fn as_known_by_march_2005_nothing_later_is_known() {
    let desk = Desk::new();
    let known = ["--known-by", "2005-03-01"];
    let union = desk.json(
        &[
            &["org", "org:eurasec-customs-union", "--on", "2012-01-01"][..],
            &known,
        ]
        .concat(),
    );
    assert_eq!(union["standings"].as_array().unwrap().len(), 0);
    assert_eq!(union["question"]["known_by"], "2005-03-01");

    let uzbekistan = desk.json(&[&["state", "UZB", "--on", "2007-01-01"][..], &known].concat());
    let standings = uzbekistan["standings"].as_array().unwrap();
    assert!(!standings.is_empty());
    assert!(
        standings
            .iter()
            .all(|standing| standing["institution"] != "org:eurasec")
    );

    let exported = desk.answer(&[&["export", "memberships"][..], &known].concat());
    let records = table(&exported);
    let since = records[0].iter().position(|name| name == "from").unwrap();
    for record in &records[1..] {
        assert_ne!(record[0], "org:eurasec-customs-union");
        // Nobody knew what was still to come, but for what had been announced.
        assert!(record[since].as_str() < "2006", "{record:?}");
    }

    let between =
        desk.json(&[&["between", "RUS", "KAZ", "--on", "2012-07-01"][..], &known].concat());
    assert_eq!(between["grades"][2]["stage"], "none");
}

#[test]
fn a_scenario_can_be_run_as_known_by_a_day() {
    let desk = Desk::new();
    desk.answer(&[
        "run",
        "single-economic-space-2004",
        "--known-by",
        "2005-03-01",
    ]);
    let resolved = desk.read("out/single-economic-space-2004/scenario.json");
    assert!(resolved.contains("2005-03-01"));
}

#[test]
fn a_pack_of_ones_own_answers_queries() {
    let desk = Desk::new();
    desk.answer(&["new", "pack", "mine"]);
    let answer = desk.json(&["org", "org:example", "--pack", "mine", "--on", "1997-01-01"]);
    assert_eq!(answer["standings"].as_array().unwrap().len(), 2);
    desk.mistake_with_code(&["state", "RUS", "--pack", "mine"], "A07", &["\"RUS\""]);
}

#[test]
fn the_pack_built_in_is_in_order() {
    let desk = Desk::new();
    desk.answer(&["check"]);
    let findings = desk.json(&["check"]);
    assert_eq!(findings["findings"].as_array().unwrap().len(), 0);
    let repository = concat!(env!("CARGO_MANIFEST_DIR"), "/../../packs/post-soviet");
    desk.answer(&["check", repository]);
}

// Running

#[test]
fn the_shipped_scenarios_write_what_they_promise() {
    for name in SHIPPED {
        let desk = Desk::new();
        let output = desk.run(&["run", name, "--accept-incompatible"]);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        assert!(!output.stdout.is_empty());
        let folder = format!("out/{name}");
        let written = desk.files(&folder);
        for file in ["report.html", "scenario.json", "certificate.json"] {
            assert!(written.contains_key(file), "{file} is not in {folder}");
        }
        let variants = if name == "ukraine-chooses-2012" { 3 } else { 1 };
        let tables: Vec<&str> = written
            .keys()
            .filter_map(|file| file.strip_suffix(".csv"))
            .collect();
        assert_eq!(tables.len(), 2 * variants, "{tables:?}");
        for file in tables {
            let records = table(&text(&written[&format!("{file}.csv")]));
            let (columns, rows) = parquet_shape(&desk.path(&format!("{folder}/{file}.parquet")));
            assert_eq!(columns, records[0], "{file}");
            assert_eq!(rows, records.len() - 1, "{file}");
        }
        let certificate: Value = serde_json::from_slice(&written["certificate.json"]).unwrap();
        let residuals = numbers(&certificate, "residual");
        assert_eq!(residuals.len(), variants, "{certificate}");
        assert!(
            residuals.iter().all(|residual| *residual < 1e-12),
            "{residuals:?}"
        );
        assert!(numbers(&certificate, "iterations").len() == variants);
        let resolved: Value = serde_json::from_slice(&written["scenario.json"]).unwrap();
        assert!(resolved.is_object());
    }
}

#[test]
fn a_table_of_results_has_every_economy() {
    let desk = Desk::new();
    desk.answer(&["run", "single-economic-space-2004"]);
    let records = table(&desk.read("out/single-economic-space-2004/results.csv"));
    assert_eq!(records.len(), 1 + 36);
    for code in ["RUS", "UKR", "BLR", "KAZ", "ROW"] {
        assert!(
            records
                .iter()
                .any(|record| record.iter().any(|cell| cell == code)),
            "{code}"
        );
    }
}

#[test]
fn a_report_needs_nothing_from_elsewhere() {
    let desk = Desk::new();
    desk.answer(&["run", "single-economic-space-2004"]);
    let report = desk
        .read("out/single-economic-space-2004/report.html")
        .to_lowercase();
    for fetched in [
        "<script src",
        "<link",
        "<iframe",
        "<img",
        "<object",
        "<embed",
        "@import",
        "url(",
        "src=\"http",
        "src='http",
        "src=\"//",
        "xlink:href=\"http",
        "srcset",
    ] {
        assert!(!report.contains(fetched), "{fetched} is in the report");
    }
    assert!(report.contains("<svg"));
    assert!(report.contains("<table"));
    assert!(report.starts_with("<!doctype html>"));
    assert!(report.contains("charset"));
}

#[test]
fn two_runs_give_the_same_bytes() {
    for name in SHIPPED {
        let desk = Desk::new();
        let run = |out: &str| {
            let output = desk.run(&["run", name, "--out", out, "--accept-incompatible", "--json"]);
            assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
            (output.stdout, desk.files(&format!("{out}/{name}")))
        };
        let (first, second) = (run("one"), run("two"));
        assert_eq!(
            first.1.keys().collect::<Vec<_>>(),
            second.1.keys().collect::<Vec<_>>()
        );
        for (file, bytes) in &first.1 {
            assert!(second.1[file] == *bytes, "{name}: {file} differs");
        }
        assert!(first.0 == second.0, "{name}: the JSON differs");
        // Once more over what stands there already.
        assert!(
            run("one").1 == first.1,
            "{name}: a run over its own results differs"
        );
    }
}

#[test]
fn a_run_answers_in_json() {
    let desk = Desk::new();
    let json = desk.json(&["run", "single-economic-space-2004"]);
    assert!(!numbers(&json, "residual").is_empty());
}

#[test]
fn a_refused_variant_has_an_exit_status_of_its_own_and_is_not_computed() {
    let desk = Desk::new();
    let output = desk.run(&["run", "ukraine-chooses-2012"]);
    assert_eq!(output.status.code(), Some(3), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("Refused"));
    let written = desk.files("out/ukraine-chooses-2012");
    assert!(!written.keys().any(|file| file.starts_with("both-results")));
    assert!(written.contains_key("european-union-results.csv"));
    assert!(written.contains_key("customs-union-results.csv"));
}

#[test]
fn a_scenario_of_ones_own() {
    let desk = Desk::new();
    let told = desk.answer(&["new", "scenario", "x"]);
    assert!(told.contains("x.toml"));
    desk.answer(&["run", "x.toml"]);
    assert!(desk.files("out/x").contains_key("report.html"));
    let before = desk.read("x.toml");
    desk.change("x.toml", "title = \"x\"", "title = \"Mine\"");
    let errors = {
        fs::remove_dir_all(desk.path("out")).unwrap();
        desk.mistake(&["new", "scenario", "x"])
    };
    assert!(errors.contains("x.toml"), "{errors}");
    assert_ne!(desk.read("x.toml"), before);
}

#[test]
fn a_pack_of_ones_own_is_in_order_and_is_not_overwritten() {
    let desk = Desk::new();
    desk.answer(&["new", "pack", "p"]);
    desk.answer(&["check", "p"]);
    desk.change("p/states.toml", "First example", "My example");
    let before = desk.files("p");
    desk.mistake(&["new", "pack", "p"]);
    assert!(desk.files("p") == before);
}

#[test]
fn new_things_have_names_that_can_name_files() {
    let desk = Desk::new();
    for name in ["../x", "a/b", "", "a b", "."] {
        for what in ["scenario", "pack"] {
            desk.mistake(&["new", what, name]);
        }
    }
    assert_eq!(fs::read_dir(desk.folder.path()).unwrap().count(), 0);
}

#[test]
fn memberships_as_a_table() {
    let desk = Desk::new();
    let csv = desk.answer(&["export", "memberships", "--format", "csv"]);
    let records = table(&csv);
    desk.answer(&[
        "export",
        "memberships",
        "--format",
        "parquet",
        "--out",
        "m.parquet",
    ]);
    let (columns, rows) = parquet_shape(&desk.path("m.parquet"));
    assert_eq!(columns, records[0]);
    assert_eq!(rows, records.len() - 1);
    desk.answer(&["export", "memberships", "--out", "m.csv"]);
    assert_eq!(desk.read("m.csv"), csv);
    desk.json(&["export", "memberships"]);
    let column = |name: &str| records[0].iter().position(|found| found == name).unwrap();
    let (from, until) = (column("from"), column("until"));
    for record in &records[1..] {
        assert!(
            record[until].is_empty() || record[from] < record[until],
            "{record:?}"
        );
    }
    desk.mistake(&["export", "memberships", "--out", "no-such-folder/m.csv"]);
    assert!(!desk.path("no-such-folder").exists());
}

#[test]
fn completions_and_manual_pages() {
    let desk = Desk::new();
    for shell in ["bash", "zsh", "fish"] {
        assert!(desk.answer(&["completions", shell]).contains("acquis"));
    }
    desk.answer(&["man", "--out", "pages"]);
    let pages = desk.files("pages");
    assert!(pages.contains_key("acquis.1"));
    assert!(pages.keys().any(|page| page.contains("run")));
    desk.mistake(&["completions", "tcsh-like"]);
}

#[test]
fn help_and_version() {
    let desk = Desk::new();
    assert!(
        desk.answer(&["--version"])
            .contains(env!("CARGO_PKG_VERSION"))
    );
    let help = desk.answer(&["--help"]);
    for command in ["run", "state", "org", "between", "check", "export", "new"] {
        assert!(help.contains(command), "{command}");
        desk.answer(&[command, "--help"]);
    }
}

#[test]
fn what_is_typed_wrong_is_a_mistake() {
    let desk = Desk::new();
    for arguments in [
        &["stat"][..],
        &["state"],
        &["state", "UZB", "--on", "2008-13-01"],
        &["state", "UZB", "--on", "2008"],
        &["state", "UZB", "--known-by", "soon"],
        &["state", "UZB", "--no-such-flag"],
        &["between", "RUS"],
        &["between", "RUS", "RUS"],
        &["export", "nothing"],
        &["run"],
        &["run", "no-such-scenario"],
        &["run", "no-such-file.toml"],
        &["check", "no-such-folder"],
        &["state", "UZB", "--pack", "no-such-folder"],
        &["check", "."],
    ] {
        desk.mistake(arguments);
    }
    desk.mistake_with_code(
        &["run", "single-economic-space-2005"],
        "A01",
        &["single-economic-space-2004"],
    );
}

// Bad input

#[test]
fn unknown_states_and_organizations() {
    let desk = Desk::new();
    desk.mistake_with_code(&["state", "Uzbekistn"], "A07", &["Uzbekistn", "Uzbekistan"]);
    desk.mistake_with_code(&["between", "RUS", "Belarsu"], "A07", &["Belarus"]);
    desk.mistake_with_code(&["org", "org:cstoo"], "A08", &["org:csto"]);
}

/// Each mistake in the starting pack, by the command that meets it.
#[test]
fn mistakes_in_a_pack() {
    let organization = "p/organizations/example.toml";
    for (file, from, to, code, place) in [
        (
            organization,
            "who = [\"XAA\", \"XAC\"]",
            "who = [\"XAA\", \"XAD\"]",
            "A07",
            "example.toml",
        ),
        (
            "p/states.toml",
            "from = \"1990\"\n\n",
            "from = \"1999\"\n\n",
            "A10",
            "example.toml:14",
        ),
        (
            organization,
            "rank = \"deprecated\"",
            "rank = \"preferred\"",
            "A09",
            "example.toml:15",
        ),
        (
            organization,
            "\"1996-01-01\"",
            "\"2006-13-01\"",
            "A03",
            "example.toml:21",
        ),
        (
            "p/states.toml",
            "from = \"1990\"\n\n",
            "from = \"1990\"\npredecessors = [\"XAA\"]\n\n",
            "A12",
            "states.toml",
        ),
        (
            organization,
            "act = \"entry_into_force\"\n",
            "act = \"withdrawal\"\nwho = [\"XAA\", \"XAC\"]\nclaims = [{ on = \"1997\", src = \"example-treaty\" }]\n\n\
             [[act]]\nact = \"withdrawal\"\nwho = [\"XAA\"]\nclaims = [{ on = \"1998\", src = \"example-treaty\" }]\n\n\
             [[act]]\nact = \"entry_into_force\"\n",
            "A11",
            "example.toml",
        ),
    ] {
        let desk = Desk::new();
        desk.answer(&["new", "pack", "p"]);
        desk.change(file, from, to);
        let parts = [place];
        desk.mistake_with_code(&["state", "XAA", "--pack", "p"], code, &parts);
        desk.mistake_with_code(
            &["export", "memberships", "--pack", "p", "--out", "m.csv"],
            code,
            &parts,
        );
        desk.mistake_with_code(
            &["run", "single-economic-space-2004", "--pack", "p"],
            code,
            &parts,
        );
        assert!(!desk.path("m.csv").exists());
        // A check reports on standard output too; its exit status is that of a mistake.
        let output = desk.run(&["check", "p", "--json"]);
        assert_eq!(output.status.code(), Some(2));
        let findings: Value = serde_json::from_slice(&output.stdout).unwrap();
        let found: Vec<&Value> = findings["findings"].as_array().unwrap().iter().collect();
        assert_eq!(found.len(), 1, "{findings}");
        assert_eq!(found[0]["code"], code);
        assert!(found[0]["place"]["line"].is_u64() && found[0]["place"]["column"].is_u64());
    }
}

/// Each mistake in the starting scenario.
#[test]
fn mistakes_in_a_scenario() {
    let who = "who = [\"KGZ\"]";
    for (from, to, code, part) in [
        (
            "economy = \"post-soviet-2012\"",
            "# no economy",
            "A01",
            "economy",
        ),
        (
            "economy = \"post-soviet-2012\"",
            "economy = \"post-soviet-2013\"",
            "A17",
            "post-soviet-2012",
        ),
        (
            "economy = \"post-soviet-2012\"",
            "economy = \"none.toml\"",
            "A17",
            "none.toml",
        ),
        (who, "who = [\"KGB\"]", "A07", "KGB"),
        (
            "act = \"accession\"\nwho = [\"KGZ\"]\non = \"2012-01-01\"",
            "act = \"accession\"\nwho = [\"KGZ\"]\non = \"1900-01-01\"",
            "A10",
            "1900-01-01",
        ),
        (
            "act = \"accession\"\n",
            "act = \"withdrawal\"\n",
            "A11",
            "KGZ",
        ),
        (
            "date = \"2012-07-01\"",
            "date = \"2006-13-01\"",
            "A03",
            "2006-13-01",
        ),
        (
            "# [elasticity]\n# trade = 4.0\n# source",
            "[elasticity]\ntrade = nan\nsource",
            "A04",
            "trade",
        ),
        (
            "# [elasticity]\n# trade = 4.0\n# source",
            "[elasticity]\ntrade = 0\nsource",
            "A04",
            "theta",
        ),
        (
            "pack = \"post-soviet\"",
            "pack = \"post-sovjet\"",
            "A01",
            "post-sovjet",
        ),
    ] {
        let desk = Desk::new();
        desk.answer(&["new", "scenario", "x"]);
        desk.change("x.toml", from, to);
        desk.mistake_with_code(&["run", "x.toml"], code, &[part]);
    }
}

const MANIFEST: &str =
    "id = \"tiny\"\ntitle = \"Tiny\"\nyear = 2012\nunit = \"million\"\ntrade = \"tiny.csv\"\n";
const TRADE: &str = "exporter,importer,value\nKAZ,KAZ,100\nKAZ,KGZ,5\nKGZ,KAZ,4\nKGZ,KGZ,50\n";

#[test]
fn mistakes_in_an_economy() {
    for (from, to, code, parts) in [
        ("KGZ,KGZ,50", "KGZ,KGZ,50", "", &[][..]),
        (
            "KGZ,KGZ,50",
            "KGZ,KGZ,0",
            "A17",
            &["tiny.csv:5", "domestic sales of KGZ"],
        ),
        ("KGZ,KGZ,50", "KGZ,KGZ,-50", "A04", &["tiny.csv:5", "-50"]),
        ("KAZ,KGZ,5", "KAZ,KGZ,NaN", "A04", &["tiny.csv:3", "NaN"]),
        ("KAZ,KGZ,5\n", "", "A17", &["KAZ to KGZ"]),
        (
            "KAZ,KGZ,5\n",
            "KAZ,KGZ,5\nKAZ,KGZ,5\n",
            "A17",
            &["tiny.csv:4"],
        ),
        ("importer", "buyer", "A01", &["tiny.csv:1", "importer"]),
    ] {
        let desk = Desk::new();
        desk.answer(&["new", "scenario", "x"]);
        desk.change(
            "x.toml",
            "economy = \"post-soviet-2012\"",
            "economy = \"tiny.toml\"",
        );
        desk.write("tiny.toml", MANIFEST);
        desk.write("tiny.csv", TRADE);
        desk.change("tiny.csv", from, to);
        if code.is_empty() {
            desk.answer(&["run", "x.toml"]);
        } else {
            desk.mistake_with_code(&["run", "x.toml"], code, parts);
        }
    }
}

#[test]
fn files_that_are_no_text() {
    let desk = Desk::new();
    fs::write(desk.path("x.toml"), [0xff, 0xfe, 0x00]).unwrap();
    desk.mistake(&["run", "x.toml"]);
    desk.write("p/pack.toml", "");
    fs::write(desk.path("p/states.toml"), [0xff, 0xfe, 0x00]).unwrap();
    desk.mistake(&["state", "RUS", "--pack", "p"]);
    fs::create_dir(desk.path("folder.toml")).unwrap();
    desk.mistake(&["run", "folder.toml"]);
}

#[test]
fn an_output_folder_that_is_in_the_way_leaves_nothing_half_written() {
    // A file where the folder should be.
    let desk = Desk::new();
    desk.write("out", "mine");
    let output = desk.run(&["run", "single-economic-space-2004"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(text(&output.stdout), "");
    assert!(!text(&output.stderr).contains("panicked"));
    assert_eq!(desk.read("out"), "mine");

    // A file where the scenario's folder should be.
    let desk = Desk::new();
    desk.write("out/single-economic-space-2004", "mine");
    let output = desk.run(&["run", "single-economic-space-2004"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(text(&output.stdout), "");
    assert_eq!(desk.files("out").len(), 1);

    // A folder where a file should be: the other files are not written either.
    let desk = Desk::new();
    let folder = "out/single-economic-space-2004";
    desk.write(&format!("{folder}/results.csv/mine"), "mine");
    let output = desk.run(&["run", "single-economic-space-2004"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(text(&output.stdout), "");
    assert_eq!(
        desk.files(folder).keys().collect::<Vec<_>>(),
        ["results.csv/mine"]
    );
}

#[cfg(unix)]
#[test]
fn an_output_folder_that_may_not_be_written_leaves_nothing() {
    use std::os::unix::fs::PermissionsExt as _;
    let desk = Desk::new();
    let out = desk.path("out");
    fs::create_dir(&out).unwrap();
    fs::set_permissions(&out, fs::Permissions::from_mode(0o555)).unwrap();
    if fs::write(out.join("probe"), "").is_ok() {
        println!("skipped: this user may write everywhere");
        return;
    }
    let output = desk.run(&["run", "single-economic-space-2004"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(text(&output.stdout), "");
    assert_eq!(fs::read_dir(&out).unwrap().count(), 0);
    fs::set_permissions(&out, fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn what_stood_in_the_output_folder_stays() {
    let desk = Desk::new();
    desk.write("out/single-economic-space-2004/notes.txt", "mine");
    desk.answer(&["run", "single-economic-space-2004"]);
    assert_eq!(
        desk.read("out/single-economic-space-2004/notes.txt"),
        "mine"
    );
    let hidden = desk
        .files("out")
        .into_keys()
        .filter(|file| file.contains("/."));
    assert_eq!(hidden.count(), 0);
}

// Pipes

#[test]
fn a_reader_who_has_had_enough_is_no_error() {
    let desk = Desk::new();
    for arguments in [
        &["export", "memberships"][..],
        &["export", "memberships", "--json"],
        &["state", "RUS", "--on", "2012-01-01", "--why"],
        &["run", "single-economic-space-2004", "--json"],
        &["completions", "bash"],
    ] {
        let mut child = desk
            .command(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut reader = BufReader::with_capacity(64, child.stdout.take().unwrap());
        reader.read_line(&mut line).unwrap();
        drop(reader);
        let mut errors = String::new();
        child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut errors)
            .unwrap();
        let status = child.wait().unwrap();
        assert!(!line.is_empty());
        assert_eq!(errors, "", "{arguments:?}");
        assert_eq!(status.code(), Some(0), "{arguments:?}");
    }
}

#[test]
fn there_is_no_colour_in_a_pipe() {
    let desk = Desk::new();
    for arguments in [
        &["state", "UZB", "--on", "2008-11-01", "--why"][..],
        &["run", "single-economic-space-2004"],
    ] {
        assert!(!desk.answer(arguments).contains('\u{1b}'), "{arguments:?}");
    }
    assert!(!text(&desk.run(&["state", "Narnia"]).stderr).contains('\u{1b}'));
}

/// The questions of the README, as they are typed there.
#[test]
fn the_questions_of_the_readme_are_answered() {
    let repository = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
    let readme = std::fs::read_to_string(repository.join("README.md")).unwrap();
    let (_, section) = readme.split_once("\n## Ask the law\n").unwrap();
    let (section, _) = section.split_once("\n## ").unwrap();
    let mut asked = 0;
    for line in section.lines() {
        let Some(command) = line.strip_prefix("    acquis ") else {
            continue;
        };
        let command = command.split_once("  #").map_or(command, |(it, _)| it);
        // Words, of which one may be in quotes.
        let arguments = command.split('"').enumerate().flat_map(|(place, part)| {
            if place % 2 == 1 {
                vec![part]
            } else {
                part.split_whitespace().collect()
            }
        });
        assert_cmd::Command::cargo_bin("acquis")
            .unwrap()
            .args(arguments)
            .current_dir(repository)
            .assert()
            .success();
        asked += 1;
    }
    assert!(asked > 10, "{asked}");
}
