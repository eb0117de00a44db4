//! The nucleolus by Kohlberg's certificate.

use acquis_decision::{BigRational, Clause, Coalition, Game, Quota, Rule};
use proptest::prelude::*;

use crate::{exact, fraction, members, one, rule, sized, total};

/// Kohlberg (1971): at each level of excess, no transfer leaves all coalitions of at least that
/// excess as well off and one better off. Checked by other means than those that found it.
fn is_certified(game: &Game, division: &[f64]) -> bool {
    use microlp::{ComparisonOp, OptimizationDirection, Problem, SolveOutcome};
    let n = game.len();
    let share = |mask: u64| members(mask).iter().map(|&p| division[p]).sum::<f64>();
    let excess =
        |mask: u64| f64::from(u8::from(game.wins(Coalition::from_mask(mask)))) - share(mask);
    let mut coalitions: Vec<(f64, u64)> =
        (1..(1 << n) - 1).map(|mask| (excess(mask), mask)).collect();
    coalitions.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut start = 0;
    while start < coalitions.len() {
        let level = coalitions[start].0;
        let end = coalitions.partition_point(|(excess, _)| *excess > level - 1e-9);
        let mut problem = Problem::new(OptimizationDirection::Maximize);
        let transfer: Vec<_> = (0..n)
            .map(|player| {
                let gains = coalitions[..end]
                    .iter()
                    .filter(|(_, mask)| mask >> player & 1 == 1);
                problem.add_var(gains.count() as f64, (-1.0, 1.0))
            })
            .collect();
        problem.add_constraint(transfer.iter().map(|&y| (y, 1.0)), ComparisonOp::Eq, 0.0);
        for (_, mask) in &coalitions[..end] {
            let paid = members(*mask).into_iter().map(|p| (transfer[p], 1.0));
            problem.add_constraint(paid, ComparisonOp::Ge, 0.0);
        }
        let SolveOutcome::Solution(solution) = problem.solve().unwrap() else {
            return false;
        };
        if solution.objective().abs() > 1e-7 {
            return false;
        }
        start = end;
    }
    true
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn nucleoli_have_kohlbergs_certificate((n, sketch) in sized(6)) {
        let game = rule(n, &sketch).game();
        let nucleolus = game.nucleolus().unwrap();
        let division = exact(nucleolus.power.clone());
        prop_assert_eq!(total(&division), one());
        prop_assert!(is_certified(&game, &nucleolus.power.values));
        for level in &nucleolus.levels {
            let weights: Vec<BigRational> = level.binding.iter().map(|(_, w)| w.clone()).collect();
            prop_assert_eq!(total(&weights), one());
            for (coalition, _) in &level.binding {
                let worth = fraction(u64::from(game.wins(*coalition)), 1);
                let shares = members(coalition.mask()).into_iter().map(|p| division[p].clone());
                let share: BigRational = shares.sum();
                prop_assert_eq!(worth - share, level.excess.clone());
            }
        }
        let falls = nucleolus.levels.windows(2).all(|pair| pair[0].excess >= pair[1].excess);
        prop_assert!(falls);
    }
}

#[test]
fn the_certificate_refuses_another_division() {
    let votes = vec![4.0, 2.0, 2.0, 1.0, 1.0];
    let clause = Clause::weighted(votes, Quota::at_least(7.0));
    let game = Rule::new(["A", "B", "C", "D", "E"], clause).unwrap().game();
    assert!(is_certified(&game, &game.nucleolus().unwrap().power.values));
    assert!(!is_certified(&game, &[0.9, 0.1, 0.0, 0.0, 0.0]));
    assert!(!is_certified(&game, &[0.2; 5]));
}

/// With veto players the nucleolus is theirs in equal parts.
#[test]
fn veto_players_share_the_nucleolus() {
    let names: Vec<String> = (1..=15).map(|place| format!("member {place}")).collect();
    let clause = Clause::at_least(9).and(Clause::veto(names[..5].to_vec()));
    let game = Rule::new(names, clause).unwrap().game();
    let mut known = vec![fraction(1, 5); 5];
    known.extend(vec![fraction(0, 1); 10]);
    assert_eq!(exact(game.nucleolus().unwrap().power), known);
}
