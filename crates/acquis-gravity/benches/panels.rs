//! Times whole estimations: sample cleaning, three sets of effects, errors clustered by pair,
//! a score of 1e-9; and the reading of files.
//!
//! `cargo bench -p acquis-gravity` prints the table of the README, twenty million rows
//! included; `-- quick` leaves those out; `-- FILE.parquet ...` times files with the columns
//! `y, rta, ltar, cu, it, jt, ij`, and their reading, as `pyfixest_comparison.py` does;
//! `-- write FOLDER` writes the generator's panels for it.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_possible_wrap,
    reason = "a benchmark reports to its reader and stops where something is wrong"
)]

mod files;
mod generator;

use std::path::{Path, PathBuf};
use std::time::Instant;

use acquis_gravity::{Design, Factor, Fit, Options, Table, estimate};
use files::{COLUMNS, write_csv, write_parquet};
use generator::{Panel, ring, square};

fn main() {
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| !argument.starts_with("--"))
        .collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["write", folder] => write(Path::new(folder)),
        [] | ["quick"] => all(words.is_empty()),
        files => {
            heading();
            for file in files {
                time(file, &read(Path::new(file)), 7);
            }
        }
    }
}

/// Every line of the README's table.
fn all(large: bool) {
    heading();
    for (countries, years, repeats) in [(70, 20, 21), (150, 30, 11), (265, 30, 9)] {
        let name = format!("{countries} countries, {years} years");
        time(&name, &square(countries, years, 1), repeats);
    }
    time("ring of 600, 40 years", &ring(600, 40, 4), 5);
    if large {
        time("580 countries, 60 years", &square(580, 60, 5), 3);
    }
    let panel = square(265, 30, 1);
    for (name, write) in [
        ("panel.parquet", write_parquet as fn(&Panel, &Path)),
        ("panel.csv", write_csv),
    ] {
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        write(&panel, &path);
        let mut times = Times::default();
        for _ in 0..7 {
            times.measure(|| Table::read(&path, Some(&COLUMNS), &COLUMNS).unwrap());
        }
        println!(
            "reading {name}, {} rows: {}",
            panel.trade.len(),
            times.line()
        );
        std::fs::remove_file(path).unwrap();
    }
}

fn write(folder: &Path) {
    let panels = [
        ("g70x20", square(70, 20, 1)),
        ("g150x30", square(150, 30, 1)),
        ("g265x30", square(265, 30, 1)),
        ("ring600x40", ring(600, 40, 4)),
    ];
    for (name, panel) in panels {
        write_parquet(&panel, &folder.join(format!("{name}.parquet")));
    }
}

fn heading() {
    let threads = std::thread::available_parallelism().map_or(0, usize::from);
    println!("{threads} threads; seconds on the clock (median, least) and of processors");
}

/// Prints the times of some estimations.
fn time(name: &str, panel: &Panel, repeats: usize) {
    let [rta, tariff, union] = &panel.regressors;
    let [exporters, importers, pairs] = &panel.effects;
    let design = Design::new("trade", panel.trade.as_slice())
        .regressor("rta", rta.as_slice())
        .unwrap()
        .regressor("tariff", tariff.as_slice())
        .unwrap()
        .regressor("union", union.as_slice())
        .unwrap()
        .effect("exporter^year", Factor::from_codes(exporters))
        .unwrap()
        .effect("importer^year", Factor::from_codes(importers))
        .unwrap()
        .effect("pair", Factor::from_codes(pairs))
        .unwrap()
        .cluster("pair", Factor::from_codes(pairs))
        .unwrap();
    forget_peak();
    let mut times = Times::default();
    let mut last: Option<Fit> = None;
    for _ in 0..repeats {
        drop(last.take());
        last = Some(times.measure(|| estimate(&design, &Options::default()).unwrap()));
    }
    let fit = last.unwrap();
    println!(
        "{name}: {} rows of {}, {}, {}{} outer, {} inner, score {:.0e}",
        fit.observations,
        fit.rows,
        times.line(),
        memory(),
        fit.iterations,
        fit.inner_iterations,
        fit.certificate.score.max(fit.certificate.effects_score),
    );
    for coefficient in fit.coefficients() {
        println!(
            "    {:8} {:.10} ({:.10})",
            coefficient.name, coefficient.estimate, coefficient.standard_error
        );
    }
}

/// Seconds on the clock and of all processors, by repetition.
#[derive(Default)]
struct Times {
    clock: Vec<f64>,
    processor: f64,
}

impl Times {
    fn measure<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let (started, before) = (Instant::now(), processor_seconds());
        let out = work();
        self.clock.push(started.elapsed().as_secs_f64());
        self.processor += processor_seconds() - before;
        out
    }

    fn line(&mut self) -> String {
        self.clock.sort_by(f64::total_cmp);
        let count = self.clock.len();
        format!(
            "median {:.4} s, least {:.4} s, processors {:.3} s",
            self.clock[count / 2],
            self.clock[0],
            self.processor / count as f64
        )
    }
}

/// What this process has spent on all processors, where the system tells: ticks of a
/// hundredth of a second.
fn processor_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(") ").next().unwrap_or_default();
    let ticks = fields.split(' ').skip(11).take(2);
    ticks
        .filter_map(|ticks| ticks.parse::<f64>().ok())
        .sum::<f64>()
        / 100.0
}

/// Starts the peak of memory anew, where the system lets it.
fn forget_peak() {
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}

/// The most memory this process has used since, where the system tells.
fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().split(' ').next()?.parse::<f64>().ok());
    kilobytes.map_or_else(String::new, |kb| format!("{:.0} MB at most, ", kb / 1024.0))
}

fn read(path: &Path) -> Panel {
    let table = Table::read(path, Some(&COLUMNS), &COLUMNS).unwrap();
    let column = |name: &str| table.numbers(name).unwrap().to_vec();
    let codes = |name: &str| column(name).into_iter().map(|code| code as u32).collect();
    Panel {
        trade: column("y"),
        regressors: [column("rta"), column("ltar"), column("cu")],
        effects: [codes("it"), codes("jt"), codes("ij")],
    }
}
