//! What is built in is sound, and a name leads no further than it may.

use std::path::Path;

use acquis_library::{LibraryError, Reach, builtin};
use acquis_scenario::Scenario;

/// A scenario built in, to be changed by a test.
fn scenario() -> Result<Scenario, LibraryError> {
    acquis_library::scenario(Path::new(&builtin::scenarios()[0]))
}

#[test]
fn every_pack_is_sound() {
    assert!(
        builtin::packs()
            .iter()
            .any(|name| name == builtin::DEFAULT_PACK)
    );
    for name in builtin::packs() {
        let files = builtin::pack(&name).unwrap();
        assert!(acquis_library::registry(&files).is_ok(), "{name}");
    }
}

#[test]
fn every_scenario_finds_its_pack_and_its_economy() {
    for name in builtin::scenarios() {
        let scenario = acquis_library::scenario(Path::new(&name)).unwrap();
        let files = acquis_library::scenario_pack(&scenario, Reach::BuiltIn).unwrap();
        assert!(!files.is_empty(), "{name}");
        let economy = acquis_library::economy(&scenario, Reach::BuiltIn).unwrap();
        assert_eq!(economy.card.id, scenario.base.economy, "{name}");
    }
}

#[test]
fn a_text_from_elsewhere_opens_no_file() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../economies");
    let economy = &builtin::economies()[0];
    let path = format!("{economy}.toml");
    let mut own = scenario().unwrap();
    own.base.economy.clone_from(&path);
    assert!(acquis_library::economy(&own, Reach::Folder(&folder)).is_ok());
    let refused = acquis_library::economy(&own, Reach::BuiltIn).unwrap_err();
    assert!(refused.to_string().contains(&path), "{refused}");
}

#[test]
fn a_pack_out_of_reach_is_refused_with_the_nearest_name() {
    let mut scenario = scenario().unwrap();
    scenario.base.pack = Some("post-sovjet".to_owned());
    let refused = acquis_library::scenario_pack(&scenario, Reach::BuiltIn).unwrap_err();
    let LibraryError::Findings(findings) = refused else {
        panic!("{refused}")
    };
    let finding = findings.iter().next().unwrap();
    assert_eq!(finding.nearest.as_deref(), Some(builtin::DEFAULT_PACK));
}
