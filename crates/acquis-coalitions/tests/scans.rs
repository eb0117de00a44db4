//! The plain scan, another program's answers, and what a span is.

#![allow(clippy::unwrap_used, reason = "a failure here is a failed test")]

use std::convert::Infallible;

use acquis_coalitions::{Bids, BigRational, Coalition, Player, Span, bits, least_excesses};
use coopgame::game::Domain;
use coopgame::game::exact::ExactGame;
use coopgame::nucleolus::exact;
use proptest::prelude::*;

/// Worths by mask, in whole numbers.
#[derive(Debug, Clone)]
struct Game {
    players: usize,
    worths: Vec<i32>,
}

impl Bids for Game {
    type Error = Infallible;

    fn players(&self) -> usize {
        self.players
    }

    fn worth(&self, mask: u64) -> BigRational {
        let place = usize::try_from(mask).unwrap();
        BigRational::from_integer(self.worths[place].into())
    }
}

fn games() -> impl Strategy<Value = Game> {
    (2_usize..5).prop_flat_map(|players| {
        let worths = prop::collection::vec(-10_i32..30, (1 << players) - 1);
        worths.prop_map(move |worths| Game {
            players,
            worths: std::iter::once(0).chain(worths).collect(),
        })
    })
}

proptest! {
    #[test]
    fn the_plain_scan_finds_another_programs_prenucleolus(game in games()) {
        let Ok(found) = least_excesses(&game, false, usize::MAX);
        let worths = game.worths[1..].iter();
        let worths = worths.map(|&worth| BigRational::from_integer(worth.into())).collect();
        let other = ExactGame::from_binary(worths).unwrap();
        let others = exact::nucleolus(&other, Domain::Preimputation).unwrap();
        prop_assert_eq!(found.division, others.allocation);
    }

    #[test]
    fn floors_keep_what_each_has_alone(game in games()) {
        let alone: i32 = (0..game.players).map(|player| game.worths[1 << player]).sum();
        prop_assume!(alone <= *game.worths.last().unwrap());
        let Ok(found) = least_excesses(&game, true, usize::MAX);
        for (player, share) in found.division.iter().enumerate() {
            prop_assert!(*share >= game.worth(1 << player));
        }
        let total: BigRational = found.division.iter().sum();
        prop_assert_eq!(total, game.worth((1 << game.players) - 1));
    }

    #[test]
    fn a_span_holds_the_sums_of_what_was_added(masks in prop::collection::vec(1_u64..256, 0..8)) {
        let mut span = Span::new(8);
        let grown = masks.iter().filter(|&&mask| span.add(mask)).count();
        prop_assert_eq!(span.rank(), grown);
        for &mask in &masks {
            prop_assert!(span.contains(mask));
            for &other in &masks {
                // Disjoint: the sum is a coalition too.
                if mask & other == 0 {
                    prop_assert!(span.contains(mask | other));
                }
            }
        }
        let full = span.rank() == 8;
        prop_assert_eq!(full, (0..8).all(|player| span.contains(1 << player)));
    }

    #[test]
    fn a_coalition_is_its_members(mask in any::<u64>()) {
        let coalition = Coalition::from_mask(mask);
        prop_assert_eq!(Coalition::of(coalition.players()), Some(coalition));
        prop_assert_eq!(coalition.players().count(), coalition.len());
        prop_assert_eq!(bits(mask).map(|player| 1 << player).sum::<u64>(), mask);
    }
}

#[test]
fn nobody_beyond_the_width_is_in_a_coalition() {
    let beyond = Player::at(Coalition::WIDTH);
    assert_eq!(Coalition::EMPTY.with(beyond), None);
    assert!(!Coalition::from_mask(u64::MAX).contains(beyond));
    assert_eq!(Coalition::first(65), None);
    assert_eq!(Coalition::first(3).unwrap().to_string(), "{0,1,2}");
}
