//! The generator's panels as files, to time their reading.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

use parquet::basic::Compression;
use parquet::data_type::{DoubleType, Int32Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;

use crate::generator::Panel;

/// Rows of a row group, as Arrow's writers have it.
const GROUP: usize = 1 << 20;
/// Four columns of numbers, three of codes.
pub(crate) const COLUMNS: [&str; 7] = ["y", "rta", "ltar", "cu", "it", "jt", "ij"];

pub(crate) fn write_parquet(panel: &Panel, path: &Path) {
    let schema = "message panel { REQUIRED DOUBLE y; REQUIRED DOUBLE rta; REQUIRED DOUBLE ltar;
        REQUIRED DOUBLE cu; REQUIRED INT32 it; REQUIRED INT32 jt; REQUIRED INT32 ij; }";
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY);
    let file = File::create(path).unwrap();
    let mut writer = SerializedFileWriter::new(file, schema, Arc::new(properties.build())).unwrap();
    let [rta, tariff, union] = &panel.regressors;
    for start in (0..panel.trade.len()).step_by(GROUP) {
        let rows = start..panel.trade.len().min(start + GROUP);
        let mut group = writer.next_row_group().unwrap();
        for values in [&panel.trade, rta, tariff, union] {
            let mut column = group.next_column().unwrap().unwrap();
            let values = &values[rows.clone()];
            let typed = column.typed::<DoubleType>();
            typed.write_batch(values, None, None).unwrap();
            column.close().unwrap();
        }
        for codes in &panel.effects {
            let mut column = group.next_column().unwrap().unwrap();
            let codes: Vec<i32> = codes[rows.clone()]
                .iter()
                .map(|&code| code as i32)
                .collect();
            let typed = column.typed::<Int32Type>();
            typed.write_batch(&codes, None, None).unwrap();
            column.close().unwrap();
        }
        group.close().unwrap();
    }
    writer.close().unwrap();
}

pub(crate) fn write_csv(panel: &Panel, path: &Path) {
    let mut file = BufWriter::new(File::create(path).unwrap());
    writeln!(file, "{}", COLUMNS.join(",")).unwrap();
    let [rta, tariff, union] = &panel.regressors;
    let [exporters, importers, pairs] = &panel.effects;
    for row in 0..panel.trade.len() {
        let (y, rta, tariff, union) = (panel.trade[row], rta[row], tariff[row], union[row]);
        let (it, jt, ij) = (exporters[row], importers[row], pairs[row]);
        writeln!(file, "{y},{rta},{tariff},{union},{it},{jt},{ij}").unwrap();
    }
    file.flush().unwrap();
}
