//! `acquis blocs scenarios/which-union-2012.toml`

use std::fs;
use std::io;
use std::ops::ControlFlow;
use std::path::Path;

use acquis_blocs::Progress;
use acquis_report::subject::blocs::{self as subject, Answered};
use acquis_report::write_files;
use acquis_scenario::{BlocsGame, Watch};
use indicatif::{ProgressBar, ProgressStyle};

use crate::arguments::{BlocsQuery, Common};
use crate::failure::Failure;
use crate::{output, session};

/// The folder beside the results in which equilibria are kept while a run is on its way.
const STORE: &str = "equilibria";
/// Below so many equilibria nothing is kept: solving them again takes less than reading them.
const WORTH_KEEPING: usize = 20_000;

pub(crate) fn run(common: &Common, query: &BlocsQuery) -> Result<(), Failure> {
    let mut scenario = session::scenario(&query.scenario)?;
    if common.known_by.is_some() {
        scenario.base.known_by = common.known_by;
    }
    let registry = session::registry(&session::scenario_pack(common, &scenario, &query.scenario)?)?;
    let economy = session::economy(&scenario, &query.scenario)?;
    let series = session::series()?;
    let game = BlocsGame::prepare(&scenario, &registry, &economy, &series)?;
    let Some(question) = &scenario.blocs else {
        return Ok(());
    };
    if query.count {
        return output::lines([game.equilibria().to_string()]);
    }
    let folder = query.out.join(&scenario.name);
    let store = folder.join(STORE);
    let keeps = !query.no_store && game.equilibria() >= WORTH_KEEPING;
    if keeps {
        fs::create_dir_all(&store).map_err(|error| unwritable(&store, &error))?;
    }
    let bar = progress_bar(game.equilibria() as u64);
    let mut progress = |progress: Progress| {
        bar.set_position(progress.done as u64);
        ControlFlow::Continue(())
    };
    let mut watch = Watch {
        store: keeps.then_some(store.as_path()),
        progress: &mut progress,
    };
    let answer = game.answer(&mut watch)?;
    bar.finish_and_clear();
    let answered = Answered {
        scenario: &scenario,
        question,
        registry: &registry,
        economy: &economy,
        answer: &answer,
    };
    write_files(&folder, &answered.files()?)?;
    if common.json {
        output::json(&answered.json()?)
    } else {
        print(&answered, &folder)
    }
}

fn unwritable(path: &Path, error: &io::Error) -> Failure {
    Failure::Message(format!("{}: {error}", path.display()))
}

/// A bar on a terminal's standard error; nothing elsewhere.
fn progress_bar(total: u64) -> ProgressBar {
    let bar = ProgressBar::new(total);
    match ProgressStyle::with_template("{bar:30} {human_pos} of {human_len} equilibria, {eta} left")
    {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

fn print(answered: &Answered<'_>, folder: &Path) -> Result<(), Failure> {
    output::heading(&answered.scenario.title)?;
    if !answered.scenario.description.is_empty() {
        output::prose(&answered.scenario.description)?;
    }
    output::lines([""])?;
    for sentence in subject::words(answered.economy, answered.answer) {
        output::item(&sentence)?;
    }
    for table in subject::tables(answered.economy, answered.answer)? {
        output::lines([""])?;
        output::table(&table)?;
    }
    output::lines([""])?;
    for (term, meaning) in answered.assumptions() {
        output::item(&format!("{term}: {meaning}."))?;
    }
    for note in &answered.answer.notes {
        output::item(&format!("Note: {note}"))?;
    }
    let written = format!(
        "Written to {}: report.html, lattice and tables.",
        folder.display()
    );
    output::lines([String::new(), written])
}
