//! The binary: what was typed is parsed once ([`arguments`]), each command asks the crates
//! below and prints what `acquis-report` makes of the answer.

mod arguments;
mod commands;
mod failure;
mod output;
mod session;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    let arguments = arguments::Arguments::parse();
    match commands::run(&arguments) {
        Ok(status) => status,
        Err(failure) => failure.report(),
    }
}
