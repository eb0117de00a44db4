//! What the program carries with it, and how a name becomes a thing.
//!
//! # The idea
//!
//! The command line and the atlas work on the same shelf: packs of facts, economies, series
//! by state and year, ready scenarios. [`builtin`] is what stands on it in every copy of the
//! program, as text. The functions beside it take a name, or a path where files may be
//! opened, and give the thing itself, checked: a registry that is sound as form and as law,
//! an economy whose columns are there, a scenario without mistakes.
//!
//! ```
//! use acquis_library::{Reach, builtin};
//!
//! let registry = acquis_library::registry(&acquis_library::pack_files(None)?)?;
//! assert!(registry.states().count() > 10);
//!
//! let name = &builtin::scenarios()[0];
//! let scenario = acquis_library::scenario(name.as_ref())?;
//! let economy = acquis_library::economy(&scenario, Reach::BuiltIn)?;
//! assert_eq!(economy.card.id, scenario.base.economy);
//! # Ok::<(), acquis_library::LibraryError>(())
//! ```
//!
//! # How far a name leads
//!
//! A scenario names its pack and its economy. In a file of the user's own these may be paths,
//! from the folder of that file. In a text that somebody sent to a server they may not: that
//! is what [`Reach`] says, and a caller can't forget to say it.
//!
//! # How it fails
//!
//! With [`LibraryError`]: the findings of the file that was wrong, each at its place, or the
//! nearest name where there is no such thing.

pub mod builtin;
mod error;
mod find;

pub use error::LibraryError;
pub use find::{
    Reach, almanac, builtin_economies, economy, economy_named, pack_files, pack_named, registry,
    scenario, scenario_pack, series,
};
