//! The runner: a queue of bounded length, and a few threads that carry runs out.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::connection::{Store, lock};
use crate::error::StoreError;
use crate::identity::RunId;
use crate::owner::{self, Owner};
use crate::result::StoredFile;
use crate::run::{End, NewRun, Progress, Run, RunState};

/// What turns the text of a run into files.
pub trait Work: Send + Sync + 'static {
    /// Carries a run out. It tells `reporter` how far it is, and asks it now and then whether
    /// to stop.
    ///
    /// # Errors
    /// Why there are no files.
    fn carry_out(&self, run: &Run, reporter: &Reporter) -> Result<Vec<StoredFile>, Unfinished>;
}

/// Why a run gave no files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unfinished {
    /// It was told to stop.
    Cancelled,
    /// Something is wrong, in sentences for the reader.
    Failed(String),
}

/// How many runs at a time, and how many may wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Runs that are carried out at the same time.
    pub at_once: NonZeroUsize,
    /// Runs that may wait for their turn.
    pub waiting: usize,
    /// Bytes that may be kept; beyond, no run is taken on.
    pub kept: u64,
}

/// Why a run was not taken on.
#[derive(Debug, thiserror::Error)]
pub enum SubmitError {
    /// As many runs wait as may.
    #[error("{waiting} runs are waiting already: wait until one is done, or cancel one")]
    Full {
        /// How many wait.
        waiting: usize,
    },
    /// The runner is being stopped.
    #[error("the program is ending: start it again to run this")]
    Stopping,
    /// The run could not be written down.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// How often the progress of a run is written down, so that one that is killed still tells
/// how far it came.
const NOTED_EVERY: Duration = Duration::from_secs(1);

/// How long a run that was told to stop may take to come to the end of its step.
const FAREWELL: Duration = Duration::from_secs(2);

/// What could not be written down is tried again after this time.
const AGAIN: Duration = Duration::from_secs(1);

/// The link between a run and those who look on.
#[derive(Debug)]
pub struct Reporter {
    shared: Arc<Shared>,
    run: RunId,
    live: Arc<Live>,
    begun: Instant,
    /// When the progress was last written down, in milliseconds after the begin.
    noted: AtomicU64,
}

/// What changes while a run is carried out.
#[derive(Debug, Default)]
struct Live {
    done: AtomicU64,
    total: AtomicU64,
    stop: AtomicBool,
}

impl Live {
    fn progress(&self) -> Progress {
        Progress {
            done: self.done.load(Ordering::Relaxed),
            total: self.total.load(Ordering::Relaxed),
        }
    }
}

impl Reporter {
    /// Says how many steps there are.
    pub fn expect(&self, total: u64) {
        self.live.total.store(total, Ordering::Relaxed);
    }

    /// Says that one more step is done.
    pub fn advance(&self) {
        self.live.done.fetch_add(1, Ordering::Relaxed);
        self.note();
    }

    /// Says how many steps are done.
    pub fn reach(&self, done: u64) {
        self.live.done.store(done, Ordering::Relaxed);
        self.note();
    }

    /// Whether the run is to stop.
    pub fn is_cancelled(&self) -> bool {
        self.live.stop.load(Ordering::Relaxed)
    }

    /// Writes the progress down, but not more often than is worth it.
    fn note(&self) {
        let now = u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        let last = self.noted.load(Ordering::Relaxed);
        let due = Duration::from_millis(now.saturating_sub(last)) >= NOTED_EVERY;
        let order = Ordering::Relaxed;
        if due && self.noted.compare_exchange(last, now, order, order).is_ok() {
            let shared = &self.shared;
            // Progress that can't be written down is no reason to stop a run.
            let _ = shared
                .store
                .note(shared.owner.token(), self.run, self.live.progress());
        }
    }
}

struct Shared {
    store: Arc<Store>,
    owner: Owner,
    work: Box<dyn Work>,
    limits: Limits,
    desk: Mutex<Desk>,
    /// Rung whenever something on the desk changes.
    bell: Condvar,
}

impl fmt::Debug for Shared {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Shared")
            .field("store", &self.store)
            .field("owner", &self.owner)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

#[derive(Default)]
struct Desk {
    waiting: VecDeque<RunId>,
    live: BTreeMap<RunId, Arc<Live>>,
    stopping: bool,
}

/// Carries runs out, one after the other or a few at a time. See the crate's page.
///
/// Dropping it stops it.
#[derive(Debug)]
pub struct Runner {
    shared: Arc<Shared>,
    threads: Vec<JoinHandle<()>>,
}

impl Runner {
    /// Starts the threads. Runs of servers that are gone are marked as killed, and those that
    /// waited there wait here.
    ///
    /// # Errors
    /// A folder or database that can't be used.
    pub fn start(store: Arc<Store>, work: impl Work, limits: Limits) -> Result<Self, StoreError> {
        let owner = Owner::register(store.folder()).map_err(|source| store.in_folder(source))?;
        owner::sweep(store.folder()).map_err(|source| store.in_folder(source))?;
        let waiting = store.take_over(owner.token())?;
        let shared = Arc::new(Shared {
            store,
            owner,
            work: Box::new(work),
            limits,
            desk: Mutex::new(Desk {
                waiting: waiting.into(),
                ..Desk::default()
            }),
            bell: Condvar::new(),
        });
        let threads = (0..limits.at_once.get())
            .map(|number| {
                let shared = Arc::clone(&shared);
                thread::Builder::new()
                    .name(format!("run-{number}"))
                    .spawn(move || Shared::carry_out_runs(&shared))
            })
            .collect::<Result<_, _>>()
            .map_err(|source| shared.store.in_folder(source))?;
        Ok(Self { shared, threads })
    }

    /// Takes a run on.
    ///
    /// # Errors
    /// [`SubmitError::Full`] where too many wait, or a run that can't be written down.
    pub fn submit(&self, run: &NewRun) -> Result<RunId, SubmitError> {
        let shared = &self.shared;
        let mut desk = lock(&shared.desk);
        if desk.stopping {
            return Err(SubmitError::Stopping);
        }
        let free = shared.limits.at_once.get().saturating_sub(desk.live.len());
        if desk.waiting.len() >= shared.limits.waiting + free {
            let waiting = desk.waiting.len();
            return Err(SubmitError::Full { waiting });
        }
        let id = shared
            .store
            .queue(shared.owner.token(), run, shared.limits.kept)?;
        desk.waiting.push_back(id);
        drop(desk);
        shared.bell.notify_all();
        Ok(id)
    }

    /// Tells a run to stop. `false` if it is over, or another server carries it out. A run
    /// that is being carried out stops between two of its steps.
    ///
    /// # Errors
    /// What the database says.
    pub fn cancel(&self, id: RunId) -> Result<bool, StoreError> {
        let shared = &self.shared;
        let mut desk = lock(&shared.desk);
        if let Some(live) = desk.live.get(&id) {
            live.stop.store(true, Ordering::Relaxed);
            shared.bell.notify_all();
            return Ok(true);
        }
        let place = desk.waiting.iter().position(|waiting| *waiting == id);
        let taken = place.and_then(|place| desk.waiting.remove(place));
        drop(desk);
        let ended = shared
            .store
            .give_up(shared.owner.token(), id, &End::Cancelled);
        if let (Err(_), Some(run), Some(place)) = (&ended, taken, place) {
            // It still waits, as far as the database knows.
            let mut desk = lock(&shared.desk);
            let place = place.min(desk.waiting.len());
            desk.waiting.insert(place, run);
        }
        shared.bell.notify_all();
        ended
    }

    /// A run, with its progress as of now.
    ///
    /// # Errors
    /// No such run.
    pub fn run(&self, id: RunId) -> Result<Run, StoreError> {
        let live = lock(&self.shared.desk).live.get(&id).cloned();
        let mut run = self.shared.store.run(id)?;
        if let (Some(live), RunState::Running { progress, .. }) = (live, &mut run.card.state) {
            *progress = live.progress();
        }
        Ok(run)
    }

    /// Waits until a run of this server is over, but no longer than `patience`.
    ///
    /// # Errors
    /// No such run.
    pub fn wait(&self, id: RunId, patience: Duration) -> Result<Run, StoreError> {
        let desk = lock(&self.shared.desk);
        let here = |desk: &mut Desk| desk.live.contains_key(&id) || desk.waiting.contains(&id);
        let waited = self.shared.bell.wait_timeout_while(desk, patience, here);
        drop(waited.unwrap_or_else(PoisonError::into_inner));
        self.run(id)
    }

    /// Whether this server carries the run out, or will. It asks no database, so that it may be
    /// asked often.
    pub fn is_at_work_on(&self, id: RunId) -> bool {
        let desk = lock(&self.shared.desk);
        desk.live.contains_key(&id) || desk.waiting.contains(&id)
    }

    /// Stops: runs that are being carried out are told to stop and marked as killed, those
    /// that wait are carried out when the folder is opened next.
    pub fn stop(mut self) {
        self.stop_threads();
    }

    fn stop_threads(&mut self) {
        let shared = Arc::clone(&self.shared);
        let mut desk = lock(&shared.desk);
        desk.stopping = true;
        for live in desk.live.values() {
            live.stop.store(true, Ordering::Relaxed);
        }
        shared.bell.notify_all();
        let busy = |desk: &mut Desk| !desk.live.is_empty();
        let waited = shared.bell.wait_timeout_while(desk, FAREWELL, busy);
        let (desk, _) = waited.unwrap_or_else(PoisonError::into_inner);
        let stubborn: Vec<RunId> = desk.live.keys().copied().collect();
        drop(desk);
        for run in &stubborn {
            // What can't be written now, the next start will find.
            let _ = shared
                .store
                .give_up(shared.owner.token(), *run, &End::Killed);
        }
        let threads = self.threads.drain(..);
        if stubborn.is_empty() {
            for thread in threads {
                // A thread ends by itself or by a panic of ours, which it has told of already.
                let _ = thread.join();
            }
        }
        // Else a thread is deep in an equation. It is left alone; what it finds comes too late
        // to be kept.
    }
}

impl Drop for Runner {
    fn drop(&mut self) {
        self.stop_threads();
    }
}

impl Shared {
    fn carry_out_runs(self: &Arc<Self>) {
        while let Some((run, live)) = self.next() {
            self.carry_out(run, &live);
            lock(&self.desk).live.remove(&run);
            self.bell.notify_all();
        }
    }

    /// Waits for a run to carry out; `None` when the runner stops.
    fn next(&self) -> Option<(RunId, Arc<Live>)> {
        let desk = lock(&self.desk);
        let idle = |desk: &mut Desk| !desk.stopping && desk.waiting.is_empty();
        let desk = self.bell.wait_while(desk, idle);
        let mut desk = desk.unwrap_or_else(PoisonError::into_inner);
        if desk.stopping {
            return None;
        }
        let run = desk.waiting.pop_front()?;
        let live = Arc::new(Live::default());
        desk.live.insert(run, Arc::clone(&live));
        Some((run, live))
    }

    fn carry_out(self: &Arc<Self>, id: RunId, live: &Arc<Live>) {
        let owner = self.owner.token();
        let begun = self.written(live, || {
            // Somebody may say stop while it can't be begun.
            if live.stop.load(Ordering::Relaxed) && !lock(&self.desk).stopping {
                self.store.give_up(owner, id, &End::Cancelled)?;
            }
            self.store.begin(owner, id)
        });
        // A run that can't be marked as begun was cancelled or deleted meanwhile.
        if begun != Some(true) {
            return;
        }
        let reporter = Reporter {
            shared: Arc::clone(self),
            run: id,
            live: Arc::clone(live),
            begun: Instant::now(),
            noted: AtomicU64::new(0),
        };
        let files = match self.store.run(id) {
            Ok(run) => self.work_on(&run, &reporter),
            Err(error) => Err(End::Failed(error.to_string())),
        };
        let kept = files.and_then(|files| {
            let completed = self.store.complete(owner, id, &files);
            completed.map_err(|error| End::Failed(error.to_string()))
        });
        if let Err(how) = kept {
            self.written(live, || self.store.give_up(owner, id, &how));
        }
    }

    /// Writes something down about a run, again and again until it can be: a full disk has
    /// room some day, and until then no other run can be begun either. `None` if the runner
    /// stops before; then the next start will find the run as it is.
    fn written<T>(&self, live: &Live, write: impl Fn() -> Result<T, StoreError>) -> Option<T> {
        loop {
            if let Ok(value) = write() {
                return Some(value);
            }
            let was_told = live.stop.load(Ordering::Relaxed);
            let undisturbed =
                |desk: &mut Desk| !desk.stopping && live.stop.load(Ordering::Relaxed) == was_told;
            let waited = self
                .bell
                .wait_timeout_while(lock(&self.desk), AGAIN, undisturbed);
            let (desk, _) = waited.unwrap_or_else(PoisonError::into_inner);
            if desk.stopping {
                return None;
            }
        }
    }

    fn work_on(&self, run: &Run, reporter: &Reporter) -> Result<Vec<StoredFile>, End> {
        if reporter.is_cancelled() {
            return Err(End::Cancelled);
        }
        let worked = catch_unwind(AssertUnwindSafe(|| self.work.carry_out(run, reporter)));
        match worked {
            Ok(Ok(files)) => Ok(files),
            Ok(Err(Unfinished::Failed(reason))) => Err(End::Failed(reason)),
            Ok(Err(Unfinished::Cancelled)) if lock(&self.desk).stopping => Err(End::Killed),
            Ok(Err(Unfinished::Cancelled)) => Err(End::Cancelled),
            Err(_) => Err(End::Failed(
                "The program met a mistake of its own. Please report it with the scenario."
                    .to_owned(),
            )),
        }
    }
}
