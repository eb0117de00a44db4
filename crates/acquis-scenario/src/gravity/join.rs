//! Stage dummies joined to a panel.

use std::collections::BTreeMap;

use acquis_gravity::{DyadColumns, Factor, MISSING, Table, TableError};
use acquis_law::{Grade, Law};
use acquis_registry::document::Word as _;
use acquis_registry::{Registry, Stage, StateCode};
use thiserror::Error;

use super::panel::{StagePanel, YearDay};

/// What is asked of the law for every row of a panel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StageQuestion {
    /// The grade at which a stage counts.
    pub grade: Grade,
    /// The day of the year that counts for the whole of it.
    pub day: YearDay,
    /// Years before, each with columns of its own.
    pub lags: Vec<u16>,
    /// Years after.
    pub leads: Vec<u16>,
}

/// What a number in the columns of exporter and importer stands for: the state's code at a
/// year, if the list has it.
pub type StateNumbers<'n> = &'n dyn Fn(i64, i16) -> Option<&'static str>;

/// A column that was joined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StageColumn {
    /// Its name: the stage's word, with `_lag4` or `_lead4`.
    pub name: String,
    /// The stage.
    pub stage: Stage,
    /// Years before (above zero) or after (below).
    pub shift: i32,
}

/// A stage that occurs in the panel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JoinedStage {
    /// The stage.
    pub stage: Stage,
    /// Rows with it.
    pub rows: usize,
    /// Ordered pairs that have it in some year.
    pub pairs: usize,
    /// Ordered pairs that have it in some years and not in others: a pair effect leaves
    /// nothing to see in those that always have it.
    pub changing: usize,
    /// First and last year with it.
    pub years: (i16, i16),
}

/// A name in the panel that the pack doesn't know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownState {
    /// As in the panel.
    pub name: String,
    /// Rows in which it is exporter or importer.
    pub rows: usize,
}

/// What a join did.
#[derive(Debug, Clone, PartialEq)]
pub struct StageJoin {
    /// What was asked.
    pub question: StageQuestion,
    /// Which columns named the dyads.
    pub columns: DyadColumns,
    /// The columns that were added, in the order of depth, those of the year itself first.
    pub added: Vec<StageColumn>,
    /// The stages that occur, shallow to deep.
    pub stages: Vec<JoinedStage>,
    /// Names that the pack doesn't know, those with most rows first.
    pub unknown: Vec<UnknownState>,
    /// Rows with such a name; they have no stage.
    pub unknown_rows: usize,
    /// Rows of the panel.
    pub rows: usize,
}

/// Why stages can't be joined to a panel.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum JoinError {
    /// A cross-section, whose law is of no day.
    #[error("no column is evidently the year: name it")]
    NoYear,
    /// Not a year.
    #[error("`{column}` is {value} in row {row}: that is not a year")]
    NotAYear {
        /// The column.
        column: String,
        /// Its value.
        value: f64,
        /// The row, from 1.
        row: usize,
    },
    /// A column would be overwritten.
    #[error("the panel has a column `{0}` already: rename it, or leave out --stages")]
    Taken(String),
    /// No name in the panel is one of the pack's states.
    #[error("none of the {names} names in `{column}` (such as `{example}`) is a state of the pack")]
    NobodyKnown {
        /// The column.
        column: String,
        /// How many names it has.
        names: usize,
        /// One of them.
        example: String,
    },
    /// The table does not have what is needed.
    #[error(transparent)]
    Table(#[from] TableError),
}

/// Adds to a panel a column of zeros and ones for every stage that occurs in it, now or at one
/// of the lags and leads that are asked for. A row has at most one stage, so that each
/// coefficient is the effect of a stage against none.
///
/// A row without a state or a year has missing values. A row with a name that the pack doesn't
/// know has no stage; [`StageJoin::unknown`] says which.
///
/// # Errors
/// [`JoinError`].
pub fn join_stages(
    table: Table,
    law: &Law<'_>,
    columns: &DyadColumns,
    question: &StageQuestion,
    numbers: Option<StateNumbers<'_>>,
) -> Result<(Table, StageJoin), JoinError> {
    let panel = Panel::new(&table, law.registry(), columns, numbers)?;
    let shifts = shifts(question);
    let wanted = panel.years.iter().flatten();
    let wanted = wanted.flat_map(|&year| shifts.iter().filter_map(move |&by| shifted(year, by)));
    let of = (question.grade, question.day);
    let stages = StagePanel::new(law, &panel.states, wanted, of);
    let (columns_of, tally) = panel.stages(&stages, &shifts);
    let mut join = StageJoin {
        question: question.clone(),
        columns: columns.clone(),
        added: Vec::new(),
        stages: tally,
        unknown: panel.unknown(),
        unknown_rows: panel.rows.iter().filter(|row| row.is_unknown()).count(),
        rows: table.rows,
    };
    let mut table = table;
    for (&by, by_row) in shifts.iter().zip(&columns_of) {
        for &stage in Stage::ALL.iter().filter(|stage| **stage != Stage::None) {
            // A stage has all its columns or none, so that lags of one match those of another.
            if !columns_of.iter().any(|rows| rows.contains(&Some(stage))) {
                continue;
            }
            let name = column_name(stage, by);
            if table.columns.iter().any(|column| column.name == name) {
                return Err(JoinError::Taken(name));
            }
            let dummy = |found: &Option<Stage>| match found {
                Some(found) => f64::from(u8::from(*found == stage)),
                None => f64::NAN,
            };
            table = table.with(&name, by_row.iter().map(dummy).collect())?;
            join.added.push(StageColumn {
                name,
                stage,
                shift: by,
            });
        }
    }
    Ok((table, join))
}

/// Zero, then lags, then leads, in years back.
fn shifts(question: &StageQuestion) -> Vec<i32> {
    let lags = question.lags.iter().map(|&lag| i32::from(lag));
    let leads = question.leads.iter().map(|&lead| -i32::from(lead));
    let mut shifts = vec![0];
    for by in lags.chain(leads) {
        if !shifts.contains(&by) {
            shifts.push(by);
        }
    }
    shifts
}

fn shifted(year: i16, by: i32) -> Option<i16> {
    i16::try_from(i32::from(year) - by).ok()
}

fn column_name(stage: Stage, by: i32) -> String {
    match by {
        0 => stage.word().to_owned(),
        1.. => format!("{}_lag{by}", stage.word()),
        _ => format!("{}_lead{}", stage.word(), -by),
    }
}

/// One side of a row.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    State(usize),
    Unknown,
    Missing,
}

#[derive(Clone, Copy)]
struct Dyad {
    exporter: Side,
    importer: Side,
}

impl Dyad {
    fn is_unknown(&self) -> bool {
        self.exporter == Side::Unknown || self.importer == Side::Unknown
    }
}

/// The dyads and years of a panel's rows.
struct Panel<'t> {
    exporter: Factor<'t>,
    importer: Factor<'t>,
    rows: Vec<Dyad>,
    /// `None` where the year is missing.
    years: Vec<Option<i16>>,
    /// The states of the pack that occur.
    states: Vec<StateCode>,
}

impl<'t> Panel<'t> {
    fn new(
        table: &'t Table,
        registry: &Registry,
        columns: &DyadColumns,
        numbers: Option<StateNumbers<'_>>,
    ) -> Result<Self, JoinError> {
        let year = columns.year.as_deref().ok_or(JoinError::NoYear)?;
        let years = years(table.numbers(year)?, year)?;
        let exporter = table.factor(&columns.exporter)?;
        let importer = table.factor(&columns.importer)?;
        let mut states: Vec<StateCode> = Vec::new();
        let mut sides = Vec::with_capacity(2);
        for (factor, column) in [
            (&exporter, &columns.exporter),
            (&importer, &columns.importer),
        ] {
            let found = by_row(factor, &years, registry, numbers, &mut states);
            if !found.iter().any(|side| matches!(side, Side::State(_))) && table.rows > 0 {
                return Err(JoinError::NobodyKnown {
                    column: column.clone(),
                    names: factor.levels(),
                    example: factor.label(0),
                });
            }
            sides.push(found);
        }
        let rows = sides[0].iter().zip(&sides[1]);
        let rows = rows.map(|(&exporter, &importer)| Dyad { exporter, importer });
        Ok(Self {
            rows: rows.collect(),
            exporter,
            importer,
            years,
            states,
        })
    }

    /// The stage of every row at every shift (`None` where something is missing), and how
    /// often each occurs in the rows' own years.
    fn stages(
        &self,
        law: &StagePanel,
        shifts: &[i32],
    ) -> (Vec<Vec<Option<Stage>>>, Vec<JoinedStage>) {
        let mut years: BTreeMap<i16, Vec<Option<usize>>> = BTreeMap::new();
        for &year in self.years.iter().flatten() {
            years.entry(year).or_insert_with(|| {
                let place = |&by: &i32| shifted(year, by).and_then(|year| law.year(year));
                shifts.iter().map(place).collect()
            });
        }
        let mut tally = Tally::new(self.states.len());
        let mut found = vec![Vec::with_capacity(self.rows.len()); shifts.len()];
        for (dyad, year) in self.rows.iter().zip(&self.years) {
            let places = year.and_then(|year| Some((year, years.get(&year)?)));
            let known = match (dyad.exporter, dyad.importer) {
                (Side::Missing, _) | (_, Side::Missing) => None,
                (Side::State(first), Side::State(second)) => Some(Some((first, second))),
                _ => Some(None),
            };
            for (at, found) in found.iter_mut().enumerate() {
                found.push(match (known, &places) {
                    (Some(Some((first, second))), Some((_, places))) => {
                        let stage = places[at].map(|place| law.at(place, first, second));
                        Some(stage.unwrap_or(Stage::None))
                    }
                    (Some(None), Some(_)) => Some(Stage::None),
                    _ => None,
                });
            }
            if let (Some(Some(pair)), Some((year, _)), Some(Some(stage))) =
                (known, places, found[0].last())
            {
                tally.count(pair, year, *stage);
            }
        }
        (found, tally.stages())
    }

    /// Names that the pack doesn't know, with the rows in which they occur.
    fn unknown(&self) -> Vec<UnknownState> {
        let (exporter, importer) = (&self.exporter, &self.importer);
        // The importer's code of the same name, so that trade with oneself counts once.
        let names: BTreeMap<String, u32> =
            levels(importer).map(|c| (importer.label(c), c)).collect();
        let twin: Vec<u32> = levels(exporter)
            .map(|code| names.get(&exporter.label(code)).copied().unwrap_or(MISSING))
            .collect();
        let mut sells = vec![0_usize; exporter.levels()];
        let mut buys = vec![0_usize; importer.levels()];
        for (row, dyad) in self.rows.iter().enumerate() {
            let (seller, buyer) = (exporter.codes()[row], importer.codes()[row]);
            if dyad.exporter == Side::Unknown {
                sells[seller as usize] += 1;
            }
            let itself = dyad.exporter == Side::Unknown && twin[seller as usize] == buyer;
            if dyad.importer == Side::Unknown && !itself {
                buys[buyer as usize] += 1;
            }
        }
        let mut rows: BTreeMap<String, usize> = BTreeMap::new();
        for (factor, counts) in [(exporter, sells), (importer, buys)] {
            for (code, count) in levels(factor).zip(counts).filter(|(_, count)| *count > 0) {
                *rows.entry(factor.label(code)).or_default() += count;
            }
        }
        let named = |(name, rows)| UnknownState { name, rows };
        let mut unknown: Vec<UnknownState> = rows.into_iter().map(named).collect();
        unknown.sort_by(|a, b| b.rows.cmp(&a.rows).then_with(|| a.name.cmp(&b.name)));
        unknown
    }
}

/// The codes of a factor.
fn levels(factor: &Factor<'_>) -> std::ops::Range<u32> {
    0..u32::try_from(factor.levels()).unwrap_or(u32::MAX)
}

/// How often stages occur.
struct Tally {
    states: usize,
    rows: BTreeMap<Stage, (usize, (i16, i16))>,
    /// By ordered pair: which stages it has been seen with, as bits of their depth.
    seen: Vec<u8>,
}

impl Tally {
    fn new(states: usize) -> Self {
        Self {
            states,
            rows: BTreeMap::new(),
            seen: vec![0; states * states],
        }
    }

    fn count(&mut self, (first, second): (usize, usize), year: i16, stage: Stage) {
        self.seen[first * self.states + second] |= 1 << stage.depth();
        let (rows, years) = self.rows.entry(stage).or_insert((0, (year, year)));
        *rows += 1;
        *years = (years.0.min(year), years.1.max(year));
    }

    fn stages(&self) -> Vec<JoinedStage> {
        let of = |(&stage, &(rows, years)): (&Stage, &(usize, (i16, i16)))| {
            let bit = 1_u8 << stage.depth();
            let having = self.seen.iter().filter(|seen| **seen & bit != 0);
            JoinedStage {
                stage,
                rows,
                pairs: having.clone().count(),
                changing: having.filter(|seen| **seen != bit).count(),
                years,
            }
        };
        let known = self.rows.iter().filter(|(stage, _)| **stage != Stage::None);
        known.map(of).collect()
    }
}

fn years(values: &[f64], column: &str) -> Result<Vec<Option<i16>>, JoinError> {
    let year = |(row, &value): (usize, &f64)| {
        if !value.is_finite() {
            return Ok(None);
        }
        if value.fract().abs() > 0.0 || !(1.0..=9999.0).contains(&value) {
            return Err(JoinError::NotAYear {
                column: column.to_owned(),
                value,
                row: row + 1,
            });
        }
        #[expect(clippy::cast_possible_truncation, reason = "whole and below 10,000")]
        Ok(Some(value as i16))
    };
    values.iter().enumerate().map(year).collect()
}

/// The state of every row on one side. A number stands for a state at a time, so that the
/// same one may be another state later.
fn by_row(
    factor: &Factor<'_>,
    years: &[Option<i16>],
    registry: &Registry,
    numbers: Option<StateNumbers<'_>>,
    states: &mut Vec<StateCode>,
) -> Vec<Side> {
    let mut place = |code: &StateCode| {
        let known = states.iter().position(|state| state == code);
        known.unwrap_or_else(|| {
            states.push(code.clone());
            states.len() - 1
        })
    };
    let Some(numbers) = numbers else {
        let by_level: Vec<Side> = levels(factor)
            .map(|level| match registry.find_state(&factor.label(level)) {
                Ok(state) => Side::State(place(&state.code)),
                Err(_) => Side::Unknown,
            })
            .collect();
        let side = |&code: &u32| {
            by_level
                .get(code as usize)
                .copied()
                .unwrap_or(Side::Missing)
        };
        return factor.codes().iter().map(side).collect();
    };
    let mut known: BTreeMap<(u32, i16), Side> = BTreeMap::new();
    let rows = factor.codes().iter().zip(years);
    rows.map(|(&code, &year)| match (code, year) {
        (MISSING, _) | (_, None) => Side::Missing,
        (code, Some(year)) => *known.entry((code, year)).or_insert_with(|| {
            let number = factor.label(code).parse().ok();
            let code = number.and_then(|number| numbers(number, year));
            let state = code.and_then(|code| registry.state(&StateCode::new(code)));
            state.map_or(Side::Unknown, |state| Side::State(place(&state.code)))
        }),
    })
    .collect()
}
