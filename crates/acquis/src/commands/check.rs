//! `acquis check packs/post-soviet`

use std::process::ExitCode;

use acquis_law::Law;
use acquis_registry::Registry;
use acquis_report::subject::pack;

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
        output::json(&pack::findings_json(&findings))?;
        return Ok(status);
    }
    failure::show(&findings);
    let verdict = pack::verdict(&findings);
    output::lines([match summary {
        Some(summary) => format!("{summary}\n{verdict}"),
        None => verdict,
    }])?;
    Ok(status)
}

fn summary(registry: &Registry) -> String {
    let holdings = pack::Holdings::of(registry);
    format!("{}: {}", registry.card().title, holdings.words())
}
