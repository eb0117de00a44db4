//! How long does one counterfactual of many sectors take, and how far is it from the
//! machine's memory bandwidth?
//!
//! `cargo bench -p acquis-equilibrium --bench multisector [-- WORLD...]` prints one line per
//! world and shock: seconds with the set-up included and from the prepared baseline (medians),
//! sweeps, the ratio of the prepared time to the bandwidth floor (16 bytes per cell and
//! sweep at the triad bandwidth measured at the start), and the peak memory of a process that
//! does this and nothing else. Worlds whose data aren't at hand are left out.
//!
//! The free trade area is NAFTA in its own data, of the three Eurasian members in ICIO, and
//! of the first ten countries in made-up worlds; the trade war adds 25 points to every
//! tariff between different countries.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark reports, and a failure here is a failed benchmark"
)]

#[path = "../tests/multisector/data.rs"]
#[allow(dead_code, reason = "shared with the tests")]
mod data;
#[path = "../tests/multisector/synthetic.rs"]
mod synthetic;

use std::hint::black_box;
use std::process::Command;
use std::time::{Duration, Instant};

use acquis_equilibrium::multisector::{
    Baseline, Drawn, Draws, Elasticities, Settings, SettingsError, Shock, Solver,
    instruments::Union,
};
use rayon::prelude::*;

const WORLDS: [&str; 4] = ["nafta", "icio", "160x65", "265x170"];

fn main() {
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|a| !a.starts_with("--"))
        .collect();
    if let [child, world, shock] = &arguments[..]
        && child == "memory-of"
    {
        if let Some((baseline, members)) = world_of(world) {
            let shock = shock_of(&baseline, &members, shock);
            black_box(
                Solver::new(baseline, settings())
                    .unwrap()
                    .solve(&shock)
                    .unwrap(),
            );
            println!("{}", peak_memory());
        }
        return;
    }
    let bandwidth = triad();
    println!("triad bandwidth, two threads: {:.1} GB/s", bandwidth / 1e9);
    println!(
        "{:<10}{:>6}{:>11}{:>9}{:>13}{:>9}{:>8}{:>10}{:>9}{:>10}",
        "world",
        "shock",
        "set-up, s",
        "(cpu)",
        "prepared, s",
        "(cpu)",
        "sweeps",
        "residual",
        "x floor",
        "peak, MB"
    );
    let asked = |world: &&str| arguments.is_empty() || arguments.iter().any(|a| a == world);
    for world in WORLDS.into_iter().filter(asked) {
        let Some((baseline, members)) = world_of(world) else {
            continue;
        };
        for shock in ["area", "war"] {
            report(world, shock, &baseline, &members, bandwidth);
        }
        if world == "nafta" {
            thousand_draws(&baseline, &members);
        }
    }
}

fn settings() -> Settings {
    Settings {
        tolerance: 1e-10,
        ..Settings::default()
    }
}

fn report(world: &str, name: &str, baseline: &Baseline, members: &[usize], bandwidth: f64) {
    let shock = shock_of(baseline, members, name);
    let whole = measure(|| {
        let solver = Solver::new(baseline.clone(), settings()).unwrap();
        solver.solve(&shock).unwrap()
    });
    let solver = Solver::new(baseline.clone(), settings()).unwrap();
    let prepared = measure(|| solver.solve(&shock).unwrap());
    let certificate = solver.solve(&shock).unwrap().certificate;
    let cells = baseline.countries() * baseline.countries() * baseline.sectors();
    let floor = 16.0 * cells as f64 * certificate.evaluations as f64 / bandwidth;
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["memory-of", world, name])
        .output()
        .unwrap();
    let memory = String::from_utf8(child.stdout).unwrap();
    println!(
        "{world:<10}{name:>6}{:>11.4}{:>9.4}{:>13.4}{:>9.4}{:>8}{:>10.1e}{:>9.1}{:>10}",
        whole.clock,
        whole.processor,
        prepared.clock,
        prepared.processor,
        certificate.evaluations,
        certificate.residual,
        prepared.clock / floor,
        memory.trim(),
    );
}

/// A baseline and the members of its free trade area.
fn world_of(name: &str) -> Option<(Baseline, Vec<usize>)> {
    let (baseline, members) = match name {
        "nafta" => {
            let data = data::nafta()?;
            let (raw, _) = Baseline::new(&data.observations, &data.elasticities).unwrap();
            let members = ["MEX", "CAN", "USA"].map(|label| raw.country(label).unwrap());
            (raw, members.to_vec())
        }
        "icio" => {
            let (observations, elasticities) = data::icio_2019("u4")?;
            let (baseline, _) = Baseline::new(&observations, &elasticities).unwrap();
            let members = ["RUS", "BLR", "KAZ"].map(|label| baseline.country(label).unwrap());
            (baseline, members.to_vec())
        }
        size => {
            let (countries, sectors) = size.split_once('x')?;
            let (countries, sectors) = (countries.parse().ok()?, sectors.parse().ok()?);
            let (observations, elasticities) = synthetic::synthetic(countries, sectors, 1);
            let (baseline, _) = Baseline::new(&observations, &elasticities).unwrap();
            (baseline, (0..10).collect())
        }
    };
    Some((baseline, members))
}

fn shock_of(baseline: &Baseline, members: &[usize], name: &str) -> Shock {
    let mut shock = Shock::none(baseline);
    if name == "area" {
        let area = Union::free_trade_area(members.to_vec());
        area.impose(baseline, &mut shock).unwrap();
        return shock;
    }
    for sector in 0..baseline.sectors() {
        for importer in 0..baseline.countries() {
            for exporter in 0..baseline.countries() {
                if importer != exporter && baseline.flow(sector, importer, exporter) > 0.0 {
                    let rate = baseline.tariff(sector, importer, exporter) + 0.25;
                    shock.set_tariff(sector, importer, exporter, rate).unwrap();
                }
            }
        }
    }
    shock
}

fn thousand_draws(baseline: &Baseline, members: &[usize]) {
    let solver = Solver::new(baseline.clone(), settings()).unwrap();
    let mean: Vec<f64> = baseline
        .elasticities()
        .values()
        .iter()
        .map(|x| x.ln())
        .collect();
    let mut covariance = vec![0.0; mean.len() * mean.len()];
    covariance
        .iter_mut()
        .step_by(mean.len() + 1)
        .for_each(|cell| *cell = 0.04);
    let draws = Draws::normal(&mean, &covariance, 1000, 1).unwrap();
    let shock = shock_of(baseline, members, "area");
    let start = (Instant::now(), processor_time());
    let simulation = solver
        .simulate(
            &draws,
            |row| {
                let values = row.iter().map(|x| x.exp()).collect();
                Ok::<_, SettingsError>(Drawn {
                    elasticities: Elasticities::new(values).ok(),
                    shock: shock.clone(),
                })
            },
            |result| members.iter().map(|&m| result.welfare_change(m)).collect(),
            || (),
        )
        .unwrap();
    println!(
        "1,000 draws of elasticities on nafta: {:.2} s (cpu {:.2}), {} without equilibrium",
        start.0.elapsed().as_secs_f64(),
        processor_time() - start.1,
        simulation.failures.len()
    );
}

/// Seconds of one repetition: the median on the clock, and the mean of processor time.
struct Cost {
    clock: f64,
    processor: f64,
}

/// Repeats for some two seconds.
fn measure<T>(mut work: impl FnMut() -> T) -> Cost {
    let budget = Instant::now();
    let processor = processor_time();
    let mut times = Vec::new();
    while times.len() < 3 || (budget.elapsed() < Duration::from_secs(2) && times.len() < 200) {
        let start = Instant::now();
        black_box(work());
        times.push(start.elapsed().as_secs_f64());
    }
    times.sort_by(f64::total_cmp);
    Cost {
        clock: times[times.len() / 2],
        processor: (processor_time() - processor) / times.len() as f64,
    }
}

/// Processor time of all threads so far, in seconds.
fn processor_time() -> f64 {
    let Ok(tasks) = std::fs::read_dir("/proc/self/task") else {
        return f64::NAN;
    };
    let nanoseconds = tasks.flatten().filter_map(|task| {
        let text = std::fs::read_to_string(task.path().join("schedstat")).ok()?;
        text.split(' ').next()?.parse::<f64>().ok()
    });
    nanoseconds.sum::<f64>() * 1e-9
}

/// Bytes per second of `a = b + s c` on arrays much larger than any cache, two threads.
fn triad() -> f64 {
    const LENGTH: usize = 16_000_000;
    const CHUNK: usize = LENGTH / 2;
    let (b, c) = (vec![1.0_f64; LENGTH], vec![2.0_f64; LENGTH]);
    let mut a = vec![0.0_f64; LENGTH];
    let passes = (0..8).map(|_| {
        let start = Instant::now();
        a.par_chunks_mut(CHUNK)
            .zip(b.par_chunks(CHUNK))
            .zip(c.par_chunks(CHUNK))
            .for_each(|((a, b), c)| {
                for ((a, b), c) in a.iter_mut().zip(b).zip(c) {
                    *a = b + 3.0 * c;
                }
            });
        black_box(&a);
        24.0 * LENGTH as f64 / start.elapsed().as_secs_f64()
    });
    passes.fold(0.0, f64::max)
}

/// In megabytes, as the kernel counts it.
fn peak_memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().split(' ').next()?.parse::<f64>().ok());
    kilobytes.map_or_else(|| "-".to_owned(), |kb| format!("{:.0}", kb / 1024.0))
}
