//! Games whose figures are widely reported.

use acquis_decision::Player;

use crate::{as_printed, exactly, spread, weighted};

/// The fifty states and the district, 270 of 538 electors, apportioned by the census of 2020.
#[test]
fn electoral_college_of_2020() {
    let groups = [
        (54.0, 1),
        (40.0, 1),
        (30.0, 1),
        (28.0, 1),
        (19.0, 2),
        (17.0, 1),
        (16.0, 2),
        (15.0, 1),
        (14.0, 1),
        (13.0, 1),
        (12.0, 1),
        (11.0, 4),
        (10.0, 5),
        (9.0, 2),
        (8.0, 3),
        (7.0, 2),
        (6.0, 6),
        (5.0, 2),
        (4.0, 7),
        (3.0, 7),
    ];
    let votes = spread(&groups);
    assert_eq!((votes.len(), votes.iter().sum::<f64>()), (51, 538.0));
    let game = weighted(270.0, &votes);
    as_printed(
        game.census().unwrap().banzhaf_absolute().values[0],
        ".460711307",
    );
    let shapley = game.shapley_shubik().unwrap();
    as_printed(shapley.values[0], ".108036834");
    assert!(shapley.exact.is_some());
}

/// Six parties in three blocs, values with a priori unions (Owen 1977, 1981).
#[test]
fn unions_in_a_parliament() {
    let game = weighted(30.0, &[28.0, 16.0, 5.0, 4.0, 3.0, 3.0]);
    let union = |places: &[usize]| -> Vec<Player> {
        places.iter().map(|place| Player::at(place - 1)).collect()
    };
    let census = game
        .with_unions(&[union(&[1]), union(&[2, 4, 6]), union(&[3, 5])])
        .unwrap();
    exactly(
        &census.owen(),
        &[(1, 3), (1, 9), (1, 6), (1, 9), (1, 6), (1, 9)],
    );
    exactly(
        &census.banzhaf_owen(),
        &[(1, 2), (1, 8), (1, 4), (1, 8), (1, 4), (1, 8)],
    );
}
