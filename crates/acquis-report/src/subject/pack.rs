//! Packs: what each holds, whom it cites, and what is wrong with one, at its place.

use std::collections::BTreeMap;

use acquis_registry::{Finding, Findings, Lint, Place, Registry, Severity};
use serde_json::{Value, json};

use crate::column::{Column, Unit};
use crate::table::{Cell, Table, TableError};

/// How much a pack holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Holdings {
    /// States and entities of disputed standing.
    pub states: usize,
    /// Organizations and agreements.
    pub institutions: usize,
    /// Acts.
    pub acts: usize,
    /// Acts about which a source disagrees with the claim in use.
    pub contested: usize,
    /// Claims about acts.
    pub claims: usize,
    /// Sources.
    pub sources: usize,
}

impl Holdings {
    /// What a registry holds.
    pub fn of(registry: &Registry) -> Self {
        let view = registry.view();
        let mut holdings = Self {
            states: registry.states().count(),
            sources: registry.sources().count(),
            ..Self::default()
        };
        for institution in registry.institutions() {
            holdings.institutions += 1;
            holdings.acts += institution.acts.len();
            let claims = institution.acts.iter().map(|act| act.claims.len());
            holdings.claims += claims.sum::<usize>();
            holdings.contested += view.contested_acts(institution).len();
        }
        holdings
    }

    /// In one line: "20 states, 30 organizations and agreements, ...".
    pub fn words(self) -> String {
        format!(
            "{} states, {} organizations and agreements, {} acts ({} contested), {} claims, {} sources",
            self.states, self.institutions, self.acts, self.contested, self.claims, self.sources
        )
    }
}

fn count(number: usize) -> Cell {
    i64::try_from(number).unwrap_or(i64::MAX).into()
}

/// Packs by their short names, a row each.
///
/// # Errors
/// None that the data can cause; the table's own check.
pub fn list(packs: &[(&str, &Registry)]) -> Result<Table, TableError> {
    let mut table = Table::new(
        "packs",
        "Packs of facts",
        vec![
            Column::text("pack", "Pack"),
            Column::text("title", "Title"),
            Column::text("covers", "Years"),
            Column::integer("states", "States", Unit::NONE),
            Column::integer("institutions", "Organizations, agreements", Unit::NONE),
            Column::integer("acts", "Acts", Unit::NONE),
            Column::integer("contested", "Contested", Unit::new("acts")),
            Column::integer("claims", "Claims", Unit::NONE),
            Column::integer("sources", "Sources", Unit::NONE),
            Column::text("licence", "Licence"),
        ],
    );
    for (name, registry) in packs {
        let card = registry.card();
        let holdings = Holdings::of(registry);
        table.push_row(vec![
            (*name).into(),
            card.title.as_str().into(),
            card.covers.as_ref().map(ToString::to_string).into(),
            count(holdings.states),
            count(holdings.institutions),
            count(holdings.acts),
            count(holdings.contested),
            count(holdings.claims),
            count(holdings.sources),
            card.licence.clone().into(),
        ])?;
    }
    Ok(table)
}

/// The sources of a pack, those that most rests on first, with how many claims rest on each.
///
/// # Errors
/// None that the data can cause; the table's own check.
pub fn sources(registry: &Registry) -> Result<Table, TableError> {
    let mut resting: BTreeMap<&str, usize> = BTreeMap::new();
    for claim in registry.claims() {
        *resting.entry(claim.source().as_str()).or_default() += 1;
    }
    let mut table = Table::new(
        "sources",
        format!("Sources of {}", registry.card().title),
        vec![
            Column::text("source", "Source"),
            Column::text("citation", "Author, title, date"),
            Column::text("type", "Type"),
            Column::text("covers", "Years"),
            Column::integer("claims", "Rest on it", Unit::new("claims")),
        ],
    );
    let claims = |source: &acquis_registry::Source| {
        resting.get(source.id.as_str()).copied().unwrap_or_default()
    };
    let mut sources: Vec<_> = registry.sources().collect();
    sources.sort_by(|one, other| claims(other).cmp(&claims(one)).then(one.id.cmp(&other.id)));
    for source in sources {
        table.push_row(vec![
            source.id.as_str().into(),
            source.citation().into(),
            source.source_type.label().into(),
            source.covers.as_ref().map(ToString::to_string).into(),
            count(claims(source)),
        ])?;
    }
    Ok(table)
}

/// What is wrong with files, a row each.
///
/// # Errors
/// None that the data can cause; the table's own check.
pub fn findings(findings: &Findings) -> Result<Table, TableError> {
    let mut table = Table::new(
        "findings",
        verdict(findings),
        vec![
            Column::text("place", "Where"),
            Column::text("severity", "What it is"),
            Column::text("message", "What is wrong"),
            Column::text("help", "What to do"),
            Column::text("code", "Rule"),
        ],
    );
    for finding in findings {
        table.push_row(vec![
            finding.place.as_ref().map(ToString::to_string).into(),
            severity(finding.severity).into(),
            finding.message.as_str().into(),
            finding.help().into(),
            finding.lint.code().into(),
        ])?;
    }
    Ok(table)
}

const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

/// "2 errors, 1 warning".
pub fn verdict(findings: &Findings) -> String {
    let count = |severity, one: &str| {
        let of_it = findings.iter().filter(|it| it.severity == severity);
        match of_it.count() {
            1 => format!("1 {one}"),
            many => format!("{many} {one}s"),
        }
    };
    let errors = count(Severity::Error, "error");
    format!("{errors}, {}", count(Severity::Warning, "warning"))
}

/// The findings as JSON, with the rules that were looked at.
pub fn findings_json(findings: &Findings) -> Value {
    let list: Vec<Value> = findings.iter().map(finding_json).collect();
    let rules: Vec<Value> = Lint::ALL
        .iter()
        .map(|lint| json!({ "code": lint.code(), "rule": lint.rule() }))
        .collect();
    json!({ "findings": list, "rules": rules })
}

fn finding_json(finding: &Finding) -> Value {
    let place = finding.place.as_ref().map(|place| {
        let (line, column) = place.line_column();
        json!({ "file": place.file.name, "line": line, "column": column })
    });
    json!({
        "code": finding.lint.code(),
        "rule": finding.lint.rule(),
        "reason": finding.lint.reason(),
        "severity": finding.severity,
        "message": finding.message,
        "expected": finding.expected,
        "nearest": finding.nearest,
        "place": place,
    })
}

/// A line of a file around a place, for a message that quotes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    /// Number of the line, from 1.
    pub line: usize,
    /// The line before the place, the place itself, and the line after it.
    pub parts: [String; 3],
}

/// The line that a place begins in, in three parts: what the place spans of it is the second.
pub fn excerpt(place: &Place) -> Excerpt {
    let text = place.file.text.as_str();
    let within = |mut at: usize| {
        at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = within(place.span.start);
    let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
    let end = within(place.span.end).clamp(start, line_end);
    Excerpt {
        line: place.line_column().0,
        parts: [
            text[line_start..start].to_owned(),
            text[start..end].to_owned(),
            text[end..line_end].trim_end_matches('\r').to_owned(),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use acquis_registry::SourceText;
    use proptest::prelude::*;

    #[test]
    fn an_excerpt_sets_the_place_off() {
        let file = SourceText::new("pack.toml", "a = 1\nbe = \"zwei\"\r\nc = 3");
        let excerpt = excerpt(&Place { file, span: 11..17 });
        assert_eq!(excerpt.line, 2);
        assert_eq!(excerpt.parts, ["be = ", "\"zwei\"", ""].map(str::to_owned));
    }

    proptest! {
        #[test]
        fn an_excerpt_of_any_text_is_one_line_of_it(text in "[a-zä\n\r]{0,40}", start in 0_usize..60, length in 0_usize..60) {
            let file = SourceText::new("f", text.clone());
            let excerpt = excerpt(&Place { file, span: start..start + length });
            let joined = excerpt.parts.concat();
            prop_assert!(!joined.contains('\n') && text.contains(&joined));
        }
    }
}
