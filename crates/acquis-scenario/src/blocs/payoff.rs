//! What each candidate gains in each state of the game: the change of its real income against the
//! world of the figures, in per cent.

use std::sync::Arc;

use acquis_blocs::{Payoff, Reason};
use acquis_economy::Economy;
use acquis_equilibrium::multisector::{self, Elasticities, Solver};
use acquis_equilibrium::{Baseline, Neighbourhood, Settings, Shock, SolveError, TradeElasticity};

use acquis_registry::Stage;

use super::arrangement::{Arranged, Arrangement, Neighbours};
use super::ground::Ground;
use crate::border::{Border, Pair, Terms};
use crate::effects::StageEffects;
use crate::policy::{Payment, TradePolicy};
use crate::run::RunError;
use crate::scenario::Scenario;
use crate::sectors::Sectors;

/// The engine, prepared for every state of the game.
pub(crate) struct World<'a> {
    pub(crate) ground: &'a Ground,
    engine: Engine<'a>,
    /// Income of each candidate in the figures, in the unit of the economy: real expenditure with
    /// one sector, final income with many.
    pub(crate) incomes: Vec<f64>,
    /// What was repaired in the data, in sentences.
    pub(crate) notes: Vec<String>,
}

enum Engine<'a> {
    OneSector {
        baseline: Baseline,
        settings: Settings,
    },
    ManySectors {
        solver: Box<Solver>,
        terms: Arc<Terms>,
        scenario: &'a Scenario,
        economy: &'a Economy,
    },
}

/// The elasticities and effects of one draw.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Parameters {
    pub(crate) thetas: Vec<f64>,
    pub(crate) effects: StageEffects,
}

/// Payoffs of the game for one set of parameters.
pub(crate) struct Gains<'w> {
    ground: &'w Ground,
    /// Who takes up its offers while alone.
    takers: Vec<bool>,
    engine: Prepared<'w>,
}

enum Prepared<'w> {
    OneSector(OneSector<'w>),
    ManySectors(ManySectors<'w>),
}

impl<'a> World<'a> {
    pub(crate) fn prepare(
        scenario: &'a Scenario,
        economy: &'a Economy,
        ground: &'a Ground,
    ) -> Result<Self, RunError> {
        let positions = ground.candidates.iter().map(|candidate| candidate.position);
        if economy.sectors().len() > 1 {
            let sectors = Sectors::prepare(scenario, economy)?;
            let touched = |country: usize| {
                let mut inside = ground.candidates.iter();
                inside.any(|candidate| candidate.position == country)
            };
            let terms = Terms::new(sectors.baseline(), &scenario.policy, economy, touched)?;
            let incomes = positions.map(|place| sectors.baseline().income(place));
            return Ok(Self {
                ground,
                incomes: incomes.collect(),
                notes: sectors.notes.clone(),
                engine: Engine::ManySectors {
                    solver: Box::new(sectors.into_solver()),
                    terms: Arc::new(terms),
                    scenario,
                    economy,
                },
            });
        }
        let (baseline, settings) = crate::run::one_sector_world(scenario, economy)?;
        Ok(Self {
            ground,
            incomes: positions
                .map(|place| baseline.expenditure()[place])
                .collect(),
            notes: Vec::new(),
            engine: Engine::OneSector { baseline, settings },
        })
    }

    /// Payoffs under these parameters. Among the candidates, takers take up their offers while
    /// they stand alone.
    pub(crate) fn gains(
        &self,
        parameters: &Parameters,
        takers: Vec<bool>,
    ) -> Result<Gains<'_>, RunError> {
        let engine = match &self.engine {
            Engine::OneSector { baseline, settings } => Prepared::OneSector(OneSector::new(
                self.ground,
                baseline,
                *settings,
                parameters,
            )?),
            Engine::ManySectors {
                solver,
                terms,
                scenario,
                economy,
            } => Prepared::ManySectors(ManySectors {
                ground: self.ground,
                solver: solver.with_elasticities(Elasticities::new(parameters.thetas.clone())?)?,
                terms: Arc::clone(terms),
                policy: &scenario.policy,
                economy,
                effects: parameters.effects.clone(),
            }),
        };
        Ok(Gains {
            ground: self.ground,
            takers,
            engine,
        })
    }
}

impl<S: Arranged> Payoff<S> for Gains<'_> {
    fn players(&self) -> usize {
        self.ground.candidates.len()
    }

    fn payoffs(&self, state: &S, payoffs: &mut [f64]) -> Result<(), Reason> {
        let batch = self.batch(std::slice::from_ref(state), payoffs);
        batch.map_err(|(_, reason)| reason)
    }

    fn batch(&self, states: &[S], payoffs: &mut [f64]) -> Result<(), (usize, Reason)> {
        let rows = payoffs.chunks_exact_mut(self.ground.candidates.len().max(1));
        let rows = states.iter().map(Arranged::arrange).zip(rows).enumerate();
        match &self.engine {
            Prepared::OneSector(engine) => {
                let mut neighbours = Neighbours::new();
                for (place, (state, row)) in rows {
                    let solved = engine.solve(&state, &self.takers, &mut neighbours, row);
                    solved.map_err(|error| (place, error.into()))?;
                }
            }
            Prepared::ManySectors(engine) => {
                let mut neighbours = Neighbours::new();
                for (place, (state, row)) in rows {
                    let solved = engine.solve(&state, &self.takers, &mut neighbours, row);
                    solved.map_err(|error| (place, error.into()))?;
                }
            }
        }
        Ok(())
    }
}

fn percent(hat: f64) -> f64 {
    100.0 * (hat - 1.0)
}

/// What a pair's trade is multiplied by, at given resistances, once it is at a stage.
fn factor(ground: &Ground, parameters: &Parameters, pair: [usize; 2], after: Stage) -> f64 {
    let before = ground.stage_before(pair[0], pair[1]);
    (parameters.effects.of(after) - parameters.effects.of(before)).exp()
}

fn unsolved(error: SolveError) -> RunError {
    RunError::Solve {
        variant: "blocs".to_owned(),
        error,
    }
}

/// A world of one sector, where a stage multiplies trade.
struct OneSector<'w> {
    ground: &'w Ground,
    /// Of the world without blocs.
    neighbourhood: Neighbourhood,
    /// What holds without blocs.
    without_blocs: Shock,
    /// `[level][candidate][candidate]`
    together: Vec<Vec<f64>>,
    /// By candidate: pairs with their factor once it takes up its offers.
    offered: Vec<Vec<(usize, usize, f64)>>,
}

impl<'w> OneSector<'w> {
    fn new(
        ground: &'w Ground,
        baseline: &'w Baseline,
        settings: Settings,
        parameters: &Parameters,
    ) -> Result<Self, RunError> {
        let (count, n) = (ground.economies(), ground.candidates.len());
        let factor = |first, second, after| factor(ground, parameters, [first, second], after);
        let mut without_blocs = Shock::none(count);
        for Pair {
            first,
            second,
            after,
            ..
        } in ground.without_blocs()
        {
            without_blocs.set_pair(first, second, factor(first, second, after))?;
        }
        let position = |candidate: usize| ground.candidates[candidate].position;
        let level = |level: usize| {
            let mut square = vec![1.0; n * n];
            for one in 0..n {
                for other in (0..n).filter(|&other| other != one) {
                    let stage = ground.together(one, other, level);
                    square[one * n + other] = factor(position(one), position(other), stage);
                }
            }
            square
        };
        let offers = |candidate: usize| {
            let pairs = ground.offered_to(candidate).into_iter();
            let pair = |(first, second, stage): (usize, usize, Stage)| {
                let stage = stage.max(ground.stage_on_ground(first, second));
                (first, second, factor(first, second, stage))
            };
            pairs.map(pair).collect()
        };
        let theta = TradeElasticity::new(parameters.thetas[0]).map_err(SolveError::from);
        let settings = Settings {
            elasticity: theta.map_err(unsolved)?,
            ..settings
        };
        let neighbourhood = Neighbourhood::around(baseline, &without_blocs, &settings);
        Ok(Self {
            ground,
            neighbourhood: neighbourhood.map_err(unsolved)?,
            without_blocs,
            together: (0..ground.stages.len()).map(level).collect(),
            offered: (0..n).map(offers).collect(),
        })
    }

    fn shock(&self, state: &Arrangement, takers: &[bool]) -> Result<Shock, RunError> {
        let n = self.ground.candidates.len();
        let mut shock = self.without_blocs.clone();
        for (candidate, pairs) in self.offered.iter().enumerate() {
            if state.alone[candidate] && takers[candidate] {
                for &(first, second, factor) in pairs {
                    shock.set_pair(first, second, factor)?;
                }
            }
        }
        for &(one, other, level) in &state.together {
            let factor = self.together[level][one * n + other];
            let [one, other] = [one, other].map(|place| self.ground.candidates[place].position);
            shock.set_pair(one, other, factor)?;
        }
        Ok(shock)
    }

    fn solve(
        &self,
        state: &Arrangement,
        takers: &[bool],
        neighbours: &mut Neighbours<Vec<f64>>,
        row: &mut [f64],
    ) -> Result<(), RunError> {
        let shock = self.shock(state, takers)?;
        let guess = neighbours.guess(state.code);
        let solved = self
            .neighbourhood
            .solve(&shock, guess.as_deref())
            .map_err(unsolved)?;
        let welfare = solved.welfare_change();
        for (gain, candidate) in row.iter_mut().zip(&self.ground.candidates) {
            *gain = percent(welfare[candidate.position]);
        }
        let log_wages = solved.wage_change.iter().map(|wage| wage.ln());
        neighbours.keep(state.code, log_wages.collect());
        Ok(())
    }
}

/// A world of many sectors, where a stage is tariffs first.
struct ManySectors<'w> {
    ground: &'w Ground,
    solver: Solver,
    terms: Arc<Terms>,
    policy: &'w TradePolicy,
    economy: &'w Economy,
    effects: StageEffects,
}

impl ManySectors<'_> {
    fn solve(
        &self,
        state: &Arrangement,
        takers: &[bool],
        neighbours: &mut Neighbours<multisector::Counterfactual>,
        row: &mut [f64],
    ) -> Result<(), RunError> {
        let policy = self.policy_among(state);
        let changes = self.ground.changes(state, takers);
        let concerned = self.concerned(state, &changes);
        let border = Border::between(
            self.solver.baseline(),
            &policy,
            Arc::clone(&self.terms),
            changes,
            concerned,
        );
        let shock = border.shock(self.economy, &self.effects, self.solver.elasticities())?;
        let solved = match neighbours.nearest(state.code) {
            Some(near) => self.solver.solve_near(&shock, near),
            None => self.solver.solve_narrow(&shock),
        }?;
        for (gain, candidate) in row.iter_mut().zip(&self.ground.candidates) {
            *gain = percent(solved.welfare_change(candidate.position));
        }
        neighbours.keep(state.code, solved);
        Ok(())
    }

    /// Stages between all who stand with somebody or whose stage with somebody changes.
    fn concerned(&self, state: &Arrangement, changes: &[Pair]) -> Vec<Pair> {
        let mut who: Vec<usize> = changes
            .iter()
            .flat_map(|pair| [pair.first, pair.second])
            .collect();
        let inside = state.alone.iter().zip(&self.ground.candidates);
        who.extend(
            inside
                .filter(|(alone, _)| !**alone)
                .map(|(_, candidate)| candidate.position),
        );
        who.sort_unstable();
        who.dedup();
        let mut pairs = Vec::new();
        for (place, &first) in who.iter().enumerate() {
            for &second in &who[place + 1..] {
                let changed = changes
                    .iter()
                    .find(|pair| (pair.first, pair.second) == (first, second));
                let stage = self.ground.stage_before(first, second);
                pairs.push(changed.copied().unwrap_or(Pair {
                    first,
                    second,
                    before: stage,
                    after: stage,
                }));
            }
        }
        pairs
    }

    /// The policy as it is among those who stand together: the pool has their shares, brought
    /// to a hundred again, and payments between candidates are made within a bloc only.
    fn policy_among(&self, state: &Arrangement) -> TradePolicy {
        let mut policy = self.policy.clone();
        let place = |code: &str| {
            let mut candidates = self.ground.candidates.iter();
            candidates.position(|candidate| candidate.code == code)
        };
        let has_common_tariff = |candidate: usize| {
            state.together.iter().any(|&(one, other, level)| {
                (one == candidate || other == candidate)
                    && self.ground.stages[level] >= Stage::CustomsUnion
            })
        };
        if let Some(pool) = &mut policy.pool {
            pool.shares
                .retain(|(name, _)| place(&name.value).is_none_or(has_common_tariff));
            let sum: f64 = pool.shares.iter().map(|(_, share)| share).sum();
            for (_, share) in &mut pool.shares {
                *share *= 100.0 / sum;
            }
            if pool.shares.len() < 2 || sum <= 0.0 {
                policy.pool = None;
            }
        }
        let is_made = |payment: &Payment| {
            let ends = [&payment.from, &payment.to].map(|name| place(&name.value));
            match ends {
                [Some(from), Some(to)] => {
                    let (low, high) = (from.min(to), from.max(to));
                    let mut together = state.together.iter();
                    together.any(|&(one, other, _)| (one, other) == (low, high))
                }
                [Some(one), None] | [None, Some(one)] => !state.alone[one],
                [None, None] => true,
            }
        };
        policy.payments.retain(is_made);
        policy
    }
}
