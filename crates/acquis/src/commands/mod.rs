//! One file for each command.

mod blocs;
mod check;
mod dataset;
mod dispute;
mod duty;
mod economy;
mod export;
mod gravity;
mod history;
mod manual;
mod new;
mod query;
mod run;
mod serve;
mod vote;

use std::process::ExitCode;

use crate::arguments::{Arguments, Command, Serve};
use crate::failure::Failure;

/// Does what was asked.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode, Failure> {
    let common = &arguments.common;
    let Some(command) = &arguments.command else {
        serve::serve(common, &Serve::default())?;
        return Ok(ExitCode::SUCCESS);
    };
    match command {
        Command::Serve(command) => serve::serve(common, command)?,
        Command::Run(command) => return run::run(common, command),
        Command::Check(command) => return check::run(common, command),
        Command::State(query) => query::state(common, query)?,
        Command::Org(query) => query::organization(common, query)?,
        Command::Between(query) => query::between(common, query)?,
        Command::Diff(query) => history::diff(common, query)?,
        Command::Timeline(query) => history::timeline(common, query)?,
        Command::Obligations(query) => duty::obligations(common, query)?,
        Command::Leave(query) => duty::leave(common, query)?,
        Command::Overlap(query) => duty::overlap(common, query)?,
        Command::Speeds(query) => duty::speeds(common, query)?,
        Command::Vote(query) => vote::vote(common, query)?,
        Command::Blocs(query) => blocs::run(common, query)?,
        Command::Incompatible(query) => duty::incompatible(common, query)?,
        Command::Conflicts(query) => dispute::conflicts(common, query)?,
        Command::Claims(query) => dispute::claims(common, query)?,
        Command::Export(command) => export::run(common, command)?,
        Command::Import(command) => dataset::import_pack(command)?,
        Command::Compare(command) => dataset::compare_with(common, command)?,
        Command::Economy(command) => economy::run(common, command)?,
        Command::Gravity(command) => gravity::run(common, command)?,
        Command::New(command) => new::run(command)?,
        Command::Completions { shell } => manual::completions(*shell)?,
        Command::Man { out } => manual::pages(out)?,
    }
    Ok(ExitCode::SUCCESS)
}
