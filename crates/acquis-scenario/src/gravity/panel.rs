//! The stage between two states in every year of a panel, each asked of the law once.

use std::collections::BTreeMap;
use std::str::FromStr;

use acquis_law::{Grade, Law};
use acquis_registry::{Stage, StateCode};
use jiff::civil::Date;
use rayon::prelude::*;

/// The day of a year on which the law counts for the whole of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct YearDay {
    month: i8,
    day: i8,
}

impl YearDay {
    /// The day in a year.
    pub(super) fn in_year(self, year: i16) -> Option<Date> {
        Date::new(year, self.month, self.day).ok()
    }
}

impl Default for YearDay {
    /// The first of July: what is in force then is in force for most of the year.
    fn default() -> Self {
        Self { month: 7, day: 1 }
    }
}

impl FromStr for YearDay {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is not a day of every year, such as 07-01 or 12-31");
        let (month, day) = text.split_once('-').ok_or_else(wrong)?;
        let found = Self {
            month: month.parse().map_err(|_| wrong())?,
            day: day.parse().map_err(|_| wrong())?,
        };
        // A day that only leap years have is in no panel.
        found.in_year(2001).map(|_| found).ok_or_else(wrong)
    }
}

impl std::fmt::Display for YearDay {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{:02}-{:02}", self.month, self.day)
    }
}

/// Stages by pair and year.
pub(super) struct StagePanel {
    states: usize,
    /// Positions of the years.
    years: BTreeMap<i16, usize>,
    /// `[years][states][states]`.
    stages: Vec<Stage>,
}

impl StagePanel {
    /// The stages between all `states` on the day of each of `years`.
    pub(super) fn new(
        law: &Law<'_>,
        states: &[StateCode],
        years: impl Iterator<Item = i16>,
        (grade, day): (Grade, YearDay),
    ) -> Self {
        let mut years: Vec<i16> = years.collect();
        years.sort_unstable();
        years.dedup();
        // Between two days without an act in between the stages are the same.
        let changes = law.change_days();
        let epoch = |year: i16| {
            let day = day.in_year(year)?;
            Some(changes.partition_point(|change| *change <= day))
        };
        let mut epochs: Vec<usize> = years.iter().filter_map(|&year| epoch(year)).collect();
        epochs.dedup();
        let first_day = |wanted: usize| {
            let year = years.iter().find(|&&year| epoch(year) == Some(wanted));
            year.and_then(|&year| day.in_year(year))
        };
        let asked: Vec<Vec<Stage>> = epochs
            .par_iter()
            .map(|&epoch| match first_day(epoch) {
                Some(day) => square(law, states, day, grade),
                None => vec![Stage::None; states.len().pow(2)],
            })
            .collect();
        let place = |year: i16| epoch(year).and_then(|epoch| epochs.binary_search(&epoch).ok());
        let places = years.iter().filter_map(|&year| Some((year, place(year)?)));
        Self {
            states: states.len(),
            years: places.collect(),
            stages: asked.concat(),
        }
    }

    /// The position of a year's stages, for [`Self::at`].
    pub(super) fn year(&self, year: i16) -> Option<usize> {
        self.years.get(&year).copied()
    }

    /// The stage between two states.
    pub(super) fn at(&self, year: usize, first: usize, second: usize) -> Stage {
        self.stages[(year * self.states + first) * self.states + second]
    }
}

fn square(law: &Law<'_>, states: &[StateCode], day: Date, grade: Grade) -> Vec<Stage> {
    let matrix = law.stage_matrix(states, day, grade);
    let cells =
        (0..states.len()).flat_map(|row| (0..states.len()).map(move |column| (row, column)));
    cells
        .map(|(row, column)| matrix.stage(row, column))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_the_year() {
        assert_eq!("12-31".parse::<YearDay>().unwrap().to_string(), "12-31");
        assert_eq!(YearDay::default().to_string(), "07-01");
        for wrong in ["02-29", "13-01", "0701", "1-x", ""] {
            assert!(wrong.parse::<YearDay>().is_err(), "{wrong}");
        }
    }
}
