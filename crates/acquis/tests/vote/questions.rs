//! What another quota or another member changes, who outvotes whom, blocs, abstention,
//! uncertain votes, votes that come near to what is wanted.

use crate::command::{column, is_near, json, output, role};
use crate::organs::{PRODUCT, SPACE};

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
    for picture in ["power", "quota"] {
        let svg = std::fs::read_to_string(format!("{path}/{picture}.svg")).unwrap();
        assert!(
            svg.starts_with("<svg ") && svg.contains("Russia"),
            "{picture}"
        );
    }
    for table in ["power", "roles", "sweep", "outvoting"] {
        let text = std::fs::read_to_string(format!("{path}/{table}.csv")).unwrap();
        assert!(text.lines().count() > 1, "{table}");
    }
}

#[test]
fn two_days_are_compared() {
    let answer = json(&["EU", "--on", "2014-11-01", "--against", "2014-10-31"]);
    let rows = answer["changes"]["rows"].as_array().unwrap();
    let of = |state: &str| rows.iter().find(|row| row["state"] == state).unwrap();
    // The rule of Lisbon gives more to the largest than that of Nice.
    assert!(of("DEU")["banzhaf_change"].as_f64().unwrap() > 0.01);
    assert!(of("POL")["banzhaf_change"].as_f64().unwrap() < 0.0);
    let own = ["EAEU", "--on", "2016-01-01", "--organ", "board"];
    let weighed = [
        "--weights",
        "population:2013",
        "--quota",
        "2/3",
        "--against",
        "itself",
    ];
    let answer = json(&[&own[..], &weighed].concat());
    let rows = answer["changes"]["rows"].as_array().unwrap();
    assert!(
        rows.iter()
            .all(|row| (row["banzhaf_before"].as_f64().unwrap() - 0.2).abs() < 1e-12)
    );
}

/// Owen (1977, 1981), with the example of the literature.
#[test]
fn blocs_that_vote_as_one() {
    let rule = [
        "--rule",
        "[30; 28, 16, 5, 4, 3, 3]",
        "--bloc",
        "2,4,6",
        "--bloc",
        "3,5",
    ];
    let answer = json(&rule);
    let rows = answer["blocs"]["rows"].as_array().unwrap();
    let owen = [3.0, 9.0, 6.0, 9.0, 6.0, 9.0];
    let banzhaf_owen = [2.0, 8.0, 4.0, 8.0, 4.0, 8.0];
    for (row, (owen, banzhaf_owen)) in rows.iter().zip(owen.into_iter().zip(banzhaf_owen)) {
        assert!((row["owen"].as_f64().unwrap() - 1.0 / owen).abs() < 1e-12);
        assert!((row["banzhaf_owen"].as_f64().unwrap() - 1.0 / banzhaf_owen).abs() < 1e-12);
    }
    let committee = ["EurAsEC", "--on", "2003-01-01", "--bloc", "Russia,BLR"];
    assert!(
        output(&committee).contains("BLR, RUS together")
            || output(&committee).contains("RUS, BLR together")
    );
}

#[test]
fn every_measure_by_name_and_all_at_once() {
    let committee = ["EurAsEC", "--on", "2003-01-01"];
    let usual = output(&committee);
    assert!(
        usual.lines().take(6).all(|line| line.chars().count() <= 92),
        "{usual}"
    );
    let all = json(&[&committee[..], &["--all"]].concat());
    let names = [
        "banzhaf",
        "shapley_shubik",
        "absolute",
        "swings",
        "prevent",
        "initiate",
        "johnston",
        "deegan_packel",
        "holler",
        "nucleolus",
    ];
    for name in names {
        assert_eq!(column(&all, name).len(), 5, "{name}");
    }
    for name in [
        "banzhaf",
        "shapley_shubik",
        "johnston",
        "deegan_packel",
        "holler",
        "nucleolus",
    ] {
        let sum: f64 = column(&all, name).iter().map(|(_, value)| value).sum();
        assert!((sum - 1.0).abs() < 1e-12, "{name}: {sum}");
    }
    // What is too much for so many is left out of all, with the reason, and refused by name.
    let many = ["--rule", "[600; 20x50]"];
    let all = output(&[&many[..], &["--all"]].concat());
    assert!(
        all.contains("Without Nucleolus: 50 players are too many"),
        "{all}"
    );
    let exact = output(&["--rule", "[2; A=2, B=1]", "--exact"]);
    assert!(exact.contains("dictator"));
}

#[test]
fn coalitions_are_listed_where_they_are_few() {
    let answer = json(&["EurAsEC", "--on", "2003-01-01", "--coalitions"]);
    let rows = answer["coalitions"]["rows"].as_array().unwrap();
    let minimal: Vec<&str> = rows
        .iter()
        .filter(|row| row["minimal"] == true)
        .map(|row| row["coalition"].as_str().unwrap())
        .collect();
    assert_eq!(
        minimal,
        [
            "BLR, KAZ, RUS",
            "BLR, KGZ, RUS",
            "KAZ, KGZ, RUS",
            "BLR, RUS, TJK",
            "KAZ, RUS, TJK"
        ]
    );
    for row in rows {
        assert!(row["votes"].as_f64().unwrap() >= 7.0);
    }
    let council = output(&["EU", "--on", "2005-01-01", "--coalitions"]);
    assert!(
        council.contains("with nobody to spare; 24 of the smallest found are shown"),
        "{council}"
    );
}

#[test]
fn uncertain_votes_say_how_sure_a_dictator_is() {
    let asked = [
        "--weights",
        PRODUCT,
        "--quota",
        "0.8",
        "--uncertain",
        "5%",
        "--draws",
        "400",
    ];
    let answer = json(&[&SPACE[..], &asked].concat());
    let rows = answer["uncertainty"]["rows"].as_array().unwrap();
    let russia = rows.iter().find(|row| row["state"] == "RUS").unwrap();
    // Its 79.26 % come to lie on both sides of the quota.
    let share = russia["dictator"].as_f64().unwrap();
    assert!((0.05..0.95).contains(&share), "{share}");
    let sums: f64 = rows.iter().map(|row| row["mean"].as_f64().unwrap()).sum();
    assert!((sums - 1.0).abs() < 1e-9);
    let again = json(&[&SPACE[..], &asked].concat());
    assert_eq!(answer, again);
    let one = [
        "--weights",
        PRODUCT,
        "--quota",
        "0.8",
        "--uncertain",
        "RUS=5%",
        "--seed",
        "2",
    ];
    let answer = json(&[&SPACE[..], &one].concat());
    let rows = answer["uncertainty"]["rows"].as_array().unwrap();
    assert!(
        rows.iter()
            .all(|row| (row["error"].as_f64().unwrap() > 0.0) == (row["state"] == "RUS"))
    );
}

#[test]
fn votes_are_found_for_a_wanted_distribution() {
    let answer = json(&[&SPACE[..], &["--wanted", "RUS=60,BLR=20,KAZ=20,UKR=0"]].concat());
    let rows = answer["nearest"]["rows"].as_array().unwrap();
    let power = |state: &str| {
        let row = rows.iter().find(|row| row["state"] == state).unwrap();
        row["power"].as_f64().unwrap()
    };
    let expected = [("BLR", 0.2), ("KAZ", 0.2), ("RUS", 0.6), ("UKR", 0.0)];
    is_near(
        &expected.map(|(state, _)| (state.to_owned(), power(state))),
        &expected,
    );
    let equal = output(&[&SPACE[..], &["--wanted", "equal"]].concat());
    assert!(equal.contains("Distance 0.0000"), "{equal}");
    let people = json(
        &[
            &SPACE[..],
            &["--wanted", "population:2003", "--quota", "2/3"],
        ]
        .concat(),
    );
    assert_eq!(people["nearest"]["rows"].as_array().unwrap().len(), 4);
}

#[test]
fn a_report_for_a_browser() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vote").display().to_string();
    output(&[
        "EurAsEC",
        "--on",
        "2003-01-01",
        "--with",
        "UZB=2",
        "--out",
        &path,
    ]);
    let page = std::fs::read_to_string(format!("{path}/report.html")).unwrap();
    for words in [
        "Who gains and who loses power",
        "Votes and power",
        "Kyrgyzstan",
        "<svg",
    ] {
        assert!(page.contains(words), "{words}");
    }
    assert!(!page.contains("http://") || page.contains("http://www.w3.org/2000/svg"));
}
