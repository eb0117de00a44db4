//! `acquis run scenarios/single-economic-space-2004.toml`

use std::path::Path;
use std::process::ExitCode;

use acquis_report::subject::answer::Answer;
use acquis_report::subject::{reform, scenario as subject, sectors};
use acquis_report::write_files;
use acquis_scenario::{Economy, Effects, Model, Progress, VariantOutcome};
use indicatif::{ProgressBar, ProgressStyle};

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
        ..Progress::SILENT
    };
    let accept = command.accept_incompatible;
    let outcome = acquis_scenario::run(&scenario, &registry, &economy, accept, &progress)?;
    bar.finish_and_clear();
    let answer = Answer {
        scenario: &scenario,
        registry: &registry,
        economy: &economy,
        outcome: &outcome,
    };
    let folder = command.out.join(&scenario.name);
    write_files(&folder, &answer.files()?)?;
    if common.json {
        output::json(&answer.json()?)?;
    } else {
        print(&answer, &folder)?;
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

fn print(answer: &Answer<'_>, folder: &Path) -> Result<(), Failure> {
    output::heading(&answer.scenario.title)?;
    if !answer.scenario.description.is_empty() {
        output::prose(&answer.scenario.description)?;
    }
    for variant in &answer.outcome.variants {
        print_variant(answer, variant)?;
    }
    output::lines([""])?;
    for (term, meaning) in subject::assumptions(answer.scenario, answer.registry, answer.economy) {
        output::item(&format!("{term}: {meaning}."))?;
    }
    for note in &answer.outcome.notes {
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

fn print_variant(answer: &Answer<'_>, variant: &VariantOutcome) -> Result<(), Failure> {
    output::lines([""])?;
    if answer.outcome.variants.len() > 1 {
        output::heading(&variant.title)?;
    }
    for line in reform::words(answer.scenario, answer.registry, variant) {
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
        output::item(&reform::conflict_reason(conflict))?;
        for line in reform::conflict_cases(conflict) {
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
                answer.scenario,
                answer.economy,
                variant,
                effects,
                subject::Detail::Reading,
            )?;
            output::table(&table)?;
            output::lines([""])?;
            output::prose(&subject::consent(effects))?;
            if let Some(quantiles) = sectors::quantiles(effects)? {
                output::lines([""])?;
                output::table(&sectors::concerned_only(&quantiles, effects))?;
            }
            print_sectors(answer.economy, effects)
        }
    }
}

/// What many sectors tell of the states concerned.
fn print_sectors(economy: &Economy, effects: &Effects) -> Result<(), Failure> {
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
    if !results.payments.is_empty() {
        output::lines([""])?;
        output::table(&sectors::payments(economy, results)?)?;
    }
    Ok(())
}
