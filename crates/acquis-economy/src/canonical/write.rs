//! Writes a canonical file: whole or not at all.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical, ZstdLevel};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{
    SerializedColumnWriter, SerializedFileWriter, SerializedRowGroupWriter,
};
use parquet::schema::types::Type;

use super::Kind;
use super::metadata::Heading;
use crate::economy::Economy;
use crate::error::EconomyError;

/// Records of a group of rows; what is kept in memory before it is written.
const GROUP: usize = 1 << 17;

/// The columns in order: text, number or flag.
const COLUMNS: [(&str, Physical); 9] = [
    ("kind", Physical::BYTE_ARRAY),
    ("country", Physical::BYTE_ARRAY),
    ("importer", Physical::BYTE_ARRAY),
    ("sector", Physical::BYTE_ARRAY),
    ("using_sector", Physical::BYTE_ARRAY),
    ("schedule", Physical::BYTE_ARRAY),
    ("value", Physical::DOUBLE),
    ("tariff", Physical::DOUBLE),
    ("estimated", Physical::BOOLEAN),
];

impl Economy {
    /// Writes the canonical file: the same economy gives the same bytes.
    ///
    /// The file is written whole beside its place and then moved there, so that nobody ever
    /// meets half of it.
    ///
    /// # Errors
    /// What the operating system or the encoder says.
    pub fn write(&self, path: &Path) -> Result<(), EconomyError> {
        let file = path.display().to_string();
        let cannot_write = |source| EconomyError::Write {
            file: file.clone(),
            source,
        };
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let mut builder = tempfile::Builder::new();
        // An economy is for whoever may read the folder, unlike a secret on its way.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let mut whole = builder.tempfile_in(folder).map_err(cannot_write)?;
        encode(self, whole.as_file_mut()).map_err(|source| EconomyError::Parquet {
            file: file.clone(),
            source,
        })?;
        whole
            .persist(path)
            .map_err(|error| cannot_write(error.error))?;
        Ok(())
    }
}

/// One record; positions instead of codes.
struct Record {
    kind: Kind,
    country: Option<usize>,
    importer: Option<usize>,
    sector: usize,
    using_sector: Option<usize>,
    schedule: Option<usize>,
    value: Option<f64>,
    tariff: Option<f64>,
    estimated: Option<bool>,
}

impl Record {
    const fn of(kind: Kind, sector: usize) -> Self {
        Self {
            kind,
            country: None,
            importer: None,
            sector,
            using_sector: None,
            schedule: None,
            value: None,
            tariff: None,
            estimated: None,
        }
    }
}

fn encode<W: Write + Send>(economy: &Economy, out: W) -> Result<(), ParquetError> {
    let heading = Heading::of(economy);
    let pairs = heading
        .pairs()
        .map_err(|error| ParquetError::External(Box::new(error)))?;
    let metadata = pairs
        .into_iter()
        .map(|(key, value)| KeyValue::new(key.to_owned(), value));
    let properties = WriterProperties::builder()
        .set_created_by(concat!("acquis-economy ", env!("CARGO_PKG_VERSION")).to_owned())
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(6)?))
        .set_key_value_metadata(Some(metadata.collect()))
        .build();
    let words = Words::of(&heading);
    let mut writer = SerializedFileWriter::new(out, Arc::new(schema()?), Arc::new(properties))?;
    let mut records = records(economy).peekable();
    while records.peek().is_some() {
        let group: Vec<Record> = records.by_ref().take(GROUP).collect();
        let mut columns = writer.next_row_group()?;
        words.write(&group, &mut columns)?;
        columns.close()?;
    }
    writer.close()?;
    Ok(())
}

fn schema() -> Result<Type, ParquetError> {
    let fields = COLUMNS.iter().map(|(name, physical)| {
        let logical = (*physical == Physical::BYTE_ARRAY).then_some(LogicalType::String);
        Type::primitive_type_builder(name, *physical)
            .with_repetition(Repetition::OPTIONAL)
            .with_logical_type(logical)
            .build()
            .map(Arc::new)
    });
    Type::group_type_builder("economy")
        .with_fields(fields.collect::<Result<_, _>>()?)
        .build()
}

/// Every record, kind after kind.
fn records(economy: &Economy) -> impl Iterator<Item = Record> + '_ {
    let figures = economy.figures();
    let flows = (0..figures.flows.len()).map(|cell| Record {
        value: Some(figures.flows[cell]),
        tariff: figures.tariffs.first().map(|schedule| schedule.rates[cell]),
        estimated: figures.estimated.as_ref().map(|flags| flags[cell]),
        ..pair(economy, Kind::Flow, cell)
    });
    let schedules = figures.tariffs.iter().enumerate().skip(1);
    let tariffs = schedules.flat_map(move |(number, schedule)| {
        let rates = schedule.rates.iter().enumerate();
        rates.map(move |(cell, &rate)| Record {
            schedule: Some(number),
            tariff: Some(rate),
            ..pair(economy, Kind::Tariff, cell)
        })
    });
    let levels = [
        (Kind::ValueAddedShare, &figures.value_added_shares),
        (Kind::InputCoefficient, &figures.input_coefficients),
        (Kind::FinalDemand, &figures.final_demand),
        (Kind::GrossOutput, &figures.gross_output),
    ];
    let levels = levels.into_iter().flat_map(move |(kind, table)| {
        let values = table.iter().flatten().enumerate();
        values.map(move |(cell, &value)| level(economy, kind, cell, value))
    });
    let elasticities = figures.elasticities.iter().flat_map(|it| &it.values);
    let elasticities = elasticities.enumerate().map(|(sector, &value)| Record {
        value: Some(value),
        ..Record::of(Kind::Elasticity, sector)
    });
    flows.chain(tariffs).chain(levels).chain(elasticities)
}

fn pair(economy: &Economy, kind: Kind, cell: usize) -> Record {
    let countries = economy.labels().len();
    Record {
        country: Some(cell / countries % countries),
        importer: Some(cell % countries),
        ..Record::of(kind, cell / (countries * countries))
    }
}

fn level(economy: &Economy, kind: Kind, cell: usize, value: f64) -> Record {
    let sectors = economy.sectors().len();
    if kind == Kind::InputCoefficient {
        return Record {
            country: Some(cell / (sectors * sectors)),
            using_sector: Some(cell % sectors),
            value: Some(value),
            ..Record::of(kind, cell / sectors % sectors)
        };
    }
    Record {
        country: Some(cell / sectors),
        value: Some(value),
        ..Record::of(kind, cell % sectors)
    }
}

/// The texts that records hold positions of; their bytes are shared.
struct Words {
    kinds: Vec<ByteArray>,
    countries: Vec<ByteArray>,
    sectors: Vec<ByteArray>,
    schedules: Vec<ByteArray>,
}

impl Words {
    fn of(heading: &Heading) -> Self {
        Self {
            kinds: Kind::ALL.map(|kind| ByteArray::from(kind.word())).to_vec(),
            countries: bytes(heading.countries.iter()),
            sectors: bytes(heading.sectors.iter().map(|sector| &sector.code)),
            schedules: bytes(heading.schedules.iter()),
        }
    }

    fn write<W: Write + Send>(
        &self,
        records: &[Record],
        columns: &mut SerializedRowGroupWriter<'_, W>,
    ) -> Result<(), ParquetError> {
        type Position = fn(&Record) -> Option<usize>;
        let texts: [(&[ByteArray], Position); 6] = [
            (&self.kinds, |it| Some(it.kind as usize)),
            (&self.countries, |it| it.country),
            (&self.countries, |it| it.importer),
            (&self.sectors, |it| Some(it.sector)),
            (&self.sectors, |it| it.using_sector),
            (&self.schedules, |it| it.schedule),
        ];
        for (words, position) in texts {
            if let Some(mut column) = columns.next_column()? {
                let word = |it: &Record| position(it).map(|position| words[position].clone());
                write_column::<ByteArrayType>(&mut column, records, word)?;
                column.close()?;
            }
        }
        for number in [|it: &Record| it.value, |it: &Record| it.tariff] {
            if let Some(mut column) = columns.next_column()? {
                write_column::<DoubleType>(&mut column, records, number)?;
                column.close()?;
            }
        }
        if let Some(mut column) = columns.next_column()? {
            write_column::<BoolType>(&mut column, records, |it| it.estimated)?;
            column.close()?;
        }
        Ok(())
    }
}

fn bytes<'w>(words: impl Iterator<Item = &'w String>) -> Vec<ByteArray> {
    words.map(|word| ByteArray::from(word.as_str())).collect()
}

fn write_column<D: DataType>(
    column: &mut SerializedColumnWriter<'_>,
    records: &[Record],
    value: impl Fn(&Record) -> Option<D::T>,
) -> Result<(), ParquetError> {
    let found: Vec<Option<D::T>> = records.iter().map(value).collect();
    let levels: Vec<i16> = found.iter().map(|it| i16::from(it.is_some())).collect();
    let values: Vec<D::T> = found.into_iter().flatten().collect();
    column
        .typed::<D>()
        .write_batch(&values, Some(&levels), None)?;
    Ok(())
}
