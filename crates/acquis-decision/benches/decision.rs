//! How long does a rule take?
//!
//! The European Union's rule of 2014 among 27 states, and two development banks of 87 and 190
//! members. Populations are those that the Council used for 2014, in hundreds; they are read from
//! the shared data, without the United Kingdom, and that benchmark is left out where the
//! data aren't at hand. The banks' votes are made, not observed: member `k` of `n`, from 0,
//! has `250 + round(top · (k+1)^{-0.9})`, the total being scaled to the wanted one; a decision takes
//! more than half of all votes.

#![expect(clippy::unwrap_used, reason = "a failure here is a failed benchmark")]

use std::path::Path;
use std::sync::LazyLock;

use acquis_decision::{Clause, Game, Player, Quota, Rule, Share};
use divan::{Bencher, black_box};

fn main() {
    divan::main();
}

/// 55 % of the states with 65 % of the people, or fewer than four not in favour.
static UNION: LazyLock<Option<Game>> = LazyLock::new(|| {
    let file = "../../../shared/data/institutions/eu_council_weights_coresize.csv";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    let mut reader = csv::Reader::from_path(path).ok()?;
    let column = reader
        .headers()
        .ok()?
        .iter()
        .position(|name| name == "p2014a")?;
    let mut states = Vec::new();
    let mut people = Vec::new();
    for record in reader.records() {
        let record = record.ok()?;
        if &record[0] != "United Kingdom" {
            states.push(record[0].to_owned());
            people.push(record[column].parse().ok()?);
        }
    }
    let share = |percent| Share::new(percent, 100).unwrap();
    let clause = Clause::qualified_majority(share(55))
        .and(Clause::weighted(people, Quota::at_least_share(share(65))))
        .or(Clause::fewer_than_blocking(4));
    Some(Rule::new(states, clause).unwrap().game())
});

fn union(bencher: Bencher<'_, '_>, ask: impl Fn(&Game) -> f64) {
    if let Some(game) = UNION.as_ref() {
        bencher.bench_local(|| ask(black_box(game)));
    }
}

/// A bank of `n` members with some `total` votes.
fn bank(n: u32, total: f64) -> Game {
    let raw = |k: u32| (f64::from(k) + 1.0).powf(-0.9);
    let sum: f64 = (0..n).map(raw).sum();
    let top = (total - 250.0 * f64::from(n)) / sum;
    let votes: Vec<f64> = (0..n).map(|k| 250.0 + (top * raw(k)).round()).collect();
    let names = (0..n).map(|k| format!("member {k}"));
    let quota = Quota::more_than_share(Share::half());
    Rule::new(names, Clause::weighted(votes, quota))
        .unwrap()
        .game()
}

#[divan::bench]
fn union_banzhaf_coleman_shapley_shubik(bencher: Bencher<'_, '_>) {
    union(bencher, |game| {
        let census = game.census().unwrap();
        let shapley = census.shapley_shubik().unwrap().values[0];
        let coleman = census.coleman_prevent().values[0] + census.coleman_initiate().values[0];
        shapley + coleman + census.banzhaf().values[0] + census.efficiency()
    });
}

#[divan::bench]
fn union_deegan_packel_holler(bencher: Bencher<'_, '_>) {
    union(bencher, |game| {
        let minimal = game.minimal_winning().unwrap();
        minimal.deegan_packel().values[0] + minimal.holler().values[0]
    });
}

#[divan::bench(sample_count = 5)]
fn union_johnston(bencher: Bencher<'_, '_>) {
    union(bencher, |game| game.johnston().unwrap().values[0]);
}

#[divan::bench(sample_count = 10)]
fn union_with_three_blocs(bencher: Bencher<'_, '_>) {
    let bloc = |from: usize, to: usize| (from..to).map(Player::at).collect::<Vec<_>>();
    let blocs = [bloc(0, 4), bloc(4, 8), bloc(8, 12)];
    union(bencher, |game| {
        game.with_unions(&blocs).unwrap().owen().values[0]
    });
}

#[divan::bench(args = [87, 190], sample_count = 5)]
fn bank_banzhaf(bencher: Bencher<'_, '_>, members: u32) {
    let game = bank(members, if members == 87 { 1.1e6 } else { 5e6 });
    bencher.bench_local(|| black_box(&game).census().unwrap().banzhaf().values[0]);
}

#[divan::bench(args = [87, 190], sample_count = 3)]
fn bank_shapley_shubik(bencher: Bencher<'_, '_>, members: u32) {
    let game = bank(members, if members == 87 { 1.1e6 } else { 5e6 });
    bencher.bench_local(|| {
        let power = black_box(&game).shapley_shubik().unwrap();
        assert!(power.error < 1e-12);
        power.values[0]
    });
}

/// Weights with all the digits that they can have, and a number of members.
#[divan::bench(args = [30, 36, 40], sample_count = 3)]
fn real_weights(bencher: Bencher<'_, '_>, players: u32) {
    let votes: Vec<f64> = (0..players)
        .map(|k| (f64::from(k) + 1.0).powf(-0.9))
        .collect();
    let share = Quota::at_least_share(Share::new(2, 3).unwrap());
    let clause = Clause::weighted(votes, share).and(Clause::simple_majority());
    let game = Rule::new((0..players).map(|k| k.to_string()), clause)
        .unwrap()
        .game();
    bencher.bench_local(|| black_box(&game).census().unwrap().efficiency());
}

/// Two thirds of 55 members with two thirds of 1.4 million votes.
#[divan::bench(sample_count = 3)]
fn continent_shapley_shubik(bencher: Bencher<'_, '_>) {
    let share = || Share::new(2, 3).unwrap();
    let votes: Vec<f64> = (0..55)
        .map(|k| (300_000.0 / (f64::from(k) + 1.0)).round())
        .collect();
    let clause = Clause::weighted(votes, Quota::at_least_share(share()))
        .and(Clause::qualified_majority(share()));
    let game = Rule::new((0..55).map(|k| k.to_string()), clause)
        .unwrap()
        .game();
    bencher.bench_local(|| black_box(&game).shapley_shubik().unwrap().values[0]);
}

#[divan::bench(args = [30, 36, 40], sample_count = 3)]
fn double_weights(bencher: Bencher<'_, '_>, players: u32) {
    let votes = |seed: f64| -> Vec<f64> {
        (0..players)
            .map(|k| (1e6 / (f64::from(k) + seed)).round())
            .collect()
    };
    let share = || Quota::at_least_share(Share::new(3, 5).unwrap());
    let clause = Clause::weighted(votes(1.0), share())
        .and(Clause::weighted(votes(3.0), share()))
        .and(Clause::simple_majority());
    let game = Rule::new((0..players).map(|k| k.to_string()), clause)
        .unwrap()
        .game();
    bencher.bench_local(|| black_box(&game).census().unwrap().efficiency());
}

#[divan::bench(args = [12, 15, 18], sample_count = 3)]
fn nucleolus(bencher: Bencher<'_, '_>, players: u32) {
    let votes: Vec<f64> = (0..players).map(|k| f64::from(60 / (k + 1) + 1)).collect();
    let quota = Quota::more_than_share(Share::half());
    let clause = Clause::weighted(votes, quota);
    let game = Rule::new((0..players).map(|k| k.to_string()), clause)
        .unwrap()
        .game();
    bencher.bench_local(|| black_box(&game).nucleolus().unwrap().power.values[0]);
}
