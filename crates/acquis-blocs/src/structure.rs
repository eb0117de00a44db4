//! A coalition structure: who stands together, and who alone.

use std::fmt;

use acquis_coalitions::{Coalition, Player, bits};

/// A partition of the players into blocs; a player alone is a bloc of one.
///
/// Blocs are ordered by their first player, so that equal partitions are equal values.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CoalitionStructure {
    players: usize,
    blocs: Vec<Coalition>,
}

/// Why blocs aren't a coalition structure.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StructureError {
    /// More players than a [`Coalition`] holds, or none.
    #[error("a coalition structure has between 1 and 64 players, not {players}")]
    Players {
        /// How many were asked for.
        players: usize,
    },
    /// Nobody is in a bloc.
    #[error("a bloc has at least one member")]
    EmptyBloc,
    /// A player is in two blocs.
    #[error("player {player} is in {first} and in {second}, but may be in one bloc only")]
    Overlap {
        /// The player's position.
        player: usize,
        /// One bloc.
        first: Coalition,
        /// The other.
        second: Coalition,
    },
    /// A member beyond the players.
    #[error("bloc {bloc} has player {player}, but there are {players} players, from 0")]
    Outside {
        /// The bloc.
        bloc: Coalition,
        /// The player's position.
        player: usize,
        /// How many players there are.
        players: usize,
    },
}

impl CoalitionStructure {
    /// These blocs, and whoever is in none of them alone.
    ///
    /// # Errors
    /// [`StructureError`] if blocs overlap, are empty or have members beyond the players.
    pub fn new(players: usize, blocs: &[Coalition]) -> Result<Self, StructureError> {
        let everybody = match Coalition::first(players) {
            Some(everybody) if players > 0 => everybody.mask(),
            _ => return Err(StructureError::Players { players }),
        };
        let mut seen: Vec<u64> = Vec::with_capacity(blocs.len());
        for bloc in blocs {
            if bloc.is_empty() {
                return Err(StructureError::EmptyBloc);
            }
            if let Some(player) = bits(bloc.mask() & !everybody).next() {
                return Err(StructureError::Outside {
                    bloc: *bloc,
                    player,
                    players,
                });
            }
            if let Some(first) = seen.iter().find(|&&first| first & bloc.mask() != 0) {
                return Err(StructureError::Overlap {
                    player: (first & bloc.mask()).trailing_zeros() as usize,
                    first: Coalition::from_mask(*first),
                    second: *bloc,
                });
            }
            seen.push(bloc.mask());
        }
        Ok(Self::from_masks(everybody, &seen))
    }

    /// One bloc and everybody else alone.
    ///
    /// # Errors
    /// [`StructureError`] if the bloc has members beyond the players.
    pub fn single_bloc(players: usize, bloc: Coalition) -> Result<Self, StructureError> {
        if bloc.is_empty() {
            return Self::new(players, &[]);
        }
        Self::new(players, &[bloc])
    }

    /// Disjoint non-empty masks within `everybody`.
    pub(crate) fn from_masks(everybody: u64, masks: &[u64]) -> Self {
        let together: u64 = masks.iter().fold(0, |together, mask| together | mask);
        let alone = bits(everybody & !together).map(|player| 1 << player);
        let mut masks: Vec<u64> = masks.iter().copied().chain(alone).collect();
        masks.sort_unstable_by_key(|mask| mask.trailing_zeros());
        Self {
            players: everybody.count_ones() as usize,
            blocs: masks.into_iter().map(Coalition::from_mask).collect(),
        }
    }

    /// From a restricted growth string: a label per player, each new label one above the
    /// labels before it.
    pub(crate) fn from_labels(labels: &[u8]) -> Self {
        let mut masks: Vec<u64> = Vec::new();
        for (player, &label) in labels.iter().enumerate() {
            match masks.get_mut(usize::from(label)) {
                Some(mask) => *mask |= 1 << player,
                None => masks.push(1 << player),
            }
        }
        Self {
            players: labels.len(),
            blocs: masks.into_iter().map(Coalition::from_mask).collect(),
        }
    }

    /// How many players.
    pub fn players(&self) -> usize {
        self.players
    }

    /// The blocs by first player, those of one included.
    pub fn blocs(&self) -> &[Coalition] {
        &self.blocs
    }

    /// The place of the player's bloc among [`CoalitionStructure::blocs`].
    pub fn bloc_of(&self, player: Player) -> Option<usize> {
        self.blocs.iter().position(|bloc| bloc.contains(player))
    }

    /// Sizes of the blocs, largest first.
    pub fn sizes(&self) -> Vec<usize> {
        let mut sizes: Vec<usize> = self.blocs.iter().map(|bloc| bloc.len()).collect();
        sizes.sort_unstable_by(|a, b| b.cmp(a));
        sizes
    }

    /// These players leave their blocs and form one; those they leave stay together.
    #[must_use]
    pub fn breaking_away(&self, leavers: Coalition) -> Self {
        self.regrouped(leavers.mask(), 0)
    }

    /// The player leaves its bloc for the one at `place`, or to be alone where there is none.
    #[must_use]
    pub fn moving(&self, player: Player, place: Option<usize>) -> Self {
        let target = place.and_then(|place| self.blocs.get(place));
        let Some(leaver) = Coalition::EMPTY.with(player) else {
            return self.clone();
        };
        self.regrouped(leaver.mask(), target.map_or(0, |bloc| bloc.mask()))
    }

    /// The leavers and the bloc they go to become one.
    fn regrouped(&self, leavers: u64, target: u64) -> Self {
        let everybody = Coalition::first(self.players).unwrap_or_default().mask();
        let group = (leavers | target) & everybody;
        let rests = self.blocs.iter().map(|bloc| bloc.mask() & !group);
        let masks: Vec<u64> = rests.chain([group]).filter(|&mask| mask != 0).collect();
        Self::from_masks(everybody, &masks)
    }

    /// The label of each player's bloc, by place.
    pub(crate) fn labels(&self) -> Vec<u8> {
        let mut labels = vec![0; self.players];
        for (label, bloc) in (0_u8..).zip(&self.blocs) {
            for player in bits(bloc.mask()) {
                labels[player] = label;
            }
        }
        labels
    }
}

impl fmt::Display for CoalitionStructure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.blocs.iter().try_for_each(|bloc| write!(f, "{bloc}"))
    }
}
