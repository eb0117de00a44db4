//! What figures does a counterfactual start from, where do they come from, and how far are
//! they from what the model needs them to be?
//!
//! This crate reads trade, tariffs and input-output accounts of a world economy from the
//! forms in which they are published, repairs what can't be used as it is and says so,
//! checks the accounting identities, adds countries and sectors up, and keeps everything in
//! one file.
//!
//! # The figures
//!
//! An [`Economy`] of `N` countries and `J` sectors holds, in the notation of Caliendo and
//! Parro (2015, Rev. Econ. Studies 82(1)):
//!
//! * flows `M_nij`, what `n` buys from `i` in sector `j` *before* its tariff, home sales
//!   `M_nnj` among them;
//! * ad valorem tariffs `tau_nij` on these values, of one date or several;
//! * value-added shares `gamma_nj` and input coefficients `Gamma_n[s,j]` of gross output,
//!   with `gamma_nj + sum_s Gamma_n[s,j] = 1`;
//! * gross output `Y_ij = sum_n M_nij`, and final demand where the source gives it;
//! * trade elasticities with their source and their *meaning*: an estimate that is the
//!   elasticity of the value before the tariff is `1 + theta`, that of the tariff-inclusive
//!   share is `theta` ([`ElasticityMeaning`]).
//!
//! Deficits are what these leave: `D_n = sum_ij M_nij - sum_kj M_knj`, and
//! `sum_n D_n = 0` whatever the flows.
//!
//! ```
//! use acquis_economy::{Card, Concordance, Economy, Figures, Sector, aggregate, check};
//!
//! let card = Card {
//!     title: "Two countries".to_owned(),
//!     year: 2000,
//!     unit: "million USD".to_owned(),
//!     ..Card::default()
//! };
//! let figures = Figures {
//!     countries: vec!["AAA".to_owned(), "BBB".to_owned()],
//!     sectors: vec![Sector {
//!         code: "goods".to_owned(),
//!         name: "Goods".to_owned(),
//!         is_tradable: true,
//!     }],
//!     // [sector][exporter][importer]
//!     flows: vec![80.0, 20.0, 10.0, 90.0],
//!     ..Figures::default()
//! };
//! let economy = Economy::new(card, figures)?;
//! assert_eq!(economy.sales(), [100.0, 100.0]);
//! assert!(check(&economy).iter().all(|line| line.off == 0));
//!
//! // The engine wants the importer first.
//! assert_eq!(economy.observations().flows, [80.0, 10.0, 20.0, 90.0]);
//! # Ok::<(), acquis_economy::EconomyError>(())
//! ```
//!
//! # From where
//!
//! * [`load`]: a canonical file (one Parquet file, [`Economy::write`]), or a manifest, a text
//!   with CSV tables beside it ([`Economy::load`]);
//! * [`import`]: long tables of any column names, OECD ICIO, WIOD 2013, the data of Caliendo
//!   and Parro, CEPII BACI with GDP. What was changed comes back as [`Repair`]s.
//!
//! [`aggregate`] by two [`Concordance`]s, [`check`] for the identities.
//!
//! # What it leaves out
//!
//! It balances nothing: no RAS, no mirror flows, no filling of holes. Figures that are only
//! nearly an equilibrium stay so; the engine rebases them. Export taxes, tariff quotas and
//! specific tariffs have no place in the file yet. In sectors without input-output data value
//! added is the whole of output.
//!
//! # How it fails
//!
//! No file is believed about its size: [`Limits`] say how many rows are read and how many
//! cells are held, and only regular files are opened.
//!
//! With an [`EconomyError`] that names the file, the line and the column (in Parquet the row
//! and the column), what stands there and what was expected; an economy that can't be built
//! names the country and the sector. A file is written whole or not at all.

mod aggregate;
mod canonical;
mod check;
mod codes;
mod concordance;
mod economy;
mod elasticity_table;
mod error;
mod import;
mod limits;
mod manifest;
mod meaning;
mod repair;
mod table;
mod trade_table;

pub use aggregate::aggregate;
pub use canonical::{is_economy_file, load};
pub use check::{Line, Measure, Rule, check};
pub use codes::Absent;
pub use concordance::Concordance;
pub use economy::{Card, Economy, Figures, Sector, TariffSchedule};
pub use error::{EconomyError, Location};
pub use import::{ColumnNames, Format, ImportOptions, Imported, import, import_within};
pub use limits::Limits;
pub use manifest::{EconomyFiles, read_economy_files};
pub use meaning::{Elasticities, ElasticityMeaning, Valuation};
pub use repair::{Repair, RepairKind};
pub use table::{LongTable, source_text};
