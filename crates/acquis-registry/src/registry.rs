//! The registry: everything a pack holds, with look-up by id and by name.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;

use crate::check;
use crate::claim::{Assertion, Sourced};
use crate::finding::{Finding, Findings, Lint, SourceText};
use crate::model::{
    Institution, InstitutionId, Name, PackCard, Rule, Source, SourceId, State, StateCode,
};
use crate::pack::Draft;
use crate::statement::{Conflict, Indicator, Instrument, Statement};
use crate::view::View;

/// Something in a registry that a text can name.
#[derive(Debug, Clone, Copy)]
pub enum Named<'r> {
    /// A state.
    State(&'r State),
    /// An organization or agreement.
    Institution(&'r Institution),
}

/// Everything a pack holds. States, institutions and sources are in the order of their
/// ids, whatever the order of the files was.
#[derive(Debug, Clone)]
pub struct Registry {
    card: PackCard,
    sources: BTreeMap<SourceId, Source>,
    states: BTreeMap<StateCode, State>,
    institutions: BTreeMap<InstitutionId, Institution>,
    rules: Vec<Rule>,
    conflicts: Vec<Conflict>,
    statements: Vec<Statement>,
    instruments: Vec<Instrument>,
    indicators: Vec<Indicator>,
}

/// A registry, and what its reader may want to know.
#[derive(Debug)]
pub struct Loaded {
    /// The registry.
    pub registry: Registry,
    /// Warnings.
    pub warnings: Findings,
}

impl Registry {
    /// Reads and checks the files of a pack.
    ///
    /// # Errors
    /// Every mistake found, each at its place; warnings among them.
    pub fn load(files: &[Arc<SourceText>]) -> Result<Loaded, Findings> {
        let mut findings = Findings::default();
        let draft = Draft::read(files, &mut findings);
        check::duplicates(&draft, &mut findings);
        let registry = Self {
            card: draft.card,
            sources: by_key(draft.sources, |source| source.id.clone()),
            states: by_key(draft.states, |state| state.code.clone()),
            institutions: by_key(draft.institutions, |institution| institution.id.clone()),
            rules: draft.rules,
            conflicts: draft.conflicts,
            statements: draft.statements,
            instruments: draft.instruments,
            indicators: draft.indicators,
        };
        // A file that could not be read makes every name that it declares unknown: one
        // mistake is reported once.
        if !findings.has_errors() {
            check::registry(&registry, &mut findings);
        }
        let findings = findings.sorted();
        if findings.has_errors() {
            return Err(findings);
        }
        Ok(Loaded {
            registry,
            warnings: findings,
        })
    }

    /// The pack's own card.
    pub const fn card(&self) -> &PackCard {
        &self.card
    }

    /// All sources.
    pub fn sources(&self) -> impl Iterator<Item = &Source> {
        self.sources.values()
    }

    /// All states.
    pub fn states(&self) -> impl Iterator<Item = &State> {
        self.states.values()
    }

    /// All organizations and agreements.
    pub fn institutions(&self) -> impl Iterator<Item = &Institution> {
        self.institutions.values()
    }

    /// The rules of incompatibility.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The known disagreements between sources, in the order of their ids.
    pub fn conflicts(&self) -> impl Iterator<Item = &Conflict> {
        self.conflicts.iter()
    }

    /// All statements, in the order of their ids.
    pub fn statements(&self) -> impl Iterator<Item = &Statement> {
        self.statements.iter()
    }

    /// All instruments, in the order of their ids.
    pub fn instruments(&self) -> impl Iterator<Item = &Instrument> {
        self.instruments.iter()
    }

    /// All indicators, in the order of their ids.
    pub fn indicators(&self) -> impl Iterator<Item = &Indicator> {
        self.indicators.iter()
    }

    /// Every claim, whatever it is about.
    pub fn claims(&self) -> impl Iterator<Item = &dyn Sourced> {
        let acts = self
            .institutions()
            .flat_map(|institution| &institution.acts)
            .flat_map(|act| &act.claims)
            .map(|claim| claim as &dyn Sourced);
        let others = self
            .assertions()
            .flat_map(|(claims, _)| claims)
            .map(|claim| claim as &dyn Sourced);
        acts.chain(others)
    }

    /// The claims about what is not an act, thing by thing, each with the known conflicts
    /// it belongs to.
    pub(crate) fn assertions(&self) -> impl Iterator<Item = (&[Assertion], &[String])> {
        let organs = || {
            self.institutions()
                .flat_map(|institution| &institution.organs)
        };
        let statements = self.statements.iter().map(|it| (&it.claims, &it.conflicts));
        let instruments = self
            .instruments
            .iter()
            .map(|it| (&it.claims, &it.conflicts));
        let indicators = self.indicators.iter().map(|it| (&it.claims, &it.conflicts));
        let rules = organs().flat_map(|organ| &organ.rules);
        statements
            .chain(instruments)
            .chain(indicators)
            .chain(organs().map(|it| (&it.claims, &it.conflicts)))
            .chain(rules.map(|it| (&it.claims, &it.conflicts)))
            .map(|(claims, conflicts)| (&claims[..], &conflicts[..]))
    }

    /// The entries of a list of facts that anything in the registry rests on: claims, names,
    /// states and rules.
    pub fn cited_facts(&self) -> BTreeSet<&str> {
        let states = self
            .states()
            .flat_map(|state| state.facts.iter().chain(facts_of_names(&state.names)));
        let names = self
            .institutions()
            .flat_map(|institution| facts_of_names(&institution.names));
        let rules = self.rules.iter().flat_map(|rule| &rule.facts);
        self.claims()
            .flat_map(Sourced::facts)
            .chain(states)
            .chain(names)
            .chain(rules)
            .map(String::as_str)
            .collect()
    }

    /// A statement by id.
    pub fn statement(&self, id: &str) -> Option<&Statement> {
        self.statements.iter().find(|statement| statement.id == id)
    }

    /// An instrument by id.
    pub fn instrument(&self, id: &str) -> Option<&Instrument> {
        self.instruments
            .iter()
            .find(|instrument| instrument.id == id)
    }

    /// An indicator by id.
    pub fn indicator(&self, id: &str) -> Option<&Indicator> {
        self.indicators.iter().find(|indicator| indicator.id == id)
    }

    /// A source by id.
    pub fn source(&self, id: &SourceId) -> Option<&Source> {
        self.sources.get(id)
    }

    /// A state by code.
    pub fn state(&self, code: &StateCode) -> Option<&State> {
        self.states.get(code)
    }

    /// An organization or agreement by id.
    pub fn institution(&self, id: &InstitutionId) -> Option<&Institution> {
        self.institutions.get(id)
    }

    /// The state that a user's text names: its code or any of its names, in any case.
    ///
    /// # Errors
    /// An unknown state, with the nearest name.
    pub fn find_state(&self, text: &str) -> Result<&State, Finding> {
        let wanted = text.trim().to_lowercase();
        let matches = |state: &&State| {
            state.code.as_str().to_lowercase() == wanted
                || state
                    .names
                    .iter()
                    .flat_map(super::model::Name::forms)
                    .any(|form| form.to_lowercase() == wanted)
        };
        self.states.values().find(matches).ok_or_else(|| {
            Finding::error(Lint::UnknownState, None, format!("no state {text:?}"))
                .near(text, self.state_names())
        })
    }

    /// The organization or agreement that a user's text names: its id with or without the
    /// prefix, or any of its names, in any case.
    ///
    /// # Errors
    /// An unknown organization or agreement, with the nearest name.
    pub fn find_institution(&self, text: &str) -> Result<&Institution, Finding> {
        let wanted = text.trim().to_lowercase();
        let by_id = |institution: &&Institution| {
            let id = institution.id.as_str();
            id == wanted || id.split_once(':').is_some_and(|(_, name)| name == wanted)
        };
        let by_name = |institution: &&Institution| {
            let mut names = institution.names.iter();
            names.any(|name| {
                let proper = [Some(name.name.as_str()), name.short.as_deref()];
                let mut proper = proper.into_iter().flatten();
                proper.any(|form| form.to_lowercase() == wanted)
            })
        };
        let by_other_form = |institution: &&Institution| {
            institution
                .names
                .iter()
                .flat_map(super::model::Name::forms)
                .any(|form| form.to_lowercase() == wanted)
        };
        // A name of its own goes before one that is also in use: two may share the latter.
        self.institutions
            .values()
            .find(by_id)
            .or_else(|| self.institutions.values().find(by_name))
            .or_else(|| self.institutions.values().find(by_other_form))
            .ok_or_else(|| {
                Finding::error(
                    Lint::UnknownInstitution,
                    None,
                    format!("no organization or agreement {text:?}"),
                )
                .near(text, self.institution_names())
            })
    }

    /// The state, organization or agreement that a user's text names; a state goes before an
    /// organization of the same name.
    ///
    /// # Errors
    /// A text that names none of them, with the nearest name.
    pub fn find_named(&self, text: &str) -> Result<Named<'_>, Finding> {
        let no_state = match self.find_state(text) {
            Ok(state) => return Ok(Named::State(state)),
            Err(finding) => finding,
        };
        self.find_institution(text)
            .map(Named::Institution)
            .map_err(|mut finding| {
                finding.message = format!("no state, organization or agreement {text:?}");
                finding.nearest = finding.nearest.or(no_state.nearest);
                finding
            })
    }

    fn state_names(&self) -> impl Iterator<Item = &str> {
        self.states
            .keys()
            .map(StateCode::as_str)
            .chain(self.states.values().map(State::name))
    }

    pub(crate) fn institution_names(&self) -> impl Iterator<Item = &str> {
        self.institutions.values().flat_map(|institution| {
            std::iter::once(institution.id.as_str())
                .chain(institution.names.iter().flat_map(super::model::Name::forms))
        })
    }

    /// Everything, whenever it became known.
    pub fn view(&self) -> View<'_> {
        View::new(self, None)
    }

    /// Only what had been published by `day`.
    pub fn known_by(&self, day: Date) -> View<'_> {
        View::new(self, Some(day))
    }

    pub(crate) fn institutions_mut(&mut self) -> &mut BTreeMap<InstitutionId, Institution> {
        &mut self.institutions
    }

    pub(crate) fn add_source(&mut self, source: Source) {
        self.sources.insert(source.id.clone(), source);
    }
}

fn facts_of_names(names: &[Name]) -> impl Iterator<Item = &String> {
    names.iter().flat_map(|name| &name.facts)
}

fn by_key<K: Ord, T>(items: Vec<T>, key: impl Fn(&T) -> K) -> BTreeMap<K, T> {
    items.into_iter().map(|item| (key(&item), item)).collect()
}
