//! The WTO's list of regional trade agreements: one row an agreement, with days, the names of
//! the signatories, and days of entry and exit of single parties.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use acquis_registry::{AdmittedAs, Area, EdtfDate, InstitutionKind, Party, Stage, nearest};
use jiff::civil::Date;

use super::{Content, Event, Record, Skipped, What};
use crate::error::ExchangeError;
use crate::file::{Column, DataFile, Row, Sheet, file_with};

const NAMES: &str = include_str!("../../data/wto-names.csv");
const SPECIFIC: &str = "dates of parties such as Armenia(02-Jan-2015 - ); Chile( - 31-Dec-2001)";

struct Columns {
    name: Column,
    coverage: Column,
    agreement_type: Column,
    signature: [Column; 2],
    in_force: [Column; 2],
    inactive: Column,
    accession: Column,
    current: Column,
    original: Column,
    specific: Column,
}

/// Entry and exit of one party.
type Own = (Option<EdtfDate>, Option<EdtfDate>);

pub(super) fn read(files: &[DataFile]) -> Result<Content, ExchangeError> {
    let sheet = Sheet::read(file_with(
        files,
        "wto",
        "rta_name",
        "the list of agreements",
    )?)?;
    let column = |name| sheet.column(name);
    let columns = Columns {
        name: column("rta_name")?,
        coverage: column("coverage")?,
        agreement_type: column("type")?,
        signature: [
            column("date_of_signature_g")?,
            column("date_of_signature_s")?,
        ],
        in_force: [
            column("date_of_entry_into_force_g")?,
            column("date_of_entry_into_force_s")?,
        ],
        inactive: column("inactive_date")?,
        accession: column("accession")?,
        current: column("current_signatories")?,
        original: column("original_signatories")?,
        specific: column("specific_entry_exit_dates")?,
    };
    let mut content = Content::default();
    let mut taken: BTreeMap<String, usize> = BTreeMap::new();
    for row in sheet.rows() {
        content.rows += 1;
        if let Some(mut record) = columns.agreement(&row, &mut content.skipped)? {
            let count = taken.entry(record.key.clone()).or_default();
            *count += 1;
            if *count > 1 {
                record.key = format!("{} ({count})", record.key);
            }
            content.records.push(record);
        }
    }
    Ok(content)
}

impl Columns {
    fn agreement(
        &self,
        row: &Row<'_>,
        skipped: &mut Vec<Skipped>,
    ) -> Result<Option<Record>, ExchangeError> {
        let mut skip = |reason: &str| {
            skipped.push(Skipped {
                line: row.line(),
                what: row.text(self.name).to_owned(),
                reason: reason.to_owned(),
            });
        };
        let signed = first_date(row, self.signature)?;
        let in_force = first_date(row, self.in_force)?;
        if row.text(self.accession) == "Yes" {
            skip("an accession: its parties stand in the agreement's own row");
            return Ok(None);
        }
        if signed.is_none() && in_force.is_none() {
            skip("neither signed nor in force");
            return Ok(None);
        }
        let mut record = self.record(row);
        record.events = self.events(row, (signed, in_force), skipped)?;
        Ok(Some(record))
    }

    /// What happened, by the day of signature and that of the general entry into force.
    fn events(
        &self,
        row: &Row<'_>,
        (signed, in_force): (Option<EdtfDate>, Option<EdtfDate>),
        skipped: &mut Vec<Skipped>,
    ) -> Result<Vec<Event>, ExchangeError> {
        let line = row.line();
        let own = self.own_dates(row)?;
        let original = parties(row, self.original)?;
        let current = parties(row, self.current)?;
        let founders = if original.is_empty() {
            &current
        } else {
            &original
        };
        let mut events = Vec::new();
        let mut add = |what, party: Option<&Party>, on: Option<&EdtfDate>| {
            events.extend(on.map(|on| Event {
                what,
                party: party.cloned(),
                on: on.clone(),
                possible: None,
                line,
            }));
        };
        for party in founders {
            let (entry, exit) = own.get(party).cloned().unwrap_or((in_force.clone(), None));
            // A party of whom only the exit is given entered with the others.
            let entry = entry.or_else(|| exit.as_ref().and(in_force.clone()));
            add(What::Signature, Some(party), signed.as_ref());
            add(What::EntryIntoForce, Some(party), entry.as_ref());
            add(What::Withdrawal, Some(party), exit.as_ref());
        }
        for party in current.iter().filter(|party| !founders.contains(party)) {
            if let Some((Some(entry), exit)) = own.get(party) {
                let joined = What::Joined(AdmittedAs::Member);
                add(joined, Some(party), Some(entry));
                add(What::Withdrawal, Some(party), exit.as_ref());
            } else {
                skipped.push(Skipped {
                    line,
                    what: format!("{}: {party}", row.text(self.name)),
                    reason: "a later party without a date of entry".to_owned(),
                });
            }
        }
        add(What::Termination, None, date(row, self.inactive)?.as_ref());
        Ok(events)
    }

    fn record(&self, row: &Row<'_>) -> Record {
        let name = row.text(self.name);
        let kinds = row.text(self.agreement_type);
        let coverage = row.text(self.coverage);
        let areas = [("Goods", Area::Goods), ("Services", Area::Services)];
        Record {
            key: name.to_owned(),
            locator: name.to_owned(),
            kind: InstitutionKind::Agreement,
            name: name.to_owned(),
            short: None,
            summary: None,
            areas: areas
                .into_iter()
                .filter(|(word, _)| coverage.contains(word))
                .map(|(_, area)| area)
                .collect(),
            stage: match kinds.split(" & ").next() {
                Some("CU") => Some(Stage::CustomsUnion),
                Some("FTA") => Some(Stage::FreeTradeArea),
                Some("PSA") => Some(Stage::PreferentialArrangement),
                _ => None,
            },
            line: row.line(),
            events: Vec::new(),
        }
    }

    /// The days of entry and exit that are given for single parties.
    fn own_dates(&self, row: &Row<'_>) -> Result<BTreeMap<Party, Own>, ExchangeError> {
        let wrong = || row.wrong(self.specific, SPECIFIC);
        let mut own = BTreeMap::new();
        for part in row.text(self.specific).split(';').map(str::trim) {
            if part.is_empty() {
                continue;
            }
            let (name, dates) = part
                .strip_suffix(')')
                .and_then(|part| part.rsplit_once('('))
                .ok_or_else(wrong)?;
            let (entry, exit) = dates.split_once(" - ").ok_or_else(wrong)?;
            let party = party(row, self.specific, name.trim())?;
            let dates = (
                day_with_month_name(entry).map_err(|()| wrong())?,
                day_with_month_name(exit).map_err(|()| wrong())?,
            );
            own.insert(party, dates);
        }
        Ok(own)
    }
}

/// The parties whose names stand in a field.
fn parties(row: &Row<'_>, column: Column) -> Result<Vec<Party>, ExchangeError> {
    row.text(column)
        .split(';')
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .map(|name| party(row, column, name))
        .collect()
}

/// The party of a name, by the table of the names that the list uses.
fn party(row: &Row<'_>, column: Column, name: &str) -> Result<Party, ExchangeError> {
    static TABLE: OnceLock<BTreeMap<&'static str, &'static str>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        NAMES
            .lines()
            .skip(1)
            .filter_map(|line| line.rsplit_once(','))
            .map(|(name, code)| (name.trim_matches('"'), code))
            .collect()
    });
    match table.get(name) {
        Some(code) => Ok(Party::from_id(code)),
        None => Err(row.wrong_near(
            column,
            "a list of names of states that the WTO uses",
            nearest(name, table.keys().copied()),
        )),
    }
}

/// The date for goods, or that for services.
fn first_date(row: &Row<'_>, columns: [Column; 2]) -> Result<Option<EdtfDate>, ExchangeError> {
    let [goods, services] = columns;
    match date(row, goods)? {
        Some(date) => Ok(Some(date)),
        None => date(row, services),
    }
}

fn date(row: &Row<'_>, column: Column) -> Result<Option<EdtfDate>, ExchangeError> {
    match row.text(column) {
        "" => Ok(None),
        text => match text.parse::<EdtfDate>() {
            Ok(date) => Ok(Some(date)),
            Err(_) => Err(row.wrong(column, "a date such as 1994-04-15")),
        },
    }
}

/// `02-Jan-2015`; nothing for an empty text and for the year 9999, which stands for no date.
fn day_with_month_name(text: &str) -> Result<Option<EdtfDate>, ()> {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let mut parts = text.splitn(3, '-');
    let (Some(day), Some(month), Some(year)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(());
    };
    let month = MONTHS.iter().position(|name| *name == month).ok_or(())?;
    let month = i8::try_from(month + 1).map_err(|_| ())?;
    let year: i16 = year.parse().map_err(|_| ())?;
    let day = day.parse().map_err(|_| ())?;
    let day = Date::new(year, month, day).map_err(|_| ())?;
    Ok((year != 9999).then(|| EdtfDate::day(day)))
}
