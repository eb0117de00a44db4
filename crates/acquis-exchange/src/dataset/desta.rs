//! DESTA, list of treaties: one row for each treaty, accession or withdrawal, in whole years.

use std::collections::BTreeMap;

use acquis_registry::{AdmittedAs, Area, InstitutionKind, Party};

use super::{Content, Event, Record, Skipped, What, year};
use crate::codes::StateCodes;
use crate::error::ExchangeError;
use crate::file::{Column, DataFile, Row, Sheet, file_with};

const YEARS: std::ops::RangeInclusive<i16> = 1..=9998;

struct Columns {
    number: Column,
    base: Column,
    name: Column,
    entry_type: Column,
    year: Column,
    entry_year: Column,
    members: Column,
    class: Column,
}

pub(super) fn read(files: &[DataFile]) -> Result<Content, ExchangeError> {
    let file = file_with(files, "desta", "base_treaty", "the list of treaties")?;
    let sheet = Sheet::read(file)?;
    let columns = Columns {
        number: sheet.column("number")?,
        base: sheet.column("base_treaty")?,
        name: sheet.column("name")?,
        entry_type: sheet.column("entry_type")?,
        year: sheet.column("year")?,
        entry_year: sheet.column("entry_force_year")?,
        members: sheet.column("members_iso3")?,
        class: sheet.column("member_class")?,
    };
    let mut content = Content::default();
    let mut records: BTreeMap<String, Record> = BTreeMap::new();
    let (bases, others): (Vec<_>, Vec<_>) = sheet
        .rows()
        .partition(|row| row.text(columns.entry_type) == "base_treaty");
    for row in bases {
        content.rows += 1;
        let record = columns.treaty(&row, &mut content.skipped)?;
        records.insert(row.text(columns.number).to_owned(), record);
    }
    for row in others {
        content.rows += 1;
        columns.step(&row, &mut records, &mut content.skipped)?;
    }
    content.records = records.into_values().collect();
    content.skipped.sort_by_key(|skipped| skipped.line);
    Ok(content)
}

impl Columns {
    fn treaty(&self, row: &Row<'_>, skipped: &mut Vec<Skipped>) -> Result<Record, ExchangeError> {
        let number = row.text(self.number);
        let line = row.line();
        let signed = row.optional_number(self.year, YEARS, "a year")?;
        let in_force = row.optional_number(self.entry_year, YEARS, "a year")?;
        let mut events = Vec::new();
        for (party, _) in self.members(row, skipped) {
            let steps = [(What::Signature, signed), (What::EntryIntoForce, in_force)];
            for (what, on) in steps {
                events.extend(on.and_then(year).map(|on| Event {
                    what,
                    party: Some(party.clone()),
                    on,
                    possible: None,
                    line,
                }));
            }
        }
        Ok(Record {
            key: number.to_owned(),
            locator: number.to_owned(),
            kind: InstitutionKind::Agreement,
            name: format!("{} ({})", row.text(self.name), row.text(self.year)),
            short: None,
            summary: None,
            areas: vec![Area::Goods],
            stage: None,
            line,
            events,
        })
    }

    /// An accession or a withdrawal; anything else is left out with its reason.
    fn step(
        &self,
        row: &Row<'_>,
        records: &mut BTreeMap<String, Record>,
        skipped: &mut Vec<Skipped>,
    ) -> Result<(), ExchangeError> {
        let mut skip = |reason: &str| {
            skipped.push(Skipped {
                line: row.line(),
                what: format!("{} {}", row.text(self.number), row.text(self.name)),
                reason: reason.to_owned(),
            });
        };
        let is_accession = match changes_parties(row.text(self.entry_type)) {
            Ok(is_accession) => is_accession,
            Err(reason) => {
                skip(reason);
                return Ok(());
            }
        };
        if !records.contains_key(row.text(self.base)) {
            skip("the list has no base treaty of this number");
            return Ok(());
        }
        let signed = row.optional_number(self.year, YEARS, "a year")?;
        let in_force = row.optional_number(self.entry_year, YEARS, "a year")?;
        let (what, on) = match (is_accession, signed, in_force) {
            (true, _, Some(in_force)) => (What::Joined(AdmittedAs::Member), in_force),
            (true, Some(signed), None) => (What::Signature, signed),
            (false, Some(left), _) | (false, None, Some(left)) => (What::Withdrawal, left),
            _ => {
                skip("it has no year");
                return Ok(());
            }
        };
        let line = row.line();
        let acting: Vec<Party> = self
            .members(row, skipped)
            .into_iter()
            .filter(|(_, class)| *class == "1")
            .map(|(party, _)| party)
            .collect();
        if let Some(record) = records.get_mut(row.text(self.base)) {
            for party in acting {
                record.events.extend(year(on).map(|on| Event {
                    what,
                    party: Some(party),
                    on,
                    possible: None,
                    line,
                }));
            }
        }
        Ok(())
    }

    /// The members that have a code, with what they are in the row: 0 and 3 parties, 1 those
    /// who act in it, 2 those who were there before.
    fn members<'r>(&self, row: &Row<'r>, skipped: &mut Vec<Skipped>) -> Vec<(Party, &'r str)> {
        let mut classes = row.text(self.class).split(';');
        let mut members = Vec::new();
        for code in row.text(self.members).split(';').map(str::trim) {
            let class = classes.next().unwrap_or_default().trim();
            if StateCodes::built_in().name(code).is_some() {
                members.push((Party::from_id(code), class));
            } else if !code.is_empty() {
                skipped.push(Skipped {
                    line: row.line(),
                    what: format!("{} member {code}", row.text(self.number)),
                    reason: "not an ISO 3166 alpha-3 code".to_owned(),
                });
            }
        }
        members
    }
}

/// Whether a row of this type is an accession or a withdrawal, or why it is neither.
fn changes_parties(entry_type: &str) -> Result<bool, &'static str> {
    match entry_type {
        "accession" => Ok(true),
        "withdrawal" => Ok(false),
        "negotiation" => Err("a negotiation, not a treaty"),
        "consolidated" => Err("a consolidated text: the acts stand in other rows"),
        _ => Err("a protocol or amendment changes no party"),
    }
}
