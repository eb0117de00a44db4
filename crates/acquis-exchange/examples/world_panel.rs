//! The panel of all pairs of states over two centuries, from a copy of COW IGO v3, with times:
//! `world_panel OUT csv|parquet balanced|existing FILE FILE`.

#![allow(clippy::print_stdout, reason = "an example that prints")]

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;
use std::time::Instant;

use acquis_exchange::{DataFile, Dataset, Panel, PanelFormat, PanelOptions, import, write_panel};
use acquis_law::Law;
use acquis_registry::Registry;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [out, format, rows, files @ ..] = &arguments[..] else {
        return Err("OUT csv|parquet balanced|existing FILE FILE".into());
    };
    let files = files
        .iter()
        .map(|path| DataFile::read(Path::new(path)))
        .collect::<Result<Vec<_>, _>>()?;
    let start = Instant::now();
    let imported = import(Dataset::CowIgo, &files)?;
    println!("import   {:?}: {}", start.elapsed(), imported.report);

    let start = Instant::now();
    let registry = Registry::load(&imported.files)?.registry;
    println!("load     {:?}", start.elapsed());

    let start = Instant::now();
    let law = Law::new(registry.view());
    println!("law      {:?}", start.elapsed());

    let options = PanelOptions {
        years: 1815..=2014,
        balanced: rows == "balanced",
    };
    let format = if format == "parquet" {
        PanelFormat::Parquet
    } else {
        PanelFormat::Csv
    };
    let start = Instant::now();
    let file = BufWriter::new(File::create(out)?);
    let written = write_panel(&law, Panel::DyadYear, &options, format, file)?;
    println!("dyads    {:?}: {written} rows", start.elapsed());
    Ok(())
}
