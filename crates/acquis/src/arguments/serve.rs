//! `acquis serve`: where the atlas listens.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::Args;

/// The variable that holds the token where no option does.
pub(crate) const TOKEN_VARIABLE: &str = "ACQUIS_TOKEN";

const WHO_MAY_ASK: &str = "\
Who may ask:
  Without a token, every user of this machine: the server listens on this machine alone, but
  whoever has an account here can reach it, read what is kept and change it. With a token, only
  those who know it. Other users see the command line of a program while it runs: where you are
  not alone on this machine, give the token by --token-file or the variable ACQUIS_TOKEN, not by
  --token. Nothing is encrypted on its way to other machines: use a network that you trust, or a
  tunnel.";

#[derive(Debug, Default, Args)]
#[command(after_help = WHO_MAY_ASK)]
pub(crate) struct Serve {
    /// The port; if left out 7004, or any that is free
    #[arg(long, value_name = "PORT")]
    pub(crate) port: Option<u16>,
    /// Listen to other machines too, at this address; needs a token of 16 characters or more
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) listen: Option<IpAddr>,
    /// Let in only who knows this word of letters, digits, - _ . and ~; other users of this
    /// machine can see it here
    #[arg(long, value_name = "WORD", conflicts_with = "token_file")]
    pub(crate) token: Option<String>,
    /// Let in only who knows the word in this file. Without this and --token, the word in the
    /// environment, if there is one (see below)
    #[arg(long, value_name = "FILE")]
    pub(crate) token_file: Option<PathBuf>,
    /// The folder in which scenarios and runs are kept; if left out, the user's own for data
    #[arg(long, value_name = "DIR")]
    pub(crate) data_dir: Option<PathBuf>,
    /// Don't open the browser. With a token it is not opened in any case: its command line would
    /// show the token
    #[arg(long)]
    pub(crate) no_open: bool,
}
