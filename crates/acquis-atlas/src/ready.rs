//! Ready questions on blocs: the scenarios that ask one, with the facts and figures that they
//! are asked of. Each is read once, when it is first asked for.

use std::sync::{Arc, OnceLock};

use acquis_economy::Economy;
use acquis_library::{LibraryError, Reach, builtin};
use acquis_registry::{PackFiles, Registry};
use acquis_scenario::{BlocsQuestion, Scenario};

/// A scenario that asks about blocs.
pub(crate) struct ReadyQuestion {
    scenario: Scenario,
    question: BlocsQuestion,
    facts: OnceLock<Arc<Registry>>,
    figures: OnceLock<Arc<Economy>>,
}

impl ReadyQuestion {
    fn new(scenario: Scenario) -> Option<Self> {
        let question = scenario.blocs.clone()?;
        Some(Self {
            scenario,
            question,
            facts: OnceLock::new(),
            figures: OnceLock::new(),
        })
    }

    /// The scenario.
    pub(crate) const fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// What it asks about blocs.
    pub(crate) const fn question(&self) -> &BlocsQuestion {
        &self.question
    }

    /// The economy that it is asked in.
    pub(crate) fn economy(&self) -> Result<&Arc<Economy>, LibraryError> {
        if let Some(economy) = self.figures.get() {
            return Ok(economy);
        }
        let economy = Arc::new(acquis_library::economy(&self.scenario, Reach::BuiltIn)?);
        Ok(self.figures.get_or_init(|| economy))
    }
}

/// All ready questions on blocs.
pub(crate) struct ReadyQuestions {
    questions: Vec<ReadyQuestion>,
    /// The pack that the pages show, and under which name it is built in, if it is.
    shown: (Option<String>, Arc<Registry>),
}

impl ReadyQuestions {
    /// Reads the scenarios. `shown` is the pack that the pages show: it isn't read again for
    /// those who are asked of the same.
    pub(crate) fn read(shown: &PackFiles, registry: &Arc<Registry>) -> Result<Self, LibraryError> {
        let files = builtin::scenarios()
            .into_iter()
            .filter_map(|name| Some((builtin::scenario(&name)?, name)));
        let read = files.map(|(file, name)| Scenario::read(&name, &file));
        let scenarios: Vec<Scenario> = read.collect::<Result<_, _>>()?;
        let mut packs = builtin::packs().into_iter();
        let name = packs.find(|name| builtin::pack(name).as_ref() == Some(shown));
        Ok(Self {
            questions: scenarios
                .into_iter()
                .filter_map(ReadyQuestion::new)
                .collect(),
            shown: (name, Arc::clone(registry)),
        })
    }

    /// The questions, in the order of their names.
    pub(crate) fn all(&self) -> &[ReadyQuestion] {
        &self.questions
    }

    /// The registry of the pack that a question is asked of. The pages may show another one.
    pub(crate) fn registry<'q>(
        &'q self,
        question: &'q ReadyQuestion,
    ) -> Result<&'q Arc<Registry>, LibraryError> {
        let pack = &question.scenario.base.pack;
        let pack = pack.as_deref().unwrap_or(builtin::DEFAULT_PACK);
        if self.shown.0.as_deref() == Some(pack) {
            return Ok(&self.shown.1);
        }
        let is_of_it = |other: &&ReadyQuestion| {
            let name = other.scenario.base.pack.as_deref();
            name.unwrap_or(builtin::DEFAULT_PACK) == pack
        };
        let mut others = self.questions.iter().filter(is_of_it);
        let known = others.find_map(|other| other.facts.get());
        let registry = if let Some(registry) = known {
            Arc::clone(registry)
        } else {
            let files = acquis_library::scenario_pack(&question.scenario, Reach::BuiltIn)?;
            Arc::new(acquis_library::registry(&files)?)
        };
        Ok(question.facts.get_or_init(|| registry))
    }
}
