//! Public datasets in and out: what they say as a pack, where they and a registry disagree,
//! and a registry as panels by year for those who work with such datasets.
//!
//! # The idea
//!
//! Political scientists and trade economists keep lists of who was a member of what: COW IGO,
//! DESTA, the WTO's list of regional trade agreements, ATOP. Each has ids, precisions and habits
//! of its own. This crate reads a user's own copy of one ([`Dataset`], [`DataFile`]) into one
//! neutral shape: dated events of single states, each with the line it stands on. From that
//!
//! * [`import()`] makes a pack, one claim an act, whose only source is the dataset;
//! * [`compare()`] puts the same question to the dataset and to the law of a registry, *when
//!   did this state sign, and when did it take part, as what?*, and gives one
//!   [`Disagreement`] where the answers can't both be true. Which of theirs is which of ours
//!   is data, too ([`Mapping`]).
//!
//! The way out is [`write_panel`]: a row for each state, organization or pair of states and
//! year ([`Panel`]), under the codes by which such datasets are joined ([`StateCodes`]), as
//! CSV or Parquet, with a dictionary ([`Panel::dictionary`]) and CSVW metadata
//! ([`Panel::csvw`]).
//!
//! ```
//! use acquis_exchange::{DataFile, Dataset, import};
//! use acquis_law::Law;
//! use acquis_registry::Registry;
//!
//! let organizations = DataFile::from_bytes("orgs.csv", b"\
//! ioname,orgname,longorgname,ionum,dead,political
//! BNLX,Benelux,Benelux Economic Union,7,0,0
//! ")?;
//! let memberships = DataFile::from_bytes("members.csv", b"\
//! ioname,ccode,iso3,status,from_year,to_year
//! BNLX,211,BEL,full,1960,1974
//! BNLX,210,NLD,full,1960,1970
//! ")?;
//! let imported = import(Dataset::CowIgo, &[organizations, memberships])?;
//! assert_eq!(imported.report.acts, 2);
//!
//! let registry = Registry::load(&imported.files)?.registry;
//! let law = Law::new(registry.view());
//! let benelux = &registry.find_institution("Benelux Economic Union")?.id;
//! let members = |day: &str| law.members(benelux, day.parse().unwrap()).len();
//! assert_eq!((members("1970-12-31"), members("1971-12-31")), (2, 1));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Years and days
//!
//! A dataset's precision is kept. Who is last listed in 1970 left in that year or on the first
//! day of the next; the pack puts the leaving into 1971, so that the end of 1970 still has the
//! member, and a comparison accepts any day of that span. A year agrees with every day in it.
//! Panels tell what holds on 31 December.
//!
//! # What it leaves out
//!
//! COW IGO in its original shape (a column for each state) is not read, only its intervals.
//! Of the WTO's list the remarks are not read, and what the European Union's enlargements add
//! to its treaty is not put together. DESTA's list says nothing of depth, so that its pack has
//! no stages. Obligations of alliances become a sentence.
//!
//! # How it fails
//!
//! With an [`ExchangeError`] that names file, line and column, what stands there and what was
//! expected. A row that is well formed and can't be taken over is no error: the report of the
//! import names it with its reason ([`Skipped`]).

mod codes;
mod compare;
mod dataset;
mod error;
mod file;
mod import;
mod mapping;
mod panel;
mod standing;

pub use codes::{NumberedList, StateCodes};
pub use compare::{Aspect, Comparison, Disagreement, Kind, compare};
pub use dataset::{Dataset, Skipped};
pub use error::ExchangeError;
pub use file::DataFile;
pub use import::{ImportReport, Imported, import};
pub use mapping::Mapping;
pub use panel::{ColumnType, Panel, PanelColumn, PanelFormat, PanelOptions, write_panel};
