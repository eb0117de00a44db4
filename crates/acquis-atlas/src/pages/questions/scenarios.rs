//! Ready scenarios that ask about a state: what the law has no answer to because it did not
//! come about, a scenario may ask.

use acquis_registry::{Amendment, Change, Participants, Party, Registry, StateCode};
use acquis_scenario::Scenario;
use maud::{Markup, html};

use crate::visit::address;

/// The ready scenarios that name a state in an act or among those of a bloc.
fn about(registry: &Registry, state: &StateCode) -> Vec<Scenario> {
    let names = acquis_library::builtin::scenarios().into_iter();
    let ready = names.filter_map(|name| acquis_library::scenario(name.as_ref()).ok());
    ready
        .filter(|scenario| names_it(registry, scenario, state))
        .collect()
}

fn names_it(registry: &Registry, scenario: &Scenario, state: &StateCode) -> bool {
    let party = Party::State(state.clone());
    let acts_on_it = |amendment: &Amendment| whom(&amendment.change).lists(&party);
    let is_it = |name: &str| {
        let found = registry.find_state(name);
        found.is_ok_and(|found| found.code == *state)
    };
    let of_variants = scenario.variants.iter().flat_map(|it| &it.amendments);
    let mut acts = scenario.shared.iter().chain(of_variants);
    let of_blocs = scenario.blocs.as_ref().is_some_and(|blocs| {
        let mut named = blocs.candidates.iter().chain(&blocs.founders);
        let mut offered = blocs.offers.iter().flat_map(|offer| &offer.amendments);
        named.any(|named| is_it(&named.value)) || offered.any(acts_on_it)
    });
    of_blocs || acts.any(acts_on_it)
}

const fn whom(change: &Change) -> &Participants {
    match change {
        Change::Add { who, .. } | Change::Strike { who, .. } | Change::Move { who, .. } => who,
    }
}

/// A list of the scenarios that ask about a state; nothing where there is none.
pub(crate) fn asking_about(registry: &Registry, state: &StateCode) -> Markup {
    let found = about(registry, state);
    html! {
        @if !found.is_empty() {
            section #scenarios aria-labelledby="h-scenarios" {
                h2 #h-scenarios { "Scenarios that ask about this state" }
                ul {
                    @for scenario in &found {
                        li {
                            a href="/lab#ready" { (scenario.title) } ": " (scenario.description)
                            @if scenario.blocs.is_some() {
                                " " a href=(address("/blocs", [("scenario", scenario.name.as_str())])) {
                                    "See which union would hold"
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
