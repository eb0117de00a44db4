//! Payments between states, and what they do.

use super::super::error::SolveError;
use super::super::shock::{Shock, Transfer, TransferAmount};
use super::super::solve::Solver;

/// Goods sold below the market: `rate` is the part of the market value that the exporter
/// forgoes. The goods still cost the market price at the margin, as users inside the
/// importing state see it.
pub fn price_discount(sector: usize, importer: usize, exporter: usize, rate: f64) -> Transfer {
    Transfer {
        from: exporter,
        to: importer,
        amount: TransferAmount::OfFlow {
            sector,
            importer,
            exporter,
            rate,
        },
    }
}

/// A tax on turnover is from now on raised where goods go, not where they come from: each
/// of the two loses the tax on what it sells to the other in the sectors named, and gains
/// it on what it buys. Prices don't change, as the rate is the same.
pub fn tax_principle_switch(sectors: &[usize], a: usize, b: usize, rate: f64) -> Vec<Transfer> {
    let both = sectors
        .iter()
        .flat_map(|&sector| [(sector, a, b), (sector, b, a)]);
    both.map(|(sector, importer, exporter)| price_discount(sector, importer, exporter, rate))
        .collect()
}

/// What one transfer of a shock does, everything else in place.
#[derive(Debug, Clone, PartialEq)]
pub struct TransferEffect {
    /// Who pays.
    pub from: usize,
    /// Who receives.
    pub to: usize,
    /// How much, in the unit of the baseline.
    pub amount: f64,
    /// By country: welfare with the transfer less welfare without it, as a fraction of
    /// baseline income.
    pub welfare: Vec<f64>,
}

impl Solver {
    /// What every transfer of a shock costs and whom it helps: the equilibrium with all of
    /// them against that without it.
    ///
    /// # Errors
    /// A shock without equilibrium.
    pub fn transfer_effects(&self, shock: &Shock) -> Result<Vec<TransferEffect>, SolveError> {
        let with = self.solve(shock)?;
        let n = self.baseline().countries();
        let effect = |position: usize| {
            let mut rest = shock.clone();
            let transfer = rest.transfers.remove(position);
            let without = self.solve(&rest)?;
            let amount = match transfer.amount {
                TransferAmount::Fixed(amount) => amount,
                TransferAmount::OfFlow {
                    sector,
                    importer,
                    exporter,
                    rate,
                } => rate * with.imports(sector, importer)[exporter],
            };
            let change = |n| with.welfare_change(n) - without.welfare_change(n);
            Ok(TransferEffect {
                from: transfer.from,
                to: transfer.to,
                amount,
                welfare: (0..n).map(change).collect(),
            })
        };
        (0..shock.transfers.len()).map(effect).collect()
    }
}
