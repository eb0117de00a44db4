//! Parquet: whole columns, decoded without Arrow, and only those that are asked for.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use parquet::basic::Type;
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{ByteArray, DataType};
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader as _, RowGroupReader, SerializedFileReader};

use super::open;
use super::pages::Pages;
use crate::error::EconomyError;
use crate::limits::Limits;

/// So many rows are decoded at a time.
const BATCH: usize = 4096;

/// So many bytes of a page a row may take; longer texts would be no codes and no names.
const MOST_BYTES_A_ROW: usize = 16;
/// So many bytes the different texts of a column may take together.
const MOST_TEXT: usize = 1 << 28;

/// The values of a table, column by column, each decoded when it is first asked for.
#[derive(Debug)]
pub(super) struct Columns {
    path: PathBuf,
    limits: Limits,
    rows: usize,
    decoded: Vec<OnceLock<Values>>,
}

#[derive(Debug)]
enum Values {
    Text(Texts),
    Number(Vec<Option<f64>>),
    /// A kind of value that no table of ours has.
    Other,
}

impl Values {
    fn len(&self) -> usize {
        match self {
            Self::Text(texts) => texts.rows.len(),
            Self::Number(values) => values.len(),
            Self::Other => 0,
        }
    }
}

/// Texts, each word of them kept once.
#[derive(Debug, Default)]
struct Texts {
    words: Vec<String>,
    positions: BTreeMap<String, u32>,
    rows: Vec<Option<u32>>,
    /// How many bytes the words take.
    bytes: usize,
}

impl Texts {
    fn get(&self, row: usize) -> Option<&str> {
        let position = usize::try_from((*self.rows.get(row)?)?).ok()?;
        self.words.get(position).map(String::as_str)
    }

    /// The position of a word.
    fn word(&mut self, bytes: &ByteArray) -> Result<u32, ParquetError> {
        let word = String::from_utf8_lossy(bytes.data());
        if let Some(&position) = self.positions.get(word.trim()) {
            return Ok(position);
        }
        let word = word.trim().to_owned();
        self.bytes = self.bytes.saturating_add(word.len());
        if self.bytes > MOST_TEXT {
            return Err(ParquetError::General(format!(
                "a column has more than {MOST_TEXT} bytes of text that differs from row to row"
            )));
        }
        let position = u32::try_from(self.words.len()).unwrap_or(u32::MAX);
        self.words.push(word.clone());
        self.positions.insert(word, position);
        Ok(position)
    }
}

impl Columns {
    pub(super) fn len(&self) -> usize {
        self.rows
    }

    /// Decodes a column, if that was not done yet.
    pub(super) fn decode(&self, column: usize) -> Result<(), EconomyError> {
        let Some(place) = self.decoded.get(column).filter(|it| it.get().is_none()) else {
            return Ok(());
        };
        let values = guarded(&self.path, |file| {
            let pages = file.try_clone()?;
            let reader = SerializedFileReader::new(file)?;
            let batch = check_pages(&reader, &pages, column, self.limits)?;
            decode(&reader, column, self.rows, batch)
        })?;
        place.get_or_init(|| values);
        Ok(())
    }

    fn values(&self, column: usize) -> Option<&Values> {
        self.decoded.get(column)?.get()
    }

    pub(super) fn text(&self, row: usize, column: usize) -> Cow<'_, str> {
        match self.values(column) {
            Some(Values::Text(texts)) => Cow::Borrowed(texts.get(row).unwrap_or_default()),
            Some(Values::Number(values)) => match values.get(row) {
                Some(Some(number)) => Cow::Owned(number.to_string()),
                _ => Cow::Borrowed(""),
            },
            _ => Cow::Borrowed(""),
        }
    }

    pub(super) fn number(&self, row: usize, column: usize) -> Option<f64> {
        match self.values(column)? {
            Values::Number(values) => *values.get(row)?,
            Values::Text(texts) => texts.get(row)?.parse().ok(),
            Values::Other => None,
        }
    }
}

/// The names of the columns, and the columns, none of them decoded yet.
pub(super) fn read(path: &Path, limits: Limits) -> Result<(Vec<String>, Columns), EconomyError> {
    let (header, rows) = guarded(path, |file| {
        let reader = SerializedFileReader::new(file)?;
        let schema = reader.metadata().file_metadata().schema_descr_ptr();
        let names = schema.columns().iter();
        let header: Vec<String> = names.map(|column| column.name().to_owned()).collect();
        Ok((header, rows_of(&reader)))
    })?;
    if rows > limits.rows {
        return Err(EconomyError::TooManyRows {
            file: path.display().to_string(),
            most: limits.rows,
        });
    }
    let columns = Columns {
        path: path.to_owned(),
        limits,
        rows,
        decoded: header.iter().map(|_| OnceLock::new()).collect(),
    };
    Ok((header, columns))
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
    let file = open(path)?;
    // Nothing that a panic leaves half done outlives the call.
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| read(file)));
    outcome
        .unwrap_or_else(|_| Err(ParquetError::General("the file is damaged".to_owned())))
        .map_err(|source| EconomyError::Parquet {
            file: path.display().to_string(),
            source,
        })
}

/// How many rows the groups of a file claim to hold.
fn rows_of(reader: &SerializedFileReader<File>) -> usize {
    let groups = reader.metadata().row_groups().iter();
    groups
        .map(|group| usize::try_from(group.num_rows()).unwrap_or_default())
        .fold(0, usize::saturating_add)
}

/// Refuses a column with a page too large to be held, and says how many of its rows may be
/// decoded at a time.
fn check_pages(
    reader: &SerializedFileReader<File>,
    file: &File,
    at: usize,
    limits: Limits,
) -> Result<usize, ParquetError> {
    let most = limits.rows.saturating_mul(MOST_BYTES_A_ROW);
    let mut batch = BATCH;
    for group in reader.metadata().row_groups() {
        let (start, length) = group.column(at).byte_range();
        let pages = Pages::look(file, start, length)?;
        if usize::try_from(pages.largest).is_ok_and(|largest| largest <= most) {
            batch = if pages.is_incremental { 1 } else { batch };
            continue;
        }
        return Err(ParquetError::General(format!(
            "its column {:?} has a page of {} bytes, and at most {most} are read at once",
            group.column(at).column_descr().name(),
            pages.largest
        )));
    }
    Ok(batch)
}

/// All values of a column, which are as many as the rows.
fn decode(
    reader: &SerializedFileReader<File>,
    at: usize,
    rows: usize,
    batch: usize,
) -> Result<Values, ParquetError> {
    let column = reader
        .metadata()
        .file_metadata()
        .schema_descr_ptr()
        .column(at);
    if column.max_rep_level() > 0 {
        return Ok(Values::Other);
    }
    let mut values = match column.physical_type() {
        Type::BYTE_ARRAY => Values::Text(Texts::default()),
        Type::INT96 | Type::FIXED_LEN_BYTE_ARRAY => return Ok(Values::Other),
        _ => Values::Number(Vec::new()),
    };
    for group in 0..reader.num_row_groups() {
        let group = reader.get_row_group(group)?;
        let left = rows.saturating_sub(values.len());
        let chunk = Chunk::of(group.as_ref(), at, left, batch);
        chunk.add_to(&mut values, group.get_column_reader(at)?)?;
    }
    if values.len() != rows {
        return Err(ParquetError::General(format!(
            "the file claims {rows} rows, and its column {:?} has {}",
            column.name(),
            values.len()
        )));
    }
    Ok(values)
}

/// A column of one group of rows.
#[derive(Clone, Copy)]
struct Chunk {
    rows: usize,
    /// The level of a value that is there; 0 where all must be.
    level: i16,
    /// So many rows are decoded at a time.
    batch: usize,
}

impl Chunk {
    fn of(group: &dyn RowGroupReader, at: usize, most: usize, batch: usize) -> Self {
        let group = group.metadata();
        let rows = usize::try_from(group.num_rows()).unwrap_or_default();
        Self {
            rows: rows.min(most),
            level: group.column(at).column_descr().max_def_level(),
            batch,
        }
    }

    /// Adds its values to those of the groups before it.
    fn add_to(self, values: &mut Values, reader: ColumnReader) -> Result<(), ParquetError> {
        match (reader, values) {
            (ColumnReader::ByteArrayColumnReader(reader), Values::Text(texts)) => {
                self.read(reader, |bytes| {
                    let word = bytes.map(|bytes| texts.word(&bytes)).transpose()?;
                    texts.rows.push(word);
                    Ok(())
                })
            }
            (ColumnReader::BoolColumnReader(reader), Values::Number(all)) => {
                self.numbers(reader, all, |flag| f64::from(u8::from(flag)))
            }
            (ColumnReader::Int32ColumnReader(reader), Values::Number(all)) => {
                self.numbers(reader, all, f64::from)
            }
            (ColumnReader::Int64ColumnReader(reader), Values::Number(all)) => {
                self.numbers(reader, all, |whole| whole as f64)
            }
            (ColumnReader::FloatColumnReader(reader), Values::Number(all)) => {
                self.numbers(reader, all, f64::from)
            }
            (ColumnReader::DoubleColumnReader(reader), Values::Number(all)) => {
                self.numbers(reader, all, |number| number)
            }
            _ => Ok(()),
        }
    }

    fn numbers<D: DataType>(
        self,
        reader: ColumnReaderImpl<D>,
        all: &mut Vec<Option<f64>>,
        convert: impl Fn(D::T) -> f64,
    ) -> Result<(), ParquetError> {
        self.read(reader, |value| {
            all.push(value.map(&convert));
            Ok(())
        })
    }

    /// Gives each value to `take`, or `None` for one that is null. What the file claims is not
    /// what memory is taken for: a batch is read at a time.
    fn read<D: DataType>(
        self,
        mut reader: ColumnReaderImpl<D>,
        mut take: impl FnMut(Option<D::T>) -> Result<(), ParquetError>,
    ) -> Result<(), ParquetError> {
        let (mut levels, mut found) = (Vec::new(), Vec::new());
        let mut left = self.rows;
        while left > 0 {
            levels.clear();
            let batch = left.min(self.batch);
            let (records, _, _) =
                reader.read_records(batch, Some(&mut levels), None, &mut found)?;
            if records == 0 {
                break;
            }
            left = left.saturating_sub(records);
            let mut found = found.drain(..);
            if self.level == 0 {
                found.try_for_each(|value| take(Some(value)))?;
                continue;
            }
            for &level in &levels {
                take((level == self.level).then(|| found.next()).flatten())?;
            }
        }
        Ok(())
    }
}
