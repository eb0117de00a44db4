//! How long all blocs take, from the prepared question to the table of gains:
//! `cargo bench -p acquis-scenario`.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a benchmark stops at the first error"
)]

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use acquis_registry::{Registry, SourceText, read_folder};
use acquis_scenario::{Almanac, BlocsGame, Economy, Scenario, Watch, read_economy_files};
use divan::Bencher;

fn main() {
    divan::main();
}

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(path)
}

const TWELVE: &str = "\"ARM\", \"AZE\", \"BLR\", \"GEO\", \"KAZ\", \"KGZ\", \"MDA\", \"RUS\", \"TJK\", \"TKM\", \"UKR\", \"UZB\"";

/// A question, checked, and what it stands on.
fn with_game(economy: &str, date: &str, blocs: &str, run: impl FnOnce(&BlocsGame<'_>)) {
    let text = format!(
        "title = \"Benchmark\"\n[base]\ndate = \"{date}\"\neconomy = \"{economy}\"\ngrade = \"functioning\"\n[blocs]\n{blocs}"
    );
    let scenario = Scenario::read("benchmark", &SourceText::new("benchmark.toml", text)).unwrap();
    let files = read_folder(&repository("packs/post-soviet")).unwrap();
    let registry = Registry::load(&files).unwrap().registry;
    let manifest = repository(&format!("economies/{economy}.toml"));
    let economy = Economy::load(&read_economy_files(&manifest).unwrap()).unwrap();
    let series = std::fs::read_to_string(repository("economies/compact/macro_1990_2024.csv"));
    let series = SourceText::new("series.csv", series.unwrap());
    let almanac = Almanac::read(&series, Vec::new()).unwrap();
    run(&BlocsGame::prepare(&scenario, &registry, &economy, &almanac).unwrap());
}

/// Twelve that the economy of 13 sectors tells apart.
const TWELVE_LARGE: &str = "\"BLR\", \"CHN\", \"DEU\", \"GBR\", \"IND\", \"JPN\", \"KAZ\", \"KOR\", \"RUS\", \"TUR\", \"UKR\", \"USA\"";

fn blocs(bencher: Bencher<'_, '_>, economy: &str, date: &str, question: &str) {
    with_game(economy, date, question, |game| {
        bencher.bench_local(|| {
            game.single_blocs(&mut Watch {
                store: None,
                progress: &mut |_| ControlFlow::Continue(()),
            })
            .unwrap()
        });
    });
}

/// All blocs of the twelve among 36 economies.
#[divan::bench(sample_count = 9, sample_size = 1)]
fn one_sector(bencher: Bencher<'_, '_>) {
    let question = format!("candidates = [{TWELVE}]\nstage = \"free_trade_area\"");
    blocs(bencher, "post-soviet-2012", "2012-07-01", &question);
}

/// As many blocs in 25 regions and 13 sectors, each with a common external tariff.
#[divan::bench(sample_count = 1, sample_size = 1)]
fn many_sectors(bencher: Bencher<'_, '_>) {
    let question = format!("candidates = [{TWELVE_LARGE}]\nstage = \"customs_union\"");
    blocs(bencher, "post-soviet-2019", "2019-07-01", &question);
}

/// Eight of the twelve at four levels: 65,536 memberships, a 256th of those of all twelve.
#[divan::bench(sample_count = 3, sample_size = 1)]
fn four_levels_of_eight(bencher: Bencher<'_, '_>) {
    let eight = TWELVE.split(", ").take(8).collect::<Vec<_>>().join(", ");
    let question = format!(
        "candidates = [{eight}]\nkind = \"levels\"\nstages = [\"free_trade_area\", \"customs_union\", \"common_market\"]\n\
         [effects]\nsource = \"benchmark\"\nfree_trade_area = 0.3\ncustoms_union = 0.5\ncommon_market = 0.7\n"
    );
    with_game("post-soviet-2012", "2012-07-01", &question, |game| {
        bencher.bench_local(|| {
            game.memberships(&mut Watch {
                store: None,
                progress: &mut |_| ControlFlow::Continue(()),
            })
            .unwrap()
        });
    });
}
