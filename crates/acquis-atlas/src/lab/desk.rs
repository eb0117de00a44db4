//! What stands on the desk while a scenario is put together: its text, who is in what before
//! and after, what the law says, and, where that takes no time, what it is worth.

use std::sync::Arc;

use acquis_library::LibraryError;
use acquis_registry::{Findings, Registry};
use acquis_scenario::{
    ActsOf, Draft, Economy, Memberships, Outcome, Progress, Reform, RunError, Scenario, Scope,
    Variant, reforms,
};
use acquis_store::SavedScenario;

use super::shelf::{Shelf, ShelfError};

/// Economies that are solved without being asked: all of the world are. Time grows with the
/// square of their number, and an economy of the user's own may have thousands.
const MOST_AT_ONCE: usize = 250;

/// A saved scenario, opened.
pub(crate) struct Desk {
    /// As it is saved.
    pub(crate) saved: SavedScenario,
    /// What it says, or why it says nothing yet.
    pub(crate) reading: Result<Reading, Findings>,
}

/// A scenario that can be read.
pub(crate) struct Reading {
    /// The scenario; it may change nothing yet.
    pub(crate) scenario: Scenario,
    /// The place of the variant that is looked at.
    pub(crate) variant: usize,
    /// How many acts of the variant all variants share; they come first and are not changed
    /// here.
    pub(crate) shared_acts: usize,
    /// The law that it changes.
    pub(crate) registry: Arc<Registry>,
    /// The economy that it is solved in.
    pub(crate) economy: Arc<Economy>,
    /// Who is in what; none where an act can't be.
    pub(crate) memberships: Option<Memberships>,
    /// What the variant that is looked at does to the law, or which act of it can't be.
    pub(crate) reform: Result<Reform, Findings>,
}

/// What a scenario is worth, told without being asked.
pub(crate) enum AtOnce {
    /// Solved.
    Solved(Outcome),
    /// The equations have no answer.
    Failed(RunError),
    /// It takes long enough to be asked for: many sectors, or draws.
    TakesTime,
}

impl Desk {
    /// Opens a saved scenario. `variant` names the one to look at; the first where there is
    /// none of that name.
    pub(crate) fn open(
        saved: SavedScenario,
        variant: Option<&str>,
        scope: Scope,
        shelf: &Shelf,
    ) -> Result<Self, ShelfError> {
        let read = || {
            let draft = Draft::open(&saved.text)?;
            let scenario = draft.unfinished(&file_name(&saved.name))?;
            Reading::new(scenario, &draft, variant, scope, shelf)
        };
        let reading = match read() {
            Ok(reading) => Ok(reading),
            // A pack or an economy that isn't there is a mistake of the file like any other.
            Err(ShelfError::Library(LibraryError::Findings(findings))) => Err(findings),
            Err(missing) => return Err(missing),
        };
        Ok(Self { saved, reading })
    }
}

impl Reading {
    fn new(
        scenario: Scenario,
        draft: &Draft,
        asked: Option<&str>,
        scope: Scope,
        shelf: &Shelf,
    ) -> Result<Self, ShelfError> {
        let (registry, _) = shelf.pack(&scenario)?;
        let (economy, _) = shelf.economy(&scenario)?;
        let variants = draft.variants();
        let variant = variants
            .iter()
            .position(|name| Some(name.as_str()) == asked);
        let variant = variant.unwrap_or(0);
        let acts = variants
            .get(variant)
            .cloned()
            .map_or(ActsOf::All, ActsOf::Variant);
        let looked_at = &scenario.variants[variant];
        let own = draft.drafted(&acts).map_or(0, |own| own.len());
        let shared_acts = looked_at.amendments.len() - own;
        let memberships = Memberships::new(&scenario, looked_at, &registry, &economy, scope).ok();
        let reform = reforms(&alone(&scenario, variant), &registry, &economy);
        // One variant has one reform.
        let reform = reform.and_then(|mut all| all.pop().ok_or_else(Findings::default));
        Ok(Self {
            scenario,
            variant,
            shared_acts,
            registry,
            economy,
            memberships,
            reform,
        })
    }

    /// The variant that is looked at.
    pub(crate) fn looked_at(&self) -> &Variant {
        &self.scenario.variants[self.variant]
    }

    /// Whether anything is changed, so that there is something to run.
    pub(crate) fn changes_something(&self) -> bool {
        let mut variants = self.scenario.variants.iter();
        variants.any(|variant| !variant.amendments.is_empty())
    }

    /// What the variant that is looked at is worth, where that can be told before the hand has
    /// left the mouse. The others are worked out when they are looked at.
    pub(crate) fn at_once(&self) -> AtOnce {
        let economy = &self.economy;
        let is_large = economy.sectors().len() > 1 || economy.labels().len() > MOST_AT_ONCE;
        if is_large || self.scenario.uncertainty.is_some() {
            return AtOnce::TakesTime;
        }
        let (scenario, silent) = (alone(&self.scenario, self.variant), &Progress::SILENT);
        match acquis_scenario::run(&scenario, &self.registry, &self.economy, false, silent) {
            Ok(outcome) => AtOnce::Solved(outcome),
            Err(error) => AtOnce::Failed(error),
        }
    }
}

/// The scenario with one of its variants, so that the others cost nothing.
fn alone(scenario: &Scenario, variant: usize) -> Scenario {
    let mut alone = scenario.clone();
    alone.variants.swap(0, variant);
    alone.variants.truncate(1);
    alone
}

/// The short name of a scenario for files, from the name that a person gave it.
pub(crate) fn file_name(name: &str) -> String {
    let mut short = String::new();
    for letter in name.to_lowercase().chars() {
        if letter.is_ascii_alphanumeric() {
            short.push(letter);
        } else if !short.is_empty() && !short.ends_with('-') {
            short.push('-');
        }
    }
    let short = short.trim_end_matches('-');
    match short {
        "" => "scenario".to_owned(),
        short => short.chars().take(60).collect(),
    }
}
