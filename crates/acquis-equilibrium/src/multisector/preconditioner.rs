//! What turns the residuals of a sweep into a step.
//!
//! The prepared kind holds the world linearised at the baseline (section "The solver" of
//! the chapter on the model): for every country the inverses
//!
//! ```text
//! K^P_n = (I - diag(π_nnj) Γ_nᵀ)^{-1}
//! K^X_n = (I - Γ_n diag(π_nnj k_nnj) - α_n (1 - F_n)ᵀ)^{-1}
//! ```
//!
//! that take up what a country's prices and spending do to themselves, the sensitivities
//! `S^P = ∂ ln P/∂ ln w` and `S^X = ∂ X/∂ ln w`, and the inverse of the Jacobian of labour
//! demand `J_w` bordered by the numeraire. A step is
//!
//! ```text
//! δw = -(J_w + 1 nᵀ)^{-1} (r_w + 1 ln λ),   δP = K^P r_P + S^P δw,   δX = K^X r_X + S^X δw.
//! ```
//!
//! with `λ` world value added over its baseline, which the numeraire holds at one. The
//! preconditioner steers and proves nothing, so it is built and kept in single precision.

use super::baseline::Baseline;
use super::sensitivity::Sensitivities;
use super::spread::spread;

/// Spending cells count relative to themselves or to this part of the country's mean cell,
/// whichever is larger.
const SMALL_CELL: f64 = 1e-3;

/// See the module's page.
#[derive(Debug)]
pub(super) struct Preconditioner {
    /// What spending is measured in while solving, `[N][J]`.
    pub(super) scale: Vec<f64>,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Prepared(Box<Sensitivities>),
    /// `1 / (1 + Σ_j ω_nj θ_j γ_nj)` with `ω` the sectors' parts of value added, `[N]`.
    Sweeps {
        wage_step: Vec<f64>,
    },
}

impl Preconditioner {
    pub(super) fn prepared(baseline: &Baseline, theta: &[f64], wide: bool) -> Self {
        let scale = spending_scale(baseline);
        let sensitivities = Sensitivities::build(baseline, theta, &scale, wide);
        Self {
            scale,
            kind: Kind::Prepared(Box::new(sensitivities)),
        }
    }

    pub(super) fn sweeps(baseline: &Baseline, theta: &[f64]) -> Self {
        let sectors = baseline.sectors();
        let wage_step = (0..baseline.countries()).map(|n| {
            let cells = n * sectors..(n + 1) * sectors;
            let shares = &baseline.technology.value_added_share[cells.clone()];
            let parts = baseline.output[cells].iter().zip(shares).zip(theta);
            let pull: f64 = parts.map(|((y, g), theta)| y * g * theta * g).sum();
            1.0 / (1.0 + pull / baseline.value_added[n])
        });
        Self {
            scale: spending_scale(baseline),
            kind: Kind::Sweeps {
                wage_step: wage_step.collect(),
            },
        }
    }

    /// Turns the residuals `[r_w | r_P | r_X / scale]` into the step. `level` is the log of
    /// world value added over its baseline.
    pub(super) fn apply(
        &self,
        residual: &[f64],
        level: f64,
        sectors: usize,
        wide: bool,
        step: &mut [f64],
    ) {
        match &self.kind {
            Kind::Sweeps { wage_step } => {
                step.copy_from_slice(residual);
                for (step, factor) in step.iter_mut().zip(wage_step) {
                    *step = *step * factor - level;
                }
            }
            Kind::Prepared(sensitivities) => {
                let n = sensitivities.countries();
                let (wages, rest) = step.split_at_mut(n);
                let (prices, spending) = rest.split_at_mut(n * sectors);
                let (wage_residual, rest) = residual.split_at(n);
                let (price_residual, spending_residual) = rest.split_at(n * sectors);
                let wage_step = sensitivities.wage_step(wage_residual, level, wages);
                let blocks = prices
                    .chunks_exact_mut(sectors)
                    .zip(spending.chunks_exact_mut(sectors))
                    .zip(price_residual.chunks_exact(sectors))
                    .zip(spending_residual.chunks_exact(sectors))
                    .enumerate();
                spread(
                    wide,
                    blocks.collect(),
                    |(n, (((prices, spending), r_p), r_x))| {
                        sensitivities.price_step(n, r_p, &wage_step, prices);
                        sensitivities.spending_step(n, r_x, &wage_step, spending);
                    },
                );
            }
        }
    }
}

/// `max(X, 1e-3 mean X_n)`.
fn spending_scale(baseline: &Baseline) -> Vec<f64> {
    let sectors = baseline.sectors();
    let rows = baseline.spending.chunks_exact(sectors);
    rows.flat_map(|row| {
        let mean = row.iter().sum::<f64>() / sectors as f64;
        row.iter().map(move |x| x.max(SMALL_CELL * mean))
    })
    .collect()
}
