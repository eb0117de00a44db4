//! The same table from each format.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops where something is wrong"
)]

use std::fmt::Write;
use std::path::PathBuf;

use acquis_gravity::{MISSING, Table};

/// Three rows that pandas wrote, with a column of every type Stata has.
#[test]
fn stata_formats_117_to_119() {
    for release in [117, 118, 119] {
        let name = format!("tests/stata/small_{release}.dta");
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(name);
        let table = Table::read(&path, None, &[]).unwrap();
        assert_eq!(table.rows, 3);
        let bits = |name: &str| -> Vec<String> {
            table
                .numbers(name)
                .unwrap()
                .iter()
                .map(f64::to_string)
                .collect()
        };
        assert_eq!(bits("trade"), ["1.5", "NaN", "-2.25"]);
        assert_eq!(bits("year"), ["1992", "2014", "2020"]);
        assert_eq!(bits("rta"), ["0", "1", "1"]);
        assert_eq!(bits("code"), ["100000", "-5", "7"]);
        assert_eq!(bits("share"), ["0.5", "NaN", "0.25"]);
        let texts = |name: &str| -> Vec<String> {
            let factor = table.factor(name).unwrap();
            let text = |&code: &u32| {
                if code == MISSING {
                    String::new()
                } else {
                    factor.label(code)
                }
            };
            factor.codes().iter().map(text).collect()
        };
        assert_eq!(texts("exporter"), ["KAZ", "KGZ", "UZB"]);
        assert_eq!(texts("stage"), ["union", "none", "union"]);
        assert_eq!(
            texts("note"),
            ["x".repeat(3_000), String::new(), "short".to_owned()]
        );
    }
}

/// Three rows that pandas wrote for Stata 10 to 12, in Latin-1.
#[test]
fn stata_format_114() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/stata/small_114.dta");
    let table = Table::read(&path, None, &[]).unwrap();
    assert_eq!(table.rows, 3);
    let bits = |name: &str| -> Vec<String> {
        let numbers = table.numbers(name).unwrap();
        numbers.iter().map(f64::to_string).collect()
    };
    assert_eq!(bits("trade"), ["1.5", "NaN", "-2.25"]);
    assert_eq!(bits("year"), ["1992", "2014", "2020"]);
    assert_eq!(bits("rta"), ["0", "1", "1"]);
    assert_eq!(bits("code"), ["100000", "-5", "7"]);
    assert_eq!(bits("share"), ["0.5", "NaN", "0.25"]);
    let texts = |name: &str| -> Vec<String> {
        let factor = table.factor(name).unwrap();
        factor
            .codes()
            .iter()
            .map(|&code| factor.label(code))
            .collect()
    };
    assert_eq!(
        texts("exporter"),
        ["Kazakhstan", "Côte d'Ivoire", "Uzbekistan"]
    );
    assert_eq!(texts("stage"), ["union", "none", "union"]);
    let whole = std::fs::read(path).unwrap();
    let cut = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("cut_114.dta");
    // Without its value labels the file is whole, with numbers in their place.
    for length in (0..whole.len() - 90).step_by(37) {
        std::fs::write(&cut, &whole[..length]).unwrap();
        assert!(Table::read(&cut, None, &[]).is_err(), "{length}");
    }
}

#[test]
fn a_broken_stata_file_is_an_error_wherever_it_ends() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/stata/small_118.dta");
    let whole = std::fs::read(path).unwrap();
    let cut = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("cut.dta");
    for length in (0..whole.len() - 30).step_by(37) {
        std::fs::write(&cut, &whole[..length]).unwrap();
        assert!(Table::read(&cut, None, &[]).is_err(), "{length}");
    }
}

/// A file of several parts, with line ends of both kinds, and quotes that hold them.
#[test]
fn long_and_quoted_csv() {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("long.csv");
    let mut text = String::from("name,value\n");
    for row in 0..700_000 {
        writeln!(text, "N{},{row}.5", row % 3).unwrap();
    }
    std::fs::write(&path, &text).unwrap();
    let table = Table::read(&path, None, &[]).unwrap();
    assert_eq!(table.rows, 700_000);
    let value = table.numbers("value").unwrap();
    assert!(
        value
            .iter()
            .enumerate()
            .all(|(row, v)| (v - row as f64 - 0.5).abs() < 1e-12)
    );
    assert_eq!(table.factor("name").unwrap().levels(), 3);
    std::fs::write(
        &path,
        "\u{feff}name,value\r\n\"A, \"\"B\"\"\nC\",1e3\r\nD,-.5\r\n",
    )
    .unwrap();
    let table = Table::read(&path, None, &[]).unwrap();
    let name = table.factor("name").unwrap();
    assert_eq!(name.label(name.codes()[0]), "A, \"B\"\nC");
    assert_eq!(table.numbers("value").unwrap(), [1000.0, -0.5]);
}
