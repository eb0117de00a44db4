//! The atlas in a real browser: what readers come for, every page for every reader, how it feels,
//! and what is promised to programs. The checks themselves are in the folder `browser`.

#![allow(
    clippy::panic,
    clippy::print_stdout,
    reason = "a failure here is a failed test"
)]

use std::path::Path;
use std::process::Command;

/// What the checks need that a machine may lack.
fn missing(folder: &Path) -> Option<String> {
    let is_there = |program: &str| {
        let asked = Command::new(program).arg("--version").output();
        asked.is_ok_and(|output| output.status.success())
    };
    if !is_there("node") {
        return Some("there is no Node".to_owned());
    }
    if !folder.join("node_modules/playwright-core").is_dir() {
        return Some("`npm ci` was not run in the folder browser".to_owned());
    }
    let chromium = std::env::var("CHROMIUM").unwrap_or_else(|_| "chromium".to_owned());
    (!is_there(&chromium)).then(|| "there is no Chromium".to_owned())
}

#[test]
fn the_atlas_keeps_its_promises_in_a_browser() {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../browser"));
    if let Some(what) = missing(folder) {
        assert!(std::env::var_os("CI").is_none(), "{what}");
        println!("skipped: {what}");
        return;
    }
    let output = Command::new("node")
        .args(["--test", "--test-concurrency=1"])
        .current_dir(folder)
        .env("ACQUIS", env!("CARGO_BIN_EXE_acquis"))
        .output();
    let output = output.unwrap_or_else(|error| panic!("node does not start: {error}"));
    let said = String::from_utf8_lossy(&output.stdout);
    println!("{said}");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
