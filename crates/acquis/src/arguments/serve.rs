//! `acquis serve`: where the atlas listens.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::Args;

#[derive(Debug, Default, Args)]
pub(crate) struct Serve {
    /// The port; if left out 7004, or any that is free
    #[arg(long, value_name = "PORT")]
    pub(crate) port: Option<u16>,
    /// Listen to other machines too, at this address; needs --token
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) listen: Option<IpAddr>,
    /// Let in only who knows this word of letters, digits, - _ . and ~
    #[arg(long, value_name = "WORD")]
    pub(crate) token: Option<String>,
    /// The folder in which scenarios and runs are kept; if left out, the user's own for data
    #[arg(long, value_name = "DIR")]
    pub(crate) data_dir: Option<PathBuf>,
    /// Don't open the browser
    #[arg(long)]
    pub(crate) no_open: bool,
}
