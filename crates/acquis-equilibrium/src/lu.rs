//! Dense linear systems, by the partially pivoted elimination of `faer`.

use faer::linalg::solvers::{DenseSolveCore, SolveCore};
use faer::{Conj, MatMut, MatRef};

/// Solves `A x = b`: `matrix` is row-major `[n * n]`, `right` becomes `x`. Returns false if
/// there is no finite solution.
pub(crate) fn solve_in_place(matrix: &[f64], right: &mut [f64]) -> bool {
    let n = right.len();
    if !matrix.iter().all(|cell| cell.is_finite()) {
        return false;
    }
    let factors = MatRef::from_row_major_slice(matrix, n, n).partial_piv_lu();
    let right_side = MatMut::from_column_major_slice_mut(right, n, 1);
    factors.solve_in_place_with_conj(Conj::No, right_side);
    right.iter().all(|x| x.is_finite())
}

/// The inverse of a row-major `[n * n]` matrix, row-major, if it is finite.
pub(crate) fn inverse(matrix: &[f64], n: usize) -> Option<Vec<f64>> {
    if !matrix.iter().all(|cell| cell.is_finite()) {
        return None;
    }
    let inverse = MatRef::from_row_major_slice(matrix, n, n)
        .partial_piv_lu()
        .inverse();
    let cells = (0..n).flat_map(|row| (0..n).map(move |column| (row, column)));
    let cells: Vec<f64> = cells.map(|(row, column)| inverse[(row, column)]).collect();
    cells.iter().all(|cell| cell.is_finite()).then_some(cells)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solves_a_system_that_needs_pivoting() {
        let matrix = [0.0, 2.0, 1.0, 1.0, 1.0, 1.0, 4.0, -1.0, 3.0];
        // x = (1, 2, 3)
        let mut right = [7.0, 6.0, 11.0];
        assert!(solve_in_place(&matrix, &mut right));
        for (got, expected) in right.iter().zip([1.0, 2.0, 3.0]) {
            assert!((got - expected).abs() < 1e-14);
        }
    }

    #[test]
    fn refuses_a_singular_system() {
        assert!(!solve_in_place(&[1.0, 2.0, 2.0, 4.0], &mut [1.0, 1.0]));
        assert!(!solve_in_place(&[f64::NAN], &mut [1.0]));
    }
}
