//! The questions, against games looked at one by one.

use acquis_decision::{
    Clause, Coalition, Index, Player, Quota, Role, Rule, Share, Uncertainty, Wanted, compare,
    nearest_votes, roles_by_quota, shares_of_indicator, sweep, under_uncertainty,
};
use proptest::prelude::*;

use crate::{Oracle, rule, sized};

fn weighted(votes: &[f64], quota: &Quota) -> Rule {
    let names = (0..votes.len()).map(|place| format!("P{place}"));
    Rule::new(names, Clause::weighted(votes.to_vec(), quota.clone())).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn whoever_can_be_outvoted_is_told_by_whom((n, sketch) in sized(9), mask in 0_u64..512) {
        let mask = mask & ((1 << n) - 1);
        let oracle = Oracle::new(n, &sketch);
        let game = rule(n, &sketch).game();
        let players: Vec<Player> = Coalition::from_mask(mask).players().collect();
        let known: Vec<u64> = oracle.minimal().into_iter().filter(|c| c & mask == 0).collect();
        let outvoting = game.outvoting(&players, usize::MAX).unwrap();
        let mut found: Vec<u64> = outvoting.listed.iter().map(|c| c.mask()).collect();
        prop_assert_eq!(game.can_be_outvoted(&players), !known.is_empty());
        prop_assert!(outvoting.listed.is_sorted_by_key(|coalition| coalition.len()));
        found.sort_unstable();
        prop_assert_eq!(found, known);

        // Least sets of allies: with them the others lose, and without any one of them they win.
        let all = (1_u64 << n) - 1;
        let block = |allies: u64| !sketch.wins(n, all & !(allies | mask));
        let known: Vec<u64> = (0..=all)
            .filter(|allies| allies & mask == 0 && block(*allies))
            .filter(|allies| (0..n).all(|p| allies >> p & 1 == 0 || !block(allies & !(1 << p))))
            .collect();
        let allies = game.blocking_allies(&players, usize::MAX).unwrap();
        let mut found: Vec<u64> = allies.listed.iter().map(|c| c.mask()).collect();
        found.sort_unstable();
        prop_assert_eq!(found, known);
    }

    #[test]
    fn roles_are_those_of_each_quota(votes in proptest::collection::vec(0_u32..=9, 1..=7)) {
        prop_assume!(votes.iter().any(|&vote| vote > 0));
        let votes: Vec<f64> = votes.into_iter().map(f64::from).collect();
        let ranges = roles_by_quota(&votes).unwrap();
        let mut quota = 1.0;
        while quota <= votes.iter().sum() {
            let game = weighted(&votes, &Quota::at_least(quota)).game();
            let dummies = game.census().unwrap().dummies();
            for player in (0..votes.len()).map(Player::at) {
                let has = |role| ranges.iter().any(|range| {
                    range.player == player && range.role == role
                        && range.above < quota && quota <= range.up_to
                });
                prop_assert_eq!(has(Role::Dictator), game.dictator() == Some(player));
                prop_assert_eq!(has(Role::Veto), game.veto_players().contains(&player));
                prop_assert_eq!(has(Role::Dummy), dummies.contains(&player));
            }
            quota += 1.0;
        }
    }

    #[test]
    fn shares_keep_their_bounds(
        indicator in proptest::collection::vec(0.001_f64..1e6, 3..=12),
        floor in 0.0_f64..0.08,
        cap in 0.34_f64..1.0,
    ) {
        let shares = shares_of_indicator(&indicator, floor, cap).unwrap();
        prop_assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        let free: Vec<f64> = shares.iter().zip(&indicator)
            .filter(|(share, _)| **share > floor && **share < cap)
            .map(|(share, indicator)| share / indicator)
            .collect();
        for (share, other) in shares.iter().zip(&indicator) {
            prop_assert!((floor..=cap).contains(share));
            let ratio = share / other;
            for free in &free {
                let held = (*share <= floor && ratio >= free * (1.0 - 1e-9))
                    || (*share >= cap && ratio <= free * (1.0 + 1e-9));
                prop_assert!(held || (ratio / free - 1.0).abs() < 1e-9);
            }
        }
    }
}

const PRODUCT: [f64; 4] = [0.7926, 0.1122, 0.0590, 0.0363];

/// The first dictates as long as it has enough alone, and from there to unanimity has a veto.
#[test]
fn roles_in_a_space_ruled_by_product() {
    let ranges = roles_by_quota(&PRODUCT).unwrap();
    let of = |player: usize, role: Role| -> Vec<(f64, f64)> {
        let of = ranges
            .iter()
            .filter(|r| r.player == Player::at(player) && r.role == role);
        of.map(|range| (range.above, range.up_to)).collect()
    };
    assert_eq!(of(0, Role::Dictator), [(0.2075, 0.7926)]);
    assert_eq!(of(0, Role::Veto), [(0.2075, 1.0001)]);
    assert_eq!(of(2, Role::Veto), [(0.9411, 1.0001)]);
    assert!(
        of(3, Role::Dummy)
            .iter()
            .any(|&(above, up_to)| above < 0.85 && 0.85 <= up_to)
    );
}

#[test]
fn a_sweep_shows_where_power_changes() {
    let quotas =
        [0.5, 0.8, 0.85, 1.0].map(|share| Quota::at_least_share(Share::decimal(share).unwrap()));
    let steps = sweep(&quotas, Index::Banzhaf, |quota| {
        Ok(weighted(&PRODUCT, quota))
    })
    .unwrap();
    let dictators: Vec<bool> = steps.iter().map(|step| step.dictator.is_some()).collect();
    assert_eq!(dictators, [true, false, false, false]);
    let veto: Vec<usize> = steps.iter().map(|step| step.veto_players.len()).collect();
    assert_eq!(veto, [1, 1, 1, 4]);
    assert_eq!(steps[2].dummies, [Player::at(3)]);
    assert_eq!(steps[3].power.values, [0.25; 4]);
}

/// With the accession of a state of one vote a dummy of the six came to count.
#[test]
fn accession_gives_power_to_a_dummy() {
    let quota = Quota::at_least(12.0);
    let six = weighted(&[4.0, 4.0, 4.0, 2.0, 2.0, 1.0], &quota).game();
    let seven = weighted(&[4.0, 4.0, 4.0, 2.0, 2.0, 1.0, 1.0], &quota).game();
    let changes = compare(&six, &seven, Index::ShapleyShubik).unwrap();
    assert_eq!(changes.len(), 7);
    assert_eq!(changes[5].before, Some(0.0));
    assert!(changes[5].gain() > 0.0);
    assert_eq!(
        (changes[6].before, changes[6].after),
        (None, changes[5].after)
    );
    assert!(
        changes
            .iter()
            .map(acquis_decision::Change::gain)
            .sum::<f64>()
            .abs()
            < 1e-15
    );
    let exit = compare(&seven, &six, Index::ShapleyShubik).unwrap();
    assert_eq!(exit[6].after, None);
}

/// A distribution that some votes give is found again, by trial for few players and nearly for
/// many.
#[test]
fn votes_are_found_for_a_distribution() {
    let wanted = |distribution: Vec<f64>| Wanted {
        distribution,
        index: Index::Banzhaf,
        quota: None,
        moves: 400,
        seed: 1,
    };
    let votes = [4.0, 2.0, 2.0, 1.0, 1.0];
    let power = weighted(&votes, &Quota::at_least(7.0))
        .game()
        .power(Index::Banzhaf)
        .unwrap();
    let found = nearest_votes(&wanted(power.values.clone())).unwrap();
    assert!(found.distance < 1e-15, "{found:?}");

    let votes = [
        10.0, 10.0, 10.0, 10.0, 8.0, 5.0, 5.0, 5.0, 5.0, 4.0, 4.0, 3.0, 3.0, 3.0, 2.0,
    ];
    let total: f64 = votes.iter().sum();
    let equal_to_votes = wanted(votes.iter().map(|vote| vote / total).collect());
    let found = nearest_votes(&equal_to_votes).unwrap();
    assert!(found.distance < 1e-3, "{}", found.distance);
    assert_eq!(found, nearest_votes(&equal_to_votes).unwrap());
    let again = weighted(
        &found
            .votes
            .iter()
            .map(|&vote| f64::from(vote))
            .collect::<Vec<_>>(),
        &Quota::at_least(found.quota.into()),
    );
    assert_eq!(
        again.game().power(Index::Banzhaf).unwrap().values,
        found.power
    );
}

#[test]
fn uncertain_weights_spread_power() {
    let uncertainty = |spread: f64| Uncertainty {
        spread: vec![spread; 4],
        draws: 500,
        seed: 7,
    };
    let ask = |spread| {
        let share = || Quota::at_least_share(Share::decimal(0.8).unwrap());
        under_uncertainty(&PRODUCT, &uncertainty(spread), Index::Banzhaf, |weights| {
            let names = ["A", "B", "C", "D"];
            Rule::new(names, Clause::weighted(weights, share()))
        })
        .unwrap()
    };
    let sure = ask(0.0);
    assert!((sure[0].mean - 0.7).abs() < 1e-12 && sure[0].deviation < 1e-12);
    assert!(sure[0].dictator == 0.0 && (sure[0].veto - 1.0).abs() < 1e-12);
    let unsure = ask(0.1);
    assert_eq!(unsure, ask(0.1));
    // At 79 of 100 and a quota of 80 it is nearly even whether the first is dictator.
    assert!(
        (0.25..0.6).contains(&unsure[0].dictator),
        "{}",
        unsure[0].dictator
    );
    assert!(unsure[0].low < unsure[0].high && unsure[3].dummy > 0.2);
}
