//! Which organization or agreement of a dataset is which of a registry: data, in TOML.
//!
//! ```toml
//! group = "cis-twelve"      # what has parties of this group alone is looked for as well
//! expects = "trade"         # and of ours what is about "trade", "security", or "organizations"
//! [[pair]]
//! theirs = "4220"           # the dataset's id or name
//! ours = ["org:csto"]       # one or more that are one thing in the dataset
//! [[state]]
//! theirs = "XFG"            # a state that the registry knows by another code
//! ours = "DEU"
//! ```

use std::collections::BTreeMap;
use std::sync::Arc;

use acquis_registry::document::{self, Fields, Word};
use acquis_registry::{
    Area, Finding, Findings, Institution, InstitutionId, InstitutionKind, Lint, Registry,
    SourceText, StateCode, nearest,
};

use crate::dataset::Dataset;
use crate::error::ExchangeError;

/// The mapping between a dataset and a registry.
#[derive(Debug, Clone)]
pub struct Mapping {
    pub(crate) group: String,
    pub(crate) expects: Expects,
    pub(crate) pairs: BTreeMap<String, Vec<InstitutionId>>,
    states: BTreeMap<String, StateCode>,
}

/// What of a registry a dataset could be expected to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Expects {
    Organizations,
    Trade,
    Security,
}

impl Word for Expects {
    const WHAT: &'static str = "something to expect of a dataset";
    const ALL: &'static [Self] = &[Self::Organizations, Self::Trade, Self::Security];

    fn word(self) -> &'static str {
        match self {
            Self::Organizations => "organizations",
            Self::Trade => "trade",
            Self::Security => "security",
        }
    }
}

impl Expects {
    pub(crate) fn includes(self, institution: &Institution) -> bool {
        match self {
            Self::Organizations => institution.kind == InstitutionKind::Organization,
            Self::Trade => institution.stage.is_some(),
            Self::Security => institution.areas.contains(&Area::Security),
        }
    }
}

const BUILT_IN: [(Dataset, &str, &str); 4] = [
    (
        Dataset::CowIgo,
        "mappings/cow-igo.toml",
        include_str!("../mappings/cow-igo.toml"),
    ),
    (
        Dataset::Desta,
        "mappings/desta.toml",
        include_str!("../mappings/desta.toml"),
    ),
    (
        Dataset::Wto,
        "mappings/wto.toml",
        include_str!("../mappings/wto.toml"),
    ),
    (
        Dataset::Atop,
        "mappings/atop.toml",
        include_str!("../mappings/atop.toml"),
    ),
];

impl Mapping {
    /// The mapping between a dataset and the pack `post-soviet`. What a registry doesn't have
    /// is left out of it, so that it serves a part of that pack as well.
    ///
    /// # Errors
    /// Mistakes in the mapping, at their places.
    pub fn built_in(dataset: Dataset, registry: &Registry) -> Result<Self, ExchangeError> {
        let (_, name, text) = BUILT_IN
            .into_iter()
            .find(|(candidate, ..)| *candidate == dataset)
            .unwrap_or(BUILT_IN[0]);
        let mut findings = Findings::default();
        let mut mapping = Self::decode(&SourceText::new(name, text), &mut findings);
        if let Some(mapping) = &mut mapping {
            for ours in mapping.pairs.values_mut() {
                ours.retain(|id| registry.institution(id).is_some());
            }
            mapping.pairs.retain(|_, ours| !ours.is_empty());
            mapping
                .states
                .retain(|_, ours| registry.state(ours).is_some());
        }
        finished(mapping, findings)
    }

    /// Reads a user's own mapping to a registry.
    ///
    /// # Errors
    /// Mistakes in the mapping, at their places; a name that the registry doesn't have.
    pub fn read(file: &Arc<SourceText>, registry: &Registry) -> Result<Self, ExchangeError> {
        let mut findings = Findings::default();
        let mapping = Self::decode(file, &mut findings);
        for id in mapping
            .iter()
            .flat_map(|mapping| mapping.pairs.values().flatten())
        {
            if registry.institution(id).is_none() {
                let message = format!(
                    "{}: no organization or agreement {:?}",
                    file.name,
                    id.as_str()
                );
                let known = registry.institutions().map(|it| it.id.as_str());
                let mut finding = Finding::error(Lint::UnknownInstitution, None, message);
                finding.nearest = nearest(id.as_str(), known);
                findings.push(finding);
            }
        }
        finished(mapping, findings)
    }

    /// Our code of a state of the dataset.
    pub(crate) fn state<'c>(&'c self, theirs: &'c StateCode) -> &'c StateCode {
        self.states.get(theirs.as_str()).unwrap_or(theirs)
    }

    fn decode(file: &Arc<SourceText>, findings: &mut Findings) -> Option<Self> {
        document::read(file, findings, |fields, findings| {
            let group = fields.required_text("group", findings);
            fields.require("expects", findings);
            let expects = fields.word("expects", findings);
            let pairs = fields.tables("pair", "a pair", findings, pair);
            let states = fields.tables("state", "a state", findings, state);
            Some(Self {
                group: group?.value,
                expects: expects?,
                pairs: pairs.into_iter().collect(),
                states: states.into_iter().collect(),
            })
        })?
    }
}

fn finished(mapping: Option<Mapping>, findings: Findings) -> Result<Mapping, ExchangeError> {
    match mapping {
        Some(mapping) if !findings.has_errors() => Ok(mapping),
        _ => Err(ExchangeError::Mapping(findings)),
    }
}

fn pair(fields: &mut Fields<'_>, findings: &mut Findings) -> Option<(String, Vec<InstitutionId>)> {
    let theirs = fields.required_text("theirs", findings);
    fields.require("ours", findings);
    let ours = fields.texts("ours", findings);
    let ids = ours.iter().map(|id| InstitutionId::new(&id.value));
    Some((theirs?.value, ids.collect()))
}

fn state(fields: &mut Fields<'_>, findings: &mut Findings) -> Option<(String, StateCode)> {
    let theirs = fields.required_text("theirs", findings);
    let ours = fields.required_text("ours", findings)?;
    Some((theirs?.value, StateCode::new(&ours.value)))
}
