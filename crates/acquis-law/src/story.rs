//! How the stage between two states moved: each step with the acts that made it.

use acquis_registry::{ActKind, KnownAct, Participants, Party, Stage, StateCode};
use jiff::civil::Date;

use crate::law::Law;
use crate::proof::Proof;
use crate::stage::{Between, Grade};

/// A day on which the stage between two states changed at some grade.
#[derive(Debug, Clone)]
pub struct Step<'r> {
    /// The first day of the new state of affairs.
    pub day: Date,
    /// The stages until then: signed, in force, functioning.
    pub before: [Stage; 3],
    /// The stages from then on.
    pub after: [Stage; 3],
    /// The acts of the organizations and agreements that made the difference.
    pub acts: Vec<KnownAct<'r>>,
}

impl Step<'_> {
    /// The grades at which something changed.
    pub fn changes(&self) -> impl Iterator<Item = (Grade, Stage, Stage)> {
        Grade::ALL
            .into_iter()
            .zip(self.before.into_iter().zip(self.after))
            .filter(|(_, (before, after))| before != after)
            .map(|(grade, (before, after))| (grade, before, after))
    }

    /// Why: the acts as proofs.
    pub fn proofs(&self, law: &Law<'_>) -> Vec<Proof> {
        self.acts
            .iter()
            .map(|act| Proof::from_act(law.registry(), act))
            .collect()
    }
}

impl<'r> Law<'r> {
    /// The story of two states: every day on which the stage between them changed at some
    /// grade, in order.
    pub fn story(&self, first: &StateCode, second: &StateCode) -> Vec<Step<'r>> {
        let mut steps = Vec::new();
        let mut previous: Option<Between<'r>> = None;
        for day in self.change_days() {
            let now = self.between(first, second, day);
            let before = previous.as_ref().map_or([Stage::None; 3], Between::stages);
            let after = now.stages();
            if before != after {
                let acts = self.acts_behind(previous.as_ref(), &now);
                steps.push(Step {
                    day,
                    before,
                    after,
                    acts,
                });
            }
            previous = Some(now);
        }
        steps
    }

    /// The acts of the day in the institutions whose commitment differs before and after.
    fn acts_behind(&self, before: Option<&Between<'r>>, after: &Between<'r>) -> Vec<KnownAct<'r>> {
        let commitments = |between: &Between<'r>| {
            let mut all: Vec<_> = between
                .grades
                .iter()
                .flat_map(|at| {
                    at.commitments.iter().map(|commitment| {
                        (
                            commitment.institution.id.clone(),
                            at.grade,
                            commitment.stage,
                        )
                    })
                })
                .collect();
            all.sort();
            all
        };
        let (old, new) = (
            before.map(commitments).unwrap_or_default(),
            commitments(after),
        );
        let differs = |dossier_id| {
            let of = |list: &[(acquis_registry::InstitutionId, Grade, Stage)]| {
                list.iter()
                    .filter(|(id, _, _)| id == dossier_id)
                    .cloned()
                    .collect::<Vec<_>>()
            };
            of(&old) != of(&new)
        };
        self.dossiers()
            .filter(|dossier| differs(&dossier.institution.id))
            .flat_map(|dossier| &dossier.acts)
            .filter(|act| act.effect() == Some(after.day) && concerns(act, after))
            .cloned()
            .collect()
    }
}

/// Whether an act can have moved the stage of a pair: it concerns all, an organization, or
/// one of the two; an assessment has to name both.
fn concerns(act: &KnownAct<'_>, pair: &Between<'_>) -> bool {
    let Participants::Listed(parties) = &act.act.who else {
        return true;
    };
    if parties
        .iter()
        .any(|party| matches!(party, Party::Organization(_)))
    {
        return true;
    }
    let names = |state: &StateCode| act.act.names(&Party::State(state.clone()));
    if act.act.kind == ActKind::Implementation {
        names(&pair.first) && names(&pair.second)
    } else {
        names(&pair.first) || names(&pair.second)
    }
}

impl Between<'_> {
    /// The stages at the three grades.
    pub fn stages(&self) -> [Stage; 3] {
        [
            self.grades[0].stage,
            self.grades[1].stage,
            self.grades[2].stage,
        ]
    }
}
