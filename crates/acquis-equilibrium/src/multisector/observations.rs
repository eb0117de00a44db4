//! What is observed: flows, tariffs, value added and input-output coefficients by country
//! and sector, before they are known to be an equilibrium.

use std::collections::BTreeSet;

use thiserror::Error;

/// Observed figures of `N` countries and `J` sectors, in any one money unit.
///
/// They need not be an equilibrium yet.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Observations {
    /// Labels of the `N` countries.
    pub countries: Vec<String>,
    /// Labels of the `J` sectors.
    pub sectors: Vec<String>,
    /// Flows before the importer's tariff, `[J][N][N]`: sector, importer, exporter. Domestic
    /// sales stand on the diagonal.
    pub flows: Vec<f64>,
    /// Ad valorem tariffs of the importer as fractions, `[J][N][N]` as the flows. Empty: none.
    pub tariffs: Vec<f64>,
    /// Ad valorem export taxes of the exporter on the producer's price as fractions (below
    /// zero: a subsidy), `[J][N][N]` as the flows, which contain them. Empty: none.
    pub export_taxes: Vec<f64>,
    /// Value added as a share of gross output, `[N][J]`. Empty: one everywhere.
    pub value_added_shares: Vec<f64>,
    /// Purchases of input `s` per unit of gross output of `j`, `[N][s][j]`. With the
    /// value-added share they add up to one over `s`. Published tables contain a few small
    /// negative ones (by-products), which are taken as they are. Empty: no intermediate goods.
    pub input_coefficients: Vec<f64>,
}

/// Figures that can't be the baseline of an equilibrium.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum DataError {
    /// No country or no sector.
    #[error("a baseline needs at least one country and one sector")]
    Empty,
    /// A table has the wrong number of cells.
    #[error(
        "{table} needs {expected} cells for {countries} countries and {sectors} sectors, got {got}"
    )]
    Shape {
        /// The table.
        table: &'static str,
        /// Number of countries.
        countries: usize,
        /// Number of sectors.
        sectors: usize,
        /// Cells that many need.
        expected: usize,
        /// Cells that were given.
        got: usize,
    },
    /// A label occurs twice among the countries or among the sectors.
    #[error("the label `{label}` occurs more than once")]
    DuplicateLabel {
        /// The repeated label.
        label: String,
    },
    /// A cell that no repair can use.
    #[error("{what} of {country} in {sector} is {value}: {expected}")]
    Cell {
        /// What the figure is.
        what: &'static str,
        /// The country; `exporter to importer` for a flow or a rate.
        country: String,
        /// The sector.
        sector: String,
        /// The figure.
        value: f64,
        /// What would be usable.
        expected: &'static str,
    },
    /// A country produces nothing, or adds no value, or spends nothing.
    #[error("{country} has no {what}, so that its {consequence}")]
    Nothing {
        /// The country.
        country: String,
        /// What is missing.
        what: &'static str,
        /// What can't be had without it.
        consequence: &'static str,
    },
}

impl Observations {
    /// Number of countries and of sectors.
    pub fn shape(&self) -> (usize, usize) {
        (self.countries.len(), self.sectors.len())
    }

    /// The place of a bilateral cell: sector, importer, exporter.
    pub fn cell(&self, sector: usize, importer: usize, exporter: usize) -> usize {
        let countries = self.countries.len();
        (sector * countries + importer) * countries + exporter
    }

    /// Checks shapes, labels and the signs of single cells; the identities among them are
    /// the baseline's to check.
    ///
    /// # Errors
    /// The first table, label or cell that can't be used.
    pub fn check(&self) -> Result<(), DataError> {
        let (n, sectors) = self.shape();
        if n == 0 || sectors == 0 {
            return Err(DataError::Empty);
        }
        let bilateral = sectors * n * n;
        self.check_shape("the table of flows", self.flows.len(), bilateral, false)?;
        self.check_shape("the table of tariffs", self.tariffs.len(), bilateral, true)?;
        let taxes = self.export_taxes.len();
        self.check_shape("the table of export taxes", taxes, bilateral, true)?;
        let shares = self.value_added_shares.len();
        self.check_shape("the table of value-added shares", shares, n * sectors, true)?;
        let inputs = self.input_coefficients.len();
        let all = n * sectors * sectors;
        self.check_shape("the table of input coefficients", inputs, all, true)?;
        check_labels(&self.countries)?;
        check_labels(&self.sectors)?;
        self.check_cells()
    }

    fn check_shape(
        &self,
        table: &'static str,
        got: usize,
        expected: usize,
        may_be_empty: bool,
    ) -> Result<(), DataError> {
        if got == expected || (may_be_empty && got == 0) {
            return Ok(());
        }
        let (countries, sectors) = self.shape();
        Err(DataError::Shape {
            table,
            countries,
            sectors,
            expected,
            got,
        })
    }

    fn check_cells(&self) -> Result<(), DataError> {
        let above_minus_one = |rate: f64| rate.is_finite() && rate > -1.0;
        let not_negative = |value: f64| value.is_finite() && value >= 0.0;
        self.check_bilateral(
            &self.flows,
            "the flow",
            "a finite amount, not negative",
            not_negative,
        )?;
        self.check_bilateral(
            &self.tariffs,
            "the tariff",
            "a fraction above -1",
            above_minus_one,
        )?;
        self.check_bilateral(
            &self.export_taxes,
            "the export tax",
            "a fraction above -1",
            above_minus_one,
        )?;
        let sectors = self.sectors.len();
        for (cell, &value) in self.value_added_shares.iter().enumerate() {
            if !(value.is_finite() && (0.0..=1.0 + 1e-6).contains(&value)) {
                return Err(DataError::Cell {
                    what: "the value-added share",
                    country: self.countries[cell / sectors].clone(),
                    sector: self.sectors[cell % sectors].clone(),
                    value,
                    expected: "a share between 0 and 1",
                });
            }
        }
        for (cell, &value) in self.input_coefficients.iter().enumerate() {
            if !value.is_finite() {
                return Err(DataError::Cell {
                    what: "an input coefficient",
                    country: self.countries[cell / (sectors * sectors)].clone(),
                    sector: self.sectors[cell % sectors].clone(),
                    value,
                    expected: "a finite share",
                });
            }
        }
        Ok(())
    }

    fn check_bilateral(
        &self,
        table: &[f64],
        what: &'static str,
        expected: &'static str,
        usable: impl Fn(f64) -> bool,
    ) -> Result<(), DataError> {
        let n = self.countries.len();
        match table.iter().position(|&value| !usable(value)) {
            None => Ok(()),
            Some(cell) => {
                let (exporter, importer) = (cell % n, cell / n % n);
                Err(DataError::Cell {
                    what,
                    country: format!(
                        "{} to {}",
                        self.countries[exporter], self.countries[importer]
                    ),
                    sector: self.sectors[cell / (n * n)].clone(),
                    value: table[cell],
                    expected,
                })
            }
        }
    }
}

fn check_labels(labels: &[String]) -> Result<(), DataError> {
    let mut seen = BTreeSet::new();
    match labels.iter().find(|label| !seen.insert(label.as_str())) {
        None => Ok(()),
        Some(label) => Err(DataError::DuplicateLabel {
            label: label.clone(),
        }),
    }
}
