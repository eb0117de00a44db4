//! How much of a file is read.

/// The most that is read of a file and held in memory: a few bytes can claim gigabytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Rows of a table.
    pub rows: usize,
    /// Cells of a table of figures, eight bytes each; tables that are filled from the same
    /// rows count together.
    pub cells: usize,
}

impl Limits {
    /// Of a user's own files, on the user's own machine: 4 GiB of figures. A table with a
    /// thousand countries in sixty sectors has a tenth of it; one with more is a file misread.
    pub const OWN: Self = Self {
        rows: 50_000_000,
        cells: 1 << 29,
    };

    /// Of files that somebody sends to a server. A year of WIOD has 2.4 million rows.
    pub const SENT: Self = Self {
        rows: 4_000_000,
        cells: 1 << 24,
    };
}

impl Default for Limits {
    fn default() -> Self {
        Self::OWN
    }
}
