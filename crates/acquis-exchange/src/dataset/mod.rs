//! The public datasets, each read into one neutral shape: what it reports of each
//! organization or agreement, as dated events with the line they stand on.

mod atop;
mod cow_igo;
mod desta;
mod wto;

use acquis_registry::document::Word;
use acquis_registry::{
    AdmittedAs, Area, EdtfDate, InstitutionKind, Party, Place, Source, SourceId, SourceText,
    SourceType, Stage, StateCode,
};
use jiff::civil::Date;

use crate::error::ExchangeError;
use crate::file::DataFile;

/// A public dataset that the program reads from a user's own copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dataset {
    /// Correlates of War, intergovernmental organizations, version 3, as intervals of years.
    CowIgo,
    /// Design of Trade Agreements, list of treaties, version 2.
    Desta,
    /// WTO Regional Trade Agreements Information System, export of March 2021.
    Wto,
    /// Alliance Treaty Obligations and Provisions, version 4, members.
    Atop,
}

impl Word for Dataset {
    const WHAT: &'static str = "a dataset";
    const ALL: &'static [Self] = &[Self::CowIgo, Self::Desta, Self::Wto, Self::Atop];

    fn word(self) -> &'static str {
        match self {
            Self::CowIgo => "cow-igo",
            Self::Desta => "desta",
            Self::Wto => "wto",
            Self::Atop => "atop",
        }
    }
}

impl Dataset {
    /// The dataset as a source, with the date of its publication.
    pub fn source(self) -> Source {
        let (id, title, author, published, covers, note) = match self {
            Self::CowIgo => (
                "cow-igo-3",
                "Intergovernmental organizations, version 3",
                "Correlates of War Project (Pevehouse, Nordstrom, McManus and Jamison)",
                "2020",
                "1815/2014",
                "Years only. A member is listed from its first year to its last; leaving is put into the year after, on an unknown day.",
            ),
            Self::Desta => (
                "desta-2",
                "Design of Trade Agreements (DESTA), list of treaties, version 2",
                "Andreas Dür, Leonardo Baccini and Manfred Elsig",
                "2020~",
                "1948/2020",
                "Years only. The list says neither how deep an agreement is nor when it ended.",
            ),
            Self::Wto => (
                "wto-rta-is-2021",
                "Regional Trade Agreements Information System, export of March 2021",
                "World Trade Organization",
                "2021-03",
                "1957/2021-03",
                "As notified by the parties, often years later.",
            ),
            Self::Atop => (
                "atop-4",
                "Alliance Treaty Obligations and Provisions, version 4.01",
                "Brett Ashley Leeds, Jeffrey Ritter, Sara Mitchell and Andrew Long (2002 article)",
                "2018~",
                "1815/2016",
                "Days of entry and exit by member. The list has no names of treaties.",
            ),
        };
        Source {
            id: SourceId::new(id),
            source_type: SourceType::Dataset,
            title: title.to_owned(),
            author: Some(author.to_owned()),
            published: published.parse().ok(),
            accessed: None,
            url: None,
            covers: covers.parse().ok(),
            note: Some(note.to_owned()),
            place: Place {
                file: SourceText::new("", ""),
                span: 0..0,
            },
        }
    }

    /// The last day that the dataset speaks of.
    pub fn last_day(self) -> Option<Date> {
        self.source().covers.and_then(|covers| covers.last_day())
    }

    /// The beginning of the ids of organizations and agreements from it.
    pub(crate) const fn prefix(self) -> &'static str {
        match self {
            Self::CowIgo => "cow",
            Self::Desta => "desta",
            Self::Wto => "wto",
            Self::Atop => "atop",
        }
    }

    /// Reads the user's files, in any order.
    pub(crate) fn read(self, files: &[DataFile]) -> Result<Content, ExchangeError> {
        match self {
            Self::CowIgo => cow_igo::read(files),
            Self::Desta => desta::read(files),
            Self::Wto => wto::read(files),
            Self::Atop => atop::read(files),
        }
    }
}

/// What a dataset reports.
#[derive(Debug, Default)]
pub(crate) struct Content {
    pub(crate) records: Vec<Record>,
    pub(crate) skipped: Vec<Skipped>,
    /// Rows read.
    pub(crate) rows: usize,
}

/// A row, or a part of one, that could not be taken over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// The line in the file, from 1.
    pub line: usize,
    /// What stands there.
    pub what: String,
    /// Why it was left out.
    pub reason: String,
}

/// One organization or agreement of a dataset.
#[derive(Debug, Clone)]
pub(crate) struct Record {
    /// Its id or name in the dataset.
    pub(crate) key: String,
    /// Where claims about it are found, for `at`.
    pub(crate) locator: String,
    pub(crate) kind: InstitutionKind,
    pub(crate) name: String,
    pub(crate) short: Option<String>,
    pub(crate) summary: Option<String>,
    pub(crate) areas: Vec<Area>,
    pub(crate) stage: Option<Stage>,
    pub(crate) line: usize,
    pub(crate) events: Vec<Event>,
}

/// Something that a dataset says happened.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    pub(crate) what: What,
    /// Who; nobody in particular for a termination.
    pub(crate) party: Option<Party>,
    /// When, as precisely as the dataset says.
    pub(crate) on: EdtfDate,
    /// The span within which it can have happened, where that is not `on`: a member last
    /// listed in one year left in that year or on the first day of the next.
    pub(crate) possible: Option<EdtfDate>,
    pub(crate) line: usize,
}

impl Event {
    pub(crate) fn state(&self) -> Option<&StateCode> {
        match &self.party {
            Some(Party::State(code)) => Some(code),
            _ => None,
        }
    }

    /// The span within which it can have happened.
    pub(crate) fn span(&self) -> &EdtfDate {
        self.possible.as_ref().unwrap_or(&self.on)
    }
}

/// The kinds of event that datasets know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum What {
    Signature,
    EntryIntoForce,
    Joined(AdmittedAs),
    Withdrawal,
    Termination,
}

/// A year as a date.
pub(crate) fn year(year: i16) -> Option<EdtfDate> {
    format!("{year:04}").parse().ok()
}
