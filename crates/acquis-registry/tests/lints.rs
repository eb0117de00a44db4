//! Every rule a file is held to, broken once: one mistake gives one finding, with its code,
//! its place, what was expected and the nearest valid name.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::format_push_string,
    reason = "a failure here is a failed test, and the packs are short"
)]

use std::collections::BTreeSet;
use std::sync::Arc;

use acquis_registry::document::{self, Word as _};
use acquis_registry::{Finding, Findings, Lint, Registry, Severity, SourceText, Stage};

const PACK: &str = r#"[pack]
id = "tiny"
title = "A tiny pack"

[[source]]
id = "treaty"
type = "treaty"
title = "The treaty"
published = "1990"

[[source]]
id = "history"
type = "book"
title = "A history"
published = "2001-05~"

[[state]]
id = "AAA"
names = [{ name = "Åland" }]
from = "1950-01-01"
src = "history"

[[state]]
id = "BBB"
names = [{ name = "Beland" }]
from = "1960"
until = "2010-06-30"
predecessors = ["OLD"]

[[state]]
id = "OLD"
names = [{ name = "Olland" }]
until = "1960"

[[organization]]
id = "org:club"
names = [{ name = "The Club" }]
areas = ["goods"]
stage = "customs_union"

[[organization.act]]
act = "signature"
who = ["AAA", "BBB"]
claims = [
  { on = "1990-05-01", src = "treaty", rank = "preferred", reason = "the text" },
  { on = "1990-05-02", src = "history" },
]

[[organization.act]]
act = "entry_into_force"
claims = [{ on = "1990-06-01", effect = "1991-01-01", src = "treaty" }]

[[organization]]
id = "org:league"
names = [{ name = "The League" }]

[[rule]]
id = "R1"
kind = "member_of_two_customs_unions"
statement = "Nobody belongs to two customs unions."
basis = [{ src = "treaty", at = "art. 1" }]
"#;

/// One mistake: what is replaced by what in the pack, and what comes of it.
struct Case {
    name: &'static str,
    replace: &'static str,
    with: &'static str,
    lint: Lint,
    severity: Severity,
    /// The text that the place begins with.
    at: &'static str,
    message: &'static str,
    expected: Option<&'static str>,
    nearest: Option<&'static str>,
}

const PLAIN: Case = Case {
    name: "",
    replace: "",
    with: "",
    lint: Lint::Format,
    severity: Severity::Error,
    at: "",
    message: "",
    expected: None,
    nearest: None,
};

const CASES: &[Case] = &[
    // A01
    Case {
        name: "a table that is not closed",
        replace: "[pack]\n",
        with: "[pack\n",
        at: "\nid = \"tiny\"",
        message: "unclosed table, expected `]`",
        ..PLAIN
    },
    Case {
        name: "a key that is misspelt",
        replace: "title = \"A history\"",
        with: "title = \"A history\"\nauther = \"N. N.\"",
        at: "auther",
        message: "a source has no key \"auther\"",
        expected: Some("one of accessed, author, covers, id, note, published, title, type, url"),
        nearest: Some("author"),
        ..PLAIN
    },
    Case {
        name: "a key that is missing",
        replace: "statement = \"Nobody belongs to two customs unions.\"\n",
        with: "",
        at: "[[rule]]",
        message: "a rule has no statement",
        ..PLAIN
    },
    Case {
        name: "a value of another type",
        replace: "areas = [\"goods\"]",
        with: "areas = \"goods\"",
        at: "\"goods\"",
        message: "areas of an organization is of type string",
        expected: Some("a list of texts"),
        ..PLAIN
    },
    Case {
        name: "a source without a date",
        replace: "published = \"1990\"\n",
        with: "",
        at: "[[source]]\nid = \"treaty\"",
        message: "a source has neither published nor accessed",
        expected: Some("one of them, or nobody can say by when it was known"),
        ..PLAIN
    },
    Case {
        name: "a claim without a date",
        replace: "{ on = \"1990-05-02\", src = \"history\" }",
        with: "{ src = \"history\" }",
        at: "{ src = \"history\" }",
        message: "a claim has neither on nor effect",
        expected: Some("a date; \"..\" if the source gives none"),
        ..PLAIN
    },
    Case {
        name: "a deprecated claim without a reason",
        replace: "{ on = \"1990-05-02\", src = \"history\" }",
        with: "{ on = \"1990-05-02\", src = \"history\", rank = \"deprecated\" }",
        at: "{ on = \"1990-05-02\"",
        message: "a deprecated claim gives no reason",
        expected: Some("reason = \"why the claim is not used\""),
        ..PLAIN
    },
    Case {
        name: "an assessment without a stage",
        replace: "act = \"entry_into_force\"",
        with: "act = \"implementation\"",
        at: "{ on = \"1990-06-01\"",
        message: "a claim about an implementation has no stage",
        expected: Some("the stage that is attained in practice, \"none\" if nothing works"),
        ..PLAIN
    },
    Case {
        name: "an act of nobody",
        replace: "who = [\"AAA\", \"BBB\"]\n",
        with: "",
        at: "[[organization.act]]\nact = \"signature\"",
        message: "an act has no who",
        ..PLAIN
    },
    Case {
        name: "an act that nobody claims",
        replace: "claims = [{ on = \"1990-06-01\", effect = \"1991-01-01\", src = \"treaty\" }]\n",
        with: "",
        at: "[[organization.act]]\nact = \"entry_into_force\"",
        message: "an act has no claims, so nobody says that it happened",
        ..PLAIN
    },
    Case {
        name: "a state code in small letters",
        replace: "id = \"AAA\"",
        with: "id = \"aaa\"",
        at: "\"aaa\"",
        message: "\"aaa\" is not a state code",
        expected: Some("three capital letters (ISO 3166 alpha-3, or a private code from XAA)"),
        ..PLAIN
    },
    Case {
        name: "an organization with the id of an agreement",
        replace: "id = \"org:league\"",
        with: "id = \"agr:league\"",
        at: "\"agr:league\"",
        message: "\"agr:league\" is not the id of an organization",
        expected: Some("an id that begins with org:"),
        ..PLAIN
    },
    // A02
    Case {
        name: "a stage that is no stage",
        replace: "stage = \"customs_union\"",
        with: "stage = \"custom_union\"",
        lint: Lint::Word,
        at: "\"custom_union\"",
        message: "\"custom_union\" is not a stage",
        expected: Some(
            "one of none, preferential_arrangement, free_trade_area, customs_union, common_market, economic_union, economic_and_monetary_union, political_union",
        ),
        nearest: Some("customs_union"),
        ..PLAIN
    },
    Case {
        name: "an act that is no act",
        replace: "act = \"entry_into_force\"",
        with: "act = \"entry-into-force\"",
        lint: Lint::Word,
        at: "\"entry-into-force\"",
        message: "\"entry-into-force\" is not an act",
        nearest: Some("entry_into_force"),
        ..PLAIN
    },
    Case {
        name: "a rank that is no rank",
        replace: "rank = \"preferred\"",
        with: "rank = \"prefered\"",
        lint: Lint::Word,
        at: "\"prefered\"",
        message: "\"prefered\" is not a rank",
        expected: Some("one of preferred, normal, deprecated"),
        nearest: Some("preferred"),
        ..PLAIN
    },
    // A03
    Case {
        name: "a month that no year has",
        replace: "{ on = \"1990-05-02\", src",
        with: "{ on = \"2006-13-01\", src",
        lint: Lint::Date,
        at: "\"2006-13-01\"",
        message: "on: \"2006-13-01\" has no month 13",
        expected: Some("a date such as 2006, 2006-01"),
        ..PLAIN
    },
    Case {
        name: "a date without quotes",
        replace: "on = \"1990-05-02\", src",
        with: "on = 1990-05-02, src",
        lint: Lint::Date,
        at: "1990-05-02, src",
        message: "on is a bare date",
        expected: Some("the date in quotes"),
        ..PLAIN
    },
    // A05
    Case {
        name: "a state that stands twice",
        replace: "id = \"BBB\"",
        with: "id = \"AAA\"",
        lint: Lint::DuplicateId,
        at: "[[state]]\nid = \"AAA\"\nnames = [{ name = \"Beland\" }]",
        message: "the state \"AAA\" stands already at tiny.toml:17:1",
        ..PLAIN
    },
    Case {
        name: "a source that stands twice",
        replace: "id = \"history\"",
        with: "id = \"treaty\"",
        lint: Lint::DuplicateId,
        at: "[[source]]\nid = \"treaty\"\ntype = \"book\"",
        message: "the source \"treaty\" stands already at tiny.toml:5:1",
        ..PLAIN
    },
    // A06
    Case {
        name: "a source that nobody declares",
        replace: "{ on = \"1990-05-02\", src = \"history\" }",
        with: "{ on = \"1990-05-02\", src = \"histroy\" }",
        lint: Lint::UnknownSource,
        at: "{ on = \"1990-05-02\"",
        message: "no source \"histroy\"",
        nearest: Some("history"),
        ..PLAIN
    },
    // A07
    Case {
        name: "a predecessor that nobody declares",
        replace: "predecessors = [\"OLD\"]",
        with: "predecessors = [\"OLT\"]",
        lint: Lint::UnknownState,
        at: "[[state]]\nid = \"BBB\"",
        message: "no state \"OLT\"",
        nearest: Some("OLD"),
        ..PLAIN
    },
    Case {
        name: "a party that nobody declares",
        replace: "who = [\"AAA\", \"BBB\"]",
        with: "who = [\"AAA\", \"BBV\"]",
        lint: Lint::UnknownState,
        at: "[[organization.act]]\nact = \"signature\"",
        message: "no state \"BBV\"",
        nearest: Some("BBB"),
        ..PLAIN
    },
    // A08
    Case {
        name: "a party that is an unknown organization",
        replace: "who = [\"AAA\", \"BBB\"]",
        with: "who = [\"AAA\", \"org:leage\"]",
        lint: Lint::UnknownInstitution,
        at: "[[organization.act]]\nact = \"signature\"",
        message: "no organization or agreement \"org:leage\"",
        nearest: Some("org:league"),
        ..PLAIN
    },
    // A09
    Case {
        name: "two preferred claims",
        replace: "{ on = \"1990-05-02\", src = \"history\" }",
        with: "{ on = \"1990-05-02\", src = \"history\", rank = \"preferred\", reason = \"later\" }",
        lint: Lint::TwoPreferred,
        at: "{ on = \"1990-05-02\"",
        message: "a second preferred claim about one act; the first stands on line 45",
        expected: Some("one preferred claim at most"),
        ..PLAIN
    },
    // A10
    Case {
        name: "an act before the state existed",
        replace: "{ on = \"1990-05-02\", src = \"history\" }",
        with: "{ on = \"1959-12\", src = \"history\" }",
        lint: Lint::OutsideLifespan,
        at: "{ on = \"1959-12\"",
        message: "Beland (BBB) acts on 1959-12, but it began on 1960",
        ..PLAIN
    },
    Case {
        name: "an act after the state ended",
        replace: "{ on = \"1990-05-02\", src = \"history\" }",
        with: "{ on = \"2010-07-01\", src = \"history\" }",
        lint: Lint::OutsideLifespan,
        at: "{ on = \"2010-07-01\"",
        message: "Beland (BBB) acts on 2010-07-01, but it ended on 2010-06-30",
        ..PLAIN
    },
    // A12
    Case {
        name: "states that succeed each other",
        replace: "until = \"1960\"",
        with: "until = \"1960\"\npredecessors = [\"BBB\"]",
        lint: Lint::CyclicSuccession,
        at: "[[state]]\nid = \"BBB\"",
        message: "a succession runs in a circle: BBB -> OLD -> BBB",
        ..PLAIN
    },
    Case {
        name: "a state that succeeds itself",
        replace: "predecessors = [\"OLD\"]",
        with: "predecessors = [\"BBB\", \"OLD\"]",
        lint: Lint::CyclicSuccession,
        at: "[[state]]\nid = \"BBB\"",
        message: "a succession runs in a circle: BBB -> BBB",
        ..PLAIN
    },
    Case {
        name: "organizations that merge into each other",
        replace: "act = \"entry_into_force\"\n",
        with: "act = \"merger\"\ninto = \"org:league\"\nclaims = [{ on = \"2000\", src = \"history\" }]\n\n\
               [[organization.act]]\nact = \"entry_into_force\"\n\
               claims = [{ on = \"1992\", src = \"treaty\" }]\n\n\
               [[organization]]\nid = \"org:third\"\nnames = [{ name = \"The Third\" }]\n\n\
               [[organization.act]]\nact = \"merger\"\ninto = \"org:third\"\n\
               claims = [{ on = \"2001\", src = \"history\" }]\n\n[[organization.act]]\n\
               act = \"entry_into_force\"\n",
        lint: Lint::CyclicSuccession,
        at: "\"org:third\"\nnames",
        message: "a succession runs in a circle: org:third -> org:third",
        ..PLAIN
    },
    // A13
    Case {
        name: "an effect before the act",
        replace: "effect = \"1991-01-01\"",
        with: "effect = \"1990-05-31\"",
        lint: Lint::EffectBeforeAct,
        severity: Severity::Warning,
        at: "{ on = \"1990-06-01\"",
        message: "the act of 1990-06-01 takes effect before it is done, on 1990-05-31",
        ..PLAIN
    },
    // A14
    Case {
        name: "a source that nobody cites",
        replace: "[[state]]\nid = \"AAA\"",
        with: "[[source]]\nid = \"idle\"\ntype = \"web\"\ntitle = \"Idle\"\naccessed = \"2020\"\n\n\
               [[state]]\nid = \"AAA\"",
        lint: Lint::UnusedSource,
        severity: Severity::Warning,
        at: "[[source]]\nid = \"idle\"",
        message: "nothing cites the source \"idle\"",
        ..PLAIN
    },
    // A15
    Case {
        name: "a preference without a reason",
        replace: ", reason = \"the text\"",
        with: "",
        lint: Lint::UnexplainedPreference,
        severity: Severity::Warning,
        at: "{ on = \"1990-05-01\"",
        message: "a preferred claim disagrees with another and does not say why it is used",
        expected: Some("reason = \"...\""),
        ..PLAIN
    },
];

/// Mistakes after which a reader could take the keys beside them for unknown ones.
const ALONE: &[Case] = &[
    Case {
        name: "a key that must be there and is misspelt",
        replace: "title = \"A history\"",
        with: "titel = \"A history\"",
        at: "titel",
        message: "a source has no key \"titel\"",
        nearest: Some("title"),
        ..PLAIN
    },
    Case {
        name: "a state without an id",
        replace: "id = \"AAA\"\n",
        with: "",
        at: "[[state]]\nnames = [{ name = \"Åland\" }]",
        message: "a state has no id",
        ..PLAIN
    },
    Case {
        name: "an organization without an id",
        replace: "id = \"org:club\"\n",
        with: "",
        at: "[[organization]]\nnames = [{ name = \"The Club\" }]",
        message: "an organization has no id",
        ..PLAIN
    },
    Case {
        name: "a name without a name",
        replace: "names = [{ name = \"Beland\" }]",
        with: "names = [{ short = \"Beland\" }]",
        at: "{ short = \"Beland\" }",
        message: "a name has no name",
        ..PLAIN
    },
    Case {
        name: "a legal basis without a source",
        replace: "{ src = \"treaty\", at = \"art. 1\" }",
        with: "{ at = \"art. 1\" }",
        at: "{ at = \"art. 1\" }",
        message: "a legal basis has no src",
        ..PLAIN
    },
    Case {
        name: "an accession to a standing that is misspelt in its act",
        replace: "act = \"signature\"",
        with: "act = \"acession\"\nstanding = \"observer\"",
        lint: Lint::Word,
        at: "\"acession\"",
        message: "\"acession\" is not an act",
        nearest: Some("accession"),
        ..PLAIN
    },
];

fn load(text: &str) -> Findings {
    match Registry::load(&[SourceText::new("tiny.toml", text)]) {
        Ok(loaded) => loaded.warnings,
        Err(findings) => findings,
    }
}

/// Line and column of a text that stands once in another, counted apart from the crate.
fn position(text: &str, part: &str) -> (usize, usize) {
    assert_eq!(text.matches(part).count(), 1, "{part:?} must stand once");
    let before = text.split(part).next().unwrap();
    let line = before.split('\n').count();
    (
        line,
        before.split('\n').next_back().unwrap().chars().count() + 1,
    )
}

fn line_column(finding: &Finding) -> (usize, usize) {
    finding.place.as_ref().unwrap().line_column()
}

#[test]
fn the_pack_itself_is_in_order() {
    let findings = load(PACK);
    assert!(findings.is_empty(), "{findings}");
}

#[test]
fn one_mistake_gives_one_finding_that_points() {
    let wrong: Vec<String> = CASES.iter().filter_map(wrong).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_mistake_does_not_make_the_keys_beside_it_unknown() {
    let wrong: Vec<String> = ALONE.iter().filter_map(wrong).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What is wrong with the findings of a case, if anything is.
fn wrong(case: &Case) -> Option<String> {
    assert_eq!(PACK.matches(case.replace).count(), 1, "{}", case.name);
    let text = PACK.replace(case.replace, case.with);
    let findings = load(&text);
    let [finding] = findings.iter().collect::<Vec<_>>()[..] else {
        return Some(format!(
            "{}: {} findings\n{findings}",
            case.name,
            findings.len()
        ));
    };
    let expected = match (&finding.expected, case.expected) {
        (Some(found), Some(expected)) => found.contains(expected),
        (None, Some(_)) => false,
        (_, None) => true,
    };
    let found = (
        finding.lint,
        finding.severity,
        line_column(finding),
        finding.nearest.as_deref(),
    );
    let at = position(&text, case.at);
    let right = found == (case.lint, case.severity, at, case.nearest)
        && expected
        && finding.message.contains(case.message);
    (!right).then(|| format!("{}: {finding}\n  wanted at {at:?}", case.name))
}

#[test]
fn a_pack_has_one_card() {
    let second = SourceText::new("zebra.toml", "[pack]\nid = \"other\"\ntitle = \"Other\"\n");
    let findings = Registry::load(&[SourceText::new("tiny.toml", PACK), second]).unwrap_err();
    assert_eq!(findings.len(), 1, "{findings}");
    assert_eq!(findings.iter().next().unwrap().lint, Lint::DuplicateId);
}

#[test]
fn a_finding_shows_file_line_column_help_and_code() {
    let text = PACK.replace("rank = \"preferred\"", "rank = \"prefered\"");
    assert_eq!(
        load(&text).to_string(),
        "tiny.toml:45:47: \"prefered\" is not a rank (expected one of preferred, normal, deprecated; \
         did you mean \"preferred\"?) [A02]"
    );
}

#[test]
fn columns_count_characters_and_not_bytes() {
    let text = PACK.replace(
        "names = [{ name = \"Åland\" }]",
        "names = [{ name = \"Åland\", nmae = \"Ålän\" }]",
    );
    let findings = load(&text);
    let finding = findings.iter().next().unwrap();
    assert_eq!(line_column(finding), (19, 28));
    assert_eq!(finding.nearest.as_deref(), Some("name"));
}

#[test]
fn circles_of_more_than_two_organizations_are_found_once() {
    let mut pack = String::from(
        "[[source]]\nid = \"s\"\ntype = \"web\"\ntitle = \"S\"\naccessed = \"2020\"\n",
    );
    for (id, into) in [("a", "b"), ("b", "c"), ("c", "a"), ("d", "a")] {
        pack.push_str(&format!(
            "[[organization]]\nid = \"org:{id}\"\nnames = [{{ name = \"{id}\" }}]\n\
             [[organization.act]]\nact = \"transformation\"\ninto = \"org:{into}\"\n\
             claims = [{{ on = \"2000\", src = \"s\" }}]\n"
        ));
    }
    let findings = load(&pack);
    assert_eq!(findings.len(), 1, "{findings}");
    let finding = findings.iter().next().unwrap();
    assert_eq!(finding.lint, Lint::CyclicSuccession);
    assert_eq!(
        finding.message,
        "a succession runs in a circle: org:a -> org:b -> org:c -> org:a"
    );
}

#[test]
fn a_line_of_successions_without_a_circle_is_no_mistake() {
    let text = PACK.replace(
        "until = \"1960\"",
        "until = \"1960\"\n\n[[state]]\nid = \"NEW\"\nnames = [{ name = \"Newland\" }]\n\
         predecessors = [\"BBB\", \"OLD\"]",
    );
    let findings = load(&text);
    assert!(findings.is_empty(), "{findings}");
}

#[test]
fn dates_that_may_still_agree_are_no_mistake() {
    // The year 1960 holds days after the state began, and a year holds its own days.
    for (from, to) in [
        (
            "{ on = \"1990-05-02\", src = \"history\" }",
            "{ on = \"1960\", src = \"history\" }",
        ),
        ("effect = \"1991-01-01\"", "effect = \"1990\""),
    ] {
        let findings = load(&PACK.replace(from, to));
        assert!(findings.is_empty(), "{findings}");
    }
}

#[test]
fn a_deprecated_or_denying_claim_may_lie_outside_a_life() {
    for claim in [
        "{ on = \"1959\", src = \"history\", rank = \"deprecated\", reason = \"a slip\" }",
        "{ on = \"1959\", src = \"history\", denies = true }",
    ] {
        let text = PACK.replace("{ on = \"1990-05-02\", src = \"history\" }", claim);
        let findings = load(&text);
        assert!(findings.is_empty(), "{findings}");
    }
}

#[test]
fn findings_are_ordered_by_severity_then_place() {
    let text = PACK
        .replace("effect = \"1991-01-01\"", "effect = \"1990-05-31\"")
        .replace("predecessors = [\"OLD\"]", "predecessors = [\"ODL\"]")
        .replace("who = [\"AAA\", \"BBB\"]", "who = [\"AAA\", \"BBV\"]");
    let findings = load(&text);
    let codes: Vec<&str> = findings.iter().map(|finding| finding.lint.code()).collect();
    assert_eq!(codes, ["A07", "A07", "A13"]);
    let lines: Vec<usize> = findings
        .iter()
        .map(|finding| line_column(finding).0)
        .collect();
    assert!(lines[0] < lines[1]);
}

#[test]
fn numbers_in_files_are_finite() {
    for (text, message) in [
        ("value = nan", "value is not a finite number"),
        ("value = -inf", "value is not a finite number"),
        ("value = 1e999", "value is not a finite number"),
    ] {
        let file = SourceText::new("numbers.toml", text);
        let mut findings = Findings::default();
        let read = document::read(&file, &mut findings, |fields, findings| {
            fields.number("value", findings)
        });
        assert_eq!(read, Some(None));
        assert_eq!(findings.len(), 1, "{findings}");
        let finding = findings.iter().next().unwrap();
        assert_eq!((finding.lint, line_column(finding)), (Lint::Number, (1, 9)));
        assert_eq!(finding.message, message);
        assert_eq!(finding.expected.as_deref(), Some("a finite number"));
    }
}

#[test]
fn every_rule_has_a_code_a_sentence_and_a_test_that_breaks_it() {
    // What a pack alone can't break is broken elsewhere: A04 above, A11 in the tests of the
    // law, A16 in those of amendments, A17 in those of scenarios.
    let elsewhere = [
        Lint::Number,
        Lint::NotAParty,
        Lint::UnknownAct,
        Lint::Economy,
    ];
    let broken: BTreeSet<Lint> = CASES
        .iter()
        .map(|case| case.lint)
        .chain(elsewhere)
        .collect();
    assert_eq!(broken, Lint::ALL.into_iter().collect());
    for (number, lint) in Lint::ALL.iter().enumerate() {
        assert_eq!(lint.code(), format!("A{:02}", number + 1));
        assert!(lint.rule().ends_with('.'), "{}", lint.rule());
    }
}

#[test]
fn what_a_user_types_is_found_by_code_and_by_name_or_the_nearest_is_given() {
    let registry = Registry::load(&[SourceText::new("tiny.toml", PACK)])
        .unwrap()
        .registry;
    for text in ["AAA", "aaa", " Åland ", "åland"] {
        assert_eq!(registry.find_state(text).unwrap().code.as_str(), "AAA");
    }
    for text in ["org:club", "club", "the club"] {
        let found = registry.find_institution(text).unwrap();
        assert_eq!(found.id.as_str(), "org:club");
    }
    let error = registry.find_state("Belland").unwrap_err();
    assert_eq!(error.lint, Lint::UnknownState);
    assert_eq!(error.nearest.as_deref(), Some("Beland"));
    let error = registry.find_institution("org:clubb").unwrap_err();
    assert_eq!(error.lint, Lint::UnknownInstitution);
    assert_eq!(error.nearest.as_deref(), Some("org:club"));
    assert_eq!(registry.find_state("§§§").unwrap_err().nearest, None);
}

#[test]
fn a_kind_that_is_misspelt_does_not_make_the_rest_of_the_file_unknown() {
    let club = "id = \"org:two\"\nkind = \"organisation\"\nnames = [{ name = \"Two\" }]\n\
                areas = [\"goods\"]\n";
    let findings = Registry::load(&[
        SourceText::new("two.toml", club),
        SourceText::new("tiny.toml", PACK),
    ])
    .unwrap_err();
    assert_eq!(findings.len(), 1, "{findings}");
    let finding = findings.iter().next().unwrap();
    assert_eq!((finding.lint, line_column(finding)), (Lint::Word, (2, 8)));
    assert_eq!(finding.nearest.as_deref(), Some("organization"));
}

#[test]
fn stages_are_ordered_by_depth() {
    let depths: Vec<usize> = Stage::ALL.iter().map(|stage| stage.depth()).collect();
    assert_eq!(depths, (0..8).collect::<Vec<_>>());
    for &stage in Stage::ALL {
        assert_eq!(Stage::from_word(stage.word()), Some(stage));
    }
}

#[test]
fn two_files_are_pointed_at_by_their_own_names() {
    let broken = SourceText::new("second.toml", "[[state]]\nid = \"CCC\"\n");
    let findings =
        Registry::load(&[SourceText::new("tiny.toml", PACK), Arc::clone(&broken)]).unwrap_err();
    assert_eq!(findings.len(), 1, "{findings}");
    let finding = findings.iter().next().unwrap();
    assert_eq!(
        finding.place.as_ref().unwrap().to_string(),
        "second.toml:1:1"
    );
    assert_eq!(finding.message, "a state has no names");
}
