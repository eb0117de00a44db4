//! How sure is a distribution of power, where the weights behind the votes are estimates?

use rayon::prelude::*;

use crate::power::Index;
use crate::random::Random;
use crate::rule::{Rule, RuleError};
use crate::sweep::QuestionError;

/// Draws of uncertain weights: each is multiplied by `exp(spread · z)` with `z` standard
/// normal, one's own for every player.
#[derive(Debug, Clone, PartialEq)]
pub struct Uncertainty {
    /// By player: the standard deviation of the weight's logarithm, about its relative error.
    pub spread: Vec<f64>,
    /// How many draws.
    pub draws: usize,
    /// Draw `k` depends on the seed and `k` alone.
    pub seed: u64,
}

/// One player's power over the draws.
#[derive(Debug, Clone, PartialEq)]
pub struct Spread {
    /// Mean.
    pub mean: f64,
    /// Standard deviation.
    pub deviation: f64,
    /// The 5th percentile.
    pub low: f64,
    /// The median.
    pub median: f64,
    /// The 95th percentile.
    pub high: f64,
    /// Share of draws as dictator.
    pub dictator: f64,
    /// Share of draws with a veto.
    pub veto: f64,
    /// Share of draws without any power.
    pub dummy: f64,
}

struct Draw {
    values: Vec<f64>,
    dictator: Option<usize>,
    veto: Vec<usize>,
}

/// Weights are drawn to a millionth of the total's order of magnitude: finer digits would only
/// make the tables for many players longer.
const DIGITS: i32 = 6;

/// An index over draws of the weights; `rule` makes the rule of drawn weights.
///
/// # Errors
/// [`QuestionError::Length`] and [`QuestionError::Setting`] if the uncertainty doesn't fit, and
/// the first error, by number of the draw, that a rule or its game gives.
pub fn under_uncertainty(
    weights: &[f64],
    uncertainty: &Uncertainty,
    index: Index,
    rule: impl Fn(Vec<f64>) -> Result<Rule, RuleError> + Sync,
) -> Result<Vec<Spread>, QuestionError> {
    check(weights, uncertainty)?;
    let total: f64 = weights.iter().sum();
    let unit = if total > 0.0 && total.is_finite() {
        10_f64.powi(clamped(total.log10().floor()) - DIGITS)
    } else {
        // The rule will say what is wrong.
        1.0
    };
    let draw = |row: usize| {
        let mut random = Random::row(uncertainty.seed, row as u64);
        let spreads = weights.iter().zip(&uncertainty.spread);
        let drawn = spreads.map(|(weight, spread)| {
            let weight = weight * (spread * random.normal()).exp();
            (weight / unit).round() * unit
        });
        let game = rule(drawn.map(short).collect())?.game();
        Ok(Draw {
            values: game.power(index)?.values,
            dictator: game.dictator().map(crate::Player::position),
            veto: game.veto_players().iter().map(|p| p.position()).collect(),
        })
    };
    let draws: Vec<Result<Draw, QuestionError>> =
        (0..uncertainty.draws).into_par_iter().map(draw).collect();
    let draws: Vec<Draw> = draws.into_iter().collect::<Result<_, _>>()?;
    Ok((0..weights.len())
        .map(|player| spread(player, &draws))
        .collect())
}

/// The decimal without the noise of the last places of its product with a power of ten.
fn short(value: f64) -> f64 {
    format!("{value:.14e}").parse().unwrap_or(value)
}

fn clamped(exponent: f64) -> i32 {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a decimal exponent of an f64"
    )]
    {
        exponent as i32
    }
}

fn check(weights: &[f64], uncertainty: &Uncertainty) -> Result<(), QuestionError> {
    let (expected, got) = (weights.len(), uncertainty.spread.len());
    if got != expected {
        let what = "the list of spreads";
        return Err(QuestionError::Length {
            what,
            expected,
            got,
        });
    }
    let mut spreads = uncertainty.spread.iter();
    if let Some(&value) = spreads.find(|spread| !(0.0..=5.0).contains(*spread)) {
        return Err(QuestionError::Setting {
            what: "a spread",
            value,
            expected: "from 0 to 5",
        });
    }
    if uncertainty.draws == 0 {
        return Err(QuestionError::Setting {
            what: "the number of draws",
            value: 0.0,
            expected: "at least 1",
        });
    }
    Ok(())
}

fn spread(player: usize, draws: &[Draw]) -> Spread {
    let n = draws.len() as f64;
    let mut values: Vec<f64> = draws.iter().map(|draw| draw.values[player]).collect();
    values.sort_by(f64::total_cmp);
    let mean = values.iter().sum::<f64>() / n;
    let variance = values
        .iter()
        .map(|value| (value - mean).powi(2))
        .sum::<f64>()
        / n;
    let share =
        |is: &dyn Fn(&Draw) -> bool| draws.iter().filter(|draw| is(draw)).count() as f64 / n;
    Spread {
        mean,
        deviation: variance.sqrt(),
        low: percentile(&values, 5),
        median: percentile(&values, 50),
        high: percentile(&values, 95),
        dictator: share(&|draw| draw.dictator == Some(player)),
        veto: share(&|draw| draw.veto.contains(&player)),
        dummy: share(&|draw| draw.values[player] == 0.0),
    }
}

/// The least value that so many percent of the sorted values don't exceed.
fn percentile(sorted: &[f64], percent: usize) -> f64 {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied().unwrap_or(f64::NAN)
}
