//! Coalitions, swings and the indices that rest on them.

use acquis_decision::{BigUint, Clause, Coalition, Propriety, Quota, Rule};
use proptest::prelude::*;

use crate::{Kind, Oracle, Sketch, exact, fraction, members, one, rule, shared, sized, total};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn counts_are_those_of_enumeration((n, sketch) in sized(12)) {
        let oracle = Oracle::new(n, &sketch);
        let game = rule(n, &sketch).game();
        let census = game.census().unwrap();
        let swings: Vec<Vec<BigUint>> = oracle.swings().iter()
            .map(|row| row.iter().map(|&number| number.into()).collect())
            .collect();
        prop_assert_eq!(census.swings_by_size().unwrap(), &swings[..]);
        let winning = oracle.wins.iter().filter(|wins| **wins).count();
        prop_assert_eq!(census.winning(), &BigUint::from(winning));
        for mask in 0..1_u64 << n {
            let wins = game.wins(Coalition::from_mask(mask));
            prop_assert_eq!(wins, sketch.wins(n, mask));
        }
    }

    #[test]
    fn many_vectors_are_enumerated(
        votes in proptest::collection::vec(proptest::collection::vec(1_u32..30, 9), 4..=9),
        any in any::<bool>(),
    ) {
        let count = |votes: &Vec<u32>| {
            let half = votes.iter().sum::<u32>() / 2;
            Sketch::Count(votes.clone(), Kind::For, half)
        };
        let parts = votes.iter().map(count).collect();
        let sketch = if any { Sketch::Any(parts) } else { Sketch::All(parts) };
        let oracle = Oracle::new(9, &sketch);
        let swings: Vec<BigUint> = oracle.swings().iter()
            .map(|row| row.iter().sum::<u64>().into())
            .collect();
        let game = rule(9, &sketch).game();
        let census = game.census().unwrap();
        prop_assert_eq!(census.swings(), &swings[..]);
        let minimal = game.minimal_winning().unwrap();
        prop_assert_eq!(minimal.count(), oracle.minimal().len() as u64);
    }

    #[test]
    fn fine_votes_beside_large_ones(
        votes in proptest::collection::vec(1_u32..30, 9),
        others in proptest::collection::vec(1_u32..30, 9),
    ) {
        let half = |votes: &[u32]| votes.iter().sum::<u32>() / 2 + 1;
        let sketch = Sketch::All(vec![
            Sketch::Count(votes.clone(), Kind::For, half(&votes)),
            Sketch::Count(others.clone(), Kind::For, half(&others)),
        ]);
        // The same game, but for a tenth whose only vote decides nothing and keeps the votes
        // from being divided: their sums take more than 64 bits.
        let large = |votes: u32| f64::from(votes) * 1e19;
        let quota = Quota::at_least(large(half(&votes)));
        let many = votes.iter().map(|&votes| large(votes)).chain([1.0]).collect();
        let few = others.iter().map(|&votes| f64::from(votes)).chain([0.0]).collect();
        let clause = Clause::weighted(many, quota)
            .and(Clause::weighted(few, Quota::at_least(half(&others).into())));
        let names = (0..10).map(|place| place.to_string());
        let game = Rule::new(names, clause).unwrap().game();
        let minimal = game.minimal_winning().unwrap();
        prop_assert_eq!(minimal.count(), Oracle::new(9, &sketch).minimal().len() as u64);
    }

    #[test]
    fn minimal_coalitions_are_those_of_enumeration((n, sketch) in sized(10)) {
        let oracle = Oracle::new(n, &sketch);
        let game = rule(n, &sketch).game();
        let minimal = oracle.minimal();
        let counted = game.minimal_winning().unwrap();
        prop_assert_eq!(counted.count(), minimal.len() as u64);
        let mut listed: Vec<u64> = game.minimal_winning_coalitions(usize::MAX).unwrap()
            .listed.into_iter().map(Coalition::mask).collect();
        listed.sort_unstable();
        prop_assert_eq!(&listed, &minimal);
        let holler = shared(n, minimal.iter().map(|&mask| (members(mask), one())));
        prop_assert_eq!(exact(counted.holler()), holler);
        let packel = minimal.iter().map(|&mask| {
            (members(mask), fraction(1, mask.count_ones().into()))
        });
        prop_assert_eq!(exact(counted.deegan_packel()), shared(n, packel));
        let critical = (0..oracle.wins.len()).map(|mask| oracle.critical(mask));
        let johnston = critical.filter(|c| !c.is_empty()).map(|c| {
            let share = fraction(1, c.len() as u64);
            (c, share)
        });
        prop_assert_eq!(exact(game.johnston().unwrap()), shared(n, johnston));
    }

    #[test]
    fn sixteen_players_on_weights_and_sizes(
        votes in proptest::collection::vec(1_u32..1000, 16),
        share in 0.1_f64..0.99,
        least in 1_u32..=16,
        any in any::<bool>(),
    ) {
        let quota = (share * f64::from(votes.iter().sum::<u32>())).ceil();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within u32")]
        let parts = vec![
            Sketch::Count(votes, Kind::For, quota as u32),
            Sketch::Count(vec![1; 16], Kind::For, least),
        ];
        let sketch = if any { Sketch::Any(parts) } else { Sketch::All(parts) };
        let oracle = Oracle::new(16, &sketch);
        let game = rule(16, &sketch).game();
        let swings: Vec<BigUint> = oracle.swings().iter()
            .map(|row| row.iter().sum::<u64>().into())
            .collect();
        let census = game.census().unwrap();
        prop_assert_eq!(census.swings(), &swings[..]);
        let minimal = oracle.minimal();
        prop_assert_eq!(game.minimal_winning().unwrap().count(), minimal.len() as u64);
    }

    #[test]
    fn axioms((n, sketch) in sized(12)) {
        let game = rule(n, &sketch).game();
        let census = game.census().unwrap();
        let shapley = exact(game.shapley_shubik().unwrap());
        let banzhaf = exact(census.banzhaf());
        let minimal = game.minimal_winning().unwrap();
        let (packel, holler) = (exact(minimal.deegan_packel()), exact(minimal.holler()));
        let johnston = exact(game.johnston().unwrap());
        let indices = [&shapley, &banzhaf, &packel, &holler, &johnston];
        for index in indices {
            prop_assert_eq!(total(index), one());
        }
        // A null player has nothing by any index, and whoever isn't one has something.
        let nobody: Vec<usize> = census.dummies().iter().map(|p| p.position()).collect();
        for index in indices {
            for (player, value) in index.iter().enumerate() {
                prop_assert_eq!(*value == fraction(0, 1), nobody.contains(&player));
            }
        }
        // Symmetry: players whose exchange leaves the game as it is have the same power.
        for (a, b) in (0..n).flat_map(|a| (0..a).map(move |b| (a, b))) {
            let exchanged = |mask: u64| {
                let differ = (mask >> a ^ mask >> b) & 1;
                mask ^ (differ << a | differ << b)
            };
            if (0..1 << n).all(|mask| sketch.wins(n, mask) == sketch.wins(n, exchanged(mask))) {
                for index in indices {
                    prop_assert_eq!(&index[a], &index[b]);
                }
            }
        }
    }

    #[test]
    fn propriety_is_that_of_enumeration((n, sketch) in sized(10)) {
        let game = rule(n, &sketch).game();
        let all = (1_u64 << n) - 1;
        let improper = (0..=all).any(|mask| sketch.wins(n, mask) && sketch.wins(n, all & !mask));
        match game.propriety() {
            Propriety::Proper => prop_assert!(!improper),
            Propriety::Improper { one, other } => {
                prop_assert!(one.mask() & other.mask() == 0);
                prop_assert!(game.wins(one) && game.wins(other));
            }
            Propriety::Unknown => prop_assert!(false, "all divisions can be searched"),
        }
        prop_assert_eq!(game.warning().is_some(), improper);
    }
}
