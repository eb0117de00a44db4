//! The law before and after: what a variant changes, between whom, and whether its
//! commitments can all be kept.

use std::collections::BTreeSet;

use acquis_law::{Grade, Incompatibility, Law, Proof, StageMatrix};
use acquis_registry::{
    ActKind, Amendment, Change, Participants, Party, Registry, Stage, StateCode,
};
use jiff::civil::Date;

use crate::scenario::Base;

/// Two states whose stage a variant changes.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ChangedPair {
    /// One state.
    pub first: StateCode,
    /// The other.
    pub second: StateCode,
    /// The stage before.
    pub before: Stage,
    /// The stage after.
    pub after: Stage,
}

/// What a variant does to the law.
#[derive(Debug, Clone)]
pub struct Reform {
    /// The changes in words, one sentence each.
    pub sentences: Vec<String>,
    /// The states that the reform names or touches, in the order of their codes.
    pub concerned: Vec<StateCode>,
    /// Stages between the concerned before.
    pub before: StageMatrix,
    /// And after.
    pub after: StageMatrix,
    /// Every pair of states of the economy whose stage changes.
    pub changed: Vec<ChangedPair>,
    /// Incompatible commitments that the reform brings, by rule.
    pub incompatible: Vec<Conflict>,
    /// Incompatible commitments that were there before and remain, by rule.
    pub already_incompatible: Vec<Conflict>,
}

/// Commitments that one rule forbids to hold together: the reason once, then each case.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Conflict {
    /// The rule.
    pub rule: String,
    /// The rule as a sentence.
    pub statement: String,
    /// Its legal basis: source and locator.
    pub basis: Vec<String>,
    /// Whom it concerns; never empty.
    pub cases: Vec<ConflictCase>,
}

/// Two commitments of one state that cannot both be kept, in words.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct ConflictCase {
    /// The state that is bound both ways.
    pub state: StateCode,
    /// What is wrong.
    pub sentence: String,
    /// Since when both commitments are held.
    pub since: String,
    /// What would cure it.
    pub cure: String,
    /// The rule, the acts and the sources that it follows from.
    pub proof: Proof,
}

impl Reform {
    /// The states whose stage with another one changes.
    pub fn members(&self) -> BTreeSet<StateCode> {
        self.changed
            .iter()
            .flat_map(|pair| [pair.first.clone(), pair.second.clone()])
            .collect()
    }

    /// The effect of the reform on ln trade between the states at two positions of an
    /// economy's labels, `[labels][labels]`.
    pub(crate) fn log_trade_effects(
        &self,
        labels: &[String],
        effect: impl Fn(Stage) -> f64,
    ) -> Vec<f64> {
        let count = labels.len();
        let mut effects = vec![0.0; count * count];
        let position = |code: &StateCode| labels.iter().position(|label| label == code.as_str());
        for pair in &self.changed {
            if let (Some(row), Some(column)) = (position(&pair.first), position(&pair.second)) {
                let change = effect(pair.after) - effect(pair.before);
                effects[row * count + column] = change;
                effects[column * count + row] = change;
            }
        }
        effects
    }
}

/// Compares the law of two registries on the day and at the grade of the base.
pub(crate) fn compare(
    base: &Base,
    before: &Law<'_>,
    after: &Law<'_>,
    labels: &[String],
    amendments: &[Amendment],
) -> Reform {
    let states: Vec<StateCode> = before
        .registry()
        .states()
        .filter(|state| labels.iter().any(|label| label == state.code.as_str()))
        .map(|state| state.code.clone())
        .collect();
    let whole_before = before.stage_matrix(&states, base.date, base.grade);
    let whole_after = after.stage_matrix(&states, base.date, base.grade);
    let changed = changed_pairs(&whole_before, &whole_after);
    let concerned = concerned(&changed, amendments);
    let (incompatible, already_incompatible) = conflicts(base.date, before, after, &states);
    Reform {
        sentences: amendments
            .iter()
            .map(|amendment| sentence(after.registry(), before.registry(), amendment))
            .collect(),
        before: before.stage_matrix(&concerned, base.date, base.grade),
        after: after.stage_matrix(&concerned, base.date, base.grade),
        concerned,
        changed,
        incompatible,
        already_incompatible,
    }
}

fn changed_pairs(before: &StageMatrix, after: &StageMatrix) -> Vec<ChangedPair> {
    let states = before.states();
    let mut changed = Vec::new();
    for row in 0..states.len() {
        for column in row + 1..states.len() {
            let (from, to) = (before.stage(row, column), after.stage(row, column));
            if from != to {
                changed.push(ChangedPair {
                    first: states[row].clone(),
                    second: states[column].clone(),
                    before: from,
                    after: to,
                });
            }
        }
    }
    changed
}

fn concerned(changed: &[ChangedPair], amendments: &[Amendment]) -> Vec<StateCode> {
    let mut states: BTreeSet<StateCode> = changed
        .iter()
        .flat_map(|pair| [pair.first.clone(), pair.second.clone()])
        .collect();
    for amendment in amendments {
        let (Change::Add { who, .. } | Change::Strike { who, .. } | Change::Move { who, .. }) =
            &amendment.change;
        if let Participants::Listed(parties) = who {
            states.extend(parties.iter().filter_map(|party| match party {
                Party::State(code) => Some(code.clone()),
                Party::Organization(_) => None,
            }));
        }
    }
    states.into_iter().collect()
}

/// Commitments bind once they are in force, so compatibility is judged at that grade
/// whatever the grade of the scenario.
fn conflicts(
    day: Date,
    before: &Law<'_>,
    after: &Law<'_>,
    states: &[StateCode],
) -> (Vec<Conflict>, Vec<Conflict>) {
    let known: BTreeSet<_> = before
        .incompatibilities(states, day, Grade::InForce)
        .iter()
        .map(Incompatibility::key)
        .collect();
    let (old, new): (Vec<_>, Vec<_>) = after
        .incompatibilities(states, day, Grade::InForce)
        .into_iter()
        .partition(|found| known.contains(&found.key()));
    (by_rule(after, &new, day), by_rule(after, &old, day))
}

/// What was found by the rules, in the order in which each rule is first met.
fn by_rule<'r>(law: &Law<'r>, found: &[Incompatibility<'r>], day: Date) -> Vec<Conflict> {
    let mut conflicts: Vec<Conflict> = Vec::new();
    for incompatibility in found {
        let case = ConflictCase::new(law, incompatibility, day);
        let rule = &incompatibility.rule.id;
        match conflicts.iter_mut().find(|known| known.rule == *rule) {
            Some(known) => known.cases.push(case),
            None => conflicts.push(Conflict::new(law, incompatibility, case)),
        }
    }
    conflicts
}

impl Conflict {
    fn new(law: &Law<'_>, found: &Incompatibility<'_>, first: ConflictCase) -> Self {
        let basis = found.rule.basis.iter().map(|basis| {
            let title = law
                .registry()
                .source(&basis.source)
                .map_or_else(|| basis.source.to_string(), |source| source.title.clone());
            match &basis.locator {
                Some(locator) => format!("{title}, {locator}"),
                None => title,
            }
        });
        Self {
            rule: found.rule.id.clone(),
            statement: found.rule.statement.clone(),
            basis: basis.collect(),
            cases: vec![first],
        }
    }

    /// The cases that are held since the same day and have the same cure, together.
    pub fn by_cure(&self) -> Vec<Vec<&ConflictCase>> {
        let mut groups: Vec<Vec<&ConflictCase>> = Vec::new();
        for case in &self.cases {
            let is_like = |group: &&mut Vec<&ConflictCase>| {
                let mut known = group.iter();
                known.any(|it| it.since == case.since && it.cure == case.cure)
            };
            match groups.iter_mut().find(is_like) {
                Some(group) => group.push(case),
                None => groups.push(vec![case]),
            }
        }
        groups
    }
}

impl ConflictCase {
    fn new<'r>(law: &Law<'r>, found: &Incompatibility<'r>, day: Date) -> Self {
        Self {
            state: found.state.clone(),
            sentence: found.sentence(law),
            since: found.since.to_string(),
            cure: found.cure(),
            proof: law.prove_incompatibility(found, day),
        }
    }
}

/// One change in words.
fn sentence(after: &Registry, before: &Registry, amendment: &Amendment) -> String {
    let institution = before.institution(&amendment.institution).map_or_else(
        || amendment.institution.to_string(),
        |found| found.name().to_owned(),
    );
    match &amendment.change {
        Change::Add {
            kind,
            who,
            on,
            stage,
        } => {
            let who = parties(after, who);
            match (kind, stage) {
                (ActKind::Implementation, Some(Stage::None)) => {
                    format!("From {on}, nothing of {institution} works between {who}.")
                }
                (ActKind::Implementation, Some(stage)) => {
                    format!("From {on}, {institution} works as a {stage} between {who}.")
                }
                (kind, _) => format!("Added: {} of {who}, {institution}, {on}.", kind.name()),
            }
        }
        Change::Strike { act: None, who } if *who == Participants::All => {
            format!("Struck: {institution}, with all its acts.")
        }
        Change::Strike { act, who } => format!(
            "Struck: {} of {}, {institution}.",
            act.map_or("every act", |act| act.label()),
            parties(after, who),
        ),
        Change::Move { act, who, to } => format!(
            "Moved to {to}: {act} of {}, {institution}.",
            parties(after, who)
        ),
    }
}

fn parties(registry: &Registry, who: &Participants) -> String {
    let Participants::Listed(parties) = who else {
        return "all parties".to_owned();
    };
    let names: Vec<&str> = parties
        .iter()
        .map(|party| match party {
            Party::State(code) => registry
                .state(code)
                .map_or(code.as_str(), |state| state.name()),
            Party::Organization(id) => registry
                .institution(id)
                .map_or(id.as_str(), |institution| institution.name()),
        })
        .collect();
    match names.as_slice() {
        [] => "nobody".to_owned(),
        [one] => (*one).to_owned(),
        [init @ .., last] => format!("{} and {last}", init.join(", ")),
    }
}
