//! Where a registry and a dataset disagree: one line a disagreement, with both answers.

use std::collections::{BTreeMap, BTreeSet};

use acquis_law::Law;
use acquis_registry::document::Word;
use acquis_registry::{InstitutionId, StateCode};
use jiff::civil::Date;

use crate::dataset::{Dataset, Record};
use crate::error::ExchangeError;
use crate::file::DataFile;
use crate::mapping::Mapping;
use crate::standing::{Answer, Time, ours, theirs};

/// In what a registry and a dataset disagree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// The dataset has it, the registry has not.
    Missing,
    /// The registry has it, the dataset has not.
    Extra,
    /// Both have it, on dates that can't both be true.
    Date,
    /// Both have it, under different standings.
    Standing,
}

impl Word for Kind {
    const WHAT: &'static str = "a kind of disagreement";
    const ALL: &'static [Self] = &[Self::Missing, Self::Extra, Self::Date, Self::Standing];

    fn word(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Extra => "extra",
            Self::Date => "date",
            Self::Standing => "standing",
        }
    }
}

/// What a disagreement is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Aspect {
    /// A whole organization or agreement.
    Institution,
    /// That a state takes part.
    Participation,
    /// The day of the signature.
    Signature,
    /// The beginning of a time of taking part.
    Beginning,
    /// Its end.
    End,
}

impl Word for Aspect {
    const WHAT: &'static str = "an aspect";
    const ALL: &'static [Self] = &[
        Self::Institution,
        Self::Participation,
        Self::Signature,
        Self::Beginning,
        Self::End,
    ];

    fn word(self) -> &'static str {
        match self {
            Self::Institution => "institution",
            Self::Participation => "participation",
            Self::Signature => "signature",
            Self::Beginning => "beginning",
            Self::End => "end",
        }
    }
}

/// One disagreement.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Disagreement {
    /// The organization or agreement in the dataset; empty if it has none.
    pub theirs: String,
    /// Those of the registry; empty if it has none.
    pub ours: Vec<InstitutionId>,
    /// In what they disagree.
    pub kind: Kind,
    /// About what.
    pub aspect: Aspect,
    /// The states of which the same holds.
    pub states: Vec<StateCode>,
    /// The dataset's answer.
    pub dataset_says: String,
    /// The registry's answer.
    pub registry_says: String,
    /// The lines of the dataset, from 1.
    pub lines: Vec<usize>,
    /// The sources of the registry's answer, with locators.
    pub sources: Vec<String>,
}

/// The outcome of a comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// The dataset.
    pub dataset: Dataset,
    /// The organizations and agreements that were compared.
    pub compared: usize,
    /// The states in them of which both sides say the same.
    pub agreeing: usize,
    /// The disagreements, in the order of the dataset's ids, then of ours.
    pub disagreements: Vec<Disagreement>,
}

/// Compares a dataset with the law of a registry, by a mapping between the two.
///
/// Compared are the pairs of the mapping, for the states that the registry knows. Beyond them
/// an organization or agreement is *missing* if the dataset has it among states of the
/// mapping's group alone, and *extra* if the registry has one of the sort that the mapping
/// expects and the mapping pairs it with nothing.
///
/// Two dates disagree if no day can be both: a year agrees with every day in it.
///
/// # Errors
/// Those of [`crate::import`] for the files.
pub fn compare(
    dataset: Dataset,
    files: &[DataFile],
    law: &Law<'_>,
    mapping: &Mapping,
) -> Result<Comparison, ExchangeError> {
    let content = dataset.read(files)?;
    let last_day = dataset.last_day();
    let mut comparison = Comparison {
        dataset,
        compared: 0,
        agreeing: 0,
        disagreements: Vec::new(),
    };
    for record in &content.records {
        match mapping.pairs.get(&record.key) {
            Some(ids) => comparison.pair(record, ids, law, mapping, last_day),
            None => comparison.missing(record, law, mapping),
        }
    }
    comparison.extra(law, mapping, last_day);
    comparison.disagreements = together(comparison.disagreements);
    Ok(comparison)
}

impl Comparison {
    /// How many disagreements there are of each kind.
    pub fn count(&self, kind: Kind) -> usize {
        let of_kind = |line: &&Disagreement| line.kind == kind;
        self.disagreements.iter().filter(of_kind).count()
    }

    fn pair(
        &mut self,
        record: &Record,
        ids: &[InstitutionId],
        law: &Law<'_>,
        mapping: &Mapping,
        last_day: Option<Date>,
    ) {
        self.compared += 1;
        for state in law.registry().states().map(|state| &state.code) {
            let (theirs, ours) = (
                theirs(record, mapping, state),
                ours(law, ids, state, last_day),
            );
            if theirs.is_empty() && ours.is_empty() {
                continue;
            }
            let found = differences(&theirs, &ours);
            if found.is_empty() {
                self.agreeing += 1;
            }
            for (kind, aspect, dataset_says, registry_says) in found {
                self.disagreements.push(Disagreement {
                    theirs: record.key.clone(),
                    ours: ids.to_vec(),
                    kind,
                    aspect,
                    states: vec![state.clone()],
                    dataset_says,
                    registry_says,
                    lines: lines(&theirs),
                    sources: ours.origins.clone(),
                });
            }
        }
    }

    fn missing(&mut self, record: &Record, law: &Law<'_>, mapping: &Mapping) {
        let mut states = BTreeSet::new();
        for event in record.events.iter().filter(|event| event.party.is_some()) {
            match event.state() {
                Some(state) => states.insert(mapping.state(state)),
                None => return,
            };
        }
        let in_group = |code: &&StateCode| {
            law.registry()
                .state(code)
                .is_some_and(|state| state.groups.contains(&mapping.group))
        };
        if states.len() < 2 || !states.iter().all(in_group) {
            return;
        }
        let first = states.first().map(|state| theirs(record, mapping, state));
        self.disagreements.push(Disagreement {
            theirs: record.key.clone(),
            ours: Vec::new(),
            kind: Kind::Missing,
            aspect: Aspect::Institution,
            states: states.into_iter().cloned().collect(),
            dataset_says: format!(
                "{}: {}",
                record.name,
                first.map_or_else(String::new, |answer| answer.show())
            ),
            registry_says: "nothing".to_owned(),
            lines: vec![record.line],
            sources: Vec::new(),
        });
    }

    fn extra(&mut self, law: &Law<'_>, mapping: &Mapping, last_day: Option<Date>) {
        let paired: BTreeSet<&InstitutionId> = mapping.pairs.values().flatten().collect();
        for institution in law.registry().institutions() {
            if paired.contains(&institution.id) || !mapping.expects.includes(institution) {
                continue;
            }
            let ids = [institution.id.clone()];
            let answers: Vec<(&StateCode, Answer)> = law
                .registry()
                .states()
                .map(|state| (&state.code, ours(law, &ids, &state.code, last_day)))
                .filter(|(_, answer)| !answer.is_empty())
                .collect();
            let Some((_, first)) = answers.first() else {
                continue;
            };
            self.disagreements.push(Disagreement {
                theirs: String::new(),
                ours: ids.to_vec(),
                kind: Kind::Extra,
                aspect: Aspect::Institution,
                dataset_says: "nothing".to_owned(),
                registry_says: first.show(),
                lines: Vec::new(),
                sources: first.origins.clone(),
                states: answers.iter().map(|(state, _)| (*state).clone()).collect(),
            });
        }
    }
}

type Difference = (Kind, Aspect, String, String);

fn differences(theirs: &Answer, ours: &Answer) -> Vec<Difference> {
    let whole = |kind| vec![(kind, Aspect::Participation, theirs.show(), ours.show())];
    if ours.is_empty() {
        return whole(Kind::Missing);
    }
    if theirs.is_empty() {
        return whole(Kind::Extra);
    }
    let mut found = Vec::new();
    if let (Some(their_day), Some(our_day)) = (&theirs.signed, &ours.signed)
        && !their_day.agrees_with(our_day)
    {
        let says = (their_day.shown.clone(), our_day.shown.clone());
        found.push((Kind::Date, Aspect::Signature, says.0, says.1));
    }
    let mut unmatched: Vec<&Time> = ours.times.iter().collect();
    for time in &theirs.times {
        let same = |mine: &&Time| mine.standing == time.standing && mine.overlaps(time);
        if let Some(at) = unmatched.iter().position(same) {
            let mine = unmatched.remove(at);
            beginnings(time, mine, &mut found);
            // Where only the standing changes, the next time tells it.
            let goes_on = |other: &Time| {
                time.until.as_ref().map(|until| &until.shown) == Some(&other.from.shown)
            };
            if !theirs.times.iter().any(goes_on) {
                ends(time, mine, &mut found);
            }
        } else {
            let otherwise = ours.times.iter().find(|mine| mine.overlaps(time));
            let only_signed = ours.times.is_empty();
            let (kind, mine) = match otherwise {
                Some(mine) => (Kind::Standing, mine.show()),
                None if only_signed => (Kind::Standing, ours.show()),
                None => (Kind::Missing, ours.show()),
            };
            found.push((kind, Aspect::Participation, time.show(), mine));
        }
    }
    for mine in unmatched {
        // A time that overlaps one of another standing has been told already.
        if theirs.times.iter().any(|time| time.overlaps(mine)) {
            continue;
        }
        let kind = if theirs.times.is_empty() {
            Kind::Standing
        } else {
            Kind::Extra
        };
        found.push((kind, Aspect::Participation, theirs.show(), mine.show()));
    }
    found
}

fn beginnings(theirs: &Time, ours: &Time, found: &mut Vec<Difference>) {
    if !theirs.from.agrees_with(&ours.from) {
        let says = (theirs.from.shown.clone(), ours.from.shown.clone());
        found.push((Kind::Date, Aspect::Beginning, says.0, says.1));
    }
}

fn ends(theirs: &Time, ours: &Time, found: &mut Vec<Difference>) {
    let agree = match (&theirs.until, &ours.until) {
        (Some(left), Some(right)) => left.agrees_with(right),
        (None, None) => true,
        _ => false,
    };
    if !agree {
        let show = |time: &Time| {
            let until = time.until.as_ref();
            until.map_or_else(|| "no end".to_owned(), |until| until.shown.clone())
        };
        found.push((Kind::Date, Aspect::End, show(theirs), show(ours)));
    }
}

fn lines(answer: &Answer) -> Vec<usize> {
    let numbers = answer.origins.iter();
    numbers.filter_map(|line| line.parse().ok()).collect()
}

/// Disagreements that are the same for several states, as one.
fn together(single: Vec<Disagreement>) -> Vec<Disagreement> {
    let mut merged: BTreeMap<_, Disagreement> = BTreeMap::new();
    for line in single {
        let key = (
            line.theirs.is_empty(),
            line.theirs.clone(),
            line.ours.clone(),
            line.aspect,
            line.kind,
            line.dataset_says.clone(),
            line.registry_says.clone(),
        );
        match merged.get_mut(&key) {
            Some(same) => {
                same.states.extend(line.states);
                for number in line.lines {
                    if !same.lines.contains(&number) {
                        same.lines.push(number);
                    }
                }
                for source in line.sources {
                    if !same.sources.contains(&source) {
                        same.sources.push(source);
                    }
                }
            }
            None => {
                merged.insert(key, line);
            }
        }
    }
    merged.into_values().collect()
}
