//! Where rows go: a CSV file, or a Parquet file written one group of rows at a time.

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::Arc;

use acquis_registry::PackCard;
use acquis_registry::document::Word as _;
use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, Int32Type};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::Type;

use super::{ColumnType, Panel};
use crate::error::ExchangeError;

/// Rows of a group in a Parquet file; what is kept in memory before it is written.
const GROUP: usize = 1 << 17;

/// One value of a row.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Value<'v> {
    Text(&'v str),
    Integer(i64),
    Flag(bool),
    Missing,
}

impl<'v> From<Option<&'v str>> for Value<'v> {
    fn from(text: Option<&'v str>) -> Self {
        text.map_or(Self::Missing, Self::Text)
    }
}

impl From<Option<i16>> for Value<'_> {
    fn from(number: Option<i16>) -> Self {
        number.map_or(Self::Missing, |number| Self::Integer(i64::from(number)))
    }
}

/// Takes rows in order, each with a value for every column of the panel.
pub(crate) trait Sink {
    fn row(&mut self, values: &[Value<'_>]) -> Result<(), ExchangeError>;
}

/// Rows as CSV.
pub(crate) struct CsvSink<W: Write> {
    writer: csv::Writer<W>,
    digits: Vec<u8>,
}

impl<W: Write> CsvSink<W> {
    pub(crate) fn new(panel: Panel, out: W) -> Result<Self, ExchangeError> {
        let mut writer = csv::WriterBuilder::new()
            .buffer_capacity(1 << 18)
            .from_writer(out);
        writer
            .write_record(panel.columns().iter().map(|column| column.name))
            .map_err(std::io::Error::from)?;
        Ok(Self {
            writer,
            digits: Vec::new(),
        })
    }

    pub(crate) fn finish(mut self) -> Result<(), ExchangeError> {
        self.writer.flush()?;
        Ok(())
    }
}

impl<W: Write> Sink for CsvSink<W> {
    fn row(&mut self, values: &[Value<'_>]) -> Result<(), ExchangeError> {
        for value in values {
            let field: &[u8] = match value {
                Value::Text(text) => text.as_bytes(),
                Value::Integer(number) => {
                    write_number(&mut self.digits, *number);
                    &self.digits
                }
                Value::Flag(true) => b"1",
                Value::Flag(false) => b"0",
                Value::Missing => b"",
            };
            self.writer
                .write_field(field)
                .map_err(std::io::Error::from)?;
        }
        // An empty record ends the row that was written field by field.
        self.writer
            .write_record(None::<&[u8]>)
            .map_err(std::io::Error::from)?;
        Ok(())
    }
}

/// A number in decimal digits, without the detour through the formatter.
fn write_number(digits: &mut Vec<u8>, number: i64) {
    digits.clear();
    let mut rest = number.unsigned_abs();
    loop {
        digits.push(b'0' + u8::try_from(rest % 10).unwrap_or_default());
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if number < 0 {
        digits.push(b'-');
    }
    digits.reverse();
}

/// Rows as Parquet.
pub(crate) struct ParquetSink<W: Write + Send> {
    writer: SerializedFileWriter<W>,
    columns: Vec<Buffer>,
    rows: usize,
}

/// The values of one column that are not written yet.
struct Buffer {
    values: Values,
    /// 1 for a value, 0 for none.
    levels: Vec<i16>,
}

enum Values {
    Text(Texts),
    Integer(Vec<i32>),
    Flag(Vec<bool>),
}

/// Texts of a column. The bytes of a text that comes again are shared.
#[derive(Default)]
struct Texts {
    values: Vec<ByteArray>,
    known: BTreeMap<String, ByteArray>,
}

impl Texts {
    fn push(&mut self, text: &str) {
        if let Some(last) = self.values.last()
            && last.data() == text.as_bytes()
        {
            self.values.push(last.clone());
            return;
        }
        let known = self.known.get(text).cloned();
        let bytes = known.unwrap_or_else(|| {
            let bytes = ByteArray::from(text);
            self.known.insert(text.to_owned(), bytes.clone());
            bytes
        });
        self.values.push(bytes);
    }
}

impl<W: Write + Send> ParquetSink<W> {
    pub(crate) fn new(panel: Panel, card: &PackCard, out: W) -> Result<Self, ExchangeError> {
        let fields = panel.columns().iter().map(|column| {
            let (physical, logical) = match column.column_type {
                ColumnType::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
                ColumnType::Integer => (Physical::INT32, None),
                ColumnType::Flag => (Physical::BOOLEAN, None),
            };
            Type::primitive_type_builder(column.name, physical)
                .with_repetition(Repetition::OPTIONAL)
                .with_logical_type(logical)
                .build()
                .map(Arc::new)
        });
        let schema = Type::group_type_builder("panel")
            .with_fields(fields.collect::<Result<_, _>>()?)
            .build()?;
        let pair = |key: &str, value: String| KeyValue::new(key.to_owned(), value);
        let properties = WriterProperties::builder()
            .set_created_by(concat!("acquis-exchange ", env!("CARGO_PKG_VERSION")).to_owned())
            .set_compression(Compression::SNAPPY)
            .set_key_value_metadata(Some(vec![
                pair("panel", panel.word().to_owned()),
                pair("pack", card.id.clone()),
                pair("title", card.title.clone()),
                pair("dictionary", panel.dictionary()),
            ]))
            .build();
        let columns = panel.columns().iter().map(|column| Buffer {
            values: match column.column_type {
                ColumnType::Text => Values::Text(Texts::default()),
                ColumnType::Integer => Values::Integer(Vec::new()),
                ColumnType::Flag => Values::Flag(Vec::new()),
            },
            levels: Vec::new(),
        });
        Ok(Self {
            writer: SerializedFileWriter::new(out, Arc::new(schema), Arc::new(properties))?,
            columns: columns.collect(),
            rows: 0,
        })
    }

    pub(crate) fn finish(mut self) -> Result<(), ExchangeError> {
        self.flush()?;
        self.writer.close()?;
        Ok(())
    }

    fn flush(&mut self) -> Result<(), ExchangeError> {
        if self.rows == 0 {
            return Ok(());
        }
        let mut group = self.writer.next_row_group()?;
        for buffer in &mut self.columns {
            if let Some(mut column) = group.next_column()? {
                buffer.write(&mut column)?;
                column.close()?;
            }
        }
        group.close()?;
        self.rows = 0;
        Ok(())
    }
}

impl<W: Write + Send> Sink for ParquetSink<W> {
    fn row(&mut self, values: &[Value<'_>]) -> Result<(), ExchangeError> {
        for (buffer, value) in self.columns.iter_mut().zip(values) {
            buffer.push(*value);
        }
        self.rows += 1;
        if self.rows == GROUP {
            self.flush()?;
        }
        Ok(())
    }
}

impl Buffer {
    fn push(&mut self, value: Value<'_>) {
        let is_there = match (&mut self.values, value) {
            (Values::Text(texts), Value::Text(text)) => {
                texts.push(text);
                true
            }
            (Values::Integer(numbers), Value::Integer(number)) => {
                numbers.push(i32::try_from(number).unwrap_or(i32::MAX));
                true
            }
            (Values::Flag(flags), Value::Flag(flag)) => {
                flags.push(flag);
                true
            }
            _ => false,
        };
        self.levels.push(i16::from(is_there));
    }

    fn write(&mut self, column: &mut SerializedColumnWriter<'_>) -> Result<(), ExchangeError> {
        match &mut self.values {
            Values::Text(texts) => {
                batch::<ByteArrayType>(column, &texts.values, &self.levels)?;
                texts.values.clear();
            }
            Values::Integer(numbers) => {
                batch::<Int32Type>(column, numbers, &self.levels)?;
                numbers.clear();
            }
            Values::Flag(flags) => {
                batch::<BoolType>(column, flags, &self.levels)?;
                flags.clear();
            }
        }
        self.levels.clear();
        Ok(())
    }
}

fn batch<D: DataType>(
    column: &mut SerializedColumnWriter<'_>,
    values: &[D::T],
    levels: &[i16],
) -> Result<(), ExchangeError> {
    column
        .typed::<D>()
        .write_batch(values, Some(levels), None)?;
    Ok(())
}
