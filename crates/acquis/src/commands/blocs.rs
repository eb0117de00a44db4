//! `acquis blocs scenarios/which-union-2012.toml`

use std::fs;
use std::io;
use std::ops::ControlFlow;
use std::path::Path;

use acquis_blocs::Progress;
use acquis_registry::{EdtfDate, Registry};
use acquis_report::chart::Chart as _;
use acquis_report::subject::blocs as subject;
use acquis_report::{Table, csv, json as table_json, parquet, write_files};
use acquis_scenario::{BlocsAnswer, BlocsGame, BlocsQuestion, Economy, Scenario, Watch};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Map, Value, json};

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
    let job = Job {
        scenario: &scenario,
        question,
        registry: &registry,
        economy: &economy,
        answer: &answer,
    };
    write_files(&folder, &job.files()?)?;
    if common.json {
        output::json(&job.json()?)
    } else {
        job.print(&folder)
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

struct Job<'j> {
    scenario: &'j Scenario,
    question: &'j BlocsQuestion,
    registry: &'j Registry,
    economy: &'j Economy,
    answer: &'j BlocsAnswer,
}

impl Job<'_> {
    fn print(&self, folder: &Path) -> Result<(), Failure> {
        output::heading(&self.scenario.title)?;
        if !self.scenario.description.is_empty() {
            output::prose(&self.scenario.description)?;
        }
        output::lines([""])?;
        for sentence in subject::words(self.economy, self.answer) {
            output::item(&sentence)?;
        }
        for table in subject::tables(self.economy, self.answer)? {
            output::lines([""])?;
            output::table(&table)?;
        }
        output::lines([""])?;
        for (term, meaning) in self.assumptions() {
            output::item(&format!("{term}: {meaning}."))?;
        }
        for note in &self.answer.notes {
            output::item(&format!("Note: {note}"))?;
        }
        output::lines([
            String::new(),
            format!(
                "Written to {}: report.html, lattice and tables.",
                folder.display()
            ),
        ])
    }

    fn assumptions(&self) -> Vec<(String, String)> {
        subject::assumptions(self.scenario, self.question, self.economy, self.answer)
    }

    fn tables(&self) -> Result<Vec<Table>, Failure> {
        Ok(subject::files(self.economy, self.answer)?)
    }

    fn files(&self) -> Result<Vec<(String, Vec<u8>)>, Failure> {
        let page = subject::report(
            self.scenario,
            self.question,
            self.registry,
            self.economy,
            self.answer,
        )?;
        let mut answer = serde_json::to_vec_pretty(&self.json()?)?;
        answer.push(b'\n');
        let mut files = vec![
            ("report.html".to_owned(), page.render().into_bytes()),
            ("answer.json".to_owned(), answer),
        ];
        let lattice = subject::lattice(self.economy, self.answer);
        if let Some(lattice) = lattice.map_err(acquis_report::subject::page::PageError::from)? {
            files.push(("lattice.svg".to_owned(), lattice.svg().into_bytes()));
        }
        let metadata = [
            ("scenario".to_owned(), self.scenario.title.clone()),
            (
                "law_on".to_owned(),
                EdtfDate::day(self.scenario.base.date).to_string(),
            ),
            ("economy".to_owned(), self.economy.card.id.clone()),
        ];
        for table in self.tables()? {
            let name = table.id();
            files.push((format!("{name}.csv"), csv::to_csv(&table)));
            let bytes = parquet::to_parquet(&table, &metadata)?;
            files.push((format!("{name}.parquet"), bytes));
        }
        Ok(files)
    }

    fn json(&self) -> Result<Value, Failure> {
        let named = |table: &Table| (table.id().to_owned(), table_json::to_json(table));
        let tables: Map<String, Value> = self.tables()?.iter().map(named).collect();
        let assumptions: Map<String, Value> = self
            .assumptions()
            .into_iter()
            .map(|(term, meaning)| (term, meaning.into()))
            .collect();
        Ok(json!({
            "scenario": self.scenario.name,
            "equilibria": self.answer.equilibria,
            "words": subject::words(self.economy, self.answer),
            "assumptions": assumptions,
            "notes": self.answer.notes,
            "tables": tables,
        }))
    }
}
