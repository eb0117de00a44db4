//! Mistakes in an economy or a scenario: each gives one error, at the line it stands on.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::format_push_string,
    reason = "a failure here is a failed test, and the packs are short"
)]

use acquis_registry::{Finding, Findings, Lint, Registry, SourceText};
use acquis_scenario::{
    Economy, EconomyFiles, Progress, RunError, Scenario, read_economy_files, run, unknown_economy,
};

const MANIFEST: &str = r#"id = "tiny"
title = "Three economies"
year = 2000
unit = "million"
trade = "trade.csv"
value_column = "musd"
status_column = "status"
estimated = ["guessed"]
known = ["observed"]

[names]
ROW = "Rest of the world"
"#;

const TRADE: &str = "exporter,importer,musd,status
AAA,AAA,100,observed
AAA,BBB,10,observed
AAA,ROW,5,guessed
BBB,AAA,12,observed
BBB,BBB,80,observed
BBB,ROW,3,observed
ROW,AAA,6,observed
ROW,BBB,7,guessed
ROW,ROW,900,observed
";

const PACK: &str = r#"
source = [{ id = "s", type = "treaty", title = "S", published = "1990" }]
state = [
  { id = "AAA", names = [{ name = "Aland" }], from = "1950" },
  { id = "BBB", names = [{ name = "Beland" }], from = "1950" },
  { id = "CCC", names = [{ name = "Celand" }], from = "1950" },
]
[[agreement]]
id = "agr:pact"
names = [{ name = "The Pact" }]
stage = "free_trade_area"
membership_from = "signature"
[[agreement.act]]
act = "signature"
who = ["AAA"]
claims = [{ on = "1991", src = "s" }]
"#;

const SCENARIO: &str = r#"title = "Beland comes in"

[base]
date = "2000-07-01"
economy = "tiny"
grade = "in_force"

[[act]]
do = "add"
institution = "agr:pact"
act = "accession"
who = ["BBB"]
on = "1995"

[effects]
source = "a guess"
free_trade_area = 0.5

[elasticity]
trade = 4
source = "another"

[deficit]
closure = "additive"
"#;

fn economy(manifest: &str, trade: &str) -> Result<Economy, Findings> {
    let manifest = SourceText::new("tiny.toml", manifest);
    let files = EconomyFiles::gather(manifest, |_| Ok(SourceText::new("trade.csv", trade)))?;
    Economy::load(&files)
}

fn registry() -> Registry {
    Registry::load(&[SourceText::new("pack.toml", PACK)])
        .unwrap()
        .registry
}

fn scenario(text: &str) -> Result<Scenario, Findings> {
    Scenario::read("reform", &SourceText::new("reform.toml", text))
}

/// Replaces a text that stands once.
#[track_caller]
fn change(text: &str, from: &str, to: &str) -> String {
    assert_eq!(text.matches(from).count(), 1, "{from:?} must stand once");
    text.replace(from, to)
}

#[track_caller]
fn only(findings: &Findings) -> &Finding {
    assert_eq!(findings.len(), 1, "{findings}");
    findings.iter().next().unwrap()
}

fn line(finding: &Finding) -> (String, usize) {
    let place = finding.place.as_ref().unwrap();
    (place.file.name.clone(), place.line_column().0)
}

/// The one mistake in a changed table of trade: its rule, line and message.
#[track_caller]
fn in_table(from: &str, to: &str, lint: Lint, at: usize, message: &str) {
    let findings = economy(MANIFEST, &change(TRADE, from, to)).unwrap_err();
    let finding = only(&findings);
    assert_eq!(finding.lint, lint, "{finding}");
    assert_eq!(line(finding), ("trade.csv".to_owned(), at), "{finding}");
    assert!(finding.message.contains(message), "{finding}");
}

#[track_caller]
fn in_manifest(from: &str, to: &str, lint: Lint, at: usize, message: &str) {
    let findings = economy(&change(MANIFEST, from, to), TRADE).unwrap_err();
    let finding = only(&findings);
    assert_eq!(finding.lint, lint, "{finding}");
    assert_eq!(line(finding), ("tiny.toml".to_owned(), at), "{finding}");
    assert!(finding.message.contains(message), "{finding}");
}

/// The one mistake in a changed scenario file.
#[track_caller]
fn in_scenario(from: &str, to: &str, lint: Lint, at: usize, message: &str) -> Finding {
    let findings = match scenario(&change(SCENARIO, from, to)) {
        Err(findings) => findings,
        Ok(scenario) => panic!("no mistake is found in {scenario:?}"),
    };
    let finding = only(&findings);
    assert_eq!(finding.lint, lint, "{finding}");
    assert_eq!(line(finding), ("reform.toml".to_owned(), at), "{finding}");
    assert!(finding.message.contains(message), "{finding}");
    finding.clone()
}

/// The one mistake of a changed scenario that only shows when it is run.
#[track_caller]
fn in_run(from: &str, to: &str, lint: Lint, at: usize, message: &str) -> Finding {
    let scenario = scenario(&change(SCENARIO, from, to)).unwrap_or_else(|error| panic!("{error}"));
    let economy = economy(MANIFEST, TRADE).unwrap();
    let findings = match run(&scenario, &registry(), &economy, true, &Progress::SILENT) {
        Err(RunError::Findings(findings)) => findings,
        other => panic!("no mistake is found but {other:?}"),
    };
    let finding = only(&findings);
    assert_eq!(finding.lint, lint, "{finding}");
    assert_eq!(line(finding), ("reform.toml".to_owned(), at), "{finding}");
    assert!(finding.message.contains(message), "{finding}");
    finding.clone()
}

#[test]
fn the_example_itself_is_in_order() {
    let economy = economy(MANIFEST, TRADE).unwrap();
    assert_eq!(economy.labels(), ["AAA", "BBB", "ROW"]);
    assert_eq!(economy.name_of("ROW"), Some("Rest of the world"));
    let outcome = run(
        &scenario(SCENARIO).unwrap(),
        &registry(),
        &economy,
        false,
        &Progress::SILENT,
    )
    .unwrap();
    assert_eq!(outcome.variants[0].reform.changed.len(), 1);
}

#[test]
fn domestic_sales_are_positive() {
    in_table(
        "BBB,BBB,80",
        "BBB,BBB,0",
        Lint::Economy,
        6,
        "the domestic sales of BBB are 0",
    );
    in_table(
        "BBB,BBB,80",
        "BBB,BBB,0.0e5",
        Lint::Economy,
        6,
        "the domestic sales of BBB are 0",
    );
    in_table(
        "AAA,AAA,100",
        "AAA,AAA,-1",
        Lint::Number,
        2,
        "the trade from AAA to AAA is \"-1\"",
    );
}

#[test]
fn flows_are_finite_and_not_negative() {
    for value in ["-10", "NaN", "nan", "inf", "1e999", "", "ten", "1,0"] {
        // A comma makes a field more, which is a mistake of the table and not of the number.
        let (lint, message) = if value.contains(',') {
            (Lint::Format, "not a table")
        } else {
            (Lint::Number, "the trade from AAA to BBB is")
        };
        in_table("AAA,BBB,10", &format!("AAA,BBB,{value}"), lint, 3, message);
    }
    economy(MANIFEST, &change(TRADE, "AAA,BBB,10", "AAA,BBB,0")).unwrap();
}

#[test]
fn every_pair_has_one_figure() {
    in_table(
        "AAA,BBB,10,observed\n",
        "",
        Lint::Economy,
        1,
        "1 of 9 figures are missing, first AAA to BBB",
    );
    in_table(
        "BBB,BBB,80,observed\n",
        "",
        Lint::Economy,
        1,
        "1 of 9 figures are missing, first BBB to BBB",
    );
    in_table(
        "AAA,BBB,10,observed\n",
        "AAA,BBB,10,observed\nAAA,BBB,10,observed\n",
        Lint::Economy,
        4,
        "a second figure for AAA to BBB",
    );
}

#[test]
fn a_table_has_its_columns() {
    in_table(
        "exporter,importer",
        "exporter,buyer",
        Lint::Format,
        1,
        "the table has no column \"importer\"",
    );
    in_table(
        "musd,status",
        "value,status",
        Lint::Format,
        1,
        "the table has no column \"musd\"",
    );
    in_table(
        "musd,status",
        "musd,state",
        Lint::Format,
        1,
        "the table has no column \"status\"",
    );
    let findings = economy(MANIFEST, &change(TRADE, "exporter,", "exporters,")).unwrap_err();
    assert_eq!(only(&findings).nearest.as_deref(), Some("exporters"));
}

#[test]
fn a_column_is_looked_for_below_the_remarks() {
    let remarked = format!("# unit: million; source: nobody\n{TRADE}");
    economy(MANIFEST, &remarked).unwrap();
    let findings = economy(MANIFEST, &change(&remarked, "musd,", "value,")).unwrap_err();
    assert_eq!(line(only(&findings)).1, 2);
}

#[test]
fn a_bad_figure_below_a_remark_is_pointed_at_and_not_the_remark() {
    let remarked = change(TRADE, "AAA,BBB,10", "# a remark\n\n# another\nAAA,BBB,-10");
    let findings = economy(MANIFEST, &remarked).unwrap_err();
    assert_eq!(line(only(&findings)).1, 6);
}

#[test]
fn a_status_is_one_that_the_manifest_declares() {
    in_table(
        "5,guessed",
        "5,guesed",
        Lint::Word,
        4,
        "\"guesed\" is not a status that the manifest declares",
    );
    let findings = economy(MANIFEST, &change(TRADE, "5,guessed", "5,guesed")).unwrap_err();
    assert_eq!(only(&findings).nearest.as_deref(), Some("guessed"));
}

#[test]
fn who_imports_exports_too() {
    let extra = TRADE.to_owned() + "AAA,CCC,1,observed\n";
    let findings = economy(MANIFEST, &extra).unwrap_err();
    let finding = only(&findings);
    assert_eq!((finding.lint, line(finding).1), (Lint::Economy, 11));
    assert!(finding.message.contains("CCC imports but never exports"));
}

#[test]
fn an_economy_whose_rows_of_one_exporter_are_all_missing_is_reported_once() {
    let without: String = TRADE
        .lines()
        .filter(|line| !line.starts_with("ROW,"))
        .flat_map(|line| [line, "\n"])
        .collect();
    let findings = economy(MANIFEST, &without).unwrap_err();
    assert!(
        only(&findings)
            .message
            .contains("ROW imports but never exports")
    );
}

#[test]
fn tables_that_are_no_tables() {
    in_table(
        "AAA,BBB,10,observed",
        "AAA,BBB,10",
        Lint::Format,
        3,
        "not a table",
    );
    for (text, lint) in [
        ("", Lint::Format),
        ("exporter,importer,musd,status\n", Lint::Economy),
    ] {
        let findings = economy(MANIFEST, text).unwrap_err();
        assert!(
            findings.iter().all(|finding| finding.lint == lint),
            "{findings}"
        );
    }
    assert!(
        only(&economy(MANIFEST, "exporter,importer,musd,status\n").unwrap_err())
            .message
            .contains("no trade")
    );
}

#[test]
fn manifests_point_too() {
    in_manifest("year = 2000\n", "", Lint::Format, 1, "has no year");
    in_manifest(
        "year = 2000",
        "year = 2000.5",
        Lint::Number,
        3,
        "2000.5 is not a year",
    );
    in_manifest(
        "year = 2000",
        "year = nan",
        Lint::Number,
        3,
        "not a finite number",
    );
    in_manifest(
        "known = ",
        "knwon = ",
        Lint::Format,
        9,
        "has no key \"knwon\"",
    );
    in_manifest(
        "trade = \"trade.csv\"\n",
        "",
        Lint::Format,
        1,
        "has no trade",
    );
}

#[test]
fn an_economy_that_is_not_there() {
    let missing = std::path::Path::new("no-such-folder/economy.toml");
    let findings = read_economy_files(missing).unwrap_err();
    assert_eq!(only(&findings).lint, Lint::Economy);
    assert!(
        only(&findings)
            .message
            .contains("can't read no-such-folder")
    );

    let known = ["post-soviet-2004".to_owned(), "post-soviet-2012".to_owned()];
    let findings = unknown_economy("post-sovjet-2012", &known, None);
    assert_eq!(only(&findings).lint, Lint::Economy);
    assert_eq!(only(&findings).nearest.as_deref(), Some("post-soviet-2012"));
}

#[test]
fn a_scenario_names_an_economy_and_a_day() {
    in_scenario(
        "economy = \"tiny\"\n",
        "",
        Lint::Format,
        3,
        "[base] has no economy",
    );
    in_scenario(
        "economy = \"tiny\"",
        "economy = \"\"",
        Lint::Format,
        5,
        "economy of [base] is empty",
    );
    in_scenario(
        "date = \"2000-07-01\"\n",
        "",
        Lint::Format,
        3,
        "[base] has no date",
    );
    in_scenario(
        "date = \"2000-07-01\"",
        "date = \"2000\"",
        Lint::Date,
        4,
        "date: 2000 is not a day",
    );
    in_scenario(
        "date = \"2000-07-01\"",
        "date = \"2000-13-01\"",
        Lint::Date,
        4,
        "has no month 13",
    );
    in_scenario(
        "grade = \"in_force\"",
        "grade = \"inforce\"",
        Lint::Word,
        6,
        "\"inforce\" is not a grade",
    );
    in_scenario(
        "title = \"Beland comes in\"\n",
        "",
        Lint::Format,
        1,
        "has no title",
    );
}

#[test]
fn a_scenario_without_a_base() {
    let text = change(
        SCENARIO,
        "[base]\ndate = \"2000-07-01\"\neconomy = \"tiny\"\ngrade = \"in_force\"\n",
        "",
    );
    let findings = scenario(&text).unwrap_err();
    assert_eq!(only(&findings).message, "this file has no base");
}

#[test]
fn a_scenario_that_changes_nothing() {
    let findings = scenario("title = \"T\"\n[base]\ndate = \"2000-07-01\"\neconomy = \"tiny\"\n");
    assert!(
        only(&findings.unwrap_err())
            .message
            .contains("changes nothing")
    );
}

#[test]
fn elasticities_are_above_zero() {
    for value in ["0", "0.0", "-1"] {
        let finding = in_scenario(
            "trade = 4",
            &format!("trade = {value}"),
            Lint::Number,
            20,
            "",
        );
        assert_eq!(
            finding.expected.as_deref(),
            Some("theta = sigma - 1, above zero")
        );
    }
    for value in ["nan", "inf", "-nan"] {
        in_scenario(
            "trade = 4",
            &format!("trade = {value}"),
            Lint::Number,
            20,
            "not a finite number",
        );
    }
    in_scenario(
        "trade = 4",
        "trade = \"4\"",
        Lint::Format,
        20,
        "is of type string",
    );
    in_scenario(
        "trade = 4\n",
        "",
        Lint::Format,
        19,
        "[elasticity] has no trade",
    );
    in_scenario(
        "source = \"another\"\n",
        "",
        Lint::Format,
        19,
        "[elasticity] has no source",
    );
}

#[test]
fn effects_are_numbers_of_stages() {
    let finding = in_scenario(
        "free_trade_area = 0.5",
        "free_trade_aria = 0.5",
        Lint::Word,
        17,
        "\"free_trade_aria\" is not a stage",
    );
    assert_eq!(finding.nearest.as_deref(), Some("free_trade_area"));
    in_scenario(
        "free_trade_area = 0.5",
        "free_trade_area = nan",
        Lint::Number,
        17,
        "not a finite number",
    );
    in_scenario(
        "source = \"a guess\"\n",
        "",
        Lint::Format,
        15,
        "[effects] has no source",
    );
    in_scenario(
        "closure = \"additive\"",
        "closure = \"fixed\"",
        Lint::Word,
        24,
        "\"fixed\" is not a deficit closure",
    );
}

#[test]
fn acts_are_written_in_full() {
    in_scenario("on = \"1995\"\n", "", Lint::Format, 8, "an act has no on");
    in_scenario(
        "who = [\"BBB\"]\n",
        "",
        Lint::Format,
        8,
        "an act has no who",
    );
    in_scenario(
        "institution = \"agr:pact\"\n",
        "",
        Lint::Format,
        8,
        "an act has no institution",
    );
    in_scenario(
        "on = \"1995\"",
        "on = 1995-01-01",
        Lint::Date,
        13,
        "on is a bare date",
    );
    in_scenario(
        "act = \"accession\"",
        "act = \"implementation\"",
        Lint::Format,
        8,
        "an act has no stage",
    );
    in_scenario(
        "do = \"add\"\n",
        "do = \"strike\"\n",
        Lint::Format,
        13,
        "has no key \"on\"",
    );
}

#[test]
fn what_is_to_be_done_is_a_word_and_its_misspelling_is_one_mistake() {
    let finding = in_scenario(
        "do = \"add\"",
        "do = \"ad\"",
        Lint::Word,
        9,
        "\"ad\" is not",
    );
    assert_eq!(finding.nearest.as_deref(), Some("add"));
    in_scenario("do = \"add\"\n", "", Lint::Format, 8, "an act has no do");
    let finding = in_scenario(
        "act = \"accession\"",
        "act = \"acession\"",
        Lint::Word,
        11,
        "is not an act",
    );
    assert_eq!(finding.nearest.as_deref(), Some("accession"));
}

#[test]
fn variants_have_names_of_their_own_that_can_name_files() {
    let variants = |names: [&str; 2]| {
        let mut text = SCENARIO.to_owned();
        for name in names {
            text.push_str(&format!(
                "\n[[variant]]\nname = \"{name}\"\ntitle = \"T\"\n[[variant.act]]\ndo = \"strike\"\n\
                 institution = \"agr:pact\"\n"
            ));
        }
        scenario(&text)
    };
    variants(["one", "two"]).unwrap();
    let findings = variants(["one", "one"]).unwrap_err();
    let finding = only(&findings);
    assert_eq!(
        (finding.lint, line(finding).1),
        (Lint::DuplicateId, 34),
        "{finding}"
    );
    assert_eq!(finding.message, "a second variant \"one\"");
    for name in ["a/b", "..", "a b", "ä"] {
        let findings = variants(["one", name]).unwrap_err();
        let finding = only(&findings);
        assert_eq!(
            (finding.lint, line(finding).1),
            (Lint::Word, 34),
            "{finding}"
        );
    }
}

#[test]
fn unknown_names_in_acts_show_the_nearest() {
    let finding = in_run(
        "who = [\"BBB\"]",
        "who = [\"BBV\"]",
        Lint::UnknownState,
        8,
        "no state \"BBV\"",
    );
    assert_eq!(finding.nearest.as_deref(), Some("BBB"));
    let finding = in_run(
        "\"agr:pact\"",
        "\"agr:pakt\"",
        Lint::UnknownInstitution,
        8,
        "\"agr:pakt\"",
    );
    assert_eq!(finding.nearest.as_deref(), Some("agr:pact"));
}

#[test]
fn nobody_acts_before_it_existed() {
    let finding = in_run(
        "on = \"1995\"",
        "on = \"1949-12-31\"",
        Lint::OutsideLifespan,
        8,
        "began on 1950",
    );
    assert!(finding.lint.reason().unwrap().contains("art. 6"));
}

#[test]
fn nobody_withdraws_who_takes_no_part() {
    let finding = in_run(
        "act = \"accession\"",
        "act = \"withdrawal\"",
        Lint::NotAParty,
        8,
        "withdrawal of BBB",
    );
    assert!(finding.lint.reason().unwrap().contains("art. 54"));
}

#[test]
fn what_is_not_there_is_neither_struck_nor_moved() {
    let add = "do = \"add\"\ninstitution = \"agr:pact\"\nact = \"accession\"\nwho = [\"BBB\"]\non = \"1995\"\n";
    let strike = "do = \"strike\"\ninstitution = \"agr:pact\"\nact = \"accession\"\n";
    in_run(
        add,
        strike,
        Lint::UnknownAct,
        8,
        "agr:pact has no such accession to change",
    );
    let strike = "do = \"strike\"\ninstitution = \"agr:pact\"\nwho = [\"BBB\"]\n";
    in_run(
        add,
        strike,
        Lint::UnknownAct,
        8,
        "agr:pact has no such act to change",
    );
    let moved = "do = \"move\"\ninstitution = \"agr:pact\"\nact = \"accession\"\nto = \"1995\"\n";
    in_run(
        add,
        moved,
        Lint::UnknownAct,
        8,
        "agr:pact has no such accession to change",
    );
}

#[test]
fn a_state_outside_the_economy_is_noted() {
    let text = change(SCENARIO, "who = [\"BBB\"]", "who = [\"CCC\"]");
    let economy = economy(MANIFEST, TRADE).unwrap();
    let outcome = run(
        &scenario(&text).unwrap(),
        &registry(),
        &economy,
        false,
        &Progress::SILENT,
    )
    .unwrap();
    assert!(
        outcome
            .notes
            .iter()
            .any(|note| note.starts_with("CCC is not in the economy"))
    );
}

#[test]
fn an_economy_of_extreme_figures_is_solved_or_refused_and_does_not_panic() {
    for value in ["1e-300", "1e300", "5e-324", "1.7e308"] {
        for cell in ["AAA,BBB,10", "BBB,BBB,80"] {
            let (pair, _) = cell.rsplit_once(',').unwrap();
            let trade = change(TRADE, cell, &format!("{pair},{value}"));
            let economy = economy(MANIFEST, &trade).unwrap();
            let outcome = run(
                &scenario(SCENARIO).unwrap(),
                &registry(),
                &economy,
                false,
                &Progress::SILENT,
            );
            if let Ok(outcome) = outcome {
                let effects = outcome.variants[0].effects.as_ref().unwrap();
                assert!(
                    effects
                        .rows
                        .iter()
                        .all(|row| row.real_income_pct.is_finite()),
                    "{cell} {value}"
                );
            }
        }
    }
}

#[test]
fn effects_beyond_reason_are_solved_or_refused_and_do_not_panic() {
    for effect in ["700", "-700", "1e6", "-1e6", "1e308"] {
        let text = change(
            SCENARIO,
            "free_trade_area = 0.5",
            &format!("free_trade_area = {effect}"),
        );
        let economy = economy(MANIFEST, TRADE).unwrap();
        let outcome = run(
            &scenario(&text).unwrap(),
            &registry(),
            &economy,
            false,
            &Progress::SILENT,
        );
        if let Ok(outcome) = outcome {
            let effects = outcome.variants[0].effects.as_ref().unwrap();
            assert!(
                effects
                    .rows
                    .iter()
                    .all(|row| row.real_income_pct.is_finite()),
                "{effect}"
            );
        }
    }
}

#[test]
fn files_with_windows_line_ends_are_read() {
    economy(MANIFEST, &TRADE.replace('\n', "\r\n")).unwrap();
    let broken = change(TRADE, "BBB,BBB,80", "BBB,BBB,0").replace('\n', "\r\n");
    assert_eq!(line(only(&economy(MANIFEST, &broken).unwrap_err())).1, 6);
    scenario(&SCENARIO.replace('\n', "\r\n")).unwrap();
}
