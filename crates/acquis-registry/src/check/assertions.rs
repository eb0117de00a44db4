//! Checks what is not an act: the names in it, its claims side by side, and the numbers of
//! the conflicts it belongs to.

use std::collections::BTreeSet;

use crate::check::{party_exists, preferences, source_exists};
use crate::claim::Assertion;
use crate::finding::{Finding, Findings, Lint, Place};
use crate::model::{Institution, Party};
use crate::registry::Registry;
use crate::statement::Check;

/// Statements, instruments, indicators and organs.
pub(super) fn all(registry: &Registry, findings: &mut Findings) {
    for statement in registry.statements() {
        parties(registry, &statement.about, &statement.place, findings);
        claims(registry, "statement", &statement.claims, findings);
    }
    for instrument in registry.instruments() {
        let all = instrument.giver.iter().chain(&instrument.receiver);
        parties(registry, all, &instrument.place, findings);
        claims(registry, "instrument", &instrument.claims, findings);
    }
    for indicator in registry.indicators() {
        parties(registry, &indicator.about, &indicator.place, findings);
        if let Check::Compute(computation) = &indicator.check {
            for code in computation.states() {
                let party = Party::State(code.clone());
                party_exists(registry, &party, &indicator.place, findings);
            }
        }
        claims(registry, "indicator", &indicator.claims, findings);
    }
    for institution in registry.institutions() {
        organs(registry, institution, findings);
    }
    conflicts(registry, findings);
}

fn organs(registry: &Registry, institution: &Institution, findings: &mut Findings) {
    for organ in &institution.organs {
        claims(registry, "organ", &organ.claims, findings);
        for rule in &organ.rules {
            parties(registry, rule.criterion.parties(), &rule.place, findings);
            claims(registry, "decision rule", &rule.claims, findings);
        }
    }
}

fn parties<'p>(
    registry: &Registry,
    parties: impl IntoIterator<Item = &'p Party>,
    place: &Place,
    findings: &mut Findings,
) {
    for party in parties {
        party_exists(registry, party, place, findings);
    }
}

fn claims(registry: &Registry, what: &str, claims: &[Assertion], findings: &mut Findings) {
    for claim in claims {
        source_exists(registry, &claim.source, &claim.place, findings);
    }
    preferences(what, claims, findings);
}

/// A pack that lists its conflicts lists all of them.
fn conflicts(registry: &Registry, findings: &mut Findings) {
    let known: BTreeSet<&str> = registry.conflicts().map(|it| it.id.as_str()).collect();
    if known.is_empty() {
        return;
    }
    let acts = registry
        .institutions()
        .flat_map(|institution| &institution.acts)
        .map(|act| (&act.conflicts[..], &act.place));
    let others = registry
        .assertions()
        .filter_map(|(claims, conflicts)| Some((conflicts, &claims.first()?.place)));
    for (conflicts, place) in acts.chain(others) {
        for conflict in conflicts {
            if !known.contains(conflict.as_str()) {
                let message = format!("the pack lists no conflict {conflict:?}");
                let finding = Finding::error(Lint::Word, Some(place.clone()), message);
                findings.push_near(finding, conflict, known.iter().copied());
            }
        }
    }
}
