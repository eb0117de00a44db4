//! Lags and leads within a panel.

use std::collections::HashMap;

use super::{Formula, FormulaError, Operand, crossed};
use crate::factor::MISSING;
use crate::table::Table;

/// Which columns tell the units of a panel apart, and which its times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PanelColumns {
    /// The columns that name a unit together, such as exporter and importer.
    pub units: Vec<String>,
    /// The column of times, whole numbers such as years.
    pub time: String,
}

impl Formula {
    /// Whether the formula has lags or leads.
    pub fn has_shifts(&self) -> bool {
        self.operands()
            .any(|operand| matches!(operand, Operand::Shifted { .. }))
    }

    /// The table with the lags and leads of the formula as columns. Before rows are left out
    /// by a condition, so that the value of a year that is left out is still known to others.
    ///
    /// # Errors
    /// A column that is not there or holds texts; two rows for one unit and time.
    pub fn with_shifts(&self, table: Table, panel: &PanelColumns) -> Result<Table, FormulaError> {
        let shifted = self.operands().filter_map(|operand| match operand {
            Operand::Shifted { column, by } => Some((operand.name(), column.as_str(), *by)),
            _ => None,
        });
        let shifted: Vec<(String, &str, i32)> = shifted.collect();
        if shifted.is_empty() {
            return Ok(table);
        }
        let columns = {
            let index = Index::new(&table, panel)?;
            shifted
                .into_iter()
                .map(|(name, column, by)| Ok((name, index.shifted(table.numbers(column)?, by))))
                .collect::<Result<Vec<_>, FormulaError>>()?
        };
        columns.into_iter().try_fold(
            table,
            |table, (name, values)| Ok(table.with(&name, values)?),
        )
    }
}

/// The row of every unit and time.
struct Index {
    /// Unit and time of each row; `None` where one is missing.
    places: Vec<Option<(u32, i64)>>,
    rows: HashMap<(u32, i64), usize>,
}

impl Index {
    fn new(table: &Table, panel: &PanelColumns) -> Result<Self, FormulaError> {
        let units = crossed(&panel.units, table)?;
        let times = table.numbers(&panel.time)?;
        let mut places = Vec::with_capacity(times.len());
        let mut rows = HashMap::with_capacity(times.len());
        for (row, (&unit, &time)) in units.codes().iter().zip(times).enumerate() {
            let whole = time.is_finite() && time.fract().abs() <= 0.0 && time.abs() < 1e15;
            if unit == MISSING || !whole {
                places.push(None);
                continue;
            }
            let place = (unit, time as i64);
            if let Some(first) = rows.insert(place, row) {
                return Err(FormulaError::TwoRows {
                    first: first + 1,
                    second: row + 1,
                    unit: units.label(unit),
                    time,
                });
            }
            places.push(Some(place));
        }
        Ok(Self { places, rows })
    }

    /// The value `by` periods before; missing where there is no such row.
    fn shifted(&self, values: &[f64], by: i32) -> Vec<f64> {
        let before = |place: &Option<(u32, i64)>| {
            let (unit, time) = (*place)?;
            self.rows
                .get(&(unit, time - i64::from(by)))
                .map(|&row| values[row])
        };
        let values = self
            .places
            .iter()
            .map(|place| before(place).unwrap_or(f64::NAN));
        values.collect()
    }
}
