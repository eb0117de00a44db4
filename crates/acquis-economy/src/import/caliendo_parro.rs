//! The data of Caliendo and Parro (2015): 31 regions, 40 sectors, 1993, with the tariffs of
//! 1993 and 2005 and input-output coefficients.

use super::{Files, Imported};
use crate::codes::{Absent, Codes, Grid, cells};
use crate::economy::{Card, Economy, Figures, Sector, TariffSchedule};
use crate::error::EconomyError;
use crate::meaning::{Elasticities, ElasticityMeaning};
use crate::repair::{Repair, RepairKind};
use crate::table::{Column, LongTable};

const FORMAT: &str = "caliendo-parro";
/// Output is in dollars, trade in thousands of them.
const DOLLARS: f64 = 1000.0;

pub(super) fn import(files: &Files) -> Result<Imported, EconomyError> {
    let source = Source::find(files)?;
    let (regions, names) = source.regions()?;
    let (numbers, sectors, thetas) = source.sectors()?;
    let (exports, tariffs) = source.trade(&regions, &numbers, &sectors)?;
    let (shares, printed) = source.production(&regions, &numbers)?;
    let inputs = source.inputs(&regions, &numbers, &shares)?;
    let mut figures = Figures {
        input_coefficients: Some(inputs),
        countries: regions.order().to_vec(),
        sectors,
        flows: exports,
        tariffs,
        value_added_shares: Some(shares),
        elasticities: Some(Elasticities {
            values: thetas,
            meaning: ElasticityMeaning::TariffInclusiveShare,
            source: "Caliendo and Parro (2015), table 1; 8.22 for autos, other transport and services is the average".to_owned(),
        }),
        ..Figures::default()
    };
    let (output, repairs) = add_home_sales(&mut figures, printed);
    figures.gross_output = Some(output);
    let names = regions.order().iter().cloned().zip(names);
    let economy = Economy::new(card(names), figures)?;
    Ok(Imported { economy, repairs })
}

/// Home sales are output less exports. Output below exports is raised to them. Gives output
/// `[N][J]` and what was raised.
fn add_home_sales(figures: &mut Figures, mut output: Vec<f64>) -> (Vec<f64>, Vec<Repair>) {
    let (countries, sectors) = (figures.countries.len(), figures.sectors.len());
    let mut repairs = Vec::new();
    for sector in 0..sectors {
        for country in 0..countries {
            let row = (sector * countries + country) * countries;
            let exports: f64 = figures.flows[row..row + countries].iter().sum();
            let produced = &mut output[country * sectors + sector];
            if *produced < exports {
                repairs.push(Repair {
                    country: figures.countries[country].clone(),
                    partner: None,
                    sector: Some(figures.sectors[sector].code.clone()),
                    what: RepairKind::OutputRaisedToExports,
                    from: *produced,
                    to: exports,
                });
                *produced = exports;
            }
            figures.flows[row + country] = *produced - exports;
        }
    }
    (output, repairs)
}

/// The five files.
struct Source<'f> {
    regions: &'f LongTable,
    sectors: &'f LongTable,
    trade: &'f LongTable,
    production: &'f LongTable,
    inputs: &'f LongTable,
}

impl<'f> Source<'f> {
    fn find(files: &'f Files) -> Result<Self, EconomyError> {
        Ok(Self {
            regions: files.need(
                FORMAT,
                &["region_no", "region", "region_name"],
                "the regions (columns region_no, region, region_name)",
            )?,
            sectors: files.need(
                FORMAT,
                &["sector_no", "sector_name", "tradable", "theta"],
                "the sectors (columns sector_no, sector_name, tradable, theta)",
            )?,
            trade: files.need(
                FORMAT,
                &["sector_no", "importer", "exporter", "trade_1993_kusd"],
                "trade and tariffs (columns sector_no, importer, exporter, trade_1993_kusd, tariff_1993_pct, tariff_2005_pct)",
            )?,
            production: files.need(
                FORMAT,
                &["sector_no", "region", "value_added_share", "gross_output_usd"],
                "production (columns sector_no, region, value_added_share, gross_output_usd)",
            )?,
            inputs: files.need(
                FORMAT,
                &["region", "input_sector_no", "using_sector_no", "share_of_intermediates"],
                "inputs (columns region, input_sector_no, using_sector_no, share_of_intermediates)",
            )?,
        })
    }

    fn regions(&self) -> Result<(Codes, Vec<String>), EconomyError> {
        let (code, name) = (
            self.regions.column("region")?,
            self.regions.column("region_name")?,
        );
        let rows = 0..self.regions.len();
        let codes = rows.clone().map(|row| self.regions.text(row, code));
        let mut regions = Codes::new("region");
        for code in codes {
            regions.add(&code);
        }
        let names = rows.map(|row| self.regions.text(row, name).into_owned());
        Ok((regions, names.collect()))
    }

    /// The numbers by which other files call the sectors, the sectors, their elasticities.
    fn sectors(&self) -> Result<(Codes, Vec<Sector>, Vec<f64>), EconomyError> {
        let table = self.sectors;
        let (number, name) = (table.column("sector_no")?, table.column("sector_name")?);
        let (tradable, theta) = (table.column("tradable")?, table.column("theta")?);
        let mut numbers = Codes::new("sector");
        let (mut sectors, mut thetas) = (Vec::new(), Vec::new());
        for row in 0..table.len() {
            numbers.add(&table.text(row, number));
            let name = table.text(row, name).into_owned();
            sectors.push(Sector {
                code: name.clone(),
                name,
                is_tradable: table.finite(row, tradable)? > 0.0,
            });
            thetas.push(table.amount(row, theta)?);
        }
        Ok((numbers, sectors, thetas))
    }

    /// Exports, zero at home, and the tariffs of both years. The file has the sectors that
    /// are traded only.
    fn trade(
        &self,
        regions: &Codes,
        sectors: &Codes,
        all: &[Sector],
    ) -> Result<(Vec<f64>, Vec<TariffSchedule>), EconomyError> {
        let table = self.trade;
        let sector = table.column("sector_no")?;
        let (exporter, importer) = (table.column("exporter")?, table.column("importer")?);
        let axes = [sectors, regions, regions];
        let years = ["1993", "2005"];
        let (limits, n) = (table.limits(), regions.len());
        cells("trade and tariffs", &[3, sectors.len(), n, n], limits)?;
        let mut flows = Grid::new("trade", &axes, limits)?;
        let tariffs = || Grid::new("tariffs", &axes, limits);
        let mut rates = [tariffs()?, tariffs()?];
        let value = table.column("trade_1993_kusd")?;
        let columns = [
            table.column("tariff_1993_pct")?,
            table.column("tariff_2005_pct")?,
        ];
        for row in 0..table.len() {
            let cell = [
                find(sectors, table, row, sector)?,
                find(regions, table, row, exporter)?,
                find(regions, table, row, importer)?,
            ];
            let at = || table.at(row, importer);
            flows.put(&cell, table.amount(row, value)?, at)?;
            for (rates, column) in rates.iter_mut().zip(columns) {
                rates.put(&cell, table.rate(row, column)?, at)?;
            }
        }
        for (number, _) in (all.iter().enumerate()).filter(|(_, sector)| !sector.is_tradable) {
            flows.absent_is_zero(number);
            for rates in &mut rates {
                rates.absent_is_zero(number);
            }
        }
        let at = table.at_start();
        let schedules = years.into_iter().zip(rates).map(|(year, rates)| {
            Ok(TariffSchedule {
                name: year.to_owned(),
                rates: rates.complete(Absent::Missing, &at)?,
            })
        });
        let schedules = schedules.collect::<Result<_, EconomyError>>()?;
        Ok((flows.complete(Absent::Missing, &at)?, schedules))
    }

    /// Value-added shares and gross output in thousand dollars, `[N][J]`.
    fn production(
        &self,
        regions: &Codes,
        sectors: &Codes,
    ) -> Result<(Vec<f64>, Vec<f64>), EconomyError> {
        let table = self.production;
        let (sector, region) = (table.column("sector_no")?, table.column("region")?);
        let share = table.column("value_added_share")?;
        let output = table.column("gross_output_usd")?;
        let mut shares = Grid::to_fill("value-added shares", &[regions, sectors], table)?;
        let mut outputs = Grid::to_fill("gross output", &[regions, sectors], table)?;
        for row in 0..table.len() {
            let cell = [
                find(regions, table, row, region)?,
                find(sectors, table, row, sector)?,
            ];
            let at = || table.at(row, region);
            shares.put(&cell, table.amount(row, share)?, at)?;
            outputs.put(&cell, table.amount(row, output)? / DOLLARS, at)?;
        }
        let at = table.at_start();
        Ok((
            shares.complete(Absent::Missing, &at)?,
            outputs.complete(Absent::Missing, &at)?,
        ))
    }

    /// Inputs per unit of output: shares of intermediates times what is not value added.
    fn inputs(
        &self,
        regions: &Codes,
        sectors: &Codes,
        value_added: &[f64],
    ) -> Result<Vec<f64>, EconomyError> {
        let table = self.inputs;
        let region = table.column("region")?;
        let input = table.column("input_sector_no")?;
        let using = table.column("using_sector_no")?;
        let share = table.column("share_of_intermediates")?;
        let mut grid = Grid::to_fill("inputs", &[regions, sectors, sectors], table)?;
        for row in 0..table.len() {
            let cell = [
                find(regions, table, row, region)?,
                find(sectors, table, row, input)?,
                find(sectors, table, row, using)?,
            ];
            let rest = 1.0 - value_added[cell[0] * sectors.len() + cell[2]];
            let coefficient = table.finite(row, share)? * rest;
            grid.put(&cell, coefficient, || table.at(row, region))?;
        }
        grid.complete(Absent::Missing, &table.at_start())
    }
}

fn find(
    codes: &Codes,
    table: &LongTable,
    row: usize,
    column: Column,
) -> Result<usize, EconomyError> {
    codes.find(&table.text(row, column), || table.at(row, column))
}

fn card(names: impl Iterator<Item = (String, String)>) -> Card {
    Card {
        id: "caliendo-parro-1993".to_owned(),
        title: "Caliendo and Parro (2015): 31 regions, 40 sectors, 1993".to_owned(),
        year: 1993,
        unit: "thousand US dollars".to_owned(),
        sources: vec![
            "Caliendo and Parro (2015), Estimates of the Trade and Welfare Effects of NAFTA, Rev. Econ. Studies 82(1) 1-44, supplementary data".to_owned(),
        ],
        licence: Some("none stated".to_owned()),
        method: None,
        notes: vec![
            "Home sales are gross output less exports; gross output below exports is raised to them.".to_owned(),
            "One input of Canada is negative as published (-8.5e-4 of intermediates); it is taken as it is.".to_owned(),
            "Flows are net of tariffs. The schedule 2005 holds the tariffs of that year.".to_owned(),
            "Value added and inputs add up to one within 4e-7 only, as published.".to_owned(),
        ],
        valuation: None,
        names: names.collect(),
    }
}
