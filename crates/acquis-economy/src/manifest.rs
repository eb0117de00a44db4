//! A manifest: an economy as a text that people write, with its tables beside it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use acquis_registry::document::{self, Fields, Placed};
use acquis_registry::{Finding, Findings, Lint, Place, SourceText};

use crate::codes::{Absent, Codes};
use crate::economy::{Card, Economy, Figures, Sector, TariffSchedule};
use crate::elasticity_table::ElasticityColumns;
use crate::error::EconomyError;
use crate::limits::Limits;
use crate::meaning::{ElasticityMeaning, Valuation};
use crate::table::{LongTable, read_text};
use crate::trade_table::{IN_FORCE, ONE_SECTOR, StatusColumn, TradeColumns, TradeTable};

/// The files of an economy: the manifest and the tables that it names.
#[derive(Debug, Clone)]
pub struct EconomyFiles {
    manifest: Arc<SourceText>,
    trade: Arc<SourceText>,
    elasticities: Option<Arc<SourceText>>,
    limits: Limits,
}

impl EconomyFiles {
    /// Takes a manifest and has `table` read each table that it names. Who takes manifests
    /// of others must not look for these names among their own files.
    ///
    /// # Errors
    /// A manifest that is not well formed, or what `table` says, at the name in the manifest.
    pub fn gather(
        manifest: Arc<SourceText>,
        mut table: impl FnMut(&str) -> Result<Arc<SourceText>, Findings>,
    ) -> Result<Self, Findings> {
        let read = Manifest::read(&manifest)?;
        let mut named = |name: &Placed<String>| {
            table(&name.value).map_err(|findings| placed(&findings, &name.place))
        };
        Ok(Self {
            trade: named(&read.trade)?,
            elasticities: match &read.elasticities {
                Some(elasticities) => Some(named(&elasticities.table)?),
                None => None,
            },
            manifest,
            limits: Limits::OWN,
        })
    }

    /// The same files, of which no more is to be read and held.
    #[must_use]
    pub fn within(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }
}

/// The same findings, those without a place at this one.
fn placed(findings: &Findings, place: &Place) -> Findings {
    let mut all = Findings::default();
    for finding in findings {
        let mut finding = finding.clone();
        finding.place.get_or_insert_with(|| place.clone());
        all.push(finding);
    }
    all
}

/// Reads the files of an economy from a folder: the manifest at `path`, and the tables that
/// it names, beside it.
///
/// # Errors
/// A file that can't be read, or a manifest that is not well formed.
pub fn read_economy_files(path: &Path) -> Result<EconomyFiles, Findings> {
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    EconomyFiles::gather(read_text(path)?, |table| {
        Ok(read_text(&folder.join(table))?)
    })
}

/// Whether a text is a manifest: it names a table of trade. One that is not well formed may
/// be meant as one.
pub(crate) fn is_manifest(text: &Arc<SourceText>) -> bool {
    let names_trade = |fields: &mut Fields<'_>, _: &mut Findings| fields.has("trade");
    document::read(text, &mut Findings::default(), names_trade).unwrap_or(true)
}

impl Economy {
    /// Reads an economy from its manifest and tables.
    ///
    /// # Errors
    /// Every mistake, at its line: cells that are missing, double, negative or not numbers;
    /// in one sector, domestic sales that are not positive.
    pub fn load(files: &EconomyFiles) -> Result<Self, Findings> {
        let manifest = Manifest::read(&files.manifest)?;
        let table = LongTable::from_text_within(&files.trade, files.limits)?;
        let mut findings = Findings::default();
        let trade = TradeTable::read(&table, &manifest.columns, Absent::Missing, &mut findings);
        let (Some(trade), false) = (trade, findings.has_errors()) else {
            return Err(findings.sorted());
        };
        manifest.economy(trade, files)
    }
}

/// The elasticities that a manifest names.
struct ElasticityEntry {
    table: Placed<String>,
    column: String,
    meaning: ElasticityMeaning,
    source: String,
}

struct Manifest {
    card: Card,
    trade: Placed<String>,
    columns: TradeColumns,
    sector_names: Vec<(Placed<String>, String)>,
    not_tradable: Vec<Placed<String>>,
    value_added_share: Option<Placed<f64>>,
    elasticities: Option<ElasticityEntry>,
    place: Place,
}

impl Manifest {
    fn read(file: &Arc<SourceText>) -> Result<Self, Findings> {
        let mut findings = Findings::default();
        match document::read(file, &mut findings, Self::decode).flatten() {
            Some(manifest) if !findings.has_errors() => Ok(manifest),
            _ => Err(findings.sorted()),
        }
    }

    fn decode(fields: &mut Fields<'_>, findings: &mut Findings) -> Option<Self> {
        let card = card(fields, findings);
        let trade = fields.required_text("trade", findings);
        let columns = columns(fields, findings);
        let sector_names = fields.table("sectors", "[sectors]", findings, |fields, findings| {
            fields.texts_by_name(findings)
        });
        let not_tradable = fields.texts("not_tradable", findings);
        let value_added_share = fields.number("value_added_share", findings);
        let elasticities = fields.table("elasticities", "[elasticities]", findings, elasticities);
        Some(Self {
            card: card?,
            trade: trade?,
            columns,
            sector_names: sector_names.unwrap_or_default(),
            not_tradable,
            value_added_share,
            elasticities: match elasticities {
                Some(entry) => Some(entry?),
                None => None,
            },
            place: fields.place(),
        })
    }

    fn economy(self, trade: TradeTable, files: &EconomyFiles) -> Result<Economy, Findings> {
        let sectors = self.sectors(&trade.sectors)?;
        let share = self.value_added_share()?;
        let elasticities = match (&self.elasticities, &files.elasticities) {
            (Some(entry), Some(file)) => {
                let columns = ElasticityColumns {
                    sector: "sector",
                    value: &entry.column,
                };
                let table = LongTable::from_text_within(file, files.limits)?;
                let source = entry.source.clone();
                Some(columns.read(&table, &trade.sectors, entry.meaning, source)?)
            }
            _ => None,
        };
        let levels = trade.countries.len() * trade.sectors.len();
        let figures = Figures {
            countries: trade.countries.order().to_vec(),
            sectors,
            flows: trade.flows,
            tariffs: trade
                .tariffs
                .into_iter()
                .map(|(name, rates)| TariffSchedule { name, rates })
                .collect(),
            value_added_shares: share.map(|share| vec![share; levels]),
            elasticities,
            estimated: trade.estimated,
            ..Figures::default()
        };
        Economy::new(self.card, figures).map_err(|error| {
            let finding = Finding::error(Lint::Economy, Some(self.place), error.to_string());
            match error {
                EconomyError::Findings(findings) => findings,
                _ => finding.into(),
            }
        })
    }

    /// The sectors of the table with the names that the manifest gives them.
    fn sectors(&self, codes: &Codes) -> Result<Vec<Sector>, Findings> {
        let mut findings = Findings::default();
        let given = self.sector_names.iter().map(|(code, _)| code);
        for code in given.chain(&self.not_tradable) {
            if codes.get(&code.value).is_none() {
                let message = format!("the table of trade has no sector {:?}", code.value);
                let finding = Finding::error(Lint::Economy, Some(code.place.clone()), message);
                let known = codes.order().iter().map(String::as_str);
                findings.push_near(finding, &code.value, known);
            }
        }
        if findings.has_errors() {
            return Err(findings.sorted());
        }
        let names: BTreeMap<&str, &str> = self
            .sector_names
            .iter()
            .map(|(code, name)| (code.value.as_str(), name.as_str()))
            .collect();
        let name_of = |code: &str| {
            match names.get(code) {
                Some(name) => *name,
                None if code == ONE_SECTOR => "All goods and services",
                None => code,
            }
            .to_owned()
        };
        let not_tradable = self.not_tradable.iter().map(|code| code.value.as_str());
        let not_tradable: BTreeSet<&str> = not_tradable.collect();
        Ok(codes
            .order()
            .iter()
            .map(|code| Sector {
                name: name_of(code),
                is_tradable: !not_tradable.contains(code.as_str()),
                code: code.clone(),
            })
            .collect())
    }

    /// A manifest has no inputs, so that value added can only be the whole of output.
    fn value_added_share(&self) -> Result<Option<f64>, Findings> {
        let Some(share) = &self.value_added_share else {
            return Ok(None);
        };
        if (share.value - 1.0).abs() <= f64::EPSILON {
            return Ok(Some(1.0));
        }
        let message = format!(
            "value added of {} leaves the rest of output to inputs, which a manifest can't give",
            share.value
        );
        let finding = Finding::error(Lint::Economy, Some(share.place.clone()), message);
        Err(finding
            .expecting("1; input-output tables are imported")
            .into())
    }
}

fn card(fields: &mut Fields<'_>, findings: &mut Findings) -> Option<Card> {
    fields.require("year", findings);
    let id = fields.required_text("id", findings);
    let title = fields.required_text("title", findings);
    let unit = fields.required_text("unit", findings);
    let year = year(fields, findings);
    let text = |placed: Option<Placed<String>>| placed.map(|text| text.value);
    let licence = text(fields.text("licence", findings));
    let method = text(fields.text("method", findings));
    let valuation = fields.word::<Valuation>("valuation", findings);
    let sources = texts(fields, "sources", findings);
    let notes = texts(fields, "notes", findings);
    let names = fields.table("names", "[names]", findings, |fields, findings| {
        fields.texts_by_name(findings)
    });
    Some(Card {
        id: id?.value,
        title: title?.value,
        year: year?,
        unit: unit?.value,
        sources,
        licence,
        method,
        notes,
        valuation,
        names: names
            .into_iter()
            .flatten()
            .map(|(code, name)| (code.value, name))
            .collect(),
    })
}

fn texts(fields: &mut Fields<'_>, key: &'static str, findings: &mut Findings) -> Vec<String> {
    let placed = fields.texts(key, findings);
    placed.into_iter().map(|text| text.value).collect()
}

fn columns(fields: &mut Fields<'_>, findings: &mut Findings) -> TradeColumns {
    let text = |placed: Option<Placed<String>>| placed.map(|text| text.value);
    let value = text(fields.text("value_column", findings));
    let sector = text(fields.text("sector_column", findings));
    let tariff = text(fields.text("tariff_column", findings));
    let schedules = fields.table("tariffs", "[tariffs]", findings, |fields, findings| {
        fields.texts_by_name(findings)
    });
    let status = text(fields.text("status_column", findings));
    let estimated = texts(fields, "estimated", findings);
    let known = texts(fields, "known", findings);
    if tariff.is_none() && schedules.as_ref().is_some_and(|it| !it.is_empty()) {
        findings.push(
            Finding::error(
                Lint::Format,
                Some(fields.place_at("tariffs")),
                "[tariffs] holds further schedules, and none is in force",
            )
            .expecting("tariff_column, the tariffs in the year of the flows"),
        );
    }
    let in_force = tariff.map(|column| (IN_FORCE.to_owned(), column));
    let others = schedules.into_iter().flatten();
    TradeColumns {
        exporter: "exporter".to_owned(),
        importer: "importer".to_owned(),
        sector,
        value: value.unwrap_or_else(|| "value".to_owned()),
        tariffs: in_force
            .into_iter()
            .chain(others.map(|(name, column)| (name.value, column)))
            .collect(),
        status: status.map(|column| StatusColumn {
            column,
            estimated: estimated.into_iter().collect(),
            known: known.into_iter().collect(),
        }),
    }
}

fn elasticities(fields: &mut Fields<'_>, findings: &mut Findings) -> Option<ElasticityEntry> {
    let table = fields.required_text("table", findings);
    let column = fields.required_text("column", findings);
    let source = fields.required_text("source", findings);
    fields.require("meaning", findings);
    let meaning = fields.word("meaning", findings);
    Some(ElasticityEntry {
        table: table?,
        column: column?.value,
        meaning: meaning?,
        source: source?.value,
    })
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
