//! What holds of any registry and the law that follows from it: random small packs, written
//! as text and loaded as a user's pack is.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failure here is a failed test"
)]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;

use acquis_law::{Grade, Law};
use acquis_registry::{Rank, Registry, SourceText, Stage, StateCode};
use jiff::ToSpan as _;
use jiff::civil::{Date, date};
use proptest::prelude::*;
use proptest::sample::{Index, select, subsequence};

const STATES: [&str; 4] = ["AAA", "BBB", "CCC", "DDD"];
const SOURCES: [(&str, i16); 3] = [("early", 1991), ("middle", 1996), ("late", 2004)];
const INSTITUTIONS: [&str; 3] = ["org:one", "agr:two", "agr:three"];
const START: Date = date(1990, 1, 1);
/// Acts fall on one of so many days of the time that the packs cover.
const DAYS: i32 = 14;
const DAYS_APART: i32 = 400;

/// One act as a pack writes it.
#[derive(Debug, Clone)]
struct Act {
    kind: &'static str,
    /// Left out: all.
    who: Vec<&'static str>,
    day: i32,
    claims: Vec<Claim>,
}

#[derive(Debug, Clone)]
struct Claim {
    source: &'static str,
    /// Days later than the act's own.
    later: i32,
    denies: bool,
    deprecated: bool,
    stage: usize,
}

#[derive(Debug, Clone)]
struct Institution {
    id: &'static str,
    stage: Option<usize>,
    from_signature: bool,
    acts: Vec<Act>,
}

const NEEDS_WHO: [&str; 9] = [
    "signature",
    "ratification",
    "accession",
    "accession\"\nstanding = \"associate",
    "accession\"\nstanding = \"observer",
    "reservation",
    "withdrawal",
    "suspension",
    "succession\"\nof = \"DDD",
];
const NEEDS_NOBODY: [&str; 7] = [
    "adoption",
    "entry_into_force",
    "provisional_application",
    "implementation",
    "termination",
    "merger\"\ninto = \"org:one",
    "transformation",
];

fn day_of(number: i32) -> Date {
    START.checked_add((number * DAYS_APART).days()).unwrap()
}

fn claim() -> impl Strategy<Value = Claim> {
    (
        select(SOURCES.map(|(id, _)| id).to_vec()),
        prop_oneof![4 => Just(0), 1 => 0..2 * DAYS_APART],
        prop::bool::weighted(0.1),
        prop::bool::weighted(0.15),
        0..4_usize,
    )
        .prop_map(|(source, later, denies, deprecated, stage)| Claim {
            source,
            later,
            denies,
            deprecated,
            stage,
        })
}

fn act(organization: bool) -> impl Strategy<Value = Act> {
    let parties = if organization {
        STATES.to_vec()
    } else {
        [&STATES[..], &["org:one"]].concat()
    };
    let kind = prop_oneof![
        3 => select(NEEDS_WHO.to_vec()),
        2 => select(NEEDS_NOBODY.to_vec()),
        2 => select(vec!["signature", "accession", "entry_into_force", "implementation"]),
    ];
    let who = subsequence(parties, 0..=4);
    (kind, who, 0..DAYS, prop::collection::vec(claim(), 1..=3)).prop_map(
        |(kind, mut who, day, claims)| {
            if NEEDS_WHO.contains(&kind) && who.is_empty() {
                who.push("AAA");
            }
            if kind.starts_with("merger") {
                who.clear();
            }
            Act {
                kind,
                who,
                day,
                claims,
            }
        },
    )
}

/// Institutions with acts that may fall on one day.
fn institutions() -> impl Strategy<Value = Vec<Institution>> {
    Vec::from(INSTITUTIONS.map(|id| {
        (
            prop::collection::vec(act(id == "org:one"), 0..9),
            prop::option::weighted(0.9, 0..5_usize),
            any::<bool>(),
        )
            .prop_map(move |(mut acts, stage, from_signature)| {
                // Nothing is merged into itself.
                acts.retain(|act| id != "org:one" || !act.kind.starts_with("merger"));
                Institution {
                    id,
                    stage,
                    from_signature,
                    acts,
                }
            })
    }))
}

/// The same with acts on days of their own, each with one claim.
fn institutions_of_distinct_days() -> impl Strategy<Value = Vec<Institution>> {
    institutions().prop_map(|mut institutions| {
        for institution in &mut institutions {
            for (number, act) in institution.acts.iter_mut().enumerate() {
                act.day = i32::try_from(number).unwrap() + 1;
                act.claims.truncate(1);
                act.claims[0].later = 0;
            }
        }
        institutions
    })
}

const STEPS: [&str; 5] = [
    "none",
    "free_trade_area",
    "customs_union",
    "common_market",
    "economic_union",
];

impl Institution {
    fn text(&self) -> String {
        let kind = if self.id.starts_with("org:") {
            "organization"
        } else {
            "agreement"
        };
        let mut text = format!(
            "id = \"{0}\"\nkind = \"{kind}\"\nnames = [{{ name = \"{0}\" }}]\n",
            self.id
        );
        if let Some(stage) = self.stage {
            writeln!(text, "stage = \"{}\"", STEPS[stage]).unwrap();
        }
        if self.from_signature {
            text.push_str("membership_from = \"signature\"\n");
        }
        for act in &self.acts {
            text.push_str(&act.text(self.stage));
        }
        text
    }
}

impl Act {
    /// A step is no deeper than the stage that the text ends with.
    fn text(&self, end: Option<usize>) -> String {
        let mut text = format!("\n[[act]]\nact = \"{}\"\n", self.kind);
        if !self.who.is_empty() {
            writeln!(text, "who = {:?}", self.who).unwrap();
        }
        text.push_str("claims = [\n");
        for claim in &self.claims {
            let on = day_of(self.day);
            let effect = on.checked_add(claim.later.days()).unwrap();
            write!(
                text,
                "  {{ on = \"{on}\", effect = \"{effect}\", src = \"{}\"",
                claim.source
            )
            .unwrap();
            let steps = ["entry_into_force", "implementation", "accession"].contains(&self.kind);
            if steps {
                let stage = claim.stage.min(end.unwrap_or(claim.stage));
                write!(text, ", stage = \"{}\"", STEPS[stage]).unwrap();
            }
            if claim.denies {
                text.push_str(", denies = true");
            }
            if claim.deprecated {
                text.push_str(", rank = \"deprecated\", reason = \"a slip\"");
            }
            text.push_str(" },\n");
        }
        text.push_str("]\n");
        text
    }
}

/// One file for what is shared and one for each institution.
fn files(institutions: &[Institution]) -> Vec<Arc<SourceText>> {
    let mut shared = String::new();
    for state in STATES {
        writeln!(
            shared,
            "[[state]]\nid = \"{state}\"\nnames = [{{ name = \"{state}\" }}]"
        )
        .unwrap();
    }
    for (id, year) in SOURCES {
        writeln!(
            shared,
            "[[source]]\nid = \"{id}\"\ntype = \"web\"\ntitle = \"{id}\"\npublished = \"{year}\""
        )
        .unwrap();
    }
    let mut files = vec![SourceText::new("shared.toml", shared)];
    files.extend(institutions.iter().map(|institution| {
        let name = institution.id.replace(':', "-");
        SourceText::new(format!("{name}.toml"), institution.text())
    }));
    files
}

fn load(institutions: &[Institution]) -> Registry {
    match Registry::load(&files(institutions)) {
        Ok(loaded) => loaded.registry,
        Err(findings) => panic!("{findings}"),
    }
}

fn pairs() -> impl Iterator<Item = (StateCode, StateCode)> {
    STATES.iter().flat_map(|first| {
        STATES
            .iter()
            .map(|second| (StateCode::new(first), StateCode::new(second)))
    })
}

/// Days on which to ask: every change, the day before it, and the ends of time.
fn days(law: &Law<'_>) -> Vec<Date> {
    let mut days = vec![START.yesterday().unwrap(), date(2040, 1, 1)];
    for day in law.change_days() {
        days.extend([day.yesterday().unwrap(), day]);
    }
    days
}

fn stages(law: &Law<'_>, day: Date) -> Vec<Stage> {
    let states = STATES.map(StateCode::new);
    Grade::ALL
        .iter()
        .flat_map(|&grade| {
            let matrix = law.stage_matrix(&states, day, grade);
            (0..16).map(move |cell| matrix.stage(cell / 4, cell % 4))
        })
        .collect()
}

/// Every spell of every party, and every stage on every day that matters.
fn consequences(law: &Law<'_>) -> (Vec<String>, Vec<(Date, Vec<Stage>)>) {
    let spells = law
        .registry()
        .institutions()
        .flat_map(|institution| {
            law.spells(&institution.id)
                .map(|(party, spells)| format!("{} {party} {spells:?}", institution.id))
                .collect::<Vec<_>>()
        })
        .collect();
    let stages = days(law)
        .into_iter()
        .map(|day| (day, stages(law, day)))
        .collect();
    (spells, stages)
}

/// The acts of which something that may be used was known, by institution and place in file.
fn known_acts(registry: &Registry, by: Date) -> BTreeSet<(String, usize)> {
    let view = registry.known_by(by);
    let mut known = BTreeSet::new();
    for institution in registry.institutions() {
        for (ordinal, act) in institution.acts.iter().enumerate() {
            let usable = |claim: &acquis_registry::Claim| {
                !matches!(claim.rank, Rank::Deprecated { .. }) && view.knows(claim)
            };
            if act.claims.iter().any(usable) {
                known.insert((institution.id.to_string(), ordinal));
            }
        }
    }
    known
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn spells_are_half_open_ordered_and_apart(institutions in institutions()) {
        let registry = load(&institutions);
        let law = Law::new(registry.view());
        for institution in registry.institutions() {
            for (party, spells) in law.spells(&institution.id) {
                for pair in spells.windows(2) {
                    prop_assert!(pair[0].from < pair[1].from);
                    prop_assert_eq!(pair[0].until, Some(pair[1].from));
                }
                prop_assert_eq!(spells.last().and_then(|spell| spell.until), None);
                for spell in spells {
                    prop_assert!(spell.holds_on(spell.from));
                    prop_assert!(!spell.acts.is_empty());
                    if let Some(until) = spell.until {
                        prop_assert!(!spell.holds_on(until));
                    }
                    let holding = spells.iter().filter(|other| other.holds_on(spell.from));
                    prop_assert_eq!(holding.count(), 1);
                    let standing = law.standing(party, &institution.id, spell.from).unwrap();
                    prop_assert_eq!(standing.standing, spell.standing);
                    prop_assert_eq!(standing.since, spell.from);
                    prop_assert_eq!(standing.until, spell.until);
                }
            }
        }
    }

    #[test]
    fn nothing_changes_between_change_days(institutions in institutions(), at in any::<Index>()) {
        let registry = load(&institutions);
        let law = Law::new(registry.view());
        let changes = law.change_days();
        prop_assert!(changes.windows(2).all(|pair| pair[0] < pair[1]));
        for pair in changes.windows(2) {
            let length = pair[0].until(pair[1]).unwrap().get_days();
            let offset = at.index(usize::try_from(length).unwrap());
            let between = pair[0].checked_add(i64::try_from(offset).unwrap().days()).unwrap();
            prop_assert_eq!(stages(&law, pair[0]), stages(&law, between));
            for institution in registry.institutions() {
                let on = |day| -> Vec<_> {
                    law.standings_in(&institution.id, day)
                        .into_iter()
                        .map(|it| (it.party, it.standing, it.since))
                        .collect()
                };
                prop_assert_eq!(on(pair[0]), on(between));
            }
        }
        if let Some(first) = changes.first() {
            let before = first.yesterday().unwrap();
            prop_assert!(stages(&law, before).iter().all(|stage| *stage == Stage::None));
        }
    }

    #[test]
    fn a_stage_is_the_same_from_both_sides(institutions in institutions()) {
        let registry = load(&institutions);
        let law = Law::new(registry.view());
        for day in days(&law) {
            for (first, second) in pairs() {
                for grade in Grade::ALL {
                    let there = law.stage_between(&first, &second, day, grade);
                    let back = law.stage_between(&second, &first, day, grade);
                    prop_assert_eq!(there.stage, back.stage);
                    prop_assert_eq!(there.contested, back.contested);
                    prop_assert_eq!(there.commitments.len(), back.commitments.len());
                }
                let own = law.stage_between(&first, &first, day, Grade::Signed).stage;
                prop_assert_eq!(own, Stage::None);
            }
        }
    }

    #[test]
    fn what_functions_is_in_force_and_what_is_in_force_is_signed(institutions in institutions()) {
        let registry = load(&institutions);
        let law = Law::new(registry.view());
        for day in days(&law) {
            for (first, second) in pairs() {
                let between = law.between(&first, &second, day);
                let [signed, in_force, functioning] = &between.grades;
                // An institution whose text sets no stage can only be assessed.
                let with_stage = |at: &acquis_law::StageAt<'_>| {
                    at.commitments
                        .iter()
                        .filter(|commitment| commitment.institution.stage.is_some())
                        .map(|commitment| commitment.stage)
                        .max()
                        .unwrap_or(Stage::None)
                };
                prop_assert!(with_stage(functioning) <= in_force.stage);
                prop_assert!(with_stage(in_force) <= signed.stage);
            }
        }
    }

    #[test]
    fn the_order_of_acts_in_a_file_changes_nothing(
        (institutions, permuted) in institutions_of_distinct_days().prop_flat_map(|institutions| {
            let permuted: Vec<_> = institutions
                .iter()
                .map(|institution| {
                    let rest = institution.clone();
                    Just(institution.acts.clone())
                        .prop_shuffle()
                        .prop_map(move |acts| Institution { acts, ..rest.clone() })
                })
                .collect();
            (Just(institutions), permuted)
        })
    ) {
        let (straight, shuffled) = (load(&institutions), load(&permuted));
        let straight = consequences(&Law::new(straight.view()));
        let shuffled = consequences(&Law::new(shuffled.view()));
        prop_assert_eq!(straight, shuffled);
    }

    #[test]
    fn the_order_of_files_changes_nothing(
        (institutions, order) in institutions().prop_flat_map(|institutions| {
            let order = Just(files(&institutions)).prop_shuffle();
            (Just(institutions), order)
        })
    ) {
        let (straight, shuffled) = (load(&institutions), Registry::load(&order).unwrap());
        prop_assert_eq!(format!("{straight:?}"), format!("{:?}", shuffled.registry));
    }

    #[test]
    fn what_is_known_grows_with_time(
        institutions in institutions(),
        first in 1985..2010_i16,
        second in 1985..2010_i16,
    ) {
        let registry = load(&institutions);
        let (early, late) = (date(first.min(second), 6, 1), date(first.max(second), 6, 1));
        let (by_early, by_late) = (known_acts(&registry, early), known_acts(&registry, late));
        prop_assert!(by_early.is_subset(&by_late));
        for institution in registry.institutions() {
            // A view shows an act exactly if something usable is known and is no denial.
            let (view, all) = (registry.known_by(early), registry.view());
            for act in view.acts(institution) {
                prop_assert!(by_early.contains(&(institution.id.to_string(), act.ordinal)));
                prop_assert!(view.knows(act.claim) && !act.claim.denies);
                prop_assert!(act.others.iter().all(|other| view.knows(other)));
            }
            for act in all.acts(institution) {
                prop_assert!(all.knows(act.claim) && !act.claim.denies);
            }
        }
        // By the end of the last year everything is known.
        let everything = registry.known_by(date(2005, 1, 1));
        for institution in registry.institutions() {
            let ordinals = |acts: Vec<acquis_registry::KnownAct<'_>>| -> Vec<usize> {
                acts.iter().map(|act| act.ordinal).collect()
            };
            prop_assert_eq!(
                ordinals(everything.acts(institution)),
                ordinals(registry.view().acts(institution))
            );
        }
    }

    #[test]
    fn what_has_taken_effect_grows_with_the_day(
        institutions in institutions(),
        first in 0..DAYS * DAYS_APART,
        second in 0..DAYS * DAYS_APART,
    ) {
        let registry = load(&institutions);
        let day = |offset: i32| START.checked_add(offset.days()).unwrap();
        let (early, late) = (day(first.min(second)), day(first.max(second)));
        for institution in registry.institutions() {
            let on = |day| -> Vec<usize> {
                let acts = registry.view().as_of(day).acts(institution);
                acts.iter().map(|act| act.ordinal).collect()
            };
            let (by_early, by_late) = (on(early), on(late));
            prop_assert!(by_late.starts_with(&by_early));
        }
    }

    #[test]
    fn members_are_those_with_the_standing_of_members(institutions in institutions()) {
        let registry = load(&institutions);
        let law = Law::new(registry.view());
        for day in days(&law) {
            for institution in registry.institutions() {
                let members = law.members(&institution.id, day);
                prop_assert!(members.is_sorted());
                for state in STATES.map(StateCode::new) {
                    let listed = law.memberships(&state, day).contains(&institution.id);
                    prop_assert_eq!(members.contains(&state), listed);
                }
            }
        }
    }
}

/// The properties above would hold of empty packs too: these are not empty.
#[test]
fn random_packs_reach_every_grade_and_most_standings() {
    use proptest::strategy::ValueTree as _;
    use proptest::test_runner::TestRunner;

    let mut runner = TestRunner::deterministic();
    let (mut standings, mut deepest) = (BTreeSet::new(), [Stage::None; 3]);
    for _ in 0..200 {
        let institutions = institutions().new_tree(&mut runner).unwrap().current();
        let registry = load(&institutions);
        let law = Law::new(registry.view());
        for institution in registry.institutions() {
            let spells = law.spells(&institution.id).flat_map(|(_, spells)| spells);
            standings.extend(spells.map(|spell| spell.standing));
        }
        for day in days(&law) {
            let found = stages(&law, day);
            for (grade, cells) in found.chunks(16).enumerate() {
                deepest[grade] = deepest[grade].max(*cells.iter().max().unwrap());
            }
        }
    }
    assert_eq!(standings.len(), 9, "{standings:?}");
    assert!(
        deepest.iter().all(|stage| *stage >= Stage::CustomsUnion),
        "{deepest:?}"
    );
}
