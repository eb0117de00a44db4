//! Writes a registry as the files of a pack: the way back from [`Registry::load`].
//!
//! What is written has one claim a line and the keys of `docs/pack-format.md`, in one fixed
//! order, so that two registries are equal exactly if their files are. Reading the files gives
//! the registry again; comments and the places of things in the files are not kept.

mod testimony;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;

use crate::claim::{Claim, Rank};
use crate::date::EdtfDate;
use crate::document::Word;
use crate::finding::SourceText;
use crate::model::{
    Act, ActKind, Institution, InstitutionId, Name, PackCard, Participants, Rule, Source, State,
};
use crate::pack::PackFiles;
use crate::registry::Registry;
use crate::vocabulary::{AdmittedAs, InstitutionKind, RankName};

pub use testimony::{write_conflict, write_indicator, write_instrument, write_statement};

impl Registry {
    /// The registry as the text files of a pack, with the names they have by habit.
    ///
    /// ```
    /// use acquis_registry::{Registry, SourceText};
    ///
    /// let text = r#"state = [{ id = "BEL", names = [{ name = "Belgium" }] }]"#;
    /// let registry = Registry::load(&[SourceText::new("states.toml", text)])?.registry;
    /// let files = registry.to_pack_files();
    /// assert_eq!(files[0].name, "states.toml");
    /// assert_eq!(Registry::load(&files)?.registry.to_pack_files(), files);
    /// # Ok::<(), acquis_registry::Findings>(())
    /// ```
    pub fn to_pack_files(&self) -> PackFiles {
        let mut files = Vec::new();
        let mut add = |name: &str, text: String| {
            if !text.is_empty() {
                files.push(SourceText::new(name, text));
            }
        };
        add("pack.toml", write_card(self.card()));
        add("sources.toml", self.sources().map(write_source).collect());
        add("states.toml", self.states().map(write_state).collect());
        add("rules.toml", self.rules().iter().map(write_rule).collect());
        add(
            "conflicts.toml",
            self.conflicts().map(write_conflict).collect(),
        );
        add(
            "statements.toml",
            self.statements().map(write_statement).collect(),
        );
        add(
            "instruments.toml",
            self.instruments().map(write_instrument).collect(),
        );
        add(
            "indicators.toml",
            self.indicators().map(write_indicator).collect(),
        );
        files.extend(institution_files(self.institutions()));
        files
    }
}

/// One file for each organization and agreement, in a folder for each kind. Names of files
/// keep to letters, digits, `-`, `_` and `.`, and are unique even where case is ignored.
pub fn institution_files<'i>(
    institutions: impl IntoIterator<Item = &'i Institution>,
) -> Vec<Arc<SourceText>> {
    let mut taken = BTreeSet::new();
    institutions
        .into_iter()
        .map(|institution| {
            let folder = match institution.kind {
                InstitutionKind::Organization => "organizations",
                InstitutionKind::Agreement => "agreements",
            };
            let stem = format!("{folder}/{}", file_stem(institution.id.as_str()));
            let mut name = stem.clone();
            let mut number = 2;
            while !taken.insert(name.to_lowercase()) {
                name = format!("{stem}-{number}");
                number += 1;
            }
            SourceText::new(format!("{name}.toml"), write_institution(institution))
        })
        .collect()
}

fn file_stem(id: &str) -> String {
    let name = id.split_once(':').map_or(id, |(_, name)| name);
    let kept: String = name
        .chars()
        .map(|letter| match letter {
            'a'..='z' | 'A'..='Z' | '0'..='9' | '-' | '_' => letter,
            '.' => '.',
            _ => '-',
        })
        .collect();
    match kept.trim_start_matches('.') {
        "" => "unnamed".to_owned(),
        visible => visible.to_owned(),
    }
}

/// `[pack]`; empty for a card without an id.
pub fn write_card(card: &PackCard) -> String {
    if card.id.is_empty() {
        return String::new();
    }
    let mut pairs = Pairs::default();
    pairs.text("id", &card.id);
    pairs.text("title", &card.title);
    pairs.text("description", &card.description);
    pairs.date("covers", card.covers.as_ref());
    pairs.optional("licence", card.licence.as_deref());
    format!("[pack]\n{}", pairs.lines())
}

/// `[[source]]`
pub fn write_source(source: &Source) -> String {
    let mut pairs = Pairs::default();
    pairs.text("id", source.id.as_str());
    pairs.word("type", source.source_type);
    pairs.text("title", &source.title);
    pairs.optional("author", source.author.as_deref());
    pairs.date("published", source.published.as_ref());
    pairs.date("accessed", source.accessed.as_ref());
    pairs.optional("url", source.url.as_deref());
    pairs.date("covers", source.covers.as_ref());
    pairs.optional("note", source.note.as_deref());
    format!("[[source]]\n{}\n", pairs.lines())
}

/// `[[state]]`
pub fn write_state(state: &State) -> String {
    let mut pairs = Pairs::default();
    pairs.text("id", state.code.as_str());
    pairs.word("kind", state.kind);
    pairs.raw("names", &write_names(&state.names));
    pairs.date("from", state.from.as_ref());
    pairs.date("until", state.until.as_ref());
    pairs.optional("src", state.source.as_ref().map(super::SourceId::as_str));
    pairs.optional("at", state.locator.as_deref());
    pairs.texts(
        "predecessors",
        state.predecessors.iter().map(super::StateCode::as_str),
    );
    pairs.optional("recognition", state.recognition.as_deref());
    pairs.texts(
        "claimed_by",
        state.claimed_by.iter().map(super::StateCode::as_str),
    );
    pairs.texts("groups", state.groups.iter().map(String::as_str));
    pairs.texts("facts", state.facts.iter().map(String::as_str));
    format!("[[state]]\n{}\n", pairs.lines())
}

/// `[[rule]]`
pub fn write_rule(rule: &Rule) -> String {
    let mut pairs = Pairs::default();
    pairs.text("id", &rule.id);
    pairs.word("kind", rule.kind);
    pairs.text("statement", &rule.statement);
    pairs.texts(
        "institutions",
        rule.institutions.iter().map(InstitutionId::as_str),
    );
    pairs.date("from", rule.from.as_ref());
    let basis = rule.basis.iter().map(|basis| {
        let mut pairs = Pairs::default();
        pairs.text("src", basis.source.as_str());
        pairs.optional("at", basis.locator.as_deref());
        pairs
    });
    pairs.raw("basis", &one_a_line(basis));
    pairs.texts("facts", rule.facts.iter().map(String::as_str));
    format!("[[rule]]\n{}\n", pairs.lines())
}

/// A whole file: an organization or agreement with its acts.
pub fn write_institution(institution: &Institution) -> String {
    let mut pairs = Pairs::default();
    pairs.text("id", institution.id.as_str());
    pairs.word("kind", institution.kind);
    pairs.optional("summary", institution.summary.as_deref());
    pairs.texts("areas", institution.areas.iter().map(|area| area.word()));
    if let Some(stage) = institution.stage {
        pairs.word("stage", stage);
    }
    pairs.word("membership_from", institution.membership_from);
    pairs.optional(
        "within",
        institution
            .within
            .as_ref()
            .map(super::InstitutionId::as_str),
    );
    pairs.raw("names", &write_names(&institution.names));
    if let Some(legal_basis) = testimony::legal_basis(institution) {
        pairs.raw("legal_basis", &legal_basis);
    }
    let acts: String = institution.acts.iter().map(write_act).collect();
    let organs: String = institution.organs.iter().map(testimony::organ).collect();
    format!("{}{acts}{organs}", pairs.lines())
}

fn write_names(names: &[Name]) -> String {
    one_a_line(names.iter().map(|name| {
        let mut pairs = Pairs::default();
        pairs.text("name", &name.name);
        pairs.optional("short", name.short.as_deref());
        pairs.date("from", name.from.as_ref());
        pairs.texts("also", name.also.iter().map(String::as_str));
        pairs.optional("src", name.source.as_ref().map(super::SourceId::as_str));
        pairs.optional("at", name.locator.as_deref());
        pairs.texts("facts", name.facts.iter().map(String::as_str));
        pairs
    }))
}

fn write_act(act: &Act) -> String {
    let mut pairs = Pairs::default();
    pairs.word("act", act.kind.name());
    if let ActKind::Accession(standing) = act.kind
        && standing != AdmittedAs::Member
    {
        pairs.word("standing", standing);
    }
    if let ActKind::Succession(of) = &act.kind {
        pairs.text("of", of.as_str());
    }
    let towards = act.kind.towards();
    if !towards.is_empty() {
        pairs.raw("towards", &list(towards.iter().map(super::Party::as_str)));
    }
    if let Some(into) = act.kind.successor() {
        pairs.text("into", into.as_str());
    }
    if let Participants::Listed(parties) = &act.who {
        pairs.raw("who", &list(parties.iter().map(super::Party::as_str)));
    }
    pairs.texts("conflict", act.conflicts.iter().map(String::as_str));
    pairs.optional("note", act.note.as_deref());
    pairs.raw("claims", &one_a_line(act.claims.iter().map(claim_pairs)));
    format!("\n[[act]]\n{}", pairs.lines())
}

fn claim_pairs(claim: &Claim) -> Pairs {
    let mut pairs = Pairs::default();
    pairs.date("on", claim.on.as_ref());
    pairs.date("effect", claim.effect.as_ref());
    if let Some(stage) = claim.stage {
        pairs.word("stage", stage);
    }
    pairs.text("src", claim.source.as_str());
    pairs.optional("at", claim.locator.as_deref());
    if claim.denies {
        pairs.raw("denies", "true");
    }
    pairs.optional("says", claim.says.as_deref());
    match &claim.rank {
        Rank::Normal { .. } => {}
        Rank::Preferred { .. } => pairs.word("rank", RankName::Preferred),
        Rank::Deprecated { .. } => pairs.word("rank", RankName::Deprecated),
    }
    pairs.optional("reason", claim.rank.reason());
    pairs.texts("facts", claim.facts.iter().map(String::as_str));
    pairs
}

/// Keys with their values as TOML, in the order they were given.
#[derive(Default)]
struct Pairs(Vec<(&'static str, String)>);

impl Pairs {
    fn raw(&mut self, key: &'static str, value: &str) {
        self.0.push((key, value.to_owned()));
    }

    fn text(&mut self, key: &'static str, text: &str) {
        self.0.push((key, quoted(text)));
    }

    fn optional(&mut self, key: &'static str, text: Option<&str>) {
        if let Some(text) = text {
            self.text(key, text);
        }
    }

    fn date(&mut self, key: &'static str, date: Option<&EdtfDate>) {
        self.optional(key, date.map(EdtfDate::as_str));
    }

    fn word(&mut self, key: &'static str, word: impl Word) {
        self.text(key, word.word());
    }

    /// A list; nothing if it is empty, which is what a key left out means.
    fn texts<'t>(&mut self, key: &'static str, texts: impl Iterator<Item = &'t str>) {
        let mut texts = texts.peekable();
        if texts.peek().is_some() {
            self.0.push((key, list(texts)));
        }
    }

    fn lines(&self) -> String {
        self.0
            .iter()
            .fold(String::new(), |mut lines, (key, value)| {
                let _ = writeln!(lines, "{key} = {value}");
                lines
            })
    }

    fn inline(&self) -> String {
        let pairs: Vec<String> = self
            .0
            .iter()
            .map(|(key, value)| format!("{key} = {value}"))
            .collect();
        format!("{{ {} }}", pairs.join(", "))
    }
}

fn list<'t>(texts: impl Iterator<Item = &'t str>) -> String {
    let quoted: Vec<String> = texts.map(quoted).collect();
    format!("[{}]", quoted.join(", "))
}

/// A list of inline tables, one a line.
fn one_a_line(tables: impl Iterator<Item = Pairs>) -> String {
    let lines = tables.fold(String::new(), |mut lines, pairs| {
        let _ = writeln!(lines, "  {},", pairs.inline());
        lines
    });
    if lines.is_empty() {
        "[]".to_owned()
    } else {
        format!("[\n{lines}]")
    }
}

/// A TOML basic string.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for letter in text.chars() {
        match letter {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            control if control.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(control));
            }
            letter => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}
