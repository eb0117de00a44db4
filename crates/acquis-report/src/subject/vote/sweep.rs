//! What other quotas would make of the same votes.

use acquis_decision::RoleRange;
use acquis_scenario::{QuotaSweep, Vote};

use super::heading;
use super::words::{decimals, label, labels, role_word};
use crate::column::{Column, Unit};
use crate::table::{Cell, Table, TableError};

/// A sweep has a column for each member up to so many.
const MOST_COLUMNS: usize = 9;

/// The quotas between which somebody is dictator, has a veto or is a dummy.
///
/// # Errors
/// A figure that is not finite.
pub(super) fn roles(vote: &Vote<'_>, sweep: &QuotaSweep) -> Result<Table, TableError> {
    let mut table = Table::new(
        "roles",
        "Quotas at which somebody becomes dictator, veto player or dummy",
        vec![
            Column::text("state", "State"),
            Column::text("role", "Is"),
            Column::share("above", "Quota above"),
            Column::share("up_to", "Up to"),
            Column::number("above_votes", "Above", "votes", decimals(vote)),
            Column::number("up_to_votes", "Up to", "votes", decimals(vote)),
        ],
    );
    for RoleRange {
        player,
        role,
        above,
        up_to,
    } in &sweep.roles
    {
        if 2.0 * up_to <= sweep.total {
            continue;
        }
        table.push_row(vec![
            label(vote, *player).into(),
            role_word(*role).into(),
            (above / sweep.total).into(),
            (up_to / sweep.total).into(),
            (*above).into(),
            (*up_to).into(),
        ])?;
    }
    Ok(table
        .note("For a decision that takes at least the quota. Ranges below one half are left out."))
}

/// An index under quotas from one half to all votes.
///
/// # Errors
/// A figure that is not finite.
pub(super) fn sweep(vote: &Vote<'_>, sweep: &QuotaSweep) -> Result<Table, TableError> {
    let shown = if vote.voters.len() <= MOST_COLUMNS {
        vote.voters.len()
    } else {
        0
    };
    let mut columns = vec![
        Column::share("quota", "Quota"),
        Column::number("efficiency", "Efficiency", Unit::FRACTION, 4),
    ];
    let word = sweep.measure.word().replace('-', "_");
    columns.extend(vote.voters.iter().take(shown).map(|voter| {
        let name = format!("{word}_{}", voter.as_str().to_lowercase());
        Column::number(name, voter.as_str(), Unit::FRACTION, 4)
    }));
    columns.extend([
        Column::text("dictator", "Dictator"),
        Column::text("veto", "Veto"),
        Column::text("dummies", "Dummies"),
    ]);
    let mut table = Table::new("sweep", "The power of each by quota", columns);
    for swept in &sweep.quotas {
        let step = &swept.step;
        let mut row = vec![swept.share.into(), swept.efficiency.into()];
        let values = step.power.values.iter().take(shown);
        row.extend(values.map(|value| Cell::Number(*value)));
        row.push(labels(vote, step.dictator).into());
        row.push(labels(vote, step.veto_players.iter().copied()).into());
        row.push(labels(vote, step.dummies.iter().copied()).into());
        table.push_row(row)?;
    }
    Ok(table.note(format!(
        "{}, for at least the quota.",
        heading(sweep.measure)
    )))
}
