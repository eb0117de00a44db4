//! What the program carries with it: packs, economies, series, scenarios.
//!
//! Everything is text, as in the repository, and named as there: `packs/NAME/...`,
//! `economies/NAME.toml`, `scenarios/NAME.toml`.

use std::borrow::Cow;
use std::sync::Arc;

use acquis_registry::{PackFiles, SourceText};
use rust_embed::Embed;

#[derive(Embed)]
#[folder = "../../packs"]
struct Packs;

#[derive(Embed)]
#[folder = "../../economies"]
struct Economies;

#[derive(Embed)]
#[folder = "../../scenarios"]
struct Scenarios;

/// The pack that is used where none is named.
pub const DEFAULT_PACK: &str = "post-soviet";

/// The table of series by state and year that is built in.
pub const MACRO_TABLE: &str = "compact/macro_1990_2024.csv";

/// The files of a pack that is built in, named as in the repository.
pub fn pack(name: &str) -> Option<PackFiles> {
    let prefix = format!("{name}/");
    let mut files: Vec<Cow<'static, str>> = Packs::iter()
        .filter(|path| path.starts_with(&prefix))
        .collect();
    files.sort();
    let files: PackFiles = files
        .iter()
        .filter_map(|path| {
            let text = text(Packs::get(path)?)?;
            Some(SourceText::new(format!("packs/{path}"), text))
        })
        .collect();
    (!files.is_empty()).then_some(files)
}

/// The names of the packs that are built in.
pub fn packs() -> Vec<String> {
    let mut names: Vec<String> = Packs::iter()
        .filter_map(|path| path.split_once('/').map(|(name, _)| name.to_owned()))
        .collect();
    names.sort();
    names.dedup();
    names
}

/// The manifest of an economy that is built in.
pub fn economy(name: &str) -> Option<Arc<SourceText>> {
    let path = format!("{name}.toml");
    let text = text(Economies::get(&path)?)?;
    Some(SourceText::new(format!("economies/{path}"), text))
}

/// A table of an economy that is built in.
pub fn economy_table(path: &str) -> Option<Arc<SourceText>> {
    let text = text(Economies::get(path)?)?;
    Some(SourceText::new(format!("economies/{path}"), text))
}

/// The names of the economies that are built in.
pub fn economies() -> Vec<String> {
    names(Economies::iter())
}

/// A scenario that is built in.
pub fn scenario(name: &str) -> Option<Arc<SourceText>> {
    let path = format!("{name}.toml");
    let text = text(Scenarios::get(&path)?)?;
    Some(SourceText::new(format!("scenarios/{path}"), text))
}

/// The names of the scenarios that are built in.
pub fn scenarios() -> Vec<String> {
    names(Scenarios::iter())
}

fn names(paths: impl Iterator<Item = Cow<'static, str>>) -> Vec<String> {
    let mut names: Vec<String> = paths
        .filter_map(|path| path.strip_suffix(".toml").map(str::to_owned))
        .collect();
    names.sort();
    names
}

fn text(file: rust_embed::EmbeddedFile) -> Option<String> {
    String::from_utf8(file.data.into_owned()).ok()
}
