//! Draws: their distribution, their seeds, and what is refused.

use acquis_equilibrium::multisector::{Draws, DrawsError, Simulation};

#[test]
fn normal_draws_have_their_mean_and_covariance() {
    let (mean, covariance) = ([1.0, -2.0], [0.5, 0.3, 0.3, 0.4]);
    let draws = Draws::normal(&mean, &covariance, 40_000, 7).unwrap();
    let count = draws.count() as f64;
    let average = |f: &dyn Fn(&[f64]) -> f64| draws.rows().map(f).sum::<f64>() / count;
    for i in 0..2 {
        assert!((average(&|row| row[i]) - mean[i]).abs() < 0.02);
        for k in 0..2 {
            let product = average(&|row| (row[i] - mean[i]) * (row[k] - mean[k]));
            assert!((product - covariance[2 * i + k]).abs() < 0.02, "{product}");
        }
    }
}

#[test]
fn a_longer_run_begins_with_the_shorter_one_and_seeds_differ() {
    let of = |count, seed| Draws::normal(&[0.0], &[1.0], count, seed).unwrap();
    let (short, long) = (of(5, 3), of(50, 3));
    assert!(short.rows().eq(long.rows().take(5)));
    assert!(!short.rows().eq(of(5, 4).rows()));
}

#[test]
fn a_singular_covariance_is_one() {
    let draws = Draws::normal(&[0.0, 0.0], &[1.0, 1.0, 1.0, 1.0], 10, 1).unwrap();
    assert!(draws.rows().all(|row| (row[0] - row[1]).abs() < 1e-12));
}

#[test]
fn quantiles_interpolate_order_statistics() {
    let simulation = Simulation {
        outcomes: [4.0, 1.0, 3.0, 2.0].iter().map(|x| vec![*x]).collect(),
        failures: Vec::new(),
    };
    // Type 7 of Hyndman and Fan (1996), the default of R: quantile(1:4).
    for (p, expected) in [
        (0.0, 1.0),
        (0.25, 1.75),
        (0.5, 2.5),
        (0.75, 3.25),
        (1.0, 4.0),
    ] {
        assert!((simulation.quantile(p)[0] - expected).abs() < 1e-15);
    }
    assert_eq!(simulation.share_above(2.0), [0.5]);
}

#[test]
fn draws_of_nothing_and_covariances_of_nothing_are_refused() {
    assert_eq!(Draws::list(&[]), Err(DrawsError::Empty));
    let ragged = Draws::list(&[vec![1.0], vec![1.0, 2.0]]);
    assert!(matches!(ragged, Err(DrawsError::Shape { got: 2, .. })));
    let unknown = Draws::list(&[vec![f64::NAN]]);
    assert!(matches!(unknown, Err(DrawsError::NotFinite { .. })));
    for covariance in [[1.0, 2.0, 2.0, 1.0], [1.0, 0.5, 0.4, 1.0]] {
        let refused = Draws::normal(&[0.0, 0.0], &covariance, 3, 1);
        assert!(matches!(refused, Err(DrawsError::Covariance { .. })));
    }
    let short = Draws::normal(&[0.0, 0.0], &[1.0], 3, 1);
    assert!(matches!(
        short,
        Err(DrawsError::Shape {
            got: 1,
            expected: 4,
            ..
        })
    ));
}
