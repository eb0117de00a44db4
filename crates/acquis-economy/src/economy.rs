//! An economy: who sold how much of what to whom in a year, under which tariffs, made of
//! what, and which of these figures are estimates.

use std::collections::BTreeMap;

use acquis_equilibrium::multisector::{DataError, Observations};

use crate::error::EconomyError;
use crate::meaning::{Elasticities, Valuation};

/// How far value added and inputs may be from adding up to one; the engine repairs that much.
pub(crate) const SHARE_TOLERANCE: f64 = 1e-3;

/// What an economy is called and where its figures come from.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Card {
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
    /// The licence of the figures, as their source states it.
    pub licence: Option<String>,
    /// Where the method is described.
    pub method: Option<String>,
    /// What a reader of results must know.
    pub notes: Vec<String>,
    /// At which point flows are valued, where that is known.
    pub valuation: Option<Valuation>,
    /// Names by code, where a registry of states has none.
    pub names: BTreeMap<String, String>,
}

/// One sector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sector {
    /// Code.
    pub code: String,
    /// Name for people.
    pub name: String,
    /// Whether it is traded across borders.
    pub is_tradable: bool,
}

/// Ad valorem tariffs of one date or one policy.
#[derive(Debug, Clone, PartialEq)]
pub struct TariffSchedule {
    /// Its name, such as `2005`.
    pub name: String,
    /// Fractions of the value before the tariff, `[sector][exporter][importer]`, levied by
    /// the importer.
    pub rates: Vec<f64>,
}

/// The figures of `N` countries and `J` sectors; money in the unit of the card.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Figures {
    /// Codes of the countries.
    pub countries: Vec<String>,
    /// The sectors.
    pub sectors: Vec<Sector>,
    /// Flows before the importer's tariff, `[J][exporter][importer]`; domestic sales on the
    /// diagonal.
    pub flows: Vec<f64>,
    /// Tariffs; the first schedule is the one in force in the year of the flows. Empty: none.
    pub tariffs: Vec<TariffSchedule>,
    /// Value added as a share of gross output, `[N][J]`; `None`: one everywhere.
    pub value_added_shares: Option<Vec<f64>>,
    /// Purchases of input `s` per unit of gross output of `j`, `[N][s][j]`; `None`: no
    /// intermediate goods.
    pub input_coefficients: Option<Vec<f64>>,
    /// Final demand, domestic and imported, `[N][J]`, where the source gives it.
    pub final_demand: Option<Vec<f64>>,
    /// Gross output, `[N][J]`, where the source gives it.
    pub gross_output: Option<Vec<f64>>,
    /// Trade elasticities, where the source gives them.
    pub elasticities: Option<Elasticities>,
    /// Which flows are estimates, as the flows; `None` where the source says nothing.
    pub estimated: Option<Vec<bool>>,
}

/// Trade among economies in one year, in one sector or many.
///
/// Its tables have the right shapes, its flows are finite and not negative, its tariffs
/// above -1, its elasticities those of a theta above zero, and value added and inputs add
/// up to one within a thousandth. The finer identities are for [`check`](crate::check).
#[derive(Debug, Clone, PartialEq)]
pub struct Economy {
    /// What it is called and where it comes from.
    pub card: Card,
    figures: Figures,
    labels: Vec<String>,
}

impl Economy {
    /// Takes figures as an economy.
    ///
    /// # Errors
    /// Tables of the wrong shape, codes that come twice, and the first figure that is out of
    /// its range, with country and sector.
    pub fn new(card: Card, figures: Figures) -> Result<Self, EconomyError> {
        let economy = Self {
            card,
            labels: figures.countries.clone(),
            figures,
        };
        economy.check_shapes()?;
        economy.observations().check()?;
        economy.check_shares()?;
        economy.check_elasticities()?;
        Ok(economy)
    }

    /// Codes of the countries, in the order of rows and columns.
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// The sectors.
    pub fn sectors(&self) -> &[Sector] {
        &self.figures.sectors
    }

    /// All figures.
    pub fn figures(&self) -> &Figures {
        &self.figures
    }

    /// Number of countries and of sectors.
    pub fn shape(&self) -> (usize, usize) {
        (self.labels.len(), self.figures.sectors.len())
    }

    /// The flows, `[sector][exporter][importer]`; those of one sector are
    /// `[exporter][importer]`.
    pub fn trade(&self) -> &[f64] {
        &self.figures.flows
    }

    /// The place of a bilateral cell.
    pub fn cell(&self, sector: usize, exporter: usize, importer: usize) -> usize {
        (sector * self.labels.len() + exporter) * self.labels.len() + importer
    }

    /// The name that the card gives to an economy, for one that is no state of a registry.
    pub fn name_of(&self, code: &str) -> Option<&str> {
        self.card.names.get(code).map(String::as_str)
    }

    /// The position of a country's code.
    pub fn position(&self, code: &str) -> Option<usize> {
        self.labels.iter().position(|label| label == code)
    }

    /// The share of a country's exports plus imports, domestic sales left out, that is
    /// estimated; `None` if the source does not flag its cells or there is no trade.
    pub fn estimated_share(&self, position: usize) -> Option<f64> {
        let estimated = self.figures.estimated.as_ref()?;
        let (countries, sectors) = self.shape();
        let mut total = 0.0;
        let mut share = 0.0;
        for sector in 0..sectors {
            for partner in (0..countries).filter(|&partner| partner != position) {
                for cell in [
                    self.cell(sector, position, partner),
                    self.cell(sector, partner, position),
                ] {
                    let value = self.figures.flows[cell];
                    total += value;
                    share += if estimated[cell] { value } else { 0.0 };
                }
            }
        }
        (total > 0.0).then(|| share / total)
    }

    /// Sales of each country and sector to all, `[N][J]`: gross output as the engine has it.
    pub fn sales(&self) -> Vec<f64> {
        let (countries, sectors) = self.shape();
        let mut sales = Vec::with_capacity(countries * sectors);
        for exporter in 0..countries {
            for sector in 0..sectors {
                let row = self.cell(sector, exporter, 0);
                sales.push(self.figures.flows[row..row + countries].iter().sum());
            }
        }
        sales
    }

    /// What the engine of many sectors takes. Its bilateral tables are
    /// `[sector][importer][exporter]`.
    pub fn observations(&self) -> Observations {
        let figures = &self.figures;
        Observations {
            countries: self.labels.clone(),
            sectors: figures
                .sectors
                .iter()
                .map(|sector| sector.code.clone())
                .collect(),
            flows: self.importer_first(&figures.flows),
            tariffs: figures
                .tariffs
                .first()
                .map_or_else(Vec::new, |schedule| self.importer_first(&schedule.rates)),
            export_taxes: Vec::new(),
            value_added_shares: figures.value_added_shares.clone().unwrap_or_default(),
            input_coefficients: figures.input_coefficients.clone().unwrap_or_default(),
        }
    }

    /// The tariffs of a named schedule, `[sector][importer][exporter]` as the engine takes
    /// them; `None` if there is no schedule of that name.
    pub fn tariffs(&self, schedule: &str) -> Option<Vec<f64>> {
        let found = self.figures.tariffs.iter().find(|it| it.name == schedule)?;
        Some(self.importer_first(&found.rates))
    }

    fn importer_first(&self, table: &[f64]) -> Vec<f64> {
        let count = self.labels.len();
        if table.is_empty() || count == 0 {
            return table.to_vec();
        }
        let mut turned = Vec::with_capacity(table.len());
        for square in table.chunks(count * count) {
            for importer in 0..count {
                turned.extend(square.iter().skip(importer).step_by(count));
            }
        }
        turned
    }

    fn check_shapes(&self) -> Result<(), EconomyError> {
        let (countries, sectors) = self.shape();
        let figures = &self.figures;
        let bilateral = sectors * countries * countries;
        let shape = |what: &'static str, got: usize, expected: usize| {
            if got == expected {
                Ok(())
            } else {
                Err(EconomyError::Shape {
                    what,
                    expected,
                    got,
                })
            }
        };
        for schedule in &figures.tariffs {
            shape("table of tariffs", schedule.rates.len(), bilateral)?;
        }
        let levels = countries * sectors;
        for (what, table, expected) in [
            (
                "table of value-added shares",
                &figures.value_added_shares,
                levels,
            ),
            (
                "table of input coefficients",
                &figures.input_coefficients,
                levels * sectors,
            ),
            ("table of final demand", &figures.final_demand, levels),
            ("table of gross output", &figures.gross_output, levels),
        ] {
            if let Some(table) = table {
                shape(what, table.len(), expected)?;
            }
        }
        if let Some(elasticities) = &figures.elasticities {
            shape("list of elasticities", elasticities.values.len(), sectors)?;
        }
        if let Some(estimated) = &figures.estimated {
            shape("table of estimates", estimated.len(), bilateral)?;
        }
        shape("table of flows", figures.flows.len(), bilateral)
    }

    /// What the engine does not check: further schedules, levels, and that shares add up.
    fn check_shares(&self) -> Result<(), EconomyError> {
        let (_, sectors) = self.shape();
        for (number, schedule) in self.figures.tariffs.iter().enumerate() {
            let before = &self.figures.tariffs[..number];
            if before.iter().any(|other| other.name == schedule.name) {
                let label = schedule.name.clone();
                return Err(DataError::DuplicateLabel { label }.into());
            }
            if let Some(cell) = schedule
                .rates
                .iter()
                .position(|&rate| !above_minus_one(rate))
            {
                return Err(EconomyError::Cell {
                    what: "tariff",
                    cell: self.pair(cell),
                    value: schedule.rates[cell],
                    expected: "a fraction above -1",
                });
            }
        }
        for (what, table) in [
            ("final demand", &self.figures.final_demand),
            ("gross output", &self.figures.gross_output),
        ] {
            let Some(table) = table else { continue };
            let wrong = |value: &f64| !(value.is_finite() && *value >= 0.0);
            if let Some(cell) = table.iter().position(wrong) {
                let (country, sector) = (cell / sectors, cell % sectors);
                return Err(EconomyError::Cell {
                    what,
                    cell: self.level(country, sector),
                    value: table[cell],
                    expected: "a finite amount, not negative",
                });
            }
        }
        for (cell, sum) in self.share_sums().into_iter().enumerate() {
            if (sum - 1.0).abs() > SHARE_TOLERANCE {
                return Err(EconomyError::Shares {
                    country: self.labels[cell / sectors].clone(),
                    sector: self.figures.sectors[cell % sectors].code.clone(),
                    sum,
                });
            }
        }
        Ok(())
    }

    /// Value added and inputs per unit of output, `[N][J]`.
    pub(crate) fn share_sums(&self) -> Vec<f64> {
        let (countries, sectors) = self.shape();
        let figures = &self.figures;
        let mut sums = figures
            .value_added_shares
            .clone()
            .unwrap_or_else(|| vec![1.0; countries * sectors]);
        if let Some(inputs) = &figures.input_coefficients {
            for (row, coefficients) in inputs.chunks(sectors.max(1)).enumerate() {
                let country = row / sectors;
                for (sector, coefficient) in coefficients.iter().enumerate() {
                    sums[country * sectors + sector] += coefficient;
                }
            }
        }
        sums
    }

    fn check_elasticities(&self) -> Result<(), EconomyError> {
        let Some(elasticities) = &self.figures.elasticities else {
            return Ok(());
        };
        let wrong = |theta: &f64| !(theta.is_finite() && *theta > 0.0);
        match elasticities.thetas().iter().position(wrong) {
            None => Ok(()),
            Some(sector) => Err(EconomyError::Cell {
                what: "trade elasticity",
                cell: self.figures.sectors[sector].code.clone(),
                value: elasticities.values[sector],
                expected: match elasticities.meaning {
                    crate::ElasticityMeaning::TariffInclusiveShare => "a number above 0",
                    crate::ElasticityMeaning::PreTariffValue => {
                        "a number above 1: that of the value is one above that of the share"
                    }
                },
            }),
        }
    }

    /// A bilateral cell in words.
    pub(crate) fn pair(&self, cell: usize) -> String {
        let count = self.labels.len();
        let (sector, exporter, importer) =
            (cell / (count * count), cell / count % count, cell % count);
        let pair = format!("{} to {}", self.labels[exporter], self.labels[importer]);
        if self.figures.sectors.len() == 1 {
            pair
        } else {
            format!("{pair} in {}", self.figures.sectors[sector].code)
        }
    }

    /// A country's sector in words.
    pub(crate) fn level(&self, country: usize, sector: usize) -> String {
        format!(
            "{} in {}",
            self.figures.sectors[sector].code, self.labels[country]
        )
    }
}

fn above_minus_one(rate: f64) -> bool {
    rate.is_finite() && rate > -1.0
}
