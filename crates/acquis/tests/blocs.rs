//! `acquis blocs` as a process: what is printed and written, that it goes on where it was, and
//! what can't be asked.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failure here is a failed test"
)]

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use serde_json::Value;

fn acquis(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::cargo_bin("acquis").unwrap();
    command.current_dir(folder).arg("blocs").args(arguments);
    command
}

fn output(folder: &Path, arguments: &[&str]) -> String {
    let assert = acquis(folder, arguments).assert().success();
    String::from_utf8(assert.get_output().stdout.clone()).unwrap()
}

/// Exit status 2, a message with these words, nothing on standard output.
#[track_caller]
fn mistake(folder: &Path, arguments: &[&str], words: &[&str]) {
    let assert = acquis(folder, arguments).assert().code(2);
    let result = assert.get_output();
    // Messages are wrapped: lines and their bars don't count.
    let message = String::from_utf8_lossy(&result.stderr).replace('│', " ");
    let message: Vec<&str> = message.split_whitespace().collect();
    let message = message.join(" ");
    for words in words {
        assert!(message.contains(words), "{arguments:?}: {message}");
    }
    assert!(result.stdout.is_empty(), "{arguments:?}");
    assert!(!message.contains("panicked"), "{message}");
}

const SPACE: &str = r#"title = "The four of Yalta"
[base]
pack = "post-soviet"
date = "2004-12-31"
economy = "post-soviet-2004"
grade = "functioning"
[blocs]
candidates = ["BLR", "KAZ", "RUS", "UKR"]
stage = "free_trade_area"
divide = true
"#;

fn write(folder: &Path, name: &str, text: &str) {
    fs::write(folder.join(name), text).unwrap();
}

#[test]
fn the_four_of_yalta() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    write(folder, "yalta.toml", SPACE);
    let text = output(folder, &["yalta.toml"]);
    for words in [
        "Blocs that hold",
        "Price of consent",
        "Paths of accession",
        "12 equilibria",
        "not a forecast",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    let out = folder.join("out/yalta");
    let report = fs::read_to_string(out.join("report.html")).unwrap();
    assert!(report.contains("<svg") && !report.contains("<script"));
    let blocs = fs::read_to_string(out.join("blocs.csv")).unwrap();
    assert_eq!(blocs.lines().count(), 1 + 11);
    for file in [
        "lattice.svg",
        "gains.parquet",
        "division.csv",
        "thresholds.csv",
        "answer.json",
    ] {
        assert!(out.join(file).exists(), "{file}");
    }
    // The same as a run of the same reform: all four at once.
    let answer: Value = serde_json::from_str(&output(folder, &["yalta.toml", "--json"])).unwrap();
    let gains = answer["tables"]["gains"]["rows"].as_array().unwrap();
    let mut run = Command::cargo_bin("acquis").unwrap();
    run.current_dir(folder)
        .args(["run", "single-economic-space-2004", "--json"]);
    let run: Value = serde_json::from_slice(&run.output().unwrap().stdout).unwrap();
    let rows = run["tables"]["results"]["rows"].as_array().unwrap();
    for gain in gains {
        let code = gain["state"].as_str().unwrap();
        let row = rows
            .iter()
            .find(|row| row["state"] == code)
            .unwrap_or_else(|| panic!("{}", rows[0]));
        let expected = row["real_income_change_pct"]
            .as_f64()
            .unwrap_or_else(|| panic!("{row}"));
        let found = gain["everybody_pct"].as_f64().unwrap();
        assert!(
            (found - expected).abs() < 1e-9,
            "{code}: {found}, not {expected}"
        );
    }
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    write(folder, "yalta.toml", SPACE);
    for (threads, out) in [("1", "one"), ("2", "two")] {
        acquis(folder, &["yalta.toml", "--out", out])
            .env("RAYON_NUM_THREADS", threads)
            .assert()
            .success();
    }
    let mut names: Vec<_> = fs::read_dir(folder.join("one/yalta"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    names.sort();
    assert!(names.len() > 10);
    for name in names {
        let read = |out: &str| fs::read(folder.join(out).join("yalta").join(&name)).unwrap();
        assert!(read("one") == read("two"), "{name:?}");
    }
}

#[test]
fn the_number_of_equilibria_is_known_beforehand() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    // Two hundred draws and the estimates.
    assert_eq!(
        output(folder, &["which-union-2004", "--count"]).trim(),
        (201 * 4084).to_string()
    );
    let levels = SPACE.replace(
        "stage = \"free_trade_area\"\ndivide = true\n",
        "kind = \"levels\"\nstages = [\"free_trade_area\", \"customs_union\", \"common_market\"]\n",
    );
    write(folder, "levels.toml", &levels);
    // 4^4 less those in which one is alone at its level.
    assert_eq!(
        output(folder, &["levels.toml", "--count"]).trim(),
        (256 - 4 * (1 + 8 + 27)).to_string()
    );
    assert!(!folder.join("out").exists());
}

#[test]
fn several_and_levels() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let several = SPACE.replace("divide = true", "kind = \"several\"");
    write(folder, "several.toml", &several);
    let text = output(folder, &["several.toml"]);
    assert!(text.contains("coalition structures hold"), "{text}");
    let levels = SPACE.replace(
        "stage = \"free_trade_area\"\ndivide = true\n",
        "kind = \"levels\"\nstages = [\"free_trade_area\", \"customs_union\"]\n[effects]\nsource = \"test\"\nfree_trade_area = 0.3\ncustoms_union = 0.6\n",
    );
    write(folder, "levels.toml", &levels);
    let text = output(folder, &["levels.toml"]);
    assert!(
        text.contains("memberships hold") && text.contains("How the union deepens"),
        "{text}"
    );
}

#[test]
fn what_cant_be_asked() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let with = |name: &str, from: &str, to: &str| {
        write(folder, name, &SPACE.replace(from, to));
        name.to_owned()
    };
    let four = "[\"BLR\", \"KAZ\", \"RUS\", \"UKR\"]";
    let name = with("empty.toml", four, "[]");
    mistake(
        folder,
        &[&name],
        &["the list of candidates is empty", "empty.toml:8:14"],
    );
    let name = with("unknown.toml", "\"UKR\"", "\"UKX\"");
    mistake(folder, &[&name], &["UKX", "unknown.toml:8:36", "UKR"]);
    let name = with("outside.toml", "\"UKR\"", "\"PAK\"");
    mistake(
        folder,
        &[&name],
        &["is not in the economy", "outside.toml:8:36"],
    );
    let name = with("stage.toml", "free_trade_area", "free_trade_arena");
    mistake(folder, &[&name], &["is not a stage", "free_trade_area"]);
    mistake(
        folder,
        &["single-economic-space-2004"],
        &["has no [blocs] table"],
    );
    mistake(folder, &["which-onion-2004"], &["which-union-2004"]);
    assert!(!folder.join("out").exists());
    // A question about blocs is no reform to run.
    write(folder, "yalta.toml", SPACE);
    let mut run = Command::cargo_bin("acquis").unwrap();
    let run = run
        .current_dir(folder)
        .args(["run", "yalta.toml"])
        .assert()
        .code(2);
    let message = String::from_utf8_lossy(&run.get_output().stderr).into_owned();
    assert!(message.contains("acquis blocs"), "{message}");
}

/// A run that is killed leaves no half-written answer, and the next goes on from what it solved.
#[test]
fn a_killed_run_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let eight = "[\"ARM\", \"AZE\", \"BLR\", \"GEO\", \"KAZ\", \"MDA\", \"RUS\", \"UKR\"]";
    let levels = SPACE.replace("[\"BLR\", \"KAZ\", \"RUS\", \"UKR\"]", eight).replace(
        "stage = \"free_trade_area\"\ndivide = true\n",
        "kind = \"levels\"\nstages = [\"preferential_arrangement\", \"free_trade_area\", \"customs_union\"]\n",
    );
    write(folder, "levels.toml", &levels);
    let binary = assert_cmd::cargo::cargo_bin("acquis");
    let mut child = std::process::Command::new(binary)
        .current_dir(folder)
        .args(["blocs", "levels.toml"])
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let store = folder.join("out/levels/equilibria/game.equilibria");
    let length = |path: &Path| fs::metadata(path).map_or(0, |file| file.len());
    while length(&store) < 200_000 && child.try_wait().unwrap().is_none() {
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let kept = length(&store);
    assert!(kept > 0);
    assert!(!folder.join("out/levels/report.html").exists());
    acquis(folder, &["levels.toml"]).assert().success();
    acquis(folder, &["levels.toml", "--out", "whole"])
        .assert()
        .success();
    for file in [
        "report.html",
        "holding.csv",
        "answer.json",
        "equilibria/game.equilibria",
    ] {
        let read = |out: &str| fs::read(folder.join(out).join("levels").join(file)).unwrap();
        assert!(read("out") == read("whole"), "{file}");
    }
    assert!(kept < length(&store), "{kept}");
}
