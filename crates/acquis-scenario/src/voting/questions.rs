//! What can be asked beyond the power of each: blocs, abstention, uncertain weights, votes that
//! come nearest to a wanted distribution, the coalitions themselves.

use std::collections::{BTreeMap, BTreeSet};

use acquis_decision::{
    Clause, Coalition, GameError, Nearest, Player, Quota as VoteQuota, Rule, Share, Spread,
    Uncertainty, Wanted, nearest_votes, under_uncertainty,
};
use acquis_registry::{Quota, Registry, Sum, Weights};

use super::error::VotingError;
use super::measure::{Measure, Measures};
use super::typed::{AskedQuota, Bloc, TypedSpread, TypedWanted};
use super::{Vote, Voter, listed, near};
use crate::almanac::Almanac;

/// Questions that need no more than to be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Also {
    /// What other quotas would do.
    Sweep,
    /// Which coalitions win.
    Coalitions,
    /// What abstention does to power.
    Abstention,
}

/// What is asked of a vote beyond its rule and its members.
#[derive(Debug, Clone, PartialEq)]
pub struct VoteQuestions {
    /// The measures of power.
    pub measures: Measures,
    /// Whether measures are shown as the fractions that they are, where they are short.
    pub exact: bool,
    /// What else is asked for.
    pub also: BTreeSet<Also>,
    /// Who may be outvoted, all of them together.
    pub outvote: Vec<String>,
    /// Members that vote as one.
    pub blocs: Vec<Bloc>,
    /// How uncertain the weights are.
    pub uncertain: Option<TypedSpread>,
    /// How often uncertain weights are drawn.
    pub draws: usize,
    /// For the draws.
    pub seed: u64,
    /// A distribution of power for which votes are sought.
    pub wanted: Option<TypedWanted>,
}

impl VoteQuestions {
    /// Draws of uncertain weights, at most: a bound for what a page may ask.
    pub const MOST_DRAWS: usize = 100_000;
}

impl Default for VoteQuestions {
    fn default() -> Self {
        Self {
            measures: Measures::Usual,
            exact: false,
            also: BTreeSet::new(),
            outvote: Vec::new(),
            blocs: Vec::new(),
            uncertain: None,
            draws: 1000,
            seed: 1,
            wanted: None,
        }
    }
}

/// Power where the weights are uncertain.
#[derive(Debug, Clone, PartialEq)]
pub struct UncertainPower {
    /// The index.
    pub measure: Measure,
    /// By position: the relative error of the weight.
    pub errors: Vec<f64>,
    /// By position: power over the draws.
    pub spreads: Vec<Spread>,
    /// The quota under which the drawn weights were counted, a share of all votes.
    pub quota: AskedQuota,
}

/// Votes whose power comes near to what is wanted.
#[derive(Debug, Clone, PartialEq)]
pub struct NearestVotes {
    /// The index.
    pub measure: Measure,
    /// By position: the share of power that is wanted.
    pub wanted: Vec<f64>,
    /// What was found.
    pub found: Nearest,
    /// Whether all votes up to six were tried, so that none of these comes nearer.
    pub tried_all_small: bool,
}

/// A winning coalition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Winning {
    /// Its members.
    pub coalition: Coalition,
    /// Whether it loses with any member gone.
    pub is_minimal: bool,
}

/// Members up to whom every coalition is looked at for the list of those that win.
const MOST_LISTED_PLAYERS: usize = 16;
/// Single votes that are moved about in the search for the nearest.
const MOVES: usize = 300;
/// Members up to whom the engine tries all small votes.
const ALL_SMALL: usize = 5;

impl Vote<'_> {
    /// Voters by code or name, each once.
    ///
    /// # Errors
    /// [`VotingError::NoVoter`] with the members and the nearest name.
    pub fn players(
        &self,
        registry: &Registry,
        names: &[String],
    ) -> Result<Vec<Player>, VotingError> {
        let mut players = Vec::new();
        for name in names {
            let player = self.named(registry, name)?;
            if !players.contains(&player) {
                players.push(player);
            }
        }
        Ok(players)
    }

    fn named(&self, registry: &Registry, name: &str) -> Result<Player, VotingError> {
        let name = name.trim();
        let is_it = |voter: &Voter| voter.as_str().to_lowercase() == name.to_lowercase();
        let by_name = || Some(Player::at(self.voters.iter().position(is_it)?));
        let by_state = || self.player(registry.find_state(name).ok()?.code.as_str());
        by_name()
            .or_else(by_state)
            .ok_or_else(|| VotingError::NoVoter {
                name: name.to_owned(),
                voters: listed(&self.voters),
                near: near(name, &self.voters),
            })
    }

    /// Those who vote as one, by code or name.
    ///
    /// # Errors
    /// [`VotingError::NoVoter`].
    pub fn unions(
        &self,
        registry: &Registry,
        blocs: &[Bloc],
    ) -> Result<Vec<Vec<Player>>, VotingError> {
        let bloc = |Bloc(names): &Bloc| self.players(registry, names);
        blocs.iter().map(bloc).collect()
    }

    /// All winning coalitions if there are no more than `most`, otherwise the first minimal
    /// ones; and whether these are all that win.
    ///
    /// # Errors
    /// [`GameError::TooLarge`] beyond 64 voters.
    pub fn winning(&self, most: usize) -> Result<(Vec<Winning>, bool), GameError> {
        let game = self.game();
        let minimal = game.minimal_winning_coalitions(most)?;
        let is_minimal = |coalition: &Coalition| minimal.listed.contains(coalition);
        if minimal.complete && game.len() <= MOST_LISTED_PLAYERS {
            let all = (0..1_u64 << game.len()).map(Coalition::from_mask);
            let winning = all.filter(|coalition| game.wins(*coalition));
            let mut winning: Vec<Coalition> = winning.take(most + 1).collect();
            if winning.len() <= most {
                winning.sort_by_key(|coalition| coalition.len());
                let winning = winning.into_iter().map(|coalition| Winning {
                    coalition,
                    is_minimal: is_minimal(&coalition),
                });
                return Ok((winning.collect(), true));
            }
        }
        let listed = minimal.listed.into_iter().map(|coalition| Winning {
            coalition,
            is_minimal: true,
        });
        Ok((listed.collect(), false))
    }

    /// Power over draws of uncertain weights. A quota in votes is kept as the share of all votes
    /// that it is.
    ///
    /// # Errors
    /// [`VotingError::SeveralCriteria`] where not one kind of votes is counted,
    /// [`VotingError::NoVoter`], and those of the engine.
    pub fn uncertain(
        &self,
        registry: &Registry,
        questions: &VoteQuestions,
        spread: &TypedSpread,
    ) -> Result<UncertainPower, VotingError> {
        let votes = self.one_count("its weights can't be drawn")?;
        let errors = self.by_name(registry, votes.len(), spread)?;
        let quota = self.quota_as_share()?;
        let Quota::Share {
            numerator,
            denominator,
        } = quota.quota
        else {
            return Err(self.no_quota());
        };
        let share =
            Share::new(numerator.into(), denominator.into()).map_err(|_| self.no_quota())?;
        let needed = if quota.strict {
            VoteQuota::more_than_share(share)
        } else {
            VoteQuota::at_least_share(share)
        };
        if questions.draws > VoteQuestions::MOST_DRAWS {
            return Err(VotingError::TooManyDraws {
                draws: questions.draws,
                most: VoteQuestions::MOST_DRAWS,
            });
        }
        let measure = questions.measures.first();
        let uncertainty = Uncertainty {
            spread: errors.clone(),
            draws: questions.draws,
            seed: questions.seed,
        };
        let rule = |weights: Vec<f64>| {
            let names = self.rule.players().iter().map(String::as_str);
            Rule::new(names, Clause::weighted(weights, needed.clone()))
        };
        let spreads = under_uncertainty(votes, &uncertainty, measure.index(), rule)?;
        Ok(UncertainPower {
            measure,
            errors,
            spreads,
            quota,
        })
    }

    fn by_name(
        &self,
        registry: &Registry,
        voters: usize,
        spread: &TypedSpread,
    ) -> Result<Vec<f64>, VotingError> {
        let each = match spread {
            TypedSpread::All(share) => return Ok(vec![*share; voters]),
            TypedSpread::Each(each) => each,
        };
        let each = self.by_player(registry, each)?;
        let error = |place: usize| each.get(&Player::at(place)).copied().unwrap_or(0.0);
        Ok((0..voters).map(error).collect())
    }

    /// Numbers by voter, nobody twice.
    fn by_player(
        &self,
        registry: &Registry,
        each: &[(String, f64)],
    ) -> Result<BTreeMap<Player, f64>, VotingError> {
        let mut by_player = BTreeMap::new();
        for (name, number) in each {
            if by_player
                .insert(self.named(registry, name)?, *number)
                .is_some()
            {
                let voter = name.clone();
                return Err(VotingError::ListedTwice { voter });
            }
        }
        Ok(by_player)
    }

    /// The quota as a share of all votes: a number of votes to a millionth.
    fn quota_as_share(&self) -> Result<AskedQuota, VotingError> {
        let votes = self.one_count("it has no one quota")?;
        let total: f64 = votes.iter().sum();
        let is_simple = self.criterion.quota.is_none();
        match self.criterion.quota {
            Some(Quota::Votes(needed)) => Ok(AskedQuota {
                quota: millionths(needed / total).ok_or_else(|| self.no_quota())?,
                strict: self.criterion.strict,
            }),
            Some(quota) => Ok(AskedQuota {
                quota,
                strict: self.criterion.strict,
            }),
            None if is_simple && !self.lets_abstain() => Ok(AskedQuota {
                quota: Quota::Share {
                    numerator: 1,
                    denominator: 2,
                },
                strict: true,
            }),
            None => Err(self.no_quota()),
        }
    }

    fn no_quota(&self) -> VotingError {
        VotingError::NoQuota {
            whose: self.origin.whose(),
        }
    }

    /// Looks for votes and a quota whose power comes nearest to what is wanted; `quota` is a
    /// share if it is given.
    ///
    /// # Errors
    /// A series without a figure, [`VotingError::NoVoter`], and those of the engine.
    pub fn nearest(
        &self,
        registry: &Registry,
        almanac: &Almanac,
        wanted: &TypedWanted,
        quota: Option<AskedQuota>,
        questions: &VoteQuestions,
    ) -> Result<NearestVotes, VotingError> {
        let measure = questions.measures.first();
        let wanted = self.wanted(registry, almanac, wanted)?;
        let quota = match quota.map(|asked| asked.quota) {
            None => None,
            Some(Quota::Share {
                numerator,
                denominator,
            }) => Share::new(numerator.into(), denominator.into()).ok(),
            Some(Quota::Votes(votes)) => return Err(VotingError::QuotaOfNoVotes { votes }),
        };
        let found = nearest_votes(&Wanted {
            distribution: wanted.clone(),
            index: measure.index(),
            quota,
            moves: MOVES,
            seed: questions.seed,
        })?;
        Ok(NearestVotes {
            measure,
            tried_all_small: wanted.len() <= ALL_SMALL,
            wanted,
            found,
        })
    }

    fn wanted(
        &self,
        registry: &Registry,
        almanac: &Almanac,
        wanted: &TypedWanted,
    ) -> Result<Vec<f64>, VotingError> {
        let voters = self.voters.len();
        let numbers: Vec<f64> = match wanted {
            TypedWanted::Equal => vec![1.0; voters],
            TypedWanted::Series(Weights { series, year, .. }) => {
                let figure = |voter: &Voter| {
                    almanac.sum(&Sum {
                        series: *series,
                        group: vec![voter.code()],
                        partners: Vec::new(),
                        year: *year,
                    })
                };
                self.voters.iter().map(figure).collect::<Result<_, _>>()?
            }
            TypedWanted::Each(each) => {
                let each = self.by_player(registry, each)?;
                let number = |place: usize| each.get(&Player::at(place)).copied().unwrap_or(0.0);
                (0..voters).map(number).collect()
            }
        };
        let total: f64 = numbers.iter().sum();
        if !(total > 0.0 && total.is_finite()) {
            return Err(VotingError::NothingWanted);
        }
        Ok(numbers.iter().map(|number| number / total).collect())
    }
}

/// A share to a millionth.
fn millionths(share: f64) -> Option<Quota> {
    const MILLION: u32 = 1_000_000;
    let rounded = (share * f64::from(MILLION)).round();
    if !(1.0..=f64::from(MILLION)).contains(&rounded) {
        return None;
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a whole number from 1 to a million"
    )]
    let numerator = rounded as u32;
    Some(Quota::Share {
        numerator,
        denominator: MILLION,
    })
}
