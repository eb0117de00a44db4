//! The world linearised at a baseline.
//!
//! Sensitivities to all `N` wages at once are found by a few rounds of
//!
//! ```text
//! C = γ ⊗ e + Γᵀ P                              unit costs, (2.1)
//! P ← P + K^P (π C - P)                         prices, (2.2)
//! Y = -θ Y₀ C + bᵀ (X + θ X₀ P)                 sales, (2.4), with b = π/(1 + τ)
//! R = Σ_j (1 - F) X + θ X₀ (b C - F P)          tariff revenue, (2.5)
//! X ← X + K^X (Γ Y + α (w L e + R) - X)         spending, (2.7)
//! ```
//!
//! each a product of matrices per sector or per country. Tables that mix countries and
//! sectors are country-major, `[N][J][N]`, the last index the country whose wage moves;
//! sector-major ones are `[J][N][N]`.

use faer::linalg::matmul::matmul;
use faer::linalg::solvers::DenseSolveCore;
use faer::{Accum, Mat, MatMut, MatRef, Par};
use rayon::prelude::*;

use super::baseline::Baseline;
use super::purchases::Cells;
use super::sensitivity::{Sensitivities, rounded, single};

/// Rounds for prices and for spending: after four the Jacobian is right to some `3e-4`,
/// more than a step that is corrected by the next one can use.
const ROUNDS: usize = 4;

/// The baseline in single precision, as the rounds read it.
pub(super) struct Builder<'a> {
    baseline: &'a Baseline,
    n: usize,
    sectors: usize,
    theta: Vec<f32>,
    wide: bool,
}

impl<'a> Builder<'a> {
    pub(super) fn new(baseline: &'a Baseline, theta: &[f64], wide: bool) -> Self {
        Self {
            baseline,
            n: baseline.countries(),
            sectors: baseline.sectors(),
            theta: single(theta),
            wide,
        }
    }

    pub(super) fn build(self, scale: &[f64]) -> Sensitivities {
        let (price_feedback, mut spending_feedback) = self.feedback();
        let (prices, costs) = self.prices(price_feedback.as_deref());
        let (mut spending, sales) = self.spending(&spending_feedback, &prices, &costs);
        let wages = self.wages(&sales);
        // From amounts to units of the scale.
        let width = self.n;
        for (row, scale) in spending.chunks_exact_mut(width).zip(scale) {
            let factor = rounded(1.0 / scale);
            for cell in row {
                *cell *= factor;
            }
        }
        for (n, block) in spending_feedback
            .chunks_exact_mut(self.sectors * self.sectors)
            .enumerate()
        {
            let scale = &scale[n * self.sectors..(n + 1) * self.sectors];
            for (row, own) in block.chunks_exact_mut(self.sectors).zip(scale) {
                for (cell, other) in row.iter_mut().zip(scale) {
                    *cell *= rounded(other / own);
                }
            }
        }
        Sensitivities {
            countries: self.n,
            sectors: self.sectors,
            price_feedback,
            spending_feedback,
            prices,
            spending,
            wages,
        }
    }

    /// `K^P` and `K^X` of every country.
    fn feedback(&self) -> (Option<Vec<f32>>, Vec<f32>) {
        let (n, sectors) = (self.n, self.sectors);
        let block = sectors * sectors;
        let mut home = vec![(0.0, 0.0); n * sectors];
        for j in 0..sectors {
            for country in 0..n {
                let cells = self.baseline.home(j, country);
                home[country * sectors + j] = cells;
            }
        }
        let inputs = self.baseline.technology.inputs.as_deref();
        let mut spending = vec![0.0_f32; n * block];
        self.each(spending.chunks_exact_mut(block), |country, out| {
            let cells = country * sectors..(country + 1) * sectors;
            let home = &home[cells.clone()];
            let (alpha, kept) = (
                &self.baseline.final_share[cells.clone()],
                &self.baseline.kept[cells],
            );
            let matrix = Mat::from_fn(sectors, sectors, |j, s| {
                let input =
                    inputs.map_or(0.0, |inputs| inputs[(country * sectors + j) * sectors + s]);
                let identity = f64::from(u8::from(j == s));
                identity - input * home[s].1 - alpha[j] * (1.0 - kept[s])
            });
            invert(&matrix, out);
        });
        let prices = inputs.map(|inputs| {
            let mut prices = vec![0.0_f32; n * block];
            self.each(prices.chunks_exact_mut(block), |country, out| {
                let home = &home[country * sectors..(country + 1) * sectors];
                let matrix = Mat::from_fn(sectors, sectors, |j, s| {
                    let input = inputs[(country * sectors + s) * sectors + j];
                    f64::from(u8::from(j == s)) - home[j].0 * input
                });
                invert(&matrix, out);
            });
            prices
        });
        (prices, spending)
    }

    /// Prices and unit costs, both `[N][J][N]`.
    fn prices(&self, feedback: Option<&[f32]>) -> (Vec<f32>, Vec<f32>) {
        let (n, sectors) = (self.n, self.sectors);
        let mut prices = vec![0.0_f32; n * sectors * n];
        let mut costs = vec![0.0_f32; n * sectors * n];
        self.costs(&prices, &mut costs);
        let mut bought = vec![0.0_f32; sectors * n * n];
        // Without intermediate goods costs don't depend on prices.
        let rounds = if feedback.is_some() { ROUNDS } else { 1 };
        for _ in 0..rounds {
            self.each(bought.chunks_exact_mut(n * n), |j, out| {
                let (shares, _) = self.sector(j);
                let costs = self.sector_rows(&costs, j);
                product(
                    square(out, n),
                    Accum::Replace,
                    shares_matrix(&shares, n),
                    costs,
                    1.0,
                );
            });
            self.each(prices.chunks_exact_mut(sectors * n), |country, out| {
                let Some(feedback) = feedback else {
                    for (row, j) in out.chunks_exact_mut(n).zip(0..) {
                        row.copy_from_slice(country_row(&bought, j, country, n));
                    }
                    return;
                };
                let mut excess = Vec::with_capacity(sectors * n);
                for (row, j) in out.chunks_exact(n).zip(0..) {
                    let bought = country_row(&bought, j, country, n);
                    excess.extend(bought.iter().zip(row).map(|(new, old)| new - old));
                }
                let inverse = self.country_square(feedback, country);
                product(rows(out, n), Accum::Add, inverse, rows_of(&excess, n), 1.0);
            });
            if feedback.is_some() {
                self.costs(&prices, &mut costs);
            }
        }
        (prices, costs)
    }

    /// `C = γ ⊗ e + Γᵀ P`.
    fn costs(&self, prices: &[f32], costs: &mut [f32]) {
        let (n, sectors) = (self.n, self.sectors);
        let technology = &self.baseline.technology;
        self.each(costs.chunks_exact_mut(sectors * n), |country, out| {
            if let Some(inputs) = &technology.inputs {
                let block = sectors * sectors;
                let inputs = single(&inputs[country * block..(country + 1) * block]);
                let inputs = MatRef::from_row_major_slice(&inputs, sectors, sectors);
                let prices = &prices[country * sectors * n..(country + 1) * sectors * n];
                let costs = rows(out, n);
                product(
                    costs,
                    Accum::Replace,
                    inputs.transpose(),
                    rows_of(prices, n),
                    1.0,
                );
            }
            let shares = &technology.value_added_share[country * sectors..];
            for (row, share) in out.chunks_exact_mut(n).zip(shares) {
                row[country] += rounded(*share);
            }
        });
    }

    /// Spending `[N][J][N]` and sales `[J][N][N]`.
    fn spending(&self, feedback: &[f32], prices: &[f32], costs: &[f32]) -> (Vec<f32>, Vec<f32>) {
        let (n, sectors) = (self.n, self.sectors);
        let (fixed_sales, revenue) = self.substitution(prices, costs);
        let mut spending = vec![0.0_f32; n * sectors * n];
        let mut sales = fixed_sales.clone();
        let baseline = self.baseline;
        for round in 0..=ROUNDS {
            if round > 0 {
                self.each(sales.chunks_exact_mut(n * n), |j, out| {
                    out.copy_from_slice(&fixed_sales[j * n * n..(j + 1) * n * n]);
                    let (_, kept) = self.sector(j);
                    let spending = self.sector_rows(&spending, j);
                    let kept = shares_matrix(&kept, n);
                    product(square(out, n), Accum::Add, kept.transpose(), spending, 1.0);
                });
            }
            if round == ROUNDS {
                break;
            }
            self.each(spending.chunks_exact_mut(sectors * n), |country, out| {
                let cells = country * sectors..(country + 1) * sectors;
                let mut income = revenue[country * n..(country + 1) * n].to_vec();
                income[country] += rounded(baseline.value_added[country]);
                for (row, kept) in out.chunks_exact(n).zip(&baseline.kept[cells.clone()]) {
                    let taken = rounded(1.0 - kept);
                    for (income, cell) in income.iter_mut().zip(row) {
                        *income += taken * cell;
                    }
                }
                let mut excess = vec![0.0_f32; sectors * n];
                if let Some(inputs) = &baseline.technology.inputs {
                    let block = sectors * sectors;
                    let inputs = single(&inputs[country * block..(country + 1) * block]);
                    let inputs = MatRef::from_row_major_slice(&inputs, sectors, sectors);
                    let sales = self.country_rows(&sales, country);
                    product(rows(&mut excess, n), Accum::Replace, inputs, sales, 1.0);
                }
                let alpha = &baseline.final_share[cells];
                for ((excess, now), alpha) in excess
                    .chunks_exact_mut(n)
                    .zip(out.chunks_exact(n))
                    .zip(alpha)
                {
                    for ((excess, now), income) in excess.iter_mut().zip(now).zip(&income) {
                        *excess += rounded(*alpha) * income - now;
                    }
                }
                let inverse = self.country_square(feedback, country);
                product(rows(out, n), Accum::Add, inverse, rows_of(&excess, n), 1.0);
            });
        }
        (spending, sales)
    }

    /// What changes with prices and costs at given spending: sales `[J][N][N]` and tariff
    /// revenue `[N][N]`.
    fn substitution(&self, prices: &[f32], costs: &[f32]) -> (Vec<f32>, Vec<f32>) {
        let (n, sectors) = (self.n, self.sectors);
        let baseline = self.baseline;
        let mut sales = vec![0.0_f32; sectors * n * n];
        let mut taxed = vec![0.0_f32; sectors * n * n];
        let jobs = sales
            .chunks_exact_mut(n * n)
            .zip(taxed.chunks_exact_mut(n * n));
        self.each(jobs, |j, (sales, taxed)| {
            let theta = self.theta[j];
            let (_, kept) = self.sector(j);
            let kept = shares_matrix(&kept, n);
            let mut weighted = vec![0.0_f32; n * n];
            for (country, row) in weighted.chunks_exact_mut(n).enumerate() {
                let spent = theta * rounded(baseline.spending[country * sectors + j]);
                let prices = &prices[(country * sectors + j) * n..][..n];
                for (out, price) in row.iter_mut().zip(prices) {
                    *out = spent * price;
                }
            }
            product(
                square(sales, n),
                Accum::Replace,
                kept.transpose(),
                square_ref(&weighted, n),
                1.0,
            );
            product(
                square(taxed, n),
                Accum::Replace,
                kept,
                self.sector_rows(costs, j),
                1.0,
            );
            for country in 0..n {
                let cell = country * sectors + j;
                let made = theta * rounded(baseline.output[cell]);
                let spent = theta * rounded(baseline.spending[cell]);
                let kept = rounded(baseline.kept[cell]);
                let costs = &costs[cell * n..][..n];
                let prices = &prices[cell * n..][..n];
                for (out, cost) in sales[country * n..][..n].iter_mut().zip(costs) {
                    *out -= made * cost;
                }
                for (out, price) in taxed[country * n..][..n].iter_mut().zip(prices) {
                    *out = spent * (*out - kept * price);
                }
            }
        });
        let mut revenue = vec![0.0_f32; n * n];
        self.each(revenue.chunks_exact_mut(n), |country, out| {
            for j in 0..sectors {
                for (out, cell) in out.iter_mut().zip(country_row(&taxed, j, country, n)) {
                    *out += cell;
                }
            }
        });
        (sales, revenue)
    }

    /// `-(J_w + 1 nᵀ)^{-1}` from the sensitivities of sales.
    fn wages(&self, sales: &[f32]) -> Vec<f64> {
        let (n, sectors) = (self.n, self.sectors);
        let baseline = self.baseline;
        let mut jacobian = vec![0.0; n * n];
        self.each(jacobian.chunks_exact_mut(n), |country, out| {
            let shares = &baseline.technology.value_added_share[country * sectors..][..sectors];
            for (j, share) in shares.iter().enumerate() {
                let factor = share / baseline.value_added[country];
                for (out, cell) in out.iter_mut().zip(country_row(sales, j, country, n)) {
                    *out += factor * f64::from(*cell);
                }
            }
            out[country] -= 1.0;
        });
        let matrix = Mat::from_fn(n, n, |i, k| -jacobian[i * n + k] - baseline.value_added[k]);
        let inverse = matrix.partial_piv_lu().inverse();
        for (row, i) in jacobian.chunks_exact_mut(n).zip(0..) {
            for (cell, k) in row.iter_mut().zip(0..) {
                *cell = inverse[(i, k)];
            }
        }
        jacobian
    }

    /// Shares `π` and `b = π/(1 + τ)` of a sector, `[N][N]` by importer.
    fn sector(&self, j: usize) -> (Vec<f32>, Vec<f32>) {
        let n = self.n;
        let mut cells = Cells::new(n);
        let (mut shares, mut kept) = (Vec::with_capacity(n * n), Vec::with_capacity(n * n));
        for importer in 0..n {
            let row = self.baseline.purchases.row(j * n + importer);
            self.baseline.purchases.spell(row, importer, &mut cells);
            shares.extend(cells.shares.iter().map(|share| rounded(*share)));
            let after = cells.shares.iter().zip(&cells.kept);
            kept.extend(after.map(|(share, kept)| rounded(share * kept)));
        }
        (shares, kept)
    }

    /// The rows of sector `j` in a country-major table.
    fn sector_rows<'t>(&self, table: &'t [f32], j: usize) -> MatRef<'t, f32> {
        let (n, stride) = (self.n, self.sectors * self.n);
        MatRef::from_row_major_slice_with_stride(&table[j * n..], n, n, stride)
    }

    /// The rows of a country in a sector-major table.
    fn country_rows<'t>(&self, table: &'t [f32], country: usize) -> MatRef<'t, f32> {
        let n = self.n;
        MatRef::from_row_major_slice_with_stride(&table[country * n..], self.sectors, n, n * n)
    }

    fn country_square<'t>(&self, table: &'t [f32], country: usize) -> MatRef<'t, f32> {
        let block = self.sectors * self.sectors;
        let block = &table[country * block..(country + 1) * block];
        MatRef::from_row_major_slice(block, self.sectors, self.sectors)
    }

    fn each<I>(&self, jobs: impl Iterator<Item = I>, work: impl Fn(usize, I) + Sync + Send)
    where
        I: Send,
    {
        if self.wide {
            let jobs: Vec<I> = jobs.collect();
            jobs.into_par_iter()
                .enumerate()
                .for_each(|(i, job)| work(i, job));
        } else {
            jobs.enumerate().for_each(|(i, job)| work(i, job));
        }
    }
}

fn product(
    out: MatMut<'_, f32>,
    accumulate: Accum,
    left: MatRef<'_, f32>,
    right: MatRef<'_, f32>,
    factor: f32,
) {
    matmul(out, accumulate, left, right, factor, Par::Seq);
}

fn square(table: &mut [f32], n: usize) -> MatMut<'_, f32> {
    MatMut::from_row_major_slice_mut(table, n, n)
}

fn square_ref(table: &[f32], n: usize) -> MatRef<'_, f32> {
    MatRef::from_row_major_slice(table, n, n)
}

fn shares_matrix(table: &[f32], n: usize) -> MatRef<'_, f32> {
    square_ref(table, n)
}

fn rows(table: &mut [f32], n: usize) -> MatMut<'_, f32> {
    let count = table.len() / n;
    MatMut::from_row_major_slice_mut(table, count, n)
}

fn rows_of(table: &[f32], n: usize) -> MatRef<'_, f32> {
    MatRef::from_row_major_slice(table, table.len() / n, n)
}

/// The row of a country in sector `j` of a sector-major table.
fn country_row(table: &[f32], j: usize, country: usize, n: usize) -> &[f32] {
    &table[(j * n + country) * n..][..n]
}

/// Writes the inverse, or the identity where there is none.
fn invert(matrix: &Mat<f64>, out: &mut [f32]) {
    let n = matrix.nrows();
    let inverse = matrix.partial_piv_lu().inverse();
    let usable = (0..n).all(|j| (0..n).all(|i| inverse[(i, j)].is_finite()));
    for (row, i) in out.chunks_exact_mut(n).zip(0..) {
        for (cell, j) in row.iter_mut().zip(0..) {
            *cell = if usable {
                rounded(inverse[(i, j)])
            } else {
                f32::from(u8::from(i == j))
            };
        }
    }
}
