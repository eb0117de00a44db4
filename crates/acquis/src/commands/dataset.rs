//! Public datasets: `acquis import`, `acquis compare`.

use std::path::PathBuf;

use acquis_exchange::{Comparison, DataFile, Mapping, compare, import};
use acquis_law::Law;
use acquis_registry::SourceText;
use acquis_registry::document::Word as _;
use acquis_report::{Column, Table};

use crate::arguments::{Common, Compare, Import};
use crate::failure::Failure;
use crate::{output, session};

/// Rows that were left out are listed up to here; the rest is counted.
const MOST_SKIPPED: usize = 20;

fn read(paths: &[PathBuf]) -> Result<Vec<DataFile>, Failure> {
    paths.iter().map(|path| Ok(DataFile::read(path)?)).collect()
}

/// `acquis import cow-igo memberships.csv orgs.csv --out cow`
pub(crate) fn import_pack(command: &Import) -> Result<(), Failure> {
    if command.out.exists() {
        return Err(Failure::Message(format!(
            "{} is there already and is left as it is",
            command.out.display()
        )));
    }
    let imported = import(command.dataset.dataset(), &read(&command.files)?)?;
    let files: Vec<(String, Vec<u8>)> = imported
        .files
        .iter()
        .map(|file| (file.name.clone(), file.text.clone().into_bytes()))
        .collect();
    acquis_report::write_files(&command.out, &files)?;
    let report = &imported.report;
    output::lines([format!(
        "{}: {} states, {} organizations and agreements, {} acts from {} rows",
        command.out.display(),
        report.states,
        report.institutions,
        report.acts,
        report.rows
    )])?;
    if report.skipped.is_empty() {
        return Ok(());
    }
    output::lines([format!("Left out: {}", report.skipped.len())])?;
    for skipped in report.skipped.iter().take(MOST_SKIPPED) {
        output::item(&format!(
            "  line {}: {} ({})",
            skipped.line, skipped.what, skipped.reason
        ))?;
    }
    if report.skipped.len() > MOST_SKIPPED {
        let more = report.skipped.len() - MOST_SKIPPED;
        output::lines([format!("  and {more} more")])?;
    }
    Ok(())
}

/// `acquis compare cow-igo --file memberships.csv orgs.csv`
pub(crate) fn compare_with(common: &Common, command: &Compare) -> Result<(), Failure> {
    let registry = session::registry(&session::pack_files(common.pack.as_deref())?)?;
    let law = Law::new(session::view(common, &registry));
    let dataset = command.dataset.dataset();
    let mapping = match &command.mapping {
        None => Mapping::built_in(dataset, &registry)?,
        Some(path) => {
            let text = std::fs::read_to_string(path).map_err(|error| {
                Failure::Message(format!("can't read {}: {error}", path.display()))
            })?;
            Mapping::read(
                &SourceText::new(path.display().to_string(), text),
                &registry,
            )?
        }
    };
    let comparison = compare(dataset, &read(&command.files)?, &law, &mapping)?;
    let table = disagreements(&comparison)?;
    if common.json {
        return output::json(&acquis_report::json::to_json(&table));
    }
    output::table(&table)
}

fn disagreements(comparison: &Comparison) -> Result<Table, Failure> {
    let mut table = Table::new(
        "disagreements",
        format!(
            "Where the registry and {} disagree",
            comparison.dataset.word()
        ),
        vec![
            Column::text("kind", "Kind"),
            Column::text("aspect", "About"),
            Column::text("theirs", "Theirs"),
            Column::text("ours", "Ours"),
            Column::text("states", "States"),
            Column::text("dataset_says", "The dataset says"),
            Column::text("registry_says", "The registry says"),
            Column::text("lines", "Lines"),
            Column::text("sources", "Sources"),
        ],
    );
    for line in &comparison.disagreements {
        let join = |words: Vec<&str>| words.join(" ");
        let lines: Vec<String> = line.lines.iter().map(ToString::to_string).collect();
        table.push_row(vec![
            line.kind.word().into(),
            line.aspect.word().into(),
            line.theirs.as_str().into(),
            join(
                line.ours
                    .iter()
                    .map(acquis_registry::InstitutionId::as_str)
                    .collect(),
            )
            .into(),
            join(
                line.states
                    .iter()
                    .map(acquis_registry::StateCode::as_str)
                    .collect(),
            )
            .into(),
            line.dataset_says.as_str().into(),
            line.registry_says.as_str().into(),
            lines.join(" ").into(),
            line.sources.join("; ").into(),
        ])?;
    }
    Ok(table.note(format!(
        "{} organizations and agreements compared, {} memberships agree, {} disagreements.",
        comparison.compared,
        comparison.agreeing,
        comparison.disagreements.len()
    )))
}
