//! Where sources disagree, and their figures computed again.

use acquis_registry::{Finding, Lint};
use acquis_report::subject::dispute;

use crate::arguments::{ClaimsQuery, Common, ConflictsQuery};
use crate::failure::Failure;
use crate::{output, session};

/// `acquis conflicts`, `acquis conflicts K05`
pub(crate) fn conflicts(common: &Common, query: &ConflictsQuery) -> Result<(), Failure> {
    let registry = session::registry(&session::pack_files(common.pack.as_deref())?)?;
    let mut conflicts = session::view(common, &registry).conflicts();
    if let Some(id) = &query.conflict {
        let known: Vec<String> = conflicts
            .iter()
            .map(|known| known.conflict.id.clone())
            .collect();
        conflicts.retain(|known| known.conflict.id.eq_ignore_ascii_case(id));
        if conflicts.is_empty() {
            return Err(
                Finding::error(Lint::Word, None, format!("no conflict {id:?}"))
                    .near(id, known.iter().map(String::as_str))
                    .into(),
            );
        }
    }
    if common.json {
        return output::json(&dispute::conflicts_json(&conflicts));
    }
    if query.conflict.is_some() || query.all {
        for known in &conflicts {
            for line in dispute::conflict_lines(known) {
                output::item(&line)?;
            }
            output::lines([""])?;
        }
        return Ok(());
    }
    conflicts.sort_by(|left, right| {
        (left.conflict.kind, &left.conflict.id).cmp(&(right.conflict.kind, &right.conflict.id))
    });
    let title = format!("Where the sources of {} disagree", registry.card().title);
    output::table(&dispute::conflicts(&title, &conflicts)?)
}

/// `acquis claims`
pub(crate) fn claims(common: &Common, query: &ClaimsQuery) -> Result<(), Failure> {
    let registry = session::registry(&session::pack_files(common.pack.as_deref())?)?;
    let indicators = session::view(common, &registry).indicators();
    let almanac = session::almanac()?;
    if common.json {
        return output::json(&dispute::figures_json(&indicators, &almanac, query.volume));
    }
    output::table(&dispute::figures(&indicators, &almanac, query.volume)?)
}
