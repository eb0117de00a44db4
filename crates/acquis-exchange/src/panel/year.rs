//! One year of a timeline: bit sets of what binds each state, and the stages between all
//! pairs, `[states][states]`, filled above the diagonal.

use acquis_law::Standing;
use acquis_registry::Stage;
use jiff::civil::Date;

use super::timeline::{Line, Timeline, spell_in};
use crate::codes::{NumberedList, StateCodes, is_private};

const WORD: usize = 64;

/// Everything that holds on the last day of one year.
pub(crate) struct Year {
    pub(crate) number: i16,
    pub(crate) day: Date,
    /// The states that have a row.
    pub(crate) exists: Vec<bool>,
    pub(crate) cow: Vec<Option<i16>>,
    pub(crate) gw: Vec<Option<i16>>,
    words: usize,
    /// `[states][words]`: which institutions bind a state in its own right.
    bound: Vec<u64>,
    /// Which institutions are organizations, and which are about security.
    organizations: Vec<u64>,
    security: Vec<u64>,
    stages: Stages,
}

/// The stages between all pairs at the three grades, and the commitments nobody has assessed.
#[derive(Default)]
struct Stages {
    count: usize,
    signed: Vec<u8>,
    in_force: Vec<u8>,
    functioning: Vec<u8>,
    unassessed: Vec<u16>,
}

/// What two states have in common.
pub(crate) struct Pair {
    pub(crate) signed: u8,
    pub(crate) in_force: u8,
    pub(crate) functioning: u8,
    pub(crate) unassessed: u16,
    pub(crate) organizations: u32,
    pub(crate) agreements: u32,
    pub(crate) alliance: bool,
}

impl Year {
    pub(crate) fn new(timeline: &Timeline<'_>, year: i16, balanced: bool) -> Self {
        let count = timeline.states.len();
        let words = timeline.lines.len().div_ceil(WORD);
        let mut built = Self {
            number: year,
            day: Date::constant(year, 12, 31),
            exists: existing(timeline, year, balanced),
            cow: Vec::new(),
            gw: Vec::new(),
            words,
            bound: vec![0; count * words],
            organizations: vec![0; words],
            security: vec![0; words],
            stages: Stages::new(count),
        };
        built.cow = built.numbers(timeline, NumberedList::Cow);
        built.gw = built.numbers(timeline, NumberedList::GleditschWard);
        for (number, line) in timeline.lines.iter().enumerate() {
            built.mark(number, line);
        }
        for line in timeline.lines.iter().filter(|line| line.can_set_a_stage) {
            let reached = built.reach(timeline, line);
            built.commitments(line, &reached);
        }
        built
    }

    fn mark(&mut self, number: usize, line: &Line<'_>) {
        let (word, bit) = (number / WORD, 1 << (number % WORD));
        if line.is_organization() {
            self.organizations[word] |= bit;
        }
        if line.is_about_security() {
            self.security[word] |= bit;
        }
        for (state, spells) in &line.states {
            if spell_in(spells, self.number).is_some_and(|spell| spell.standing.is_bound()) {
                self.bound[state * self.words + word] |= bit;
            }
        }
    }

    /// Numbers of a list; of states that share one, the first in the table that has a row.
    fn numbers(&self, timeline: &Timeline<'_>, list: NumberedList) -> Vec<Option<i16>> {
        let mut numbers = vec![None; timeline.states.len()];
        let mut taken = Vec::new();
        for (code, number) in StateCodes::built_in().numbers_in(list, self.number) {
            let found = timeline
                .states
                .binary_search_by(|state| state.code.as_str().cmp(code));
            if let Ok(state) = found
                && self.exists[state]
                && numbers[state].is_none()
                && !taken.contains(&number)
            {
                numbers[state] = Some(number);
                taken.push(number);
            }
        }
        numbers
    }

    /// The institutions that bind a state in its own right.
    fn bound_by(&self, state: usize) -> &[u64] {
        &self.bound[state * self.words..(state + 1) * self.words]
    }

    fn is_bound_by(&self, state: usize, line: usize) -> bool {
        self.bound_by(state)[line / WORD] & (1 << (line % WORD)) != 0
    }

    /// How many institutions about security bind a state.
    pub(crate) fn alliances(&self, state: usize) -> u32 {
        self.bound_by(state)
            .iter()
            .zip(&self.security)
            .map(|(bound, security)| (bound & security).count_ones())
            .sum()
    }

    /// What two states have in common; `first` is below `second`.
    pub(crate) fn pair(&self, first: usize, second: usize) -> Pair {
        let at = first * self.stages.count + second;
        let (mut organizations, mut agreements, mut alliance) = (0, 0, false);
        let (left, right) = (self.bound_by(first), self.bound_by(second));
        for word in 0..self.words {
            let both = left[word] & right[word];
            organizations += (both & self.organizations[word]).count_ones();
            agreements += (both & !self.organizations[word]).count_ones();
            alliance |= both & self.security[word] != 0;
        }
        Pair {
            signed: self.stages.signed[at],
            in_force: self.stages.in_force[at],
            functioning: self.stages.functioning[at],
            unassessed: self.stages.unassessed[at],
            organizations,
            agreements,
            alliance,
        }
    }

    /// The states that an institution reaches, in their own right or through an organization:
    /// by what binds them if anything does, else by what they have signed, as the law has it.
    fn reach(&self, timeline: &Timeline<'_>, line: &Line<'_>) -> Vec<Reached> {
        let rank = |standing: Standing| {
            (
                !standing.is_bound(),
                !standing.has_signed(),
                !standing.is_current(),
            )
        };
        let mut reached: Vec<Option<Reached>> = vec![None; timeline.states.len()];
        for (state, spells) in &line.states {
            reached[*state] = spell_in(spells, self.number).map(|spell| Reached {
                state: *state,
                through: None,
                standing: spell.standing,
                stage: spell.stage,
            });
        }
        for (organization, spells) in &line.organizations {
            let Some(spell) = spell_in(spells, self.number) else {
                continue;
            };
            for (state, best) in reached.iter_mut().enumerate() {
                let is_better = best
                    .as_ref()
                    .is_none_or(|best| rank(spell.standing) < rank(best.standing));
                if is_better && self.is_bound_by(state, *organization) {
                    *best = Some(Reached {
                        state,
                        through: Some(*organization),
                        standing: spell.standing,
                        stage: spell.stage,
                    });
                }
            }
        }
        reached.into_iter().flatten().collect()
    }

    fn commitments(&mut self, line: &Line<'_>, reached: &[Reached]) {
        let assessments = self.assessments(line);
        for (position, first) in reached.iter().enumerate() {
            for second in &reached[position + 1..] {
                if first.through.is_some() && first.through == second.through {
                    continue;
                }
                let at = first.state * self.stages.count + second.state;
                let raise = |cell: &mut u8, stage: Option<Stage>| {
                    *cell = (*cell).max(depth(stage));
                };
                if first.standing.has_signed() && second.standing.has_signed() {
                    raise(&mut self.stages.signed[at], line.institution.stage);
                }
                let inoperative = &mut line.inoperative.iter();
                let rests =
                    inoperative.any(|it| it.holds_in(self.number, first.state, second.state));
                if rests || !(first.standing.is_bound() && second.standing.is_bound()) {
                    continue;
                }
                let set = first.stage.min(second.stage);
                raise(&mut self.stages.in_force[at], set);
                match last_for(&assessments, first.state, second.state) {
                    Some(attained) => {
                        let works = attained.min(set.unwrap_or(Stage::None));
                        raise(&mut self.stages.functioning[at], Some(works));
                    }
                    None => self.stages.unassessed[at] += 1,
                }
            }
        }
    }

    /// The assessments that have taken effect, the last first, each with the states it names.
    fn assessments(&self, line: &Line<'_>) -> Vec<Assessed> {
        line.assessments
            .iter()
            .rev()
            .filter(|assessment| assessment.from <= self.number)
            .map(|assessment| Assessed {
                stage: assessment.stage,
                names: assessment.names.as_ref().map(|(states, lines)| {
                    (0..self.exists.len())
                        .map(|state| {
                            states.contains(&state)
                                || lines.iter().any(|line| self.is_bound_by(state, *line))
                        })
                        .collect()
                }),
            })
            .collect()
    }
}

/// A state that an institution reaches.
#[derive(Clone)]
struct Reached {
    state: usize,
    /// The line of the organization that acts for it.
    through: Option<usize>,
    standing: Standing,
    stage: Option<Stage>,
}

struct Assessed {
    stage: Option<Stage>,
    names: Option<Vec<bool>>,
}

/// The last assessment that names both states, else the last that names nobody.
fn last_for(assessments: &[Assessed], first: usize, second: usize) -> Option<Stage> {
    assessments
        .iter()
        .find(|assessed| {
            assessed
                .names
                .as_ref()
                .is_some_and(|names| names[first] && names[second])
        })
        .or_else(|| assessments.iter().find(|assessed| assessed.names.is_none()))
        .and_then(|assessed| assessed.stage)
}

fn depth(stage: Option<Stage>) -> u8 {
    stage.map_or(0, |stage| u8::try_from(stage.depth()).unwrap_or(u8::MAX))
}

impl Stages {
    fn new(count: usize) -> Self {
        let cells = count * count;
        Self {
            count,
            signed: vec![0; cells],
            in_force: vec![0; cells],
            functioning: vec![0; cells],
            unassessed: vec![0; cells],
        }
    }
}

/// The states that have a row in a year (see [`super::PanelOptions::balanced`]).
fn existing(timeline: &Timeline<'_>, year: i16, balanced: bool) -> Vec<bool> {
    let codes = StateCodes::built_in();
    let day = Date::constant(year, 12, 31);
    let takes_part = timeline.takes_part(year);
    timeline
        .states
        .iter()
        .zip(takes_part)
        .map(|(state, takes_part)| {
            let code = state.code.as_str();
            if balanced {
                true
            } else if state.from.is_some() || state.until.is_some() {
                state.exists_on(day)
            } else {
                takes_part || !codes.lists(code) || codes.is_listed_in(code, year)
            }
        })
        .collect()
}

/// The ISO code of a state: its code in the registry, unless that is a private one.
pub(crate) fn iso3(code: &str) -> Option<&str> {
    (!is_private(code)).then_some(code)
}
