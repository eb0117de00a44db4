//! What a pack is held to once its law is derived.

use acquis_registry::{Finding, Findings, Lint};

use crate::law::Law;

/// Withdrawals and suspensions of states that take no part (V 54, 57).
pub fn check(law: &Law<'_>) -> Findings {
    let mut findings = Findings::default();
    for dossier in law.dossiers() {
        for baseless in &dossier.baseless {
            let Some(act) = dossier.acts.get(baseless.act) else {
                continue;
            };
            let who = match &act.act.who {
                acquis_registry::Participants::All => "all".to_owned(),
                acquis_registry::Participants::Listed(parties) => parties
                    .iter()
                    .filter(|party| {
                        act.effect().is_some_and(|effect| {
                            !effect.yesterday().is_ok_and(|day| {
                                dossier
                                    .standing_on(party, day)
                                    .is_some_and(|standing| standing.standing.is_current())
                            })
                        })
                    })
                    .map(ToString::to_string)
                    .collect::<Vec<_>>()
                    .join(", "),
            };
            findings.push(
                Finding::error(
                    Lint::NotAParty,
                    Some(act.act.place.clone()),
                    format!(
                        "{} of {who}, which takes no part in {} at the time",
                        act.act.kind.name(),
                        dossier.institution.id
                    ),
                )
                .expecting("an accession or signature before it"),
            );
        }
    }
    findings.sorted()
}
