//! A level for each candidate, as tables.

use acquis_blocs::{LevelMembership, Player};
use acquis_scenario::{BlocForm, BlocsAnswer, Economy, LevelsVerdict};

use super::unit;
use crate::column::{Column, Unit};
use crate::table::{Cell, Table, TableError};

/// So many memberships are listed.
const MOST_LISTED: usize = 60;

pub(super) fn tables(
    economy: &Economy,
    answer: &BlocsAnswer,
    verdict: &LevelsVerdict,
) -> Result<Vec<Table>, TableError> {
    let stable = memberships(
        economy,
        answer,
        verdict,
        &verdict.stable,
        "holding",
        "Memberships that hold",
    )?;
    let best = memberships(
        economy,
        answer,
        verdict,
        &[verdict.best.0],
        "best",
        "The membership with the greatest sum of gains",
    )?;
    Ok(vec![
        stable.note(
            "Nobody gains by changing its own level while all others keep theirs (Nash 1951).",
        ),
        best,
        path(answer, verdict)?,
    ])
}

fn memberships(
    economy: &Economy,
    answer: &BlocsAnswer,
    verdict: &LevelsVerdict,
    indices: &[usize],
    id: &str,
    title: &str,
) -> Result<Table, TableError> {
    let mut columns = vec![
        Column::text("levels", "Who stands where"),
        Column::change("sum", "Sum of gains", unit(economy), 1),
    ];
    columns.extend(answer.candidates.iter().map(|candidate| {
        let name = format!("{}_pct", candidate.code.to_lowercase());
        Column::change(name, candidate.code.as_str(), Unit::PERCENT, 3)
    }));
    let mut table = Table::new(id, title, columns);
    for &index in indices.iter().take(MOST_LISTED) {
        let mut row = vec![
            words(&verdict.membership(index), answer).into(),
            verdict.sum(index).into(),
        ];
        row.extend(
            verdict
                .percent
                .payoffs(index)
                .iter()
                .map(|gain| Cell::from(*gain)),
        );
        table.push_row(row)?;
    }
    let left_out = indices.len().saturating_sub(MOST_LISTED);
    if left_out > 0 {
        table.notes.push(format!("{left_out} more are left out."));
    }
    Ok(table)
}

fn path(answer: &BlocsAnswer, verdict: &LevelsVerdict) -> Result<Table, TableError> {
    let columns = vec![
        Column::integer("step", "Step", Unit::NONE),
        Column::text("movers", "Who moves"),
        Column::text("to", "To"),
        Column::text("after", "Who stands where then"),
    ];
    let mut table = Table::new("path", "How the union deepens, from nobody inside", columns);
    for (step, one) in (1_i64..).zip(&verdict.path.moves).take(MOST_LISTED) {
        let code = |player: &Player| answer.candidates[player.position()].code.as_str();
        let movers: Vec<String> = one
            .movers
            .iter()
            .map(|(player, gain)| format!("{} ({gain:+.3} %)", code(player)))
            .collect();
        table.push_row(vec![
            step.into(),
            movers.join(", ").into(),
            level_words(&answer.form, one.level).into(),
            words(&verdict.membership(one.index), answer).into(),
        ])?;
    }
    table.notes.push(if verdict.path.goes_round {
        "The moves come round again: there is no end.".to_owned()
    } else {
        "It stops where no state gains by another level and no two by a deeper one (Jackson and \
         Wolinsky 1996)."
            .to_owned()
    });
    Ok(table)
}

fn level_words(form: &BlocForm, level: usize) -> String {
    match level.checked_sub(1) {
        None => "outside".to_owned(),
        Some(place) => form
            .stages()
            .get(place)
            .map_or_else(String::new, |stage| stage.label().to_owned()),
    }
}

/// "customs union: BLR KAZ RUS; free trade area: ARM UKR", the deepest first.
pub(super) fn words(membership: &LevelMembership, answer: &BlocsAnswer) -> String {
    let levels = membership.levels();
    let at = |level: usize| {
        let here = levels.iter().zip(&answer.candidates);
        let here = here.filter(|(own, _)| usize::from(**own) == level);
        let codes: Vec<&str> = here.map(|(_, candidate)| candidate.code.as_str()).collect();
        (!codes.is_empty())
            .then(|| format!("{}: {}", level_words(&answer.form, level), codes.join(" ")))
    };
    let deepest_first = (1..=answer.form.stages().len()).rev().filter_map(at);
    let words: Vec<String> = deepest_first.collect();
    if words.is_empty() {
        "everybody outside".to_owned()
    } else {
        words.join("; ")
    }
}
