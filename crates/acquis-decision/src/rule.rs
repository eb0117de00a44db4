//! A rule that has been checked: players, and a clause that fits them.

use std::collections::BTreeMap;

use acquis_coalitions::Player;
use num_rational::BigRational;
use num_traits::{One, ToPrimitive, Zero};
use thiserror::Error;

use crate::clause::{Clause, Condition, Criterion, Quota, Votes};
use crate::decimal::{Scaled, nearest};
use crate::game::Game;

/// A decision rule among named players.
#[derive(Debug, Clone)]
pub struct Rule {
    players: Vec<String>,
    clause: Clause,
    pub(crate) tree: Tree,
}

/// The clause with every criterion in integers.
#[derive(Debug, Clone)]
pub(crate) enum Tree {
    Count(Count),
    All(Vec<Tree>),
    Any(Vec<Tree>),
}

/// A criterion in integers.
#[derive(Debug, Clone)]
pub(crate) struct Count {
    pub(crate) votes: Vec<u128>,
    pub(crate) total: u128,
    pub(crate) test: Test,
}

/// What an integer count must show.
#[derive(Debug, Clone)]
pub(crate) enum Test {
    /// In favour `>=` this.
    InFavour(u128),
    /// Against `<` this.
    AgainstBelow(u128),
    /// `favour >= share · (favour + against)`, or `>` if strict.
    OfVotesCast { share: BigRational, strict: bool },
}

/// Why a rule can't be used. Criteria are counted from 1 in reading order.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum RuleError {
    /// Nobody decides.
    #[error("a rule needs at least one player")]
    NoPlayers,
    /// More players than [`Rule::MOST_PLAYERS`].
    #[error("{got} players, at most {most} can be handled")]
    TooManyPlayers {
        /// How many there are.
        got: usize,
        /// How many there may be.
        most: usize,
    },
    /// A name occurs twice.
    #[error("{name} is listed twice among the players")]
    DuplicatePlayer {
        /// The name.
        name: String,
    },
    /// Clauses within clauses beyond [`Rule::DEEPEST`].
    #[error("clauses are nested more than {most} deep")]
    TooDeep {
        /// How deep they may be.
        most: usize,
    },
    /// AND or OR of nothing.
    #[error("a clause joins no criteria")]
    EmptyClause,
    /// As many weights as players are needed.
    #[error("criterion {criterion} has {got} weights for {expected} players")]
    WeightCount {
        /// Which criterion.
        criterion: usize,
        /// Players.
        expected: usize,
        /// Weights.
        got: usize,
    },
    /// A weight is infinite or not a number.
    #[error("criterion {criterion}: the weight of {player} is {value}, not a finite number")]
    WeightNotFinite {
        /// Which criterion.
        criterion: usize,
        /// Whose weight.
        player: String,
        /// The weight.
        value: f64,
    },
    /// A weight is negative.
    #[error("criterion {criterion}: the weight of {player} is {value}, below zero")]
    NegativeWeight {
        /// Which criterion.
        criterion: usize,
        /// Whose weight.
        player: String,
        /// The weight.
        value: f64,
    },
    /// Weights from so small to so large that their sums need more than 37 digits.
    #[error(
        "criterion {criterion}: the weight of {player}, {value}, can't be added exactly to the \
         others; write it with fewer digits"
    )]
    WeightTooFine {
        /// Which criterion.
        criterion: usize,
        /// Whose weight.
        player: String,
        /// The weight.
        value: f64,
    },
    /// Nobody has a vote.
    #[error("criterion {criterion}: nobody has a vote")]
    NoVotes {
        /// Which criterion.
        criterion: usize,
    },
    /// A quota is infinite, not a number or negative.
    #[error("criterion {criterion}: the quota is {value}, not a finite number from 0")]
    QuotaUnusable {
        /// Which criterion.
        criterion: usize,
        /// The quota.
        value: f64,
    },
    /// The quota is met when nobody votes.
    #[error("criterion {criterion}: the quota is met without any vote")]
    QuotaNotPositive {
        /// Which criterion.
        criterion: usize,
    },
    /// The quota can't be met.
    #[error("criterion {criterion}: the quota of {quota} can't be reached with {total} votes")]
    QuotaAboveTotal {
        /// Which criterion.
        criterion: usize,
        /// The quota, in votes.
        quota: f64,
        /// All votes.
        total: f64,
    },
    /// A clause names somebody who isn't a player.
    #[error("criterion {criterion} names {name}, who isn't among the players")]
    UnknownPlayer {
        /// Which criterion.
        criterion: usize,
        /// The name.
        name: String,
    },
    /// A clause names somebody twice.
    #[error("criterion {criterion} names {name} twice")]
    NamedTwice {
        /// Which criterion.
        criterion: usize,
        /// The name.
        name: String,
    },
}

impl Rule {
    /// Players that a rule may have.
    pub const MOST_PLAYERS: usize = 1024;
    /// Clauses that may be nested in each other.
    pub const DEEPEST: usize = 32;

    /// Checks a clause against its players.
    ///
    /// # Errors
    /// Every [`RuleError`]; the message names the criterion and the player.
    pub fn new<S: Into<String>>(
        players: impl IntoIterator<Item = S>,
        clause: Clause,
    ) -> Result<Self, RuleError> {
        let players: Vec<String> = players.into_iter().map(Into::into).collect();
        if players.is_empty() {
            return Err(RuleError::NoPlayers);
        }
        if players.len() > Self::MOST_PLAYERS {
            let (got, most) = (players.len(), Self::MOST_PLAYERS);
            return Err(RuleError::TooManyPlayers { got, most });
        }
        let mut positions = BTreeMap::new();
        for (position, name) in players.iter().enumerate() {
            if positions.insert(name.as_str(), position).is_some() {
                return Err(RuleError::DuplicatePlayer { name: name.clone() });
            }
        }
        let mut reader = Reader {
            players: &players,
            positions,
            criterion: 0,
        };
        let tree = reader.tree(&clause, Self::DEEPEST)?;
        Ok(Self {
            players,
            clause,
            tree,
        })
    }

    /// Names by position.
    pub fn players(&self) -> &[String] {
        &self.players
    }

    /// The clause as given.
    pub fn clause(&self) -> &Clause {
        &self.clause
    }

    /// The player of a name.
    pub fn player(&self, name: &str) -> Option<Player> {
        let position = self.players.iter().position(|player| player == name);
        position.map(Player::at)
    }

    /// The simple game of the rule when nobody abstains.
    pub fn game(&self) -> Game {
        Game::of(self)
    }
}

/// Reads a clause from left to right.
struct Reader<'a> {
    players: &'a [String],
    positions: BTreeMap<&'a str, usize>,
    criterion: usize,
}

impl Reader<'_> {
    fn tree(&mut self, clause: &Clause, depth: usize) -> Result<Tree, RuleError> {
        let most = Rule::DEEPEST;
        let deeper = depth.checked_sub(1).ok_or(RuleError::TooDeep { most })?;
        let mut joined = |clauses: &[Clause]| {
            if clauses.is_empty() {
                return Err(RuleError::EmptyClause);
            }
            let parts = clauses.iter().map(|clause| self.tree(clause, deeper));
            parts.collect()
        };
        match clause {
            Clause::All(clauses) => joined(clauses).map(Tree::All),
            Clause::Any(clauses) => joined(clauses).map(Tree::Any),
            Clause::Criterion(criterion) => {
                self.criterion += 1;
                self.count(criterion).map(Tree::Count)
            }
        }
    }

    fn count(&self, criterion: &Criterion) -> Result<Count, RuleError> {
        let votes = self.votes(&criterion.votes)?;
        let scaled = Scaled::new(&votes).map_err(|place| RuleError::WeightTooFine {
            criterion: self.criterion,
            player: self.players[place.0].clone(),
            value: votes[place.0],
        })?;
        let total = scaled.total();
        if total == 0 {
            let criterion = self.criterion;
            return Err(RuleError::NoVotes { criterion });
        }
        let sum: f64 = votes.iter().sum();
        let test = match &criterion.condition {
            Condition::InFavour(quota) => Test::InFavour(self.quota(quota, &scaled, sum)?),
            Condition::NotAgainst(quota) => Test::AgainstBelow(self.quota(quota, &scaled, sum)?),
            Condition::OfVotesCast { share, strict } => {
                let (share, strict) = (share.ratio().clone(), *strict);
                if strict && share.is_one() {
                    return Err(self.above_total(sum, sum));
                }
                Test::OfVotesCast { share, strict }
            }
        };
        Ok(Count {
            votes: scaled.amounts,
            total,
            test,
        })
    }

    fn votes(&self, votes: &Votes) -> Result<Vec<f64>, RuleError> {
        let criterion = self.criterion;
        match votes {
            Votes::OneEach => Ok(vec![1.0; self.players.len()]),
            Votes::Each(weights) => {
                let (expected, got) = (self.players.len(), weights.len());
                if got != expected {
                    return Err(RuleError::WeightCount {
                        criterion,
                        expected,
                        got,
                    });
                }
                for (player, &value) in self.players.iter().zip(weights) {
                    let player = player.clone();
                    if !value.is_finite() {
                        return Err(RuleError::WeightNotFinite {
                            criterion,
                            player,
                            value,
                        });
                    }
                    if value < 0.0 {
                        return Err(RuleError::NegativeWeight {
                            criterion,
                            player,
                            value,
                        });
                    }
                }
                Ok(weights.clone())
            }
            Votes::OneFor(names) => {
                let mut weights = vec![0.0; self.players.len()];
                for name in names {
                    let name = name.clone();
                    match self.positions.get(name.as_str()) {
                        None => return Err(RuleError::UnknownPlayer { criterion, name }),
                        Some(&position) if weights[position] > 0.0 => {
                            return Err(RuleError::NamedTwice { criterion, name });
                        }
                        Some(&position) => weights[position] = 1.0,
                    }
                }
                Ok(weights)
            }
        }
    }

    /// The least integer amount that meets the quota.
    fn quota(&self, quota: &Quota, scaled: &Scaled, sum: f64) -> Result<u128, RuleError> {
        let criterion = self.criterion;
        if let Some(value) = quota.unusable() {
            return Err(RuleError::QuotaUnusable { criterion, value });
        }
        let total = BigRational::from_integer(scaled.total().into());
        let wanted = quota.in_units(&total, |value| scaled.in_units(value));
        let least = if quota.strict {
            wanted.floor() + BigRational::one()
        } else {
            wanted.ceil()
        };
        if least.is_zero() {
            return Err(RuleError::QuotaNotPositive { criterion });
        }
        let votes = nearest(&(&wanted / &total)) * sum;
        if least > total {
            return Err(self.above_total(votes, sum));
        }
        let least = least.to_integer().to_u128();
        least.ok_or_else(|| self.above_total(votes, sum))
    }

    fn above_total(&self, quota: f64, total: f64) -> RuleError {
        RuleError::QuotaAboveTotal {
            criterion: self.criterion,
            quota,
            total,
        }
    }
}

impl Count {
    /// Least votes in favour that adopt when nobody abstains; from 1 to the total.
    pub(crate) fn least_in_favour(&self) -> u128 {
        match &self.test {
            Test::InFavour(quota) => *quota,
            Test::AgainstBelow(limit) => self.total - limit + 1,
            Test::OfVotesCast { share, strict } => {
                let wanted = share * BigRational::from_integer(self.total.into());
                let least = if *strict {
                    wanted.floor() + BigRational::one()
                } else {
                    wanted.ceil()
                };
                least.to_integer().to_u128().unwrap_or(self.total)
            }
        }
    }

    /// Whether the count is met with these votes for and against, the rest abstaining.
    pub(crate) fn is_met(&self, favour: u128, against: u128) -> bool {
        match &self.test {
            Test::InFavour(quota) => favour >= *quota,
            Test::AgainstBelow(limit) => against < *limit,
            Test::OfVotesCast { share, strict } => {
                let cast = BigRational::from_integer((favour + against).into());
                let (favour_votes, wanted) =
                    (BigRational::from_integer(favour.into()), share * cast);
                favour > 0 && (favour_votes > wanted || !strict && favour_votes == wanted)
            }
        }
    }
}
