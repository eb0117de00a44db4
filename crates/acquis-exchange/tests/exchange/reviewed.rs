//! The disagreements with the datasets are known, each with its reason: a new one fails, and
//! so does one that is gone.
//!
//! With `ACQUIS_REVIEW=write` the lists are written anew: reasons stay with the lines that
//! are about the same thing, and what is left to write is a line without a reason.

use std::collections::BTreeMap;
use std::path::PathBuf;

use acquis_exchange::{Dataset, Disagreement, Mapping, compare};
use acquis_law::Law;
use acquis_registry::document::Word as _;
use acquis_registry::{InstitutionId, StateCode};

use crate::data;

const HEADER: [&str; 8] = [
    "kind",
    "aspect",
    "theirs",
    "ours",
    "states",
    "dataset_says",
    "registry_says",
    "reason",
];

type Line = [String; 7];

fn line(found: &Disagreement) -> Line {
    let joined = |words: Vec<&str>| words.join(" ");
    [
        found.kind.word().to_owned(),
        found.aspect.word().to_owned(),
        found.theirs.clone(),
        joined(found.ours.iter().map(InstitutionId::as_str).collect()),
        joined(found.states.iter().map(StateCode::as_str).collect()),
        found.dataset_says.clone(),
        found.registry_says.clone(),
    ]
}

fn path(dataset: Dataset) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/reviewed")
        .join(format!("{}.csv", dataset.word()))
}

/// The reviewed lines of a dataset, with their reasons.
fn reviewed(dataset: Dataset) -> BTreeMap<Line, String> {
    let mut reader = csv::Reader::from_path(path(dataset)).unwrap();
    assert_eq!(reader.headers().unwrap(), &HEADER[..]);
    reader
        .records()
        .map(|record| {
            let record = record.unwrap();
            let field = |index: usize| record[index].to_owned();
            (std::array::from_fn(field), field(7))
        })
        .collect()
}

/// What a line is about, whatever the answers are.
fn topic(line: &Line) -> [&str; 4] {
    [&line[0], &line[1], &line[2], &line[3]]
}

fn rewrite(dataset: Dataset, found: &[Line], known: &BTreeMap<Line, String>) {
    let mut writer = csv::Writer::from_path(path(dataset)).unwrap();
    writer.write_record(HEADER).unwrap();
    for line in found {
        let shares_a_state = |other: &Line| {
            line[4]
                .split(' ')
                .any(|state| other[4].split(' ').any(|known| known == state))
        };
        let reason = known.get(line).or_else(|| {
            known
                .iter()
                .find(|(other, _)| topic(other) == topic(line) && shares_a_state(other))
                .map(|(_, reason)| reason)
        });
        let reason = reason.map_or("", String::as_str);
        writer
            .write_record(line.iter().map(String::as_str).chain([reason]))
            .unwrap();
    }
    writer.flush().unwrap();
}

#[test]
fn every_disagreement_is_known_and_has_its_reason() {
    let registry = data::load(&data::pack_files());
    let law = Law::new(registry.view());
    let mut problems = Vec::new();
    for dataset in data::EVERY {
        let Some(files) = data::find(dataset) else {
            continue;
        };
        let mapping = Mapping::built_in(dataset, &registry).unwrap();
        let comparison = compare(dataset, &files, &law, &mapping).unwrap();
        assert!(comparison.agreeing > 0, "{dataset:?}");
        let found: Vec<Line> = comparison.disagreements.iter().map(line).collect();
        let mut known = reviewed(dataset);
        if std::env::var("ACQUIS_REVIEW").is_ok_and(|value| value == "write") {
            rewrite(dataset, &found, &known);
            known = reviewed(dataset);
        }
        let name = dataset.word();
        for new in found.iter().filter(|line| !known.contains_key(*line)) {
            problems.push(format!("{name}: new: {}", new.join(" | ")));
        }
        for (line, reason) in &known {
            if !found.contains(line) {
                problems.push(format!("{name}: gone: {}", line.join(" | ")));
            } else if reason.trim().len() < 20 {
                problems.push(format!("{name}: without a reason: {}", line.join(" | ")));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn the_mappings_name_what_the_pack_has() {
    let registry = data::load(&data::pack_files());
    for dataset in data::EVERY {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("mappings");
        let name = format!("{}.toml", dataset.word());
        let text = std::fs::read_to_string(folder.join(&name)).unwrap();
        let file = acquis_registry::SourceText::new(name, text);
        if let Err(error) = Mapping::read(&file, &registry) {
            panic!("{error}");
        }
    }
}
