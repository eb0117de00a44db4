//! Newton's method with back-tracking; the Jacobian is bordered by a rank-one term.
//!
//! By Walras' law the Jacobian is singular: one equation follows from the others. Replacing
//! some economy's equation by the numeraire would divide that economy's error by its size,
//! which ruins small economies; so every equation stays and `1 nᵀ` is added instead, where
//! `n` is the direction that the numeraire holds:
//!
//! ```text
//! J_ik = θ Σ_j s_ij π'_kj + s_ik e_k - (1 + θ) [i = k]   (+ y'_k - E'_k, multiplicative)
//! (J + 1 nᵀ) δ = -r
//! ```
//!
//! with sales shares `s`, import shares `π'` and `e_k = ∂ ln E'_k / ∂ ln ŵ_k`. One such term
//! is added for every part of a world that prohibitions have split.

use crate::closure::DeficitClosure;
use crate::kernels::{dot, sum};
use crate::lu::{inverse, solve_in_place};
use crate::residual::{Residual, System};
use crate::run::{Ending, Run};

/// Halvings of a step before the attempt is given up.
const HALVINGS: usize = 40;
/// More iterations than this mean that Newton isn't in its region.
const MOST_ITERATIONS: usize = 60;

/// Iterates from `state` (overwritten with the best point found) until the largest
/// residual is at most `tolerance`. If it converges, `system` was last evaluated there.
pub(crate) fn newton(system: &mut System, state: &mut [f64], tolerance: f64, limit: usize) -> Run {
    let n = state.len();
    let mut run = Run::default();
    let mut residual = vec![0.0; n];
    let mut size = match system.residual(state, &mut residual) {
        Ok(size) => size,
        Err(infeasible) => {
            run.blocked = Some(infeasible);
            return run.end(Ending::Infeasible, 0, f64::INFINITY);
        }
    };
    let mut jacobian = vec![0.0; n * n];
    let mut work = Workspace::new(n);
    let limit = limit.min(MOST_ITERATIONS);
    for iteration in 0..limit {
        if size <= tolerance {
            return run.end(Ending::Converged, iteration, size);
        }
        bordered_jacobian(system, &mut work, &mut jacobian);
        for (step, r) in work.step.iter_mut().zip(&residual) {
            *step = -r;
        }
        if !solve_in_place(&jacobian, &mut work.step) {
            return run.end(Ending::Singular, iteration, size);
        }
        let Some(smaller) = backtrack(system, state, &mut residual, &mut work, size, &mut run)
        else {
            let ending = if run.blocked.is_some() {
                Ending::Infeasible
            } else {
                Ending::Stalled
            };
            return run.end(ending, iteration, size);
        };
        size = smaller;
    }
    let ending = if size <= tolerance {
        Ending::Converged
    } else {
        Ending::IterationLimit
    };
    run.end(ending, limit, size)
}

/// The inverse of the bordered Jacobian at the point last evaluated, row-major `[n * n]`, if it
/// has one.
pub(crate) fn inverse_jacobian(system: &System) -> Option<Vec<f64>> {
    let n = system.len();
    let mut jacobian = vec![0.0; n * n];
    bordered_jacobian(system, &mut Workspace::new(n), &mut jacobian);
    inverse(&jacobian, n)
}

struct Workspace {
    step: Vec<f64>,
    trial: Vec<f64>,
    flows: Vec<f64>,
    normal: Vec<f64>,
}

impl Workspace {
    fn new(n: usize) -> Self {
        Self {
            step: vec![0.0; n],
            trial: vec![0.0; n],
            flows: vec![0.0; n * n],
            normal: vec![0.0; n],
        }
    }
}

/// Shortens the step until the largest residual falls; leaves `system` at the new point.
fn backtrack(
    system: &mut System,
    state: &mut [f64],
    residual: &mut [f64],
    work: &mut Workspace,
    size: f64,
    run: &mut Run,
) -> Option<f64> {
    let mut fraction = 1.0;
    for _ in 0..HALVINGS {
        for ((trial, u), step) in work.trial.iter_mut().zip(&*state).zip(&work.step) {
            *trial = u + fraction * step;
        }
        match system.residual(&mut work.trial, residual) {
            Ok(smaller) if smaller < (1.0 - 1e-4 * fraction) * size => {
                run.blocked = None;
                state.copy_from_slice(&work.trial);
                return Some(smaller);
            }
            Ok(_) => run.blocked = None,
            Err(infeasible) => run.blocked = Some(infeasible),
        }
        fraction *= 0.5;
    }
    None
}

/// Fills `jacobian` (row-major `[n * n]`) at the point last evaluated.
fn bordered_jacobian(system: &System, work: &mut Workspace, jacobian: &mut [f64]) {
    let n = system.len();
    overlaps(system, &mut work.normal, &mut work.flows, jacobian);
    let point = &system.point;
    for (i, row) in jacobian.chunks_exact_mut(n).enumerate() {
        let access = &system.access[i * n..(i + 1) * n];
        let per_sales = 1.0 / point.sales[i];
        for (k, cell) in row.iter_mut().enumerate() {
            let flow = point.supply[i] * access[k] * point.demand[k];
            *cell = per_sales * (system.theta * *cell + flow * system.expenditure_slope(k));
        }
        row[i] -= 1.0 + system.theta;
    }
    if system.closure == DeficitClosure::Multiplicative {
        let total = sum(&point.income);
        for (k, normal) in work.normal.iter_mut().enumerate() {
            *normal = (point.income[k] - point.expenditure[k]) / total;
        }
        add_to_rows(jacobian, &work.normal, |_| true);
    }
    for part in 0..system.parts.count() {
        system.normal(part, &mut work.normal);
        add_to_rows(jacobian, &work.normal, |i| system.parts.part_of(i) == part);
    }
}

/// `Σ_j X'_ij X'_kj / E'_j`: how much exporters `i` and `k` meet in the same markets.
/// Symmetric, so half the inner products are enough.
fn overlaps(system: &System, weights: &mut [f64], flows: &mut [f64], out: &mut [f64]) {
    let n = system.len();
    let point = &system.point;
    let per_importer = point.demand.iter().zip(&point.price_power);
    for (weight, (q, m)) in weights.iter_mut().zip(per_importer) {
        *weight = (q / m).sqrt();
    }
    let rows = flows.chunks_exact_mut(n).zip(system.access.chunks_exact(n));
    for ((flows, access), supply) in rows.zip(&point.supply) {
        for ((flow, a), weight) in flows.iter_mut().zip(access).zip(&*weights) {
            *flow = supply * a * weight;
        }
    }
    for i in 0..n {
        for k in i..n {
            let overlap = dot(&flows[i * n..(i + 1) * n], &flows[k * n..(k + 1) * n]);
            out[i * n + k] = overlap;
            out[k * n + i] = overlap;
        }
    }
}

fn add_to_rows(matrix: &mut [f64], row: &[f64], inside: impl Fn(usize) -> bool) {
    for (i, cells) in matrix.chunks_exact_mut(row.len()).enumerate() {
        if inside(i) {
            for (cell, add) in cells.iter_mut().zip(row) {
                *cell += add;
            }
        }
    }
}
