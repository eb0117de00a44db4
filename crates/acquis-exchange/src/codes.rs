//! The codes of states: ISO 3166 alpha-3 or a private code, and the numbers that the
//! Correlates of War project and Gleditsch and Ward give them.
//!
//! The tables are data: `data/states.csv` (code, name) and `data/state-codes.csv` (code, list,
//! number, first and last year in the list). A number can stand for different codes at
//! different times or in different registries (365 for the Soviet Union and for Russia); the
//! row that comes first in the file goes before the others.

use std::collections::BTreeMap;
use std::sync::OnceLock;

/// A list of states with numbers of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NumberedList {
    /// Correlates of War, State System Membership v2016.
    Cow,
    /// Gleditsch and Ward (1999).
    GleditschWard,
}

#[derive(Debug)]
struct Entry {
    code: &'static str,
    list: NumberedList,
    number: i16,
    first_year: i16,
    last_year: Option<i16>,
}

impl Entry {
    fn covers(&self, year: i16) -> bool {
        self.first_year <= year && self.last_year.is_none_or(|last| year <= last)
    }
}

/// The built-in tables of codes.
///
/// ```
/// use acquis_exchange::{NumberedList, StateCodes};
///
/// let codes = StateCodes::built_in();
/// assert_eq!(codes.name("KGZ"), Some("Kyrgyzstan"));
/// assert_eq!(codes.number(NumberedList::Cow, "KGZ", 2000), Some(703));
/// assert_eq!(codes.number(NumberedList::Cow, "KGZ", 1980), None);
/// assert_eq!(codes.private_code(NumberedList::Cow, 315), Some("XCZ"));
/// ```
#[derive(Debug)]
pub struct StateCodes {
    names: BTreeMap<&'static str, &'static str>,
    entries: Vec<Entry>,
}

const STATES: &str = include_str!("../data/states.csv");
const CODES: &str = include_str!("../data/state-codes.csv");

impl StateCodes {
    /// The tables, read once.
    pub fn built_in() -> &'static Self {
        static TABLES: OnceLock<StateCodes> = OnceLock::new();
        TABLES.get_or_init(|| Self {
            names: STATES.lines().skip(1).filter_map(name).collect(),
            entries: CODES.lines().skip(1).filter_map(entry).collect(),
        })
    }

    /// The name that goes with a code.
    pub fn name(&self, code: &str) -> Option<&'static str> {
        self.names.get(code).copied()
    }

    /// Every code.
    pub fn codes(&self) -> impl Iterator<Item = &'static str> {
        self.names.keys().copied()
    }

    /// The number of a state in a list in a year; `None` while the list doesn't have it.
    pub fn number(&self, list: NumberedList, code: &str, year: i16) -> Option<i16> {
        self.numbers_in(list, year)
            .find(|(candidate, _)| *candidate == code)
            .map(|(_, number)| number)
    }

    /// The private code of a vanished or disputed state with this number.
    pub fn private_code(&self, list: NumberedList, number: i16) -> Option<&'static str> {
        self.entries
            .iter()
            .find(|entry| entry.list == list && entry.number == number && is_private(entry.code))
            .map(|entry| entry.code)
    }

    /// Whether the tables know the code at all.
    pub fn lists(&self, code: &str) -> bool {
        self.entries.iter().any(|entry| entry.code == code)
    }

    /// Whether one of the lists has the state in a year.
    pub fn is_listed_in(&self, code: &str, year: i16) -> bool {
        self.entries
            .iter()
            .any(|entry| entry.code == code && entry.covers(year))
    }

    /// The codes and numbers of a list in a year; where codes share a number, the one that
    /// goes before comes first.
    pub fn numbers_in(
        &self,
        list: NumberedList,
        year: i16,
    ) -> impl Iterator<Item = (&'static str, i16)> {
        self.entries
            .iter()
            .filter(move |entry| entry.list == list && entry.covers(year))
            .map(|entry| (entry.code, entry.number))
    }
}

/// Whether a code is one of the private ones, from XAA to XZZ, which ISO 3166 leaves to users.
pub(crate) fn is_private(code: &str) -> bool {
    code.starts_with('X')
}

fn name(line: &'static str) -> Option<(&'static str, &'static str)> {
    let (code, name) = line.split_once(',')?;
    Some((code, name.trim_matches('"')))
}

fn entry(line: &'static str) -> Option<Entry> {
    let mut fields = line.split(',');
    Some(Entry {
        code: fields.next()?,
        list: match fields.next()? {
            "cow" => NumberedList::Cow,
            "gw" => NumberedList::GleditschWard,
            _ => return None,
        },
        number: fields.next()?.parse().ok()?,
        first_year: fields.next()?.parse().ok()?,
        last_year: match fields.next()? {
            "" => None,
            year => Some(year.parse().ok()?),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_the_tables_is_read() {
        let codes = StateCodes::built_in();
        assert_eq!(codes.names.len(), STATES.lines().count() - 1);
        assert_eq!(codes.entries.len(), CODES.lines().count() - 1);
        for entry in &codes.entries {
            assert!(codes.name(entry.code).is_some(), "{}", entry.code);
        }
    }

    #[test]
    fn a_private_code_goes_before_the_code_that_shares_its_number() {
        let codes = StateCodes::built_in();
        let first = codes
            .numbers_in(NumberedList::Cow, 1970)
            .find(|(_, number)| *number == 260);
        assert_eq!(first, Some(("XFG", 260)));
    }
}
