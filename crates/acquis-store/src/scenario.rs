//! Saved scenarios: a text with a name, and every text it has been.

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, Row, Transaction, params};

use crate::bounds;
use crate::connection::{Refusal, Store};
use crate::error::StoreError;
use crate::identity::ScenarioId;

/// Longest text that is kept, in bytes.
pub const MOST_TEXT: usize = 1 << 20;
/// Longest name, in characters.
const MOST_NAME: usize = 120;

/// Whether a scenario was put away under a name, or is still being put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeping {
    /// Being put together. Every change is saved all the same.
    Draft,
    /// Put away under a name that no other one has.
    Kept,
}

/// A saved scenario without its text, as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScenarioCard {
    /// Its number.
    pub id: ScenarioId,
    /// Its name.
    pub name: String,
    /// Whether it was put away under it.
    pub keeping: Keeping,
    /// When it was first saved.
    pub created: Timestamp,
    /// When it was last saved or renamed.
    pub changed: Timestamp,
    /// The number of its latest revision, from 1.
    pub revision: u32,
}

/// A saved scenario at its latest revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedScenario {
    /// Its number.
    pub id: ScenarioId,
    /// Its name.
    pub name: String,
    /// Whether it was put away under it.
    pub keeping: Keeping,
    /// When it was first saved.
    pub created: Timestamp,
    /// When it was last saved or renamed.
    pub changed: Timestamp,
    /// The number of its latest revision, from 1.
    pub revision: u32,
    /// Whether there is a revision to go back to.
    pub can_undo: bool,
    /// The scenario file.
    pub text: String,
}

/// One text that a scenario has been.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevisionCard {
    /// Its number, from 1.
    pub number: u32,
    /// When it was saved.
    pub saved: Timestamp,
}

impl Store {
    /// Saves a new scenario.
    ///
    /// # Errors
    /// A name that can't be used or is taken, or a text that is too long.
    pub fn create(
        &self,
        name: &str,
        keeping: Keeping,
        text: &str,
    ) -> Result<SavedScenario, StoreError> {
        let name = usable(name)?;
        let text = short_enough(text)?;
        self.write("save the scenario", |database| {
            name_is_free(database, &name, keeping, None)?;
            let now = Timestamp::now().as_millisecond();
            database.execute(
                "INSERT INTO scenario (name, kept, created, changed) VALUES (?1, ?2, ?3, ?3)",
                params![name, keeping == Keeping::Kept, now],
            )?;
            let id = ScenarioId(database.last_insert_rowid());
            database.execute(
                "INSERT INTO revision (scenario, number, saved, text) VALUES (?1, 1, ?2, ?3)",
                params![id, now, text],
            )?;
            if keeping == Keeping::Draft {
                bounds::drop_old_drafts(database)?;
            }
            found(database, id)
        })
    }

    /// Saves a change. `from` is the revision it was made to. A text that is the same as the
    /// latest one makes no revision.
    ///
    /// # Errors
    /// [`StoreError::Changed`] if somebody saved since, a text that is too long, or no such
    /// scenario.
    pub fn save(&self, id: ScenarioId, from: u32, text: &str) -> Result<SavedScenario, StoreError> {
        let text = short_enough(text)?;
        self.write("save the scenario", |database| {
            let latest = latest_of(database, id, from)?;
            if latest.text != text {
                add_revision(database, id, latest.revision, Some(from), text)?;
            }
            found(database, id)
        })
    }

    /// Goes back to the text before the latest change, which itself is kept as a revision.
    /// Undoing again goes back further.
    ///
    /// # Errors
    /// [`StoreError::Changed`] if somebody saved since, [`StoreError::NothingToUndo`] where
    /// there is nothing to go back to.
    pub fn undo(&self, id: ScenarioId, from: u32) -> Result<SavedScenario, StoreError> {
        self.write("save the scenario", |database| {
            latest_of(database, id, from)?;
            let before: Option<u32> = database.query_row(
                "SELECT before FROM revision WHERE scenario = ?1 AND number = ?2",
                params![id, from],
                |row| row.get(0),
            )?;
            let back = before.ok_or(StoreError::NothingToUndo(id))?;
            let (text, before): (String, Option<u32>) = database.query_row(
                "SELECT text, before FROM revision WHERE scenario = ?1 AND number = ?2",
                params![id, back],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )?;
            add_revision(database, id, from, before, &text)?;
            found(database, id)
        })
    }

    /// Puts a scenario away under a name, or gives it another one.
    ///
    /// # Errors
    /// A name that can't be used or is taken, or no such scenario.
    pub fn keep(&self, id: ScenarioId, name: &str) -> Result<SavedScenario, StoreError> {
        let name = usable(name)?;
        self.write("name the scenario", |database| {
            name_is_free(database, &name, Keeping::Kept, Some(id))?;
            database.execute(
                "UPDATE scenario SET name = ?2, kept = 1, changed = ?3 WHERE id = ?1",
                params![id, name, Timestamp::now().as_millisecond()],
            )?;
            found(database, id)
        })
    }

    /// Deletes a scenario with its revisions. Its runs stay.
    ///
    /// # Errors
    /// No such scenario.
    pub fn delete_scenario(&self, id: ScenarioId) -> Result<(), StoreError> {
        self.write("delete the scenario", |database| {
            match database.execute("DELETE FROM scenario WHERE id = ?1", [id])? {
                0 => Err(StoreError::NoScenario(id).into()),
                _ => Ok(()),
            }
        })
    }

    /// A scenario at its latest revision.
    ///
    /// # Errors
    /// No such scenario.
    pub fn scenario(&self, id: ScenarioId) -> Result<SavedScenario, StoreError> {
        self.read("read the scenario", |database| found(database, id))
    }

    /// The scenarios, those changed last first.
    ///
    /// # Errors
    /// What the database says.
    pub fn scenarios(&self, keeping: Keeping) -> Result<Vec<ScenarioCard>, StoreError> {
        self.read("list the scenarios", |database| {
            let mut asked = database.prepare_cached(
                "SELECT id, name, kept, created, changed,
                        (SELECT max(number) FROM revision WHERE scenario = id)
                 FROM scenario WHERE kept = ?1 ORDER BY changed DESC, id DESC",
            )?;
            let cards = asked.query_map([keeping == Keeping::Kept], |row| {
                Ok(ScenarioCard {
                    id: row.get(0)?,
                    name: row.get(1)?,
                    keeping: keeping_of(row, 2)?,
                    created: moment(row, 3)?,
                    changed: moment(row, 4)?,
                    revision: row.get(5)?,
                })
            })?;
            Ok(cards.collect::<Result<_, _>>()?)
        })
    }

    /// The revisions of a scenario, the latest first.
    ///
    /// # Errors
    /// No such scenario.
    pub fn revisions(&self, id: ScenarioId) -> Result<Vec<RevisionCard>, StoreError> {
        self.read("list the revisions", |database| {
            let mut asked = database.prepare_cached(
                "SELECT number, saved FROM revision WHERE scenario = ?1 ORDER BY number DESC",
            )?;
            let cards = asked.query_map([id], |row| {
                Ok(RevisionCard {
                    number: row.get(0)?,
                    saved: moment(row, 1)?,
                })
            })?;
            let cards: Vec<RevisionCard> = cards.collect::<Result<_, _>>()?;
            if cards.is_empty() {
                return Err(StoreError::NoScenario(id).into());
            }
            Ok(cards)
        })
    }

    /// The text of one revision.
    ///
    /// # Errors
    /// No such scenario or revision.
    pub fn revision(&self, id: ScenarioId, number: u32) -> Result<String, StoreError> {
        self.read("read the revision", |database| {
            let text = database
                .query_row(
                    "SELECT text FROM revision WHERE scenario = ?1 AND number = ?2",
                    params![id, number],
                    |row| row.get(0),
                )
                .optional()?;
            text.ok_or_else(|| {
                StoreError::NoRevision {
                    scenario: id,
                    revision: number,
                }
                .into()
            })
        })
    }
}

/// A moment that the database keeps in milliseconds since 1970.
pub(crate) fn moment(row: &Row<'_>, column: usize) -> rusqlite::Result<Timestamp> {
    let milliseconds: i64 = row.get(column)?;
    Timestamp::from_millisecond(milliseconds)
        .map_err(|_| rusqlite::Error::IntegralValueOutOfRange(column, milliseconds))
}

fn keeping_of(row: &Row<'_>, column: usize) -> rusqlite::Result<Keeping> {
    Ok(if row.get(column)? {
        Keeping::Kept
    } else {
        Keeping::Draft
    })
}

fn found(database: &Transaction<'_>, id: ScenarioId) -> Result<SavedScenario, Refusal> {
    let saved = database
        .prepare_cached(
            "SELECT name, kept, created, changed, number, before IS NOT NULL, text
             FROM scenario JOIN revision ON scenario = id
             WHERE id = ?1 ORDER BY number DESC LIMIT 1",
        )?
        .query_row([id], |row| {
            Ok(SavedScenario {
                id,
                name: row.get(0)?,
                keeping: keeping_of(row, 1)?,
                created: moment(row, 2)?,
                changed: moment(row, 3)?,
                revision: row.get(4)?,
                can_undo: row.get(5)?,
                text: row.get(6)?,
            })
        })
        .optional()?;
    saved.ok_or_else(|| StoreError::NoScenario(id).into())
}

/// The scenario, if its latest revision is the one a change was made to.
fn latest_of(
    database: &Transaction<'_>,
    id: ScenarioId,
    from: u32,
) -> Result<SavedScenario, Refusal> {
    let latest = found(database, id)?;
    if latest.revision == from {
        Ok(latest)
    } else {
        let current = latest.revision;
        Err(StoreError::Changed { from, current }.into())
    }
}

fn add_revision(
    database: &Transaction<'_>,
    id: ScenarioId,
    latest: u32,
    before: Option<u32>,
    text: &str,
) -> Result<(), Refusal> {
    let now = Timestamp::now().as_millisecond();
    database.execute(
        "INSERT INTO revision (scenario, number, before, saved, text) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![id, latest + 1, before, now, text],
    )?;
    database.execute(
        "UPDATE scenario SET changed = ?2 WHERE id = ?1",
        params![id, now],
    )?;
    bounds::drop_old_revisions(database, id)?;
    Ok(())
}

/// A name without white around it, if it can be one.
fn usable(given: &str) -> Result<String, StoreError> {
    let name = given.trim();
    let reason = if name.is_empty() {
        "it is empty"
    } else if name.chars().count() > MOST_NAME {
        "it has more than 120 characters"
    } else if name.chars().any(char::is_control) {
        "it holds control characters"
    } else {
        return Ok(name.to_owned());
    };
    Err(StoreError::Name {
        given: given.to_owned(),
        reason,
    })
}

fn short_enough(text: &str) -> Result<&str, StoreError> {
    let bytes = text.len();
    if bytes <= MOST_TEXT {
        return Ok(text);
    }
    Err(StoreError::TooLong {
        bytes,
        most: MOST_TEXT,
    })
}

fn name_is_free(
    database: &Transaction<'_>,
    name: &str,
    keeping: Keeping,
    own: Option<ScenarioId>,
) -> Result<(), Refusal> {
    if keeping == Keeping::Draft {
        return Ok(());
    }
    let other: Option<ScenarioId> = database
        .query_row(
            "SELECT id FROM scenario WHERE kept = 1 AND name = ?1 COLLATE NOCASE AND id IS NOT ?2",
            params![name, own],
            |row| row.get(0),
        )
        .optional()?;
    match other {
        None => Ok(()),
        Some(_) => Err(StoreError::NameTaken(name.to_owned()).into()),
    }
}
