//! GSIM: all importers and exporters of one product.
//!
//! # What question it answers
//! Duties on a product change anywhere in the world: what happens to the prices exporters
//! get, to every flow, to exporters, buyers and treasuries, when every exporter's market
//! has to clear?
//!
//! # The model
//! Francois and Hall (2003). Importer `v` buys `M_vr` from exporter `r` at world prices and levies
//! the duty factor `T_vr = 1 + t_vr`; home sales may stand in the matrix, with no duty. With
//! `E_v <= 0` the elasticity of its demand for the product, `S_v` that of substitution, `X_r`
//! that of exports, the shares
//!
//! ```text
//! θ_vr = M_vr T_vr / Σ_s M_vs T_vs      of exporter r in what v spends
//! φ_vr = M_vr / Σ_w M_wr                of importer v in what r sells
//! ```
//!
//! give the own- and cross-price elasticities of demand
//!
//! ```text
//! N_v,rr = θ_vr E_v - (1 - θ_vr) S_v,   N_v,rs = θ_vs (E_v + S_v).
//! ```
//!
//! [`Closing::Linear`] is the published model. In proportional changes, with `p_r` the world
//! price and `τ_vr = T'_vr / T_vr - 1`,
//!
//! ```text
//! q_vr    = Σ_s N_v,rs (p_s + τ_vs)                               quantities
//! X_r p_r = Σ_v φ_vr q_vr                                         market clearing
//! M'_vr   = M_vr (1 + q_vr) (1 + p_r)                             trade at world prices
//! P_v     = Σ_r θ_vr ((1 + p_r) (1 + τ_vr) - 1)                   price of the product
//! PS_r    = Y_r p_r (1 + X_r p_r / 2),      Y_r = Σ_v M_vr        producer surplus
//! CS_v    = -Z_v P_v (1 + E_v P_v / 2),     Z_v = Σ_r M_vr T_vr   consumer surplus
//! R'_v    = Σ_r M'_vr (T'_vr - 1)                                 revenue
//! W       = PS + CS + R' - R                                      net welfare of a country
//! ```
//!
//! The middle lines are one linear system with as many unknowns as exporters. `CS` is the area
//! under a linear demand curve. The published formula has the sign of `P_v` on the triangle:
//! the same where the price falls, but where it rises it subtracts the triangle that the
//! area adds; the difference is `E_v Z_v P_v²`. An exporter whose supply is infinite has `p_r = 0`
//! and no surplus.
//!
//! [`Closing::ConstantElasticity`] keeps the elasticities constant for changes of any size, of
//! which the system above is the first order. It is our closing, written in exact hats
//! (the later spreadsheet of Francois is non-linear too); `p̂ = 1 + p` and so on:
//!
//! ```text
//! P̂_v^(1-S_v) = Σ_r θ_vr (p̂_r T̂_vr)^(1-S_v)
//! q̂_vr        = (p̂_r T̂_vr / P̂_v)^(-S_v) P̂_v^(E_v)
//! p̂_r^(X_r)   = Σ_v φ_vr q̂_vr
//! PS_r = Y_r (p̂_r^(1+X_r) - 1) / (1 + X_r),   CS_v = Z_v (1 - P̂_v^(1+E_v)) / (1 + E_v)
//! ```
//!
//! # Example
//! Two exporters sell to one importer, which frees one of them from a duty of 25 %:
//!
//! ```
//! use acquis_equilibrium::partial::{
//!     Closing, DemandElasticity, Elasticities, Industry, SubstitutionElasticity,
//!     SupplyElasticity, gsim,
//! };
//!
//! let names = |labels: &[&str]| labels.iter().map(|&l| l.to_owned()).collect::<Vec<_>>();
//! let industry = Industry::new(
//!     names(&["Home"]),
//!     names(&["Partner", "Others"]),
//!     vec![100.0, 300.0], // at world prices
//!     vec![0.25, 0.25],
//! )?;
//! let elasticities = Elasticities::uniform(
//!     &industry,
//!     DemandElasticity::new(-1.25)?,
//!     SubstitutionElasticity::new(5.0)?,
//!     SupplyElasticity::new(1.5)?,
//! );
//! let result = gsim(&industry, &[0.0, 0.25], &elasticities, Closing::Linear)?;
//!
//! assert!(result.world_price_change[0] > 0.05); // the partner sells more, and dearer
//! assert!(result.world_price_change[1] < 0.0); // the others have to give way
//! assert!(result.residual <= 1e-12); // both markets clear
//! let home = &result.net_welfare(&industry)[0];
//! assert_eq!(home.0, "Home");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What it leaves out
//! Other products and incomes, flows that are zero (they stay so), home producers unless their
//! sales are in the matrix, and differences of supply between markets: an exporter has
//! one world price.
//!
//! # How it fails
//! [`GsimError`]. Shapes, values and names are checked when the [`Industry`] is made. A linear
//! answer with negative trade names the cell. A system that no price solves (neither demand
//! nor supply answers) is [`GsimError::Singular`]. Every result carries the residual of
//! market clearing recomputed from its own figures; one above `1e-12` is never returned.
//!
//! # References
//! - Francois, J. and H. K. Hall (2003), "Global Simulation Analysis of Industry-Level Trade
//!   Policy", version 3.0, 21 April 2003.
//! - Jammes, O. and M. Olarreaga (2005), "Explaining SMART and GSIM", World Bank.

mod clearing;
mod error;
mod industry;

pub use error::GsimError;
pub use industry::{Elasticities, Industry};

use clearing::{Answer, Behaviour};

/// The largest residual of market clearing that is returned.
const TOLERANCE: f64 = 1e-12;

/// How demand and supply behave away from the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Closing {
    /// Francois and Hall's linear system; one elimination.
    #[default]
    Linear,
    /// Constant elasticities of demand, substitution and supply, for changes of any size;
    /// Newton's method in logarithms.
    ConstantElasticity,
}

/// What the change of duties does. Cells are importer-major `[importers * exporters]` in the
/// order of the [`Industry`], changes are fractions, values are in the unit of its trade.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct GsimResult {
    /// `p_r`, by exporter.
    pub world_price_change: Vec<f64>,
    /// `(1 + p_r)(1 + τ_vr) - 1`: change of the price of each flow to its buyer, by cell.
    pub domestic_price_change: Vec<f64>,
    /// `P_v`: change of the price of the product to its buyers, by importer.
    pub composite_price_change: Vec<f64>,
    /// `q_vr`, by cell.
    pub quantity_change: Vec<f64>,
    /// `M'_vr`: trade after the change at the new world prices, by cell.
    pub trade_after: Vec<f64>,
    /// `PS_r`, by exporter.
    pub producer_surplus: Vec<f64>,
    /// `CS_v`, by importer.
    pub consumer_surplus: Vec<f64>,
    /// `R_v`, by importer.
    pub revenue_before: Vec<f64>,
    /// `R'_v`, by importer.
    pub revenue_after: Vec<f64>,
    /// Largest difference between an exporter's supply and the demand for it, recomputed from
    /// the changes above: of proportional changes with [`Closing::Linear`], of logarithms with
    /// [`Closing::ConstantElasticity`]; relative to the larger of 1 and its two sides.
    pub residual: f64,
    /// Newton steps made; 1 for the linear closing.
    pub iterations: usize,
}

impl GsimResult {
    /// `R'_v - R_v`, by importer.
    pub fn revenue_change(&self) -> Vec<f64> {
        let pairs = self.revenue_after.iter().zip(&self.revenue_before);
        pairs.map(|(after, before)| after - before).collect()
    }

    /// Consumer surplus, change of revenue and producer surplus of each country that occurs in
    /// the industry: importers in their order, then the exporters that aren't importers.
    pub fn net_welfare(&self, industry: &Industry) -> Vec<(String, f64)> {
        let gains = self.consumer_surplus.iter().zip(self.revenue_change());
        let mut countries: Vec<(String, f64)> = industry
            .importers()
            .iter()
            .zip(gains)
            .map(|(label, (surplus, revenue))| (label.clone(), surplus + revenue))
            .collect();
        for (label, surplus) in industry.exporters().iter().zip(&self.producer_surplus) {
            match countries.iter_mut().find(|(name, _)| name == label) {
                Some((_, welfare)) => *welfare += surplus,
                None => countries.push((label.clone(), *surplus)),
            }
        }
        countries
    }
}

/// Applies new duties to the industry: `tariffs_after` is importer-major
/// `[importers * exporters]`, in fractions.
///
/// # Errors
/// [`GsimError`]: wrong shapes, a duty at or below -1, no price that clears the markets, a
/// linear answer with negative trade, numbers that overflow.
pub fn gsim(
    industry: &Industry,
    tariffs_after: &[f64],
    elasticities: &Elasticities,
    closing: Closing,
) -> Result<GsimResult, GsimError> {
    industry.check_tariffs(tariffs_after, "after")?;
    elasticities.check(industry)?;
    let behaviour = Behaviour::new(industry, elasticities);
    if !behaviour.level_is_determined() {
        return Err(GsimError::Singular);
    }
    let ratios = duty_ratios(industry, tariffs_after);
    let answer = match closing {
        Closing::Linear => behaviour.linear(&ratios)?,
        Closing::ConstantElasticity => behaviour.constant_elasticity(&ratios)?,
    };
    let result = account(industry, tariffs_after, &behaviour, closing, answer);
    check(industry, &result)?;
    Ok(result)
}

/// `T'_vr / T_vr - 1`, free of cancellation for small changes.
fn duty_ratios(industry: &Industry, tariffs_after: &[f64]) -> Vec<f64> {
    let pairs = industry.tariffs().iter().zip(tariffs_after);
    pairs.map(|(t0, t1)| (t1 - t0) / (1.0 + t0)).collect()
}

fn account(
    industry: &Industry,
    tariffs_after: &[f64],
    behaviour: &Behaviour,
    closing: Closing,
    answer: Answer,
) -> GsimResult {
    let n = industry.exporters().len();
    let world = &answer.world_price_change;
    let cells = industry.trade().iter().zip(&answer.quantity_change);
    let trade_after: Vec<f64> = cells
        .zip(world.iter().cycle())
        .map(|((trade, q), p)| match *trade {
            0.0 => 0.0, // even where the quantity has overflowed
            trade => trade * (1.0 + q) * (1.0 + p),
        })
        .collect();
    let revenue = |trade: &[f64], tariffs: &[f64]| -> Vec<f64> {
        let rows = trade.chunks_exact(n).zip(tariffs.chunks_exact(n));
        rows.map(|(row, duties)| row.iter().zip(duties).map(|(m, t)| m * t).sum())
            .collect()
    };
    let suppliers = behaviour.sales.iter().zip(&behaviour.supply);
    let producer_surplus = suppliers
        .zip(world)
        .map(|((sales, supply), p)| sales * producer_gain(*supply, *p, closing))
        .collect();
    let buyers = behaviour.spending.iter().zip(&behaviour.demand);
    let consumer_surplus = buyers
        .zip(&answer.composite_price_change)
        .map(|((spending, demand), p)| spending * consumer_gain(*demand, *p, closing))
        .collect();
    GsimResult {
        producer_surplus,
        consumer_surplus,
        revenue_before: revenue(industry.trade(), industry.tariffs()),
        revenue_after: revenue(&trade_after, tariffs_after),
        residual: behaviour.residual(world, &answer.quantity_change, closing),
        trade_after,
        world_price_change: answer.world_price_change,
        domestic_price_change: answer.domestic_price_change,
        composite_price_change: answer.composite_price_change,
        quantity_change: answer.quantity_change,
        iterations: answer.iterations,
    }
}

/// Producer surplus per unit of sales.
fn producer_gain(supply: f64, price_change: f64, closing: Closing) -> f64 {
    if supply.is_infinite() {
        return 0.0;
    }
    match closing {
        Closing::Linear => price_change * (1.0 + supply * price_change / 2.0),
        Closing::ConstantElasticity => area(price_change, supply),
    }
}

/// Consumer surplus per unit of spending.
fn consumer_gain(demand: f64, price_change: f64, closing: Closing) -> f64 {
    match closing {
        Closing::Linear => -price_change * (1.0 + demand * price_change / 2.0),
        Closing::ConstantElasticity => -area(price_change, demand),
    }
}

/// `∫ x^e dx` from 1 to `1 + change`.
fn area(change: f64, elasticity: f64) -> f64 {
    let (log, power) = (change.ln_1p(), 1.0 + elasticity);
    if power == 0.0 {
        log
    } else {
        (power * log).exp_m1() / power
    }
}

fn check(industry: &Industry, result: &GsimResult) -> Result<(), GsimError> {
    let cells = result.trade_after.iter().chain(&result.revenue_after);
    let surpluses = result
        .producer_surplus
        .iter()
        .chain(&result.consumer_surplus);
    if !cells.chain(surpluses).all(|x| x.is_finite()) {
        return Err(GsimError::NotFinite);
    }
    let n = industry.exporters().len();
    let quantities = result.quantity_change.iter().zip(industry.trade());
    for (cell, (&change, &trade)) in quantities.enumerate() {
        let price = result.world_price_change[cell % n];
        if trade > 0.0 && (change < -1.0 || price < -1.0) {
            return Err(GsimError::NegativeTrade {
                importer: industry.importers()[cell / n].clone(),
                exporter: industry.exporters()[cell % n].clone(),
                quantity_change: change,
                price_change: price,
            });
        }
    }
    // A residual that isn't a number fails as well.
    if result.residual <= TOLERANCE {
        Ok(())
    } else {
        Err(GsimError::NotCleared {
            residual: result.residual,
            iterations: result.iterations,
        })
    }
}
