//! A table of elasticities: a row for each sector, a column for each set of estimates.

use crate::codes::{Absent, Codes, Grid};
use crate::error::EconomyError;
use crate::meaning::{Elasticities, ElasticityMeaning};
use crate::table::LongTable;

/// The names of the columns to read.
pub(crate) struct ElasticityColumns<'c> {
    pub(crate) sector: &'c str,
    pub(crate) value: &'c str,
}

impl ElasticityColumns<'_> {
    /// Reads the elasticities of the sectors, each of which must be there once.
    pub(crate) fn read(
        &self,
        table: &LongTable,
        sectors: &Codes,
        meaning: ElasticityMeaning,
        source: String,
    ) -> Result<Elasticities, EconomyError> {
        let sector = table.column(self.sector)?;
        let value = table.column(self.value)?;
        let mut grid = Grid::new("elasticities", &[sectors], table.limits())?;
        for row in 0..table.len() {
            let position = sectors.find(&table.text(row, sector), || table.at(row, sector))?;
            let above = meaning.above_theta();
            let number = table
                .number(row, value)
                .filter(|number| *number > above)
                .ok_or_else(|| table.wrong(row, value, format!("a number above {above}")))?;
            grid.put(&[position], number, || table.at(row, sector))?;
        }
        Ok(Elasticities {
            values: grid.complete(Absent::Missing, &table.at_start())?,
            meaning,
            source,
        })
    }
}
