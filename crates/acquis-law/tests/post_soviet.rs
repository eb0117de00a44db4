//! The pack `post-soviet` as a user asks it: known memberships and stages on known days.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::Path;

use acquis_law::{Grade, Law, Standing};
use acquis_registry::{Party, Registry, Stage, StateCode, read_folder};
use jiff::civil::Date;

fn registry() -> Registry {
    let folder = Path::new(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../packs/post-soviet"
    ));
    let files = read_folder(folder).unwrap_or_else(|findings| panic!("{findings}"));
    match Registry::load(&files) {
        Ok(loaded) => loaded.registry,
        Err(findings) => panic!("{findings}"),
    }
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn members(law: &Law<'_>, organization: &str, on: &str) -> Vec<String> {
    let id = &law.registry().find_institution(organization).unwrap().id;
    law.members(id, day(on))
        .iter()
        .map(ToString::to_string)
        .collect()
}

fn standing(law: &Law<'_>, state: &str, organization: &str, on: &str) -> Option<Standing> {
    let id = &law.registry().find_institution(organization).unwrap().id;
    law.standing(&Party::State(StateCode::new(state)), id, day(on))
        .map(|standing| standing.standing)
}

fn stage(law: &Law<'_>, first: &str, second: &str, on: &str, grade: Grade) -> Stage {
    law.stage_between(
        &StateCode::new(first),
        &StateCode::new(second),
        day(on),
        grade,
    )
    .stage
}

#[test]
fn the_pack_obeys_its_own_law() {
    let registry = registry();
    let findings = acquis_law::check(&Law::new(registry.view()));
    assert!(findings.is_empty(), "{findings}");
}

#[test]
fn members_of_the_collective_security_treaty() {
    let registry = registry();
    let law = Law::new(registry.view());
    for (on, count) in [
        ("1992-06-01", 6),
        ("1993-10-01", 7),
        ("1993-12-31", 8),
        ("1994-01-03", 9),
        ("1999-04-21", 6),
        ("2006-08-17", 7),
        ("2012-12-31", 6),
    ] {
        let members = members(&law, "CSTO", on);
        assert_eq!(members.len(), count, "{on}: {members:?}");
    }
    assert!(!members(&law, "CSTO", "1993-12-31").contains(&"BLR".to_owned()));
    assert!(members(&law, "CSTO", "1994-01-03").contains(&"BLR".to_owned()));
}

#[test]
fn as_known_by_early_2005_nothing_later_is_known() {
    let registry = registry();
    let law = Law::new(registry.known_by(day("2005-03-01")));
    assert!(members(&law, "org:eurasec-customs-union", "2012-01-01").is_empty());
    assert_eq!(standing(&law, "UZB", "EurAsEC", "2007-01-01"), None);
    // The treaty itself was known; the day of its entry into force is told by a later source.
    assert_eq!(
        standing(&law, "KAZ", "EurAsEC", "2004-01-01"),
        Some(Standing::Signatory)
    );
    // Every claim that the view uses was published by then.
    for institution in registry.institutions() {
        for act in registry.known_by(day("2005-03-01")).acts(institution) {
            let source = registry.source(&act.claim.source).unwrap();
            assert!(source.known_on(day("2005-03-01")), "{}", source.id);
        }
    }
}

#[test]
fn uzbekistan_in_november_2008() {
    let registry = registry();
    let law = Law::new(registry.view());
    let on = "2008-11-01";
    assert_eq!(standing(&law, "UZB", "CSTO", on), Some(Standing::Member));
    assert_eq!(
        standing(&law, "UZB", "EurAsEC", on),
        Some(Standing::Suspended)
    );
    assert_eq!(
        standing(&law, "UZB", "org:guam", on),
        Some(Standing::Withdrawn)
    );
    assert_eq!(standing(&law, "UZB", "SCO", on), Some(Standing::Member));
    assert_eq!(standing(&law, "UZB", "CIS", on), Some(Standing::Member));
}

#[test]
fn georgia_leaves_the_commonwealth_a_year_after_its_notice() {
    let registry = registry();
    let law = Law::new(registry.view());
    assert_eq!(
        standing(&law, "GEO", "CIS", "2009-08-17"),
        Some(Standing::Member)
    );
    assert_eq!(
        standing(&law, "GEO", "CIS", "2009-08-18"),
        Some(Standing::Withdrawn)
    );
}

#[test]
fn russia_and_belarus_are_far_apart_by_grade() {
    let registry = registry();
    let law = Law::new(registry.view());
    let between = law.between(
        &StateCode::new("RUS"),
        &StateCode::new("BLR"),
        day("2004-06-01"),
    );
    let [signed, in_force, functioning] = &between.grades;
    assert_eq!(signed.stage, Stage::PoliticalUnion);
    assert_eq!(in_force.stage, Stage::PoliticalUnion);
    assert_eq!(functioning.stage, Stage::CustomsUnion);
    assert!(functioning.contested);
}

#[test]
fn in_2004_only_russia_and_belarus_have_something_that_works() {
    let registry = registry();
    let law = Law::new(registry.view());
    let big_four = ["BLR", "KAZ", "RUS", "UKR"];
    for (index, first) in big_four.iter().enumerate() {
        for second in &big_four[index + 1..] {
            let expected = if (*first, *second) == ("BLR", "RUS") {
                Stage::CustomsUnion
            } else {
                Stage::None
            };
            let found = stage(&law, first, second, "2004-12-31", Grade::Functioning);
            assert_eq!(found, expected, "{first}-{second}");
        }
    }
    assert_eq!(
        stage(&law, "RUS", "UKR", "2004-06-01", Grade::Signed),
        Stage::CommonMarket
    );
}

#[test]
fn russia_and_kazakhstan_move_from_paper_to_practice() {
    let registry = registry();
    let law = Law::new(registry.view());
    let works = |on| stage(&law, "RUS", "KAZ", on, Grade::Functioning);
    assert_eq!(works("2009-12-31"), Stage::None);
    assert_eq!(works("2010-07-01"), Stage::CustomsUnion);
    assert_eq!(works("2012-01-01"), Stage::CommonMarket);
}

#[test]
fn parties_to_the_free_trade_agreement_of_2011_by_day() {
    let registry = registry();
    let law = Law::new(registry.view());
    for (state, first_day) in [
        ("RUS", "2012-09-20"),
        ("BLR", "2012-09-20"),
        ("UKR", "2012-09-20"),
        ("ARM", "2012-10-17"),
        ("KAZ", "2012-12-08"),
        ("MDA", "2012-12-09"),
        ("KGZ", "2013-12-13"),
        ("TJK", "2015-12-24"),
    ] {
        let on = |day: Date| standing(&law, state, "agr:cis-free-trade-2011", &day.to_string());
        let first = day(first_day);
        assert_eq!(on(first), Some(Standing::Member), "{state}");
        assert_ne!(
            on(first.yesterday().unwrap()),
            Some(Standing::Member),
            "{state}"
        );
    }
    assert_eq!(
        standing(&law, "UZB", "agr:cis-free-trade-2011", "2020-01-01"),
        None
    );
}

/// Amends the registry by acts of entry into force and asks what can't be kept.
fn incompatible_after(acts: &[(&str, &[&str])], on: &str) -> Vec<(String, String)> {
    use acquis_registry::{ActKind, Amendment, Change, EdtfDate, InstitutionId, Participants};

    let registry = registry();
    let amendments: Vec<Amendment> = acts
        .iter()
        .map(|(institution, who)| Amendment {
            institution: InstitutionId::new(institution),
            change: Change::Add {
                kind: ActKind::EntryIntoForce,
                who: Participants::Listed(who.iter().map(|id| Party::from_id(id)).collect()),
                on: EdtfDate::day(day("2013-01-01")),
                stage: None,
            },
            place: acquis_registry::Place {
                file: acquis_registry::SourceText::new("test", ""),
                span: 0..0,
            },
        })
        .collect();
    let amended = registry.amended("test", &amendments).unwrap();
    let law = Law::new(amended.view());
    let states: Vec<StateCode> = amended.states().map(|state| state.code.clone()).collect();
    law.incompatibilities(&states, day(on), Grade::InForce)
        .iter()
        .map(|found| (found.state.to_string(), found.other.id().to_owned()))
        .collect()
}

#[test]
fn armenia_and_ukraine_in_2013_can_have_the_association_or_the_union() {
    let union: (&str, &[&str]) = ("org:eurasec-customs-union", &["ARM", "UKR"]);
    let association: (&str, &[&str]) = ("agr:eu-ukraine-association", &["org:eu", "ARM", "UKR"]);
    assert_eq!(incompatible_after(&[association], "2013-09-01"), []);
    let both = incompatible_after(&[union, association], "2013-09-01");
    for state in ["ARM", "UKR"] {
        let clash = (state.to_owned(), "agr:eu-ukraine-association".to_owned());
        assert!(both.contains(&clash), "{both:?}");
    }
}

#[test]
fn the_common_spaces_of_russia_and_the_union_do_not_clash_with_the_single_economic_space() {
    assert_eq!(incompatible_after(&[], "2006-01-01"), []);
}

#[test]
fn what_georgia_would_keep_outside_the_commonwealth() {
    let registry = registry();
    let law = Law::new(registry.view());
    let cis = &registry.find_institution("CIS").unwrap().id;
    let departure = law
        .departure(&StateCode::new("GEO"), cis, day("2009-08-17"))
        .unwrap();
    let ids = |list: &[acquis_registry::InstitutionId]| -> Vec<String> {
        list.iter().map(ToString::to_string).collect()
    };
    assert!(ids(&departure.ends).contains(&"org:cis".to_owned()));
    assert!(ids(&departure.survives).contains(&"agr:cis-free-trade-1994".to_owned()));
    assert_eq!(departure.stages, []);
}

#[test]
fn the_story_of_russia_and_kazakhstan_ends_in_the_union() {
    let registry = registry();
    let law = Law::new(registry.view());
    let steps = law.story(&StateCode::new("RUS"), &StateCode::new("KAZ"));
    assert!(steps.windows(2).all(|pair| pair[0].day < pair[1].day));
    assert!(steps.windows(2).all(|pair| pair[0].after == pair[1].before));
    assert!(steps.iter().all(|step| !step.acts.is_empty()));
    assert_eq!(steps.last().unwrap().after[1], Stage::EconomicUnion);
}

#[test]
fn what_changed_when_the_customs_union_began() {
    let registry = registry();
    let law = Law::new(registry.view());
    let difference = law.difference(day("2009-12-31"), day("2010-01-01"));
    let joined: Vec<String> = difference
        .standings
        .iter()
        .filter(|change| change.institution.id.as_str() == "org:eurasec-customs-union")
        .map(|change| change.party.to_string())
        .collect();
    assert_eq!(joined, ["BLR", "KAZ", "RUS"]);
    assert!(
        law.difference(day("2010-01-01"), day("2010-01-01"))
            .stages
            .is_empty()
    );
}

#[test]
fn the_community_of_democratic_choice_has_nine_founders_and_it_is_contested() {
    let registry = registry();
    let law = Law::new(registry.view());
    let cdc = members(&law, "org:community-of-democratic-choice", "2005-12-31");
    assert_eq!(cdc.len(), 9, "{cdc:?}");
    assert!(!cdc.contains(&"AZE".to_owned()));
    let conflict = registry
        .view()
        .conflicts()
        .into_iter()
        .find(|known| known.conflict.id == "K17")
        .unwrap();
    assert!(!conflict.acts.is_empty());
}

#[test]
fn what_ended_a_standing_is_told_with_its_article() {
    use acquis_law::End;

    let registry = registry();
    let law = Law::new(registry.view());
    let end = |state: &str, organization: &str, on: &str| {
        let id = &registry.find_institution(organization).unwrap().id;
        law.standing(&Party::State(StateCode::new(state)), id, day(on))
            .unwrap()
            .end()
    };
    assert_eq!(end("GEO", "CIS", "2010-01-01"), Some(End::Withdrawal));
    assert_eq!(end("UZB", "EurAsEC", "2009-01-01"), Some(End::Suspension));
    assert_eq!(end("KAZ", "EurAsEC", "2016-01-01"), Some(End::Termination));
    assert!(matches!(
        end("KAZ", "org:central-asian-cooperation", "2007-01-01"),
        Some(End::Absorption(into)) if into.as_str() == "org:eurasec"
    ));
    assert_eq!(end("KAZ", "CIS", "2010-01-01"), None);
}

#[test]
fn the_treaty_of_2011_ends_that_of_1994_among_its_parties_and_rests_between_russia_and_ukraine() {
    const TREATY: &str = "agr:cis-free-trade-2011";
    const EARLIER: &str = "agr:cis-free-trade-1994";
    let registry = registry();
    let law = Law::new(registry.view());
    // Whether it gives two states a stage in force, and what doesn't operate between them.
    let by = |first: &str, second: &str, on: &str| {
        let (first, second) = (StateCode::new(first), StateCode::new(second));
        let at = law.stage_between(&first, &second, day(on), Grade::InForce);
        let gives = at.commitments.iter().map(|it| it.institution.id.as_str());
        let rests = at.inoperative.iter().map(|it| it.institution.id.as_str());
        (
            gives.filter(|id| *id == TREATY).count(),
            rests.collect::<Vec<_>>(),
        )
    };
    assert_eq!(by("RUS", "UKR", "2012-09-19"), (0, vec![]));
    assert_eq!(by("RUS", "UKR", "2015-12-31"), (1, vec![EARLIER]));
    assert_eq!(by("RUS", "UKR", "2016-01-01"), (0, vec![EARLIER, TREATY]));
    assert_eq!(by("UKR", "RUS", "2016-01-01"), (0, vec![EARLIER, TREATY]));
    assert_eq!(by("BLR", "UKR", "2016-01-01"), (1, vec![EARLIER]));
    assert_eq!(by("RUS", "MDA", "2016-01-01"), (1, vec![EARLIER]));
    // The earlier agreement goes on towards those who didn't sign the later one.
    assert_eq!(by("RUS", "AZE", "2016-01-01"), (0, vec![]));
    let at = |first: &str, second: &str, on: &str| {
        let (first, second) = (StateCode::new(first), StateCode::new(second));
        let at = law.stage_between(&first, &second, day(on), Grade::InForce);
        let mut gives = at.commitments.iter();
        gives.any(|it| it.institution.id.as_str() == EARLIER)
    };
    assert!(at("RUS", "AZE", "2016-01-01") && at("UKR", "UZB", "2016-01-01"));
    assert!(!at("RUS", "UKR", "2016-01-01") && at("RUS", "UKR", "2012-09-19"));
    assert!(at("TJK", "RUS", "2015-12-23") && !at("TJK", "RUS", "2015-12-24"));
    for state in ["RUS", "UKR"] {
        let standing = standing(&law, state, TREATY, "2016-06-01");
        assert_eq!(standing, Some(Standing::Member), "{state}");
    }
}
