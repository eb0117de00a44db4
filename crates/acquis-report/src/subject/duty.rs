//! What binds a state, what leaving would end, where organizations overlap, and which
//! commitments exclude each other.

use std::ops::RangeInclusive;

use acquis_law::{Departure, Grade, Incompatibility, Law, Obligation, Overlap, Speed};
use acquis_registry::{Institution, InstitutionId, Party, State, StateCode};
use jiff::civil::Date;
use serde_json::{Value, json};

use super::history::stages_json;
use crate::column::Column;
use crate::table::{Cell, Table, TableError};

fn codes(states: &[StateCode]) -> String {
    states
        .iter()
        .map(StateCode::as_str)
        .collect::<Vec<_>>()
        .join(" ")
}

/// What a state is bound by on a day, and towards whom.
///
/// # Errors
/// None that the data can cause; the table's own check.
pub fn obligations(title: &str, obligations: &[Obligation<'_>]) -> Result<Table, TableError> {
    let mut table = Table::new(
        "obligations",
        title,
        vec![
            Column::text("institution", "By"),
            Column::text("areas", "About"),
            Column::text("stage", "Stage in force"),
            Column::text("through", "Through"),
            Column::text("since", "Since"),
            Column::text("towards", "Towards"),
            Column::text("flags", "Flags"),
        ],
    );
    for obligation in obligations {
        let areas: Vec<&str> = obligation
            .institution
            .areas
            .iter()
            .map(|area| area.label())
            .collect();
        table.push_row(vec![
            obligation
                .institution
                .short_name_on(obligation.standing.since)
                .into(),
            areas.join(", ").into(),
            obligation
                .stage
                .map_or(Cell::Missing, |stage| stage.label().into()),
            match &obligation.standing.party {
                Party::State(_) => Cell::Missing,
                Party::Organization(id) => id.as_str().into(),
            },
            obligation.standing.since.to_string().into(),
            codes(&obligation.towards).into(),
            if obligation.standing.contested {
                "contested".into()
            } else {
                Cell::Missing
            },
        ])?;
    }
    Ok(table)
}

/// The same as JSON, each with its proof.
pub fn obligations_json(law: &Law<'_>, obligations: &[Obligation<'_>]) -> Value {
    obligations
        .iter()
        .map(|obligation| {
            json!({
                "institution": obligation.institution.id,
                "areas": obligation.institution.areas,
                "stage": obligation.stage,
                "towards": obligation.towards,
                "proof": law.prove(&obligation.standing),
            })
        })
        .collect()
}

/// That a state can't leave what does not bind it, as a sentence.
pub fn not_bound(state: &State, institution: &Institution, day: Date) -> String {
    format!(
        "{} is not bound by {} on {day}, so it can't leave it",
        state.name(),
        institution.short_name_on(day)
    )
}

/// What leaving would do, in sentences.
pub fn departure_words(law: &Law<'_>, departure: &Departure) -> Vec<String> {
    let names = |ids: &[InstitutionId]| -> String {
        if ids.is_empty() {
            return "nothing".to_owned();
        }
        ids.iter()
            .map(|id| {
                law.registry()
                    .institution(id)
                    .map_or(id.as_str(), |institution| institution.short_name())
            })
            .collect::<Vec<_>>()
            .join("; ")
    };
    vec![
        format!("Would end: {}.", names(&departure.ends)),
        format!(
            "Concluded under the same roof and would survive, the state being a party in its own right: {}.",
            names(&departure.survives)
        ),
        format!("Untouched: {}.", names(&departure.untouched)),
        "Obligations that arose before the withdrawal are not affected by it (V 70).".to_owned(),
    ]
}

/// The same as JSON.
pub fn departure_json(departure: &Departure) -> Value {
    json!({
        "ends": departure.ends,
        "survives": departure.survives,
        "untouched": departure.untouched,
        "stages": stages_json(&departure.stages),
    })
}

/// Two organizations side by side, in sentences.
pub fn overlap_words(overlap: &Overlap, first: &str, second: &str) -> Vec<String> {
    let list = |states: &[StateCode]| {
        if states.is_empty() {
            "none".to_owned()
        } else {
            format!("{} ({})", codes(states), states.len())
        }
    };
    let areas: Vec<&str> = overlap
        .shared_areas
        .iter()
        .map(|area| area.label())
        .collect();
    vec![
        format!("In both: {}", list(&overlap.shared)),
        format!("In {first} only: {}", list(&overlap.only_first)),
        format!("In {second} only: {}", list(&overlap.only_second)),
        format!(
            "Both are about: {}",
            if areas.is_empty() {
                "nothing in common".to_owned()
            } else {
                areas.join(", ")
            }
        ),
    ]
}

/// How far apart the members of an organization are at the end of each year.
///
/// # Errors
/// None that the data can cause; the table's own check.
pub fn yearly_speeds(
    law: &Law<'_>,
    institution: &Institution,
    years: RangeInclusive<i16>,
) -> Result<Table, TableError> {
    let ends = years.filter_map(|year| Date::new(year, 12, 31).ok());
    let found: Vec<Speed> = ends.map(|day| law.speed(&institution.id, day)).collect();
    let title = format!(
        "Speeds within {} at the end of each year",
        institution.name()
    );
    speeds(&title, &found)
}

/// How far apart the members of an organization are, a line for each day.
///
/// # Errors
/// None that the data can cause; the table's own check.
pub fn speeds(title: &str, speeds: &[Speed]) -> Result<Table, TableError> {
    let mut columns = vec![
        Column::text("day", "Day"),
        Column::integer("members", "Members", ""),
    ];
    for grade in Grade::ALL {
        let word = grade.label().replace(' ', "_");
        columns.push(
            Column::integer(
                format!("stages_apart_{word}"),
                grade.label(),
                "stages apart",
            )
            .describe("How many stages the deepest and the shallowest pair of members are apart"),
        );
    }
    columns.push(
        Column::integer("signed", "Commitments signed", "")
            .describe("One for each pair of members and each agreement that sets a stage"),
    );
    columns.push(Column::share("in_force_share", "In force"));
    columns.push(Column::share("functioning_share", "Functioning"));
    let mut table = Table::new("speeds", title, columns);
    let whole = |count: usize| Cell::Integer(i64::try_from(count).unwrap_or(i64::MAX));
    let share = |share: Option<f64>| share.map_or(Cell::Missing, Cell::Number);
    for speed in speeds {
        let mut row = vec![Cell::Text(speed.day.clone()), whole(speed.members)];
        row.extend(Grade::ALL.map(|grade| whole(speed.stages_apart(grade))));
        row.push(whole(speed.signed));
        row.push(share(speed.share_in_force()));
        row.push(share(speed.share_functioning()));
        table.push_row(row)?;
    }
    Ok(table)
}

/// The incompatible commitments as a table, one line for each.
///
/// # Errors
/// None that the data can cause; the table's own check.
pub fn incompatibilities(
    law: &Law<'_>,
    title: &str,
    found: &[Incompatibility<'_>],
) -> Result<Table, TableError> {
    let mut table = Table::new(
        "incompatible",
        title,
        vec![
            Column::text("rule", "Rule"),
            Column::text("state", "State"),
            Column::text("since", "Since"),
            Column::text("what", "What"),
            Column::text("cure", "Cure"),
        ],
    );
    for incompatibility in found {
        table.push_row(vec![
            incompatibility.rule.id.as_str().into(),
            incompatibility.state.as_str().into(),
            incompatibility.since.to_string().into(),
            incompatibility.sentence(law).into(),
            incompatibility.cure().into(),
        ])?;
    }
    for rule in law.registry().rules() {
        let basis: Vec<String> = rule
            .basis
            .iter()
            .map(acquis_registry::Basis::reference)
            .collect();
        table = table.note(format!(
            "{}: {} [{}]",
            rule.id,
            rule.statement,
            basis.join("; ")
        ));
    }
    Ok(table)
}

/// The same as JSON, each with its proof.
pub fn incompatibilities_json<'r>(
    law: &Law<'r>,
    found: &[Incompatibility<'r>],
    on: jiff::civil::Date,
) -> Value {
    found
        .iter()
        .map(|incompatibility| {
            json!({
                "rule": incompatibility.rule.id,
                "state": incompatibility.state,
                "union": incompatibility.union.id,
                "other": incompatibility.other.id(),
                "outsiders": incompatibility.outsiders,
                "since": incompatibility.since.to_string(),
                "sentence": incompatibility.sentence(law),
                "cure": incompatibility.cure(),
                "proof": law.prove_incompatibility(incompatibility, on),
            })
        })
        .collect()
}
