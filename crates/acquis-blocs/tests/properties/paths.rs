//! Paths of accession and withdrawal.

use acquis_blocs::{
    Cached, Coalition, Levels, Memberships, Player, Rules, Run, SingleBlocs, Table,
};
use proptest::prelude::*;

use crate::stability::single_blocs;

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 48,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_path_ends_where_nobody_enters(players in 2_usize..=8, seed in any::<u64>(), start in 0_u64..4) {
        let table = single_blocs(players, seed);
        let rules = Rules::default();
        let start = Coalition::from_mask(start);
        let path = table.path_of_accession(start, &rules).unwrap();
        let mut bloc = start;
        for accession in &path.accessions {
            prop_assert!(accession.gain > 0.0);
            let next = bloc.with(accession.player).unwrap();
            let now = table.payoff_beside(bloc, accession.player).unwrap();
            let then = table.payoff_beside(next, accession.player).unwrap();
            prop_assert!((then - now - accession.gain).abs() < 1e-12);
            bloc = next;
        }
        prop_assert_eq!(bloc, path.end);
        prop_assert!(table.assess(path.end, &rules).unwrap().is_externally_stable());
        prop_assert!(!path.accessions.first().is_some_and(|first| first.follows));
    }

    /// Every move gains for all who make it, and where the path stops nobody has another.
    #[test]
    fn deepening_stops_where_nobody_gains(payoffs in prop::collection::vec(0_u8..20, 81 * 4)) {
        let levels = Levels::new(4, 3).unwrap();
        let rows = (0..81).flat_map(|index| {
            let row = levels.canonical(index) * 4;
            payoffs[row..row + 4].iter().map(|&payoff| f64::from(payoff))
        });
        let table = Table::from_payoffs(levels, rows.collect()).unwrap();
        let path = table.path_of_deepening(0, &Rules::default());
        let mut index = path.start;
        for step in &path.moves {
            prop_assert!(!step.movers.is_empty() && step.movers.len() <= 2);
            for (player, gain) in &step.movers {
                let place = player.position();
                let found = table.payoffs(step.index)[place] - table.payoffs(index)[place];
                prop_assert!(*gain > 0.0 && (found - gain).abs() < 1e-12);
            }
            index = step.index;
        }
        prop_assert_eq!(index, path.end);
        let seen = path.moves.iter().filter(|step| step.index == path.end).count();
        prop_assert_eq!(path.goes_round, seen > 1 || (seen == 1 && path.start == path.end));
        if !path.goes_round {
            for one in 0..4 {
                for other in one..4 {
                    for level in 0..3 {
                        let who = [one, other].map(Player::at);
                        let moves_up = who.iter().all(|it| levels.level(index, *it) <= level);
                        let moved = levels.moved(index, who[0], level).unwrap();
                        let moved = levels.moved(moved, who[1], level).unwrap();
                        let gains = who.iter().all(|it| {
                            let place = it.position();
                            table.payoffs(moved)[place] > table.payoffs(index)[place] + 1e-12
                        });
                        prop_assert!(!gains || (one != other && !moves_up));
                    }
                }
            }
        }
    }

    #[test]
    fn a_withdrawal_ends_where_nobody_leaves(players in 2_usize..=8, seed in any::<u64>()) {
        let table = single_blocs(players, seed);
        let rules = Rules::default();
        let everybody = Coalition::first(players).unwrap();
        for withdrawal in table.withdrawals(everybody, &rules).unwrap() {
            prop_assert!(table.assess(withdrawal.end, &rules).unwrap().is_internally_stable());
            let left = everybody.len() - 1 - withdrawal.followers.len();
            prop_assert!(withdrawal.end.len() == left || (left < 2 && withdrawal.end.is_empty()));
        }
    }

    /// Past the threshold all apply, and at the heaviest bloc below somebody doesn't.
    #[test]
    fn the_threshold_is_sharp(
        players in 2_usize..=7,
        seed in any::<u64>(),
        shares in prop::collection::vec(1_u8..50, 7),
    ) {
        // Whoever is in a larger bloc is more eager, so that thresholds occur.
        let noise = single_blocs(players, seed);
        let blocs = *noise.memberships();
        let mut payoffs = noise.all_payoffs().to_vec();
        for index in 0..blocs.count() {
            let members = blocs.canonical(index);
            for player in (0..players).filter(|player| members >> player & 1 == 1) {
                payoffs[index * players + player] += f64::from(members.count_ones().pow(2));
            }
        }
        let table = Table::from_payoffs(blocs, payoffs).unwrap();
        let rules = Rules::default();
        let weights: Vec<f64> = shares[..players].iter().map(|&share| share.into()).collect();
        let weight = |bloc: Coalition| -> f64 {
            bloc.players().map(|player| weights[player.position()]).sum()
        };
        let everybody = Coalition::first(players).unwrap();
        let threshold = table.absolute_threshold(Coalition::EMPTY, &weights, &rules);
        let all_apply = |bloc: Coalition| {
            let applying = table.assess(bloc, &rules).unwrap().applying;
            applying.mask() | bloc.mask() == everybody.mask()
        };
        let short = (0..everybody.mask()).map(Coalition::from_mask);
        if let Some(threshold) = threshold {
            for bloc in short {
                prop_assert!(weight(bloc) < threshold.weight || all_apply(bloc));
            }
            if let Some((bloc, who)) = threshold.heaviest_resisted {
                prop_assert!(weight(bloc) < threshold.weight && !all_apply(bloc));
                prop_assert!(!who.is_empty());
            }
        } else {
            let heaviest = short.clone().map(weight).fold(0.0, f64::max);
            let mut heavy = short.filter(|&bloc| weight(bloc) >= heaviest);
            let resisted = heavy.any(|bloc| !all_apply(bloc));
            prop_assert!(resisted);
        }
    }

    /// Paid the threshold each, all join whatever the order; the cheapest order costs no more.
    #[test]
    fn transfers_bring_everybody_in(players in 2_usize..=7, seed in any::<u64>()) {
        let table = single_blocs(players, seed);
        let start = Coalition::from_mask(1);
        let (most, bloc, player) = table.transfer_threshold(start).unwrap();
        prop_assert_eq!(table.price_of_consent(bloc, player), Some(most));
        let cheapest = table.cheapest_accession(start).unwrap();
        prop_assert_eq!(cheapest.prices.len(), players - 1);
        prop_assert!(cheapest.total <= most * (players - 1) as f64 + 1e-12);
        let (mut bloc, mut in_order) = (start, 0.0);
        for (player, price) in &cheapest.prices {
            prop_assert_eq!(table.price_of_consent(bloc, *player), Some(*price));
            bloc = bloc.with(*player).unwrap();
        }
        let mut bloc = start;
        for player in (1..players).map(Player::at) {
            in_order += table.price_of_consent(bloc, player).unwrap();
            bloc = bloc.with(player).unwrap();
        }
        prop_assert!(cheapest.total <= in_order + 1e-12);
    }

    /// An outside option raises its holder's price by no more than itself, and nobody else's.
    #[test]
    fn outside_options_raise_prices(seed in any::<u64>(), offer in 0.0..20.0) {
        let table = single_blocs(5, seed);
        let mut options = [f64::NEG_INFINITY; 5];
        options[2] = offer;
        let with = table.with_outside_options(&options).unwrap();
        for mask in 0..32_u64 {
            let bloc = Coalition::from_mask(mask);
            for player in (0..5).map(Player::at).filter(|player| !bloc.contains(*player)) {
                let joined = bloc.with(player).unwrap();
                // A bloc of one is none, and its member outside.
                if joined.len() < 2 {
                    continue;
                }
                let (before, after) =
                    (table.price_of_consent(bloc, player), with.price_of_consent(bloc, player));
                if player.position() == 2 {
                    let inside = table.payoff_beside(joined, player).unwrap();
                    let expected = before.unwrap().max(offer - inside);
                    prop_assert!((after.unwrap() - expected).abs() < 1e-12);
                } else {
                    prop_assert_eq!(before, after);
                }
            }
        }
    }
}

/// Three dominoes: the second joins only after the first, the third only after the second; and one
/// withdrawal brings all down.
#[test]
fn dominoes() {
    let blocs = SingleBlocs::new(4).unwrap();
    let mut payoffs = Vec::new();
    for index in 0..16_usize {
        let members = blocs.canonical(index);
        let size = f64::from(members.count_ones());
        // Joining pays player p once at least p others are in.
        for player in 0..4_u8 {
            let inside = members >> player & 1 == 1;
            payoffs.push(if inside {
                size - 1.0 - f64::from(player) + 0.5
            } else {
                0.0
            });
        }
    }
    let table = Table::from_payoffs(blocs, payoffs).unwrap();
    let rules = Rules::default();
    let path = table
        .path_of_accession(Coalition::from_mask(0b0001), &rules)
        .unwrap();
    let order: Vec<(usize, bool)> = path
        .accessions
        .iter()
        .map(|step| (step.player.position(), step.follows))
        .collect();
    assert_eq!(order, [(1, false), (2, true), (3, true)]);
    let threshold = table
        .absolute_threshold(Coalition::EMPTY, &[1.0; 4], &rules)
        .unwrap();
    assert_eq!(threshold.weight.to_bits(), 3.0_f64.to_bits());
    let withdrawals = table
        .withdrawals(Coalition::from_mask(0b1111), &rules)
        .unwrap();
    let ends: Vec<Coalition> = withdrawals
        .iter()
        .map(|withdrawal| withdrawal.end)
        .collect();
    // Without the first the last leaves, then the next; without the last nobody follows.
    assert_eq!(ends[0], Coalition::EMPTY);
    assert_eq!(ends[3], Coalition::from_mask(0b0111));
}

/// What was evaluated once isn't asked for again, and a table supplies what it was made of.
#[test]
fn remembered() {
    let table = single_blocs(5, 11);
    let cached = Cached::new(&table);
    for _ in 0..2 {
        let again = Table::evaluate(*table.memberships(), &cached, Run::new()).unwrap();
        assert_eq!(again, table);
    }
    assert_eq!(cached.evaluations(), 32 - 5);
}
