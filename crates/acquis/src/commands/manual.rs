//! Shell completions and manual pages, from the definition of the command line.

use std::path::Path;

use clap::CommandFactory as _;
use clap_complete::Shell;

use crate::arguments::Arguments;
use crate::failure::Failure;
use crate::output;

pub(crate) fn completions(shell: Shell) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "acquis", &mut script);
    output::bytes(&script)
}

pub(crate) fn pages(folder: &Path) -> Result<(), Failure> {
    std::fs::create_dir_all(folder)
        .and_then(|()| clap_mangen::generate_to(Arguments::command(), folder))
        .map_err(|error| {
            Failure::Message(format!(
                "can't write manual pages to {}: {error}",
                folder.display()
            ))
        })?;
    output::lines([format!("Manual pages are in {}.", folder.display())])
}
