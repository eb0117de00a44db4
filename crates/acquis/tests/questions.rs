//! The commands on the law in time, on disputes and on other people's data, as a process.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failure here is a failed test"
)]

use std::path::Path;

use assert_cmd::Command;
use serde_json::Value;

fn acquis(arguments: &[&str]) -> Command {
    let mut command = Command::cargo_bin("acquis").unwrap();
    command.args(arguments);
    command
}

fn output(arguments: &[&str]) -> String {
    let assert = acquis(arguments).assert().success();
    String::from_utf8(assert.get_output().stdout.clone()).unwrap()
}

fn json(arguments: &[&str]) -> Value {
    let mut with = arguments.to_vec();
    with.push("--json");
    serde_json::from_str(&output(&with)).unwrap()
}

/// Exit status 2, a message on standard error with these words, nothing on standard output.
fn mistake(arguments: &[&str], words: &str) {
    let assert = acquis(arguments).assert().code(2);
    let result = assert.get_output();
    let message = String::from_utf8_lossy(&result.stderr);
    assert!(message.contains(words), "{arguments:?}: {message}");
    assert!(!message.contains("panicked"), "{message}");
    assert!(result.stdout.is_empty(), "{arguments:?}");
}

#[test]
fn a_story_tells_each_step_with_its_acts() {
    let story = json(&["between", "RUS", "KAZ", "--story"]);
    let steps = story["steps"].as_array().unwrap();
    assert!(steps.len() > 5);
    for step in steps {
        assert!(!step["changes"].as_array().unwrap().is_empty());
        assert!(!step["acts"].as_array().unwrap().is_empty());
    }
    assert!(output(&["between", "RUS", "KAZ", "--story"]).contains("2010-01-01"));
}

#[test]
fn what_changed_between_two_days() {
    let difference = json(&["diff", "--from", "2009-12-31", "--to", "2010-01-01"]);
    let joined: Vec<&str> = difference["standings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|change| change["institution"] == "org:eurasec-customs-union")
        .map(|change| change["party"].as_str().unwrap())
        .collect();
    assert_eq!(joined, ["BLR", "KAZ", "RUS"]);
    mistake(
        &["diff", "--from", "2010-01-01", "--to", "2009-01-01"],
        "comes before",
    );
}

#[test]
fn a_timeline_of_a_state_or_an_organization() {
    assert!(output(&["timeline", "GUAM"]).contains("1997-10-10"));
    assert!(output(&["timeline", "Uzbekistan"]).contains("withdrawal"));
    mistake(&["timeline", "GUAMM"], "GUAM");
}

#[test]
fn obligations_and_what_leaving_would_end() {
    let binds = json(&["obligations", "GEO", "--on", "2009-01-01"]);
    let binds_by = |id: &str| {
        binds
            .as_array()
            .unwrap()
            .iter()
            .any(|obligation| obligation["institution"] == id)
    };
    assert!(binds_by("org:cis"));
    let departure = json(&["leave", "GEO", "CIS", "--on", "2009-08-01"]);
    let list = |key: &str| departure[key].as_array().unwrap().clone();
    assert!(list("ends").contains(&Value::from("org:cis")));
    assert!(list("survives").contains(&Value::from("agr:cis-free-trade-1994")));
    mistake(
        &["leave", "GEO", "CSTO", "--on", "2009-08-01"],
        "can't leave",
    );
}

#[test]
fn overlaps_speeds_and_incompatibilities() {
    let overlap = json(&["overlap", "CSTO", "EurAsEC", "--on", "2007-01-01"]);
    let shared = overlap["overlap"]["shared"].as_array().unwrap();
    assert_eq!(shared.len(), 6, "{shared:?}");
    let speeds = json(&["speeds", "CIS", "--from", "2000", "--to", "2002"]);
    assert_eq!(speeds["rows"].as_array().unwrap().len(), 3);
    mistake(
        &["speeds", "CIS", "--from", "2002", "--to", "2000"],
        "comes before",
    );
    let clashes = json(&["incompatible", "--on", "2012-07-01"]);
    assert_eq!(clashes, Value::Array(Vec::new()));
}

#[test]
fn conflicts_and_claims() {
    let conflicts = json(&["conflicts"]);
    assert_eq!(conflicts.as_array().unwrap().len(), 34);
    for conflict in conflicts.as_array().unwrap() {
        let positions = conflict["positions"].as_array().unwrap();
        assert!(positions.len() >= 2, "{}", conflict["id"]);
    }
    assert!(output(&["conflicts", "k05"]).contains("2012-06-28"));
    mistake(&["conflicts", "K99"], "no conflict");
    let claims = json(&["claims"]);
    let verdict = |id: &str, source: &str| {
        claims
            .as_array()
            .unwrap()
            .iter()
            .find(|claim| claim["id"] == id && claim["source"] == source)
            .map(|claim| claim["verdict"].as_str().unwrap().to_owned())
            .unwrap()
    };
    assert_eq!(verdict("big-four-gdp", "vinokurov-2005"), "holds");
    assert!(verdict("ses-consumers", "vinokurov-2005").starts_with("differs by"));
    assert!(verdict("crrf-strength", "molchanov-2012").starts_with("cannot be checked"));
}

#[test]
fn a_gap_in_price_becomes_a_yearly_sum_with_a_volume() {
    let claims = json(&["claims", "--volume", "20000000"]);
    let gap = claims
        .as_array()
        .unwrap()
        .iter()
        .find(|claim| claim["id"] == "gas-price-gap-germany")
        .unwrap();
    // (100 - 46.68) USD for each 1000 cubic metres, of which 20 million.
    let value = gap["computed"]["value"].as_f64().unwrap();
    assert!((value - 53.32 * 20e6).abs() < 1.0, "{value}");
    assert_eq!(gap["computed"]["unit"], "USD");
    mistake(&["claims", "--volume", "NaN"], "number above zero");
}

const MEMBERS: &str = "ioname,ccode,iso3,stateabb,state,status,from_year,to_year\n\
    BNLX,211,BEL,BEL,Belgium,full,1960,1974\nBNLX,210,NLD,NTH,Netherlands,full,1960,1970\n";
const ORGANIZATIONS: &str = "ioname,orgname,longorgname,ionum,sdate,deaddate,dead,integrated,replaced,political,social,economic\n\
    BNLX,Benelux,Benelux Economic Union,7,1960,,0,0,0,0,0,1\n";

fn dataset(folder: &Path, members: &str) -> [String; 2] {
    let paths = [folder.join("members.csv"), folder.join("orgs.csv")];
    std::fs::write(&paths[0], members).unwrap();
    std::fs::write(&paths[1], ORGANIZATIONS).unwrap();
    paths.map(|path| path.display().to_string())
}

#[test]
fn a_dataset_becomes_a_pack_that_can_be_asked_and_exported() {
    let folder = tempfile::tempdir().unwrap();
    let [members, organizations] = dataset(folder.path(), MEMBERS);
    let pack = folder.path().join("pack").display().to_string();
    output(&[
        "import",
        "cow-igo",
        &members,
        &organizations,
        "--out",
        &pack,
    ]);
    output(&["check", &pack]);
    let answer = json(&[
        "org",
        "Benelux Economic Union",
        "--on",
        "1965-01-01",
        "--pack",
        &pack,
    ]);
    assert_eq!(answer["standings"].as_array().unwrap().len(), 2);
    let table = folder.path().join("dyads.csv");
    let path = table.display().to_string();
    output(&["export", "dyad-year", "--pack", &pack, "--out", &path]);
    let text = std::fs::read_to_string(&table).unwrap();
    assert!(text.starts_with("year,state_a,state_b"));
    for ending in ["-dictionary.csv", "-metadata.json"] {
        assert!(Path::new(&format!("{path}{ending}")).exists(), "{ending}");
    }
    mistake(
        &[
            "import",
            "cow-igo",
            &members,
            &organizations,
            "--out",
            &pack,
        ],
        "is there already",
    );
}

#[test]
fn a_dataset_that_is_wrong_points_at_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let wrong = MEMBERS.replace("1974", "x");
    let [members, organizations] = dataset(folder.path(), &wrong);
    let pack = folder.path().join("pack").display().to_string();
    mistake(
        &[
            "import",
            "cow-igo",
            &members,
            &organizations,
            "--out",
            &pack,
        ],
        "members.csv:2:",
    );
    assert!(!Path::new(&pack).exists());
    mistake(
        &["compare", "cow-igo", "--file", "/nowhere.csv"],
        "can't read",
    );
    mistake(&["export", "state-year", "--json"], "not as JSON");
}
