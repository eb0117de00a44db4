//! The equilibrium conditions as one map: log wages in, excess of sales over income out.
//!
//! State `u = ln ŵ`. With `v = ŵ^{-θ}` and `A_ij = π_ij B_ij Â_i` (computed once per solve):
//!
//! ```text
//! M_j  = Σ_i A_ij v_i                 price index, P̂_j^{-θ}
//! E'_j = closure(ŵ)                   expenditure
//! q_j  = E'_j / M_j
//! S_i  = v_i Σ_j A_ij q_j             sales
//! r_i  = ln S_i - ln(y_i ŵ_i)         zero in equilibrium
//! ```
//!
//! Money is counted in world output, `Σ y = 1`, so nothing depends on the unit of the data.
//! An evaluation costs two passes over `A` and `3 n` transcendental functions.

use pulp::{Arch, Simd, WithSimd};

use crate::baseline::Baseline;
use crate::closure::{DeficitClosure, Numeraire};
use crate::kernels::{
    dot, max_abs, sum, weighted_column_sums, weighted_row_sums, weighted_squares,
};
use crate::parts::Parts;
use crate::settings::Settings;
use crate::shock::Shock;

/// A point at which the residual doesn't exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Infeasible {
    /// The closure gives this economy no positive expenditure.
    NegativeExpenditure(usize),
    /// Something over- or underflowed.
    NotFinite,
}

/// A system of equations that the solvers can work on: a residual and a diagonal scale.
pub(crate) trait Residual {
    /// Moves `state` onto its normalisation and writes the residual there; returns the
    /// largest absolute residual.
    fn residual(&mut self, state: &mut [f64], residual: &mut [f64]) -> Result<f64, Infeasible>;

    /// Scale of each equation in its own variable at the point last evaluated, positive:
    /// `residual / scale` is the step of the underlying tatonnement.
    fn scale(&self, scale: &mut [f64]);
}

/// One scenario, prepared for evaluation.
#[derive(Debug)]
pub(crate) struct System {
    pub(crate) theta: f64,
    pub(crate) closure: DeficitClosure,
    /// Economy whose wage is held at 1 while solving; only where that is not a mere unit.
    anchor: Option<usize>,
    /// `A_ij`, exporter-major `[n * n]`.
    pub(crate) access: Vec<f64>,
    /// Output as a share of world output, `[n]`.
    pub(crate) output: Vec<f64>,
    /// Deficit as a share of world output, `[n]`.
    deficit: Vec<f64>,
    /// Expenditure over output, `1 + D/Y`, `[n]`.
    propensity: Vec<f64>,
    pub(crate) parts: Parts,
    pub(crate) point: Point,
    pub(crate) evaluations: usize,
}

/// Everything known at the point last evaluated, each `[n]`.
#[derive(Debug, Default)]
pub(crate) struct Point {
    /// `ŵ`.
    pub(crate) wage: Vec<f64>,
    /// `ŵ^{-θ}`.
    pub(crate) supply: Vec<f64>,
    /// `M_j = P̂_j^{-θ}`.
    pub(crate) price_power: Vec<f64>,
    /// `y ŵ`.
    pub(crate) income: Vec<f64>,
    /// `E'`.
    pub(crate) expenditure: Vec<f64>,
    /// `E' / M`.
    pub(crate) demand: Vec<f64>,
    /// `Σ_j A_ij q_j`, then `S`.
    pub(crate) sales: Vec<f64>,
}

impl Point {
    fn new(n: usize) -> Self {
        let zeros = || vec![0.0; n];
        Self {
            wage: zeros(),
            supply: zeros(),
            price_power: zeros(),
            income: zeros(),
            expenditure: zeros(),
            demand: zeros(),
            sales: zeros(),
        }
    }
}

impl System {
    pub(crate) fn new(baseline: &Baseline, shock: &Shock, settings: &Settings) -> Self {
        let n = baseline.len();
        let access = market_access(baseline.import_shares(), shock);
        let unit = baseline.world_output();
        let output: Vec<f64> = baseline.output().iter().map(|y| y / unit).collect();
        let bought = baseline.expenditure().iter();
        let deficit = bought
            .clone()
            .zip(baseline.output())
            .map(|(e, y)| (e - y) / unit);
        let propensity = bought.zip(baseline.output()).map(|(e, y)| e / y);
        let anchor = match (settings.closure, settings.numeraire) {
            (DeficitClosure::Additive, Numeraire::Wage(k)) => Some(k),
            _ => None,
        };
        Self {
            theta: settings.elasticity.get(),
            closure: settings.closure,
            anchor,
            parts: Parts::of(&access, n),
            deficit: deficit.collect(),
            propensity: propensity.collect(),
            output,
            access,
            point: Point::new(n),
            evaluations: 0,
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.output.len()
    }

    /// `∂ ln E'_j / ∂ u_j` at the point last evaluated, the world's total held fixed.
    pub(crate) fn expenditure_slope(&self, j: usize) -> f64 {
        match self.closure {
            DeficitClosure::Multiplicative => 1.0,
            DeficitClosure::Additive | DeficitClosure::WorldShare => {
                self.point.income[j] / self.point.expenditure[j]
            }
        }
    }

    /// Direction that the normalisation holds: `normal · δu = 0`, written for one part.
    pub(crate) fn normal(&self, part: usize, normal: &mut [f64]) {
        normal.fill(0.0);
        if let Some(k) = self.anchor
            && self.parts.part_of(k) == part
        {
            normal[k] = 1.0;
            return;
        }
        let members = || (0..self.len()).filter(|&i| self.parts.part_of(i) == part);
        let total: f64 = members().map(|i| self.point.income[i]).sum();
        for i in members() {
            normal[i] = self.point.income[i] / total;
        }
    }

    /// Deficit of a part, as a share of world output, where the closure can't do away with
    /// it: a part that trades with nobody outside can't run a deficit.
    pub(crate) fn stranded_deficit(&self) -> Option<(usize, f64)> {
        if self.parts.count() == 1 {
            return None;
        }
        (0..self.parts.count()).find_map(|part| {
            let members = || (0..self.len()).filter(move |&i| self.parts.part_of(i) == part);
            let net: f64 = members().map(|i| self.deficit[i]).sum();
            let gross: f64 = members().map(|i| self.deficit[i].abs()).sum();
            let size: f64 = members().map(|i| self.output[i]).sum();
            // One factor Ξ can't keep several parts in balance, unless there is nothing
            // to balance.
            let imbalance = match self.closure {
                DeficitClosure::Multiplicative => gross,
                DeficitClosure::Additive | DeficitClosure::WorldShare => net.abs(),
            };
            (imbalance > 1e-12 * size).then_some((part, net))
        })
    }

    /// Moves `u` onto the normalisation; `point.wage` must hold `exp(u)` and follows.
    fn normalise(&mut self, state: &mut [f64]) {
        if self.parts.count() == 1 {
            let level = match self.anchor {
                Some(k) => self.point.wage[k],
                None => income_level(&self.point.wage, &self.output),
            };
            shift(state, &mut self.point.wage, level, |_| true);
            return;
        }
        for part in 0..self.parts.count() {
            let inside = |i: usize| self.parts.part_of(i) == part;
            let level = match self.anchor {
                Some(k) if inside(k) => self.point.wage[k],
                _ => {
                    let members = || (0..state.len()).filter(|&i| inside(i));
                    let now: f64 = members().map(|i| self.output[i] * self.point.wage[i]).sum();
                    now / members().map(|i| self.output[i]).sum::<f64>()
                }
            };
            shift(state, &mut self.point.wage, level, inside);
        }
    }

    /// Fills `point.expenditure`.
    fn spend(&mut self) -> Result<(), Infeasible> {
        let point = &mut self.point;
        let incomes = point.expenditure.iter_mut().zip(&point.income);
        match self.closure {
            DeficitClosure::Multiplicative => {
                for ((spent, income), propensity) in incomes.zip(&self.propensity) {
                    *spent = propensity * income;
                }
                let common = sum(&point.income) / sum(&point.expenditure);
                for spent in &mut point.expenditure {
                    *spent *= common;
                }
            }
            // The normalisation holds world output at 1, or (additive, a wage as
            // numeraire) the deficit is an amount in units of that wage: either way it
            // enters as it is.
            DeficitClosure::Additive | DeficitClosure::WorldShare => {
                for ((spent, income), deficit) in incomes.zip(&self.deficit) {
                    *spent = income + deficit;
                }
            }
        }
        match point.expenditure.iter().position(|spent| *spent <= 0.0) {
            Some(country) => Err(Infeasible::NegativeExpenditure(country)),
            None => Ok(()),
        }
    }
}

impl Residual for System {
    fn residual(&mut self, state: &mut [f64], residual: &mut [f64]) -> Result<f64, Infeasible> {
        self.evaluations += 1;
        for (wage, u) in self.point.wage.iter_mut().zip(&*state) {
            *wage = u.exp();
        }
        self.normalise(state);
        for (supply, u) in self.point.supply.iter_mut().zip(&*state) {
            *supply = (-self.theta * u).exp();
        }
        for ((income, y), wage) in self
            .point
            .income
            .iter_mut()
            .zip(&self.output)
            .zip(&self.point.wage)
        {
            *income = y * wage;
        }
        self.spend()?;
        let point = &mut self.point;
        Arch::new().dispatch(Markets {
            access: &self.access,
            supply: &point.supply,
            expenditure: &point.expenditure,
            price_power: &mut point.price_power,
            demand: &mut point.demand,
            sales: &mut point.sales,
        });
        let supplies = point.sales.iter_mut().zip(&point.supply).zip(&point.income);
        for (r, ((sales, supply), income)) in residual.iter_mut().zip(supplies) {
            *sales *= supply;
            *r = (*sales / income).ln();
        }
        let worst = max_abs(residual);
        if worst.is_finite() {
            Ok(worst)
        } else {
            Err(Infeasible::NotFinite)
        }
    }

    /// `-J_ii = (1 + θ) - θ Σ_j s_ij π'_ij - s_ii e_i`: zero only for an economy that
    /// trades with nobody, so it is kept away from zero.
    fn scale(&self, scale: &mut [f64]) {
        let n = self.len();
        let point = &self.point;
        let whole = 1.0 + self.theta;
        let per_importer: Vec<f64> = point
            .demand
            .iter()
            .zip(&point.price_power)
            .map(|(q, m)| q / m)
            .collect();
        for (i, (scale, row)) in scale
            .iter_mut()
            .zip(self.access.chunks_exact(n))
            .enumerate()
        {
            let own = point.supply[i] * point.supply[i] / point.sales[i];
            let overlap = weighted_squares(row, &per_importer);
            let home = point.supply[i] * row[i] * point.demand[i] / point.sales[i];
            let diagonal = whole - self.theta * own * overlap - home * self.expenditure_slope(i);
            *scale = diagonal.clamp(1e-10 * whole, whole);
        }
    }
}

/// The passes over `A` that give prices, demand and `Σ_j A_ij q_j`, by the widest vectors of the
/// machine; additions come in the same order whatever those are.
struct Markets<'a> {
    access: &'a [f64],
    supply: &'a [f64],
    expenditure: &'a [f64],
    price_power: &'a mut [f64],
    demand: &'a mut [f64],
    sales: &'a mut [f64],
}

impl WithSimd for Markets<'_> {
    type Output = ();

    #[expect(
        clippy::inline_always,
        reason = "a loop uses the wide vectors of the function that it is inlined into"
    )]
    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        weighted_column_sums(self.access, self.supply, self.price_power);
        let demand = self.demand.iter_mut().zip(self.expenditure);
        for ((demand, spent), power) in demand.zip(&*self.price_power) {
            *demand = spent / power;
        }
        weighted_row_sums(self.access, self.demand, self.sales);
    }
}

/// `A_ij = π_ij B_ij Â_i`.
fn market_access(import_shares: &[f64], shock: &Shock) -> Vec<f64> {
    let cells = import_shares.iter().zip(shock.factors());
    let mut access: Vec<f64> = cells.map(|(share, factor)| share * factor).collect();
    if let Some(productivity) = shock.productivity() {
        for (row, factor) in access
            .chunks_exact_mut(productivity.len())
            .zip(productivity)
        {
            for cell in row {
                *cell *= factor;
            }
        }
    }
    access
}

fn income_level(wage: &[f64], output: &[f64]) -> f64 {
    dot(wage, output) / sum(output)
}

fn shift(state: &mut [f64], wage: &mut [f64], level: f64, inside: impl Fn(usize) -> bool) {
    let log_level = level.ln();
    for (i, (u, w)) in state.iter_mut().zip(wage).enumerate() {
        if inside(i) {
            *u -= log_level;
            *w /= level;
        }
    }
}
