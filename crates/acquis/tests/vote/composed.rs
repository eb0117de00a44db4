//! Rules that nobody's pack has: in a line and in a file, by themselves and among the members of
//! an organization.

use serde_json::Value;

use crate::command::{column, is_near, json, mistake, output, role};

/// Rows of the table of power.
fn values(answer: &Value, name: &str) -> Vec<f64> {
    column(answer, name)
        .into_iter()
        .map(|(_, value)| value)
        .collect()
}

/// The Council of the European Union of fifteen: Felsenthal and Machover (1998).
#[test]
fn votes_without_names() {
    let fifteen = ["--rule", "[62; 10x4, 8, 5x4, 4x2, 3x3, 2]"];
    let answer = json(&[&fifteen[..], &["--index", "shapley-shubik,swings"]].concat());
    let swings = values(&answer, "swings");
    let expected = [1849.0, 1531.0, 973.0, 793.0, 595.0, 375.0];
    for (place, expected) in [0, 4, 5, 9, 11, 14].into_iter().zip(expected) {
        assert!((swings[place] - expected).abs() < 0.5, "{place}");
    }
    let power = values(&answer, "shapley_shubik");
    for (place, expected) in [(0, 0.116_666_667), (4, 0.095_460_095), (14, 0.020_690_421)] {
        assert!(
            (power[place] - expected).abs() < 1e-9,
            "{place}: {}",
            power[place]
        );
    }
    assert!(output(&fifteen).contains("2549 of 32768 coalitions win"));
}

/// The Electoral College of 2020: exact figures of Felsenthal and Machover's indices.
#[test]
fn the_electoral_college() {
    let college = "[270; 54, 40, 30, 28, 19x2, 17, 16x2, 15, 14, 13, 12, 11x4, 10x5, 9x2, 8x3, \
                   7x2, 6x6, 5x2, 4x7, 3x7]";
    let asked = ["--rule", college, "--index", "absolute,shapley-shubik"];
    let answer = json(&asked);
    assert_eq!(answer["power"]["rows"].as_array().unwrap().len(), 51);
    assert!((values(&answer, "absolute")[0] - 0.460_711_307).abs() < 1e-9);
    assert!((values(&answer, "shapley_shubik")[0] - 0.108_036_834).abs() < 1e-9);
}

/// The Security Council by hand: 421/2145 and 4/2145.
#[test]
fn vetoes_beside_a_count() {
    let rule = "9 of members and veto(CHN, FRA, GBR, RUS, USA)";
    let members = "CHN,FRA,GBR,RUS,USA,1,2,3,4,5,6,7,8,9,10";
    let asked = ["--rule", rule, "--members", members];
    let exact = output(&[&asked[..], &["--exact", "--index", "shapley-shubik"]].concat());
    assert!(
        exact.contains("421/2145") && exact.contains("4/2145"),
        "{exact}"
    );
    let ternary = json(&[&asked[..], &["--abstention"]].concat());
    let rows = ternary["abstention"]["rows"].as_array().unwrap();
    let of = |place: usize| rows[place]["ternary"].as_f64().unwrap();
    assert!((of(0) - 0.10094).abs() < 5e-6, "{}", of(0));
    assert!((of(5) - 0.04953).abs() < 5e-6, "{}", of(5));
}

#[test]
fn a_rule_among_the_members_of_an_organization() {
    let asked = ["EAEU", "--on", "2016-01-01", "--rule"];
    let answer = json(&[&asked[..], &["2/3 of members and veto(Russia)"]].concat());
    assert_eq!(role(&answer, "RUS").as_deref(), Some("veto"));
    let product = json(&[&asked[..], &["[2/3; gdp:2013 from 5% to 40%]"]].concat());
    let shares = values(&product, "share_of_votes");
    assert_eq!(shares.len(), 5);
    assert!(
        shares
            .iter()
            .all(|share| (0.05 - 1e-12..=0.4 + 1e-12).contains(share))
    );
    mistake(
        &[&asked[..], &["[3; 2, 1, 1, 1, 1]"]].concat(),
        "name them, such as RUS=4",
    );
    mistake(
        &[&asked[..], &["[3; RUS=2, BLR=1]"]].concat(),
        "gives no votes for ARM, KAZ, KGZ",
    );
    mistake(
        &[&asked[..], &["veto(Rusia)"]].concat(),
        "did you mean \"Russia\"",
    );
}

#[test]
fn a_rule_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("council.toml");
    let path_text = path.display().to_string();
    let council = "title = \"A council\"\nkind = \"any_of\"\n\
        players = [\"A\", \"B\", \"C\", \"D\"]\n\
        [[criteria]]\nkind = \"all_of\"\ncriteria = [\n\
        { kind = \"qualified_majority\", quota = \"50%\" },\n\
        { kind = \"weighted\", votes = { A = 6, B = 3, C = 2, D = 1 }, quota = 8 },\n]\n\
        [[criteria]]\nkind = \"blocking_minority\", quota = 2\n";
    std::fs::write(&path, council.replace(", quota = 2\n", "\nquota = 2\n")).unwrap();
    let answer = json(&["--rule", &path_text]);
    assert_eq!(answer["power"]["title"], "A council");
    let in_a_line = "(50% of members and [8; A=6, B=3, C=2, D=1]) or blocking 2";
    assert_eq!(
        column(&answer, "banzhaf"),
        column(&json(&["--rule", in_a_line]), "banzhaf")
    );
    std::fs::write(
        &path,
        "kind = \"weighted\"\nvotes = { A = -1, B = 2 }\nquota = 2\n",
    )
    .unwrap();
    mistake(&["--rule", &path_text], "A has -1 votes");
    std::fs::write(
        &path,
        "kind = \"weighted\"\nvotes = { A = nan }\nquota = 1\n",
    )
    .unwrap();
    mistake(&["--rule", &path_text], "council.toml:2");
    mistake(
        &["--rule", "nowhere.toml"],
        "can't read the rule nowhere.toml",
    );
}

#[test]
fn two_rules_are_compared() {
    // At seven tenths the largest is needed by the others; at a majority any two will do.
    let majority = ["--rule", "[51%; A=40, B=30, C=30]"];
    let answer = json(&[&majority[..], &["--against", "[70%; A=40, B=30, C=30]"]].concat());
    let rows = answer["changes"]["rows"].as_array().unwrap();
    let cell = |place: usize, name: &str| rows[place][name].as_f64().unwrap();
    assert!((cell(0, "banzhaf_before") - 3.0 / 5.0).abs() < 1e-12);
    assert!((cell(0, "banzhaf_after") - 1.0 / 3.0).abs() < 1e-12);
    assert!((cell(1, "banzhaf_change") - (1.0 / 3.0 - 1.0 / 5.0)).abs() < 1e-12);
    // What is changed on top of a rule is compared with the rule itself.
    let raised = json(&[&majority[..], &["--quota", "70%", "--against", "itself"]].concat());
    let rows = raised["changes"]["rows"].as_array().unwrap();
    assert!((rows[0]["banzhaf_change"].as_f64().unwrap() - 4.0 / 15.0).abs() < 1e-12);
}

#[test]
fn an_improper_rule_is_counted_with_a_warning() {
    let answer = output(&["--rule", "[2; A=1, B=1, C=1, D=1]"]);
    let words: Vec<&str> = answer.split_whitespace().collect();
    let sentence = words.join(" ");
    assert!(
        sentence.contains("Unusual: two coalitions without a common member can both win"),
        "{answer}"
    );
    is_near(
        &column(&json(&["--rule", "[2; A=1, B=1]"]), "banzhaf"),
        &[("A", 0.5), ("B", 0.5)],
    );
}

#[test]
fn mistakes_in_a_rule_are_pointed_at() {
    for (rule, words) in [
        ("", "the rule ends where a part of it should be"),
        ("[7; A=4, B=3", "this bracket isn't closed by ']'"),
        ("[7 A=4]", "the votes are missing"),
        ("[; A=4]", "a quota is a share above zero"),
        ("[150%; A=4]", "a quota is a share above zero"),
        ("[nan; A=4]", "a quota is a share above zero"),
        ("[7; A=-4, B=11]", "\"-4\" is not a number of votes"),
        ("[7; A=nan, B=11]", "\"nan\" is not a number of votes"),
        ("[7; A=inf, B=11]", "\"inf\" is not a number of votes"),
        ("[7; -4, 11]", "\"-4\" is not a number of votes"),
        ("[7; A=4, A=3]", "A is listed twice"),
        ("[7; A=4, 3]", "name all or none"),
        ("[7; A=4, B=3] and [2; 1, 1]", "name all or none"),
        ("[7; 4, 3] and [2; 1, 1, 1]", "3 have votes here, 2 before"),
        ("[7; 1x2000]", "more than 1024 members"),
        ("[7; gdpp:2003]", "weights are gdp or population"),
        ("[7; gdp:2003 until 5%]", "\"until\" is no bound of shares"),
        ("majorty", "did you mean \"majority\"?"),
        ("2/3", "it isn't said of what the quota is"),
        ("2/3 of states", "it isn't said of what the quota is"),
        ("consensus minus two", "without one member only"),
        ("blocking four", "has a number of members"),
        ("veto", "it isn't said whose"),
        ("veto()", "a name is missing"),
        ("veto(A, A)", "A is named twice"),
        ("(majority", "this bracket isn't closed by ')'"),
        ("majority majority", "the rule goes on after its end"),
        ("majority, unanimity", "the rule goes on after its end"),
        ("majority", "the composed rule names nobody"),
        (
            "[11; A=4, B=3]",
            "the quota of 11 can't be reached with 7 votes",
        ),
        ("[1; A=0, B=0]", "nobody has a vote"),
    ] {
        mistake(&["--rule", rule], words);
    }
    let deep = format!("{}majority{}", "(".repeat(40), ")".repeat(40));
    mistake(
        &["--rule", &deep, "--members", "3"],
        "nested more than 32 deep",
    );
    mistake(
        &["--rule", "majority", "--members", "0"],
        "there can be 1 to 1024 members",
    );
    mistake(
        &["--rule", "[3; 2, 1, 1]", "--members", "A,B"],
        "votes for 3 members, not for 2",
    );
    mistake(
        &["--rule", "veto(A, X)", "--members", "A,B,C"],
        "X has no vote; the members are A, B, C",
    );
    mistake(
        &["--rule", "majority", "--members", "A,B,A"],
        "A is listed twice",
    );
}
