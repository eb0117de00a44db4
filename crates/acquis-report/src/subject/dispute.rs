//! Where sources disagree, and what their figures are when computed again.

use acquis_registry::{
    Assertion, Check, Claim, Known, KnownConflict, KnownIndicator, Rank, Sourced,
};
use acquis_scenario::Almanac;
use acquis_scenario::figure::{Figure, Finding, check, with_volume};
use serde_json::{Value, json};

use super::origin::Origin;
use crate::chart::{Bar, BarChart, ChartError};
use crate::column::Column;
use crate::table::{Cell, Table, TableError};

/// The known conflicts, a line for each: its kind, its question, and how many sources speak.
///
/// # Errors
/// None that the data can cause; the table's own check.
pub fn conflicts(title: &str, conflicts: &[KnownConflict<'_>]) -> Result<Table, TableError> {
    let mut table = Table::new(
        "conflicts",
        title,
        vec![
            Column::text("conflict", "Conflict"),
            Column::text("kind", "Kind"),
            Column::text("question", "Question"),
            Column::integer("sources", "Sources", ""),
            Column::text("in_use", "In use"),
        ],
    );
    for known in conflicts {
        let positions = positions(known);
        let mut sources: Vec<&str> = positions
            .iter()
            .map(|position| position.source.as_str())
            .collect();
        sources.sort_unstable();
        sources.dedup();
        let mut used: Vec<String> = positions
            .iter()
            .filter(|position| position.in_use)
            .map(|position| position.source.clone())
            .collect();
        used.sort();
        used.dedup();
        table.push_row(vec![
            known.conflict.id.as_str().into(),
            known.conflict.kind.label().into(),
            known.conflict.question.as_str().into(),
            i64::try_from(sources.len()).unwrap_or(i64::MAX).into(),
            used.join(", ").into(),
        ])?;
    }
    Ok(table)
}

/// What one source says in a conflict.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Position {
    /// What it is about: an act, a statement, an instrument, a figure, an organ.
    pub about: String,
    /// The source.
    pub source: String,
    /// Where in the source.
    pub locator: Option<String>,
    /// What it says.
    pub says: String,
    /// Preferred, normal or deprecated.
    pub rank: String,
    /// Whether views use it.
    pub in_use: bool,
    /// Why it is used, or not.
    pub reason: Option<String>,
    /// Entries of a list of facts.
    pub facts: Vec<String>,
}

/// What every source says in a conflict, those in use first.
pub fn positions(known: &KnownConflict<'_>) -> Vec<Position> {
    let mut positions = Vec::new();
    for act in &known.acts {
        let who = act.act.whom();
        let who = who.map_or_else(String::new, |who| format!(" of {who}"));
        let about = format!(
            "{}: {}{who}",
            act.institution.short_name(),
            act.act.kind.name()
        );
        let claims = std::iter::once(act.claim).chain(act.others.iter().copied());
        for (number, claim) in claims.enumerate() {
            positions.push(position(&about, claim, act_words(claim), number == 0));
        }
    }
    for known in &known.statements {
        assertions(&known.subject.question, known, &mut positions);
    }
    for known in &known.instruments {
        assertions(&known.subject.title, known, &mut positions);
    }
    for known in &known.indicators {
        assertions(&known.subject.statement, known, &mut positions);
    }
    for organ in &known.organs {
        let name = format!(
            "{}: {}",
            organ.institution.short_name(),
            organ.organ.subject.name
        );
        assertions(&name, &organ.organ, &mut positions);
        for rule in &organ.rules {
            let about = format!("{name}, {}", rule.subject.criterion.kind.label());
            assertions(&about, rule, &mut positions);
        }
    }
    positions
}

fn assertions<T>(about: &str, known: &Known<'_, T>, positions: &mut Vec<Position>) {
    let claims = std::iter::once(known.claim).chain(known.others.iter().copied());
    for (number, claim) in claims.enumerate() {
        positions.push(position(about, claim, assertion_words(claim), number == 0));
    }
}

fn position(about: &str, claim: &impl Sourced, says: String, in_use: bool) -> Position {
    Position {
        about: about.to_owned(),
        source: claim.source().to_string(),
        locator: claim.locator().map(str::to_owned),
        says,
        rank: claim.rank().word().to_owned(),
        in_use: in_use && !matches!(claim.rank(), Rank::Deprecated { .. }),
        reason: claim.rank().reason().map(str::to_owned),
        facts: claim.facts().to_vec(),
    }
}

fn act_words(claim: &Claim) -> String {
    let mut parts = Vec::new();
    if claim.denies {
        parts.push("did not happen".to_owned());
    }
    if let Some(stage) = claim.stage {
        parts.push(stage.label().to_owned());
    }
    parts.extend(claim.on.as_ref().map(ToString::to_string));
    parts.extend(
        claim
            .effect
            .as_ref()
            .map(|effect| format!("with effect from {effect}")),
    );
    parts.extend(claim.says.clone());
    parts.join("; ")
}

fn assertion_words(claim: &Assertion) -> String {
    let mut parts = Vec::new();
    if claim.denies {
        parts.push("not so".to_owned());
    }
    parts.extend(claim.position.clone());
    parts.extend(claim.value.as_ref().map(|value| match value.to {
        Some(to) => format!("{} to {to} {}", value.value, value.unit),
        None => format!("{} {}", value.value, value.unit),
    }));
    parts.extend(claim.on.as_ref().map(ToString::to_string));
    parts.extend(claim.says.clone());
    parts.join("; ")
}

/// One conflict in lines: what each source says, which is used, and why.
pub fn conflict_lines(known: &KnownConflict<'_>) -> Vec<String> {
    let mut lines = vec![format!(
        "{} ({}): {}",
        known.conflict.id, known.conflict.kind, known.conflict.question
    )];
    let mut about = String::new();
    for position in positions(known) {
        if position.about != about {
            lines.push(format!("  {}", position.about));
            about.clone_from(&position.about);
        }
        let mark = if position.in_use { "used" } else { "" };
        let locator = position
            .locator
            .map_or_else(String::new, |at| format!(", {at}"));
        let reason = position
            .reason
            .map_or_else(String::new, |reason| format!(" ({reason})"));
        let rank = if position.rank == "deprecated" {
            " deprecated"
        } else {
            ""
        };
        lines.push(format!(
            "    {mark:5} {}{locator}: {}{rank}{reason}",
            position.source, position.says
        ));
    }
    if let Some(note) = &known.conflict.note {
        lines.push(format!("  {note}"));
    }
    lines
}

/// The conflicts as JSON.
pub fn conflicts_json(conflicts: &[KnownConflict<'_>]) -> Value {
    conflicts
        .iter()
        .map(|known| {
            json!({
                "id": known.conflict.id,
                "kind": known.conflict.kind,
                "question": known.conflict.question,
                "note": known.conflict.note,
                "positions": positions(known),
            })
        })
        .collect()
}

/// The figures of the literature, computed again: a line for each claim. With the `volume`
/// sold in a year, in the unit that the price is for, a gap in price becomes a yearly sum.
///
/// # Errors
/// None that the data can cause; the table's own check.
pub fn figures(
    indicators: &[KnownIndicator<'_>],
    almanac: &Almanac,
    volume: Option<f64>,
) -> Result<Table, TableError> {
    let mut table = Table::new(
        "claims",
        "Figures that sources give, and what the data built in give for them",
        vec![
            Column::text("statement", "Claim"),
            Column::text("claimed", "Claimed"),
            Column::text("source", "Source"),
            Column::text("computed", "Computed"),
            Column::text("definition", "From"),
            Column::text("verdict", "Verdict"),
        ],
    );
    for known in indicators {
        for claim in claims_of(known) {
            let finding = check(&how(known, volume), claim, almanac);
            let (computed, definition) = match finding_figure(&finding) {
                Some(figure) => (
                    shown(figure.value, &figure.unit).into(),
                    figure.definition.as_str().into(),
                ),
                None => (Cell::Missing, Cell::Missing),
            };
            table.push_row(vec![
                known.subject.statement.as_str().into(),
                claimed(claim).into(),
                claim.reference().into(),
                computed,
                definition,
                verdict(&finding).into(),
            ])?;
        }
    }
    let tolerance = 100.0 * acquis_scenario::figure::TOLERANCE;
    Ok(table.note(format!(
        "A claim holds if the computed figure is within {tolerance} % of it."
    )))
}

/// How far the figures that could be computed again are from those that were claimed: bars in
/// per cent of the claim, the largest first. What holds is a bar of no length to speak of.
///
/// # Errors
/// None that the data can cause; the chart's own check.
pub fn deviations(
    indicators: &[KnownIndicator<'_>],
    almanac: &Almanac,
    volume: Option<f64>,
) -> Result<BarChart, ChartError> {
    let mut bars: Vec<(String, f64)> = Vec::new();
    for known in indicators {
        for claim in claims_of(known) {
            let Some(value) = claim.value.as_ref() else {
                continue;
            };
            let off = match check(&how(known, volume), claim, almanac) {
                Finding::Holds(figure) => {
                    figure.value - figure.value.clamp(value.value, value.upper())
                }
                Finding::Differs { by, .. } => by,
                Finding::Computed(_) | Finding::NotChecked(_) => continue,
            };
            let end = if off < 0.0 {
                value.value
            } else {
                value.upper()
            };
            if end != 0.0 {
                let label = format!("{} ({})", known.subject.statement, claim.source);
                bars.push((label, 100.0 * off / end.abs()));
            }
        }
    }
    bars.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
    let title = "How far computed figures are from claimed ones";
    let mut chart = BarChart::new(title, "Computed less claimed", "% of the claim")
        .decimals(1)
        .source(Origin::Claims.line());
    for (label, off) in bars {
        chart.push(Bar::new(label, off))?;
    }
    Ok(chart)
}

/// How many claims hold, differ, follow from the sources' own numbers, can't be checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Tally {
    /// The computed figure is that of the claim.
    pub hold: usize,
    /// It is another.
    pub differ: usize,
    /// It follows from numbers that the sources give themselves.
    pub follow: usize,
    /// Nothing can be said.
    pub unchecked: usize,
}

/// The verdicts, counted.
pub fn tally(indicators: &[KnownIndicator<'_>], almanac: &Almanac, volume: Option<f64>) -> Tally {
    let mut tally = Tally::default();
    for known in indicators {
        for claim in claims_of(known) {
            match check(&how(known, volume), claim, almanac) {
                Finding::Holds(_) => tally.hold += 1,
                Finding::Differs { .. } => tally.differ += 1,
                Finding::Computed(_) => tally.follow += 1,
                Finding::NotChecked(_) => tally.unchecked += 1,
            }
        }
    }
    tally
}

/// How an indicator is checked, with the volume of a year where one was given.
fn how(known: &KnownIndicator<'_>, volume: Option<f64>) -> Check {
    let check = &known.subject.check;
    volume.map_or_else(|| check.clone(), |volume| with_volume(check, volume))
}

/// The claims of an indicator that were known, the one in use first; those that are
/// deprecated are left to the list of conflicts.
fn claims_of<'k>(known: &'k KnownIndicator<'_>) -> impl Iterator<Item = &'k Assertion> {
    std::iter::once(known.claim)
        .chain(known.others.iter().copied())
        .filter(|claim| claim.is_usable())
}

fn claimed(claim: &Assertion) -> String {
    claim
        .value
        .as_ref()
        .map_or_else(String::new, |value| match value.to {
            Some(to) => format!("{} to {}", digits(value.value), shown(to, &value.unit)),
            None => shown(value.value, &value.unit),
        })
}

fn finding_figure(finding: &Finding) -> Option<&Figure> {
    match finding {
        Finding::Holds(figure) | Finding::Computed(figure) | Finding::Differs { figure, .. } => {
            Some(figure)
        }
        Finding::NotChecked(_) => None,
    }
}

fn verdict(finding: &Finding) -> String {
    match finding {
        Finding::Holds(_) => "holds".to_owned(),
        Finding::Differs { figure, by } => {
            let sign = if *by < 0.0 { "\u{2212}" } else { "+" };
            format!("differs by {sign}{}", shown(by.abs(), &figure.unit))
        }
        Finding::Computed(_) => "follows from the sources' own numbers".to_owned(),
        Finding::NotChecked(why) => format!("cannot be checked: {why}"),
    }
}

/// A figure with its unit, large ones in words.
pub(super) fn shown(value: f64, unit: &str) -> String {
    let (scaled, word) = match value.abs() {
        size if size >= 1e9 => (value / 1e9, " billion"),
        size if size >= 1e6 => (value / 1e6, " million"),
        _ => (value, ""),
    };
    let already_scaled = ["thousand ", "million ", "billion "]
        .iter()
        .any(|prefix| unit.starts_with(prefix));
    if already_scaled {
        return format!("{} {unit}", digits(value));
    }
    format!("{}{word} {unit}", digits(scaled))
}

/// Four digits that count.
fn digits(value: f64) -> String {
    let decimals = match value.abs() {
        size if size >= 1000.0 || value.fract() == 0.0 => 0,
        size if size >= 100.0 => 1,
        _ => 2,
    };
    format!("{value:.decimals$}")
}

/// The same as JSON.
pub fn figures_json(
    indicators: &[KnownIndicator<'_>],
    almanac: &Almanac,
    volume: Option<f64>,
) -> Value {
    let mut claims = Vec::new();
    for known in indicators {
        for claim in claims_of(known) {
            let finding = check(&how(known, volume), claim, almanac);
            claims.push(json!({
                "id": known.subject.id,
                "statement": known.subject.statement,
                "claimed": claim.value,
                "source": claim.source,
                "locator": claim.locator,
                "facts": claim.facts,
                "in_use": std::ptr::eq(claim, known.claim),
                "contested": known.contested,
                "computed": finding_figure(&finding).map(|figure| json!({
                    "value": figure.value,
                    "unit": figure.unit,
                    "definition": figure.definition,
                })),
                "verdict": verdict(&finding),
                "note": known.subject.note,
            }));
        }
    }
    Value::Array(claims)
}
