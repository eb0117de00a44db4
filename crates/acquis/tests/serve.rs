//! `acquis serve`: who is let in, and how the token reaches the program.

#![allow(clippy::unwrap_used, reason = "a failure here is a failed test")]

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

const TOKEN: &str = "a-word-by-chance-0123";

fn serve(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_acquis"));
    command.current_dir(folder).env_remove("ACQUIS_TOKEN");
    command.args(["serve", "--port", "0", "--no-open", "--data-dir", "data"]);
    command
}

/// Whether the program said this. What it says is wrapped to a width, so that white space and
/// what stands before a line don't count.
fn says(output: &Output, expected: &str) -> bool {
    let plain =
        |text: &str| text.replace(|letter: char| letter.is_whitespace() || letter == '│', "");
    plain(&String::from_utf8_lossy(&output.stderr)).contains(&plain(expected))
}

/// A server that is ended with the test.
struct Served(Child);

impl Served {
    /// Starts it and gives the line that says where it is.
    fn start(command: &mut Command) -> (Self, String) {
        let child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut served = Self(child);
        let mut line = String::new();
        let out = served.0.stdout.take().unwrap();
        BufReader::new(out).read_line(&mut line).unwrap();
        (served, line)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn other_machines_are_not_let_in_without_a_token_that_is_long_enough() {
    let folder = tempfile::tempdir().unwrap();
    let everywhere = ["--listen", "0.0.0.0"];
    for (token, expected) in [
        (None, "give a token by --token-file"),
        (Some("fifteen-letters"), "must have 16 or more"),
        (Some("a word with spaces in it"), "letters, digits"),
    ] {
        let mut command = serve(folder.path());
        command.args(everywhere);
        if let Some(token) = token {
            command.args(["--token", token]);
        }
        let output = command.output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{token:?}");
        assert!(says(&output, expected), "{output:?}");
    }
}

#[test]
fn a_token_comes_from_a_file_or_a_variable_that_others_do_not_see() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("token"), format!("{TOKEN}\n")).unwrap();
    let mut by_file = serve(folder.path());
    by_file.args(["--token-file", "token"]);
    let mut by_variable = serve(folder.path());
    by_variable.env("ACQUIS_TOKEN", TOKEN);
    for command in [&mut by_file, &mut by_variable] {
        let (_served, line) = Served::start(command);
        assert!(line.contains(&format!("?token={TOKEN}")), "{line}");
    }
    let (_served, line) = Served::start(&mut serve(folder.path()));
    assert!(!line.contains("token"), "{line}");
}

#[test]
fn a_token_that_cannot_be_had_is_told() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("empty"), "\n").unwrap();
    for (file, expected) in [
        ("nowhere", "can't read the token"),
        ("empty", "one or more"),
    ] {
        let output = serve(folder.path()).args(["--token-file", file]).output();
        let output = output.unwrap();
        assert_eq!(output.status.code(), Some(2), "{file}");
        assert!(says(&output, expected), "{output:?}");
    }
    let both = serve(folder.path())
        .args(["--token-file", "empty", "--token", TOKEN])
        .output()
        .unwrap();
    assert_eq!(both.status.code(), Some(2));
}

#[test]
fn a_port_that_is_taken_is_told_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let taken = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let mut command = Command::new(env!("CARGO_BIN_EXE_acquis"));
    command.current_dir(folder.path());
    command.args(["serve", "--no-open", "--data-dir", "data", "--port", &port]);
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(says(&output, "choose another port by --port"), "{output:?}");
}
