//! What is known before the change: trade, duties, and how buyers and sellers answer.

use super::error::GsimError;
use crate::partial::elasticity::{DemandElasticity, SubstitutionElasticity, SupplyElasticity};

/// The world market of one product, checked. Cells are importer-major
/// `[importers * exporters]`: the first row is what the first importer buys.
#[derive(Debug, Clone, PartialEq)]
pub struct Industry {
    importers: Vec<String>,
    exporters: Vec<String>,
    trade: Vec<f64>,
    tariffs: Vec<f64>,
}

impl Industry {
    /// Checks labels, trade at world prices (duty not included) and the duties before the
    /// change. A country may be importer, exporter or both; home sales are the cell in which
    /// it is both.
    ///
    /// # Errors
    /// [`GsimError`] for empty or repeated labels, wrong shapes, trade that is negative or not
    /// finite, a duty at or below -1, and for an industry without trade.
    pub fn new(
        importers: Vec<String>,
        exporters: Vec<String>,
        trade: Vec<f64>,
        tariffs: Vec<f64>,
    ) -> Result<Self, GsimError> {
        if importers.is_empty() || exporters.is_empty() {
            return Err(GsimError::Empty {
                importers: importers.len(),
                exporters: exporters.len(),
            });
        }
        check_labels(&importers, "importers")?;
        check_labels(&exporters, "exporters")?;
        let industry = Self {
            importers,
            exporters,
            trade,
            tariffs,
        };
        industry.check_trade()?;
        industry.check_tariffs(&industry.tariffs, "before")?;
        Ok(industry)
    }

    /// The importers, in the order of the rows.
    pub fn importers(&self) -> &[String] {
        &self.importers
    }

    /// The exporters, in the order of the columns.
    pub fn exporters(&self) -> &[String] {
        &self.exporters
    }

    /// Trade at world prices before the change.
    pub fn trade(&self) -> &[f64] {
        &self.trade
    }

    /// Duties before the change, as fractions.
    pub fn tariffs(&self) -> &[f64] {
        &self.tariffs
    }

    /// The place of a pair in the lists of cells, if both are known.
    pub fn cell(&self, importer: &str, exporter: &str) -> Option<usize> {
        let row = self.importers.iter().position(|label| label == importer)?;
        let column = self.exporters.iter().position(|label| label == exporter)?;
        Some(row * self.exporters.len() + column)
    }

    fn check_trade(&self) -> Result<(), GsimError> {
        let (m, n) = (self.importers.len(), self.exporters.len());
        check_length("trade", m * n, self.trade.len())?;
        for (cell, &value) in self.trade.iter().enumerate() {
            if !value.is_finite() || value < 0.0 {
                return Err(GsimError::Trade {
                    importer: self.importers[cell / n].clone(),
                    exporter: self.exporters[cell % n].clone(),
                    value,
                });
            }
        }
        if self.trade.iter().all(|value| *value == 0.0) {
            return Err(GsimError::NoTrade {
                importers: m,
                exporters: n,
            });
        }
        Ok(())
    }

    pub(super) fn check_tariffs(
        &self,
        tariffs: &[f64],
        when: &'static str,
    ) -> Result<(), GsimError> {
        let (m, n) = (self.importers.len(), self.exporters.len());
        let what = if when == "after" {
            "tariffs after"
        } else {
            "tariffs before"
        };
        check_length(what, m * n, tariffs.len())?;
        for (cell, &value) in tariffs.iter().enumerate() {
            if !value.is_finite() || value <= -1.0 {
                return Err(GsimError::Tariff {
                    importer: self.importers[cell / n].clone(),
                    exporter: self.exporters[cell % n].clone(),
                    when,
                    value,
                });
            }
        }
        Ok(())
    }
}

/// How buyers and sellers of an [`Industry`] answer prices.
#[derive(Debug, Clone, PartialEq)]
pub struct Elasticities {
    /// `E_v`, by importer.
    pub demand: Vec<DemandElasticity>,
    /// `S_v`, by importer.
    pub substitution: Vec<SubstitutionElasticity>,
    /// `X_r`, by exporter.
    pub supply: Vec<SupplyElasticity>,
}

impl Elasticities {
    /// The same three for all countries of the industry.
    pub fn uniform(
        industry: &Industry,
        demand: DemandElasticity,
        substitution: SubstitutionElasticity,
        supply: SupplyElasticity,
    ) -> Self {
        Self {
            demand: vec![demand; industry.importers.len()],
            substitution: vec![substitution; industry.importers.len()],
            supply: vec![supply; industry.exporters.len()],
        }
    }

    pub(super) fn check(&self, industry: &Industry) -> Result<(), GsimError> {
        let (m, n) = (industry.importers.len(), industry.exporters.len());
        check_length("demand elasticities by importer", m, self.demand.len())?;
        check_length(
            "substitution elasticities by importer",
            m,
            self.substitution.len(),
        )?;
        check_length("supply elasticities by exporter", n, self.supply.len())
    }
}

fn check_labels(labels: &[String], role: &'static str) -> Result<(), GsimError> {
    for (position, label) in labels.iter().enumerate() {
        if labels[..position].contains(label) {
            return Err(GsimError::DuplicateLabel {
                role,
                label: label.clone(),
            });
        }
    }
    Ok(())
}

fn check_length(what: &'static str, expected: usize, got: usize) -> Result<(), GsimError> {
    if expected == got {
        Ok(())
    } else {
        Err(GsimError::Shape {
            what,
            expected,
            got,
        })
    }
}
