//! Killed in the middle: a child process saves or runs until it is killed with SIGKILL. What
//! it had said to be saved must be there, and whole.

#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failure here is a failed test"
)]

use std::io::{BufRead as _, BufReader, Write as _};
use std::num::NonZeroUsize;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use acquis_store::{
    Identity, Keeping, Limits, NewRun, Reporter, Run, RunId, RunState, Runner, Store, StoredFile,
    Unfinished, Work,
};

/// How many children are killed for each test.
const KILLED: u64 = 12;
const FOLDER: &str = "ACQUIS_STORE_CRASH_FOLDER";

/// Starts this test program again as a child that does one thing only.
fn child(doing: &str, folder: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            doing,
            "--ignored",
            "--nocapture",
            "--test-threads=1",
        ])
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

fn say(what: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "said {what}").unwrap();
    out.flush().unwrap();
}

/// What a child said until it was killed, a while after its first word. A line that was cut
/// off doesn't count.
fn said_until_killed(doing: &str, folder: &Path, after: Duration) -> Vec<String> {
    let mut child = child(doing, folder);
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut said = Vec::new();
    let mut line = String::new();
    let mut keep = |line: &mut String| {
        if let Some(what) = line
            .strip_suffix('\n')
            .and_then(|line| line.strip_prefix("said "))
        {
            said.push(what.to_owned());
        }
        line.clear();
    };
    while !line.starts_with("said ") {
        line.clear();
        assert_ne!(
            out.read_line(&mut line).unwrap(),
            0,
            "the child ended by itself"
        );
    }
    keep(&mut line);
    std::thread::sleep(after);
    child.kill().unwrap();
    child.wait().unwrap();
    while out.read_line(&mut line).unwrap() > 0 {
        keep(&mut line);
    }
    said
}

/// Moments of killing that differ from child to child.
fn moments() -> impl Iterator<Item = Duration> {
    (0..KILLED).map(|number| Duration::from_micros(700 + number * number * 1300))
}

/// A text that a half-written one can't pass for.
fn text_of(number: u32) -> String {
    let body = format!("{number} ").repeat(3000);
    format!("begin {number}\n{body}\nend {number}")
}

#[test]
fn killed_while_saving() {
    let folder = tempfile::tempdir().unwrap();
    let mut saves = 0;
    for after in moments() {
        let said = said_until_killed("the_child_that_saves", folder.path(), after);
        let store = Store::open(folder.path()).unwrap();
        let card = &store.scenarios(Keeping::Kept).unwrap()[0];
        let last: u32 = said.last().unwrap().parse().unwrap();
        assert!(
            card.revision == last || card.revision == last + 1,
            "{last} {}",
            card.revision
        );
        // Old revisions are dropped; those that are kept are whole.
        let kept = store.revisions(card.id).unwrap();
        assert_eq!(kept[0].number, card.revision);
        for revision in &kept {
            let text = store.revision(card.id, revision.number).unwrap();
            assert_eq!(text, text_of(revision.number));
        }
        saves = card.revision;
    }
    assert!(
        saves > u32::try_from(KILLED).unwrap(),
        "the children hardly saved anything"
    );
}

#[test]
#[ignore = "the child of killed_while_saving"]
fn the_child_that_saves() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return;
    };
    let store = Store::open(Path::new(&folder)).unwrap();
    let saved = store.scenarios(Keeping::Kept).unwrap();
    let (id, mut revision) = if let Some(card) = saved.first() {
        (card.id, card.revision)
    } else {
        let saved = store.create("Four", Keeping::Kept, &text_of(1)).unwrap();
        (saved.id, 1)
    };
    loop {
        say(&revision.to_string());
        revision = store
            .save(id, revision, &text_of(revision + 1))
            .unwrap()
            .revision;
    }
}

/// Files that belong together: each tells how many there are and which it is.
struct Bulky;

impl Bulky {
    fn files(text: &str) -> Vec<StoredFile> {
        (0..6)
            .map(|number| StoredFile {
                name: format!("{number}.csv"),
                bytes: format!("{text} {number} ").repeat(20_000).into_bytes(),
            })
            .collect()
    }
}

impl Work for Bulky {
    fn carry_out(&self, run: &Run, _: &Reporter) -> Result<Vec<StoredFile>, Unfinished> {
        Ok(Self::files(&run.text))
    }
}

fn start(folder: &Path) -> (Arc<Store>, Runner) {
    let store = Arc::new(Store::open(folder).unwrap());
    let limits = Limits {
        at_once: NonZeroUsize::new(2).unwrap(),
        waiting: 100,
        kept: u64::MAX,
    };
    let runner = Runner::start(Arc::clone(&store), Bulky, limits).unwrap();
    (store, runner)
}

fn asked(text: &str) -> NewRun {
    NewRun {
        scenario: None,
        name: "four".to_owned(),
        title: "Four".to_owned(),
        text: text.to_owned(),
        pack: Identity::of::<str>("pack", []),
        economy: Identity::of::<str>("economy", []),
        program: "test".to_owned(),
    }
}

#[test]
fn killed_while_running() {
    let folder = tempfile::tempdir().unwrap();
    let mut killed = 0;
    for after in moments() {
        let said = said_until_killed("the_child_that_runs", folder.path(), after);
        let (store, runner) = start(folder.path());
        for card in store.runs().unwrap() {
            // What waited is carried out by this server now.
            let run = runner.wait(card.id, Duration::from_secs(20)).unwrap();
            let results = store.results(card.id).unwrap();
            match run.card.state {
                RunState::Done { .. } => assert_whole(&store, &run),
                RunState::Killed { .. } => {
                    killed += 1;
                    assert!(results.is_empty(), "results of a run that was killed");
                }
                other => panic!("run {}: {other:?}", card.id),
            }
        }
        for done in said.iter().filter_map(|what| what.strip_prefix("done ")) {
            let id: RunId = done.parse().unwrap();
            let run = store.run(id).unwrap();
            assert!(
                matches!(run.card.state, RunState::Done { .. }),
                "it was said to be done"
            );
        }
    }
    assert!(killed > 0, "no run was killed on its way");
}

fn assert_whole(store: &Store, run: &Run) {
    let expected = Bulky::files(&run.text);
    let names: Vec<String> = store
        .results(run.card.id)
        .unwrap()
        .into_iter()
        .map(|card| card.name)
        .collect();
    assert_eq!(
        names,
        expected
            .iter()
            .map(|file| file.name.clone())
            .collect::<Vec<_>>()
    );
    for file in expected {
        assert!(store.result(run.card.id, &file.name).unwrap().unwrap() == file.bytes);
    }
}

#[test]
#[ignore = "the child of killed_while_running"]
fn the_child_that_runs() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return;
    };
    let (store, runner) = start(Path::new(&folder));
    say("started");
    loop {
        let ids: Vec<RunId> = (0..3)
            .map(|number| runner.submit(&asked(&format!("run {number}"))).unwrap())
            .collect();
        for id in ids {
            runner.wait(id, Duration::from_secs(20)).unwrap();
            assert_whole(&store, &store.run(id).unwrap());
            say(&format!("done {id}"));
        }
    }
}
