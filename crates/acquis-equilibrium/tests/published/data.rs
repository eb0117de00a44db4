//! Reads the data that published figures rest on.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::PathBuf;

use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;

/// One row by column name.
pub(crate) type Row = BTreeMap<String, String>;

/// Path of a data file; `None` (and a line that says so) when it isn't there. Under
/// continuous integration (`CI` set) a missing file is a failure.
pub(crate) fn find(name: &str) -> Option<PathBuf> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");
    let path = PathBuf::from(root).join(name);
    if path.is_file() {
        return Some(path);
    }
    assert!(
        std::env::var_os("CI").is_none(),
        "{} not found",
        path.display()
    );
    println!("skipped: {} not found", path.display());
    None
}

pub(crate) fn csv_rows(name: &str) -> Option<Vec<Row>> {
    let mut reader = csv::Reader::from_path(find(name)?).unwrap();
    Some(reader.deserialize().map(|row| row.unwrap()).collect())
}

pub(crate) fn parquet_rows(name: &str, keep: impl Fn(&Row) -> bool) -> Option<Vec<Row>> {
    let file = File::open(find(name)?).unwrap();
    let reader = SerializedFileReader::new(file).unwrap();
    let mut rows = Vec::new();
    for row in reader.get_row_iter(None).unwrap() {
        let columns = row.unwrap().into_columns();
        let row: Row = columns
            .into_iter()
            .map(|(name, field)| (name, text(field)))
            .collect();
        if keep(&row) {
            rows.push(row);
        }
    }
    Some(rows)
}

fn text(field: Field) -> String {
    match field {
        Field::Str(text) => text,
        // The shortest text that reads back as the same number.
        Field::Double(number) => number.to_string(),
        other => other.to_string(),
    }
}

pub(crate) fn number(row: &Row, column: &str) -> f64 {
    row[column]
        .parse()
        .unwrap_or_else(|_| panic!("{column}: {}", row[column]))
}

/// Labels in order of appearance as exporter, and an exporter-major matrix of a column.
pub(crate) struct Square {
    pub(crate) labels: Vec<String>,
    rows: Vec<Row>,
}

impl Square {
    pub(crate) fn new(mut rows: Vec<Row>) -> Self {
        rows.sort_by(|a, b| {
            (&a["exporter"], &a["importer"]).cmp(&(&b["exporter"], &b["importer"]))
        });
        let mut labels: Vec<String> = rows.iter().map(|row| row["exporter"].clone()).collect();
        labels.dedup();
        assert_eq!(rows.len(), labels.len() * labels.len(), "not a full square");
        Self { labels, rows }
    }

    pub(crate) fn len(&self) -> usize {
        self.labels.len()
    }

    pub(crate) fn index(&self, label: &str) -> usize {
        self.labels.iter().position(|known| known == label).unwrap()
    }

    pub(crate) fn column(&self, name: &str) -> Vec<f64> {
        self.rows.iter().map(|row| number(row, name)).collect()
    }

    pub(crate) fn map(&self, value: impl Fn(&Row) -> f64) -> Vec<f64> {
        self.rows.iter().map(value).collect()
    }
}

pub(crate) fn row_sums(matrix: &[f64], n: usize) -> Vec<f64> {
    matrix.chunks_exact(n).map(|row| row.iter().sum()).collect()
}

pub(crate) fn column_sums(matrix: &[f64], n: usize) -> Vec<f64> {
    (0..n)
        .map(|j| matrix.iter().skip(j).step_by(n).sum())
        .collect()
}
