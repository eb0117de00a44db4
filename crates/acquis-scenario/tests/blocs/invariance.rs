//! The answer depends neither on the order of the candidates, nor on the number of threads, nor
//! on interruptions.

use std::ops::ControlFlow;

use acquis_blocs::{Coalition, Memberships, Progress};
use acquis_scenario::{BlocsError, BlocsGame, BlocsVerdict, Watch};

use super::{almanac, answer, answer_with, asking, bloc, economy, registry, single};

const SIX: [&str; 6] = ["ARM", "BLR", "KAZ", "KGZ", "RUS", "UKR"];

fn asking_of(order: &[&str]) -> acquis_scenario::Scenario {
    asking(&format!(
        "candidates = {order:?}\nstage = \"free_trade_area\""
    ))
}

#[test]
fn the_order_of_candidates_doesnt_matter() {
    let order = ["UKR", "KGZ", "RUS", "ARM", "KAZ", "BLR"];
    let (one, other) = (answer(&asking_of(&SIX)), answer(&asking_of(&order)));
    let renamed = |coalition: Coalition| {
        let codes = coalition
            .players()
            .map(|it| one.candidates[it.position()].code.as_str());
        bloc(&other, &codes.collect::<Vec<_>>())
    };
    for mask in 0..64 {
        let coalition = Coalition::from_mask(mask);
        for candidate in coalition.players() {
            let code = one.candidates[candidate.position()].code.as_str();
            let found = single(&one)
                .percent
                .payoff_beside(coalition, candidate)
                .unwrap();
            let same = single(&other)
                .percent
                .payoff_beside(renamed(coalition), super::player(&other, code));
            assert!(
                (found - same.unwrap()).abs() < 1e-9,
                "{code} in {coalition}"
            );
        }
    }
    let mut stable: Vec<Coalition> = single(&one).stable.iter().copied().map(renamed).collect();
    let mut same = single(&other).stable.clone();
    stable.sort_unstable();
    same.sort_unstable();
    assert_eq!(stable, same);
}

#[test]
fn threads_make_no_difference() {
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        let answer = pool.install(|| answer(&asking_of(&SIX)));
        bits(single(&answer).percent.all_payoffs())
    };
    assert_eq!(with(1), with(3));
}

fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|value| value.to_bits()).collect()
}

#[test]
fn an_interrupted_run_goes_on_to_the_same_bytes() {
    let candidates = ["ARM", "BLR", "KAZ", "RUS"];
    let scenario = asking(&format!(
        "candidates = {candidates:?}\nkind = \"levels\"\nstages = [\"preferential_arrangement\", \"free_trade_area\", \"customs_union\"]",
    ));
    let (registry, economy) = (registry(), economy("post-soviet-2004"));
    let game = BlocsGame::prepare(&scenario, &registry, &economy, &almanac()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let one = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .build()
        .unwrap();
    let run = |store: &std::path::Path, most: usize| {
        one.install(|| {
            game.answer(&mut Watch {
                store: Some(store),
                progress: &mut |progress: Progress| {
                    if progress.done >= most {
                        ControlFlow::Break(())
                    } else {
                        ControlFlow::Continue(())
                    }
                },
            })
        })
    };
    let interrupted = folder.path().join("interrupted");
    let whole = folder.path().join("whole");
    for path in [&interrupted, &whole] {
        std::fs::create_dir(path).unwrap();
    }
    let stopped = run(&interrupted, 1).unwrap_err();
    assert!(
        matches!(stopped, BlocsError::Stopped { done, .. } if done > 0),
        "{stopped}"
    );
    // Cut off in the middle of a row.
    let file = interrupted.join("game.equilibria");
    let bytes = std::fs::read(&file).unwrap();
    std::fs::write(&file, &bytes[..bytes.len() - 5]).unwrap();
    let resumed = run(&interrupted, usize::MAX).unwrap();
    let fresh = run(&whole, usize::MAX).unwrap();
    let table = |answer: &acquis_scenario::BlocsAnswer| match &answer.verdict {
        BlocsVerdict::Levels(verdict) => bits(verdict.percent.all_payoffs()),
        other => panic!("{other:?}"),
    };
    assert_eq!(table(&resumed), table(&fresh));
    let kept = std::fs::read(&file).unwrap();
    assert!(kept == std::fs::read(whole.join("game.equilibria")).unwrap());
    // A store of another game is refused.
    let other = asking(&format!(
        "candidates = {candidates:?}\nkind = \"levels\"\nstages = [\"preferential_arrangement\", \"free_trade_area\", \"economic_union\"]",
    ));
    let error = answer_with(&other, Some(&interrupted))
        .unwrap_err()
        .to_string();
    assert!(error.contains("holds evaluations of"), "{error}");
}

/// Two levels are one bloc: the same payoffs.
#[test]
fn two_levels_are_one_bloc() {
    let levels = answer(&asking(&format!(
        "candidates = {SIX:?}\nkind = \"levels\"\nstages = [\"free_trade_area\"]"
    )));
    let BlocsVerdict::Levels(levels) = &levels.verdict else {
        panic!("{:?}", levels.verdict)
    };
    let blocs = answer(&asking_of(&SIX));
    for index in 0..levels.percent.memberships().count() {
        let (one, other) = (
            levels.percent.payoffs(index),
            single(&blocs).percent.payoffs(index),
        );
        let apart = one.iter().zip(other).map(|(a, b)| (a - b).abs());
        assert!(apart.fold(0.0, f64::max) < 1e-9, "{index}");
    }
}

/// Structures with one bloc are single blocs.
#[test]
fn a_structure_with_one_bloc_is_a_single_bloc() {
    let several = answer(&asking(&format!(
        "candidates = {SIX:?}\nkind = \"several\"\nstage = \"free_trade_area\""
    )));
    let BlocsVerdict::Several(several) = &several.verdict else {
        panic!("{:?}", several.verdict)
    };
    let blocs = answer(&asking_of(&SIX));
    let mut seen = 0;
    for index in 0..several.percent.memberships().count() {
        let structure = several.structure(index);
        let mut large = structure.blocs().iter().filter(|bloc| bloc.len() > 1);
        let (Some(&only), None) = (large.next(), large.next()) else {
            continue;
        };
        seen += 1;
        for player in structure.blocs().iter().flat_map(|bloc| bloc.players()) {
            let one = several.percent.payoffs(index)[player.position()];
            let other = single(&blocs).percent.payoff_beside(only, player).unwrap();
            assert!((one - other).abs() < 1e-9, "{only}");
        }
    }
    assert_eq!(seen, 64 - 7);
}
