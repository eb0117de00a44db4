//! Games in which a bloc minds how many others there are, not who.
//!
//! What a member gets depends on its bloc and on the number of blocs, as where blocs meet on a
//! common market (Bloch 1996, Yi 1997). Such a game has `n 2^n` blocs to tabulate instead of one
//! row per partition, so that it reaches further than a [`Table`](crate::Table).

use acquis_coalitions::{Coalition, Player, bits};

use crate::memberships::{Memberships, SizeError, members};
use crate::partitions::{Partitions, WIDTH};
use crate::payoff::{Payoff, PayoffError, Reason};
use crate::rules::Rules;
use crate::structure::CoalitionStructure;

/// Payoffs by bloc, number of blocs and member.
#[derive(Debug, Clone, PartialEq)]
pub struct PayoffsByCount {
    partitions: Partitions,
    /// `[number of blocs - 1][mask][player]`, nought for players who aren't members.
    payoffs: Vec<f64>,
}

/// Internally stable structures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StableStructures {
    /// Structures in all.
    pub structures: u64,
    /// How many are internally stable.
    pub stable: u64,
    /// The first of them.
    pub first: Vec<CoalitionStructure>,
}

/// Why there is no such game.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ByCountError {
    /// No players, or too many.
    #[error(transparent)]
    Size(#[from] SizeError),
    /// A payoff is no number.
    #[error(transparent)]
    Payoff(#[from] PayoffError),
}

impl PayoffsByCount {
    /// Asks for each member's payoff in each bloc among each number of blocs that can be.
    ///
    /// # Errors
    /// [`ByCountError`] without players, beyond [`Partitions::MOST`], and if a payoff is no number.
    pub fn of(
        players: usize,
        payoff: impl Fn(Coalition, usize, Player) -> f64,
    ) -> Result<Self, ByCountError> {
        let partitions = Partitions::new(players)?;
        let mut payoffs = vec![0.0; (players * players) << players];
        for blocs in 1..=players {
            for mask in (1..1_usize << players).filter(|mask| can_be(*mask, blocs, players)) {
                let bloc = Coalition::from_mask(mask as u64);
                for player in members(mask) {
                    let value = payoff(bloc, blocs, Player::at(player));
                    if !value.is_finite() {
                        return Err(ByCountError::Payoff(PayoffError::NotFinite {
                            player,
                            state: format!("{bloc} among {blocs} blocs"),
                            value,
                        }));
                    }
                    payoffs[place(players, blocs, mask) + player] = value;
                }
            }
        }
        Ok(Self {
            partitions,
            payoffs,
        })
    }

    fn payoff(&self, mask: usize, blocs: usize, player: usize) -> f64 {
        self.payoffs[place(self.partitions.players(), blocs, mask) + player]
    }

    /// Goes through all structures and counts those from which no member gains by standing alone;
    /// keeps the first `most`.
    pub fn internally_stable(&self, rules: &Rules<'_>, most: usize) -> StableStructures {
        let n = self.partitions.players();
        // By number of blocs and mask, whether nobody leaves: a leaver makes one bloc more.
        let holds: Vec<bool> = (0..n << n)
            .map(|index| {
                let (blocs, mask) = ((index >> n) + 1, index & ((1 << n) - 1));
                let single = mask.count_ones() < 2;
                let stays = |player| {
                    let now = self.payoff(mask, blocs, player);
                    !rules.gains(now, self.payoff(1 << player, blocs + 1, player))
                };
                single || (can_be(mask, blocs, n) && members(mask).all(stays))
            })
            .collect();
        let none = || (0_u64, 0_u64, Vec::new());
        let shares = self.partitions.fold(none, |share, labels, blocs| {
            let mut masks = [0_usize; WIDTH];
            for (player, &label) in labels.iter().enumerate() {
                masks[usize::from(label)] |= 1 << player;
            }
            let holds = &holds[(blocs - 1) << n..blocs << n];
            share.0 += 1;
            if masks[..blocs].iter().all(|&mask| holds[mask]) {
                share.1 += 1;
                if share.2.len() < most {
                    share.2.push(CoalitionStructure::from_labels(labels));
                }
            }
        });
        let mut found = StableStructures {
            structures: 0,
            stable: 0,
            first: Vec::new(),
        };
        for (structures, stable, first) in shares {
            found.structures += structures;
            found.stable += stable;
            let room = most - found.first.len();
            found.first.extend(first.into_iter().take(room));
        }
        found
    }
}

/// Whether the bloc leaves enough players for the others, and none over if there are none.
fn can_be(mask: usize, blocs: usize, players: usize) -> bool {
    let others = players - mask.count_ones() as usize;
    blocs == 1 && others == 0 || blocs > 1 && others >= blocs - 1
}

fn place(players: usize, blocs: usize, mask: usize) -> usize {
    (((blocs - 1) << players) + mask) * players
}

impl Payoff for PayoffsByCount {
    fn players(&self) -> usize {
        self.partitions.players()
    }

    fn payoffs(&self, state: &CoalitionStructure, payoffs: &mut [f64]) -> Result<(), Reason> {
        let players = self.partitions.players();
        if state.players() != players || payoffs.len() != players {
            return Err("a structure of other players".into());
        }
        for bloc in state.blocs() {
            let mask = usize::try_from(bloc.mask())?;
            for player in bits(bloc.mask()) {
                payoffs[player] = self.payoff(mask, state.blocs().len(), player);
            }
        }
        Ok(())
    }
}
