//! `acquis export memberships --format csv`

use std::io::Write as _;
use std::path::Path;

use acquis_law::Law;
use acquis_report::subject::law;
use acquis_report::{csv, parquet};

use crate::arguments::{Common, Dataset, Export, Format};
use crate::failure::Failure;
use crate::{output, session};

pub(crate) fn run(common: &Common, command: &Export) -> Result<(), Failure> {
    let registry = session::registry(&session::pack_files(common.pack.as_deref())?)?;
    let derived = Law::new(session::view(common, &registry));
    let table = match command.dataset {
        Dataset::Memberships => law::memberships(&derived)?,
    };
    if common.json {
        return output::json(&acquis_report::json::to_json(&table));
    }
    let bytes = match command.format {
        Format::Csv => csv::to_csv(&table),
        Format::Parquet => parquet::to_parquet(
            &table,
            &[
                ("pack".to_owned(), registry.card().id.clone()),
                (
                    "made_by".to_owned(),
                    format!("acquis {}", env!("CARGO_PKG_VERSION")),
                ),
            ],
        )?,
    };
    match &command.out {
        Some(path) => write_whole(path, &bytes),
        None if command.format == Format::Parquet && output::is_terminal() => {
            Err(Failure::Message(
                "Parquet is not for a terminal: name a file with --out FILE".to_owned(),
            ))
        }
        None => output::bytes(&bytes),
    }
}

/// Writes a file whole or not at all.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let failed = |error: &dyn std::fmt::Display| {
        Failure::Message(format!("can't write {}: {error}", path.display()))
    };
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(|error| failed(&error))?;
    file.write_all(bytes).map_err(|error| failed(&error))?;
    file.persist(path).map_err(|error| failed(&error.error))?;
    Ok(())
}
