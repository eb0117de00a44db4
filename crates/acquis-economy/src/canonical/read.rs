//! Reads a canonical file.

use std::path::Path;

use super::Kind;
use super::metadata::Heading;
use crate::codes::{Absent, Codes, Grid, cells_to_fill};
use crate::economy::{Economy, Figures, TariffSchedule};
use crate::error::{EconomyError, Location};
use crate::limits::Limits;
use crate::manifest::{is_manifest, read_economy_files};
use crate::meaning::Elasticities;
use crate::table::{Column, LongTable, is_parquet, read_metadata, read_text};

/// Whether a file holds an economy, by what it says of itself: a canonical file by its
/// metadata, a manifest by the table of trade that it names.
///
/// # Errors
/// A file that can't be read.
pub fn is_economy_file(path: &Path) -> Result<bool, EconomyError> {
    if is_parquet(path)? {
        return Ok(Heading::is_in(&read_metadata(path)?));
    }
    let is_toml = path.extension().is_some_and(|ending| ending == "toml");
    Ok(is_toml && is_manifest(&read_text(path)?))
}

/// Reads an economy: a canonical file, or a manifest with the tables beside it.
///
/// # Errors
/// A file that can't be read, and every mistake in it.
pub fn load(path: &Path) -> Result<Economy, EconomyError> {
    if is_parquet(path)? {
        Economy::read(path)
    } else {
        Ok(Economy::load(&read_economy_files(path)?)?)
    }
}

impl Economy {
    /// Reads a canonical file.
    ///
    /// # Errors
    /// A file of another format or version, a record of no known kind, country or sector,
    /// cells that are missing or given twice, and figures out of their range.
    pub fn read(path: &Path) -> Result<Self, EconomyError> {
        Self::read_within(path, Limits::OWN)
    }

    /// Reads a canonical file as [`Economy::read`] does, unless it is too large.
    ///
    /// # Errors
    /// As there, and more rows or cells than may be held.
    pub fn read_within(path: &Path, limits: Limits) -> Result<Self, EconomyError> {
        let heading = Heading::read(&path.display().to_string(), &read_metadata(path)?)?;
        let table = LongTable::open_within(path, limits)?;
        let shape = [
            heading.schedules.len().max(1),
            heading.sectors.len(),
            heading.countries.len(),
            heading.countries.len(),
        ];
        cells_to_fill("flows and tariffs", &shape, &table)?;
        let countries = Codes::of("country", heading.countries.iter().map(String::as_str));
        let sectors = Codes::of("sector", heading.sectors.iter().map(|it| it.code.as_str()));
        let schedules = Codes::of("schedule", heading.schedules.iter().map(String::as_str));
        let mut records = Records::new(&table, &countries, &sectors, &schedules)?;
        if heading.is_flagged {
            let cells = records.flows.len();
            records.estimated = Some(vec![false; cells]);
        }
        for row in 0..table.len() {
            records.take(row)?;
        }
        let at = table.at_start();
        let figures = records.figures(heading.elasticities, &at)?;
        let figures = Figures {
            countries: heading.countries,
            sectors: heading.sectors,
            ..figures
        };
        Self::new(heading.card, figures)
    }
}

struct Columns {
    kind: Column,
    country: Column,
    importer: Column,
    sector: Column,
    using_sector: Column,
    schedule: Column,
    value: Column,
    tariff: Column,
    estimated: Column,
}

/// The tables as they fill.
struct Records<'t> {
    table: &'t LongTable,
    columns: Columns,
    countries: &'t Codes,
    sectors: &'t Codes,
    schedules: &'t Codes,
    flows: Grid<'t>,
    tariffs: Vec<Grid<'t>>,
    estimated: Option<Vec<bool>>,
    value_added_shares: Option<Grid<'t>>,
    input_coefficients: Option<Grid<'t>>,
    final_demand: Option<Grid<'t>>,
    gross_output: Option<Grid<'t>>,
    elasticities: Option<Grid<'t>>,
}

impl<'t> Records<'t> {
    fn new(
        table: &'t LongTable,
        countries: &'t Codes,
        sectors: &'t Codes,
        schedules: &'t Codes,
    ) -> Result<Self, EconomyError> {
        let columns = Columns {
            kind: table.column("kind")?,
            country: table.column("country")?,
            importer: table.column("importer")?,
            sector: table.column("sector")?,
            using_sector: table.column("using_sector")?,
            schedule: table.column("schedule")?,
            value: table.column("value")?,
            tariff: table.column("tariff")?,
            estimated: table.column("estimated")?,
        };
        let pairs = [sectors, countries, countries];
        let tariffs = (schedules.order().iter()).map(|_| Grid::to_fill("tariffs", &pairs, table));
        Ok(Self {
            table,
            columns,
            countries,
            sectors,
            schedules,
            flows: Grid::to_fill("flows", &pairs, table)?,
            tariffs: tariffs.collect::<Result<_, _>>()?,
            estimated: None,
            value_added_shares: None,
            input_coefficients: None,
            final_demand: None,
            gross_output: None,
            elasticities: None,
        })
    }

    fn take(&mut self, row: usize) -> Result<(), EconomyError> {
        let columns = &self.columns;
        let word = self.table.text(row, columns.kind);
        let kind = Kind::ALL.into_iter().find(|kind| kind.word() == word);
        let Some(kind) = kind else {
            let words = Kind::ALL.map(Kind::word).join(", ");
            let expected = format!("one of {words}");
            return Err(self.table.wrong(row, columns.kind, expected));
        };
        let sector = self.sector(row, columns.sector)?;
        match kind {
            Kind::Flow => self.flow(row, sector),
            Kind::Tariff => self.tariff(row, sector),
            Kind::Elasticity => {
                let value = self.table.finite(row, self.columns.value)?;
                let axes = [self.sectors];
                let (what, table) = ("elasticities", self.table);
                let grid = started(&mut self.elasticities, what, &axes, table)?;
                grid.put(&[sector], value, || self.table.at(row, self.columns.sector))
            }
            level => self.level(level, row, sector),
        }
    }

    fn flow(&mut self, row: usize, sector: usize) -> Result<(), EconomyError> {
        let (table, columns) = (self.table, &self.columns);
        let position = [
            sector,
            self.country(row, columns.country)?,
            self.country(row, columns.importer)?,
        ];
        let at = || table.at(row, columns.country);
        let value = table.amount(row, columns.value)?;
        self.flows.put(&position, value, at)?;
        if let Some(in_force) = self.tariffs.first_mut() {
            in_force.put(&position, table.rate(row, columns.tariff)?, at)?;
        }
        if let Some(estimated) = &mut self.estimated {
            let flag = table.number(row, columns.estimated);
            let wrong = || table.wrong(row, columns.estimated, "true or false");
            estimated[self.flows.cell(&position)] = flag.ok_or_else(wrong)? > 0.0;
        }
        Ok(())
    }

    fn tariff(&mut self, row: usize, sector: usize) -> Result<(), EconomyError> {
        let (table, columns) = (self.table, &self.columns);
        let position = [
            sector,
            self.country(row, columns.country)?,
            self.country(row, columns.importer)?,
        ];
        let name = table.text(row, columns.schedule);
        let schedule = (self.schedules).find(&name, || table.at(row, columns.schedule))?;
        let rate = table.rate(row, columns.tariff)?;
        self.tariffs[schedule].put(&position, rate, || table.at(row, columns.country))
    }

    fn level(&mut self, kind: Kind, row: usize, sector: usize) -> Result<(), EconomyError> {
        let (table, columns) = (self.table, &self.columns);
        let country = self.country(row, columns.country)?;
        // Published tables hold a few small negative inputs; nothing else may be below zero.
        let value = match kind {
            Kind::InputCoefficient => table.finite(row, columns.value)?,
            _ => table.amount(row, columns.value)?,
        };
        let at = || table.at(row, columns.country);
        let axes = [self.countries, self.sectors];
        let (what, grid) = match kind {
            Kind::ValueAddedShare => ("value-added shares", &mut self.value_added_shares),
            Kind::GrossOutput => ("gross output", &mut self.gross_output),
            Kind::InputCoefficient => {
                let using = self.sector(row, columns.using_sector)?;
                let axes = [self.countries, self.sectors, self.sectors];
                let (what, grid) = ("input coefficients", &mut self.input_coefficients);
                let grid = started(grid, what, &axes, table)?;
                return grid.put(&[country, sector, using], value, at);
            }
            _ => ("final demand", &mut self.final_demand),
        };
        started(grid, what, &axes, table)?.put(&[country, sector], value, at)
    }

    fn country(&self, row: usize, column: Column) -> Result<usize, EconomyError> {
        let code = self.table.text(row, column);
        self.countries.find(&code, || self.table.at(row, column))
    }

    fn sector(&self, row: usize, column: Column) -> Result<usize, EconomyError> {
        let code = self.table.text(row, column);
        self.sectors.find(&code, || self.table.at(row, column))
    }

    /// All tables, each complete.
    fn figures(
        self,
        elasticities: Option<(crate::ElasticityMeaning, String)>,
        at: &Location,
    ) -> Result<Figures, EconomyError> {
        let complete = |grid: Grid<'_>| grid.complete(Absent::Missing, at);
        let elasticities = match (elasticities, self.elasticities) {
            (Some((meaning, source)), grid) => Some(Elasticities {
                values: complete(match grid {
                    Some(grid) => grid,
                    None => Grid::to_fill("elasticities", &[self.sectors], self.table)?,
                })?,
                meaning,
                source,
            }),
            (None, Some(_)) => {
                return Err(EconomyError::Metadata {
                    file: at.to_string(),
                    key: "elasticity_meaning",
                    problem: "are missing, so that the elasticities mean nothing".to_owned(),
                });
            }
            (None, None) => None,
        };
        let flows = complete(self.flows)?;
        let names = self.schedules.order().iter();
        let tariffs = names.zip(self.tariffs).map(|(name, grid)| {
            Ok(TariffSchedule {
                name: name.clone(),
                rates: complete(grid)?,
            })
        });
        Ok(Figures {
            tariffs: tariffs.collect::<Result<_, EconomyError>>()?,
            flows,
            value_added_shares: self.value_added_shares.map(complete).transpose()?,
            input_coefficients: self.input_coefficients.map(complete).transpose()?,
            final_demand: self.final_demand.map(complete).transpose()?,
            gross_output: self.gross_output.map(complete).transpose()?,
            elasticities,
            estimated: self.estimated,
            ..Figures::default()
        })
    }
}

/// A table that begins with its first record.
fn started<'g, 'c>(
    grid: &'g mut Option<Grid<'c>>,
    what: &'static str,
    axes: &[&'c Codes],
    table: &LongTable,
) -> Result<&'g mut Grid<'c>, EconomyError> {
    let begun = match grid.take() {
        Some(begun) => begun,
        None => Grid::to_fill(what, axes, table)?,
    };
    Ok(grid.insert(begun))
}
