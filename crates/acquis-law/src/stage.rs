//! The stage of integration between two states on a day, at three grades.
//!
//! A commitment between two states is *signed*, *in force* or *functioning*, and the three
//! can lie far apart: that distance is what the literature on the post-Soviet space
//! complains about. So no answer about a stage is given without its grade:
//!
//! * **signed**: both have signed or consented and have not left;
//! * **in force**: both are bound, or apply the agreement provisionally. A text that leads
//!   to its end in steps is in force with the step that has been reached, where a claim
//!   about its entry into force names one;
//! * **functioning**: in force, and a source assesses what works in practice. The last
//!   assessment that names both states counts, else the last that names nobody. Where
//!   nobody has assessed, nothing is taken to function, and the answer says so.
//!
//! The stage between two states is that of the deepest commitment they share, their own or
//! through organizations that act for them. Two states bound through the same organization
//! are not bound to one another by its agreements with others. What is suspended between the
//! two stays signed, and is not in force between them.

use std::cmp::Reverse;

use acquis_registry::{ActKind, Institution, KnownAct, Participants, Party, Stage, StateCode};
use jiff::civil::Date;

use crate::law::{Dossier, Law, StandingOn};
use crate::proof::Proof;
use crate::standing::Standing;

/// How far a commitment has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// Signed.
    Signed,
    /// In force.
    InForce,
    /// Functioning.
    Functioning,
}

impl Grade {
    /// From the weakest to the strongest.
    pub const ALL: [Self; 3] = [Self::Signed, Self::InForce, Self::Functioning];

    /// The word for people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Signed => "signed",
            Self::InForce => "in force",
            Self::Functioning => "functioning",
        }
    }
}

impl acquis_registry::document::Word for Grade {
    const WHAT: &'static str = "a grade";
    const ALL: &'static [Self] = &[Self::Signed, Self::InForce, Self::Functioning];

    fn word(self) -> &'static str {
        match self {
            Self::Signed => "signed",
            Self::InForce => "in_force",
            Self::Functioning => "functioning",
        }
    }
}

/// One commitment that two states share.
#[derive(Debug, Clone)]
pub struct Commitment<'r> {
    /// The organization or agreement.
    pub institution: &'r Institution,
    /// The stage it gives at the grade asked for.
    pub stage: Stage,
    /// The standing of the first state.
    pub first: StandingOn<'r>,
    /// The standing of the second.
    pub second: StandingOn<'r>,
    /// The assessment that a functioning stage rests on.
    pub assessment: Option<KnownAct<'r>>,
}

impl Commitment<'_> {
    /// Whether it rests on an act about which sources disagree.
    pub fn is_contested(&self) -> bool {
        self.first.contested
            || self.second.contested
            || self.assessment.as_ref().is_some_and(|act| act.contested)
    }
}

/// The stage between two states at one grade.
#[derive(Debug, Clone)]
pub struct StageAt<'r> {
    /// The grade.
    pub grade: Grade,
    /// The stage.
    pub stage: Stage,
    /// Every commitment that counts at the grade, the deepest first.
    pub commitments: Vec<Commitment<'r>>,
    /// Commitments in force whose functioning nobody has assessed.
    pub unassessed: Vec<&'r Institution>,
    /// The acts by which something that binds both is suspended or ended between them.
    pub inoperative: Vec<KnownAct<'r>>,
    /// Whether the deepest commitment is contested.
    pub contested: bool,
}

/// The stage between two states at the three grades.
#[derive(Debug, Clone)]
pub struct Between<'r> {
    /// One state.
    pub first: StateCode,
    /// The other.
    pub second: StateCode,
    /// The day.
    pub day: Date,
    /// Signed, in force, functioning.
    pub grades: [StageAt<'r>; 3],
}

impl<'r> Law<'r> {
    /// The stage between two states on a day, at the three grades.
    pub fn between(&self, first: &StateCode, second: &StateCode, day: Date) -> Between<'r> {
        Between {
            first: first.clone(),
            second: second.clone(),
            day,
            grades: Grade::ALL.map(|grade| self.stage_between(first, second, day, grade)),
        }
    }

    /// The stage between two states on a day at one grade.
    pub fn stage_between(
        &self,
        first: &StateCode,
        second: &StateCode,
        day: Date,
        grade: Grade,
    ) -> StageAt<'r> {
        let pair = [first.clone(), second.clone()];
        self.reaches(&pair, day, grade).between(0, 1)
    }

    /// The stages between all pairs of some states on a day at one grade.
    pub fn stage_matrix(&self, states: &[StateCode], day: Date, grade: Grade) -> StageMatrix {
        let reaches = self.reaches(states, day, grade);
        let count = states.len();
        let mut stages = vec![Stage::None; count * count];
        let mut contested = vec![false; count * count];
        for row in 0..count {
            for column in row + 1..count {
                let at = reaches.between(row, column);
                for cell in [row * count + column, column * count + row] {
                    stages[cell] = at.stage;
                    contested[cell] = at.contested;
                }
            }
        }
        StageMatrix {
            states: states.to_vec(),
            grade,
            day,
            stages,
            contested,
        }
    }

    /// The stages between a state and each of some others on a day at one grade, in their order.
    pub fn stages_with(
        &self,
        state: &StateCode,
        others: &[StateCode],
        day: Date,
        grade: Grade,
    ) -> Vec<StageAt<'r>> {
        let all: Vec<StateCode> = std::iter::once(state).chain(others).cloned().collect();
        let reaches = self.reaches(&all, day, grade);
        (1..all.len())
            .map(|other| reaches.between(0, other))
            .collect()
    }

    /// The standings by which institutions reach some states on a day at one grade: looked up
    /// once, where many pairs of them are asked about.
    pub(crate) fn reaches<'l>(
        &'l self,
        states: &'l [StateCode],
        day: Date,
        grade: Grade,
    ) -> Reaches<'l, 'r> {
        let counts = |standing: &StandingOn<'_>| match grade {
            Grade::Signed => standing.standing.has_signed(),
            Grade::InForce | Grade::Functioning => standing.standing.is_bound(),
        };
        let reach = |dossier: &Dossier<'r>| {
            let by_state = states
                .iter()
                .map(|state| self.reach(dossier, state, day).filter(counts));
            by_state.collect::<Vec<_>>()
        };
        Reaches {
            law: self,
            states,
            day,
            grade,
            by_dossier: self
                .dossiers()
                .filter(|dossier| dossier.can_set_a_stage())
                .map(|dossier| (dossier, reach(dossier)))
                .collect(),
        }
    }

    /// The standing by which an institution reaches a state, its own or that of an
    /// organization of which it is a member: the one that binds it if any does, else the
    /// one by which it has signed; its own before an organization's.
    pub(crate) fn reach(
        &self,
        dossier: &Dossier<'r>,
        state: &StateCode,
        day: Date,
    ) -> Option<StandingOn<'r>> {
        let own = Party::State(state.clone());
        let standing = |party: &Party| dossier.spell_on(party, day).map(|spell| spell.standing);
        let own_standing = standing(&own);
        if own_standing.is_some_and(Standing::is_bound) {
            return dossier.standing_on(&own, day);
        }
        let through = dossier.spells.keys().filter_map(|party| match party {
            Party::Organization(id) if self.is_member(state, id, day) => {
                Some((party, standing(party)?))
            }
            _ => None,
        });
        // The acts are gathered of that one only which is chosen.
        let own = own_standing.map(|standing| (&own, standing));
        let chosen = own.into_iter().chain(through).min_by_key(|(_, standing)| {
            (
                !standing.is_bound(),
                !standing.has_signed(),
                !standing.is_current(),
            )
        });
        dossier.standing_on(chosen?.0, day)
    }

    pub(crate) fn is_member(
        &self,
        state: &StateCode,
        organization: &acquis_registry::InstitutionId,
        day: Date,
    ) -> bool {
        let dossier = self.dossier(organization);
        let spell = dossier.and_then(|it| it.spell_on(&Party::State(state.clone()), day));
        spell.is_some_and(|spell| spell.standing.is_bound())
    }

    /// Why a commitment gives the stage it gives.
    pub fn prove_commitment(&self, commitment: &Commitment<'r>, day: Date) -> Proof {
        let (first, second) = (&commitment.first, &commitment.second);
        let mut because = if first.is_shared_with(second) {
            vec![self.prove_together(&[first, second])]
        } else {
            vec![self.prove(first), self.prove(second)]
        };
        if let Some(act) = &commitment.assessment {
            because.push(Proof::from_act(self.registry(), act));
        }
        let statement = format!(
            "{}: {}",
            commitment.institution.short_name_on(day),
            commitment.stage
        );
        Proof::from_statements(statement, because)
    }
}

/// The stage that a standing puts in force: what the acts it follows from say of it, or
/// what the text sets. A text that leads to its end in steps enters into force with the
/// first of them.
pub(crate) fn stage_in_force(standing: &StandingOn<'_>) -> Option<Stage> {
    standing
        .acts
        .iter()
        .rev()
        .filter(|act| {
            matches!(
                act.act.kind,
                ActKind::EntryIntoForce | ActKind::ProvisionalApplication | ActKind::Accession(_)
            )
        })
        .find_map(|act| act.claim.stage)
        .or(standing.institution.stage)
}

/// By which standing each institution that can set a stage reaches each of some states, where
/// it does at the grade.
pub(crate) struct Reaches<'l, 'r> {
    law: &'l Law<'r>,
    states: &'l [StateCode],
    day: Date,
    grade: Grade,
    /// In the order of the institutions' ids, with a standing for each state.
    by_dossier: Vec<(&'l Dossier<'r>, Vec<Option<StandingOn<'r>>>)>,
}

impl<'r> Reaches<'_, 'r> {
    /// The stage between the states at two positions.
    pub(crate) fn between(&self, row: usize, column: usize) -> StageAt<'r> {
        let mut commitments = Vec::new();
        let mut unassessed = Vec::new();
        let mut inoperative = Vec::new();
        if self.states[row] != self.states[column] {
            for (dossier, reaches) in &self.by_dossier {
                let (Some(first), Some(second)) = (&reaches[row], &reaches[column]) else {
                    continue;
                };
                let pair = [&self.states[row], &self.states[column]];
                match self.commitment(dossier, pair, [first, second]) {
                    Found::Commitment(commitment) => commitments.push(*commitment),
                    Found::Unassessed => unassessed.push(dossier.institution),
                    Found::Inoperative(act) => inoperative.push(*act),
                    Found::Nothing => {}
                }
            }
        }
        // The sort keeps the order of the ids where two commitments are equally deep.
        commitments.sort_by_key(|commitment: &Commitment<'r>| Reverse(commitment.stage));
        StageAt {
            grade: self.grade,
            stage: commitments
                .first()
                .map_or(Stage::None, |commitment| commitment.stage),
            contested: commitments.first().is_some_and(Commitment::is_contested),
            commitments,
            unassessed,
            inoperative,
        }
    }

    /// The commitment that one organization or agreement makes between two states, by the
    /// standings that reach them.
    fn commitment(
        &self,
        dossier: &Dossier<'r>,
        pair: [&StateCode; 2],
        [first, second]: [&StandingOn<'r>; 2],
    ) -> Found<'r> {
        if first.party == second.party {
            return Found::Nothing;
        }
        if self.grade > Grade::Signed
            && let Some(act) = dossier.inoperative(self.law, pair, self.day)
        {
            return Found::Inoperative(Box::new(act.clone()));
        }
        let set = match self.grade {
            Grade::Signed => dossier.institution.stage,
            Grade::InForce | Grade::Functioning => {
                stage_in_force(first).min(stage_in_force(second))
            }
        };
        let (stage, assessment) = if self.grade == Grade::Functioning {
            let assessed = dossier.assessment(self.law, pair, self.day);
            match assessed.and_then(|act| act.claim.stage.map(|stage| (act, stage))) {
                // What works can't be more than what is in force.
                Some((act, attained)) => {
                    (attained.min(set.unwrap_or(Stage::None)), Some(act.clone()))
                }
                None => return Found::Unassessed,
            }
        } else {
            (set.unwrap_or(Stage::None), None)
        };
        if stage == Stage::None && assessment.is_none() {
            return Found::Nothing;
        }
        Found::Commitment(Box::new(Commitment {
            institution: dossier.institution,
            stage,
            first: first.clone(),
            second: second.clone(),
            assessment,
        }))
    }
}

enum Found<'r> {
    Nothing,
    Unassessed,
    Inoperative(Box<KnownAct<'r>>),
    Commitment(Box<Commitment<'r>>),
}

impl<'r> Dossier<'r> {
    fn can_set_a_stage(&self) -> bool {
        self.institution.stage.is_some()
            || self
                .acts
                .iter()
                .any(|act| act.act.kind == ActKind::Implementation)
    }

    /// The last assessment that names both states (or organizations of theirs); else the
    /// last that names nobody.
    fn assessment(&self, law: &Law<'r>, pair: [&StateCode; 2], day: Date) -> Option<&KnownAct<'r>> {
        let in_time = |act: &&KnownAct<'r>| {
            act.act.kind == ActKind::Implementation
                && act.effect().is_some_and(|effect| effect <= day)
        };
        let names = |act: &&KnownAct<'r>| match &act.act.who {
            Participants::All => false,
            Participants::Listed(parties) => pair.iter().all(|state| {
                parties.iter().any(|party| match party {
                    Party::State(code) => code == *state,
                    Party::Organization(id) => law.is_member(state, id, day),
                })
            }),
        };
        let general = |act: &&KnownAct<'r>| act.act.who == Participants::All;
        let last_of = |wanted: &dyn Fn(&&KnownAct<'r>) -> bool| {
            self.acts.iter().filter(in_time).rfind(wanted)
        };
        last_of(&names).or_else(|| last_of(&general))
    }
}

/// The stages between all pairs of some states.
#[derive(Debug, Clone, PartialEq)]
pub struct StageMatrix {
    states: Vec<StateCode>,
    grade: Grade,
    day: Date,
    /// `[states][states]`, symmetric, [`Stage::None`] on the diagonal.
    stages: Vec<Stage>,
    contested: Vec<bool>,
}

impl StageMatrix {
    /// The states, in the order of rows and columns.
    pub fn states(&self) -> &[StateCode] {
        &self.states
    }

    /// The grade.
    pub const fn grade(&self) -> Grade {
        self.grade
    }

    /// The day.
    pub const fn day(&self) -> Date {
        self.day
    }

    /// The stage between the states at two positions.
    ///
    /// # Panics
    /// If a position is not below the number of states.
    pub fn stage(&self, row: usize, column: usize) -> Stage {
        self.stages[row * self.states.len() + column]
    }

    /// Whether the stage between the states at two positions is contested.
    ///
    /// # Panics
    /// If a position is not below the number of states.
    pub fn is_contested(&self, row: usize, column: usize) -> bool {
        self.contested[row * self.states.len() + column]
    }

    /// The depth of the deepest stage in the matrix.
    pub fn deepest(&self) -> Stage {
        self.stages.iter().copied().max().unwrap_or(Stage::None)
    }
}

impl std::fmt::Display for Grade {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.pad(self.label())
    }
}
