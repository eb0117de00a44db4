//! One way to show numbers, wherever they are read: in a terminal, on a page, in a spreadsheet,
//! in a data frame.
//!
//! # The idea
//!
//! A result becomes a [`Table`] once: typed columns with a name for files, a heading for
//! people and a unit; rows that are checked as they come in, so that no renderer ever meets
//! `NaN`, a row of the wrong length or a word among figures. From then on the medium is a
//! function of the table:
//!
//! | reader | function | numbers |
//! |---|---|---|
//! | a person at a terminal | [`terminal::render`] | rounded, aligned on the decimal point |
//! | a person with a page | [`html::table`], [`HtmlReport`] | rounded, aligned, unit in every header |
//! | a journal | [`latex::to_latex`] | the same, as a `booktabs` table |
//! | a spreadsheet | [`csv::to_csv`] | shortest decimals that read back the same |
//! | a web client | [`json::to_json`] | the same |
//! | a data frame | [`parquet::to_parquet`] | 64-bit floats, units in the metadata |
//!
//! Pictures are made by [`chart`] from labels and numbers, as SVG that needs nothing else; maps
//! from [`outlines`], which are data.
//! [`HtmlReport`] sets tables, charts and text into one page without scripts or requests,
//! and [`write_files`] puts a report's files in place all together or not at all.
//!
//! ```
//! use acquis_report::chart::{Bar, BarChart, Chart};
//! use acquis_report::{Block, Column, HtmlReport, Section, Table, TerminalStyle, Unit};
//! use acquis_report::{csv::to_csv, terminal::render};
//!
//! let mut gains = Table::new(
//!     "gains",
//!     "Change in real income",
//!     vec![
//!         Column::text("state", "State"),
//!         Column::change("income_change_pct", "Real income", Unit::PERCENT, 2),
//!         Column::verdict("consents", "Accession", "consents", "refuses"),
//!     ],
//! );
//! let mut chart = BarChart::new("Change in real income", "Real income", "%");
//! for (state, change) in [("Ruritania", 1.2475), ("Graustark", -0.5)] {
//!     gains.push_row(vec![state.into(), change.into(), (change > 0.0).into()])?;
//!     chart.push(Bar::new(state, change))?;
//! }
//!
//! // For a person the figure is rounded and signed, for a file it is what it is.
//! assert!(render(&gains, TerminalStyle::default()).contains("+1.25"));
//! assert!(to_csv(&gains).starts_with(b"state,income_change_pct,consents\nRuritania,1.2475,true"));
//!
//! let mut report = HtmlReport::new("A customs union", "Who gains, and who does not");
//! let body = vec![chart.figure(), Block::Table(gains)];
//! report.sections.push(Section::new("gains", "Gains", body));
//! assert!(report.render().contains("−0.50"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Promises
//!
//! - The same input gives the same bytes.
//! - Text of the caller is escaped on a page and cannot steer a terminal.
//! - Nothing is said by colour alone; colours are told apart by every kind of colour vision.
//!
//! # What it leaves out
//!
//! It computes nothing. All but [`subject`] knows neither states nor treaties: callers hand
//! over labels and numbers. [`subject`] is where the program's own answers become tables. It asks nothing of the terminal: whoever calls says how wide it is and whether it
//! shows colour.
//!
//! # How it fails
//!
//! A wrong row is refused with a [`TableError`] that names table, row and column, a number
//! that cannot be drawn with a [`chart::ChartError`] that names its label, and a file that
//! cannot be written with a [`ReportError`] that names its path.

pub mod chart;
pub mod csv;
pub mod html;
pub mod json;
pub mod latex;
pub mod outlines;
pub mod parquet;
pub mod subject;
pub mod terminal;

mod column;
mod document;
mod error;
mod number;
mod record;
mod shown;
mod table;
mod text;
mod write;

pub use column::{Column, ColumnKind, Unit};
pub use document::{Block, HtmlReport, KeyFigure, NoticeKind, Section, View, Views};
pub use error::ReportError;
pub use table::{Cell, Table, TableError};
pub use terminal::TerminalStyle;
pub use write::write_files;
