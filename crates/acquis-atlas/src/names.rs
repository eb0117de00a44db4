//! Where a name leads: from the words in a table to the page of the thing.

use std::collections::HashMap;

use acquis_registry::{InstitutionId, Registry, SourceId, StateCode};
use maud::{Markup, html};

use crate::visit::{Visit, path};

/// The path of a state's page.
pub(crate) fn state_path(code: &StateCode) -> String {
    path(["states", code.as_str()])
}

/// The path of the page of an organization or agreement.
pub(crate) fn institution_path(id: &InstitutionId) -> String {
    path(["organizations", id.as_str()])
}

/// The path of a source's page.
pub(crate) fn source_path(id: &SourceId) -> String {
    path(["sources", id.as_str()])
}

/// The path of the page of two states.
pub(crate) fn pair_path(first: &StateCode, second: &StateCode) -> String {
    path(["pairs", first.as_str(), second.as_str()])
}

/// The pages of everything that has a name, by every form of the name that answers use.
pub(crate) struct Names {
    paths: HashMap<String, String>,
}

/// What may stand between names in one cell.
const SEPARATORS: [&str; 3] = ["; ", ", ", " "];

impl Names {
    /// The names of a registry.
    pub(crate) fn new(registry: &Registry) -> Self {
        let mut names = Self {
            paths: HashMap::new(),
        };
        for state in registry.states() {
            let path = state_path(&state.code);
            names.add(state.code.as_str(), &path);
            for name in &state.names {
                names.add(&name.name, &path);
            }
        }
        for institution in registry.institutions() {
            let path = institution_path(&institution.id);
            names.add(institution.id.as_str(), &path);
            for name in &institution.names {
                names.add(&name.name, &path);
                names.add(name.shortest(), &path);
                names.add(&format!("{} ({})", name.name, name.shortest()), &path);
            }
        }
        for source in registry.sources() {
            names.add(source.id.as_str(), &source_path(&source.id));
        }
        names
    }

    /// The first to bear a name keeps it: ids come first.
    fn add(&mut self, name: &str, path: &str) {
        self.paths
            .entry(name.to_owned())
            .or_insert_with(|| path.to_owned());
    }

    /// The page of a name.
    pub(crate) fn path(&self, name: &str) -> Option<&str> {
        self.paths.get(name).map(String::as_str)
    }

    /// A text whose words are names, each leading to its page; `None` where one of them is
    /// no name.
    pub(crate) fn linked(&self, visit: &Visit, text: &str) -> Option<Markup> {
        if let Some(path) = self.path(text) {
            return Some(html! { a href=(visit.link(path)) { (text) } });
        }
        let separator = SEPARATORS
            .into_iter()
            .find(|separator| text.contains(separator))?;
        let parts: Vec<(&str, Option<&str>)> = text
            .split(separator)
            .map(|part| (part, self.path(part)))
            .collect();
        let known = parts.iter().filter(|(_, path)| path.is_some()).count();
        (2 * known > parts.len()).then(|| {
            html! {
                @for (place, (part, path)) in parts.iter().enumerate() {
                    @if place > 0 { (separator) }
                    @match path {
                        Some(path) => a href=(visit.link(path)) { (part) },
                        None => (part),
                    }
                }
            }
        })
    }
}
