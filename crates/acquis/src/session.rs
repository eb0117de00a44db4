//! What a command works on: the pack that was named or is built in, the economy and the
//! scenario.

use std::path::Path;

use acquis_law::Law;
use acquis_registry::{
    Finding, Findings, Lint, PackFiles, Registry, SourceText, View, nearest, read_folder,
};
use acquis_report::subject::law::Question;
use acquis_scenario::{Almanac, Economy, EconomyFiles, Scenario, unknown_economy};
use jiff::civil::Date;

use crate::arguments::Common;
use crate::builtin;
use crate::failure::Failure;

/// The files of the pack in a folder, or of the one built in.
pub(crate) fn pack_files(folder: Option<&Path>) -> Result<PackFiles, Failure> {
    match folder {
        Some(folder) if !folder.exists() => match builtin::pack(&folder.to_string_lossy()) {
            Some(files) => Ok(files),
            None => Ok(read_folder(folder)?),
        },
        Some(folder) => Ok(read_folder(folder)?),
        None => builtin::pack(builtin::DEFAULT_PACK)
            .ok_or_else(|| Failure::Message("the pack is missing from this binary".to_owned())),
    }
}

/// The registry of a pack, checked as form and as law.
pub(crate) fn registry(files: &PackFiles) -> Result<Registry, Failure> {
    let registry = Registry::load(files)?.registry;
    let findings = acquis_law::check(&Law::new(registry.view()));
    if findings.has_errors() {
        return Err(findings.into());
    }
    Ok(registry)
}

/// The view that the common options ask for.
pub(crate) fn view<'r>(common: &Common, registry: &'r Registry) -> View<'r> {
    match common.known_by {
        Some(day) => registry.known_by(day),
        None => registry.view(),
    }
}

/// The question that a query asks.
pub(crate) fn question(common: &Common, on: Date) -> Question {
    Question {
        on,
        known_by: common.known_by,
    }
}

/// The scenario in a file, or the one built in by that name.
pub(crate) fn scenario(path: &Path) -> Result<Scenario, Failure> {
    let name = path
        .file_stem()
        .map(|stem| stem.to_string_lossy().into_owned())
        .unwrap_or_default();
    let file = match std::fs::read_to_string(path) {
        Ok(text) => SourceText::new(path.display().to_string(), text),
        Err(error) => match builtin::scenario(&path.to_string_lossy()) {
            Some(file) => file,
            None => return Err(no_scenario(path, &error)),
        },
    };
    Ok(Scenario::read(&name, &file)?)
}

fn no_scenario(path: &Path, error: &std::io::Error) -> Failure {
    let given = path.to_string_lossy();
    let known = builtin::scenarios();
    let mut finding = Finding::error(
        Lint::Format,
        None,
        format!("can't read the scenario {given:?}: {error}"),
    )
    .expecting(format!("a file, or one of {}", known.join(", ")));
    finding.nearest = nearest(&given, known.iter().map(String::as_str));
    finding.into()
}

/// The pack's files that a scenario runs on: the one of the command line, the one it names
/// (built in, or a folder beside the scenario file), or the one built in.
pub(crate) fn scenario_pack(
    common: &Common,
    scenario: &Scenario,
    path: &Path,
) -> Result<PackFiles, Failure> {
    if let Some(folder) = &common.pack {
        return pack_files(Some(folder));
    }
    let Some(name) = &scenario.base.pack else {
        return pack_files(None);
    };
    match builtin::pack(name) {
        Some(files) => Ok(files),
        None => pack_files(Some(&beside(path, name))),
    }
}

/// The economy that a scenario names: built in, or the path of a manifest beside the
/// scenario file.
pub(crate) fn economy(scenario: &Scenario, path: &Path) -> Result<Economy, Failure> {
    let name = &scenario.base.economy;
    match builtin::economy(name) {
        Some(manifest) => builtin_economy(manifest),
        None if Path::new(name).extension().is_some() => {
            Ok(acquis_economy::load(&beside(path, name))?)
        }
        None => Err(unknown_economy(
            name,
            &builtin::economies(),
            scenario.base.economy_place.clone(),
        )
        .into()),
    }
}

/// The economy in a file, a manifest or an economy file, or the one built in by that name.
pub(crate) fn economy_named(path: &Path) -> Result<Economy, Failure> {
    let name = path.to_string_lossy();
    match builtin::economy(&name) {
        Some(manifest) => builtin_economy(manifest),
        None if path.exists() || path.extension().is_some() => Ok(acquis_economy::load(path)?),
        None => Err(unknown_economy(&name, &builtin::economies(), None).into()),
    }
}

/// The economies that are built in.
pub(crate) fn builtin_economies() -> Result<Vec<Economy>, Failure> {
    builtin::economies()
        .iter()
        .filter_map(|name| builtin::economy(name))
        .map(builtin_economy)
        .collect()
}

/// The series and trade matrices that are built in.
pub(crate) fn almanac() -> Result<Almanac, Failure> {
    series_with(builtin_economies()?)
}

/// The series by state and year that are built in, without trade.
pub(crate) fn series() -> Result<Almanac, Failure> {
    series_with(Vec::new())
}

fn series_with(economies: Vec<Economy>) -> Result<Almanac, Failure> {
    let table = builtin::economy_table(builtin::MACRO_TABLE)
        .ok_or_else(|| Failure::Message("the series are missing from this binary".to_owned()))?;
    Ok(Almanac::read(&table, economies)?)
}

fn builtin_economy(manifest: std::sync::Arc<SourceText>) -> Result<Economy, Failure> {
    let files = EconomyFiles::gather(manifest, |table| {
        builtin::economy_table(table).ok_or_else(|| {
            Findings::from(Finding::error(
                Lint::Economy,
                None,
                format!("the table {table} is missing from this binary"),
            ))
        })
    })?;
    Ok(Economy::load(&files)?)
}

fn beside(path: &Path, name: &str) -> std::path::PathBuf {
    path.parent().unwrap_or_else(|| Path::new(".")).join(name)
}
