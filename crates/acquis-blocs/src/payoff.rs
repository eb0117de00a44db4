//! Where values come from.

use std::collections::HashMap;
use std::error::Error;
use std::sync::{Mutex, PoisonError};

use crate::structure::CoalitionStructure;

/// Why a payoff could not be had, in the supplier's words.
pub type Reason = Box<dyn Error + Send + Sync>;

/// What each player gets in a state: a coalition structure, or a
/// [`LevelMembership`](crate::LevelMembership).
///
/// Implemented by an economic model, by [`Table`](crate::Table) and by closed forms. It must be
/// a function: equal states, equal payoffs, in whatever order and on whatever thread.
pub trait Payoff<State = CoalitionStructure>: Sync {
    /// How many players there are.
    fn players(&self) -> usize;

    /// Writes each player's payoff in the state, in any unit, the same for all states.
    ///
    /// # Errors
    /// The supplier's reason why there is none.
    fn payoffs(&self, state: &State, payoffs: &mut [f64]) -> Result<(), Reason>;

    /// Payoffs of several states, `[state][player]`. A supplier that can do better than one by
    /// one, say by starting from the neighbour's solution, overrides this; a
    /// [`Table`](crate::Table) asks for the same states together however often it is interrupted.
    ///
    /// # Errors
    /// The place of the first state that failed, and the supplier's reason.
    fn batch(&self, states: &[State], payoffs: &mut [f64]) -> Result<(), (usize, Reason)> {
        let rows = payoffs.chunks_exact_mut(self.players().max(1));
        for (place, (state, row)) in states.iter().zip(rows).enumerate() {
            self.payoffs(state, row).map_err(|reason| (place, reason))?;
        }
        Ok(())
    }
}

impl<State, P: Payoff<State> + ?Sized> Payoff<State> for &P {
    fn players(&self) -> usize {
        (**self).players()
    }

    fn payoffs(&self, state: &State, payoffs: &mut [f64]) -> Result<(), Reason> {
        (**self).payoffs(state, payoffs)
    }

    fn batch(&self, states: &[State], payoffs: &mut [f64]) -> Result<(), (usize, Reason)> {
        (**self).batch(states, payoffs)
    }
}

/// A payoff that is no number.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PayoffError {
    /// Not a number, or infinite.
    #[error("the payoff of player {player} in {state} is {value}, not a finite number")]
    NotFinite {
        /// The player's position.
        player: usize,
        /// The state, as it is displayed.
        state: String,
        /// What was supplied.
        value: f64,
    },
    /// The supplier failed.
    #[error("no payoff could be had for {state}: {reason}")]
    Failed {
        /// The state, as it is displayed.
        state: String,
        /// The supplier's reason.
        #[source]
        reason: Reason,
    },
    /// The supplier knows other players than the game.
    #[error("the game has {expected} players, but payoffs are supplied for {got}")]
    Players {
        /// The game's.
        expected: usize,
        /// The supplier's.
        got: usize,
    },
}

/// The first payoff that is no number.
pub(crate) fn check_row(row: &[f64], state: &dyn std::fmt::Display) -> Result<(), PayoffError> {
    match row.iter().position(|value| !value.is_finite()) {
        Some(player) => Err(PayoffError::NotFinite {
            player,
            state: state.to_string(),
            value: row[player],
        }),
        None => Ok(()),
    }
}

/// Payoffs by coalition structure, remembered: for searches that come back to the same structure.
/// Use a [`Table`](crate::Table) where all are needed.
#[derive(Debug)]
pub struct Cached<P> {
    payoff: P,
    known: Mutex<HashMap<CoalitionStructure, Vec<f64>>>,
}

impl<P: Payoff> Cached<P> {
    /// Nothing is known yet.
    pub fn new(payoff: P) -> Self {
        Self {
            payoff,
            known: Mutex::new(HashMap::new()),
        }
    }

    /// How many structures were evaluated.
    pub fn evaluations(&self) -> usize {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.len()
    }
}

impl<P: Payoff> Payoff for Cached<P> {
    fn players(&self) -> usize {
        self.payoff.players()
    }

    fn payoffs(&self, state: &CoalitionStructure, payoffs: &mut [f64]) -> Result<(), Reason> {
        {
            let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(row) = known.get(state)
                && row.len() == payoffs.len()
            {
                payoffs.copy_from_slice(row);
                return Ok(());
            }
        }
        self.payoff.payoffs(state, payoffs)?;
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(state.clone(), payoffs.to_vec());
        Ok(())
    }
}
