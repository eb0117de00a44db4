//! The rows of the panels, in the order of years, then of codes or ids.

use acquis_law::Standing;
use acquis_registry::Stage;

use super::sink::{Sink, Value};
use super::timeline::{Line, Timeline, spell_in};
use super::year::{Year, iso3};
use super::{Panel, PanelOptions};
use crate::error::ExchangeError;

/// Writes all rows and counts them.
pub(crate) fn write(
    timeline: &Timeline<'_>,
    panel: Panel,
    options: &PanelOptions,
    sink: &mut impl Sink,
) -> Result<u64, ExchangeError> {
    let mut rows = 0;
    for year in options.years.clone() {
        let built = Year::new(timeline, year, options.balanced);
        rows += match panel {
            Panel::StateYear => states(timeline, &built, sink)?,
            Panel::OrganizationYear => institutions(timeline, &built, sink)?,
            Panel::DyadYear => dyads(timeline, &built, sink)?,
        };
    }
    Ok(rows)
}

fn dyads(timeline: &Timeline<'_>, year: &Year, sink: &mut impl Sink) -> Result<u64, ExchangeError> {
    let present: Vec<usize> = (0..timeline.states.len())
        .filter(|state| year.exists[*state])
        .collect();
    let mut rows = 0;
    for (position, &first) in present.iter().enumerate() {
        let a = timeline.states[first].code.as_str();
        for &second in &present[position + 1..] {
            let b = timeline.states[second].code.as_str();
            let pair = year.pair(first, second);
            sink.row(&[
                Value::Integer(i64::from(year.number)),
                Value::Text(a),
                Value::Text(b),
                iso3(a).into(),
                year.cow[first].into(),
                year.gw[first].into(),
                iso3(b).into(),
                year.cow[second].into(),
                year.gw[second].into(),
                Value::Integer(i64::from(pair.signed)),
                Value::Integer(i64::from(pair.in_force)),
                Value::Integer(i64::from(pair.functioning)),
                Value::Integer(i64::from(pair.unassessed)),
                Value::Integer(i64::from(pair.organizations)),
                Value::Integer(i64::from(pair.agreements)),
                Value::Flag(pair.alliance),
            ])?;
            rows += 1;
        }
    }
    Ok(rows)
}

/// How many standings of each sort.
#[derive(Default)]
struct Tally {
    organizations: i64,
    agreements: i64,
    associate: i64,
    observer: i64,
    signed_only: i64,
    suspended: i64,
}

impl Tally {
    fn add(&mut self, standing: Standing, line: &Line<'_>) {
        let count = match standing {
            Standing::Member | Standing::ProvisionalParty if line.is_organization() => {
                &mut self.organizations
            }
            Standing::Member | Standing::ProvisionalParty => &mut self.agreements,
            Standing::Associate => &mut self.associate,
            Standing::Observer => &mut self.observer,
            Standing::Signatory | Standing::ContractingState => &mut self.signed_only,
            Standing::Suspended => &mut self.suspended,
            _ => return,
        };
        *count += 1;
    }

    const fn members(&self) -> i64 {
        self.organizations + self.agreements
    }
}

fn states(
    timeline: &Timeline<'_>,
    year: &Year,
    sink: &mut impl Sink,
) -> Result<u64, ExchangeError> {
    let count = timeline.states.len();
    let mut tallies: Vec<Tally> = std::iter::repeat_with(Tally::default).take(count).collect();
    for line in &timeline.lines {
        for (state, spells) in &line.states {
            if let Some(spell) = spell_in(spells, year.number) {
                tallies[*state].add(spell.standing, line);
            }
        }
    }
    let mut rows = 0;
    for (number, (state, tally)) in timeline.states.iter().zip(&tallies).enumerate() {
        if !year.exists[number] {
            continue;
        }
        let deepest = (0..count).filter(|other| *other != number).fold(
            [0; 3],
            |[signed, in_force, functioning], other| {
                let pair = year.pair(number.min(other), number.max(other));
                [
                    pair.signed.max(signed),
                    pair.in_force.max(in_force),
                    pair.functioning.max(functioning),
                ]
            },
        );
        sink.row(&[
            Value::Integer(i64::from(year.number)),
            Value::Text(state.code.as_str()),
            iso3(state.code.as_str()).into(),
            year.cow[number].into(),
            year.gw[number].into(),
            Value::Text(state.name_on(year.day)),
            Value::Integer(tally.organizations),
            Value::Integer(tally.associate),
            Value::Integer(tally.observer),
            Value::Integer(tally.agreements),
            Value::Integer(tally.signed_only),
            Value::Integer(tally.suspended),
            Value::Integer(i64::from(year.alliances(number))),
            Value::Integer(i64::from(deepest[0])),
            Value::Integer(i64::from(deepest[1])),
            Value::Integer(i64::from(deepest[2])),
        ])?;
        rows += 1;
    }
    Ok(rows)
}

/// Who takes part in an institution in a year.
struct Roll<'r> {
    tally: Tally,
    members: Vec<&'r str>,
    joined: i64,
    left: i64,
    /// Organizations that act for their members.
    acting: i64,
}

impl<'r> Roll<'r> {
    fn new(timeline: &Timeline<'r>, line: &Line<'_>, year: i16) -> Self {
        let acting = line.organizations.iter().filter(|(_, spells)| {
            spell_in(spells, year).is_some_and(|spell| spell.standing.is_current())
        });
        let mut roll = Self {
            tally: Tally::default(),
            members: Vec::new(),
            joined: 0,
            left: 0,
            acting: i64::try_from(acting.count()).unwrap_or(i64::MAX),
        };
        for (state, spells) in &line.states {
            let standing = spell_in(spells, year).map(|spell| spell.standing);
            let is_bound = standing.is_some_and(Standing::is_bound);
            let was_bound = spell_in(spells, year.saturating_sub(1))
                .is_some_and(|spell| spell.standing.is_bound());
            roll.joined += i64::from(is_bound && !was_bound);
            roll.left += i64::from(was_bound && !is_bound);
            if is_bound {
                roll.members.push(timeline.states[*state].code.as_str());
            }
            if let Some(standing) = standing {
                roll.tally.add(standing, line);
            }
        }
        roll
    }

    /// Whether anybody takes part, or the last have just left.
    const fn is_empty(&self) -> bool {
        let tally = &self.tally;
        let taking_part = tally.members() + tally.associate + tally.observer;
        let waiting = tally.signed_only + tally.suspended;
        taking_part + waiting + self.acting + self.left == 0
    }
}

fn institutions(
    timeline: &Timeline<'_>,
    year: &Year,
    sink: &mut impl Sink,
) -> Result<u64, ExchangeError> {
    let mut rows = 0;
    for line in &timeline.lines {
        let roll = Roll::new(timeline, line, year.number);
        if roll.is_empty() {
            continue;
        }
        let institution = line.institution;
        let kind = if line.is_organization() {
            "organization"
        } else {
            "agreement"
        };
        let stage = institution.stage.map(Stage::depth);
        sink.row(&[
            Value::Integer(i64::from(year.number)),
            Value::Text(institution.id.as_str()),
            Value::Text(kind),
            Value::Text(institution.name_on(year.day)),
            Value::Text(institution.short_name_on(year.day)),
            stage.and_then(|depth| i16::try_from(depth).ok()).into(),
            Value::Integer(roll.tally.members()),
            Value::Integer(roll.tally.associate),
            Value::Integer(roll.tally.observer),
            Value::Integer(roll.tally.signed_only),
            Value::Integer(roll.tally.suspended),
            Value::Integer(roll.acting),
            Value::Integer(roll.joined),
            Value::Integer(roll.left),
            Value::Text(&roll.members.join(" ")),
        ])?;
        rows += 1;
    }
    Ok(rows)
}
