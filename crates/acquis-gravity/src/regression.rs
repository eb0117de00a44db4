//! Regressions as they are asked for: formulas by estimators over one table, with what comes
//! after an estimate.

use thiserror::Error;

use crate::bias::{BiasCorrection, bias_correction};
use crate::bootstrap::{BootstrapDraws, Resampling, bootstrap};
use crate::design::Design;
use crate::dyad::DyadColumns;
use crate::error::EstimateError;
use crate::estimate::{estimate, estimate_each};
use crate::fit::Fit;
use crate::formula::{Formula, FormulaError};
use crate::options::{Estimator, Options};
use crate::resistance::{Resistance, multilateral_resistances};
use crate::table::{Table, TableError};

/// A bootstrap that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bootstrap {
    /// What is drawn.
    pub resampling: Resampling,
    /// How often.
    pub draws: usize,
    /// Where the random numbers start.
    pub seed: u64,
}

/// What is asked of a table beyond its formulas.
#[derive(Debug, Clone, Default)]
pub struct RegressionPlan {
    /// Options, one for each estimator or convention that is compared.
    pub options: Vec<Options>,
    /// The columns of the dyads, where something below needs them.
    pub dyads: Option<DyadColumns>,
    /// Whether to correct for incidental parameters.
    pub bias_correction: bool,
    /// Draws.
    pub bootstrap: Option<Bootstrap>,
    /// Sets of coefficients to be tested for being zero together.
    pub tests: Vec<Vec<String>>,
    /// The importer whose inward resistance is one, where resistances are wanted.
    pub reference: Option<String>,
}

/// A Wald test that coefficients are zero together.
#[derive(Debug, Clone, PartialEq)]
pub struct WaldTest {
    /// The coefficients.
    pub names: Vec<String>,
    /// χ² with as many degrees of freedom as names.
    pub statistic: f64,
    /// Its p-value.
    pub p_value: f64,
}

/// A bootstrap with its draws.
#[derive(Debug, Clone, PartialEq)]
pub struct Bootstrapped {
    /// What was asked.
    pub asked: Bootstrap,
    /// What came of it.
    pub draws: BootstrapDraws,
}

/// One regression.
#[derive(Debug, Clone)]
pub struct Regressed {
    /// The estimate.
    pub fit: Fit,
    /// Without the bias of incidental parameters.
    pub correction: Option<BiasCorrection>,
    /// Draws.
    pub bootstrap: Option<Bootstrapped>,
    /// Tests.
    pub tests: Vec<WaldTest>,
    /// Multilateral resistances.
    pub resistances: Vec<Resistance>,
}

/// Why a regression could not be made.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum RegressionError {
    /// The formula does not fit the table.
    #[error(transparent)]
    Formula(#[from] FormulaError),
    /// There is no estimate.
    #[error("{}{error}", if *.alone { String::new() } else { format!("`{outcome}`: ") })]
    Estimate {
        /// The dependent variable.
        outcome: String,
        /// Whether it is the only regression.
        alone: bool,
        /// What is wrong.
        error: EstimateError,
    },
    /// What was asked for needs the columns of the dyads.
    #[error("{0} needs the columns of exporter and importer")]
    NoDyads(&'static str),
    /// A column.
    #[error(transparent)]
    Table(#[from] TableError),
}

/// Estimates every formula with every set of options: by options, then by formula.
///
/// Formulas that differ in their outcome alone share what can be shared
/// ([`estimate_each`]).
///
/// # Errors
/// The first [`RegressionError`].
pub fn regress(
    formulas: &[Formula],
    table: &Table,
    plan: &RegressionPlan,
) -> Result<Vec<Regressed>, RegressionError> {
    let alone = formulas.len() == 1 && plan.options.len() == 1;
    let mut out = Vec::with_capacity(formulas.len() * plan.options.len());
    for options in &plan.options {
        for group in formulas.chunk_by(Formula::shares_regressors) {
            let design = group[0].design(table)?;
            let fits = fits(group, table, &design, options, alone)?;
            for (formula, fit) in group.iter().zip(fits) {
                let own;
                let design = if group.len() == 1 {
                    &design
                } else {
                    let values = formula.outcome_values(table)?;
                    let named = design.with_outcome(formula.outcome(), values);
                    own = named.map_err(FormulaError::from)?;
                    &own
                };
                let made = after(design, fit, table, (options, plan));
                out.push(made.map_err(|error| match error {
                    After::Estimate(error) => RegressionError::Estimate {
                        outcome: formula.outcome(),
                        alone,
                        error,
                    },
                    After::Other(error) => error,
                })?);
            }
        }
    }
    Ok(out)
}

fn fits(
    group: &[Formula],
    table: &Table,
    design: &Design<'_>,
    options: &Options,
    alone: bool,
) -> Result<Vec<Fit>, RegressionError> {
    let failed = |at: usize, error| RegressionError::Estimate {
        outcome: group[at].outcome(),
        alone,
        error,
    };
    if group.len() == 1 {
        return Ok(vec![
            estimate(design, options).map_err(|error| failed(0, error))?,
        ]);
    }
    let outcomes = group
        .iter()
        .map(|formula| {
            Ok((
                formula.outcome(),
                formula.outcome_values(table)?.into_owned(),
            ))
        })
        .collect::<Result<Vec<_>, FormulaError>>()?;
    estimate_each(design, &outcomes, options).map_err(|(at, error)| failed(at, error))
}

/// How what comes after the estimate fails.
enum After {
    Estimate(EstimateError),
    Other(RegressionError),
}

impl From<EstimateError> for After {
    fn from(error: EstimateError) -> Self {
        Self::Estimate(error)
    }
}

fn after(
    design: &Design<'_>,
    fit: Fit,
    table: &Table,
    (options, plan): (&Options, &RegressionPlan),
) -> Result<Regressed, After> {
    let dyads = match &plan.dyads {
        Some(columns) => Some(
            columns
                .of(table)
                .map_err(|error| After::Other(error.into()))?,
        ),
        None => None,
    };
    let dimensions = |what| match &dyads {
        Some(dyads) => Ok(dyads.dimensions()),
        None => Err(After::Other(RegressionError::NoDyads(what))),
    };
    let poisson = options.estimator == Estimator::Poisson;
    let correction = if plan.bias_correction && poisson {
        let dimensions = dimensions("the bias correction")?;
        Some(bias_correction(design, &fit, &dimensions, options)?)
    } else {
        None
    };
    let bootstrap = match plan.bootstrap {
        Some(asked) => Some(Bootstrapped {
            asked,
            draws: bootstrap(
                design,
                &fit,
                options,
                asked.resampling,
                asked.draws,
                asked.seed,
            )?,
        }),
        None => None,
    };
    let mut tests = Vec::with_capacity(plan.tests.len());
    for names in &plan.tests {
        let asked: Vec<&str> = names.iter().map(String::as_str).collect();
        let (statistic, p_value) = fit.wald(&asked)?;
        tests.push(WaldTest {
            names: names.clone(),
            statistic,
            p_value,
        });
    }
    let resistances = match &plan.reference {
        Some(reference) => {
            let dimensions = dimensions("a multilateral resistance")?;
            let effects = directional(design, plan.dyads.as_ref())?;
            multilateral_resistances(design, &fit, &dimensions, effects, reference)?
        }
        None => Vec::new(),
    };
    Ok(Regressed {
        fit,
        correction,
        bootstrap,
        tests,
        resistances,
    })
}

/// The effects of exporter and importer, in the order of the columns or with the year first.
fn directional<'d>(
    design: &'d Design<'_>,
    columns: Option<&DyadColumns>,
) -> Result<(&'d str, &'d str), EstimateError> {
    let effect = |side: &str, year: Option<&String>| {
        let names = match year {
            Some(year) => vec![format!("{side}^{year}"), format!("{year}^{side}")],
            None => vec![side.to_owned()],
        };
        let found = design
            .effects
            .iter()
            .find(|effect| names.contains(&effect.name));
        found.map(|effect| effect.name.as_str()).ok_or_else(|| {
            EstimateError::NotApplicable(format!(
                "multilateral resistances need the effect {} in the formula",
                names[0]
            ))
        })
    };
    let columns = columns.ok_or_else(|| {
        EstimateError::NotApplicable("multilateral resistances need exporter and importer".into())
    })?;
    // A column of years beside a cross-section's effects has no part in them.
    let year = columns.year.as_ref();
    let pair = |year| {
        Ok((
            effect(&columns.exporter, year)?,
            effect(&columns.importer, year)?,
        ))
    };
    pair(year).or_else(|error| pair(None).map_err(|_: EstimateError| error))
}
