//! Figures that others published, with their source.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a failure here is a failed test, and a test that is skipped says so"
)]

mod eurasia;
mod european_union;
mod games;
mod united_nations;

use acquis_decision::{BigRational, Clause, Game, Power, Quota, Rule};

/// A weighted game among players called by their positions.
fn weighted(quota: f64, votes: &[f64]) -> Game {
    let names = (1..=votes.len()).map(|place| place.to_string());
    let clause = Clause::weighted(votes.to_vec(), Quota::at_least(quota));
    Rule::new(names, clause).unwrap().game()
}

/// Votes listed as (votes, how many players have them).
fn spread(groups: &[(f64, usize)]) -> Vec<f64> {
    let votes = |&(votes, times): &(f64, usize)| vec![votes; times];
    groups.iter().flat_map(votes).collect()
}

fn fractions(list: &[(i64, i64)]) -> Vec<BigRational> {
    let fraction = |&(above, below): &(i64, i64)| BigRational::new(above.into(), below.into());
    list.iter().map(fraction).collect()
}

fn exactly(power: &Power, list: &[(i64, i64)]) {
    assert_eq!(power.exact.as_deref().unwrap(), fractions(list));
}

/// Compares with a figure as printed, to half a unit of its last digit.
fn as_printed(value: f64, printed: &str) {
    let decimals = printed.split_once('.').unwrap().1.len();
    assert_eq!(
        format!("{value:.decimals$}"),
        format!("0.{}", printed.split_once('.').unwrap().1)
    );
}
