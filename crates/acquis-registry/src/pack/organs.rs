//! Reads the organs of an institution and the rules by which they decide.

use std::sync::Arc;

use crate::decision::{Criterion, Quota, RuleFile, Weights};
use crate::document::{self, Fields, Word as _};
use crate::finding::{Finding, Findings, Lint, SourceText};
use crate::model::Party;
use crate::pack::claims::{Needs, assertions};
use crate::pack::{conflicts, value};
use crate::statement::{Organ, OrganRule};
use crate::vocabulary::{DecisionKind, Series};

/// Reads a rule from a file of its own.
///
/// ```
/// use acquis_registry::{SourceText, read_rule};
///
/// let file = SourceText::new("bank.toml", r#"
///     title = "A bank"
///     kind = "weighted"
///     quota = "70%"
///     [votes]
///     Ruritania = 60
///     Graustark = 40
/// "#);
/// let rule = read_rule(&file)?;
/// assert_eq!(rule.criterion.votes.len(), 2);
/// # Ok::<(), acquis_registry::Findings>(())
/// ```
///
/// # Errors
/// Every mistake, at its place.
pub fn read_rule(file: &Arc<SourceText>) -> Result<RuleFile, Findings> {
    let mut findings = Findings::default();
    let rule = document::read(file, &mut findings, |fields, findings| {
        let title = value(fields.text("title", findings));
        let players = fields.texts("players", findings);
        let criterion = criterion(fields, findings)?;
        Some(RuleFile {
            title,
            players: players.into_iter().map(|player| player.value).collect(),
            criterion,
        })
    });
    match rule.flatten() {
        Some(rule) if !findings.has_errors() => Ok(rule),
        _ => Err(findings.sorted()),
    }
}

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
    let criterion = criterion(fields, findings);
    let claims = assertions(fields, "a decision rule", Needs::Source, findings);
    Some(OrganRule {
        from: value(fields.date("from", findings)),
        until: value(fields.date("until", findings)),
        matter: value(fields.text("matter", findings)),
        note: value(fields.text("note", findings)),
        conflicts: conflicts(fields, findings),
        claims,
        place: fields.place(),
        criterion: criterion?,
    })
}

/// The keys of a rule that say how votes are counted, also those of a part of one.
fn criterion(fields: &mut Fields<'_>, findings: &mut Findings) -> Option<Criterion> {
    fields.require("kind", findings);
    let kind = fields.word("kind", findings);
    let votes = fields
        .table("votes", "the votes", findings, votes)
        .unwrap_or_default();
    let weights = fields.table("weights", "the weights", findings, weights);
    let criterion = Criterion {
        quota: quota(fields, &votes, findings),
        strict: fields.flag("strict", findings),
        of_votes_cast: fields.flag("of_votes_cast", findings),
        members: fields
            .texts("members", findings)
            .into_iter()
            .map(|party| Party::from_id(&party.value))
            .collect(),
        criteria: fields.tables("criteria", "a criterion", findings, criterion),
        weights: weights.flatten(),
        votes,
        kind: kind?,
    };
    fits(&criterion, fields, findings);
    Some(criterion)
}

/// What does not go together in one count of votes.
fn fits(criterion: &Criterion, fields: &Fields<'_>, findings: &mut Findings) {
    let kind = criterion.kind;
    let joins = matches!(kind, DecisionKind::AllOf | DecisionKind::AnyOf);
    let is_majority = matches!(
        kind,
        DecisionKind::SimpleMajority | DecisionKind::QualifiedMajority
    );
    let mut wrong = |key: &str, what: &str, expected: &str| {
        findings.push(
            Finding::error(
                Lint::Format,
                Some(fields.place_at(key)),
                format!("a rule of the kind {:?} {what}", kind.word()),
            )
            .expecting(expected),
        );
    };
    if joins && criterion.criteria.is_empty() {
        wrong("criteria", "joins nothing", "a list of criteria");
    }
    if !joins && fields.has("criteria") {
        wrong("criteria", "has criteria", "the kind all_of or any_of");
    }
    for key in ["votes", "weights", "quota", "members"] {
        if joins && fields.has(key) {
            wrong(key, &format!("has {key} of its own"), "them in a criterion");
        }
    }
    if kind == DecisionKind::BlockingMinority
        && !matches!(criterion.quota, Some(Quota::Votes(votes)) if votes >= 1.0)
    {
        wrong("quota", "has no number of members", "a quota from 1");
    }
    if fields.has("weights") && !criterion.votes.is_empty() {
        wrong("votes", "has both votes and weights", "one of the two");
    }
    if criterion.of_votes_cast && !is_majority {
        let expected = "the kind simple_majority or qualified_majority";
        wrong("of_votes_cast", "counts no votes cast", expected);
    }
}

fn weights(fields: &mut Fields<'_>, findings: &mut Findings) -> Option<Weights> {
    fields.require("series", findings);
    fields.require("year", findings);
    let series = fields.word("series", findings);
    let year = fields.whole_number("year", findings);
    let mut share = |key| {
        let share = fields.number(key, findings)?;
        if !(0.0..=1.0).contains(&share.value) {
            findings.push(
                Finding::error(
                    Lint::Number,
                    Some(share.place),
                    format!("a {key} of {}", share.value),
                )
                .expecting("a share of all votes, from 0 to 1"),
            );
        }
        Some(share.value)
    };
    let (floor, cap) = (share("floor"), share("cap"));
    if series == Some(Series::Trade) {
        findings.push(
            Finding::error(
                Lint::Word,
                Some(fields.place_at("series")),
                "votes can't follow from trade, which has two sides",
            )
            .expecting("gdp or population"),
        );
    }
    let year = year?;
    let Ok(of_calendar) = i16::try_from(year.value) else {
        findings.push(Finding::error(
            Lint::Number,
            Some(year.place),
            format!("{} is not a year", year.value),
        ));
        return None;
    };
    Some(Weights {
        series: series?,
        year: of_calendar,
        floor,
        cap,
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
