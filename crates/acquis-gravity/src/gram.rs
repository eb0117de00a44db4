//! Cross products of the projected lanes.

use crate::dense::Symmetric;
use crate::panel::{Chunk, Gather, Panel, gathered};

/// Weighted cross products of the projected working residual (first) and regressors.
#[derive(Debug, Clone)]
pub(crate) struct Gram {
    products: Symmetric,
}

/// Weighted cross products of all lanes less their levels and means.
pub(crate) fn gram<const L: usize>(panel: &Panel<L>, a: &[Vec<[f64; L]>]) -> Gram {
    let blocks = panel.blocks.len();
    let empty = || Partial {
        products: vec![[[0.0; L]; L]; blocks * blocks],
        rows: vec![panel.run_buffer(); blocks],
    };
    let mut partials: Vec<Partial<L>> = panel.chunks.iter().map(|_| empty()).collect();
    gathered!(panel, gather => {
        panel.over_chunks(&mut partials, #[inline(always)] |chunk, partial| {
            gram_chunk(panel, gather, a, chunk, partial);
        });
    });
    let lanes = blocks * L;
    let mut products = Symmetric::zeros(lanes);
    for partial in &partials {
        for i in 0..lanes {
            for j in 0..=i {
                // Only the upper triangle of blocks is filled.
                let block = partial.products[(j / L) * blocks + i / L];
                products.add(i, j, block[j % L][i % L]);
            }
        }
    }
    Gram { products }
}

struct Partial<const L: usize> {
    products: Vec<[[f64; L]; L]>,
    rows: Vec<Vec<[f64; L]>>,
}

#[expect(
    clippy::inline_always,
    reason = "must become part of the vectorized pass"
)]
#[inline(always)]
fn gram_chunk<const L: usize, G: Gather>(
    panel: &Panel<L>,
    gather: &G,
    a: &[Vec<[f64; L]>],
    chunk: &Chunk,
    partial: &mut Partial<L>,
) {
    let blocks = a.len();
    for run in chunk.runs.clone() {
        for (block, (a, rows)) in a.iter().zip(&mut partial.rows).enumerate() {
            panel.within(gather, block, run, a, panel.residuals(run), rows);
        }
        let weights = &panel.weight[panel.run(run)];
        for left in 0..blocks {
            for right in left..blocks {
                let mut sum = partial.products[left * blocks + right];
                let rows = partial.rows[left].iter().zip(&partial.rows[right]);
                for (weight, (x, z)) in weights.iter().zip(rows) {
                    for i in 0..L {
                        let scaled = weight * x[i];
                        for j in 0..L {
                            sum[i][j] += scaled * z[j];
                        }
                    }
                }
                partial.products[left * blocks + right] = sum;
            }
        }
    }
}

impl Gram {
    /// `X̃'WX̃` and `X̃'Wr̃`. Lanes that no regressor fills are zero and left out.
    pub(crate) fn split(&self, regressors: usize) -> (Symmetric, Vec<f64>) {
        let mut hessian = Symmetric::zeros(regressors);
        for i in 0..regressors {
            for j in 0..=i {
                hessian.add(i, j, self.products.at(i + 1, j + 1));
            }
        }
        let gradient = (0..regressors)
            .map(|k| self.products.at(k + 1, 0))
            .collect();
        (hessian, gradient)
    }

    /// Whether all products are numbers: they are not after a step that went astray.
    pub(crate) fn is_finite(&self) -> bool {
        (0..self.products.order()).all(|k| self.products.at(k, k).is_finite())
    }

    /// Regressors of whose `spreads` at most the share `least` is left once the effects and
    /// the regressors before them are projected out.
    pub(crate) fn collinear(&self, spreads: &[f64], least: f64) -> Vec<usize> {
        let mut collinear = Vec::new();
        self.eliminate(spreads, |k, share| {
            let gone = share <= least;
            if gone {
                collinear.push(k);
            }
            gone
        });
        collinear
    }

    /// The least share of a regressor's spread that is left.
    pub(crate) fn least_share(&self, spreads: &[f64]) -> f64 {
        let mut least = f64::INFINITY;
        self.eliminate(spreads, |_, share| {
            least = least.min(share);
            share <= 0.0
        });
        least
    }

    /// Eliminates regressor after regressor, but not those that `visit` says are gone.
    fn eliminate(&self, spreads: &[f64], mut visit: impl FnMut(usize, f64) -> bool) {
        let (mut left, _) = self.split(spreads.len());
        let mut gone = vec![false; spreads.len()];
        for k in 0..spreads.len() {
            let pivot = left.at(k, k);
            // NaN must count as nothing left.
            let share = if spreads[k] > 0.0 && pivot > 0.0 {
                pivot / spreads[k]
            } else {
                0.0
            };
            gone[k] = visit(k, share);
            if gone[k] || pivot <= 0.0 {
                continue;
            }
            for i in k + 1..spreads.len() {
                let ratio = left.at(i, k) / pivot;
                for j in k + 1..=i {
                    let product = ratio * left.at(j, k);
                    left.add(i, j, -product);
                }
            }
        }
    }
}
