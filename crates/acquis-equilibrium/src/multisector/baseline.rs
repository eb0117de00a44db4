//! A world in equilibrium, before anything changes.

use std::sync::Arc;

use super::elasticities::Elasticities;
use super::observations::{DataError, Observations};
use super::purchases::{Cells, Purchases};

/// What a country makes its goods of; the same before and after.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Technology {
    /// Purchases of input `s` per unit of gross output of `j`, `[N][s][j]`; `None` where
    /// nothing is made of anything.
    pub(super) inputs: Option<Vec<f64>>,
    /// Value added per unit of gross output, `[N][J]`: what the inputs leave.
    pub(super) value_added_share: Vec<f64>,
}

/// A world of `N` countries and `J` sectors in equilibrium.
///
/// Made of [`Observations`] by [`Baseline::new`], or of a counterfactual by
/// [`Counterfactual::rebase`](super::Counterfactual::rebase). Amounts are given in the unit
/// of the observations; inside, world value added is one, so that no result depends on it.
#[derive(Debug, Clone)]
pub struct Baseline {
    pub(super) countries: Arc<[String]>,
    pub(super) sectors: Arc<[String]>,
    pub(super) elasticities: Elasticities,
    /// World value added of the observations, in their unit.
    pub(super) unit: f64,
    /// Row `sector · N + importer`.
    pub(super) purchases: Purchases,
    pub(super) technology: Arc<Technology>,
    /// `α`, `[N][J]`.
    pub(super) final_share: Vec<f64>,
    /// `X` at purchaser's prices, `[N][J]`.
    pub(super) spending: Vec<f64>,
    /// `Y` at producer's prices, `[N][J]`.
    pub(super) output: Vec<f64>,
    /// `F`, the part of spending left after tariffs, `[N][J]`.
    pub(super) kept: Vec<f64>,
    /// `w L`, `[N]`.
    pub(super) value_added: Vec<f64>,
    /// Tariffs collected, `[N]`.
    pub(super) tariff_revenue: Vec<f64>,
    /// Export taxes collected less subsidies paid, `[N]`.
    pub(super) export_revenue: Vec<f64>,
    /// `D`, imports less exports at the border, transfers received included, `[N]`.
    pub(super) deficit: Vec<f64>,
    /// `I = w L + R + D`, `[N]`.
    pub(super) income: Vec<f64>,
}

impl Baseline {
    /// Number of countries.
    pub fn countries(&self) -> usize {
        self.countries.len()
    }

    /// Number of sectors.
    pub fn sectors(&self) -> usize {
        self.sectors.len()
    }

    /// Labels of the countries.
    pub fn country_labels(&self) -> &[String] {
        &self.countries
    }

    /// Labels of the sectors.
    pub fn sector_labels(&self) -> &[String] {
        &self.sectors
    }

    /// The elasticities that the baseline was made with.
    pub fn elasticities(&self) -> &Elasticities {
        &self.elasticities
    }

    /// Expenditure of a country on a sector's goods at purchaser's prices, final and
    /// intermediate.
    pub fn spending(&self, country: usize, sector: usize) -> f64 {
        self.unit * self.spending[country * self.sectors() + sector]
    }

    /// Gross output at producer's prices.
    pub fn output(&self, country: usize, sector: usize) -> f64 {
        self.unit * self.output[country * self.sectors() + sector]
    }

    /// Value added of a country.
    pub fn value_added(&self, country: usize) -> f64 {
        self.unit * self.value_added[country]
    }

    /// Revenue of tariffs and export taxes.
    pub fn revenue(&self, country: usize) -> f64 {
        self.unit * (self.tariff_revenue[country] + self.export_revenue[country])
    }

    /// Imports less exports at the border.
    pub fn deficit(&self, country: usize) -> f64 {
        self.unit * self.deficit[country]
    }

    /// What a country has to spend on final goods.
    pub fn income(&self, country: usize) -> f64 {
        self.unit * self.income[country]
    }

    /// The part of final expenditure that goes to a sector, `α`.
    pub fn final_share(&self, country: usize, sector: usize) -> f64 {
        self.final_share[country * self.sectors() + sector]
    }

    /// The importer's ad valorem tariff as a fraction of the value before it.
    pub fn tariff(&self, sector: usize, importer: usize, exporter: usize) -> f64 {
        let row = self.purchases.row(sector * self.countries() + importer);
        1.0 / self.purchases.after_tariff(row, exporter) - 1.0
    }

    /// The value of a flow at the border, before the importer's tariff.
    pub fn flow(&self, sector: usize, importer: usize, exporter: usize) -> f64 {
        let row = self.purchases.row(sector * self.countries() + importer);
        let (_, kept) = self.purchases.cell(row, importer, exporter);
        self.spending(importer, sector) * kept
    }

    /// An importer's purchases in one sector, spelled out.
    pub(super) fn cells(&self, sector: usize, importer: usize) -> Cells {
        let n = self.countries();
        let mut cells = Cells::new(n);
        let row = self.purchases.row(sector * n + importer);
        self.purchases.spell(row, importer, &mut cells);
        cells
    }

    /// A country's share of its own expenditure in a sector, and what of it is left after
    /// its tariff on itself (aggregates of countries have one).
    pub(super) fn home(&self, sector: usize, country: usize) -> (f64, f64) {
        let row = self.purchases.row(sector * self.countries() + country);
        self.purchases.cell(row, country, country)
    }

    /// The position of a country's label.
    pub fn country(&self, label: &str) -> Option<usize> {
        self.countries.iter().position(|known| known == label)
    }

    /// The position of a sector's label.
    pub fn sector(&self, label: &str) -> Option<usize> {
        self.sectors.iter().position(|known| known == label)
    }
}

/// Technology and final demand, with which observed flows become a baseline that is only
/// in equilibrium if the observations are.
pub(super) fn assemble(
    observed: &Observations,
    elasticities: &Elasticities,
    technology: Technology,
) -> Result<Baseline, DataError> {
    let (n, sectors) = observed.shape();
    let mut totals = Totals::new(n, sectors);
    let mut purchases = Purchases::new(n);
    let mut cells = Cells::new(n);
    for sector in 0..sectors {
        for importer in 0..n {
            let spent = totals.add_row(observed, sector, importer, &mut cells);
            for share in &mut cells.shares {
                *share /= if spent > 0.0 { spent } else { 1.0 };
            }
            purchases.push(importer, &cells);
        }
    }
    let value_added: Vec<f64> = totals
        .output
        .chunks_exact(sectors)
        .zip(technology.value_added_share.chunks_exact(sectors))
        .map(|(output, share)| output.iter().zip(share).map(|(y, g)| y * g).sum())
        .collect();
    let unit: f64 = value_added.iter().sum();
    let mut baseline = Baseline {
        countries: observed.countries.clone().into(),
        sectors: observed.sectors.clone().into(),
        elasticities: elasticities.clone(),
        unit,
        purchases,
        technology: Arc::new(technology),
        final_share: vec![0.0; n * sectors],
        kept: totals.kept(),
        spending: totals.spending,
        output: totals.output,
        deficit: totals.imports,
        tariff_revenue: totals.tariffs,
        export_revenue: totals.export_taxes,
        income: vec![0.0; n],
        value_added,
    };
    for (imports, exports) in baseline.deficit.iter_mut().zip(&totals.exports) {
        *imports -= exports;
    }
    check_incomes(&mut baseline)?;
    let tables = [
        &mut baseline.spending,
        &mut baseline.output,
        &mut baseline.value_added,
        &mut baseline.tariff_revenue,
        &mut baseline.export_revenue,
        &mut baseline.deficit,
        &mut baseline.income,
    ];
    for amount in tables.into_iter().flatten() {
        *amount /= unit;
    }
    Ok(baseline)
}

fn check_incomes(baseline: &mut Baseline) -> Result<(), DataError> {
    for country in 0..baseline.countries() {
        let nothing = |what, consequence| DataError::Nothing {
            country: baseline.countries[country].clone(),
            what,
            consequence,
        };
        let earned = baseline.value_added[country];
        if earned.is_nan() || earned <= 0.0 {
            return Err(nothing("value added", "wage has no market to clear"));
        }
        let income = earned
            + baseline.tariff_revenue[country]
            + baseline.export_revenue[country]
            + baseline.deficit[country];
        if income.is_nan() || income <= 0.0 {
            return Err(nothing(
                "income left after its trade surplus",
                "final expenditure would not be positive",
            ));
        }
        baseline.income[country] = income;
    }
    Ok(())
}

/// What the flows add up to.
struct Totals {
    sectors: usize,
    /// `[N][J]`, at purchaser's prices.
    spending: Vec<f64>,
    /// `[N][J]`, at the border.
    bought: Vec<f64>,
    /// `[N][J]`, at producer's prices.
    output: Vec<f64>,
    /// At the border, domestic sales included, `[N]`.
    imports: Vec<f64>,
    exports: Vec<f64>,
    tariffs: Vec<f64>,
    export_taxes: Vec<f64>,
}

impl Totals {
    fn new(n: usize, sectors: usize) -> Self {
        Self {
            sectors,
            spending: vec![0.0; n * sectors],
            bought: vec![0.0; n * sectors],
            output: vec![0.0; n * sectors],
            imports: vec![0.0; n],
            exports: vec![0.0; n],
            tariffs: vec![0.0; n],
            export_taxes: vec![0.0; n],
        }
    }

    /// Adds an importer's purchases in one sector, and writes them to `cells` as amounts.
    fn add_row(
        &mut self,
        observed: &Observations,
        sector: usize,
        importer: usize,
        cells: &mut Cells,
    ) -> f64 {
        let mut spent = 0.0;
        let place = importer * self.sectors + sector;
        for exporter in 0..self.imports.len() {
            let cell = observed.cell(sector, importer, exporter);
            let rate = |table: &[f64]| table.get(cell).copied().unwrap_or(0.0);
            let flow = observed.flows[cell];
            let tariff = rate(&observed.tariffs);
            let export_tax = rate(&observed.export_taxes);
            let paid = flow * (1.0 + tariff);
            cells.shares[exporter] = paid;
            cells.kept[exporter] = 1.0 / (1.0 + tariff);
            cells.kept_abroad[exporter] = 1.0 / (1.0 + export_tax);
            let earned = flow / (1.0 + export_tax);
            spent += paid;
            self.bought[place] += flow;
            self.output[exporter * self.sectors + sector] += earned;
            self.imports[importer] += flow;
            self.exports[exporter] += flow;
            self.tariffs[importer] += flow * tariff;
            self.export_taxes[exporter] += flow - earned;
        }
        self.spending[place] = spent;
        spent
    }

    fn kept(&self) -> Vec<f64> {
        let amounts = self.bought.iter().zip(&self.spending);
        amounts
            .map(|(bought, spent)| if *spent > 0.0 { bought / spent } else { 1.0 })
            .collect()
    }
}
