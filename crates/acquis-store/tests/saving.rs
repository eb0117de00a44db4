//! Scenarios: what was saved comes back, whatever it holds, and nobody overwrites another.

#![allow(clippy::unwrap_used, reason = "a failure here is a failed test")]

use acquis_store::{Keeping, MOST_DRAFTS, MOST_REVISIONS, MOST_TEXT, Store, StoreError};
use proptest::prelude::*;
use tempfile::TempDir;

fn store() -> (TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    (folder, store)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn any_texts_come_back_in_their_order(texts in prop::collection::vec(any::<String>(), 1..6)) {
        let (folder, store) = store();
        let mut saved = store.create("n", Keeping::Draft, &texts[0]).unwrap();
        let mut expected = vec![texts[0].clone()];
        for text in &texts[1..] {
            saved = store.save(saved.id, saved.revision, text).unwrap();
            if expected.last() != Some(text) {
                expected.push(text.clone());
            }
        }
        drop(store);
        let store = Store::open(folder.path()).unwrap();
        prop_assert_eq!(store.scenario(saved.id).unwrap(), saved.clone());
        let cards = store.revisions(saved.id).unwrap();
        let numbers: Vec<u32> = cards.iter().rev().map(|card| card.number).collect();
        let kept: Vec<String> =
            numbers.iter().map(|number| store.revision(saved.id, *number).unwrap()).collect();
        prop_assert_eq!(kept, expected);
    }

    #[test]
    fn a_name_is_kept_as_it_is_or_refused(name in any::<String>()) {
        let (_folder, store) = store();
        match store.create(&name, Keeping::Kept, "") {
            Ok(saved) => prop_assert_eq!(store.scenario(saved.id).unwrap().name, name.trim()),
            Err(StoreError::Name { .. }) => {
                prop_assert_eq!(store.scenarios(Keeping::Kept).unwrap().len(), 0);
            }
            Err(other) => return Err(TestCaseError::fail(other.to_string())),
        }
    }
}

#[test]
fn undoing_goes_back_step_by_step_and_loses_nothing() {
    let (_folder, store) = store();
    let mut saved = store.create("n", Keeping::Draft, "a").unwrap();
    assert!(!saved.can_undo);
    for text in ["b", "c"] {
        saved = store.save(saved.id, saved.revision, text).unwrap();
    }
    let mut seen = Vec::new();
    while saved.can_undo {
        saved = store.undo(saved.id, saved.revision).unwrap();
        seen.push(saved.text.clone());
    }
    assert_eq!(seen, ["b", "a"]);
    let nothing = store.undo(saved.id, saved.revision).unwrap_err();
    assert!(matches!(nothing, StoreError::NothingToUndo(_)), "{nothing}");
    // A change after undoing can be undone to where it was made.
    saved = store.save(saved.id, saved.revision, "d").unwrap();
    assert_eq!(store.undo(saved.id, saved.revision).unwrap().text, "a");
    assert_eq!(store.revision(saved.id, 3).unwrap(), "c");
}

#[test]
fn of_many_revisions_the_newest_stay_and_undoing_goes_back_as_far() {
    let (_folder, store) = store();
    let mut saved = store.create("n", Keeping::Kept, "0").unwrap();
    let count = MOST_REVISIONS + 50;
    for number in 1..count {
        let text = number.to_string();
        saved = store.save(saved.id, saved.revision, &text).unwrap();
    }
    assert_eq!(store.revisions(saved.id).unwrap().len(), MOST_REVISIONS);
    let mut steps = 0;
    while saved.can_undo {
        saved = store.undo(saved.id, saved.revision).unwrap();
        steps += 1;
    }
    assert_eq!(steps, MOST_REVISIONS - 1);
    assert_eq!(saved.text, (count - MOST_REVISIONS).to_string());
    assert!(store.revisions(saved.id).unwrap().len() <= 2 * MOST_REVISIONS);
}

#[test]
fn of_many_drafts_the_oldest_go_and_what_has_a_name_stays() {
    let (_folder, store) = store();
    let named = store.create("a name", Keeping::Kept, "kept").unwrap();
    let put_away = store.create("draft", Keeping::Draft, "kept").unwrap();
    store.keep(put_away.id, "another name").unwrap();
    let drafts: Vec<_> = (0..MOST_DRAFTS + 5)
        .map(|_| store.create("draft", Keeping::Draft, "a").unwrap().id)
        .collect();
    let left = store.scenarios(Keeping::Draft).unwrap();
    assert_eq!(left.len(), MOST_DRAFTS);
    assert!(store.scenario(drafts[4]).is_err());
    assert!(store.scenario(drafts[5]).is_ok());
    for id in [named.id, put_away.id] {
        assert_eq!(store.scenario(id).unwrap().text, "kept");
    }
}

#[test]
fn a_change_to_an_older_revision_is_refused_and_says_so() {
    let (_folder, store) = store();
    let saved = store.create("n", Keeping::Draft, "a").unwrap();
    store.save(saved.id, 1, "b").unwrap();
    let error = store.save(saved.id, 1, "c").unwrap_err();
    assert!(matches!(
        error,
        StoreError::Changed {
            from: 1,
            current: 2
        }
    ));
    assert!(error.to_string().contains("Load it again"), "{error}");
    assert_eq!(store.scenario(saved.id).unwrap().text, "b");
}

#[test]
fn of_many_who_save_at_once_one_wins_each_round() {
    let (_folder, store) = store();
    let saved = store.create("n", Keeping::Draft, "0").unwrap();
    let won: usize = std::thread::scope(|scope| {
        let savers: Vec<_> = (0..8)
            .map(|number| {
                let store = &store;
                scope.spawn(move || store.save(saved.id, 1, &format!("by {number}")).is_ok())
            })
            .collect();
        savers
            .into_iter()
            .map(|saver| usize::from(saver.join().unwrap()))
            .sum()
    });
    assert_eq!(won, 1);
    assert_eq!(store.scenario(saved.id).unwrap().revision, 2);
}

#[test]
fn kept_names_are_told_apart_and_drafts_may_share_theirs() {
    let (_folder, store) = store();
    let kept = store.create("Four", Keeping::Kept, "").unwrap();
    let draft = store.create("four", Keeping::Draft, "").unwrap();
    let taken = store.keep(draft.id, " FOUR ").unwrap_err();
    assert!(
        matches!(&taken, StoreError::NameTaken(name) if name == "FOUR"),
        "{taken}"
    );
    // A scenario may keep its own name, in other letters.
    assert_eq!(store.keep(kept.id, "FOUR").unwrap().name, "FOUR");
    assert_eq!(store.keep(draft.id, "Five").unwrap().keeping, Keeping::Kept);
    let names: Vec<String> = store
        .scenarios(Keeping::Kept)
        .unwrap()
        .into_iter()
        .map(|card| card.name)
        .collect();
    assert_eq!(names.len(), 2);
    assert!(store.scenarios(Keeping::Draft).unwrap().is_empty());
    store.delete_scenario(kept.id).unwrap();
    assert!(matches!(store.scenario(kept.id), Err(StoreError::NoScenario(id)) if id == kept.id));
    assert!(store.revisions(kept.id).is_err());
    // A number is never given twice.
    assert!(store.create("Six", Keeping::Kept, "").unwrap().id > draft.id);
}

#[test]
fn what_is_too_long_is_refused_whole() {
    let (_folder, store) = store();
    let long = "x".repeat(MOST_TEXT + 1);
    let error = store.create("n", Keeping::Draft, &long).unwrap_err();
    assert!(matches!(error, StoreError::TooLong { .. }), "{error}");
    assert!(store.scenarios(Keeping::Draft).unwrap().is_empty());
    assert!(store.create("n", Keeping::Draft, &long[1..]).is_ok());
    let name = store
        .create(&"n".repeat(121), Keeping::Draft, "")
        .unwrap_err();
    assert!(name.to_string().contains("120"), "{name}");
}
