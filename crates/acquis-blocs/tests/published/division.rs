//! Divisions of worth in textbooks and papers.

use acquis_blocs::{Coalition, Tolerance, WorthGame};
use num_bigint::BigInt;
use num_rational::BigRational;

fn rationals(shares: &[(i64, i64)]) -> Vec<BigRational> {
    let rational = |&(a, b): &(i64, i64)| BigRational::new(BigInt::from(a), BigInt::from(b));
    shares.iter().map(rational).collect()
}

/// Worths in the textbooks' order: by size, then by players.
fn by_size(players: usize, worths: &[f64]) -> WorthGame {
    let mut coalitions: Vec<Vec<usize>> = (1..1_usize << players)
        .map(|mask| {
            (0..players)
                .filter(|player| mask >> player & 1 == 1)
                .collect()
        })
        .collect();
    coalitions.sort_by_key(|members: &Vec<usize>| (members.len(), members.clone()));
    let mut by_mask = vec![0.0; 1 << players];
    for (members, &worth) in coalitions.iter().zip(worths) {
        let mask = members.iter().fold(0, |mask, player| mask | 1 << player);
        by_mask[mask] = worth;
    }
    WorthGame::new(players, by_mask).unwrap()
}

/// What is left of the estate once the others' claims are met.
fn estate(estate: f64, claims: &'static [f64]) -> WorthGame {
    WorthGame::of(claims.len(), |coalition| {
        let others = claims.iter().enumerate();
        let others = others.filter(|(player, _)| coalition.mask() >> player & 1 == 0);
        (estate - others.map(|(_, claim)| claim).sum::<f64>()).max(0.0)
    })
    .unwrap()
}

/// Aumann and Maschler (1985), "Game theoretic analysis of a bankruptcy problem from the Talmud",
/// Journal of Economic Theory 36.
#[test]
fn talmud() {
    let divisions = [
        (100.0, [(100, 3), (100, 3), (100, 3)]),
        (200.0, [(50, 1), (75, 1), (75, 1)]),
        (300.0, [(50, 1), (100, 1), (150, 1)]),
    ];
    for (left, division) in divisions {
        let game = estate(left, &[100.0, 200.0, 300.0]);
        let nucleolus = game.nucleolus().unwrap();
        assert_eq!(nucleolus.division.exact(), rationals(&division));
        assert_eq!(game.prenucleolus().division.exact(), rationals(&division));
    }
}

/// Ferguson, Game Theory (lecture notes, University of California, Los Angeles), part IV.
#[test]
fn ferguson() {
    let game = by_size(3, &[-1.0, 0.0, 1.0, 3.0, 4.0, 2.0, 5.0]);
    let nucleolus = game.nucleolus().unwrap();
    assert_eq!(
        nucleolus.division.exact(),
        rationals(&[(8, 3), (2, 3), (5, 3)])
    );
    assert!(!game.least_core().core_is_empty());
    assert!(
        game.in_core(nucleolus.division.shares(), Tolerance::default())
            .unwrap()
    );
}

/// Staudacher and others, `CoopGame` 0.2.2, the example of its nucleolus.
#[test]
fn four_players() {
    let worths = [
        0.0, 0.0, 0.0, 0.0, 5.0, 5.0, 8.0, 9.0, 10.0, 8.0, 13.0, 15.0, 16.0, 17.0, 21.0,
    ];
    let nucleolus = by_size(4, &worths).nucleolus().unwrap();
    assert_eq!(
        nucleolus.division.exact(),
        rationals(&[(7, 2), (9, 2), (11, 2), (15, 2)])
    );
}

/// Peleg and Sudhölter, Introduction to the Theory of Cooperative Games (2nd ed.), example 5.5.12:
/// the prenucleolus gives somebody less than nothing, the nucleolus doesn't.
#[test]
fn nucleolus_apart_from_prenucleolus() {
    let game = by_size(3, &[0.0, 0.0, 0.0, 10.0, 0.0, 0.0, 2.0]);
    let prenucleolus = game.prenucleolus();
    assert_eq!(
        prenucleolus.division.exact(),
        rationals(&[(3, 1), (3, 1), (-4, 1)])
    );
    let nucleolus = game.nucleolus().unwrap();
    assert_eq!(
        nucleolus.division.exact(),
        rationals(&[(1, 1), (1, 1), (0, 1)])
    );
    assert!(game.least_core().core_is_empty());
}

/// One left glove and two right ones (Shapley and Shubik 1969): the left one gets two thirds by
/// the Shapley value, all in the core, which is that point.
#[test]
fn gloves() {
    let game = WorthGame::of(3, |coalition| {
        let left = coalition.mask() & 1;
        f64::from(u8::from(left == 1 && coalition.len() > 1))
    })
    .unwrap();
    let shapley = game.shapley_value();
    assert_eq!(shapley.exact(), rationals(&[(2, 3), (1, 6), (1, 6)]));
    assert!(game.in_core(&[1.0, 0.0, 0.0], Tolerance::EXACT).unwrap());
    assert!(
        !game
            .in_core(shapley.shares(), Tolerance::default())
            .unwrap()
    );
    assert_eq!(
        game.nucleolus().unwrap().division.exact(),
        rationals(&[(1, 1), (0, 1), (0, 1)])
    );
}

/// Ibn Ezra's four sons and an estate of 120 (Rabinovitch 1973; O'Neill 1982).
#[test]
fn four_sons() {
    let claims = [120.0, 60.0, 40.0, 30.0];
    let game = WorthGame::of(4, |coalition| {
        let members = coalition.players();
        members
            .map(|player| claims[player.position()])
            .fold(0.0, f64::max)
    })
    .unwrap();
    let shapley = game.shapley_value();
    assert_eq!(
        shapley.exact(),
        rationals(&[(485, 6), (125, 6), (65, 6), (15, 2)])
    );
}

/// Of three who divide ninety-nine by majority the core is empty, and a coalition of two would have
/// to lose a third (von Neumann and Morgenstern 1944, section 21).
#[test]
fn majority_of_three() {
    let game = WorthGame::of(3, |coalition| if coalition.len() > 1 { 99.0 } else { 0.0 }).unwrap();
    let least_core = game.least_core();
    assert!(least_core.core_is_empty());
    assert_eq!(least_core.excess().to_bits(), 33.0_f64.to_bits());
    let (coalition, excess) = game.largest_excess(&[99.0, 0.0, 0.0]).unwrap().unwrap();
    assert_eq!(
        (coalition, excess.to_bits()),
        (Coalition::from_mask(0b110), 99.0_f64.to_bits())
    );
}

/// Two pairs are worth more than everybody together, by hand.
#[test]
fn optimal_structure() {
    let game = WorthGame::of(4, |coalition| match coalition.mask() {
        0b0011 => 70.0,
        0b1100 => 60.0,
        0b1111 => 125.0,
        _ => 30.0 * (coalition.len() as f64).sqrt(),
    })
    .unwrap();
    let (structure, worth) = game.optimal_structure().unwrap();
    assert_eq!(structure.to_string(), "{0,1}{2,3}");
    assert_eq!(worth.to_bits(), 130.0_f64.to_bits());
}
