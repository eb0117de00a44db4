//! Series by state and year, and trade by pair and year: what the figures of the literature
//! are checked against.

use std::collections::BTreeMap;
use std::sync::Arc;

use acquis_economy::Economy;
use acquis_registry::{Finding, Findings, Lint, Place, Series, SourceText, StateCode, Sum};

/// The series that are built in or that a user brings.
#[derive(Debug, Clone, Default)]
pub struct Almanac {
    /// By series, state and year.
    levels: BTreeMap<(Series, String, i32), f64>,
    /// Trade, by year.
    trade: BTreeMap<i32, Economy>,
}

/// Why a sum could not be had.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoSum {
    /// The series has no figure for a state in that year.
    #[error("no figure for the {series} of {state} in {year}")]
    NoFigure {
        /// The series.
        series: &'static str,
        /// The state.
        state: String,
        /// The year.
        year: i32,
    },
    /// No trade matrix of that year.
    #[error("no trade matrix for {year}; there are {known}")]
    NoTrade {
        /// The year.
        year: i32,
        /// The years there are.
        known: String,
    },
    /// A state that the trade matrix does not have by itself.
    #[error("the trade of {state} is not in the matrix of {year} by itself")]
    NotInMatrix {
        /// The state.
        state: String,
        /// The year.
        year: i32,
    },
}

impl Almanac {
    /// Reads a table with the columns `iso3`, `year`, `gdp_current_usd` and `population`,
    /// and takes the economies of one sector as trade matrices of their years. Cells may be
    /// empty.
    ///
    /// # Errors
    /// A table without these columns, or a cell that is not a number, at its line.
    pub fn read(table: &Arc<SourceText>, economies: Vec<Economy>) -> Result<Self, Findings> {
        let mut almanac = Self {
            levels: BTreeMap::new(),
            trade: economies
                .into_iter()
                .filter(|economy| economy.sectors().len() == 1)
                .map(|economy| (economy.card.year, economy))
                .collect(),
        };
        let mut reader = csv::Reader::from_reader(table.text.as_bytes());
        let wrong = |error: &dyn std::fmt::Display, line: u64| {
            let line_start = nth_line(&table.text, line);
            let place = Place {
                file: Arc::clone(table),
                span: line_start..line_start,
            };
            Findings::from(Finding::error(
                Lint::Format,
                Some(place),
                format!("not a table of series: {error}"),
            ))
        };
        let headers = reader.headers().map_err(|error| wrong(&error, 1))?.clone();
        let column = |name: &str| {
            headers
                .iter()
                .position(|header| header == name)
                .ok_or_else(|| wrong(&format!("it has no column {name:?}"), 1))
        };
        let (state, year) = (column("iso3")?, column("year")?);
        let series = [
            (Series::Gdp, column("gdp_current_usd")?),
            (Series::Population, column("population")?),
        ];
        for record in reader.records() {
            let record = record.map_err(|error| wrong(&error, 1))?;
            let line = record.position().map_or(1, csv::Position::line);
            let field = |column: usize| record.get(column).unwrap_or_default().trim();
            let year_of: i32 = field(year)
                .parse()
                .map_err(|_| wrong(&format!("{:?} is not a year", field(year)), line))?;
            for (series, column) in series {
                let text = field(column);
                if text.is_empty() {
                    continue;
                }
                let value = text
                    .parse::<f64>()
                    .ok()
                    .filter(|value| value.is_finite())
                    .ok_or_else(|| wrong(&format!("{text:?} is not a number"), line))?;
                almanac
                    .levels
                    .insert((series, field(state).to_owned(), year_of), value);
            }
        }
        Ok(almanac)
    }

    /// A sum of a series over a group of states in a year. GDP in current US dollars,
    /// population in persons, trade in the unit of its matrix.
    ///
    /// # Errors
    /// A figure that is not there.
    pub fn sum(&self, sum: &Sum) -> Result<f64, NoSum> {
        let year = i32::from(sum.year);
        match sum.series {
            Series::Trade => self.trade(&sum.group, &sum.partners, year),
            series => sum
                .group
                .iter()
                .map(|state| self.level(series, state, year))
                .sum(),
        }
    }

    /// The unit of the trade matrix of a year.
    pub fn trade_unit(&self, year: i16) -> Option<&str> {
        self.trade
            .get(&i32::from(year))
            .map(|economy| economy.card.unit.as_str())
    }

    fn level(&self, series: Series, state: &StateCode, year: i32) -> Result<f64, NoSum> {
        self.levels
            .get(&(series, state.to_string(), year))
            .copied()
            .ok_or_else(|| NoSum::NoFigure {
                series: series.label(),
                state: state.to_string(),
                year,
            })
    }

    /// Exports plus imports of a group with partners (everybody if there are none); trade
    /// between two states of the group is counted once.
    fn trade(&self, group: &[StateCode], partners: &[StateCode], year: i32) -> Result<f64, NoSum> {
        let economy = self.trade.get(&year).ok_or_else(|| NoSum::NoTrade {
            year,
            known: self
                .trade
                .keys()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(", "),
        })?;
        let positions = |states: &[StateCode]| {
            states
                .iter()
                .map(|state| {
                    economy
                        .position(state.as_str())
                        .ok_or_else(|| NoSum::NotInMatrix {
                            state: state.to_string(),
                            year,
                        })
                })
                .collect::<Result<Vec<usize>, NoSum>>()
        };
        let count = economy.labels().len();
        let group = positions(group)?;
        let partners = if partners.is_empty() {
            (0..count).collect()
        } else {
            positions(partners)?
        };
        let mut total = 0.0;
        for exporter in 0..count {
            for importer in 0..count {
                let one_way = group.contains(&exporter) && partners.contains(&importer);
                let other_way = group.contains(&importer) && partners.contains(&exporter);
                if exporter != importer && (one_way || other_way) {
                    total += economy.trade()[exporter * count + importer];
                }
            }
        }
        Ok(total)
    }
}

fn nth_line(text: &str, line: u64) -> usize {
    let line = usize::try_from(line).unwrap_or(1).saturating_sub(1);
    text.split_inclusive('\n').take(line).map(str::len).sum()
}
