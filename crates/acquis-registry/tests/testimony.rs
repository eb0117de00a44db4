//! What is not an act: each mistake in its tables is found at its place, and views settle
//! its claims as they settle those about acts.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failure here is a failed test"
)]

use acquis_registry::{
    Check, Computation, DecisionKind, Finding, Lint, Quota, Registry, Severity, SourceText,
    StateCode,
};

const PACK: &str = r#"
[[source]]
id = "early"
type = "article"
title = "An early text"
published = "2000"

[[source]]
id = "late"
type = "article"
title = "A late text"
published = "2010"

[[state]]
id = "AAA"
names = [{ name = "Aland", src = "early", facts = ["F1"] }]
facts = ["F2"]

[[state]]
id = "BBB"
names = [{ name = "Beland" }]

[[organization]]
id = "org:club"
names = [{ name = "The Club" }]
legal_basis = [{ basis = "gatt_xxiv", notified = "1999-05-01", src = "early" }]

[[organization.act]]
act = "signature"
who = ["AAA"]
conflict = ["K1", "K2"]
claims = [{ on = "1990", src = "early" }, { on = "1991", src = "late", facts = ["F3"] }]

[[organization.organ]]
name = "Council"
claims = [{ on = "1990", src = "early" }]

[[organization.organ.rule]]
kind = "weighted"
votes = { AAA = 4, BBB = 2 }
quota = "2/3"
from = "1990"
until = "2005"
conflict = "K2"
claims = [{ src = "late", facts = ["F4"] }]

[[conflict]]
id = "K1"
kind = "date"
question = "When was it signed?"

[[conflict]]
id = "K2"
kind = "rule"
question = "How does it decide?"

[[statement]]
id = "purpose"
kind = "motive"
question = "What is the club for?"
about = ["org:club", "AAA"]
conflict = "K1"
claims = [
  { position = "trade", src = "early", facts = ["F5"] },
  { position = "war", src = "late", rank = "preferred", reason = "looks back" },
]

[[instrument]]
id = "gas"
kind = "gas_price"
title = "Cheap gas"
giver = ["AAA"]
receiver = ["BBB"]
claims = [{ on = "2001", value = 27, to = 30, unit = "USD", src = "early", facts = ["F6"] }]

[[indicator]]
id = "size"
statement = "The size of the club"
about = ["org:club"]
compute = { kind = "share", series = "gdp", group = ["AAA"], total = ["AAA", "BBB"], year = 2004 }
claims = [{ value = 94, unit = "%", src = "late", facts = ["F7"] }]

[[indicator]]
id = "mood"
statement = "Those who like the club"
unchecked = "no polls"
claims = [{ value = 76, unit = "%", src = "late" }]
"#;

fn load(text: &str) -> Registry {
    Registry::load(&[SourceText::new("tiny.toml", text)])
        .unwrap_or_else(|findings| panic!("{findings}"))
        .registry
}

/// The one mistake that a change to the pack makes.
fn mistake(replace: &str, with: &str) -> (Finding, String) {
    assert_eq!(PACK.matches(replace).count(), 1, "{replace:?}");
    let text = PACK.replace(replace, with);
    let findings = match Registry::load(&[SourceText::new("tiny.toml", text.as_str())]) {
        Ok(loaded) => loaded.warnings,
        Err(findings) => findings,
    };
    assert_eq!(findings.len(), 1, "{with:?}: {findings}");
    (findings.iter().next().unwrap().clone(), text)
}

/// The change makes this mistake at the first place of `at` in the changed text.
fn breaks(replace: &str, with: &str, lint: Lint, at: &str, message: &str) {
    let (finding, text) = mistake(replace, with);
    assert_eq!(finding.lint, lint, "{finding}");
    assert_eq!(finding.message, message);
    let start = text.find(at).unwrap_or_else(|| panic!("no {at:?}"));
    let line = text[..start].matches('\n').count() + 1;
    let column = start - text[..start].rfind('\n').unwrap();
    let place = finding.place.as_ref().unwrap();
    assert_eq!(place.line_column(), (line, column), "{finding}");
}

#[test]
fn statements_are_held_to_their_form() {
    breaks(
        "{ position = \"trade\", src = \"early\", facts = [\"F5\"] }",
        "{ src = \"early\", facts = [\"F5\"] }",
        Lint::Format,
        "{ src = \"early\", facts = [\"F5\"] }",
        "a claim has no position",
    );
    breaks(
        "kind = \"motive\"",
        "kind = \"motiv\"",
        Lint::Word,
        "\"motiv\"",
        "\"motiv\" is not a kind of statement",
    );
    breaks(
        "about = [\"org:club\", \"AAA\"]",
        "about = [\"org:club\", \"AAB\"]",
        Lint::UnknownState,
        "[[statement]]",
        "no state \"AAB\"",
    );
    breaks(
        "{ position = \"trade\", src = \"early\"",
        "{ position = \"trade\", src = \"erly\"",
        Lint::UnknownSource,
        "{ position = \"trade\"",
        "no source \"erly\"",
    );
    breaks(
        "conflict = \"K1\"",
        "conflict = \"K9\"",
        Lint::Word,
        "{ position = \"trade\"",
        "the pack lists no conflict \"K9\"",
    );
}

#[test]
fn claims_are_ranked_as_those_of_acts_are() {
    breaks(
        "{ position = \"trade\", src = \"early\"",
        "{ position = \"trade\", src = \"early\", rank = \"preferred\", reason = \"first\"",
        Lint::TwoPreferred,
        "{ position = \"war\"",
        "a second preferred claim about one statement; the first stands on line 64",
    );
    breaks(
        "{ position = \"trade\", src = \"early\"",
        "{ position = \"trade\", src = \"early\", rank = \"deprecated\"",
        Lint::Format,
        "{ position = \"trade\"",
        "a deprecated claim gives no reason",
    );
    let (finding, _) = mistake(", reason = \"looks back\"", "");
    assert_eq!(finding.lint, Lint::UnexplainedPreference);
    assert_eq!(finding.severity, Severity::Warning);
}

#[test]
fn instruments_are_held_to_their_form() {
    breaks(
        "receiver = [\"BBB\"]\n",
        "",
        Lint::Format,
        "[[instrument]]",
        "an instrument has no receiver",
    );
    breaks(
        "to = 30, unit = \"USD\"",
        "to = 30",
        Lint::Format,
        "{ on = \"2001\"",
        "a figure has no unit",
    );
    breaks(
        "to = 30",
        "to = 3",
        Lint::Number,
        "3, unit",
        "a span of figures ends below its beginning",
    );
    breaks(
        "claims = [{ on = \"2001\", value = 27, to = 30, unit = \"USD\", src = \"early\", facts = [\"F6\"] }]",
        "claims = []",
        Lint::Format,
        "[[instrument]]",
        "an instrument has no claims, so nobody says so",
    );
}

#[test]
fn indicators_are_held_to_their_form() {
    breaks(
        "unchecked = \"no polls\"\n",
        "",
        Lint::Format,
        "[[indicator]]\nid = \"mood\"",
        "an indicator says neither how it is computed nor why it cannot be checked",
    );
    breaks(
        "{ value = 76, unit = \"%\", src = \"late\" }",
        "{ src = \"late\" }",
        Lint::Format,
        "{ src = \"late\" }",
        "a claim has no value",
    );
    breaks(
        "kind = \"share\"",
        "kind = \"shares\"",
        Lint::Word,
        "\"shares\"",
        "\"shares\" is not a computation",
    );
    breaks(
        "year = 2004",
        "year = 20045",
        Lint::Number,
        "20045",
        "20045 is not a year",
    );
    breaks(
        "group = [\"AAA\"], ",
        "",
        Lint::Format,
        "{ kind = \"share\"",
        "a computation has no group",
    );
    breaks(
        "total = [\"AAA\", \"BBB\"]",
        "total = [\"AAA\", \"BBC\"]",
        Lint::UnknownState,
        "[[indicator]]\nid = \"size\"",
        "no state \"BBC\"",
    );
}

#[test]
fn organs_are_held_to_their_form() {
    breaks(
        "kind = \"weighted\"",
        "kind = \"weighed\"",
        Lint::Word,
        "\"weighed\"",
        "\"weighed\" is not a kind of decision rule",
    );
    breaks(
        "quota = \"2/3\"",
        "quota = \"most\"",
        Lint::Number,
        "\"most\"",
        "\"most\" is not a quota",
    );
    breaks(
        "quota = \"2/3\"",
        "quota = 7",
        Lint::Number,
        "7\nfrom",
        "a quota of 7 of 6 votes",
    );
    breaks(
        "votes = { AAA = 4, BBB = 2 }",
        "votes = { AAA = 4, BBX = 2 }",
        Lint::UnknownState,
        "[[organization.organ.rule]]",
        "no state \"BBX\"",
    );
    breaks(
        "claims = [{ src = \"late\", facts = [\"F4\"] }]",
        "claims = []",
        Lint::Format,
        "[[organization.organ.rule]]",
        "a decision rule has no claims, so nobody says so",
    );
}

#[test]
fn conflicts_and_notifications_are_held_to_their_form() {
    breaks(
        "kind = \"date\"",
        "kind = \"data\"",
        Lint::Word,
        "\"data\"",
        "\"data\" is not a kind of conflict",
    );
    breaks(
        "basis = \"gatt_xxiv\"",
        "basis = \"gatt_24\"",
        Lint::Word,
        "\"gatt_24\"",
        "\"gatt_24\" is not a legal basis",
    );
    breaks(
        "id = \"mood\"",
        "id = \"size\"",
        Lint::DuplicateId,
        "[[indicator]]\nid = \"size\"\nstatement = \"Those",
        "the indicator \"size\" stands already at tiny.toml:76:1",
    );
}

#[test]
fn a_view_settles_what_is_not_an_act() {
    let registry = load(PACK);
    let before = registry.known_by("2005-06-01".parse().unwrap());
    let now = registry.view();

    let purpose = &before.statements()[0];
    assert_eq!(purpose.claim.position.as_deref(), Some("trade"));
    assert!(purpose.others.is_empty() && !purpose.contested);
    let purpose = &now.statements()[0];
    assert_eq!(purpose.claim.position.as_deref(), Some("war"));
    assert!(purpose.contested);

    assert!(before.indicators().is_empty());
    assert_eq!(now.indicators().len(), 2);
    assert_eq!(before.instruments().len(), 1);

    let club = registry.find_institution("The Club").unwrap();
    let council = &before.organs(club)[0];
    assert!(council.rules.is_empty(), "nobody had told of its rule");
    let rule = now.organs(club)[0].rules[0].subject;
    assert_eq!(rule.criterion.kind, DecisionKind::Weighted);
    assert!(rule.holds_on("2004-12-31".parse().unwrap()));
    assert!(!rule.holds_on("2005-01-01".parse().unwrap()));
    assert!((rule.criterion.quota.unwrap().votes_of(6.0) - 4.0).abs() < 1e-12);
}

#[test]
fn a_conflict_holds_together_what_belongs_to_it() {
    let registry = load(PACK);
    let conflicts = registry.view().conflicts();
    let [first, second] = &conflicts[..] else {
        panic!("two conflicts");
    };
    assert_eq!((first.acts.len(), first.statements.len()), (1, 1));
    assert!(first.organs.is_empty());
    assert_eq!((second.acts.len(), second.organs.len()), (1, 1));
    assert_eq!(second.organs[0].rules.len(), 1);
    let act = registry.institutions().next().unwrap().acts[0].clone();
    assert_eq!(act.conflicts, ["K1", "K2"]);
}

#[test]
fn facts_are_cited_by_claims_names_and_states() {
    let registry = load(PACK);
    let cited: Vec<&str> = registry.cited_facts().into_iter().collect();
    assert_eq!(cited, ["F1", "F2", "F3", "F4", "F5", "F6", "F7"]);
}

#[test]
fn a_pack_without_a_list_of_conflicts_may_number_them_as_it_likes() {
    let pack = PACK
        .replace(
            "[[conflict]]\nid = \"K1\"\nkind = \"date\"\nquestion = \"When was it signed?\"\n",
            "",
        )
        .replace(
            "[[conflict]]\nid = \"K2\"\nkind = \"rule\"\nquestion = \"How does it decide?\"\n",
            "",
        );
    assert_eq!(load(&pack).conflicts().count(), 0);
}

#[test]
fn spans_of_figures_agree_where_they_overlap() {
    let registry = load(PACK);
    let figure = |value, to| acquis_registry::Quantity {
        value,
        to,
        unit: "USD".to_owned(),
    };
    let span = registry.instrument("gas").unwrap().claims[0].value.clone();
    let span = span.unwrap();
    assert!(span.agrees_with(&figure(30.0, None)));
    assert!(!span.agrees_with(&figure(31.0, Some(40.0))));
    let mut other_unit = figure(31.0, None);
    other_unit.unit = "EUR".to_owned();
    assert!(span.agrees_with(&other_unit));
}

#[test]
fn a_computation_names_its_states() {
    let registry = load(PACK);
    let Check::Compute(computation) = &registry.indicator("size").unwrap().check else {
        panic!("computable");
    };
    let states: Vec<&str> = computation.states().map(StateCode::as_str).collect();
    assert_eq!(states, ["AAA", "AAA", "BBB"]);
    assert!(matches!(computation, Computation::Share { .. }));
    let quota = Quota::from_text("80%").unwrap();
    assert!((quota.votes_of(100.0) - 80.0).abs() < 1e-12);
    assert_eq!(Quota::from_text("3/2"), None);
}
