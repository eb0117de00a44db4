//! Who and what there ever was, and how it hangs together on a day: what pictures of a whole
//! pack are made of, so that they keep their places on every day.

use std::collections::BTreeSet;

use acquis_law::Law;
use acquis_registry::{EdtfDate, Institution, InstitutionKind, Party, State, StateCode};
use jiff::civil::Date;

use super::law::Question;
use super::origin::Origin;
use super::picture::Links;
use crate::chart::{ChartError, Heading, Overlap, TimeSpan};

/// How long a picture goes on after the last act, in days.
const AFTERWARDS: i64 = 183;

/// The time that a picture of a law shows: from the first day of the years that its pack
/// covers, or the first act, to half a year after the last act. Nothing where nothing happened.
pub fn span(law: &Law<'_>) -> Option<TimeSpan> {
    let days = law.change_days();
    let last = *days.last()?;
    let covered = law.registry().card().covers.as_ref();
    let from = covered
        .and_then(EdtfDate::first_day)
        .filter(|from| *from < last)
        .or_else(|| days.first().copied())?;
    let to = last
        .checked_add(jiff::Span::new().days(AFTERWARDS))
        .unwrap_or(last);
    TimeSpan::new(from, to).ok()
}

/// The organizations in which somebody had a standing at any time, in the order in which they
/// began.
pub fn organizations<'r>(law: &Law<'r>) -> Vec<&'r Institution> {
    let begun = |institution: &Institution| -> Option<Date> {
        let spells = law.spells(&institution.id).flat_map(|(_, spells)| spells);
        spells.map(|spell| spell.from).min()
    };
    let mut begun: Vec<(Date, &Institution)> = law
        .registry()
        .institutions()
        .filter(|institution| institution.kind == InstitutionKind::Organization)
        .filter_map(|institution| Some((begun(institution)?, institution)))
        .collect();
    begun.sort_by_key(|(day, institution)| (*day, &institution.id));
    begun
        .into_iter()
        .map(|(_, institution)| institution)
        .collect()
}

/// The states that ever took part in one of some organizations, by name.
pub fn participants<'r>(law: &Law<'r>, organizations: &[&Institution]) -> Vec<&'r State> {
    let codes: BTreeSet<&StateCode> = organizations
        .iter()
        .flat_map(|institution| law.spells(&institution.id))
        .filter_map(|(party, _)| match party {
            Party::State(code) => Some(code),
            Party::Organization(_) => None,
        })
        .collect();
    let mut states: Vec<&State> = law
        .registry()
        .states()
        .filter(|state| codes.contains(&state.code))
        .collect();
    states.sort_by_key(|state| state.name());
    states
}

/// Which states are in which organizations together on a day. Organizations of fewer than two
/// of the states are left out.
///
/// # Errors
/// None that the law can cause; the chart's own check.
pub fn overlap(
    law: &Law<'_>,
    states: &[&State],
    organizations: &[&Institution],
    question: Question,
    links: &dyn Links,
) -> Result<Overlap, ChartError> {
    let headings = states.iter().map(|state| Heading {
        href: links.state(&state.code),
        ..Heading::new(state.code.as_str(), state.name_on(question.on))
    });
    let title = format!("Who is in what together {}", question.words());
    let mut overlap = Overlap::new(title, headings.collect())
        .source(Origin::Acts(law.registry(), question).line());
    let mut contested = BTreeSet::new();
    for institution in organizations {
        let mut members = Vec::new();
        for (place, state) in states.iter().enumerate() {
            let party = Party::State(state.code.clone());
            let standing = law.standing(&party, &institution.id, question.on);
            if let Some(standing) = standing.filter(|standing| standing.standing.is_bound()) {
                members.push(place);
                if standing.contested {
                    contested.insert(place);
                }
            }
        }
        if members.len() > 1 {
            let heading = Heading {
                href: links.institution(&institution.id),
                ..Heading::new(
                    institution.short_name_on(question.on),
                    institution.name_on(question.on),
                )
            };
            overlap.push(heading, members)?;
        }
    }
    for place in contested {
        overlap.contest(place)?;
    }
    Ok(overlap)
}
