//! OECD ICIO as published: one wide CSV a year.
//!
//! A row or column is named by country and industry (`AUS_C10T12`), a column of final demand
//! by country and category (`AUS_HFCE`). Whatever of a country's columns is no industry of
//! the rows is final demand. Below the industries stand taxes less subsidies on products
//! (`TLS`, `AUS_TAXSUB`), value added (`VA`, `VALU`) and output (`OUT`, `OUTPUT`); beside
//! final demand stands output again (`OUT`, `TOTAL`). China and Mexico are split by kind of
//! firm (`CN1`, `CN2`, `MX1`, `MX2`), and the parts are added up.

use std::path::PathBuf;

use super::accounts::{Accounts, Entry};
use super::stream::CsvStream;
use super::{ImportOptions, Imported};
use crate::codes::Codes;
use crate::economy::{Card, Economy, Sector};
use crate::error::{EconomyError, Location};
use crate::limits::Limits;
use crate::meaning::Valuation;

/// Columns and rows that are sums or value added, by their name or its end.
const MARGINS: [&str; 8] = [
    "TLS", "TAXSUB", "VA", "VALU", "OUT", "OUTPUT", "TOTAL", "TLSV",
];

pub(super) fn import(
    paths: &[PathBuf],
    options: &ImportOptions,
    limits: Limits,
) -> Result<Imported, EconomyError> {
    let [path] = paths else {
        return Err(EconomyError::MissingFile {
            format: "icio",
            what: "one CSV file, the table of one year",
        });
    };
    let Some(year) = options.year.or_else(|| year_in(path)) else {
        return Err(EconomyError::Setting {
            option: "year",
            problem: "the file's name holds no year: say which it is".to_owned(),
        });
    };
    // The rows name the industries, and only with them can the columns be told apart.
    let rows = Rows::read(CsvStream::open(path)?)?;
    let mut stream = CsvStream::open(path)?;
    let columns = rows.columns(&stream)?;
    let sectors = rows.industries.order().iter().map(|code| Sector {
        code: code.clone(),
        name: code.clone(),
        is_tradable: true,
    });
    let countries = rows.countries.order().to_vec();
    let mut accounts = Accounts::new(countries, sectors.collect(), limits)?;
    let mut printed = vec![0.0; rows.countries.len() * rows.industries.len()];
    while stream.advance()? {
        let label = stream.text(0);
        let Some((country, industry)) = rows.seller(label) else {
            if label == "OUT" || label == "OUTPUT" {
                rows.printed_output(&stream, &columns, &mut printed)?;
            }
            continue;
        };
        for (at, column) in columns.iter().enumerate() {
            let Some(buyer) = column else { continue };
            let value = stream.number(at)?;
            if value == 0.0 {
                continue;
            }
            accounts.add(Entry {
                exporter: country,
                sector: industry,
                importer: buyer.country,
                using: buyer.industry,
                value,
            });
        }
    }
    let (mut figures, repairs) = accounts.figures();
    if printed.iter().any(|output| *output > 0.0) {
        figures.gross_output = Some(printed);
    }
    Ok(Imported {
        economy: Economy::new(card(year), figures)?,
        repairs,
    })
}

/// Who buys in a column: an industry of a country, or its final demand.
struct Buyer {
    country: usize,
    industry: Option<usize>,
}

/// The sellers of the table.
struct Rows {
    countries: Codes,
    industries: Codes,
}

impl Rows {
    fn read(mut stream: CsvStream) -> Result<Self, EconomyError> {
        let mut rows = Self {
            countries: Codes::new("country"),
            industries: Codes::new("industry"),
        };
        let mut seen = Codes::new("row");
        while stream.advance()? {
            let label = stream.text(0);
            let Some((country, industry)) = split(label) else {
                continue;
            };
            if seen.get(label).is_some() {
                return Err(EconomyError::Duplicate {
                    at: stream.at(0),
                    what: "row",
                    cell: label.to_owned(),
                });
            }
            seen.add(label);
            rows.countries.add(country);
            rows.industries.add(industry);
        }
        if rows.countries.len() == 0 {
            return Err(EconomyError::NotATable {
                at: Location::File(stream.name().into()),
                problem: "no row is named by country and industry, such as AUS_C10T12".to_owned(),
            });
        }
        Ok(rows)
    }

    /// Country and industry of a row; `None` for taxes, value added and output.
    fn seller(&self, label: &str) -> Option<(usize, usize)> {
        let (country, industry) = split(label)?;
        Some((self.countries.get(country)?, self.industries.get(industry)?))
    }

    /// Who buys in each column; `None` for the names of rows and the sums.
    fn columns(&self, stream: &CsvStream) -> Result<Vec<Option<Buyer>>, EconomyError> {
        let mut columns = Vec::new();
        let mut seen = Codes::new("column");
        for (at, label) in stream.header().enumerate() {
            let Some((country, industry)) = split(label).filter(|_| at > 0) else {
                columns.push(None);
                continue;
            };
            let here = || Location::Line {
                file: stream.name().into(),
                line: 1,
                column: (stream.header().take(at))
                    .map(|name| name.chars().count() + 1)
                    .sum::<usize>()
                    + 1,
            };
            if seen.get(label).is_some() {
                return Err(EconomyError::Duplicate {
                    at: here(),
                    what: "column",
                    cell: label.to_owned(),
                });
            }
            seen.add(label);
            columns.push(Some(Buyer {
                country: self.countries.find(country, here)?,
                industry: self.industries.get(industry),
            }));
        }
        Ok(columns)
    }

    /// Output as the table prints it, `[N][J]`.
    fn printed_output(
        &self,
        stream: &CsvStream,
        columns: &[Option<Buyer>],
        printed: &mut [f64],
    ) -> Result<(), EconomyError> {
        for (at, column) in columns.iter().enumerate() {
            if let Some(Buyer {
                country,
                industry: Some(industry),
            }) = column
            {
                printed[country * self.industries.len() + industry] += stream.number(at)?;
            }
        }
        Ok(())
    }
}

/// Country and industry, or category of final demand, of a label; the parts of China and
/// Mexico are those of the country.
fn split(label: &str) -> Option<(&str, &str)> {
    let (country, rest) = label.split_once('_')?;
    if MARGINS.contains(&rest) || country.len() != 3 {
        return None;
    }
    let country = match country {
        "CN1" | "CN2" => "CHN",
        "MX1" | "MX2" => "MEX",
        other => other,
    };
    Some((country, rest))
}

/// The year in a file's name, such as `2019_SML.csv` or `ICIO2021_2018.csv`: the last four
/// digits that stand together.
fn year_in(path: &std::path::Path) -> Option<i32> {
    let name = path.file_stem()?.to_str()?;
    let digits = name.split(|letter: char| !letter.is_ascii_digit());
    digits
        .filter(|digits| digits.len() == 4)
        .filter_map(|digits| digits.parse().ok())
        .rfind(|year| (1990..2100).contains(year))
}

fn card(year: i32) -> Card {
    Card {
        id: format!("icio-{year}"),
        title: format!("OECD ICIO, {year}"),
        year,
        unit: "million current US dollars".to_owned(),
        sources: vec!["OECD Inter-Country Input-Output tables".to_owned()],
        licence: Some("OECD terms and conditions".to_owned()),
        method: None,
        notes: vec![
            "Value added is output less purchases of inputs, so that taxes less subsidies on them are in it.".to_owned(),
            "Negative final demand (inventories) is set to zero, which raises output by as much.".to_owned(),
            "The processing and other firms of China and Mexico are added up.".to_owned(),
            "There are no tariffs in the source.".to_owned(),
        ],
        valuation: Some(Valuation::BasicPrices),
        names: [("ROW".to_owned(), "Rest of the world".to_owned())].into(),
    }
}
