//! `acquis serve`, and `acquis` by itself

use acquis_atlas::Options;

use crate::arguments::{Common, Serve};
use crate::failure::Failure;
use crate::{output, session};

/// Runs the atlas until it is told to stop, and opens it in a browser.
pub(crate) fn serve(common: &Common, command: &Serve) -> Result<(), Failure> {
    let options = Options {
        pack: session::pack_files(common.pack.as_deref())?,
        listen: command.listen,
        port: command.port,
        token: command.token.clone(),
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
        if !command.no_open {
            drop(open::that_detached(address));
        }
    })?;
    Ok(())
}
