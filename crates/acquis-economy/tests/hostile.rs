//! Files that were made to harm: a few bytes that claim gigabytes, names of what is no file.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failure here is a failed test"
)]

use std::fs;
use std::path::Path;
use std::sync::Arc;

use acquis_economy::{
    Absent, Concordance, Economy, EconomyFiles, Format, ImportOptions, Imported, Limits, LongTable,
    import_within, load,
};
use acquis_registry::{Findings, SourceText};
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType};
use parquet::file::properties::{WriterProperties, WriterVersion};
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;

/// One column "value" of two thousand million ones, in a run of one byte.
const CLAIMS_MUCH: &[u8] =
    b"PAR1\x15\x04\x15\x10\x15\x10L\x15\x02\x15\x00\x00\x00\x00\x00\x00\x00\x00\x00\xf0?\
      \x15\x00\x15\x0e\x15\x0e,\x15\x80\xd0\xac\xf3\x0e\x15\x10\x15\x06\x15\x06\x00\x00\
      \x01\x80\xd0\xac\xf3\x0e\x00\x15\x02\x19,H\x01r\x15\x02\x00\x15\x0a%\x00\x18\x05valu\
      e\x00\x16\x80\xd0\xac\xf3\x0e\x19\x1c\x19\x1c&\x08\x1c\x15\x0a\x19\x15\x10\x19\x18\
      \x05value\x15\x00\x16\x80\xd0\xac\xf3\x0e\x16b\x16b&2&\x08\x00\x00\x16b\x16\x80\xd0\
      \xac\xf3\x0e\x00\x00L\x00\x00\x00PAR1";

/// A group of a thousand rows, and ten values in its column "value".
const CLAIMS_MORE: &[u8] =
    b"PAR1\x15\x04\x15\x10\x15\x10L\x15\x02\x15\x00\x00\x00\x00\x00\x00\x00\x00\x00\xf0?\
      \x15\x00\x15\x06\x15\x06,\x15\x14\x15\x10\x15\x06\x15\x06\x00\x00\x01\x14\x00\x15\
      \x02\x19,H\x01r\x15\x02\x00\x15\x0a%\x00\x18\x05value\x00\x16\x14\x19\x1c\x19\x1c&\
      \x08\x1c\x15\x0a\x19\x15\x10\x19\x18\x05value\x15\x00\x16\x14\x16R\x16R&2&\x08\x00\
      \x00\x16R\x16\xd0\x0f\x00\x00A\x00\x00\x00PAR1";

/// A file in a folder of its own.
fn kept(name: &str, bytes: impl AsRef<[u8]>) -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    (folder, path)
}

fn import_long(path: &Path, absent: Absent, limits: Limits) -> Result<Imported, String> {
    let options = ImportOptions {
        year: Some(2000),
        unit: Some("u".to_owned()),
        absent,
        ..ImportOptions::default()
    };
    import_within(Format::Long, &[path.to_owned()], &options, limits)
        .map_err(|error| error.to_string())
}

#[test]
fn a_parquet_file_is_not_believed_about_its_rows() {
    let (_folder, path) = kept("t.parquet", CLAIMS_MUCH);
    for limits in [Limits::OWN, Limits::SENT] {
        let said = LongTable::open_within(&path, limits).unwrap_err();
        let said = said.to_string();
        assert!(
            said.contains(&format!("more than {} rows", limits.rows)),
            "{said}"
        );
    }
    // What is claimed within the limits has to be there.
    let (_folder, path) = kept("t.parquet", CLAIMS_MORE);
    let table = LongTable::open(&path).unwrap();
    assert_eq!((table.header().len(), table.len()), (1, 1000));
    let said = Concordance::read(&table).unwrap_err().to_string();
    assert!(said.contains("\"value\" has 10"), "{said}");
}

#[test]
fn a_column_that_nobody_asks_for_is_not_decoded() {
    let schema = "message trade { required binary exporter (utf8); required binary importer \
                  (utf8); required double value; required binary remark (utf8); }";
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.parquet");
    let file = fs::File::create(&path).unwrap();
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let mut writer = SerializedFileWriter::new(file, schema, Arc::default()).unwrap();
    let mut group = writer.next_row_group().unwrap();
    for words in [["A", "A", "B", "B"], ["A", "B", "A", "B"]] {
        let mut column = group.next_column().unwrap().unwrap();
        let words = words.map(ByteArray::from);
        let typed = column.typed::<ByteArrayType>();
        typed.write_batch(&words, None, None).unwrap();
        column.close().unwrap();
    }
    let mut column = group.next_column().unwrap().unwrap();
    let typed = column.typed::<DoubleType>();
    typed
        .write_batch(&[8.0, 2.0, 3.0, 7.0], None, None)
        .unwrap();
    column.close().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    let remarks = ["r"; 4].map(ByteArray::from);
    let typed = column.typed::<ByteArrayType>();
    typed.write_batch(&remarks, None, None).unwrap();
    column.close().unwrap();
    group.close().unwrap();
    writer.close().unwrap();

    let reader = SerializedFileReader::new(fs::File::open(&path).unwrap()).unwrap();
    let (start, length) = reader.metadata().row_group(0).column(3).byte_range();
    let mut bytes = fs::read(&path).unwrap();
    let place = |at: u64| usize::try_from(at).unwrap();
    bytes[place(start)..place(start + length)].fill(0xff);
    fs::write(&path, bytes).unwrap();
    let read = import_long(&path, Absent::Missing, Limits::SENT).unwrap();
    assert_eq!(read.economy.figures().flows, [8.0, 2.0, 3.0, 7.0]);
}

/// A ring: everybody sells to the next only, so that codes are many and rows as few.
fn ring(countries: usize) -> String {
    let row = |from: usize| format!("C{from},C{},1\n", (from + 1) % countries);
    let rows: String = (0..countries).map(row).collect();
    format!("exporter,importer,value\n{rows}")
}

#[test]
fn many_codes_in_few_rows_are_refused_before_memory_is_taken() {
    let (_folder, path) = kept("t.csv", ring(2000));
    let said = import_long(&path, Absent::Missing, Limits::OWN).unwrap_err();
    assert!(
        said.contains("2000 rows can't fill the 4000000 cells"),
        "{said}"
    );
    // Where what is left out is zero, all cells are held, and they are counted.
    let (_folder, path) = kept("t.csv", ring(5000));
    let said = import_long(&path, Absent::Zero, Limits::SENT).unwrap_err();
    assert!(said.contains("1 x 5000 x 5000 cells"), "{said}");
    // In few cells the first that is missing is named.
    let (_folder, path) = kept("t.csv", ring(30));
    let said = import_long(&path, Absent::Missing, Limits::SENT).unwrap_err();
    assert!(said.contains("870 of 900 figures are missing"), "{said}");
}

#[test]
fn schedules_of_tariffs_that_share_a_column_are_counted() {
    let schedules: Vec<String> = (0..50).map(|it| format!("s{it} = 't'")).collect();
    let schedules = schedules.join("\n");
    let manifest = format!(
        "id='t'\ntitle='t'\nyear=2000\nunit='u'\ntrade='t.csv'\ntariff_column='t'\n[tariffs]\n{schedules}"
    );
    let trade = "exporter,importer,value,t\nA,A,8,0\nA,B,2,0\nB,A,3,0\nB,B,7,0\n";
    let files = |limits| {
        let manifest = SourceText::new("t.toml", manifest.as_str());
        EconomyFiles::gather(manifest, |name| Ok(SourceText::new(name, trade)))
            .unwrap()
            .within(limits)
    };
    let cells = |cells| Limits { rows: 4, cells };
    assert!(Economy::load(&files(cells(52 * 4))).is_ok());
    let said = Economy::load(&files(cells(52 * 4 - 1))).unwrap_err();
    assert!(said.to_string().contains("52 x 1 x 2 x 2 cells"), "{said}");
    let rows = Limits {
        rows: 3,
        ..Limits::SENT
    };
    let said = Economy::load(&files(rows)).unwrap_err();
    assert!(said.to_string().contains("more than 3 rows"), "{said}");
}

#[test]
fn a_line_of_commas_is_no_header() {
    let text = SourceText::new("t.csv", format!("{}\n", ",".repeat(20_000)));
    let said = LongTable::from_text(&text).unwrap_err().to_string();
    assert!(said.starts_with("t.csv:1:1: "), "{said}");
    assert!(said.contains("more than 10000 columns"), "{said}");
}

#[test]
fn a_table_of_mistakes_is_not_read_to_its_end() {
    let text = format!("exporter,importer,value\n{}", "A,A,x\n".repeat(50_000));
    let (_folder, path) = kept("t.csv", text);
    let options = ImportOptions {
        year: Some(2000),
        ..ImportOptions::default()
    };
    let error = import_within(Format::Long, &[path], &options, Limits::SENT).unwrap_err();
    assert_eq!(Findings::from(error).len(), 1000);
}

fn manifest_of(trade: &str) -> String {
    format!("id = 't'\ntitle = 't'\nyear = 2000\nunit = 'u'\ntrade = '{trade}'\n")
}

#[cfg(unix)]
#[test]
fn devices_and_pipes_are_no_files() {
    let (folder, manifest) = kept("t.toml", manifest_of("/dev/zero"));
    let pipe = folder.path().join("pipe.csv");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    let is_told = |said: String| assert!(said.contains("not a regular file"), "{said}");
    is_told(load(Path::new("/dev/zero")).unwrap_err().to_string());
    is_told(load(&pipe).unwrap_err().to_string());
    is_told(LongTable::open(&pipe).unwrap_err().to_string());
    is_told(load(folder.path()).unwrap_err().to_string());
    // A manifest that names one is told at the line of the name.
    let said = load(&manifest).unwrap_err().to_string();
    assert!(said.contains("t.toml:5:9"), "{said}");
    is_told(said);
    fs::write(&manifest, manifest_of("pipe.csv")).unwrap();
    is_told(load(&manifest).unwrap_err().to_string());
}

/// One column of texts, written as these properties say.
fn texts(words: &[&str], properties: WriterProperties) -> Vec<u8> {
    let schema = parse_message_type("message t { required binary from (utf8); }").unwrap();
    let mut bytes = Vec::new();
    let properties = Arc::new(properties);
    let mut writer = SerializedFileWriter::new(&mut bytes, Arc::new(schema), properties).unwrap();
    let mut group = writer.next_row_group().unwrap();
    let mut column = group.next_column().unwrap().unwrap();
    let words: Vec<ByteArray> = words.iter().map(|word| ByteArray::from(*word)).collect();
    let typed = column.typed::<ByteArrayType>();
    typed.write_batch(&words, None, None).unwrap();
    column.close().unwrap();
    group.close().unwrap();
    writer.close().unwrap();
    bytes
}

#[test]
fn a_page_that_is_large_when_decompressed_is_not_decompressed() {
    let long = "x".repeat(100_000);
    let zstd = || {
        let plain = WriterProperties::builder().set_dictionary_enabled(false);
        plain.set_compression(Compression::ZSTD(ZstdLevel::default()))
    };
    let bytes = texts(&[&long], zstd().build());
    assert!(bytes.len() < 2000, "{}", bytes.len());
    let (_folder, path) = kept("t.parquet", bytes);
    let few = Limits {
        rows: 100,
        ..Limits::SENT
    };
    let table = LongTable::open_within(&path, few).unwrap();
    let said = Concordance::read(&table).unwrap_err().to_string();
    assert!(said.contains("a page of 100004 bytes"), "{said}");

    // However they are written, pages of an honest size are read.
    for encoding in [
        Encoding::PLAIN,
        Encoding::DELTA_BYTE_ARRAY,
        Encoding::DELTA_LENGTH_BYTE_ARRAY,
    ] {
        for version in [WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0] {
            let properties = zstd().set_encoding(encoding).set_writer_version(version);
            let (_folder, path) = kept("t.parquet", texts(&["AAA", "AAB"], properties.build()));
            let table = LongTable::open_within(&path, few).unwrap();
            let said = Concordance::read(&table).unwrap_err().to_string();
            assert!(said.contains("no column \"to\""), "{said}");
        }
    }
}
