//! WIOD, release of 2013: long Parquet files of one year with exporter, sector, importer,
//! use and value, and the list of codes.

use super::accounts::{Accounts, Entry};
use super::{Files, ImportOptions, Imported, year_of};
use crate::codes::{Codes, cells};
use crate::economy::{Card, Economy, Sector};
use crate::error::EconomyError;
use crate::meaning::Valuation;
use crate::table::LongTable;

const FORMAT: &str = "wiod-2013";

pub(super) fn import(files: &Files, options: &ImportOptions) -> Result<Imported, EconomyError> {
    let table = files.need(
        FORMAT,
        &["exporter", "sector", "importer", "use", "value_musd"],
        "the table of a year (columns exporter, sector, importer, use, value_musd)",
    )?;
    let key = files.need(
        FORMAT,
        &["code", "name", "kind"],
        "the codes (columns code, name, kind)",
    )?;
    let year = year_of(table, options)?;
    let (sectors, uses) = Uses::read(key)?;
    let countries = countries(table)?;
    let mut accounts = Accounts::new(countries.order().to_vec(), sectors, table.limits())?;
    add_entries(table, &countries, &uses, &mut accounts)?;
    let (figures, repairs) = accounts.figures();
    Ok(Imported {
        economy: Economy::new(card(year), figures)?,
        repairs,
    })
}

/// Codes of uses: industries first, in the order of the sectors, then final demand.
struct Uses {
    all: Codes,
    industries: usize,
}

impl Uses {
    fn read(key: &LongTable) -> Result<(Vec<Sector>, Self), EconomyError> {
        let (code, name) = (key.column("code")?, key.column("name")?);
        let kind = key.column("kind")?;
        let is_industry = |row: &usize| key.text(*row, kind) == "industry";
        let mut all = Codes::new("use");
        let mut sectors = Vec::new();
        for row in (0..key.len()).filter(is_industry) {
            let code = key.text(row, code);
            all.add(&code);
            sectors.push(Sector {
                code: code.into_owned(),
                name: key.text(row, name).into_owned(),
                is_tradable: true,
            });
        }
        for row in (0..key.len()).filter(|row| !is_industry(row)) {
            all.add(&key.text(row, code));
        }
        let industries = sectors.len();
        Ok((sectors, Self { all, industries }))
    }
}

/// The countries in the order of their codes, the rest of the world last.
fn countries(table: &LongTable) -> Result<Codes, EconomyError> {
    let exporter = table.column("exporter")?;
    let mut found = Codes::new("country");
    for row in 0..table.len() {
        found.add(&table.text(row, exporter));
    }
    let mut codes = found.order().to_vec();
    codes.sort_by_cached_key(|code| (code == "ROW", code.clone()));
    Ok(Codes::of("country", codes.iter().map(String::as_str)))
}

fn add_entries(
    table: &LongTable,
    countries: &Codes,
    uses: &Uses,
    accounts: &mut Accounts,
) -> Result<(), EconomyError> {
    let (exporter, importer) = (table.column("exporter")?, table.column("importer")?);
    let (sector, used_for) = (table.column("sector")?, table.column("use")?);
    let value = table.column("value_musd")?;
    let (n, all) = (countries.len(), uses.all.len());
    let sizes = [n, uses.industries, n, all];
    let mut seen = vec![false; cells("table", &sizes, table.limits())?];
    for row in 0..table.len() {
        let exporter_of = countries.find(&table.text(row, exporter), || table.at(row, exporter))?;
        let importer_of = countries.find(&table.text(row, importer), || table.at(row, importer))?;
        let use_of = (uses.all).find(&table.text(row, used_for), || table.at(row, used_for))?;
        let sector_of = uses
            .all
            .find(&table.text(row, sector), || table.at(row, sector))?;
        if sector_of >= uses.industries {
            return Err(table.wrong(row, sector, "the code of an industry"));
        }
        let cell = ((exporter_of * uses.industries + sector_of) * n + importer_of) * all + use_of;
        if std::mem::replace(&mut seen[cell], true) {
            return Err(EconomyError::Duplicate {
                at: table.at(row, exporter),
                what: "value",
                cell: format!(
                    "{} of {} to {} for {}",
                    table.text(row, sector),
                    table.text(row, exporter),
                    table.text(row, importer),
                    table.text(row, used_for)
                ),
            });
        }
        accounts.add(Entry {
            exporter: exporter_of,
            sector: sector_of,
            importer: importer_of,
            using: (use_of < uses.industries).then_some(use_of),
            value: table.finite(row, value)?,
        });
    }
    Ok(())
}

fn card(year: i32) -> Card {
    Card {
        id: format!("wiod-{year}"),
        title: format!("WIOD 2013 release, {year}"),
        year,
        unit: "million current US dollars".to_owned(),
        sources: vec![
            "Timmer, Dietzenbacher, Los, Stehrer and de Vries (2015), World Input-Output Database, 2013 release".to_owned(),
        ],
        licence: Some("WIOD asks for citation".to_owned()),
        method: None,
        notes: vec![
            "Output is what is sold; value added is output less purchases of inputs, so that taxes and transport margins are in it.".to_owned(),
            "Negative final demand (inventories) is set to zero, which raises output by as much.".to_owned(),
            "The source rounds to millions; there are no tariffs in it.".to_owned(),
        ],
        valuation: Some(Valuation::BasicPrices),
        names: [("ROW".to_owned(), "Rest of the world".to_owned())].into(),
    }
}
