//! Synthetic gravity panels with known coefficients: rta 0.5, ln(1 + tariff) -2, currency
//! union 0.2.
//!
//! Trade is `μ u` with `E[u] = 1`: sizes of countries, their random walks, distance, a pair
//! effect, serially correlated errors within pairs. Zeros (some 30 %) are likelier where
//! little is expected, with the expectation preserved, and one exporter-year in a hundred
//! has none but domestic trade. The design follows the panels that the peers were timed on.

use acquis_gravity::Random;

/// True coefficients of `rta`, `tariff` and `union`.
const TRUE: [f64; 3] = [0.5, -2.0, 0.2];

/// A panel sorted by exporter, importer and year.
pub(crate) struct Panel {
    pub(crate) trade: Vec<f64>,
    /// `rta`, `tariff`, `union`.
    pub(crate) regressors: [Vec<f64>; 3],
    /// Exporter-year, importer-year and pair.
    pub(crate) effects: [Vec<u32>; 3],
}

struct Row {
    exporter: usize,
    importer: usize,
    year: usize,
}

/// All pairs of `countries` in every year.
pub(crate) fn square(countries: usize, years: usize, seed: u64) -> Panel {
    let row = |row: usize| Row {
        exporter: row / years / countries,
        importer: row / years % countries,
        year: row % years,
    };
    panel(
        countries,
        years,
        seed,
        (0..countries * countries * years).map(row),
        0.8,
    )
}

/// `countries` in a ring, each trading with its three neighbours on either side, in spells
/// of 60 to 100 % of the years: poorly connected.
pub(crate) fn ring(countries: usize, years: usize, seed: u64) -> Panel {
    let mut random = Random::new(seed ^ 0x0052_696E_6700);
    let mut rows = Vec::new();
    for exporter in 0..countries {
        for step in [-3_isize, -2, -1, 1, 2, 3] {
            let importer = exporter.wrapping_add_signed(step).wrapping_add(countries) % countries;
            let start = random.below(years * 2 / 5 + 1);
            rows.extend((start..years).map(|year| Row {
                exporter,
                importer,
                year,
            }));
        }
    }
    panel(countries, years, seed, rows.into_iter(), 1.0)
}

fn panel(
    countries: usize,
    years: usize,
    seed: u64,
    rows: impl Iterator<Item = Row>,
    pair_spread: f64,
) -> Panel {
    let mut random = Random::new(seed);
    let world = World::new(countries, years, pair_spread, &mut random);
    let mut panel = Panel {
        trade: Vec::new(),
        regressors: [Vec::new(), Vec::new(), Vec::new()],
        effects: [Vec::new(), Vec::new(), Vec::new()],
    };
    let mut predictors = Vec::new();
    for row in rows {
        let x = world.regressors(&row, &mut random);
        let effect: f64 = x.iter().zip(TRUE).map(|(x, b)| x * b).sum();
        predictors.push(world.predictor(&row) + effect);
        for (column, x) in panel.regressors.iter_mut().zip(x) {
            column.push(x);
        }
        let Row {
            exporter,
            importer,
            year,
        } = row;
        panel.effects[0].push((exporter * years + year) as u32);
        panel.effects[1].push((importer * years + year) as u32);
        panel.effects[2].push((exporter * countries + importer) as u32);
    }
    panel.trade = flows(&predictors, &panel.effects, &world, &mut random);
    panel
}

struct World {
    countries: usize,
    years: usize,
    exports: Vec<f64>,
    imports: Vec<f64>,
    pairs: Vec<f64>,
    /// First year of the agreement of each pair of countries.
    agreement: Vec<usize>,
    /// Years of a currency union.
    union: Vec<(usize, usize)>,
    tariff: Vec<(f64, f64)>,
    silent: Vec<bool>,
}

impl World {
    fn new(countries: usize, years: usize, pair_spread: f64, random: &mut Random) -> Self {
        let sizes: Vec<f64> = (0..countries).map(|_| 1.2 * random.normal()).collect();
        let mut walk = |scale: f64, shift: f64| -> Vec<f64> {
            let mut out = Vec::with_capacity(countries * years);
            for size in &sizes {
                let mut level = scale * size + shift * random.normal();
                for _ in 0..years {
                    level += 0.03 + 0.1 * random.normal();
                    out.push(level);
                }
            }
            out
        };
        let (exports, imports) = (walk(1.0, 0.0), walk(0.8, 0.3));
        let places: Vec<(f64, f64)> = (0..countries)
            .map(|_| (random.uniform(), random.uniform()))
            .collect();
        let mut pairs = Vec::with_capacity(countries * countries);
        let (mut agreement, mut union) = (Vec::new(), Vec::new());
        for i in 0..countries {
            for j in 0..countries {
                let (a, b) = (places[i], places[j]);
                let distance = (a.0 - b.0).hypot(a.1 - b.1) + 0.05;
                let effect = pair_spread * random.normal() - distance.ln();
                pairs.push(if i == j { 2.0 } else { effect });
                let some = |share: f64, random: &mut Random| {
                    if random.uniform() < share {
                        1 + random.below(years - 1)
                    } else {
                        years + 1
                    }
                };
                agreement.push(some(0.3, random));
                let start = some(0.06, random);
                union.push((start, start + 3 + random.below(years - 3)));
            }
        }
        let tariff = (0..countries)
            .map(|_| (0.02 + 0.23 * random.uniform(), 0.04 * random.uniform()))
            .collect();
        let silent = (0..countries * years)
            .map(|_| random.uniform() < 0.01)
            .collect();
        Self {
            countries,
            years,
            exports,
            imports,
            pairs,
            agreement,
            union,
            tariff,
            silent,
        }
    }

    fn regressors(&self, row: &Row, random: &mut Random) -> [f64; 3] {
        if row.exporter == row.importer {
            return [0.0; 3];
        }
        let (low, high) = (
            row.exporter.min(row.importer),
            row.exporter.max(row.importer),
        );
        let pair = low * self.countries + high;
        let agreed = row.year >= self.agreement[pair];
        let (from, until) = self.union[pair];
        let (base, decline) = self.tariff[row.importer];
        let relief = if agreed { 0.4 } else { 1.0 };
        let tariff = base * (-decline * row.year as f64).exp() * relief + 0.1 * random.uniform();
        [
            f64::from(u8::from(agreed)),
            tariff.ln_1p(),
            f64::from(u8::from((from..until).contains(&row.year))),
        ]
    }

    fn predictor(&self, row: &Row) -> f64 {
        self.exports[row.exporter * self.years + row.year]
            + self.imports[row.importer * self.years + row.year]
            + self.pairs[row.exporter * self.countries + row.importer]
    }
}

/// Trade with some 30 % of zeros.
fn flows(
    predictors: &[f64],
    effects: &[Vec<u32>; 3],
    world: &World,
    random: &mut Random,
) -> Vec<f64> {
    let count = predictors.len() as f64;
    let centre = predictors.iter().sum::<f64>() / count;
    let squares: f64 = predictors.iter().map(|p| (p - centre).powi(2)).sum();
    let spread = (squares / count).sqrt();
    let positive = |cut: f64, predictor: f64| {
        (1.0 / (1.0 + (-(cut + 2.2 * (predictor - centre) / spread)).exp())).clamp(0.02, 1.0)
    };
    let (mut low, mut high) = (-10.0, 10.0);
    for _ in 0..30 {
        let cut = 0.5 * (low + high);
        let step = predictors.len().div_ceil(100_000);
        let sampled = predictors.iter().step_by(step);
        let share: f64 = sampled.clone().map(|&p| positive(cut, p)).sum::<f64>();
        if 1.0 - share / sampled.len() as f64 > 0.3 {
            low = cut;
        } else {
            high = cut;
        }
    }
    let (mut error, mut last) = (0.0, u32::MAX);
    (0..predictors.len())
        .map(|row| {
            let pair = effects[2][row];
            let draw = random.normal();
            error = if pair == last {
                0.7 * error + 0.51_f64.sqrt() * draw
            } else {
                draw
            };
            last = pair;
            let domestic = pair as usize / world.countries == pair as usize % world.countries;
            let chance = if domestic {
                1.0
            } else {
                positive(high, predictors[row])
            };
            let silent = world.silent[effects[0][row] as usize] && !domestic;
            if random.uniform() >= chance || silent {
                return 0.0;
            }
            (predictors[row] + 0.35 * error - 0.5 * 0.35 * 0.35).exp() / chance
        })
        .collect()
}
