//! Reads claims: about acts, and about what is not an act.

use crate::claim::{Assertion, Claim, Quantity, Rank};
use crate::document::Fields;
use crate::finding::{Finding, Findings, Lint};
use crate::model::SourceId;
use crate::pack::{texts, value};
use crate::vocabulary::RankName;

pub(super) fn claim(
    fields: &mut Fields<'_>,
    is_assessment: bool,
    findings: &mut Findings,
) -> Option<Claim> {
    let source = fields.required_text("src", findings);
    let denies = fields.flag("denies", findings);
    let on = value(fields.date("on", findings));
    let effect = value(fields.date("effect", findings));
    let stage = fields.word("stage", findings);
    let rank = rank(fields, findings);
    let claim = Claim {
        source: SourceId::new(source.as_ref().map_or("", |source| &source.value)),
        locator: value(fields.text("at", findings)),
        says: value(fields.text("says", findings)),
        facts: texts(fields, "facts", findings),
        place: fields.place(),
        on,
        effect,
        stage,
        rank,
        denies,
    };
    if !denies && !fields.has("on") && !fields.has("effect") {
        findings.push(
            Finding::error(
                Lint::Format,
                Some(claim.place.clone()),
                "a claim has neither on nor effect",
            )
            .expecting("a date; \"..\" if the source gives none"),
        );
    }
    if is_assessment && !denies && !fields.has("stage") {
        findings.push(
            Finding::error(
                Lint::Format,
                Some(claim.place.clone()),
                "a claim about an implementation has no stage",
            )
            .expecting("the stage that is attained in practice, \"none\" if nothing works"),
        );
    }
    source.map(|_| claim)
}

fn rank(fields: &mut Fields<'_>, findings: &mut Findings) -> Rank {
    let reason = value(fields.text("reason", findings));
    match fields.word("rank", findings).unwrap_or(RankName::Normal) {
        RankName::Preferred => Rank::Preferred { reason },
        RankName::Normal => Rank::Normal { reason },
        RankName::Deprecated => {
            if reason.is_none() {
                findings.push(
                    Finding::error(
                        Lint::Format,
                        Some(fields.place()),
                        "a deprecated claim gives no reason",
                    )
                    .expecting("reason = \"why the claim is not used\""),
                );
            }
            Rank::Deprecated {
                reason: reason.unwrap_or_default(),
            }
        }
    }
}

/// What an assertion must hold, by what it is about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Needs {
    /// A position (statements).
    Position,
    /// A figure (indicators).
    Figure,
    /// Neither.
    Source,
}

/// The claims of one table, of which there must be one at least.
pub(super) fn assertions(
    fields: &mut Fields<'_>,
    what: &str,
    needs: Needs,
    findings: &mut Findings,
) -> Vec<Assertion> {
    let claims = fields.tables("claims", "a claim", findings, |fields, findings| {
        assertion(fields, needs, findings)
    });
    if claims.is_empty() {
        findings.push(Finding::error(
            Lint::Format,
            Some(fields.place()),
            format!("{what} has no claims, so nobody says so"),
        ));
    }
    claims
}

fn assertion(fields: &mut Fields<'_>, needs: Needs, findings: &mut Findings) -> Option<Assertion> {
    let source = fields.required_text("src", findings);
    let position = if needs == Needs::Position {
        value(fields.required_text("position", findings))
    } else {
        value(fields.text("position", findings))
    };
    if needs == Needs::Figure {
        fields.require("value", findings);
    }
    let quantity = quantity(fields, findings);
    Some(Assertion {
        position,
        value: quantity,
        on: value(fields.date("on", findings)),
        effect: value(fields.date("effect", findings)),
        until: value(fields.date("until", findings)),
        locator: value(fields.text("at", findings)),
        rank: rank(fields, findings),
        denies: fields.flag("denies", findings),
        says: value(fields.text("says", findings)),
        facts: texts(fields, "facts", findings),
        place: fields.place(),
        source: SourceId::new(&source?.value),
    })
}

/// `value`, `to` and `unit`: a figure without a unit is no figure.
pub(super) fn quantity(fields: &mut Fields<'_>, findings: &mut Findings) -> Option<Quantity> {
    let figure = fields.number("value", findings);
    let to = fields.number("to", findings);
    let unit = fields.text("unit", findings);
    let figure = figure?;
    let Some(unit) = unit else {
        findings.push(
            Finding::error(Lint::Format, Some(fields.place()), "a figure has no unit")
                .expecting("unit = \"USD\", \"%\", \"persons\" or another"),
        );
        return None;
    };
    if let Some(to) = &to
        && to.value < figure.value
    {
        findings.push(
            Finding::error(
                Lint::Number,
                Some(to.place.clone()),
                "a span of figures ends below its beginning",
            )
            .expecting("value as the lower end and to as the upper"),
        );
    }
    Some(Quantity {
        value: figure.value,
        to: value(to),
        unit: unit.value,
    })
}
