//! Economies: `acquis economy list|import|check|aggregate`

use std::path::Path;

use acquis_economy::{
    Absent, ColumnNames, Concordance, Economy, ImportOptions, LongTable, aggregate, check, import,
    is_economy_file, load,
};
use acquis_report::subject::economy as subject;
use acquis_report::{Table, csv, json as table_json};

use crate::arguments::{self, Common, EconomyAggregate, EconomyCommand, EconomyImport};
use crate::commands::export::write_whole;
use crate::failure::Failure;
use crate::{output, session};

/// Repairs are listed up to here; the rest is counted.
const MOST_REPAIRS: usize = 20;

pub(crate) fn run(common: &Common, command: &arguments::Economy) -> Result<(), Failure> {
    match &command.command {
        EconomyCommand::List { folder } => list(common, folder.as_deref()),
        EconomyCommand::Import(command) => import_economy(common, command),
        EconomyCommand::Check { economy } => {
            let economy = session::economy_named(economy)?;
            show(common, &subject::check(&economy, &check(&economy))?)
        }
        EconomyCommand::Aggregate(command) => aggregate_economy(common, command),
    }
}

fn show(common: &Common, table: &Table) -> Result<(), Failure> {
    if common.json {
        output::json(&table_json::to_json(table))
    } else {
        output::table(table)
    }
}

fn list(common: &Common, folder: Option<&Path>) -> Result<(), Failure> {
    let mut economies = session::builtin_economies()?;
    if let Some(folder) = folder {
        economies.extend(in_folder(folder)?);
    }
    show(common, &subject::list(&economies)?)
}

/// The manifests and economy files of a folder, in the order of their names. Files that are
/// no economies are passed over.
fn in_folder(folder: &Path) -> Result<Vec<Economy>, Failure> {
    let cannot_read = |error: std::io::Error| {
        Failure::Message(format!("can't read {}: {error}", folder.display()))
    };
    let entries = std::fs::read_dir(folder).map_err(cannot_read)?;
    let mut paths = Vec::new();
    for entry in entries {
        paths.push(entry.map_err(cannot_read)?.path());
    }
    paths.sort();
    let mut economies = Vec::new();
    for path in paths {
        let ending = path.extension().and_then(std::ffi::OsStr::to_str);
        if matches!(ending, Some("toml" | "parquet")) && is_economy_file(&path)? {
            economies.push(load(&path)?);
        }
    }
    Ok(economies)
}

fn import_economy(common: &Common, command: &EconomyImport) -> Result<(), Failure> {
    let imported = import(command.format.format(), &command.paths, &options(command))?;
    let economy = &imported.economy;
    economy.write(&command.out)?;
    let all = subject::repairs(economy, &imported.repairs, imported.repairs.len())?;
    if let Some(path) = &command.repairs {
        write_whole(path, &csv::to_csv(&all))?;
    }
    if common.json {
        return output::json(&table_json::to_json(&all));
    }
    written(&command.out, economy)?;
    if imported.repairs.is_empty() {
        return output::lines(["Nothing was repaired."]);
    }
    output::lines([""])?;
    output::table(&subject::repairs(economy, &imported.repairs, MOST_REPAIRS)?)
}

fn written(path: &Path, economy: &Economy) -> Result<(), Failure> {
    output::lines([format!(
        "{}: {}, {}, in {}.",
        path.display(),
        economy.card.year,
        subject::size(economy),
        economy.card.unit
    )])
}

fn options(command: &EconomyImport) -> ImportOptions {
    ImportOptions {
        id: command.id.clone(),
        title: command.title.clone(),
        year: command.year,
        unit: command.unit.clone(),
        licence: command.licence.clone(),
        sources: command.source.clone(),
        valuation: command
            .valuation
            .map(arguments::ValuationArgument::valuation),
        columns: ColumnNames {
            exporter: command.exporter_column.clone(),
            importer: command.importer_column.clone(),
            sector: command.sector_column.clone(),
            value: command.value_column.clone(),
            tariff: command.tariff_column.clone(),
        },
        absent: if command.absent_is_zero {
            Absent::Zero
        } else {
            Absent::Missing
        },
        elasticity_set: command.elasticities.clone(),
        elasticity_meaning: command
            .elasticity_meaning
            .map(arguments::MeaningArgument::meaning),
        output_ratio: command.output_ratio,
        least_home_share: command.least_home_share,
    }
}

fn aggregate_economy(common: &Common, command: &EconomyAggregate) -> Result<(), Failure> {
    let economy = session::economy_named(&command.economy)?;
    let codes = economy.sectors().iter().map(|sector| sector.code.as_str());
    let countries = concordance(
        command.countries.as_deref(),
        economy.labels().iter().map(String::as_str),
    )?;
    let sectors = concordance(command.sectors.as_deref(), codes)?;
    let mut coarse = aggregate(&economy, &countries, &sectors)?;
    if let Some(id) = &command.id {
        coarse.card.id.clone_from(id);
    }
    if let Some(title) = &command.title {
        coarse.card.title.clone_from(title);
    }
    coarse.write(&command.out)?;
    if common.json {
        return show(common, &subject::list(std::slice::from_ref(&coarse))?);
    }
    written(&command.out, &coarse)
}

/// The concordance in a file; without one, every code stays what it is.
fn concordance<'c>(
    path: Option<&Path>,
    codes: impl IntoIterator<Item = &'c str>,
) -> Result<Concordance, Failure> {
    match path {
        Some(path) => Ok(Concordance::read(&LongTable::open(path)?)?),
        None => Ok(Concordance::identity(codes)),
    }
}
