//! What every importer buys from every exporter, sector by sector, as the sweep reads it.
//!
//! A row is one importer's purchases in one sector: the share of each exporter in its
//! expenditure, and the part of each amount that is left after the importer's tariff,
//! `1/(1 + τ)`. Rows that hold less are stored as less: a sector that nobody trades is one
//! number per country, a row without tariffs has no second half. Rows are padded with zeros
//! to a multiple of [`LANES`], so that no loop over them has a remainder.

/// Cells that the inner loops take at a time.
pub(super) const LANES: usize = 8;

/// Where a row's figures stand, as numbers of rows in the tables of [`Purchases`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Row {
    /// Nobody supplies.
    Nothing,
    /// Only the country itself supplies, untaxed; the figure is its share.
    Home(f64),
    /// No tariff and no export tax.
    Free {
        /// Row of `shares`.
        shares: usize,
    },
    /// Tariffs, no export taxes.
    Taxed {
        /// Row of `shares`.
        shares: usize,
        /// Row of `kept`.
        kept: usize,
    },
    /// Tariffs and export taxes.
    ExportTaxed {
        /// Row of `shares`.
        shares: usize,
        /// Row of `kept`.
        kept: usize,
        /// Row of `kept_abroad`.
        kept_abroad: usize,
    },
}

/// A growing set of rows.
#[derive(Debug, Clone, Default)]
pub(super) struct Purchases {
    stride: usize,
    /// Shares of expenditure at purchaser's prices.
    shares: Vec<f64>,
    /// What is left of an amount after the importer's tariff, `1/(1 + τ)`.
    kept: Vec<f64>,
    /// What is left of that after the exporter's tax, `1/(1 + t)`.
    kept_abroad: Vec<f64>,
    rows: Vec<Row>,
}

/// One importer's purchases in one sector, spelled out: what a row is made of.
#[derive(Debug, Clone)]
pub(super) struct Cells {
    /// Shares, `[N]`.
    pub(super) shares: Vec<f64>,
    /// `1/(1 + τ)`, `[N]`.
    pub(super) kept: Vec<f64>,
    /// `1/(1 + t)`, `[N]`.
    pub(super) kept_abroad: Vec<f64>,
}

impl Cells {
    pub(super) fn new(countries: usize) -> Self {
        Self {
            shares: vec![0.0; countries],
            kept: vec![1.0; countries],
            kept_abroad: vec![1.0; countries],
        }
    }

    fn reset(&mut self) {
        self.shares.fill(0.0);
        self.kept.fill(1.0);
        self.kept_abroad.fill(1.0);
    }
}

impl Purchases {
    pub(super) fn new(countries: usize) -> Self {
        Self {
            stride: countries.next_multiple_of(LANES),
            ..Self::default()
        }
    }

    /// Countries rounded up to whole groups of [`LANES`].
    pub(super) fn stride(&self) -> usize {
        self.stride
    }

    pub(super) fn row(&self, index: usize) -> Row {
        self.rows[index]
    }

    /// Appends the row of `importer`, stored as briefly as its cells allow.
    pub(super) fn push(&mut self, importer: usize, cells: &Cells) {
        let traded = cells.shares.iter().filter(|share| **share > 0.0).count();
        let differs = |kept: &[f64]| kept.iter().any(|kept| (kept - 1.0).abs() > 0.0);
        let (taxed, abroad) = (differs(&cells.kept), differs(&cells.kept_abroad));
        let row = if traded == 0 {
            Row::Nothing
        } else if traded == 1 && cells.shares[importer] > 0.0 && !taxed && !abroad {
            Row::Home(cells.shares[importer])
        } else {
            let shares = append(&mut self.shares, &cells.shares, self.stride);
            if !taxed && !abroad {
                Row::Free { shares }
            } else {
                let kept = append(&mut self.kept, &cells.kept, self.stride);
                if abroad {
                    let taxes = &cells.kept_abroad;
                    let kept_abroad = append(&mut self.kept_abroad, taxes, self.stride);
                    Row::ExportTaxed {
                        shares,
                        kept,
                        kept_abroad,
                    }
                } else {
                    Row::Taxed { shares, kept }
                }
            }
        };
        self.rows.push(row);
    }

    pub(super) fn shares(&self, row: usize) -> &[f64] {
        &self.shares[row * self.stride..(row + 1) * self.stride]
    }

    pub(super) fn kept(&self, row: usize) -> &[f64] {
        &self.kept[row * self.stride..(row + 1) * self.stride]
    }

    pub(super) fn kept_abroad(&self, row: usize) -> &[f64] {
        &self.kept_abroad[row * self.stride..(row + 1) * self.stride]
    }

    /// One cell of a row: the share, and what of it is left after the importer's tariff.
    pub(super) fn cell(&self, row: Row, importer: usize, exporter: usize) -> (f64, f64) {
        match row {
            Row::Home(share) if importer == exporter => (share, share),
            Row::Nothing | Row::Home(_) => (0.0, 0.0),
            Row::Free { shares } => {
                let share = self.shares(shares)[exporter];
                (share, share)
            }
            Row::Taxed { shares, kept } | Row::ExportTaxed { shares, kept, .. } => {
                let share = self.shares(shares)[exporter];
                (share, share * self.kept(kept)[exporter])
            }
        }
    }

    /// What is left of an amount after the importer's tariff, traded or not.
    pub(super) fn after_tariff(&self, row: Row, exporter: usize) -> f64 {
        match row {
            Row::Nothing | Row::Home(_) | Row::Free { .. } => 1.0,
            Row::Taxed { kept, .. } | Row::ExportTaxed { kept, .. } => self.kept(kept)[exporter],
        }
    }

    /// Spells a row out.
    pub(super) fn spell(&self, row: Row, importer: usize, cells: &mut Cells) {
        cells.reset();
        let n = cells.shares.len();
        match row {
            Row::Nothing => {}
            Row::Home(share) => cells.shares[importer] = share,
            Row::Free { shares } => cells.shares.copy_from_slice(&self.shares(shares)[..n]),
            Row::Taxed { shares, kept } => {
                cells.shares.copy_from_slice(&self.shares(shares)[..n]);
                cells.kept.copy_from_slice(&self.kept(kept)[..n]);
            }
            Row::ExportTaxed {
                shares,
                kept,
                kept_abroad,
            } => {
                cells.shares.copy_from_slice(&self.shares(shares)[..n]);
                cells.kept.copy_from_slice(&self.kept(kept)[..n]);
                let abroad = &self.kept_abroad(kept_abroad)[..n];
                cells.kept_abroad.copy_from_slice(abroad);
            }
        }
    }
}

/// Appends a padded row; the number of the row.
fn append(table: &mut Vec<f64>, cells: &[f64], stride: usize) -> usize {
    let row = table.len() / stride;
    table.extend_from_slice(cells);
    table.resize((row + 1) * stride, 0.0);
    row
}
