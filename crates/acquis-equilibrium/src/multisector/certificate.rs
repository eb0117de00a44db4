//! Proof that a counterfactual solves the model, computed from what it returns.

use super::access::Access;
use super::purchases::Cells;
use super::settings::Method;

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

pub(super) fn check(claim: &Claim<'_>, scale: &[f64]) -> Errors {
    let baseline = &*claim.access.baseline;
    let (n, sectors) = (baseline.countries(), baseline.sectors());
    let mut errors = Errors::default();
    let log_cost = log_costs(claim);
    let mut sold = vec![0.0; n * sectors];
    let mut exported = vec![0.0; n];
    let mut imported = vec![0.0; n];
    let mut revenue = vec![0.0; n];
    let mut cells = Cells::new(n);
    for j in 0..sectors {
        for importer in 0..n {
            claim.access.read(j, importer, &mut cells);
            let place = importer * sectors + j;
            let spent = claim.spending[place];
            let mut total = 0.0;
            for exporter in 0..n {
                if cells.shares[exporter] > 0.0 {
                    let cheaper = log_cost[exporter * sectors + j] - claim.log_price[place];
                    let share = cells.shares[exporter] * (-claim.theta[j] * cheaper).exp();
                    let (kept, kept_abroad) = (cells.kept[exporter], cells.kept_abroad[exporter]);
                    let border = share * spent * kept;
                    total += share;
                    imported[importer] += border;
                    exported[exporter] += border;
                    revenue[importer] += share * spent - border;
                    revenue[exporter] += border * (1.0 - kept_abroad);
                    sold[exporter * sectors + j] += border * kept_abroad;
                }
            }
            if total > 0.0 || spent > 0.0 {
                errors.price = worse(errors.price, total.ln().abs() / claim.theta[j]);
            }
        }
    }
    let mut world = (0.0, 0.0, 0.0);
    for country in 0..n {
        let cells = country * sectors..(country + 1) * sectors;
        let shares = &baseline.technology.value_added_share[cells.clone()];
        let earned: f64 = shares
            .iter()
            .zip(&sold[cells.clone()])
            .map(|(g, y)| g * y)
            .sum();
        let labour = (earned / claim.value_added[country]).ln().abs();
        errors.labour = worse(errors.labour, labour);
        let balance = imported[country] - exported[country] - claim.received[country];
        errors.trade_balance = worse(errors.trade_balance, balance.abs());
        let income = claim.value_added[country] + revenue[country] + claim.received[country];
        for j in 0..sectors {
            let inputs = baseline.technology.inputs.as_ref().map_or(0.0, |inputs| {
                let row = &inputs[(country * sectors + j) * sectors..][..sectors];
                row.iter()
                    .zip(&sold[cells.clone()])
                    .map(|(a, y)| a * y)
                    .sum()
            });
            let place = country * sectors + j;
            let due = inputs + baseline.final_share[place] * income;
            let error = (due - claim.spending[place]).abs() / scale[place];
            errors.expenditure = worse(errors.expenditure, error);
        }
        world.0 += claim.spending[cells.clone()].iter().sum::<f64>();
        world.1 += revenue[country];
        world.2 += sold[cells].iter().sum::<f64>();
    }
    errors.world_balance = ((world.0 - world.1 - world.2) / world.2).abs();
    errors
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
