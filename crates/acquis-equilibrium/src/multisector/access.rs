//! The baseline's purchases with the shock's tariffs and costs in them: `A = π κ̂^{-θ}` and
//! `k = 1/(1 + τ')`. Rows that the shock doesn't touch are read from the baseline.

use std::sync::Arc;

use rayon::prelude::*;

use super::baseline::Baseline;
use super::purchases::{Cells, Purchases, Row};
use super::shock::{RowChange, Shock, ShockError, given};

/// Who can sell to whom, and on what terms, under a part of a shock.
#[derive(Debug, Clone)]
pub(super) struct Access {
    pub(super) baseline: Arc<Baseline>,
    /// Rows changed by the shock, by sector; empty tables where none is.
    changed: Vec<Purchases>,
    /// By row `sector · N + importer`: one more than the row's number in `changed`, or zero.
    which: Vec<u32>,
    /// `ln Â`, `[N][J]`; empty where productivity stays.
    pub(super) log_productivity: Vec<f64>,
    /// Whether some trade has been prohibited.
    pub(super) prohibits: bool,
}

impl Access {
    /// `portion` of the shock, from 0 to 1, in logarithms of one plus the rates and of the
    /// factors; a prohibition is whole from the start.
    pub(super) fn new(
        baseline: &Arc<Baseline>,
        theta: &[f64],
        shock: &Shock,
        portion: f64,
    ) -> Result<Self, ShockError> {
        shock.check(baseline)?;
        let (n, sectors) = (baseline.countries(), baseline.sectors());
        let mut rows: Vec<Vec<(usize, &RowChange)>> = vec![Vec::new(); sectors];
        for (&(sector, importer), change) in &shock.rows {
            rows[sector].push((importer, change));
        }
        let build = |(sector, rows): (usize, &Vec<(usize, &RowChange)>)| {
            changed_rows(baseline, theta[sector], sector, rows, portion)
        };
        let changed: Vec<Purchases> = if shock.rows.len() * n > WIDE {
            rows.par_iter()
                .enumerate()
                .map(build)
                .collect::<Result<_, _>>()?
        } else {
            rows.iter()
                .enumerate()
                .map(build)
                .collect::<Result<_, _>>()?
        };
        let mut which = Vec::new();
        if !shock.rows.is_empty() {
            which.resize(n * sectors, 0);
            for (sector, rows) in rows.iter().enumerate() {
                for (number, (importer, _)) in (1..).zip(rows) {
                    which[sector * n + importer] = number;
                }
            }
        }
        let mut log_productivity = Vec::new();
        if !shock.productivity.is_empty() {
            log_productivity.resize(n * sectors, 0.0);
            for (&(country, sector), factor) in &shock.productivity {
                log_productivity[country * sectors + sector] = portion * factor.ln();
            }
        }
        let costs = shock.rows.values().flat_map(|row| &row.costs);
        let prohibits = costs.into_iter().any(|cost| cost.is_infinite());
        Ok(Self {
            baseline: Arc::clone(baseline),
            changed,
            which,
            log_productivity,
            prohibits,
        })
    }

    /// The table that holds an importer's row in a sector, and the row.
    pub(super) fn row(&self, sector: usize, importer: usize) -> (&Purchases, Row) {
        let row = sector * self.baseline.countries() + importer;
        match self.which.get(row) {
            None | Some(0) => {
                let table = &self.baseline.purchases;
                (table, table.row(row))
            }
            Some(&number) => {
                let table = &self.changed[sector];
                (table, table.row(number as usize - 1))
            }
        }
    }

    /// An importer's row in a sector, spelled out.
    pub(super) fn read(&self, sector: usize, importer: usize, cells: &mut Cells) {
        let (table, row) = self.row(sector, importer);
        table.spell(row, importer, cells);
    }
}

/// Cells above which building the rows is worth a second thread.
const WIDE: usize = 100_000;

fn changed_rows(
    baseline: &Baseline,
    theta: f64,
    sector: usize,
    rows: &[(usize, &RowChange)],
    portion: f64,
) -> Result<Purchases, ShockError> {
    let n = baseline.countries();
    let mut table = Purchases::new(n);
    let mut cells = Cells::new(n);
    for &(importer, change) in rows {
        let row = baseline.purchases.row(sector * n + importer);
        baseline.purchases.spell(row, importer, &mut cells);
        let supplied = cells.shares.iter().any(|share| *share > 0.0);
        impose(change, theta, portion, &mut cells);
        if supplied && !cells.shares.iter().any(|share| *share > 0.0) {
            return Err(ShockError::NoSupplier {
                country: baseline.countries[importer].clone(),
                sector: baseline.sectors[sector].clone(),
            });
        }
        table.push(importer, &cells);
    }
    Ok(table)
}

/// Multiplies the shares by `κ̂^{-θ}` and replaces the rates.
fn impose(change: &RowChange, theta: f64, portion: f64, cells: &mut Cells) {
    let whole = portion >= 1.0;
    // The same power is asked for again and again along a row.
    let mut last = (1.0, 1.0);
    for exporter in 0..cells.shares.len() {
        let mut factor = 1.0;
        for (rates, kept) in [
            (&change.tariffs, &mut cells.kept),
            (&change.export_taxes, &mut cells.kept_abroad),
        ] {
            if let Some(rate) = given(rates, exporter) {
                let old = kept[exporter];
                let new = 1.0 / (1.0 + rate);
                let new = if whole {
                    new
                } else {
                    old * (new / old).powf(portion)
                };
                factor *= old / new;
                kept[exporter] = new;
            }
        }
        if let Some(&cost) = change.costs.get(exporter)
            && (cost - 1.0).abs() > 0.0
        {
            factor *= if whole || cost.is_infinite() {
                cost
            } else {
                cost.powf(portion)
            };
        }
        if (factor - 1.0_f64).abs() > 0.0 {
            if (factor - last.0).abs() > 0.0 {
                last = (factor, factor.powf(-theta));
            }
            cells.shares[exporter] *= last.1;
        }
    }
}
