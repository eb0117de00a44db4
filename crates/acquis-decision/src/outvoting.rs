//! Can somebody be outvoted, and by whom? Can somebody block, and with whom?

use acquis_coalitions::Player;

use crate::game::{Formula, Game};
use crate::minimal::Coalitions;
use crate::power::GameError;

impl Game {
    /// Whether a decision can be adopted against these players, all of them together.
    pub fn can_be_outvoted(&self, players: &[Player]) -> bool {
        self.wins_with(|position| !players.contains(&Player::at(position)))
    }

    /// The least coalitions that can adopt a decision against these players, up to so many,
    /// those with the fewest members first among those listed. None are listed if and only if
    /// they can't be outvoted.
    ///
    /// # Errors
    /// [`GameError::NoSuchPlayer`], and [`GameError::TooLarge`] beyond 64 players or 15
    /// vectors of weights.
    pub fn outvoting(&self, players: &[Player], most: usize) -> Result<Coalitions, GameError> {
        self.minimal_without(players, most)
    }

    /// The least sets of allies with whom these players can prevent any decision, up to so
    /// many. A single empty set says that they need none.
    ///
    /// # Errors
    /// [`GameError::NoSuchPlayer`], and [`GameError::TooLarge`] beyond 64 players or 15
    /// vectors of weights.
    pub fn blocking_allies(
        &self,
        players: &[Player],
        most: usize,
    ) -> Result<Coalitions, GameError> {
        self.dual().minimal_completing(players, most)
    }

    /// The dual game, in which those win who can prevent a decision: the others lose without
    /// them. `w(S) >= q` becomes `w(S) >= T - q + 1`, and AND becomes OR.
    #[must_use]
    pub fn dual(&self) -> Self {
        let totals: Vec<u128> = self.vectors.iter().map(|v| v.iter().sum()).collect();
        Self {
            players: self.players.clone(),
            vectors: self.vectors.clone(),
            formula: dual(&self.formula, self.len(), &totals),
        }
    }
}

fn dual(formula: &Formula, members: usize, totals: &[u128]) -> Formula {
    let all = |parts: &[Formula]| {
        parts
            .iter()
            .map(|part| dual(part, members, totals))
            .collect()
    };
    match formula {
        Formula::Members(least) => Formula::Members((members + 1).saturating_sub(*least)),
        Formula::Weight { vector, quota } => Formula::Weight {
            vector: *vector,
            quota: (totals[*vector] + 1).saturating_sub(*quota),
        },
        Formula::All(parts) => Formula::Any(all(parts)),
        Formula::Any(parts) => Formula::All(all(parts)),
    }
}
