//! What an index says: values with their exactness.

use std::fmt;

use num_bigint::BigUint;
use num_rational::BigRational;
use thiserror::Error;

use crate::decimal::nearest;

/// Indices of power. Definitions: Felsenthal and Machover (1998), Laruelle and Valenciano
/// (2008).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Index {
    /// Share of the coalitions of the others that the player turns into winning ones
    /// (Penrose 1946).
    BanzhafAbsolute,
    /// The same, scaled to sum to one (Banzhaf 1965).
    Banzhaf,
    /// Share of the orders of all players in which the player turns the coalition into a
    /// winning one (Shapley and Shubik 1954).
    ShapleyShubik,
    /// Share of the winning coalitions that the player can make lose (Coleman 1971).
    ColemanPrevent,
    /// Share of the losing coalitions that the player can make win (Coleman 1971).
    ColemanInitiate,
    /// Every coalition that somebody can make lose shares one equally among those who can;
    /// scaled to sum to one (Johnston 1978).
    Johnston,
    /// Every minimal winning coalition shares one equally among its members; scaled to sum to
    /// one (Deegan and Packel 1978).
    DeeganPackel,
    /// Number of minimal winning coalitions that one is in, scaled to sum to one (Holler
    /// 1982).
    Holler,
    /// The division of one that leaves the worst-off coalition best off, then the next
    /// (Schmeidler 1969).
    Nucleolus,
}

impl fmt::Display for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::BanzhafAbsolute => "Penrose-Banzhaf, absolute",
            Self::Banzhaf => "Penrose-Banzhaf, normalized",
            Self::ShapleyShubik => "Shapley-Shubik",
            Self::ColemanPrevent => "Coleman, to prevent",
            Self::ColemanInitiate => "Coleman, to initiate",
            Self::Johnston => "Johnston",
            Self::DeeganPackel => "Deegan-Packel",
            Self::Holler => "Holler",
            Self::Nucleolus => "nucleolus",
        })
    }
}

/// How a result was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Method {
    /// Two halves of the players listed and matched; integers.
    MeetingInTheMiddle,
    /// A table of coalitions by weight; integers.
    WeightTable,
    /// A table of coalitions by size and weight; integers.
    SizeAndWeightTable,
    /// Gauss-Legendre quadrature of the multilinear extension; floating point.
    Quadrature {
        /// Points.
        points: usize,
    },
    /// Every coalition in turn; integers.
    Enumeration,
    /// Linear programmes in rational arithmetic, coalitions added as they bind.
    LinearProgrammes,
    /// A map from tallies to the number of divisions of the players; integers.
    Tallies,
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MeetingInTheMiddle => f.write_str("meeting in the middle, exact"),
            Self::WeightTable => f.write_str("table by weight, exact"),
            Self::SizeAndWeightTable => f.write_str("table by size and weight, exact"),
            Self::Quadrature { points } => write!(f, "quadrature with {points} points"),
            Self::Enumeration => f.write_str("enumeration, exact"),
            Self::LinearProgrammes => f.write_str("linear programmes, exact"),
            Self::Tallies => f.write_str("tallies, exact"),
        }
    }
}

/// An index for every player.
#[derive(Debug, Clone, PartialEq)]
pub struct Power {
    /// By position.
    pub values: Vec<f64>,
    /// By position; `None` if the method isn't exact.
    pub exact: Option<Vec<BigRational>>,
    /// How they were found.
    pub method: Method,
    /// No value is further from the truth; zero if the values are the exact ones rounded.
    pub error: f64,
}

impl Power {
    pub(crate) fn exact(exact: Vec<BigRational>, method: Method) -> Self {
        Self {
            values: exact.iter().map(nearest).collect(),
            exact: Some(exact),
            method,
            error: 0.0,
        }
    }
}

/// Numbers as shares of their sum; zeros if that is zero.
pub(crate) fn shares(numbers: &[BigUint]) -> Vec<BigRational> {
    let sum: BigUint = numbers.iter().sum();
    let share = |number| crate::decimal::ratio(number, &sum);
    numbers.iter().map(share).collect()
}

/// Why a game has no answer.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum GameError {
    /// The method's table or list would be too large.
    #[error("{players} players are too many for {what}, which {why}")]
    TooLarge {
        /// What was asked.
        what: &'static str,
        /// How many players.
        players: usize,
        /// What the limit is.
        why: &'static str,
    },
    /// AND and OR of too many criteria.
    #[error("the rule joins too many different criteria for {what}")]
    TooManyCriteria {
        /// What was asked.
        what: &'static str,
    },
    /// Somebody who isn't a player.
    #[error("there is no player at position {position} among {players}")]
    NoSuchPlayer {
        /// The position.
        position: usize,
        /// How many players.
        players: usize,
    },
    /// A player in no union or in two.
    #[error("{player} is in {unions} unions; every player must be in one")]
    NotAPartition {
        /// The player.
        player: String,
        /// How many unions have that player.
        unions: usize,
    },
    /// Exact arithmetic ran out of digits.
    #[error("the numbers of {what} grew too long to be compared exactly")]
    TooManyDigits {
        /// What was asked.
        what: &'static str,
    },
}
