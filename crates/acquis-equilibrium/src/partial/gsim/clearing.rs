//! World prices at which every exporter sells what it offers.

use super::error::GsimError;
use super::{Closing, Industry};
use crate::lu::solve_in_place;
use crate::partial::elasticity::SupplyElasticity;
use crate::partial::gsim::Elasticities;

const MOST_STEPS: usize = 60;
const MOST_HALVINGS: usize = 40;
/// Newton's method stops here, well inside the tolerance of the result.
const GOOD_ENOUGH: f64 = 1e-15;

/// Shares and elasticities as plain numbers; cells are importer-major `[m * n]`.
pub(super) struct Behaviour {
    /// Number of exporters.
    n: usize,
    /// `E_v` `[m]`.
    pub(super) demand: Vec<f64>,
    /// `S_v` `[m]`.
    substitution: Vec<f64>,
    /// `X_r` `[n]`, possibly infinite.
    pub(super) supply: Vec<f64>,
    /// `X_r / (1 + X_r)` and `1 / (1 + X_r)` `[n]`; 1 and 0 for an exporter that sells
    /// nothing, whose price stays.
    weights: Vec<(f64, f64)>,
    /// `θ_vr` `[m * n]`; zero for an importer that buys nothing.
    spending_share: Vec<f64>,
    /// `φ_vr` `[m * n]`; zero for an exporter that sells nothing.
    sales_share: Vec<f64>,
    /// `Z_v` `[m]`.
    pub(super) spending: Vec<f64>,
    /// `Y_r` `[n]`.
    pub(super) sales: Vec<f64>,
}

/// Prices and quantities as proportional changes.
pub(super) struct Answer {
    pub(super) world_price_change: Vec<f64>,
    pub(super) domestic_price_change: Vec<f64>,
    pub(super) composite_price_change: Vec<f64>,
    pub(super) quantity_change: Vec<f64>,
    pub(super) iterations: usize,
}

/// Demand with constant elasticities at given world prices, in logarithms.
struct Point {
    /// `ln q̂_vr` `[m * n]`.
    quantity: Vec<f64>,
    /// `ln P̂_v` `[m]`.
    composite: Vec<f64>,
    /// `(X ln p̂ - ln D̂) / (1 + X)` `[n]`, zero where the market clears.
    excess: Vec<f64>,
}

impl Behaviour {
    pub(super) fn new(industry: &Industry, elasticities: &Elasticities) -> Self {
        let n = industry.exporters().len();
        let cells = industry.trade().iter().zip(industry.tariffs());
        let outlay: Vec<f64> = cells
            .map(|(trade, tariff)| trade * (1.0 + tariff))
            .collect();
        let spending: Vec<f64> = outlay.chunks_exact(n).map(|row| row.iter().sum()).collect();
        let mut sales = vec![0.0; n];
        for row in industry.trade().chunks_exact(n) {
            for (total, trade) in sales.iter_mut().zip(row) {
                *total += trade;
            }
        }
        let share = |part: f64, whole: f64| if whole > 0.0 { part / whole } else { 0.0 };
        let rows = outlay.chunks_exact(n).zip(&spending);
        let spending_share = rows
            .flat_map(|(row, total)| row.iter().map(move |cell| share(*cell, *total)))
            .collect();
        let cells = industry.trade().iter().zip(sales.iter().cycle());
        let sales_share = cells.map(|(cell, total)| share(*cell, *total)).collect();
        let sellers = elasticities.supply.iter().zip(&sales);
        let weights = sellers
            .map(|(supply, total)| {
                if *total > 0.0 {
                    supply.weights()
                } else {
                    (1.0, 0.0)
                }
            })
            .collect();
        Self {
            n,
            demand: elasticities.demand.iter().map(|e| e.get()).collect(),
            substitution: elasticities.substitution.iter().map(|s| s.get()).collect(),
            supply: elasticities
                .supply
                .iter()
                .map(|x| SupplyElasticity::get(*x))
                .collect(),
            weights,
            spending_share,
            sales_share,
            spending,
            sales,
        }
    }

    /// Whether prices have a level: tied to an exporter by substitution or directly, somebody
    /// answers its price. Where nobody does, rounding alone would choose the price.
    pub(super) fn level_is_determined(&self) -> bool {
        let mut anchored: Vec<bool> = self.weights.iter().map(|w| w.0 > 0.0).collect();
        let mut changed = true;
        while changed {
            changed = false;
            let rows = self.sales_share.chunks_exact(self.n);
            for (row, (demand, substitution)) in
                rows.zip(self.demand.iter().zip(&self.substitution))
            {
                let known = row.iter().zip(&anchored).any(|(s, a)| *s > 0.0 && *a);
                if *demand < 0.0 || (*substitution > 0.0 && known) {
                    for (share, anchor) in row.iter().zip(&mut anchored) {
                        changed |= *share > 0.0 && !*anchor;
                        *anchor |= *share > 0.0;
                    }
                }
            }
        }
        anchored.into_iter().all(|anchor| anchor)
    }

    /// Francois and Hall's system.
    pub(super) fn linear(&self, duty_change: &[f64]) -> Result<Answer, GsimError> {
        let matrix = self.jacobian(&self.spending_share, &self.sales_share);
        let demand = self.demand_for_exporters(&self.linear_quantities(duty_change));
        let sellers = self.weights.iter().zip(demand);
        let mut world: Vec<f64> = sellers.map(|((_, rigid), d)| rigid * d).collect();
        if !solve_in_place(&matrix, &mut world) {
            return Err(GsimError::Singular);
        }
        let prices = || world.iter().cycle().zip(duty_change);
        let domestic: Vec<f64> = prices()
            .map(|(p, tau)| (1.0 + p) * (1.0 + tau) - 1.0)
            .collect();
        let sums: Vec<f64> = prices().map(|(p, tau)| p + tau).collect();
        Ok(Answer {
            composite_price_change: self.averages(&domestic),
            quantity_change: self.linear_quantities(&sums),
            domestic_price_change: domestic,
            world_price_change: world,
            iterations: 1,
        })
    }

    /// `(X p - d) / (1 + X)`, by exporter.
    fn weighed_excess(&self, world: &[f64], demand: impl Iterator<Item = f64>) -> Vec<f64> {
        let sellers = self.weights.iter().zip(world).zip(demand);
        sellers
            .map(|(((elastic, rigid), p), d)| elastic * p - rigid * d)
            .collect()
    }

    /// `q_vr = E P - S (p_vr - P)`: the own- and cross-price elasticities, summed up.
    fn linear_quantities(&self, prices: &[f64]) -> Vec<f64> {
        let means = self.averages(prices);
        let importers = self.demand.iter().zip(&self.substitution).zip(&means);
        let rows = prices.chunks_exact(self.n).zip(importers);
        rows.flat_map(|(row, ((demand, substitution), mean))| {
            row.iter()
                .map(move |price| demand * mean - substitution * (price - mean))
        })
        .collect()
    }

    /// `Σ_r θ_vr x_vr`, by importer.
    fn averages(&self, cells: &[f64]) -> Vec<f64> {
        let rows = self.spending_share.chunks_exact(self.n);
        rows.zip(cells.chunks_exact(self.n))
            .map(|(shares, row)| shares.iter().zip(row).map(|(s, x)| s * x).sum())
            .collect()
    }

    /// `Σ_v φ_vr x_vr`, by exporter.
    fn demand_for_exporters(&self, cells: &[f64]) -> Vec<f64> {
        let mut totals = vec![0.0; self.n];
        let rows = self.sales_share.chunks_exact(self.n);
        for (shares, row) in rows.zip(cells.chunks_exact(self.n)) {
            for ((total, share), x) in totals.iter_mut().zip(shares).zip(row) {
                // Where nothing is traded, x may have overflowed.
                if *share > 0.0 {
                    *total += share * x;
                }
            }
        }
        totals
    }

    /// Derivative `[n * n]` of weighed excess supply with respect to world prices, at shares
    /// `θ` and `φ`: `(X δ_rs - Σ_v φ_vr N_v,rs) / (1 + X)`.
    fn jacobian(&self, spending_share: &[f64], sales_share: &[f64]) -> Vec<f64> {
        let n = self.n;
        let mut matrix = vec![0.0; n * n];
        let rows = spending_share
            .chunks_exact(n)
            .zip(sales_share.chunks_exact(n));
        for ((theta, phi), (demand, substitution)) in
            rows.zip(self.demand.iter().zip(&self.substitution))
        {
            for (r, (row, share)) in matrix.chunks_exact_mut(n).zip(phi).enumerate() {
                for (cell, other) in row.iter_mut().zip(theta) {
                    *cell -= share * (demand + substitution) * other;
                }
                row[r] += share * substitution;
            }
        }
        for (r, (row, (elastic, rigid))) in
            matrix.chunks_exact_mut(n).zip(&self.weights).enumerate()
        {
            for cell in row.iter_mut() {
                *cell *= rigid;
            }
            row[r] += elastic;
        }
        matrix
    }

    /// Newton's method in logarithms from the old prices, with step halving.
    pub(super) fn constant_elasticity(&self, duty_change: &[f64]) -> Result<Answer, GsimError> {
        let duties: Vec<f64> = duty_change.iter().map(|tau| tau.ln_1p()).collect();
        let mut world = vec![0.0; self.n];
        let mut point = self.point(&world, &duties);
        let mut iterations = 0;
        while self.error(&point) > GOOD_ENOUGH && iterations < MOST_STEPS {
            iterations += 1;
            let direction = self.newton_direction(&world, &duties, &point)?;
            let Some((better, reached)) = self.shorten(&world, &duties, &point, &direction) else {
                break;
            };
            world = better;
            point = reached;
        }
        let domestic = world.iter().cycle().zip(&duties);
        Ok(Answer {
            domestic_price_change: domestic.map(|(p, t)| (p + t).exp_m1()).collect(),
            composite_price_change: point.composite.iter().map(|p| p.exp_m1()).collect(),
            quantity_change: point.quantity.iter().map(|q| q.exp_m1()).collect(),
            world_price_change: world.iter().map(|p| p.exp_m1()).collect(),
            iterations,
        })
    }

    fn point(&self, world: &[f64], duties: &[f64]) -> Point {
        let n = self.n;
        let cells = world.iter().cycle().zip(duties);
        let prices: Vec<f64> = cells.map(|(p, t)| p + t).collect();
        let mut composite = Vec::with_capacity(self.demand.len());
        let mut quantity = Vec::with_capacity(prices.len());
        let rows = prices
            .chunks_exact(n)
            .zip(self.spending_share.chunks_exact(n));
        for ((row, shares), (demand, substitution)) in
            rows.zip(self.demand.iter().zip(&self.substitution))
        {
            let mean = price_index(row, shares, 1.0 - substitution);
            composite.push(mean);
            quantity.extend(
                row.iter()
                    .map(|p| demand * mean - substitution * (p - mean)),
            );
        }
        // The change of demand, not its level, keeps digits where hardly anything changes.
        let changes: Vec<f64> = quantity.iter().map(|q| q.exp_m1()).collect();
        let demand = self.demand_for_exporters(&changes);
        let excess = self.weighed_excess(world, demand.into_iter().map(f64::ln_1p));
        Point {
            quantity,
            composite,
            excess,
        }
    }

    fn newton_direction(
        &self,
        world: &[f64],
        duties: &[f64],
        point: &Point,
    ) -> Result<Vec<f64>, GsimError> {
        let n = self.n;
        let factors: Vec<f64> = point.quantity.iter().map(|q| q.exp()).collect();
        let demand = self.demand_for_exporters(&factors);
        let sales_share: Vec<f64> = (self.sales_share.iter().zip(&factors))
            .zip(demand.iter().cycle())
            .map(|((share, q), d)| if *share > 0.0 { share * q / d } else { 0.0 })
            .collect();
        let mut spending_share = Vec::with_capacity(factors.len());
        let importers = point.composite.iter().zip(&self.substitution);
        let rows = self
            .spending_share
            .chunks_exact(n)
            .zip(duties.chunks_exact(n));
        for ((shares, duty), (mean, substitution)) in rows.zip(importers) {
            let cells = shares.iter().zip(duty).zip(world);
            spending_share.extend(cells.map(|((share, t), p)| match *share {
                0.0 => 0.0,
                share => share * ((1.0 - substitution) * (p + t - mean)).exp(),
            }));
        }
        let mut direction = point.excess.clone();
        let matrix = self.jacobian(&spending_share, &sales_share);
        if solve_in_place(&matrix, &mut direction) {
            Ok(direction)
        } else {
            Err(GsimError::Singular)
        }
    }

    /// The longest of the steps 1, 1/2, 1/4, ... that lessens the error.
    fn shorten(
        &self,
        world: &[f64],
        duties: &[f64],
        point: &Point,
        direction: &[f64],
    ) -> Option<(Vec<f64>, Point)> {
        let start = self.error(point);
        let mut length = 1.0;
        for _ in 0..MOST_HALVINGS {
            let pairs = world.iter().zip(direction);
            let trial: Vec<f64> = pairs.map(|(p, step)| p - length * step).collect();
            let reached = self.point(&trial, duties);
            if self.error(&reached) < start {
                return Some((trial, reached));
            }
            length /= 2.0;
        }
        None
    }

    /// `max_r |X ln p̂ - ln D̂|`; where the old price is given, how far from it.
    fn error(&self, point: &Point) -> f64 {
        let sellers = point.excess.iter().zip(&self.weights);
        sellers.fold(0.0, |worst, (excess, (_, rigid))| {
            let scale = if *rigid > 0.0 { *rigid } else { 1.0 };
            worse(worst, (excess / scale).abs())
        })
    }

    /// Supply against demand, from the changes that are returned.
    pub(super) fn residual(&self, world: &[f64], quantity: &[f64], closing: Closing) -> f64 {
        let demand = self.demand_for_exporters(quantity);
        let sellers = self
            .supply
            .iter()
            .zip(&self.sales)
            .zip(world.iter().zip(&demand));
        sellers.fold(0.0, |worst, ((supply, sales), (price, demand))| {
            if *sales == 0.0 || supply.is_infinite() {
                // Anything is supplied at the old price, so the price is what can be wrong.
                return worse(worst, price.abs());
            }
            let (price, demand) = match closing {
                Closing::Linear => (*price, *demand),
                Closing::ConstantElasticity => (price.ln_1p(), demand.ln_1p()),
            };
            let offered = supply * price;
            let scale = offered.abs().max(demand.abs()).max(1.0);
            worse(worst, (offered - demand).abs() / scale)
        })
    }
}

/// `ln (Σ θ e^(k x))^(1/k)` with `k = 1 - S`, and its limit `Σ θ x` for `k = 0`. An importer
/// that buys nothing has no shares, and no change.
fn price_index(prices: &[f64], shares: &[f64], power: f64) -> f64 {
    let cells = shares.iter().zip(prices);
    if power == 0.0 {
        cells.map(|(share, x)| share * x).sum()
    } else {
        let change: f64 = cells
            .filter(|(share, _)| **share > 0.0)
            .map(|(share, x)| share * (power * x).exp_m1())
            .sum();
        change.ln_1p() / power
    }
}

/// The larger of two errors; NaN stays.
fn worse(worst: f64, error: f64) -> f64 {
    if error > worst || error.is_nan() {
        error
    } else {
        worst
    }
}
