//! How a name becomes a pack, an economy, a series or a scenario.

use std::path::Path;
use std::sync::Arc;

use acquis_law::Law;
use acquis_registry::{
    Finding, Findings, Lint, PackFiles, Registry, SourceText, nearest, read_folder,
};
use acquis_scenario::{Almanac, Economy, EconomyFiles, Scenario, unknown_economy};

use crate::builtin;
use crate::error::LibraryError;

/// How far the names in a scenario may lead.
#[derive(Debug, Clone, Copy)]
pub enum Reach<'p> {
    /// To what is built in only: for a text that comes from elsewhere, such as one that was
    /// sent to a server, which must not open files there.
    BuiltIn,
    /// To files too, from this folder.
    Folder(&'p Path),
}

impl<'p> Reach<'p> {
    /// To the files beside this one.
    pub fn beside(file: &'p Path) -> Self {
        Self::Folder(file.parent().unwrap_or_else(|| Path::new(".")))
    }
}

/// The files of the pack in a folder, or of the one built in by that name; of the default
/// pack where nothing is named.
///
/// # Errors
/// A folder that can't be read.
pub fn pack_files(folder: Option<&Path>) -> Result<PackFiles, LibraryError> {
    match folder {
        Some(folder) if !folder.exists() => match builtin::pack(&folder.to_string_lossy()) {
            Some(files) => Ok(files),
            None => Ok(read_folder(folder)?),
        },
        Some(folder) => Ok(read_folder(folder)?),
        None => builtin::pack(builtin::DEFAULT_PACK).ok_or(LibraryError::NotCarried("the pack is")),
    }
}

/// The registry of a pack, checked as form and as law.
///
/// # Errors
/// Every mistake in the pack, at its place.
pub fn registry(files: &PackFiles) -> Result<Registry, LibraryError> {
    let registry = Registry::load(files)?.registry;
    let findings = acquis_law::check(&Law::new(registry.view()));
    if findings.has_errors() {
        return Err(findings.into());
    }
    Ok(registry)
}

/// The scenario in a file, or the one built in by that name. A file of effects that it names
/// lies beside it.
///
/// # Errors
/// A scenario that is not there, with the nearest name, or mistakes in it.
pub fn scenario(path: &Path) -> Result<Scenario, LibraryError> {
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
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    Ok(Scenario::read_with(&name, &file, &|beside| {
        let place = folder.join(beside);
        match std::fs::read_to_string(&place) {
            Ok(text) => Ok(SourceText::new(place.display().to_string(), text)),
            Err(error) => Err(error.to_string()),
        }
    })?)
}

fn no_scenario(path: &Path, error: &std::io::Error) -> LibraryError {
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

/// The files of the pack that a scenario runs on: the one it names, built in or within reach,
/// or the default one.
///
/// # Errors
/// A pack that is not there.
pub fn scenario_pack(scenario: &Scenario, reach: Reach<'_>) -> Result<PackFiles, LibraryError> {
    let name = scenario.base.pack.as_deref();
    pack_named(name.unwrap_or(builtin::DEFAULT_PACK), reach)
}

/// The files of the pack of this name: built in, or a folder within reach.
///
/// # Errors
/// A pack that is not there.
pub fn pack_named(name: &str, reach: Reach<'_>) -> Result<PackFiles, LibraryError> {
    match (builtin::pack(name), reach) {
        (Some(files), _) => Ok(files),
        (None, Reach::Folder(folder)) => pack_files(Some(&folder.join(name))),
        (None, Reach::BuiltIn) => Err(no_pack(name)),
    }
}

fn no_pack(name: &str) -> LibraryError {
    let known = builtin::packs();
    Finding::error(Lint::Format, None, format!("no pack {name:?} is built in"))
        .expecting(format!("one of {}", known.join(", ")))
        .near(name, known.iter().map(String::as_str))
        .into()
}

/// The economy that a scenario names: built in, or the path of a manifest within reach.
///
/// # Errors
/// An economy that is not there, with the nearest name, or mistakes in it.
pub fn economy(scenario: &Scenario, reach: Reach<'_>) -> Result<Economy, LibraryError> {
    let name = &scenario.base.economy;
    match (builtin::economy(name), reach) {
        (Some(manifest), _) => builtin_economy(manifest),
        (None, Reach::Folder(folder)) if Path::new(name).extension().is_some() => {
            Ok(acquis_economy::load(&folder.join(name))?)
        }
        (None, _) => Err(unknown_economy(
            name,
            &builtin::economies(),
            scenario.base.economy_place.clone(),
        )
        .into()),
    }
}

/// The economy in a file, a manifest or an economy file, or the one built in by that name.
///
/// # Errors
/// An economy that is not there, with the nearest name, or mistakes in it.
pub fn economy_named(path: &Path) -> Result<Economy, LibraryError> {
    let name = path.to_string_lossy();
    match builtin::economy(&name) {
        Some(manifest) => builtin_economy(manifest),
        None if path.exists() || path.extension().is_some() => Ok(acquis_economy::load(path)?),
        None => Err(unknown_economy(&name, &builtin::economies(), None).into()),
    }
}

/// The economies that are built in, in the order of their names.
///
/// # Errors
/// None with what is built in; its tests see to that.
pub fn builtin_economies() -> Result<Vec<Economy>, LibraryError> {
    builtin::economies()
        .iter()
        .filter_map(|name| builtin::economy(name))
        .map(builtin_economy)
        .collect()
}

/// The series and trade matrices that are built in.
///
/// # Errors
/// None with what is built in.
pub fn almanac() -> Result<Almanac, LibraryError> {
    series_with(builtin_economies()?)
}

/// The series by state and year that are built in, without trade.
///
/// # Errors
/// None with what is built in.
pub fn series() -> Result<Almanac, LibraryError> {
    series_with(Vec::new())
}

fn series_with(economies: Vec<Economy>) -> Result<Almanac, LibraryError> {
    let table = builtin::economy_table(builtin::MACRO_TABLE)
        .ok_or(LibraryError::NotCarried("the series are"))?;
    Ok(Almanac::read(&table, economies)?)
}

fn builtin_economy(manifest: Arc<SourceText>) -> Result<Economy, LibraryError> {
    let files = EconomyFiles::gather(manifest, |table| {
        builtin::economy_table(table).ok_or_else(|| {
            Findings::from(Finding::error(
                Lint::Economy,
                None,
                format!("the table {table} is missing from this program"),
            ))
        })
    })?;
    Ok(Economy::load(&files)?)
}
