//! Nothing that a file may hold makes a reader panic: it is read, or it is an error.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failure here is a failed test"
)]

mod common;

use std::fs;

use acquis_economy::{
    Absent, Concordance, Economy, EconomyFiles, Format, ImportOptions, LongTable, import, load,
};
use acquis_registry::SourceText;
use proptest::prelude::*;

/// Texts of the letters that tables and manifests are made of.
fn texts() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "exporter", "importer", "sector", "value", "tariff", "year", "from", "to", "AAA", "BBB",
        "2000", "1e300", "-1", "0.1", "nan", "inf", ",", ",", ",", "\n", "\n", "\r\n", "\"", "#",
        " ", "é", "=", "[", "]", "t", "i", "j", "k", "v", "AAA_X", "BBB_Y", "OUT", "VA",
    ]);
    prop::collection::vec(words, 0..60).prop_map(|words| words.concat())
}

/// Tables with a header that fits and rows that may.
fn tables() -> impl Strategy<Value = String> {
    let field = prop::sample::select(vec!["AAA", "BBB", "a", "1", "-1", "x", "", "2000", "\"q\""]);
    let row = prop::collection::vec(field, 5).prop_map(|fields| fields.join(","));
    prop::collection::vec(row, 0..12)
        .prop_map(|rows| format!("exporter,importer,sector,value,tariff\n{}", rows.join("\n")))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn of_a_text(text in prop_oneof![texts(), tables()]) {
        let file = SourceText::new("t.csv", text.clone());
        if let Ok(table) = LongTable::from_text(&file) {
            let _ = Concordance::read(&table);
        }
        let manifest = "id='t'\ntitle='t'\nyear=2000\nunit='u'\ntrade='t.csv'\n\
                        sector_column='sector'\ntariff_column='tariff'\n";
        let files = EconomyFiles::gather(
            SourceText::new("t.toml", manifest),
            |_| Ok(std::sync::Arc::clone(&file)),
        );
        let _ = Economy::load(&files.unwrap());
        let other = EconomyFiles::gather(file, |_| Ok(SourceText::new("x.csv", "")));
        prop_assert!(other.is_err() || text.contains("trade"));
    }

    #[test]
    fn of_a_damaged_economy_file(damage in prop::collection::vec((any::<u16>(), any::<u8>()), 1..4)) {
        let economy = load(&common::repository("economies/post-soviet-2004.toml")).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("economy.parquet");
        economy.write(&path).unwrap();
        let mut bytes = fs::read(&path).unwrap();
        for (at, byte) in damage {
            let length = bytes.len();
            // Half of the damage is in the footer, where the layout stands.
            let at = usize::from(at);
            let at = if at % 2 == 0 { at % length } else { length - 1 - at % 3000 };
            bytes[at] = byte;
        }
        fs::write(&path, bytes).unwrap();
        let _ = load(&path);
    }

    #[test]
    fn of_a_file_of_any_format(text in prop_oneof![texts(), tables()]) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("2000.csv");
        fs::write(&path, text).unwrap();
        let options = ImportOptions {
            year: Some(2000),
            unit: Some("u".to_owned()),
            absent: Absent::Zero,
            ..ImportOptions::default()
        };
        for format in [
            Format::Long,
            Format::Icio,
            Format::IcioPrepared,
            Format::Wiod2013,
            Format::CaliendoParro,
            Format::Baci,
            Format::BaciMatrix,
        ] {
            let _ = import(format, std::slice::from_ref(&path), &options);
        }
        let _ = load(&path);
    }
}
