//! Which server a run belongs to, and whether that server is still there.
//!
//! Each server makes a file of its own and locks it for as long as it lives. However it
//! ends, the operating system lets the lock go; a number of a process would come back one
//! day for another program, a lock does not.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;

const FOLDER: &str = "servers";

/// The mark of a server that is alive as long as this value is.
#[derive(Debug)]
pub(crate) struct Owner {
    token: String,
    path: PathBuf,
    _locked: File,
}

impl Owner {
    /// Marks this server as alive in the store's folder.
    pub(crate) fn register(store: &Path) -> io::Result<Self> {
        static COUNT: AtomicU64 = AtomicU64::new(0);

        let folder = store.join(FOLDER);
        fs::create_dir_all(&folder)?;
        loop {
            let token = format!(
                "{}-{}-{}",
                Timestamp::now().as_nanosecond(),
                std::process::id(),
                COUNT.fetch_add(1, Ordering::Relaxed),
            );
            let path = folder.join(&token);
            match File::create_new(&path) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
                Ok(file) => {
                    file.lock()?;
                    return Ok(Self {
                        token,
                        path,
                        _locked: file,
                    });
                }
            }
        }
    }

    /// The name under which this server's runs are kept.
    pub(crate) fn token(&self) -> &str {
        &self.token
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        // A file that stays behind is not locked any more, and so counts as nobody's.
        let _ = fs::remove_file(&self.path);
    }
}

/// Whether the server with this token still lives.
pub(crate) fn is_alive(store: &Path, token: &str) -> io::Result<bool> {
    match File::open(store.join(FOLDER).join(token)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
        Ok(file) => match file.try_lock_shared() {
            Ok(()) => Ok(false),
            Err(TryLockError::WouldBlock) => Ok(true),
            Err(TryLockError::Error(error)) => Err(error),
        },
    }
}

/// Removes the marks of servers that are gone.
pub(crate) fn sweep(store: &Path) -> io::Result<()> {
    for entry in fs::read_dir(store.join(FOLDER))? {
        let name = entry?.file_name();
        let Some(token) = name.to_str() else { continue };
        if !is_alive(store, token)? && older_than_a_minute(token) {
            let _ = fs::remove_file(store.join(FOLDER).join(token));
        }
    }
    Ok(())
}

/// A mark that was made just now may not be locked yet.
fn older_than_a_minute(token: &str) -> bool {
    const MINUTE: i128 = 60_000_000_000;

    let made = token.split('-').next().and_then(|made| made.parse().ok());
    made.is_none_or(|made: i128| Timestamp::now().as_nanosecond() - made > MINUTE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_lives_until_its_mark_is_dropped() {
        let folder = tempfile::tempdir().unwrap();
        let first = Owner::register(folder.path()).unwrap();
        let second = Owner::register(folder.path()).unwrap();
        assert_ne!(first.token(), second.token());
        let gone = first.token().to_owned();
        assert!(is_alive(folder.path(), &gone).unwrap());
        drop(first);
        assert!(!is_alive(folder.path(), &gone).unwrap());
        sweep(folder.path()).unwrap();
        assert!(is_alive(folder.path(), second.token()).unwrap());
        assert!(!is_alive(folder.path(), "nobody").unwrap());
    }

    #[test]
    fn an_old_mark_that_nobody_holds_is_swept_away() {
        let folder = tempfile::tempdir().unwrap();
        let _alive = Owner::register(folder.path()).unwrap();
        let left = folder.path().join(FOLDER).join("1-2-3");
        fs::write(&left, "").unwrap();
        sweep(folder.path()).unwrap();
        assert!(!left.exists());
        assert_eq!(fs::read_dir(folder.path().join(FOLDER)).unwrap().count(), 1);
    }
}
