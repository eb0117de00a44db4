//! Runs: a text as it was carried out, how far it came, and how it ended.

use std::collections::BTreeMap;
use std::io;

use jiff::Timestamp;
use rusqlite::{OptionalExtension as _, Row, Transaction, params};

use crate::connection::{Store, size};
use crate::error::StoreError;
use crate::identity::{Identity, RunId, ScenarioId};
use crate::owner;
use crate::result::StoredFile;
use crate::scenario::moment;

/// A run that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRun {
    /// The saved scenario and its revision, if it comes from one.
    pub scenario: Option<(ScenarioId, u32)>,
    /// Short name, for files.
    pub name: String,
    /// Title.
    pub title: String,
    /// The scenario file.
    pub text: String,
    /// The facts that it meets.
    pub pack: Identity,
    /// The figures that it meets.
    pub economy: Identity,
    /// The program and its version.
    pub program: String,
}

/// How much is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Steps that are done.
    pub done: u64,
    /// All steps; 0 while nobody knows.
    pub total: u64,
}

/// How far a run came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RunState {
    /// It waits for its turn.
    Queued,
    /// It is being carried out.
    Running {
        /// Since when.
        started: Timestamp,
        /// How far.
        progress: Progress,
    },
    /// It is done, and its files are there.
    Done {
        /// Since when it was carried out.
        started: Timestamp,
        /// Until when.
        ended: Timestamp,
    },
    /// It could not be done.
    Failed {
        /// When.
        ended: Timestamp,
        /// Why.
        reason: String,
    },
    /// Somebody said stop.
    Cancelled {
        /// When.
        ended: Timestamp,
    },
    /// The server that carried it out ended before it did.
    Killed {
        /// When that was found.
        ended: Timestamp,
        /// How far it had come, as last told.
        progress: Progress,
    },
}

impl RunState {
    /// Whether it will not change any more.
    pub const fn is_over(&self) -> bool {
        !matches!(self, Self::Queued | Self::Running { .. })
    }

    /// The state in a word.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running { .. } => "running",
            Self::Done { .. } => "done",
            Self::Failed { .. } => "failed",
            Self::Cancelled { .. } => "cancelled",
            Self::Killed { .. } => "killed",
        }
    }
}

/// A run without its text, as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunCard {
    /// Its number.
    pub id: RunId,
    /// The saved scenario and its revision, if it comes from one that is still there.
    pub scenario: Option<(ScenarioId, u32)>,
    /// Short name, for files.
    pub name: String,
    /// Title.
    pub title: String,
    /// The facts that it met.
    pub pack: Identity,
    /// The figures that it met.
    pub economy: Identity,
    /// The program that carried it out.
    pub program: String,
    /// When it was asked for.
    pub queued: Timestamp,
    /// How far it came.
    pub state: RunState,
}

/// A run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// What lists show of it.
    pub card: RunCard,
    /// The scenario file as it was then.
    pub text: String,
}

const CARD: &str = "id, scenario, revision, name, title, pack, pack_digest, economy, \
     economy_digest, program, queued, state, started, ended, done, total, reason";

impl Store {
    /// A run.
    ///
    /// # Errors
    /// No such run.
    pub fn run(&self, id: RunId) -> Result<Run, StoreError> {
        self.read("read the run", |database| {
            let run = database
                .prepare_cached(&format!("SELECT {CARD}, text FROM run WHERE id = ?1"))?
                .query_row([id], |row| {
                    Ok(Run {
                        card: card(row)?,
                        text: row.get("text")?,
                    })
                })
                .optional()?;
            run.ok_or_else(|| StoreError::NoRun(id).into())
        })
    }

    /// The runs, those asked for last first.
    ///
    /// # Errors
    /// What the database says.
    pub fn runs(&self) -> Result<Vec<RunCard>, StoreError> {
        self.read("list the runs", |database| {
            let mut asked =
                database.prepare_cached(&format!("SELECT {CARD} FROM run ORDER BY id DESC"))?;
            Ok(asked.query_map([], card)?.collect::<Result<_, _>>()?)
        })
    }

    /// Deletes a run with its results.
    ///
    /// # Errors
    /// No such run, or one that is not over.
    pub fn delete_run(&self, id: RunId) -> Result<(), StoreError> {
        self.write("delete the run", |database| {
            let over = database
                .query_row(
                    "SELECT ended IS NOT NULL FROM run WHERE id = ?1",
                    [id],
                    |row| row.get(0),
                )
                .optional()?;
            match over {
                None => Err(StoreError::NoRun(id).into()),
                Some(false) => Err(StoreError::NotOver(id).into()),
                Some(true) => {
                    database.execute("DELETE FROM run WHERE id = ?1", [id])?;
                    Ok(())
                }
            }
        })
    }

    /// Writes down a run that is asked for, unless more than `most` bytes are kept already:
    /// what a user has is never dropped to make room.
    pub(crate) fn queue(&self, owner: &str, run: &NewRun, most: u64) -> Result<RunId, StoreError> {
        self.write("queue the run", |database| {
            let kept = size(database)?;
            if kept > most {
                return Err(StoreError::TooMuch { kept, most }.into());
            }
            let (scenario, revision) = run.scenario.unzip();
            database.execute(
                "INSERT INTO run (scenario, revision, name, title, text, pack, pack_digest,
                                  economy, economy_digest, program, state, owner, queued)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, 'queued', ?11, ?12)",
                params![
                    scenario,
                    revision,
                    run.name,
                    run.title,
                    run.text,
                    run.pack.name,
                    run.pack.digest,
                    run.economy.name,
                    run.economy.digest,
                    run.program,
                    owner,
                    now(),
                ],
            )?;
            Ok(RunId(database.last_insert_rowid()))
        })
    }

    /// Marks a waiting run as running. `false` if it does not wait any more.
    pub(crate) fn begin(&self, owner: &str, id: RunId) -> Result<bool, StoreError> {
        self.write("start the run", |database| {
            let begun = database.execute(
                "UPDATE run SET state = 'running', started = ?3
                 WHERE id = ?1 AND owner = ?2 AND state = 'queued'",
                params![id, owner, now()],
            )?;
            Ok(begun == 1)
        })
    }

    /// Notes how far a run has come.
    pub(crate) fn note(&self, owner: &str, id: RunId, at: Progress) -> Result<(), StoreError> {
        self.write("note the progress", |database| {
            database.execute(
                "UPDATE run SET done = ?3, total = ?4
                 WHERE id = ?1 AND owner = ?2 AND state = 'running'",
                params![id, owner, signed(at.done), signed(at.total)],
            )?;
            Ok(())
        })
    }

    /// Marks a running run as done and puts its files beside it, in one step. `false` if it is
    /// no longer this server's.
    pub(crate) fn complete(
        &self,
        owner: &str,
        id: RunId,
        files: &[StoredFile],
    ) -> Result<bool, StoreError> {
        self.write("keep the results", |database| {
            if !end(database, owner, id, &End::Done)? {
                return Ok(false);
            }
            let mut insert = database
                .prepare_cached("INSERT INTO result (run, name, bytes) VALUES (?1, ?2, ?3)")?;
            for file in files {
                insert.execute(params![id, file.name, file.bytes])?;
            }
            Ok(true)
        })
    }

    /// Ends a run without results. `false` if it was over, or is no longer this server's.
    pub(crate) fn give_up(&self, owner: &str, id: RunId, how: &End) -> Result<bool, StoreError> {
        self.write("end the run", |database| Ok(end(database, owner, id, how)?))
    }

    /// Marks the runs of servers that are gone as killed, and takes over those that waited;
    /// these are given back in the order of their asking.
    pub(crate) fn take_over(&self, owner: &str) -> Result<Vec<RunId>, StoreError> {
        self.write("look after runs of servers that are gone", |database| {
            let mut asked = database.prepare(
                "SELECT id, owner, state = 'running' FROM run
                 WHERE state IN ('queued', 'running') AND owner <> ?1 ORDER BY id",
            )?;
            let waiting =
                asked.query_map([owner], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
            let waiting: Vec<(RunId, String, bool)> = waiting.collect::<Result<_, _>>()?;
            let gone = self.gone(waiting.iter().map(|(_, owner, _)| owner.as_str()))?;
            let mut taken = Vec::new();
            for (id, old, was_running) in &waiting {
                if !gone[old.as_str()] {
                    continue;
                }
                if *was_running {
                    end(database, old, *id, &End::Killed)?;
                } else {
                    database.execute(
                        "UPDATE run SET owner = ?2 WHERE id = ?1",
                        params![id, owner],
                    )?;
                    taken.push(*id);
                }
            }
            Ok(taken)
        })
    }

    /// Which servers are gone.
    fn gone<'o>(
        &self,
        owners: impl Iterator<Item = &'o str>,
    ) -> Result<BTreeMap<&'o str, bool>, StoreError> {
        let mut gone = BTreeMap::new();
        for owner in owners {
            if !gone.contains_key(owner) {
                let alive = owner::is_alive(self.folder(), owner);
                gone.insert(owner, !alive.map_err(|source| self.in_folder(source))?);
            }
        }
        Ok(gone)
    }

    /// An error of the file system, with the folder.
    pub(crate) fn in_folder(&self, source: io::Error) -> StoreError {
        StoreError::Folder {
            path: self.folder().to_owned(),
            source,
        }
    }
}

/// How a run ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum End {
    Done,
    Failed(String),
    Cancelled,
    Killed,
}

fn end(database: &Transaction<'_>, owner: &str, id: RunId, how: &End) -> rusqlite::Result<bool> {
    let (state, reason) = match how {
        End::Done => ("done", None),
        End::Failed(reason) => ("failed", Some(reason)),
        End::Cancelled => ("cancelled", None),
        End::Killed => ("killed", None),
    };
    let ended = database.execute(
        "UPDATE run SET state = ?3, reason = ?4, ended = ?5
         WHERE id = ?1 AND owner = ?2 AND state IN ('queued', 'running')",
        params![id, owner, state, reason, now()],
    )?;
    Ok(ended == 1)
}

fn now() -> i64 {
    Timestamp::now().as_millisecond()
}

/// A count as the database keeps it.
fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn card(row: &Row<'_>) -> rusqlite::Result<RunCard> {
    let scenario: Option<ScenarioId> = row.get(1)?;
    let revision: Option<u32> = row.get(2)?;
    Ok(RunCard {
        id: row.get(0)?,
        scenario: scenario.zip(revision),
        name: row.get(3)?,
        title: row.get(4)?,
        pack: Identity {
            name: row.get(5)?,
            digest: row.get(6)?,
        },
        economy: Identity {
            name: row.get(7)?,
            digest: row.get(8)?,
        },
        program: row.get(9)?,
        queued: moment(row, 10)?,
        state: state(row)?,
    })
}

fn state(row: &Row<'_>) -> rusqlite::Result<RunState> {
    const STATE: usize = 11;
    const STARTED: usize = 12;
    const ENDED: usize = 13;

    let count = |column| row.get(column).map(i64::unsigned_abs);
    let progress = Progress {
        done: count(14)?,
        total: count(15)?,
    };
    let word: String = row.get(STATE)?;
    Ok(match word.as_str() {
        "queued" => RunState::Queued,
        "running" => RunState::Running {
            started: moment(row, STARTED)?,
            progress,
        },
        "done" => RunState::Done {
            started: moment(row, STARTED)?,
            ended: moment(row, ENDED)?,
        },
        "failed" => RunState::Failed {
            ended: moment(row, ENDED)?,
            reason: row.get::<_, Option<String>>(16)?.unwrap_or_default(),
        },
        "cancelled" => RunState::Cancelled {
            ended: moment(row, ENDED)?,
        },
        "killed" => RunState::Killed {
            ended: moment(row, ENDED)?,
            progress,
        },
        _ => {
            return Err(rusqlite::Error::InvalidColumnType(
                STATE,
                word,
                rusqlite::types::Type::Text,
            ));
        }
    })
}
