//! Importers: each reads the files of one source from the user's own copy, repairs what
//! can't be used as it is, and says what it repaired.

mod accounts;
mod baci;
mod caliendo_parro;
mod home_sales;
mod icio;
mod icio_prepared;
mod long;
mod stream;
mod wiod;

use std::path::PathBuf;

use acquis_registry::document::Word;

use crate::codes::{Absent, Codes};
use crate::economy::Economy;
use crate::error::EconomyError;
use crate::limits::Limits;
use crate::meaning::{ElasticityMeaning, Valuation};
use crate::repair::Repair;
use crate::table::LongTable;

/// A source whose files are understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A long table: exporter, importer, sector, value, tariff.
    Long,
    /// OECD ICIO: the wide CSV of one year as published.
    Icio,
    /// OECD ICIO with tariffs, one long Parquet file a year, as prepared by Lashkaripour
    /// (2021).
    IcioPrepared,
    /// WIOD, release of 2013.
    Wiod2013,
    /// The data of Caliendo and Parro (2015).
    CaliendoParro,
    /// CEPII BACI of one year, with GDP.
    Baci,
    /// A matrix of BACI exports with GDP, as prepared by Ignatenko, Lashkaripour, Macedoni and
    /// Simonovska (2025).
    BaciMatrix,
}

impl Word for Format {
    const WHAT: &'static str = "a format of economies";
    const ALL: &'static [Self] = &[
        Self::Long,
        Self::Icio,
        Self::IcioPrepared,
        Self::Wiod2013,
        Self::CaliendoParro,
        Self::Baci,
        Self::BaciMatrix,
    ];

    fn word(self) -> &'static str {
        match self {
            Self::Long => "long",
            Self::Icio => "icio",
            Self::IcioPrepared => "icio-prepared",
            Self::Wiod2013 => "wiod-2013",
            Self::CaliendoParro => "caliendo-parro",
            Self::Baci => "baci",
            Self::BaciMatrix => "baci-matrix",
        }
    }
}

/// What an import does not find in the files. Each source has its defaults.
#[derive(Debug, Clone, Default)]
pub struct ImportOptions {
    /// Id of the economy.
    pub id: Option<String>,
    /// Title.
    pub title: Option<String>,
    /// The year of the figures; where a file holds several, the one to take.
    pub year: Option<i32>,
    /// The unit of a long table.
    pub unit: Option<String>,
    /// The licence.
    pub licence: Option<String>,
    /// Where a long table comes from.
    pub sources: Vec<String>,
    /// At which point the flows of a long table are valued.
    pub valuation: Option<Valuation>,
    /// The names of the columns of a long table.
    pub columns: ColumnNames,
    /// What a pair that a long table leaves out means.
    pub absent: Absent,
    /// Which column of a table of elasticities to take.
    pub elasticity_set: Option<String>,
    /// What these elasticities are the elasticity of.
    pub elasticity_meaning: Option<ElasticityMeaning>,
    /// Gross output over GDP, where home sales follow from GDP; 1 if left out.
    pub output_ratio: Option<f64>,
    /// Home sales as a share of output where output less exports is not positive; a hundredth
    /// if left out.
    pub least_home_share: Option<f64>,
}

/// What the columns of a long table are called; a name that is left out is the default
/// `exporter`, `importer`, `sector`, `value`, `tariff`, of which `sector` and `tariff` need
/// not be there.
#[derive(Debug, Clone, Default)]
pub struct ColumnNames {
    /// Who sells.
    pub exporter: Option<String>,
    /// Who buys.
    pub importer: Option<String>,
    /// What.
    pub sector: Option<String>,
    /// For how much, before the tariff.
    pub value: Option<String>,
    /// The tariff: a fraction, or per cent if the name ends in `_pct`.
    pub tariff: Option<String>,
}

/// An economy with what was repaired to have it.
#[derive(Debug, Clone, PartialEq)]
pub struct Imported {
    /// The economy.
    pub economy: Economy,
    /// What was changed, in the order of the files.
    pub repairs: Vec<Repair>,
}

/// Reads an economy from files of a format. They may be given in any order, each is known by
/// its columns; a folder stands for the files in it.
///
/// # Errors
/// A file that is missing or can't be read, an option that is needed, and the first figure
/// that can't be used, with file, line and column.
pub fn import(
    format: Format,
    paths: &[PathBuf],
    options: &ImportOptions,
) -> Result<Imported, EconomyError> {
    import_within(format, paths, options, Limits::OWN)
}

/// Reads an economy as [`import`] does, unless it is too large.
///
/// # Errors
/// As there, and more rows or cells than may be held.
pub fn import_within(
    format: Format,
    paths: &[PathBuf],
    options: &ImportOptions,
    limits: Limits,
) -> Result<Imported, EconomyError> {
    let paths = files_of(paths)?;
    let files = || Files::open(&paths, limits);
    let mut imported = match format {
        Format::Long => long::import(&files()?, options),
        Format::Icio => icio::import(&paths, options, limits),
        Format::IcioPrepared => icio_prepared::import(&files()?, options),
        Format::Wiod2013 => wiod::import(&files()?, options),
        Format::CaliendoParro => caliendo_parro::import(&files()?),
        Format::Baci => baci::import(&paths, options, limits),
        Format::BaciMatrix => baci::import_matrix(&files()?, options),
    }?;
    let card = &mut imported.economy.card;
    let set = |field: &mut String, given: &Option<String>| {
        if let Some(given) = given {
            field.clone_from(given);
        }
    };
    set(&mut card.id, &options.id);
    set(&mut card.title, &options.title);
    if options.licence.is_some() {
        card.licence.clone_from(&options.licence);
    }
    Ok(imported)
}

/// The files given, with those of a folder in the order of their names.
fn files_of(paths: &[PathBuf]) -> Result<Vec<PathBuf>, EconomyError> {
    let mut files = Vec::new();
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let entries = std::fs::read_dir(path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
        let entries = entries.map_err(|source| crate::table::cannot_read(path, source))?;
        let mut inside: Vec<PathBuf> = entries.iter().map(std::fs::DirEntry::path).collect();
        inside.retain(|file| {
            let ending = file.extension().and_then(std::ffi::OsStr::to_str);
            matches!(ending, Some("csv" | "parquet"))
        });
        inside.sort();
        files.extend(inside);
    }
    Ok(files)
}

/// The tables given, of which each is known by its columns.
struct Files(Vec<LongTable>);

impl Files {
    fn open(paths: &[PathBuf], limits: Limits) -> Result<Self, EconomyError> {
        let tables = paths
            .iter()
            .map(|path| LongTable::open_within(path, limits));
        Ok(Self(tables.collect::<Result<_, _>>()?))
    }

    /// The one table that has these columns and none of the others, if there is one.
    fn find(
        &self,
        columns: &[&str],
        without: &[&str],
        what: &'static str,
    ) -> Result<Option<&LongTable>, EconomyError> {
        let mut found = self
            .0
            .iter()
            .filter(|table| table.has(columns) && !without.iter().any(|name| table.has(&[name])));
        match (found.next(), found.next()) {
            (Some(first), Some(second)) => Err(EconomyError::SeveralFiles {
                first: first.name().to_owned(),
                second: second.name().to_owned(),
                what,
            }),
            (first, _) => Ok(first),
        }
    }

    fn need(
        &self,
        format: &'static str,
        columns: &[&str],
        what: &'static str,
    ) -> Result<&LongTable, EconomyError> {
        self.find(columns, &[], what)?
            .ok_or(EconomyError::MissingFile { format, what })
    }
}

/// So many years are named where one has to be chosen.
const MOST_YEARS: usize = 200;

/// The year of a table: the one asked for, else the only one in its column.
fn year_of(table: &LongTable, options: &ImportOptions) -> Result<i32, EconomyError> {
    if let Some(year) = options.year {
        return Ok(year);
    }
    let setting = |problem: String| EconomyError::Setting {
        option: "year",
        problem,
    };
    let Some(column) = table.find("year")? else {
        return Err(setting(format!(
            "{} has no column \"year\": say which year it is of",
            table.name()
        )));
    };
    let mut years = Codes::new("year");
    for row in 0..table.len() {
        years.add(&table.text(row, column));
        if years.len() > MOST_YEARS {
            return Err(setting(format!(
                "{} holds more than {MOST_YEARS} years: say which",
                table.name()
            )));
        }
    }
    match years.order() {
        [only] => only
            .parse()
            .map_err(|_| table.wrong(0, column, "a year of four digits")),
        _ => Err(setting(format!(
            "{} holds {} years ({}): say which",
            table.name(),
            years.len(),
            years.order().join(", ")
        ))),
    }
}
