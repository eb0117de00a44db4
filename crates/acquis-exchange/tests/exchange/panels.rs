//! Panels: the bulk answers equal the law's answers one by one, and the two formats agree.

use std::collections::BTreeMap;

use acquis_exchange::{ExchangeError, Panel, PanelFormat, PanelOptions, StateCodes, write_panel};
use acquis_law::{Law, Standing};
use acquis_registry::document::Word as _;
use acquis_registry::{Area, InstitutionKind, Party, Registry, State, StateCode};
use jiff::civil::Date;
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use parquet::record::Field;

use crate::data;

type Row = BTreeMap<String, String>;

fn csv_panel(law: &Law<'_>, panel: Panel, years: std::ops::RangeInclusive<i16>) -> Vec<Row> {
    let options = PanelOptions {
        years,
        balanced: false,
    };
    let mut bytes = Vec::new();
    let rows = write_panel(law, panel, &options, PanelFormat::Csv, &mut bytes).unwrap();
    let read: Vec<Row> = csv::Reader::from_reader(&bytes[..])
        .deserialize()
        .map(|row| row.unwrap())
        .collect();
    assert_eq!(u64::try_from(read.len()).unwrap(), rows);
    read
}

fn parquet_panel(law: &Law<'_>, panel: Panel, options: &PanelOptions) -> Vec<Row> {
    let mut bytes = Vec::new();
    write_panel(law, panel, options, PanelFormat::Parquet, &mut bytes).unwrap();
    let file = tempfile_of(&bytes);
    let reader = SerializedFileReader::new(std::fs::File::open(&file).unwrap()).unwrap();
    let rows = reader
        .get_row_iter(None)
        .unwrap()
        .map(|row| {
            let columns = row.unwrap().into_columns();
            columns
                .into_iter()
                .map(|(name, field)| (name, text(field)))
                .collect()
        })
        .collect();
    std::fs::remove_file(file).unwrap();
    rows
}

fn tempfile_of(bytes: &[u8]) -> std::path::PathBuf {
    let name = format!("acquis-panel-{}.parquet", std::process::id());
    let path = std::env::temp_dir().join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

fn text(field: Field) -> String {
    match field {
        Field::Null => String::new(),
        Field::Str(text) => text,
        Field::Bool(flag) => u8::from(flag).to_string(),
        other => other.to_string(),
    }
}

fn common(law: &Law<'_>, pair: [&StateCode; 2], day: Date) -> (usize, usize, bool) {
    let (mut organizations, mut agreements, mut alliance) = (0, 0, false);
    for institution in law.registry().institutions() {
        let is_bound = |state: &&StateCode| {
            law.standing(&Party::State((**state).clone()), &institution.id, day)
                .is_some_and(|standing| standing.standing.is_bound())
        };
        if pair.iter().all(is_bound) {
            match institution.kind {
                InstitutionKind::Organization => organizations += 1,
                InstitutionKind::Agreement => agreements += 1,
            }
            alliance |= institution.areas.contains(&Area::Security);
        }
    }
    (organizations, agreements, alliance)
}

/// Some pairs in all years; every year is met, and every pair of the space itself.
#[test]
fn dyads_equal_the_answers_of_the_law() {
    let registry = data::load(&data::pack_files());
    let law = Law::new(registry.view());
    let rows = csv_panel(&law, Panel::DyadYear, 1990..=2021);
    assert!(rows.len() > 20_000, "{}", rows.len());
    let is_near = |code: &str| {
        registry
            .state(&StateCode::new(code))
            .unwrap()
            .groups
            .iter()
            .any(|group| group == "post-soviet")
    };
    let mut stages = 0;
    for (number, row) in rows.iter().enumerate() {
        let both_near = is_near(&row["state_a"]) && is_near(&row["state_b"]);
        if !both_near && number % 97 != 0 {
            continue;
        }
        let day = Date::constant(row["year"].parse().unwrap(), 12, 31);
        let (a, b) = (
            StateCode::new(&row["state_a"]),
            StateCode::new(&row["state_b"]),
        );
        let between = law.between(&a, &b, day);
        for (grade, column) in
            between
                .grades
                .iter()
                .zip(["stage_signed", "stage_in_force", "stage_functioning"])
        {
            assert_eq!(
                row[column],
                grade.stage.depth().to_string(),
                "{a} {b} {day} {column}"
            );
            stages += grade.stage.depth();
        }
        assert_eq!(
            row["unassessed"],
            between.grades[2].unassessed.len().to_string(),
            "{a} {b} {day}"
        );
        let (organizations, agreements, alliance) = common(&law, [&a, &b], day);
        assert_eq!(row["common_organizations"], organizations.to_string());
        assert_eq!(row["common_agreements"], agreements.to_string());
        assert_eq!(row["common_alliance"], u8::from(alliance).to_string());
    }
    assert!(stages > 1000, "{stages}");
}

#[test]
fn states_and_organizations_count_the_standings_of_the_law() {
    let registry = data::load(&data::pack_files());
    let law = Law::new(registry.view());
    let count = |standings: &[Standing], wanted: &[Standing]| {
        standings
            .iter()
            .filter(|standing| wanted.contains(standing))
            .count()
            .to_string()
    };
    for row in csv_panel(&law, Panel::OrganizationYear, 1991..=2020) {
        let day = Date::constant(row["year"].parse().unwrap(), 12, 31);
        let institution = registry.find_institution(&row["institution"]).unwrap();
        let standings: Vec<Standing> = law
            .standings_in(&institution.id, day)
            .iter()
            .filter(|standing| matches!(standing.party, Party::State(_)))
            .map(|standing| standing.standing)
            .collect();
        let bound = [Standing::Member, Standing::ProvisionalParty];
        assert_eq!(row["members"], count(&standings, &bound), "{row:?}");
        assert_eq!(
            row["observers"],
            count(&standings, &[Standing::Observer]),
            "{row:?}"
        );
        let members = law.members(&institution.id, day);
        let codes: Vec<&str> = members.iter().map(StateCode::as_str).collect();
        assert_eq!(row["member_codes"], codes.join(" "));
        assert_eq!(row["name"], institution.name_on(day));
    }
    for row in csv_panel(&law, Panel::StateYear, 1991..=2020) {
        let day = Date::constant(row["year"].parse().unwrap(), 12, 31);
        let state: &State = registry.find_state(&row["state"]).unwrap();
        assert!(state.exists_on(day), "{row:?}");
        let organizations = law
            .memberships(&state.code, day)
            .into_iter()
            .filter(|id| id.as_str().starts_with("org:"));
        assert_eq!(row["organizations"], organizations.count().to_string());
    }
}

#[test]
fn both_formats_hold_the_same() {
    let registry = data::load(&data::pack_files());
    let law = Law::new(registry.view());
    let options = PanelOptions {
        years: 1990..=1996,
        balanced: false,
    };
    for panel in Panel::ALL {
        let csv = csv_panel(&law, *panel, options.years.clone());
        assert_eq!(csv, parquet_panel(&law, *panel, &options), "{panel:?}");
    }
}

#[test]
fn codes_are_those_of_the_lists() {
    let registry = data::load(&data::pack_files());
    let law = Law::new(registry.view());
    let rows = csv_panel(&law, Panel::StateYear, 1990..=1992);
    let find = |year: &str, state: &str| {
        rows.iter()
            .find(|row| row["year"] == year && row["state"] == state)
            .map(|row| [&row["iso3"], &row["cow"], &row["gw"]].map(String::as_str))
    };
    assert_eq!(find("1992", "KGZ"), Some(["KGZ", "703", "703"]));
    // One number, two states: the Union has it as long as it exists.
    assert_eq!(find("1990", "SUN"), Some(["SUN", "365", "365"]));
    assert_eq!(find("1990", "RUS"), Some(["RUS", "", ""]));
    assert_eq!(find("1991", "SUN"), None);
    assert_eq!(find("1991", "RUS"), Some(["RUS", "365", "365"]));
    assert_eq!(find("1992", "XAB"), None);
    // Germany has another number in each list.
    assert_eq!(find("1992", "DEU"), Some(["DEU", "255", "260"]));
}

#[test]
fn every_state_of_the_pack_has_a_code_or_is_disputed() {
    let registry = data::load(&data::pack_files());
    for state in registry.states() {
        let code = state.code.as_str();
        assert!(
            StateCodes::built_in().lists(code) || code.starts_with('X'),
            "{code}"
        );
    }
}

#[test]
fn a_balanced_panel_has_every_pair_in_every_year() {
    let registry = data::load(&data::pack_files());
    let law = Law::new(registry.view());
    let options = PanelOptions {
        years: 1989..=1990,
        balanced: true,
    };
    let states = u64::try_from(registry.states().count()).unwrap();
    let sink = std::io::sink();
    let rows = write_panel(&law, Panel::DyadYear, &options, PanelFormat::Csv, sink).unwrap();
    assert_eq!(rows, states * (states - 1));
}

#[test]
fn years_that_end_before_they_begin_are_refused() {
    let registry = Registry::load(&[]).unwrap().registry;
    let law = Law::new(registry.view());
    assert_eq!(PanelOptions::of(&law), None);
    for (first, last) in [(2000, 1999), (-5, 3), (9000, 9999)] {
        let options = PanelOptions {
            years: first..=last,
            balanced: false,
        };
        let error = write_panel(
            &law,
            Panel::StateYear,
            &options,
            PanelFormat::Csv,
            std::io::sink(),
        );
        assert!(matches!(error, Err(ExchangeError::Years { .. })));
    }
}

#[test]
fn metadata_describe_every_column() {
    let registry = data::load(&data::pack_files());
    for panel in Panel::ALL {
        let metadata = panel.csvw("panel.csv", registry.card(), registry.sources());
        let columns = metadata["tableSchema"]["columns"].as_array().unwrap();
        assert_eq!(columns.len(), panel.columns().len());
        assert_eq!(metadata["url"], "panel.csv");
        assert_eq!(metadata["dc:license"], "CC-BY-4.0");
        assert_eq!(
            panel.dictionary().lines().count(),
            panel.columns().len() + 1,
            "{}",
            panel.word()
        );
        let keys = metadata["tableSchema"]["primaryKey"].as_array().unwrap();
        assert!(keys.len() >= 2);
    }
}
