//! The names of a file's columns, without its rows.

use std::fs::File;
use std::path::Path;

use csv::ReaderBuilder;
use parquet::file::reader::{FileReader, SerializedFileReader};

use crate::table::{Table, TableError};

impl Table {
    /// The names of the columns of a CSV, Parquet or Stata file, in their order.
    ///
    /// # Errors
    /// [`TableError`] as [`Table::read`].
    pub fn column_names(path: &Path) -> Result<Vec<String>, TableError> {
        let file = path.display().to_string();
        let malformed = |what: String| TableError::Malformed {
            file: path.display().to_string(),
            what,
        };
        let open = || {
            File::open(path).map_err(|source| TableError::Read {
                file: file.clone(),
                source,
            })
        };
        let ending = path.extension().and_then(std::ffi::OsStr::to_str);
        match ending.unwrap_or_default().to_ascii_lowercase().as_str() {
            "csv" => {
                let mut reader = ReaderBuilder::new().from_reader(open()?);
                let header = reader
                    .headers()
                    .map_err(|error| malformed(error.to_string()))?;
                let unmarked = |name: &str| name.trim_start_matches('\u{feff}').to_owned();
                Ok(header.iter().map(unmarked).collect())
            }
            "parquet" | "pq" => {
                let reader = SerializedFileReader::new(open()?);
                let reader = reader.map_err(|error| malformed(error.to_string()))?;
                let schema = reader.metadata().file_metadata().schema_descr_ptr();
                Ok(schema.columns().iter().map(|c| c.path().string()).collect())
            }
            _ => {
                let table = Self::read(path, None, &[])?;
                Ok(table
                    .columns
                    .into_iter()
                    .map(|column| column.name)
                    .collect())
            }
        }
    }
}
