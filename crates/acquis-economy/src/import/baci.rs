//! CEPII BACI with GDP: goods trade of one year, in one sector, home sales from GDP.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::home_sales::HomeSales;
use super::stream::CsvStream;
use super::{Files, ImportOptions, Imported};
use crate::codes::{Absent, Codes, Grid, cells};
use crate::economy::{Card, Economy, Figures, Sector};
use crate::error::EconomyError;
use crate::limits::Limits;
use crate::meaning::Valuation;
use crate::table::LongTable;

/// Thousand dollars in a million.
const THOUSANDS: f64 = 1e3;
/// Dollars in a million.
const DOLLARS: f64 = 1e6;

/// The year of the matrix as prepared.
const MATRIX_YEAR: i32 = 2023;

/// A matrix of exports (columns exporter, importer, `exports_2023_kusd`) and the countries
/// with their GDP (columns iso3, `gdp_usd`).
pub(super) fn import_matrix(
    files: &Files,
    options: &ImportOptions,
) -> Result<Imported, EconomyError> {
    const FORMAT: &str = "baci-matrix";
    let trade = files.need(
        FORMAT,
        &["exporter", "importer", "exports_2023_kusd"],
        "exports (columns exporter, importer, exports_2023_kusd)",
    )?;
    let gdp = files.need(
        FORMAT,
        &["iso3", "gdp_usd"],
        "the countries with their GDP (columns iso3, gdp_usd)",
    )?;
    let names = names_of(gdp)?;
    let (countries, gdp) = gdp_of(gdp)?;
    let exporter = trade.column("exporter")?;
    let importer = trade.column("importer")?;
    let value = trade.column("exports_2023_kusd")?;
    let mut flows = Grid::new("exports", &[&countries, &countries], trade.limits())?;
    for row in 0..trade.len() {
        let cell = [
            countries.find(&trade.text(row, exporter), || trade.at(row, exporter))?,
            countries.find(&trade.text(row, importer), || trade.at(row, importer))?,
        ];
        let value = trade.amount(row, value)? / THOUSANDS;
        flows.put(&cell, value, || trade.at(row, exporter))?;
    }
    for country in 0..countries.len() {
        // The diagonal is not in the file: home sales follow from GDP.
        let cell = flows.cell(&[country, country]);
        if !flows.has(cell) {
            flows.put(&[country, country], 0.0, || trade.at_start())?;
        }
    }
    let flows = flows.complete(Absent::Missing, &trade.at_start())?;
    let mut card = card(options.year.unwrap_or(MATRIX_YEAR));
    card.sources.push("prepared by Ignatenko, Lashkaripour, Macedoni and Simonovska (2025), Making America Great Again?, J. Int. Economics".to_owned());
    card.licence = Some("none stated; BACI: Etalab 2.0".to_owned());
    card.names = names;
    economy(card, &countries, &gdp, flows, options)
}

/// A year of BACI as published (columns t, i, j, k, v, q), its country codes (columns
/// `country_code`, `country_iso3`) and a table of GDP (columns iso3, `gdp_usd`).
pub(super) fn import(
    paths: &[PathBuf],
    options: &ImportOptions,
    limits: Limits,
) -> Result<Imported, EconomyError> {
    const FORMAT: &str = "baci";
    const YEAR: &str = "a year of BACI (columns t, i, j, k, v, q)";
    let mut trade: Option<&PathBuf> = None;
    let mut others = Vec::new();
    for path in paths {
        if !crate::table::is_parquet(path)? && is_baci(path)? {
            if let Some(first) = trade.replace(path) {
                return Err(EconomyError::SeveralFiles {
                    first: first.display().to_string(),
                    second: path.display().to_string(),
                    what: YEAR,
                });
            }
        } else {
            others.push(path.clone());
        }
    }
    let trade = trade.ok_or(EconomyError::MissingFile {
        format: FORMAT,
        what: YEAR,
    })?;
    let others = Files::open(&others, limits)?;
    let codes = others.need(
        FORMAT,
        &["country_code", "country_iso3"],
        "the country codes (columns country_code, country_iso3)",
    )?;
    let gdp = others.need(
        FORMAT,
        &["iso3", "gdp_usd"],
        "the countries with their GDP (columns iso3, gdp_usd)",
    )?;
    let names = names_of(gdp)?;
    let (countries, gdp) = gdp_of(gdp)?;
    let exports = Exports::read(trade, &iso3_of(codes)?, &countries, options.year, limits)?;
    let mut card = card(exports.year);
    card.licence = Some("Etalab 2.0".to_owned());
    card.names = names;
    if exports.left_out > 0.0 {
        card.notes.push(format!(
            "{:.2} % of world exports are left out: one side of them has no GDP in the table given.",
            100.0 * exports.left_out / (exports.left_out + exports.flows.iter().sum::<f64>())
        ));
    }
    economy(card, &countries, &gdp, exports.flows, options)
}

fn is_baci(path: &Path) -> Result<bool, EconomyError> {
    let stream = CsvStream::open(path)?;
    let has = |name: &str| stream.header().any(|column| column == name);
    Ok(["t", "i", "j", "k", "v"].into_iter().all(has))
}

/// What is exported, in million dollars, all products together.
struct Exports {
    year: i32,
    flows: Vec<f64>,
    left_out: f64,
}

impl Exports {
    fn read(
        path: &Path,
        iso3: &[(String, String)],
        countries: &Codes,
        asked: Option<i32>,
        limits: Limits,
    ) -> Result<Self, EconomyError> {
        let mut stream = CsvStream::open(path)?;
        let (year, value) = (stream.column("t")?, stream.column("v")?);
        let (exporter, importer) = (stream.column("i")?, stream.column("j")?);
        let known = Codes::of("country code", iso3.iter().map(|(code, _)| code.as_str()));
        let count = countries.len();
        let mut all = Self {
            year: asked.unwrap_or_default(),
            flows: vec![0.0; cells("exports", &[count, count], limits)?],
            left_out: 0.0,
        };
        while stream.advance()? {
            let of = stream.text(year);
            let of: i32 = of.parse().map_err(|_| stream.wrong(year, "a year"))?;
            if all.year == 0 {
                all.year = of;
            }
            if all.year != of {
                continue;
            }
            let position = |column: usize| -> Result<Option<usize>, EconomyError> {
                let code = known.find(stream.text(column), || stream.at(column))?;
                Ok(countries.get(&iso3[code].1))
            };
            let (from, to) = (position(exporter)?, position(importer)?);
            let value = stream.number(value)? / THOUSANDS;
            if value < 0.0 {
                return Err(stream.wrong(stream.column("v")?, "a number, zero or above"));
            }
            match (from, to) {
                (Some(from), Some(to)) => all.flows[from * count + to] += value,
                _ => all.left_out += value,
            }
        }
        if all.flows.iter().all(|flow| *flow <= 0.0) {
            return Err(EconomyError::Setting {
                option: "year",
                problem: format!("{} has no trade of {}", stream.name(), all.year),
            });
        }
        Ok(all)
    }
}

/// BACI's numbers of countries with their codes.
fn iso3_of(table: &LongTable) -> Result<Vec<(String, String)>, EconomyError> {
    let code = table.column("country_code")?;
    let iso3 = table.column("country_iso3")?;
    let rows = 0..table.len();
    Ok(rows
        .map(|row| {
            let (code, iso3) = (table.text(row, code), table.text(row, iso3));
            (code.into_owned(), iso3.into_owned())
        })
        .collect())
}

/// The countries and their GDP in million dollars.
fn gdp_of(table: &LongTable) -> Result<(Codes, Vec<f64>), EconomyError> {
    let iso3 = table.column("iso3")?;
    let column = table.column("gdp_usd")?;
    let mut countries = Codes::new("country");
    let mut gdp = Vec::with_capacity(table.len());
    for row in 0..table.len() {
        let code = table.text(row, iso3);
        if countries.get(&code).is_some() {
            return Err(EconomyError::Duplicate {
                at: table.at(row, iso3),
                what: "GDP",
                cell: code.into_owned(),
            });
        }
        countries.add(&code);
        let value = table.number(row, column).filter(|value| *value > 0.0);
        gdp.push(value.ok_or_else(|| table.wrong(row, column, "a number above 0"))? / DOLLARS);
    }
    Ok((countries, gdp))
}

/// Names of the countries, where the table has them.
fn names_of(table: &LongTable) -> Result<BTreeMap<String, String>, EconomyError> {
    let iso3 = table.column("iso3")?;
    let Some(name) = table.find("country_name")? else {
        return Ok(BTreeMap::new());
    };
    let text = |row: usize, column| table.text(row, column).into_owned();
    Ok((0..table.len())
        .map(|row| (text(row, iso3), text(row, name)))
        .collect())
}

fn economy(
    mut card: Card,
    countries: &Codes,
    gdp: &[f64],
    mut flows: Vec<f64>,
    options: &ImportOptions,
) -> Result<Imported, EconomyError> {
    let home = HomeSales::of(options)?;
    let repairs = home.add(countries.order(), gdp, &mut flows);
    card.notes.push(home.note());
    let figures = Figures {
        countries: countries.order().to_vec(),
        sectors: vec![Sector {
            code: "goods".to_owned(),
            name: "All goods".to_owned(),
            is_tradable: true,
        }],
        flows,
        ..Figures::default()
    };
    Ok(Imported {
        economy: Economy::new(card, figures)?,
        repairs,
    })
}

fn card(year: i32) -> Card {
    Card {
        id: format!("baci-{year}"),
        title: format!("CEPII BACI with GDP, {year}"),
        year,
        unit: "million current US dollars".to_owned(),
        sources: vec![
            "Gaulier and Zignago (2010), BACI: International Trade Database at the Product Level, CEPII".to_owned(),
            "GDP: World Bank, World Development Indicators".to_owned(),
        ],
        licence: None,
        method: None,
        notes: vec![
            "Goods only; GDP includes services, so that home sales are a residual and not observed.".to_owned(),
        ],
        valuation: Some(Valuation::FreeOnBoard),
        names: BTreeMap::new(),
    }
}
