//! Input-output accounts as they are added up from a table: flows, purchases, final demand.

use crate::codes::cells;
use crate::economy::{Figures, Sector};
use crate::error::EconomyError;
use crate::limits::Limits;
use crate::repair::{Repair, RepairKind};

/// Accounts of `N` countries and `J` sectors; money in one unit.
pub(super) struct Accounts {
    countries: Vec<String>,
    sectors: Vec<Sector>,
    /// `[sector][exporter][importer]`.
    flows: Vec<f64>,
    /// Purchases of input `s` by sector `j` of a country, from wherever, `[N][s][j]`.
    purchases: Vec<f64>,
    /// `[N][J]`.
    final_demand: Vec<f64>,
    repairs: Vec<Repair>,
}

/// One entry of the table: who sells what to whom, for which use.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    pub(super) exporter: usize,
    pub(super) sector: usize,
    pub(super) importer: usize,
    /// The sector that buys it as an input; `None`: final demand.
    pub(super) using: Option<usize>,
    pub(super) value: f64,
}

impl Accounts {
    pub(super) fn new(
        countries: Vec<String>,
        sectors: Vec<Sector>,
        limits: Limits,
    ) -> Result<Self, EconomyError> {
        let (n, j) = (countries.len(), sectors.len());
        Ok(Self {
            flows: vec![0.0; cells("flows", &[j, n, n], limits)?],
            purchases: vec![0.0; cells("inputs", &[n, j, j], limits)?],
            final_demand: vec![0.0; n * j],
            countries,
            sectors,
            repairs: Vec::new(),
        })
    }

    /// Adds an entry. What is negative is left out and reported.
    pub(super) fn add(&mut self, entry: Entry) {
        let Entry {
            exporter,
            sector,
            importer,
            using,
            value,
        } = entry;
        if value < 0.0 {
            self.repairs.push(Repair {
                country: self.countries[exporter].clone(),
                partner: Some(self.countries[importer].clone()),
                sector: Some(self.sectors[sector].code.clone()),
                what: match using {
                    Some(_) => RepairKind::NegativeInputRemoved,
                    None => RepairKind::NegativeDemandRemoved,
                },
                from: value,
                to: 0.0,
            });
            return;
        }
        let (n, j) = (self.countries.len(), self.sectors.len());
        self.flows[(sector * n + exporter) * n + importer] += value;
        match using {
            Some(using) => self.purchases[(importer * j + sector) * j + using] += value,
            None => self.final_demand[importer * j + sector] += value,
        }
    }

    /// The figures: output is what is sold, value added is output less purchases of inputs.
    ///
    /// Where inputs are above output they are scaled down to it, the mix kept. A sector that
    /// makes nothing has value added one and no inputs.
    pub(super) fn figures(mut self) -> (Figures, Vec<Repair>) {
        let (n, j) = (self.countries.len(), self.sectors.len());
        let mut shares = vec![1.0; n * j];
        for country in 0..n {
            for sector in 0..j {
                let row = (sector * n + country) * n;
                let output: f64 = self.flows[row..row + n].iter().sum();
                let cells = (0..j).map(|input| (country * j + input) * j + sector);
                let inputs: f64 = cells.clone().map(|cell| self.purchases[cell]).sum();
                let kept = inputs.min(output);
                if inputs > output {
                    self.repairs.push(Repair {
                        country: self.countries[country].clone(),
                        partner: None,
                        sector: Some(self.sectors[sector].code.clone()),
                        what: RepairKind::InputsScaledToOutput,
                        from: inputs,
                        to: output,
                    });
                }
                let per_output = if output > 0.0 && inputs > 0.0 {
                    kept / inputs / output
                } else {
                    0.0
                };
                let mut used = 0.0;
                for (input, cell) in cells.enumerate() {
                    let bought = self.purchases[cell];
                    let coefficient = bought * per_output;
                    if inputs > output {
                        // What is bought and can't be an input is final demand.
                        let rest = (bought - coefficient * output).max(0.0);
                        self.final_demand[country * j + input] += rest;
                    }
                    self.purchases[cell] = coefficient;
                    used += coefficient;
                }
                shares[country * j + sector] = (1.0 - used).max(0.0);
            }
        }
        let figures = Figures {
            countries: self.countries,
            sectors: self.sectors,
            flows: self.flows,
            value_added_shares: Some(shares),
            input_coefficients: Some(self.purchases),
            final_demand: Some(self.final_demand),
            ..Figures::default()
        };
        (figures, self.repairs)
    }
}
