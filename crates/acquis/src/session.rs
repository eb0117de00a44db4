//! What a command works on, by the options that every command understands.

use std::path::Path;

use acquis_library::Reach;
pub(crate) use acquis_library::{
    almanac, builtin_economies, economy_named, pack_files, registry, scenario, series,
};
use acquis_registry::{PackFiles, Registry, View};
use acquis_report::subject::law::Question;
use acquis_scenario::{Economy, Scenario};
use jiff::civil::Date;

use crate::arguments::Common;
use crate::failure::Failure;

/// The view that the common options ask for.
pub(crate) fn view<'r>(common: &Common, registry: &'r Registry) -> View<'r> {
    match common.known_by {
        Some(day) => registry.known_by(day),
        None => registry.view(),
    }
}

/// The question that a query asks.
pub(crate) fn question(common: &Common, on: Date) -> Question {
    Question {
        on,
        known_by: common.known_by,
    }
}

/// The pack's files that a scenario runs on: the one of the command line, or the one that
/// the scenario names.
pub(crate) fn scenario_pack(
    common: &Common,
    scenario: &Scenario,
    path: &Path,
) -> Result<PackFiles, Failure> {
    match &common.pack {
        Some(folder) => Ok(pack_files(Some(folder))?),
        None => Ok(acquis_library::scenario_pack(
            scenario,
            Reach::beside(path),
        )?),
    }
}

/// The economy that a scenario names.
pub(crate) fn economy(scenario: &Scenario, path: &Path) -> Result<Economy, Failure> {
    Ok(acquis_library::economy(scenario, Reach::beside(path))?)
}
