//! Answers of the law as pictures: who is in what, how a pair moved, a life in time, maps.
//!
//! Where a picture leads is for the page to say, through [`Links`]; a report without pages of
//! its own leads nowhere ([`NoLinks`]).

use std::collections::BTreeMap;

use acquis_law::{Grade, Law, Spell, Standing, Step};
use acquis_registry::{
    ActKind, AdmittedAs, EdtfDate, Institution, InstitutionId, InstitutionKind, KnownAct,
    KnownInstrument, Party, Rank, Registry, Stage, State, StateCode,
};
use jiff::civil::Date;

use super::dispute::shown as figure;
use super::history::concerns;
use super::law::Question;
use crate::chart::{
    Category, ChartError, Heading, Ladder, LadderLine, LifeLine, LifeRow, LifeSpell, Look,
    MapState, MarkCell, MarkMatrix, Moment, Overlap, Rung, StageLevel, StateMap, TimeSpan, Value,
    When, YearStrip,
};

/// Where the parts of a picture lead in a page. Each leads nowhere unless it is told where.
pub trait Links {
    /// The page of a state.
    fn state(&self, _state: &StateCode) -> Option<String> {
        None
    }

    /// The page of an organization or agreement.
    fn institution(&self, _institution: &InstitutionId) -> Option<String> {
        None
    }

    /// Why a state has its standing in an institution.
    fn standing(&self, _state: &StateCode, _institution: &InstitutionId) -> Option<String> {
        None
    }

    /// The page of two states.
    fn pair(&self, _one: &StateCode, _other: &StateCode) -> Option<String> {
        None
    }

    /// An act: its institution and its number there.
    fn act(&self, _institution: &InstitutionId, _ordinal: usize) -> Option<String> {
        None
    }
}

/// Leads nowhere.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoLinks;

impl Links for NoLinks {}

/// Every standing as a category, in the order of [`Standing`].
pub fn standing_categories() -> Vec<Category> {
    const STANDINGS: [(Standing, Look); 9] = [
        (Standing::Member, Look::Full),
        (Standing::ProvisionalParty, Look::Diamond),
        (Standing::Associate, Look::Half),
        (Standing::Observer, Look::Ring),
        (Standing::ContractingState, Look::Open),
        (Standing::Signatory, Look::Slight),
        (Standing::Suspended, Look::Paused),
        (Standing::Withdrawn, Look::Crossed),
        (Standing::Ended, Look::Dash),
    ];
    STANDINGS
        .into_iter()
        .map(|(standing, look)| {
            let name = match standing {
                Standing::Member => "member or party",
                other => other.label(InstitutionKind::Organization),
            };
            Category::new(name, look)
        })
        .collect()
}

/// Every stage as a level, from none upwards.
pub fn stage_levels() -> Vec<StageLevel> {
    use acquis_registry::document::Word as _;
    Stage::ALL
        .iter()
        .map(|stage| StageLevel::new(stage.label(), stage.short()))
        .collect()
}

/// The mark of an act: that of the standing it leads to.
fn act_look(kind: &ActKind) -> Look {
    match kind {
        ActKind::Signature => Look::Slight,
        ActKind::Ratification => Look::Open,
        ActKind::ProvisionalApplication => Look::Diamond,
        ActKind::EntryIntoForce
        | ActKind::Accession(AdmittedAs::Member)
        | ActKind::Succession(_) => Look::Full,
        ActKind::Accession(AdmittedAs::Associate) => Look::Half,
        ActKind::Accession(AdmittedAs::Observer) => Look::Ring,
        ActKind::Suspension => Look::Paused,
        ActKind::Withdrawal => Look::Crossed,
        ActKind::Termination | ActKind::Merger(_) => Look::Dash,
        _ => Look::Tick,
    }
}

/// The days a date leaves open, within a span; none if it is before or after it, or unknown.
fn when(date: &EdtfDate, span: TimeSpan) -> Option<When> {
    if date.first_day().is_none() && date.last_day().is_none() {
        return None;
    }
    let first = date.first_day().unwrap_or(span.from());
    let last = date.last_day().unwrap_or(span.to());
    When::within(first.min(last), last).ok()
}

fn moment(act: &KnownAct<'_>, label: String, span: TimeSpan, links: &dyn Links) -> Option<Moment> {
    let date = act.claim.takes_effect()?;
    Some(Moment {
        contested: act.contested,
        href: links.act(&act.institution.id, act.ordinal),
        ..Moment::new(when(date, span)?, label, act_look(&act.act.kind))
    })
}

fn source(registry: &Registry) -> String {
    format!("acts of the pack \"{}\"", registry.card().id)
}

fn state_heading(state: &State, on: Date, links: &dyn Links) -> Heading {
    Heading {
        href: links.state(&state.code),
        ..Heading::new(state.code.as_str(), state.name_on(on))
    }
}

fn kind_group(kind: InstitutionKind) -> &'static str {
    match kind {
        InstitutionKind::Organization => "Organizations",
        InstitutionKind::Agreement => "Agreements",
    }
}

fn institution_heading(institution: &Institution, on: Date, links: &dyn Links) -> Heading {
    Heading {
        href: links.institution(&institution.id),
        ..Heading::new(institution.short_name_on(on), institution.name_on(on))
    }
    .group(kind_group(institution.kind))
}

/// Who is what to what on a day.
///
/// # Errors
/// None that the law can cause; the chart's own check.
pub fn memberships(
    law: &Law<'_>,
    states: &[&State],
    institutions: &[&Institution],
    question: Question,
    links: &dyn Links,
) -> Result<MarkMatrix, ChartError> {
    let on = question.on;
    let rows = states.iter().map(|state| state_heading(state, on, links));
    let columns = institutions
        .iter()
        .map(|institution| institution_heading(institution, on, links));
    let title = format!("Who is in what {}", question.words());
    let mut matrix = MarkMatrix::new(
        title,
        rows.collect(),
        columns.collect(),
        standing_categories(),
    )
    .source(source(law.registry()));
    for (row, state) in states.iter().enumerate() {
        let party = Party::State(state.code.clone());
        for (column, institution) in institutions.iter().enumerate() {
            let Some(standing) = law.standing(&party, &institution.id, on) else {
                continue;
            };
            // What has ended for all is no news in each of its rows.
            if standing.standing == Standing::Ended {
                continue;
            }
            let imprecise = if standing.imprecise {
                ", date imprecise"
            } else {
                ""
            };
            let cell = MarkCell {
                category: standing.standing as usize,
                contested: standing.contested,
                note: format!("since {}{imprecise}", standing.since),
                href: links.standing(&state.code, &institution.id),
            };
            matrix.set(row, column, cell)?;
        }
    }
    Ok(matrix)
}

/// How deep each state's stage with a chosen one is on a day, for a map.
///
/// # Errors
/// None that the law can cause; the chart's own check.
pub fn stages_with(
    law: &Law<'_>,
    chosen: &State,
    states: &[&State],
    grade: Grade,
    question: Question,
    links: &dyn Links,
) -> Result<StateMap, ChartError> {
    let title = format!(
        "Stage of integration with {}, {grade}, {}",
        chosen.name_on(question.on),
        question.words()
    );
    let mut map = StateMap::of_levels(title, stage_levels())?.source(source(law.registry()));
    for state in states {
        let heading = Heading {
            href: links.pair(&chosen.code, &state.code),
            ..state_heading(state, question.on, links)
        };
        let shown = MapState::new(heading);
        if state.code == chosen.code {
            let heading = state_heading(state, question.on, links);
            map.push(MapState {
                chosen: true,
                heading,
                ..shown
            })?;
            continue;
        }
        let stage = law.stage_between(&chosen.code, &state.code, question.on, grade);
        let contested = stage.contested;
        map.push(MapState {
            contested,
            ..shown.class(stage.stage.depth())
        })?;
    }
    Ok(map)
}

/// What each state is to an organization or agreement on a day, for a map.
///
/// # Errors
/// None that the law can cause; the chart's own check.
pub fn standings_in(
    law: &Law<'_>,
    institution: &Institution,
    states: &[&State],
    question: Question,
    links: &dyn Links,
) -> Result<StateMap, ChartError> {
    let title = format!("{} {}", institution.name_on(question.on), question.words());
    let mut map =
        StateMap::of_categories(title, standing_categories()).source(source(law.registry()));
    for state in states {
        let mut shown = MapState::new(state_heading(state, question.on, links));
        let party = Party::State(state.code.clone());
        if let Some(standing) = law.standing(&party, &institution.id, question.on) {
            shown.class = Some(standing.standing as usize);
            shown.contested = standing.contested;
            shown.note = format!("since {}", standing.since);
        }
        map.push(shown)?;
    }
    Ok(map)
}

/// How the stage between two states moved at three grades, with the acts behind each step.
///
/// # Errors
/// [`ChartError`] for a chart of steps that are not in the order of time.
pub fn ladder(
    law: &Law<'_>,
    (one, other): (&State, &State),
    steps: &[Step<'_>],
    span: TimeSpan,
    links: &dyn Links,
) -> Result<Ladder, ChartError> {
    let title = format!(
        "Stage of integration between {} and {}",
        one.name(),
        other.name()
    );
    let mut ladder = Ladder::new(title, span, stage_levels())?.source(source(law.registry()));
    for (at, grade) in Grade::ALL.into_iter().enumerate() {
        let rungs = steps
            .iter()
            .filter(|step| step.before[at] != step.after[at]);
        let rungs = rungs.map(|step| Rung {
            contested: law
                .stage_between(&one.code, &other.code, step.day, grade)
                .contested,
            ..Rung::new(step.day, step.after[at].depth())
        });
        ladder.push(LadderLine::new(grade.label(), rungs.collect()))?;
    }
    let mut seen: Vec<(&InstitutionId, usize)> = Vec::new();
    for act in steps.iter().flat_map(|step| &step.acts) {
        let key = (&act.institution.id, act.ordinal);
        if seen.contains(&key) {
            continue;
        }
        seen.push(key);
        let name = act.effect().map_or_else(
            || act.institution.short_name(),
            |day| act.institution.short_name_on(day),
        );
        let label = format!("{name}: {}", act.act.kind.name().label());
        if let Some(moment) = moment(act, label, span, links) {
            ladder.push_moment(moment);
        }
    }
    Ok(ladder)
}

/// What a state was to every organization and agreement, what it did there, and the instruments
/// it gave or received, in time.
///
/// # Errors
/// None that the law can cause; the chart's own check.
pub fn state_life(
    law: &Law<'_>,
    state: &State,
    span: TimeSpan,
    links: &dyn Links,
) -> Result<LifeLine, ChartError> {
    let mut life = LifeLine::new(
        format!("{} in time", state.name()),
        span,
        standing_categories(),
    )
    .source(source(law.registry()));
    let party = Party::State(state.code.clone());
    let mut institutions: Vec<&Institution> = law.registry().institutions().collect();
    institutions.sort_by_key(|institution| institution.kind != InstitutionKind::Organization);
    for institution in institutions {
        let spells: Vec<&Spell> = law
            .spells(&institution.id)
            .filter(|(holder, _)| **holder == party)
            .flat_map(|(_, spells)| spells)
            .collect();
        let acts = law.view().acts(institution);
        let acts = acts.iter().filter(|act| concerns(law, act, &state.code));
        let heading = institution_heading(institution, span.to(), links);
        let row = LifeRow {
            spells: drawn(law, institution, &spells, span),
            moments: acts
                .filter_map(|act| moment(act, act.act.kind.name().label().to_owned(), span, links))
                .collect(),
            ..LifeRow::new(Heading {
                href: links
                    .standing(&state.code, &institution.id)
                    .or(heading.href),
                ..heading
            })
        };
        if !row.spells.is_empty() || !row.moments.is_empty() {
            life.push(row)?;
        }
    }
    for row in instruments(law, &[party], span) {
        life.push(row)?;
    }
    Ok(life)
}

/// What each state and organization was to an institution, what happened in it, and the
/// instruments it gave or received, in time.
///
/// # Errors
/// None that the law can cause; the chart's own check.
pub fn institution_life(
    law: &Law<'_>,
    institution: &Institution,
    span: TimeSpan,
    links: &dyn Links,
) -> Result<LifeLine, ChartError> {
    let registry = law.registry();
    let mut life = LifeLine::new(
        format!("{} in time", institution.name()),
        span,
        standing_categories(),
    )
    .source(source(registry));
    let acts = law.view().acts(institution);
    let of_all = acts.iter().filter(|act| act.act.who.ids().is_empty());
    let mut whole = LifeRow::new(Heading::new("all", institution.short_name()).group("As a whole"));
    whole.moments = of_all
        .filter_map(|act| moment(act, act.act.kind.name().label().to_owned(), span, links))
        .collect();
    if !whole.moments.is_empty() {
        life.push(whole)?;
    }
    let parties: Vec<(&Party, Vec<&Spell>)> = law
        .spells(&institution.id)
        .map(|(party, spells)| (party, spells.iter().collect()))
        .collect();
    for (party, spells) in parties {
        let heading = match party {
            Party::State(code) => {
                let name = registry.state(code).map_or(code.as_str(), State::name);
                let href = links
                    .standing(code, &institution.id)
                    .or_else(|| links.state(code));
                Heading {
                    href,
                    ..Heading::new(code.as_str(), name)
                }
            }
            Party::Organization(id) => {
                let name = registry
                    .institution(id)
                    .map_or(id.as_str(), |found| found.name());
                Heading {
                    href: links.institution(id),
                    ..Heading::new(id.as_str(), name)
                }
            }
        };
        let own = acts.iter().filter(|act| act.act.who.lists(party));
        life.push(LifeRow {
            spells: drawn(law, institution, &spells, span),
            moments: own
                .filter_map(|act| moment(act, act.act.kind.name().label().to_owned(), span, links))
                .collect(),
            ..LifeRow::new(heading.group("States and organizations"))
        })?;
    }
    for row in instruments(law, &[Party::Organization(institution.id.clone())], span) {
        life.push(row)?;
    }
    Ok(life)
}

/// The days on which acts took effect, with how many did, on one strip of time.
///
/// # Errors
/// None that the law can cause; the chart's own check.
pub fn changes(
    law: &Law<'_>,
    span: TimeSpan,
    now: Date,
    href: &dyn Fn(Date) -> Option<String>,
) -> Result<YearStrip, ChartError> {
    let mut days: BTreeMap<Date, usize> = BTreeMap::new();
    let institutions = law.registry().institutions();
    for act in institutions.flat_map(|institution| law.view().acts(institution)) {
        if let Some(day) = act.effect() {
            *days.entry(day).or_default() += 1;
        }
    }
    let mut strip = YearStrip::new("Days on which acts took effect", span).now(now);
    for (day, count) in days {
        strip.push(day, count, href(day))?;
    }
    Ok(strip)
}

/// Which members some organizations share on a day.
///
/// # Errors
/// [`ChartError::TooMany`] for more organizations than a picture takes.
pub fn overlap(
    law: &Law<'_>,
    institutions: &[&Institution],
    states: &[&State],
    question: Question,
    links: &dyn Links,
) -> Result<Overlap, ChartError> {
    let on = question.on;
    let members = states.iter().map(|state| state_heading(state, on, links));
    let title = format!("Shared members {}", question.words());
    let mut overlap = Overlap::new(title, members.collect()).source(source(law.registry()));
    for institution in institutions {
        let mut within = Vec::new();
        for (at, state) in states.iter().enumerate() {
            let party = Party::State(state.code.clone());
            let standing = law.standing(&party, &institution.id, on);
            let Some(standing) = standing.filter(|standing| standing.standing.is_bound()) else {
                continue;
            };
            within.push(at);
            if standing.contested {
                overlap.contest(at)?;
            }
        }
        overlap.push(institution_heading(institution, on, links), within)?;
    }
    Ok(overlap)
}

/// Spells of standing as bars; having left or outlived something is no spell of it.
fn drawn(
    law: &Law<'_>,
    institution: &Institution,
    spells: &[&Spell],
    span: TimeSpan,
) -> Vec<LifeSpell> {
    let start = |spell: &Spell| {
        let last = law
            .acts_of(&institution.id, spell)
            .iter()
            .filter_map(|act| act.claim.takes_effect())
            .filter(|date| date.first_day() == Some(spell.from))
            .filter_map(EdtfDate::last_day)
            .max();
        let last = last.unwrap_or(spell.from).max(spell.from);
        When::within(spell.from, last).unwrap_or(When::day(spell.from))
    };
    spells
        .iter()
        .enumerate()
        .filter(|(_, spell)| spell.standing.is_current() && spell.from <= span.to())
        .map(|(at, spell)| LifeSpell {
            contested: law
                .acts_of(&institution.id, spell)
                .iter()
                .any(|act| act.contested),
            ..LifeSpell::new(
                spell.standing as usize,
                start(spell),
                match (spell.until, spells.get(at + 1)) {
                    (Some(_), Some(next)) => Some(start(next)),
                    (until, _) => until.map(When::day),
                },
            )
        })
        .collect()
}

/// The instruments that some parties gave or received, a row for each.
fn instruments(law: &Law<'_>, parties: &[Party], span: TimeSpan) -> Vec<LifeRow> {
    let touches = |known: &KnownInstrument<'_>| {
        let all = known.subject.giver.iter().chain(&known.subject.receiver);
        all.into_iter().any(|party| parties.contains(party))
    };
    let known = law.view().instruments();
    known
        .iter()
        .filter(|known| touches(known))
        .filter_map(|known| instrument(known, span))
        .collect()
}

/// A row with every claim that is not denied: figures as columns, the rest as marks.
fn instrument(known: &KnownInstrument<'_>, span: TimeSpan) -> Option<LifeRow> {
    let mut row =
        LifeRow::new(Heading::new(&known.subject.id, &known.subject.title).group("Instruments"));
    let mut seen = Vec::new();
    for claim in std::iter::once(known.claim).chain(known.others.iter().copied()) {
        let date = claim.effect.as_ref().or(claim.on.as_ref());
        let Some(when) = date.and_then(|date| when(date, span)) else {
            continue;
        };
        let used = !claim.denies && !matches!(claim.rank, Rank::Deprecated { .. });
        if !used || seen.contains(&when) {
            continue;
        }
        seen.push(when);
        match &claim.value {
            Some(quantity) => row.values.push(Value {
                when,
                value: quantity.value,
                shown: figure(quantity.value, &quantity.unit),
                contested: known.contested,
            }),
            None => row.moments.push(Moment {
                contested: known.contested,
                ..Moment::new(
                    when,
                    claim
                        .says
                        .clone()
                        .unwrap_or_else(|| known.subject.title.clone()),
                    Look::Tick,
                )
            }),
        }
    }
    (!row.values.is_empty() || !row.moments.is_empty()).then_some(row)
}
