//! What moved in time: a pair's stages, the lives of states and institutions, the law itself.

use std::collections::BTreeMap;

use acquis_law::{Grade, Law, Spell, Step};
use acquis_registry::{
    EdtfDate, Institution, InstitutionId, InstitutionKind, KnownAct, Party, Registry, State,
};
use jiff::civil::Date;

use super::instrument::instruments;
use super::{Links, institution_heading, moment, stage_levels, standing_categories};
use crate::chart::{
    ChartError, Heading, Ladder, LadderLine, LifeLine, LifeRow, LifeSpell, Moment, Rung, TimeSpan,
    When, YearStrip,
};
use crate::subject::history::concerns;
use crate::subject::origin::Origin;

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
    let mut ladder = Ladder::new(title, span, stage_levels())?.source(Origin::AllActs(law).line());
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
    .source(Origin::AllActs(law).line());
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
            moments: moments(acts, span, links),
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
    .source(Origin::AllActs(law).line());
    let acts = law.view().acts(institution);
    let of_all = acts.iter().filter(|act| act.act.who.ids().is_empty());
    let mut whole = LifeRow::new(Heading::new("all", institution.short_name()).group("As a whole"));
    whole.moments = moments(of_all, span, links);
    if !whole.moments.is_empty() {
        life.push(whole)?;
    }
    for (party, spells) in law.spells(&institution.id) {
        let heading = party_heading(registry, party, institution, links);
        let spells: Vec<&Spell> = spells.iter().collect();
        let own = acts.iter().filter(|act| act.act.names(party));
        life.push(LifeRow {
            spells: drawn(law, institution, &spells, span),
            moments: moments(own, span, links),
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

/// Who takes part in an institution, and where that leads.
fn party_heading(
    registry: &Registry,
    party: &Party,
    institution: &Institution,
    links: &dyn Links,
) -> Heading {
    match party {
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
            let found = registry.institution(id);
            Heading {
                href: links.institution(id),
                ..Heading::new(id.as_str(), found.map_or(id.as_str(), |found| found.name()))
            }
        }
    }
}

/// Acts as marks, each by the name of its kind.
fn moments<'a>(
    acts: impl Iterator<Item = &'a KnownAct<'a>>,
    span: TimeSpan,
    links: &dyn Links,
) -> Vec<Moment> {
    acts.filter_map(|act| moment(act, act.act.kind.name().label().to_owned(), span, links))
        .collect()
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
