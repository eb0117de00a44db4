//! What changed between two days: standings, and stages between states.

use std::collections::BTreeSet;

use acquis_registry::{Institution, KnownAct, Party, Stage, StateCode};
use jiff::civil::Date;

use crate::law::Law;
use crate::stage::Grade;
use crate::standing::Standing;

/// A standing that is another one on the second day.
#[derive(Debug, Clone)]
pub struct StandingChange<'r> {
    /// The organization or agreement.
    pub institution: &'r Institution,
    /// Whose standing.
    pub party: Party,
    /// On the first day; `None` if it had none.
    pub before: Option<Standing>,
    /// On the second.
    pub after: Option<Standing>,
    /// The acts of the party's standing that took effect in between.
    pub acts: Vec<KnownAct<'r>>,
}

/// A stage between two states that is another one on the second day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StageChange {
    /// One state.
    pub first: StateCode,
    /// The other.
    pub second: StateCode,
    /// At which grade.
    pub grade: Grade,
    /// On the first day.
    pub before: Stage,
    /// On the second.
    pub after: Stage,
}

/// What changed between two days.
#[derive(Debug, Clone)]
pub struct Difference<'r> {
    /// Standings, in the order of institutions and parties.
    pub standings: Vec<StandingChange<'r>>,
    /// Stages, in the order of the states' codes and the grades.
    pub stages: Vec<StageChange>,
}

impl<'r> Law<'r> {
    /// What changed from the first day to the second.
    pub fn difference(&self, from: Date, to: Date) -> Difference<'r> {
        Difference {
            standings: self.standing_changes(from, to),
            stages: self.stage_changes(from, self, to),
        }
    }

    fn standing_changes(&self, from: Date, to: Date) -> Vec<StandingChange<'r>> {
        let mut changes = Vec::new();
        for dossier in self.dossiers() {
            for (party, spells) in &dossier.spells {
                let on = |day| {
                    dossier
                        .standing_on(party, day)
                        .map(|standing| standing.standing)
                };
                let (before, after) = (on(from), on(to));
                if before == after {
                    continue;
                }
                let mut behind: Vec<usize> = spells
                    .iter()
                    .filter(|spell| from < spell.from && spell.from <= to)
                    .flat_map(|spell| spell.acts.iter().copied())
                    .collect();
                behind.sort_unstable();
                behind.dedup();
                let acts = behind
                    .into_iter()
                    .filter_map(|index| dossier.acts.get(index))
                    .filter(|act| act.effect().is_some_and(|effect| from < effect))
                    .cloned()
                    .collect();
                changes.push(StandingChange {
                    institution: dossier.institution,
                    party: party.clone(),
                    before,
                    after,
                    acts,
                });
            }
        }
        changes
    }

    /// The stages that differ between this law on one day and another law (or the same) on
    /// another day, among all states that take part in anything.
    pub fn stage_changes(&self, day: Date, other: &Law<'_>, other_day: Date) -> Vec<StageChange> {
        let states: Vec<StateCode> = self
            .participants()
            .union(&other.participants())
            .cloned()
            .collect();
        let grades = Grade::ALL.map(|grade| {
            let before = self.stage_matrix(&states, day, grade);
            (grade, before, other.stage_matrix(&states, other_day, grade))
        });
        let mut changes = Vec::new();
        for (row, first) in states.iter().enumerate() {
            for (column, second) in states.iter().enumerate().skip(row + 1) {
                for (grade, before, after) in &grades {
                    let (before, after) = (before.stage(row, column), after.stage(row, column));
                    if before != after {
                        changes.push(StageChange {
                            first: first.clone(),
                            second: second.clone(),
                            grade: *grade,
                            before,
                            after,
                        });
                    }
                }
            }
        }
        changes
    }

    fn participants(&self) -> BTreeSet<StateCode> {
        self.dossiers()
            .flat_map(|dossier| dossier.spells.keys())
            .filter_map(|party| match party {
                Party::State(code) => Some(code.clone()),
                Party::Organization(_) => None,
            })
            .collect()
    }
}
