//! Who is in what on a day: as a matrix, on a map, as an overlap.

use acquis_law::{Grade, Law, Standing};
use acquis_registry::{Institution, Party, State};

use super::{Links, institution_heading, stage_levels, standing_categories, state_heading};
use crate::chart::{ChartError, Heading, MapState, MarkCell, MarkMatrix, Overlap, StateMap};
use crate::subject::law::Question;
use crate::subject::origin::Origin;

/// Who is what to what on a day.
///
/// # Errors
/// None that the law can cause; the chart's own check.
pub fn memberships(
    law: &Law<'_>,
    states: &[&State],
    institutions: &[&Institution],
    question: Question,
    links: &dyn Links,
) -> Result<MarkMatrix, ChartError> {
    let on = question.on;
    let rows = states.iter().map(|state| state_heading(state, on, links));
    let columns = institutions
        .iter()
        .map(|institution| institution_heading(institution, on, links));
    let title = format!("Who is in what {}", question.words());
    let mut matrix = MarkMatrix::new(
        title,
        rows.collect(),
        columns.collect(),
        standing_categories(),
    )
    .source(Origin::Acts(law.registry(), question).line());
    for (row, state) in states.iter().enumerate() {
        let party = Party::State(state.code.clone());
        for (column, institution) in institutions.iter().enumerate() {
            let Some(standing) = law.standing(&party, &institution.id, on) else {
                continue;
            };
            // What has ended for all is no news in each of its rows.
            if standing.standing == Standing::Ended {
                continue;
            }
            let imprecise = if standing.imprecise {
                ", date imprecise"
            } else {
                ""
            };
            let cell = MarkCell {
                category: standing.standing as usize,
                contested: standing.contested,
                note: format!("since {}{imprecise}", standing.since),
                href: links.standing(&state.code, &institution.id),
            };
            matrix.set(row, column, cell)?;
        }
    }
    Ok(matrix)
}

/// How deep each state's stage with a chosen one is on a day, for a map.
///
/// # Errors
/// None that the law can cause; the chart's own check.
pub fn stages_with(
    law: &Law<'_>,
    chosen: &State,
    states: &[&State],
    grade: Grade,
    question: Question,
    links: &dyn Links,
) -> Result<StateMap, ChartError> {
    let title = format!(
        "Stage of integration with {}, {grade}, {}",
        chosen.name_on(question.on),
        question.words()
    );
    let mut map = StateMap::of_levels(title, stage_levels())?
        .source(Origin::Acts(law.registry(), question).line());
    for state in states {
        let heading = Heading {
            href: links.pair(&chosen.code, &state.code),
            ..state_heading(state, question.on, links)
        };
        let shown = MapState::new(heading);
        if state.code == chosen.code {
            let heading = state_heading(state, question.on, links);
            map.push(MapState {
                chosen: true,
                heading,
                ..shown
            })?;
            continue;
        }
        let stage = law.stage_between(&chosen.code, &state.code, question.on, grade);
        let contested = stage.contested;
        map.push(MapState {
            contested,
            ..shown.class(stage.stage.depth())
        })?;
    }
    Ok(map)
}

/// What each state is to an organization or agreement on a day, for a map.
///
/// # Errors
/// None that the law can cause; the chart's own check.
pub fn standings_in(
    law: &Law<'_>,
    institution: &Institution,
    states: &[&State],
    question: Question,
    links: &dyn Links,
) -> Result<StateMap, ChartError> {
    let title = format!("{} {}", institution.name_on(question.on), question.words());
    let mut map = StateMap::of_categories(title, standing_categories())
        .source(Origin::Acts(law.registry(), question).line());
    for state in states {
        let mut shown = MapState::new(state_heading(state, question.on, links));
        let party = Party::State(state.code.clone());
        if let Some(standing) = law.standing(&party, &institution.id, question.on) {
            shown.class = Some(standing.standing as usize);
            shown.contested = standing.contested;
            shown.note = format!("since {}", standing.since);
        }
        map.push(shown)?;
    }
    Ok(map)
}

/// Which members some organizations share on a day.
///
/// # Errors
/// [`ChartError::TooMany`] for more organizations than a picture takes.
pub fn overlap(
    law: &Law<'_>,
    institutions: &[&Institution],
    states: &[&State],
    question: Question,
    links: &dyn Links,
) -> Result<Overlap, ChartError> {
    let on = question.on;
    let members = states.iter().map(|state| state_heading(state, on, links));
    let title = format!("Shared members {}", question.words());
    let mut overlap = Overlap::new(title, members.collect())
        .source(Origin::Acts(law.registry(), question).line());
    for institution in institutions {
        let mut within = Vec::new();
        for (at, state) in states.iter().enumerate() {
            let party = Party::State(state.code.clone());
            let standing = law.standing(&party, &institution.id, on);
            let Some(standing) = standing.filter(|standing| standing.standing.is_bound()) else {
                continue;
            };
            within.push(at);
            if standing.contested {
                overlap.contest(at)?;
            }
        }
        overlap.push(institution_heading(institution, on, links), within)?;
    }
    Ok(overlap)
}
