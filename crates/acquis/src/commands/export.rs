//! `acquis export memberships --format csv`

use std::io::Write as _;
use std::path::{Path, PathBuf};

use acquis_exchange::{Panel, PanelFormat, PanelOptions, write_panel};
use acquis_law::Law;
use acquis_report::subject::law;
use acquis_report::{csv, parquet};

use crate::arguments::{Common, Export, Exported, Format};
use crate::failure::Failure;
use crate::{output, session};

pub(crate) fn run(common: &Common, command: &Export) -> Result<(), Failure> {
    let registry = session::registry(&session::pack_files(common.pack.as_deref())?)?;
    let derived = Law::new(session::view(common, &registry));
    if command.out.is_none() && command.format == Format::Parquet && output::is_terminal() {
        return Err(Failure::Message(
            "Parquet is not for a terminal: name a file with --out FILE".to_owned(),
        ));
    }
    match command.what {
        Exported::Memberships => memberships(common, command, &derived),
        Exported::StateYear => panel(common, command, &derived, Panel::StateYear),
        Exported::OrganizationYear => panel(common, command, &derived, Panel::OrganizationYear),
        Exported::DyadYear => panel(common, command, &derived, Panel::DyadYear),
    }
}

fn memberships(common: &Common, command: &Export, law: &Law<'_>) -> Result<(), Failure> {
    let table = law::memberships(law)?;
    if common.json {
        return output::json(&acquis_report::json::to_json(&table));
    }
    let bytes = match command.format {
        Format::Csv => csv::to_csv(&table),
        Format::Parquet => {
            let card = law.registry().card();
            let made_by = format!("acquis {}", env!("CARGO_PKG_VERSION"));
            let metadata = [
                ("pack".to_owned(), card.id.clone()),
                ("made_by".to_owned(), made_by),
            ];
            parquet::to_parquet(&table, &metadata)?
        }
    };
    match &command.out {
        Some(path) => write_whole(path, &bytes),
        None => output::bytes(&bytes),
    }
}

fn panel(common: &Common, command: &Export, law: &Law<'_>, panel: Panel) -> Result<(), Failure> {
    if common.json {
        return Err(Failure::Message(
            "a panel of years is written as CSV or Parquet, not as JSON".to_owned(),
        ));
    }
    let all = PanelOptions::of(law)
        .ok_or_else(|| Failure::Message("nothing ever changed in this pack".to_owned()))?;
    let options = PanelOptions {
        years: command.from.unwrap_or(*all.years.start())..=command.to.unwrap_or(*all.years.end()),
        balanced: command.balanced,
    };
    let format = match command.format {
        Format::Csv => PanelFormat::Csv,
        Format::Parquet => PanelFormat::Parquet,
    };
    let Some(path) = &command.out else {
        write_panel(law, panel, &options, format, std::io::stdout())?;
        return Ok(());
    };
    let mut file = temporary_beside(path)?;
    let rows = write_panel(law, panel, &options, format, file.as_file_mut())?;
    persist(file, path)?;
    let dictionary = with_ending(path, "-dictionary.csv");
    write_whole(&dictionary, panel.dictionary().as_bytes())?;
    let mut written = vec![path.clone(), dictionary];
    if command.format == Format::Csv {
        let name = path
            .file_name()
            .map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let metadata = panel.csvw(&name, law.registry().card(), law.registry().sources());
        let beside = with_ending(path, "-metadata.json");
        write_whole(&beside, serde_json::to_string_pretty(&metadata)?.as_bytes())?;
        written.push(beside);
    }
    let names: Vec<String> = written
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    output::lines([format!("{rows} rows: {}.", names.join(", "))])
}

/// The path with something after its whole name, as CSVW has it for metadata.
fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

fn cannot_write(path: &Path, error: &dyn std::fmt::Display) -> Failure {
    Failure::Message(format!("can't write {}: {error}", path.display()))
}

fn temporary_beside(path: &Path) -> Result<tempfile::NamedTempFile, Failure> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut builder = tempfile::Builder::new();
    // A result is for whoever may read the folder, unlike a secret on its way.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder
        .tempfile_in(folder)
        .map_err(|error| cannot_write(path, &error))
}

fn persist(file: tempfile::NamedTempFile, path: &Path) -> Result<(), Failure> {
    file.persist(path)
        .map(|_| ())
        .map_err(|error| cannot_write(path, &error.error))
}

/// Writes a file whole or not at all.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let mut file = temporary_beside(path)?;
    file.write_all(bytes)
        .map_err(|error| cannot_write(path, &error))?;
    persist(file, path)
}
