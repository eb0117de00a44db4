//! Which union would hold: payoffs against runs of the same memberships, invariances, interruptions,
//! and mistakes at their places.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failure here is a failed test"
)]

mod bad_input;
mod invariance;
mod payoffs;
mod shipped;

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use acquis_blocs::{Coalition, Player, Progress};
use acquis_registry::{Registry, SourceText, read_folder};
use acquis_scenario::{
    Almanac, BlocsAnswer, BlocsError, BlocsGame, BlocsVerdict, Economy, Scenario,
    SingleBlocVerdict, Watch, read_economy_files,
};

fn repository(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(path)
}

fn registry() -> Registry {
    let files = read_folder(&repository("packs/post-soviet")).unwrap();
    match Registry::load(&files) {
        Ok(loaded) => loaded.registry,
        Err(findings) => panic!("{findings}"),
    }
}

fn economy(name: &str) -> Economy {
    let files = read_economy_files(&repository(&format!("economies/{name}.toml"))).unwrap();
    Economy::load(&files).unwrap_or_else(|findings| panic!("{findings}"))
}

fn almanac() -> Almanac {
    let path = repository("economies/compact/macro_1990_2024.csv");
    let text = std::fs::read_to_string(path).unwrap();
    Almanac::read(&SourceText::new("macro.csv", text), Vec::new()).unwrap()
}

fn read(name: &str, text: &str) -> Scenario {
    Scenario::read(name, &SourceText::new(format!("{name}.toml"), text))
        .unwrap_or_else(|findings| panic!("{findings}"))
}

fn shipped(name: &str) -> Scenario {
    let text = std::fs::read_to_string(repository(&format!("scenarios/{name}.toml"))).unwrap();
    read(name, &text)
}

/// A question on the trade of 2004.
fn asking(blocs: &str) -> Scenario {
    read(
        "test",
        &format!(
            "title = \"Test\"\n[base]\npack = \"post-soviet\"\ndate = \"2004-12-31\"\n\
             economy = \"post-soviet-2004\"\ngrade = \"functioning\"\n[blocs]\n{blocs}"
        ),
    )
}

fn answer_with(scenario: &Scenario, store: Option<&Path>) -> Result<BlocsAnswer, BlocsError> {
    let (registry, economy) = (registry(), economy(&scenario.base.economy));
    let game = BlocsGame::prepare(scenario, &registry, &economy, &almanac())?;
    game.answer(&mut Watch {
        store,
        progress: &mut |_: Progress| ControlFlow::Continue(()),
    })
}

fn answer(scenario: &Scenario) -> BlocsAnswer {
    answer_with(scenario, None).unwrap_or_else(|error| panic!("{error}"))
}

#[track_caller]
fn single(answer: &BlocsAnswer) -> &SingleBlocVerdict {
    match &answer.verdict {
        BlocsVerdict::Single(verdicts) => &verdicts.verdict,
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn player(answer: &BlocsAnswer, code: &str) -> Player {
    let mut candidates = answer.candidates.iter();
    Player::at(candidates.position(|it| it.code == code).unwrap())
}

fn bloc(answer: &BlocsAnswer, codes: &[&str]) -> Coalition {
    Coalition::of(codes.iter().map(|code| player(answer, code))).unwrap()
}
