//! A priori unions and abstention, by their definitions.

use acquis_decision::{BigRational, Player};
use proptest::prelude::*;

use crate::{Sketch, exact, fraction, rule, sized};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn each_its_own_union_is_no_union((n, sketch) in sized(10)) {
        let game = rule(n, &sketch).game();
        let census = game.census().unwrap();
        let alone = game.with_unions(&[]).unwrap();
        prop_assert_eq!(alone.owen().exact, game.shapley_shubik().unwrap().exact);
        prop_assert_eq!(alone.banzhaf_owen().exact, census.banzhaf_absolute().exact);
        let together = vec![(0..n).map(Player::at).collect()];
        let together = game.with_unions(&together).unwrap();
        prop_assert_eq!(together.owen().exact, game.shapley_shubik().unwrap().exact);
    }

    #[test]
    fn unions_are_those_of_enumeration(
        (n, sketch) in sized(8),
        assigned in proptest::collection::vec(0_usize..4, 8),
    ) {
        let mut unions = vec![Vec::new(); 4];
        for player in 0..n {
            unions[assigned[player]].push(Player::at(player));
        }
        let census = rule(n, &sketch).game().with_unions(&unions).unwrap();
        unions.retain(|union| !union.is_empty());
        let (owen, banzhaf) = by_definition(n, &sketch, &unions);
        prop_assert_eq!(exact(census.owen()), owen);
        prop_assert_eq!(exact(census.banzhaf_owen()), banzhaf);
    }

    #[test]
    fn abstention_is_that_of_enumeration((n, sketch) in sized(7)) {
        let census = rule(n, &sketch).with_abstention().unwrap();
        let power = u32::try_from(n).unwrap();
        let ballots = |number: u64, except: usize, own: i8| -> Vec<i8> {
            let digit = |p: usize| number / 3_u64.pow(u32::try_from(p).unwrap()) % 3;
            let other = |p: usize| [0, 1, -1][usize::try_from(digit(p)).unwrap()];
            (0..n).map(|p| if p == except { own } else { other(p) }).collect()
        };
        let adopting = (0..3_u64.pow(power)).filter(|&k| sketch.adopts(&ballots(k, n, 0))).count();
        prop_assert_eq!(census.adopting(), adopting as u128);
        for player in 0..n {
            let adopts = |k: u64, own: i8| sketch.adopts(&ballots(k, player, own));
            let swings = (0..3_u64.pow(power))
                .filter(|&k| adopts(k, 1) && !adopts(k, -1))
                .count();
            // Each division of the others came up with all three votes of the player's own.
            prop_assert_eq!(census.swings()[player], (swings / 3) as u128);
        }
    }
}

fn factorial(n: usize) -> u64 {
    (1..=n as u64).product()
}

/// Owen (1977) and Banzhaf-Owen (1981), coalition by coalition.
fn by_definition(
    n: usize,
    sketch: &Sketch,
    unions: &[Vec<Player>],
) -> (Vec<BigRational>, Vec<BigRational>) {
    let mask = |players: &[Player]| players.iter().fold(0, |m, p| m | 1_u64 << p.position());
    let mut owen = vec![fraction(0, 1); n];
    let mut banzhaf = owen.clone();
    let m = unions.len();
    for (k, union) in unions.iter().enumerate() {
        let p = union.len();
        for others in (0..1_usize << m).filter(|others| others >> k & 1 == 0) {
            let outside = (0..m).filter(|j| others >> j & 1 == 1);
            let outside = outside.fold(0, |sum, j| sum | mask(&unions[j]));
            for inside in 0..1_usize << p {
                let fellows = (0..p).filter(|j| inside >> j & 1 == 1);
                let base = fellows.fold(outside, |sum, j| sum | 1 << union[j].position());
                for (j, player) in union.iter().enumerate() {
                    let with = base | 1 << player.position();
                    if inside >> j & 1 == 1 || sketch.wins(n, base) || !sketch.wins(n, with) {
                        continue;
                    }
                    let (r, t) = (others.count_ones() as usize, inside.count_ones() as usize);
                    let orders =
                        factorial(r) * factorial(m - r - 1) * factorial(t) * factorial(p - t - 1);
                    owen[player.position()] += fraction(orders, factorial(m) * factorial(p));
                    banzhaf[player.position()] += fraction(1, 1 << (m + p - 2));
                }
            }
        }
    }
    (owen, banzhaf)
}
