//! `acquis run scenarios/single-economic-space-2004.toml`

use std::path::Path;
use std::process::ExitCode;

use acquis_registry::{EdtfDate, Registry};
use acquis_report::subject::page;
use acquis_report::subject::scenario as subject;
use acquis_report::subject::sectors;
use acquis_report::{Table, csv, json as table_json, parquet, write_files};
use acquis_scenario::{Economy, Effects, Model, Outcome, Progress, Scenario, VariantOutcome};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};

use crate::arguments::{Common, Run};
use crate::failure::{self, Failure};
use crate::{output, session};

pub(crate) fn run(common: &Common, command: &Run) -> Result<ExitCode, Failure> {
    let mut scenario = session::scenario(&command.scenario)?;
    if common.known_by.is_some() {
        scenario.base.known_by = common.known_by;
    }
    let files = session::scenario_pack(common, &scenario, &command.scenario)?;
    let registry = session::registry(&files)?;
    let economy = session::economy(&scenario, &command.scenario)?;
    let draws = scenario.uncertainty.map_or(1, |draws| draws.draws as u64);
    let bar = progress_bar(scenario.variants.len() as u64, draws);
    let progress = Progress {
        on_variant: &|number| {
            bar.set_position(number as u64 * draws);
            bar.tick();
        },
        on_draw: &|| bar.inc(1),
    };
    let accept = command.accept_incompatible;
    let outcome = acquis_scenario::run(&scenario, &registry, &economy, accept, &progress)?;
    bar.finish_and_clear();
    let job = Job {
        scenario: &scenario,
        registry: &registry,
        economy: &economy,
        outcome: &outcome,
    };
    let folder = command.out.join(&scenario.name);
    write_files(&folder, &job.files()?)?;
    if common.json {
        output::json(&job.json()?)?;
    } else {
        job.print(&folder)?;
    }
    Ok(if outcome.variants.iter().any(VariantOutcome::is_refused) {
        failure::refused()
    } else {
        ExitCode::SUCCESS
    })
}

/// A bar on a terminal's standard error; nothing elsewhere.
fn progress_bar(variants: u64, draws: u64) -> ProgressBar {
    let bar = if variants * draws > 1 {
        ProgressBar::new(variants * draws)
    } else {
        ProgressBar::hidden()
    };
    let what = if draws > 1 { "draws" } else { "variants" };
    match ProgressStyle::with_template(&format!("{{bar:30}} {{pos}} of {{len}} {what}")) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

struct Job<'j> {
    scenario: &'j Scenario,
    registry: &'j Registry,
    economy: &'j Economy,
    outcome: &'j Outcome,
}

impl Job<'_> {
    fn print(&self, folder: &Path) -> Result<(), Failure> {
        output::heading(&self.scenario.title)?;
        if !self.scenario.description.is_empty() {
            output::prose(&self.scenario.description)?;
        }
        for variant in &self.outcome.variants {
            self.print_variant(variant)?;
        }
        output::lines([""])?;
        for (term, meaning) in subject::assumptions(self.scenario, self.economy) {
            output::item(&format!("{term}: {meaning}."))?;
        }
        for note in &self.outcome.notes {
            output::item(&format!("Note: {note}"))?;
        }
        output::lines([
            String::new(),
            format!(
                "Written to {}: report.html, tables, scenario and certificate.",
                folder.display()
            ),
        ])
    }

    fn print_variant(&self, variant: &VariantOutcome) -> Result<(), Failure> {
        output::lines([""])?;
        if self.outcome.variants.len() > 1 {
            output::heading(&variant.title)?;
        }
        for line in subject::words(self.scenario, variant) {
            output::item(&line)?;
        }
        if !variant.reform.concerned.is_empty() {
            output::lines([""])?;
            output::table(&subject::stage_square("Before", &variant.reform.before)?)?;
            output::lines([""])?;
            output::table(&subject::stage_square("After", &variant.reform.after)?)?;
        }
        for conflict in &variant.reform.incompatible {
            output::lines([String::new(), "Incompatible commitments".to_owned()])?;
            for line in subject::conflict_lines(conflict) {
                output::item(&format!("  {line}"))?;
            }
        }
        output::lines([""])?;
        match &variant.effects {
            None => output::prose(
                "Refused: what the law finds incompatible is not computed. --accept-incompatible goes on all the same.",
            ),
            Some(effects) => {
                let table = subject::results(
                    self.scenario,
                    self.economy,
                    variant,
                    effects,
                    subject::Detail::Reading,
                )?;
                output::table(&table)?;
                output::lines([""])?;
                output::prose(&subject::consent(effects))?;
                self.print_sectors(effects)
            }
        }
    }

    /// What many sectors tell of the states concerned.
    fn print_sectors(&self, effects: &Effects) -> Result<(), Failure> {
        let Model::ManySectors(results) = &effects.model else {
            return Ok(());
        };
        for sentence in &results.sentences {
            output::item(&format!("{sentence}."))?;
        }
        output::lines([""])?;
        let welfare = sectors::welfare(effects, results)?;
        output::table(&sectors::concerned_only(&welfare, effects))?;
        output::lines([""])?;
        let origins = sectors::origins(effects, results)?;
        output::table(&sectors::concerned_only(&origins, effects))?;
        if let Some(quantiles) = sectors::quantiles(effects, results)? {
            output::lines([""])?;
            output::table(&sectors::concerned_only(&quantiles, effects))?;
        }
        if !results.payments.is_empty() {
            output::lines([""])?;
            output::table(&sectors::payments(self.economy, results)?)?;
        }
        Ok(())
    }

    /// The names of the files of a variant: plain where there is only one.
    fn file_name(&self, variant: &VariantOutcome, name: &str) -> String {
        if self.outcome.variants.len() > 1 {
            format!("{}-{name}", variant.name)
        } else {
            name.to_owned()
        }
    }

    fn tables(&self) -> Result<Vec<(String, Table)>, Failure> {
        let mut tables = Vec::new();
        for variant in &self.outcome.variants {
            tables.push((
                self.file_name(variant, "stages"),
                subject::stages(&variant.reform)?,
            ));
            if let Some(effects) = &variant.effects {
                tables.push((
                    self.file_name(variant, "results"),
                    subject::results(
                        self.scenario,
                        self.economy,
                        variant,
                        effects,
                        subject::Detail::Full,
                    )?,
                ));
                if let Model::ManySectors(results) = &effects.model {
                    for (name, table) in sectors::tables(self.economy, effects, results)? {
                        tables.push((self.file_name(variant, name), table));
                    }
                }
            }
        }
        Ok(tables)
    }

    fn files(&self) -> Result<Vec<(String, Vec<u8>)>, Failure> {
        let report = page::report(self.scenario, self.registry, self.economy, self.outcome)?;
        let resolved = subject::resolved_json(self.scenario, self.economy, self.outcome);
        let certificate = subject::certificate_json(self.scenario, self.economy, self.outcome);
        let mut files = vec![
            ("report.html".to_owned(), report.render().into_bytes()),
            ("scenario.json".to_owned(), pretty(&resolved)?),
            ("certificate.json".to_owned(), pretty(&certificate)?),
        ];
        let metadata = [
            ("scenario".to_owned(), self.scenario.title.clone()),
            (
                "law_on".to_owned(),
                EdtfDate::day(self.scenario.base.date).to_string(),
            ),
            ("economy".to_owned(), self.economy.card.id.clone()),
        ];
        for (name, table) in self.tables()? {
            files.push((format!("{name}.csv"), csv::to_csv(&table)));
            files.push((
                format!("{name}.parquet"),
                parquet::to_parquet(&table, &metadata)?,
            ));
        }
        Ok(files)
    }

    fn json(&self) -> Result<Value, Failure> {
        let tables: serde_json::Map<String, Value> = self
            .tables()?
            .into_iter()
            .map(|(name, table)| (name, table_json::to_json(&table)))
            .collect();
        Ok(json!({
            "scenario": subject::resolved_json(self.scenario, self.economy, self.outcome),
            "certificate": subject::certificate_json(self.scenario, self.economy, self.outcome),
            "tables": tables,
        }))
    }
}

fn pretty(value: &Value) -> Result<Vec<u8>, Failure> {
    let mut bytes = serde_json::to_vec_pretty(value)?;
    bytes.push(b'\n');
    Ok(bytes)
}
