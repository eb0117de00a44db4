//! Figures that nobody here made: what the sources and the notes on them print.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failure here is a failed test"
)]

mod common;

use std::collections::BTreeMap;
use std::path::PathBuf;

use acquis_economy::{
    Concordance, Economy, Format, ImportOptions, Imported, LongTable, RepairKind, Rule, aggregate,
    check, import, load,
};
use common::{repository, shared};

fn read(format: Format, files: &[&str], options: &ImportOptions) -> Option<Imported> {
    let paths: Option<Vec<PathBuf>> = files.iter().map(|file| shared(file)).collect();
    Some(import(format, &paths?, options).unwrap_or_else(|error| panic!("{error}")))
}

fn icio_2019(set: &str) -> Option<Economy> {
    let options = ImportOptions {
        elasticity_set: Some(set.to_owned()),
        ..ImportOptions::default()
    };
    let files = [
        "equilibrium/icio_elasticities.csv",
        "equilibrium/icio_trade_tariff_2019.parquet",
        "equilibrium/icio_sectors.csv",
        "equilibrium/icio_countries.csv",
    ];
    Some(read(Format::IcioPrepared, &files, &options)?.economy)
}

fn concordance(name: &str) -> Concordance {
    let path = repository(&format!("economies/compact/concordance_{name}.csv"));
    Concordance::read(&LongTable::open(&path).unwrap()).unwrap()
}

fn near(got: f64, printed: f64, rounding: f64, what: &str) {
    assert!(
        (got - printed).abs() <= rounding,
        "{what}: {got}, not {printed}"
    );
}

#[test]
fn icio_2019_has_the_total_and_the_flows_of_its_note() {
    let Some(economy) = icio_2019("bsy") else {
        return;
    };
    assert_eq!(economy.shape(), (81, 28));
    near(economy.trade().iter().sum(), 168_481_067.1, 0.05, "world");
    let flow = |from: &str, to: &str| -> f64 {
        let (from, to) = (
            economy.position(from).unwrap(),
            economy.position(to).unwrap(),
        );
        (0..28)
            .map(|sector| economy.trade()[economy.cell(sector, from, to)])
            .sum()
    };
    near(flow("SAU", "JPN"), 26_418.0, 0.5, "SAU to JPN");
    near(flow("JPN", "SAU"), 8_999.0, 0.5, "JPN to SAU");
    near(flow("RUS", "KAZ"), 16_396.0, 0.5, "RUS to KAZ");
    near(flow("KAZ", "RUS"), 5_092.0, 0.5, "KAZ to RUS");
    // The trade-weighted tariff on German goods in Russia.
    let observed = economy.observations();
    let (russia, germany) = (
        economy.position("RUS").unwrap(),
        economy.position("DEU").unwrap(),
    );
    let cells: Vec<usize> = (0..27)
        .map(|sector| observed.cell(sector, russia, germany))
        .collect();
    let revenue: f64 = cells
        .iter()
        .map(|&it| observed.flows[it] * observed.tariffs[it])
        .sum();
    let imports: f64 = cells.iter().map(|&it| observed.flows[it]).sum();
    near(
        100.0 * revenue / imports,
        6.87,
        0.005,
        "tariff of RUS on DEU",
    );
}

#[test]
fn icio_has_the_total_of_each_year_of_its_note() {
    for (year, printed) in [
        (2012, 146_087_898.0),
        (2016, 146_354_819.0),
        (2022, 199_691_318.0),
    ] {
        let file = format!("equilibrium/icio_trade_tariff_{year}.parquet");
        let files = [
            &file,
            "equilibrium/icio_sectors.csv",
            "equilibrium/icio_countries.csv",
        ];
        let Some(imported) = read(Format::IcioPrepared, &files, &ImportOptions::default()) else {
            return;
        };
        assert_eq!(imported.economy.card.year, year);
        near(imported.economy.trade().iter().sum(), printed, 0.5, &file);
    }
}

#[test]
fn wiod_has_186_to_352_negative_cells_a_year() {
    let mut counts = Vec::new();
    for year in [1995, 2000, 2005, 2008, 2011] {
        let file = format!("equilibrium/wiod_iot_{year}.parquet");
        let files = [&file, "equilibrium/wiod_codes.csv"];
        let Some(imported) = read(Format::Wiod2013, &files, &ImportOptions::default()) else {
            return;
        };
        let negative = (imported.repairs.iter())
            .filter(|it| it.what == RepairKind::NegativeDemandRemoved)
            .count();
        counts.push(negative);
    }
    let span = (counts.iter().min().copied(), counts.iter().max().copied());
    assert_eq!(span, (Some(186), Some(352)), "{counts:?}");
}

#[test]
fn icio_2019_aggregated_is_the_compact_table() {
    let regions = concordance("regions");
    let sectors = concordance("sectors");
    let built_in = load(&repository("economies/post-soviet-2019.toml")).unwrap();
    let table = LongTable::open(&repository("economies/compact/elasticities_13.csv")).unwrap();
    for set in table.header().iter().skip(1) {
        let Some(fine) = icio_2019(set) else {
            return;
        };
        let coarse = aggregate(&fine, &regions, &sectors).unwrap();
        assert_eq!(coarse.shape(), built_in.shape());
        if set == "bsy" {
            same_trade(&coarse, &built_in);
            let elasticities = &built_in.figures().elasticities.as_ref().unwrap().values;
            assert_eq!(elasticities, &by_sector(&built_in, set));
        }
        let printed = by_sector(&coarse, set);
        let computed = &coarse.figures().elasticities.as_ref().unwrap().values;
        for (computed, printed) in computed.iter().zip(printed) {
            near(*computed, printed, 5e-7, set);
        }
    }
}

/// A set of the compact elasticities in the order of the economy's sectors.
fn by_sector(economy: &Economy, set: &str) -> Vec<f64> {
    let text =
        std::fs::read_to_string(repository("economies/compact/elasticities_13.csv")).unwrap();
    let mut lines = text.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let header = lines.next().unwrap();
    let column = header.iter().position(|name| *name == set).unwrap();
    let values: BTreeMap<&str, f64> = lines
        .map(|fields| (fields[0], fields[column].parse().unwrap()))
        .collect();
    economy
        .sectors()
        .iter()
        .map(|sector| values[sector.code.as_str()])
        .collect()
}

/// Values to their four digits after the point, tariffs to nine.
fn same_trade(coarse: &Economy, printed: &Economy) {
    let sector_of = |code: &str| {
        coarse
            .sectors()
            .iter()
            .position(|sector| sector.code == code)
            .unwrap()
    };
    let (countries, sectors) = printed.shape();
    let rates = |economy: &Economy| economy.figures().tariffs[0].rates.clone();
    let (coarse_rates, printed_rates) = (rates(coarse), rates(printed));
    for sector in 0..sectors {
        let code = &printed.sectors()[sector].code;
        for from in 0..countries {
            for to in 0..countries {
                let labels = [&printed.labels()[from], &printed.labels()[to]];
                let [of, at] = labels.map(|label| coarse.position(label).unwrap());
                let cell = printed.cell(sector, from, to);
                let other = coarse.cell(sector_of(code), of, at);
                let what = format!("{labels:?} {code}");
                near(coarse.trade()[other], printed.trade()[cell], 5.01e-5, &what);
                near(coarse_rates[other], printed_rates[cell], 5.01e-10, &what);
            }
        }
    }
}

#[test]
fn the_built_in_economy_has_the_totals_printed_with_it() {
    let economy = load(&repository("economies/post-soviet-2019.toml")).unwrap();
    let path = repository("economies/compact/trade_sector_2019_totals.csv");
    let text = std::fs::read_to_string(path).unwrap();
    let sales = economy.sales();
    for line in text.lines().skip(1) {
        let fields: Vec<&str> = line.rsplitn(4, ',').collect();
        let (deficit, output) = (fields[0].parse::<f64>().unwrap(), fields[2]);
        let country = economy.position(line.split(',').next().unwrap()).unwrap();
        let sold: f64 = sales[country * 13..(country + 1) * 13].iter().sum();
        near(sold, output.parse().unwrap(), 1e-3, line);
        let bought: f64 = (0..13 * 25)
            .map(|row| economy.trade()[row * 25 + country])
            .sum();
        near(bought - sold, deficit, 2e-3, line);
    }
    let services = economy
        .sectors()
        .iter()
        .position(|it| it.code == "services")
        .unwrap();
    let rates = &economy.figures().tariffs[0].rates[services * 625..(services + 1) * 625];
    assert_eq!(rates.iter().filter(|rate| **rate > 0.0).count(), 508);
    let highest = rates.iter().copied().fold(0.0, f64::max);
    near(
        100.0 * highest,
        17.3,
        0.05,
        "the highest tariff on services",
    );
}

#[test]
fn caliendo_parro_1993_raises_output_in_26_of_620_cells() {
    let folder = ["equilibrium/caliendo_parro_2015"];
    let Some(imported) = read(Format::CaliendoParro, &folder, &ImportOptions::default()) else {
        return;
    };
    let economy = &imported.economy;
    assert_eq!(economy.shape(), (31, 40));
    let raised = &imported.repairs;
    assert_eq!(raised.len(), 26);
    assert!((raised.iter()).all(|it| it.what == RepairKind::OutputRaisedToExports));
    // One share of intermediates is negative as published, and stays so.
    let inputs = economy.figures().input_coefficients.as_ref().unwrap();
    assert_eq!(inputs.iter().filter(|input| **input < 0.0).count(), 1);
    // In the economy file too.
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("economy.parquet");
    economy.write(&file).unwrap();
    assert_eq!(&Economy::read(&file).unwrap(), economy);
    // Mexican cars in the United States: 7.17 bn; American cars in Mexico: 14.63 %.
    let autos = economy
        .sectors()
        .iter()
        .position(|it| it.code == "Auto")
        .unwrap();
    let (mexico, states) = (
        economy.position("MEX").unwrap(),
        economy.position("USA").unwrap(),
    );
    let observed = economy.observations();
    let cars = observed.flows[observed.cell(autos, states, mexico)];
    near(cars / 1e6, 7.17, 0.005, "cars, bn");
    let rate = observed.tariffs[observed.cell(autos, mexico, states)];
    near(100.0 * rate, 14.63, 0.005, "tariff on cars");
    assert!(economy.tariffs("2005").is_some() && economy.tariffs("2006").is_none());
    assert_eq!(economy.tariffs("1993").as_ref(), Some(&observed.tariffs));
    // Shares add up within 3.7e-7 as published; output is what is sold.
    let lines = check(economy);
    let line = |rule| lines.iter().find(|line| line.rule == rule).unwrap();
    near(line(Rule::SharesAddUp).worst, 3.7e-7, 0.05e-7, "shares");
    assert_eq!(line(Rule::OutputIsSold).off, 0);
    let without_inputs = (0..31 * 40)
        .filter(|cell| {
            let (country, using) = (cell / 40, cell % 40);
            let inputs = economy.figures().input_coefficients.as_ref().unwrap();
            (0..40).all(|input| inputs[(country * 40 + input) * 40 + using] == 0.0)
        })
        .count();
    assert_eq!(without_inputs, 32);
}

#[test]
fn wiod_2008_has_russian_mining_exports_and_shares_that_add_up() {
    let files = [
        "equilibrium/wiod_iot_2008.parquet",
        "equilibrium/wiod_codes.csv",
    ];
    let Some(imported) = read(Format::Wiod2013, &files, &ImportOptions::default()) else {
        return;
    };
    let economy = &imported.economy;
    assert_eq!(economy.shape(), (41, 35));
    let (russia, germany) = (
        economy.position("RUS").unwrap(),
        economy.position("DEU").unwrap(),
    );
    near(
        economy.trade()[economy.cell(1, russia, germany)],
        21_642.0,
        0.5,
        "mining",
    );
    let lines = check(economy);
    for rule in [Rule::SharesAddUp, Rule::SupplyIsUsed, Rule::DeficitsCancel] {
        let line = lines.iter().find(|line| line.rule == rule).unwrap();
        assert_eq!(line.off, 0, "{line:?}");
    }
}

#[test]
fn baci_2023_has_two_entrepots_and_the_flows_of_its_note() {
    let files = [
        "equilibrium/liberation_day_194.parquet",
        "equilibrium/liberation_day_194_countries.csv",
    ];
    let Some(imported) = read(Format::BaciMatrix, &files, &ImportOptions::default()) else {
        return;
    };
    let economy = &imported.economy;
    assert_eq!(economy.shape(), (194, 1));
    let flow = |from: &str, to: &str| {
        let [from, to] = [from, to].map(|code| economy.position(code).unwrap());
        economy.trade()[economy.cell(0, from, to)]
    };
    near(flow("AFG", "PAK"), 691.0, 0.5, "AFG to PAK");
    near(flow("RUS", "CHN") / 1e3, 129.0, 0.5, "RUS to CHN");
    near(flow("SAU", "JPN") / 1e3, 35.0, 0.5, "SAU to JPN");
    assert_eq!(imported.repairs.len(), 2, "{:?}", imported.repairs);
    for repair in &imported.repairs {
        assert!(repair.from <= 0.0 && repair.to > 0.0, "{repair:?}");
    }
}
