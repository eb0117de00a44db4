//! Reads indicators, and how each could be checked.

use crate::claim::Quantity;
use crate::document::Fields;
use crate::finding::{Finding, Findings, Lint};
use crate::model::StateCode;
use crate::pack::claims::{Needs, assertions, quantity};
use crate::pack::statements::parties;
use crate::pack::{conflicts, texts, value};
use crate::statement::{Check, Computation, Indicator, Sum};
use crate::vocabulary::ComputationKind;

/// `[[indicator]]`
pub(super) fn indicator(fields: &mut Fields<'_>, findings: &mut Findings) -> Option<Indicator> {
    let id = fields.required_text("id", findings);
    let statement = fields.required_text("statement", findings);
    let about = parties(&fields.texts("about", findings));
    let claims = assertions(fields, "an indicator", Needs::Figure, findings);
    let check = check(fields, findings);
    let conflicts = conflicts(fields, findings);
    let note = value(fields.text("note", findings));
    Some(Indicator {
        id: id?.value,
        statement: statement?.value,
        about,
        claims,
        check: check?,
        conflicts,
        note,
        place: fields.place(),
    })
}

fn check(fields: &mut Fields<'_>, findings: &mut Findings) -> Option<Check> {
    if fields.has("compute") == fields.has("unchecked") {
        let message = if fields.has("compute") {
            "an indicator says how it is computed and why it cannot be checked"
        } else {
            "an indicator says neither how it is computed nor why it cannot be checked"
        };
        findings.push(
            Finding::error(Lint::Format, Some(fields.place()), message)
                .expecting("compute = { kind = ... } or unchecked = \"why\""),
        );
    }
    let unchecked = fields.text("unchecked", findings);
    let computation = fields.table("compute", "a computation", findings, computation);
    computation
        .flatten()
        .map(Check::Compute)
        .or_else(|| unchecked.map(|reason| Check::Unchecked(reason.value)))
}

/// The keys of all kinds of computation.
const COMPUTATION_KEYS: &[&str] = &[
    "series",
    "group",
    "partners",
    "year",
    "total",
    "base",
    "from",
    "until",
    "amount",
    "worth",
    "price",
    "reference",
    "volume",
    "part",
    "whole",
    "percent",
];

fn computation(fields: &mut Fields<'_>, findings: &mut Findings) -> Option<Computation> {
    fields.require("kind", findings);
    let Some(kind) = fields.word("kind", findings) else {
        // Which keys belong here depends on the kind.
        fields.allow(COMPUTATION_KEYS);
        return None;
    };
    match kind {
        ComputationKind::Sum => sum(fields, "year", findings).map(Computation::Sum),
        ComputationKind::Share => {
            let part = sum(fields, "year", findings);
            let total = states(fields, "total", findings);
            Some(Computation::Share {
                part: part?,
                total: total?,
            })
        }
        ComputationKind::Excess => {
            let whole = sum(fields, "year", findings);
            let base = states(fields, "base", findings);
            Some(Computation::Excess {
                whole: whole?,
                base: base?,
            })
        }
        ComputationKind::Growth => {
            let from = sum(fields, "from", findings);
            let until = year(fields, "until", findings);
            Some(Computation::Growth {
                from: from?,
                until: until?,
            })
        }
        ComputationKind::Conversion => {
            let amount = part(fields, "amount", findings);
            let worth = part(fields, "worth", findings);
            Some(Computation::Conversion {
                amount: amount?,
                worth: worth?,
            })
        }
        ComputationKind::PriceGap => price_gap(fields, findings),
        ComputationKind::Counts => counts(fields, findings),
        ComputationKind::Portion => {
            fields.require("whole", findings);
            let percent = part(fields, "percent", findings);
            let whole = fields.number("whole", findings);
            Some(Computation::Portion {
                percent: percent?,
                whole: whole?.value,
            })
        }
    }
}

fn price_gap(fields: &mut Fields<'_>, findings: &mut Findings) -> Option<Computation> {
    let price = part(fields, "price", findings);
    let reference = part(fields, "reference", findings);
    let volume = fields.table("volume", "a volume", findings, quantity);
    Some(Computation::PriceGap {
        price: price?,
        reference: reference?,
        volume: volume.flatten(),
    })
}

fn sum(fields: &mut Fields<'_>, when: &'static str, findings: &mut Findings) -> Option<Sum> {
    fields.require("series", findings);
    let series = fields.word("series", findings);
    let group = states(fields, "group", findings);
    let partners = codes(&texts(fields, "partners", findings));
    let year = year(fields, when, findings);
    Some(Sum {
        series: series?,
        group: group?,
        partners,
        year: year?,
    })
}

fn states(
    fields: &mut Fields<'_>,
    key: &'static str,
    findings: &mut Findings,
) -> Option<Vec<StateCode>> {
    fields.require(key, findings)?;
    Some(codes(&texts(fields, key, findings)))
}

fn codes(texts: &[String]) -> Vec<StateCode> {
    texts.iter().map(|text| StateCode::new(text)).collect()
}

fn year(fields: &mut Fields<'_>, key: &'static str, findings: &mut Findings) -> Option<i16> {
    fields.require(key, findings)?;
    let written = fields.whole_number(key, findings)?;
    let year = i16::try_from(written.value)
        .ok()
        .filter(|year| (1800..=2200).contains(year));
    if year.is_none() {
        findings.push(
            Finding::error(
                Lint::Number,
                Some(written.place),
                format!("{} is not a year", written.value),
            )
            .expecting("a year from 1800 to 2200"),
        );
    }
    year
}

/// A quantity in a table of its own.
fn part(fields: &mut Fields<'_>, key: &'static str, findings: &mut Findings) -> Option<Quantity> {
    fields.require(key, findings)?;
    fields
        .table(key, "a figure", findings, |fields, findings| {
            fields.require("value", findings);
            quantity(fields, findings)
        })
        .flatten()
}

fn counts(fields: &mut Fields<'_>, findings: &mut Findings) -> Option<Computation> {
    fields.require("part", findings);
    fields.require("whole", findings);
    let part = fields.number("part", findings);
    let whole = fields.number("whole", findings);
    let (part, whole) = (part?, whole?);
    if whole.value <= 0.0 || part.value < 0.0 || part.value > whole.value {
        findings.push(
            Finding::error(
                Lint::Number,
                Some(part.place),
                format!("{} is no part of {}", part.value, whole.value),
            )
            .expecting("a part from 0 to the whole, and a whole above 0"),
        );
    }
    Some(Computation::Counts {
        part: part.value,
        whole: whole.value,
    })
}
