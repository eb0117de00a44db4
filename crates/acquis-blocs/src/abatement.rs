//! Agreements to abate: everybody enjoys what anybody does.
//!
//! Player `i` abates `q_i` at cost `c_i q_i² / 2`, and all abatement `Q` is worth `b_i` a unit to it
//! (linear damage). Each bloc does what is best for its members together:
//!
//! ```text
//! q_i = Σ_{j in i's bloc} b_j / c_i          V_i = b_i Q - c_i q_i² / 2
//! ```
//!
//! With equal players no bloc above three is internally stable (Barrett 1994, "Self-Enforcing
//! International Environmental Agreements", Oxford Economic Papers 46; Carraro and Siniscalco 1993).

use acquis_coalitions::bits;

use crate::payoff::{Payoff, Reason};
use crate::structure::CoalitionStructure;

/// The game of abatement with linear damage and quadratic cost.
#[derive(Debug, Clone, PartialEq)]
pub struct Abatement {
    damages: Vec<f64>,
    costs: Vec<f64>,
}

/// Not a game of abatement.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum AbatementError {
    /// Other than one cost per damage.
    #[error("{damages} damages need as many costs, not {costs}")]
    Lengths {
        /// Damages given.
        damages: usize,
        /// Costs given.
        costs: usize,
    },
    /// Damage that is negative or no number, or a cost that isn't positive.
    #[error("player {player}'s damage is {damage} and its cost {cost}: both must be positive")]
    Parameters {
        /// The player's position.
        player: usize,
        /// Its damage.
        damage: f64,
        /// Its cost.
        cost: f64,
    },
}

impl Abatement {
    /// Damages per unit not abated, `b_i`, and slopes of marginal cost, `c_i`.
    ///
    /// # Errors
    /// [`AbatementError`] if the lists differ in length, or one isn't positive.
    pub fn new(damages: Vec<f64>, costs: Vec<f64>) -> Result<Self, AbatementError> {
        if damages.len() != costs.len() {
            return Err(AbatementError::Lengths {
                damages: damages.len(),
                costs: costs.len(),
            });
        }
        let positive = |value: f64| value > 0.0 && value.is_finite();
        let mut pairs = damages.iter().zip(&costs);
        if let Some(player) = pairs.position(|(&b, &c)| !positive(b) || !positive(c)) {
            return Err(AbatementError::Parameters {
                player,
                damage: damages[player],
                cost: costs[player],
            });
        }
        Ok(Self { damages, costs })
    }
}

impl Payoff for Abatement {
    fn players(&self) -> usize {
        self.damages.len()
    }

    fn payoffs(&self, state: &CoalitionStructure, payoffs: &mut [f64]) -> Result<(), Reason> {
        if state.players() != self.damages.len() || payoffs.len() != self.damages.len() {
            return Err("a structure of other players".into());
        }
        let mut total = 0.0;
        for bloc in state.blocs() {
            let damage: f64 = bits(bloc.mask()).map(|player| self.damages[player]).sum();
            for player in bits(bloc.mask()) {
                let abatement = damage / self.costs[player];
                total += abatement;
                payoffs[player] = -0.5 * self.costs[player] * abatement * abatement;
            }
        }
        for (payoff, damage) in payoffs.iter_mut().zip(&self.damages) {
            *payoff += damage * total;
        }
        Ok(())
    }
}
