//! What a change of quota does: indices for a list of quotas, and for a vector of votes the exact
//! quotas between which somebody is dictator, has a veto or counts for nothing.

use acquis_coalitions::Player;
use num_rational::BigRational;
use rayon::prelude::*;
use thiserror::Error;

use crate::clause::{Clause, Quota};
use crate::decimal::Scaled;
use crate::game::Game;
use crate::power::{GameError, Index, Power};
use crate::rule::{Rule, RuleError};

/// Why a question about several rules has no answer.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum QuestionError {
    /// One of the rules can't be used.
    #[error(transparent)]
    Rule(#[from] RuleError),
    /// One of the games has no answer.
    #[error(transparent)]
    Game(#[from] GameError),
    /// A setting of the question is out of range.
    #[error("{what} is {value}; it must be {expected}")]
    Setting {
        /// Which.
        what: &'static str,
        /// Its value.
        value: f64,
        /// What it may be.
        expected: &'static str,
    },
    /// A list has the wrong length.
    #[error("{what} has {got} entries for {expected} players")]
    Length {
        /// Which list.
        what: &'static str,
        /// Players.
        expected: usize,
        /// Entries.
        got: usize,
    },
}

impl Game {
    /// An index by name.
    ///
    /// # Errors
    /// Those of the index's own method.
    pub fn power(&self, index: Index) -> Result<Power, GameError> {
        match index {
            Index::BanzhafAbsolute => Ok(self.census()?.banzhaf_absolute()),
            Index::Banzhaf => Ok(self.census()?.banzhaf()),
            Index::ColemanPrevent => Ok(self.census()?.coleman_prevent()),
            Index::ColemanInitiate => Ok(self.census()?.coleman_initiate()),
            Index::ShapleyShubik => self.shapley_shubik(),
            Index::Johnston => self.johnston(),
            Index::DeeganPackel => Ok(self.minimal_winning()?.deegan_packel()),
            Index::Holler => Ok(self.minimal_winning()?.holler()),
            Index::Nucleolus => Ok(self.nucleolus()?.power),
        }
    }
}

/// A rule under one quota.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// The index.
    pub power: Power,
    /// Share of coalitions that win.
    pub power_to_act: BigRational,
    /// Who decides alone.
    pub dictator: Option<Player>,
    /// Who can prevent any decision.
    pub veto_players: Vec<Player>,
    /// Who never matters.
    pub dummies: Vec<Player>,
}

/// Asks for an index under each of the quotas; `rule` makes the rule of a quota. Answers come
/// in the order of the quotas.
///
/// # Errors
/// The first, in that order, that a rule or its game gives.
pub fn sweep(
    quotas: &[Quota],
    index: Index,
    rule: impl Fn(&Quota) -> Result<Rule, RuleError> + Sync,
) -> Result<Vec<Step>, QuestionError> {
    let step = |quota: &Quota| {
        let game = rule(quota)?.game();
        let census = game.census()?;
        Ok(Step {
            power: game.power(index)?,
            power_to_act: census.power_to_act(),
            dictator: game.dictator(),
            veto_players: game.veto_players(),
            dummies: census.dummies(),
        })
    };
    let steps: Vec<Result<Step, QuestionError>> = quotas.par_iter().map(step).collect();
    steps.into_iter().collect()
}

/// What a player can be under a quota.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Decides alone.
    Dictator,
    /// Can prevent any decision.
    Veto,
    /// Never matters.
    Dummy,
}

/// Quotas above one and up to another under which a player has a role.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RoleRange {
    /// Who.
    pub player: Player,
    /// What.
    pub role: Role,
    /// The quota must be above this.
    pub above: f64,
    /// And at most this.
    pub up_to: f64,
}

/// Clusters of sums that are kept at most.
const MOST_CLUSTERS: usize = 1 << 16;

/// All ranges of the quota under which somebody is dictator, has a veto, or is a dummy, where
/// a decision takes votes in favour of at least the quota. By player, role and quota; exact
/// for the votes as written.
///
/// With `T` all votes, player `i` has a veto above `T - w_i`, is dictator up to `w_i` besides, and
/// a dummy at `q` if no coalition of the others has votes from `q - w_i` to below `q`: in
/// the part above `a + w_i` of a gap from `a` to `b` between the sums of the others' votes.
///
/// # Errors
/// Votes that aren't finite amounts, as [`Rule::new`] says; [`GameError::TooLarge`] where a
/// player's votes are so small beside the others' that gaps are too many.
pub fn roles_by_quota(votes: &[f64]) -> Result<Vec<RoleRange>, QuestionError> {
    let names = (1..=votes.len()).map(|place| place.to_string());
    let all = Quota::at_least_share(crate::clause::Share::whole());
    Rule::new(names, Clause::weighted(votes.to_vec(), all))?;
    let scaled = Scaled::new(votes).map_err(|place| RuleError::WeightTooFine {
        criterion: 1,
        player: (place.0 + 1).to_string(),
        value: votes[place.0],
    })?;
    let total = scaled.total();
    let mut ranges = Vec::new();
    for (position, &own) in scaled.amounts.iter().enumerate() {
        let mut add = |role, above, up_to| {
            if above < up_to {
                ranges.push(RoleRange {
                    player: Player::at(position),
                    role,
                    above: scaled.value(above),
                    up_to: scaled.value(up_to),
                });
            }
        };
        add(Role::Dictator, total - own, own);
        add(Role::Veto, total - own, total);
        let clusters = clusters(&scaled.amounts, position).ok_or(GameError::TooLarge {
            what: "the quotas of a dummy",
            players: votes.len(),
            why: "takes votes that aren't too small beside the others'",
        })?;
        if own == 0 {
            add(Role::Dummy, 0, total);
        } else {
            for pair in clusters.windows(2) {
                add(Role::Dummy, pair[0].1 + own, pair[1].0);
            }
        }
    }
    Ok(ranges)
}

/// The sums of the others' votes in clusters `(least, greatest)` within which no two neighbours
/// are further apart than the player's own votes. Sums are never listed singly: a cluster
/// and its copy, moved by one more player's votes, make clusters of the same kind.
fn clusters(votes: &[u128], player: usize) -> Option<Vec<(u128, u128)>> {
    let own = votes[player];
    let mut clusters = vec![(0, 0)];
    if own == 0 {
        return Some(clusters);
    }
    for (other, &more) in votes.iter().enumerate() {
        if other == player || more == 0 {
            continue;
        }
        let moved = clusters
            .iter()
            .map(|&(least, greatest)| (least + more, greatest + more));
        let mut both: Vec<(u128, u128)> = clusters.iter().copied().chain(moved).collect();
        both.sort_unstable();
        clusters.clear();
        for (least, greatest) in both {
            match clusters.last_mut() {
                Some(last) if least <= last.1 + own => last.1 = last.1.max(greatest),
                _ => clusters.push((least, greatest)),
            }
        }
        if clusters.len() > MOST_CLUSTERS {
            return None;
        }
    }
    Some(clusters)
}
