//! Observed worlds, read from the shared test data.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};

use acquis_equilibrium::multisector::{Elasticities, Observations};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::RowAccessor;

/// A folder of the shared data; `None`, and a word about it, where it isn't at hand.
fn folder() -> Option<PathBuf> {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/equilibrium");
    if data.is_dir() {
        return Some(data);
    }
    assert!(
        std::env::var_os("CI").is_none(),
        "test data must be at hand in CI"
    );
    println!("skipped: no test data at {}", data.display());
    None
}

/// The world of Caliendo and Parro (2015): 1993, with the tariffs of 2005 beside those of
/// 1993.
pub(crate) struct Nafta {
    pub(crate) observations: Observations,
    pub(crate) elasticities: Elasticities,
    /// `[J][importer][exporter]` as fractions.
    pub(crate) tariffs_2005: Vec<f64>,
}

pub(crate) fn nafta() -> Option<Nafta> {
    let folder = folder()?.join("caliendo_parro_2015");
    let countries = column(&folder.join("regions.csv"), "region");
    let sectors = column(&folder.join("sectors.csv"), "sector_name");
    let theta = numbers(&folder.join("sectors.csv"), "theta");
    let (n, j) = (countries.len(), sectors.len());
    let position: BTreeMap<&str, usize> = countries.iter().map(String::as_str).zip(0..).collect();

    let mut world = Observations {
        flows: vec![0.0; j * n * n],
        tariffs: vec![0.0; j * n * n],
        value_added_shares: vec![0.0; n * j],
        input_coefficients: vec![0.0; n * j * j],
        countries: countries.clone(),
        sectors,
        ..Observations::default()
    };
    let mut tariffs_2005 = vec![0.0; j * n * n];
    let mut reader = csv::Reader::from_path(folder.join("trade_tariffs.csv")).unwrap();
    for record in reader.records() {
        let record = record.unwrap();
        let number = |column: usize| record[column].parse::<f64>().unwrap();
        let sector = record[0].parse::<usize>().unwrap() - 1;
        let cell = world.cell(sector, position[&record[1]], position[&record[2]]);
        world.flows[cell] = number(3);
        world.tariffs[cell] = number(4) / 100.0;
        tariffs_2005[cell] = number(5) / 100.0;
    }
    let mut reader = csv::Reader::from_path(folder.join("value_added_output.csv")).unwrap();
    for record in reader.records() {
        let record = record.unwrap();
        let sector = record[0].parse::<usize>().unwrap() - 1;
        let country = position[&record[1]];
        world.value_added_shares[country * j + sector] = record[2].parse().unwrap();
        // US dollars, where trade is in thousands.
        let output = record[3].parse::<f64>().unwrap() / 1000.0;
        let exports: f64 = (0..n)
            .map(|importer| world.flows[world.cell(sector, importer, country)])
            .sum();
        let home = world.cell(sector, country, country);
        world.flows[home] = (output - exports).max(0.0);
    }
    let file = File::open(folder.join("io_coefficients.parquet")).unwrap();
    for row in SerializedFileReader::new(file)
        .unwrap()
        .get_row_iter(None)
        .unwrap()
    {
        let row = row.unwrap();
        let country = position[row.get_string(0).unwrap().as_str()];
        let number = |at: usize| {
            let row = &row;
            row.get_long(at)
                .or_else(|_| row.get_int(at).map(i64::from))
                .unwrap()
        };
        let input = usize::try_from(number(1)).unwrap() - 1;
        let user = usize::try_from(number(2)).unwrap() - 1;
        let share = row.get_double(3).unwrap();
        let inputs = 1.0 - world.value_added_shares[country * j + user];
        world.input_coefficients[(country * j + input) * j + user] = share * inputs;
    }
    Some(Nafta {
        observations: world,
        elasticities: Elasticities::new(theta).unwrap(),
        tariffs_2005,
    })
}

fn column(path: &Path, name: &str) -> Vec<String> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let at = reader
        .headers()
        .unwrap()
        .iter()
        .position(|header| header == name)
        .unwrap();
    reader
        .records()
        .map(|record| record.unwrap()[at].to_owned())
        .collect()
}

fn numbers(path: &Path, name: &str) -> Vec<f64> {
    column(path, name)
        .iter()
        .map(|text| text.parse().unwrap())
        .collect()
}

/// The OECD's Inter-Country Input-Output tables of 2019 with tariffs of the Global Tariff
/// Database (Teti 2024): flows in million USD, and the trade elasticities of one set.
pub(crate) fn icio_2019(elasticities: &str) -> Option<(Observations, Elasticities)> {
    let folder = folder()?;
    let countries = column(&folder.join("icio_countries.csv"), "iso3");
    let sectors = column(&folder.join("icio_sectors.csv"), "sector");
    let theta_file = folder.join("icio_elasticities.csv");
    assert_eq!(column(&theta_file, "sector"), sectors);
    let theta = numbers(&theta_file, elasticities);
    let (n, j) = (countries.len(), sectors.len());
    let mut world = Observations {
        flows: vec![0.0; j * n * n],
        tariffs: vec![0.0; j * n * n],
        countries,
        sectors,
        ..Observations::default()
    };
    let places = |labels: &[String]| -> BTreeMap<String, usize> {
        labels.iter().cloned().zip(0..).collect()
    };
    let (country, sector) = (places(&world.countries), places(&world.sectors));
    let file = File::open(folder.join("icio_trade_tariff_2019.parquet")).unwrap();
    let reader = SerializedFileReader::new(file).unwrap();
    for row in reader.get_row_iter(None).unwrap() {
        let row = row.unwrap();
        let at = |column: usize| row.get_string(column).unwrap();
        let cell = world.cell(sector[at(3)], country[at(2)], country[at(1)]);
        world.flows[cell] = row.get_double(4).unwrap();
        world.tariffs[cell] = row.get_double(5).unwrap();
    }
    Some((world, Elasticities::new(theta).unwrap()))
}
