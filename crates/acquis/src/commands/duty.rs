//! What binds, what leaving would end, overlaps, speeds, incompatible commitments.

use acquis_law::Law;
use acquis_registry::StateCode;
use acquis_report::subject::{duty, history};
use jiff::civil::Date;
use serde_json::json;

use crate::arguments::{
    Common, IncompatibleQuery, LeaveQuery, OverlapQuery, SpeedsQuery, StateQuery,
};
use crate::failure::Failure;
use crate::{output, session};

/// `acquis obligations ARM --on 2013-06-01`
pub(crate) fn obligations(common: &Common, query: &StateQuery) -> Result<(), Failure> {
    let registry = session::registry(&session::pack_files(common.pack.as_deref())?)?;
    let law = Law::new(session::view(common, &registry));
    let state = registry.find_state(&query.state)?;
    let question = session::question(common, query.on.day());
    let found = law.obligations(&state.code, question.on);
    if common.json {
        return output::json(&duty::obligations_json(&law, &found));
    }
    let title = format!(
        "What binds {} {}",
        state.name_on(question.on),
        question.words()
    );
    output::table(&duty::obligations(&title, &found)?)?;
    if query.why {
        output::why(found.iter().map(|found| law.prove(&found.standing)))?;
    }
    Ok(())
}

/// `acquis leave GEO CIS --on 2009-08-18`
pub(crate) fn leave(common: &Common, query: &LeaveQuery) -> Result<(), Failure> {
    let registry = session::registry(&session::pack_files(common.pack.as_deref())?)?;
    let law = Law::new(session::view(common, &registry));
    let state = registry.find_state(&query.state)?;
    let institution = registry.find_institution(&query.organization)?;
    let day = query.on.day();
    if !law.is_bound(&state.code, &institution.id, day) {
        return Err(Failure::Message(duty::not_bound(state, institution, day)));
    }
    let departure = law.departure(&state.code, &institution.id, day)?;
    if common.json {
        return output::json(&duty::departure_json(&departure));
    }
    output::heading(&format!(
        "If {} left {} on {day}",
        state.name_on(day),
        institution.short_name_on(day)
    ))?;
    for line in duty::departure_words(&law, &departure) {
        output::item(&line)?;
    }
    if departure.stages.is_empty() {
        return output::lines(["No stage with another state would change."]);
    }
    output::lines([""])?;
    output::table(&history::stage_changes(
        &departure.stages,
        "Stages that would change",
    )?)
}

/// `acquis overlap CSTO GUAM --on 2000-01-01`
pub(crate) fn overlap(common: &Common, query: &OverlapQuery) -> Result<(), Failure> {
    let registry = session::registry(&session::pack_files(common.pack.as_deref())?)?;
    let law = Law::new(session::view(common, &registry));
    let first = registry.find_institution(&query.first)?;
    let second = registry.find_institution(&query.second)?;
    let question = session::question(common, query.on.day());
    let overlap = law.overlap(&first.id, &second.id, question.on);
    if common.json {
        return output::json(
            &json!({ "organizations": [first.id, second.id], "overlap": overlap }),
        );
    }
    let (left, right) = (
        first.short_name_on(question.on),
        second.short_name_on(question.on),
    );
    output::heading(&format!("{left} and {right} {}", question.words()))?;
    for line in duty::overlap_words(&overlap, left, right) {
        output::item(&line)?;
    }
    Ok(())
}

/// `acquis speeds CIS --from 1992 --to 2012`
pub(crate) fn speeds(common: &Common, query: &SpeedsQuery) -> Result<(), Failure> {
    let registry = session::registry(&session::pack_files(common.pack.as_deref())?)?;
    let law = Law::new(session::view(common, &registry));
    let institution = registry.find_institution(&query.organization)?;
    if query.to < query.from {
        return Err(Failure::Message(format!(
            "{} comes before {}",
            query.to, query.from
        )));
    }
    for year in [query.from, query.to] {
        Date::new(year, 12, 31)
            .map_err(|_| Failure::Message(format!("{year} is not a year of the calendar")))?;
    }
    let table = duty::yearly_speeds(&law, institution, query.from..=query.to)?;
    if common.json {
        return output::json(&acquis_report::json::to_json(&table));
    }
    output::table(&table)
}

/// `acquis incompatible ARM --on 2014-01-01`
pub(crate) fn incompatible(common: &Common, query: &IncompatibleQuery) -> Result<(), Failure> {
    let registry = session::registry(&session::pack_files(common.pack.as_deref())?)?;
    let law = Law::new(session::view(common, &registry));
    let question = session::question(common, query.on.day());
    let state = match &query.state {
        Some(text) => Some(registry.find_state(text)?),
        None => None,
    };
    let states: Vec<StateCode> = registry.states().map(|state| state.code.clone()).collect();
    let mut found = law.incompatibilities(&states, question.on, query.grade.grade());
    found.retain(|found| state.is_none_or(|state| found.state == state.code));
    let title = format!(
        "Incompatible commitments {}, {}",
        question.words(),
        query.grade.grade()
    );
    if common.json {
        return output::json(&duty::incompatibilities_json(&law, &found, question.on));
    }
    if found.is_empty() {
        return output::lines([format!("{title}: none.")]);
    }
    output::table(&duty::incompatibilities(&law, &title, &found)?)?;
    if query.why {
        let proofs = found
            .iter()
            .map(|found| law.prove_incompatibility(found, question.on));
        output::why(proofs)?;
    }
    Ok(())
}
