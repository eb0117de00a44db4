//! The same input gives the same bits, whatever the number of threads.

#![expect(clippy::unwrap_used, reason = "a failure here is a failed test")]

use acquis_decision::{Clause, Game, Index, Quota, Rule, Share, Uncertainty, under_uncertainty};

fn with_threads<T: Send>(threads: usize, ask: impl Fn() -> T + Send) -> T {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
    pool.build().unwrap().install(ask)
}

fn bank(members: u32) -> Game {
    let votes = (0..members)
        .map(|k| f64::from(250 + 400_000 / (k + 1)))
        .collect();
    let clause = Clause::weighted(votes, Quota::more_than_share(Share::half()));
    Rule::new((0..members).map(|k| k.to_string()), clause)
        .unwrap()
        .game()
}

#[test]
fn quadrature() {
    let bank = bank(60);
    let known = with_threads(1, || bank.shapley_shubik().unwrap());
    assert!(known.exact.is_none() && known.error < 1e-12);
    assert!((known.values.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    for threads in [2, 3, 16] {
        assert_eq!(
            with_threads(threads, || bank.shapley_shubik().unwrap()),
            known
        );
    }
}

#[test]
fn counts_and_shares() {
    let bank = bank(20);
    let ask = || {
        (
            bank.census().unwrap(),
            bank.johnston().unwrap(),
            bank.minimal_winning().unwrap(),
        )
    };
    let known = with_threads(1, ask);
    assert_eq!(with_threads(3, ask), known);
}

#[test]
fn draws() {
    let uncertainty = Uncertainty {
        spread: vec![0.2; 5],
        draws: 50,
        seed: 3,
    };
    let ask = || {
        let rule = |weights| {
            let quota = Quota::at_least_share(Share::new(2, 3).unwrap());
            Rule::new(["A", "B", "C", "D", "E"], Clause::weighted(weights, quota))
        };
        under_uncertainty(
            &[4.0, 2.0, 2.0, 1.0, 1.0],
            &uncertainty,
            Index::Banzhaf,
            rule,
        )
        .unwrap()
    };
    let known = with_threads(1, ask);
    assert_eq!(with_threads(3, ask), known);
}
