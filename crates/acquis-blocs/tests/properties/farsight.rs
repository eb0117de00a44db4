//! The largest consistent set.

use acquis_blocs::{
    Coalition, Entry, Memberships, Partitions, Player, SingleBlocs, Table, Tolerance,
};
use proptest::prelude::*;

use crate::stability::{
    orders, partitions, renamed, renamed_bloc, renamed_blocs, renamed_partitions, single_blocs,
};

/// Chwe's definitions word for word, over all pairs, coalitions and ends.
fn consistent_by_definition(table: &Table<Partitions>) -> Vec<usize> {
    let all = table.memberships();
    let (count, coalitions) = (all.count(), 1_u64 << table.players());
    let prefer = |who: Coalition, now: usize, then: usize| {
        let mut members = who.players().map(Player::position);
        members.all(|player| table.payoffs(then)[player] > table.payoffs(now)[player])
    };
    let mut moves = Vec::new();
    for from in 0..count {
        for who in (1..coalitions).map(Coalition::from_mask) {
            let to = all.index(&all.state(from).breaking_away(who)).unwrap();
            if to != from {
                moves.push((from, who, to));
            }
        }
    }
    // From each end back along moves whose movers all prefer it.
    let mut dominates = vec![vec![false; count]; count];
    for (end, dominated) in dominates.iter_mut().enumerate() {
        for _ in 0..count {
            for &(from, who, to) in &moves {
                dominated[from] |= (to == end || dominated[to]) && prefer(who, from, end);
            }
        }
    }
    let mut holds = vec![true; count];
    loop {
        let deterred = |&(from, who, to): &(usize, Coalition, usize)| {
            let mut ends = (0..count).filter(|&end| holds[end]);
            ends.any(|end| (end == to || dominates[end][to]) && !prefer(who, from, end))
        };
        let next: Vec<bool> = (0..count)
            .map(|state| holds[state] && moves.iter().filter(|step| step.0 == state).all(deterred))
            .collect();
        if next == holds {
            return (0..count).filter(|&state| holds[state]).collect();
        }
        holds = next;
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 24,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn consistent_as_defined(players in 1_usize..=4, seed in any::<u64>()) {
        let table = partitions(players, seed);
        let set = table.largest_consistent_set(Tolerance::EXACT).unwrap();
        prop_assert_eq!(set, consistent_by_definition(&table));
    }

    /// Chwe (1994), proposition 2: in a finite game it isn't empty; and names don't matter.
    #[test]
    fn structures(seed in any::<u64>(), order in orders(5)) {
        let table = partitions(5, seed);
        let all = table.memberships();
        let set = table.largest_consistent_set(Tolerance::default()).unwrap();
        prop_assert!(!set.is_empty());
        let mut own: Vec<usize> = set.into_iter()
            .map(|index| all.index(&renamed(&all.state(index), &order)).unwrap())
            .collect();
        own.sort_unstable();
        let other = renamed_partitions(&table, &order);
        prop_assert_eq!(own, other.largest_consistent_set(Tolerance::default()).unwrap());
    }

    #[test]
    fn blocs(seed in any::<u64>(), order in orders(6)) {
        let table = single_blocs(6, seed);
        let other = renamed_blocs(&table, &order);
        for entry in [Entry::Open, Entry::ByConsent] {
            let set = table.largest_consistent_set(entry, Tolerance::default()).unwrap();
            prop_assert!(!set.is_empty());
            let mut own: Vec<Coalition> =
                set.into_iter().map(|bloc| renamed_bloc(bloc, &order)).collect();
            own.sort_unstable();
            prop_assert_eq!(own, other.largest_consistent_set(entry, Tolerance::default()).unwrap());
        }
    }
}

/// Where all gain whenever a bloc grows, only everybody together holds.
#[test]
fn everybody_together() {
    let all = Partitions::new(5).unwrap();
    let payoffs = (0..all.count()).flat_map(|index| {
        let blocs = all.state(index).blocs().len() as f64;
        [5.0 - blocs; 5]
    });
    let payoffs = payoffs.collect();
    let table = Table::from_payoffs(all, payoffs).unwrap();
    assert_eq!(table.largest_consistent_set(Tolerance::EXACT).unwrap(), [0]);
    let blocs = SingleBlocs::new(6).unwrap();
    let sizes =
        (0..blocs.count()).flat_map(|index| [f64::from(blocs.canonical(index).count_ones()); 6]);
    let table = Table::from_payoffs(blocs, sizes.collect()).unwrap();
    let all = Coalition::from_mask(0b11_1111);
    for entry in [Entry::Open, Entry::ByConsent] {
        assert_eq!(
            table
                .largest_consistent_set(entry, Tolerance::EXACT)
                .unwrap(),
            [all]
        );
    }
}

/// Two who may stand together or not, when only one of them would: each bloc is left at once, so
/// that only standing alone is consistent.
#[test]
fn no_bloc_against_a_members_will() {
    let blocs = SingleBlocs::new(2).unwrap();
    let payoffs = vec![0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, -1.0];
    let table = Table::from_payoffs(blocs, payoffs).unwrap();
    let set = table
        .largest_consistent_set(Entry::ByConsent, Tolerance::EXACT)
        .unwrap();
    assert_eq!(set, [Coalition::EMPTY]);
}
