//! What the lab works with: the scenarios that ship, the economies that they are asked in, and
//! the scenarios that are saved.

use acquis_library::builtin;
use acquis_scenario::Scenario;
use acquis_store::Keeping;

use super::{Entry, Index, Kind};
use crate::atlas::Atlas;
use crate::problem::Problem;
use crate::visit::path;

/// Where the scenarios that ship are opened.
const READY: &str = "/lab#ready";

/// The scenarios that ship.
pub(super) fn shipped() -> Vec<Entry> {
    let read = |name: &String| {
        let scenario = Scenario::read(name, &builtin::scenario(name)?).ok()?;
        let forms = [scenario.name.as_str(), scenario.title.as_str()];
        let variants = scenario.variants.iter().map(|it| it.title.as_str());
        let sources = scenario.elasticity.iter().map(|it| it.source.as_str());
        let sources = sources.chain([scenario.effects.source.as_str()]);
        let text: Vec<&str> = std::iter::once(scenario.description.as_str())
            .chain(variants)
            .chain(sources)
            .collect();
        Some(Entry::new(
            Kind::Scenario,
            &scenario.title,
            scenario.description.clone(),
            READY.to_owned(),
            forms,
            &text.join(" "),
        ))
    };
    builtin::scenarios().iter().filter_map(read).collect()
}

impl Index {
    /// What isn't known when the program starts: the economies, which take a while to read, and
    /// the scenarios that are saved by now.
    pub(crate) fn of_the_lab(atlas: &Atlas) -> Result<Self, Problem> {
        let economies = atlas.economies()?.iter().map(|economy| {
            let card = &economy.card;
            let text: Vec<&str> = card.sources.iter().map(String::as_str).collect();
            Entry::new(
                Kind::Economy,
                &card.title,
                card.id.clone(),
                path(["data", "economies", card.id.as_str()]),
                [card.id.as_str(), card.title.as_str()],
                &text.join(" "),
            )
        });
        let mut entries: Vec<Entry> = economies.collect();
        if let Ok(lab) = atlas.lab() {
            let saved = lab.store.scenarios(Keeping::Kept)?.into_iter();
            entries.extend(saved.map(|card| {
                Entry::new(
                    Kind::Scenario,
                    &card.name,
                    format!("Saved in the Lab, revision {}", card.revision),
                    path(["lab", "scenarios", card.id.to_string().as_str()]),
                    [card.name.as_str()],
                    "",
                )
            }));
        }
        Ok(Self { entries })
    }
}
