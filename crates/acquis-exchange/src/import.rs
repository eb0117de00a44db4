//! A dataset as a pack: the events that it reports become acts with one claim each.

use std::collections::{BTreeMap, BTreeSet};

use acquis_registry::document::Word as _;
use acquis_registry::write::{institution_files, write_card, write_source, write_state};
use acquis_registry::{
    Act, ActKind, Claim, Institution, InstitutionId, InstitutionKind, MembershipFrom, Name,
    PackCard, PackFiles, Participants, Party, Place, Rank, Source, SourceId, SourceText, State,
    StateCode, StateKind,
};

use crate::codes::StateCodes;
use crate::dataset::{Content, Dataset, Event, Record, Skipped, What};
use crate::error::ExchangeError;
use crate::file::DataFile;

/// A pack made of a dataset, and what was left out.
#[derive(Debug, Clone)]
pub struct Imported {
    /// The files of the pack.
    pub files: PackFiles,
    /// What was taken over and what was not.
    pub report: ImportReport,
}

/// What an import took over and what it left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ImportReport {
    /// Rows of the dataset.
    pub rows: usize,
    /// States.
    pub states: usize,
    /// Organizations and agreements.
    pub institutions: usize,
    /// Acts.
    pub acts: usize,
    /// Rows or parts of rows that were left out, in the order of the file.
    pub skipped: Vec<Skipped>,
}

/// Makes a pack of the user's copy of a dataset. The files may come in any order.
///
/// Dates keep the precision of the dataset. The states carry no beginning and no end: that is
/// not what these datasets are about. Whether a pack is what a user wants of a dataset, the
/// report helps to judge: it names each row that was left out, with its reason.
///
/// # Errors
/// A file that is missing or no UTF-8, a column that is missing, or a field that is not what
/// its column holds, at its line and column.
pub fn import(dataset: Dataset, files: &[DataFile]) -> Result<Imported, ExchangeError> {
    let Content {
        records,
        skipped,
        rows,
    } = dataset.read(files)?;
    let source = dataset.source();
    let institutions = institutions(dataset, &records, &source.id);
    let states: BTreeSet<&StateCode> = records
        .iter()
        .flat_map(|record| record.events.iter().filter_map(Event::state))
        .collect();
    let report = ImportReport {
        rows,
        states: states.len(),
        institutions: institutions.len(),
        acts: institutions.iter().map(|it| it.acts.len()).sum(),
        skipped,
    };
    let card = PackCard {
        id: source.id.as_str().to_owned(),
        title: source.title.clone(),
        description: format!("Made of a copy of the dataset: {}.", source.citation()),
        covers: source.covers.clone(),
        licence: None,
    };
    let mut files = vec![
        SourceText::new("pack.toml", write_card(&card)),
        SourceText::new("sources.toml", write_source(&source)),
        SourceText::new(
            "states.toml",
            states
                .into_iter()
                .map(|code| write_state(&state(code, &source)))
                .collect::<String>(),
        ),
    ];
    files.extend(institution_files(&institutions));
    Ok(Imported { files, report })
}

fn state(code: &StateCode, source: &Source) -> State {
    let name = StateCodes::built_in()
        .name(code.as_str())
        .unwrap_or(code.as_str());
    State {
        code: code.clone(),
        kind: StateKind::State,
        names: vec![plain_name(name, None)],
        from: None,
        until: None,
        predecessors: Vec::new(),
        recognition: None,
        claimed_by: Vec::new(),
        groups: Vec::new(),
        source: Some(source.id.clone()),
        locator: None,
        facts: Vec::new(),
        place: nowhere(),
    }
}

/// The records as institutions, and the organizations that act in them for their members.
fn institutions(dataset: Dataset, records: &[Record], source: &SourceId) -> Vec<Institution> {
    let mut ids = BTreeMap::new();
    let mut institutions: Vec<Institution> = records
        .iter()
        .map(|record| {
            let mut institution = blank(id_of(dataset, record, &mut ids), record.kind);
            institution.names = vec![plain_name(&record.name, record.short.as_deref())];
            institution.summary.clone_from(&record.summary);
            institution.areas.clone_from(&record.areas);
            institution.stage = record.stage;
            institution.acts = acts(record, source);
            institution
        })
        .collect();
    let acting: BTreeSet<&InstitutionId> = records
        .iter()
        .flat_map(|record| &record.events)
        .filter_map(|event| match &event.party {
            Some(Party::Organization(id)) => Some(id),
            _ => None,
        })
        .collect();
    for id in acting {
        let mut institution = blank(id.clone(), InstitutionKind::Organization);
        let name = id.as_str().trim_start_matches("org:").replace('-', " ");
        institution.names = vec![plain_name(&name, None)];
        institution.summary =
            Some("Acts for its members, whom the dataset does not give.".to_owned());
        institutions.push(institution);
    }
    institutions
}

/// An id made of the dataset's own, with a number where two would be the same.
fn id_of(dataset: Dataset, record: &Record, taken: &mut BTreeMap<String, usize>) -> InstitutionId {
    let kind = match record.kind {
        InstitutionKind::Organization => "org",
        InstitutionKind::Agreement => "agr",
    };
    let mut stem = String::new();
    for letter in record.key.chars().flat_map(char::to_lowercase) {
        if letter.is_ascii_alphanumeric() {
            stem.push(letter);
        } else if !stem.is_empty() && !stem.ends_with('-') {
            stem.push('-');
        }
    }
    let id = format!("{kind}:{}-{}", dataset.prefix(), stem.trim_end_matches('-'));
    let count = taken.entry(id.clone()).or_default();
    *count += 1;
    match *count {
        1 => InstitutionId::new(&id),
        number => InstitutionId::new(&format!("{id}-{number}")),
    }
}

/// Events of one kind and date become one act of all who take part in it.
fn acts(record: &Record, source: &SourceId) -> Vec<Act> {
    let mut together: BTreeMap<_, (&Event, BTreeSet<&Party>)> = BTreeMap::new();
    for event in &record.events {
        let key = (event.on.first_day(), event.what, event.on.as_str());
        let (_, parties) = together.entry(key).or_insert((event, BTreeSet::new()));
        parties.extend(&event.party);
    }
    together
        .into_values()
        .map(|(event, parties)| Act {
            kind: match event.what {
                What::Signature => ActKind::Signature,
                What::EntryIntoForce => ActKind::EntryIntoForce,
                What::Joined(standing) => ActKind::Accession(standing),
                What::Withdrawal => ActKind::Withdrawal,
                What::Termination => ActKind::Termination(Participants::All),
            },
            who: if event.what == What::Termination {
                Participants::All
            } else {
                Participants::Listed(parties.into_iter().cloned().collect())
            },
            claims: vec![claim(event, &record.locator, source)],
            conflicts: Vec::new(),
            note: None,
            place: nowhere(),
        })
        .collect()
}

fn claim(event: &Event, locator: &str, source: &SourceId) -> Claim {
    Claim {
        on: Some(event.on.clone()),
        effect: None,
        stage: None,
        source: source.clone(),
        locator: Some(locator.to_owned()),
        rank: Rank::Normal { reason: None },
        denies: false,
        says: None,
        facts: Vec::new(),
        place: nowhere(),
    }
}

fn blank(id: InstitutionId, kind: InstitutionKind) -> Institution {
    Institution {
        id,
        kind,
        names: Vec::new(),
        summary: None,
        areas: Vec::new(),
        stage: None,
        membership_from: MembershipFrom::EntryIntoForce,
        within: None,
        legal_basis: Vec::new(),
        acts: Vec::new(),
        organs: Vec::new(),
        place: nowhere(),
    }
}

fn plain_name(name: &str, short: Option<&str>) -> Name {
    Name {
        name: name.to_owned(),
        short: short.map(str::to_owned),
        also: Vec::new(),
        from: None,
        source: None,
        locator: None,
        facts: Vec::new(),
    }
}

/// The place of what was not read from a pack.
fn nowhere() -> Place {
    Place {
        file: SourceText::new("", ""),
        span: 0..0,
    }
}

/// A sentence for people about an import.
impl std::fmt::Display for ImportReport {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            formatter,
            "{} rows: {} organizations and agreements, {} states, {} acts; {} left out",
            self.rows,
            self.institutions,
            self.states,
            self.acts,
            self.skipped.len()
        )
    }
}

impl Dataset {
    /// What `--file` takes, for a message or a help text.
    pub fn describe_files(self) -> String {
        let what = match self {
            Self::CowIgo => {
                "two files: memberships as intervals (ioname, ccode, iso3, status, from_year, to_year) and organizations (ioname, ionum, ...)"
            }
            Self::Desta => {
                "one file: the list of treaties (number, base_treaty, ..., members_iso3)"
            }
            Self::Wto => "one file: the export of all agreements (rta_name, coverage, type, ...)",
            Self::Atop => "one file: the members (atopid, member, member_iso3, yrent, ...)",
        };
        format!("{}: {what}", self.word())
    }
}
