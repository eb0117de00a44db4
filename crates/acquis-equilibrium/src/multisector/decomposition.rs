//! Where a change of welfare comes from.
//!
//! Along any path of equilibria welfare changes by
//!
//! ```text
//! I dln W = Σ_ji [E_ji dln b_ji - M_ji dln b_ij]        terms of trade
//!         + Σ τ M dln q + Σ t/(1+t) E (dln q + dln d)    volume of trade
//!         - Σ M dln d + Σ_j Y dln A                      technical
//!         + w L dln L                                    endowment
//!         + dD + dT                                      deficits and transfers
//! ```
//!
//! with `E` and `M` exports and imports at the border, `b = ĉ(1 + t)` the price there, `t`
//! the export tax (on the producer's value), and `q = M/(b d)` quantities: the total
//! differential of `W = I/Π P^α` with (2.1) to (2.7). Integrated from the baseline to the
//! counterfactual, the parts add up to the exact change; with the weights of the baseline
//! and the whole changes they are the formula that Caliendo and Parro (2015) publish, which
//! is right to first order only.

use thiserror::Error;

use super::counterfactual::Counterfactual;
use super::error::SolveError;
use super::purchases::Cells;
use super::shock::Shock;
use super::solve::Solver;

/// One country's change of welfare in parts, each as a fraction of baseline income.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct WelfareParts {
    /// Prices of exports against prices of imports.
    pub terms_of_trade: f64,
    /// More or fewer goods on which a tariff or export tax is paid.
    pub volume_of_trade: f64,
    /// Iceberg costs of imports, and productivity.
    pub technical: f64,
    /// Labour that came or went.
    pub endowment: f64,
    /// Deficits, transfers and pooled revenue.
    pub transfers: f64,
}

impl WelfareParts {
    /// The sum of the parts.
    pub fn total(&self) -> f64 {
        self.terms_of_trade
            + self.volume_of_trade
            + self.technical
            + self.endowment
            + self.transfers
    }

    fn add(&mut self, factor: f64, other: &Self) {
        self.terms_of_trade += factor * other.terms_of_trade;
        self.volume_of_trade += factor * other.volume_of_trade;
        self.technical += factor * other.technical;
        self.endowment += factor * other.endowment;
        self.transfers += factor * other.transfers;
    }
}

/// The exact change of welfare of every country, in parts.
#[derive(Debug, Clone, PartialEq)]
pub struct Decomposition {
    /// By country; they add up to `Ŵ - 1` but for `remainder`.
    pub parts: Vec<WelfareParts>,
    /// The largest `|Ŵ - 1 - Σ parts|`: what the integration along the path leaves.
    pub remainder: f64,
}

/// Whose tariffs a change of welfare comes from, by country, as fractions of baseline
/// income; together the exact change. Each is the mean over all orders in which the groups
/// of changes can come (Shapley).
#[derive(Debug, Clone, PartialEq)]
pub struct TariffOrigins {
    /// The country's own tariffs.
    pub own: Vec<f64>,
    /// Everybody else's tariffs.
    pub partners: Vec<f64>,
    /// What is not a tariff: costs, productivity, transfers, pools.
    pub other: Vec<f64>,
}

/// A shock that can't be decomposed.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum DecompositionError {
    /// No smooth path leads to a prohibition.
    #[error("a shock that prohibits trade can't be decomposed: no smooth path leads there")]
    Prohibition,
    /// A point of the path has no equilibrium.
    #[error(transparent)]
    Solve(#[from] SolveError),
}

/// Points of the path; the integral is extrapolated from all, every second and every fourth.
const STEPS: usize = 16;
/// Distances of points, the finest first.
const STRIDES: [usize; 3] = [1, 2, 4];

impl Counterfactual {
    /// The first-order formula that Caliendo and Parro (2015) publish:
    /// baseline weights and discrete changes. **Not the change of welfare**: imports that
    /// grow a lot are valued at the whole initial tariff. Given for comparison with
    /// published figures only.
    pub fn first_order_formula(&self) -> Vec<WelfareParts> {
        let baseline = self.baseline();
        let (n, sectors) = (baseline.countries(), baseline.sectors());
        let (before, after) = (baseline.flows(), self.flows());
        let mut parts = vec![WelfareParts::default(); n];
        for sector in 0..sectors {
            for importer in 0..n {
                let cells = baseline.cells(sector, importer);
                for exporter in 0..n {
                    let flow = before.at(sector, importer, exporter);
                    let now = after.at(sector, importer, exporter);
                    let dearer = self.cost_change(exporter, sector) - 1.0;
                    let tariff = 1.0 / cells.kept[exporter] - 1.0;
                    parts[importer].terms_of_trade -= flow * dearer;
                    parts[exporter].terms_of_trade += flow * dearer;
                    parts[importer].volume_of_trade += tariff * (now - flow * (1.0 + dearer));
                }
            }
        }
        for (country, parts) in parts.iter_mut().enumerate() {
            parts.terms_of_trade /= baseline.income(country);
            parts.volume_of_trade /= baseline.income(country);
        }
        parts
    }
}

impl Solver {
    /// The exact change of welfare in parts, integrated along the path on which one plus the
    /// rates and the factors move in proportion in logarithms.
    ///
    /// # Errors
    /// A shock that prohibits trade, or a point of the path without equilibrium.
    pub fn decompose(&self, shock: &Shock) -> Result<Decomposition, DecompositionError> {
        let costs = shock.rows.values().flat_map(|row| &row.costs);
        if costs.into_iter().any(|cost| cost.is_infinite()) {
            return Err(DecompositionError::Prohibition);
        }
        let n = self.baseline().countries();
        let mut sums = STRIDES.map(|_| vec![WelfareParts::default(); n]);
        let mut last: Option<Counterfactual> = None;
        let mut points: [Option<Point>; 3] = [const { None }; 3];
        for step in 0..=STEPS {
            let portion = step as f64 / STEPS as f64;
            let here = self.solve_part(shock, portion, last.as_ref())?;
            let point = Point::at(&here);
            for ((stride, sum), before) in STRIDES.iter().zip(&mut sums).zip(&mut points) {
                if step % stride == 0 {
                    if let Some(before) = before {
                        integrate(before, &point, sum);
                    }
                    *before = Some(point.clone());
                }
            }
            last = Some(here);
        }
        let [fine, middle, coarse] = sums;
        let mut parts = Vec::with_capacity(n);
        for country in 0..n {
            // Romberg: the error of the trapezoid has even powers of the step only.
            let mut sum = WelfareParts::default();
            sum.add(64.0 / 45.0, &fine[country]);
            sum.add(-20.0 / 45.0, &middle[country]);
            sum.add(1.0 / 45.0, &coarse[country]);
            parts.push(sum);
        }
        let remainder = last.map_or(0.0, |end| {
            let left = parts.iter().enumerate();
            left.fold(0.0_f64, |worst, (country, parts)| {
                let exact = end.welfare_change(country) - 1.0;
                worst.max((exact - parts.total()).abs())
            })
        });
        Ok(Decomposition { parts, remainder })
    }

    /// Whose tariffs the change of welfare comes from.
    ///
    /// # Errors
    /// A part of the shock has no equilibrium by itself.
    pub fn tariff_origins(&self, shock: &Shock) -> Result<TariffOrigins, SolveError> {
        let n = self.baseline().countries();
        let welfare = |shock: &Shock| -> Result<Vec<f64>, SolveError> {
            let result = self.solve(shock)?;
            Ok((0..n)
                .map(|country| result.welfare_change(country) - 1.0)
                .collect())
        };
        let (all, without_tariffs) = (welfare(shock)?, shock.with_tariffs_of(|_| false));
        let other = welfare(&without_tariffs)?;
        let only_tariffs = shock.only_tariffs();
        let tariffs = welfare(&only_tariffs)?;
        let mut origins = TariffOrigins {
            own: vec![0.0; n],
            partners: vec![0.0; n],
            other: vec![0.0; n],
        };
        for country in 0..n {
            let games = if shock.changes_tariffs_of(country) {
                let own = |importer| importer == country;
                let partners = |importer| importer != country;
                let value = |shock: &Shock| welfare(shock).map(|values| values[country]);
                [
                    value(&only_tariffs.with_tariffs_of(own))?,
                    value(&only_tariffs.with_tariffs_of(partners))?,
                    value(&shock.with_tariffs_of(own))?,
                    value(&shock.with_tariffs_of(partners))?,
                ]
            } else {
                [0.0, tariffs[country], other[country], all[country]]
            };
            let [own, partners, own_and_other, partners_and_other] = games;
            let (tariffs, other, all) = (tariffs[country], other[country], all[country]);
            let shapley = |alone: f64, with: [f64; 2], without: [f64; 2], rest: f64| {
                alone / 3.0
                    + ((with[0] - without[0]) + (with[1] - without[1])) / 6.0
                    + (all - rest) / 3.0
            };
            let with = [tariffs, own_and_other];
            origins.own[country] = shapley(own, with, [partners, other], partners_and_other);
            let with = [tariffs, partners_and_other];
            origins.partners[country] = shapley(partners, with, [own, other], own_and_other);
            let with = [own_and_other, partners_and_other];
            origins.other[country] = shapley(other, with, [own, partners], tariffs);
        }
        Ok(origins)
    }
}

/// What the integrand reads at one point of the path.
#[derive(Clone)]
struct Point {
    n: usize,
    sectors: usize,
    /// `W/I` by country, per unit of the solution's money, times baseline income.
    weight: Vec<f64>,
    /// `ln ĉ`, `ln Â`, `Y`, `[N][J]`.
    log_cost: Vec<f64>,
    log_productivity: Vec<f64>,
    output: Vec<f64>,
    /// Values at the border, `[J][importer][exporter]`.
    flow: Vec<f64>,
    /// Logs of what multiplied the costs of the baseline without earning revenue: `ln d̂`.
    log_iceberg: Vec<f64>,
    /// Logs of one plus the export tax.
    log_export_tax: Vec<f64>,
    tariff: Vec<f64>,
    value_added: Vec<f64>,
    log_labour: Vec<f64>,
    received: Vec<f64>,
}

impl Point {
    fn at(here: &Counterfactual) -> Self {
        let baseline = here.baseline();
        let (n, sectors) = (baseline.countries(), baseline.sectors());
        let size = sectors * n * n;
        let mut point = Self {
            n,
            sectors,
            weight: (0..n)
                .map(|country| here.welfare_change(country) / here.income[country])
                .collect(),
            log_cost: here.log_cost.clone(),
            log_productivity: here.access.log_productivity.clone(),
            output: here.output.clone(),
            flow: Vec::with_capacity(size),
            log_iceberg: Vec::with_capacity(size),
            log_export_tax: Vec::with_capacity(size),
            tariff: Vec::with_capacity(size),
            value_added: here.value_added.clone(),
            log_labour: here.log_labour.clone(),
            received: received(here),
        };
        let mut now = Cells::new(n);
        for sector in 0..sectors {
            let theta = here.elasticities.values()[sector];
            for importer in 0..n {
                let before = baseline.cells(sector, importer);
                // `A = π κ̂^{-θ}`, so that `ln κ̂` can be read off it.
                here.access.read(sector, importer, &mut now);
                let log_cost: Vec<f64> = now
                    .shares
                    .iter()
                    .zip(&before.shares)
                    .map(|(now, before)| {
                        if *before > 0.0 {
                            -(now / before).ln() / theta
                        } else {
                            0.0
                        }
                    })
                    .collect();
                let rates = now.kept.clone();
                let taxes = now.kept_abroad.clone();
                here.purchases(sector, importer, &mut now);
                let spent = here.spending[importer * sectors + sector];
                for exporter in 0..n {
                    let (kept, kept_abroad) = (rates[exporter], taxes[exporter]);
                    let policy = (before.kept[exporter] / kept).ln()
                        + (before.kept_abroad[exporter] / kept_abroad).ln();
                    point.flow.push(spent * now.shares[exporter] * kept);
                    point.log_iceberg.push(log_cost[exporter] - policy);
                    point.log_export_tax.push(-kept_abroad.ln());
                    point.tariff.push(1.0 / kept - 1.0);
                }
            }
        }
        point
    }
}

/// Deficit, transfers and pooled revenue, `[N]`.
fn received(here: &Counterfactual) -> Vec<f64> {
    let parts = here.deficit.iter().zip(&here.transfers).zip(&here.pooled);
    parts.map(|((d, t), p)| d + t + p).collect()
}

/// Adds the trapezoid from `a` to `b`, weights at both ends averaged.
fn integrate(a: &Point, b: &Point, parts: &mut [WelfareParts]) {
    let (n, sectors) = (a.n, a.sectors);
    for sector in 0..sectors {
        for importer in 0..n {
            for exporter in 0..n {
                let cell = (sector * n + importer) * n + exporter;
                let (flow_a, flow_b) = (a.flow[cell], b.flow[cell]);
                if flow_a <= 0.0 || flow_b <= 0.0 {
                    continue;
                }
                let producer = exporter * sectors + sector;
                let tax_change = b.log_export_tax[cell] - a.log_export_tax[cell];
                let price = b.log_cost[producer] - a.log_cost[producer] + tax_change;
                let iceberg = b.log_iceberg[cell] - a.log_iceberg[cell];
                let quantity = (flow_b / flow_a).ln() - price - iceberg;
                let mean = |country: usize, at_a: f64, at_b: f64| {
                    0.5 * (a.weight[country] * at_a + b.weight[country] * at_b)
                };
                let bought = mean(importer, flow_a, flow_b);
                let taxed = mean(importer, a.tariff[cell] * flow_a, b.tariff[cell] * flow_b);
                let part = &mut parts[importer];
                part.terms_of_trade -= bought * price;
                part.volume_of_trade += taxed * quantity;
                part.technical -= bought * iceberg;
                let sold = mean(exporter, flow_a, flow_b);
                let tax = |log_tax: f64| -((-log_tax).exp_m1());
                let taxed = mean(
                    exporter,
                    flow_a * tax(a.log_export_tax[cell]),
                    flow_b * tax(b.log_export_tax[cell]),
                );
                let part = &mut parts[exporter];
                part.terms_of_trade += sold * price;
                // At given quantities delivered more is sold where more melts away.
                part.volume_of_trade += taxed * (quantity + iceberg);
            }
        }
    }
    for (country, part) in parts.iter_mut().enumerate() {
        let (before, after) = (a.weight[country], b.weight[country]);
        let earned = 0.5 * (before * a.value_added[country] + after * b.value_added[country]);
        part.endowment += earned * (b.log_labour[country] - a.log_labour[country]);
        part.transfers += 0.5 * (before + after) * (b.received[country] - a.received[country]);
        if a.log_productivity.is_empty() || b.log_productivity.is_empty() {
            continue;
        }
        for cell in country * sectors..(country + 1) * sectors {
            let made = 0.5 * (before * a.output[cell] + after * b.output[cell]);
            let better = b.log_productivity[cell] - a.log_productivity[cell];
            part.technical += made * better;
        }
    }
}
