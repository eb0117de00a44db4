//! Large made-up worlds that look like observed ones: the same arguments give the same world.
//!
//! Sizes are lognormal, countries sit at random on a ring, and shares of expenditure follow
//! gravity: supplier's size and comparative advantage over distance, with a bias towards
//! home. A third of the sectors are sold at home only (as in the data of Caliendo and Parro,
//! 20 of 40), 15 % of the foreign flows of the others are zero. Nine tenths of the foreign
//! cells carry tariffs of 0 to 20 %. Deficits are what gravity leaves. Input coefficients
//! are dense, and balanced so that everybody buys at least what his industries use: the
//! worlds are equilibria as they are and need no repair.

use acquis_equilibrium::multisector::{Elasticities, Observations};

/// One sector in so many is sold at home only.
const NON_TRADABLE: usize = 3;
/// Part of the foreign flows of such a sector that are zero.
const ZERO_FLOWS: f64 = 0.15;
/// Part of the foreign cells with a tariff.
const TARIFFED: f64 = 0.9;
/// How much rather one buys at home than from a neighbour of the same size, by number of
/// countries, so that home shares don't depend on it.
const HOME_BIAS: f64 = 0.4;
const DISTANCE_ELASTICITY: f64 = 1.2;
/// Distance of a country to itself, where the ring is one long.
const NEAREST: f64 = 0.05;
/// Most of what a country spends that its industries may use up.
const MOST_INTERMEDIATE: f64 = 0.85;
/// Rounds in which inputs are balanced between suppliers and users.
const BALANCING_ROUNDS: usize = 12;

/// A world of that many countries and sectors.
pub(crate) fn synthetic(
    countries: usize,
    sectors: usize,
    seed: u64,
) -> (Observations, Elasticities) {
    let mut draws = Draws::new(seed);
    let label = |letter: char, count: usize| -> Vec<String> {
        (1..=count)
            .map(|number| format!("{letter}{number:03}"))
            .collect()
    };
    let mut world = Observations {
        countries: label('C', countries),
        sectors: label('S', sectors),
        flows: vec![0.0; sectors * countries * countries],
        tariffs: vec![0.0; sectors * countries * countries],
        ..Observations::default()
    };
    let tradable = sectors - sectors / NON_TRADABLE;
    trade(&mut world, tradable, &mut draws);
    make(&mut world, &mut draws);
    let theta = (0..sectors).map(|_| draws.between(2.5, 12.0)).collect();
    let theta = Elasticities::new(theta).expect("they are drawn above zero");
    (world, theta)
}

/// Fills flows and tariffs.
fn trade(world: &mut Observations, tradable: usize, draws: &mut Draws) {
    let (n, sectors) = world.shape();
    let size: Vec<f64> = (0..n).map(|_| (1.3 * draws.normal()).exp()).collect();
    let place: Vec<f64> = (0..n).map(|_| draws.uniform()).collect();
    let bias = HOME_BIAS * n as f64;
    let mut pull = vec![0.0; n];
    for sector in 0..sectors {
        let weight = draws.between(0.5, 1.5);
        let supply: Vec<f64> = size
            .iter()
            .map(|size| size * (0.7 * draws.normal()).exp())
            .collect();
        for importer in 0..n {
            let spent = weight * size[importer] * (0.2 * draws.normal()).exp();
            for (exporter, pull) in pull.iter_mut().enumerate() {
                let home = exporter == importer;
                let zero = draws.uniform() < ZERO_FLOWS;
                let around = (place[importer] - place[exporter]).abs();
                let distance = NEAREST + around.min(1.0 - around);
                *pull = if home {
                    bias * supply[exporter] * NEAREST.powf(-DISTANCE_ELASTICITY)
                } else if sector >= tradable || zero {
                    0.0
                } else {
                    supply[exporter] * distance.powf(-DISTANCE_ELASTICITY)
                };
            }
            let total: f64 = pull.iter().sum();
            for (exporter, pull) in pull.iter().enumerate() {
                let cell = world.cell(sector, importer, exporter);
                world.flows[cell] = spent * pull / total;
                let (chance, rate) = (draws.uniform(), draws.between(0.0, 0.2));
                if sector < tradable && exporter != importer && chance < TARIFFED {
                    world.tariffs[cell] = rate;
                }
            }
        }
    }
}

/// Fills value-added shares, from a quarter to seven tenths, and input coefficients.
fn make(world: &mut Observations, draws: &mut Draws) {
    let (n, sectors) = world.shape();
    let mut spent = vec![0.0; n * sectors];
    let mut made = vec![0.0; n * sectors];
    for sector in 0..sectors {
        for importer in 0..n {
            for exporter in 0..n {
                let cell = world.cell(sector, importer, exporter);
                let flow = world.flows[cell];
                spent[importer * sectors + sector] += flow * (1.0 + world.tariffs[cell]);
                made[exporter * sectors + sector] += flow;
            }
        }
    }
    world.value_added_shares = vec![0.0; n * sectors];
    world.input_coefficients = vec![0.0; n * sectors * sectors];
    for country in 0..n {
        let cells = country * sectors..(country + 1) * sectors;
        let (spent, made) = (&spent[cells.clone()], &made[cells.clone()]);
        let mut used: Vec<f64> = made
            .iter()
            .map(|made| made * (1.0 - draws.between(0.25, 0.7)))
            .collect();
        let most = MOST_INTERMEDIATE * spent.iter().sum::<f64>();
        let all: f64 = used.iter().sum();
        if all > most {
            for used in &mut used {
                *used *= most / all;
            }
        }
        let block = sectors * sectors;
        let inputs = &mut world.input_coefficients[country * block..(country + 1) * block];
        for input in inputs.iter_mut() {
            *input = draws.between(0.05, 1.0);
        }
        balance(inputs, &used, spent);
        let shares = &mut world.value_added_shares[cells];
        for j in 0..sectors {
            let column = || (j..block).step_by(sectors);
            column().for_each(|cell| inputs[cell] /= made[j]);
            shares[j] = 1.0 - column().map(|cell| inputs[cell]).sum::<f64>();
        }
    }
}

/// Scales a table of purchases, `[s][j]`, so that every industry `j` buys what it uses and
/// every supplier `s` sells the same part of what is spent on its goods.
fn balance(table: &mut [f64], used: &[f64], spent: &[f64]) {
    let sectors = used.len();
    let part = used.iter().sum::<f64>() / spent.iter().sum::<f64>();
    for _ in 0..BALANCING_ROUNDS {
        for (row, spent) in table.chunks_exact_mut(sectors).zip(spent) {
            let factor = part * spent / row.iter().sum::<f64>();
            for cell in row {
                *cell *= factor;
            }
        }
        let mut bought = vec![0.0; sectors];
        for row in table.chunks_exact(sectors) {
            for (bought, cell) in bought.iter_mut().zip(row) {
                *bought += cell;
            }
        }
        for row in table.chunks_exact_mut(sectors) {
            for ((cell, used), bought) in row.iter_mut().zip(used).zip(&bought) {
                *cell *= used / bought;
            }
        }
    }
}

/// Random numbers from a seed: splitmix64 (Steele, Lea and Flood 2014).
pub(crate) struct Draws(u64);

impl Draws {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    /// From 0 to below 1.
    pub(crate) fn uniform(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub(crate) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.uniform()
    }

    /// Standard normal (Box and Muller 1958).
    pub(crate) fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.uniform()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.uniform()).cos()
    }
}
