//! `acquis new scenario NAME`, `acquis new pack NAME`

use std::path::{Path, PathBuf};

use crate::arguments::{New, Start};
use crate::commands::export::write_whole;
use crate::failure::Failure;
use crate::output;

const SCENARIO: &str = include_str!("../../templates/scenario.toml");
const PACK: [(&str, &str); 4] = [
    ("pack.toml", include_str!("../../templates/pack/pack.toml")),
    (
        "sources.toml",
        include_str!("../../templates/pack/sources.toml"),
    ),
    (
        "states.toml",
        include_str!("../../templates/pack/states.toml"),
    ),
    (
        "organizations/example.toml",
        include_str!("../../templates/pack/organization.toml"),
    ),
];

pub(crate) fn run(command: &New) -> Result<(), Failure> {
    match command.what {
        Start::Scenario => {
            let path = PathBuf::from(format!("{}.toml", command.name));
            refuse_existing(&path)?;
            write_whole(&path, filled(SCENARIO, &command.name).as_bytes())?;
            output::lines([format!(
                "{} is ready to edit; run it with: acquis run {}",
                path.display(),
                path.display()
            )])
        }
        Start::Pack => {
            let folder = PathBuf::from(&command.name);
            refuse_existing(&folder)?;
            let files: Vec<(String, Vec<u8>)> = PACK
                .iter()
                .map(|(path, text)| ((*path).to_owned(), filled(text, &command.name).into_bytes()))
                .collect();
            acquis_report::write_files(&folder, &files)?;
            output::lines([format!(
                "{} is ready to edit; check it with: acquis check {}",
                folder.display(),
                folder.display()
            )])
        }
    }
}

fn filled(template: &str, name: &str) -> String {
    template.replace("{name}", name)
}

fn refuse_existing(path: &Path) -> Result<(), Failure> {
    if path.exists() {
        return Err(Failure::Message(format!(
            "{} is there already and is left as it is",
            path.display()
        )));
    }
    Ok(())
}
