//! Tables as Parquet: typed optional columns, compressed with Snappy, units in the metadata.
//!
//! The encoder's low-level column writers are used, so that no Arrow is compiled.

use std::sync::Arc;

use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{WriterProperties, WriterPropertiesPtr};
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::{Type, TypePtr};

use crate::column::{Column, ColumnKind};
use crate::error::ReportError;
use crate::json::column_to_json;
use crate::table::{Cell, Table};

/// The table as a Parquet file.
///
/// Texts are UTF-8 strings, numbers doubles, whole numbers 64-bit integers, flags booleans;
/// every column is optional. The key-value metadata holds `title`, `table`, `notes` (a JSON
/// list), `columns` (a JSON list with name, header, unit, kind) and then the pairs given, such
/// as the version of the program and the hash of its input.
///
/// # Errors
/// [`ReportError::Parquet`] if the encoder fails.
///
/// ```
/// use acquis_report::{Column, Table, Unit, parquet::to_parquet};
///
/// let columns = vec![Column::change("income_change_pct", "Income", Unit::PERCENT, 2)];
/// let mut table = Table::new("gains", "Gains", columns);
/// table.push_row(vec![0.75.into()])?;
/// let bytes = to_parquet(&table, &[("scenario".to_owned(), "baseline".to_owned())])?;
/// assert_eq!(&bytes[..4], b"PAR1");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn to_parquet(table: &Table, metadata: &[(String, String)]) -> Result<Vec<u8>, ReportError> {
    encode(table, metadata).map_err(|source| ReportError::Parquet {
        table: table.id().to_owned(),
        source,
    })
}

fn encode(table: &Table, metadata: &[(String, String)]) -> Result<Vec<u8>, ParquetError> {
    let properties = properties(table, metadata);
    let mut writer = SerializedFileWriter::new(Vec::new(), schema(table)?, properties)?;
    let mut group = writer.next_row_group()?;
    let mut at = 0;
    while let Some(mut column) = group.next_column()? {
        let cells = table.rows().iter().map(|row| &row[at]);
        write_column(&table.columns()[at].kind, cells, &mut column)?;
        column.close()?;
        at += 1;
    }
    group.close()?;
    writer.into_inner()
}

fn schema(table: &Table) -> Result<TypePtr, ParquetError> {
    let fields: Result<Vec<_>, _> = table.columns().iter().map(field).collect();
    let root = Type::group_type_builder("table")
        .with_fields(fields?)
        .build()?;
    Ok(Arc::new(root))
}

fn field(column: &Column) -> Result<TypePtr, ParquetError> {
    let (physical, logical) = match column.kind {
        ColumnKind::Text | ColumnKind::Figure => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        ColumnKind::Integer => (Physical::INT64, None),
        ColumnKind::Flag | ColumnKind::Verdict { .. } => (Physical::BOOLEAN, None),
        ColumnKind::Number { .. } | ColumnKind::Change { .. } | ColumnKind::Share { .. } => {
            (Physical::DOUBLE, None)
        }
    };
    let field = Type::primitive_type_builder(&column.name, physical)
        .with_repetition(Repetition::OPTIONAL)
        .with_logical_type(logical)
        .build()?;
    Ok(Arc::new(field))
}

fn properties(table: &Table, metadata: &[(String, String)]) -> WriterPropertiesPtr {
    let columns: serde_json::Value = table.columns().iter().map(column_to_json).collect();
    let notes = serde_json::Value::from(table.notes.clone());
    let own = [
        ("title", table.title.clone()),
        ("table", table.id().to_owned()),
        ("notes", notes.to_string()),
        ("columns", columns.to_string()),
    ];
    let pairs = own
        .into_iter()
        .map(|(key, value)| KeyValue::new(key.to_owned(), value))
        .chain(
            metadata
                .iter()
                .map(|(key, value)| KeyValue::new(key.clone(), value.clone())),
        );
    let properties = WriterProperties::builder()
        .set_created_by(concat!("acquis-report ", env!("CARGO_PKG_VERSION")).to_owned())
        .set_compression(Compression::SNAPPY)
        .set_key_value_metadata(Some(pairs.collect()))
        .build();
    Arc::new(properties)
}

fn write_column<'t>(
    kind: &ColumnKind,
    cells: impl Iterator<Item = &'t Cell>,
    column: &mut SerializedColumnWriter<'_>,
) -> Result<(), ParquetError> {
    match kind {
        ColumnKind::Text | ColumnKind::Figure => {
            write_values::<ByteArrayType>(column, cells, |cell| match cell {
                Cell::Text(text) => Some(ByteArray::from(text.as_str())),
                _ => None,
            })
        }
        ColumnKind::Integer => write_values::<Int64Type>(column, cells, |cell| match cell {
            Cell::Integer(value) => Some(*value),
            _ => None,
        }),
        ColumnKind::Flag | ColumnKind::Verdict { .. } => {
            write_values::<BoolType>(column, cells, |cell| match cell {
                Cell::Flag(value) => Some(*value),
                _ => None,
            })
        }
        ColumnKind::Number { .. } | ColumnKind::Change { .. } | ColumnKind::Share { .. } => {
            write_values::<DoubleType>(column, cells, |cell| match cell {
                Cell::Number(value) => Some(*value),
                _ => None,
            })
        }
    }
}

/// Writes what `value` finds in the cells; where it finds nothing, the level says null.
fn write_values<'t, D: DataType>(
    column: &mut SerializedColumnWriter<'_>,
    cells: impl Iterator<Item = &'t Cell>,
    value: impl Fn(&Cell) -> Option<D::T>,
) -> Result<(), ParquetError> {
    let found: Vec<Option<D::T>> = cells.map(value).collect();
    let levels: Vec<i16> = found
        .iter()
        .map(|value| i16::from(value.is_some()))
        .collect();
    let values: Vec<D::T> = found.into_iter().flatten().collect();
    column
        .typed::<D>()
        .write_batch(&values, Some(&levels), None)?;
    Ok(())
}
