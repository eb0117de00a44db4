//! OECD ICIO with tariffs, one long Parquet file a year, as prepared by Lashkaripour (2021).
//!
//! The flows are intermediate and final demand together, so that nothing is known of inputs:
//! value added is the whole of output.

use super::{Files, ImportOptions, Imported, year_of};
use crate::codes::{Absent, Codes, Grid};
use crate::economy::{Card, Economy, Figures, Sector, TariffSchedule};
use crate::elasticity_table::ElasticityColumns;
use crate::error::EconomyError;
use crate::meaning::{Elasticities, ElasticityMeaning, Valuation};
use crate::table::LongTable;

const FORMAT: &str = "icio-prepared";

/// The sets of elasticities of the source, with who estimated them.
const SETS: [(&str, &str); 8] = [
    ("bsy", "Bagwell, Staiger and Yurukoglu (2021)"),
    ("cp", "Caliendo and Parro (2015)"),
    ("fgo", "Fontagné, Guimbard and Orefice (2022)"),
    ("gyy", "Giri, Yi and Yilmazkuday (2021)"),
    ("is", "in-sample estimates of Lashkaripour (2021)"),
    ("ll", "Lashkaripour and Lugovskyy (2023)"),
    ("shap", "Shapiro (2016)"),
    ("u4", "uniform 4"),
];

/// The set that is taken where none is named: it has a value of its own for agriculture,
/// mining and petroleum, and none out of line (4.0 to 9.6; `cp` has 64.85, `ll` 0.636).
const DEFAULT_SET: &str = "bsy";

pub(super) fn import(files: &Files, options: &ImportOptions) -> Result<Imported, EconomyError> {
    let trade = files.need(
        FORMAT,
        &["exporter", "importer", "sector", "flow_musd", "tariff_rate"],
        "the flows of a year (columns exporter, importer, sector, flow_musd, tariff_rate)",
    )?;
    let country_table = files.need(FORMAT, &["iso3"], "the countries (column iso3)")?;
    let sector_table = files.need(
        FORMAT,
        &["sector", "name", "goods"],
        "the sectors (columns sector, name, goods)",
    )?;
    let year = year_of(trade, options)?;
    let countries = codes("country", country_table, "iso3")?;
    let sectors = codes("sector", sector_table, "sector")?;
    let (flows, rates) = bilateral(trade, &countries, &sectors)?;
    let name = sector_table.column("name")?;
    let figures = Figures {
        countries: countries.order().to_vec(),
        sectors: (sectors.order().iter().enumerate())
            .map(|(row, code)| Sector {
                code: code.clone(),
                name: sector_table.text(row, name).into_owned(),
                is_tradable: true,
            })
            .collect(),
        flows,
        tariffs: vec![TariffSchedule {
            name: year.to_string(),
            rates,
        }],
        elasticities: elasticities(files, &sectors, options)?,
        ..Figures::default()
    };
    Ok(Imported {
        economy: Economy::new(card(year), figures)?,
        repairs: Vec::new(),
    })
}

fn codes(
    what: &'static str,
    table: &LongTable,
    column: &'static str,
) -> Result<Codes, EconomyError> {
    let column = table.column(column)?;
    let mut codes = Codes::new(what);
    for row in 0..table.len() {
        let code = table.text(row, column);
        if codes.get(&code).is_some() {
            return Err(EconomyError::Duplicate {
                at: table.at(row, column),
                what,
                cell: code.into_owned(),
            });
        }
        codes.add(&code);
    }
    Ok(codes)
}

/// Flows and tariffs, each `[sector][exporter][importer]`.
fn bilateral(
    table: &LongTable,
    countries: &Codes,
    sectors: &Codes,
) -> Result<(Vec<f64>, Vec<f64>), EconomyError> {
    let exporter = table.column("exporter")?;
    let importer = table.column("importer")?;
    let sector = table.column("sector")?;
    let flow = table.column("flow_musd")?;
    let rate = table.column("tariff_rate")?;
    let axes = [sectors, countries, countries];
    let mut flows = Grid::to_fill("flows", &axes, table)?;
    let mut rates = Grid::to_fill("tariffs", &axes, table)?;
    for row in 0..table.len() {
        let cell = [
            sectors.find(&table.text(row, sector), || table.at(row, sector))?,
            countries.find(&table.text(row, exporter), || table.at(row, exporter))?,
            countries.find(&table.text(row, importer), || table.at(row, importer))?,
        ];
        let at = || table.at(row, exporter);
        flows.put(&cell, table.amount(row, flow)?, at)?;
        rates.put(&cell, table.rate(row, rate)?, at)?;
    }
    let at = table.at_start();
    Ok((
        flows.complete(Absent::Missing, &at)?,
        rates.complete(Absent::Missing, &at)?,
    ))
}

fn elasticities(
    files: &Files,
    sectors: &Codes,
    options: &ImportOptions,
) -> Result<Option<Elasticities>, EconomyError> {
    const TABLE: &str = "the elasticities (columns sector, bsy, cp, ..., u4)";
    let set = options.elasticity_set.as_deref().unwrap_or(DEFAULT_SET);
    let Some(table) = files.find(&["sector", "u4"], &[], TABLE)? else {
        return match options.elasticity_set {
            None => Ok(None),
            Some(_) => Err(EconomyError::MissingFile {
                format: FORMAT,
                what: TABLE,
            }),
        };
    };
    let estimated_by = SETS.iter().find(|(name, _)| *name == set);
    let columns = ElasticityColumns {
        sector: "sector",
        value: set,
    };
    let source = estimated_by.map_or_else(
        || format!("{set} of {}", table.name()),
        |(name, who)| format!("{who}, set {name} of Lashkaripour (2021)"),
    );
    columns
        .read(
            table,
            sectors,
            ElasticityMeaning::TariffInclusiveShare,
            source,
        )
        .map(Some)
}

fn card(year: i32) -> Card {
    Card {
        id: format!("icio-{year}"),
        title: format!("OECD ICIO with tariffs, {year}"),
        year,
        unit: "million current US dollars".to_owned(),
        sources: vec![
            "OECD Inter-Country Input-Output tables, extended 2023 edition".to_owned(),
            "Teti (2024), Global Tariff Database".to_owned(),
            "prepared by Lashkaripour (2021), J. Int. Economics 131".to_owned(),
        ],
        licence: Some("none stated".to_owned()),
        method: None,
        notes: vec![
            "Flows are intermediate and final demand together: nothing is known of inputs, and value added is taken as the whole of output.".to_owned(),
            "Services carry tariffs above zero in some pairs (electricity and the like).".to_owned(),
            "Tariffs are those of the importer in the source: within the Eurasian Economic Union not exactly zero, and without the trade wars of 2018-19. Those of 2022 are those of 2021.".to_owned(),
            "Not customs statistics: flows are at basic prices and balanced with national accounts.".to_owned(),
        ],
        valuation: Some(Valuation::BasicPrices),
        names: [("ROW".to_owned(), "Rest of the world".to_owned())].into(),
    }
}
