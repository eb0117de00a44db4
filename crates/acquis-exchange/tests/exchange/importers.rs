//! The importers on the users' copies: sizes, reports, and what the law makes of the packs.

use std::collections::BTreeSet;
use std::time::Instant;

use acquis_exchange::{Dataset, Imported, import};
use acquis_law::{Law, Standing};
use acquis_registry::document::Word as _;
use acquis_registry::{InstitutionId, Party, Registry, StateCode};
use jiff::civil::Date;

use crate::data;

fn imported(dataset: Dataset) -> Option<Imported> {
    let files = data::find(dataset)?;
    Some(import(dataset, &files).unwrap_or_else(|error| panic!("{error}")))
}

fn standing(law: &Law<'_>, state: &str, id: &str, year: i16) -> Option<Standing> {
    law.standing(
        &Party::State(StateCode::new(state)),
        &InstitutionId::new(id),
        Date::constant(year, 12, 31),
    )
    .map(|standing| standing.standing)
}

#[test]
fn every_dataset_becomes_a_pack_that_obeys_its_own_law() {
    for dataset in data::EVERY {
        let Some(imported) = imported(dataset) else {
            continue;
        };
        let loaded =
            Registry::load(&imported.files).unwrap_or_else(|findings| panic!("{findings}"));
        assert!(loaded.warnings.is_empty(), "{}", loaded.warnings);
        let findings = acquis_law::check(&Law::new(loaded.registry.view()));
        assert!(findings.is_empty(), "{}: {findings}", dataset.word());
        assert_eq!(
            loaded.registry.institutions().count(),
            imported.report.institutions
        );
        assert_eq!(loaded.registry.states().count(), imported.report.states);
    }
}

#[test]
fn an_imported_pack_survives_being_written() {
    for dataset in data::EVERY {
        let Some(imported) = imported(dataset) else {
            continue;
        };
        let registry = data::load(&imported.files);
        let texts = |files: &acquis_registry::PackFiles| {
            let mut texts: Vec<(String, String)> = files
                .iter()
                .map(|file| (file.name.clone(), file.text.clone()))
                .collect();
            texts.sort();
            texts
        };
        assert_eq!(texts(&registry.to_pack_files()), texts(&imported.files));
    }
}

#[test]
fn cow_igo_is_taken_over_whole() {
    let Some(imported) = imported(Dataset::CowIgo) else {
        return;
    };
    let report = &imported.report;
    assert_eq!(
        (report.rows, report.institutions, report.states),
        (19_154, 534, 210)
    );
    assert!(report.skipped.is_empty());
    let registry = data::load(&imported.files);
    let law = Law::new(registry.view());
    assert_eq!(
        standing(&law, "UKR", "org:cow-cis", 1992),
        Some(Standing::Member)
    );
    assert_eq!(
        standing(&law, "UKR", "org:cow-cis", 1993),
        Some(Standing::Associate)
    );
    assert_eq!(
        standing(&law, "UZB", "org:cow-csto", 2011),
        Some(Standing::Member)
    );
    assert_eq!(
        standing(&law, "UZB", "org:cow-csto", 2012),
        Some(Standing::Withdrawn)
    );
    assert_eq!(
        standing(&law, "KAZ", "org:cow-caecc", 2007),
        Some(Standing::Ended)
    );
}

/// The law of the imported pack gives back exactly the years of the dataset's rows.
#[test]
fn cow_igo_gives_back_its_own_rows() {
    let Some(files) = data::find(Dataset::CowIgo) else {
        return;
    };
    let registry = data::load(&import(Dataset::CowIgo, &files).unwrap().files);
    let law = Law::new(registry.view());
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/data/institutions/cow_igo_v3_memberships.csv"
    );
    let records: Vec<csv::StringRecord> = csv::Reader::from_path(path)
        .unwrap()
        .records()
        .map(Result::unwrap)
        .filter(|record| !record[2].is_empty())
        .collect();
    let listed: BTreeSet<[&str; 4]> = records
        .iter()
        .map(|record| [&record[0], &record[2], &record[5], &record[7]])
        .collect();
    for record in &records {
        let id = registry.find_institution(&record[0]).unwrap().id.as_str();
        let expected = match &record[5] {
            "full" => Standing::Member,
            "associate" => Standing::Associate,
            _ => Standing::Observer,
        };
        for year in [&record[6], &record[7]] {
            let found = standing(&law, &record[2], id, year.parse().unwrap());
            assert_eq!(found, Some(expected), "{record:?}");
        }
        let before = record[6].parse::<i16>().unwrap() - 1;
        let last_year = before.to_string();
        if listed.contains(&[&record[0], &record[2], &record[5], last_year.as_str()]) {
            continue;
        }
        assert_ne!(
            standing(&law, &record[2], id, before),
            Some(expected),
            "{record:?}"
        );
    }
}

#[test]
fn reports_name_what_was_left_out_by_line() {
    let Some(imported) = imported(Dataset::Desta) else {
        return;
    };
    let skipped = &imported.report.skipped;
    assert!(skipped.windows(2).all(|pair| pair[0].line <= pair[1].line));
    let negotiations = skipped
        .iter()
        .filter(|skipped| skipped.reason.starts_with("a negotiation"));
    assert_eq!(negotiations.count(), 82);
    let numeric = skipped
        .iter()
        .filter(|skipped| skipped.what.contains("member #"));
    // More stand in rows that are left out as a whole.
    assert_eq!(numeric.count(), 7);
}

/// Far above the figures of a release build on an idle machine, which the bench measures.
#[test]
fn the_whole_of_cow_igo_loads_in_seconds_even_unoptimized() {
    let Some(imported) = imported(Dataset::CowIgo) else {
        return;
    };
    let start = Instant::now();
    data::load(&imported.files);
    assert!(start.elapsed().as_secs() < 30, "{:?}", start.elapsed());
}
