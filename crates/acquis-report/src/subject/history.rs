//! The law in time: the story of a pair, what changed between two days, the acts of a
//! state or an organization in order.

use acquis_law::{Difference, Law, Standing, Step};
use acquis_registry::{Institution, KnownAct, Named, Participants, Party, Sourced as _, StateCode};
use jiff::civil::Date;
use serde_json::{Value, json};

use crate::column::Column;
use crate::table::{Cell, Table, TableError};

/// How the stage between two states moved, a line for each grade that changed.
///
/// # Errors
/// None that the data can cause; the table's own check.
pub fn story(title: &str, steps: &[Step<'_>]) -> Result<Table, TableError> {
    let mut table = Table::new(
        "story",
        title,
        vec![
            Column::text("day", "From"),
            Column::text("grade", "Grade"),
            Column::text("before", "Before"),
            Column::text("after", "After"),
            Column::text("acts", "By"),
            Column::text("flags", "Flags"),
        ],
    );
    for step in steps {
        for (grade, before, after) in step.changes() {
            table.push_row(vec![
                step.day.to_string().into(),
                grade.label().into(),
                before.label().into(),
                after.label().into(),
                acts_in_words(&step.acts).into(),
                contested(&step.acts),
            ])?;
        }
    }
    Ok(table)
}

fn acts_in_words(acts: &[KnownAct<'_>]) -> String {
    let mut words: Vec<String> = acts
        .iter()
        .map(|act| {
            format!(
                "{}: {}",
                act.institution.short_name(),
                act.act.kind.name().label()
            )
        })
        .collect();
    words.dedup();
    words.join("; ")
}

fn contested(acts: &[KnownAct<'_>]) -> Cell {
    if acts.iter().any(|act| act.contested) {
        "contested".into()
    } else {
        Cell::Missing
    }
}

/// The same as JSON, each step with its acts and their claims.
pub fn story_json(law: &Law<'_>, pair: [&StateCode; 2], steps: &[Step<'_>]) -> Value {
    let steps: Vec<Value> = steps
        .iter()
        .map(|step| {
            let changes: Vec<Value> = step
                .changes()
                .map(|(grade, before, after)| {
                    json!({ "grade": grade, "before": before, "after": after })
                })
                .collect();
            json!({
                "day": step.day.to_string(),
                "changes": changes,
                "acts": step.proofs(law),
            })
        })
        .collect();
    json!({ "states": pair, "steps": steps })
}

/// The standings that changed between two days.
///
/// # Errors
/// None that the data can cause; the table's own check.
pub fn standing_changes(
    difference: &Difference<'_>,
    from: Date,
    to: Date,
) -> Result<Table, TableError> {
    let mut table = Table::new(
        "standings",
        format!("Standings that changed from {from} to {to}"),
        vec![
            Column::text("institution", "Organization or agreement"),
            Column::text("party", "State"),
            Column::text("before", "Before"),
            Column::text("after", "After"),
            Column::text("acts", "By"),
            Column::text("flags", "Flags"),
        ],
    );
    for change in &difference.standings {
        let label = |standing: Option<Standing>| {
            standing.map_or(Cell::Missing, |standing| {
                standing.label(change.institution.kind).into()
            })
        };
        table.push_row(vec![
            change.institution.short_name_on(to).into(),
            change.party.as_str().into(),
            label(change.before),
            label(change.after),
            dated(&change.acts).into(),
            contested(&change.acts),
        ])?;
    }
    Ok(table)
}

fn dated(acts: &[KnownAct<'_>]) -> String {
    let mut words: Vec<String> = acts
        .iter()
        .map(|act| {
            let effect = act
                .claim
                .takes_effect()
                .map_or_else(String::new, |date| format!(" {date}"));
            format!("{}{effect}", act.act.kind.name().label())
        })
        .collect();
    words.dedup();
    words.join("; ")
}

/// The stages that changed between two days, pairs that moved alike on one line.
///
/// # Errors
/// None that the data can cause; the table's own check.
pub fn stage_changes(
    changes: &[acquis_law::StageChange],
    title: &str,
) -> Result<Table, TableError> {
    let mut table = Table::new(
        "stages",
        title,
        vec![
            Column::text("grade", "Grade"),
            Column::text("before", "Before"),
            Column::text("after", "After"),
            Column::integer("pairs", "Pairs", ""),
            Column::text("which", "Which"),
        ],
    );
    let mut moves: Vec<(&acquis_law::StageChange, Vec<String>)> = Vec::new();
    for change in changes {
        let pair = format!("{}-{}", change.first, change.second);
        let alike = moves.iter_mut().find(|(known, _)| {
            (known.grade, known.before, known.after) == (change.grade, change.before, change.after)
        });
        match alike {
            Some((_, pairs)) => pairs.push(pair),
            None => moves.push((change, vec![pair])),
        }
    }
    moves.sort_by_key(|(change, _)| (change.grade, change.before, change.after));
    for (change, pairs) in moves {
        table.push_row(vec![
            change.grade.label().into(),
            change.before.label().into(),
            change.after.label().into(),
            i64::try_from(pairs.len()).unwrap_or(i64::MAX).into(),
            shortened(&pairs).into(),
        ])?;
    }
    Ok(table)
}

/// The first pairs of a long list, and how many more there are.
fn shortened(pairs: &[String]) -> String {
    const MOST: usize = 12;
    if pairs.len() <= MOST {
        return pairs.join(" ");
    }
    format!(
        "{} and {} more",
        pairs[..MOST].join(" "),
        pairs.len() - MOST
    )
}

/// What changed as JSON.
pub fn difference_json(law: &Law<'_>, difference: &Difference<'_>, from: Date, to: Date) -> Value {
    let standings: Vec<Value> = difference
        .standings
        .iter()
        .map(|change| {
            let acts: Vec<_> = change
                .acts
                .iter()
                .map(|act| acquis_law::Proof::from_act(law.registry(), act))
                .collect();
            json!({
                "institution": change.institution.id,
                "party": change.party,
                "before": change.before,
                "after": change.after,
                "acts": acts,
            })
        })
        .collect();
    json!({
        "from": from.to_string(),
        "to": to.to_string(),
        "standings": standings,
        "stages": stages_json(&difference.stages),
    })
}

pub(super) fn stages_json(changes: &[acquis_law::StageChange]) -> Vec<Value> {
    changes
        .iter()
        .map(|change| {
            json!({
                "states": [change.first, change.second],
                "grade": change.grade,
                "before": change.before,
                "after": change.after,
            })
        })
        .collect()
}

/// Every known act of some institutions that concerns a party (or anyone), in the order of
/// effect.
///
/// # Errors
/// None that the data can cause; the table's own check.
pub fn timeline<'r>(
    law: &Law<'r>,
    title: &str,
    wanted: impl Fn(&Institution, &KnownAct<'r>) -> bool,
) -> Result<Table, TableError> {
    let mut table = Table::new(
        "timeline",
        title,
        vec![
            Column::text("effect", "Effect"),
            Column::text("institution", "Organization or agreement"),
            Column::text("act", "Act"),
            Column::text("who", "Who"),
            Column::text("stage", "Stage"),
            Column::text("source", "Source"),
            Column::text("flags", "Flags"),
        ],
    );
    let mut acts: Vec<KnownAct<'r>> = law
        .registry()
        .institutions()
        .flat_map(|institution| law.view().acts(institution))
        .filter(|act| wanted(act.institution, act))
        .collect();
    acts.sort_by_key(KnownAct::effect);
    for act in acts {
        let who = act.act.whom().unwrap_or_else(|| "all".to_owned());
        let effect = act
            .claim
            .takes_effect()
            .map_or_else(String::new, ToString::to_string);
        let name = act.effect().map_or_else(
            || act.institution.short_name().to_owned(),
            |day| act.institution.short_name_on(day).to_owned(),
        );
        table.push_row(vec![
            effect.into(),
            name.into(),
            act.act.kind.name().label().into(),
            who.into(),
            act.claim
                .stage
                .map_or(Cell::Missing, |stage| stage.label().into()),
            act.claim.reference().into(),
            contested(std::slice::from_ref(&act)),
        ])?;
    }
    Ok(table)
}

/// The acts of an organization or agreement, or those that concern a state, in the order of
/// effect.
///
/// # Errors
/// None that the data can cause; the table's own check.
pub fn timeline_of(law: &Law<'_>, named: Named<'_>) -> Result<Table, TableError> {
    match named {
        Named::State(state) => {
            timeline(law, state.name(), |_, act| concerns(law, act, &state.code))
        }
        Named::Institution(found) => timeline(law, found.name(), |institution, _| {
            institution.id == found.id
        }),
    }
}

/// Whether an act concerns a state: lists it, or concerns all who take part, it among them.
pub fn concerns(law: &Law<'_>, act: &KnownAct<'_>, state: &StateCode) -> bool {
    let party = Party::State(state.clone());
    match &act.act.who {
        Participants::Listed(_) => act.act.names(&party),
        Participants::All => act
            .effect()
            .is_some_and(|day| law.standing(&party, &act.institution.id, day).is_some()),
    }
}
