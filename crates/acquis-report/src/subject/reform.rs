//! What a reform does to the law, in words: acts, pairs of states by what they move from and to,
//! and commitments that exclude each other.

use acquis_registry::{Registry, Stage, StateCode};
use acquis_scenario::{Conflict, ConflictCase, Reform, Scenario, VariantOutcome};

/// What a scenario changes, in sentences: the acts, then the pairs of states by what they
/// move from and to.
pub fn words(scenario: &Scenario, registry: &Registry, variant: &VariantOutcome) -> Vec<String> {
    let mut lines = variant.reform.sentences.clone();
    lines.push(when(scenario, variant));
    for (what, pairs) in moves_in_words(registry, &variant.reform) {
        lines.push(format!("  {what}: {pairs}"));
    }
    lines
}

/// The day and the grade at which stages are compared, as the opening of a list.
pub fn when(scenario: &Scenario, variant: &VariantOutcome) -> String {
    let (date, grade) = (scenario.base.date, scenario.base.grade.label());
    if variant.reform.changed.is_empty() {
        format!("No stage changes at the grade \"{grade}\" on {date}.")
    } else {
        format!("On {date}, at the grade \"{grade}\":")
    }
}

/// The pairs of states by what they move from and to, and those that stay as they are.
pub fn moves_in_words(registry: &Registry, reform: &Reform) -> Vec<(String, String)> {
    let mut lines: Vec<(String, String)> = moves(reform)
        .into_iter()
        .map(|((before, after), pairs)| {
            let plural = if pairs.len() == 1 { "pair" } else { "pairs" };
            (
                format!("from {before} to {after}, {} {plural}", pairs.len()),
                pairs_in_words(registry, &pairs),
            )
        })
        .collect();
    let kept = kept(registry, reform);
    if !kept.is_empty() {
        lines.push(("as before".to_owned(), kept.join("; ")));
    }
    lines
}

/// The name of a state, or its code where the registry does not know it.
pub(super) fn state_name<'n>(registry: &'n Registry, code: &'n StateCode) -> &'n str {
    let known = registry.state(code);
    known.map_or(code.as_str(), |state| state.name())
}

type Pair<'r> = (&'r StateCode, &'r StateCode);
type Move<'r> = ((Stage, Stage), Vec<Pair<'r>>);

/// The changed pairs, grouped by what they move from and to.
fn moves(reform: &Reform) -> Vec<Move<'_>> {
    let mut moves: Vec<Move<'_>> = Vec::new();
    for pair in &reform.changed {
        let key = (pair.before, pair.after);
        let states = (&pair.first, &pair.second);
        match moves.iter_mut().find(|(known, _)| *known == key) {
            Some((_, pairs)) => pairs.push(states),
            None => moves.push((key, vec![states])),
        }
    }
    moves
}

/// Pairs by the state that is in most of them, so that few names are said again.
fn pairs_in_words(registry: &Registry, pairs: &[Pair<'_>]) -> String {
    let mut left = pairs.to_vec();
    let mut words = Vec::new();
    while let Some(hub) = in_most(&left) {
        let (own, others): (Vec<_>, Vec<_>) = left
            .iter()
            .partition(|(first, second)| *first == hub || *second == hub);
        let partners = own.iter().map(|(first, second)| {
            let partner = if *first == hub { second } else { first };
            state_name(registry, partner)
        });
        let mut partners: Vec<&str> = partners.collect();
        partners.sort_unstable();
        let hub = state_name(registry, hub);
        words.push(format!("{hub} with {}", listed(&partners)));
        left = others;
    }
    words.join("; ")
}

/// The state that is in most pairs, the first one of those that are in as many; none in no pairs.
fn in_most<'r>(pairs: &[Pair<'r>]) -> Option<&'r StateCode> {
    let mut counts: Vec<(&StateCode, usize)> = Vec::new();
    for state in pairs.iter().flat_map(|(first, second)| [*first, *second]) {
        match counts.iter_mut().find(|(known, _)| *known == state) {
            Some((_, count)) => *count += 1,
            None => counts.push((state, 1)),
        }
    }
    let most = counts.iter().map(|(_, count)| *count).max()?;
    let mut counts = counts.into_iter();
    counts
        .find(|(_, count)| *count == most)
        .map(|(state, _)| state)
}

/// Names as a sentence lists them.
fn listed(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [init @ .., last] => format!("{} and {last}", init.join(", ")),
    }
}

/// Pairs among the concerned that had a stage before and keep it. A long list is left to
/// the matrix.
fn kept(registry: &Registry, reform: &Reform) -> Vec<String> {
    const MOST: usize = 6;
    let (before, after) = (&reform.before, &reform.after);
    let states = before.states();
    let mut kept = Vec::new();
    for row in 0..states.len() {
        for column in row + 1..states.len() {
            let stage = before.stage(row, column);
            if stage > Stage::None && stage == after.stage(row, column) {
                let [first, second] = [row, column].map(|at| state_name(registry, &states[at]));
                kept.push(format!("{first} with {second} ({stage})"));
            }
        }
    }
    if kept.len() > MOST { Vec::new() } else { kept }
}

/// The rule that commitments break and its legal basis, in sentences.
pub fn conflict_reason(conflict: &Conflict) -> String {
    let Conflict {
        rule, statement, ..
    } = conflict;
    format!(
        "{statement} Rule {rule}; basis: {}.",
        conflict.basis.join("; ")
    )
}

/// The cases of a conflict in sentences: those that one cure ends stand together before it.
pub fn conflict_cases(conflict: &Conflict) -> Vec<String> {
    let groups = conflict.by_cure().into_iter();
    let words = groups.map(|cases| {
        let sentences = cases.iter().map(|case| format!("{}.", case.sentence));
        let sentences = sentences.collect::<Vec<_>>().join(" ");
        match cases.first() {
            Some(first) => format!("{sentences} {}", conflict_cure(first)),
            None => sentences,
        }
    });
    words.collect()
}

/// Since when two commitments are both held and what would end it, in sentences.
pub fn conflict_cure(case: &ConflictCase) -> String {
    format!("Both held since {}. Cure: {}.", case.since, case.cure)
}
