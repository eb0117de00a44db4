//! Into which parts trade splits: prohibitions can cut the world in pieces that have no
//! trade with each other, and each piece then has its own level of wages.

/// The weakly connected parts of a trade matrix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Parts {
    part_of: Vec<usize>,
    count: usize,
}

impl Parts {
    /// Parts of an `[n * n]` matrix: two economies are in one part if either sells to the
    /// other, or both are connected through others.
    pub(crate) fn of(matrix: &[f64], n: usize) -> Self {
        const UNKNOWN: usize = usize::MAX;
        let mut part_of = vec![UNKNOWN; n];
        let mut count = 0;
        let mut queue = Vec::with_capacity(n);
        let mut unknown = n;
        for start in 0..n {
            if part_of[start] != UNKNOWN {
                continue;
            }
            part_of[start] = count;
            unknown -= 1;
            queue.push(start);
            while let Some(i) = queue.pop() {
                if unknown == 0 {
                    break;
                }
                for j in 0..n {
                    let linked = matrix[i * n + j] > 0.0 || matrix[j * n + i] > 0.0;
                    if linked && part_of[j] == UNKNOWN {
                        part_of[j] = count;
                        unknown -= 1;
                        queue.push(j);
                    }
                }
            }
            queue.clear();
            count += 1;
        }
        Self { part_of, count }
    }

    pub(crate) fn count(&self) -> usize {
        self.count
    }

    pub(crate) fn part_of(&self, country: usize) -> usize {
        self.part_of[country]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_two_parts() {
        #[rustfmt::skip]
        let matrix = [
            1.0, 0.0, 0.0, 2.0,
            0.0, 1.0, 0.0, 0.0,
            0.0, 3.0, 1.0, 0.0,
            0.0, 0.0, 0.0, 1.0,
        ];
        let parts = Parts::of(&matrix, 4);
        assert_eq!(parts.count(), 2);
        assert_eq!(parts.part_of(0), parts.part_of(3));
        assert_eq!(parts.part_of(1), parts.part_of(2));
        assert_ne!(parts.part_of(0), parts.part_of(1));
    }
}
