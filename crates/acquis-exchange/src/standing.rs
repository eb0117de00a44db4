//! The same question put to both sides: when did a state sign, and when did it take part, as
//! what? A dataset answers with its events, a registry with the spells that follow from its acts.

use acquis_law::{Law, Spell, Standing};
use acquis_registry::{
    ActKind, AdmittedAs, EdtfDate, InstitutionId, KnownAct, Participants, Party, StateCode,
};
use jiff::civil::Date;

use crate::dataset::{Event, Record, What};
use crate::mapping::Mapping;

/// What one side says of one state in one organization or agreement.
#[derive(Debug, Clone, Default)]
pub(crate) struct Answer {
    pub(crate) signed: Option<Moment>,
    /// In the order of time.
    pub(crate) times: Vec<Time>,
    /// Lines of the dataset, or sources of the registry.
    pub(crate) origins: Vec<String>,
}

/// A time of taking part.
#[derive(Debug, Clone)]
pub(crate) struct Time {
    pub(crate) standing: AdmittedAs,
    pub(crate) from: Moment,
    pub(crate) until: Option<Moment>,
}

/// A date as it is shown, and the span within which it can lie.
#[derive(Debug, Clone)]
pub(crate) struct Moment {
    pub(crate) shown: String,
    pub(crate) span: EdtfDate,
}

impl Moment {
    fn new(date: &EdtfDate) -> Self {
        Self {
            shown: date.to_string(),
            span: date.clone(),
        }
    }

    pub(crate) fn agrees_with(&self, other: &Self) -> bool {
        self.span.agrees_with(&other.span)
    }

    pub(crate) fn first_day(&self) -> Option<Date> {
        self.span.first_day()
    }
}

impl Time {
    /// Whether both can share a day.
    pub(crate) fn overlaps(&self, other: &Self) -> bool {
        let begins_before = |left: &Self, right: &Self| match &right.until {
            None => true,
            Some(until) => match (left.from.first_day(), until.span.last_day()) {
                (Some(from), Some(until)) => from < until,
                _ => true,
            },
        };
        begins_before(self, other) && begins_before(other, self)
    }

    /// "member 1992-05-15 to 2012-06-28"
    pub(crate) fn show(&self) -> String {
        use acquis_registry::document::Word as _;
        let until = self
            .until
            .as_ref()
            .map_or_else(String::new, |until| format!(" to {}", until.shown));
        let from = if self.until.is_some() { "" } else { "since " };
        format!("{} {from}{}{until}", self.standing.word(), self.from.shown)
    }
}

impl Answer {
    /// All of it as a phrase.
    pub(crate) fn show(&self) -> String {
        let signed = self
            .signed
            .as_ref()
            .map(|signed| format!("signed {}", signed.shown));
        let parts: Vec<String> = signed
            .into_iter()
            .chain(self.times.iter().map(Time::show))
            .collect();
        if parts.is_empty() {
            "nothing".to_owned()
        } else {
            parts.join("; ")
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.signed.is_none() && self.times.is_empty()
    }
}

/// What the dataset says of a state (by our code).
pub(crate) fn theirs(record: &Record, mapping: &Mapping, state: &StateCode) -> Answer {
    let mut events: Vec<&Event> = record
        .events
        .iter()
        .filter(|event| match event.state() {
            Some(code) => mapping.state(code) == state,
            None => event.what == What::Termination,
        })
        .collect();
    events.sort_by_key(|event| (event.on.first_day(), event.line));
    let mut answer = Answer::default();
    for event in events {
        // Of who was last listed in a year, that year is shown.
        let last_listed = event.possible.as_ref().and_then(EdtfDate::first_day);
        let moment = Moment {
            shown: last_listed.map_or_else(|| event.on.to_string(), |day| day.year().to_string()),
            span: event.span().clone(),
        };
        match event.what {
            What::Signature => answer.signed = answer.signed.or(Some(moment)),
            What::EntryIntoForce => answer.open(AdmittedAs::Member, moment),
            What::Joined(standing) => answer.open(standing, moment),
            What::Withdrawal | What::Termination => answer.close(moment),
        }
        if event.what != What::Termination || !answer.is_empty() {
            answer.origin(&event.line.to_string());
        }
    }
    answer
}

/// What the registry says of a state in one or more institutions that are one thing there,
/// up to the last day that the dataset speaks of.
pub(crate) fn ours(
    law: &Law<'_>,
    ids: &[InstitutionId],
    state: &StateCode,
    last_day: Option<Date>,
) -> Answer {
    let in_time = |day: Date| last_day.is_none_or(|last| day <= last);
    let party = Party::State(state.clone());
    let mut answer = Answer::default();
    let mut openings = Vec::new();
    for id in ids {
        answer.sign(law, id, &party, in_time);
        for (candidate, spells) in law.spells(id) {
            let Some(within) = membership(law, candidate, &party) else {
                continue;
            };
            for spell in spells {
                let acts = law.acts_of(id, spell);
                let begins = begun(&acts, spell.from);
                let mut is_in = false;
                for (from, until) in within.iter().filter_map(|within| shared(spell, *within)) {
                    if !in_time(from) {
                        continue;
                    }
                    let opened = if from == spell.from {
                        begins.clone()
                    } else {
                        Moment::new(&EdtfDate::day(from))
                    };
                    openings.push((from, kept(spell.standing), opened));
                    if let Some(until) = until.filter(|until| in_time(*until)) {
                        openings.push((until, None, Moment::new(&EdtfDate::day(until))));
                    }
                    is_in = true;
                }
                if is_in {
                    answer.origin_of(&acts);
                }
            }
        }
    }
    openings.sort_by_key(|(from, ..)| *from);
    for (_, standing, moment) in openings {
        match standing {
            Some(standing) => answer.open(standing, moment),
            None => answer.close(moment),
        }
    }
    answer
}

/// A half-open span of days.
type Days = (Date, Option<Date>);

/// When a party speaks for the state: always if it is the state itself, else while the state
/// is a member of the organization.
fn membership(law: &Law<'_>, party: &Party, state: &Party) -> Option<Vec<Days>> {
    if party == state {
        return Some(vec![(Date::MIN, None)]);
    }
    let Party::Organization(id) = party else {
        return None;
    };
    let (_, spells) = law.spells(id).find(|(member, _)| *member == state)?;
    let bound = spells.iter().filter(|spell| spell.standing.is_bound());
    Some(bound.map(|spell| (spell.from, spell.until)).collect())
}

/// The days of a spell that lie within a span; an end is given only where it is the span's own.
fn shared(spell: &Spell, (from, until): Days) -> Option<Days> {
    let begin = spell.from.max(from);
    let ends_before = |day: Date| until.is_some_and(|until| until <= day);
    if ends_before(begin) || spell.until.is_some_and(|until| until <= begin) {
        return None;
    }
    let cut = until.filter(|until| spell.until.is_none_or(|spell_end| *until < spell_end));
    Some((begin, cut))
}

/// The standings that datasets know too.
const fn kept(standing: Standing) -> Option<AdmittedAs> {
    match standing {
        Standing::Member | Standing::ProvisionalParty => Some(AdmittedAs::Member),
        Standing::Associate => Some(AdmittedAs::Associate),
        Standing::Observer => Some(AdmittedAs::Observer),
        _ => None,
    }
}

/// The beginning of a spell with the precision of the act that opens it.
fn begun(acts: &[&KnownAct<'_>], from: Date) -> Moment {
    acts.iter()
        .rev()
        .find(|act| act.effect() == Some(from))
        .and_then(|act| act.claim.takes_effect())
        .map_or_else(|| Moment::new(&EdtfDate::day(from)), Moment::new)
}

impl Answer {
    /// Takes part as this from now on. Taking part on in the same way is no new time.
    fn open(&mut self, standing: AdmittedAs, from: Moment) {
        if let Some(last) = self.times.last_mut()
            && last.until.is_none()
        {
            if last.standing == standing {
                return;
            }
            last.until = Some(from.clone());
        } else if let Some(last) = self.times.last_mut()
            && last.standing == standing
            && last.until.as_ref().map(|until| &until.shown) == Some(&from.shown)
        {
            last.until = None;
            return;
        }
        self.times.push(Time {
            standing,
            from,
            until: None,
        });
    }

    fn close(&mut self, at: Moment) {
        if let Some(last) = self.times.last_mut()
            && last.until.is_none()
        {
            last.until = Some(at);
        }
    }

    fn origin(&mut self, origin: &str) {
        if !self.origins.iter().any(|known| known == origin) {
            self.origins.push(origin.to_owned());
        }
    }

    fn origin_of(&mut self, acts: &[&KnownAct<'_>]) {
        for act in acts {
            let at = act.claim.locator.as_ref();
            let at = at.map_or_else(String::new, |at| format!(" ({at})"));
            self.origin(&format!("{}{at}", act.claim.source));
        }
    }

    /// The day of the signature, where the registry has an act of it.
    fn sign(
        &mut self,
        law: &Law<'_>,
        id: &InstitutionId,
        party: &Party,
        in_time: impl Fn(Date) -> bool,
    ) {
        let Some(institution) = law.registry().institution(id) else {
            return;
        };
        for act in law.view().acts(institution) {
            let on = act.claim.on.as_ref().or(act.claim.effect.as_ref());
            let on_day = on.and_then(EdtfDate::first_day);
            let speaks = |candidate: &Party| {
                membership(law, candidate, party).is_some_and(|spans| {
                    spans.iter().any(|(from, until)| {
                        on_day.is_some_and(|day| {
                            *from <= day && until.is_none_or(|until| day < until)
                        })
                    })
                })
            };
            let listed = match &act.act.who {
                Participants::All => false,
                Participants::Listed(parties) => parties.iter().any(speaks),
            };
            if act.act.kind == ActKind::Signature
                && listed
                && self.signed.is_none()
                && let Some(on) = on
                && on.first_day().is_none_or(&in_time)
            {
                self.signed = Some(Moment::new(on));
                self.origin_of(&[&act]);
            }
        }
    }
}
