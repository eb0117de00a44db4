//! A scenario that is being put together: its file, changed step by step.
//!
//! The text stays the truth. Each [`Edit`] changes the tables it is about and leaves all
//! others as they are, with their comments; what comes out is read by [`Scenario::read`] like
//! any other file.
//!
//! ```
//! use acquis_registry::StateCode;
//! use acquis_scenario::{ActsOf, Draft, Edit, Grade, Start};
//!
//! let mut draft = Draft::start(&Start {
//!     title: "Ruritania joins".to_owned(),
//!     pack: None,
//!     date: "2012-07-01".parse()?,
//!     economy: "four-states".to_owned(),
//!     grade: Grade::InForce,
//! });
//! assert!(draft.scenario("mine").is_err(), "it changes nothing yet");
//! let league = acquis_registry::InstitutionId::new("org:league");
//! draft.join(&ActsOf::All, &league, &StateCode::new("RUR"), "2012-01-01".parse()?)?;
//! draft.apply(&Edit::Grade(Grade::Functioning))?;
//!
//! let scenario = draft.scenario("mine")?;
//! assert_eq!(scenario.variants[0].amendments.len(), 1);
//! assert_eq!(Draft::open(&draft.text())?.scenario("mine")?, scenario);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod acts;
mod edit;
mod memberships;

use std::fmt;

use acquis_law::Grade;
use acquis_registry::document::Word as _;
use acquis_registry::{Finding, Findings, Lint, Place, SourceText};
use jiff::civil::Date;
use toml_edit::{DocumentMut, Item, Table, value};

use crate::scenario::Scenario;

pub use edit::Edit;
pub use memberships::{MembershipCell, MembershipColumn, MembershipRow, Memberships, Scope};

/// A scenario file that is being changed.
#[derive(Debug, Clone)]
pub struct Draft {
    document: DocumentMut,
}

/// What a scenario starts from when it starts from a date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Start {
    /// Title.
    pub title: String,
    /// The pack, by name; none for the one that is built in.
    pub pack: Option<String>,
    /// The day on which the law before and after is compared.
    pub date: Date,
    /// The economy, by name.
    pub economy: String,
    /// The grade at which a stage counts.
    pub grade: Grade,
}

/// Whose acts are changed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum ActsOf {
    /// Those that all variants share.
    #[default]
    All,
    /// Those of the variant with this name.
    Variant(String),
}

/// Why a draft can't be changed so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// The file as it stands can't be read.
    #[error(transparent)]
    Findings(#[from] Findings),
    /// No variant of that name.
    #[error("no variant {given:?}{}", near(nearest.as_deref()))]
    NoVariant {
        /// The name.
        given: String,
        /// The nearest one there is.
        nearest: Option<String>,
    },
    /// No act or payment of that number.
    #[error("there is no {what} number {number}: {count} are there")]
    NoSuch {
        /// An act or a payment.
        what: &'static str,
        /// The number, from 1.
        number: usize,
        /// How many there are.
        count: usize,
    },
    /// The file has something else where a table belongs.
    #[error("{key} is not a table in this file: change the file itself")]
    NoTable {
        /// The key.
        key: String,
    },
}

fn near(nearest: Option<&str>) -> String {
    nearest.map_or_else(String::new, |name| format!("; did you mean {name:?}?"))
}

impl Draft {
    /// A scenario that starts from a date and changes nothing yet.
    pub fn start(start: &Start) -> Self {
        let mut document = DocumentMut::new();
        document["title"] = value(&start.title);
        document["description"] = value("");
        let mut base = Table::new();
        if let Some(pack) = &start.pack {
            base["pack"] = value(pack);
        }
        base["date"] = value(start.date.to_string());
        base["economy"] = value(&start.economy);
        base["grade"] = value(start.grade.word());
        document["base"] = Item::Table(base);
        Self { document }
    }

    /// A scenario file, to be changed.
    ///
    /// # Errors
    /// What makes it no TOML, at its place. Whether it is a scenario is told by
    /// [`Self::scenario`].
    pub fn open(text: &str) -> Result<Self, Findings> {
        match text.parse() {
            Ok(document) => Ok(Self { document }),
            Err(error) => {
                let error: toml_edit::TomlError = error;
                let place = Place {
                    file: SourceText::new("scenario.toml", text),
                    span: error.span().unwrap_or(0..0),
                };
                let message = error.message().replace('\n', "; ");
                Err(Finding::error(Lint::Format, Some(place), message).into())
            }
        }
    }

    /// The file.
    pub fn text(&self) -> String {
        self.document.to_string()
    }

    /// The scenario as it would be run. `name` is its short name.
    ///
    /// # Errors
    /// Every mistake, at its place in [`Self::text`].
    pub fn scenario(&self, name: &str) -> Result<Scenario, Findings> {
        Scenario::read(name, &self.source(name))
    }

    /// The scenario as far as it is put together: it may change nothing yet.
    ///
    /// # Errors
    /// Every other mistake.
    pub fn unfinished(&self, name: &str) -> Result<Scenario, Findings> {
        Scenario::read_unfinished(name, &self.source(name))
    }

    fn source(&self, name: &str) -> std::sync::Arc<SourceText> {
        SourceText::new(format!("{name}.toml"), self.text())
    }
}

impl fmt::Display for Draft {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.document.fmt(formatter)
    }
}

#[cfg(test)]
mod tests;
