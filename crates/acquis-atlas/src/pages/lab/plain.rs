//! Findings as a form tells them: a sentence, without the place in a file that its reader
//! doesn't see.

use acquis_registry::{Finding, Findings};
use acquis_scenario::{Edit, EditError};

use super::actions::Action;

/// Why the desk was not changed. Who changed the file itself is told the place in it.
pub(crate) fn refusal(error: &EditError, action: Action) -> String {
    match error {
        EditError::Findings(findings) if action != Action::Text => {
            format!("Not changed. {}", sentences(findings))
        }
        error => format!("Not changed: {error}."),
    }
}

/// Findings as sentences.
pub(crate) fn sentences(findings: &Findings) -> String {
    let sentences = findings.iter().map(sentence);
    sentences.collect::<Vec<_>>().join(" ")
}

fn sentence(finding: &Finding) -> String {
    let message = match finding.message.strip_prefix("no ") {
        Some(what) => format!("There is no {what}"),
        None => capitalized(&finding.message),
    };
    match finding.help() {
        Some(help) => format!("{} {}", ended(message), ended(capitalized(&help))),
        None => ended(message),
    }
}

/// A sentence that ends like one.
fn ended(mut sentence: String) -> String {
    if !sentence.ends_with(['.', '?', '!']) {
        sentence.push('.');
    }
    sentence
}

/// A text that begins like a sentence.
pub(crate) fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// The field of the desk from which a change comes.
pub(crate) const fn field_of(edit: &Edit) -> &'static str {
    match edit {
        Edit::Title(_) => "title",
        Edit::Description(_) => "description",
        Edit::Date(_) => "date",
        Edit::Economy(_) => "economy",
        Edit::Grade(_) => "grade",
        Edit::KnownBy(_) => "known_by",
        Edit::Effects(_) => "effects_source",
        Edit::Elasticity(_) => "elasticity",
        Edit::Closure(_) => "closure",
        Edit::Purge(_) => "purge",
        Edit::ExternalTariff(_) => "external_tariff",
        Edit::MostFavouredNation(_) => "most_favoured_nation",
        Edit::RulesOfOrigin(_) => "rules_of_origin",
        Edit::Utilisation(_) => "utilisation",
        Edit::Sectors(_) => "sectors",
        Edit::RevenuePool(_) => "pool_shares",
        Edit::AddPayment { .. } | Edit::AddDiscount { .. } | Edit::RemovePayment(_) => "size",
        Edit::LabourMobility(_) => "labour_mobility",
        Edit::Uncertainty(_) => "draws",
        Edit::AcceptIncompatible(_) => "accept_incompatible",
    }
}
