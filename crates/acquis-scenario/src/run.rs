//! From a scenario to its outcome: law before and after, trade-cost change, equilibrium,
//! gains, and who would have reason to refuse.

use acquis_equilibrium::{
    Baseline, BaselineError, Certificate, Counterfactual, Settings, Shock, ShockError, SolveError,
    solve,
};
use acquis_law::Law;
use acquis_registry::{Finding, Findings, Lint, Registry, StateCode, View};

use crate::economy::Economy;
use crate::reform::{Reform, compare};
use crate::scenario::{Scenario, Variant, place_of};

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
    /// How well the equations are solved.
    pub certificate: Certificate,
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
}

/// Runs a scenario. `on_variant` is called before each variant with its number from 0.
///
/// # Errors
/// Mistakes in the scenario's acts, trade figures that are no baseline, or equations
/// without a solution. A variant whose commitments the law finds incompatible is no error:
/// it comes back without effects, unless the scenario (or `accept_incompatible`) says to
/// go on.
pub fn run(
    scenario: &Scenario,
    registry: &Registry,
    economy: &Economy,
    accept_incompatible: bool,
    mut on_variant: impl FnMut(usize),
) -> Result<Outcome, RunError> {
    let before = Law::new(view(scenario, registry));
    let baseline = Baseline::new(economy.labels().to_vec(), economy.trade().to_vec())?;
    let accept = accept_incompatible || scenario.accept_incompatible;
    let mut variants = Vec::with_capacity(scenario.variants.len());
    let mut notes = Vec::new();
    for (number, variant) in scenario.variants.iter().enumerate() {
        on_variant(number);
        let amended = registry.amended(&scenario.title, &variant.amendments)?;
        let after = Law::new(view(scenario, &amended));
        acts_are_possible(&before, &after)?;
        let reform = compare(
            &scenario.base,
            &before,
            &after,
            economy.labels(),
            &variant.amendments,
        );
        for code in &reform.concerned {
            if economy.position(code.as_str()).is_none() {
                notes.push(format!(
                    "{code} is not in the economy {}: its trade is part of the rest of the world or missing.",
                    economy.id
                ));
            }
        }
        if reform.changed.is_empty() {
            notes.push(no_change(scenario, variant));
        }
        let effects = if reform.incompatible.is_empty() || accept {
            Some(effects(
                scenario, variant, &reform, economy, &baseline, registry,
            )?)
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

fn no_change(scenario: &Scenario, variant: &Variant) -> String {
    let place = place_of(variant).map_or_else(String::new, |place| format!(" ({place})"));
    format!(
        "Variant {:?} changes no stage at the grade {:?} on {}{place}: its acts are not yet, or no longer, in effect then, or deeper commitments stand already.",
        variant.name,
        scenario.base.grade.label(),
        scenario.base.date,
    )
}

fn view<'r>(scenario: &Scenario, registry: &'r Registry) -> View<'r> {
    match scenario.base.known_by {
        Some(day) => registry.known_by(day),
        None => registry.view(),
    }
}

/// Mistakes of law that the amendments bring, such as the withdrawal of a non-member.
fn acts_are_possible(before: &Law<'_>, after: &Law<'_>) -> Result<(), Findings> {
    let known = acquis_law::check(before);
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

fn effects(
    scenario: &Scenario,
    variant: &Variant,
    reform: &Reform,
    economy: &Economy,
    baseline: &Baseline,
    registry: &Registry,
) -> Result<Effects, RunError> {
    let labels = economy.labels();
    let log_effects = reform.log_trade_effects(labels, |stage| scenario.effects.of(stage));
    let shock = Shock::from_log_trade_effects(labels.len(), log_effects)?;
    let mut settings = Settings::new(scenario.elasticity.theta);
    settings.closure = scenario.closure.engine();
    let solved = solve(baseline, &shock, &settings).map_err(|error| RunError::Solve {
        variant: variant.name.clone(),
        error,
    })?;
    Ok(Effects {
        rows: rows(reform, economy, &solved, registry),
        certificate: solved.certificate,
    })
}

fn rows(
    reform: &Reform,
    economy: &Economy,
    solved: &Counterfactual,
    registry: &Registry,
) -> Vec<Row> {
    let members = reform.members();
    let is_member: Vec<bool> = economy
        .labels()
        .iter()
        .map(|label| members.iter().any(|code| code.as_str() == label))
        .collect();
    let exports = solved.export_change();
    let welfare = solved.welfare_change();
    let real_wage = solved.real_wage_change();
    let percent = |hat: f64| 100.0 * (hat - 1.0);
    (0..economy.labels().len())
        .map(|position| {
            let code = &economy.labels()[position];
            let imports = |members: bool| imports(economy, solved, &is_member, position, members);
            Row {
                name: name_of(registry, economy, code),
                code: code.clone(),
                is_member: is_member[position],
                exports_pct: Some(percent(exports[position])).filter(|change| change.is_finite()),
                real_income_pct: percent(welfare[position]),
                real_wage_pct: percent(real_wage[position]),
                from_members: imports(true),
                from_outsiders: imports(false),
                estimated_share: economy.estimated_share(position),
                verdict: Verdict::of(welfare[position] - 1.0),
            }
        })
        .collect()
}

/// A state's name in the registry; else the name that the economy gives, or the code.
fn name_of(registry: &Registry, economy: &Economy, code: &str) -> String {
    match registry.state(&StateCode::new(code)) {
        Some(state) => state.name().to_owned(),
        None => economy.name_of(code).unwrap_or(code).to_owned(),
    }
}

/// Imports of the economy at `position` from members or from outsiders, itself left out.
fn imports(
    economy: &Economy,
    solved: &Counterfactual,
    is_member: &[bool],
    position: usize,
    members: bool,
) -> Imports {
    let count = economy.labels().len();
    let mut imports = Imports {
        before: 0.0,
        after: 0.0,
    };
    for (partner, &belongs) in is_member.iter().enumerate() {
        if partner == position || belongs != members {
            continue;
        }
        imports.before += economy.trade()[partner * count + position];
        imports.after += solved.trade(partner, position).unwrap_or_default();
    }
    imports
}

impl Effects {
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
