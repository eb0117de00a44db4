//! From acts to standing, case by case, each on a pack of a few lines.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::format_push_string,
    reason = "a failure here is a failed test, and the packs are short"
)]

use acquis_law::{Law, Standing, check};
use acquis_registry::{InstitutionId, Lint, Party, Registry, Severity, SourceText};
use jiff::civil::Date;

const SHARED: &str = r#"
[[source]]
id = "s"
type = "treaty"
title = "S"
published = "1990"
[[source]]
id = "later"
type = "book"
title = "Later"
published = "2010"
"#;

/// A registry of one agreement, `agr:pact`, with these lines after its names.
fn pact(lines: &str) -> Registry {
    agreement("", lines)
}

fn agreement(keys: &str, acts: &str) -> Registry {
    let mut text = SHARED.to_owned();
    for code in ["AAA", "BBB", "CCC", "OLD"] {
        text.push_str(&format!(
            "[[state]]\nid = \"{code}\"\nnames = [{{ name = \"{code}\" }}]\n"
        ));
    }
    let pact = format!(
        "id = \"agr:pact\"\nkind = \"agreement\"\nnames = [{{ name = \"The Pact\" }}]\n\
         stage = \"free_trade_area\"\n{keys}\n{acts}"
    );
    let next = "id = \"org:next\"\nkind = \"organization\"\nnames = [{ name = \"Next\" }]\n";
    let files = [
        SourceText::new("shared.toml", text),
        SourceText::new("pact.toml", pact),
        SourceText::new("next.toml", next),
    ];
    match Registry::load(&files) {
        Ok(loaded) => loaded.registry,
        Err(findings) => panic!("{findings}"),
    }
}

/// One act with one claim.
fn act(kind: &str, who: &[&str], on: &str) -> String {
    let who = if who.is_empty() {
        String::new()
    } else {
        format!("who = {who:?}\n")
    };
    format!("[[act]]\nact = \"{kind}\"\n{who}claims = [{{ on = \"{on}\", src = \"s\" }}]\n")
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn standing(registry: &Registry, party: &str, on: &str) -> Option<Standing> {
    let law = Law::new(registry.view());
    law.standing(
        &Party::from_id(party),
        &InstitutionId::new("agr:pact"),
        day(on),
    )
    .map(|found| found.standing)
}

#[track_caller]
fn history(registry: &Registry, party: &str, expected: &[(&str, Standing)]) {
    let law = Law::new(registry.view());
    let id = InstitutionId::new("agr:pact");
    let spells: Vec<(String, Standing)> = law
        .spells(&id)
        .filter(|(found, _)| found.as_str() == party)
        .flat_map(|(_, spells)| spells)
        .map(|spell| (spell.from.to_string(), spell.standing))
        .collect();
    let expected: Vec<(String, Standing)> = expected
        .iter()
        .map(|(from, standing)| ((*from).to_owned(), *standing))
        .collect();
    assert_eq!(spells, expected, "{party}");
}

fn signed() -> String {
    act("signature", &["AAA", "BBB"], "1991-01-01")
}

#[test]
fn signature_then_ratification_then_entry_into_force() {
    let registry = pact(
        &[
            signed(),
            act("ratification", &["AAA"], "1991-06-01"),
            act("entry_into_force", &[], "1992-01-01"),
            act("ratification", &["BBB"], "1993-01-01"),
        ]
        .concat(),
    );
    history(
        &registry,
        "AAA",
        &[
            ("1991-01-01", Standing::Signatory),
            ("1991-06-01", Standing::ContractingState),
            ("1992-01-01", Standing::Member),
        ],
    );
    // Who ratifies late is bound late.
    history(
        &registry,
        "BBB",
        &[
            ("1991-01-01", Standing::Signatory),
            ("1993-01-01", Standing::Member),
        ],
    );
    assert_eq!(standing(&registry, "AAA", "1990-12-31"), None);
    assert_eq!(standing(&registry, "CCC", "1999-01-01"), None);
}

#[test]
fn without_any_ratification_on_record_all_signatories_are_bound() {
    let registry = pact(&(signed() + &act("entry_into_force", &[], "1992-01-01")));
    history(
        &registry,
        "BBB",
        &[
            ("1991-01-01", Standing::Signatory),
            ("1992-01-01", Standing::Member),
        ],
    );
}

#[test]
fn entry_into_force_for_some_leaves_the_others_signatories() {
    let registry = pact(&(signed() + &act("entry_into_force", &["AAA"], "1992-01-01")));
    assert_eq!(
        standing(&registry, "AAA", "1992-01-01"),
        Some(Standing::Member)
    );
    assert_eq!(
        standing(&registry, "BBB", "1999-01-01"),
        Some(Standing::Signatory)
    );
}

#[test]
fn a_signature_makes_a_member_at_once_where_the_pack_says_so() {
    let registry = agreement("membership_from = \"signature\"", &signed());
    history(&registry, "AAA", &[("1991-01-01", Standing::Member)]);
}

#[test]
fn accession_before_and_after_the_entry_into_force() {
    let registry = pact(
        &[
            signed(),
            act("accession", &["OLD"], "1991-02-01"),
            act("entry_into_force", &[], "1992-01-01"),
            act("accession", &["CCC"], "1995-01-01"),
        ]
        .concat(),
    );
    history(
        &registry,
        "OLD",
        &[
            ("1991-02-01", Standing::ContractingState),
            ("1992-01-01", Standing::Member),
        ],
    );
    history(&registry, "CCC", &[("1995-01-01", Standing::Member)]);
}

#[test]
fn accession_to_a_lesser_standing_does_not_bind() {
    let registry = pact(
        &[
            signed(),
            act("entry_into_force", &[], "1992-01-01"),
            act("accession\"\nstanding = \"observer", &["CCC"], "1993-01-01"),
            act(
                "accession\"\nstanding = \"associate",
                &["CCC"],
                "1994-01-01",
            ),
            act("accession", &["CCC"], "1995-01-01"),
        ]
        .concat(),
    );
    history(
        &registry,
        "CCC",
        &[
            ("1993-01-01", Standing::Observer),
            ("1994-01-01", Standing::Associate),
            ("1995-01-01", Standing::Member),
        ],
    );
    assert!(!Standing::Observer.is_bound() && !Standing::Associate.is_bound());
}

#[test]
fn provisional_application_binds_and_says_so() {
    let registry = pact(
        &[
            signed(),
            act("provisional_application", &["AAA", "BBB"], "1991-03-01"),
            act("entry_into_force", &[], "1992-01-01"),
        ]
        .concat(),
    );
    history(
        &registry,
        "AAA",
        &[
            ("1991-01-01", Standing::Signatory),
            ("1991-03-01", Standing::ProvisionalParty),
            ("1992-01-01", Standing::Member),
        ],
    );
    assert!(Standing::ProvisionalParty.is_bound());
}

/// V 25: provisional application goes on until the agreement enters into force.
#[test]
fn a_ratification_does_not_end_provisional_application() {
    let registry = pact(
        &[
            signed(),
            act("provisional_application", &[], "1991-03-01"),
            act("ratification", &["AAA", "BBB"], "1991-09-01"),
            act("entry_into_force", &[], "1992-01-01"),
        ]
        .concat(),
    );
    for on in ["1991-03-01", "1991-10-01", "1992-01-01"] {
        let standing = standing(&registry, "AAA", on);
        assert!(
            standing.is_some_and(Standing::is_bound),
            "{on}: {standing:?}"
        );
    }
}

#[test]
fn suspension_then_return() {
    let suspended = [
        signed(),
        act("entry_into_force", &[], "1992-01-01"),
        act("suspension", &["AAA"], "1993-01-01"),
    ]
    .concat();
    for back in ["accession", "entry_into_force"] {
        let registry = pact(&(suspended.clone() + &act(back, &["AAA"], "1994-01-01")));
        history(
            &registry,
            "AAA",
            &[
                ("1991-01-01", Standing::Signatory),
                ("1992-01-01", Standing::Member),
                ("1993-01-01", Standing::Suspended),
                ("1994-01-01", Standing::Member),
            ],
        );
        assert_eq!(
            standing(&registry, "BBB", "1993-06-01"),
            Some(Standing::Member)
        );
    }
}

#[test]
fn withdrawal_takes_effect_when_its_notice_runs_out() {
    let registry = pact(
        &[
            signed(),
            act("entry_into_force", &[], "1992-01-01"),
            "[[act]]\nact = \"withdrawal\"\nwho = [\"AAA\"]\n\
         claims = [{ on = \"1994-08-18\", effect = \"1995-08-18\", src = \"s\" }]\n"
                .to_owned(),
            act("accession", &["AAA"], "1999-01-01"),
        ]
        .concat(),
    );
    assert_eq!(
        standing(&registry, "AAA", "1995-08-17"),
        Some(Standing::Member)
    );
    assert_eq!(
        standing(&registry, "AAA", "1995-08-18"),
        Some(Standing::Withdrawn)
    );
    assert_eq!(
        standing(&registry, "AAA", "1999-01-01"),
        Some(Standing::Member)
    );
    assert!(check(&Law::new(registry.view())).is_empty());
}

#[test]
fn a_merger_ends_it_for_all_who_are_left() {
    let registry = pact(
        &[
            signed(),
            act("entry_into_force", &[], "1992-01-01"),
            act("withdrawal", &["BBB"], "1993-01-01"),
            act("merger\"\ninto = \"org:next", &[], "1995-01-01"),
        ]
        .concat(),
    );
    assert_eq!(
        standing(&registry, "AAA", "1994-12-31"),
        Some(Standing::Member)
    );
    assert_eq!(
        standing(&registry, "AAA", "1995-01-01"),
        Some(Standing::Ended)
    );
    assert_eq!(
        standing(&registry, "BBB", "1996-01-01"),
        Some(Standing::Withdrawn)
    );
}

#[test]
fn termination_ends_and_a_transformation_in_place_does_not() {
    let base = signed() + &act("entry_into_force", &[], "1992-01-01");
    let registry = pact(&(base.clone() + &act("termination", &[], "1995-01-01")));
    assert_eq!(
        standing(&registry, "AAA", "1995-01-01"),
        Some(Standing::Ended)
    );
    let registry = pact(&(base + &act("transformation", &[], "1995-01-01")));
    assert_eq!(
        standing(&registry, "AAA", "1995-01-01"),
        Some(Standing::Member)
    );
}

#[test]
fn a_successor_takes_the_place_of_its_predecessor() {
    let registry = pact(
        &[
            act("signature", &["AAA", "OLD"], "1991-01-01"),
            act("succession\"\nof = \"OLD", &["CCC"], "1991-12-26"),
            act("entry_into_force", &[], "1992-01-01"),
        ]
        .concat(),
    );
    history(
        &registry,
        "CCC",
        &[
            ("1991-12-26", Standing::Signatory),
            ("1992-01-01", Standing::Member),
        ],
    );
}

#[test]
fn a_reservation_binds_all_the_same() {
    let registry = pact(
        &[
            signed(),
            act("reservation", &["AAA"], "1991-01-01"),
            act("entry_into_force", &[], "1992-01-01"),
        ]
        .concat(),
    );
    assert_eq!(
        standing(&registry, "AAA", "1992-01-01"),
        Some(Standing::Member)
    );
}

#[test]
fn an_imprecise_date_takes_effect_on_its_first_day_and_says_so() {
    let registry = agreement(
        "membership_from = \"signature\"",
        &act("signature", &["AAA"], "1991-05"),
    );
    let law = Law::new(registry.view());
    let on = |date: &str| {
        law.standing(
            &Party::from_id("AAA"),
            &InstitutionId::new("agr:pact"),
            day(date),
        )
        .map(|found| (found.standing, found.imprecise))
    };
    assert_eq!(on("1991-04-30"), None);
    assert_eq!(on("1991-05-01"), Some((Standing::Member, true)));
    assert_eq!(on("1991-05-30"), Some((Standing::Member, true)));
    assert_eq!(on("1991-06-01"), Some((Standing::Member, false)));
}

#[test]
fn a_denied_act_has_no_effect_and_a_later_denial_is_not_known_before() {
    let registry = agreement(
        "membership_from = \"signature\"",
        "[[act]]\nact = \"signature\"\nwho = [\"AAA\"]\nclaims = [\n\
         { on = \"1991\", src = \"s\" },\n\
         { src = \"later\", denies = true, rank = \"preferred\", reason = \"it never came to that\" },\n]\n",
    );
    assert_eq!(standing(&registry, "AAA", "1995-01-01"), None);
    let law = Law::new(registry.known_by(day("2005-01-01")));
    let found = law.standing(
        &Party::from_id("AAA"),
        &InstitutionId::new("agr:pact"),
        day("1995-01-01"),
    );
    assert_eq!(found.unwrap().standing, Standing::Member);
}

#[test]
fn who_disagrees_makes_it_contested() {
    let registry = agreement(
        "membership_from = \"signature\"",
        "[[act]]\nact = \"signature\"\nwho = [\"AAA\"]\nclaims = [\n\
         { on = \"1991-05-01\", src = \"s\" },\n{ on = \"1992\", src = \"later\" },\n]\n",
    );
    let law = Law::new(registry.view());
    let found = law
        .standing(
            &Party::from_id("AAA"),
            &InstitutionId::new("agr:pact"),
            day("1995-01-01"),
        )
        .unwrap();
    assert_eq!(found.since, day("1991-05-01"));
    assert!(found.contested);
    assert!(law.prove(&found).is_contested());
    // Before the second source was published nobody disagreed.
    let law = Law::new(registry.known_by(day("2005-01-01")));
    let found = law
        .standing(
            &Party::from_id("AAA"),
            &InstitutionId::new("agr:pact"),
            day("1995-01-01"),
        )
        .unwrap();
    assert!(!found.contested);
}

/// A11, with V 54 and 57 behind it.
#[test]
fn withdrawal_or_suspension_of_a_non_member_is_found_at_its_place() {
    for kind in ["withdrawal", "suspension"] {
        let registry = pact(
            &[
                signed(),
                act("entry_into_force", &[], "1992-01-01"),
                act(kind, &["AAA", "CCC"], "1995-01-01"),
            ]
            .concat(),
        );
        let findings = check(&Law::new(registry.view()));
        assert_eq!(findings.len(), 1, "{findings}");
        let finding = findings.iter().next().unwrap();
        assert_eq!(
            (finding.lint, finding.severity),
            (Lint::NotAParty, Severity::Error)
        );
        assert_eq!(
            finding.message,
            format!("{kind} of CCC, which takes no part in agr:pact at the time")
        );
        assert_eq!(
            finding.expected.as_deref(),
            Some("an accession or signature before it")
        );
        assert_eq!(finding.place.as_ref().unwrap().line_column(), (13, 1));
    }
}

#[test]
fn nobody_withdraws_twice_or_before_coming() {
    for acts in [
        [
            act("withdrawal", &["AAA"], "1995-01-01"),
            act("withdrawal", &["AAA"], "1996-01-01"),
        ],
        [
            act("withdrawal", &["CCC"], "1995-01-01"),
            act("accession", &["CCC"], "1996-01-01"),
        ],
    ] {
        let registry =
            pact(&(signed() + &act("entry_into_force", &[], "1992-01-01") + &acts.concat()));
        let findings = check(&Law::new(registry.view()));
        assert_eq!(findings.len(), 1, "{findings}");
        assert_eq!(findings.iter().next().unwrap().lint, Lint::NotAParty);
    }
}
