//! Codes in their order, and tables of figures over them, filled a cell at a time.

use std::collections::BTreeMap;

use acquis_registry::nearest;

use crate::error::{EconomyError, Location};
use crate::limits::Limits;
use crate::table::LongTable;

/// Codes of countries or sectors, each with its position.
#[derive(Debug, Clone)]
pub(crate) struct Codes {
    /// What a code names, in a message: "country".
    what: &'static str,
    order: Vec<String>,
    positions: BTreeMap<String, usize>,
}

impl Codes {
    pub(crate) const fn new(what: &'static str) -> Self {
        Self {
            what,
            order: Vec::new(),
            positions: BTreeMap::new(),
        }
    }

    pub(crate) fn of<'c>(what: &'static str, codes: impl IntoIterator<Item = &'c str>) -> Self {
        let mut all = Self::new(what);
        for code in codes {
            all.add(code);
        }
        all
    }

    /// The position of a code, added at the end if it is new.
    pub(crate) fn add(&mut self, code: &str) -> usize {
        if let Some(&position) = self.positions.get(code) {
            return position;
        }
        let position = self.order.len();
        self.order.push(code.to_owned());
        self.positions.insert(code.to_owned(), position);
        position
    }

    pub(crate) fn get(&self, code: &str) -> Option<usize> {
        self.positions.get(code).copied()
    }

    /// The position of a code that must be there.
    pub(crate) fn find(
        &self,
        code: &str,
        at: impl FnOnce() -> Location,
    ) -> Result<usize, EconomyError> {
        self.get(code).ok_or_else(|| EconomyError::Unknown {
            at: at(),
            what: self.what,
            code: code.to_owned(),
            nearest: nearest(code, self.order.iter().map(String::as_str)),
        })
    }

    pub(crate) fn len(&self) -> usize {
        self.order.len()
    }

    pub(crate) fn order(&self) -> &[String] {
        &self.order
    }
}

/// What a cell that no row gives means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Absent {
    /// A mistake.
    #[default]
    Missing,
    /// Zero.
    Zero,
}

/// So many cells are held whatever the file is, so that the first that is missing is named.
const FEW_CELLS: usize = 1 << 20;

/// The number of cells of a table, if so many may be held in memory.
pub(crate) fn cells(
    what: &'static str,
    sizes: &[usize],
    limits: Limits,
) -> Result<usize, EconomyError> {
    let product = (sizes.iter()).try_fold(1_usize, |cells, size| cells.checked_mul(*size));
    product
        .filter(|cells| *cells <= limits.cells)
        .ok_or_else(|| {
            let sizes: Vec<String> = sizes.iter().map(ToString::to_string).collect();
            EconomyError::TooLarge {
                what,
                sizes: sizes.join(" x "),
                most: limits.cells,
            }
        })
}

/// The number of cells of a table that the rows of a file must fill. Where they are too few
/// to do so, that is said before memory is taken: many codes in few rows make many cells.
pub(crate) fn cells_to_fill(
    what: &'static str,
    sizes: &[usize],
    table: &LongTable,
) -> Result<usize, EconomyError> {
    let cells = cells(what, sizes, table.limits())?;
    if cells > FEW_CELLS && cells > table.len() {
        return Err(EconomyError::TooFewRows {
            at: table.at_start(),
            what,
            rows: table.len(),
            cells,
        });
    }
    Ok(cells)
}

fn sizes(axes: &[&Codes]) -> Vec<usize> {
    axes.iter().map(|codes| codes.len()).collect()
}

/// A dense table over codes. Cells are not a number until they are put.
pub(crate) struct Grid<'c> {
    what: &'static str,
    axes: Vec<&'c Codes>,
    values: Vec<f64>,
}

impl<'c> Grid<'c> {
    pub(crate) fn new(
        what: &'static str,
        axes: &[&'c Codes],
        limits: Limits,
    ) -> Result<Self, EconomyError> {
        let cells = cells(what, &sizes(axes), limits)?;
        Ok(Self::of(what, axes, cells))
    }

    /// A table of which every cell stands in a row of `table`.
    pub(crate) fn to_fill(
        what: &'static str,
        axes: &[&'c Codes],
        table: &LongTable,
    ) -> Result<Self, EconomyError> {
        let cells = cells_to_fill(what, &sizes(axes), table)?;
        Ok(Self::of(what, axes, cells))
    }

    fn of(what: &'static str, axes: &[&'c Codes], cells: usize) -> Self {
        Self {
            what,
            axes: axes.to_vec(),
            values: vec![f64::NAN; cells],
        }
    }

    /// Sets a cell that was not set yet.
    pub(crate) fn put(
        &mut self,
        position: &[usize],
        value: f64,
        at: impl FnOnce() -> Location,
    ) -> Result<(), EconomyError> {
        let cell = self.cell(position);
        if !self.values[cell].is_nan() {
            return Err(EconomyError::Duplicate {
                at: at(),
                what: self.what,
                cell: self.name(cell),
            });
        }
        self.values[cell] = value;
        Ok(())
    }

    /// The table, if every cell is set or may be absent.
    pub(crate) fn complete(self, absent: Absent, at: &Location) -> Result<Vec<f64>, EconomyError> {
        let is_missing = |value: &f64| value.is_nan();
        let Some(first) = self.values.iter().position(is_missing) else {
            return Ok(self.values);
        };
        match absent {
            Absent::Zero => Ok(self
                .values
                .into_iter()
                .map(|value| if value.is_nan() { 0.0 } else { value })
                .collect()),
            Absent::Missing => Err(EconomyError::Missing {
                at: at.clone(),
                what: self.what,
                missing: self.values.iter().filter(|value| is_missing(value)).count(),
                cells: self.values.len(),
                first: self.name(first),
            }),
        }
    }

    /// Sets the cells of a position on the first axis to zero where they are not set.
    pub(crate) fn absent_is_zero(&mut self, first: usize) {
        let row = self.values.len() / self.axes.first().map_or(1, |codes| codes.len().max(1));
        for value in &mut self.values[first * row..(first + 1) * row] {
            if value.is_nan() {
                *value = 0.0;
            }
        }
    }

    /// Whether a cell is set.
    pub(crate) fn has(&self, cell: usize) -> bool {
        !self.values[cell].is_nan()
    }

    /// Number of cells.
    pub(crate) fn len(&self) -> usize {
        self.values.len()
    }

    pub(crate) fn cell(&self, position: &[usize]) -> usize {
        self.axes
            .iter()
            .zip(position)
            .fold(0, |cell, (codes, at)| cell * codes.len() + at)
    }

    /// A cell in words: its codes in order.
    fn name(&self, mut cell: usize) -> String {
        let mut names = Vec::with_capacity(self.axes.len());
        for codes in self.axes.iter().rev() {
            names.push(codes.order[cell % codes.len()].as_str());
            cell /= codes.len();
        }
        names.reverse();
        names.join(", ")
    }
}
