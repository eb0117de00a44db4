//! The memberships that a game runs over, numbered from nought.
//!
//! One bloc among `n` candidates has `2^n` memberships; with several levels, each pair of players
//! at the lower of the two, `L^n`; several blocs at once are the [`Partitions`](crate::Partitions).
//! Some numbers say the same: a bloc of one is no bloc, and a player alone at the highest
//! level has nobody to share it with. They have one *canonical* membership, and only that
//! is evaluated.

use std::fmt;

use acquis_coalitions::{Coalition, Player, bits};

use crate::structure::CoalitionStructure;

/// All that can be: numbered states of a game.
pub trait Memberships: Sync {
    /// One state, as a [`Payoff`](crate::Payoff) sees it.
    type State: fmt::Display + Send + Sync;

    /// How many players.
    fn players(&self) -> usize;
    /// How many states there are.
    fn count(&self) -> usize;
    /// The state at an index below [`Memberships::count`].
    fn state(&self, index: usize) -> Self::State;
    /// The index, no greater, of the state that says the same and is evaluated.
    fn canonical(&self, index: usize) -> usize;
    /// How many states are evaluated.
    fn evaluations(&self) -> usize;
    /// A short name of the kind, for stores.
    fn kind(&self) -> String;
}

/// A game without players, or with too many.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SizeError {
    /// An empty list of candidates.
    #[error("the list of candidates is empty: a game needs at least one player")]
    NoPlayers,
    /// More than can be enumerated.
    #[error("{what} for {players} players is too much: at most {most} can be done")]
    TooManyPlayers {
        /// What was asked.
        what: &'static str,
        /// The players.
        players: usize,
        /// The most that there may be.
        most: usize,
    },
    /// Levels below two, or more than a byte holds.
    #[error("there are between 2 and 16 levels, outside included, not {levels}")]
    Levels {
        /// The number of levels.
        levels: usize,
    },
}

pub(crate) fn check_size(what: &'static str, players: usize, most: usize) -> Result<(), SizeError> {
    match players {
        0 => Err(SizeError::NoPlayers),
        _ if players > most => Err(SizeError::TooManyPlayers {
            what,
            players,
            most,
        }),
        _ => Ok(()),
    }
}

/// One bloc among candidates: the index is the mask of its members.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SingleBlocs {
    players: usize,
}

impl SingleBlocs {
    /// The most candidates.
    pub const MOST: usize = 24;

    /// All blocs among so many candidates.
    ///
    /// # Errors
    /// [`SizeError`] without players and beyond [`SingleBlocs::MOST`].
    pub fn new(players: usize) -> Result<Self, SizeError> {
        check_size("a table of all single blocs", players, Self::MOST)?;
        Ok(Self { players })
    }

    /// The bloc at an index.
    pub fn bloc(&self, index: usize) -> Coalition {
        Coalition::from_mask(index as u64)
    }

    /// The index of a bloc; `None` with members beyond the players.
    pub fn index(&self, bloc: Coalition) -> Option<usize> {
        let index = usize::try_from(bloc.mask()).ok()?;
        (index < self.count()).then_some(index)
    }
}

impl Memberships for SingleBlocs {
    type State = CoalitionStructure;

    fn players(&self) -> usize {
        self.players
    }

    fn count(&self) -> usize {
        1 << self.players
    }

    fn state(&self, index: usize) -> CoalitionStructure {
        let everybody = (1_u64 << self.players) - 1;
        let bloc = index as u64 & everybody;
        let blocs = [bloc];
        CoalitionStructure::from_masks(everybody, if bloc == 0 { &[] } else { &blocs })
    }

    fn canonical(&self, index: usize) -> usize {
        if index.count_ones() < 2 { 0 } else { index }
    }

    fn evaluations(&self) -> usize {
        self.count() - self.players
    }

    fn kind(&self) -> String {
        "single blocs".into()
    }
}

/// A level per player, from 0 = outside; a pair stands at the lower of its two.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LevelMembership {
    levels: Vec<u8>,
}

impl LevelMembership {
    /// These levels by player.
    pub fn new(levels: Vec<u8>) -> Self {
        Self { levels }
    }

    /// Levels by player.
    pub fn levels(&self) -> &[u8] {
        &self.levels
    }

    /// The level between two players; `None` where one doesn't exist.
    pub fn between(&self, one: Player, other: Player) -> Option<u8> {
        let one = self.levels.get(one.position())?;
        self.levels
            .get(other.position())
            .map(|other| *one.min(other))
    }

    /// Those at this level or above.
    pub fn at_least(&self, level: u8) -> Coalition {
        let mask = self.levels.iter().take(Coalition::WIDTH).enumerate();
        Coalition::from_mask(mask.fold(0, |mask, (player, &own)| {
            mask | u64::from(own >= level) << player
        }))
    }
}

impl fmt::Display for LevelMembership {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("levels ")?;
        for (place, level) in self.levels.iter().enumerate() {
            let comma = if place == 0 { "" } else { "," };
            write!(f, "{comma}{level}")?;
        }
        Ok(())
    }
}

/// Every player at one of `L` levels: the index has the players' levels as its digits, the
/// first player's lowest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Levels {
    players: usize,
    levels: usize,
}

/// The most memberships with levels: sixteen players at four.
const MOST_LEVEL_MEMBERSHIPS: u64 = 1 << 32;

impl Levels {
    /// All memberships at so many levels, outside included.
    ///
    /// # Errors
    /// [`SizeError`] without players, below 2 and above 16 levels, and beyond 2^32 memberships.
    pub fn new(players: usize, levels: usize) -> Result<Self, SizeError> {
        if !(2..=16).contains(&levels) {
            return Err(SizeError::Levels { levels });
        }
        let most = (1..=32)
            .take_while(|&n| (levels as u64).pow(n) <= MOST_LEVEL_MEMBERSHIPS)
            .count()
            .min(SingleBlocs::MOST);
        check_size("a table of all memberships with levels", players, most)?;
        Ok(Self { players, levels })
    }

    /// How many levels there are, outside included.
    pub fn levels(&self) -> usize {
        self.levels
    }

    /// The player's level at an index.
    pub fn level(&self, index: usize, player: Player) -> usize {
        index / self.unit(player) % self.levels
    }

    /// The index once the player is at another level; `None` where there is no such level.
    pub fn moved(&self, index: usize, player: Player, level: usize) -> Option<usize> {
        if level >= self.levels || player.position() >= self.players {
            return None;
        }
        let unit = self.unit(player);
        Some(index - self.level(index, player) * unit + level * unit)
    }

    /// The index of a membership; `None` if it has other players or levels.
    pub fn index(&self, membership: &LevelMembership) -> Option<usize> {
        if membership.levels.len() != self.players {
            return None;
        }
        membership.levels.iter().rev().try_fold(0, |index, &level| {
            let level = usize::from(level);
            (level < self.levels).then_some(index * self.levels + level)
        })
    }

    fn unit(&self, player: Player) -> usize {
        let place = player.position().min(self.players);
        (0..place).fold(1, |unit, _| unit * self.levels)
    }

    fn digits(&self, mut index: usize) -> impl Iterator<Item = usize> {
        let levels = self.levels;
        (0..self.players).map(move |_| {
            let level = index % levels;
            index /= levels;
            level
        })
    }
}

impl Memberships for Levels {
    type State = LevelMembership;

    fn players(&self) -> usize {
        self.players
    }

    fn count(&self) -> usize {
        (0..self.players).fold(1, |count, _| count * self.levels)
    }

    fn state(&self, index: usize) -> LevelMembership {
        let levels = self.digits(index);
        // At most sixteen levels.
        LevelMembership::new(
            levels
                .map(|level| u8::try_from(level).unwrap_or(0))
                .collect(),
        )
    }

    /// A player alone at the highest level is with nobody there: it is brought down to the second
    /// highest.
    fn canonical(&self, index: usize) -> usize {
        let (mut first, mut second, mut holder) = (0, 0, 0);
        for (player, level) in self.digits(index).enumerate() {
            if level >= first {
                second = first;
                first = level;
                holder = player;
            } else {
                second = second.max(level);
            }
        }
        let unit = self.unit(Player::at(holder));
        index - (first - second) * unit
    }

    fn evaluations(&self) -> usize {
        // Of each player alone at the top: everybody else below.
        let alone: usize = (1..self.levels)
            .map(|top| (1..self.players).fold(self.players, |count, _| count * top))
            .sum();
        self.count() - alone
    }

    fn kind(&self) -> String {
        format!("{} levels", self.levels)
    }
}

/// Members of a mask as players.
pub(crate) fn members(mask: usize) -> impl Iterator<Item = usize> {
    bits(mask as u64)
}
