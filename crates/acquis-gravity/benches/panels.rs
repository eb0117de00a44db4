//! Times whole estimations: sample cleaning, three sets of effects, errors clustered by pair,
//! a score of 1e-9.
//!
//! `cargo bench -p acquis-gravity` times the generator's panels; with `-- large` twenty million
//! rows; `-- FILE.parquet ...` times files with the columns `y, rta, ltar, cu, it,
//! jt, ij`, and their reading, as `pyfixest_comparison.py` does.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a benchmark reports to its reader and stops where something is wrong"
)]

mod generator;

use std::path::Path;
use std::time::Instant;

use acquis_gravity::{Design, Factor, Options, Table, estimate};
use generator::{Panel, ring, square};

fn main() {
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| !argument.starts_with("--"))
        .collect();
    let files: Vec<&String> = arguments
        .iter()
        .filter(|a| Path::new(a).is_file())
        .collect();
    for file in &files {
        let started = Instant::now();
        let panel = read(file);
        println!("{file}: read in {:.3} s", started.elapsed().as_secs_f64());
        time(file, &panel, 5);
    }
    let large = arguments.iter().any(|argument| argument == "large");
    if files.is_empty() && large {
        time("580 countries, 60 years", &square(580, 60, 5), 1);
    } else if files.is_empty() {
        for (countries, years, repeats) in [(70, 20, 21), (150, 30, 11), (265, 30, 7)] {
            let name = format!("{countries} countries, {years} years");
            time(&name, &square(countries, years, 1), repeats);
        }
        time("ring of 600, 40 years", &ring(600, 40, 4), 3);
    }
}

/// Prints the median of some estimations.
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
    let mut times = Vec::new();
    let mut last = None;
    for _ in 0..repeats {
        let started = Instant::now();
        let fit = estimate(&design, &Options::default()).unwrap();
        times.push(started.elapsed().as_secs_f64());
        last = Some(fit);
    }
    times.sort_by(f64::total_cmp);
    let fit = last.unwrap();
    println!(
        "{name}: {} rows of {}, median {:.4} s, least {:.4} s, {} outer, {} inner, score {:.0e}{}",
        fit.observations,
        fit.rows,
        times[times.len() / 2],
        times[0],
        fit.iterations,
        fit.inner_iterations,
        fit.certificate.score.max(fit.certificate.effects_score),
        memory(),
    );
    for coefficient in fit.coefficients() {
        println!(
            "    {:8} {:.10} ({:.10})",
            coefficient.name, coefficient.estimate, coefficient.standard_error
        );
    }
}

/// The most memory this process has used so far, where the system tells.
fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().split(' ').next()?.parse::<f64>().ok());
    kilobytes.map_or_else(String::new, |kb| format!(", {:.0} MB at most", kb / 1024.0))
}

fn read(path: &str) -> Panel {
    let wanted = ["y", "rta", "ltar", "cu", "it", "jt", "ij"];
    let table = Table::read(Path::new(path), Some(&wanted), &wanted).unwrap();
    let column = |name: &str| table.numbers(name).unwrap().to_vec();
    let codes = |name: &str| column(name).into_iter().map(|code| code as u32).collect();
    Panel {
        trade: column("y"),
        regressors: [column("rta"), column("ltar"), column("cu")],
        effects: [codes("it"), codes("jt"), codes("ij")],
    }
}
