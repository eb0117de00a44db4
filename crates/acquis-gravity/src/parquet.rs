//! Tables from Parquet, without Arrow.

use std::collections::HashMap;
use std::fs::File;
use std::path::Path;

use parquet::basic::Type as Physical;
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{ByteArray, DataType};
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, SerializedFileReader};
use rayon::prelude::*;

use crate::factor::{Factor, MISSING};
use crate::table::{Table, TableColumn, TableError, Values, unknown};

/// Values decoded at once.
const BATCH: usize = 1 << 16;

/// Part of a column: one row group.
enum Part {
    Numbers(Vec<f64>),
    Texts(Vec<u32>, Vec<String>),
}

pub(crate) fn read(path: &Path, wanted: Option<&[&str]>) -> Result<Table, TableError> {
    let file = path.display().to_string();
    let open = || {
        let opened = File::open(path).map_err(|source| TableError::Read {
            file: file.clone(),
            source,
        })?;
        SerializedFileReader::new(opened).map_err(|error| malformed(&file, &error))
    };
    let reader = open()?;
    let schema = reader.metadata().file_metadata().schema_descr_ptr();
    let names: Vec<String> = schema.columns().iter().map(|c| c.path().string()).collect();
    let chosen: Vec<usize> = match wanted {
        None => (0..names.len()).collect(),
        Some(wanted) => wanted
            .iter()
            .map(|&name| {
                let position = names.iter().position(|own| own == name);
                position.ok_or_else(|| unknown(name, names.iter().map(String::as_str)))
            })
            .collect::<Result<_, _>>()?,
    };
    let groups = reader.num_row_groups();
    let tasks: Vec<(usize, usize)> = chosen
        .iter()
        .flat_map(|&column| (0..groups).map(move |group| (column, group)))
        .collect();
    let parts: Vec<Part> = tasks
        .into_par_iter()
        .map(|(column, group)| {
            let reader = open()?;
            let row_group = reader
                .get_row_group(group)
                .map_err(|e| malformed(&file, &e))?;
            let rows = row_group.metadata().num_rows() as usize;
            let optional = schema.column(column).max_def_level() > 0;
            if schema.column(column).max_rep_level() > 0 {
                return Err(TableError::Malformed {
                    file: file.clone(),
                    what: format!("`{}` holds lists", names[column]),
                });
            }
            let values = row_group
                .get_column_reader(column)
                .map_err(|e| malformed(&file, &e))?;
            part(values, rows, optional).map_err(|e| malformed(&file, &e))
        })
        .collect::<Result<_, _>>()?;
    let mut parts = parts.into_iter();
    let rows = reader.metadata().file_metadata().num_rows() as usize;
    let columns = chosen
        .iter()
        .map(|&column| TableColumn {
            name: names[column].clone(),
            values: together(
                parts.by_ref().take(groups),
                schema.column(column).physical_type(),
            ),
        })
        .collect();
    Ok(Table { columns, rows })
}

fn malformed(file: &str, error: &ParquetError) -> TableError {
    TableError::Malformed {
        file: file.to_owned(),
        what: error.to_string(),
    }
}

fn part(reader: ColumnReader, rows: usize, optional: bool) -> Result<Part, ParquetError> {
    let number = |x: &f64| *x;
    Ok(match reader {
        ColumnReader::DoubleColumnReader(reader) => numbers(reader, rows, optional, number)?,
        ColumnReader::FloatColumnReader(reader) => {
            numbers(reader, rows, optional, |&x| f64::from(x))?
        }
        ColumnReader::Int32ColumnReader(reader) => {
            numbers(reader, rows, optional, |&x| f64::from(x))?
        }
        ColumnReader::Int64ColumnReader(reader) => numbers(reader, rows, optional, |&x| x as f64)?,
        ColumnReader::BoolColumnReader(reader) => {
            numbers(reader, rows, optional, |&x| f64::from(u8::from(x)))?
        }
        ColumnReader::ByteArrayColumnReader(reader) => texts(reader, rows, optional)?,
        _ => {
            return Err(ParquetError::NYI(
                "columns of 96-bit integers or fixed-length bytes".to_owned(),
            ));
        }
    })
}

fn numbers<T: DataType>(
    reader: ColumnReaderImpl<T>,
    rows: usize,
    optional: bool,
    number: impl Fn(&T::T) -> f64,
) -> Result<Part, ParquetError> {
    let mut out = Vec::with_capacity(rows);
    batches(reader, rows, optional, |value| {
        out.push(value.map_or(f64::NAN, &number));
    })?;
    Ok(Part::Numbers(out))
}

fn texts(
    reader: ColumnReaderImpl<parquet::data_type::ByteArrayType>,
    rows: usize,
    optional: bool,
) -> Result<Part, ParquetError> {
    let mut codes = Vec::with_capacity(rows);
    let mut labels: Vec<String> = Vec::new();
    let mut known: HashMap<Vec<u8>, u32> = HashMap::new();
    let mut last: Option<(ByteArray, u32)> = None;
    batches(reader, rows, optional, |value| {
        let Some(value) = value else {
            codes.push(MISSING);
            return;
        };
        // Neighbouring rows often share their text.
        if let Some((text, code)) = &last
            && text.data() == value.data()
        {
            codes.push(*code);
            return;
        }
        let code = known.get(value.data()).copied().unwrap_or_else(|| {
            let code = labels.len() as u32;
            labels.push(String::from_utf8_lossy(value.data()).into_owned());
            known.insert(value.data().to_vec(), code);
            code
        });
        last = Some((value.clone(), code));
        codes.push(code);
    })?;
    Ok(Part::Texts(codes, labels))
}

/// Calls `push` with each value, or nothing where it is missing.
fn batches<T: DataType>(
    mut reader: ColumnReaderImpl<T>,
    rows: usize,
    optional: bool,
    mut push: impl FnMut(Option<&T::T>),
) -> Result<(), ParquetError> {
    let mut values = Vec::with_capacity(BATCH);
    let mut levels: Vec<i16> = Vec::with_capacity(BATCH);
    let mut done = 0;
    while done < rows {
        values.clear();
        levels.clear();
        let definition = optional.then_some(&mut levels);
        let (records, _, _) = reader.read_records(BATCH, definition, None, &mut values)?;
        if records == 0 {
            return Err(ParquetError::General(format!(
                "ends after {done} of {rows} rows"
            )));
        }
        if optional {
            let most = 1;
            let mut next = values.iter();
            for &level in &levels {
                push(if level >= most { next.next() } else { None });
            }
        } else {
            for value in &values {
                push(Some(value));
            }
        }
        done += records;
    }
    Ok(())
}

/// The parts of a column behind one another, with one set of levels.
fn together(parts: impl Iterator<Item = Part>, physical: Physical) -> Values {
    let mut numbers = Vec::new();
    let mut all: Vec<(Vec<u32>, Vec<String>)> = Vec::new();
    for part in parts {
        match part {
            Part::Numbers(part) if numbers.is_empty() => numbers = part,
            Part::Numbers(part) => numbers.extend(part),
            Part::Texts(codes, labels) => all.push((codes, labels)),
        }
    }
    if physical != Physical::BYTE_ARRAY {
        return Values::Numbers(numbers);
    }
    Values::Texts(merge(all))
}

/// Merges parts with levels of their own; levels become alphabetical, an empty text missing.
pub(crate) fn merge(parts: Vec<(Vec<u32>, Vec<String>)>) -> Factor<'static> {
    let mut labels: Vec<String> = parts
        .iter()
        .flat_map(|(_, labels)| labels)
        .cloned()
        .collect();
    labels.retain(|label| !label.is_empty());
    labels.sort_unstable();
    labels.dedup();
    let mut codes = Vec::with_capacity(parts.iter().map(|(codes, _)| codes.len()).sum());
    for (part, own) in parts {
        let renumbered: Vec<u32> = own
            .iter()
            .map(|label| labels.binary_search(label).map_or(MISSING, |at| at as u32))
            .collect();
        let code = |code: u32| renumbered.get(code as usize).copied().unwrap_or(MISSING);
        codes.extend(part.into_iter().map(code));
    }
    Factor::owned(codes, labels)
}
