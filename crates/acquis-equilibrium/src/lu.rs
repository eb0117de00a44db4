//! Dense linear systems by Gaussian elimination with partial pivoting.

/// Solves `A x = b` in place: `matrix` is row-major `[n * n]` and is destroyed, `right`
/// becomes `x`. Returns false if a pivot vanishes or isn't finite.
pub(crate) fn solve_in_place(matrix: &mut [f64], right: &mut [f64]) -> bool {
    let n = right.len();
    for column in 0..n {
        let pivot_row = largest_below(matrix, n, column);
        let pivot = matrix[pivot_row * n + column];
        if pivot == 0.0 || !pivot.is_finite() {
            return false;
        }
        if pivot_row != column {
            let (upper, lower) = matrix.split_at_mut(pivot_row * n);
            upper[column * n..(column + 1) * n].swap_with_slice(&mut lower[..n]);
            right.swap(column, pivot_row);
        }
        let (upper, lower) = matrix.split_at_mut((column + 1) * n);
        let pivot_tail = &upper[column * n + column + 1..];
        let known = right[column];
        for (row, b) in lower.chunks_exact_mut(n).zip(&mut right[column + 1..]) {
            let factor = row[column] / pivot;
            if factor == 0.0 {
                continue;
            }
            for (cell, above) in row[column + 1..].iter_mut().zip(pivot_tail) {
                *cell -= factor * above;
            }
            *b -= factor * known;
        }
    }
    back_substitute(matrix, right);
    right.iter().all(|x| x.is_finite())
}

fn largest_below(matrix: &[f64], n: usize, column: usize) -> usize {
    let mut best = (column, matrix[column * n + column].abs());
    for row in column + 1..n {
        let size = matrix[row * n + column].abs();
        // A NaN never wins here; it is found when its own column comes.
        if size > best.1 {
            best = (row, size);
        }
    }
    best.0
}

fn back_substitute(matrix: &[f64], right: &mut [f64]) {
    let n = right.len();
    for i in (0..n).rev() {
        let row = &matrix[i * n..(i + 1) * n];
        let known: f64 = row[i + 1..]
            .iter()
            .zip(&right[i + 1..])
            .map(|(a, x)| a * x)
            .sum();
        right[i] = (right[i] - known) / row[i];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solves_a_system_that_needs_pivoting() {
        let mut matrix = [0.0, 2.0, 1.0, 1.0, 1.0, 1.0, 4.0, -1.0, 3.0];
        // x = (1, 2, 3)
        let mut right = [7.0, 6.0, 11.0];
        assert!(solve_in_place(&mut matrix, &mut right));
        for (got, expected) in right.iter().zip([1.0, 2.0, 3.0]) {
            assert!((got - expected).abs() < 1e-14);
        }
    }

    #[test]
    fn refuses_a_singular_system() {
        assert!(!solve_in_place(&mut [1.0, 2.0, 2.0, 4.0], &mut [1.0, 1.0]));
        assert!(!solve_in_place(&mut [f64::NAN], &mut [1.0]));
    }
}
