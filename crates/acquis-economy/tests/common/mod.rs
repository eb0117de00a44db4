//! Where the data are, and small economies to test with.

#![allow(
    clippy::panic,
    clippy::print_stdout,
    dead_code,
    reason = "a failure here is a failed test; not every test uses everything"
)]

use std::path::PathBuf;

use acquis_economy::{Card, Figures, Sector};

/// A path of the repository.
pub(crate) fn repository(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(path)
}

/// A path of the shared data; `None` (and a word about it) where they are not at hand.
pub(crate) fn shared(path: &str) -> Option<PathBuf> {
    let path = repository("../shared/data").join(path);
    if path.exists() {
        return Some(path);
    }
    assert!(
        std::env::var_os("CI").is_none(),
        "{} is missing",
        path.display()
    );
    println!("skipped: {} is not there", path.display());
    None
}

/// A card that says what must be said.
pub(crate) fn card() -> Card {
    Card {
        id: "tiny".to_owned(),
        title: "Tiny".to_owned(),
        year: 2000,
        unit: "million".to_owned(),
        ..Card::default()
    }
}

/// Sectors `a`, `b` and so on.
pub(crate) fn sectors(count: u8) -> Vec<Sector> {
    (0..count)
        .map(|number| Sector {
            code: char::from(b'a' + number).to_string(),
            name: format!("Sector {number}"),
            is_tradable: true,
        })
        .collect()
}

/// Two countries and two sectors with inputs.
pub(crate) fn two_by_two() -> Figures {
    Figures {
        countries: vec!["AAA".to_owned(), "BBB".to_owned()],
        sectors: sectors(2),
        flows: vec![80.0, 20.0, 10.0, 90.0, 50.0, 0.0, 5.0, 45.0],
        value_added_shares: Some(vec![0.5; 4]),
        input_coefficients: Some(vec![0.25; 8]),
        ..Figures::default()
    }
}
