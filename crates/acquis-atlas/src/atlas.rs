//! What the pages work on: the registry and its laws, loaded once, and the answers that were
//! given last.

use std::sync::{Arc, OnceLock};

use acquis_economy::Economy;
use acquis_library::LibraryError;
use acquis_registry::{EdtfDate, PackFiles, Registry};
use acquis_scenario::Almanac;
use jiff::civil::Date;
use quick_cache::sync::Cache;

use crate::answers::Answers;
use crate::lab::Lab;
use crate::lawbook::LawBook;
use crate::moment::today;
use crate::names::Names;
use crate::problem::Problem;
use crate::ready::ReadyQuestions;
use crate::search::Index;

/// How many laws are kept: one for each state of what had been published.
const MOST_LAWS: usize = 16;

/// Everything that the pages are made from.
pub struct Atlas {
    registry: Arc<Registry>,
    /// The days on which a source was published, in order: between two of them nothing more
    /// becomes known.
    published: Vec<Date>,
    laws: Cache<Option<Date>, Arc<LawBook>>,
    series: OnceLock<Almanac>,
    almanac: OnceLock<Almanac>,
    economies: OnceLock<Vec<Economy>>,
    ready: ReadyQuestions,
    names: Names,
    index: Index,
    lab: Option<Lab>,
    pub(crate) answers: Answers,
}

impl Atlas {
    /// Loads a pack and makes it ready to be asked.
    ///
    /// # Errors
    /// Every mistake in the pack, at its place.
    pub fn open(pack: &PackFiles) -> Result<Self, LibraryError> {
        let registry = Arc::new(acquis_library::registry(pack)?);
        let mut published: Vec<Date> = registry
            .sources()
            .filter_map(|source| source.published.as_ref().or(source.accessed.as_ref()))
            .filter_map(EdtfDate::last_day)
            .collect();
        published.sort_unstable();
        published.dedup();
        let ready = ReadyQuestions::read(pack, &registry)?;
        let names = Names::new(&registry);
        let index = Index::new(&registry);
        let atlas = Self {
            registry,
            published,
            laws: Cache::new(MOST_LAWS),
            series: OnceLock::new(),
            almanac: OnceLock::new(),
            economies: OnceLock::new(),
            ready,
            names,
            index,
            lab: None,
            answers: Answers::new(),
        };
        // Whoever asks first should not wait longer than those who ask later.
        let _ = atlas.law(None);
        Ok(atlas)
    }

    /// The same with a lab, in which scenarios and runs are kept.
    #[must_use]
    pub fn with_lab(mut self, lab: Lab) -> Self {
        self.lab = Some(lab);
        self
    }

    /// The lab.
    pub(crate) fn lab(&self) -> Result<&Lab, Problem> {
        self.lab.as_ref().ok_or_else(|| {
            Problem::not_found("Nothing is kept here.")
                .advise("Start the program with a folder for its data.")
        })
    }

    /// The registry.
    pub(crate) fn registry(&self) -> &Registry {
        &self.registry
    }

    /// Where every name leads.
    pub(crate) const fn names(&self) -> &Names {
        &self.names
    }

    /// Everything that can be found.
    pub(crate) const fn index(&self) -> &Index {
        &self.index
    }

    /// The law, as known by a day.
    pub(crate) fn law(&self, known_by: Option<Date>) -> Arc<LawBook> {
        let published = known_by.map(|day| self.last_published(day));
        let read =
            || Ok::<_, std::convert::Infallible>(Arc::new(LawBook::new(&self.registry, published)));
        match self.laws.get_or_insert_with(&published, read) {
            Ok(law) => law,
            Err(never) => match never {},
        }
    }

    /// The last day up to this one on which anything was published, or a day before the
    /// first.
    fn last_published(&self, day: Date) -> Date {
        match self
            .published
            .partition_point(|published| *published <= day)
        {
            0 => {
                let first = self
                    .published
                    .first()
                    .and_then(|first| first.yesterday().ok());
                first.unwrap_or(day)
            }
            count => self.published[count - 1],
        }
    }

    /// The series by state and year that are built in.
    pub(crate) fn series(&self) -> Result<&Almanac, LibraryError> {
        if let Some(series) = self.series.get() {
            return Ok(series);
        }
        let series = acquis_library::series()?;
        Ok(self.series.get_or_init(|| series))
    }

    /// The series and the trade of the economies that are built in.
    pub(crate) fn almanac(&self) -> Result<&Almanac, LibraryError> {
        if let Some(almanac) = self.almanac.get() {
            return Ok(almanac);
        }
        let almanac = acquis_library::almanac()?;
        Ok(self.almanac.get_or_init(|| almanac))
    }

    /// The economies that are built in.
    pub(crate) fn economies(&self) -> Result<&[Economy], LibraryError> {
        if let Some(economies) = self.economies.get() {
            return Ok(economies);
        }
        let economies = acquis_library::builtin_economies()?;
        Ok(self.economies.get_or_init(|| economies))
    }

    /// The questions on blocs that are ready to be asked.
    pub(crate) const fn ready(&self) -> &ReadyQuestions {
        &self.ready
    }

    /// The first day of the years that the pack covers; where it doesn't say, the first day on
    /// which anything changed.
    pub(crate) fn from(&self) -> Option<Date> {
        let covers = self.registry.card().covers.as_ref();
        covers
            .and_then(EdtfDate::first_day)
            .or_else(|| self.law(None).change_days().first().copied())
    }

    /// The day of a page for which none was asked: today.
    pub(crate) fn usual_day() -> Date {
        today()
    }
}
