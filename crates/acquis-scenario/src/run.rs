//! From a scenario to its outcome: law before and after, trade-cost change, equilibrium,
//! gains, and who would have reason to refuse.

use std::collections::BTreeSet;

use acquis_economy::Economy;
use acquis_equilibrium::multisector::{self, Simulation};
use acquis_equilibrium::{
    Baseline, BaselineError, Certificate, Counterfactual, Settings, Shock, ShockError, SolveError,
    TradeElasticity, solve,
};
use acquis_law::Law;
use acquis_registry::{Finding, Findings, Lint, Registry, Stage, StateCode, View};
use rayon::prelude::*;

use crate::draws::{Drawing, Quantiles};
use crate::effects::StageEffects;
use crate::policy::Uncertainty;
use crate::reform::{Reform, compare};
use crate::scenario::{Scenario, Variant, place_of};
use crate::sectors::{SectorResults, Sectors};

/// What a scenario gives.
#[derive(Debug)]
pub struct Outcome {
    /// One for each variant, in the order of the file.
    pub variants: Vec<VariantOutcome>,
    /// What a reader ought to know about the inputs.
    pub notes: Vec<String>,
}

/// What one variant gives.
#[derive(Debug)]
pub struct VariantOutcome {
    /// Short name.
    pub name: String,
    /// Title.
    pub title: String,
    /// What it does to the law.
    pub reform: Reform,
    /// What it does to the economies; `None` if the law refused it.
    pub effects: Option<Effects>,
}

impl VariantOutcome {
    /// Whether the law refused the variant.
    pub const fn is_refused(&self) -> bool {
        self.effects.is_none()
    }
}

/// What a variant does to the economies.
#[derive(Debug)]
pub struct Effects {
    /// One row for each economy, in the order of the economy's labels.
    pub rows: Vec<Row>,
    /// Who sells how much to whom.
    pub trade: Trade,
    /// How well the equations are solved, and what else the model tells.
    pub model: Model,
    /// Quantiles over draws of what was estimated, where they are asked for.
    pub quantiles: Option<Quantiles>,
}

/// Trade between all economies before and after, in the unit of the economy; what each sells
/// at home stands on the diagonal.
#[derive(Debug, Clone, PartialEq)]
pub struct Trade {
    count: usize,
    /// `[exporter][importer]`, before and after.
    flows: Vec<[f64; 2]>,
}

impl Trade {
    fn new(count: usize, flow: impl Fn(usize, usize) -> [f64; 2]) -> Self {
        let pairs = (0..count).flat_map(|exporter| (0..count).map(move |to| (exporter, to)));
        Self {
            count,
            flows: pairs.map(|(exporter, to)| flow(exporter, to)).collect(),
        }
    }

    /// How many economies there are.
    pub const fn count(&self) -> usize {
        self.count
    }

    /// What one sells to another before and after, by their positions among the labels of the
    /// economy.
    ///
    /// # Panics
    /// For a position that no economy has.
    pub fn flow(&self, exporter: usize, importer: usize) -> [f64; 2] {
        assert!(importer < self.count, "no economy {importer}");
        self.flows[exporter * self.count + importer]
    }
}

/// The model that was solved.
#[derive(Debug)]
pub enum Model {
    /// One sector, no tariffs.
    OneSector(Certificate),
    /// Many sectors with tariffs.
    ManySectors(Box<SectorResults>),
}

/// Whether a state is better off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Real income rises.
    Gains,
    /// Real income falls.
    Loses,
    /// The change is below what is worth a word.
    Unchanged,
}

impl Verdict {
    /// A change of real income that rounds to 0.000 % is none.
    const THRESHOLD: f64 = 5e-6;

    fn of(change: f64) -> Self {
        if change > Self::THRESHOLD {
            Self::Gains
        } else if change < -Self::THRESHOLD {
            Self::Loses
        } else {
            Self::Unchanged
        }
    }

    /// The word for people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Gains => "gains",
            Self::Loses => "loses",
            Self::Unchanged => "unchanged",
        }
    }
}

/// Imports of one economy from one group of partners.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Imports {
    /// Before, in the unit of the economy.
    pub before: f64,
    /// After, in the money of the model (world output keeps its value).
    pub after: f64,
}

impl Imports {
    /// The change in per cent; `None` where nothing was imported before.
    pub fn change_pct(&self) -> Option<f64> {
        (self.before > 0.0).then(|| 100.0 * (self.after / self.before - 1.0))
    }

    /// The change in the unit of the economy.
    pub fn change(&self) -> f64 {
        self.after - self.before
    }
}

/// What a variant does to one economy.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Row {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Whether its stage with another state changes.
    pub is_member: bool,
    /// Change of exports, per cent.
    pub exports_pct: Option<f64>,
    /// Change of real income (expenditure over its price index), per cent.
    pub real_income_pct: f64,
    /// Change of the real wage, per cent.
    pub real_wage_pct: f64,
    /// Imports from members of the reform, itself left out.
    pub from_members: Imports,
    /// Imports from everyone else.
    pub from_outsiders: Imports,
    /// The share of its trade data that is estimated.
    pub estimated_share: Option<f64>,
    /// Whether it is better off.
    pub verdict: Verdict,
}

/// Why a scenario could not be run.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// Whoever asked said stop.
    #[error("the run was cancelled")]
    Cancelled,
    /// Mistakes in the scenario or its economy.
    #[error("{0}")]
    Findings(#[from] Findings),
    /// The trade figures can't be a baseline.
    #[error("the economy can't be a baseline: {0}")]
    Baseline(#[from] BaselineError),
    /// The reform's effects can't be a shock.
    #[error("the effects of the stages can't be used: {0}")]
    Shock(#[from] ShockError),
    /// The equations could not be solved.
    #[error("variant {variant:?}: {error}")]
    Solve {
        /// The variant.
        variant: String,
        /// What the solver says.
        error: SolveError,
    },
    /// The figures of many sectors can't be a baseline.
    #[error("the economy can't be a baseline: {0}")]
    SectorBaseline(#[from] multisector::BaselineError),
    /// An elasticity of the economy or of a draw can't be used.
    #[error(transparent)]
    Elasticity(#[from] multisector::ElasticityError),
    /// What the stages do at the border can't be used.
    #[error("the instruments can't be used: {0}")]
    SectorShock(#[from] multisector::ShockError),
    /// A union that can't be formed.
    #[error("the union can't be formed: {0}")]
    Instrument(#[from] multisector::instruments::InstrumentError),
    /// A setting of the engine.
    #[error(transparent)]
    Settings(#[from] multisector::SettingsError),
    /// Draws that can't be made.
    #[error(transparent)]
    Draws(#[from] multisector::DrawsError),
    /// No draw of what was estimated has an equilibrium.
    #[error("none of the {draws} draws has an equilibrium")]
    NoDraw {
        /// How many there were.
        draws: usize,
    },
    /// The equations of many sectors could not be solved.
    #[error("{}{error}", variant.as_ref().map_or_else(String::new, |name| format!("variant {name:?}: ")))]
    SectorSolve {
        /// The variant.
        variant: Option<String>,
        /// What the solver says.
        error: multisector::SolveError,
    },
}

impl From<multisector::SolveError> for RunError {
    fn from(error: multisector::SolveError) -> Self {
        Self::SectorSolve {
            variant: None,
            error,
        }
    }
}

impl RunError {
    fn in_variant(self, name: &str) -> Self {
        match self {
            Self::SectorSolve { error, .. } => Self::SectorSolve {
                variant: Some(name.to_owned()),
                error,
            },
            other => other,
        }
    }
}

/// The engine, prepared for all variants of a scenario.
enum World<'a> {
    OneSector {
        baseline: Baseline,
        settings: Settings,
    },
    ManySectors(Sectors<'a>),
}

impl<'a> World<'a> {
    fn prepare(scenario: &'a Scenario, economy: &'a Economy) -> Result<Self, RunError> {
        if economy.sectors().len() > 1 {
            return Ok(Self::ManySectors(Sectors::prepare(scenario, economy)?));
        }
        only_with_sectors(scenario, economy)?;
        let (baseline, settings) = one_sector_world(scenario, economy)?;
        Ok(Self::OneSector { baseline, settings })
    }
}

/// The baseline of an economy of one sector, and how it is solved.
pub(crate) fn one_sector_world(
    scenario: &Scenario,
    economy: &Economy,
) -> Result<(Baseline, Settings), RunError> {
    let baseline = Baseline::new(economy.labels().to_vec(), economy.trade().to_vec())?;
    let elasticity = scenario.elasticity_in(economy).thetas[0];
    let elasticity = TradeElasticity::new(elasticity).map_err(SolveError::from);
    let mut settings = Settings::new(elasticity.map_err(|error| RunError::Solve {
        variant: scenario.name.clone(),
        error,
    })?);
    if let Some(closure) = scenario.closure_in(economy).one_sector() {
        settings.closure = closure;
    }
    Ok((baseline, settings))
}

/// Refuses what means nothing in an economy of one sector, where it has one.
pub(crate) fn check_one_sector(scenario: &Scenario, economy: &Economy) -> Result<(), Findings> {
    if economy.sectors().len() > 1 {
        return Ok(());
    }
    only_with_sectors(scenario, economy)
}

/// Refuses what means nothing in an economy of one sector.
fn only_with_sectors(scenario: &Scenario, economy: &Economy) -> Result<(), Findings> {
    let closure = scenario.closure_in(economy);
    let policy = &scenario.policy;
    let asked = if closure.one_sector().is_none() {
        closure.label()
    } else if scenario.purge {
        "purging deficits"
    } else if policy.pool.is_some() {
        "a revenue pool"
    } else if !policy.payments.is_empty() {
        "a payment"
    } else if policy.labour_mobility.is_some() {
        "labour that moves"
    } else if *policy != crate::policy::TradePolicy::default() {
        "a trade policy"
    } else {
        return Ok(());
    };
    let place = scenario.base.economy_place.clone();
    let message = format!("{asked} needs sectors, and {} has one", economy.card.id);
    Err(Finding::error(Lint::Economy, place, message)
        .expecting("an economy of many sectors")
        .into())
}

/// What a run tells on its way.
pub struct Progress<'a> {
    /// Called before each variant with its number from 0.
    pub on_variant: &'a (dyn Fn(usize) + Sync),
    /// Called after each draw.
    pub on_draw: &'a (dyn Fn() + Sync),
    /// Asked before each variant and each draw: whether to stop.
    pub is_cancelled: &'a (dyn Fn() -> bool + Sync),
}

impl Progress<'_> {
    /// Tells nobody, and is never cancelled.
    pub const SILENT: Progress<'static> = Progress {
        on_variant: &|_| (),
        on_draw: &|| (),
        is_cancelled: &|| false,
    };

    pub(crate) fn go_on(&self) -> Result<(), RunError> {
        if (self.is_cancelled)() {
            Err(RunError::Cancelled)
        } else {
            Ok(())
        }
    }
}

/// Runs a scenario, in one sector or many as its economy has.
///
/// # Errors
/// Mistakes in the scenario's acts, trade figures that are no baseline, equations
/// without a solution, or that it was cancelled on its way. A variant whose commitments the
/// law finds incompatible is no error: it comes back without effects, unless the scenario (or
/// `accept_incompatible`) says to go on.
pub fn run(
    scenario: &Scenario,
    registry: &Registry,
    economy: &Economy,
    accept_incompatible: bool,
    progress: &Progress<'_>,
) -> Result<Outcome, RunError> {
    if let Some(blocs) = &scenario.blocs
        && scenario.variants.iter().all(|it| it.amendments.is_empty())
    {
        return Err(only_blocs(blocs.place.clone()).into());
    }
    let legal = Legal::new(scenario, registry, economy);
    let world = World::prepare(scenario, economy)?;
    let accept = accept_incompatible || scenario.accept_incompatible;
    let mut variants = Vec::with_capacity(scenario.variants.len());
    let mut notes = match &world {
        World::ManySectors(sectors) => sectors.notes.clone(),
        World::OneSector { .. } => Vec::new(),
    };
    for (number, variant) in scenario.variants.iter().enumerate() {
        progress.go_on()?;
        (progress.on_variant)(number);
        let reform = legal.reform(variant)?;
        for code in &reform.concerned {
            if economy.position(code.as_str()).is_none() {
                notes.push(format!(
                    "{code} is not in the economy {}: its trade is part of the rest of the world or missing.",
                    economy.card.id
                ));
            }
        }
        if reform.changed.is_empty() {
            notes.push(no_change(scenario, variant));
        }
        notes.extend(effects_notes(scenario, &reform));
        let effects = if reform.incompatible.is_empty() || accept {
            let job = Job {
                scenario,
                economy,
                registry,
                reform: &reform,
            };
            Some(job.effects(&world, variant, progress)?)
        } else {
            None
        };
        variants.push(VariantOutcome {
            name: variant.name.clone(),
            title: variant.title.clone(),
            reform,
            effects,
        });
    }
    notes.sort();
    notes.dedup();
    Ok(Outcome { variants, notes })
}

fn only_blocs(place: acquis_registry::Place) -> Findings {
    let message = "the scenario changes no act: it asks which union would hold";
    Finding::error(Lint::Format, Some(place), message)
        .expecting("`acquis blocs` with this scenario, or [[act]] tables")
        .into()
}

/// What there is to say of effects that were estimated elsewhere, for the stages of a reform.
fn effects_notes(scenario: &Scenario, reform: &Reform) -> Vec<String> {
    let Some(estimates) = scenario.effects.estimates() else {
        return Vec::new();
    };
    let stages: BTreeSet<Stage> = reform
        .changed
        .iter()
        .flat_map(|pair| [pair.before, pair.after])
        .collect();
    let mut notes: Vec<String> = stages
        .into_iter()
        .filter_map(|stage| scenario.effects.without_estimate(stage))
        .collect();
    let base = scenario.base.grade;
    if let Some(grade) = estimates.from.grade.filter(|grade| *grade != base) {
        notes.push(format!(
            "The effects of stages were estimated at the grade {:?}, and the law is compared at \
             the grade {:?}.",
            grade.label(),
            base.label()
        ));
    }
    notes.extend(
        estimates
            .from
            .notes
            .iter()
            .map(|note| format!("Effects of stages: {note}.")),
    );
    notes
}

fn no_change(scenario: &Scenario, variant: &Variant) -> String {
    let place = place_of(variant).map_or_else(String::new, |place| format!(" ({place})"));
    format!(
        "Variant {:?} changes no stage at the grade {:?} on {}{place}: its acts are not yet, or no longer, in effect then, or deeper commitments stand already.",
        variant.name,
        scenario.base.grade.label(),
        scenario.base.date,
    )
}

/// The registry as a scenario sees it.
pub(crate) fn view<'r>(scenario: &Scenario, registry: &'r Registry) -> View<'r> {
    match scenario.base.known_by {
        Some(day) => registry.known_by(day),
        None => registry.view(),
    }
}

/// What each variant does to the law, in the order of the file, without any equilibrium: the
/// answer that can be given while a scenario is still being put together.
///
/// # Errors
/// Mistakes in the scenario's acts. Commitments that exclude each other are no error:
/// [`Reform::incompatible`] holds them.
pub fn reforms(
    scenario: &Scenario,
    registry: &Registry,
    economy: &Economy,
) -> Result<Vec<Reform>, Findings> {
    let legal = Legal::new(scenario, registry, economy);
    scenario
        .variants
        .iter()
        .map(|variant| legal.reform(variant))
        .collect()
}

/// The law that the variants of a scenario change.
struct Legal<'a> {
    scenario: &'a Scenario,
    registry: &'a Registry,
    economy: &'a Economy,
    before: Law<'a>,
    /// What the law has against the acts as they are.
    known: Findings,
}

impl<'a> Legal<'a> {
    fn new(scenario: &'a Scenario, registry: &'a Registry, economy: &'a Economy) -> Self {
        let before = Law::new(view(scenario, registry));
        Self {
            scenario,
            registry,
            economy,
            known: acquis_law::check(&before),
            before,
        }
    }

    fn reform(&self, variant: &Variant) -> Result<Reform, Findings> {
        let amended = self
            .registry
            .amended(&self.scenario.title, &variant.amendments)?;
        let after = Law::new(view(self.scenario, &amended));
        acts_are_possible(&self.known, &after)?;
        Ok(compare(
            &self.scenario.base,
            &self.before,
            &after,
            self.economy.labels(),
            &variant.amendments,
        ))
    }
}

/// Refuses mistakes of law that amendments bring, such as the withdrawal of a non-member:
/// those that the law didn't have against the acts as they are.
pub(crate) fn acts_are_possible(known: &Findings, after: &Law<'_>) -> Result<(), Findings> {
    let mut brought = Findings::default();
    for finding in &acquis_law::check(after) {
        if !known.iter().any(|old| old == finding) {
            brought.push(finding.clone());
        }
    }
    if brought.has_errors() {
        return Err(brought);
    }
    Ok(())
}

/// One variant in one economy.
struct Job<'a> {
    scenario: &'a Scenario,
    economy: &'a Economy,
    registry: &'a Registry,
    reform: &'a Reform,
}

/// What both models tell of an economy: changes as ratios of new to old.
struct Hats {
    exports: f64,
    welfare: f64,
    real_wage: f64,
}

impl Job<'_> {
    fn effects(
        &self,
        world: &World<'_>,
        variant: &Variant,
        progress: &Progress<'_>,
    ) -> Result<Effects, RunError> {
        match world {
            World::OneSector { baseline, settings } => {
                let effects = self.one_sector(baseline, settings, variant)?;
                let quantiles = match self.scenario.uncertainty {
                    Some(uncertainty) => {
                        Some(self.draw(baseline, settings, uncertainty, progress)?)
                    }
                    None => None,
                };
                Ok(Effects {
                    quantiles,
                    ..effects
                })
            }
            World::ManySectors(sectors) => {
                let solved = sectors
                    .solve(self.reform, progress)
                    .map_err(|error| error.in_variant(&variant.name))?;
                let (world, [before, after]) = (&solved.world, &solved.flows);
                let hats = |position: usize| Hats {
                    exports: after.exports(position) / before.exports(position),
                    welfare: world.welfare_change(position),
                    real_wage: world.real_wage_change(position),
                };
                let flow = |exporter: usize, importer: usize| {
                    [
                        before.between(importer, exporter),
                        after.between(importer, exporter),
                    ]
                };
                Ok(Effects {
                    rows: self.rows(hats, flow),
                    trade: Trade::new(self.economy.labels().len(), flow),
                    model: Model::ManySectors(Box::new(solved.results)),
                    quantiles: solved.quantiles,
                })
            }
        }
    }

    fn one_sector(
        &self,
        baseline: &Baseline,
        settings: &Settings,
        variant: &Variant,
    ) -> Result<Effects, RunError> {
        let shock = self.shock(&self.scenario.effects)?;
        let solved = solve(baseline, &shock, settings).map_err(|error| RunError::Solve {
            variant: variant.name.clone(),
            error,
        })?;
        Ok(self.one_sector_effects(&solved))
    }

    /// The change of trade costs that effects of stages make of the reform.
    fn shock(&self, effects: &StageEffects) -> Result<Shock, ShockError> {
        let labels = self.economy.labels();
        let log_effects = self
            .reform
            .log_trade_effects(labels, |stage| effects.of(stage));
        Shock::from_log_trade_effects(labels.len(), log_effects)
    }

    /// Draws of the elasticity and of the effects of stages in one sector.
    fn draw(
        &self,
        baseline: &Baseline,
        settings: &Settings,
        uncertainty: Uncertainty,
        progress: &Progress<'_>,
    ) -> Result<Quantiles, RunError> {
        let theta = self.scenario.elasticity_in(self.economy).thetas[0];
        let drawing = Drawing::new(uncertainty, &[theta], &self.scenario.effects)?;
        let rows: Vec<&[f64]> = drawing.draws.rows().collect();
        let solved: Vec<Option<Vec<f64>>> = rows
            .par_iter()
            .map(|row| {
                progress.go_on()?;
                let (thetas, effects) = drawing.read(row);
                let shock = self.shock(&effects)?;
                (progress.on_draw)();
                let Ok(elasticity) = TradeElasticity::new(thetas[0]) else {
                    return Ok(None);
                };
                let mut drawn = Settings::new(elasticity);
                drawn.closure = settings.closure;
                let solved = solve(baseline, &shock, &drawn);
                let changes = |solved: Counterfactual| {
                    let welfare = solved.welfare_change();
                    welfare.iter().map(|change| change - 1.0).collect()
                };
                Ok(solved.ok().map(changes))
            })
            .collect::<Result<_, RunError>>()?;
        let failures = solved.iter().filter(|row| row.is_none()).count();
        let simulation = Simulation {
            outcomes: solved.into_iter().flatten().collect(),
            failures: Vec::new(),
        };
        Quantiles::of(&simulation, failures)
    }

    fn one_sector_effects(&self, solved: &Counterfactual) -> Effects {
        let exports = solved.export_change();
        let welfare = solved.welfare_change();
        let real_wage = solved.real_wage_change();
        let hats = |position: usize| Hats {
            exports: exports[position],
            welfare: welfare[position],
            real_wage: real_wage[position],
        };
        let count = self.economy.labels().len();
        let flow = |exporter: usize, importer: usize| {
            let before = self.economy.trade()[exporter * count + importer];
            [before, solved.trade(exporter, importer).unwrap_or_default()]
        };
        Effects {
            rows: self.rows(hats, flow),
            trade: Trade::new(count, flow),
            model: Model::OneSector(solved.certificate),
            quantiles: None,
        }
    }

    /// One row for each economy. `flow` gives what an exporter sells to an importer before
    /// and after.
    fn rows(
        &self,
        hats: impl Fn(usize) -> Hats,
        flow: impl Fn(usize, usize) -> [f64; 2],
    ) -> Vec<Row> {
        let members = self.reform.members();
        let labels = self.economy.labels();
        let is_member: Vec<bool> = labels
            .iter()
            .map(|label| members.iter().any(|code| code.as_str() == label))
            .collect();
        let percent = |hat: f64| 100.0 * (hat - 1.0);
        let imports = |position: usize, members: bool| {
            let partners = is_member.iter().enumerate();
            let partners =
                partners.filter(|(partner, belongs)| *partner != position && **belongs == members);
            partners.fold(
                Imports {
                    before: 0.0,
                    after: 0.0,
                },
                |sum, (partner, _)| {
                    let [before, after] = flow(partner, position);
                    Imports {
                        before: sum.before + before,
                        after: sum.after + after,
                    }
                },
            )
        };
        let row = |(position, code): (usize, &String)| {
            let hats = hats(position);
            Row {
                name: name_of(self.registry, self.economy, code),
                code: code.clone(),
                is_member: is_member[position],
                exports_pct: Some(percent(hats.exports)).filter(|change| change.is_finite()),
                real_income_pct: percent(hats.welfare),
                real_wage_pct: percent(hats.real_wage),
                from_members: imports(position, true),
                from_outsiders: imports(position, false),
                estimated_share: self.economy.estimated_share(position),
                verdict: Verdict::of(hats.welfare - 1.0),
            }
        };
        labels.iter().enumerate().map(row).collect()
    }
}

/// The name of an economy: a state's in the registry; else the one that the figures give, or
/// the code.
pub fn name_of(registry: &Registry, economy: &Economy, code: &str) -> String {
    match registry.state(&StateCode::new(code)) {
        Some(state) => state.name().to_owned(),
        None => economy.name_of(code).unwrap_or(code).to_owned(),
    }
}

impl Effects {
    /// The largest error of the equations that were solved, from the model's certificate.
    pub fn residual(&self) -> f64 {
        match &self.model {
            Model::OneSector(certificate) => certificate.residual,
            Model::ManySectors(results) => results.certificate.residual,
        }
    }

    /// The members that lose: those that would have reason to refuse.
    pub fn would_refuse(&self) -> impl Iterator<Item = &Row> {
        self.rows
            .iter()
            .filter(|row| row.is_member && row.verdict == Verdict::Loses)
    }
}

/// A scenario that can't be run because it names no economy that can be had.
pub fn unknown_economy(
    name: &str,
    known: &[String],
    place: Option<acquis_registry::Place>,
) -> Findings {
    Finding::error(Lint::Economy, place, format!("no economy {name:?}"))
        .expecting(format!(
            "one of {}, or the path of a manifest",
            known.join(", ")
        ))
        .near(name, known.iter().map(String::as_str))
        .into()
}
