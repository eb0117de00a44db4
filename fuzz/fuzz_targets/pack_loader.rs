//! Any text is a registry or findings, each of which can be shown; the law of a registry
//! can be derived and checked.
#![no_main]

use acquis_law::Law;
use acquis_registry::{Registry, SourceText};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    match Registry::load(&[SourceText::new("fuzz.toml", text)]) {
        Ok(loaded) => {
            let law = Law::new(loaded.registry.view());
            let _ = acquis_law::check(&law).to_string();
            for day in law.change_days() {
                for institution in loaded.registry.institutions() {
                    let _ = law.standings_in(&institution.id, day);
                }
            }
        }
        Err(findings) => {
            assert!(!findings.is_empty());
            let _ = findings.to_string();
        }
    }
});
