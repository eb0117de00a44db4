//! The law read once into years: who has which standing in what, from which 31 December to
//! which.
//!
//! A spell `[from, until)` holds on 31 December of the years `[year(from), year(until))`.

use std::collections::BTreeMap;

use acquis_law::{Law, Spell, Standing};
use acquis_registry::{
    ActKind, Area, Institution, InstitutionId, InstitutionKind, KnownAct, Participants, Party,
    Stage, State, StateCode,
};

/// Everything that panels are made of.
pub(crate) struct Timeline<'r> {
    pub(crate) states: Vec<&'r State>,
    pub(crate) lines: Vec<Line<'r>>,
}

/// One organization or agreement.
pub(crate) struct Line<'r> {
    pub(crate) institution: &'r Institution,
    /// The states that have had a standing, by their number, each with its spells.
    pub(crate) states: Vec<(usize, Vec<YearSpell>)>,
    /// The organizations that act in it for their members, by the number of their line.
    pub(crate) organizations: Vec<(usize, Vec<YearSpell>)>,
    /// Assessments of what works, in the order of their effect.
    pub(crate) assessments: Vec<Assessment>,
    /// Between which states it is suspended or ended while both remain parties.
    pub(crate) inoperative: Vec<InoperativeYears>,
    /// Whether anything follows from it for the stage between two states.
    pub(crate) can_set_a_stage: bool,
}

/// A spell by the years on whose last day it holds, `[from, until)`.
pub(crate) struct YearSpell {
    from: i16,
    until: i16,
    pub(crate) standing: Standing,
    /// The stage that it puts in force, where it is bound.
    pub(crate) stage: Option<Stage>,
}

/// The years on whose last day something is suspended or ended between two states, `[from, until)`.
pub(crate) struct InoperativeYears {
    /// The numbers of the states, the lower one first.
    states: [usize; 2],
    from: i16,
    until: i16,
}

impl InoperativeYears {
    pub(crate) fn holds_in(&self, year: i16, first: usize, second: usize) -> bool {
        self.states == [first.min(second), first.max(second)]
            && (self.from..self.until).contains(&year)
    }
}

/// A source's assessment, from the year on whose last day it has taken effect.
pub(crate) struct Assessment {
    pub(crate) from: i16,
    pub(crate) stage: Option<Stage>,
    /// The numbers of the states and of the lines of the organizations it names; `None` if it
    /// names nobody.
    pub(crate) names: Option<(Vec<usize>, Vec<usize>)>,
}

impl YearSpell {
    pub(crate) const fn holds_in(&self, year: i16) -> bool {
        self.from <= year && year < self.until
    }
}

/// The spell of a year among the spells of one party.
pub(crate) fn spell_in(spells: &[YearSpell], year: i16) -> Option<&YearSpell> {
    spells.iter().find(|spell| spell.holds_in(year))
}

impl<'r> Timeline<'r> {
    pub(crate) fn new(law: &Law<'r>) -> Self {
        let registry = law.registry();
        let numbers = Numbers {
            states: registry
                .states()
                .enumerate()
                .map(|(number, state)| (state.code.as_str(), number))
                .collect(),
            lines: registry
                .institutions()
                .enumerate()
                .map(|(number, institution)| (&institution.id, number))
                .collect(),
        };
        Self {
            states: registry.states().collect(),
            lines: registry
                .institutions()
                .map(|institution| Line::new(law, institution, &numbers))
                .collect(),
        }
    }

    /// Whether a state has a current standing in something in a year.
    pub(crate) fn takes_part(&self, year: i16) -> Vec<bool> {
        let mut takes_part = vec![false; self.states.len()];
        for (state, spells) in self.lines.iter().flat_map(|line| &line.states) {
            takes_part[*state] |=
                spell_in(spells, year).is_some_and(|spell| spell.standing.is_current());
        }
        takes_part
    }
}

struct Numbers<'r> {
    states: BTreeMap<&'r str, usize>,
    lines: BTreeMap<&'r InstitutionId, usize>,
}

impl<'r> Line<'r> {
    fn new(law: &Law<'r>, institution: &'r Institution, numbers: &Numbers<'r>) -> Self {
        let (mut states, mut organizations) = (Vec::new(), Vec::new());
        for (party, spells) in law.spells(&institution.id) {
            let spells = || year_spells(law, institution, spells);
            match party {
                Party::State(code) => {
                    if let Some(number) = numbers.states.get(code.as_str()) {
                        states.push((*number, spells()));
                    }
                }
                Party::Organization(id) => {
                    if let Some(number) = numbers.lines.get(id) {
                        organizations.push((*number, spells()));
                    }
                }
            }
        }
        let acts = law.view().acts(institution);
        let assessments: Vec<Assessment> = acts
            .iter()
            .filter(|act| act.act.kind == ActKind::Implementation)
            .filter_map(|act| assessment(act, numbers))
            .collect();
        let number = |code: &StateCode| numbers.states.get(code.as_str()).copied();
        let inoperative = law.inoperative_pairs(&institution.id);
        let inoperative = inoperative.iter().filter_map(|pair| {
            let [first, second] = &pair.states;
            let (first, second) = (number(first)?, number(second)?);
            Some(InoperativeYears {
                states: [first.min(second), first.max(second)],
                from: pair.from.year(),
                until: pair.until.map_or(i16::MAX, jiff::civil::Date::year),
            })
        });
        Self {
            institution,
            states,
            organizations,
            inoperative: inoperative.collect(),
            can_set_a_stage: institution.stage.is_some()
                || acts
                    .iter()
                    .any(|act| act.act.kind == ActKind::Implementation),
            assessments,
        }
    }

    pub(crate) fn is_organization(&self) -> bool {
        self.institution.kind == InstitutionKind::Organization
    }

    pub(crate) fn is_about_security(&self) -> bool {
        self.institution.areas.contains(&Area::Security)
    }
}

fn year_spells(law: &Law<'_>, institution: &Institution, spells: &[Spell]) -> Vec<YearSpell> {
    spells
        .iter()
        .map(|spell| YearSpell {
            from: spell.from.year(),
            until: spell.until.map_or(i16::MAX, jiff::civil::Date::year),
            standing: spell.standing,
            stage: stage_in_force(institution, &law.acts_of(&institution.id, spell)),
        })
        .filter(|spell| spell.from < spell.until)
        .collect()
}

/// What the acts behind a standing say of the stage in force, else what the text sets.
fn stage_in_force(institution: &Institution, acts: &[&KnownAct<'_>]) -> Option<Stage> {
    acts.iter()
        .rev()
        .filter(|act| {
            matches!(
                act.act.kind,
                ActKind::EntryIntoForce | ActKind::ProvisionalApplication | ActKind::Accession(_)
            )
        })
        .find_map(|act| act.claim.stage)
        .or(institution.stage)
}

fn assessment(act: &KnownAct<'_>, numbers: &Numbers<'_>) -> Option<Assessment> {
    let names = match &act.act.who {
        Participants::All => None,
        Participants::Listed(parties) => {
            let (mut states, mut lines) = (Vec::new(), Vec::new());
            for party in parties {
                match party {
                    Party::State(code) => states.extend(numbers.states.get(code.as_str())),
                    Party::Organization(id) => lines.extend(numbers.lines.get(id)),
                }
            }
            Some((states, lines))
        }
    };
    Some(Assessment {
        from: act.effect()?.year(),
        stage: act.claim.stage,
        names,
    })
}
