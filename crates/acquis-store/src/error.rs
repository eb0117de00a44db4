//! How keeping something fails.

use std::path::PathBuf;

use crate::identity::{RunId, ScenarioId};
use crate::own::{OwnKind, OwnName};

/// Why something could not be kept or found.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The folder can't be made or used.
    #[error("can't use the folder {}: {source}. Name another one with --data-dir", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The system says nothing about where a user's data belong.
    #[error("this system names no folder for a user's data. Name one with --data-dir")]
    NoFolder,
    /// A later version of the program has written the database.
    #[error(
        "{} was written by a later version of this program (its form is {found}, this version knows {known}). Use that version, or name another folder with --data-dir",
        path.display()
    )]
    Newer {
        /// The database.
        path: PathBuf,
        /// The form it has.
        found: i64,
        /// The latest form this version knows.
        known: i64,
    },
    /// A database of another program.
    #[error(
        "{} is a database of another program; it was left as it is. Name another folder with --data-dir",
        path.display()
    )]
    Foreign {
        /// The database.
        path: PathBuf,
    },
    /// A file that is no database, or a broken one.
    #[error(
        "{} is damaged ({detail}); it was left as it is. Move it away or put a copy in its place, then start again",
        path.display()
    )]
    Damaged {
        /// The database.
        path: PathBuf,
        /// What is wrong with it.
        detail: String,
    },
    /// No scenario has this number.
    #[error("there is no scenario {0}: it may have been deleted")]
    NoScenario(ScenarioId),
    /// The scenario has no revision of this number.
    #[error("scenario {scenario} has no revision {revision}")]
    NoRevision {
        /// The scenario.
        scenario: ScenarioId,
        /// The number that was asked for.
        revision: u32,
    },
    /// Nothing was changed since the scenario was made, or everything was taken back.
    #[error("there is nothing to undo in scenario {0}")]
    NothingToUndo(ScenarioId),
    /// No run has this number.
    #[error("there is no run {0}: it may have been deleted")]
    NoRun(RunId),
    /// A run that is not over can't be deleted.
    #[error("run {0} is not over: cancel it first")]
    NotOver(RunId),
    /// A name that can't be used.
    #[error("{given:?} can't be the name of a scenario: {reason}")]
    Name {
        /// The name.
        given: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// Another scenario has the name.
    #[error("another scenario is named {0:?}: choose another name")]
    NameTaken(String),
    /// Somebody saved in between.
    #[error(
        "the scenario was saved meanwhile: it is at revision {current}, and this change was made to revision {from}. Load it again and repeat the change"
    )]
    Changed {
        /// The revision that the change started from.
        from: u32,
        /// The revision that is the latest.
        current: u32,
    },
    /// A text that is too long.
    #[error("the scenario has {bytes} bytes; at most {most} are kept")]
    TooLong {
        /// Length of the text.
        bytes: usize,
        /// The limit.
        most: usize,
    },
    /// Nothing of the kind is kept under this name.
    #[error("no {} of your own is called {name}: it may have been deleted", kind.word())]
    NoOwn {
        /// What was looked for.
        kind: OwnKind,
        /// The name that was asked for.
        name: OwnName,
    },
    /// Another pack or economy has the name.
    #[error(
        "another one that is kept is called {0}: choose another name, or let the new one take its place"
    )]
    OwnNameTaken(OwnName),
    /// As many packs or economies are kept as may be.
    #[error("{most} are kept already: delete one that you don't need")]
    TooManyOwn {
        /// The limit.
        most: usize,
    },
    /// Files that would take more room than there is.
    #[error(
        "with these files, {bytes} bytes would be kept; at most {most} are. Delete one that you don't need"
    )]
    TooMuchOwn {
        /// The size of everything, these files among it.
        bytes: u64,
        /// The limit.
        most: u64,
    },
    /// So much is kept that no new run is taken on.
    #[error(
        "{} MB are kept, and no run is begun beyond {} MB: delete runs that you no longer need",
        in_megabytes(*kept), in_megabytes(*most)
    )]
    TooMuch {
        /// Bytes that are kept.
        kept: u64,
        /// The limit.
        most: u64,
    },
    /// The database refused.
    #[error("the database refused to {doing}: {source}")]
    Database {
        /// What was being done.
        doing: &'static str,
        /// What it said.
        source: rusqlite::Error,
    },
}

/// Bytes in millions, rounded up.
const fn in_megabytes(bytes: u64) -> u64 {
    bytes.div_ceil(1_000_000)
}
