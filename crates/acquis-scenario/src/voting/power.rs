//! What a vote says of its members: their power, and what another quota would make of it.

use acquis_decision::{
    BigUint, Change, Clause, Game, GameError, Index, Player, Power, Quota, RoleRange, Rule, Share,
    Step, compare, roles_by_quota, sweep,
};

use num_traits::ToPrimitive as _;

use super::error::VotingError;
use super::{Criterion, DecisionKind, Vote};

/// How power is divided under a rule; values by position of the member.
#[derive(Debug, Clone)]
pub struct Powers {
    /// Penrose-Banzhaf, absolute.
    pub banzhaf_absolute: Power,
    /// Penrose-Banzhaf, normalized.
    pub banzhaf: Power,
    /// Shapley-Shubik.
    pub shapley_shubik: Power,
    /// Coleman's power to prevent.
    pub coleman_prevent: Power,
    /// Coleman's power to initiate.
    pub coleman_initiate: Power,
    /// How many coalitions of the others each turns into winning ones.
    pub swings: Vec<BigUint>,
    /// How many coalitions win.
    pub winning: BigUint,
    /// How many there are, the empty one among them.
    pub coalitions: BigUint,
    /// How many win and lose with any member gone; `None` where they are too many to count.
    pub minimal_winning: Option<u64>,
    /// The share of coalitions that win.
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

/// What other quotas would do to the same votes.
#[derive(Debug, Clone)]
pub struct QuotaSweep {
    /// All votes.
    pub total: f64,
    /// The quotas between which somebody is dictator, has a veto or is a dummy.
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
    /// The normalized Penrose-Banzhaf index under it, and who is what.
    pub step: Step,
}

/// A sweep goes from one half to all votes in steps of a twentieth.
const TWENTIETHS: std::ops::RangeInclusive<u64> = 10..=20;

impl Vote<'_> {
    /// The game of the rule when nobody abstains.
    pub fn game(&self) -> Game {
        self.rule.game()
    }

    /// How power is divided.
    ///
    /// # Errors
    /// [`GameError`] where there are too many members for any method.
    pub fn powers(&self) -> Result<Powers, GameError> {
        let game = self.game();
        let census = game.census()?;
        let winning = census.winning().clone();
        Ok(Powers {
            banzhaf_absolute: census.banzhaf_absolute(),
            banzhaf: census.banzhaf(),
            shapley_shubik: match census.shapley_shubik() {
                Some(power) => power,
                None => game.shapley_shubik()?,
            },
            coleman_prevent: census.coleman_prevent(),
            coleman_initiate: census.coleman_initiate(),
            swings: census.swings().to_vec(),
            coalitions: &winning + census.losing(),
            winning,
            minimal_winning: game.minimal_winning().ok().map(|it| it.count()),
            efficiency: census.efficiency(),
            dictator: game.dictator(),
            veto_players: game.veto_players(),
            dummies: census.dummies(),
            warning: game.warning(),
        })
    }

    /// What other quotas would do; `None` where not one kind of votes is counted.
    ///
    /// # Errors
    /// A quota under which nothing can be counted.
    pub fn sweep(&self) -> Result<Option<QuotaSweep>, VotingError> {
        let Some(votes) = &self.votes else {
            return Ok(None);
        };
        let shares: Vec<Share> = TWENTIETHS
            .filter_map(|twentieths| Share::new(twentieths, 20).ok())
            .collect();
        let quotas: Vec<Quota> = shares.into_iter().map(Quota::at_least_share).collect();
        let rule = |quota: &Quota| {
            let names = self.rule.players().iter().map(String::as_str);
            Rule::new(names, Clause::weighted(votes.clone(), quota.clone()))
        };
        let steps = sweep(&quotas, Index::Banzhaf, rule)?;
        let share = |twentieths: u64| twentieths as f64 / 20.0;
        Ok(Some(QuotaSweep {
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
        }))
    }

    /// Who gains and who loses power against this vote in another.
    ///
    /// # Errors
    /// [`GameError`] where there are too many members for the index.
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

    /// The position of a member by its code.
    pub fn player(&self, code: &str) -> Option<Player> {
        let place = self.members.iter().position(|it| it.as_str() == code)?;
        Some(Player::at(place))
    }
}
