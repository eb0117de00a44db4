//! The command as a process, and its answers.

use assert_cmd::Command;
use serde_json::Value;

pub(crate) fn acquis(arguments: &[&str]) -> Command {
    let mut command = Command::cargo_bin("acquis").unwrap();
    command.arg("vote").args(arguments);
    command
}

pub(crate) fn output(arguments: &[&str]) -> String {
    let assert = acquis(arguments).assert().success();
    String::from_utf8(assert.get_output().stdout.clone()).unwrap()
}

pub(crate) fn json(arguments: &[&str]) -> Value {
    serde_json::from_str(&output(&[arguments, &["--json"]].concat())).unwrap()
}

/// A column of the table of power, by state or member.
#[track_caller]
pub(crate) fn column(answer: &Value, name: &str) -> Vec<(String, f64)> {
    let rows = answer["power"]["rows"].as_array().unwrap();
    rows.iter()
        .map(|row| {
            let who = row.get("state").unwrap_or(&row["member"]);
            (
                who.as_str().unwrap().to_owned(),
                row[name].as_f64().unwrap(),
            )
        })
        .collect()
}

#[track_caller]
pub(crate) fn is_near(got: &[(String, f64)], expected: &[(&str, f64)]) {
    assert_eq!(got.len(), expected.len(), "{got:?}");
    for ((state, value), (code, wanted)) in got.iter().zip(expected) {
        assert_eq!(state, code);
        assert!(
            (value - wanted).abs() < 1e-9,
            "{state}: {value}, not {wanted}"
        );
    }
}

pub(crate) fn role(answer: &Value, state: &str) -> Option<String> {
    let rows = answer["power"]["rows"].as_array().unwrap();
    let row = rows.iter().find(|row| row["state"] == state).unwrap();
    row["role"].as_str().map(str::to_owned)
}

/// Exit status 2, a message with these words, nothing on standard output.
#[track_caller]
pub(crate) fn mistake(arguments: &[&str], words: &str) {
    let assert = acquis(arguments).assert().code(2);
    let result = assert.get_output();
    // Messages are wrapped: lines and their bars don't count.
    let message = String::from_utf8_lossy(&result.stderr).replace('│', " ");
    let message: Vec<&str> = message.split_whitespace().collect();
    let message = message.join(" ");
    assert!(message.contains(words), "{arguments:?}: {message}");
    assert!(!message.contains("panicked"), "{message}");
    assert!(result.stdout.is_empty(), "{arguments:?}");
}
