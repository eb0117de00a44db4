//! Small symmetric matrices.

/// A symmetric matrix, stored by its lower triangle.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Symmetric {
    order: usize,
    entries: Vec<f64>,
}

impl Symmetric {
    pub(crate) fn zeros(order: usize) -> Self {
        Self {
            order,
            entries: vec![0.0; order * (order + 1) / 2],
        }
    }

    pub(crate) fn order(&self) -> usize {
        self.order
    }

    #[inline]
    fn position(i: usize, j: usize) -> usize {
        let (i, j) = if i >= j { (i, j) } else { (j, i) };
        i * (i + 1) / 2 + j
    }

    #[inline]
    pub(crate) fn at(&self, i: usize, j: usize) -> f64 {
        self.entries[Self::position(i, j)]
    }

    /// Adds to the entry `(i, j)` and thereby to `(j, i)`.
    #[inline]
    pub(crate) fn add(&mut self, i: usize, j: usize, value: f64) {
        self.entries[Self::position(i, j)] += value;
    }

    pub(crate) fn add_scaled(&mut self, scale: f64, other: &Self) {
        for (entry, other) in self.entries.iter_mut().zip(&other.entries) {
            *entry += scale * other;
        }
    }

    pub(crate) fn scale(&mut self, scale: f64) {
        for entry in &mut self.entries {
            *entry *= scale;
        }
    }

    /// `self · middle · self`.
    pub(crate) fn sandwich(&self, middle: &Self) -> Self {
        let n = self.order;
        let mut half = vec![0.0; n * n];
        for i in 0..n {
            for j in 0..n {
                half[i * n + j] = (0..n).map(|k| self.at(i, k) * middle.at(k, j)).sum();
            }
        }
        let mut out = Self::zeros(n);
        for i in 0..n {
            for j in 0..=i {
                let entry: f64 = (0..n).map(|k| half[i * n + k] * self.at(k, j)).sum();
                out.add(i, j, entry);
            }
        }
        out
    }

    pub(crate) fn times(&self, vector: &[f64]) -> Vec<f64> {
        (0..self.order)
            .map(|i| {
                vector
                    .iter()
                    .enumerate()
                    .map(|(j, v)| self.at(i, j) * v)
                    .sum()
            })
            .collect()
    }

    /// Row-major copy of both triangles.
    pub(crate) fn to_rows(&self) -> Vec<f64> {
        let n = self.order;
        (0..n * n).map(|at| self.at(at / n, at % n)).collect()
    }

    /// Eigenvalues and (by column, row-major) eigenvectors, by Jacobi's rotations.
    pub(crate) fn eigen(&self) -> (Vec<f64>, Vec<f64>) {
        let n = self.order;
        let mut matrix = self.to_rows();
        let mut vectors: Vec<f64> = (0..n * n)
            .map(|at| if at / n == at % n { 1.0 } else { 0.0 })
            .collect();
        for _ in 0..60 {
            let mut off = 0.0;
            for p in 0..n {
                for q in p + 1..n {
                    off += matrix[p * n + q].powi(2);
                    rotate(&mut matrix, &mut vectors, n, p, q);
                }
            }
            let size: f64 = (0..n).map(|i| matrix[i * n + i].powi(2)).sum();
            if off <= 1e-32 * size {
                break;
            }
        }
        ((0..n).map(|i| matrix[i * n + i]).collect(), vectors)
    }

    /// The nearest matrix without negative eigenvalues, and whether there were any.
    pub(crate) fn nonnegative(&self) -> (Self, bool) {
        let n = self.order;
        let (values, vectors) = self.eigen();
        let most = values.iter().copied().fold(0.0, f64::max);
        if values.iter().all(|&value| value >= -1e-14 * most) {
            return (self.clone(), false);
        }
        let mut out = Self::zeros(n);
        for (k, value) in values.iter().enumerate().filter(|(_, value)| **value > 0.0) {
            for i in 0..n {
                for j in 0..=i {
                    out.add(i, j, value * vectors[i * n + k] * vectors[j * n + k]);
                }
            }
        }
        (out, true)
    }
}

/// One Jacobi rotation that makes the entry `(p, q)` zero.
fn rotate(matrix: &mut [f64], vectors: &mut [f64], n: usize, p: usize, q: usize) {
    let entry = matrix[p * n + q];
    if entry == 0.0 {
        return;
    }
    let theta = (matrix[q * n + q] - matrix[p * n + p]) / (2.0 * entry);
    let tangent = theta.signum() / (theta.abs() + theta.hypot(1.0));
    let tangent = if theta == 0.0 { 1.0 } else { tangent };
    let cosine = 1.0 / tangent.hypot(1.0);
    let sine = tangent * cosine;
    for k in 0..n {
        let (a, b) = (matrix[k * n + p], matrix[k * n + q]);
        matrix[k * n + p] = cosine * a - sine * b;
        matrix[k * n + q] = sine * a + cosine * b;
    }
    for k in 0..n {
        let (a, b) = (matrix[p * n + k], matrix[q * n + k]);
        matrix[p * n + k] = cosine * a - sine * b;
        matrix[q * n + k] = sine * a + cosine * b;
        let (a, b) = (vectors[k * n + p], vectors[k * n + q]);
        vectors[k * n + p] = cosine * a - sine * b;
        vectors[k * n + q] = sine * a + cosine * b;
    }
}

/// `L` with `L L' = A`, of a matrix scaled to a unit diagonal.
#[derive(Debug, Clone)]
pub(crate) struct Cholesky {
    factor: Symmetric,
    scale: Vec<f64>,
}

impl Cholesky {
    /// Nothing if the matrix is not positive definite.
    pub(crate) fn new(matrix: &Symmetric) -> Option<Self> {
        let n = matrix.order;
        let scale: Vec<f64> = (0..n).map(|k| matrix.at(k, k).sqrt()).collect();
        if !scale.iter().all(|&scale| scale > 0.0 && scale.is_finite()) {
            return None;
        }
        let mut factor = Symmetric::zeros(n);
        for i in 0..n {
            for j in 0..=i {
                let mut entry = matrix.at(i, j) / (scale[i] * scale[j]);
                for k in 0..j {
                    entry -= factor.at(i, k) * factor.at(j, k);
                }
                if i == j {
                    if entry <= 0.0 || !entry.is_finite() {
                        return None;
                    }
                    factor.add(i, i, entry.sqrt());
                } else {
                    factor.add(i, j, entry / factor.at(j, j));
                }
            }
        }
        Some(Self { factor, scale })
    }

    pub(crate) fn solve(&self, right: &[f64]) -> Vec<f64> {
        let n = self.factor.order;
        let mut out: Vec<f64> = right.iter().zip(&self.scale).map(|(r, s)| r / s).collect();
        for i in 0..n {
            for k in 0..i {
                out[i] -= self.factor.at(i, k) * out[k];
            }
            out[i] /= self.factor.at(i, i);
        }
        for i in (0..n).rev() {
            for k in i + 1..n {
                out[i] -= self.factor.at(k, i) * out[k];
            }
            out[i] /= self.factor.at(i, i);
        }
        out.iter().zip(&self.scale).map(|(o, s)| o / s).collect()
    }

    pub(crate) fn inverse(&self) -> Symmetric {
        let n = self.factor.order;
        let mut out = Symmetric::zeros(n);
        for j in 0..n {
            let mut unit = vec![0.0; n];
            unit[j] = 1.0;
            for (i, entry) in self.solve(&unit).into_iter().enumerate().skip(j) {
                out.add(i, j, entry);
            }
        }
        out
    }
}
