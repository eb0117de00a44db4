//! What a form sends: fields and files, bounded, with names that are safe to show and to write.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::Multipart;
use axum::extract::multipart::MultipartError;
use tempfile::TempDir;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::problem::Problem;

/// No more files are taken at once.
const MOST_FILES: usize = 200;

/// A file that was sent.
pub(super) struct SentFile {
    /// The last part of the name that it was sent under.
    pub(super) name: String,
    /// What is in it.
    pub(super) bytes: Bytes,
}

/// What is sent is held in memory, so that only so many forms are read and looked at at once.
static TURNS: Semaphore = Semaphore::const_new(2);
/// Whoever has to wait longer for a turn is told to come back.
const LONGEST_WAIT: Duration = Duration::from_secs(15);

/// A turn at reading a form and looking at it.
pub(super) type Turn = SemaphorePermit<'static>;

/// Everything that was sent.
pub(super) struct Sent {
    /// The files, in the order of the form.
    pub(super) files: Vec<SentFile>,
    fields: BTreeMap<String, String>,
    /// Whoever holds what was sent, or what was made of it, holds this.
    pub(super) turn: Turn,
}

impl Sent {
    /// Reads a form when its turn has come.
    ///
    /// # Errors
    /// A form that is cut short or too large, too many files, two files of one name, and a
    /// turn that does not come.
    pub(super) async fn read(mut form: Multipart) -> Result<Self, Problem> {
        let mut sent = Self {
            files: Vec::new(),
            fields: BTreeMap::new(),
            turn: turn(LONGEST_WAIT).await?,
        };
        while let Some(field) = form.next_field().await.map_err(|error| broken(&error))? {
            let name = field.name().unwrap_or_default().to_owned();
            let file = field.file_name().map(last_part);
            match file {
                // A field for files in which none was chosen.
                Some(file) if file.is_empty() => {}
                Some(file) => {
                    let bytes = field.bytes().await.map_err(|error| broken(&error))?;
                    sent.add(SentFile { name: file, bytes })?;
                }
                None => {
                    let text = field.text().await.map_err(|error| broken(&error))?;
                    sent.fields.insert(name, text.trim().to_owned());
                }
            }
        }
        if sent.files.is_empty() {
            let problem = Problem::unreadable("No file was sent.");
            return Err(problem.advise("Choose one or more files and send them again."));
        }
        Ok(sent)
    }

    fn add(&mut self, file: SentFile) -> Result<(), Problem> {
        if self.files.len() == MOST_FILES {
            let what = format!("More than {MOST_FILES} files were sent.");
            return Err(Problem::senseless(what).advise("Send fewer at once."));
        }
        if self.files.iter().any(|known| known.name == file.name) {
            let what = format!("Two files are called {:?}.", file.name);
            return Err(Problem::senseless(what).advise("Give each a name of its own."));
        }
        self.files.push(file);
        Ok(())
    }

    /// What was written in a field; none for nothing.
    pub(super) fn field(&self, name: &str) -> Option<&str> {
        let written = self.fields.get(name).map(String::as_str);
        written.filter(|text| !text.is_empty())
    }

    /// The files in a folder of their own, which goes when its owner does.
    ///
    /// # Errors
    /// A folder that can't be written to.
    pub(super) fn written(&self) -> Result<(TempDir, Vec<PathBuf>), Problem> {
        let written = || -> std::io::Result<_> {
            let folder = tempfile::tempdir()?;
            let mut paths = Vec::with_capacity(self.files.len());
            for file in &self.files {
                let path = folder.path().join(&file.name);
                std::fs::write(&path, &file.bytes)?;
                paths.push(path);
            }
            Ok((folder, paths))
        };
        written().map_err(|error| {
            let status = axum::http::StatusCode::INTERNAL_SERVER_ERROR;
            Problem::new(
                status,
                format!("The files can't be kept for a moment: {error}."),
            )
        })
    }
}

/// A turn, waited for.
async fn turn(longest: Duration) -> Result<Turn, Problem> {
    let turn = tokio::time::timeout(longest, TURNS.acquire()).await;
    turn.ok().and_then(Result::ok).ok_or_else(|| {
        let status = axum::http::StatusCode::TOO_MANY_REQUESTS;
        let what = "The files of others are being looked at, and yours have to wait.";
        Problem::new(status, what).advise("Send them again in a minute.")
    })
}

fn broken(error: &MultipartError) -> Problem {
    let problem = Problem::new(error.status(), "What was sent can't be read.");
    if error.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
        return problem.advise("It is too large to be sent here; use the command line for it.");
    }
    problem.advise("Send the form again.")
}

/// The last part of a path of any system, without what could steer a file system.
fn last_part(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = last
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | ' '))
        .take(120)
        .collect();
    let kept = kept.trim_matches(['.', ' ']);
    let is_name = Path::new(kept).file_name().is_some();
    if is_name {
        kept.to_owned()
    } else {
        String::new()
    }
}

#[cfg(test)]
mod tests {
    use super::{last_part, turn};
    use std::time::Duration;

    #[tokio::test]
    async fn whoever_finds_no_turn_is_told_to_come_back() {
        let soon = Duration::from_millis(20);
        let first = turn(soon).await.unwrap();
        let second = turn(soon).await.unwrap();
        let problem = turn(soon).await.unwrap_err();
        assert_eq!(problem.status(), 429);
        assert!(!problem.advice().is_empty());
        drop(first);
        assert!(turn(soon).await.is_ok());
        drop(second);
    }

    #[test]
    fn a_name_that_was_sent_can_t_lead_out_of_its_folder() {
        assert_eq!(last_part("../../etc/passwd"), "passwd");
        assert_eq!(last_part("C:\\data\\trade 2019.csv"), "trade 2019.csv");
        assert_eq!(last_part(".."), "");
        assert_eq!(last_part("a\u{0}b\n.toml"), "ab.toml");
        assert_eq!(last_part(".hidden.toml"), "hidden.toml");
    }
}
