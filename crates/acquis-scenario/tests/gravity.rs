//! Stages joined to a panel, against the law's own answers; estimates written and read again.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test stops where something is wrong"
)]

use std::fmt::Write as _;
use std::path::Path;

use acquis_gravity::{DyadColumns, Formula, Options, RegressionPlan, Table, regress};
use acquis_law::{Grade, Law};
use acquis_registry::document::Word as _;
use acquis_registry::{Registry, SourceText, Stage, read_folder};
use acquis_scenario::gravity::{
    EstimatedFrom, JoinError, StageEstimates, StageQuestion, YearDay, join_stages,
};
use jiff::civil::Date;

fn registry() -> Registry {
    let pack = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/post-soviet");
    Registry::load(&read_folder(&pack).unwrap())
        .unwrap()
        .registry
}

const STATES: [&str; 8] = ["RUS", "BLR", "KAZ", "UKR", "DEU", "GEO", "BRA", "USA"];

/// Every ordered pair of the states, themselves included, in some years.
fn panel(years: &[i16]) -> Table {
    let mut text = String::from("exporter,importer,year,trade\n");
    let mut seed = 11_u32;
    for exporter in STATES {
        for importer in STATES {
            for year in years {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let trade = f64::from(seed >> 8) / f64::from(1 << 20) + 0.5;
                writeln!(text, "{exporter},{importer},{year},{trade}").unwrap();
            }
        }
    }
    read(&text)
}

fn read(text: &str) -> Table {
    let file = tempfile();
    std::fs::write(&file, text).unwrap();
    let table = Table::read(&file, None, &[]).unwrap();
    std::fs::remove_file(&file).unwrap();
    table
}

fn tempfile() -> std::path::PathBuf {
    use std::sync::atomic::{AtomicUsize, Ordering};
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let name = format!("acquis-join-{}-{number}.csv", std::process::id());
    std::env::temp_dir().join(name)
}

fn columns() -> DyadColumns {
    DyadColumns {
        exporter: "exporter".to_owned(),
        importer: "importer".to_owned(),
        year: Some("year".to_owned()),
    }
}

fn question(grade: Grade) -> StageQuestion {
    StageQuestion {
        grade,
        day: YearDay::default(),
        lags: vec![4],
        leads: vec![2],
    }
}

#[test]
fn every_dummy_is_what_the_law_says_of_the_pair_on_the_day() {
    let registry = registry();
    let law = Law::new(registry.view());
    let years = [1990, 1996, 2001, 2008, 2012, 2013, 2016];
    for grade in Grade::ALL {
        let question = question(grade);
        let (table, join) = join_stages(panel(&years), &law, &columns(), &question, None).unwrap();
        let (exporter, importer) = (
            table.factor("exporter").unwrap(),
            table.factor("importer").unwrap(),
        );
        let year = table.numbers("year").unwrap();
        assert!(!join.added.is_empty(), "{grade}");
        for column in &join.added {
            let values = table.numbers(&column.name).unwrap();
            for (row, value) in values.iter().enumerate() {
                let code = |factor: &acquis_gravity::Factor<'_>| factor.label(factor.codes()[row]);
                let state = |code: String| registry.find_state(&code).ok();
                let pair = (state(code(&exporter)), state(code(&importer)));
                #[expect(clippy::cast_possible_truncation, reason = "a year")]
                let day = Date::new(year[row] as i16 - column.shift as i16, 7, 1).unwrap();
                let stage = match pair {
                    (Some(one), Some(other)) => {
                        law.stage_between(&one.code, &other.code, day, grade).stage
                    }
                    _ => Stage::None,
                };
                let expected = f64::from(u8::from(stage == column.stage));
                assert!(
                    (value - expected).abs() < 1e-15,
                    "{} in row {row}",
                    column.name
                );
            }
        }
        // Brazil is in no pack, the United States are in this one.
        assert_eq!(join.unknown.len(), 1);
        assert_eq!(join.unknown[0].name, "BRA");
        assert_eq!(join.unknown[0].rows, 15 * years.len());
        assert_eq!(join.unknown_rows, 15 * years.len());
    }
}

#[test]
fn what_was_known_by_a_day_decides() {
    let registry = registry();
    let day = "2010-06-01".parse().unwrap();
    let law = Law::new(registry.known_by(day));
    let question = question(Grade::InForce);
    let (_, early) = join_stages(panel(&[2016]), &law, &columns(), &question, None).unwrap();
    let law = Law::new(registry.view());
    let (_, today) = join_stages(panel(&[2016]), &law, &columns(), &question, None).unwrap();
    let has_union = |join: &acquis_scenario::gravity::StageJoin| {
        join.stages.iter().any(|joined| {
            joined.stage == Stage::EconomicUnion && joined.years.1 == 2016 && joined.pairs > 2
        })
    };
    assert!(
        has_union(&today) && !has_union(&early),
        "{:?}\n{:?}",
        early.stages,
        today.stages
    );
}

#[test]
fn numbers_stand_for_states_by_a_list() {
    let registry = registry();
    let law = Law::new(registry.view());
    let table = read("exporter,importer,year\n365,370,2012\n370,365,2012\n365,2,2012\n");
    let numbers = |number: i64, _: i16| match number {
        365 => Some("RUS"),
        370 => Some("BLR"),
        _ => None,
    };
    let question = question(Grade::InForce);
    let (table, join) = join_stages(table, &law, &columns(), &question, Some(&numbers)).unwrap();
    let stage = join.stages[0].stage;
    let values = table.numbers(stage.word()).unwrap();
    assert_eq!(values, [1.0, 1.0, 0.0]);
    assert_eq!((join.unknown[0].name.as_str(), join.unknown_rows), ("2", 1));
}

#[test]
fn what_cannot_be_joined() {
    let registry = registry();
    let law = Law::new(registry.view());
    let ask = |text: &str| {
        join_stages(
            read(text),
            &law,
            &columns(),
            &question(Grade::InForce),
            None,
        )
        .unwrap_err()
    };
    let nobody = ask("exporter,importer,year\nX1,X2,2012\n");
    assert!(matches!(nobody, JoinError::NobodyKnown { .. }), "{nobody}");
    let year = ask("exporter,importer,year\nRUS,BLR,2012\nRUS,BLR,20123\n");
    assert_eq!(
        year.to_string(),
        "`year` is 20123 in row 2: that is not a year"
    );
    let text = ask("exporter,importer,year\nRUS,BLR,then\n");
    assert!(text.to_string().contains("holds text"), "{text}");
    let taken = ask("exporter,importer,year,political_union\nRUS,BLR,2016,1\n");
    assert!(matches!(taken, JoinError::Taken(_)), "{taken}");
}

fn estimates() -> StageEstimates {
    let registry = registry();
    let law = Law::new(registry.view());
    let years: Vec<i16> = (1990..2018).step_by(2).collect();
    let question = StageQuestion {
        lags: vec![4],
        leads: Vec::new(),
        ..question(Grade::InForce)
    };
    let (table, join) = join_stages(panel(&years), &law, &columns(), &question, None).unwrap();
    let names: Vec<String> = join
        .added
        .iter()
        .map(|column| column.name.clone())
        .collect();
    let formula = Formula::parse("trade ~ stages | exporter^importer + year | exporter^importer");
    let formula = formula.unwrap().with_group("stages", &names);
    let plan = RegressionPlan {
        options: vec![Options::default()],
        ..RegressionPlan::default()
    };
    let all = regress(&[formula], &table, &plan).unwrap();
    let estimates = StageEstimates::new(&all[0], &join, EstimatedFrom::default());
    // A stage's effect is the sum of its coefficients over lags, its variance that of the sum.
    let fit = &all[0].fit;
    let width = fit.names.len();
    let mut with_lags = 0;
    for (at, stage) in estimates.stages.iter().enumerate() {
        let lag = format!("{}_lag4", stage.word());
        let own = |name: &String| name == stage.word() || *name == lag;
        let terms: Vec<usize> = (0..width).filter(|&k| own(&fit.names[k])).collect();
        with_lags += usize::from(terms.len() == 2);
        let sum: f64 = terms.iter().map(|&k| fit.estimates[k]).sum();
        assert!((estimates.estimates[at] - sum).abs() < 1e-12);
        let cells = terms
            .iter()
            .flat_map(|i| terms.iter().map(move |j| i * width + j));
        let variance: f64 = cells.map(|cell| fit.covariance[cell]).sum();
        assert!((estimates.standard_error(at).powi(2) - variance).abs() < 1e-12);
    }
    assert!(with_lags > 0, "{:?}", fit.names);
    estimates
}

#[test]
fn estimates_are_written_and_read_again_as_they_were() {
    let estimates = estimates();
    assert!(estimates.stages.len() > 1, "{:?}", estimates.stages);
    assert_eq!(estimates.stages.len() + estimates.not_estimated.len(), 7);
    let text = estimates.to_toml();
    let read = StageEstimates::read(&SourceText::new("effects.toml", text)).unwrap();
    assert_eq!(read, estimates);
}

#[test]
fn a_file_of_estimates_with_a_mistake_is_refused_at_its_place() {
    let text = estimates().to_toml();
    let first = text
        .lines()
        .find(|line| line.starts_with("[covariance."))
        .unwrap();
    for (from, to, expected) in [
        ("[effects]", "[effects]\nfree_trade = 1.0", "is not a stage"),
        (first, "[covariance.preferential_arrangement]", "covariance"),
        ("score", "scores", "scores"),
        ("[effects]", "[effect]", "effects"),
    ] {
        let file = SourceText::new("effects.toml", text.replace(from, to));
        let findings = StageEstimates::read(&file).unwrap_err();
        assert!(findings.to_string().contains(expected), "{to}: {findings}");
        assert!(
            findings.iter().all(|finding| finding.place.is_some()),
            "{findings}"
        );
    }
    // Two effects can't vary more together than each does alone.
    let stages = "free_trade_area = 1\ncustoms_union = 2";
    let cells = "[covariance.free_trade_area]\nfree_trade_area = 1\ncustoms_union = 3\n\
                 [covariance.customs_union]\nfree_trade_area = 3\ncustoms_union = 1";
    let text = format!("[estimated]\n[effects]\n{stages}\n{cells}\n");
    let findings = StageEstimates::read(&SourceText::new("effects.toml", text)).unwrap_err();
    assert!(
        findings.to_string().contains("can't vary together"),
        "{findings}"
    );
}
