//! The files that came out of a run. They lie in the database, so that they appear in the
//! same step in which the run is marked as done.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension as _, params};

use crate::connection::Store;
use crate::error::StoreError;
use crate::identity::RunId;

/// A file with what it holds: of a run, or of what somebody brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFile {
    /// Its name, such as `results.csv`.
    pub name: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// A file without what it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResultCard {
    /// Its name.
    pub name: String,
    /// Its size.
    pub bytes: u64,
}

impl Store {
    /// The files of a run, by name; none unless it is done.
    ///
    /// # Errors
    /// What the database says.
    pub fn results(&self, run: RunId) -> Result<Vec<ResultCard>, StoreError> {
        self.read("list the results", |database| {
            let mut asked = database.prepare_cached(
                "SELECT name, length(bytes) FROM result WHERE run = ?1 ORDER BY name",
            )?;
            let cards = asked.query_map([run], |row| {
                let bytes: i64 = row.get(1)?;
                Ok(ResultCard {
                    name: row.get(0)?,
                    bytes: bytes.unsigned_abs(),
                })
            })?;
            Ok(cards.collect::<Result<_, _>>()?)
        })
    }

    /// What the file of this name holds in every run that has one.
    ///
    /// # Errors
    /// What the database says.
    pub fn results_named(&self, name: &str) -> Result<BTreeMap<RunId, Vec<u8>>, StoreError> {
        self.read("read the results", |database| {
            let mut asked = database.prepare_cached(
                "SELECT run, bytes FROM result
                     WHERE name = ?1 AND run IN (SELECT id FROM run)",
            )?;
            let files = asked.query_map([name], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok(files.collect::<Result<_, _>>()?)
        })
    }

    /// What a file of a run holds; `None` if the run has no such file.
    ///
    /// # Errors
    /// What the database says.
    pub fn result(&self, run: RunId, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.read("read the result", |database| {
            Ok(database
                .query_row(
                    "SELECT bytes FROM result WHERE run = ?1 AND name = ?2",
                    params![run, name],
                    |row| row.get(0),
                )
                .optional()?)
        })
    }
}
