//! From the question to its answer.

use std::ops::ControlFlow;
use std::path::Path;

use acquis_blocs::{
    Coalition, Levels, Memberships, Partitions, Payoff, Player, Progress, Rules, Run, SingleBlocs,
    Store, Table, TableError, Tolerance,
};
use acquis_economy::Economy;
use acquis_registry::{Findings, Registry};

use super::ballot::Ballot;
use super::error::BlocsError;
use super::ground::{Candidate, Ground, OfferedStages, among};
use super::levels::LevelsVerdict;
use super::payoff::{Gains, Parameters, World};
use super::question::{BlocForm, BlocsQuestion};
use super::sensitivity::{Sensitivity, draws};
use super::several::SeveralVerdict;
use super::single::{Inquiry, SingleBlocVerdict};
use crate::almanac::Almanac;
use crate::scenario::Scenario;

/// A question on blocs that has been checked against the registry and the economy.
pub struct BlocsGame<'a> {
    scenario: &'a Scenario,
    economy: &'a Economy,
    question: &'a BlocsQuestion,
    ground: Ground,
    ballot: Ballot,
    founders: Coalition,
}

/// What watches a run.
pub struct Watch<'w> {
    /// The folder in which equilibria are kept, so that another run goes on from them.
    pub store: Option<&'w Path>,
    /// Is told how many equilibria are solved of how many in all, and may stop the run.
    pub progress: &'w mut dyn FnMut(Progress) -> ControlFlow<()>,
}

/// Which union would hold.
#[derive(Debug)]
pub struct BlocsAnswer {
    /// Who might be in, by position.
    pub candidates: Vec<Candidate>,
    /// Their incomes in the figures, in the unit of the economy.
    pub incomes: Vec<f64>,
    /// What could be formed.
    pub form: BlocForm,
    /// Who begins.
    pub founders: Coalition,
    /// The rule by which a union admits, in words, where it is an organization's own.
    pub admission_rule: Option<String>,
    /// What outsiders could take up.
    pub offers: Vec<OfferedStages>,
    /// By candidate: whether it takes up what it is offered; it does if it gains by that while
    /// there is no bloc.
    pub takers: Vec<bool>,
    /// By candidate: what its offers are worth to it while there is no bloc, per cent.
    pub offer_gains: Vec<f64>,
    /// The verdict.
    pub verdict: BlocsVerdict,
    /// How many equilibria were solved.
    pub equilibria: usize,
    /// What a reader ought to know about the inputs.
    pub notes: Vec<String>,
}

/// The verdict by form.
#[derive(Debug)]
pub enum BlocsVerdict {
    /// One bloc.
    Single(Box<SingleVerdicts>),
    /// Several side by side.
    Several(Box<SeveralVerdict>),
    /// A level for each.
    Levels(Box<LevelsVerdict>),
}

/// One bloc: the verdict, and what is said beside it.
#[derive(Debug)]
pub struct SingleVerdicts {
    /// With outsiders taking up what they are offered.
    pub verdict: SingleBlocVerdict,
    /// As if nothing were offered, where something is.
    pub without_offers: Option<SingleBlocVerdict>,
    /// Over draws of the elasticity and of the effects, where they are asked for.
    pub sensitivity: Option<Sensitivity>,
}

impl<'a> BlocsGame<'a> {
    /// Checks the question.
    ///
    /// # Errors
    /// Every mistake in it, at its place.
    pub fn prepare(
        scenario: &'a Scenario,
        registry: &Registry,
        economy: &'a Economy,
        almanac: &Almanac,
    ) -> Result<Self, BlocsError> {
        let question = scenario
            .blocs
            .as_ref()
            .ok_or_else(|| no_question(scenario))?;
        crate::run::check_one_sector(scenario, economy)?;
        let ground = Ground::new(scenario, question, registry, economy)?;
        let candidates = &ground.candidates;
        let ballot = Ballot::new(scenario, &question.admission, candidates, registry, almanac)?;
        let mut founders = Coalition::EMPTY;
        for name in &question.founders {
            let player = Player::at(among(name, candidates, registry)?);
            founders = founders.with(player).unwrap_or(founders);
        }
        Ok(Self {
            scenario,
            economy,
            question,
            ground,
            ballot,
            founders,
        })
    }

    /// Who might be in.
    pub fn candidates(&self) -> &[Candidate] {
        &self.ground.candidates
    }

    /// How many equilibria an answer takes, known beforehand.
    pub fn equilibria(&self) -> usize {
        let n = self.ground.candidates.len();
        let once = match &self.question.form {
            BlocForm::Single(_) => SingleBlocs::new(n).map(|all| all.evaluations()),
            BlocForm::Several(_) => Partitions::new(n).map(|all| all.evaluations()),
            BlocForm::Levels(stages) => {
                Levels::new(n, stages.len() + 1).map(|all| all.evaluations())
            }
        };
        once.unwrap_or(usize::MAX).saturating_mul(self.tables())
    }

    /// How many tables are evaluated.
    fn tables(&self) -> usize {
        match &self.question.form {
            BlocForm::Single(_) => {
                let offers = usize::from(!self.ground.offers.is_empty());
                1 + offers + self.scenario.uncertainty.map_or(0, |draws| draws.draws)
            }
            BlocForm::Several(_) | BlocForm::Levels(_) => 1,
        }
    }

    /// The gains of all single blocs in per cent, without a verdict: for questions of one's own to
    /// `acquis_blocs`. Outsiders take up what they are offered.
    ///
    /// # Errors
    /// As [`BlocsGame::answer`]; too many candidates for a table of single blocs.
    pub fn single_blocs(&self, watch: &mut Watch<'_>) -> Result<Table<SingleBlocs>, BlocsError> {
        let blocs = SingleBlocs::new(self.ground.candidates.len())?;
        self.tabulate(blocs, watch)
    }

    /// The gains of all memberships with the levels of the question, in per cent, without a verdict.
    ///
    /// # Errors
    /// As [`BlocsGame::answer`]; too many memberships for a table.
    pub fn memberships(&self, watch: &mut Watch<'_>) -> Result<Table<Levels>, BlocsError> {
        let levels = self.question.form.stages().len() + 1;
        self.tabulate(Levels::new(self.ground.candidates.len(), levels)?, watch)
    }

    fn tabulate<M: Memberships>(
        &self,
        memberships: M,
        watch: &mut Watch<'_>,
    ) -> Result<Table<M>, BlocsError>
    where
        for<'g> Gains<'g>: Payoff<M::State>,
    {
        let world = World::prepare(self.scenario, self.economy, &self.ground)?;
        let parameters = self.parameters();
        let (takers, _) = self.takers(&world, &parameters)?;
        let total = memberships.evaluations();
        let mut bench = Bench {
            game: self,
            watch,
            done: 0,
            total,
        };
        let gains = world.gains(&parameters, takers)?;
        bench.evaluate(memberships, &gains, Some("game"))
    }

    /// Solves what has to be solved and answers.
    ///
    /// # Errors
    /// An equilibrium that doesn't exist, a store that can't be used, or [`BlocsError::Stopped`].
    pub fn answer(&self, watch: &mut Watch<'_>) -> Result<BlocsAnswer, BlocsError> {
        let world = World::prepare(self.scenario, self.economy, &self.ground)?;
        let parameters = self.parameters();
        let (takers, offer_gains) = self.takers(&world, &parameters)?;
        let mut bench = Bench {
            game: self,
            watch,
            done: 0,
            total: self.equilibria(),
        };
        let gains = world.gains(&parameters, takers.clone())?;
        let n = self.ground.candidates.len();
        let verdict = match &self.question.form {
            BlocForm::Single(_) => BlocsVerdict::Single(Box::new(self.single(
                &world,
                &parameters,
                &takers,
                &mut bench,
            )?)),
            BlocForm::Several(_) => {
                let table = bench.evaluate(Partitions::new(n)?, &gains, Some("game"))?;
                let verdict = self.judge(|rules| {
                    SeveralVerdict::of(table, &world.incomes, self.question.farsighted, rules)
                });
                BlocsVerdict::Several(Box::new(verdict?))
            }
            BlocForm::Levels(stages) => {
                let levels = Levels::new(n, stages.len() + 1)?;
                let table = bench.evaluate(levels, &gains, Some("game"))?;
                let verdict = self.judge(|rules| LevelsVerdict::of(table, &world.incomes, rules));
                BlocsVerdict::Levels(Box::new(verdict))
            }
        };
        Ok(BlocsAnswer {
            candidates: self.ground.candidates.clone(),
            form: self.question.form.clone(),
            founders: self.founders,
            admission_rule: match &self.ballot {
                Ballot::Rule(rule) => Some(rule.words.clone()),
                Ballot::Open | Ballot::Unanimity => None,
            },
            offers: self.ground.offers.clone(),
            equilibria: self.equilibria(),
            notes: self.notes(&world),
            incomes: world.incomes.clone(),
            takers,
            offer_gains,
            verdict,
        })
    }

    fn single(
        &self,
        world: &World<'_>,
        parameters: &Parameters,
        takers: &[bool],
        bench: &mut Bench<'_, '_>,
    ) -> Result<SingleVerdicts, BlocsError> {
        let n = self.ground.candidates.len();
        let blocs = SingleBlocs::new(n)?;
        let inquiry = Inquiry {
            incomes: &world.incomes,
            founders: self.founders,
            divide: self.question.divide,
            farsighted: self.question.farsighted,
            by_consent: !matches!(self.ballot, Ballot::Open),
        };
        let judge = |table| self.judge(|rules| SingleBlocVerdict::of(table, rules, &inquiry));
        let gains = world.gains(parameters, takers.to_vec())?;
        let verdict = judge(bench.evaluate(blocs, &gains, Some("game"))?)?;
        let without_offers = if self.ground.offers.is_empty() {
            None
        } else {
            let gains = world.gains(parameters, vec![false; n])?;
            let table = bench.evaluate(blocs, &gains, Some("without-offers"))?;
            Some(judge(table)?)
        };
        let sensitivity = match self.scenario.uncertainty {
            None => None,
            Some(uncertainty) => {
                let mut sensitivity = Sensitivity::new(uncertainty, n);
                for drawn in draws(uncertainty, parameters)? {
                    let gains = world.gains(&drawn, takers.to_vec())?;
                    let table = bench.evaluate(blocs, &gains, None)?;
                    self.judge(|rules| sensitivity.take(&table, rules));
                }
                Some(sensitivity)
            }
        };
        Ok(SingleVerdicts {
            verdict,
            without_offers,
            sensitivity,
        })
    }

    /// Judges by the rules of the question.
    fn judge<T>(&self, verdict: impl FnOnce(&Rules<'_>) -> T) -> T {
        self.ballot.ask(|admission| {
            verdict(&Rules {
                // Checked when the question was read.
                tolerance: Tolerance::new(self.question.tolerance).unwrap_or_default(),
                indifferent: self.question.indifferent,
                admission,
            })
        })
    }

    fn parameters(&self) -> Parameters {
        Parameters {
            thetas: self.scenario.thetas(self.economy),
            effects: self.scenario.effects.clone(),
        }
    }

    /// Who takes up what it is offered: whoever gains by it while there is no bloc.
    fn takers(
        &self,
        world: &World<'_>,
        parameters: &Parameters,
    ) -> Result<(Vec<bool>, Vec<f64>), BlocsError> {
        let n = self.ground.candidates.len();
        let mut takers = vec![false; n];
        let mut gains = vec![0.0; n];
        if self.ground.offers.is_empty() {
            return Ok((takers, gains));
        }
        let nobody = SingleBlocs::new(n)?.state(0);
        let value = |takers: Vec<bool>, candidate: usize| -> Result<f64, BlocsError> {
            let mut row = vec![0.0; n];
            let payoffs = world.gains(parameters, takers)?;
            payoffs.payoffs(&nobody, &mut row).map_err(|reason| {
                let state = nobody.to_string();
                self.table_error(acquis_blocs::PayoffError::Failed { state, reason }.into())
            })?;
            Ok(row[candidate])
        };
        for candidate in 0..n {
            if self.ground.offered_to(candidate).is_empty() {
                continue;
            }
            let mut alone = vec![false; n];
            let before = value(alone.clone(), candidate)?;
            alone[candidate] = true;
            gains[candidate] = value(alone, candidate)? - before;
            takers[candidate] = gains[candidate] > self.question.tolerance;
        }
        Ok((takers, gains))
    }

    fn table_error(&self, error: TableError) -> BlocsError {
        match error {
            TableError::Stopped { done, total } => BlocsError::Stopped { done, total },
            error => BlocsError::Table {
                error,
                candidates: codes(&self.ground.candidates),
            },
        }
    }

    /// What distinguishes this game from any other: the figures, the stages, what is assumed.
    fn key(&self, which: &str) -> String {
        let scenario = self.scenario;
        let trade = self.economy.trade().iter().map(|flow| flow.to_bits());
        let text = format!(
            "{which} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?}",
            self.ground,
            self.parameters(),
            scenario.closure_in(self.economy),
            scenario.purge,
            scenario.policy,
            self.economy.card.id,
            self.economy.figures().tariffs,
            self.economy.figures().input_coefficients,
            trade.collect::<Vec<u64>>(),
        );
        let digest = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        format!(
            "{} in {}, {which}, {digest:016x}",
            codes(&self.ground.candidates).join(" "),
            self.economy.card.id
        )
    }

    fn notes(&self, world: &World<'_>) -> Vec<String> {
        let mut notes = world.notes.clone();
        let stages = self.question.form.stages();
        let effects = &self.scenario.effects;
        notes.extend(
            stages
                .iter()
                .filter_map(|stage| effects.without_estimate(*stage)),
        );
        if stages
            .iter()
            .any(|stage| *stage >= acquis_registry::Stage::CustomsUnion)
        {
            let labels = self.economy.labels();
            for (candidate, partners) in self.ground.free_trade_with_outsiders() {
                let partners: Vec<&str> = partners
                    .iter()
                    .map(|place| labels[*place].as_str())
                    .collect();
                notes.push(format!(
                    "{} has free trade with {} outside the candidates. A customs union has no room for that unless all members have it (GATT Art. XXIV:8); the model leaves it in place.",
                    self.ground.candidates[candidate].name,
                    partners.join(", "),
                ));
            }
        }
        notes
    }
}

fn no_question(scenario: &Scenario) -> Findings {
    acquis_registry::Finding::error(
        acquis_registry::Lint::Format,
        None,
        format!("the scenario {:?} has no [blocs] table", scenario.name),
    )
    .expecting("a [blocs] table with candidates and a stage")
    .into()
}

fn codes(candidates: &[Candidate]) -> Vec<String> {
    candidates
        .iter()
        .map(|candidate| candidate.code.clone())
        .collect()
}

/// Where tables are evaluated, one after the other.
struct Bench<'g, 'w> {
    game: &'g BlocsGame<'g>,
    watch: &'g mut Watch<'w>,
    done: usize,
    total: usize,
}

impl Bench<'_, '_> {
    /// A table, kept in a file of this name where there is a store.
    fn evaluate<M: Memberships>(
        &mut self,
        memberships: M,
        gains: &Gains<'_>,
        name: Option<&str>,
    ) -> Result<Table<M>, BlocsError>
    where
        for<'g> Gains<'g>: Payoff<M::State>,
    {
        let (before, total) = (self.done, self.total);
        self.done += memberships.evaluations();
        let told = &mut *self.watch.progress;
        let mut progress = |progress: Progress| {
            told(Progress {
                done: before + progress.done,
                total,
            })
        };
        let failed = |error| self.game.table_error(error);
        let mut store = match (self.watch.store, name) {
            (Some(folder), Some(name)) => {
                let path = folder.join(format!("{name}.equilibria"));
                Some(
                    Store::open(&path, &self.game.key(name))
                        .map_err(|error| failed(error.into()))?,
                )
            }
            _ => None,
        };
        let run = Run::new().with_progress(&mut progress);
        let run = match &mut store {
            Some(store) => run.with_store(store),
            None => run,
        };
        Table::evaluate(memberships, gains, run).map_err(failed)
    }
}
