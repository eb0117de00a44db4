//! The identities that figures of an economy ought to satisfy, and how far each is off.

use crate::economy::Economy;

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// Value added and inputs are the whole of output.
    SharesAddUp,
    /// The gross output that the source gives is what is sold.
    OutputIsSold,
    /// What a country buys of a good is its inputs and its final demand.
    SupplyIsUsed,
    /// What is left for final demand after inputs is not negative.
    FinalDemandIsNotNegative,
    /// Deficits of all countries add up to zero.
    DeficitsCancel,
    /// The deficit of a country is small beside its output.
    DeficitIsSmall,
    /// No flow is negative.
    FlowsAreNotNegative,
    /// A country sells some of what it makes at home.
    HomeSales,
    /// A country exports.
    Exports,
    /// A country imports.
    Imports,
    /// Tariffs are between nothing and a hundred per cent.
    TariffsInRange,
    /// Home sales bear no tariff.
    NoTariffAtHome,
    /// Sectors that are not traded bear no tariff.
    NoTariffOnNonTradables,
}

/// What the worst figure of a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// A share or a rate, as a fraction.
    Fraction,
    /// Money, in the unit of the economy.
    Money,
}

/// How one rule fares.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// The rule.
    pub rule: Rule,
    /// The schedule of tariffs that it is about, if it is about one.
    pub schedule: Option<String>,
    /// How far it is off at worst.
    pub worst: f64,
    /// What `worst` measures.
    pub measure: Measure,
    /// Where it is worst; `None` where it is not off at all.
    pub at: Option<String>,
    /// In how many cells it is off by more than rounding.
    pub off: usize,
    /// How many cells were looked at.
    pub of: usize,
}

impl Rule {
    /// The rule as a sentence.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::SharesAddUp => "value added and inputs add up to output",
            Self::OutputIsSold => "gross output is what is sold",
            Self::SupplyIsUsed => "purchases are inputs and final demand",
            Self::FinalDemandIsNotNegative => "purchases are not below inputs",
            Self::DeficitsCancel => "deficits add up to zero",
            Self::DeficitIsSmall => "deficit below a quarter of output",
            Self::FlowsAreNotNegative => "flows are not negative",
            Self::HomeSales => "some output is sold at home",
            Self::Exports => "the country exports",
            Self::Imports => "the country imports",
            Self::TariffsInRange => "tariffs are between 0 and 100 %",
            Self::NoTariffAtHome => "home sales bear no tariff",
            Self::NoTariffOnNonTradables => "what is not traded bears no tariff",
        }
    }
}

/// What rounding of 64-bit figures leaves of an identity, as a share of what is added up.
const ROUNDING: f64 = 1e-9;
/// A deficit above this share of output is worth a word.
const LARGE_DEFICIT: f64 = 0.25;

/// Every rule that the figures allow to look at, with how far each is off at worst and where.
pub fn check(economy: &Economy) -> Vec<Line> {
    let figures = economy.figures();
    let mut lines = vec![shares(economy)];
    if let Some(output) = &figures.gross_output {
        lines.push(output_is_sold(economy, output));
    }
    lines.extend(supply(economy));
    lines.push(deficits_cancel(economy));
    lines.push(deficits(economy));
    lines.push(flows_not_negative(economy));
    lines.push(home_sales(economy));
    lines.extend(isolation(economy));
    for number in 0..figures.tariffs.len() {
        lines.extend(tariffs(economy, number));
    }
    lines
}

/// Gathers the cells of one rule.
struct Tally {
    worst: f64,
    at: Option<usize>,
    off: usize,
    of: usize,
}

impl Tally {
    /// Takes how far each cell is off; off by no more than its `slack` is not off.
    fn of(cells: impl IntoIterator<Item = (f64, f64)>) -> Self {
        let mut tally = Self {
            worst: 0.0,
            at: None,
            off: 0,
            of: 0,
        };
        for (cell, (off, slack)) in cells.into_iter().enumerate() {
            tally.of += 1;
            if off > tally.worst {
                tally.worst = off;
                tally.at = Some(cell);
            }
            if off > slack {
                tally.off += 1;
            }
        }
        tally
    }

    fn line(self, rule: Rule, measure: Measure, name: impl Fn(usize) -> String) -> Line {
        Line {
            rule,
            schedule: None,
            worst: self.worst,
            measure,
            at: self.at.map(name),
            off: self.off,
            of: self.of,
        }
    }
}

fn shares(economy: &Economy) -> Line {
    let sums = economy.share_sums();
    Tally::of(sums.iter().map(|sum| ((sum - 1.0).abs(), ROUNDING))).line(
        Rule::SharesAddUp,
        Measure::Fraction,
        |cell| level(economy, cell),
    )
}

fn output_is_sold(economy: &Economy, output: &[f64]) -> Line {
    let sales = economy.sales();
    let cells = output.iter().zip(&sales);
    Tally::of(cells.map(|(output, sales)| ((output - sales).abs(), ROUNDING * output.max(*sales))))
        .line(Rule::OutputIsSold, Measure::Money, |cell| {
            level(economy, cell)
        })
}

/// What a country buys of a good at purchasers' prices, less what its sectors use of it.
fn supply(economy: &Economy) -> Option<Line> {
    let figures = economy.figures();
    let inputs = figures.input_coefficients.as_ref()?;
    let (countries, sectors) = economy.shape();
    let output = economy.sales();
    let rates = figures.tariffs.first().map(|schedule| &schedule.rates);
    let mut left = Vec::with_capacity(countries * sectors);
    for country in 0..countries {
        for sector in 0..sectors {
            let bought: f64 = (0..countries)
                .map(|exporter| economy.cell(sector, exporter, country))
                .map(|cell| figures.flows[cell] * (1.0 + rates.map_or(0.0, |rates| rates[cell])))
                .sum();
            let row = (country * sectors + sector) * sectors;
            let used: f64 = inputs[row..row + sectors]
                .iter()
                .zip(&output[country * sectors..])
                .map(|(coefficient, output)| coefficient * output)
                .sum();
            left.push((bought - used, ROUNDING * bought.max(used)));
        }
    }
    let name = |cell| level(economy, cell);
    Some(match &figures.final_demand {
        Some(demand) => {
            let cells = left.into_iter().zip(demand);
            let cells = cells.map(|((left, slack), demand)| ((left - demand).abs(), slack));
            Tally::of(cells).line(Rule::SupplyIsUsed, Measure::Money, name)
        }
        None => Tally::of(left.into_iter().map(|(left, slack)| (-left, slack))).line(
            Rule::FinalDemandIsNotNegative,
            Measure::Money,
            name,
        ),
    })
}

/// Exports and imports of each country, home sales left out.
fn borders(economy: &Economy) -> (Vec<f64>, Vec<f64>) {
    let (countries, _) = economy.shape();
    let (mut exports, mut imports) = (vec![0.0; countries], vec![0.0; countries]);
    for (cell, flow) in economy.trade().iter().enumerate() {
        let (exporter, importer) = (cell / countries % countries, cell % countries);
        if exporter != importer {
            exports[exporter] += flow;
            imports[importer] += flow;
        }
    }
    (exports, imports)
}

fn deficits_cancel(economy: &Economy) -> Line {
    let (exports, imports) = borders(economy);
    let deficits: f64 = imports
        .iter()
        .zip(&exports)
        .map(|(to, from)| to - from)
        .sum();
    let scale: f64 = exports.iter().sum();
    let mut line = Tally::of([(deficits.abs(), ROUNDING * scale)]).line(
        Rule::DeficitsCancel,
        Measure::Money,
        |_| "the world".to_owned(),
    );
    line.at = line.at.filter(|_| line.off > 0);
    line
}

fn deficits(economy: &Economy) -> Line {
    let (exports, imports) = borders(economy);
    let (_, sectors) = economy.shape();
    let sales = economy.sales();
    let output = sales
        .chunks(sectors.max(1))
        .map(|row| row.iter().sum::<f64>());
    let cells = output.zip(imports.iter().zip(&exports));
    let cells = cells.map(|(output, (imports, exports))| {
        let share = (imports - exports).abs() / output;
        (if share.is_finite() { share } else { 0.0 }, LARGE_DEFICIT)
    });
    Tally::of(cells).line(Rule::DeficitIsSmall, Measure::Fraction, |country| {
        economy.labels()[country].clone()
    })
}

fn flows_not_negative(economy: &Economy) -> Line {
    Tally::of(economy.trade().iter().map(|flow| (-flow, 0.0))).line(
        Rule::FlowsAreNotNegative,
        Measure::Money,
        |cell| economy.pair(cell),
    )
}

/// How much is sold without any of it being sold at home.
fn home_sales(economy: &Economy) -> Line {
    let (countries, sectors) = economy.shape();
    let sales = economy.sales();
    let cells = (0..countries * sectors).map(|cell| {
        let (country, sector) = (cell / sectors, cell % sectors);
        let home = economy.trade()[economy.cell(sector, country, country)];
        (if home > 0.0 { 0.0 } else { sales[cell] }, 0.0)
    });
    Tally::of(cells).line(Rule::HomeSales, Measure::Money, |cell| level(economy, cell))
}

/// Countries that sell nothing abroad, or buy nothing there; the figure is their home sales.
fn isolation(economy: &Economy) -> [Line; 2] {
    let (exports, imports) = borders(economy);
    let (_, sectors) = economy.shape();
    let sales = economy.sales();
    let lines = [(Rule::Exports, exports), (Rule::Imports, imports)];
    lines.map(|(rule, trade)| {
        let output = sales
            .chunks(sectors.max(1))
            .map(|row| row.iter().sum::<f64>());
        let cells = trade.iter().zip(output);
        // A country without output is off as well, by as little as can be told.
        let cells = cells.map(|(trade, output)| {
            let off = if *trade > 0.0 {
                0.0
            } else {
                output.max(f64::MIN_POSITIVE)
            };
            (off, 0.0)
        });
        Tally::of(cells).line(rule, Measure::Money, |country| {
            economy.labels()[country].clone()
        })
    })
}

fn tariffs(economy: &Economy, number: usize) -> Vec<Line> {
    let (countries, _) = economy.shape();
    let schedule = &economy.figures().tariffs[number];
    let is_home = |cell: usize| cell / countries % countries == cell % countries;
    let is_tradable = |cell: usize| economy.sectors()[cell / (countries * countries)].is_tradable;
    let rates = || schedule.rates.iter().copied().enumerate();
    let mut lines = vec![
        Tally::of(rates().map(|(_, rate)| ((rate - 1.0).max(-rate), 0.0))).line(
            Rule::TariffsInRange,
            Measure::Fraction,
            |cell| economy.pair(cell),
        ),
        Tally::of(rates().map(|(cell, rate)| {
            let off = if is_home(cell) { rate.abs() } else { 0.0 };
            (off, 0.0)
        }))
        .line(Rule::NoTariffAtHome, Measure::Fraction, |cell| {
            economy.pair(cell)
        }),
    ];
    if economy.sectors().iter().any(|sector| !sector.is_tradable) {
        let cells = rates().map(|(cell, rate)| {
            let off = if is_tradable(cell) { 0.0 } else { rate.abs() };
            (off, 0.0)
        });
        lines.push(Tally::of(cells).line(
            Rule::NoTariffOnNonTradables,
            Measure::Fraction,
            |cell| economy.pair(cell),
        ));
    }
    for line in &mut lines {
        line.schedule = Some(schedule.name.clone());
    }
    lines
}

fn level(economy: &Economy, cell: usize) -> String {
    let (_, sectors) = economy.shape();
    economy.level(cell / sectors, cell % sectors)
}
