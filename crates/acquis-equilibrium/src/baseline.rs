//! The observed economy: who sells how much to whom, domestic sales included.

use std::collections::BTreeSet;
use std::sync::Arc;

use thiserror::Error;

use crate::kernels::sum;

/// A validated trade matrix with what follows from it, prepared once and only read.
///
/// Output is what an economy sells, `Y_i = Σ_j X_ij`; expenditure is what it buys,
/// `E_j = Σ_i X_ij`; the deficit is `D = E - Y`, and deficits add up to zero because
/// both come from one matrix. Cloning is cheap: the tables are shared.
#[derive(Debug, Clone)]
pub struct Baseline {
    tables: Arc<Tables>,
}

#[derive(Debug)]
struct Tables {
    labels: Vec<String>,
    trade: Vec<f64>,
    output: Vec<f64>,
    expenditure: Vec<f64>,
    import_shares: Vec<f64>,
    world_output: f64,
}

/// Why a trade matrix can't be a baseline.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum BaselineError {
    /// There are no labels at all.
    #[error("a baseline needs at least one economy")]
    Empty,
    /// The matrix isn't square in the number of labels.
    #[error("{labels} labels need {expected} trade cells, got {got}")]
    Shape {
        /// Number of labels.
        labels: usize,
        /// Cells that many labels need.
        expected: usize,
        /// Cells that were given.
        got: usize,
    },
    /// Two economies carry the same label.
    #[error("the label `{label}` occurs more than once")]
    DuplicateLabel {
        /// The repeated label.
        label: String,
    },
    /// A cell is NaN or infinite.
    #[error("sales of {exporter} to {importer} are {value}, not a finite amount")]
    NotFinite {
        /// Label of the exporter.
        exporter: String,
        /// Label of the importer.
        importer: String,
        /// The cell.
        value: f64,
    },
    /// An off-diagonal cell is below zero.
    #[error("sales of {exporter} to {importer} are negative: {value}")]
    Negative {
        /// Label of the exporter.
        exporter: String,
        /// Label of the importer.
        importer: String,
        /// The cell.
        value: f64,
    },
    /// An economy sells nothing to itself. Entrepôts whose recorded exports exceed
    /// their output look like this; the model has no answer for them, so correct the
    /// output or fold the economy into a neighbour.
    #[error(
        "{country} has no domestic sales ({value}): output must exceed exports for every economy"
    )]
    NoDomesticSales {
        /// Label of the economy.
        country: String,
        /// The diagonal cell.
        value: f64,
    },
}

impl Baseline {
    /// Checks and prepares a baseline.
    ///
    /// `trade` is exporter-major `[n * n]`: `trade[i * n + j]` are the sales of exporter
    /// `i` to importer `j`, domestic sales on the diagonal, all in one money unit
    /// (any: results don't depend on it).
    ///
    /// # Errors
    /// [`BaselineError`] names the first economy or cell that can't be used.
    ///
    /// # Examples
    /// ```
    /// use acquis_equilibrium::Baseline;
    ///
    /// let labels = vec!["A".to_owned(), "B".to_owned()];
    /// let baseline = Baseline::new(labels, vec![90.0, 10.0, 15.0, 85.0])?;
    /// assert_eq!(baseline.output(), [100.0, 100.0]);
    /// assert_eq!(baseline.expenditure(), [105.0, 95.0]);
    /// assert_eq!(baseline.deficit(), [5.0, -5.0]);
    /// # Ok::<(), acquis_equilibrium::BaselineError>(())
    /// ```
    pub fn new(labels: Vec<String>, trade: Vec<f64>) -> Result<Self, BaselineError> {
        check(&labels, &trade)?;
        let n = labels.len();
        let output: Vec<f64> = trade.chunks_exact(n).map(sum).collect();
        let mut expenditure = vec![0.0; n];
        for row in trade.chunks_exact(n) {
            for (total, cell) in expenditure.iter_mut().zip(row) {
                *total += cell;
            }
        }
        let mut import_shares = trade.clone();
        for row in import_shares.chunks_exact_mut(n) {
            for (cell, total) in row.iter_mut().zip(&expenditure) {
                *cell /= total;
            }
        }
        let world_output = sum(&output);
        Ok(Self {
            tables: Arc::new(Tables {
                labels,
                trade,
                output,
                expenditure,
                import_shares,
                world_output,
            }),
        })
    }

    /// Number of economies, at least one.
    #[expect(
        clippy::len_without_is_empty,
        reason = "an empty baseline can't be constructed"
    )]
    pub fn len(&self) -> usize {
        self.tables.labels.len()
    }

    /// Labels in the order of the matrix.
    pub fn labels(&self) -> &[String] {
        &self.tables.labels
    }

    /// Index of a label.
    pub fn index_of(&self, label: &str) -> Option<usize> {
        self.tables.labels.iter().position(|known| known == label)
    }

    /// The trade matrix, exporter-major `[n * n]`.
    pub fn trade(&self) -> &[f64] {
        &self.tables.trade
    }

    /// Output `Y_i`, the row sums, `[n]`.
    pub fn output(&self) -> &[f64] {
        &self.tables.output
    }

    /// Expenditure `E_j`, the column sums, `[n]`.
    pub fn expenditure(&self) -> &[f64] {
        &self.tables.expenditure
    }

    /// Deficits `D = E - Y`, `[n]`; positive where more is bought than sold.
    pub fn deficit(&self) -> Vec<f64> {
        let pairs = self.expenditure().iter().zip(self.output());
        pairs.map(|(bought, sold)| bought - sold).collect()
    }

    /// Sales to others, `Y_i - X_ii`, summed cell by cell, `[n]`.
    pub fn exports(&self) -> Vec<f64> {
        exports(self.trade(), self.len())
    }

    /// Purchases from others, `E_j - X_jj`, summed cell by cell, `[n]`.
    pub fn imports(&self) -> Vec<f64> {
        imports(self.trade(), self.len())
    }

    /// Share of each economy's expenditure that stays at home, `π_jj`, `[n]`.
    pub fn domestic_share(&self) -> Vec<f64> {
        let n = self.len();
        (0..n).map(|j| self.import_shares()[j * n + j]).collect()
    }

    /// World output `Σ Y`.
    pub fn world_output(&self) -> f64 {
        self.tables.world_output
    }

    /// `π_ij = X_ij / E_j`, exporter-major.
    pub(crate) fn import_shares(&self) -> &[f64] {
        &self.tables.import_shares
    }
}

/// Row sums without the diagonal.
pub(crate) fn exports(trade: &[f64], n: usize) -> Vec<f64> {
    let rows = trade.chunks_exact(n).enumerate();
    rows.map(|(i, row)| sum(&row[..i]) + sum(&row[i + 1..]))
        .collect()
}

/// Column sums without the diagonal.
pub(crate) fn imports(trade: &[f64], n: usize) -> Vec<f64> {
    let mut totals = vec![0.0; n];
    for (i, row) in trade.chunks_exact(n).enumerate() {
        for (j, (total, cell)) in totals.iter_mut().zip(row).enumerate() {
            if i != j {
                *total += cell;
            }
        }
    }
    totals
}

fn check(labels: &[String], trade: &[f64]) -> Result<(), BaselineError> {
    let n = labels.len();
    if n == 0 {
        return Err(BaselineError::Empty);
    }
    if Some(trade.len()) != n.checked_mul(n) {
        return Err(BaselineError::Shape {
            labels: n,
            expected: n.saturating_mul(n),
            got: trade.len(),
        });
    }
    let mut seen = BTreeSet::new();
    if let Some(label) = labels.iter().find(|label| !seen.insert(label.as_str())) {
        return Err(BaselineError::DuplicateLabel {
            label: label.clone(),
        });
    }
    for (i, row) in trade.chunks_exact(n).enumerate() {
        for (j, &value) in row.iter().enumerate() {
            check_cell(&labels[i], &labels[j], i == j, value)?;
        }
    }
    Ok(())
}

fn check_cell(
    exporter: &str,
    importer: &str,
    domestic: bool,
    value: f64,
) -> Result<(), BaselineError> {
    if !value.is_finite() {
        return Err(BaselineError::NotFinite {
            exporter: exporter.to_owned(),
            importer: importer.to_owned(),
            value,
        });
    }
    if domestic && value <= 0.0 {
        return Err(BaselineError::NoDomesticSales {
            country: exporter.to_owned(),
            value,
        });
    }
    if value < 0.0 {
        return Err(BaselineError::Negative {
            exporter: exporter.to_owned(),
            importer: importer.to_owned(),
            value,
        });
    }
    Ok(())
}
