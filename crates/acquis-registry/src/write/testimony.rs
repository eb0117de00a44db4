//! Writes what is not an act: conflicts, statements, instruments, indicators, organs.

use super::{Pairs, list, one_a_line, quoted};
use crate::claim::{Assertion, Quantity, Rank};
use crate::decision::{Criterion, Quota, Weights};
use crate::model::{Institution, Notification, Party, StateCode};
use crate::statement::{
    Check, Computation, Conflict, Indicator, Instrument, Organ, OrganRule, Statement, Sum,
};
use crate::vocabulary::RankName;

/// `[[conflict]]`
pub fn write_conflict(conflict: &Conflict) -> String {
    let mut pairs = Pairs::default();
    pairs.text("id", &conflict.id);
    pairs.word("kind", conflict.kind);
    pairs.text("question", &conflict.question);
    pairs.optional("note", conflict.note.as_deref());
    format!("[[conflict]]\n{}\n", pairs.lines())
}

/// `[[statement]]`
pub fn write_statement(statement: &Statement) -> String {
    let mut pairs = Pairs::default();
    pairs.text("id", &statement.id);
    pairs.word("kind", statement.kind);
    pairs.text("question", &statement.question);
    pairs.texts("about", statement.about.iter().map(Party::as_str));
    pairs.texts("conflict", statement.conflicts.iter().map(String::as_str));
    pairs.raw("claims", &assertions(&statement.claims));
    pairs.optional("note", statement.note.as_deref());
    format!("[[statement]]\n{}\n", pairs.lines())
}

/// `[[instrument]]`
pub fn write_instrument(instrument: &Instrument) -> String {
    let mut pairs = Pairs::default();
    pairs.text("id", &instrument.id);
    pairs.word("kind", instrument.kind);
    pairs.text("title", &instrument.title);
    pairs.raw("giver", &list(instrument.giver.iter().map(Party::as_str)));
    pairs.raw(
        "receiver",
        &list(instrument.receiver.iter().map(Party::as_str)),
    );
    pairs.texts("conflict", instrument.conflicts.iter().map(String::as_str));
    pairs.raw("claims", &assertions(&instrument.claims));
    pairs.optional("note", instrument.note.as_deref());
    format!("[[instrument]]\n{}\n", pairs.lines())
}

/// `[[indicator]]`
pub fn write_indicator(indicator: &Indicator) -> String {
    let mut pairs = Pairs::default();
    pairs.text("id", &indicator.id);
    pairs.text("statement", &indicator.statement);
    pairs.texts("about", indicator.about.iter().map(Party::as_str));
    pairs.texts("conflict", indicator.conflicts.iter().map(String::as_str));
    match &indicator.check {
        Check::Compute(computation) => {
            pairs.raw("compute", &computation_pairs(computation).inline());
        }
        Check::Unchecked(reason) => pairs.text("unchecked", reason),
    }
    pairs.raw("claims", &assertions(&indicator.claims));
    pairs.optional("note", indicator.note.as_deref());
    format!("[[indicator]]\n{}\n", pairs.lines())
}

/// The key `legal_basis` of an institution's file.
pub(super) fn legal_basis(institution: &Institution) -> Option<String> {
    let lines = institution.legal_basis.iter().map(notification_pairs);
    (!institution.legal_basis.is_empty()).then(|| one_a_line(lines))
}

fn notification_pairs(notification: &Notification) -> Pairs {
    let mut pairs = Pairs::default();
    pairs.word("basis", notification.basis);
    pairs.date("notified", notification.notified.as_ref());
    pairs.text("src", notification.source.as_str());
    pairs.optional("at", notification.locator.as_deref());
    pairs.optional("says", notification.says.as_deref());
    pairs
}

/// `[[organ]]` with its rules, for the end of an institution's file.
pub(super) fn organ(organ: &Organ) -> String {
    let mut pairs = Pairs::default();
    pairs.text("name", &organ.name);
    pairs.optional("summary", organ.summary.as_deref());
    pairs.texts("conflict", organ.conflicts.iter().map(String::as_str));
    pairs.raw("claims", &assertions(&organ.claims));
    let rules: String = organ.rules.iter().map(organ_rule).collect();
    format!("\n[[organ]]\n{}{rules}", pairs.lines())
}

fn organ_rule(rule: &OrganRule) -> String {
    let mut pairs = Pairs::default();
    criterion_pairs(&mut pairs, &rule.criterion);
    pairs.date("from", rule.from.as_ref());
    pairs.date("until", rule.until.as_ref());
    pairs.optional("matter", rule.matter.as_deref());
    pairs.optional("note", rule.note.as_deref());
    pairs.texts("conflict", rule.conflicts.iter().map(String::as_str));
    pairs.raw("claims", &assertions(&rule.claims));
    format!("\n[[organ.rule]]\n{}", pairs.lines())
}

fn criterion_pairs(pairs: &mut Pairs, criterion: &Criterion) {
    pairs.word("kind", criterion.kind);
    if !criterion.votes.is_empty() {
        let votes: Vec<String> = criterion
            .votes
            .iter()
            .map(|(party, votes)| format!("{} = {votes:?}", quoted(party.as_str())))
            .collect();
        pairs.raw("votes", &format!("{{ {} }}", votes.join(", ")));
    }
    if let Some(weights) = &criterion.weights {
        pairs.raw("weights", &weights_pairs(weights).inline());
    }
    match criterion.quota {
        Some(Quota::Votes(votes)) => pairs.raw("quota", &format!("{votes:?}")),
        Some(Quota::Share {
            numerator,
            denominator,
        }) => pairs.text("quota", &format!("{numerator}/{denominator}")),
        None => {}
    }
    for (key, holds) in [
        ("strict", criterion.strict),
        ("of_votes_cast", criterion.of_votes_cast),
    ] {
        if holds {
            pairs.raw(key, "true");
        }
    }
    pairs.texts("members", criterion.members.iter().map(Party::as_str));
    if !criterion.criteria.is_empty() {
        let parts = criterion.criteria.iter().map(|part| {
            let mut pairs = Pairs::default();
            criterion_pairs(&mut pairs, part);
            pairs.inline()
        });
        let parts: Vec<String> = parts.collect();
        pairs.raw("criteria", &format!("[{}]", parts.join(", ")));
    }
}

fn weights_pairs(weights: &Weights) -> Pairs {
    let mut pairs = Pairs::default();
    pairs.word("series", weights.series);
    pairs.raw("year", &weights.year.to_string());
    for (key, share) in [("floor", weights.floor), ("cap", weights.cap)] {
        if let Some(share) = share {
            pairs.raw(key, &format!("{share:?}"));
        }
    }
    pairs
}

fn assertions(claims: &[Assertion]) -> String {
    one_a_line(claims.iter().map(assertion_pairs))
}

fn assertion_pairs(claim: &Assertion) -> Pairs {
    let mut pairs = Pairs::default();
    pairs.optional("position", claim.position.as_deref());
    pairs.date("on", claim.on.as_ref());
    pairs.date("effect", claim.effect.as_ref());
    pairs.date("until", claim.until.as_ref());
    if let Some(quantity) = &claim.value {
        quantity_pairs(&mut pairs, quantity);
    }
    pairs.text("src", claim.source.as_str());
    pairs.optional("at", claim.locator.as_deref());
    if claim.denies {
        pairs.raw("denies", "true");
    }
    pairs.optional("says", claim.says.as_deref());
    match &claim.rank {
        Rank::Normal { .. } => {}
        Rank::Preferred { .. } => pairs.word("rank", RankName::Preferred),
        Rank::Deprecated { .. } => pairs.word("rank", RankName::Deprecated),
    }
    pairs.optional("reason", claim.rank.reason());
    pairs.texts("facts", claim.facts.iter().map(String::as_str));
    pairs
}

fn quantity_pairs(pairs: &mut Pairs, quantity: &Quantity) {
    pairs.raw("value", &format!("{:?}", quantity.value));
    if let Some(to) = quantity.to {
        pairs.raw("to", &format!("{to:?}"));
    }
    pairs.text("unit", &quantity.unit);
}

fn computation_pairs(computation: &Computation) -> Pairs {
    let mut pairs = Pairs::default();
    let table = |quantity: &Quantity| {
        let mut pairs = Pairs::default();
        quantity_pairs(&mut pairs, quantity);
        pairs.inline()
    };
    pairs.word("kind", computation.kind());
    match computation {
        Computation::Sum(sum) => sum_pairs(&mut pairs, sum, "year"),
        Computation::Share { part, total } => {
            sum_pairs(&mut pairs, part, "year");
            pairs.raw("total", &codes(total));
        }
        Computation::Excess { whole, base } => {
            sum_pairs(&mut pairs, whole, "year");
            pairs.raw("base", &codes(base));
        }
        Computation::Growth { from, until } => {
            sum_pairs(&mut pairs, from, "from");
            pairs.raw("until", &until.to_string());
        }
        Computation::Conversion { amount, worth } => {
            pairs.raw("amount", &table(amount));
            pairs.raw("worth", &table(worth));
        }
        Computation::PriceGap {
            price,
            reference,
            volume,
        } => {
            pairs.raw("price", &table(price));
            pairs.raw("reference", &table(reference));
            if let Some(volume) = volume {
                pairs.raw("volume", &table(volume));
            }
        }
        Computation::Counts { part, whole } => {
            pairs.raw("part", &format!("{part:?}"));
            pairs.raw("whole", &format!("{whole:?}"));
        }
        Computation::Portion { percent, whole } => {
            pairs.raw("percent", &table(percent));
            pairs.raw("whole", &format!("{whole:?}"));
        }
    }
    pairs
}

fn sum_pairs(pairs: &mut Pairs, sum: &Sum, year: &'static str) {
    pairs.word("series", sum.series);
    pairs.raw("group", &codes(&sum.group));
    if !sum.partners.is_empty() {
        pairs.raw("partners", &codes(&sum.partners));
    }
    pairs.raw(year, &sum.year.to_string());
}

fn codes(codes: &[StateCode]) -> String {
    list(codes.iter().map(StateCode::as_str))
}
