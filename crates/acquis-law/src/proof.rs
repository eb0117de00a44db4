//! Why an answer is as it is: a small tree of statements, down to acts and the claims
//! that report them.

use acquis_registry::{Claim, Institution, KnownAct, Party, Registry, State};

/// A statement and what it follows from.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Proof {
    /// The statement.
    pub statement: String,
    /// The act it rests on directly.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub act: Option<Evidence>,
    /// What it follows from.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub because: Vec<Proof>,
}

/// An act with the claim that is used for it and those that disagree.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Evidence {
    /// The organization or agreement.
    pub institution: String,
    /// The kind of act.
    pub act: String,
    /// Those it concerns; empty for all.
    pub who: Vec<String>,
    /// Those towards whom alone something is suspended; empty for all other acts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub towards: Vec<String>,
    /// The claim in use.
    pub claim: Testimony,
    /// Claims that are not used, and why.
    pub others: Vec<Testimony>,
    /// Whether a claim that is not deprecated disagrees.
    pub contested: bool,
}

/// What one source says.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Testimony {
    /// The source's id.
    pub source: String,
    /// Author, title, date.
    pub citation: String,
    /// Where in the source.
    pub locator: Option<String>,
    /// The day of the act.
    pub on: Option<String>,
    /// The day of its effect.
    pub effect: Option<String>,
    /// The stage attained (assessments).
    pub stage: Option<String>,
    /// Whether it denies the act.
    pub denies: bool,
    /// Preferred, normal or deprecated.
    pub rank: String,
    /// Why.
    pub reason: Option<String>,
    /// Whether it can hold beside the claim in use.
    pub agrees: bool,
    /// A paraphrase.
    pub says: Option<String>,
    /// Entries of a list of facts.
    pub facts: Vec<String>,
}

impl Proof {
    /// A statement that follows from others.
    pub fn from_statements(statement: impl Into<String>, because: Vec<Self>) -> Self {
        Self {
            statement: statement.into(),
            act: None,
            because,
        }
    }

    /// A statement that rests on an act.
    pub fn from_act(registry: &Registry, act: &KnownAct<'_>) -> Self {
        let evidence = Evidence::new(registry, act);
        Self {
            statement: evidence.sentence(registry, act),
            act: Some(evidence),
            because: Vec::new(),
        }
    }

    /// Whether anything in the tree is contested.
    pub fn is_contested(&self) -> bool {
        self.act.as_ref().is_some_and(|act| act.contested)
            || self.because.iter().any(Self::is_contested)
    }

    /// The tree as indented lines.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        self.add_lines(0, &mut lines);
        lines
    }

    fn add_lines(&self, depth: usize, lines: &mut Vec<String>) {
        let indent = "  ".repeat(depth);
        lines.push(format!("{indent}{}", self.statement));
        if let Some(act) = &self.act {
            let (agreeing, disagreeing): (Vec<_>, Vec<_>) =
                act.others.iter().partition(|other| other.agrees);
            if !agreeing.is_empty() {
                let sources: Vec<String> = agreeing.iter().map(|other| other.place()).collect();
                lines.push(format!("{indent}  agree: {}", sources.join("; ")));
            }
            for other in disagreeing {
                lines.push(format!("{indent}  disagrees: {}", other.sentence()));
            }
        }
        for proof in &self.because {
            proof.add_lines(depth + 1, lines);
        }
    }
}

impl Evidence {
    /// The evidence of an act in a view.
    pub fn new(registry: &Registry, act: &KnownAct<'_>) -> Self {
        let who = act.act.who.ids().into_iter().map(str::to_owned).collect();
        Self {
            institution: act.institution.id.to_string(),
            act: act.act.kind.name().label().to_owned(),
            who,
            towards: act
                .act
                .kind
                .towards()
                .iter()
                .map(ToString::to_string)
                .collect(),
            claim: Testimony::new(registry, act.claim, true),
            others: act
                .others
                .iter()
                .map(|claim| Testimony::new(registry, claim, claim.agrees_with(act.claim)))
                .collect(),
            contested: act.contested,
        }
    }

    fn sentence(&self, registry: &Registry, act: &KnownAct<'_>) -> String {
        let named = |word: &str, parties: &[Party]| {
            if parties.is_empty() {
                return String::new();
            }
            let names = parties.iter().map(|party| party_name(registry, party));
            format!(" {word} {}", names.collect::<Vec<_>>().join(", "))
        };
        let who = named("by", act.act.who.parties());
        let towards = named("towards", act.act.kind.towards());
        let contested = if self.contested { " (contested)" } else { "" };
        format!(
            "{}: {}{who}{towards}, {}{contested}",
            act.institution.short_name(),
            self.act,
            self.claim.sentence()
        )
    }
}

/// The name of a party in a sentence, or its id where the registry does not know it.
pub(crate) fn party_name<'r>(registry: &'r Registry, party: &'r Party) -> &'r str {
    let name = match party {
        Party::State(code) => registry.state(code).map(State::name),
        Party::Organization(id) => registry.institution(id).map(Institution::short_name),
    };
    name.unwrap_or(party.as_str())
}

impl Testimony {
    fn new(registry: &Registry, claim: &Claim, agrees: bool) -> Self {
        Self {
            source: claim.source.to_string(),
            citation: registry
                .source(&claim.source)
                .map(acquis_registry::Source::citation)
                .unwrap_or_default(),
            locator: claim.locator.clone(),
            on: claim.on.as_ref().map(ToString::to_string),
            effect: claim.effect.as_ref().map(ToString::to_string),
            stage: claim.stage.map(|stage| stage.label().to_owned()),
            denies: claim.denies,
            rank: claim.rank.word().to_owned(),
            reason: claim.rank.reason().map(str::to_owned),
            agrees,
            says: claim.says.clone(),
            facts: claim.facts.clone(),
        }
    }

    /// The source and where in it.
    fn place(&self) -> String {
        match &self.locator {
            Some(locator) => format!("{}, {locator}", self.source),
            None => self.source.clone(),
        }
    }

    fn sentence(&self) -> String {
        let mut parts = Vec::new();
        if self.denies {
            parts.push("denied".to_owned());
        }
        if let Some(stage) = &self.stage {
            parts.push(format!("stage: {stage},"));
        }
        match (&self.on, &self.effect) {
            (Some(on), Some(effect)) if on != effect => {
                parts.push(format!("{on}, with effect from {effect}"));
            }
            (Some(day), _) | (None, Some(day)) => parts.push(day.clone()),
            (None, None) => {}
        }
        parts.push(format!("[{}]", self.place()));
        if self.rank == "deprecated" {
            parts.push("deprecated".to_owned());
        }
        if let Some(reason) = &self.reason {
            parts.push(format!("({reason})"));
        }
        parts.join(" ")
    }
}
