//! Trade, sector by sector, and how a shock shifts it.

use super::baseline::Baseline;
use super::counterfactual::Counterfactual;
use super::purchases::Cells;

/// Values at the border, domestic sales included, `[J][importer][exporter]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Flows {
    countries: usize,
    values: Vec<f64>,
}

impl Flows {
    fn new(countries: usize, sectors: usize) -> Self {
        Self {
            countries,
            values: Vec::with_capacity(countries * countries * sectors),
        }
    }

    fn push(&mut self, spent: f64, cells: &Cells) {
        let parts = cells.shares.iter().zip(&cells.kept);
        self.values
            .extend(parts.map(|(share, kept)| spent * share * kept));
    }

    /// One flow.
    pub fn at(&self, sector: usize, importer: usize, exporter: usize) -> f64 {
        self.values[(sector * self.countries + importer) * self.countries + exporter]
    }

    /// All cells, `[J][importer][exporter]`.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// A flow over all sectors.
    pub fn between(&self, importer: usize, exporter: usize) -> f64 {
        let square = self.countries * self.countries;
        let cells = self
            .values
            .iter()
            .skip(importer * self.countries + exporter);
        cells.step_by(square).sum()
    }

    /// Imports from abroad over all sectors.
    pub fn imports(&self, importer: usize) -> f64 {
        let others = (0..self.countries).filter(|&other| other != importer);
        others
            .map(|exporter| self.between(importer, exporter))
            .sum()
    }

    /// Exports over all sectors.
    pub fn exports(&self, exporter: usize) -> f64 {
        let others = (0..self.countries).filter(|&other| other != exporter);
        others
            .map(|importer| self.between(importer, exporter))
            .sum()
    }
}

/// Where a country's purchases shifted, at the prices of the baseline (each flow divided by
/// the change of its exporter's unit cost), in the unit of the baseline.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TradeShift {
    /// Change of purchases from the members, itself left out.
    pub members: f64,
    /// Change of purchases from everyone else abroad.
    pub outsiders: f64,
    /// Change of purchases from itself.
    pub home: f64,
}

impl TradeShift {
    /// Imports from members that replace imports from outsiders (Viner 1950).
    pub fn diversion(&self) -> f64 {
        (-self.outsiders).clamp(0.0, self.members.max(0.0))
    }

    /// Imports from members that replace nobody's exports to the country: they come in
    /// place of its own goods, or on top.
    pub fn creation(&self) -> f64 {
        self.members - self.diversion()
    }
}

impl Baseline {
    /// All flows.
    pub fn flows(&self) -> Flows {
        let (n, sectors) = (self.countries(), self.sectors());
        let mut flows = Flows::new(n, sectors);
        for sector in 0..sectors {
            for importer in 0..n {
                let cells = self.cells(sector, importer);
                flows.push(self.spending(importer, sector), &cells);
            }
        }
        flows
    }
}

impl Counterfactual {
    /// All flows.
    pub fn flows(&self) -> Flows {
        let (n, sectors) = (self.baseline().countries(), self.baseline().sectors());
        let mut flows = Flows::new(n, sectors);
        let mut cells = Cells::new(n);
        for sector in 0..sectors {
            for importer in 0..n {
                self.purchases(sector, importer, &mut cells);
                flows.push(self.spending(importer, sector), &cells);
            }
        }
        flows
    }

    /// Change of the terms of trade: prices of exports over prices of imports at the border
    /// without export taxes, each the geometric mean of unit costs weighted by the mean of
    /// the flows' shares before and after (Törnqvist). One without trade.
    pub fn terms_of_trade_change(&self, country: usize) -> f64 {
        let baseline = self.baseline();
        let (before, after) = (baseline.flows(), self.flows());
        let others = || (0..baseline.countries()).filter(move |&other| other != country);
        let sold = |flows: &Flows| flows.exports(country);
        let bought = |flows: &Flows| flows.imports(country);
        let mean = |old: f64, new: f64, total: [f64; 2]| {
            let share = |part: f64, whole: f64| if whole > 0.0 { part / whole } else { 0.0 };
            0.5 * (share(old, total[0]) + share(new, total[1]))
        };
        let (exports, imports) = (
            [sold(&before), sold(&after)],
            [bought(&before), bought(&after)],
        );
        let mut log_change = 0.0;
        for sector in 0..baseline.sectors() {
            let own = self.cost_change(country, sector).ln();
            for other in others() {
                let out = [&before, &after].map(|flows| flows.at(sector, other, country));
                let into = [&before, &after].map(|flows| flows.at(sector, country, other));
                log_change += mean(out[0], out[1], exports) * own;
                let theirs = self.cost_change(other, sector).ln();
                log_change -= mean(into[0], into[1], imports) * theirs;
            }
        }
        log_change.exp()
    }

    /// How every country's purchases shifted between members, outsiders and itself, `[N]`.
    pub fn trade_shifts(&self, members: &[usize]) -> Vec<TradeShift> {
        let baseline = self.baseline();
        let (n, sectors) = (baseline.countries(), baseline.sectors());
        let (before, after) = (baseline.flows(), self.flows());
        let mut shifts = vec![
            TradeShift {
                members: 0.0,
                outsiders: 0.0,
                home: 0.0
            };
            n
        ];
        for sector in 0..sectors {
            for (importer, shift) in shifts.iter_mut().enumerate() {
                for exporter in 0..n {
                    let now = after.at(sector, importer, exporter);
                    let change = now / self.cost_change(exporter, sector)
                        - before.at(sector, importer, exporter);
                    if exporter == importer {
                        shift.home += change;
                    } else if members.contains(&exporter) {
                        shift.members += change;
                    } else {
                        shift.outsiders += change;
                    }
                }
            }
        }
        shifts
    }
}
