//! From a gravity estimate to general equilibrium, as in chapter 2 of Yotov, Piermartini,
//! Monteiro and Larch (2016): fitted trade of one period is the baseline, a regressor is given
//! other values, and its coefficient says what that does to trade costs.
//!
//! ```text
//! ln t'^{1-σ} - ln t^{1-σ} = Σ_k b_k (x'_k - x_k)
//! ```
//!
//! *Conditional* equilibrium holds output and expenditure fixed and lets the multilateral
//! resistances respond; *full* equilibrium lets prices at the factory gate, and with them output
//! and expenditure, respond too. What Poisson with directional effects fits adds up to output and
//! expenditure exactly (Fally 2015), so that nothing is calibrated a second time.

use acquis_equilibrium::{
    Baseline, BaselineError, Certificate, DeficitClosure, Settings, SettingsError, Shock,
    ShockError, SolveError, StructuralError, StructuralGravity, TradeElasticity, solve,
};
use acquis_gravity::{
    Design, DyadColumns, EstimateError, Expression, Fit, FormulaError, Table, TableError,
    fitted_trade,
};
use thiserror::Error;

/// Other values of a regressor.
#[derive(Debug, Clone, PartialEq)]
pub struct ChangedRegressor {
    /// The regressor, by the name of its coefficient.
    pub name: String,
    /// Its values in the counterfactual.
    pub becomes: Expression,
}

/// A world that differs from the one observed in some regressors.
#[derive(Debug, Clone, PartialEq)]
pub struct WorldQuestion {
    /// What changes.
    pub changes: Vec<ChangedRegressor>,
    /// The trade elasticity, `σ - 1`.
    pub elasticity: f64,
    /// The period, such as a year; may be left out where there is one only.
    pub period: Option<String>,
}

/// What the other world does to one economy, per cent.
#[derive(Debug, Clone, PartialEq)]
pub struct WorldRow {
    /// The economy.
    pub economy: String,
    /// Exports at fixed incomes; `None` for all where pairs without a row make the
    /// conditional equilibrium undefined.
    pub exports_conditional_pct: Option<f64>,
    /// Exports in full equilibrium.
    pub exports_pct: Option<f64>,
    /// Real expenditure in full equilibrium.
    pub real_income_pct: f64,
}

/// The other world.
#[derive(Debug, Clone, PartialEq)]
pub struct OtherWorld {
    /// Its economies, in alphabetical order.
    pub rows: Vec<WorldRow>,
    /// The period.
    pub period: Option<String>,
    /// Ordered pairs without a row in the sample, whose trade is zero before and after.
    pub absent: usize,
    /// How well the equations of the full equilibrium are solved.
    pub certificate: Certificate,
}

/// Why there is no other world.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum WorldError {
    /// A coefficient that the fit doesn't have.
    #[error("`{name}` is not among the coefficients: there are {known}")]
    UnknownCoefficient {
        /// The name given.
        name: String,
        /// Those that there are.
        known: String,
    },
    /// Several periods, and none named.
    #[error("the panel has {periods} periods: name one with --period")]
    NoPeriod {
        /// How many.
        periods: usize,
    },
    /// A new value that is missing.
    #[error("`{name}` becomes a missing value in row {row}")]
    Missing {
        /// The regressor.
        name: String,
        /// The row, from 1.
        row: usize,
    },
    /// The elasticity.
    #[error(transparent)]
    Elasticity(#[from] SettingsError),
    /// The fit has no such period.
    #[error(transparent)]
    Estimate(#[from] EstimateError),
    /// The expression doesn't fit the table.
    #[error(transparent)]
    Formula(#[from] FormulaError),
    /// A column.
    #[error(transparent)]
    Table(#[from] TableError),
    /// Fitted trade is no baseline.
    #[error("fitted trade can't be a baseline: {0}")]
    Baseline(#[from] BaselineError),
    /// The change is no shock.
    #[error("the change of trade costs can't be used: {0}")]
    Shock(#[from] ShockError),
    /// No conditional equilibrium.
    #[error("no conditional equilibrium: {0}")]
    Conditional(#[from] StructuralError),
    /// No full equilibrium.
    #[error(transparent)]
    Solve(#[from] SolveError),
}

/// Solves for the world in which some regressors have other values.
///
/// # Errors
/// [`WorldError`].
pub fn other_world(
    fit: &Fit,
    design: &Design<'_>,
    table: &Table,
    columns: &DyadColumns,
    question: &WorldQuestion,
) -> Result<OtherWorld, WorldError> {
    let theta = TradeElasticity::new(question.elasticity)?;
    let dyads = columns.of(table)?;
    let dimensions = dyads.dimensions();
    if let (None, Some(time)) = (&question.period, dimensions.time)
        && time.levels() > 1
    {
        return Err(WorldError::NoPeriod {
            periods: time.levels(),
        });
    }
    let period = question.period.as_deref();
    let fitted = fitted_trade(fit, &dimensions, period)?;
    let count = fitted.labels.len();
    let by_row = log_changes(fit, design, table, &question.changes)?;
    let mut changes = vec![0.0; count * count];
    for &row in &fit.sample {
        let row = row as usize;
        let label = |factor: &acquis_gravity::Factor<'_>| factor.label(factor.codes()[row]);
        if let (Some(period), Some(time)) = (period, dimensions.time)
            && label(time) != period
        {
            continue;
        }
        let place = |factor| fitted.labels.binary_search(&label(factor)).ok();
        if let (Some(i), Some(j)) = (place(dimensions.exporter), place(dimensions.importer)) {
            changes[i * count + j] = by_row[row];
        }
    }
    let conditional = if fitted.absent.is_empty() {
        Some(conditional(&fitted.labels, &fitted.values, &changes)?)
    } else {
        None
    };
    let baseline = Baseline::new(fitted.labels.clone(), fitted.values)?;
    let shock = Shock::from_log_trade_effects(count, changes)?;
    let mut settings = Settings::new(theta);
    settings.closure = DeficitClosure::Multiplicative;
    let solved = solve(&baseline, &shock, &settings)?;
    let percent = |ratio: f64| 100.0 * (ratio - 1.0);
    let (exports, welfare) = (solved.export_change(), solved.welfare_change());
    let rows = fitted.labels.into_iter().enumerate();
    let row = |(at, economy): (usize, String)| WorldRow {
        economy,
        exports_conditional_pct: conditional.as_ref().map(|exports| percent(exports[at])),
        exports_pct: Some(percent(exports[at])).filter(|change| change.is_finite()),
        real_income_pct: percent(welfare[at]),
    };
    Ok(OtherWorld {
        rows: rows.map(row).collect(),
        period: question.period.clone(),
        absent: fitted.absent.len(),
        certificate: solved.certificate,
    })
}

/// By row of the table, the change of the log of trade at given resistances.
fn log_changes(
    fit: &Fit,
    design: &Design<'_>,
    table: &Table,
    changes: &[ChangedRegressor],
) -> Result<Vec<f64>, WorldError> {
    let mut sum = vec![0.0; table.rows];
    for change in changes {
        let coefficient = fit.coefficient(&change.name);
        let (Some((estimate, _)), Some(old)) = (coefficient, design.values_of(&change.name)) else {
            return Err(WorldError::UnknownCoefficient {
                name: change.name.clone(),
                known: fit.names.join(", "),
            });
        };
        let new = change.becomes.numbers(table)?;
        for &row in &fit.sample {
            let row = row as usize;
            if !new[row].is_finite() {
                return Err(WorldError::Missing {
                    name: change.name.clone(),
                    row: row + 1,
                });
            }
            sum[row] += estimate * (new[row] - old[row]);
        }
    }
    Ok(sum)
}

/// Exports at fixed incomes after a change of trade costs, over those before.
fn conditional(
    labels: &[String],
    fitted: &[f64],
    changes: &[f64],
) -> Result<Vec<f64>, StructuralError> {
    let count = labels.len();
    let output = (0..count).map(|i| fitted[i * count..][..count].iter().sum());
    let spent = (0..count).map(|j| fitted.iter().skip(j).step_by(count).sum());
    // Fitted trade is trade costs times what belongs to exporter and importer alone, which
    // balancing to the same sums leaves out again.
    let before = StructuralGravity::fit(
        labels.to_vec(),
        output.collect(),
        spent.collect(),
        fitted.to_vec(),
    )?;
    let costs = fitted
        .iter()
        .zip(changes)
        .map(|(trade, change)| trade * change.exp());
    let after = before.conditional(costs.collect())?;
    let exports = after.exports().into_iter().zip(before.exports());
    Ok(exports.map(|(after, before)| after / before).collect())
}
