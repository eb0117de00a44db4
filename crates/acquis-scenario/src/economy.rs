//! An economy: who sold how much to whom in a year, and which of these figures are
//! estimates. Read from a manifest (TOML) and a table of trade (CSV).

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use acquis_registry::document::{self, Fields, Placed};
use acquis_registry::{Finding, Findings, Lint, Place, SourceText};

/// The two files of an economy.
#[derive(Debug, Clone)]
pub struct EconomyFiles {
    /// The manifest.
    pub manifest: Arc<SourceText>,
    /// The table of trade that the manifest names.
    pub trade: Arc<SourceText>,
}

/// Trade among economies in one year.
#[derive(Debug, Clone, PartialEq)]
pub struct Economy {
    /// Id.
    pub id: String,
    /// Title.
    pub title: String,
    /// The year of the figures.
    pub year: i32,
    /// The unit of the figures.
    pub unit: String,
    /// Where the figures come from.
    pub sources: Vec<String>,
    /// Where the method is described.
    pub method: Option<String>,
    /// What a reader of results must know.
    pub notes: Vec<String>,
    /// Names of the economies that are no states, by code.
    names: BTreeMap<String, String>,
    labels: Vec<String>,
    /// `[exporter][importer]`, domestic sales on the diagonal.
    trade: Vec<f64>,
    /// `[exporter][importer]`; `None` where the table says nothing about its cells.
    estimated: Option<Vec<bool>>,
}

impl Economy {
    /// Reads the files of an economy.
    ///
    /// # Errors
    /// Every mistake, at its line: cells that are missing, double, negative or not
    /// numbers; domestic sales that are not positive.
    pub fn load(files: &EconomyFiles) -> Result<Self, Findings> {
        let mut findings = Findings::default();
        let manifest = Manifest::read(&files.manifest, &mut findings);
        let (Some(manifest), false) = (manifest, findings.has_errors()) else {
            return Err(findings.sorted());
        };
        let table = Table::read(&manifest, &files.trade, &mut findings);
        if findings.has_errors() {
            return Err(findings.sorted());
        }
        Ok(Self {
            id: manifest.id,
            title: manifest.title,
            year: manifest.year,
            unit: manifest.unit,
            sources: manifest.sources,
            method: manifest.method,
            notes: manifest.notes,
            names: manifest.names,
            labels: table.labels,
            trade: table.trade,
            estimated: table.estimated,
        })
    }

    /// Codes of the economies, in the order of rows and columns.
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// The flows, `[exporter][importer]`.
    pub fn trade(&self) -> &[f64] {
        &self.trade
    }

    /// The name that the manifest gives to an economy that is no state.
    pub fn name_of(&self, code: &str) -> Option<&str> {
        self.names.get(code).map(String::as_str)
    }

    /// The position of a code.
    pub fn position(&self, code: &str) -> Option<usize> {
        self.labels.iter().position(|label| label == code)
    }

    /// The share of an economy's exports plus imports, domestic sales left out, that is
    /// estimated; `None` if the table does not flag its cells or there is no trade.
    pub fn estimated_share(&self, position: usize) -> Option<f64> {
        let estimated = self.estimated.as_ref()?;
        let count = self.labels.len();
        let cells = (0..count)
            .filter(|&partner| partner != position)
            .flat_map(|partner| [position * count + partner, partner * count + position]);
        let (total, share) = cells.fold((0.0, 0.0), |(total, share), cell| {
            let value = self.trade[cell];
            (
                total + value,
                share + if estimated[cell] { value } else { 0.0 },
            )
        });
        (total > 0.0).then(|| share / total)
    }
}

/// Reads the two files of an economy from a folder: the manifest at `path`, and the table
/// of trade that it names, beside it.
///
/// # Errors
/// A file that can't be read, or a manifest that names no table.
pub fn read_economy_files(path: &Path) -> Result<EconomyFiles, Findings> {
    let read = |path: &Path| {
        std::fs::read_to_string(path)
            .map(|text| SourceText::new(path.display().to_string(), text))
            .map_err(|error| {
                Findings::from(Finding::error(
                    Lint::Economy,
                    None,
                    format!("can't read the economy at {}: {error}", path.display()),
                ))
            })
    };
    let manifest = read(path)?;
    let trade = trade_file(&manifest)?;
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    Ok(EconomyFiles {
        trade: read(&folder.join(trade))?,
        manifest,
    })
}

/// The name of the table of trade in a manifest.
///
/// # Errors
/// A manifest that is not well formed or names no table.
pub fn trade_file(manifest: &Arc<SourceText>) -> Result<String, Findings> {
    let mut findings = Findings::default();
    match Manifest::read(manifest, &mut findings) {
        Some(manifest) if !findings.has_errors() => Ok(manifest.trade),
        _ => Err(findings.sorted()),
    }
}

struct Manifest {
    id: String,
    title: String,
    year: i32,
    unit: String,
    trade: String,
    value_column: String,
    status_column: Option<String>,
    estimated: Vec<String>,
    known: Vec<String>,
    sources: Vec<String>,
    method: Option<String>,
    notes: Vec<String>,
    names: BTreeMap<String, String>,
}

impl Manifest {
    fn read(file: &Arc<SourceText>, findings: &mut Findings) -> Option<Self> {
        document::read(file, findings, Self::decode).flatten()
    }

    fn decode(fields: &mut Fields<'_>, findings: &mut Findings) -> Option<Self> {
        fields.require("year", findings);
        let id = fields.required_text("id", findings);
        let title = fields.required_text("title", findings);
        let unit = fields.required_text("unit", findings);
        let trade = fields.required_text("trade", findings);
        let year = year(fields, findings);
        let text = |placed: Option<Placed<String>>| placed.map(|text| text.value);
        let texts = |placed: Vec<Placed<String>>| -> Vec<String> {
            placed.into_iter().map(|text| text.value).collect()
        };
        let value_column = text(fields.text("value_column", findings));
        let status_column = text(fields.text("status_column", findings));
        let estimated = texts(fields.texts("estimated", findings));
        let known = texts(fields.texts("known", findings));
        let sources = texts(fields.texts("sources", findings));
        let method = text(fields.text("method", findings));
        let notes = texts(fields.texts("notes", findings));
        let names = fields.table("names", "[names]", findings, |fields, findings| {
            fields
                .texts_by_name(findings)
                .into_iter()
                .map(|(code, name)| (code.value, name))
                .collect()
        });
        Some(Self {
            id: id?.value,
            title: title?.value,
            year: year?,
            unit: unit?.value,
            trade: trade?.value,
            value_column: value_column.unwrap_or_else(|| "value".to_owned()),
            status_column,
            estimated,
            known,
            sources,
            method,
            notes,
            names: names.unwrap_or_default(),
        })
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the value is a whole number between 1000 and 9999"
)]
fn year(fields: &mut Fields<'_>, findings: &mut Findings) -> Option<i32> {
    let year = fields.number("year", findings)?;
    if year.value.fract() != 0.0 || !(1000.0..=9999.0).contains(&year.value) {
        findings.push(
            Finding::error(
                Lint::Number,
                Some(year.place),
                format!("{} is not a year", year.value),
            )
            .expecting("a year of four digits"),
        );
        return None;
    }
    Some(year.value as i32)
}

/// The trade of a table, before it is known to be complete.
struct Table {
    labels: Vec<String>,
    trade: Vec<f64>,
    estimated: Option<Vec<bool>>,
}

struct Cell {
    exporter: String,
    importer: String,
    value: f64,
    estimated: bool,
    place: Place,
}

impl Table {
    fn read(manifest: &Manifest, file: &Arc<SourceText>, findings: &mut Findings) -> Self {
        let cells = read_cells(manifest, file, findings);
        let mut labels: Vec<String> = Vec::new();
        for cell in &cells {
            if !labels.contains(&cell.exporter) {
                labels.push(cell.exporter.clone());
            }
        }
        let mut table = Self {
            trade: vec![f64::NAN; labels.len() * labels.len()],
            estimated: manifest
                .status_column
                .is_some()
                .then(|| vec![false; labels.len() * labels.len()]),
            labels,
        };
        table.fill(&cells, file, findings);
        table
    }

    fn fill(&mut self, cells: &[Cell], file: &Arc<SourceText>, findings: &mut Findings) {
        let count = self.labels.len();
        let positions: BTreeMap<String, usize> = self
            .labels
            .iter()
            .enumerate()
            .map(|(position, label)| (label.clone(), position))
            .collect();
        let mut without_exports: Vec<&str> = Vec::new();
        for cell in cells {
            let (Some(&row), Some(&column)) =
                (positions.get(&cell.exporter), positions.get(&cell.importer))
            else {
                if without_exports.contains(&cell.importer.as_str()) {
                    continue;
                }
                without_exports.push(&cell.importer);
                findings.push(Finding::error(
                    Lint::Economy,
                    Some(cell.place.clone()),
                    format!(
                        "{} imports but never exports, so its own output is unknown",
                        cell.importer
                    ),
                ));
                continue;
            };
            let index = row * count + column;
            if !self.trade[index].is_nan() {
                findings.push(Finding::error(
                    Lint::Economy,
                    Some(cell.place.clone()),
                    format!("a second figure for {} to {}", cell.exporter, cell.importer),
                ));
            }
            if row == column && cell.value <= 0.0 {
                findings.push(
                    Finding::error(
                        Lint::Economy,
                        Some(cell.place.clone()),
                        format!("the domestic sales of {} are {}", cell.exporter, cell.value),
                    )
                    .expecting("a positive value: output less exports"),
                );
            }
            self.trade[index] = cell.value;
            if let Some(estimated) = &mut self.estimated {
                estimated[index] = cell.estimated;
            }
        }
        self.report_missing(file, findings);
    }

    fn report_missing(&self, file: &Arc<SourceText>, findings: &mut Findings) {
        if findings.has_errors() {
            return;
        }
        let count = self.labels.len();
        let missing: Vec<String> = (0..count * count)
            .filter(|&index| self.trade[index].is_nan())
            .map(|index| {
                format!(
                    "{} to {}",
                    self.labels[index / count],
                    self.labels[index % count]
                )
            })
            .collect();
        let place = Some(Place {
            file: Arc::clone(file),
            span: 0..0,
        });
        if count == 0 {
            findings.push(Finding::error(
                Lint::Economy,
                place,
                "the table holds no trade",
            ));
        } else if let Some(first) = missing.first() {
            findings.push(
                Finding::error(
                    Lint::Economy,
                    place,
                    format!(
                        "{} of {} figures are missing, first {first}",
                        missing.len(),
                        count * count
                    ),
                )
                .expecting(
                    "a figure for every pair, domestic sales included; 0 where nothing is traded",
                ),
            );
        }
    }
}

/// Where the columns of the table stand.
struct Columns {
    exporter: usize,
    importer: usize,
    value: usize,
    status: Option<usize>,
}

fn read_cells(manifest: &Manifest, file: &Arc<SourceText>, findings: &mut Findings) -> Vec<Cell> {
    let mut reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .from_reader(file.text.as_bytes());
    let place_of = |position: Option<&csv::Position>| {
        let start = position.map_or(0, |position| {
            usize::try_from(position.byte()).unwrap_or(usize::MAX)
        });
        Place {
            file: Arc::clone(file),
            span: record_span(&file.text, start),
        }
    };
    let headers = match reader.headers() {
        Ok(headers) => headers.clone(),
        Err(error) => {
            findings.push(not_a_table(&error, place_of(error.position())));
            return Vec::new();
        }
    };
    let Some(columns) = columns(manifest, &headers, &place_of(None), findings) else {
        return Vec::new();
    };
    let mut cells = Vec::new();
    for record in reader.records() {
        match record {
            Ok(record) => {
                let place = place_of(record.position());
                cells.extend(cell(manifest, &columns, &record, place, findings));
            }
            Err(error) => {
                findings.push(not_a_table(&error, place_of(error.position())));
                return Vec::new();
            }
        }
    }
    cells
}

/// The line of the record that begins at or after a byte: blank lines and remarks before
/// it are passed over, as the reader of the table does.
fn record_span(text: &str, start: usize) -> std::ops::Range<usize> {
    let mut start = start.min(text.len());
    while let Some(rest) = text.get(start..) {
        let line = rest.find(['\n', '\r']).unwrap_or(rest.len());
        let is_record = line > 0 && !rest.starts_with('#');
        if is_record || line == rest.len() {
            return start..start + line;
        }
        start += line + 1;
    }
    start..start
}

fn not_a_table(error: &csv::Error, place: Place) -> Finding {
    Finding::error(Lint::Format, Some(place), format!("not a table: {error}"))
}

fn columns(
    manifest: &Manifest,
    headers: &csv::StringRecord,
    place: &Place,
    findings: &mut Findings,
) -> Option<Columns> {
    let mut find = |name: &str| {
        let found = headers.iter().position(|header| header.trim() == name);
        if found.is_none() {
            findings.push(
                Finding::error(
                    Lint::Format,
                    Some(place.clone()),
                    format!("the table has no column {name:?}"),
                )
                .near(name, headers.iter()),
            );
        }
        found
    };
    let (exporter, importer, value) = (
        find("exporter"),
        find("importer"),
        find(&manifest.value_column),
    );
    let status = manifest.status_column.as_deref().map(&mut find);
    Some(Columns {
        exporter: exporter?,
        importer: importer?,
        value: value?,
        status: match status {
            Some(position) => Some(position?),
            None => None,
        },
    })
}

fn cell(
    manifest: &Manifest,
    columns: &Columns,
    record: &csv::StringRecord,
    place: Place,
    findings: &mut Findings,
) -> Option<Cell> {
    let field = |column: usize| record.get(column).unwrap_or_default().trim();
    let written = field(columns.value);
    let value = written
        .parse::<f64>()
        .ok()
        .filter(|value| value.is_finite());
    let Some(value) = value.filter(|value| *value >= 0.0) else {
        findings.push(
            Finding::error(
                Lint::Number,
                Some(place),
                format!(
                    "the trade from {} to {} is {written:?}",
                    field(columns.exporter),
                    field(columns.importer)
                ),
            )
            .expecting("a finite number, zero or above"),
        );
        return None;
    };
    let status = columns.status.map(field);
    let mut estimated = false;
    if let Some(status) = status {
        estimated = manifest.estimated.iter().any(|word| word == status);
        if !estimated && !manifest.known.iter().any(|word| word == status) {
            let words: Vec<&str> = manifest
                .estimated
                .iter()
                .chain(&manifest.known)
                .map(String::as_str)
                .collect();
            findings.push(
                Finding::error(
                    Lint::Word,
                    Some(place),
                    format!("{status:?} is not a status that the manifest declares"),
                )
                .near(status, words),
            );
            return None;
        }
    }
    Some(Cell {
        exporter: field(columns.exporter).to_owned(),
        importer: field(columns.importer).to_owned(),
        value,
        estimated,
        place,
    })
}
