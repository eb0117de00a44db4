//! The Security Council: nine of fifteen with no permanent member against. Shapley and Shubik
//! (1954) counted eleven members; the figures for fifteen are in Felsenthal and Machover
//! (1998), the ternary ones in Felsenthal and Machover (1997).

use acquis_decision::{BigRational, BigUint, Clause, Player, Rule};

use crate::{as_printed, exactly, weighted};

fn council() -> Rule {
    let names: Vec<String> = (1..=15).map(|place| format!("member {place}")).collect();
    let clause = Clause::at_least(9).and(Clause::veto(names[..5].to_vec()));
    Rule::new(names, clause).unwrap()
}

#[test]
fn without_abstention() {
    let game = council().game();
    let census = game.census().unwrap();
    assert_eq!(*census.winning(), BigUint::from(848_u32));
    let mut shapley = vec![(421, 2145); 5];
    shapley.extend([(4, 2145); 10]);
    exactly(&game.shapley_shubik().unwrap(), &shapley);
    let banzhaf = census.banzhaf();
    as_printed(banzhaf.values[0], ".166929134");
    as_printed(banzhaf.values[14], ".016535433");
    let permanent: Vec<Player> = (0..5).map(Player::at).collect();
    assert_eq!(game.veto_players(), permanent);
    assert_eq!(game.dictator(), None);
    assert!(census.dummies().is_empty());
    assert_eq!(
        census.power_to_act(),
        BigRational::new(848.into(), 32768.into())
    );
}

#[test]
fn as_one_weighted_rule() {
    let mut votes = vec![7.0; 5];
    votes.extend([1.0; 10]);
    let weighted = weighted(39.0, &votes).census().unwrap();
    assert_eq!(weighted, council().game().census().unwrap());
}

#[test]
fn with_abstention() {
    let power = council().with_abstention().unwrap().banzhaf();
    as_printed(power.values[0], ".10094");
    as_printed(power.values[14], ".04953");
}
