//! Packs and economies by name: those that are built in, and those of the user's own that are
//! kept.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use acquis_economy::{EconomyError, Limits};
use acquis_library::{LibraryError, Reach, builtin};
use acquis_registry::{Findings, PackFiles, Registry, SourceText};
use acquis_scenario::{Economy, Scenario, unknown_economy};
use acquis_store::{Identity, OwnCard, OwnKind, OwnName, Store, StoreError, StoredFile};
use quick_cache::sync::Cache;

/// The file in which an economy of the user's own is kept: the program's own format, whatever
/// it was read from.
const ECONOMY_FILE: &str = "economy.parquet";
/// What the name of an economy of the user's own ends with in a scenario. A scenario that is
/// handed on finds it as a file beside itself.
const ENDING: &str = ".parquet";
/// What the name of a pack of the user's own begins with in a scenario: a folder beside it.
const BESIDE: &str = "./";
/// Packs, and economies, of the user's own that are held in memory: each may be large.
const HELD: usize = 2;

/// Why a pack or an economy can't be had.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ShelfError {
    /// There is none of the name, or it has mistakes.
    #[error(transparent)]
    Library(#[from] LibraryError),
    /// What is kept can't be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file can't be held for a moment.
    #[error("can't hold the economy in a file for a moment: {0}")]
    Passing(#[from] std::io::Error),
}

impl From<Findings> for ShelfError {
    fn from(findings: Findings) -> Self {
        Self::Library(findings.into())
    }
}

impl From<EconomyError> for ShelfError {
    fn from(error: EconomyError) -> Self {
        Self::Library(error.into())
    }
}

type Shelved<T> = Mutex<BTreeMap<String, (Arc<T>, Identity)>>;

/// What is built in, read when it is first asked for and then shared, and what is kept, read
/// when it is asked for and held for a while.
pub(crate) struct Shelf {
    store: Arc<Store>,
    packs: Shelved<Registry>,
    economies: Shelved<Economy>,
    cards: OnceLock<Vec<ShelfCard>>,
    /// By the digest of their files.
    own_packs: Cache<String, Arc<Registry>>,
    own_economies: Cache<String, Arc<Economy>>,
}

/// A pack or an economy to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ShelfCard {
    /// Its name in a scenario.
    pub(crate) id: String,
    /// What it is called.
    pub(crate) title: String,
    /// Whether it is the user's own.
    pub(crate) is_own: bool,
}

impl ShelfCard {
    /// What it is called where one is chosen.
    pub(crate) fn label(&self) -> String {
        if self.is_own {
            format!("{} (your own: {})", self.title, self.id)
        } else {
            self.title.clone()
        }
    }
}

impl fmt::Debug for Shelf {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Shelf").finish_non_exhaustive()
    }
}

impl Shelf {
    /// The shelf with what is kept in a store.
    pub(crate) fn new(store: Arc<Store>) -> Self {
        Self {
            store,
            packs: Mutex::default(),
            economies: Mutex::default(),
            cards: OnceLock::new(),
            own_packs: Cache::new(HELD),
            own_economies: Cache::new(HELD),
        }
    }

    /// The economies to choose from, the user's own last.
    pub(crate) fn economies(&self) -> Result<Vec<ShelfCard>, ShelfError> {
        let mut cards = self.builtin_economies()?.to_vec();
        let own = self.store.own(OwnKind::Economy)?.into_iter();
        cards.extend(own.map(|own| ShelfCard {
            id: economy_in_scenario(&own.name),
            title: own.title,
            is_own: true,
        }));
        Ok(cards)
    }

    fn builtin_economies(&self) -> Result<&[ShelfCard], ShelfError> {
        if let Some(cards) = self.cards.get() {
            return Ok(cards);
        }
        let economies = acquis_library::builtin_economies()?;
        let cards = economies.into_iter().map(|economy| ShelfCard {
            id: economy.card.id,
            title: economy.card.title,
            is_own: false,
        });
        Ok(self.cards.get_or_init(|| cards.collect()))
    }

    /// The packs to choose from, the default one first and the user's own last.
    pub(crate) fn packs(&self) -> Result<Vec<ShelfCard>, ShelfError> {
        let mut names = builtin::packs();
        names.sort_by_key(|name| name != builtin::DEFAULT_PACK);
        let mut cards = Vec::with_capacity(names.len());
        for name in names {
            let (registry, _) = self.builtin_pack(&name)?;
            cards.push(ShelfCard {
                title: registry.card().title.clone(),
                id: name,
                is_own: false,
            });
        }
        let own = self.store.own(OwnKind::Pack)?.into_iter();
        cards.extend(own.map(|own| ShelfCard {
            id: pack_in_scenario(&own.name),
            title: own.title,
            is_own: true,
        }));
        Ok(cards)
    }

    /// The registry that a scenario runs on.
    pub(crate) fn pack(
        &self,
        scenario: &Scenario,
    ) -> Result<(Arc<Registry>, Identity), ShelfError> {
        let name = scenario.base.pack.as_deref();
        let name = name.unwrap_or(builtin::DEFAULT_PACK);
        match self.own_of(OwnKind::Pack, name, builtin::pack(name).is_some())? {
            Some(card) => Ok((self.own_pack(&card)?, identity(&card, name))),
            None => self.builtin_pack(name),
        }
    }

    fn builtin_pack(&self, name: &str) -> Result<(Arc<Registry>, Identity), ShelfError> {
        taken(&self.packs, name, || {
            let files = acquis_library::pack_named(name, Reach::BuiltIn)?;
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
        let is_built_in = builtin::economy(name).is_some();
        if let Some(card) = self.own_of(OwnKind::Economy, name, is_built_in)? {
            return Ok((self.own_economy(&card)?, identity(&card, name)));
        }
        if !is_built_in {
            let known: Vec<String> = self.economies()?.into_iter().map(|card| card.id).collect();
            let place = scenario.base.economy_place.clone();
            return Err(unknown_economy(name, &known, place).into());
        }
        taken(&self.economies, name, || {
            let economy = acquis_library::economy(scenario, Reach::BuiltIn)?;
            Ok((economy, economy_identity(name)))
        })
    }

    /// The card of what is kept under a name that stands in a scenario.
    fn own_of(
        &self,
        kind: OwnKind,
        name: &str,
        is_built_in: bool,
    ) -> Result<Option<OwnCard>, ShelfError> {
        let own = match kind {
            _ if is_built_in => None,
            OwnKind::Pack => Some(name.strip_prefix(BESIDE).unwrap_or(name)),
            OwnKind::Economy => name
                .strip_prefix(BESIDE)
                .unwrap_or(name)
                .strip_suffix(ENDING),
        };
        let own = own.and_then(|own| own.parse::<OwnName>().ok());
        match own {
            Some(own) => Ok(self.store.own_card(kind, &own)?),
            None => Ok(None),
        }
    }

    /// The registry of a pack that is kept.
    pub(crate) fn own_pack(&self, card: &OwnCard) -> Result<Arc<Registry>, ShelfError> {
        self.own_packs.get_or_insert_with(&card.digest, || {
            let (_, files) = self.store.own_files(OwnKind::Pack, &card.name)?;
            let files = pack_files(&files)?;
            Ok(Arc::new(acquis_library::registry(&files)?))
        })
    }

    /// An economy that is kept.
    pub(crate) fn own_economy(&self, card: &OwnCard) -> Result<Arc<Economy>, ShelfError> {
        self.own_economies.get_or_insert_with(&card.digest, || {
            let bytes = self.own_economy_file(&card.name)?;
            let folder = tempfile::tempdir()?;
            let path = folder.path().join(ECONOMY_FILE);
            std::fs::write(&path, bytes)?;
            let economy = Economy::read_within(&path, Limits::SENT)?;
            Ok(Arc::new(economy))
        })
    }

    /// An economy that is kept, as a file to keep elsewhere.
    pub(crate) fn own_economy_file(&self, name: &OwnName) -> Result<Vec<u8>, ShelfError> {
        let (_, files) = self.store.own_files(OwnKind::Economy, name)?;
        let mut files = files.into_iter();
        let file = files.find(|file| file.name == ECONOMY_FILE);
        let file = file.ok_or_else(|| StoreError::NoOwn {
            kind: OwnKind::Economy,
            name: name.clone(),
        })?;
        Ok(file.bytes)
    }
}

/// How a scenario names an economy that is kept.
pub(crate) fn economy_in_scenario(name: &OwnName) -> String {
    format!("{name}{ENDING}")
}

/// How a scenario names a pack that is kept.
pub(crate) fn pack_in_scenario(name: &OwnName) -> String {
    format!("{BESIDE}{name}")
}

/// An economy as the file in which it is kept.
pub(crate) fn economy_file(economy: &Economy) -> Result<StoredFile, ShelfError> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join(ECONOMY_FILE);
    economy.write(&path)?;
    Ok(StoredFile {
        name: ECONOMY_FILE.to_owned(),
        bytes: std::fs::read(&path)?,
    })
}

/// The files of a pack that is kept, as text.
fn pack_files(files: &[StoredFile]) -> Result<PackFiles, ShelfError> {
    let texts = files.iter().map(|file| {
        let text = std::str::from_utf8(&file.bytes).map_err(std::io::Error::other)?;
        Ok(SourceText::new(file.name.clone(), text))
    });
    texts.collect()
}

fn identity(card: &OwnCard, name: &str) -> Identity {
    Identity {
        name: name.to_owned(),
        digest: card.digest.clone(),
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
