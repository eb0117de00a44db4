//! `acquis check packs/post-soviet`

use std::process::ExitCode;

use acquis_law::Law;
use acquis_registry::{Findings, Lint, Registry, Severity};
use serde_json::{Value, json};

use crate::arguments::{Check, Common};
use crate::failure::{self, Failure};
use crate::{output, session};

pub(crate) fn run(common: &Common, command: &Check) -> Result<ExitCode, Failure> {
    let folder = command.folder.as_deref().or(common.pack.as_deref());
    let files = session::pack_files(folder)?;
    let (findings, summary) = match Registry::load(&files) {
        Ok(loaded) => {
            let mut findings = loaded.warnings;
            findings.extend(acquis_law::check(&Law::new(loaded.registry.view())));
            (findings.sorted(), Some(summary(&loaded.registry)))
        }
        Err(findings) => (findings, None),
    };
    let status = if findings.has_errors() {
        failure::mistake()
    } else {
        ExitCode::SUCCESS
    };
    if common.json {
        output::json(&as_json(&findings))?;
        return Ok(status);
    }
    failure::show(&findings);
    let count = |severity| {
        findings
            .iter()
            .filter(|finding| finding.severity == severity)
            .count()
    };
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let verdict = format!("{errors} errors, {warnings} warnings");
    output::lines([match summary {
        Some(summary) => format!("{summary}\n{verdict}"),
        None => verdict,
    }])?;
    Ok(status)
}

fn summary(registry: &Registry) -> String {
    let institutions: Vec<_> = registry.institutions().collect();
    let acts = institutions
        .iter()
        .flat_map(|institution| &institution.acts);
    let (mut act_count, mut claim_count) = (0, 0);
    for act in acts {
        act_count += 1;
        claim_count += act.claims.len();
    }
    let contested: usize = institutions
        .iter()
        .map(|institution| registry.view().contested_acts(institution).len())
        .sum();
    format!(
        "{}: {} states, {} organizations and agreements, {act_count} acts ({contested} contested), {claim_count} claims, {} sources",
        registry.card().title,
        registry.states().count(),
        institutions.len(),
        registry.sources().count(),
    )
}

fn as_json(findings: &Findings) -> Value {
    let list: Vec<Value> = findings
        .iter()
        .map(|finding| {
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
        })
        .collect();
    let rules: Vec<Value> = Lint::ALL
        .iter()
        .map(|lint| json!({ "code": lint.code(), "rule": lint.rule() }))
        .collect();
    json!({ "findings": list, "rules": rules })
}
