//! What a pack is held to beyond its form: names that point at something, claims that can
//! stand side by side, lives that do not run in circles. The codes and sentences are those
//! of [`Lint`].

mod assertions;

use std::collections::{BTreeMap, BTreeSet};

use crate::claim::{Claim, Rank, Sourced};
use crate::finding::{Finding, Findings, Lint, Place};
use crate::model::{Act, ActKind, Institution, Participants, Party, SourceId, State};
use crate::pack::{Draft, is_before};
use crate::registry::Registry;

/// Two entries with one id.
pub(crate) fn duplicates(draft: &Draft, findings: &mut Findings) {
    let sources = draft
        .sources
        .iter()
        .map(|source| (source.id.as_str(), &source.place));
    let states = draft
        .states
        .iter()
        .map(|state| (state.code.as_str(), &state.place));
    let institutions = draft
        .institutions
        .iter()
        .map(|institution| (institution.id.as_str(), &institution.place));
    let rules = draft
        .rules
        .iter()
        .map(|rule| (rule.id.as_str(), &rule.place));
    let conflicts = draft.conflicts.iter().map(|it| (it.id.as_str(), &it.place));
    let statements = draft
        .statements
        .iter()
        .map(|it| (it.id.as_str(), &it.place));
    let instruments = draft
        .instruments
        .iter()
        .map(|it| (it.id.as_str(), &it.place));
    let indicators = draft
        .indicators
        .iter()
        .map(|it| (it.id.as_str(), &it.place));
    report_duplicates("conflict", conflicts, findings);
    report_duplicates("statement", statements, findings);
    report_duplicates("instrument", instruments, findings);
    report_duplicates("indicator", indicators, findings);
    report_duplicates("source", sources, findings);
    report_duplicates("state", states, findings);
    report_duplicates("organization or agreement", institutions, findings);
    report_duplicates("rule", rules, findings);
}

fn report_duplicates<'d>(
    what: &str,
    ids: impl Iterator<Item = (&'d str, &'d Place)>,
    findings: &mut Findings,
) {
    let mut first: BTreeMap<&str, &Place> = BTreeMap::new();
    for (id, place) in ids {
        match first.get(id) {
            Some(earlier) => findings.push(Finding::error(
                Lint::DuplicateId,
                Some(place.clone()),
                format!("the {what} {id:?} stands already at {earlier}"),
            )),
            None => {
                first.insert(id, place);
            }
        }
    }
}

/// Everything that can be said of a registry without deriving law from it.
pub(crate) fn registry(registry: &Registry, findings: &mut Findings) {
    for state in registry.states() {
        references_of_state(registry, state, findings);
    }
    for institution in registry.institutions() {
        references_of_institution(registry, institution, findings);
        for act in &institution.acts {
            self::act(registry, act, findings);
        }
    }
    for rule in registry.rules() {
        for basis in &rule.basis {
            source_exists(registry, &basis.source, &rule.place, findings);
        }
        for id in &rule.institutions {
            party_exists(
                registry,
                &Party::Organization(id.clone()),
                &rule.place,
                findings,
            );
        }
    }
    assertions::all(registry, findings);
    circles(registry, findings);
    unused_sources(registry, findings);
}

fn source_exists(registry: &Registry, id: &SourceId, place: &Place, findings: &mut Findings) {
    if registry.source(id).is_none() {
        let known = registry.sources().map(|source| source.id.as_str());
        let message = format!("no source {:?}", id.as_str());
        let finding = Finding::error(Lint::UnknownSource, Some(place.clone()), message);
        findings.push_near(finding, id.as_str(), known);
    }
}

fn party_exists(registry: &Registry, party: &Party, place: &Place, findings: &mut Findings) {
    let (exists, lint, what) = match party {
        Party::State(code) => (registry.state(code).is_some(), Lint::UnknownState, "state"),
        Party::Organization(id) => (
            registry.institution(id).is_some(),
            Lint::UnknownInstitution,
            "organization or agreement",
        ),
    };
    if exists {
        return;
    }
    let message = format!("no {what} {:?}", party.as_str());
    let finding = Finding::error(lint, Some(place.clone()), message);
    match party {
        Party::State(code) => {
            let known = registry.states().map(|known| known.code.as_str());
            findings.push_near(finding, code.as_str(), known);
        }
        Party::Organization(id) => {
            let known = registry.institutions().map(|known| known.id.as_str());
            findings.push_near(finding, id.as_str(), known);
        }
    }
}

fn references_of_state(registry: &Registry, state: &State, findings: &mut Findings) {
    for code in state.predecessors.iter().chain(&state.claimed_by) {
        party_exists(
            registry,
            &Party::State(code.clone()),
            &state.place,
            findings,
        );
    }
    let named = state.names.iter().filter_map(|name| name.source.as_ref());
    for source in state.source.iter().chain(named) {
        source_exists(registry, source, &state.place, findings);
    }
}

fn references_of_institution(
    registry: &Registry,
    institution: &Institution,
    findings: &mut Findings,
) {
    if let Some(within) = &institution.within {
        let party = Party::Organization(within.clone());
        party_exists(registry, &party, &institution.place, findings);
    }
    for source in institution
        .names
        .iter()
        .filter_map(|name| name.source.as_ref())
    {
        source_exists(registry, source, &institution.place, findings);
    }
    for notification in &institution.legal_basis {
        source_exists(
            registry,
            &notification.source,
            &notification.place,
            findings,
        );
    }
}

/// Checks one act: the names in it, its claims side by side, the lives of its parties.
/// Also used for the acts that a scenario adds.
pub(crate) fn act(registry: &Registry, act: &Act, findings: &mut Findings) {
    for claim in &act.claims {
        source_exists(registry, &claim.source, &claim.place, findings);
        effect_not_before_act(claim, findings);
    }
    preferences("act", &act.claims, findings);
    if let Some(into) = act.kind.successor() {
        let party = Party::Organization(into.clone());
        party_exists(registry, &party, &act.place, findings);
    }
    if let ActKind::Succession(of) = &act.kind {
        party_exists(registry, &Party::State(of.clone()), &act.place, findings);
    }
    parties_exist(registry, &act.who, &act.place, findings);
    for party in act.kind.towards() {
        party_exists(registry, party, &act.place, findings);
        if act.who.lists(party) {
            let message = format!("nothing can rest or end between {party} and itself");
            let finding = Finding::error(Lint::NotAParty, Some(act.place.clone()), message);
            findings.push(finding.expecting("others in `towards` than in `who`"));
        }
    }
    let Participants::Listed(parties) = &act.who else {
        return;
    };
    for party in parties {
        if let Party::State(code) = party
            && let Some(state) = registry.state(code)
        {
            lifespan(state, act, findings);
        }
    }
}

/// Unknown names among those an act concerns.
pub(crate) fn parties_exist(
    registry: &Registry,
    who: &Participants,
    place: &Place,
    findings: &mut Findings,
) {
    if let Participants::Listed(parties) = who {
        for party in parties {
            party_exists(registry, party, place, findings);
        }
    }
}

fn preferences<C: Sourced>(what: &str, claims: &[C], findings: &mut Findings) {
    let preferred: Vec<&C> = claims
        .iter()
        .filter(|claim| matches!(claim.rank(), Rank::Preferred { .. }))
        .collect();
    if let [first, second, ..] = preferred[..] {
        let (line, _) = first.place().line_column();
        findings.push(
            Finding::error(
                Lint::TwoPreferred,
                Some(second.place().clone()),
                format!(
                    "a second preferred claim about one {what}; the first stands on line {line}"
                ),
            )
            .expecting("one preferred claim at most"),
        );
    }
    if let [only] = preferred[..]
        && only.rank().reason().is_none()
        && claims
            .iter()
            .any(|other| other.is_usable() && !only.agrees_with(other))
    {
        findings.push(
            Finding::warning(
                Lint::UnexplainedPreference,
                Some(only.place().clone()),
                "a preferred claim disagrees with another and does not say why it is used",
            )
            .expecting("reason = \"...\""),
        );
    }
}

fn effect_not_before_act(claim: &Claim, findings: &mut Findings) {
    if let (Some(on), Some(effect)) = (&claim.on, &claim.effect)
        && is_before(effect, on)
    {
        findings.push(Finding::warning(
            Lint::EffectBeforeAct,
            Some(claim.place.clone()),
            format!("the act of {on} takes effect before it is done, on {effect}"),
        ));
    }
}

fn lifespan(state: &State, act: &Act, findings: &mut Findings) {
    let used = |claim: &&Claim| !claim.denies && !matches!(claim.rank, Rank::Deprecated { .. });
    for claim in act.claims.iter().filter(used) {
        let Some(date) = claim.on.as_ref().or(claim.effect.as_ref()) else {
            continue;
        };
        let bound = match (&state.from, &state.until) {
            (Some(from), _) if is_before(date, from) => format!("began on {from}"),
            (_, Some(until)) if is_before(until, date) => format!("ended on {until}"),
            _ => continue,
        };
        findings.push(Finding::error(
            Lint::OutsideLifespan,
            Some(claim.place.clone()),
            format!(
                "{} ({}) acts on {date}, but it {bound}",
                state.name(),
                state.code
            ),
        ));
    }
}

/// Successions that run in a circle, among states and among institutions.
pub(crate) fn circles(registry: &Registry, findings: &mut Findings) {
    let mut states: Graph<'_> = BTreeMap::new();
    for state in registry.states() {
        let predecessors = state
            .predecessors
            .iter()
            .map(super::model::StateCode::as_str);
        states.insert(state.code.as_str(), (predecessors.collect(), &state.place));
    }
    let mut institutions: Graph<'_> = BTreeMap::new();
    for institution in registry.institutions() {
        let successors = institution
            .acts
            .iter()
            .filter_map(|act| act.kind.successor())
            .map(super::model::InstitutionId::as_str);
        institutions.insert(
            institution.id.as_str(),
            (successors.collect(), &institution.place),
        );
    }
    for graph in [states, institutions] {
        if let Some((circle, place)) = find_circle(&graph) {
            findings.push(Finding::error(
                Lint::CyclicSuccession,
                Some(place.clone()),
                format!("a succession runs in a circle: {}", circle.join(" -> ")),
            ));
        }
    }
}

type Graph<'g> = BTreeMap<&'g str, (Vec<&'g str>, &'g Place)>;

/// The first circle, by depth-first search with an explicit path.
fn find_circle<'g>(graph: &Graph<'g>) -> Option<(Vec<&'g str>, &'g Place)> {
    let mut finished = BTreeSet::new();
    for &start in graph.keys() {
        let mut path: Vec<(&str, usize)> = vec![(start, 0)];
        while let Some((node, next)) = path.last_mut() {
            let node = *node;
            let edges = graph.get(node).map_or(&[][..], |(edges, _)| &edges[..]);
            let Some(&successor) = edges.get(*next) else {
                finished.insert(node);
                path.pop();
                continue;
            };
            *next += 1;
            if let Some(position) = path.iter().position(|(on_path, _)| *on_path == successor) {
                let mut circle: Vec<&str> =
                    path[position..].iter().map(|(node, _)| *node).collect();
                circle.push(successor);
                let (_, place) = graph.get(successor)?;
                return Some((circle, place));
            }
            if !finished.contains(successor) {
                path.push((successor, 0));
            }
        }
    }
    None
}

fn unused_sources(registry: &Registry, findings: &mut Findings) {
    let mut cited: BTreeSet<&SourceId> = BTreeSet::new();
    for state in registry.states() {
        cited.extend(&state.source);
        cited.extend(state.names.iter().filter_map(|name| name.source.as_ref()));
    }
    for institution in registry.institutions() {
        cited.extend(
            institution
                .names
                .iter()
                .filter_map(|name| name.source.as_ref()),
        );
        cited.extend(institution.legal_basis.iter().map(|basis| &basis.source));
    }
    cited.extend(registry.claims().map(Sourced::source));
    for rule in registry.rules() {
        cited.extend(rule.basis.iter().map(|basis| &basis.source));
    }
    for source in registry.sources() {
        if !cited.contains(&source.id) {
            findings.push(Finding::warning(
                Lint::UnusedSource,
                Some(source.place.clone()),
                format!("nothing cites the source {:?}", source.id.as_str()),
            ));
        }
    }
}
