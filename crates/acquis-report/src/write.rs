//! Writing a report's files so that an interruption leaves whole files or none.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Component, Path, PathBuf};

use tempfile::TempDir;

use crate::error::ReportError;

/// Writes all the files into the folder, or none of them.
///
/// Names may hold folders (`charts/gains.svg`). The files are first written whole into a hidden
/// temporary folder inside `dir`, where moving them is one step on every file system, and
/// only then moved into place. If a move fails, those made before it are undone: what stood there
/// is put back. Files that are not in the list are never touched. A process killed in the
/// middle leaves some files old and some new, each of them whole.
///
/// # Errors
/// [`ReportError::FileName`] for a name that leaves the folder or is given twice,
/// [`ReportError::Io`] with the path if the operating system refuses.
pub fn write_files(dir: &Path, files: &[(String, Vec<u8>)]) -> Result<(), ReportError> {
    let names = checked_names(files)?;
    fs::create_dir_all(dir).map_err(io_error("create the folder", dir))?;
    let staging = tempfile::Builder::new()
        .prefix(".acquis-")
        .tempdir_in(dir)
        .map_err(io_error("write into the folder", dir))?;
    let mut moves = Vec::with_capacity(files.len());
    for (at, (name, (_, bytes))) in names.iter().zip(files).enumerate() {
        let target = dir.join(name);
        let staged = staging.path().join(format!("new-{at}"));
        if target.is_dir() {
            let source = io::Error::from(io::ErrorKind::IsADirectory);
            return Err(ReportError::Io {
                action: "write",
                path: target,
                source,
            });
        }
        write_whole(&staged, bytes).map_err(io_error("write", &target))?;
        moves.push(Move {
            staged,
            backup: staging.path().join(format!("old-{at}")),
            target,
        });
    }
    let outcome = place(&moves);
    drop_staging(staging, outcome)
}

struct Move {
    staged: PathBuf,
    backup: PathBuf,
    target: PathBuf,
}

fn place(moves: &[Move]) -> Result<(), ReportError> {
    let mut folders = Vec::new();
    for (done, each) in moves.iter().enumerate() {
        let placed = create_parents(&each.target, &mut folders).and_then(|()| place_one(each));
        if let Err(source) = placed {
            undo(&moves[..done], &folders);
            return Err(ReportError::Io {
                action: "write",
                path: each.target.clone(),
                source,
            });
        }
    }
    Ok(())
}

fn place_one(each: &Move) -> io::Result<()> {
    match fs::hard_link(&each.target, &each.backup) {
        // A file system without links: copy. A file that is not there needs no backup.
        Err(_) if each.target.exists() => {
            fs::copy(&each.target, &each.backup)?;
        }
        _ => {}
    }
    fs::rename(&each.staged, &each.target)
}

/// Takes moves back, last first. What cannot be put back is left as it is: every file is whole.
fn undo(done: &[Move], folders: &[PathBuf]) {
    for each in done.iter().rev() {
        let _ = if each.backup.exists() {
            fs::rename(&each.backup, &each.target)
        } else {
            fs::remove_file(&each.target)
        };
    }
    for folder in folders.iter().rev() {
        let _ = fs::remove_dir(folder);
    }
}

/// Creates the folders above a target and remembers those that were not there.
fn create_parents(target: &Path, created: &mut Vec<PathBuf>) -> io::Result<()> {
    let missing: Vec<&Path> = target
        .ancestors()
        .skip(1)
        .take_while(|folder| !folder.exists())
        .collect();
    for folder in missing
        .into_iter()
        .rev()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        fs::create_dir(folder)?;
        created.push(folder.to_owned());
    }
    Ok(())
}

fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn drop_staging(staging: TempDir, outcome: Result<(), ReportError>) -> Result<(), ReportError> {
    let path = staging.path().to_owned();
    let closed = staging
        .close()
        .map_err(io_error("remove the temporary folder", &path));
    outcome.and(closed)
}

fn checked_names(files: &[(String, Vec<u8>)]) -> Result<Vec<PathBuf>, ReportError> {
    let mut taken = BTreeSet::new();
    files
        .iter()
        .map(|(name, _)| {
            let refuse = |reason| ReportError::FileName {
                name: name.clone(),
                reason,
            };
            let path = PathBuf::from(name);
            let stays_inside = path
                .components()
                .all(|part| matches!(part, Component::Normal(_)));
            if path.file_name().is_none() || name.ends_with('/') {
                Err(refuse("it names no file"))
            } else if !stays_inside {
                Err(refuse("it leads out of the folder"))
            } else if !taken.insert(path.clone()) {
                Err(refuse("it is given twice"))
            } else {
                Ok(path)
            }
        })
        .collect()
}

fn io_error(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> ReportError {
    let path = path.to_owned();
    move |source| ReportError::Io {
        action,
        path,
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(names: &[&str]) -> Vec<(String, Vec<u8>)> {
        names
            .iter()
            .map(|name| ((*name).to_owned(), name.as_bytes().to_vec()))
            .collect()
    }

    fn listing(dir: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(dir)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn files_and_folders_are_written_and_foreign_files_stay() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("mine.txt"), "mine").unwrap();
        fs::write(dir.path().join("a.csv"), "old").unwrap();
        write_files(dir.path(), &files(&["a.csv", "charts/b.svg"])).unwrap();
        assert_eq!(listing(dir.path()), ["a.csv", "charts", "mine.txt"]);
        assert_eq!(fs::read(dir.path().join("a.csv")).unwrap(), b"a.csv");
        assert_eq!(
            fs::read(dir.path().join("charts/b.svg")).unwrap(),
            b"charts/b.svg"
        );
    }

    #[test]
    fn a_folder_in_the_way_leaves_everything_as_it_was() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("a.csv"), "old").unwrap();
        fs::create_dir(dir.path().join("z.csv")).unwrap();
        let error = write_files(dir.path(), &files(&["a.csv", "b.csv", "z.csv"])).unwrap_err();
        assert!(error.to_string().contains("z.csv"), "{error}");
        assert_eq!(listing(dir.path()), ["a.csv", "z.csv"]);
        assert_eq!(fs::read(dir.path().join("a.csv")).unwrap(), b"old");
    }

    #[test]
    fn a_failed_move_is_undone() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("a.csv"), "old").unwrap();
        fs::write(dir.path().join("folder"), "a file where a folder is needed").unwrap();
        let wanted = files(&["a.csv", "new/b.csv", "folder/c.csv"]);
        let error = write_files(dir.path(), &wanted).unwrap_err();
        assert!(error.to_string().contains("c.csv"), "{error}");
        assert_eq!(listing(dir.path()), ["a.csv", "folder"]);
        assert_eq!(fs::read(dir.path().join("a.csv")).unwrap(), b"old");
    }

    #[test]
    fn names_cannot_leave_the_folder() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["../up.csv", "/root.csv", "", "a/../../b", "a/"] {
            let error = write_files(dir.path(), &files(&[name])).unwrap_err();
            assert!(
                matches!(error, ReportError::FileName { .. }),
                "{name}: {error}"
            );
        }
        let twice = write_files(dir.path(), &files(&["a", "a"])).unwrap_err();
        assert!(twice.to_string().contains("twice"));
        assert!(listing(dir.path()).is_empty());
    }
}
