//! Evaluations kept in a file, so that an interrupted run goes on where it was.
//!
//! The file only grows. A header says what is in it; then rows of equal length, little-endian:
//!
//! ```text
//! index u64 | payoff f64 per player | checksum u64 of the bytes before (FNV-1a)
//! ```
//!
//! A run that is cut off may leave part of a row at the end: it is dropped on opening. Any
//! other row whose checksum is wrong is an error.

use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::memberships::Memberships;

/// An append-only file of evaluations.
#[derive(Debug)]
pub struct Store {
    path: PathBuf,
    file: File,
    key: String,
}

/// Why a store can't be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// It can't be read or written.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: io::Error,
    },
    /// It holds another game.
    #[error("{}: holds evaluations of \"{found}\", not of \"{expected}\"", path.display())]
    OtherGame {
        /// The file.
        path: PathBuf,
        /// What its header says.
        found: String,
        /// What it should say.
        expected: String,
    },
    /// It has no header of a store.
    #[error("{}: is not a store of evaluations", path.display())]
    NotAStore {
        /// The file.
        path: PathBuf,
    },
    /// A row that wasn't written so.
    #[error("{}: row {row} is damaged: {what}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The row, from 0.
        row: usize,
        /// What is wrong with it.
        what: &'static str,
    },
}

const MAGIC: &[u8] = b"acquis-blocs evaluations 1\n";

impl Store {
    /// Opens the file or creates it. The key says what the payoffs depend on (the baseline, the
    /// elasticity, the reform), say a hash of it, so that no store is read by another game.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn open(path: &Path, key: &str) -> Result<Self, StoreError> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        let file = options.open(path).map_err(|source| StoreError::Io {
            path: path.into(),
            source,
        })?;
        Ok(Self {
            path: path.into(),
            file,
            key: key.into(),
        })
    }

    /// Checks the file and takes its rows in; how many states it knew. Leaves it ready to grow.
    pub(crate) fn read_into<M: Memberships>(
        &mut self,
        memberships: &M,
        payoffs: &mut [f64],
    ) -> Result<usize, StoreError> {
        let what = format!(
            "{}, {} players, {}",
            memberships.kind(),
            memberships.players(),
            self.key.escape_default()
        );
        let start = self.check_header(&what)?;
        let players = memberships.players();
        let length = row_length(players);
        let mut reader = BufReader::with_capacity(1 << 16, &self.file);
        let mut row = vec![0; length];
        let (mut rows, mut known) = (0, 0);
        while read_whole(&mut reader, &mut row).map_err(|source| self.io(source))? {
            let (index, values) = parse(&row).ok_or_else(|| self.damaged(rows, "checksum"))?;
            let index = usize::try_from(index).ok().filter(|&index| {
                index < memberships.count() && memberships.canonical(index) == index
            });
            let index = index.ok_or_else(|| self.damaged(rows, "no such state"))?;
            let own = &mut payoffs[index * players..(index + 1) * players];
            known += usize::from(own[0].is_nan());
            for (own, value) in own.iter_mut().zip(values) {
                if !value.is_finite() {
                    return Err(self.damaged(rows, "a payoff is not a number"));
                }
                *own = value;
            }
            rows += 1;
        }
        let end = start + (rows * length) as u64;
        self.cut_at(end).map_err(|source| self.io(source))?;
        Ok(known)
    }

    /// The place of the first row.
    fn check_header(&mut self, what: &str) -> Result<u64, StoreError> {
        let expected = [MAGIC, what.as_bytes(), b"\n"].concat();
        let mut found = Vec::new();
        let beginning = self.file.seek(SeekFrom::Start(0)).and_then(|_| {
            let longest = expected.len().max(4096) as u64;
            (&self.file).take(longest).read_to_end(&mut found)
        });
        beginning.map_err(|source| self.io(source))?;
        let start = expected.len() as u64;
        if found.len() < expected.len() && expected.starts_with(&found) {
            // New, or cut off within its header.
            let written = self.cut_at(0).and_then(|()| self.file.write_all(&expected));
            written.map_err(|source| self.io(source))?;
        } else if !found.starts_with(&expected) {
            let Some(rest) = found.strip_prefix(MAGIC) else {
                return Err(StoreError::NotAStore {
                    path: self.path.clone(),
                });
            };
            let line = rest.split(|&byte| byte == b'\n').next().unwrap_or(rest);
            return Err(StoreError::OtherGame {
                path: self.path.clone(),
                found: String::from_utf8_lossy(line).into_owned(),
                expected: what.into(),
            });
        }
        let sought = self.file.seek(SeekFrom::Start(start));
        sought.map_err(|source| self.io(source))
    }

    /// Adds rows `[state][player]` in one write.
    pub(crate) fn append(&mut self, indices: &[usize], rows: &[f64]) -> Result<(), StoreError> {
        let Some(players) = rows.len().checked_div(indices.len()) else {
            return Ok(());
        };
        let mut bytes = Vec::with_capacity(indices.len() * row_length(players));
        for (&index, row) in indices.iter().zip(rows.chunks_exact(players)) {
            let start = bytes.len();
            bytes.extend((index as u64).to_le_bytes());
            bytes.extend(row.iter().flat_map(|value| value.to_le_bytes()));
            bytes.extend(checksum(&bytes[start..]).to_le_bytes());
        }
        let written = self.file.write_all(&bytes);
        written
            .and_then(|()| self.file.flush())
            .map_err(|source| self.io(source))
    }

    fn cut_at(&self, end: u64) -> io::Result<()> {
        self.file.set_len(end)?;
        (&self.file).seek(SeekFrom::Start(end)).map(|_| ())
    }

    fn io(&self, source: io::Error) -> StoreError {
        StoreError::Io {
            path: self.path.clone(),
            source,
        }
    }

    fn damaged(&self, row: usize, what: &'static str) -> StoreError {
        StoreError::Damaged {
            path: self.path.clone(),
            row,
            what,
        }
    }
}

fn row_length(players: usize) -> usize {
    8 * (players + 2)
}

/// Whether a whole row was left.
fn read_whole(reader: &mut impl Read, row: &mut [u8]) -> io::Result<bool> {
    match reader.read_exact(row) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}

/// Index and payoffs; `None` if the checksum is wrong.
fn parse(row: &[u8]) -> Option<(u64, impl Iterator<Item = f64>)> {
    let (body, check) = row.split_last_chunk::<8>()?;
    let (index, values) = body.split_first_chunk::<8>()?;
    if checksum(body) != u64::from_le_bytes(*check) {
        return None;
    }
    let (values, _) = values.as_chunks::<8>();
    let values = values.iter().map(|value| f64::from_le_bytes(*value));
    Some((u64::from_le_bytes(*index), values))
}

/// Fowler, Noll and Vo's 1a.
fn checksum(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
