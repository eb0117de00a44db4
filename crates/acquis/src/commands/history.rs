//! The law in time: stories, differences, timelines.

use acquis_law::Law;
use acquis_registry::State;
use acquis_report::subject::history;

use crate::arguments::{Common, DiffQuery, TimelineQuery};
use crate::failure::Failure;
use crate::{output, session};

/// `acquis between RUS BLR --story`
pub(crate) fn story(
    common: &Common,
    law: &Law<'_>,
    first: &State,
    second: &State,
) -> Result<(), Failure> {
    let steps = law.story(&first.code, &second.code);
    if common.json {
        let pair = [&first.code, &second.code];
        return output::json(&history::story_json(law, pair, &steps));
    }
    let title = format!("{} and {}", first.name(), second.name());
    if steps.is_empty() {
        return output::lines([format!(
            "{title}: no commitment that sets a stage is known."
        )]);
    }
    output::table(&history::story(&title, &steps)?)?;
    output::lines([String::new()])?;
    output::heading("Why")?;
    for step in &steps {
        output::lines([step.day.to_string()])?;
        for proof in step.proofs(law) {
            output::lines(proof.lines().into_iter().map(|line| format!("  {line}")))?;
        }
    }
    Ok(())
}

/// `acquis diff --from 2009-12-31 --to 2012-01-01`
pub(crate) fn diff(common: &Common, query: &DiffQuery) -> Result<(), Failure> {
    let (from, to) = (query.from, query.to);
    if to < from {
        return Err(Failure::Message(format!("{to} comes before {from}")));
    }
    let registry = session::registry(&session::pack_files(common.pack.as_deref())?)?;
    let law = Law::new(session::view(common, &registry));
    let difference = law.difference(from, to);
    if common.json {
        return output::json(&history::difference_json(&law, &difference, from, to));
    }
    if difference.standings.is_empty() && difference.stages.is_empty() {
        return output::lines([format!("Nothing changed from {from} to {to}.")]);
    }
    output::table(&history::standing_changes(&difference, from, to)?)?;
    output::lines([String::new()])?;
    let title = format!("Stages that changed from {from} to {to}");
    output::table(&history::stage_changes(&difference.stages, &title)?)
}

/// `acquis timeline GUAM`, `acquis timeline UZB`
pub(crate) fn timeline(common: &Common, query: &TimelineQuery) -> Result<(), Failure> {
    let registry = session::registry(&session::pack_files(common.pack.as_deref())?)?;
    let law = Law::new(session::view(common, &registry));
    let table = history::timeline_of(&law, registry.find_named(&query.subject)?)?;
    if common.json {
        return output::json(&acquis_report::json::to_json(&table));
    }
    output::table(&table)
}
