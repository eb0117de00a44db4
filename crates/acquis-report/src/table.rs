//! The table: the one thing that every renderer takes.

use std::collections::BTreeSet;

use crate::column::{Column, ColumnKind};
use crate::text::slug;

/// One value of a table.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Words.
    Text(String),
    /// A finite number.
    Number(f64),
    /// A whole number.
    Integer(i64),
    /// Yes or no.
    Flag(bool),
    /// No value: not known, or not applicable.
    Missing,
}

impl Cell {
    /// What the cell holds, in the words of an error message.
    pub fn holds(&self) -> &'static str {
        match self {
            Self::Text(_) => "text",
            Self::Number(_) => "a number",
            Self::Integer(_) => "a whole number",
            Self::Flag(_) => "a flag",
            Self::Missing => "no value",
        }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<f64> for Cell {
    fn from(value: f64) -> Self {
        Self::Number(value)
    }
}

impl From<i64> for Cell {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl From<i32> for Cell {
    fn from(value: i32) -> Self {
        Self::Integer(i64::from(value))
    }
}

impl From<u32> for Cell {
    fn from(value: u32) -> Self {
        Self::Integer(i64::from(value))
    }
}

impl From<bool> for Cell {
    fn from(value: bool) -> Self {
        Self::Flag(value)
    }
}

impl<T: Into<Self>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Missing, Into::into)
    }
}

/// Why a row was refused. Rows are counted from one, as a reader counts them.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum TableError {
    /// A row with too few or too many cells.
    #[error("table `{table}`, row {row}: {got} cells for {expected} columns")]
    Width {
        /// Id of the table.
        table: String,
        /// Number of the refused row.
        row: usize,
        /// Number of columns.
        expected: usize,
        /// Number of cells.
        got: usize,
    },
    /// A cell that is not what its column holds.
    #[error("table `{table}`, row {row}, column `{column}`: expected {expected}, got {got}")]
    Kind {
        /// Id of the table.
        table: String,
        /// Number of the refused row.
        row: usize,
        /// Name of the column.
        column: String,
        /// What the column holds.
        expected: &'static str,
        /// What the cell held.
        got: &'static str,
    },
    /// A number that is infinite or not a number. Whoever has no value says so with
    /// [`Cell::Missing`]; whoever has a failed computation says so with an error.
    #[error("table `{table}`, row {row}, column `{column}`: {value} is not a finite number")]
    NotFinite {
        /// Id of the table.
        table: String,
        /// Number of the refused row.
        row: usize,
        /// Name of the column.
        column: String,
        /// The number.
        value: f64,
    },
}

/// Rows under typed columns, with a title for people and an id for files.
///
/// Columns and rows can be read but not changed from outside, so that every table a renderer
/// meets is rectangular, typed and finite.
///
/// ```
/// use acquis_report::{Column, Table, TableError, Unit};
///
/// let mut gains = Table::new(
///     "gains",
///     "Gains",
///     vec![
///         Column::text("state", "State"),
///         Column::change("real_income_change_pct", "Real income", Unit::PERCENT, 2),
///     ],
/// );
/// gains.push_row(vec!["Ruritania".into(), 1.25.into()])?;
/// gains.push_row(vec!["Graustark".into(), None::<f64>.into()])?;
/// let refused = gains.push_row(vec!["Syldavia".into(), f64::NAN.into()]);
/// assert!(matches!(refused, Err(TableError::NotFinite { row: 3, .. })));
/// assert_eq!(gains.rows().len(), 2);
/// # Ok::<(), TableError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    id: String,
    /// Title for people.
    pub title: String,
    columns: Vec<Column>,
    rows: Vec<Vec<Cell>>,
    /// Notes below the table: sources, estimates, what was left out.
    pub notes: Vec<String>,
}

impl Table {
    /// An empty table.
    ///
    /// The id becomes the stem of file names and is brought to kebab-case if it is not (`Gains
    /// by state` to `gains-by-state`). Of two columns with one name the second is given a
    /// number (`value`, `value_2`), since files need names that are unique.
    pub fn new(id: impl AsRef<str>, title: impl Into<String>, columns: Vec<Column>) -> Self {
        Self {
            id: slug(id.as_ref()),
            title: title.into(),
            columns: with_unique_names(columns),
            rows: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Adds a row.
    ///
    /// A whole number in a column of numbers is taken as a number.
    ///
    /// # Errors
    /// [`TableError::Width`] for a row of the wrong length, [`TableError::Kind`] for a cell
    /// that its column cannot hold, [`TableError::NotFinite`] for a number that is none.
    pub fn push_row(&mut self, mut cells: Vec<Cell>) -> Result<(), TableError> {
        let row = self.rows.len() + 1;
        if cells.len() != self.columns.len() {
            return Err(TableError::Width {
                table: self.id.clone(),
                row,
                expected: self.columns.len(),
                got: cells.len(),
            });
        }
        for (column, cell) in self.columns.iter().zip(&mut cells) {
            self.admit(row, column, cell)?;
        }
        self.rows.push(cells);
        Ok(())
    }

    /// Adds a note below the table.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// The same table under another id, for a page that shows several of a kind.
    #[must_use]
    pub fn with_id(mut self, id: impl AsRef<str>) -> Self {
        self.id = slug(id.as_ref());
        self
    }

    /// The id: stem of file names, anchor on a page.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The columns, with unique names.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The rows; each has one cell for each column.
    pub fn rows(&self) -> &[Vec<Cell>] {
        &self.rows
    }

    /// The table with the rows that are wanted only.
    #[must_use]
    pub fn filtered(&self, wanted: impl Fn(&[Cell]) -> bool) -> Self {
        let mut table = self.clone();
        table.rows.retain(|cells| wanted(cells));
        table
    }

    /// Whether the table has no rows.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    fn admit(&self, row: usize, column: &Column, cell: &mut Cell) -> Result<(), TableError> {
        let holds_numbers = column.kind.is_numeric()
            && !matches!(column.kind, ColumnKind::Integer | ColumnKind::Figure);
        match (&column.kind, &*cell) {
            (_, Cell::Missing)
            | (ColumnKind::Text | ColumnKind::Figure, Cell::Text(_))
            | (ColumnKind::Integer, Cell::Integer(_))
            | (ColumnKind::Flag | ColumnKind::Verdict { .. }, Cell::Flag(_)) => Ok(()),
            (_, Cell::Number(value)) if holds_numbers => {
                if value.is_finite() {
                    return Ok(());
                }
                Err(TableError::NotFinite {
                    table: self.id.clone(),
                    row,
                    column: column.name.clone(),
                    value: *value,
                })
            }
            (_, Cell::Integer(value)) if holds_numbers => {
                *cell = Cell::Number(*value as f64);
                Ok(())
            }
            (kind, other) => Err(TableError::Kind {
                table: self.id.clone(),
                row,
                column: column.name.clone(),
                expected: kind.expects(),
                got: other.holds(),
            }),
        }
    }
}

fn with_unique_names(mut columns: Vec<Column>) -> Vec<Column> {
    let mut taken = BTreeSet::new();
    for column in &mut columns {
        let plain = column.name.clone();
        let mut number = 2;
        while !taken.insert(column.name.clone()) {
            column.name = format!("{plain}_{number}");
            number += 1;
        }
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::column::Unit;

    fn one_of_each() -> Table {
        Table::new(
            "Every Kind",
            "Every kind",
            vec![
                Column::text("state", "State"),
                Column::number("trade", "Trade", "million USD", 1),
                Column::integer("votes", "Votes", Unit::NONE),
                Column::flag("estimated", "Estimated"),
            ],
        )
    }

    #[test]
    fn id_becomes_kebab_case() {
        assert_eq!(one_of_each().id(), "every-kind");
    }

    #[test]
    fn a_name_given_twice_gets_a_number() {
        let twice = vec![
            Column::text("a", "A"),
            Column::text("a", "B"),
            Column::text("a_2", "C"),
        ];
        let table = Table::new("t", "T", twice);
        let names: Vec<_> = table.columns().iter().map(|c| c.name.as_str()).collect();
        assert_eq!(names, ["a", "a_2", "a_2_2"]);
    }

    #[test]
    fn a_short_row_is_refused_with_both_lengths() {
        let error = one_of_each().push_row(vec!["x".into()]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "table `every-kind`, row 1: 1 cells for 4 columns"
        );
    }

    #[test]
    fn a_cell_of_the_wrong_kind_is_refused_by_name() {
        let row = vec!["x".into(), "y".into(), 3_i64.into(), true.into()];
        let error = one_of_each().push_row(row).unwrap_err();
        let said = "table `every-kind`, row 1, column `trade`: expected a number, got text";
        assert_eq!(error.to_string(), said);
    }

    #[test]
    fn a_whole_number_is_taken_as_a_number() {
        let mut table = one_of_each();
        table
            .push_row(vec!["x".into(), 7_i64.into(), 3_i64.into(), true.into()])
            .unwrap();
        assert_eq!(table.rows()[0][1], Cell::Number(7.0));
    }

    #[test]
    fn infinities_are_refused() {
        for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            let row = vec!["x".into(), value.into(), Cell::Missing, Cell::Missing];
            let error = one_of_each().push_row(row).unwrap_err();
            assert!(matches!(error, TableError::NotFinite { .. }), "{error}");
        }
    }
}
