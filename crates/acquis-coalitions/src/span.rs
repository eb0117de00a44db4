//! Which coalitions are linear combinations of others, as vectors of members.
//!
//! Computed modulo the prime `2^61 - 1`: minors of matrices of zeros and ones with up to
//! twenty rows are below `21^{21/2} / 2^{20} < 2^{27}`, so that none vanishes modulo the prime
//! unless it is zero.

/// What a set of independent coalitions spans, in echelon form.
#[derive(Debug, Clone)]
pub struct Span {
    n: usize,
    /// `(leading place, row)`, with a one at the leading place and zeros there in the others.
    rows: Vec<(usize, Vec<u64>)>,
}

const PRIME: u64 = (1 << 61) - 1;

impl Span {
    /// Nothing yet, among `n` players: at most twenty, for the reason above.
    pub fn new(n: usize) -> Self {
        Self {
            n,
            rows: Vec::new(),
        }
    }

    /// How many coalitions it is spanned by; `n` if it contains every coalition.
    pub fn rank(&self) -> usize {
        self.rows.len()
    }

    /// Whether the coalition with this mask is a linear combination of those added.
    pub fn contains(&self, mask: u64) -> bool {
        self.reduce(mask).iter().all(|&entry| entry == 0)
    }

    /// Adds a coalition; whether it was independent of the others.
    pub fn add(&mut self, mask: u64) -> bool {
        let mut row = self.reduce(mask);
        let Some(lead) = row.iter().position(|&entry| entry != 0) else {
            return false;
        };
        let scale = inverse(row[lead]);
        for entry in &mut row {
            *entry = multiply(*entry, scale);
        }
        for (_, other) in &mut self.rows {
            let factor = other[lead];
            eliminate(other, factor, &row);
        }
        self.rows.push((lead, row));
        true
    }

    /// What is left of a coalition once the others are taken out.
    fn reduce(&self, mask: u64) -> Vec<u64> {
        let mut rest: Vec<u64> = (0..self.n).map(|player| mask >> player & 1).collect();
        for (lead, row) in &self.rows {
            let factor = rest[*lead];
            eliminate(&mut rest, factor, row);
        }
        rest
    }
}

/// `rest -= factor · row`
fn eliminate(rest: &mut [u64], factor: u64, row: &[u64]) {
    if factor == 0 {
        return;
    }
    for (rest, entry) in rest.iter_mut().zip(row) {
        let less = multiply(factor, *entry);
        *rest = if *rest >= less {
            *rest - less
        } else {
            *rest + PRIME - less
        };
    }
}

/// Of two numbers below the prime. `2^61` is one modulo the prime, so that the product's upper
/// and lower parts can be added; a division of 128 bits would take most of the time of a scan.
fn multiply(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    let parts = [product >> 61, product & u128::from(PRIME)];
    let [upper, lower] = parts.map(|part| u64::try_from(part).unwrap_or(0));
    let sum = upper + lower;
    if sum >= PRIME { sum - PRIME } else { sum }
}

/// By Fermat: `a^{p-2}`.
fn inverse(a: u64) -> u64 {
    let (mut result, mut power, mut exponent) = (1, a, PRIME - 2);
    while exponent > 0 {
        if exponent & 1 == 1 {
            result = multiply(result, power);
        }
        power = multiply(power, power);
        exponent >>= 1;
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_are_those_of_a_division() {
        let numbers = [0, 1, 2, 12_345_678_901, PRIME / 3, PRIME - 2, PRIME - 1];
        for a in numbers {
            for b in numbers {
                let divided = u128::from(a) * u128::from(b) % u128::from(PRIME);
                assert_eq!(u128::from(multiply(a, b)), divided);
            }
        }
    }
}
