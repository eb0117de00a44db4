//! From observations to a baseline in equilibrium: what is repaired, and what was.
//!
//! Published data break the identities of the model. Value added and inputs don't quite
//! add up to output; a country needs more of a good as input than it is recorded to buy, so
//! that final demand would be negative (inventories); an input is supplied by nobody. Such
//! figures are changed as little as can be, the world is solved once with nothing else
//! changed, and that solution is the baseline.

use thiserror::Error;

use super::baseline::{Baseline, Technology, assemble};
use super::closure::DeficitClosure;
use super::elasticities::Elasticities;
use super::error::SolveError;
use super::observations::{DataError, Observations};
use super::purchases::Cells;
use super::settings::{Settings, SettingsError};
use super::shock::Shock;
use super::solve::Solver;

/// Largest distance of value added and inputs from output that is taken for rounding.
const ROUNDING: f64 = 1e-4;
/// Final demand this little below zero, as a share of income, is rounding.
const ROUNDING_OF_SHARES: f64 = 1e-14;
/// Rounds of spending before the world is solved, and the change at which they end.
const MOST_ROUNDS: usize = 200;
const SETTLED_SPENDING: f64 = 1e-9;
/// Tolerances to settle at, the best first.
const SETTLED: [f64; 3] = [1e-13, 1e-12, 1e-10];

/// Why observations can't become a baseline.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum BaselineError {
    /// A figure that no repair can use.
    #[error(transparent)]
    Data(#[from] DataError),
    /// Value added and inputs don't add up to output.
    #[error(
        "{country}, {sector}: value added ({value_added}) and inputs ({inputs}) are {sum} of \
         output, not 1"
    )]
    Shares {
        /// The country.
        country: String,
        /// The sector.
        sector: String,
        /// Value-added share.
        value_added: f64,
        /// Inputs per unit of output.
        inputs: f64,
        /// Their sum.
        sum: f64,
    },
    /// The elasticities are for another number of sectors.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The repaired observations have no equilibrium near them.
    #[error("the repaired observations could not be brought into equilibrium: {0}")]
    NoEquilibrium(SolveError),
}

/// One figure that was changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Repair {
    /// What kind of figure.
    pub kind: RepairKind,
    /// The country's label.
    pub country: String,
    /// The sector's label.
    pub sector: String,
    /// The figure as observed or implied.
    pub before: f64,
    /// The figure as used.
    pub after: f64,
}

/// What can be repaired.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum RepairKind {
    /// The value-added share, so that it and the inputs add up to one.
    ValueAddedShare,
    /// Use per unit of all output of an input that nobody supplies to the country; counted
    /// as value added.
    UnsuppliedInput,
    /// Negative final demand as a share of income; set to zero.
    FinalDemand,
}

impl RepairKind {
    /// What was repaired, in words.
    pub fn describe(self) -> &'static str {
        match self {
            Self::ValueAddedShare => "value-added share",
            Self::UnsuppliedInput => "input that nobody supplies",
            Self::FinalDemand => "negative final demand",
        }
    }
}

/// All that was changed on the way from observations to a baseline.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct Repairs {
    /// Single figures, in the order of countries and sectors.
    pub figures: Vec<Repair>,
    /// What bringing the world into equilibrium changed.
    pub rebalancing: Option<Rebalancing>,
}

/// The observations were no equilibrium; this is how far the baseline is from them.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Rebalancing {
    /// The country and sector whose gross output changed most, measured against the
    /// country's whole output.
    pub country: String,
    /// Its sector.
    pub sector: String,
    /// Its gross output as observed, in the unit of the observations.
    pub output_before: f64,
    /// Its gross output in the baseline.
    pub output_after: f64,
    /// `max_n |Î_n - 1|`: the largest relative change of a country's income.
    pub income_change: f64,
}

impl Baseline {
    /// Makes a baseline of observations, repairing what the module's page names, and says
    /// what was repaired.
    ///
    /// # Errors
    /// [`BaselineError`] names the country and the sector of a figure that no repair can use.
    pub fn new(
        observed: &Observations,
        elasticities: &Elasticities,
    ) -> Result<(Self, Repairs), BaselineError> {
        observed.check()?;
        let (got, expected) = (elasticities.values().len(), observed.sectors.len());
        if got != expected {
            return Err(SettingsError::Elasticities { got, expected }.into());
        }
        let mut repairs = Repairs::default();
        let technology = technology(observed, &mut repairs)?;
        let mut raw = assemble(observed, elasticities, technology)?;
        if !divide_income(&mut raw, &mut repairs) {
            return Ok((raw, repairs));
        }
        let before = raw.clone();
        let baseline = rebalance(raw)?;
        repairs.rebalancing = Some(compare(&before, &baseline));
        Ok((baseline, repairs))
    }

    /// The same world with balanced trade: deficits set to zero and everything adjusted
    /// (closure (d)). Starting scenarios from it separates their effect from that of
    /// balancing.
    ///
    /// # Errors
    /// No equilibrium with balanced trade was found.
    pub fn purged(&self) -> Result<Self, BaselineError> {
        let settings = Settings {
            closure: DeficitClosure::Balanced,
            ..Settings::default()
        };
        settle(self.clone(), settings)
    }
}

/// Technology from value-added shares and input coefficients, which are made to add up.
fn technology(observed: &Observations, repairs: &mut Repairs) -> Result<Technology, BaselineError> {
    let (n, sectors) = observed.shape();
    let mut inputs = observed.input_coefficients.clone();
    move_unsupplied(observed, &mut inputs, repairs);
    let mut value_added_share = Vec::with_capacity(n * sectors);
    for country in 0..n {
        for j in 0..sectors {
            let column = |table: &[f64]| -> f64 {
                let cells = table
                    .get(country * sectors * sectors + j..)
                    .unwrap_or_default();
                cells.iter().step_by(sectors).take(sectors).sum()
            };
            let cell = country * sectors + j;
            let used = column(&observed.input_coefficients);
            let given = observed.value_added_shares.get(cell).copied();
            let given = given.unwrap_or(1.0 - used);
            let made: f64 = (0..n)
                .map(|n| observed.flows[observed.cell(j, n, country)])
                .sum();
            let idle = made <= 0.0 && used <= 0.0;
            if !idle && ((given + used - 1.0).abs() > ROUNDING || given < -ROUNDING) {
                return Err(BaselineError::Shares {
                    country: observed.countries[country].clone(),
                    sector: observed.sectors[j].clone(),
                    value_added: given,
                    inputs: used,
                    sum: given + used,
                });
            }
            let mut kept = column(&inputs);
            if kept > 1.0 {
                for cell in inputs[country * sectors * sectors + j..]
                    .iter_mut()
                    .step_by(sectors)
                    .take(sectors)
                {
                    *cell /= kept;
                }
                kept = column(&inputs).min(1.0);
            }
            let share = 1.0 - kept;
            if !idle && (given - (1.0 - used)).abs() > f64::EPSILON {
                repairs.figures.push(Repair {
                    kind: RepairKind::ValueAddedShare,
                    country: observed.countries[country].clone(),
                    sector: observed.sectors[j].clone(),
                    before: given,
                    after: share,
                });
            }
            value_added_share.push(share);
        }
    }
    Ok(Technology {
        inputs: inputs.iter().any(|input| *input > 0.0).then_some(inputs),
        value_added_share,
    })
}

/// Inputs that nobody sells to a country are taken out of its coefficients.
fn move_unsupplied(observed: &Observations, inputs: &mut [f64], repairs: &mut Repairs) {
    let (n, sectors) = observed.shape();
    if inputs.is_empty() {
        return;
    }
    for country in 0..n {
        for s in 0..sectors {
            let cells = observed.cell(s, country, 0)..observed.cell(s, country, 0) + n;
            if observed.flows[cells].iter().any(|flow| *flow > 0.0) {
                continue;
            }
            let row = &mut inputs[(country * sectors + s) * sectors..][..sectors];
            let (mut used, mut made) = (0.0, 0.0);
            for (j, input) in row.iter().enumerate() {
                let sales = (0..n).map(|n| observed.flows[observed.cell(j, n, country)]);
                let output: f64 = sales.sum();
                used += input * output;
                made += output;
            }
            row.fill(0.0);
            if used > 0.0 {
                repairs.figures.push(Repair {
                    kind: RepairKind::UnsuppliedInput,
                    country: observed.countries[country].clone(),
                    sector: observed.sectors[s].clone(),
                    before: used / made,
                    after: 0.0,
                });
            }
        }
    }
}

/// Fills the shares of final expenditure, `α = (X - Γ Y)/I`; whether negative ones had to be
/// set to zero, so that the world is no equilibrium.
fn divide_income(raw: &mut Baseline, repairs: &mut Repairs) -> bool {
    let (n, sectors) = (raw.countries(), raw.sectors());
    let mut moved = false;
    for country in 0..n {
        let cells = country * sectors..(country + 1) * sectors;
        for j in 0..sectors {
            let inputs = intermediate_demand(raw, country, j);
            let cell = country * sectors + j;
            let share = (raw.spending[cell] - inputs) / raw.income[country];
            if share < 0.0 {
                if share < -ROUNDING_OF_SHARES {
                    moved = true;
                    repairs.figures.push(Repair {
                        kind: RepairKind::FinalDemand,
                        country: raw.countries[country].clone(),
                        sector: raw.sectors[j].clone(),
                        before: share,
                        after: 0.0,
                    });
                }
                raw.final_share[cell] = 0.0;
            } else {
                raw.final_share[cell] = share;
            }
        }
        let total: f64 = raw.final_share[cells.clone()].iter().sum();
        for share in &mut raw.final_share[cells] {
            *share /= total;
        }
    }
    moved
}

/// Solves the world with nothing changed.
fn rebalance(mut raw: Baseline) -> Result<Baseline, BaselineError> {
    settle_spending(&mut raw);
    settle(raw, Settings::default())
}

/// Brings spending, sales and incomes in line with each other at the observed shares, wages
/// and prices, so that the solver starts where only wages have to move.
fn settle_spending(raw: &mut Baseline) {
    for _ in 0..MOST_ROUNDS {
        let change = spending_round(raw);
        if change < SETTLED_SPENDING {
            break;
        }
    }
}

/// One round of (2.4) to (2.7) at the shares as they are; the largest change of a cell as a
/// part of its country's spending.
fn spending_round(raw: &mut Baseline) -> f64 {
    let (n, sectors) = (raw.countries(), raw.sectors());
    let mut cells = Cells::new(n);
    raw.output.fill(0.0);
    raw.tariff_revenue.fill(0.0);
    raw.export_revenue.fill(0.0);
    for sector in 0..sectors {
        for importer in 0..n {
            let row = raw.purchases.row(sector * n + importer);
            raw.purchases.spell(row, importer, &mut cells);
            let spent = raw.spending[importer * sectors + sector];
            for exporter in 0..n {
                let paid = spent * cells.shares[exporter];
                let border = paid * cells.kept[exporter];
                let earned = border * cells.kept_abroad[exporter];
                raw.tariff_revenue[importer] += paid - border;
                raw.export_revenue[exporter] += border - earned;
                raw.output[exporter * sectors + sector] += earned;
            }
        }
    }
    let mut largest = 0.0_f64;
    for country in 0..n {
        let revenue = raw.tariff_revenue[country] + raw.export_revenue[country];
        let income = raw.value_added[country] + revenue + raw.deficit[country];
        raw.income[country] = income;
        let block = country * sectors..(country + 1) * sectors;
        let whole: f64 = raw.spending[block.clone()].iter().sum();
        for j in 0..sectors {
            let inputs = intermediate_demand(raw, country, j);
            let cell = country * sectors + j;
            let due = inputs + raw.final_share[cell] * income;
            largest = largest.max((due - raw.spending[cell]).abs() / whole);
            raw.spending[cell] = due;
        }
    }
    largest
}

/// `Σ_s Γ[j, s] Y_s` of a country.
fn intermediate_demand(world: &Baseline, country: usize, j: usize) -> f64 {
    let sectors = world.sectors();
    let made = &world.output[country * sectors..(country + 1) * sectors];
    world.technology.inputs.as_ref().map_or(0.0, |inputs| {
        let row = &inputs[(country * sectors + j) * sectors..][..sectors];
        row.iter().zip(made).map(|(input, y)| input * y).sum()
    })
}

fn settle(raw: Baseline, settings: Settings) -> Result<Baseline, BaselineError> {
    let nothing = Shock::none(&raw);
    let solver = Solver::new(raw, settings)?;
    // As exact as rounding lets it be: what is left here is left in every scenario.
    let mut last = None;
    for tolerance in SETTLED {
        let settings = Settings {
            tolerance,
            ..settings
        };
        match solver.with_settings(settings)?.solve(&nothing) {
            Ok(settled) => return Ok(settled.rebase()),
            Err(error) => last = Some(error),
        }
    }
    last.map_or_else(
        || Err(SettingsError::IterationLimit.into()),
        |error| Err(BaselineError::NoEquilibrium(error)),
    )
}

fn compare(before: &Baseline, after: &Baseline) -> Rebalancing {
    let sectors = before.sectors();
    let mut worst = (0, 0, -1.0);
    for country in 0..before.countries() {
        let whole: f64 = (0..sectors).map(|j| before.output(country, j)).sum();
        for j in 0..sectors {
            let change = (after.output(country, j) - before.output(country, j)).abs() / whole;
            if change > worst.2 {
                worst = (country, j, change);
            }
        }
    }
    let incomes = before.income.iter().zip(&after.income);
    Rebalancing {
        country: before.countries[worst.0].clone(),
        sector: before.sectors[worst.1].clone(),
        output_before: before.output(worst.0, worst.1),
        output_after: after.output(worst.0, worst.1),
        income_change: incomes.fold(0.0, |worst, (old, new)| worst.max((new / old - 1.0).abs())),
    }
}
