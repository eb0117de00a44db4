//! Files give back what was put in: CSV and Parquet, for any table.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod fixture;

use std::fs::File;
use std::io::Write as _;

use acquis_report::{Cell, ColumnKind, Table, csv::to_csv, json::to_json, parquet::to_parquet};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use proptest::prelude::*;

use fixture::{any_table, small_table};

fn read_csv(bytes: &[u8]) -> Vec<Vec<String>> {
    csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(bytes)
        .records()
        .map(|record| record.unwrap().iter().map(str::to_owned).collect())
        .collect()
}

fn read_parquet(bytes: &[u8]) -> SerializedFileReader<File> {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    SerializedFileReader::new(file).unwrap()
}

fn same_cell(kind: &ColumnKind, field: &str, cell: &Cell) -> bool {
    match cell {
        Cell::Missing => field.is_empty(),
        Cell::Text(text) => *kind == ColumnKind::Text && field == text,
        Cell::Number(value) => field.parse::<f64>().unwrap().to_bits() == value.to_bits(),
        Cell::Integer(value) => field.parse::<i64>().unwrap() == *value,
        Cell::Flag(value) => field.parse::<bool>().unwrap() == *value,
    }
}

fn same_field(field: &Field, cell: &Cell) -> bool {
    match (field, cell) {
        (Field::Null, Cell::Missing) => true,
        (Field::Str(got), Cell::Text(text)) => got == text,
        (Field::Double(got), Cell::Number(value)) => got.to_bits() == value.to_bits(),
        (Field::Long(got), Cell::Integer(value)) => got == value,
        (Field::Bool(got), Cell::Flag(value)) => got == value,
        _ => false,
    }
}

fn check_parquet(table: &Table) -> Result<(), TestCaseError> {
    let bytes = to_parquet(table, &[]).unwrap();
    prop_assert_eq!(
        &bytes,
        &to_parquet(table, &[]).unwrap(),
        "same input, same bytes"
    );
    let rows: Vec<_> = read_parquet(&bytes)
        .get_row_iter(None)
        .unwrap()
        .map(Result::unwrap)
        .collect();
    prop_assert_eq!(rows.len(), table.rows().len());
    for (row, cells) in rows.iter().zip(table.rows()) {
        let columns = row.get_column_iter().zip(table.columns()).zip(cells);
        for (((name, field), column), cell) in columns {
            prop_assert_eq!(name, &column.name);
            prop_assert!(same_field(field, cell), "{:?} {:?}", field, cell);
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn csv_reads_back_as_it_was(table in any_table()) {
        let records = read_csv(&to_csv(&table));
        prop_assert_eq!(records.len(), table.rows().len() + 1);
        for (name, column) in records[0].iter().zip(table.columns()) {
            prop_assert_eq!(name, &column.name);
        }
        for (record, row) in records[1..].iter().zip(table.rows()) {
            prop_assert_eq!(record.len(), row.len());
            for ((field, cell), column) in record.iter().zip(row).zip(table.columns()) {
                prop_assert!(same_cell(&column.kind, field, cell), "{:?} {:?}", field, cell);
            }
        }
    }

    #[test]
    fn parquet_reads_back_as_it_was(table in any_table()) {
        check_parquet(&table)?;
    }

    #[test]
    fn json_reads_back_as_it_was(table in any_table()) {
        let json = to_json(&table);
        let read: serde_json::Value = serde_json::from_str(&json.to_string()).unwrap();
        prop_assert_eq!(read, json);
    }
}

#[test]
fn parquet_metadata_holds_title_units_and_what_the_caller_adds() {
    let extra = [("scenario".to_owned(), "union".to_owned())];
    let bytes = to_parquet(&small_table(), &extra).unwrap();
    let reader = read_parquet(&bytes);
    let pairs = reader
        .metadata()
        .file_metadata()
        .key_value_metadata()
        .unwrap()
        .clone();
    let value = |key: &str| {
        pairs
            .iter()
            .find(|pair| pair.key == key)
            .and_then(|pair| pair.value.clone())
            .unwrap()
    };
    assert_eq!(value("title"), "Gains & losses");
    assert_eq!(value("scenario"), "union");
    let columns: serde_json::Value = serde_json::from_str(&value("columns")).unwrap();
    assert_eq!(columns[1]["name"], "trade_musd");
    assert_eq!(columns[1]["unit"], "million USD");
    assert_eq!(columns[3]["unit"], "fraction");
}
