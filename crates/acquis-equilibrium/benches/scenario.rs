//! How long does one scenario take?
//!
//! Three observed worlds of 36, 44 and 194 economies (and corners of the first), each with a
//! shock of the kind it is used for, solved to a residual of `1e-12` from the prepared
//! baseline to the certified table. A world whose data aren't at hand is left out.

#![expect(clippy::unwrap_used, reason = "a failure here is a failed benchmark")]

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use acquis_equilibrium::{
    Baseline, DeficitClosure, Method, Neighbourhood, Settings, Shock, StructuralGravity,
    TradeElasticity, solve,
};
use divan::{Bencher, black_box};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::RowAccessor;
use rayon::prelude::*;

fn main() {
    divan::main();
}

struct World {
    baseline: Baseline,
    shock: Shock,
}

impl World {
    /// The first `n` economies alone, with all their trade doubled.
    fn corner(&self, n: usize) -> World {
        let whole = self.baseline.len();
        let cells = (0..n * n).map(|cell| self.baseline.trade()[cell / n * whole + cell % n]);
        let labels = self.baseline.labels()[..n].to_vec();
        let all: Vec<&str> = labels.iter().map(String::as_str).collect();
        World {
            shock: bloc(&labels, &all, 0.7),
            baseline: Baseline::new(labels.clone(), cells.collect()).unwrap(),
        }
    }
}

/// By number of economies.
static WORLDS: LazyLock<BTreeMap<usize, World>> = LazyLock::new(|| {
    let compact = compact();
    let corner = |n: usize| compact.as_ref().map(|world| world.corner(n));
    let small = [corner(3), corner(12), corner(16), corner(20)];
    let worlds = [compact, wiod(), liberation_day()];
    let found = small.into_iter().chain(worlds).flatten();
    found.map(|world| (world.baseline.len(), world)).collect()
});

fn sizes() -> Vec<usize> {
    WORLDS.keys().copied().collect()
}

fn settings(method: Method) -> Settings {
    Settings {
        method,
        closure: DeficitClosure::WorldShare,
        ..Settings::new(TradeElasticity::new(4.0).unwrap())
    }
}

#[divan::bench(args = sizes())]
fn automatic(bencher: Bencher<'_, '_>, n: usize) {
    run(bencher, n, Method::Automatic);
}

#[divan::bench(args = sizes())]
fn anderson(bencher: Bencher<'_, '_>, n: usize) {
    run(bencher, n, Method::Anderson);
}

#[divan::bench(args = sizes())]
fn newton(bencher: Bencher<'_, '_>, n: usize) {
    run(bencher, n, Method::Newton);
}

fn run(bencher: Bencher<'_, '_>, n: usize, method: Method) {
    let (world, settings) = (&WORLDS[&n], settings(method));
    let check = solve(&world.baseline, &world.shock, &settings).unwrap();
    assert!(check.certificate.residual <= 1e-12);
    bencher.bench(|| {
        solve(
            black_box(&world.baseline),
            black_box(&world.shock),
            &settings,
        )
    });
}

/// A thousand blocs of ten among the 44, side by side on all threads.
#[divan::bench]
fn thousand_blocs(bencher: Bencher<'_, '_>) {
    let Some(world) = WORLDS.get(&44) else { return };
    let labels = world.baseline.labels();
    let shocks: Vec<Shock> = (0..1000_usize)
        .map(|number| {
            // Steps that share no factor with 44 give ten different members.
            let step = [1, 3, 5, 7, 9, 13, 15, 17, 19, 21][number % 10];
            let members: Vec<&str> = (0..10)
                .map(|place| labels[(number + place * step) % labels.len()].as_str())
                .collect();
            bloc(labels, &members, 0.5)
        })
        .collect();
    let settings = settings(Method::Automatic);
    bencher.bench(|| {
        shocks
            .par_iter()
            .map(|shock| solve(&world.baseline, black_box(shock), &settings).unwrap())
            .map(|result| result.certificate.residual)
            .reduce(|| 0.0, f64::max)
    });
}

/// All blocs of the first twelve of the 36, sixty-four in a row from what the ones before say of
/// each, as a table of blocs is made; on one thread.
#[divan::bench]
fn neighbouring_blocs(bencher: Bencher<'_, '_>) {
    let Some(world) = WORLDS.get(&36) else { return };
    let labels = world.baseline.labels();
    let shock = |mask: usize| {
        let inside = labels[..12].iter().enumerate();
        let members = inside.filter(|(place, _)| mask >> place & 1 == 1);
        let members: Vec<&str> = members.map(|(_, label)| label.as_str()).collect();
        bloc(labels, &members, 0.5)
    };
    let shocks: Vec<Shock> = (0..1 << 12).map(shock).collect();
    let settings = settings(Method::Automatic);
    bencher.bench(|| {
        let middle = Neighbourhood::around(&world.baseline, &shocks[0], &settings).unwrap();
        let mut evaluations = 0;
        for row in black_box(&shocks).chunks(64) {
            let mut known: Vec<Vec<f64>> = Vec::new();
            for (place, shock) in row.iter().enumerate() {
                let near = known.get(place & place.wrapping_sub(1)).map(Vec::as_slice);
                let found = middle.solve(shock, near).unwrap();
                evaluations += found.certificate.evaluations;
                known.push(found.wage_change.iter().map(|wage| wage.ln()).collect());
            }
        }
        evaluations
    });
}

#[divan::bench(args = sizes())]
fn prepare_baseline(bencher: Bencher<'_, '_>, n: usize) {
    let baseline = &WORLDS[&n].baseline;
    bencher
        .with_inputs(|| (baseline.labels().to_vec(), baseline.trade().to_vec()))
        .bench_values(|(labels, trade)| Baseline::new(labels, trade));
}

#[divan::bench(args = sizes())]
fn structural_fit(bencher: Bencher<'_, '_>, n: usize) {
    let world = &WORLDS[&n];
    // Distances on a circle: every cost factor positive.
    let costs: Vec<f64> = (0..n * n)
        .map(|cell| {
            let apart = (cell / n).abs_diff(cell % n);
            1.0 / (1.0 + 20.0 * apart.min(n - apart) as f64)
        })
        .collect();
    let output = world.baseline.output().to_vec();
    bencher
        .with_inputs(|| {
            (
                world.baseline.labels().to_vec(),
                output.clone(),
                costs.clone(),
            )
        })
        .bench_values(|(labels, output, costs)| {
            StructuralGravity::fit(labels, output.clone(), output, costs)
        });
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn shared(name: &str) -> PathBuf {
    repository().join("../shared/data/equilibrium").join(name)
}

/// Flows by exporter and importer; labels in alphabetical order.
fn world_of(flows: &BTreeMap<(String, String), f64>) -> (Vec<String>, Vec<f64>) {
    let mut labels: Vec<String> = flows.keys().map(|(exporter, _)| exporter.clone()).collect();
    labels.dedup();
    let (all, known) = (&labels, flows);
    let cells = all.iter().flat_map(|i| {
        all.iter()
            .map(|j| known.get(&(i.clone(), j.clone())).copied().unwrap_or(0.0))
    });
    let trade = cells.collect();
    (labels, trade)
}

/// Trade among `members` changes by `effect`.
fn bloc(labels: &[String], members: &[&str], effect: f64) -> Shock {
    let inside = |i: usize| members.contains(&labels[i].as_str());
    let n = labels.len();
    let cells = (0..n * n).map(|cell| {
        let (i, j) = (cell / n, cell % n);
        if i != j && inside(i) && inside(j) {
            effect
        } else {
            0.0
        }
    });
    Shock::from_log_trade_effects(n, cells.collect()).unwrap()
}

fn csv_world(path: &Path, value: &str, year: Option<&str>) -> Option<(Vec<String>, Vec<f64>)> {
    let mut reader = csv::Reader::from_path(path).ok()?;
    let mut flows = BTreeMap::new();
    for row in reader.deserialize::<BTreeMap<String, String>>() {
        let row = row.unwrap();
        if year.is_none_or(|year| row["year"] == year) {
            let pair = (row["exporter"].clone(), row["importer"].clone());
            flows.insert(pair, row[value].parse().unwrap());
        }
    }
    Some(world_of(&flows))
}

/// The post-Soviet space and partners in 2012: a customs union of five doubles its trade.
fn compact() -> Option<World> {
    let path = repository().join("economies/compact/trade_one_sector_2012.csv");
    let (labels, trade) = csv_world(&path, "value_musd", None)?;
    let shock = bloc(&labels, &["ARM", "BLR", "KAZ", "KGZ", "RUS"], 0.7);
    let baseline = Baseline::new(labels, trade).unwrap();
    Some(World { baseline, shock })
}

/// WIOD in 2000: ten economies integrate.
fn wiod() -> Option<World> {
    let path = shared("gegravity_r_trade_2000_2014.csv");
    let (labels, trade) = csv_world(&path, "trade_musd", Some("2000"))?;
    let members = [
        "CYP", "CZE", "EST", "HUN", "LTU", "LVA", "MLT", "POL", "SVK", "SVN",
    ];
    let shock = bloc(&labels, &members, 0.5);
    let baseline = Baseline::new(labels, trade).unwrap();
    Some(World { baseline, shock })
}

/// Goods trade of 194 economies in 2023 and the tariffs that the USA announced in 2025.
/// Domestic sales are 1.9 GDP less exports, at least a tenth of output.
fn liberation_day() -> Option<World> {
    let mut reader = csv::Reader::from_path(shared("liberation_day_194_countries.csv")).ok()?;
    let countries: Vec<BTreeMap<String, String>> =
        reader.deserialize().map(|row| row.unwrap()).collect();
    let file = File::open(shared("liberation_day_194.parquet")).ok()?;
    let mut flows = BTreeMap::new();
    for row in SerializedFileReader::new(file)
        .unwrap()
        .get_row_iter(None)
        .unwrap()
    {
        let row = row.unwrap();
        let pair = (
            row.get_string(0).unwrap().clone(),
            row.get_string(1).unwrap().clone(),
        );
        let columns: Vec<String> = row.get_column_iter().map(|(_, x)| x.to_string()).collect();
        flows.insert(pair, columns[2].parse::<f64>().unwrap());
    }
    let mut exports = BTreeMap::<String, f64>::new();
    for ((exporter, _), value) in &flows {
        *exports.entry(exporter.clone()).or_default() += value;
    }
    let mut tariffs = BTreeMap::new();
    for row in &countries {
        let label = row["iso3"].clone();
        let output = 1.9e-3 * row["gdp_usd"].parse::<f64>().unwrap();
        let home = (output - exports[&label]).max(0.1 * output);
        flows.insert((label.clone(), label.clone()), home);
        tariffs.insert(
            label,
            row["us_announced_tariff_rate"].parse::<f64>().unwrap(),
        );
    }
    let (labels, trade) = world_of(&flows);
    let n = labels.len();
    let cells = (0..n * n).map(|cell| {
        let (i, j) = (cell / n, cell % n);
        let tariff = if i != j && labels[j] == "USA" {
            tariffs[&labels[i]]
        } else {
            0.0
        };
        -4.0 * tariff.ln_1p()
    });
    let shock = Shock::from_log_trade_effects(n, cells.collect()).unwrap();
    let baseline = Baseline::new(labels, trade).unwrap();
    Some(World { baseline, shock })
}
