//! The organizations of the seeds: votes by economic weight and as written in the treaty.

use acquis_decision::{Clause, Quota, Rule, Share};

use crate::{exactly, fractions, weighted};

const PRODUCT: [f64; 4] = [0.7926, 0.1122, 0.0590, 0.0363];

fn by_product(quota: Quota) -> acquis_decision::Game {
    let names = ["first", "second", "third", "fourth"];
    let clause = Clause::weighted(PRODUCT.to_vec(), quota);
    Rule::new(names, clause).unwrap().game()
}

/// Single Economic Space, votes by gross domestic product of 2003.
#[test]
fn the_first_dictates_up_to_its_share() {
    for (above, below) in [(1, 2), (2, 3), (3, 4)] {
        let share = Share::new(above, below).unwrap();
        let game = by_product(Quota::at_least_share(share));
        assert_eq!(
            game.dictator().map(acquis_decision::Player::position),
            Some(0)
        );
        exactly(
            &game.census().unwrap().banzhaf(),
            &[(1, 1), (0, 1), (0, 1), (0, 1)],
        );
    }
}

#[test]
fn at_four_fifths_it_needs_one_other() {
    let game = by_product(Quota::at_least(0.80));
    let tenth = (1, 10);
    exactly(
        &game.census().unwrap().banzhaf(),
        &[(7, 10), tenth, tenth, tenth],
    );
}

#[test]
fn at_85_percent_the_fourth_counts_for_nothing() {
    let game = by_product(Quota::at_least(0.85));
    let dummies = game.census().unwrap().dummies();
    assert_eq!(dummies, [acquis_decision::Player::at(3)]);
}

/// Eurasian Economic Community: 4, 2, 2, 1, 1 votes (in tens of percent), two thirds needed.
#[test]
fn eurasian_economic_community() {
    let game = weighted(7.0, &[4.0, 2.0, 2.0, 1.0, 1.0]);
    let census = game.census().unwrap();
    exactly(
        &census.banzhaf(),
        &[(5, 11), (2, 11), (2, 11), (1, 11), (1, 11)],
    );
    let sum = census
        .banzhaf()
        .exact
        .unwrap()
        .into_iter()
        .sum::<acquis_decision::BigRational>();
    assert_eq!(vec![sum], fractions(&[(1, 1)]));
}
