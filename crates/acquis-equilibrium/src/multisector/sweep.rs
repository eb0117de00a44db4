//! The fused sweep: one pass over what everybody buys gives prices, tariffs paid and sales.
//!
//! For one sector, with `u_i = ĉ_i^{-θ}` and importer `n` spending `X_n`,
//!
//! ```text
//! M_n = Σ_i A_ni u_i                       P̂_n^{-θ}, (2.2)
//! F_n = Σ_i A_ni k_ni u_i / M_n            the part of spending left after tariffs, (2.5)
//! Y_i = Σ_n A_ni k_ni u_i X_n / M_n        sales, (2.4)
//! ```
//!
//! where `A = π κ̂^{-θ}` and `k = 1/(1 + τ')`. The new shares `π'` are never formed. A row is
//! read once from memory, 16 bytes a cell (8 without tariffs), and used twice while it is in
//! the first-level cache. Nothing is added up across sectors, so the result doesn't depend
//! on who computes which sector.

#![expect(
    clippy::inline_always,
    reason = "a loop uses the wide vectors of the function that it is inlined into"
)]

use pulp::Arch;

use super::access::Access;
use super::purchases::{LANES, Purchases, Row};

/// What one sector's sweep fills.
pub(super) struct SectorSums<'a> {
    /// `M_n`, `[N]`; zero where nobody supplies.
    pub(super) price_power: &'a mut [f64],
    /// `F_n`, `[N]`; one where nobody supplies.
    pub(super) kept: &'a mut [f64],
    /// `Y_i` at the producer's price, `[stride]`.
    pub(super) sales: &'a mut [f64],
    /// The exporter's tax revenue by exporter, `[stride]`.
    pub(super) export_revenue: &'a mut [f64],
    /// Room for one row, `[stride]`.
    pub(super) row: &'a mut [f64],
}

/// A sector's purchases, importer by importer.
pub(super) struct SectorRows<'a> {
    /// The table and the row of an importer.
    pub(super) access: &'a Access,
    pub(super) sector: usize,
    /// `u`, padded to the stride.
    pub(super) supply: &'a [f64],
}

/// Sweeps one sector; `spending` gives an importer's expenditure in it.
///
/// The loops are written for the widest vectors of the machine, which are chosen here once
/// per sector. Additions come in the same order whatever their width.
pub(super) fn sweep_sector(
    rows: &SectorRows<'_>,
    spending: impl Fn(usize) -> f64,
    sums: &mut SectorSums<'_>,
) {
    Arch::new().dispatch(|| {
        sums.sales.fill(0.0);
        sums.export_revenue.fill(0.0);
        for importer in 0..sums.price_power.len() {
            let (table, row) = rows.access.row(rows.sector, importer);
            add_row(table, row, importer, rows.supply, spending(importer), sums);
        }
    });
}

/// Adds one importer's row. `supply` is `u`, padded to the stride.
#[inline(always)]
fn add_row(
    table: &Purchases,
    row: Row,
    importer: usize,
    supply: &[f64],
    spending: f64,
    sums: &mut SectorSums<'_>,
) {
    let (power, after_tariff) = match row {
        Row::Nothing => (0.0, 0.0),
        Row::Home(share) => {
            sums.sales[importer] += spending;
            let power = share * supply[importer];
            (power, power)
        }
        Row::Free { shares } => {
            let power = weigh(table.shares(shares), supply, sums.row);
            add_scaled(sums.sales, sums.row, spending / power);
            (power, power)
        }
        Row::Taxed { shares, kept } => {
            let (power, after) =
                weigh_twice(table.shares(shares), table.kept(kept), supply, sums.row);
            add_scaled(sums.sales, sums.row, spending / power);
            (power, after)
        }
        Row::ExportTaxed {
            shares,
            kept,
            kept_abroad,
        } => {
            let (power, after) =
                weigh_twice(table.shares(shares), table.kept(kept), supply, sums.row);
            let factor = spending / power;
            let abroad = table.kept_abroad(kept_abroad);
            let totals = sums.sales.iter_mut().zip(sums.export_revenue.iter_mut());
            for ((sales, revenue), (cell, abroad)) in totals.zip(sums.row.iter().zip(abroad)) {
                let border = factor * cell;
                *sales += border * abroad;
                *revenue += border * (1.0 - abroad);
            }
            (power, after)
        }
    };
    sums.price_power[importer] = power;
    sums.kept[importer] = if power > 0.0 {
        after_tariff / power
    } else {
        1.0
    };
}

/// `out = a·u` cell by cell, and its sum.
#[inline(always)]
fn weigh(shares: &[f64], supply: &[f64], out: &mut [f64]) -> f64 {
    let (shares, _) = shares.as_chunks::<LANES>();
    let (supply, _) = supply.as_chunks::<LANES>();
    let (out, _) = out.as_chunks_mut::<LANES>();
    let mut total = [0.0; LANES];
    for ((a, u), out) in shares.iter().zip(supply).zip(out) {
        for lane in 0..LANES {
            let cell = a[lane] * u[lane];
            total[lane] += cell;
            out[lane] = cell;
        }
    }
    add_lanes(total)
}

/// `out = a·k·u` cell by cell; the sums of `a·u` and of `a·k·u`.
#[inline(always)]
fn weigh_twice(shares: &[f64], kept: &[f64], supply: &[f64], out: &mut [f64]) -> (f64, f64) {
    let (shares, _) = shares.as_chunks::<LANES>();
    let (kept, _) = kept.as_chunks::<LANES>();
    let (supply, _) = supply.as_chunks::<LANES>();
    let (out, _) = out.as_chunks_mut::<LANES>();
    let (mut total, mut after) = ([0.0; LANES], [0.0; LANES]);
    for (((a, k), u), out) in shares.iter().zip(kept).zip(supply).zip(out) {
        for lane in 0..LANES {
            let cell = a[lane] * u[lane];
            let left = cell * k[lane];
            total[lane] += cell;
            after[lane] += left;
            out[lane] = left;
        }
    }
    (add_lanes(total), add_lanes(after))
}

#[inline(always)]
fn add_scaled(sums: &mut [f64], row: &[f64], factor: f64) {
    for (sum, cell) in sums.iter_mut().zip(row) {
        *sum += factor * cell;
    }
}

#[inline(always)]
fn add_lanes(x: [f64; LANES]) -> f64 {
    ((x[0] + x[1]) + (x[2] + x[3])) + ((x[4] + x[5]) + (x[6] + x[7]))
}
