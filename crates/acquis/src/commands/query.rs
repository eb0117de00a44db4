//! Questions about the law on a day.

use acquis_law::Law;
use acquis_registry::State;
use acquis_report::subject::law;

use super::history;
use crate::arguments::{BetweenQuery, Common, OrganizationQuery, StateQuery};
use crate::failure::Failure;
use crate::{output, session};

/// `acquis state UZB --on 2008-11-01`
pub(crate) fn state(common: &Common, query: &StateQuery) -> Result<(), Failure> {
    let registry = session::registry(&session::pack_files(common.pack.as_deref())?)?;
    let derived = Law::new(session::view(common, &registry));
    let state = registry.find_state(&query.state)?;
    let question = session::question(common, query.on.day());
    if common.json {
        return output::json(&law::state_json(&derived, state, question));
    }
    let table = law::standings_of(&derived, state, question)?;
    if table.is_empty() {
        output::lines([format!(
            "{} {}: nothing known.",
            state.name_on(question.on),
            question.words()
        )])?;
    } else {
        output::table(&table)?;
    }
    remarks(state, query.on.day())?;
    if query.why {
        let standings = derived.standings_of(state, question.on);
        let proofs = standings.iter().map(|standing| derived.prove(standing));
        output::why(proofs)?;
    }
    Ok(())
}

fn remarks(state: &State, on: jiff::civil::Date) -> Result<(), Failure> {
    if let Some(recognition) = &state.recognition {
        output::lines([""])?;
        output::prose(&format!("Disputed standing. {recognition}"))?;
    }
    if !state.exists_on(on) {
        let life = |date: Option<&acquis_registry::EdtfDate>| {
            date.map_or_else(|| "..".to_owned(), ToString::to_string)
        };
        output::lines([
            String::new(),
            format!(
                "{} did not exist on {on}: {} to {}.",
                state.name(),
                life(state.from.as_ref()),
                life(state.until.as_ref())
            ),
        ])?;
    }
    Ok(())
}

/// `acquis org CSTO --on 2000-01-01`
pub(crate) fn organization(common: &Common, query: &OrganizationQuery) -> Result<(), Failure> {
    let registry = session::registry(&session::pack_files(common.pack.as_deref())?)?;
    let derived = Law::new(session::view(common, &registry));
    let institution = registry.find_institution(&query.organization)?;
    let question = session::question(common, query.on.day());
    if common.json {
        return output::json(&law::institution_json(&derived, institution, question));
    }
    if derived.view().acts(institution).is_empty() {
        return output::lines([format!(
            "{} {}: nothing had been published about it.",
            institution.id,
            question.words()
        )]);
    }
    let table = law::standings_in(&derived, institution, question)?;
    if table.is_empty() {
        output::lines([format!(
            "{} {}: nobody takes part yet, so far as is known.",
            institution.name_on(question.on),
            question.words()
        )])?;
    } else {
        output::table(&table)?;
    }
    if let Some(summary) = &institution.summary {
        output::lines([""])?;
        output::prose(summary)?;
    }
    for line in law::lineage(&derived, institution) {
        output::item(&line)?;
    }
    if query.why {
        let standings = derived.standings_in(&institution.id, question.on);
        let proofs = standings.iter().map(|standing| derived.prove(standing));
        output::why(proofs)?;
    }
    Ok(())
}

/// `acquis between RUS BLR --on 2004-06-01`
pub(crate) fn between(common: &Common, query: &BetweenQuery) -> Result<(), Failure> {
    let registry = session::registry(&session::pack_files(common.pack.as_deref())?)?;
    let derived = Law::new(session::view(common, &registry));
    let first = registry.find_state(&query.first)?;
    let second = registry.find_state(&query.second)?;
    if first.code == second.code {
        return Err(Failure::Message(format!(
            "{} can't integrate with itself: name two states",
            first.name()
        )));
    }
    if query.story {
        return history::story(common, &derived, first, second);
    }
    let question = session::question(common, query.on.day());
    let answer = derived.between(&first.code, &second.code, question.on);
    if common.json {
        return output::json(&law::between_json(&derived, &answer, question));
    }
    output::table(&law::between(&derived, &answer, question)?)?;
    output::why(law::between_proofs(&derived, &answer))
}
