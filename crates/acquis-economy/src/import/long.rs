//! A long table of the user's own: exporter, importer, sector, value, tariff.

use super::{Files, ImportOptions, Imported, year_of};
use crate::economy::{Card, Economy, Figures, Sector, TariffSchedule};
use crate::elasticity_table::ElasticityColumns;
use crate::error::EconomyError;
use crate::meaning::Elasticities;
use crate::table::LongTable;
use crate::trade_table::{IN_FORCE, ONE_SECTOR, TradeColumns, TradeTable, read_trade};

pub(super) fn import(files: &Files, options: &ImportOptions) -> Result<Imported, EconomyError> {
    const TABLE: &str = "a table with a column for the exporter and one for the importer";
    let names = Names::of(options);
    let wanted = [names.exporter, names.importer];
    let table = match (files.find(&wanted, &[], TABLE)?, files.0.as_slice()) {
        (Some(table), _) => table,
        // The one file there is: say which of its columns is missing.
        (None, [only]) => only,
        (None, _) => {
            return Err(EconomyError::MissingFile {
                format: "long",
                what: TABLE,
            });
        }
    };
    let year = year_of(table, options)?;
    let rows = match table.find("year")? {
        Some(column) => {
            let year = year.to_string();
            table.select(|table, row| table.text(row, column) == year)
        }
        None => table.select(|_, _| true),
    };
    let trade = read_trade(&rows, &names.columns(table), options.absent)?;
    let unit = options.unit.clone().ok_or(EconomyError::Setting {
        option: "unit",
        problem: "a table says nothing about its unit: give it, such as \"million USD\"".to_owned(),
    })?;
    let elasticities = elasticities(files, &trade, options)?;
    let card = Card {
        id: format!("trade-{year}"),
        title: format!("Trade among {} economies, {year}", trade.countries.len()),
        year,
        unit,
        sources: options.sources.clone(),
        valuation: options.valuation,
        ..Card::default()
    };
    let economy = Economy::new(card, figures(trade, elasticities))?;
    Ok(Imported {
        economy,
        repairs: Vec::new(),
    })
}

struct Names<'o> {
    exporter: &'o str,
    importer: &'o str,
    sector: Option<&'o str>,
    value: &'o str,
    tariff: Option<&'o str>,
}

impl<'o> Names<'o> {
    fn of(options: &'o ImportOptions) -> Self {
        let columns = &options.columns;
        Self {
            exporter: columns.exporter.as_deref().unwrap_or("exporter"),
            importer: columns.importer.as_deref().unwrap_or("importer"),
            sector: columns.sector.as_deref(),
            value: columns.value.as_deref().unwrap_or("value"),
            tariff: columns.tariff.as_deref(),
        }
    }

    fn columns(&self, table: &LongTable) -> TradeColumns {
        // A column that is named must be there; one by its usual name may be.
        let usual = |given: Option<&str>, usual: &str| match given {
            Some(name) => Some(name.to_owned()),
            None => table.has(&[usual]).then(|| usual.to_owned()),
        };
        TradeColumns {
            exporter: self.exporter.to_owned(),
            importer: self.importer.to_owned(),
            sector: usual(self.sector, "sector"),
            value: self.value.to_owned(),
            tariffs: usual(self.tariff, "tariff")
                .map(|column| (IN_FORCE.to_owned(), column))
                .into_iter()
                .collect(),
            status: None,
        }
    }
}

fn elasticities(
    files: &Files,
    trade: &TradeTable,
    options: &ImportOptions,
) -> Result<Option<Elasticities>, EconomyError> {
    const TABLE: &str = "a table with the columns sector and the set of elasticities asked for";
    let set = options.elasticity_set.as_deref().unwrap_or("elasticity");
    let Some(table) = files.find(&["sector", set], &["exporter"], TABLE)? else {
        return match options.elasticity_set {
            Some(_) => Err(EconomyError::MissingFile {
                format: "long",
                what: TABLE,
            }),
            None => Ok(None),
        };
    };
    let meaning = options.elasticity_meaning.ok_or(EconomyError::Setting {
        option: "elasticity meaning",
        problem: "say whether the elasticities are of the tariff-inclusive share or of the value before the tariff, which is one more".to_owned(),
    })?;
    let columns = ElasticityColumns {
        sector: "sector",
        value: set,
    };
    let source = format!("{set} of {}", table.name());
    columns
        .read(table, &trade.sectors, meaning, source)
        .map(Some)
}

fn figures(trade: TradeTable, elasticities: Option<Elasticities>) -> Figures {
    let countries = trade.countries.len();
    let sectors = trade.sectors.order().iter().enumerate();
    let sectors = sectors.map(|(number, code)| {
        let square = number * countries * countries;
        let crosses_border =
            |cell: usize| cell / countries != cell % countries && trade.flows[square + cell] > 0.0;
        Sector {
            name: if code == ONE_SECTOR {
                "All goods and services".to_owned()
            } else {
                code.clone()
            },
            code: code.clone(),
            is_tradable: (0..countries * countries).any(crosses_border),
        }
    });
    Figures {
        sectors: sectors.collect(),
        countries: trade.countries.order().to_vec(),
        flows: trade.flows,
        tariffs: trade
            .tariffs
            .into_iter()
            .map(|(name, rates)| TariffSchedule { name, rates })
            .collect(),
        elasticities,
        ..Figures::default()
    }
}
