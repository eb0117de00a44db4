//! Bad input: one clear error each.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::error::Error;

use acquis_blocs::{
    Abatement, Cached, Coalition, CoalitionStructure, Levels, Memberships as _, Partitions, Payoff,
    PayoffsByCount, Player, Reason, Rules, Run, SingleBlocs, SymmetricBlocs, SymmetricGame, Table,
    Tolerance, WorthGame,
};

/// Pays what a function says.
struct Paying<F>(usize, F);

impl<F: Fn(&CoalitionStructure, usize) -> Result<f64, Reason> + Sync> Payoff for Paying<F> {
    fn players(&self) -> usize {
        self.0
    }

    fn payoffs(&self, state: &CoalitionStructure, payoffs: &mut [f64]) -> Result<(), Reason> {
        for (player, payoff) in payoffs.iter_mut().enumerate() {
            *payoff = self.1(state, player)?;
        }
        Ok(())
    }
}

#[track_caller]
fn says<T>(result: Result<T, impl Error>, message: &str) {
    match result {
        Ok(_) => panic!("no error, but should be: {message}"),
        Err(error) => assert_eq!(error.to_string(), message),
    }
}

#[test]
fn no_candidates() {
    let message = "the list of candidates is empty: a game needs at least one player";
    says(SingleBlocs::new(0), message);
    says(Partitions::new(0), message);
    says(Levels::new(0, 4), message);
    says(WorthGame::new(0, vec![0.0]), message);
    says(SymmetricGame::new(0, |_, _: &[usize]| 0.0), message);
    says(PayoffsByCount::of(0, |_, _, _| 0.0), message);
}

#[test]
fn too_many_players() {
    says(
        SingleBlocs::new(25),
        "a table of all single blocs for 25 players is too much: at most 24 can be done",
    );
    says(
        Partitions::new(17),
        "an enumeration of all partitions for 17 players is too much: at most 16 can be done",
    );
    says(
        Levels::new(17, 4),
        "a table of all memberships with levels for 17 players is too much: at most 16 can be done",
    );
    says(
        WorthGame::new(21, Vec::new()),
        "a game of worths for 21 players is too much: at most 20 can be done",
    );
    let nine = Table::evaluate(
        Partitions::new(9).unwrap(),
        &Paying(9, |_: &CoalitionStructure, _| Ok(0.0)),
        Run::new(),
    );
    says(
        nine.unwrap().largest_consistent_set(Tolerance::EXACT),
        "the largest consistent set of partitions for 9 players is too much: at most 8 can be done",
    );
    says(
        WorthGame::of(17, |_| 0.0).unwrap().optimal_structure(),
        "the optimal coalition structure for 17 players is too much: at most 16 can be done",
    );
    says(
        CoalitionStructure::new(65, &[]),
        "a coalition structure has between 1 and 64 players, not 65",
    );
}

#[test]
fn levels_that_are_none() {
    says(
        Levels::new(3, 1),
        "there are between 2 and 16 levels, outside included, not 1",
    );
}

#[test]
fn payoff_that_is_no_number() {
    let pays = |state: &CoalitionStructure, player: usize| {
        let bad = state.to_string() == "{0}{1,3}{2}" && player == 2;
        Ok(if bad { f64::NAN } else { 1.0 })
    };
    let message = "the payoff of player 2 in {0}{1,3}{2} is NaN, not a finite number";
    says(
        Table::evaluate(SingleBlocs::new(4).unwrap(), &Paying(4, pays), Run::new()),
        message,
    );
    says(
        Table::evaluate(Partitions::new(4).unwrap(), &Paying(4, pays), Run::new()),
        message,
    );
    let blocs = SingleBlocs::new(1).unwrap();
    says(
        Table::from_payoffs(blocs, vec![0.0, f64::INFINITY]),
        "the payoff of player 0 in {0} is inf, not a finite number",
    );
    says(
        PayoffsByCount::of(3, |bloc, _, player| {
            if bloc.len() == 2 && player.position() == 1 {
                f64::NAN
            } else {
                0.0
            }
        }),
        "the payoff of player 1 in {0,1} among 2 blocs is NaN, not a finite number",
    );
    // In a column of 21,147 the first of several, wherever it stands.
    let nine = Partitions::new(9).unwrap();
    for first in [0, 12_345, 20_000, 21_146] {
        let column = |player: Player, payoffs: &mut [f64]| {
            payoffs.fill(0.0);
            if player.position() == 2 {
                payoffs[21_146] = f64::INFINITY;
                payoffs[first] = f64::NAN;
            }
            Ok(())
        };
        let state = nine.state(first);
        says(
            nine.internally_stable_by_player(Tolerance::default(), column),
            &format!("the payoff of player 2 in {state} is NaN, not a finite number"),
        );
    }
    let game = SymmetricGame::new(
        2,
        |size, _: &[usize]| if size == 2 { f64::NAN } else { 0.0 },
    );
    says(
        game.unwrap().announced_sizes(),
        "a bloc of 2 is worth NaN in [2], not a finite number",
    );
}

#[test]
fn tables_that_no_machine_holds() {
    struct Flat;
    impl<S> Payoff<S> for Flat {
        fn players(&self) -> usize {
            16
        }
        fn payoffs(&self, _: &S, _: &mut [f64]) -> Result<(), Reason> {
            Ok(())
        }
    }
    says(
        Table::evaluate(Partitions::new(16).unwrap(), &Flat, Run::new()),
        "a table of 10480142147 states of 16 players takes 1250 GiB: at most 16 can be done",
    );
    says(
        Table::evaluate(Levels::new(16, 4).unwrap(), &Flat, Run::new()),
        "a table of 4294967296 states of 16 players takes 512 GiB: at most 16 can be done",
    );
}

#[test]
fn tolerances_without_sense() {
    for (amount, shown) in [(f64::NAN, "NaN"), (-1.0, "-1"), (f64::INFINITY, "inf")] {
        let message = format!("a tolerance must be finite and not negative, not {shown}");
        says(Tolerance::new(amount), &message);
    }
}

#[test]
fn payoff_that_fails() {
    let pays = |state: &CoalitionStructure, _| match state.sizes()[0] {
        3 => Err("no equilibrium".into()),
        _ => Ok(0.0),
    };
    says(
        Table::evaluate(
            SingleBlocs::new(3).unwrap(),
            &Cached::new(Paying(3, pays)),
            Run::new(),
        ),
        "no payoff could be had for {0,1,2}: no equilibrium",
    );
}

#[test]
fn other_players() {
    says(
        Table::evaluate(
            SingleBlocs::new(4).unwrap(),
            &Abatement::new(vec![1.0; 3], vec![1.0; 3]).unwrap(),
            Run::new(),
        ),
        "the game has 4 players, but payoffs are supplied for 3",
    );
    let table = Table::from_payoffs(SingleBlocs::new(2).unwrap(), vec![0.0; 8]).unwrap();
    says(
        table.with_outside_options(&[0.0]),
        "the game has 2 players, but payoffs are supplied for 1",
    );
    assert_eq!(table.least_transfers(Coalition::from_mask(0b100)), None);
    assert!(
        table
            .withdrawals(Coalition::from_mask(u64::MAX), &Rules::default())
            .is_none()
    );
}

#[test]
fn tables_of_another_shape() {
    says(
        Table::from_payoffs(SingleBlocs::new(2).unwrap(), vec![0.0; 7]),
        "4 states of 2 players take 8 payoffs, not 7",
    );
    says(
        Table::from_payoffs(
            SingleBlocs::new(2).unwrap(),
            vec![0.0, 0.0, 0.0, 5.0, 0.0, 0.0, 1.0, 1.0],
        ),
        "{0}{1} (index 1) and {0}{1} (index 0) are the same membership, but player 1's payoffs differ",
    );
}

#[test]
fn blocs_that_are_no_structure() {
    let bloc = |mask: u64| Coalition::from_mask(mask);
    says(
        CoalitionStructure::new(4, &[bloc(0b0011), bloc(0b0110)]),
        "player 1 is in {0,1} and in {1,2}, but may be in one bloc only",
    );
    says(
        CoalitionStructure::new(2, &[bloc(0b101)]),
        "bloc {0,2} has player 2, but there are 2 players, from 0",
    );
    says(
        CoalitionStructure::new(2, &[bloc(0)]),
        "a bloc has at least one member",
    );
}

#[test]
fn worths_that_are_no_game() {
    says(
        WorthGame::new(2, vec![0.0; 3]),
        "2 players have 4 coalitions, the empty one included, not 3",
    );
    says(
        WorthGame::new(2, vec![0.0, 0.0, f64::NAN, 0.0]),
        "the worth of {1} is NaN, not a finite number",
    );
    says(
        WorthGame::new(1, vec![1.0, 0.0]),
        "the worth of the empty coalition is 1, but must be 0",
    );
    let game = WorthGame::new(2, vec![0.0, 2.0, 3.0, 4.0]).unwrap();
    says(
        game.nucleolus(),
        "alone the players have 5 in all, more than together, 4",
    );
    says(
        game.in_core(&[1.0], Tolerance::EXACT),
        "a division among 2 players has one share each, not 1",
    );
}

#[test]
fn models_without_sense() {
    says(
        SymmetricBlocs::new(1.0),
        "the elasticity of substitution must be above 1 and finite, not 1",
    );
    says(
        SymmetricBlocs::new(2.0).unwrap().utility(0),
        "the world has at least one bloc",
    );
    says(
        Abatement::new(vec![1.0], Vec::new()),
        "1 damages need as many costs, not 0",
    );
    says(
        Abatement::new(vec![1.0, 1.0], vec![1.0, 0.0]),
        "player 1's damage is 1 and its cost 0: both must be positive",
    );
}
