//! The scenario lab without its pages: scenarios and runs that are kept, the facts and
//! figures that they meet, and what stands on the desk while one is put together.

mod desk;
mod posted;
mod shelf;
mod work;

use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;

use acquis_scenario::Scenario;
use acquis_store::{Limits, NewRun, RunId, Runner, ScenarioId, Store, StoreError, SubmitError};

pub(crate) use desk::{AtOnce, Desk, Reading, file_name};
pub(crate) use posted::{
    FieldError, Posted, effect_field, payment, payments_in_words, settings, shares_in_words,
    shown_effects,
};
pub(crate) use shelf::{
    Shelf, ShelfCard, ShelfError, economy_file, economy_in_scenario, pack_in_scenario,
};
pub(crate) use work::{ANSWER, REFUSED, Refused, ScenarioWork, is_for_pages};

/// Runs that are carried out at the same time: one may take both cores by its draws, and a
/// second one must not wait for it.
const AT_ONCE: NonZeroUsize = NonZeroUsize::MIN.saturating_add(1);
/// Runs that may wait for their turn.
const WAITING: usize = 16;
/// Bytes of scenarios and runs beyond which no run is taken on.
const MOST_KEPT: u64 = 4 << 30;
/// Most variants of a scenario: each is solved by itself when it is run.
const MOST_VARIANTS: usize = 64;

/// Refuses a scenario with more variants than the lab takes in.
pub(crate) fn few_enough(scenario: &Scenario) -> Result<(), FieldError> {
    let count = scenario.variants.len();
    if count <= MOST_VARIANTS {
        return Ok(());
    }
    let sentence = format!(
        "The scenario has {count} variants, and the lab takes at most {MOST_VARIANTS}: divide it into several files."
    );
    Err(FieldError::new("text", sentence))
}

/// The lab: what is kept, and who carries runs out.
#[derive(Debug)]
pub struct Lab {
    pub(crate) store: Arc<Store>,
    pub(crate) shelf: Arc<Shelf>,
    pub(crate) runner: Runner,
}

impl Lab {
    /// Opens the lab in a folder.
    ///
    /// # Errors
    /// A folder or a database that can't be used.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        let store = Arc::new(Store::open(folder)?);
        let shelf = Arc::new(Shelf::new(Arc::clone(&store)));
        let work = ScenarioWork::new(Arc::clone(&shelf));
        let limits = Limits {
            at_once: AT_ONCE,
            waiting: WAITING,
            kept: MOST_KEPT,
        };
        Ok(Self {
            runner: Runner::start(Arc::clone(&store), work, limits)?,
            store,
            shelf,
        })
    }

    /// Asks for a run of a scenario that was read from this text.
    pub(crate) fn submit(
        &self,
        from: Option<(ScenarioId, u32)>,
        scenario: &Scenario,
        text: &str,
    ) -> Result<RunId, NotSubmitted> {
        let (_, pack) = self.shelf.pack(scenario)?;
        let (_, economy) = self.shelf.economy(scenario)?;
        let run = NewRun {
            scenario: from,
            name: scenario.name.clone(),
            title: scenario.title.clone(),
            text: text.to_owned(),
            pack,
            economy,
            program: concat!("acquis ", env!("CARGO_PKG_VERSION")).to_owned(),
        };
        Ok(self.runner.submit(&run)?)
    }
}

/// Why a run was not taken on.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotSubmitted {
    /// Facts or figures that can't be had.
    #[error(transparent)]
    Shelf(#[from] ShelfError),
    /// The queue.
    #[error(transparent)]
    Queue(#[from] SubmitError),
}
