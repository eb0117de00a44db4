//! Draws from a seed: `SplitMix64` (Steele, Lea and Flood 2014).

/// A stream of draws.
#[derive(Debug, Clone)]
pub(crate) struct Random(u64);

impl Random {
    /// The stream of one row of a table of draws; rows don't depend on each other.
    pub(crate) fn row(seed: u64, row: u64) -> Self {
        let mut rows = Self(seed);
        let start = rows.next();
        Self(start ^ Self(row).next())
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ mixed >> 31
    }

    /// Uniform above 0 and below 1.
    pub(crate) fn uniform(&mut self) -> f64 {
        ((self.next() >> 12) as f64 + 0.5) / (1_u64 << 52) as f64
    }

    /// Standard normal (Box and Muller 1958).
    pub(crate) fn normal(&mut self) -> f64 {
        let radius = (-2.0 * self.uniform().ln()).sqrt();
        radius * (std::f64::consts::TAU * self.uniform()).cos()
    }

    /// From 0 to before `end`, which is above 0.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        let wide = (u128::from(self.next()) * end as u128) >> 64;
        usize::try_from(wide).unwrap_or(0)
    }
}
