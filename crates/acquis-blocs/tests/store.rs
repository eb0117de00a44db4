//! Runs that are interrupted go on where they were, and damaged stores are told.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::fs;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use acquis_blocs::{
    LevelMembership, Levels, Memberships, Payoff, Progress, Reason, Run, Store, Table, TableError,
};

/// Counts how often it is asked.
struct Counting(AtomicUsize);

impl Payoff<LevelMembership> for Counting {
    fn players(&self) -> usize {
        6
    }

    fn payoffs(&self, state: &LevelMembership, payoffs: &mut [f64]) -> Result<(), Reason> {
        self.0.fetch_add(1, Ordering::Relaxed);
        let sum: u32 = state.levels().iter().map(|&level| u32::from(level)).sum();
        for (payoff, &level) in payoffs.iter_mut().zip(state.levels()) {
            *payoff = f64::from(sum) / 7.0 - f64::from(level).sqrt();
        }
        Ok(())
    }
}

fn levels() -> Levels {
    Levels::new(6, 4).unwrap()
}

fn run(path: &Path, payoff: &Counting, key: &str) -> Result<Table<Levels>, TableError> {
    let mut store = Store::open(path, key)?;
    Table::evaluate(levels(), payoff, Run::new().with_store(&mut store))
}

/// Stops a run once so much is done.
fn stop_at(path: &Path, payoff: &Counting, most: usize) -> TableError {
    let mut store = Store::open(path, "key").unwrap();
    let mut progress = |progress: Progress| {
        assert_eq!(progress.total, levels().evaluations());
        if progress.done >= most {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    };
    let run = Run::new()
        .with_store(&mut store)
        .with_progress(&mut progress);
    Table::evaluate(levels(), payoff, run).unwrap_err()
}

#[test]
fn goes_on_where_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run");
    let payoff = Counting(AtomicUsize::new(0));
    for part in 1..=3 {
        let stopped = stop_at(&path, &payoff, part * 700);
        assert!(matches!(stopped, TableError::Stopped { .. }), "{stopped}");
    }
    // Cut off in the middle of a row.
    let bytes = fs::read(&path).unwrap();
    fs::write(&path, &bytes[..bytes.len() - 13]).unwrap();
    let table = run(&path, &payoff, "key").unwrap();
    // The block of the row that was cut is asked for again, no other.
    let asked = payoff.0.load(Ordering::Relaxed);
    let again = asked - levels().evaluations();
    assert!((1..=64).contains(&again), "{again}");
    let fresh = Counting(AtomicUsize::new(0));
    let whole = Table::evaluate(levels(), &fresh, Run::new()).unwrap();
    assert_eq!(table, whole);
    // A second run asks for nothing.
    run(&path, &payoff, "key").unwrap();
    assert_eq!(payoff.0.load(Ordering::Relaxed), asked);
    // The file is what an uninterrupted run writes.
    let other = folder.path().join("uninterrupted");
    run(&other, &fresh, "key").unwrap();
    assert!(fs::read(&path).unwrap() == fs::read(&other).unwrap());
}

#[test]
fn another_game_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run");
    let payoff = Counting(AtomicUsize::new(0));
    run(&path, &payoff, "elasticity 4").unwrap();
    let error = run(&path, &payoff, "elasticity 5").unwrap_err().to_string();
    let expected = "holds evaluations of \"4 levels, 6 players, elasticity 4\", \
                    not of \"4 levels, 6 players, elasticity 5\"";
    assert!(error.ends_with(expected), "{error}");
    fs::write(&path, "something else altogether\n").unwrap();
    let error = run(&path, &payoff, "elasticity 5").unwrap_err().to_string();
    assert!(error.ends_with("is not a store of evaluations"), "{error}");
    assert_eq!(fs::read(&path).unwrap(), b"something else altogether\n");
}

#[test]
fn damage_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run");
    let payoff = Counting(AtomicUsize::new(0));
    run(&path, &payoff, "key").unwrap();
    let mut bytes = fs::read(&path).unwrap();
    let row = 8 * (6 + 2);
    let place = bytes.len() - 10 * row + 20;
    bytes[place] ^= 4;
    fs::write(&path, &bytes).unwrap();
    let error = run(&path, &payoff, "key").unwrap_err().to_string();
    let row = levels().evaluations() - 10;
    assert!(
        error.ends_with(&format!("row {row} is damaged: checksum")),
        "{error}"
    );
}

/// A run that was cut off while it wrote the header begins anew.
#[test]
fn half_a_header() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run");
    fs::write(&path, "acquis-blocs eval").unwrap();
    let payoff = Counting(AtomicUsize::new(0));
    run(&path, &payoff, "key").unwrap();
    assert_eq!(payoff.0.load(Ordering::Relaxed), levels().evaluations());
}
