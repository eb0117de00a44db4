//! Parquet: whole columns, decoded without Arrow.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;

use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{ByteArray, DataType};
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader as _, RowGroupReader, SerializedFileReader};

use super::cannot_read;
use crate::error::EconomyError;

/// The values of a table, column by column.
#[derive(Debug)]
pub(super) struct Columns {
    rows: usize,
    columns: Vec<Values>,
}

#[derive(Debug)]
enum Values {
    Text(Texts),
    Number(Vec<Option<f64>>),
    /// A kind of value that no table of ours has.
    Other,
}

/// Texts, each word of them kept once.
#[derive(Debug, Default)]
struct Texts {
    words: Vec<String>,
    positions: BTreeMap<String, u32>,
    rows: Vec<Option<u32>>,
}

impl Texts {
    fn get(&self, row: usize) -> Option<&str> {
        let position = usize::try_from((*self.rows.get(row)?)?).ok()?;
        self.words.get(position).map(String::as_str)
    }

    /// The position of a word.
    fn word(&mut self, bytes: &ByteArray) -> u32 {
        let word = String::from_utf8_lossy(bytes.data());
        if let Some(&position) = self.positions.get(word.trim()) {
            return position;
        }
        let word = word.trim().to_owned();
        let position = u32::try_from(self.words.len()).unwrap_or(u32::MAX);
        self.words.push(word.clone());
        self.positions.insert(word, position);
        position
    }
}

impl Columns {
    pub(super) fn len(&self) -> usize {
        self.rows
    }

    pub(super) fn text(&self, row: usize, column: usize) -> Cow<'_, str> {
        match self.columns.get(column) {
            Some(Values::Text(texts)) => Cow::Borrowed(texts.get(row).unwrap_or_default()),
            Some(Values::Number(values)) => match values.get(row) {
                Some(Some(number)) => Cow::Owned(number.to_string()),
                _ => Cow::Borrowed(""),
            },
            _ => Cow::Borrowed(""),
        }
    }

    pub(super) fn number(&self, row: usize, column: usize) -> Option<f64> {
        match self.columns.get(column)? {
            Values::Number(values) => *values.get(row)?,
            Values::Text(texts) => texts.get(row)?.parse().ok(),
            Values::Other => None,
        }
    }
}

/// The names of the columns and their values.
pub(super) fn read(path: &Path) -> Result<(Vec<String>, Columns), EconomyError> {
    guarded(path, |file| decode(&SerializedFileReader::new(file)?))
}

/// The key-value metadata of a Parquet file.
pub(crate) fn read_metadata(path: &Path) -> Result<BTreeMap<String, String>, EconomyError> {
    guarded(path, |file| {
        let reader = SerializedFileReader::new(file)?;
        let pairs = reader.metadata().file_metadata().key_value_metadata();
        Ok(pairs
            .into_iter()
            .flatten()
            .filter_map(|pair| Some((pair.key.clone(), pair.value.clone()?)))
            .collect())
    })
}

/// Reads a file with the decoder of Parquet, which panics on some files that are damaged
/// (two in a thousand of those with random bytes in them): that too is an error here.
fn guarded<T>(
    path: &Path,
    read: impl FnOnce(File) -> Result<T, ParquetError>,
) -> Result<T, EconomyError> {
    let file = File::open(path).map_err(|source| cannot_read(path, source))?;
    // Nothing that a panic leaves half done outlives the call.
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| read(file)));
    outcome
        .unwrap_or_else(|_| Err(ParquetError::General("the file is damaged".to_owned())))
        .map_err(|source| EconomyError::Parquet {
            file: path.display().to_string(),
            source,
        })
}

fn decode(reader: &SerializedFileReader<File>) -> Result<(Vec<String>, Columns), ParquetError> {
    let schema = reader.metadata().file_metadata().schema_descr_ptr();
    let header: Vec<String> = schema
        .columns()
        .iter()
        .map(|column| column.name().to_owned())
        .collect();
    let mut rows = 0;
    let mut columns: Vec<Option<Values>> = header.iter().map(|_| None).collect();
    for group in 0..reader.num_row_groups() {
        let group = reader.get_row_group(group)?;
        let count = usize::try_from(group.metadata().num_rows()).unwrap_or_default();
        for (at, column) in columns.iter_mut().enumerate() {
            let repeated = schema.column(at).max_rep_level() > 0;
            if repeated {
                *column = Some(Values::Other);
            } else {
                read_column(column, group.as_ref(), at, count)?;
            }
        }
        rows += count;
    }
    let columns = columns
        .into_iter()
        .map(|column| column.unwrap_or(Values::Other))
        .collect();
    Ok((header, Columns { rows, columns }))
}

/// Adds the values of one group of rows to a column.
fn read_column(
    column: &mut Option<Values>,
    group: &dyn RowGroupReader,
    at: usize,
    rows: usize,
) -> Result<(), ParquetError> {
    let numbers = match group.get_column_reader(at)? {
        ColumnReader::ByteArrayColumnReader(reader) => {
            let column = column.get_or_insert_with(|| Values::Text(Texts::default()));
            if let Values::Text(texts) = column {
                let more = values(reader, rows, |bytes| texts.word(&bytes))?;
                texts.rows.extend(more);
            }
            return Ok(());
        }
        ColumnReader::BoolColumnReader(reader) => {
            values(reader, rows, |flag| f64::from(u8::from(flag)))?
        }
        ColumnReader::Int32ColumnReader(reader) => values(reader, rows, f64::from)?,
        ColumnReader::Int64ColumnReader(reader) => values(reader, rows, |whole| whole as f64)?,
        ColumnReader::FloatColumnReader(reader) => values(reader, rows, f64::from)?,
        ColumnReader::DoubleColumnReader(reader) => values(reader, rows, |number| number)?,
        _ => {
            *column = Some(Values::Other);
            return Ok(());
        }
    };
    if let Values::Number(all) = column.get_or_insert_with(|| Values::Number(Vec::new())) {
        all.extend(numbers);
    }
    Ok(())
}

/// All values of a column of one group of rows, with `None` for those that are null.
fn values<D: DataType, T>(
    mut reader: ColumnReaderImpl<D>,
    rows: usize,
    mut convert: impl FnMut(D::T) -> T,
) -> Result<Vec<Option<T>>, ParquetError> {
    let mut levels = Vec::new();
    let mut found = Vec::new();
    while found.len() < rows || levels.len() < rows {
        let (records, _, _) = reader.read_records(rows, Some(&mut levels), None, &mut found)?;
        if records == 0 {
            break;
        }
    }
    // A column that must have a value has no levels.
    if levels.is_empty() {
        return Ok(found
            .into_iter()
            .map(|value| Some(convert(value)))
            .collect());
    }
    let most = levels.iter().copied().max().unwrap_or_default().max(1);
    let mut found = found.into_iter();
    Ok(levels
        .iter()
        .map(|&level| {
            (level == most)
                .then(|| found.next().map(&mut convert))
                .flatten()
        })
        .collect())
}
