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
            findings.push(
                Finding::error(
                    Lint::NotAParty,
                    Some(act.act.place.clone()),
                    format!(
                        "{} of {}, which takes no part in {} at the time",
                        act.act.kind.name(),
                        baseless.party,
                        dossier.institution.id
                    ),
                )
                .expecting("an accession or signature before it"),
            );
        }
    }
    findings.sorted()
}
