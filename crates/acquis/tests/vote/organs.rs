//! Rules of organs in the packs: known divisions of power.

use serde_json::Value;

use crate::command::{column, is_near, json, mistake, role};

pub(crate) const SPACE: [&str; 3] = ["SES", "--on", "2004-06-01"];
/// Shares of gross product in 2003 in the series that the literature's figures rest on.
pub(crate) const PRODUCT: &str = "RUS=0.7926,UKR=0.1122,KAZ=0.0590,BLR=0.0363";

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
    let fifteen = column(
        &json(&["EU", "--on", "2000-01-01", "--index", "swings"]),
        "swings",
    );
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
    let swings = json(&[&council[..], &["--index", "swings"]].concat());
    assert_eq!(column(&swings, "swings")[1], ("CHN".to_owned(), 848.0));
    let procedure = json(&[&council[..], &["--matter", "procedure"]].concat());
    assert!((column(&procedure, "banzhaf")[0].1 - 1.0 / 15.0).abs() < 1e-12);
    mistake(&["UNSC", "--pack", "decision-rulez"], "can't read the pack");
}
