//! Saved scenarios, their runs, and packs and economies of the user's own: what a person has put
//! together in the workbench outlives the program, whatever ends it.
//!
//! # The idea
//!
//! A [`SavedScenario`] is a text, the scenario file as its author would write it, with every
//! revision kept. A [`Run`] is one carrying-out of such a text: the text as it was then,
//! which facts and figures it met ([`Identity`]), how far it came ([`RunState`]) and the files
//! that came out. This crate knows nothing of what the texts say: whoever starts a
//! [`Runner`] hands it the [`Work`] that turns a text into files. What a text is built on may
//! be kept beside it: [`OwnCard`] names a set of files, of which nothing is known here either.
//!
//! Everything lies in one `SQLite` database in a folder of the user ([`default_folder`]).
//!
//! ```
//! use acquis_store::{Keeping, Store};
//!
//! # let folder = tempfile::tempdir()?;
//! # let folder = folder.path();
//! let store = Store::open(folder)?;
//! let saved = store.create("A union of four", Keeping::Kept, "title = \"Four\"")?;
//! store.save(saved.id, saved.revision, "title = \"Five\"")?;
//! drop(store);
//!
//! let store = Store::open(folder)?;
//! assert_eq!(store.scenario(saved.id)?.text, "title = \"Five\"");
//! assert_eq!(store.undo(saved.id, 2)?.text, "title = \"Four\"");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Promises
//!
//! - A save that has returned is on the disk. A process that is killed in the middle of a
//!   save leaves the revision before it; the journal is written ahead and synchronised at
//!   every commit.
//! - The results of a run appear all together, in the step that marks it as done, or not at
//!   all.
//! - A run whose process died is marked as killed when the folder is opened next; one that
//!   was still waiting is taken over. Several servers may work on one folder: each holds a
//!   lock that the operating system lets go when it ends, so that none takes another for dead.
//! - What can't be written down about a run for now, because the disk is full, is tried again
//!   until it can: no run waits for ever.
//! - Two people who save the same scenario don't overwrite each other: a save names the
//!   revision it started from.
//!
//! # Bounds
//!
//! What a user put away under a name, and what came out of a run, is never dropped. Of a
//! scenario's revisions those are kept that are among the newest or that undoing reaches in as
//! many steps, [`MOST_REVISIONS`] each; of drafts, which have no name that a user gave, the
//! [`MOST_DRAFTS`] that were changed last. Runs stay until they are deleted: where more is kept
//! than the [`Limits`] allow ([`Store::size`] tells how much), no new one is taken on.
//!
//! Where the system knows owners, the database and the files beside it are their owner's alone.
//!
//! # How it fails
//!
//! | error | when |
//! |---|---|
//! | [`StoreError::Newer`] | a later version of the program has written the database |
//! | [`StoreError::Foreign`], [`StoreError::Damaged`] | the file is not ours, or is broken |
//! | [`StoreError::Changed`] | somebody saved in between |
//! | [`StoreError::Name`], [`StoreError::NameTaken`], [`StoreError::TooLong`] | a name or a text that can't be kept |
//! | [`StoreError::OwnNameTaken`], [`StoreError::TooManyOwn`], [`StoreError::TooMuchOwn`] | files that can't be kept beside the others |
//! | [`SubmitError::Full`] | as many runs wait as may |
//! | [`StoreError::TooMuch`] | a run is asked for where as much is kept as may |

mod bounds;
mod connection;
mod error;
mod folder;
mod identity;
mod migration;
mod own;
mod owner;
mod result;
mod run;
mod runner;
mod scenario;

pub use bounds::{MOST_DRAFTS, MOST_REVISIONS};
pub use connection::Store;
pub use error::StoreError;
pub use folder::default_folder;
pub use identity::{Identity, RunId, ScenarioId};
pub use own::{MOST_OWN_BYTES, NameInUse, NewOwn, NotAName, OwnCard, OwnKind, OwnName};
pub use result::{ResultCard, StoredFile};
pub use run::{NewRun, Progress, Run, RunCard, RunState};
pub use runner::{Limits, Reporter, Runner, SubmitError, Unfinished, Work};
pub use scenario::{Keeping, MOST_TEXT, RevisionCard, SavedScenario, ScenarioCard};
