//! ATOP v4, members: one row for each member in each phase of an alliance, with the days of
//! entry and exit.

use std::collections::BTreeMap;

use acquis_registry::{Area, EdtfDate, InstitutionKind, Party};

use super::{Content, Event, Record, Skipped, What, cow_igo};
use crate::error::ExchangeError;
use crate::file::{Column, DataFile, Row, Sheet, file_with};

const DAYS: &str = "a date: year, month and day, or 0 for none";
const OBLIGATIONS: [(&str, &str); 5] = [
    ("defense", "defence"),
    ("offense", "offence"),
    ("neutral", "neutrality"),
    ("nonagg", "non-aggression"),
    ("consul", "consultation"),
];

/// The time of one member in one phase.
struct Phase {
    from: EdtfDate,
    until: Option<EdtfDate>,
    line: usize,
}

#[derive(Default)]
struct Alliance {
    line: usize,
    /// Which of the obligations a member has in some phase.
    obligations: [bool; 5],
    phases: BTreeMap<String, Vec<Phase>>,
}

struct Columns {
    alliance: Column,
    member: Column,
    iso3: Column,
    entry: [Column; 3],
    exit: [Column; 3],
    obligations: [Column; 5],
}

pub(super) fn read(files: &[DataFile]) -> Result<Content, ExchangeError> {
    let sheet = Sheet::read(file_with(files, "atop", "yrent", "the members")?)?;
    let column = |name| sheet.column(name);
    let columns = Columns {
        alliance: column("atopid")?,
        member: column("member")?,
        iso3: column("member_iso3")?,
        entry: [column("yrent")?, column("moent")?, column("dayent")?],
        exit: [column("yrexit")?, column("moexit")?, column("dayexit")?],
        obligations: [
            column("defense")?,
            column("offense")?,
            column("neutral")?,
            column("nonagg")?,
            column("consul")?,
        ],
    };
    let mut content = Content::default();
    let mut alliances: BTreeMap<String, Alliance> = BTreeMap::new();
    for row in sheet.rows() {
        content.rows += 1;
        columns.take(&row, &mut alliances, &mut content.skipped)?;
    }
    content.records = alliances
        .into_iter()
        .map(|(id, alliance)| alliance.into_record(&id))
        .collect();
    Ok(content)
}

impl Columns {
    fn take(
        &self,
        row: &Row<'_>,
        alliances: &mut BTreeMap<String, Alliance>,
        skipped: &mut Vec<Skipped>,
    ) -> Result<(), ExchangeError> {
        let id = row.text(self.alliance);
        if id.is_empty() {
            return Err(row.wrong(self.alliance, "the number of an alliance"));
        }
        let mut skip = |reason: &str| {
            skipped.push(Skipped {
                line: row.line(),
                what: format!("alliance {id}, member {}", row.text(self.member)),
                reason: reason.to_owned(),
            });
        };
        let Some(state) = cow_igo::state(row, self.iso3, self.member)? else {
            skip("the table of codes has no code for this member");
            return Ok(());
        };
        let Some(from) = date(row, self.entry)? else {
            skip("no year of entry");
            return Ok(());
        };
        let until = date(row, self.exit)?;
        if let (Some(first), Some(Some(last))) =
            (from.first_day(), until.as_ref().map(EdtfDate::last_day))
            && last < first
        {
            return Err(row.wrong(self.exit[0], "a year not before that of the entry"));
        }
        let alliance = alliances.entry(id.to_owned()).or_insert_with(|| Alliance {
            line: row.line(),
            ..Alliance::default()
        });
        for (has, column) in alliance.obligations.iter_mut().zip(self.obligations) {
            *has |= !matches!(row.text(column), "" | "0");
        }
        let line = row.line();
        let phase = Phase { from, until, line };
        alliance.phases.entry(state).or_default().push(phase);
        Ok(())
    }
}

/// A date in three columns. A month or day that is empty or 0 is not known.
fn date(row: &Row<'_>, columns: [Column; 3]) -> Result<Option<EdtfDate>, ExchangeError> {
    let [year, month, day] = columns;
    let part = |column| row.optional_number(column, 0..=9998, DAYS);
    let known = |number: Option<i16>| number.filter(|number| *number != 0);
    let (Some(year_number), month_number, day_number) =
        (known(part(year)?), known(part(month)?), known(part(day)?))
    else {
        return Ok(None);
    };
    let (text, last) = match (month_number, day_number) {
        (None, _) => (format!("{year_number:04}"), year),
        (Some(month_number), None) => (format!("{year_number:04}-{month_number:02}"), month),
        (Some(month_number), Some(number)) => (
            format!("{year_number:04}-{month_number:02}-{number:02}"),
            day,
        ),
    };
    match text.parse::<EdtfDate>() {
        Ok(date) => Ok(Some(date)),
        Err(_) => Err(row.wrong(last, "part of a day that the calendar has")),
    }
}

impl Alliance {
    fn into_record(self, id: &str) -> Record {
        let has = OBLIGATIONS
            .iter()
            .zip(self.obligations)
            .filter(|(_, has)| *has)
            .map(|((_, word), _)| *word)
            .collect::<Vec<_>>();
        let mut record = Record {
            key: id.to_owned(),
            locator: id.to_owned(),
            kind: InstitutionKind::Agreement,
            name: format!("Alliance {id}"),
            short: None,
            summary: (!has.is_empty()).then(|| format!("Obligations: {}.", has.join(", "))),
            areas: vec![Area::Security],
            stage: None,
            line: self.line,
            events: Vec::new(),
        };
        for (state, mut phases) in self.phases {
            phases.sort_by_key(|phase| (phase.from.first_day(), phase.line));
            record
                .events
                .extend(events(&Party::from_id(&state), phases));
        }
        record
    }
}

/// One entry for phases that follow on one another without a gap.
fn events(party: &Party, phases: Vec<Phase>) -> Vec<Event> {
    let mut events: Vec<Event> = Vec::new();
    let event = |what, on, line| Event {
        what,
        party: Some(party.clone()),
        on,
        possible: None,
        line,
    };
    for phase in phases {
        match events.last() {
            Some(last) if last.what == What::EntryIntoForce => {}
            Some(last) if last.on.last_day() >= phase.from.first_day() => {
                events.pop();
            }
            _ => events.push(event(What::EntryIntoForce, phase.from, phase.line)),
        }
        if let Some(until) = phase.until {
            events.push(event(What::Withdrawal, until, phase.line));
        }
    }
    events
}
