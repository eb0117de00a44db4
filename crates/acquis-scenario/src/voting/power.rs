//! What a vote says of its voters: their power, and what another quota would make of it.

use acquis_decision::{
    BigUint, Census, Change, Clause, Game, GameError, Index, Method, Player, Power, Quota,
    RoleRange, Rule, Share, Step, compare, roles_by_quota, sweep,
};

use num_traits::ToPrimitive as _;

use super::error::VotingError;
use super::measure::{Measure, Measures};
use super::{Criterion, DecisionKind, Vote};

/// How power is divided under a rule; values by position of the voter.
#[derive(Debug, Clone)]
pub struct Powers {
    /// The measures that were asked for, but for swings, in the order in which they are shown.
    pub measured: Vec<(Measure, Power)>,
    /// Measures that were asked for as part of all and can't be had, and why.
    pub left_out: Vec<(Measure, GameError)>,
    /// How many coalitions of the others each turns into winning ones, if asked for.
    pub swings: Option<Vec<BigUint>>,
    /// How many coalitions win.
    pub winning: BigUint,
    /// How many there are, the empty one among them.
    pub coalitions: BigUint,
    /// How the coalitions were counted.
    pub method: Method,
    /// How many win and lose with any member gone; `None` where they are too many to count.
    pub minimal_winning: Option<u64>,
    /// The share of coalitions that win: Coleman's power of the body to act.
    pub efficiency: f64,
    /// Who decides alone.
    pub dictator: Option<Player>,
    /// Who can prevent any decision.
    pub veto_players: Vec<Player>,
    /// Who never matters.
    pub dummies: Vec<Player>,
    /// What is unusual about the rule.
    pub warning: Option<String>,
}

impl Powers {
    /// A measure, if it was asked for.
    pub fn of(&self, measure: Measure) -> Option<&Power> {
        let mut measured = self.measured.iter();
        measured
            .find(|(known, _)| *known == measure)
            .map(|(_, power)| power)
    }
}

/// What other quotas would do to the same votes.
#[derive(Debug, Clone)]
pub struct QuotaSweep {
    /// The index that was asked for.
    pub measure: Measure,
    /// All votes.
    pub total: f64,
    /// The quotas between which somebody is dictator, has a veto or is a dummy; empty where
    /// votes are too small beside others' for the ranges to be told.
    pub roles: Vec<RoleRange>,
    /// The power under each of several quotas.
    pub quotas: Vec<SweptQuota>,
}

/// One quota of a sweep.
#[derive(Debug, Clone)]
pub struct SweptQuota {
    /// The share of all votes that is needed.
    pub share: f64,
    /// The share of coalitions that win under it.
    pub efficiency: f64,
    /// The index under it, and who is what.
    pub step: Step,
}

/// A sweep goes from one half to all votes in steps of a twentieth.
const TWENTIETHS: std::ops::RangeInclusive<u64> = 10..=20;

/// Voters up to whom a quota is moved by single hundredths.
const MOST_FINE: usize = 20;

impl Vote<'_> {
    /// The game of the rule when nobody abstains.
    pub fn game(&self) -> Game {
        self.rule.game()
    }

    /// How power is divided, by the two measures that are best known.
    ///
    /// # Errors
    /// [`GameError`] where there are too many voters for any method.
    pub fn powers(&self) -> Result<Powers, GameError> {
        self.powers_by(&Measures::Usual)
    }

    /// How power is divided, by the measures that are asked for.
    ///
    /// # Errors
    /// [`GameError`] where there are too many voters for any method, or for a measure that is
    /// asked for by name.
    pub fn powers_by(&self, measures: &Measures) -> Result<Powers, GameError> {
        let game = self.game();
        let census = game.census()?;
        let (mut measured, mut left_out) = (Vec::new(), Vec::new());
        for measure in measures.list() {
            match power(&game, &census, measure) {
                Ok(Some(power)) => measured.push((measure, power)),
                Ok(None) => {}
                Err(error) if *measures == Measures::All => left_out.push((measure, error)),
                Err(error) => return Err(error),
            }
        }
        let wants_swings = measures.list().contains(&Measure::Swings);
        Ok(Powers {
            measured,
            left_out,
            swings: wants_swings.then(|| census.swings().to_vec()),
            coalitions: census.winning() + census.losing(),
            winning: census.winning().clone(),
            method: census.method(),
            minimal_winning: game.minimal_winning().ok().map(|it| it.count()),
            efficiency: census.efficiency(),
            dictator: game.dictator(),
            veto_players: game.veto_players(),
            dummies: census.dummies(),
            warning: game.warning(),
        })
    }

    /// What other quotas would do, by a measure.
    ///
    /// # Errors
    /// [`VotingError::SeveralCriteria`] where not one kind of votes is counted, and a quota
    /// under which nothing can be counted.
    pub fn sweep(&self, measure: Measure) -> Result<QuotaSweep, VotingError> {
        let votes = self.one_count("one quota can't be swept")?;
        let shares: Vec<(u64, u64)> = TWENTIETHS.map(|part| (part, 20)).collect();
        let steps = self.under_quotas(&shares, measure)?;
        let share = |twentieths: u64| twentieths as f64 / 20.0;
        Ok(QuotaSweep {
            measure,
            total: votes.iter().sum(),
            roles: roles_by_quota(votes)?,
            quotas: TWENTIETHS
                .map(share)
                .zip(steps)
                .map(|(share, step)| SweptQuota {
                    share,
                    efficiency: step.power_to_act.to_f64().unwrap_or_default(),
                    step,
                })
                .collect(),
        })
    }

    /// An index at every hundredth of the quota from one half to all votes, or at every twentieth
    /// where there are many voters: `(share of all votes, values by position)`.
    ///
    /// # Errors
    /// As [`Vote::sweep`].
    pub fn course(&self, measure: Measure) -> Result<Vec<(f64, Vec<f64>)>, VotingError> {
        let votes = self.one_count("one quota can't be swept")?;
        let steps = if votes.len() <= MOST_FINE { 50 } else { 10 };
        let shares: Vec<(u64, u64)> = (steps..=2 * steps).map(|part| (part, 2 * steps)).collect();
        let swept = self.under_quotas(&shares, measure)?;
        let shares = shares
            .iter()
            .map(|&(part, whole)| part as f64 / whole as f64);
        Ok(shares
            .zip(swept.into_iter().map(|step| step.power.values))
            .collect())
    }

    /// The same votes under each of these shares of them as the quota.
    fn under_quotas(
        &self,
        shares: &[(u64, u64)],
        measure: Measure,
    ) -> Result<Vec<Step>, VotingError> {
        let votes = self.one_count("one quota can't be swept")?;
        let quotas = shares
            .iter()
            .filter_map(|&(part, whole)| Share::new(part, whole).ok());
        let quotas: Vec<Quota> = quotas.map(Quota::at_least_share).collect();
        let rule = |quota: &Quota| {
            let names = self.rule.players().iter().map(String::as_str);
            Rule::new(names, Clause::weighted(votes.to_vec(), quota.clone()))
        };
        Ok(sweep(&quotas, measure.index(), rule)?)
    }

    /// The quota as a share of all votes, where one kind of votes is counted.
    pub fn quota_share(&self) -> Option<f64> {
        let total: f64 = self.votes.as_ref()?.iter().sum();
        let quota = self.criterion.quota?;
        Some(quota.votes_of(total) / total)
    }

    /// Who gains and who loses power against this vote in another.
    ///
    /// # Errors
    /// [`GameError`] where there are too many voters for the index.
    pub fn changes(&self, after: &Vote<'_>, index: Index) -> Result<Vec<Change>, GameError> {
        compare(&self.game(), &after.game(), index)
    }

    /// Whether abstaining can matter: whether to abstain is other than to vote against.
    pub fn lets_abstain(&self) -> bool {
        fn lets(criterion: &Criterion) -> bool {
            criterion.of_votes_cast
                || matches!(
                    criterion.kind,
                    DecisionKind::Consensus | DecisionKind::ConsensusMinusOne | DecisionKind::Veto
                )
                || criterion.criteria.iter().any(lets)
        }
        lets(&self.criterion)
    }

    /// The votes, where one kind of them is counted.
    pub(super) fn one_count(&self, what: &'static str) -> Result<&[f64], VotingError> {
        self.votes
            .as_deref()
            .ok_or_else(|| VotingError::SeveralCriteria {
                whose: self.origin.whose(),
                what,
            })
    }
}

/// A measure from what is counted already where it follows from that; `None` for swings.
fn power(game: &Game, census: &Census, measure: Measure) -> Result<Option<Power>, GameError> {
    Ok(Some(match measure {
        Measure::Swings => return Ok(None),
        Measure::Banzhaf => census.banzhaf(),
        Measure::Absolute => census.banzhaf_absolute(),
        Measure::Prevent => census.coleman_prevent(),
        Measure::Initiate => census.coleman_initiate(),
        Measure::ShapleyShubik => match census.shapley_shubik() {
            Some(power) => power,
            None => game.shapley_shubik()?,
        },
        Measure::Johnston | Measure::DeeganPackel | Measure::Holler | Measure::Nucleolus => {
            game.power(measure.index())?
        }
    }))
}
