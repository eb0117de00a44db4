//! The equilibrium conditions as one map.
//!
//! The state is `[ln ŵ (N) | ln P̂ (N·J) | X'/scale (N·J)]`, country-major. One sweep goes
//! through (2.1) to (2.7) in that order with spending lagged, and leaves the residuals
//!
//! ```text
//! r_w = ln(Σ_j γ_j Y'_j / (ŵ L̂ w L)),   r_P = ln P̂(new) - ln P̂,   r_X = X'(new) - X'.
//! ```
//!
//! Each phase is work per country or per sector that writes only what is its own.

use pulp::Arch;

use crate::kernels::{weighted_column_sums, weighted_row_sums};
use crate::residual::{Infeasible, Residual};

use super::access::Access;
use super::arrangements::{Pools, move_labour, transfer};
use super::baseline::Baseline;
use super::closure::{DeficitClosure, Incomes};
use super::preconditioner::Preconditioner;
use super::purchases::Cells;
use super::settings::Numeraire;
use super::shock::Shock;
use super::spread::spread;
use super::sweep::{SectorRows, SectorSums, sweep_sector};

/// What a system is made of.
#[derive(Clone, Copy)]
pub(super) struct Problem<'a> {
    pub(super) theta: &'a [f64],
    pub(super) access: &'a Access,
    pub(super) shock: &'a Shock,
    /// The part of the shock that is imposed, as in `access`.
    pub(super) portion: f64,
    pub(super) closure: DeficitClosure,
    pub(super) numeraire: Numeraire,
    /// Whether to use more than one thread.
    pub(super) wide: bool,
}

/// One scenario, prepared for evaluation.
pub(super) struct System<'a> {
    problem: Problem<'a>,
    preconditioner: &'a Preconditioner,
    pools: Option<Pools>,
    pub(super) point: Point,
    raw: Vec<f64>,
    pub(super) evaluations: usize,
}

/// Everything known at the point last evaluated.
#[derive(Debug, Clone, Default)]
pub(super) struct Point {
    /// `ln ĉ`, `[N][J]`.
    pub(super) log_cost: Vec<f64>,
    /// What `u` is relative to: the lowest `ln ĉ` of a sector, `[J]`.
    pub(super) reference: Vec<f64>,
    /// `u = (ĉ/reference)^{-θ}`, `[J][stride]`.
    pub(super) supply: Vec<f64>,
    /// `M = Σ A u`, `[J][N]`.
    pub(super) price_power: Vec<f64>,
    /// `F'`, `[J][N]`.
    pub(super) kept: Vec<f64>,
    /// `Y'`, `[J][stride]`.
    pub(super) sales: Vec<f64>,
    /// Export taxes collected, `[J][stride]`.
    pub(super) export_tax: Vec<f64>,
    /// Duties on goods from outside the importer's pool, `[J][N]`; empty without pools.
    duties: Vec<f64>,
    /// `Γ Y'`, `[N][J]`.
    intermediate: Vec<f64>,
    /// `ŵ L̂ w L`, `[N]`.
    pub(super) value_added: Vec<f64>,
    /// `ln L̂`, `[N]`.
    pub(super) log_labour: Vec<f64>,
    /// `Σ γ Y'`, `[N]`.
    labour_demand: Vec<f64>,
    pub(super) tariff_revenue: Vec<f64>,
    pub(super) export_revenue: Vec<f64>,
    /// Transfers received less paid, `[N]`.
    pub(super) transfers: Vec<f64>,
    /// Received from a revenue pool less handed over, `[N]`.
    pub(super) pooled: Vec<f64>,
    /// `D'` of the closure, `[N]`.
    pub(super) deficit: Vec<f64>,
    /// `I'`, `[N]`.
    pub(super) income: Vec<f64>,
    row: Vec<f64>,
}

impl<'a> System<'a> {
    pub(super) fn new(problem: Problem<'a>, preconditioner: &'a Preconditioner) -> Self {
        let baseline = &*problem.access.baseline;
        let pools = Pools::of(problem.shock, baseline.countries(), problem.portion);
        Self {
            problem,
            preconditioner,
            point: Point::new(baseline, pools.is_some()),
            pools,
            raw: vec![0.0; state_len(baseline)],
            evaluations: 0,
        }
    }

    /// The state at which nothing has changed.
    pub(super) fn start(&self) -> Vec<f64> {
        let baseline = self.baseline();
        let mut state = vec![0.0; state_len(baseline)];
        let spending = baseline.countries() * (1 + baseline.sectors());
        let cells = baseline.spending.iter().zip(&self.preconditioner.scale);
        for (state, (spent, scale)) in state[spending..].iter_mut().zip(cells) {
            *state = if *spent > 0.0 { spent / scale } else { 0.0 };
        }
        state
    }

    fn baseline(&self) -> &'a Baseline {
        &self.problem.access.baseline
    }

    /// (2.1): unit costs, country by country.
    fn costs(&mut self, state: &[f64]) {
        let baseline = self.baseline();
        let (n, sectors) = (baseline.countries(), baseline.sectors());
        let (wages, rest) = state.split_at(n);
        let technology = &baseline.technology;
        let productivity = &self.problem.access.log_productivity;
        let rows = self.point.log_cost.chunks_exact_mut(sectors);
        spread(
            self.problem.wide,
            rows.enumerate().collect(),
            |(country, costs)| {
                let cells = country * sectors..(country + 1) * sectors;
                if let Some(inputs) = &technology.inputs {
                    let block = sectors * sectors;
                    let inputs = &inputs[country * block..(country + 1) * block];
                    let prices = &rest[cells.clone()];
                    Arch::new().dispatch(|| weighted_column_sums(inputs, prices, costs));
                } else {
                    costs.fill(0.0);
                }
                let shares = &technology.value_added_share[cells.clone()];
                for (cost, share) in costs.iter_mut().zip(shares) {
                    *cost += share * wages[country];
                }
                if !productivity.is_empty() {
                    for (cost, better) in costs.iter_mut().zip(&productivity[cells]) {
                        *cost -= better;
                    }
                }
            },
        );
    }

    /// (2.2), (2.4) and (2.5), sector by sector.
    fn sweep(&mut self, state: &[f64]) {
        let baseline = self.baseline();
        let (n, sectors) = (baseline.countries(), baseline.sectors());
        let stride = baseline.purchases.stride();
        let spending = &state[n * (1 + sectors)..];
        let scale = &self.preconditioner.scale;
        let problem = self.problem;
        let pools = self.pools.as_ref();
        let point = &mut self.point;
        let log_cost = &point.log_cost;
        let duties_width = if pools.is_some() { n } else { 0 };
        let mut duties = point.duties.chunks_exact_mut(duties_width.max(1));
        let mut jobs = Vec::with_capacity(sectors);
        let sums = point
            .price_power
            .chunks_exact_mut(n)
            .zip(point.kept.chunks_exact_mut(n))
            .zip(point.sales.chunks_exact_mut(stride))
            .zip(point.export_tax.chunks_exact_mut(stride))
            .zip(point.row.chunks_exact_mut(stride));
        let supplies = point
            .supply
            .chunks_exact_mut(stride)
            .zip(&mut point.reference);
        for (sums, supplies) in sums.zip(supplies) {
            jobs.push((sums, supplies, duties.next()));
        }
        let jobs = jobs.into_iter().enumerate().collect();
        spread(
            problem.wide,
            jobs,
            |(j, (sums, (supply, reference), duties))| {
                let ((((price_power, kept), sales), export_revenue), row) = sums;
                let costs = log_cost[j..].iter().step_by(sectors);
                *reference = costs.clone().copied().fold(f64::INFINITY, f64::min);
                for (supply, cost) in supply.iter_mut().zip(costs) {
                    *supply = (-problem.theta[j] * (cost - *reference)).exp();
                }
                let mut sums = SectorSums {
                    price_power,
                    kept,
                    sales,
                    export_revenue,
                    row,
                };
                let rows = SectorRows {
                    access: problem.access,
                    sector: j,
                    supply,
                };
                let spent = |importer: usize| {
                    let cell = importer * sectors + j;
                    spending[cell] * scale[cell]
                };
                sweep_sector(&rows, spent, &mut sums);
                if let (Some(pools), Some(duties)) = (pools, duties) {
                    let demand = |importer: usize| spent(importer) / sums.price_power[importer];
                    collect_duties(problem.access, j, pools, supply, demand, duties);
                }
            },
        );
    }

    /// Prices, revenue and demand for labour and inputs, country by country; writes `r_P`.
    fn collect(&mut self, state: &[f64]) {
        let baseline = self.baseline();
        let (n, sectors) = (baseline.countries(), baseline.sectors());
        let stride = baseline.purchases.stride();
        let (prices, spending) = state[n..].split_at(n * sectors);
        let scale = &self.preconditioner.scale;
        let technology = &baseline.technology;
        let theta = self.problem.theta;
        let point = &mut self.point;
        let (reference, price_power, kept) = (&point.reference, &point.price_power, &point.kept);
        let (sales, export_tax) = (&point.sales, &point.export_tax);
        let residuals = self.raw[n..n + n * sectors].chunks_exact_mut(sectors);
        let jobs = residuals
            .zip(point.intermediate.chunks_exact_mut(sectors))
            .zip(&mut point.labour_demand)
            .zip(&mut point.tariff_revenue)
            .zip(&mut point.export_revenue)
            .enumerate();
        spread(self.problem.wide, jobs.collect(), |(country, job)| {
            let ((((residuals, intermediate), labour), tariffs), export_revenue) = job;
            let cells = country * sectors..(country + 1) * sectors;
            let mut made = vec![0.0; sectors];
            (*labour, *tariffs, *export_revenue) = (0.0, 0.0, 0.0);
            let shares = &technology.value_added_share[cells.clone()];
            for j in 0..sectors {
                let cell = country * sectors + j;
                let power = price_power[j * n + country];
                residuals[j] = if power > 0.0 {
                    reference[j] - power.ln() / theta[j] - prices[cell]
                } else {
                    -prices[cell]
                };
                made[j] = sales[j * stride + country];
                *labour += shares[j] * made[j];
                *tariffs += (1.0 - kept[j * n + country]) * spending[cell] * scale[cell];
                *export_revenue += export_tax[j * stride + country];
            }
            if let Some(inputs) = &technology.inputs {
                let block = sectors * sectors;
                let inputs = &inputs[country * block..(country + 1) * block];
                Arch::new().dispatch(|| weighted_row_sums(inputs, &made, intermediate));
            }
        });
    }

    /// (2.6): value added, transfers, deficits and incomes.
    fn distribute(&mut self, state: &[f64]) -> Result<(), Infeasible> {
        let baseline = self.baseline();
        let (n, sectors) = (baseline.countries(), baseline.sectors());
        let (wages, prices) = state.split_at(n);
        let Problem { shock, portion, .. } = self.problem;
        let log_real_wage = |country: usize| {
            let cells = country * sectors..(country + 1) * sectors;
            let shares = &baseline.final_share[cells.clone()];
            let index: f64 = shares.iter().zip(&prices[cells]).map(|(a, p)| a * p).sum();
            wages[country] - index
        };
        move_labour(shock, portion, log_real_wage, &mut self.point.log_labour);
        let labour = self.point.log_labour.iter().zip(&baseline.value_added);
        for (value, (wage, (labour, before))) in self
            .point
            .value_added
            .iter_mut()
            .zip(wages.iter().zip(labour))
        {
            *value = before * (wage + labour).exp();
        }
        let unit = match self.problem.numeraire {
            Numeraire::WorldValueAdded => 1.0,
            Numeraire::Wage(country) => wages[country].exp(),
        };
        let mut transfers = std::mem::take(&mut self.point.transfers);
        transfers.fill(0.0);
        let flow = |sector, importer, exporter| self.flow(state, sector, importer, exporter);
        transfer(shock, portion, unit / baseline.unit, flow, &mut transfers);
        self.point.transfers = transfers;
        self.point.pooled.fill(0.0);
        if let Some(pools) = &self.pools {
            let mut duties = vec![0.0; n];
            for sector in self.point.duties.chunks_exact(n) {
                for (total, duty) in duties.iter_mut().zip(sector) {
                    *total += duty;
                }
            }
            pools.share_out(&duties, &mut self.point.pooled);
        }
        self.close(unit)
    }

    /// The closure's deficits, and incomes.
    fn close(&mut self, unit: f64) -> Result<(), Infeasible> {
        let baseline = self.baseline();
        let point = &mut self.point;
        let own = |value_added: &[f64], tariffs: &[f64], export_taxes: &[f64]| -> Vec<f64> {
            let parts = value_added.iter().zip(tariffs).zip(export_taxes);
            parts
                .map(|((wages, tariffs), taxes)| wages + tariffs + taxes)
                .collect()
        };
        let own_income = own(
            &baseline.value_added,
            &baseline.tariff_revenue,
            &baseline.export_revenue,
        );
        let new_own_income = own(
            &point.value_added,
            &point.tariff_revenue,
            &point.export_revenue,
        );
        let incomes = Incomes {
            deficit: &baseline.deficit,
            value_added: &baseline.value_added,
            own_income: &own_income,
            new_value_added: &point.value_added,
            new_own_income: &new_own_income,
        };
        self.problem
            .closure
            .deficits(&incomes, unit, &mut point.deficit);
        if self.problem.closure == DeficitClosure::Balanced && self.problem.portion < 1.0 {
            // The one closure that is a shock itself: a part of it, on the way.
            DeficitClosure::WorldShare.deficits(&incomes, unit, &mut point.deficit);
            let left = 1.0 - self.problem.portion;
            point
                .deficit
                .iter_mut()
                .for_each(|deficit| *deficit *= left);
        }
        for (country, own) in new_own_income.iter().enumerate() {
            let income =
                own + point.transfers[country] + point.pooled[country] + point.deficit[country];
            if income.is_nan() {
                return Err(Infeasible::NotFinite);
            }
            if income <= 0.0 {
                return Err(Infeasible::NegativeExpenditure(country));
            }
            point.income[country] = income;
        }
        Ok(())
    }

    /// (2.7) and (2.8): writes `r_X` and `r_w`; the log of world value added over the
    /// baseline's, and the largest residual.
    fn demand(&mut self, state: &[f64]) -> (f64, f64) {
        let baseline = self.baseline();
        let (n, sectors) = (baseline.countries(), baseline.sectors());
        let spending = &state[n * (1 + sectors)..];
        let point = &self.point;
        let world: f64 = point.value_added.iter().sum();
        let level = world.ln();
        let (wages, rest) = self.raw.split_at_mut(n);
        for ((r, demanded), paid) in wages
            .iter_mut()
            .zip(&point.labour_demand)
            .zip(&point.value_added)
        {
            *r = (demanded / paid).ln();
        }
        let cells = rest[n * sectors..]
            .iter_mut()
            .zip(spending)
            .zip(&self.preconditioner.scale)
            .zip(point.intermediate.iter().zip(&baseline.final_share));
        for (cell, (((r, spent), scale), (intermediate, share))) in cells.enumerate() {
            let income = point.income[cell / sectors];
            *r = (intermediate + share * income) / scale - spent;
        }
        let worst = self.raw.iter().fold(level.abs(), |worst: f64, r| {
            // `max` would drop a NaN.
            if worst.is_nan() || r.is_nan() {
                f64::NAN
            } else {
                worst.max(r.abs())
            }
        });
        (level, worst)
    }

    /// The value at the border of one flow at the point last swept.
    fn flow(&self, state: &[f64], sector: usize, importer: usize, exporter: usize) -> f64 {
        let baseline = self.baseline();
        let (n, sectors) = (baseline.countries(), baseline.sectors());
        let power = self.point.price_power[sector * n + importer];
        if power <= 0.0 {
            return 0.0;
        }
        let cell = importer * sectors + sector;
        let spent = state[n * (1 + sectors) + cell] * self.preconditioner.scale[cell];
        let (table, row) = self.problem.access.row(sector, importer);
        let (_, kept) = table.cell(row, importer, exporter);
        let supply = self.point.supply[sector * baseline.purchases.stride() + exporter];
        spent / power * kept * supply
    }
}

impl Residual for System<'_> {
    /// Writes the preconditioned step, not the residual itself.
    fn residual(&mut self, state: &mut [f64], step: &mut [f64]) -> Result<f64, Infeasible> {
        self.evaluations += 1;
        let (n, sectors) = {
            let baseline = self.baseline();
            (baseline.countries(), baseline.sectors())
        };
        // Extrapolation may overshoot; nobody spends less than nothing.
        for spent in &mut state[n * (1 + sectors)..] {
            *spent = spent.max(0.0);
        }
        self.costs(state);
        self.sweep(state);
        self.collect(state);
        self.distribute(state)?;
        let (level, worst) = self.demand(state);
        if !worst.is_finite() {
            return Err(Infeasible::NotFinite);
        }
        let wide = self.problem.wide;
        self.preconditioner
            .apply(&self.raw, level, sectors, wide, step);
        Ok(worst)
    }

    fn scale(&self, scale: &mut [f64]) {
        scale.fill(1.0);
    }
}

impl Point {
    fn new(baseline: &Baseline, pooled: bool) -> Self {
        let (n, sectors) = (baseline.countries(), baseline.sectors());
        let stride = baseline.purchases.stride();
        let countries = || vec![0.0; n];
        let cells = || vec![0.0; n * sectors];
        let padded = || vec![0.0; stride * sectors];
        Self {
            log_cost: cells(),
            reference: vec![0.0; sectors],
            supply: padded(),
            price_power: cells(),
            kept: cells(),
            sales: padded(),
            export_tax: padded(),
            duties: if pooled { cells() } else { Vec::new() },
            intermediate: cells(),
            value_added: countries(),
            log_labour: countries(),
            labour_demand: countries(),
            tariff_revenue: countries(),
            export_revenue: countries(),
            transfers: countries(),
            pooled: countries(),
            deficit: countries(),
            income: countries(),
            row: padded(),
        }
    }
}

/// Duties that each member of a pool collects on a sector's goods from outside the pool.
/// `demand` gives `X'/M` of an importer.
fn collect_duties(
    access: &Access,
    sector: usize,
    pools: &Pools,
    supply: &[f64],
    demand: impl Fn(usize) -> f64,
    duties: &mut [f64],
) {
    let mut cells = Cells::new(duties.len());
    for (importer, duty) in duties.iter_mut().enumerate() {
        *duty = 0.0;
        let demand = demand(importer);
        if pools.includes(importer) && demand.is_finite() {
            access.read(sector, importer, &mut cells);
            let flows = cells.shares.iter().zip(&cells.kept).zip(supply);
            let outside = flows
                .enumerate()
                .filter(|(exporter, _)| !pools.joins(importer, *exporter));
            let taken: f64 = outside
                .map(|(_, ((share, kept), supply))| share * supply * (1.0 - kept))
                .sum();
            *duty = demand * taken;
        }
    }
}

fn state_len(baseline: &Baseline) -> usize {
    baseline.countries() * (1 + 2 * baseline.sectors())
}
