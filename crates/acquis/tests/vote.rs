//! `acquis vote` as a process: known divisions of power, what another quota or member makes of
//! them, and what can't be asked.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failure here is a failed test"
)]

use assert_cmd::Command;
use serde_json::Value;

fn acquis(arguments: &[&str]) -> Command {
    let mut command = Command::cargo_bin("acquis").unwrap();
    command.arg("vote").args(arguments);
    command
}

fn output(arguments: &[&str]) -> String {
    let assert = acquis(arguments).assert().success();
    String::from_utf8(assert.get_output().stdout.clone()).unwrap()
}

fn json(arguments: &[&str]) -> Value {
    serde_json::from_str(&output(&[arguments, &["--json"]].concat())).unwrap()
}

/// A column of the table of power, by state.
#[track_caller]
fn column(answer: &Value, name: &str) -> Vec<(String, f64)> {
    let rows = answer["power"]["rows"].as_array().unwrap();
    rows.iter()
        .map(|row| {
            let state = row["state"].as_str().unwrap().to_owned();
            (state, row[name].as_f64().unwrap())
        })
        .collect()
}

#[track_caller]
fn is_near(got: &[(String, f64)], expected: &[(&str, f64)]) {
    assert_eq!(got.len(), expected.len(), "{got:?}");
    for ((state, value), (code, wanted)) in got.iter().zip(expected) {
        assert_eq!(state, code);
        assert!(
            (value - wanted).abs() < 1e-9,
            "{state}: {value}, not {wanted}"
        );
    }
}

fn role(answer: &Value, state: &str) -> Option<String> {
    let rows = answer["power"]["rows"].as_array().unwrap();
    let row = rows.iter().find(|row| row["state"] == state).unwrap();
    row["role"].as_str().map(str::to_owned)
}

/// Exit status 2, a message with these words, nothing on standard output.
#[track_caller]
fn mistake(arguments: &[&str], words: &str) {
    let assert = acquis(arguments).assert().code(2);
    let result = assert.get_output();
    // Messages are wrapped: lines and their bars don't count.
    let message = String::from_utf8_lossy(&result.stderr).replace('│', " ");
    let message: Vec<&str> = message.split_whitespace().collect();
    let message = message.join(" ");
    assert!(message.contains(words), "{arguments:?}: {message}");
    assert!(!message.contains("panicked"), "{message}");
    assert!(result.stdout.is_empty(), "{arguments:?}");
}

const SPACE: [&str; 3] = ["SES", "--on", "2004-06-01"];
/// Shares of gross product in 2003 in the series that the literature's figures rest on.
const PRODUCT: &str = "RUS=0.7926,UKR=0.1122,KAZ=0.0590,BLR=0.0363";

fn space(weights: &str, quota: &str) -> Value {
    json(&[&SPACE[..], &["--weights", weights, "--quota", quota]].concat())
}

#[test]
fn votes_by_product_make_one_state_a_dictator_up_to_three_quarters() {
    for weights in [PRODUCT, "gdp:2003"] {
        for quota in ["1/2", "2/3", "3/4"] {
            let answer = space(weights, quota);
            let expected = [("BLR", 0.0), ("KAZ", 0.0), ("RUS", 1.0), ("UKR", 0.0)];
            is_near(&column(&answer, "banzhaf"), &expected);
            assert_eq!(role(&answer, "RUS").as_deref(), Some("dictator"));
            assert_eq!(role(&answer, "UKR").as_deref(), Some("dummy"));
        }
    }
}

#[test]
fn a_higher_quota_makes_partners_of_followers() {
    let partners = space(PRODUCT, "0.80");
    let expected = [("BLR", 0.1), ("KAZ", 0.1), ("RUS", 0.7), ("UKR", 0.1)];
    is_near(&column(&partners, "banzhaf"), &expected);
    assert_eq!(role(&partners, "RUS").as_deref(), Some("veto"));
    for weights in [PRODUCT, "gdp:2003"] {
        let answer = space(weights, "85%");
        let expected = [("BLR", 0.0), ("KAZ", 0.2), ("RUS", 0.6), ("UKR", 0.2)];
        is_near(&column(&answer, "banzhaf"), &expected);
        assert_eq!(role(&answer, "BLR").as_deref(), Some("dummy"));
    }
}

#[test]
fn the_first_stage_gives_one_vote_to_each() {
    let answer = json(&SPACE);
    let expected = [("BLR", 0.25), ("KAZ", 0.25), ("RUS", 0.25), ("UKR", 0.25)];
    is_near(&column(&answer, "shapley_shubik"), &expected);
    assert_eq!(role(&answer, "BLR").as_deref(), Some("veto"));
}

#[test]
fn the_integration_committee_and_the_commission_of_three() {
    let answer = json(&["EurAsEC", "--on", "2003-01-01"]);
    let [five, two, one] = [5.0 / 11.0, 2.0 / 11.0, 1.0 / 11.0];
    let expected = [
        ("BLR", two),
        ("KAZ", two),
        ("KGZ", one),
        ("RUS", five),
        ("TJK", one),
    ];
    is_near(&column(&answer, "banzhaf"), &expected);
    let [five, two, one] = [17.0 / 30.0, 3.0 / 20.0, 1.0 / 15.0];
    let expected = [
        ("BLR", two),
        ("KAZ", two),
        ("KGZ", one),
        ("RUS", five),
        ("TJK", one),
    ];
    is_near(&column(&answer, "shapley_shubik"), &expected);
    let seven = json(&["EurAsEC", "--on", "2003-01-01", "--quota", "7"]);
    assert_eq!(column(&seven, "banzhaf"), column(&answer, "banzhaf"));

    let answer = json(&["org:eurasec-customs-union", "--on", "2010-07-01"]);
    let expected = [("BLR", 0.2), ("KAZ", 0.2), ("RUS", 0.6)];
    is_near(&column(&answer, "banzhaf"), &expected);
    let board = ["EAEU", "--organ", "board", "--on", "2016-01-01"];
    for (_, power) in column(&json(&board), "banzhaf") {
        assert!((power - 0.2).abs() < 1e-9);
    }
    let fewer: Vec<String> = column(
        &json(&["EAEU", "--organ", "board", "--on", "2015-03-01"]),
        "votes",
    )
    .into_iter()
    .map(|(state, _)| state)
    .collect();
    assert_eq!(fewer, ["ARM", "BLR", "KAZ", "RUS"]);
}

#[test]
fn rules_of_the_european_council_by_period() {
    let six = json(&["EU", "--on", "1960-01-01"]);
    let [four, two] = [5.0 / 21.0, 1.0 / 7.0];
    let expected = [
        ("BEL", two),
        ("DEU", four),
        ("FRA", four),
        ("ITA", four),
        ("LUX", 0.0),
        ("NLD", two),
    ];
    is_near(&column(&six, "banzhaf"), &expected);
    let fifteen = column(&json(&["EU", "--on", "2000-01-01"]), "swings");
    let swings = |state: &str| {
        let found = fifteen.iter().find(|(code, _)| code == state).unwrap();
        format!("{}", found.1)
    };
    let found = ["DEU", "ESP", "BEL", "AUT", "DNK", "LUX"].map(swings);
    assert_eq!(found, ["1849", "1531", "973", "793", "595", "375"]);
    // Two and three criteria: nobody has one number of votes.
    for day in ["2010-01-01", "2015-01-01"] {
        let answer = json(&["EU", "--on", day]);
        let power = column(&answer, "banzhaf");
        let sum: f64 = power.iter().map(|(_, value)| value).sum();
        assert!((sum - 1.0).abs() < 1e-9);
        assert!(answer["power"]["rows"][0]["votes"].is_null());
    }
    mistake(
        &["EU", "--on", "2015-01-01", "--quota", "2/3"],
        "several criteria",
    );
    mistake(&["EU", "--on", "2015-01-01", "--sweep"], "can't be swept");
}

#[test]
fn the_security_council_from_the_pack_for_comparison() {
    let council = ["UNSC", "--pack", "decision-rules", "--on", "2020-06-01"];
    let answer = json(&council);
    let power = column(&answer, "shapley_shubik");
    let of = |state: &str| power.iter().find(|(code, _)| code == state).unwrap().1;
    assert!((of("CHN") - 421.0 / 2145.0).abs() < 1e-12);
    assert!((of("VNM") - 4.0 / 2145.0).abs() < 1e-12);
    assert_eq!(column(&answer, "swings")[1], ("CHN".to_owned(), 848.0));
    let procedure = json(&[&council[..], &["--matter", "procedure"]].concat());
    assert!((column(&procedure, "banzhaf")[0].1 - 1.0 / 15.0).abs() < 1e-12);
    mistake(&["UNSC", "--pack", "decision-rulez"], "can't read the pack");
}

#[test]
fn a_sweep_tells_where_roles_begin() {
    let asked = ["--weights", PRODUCT, "--quota", "0.8", "--sweep"];
    let answer = json(&[&SPACE[..], &asked].concat());
    let roles = answer["roles"]["rows"].as_array().unwrap();
    let dictator = roles.iter().find(|row| row["role"] == "dictator").unwrap();
    assert_eq!(dictator["state"], "RUS");
    let up_to = dictator["up_to_votes"].as_f64().unwrap();
    assert!((up_to - 0.7926).abs() < 1e-12);
    let veto = |state: &str| {
        let mut rows = roles.iter();
        rows.any(|row| row["state"] == state && row["role"] == "veto")
    };
    assert!(["BLR", "KAZ", "RUS", "UKR"].into_iter().all(veto));
    let swept = answer["sweep"]["rows"].as_array().unwrap();
    assert_eq!(swept.len(), 11);
    assert_eq!(swept[0]["dictator"], "RUS");
    assert_eq!(swept[10]["veto"], "BLR, KAZ, RUS, UKR");
}

#[test]
fn accession_and_exit_move_power() {
    let committee = ["EurAsEC", "--on", "2003-01-01"];
    let joined = json(&[&committee[..], &["--with", "UZB=2"]].concat());
    let rows = joined["changes"]["rows"].as_array().unwrap();
    let of = |state: &str| rows.iter().find(|row| row["state"] == state).unwrap();
    assert!(of("UZB")["banzhaf_before"].is_null());
    let gains: f64 = rows
        .iter()
        .map(|row| row["banzhaf_change"].as_f64().unwrap())
        .sum();
    assert!(gains.abs() < 1e-9);
    let left = json(&[&committee[..], &["--without", "Russia"]].concat());
    let change = left["changes"]["rows"].as_array().unwrap();
    let russia = change.iter().find(|row| row["state"] == "RUS").unwrap();
    assert!((russia["banzhaf_change"].as_f64().unwrap() + 5.0 / 11.0).abs() < 1e-9);
}

#[test]
fn who_can_be_outvoted_and_by_whom() {
    let committee = ["EurAsEC", "--on", "2003-01-01"];
    let russia = output(&[&committee[..], &["--outvote", "RUS"]].concat());
    assert!(russia.contains("RUS can't be outvoted"));
    let belarus = json(&[&committee[..], &["--outvote", "BLR"]].concat());
    let rows = belarus["outvoting"]["rows"].as_array().unwrap();
    let coalitions = |what: &str| -> Vec<&str> {
        let rows = rows.iter().filter(|row| row["what"] == what);
        rows.map(|row| row["coalition"].as_str().unwrap()).collect()
    };
    assert_eq!(coalitions("outvotes"), ["KAZ, KGZ, RUS", "KAZ, RUS, TJK"]);
    assert_eq!(coalitions("blocks with"), ["KAZ", "RUS", "KGZ, TJK"]);
}

#[test]
fn a_cap_holds_the_largest() {
    let asked = ["--weights", "gdp:2003", "--cap", "0.4", "--quota", "1/2"];
    let answer = json(&[&SPACE[..], &asked].concat());
    let votes = column(&answer, "share_of_votes");
    assert!(votes.iter().all(|(_, share)| *share <= 0.4 + 1e-12));
    assert_eq!(role(&answer, "RUS"), None);
}

#[test]
fn tables_go_to_a_folder_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vote").display().to_string();
    output(&[
        "EurAsEC",
        "--on",
        "2003-01-01",
        "--sweep",
        "--outvote",
        "BLR",
        "--out",
        &path,
    ]);
    for table in ["power", "roles", "sweep", "outvoting"] {
        let text = std::fs::read_to_string(format!("{path}/{table}.csv")).unwrap();
        assert!(text.lines().count() > 1, "{table}");
    }
}

#[test]
fn what_can_t_be_asked_is_said_with_what_can() {
    mistake(&["EurAsECC"], "did you mean");
    let committee = ["EurAsEC", "--on", "2003-01-01"];
    let asked = |more: &[&'static str]| [&committee[..], more].concat();
    mistake(
        &asked(&["--organ", "Comittee"]),
        "did you mean \"Integration Committee\"?",
    );
    mistake(
        &asked(&["--matter", "war"]),
        "no rule on that day for \"war\"",
    );
    mistake(
        &["EurAsEC", "--on", "1999-06-01"],
        "from 2001-05-30 until 2015-01-01",
    );
    mistake(&["GUAM", "--on", "2007-01-01"], "none is known for any day");
    mistake(
        &["SES", "--on", "2003-10-01", "--organ", "commission"],
        "nobody takes part in SES",
    );
    mistake(
        &["SES", "--on", "2004-06-01", "--organ", "commission"],
        "no source gives the votes",
    );
    mistake(
        &["SES", "--on", "2004-06-01", "--weights", "gdp:2003"],
        "gives no quota",
    );
    mistake(
        &[
            "SES",
            "--on",
            "2004-06-01",
            "--weights",
            "gdp:1950",
            "--quota",
            "2/3",
        ],
        "no figure for the gross domestic product of BLR in 1950",
    );
    mistake(
        &[
            "CIS",
            "--organ",
            "Interstate Economic Committee",
            "--on",
            "1996-01-01",
        ],
        "gives no votes for ARM",
    );
    mistake(&asked(&["--quota", "11"]), "can't be reached with 10 votes");
    mistake(&asked(&["--with", "UZB"]), "gives no votes for UZB");
    mistake(
        &asked(&["--with", "RUS=1"]),
        "a member of EurAsEC on 2003-01-01 already",
    );
    mistake(&asked(&["--without", "UKR"]), "UKR is no member");
    mistake(&asked(&["--without", "Ukrayne"]), "did you mean");
    mistake(&asked(&["--outvote", "UKR"]), "has no vote");
    mistake(
        &asked(&["--weights", "RUS=4,RUS=2", "--quota", "2/3"]),
        "RUS is listed twice",
    );
    mistake(
        &asked(&["--weights", "RUS=4", "--cap", "0.5"]),
        "listed votes are as they are",
    );
    for quota in ["0", "-1", "nan", "3/2", "most", "0%", "1/0", ">0"] {
        let typed = format!("--quota={quota}");
        let arguments = ["EurAsEC", "--on", "2003-01-01", typed.as_str()];
        mistake(&arguments, "a quota is a share above zero");
    }
    for weights in ["gdp", "gdp:x", "trade:2003", "RUS", "RUS=x", "RUS=-1"] {
        let arguments = ["EurAsEC", "--weights", weights, "--quota", "2/3"];
        mistake(&arguments, "invalid value");
    }
    mistake(&asked(&["--cap", "0.5"]), "--weights");
}
