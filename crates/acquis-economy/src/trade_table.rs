//! A table of trade: a row for each exporter, importer and sector. Manifests name one, and
//! a user's own long table is one.

use std::collections::BTreeSet;

use acquis_registry::{Finding, Findings, Lint};

use crate::codes::{Absent, Codes, cells, cells_to_fill};
use crate::error::{EconomyError, Location};
use crate::table::{Column, LongTable};

/// What the columns of a table of trade are called.
#[derive(Debug, Clone)]
pub(crate) struct TradeColumns {
    pub(crate) exporter: String,
    pub(crate) importer: String,
    /// `None`: one sector.
    pub(crate) sector: Option<String>,
    pub(crate) value: String,
    /// Schedules of tariffs by name, with their columns; the one in force first.
    pub(crate) tariffs: Vec<(String, String)>,
    pub(crate) status: Option<StatusColumn>,
}

/// A column that says where a figure comes from.
#[derive(Debug, Clone)]
pub(crate) struct StatusColumn {
    pub(crate) column: String,
    /// Words of figures that are estimates.
    pub(crate) estimated: BTreeSet<String>,
    /// Words of figures that are not.
    pub(crate) known: BTreeSet<String>,
}

/// A table with more mistakes is read no further: it is not what it was taken for.
const MOST_FINDINGS: usize = 1000;

/// What a table of trade says, each table `[sector][exporter][importer]`.
pub(crate) struct TradeTable {
    pub(crate) countries: Codes,
    pub(crate) sectors: Codes,
    pub(crate) flows: Vec<f64>,
    pub(crate) tariffs: Vec<(String, Vec<f64>)>,
    pub(crate) estimated: Option<Vec<bool>>,
}

/// The code of the only sector of a table without sectors.
pub(crate) const ONE_SECTOR: &str = "all";

/// The name of the schedule of tariffs of a table that names none.
pub(crate) const IN_FORCE: &str = "in force";

impl TradeTable {
    /// Reads a table; mistakes go to `findings`, and then the result is of no use.
    pub(crate) fn read(
        table: &LongTable,
        columns: &TradeColumns,
        absent: Absent,
        findings: &mut Findings,
    ) -> Option<Self> {
        let found = Found::new(table, columns, findings)?;
        let mut countries = Codes::new("country");
        let mut sectors = Codes::new("sector");
        if found.sector.is_none() {
            sectors.add(ONE_SECTOR);
        }
        for row in 0..table.len() {
            countries.add(&table.text(row, found.exporter));
            if let Some(sector) = found.sector {
                sectors.add(&table.text(row, sector));
            }
        }
        let shape = [sectors.len(), countries.len(), countries.len()];
        let cells = match cells_of(table, &shape, columns, absent) {
            Ok(cells) => cells,
            Err(error) => {
                findings.extend(error.into());
                return None;
            }
        };
        let mut reading = Reading {
            table,
            columns,
            found,
            trade: Self {
                flows: vec![f64::NAN; cells],
                tariffs: columns
                    .tariffs
                    .iter()
                    .map(|(name, _)| (name.clone(), vec![0.0; cells]))
                    .collect(),
                estimated: columns.status.as_ref().map(|_| vec![false; cells]),
                countries,
                sectors,
            },
            without_exports: BTreeSet::new(),
        };
        for row in 0..table.len() {
            if findings.len() >= MOST_FINDINGS {
                break;
            }
            reading.row(row, findings);
        }
        let mut trade = reading.trade;
        if !findings.has_errors() {
            trade.settle_absent(absent, table, findings);
        }
        Some(trade)
    }

    /// A bilateral cell in words.
    fn name(&self, cell: usize) -> String {
        let count = self.countries.len();
        let labels = self.countries.order();
        let pair = format!(
            "{} to {}",
            labels[cell / count % count],
            labels[cell % count]
        );
        match self.sectors.order() {
            [only] if only == ONE_SECTOR => pair,
            sectors => format!("{pair} in {}", sectors[cell / (count * count)]),
        }
    }

    fn settle_absent(&mut self, absent: Absent, table: &LongTable, findings: &mut Findings) {
        let is_absent = |value: &f64| value.is_nan();
        if self.flows.is_empty() {
            findings.push(finding(
                Lint::Economy,
                table.at_start(),
                "the table holds no trade",
            ));
            return;
        }
        let Some(first) = self.flows.iter().position(is_absent) else {
            return;
        };
        match absent {
            Absent::Zero => {
                for value in self.flows.iter_mut().filter(|value| value.is_nan()) {
                    *value = 0.0;
                }
            }
            Absent::Missing => {
                let missing = self.flows.iter().filter(|value| is_absent(value)).count();
                let message = format!(
                    "{missing} of {} figures are missing, first {}",
                    self.flows.len(),
                    self.name(first)
                );
                findings.push(finding(Lint::Economy, table.at_start(), &message).expecting(
                    "a figure for every pair, domestic sales included; 0 where nothing is traded",
                ));
            }
        }
    }
}

/// The number of cells of each table that a table of trade fills: one of flows, and one for
/// each schedule of tariffs.
fn cells_of(
    table: &LongTable,
    shape: &[usize; 3],
    columns: &TradeColumns,
    absent: Absent,
) -> Result<usize, EconomyError> {
    const WHAT: &str = "table of trade";
    let limits = table.limits();
    let each = match absent {
        Absent::Missing => cells_to_fill(WHAT, shape, table),
        Absent::Zero => cells(WHAT, shape, limits),
    }?;
    let [sectors, exporters, importers] = *shape;
    let all = [1 + columns.tariffs.len(), sectors, exporters, importers];
    cells("table of trade and tariffs", &all, limits)?;
    Ok(each)
}

/// Where the columns stand.
struct Found {
    exporter: Column,
    importer: Column,
    sector: Option<Column>,
    value: Column,
    tariffs: Vec<Column>,
    status: Option<Column>,
}

impl Found {
    fn new(table: &LongTable, columns: &TradeColumns, findings: &mut Findings) -> Option<Self> {
        // Every column that is missing is reported, not the first alone.
        let mut find = |name: &str| {
            table
                .column(name)
                .map_err(|error| findings.extend(error.into()))
        };
        let exporter = find(&columns.exporter);
        let importer = find(&columns.importer);
        let value = find(&columns.value);
        let sector = columns.sector.as_deref().map(&mut find).transpose();
        let tariffs: Vec<_> = columns.tariffs.iter().map(|(_, name)| find(name)).collect();
        let status = columns.status.as_ref().map(|status| find(&status.column));
        Some(Self {
            exporter: exporter.ok()?,
            importer: importer.ok()?,
            value: value.ok()?,
            sector: sector.ok()?,
            tariffs: tariffs.into_iter().collect::<Result<_, ()>>().ok()?,
            status: status.transpose().ok()?,
        })
    }
}

struct Reading<'t> {
    table: &'t LongTable,
    columns: &'t TradeColumns,
    found: Found,
    trade: TradeTable,
    /// Importers without exports that are reported already.
    without_exports: BTreeSet<String>,
}

impl Reading<'_> {
    fn row(&mut self, row: usize, findings: &mut Findings) {
        let table = self.table;
        let exporter = table.text(row, self.found.exporter);
        let importer = table.text(row, self.found.importer);
        let (value, is_estimated) = match self.figures(row, &exporter, &importer) {
            Ok(figures) => figures,
            Err(finding) => return findings.push(finding),
        };
        let count = self.trade.countries.len();
        let (Some(from), Some(to)) = (
            self.trade.countries.get(&exporter),
            self.trade.countries.get(&importer),
        ) else {
            return self.importer_only(row, &importer, findings);
        };
        let sector = self.found.sector.map_or(Some(0), |column| {
            self.trade.sectors.get(&table.text(row, column))
        });
        let cell = (sector.unwrap_or_default() * count + from) * count + to;
        if !self.trade.flows[cell].is_nan() {
            let message = format!("a second figure for {}", self.trade.name(cell));
            let at = table.at(row, self.found.exporter);
            findings.push(finding(Lint::Economy, at, &message));
        }
        if from == to && value <= 0.0 && self.found.sector.is_none() {
            let message = format!("the domestic sales of {exporter} are {value}");
            let at = table.at(row, self.found.value);
            findings.push(
                finding(Lint::Economy, at, &message)
                    .expecting("a positive value: output less exports"),
            );
        }
        self.trade.flows[cell] = value;
        if let (Some(estimated), true) = (&mut self.trade.estimated, is_estimated) {
            estimated[cell] = true;
        }
        for number in 0..self.found.tariffs.len() {
            let column = self.found.tariffs[number];
            if from == to && table.text(row, column).is_empty() {
                continue;
            }
            match table.rate(row, column) {
                Ok(rate) => self.trade.tariffs[number].1[cell] = rate,
                Err(error) => findings.extend(error.into()),
            }
        }
    }

    /// The value of a row and whether it is an estimate.
    fn figures(&self, row: usize, exporter: &str, importer: &str) -> Result<(f64, bool), Finding> {
        let table = self.table;
        let column = self.found.value;
        let Some(value) = table.number(row, column).filter(|value| *value >= 0.0) else {
            let written = table.text(row, column);
            let mut message = format!("the trade from {exporter} to {importer} is {written:?}");
            if let Some(sector) = self.found.sector {
                message = format!("{message} in {}", table.text(row, sector));
            }
            return Err(finding(Lint::Number, table.at(row, column), &message)
                .expecting("a finite number, zero or above"));
        };
        let (Some(column), Some(words)) = (self.found.status, &self.columns.status) else {
            return Ok((value, false));
        };
        let status = table.text(row, column);
        let is_estimated = words.estimated.contains(&*status);
        if !is_estimated && !words.known.contains(&*status) {
            let message = format!("{status:?} is not a status that the manifest declares");
            let all = words.estimated.iter().chain(&words.known);
            return Err(finding(Lint::Word, table.at(row, column), &message)
                .near(&status, all.map(String::as_str)));
        }
        Ok((value, is_estimated))
    }

    fn importer_only(&mut self, row: usize, importer: &str, findings: &mut Findings) {
        if !self.without_exports.insert(importer.to_owned()) {
            return;
        }
        let message = format!("{importer} imports but never exports, so its own output is unknown");
        let at = self.table.at(row, self.found.importer);
        findings.push(finding(Lint::Economy, at, &message));
    }
}

/// An error at a location: a place where there is one, else named in the sentence.
fn finding(lint: Lint, at: Location, message: &str) -> Finding {
    match at {
        Location::Text(place) => Finding::error(lint, Some(place), message),
        other => Finding::error(lint, None, format!("{other}: {message}")),
    }
}

/// Reads a table of trade that must be in order.
pub(crate) fn read_trade(
    table: &LongTable,
    columns: &TradeColumns,
    absent: Absent,
) -> Result<TradeTable, EconomyError> {
    let mut findings = Findings::default();
    match TradeTable::read(table, columns, absent, &mut findings) {
        Some(trade) if !findings.has_errors() => Ok(trade),
        _ => Err(findings.sorted().into()),
    }
}
