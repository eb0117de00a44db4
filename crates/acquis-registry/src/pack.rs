//! Reads the files of a pack: from text to sources, states, institutions and rules, each
//! mistake reported at its place. Whether the names in them point at something is checked
//! afterwards, in [`crate::check`].

mod claims;
mod indicators;
mod organs;
mod statements;

pub use organs::read_rule;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::date::EdtfDate;
use crate::document::{self, Fields, Placed};
use crate::finding::{Finding, Findings, Lint, Place, SourceText};
use crate::model::{
    Act, ActKind, Basis, Institution, InstitutionId, Name, Notification, PackCard, Participants,
    Party, Rule, Source, SourceId, State, StateCode,
};
use crate::statement::{Conflict, Indicator, Instrument, Statement};
use crate::vocabulary::{
    ActName, AdmittedAs, InstitutionKind, MembershipFrom, SourceType, StateKind,
};

/// The text files of a pack, in any order.
pub type PackFiles = Vec<Arc<SourceText>>;

/// Reads every `*.toml` below a folder.
///
/// # Errors
/// A folder or file that can't be read, or a folder without such files.
pub fn read_folder(folder: &Path) -> Result<PackFiles, Findings> {
    let mut paths = Vec::new();
    collect_paths(folder, &mut paths)
        .map_err(|(path, error)| unreadable(&path, &error.to_string()))?;
    paths.sort();
    if paths.is_empty() {
        return Err(unreadable(folder, "it holds no *.toml file"));
    }
    paths
        .iter()
        .map(|path| {
            std::fs::read_to_string(path)
                .map(|text| SourceText::new(path.display().to_string(), text))
                .map_err(|error| unreadable(path, &error.to_string()))
        })
        .collect()
}

fn unreadable(path: &Path, reason: &str) -> Findings {
    Finding::error(
        Lint::Format,
        None,
        format!("can't read the pack at {}: {reason}", path.display()),
    )
    .into()
}

fn collect_paths(folder: &Path, paths: &mut Vec<PathBuf>) -> Result<(), (PathBuf, std::io::Error)> {
    let at = |error| (folder.to_owned(), error);
    for entry in std::fs::read_dir(folder).map_err(at)? {
        let path = entry.map_err(at)?.path();
        if path.is_dir() {
            collect_paths(&path, paths)?;
        } else if path
            .extension()
            .is_some_and(|extension| extension == "toml")
        {
            paths.push(path);
        }
    }
    Ok(())
}

/// What the files of a pack say, before the names in them are followed.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    pub(crate) card: PackCard,
    card_place: Option<Place>,
    pub(crate) sources: Vec<Source>,
    pub(crate) states: Vec<State>,
    pub(crate) institutions: Vec<Institution>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) conflicts: Vec<Conflict>,
    pub(crate) statements: Vec<Statement>,
    pub(crate) instruments: Vec<Instrument>,
    pub(crate) indicators: Vec<Indicator>,
}

impl Draft {
    pub(crate) fn read(files: &[Arc<SourceText>], findings: &mut Findings) -> Self {
        let mut draft = Self::default();
        for file in files {
            document::read(file, findings, |fields, findings| {
                draft.add_file(fields, findings);
            });
        }
        draft.sort();
        draft
    }

    /// The order of files is nobody's statement.
    fn sort(&mut self) {
        self.sources.sort_by(|left, right| left.id.cmp(&right.id));
        self.states
            .sort_by(|left, right| left.code.cmp(&right.code));
        self.institutions
            .sort_by(|left, right| left.id.cmp(&right.id));
        self.rules.sort_by(|left, right| left.id.cmp(&right.id));
        self.conflicts.sort_by(|left, right| left.id.cmp(&right.id));
        self.statements
            .sort_by(|left, right| left.id.cmp(&right.id));
        self.instruments
            .sort_by(|left, right| left.id.cmp(&right.id));
        self.indicators
            .sort_by(|left, right| left.id.cmp(&right.id));
    }

    fn add_file(&mut self, fields: &mut Fields<'_>, findings: &mut Findings) {
        if fields.has("id") {
            self.institutions
                .extend(institution(fields, None, findings));
            return;
        }
        let card_place = fields.place_at("pack");
        if let Some(card) = fields.table("pack", "[pack]", findings, pack_card) {
            if let Some(first) = &self.card_place {
                findings.push(Finding::error(
                    Lint::DuplicateId,
                    Some(card_place.clone()),
                    format!("a second [pack]; the first stands at {first}"),
                ));
            }
            self.card_place = Some(card_place);
            self.card = card;
        }
        let sources = fields.tables("source", "a source", findings, source);
        self.sources.extend(sources);
        let states = fields.tables("state", "a state", findings, state);
        self.states.extend(states);
        let rules = fields.tables("rule", "a rule", findings, rule);
        self.rules.extend(rules);
        self.add_testimony(fields, findings);
        for (key, what, kind) in [
            (
                "organization",
                "an organization",
                InstitutionKind::Organization,
            ),
            ("agreement", "an agreement", InstitutionKind::Agreement),
        ] {
            let institutions = fields.tables(key, what, findings, |fields, findings| {
                institution(fields, Some(kind), findings)
            });
            self.institutions.extend(institutions);
        }
    }

    /// What is not an act.
    fn add_testimony(&mut self, fields: &mut Fields<'_>, findings: &mut Findings) {
        let conflicts = fields.tables("conflict", "a conflict", findings, statements::conflict);
        self.conflicts.extend(conflicts);
        let read = fields.tables("statement", "a statement", findings, statements::statement);
        self.statements.extend(read);
        let read = fields.tables(
            "instrument",
            "an instrument",
            findings,
            statements::instrument,
        );
        self.instruments.extend(read);
        let read = fields.tables("indicator", "an indicator", findings, indicators::indicator);
        self.indicators.extend(read);
    }
}

fn value<T>(placed: Option<Placed<T>>) -> Option<T> {
    placed.map(|placed| placed.value)
}

/// The values of a list of texts.
fn texts(fields: &mut Fields<'_>, key: &'static str, findings: &mut Findings) -> Vec<String> {
    fields
        .texts(key, findings)
        .into_iter()
        .map(|text| text.value)
        .collect()
}

/// The numbers of known conflicts: one text, or a list of them.
fn conflicts(fields: &mut Fields<'_>, findings: &mut Findings) -> Vec<String> {
    fields
        .text_or_texts("conflict", findings)
        .into_iter()
        .map(|text| text.value)
        .collect()
}

fn pack_card(fields: &mut Fields<'_>, findings: &mut Findings) -> PackCard {
    PackCard {
        id: value(fields.required_text("id", findings)).unwrap_or_default(),
        title: value(fields.required_text("title", findings)).unwrap_or_default(),
        description: value(fields.text("description", findings)).unwrap_or_default(),
        covers: value(fields.date("covers", findings)),
        licence: value(fields.text("licence", findings)),
    }
}

fn source(fields: &mut Fields<'_>, findings: &mut Findings) -> Option<Source> {
    let id = fields.required_text("id", findings);
    let title = fields.required_text("title", findings);
    fields.require("type", findings);
    let source = Source {
        id: SourceId::new(id.as_ref().map_or("", |id| &id.value)),
        source_type: fields.word("type", findings).unwrap_or(SourceType::Web),
        title: value(title).unwrap_or_default(),
        author: value(fields.text("author", findings)),
        published: value(fields.date("published", findings)),
        accessed: value(fields.date("accessed", findings)),
        url: value(fields.text("url", findings)),
        covers: value(fields.date("covers", findings)),
        note: value(fields.text("note", findings)),
        place: fields.place(),
    };
    if !fields.has("published") && !fields.has("accessed") {
        findings.push(
            Finding::error(
                Lint::Format,
                Some(fields.place()),
                "a source has neither published nor accessed",
            )
            .expecting("one of them, or nobody can say by when it was known"),
        );
    }
    id.map(|_| source)
}

fn names(fields: &mut Fields<'_>, findings: &mut Findings) -> Vec<Name> {
    if fields.require("names", findings).is_none() {
        return Vec::new();
    }
    let findings_before = findings.len();
    let names = fields.tables("names", "a name", findings, |fields, findings| {
        Some(Name {
            name: fields.required_text("name", findings)?.value,
            short: value(fields.text("short", findings)),
            also: texts(fields, "also", findings),
            from: value(fields.date("from", findings)),
            source: value(fields.text("src", findings)).map(|id| SourceId::new(&id)),
            locator: value(fields.text("at", findings)),
            facts: texts(fields, "facts", findings),
        })
    });
    if names.is_empty() && findings.len() == findings_before {
        findings.push(Finding::error(
            Lint::Format,
            Some(fields.place_at("names")),
            "names is empty",
        ));
    }
    names
}

fn state(fields: &mut Fields<'_>, findings: &mut Findings) -> Option<State> {
    let code = fields.required_text("id", findings)?;
    if code.value.len() != 3 || !code.value.bytes().all(|byte| byte.is_ascii_uppercase()) {
        findings.push(
            Finding::error(
                Lint::Format,
                Some(code.place.clone()),
                format!("{:?} is not a state code", code.value),
            )
            .expecting("three capital letters (ISO 3166 alpha-3, or a private code from XAA)"),
        );
    }
    let codes = |texts: Vec<Placed<String>>| {
        texts
            .iter()
            .map(|text| StateCode::new(&text.value))
            .collect()
    };
    Some(State {
        code: StateCode::new(&code.value),
        kind: fields.word("kind", findings).unwrap_or(StateKind::State),
        names: names(fields, findings),
        from: value(fields.date("from", findings)),
        until: value(fields.date("until", findings)),
        predecessors: codes(fields.texts("predecessors", findings)),
        recognition: value(fields.text("recognition", findings)),
        claimed_by: codes(fields.texts("claimed_by", findings)),
        groups: texts(fields, "groups", findings),
        source: value(fields.text("src", findings)).map(|id| SourceId::new(&id)),
        locator: value(fields.text("at", findings)),
        facts: texts(fields, "facts", findings),
        place: fields.place(),
    })
}

fn rule(fields: &mut Fields<'_>, findings: &mut Findings) -> Option<Rule> {
    fields.require("kind", findings);
    let id = fields.required_text("id", findings);
    let statement = fields.required_text("statement", findings);
    let basis = fields.tables("basis", "a legal basis", findings, |fields, findings| {
        Some(Basis {
            source: SourceId::new(&fields.required_text("src", findings)?.value),
            locator: value(fields.text("at", findings)),
        })
    });
    Some(Rule {
        kind: fields.word("kind", findings)?,
        id: id?.value,
        statement: statement?.value,
        institutions: fields
            .texts("institutions", findings)
            .iter()
            .map(|id| InstitutionId::new(&id.value))
            .collect(),
        from: value(fields.date("from", findings)),
        basis,
        facts: texts(fields, "facts", findings),
        place: fields.place(),
    })
}

/// `kind` is known where the table's own name says it (`[[agreement]]`).
fn institution(
    fields: &mut Fields<'_>,
    kind: Option<InstitutionKind>,
    findings: &mut Findings,
) -> Option<Institution> {
    let id = fields.required_text("id", findings);
    if kind.is_none() {
        fields.require("kind", findings);
    }
    let written_kind = fields.word("kind", findings);
    let kind = kind.or(written_kind)?;
    if let Some(id) = &id {
        check_prefix(id, kind, findings);
    }
    let institution = Institution {
        id: InstitutionId::new(&id.as_ref()?.value),
        kind,
        names: names(fields, findings),
        summary: value(fields.text("summary", findings)),
        areas: fields.words("areas", findings),
        stage: fields.word("stage", findings),
        membership_from: fields
            .word("membership_from", findings)
            .unwrap_or(MembershipFrom::EntryIntoForce),
        within: value(fields.text("within", findings)).map(|id| InstitutionId::new(&id)),
        legal_basis: fields.tables("legal_basis", "a legal basis", findings, notification),
        acts: fields.tables("act", "an act", findings, act),
        organs: fields.tables("organ", "an organ", findings, organs::organ),
        place: fields.place_at("id"),
    };
    Some(institution)
}

fn notification(fields: &mut Fields<'_>, findings: &mut Findings) -> Option<Notification> {
    fields.require("basis", findings);
    let basis = fields.word("basis", findings);
    let source = fields.required_text("src", findings);
    Some(Notification {
        notified: value(fields.date("notified", findings)),
        locator: value(fields.text("at", findings)),
        says: value(fields.text("says", findings)),
        place: fields.place(),
        basis: basis?,
        source: SourceId::new(&source?.value),
    })
}

fn check_prefix(id: &Placed<String>, kind: InstitutionKind, findings: &mut Findings) {
    let prefix = match kind {
        InstitutionKind::Organization => "org:",
        InstitutionKind::Agreement => "agr:",
    };
    if !id.value.starts_with(prefix) {
        findings.push(
            Finding::error(
                Lint::Format,
                Some(id.place.clone()),
                format!("{:?} is not the id of an {kind}", id.value),
            )
            .expecting(format!("an id that begins with {prefix}")),
        );
    }
}

fn act(fields: &mut Fields<'_>, findings: &mut Findings) -> Option<Act> {
    fields.require("act", findings);
    let name = fields.word("act", findings);
    let who = participants(fields, findings);
    let kind = name.and_then(|name| act_kind(name, fields, findings));
    let is_assessment = name == Some(ActName::Implementation);
    let claims = fields.tables("claims", "a claim", findings, |fields, findings| {
        claims::claim(fields, is_assessment, findings)
    });
    if claims.is_empty() && !fields.has("claims") {
        findings.push(Finding::error(
            Lint::Format,
            Some(fields.place()),
            "an act has no claims, so nobody says that it happened",
        ));
    }
    let conflicts = conflicts(fields, findings);
    let note = value(fields.text("note", findings));
    Some(Act {
        kind: kind?,
        who,
        claims,
        conflicts,
        note,
        place: fields.place(),
    })
}

/// Those an act concerns, from the key `who` of the table that names it; all if it is left
/// out. Also used for the acts of a scenario.
pub fn participants(fields: &mut Fields<'_>, findings: &mut Findings) -> Participants {
    listed("who", fields, findings)
}

fn listed(key: &'static str, fields: &mut Fields<'_>, findings: &mut Findings) -> Participants {
    let listed = fields.texts(key, findings);
    if fields.has(key) {
        Participants::Listed(
            listed
                .iter()
                .map(|text| Party::from_id(&text.value))
                .collect(),
        )
    } else {
        Participants::All
    }
}

/// The kind of an act with what belongs to it, from the table that names it. Also used
/// for the acts of a scenario.
///
/// Keys: `standing` for an accession, `towards` for a suspension or termination, `of` for a succession, `into` for a transformation
/// or merger; `who` is required of acts that only named states can do.
pub fn act_kind(
    name: ActName,
    fields: &mut Fields<'_>,
    findings: &mut Findings,
) -> Option<ActKind> {
    let needs_who = matches!(
        name,
        ActName::Signature
            | ActName::Ratification
            | ActName::Accession
            | ActName::Reservation
            | ActName::Withdrawal
            | ActName::Succession
    );
    if needs_who {
        fields.require("who", findings)?;
    }
    let into = |fields: &mut Fields<'_>, findings: &mut Findings| {
        value(fields.text("into", findings)).map(|id| InstitutionId::new(&id))
    };
    Some(match name {
        ActName::Adoption => ActKind::Adoption,
        ActName::Signature => ActKind::Signature,
        ActName::Ratification => ActKind::Ratification,
        ActName::ProvisionalApplication => ActKind::ProvisionalApplication,
        ActName::EntryIntoForce => ActKind::EntryIntoForce,
        ActName::Accession => ActKind::Accession(
            fields
                .word("standing", findings)
                .unwrap_or(AdmittedAs::Member),
        ),
        ActName::Reservation => ActKind::Reservation,
        ActName::Suspension | ActName::Termination => {
            let towards = listed("towards", fields, findings);
            if towards != Participants::All {
                // It rests or ends between somebody and somebody.
                fields.require("who", findings)?;
            }
            if name == ActName::Suspension {
                ActKind::Suspension(towards)
            } else {
                ActKind::Termination(towards)
            }
        }
        ActName::Withdrawal => ActKind::Withdrawal,
        ActName::Succession => {
            ActKind::Succession(StateCode::new(&fields.required_text("of", findings)?.value))
        }
        ActName::Renaming => ActKind::Renaming,
        ActName::Transformation => ActKind::Transformation(into(fields, findings)),
        ActName::Merger => {
            fields.require("into", findings)?;
            ActKind::Merger(into(fields, findings)?)
        }
        ActName::Implementation => ActKind::Implementation,
    })
}

/// Whether `date` can only lie before `bound`.
pub(crate) fn is_before(date: &EdtfDate, bound: &EdtfDate) -> bool {
    matches!((date.last_day(), bound.first_day()), (Some(last), Some(first)) if last < first)
}
