//! Packs and economies by name, each read once.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use acquis_library::{LibraryError, Reach, builtin};
use acquis_registry::Registry;
use acquis_scenario::{Economy, Scenario};
use acquis_store::Identity;

/// Why a pack or an economy can't be had.
pub(crate) type ShelfError = LibraryError;

type Shelved<T> = Mutex<BTreeMap<String, (Arc<T>, Identity)>>;

/// What is built in, read when it is first asked for and then shared.
#[derive(Default)]
pub(crate) struct Shelf {
    packs: Shelved<Registry>,
    economies: Shelved<Economy>,
    cards: OnceLock<Vec<EconomyCard>>,
}

/// An economy to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EconomyCard {
    /// Its name in a scenario.
    pub(crate) id: String,
    /// What it is called.
    pub(crate) title: String,
    /// The year of its figures.
    pub(crate) year: i32,
}

impl fmt::Debug for Shelf {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Shelf").finish_non_exhaustive()
    }
}

impl Shelf {
    /// The economies to choose from.
    pub(crate) fn cards(&self) -> Result<&[EconomyCard], ShelfError> {
        if let Some(cards) = self.cards.get() {
            return Ok(cards);
        }
        let economies = acquis_library::builtin_economies()?;
        let cards = economies.into_iter().map(|economy| EconomyCard {
            id: economy.card.id,
            title: economy.card.title,
            year: economy.card.year,
        });
        Ok(self.cards.get_or_init(|| cards.collect()))
    }

    /// The registry that a scenario runs on.
    pub(crate) fn pack(
        &self,
        scenario: &Scenario,
    ) -> Result<(Arc<Registry>, Identity), ShelfError> {
        let name = scenario
            .base
            .pack
            .as_deref()
            .unwrap_or(builtin::DEFAULT_PACK);
        taken(&self.packs, name, || {
            let files = acquis_library::scenario_pack(scenario, Reach::BuiltIn)?;
            let parts = files
                .iter()
                .map(|file| (file.name.as_str(), file.text.as_str()));
            let identity = Identity::of(name, parts);
            Ok((acquis_library::registry(&files)?, identity))
        })
    }

    /// The economy that a scenario runs in.
    pub(crate) fn economy(
        &self,
        scenario: &Scenario,
    ) -> Result<(Arc<Economy>, Identity), ShelfError> {
        let name = &scenario.base.economy;
        taken(&self.economies, name, || {
            let economy = acquis_library::economy(scenario, Reach::BuiltIn)?;
            Ok((economy, economy_identity(name)))
        })
    }
}

/// What is on the shelf under a name, put there if it is not.
fn taken<T>(
    shelved: &Shelved<T>,
    name: &str,
    read: impl FnOnce() -> Result<(T, Identity), ShelfError>,
) -> Result<(Arc<T>, Identity), ShelfError> {
    // Only names of what is built in are put here, so that it can't grow beyond that.
    let mut shelved = shelved.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((thing, identity)) = shelved.get(name) {
        return Ok((Arc::clone(thing), identity.clone()));
    }
    let (thing, identity) = read()?;
    let thing = Arc::new(thing);
    shelved.insert(name.to_owned(), (Arc::clone(&thing), identity.clone()));
    Ok((thing, identity))
}

/// The manifest of a built-in economy with every table that it may draw from.
fn economy_identity(name: &str) -> Identity {
    let manifest = builtin::economy(name);
    let parts = manifest
        .iter()
        .map(|file| (file.name.as_str(), file.text.as_str()));
    Identity::of(name, parts)
}
