//! COW IGO v3: one row for each time that a state is listed under one status, in whole years,
//! and a list of organizations.

use std::collections::BTreeMap;

use acquis_registry::{AdmittedAs, Area, InstitutionKind, Party, nearest};

use super::{Content, Event, Record, Skipped, What, year};
use crate::codes::{NumberedList, StateCodes};
use crate::error::ExchangeError;
use crate::file::{Column, DataFile, Row, Sheet, file_with};

const DATASET: &str = "cow-igo";
const YEARS: std::ops::RangeInclusive<i16> = 1..=9998;
const STATUSES: &str = "a status: full, associate or observer";

/// One listing of a state: `[from, to]`, both years included.
struct Listing {
    state: String,
    standing: AdmittedAs,
    from: i16,
    to: i16,
    line: usize,
}

impl Listing {
    /// Whether the next row goes on with the same state without a gap.
    fn is_followed_by(&self, next: &Self) -> bool {
        next.state == self.state && next.from <= self.to.saturating_add(1)
    }
}

struct Organization {
    record: Record,
    is_dead: bool,
    listings: Vec<Listing>,
}

pub(super) fn read(files: &[DataFile]) -> Result<Content, ExchangeError> {
    let list = file_with(files, DATASET, "ionum", "the list of organizations")?;
    let members = file_with(files, DATASET, "from_year", "the memberships as intervals")?;
    let mut content = Content::default();
    let mut organizations = organizations(&Sheet::read(list)?)?;
    memberships(&Sheet::read(members)?, &mut organizations, &mut content)?;
    let last_year = organizations
        .values()
        .flat_map(|organization| organization.listings.iter().map(|listing| listing.to))
        .max()
        .unwrap_or_default();
    for (_, mut organization) in organizations {
        organization.listings.sort_by(|left, right| {
            (&left.state, left.from, left.line).cmp(&(&right.state, right.from, right.line))
        });
        content.records.push(organization.into_record(last_year));
    }
    Ok(content)
}

fn organizations(sheet: &Sheet) -> Result<BTreeMap<String, Organization>, ExchangeError> {
    let [key, name, long, number, dead, political] = [
        sheet.column("ioname")?,
        sheet.column("orgname")?,
        sheet.column("longorgname")?,
        sheet.column("ionum")?,
        sheet.column("dead")?,
        sheet.column("political")?,
    ];
    let mut organizations = BTreeMap::new();
    for row in sheet.rows() {
        if row.text(key).is_empty() {
            return Err(row.wrong(key, "the name of an organization"));
        }
        let full = [row.text(long), row.text(name), row.text(key)]
            .into_iter()
            .find(|text| !text.is_empty())
            .unwrap_or_default();
        let record = Record {
            key: row.text(key).to_owned(),
            locator: format!("organization {}", row.text(number)),
            kind: InstitutionKind::Organization,
            name: full.to_owned(),
            short: Some(row.text(key).to_owned()),
            summary: None,
            areas: if row.text(political) == "1" {
                vec![Area::Political]
            } else {
                Vec::new()
            },
            stage: None,
            line: row.line(),
            events: Vec::new(),
        };
        let organization = Organization {
            record,
            is_dead: row.text(dead) == "1",
            listings: Vec::new(),
        };
        organizations.insert(row.text(key).to_owned(), organization);
    }
    Ok(organizations)
}

fn memberships(
    sheet: &Sheet,
    organizations: &mut BTreeMap<String, Organization>,
    content: &mut Content,
) -> Result<(), ExchangeError> {
    let [key, number, iso3, status, from, to] = [
        sheet.column("ioname")?,
        sheet.column("ccode")?,
        sheet.column("iso3")?,
        sheet.column("status")?,
        sheet.column("from_year")?,
        sheet.column("to_year")?,
    ];
    for row in sheet.rows() {
        content.rows += 1;
        if !organizations.contains_key(row.text(key)) {
            let near = nearest(row.text(key), organizations.keys().map(String::as_str));
            return Err(row.wrong_near(key, "an organization of the list", near));
        }
        let Some(state) = state(&row, iso3, number)? else {
            content.skipped.push(Skipped {
                line: row.line(),
                what: format!("{}, state {}", row.text(key), row.text(number)),
                reason: "the table of codes has no code for this state".to_owned(),
            });
            continue;
        };
        let first = row.number(from, YEARS, "a year")?;
        let last = row.number(to, YEARS, "a year")?;
        if last < first {
            return Err(row.wrong(to, "a year not before from_year"));
        }
        let listing = Listing {
            state,
            standing: standing(&row, status)?,
            from: first,
            to: last,
            line: row.line(),
        };
        if let Some(organization) = organizations.get_mut(row.text(key)) {
            organization.listings.push(listing);
        }
    }
    Ok(())
}

/// The code of the row's state: ISO 3166 where the file has it, else a private code.
pub(super) fn state(
    row: &Row<'_>,
    iso3: Column,
    number: Column,
) -> Result<Option<String>, ExchangeError> {
    let codes = StateCodes::built_in();
    let written = row.text(iso3);
    if !written.is_empty() {
        return match codes.name(written) {
            Some(_) => Ok(Some(written.to_owned())),
            None => Err(row.wrong_near(
                iso3,
                "an ISO 3166 alpha-3 code",
                nearest(written, codes.codes()),
            )),
        };
    }
    let number = row.number(number, 1..=i16::MAX, "a number of the COW list of states")?;
    let private = codes.private_code(NumberedList::Cow, number);
    Ok(private.map(str::to_owned))
}

fn standing(row: &Row<'_>, status: Column) -> Result<AdmittedAs, ExchangeError> {
    match row.text(status) {
        "full" => Ok(AdmittedAs::Member),
        "associate" => Ok(AdmittedAs::Associate),
        "observer" => Ok(AdmittedAs::Observer),
        other => {
            let near = nearest(other, ["full", "associate", "observer"]);
            Err(row.wrong_near(status, STATUSES, near))
        }
    }
}

impl Organization {
    /// Listings as events. `last_year` is the last of the whole dataset: who is listed in it
    /// has not left. Members listed in the last year of an organization that ended, end with it.
    fn into_record(self, last_year: i16) -> Record {
        let mut record = self.record;
        let end = self.listings.iter().map(|listing| listing.to).max();
        let end = end.filter(|end| self.is_dead && *end < last_year);
        let mut listings = self.listings.iter().peekable();
        let mut before: Option<&Listing> = None;
        while let Some(listing) = listings.next() {
            let party = Some(Party::from_id(&listing.state));
            let goes_on = before.is_some_and(|before| {
                before.standing == listing.standing && before.is_followed_by(listing)
            });
            if !goes_on {
                record.events.extend(year(listing.from).map(|on| Event {
                    what: What::Joined(listing.standing),
                    party: party.clone(),
                    on,
                    possible: None,
                    line: listing.line,
                }));
            }
            let stays = listing.to == last_year
                || Some(listing.to) == end
                || listings
                    .peek()
                    .is_some_and(|next| listing.is_followed_by(next));
            if !stays {
                record
                    .events
                    .extend(left(What::Withdrawal, party, listing.to, listing.line));
            }
            before = Some(listing);
        }
        if let Some(end) = end {
            let line = record.line;
            record
                .events
                .extend(left(What::Termination, None, end, line));
        }
        record
    }
}

/// Leaving after the last year of being listed.
fn left(what: What, party: Option<Party>, last: i16, line: usize) -> Option<Event> {
    Some(Event {
        what,
        party,
        on: year(last + 1)?,
        possible: format!("{last:04}-01-01/{:04}-01-01", last + 1)
            .parse()
            .ok(),
        line,
    })
}
