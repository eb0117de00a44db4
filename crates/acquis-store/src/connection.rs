//! The database: opened with care, one connection that writes and a few that read.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, Transaction, TransactionBehavior};

use crate::error::StoreError;
use crate::migration;

/// The name of the database in its folder.
const FILE: &str = "acquis.db";
/// How long a statement waits for another server's lock.
const PATIENCE: Duration = Duration::from_secs(10);
/// Reading connections that are kept open.
const READERS: usize = 4;
/// A database up to this size is read through when it is opened, to find damage before it
/// spreads; a larger one would keep the user waiting.
const READ_THROUGH: u64 = 256 << 20;

/// Saved scenarios and runs, in one folder. See the crate's page.
pub struct Store {
    folder: PathBuf,
    writer: Mutex<Connection>,
    readers: Mutex<Vec<Connection>>,
}

impl fmt::Debug for Store {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Store")
            .field("folder", &self.folder)
            .finish_non_exhaustive()
    }
}

impl Store {
    /// Opens the store in a folder, which is made if it is not there.
    ///
    /// # Errors
    /// A folder that can't be used; a database that is damaged, not ours, or written by a
    /// later version. Such a database is left as it is.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        make_private(folder).map_err(|source| StoreError::Folder {
            path: folder.to_owned(),
            source,
        })?;
        let path = folder.join(FILE);
        make_private_file(&path);
        let mut connection = connect(&path, OpenFlags::SQLITE_OPEN_CREATE)?;
        admit(&connection, &path)?;
        let file = path.as_path();
        let step = |doing| move |source| refused(file, doing, source);
        step_write_ahead(&connection).map_err(step("open its journal"))?;
        migration::migrate(&mut connection).map_err(step("take its present form"))?;
        keep_private(&path);
        Ok(Self {
            folder: folder.to_owned(),
            writer: Mutex::new(connection),
            readers: Mutex::new(Vec::new()),
        })
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// How many bytes are kept: scenarios with all their revisions, runs with all their files.
    ///
    /// # Errors
    /// What the database says.
    pub fn size(&self) -> Result<u64, StoreError> {
        self.read("tell how much is kept", |database| Ok(size(database)?))
    }

    /// The database itself.
    fn path(&self) -> PathBuf {
        self.folder.join(FILE)
    }

    /// Changes something, all of it or nothing.
    pub(crate) fn write<T>(
        &self,
        doing: &'static str,
        change: impl FnOnce(&Transaction<'_>) -> Result<T, Refusal>,
    ) -> Result<T, StoreError> {
        let mut connection = lock(&self.writer);
        let changed = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(Refusal::from)
            .and_then(|transaction| {
                let value = change(&transaction)?;
                transaction.commit()?;
                Ok(value)
            });
        changed.map_err(|refusal| self.explained(doing, refusal))
    }

    /// Reads something, as it is at one moment.
    pub(crate) fn read<T>(
        &self,
        doing: &'static str,
        ask: impl FnOnce(&Transaction<'_>) -> Result<T, Refusal>,
    ) -> Result<T, StoreError> {
        let waiting = lock(&self.readers).pop();
        let mut connection = match waiting {
            Some(connection) => connection,
            None => connect(&self.path(), OpenFlags::empty())?,
        };
        let answer = connection
            .transaction()
            .map_err(Refusal::from)
            .and_then(|transaction| ask(&transaction))
            .map_err(|refusal| self.explained(doing, refusal));
        let mut readers = lock(&self.readers);
        if readers.len() < READERS {
            readers.push(connection);
        }
        answer
    }

    fn explained(&self, doing: &'static str, refusal: Refusal) -> StoreError {
        match refusal {
            Refusal::Store(error) => error,
            Refusal::Database(source) => refused(&self.path(), doing, source),
        }
    }
}

/// Why a step within a transaction was refused: by the database or by us.
#[derive(Debug)]
pub(crate) enum Refusal {
    Database(rusqlite::Error),
    Store(StoreError),
}

impl From<rusqlite::Error> for Refusal {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error)
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// How many bytes of the database's file hold something.
pub(crate) fn size(database: &Connection) -> rusqlite::Result<u64> {
    let count = |pragma| -> rusqlite::Result<u64> {
        let count: i64 = database.pragma_query_value(None, pragma, |row| row.get(0))?;
        Ok(count.unsigned_abs())
    };
    let pages = count("page_count")?.saturating_sub(count("freelist_count")?);
    Ok(pages.saturating_mul(count("page_size")?))
}

/// A lock that a panic elsewhere does not close: a transaction that was not finished then
/// was taken back.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn connect(path: &Path, more: OpenFlags) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | more;
    let open = || {
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(PATIENCE)?;
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.pragma_update(None, "trusted_schema", false)?;
        // Every commit reaches the disk before it returns.
        connection.pragma_update(None, "synchronous", "FULL")?;
        Ok(connection)
    };
    open().map_err(|source| refused(path, "open", source))
}

/// Refuses a database that is not ours, damaged or too new, before anything is written.
fn admit(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    let look = || {
        let application: i64 =
            connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
        let entries: i64 =
            connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
        Ok((application, migration::form(connection)?, entries))
    };
    let (application, form, entries) = look().map_err(|source| refused(path, "open", source))?;
    if application == 0 && form == 0 && entries == 0 {
        return Ok(());
    }
    if application != migration::APPLICATION {
        return Err(StoreError::Foreign {
            path: path.to_owned(),
        });
    }
    if form > migration::latest() {
        return Err(StoreError::Newer {
            path: path.to_owned(),
            found: form,
            known: migration::latest(),
        });
    }
    if fs::metadata(path).is_ok_and(|file| file.len() <= READ_THROUGH) {
        read_through(connection, path)?;
    }
    Ok(())
}

fn read_through(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    let verdict: Result<String, _> =
        connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0));
    match verdict {
        Ok(verdict) if verdict == "ok" => Ok(()),
        Ok(detail) => Err(StoreError::Damaged {
            path: path.to_owned(),
            detail: detail.replace('\n', ", "),
        }),
        Err(source) => Err(refused(path, "read it through", source)),
    }
}

fn step_write_ahead(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))
}

/// What the database said, with damage told apart from refusal.
fn refused(path: &Path, doing: &'static str, source: rusqlite::Error) -> StoreError {
    match source.sqlite_error_code() {
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => StoreError::Damaged {
            path: path.to_owned(),
            detail: source.to_string(),
        },
        Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
            StoreError::Folder {
                path: path.parent().unwrap_or(path).to_owned(),
                source: std::io::Error::other(source),
            }
        }
        _ => StoreError::Database { doing, source },
    }
}

/// Makes a folder that only its owner can look into, where the system knows owners.
fn make_private(folder: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(folder)
}

/// Makes the database's file for its owner alone before anything is in it: the folder may be
/// one that others look into. What goes wrong here, opening the database will tell.
#[cfg(unix)]
fn make_private_file(path: &Path) {
    use std::os::unix::fs::OpenOptionsExt as _;

    // Only a new file: closing one that is open elsewhere in this program lets its locks go.
    let made = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path);
    drop(made);
}

/// Takes the database and the files beside it, as earlier versions made them, away from
/// others than their owner. Where that is somebody else, they stay as they are.
#[cfg(unix)]
fn keep_private(path: &Path) {
    use std::os::unix::fs::PermissionsExt as _;

    const OF_OTHERS: u32 = 0o077;
    for beside in ["", "-wal", "-shm"] {
        let mut file = path.as_os_str().to_owned();
        file.push(beside);
        let is_open = |file: fs::Metadata| file.permissions().mode() & OF_OTHERS != 0;
        if fs::metadata(&file).is_ok_and(is_open) {
            drop(fs::set_permissions(
                &file,
                fs::Permissions::from_mode(0o600),
            ));
        }
    }
}

#[cfg(not(unix))]
fn make_private_file(_: &Path) {}

#[cfg(not(unix))]
fn keep_private(_: &Path) {}
