//! Who takes part: players by position, coalitions as masks.

use std::fmt;

/// A player's position among the players of a game, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Player(usize);

impl Player {
    /// The player at a position.
    pub const fn at(position: usize) -> Self {
        Self(position)
    }

    /// The position.
    pub const fn position(self) -> usize {
        self.0
    }
}

/// A set of players whose positions are below [`Coalition::WIDTH`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Coalition(u64);

impl Coalition {
    /// Positions that a coalition can hold.
    pub const WIDTH: usize = 64;
    /// Nobody.
    pub const EMPTY: Self = Self(0);

    /// The set whose bit `p` says whether the player at position `p` is in.
    pub const fn from_mask(mask: u64) -> Self {
        Self(mask)
    }

    /// The first `n` players; `None` beyond [`Coalition::WIDTH`].
    pub const fn first(n: usize) -> Option<Self> {
        match n {
            0 => Some(Self(0)),
            1..=64 => Some(Self(u64::MAX >> (Self::WIDTH - n))),
            _ => None,
        }
    }

    /// These players; `None` if one is beyond [`Coalition::WIDTH`].
    pub fn of(players: impl IntoIterator<Item = Player>) -> Option<Self> {
        players.into_iter().try_fold(Self::EMPTY, Self::with)
    }

    /// The bits.
    pub const fn mask(self) -> u64 {
        self.0
    }

    /// This set and a player; `None` beyond [`Coalition::WIDTH`].
    pub const fn with(self, player: Player) -> Option<Self> {
        if player.0 < Self::WIDTH {
            Some(Self(self.0 | 1 << player.0))
        } else {
            None
        }
    }

    /// This set less a player.
    #[must_use]
    pub const fn without(self, player: Player) -> Self {
        if player.0 < Self::WIDTH {
            Self(self.0 & !(1 << player.0))
        } else {
            self
        }
    }

    /// Whether the player is in.
    pub const fn contains(self, player: Player) -> bool {
        player.0 < Self::WIDTH && self.0 >> player.0 & 1 == 1
    }

    /// How many are in.
    pub const fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    /// Whether nobody is in.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The players in order of position.
    pub fn players(self) -> impl Iterator<Item = Player> {
        bits(self.0).map(Player)
    }
}

impl fmt::Debug for Coalition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(bits(self.0)).finish()
    }
}

/// Positions of the set bits, ascending: the members of a coalition given as a mask.
pub fn bits(mut mask: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        (mask != 0).then(|| {
            let lowest = mask.trailing_zeros() as usize;
            mask &= mask - 1;
            lowest
        })
    })
}

impl fmt::Display for Coalition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("{")?;
        for (place, player) in bits(self.0).enumerate() {
            let comma = if place == 0 { "" } else { "," };
            write!(f, "{comma}{player}")?;
        }
        f.write_str("}")
    }
}
