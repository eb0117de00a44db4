//! How much is kept of what comes by itself: revisions, and drafts that nobody gave a name.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Transaction, params};

use crate::identity::ScenarioId;

/// So many of a scenario's newest revisions are kept, and so many that undoing reaches.
pub const MOST_REVISIONS: usize = 300;

/// So many drafts are kept, those changed last.
pub const MOST_DRAFTS: usize = 300;

/// Drops old revisions of a scenario.
pub(crate) fn drop_old_revisions(
    database: &Transaction<'_>,
    id: ScenarioId,
) -> rusqlite::Result<()> {
    let count: i64 = database
        .prepare_cached("SELECT count(*) FROM revision WHERE scenario = ?1")?
        .query_row([id], |row| row.get(0))?;
    if usize::try_from(count).is_ok_and(|count| count <= MOST_REVISIONS) {
        return Ok(());
    }
    let mut asked =
        database.prepare_cached("SELECT number, before FROM revision WHERE scenario = ?1")?;
    let all = asked.query_map([id], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let all: BTreeMap<u32, Option<u32>> = all.collect::<Result<_, _>>()?;
    let kept = kept(&all);
    for number in all.keys().filter(|number| !kept.contains(number)) {
        database
            .prepare_cached("DELETE FROM revision WHERE scenario = ?1 AND number = ?2")?
            .execute(params![id, number])?;
    }
    // Undoing ends where what came before is gone.
    for (number, before) in &all {
        let leads_nowhere = before.is_some_and(|before| !kept.contains(&before));
        if leads_nowhere && kept.contains(number) {
            database
                .prepare_cached(
                    "UPDATE revision SET before = NULL WHERE scenario = ?1 AND number = ?2",
                )?
                .execute(params![id, number])?;
        }
    }
    Ok(())
}

/// The revisions to keep of all, each with the one before it.
fn kept(all: &BTreeMap<u32, Option<u32>>) -> BTreeSet<u32> {
    let mut kept: BTreeSet<u32> = all.keys().rev().take(MOST_REVISIONS).copied().collect();
    let mut next = all.keys().next_back().copied();
    for _ in 0..MOST_REVISIONS {
        let Some(number) = next else { break };
        kept.insert(number);
        next = all.get(&number).copied().flatten();
    }
    kept
}

/// Drops the drafts that were left alone longest, where there are too many.
pub(crate) fn drop_old_drafts(database: &Transaction<'_>) -> rusqlite::Result<()> {
    let most = i64::try_from(MOST_DRAFTS).unwrap_or(i64::MAX);
    database
        .prepare_cached(
            "DELETE FROM scenario WHERE kept = 0 AND id IN (
                SELECT id FROM scenario WHERE kept = 0
                ORDER BY changed DESC, id DESC LIMIT -1 OFFSET ?1
             )",
        )?
        .execute([most])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_undoing_reaches_is_kept_beside_the_newest() {
        // After many changes everything was taken back: the last revisions lead to the first.
        let count = 3 * u32::try_from(MOST_REVISIONS).unwrap();
        let mut all: BTreeMap<u32, Option<u32>> = (1..=count)
            .map(|number| (number, number.checked_sub(1).filter(|before| *before > 0)))
            .collect();
        all.insert(count + 1, Some(5));
        let kept = kept(&all);
        assert_eq!(kept.len(), MOST_REVISIONS + 5);
        assert!((1..=5).all(|number| kept.contains(&number)));
        assert!(!kept.contains(&6) && kept.contains(&(count - 10)));
    }
}
