//! Reads the organs of an institution and the rules by which they decide.

use crate::document::Fields;
use crate::finding::{Finding, Findings, Lint};
use crate::model::Party;
use crate::pack::claims::{Needs, assertions};
use crate::pack::{conflicts, value};
use crate::statement::{Organ, OrganRule, Quota};

/// `[[organ]]`
pub(super) fn organ(fields: &mut Fields<'_>, findings: &mut Findings) -> Option<Organ> {
    let name = fields.required_text("name", findings);
    let summary = value(fields.text("summary", findings));
    let claims = assertions(fields, "an organ", Needs::Source, findings);
    let rules = fields.tables("rule", "a decision rule", findings, rule);
    let conflicts = conflicts(fields, findings);
    Some(Organ {
        name: name?.value,
        summary,
        claims,
        rules,
        conflicts,
        place: fields.place(),
    })
}

fn rule(fields: &mut Fields<'_>, findings: &mut Findings) -> Option<OrganRule> {
    fields.require("kind", findings);
    let kind = fields.word("kind", findings);
    let votes = fields
        .table("votes", "the votes", findings, votes)
        .unwrap_or_default();
    let quota = quota(fields, &votes, findings);
    let claims = assertions(fields, "a decision rule", Needs::Source, findings);
    Some(OrganRule {
        votes,
        quota,
        from: value(fields.date("from", findings)),
        until: value(fields.date("until", findings)),
        matter: value(fields.text("matter", findings)),
        note: value(fields.text("note", findings)),
        conflicts: conflicts(fields, findings),
        claims,
        place: fields.place(),
        kind: kind?,
    })
}

fn votes(fields: &mut Fields<'_>, findings: &mut Findings) -> Vec<(Party, f64)> {
    let place = fields.place();
    let votes = fields.numbers_by_name(findings);
    for (party, number) in &votes {
        if *number < 0.0 {
            findings.push(
                Finding::error(
                    Lint::Number,
                    Some(place.clone()),
                    format!("{} has {number} votes", party.value),
                )
                .expecting("no votes or more"),
            );
        }
    }
    votes
        .into_iter()
        .map(|(party, number)| (Party::from_id(&party.value), number))
        .collect()
}

fn quota(
    fields: &mut Fields<'_>,
    votes: &[(Party, f64)],
    findings: &mut Findings,
) -> Option<Quota> {
    if !fields.is_text("quota") {
        let number = fields.number("quota", findings)?;
        let total: f64 = votes.iter().map(|(_, number)| number).sum();
        if !votes.is_empty() && number.value > total {
            findings.push(
                Finding::error(
                    Lint::Number,
                    Some(number.place),
                    format!("a quota of {} of {total} votes", number.value),
                )
                .expecting("a quota that can be reached"),
            );
        }
        return Some(Quota::Votes(number.value));
    }
    let text = fields.text("quota", findings)?;
    let quota = Quota::from_text(&text.value);
    if quota.is_none() {
        findings.push(
            Finding::error(
                Lint::Number,
                Some(text.place),
                format!("{:?} is not a quota", text.value),
            )
            .expecting("a number of votes, or a share such as \"2/3\" or \"80%\""),
        );
    }
    quota
}
