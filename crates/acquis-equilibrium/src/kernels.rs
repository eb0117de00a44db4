//! The passes over an `n × n` matrix that every evaluation makes.
//!
//! Layout everywhere: exporter-major `[n * n]`, row `i` holds what exporter `i` sells to
//! every importer. An evaluation reads the matrix twice, `16 n²` bytes: 20 KB for 36
//! economies (first-level cache), 600 KB for 194 (second-level cache). Both passes run
//! along rows, so that the compiler can vectorise them in safe code.

#![allow(
    clippy::inline_always,
    reason = "a loop uses the wide vectors of the function that it is inlined into"
)]

/// `sums[j] = Σ_i weights[i] · matrix[i, j]`, four rows at a time so that `sums` is
/// loaded and stored once for four products.
#[inline(always)]
pub(crate) fn weighted_column_sums(matrix: &[f64], weights: &[f64], sums: &mut [f64]) {
    let n = sums.len();
    sums.fill(0.0);
    let blocks = matrix.chunks_exact(4 * n);
    let quads = weights.chunks_exact(4);
    let rest_rows = blocks.remainder().chunks_exact(n);
    let rest_weights = quads.remainder();
    for (block, quad) in blocks.zip(quads) {
        add_four_rows(block, quad, sums);
    }
    for (row, weight) in rest_rows.zip(rest_weights) {
        for (sum, cell) in sums.iter_mut().zip(row) {
            *sum += weight * cell;
        }
    }
}

#[inline(always)]
fn add_four_rows(block: &[f64], weights: &[f64], sums: &mut [f64]) {
    let n = sums.len();
    let (first, rest) = block.split_at(n);
    let (second, rest) = rest.split_at(n);
    let (third, fourth) = rest.split_at(n);
    let &[w0, w1, w2, w3] = weights else { return };
    let rows = first.iter().zip(second).zip(third).zip(fourth);
    for (sum, (((a, b), c), d)) in sums.iter_mut().zip(rows) {
        *sum += (w0 * a + w1 * b) + (w2 * c + w3 * d);
    }
}

/// `sums[i] = Σ_j matrix[i, j] · weights[j]`.
#[inline(always)]
pub(crate) fn weighted_row_sums(matrix: &[f64], weights: &[f64], sums: &mut [f64]) {
    let n = weights.len();
    for (sum, row) in sums.iter_mut().zip(matrix.chunks_exact(n)) {
        *sum = dot(row, weights);
    }
}

/// Inner product with eight independent partial sums: short dependency chains, and the
/// same order of additions on every machine. What is left of eight is taken four at a time
/// where it can be: many worlds have a few more than a multiple of eight.
#[inline(always)]
pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    const LANES: usize = 8;
    const HALF: usize = LANES / 2;
    let (left, right) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    let rest = (left.remainder(), right.remainder());
    let mut partial = [0.0; LANES];
    for (x, y) in left.zip(right) {
        for lane in 0..LANES {
            partial[lane] += x[lane] * y[lane];
        }
    }
    let (left, right) = (rest.0.chunks_exact(HALF), rest.1.chunks_exact(HALF));
    let tail = left.remainder().iter().zip(right.remainder());
    let tail: f64 = tail.map(|(x, y)| x * y).sum();
    for (x, y) in left.zip(right) {
        for lane in 0..HALF {
            partial[lane] += x[lane] * y[lane];
        }
    }
    let low = (partial[0] + partial[1]) + (partial[2] + partial[3]);
    let high = (partial[4] + partial[5]) + (partial[6] + partial[7]);
    (low + high) + tail
}

/// `Σ_k x_k² w_k`, in the order of [`dot`].
pub(crate) fn weighted_squares(x: &[f64], weights: &[f64]) -> f64 {
    const LANES: usize = 8;
    let (left, right) = (x.chunks_exact(LANES), weights.chunks_exact(LANES));
    let rest = left.remainder().iter().zip(right.remainder());
    let tail: f64 = rest.map(|(x, w)| x * x * w).sum();
    let mut partial = [0.0; LANES];
    for (x, w) in left.zip(right) {
        for lane in 0..LANES {
            partial[lane] += x[lane] * x[lane] * w[lane];
        }
    }
    partial.iter().sum::<f64>() + tail
}

/// `Σ x`, in the order of [`dot`].
pub(crate) fn sum(x: &[f64]) -> f64 {
    const LANES: usize = 8;
    let chunks = x.chunks_exact(LANES);
    let tail: f64 = chunks.remainder().iter().sum();
    let mut partial = [0.0; LANES];
    for chunk in chunks {
        for lane in 0..LANES {
            partial[lane] += chunk[lane];
        }
    }
    partial.iter().sum::<f64>() + tail
}

/// Largest absolute value; a NaN anywhere gives NaN.
pub(crate) fn max_abs(x: &[f64]) -> f64 {
    x.iter().fold(0.0, |largest: f64, value| {
        let size = value.abs();
        if size > largest || size.is_nan() {
            size
        } else {
            largest
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passes_agree_with_plain_loops_at_every_remainder() {
        for n in 1..=19_usize {
            let matrix: Vec<f64> = (0..n * n).map(|k| (k as f64).sin()).collect();
            let weights: Vec<f64> = (0..n).map(|k| (k as f64 + 0.5).cos()).collect();
            let (mut columns, mut rows) = (vec![0.0; n], vec![0.0; n]);
            weighted_column_sums(&matrix, &weights, &mut columns);
            weighted_row_sums(&matrix, &weights, &mut rows);
            for j in 0..n {
                let column: f64 = (0..n).map(|i| weights[i] * matrix[i * n + j]).sum();
                let row: f64 = (0..n).map(|k| weights[k] * matrix[j * n + k]).sum();
                assert!((columns[j] - column).abs() < 1e-14);
                assert!((rows[j] - row).abs() < 1e-14);
            }
        }
    }

    #[test]
    fn largest_absolute_value_reports_nan() {
        assert!(max_abs(&[1.0, f64::NAN, 0.0]).is_nan());
        assert!((max_abs(&[1.0, -3.0, 2.0]) - 3.0).abs() < f64::EPSILON);
    }
}
