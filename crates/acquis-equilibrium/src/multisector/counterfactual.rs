//! The world after the shock.

use std::sync::Arc;

use super::access::Access;
use super::baseline::Baseline;
use super::certificate::Certificate;
use super::elasticities::Elasticities;
use super::purchases::{Cells, Purchases};

/// The equilibrium after a shock, with its certificate.
///
/// Hats are ratios of new to old; amounts are in the unit of the baseline, counted in the
/// numeraire. Flows are computed when asked for.
#[derive(Debug, Clone)]
pub struct Counterfactual {
    pub(super) access: Arc<Access>,
    pub(super) elasticities: Arc<Elasticities>,
    /// What one unit of the solution's money is in the numeraire.
    pub(super) money: f64,
    /// `ln ŵ`, `[N]`, in the solution's money.
    pub(super) log_wage: Vec<f64>,
    /// `ln L̂`, `[N]`.
    pub(super) log_labour: Vec<f64>,
    /// `ln P̂`, `[N][J]`.
    pub(super) log_price: Vec<f64>,
    /// `ln ĉ`, `[N][J]`.
    pub(super) log_cost: Vec<f64>,
    /// `X'`, `[N][J]`.
    pub(super) spending: Vec<f64>,
    /// `Y'`, `[N][J]`.
    pub(super) output: Vec<f64>,
    /// `F'`, `[N][J]`.
    pub(super) kept: Vec<f64>,
    pub(super) value_added: Vec<f64>,
    pub(super) tariff_revenue: Vec<f64>,
    pub(super) export_revenue: Vec<f64>,
    pub(super) deficit: Vec<f64>,
    pub(super) transfers: Vec<f64>,
    pub(super) pooled: Vec<f64>,
    pub(super) income: Vec<f64>,
    /// Proof that this is an equilibrium.
    pub certificate: Certificate,
}

impl Counterfactual {
    /// The world before the shock.
    pub fn baseline(&self) -> &Baseline {
        &self.access.baseline
    }

    fn cell(&self, country: usize, sector: usize) -> usize {
        country * self.baseline().sectors() + sector
    }

    fn amount(&self, value: f64) -> f64 {
        self.money * self.baseline().unit * value
    }

    /// Exact change of welfare, `Ŵ_n = (I'/I) / Π_j P̂_nj^{α_nj}`: equivalent variation
    /// relative to income is `Ŵ - 1`. Where labour moves it is that of all who live in the
    /// country; [`Self::welfare_change_per_head`] is that of one.
    pub fn welfare_change(&self, country: usize) -> f64 {
        let income = self.income[country] / self.baseline().income[country];
        income / self.log_price_index(country).exp()
    }

    /// Change of welfare per unit of labour, `Ŵ / L̂`.
    pub fn welfare_change_per_head(&self, country: usize) -> f64 {
        self.welfare_change(country) / self.labour_change(country)
    }

    /// Change of the real wage, `ŵ_n / Π_j P̂_nj^{α_nj}`.
    pub fn real_wage_change(&self, country: usize) -> f64 {
        (self.log_wage[country] - self.log_price_index(country)).exp()
    }

    /// Change of the consumer price index, `Π_j P̂_nj^{α_nj}`.
    pub fn price_index_change(&self, country: usize) -> f64 {
        self.money * self.log_price_index(country).exp()
    }

    /// `Σ_j α_nj ln P̂_nj` in the solution's money.
    pub(super) fn log_price_index(&self, country: usize) -> f64 {
        let cells = self.cell(country, 0)..self.cell(country + 1, 0);
        let shares = &self.baseline().final_share[cells.clone()];
        shares
            .iter()
            .zip(&self.log_price[cells])
            .map(|(a, p)| a * p)
            .sum()
    }

    /// Change of the wage (the composite factor's price), `ŵ`.
    pub fn wage_change(&self, country: usize) -> f64 {
        self.money * self.log_wage[country].exp()
    }

    /// Change of the labour force, `L̂`.
    pub fn labour_change(&self, country: usize) -> f64 {
        self.log_labour[country].exp()
    }

    /// Change of the price that a country pays for a sector's goods, `P̂`.
    pub fn price_change(&self, country: usize, sector: usize) -> f64 {
        self.money * self.log_price[self.cell(country, sector)].exp()
    }

    /// Change of unit cost, `ĉ`.
    pub fn cost_change(&self, country: usize, sector: usize) -> f64 {
        self.money * self.log_cost[self.cell(country, sector)].exp()
    }

    /// Expenditure at purchaser's prices, `X'`.
    pub fn spending(&self, country: usize, sector: usize) -> f64 {
        self.amount(self.spending[self.cell(country, sector)])
    }

    /// Gross output at producer's prices, `Y'`.
    pub fn output(&self, country: usize, sector: usize) -> f64 {
        self.amount(self.output[self.cell(country, sector)])
    }

    /// Value added, `ŵ L̂ w L`.
    pub fn value_added(&self, country: usize) -> f64 {
        self.amount(self.value_added[country])
    }

    /// Tariffs collected at the country's border, before any pooling.
    pub fn tariff_revenue(&self, country: usize) -> f64 {
        self.amount(self.tariff_revenue[country])
    }

    /// Export taxes collected less subsidies paid.
    pub fn export_revenue(&self, country: usize) -> f64 {
        self.amount(self.export_revenue[country])
    }

    /// Received from a revenue pool less handed over.
    pub fn pooled_revenue(&self, country: usize) -> f64 {
        self.amount(self.pooled[country])
    }

    /// Transfers received less paid.
    pub fn transfers(&self, country: usize) -> f64 {
        self.amount(self.transfers[country])
    }

    /// The deficit that the closure leaves, `D'`; transfers and pooled revenue come on top.
    pub fn deficit(&self, country: usize) -> f64 {
        self.amount(self.deficit[country])
    }

    /// Income, `I'`.
    pub fn income(&self, country: usize) -> f64 {
        self.amount(self.income[country])
    }

    /// An importer's purchases in one sector: shares `π'` of expenditure, and what is left
    /// of each after tariff and export tax.
    pub(super) fn purchases(&self, sector: usize, importer: usize, cells: &mut Cells) {
        self.access.read(sector, importer, cells);
        let theta = self.elasticities.values()[sector];
        let price = self.log_price[self.cell(importer, sector)];
        for (exporter, share) in cells.shares.iter_mut().enumerate() {
            if *share > 0.0 {
                let cheaper = self.log_cost[self.cell(exporter, sector)] - price;
                *share *= (-theta * cheaper).exp();
            }
        }
    }

    /// The new ad valorem tariff.
    pub fn tariff(&self, sector: usize, importer: usize, exporter: usize) -> f64 {
        let (table, row) = self.access.row(sector, importer);
        1.0 / table.after_tariff(row, exporter) - 1.0
    }

    /// What an importer buys from everyone in one sector, at the border, `[N]` by exporter.
    pub fn imports(&self, sector: usize, importer: usize) -> Vec<f64> {
        let mut cells = Cells::new(self.baseline().countries());
        self.purchases(sector, importer, &mut cells);
        let spent = self.spending(importer, sector);
        let flows = cells.shares.iter().zip(&cells.kept);
        flows.map(|(share, kept)| spent * share * kept).collect()
    }

    /// This equilibrium as the baseline of further shocks. Composition is exact: shock `a`
    /// and then `b` is the shock of both.
    pub fn rebase(&self) -> Baseline {
        let old = self.baseline();
        let (n, sectors) = (old.countries(), old.sectors());
        let mut purchases = Purchases::new(n);
        let mut cells = Cells::new(n);
        for sector in 0..sectors {
            for importer in 0..n {
                self.purchases(sector, importer, &mut cells);
                // Shares add up to one but for the residual; the next baseline starts clean.
                let total: f64 = cells.shares.iter().sum();
                if total > 0.0 {
                    cells.shares.iter_mut().for_each(|share| *share /= total);
                }
                purchases.push(importer, &cells);
            }
        }
        let world: f64 = self.value_added.iter().sum();
        let part = |values: &[f64]| -> Vec<f64> { values.iter().map(|x| x / world).collect() };
        let received = self.deficit.iter().zip(&self.transfers).zip(&self.pooled);
        let deficit = received.map(|((d, t), p)| (d + t + p) / world).collect();
        Baseline {
            countries: Arc::clone(&old.countries),
            sectors: Arc::clone(&old.sectors),
            elasticities: (*self.elasticities).clone(),
            unit: old.unit * self.money * world,
            purchases,
            technology: Arc::clone(&old.technology),
            final_share: old.final_share.clone(),
            spending: part(&self.spending),
            output: part(&self.output),
            kept: self.kept.clone(),
            value_added: part(&self.value_added),
            tariff_revenue: part(&self.tariff_revenue),
            export_revenue: part(&self.export_revenue),
            deficit,
            income: part(&self.income),
        }
    }
}
