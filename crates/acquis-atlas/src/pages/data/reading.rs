//! An economy from files that somebody sent: nothing but these files is opened, and no more of
//! them is held than a server can spare.

use std::collections::BTreeMap;
use std::path::{MAIN_SEPARATOR, Path, PathBuf};
use std::sync::Arc;

use acquis_economy::{
    Economy, EconomyFiles, Format, ImportOptions, Imported, Limits, import_within, is_economy_file,
    source_text,
};
use acquis_registry::document::Word as _;
use acquis_registry::{Finding, Findings, Lint, Place, SourceText};

use super::sent::{Sent, SentFile};
use crate::problem::Problem;

/// The word for a file of the program's own kind, where else a format stands.
pub(super) const OWN: &str = "acquis";

/// The economy in the files, repaired.
///
/// # Errors
/// What is wrong with the files, named as they were sent.
pub(super) fn read_economy(sent: &Sent) -> Result<Imported, Findings> {
    let failed = |problem: Problem| {
        let sentence = problem.sentence().trim_end_matches('.').to_owned();
        Findings::from(Finding::error(Lint::Economy, None, sentence))
    };
    let (folder, paths) = sent.written().map_err(failed)?;
    let format = sent.field("format").unwrap_or(OWN);
    let read = match Format::from_word(format) {
        Some(format) => {
            let options = ImportOptions {
                id: sent.field("id").map(str::to_owned),
                title: sent.field("title").map(str::to_owned),
                year: sent.field("year").and_then(|year| year.parse().ok()),
                unit: sent.field("unit").map(str::to_owned),
                ..ImportOptions::default()
            };
            import_within(format, &paths, &options, Limits::SENT).map_err(Findings::from)
        }
        None => own_economy(sent, &paths),
    };
    read.map_err(|findings| without_folder(&findings, folder.path()))
}

/// The one file among those sent that is an economy, with the tables sent beside it.
fn own_economy(sent: &Sent, paths: &[PathBuf]) -> Result<Imported, Findings> {
    for (file, path) in sent.files.iter().zip(paths) {
        let economy = match path.extension().and_then(std::ffi::OsStr::to_str) {
            Some("parquet") if is_economy_file(path)? => Economy::read_within(path, Limits::SENT)?,
            Some("toml") if is_economy_file(path)? => economy_of_manifest(sent, file)?,
            _ => continue,
        };
        return Ok(Imported {
            economy,
            repairs: Vec::new(),
        });
    }
    let finding = Finding::error(
        Lint::Economy,
        None,
        "none of the files is an economy file or a manifest",
    );
    Err(finding
        .expecting("a manifest (TOML) with its tables, or the format of another source")
        .into())
}

/// The economy of a manifest. The names in it are names of files that were sent: as paths they
/// would lead to any file of this machine.
fn economy_of_manifest(sent: &Sent, manifest: &SentFile) -> Result<Economy, Findings> {
    let text = |file: &SentFile| -> Result<Arc<SourceText>, Findings> {
        Ok(source_text(&file.name, &file.bytes)?)
    };
    let files = EconomyFiles::gather(text(manifest)?, |table| {
        let found = sent.files.iter().find(|file| file.name == table);
        found.map_or_else(|| Err(not_sent(sent, table)), text)
    })?;
    Economy::load(&files.within(Limits::SENT))
}

fn not_sent(sent: &Sent, table: &str) -> Findings {
    let message = format!("no file called {table:?} was sent with the manifest");
    Finding::error(Lint::Economy, None, message)
        .expecting("the name of a file, without folders, that is sent together with the manifest")
        .near(table, sent.files.iter().map(|file| file.name.as_str()))
        .into()
}

/// The same findings with files named as they were sent.
fn without_folder(findings: &Findings, folder: &Path) -> Findings {
    let prefix = format!("{}{MAIN_SEPARATOR}", folder.display());
    // A text is as long as the file: each is copied once, not once for every mistake in it.
    let mut texts: BTreeMap<&str, Arc<SourceText>> = BTreeMap::new();
    let mut named = Findings::default();
    for finding in findings {
        let place = finding.place.as_ref().map(|place| {
            let file = texts.entry(&place.file.name).or_insert_with(|| {
                let name = place.file.name.replace(&prefix, "");
                SourceText::new(name, place.file.text.clone())
            });
            Place {
                file: Arc::clone(file),
                span: place.span.clone(),
            }
        });
        named.push(Finding {
            place,
            message: finding.message.replace(&prefix, ""),
            ..finding.clone()
        });
    }
    named
}
