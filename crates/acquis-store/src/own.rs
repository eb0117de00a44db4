//! Packs and economies of the user's own: named sets of files that scenarios can be built on.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use rusqlite::{OptionalExtension as _, Row, Transaction, params};

use crate::connection::{Refusal, Store};
use crate::error::StoreError;
use crate::identity::Identity;
use crate::result::StoredFile;
use crate::scenario::moment;

/// Most that is kept of one kind.
const MOST_OF_A_KIND: usize = 100;
/// Most bytes that are kept of both kinds together.
pub const MOST_OWN_BYTES: u64 = 512 << 20;

/// What a set of files is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OwnKind {
    /// A pack of facts.
    Pack,
    /// An economy.
    Economy,
}

impl OwnKind {
    /// The word for it in an address and in the database.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pack => "pack",
            Self::Economy => "economy",
        }
    }
}

impl FromSql for OwnKind {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        match value.as_str()? {
            "pack" => Ok(Self::Pack),
            "economy" => Ok(Self::Economy),
            _ => Err(FromSqlError::InvalidType),
        }
    }
}

impl ToSql for OwnKind {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.word().into())
    }
}

/// The short name of a pack or an economy of the user's own: lower-case letters of the
/// English alphabet, digits and hyphens, so that it can be the name of a file anywhere.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OwnName(String);

impl OwnName {
    /// Most characters of a name.
    pub const MOST: usize = 60;

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for OwnName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// A text that can't be the name of a pack or an economy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} can't be a short name: use up to {most} lower-case letters from a to z, digits and hyphens, and begin with a letter or a digit",
    most = OwnName::MOST
)]
pub struct NotAName(String);

impl FromStr for OwnName {
    type Err = NotAName;

    fn from_str(text: &str) -> Result<Self, NotAName> {
        let is_of_a_name =
            |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let is_name = text.bytes().all(is_of_a_name)
            && (1..=Self::MOST).contains(&text.len())
            && !text.starts_with('-');
        if is_name {
            Ok(Self(text.to_owned()))
        } else {
            Err(NotAName(text.to_owned()))
        }
    }
}

impl FromSql for OwnName {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let text = value.as_str()?;
        text.parse()
            .map_err(|error| FromSqlError::Other(Box::new(error)))
    }
}

impl ToSql for OwnName {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.as_str().into())
    }
}

/// A pack or an economy without its files, as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnCard {
    /// What it is.
    pub kind: OwnKind,
    /// Its name, which nothing else of its kind has.
    pub name: OwnName,
    /// What it is called.
    pub title: String,
    /// A digest of its files: the same name may stand for other files later.
    pub digest: String,
    /// When its files were kept.
    pub kept: Timestamp,
    /// The size of its files together.
    pub bytes: u64,
}

/// A pack or an economy to be kept.
#[derive(Debug, Clone, Copy)]
pub struct NewOwn<'f> {
    /// What it is.
    pub kind: OwnKind,
    /// Its name.
    pub name: &'f OwnName,
    /// What it is called.
    pub title: &'f str,
    /// Its files, each under a name of its own.
    pub files: &'f [StoredFile],
}

/// What becomes of one that has the name already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameInUse {
    /// It stays, and the new one is refused.
    Refuse,
    /// The new one takes its place.
    Replace,
}

impl Store {
    /// Keeps a pack or an economy.
    ///
    /// # Errors
    /// [`StoreError::OwnNameTaken`] unless it may take the place of the other;
    /// [`StoreError::TooManyOwn`] and [`StoreError::TooMuchOwn`] at the limits.
    pub fn keep_own(&self, new: NewOwn<'_>, in_use: NameInUse) -> Result<OwnCard, StoreError> {
        let parts = new
            .files
            .iter()
            .map(|file| (file.name.as_str(), &file.bytes[..]));
        let digest = Identity::of(new.name.as_str(), parts).digest;
        let NewOwn { kind, name, .. } = new;
        self.write("keep the files", |database| {
            match (card(database, kind, name)?, in_use) {
                (Some(_), NameInUse::Refuse) => {
                    return Err(StoreError::OwnNameTaken(name.clone()).into());
                }
                (Some(_), NameInUse::Replace) => {
                    remove(database, kind, name)?;
                }
                (None, _) => {}
            }
            there_is_room(database, &new)?;
            let now = Timestamp::now().as_millisecond();
            database.execute(
                "INSERT INTO own (kind, name, title, digest, kept) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![kind, name, new.title, digest, now],
            )?;
            for file in new.files {
                database.execute(
                    "INSERT INTO own_file (kind, name, file, bytes) VALUES (?1, ?2, ?3, ?4)",
                    params![kind, name, file.name, file.bytes],
                )?;
            }
            card(database, kind, name)?.ok_or_else(|| no_own(kind, name).into())
        })
    }

    /// What is kept of a kind, by name.
    ///
    /// # Errors
    /// What the database says.
    pub fn own(&self, kind: OwnKind) -> Result<Vec<OwnCard>, StoreError> {
        self.read("list what is kept", |database| {
            let mut asked =
                database.prepare_cached(&format!("{CARD} WHERE kind = ?1 ORDER BY name"))?;
            let cards = asked.query_map([kind], card_of)?;
            Ok(cards.collect::<Result<_, _>>()?)
        })
    }

    /// What is kept under a name; `None` if nothing is.
    ///
    /// # Errors
    /// What the database says.
    pub fn own_card(&self, kind: OwnKind, name: &OwnName) -> Result<Option<OwnCard>, StoreError> {
        self.read("look for what is kept", |database| {
            card(database, kind, name)
        })
    }

    /// The files of what is kept under a name, by their names, with the card that they belong
    /// to.
    ///
    /// # Errors
    /// [`StoreError::NoOwn`] if nothing is.
    pub fn own_files(
        &self,
        kind: OwnKind,
        name: &OwnName,
    ) -> Result<(OwnCard, Vec<StoredFile>), StoreError> {
        self.read("read what is kept", |database| {
            let card = card(database, kind, name)?.ok_or_else(|| no_own(kind, name))?;
            let mut asked = database.prepare_cached(
                "SELECT file, bytes FROM own_file WHERE kind = ?1 AND name = ?2 ORDER BY file",
            )?;
            let files = asked.query_map(params![kind, name], |row| {
                Ok(StoredFile {
                    name: row.get(0)?,
                    bytes: row.get(1)?,
                })
            })?;
            Ok((card, files.collect::<Result<_, _>>()?))
        })
    }

    /// Forgets what is kept under a name. Scenarios that name it stay, and say that it is
    /// missing; runs keep their results.
    ///
    /// # Errors
    /// [`StoreError::NoOwn`] if nothing is.
    pub fn forget_own(&self, kind: OwnKind, name: &OwnName) -> Result<(), StoreError> {
        self.write("delete what is kept", |database| {
            match remove(database, kind, name)? {
                0 => Err(no_own(kind, name).into()),
                _ => Ok(()),
            }
        })
    }
}

fn no_own(kind: OwnKind, name: &OwnName) -> StoreError {
    StoreError::NoOwn {
        kind,
        name: name.clone(),
    }
}

const CARD: &str = "SELECT kind, name, title, digest, kept,
       (SELECT coalesce(sum(length(bytes)), 0) FROM own_file
        WHERE own_file.kind = own.kind AND own_file.name = own.name)
  FROM own";

fn card_of(row: &Row<'_>) -> rusqlite::Result<OwnCard> {
    let bytes: i64 = row.get(5)?;
    Ok(OwnCard {
        kind: row.get(0)?,
        name: row.get(1)?,
        title: row.get(2)?,
        digest: row.get(3)?,
        kept: moment(row, 4)?,
        bytes: bytes.unsigned_abs(),
    })
}

fn card(
    database: &Transaction<'_>,
    kind: OwnKind,
    name: &OwnName,
) -> Result<Option<OwnCard>, Refusal> {
    let mut asked = database.prepare_cached(&format!("{CARD} WHERE kind = ?1 AND name = ?2"))?;
    Ok(asked.query_row(params![kind, name], card_of).optional()?)
}

/// How many were removed: one or none. Their files go with them.
fn remove(database: &Transaction<'_>, kind: OwnKind, name: &OwnName) -> Result<usize, Refusal> {
    let removed = database.execute(
        "DELETE FROM own WHERE kind = ?1 AND name = ?2",
        params![kind, name],
    )?;
    Ok(removed)
}

fn there_is_room(database: &Transaction<'_>, new: &NewOwn<'_>) -> Result<(), Refusal> {
    let of_kind: i64 = database.query_row(
        "SELECT count(*) FROM own WHERE kind = ?1",
        [new.kind],
        |row| row.get(0),
    )?;
    if of_kind.unsigned_abs() >= MOST_OF_A_KIND as u64 {
        let most = MOST_OF_A_KIND;
        return Err(StoreError::TooManyOwn { most }.into());
    }
    let kept: i64 = database.query_row(
        "SELECT coalesce(sum(length(bytes)), 0) FROM own_file",
        [],
        |row| row.get(0),
    )?;
    let added: u64 = new.files.iter().map(|file| file.bytes.len() as u64).sum();
    let bytes = kept.unsigned_abs().saturating_add(added);
    if bytes > MOST_OWN_BYTES {
        let most = MOST_OWN_BYTES;
        return Err(StoreError::TooMuchOwn { bytes, most }.into());
    }
    Ok(())
}
