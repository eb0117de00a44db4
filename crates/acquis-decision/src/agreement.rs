//! Methods for many players against each other and against meeting in the middle.

use num_bigint::BigUint;
use num_rational::BigRational;
use num_traits::ToPrimitive;
use proptest::prelude::*;

use crate::census::Census;
use crate::clause::{Clause, Quota};
use crate::decimal::{factorial, ratio};
use crate::game::Game;
use crate::rule::Rule;
use crate::{quadrature, size_table, weight_table};

fn game(votes: &[u32], clause: impl Fn(Clause) -> Clause, quota: u32) -> Game {
    let names = (0..votes.len()).map(|place| format!("P{place}"));
    let votes = votes.iter().map(|&vote| f64::from(vote)).collect();
    let weighted = Clause::weighted(votes, Quota::at_least(f64::from(quota)));
    let rule = Rule::new(names, clause(weighted));
    rule.unwrap_or_else(|error| panic!("{error}")).game()
}

fn census(game: &Game) -> Census {
    game.census().unwrap_or_else(|error| panic!("{error}"))
}

/// Votes and a quota within their total.
fn weighted(players: std::ops::RangeInclusive<usize>) -> impl Strategy<Value = (Vec<u32>, u32)> {
    let votes = proptest::collection::vec(0_u32..=40, players);
    votes
        .prop_filter("somebody must vote", |votes| {
            votes.iter().any(|&vote| vote > 0)
        })
        .prop_flat_map(|votes| {
            let total: u32 = votes.iter().sum();
            (Just(votes), 1..=total)
        })
}

fn shapley_by_size(by_size: &[Vec<BigUint>]) -> Vec<BigRational> {
    let n = by_size.len();
    let value = |swings: &Vec<BigUint>| {
        let orders =
            |(size, swings): (usize, &BigUint)| swings * factorial(size) * factorial(n - size - 1);
        let sum: BigUint = swings.iter().enumerate().map(orders).sum();
        ratio(&sum, &factorial(n))
    };
    by_size.iter().map(value).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn tables_agree_with_the_middle((votes, quota) in weighted(1..=18), least in 1_u32..=18) {
        let plain = game(&votes, |weighted| weighted, quota);
        let met = census(&plain);
        if let Some((weights, quota)) = plain.quota() {
            let table = weight_table::count(weights, quota);
            prop_assert_eq!(&table.winning, met.winning());
            prop_assert_eq!(&table.swings[..], met.swings());
        }
        let least = least.min(u32::try_from(votes.len()).unwrap_or(1));
        let sized = game(&votes, |weighted| weighted.and(Clause::at_least(least)), quota);
        let either = game(&votes, |weighted| weighted.or(Clause::at_least(least)), quota);
        for game in [plain, sized, either] {
            let met = census(&game);
            let stairs = game.staircase().unwrap_or_else(|| panic!("one vector"));
            let table = size_table::count(&stairs);
            prop_assert_eq!(Some(&table.swings[..]), met.swings_by_size());
            prop_assert_eq!(&table.winning.iter().sum::<BigUint>(), met.winning());
        }
    }

    #[test]
    fn quadrature_is_within_its_bound((votes, quota) in weighted(2..=30)) {
        let game = game(&votes, |weighted| weighted, quota);
        let Some((weights, quota)) = game.quota() else { return Ok(()); };
        let found = quadrature::shapley_shubik(weights, quota);
        let power = census(&game).shapley_shubik();
        let exact = power.unwrap_or_else(|| panic!("sizes are told apart")).values;
        prop_assert!(found.error < 1e-11, "{}", found.error);
        for (value, exact) in found.values.iter().zip(exact) {
            prop_assert!((value - exact).abs() <= found.error, "{} {}", value, exact);
        }
    }
}

/// Numbers spread over a few digits, without a generator of random ones.
fn scattered(n: u32, most: u32) -> Vec<u32> {
    (1..=n).map(|k| 1 + k * k * 7919 % most).collect()
}

/// Each number of limbs has its turn.
#[test]
fn tables_agree_for_many_players() {
    for n in [41, 64, 65, 128, 129, 192, 200, 256, 300] {
        let votes = scattered(n, 30);
        let total: u32 = votes.iter().sum();
        for quota in [total / 2 + 1, total / 3, 3 * total / 4] {
            let game = game(&votes, |weighted| weighted, quota);
            let (weights, quota) = game.quota().unwrap_or_else(|| panic!("weights alone"));
            let by_weight = weight_table::count(weights, quota);
            let stairs = game.staircase().unwrap_or_else(|| panic!("one vector"));
            let by_size = size_table::count(&stairs);
            assert_eq!(by_weight.winning, by_size.winning.iter().sum());
            let swings = by_size.swings.iter().map(|row| row.iter().sum());
            assert_eq!(by_weight.swings, swings.collect::<Vec<BigUint>>());
            let exact = shapley_by_size(&by_size.swings);
            let found = quadrature::shapley_shubik(weights, quota);
            assert!(found.error < 3e-12, "{}", found.error);
            for (value, exact) in found.values.iter().zip(exact) {
                let exact = exact.to_f64().unwrap_or(f64::NAN);
                assert!((value - exact).abs() <= found.error, "{value} {exact}");
            }
        }
    }
}

/// The smaller of a table and its dual's is taken, with the same result.
#[test]
fn either_side_gives_the_census() {
    for n in [41, 70] {
        let votes = scattered(n, 50);
        let total: u32 = votes.iter().sum();
        for quota in [total / 4, total / 2, 3 * total / 4] {
            let both = game(
                &votes,
                |weighted| weighted.and(Clause::at_least(n / 2)),
                quota,
            );
            let either = game(
                &votes,
                |weighted| weighted.or(Clause::at_least(n / 2)),
                quota,
            );
            for game in [both, either] {
                let stairs = game.staircase().unwrap_or_else(|| panic!("one vector"));
                let table = size_table::count(&stairs);
                let census = census(&game);
                assert_eq!(census.swings_by_size(), Some(&table.swings[..]));
                assert_eq!(*census.winning(), table.winning.iter().sum::<BigUint>());
            }
        }
    }
}
