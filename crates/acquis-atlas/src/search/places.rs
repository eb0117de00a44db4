//! The land of disputed standing on the map of the atlas: what the sources of its borders draw
//! in different states, and what they have no outline of.

use acquis_registry::Registry;
use acquis_report::outlines::{Dispute, Mark, Outlines};

use crate::visit::address;

/// Land on the map.
pub(crate) struct Place<'o> {
    /// Its name.
    pub(crate) name: &'o str,
    /// How the map shows it.
    pub(crate) about: String,
}

impl Place<'_> {
    /// The map.
    pub(crate) fn address() -> String {
        address("/", [("view", "map")])
    }
}

/// All land of disputed standing that lies in a state of the registry, so that the map shows it.
pub(crate) fn places<'o>(registry: &Registry, outlines: &'o Outlines) -> Vec<Place<'o>> {
    let drawn = outlines.disputes().filter_map(|dispute| {
        let about = differs(registry, outlines, &dispute)?;
        Some(Place {
            name: dispute.name,
            about,
        })
    });
    let marked = outlines.marks().filter_map(|mark| {
        let about = is_marked(registry, &mark)?;
        Some(Place {
            name: mark.name,
            about,
        })
    });
    drawn.chain(marked).collect()
}

fn state_name<'r>(registry: &'r Registry, code: &str) -> Option<&'r str> {
    let mut states = registry.states();
    let state = states.find(|state| state.code.as_str() == code);
    state.map(acquis_registry::State::name)
}

/// Who draws it in which state; nothing where the registry has none of them.
fn differs(registry: &Registry, outlines: &Outlines, dispute: &Dispute<'_>) -> Option<String> {
    let viewpoints = outlines.viewpoints().iter().zip(dispute.drawn_in);
    let drawn: Option<Vec<String>> = viewpoints
        .map(|(viewpoint, code)| {
            let state = state_name(registry, code)?;
            Some(format!("in {state} by {}", viewpoint.name))
        })
        .collect();
    let drawn = drawn?.join(", ");
    let agreed = dispute.before.and_then(|(day, code)| {
        let state = state_name(registry, code)?;
        Some(format!("; before {day} in {state} by all"))
    });
    let agreed = agreed.unwrap_or_default();
    Some(format!(
        "On the map, hatched: drawn {drawn}{agreed}. Choose whose borders the map has."
    ))
}

/// Where its mark is; nothing where that is not in a state of the registry.
fn is_marked(registry: &Registry, mark: &Mark<'_>) -> Option<String> {
    mark.within
        .and_then(|within| state_name(registry, within))?;
    Some(format!(
        "On the map, a mark at {}: of disputed standing; the sources of the borders have no \
         outline of it.",
        mark.town
    ))
}
