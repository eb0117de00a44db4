//! Opening: what can't be used is refused with a sentence, and left as it was.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failure here is a failed test"
)]

use std::fs;
use std::path::Path;

use acquis_store::{Keeping, Store, StoreError};
use rusqlite::Connection;

fn refused(folder: &Path) -> StoreError {
    let database = folder.join("acquis.db");
    let before = fs::read(&database).unwrap();
    let Err(error) = Store::open(folder) else {
        panic!("it was opened");
    };
    assert_eq!(
        fs::read(&database).unwrap(),
        before,
        "it was not left as it was"
    );
    let sentence = error.to_string();
    assert!(sentence.contains("acquis.db"), "{sentence}");
    error
}

/// A folder with a database that holds one scenario, closed.
fn with_a_scenario() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path()).unwrap();
    store
        .create(
            "Four",
            Keeping::Kept,
            &"a text of some length ".repeat(2000),
        )
        .unwrap();
    drop(store);
    folder
}

#[test]
fn a_folder_is_made_with_all_above_it_and_opens_again() {
    let folder = tempfile::tempdir().unwrap();
    let deep = folder.path().join("a/b/c");
    drop(Store::open(&deep).unwrap());
    let store = Store::open(&deep).unwrap();
    assert_eq!(store.folder(), deep);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(
            fs::metadata(&deep).unwrap().permissions().mode() & 0o777,
            0o700
        );
    }
}

#[test]
fn a_later_form_is_refused() {
    let folder = with_a_scenario();
    let connection = Connection::open(folder.path().join("acquis.db")).unwrap();
    connection
        .pragma_update(None, "user_version", 9000)
        .unwrap();
    connection.close().unwrap();
    let error = refused(folder.path());
    assert!(
        matches!(error, StoreError::Newer { found: 9000, .. }),
        "{error}"
    );
    assert!(error.to_string().contains("later version"), "{error}");
}

#[test]
fn a_database_of_another_program_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let connection = Connection::open(folder.path().join("acquis.db")).unwrap();
    connection
        .execute_batch("CREATE TABLE songs (title TEXT)")
        .unwrap();
    connection.close().unwrap();
    let error = refused(folder.path());
    assert!(matches!(error, StoreError::Foreign { .. }), "{error}");
}

#[test]
fn a_file_that_is_no_database_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("acquis.db"), "Dear diary, ".repeat(500)).unwrap();
    let error = refused(folder.path());
    assert!(matches!(error, StoreError::Damaged { .. }), "{error}");
}

#[test]
fn a_database_with_broken_pages_is_refused() {
    let folder = with_a_scenario();
    let database = folder.path().join("acquis.db");
    let mut bytes = fs::read(&database).unwrap();
    assert!(bytes.len() > 3 * 4096);
    // The header stays; every page behind the first is overwritten.
    bytes[4096..].fill(0xA5);
    fs::write(&database, bytes).unwrap();
    let error = refused(folder.path());
    assert!(matches!(error, StoreError::Damaged { .. }), "{error}");
}

#[test]
fn a_database_that_was_cut_off_is_refused() {
    let folder = with_a_scenario();
    let database = folder.path().join("acquis.db");
    let bytes = fs::read(&database).unwrap();
    fs::write(&database, &bytes[..bytes.len() / 2]).unwrap();
    let error = refused(folder.path());
    assert!(matches!(error, StoreError::Damaged { .. }), "{error}");
}

#[test]
fn a_file_where_the_folder_should_be_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("taken");
    fs::write(&path, "").unwrap();
    let error = Store::open(&path).unwrap_err();
    assert!(matches!(error, StoreError::Folder { .. }), "{error}");
    assert!(error.to_string().contains("--data-dir"), "{error}");
}

#[test]
fn several_open_a_new_folder_at_once() {
    let folder = tempfile::tempdir().unwrap();
    std::thread::scope(|scope| {
        let openers: Vec<_> = (0..6)
            .map(|number| {
                let path = folder.path();
                scope.spawn(move || {
                    let store = Store::open(path)?;
                    store.create(&format!("n{number}"), Keeping::Kept, "")
                })
            })
            .collect();
        for opener in openers {
            opener.join().unwrap().unwrap();
        }
    });
    let store = Store::open(folder.path()).unwrap();
    assert_eq!(store.scenarios(Keeping::Kept).unwrap().len(), 6);
}

#[cfg(unix)]
#[test]
fn what_is_kept_is_its_owners_alone_in_a_folder_that_all_look_into() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let is_private = || {
        for name in ["acquis.db", "acquis.db-wal", "acquis.db-shm"] {
            let mode = fs::metadata(folder.path().join(name)).unwrap();
            assert_eq!(mode.permissions().mode() & 0o777, 0o600, "{name}");
        }
    };
    let store = Store::open(folder.path()).unwrap();
    store.create("Four", Keeping::Kept, "a text").unwrap();
    is_private();
    drop(store);
    // A database of an earlier version, which others could read.
    let database = folder.path().join("acquis.db");
    fs::set_permissions(&database, fs::Permissions::from_mode(0o644)).unwrap();
    let store = Store::open(folder.path()).unwrap();
    store.create("Five", Keeping::Kept, "a text").unwrap();
    is_private();
}
