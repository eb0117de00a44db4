//! Packs and economies of the user's own: kept as they are, replaced only when asked, bounded.

#![allow(clippy::unwrap_used, reason = "a failure here is a failed test")]

use acquis_store::{NameInUse, NewOwn, OwnKind, OwnName, Store, StoreError, StoredFile};
use proptest::prelude::*;

fn file(name: &str, bytes: &[u8]) -> StoredFile {
    StoredFile {
        name: name.to_owned(),
        bytes: bytes.to_vec(),
    }
}

fn name(text: &str) -> OwnName {
    text.parse().unwrap()
}

fn keep(
    store: &Store,
    kind: OwnKind,
    text: &str,
    files: &[StoredFile],
    in_use: NameInUse,
) -> Result<acquis_store::OwnCard, StoreError> {
    let new = NewOwn {
        kind,
        name: &name(text),
        title: "A title",
        files,
    };
    store.keep_own(new, in_use)
}

#[test]
fn what_is_kept_outlives_the_program_byte_for_byte() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let files = [file("a.toml", b"\xff\x00"), file("b.toml", b"")];
    let card = keep(&store, OwnKind::Pack, "mine", &files, NameInUse::Refuse).unwrap();
    assert_eq!((card.bytes, card.title.as_str()), (2, "A title"));
    drop(store);
    let store = Store::open(folder.path()).unwrap();
    let (found, read) = store.own_files(OwnKind::Pack, &name("mine")).unwrap();
    assert_eq!((found, &read[..]), (card.clone(), &files[..]));
    assert_eq!(store.own(OwnKind::Pack).unwrap(), [card]);
    assert_eq!(store.own(OwnKind::Economy).unwrap(), []);
}

#[test]
fn a_name_is_taken_from_another_only_when_that_is_asked() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    let (old, new) = ([file("a", b"old"), file("b", b"old")], [file("a", b"new")]);
    let first = keep(&store, OwnKind::Economy, "x", &old, NameInUse::Refuse).unwrap();
    // A pack may have the name of an economy.
    keep(&store, OwnKind::Pack, "x", &old, NameInUse::Refuse).unwrap();
    let refused = keep(&store, OwnKind::Economy, "x", &new, NameInUse::Refuse).unwrap_err();
    assert!(matches!(refused, StoreError::OwnNameTaken(_)), "{refused}");
    let (card, files) = store.own_files(OwnKind::Economy, &name("x")).unwrap();
    assert_eq!((&card, &files[..]), (&first, &old[..]));
    let second = keep(&store, OwnKind::Economy, "x", &new, NameInUse::Replace).unwrap();
    assert_ne!(second.digest, first.digest);
    let (_, files) = store.own_files(OwnKind::Economy, &name("x")).unwrap();
    assert_eq!(files, new);
    let (_, files) = store.own_files(OwnKind::Pack, &name("x")).unwrap();
    assert_eq!(files, old);
}

#[test]
fn what_is_forgotten_is_gone_with_its_files() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    keep(
        &store,
        OwnKind::Pack,
        "x",
        &[file("a", b"1")],
        NameInUse::Refuse,
    )
    .unwrap();
    store.forget_own(OwnKind::Pack, &name("x")).unwrap();
    let gone = store.own_files(OwnKind::Pack, &name("x")).unwrap_err();
    assert!(matches!(gone, StoreError::NoOwn { .. }), "{gone}");
    assert!(store.forget_own(OwnKind::Pack, &name("x")).is_err());
    let again = keep(
        &store,
        OwnKind::Pack,
        "x",
        &[file("b", b"2")],
        NameInUse::Refuse,
    );
    assert_eq!(again.unwrap().bytes, 1);
}

#[test]
fn no_more_is_kept_than_there_is_room_for() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    for number in 0..100 {
        let name = format!("n{number}");
        keep(&store, OwnKind::Pack, &name, &[], NameInUse::Refuse).unwrap();
    }
    let refused = keep(&store, OwnKind::Pack, "one-more", &[], NameInUse::Refuse).unwrap_err();
    assert!(
        matches!(refused, StoreError::TooManyOwn { most: 100 }),
        "{refused}"
    );
    // One of them may be replaced still.
    assert!(keep(&store, OwnKind::Pack, "n7", &[], NameInUse::Replace).is_ok());
    assert!(keep(&store, OwnKind::Economy, "other", &[], NameInUse::Refuse).is_ok());
}

proptest! {
    #[test]
    fn a_name_is_short_and_plain_or_refused(text in any::<String>()) {
        if let Ok(name) = text.parse::<OwnName>() {
            prop_assert_eq!(name.as_str(), &text);
            prop_assert!(text.len() <= OwnName::MOST);
            prop_assert!(text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'));
        }
    }

    #[test]
    fn plain_names_are_taken(text in "[a-z0-9][a-z0-9-]{0,59}") {
        prop_assert!(text.parse::<OwnName>().is_ok());
    }
}

#[test]
fn names_that_could_steer_a_file_system_are_refused() {
    for wrong in ["", "..", "a/b", "A", "-x", "a.b", "é", &"x".repeat(61)] {
        assert!(wrong.parse::<OwnName>().is_err(), "{wrong:?}");
    }
}
