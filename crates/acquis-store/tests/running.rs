//! The runner: turns, bounds, cancelling, and what becomes of the runs of another server.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failure here is a failed test"
)]

use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use acquis_store::{
    Identity, Limits, NewRun, Reporter, Run, RunId, RunState, Runner, Store, StoreError,
    StoredFile, SubmitError, Unfinished, Work,
};

const PATIENCE: Duration = Duration::from_secs(20);

/// Work that does what the text of the run says.
struct Scripted {
    /// Told of each run that begins.
    begun: Sender<RunId>,
    at_once: Arc<AtomicUsize>,
    most_at_once: Arc<AtomicUsize>,
    /// Each message lets one run of the text "wait" go on.
    gate: Mutex<Receiver<()>>,
}

impl Work for Scripted {
    fn carry_out(&self, run: &Run, reporter: &Reporter) -> Result<Vec<StoredFile>, Unfinished> {
        let now = self.at_once.fetch_add(1, Ordering::SeqCst) + 1;
        self.most_at_once.fetch_max(now, Ordering::SeqCst);
        self.begun.send(run.card.id).unwrap();
        let files = self.perform(&run.text, reporter);
        self.at_once.fetch_sub(1, Ordering::SeqCst);
        files
    }
}

impl Scripted {
    fn perform(&self, text: &str, reporter: &Reporter) -> Result<Vec<StoredFile>, Unfinished> {
        match text {
            "fail" => return Err(Unfinished::Failed("no equilibrium".to_owned())),
            "panic" => panic!("a mistake on purpose"),
            "wait" => self.gate.lock().unwrap().recv().unwrap(),
            "endless" => {
                reporter.expect(1_000_000);
                while !reporter.is_cancelled() {
                    reporter.advance();
                    std::thread::sleep(Duration::from_millis(1));
                }
                return Err(Unfinished::Cancelled);
            }
            _ => {}
        }
        Ok(vec![StoredFile {
            name: "results.csv".to_owned(),
            bytes: text.as_bytes().to_vec(),
        }])
    }
}

/// A runner with the levers of its work.
struct Shop {
    store: Arc<Store>,
    runner: Runner,
    begun: Receiver<RunId>,
    gate: Sender<()>,
    most_at_once: Arc<AtomicUsize>,
}

impl Shop {
    fn open(folder: &Path, at_once: usize, waiting: usize) -> Self {
        Self::open_for(folder, at_once, waiting, u64::MAX)
    }

    fn open_for(folder: &Path, at_once: usize, waiting: usize, kept: u64) -> Self {
        let store = Arc::new(Store::open(folder).unwrap());
        let (begun_sender, begun) = channel();
        let (gate, gate_receiver) = channel();
        let most_at_once = Arc::new(AtomicUsize::new(0));
        let work = Scripted {
            begun: begun_sender,
            at_once: Arc::default(),
            most_at_once: Arc::clone(&most_at_once),
            gate: Mutex::new(gate_receiver),
        };
        let limits = Limits {
            at_once: NonZeroUsize::new(at_once).unwrap(),
            waiting,
            kept,
        };
        let runner = Runner::start(Arc::clone(&store), work, limits).unwrap();
        Self {
            store,
            runner,
            begun,
            gate,
            most_at_once,
        }
    }

    fn submit(&self, text: &str) -> RunId {
        self.runner.submit(&asked(text)).unwrap()
    }

    fn begins(&self) -> RunId {
        self.begun.recv_timeout(PATIENCE).unwrap()
    }

    fn end_of(&self, id: RunId) -> RunState {
        let run = self.runner.wait(id, PATIENCE).unwrap();
        assert!(run.card.state.is_over(), "{:?}", run.card.state);
        run.card.state
    }
}

fn asked(text: &str) -> NewRun {
    NewRun {
        scenario: None,
        name: "four".to_owned(),
        title: "Four".to_owned(),
        text: text.to_owned(),
        pack: Identity::of("pack", [("a", "b")]),
        economy: Identity::of("economy", [("c", "d")]),
        program: "acquis 0.1.0".to_owned(),
    }
}

#[test]
fn a_run_keeps_what_it_was_asked_and_what_came_out() {
    let folder = tempfile::tempdir().unwrap();
    let shop = Shop::open(folder.path(), 1, 4);
    let id = shop.submit("title = \"x\"");
    assert!(matches!(shop.end_of(id), RunState::Done { started, ended } if started <= ended));
    drop(shop);
    let store = Store::open(folder.path()).unwrap();
    let run = store.run(id).unwrap();
    let new = asked("title = \"x\"");
    assert_eq!(
        (run.text, run.card.pack, run.card.economy),
        (new.text, new.pack, new.economy)
    );
    let names: Vec<_> = store.results(id).unwrap();
    assert_eq!(
        (names[0].name.as_str(), names[0].bytes),
        ("results.csv", 11)
    );
    assert_eq!(
        store.result(id, "results.csv").unwrap().unwrap(),
        b"title = \"x\""
    );
    assert_eq!(store.result(id, "other.csv").unwrap(), None);
    store.delete_run(id).unwrap();
    assert!(matches!(store.run(id), Err(StoreError::NoRun(gone)) if gone == id));
    assert!(store.results(id).unwrap().is_empty());
}

#[test]
fn runs_take_turns_in_the_order_they_were_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let shop = Shop::open(folder.path(), 1, 4);
    let ids: Vec<RunId> = (0..4).map(|_| shop.submit("wait")).collect();
    for id in &ids {
        assert_eq!(shop.begins(), *id);
        shop.gate.send(()).unwrap();
    }
    for id in &ids {
        assert!(matches!(shop.end_of(*id), RunState::Done { .. }));
    }
    assert_eq!(shop.most_at_once.load(Ordering::SeqCst), 1);
}

#[test]
fn no_more_run_at_once_or_wait_than_may() {
    let folder = tempfile::tempdir().unwrap();
    let shop = Shop::open(folder.path(), 2, 1);
    let mut ids = vec![shop.submit("wait"), shop.submit("wait")];
    shop.begins();
    shop.begins();
    ids.push(shop.submit("wait"));
    let error = shop.runner.submit(&asked("wait")).unwrap_err();
    assert!(matches!(error, SubmitError::Full { waiting: 1 }), "{error}");
    assert_eq!(
        shop.store.runs().unwrap().len(),
        3,
        "what is refused leaves nothing behind"
    );
    for _ in 0..3 {
        shop.gate.send(()).unwrap();
    }
    for id in ids {
        assert!(matches!(shop.end_of(id), RunState::Done { .. }));
    }
    assert_eq!(shop.most_at_once.load(Ordering::SeqCst), 2);
}

#[test]
fn a_run_can_be_cancelled_while_it_waits_and_on_its_way() {
    let folder = tempfile::tempdir().unwrap();
    let shop = Shop::open(folder.path(), 1, 4);
    let running = shop.submit("endless");
    let waiting = shop.submit("x");
    assert_eq!(shop.begins(), running);
    assert!(matches!(
        shop.store.delete_run(running),
        Err(StoreError::NotOver(_))
    ));
    assert!(shop.runner.cancel(waiting).unwrap());
    assert!(matches!(shop.end_of(waiting), RunState::Cancelled { .. }));
    assert!(shop.runner.cancel(running).unwrap());
    assert!(matches!(shop.end_of(running), RunState::Cancelled { .. }));
    assert!(!shop.runner.cancel(running).unwrap(), "it is over");
    assert!(shop.store.results(running).unwrap().is_empty());
    let next = shop.submit("x");
    assert!(matches!(shop.end_of(next), RunState::Done { .. }));
}

#[test]
fn a_run_that_fails_or_breaks_says_so_and_the_next_one_runs() {
    let folder = tempfile::tempdir().unwrap();
    let shop = Shop::open(folder.path(), 1, 4);
    let fails = shop.submit("fail");
    assert!(
        matches!(shop.end_of(fails), RunState::Failed { reason, .. } if reason == "no equilibrium")
    );
    let breaks = shop.submit("panic");
    assert!(
        matches!(shop.end_of(breaks), RunState::Failed { reason, .. } if reason.contains("report it"))
    );
    let next = shop.submit("x");
    assert!(matches!(shop.end_of(next), RunState::Done { .. }));
}

/// As a full disk does: nothing about a run can be written.
fn fill_up(folder: &Path) {
    let database = rusqlite::Connection::open(folder.join("acquis.db")).unwrap();
    let refuse = "CREATE TRIGGER full BEFORE UPDATE ON run
         BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END";
    database.execute_batch(refuse).unwrap();
}

fn make_room(folder: &Path) {
    let database = rusqlite::Connection::open(folder.join("acquis.db")).unwrap();
    database.execute_batch("DROP TRIGGER full").unwrap();
}

#[test]
fn a_run_that_cannot_be_begun_on_a_full_disk_begins_once_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    let shop = Shop::open(folder.path(), 1, 9);
    fill_up(folder.path());
    let run = shop.submit("a");
    let still = shop.runner.wait(run, Duration::from_millis(300)).unwrap();
    assert_eq!(still.card.state, RunState::Queued);
    make_room(folder.path());
    assert!(matches!(shop.end_of(run), RunState::Done { .. }));
}

#[test]
fn how_a_run_ended_is_written_once_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    let shop = Shop::open(folder.path(), 1, 9);
    let run = shop.submit("wait");
    shop.begins();
    fill_up(folder.path());
    shop.gate.send(()).unwrap();
    let still = shop.runner.wait(run, Duration::from_millis(300)).unwrap();
    assert!(matches!(still.card.state, RunState::Running { .. }));
    make_room(folder.path());
    let end = shop.end_of(run);
    let RunState::Failed { reason, .. } = end else {
        panic!("{end:?}");
    };
    assert!(reason.contains("full"), "{reason}");
}

#[test]
fn a_run_can_be_cancelled_on_a_full_disk_once_there_is_room() {
    let folder = tempfile::tempdir().unwrap();
    let shop = Shop::open(folder.path(), 1, 9);
    shop.submit("wait");
    shop.begins();
    let (first, second) = (shop.submit("a"), shop.submit("b"));
    fill_up(folder.path());
    assert!(shop.runner.cancel(first).is_err(), "it can't be written");
    make_room(folder.path());
    assert!(shop.runner.cancel(first).unwrap());
    shop.gate.send(()).unwrap();
    assert!(matches!(shop.end_of(second), RunState::Done { .. }));
    assert!(matches!(shop.end_of(first), RunState::Cancelled { .. }));
}

#[test]
fn where_too_much_is_kept_no_run_is_taken_on_until_some_are_deleted() {
    let folder = tempfile::tempdir().unwrap();
    let kept = 400_000;
    let shop = Shop::open_for(folder.path(), 1, 9, kept);
    let large = "a text of some length".repeat(25_000);
    let runs: Vec<RunId> = (0..9)
        .map_while(|_| {
            let run = shop.runner.submit(&asked(&large)).ok()?;
            shop.end_of(run);
            Some(run)
        })
        .collect();
    assert_eq!(runs.len(), 1, "one takes more than may be kept");
    let refused = shop.runner.submit(&asked("b")).unwrap_err();
    let SubmitError::Store(StoreError::TooMuch { kept: now, most }) = refused else {
        panic!("{refused}");
    };
    assert_eq!((now, most), (shop.store.size().unwrap(), kept));
    shop.store.delete_run(runs[0]).unwrap();
    assert!(shop.store.size().unwrap() < kept);
    shop.submit("b");
}

#[test]
fn progress_is_seen_at_once_and_written_down_now_and_then() {
    let folder = tempfile::tempdir().unwrap();
    let shop = Shop::open(folder.path(), 1, 4);
    let id = shop.submit("endless");
    shop.begins();
    let deadline = std::time::Instant::now() + PATIENCE;
    loop {
        assert!(std::time::Instant::now() < deadline);
        let seen = shop.runner.run(id).unwrap().card.state;
        let kept = shop.store.run(id).unwrap().card.state;
        if let (RunState::Running { progress: seen, .. }, RunState::Running { progress: kept, .. }) =
            (seen, kept)
            && kept.done > 0
        {
            assert!(seen.total == 1_000_000 && kept.total == 1_000_000);
            assert!(seen.done >= 1);
            break;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    shop.runner.cancel(id).unwrap();
}

#[test]
fn stopping_marks_what_ran_as_killed_and_keeps_what_waited_for_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let shop = Shop::open(folder.path(), 1, 4);
    let running = shop.submit("endless");
    let waiting = shop.submit("later");
    assert_eq!(shop.begins(), running);
    shop.runner.stop();
    let store = Store::open(folder.path()).unwrap();
    assert!(matches!(
        store.run(running).unwrap().card.state,
        RunState::Killed { .. }
    ));
    assert_eq!(store.run(waiting).unwrap().card.state, RunState::Queued);

    let shop = Shop::open(folder.path(), 1, 4);
    assert_eq!(shop.begins(), waiting);
    assert!(matches!(shop.end_of(waiting), RunState::Done { .. }));
    assert_eq!(
        shop.store.result(waiting, "results.csv").unwrap().unwrap(),
        b"later"
    );
}

#[test]
fn stopping_does_not_wait_for_a_step_that_takes_long() {
    let folder = tempfile::tempdir().unwrap();
    let shop = Shop::open(folder.path(), 1, 4);
    let deep = shop.submit("wait");
    assert_eq!(shop.begins(), deep);
    let began = std::time::Instant::now();
    shop.runner.stop();
    assert!(began.elapsed() < PATIENCE / 2);
    let store = Store::open(folder.path()).unwrap();
    let state = || store.run(deep).unwrap().card.state;
    assert!(matches!(state(), RunState::Killed { .. }));
    // What it finds later is not kept.
    shop.gate.send(()).unwrap();
    std::thread::sleep(Duration::from_millis(300));
    assert!(matches!(state(), RunState::Killed { .. }));
    assert!(store.results(deep).unwrap().is_empty());
}

#[test]
fn two_servers_on_one_folder_leave_each_others_runs_alone() {
    let folder = tempfile::tempdir().unwrap();
    let first = Shop::open(folder.path(), 1, 4);
    let running = first.submit("wait");
    let waiting = first.submit("x");
    assert_eq!(first.begins(), running);
    let second = Shop::open(folder.path(), 1, 4);
    assert!(matches!(
        second.runner.run(running).unwrap().card.state,
        RunState::Running { .. }
    ));
    assert!(
        !second.runner.cancel(running).unwrap(),
        "it is not this server's"
    );
    assert!(!second.runner.cancel(waiting).unwrap(), "nor is this");
    let own = second.submit("y");
    assert!(matches!(second.end_of(own), RunState::Done { .. }));
    first.gate.send(()).unwrap();
    assert!(matches!(first.end_of(running), RunState::Done { .. }));
    assert!(matches!(first.end_of(waiting), RunState::Done { .. }));
    assert!(matches!(
        second.runner.run(waiting).unwrap().card.state,
        RunState::Done { .. }
    ));
}
