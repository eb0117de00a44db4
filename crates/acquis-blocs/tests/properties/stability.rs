//! Stability doesn't depend on names, on threads, or on how it is computed.

use acquis_blocs::{
    Abatement, Admission, Application, Coalition, CoalitionStructure, LevelMembership, Levels,
    Memberships, Partitions, PayoffsByCount, Player, Rules, Run, SingleBlocs, Table,
};
use proptest::prelude::*;

/// A payoff that looks like none: a hash of seed, state and player, in quarters.
fn noise(seed: u64, parts: impl IntoIterator<Item = u64>) -> f64 {
    let mut hash = seed ^ 0x9e37_79b9_7f4a_7c15;
    for part in parts {
        hash = (hash ^ part).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        hash ^= hash >> 29;
    }
    (hash % 64) as f64 / 4.0
}

pub(crate) fn single_blocs(players: usize, seed: u64) -> Table<SingleBlocs> {
    let blocs = SingleBlocs::new(players).unwrap();
    let mut payoffs = Vec::new();
    for index in 0..blocs.count() {
        let state = blocs.canonical(index) as u64;
        payoffs.extend((0..players as u64).map(|player| noise(seed, [state, player])));
    }
    Table::from_payoffs(blocs, payoffs).unwrap()
}

pub(crate) fn partitions(players: usize, seed: u64) -> Table<Partitions> {
    let all = Partitions::new(players).unwrap();
    let states = 0..all.count() as u64;
    let payoffs = states
        .flat_map(|state| (0..players as u64).map(move |player| noise(seed, [state, player])));
    let payoffs = payoffs.collect();
    Table::from_payoffs(all, payoffs).unwrap()
}

/// Player `p` of the new game is player `order[p]` of the old.
pub(crate) fn renamed(structure: &CoalitionStructure, order: &[usize]) -> CoalitionStructure {
    let rename = |bloc: &Coalition| {
        Coalition::of(
            (0..order.len())
                .filter(|&p| bloc.contains(Player::at(order[p])))
                .map(Player::at),
        )
    };
    let blocs: Vec<Coalition> = structure
        .blocs()
        .iter()
        .map(|bloc| rename(bloc).unwrap())
        .collect();
    CoalitionStructure::new(order.len(), &blocs).unwrap()
}

pub(crate) fn renamed_partitions(table: &Table<Partitions>, order: &[usize]) -> Table<Partitions> {
    let all = table.memberships();
    let mut payoffs = vec![0.0; all.count() * order.len()];
    for index in 0..all.count() {
        let to = all.index(&renamed(&all.state(index), order)).unwrap();
        for (p, &old) in order.iter().enumerate() {
            payoffs[to * order.len() + p] = table.payoffs(index)[old];
        }
    }
    Table::from_payoffs(all.clone(), payoffs).unwrap()
}

pub(crate) fn renamed_bloc(bloc: Coalition, order: &[usize]) -> Coalition {
    let members = (0..order.len()).filter(|&p| bloc.contains(Player::at(order[p])));
    Coalition::of(members.map(Player::at)).unwrap()
}

pub(crate) fn renamed_blocs(table: &Table<SingleBlocs>, order: &[usize]) -> Table<SingleBlocs> {
    let all = table.memberships();
    let mut payoffs = vec![0.0; all.count() * order.len()];
    for index in 0..all.count() {
        let to = all.index(renamed_bloc(all.bloc(index), order)).unwrap();
        for (p, &old) in order.iter().enumerate() {
            payoffs[to * order.len() + p] = table.payoffs(index)[old];
        }
    }
    Table::from_payoffs(*all, payoffs).unwrap()
}

pub(crate) fn orders(players: usize) -> impl Strategy<Value = Vec<usize>> {
    Just((0..players).collect::<Vec<usize>>()).prop_shuffle()
}

fn majority(application: Application) -> bool {
    2 * application.in_favour.len() > application.members.len()
}

/// By the definition, one structure at a time.
fn internally_stable_by_definition(table: &Table<Partitions>) -> Vec<usize> {
    let all = table.memberships();
    let stays = |&index: &usize| {
        let structure = all.state(index);
        (0..table.players()).all(|player| {
            let alone = all
                .index(&structure.moving(Player::at(player), None))
                .unwrap();
            table.payoffs(alone)[player] <= table.payoffs(index)[player] + 1e-12
        })
    };
    (0..all.count()).filter(stays).collect()
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 48,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn fast_internal_stability_is_the_definition(players in 1_usize..=8, seed in any::<u64>()) {
        let table = partitions(players, seed);
        let fast = table.internally_stable(&Rules::default());
        prop_assert_eq!(&fast, &internally_stable_by_definition(&table));
        // Player by player, from one column of payoffs at a time.
        let all = table.memberships();
        let column = |player: Player, payoffs: &mut [f64]| {
            for (index, payoff) in payoffs.iter_mut().enumerate() {
                *payoff = table.payoffs(index)[player.position()];
            }
            Ok(())
        };
        let streamed = all.internally_stable_by_player(Rules::default().tolerance, column).unwrap();
        prop_assert_eq!(streamed.count(), fast.len());
        prop_assert_eq!(streamed.indices().collect::<Vec<_>>(), fast.clone());
        let contained = (0..all.count() + 3).filter(|&index| streamed.contains(index));
        prop_assert_eq!(contained.collect::<Vec<_>>(), fast);
    }

    #[test]
    fn structures_keep_their_stability_under_other_names(seed in any::<u64>(), order in orders(6)) {
        let table = partitions(6, seed);
        let other = renamed_partitions(&table, &order);
        let all = table.memberships();
        for admission in [Admission::Open, Admission::Unanimity, Admission::Rule(&majority)] {
            let rules = Rules::default().with_admission(admission);
            let mut own: Vec<usize> = table.nash_stable(&rules).into_iter()
                .map(|index| all.index(&renamed(&all.state(index), &order)).unwrap())
                .collect();
            own.sort_unstable();
            prop_assert_eq!(own, other.nash_stable(&rules));
        }
    }

    #[test]
    fn blocs_keep_their_stability_under_other_names(seed in any::<u64>(), order in orders(7)) {
        let table = single_blocs(7, seed);
        let other = renamed_blocs(&table, &order);
        let rename = |blocs: Vec<Coalition>| {
            let mut blocs: Vec<Coalition> =
                blocs.into_iter().map(|bloc| renamed_bloc(bloc, &order)).collect();
            blocs.sort_unstable();
            blocs
        };
        for admission in [Admission::Open, Admission::Unanimity, Admission::Rule(&majority)] {
            let rules = Rules::default().with_admission(admission);
            prop_assert_eq!(rename(table.stable_blocs(&rules)), other.stable_blocs(&rules));
            prop_assert_eq!(
                rename(table.potentially_stable_blocs(&rules)),
                other.potentially_stable_blocs(&rules)
            );
        }
    }

    #[test]
    fn transfers_keep_everybody(players in 2_usize..=7, seed in any::<u64>()) {
        let table = single_blocs(players, seed);
        let rules = Rules::default();
        let potential = table.potentially_stable_blocs(&rules);
        for mask in 0..1_u64 << players {
            let bloc = Coalition::from_mask(mask);
            let transfers = table.least_transfers(bloc).unwrap();
            let mut payoffs: Vec<f64> = (0..players)
                .map(|player| table.payoff_beside(bloc, Player::at(player)).unwrap())
                .collect();
            for payment in &transfers.payments {
                prop_assert!(payment.amount > 0.0);
                payoffs[payment.from.position()] -= payment.amount;
                payoffs[payment.to.position()] += payment.amount;
            }
            let paid: f64 = transfers.payments.iter().map(|payment| payment.amount).sum();
            let holds = bloc.players().all(|player| {
                let left = table.payoff_beside(bloc.without(player), player).unwrap();
                payoffs[player.position()] >= left - 1e-9
            });
            prop_assert_eq!(holds, transfers.surplus >= 0.0);
            if bloc.len() >= 2 {
                prop_assert_eq!(holds, potential.contains(&bloc));
            }
            if transfers.surplus >= 0.0 {
                prop_assert!((paid - transfers.total).abs() < 1e-9);
            }
        }
    }

    /// Stable without transfers is stable with them.
    #[test]
    fn internal_is_potential(seed in any::<u64>()) {
        let table = single_blocs(8, seed);
        let rules = Rules::default();
        let potential = table.potentially_stable_blocs(&rules);
        for bloc in table.internally_stable_blocs(&rules) {
            prop_assert!(potential.contains(&bloc));
            prop_assert!(table.assess(bloc, &rules).unwrap().is_internally_stable());
        }
    }

    /// A game by number of blocs is a game of partitions.
    #[test]
    fn counted_blocs_are_partitions(players in 1_usize..=8, seed in any::<u64>()) {
        let game = PayoffsByCount::of(players, |bloc, blocs, player| {
            noise(seed, [bloc.mask(), blocs as u64, player.position() as u64])
        }).unwrap();
        let all = Partitions::new(players).unwrap();
        let table = Table::evaluate(all, &game, Run::new()).unwrap();
        let rules = Rules::default();
        let stable: Vec<CoalitionStructure> = table.internally_stable(&rules).into_iter()
            .map(|index| table.memberships().state(index))
            .collect();
        let found = game.internally_stable(&rules, usize::MAX);
        prop_assert_eq!(found.structures, table.memberships().count() as u64);
        prop_assert_eq!(found.stable, stable.len() as u64);
        prop_assert_eq!(&found.first, &stable);
        let few = game.internally_stable(&rules, 3);
        prop_assert_eq!(few.first.as_slice(), &found.first[..few.first.len()]);
        prop_assert_eq!(few.first.len(), found.first.len().min(3));
    }

    /// With two levels memberships are single blocs.
    #[test]
    fn two_levels_are_single_blocs(seed in any::<u64>()) {
        let table = single_blocs(6, seed);
        let levels = Levels::new(6, 2).unwrap();
        let other = Table::from_payoffs(levels, table.all_payoffs().to_vec()).unwrap();
        let rules = Rules::default();
        for index in 0..64 {
            let own = table.assess(Coalition::from_mask(index as u64), &rules).unwrap();
            let theirs = other.assess(index, &rules).unwrap();
            prop_assert_eq!(own.leaving, theirs.lowering);
            prop_assert_eq!(own.applying, theirs.raising);
        }
        let stable: Vec<usize> = table.stable_blocs(&rules).iter()
            .map(|bloc| usize::try_from(bloc.mask()).unwrap())
            .collect();
        let others = other.stable_memberships(&rules);
        prop_assert_eq!(stable, others.into_iter().filter(|&index| index > 0).collect::<Vec<_>>());
    }
}

/// Bell's numbers, and index and structure as each other's inverse.
#[test]
fn partitions_are_numbered() {
    let bell = [1, 2, 5, 15, 52, 203, 877, 4_140, 21_147, 115_975];
    for (players, bell) in (1..).zip(bell) {
        let all = Partitions::new(players).unwrap();
        assert_eq!(all.count(), bell);
        let mut before = None;
        for index in (0..bell).step_by(1 + bell / 1000) {
            let structure = all.state(index);
            assert_eq!(all.index(&structure), Some(index));
            assert_ne!(Some(&structure), before.as_ref());
            before = Some(structure);
        }
        let seen = all.fold(Vec::new, |seen, labels, blocs| {
            assert_eq!(usize::from(*labels.iter().max().unwrap()) + 1, blocs);
            seen.push(labels.to_vec());
        });
        let seen = seen.concat();
        assert_eq!(seen.len(), bell);
        assert!(seen.is_sorted());
    }
    assert_eq!(Partitions::new(12).unwrap().count(), 4_213_597);
    assert_eq!(Partitions::new(15).unwrap().count(), 1_382_958_545);
}

/// Levels: what counts is what pairs share.
#[test]
fn memberships_that_say_the_same_have_one_index() {
    let levels = Levels::new(4, 3).unwrap();
    let pairs = |membership: &LevelMembership| {
        let mut shared = Vec::new();
        for one in 0..4 {
            for other in one + 1..4 {
                shared.push(
                    membership
                        .between(Player::at(one), Player::at(other))
                        .unwrap(),
                );
            }
        }
        shared
    };
    let mut evaluated = std::collections::BTreeSet::new();
    for index in 0..levels.count() {
        let membership = levels.state(index);
        assert_eq!(levels.index(&membership), Some(index));
        let canonical = levels.canonical(index);
        assert_eq!(pairs(&membership), pairs(&levels.state(canonical)));
        if canonical == index {
            assert!(
                evaluated.insert(pairs(&membership)),
                "{membership} evaluated twice"
            );
        }
    }
    assert_eq!(evaluated.len(), levels.evaluations());
    assert_eq!(Levels::new(12, 4).unwrap().count(), 16_777_216);
    assert_eq!(SingleBlocs::new(12).unwrap().evaluations(), 4_096 - 12);
}

/// One thread or several: the same bytes.
#[test]
fn threads_do_not_matter() {
    let pool = |threads: usize| {
        rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap()
    };
    let damages = (1..=9).map(|player| f64::from(player).sqrt()).collect();
    let game = Abatement::new(damages, vec![1.0; 9]).unwrap();
    let answer = || {
        let table = partitions(9, 7);
        let rules = Rules::default();
        let evaluated = Table::evaluate(Partitions::new(9).unwrap(), &game, Run::new()).unwrap();
        let bits = evaluated
            .all_payoffs()
            .iter()
            .map(|payoff| payoff.to_bits());
        (
            bits.collect::<Vec<u64>>(),
            table.internally_stable(&rules),
            table.nash_stable(&rules),
            single_blocs(10, 3).stable_blocs(&rules),
        )
    };
    assert_eq!(pool(1).install(answer), pool(5).install(answer));
}
