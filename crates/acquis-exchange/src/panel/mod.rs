//! Panels: one row for each state, organization or pair of states and year.

mod columns;
mod describe;
mod rows;
mod sink;
mod timeline;
mod year;

use std::io::Write;
use std::ops::RangeInclusive;

use acquis_law::Law;
use acquis_registry::document::Word;

use crate::error::ExchangeError;
use timeline::Timeline;

pub use columns::{ColumnType, PanelColumn};

/// A panel: what a row stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Panel {
    /// A state in a year.
    StateYear,
    /// An organization or agreement in a year.
    OrganizationYear,
    /// A pair of states in a year, each pair once.
    DyadYear,
}

impl Word for Panel {
    const WHAT: &'static str = "a panel";
    const ALL: &'static [Self] = &[Self::StateYear, Self::OrganizationYear, Self::DyadYear];

    fn word(self) -> &'static str {
        match self {
            Self::StateYear => "state-year",
            Self::OrganizationYear => "organization-year",
            Self::DyadYear => "dyad-year",
        }
    }
}

/// A format of a panel's file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PanelFormat {
    /// RFC 4180, UTF-8, line feeds; an empty field is no value.
    Csv,
    /// Parquet, compressed with Snappy.
    Parquet,
}

/// Which rows a panel has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PanelOptions {
    /// The years, both ends included.
    pub years: RangeInclusive<i16>,
    /// A row for every state in every year, also before it began and after it ended. Without
    /// it a state is there while it exists: by the registry's dates, else while one of the
    /// lists of states has it or it takes part in something.
    pub balanced: bool,
}

impl PanelOptions {
    /// The years of a law, from the first in which an act takes effect to the last; `None` if
    /// there are no acts.
    pub fn of(law: &Law<'_>) -> Option<Self> {
        let days = law.change_days();
        Some(Self {
            years: days.first()?.year()..=days.last()?.year(),
            balanced: false,
        })
    }
}

/// Writes a panel row by row, and says how many rows it has. What holds on 31 December counts
/// for the year.
///
/// The law is read once into years of taking part; a year is then a few bit sets, so that a
/// panel of the whole world over two centuries takes seconds and little memory.
///
/// # Errors
/// Years that end before they begin; an output that can't be written.
///
/// ```
/// use acquis_exchange::{Panel, PanelFormat, PanelOptions, write_panel};
/// use acquis_law::Law;
/// use acquis_registry::{Registry, SourceText};
///
/// let pack = SourceText::new("pack.toml", r#"
///     source = [{ id = "s", type = "treaty", title = "S", published = "1960" }]
///     state = [{ id = "BEL", names = [{ name = "Belgium" }] }, { id = "NLD", names = [{ name = "Netherlands" }] }]
///     [[agreement]]
///     id = "agr:trade"
///     names = [{ name = "Trade agreement" }]
///     stage = "free_trade_area"
///     [[agreement.act]]
///     act = "entry_into_force"
///     who = ["BEL", "NLD"]
///     claims = [{ on = "1960-03-01", src = "s" }]
/// "#);
/// let registry = Registry::load(&[pack])?.registry;
/// let mut csv = Vec::new();
/// let options = PanelOptions { years: 1959..=1960, balanced: false };
/// let rows = write_panel(&Law::new(registry.view()), Panel::DyadYear, &options, PanelFormat::Csv, &mut csv)?;
/// assert_eq!(rows, 2);
/// let text = String::from_utf8(csv)?;
/// assert!(text.lines().nth(2).unwrap().starts_with("1960,BEL,NLD,BEL,211,211,NLD,210,210,2,2,0,1,"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn write_panel(
    law: &Law<'_>,
    panel: Panel,
    options: &PanelOptions,
    format: PanelFormat,
    out: impl Write + Send,
) -> Result<u64, ExchangeError> {
    let (first, last) = (*options.years.start(), *options.years.end());
    if first > last || first < 1 || last > 9998 {
        return Err(ExchangeError::Years { first, last });
    }
    let timeline = Timeline::new(law);
    match format {
        PanelFormat::Csv => {
            let mut sink = sink::CsvSink::new(panel, out)?;
            let rows = rows::write(&timeline, panel, options, &mut sink)?;
            sink.finish()?;
            Ok(rows)
        }
        PanelFormat::Parquet => {
            let mut sink = sink::ParquetSink::new(panel, law.registry().card(), out)?;
            let rows = rows::write(&timeline, panel, options, &mut sink)?;
            sink.finish()?;
            Ok(rows)
        }
    }
}
