//! How prices, spending and labour demand answer wages, and a country's own prices and
//! spending themselves, at a baseline: what a prepared step is made of. The
//! [linearised world](super::linearisation) gives them.

#![allow(
    clippy::inline_always,
    reason = "a loop uses the wide vectors of the function that it is inlined into"
)]

use pulp::Arch;

use super::baseline::Baseline;
use super::linearisation::Builder;

/// See the module's page.
#[derive(Debug)]
pub(super) struct Sensitivities {
    pub(super) countries: usize,
    pub(super) sectors: usize,
    /// `K^P`, `[N][J][J]`; `None` without intermediate goods, where it is the identity.
    pub(super) price_feedback: Option<Vec<f32>>,
    /// `K^X` in units of the scale, `[N][J][J]`.
    pub(super) spending_feedback: Vec<f32>,
    /// `S^P`, `[N][J][N]`.
    pub(super) prices: Vec<f32>,
    /// `S^X` in units of the scale, `[N][J][N]`.
    pub(super) spending: Vec<f32>,
    /// `-(J_w + 1 nᵀ)^{-1}`, `[N][N]`.
    pub(super) wages: Vec<f64>,
}

impl Sensitivities {
    pub(super) fn build(baseline: &Baseline, theta: &[f64], scale: &[f64], wide: bool) -> Self {
        Builder::new(baseline, theta, wide).build(scale)
    }

    pub(super) fn countries(&self) -> usize {
        self.countries
    }

    /// Writes `δw` and returns it in single precision.
    pub(super) fn wage_step(&self, residual: &[f64], level: f64, out: &mut [f64]) -> Vec<f32> {
        let bordered: Vec<f64> = residual.iter().map(|r| r + level).collect();
        for (out, row) in out.iter_mut().zip(self.wages.chunks_exact(self.countries)) {
            *out = row.iter().zip(&bordered).map(|(a, b)| a * b).sum();
        }
        single(out)
    }

    /// `K^P r_P + S^P δw` of one country.
    pub(super) fn price_step(&self, n: usize, residual: &[f64], wages: &[f32], out: &mut [f64]) {
        let sensitivity = self.block(&self.prices, n, self.countries);
        if let Some(feedback) = &self.price_feedback {
            let feedback = self.block(feedback, n, self.sectors);
            combine(feedback, &single(residual), sensitivity, wages, out);
        } else {
            combine(&[], &[], sensitivity, wages, out);
            for (out, own) in out.iter_mut().zip(residual) {
                *out += own;
            }
        }
    }

    /// `K^X r_X + S^X δw` of one country.
    pub(super) fn spending_step(&self, n: usize, residual: &[f64], wages: &[f32], out: &mut [f64]) {
        let feedback = self.block(&self.spending_feedback, n, self.sectors);
        let sensitivity = self.block(&self.spending, n, self.countries);
        combine(feedback, &single(residual), sensitivity, wages, out);
    }

    /// The block of country `n` in a table of `[N][J][width]`.
    fn block<'a>(&self, table: &'a [f32], n: usize, width: usize) -> &'a [f32] {
        let size = self.sectors * width;
        &table[n * size..(n + 1) * size]
    }
}

fn row(block: &[f32], j: usize, width: usize) -> &[f32] {
    &block[j * width..(j + 1) * width]
}

pub(super) fn single(values: &[f64]) -> Vec<f32> {
    values.iter().copied().map(rounded).collect()
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "what only steers is kept in single precision"
)]
pub(super) fn rounded(value: f64) -> f32 {
    value as f32
}

/// `out = A x + B y` with row-major `A` and `B` (`A` may be empty), on the widest vectors of
/// the machine.
fn combine(a: &[f32], x: &[f32], b: &[f32], y: &[f32], out: &mut [f64]) {
    Arch::new().dispatch(|| {
        for (j, out) in out.iter_mut().enumerate() {
            let own = dot(row(a, j, x.len()), x);
            *out = f64::from(own + dot(row(b, j, y.len()), y));
        }
    });
}

/// Inner product with independent partial sums, in the same order on every machine.
#[inline(always)]
fn dot(a: &[f32], b: &[f32]) -> f32 {
    const LANES: usize = 16;
    let (left, left_rest) = a.as_chunks::<LANES>();
    let (right, right_rest) = b.as_chunks::<LANES>();
    let rest = left_rest.iter().zip(right_rest);
    let mut total: f32 = rest.map(|(x, y)| x * y).sum();
    let mut partial = [0.0_f32; LANES];
    for (x, y) in left.iter().zip(right) {
        for lane in 0..LANES {
            partial[lane] += x[lane] * y[lane];
        }
    }
    total += partial.iter().sum::<f32>();
    total
}
