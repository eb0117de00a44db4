//! Sums in four strands, which vector instructions add beside each other.

/// The sum of some numbers.
#[expect(
    clippy::inline_always,
    reason = "must become part of the vectorized pass"
)]
#[inline(always)]
pub(crate) fn sum(values: &[f64]) -> f64 {
    let (values, rest) = values.as_chunks::<4>();
    let mut sums = [0.0; 4];
    for values in values {
        for l in 0..4 {
            sums[l] += values[l];
        }
    }
    (sums[0] + sums[1]) + (sums[2] + sums[3]) + rest.iter().sum::<f64>()
}

/// The sum of products.
#[expect(
    clippy::inline_always,
    reason = "must become part of the vectorized pass"
)]
#[inline(always)]
pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    let (a, a_rest) = a.as_chunks::<4>();
    let (b, b_rest) = b.as_chunks::<4>();
    let mut sums = [0.0; 4];
    for (a, b) in a.iter().zip(b) {
        for l in 0..4 {
            sums[l] += a[l] * b[l];
        }
    }
    let rest: f64 = a_rest.iter().zip(b_rest).map(|(a, b)| a * b).sum();
    (sums[0] + sums[1]) + (sums[2] + sums[3]) + rest
}
