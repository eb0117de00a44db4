//! What stands behind the answers of a page: proofs, contested acts, what sources say beside
//! the acts, and the sources themselves, each in a drawer.

use std::collections::BTreeSet;

use acquis_law::{Law, Proof, StandingOn};
use acquis_registry::{Assertion, KnownAct, KnownStatement, Party, SourceId, Sourced as _};
use maud::{Markup, html};

use crate::atlas::Atlas;
use crate::names::source_path;
use crate::part;
use crate::visit::Visit;

/// The drawers of a state or an organization with these standings.
pub(super) fn drawers<'r>(
    atlas: &Atlas,
    visit: &Visit,
    law: &Law<'r>,
    party: &Party,
    standings: &[StandingOn<'r>],
) -> Markup {
    let mut proofs: Vec<Proof> = standings
        .iter()
        .map(|standing| law.prove(standing))
        .collect();
    let own = own_acts(law, party, standings);
    proofs.extend(own.iter().map(|act| Proof::from_act(atlas.registry(), act)));
    let contested: Vec<KnownAct<'_>> = contested(law, party);
    let statements: Vec<KnownStatement<'_>> = law
        .view()
        .statements()
        .into_iter()
        .filter(|known| known.subject.about.contains(party))
        .collect();
    let mut sources: BTreeSet<&SourceId> = standings
        .iter()
        .flat_map(|standing| &standing.acts)
        .chain(&own)
        .flat_map(|act| std::iter::once(act.claim).chain(act.others.iter().copied()))
        .map(|claim| &claim.source)
        .collect();
    sources.extend(statements.iter().map(|known| &known.claim.source));
    html! {
        section #behind aria-labelledby="h-behind" {
            h2 #h-behind { "What stands behind it" }
            (part::drawer("proofs", "Why: the acts behind each line", Some(proofs.len()),
                &part::proofs(visit, atlas.registry(), "proof", &proofs)))
            @if !contested.is_empty() {
                (part::drawer("contested", "Contested acts", Some(contested.len()),
                    &contested_acts(atlas, visit, &contested)))
            }
            @if !statements.is_empty() {
                (part::drawer("statements", "What sources say of it", Some(statements.len()),
                    &said(visit, &statements)))
            }
            (part::drawer("sources", "Sources", Some(sources.len()),
                &source_list(atlas, visit, sources)))
        }
    }
}

/// How much had been published where not all of it is used; nothing where all is.
pub(super) fn known_only(atlas: &Atlas, visit: &Visit) -> Markup {
    let Some(day) = visit.moment().known_by else {
        return html! {};
    };
    let all = atlas.registry().sources().count();
    let sources = atlas.registry().sources();
    let known = sources.filter(|source| source.known_on(day)).count();
    html! {
        @if known < all {
            p.known {
                "Only what had been published by " (day) " is used: " (known) " sources of " (all) "."
            }
        }
    }
}

/// The acts of an organization or agreement that no standing rests on, such as a text that was
/// agreed and never signed.
fn own_acts<'r>(law: &Law<'r>, party: &Party, standings: &[StandingOn<'r>]) -> Vec<KnownAct<'r>> {
    let Party::Organization(id) = party else {
        return Vec::new();
    };
    let rests_on = |act: &KnownAct<'_>| {
        let mut known = standings.iter().flat_map(|standing| &standing.acts);
        known.any(|known| std::ptr::eq(known.act, act.act))
    };
    let institution = law.registry().institution(id).into_iter();
    institution
        .flat_map(|institution| law.view().acts(institution))
        .filter(|act| !rests_on(act))
        .collect()
}

/// The acts that concern a party, or belong to it, about which sources disagree.
fn contested<'r>(law: &Law<'r>, party: &Party) -> Vec<KnownAct<'r>> {
    let concerned = |act: &KnownAct<'_>| match party {
        Party::State(_) => act.act.names(party),
        Party::Organization(id) => act.institution.id == *id,
    };
    law.registry()
        .institutions()
        .flat_map(|institution| law.view().contested_acts(institution))
        .filter(concerned)
        .collect()
}

/// Contested acts with the claim in use and those that disagree.
fn contested_acts(atlas: &Atlas, visit: &Visit, acts: &[KnownAct<'_>]) -> Markup {
    let registry = atlas.registry();
    let proofs: Vec<Proof> = acts
        .iter()
        .map(|act| Proof::from_act(registry, act))
        .collect();
    let conflicts: BTreeSet<&str> = acts
        .iter()
        .flat_map(|act| &act.act.conflicts)
        .map(String::as_str)
        .collect();
    html! {
        (part::proofs(visit, registry, "contested", &proofs))
        @if !conflicts.is_empty() {
            p.ways {
                "Known conflicts: "
                @for (place, conflict) in conflicts.iter().enumerate() {
                    @if place > 0 { " · " }
                    a href=(visit.link(&format!("/conflicts/{conflict}"))) { (conflict) }
                }
            }
        }
    }
}

fn said(visit: &Visit, statements: &[KnownStatement<'_>]) -> Markup {
    html! {
        dl.said {
            @for known in statements {
                dt {
                    (known.subject.question) " "
                    span.kind { (known.subject.kind.label()) }
                    @if known.contested { " " (part::contested_mark()) }
                }
                dd { (assertion(visit, known.claim)) }
                @for other in &known.others { dd { (assertion(visit, other)) } }
            }
        }
    }
}

/// What one source says, and where.
pub(super) fn assertion(visit: &Visit, claim: &Assertion) -> Markup {
    let mut says: Vec<String> = Vec::new();
    if claim.denies {
        says.push("not so".to_owned());
    }
    says.extend(claim.position.clone());
    says.extend(acquis_report::subject::instrument::how_much(claim));
    says.extend(claim.takes_effect().map(ToString::to_string));
    says.extend(claim.says.clone());
    html! {
        (says.join("; ")) " "
        span.from {
            a href=(visit.link(&source_path(&claim.source))) { (claim.source) }
            @if let Some(locator) = &claim.locator { ", " (locator) }
        }
        @if !claim.is_usable() { " " span.word { "set aside" } }
        @if let Some(reason) = claim.rank.reason() { " " span.reason { "(" (reason) ")" } }
    }
}

/// Sources with what they are.
pub(super) fn source_list<'s>(
    atlas: &Atlas,
    visit: &Visit,
    sources: impl IntoIterator<Item = &'s SourceId>,
) -> Markup {
    html! {
        ul.sources {
            @for id in sources {
                li {
                    a href=(visit.link(&source_path(id))) { (id) }
                    @if let Some(source) = atlas.registry().source(id) {
                        ": " (source.citation()) " "
                        span.kind { (source.source_type.label()) }
                    }
                }
            }
        }
    }
}
