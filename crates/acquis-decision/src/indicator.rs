//! Votes from an indicator: shares of a gross product or a population, held between a floor and
//! a cap.

use thiserror::Error;

/// Why votes can't be made of an indicator.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum IndicatorError {
    /// Nobody has anything.
    #[error("the indicator is zero for all {players} players")]
    NothingToShare {
        /// How many players.
        players: usize,
    },
    /// A value is negative, infinite or not a number.
    #[error("the indicator of the player at position {position} is {value}, not an amount")]
    NotAnAmount {
        /// Whose value.
        position: usize,
        /// The value.
        value: f64,
    },
    /// Floor and cap aren't shares in order.
    #[error("shares can't be held between a floor of {floor} and a cap of {cap}")]
    Bounds {
        /// The floor.
        floor: f64,
        /// The cap.
        cap: f64,
    },
    /// The floors of all exceed the whole, or the caps of all fall short of it.
    #[error("{players} shares between {floor} and {cap} can't sum to one")]
    Impossible {
        /// How many players.
        players: usize,
        /// The floor.
        floor: f64,
        /// The cap.
        cap: f64,
    },
}

/// Shares of one in proportion to an indicator, none below `floor` or above `cap`.
///
/// What caps and floors take or give is spread over the others in proportion:
/// `share_i = min(cap, max(floor, λ · indicator_i))`, with the `λ` that makes them sum to one.
/// A player whose indicator is zero has the floor.
///
/// ```
/// let product = [79.0, 11.0, 6.0, 4.0];
/// let capped = acquis_decision::shares_of_indicator(&product, 0.0, 0.4)?;
/// assert_eq!(capped[0], 0.4);
/// assert!((capped[1] - 0.6 * 11.0 / 21.0).abs() < 1e-15);
/// # Ok::<(), acquis_decision::IndicatorError>(())
/// ```
///
/// # Errors
/// Every [`IndicatorError`].
pub fn shares_of_indicator(
    indicator: &[f64],
    floor: f64,
    cap: f64,
) -> Result<Vec<f64>, IndicatorError> {
    let players = indicator.len();
    for (position, &value) in indicator.iter().enumerate() {
        if !(value.is_finite() && value >= 0.0) {
            return Err(IndicatorError::NotAnAmount { position, value });
        }
    }
    if !(floor >= 0.0 && floor <= cap && cap <= 1.0) {
        return Err(IndicatorError::Bounds { floor, cap });
    }
    let largest = indicator.iter().copied().fold(0.0, f64::max);
    if largest == 0.0 {
        return Err(IndicatorError::NothingToShare { players });
    }
    // Relative to the largest, so that sums can't overflow.
    let relative: Vec<f64> = indicator.iter().map(|value| value / largest).collect();
    let growing = relative.iter().filter(|value| **value > 0.0).count() as f64;
    let idle = players as f64 - growing;
    if floor * players as f64 > 1.0 || cap * growing + floor * idle < 1.0 {
        return Err(IndicatorError::Impossible {
            players,
            floor,
            cap,
        });
    }
    let scale = scale(&relative, floor, cap);
    let share = |value: &f64| (scale * value).clamp(floor, cap);
    Ok(relative.iter().map(share).collect())
}

/// The `λ` at which the held shares sum to one: their sum rises in `λ` and is linear between
/// the points where somebody leaves the floor or reaches the cap.
fn scale(relative: &[f64], floor: f64, cap: f64) -> f64 {
    let positive = relative.iter().filter(|value| **value > 0.0);
    let mut kinks: Vec<f64> = positive
        .flat_map(|value| [floor / value, cap / value])
        .filter(|kink| kink.is_finite())
        .collect();
    kinks.sort_by(f64::total_cmp);
    let sum = |scale: f64| -> f64 { relative.iter().map(|v| (scale * v).clamp(floor, cap)).sum() };
    let after = kinks.partition_point(|&kink| sum(kink) < 1.0);
    let upper = kinks.get(after).copied().unwrap_or(f64::MAX);
    let lower = match after {
        0 => 0.0,
        _ => kinks[after - 1],
    };
    let middle = if upper < f64::MAX {
        0.5 * (lower + upper)
    } else {
        lower
    };
    let is_free = |value: &&f64| {
        let share = middle * **value;
        share > floor && share < cap
    };
    let free: f64 = relative.iter().filter(is_free).sum();
    if free == 0.0 {
        return if upper < f64::MAX { upper } else { lower };
    }
    let held = relative.iter().filter(|value| !is_free(value));
    let held: f64 = held.map(|value| (middle * value).clamp(floor, cap)).sum();
    (1.0 - held) / free
}
