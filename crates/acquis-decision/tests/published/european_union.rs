//! The Council of the European Communities and Union. Figures as in
//! Felsenthal and Machover (1998), chapter 5.

use std::path::Path;

use acquis_decision::{Clause, Game, Player, Quota, Rule};

use crate::{as_printed, exactly, spread, weighted};

#[test]
fn six_of_1958() {
    let game = weighted(12.0, &[4.0, 4.0, 4.0, 2.0, 2.0, 1.0]);
    let census = game.census().unwrap();
    let (large, small) = ((5, 21), (3, 21));
    exactly(
        &census.banzhaf(),
        &[large, large, large, small, small, (0, 1)],
    );
    let (large, small) = ((7, 30), (3, 20));
    exactly(
        &game.shapley_shubik().unwrap(),
        &[large, large, large, small, small, (0, 1)],
    );
    assert_eq!(census.dummies(), [Player::at(5)]);
}

#[test]
fn fifteen_of_1995() {
    let groups = [(10.0, 4), (8.0, 1), (5.0, 4), (4.0, 2), (3.0, 3), (2.0, 1)];
    let game = weighted(62.0, &spread(&groups));
    let census = game.census().unwrap();
    let shapley = game.shapley_shubik().unwrap();
    let known = [
        (0, 1849_u32, ".116666667"),
        (4, 1531, ".095460095"),
        (5, 973, ".055175380"),
        (9, 793, ".045360195"),
        (11, 595, ".035253635"),
        (14, 375, ".020690421"),
    ];
    assert_eq!(*census.winning(), 2549_u32.into());
    for (player, swings, share) in known {
        assert_eq!(census.swings()[player], swings.into());
        as_printed(shapley.values[player], share);
    }
}

/// The rule of 2014: 55 % of the states with 65 % of the people, or fewer than four against.
#[test]
fn a_blocking_minority_needs_four() {
    let people = vec![83.0, 67.0, 60.0, 47.0, 38.0, 19.0, 17.0, 11.0];
    let names = (0..people.len()).map(|place| format!("state {place}"));
    let clause = Clause::at_least(5)
        .and(Clause::weighted(people, Quota::at_least(222.3)))
        .or(Clause::fewer_than_blocking(4));
    let game = Rule::new(names, clause).unwrap().game();
    // Three of the largest are 210 of 342, and can't block.
    assert!(game.wins_with(|state| state > 2));
    assert!(!game.wins_with(|state| state > 3));
    assert!(game.veto_players().is_empty());
}

/// A regime with votes, states and population of the shared data; `None` if they are absent.
fn regime(name: &str, start: &str) -> Option<Game> {
    let directory = "../../../shared/data/institutions";
    let read = |file: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join(directory)
            .join(file);
        csv::Reader::from_path(path).ok()
    };
    let (Some(mut rules), Some(mut states)) = (
        read("eu_council_rules.csv"),
        read("eu_council_weights_coresize.csv"),
    ) else {
        assert!(std::env::var_os("CI").is_none(), "{directory} is absent");
        println!("skipped: {directory} is absent");
        return None;
    };
    let rule = rules.records().map(Result::unwrap);
    let rule = rule
        .into_iter()
        .find(|rule| &rule[0] == name && &rule[1] == start)
        .unwrap();
    let headers = states.headers().unwrap().clone();
    let records: Vec<_> = states.records().map(Result::unwrap).collect();
    let column = |name: &str| headers.iter().position(|header| header == name);
    let votes = column(&rule[3]).unwrap();
    let people = column(&rule[6]).unwrap();
    // A state has both once it is a member; some have votes in the column before.
    let is_member =
        |state: &&csv::StringRecord| !state[votes].is_empty() && !state[people].is_empty();
    let members: Vec<_> = records.iter().filter(is_member).collect();
    let numbers = |column: usize| {
        members
            .iter()
            .map(|state| state[column].parse().unwrap())
            .collect()
    };
    let quota = |column: usize| Quota::at_least(rule[column].parse().unwrap());
    let clause = Clause::weighted(numbers(votes), quota(4))
        .and(Clause::at_least(rule[5].parse().unwrap()))
        .and(Clause::weighted(numbers(people), quota(7)));
    let game = Rule::new(members.iter().map(|state| state[0].to_owned()), clause)
        .unwrap()
        .game();
    Some(game)
}

/// Twenty-seven under the Treaty of Nice: votes, states and population. Leech (2002),
/// "Designing the voting system for the Council of the European Union", Public Choice 113.
#[test]
fn twenty_seven_of_2007() {
    let Some(game) = regime("EU27", "2007-01-01") else {
        return;
    };
    let census = game.census().unwrap();
    let power = census.banzhaf();
    let of = |name: &str| {
        let place = game.players().iter().position(|player| player == name);
        power.values[place.unwrap()]
    };
    for large in ["Germany", "France", "Italy", "United Kingdom"] {
        as_printed(of(large), ".0778");
    }
    as_printed(of("Malta"), ".0094");
    as_printed(census.efficiency(), ".020");
    assert!(census.dummies().is_empty() && game.warning().is_none());
}
