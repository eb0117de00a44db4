//! Proof that a counterfactual solves the model, computed from what it returns.

use super::access::Access;
use super::purchases::Cells;
use super::settings::Method;
use super::spread::spread;

/// How a counterfactual was found and how well it satisfies the model.
///
/// The errors are recomputed equation by equation from the wages, prices and expenditure
/// that are returned, by code that shares nothing with the solver's sweep.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Certificate {
    /// How the system was solved.
    pub method: Method,
    /// Part of the shock at the start of the attempt that succeeded: 0 if it went from the
    /// baseline in one go, above 0 if the shock had to be approached in steps.
    pub approached_from: f64,
    /// Evaluations of the equilibrium conditions in all attempts together.
    pub evaluations: usize,
    /// The largest of the three errors below.
    pub residual: f64,
    /// `max |ln P̂(2.2) - ln P̂|` over countries and sectors.
    pub price_residual: f64,
    /// `max |X'(2.7) - X'|`, relative to the cell or to a thousandth of the country's mean
    /// cell, whichever is larger.
    pub expenditure_residual: f64,
    /// `max_n |ln Σ_j γ Y' - ln ŵ L̂ w L|`: demand for labour against its supply, (2.8).
    pub labour_residual: f64,
    /// `max_n |Σ F' X' - exports - D'|` as a part of world value added: the trade balance.
    pub trade_balance: f64,
    /// `|ΣX' - ΣR' - ΣY'| / ΣY'`: world expenditure against world output.
    pub world_balance: f64,
}

/// What the equations are checked on. Amounts in one money, country-major cells `[N][J]`.
pub(super) struct Claim<'a> {
    pub(super) access: &'a Access,
    pub(super) theta: &'a [f64],
    pub(super) log_wage: &'a [f64],
    pub(super) log_price: &'a [f64],
    pub(super) spending: &'a [f64],
    pub(super) value_added: &'a [f64],
    /// Deficit, transfers and pooled revenue.
    pub(super) received: &'a [f64],
}

/// The errors of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Errors {
    pub(super) price: f64,
    pub(super) expenditure: f64,
    pub(super) labour: f64,
    pub(super) trade_balance: f64,
    pub(super) world_balance: f64,
}

impl Errors {
    pub(super) fn largest(&self) -> f64 {
        worse(worse(self.price, self.expenditure), self.labour)
    }
}

pub(super) fn check(claim: &Claim<'_>, scale: &[f64], wide: bool) -> Errors {
    let baseline = &*claim.access.baseline;
    let (n, sectors) = (baseline.countries(), baseline.sectors());
    let log_cost = log_costs(claim);
    let mut markets: Vec<Market> = (0..sectors).map(|_| Market::new(n)).collect();
    let jobs = markets.iter_mut().enumerate().collect();
    spread(wide, jobs, |(sector, market)| {
        market.clear(claim, &log_cost, sector);
    });
    let total = |pick: fn(&Market) -> &[f64], country: usize| -> f64 {
        markets.iter().map(|market| pick(market)[country]).sum()
    };
    let mut errors = Errors {
        price: markets
            .iter()
            .fold(0.0, |worst, market| worse(worst, market.price_error)),
        ..Errors::default()
    };
    let mut world = (0.0, 0.0, 0.0);
    for country in 0..n {
        let cells = country * sectors..(country + 1) * sectors;
        let sold: Vec<f64> = markets.iter().map(|market| market.sold[country]).collect();
        let revenue = total(|market| &market.revenue, country);
        let shares = &baseline.technology.value_added_share[cells.clone()];
        let earned: f64 = shares.iter().zip(&sold).map(|(g, y)| g * y).sum();
        let labour = (earned / claim.value_added[country]).ln().abs();
        errors.labour = worse(errors.labour, labour);
        let imported = total(|market| &market.imported, country);
        let exported = total(|market| &market.exported, country);
        let balance = imported - exported - claim.received[country];
        errors.trade_balance = worse(errors.trade_balance, balance.abs());
        let income = claim.value_added[country] + revenue + claim.received[country];
        for j in 0..sectors {
            let inputs = baseline.technology.inputs.as_ref().map_or(0.0, |inputs| {
                let row = &inputs[(country * sectors + j) * sectors..][..sectors];
                row.iter().zip(&sold).map(|(a, y)| a * y).sum()
            });
            let place = country * sectors + j;
            let due = inputs + baseline.final_share[place] * income;
            let error = (due - claim.spending[place]).abs() / scale[place];
            errors.expenditure = worse(errors.expenditure, error);
        }
        world.0 += claim.spending[cells].iter().sum::<f64>();
        world.1 += revenue;
        world.2 += sold.iter().sum::<f64>();
    }
    errors.world_balance = ((world.0 - world.1 - world.2) / world.2).abs();
    errors
}

/// One sector's flows, added up by country.
struct Market {
    /// At producer's prices.
    sold: Vec<f64>,
    /// At the border, domestic sales included.
    imported: Vec<f64>,
    exported: Vec<f64>,
    /// Tariffs and export taxes.
    revenue: Vec<f64>,
    price_error: f64,
}

impl Market {
    fn new(n: usize) -> Self {
        Self {
            sold: vec![0.0; n],
            imported: vec![0.0; n],
            exported: vec![0.0; n],
            revenue: vec![0.0; n],
            price_error: 0.0,
        }
    }

    /// (2.2) to (2.5) of one sector, flow by flow.
    fn clear(&mut self, claim: &Claim<'_>, log_cost: &[f64], sector: usize) {
        let (n, sectors) = (self.sold.len(), claim.access.baseline.sectors());
        let theta = claim.theta[sector];
        // `π' = A (ĉ/P̂)^{-θ}`, both powers against one reference so that none overflows.
        let costs = log_cost[sector..].iter().step_by(sectors);
        let reference = costs.clone().copied().fold(f64::INFINITY, f64::min);
        let powers: Vec<f64> = costs
            .map(|cost| (-theta * (cost - reference)).exp())
            .collect();
        let mut cells = Cells::new(n);
        for importer in 0..n {
            claim.access.read(sector, importer, &mut cells);
            let place = importer * sectors + sector;
            let spent = claim.spending[place];
            let price_power = (theta * (claim.log_price[place] - reference)).exp();
            let mut whole = 0.0;
            for (exporter, power) in powers.iter().enumerate() {
                let share = cells.shares[exporter] * power * price_power;
                let paid = share * spent;
                let border = paid * cells.kept[exporter];
                let earned = border * cells.kept_abroad[exporter];
                whole += share;
                self.imported[importer] += border;
                self.exported[exporter] += border;
                self.revenue[importer] += paid - border;
                self.revenue[exporter] += border - earned;
                self.sold[exporter] += earned;
            }
            if whole > 0.0 || spent > 0.0 {
                self.price_error = worse(self.price_error, whole.ln().abs() / theta);
            }
        }
    }
}

/// (2.1) as it is written.
fn log_costs(claim: &Claim<'_>) -> Vec<f64> {
    let baseline = &*claim.access.baseline;
    let (n, sectors) = (baseline.countries(), baseline.sectors());
    let technology = &baseline.technology;
    let mut costs = Vec::with_capacity(n * sectors);
    for country in 0..n {
        let prices = &claim.log_price[country * sectors..(country + 1) * sectors];
        for j in 0..sectors {
            let place = country * sectors + j;
            let mut cost = technology.value_added_share[place] * claim.log_wage[country];
            if let Some(inputs) = &technology.inputs {
                let column = inputs[country * sectors * sectors + j..]
                    .iter()
                    .step_by(sectors);
                cost += column.zip(prices).map(|(a, p)| a * p).sum::<f64>();
            }
            let better = claim.access.log_productivity.get(place);
            costs.push(cost - better.copied().unwrap_or(0.0));
        }
    }
    costs
}

/// The larger of the two; NaN stays.
fn worse(worst: f64, error: f64) -> f64 {
    if error > worst || error.is_nan() {
        error
    } else {
        worst
    }
}
