//! `acquis blocs`: which union would hold.

use std::path::PathBuf;

use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct BlocsQuery {
    /// The scenario file, or the name of one built in; it has a table called blocs
    #[arg(value_name = "SCENARIO")]
    pub(crate) scenario: PathBuf,
    /// The folder under which a folder for the results is made
    #[arg(long, value_name = "DIR", default_value = "out")]
    pub(crate) out: PathBuf,
    /// Say how many equilibria it takes, and solve none
    #[arg(long)]
    pub(crate) count: bool,
    /// Keep no equilibria on disk: an interrupted run begins anew
    #[arg(long)]
    pub(crate) no_store: bool,
}
