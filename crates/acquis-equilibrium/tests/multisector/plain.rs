//! The model once more, as it is written down: nested loops for prices and expenditure, and
//! Newton's method with finite differences for wages. Slow, for small worlds; shares nothing
//! with the engine but the equations.

use crate::worlds::World;

/// What comes out: `ŵ`, `P̂` by country and sector, `X'` in the unit of the observations.
pub(crate) struct Solution {
    pub(crate) wage: Vec<f64>,
    pub(crate) price: Vec<f64>,
    pub(crate) spending: Vec<f64>,
    pub(crate) residual: f64,
}

/// A world that needs no repair, under deficits that keep their share of world value added.
struct Plain<'a> {
    world: &'a World,
    n: usize,
    sectors: usize,
    /// `π κ̂^{-θ}`, `[J][importer][exporter]`.
    access: Vec<f64>,
    tariff: Vec<f64>,
    export_tax: Vec<f64>,
    /// `[N][J]`.
    log_productivity: Vec<f64>,
    log_endowment: Vec<f64>,
    value_added_share: Vec<f64>,
    final_share: Vec<f64>,
    spending: Vec<f64>,
    value_added: Vec<f64>,
    deficit: Vec<f64>,
}

/// Solves the world's change.
pub(crate) fn solve(world: &World) -> Solution {
    let plain = Plain::new(world);
    let n = plain.n;
    let mut wage = vec![0.0; n];
    let mut found = plain.at(&wage);
    for _ in 0..60 {
        if found.residual < 3e-15 {
            break;
        }
        let step = plain.newton_step(&wage, &found);
        let mut length = 1.0;
        loop {
            let next: Vec<f64> = wage
                .iter()
                .zip(&step)
                .map(|(w, s)| w + length * s)
                .collect();
            let there = plain.at(&next);
            let better = there.residual < found.residual;
            if better || length < 1e-3 {
                if !better && found.residual < 1e-12 {
                    // Rounding decides.
                    return found.solution(&wage);
                }
                (wage, found) = (next, there);
                break;
            }
            length *= 0.5;
        }
    }
    found.solution(&wage)
}

/// Prices, expenditure and what is left of the labour markets at some wages.
struct Found {
    log_price: Vec<f64>,
    spending: Vec<f64>,
    /// `r_n + ln(ΣVA'/ΣVA)`: zero for all countries only in equilibrium in the numeraire.
    error: Vec<f64>,
    residual: f64,
}

impl Found {
    fn solution(self, wage: &[f64]) -> Solution {
        Solution {
            wage: wage.iter().map(|w| w.exp()).collect(),
            price: self.log_price.iter().map(|p| p.exp()).collect(),
            spending: self.spending,
            residual: self.residual,
        }
    }
}

impl<'a> Plain<'a> {
    fn new(world: &'a World) -> Self {
        let observed = &world.observed;
        let (n, sectors) = observed.shape();
        let or_zero = |table: &Vec<f64>| {
            if table.is_empty() {
                vec![0.0; observed.flows.len()]
            } else {
                table.clone()
            }
        };
        let (old_tariff, old_tax) = (or_zero(&observed.tariffs), or_zero(&observed.export_taxes));
        let (mut tariff, mut export_tax) = (old_tariff.clone(), old_tax.clone());
        let mut cost = vec![1.0; observed.flows.len()];
        for &(sector, importer, exporter, rate) in &world.change.tariffs {
            tariff[observed.cell(sector, importer, exporter)] = rate;
        }
        for &(sector, importer, exporter, rate) in &world.change.export_taxes {
            export_tax[observed.cell(sector, importer, exporter)] = rate;
        }
        for &(sector, importer, exporter, factor) in &world.change.costs {
            cost[observed.cell(sector, importer, exporter)] *= factor;
        }
        let mut log_productivity = vec![0.0; n * sectors];
        for &(country, sector, factor) in &world.change.productivity {
            log_productivity[country * sectors + sector] += factor.ln();
        }
        let mut log_endowment = vec![0.0; n];
        for &(country, factor) in &world.change.endowments {
            log_endowment[country] += factor.ln();
        }
        let mut plain = Self {
            world,
            n,
            sectors,
            access: vec![0.0; observed.flows.len()],
            tariff,
            export_tax,
            log_productivity,
            log_endowment,
            value_added_share: vec![1.0; n * sectors],
            final_share: vec![0.0; n * sectors],
            spending: vec![0.0; n * sectors],
            value_added: vec![0.0; n],
            deficit: vec![0.0; n],
        };
        plain.observe(&old_tariff, &old_tax);
        for sector in 0..sectors {
            for importer in 0..n {
                for exporter in 0..n {
                    let cell = observed.cell(sector, importer, exporter);
                    let spent = plain.spending[importer * sectors + sector];
                    if spent > 0.0 {
                        let share = observed.flows[cell] * (1.0 + old_tariff[cell]) / spent;
                        let dearer = cost[cell] * (1.0 + plain.tariff[cell])
                            / (1.0 + old_tariff[cell])
                            * (1.0 + plain.export_tax[cell])
                            / (1.0 + old_tax[cell]);
                        plain.access[cell] = share * dearer.powf(-world.theta[sector]);
                    }
                }
            }
        }
        plain
    }

    /// Spending, value added, deficits and final shares of the world as observed.
    fn observe(&mut self, tariff: &[f64], tax: &[f64]) {
        let (n, sectors, observed) = (self.n, self.sectors, &self.world.observed);
        let mut made = vec![0.0; n * sectors];
        let mut income = vec![0.0; n];
        for sector in 0..sectors {
            for importer in 0..n {
                for exporter in 0..n {
                    let cell = observed.cell(sector, importer, exporter);
                    let flow = observed.flows[cell];
                    self.spending[importer * sectors + sector] += flow * (1.0 + tariff[cell]);
                    made[exporter * sectors + sector] += flow / (1.0 + tax[cell]);
                    self.deficit[importer] += flow;
                    self.deficit[exporter] -= flow;
                    income[importer] += flow * tariff[cell];
                    income[exporter] += flow * tax[cell] / (1.0 + tax[cell]);
                }
            }
        }
        for country in 0..n {
            for j in 0..sectors {
                let used: f64 = (0..sectors).map(|s| self.input(country, s, j)).sum();
                self.value_added_share[country * sectors + j] = 1.0 - used;
                self.value_added[country] += (1.0 - used) * made[country * sectors + j];
            }
            income[country] += self.value_added[country] + self.deficit[country];
            for s in 0..sectors {
                let used: f64 = (0..sectors)
                    .map(|j| self.input(country, s, j) * made[country * sectors + j])
                    .sum();
                let place = country * sectors + s;
                self.final_share[place] = (self.spending[place] - used) / income[country];
            }
        }
    }

    /// Purchases of `s` per unit of `j`.
    fn input(&self, country: usize, s: usize, j: usize) -> f64 {
        let place = (country * self.sectors + s) * self.sectors + j;
        self.world
            .observed
            .input_coefficients
            .get(place)
            .copied()
            .unwrap_or(0.0)
    }

    fn costs(&self, wage: &[f64], log_price: &[f64]) -> Vec<f64> {
        let sectors = self.sectors;
        let cells = 0..self.n * sectors;
        cells
            .map(|place| {
                let (country, j) = (place / sectors, place % sectors);
                let inputs: f64 = (0..sectors)
                    .map(|s| self.input(country, s, j) * log_price[country * sectors + s])
                    .sum();
                self.value_added_share[place] * wage[country] + inputs
                    - self.log_productivity[place]
            })
            .collect()
    }

    /// Shares `π'` and the prices at some wages.
    fn prices(&self, wage: &[f64]) -> (Vec<f64>, Vec<f64>) {
        let (n, sectors) = (self.n, self.sectors);
        let mut log_price = vec![0.0; n * sectors];
        let mut shares = self.access.clone();
        for _ in 0..5000 {
            let costs = self.costs(wage, &log_price);
            let mut moved = 0.0_f64;
            for sector in 0..sectors {
                let theta = self.world.theta[sector];
                for importer in 0..n {
                    let row = (sector * n + importer) * n;
                    let mut total = 0.0;
                    for exporter in 0..n {
                        let share = self.access[row + exporter]
                            * (-theta * costs[exporter * sectors + sector]).exp();
                        shares[row + exporter] = share;
                        total += share;
                    }
                    if total > 0.0 {
                        shares[row..row + n]
                            .iter_mut()
                            .for_each(|share| *share /= total);
                        let price = -total.ln() / theta;
                        let place = importer * sectors + sector;
                        moved = moved.max((price - log_price[place]).abs());
                        log_price[place] = price;
                    }
                }
            }
            if moved < 1e-16 {
                break;
            }
        }
        (shares, log_price)
    }

    fn at(&self, wage: &[f64]) -> Found {
        let (n, sectors) = (self.n, self.sectors);
        let (shares, log_price) = self.prices(wage);
        let earned: Vec<f64> = (0..n)
            .map(|i| self.value_added[i] * (wage[i] + self.log_endowment[i]).exp())
            .collect();
        let level = earned.iter().sum::<f64>() / self.value_added.iter().sum::<f64>();
        let mut spending = self.spending.clone();
        let mut made = vec![0.0; n * sectors];
        for _ in 0..5000 {
            made.fill(0.0);
            let mut income: Vec<f64> = earned
                .iter()
                .zip(&self.deficit)
                .map(|(earned, d)| earned + d * level)
                .collect();
            for sector in 0..sectors {
                for importer in 0..n {
                    let spent = spending[importer * sectors + sector];
                    for exporter in 0..n {
                        let cell = (sector * n + importer) * n + exporter;
                        let border = shares[cell] * spent / (1.0 + self.tariff[cell]);
                        let sold = border / (1.0 + self.export_tax[cell]);
                        made[exporter * sectors + sector] += sold;
                        income[importer] += shares[cell] * spent - border;
                        income[exporter] += border - sold;
                    }
                }
            }
            let mut moved = 0.0_f64;
            for country in 0..n {
                for s in 0..sectors {
                    let used: f64 = (0..sectors)
                        .map(|j| self.input(country, s, j) * made[country * sectors + j])
                        .sum();
                    let place = country * sectors + s;
                    let due = used + self.final_share[place] * income[country];
                    moved = moved.max((due - spending[place]).abs() / income[country]);
                    spending[place] = due;
                }
            }
            if moved < 1e-16 {
                break;
            }
        }
        let error: Vec<f64> = (0..n)
            .map(|country| {
                let demand: f64 = (0..sectors)
                    .map(|j| country * sectors + j)
                    .map(|place| self.value_added_share[place] * made[place])
                    .sum();
                (demand / earned[country]).ln() + level.ln()
            })
            .collect();
        let residual = error.iter().fold(0.0, |worst: f64, e| worst.max(e.abs()));
        Found {
            log_price,
            spending,
            error,
            residual,
        }
    }

    /// `-J^{-1} r` with a Jacobian by central differences.
    fn newton_step(&self, wage: &[f64], here: &Found) -> Vec<f64> {
        const NUDGE: f64 = 1e-5;
        let n = self.n;
        let mut table = vec![vec![0.0; n + 1]; n];
        let mut wage = wage.to_vec();
        for column in 0..n {
            let kept = wage[column];
            wage[column] = kept + NUDGE;
            let above = self.at(&wage).error;
            wage[column] = kept - NUDGE;
            let below = self.at(&wage).error;
            wage[column] = kept;
            for row in 0..n {
                table[row][column] = (above[row] - below[row]) / (2.0 * NUDGE);
            }
        }
        for (row, error) in table.iter_mut().zip(&here.error) {
            row[n] = -error;
        }
        eliminate(table)
    }
}

/// Gauss and Jordan with row pivots; the last column is the right-hand side.
pub(crate) fn eliminate(mut table: Vec<Vec<f64>>) -> Vec<f64> {
    let n = table.len();
    for column in 0..n {
        let largest = (column..n).max_by(|a, b| {
            let size = |row: &usize| table[*row][column].abs();
            size(a).total_cmp(&size(b))
        });
        table.swap(column, largest.unwrap());
        let pivot = table[column].clone();
        for (row, cells) in table.iter_mut().enumerate() {
            if row != column {
                let factor = cells[column] / pivot[column];
                cells
                    .iter_mut()
                    .zip(&pivot)
                    .for_each(|(cell, p)| *cell -= factor * p);
            }
        }
    }
    (0..n).map(|row| table[row][n] / table[row][row]).collect()
}
