//! Several blocs side by side, as tables.

use acquis_blocs::CoalitionStructure;
use acquis_scenario::{BlocsAnswer, Economy, SeveralVerdict};

use super::{codes, unit};
use crate::column::{Column, Unit};
use crate::table::{Cell, Table, TableError};

/// So many structures are listed.
const MOST_LISTED: usize = 60;

pub(super) fn tables(
    economy: &Economy,
    answer: &BlocsAnswer,
    verdict: &SeveralVerdict,
) -> Result<Vec<Table>, TableError> {
    let mut tables = vec![
        structures(economy, answer, verdict, &verdict.nash, "holding", "Coalition structures that hold")?
            .note(
                "Nobody gains by standing alone or by moving to another bloc that admits it: \
                 coalition-structure Nash equilibria (Hart and Kurz 1983; Bogomolnaia and Jackson 2002).",
            ),
        structures(economy, answer, verdict, &[verdict.best.0], "best", "The structure with the greatest sum of gains")?,
    ];
    if let Some(set) = &verdict.consistent {
        tables.push(
            structures(
                economy,
                answer,
                verdict,
                set,
                "farsighted",
                "What might hold if all look ahead",
            )?
            .note("The largest consistent set (Chwe 1994)."),
        );
    }
    Ok(tables)
}

fn structures(
    economy: &Economy,
    answer: &BlocsAnswer,
    verdict: &SeveralVerdict,
    indices: &[usize],
    id: &str,
    title: &str,
) -> Result<Table, TableError> {
    let mut columns = vec![
        Column::text("blocs", "Blocs"),
        Column::change("sum", "Sum of gains", unit(economy), 1),
        Column::flag("holds", "Holds"),
    ];
    columns.extend(answer.candidates.iter().map(|candidate| {
        let name = format!("{}_pct", candidate.code.to_lowercase());
        Column::change(name, candidate.code.as_str(), Unit::PERCENT, 3)
    }));
    let mut table = Table::new(id, title, columns);
    for &index in indices.iter().take(MOST_LISTED) {
        let mut row = vec![
            words(&verdict.structure(index), answer).into(),
            verdict.sum(index).into(),
            verdict.nash.contains(&index).into(),
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

/// "BLR KAZ RUS | MDA UKR"; those who stand alone are left out.
pub(super) fn words(structure: &CoalitionStructure, answer: &BlocsAnswer) -> String {
    let blocs = structure.blocs().iter().filter(|bloc| bloc.len() > 1);
    let blocs: Vec<String> = blocs.map(|bloc| codes(*bloc, &answer.candidates)).collect();
    if blocs.is_empty() {
        "everybody alone".to_owned()
    } else {
        blocs.join(" | ")
    }
}
