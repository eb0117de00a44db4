//! The figures of the literature, computed again: each claim with what the built-in data
//! give for it, and the verdict.

use acquis_registry::{Assertion, Check, Computation, Series, Sum};

use crate::almanac::{Almanac, NoSum};

/// How near a computed figure has to come for a claim to hold: one part in a hundred of
/// the figure claimed, since the literature rounds.
pub const TOLERANCE: f64 = 0.01;

/// A figure, computed.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// The value.
    pub value: f64,
    /// Its unit.
    pub unit: String,
    /// How it was computed, from what.
    pub definition: String,
}

/// What comes of a check.
#[derive(Debug, Clone, PartialEq)]
pub enum Finding {
    /// The computed figure is within [`TOLERANCE`] of the claim.
    Holds(Figure),
    /// It is not.
    Differs {
        /// The computed figure.
        figure: Figure,
        /// Computed less claimed, in the unit of the claim.
        by: f64,
    },
    /// Nothing to compare: the figure follows from numbers of the sources themselves, or
    /// the claim gives none in its unit.
    Computed(Figure),
    /// It can't be checked, and why.
    NotChecked(String),
}

/// Checks one claim of an indicator.
pub fn check(how: &Check, claim: &Assertion, almanac: &Almanac) -> Finding {
    let computation = match how {
        Check::Unchecked(why) => return Finding::NotChecked(why.clone()),
        Check::Compute(computation) => computation,
    };
    let figure = match compute(computation, almanac) {
        Ok(figure) => figure,
        Err(why) => return Finding::NotChecked(why.to_string()),
    };
    // Only a figure that comes from outside the claim can confirm it; the others follow
    // from numbers that the sources give themselves.
    let Some(claimed) = claim.value.as_ref().filter(|_| computation.sum().is_some()) else {
        return Finding::Computed(figure);
    };
    let Some(scale) = unit_scale(&figure.unit, &claimed.unit) else {
        return Finding::Computed(figure);
    };
    let figure = Figure {
        value: figure.value * scale,
        unit: claimed.unit.clone(),
        definition: figure.definition,
    };
    let (low, high) = (claimed.value, claimed.upper());
    let slack = TOLERANCE * low.abs().max(high.abs());
    if (low - slack..=high + slack).contains(&figure.value) {
        Finding::Holds(figure)
    } else {
        let by = if figure.value < low {
            figure.value - low
        } else {
            figure.value - high
        };
        Finding::Differs { figure, by }
    }
}

/// How many of the second unit one of the first is; `None` if they measure different things.
fn unit_scale(from: &str, to: &str) -> Option<f64> {
    let size = |unit: &str| -> Option<(f64, String)> {
        let (factor, rest) = match unit.split_once(' ') {
            Some(("thousand", rest)) => (1e3, rest),
            Some(("million", rest)) => (1e6, rest),
            Some(("billion", rest)) => (1e9, rest),
            _ => (1.0, unit),
        };
        let rest = rest
            .replace("current US dollars", "USD")
            .replace("US dollars", "USD")
            .replace("consumers", "persons")
            .replace("inhabitants", "persons");
        Some((factor, rest))
    };
    let (one, what) = size(from)?;
    let (other, of_what) = size(to)?;
    (what == of_what).then_some(one / other)
}

/// Carries out a computation.
///
/// # Errors
/// A figure of a series that is not there.
pub fn compute(computation: &Computation, almanac: &Almanac) -> Result<Figure, NoSum> {
    let figure = |value: f64, unit: String, definition: String| Figure {
        value,
        unit,
        definition,
    };
    let group = |sum: &Sum, states: &[acquis_registry::StateCode]| Sum {
        group: states.to_vec(),
        ..sum.clone()
    };
    Ok(match computation {
        Computation::Sum(sum) => figure(almanac.sum(sum)?, unit(sum, almanac), describe(sum)),
        Computation::Share { part, total } => {
            let whole = group(part, total);
            figure(
                100.0 * almanac.sum(part)? / almanac.sum(&whole)?,
                "%".to_owned(),
                format!("{}, as a share of that of {}", describe(part), list(total)),
            )
        }
        Computation::Excess { whole, base } => {
            let base_sum = group(whole, base);
            figure(
                100.0 * (almanac.sum(whole)? / almanac.sum(&base_sum)? - 1.0),
                "%".to_owned(),
                format!("{}, above that of {}", describe(whole), list(base)),
            )
        }
        Computation::Growth { from, until } => {
            let later = Sum {
                year: *until,
                ..from.clone()
            };
            figure(
                almanac.sum(&later)? / almanac.sum(from)?,
                "times".to_owned(),
                format!("{until} over {}: {}", from.year, describe(from)),
            )
        }
        Computation::Conversion { amount, worth } => figure(
            amount.value / worth.value,
            format!("{} per {}", amount.unit, worth.unit),
            format!(
                "{} {} over {} {}",
                amount.value, amount.unit, worth.value, worth.unit
            ),
        ),
        Computation::PriceGap {
            price,
            reference,
            volume,
        } => price_gap(price, reference, volume.as_ref()),
        Computation::Counts { part, whole } => figure(
            100.0 * part / whole,
            "%".to_owned(),
            format!("{part} of {whole}"),
        ),
        Computation::Portion { percent, whole } => figure(
            percent.value * whole / 100.0,
            "of the whole".to_owned(),
            format!("{} % of {whole}", percent.value),
        ),
    })
}

/// What is forgone at a price below the reference: for one unit, or for a year's volume.
fn price_gap(
    price: &acquis_registry::Quantity,
    reference: &acquis_registry::Quantity,
    volume: Option<&acquis_registry::Quantity>,
) -> Figure {
    let gap = reference.value - price.value;
    let definition = format!(
        "{} less {} {}",
        reference.value, price.value, reference.unit
    );
    match volume {
        None => Figure {
            value: gap,
            unit: reference.unit.clone(),
            definition,
        },
        Some(volume) => Figure {
            value: gap * volume.value,
            // "USD/1000 m3" times so many "1000 m3" are USD.
            unit: match reference.unit.split_once('/') {
                Some((money, of)) if of.trim() == volume.unit.trim() => money.trim().to_owned(),
                _ => format!("{} x {}", reference.unit, volume.unit),
            },
            definition: format!("({definition}) times {} {}", volume.value, volume.unit),
        },
    }
}

/// The same check for a volume sold in a year: a gap in price that has no volume of its own
/// becomes a yearly sum. The volume is in the unit that the price is for.
#[must_use]
pub fn with_volume(how: &Check, volume: f64) -> Check {
    let Check::Compute(Computation::PriceGap {
        price,
        reference,
        volume: None,
    }) = how
    else {
        return how.clone();
    };
    let unit = reference
        .unit
        .split_once('/')
        .map_or(reference.unit.as_str(), |(_, of)| of.trim());
    Check::Compute(Computation::PriceGap {
        price: price.clone(),
        reference: reference.clone(),
        volume: Some(acquis_registry::Quantity {
            value: volume,
            to: None,
            unit: unit.to_owned(),
        }),
    })
}

fn unit(sum: &Sum, almanac: &Almanac) -> String {
    match sum.series {
        Series::Gdp => "USD".to_owned(),
        Series::Population => "persons".to_owned(),
        Series::Trade => almanac.trade_unit(sum.year).unwrap_or("USD").to_owned(),
    }
}

fn describe(sum: &Sum) -> String {
    let partners = if sum.partners.is_empty() {
        String::new()
    } else {
        format!(" with {}", list(&sum.partners))
    };
    format!(
        "{} of {}{partners} in {}",
        sum.series.label(),
        list(&sum.group),
        sum.year
    )
}

fn list(states: &[acquis_registry::StateCode]) -> String {
    states
        .iter()
        .map(acquis_registry::StateCode::as_str)
        .collect::<Vec<_>>()
        .join(" ")
}
