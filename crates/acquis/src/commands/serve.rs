//! `acquis serve`, and `acquis` by itself

use std::env::{self, VarError};
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use acquis_atlas::Options;

use crate::arguments::{Common, Serve, TOKEN_VARIABLE};
use crate::failure::Failure;
use crate::{output, session};

/// Runs the atlas until it is told to stop, and opens it in a browser.
pub(crate) fn serve(common: &Common, command: &Serve) -> Result<(), Failure> {
    let token = token(command)?;
    // The program that opens a browser has the address on its command line, for all to see.
    let is_opened = !command.no_open && token.is_none();
    let options = Options {
        pack: session::pack_files(common.pack.as_deref())?,
        listen: command.listen,
        port: command.port,
        token,
        data_dir: command.data_dir.clone(),
    };
    acquis_atlas::serve(options, |address| {
        let said = output::lines([
            format!("The atlas is at {address}"),
            "Ctrl-C stops it.".to_owned(),
        ]);
        // Where nobody reads what is printed, the server serves all the same; where no
        // browser can be opened, the address has been told.
        drop(said);
        if is_opened {
            drop(open::that_detached(address));
        }
    })?;
    Ok(())
}

/// The token, from the command line, a file or the environment.
fn token(command: &Serve) -> Result<Option<String>, Failure> {
    if let Some(file) = &command.token_file {
        return token_in(file).map(Some);
    }
    if command.token.is_some() {
        return Ok(command.token.clone());
    }
    match env::var(TOKEN_VARIABLE) {
        Ok(token) => Ok(Some(token)),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(Failure::Message(format!(
            "the variable {TOKEN_VARIABLE} holds no text: a token has letters, digits, - _ . and ~ only"
        ))),
    }
}

/// The word in a file, without the white space around it.
fn token_in(file: &Path) -> Result<String, Failure> {
    /// More is no token: a device gives without end.
    const MOST: u64 = 4096;

    let mut text = String::new();
    let read = File::open(file).and_then(|file| file.take(MOST).read_to_string(&mut text));
    read.map_err(|error| {
        let file = file.display();
        Failure::Message(format!("can't read the token in {file}: {error}"))
    })?;
    Ok(text.trim().to_owned())
}
