//! A linear axis with round numbers.

use crate::number::{Signs, level};
use crate::text::ems;

/// An axis from `low` to `high`, both of them ticks, with zero among the ticks.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Scale {
    low: f64,
    high: f64,
    step: f64,
    from: f64,
    to: f64,
}

/// Steps that people count in.
const ROUND: [f64; 4] = [1.0, 2.0, 2.5, 5.0];

/// Below this step a label would be mostly zeros, and the exponent is shown.
const SMALLEST_WRITTEN_OUT: f64 = 1e-6;

/// The least and the greatest of some values and zero, apart in any case.
fn with_zero(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let (low, high) = values.fold((0.0_f64, 0.0_f64), |(l, h), v| (l.min(v), h.max(v)));
    if high - low < 1e-300 {
        (0.0, 1.0)
    } else {
        (low, high)
    }
}

impl Scale {
    /// An axis over all values and zero, between two places on the paper, with as many ticks
    /// as have room for their labels in type of this size.
    pub(crate) fn over(values: impl Iterator<Item = f64>, from: f64, to: f64, font: f64) -> Self {
        Self::spread(with_zero(values), from, to, font)
    }

    /// An axis over all values, whether or not zero is among them.
    pub(crate) fn within(values: impl Iterator<Item = f64>, from: f64, to: f64, font: f64) -> Self {
        let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| {
            (l.min(v), h.max(v))
        });
        let span = if low > high {
            (0.0, 1.0)
        } else if high - low < 1e-9 * high.abs().max(1.0) {
            (
                low - 0.5 * low.abs().max(1.0),
                high + 0.5 * high.abs().max(1.0),
            )
        } else {
            (low, high)
        };
        Self::spread(span, from, to, font)
    }

    /// An axis over all values and zero, from the foot of the paper upwards.
    pub(crate) fn upright(values: impl Iterator<Item = f64>, bottom: f64, top: f64) -> Self {
        const LINE: f64 = 42.0;
        let (low, high) = with_zero(values);
        let mut scale = Self {
            low,
            high,
            step: 1.0,
            from: bottom,
            to: top,
        };
        scale.settle(low, high, ((bottom - top) / LINE).max(1.0));
        scale
    }

    fn spread((low, high): (f64, f64), from: f64, to: f64, font: f64) -> Self {
        let finest = 1.0_f64.max((to - from) / 60.0);
        let mut scale = Self {
            low,
            high,
            step: 1.0,
            from,
            to,
        };
        let mut wanted = finest;
        for _ in 0..12 {
            scale.settle(low, high, wanted);
            if scale.labels_fit(font) {
                break;
            }
            wanted = (wanted * 0.7).max(1.0);
        }
        scale
    }

    /// Rounds the ends outward to the smallest round step that makes at most `wanted` spaces.
    fn settle(&mut self, low: f64, high: f64, wanted: f64) {
        let raw = (high - low) / wanted;
        let power = 10.0_f64.powf(raw.log10().floor());
        let fits = |step: &f64| *step >= raw * (1.0 - 1e-9);
        self.step = ROUND
            .map(|r| r * power)
            .into_iter()
            .find(fits)
            .unwrap_or(10.0 * power);
        self.low = (low / self.step + 1e-9).floor() * self.step;
        self.high = (high / self.step - 1e-9).ceil() * self.step;
    }

    fn labels_fit(&self, font: f64) -> bool {
        let gap = self.at(self.step) - self.at(0.0);
        self.ticks()
            .iter()
            .all(|(_, label)| ems(label) * font + 8.0 <= gap)
    }

    /// The place of a value on the paper.
    pub(crate) fn at(&self, value: f64) -> f64 {
        self.from + (value - self.low) / (self.high - self.low) * (self.to - self.from)
    }

    /// The ticks, as places and labels.
    pub(crate) fn ticks(&self) -> Vec<(f64, String)> {
        let decimals = self.decimals();
        let spaces = ((self.high - self.low) / self.step)
            .round()
            .clamp(0.0, 100.0);
        let first = (self.low / self.step).round();
        let mut ticks = Vec::new();
        let mut index = 0.0;
        while index <= spaces {
            let value = (first + index) * self.step;
            ticks.push((self.at(value), self.label(value, decimals)));
            index += 1.0;
        }
        ticks
    }

    fn label(&self, value: f64, decimals: usize) -> String {
        if self.step < SMALLEST_WRITTEN_OUT && value != 0.0 {
            format!("{value:.1e}").replace('-', "\u{2212}")
        } else {
            level(value, decimals, Signs::Typographic)
        }
    }

    /// Decimals that tell the ticks apart; 2.5 needs one more than 2.
    fn decimals(&self) -> usize {
        if self.step < SMALLEST_WRITTEN_OUT {
            return 0;
        }
        (0..12)
            .find(|&d| {
                let scaled = self.step * 10.0_f64.powi(d);
                (scaled - scaled.round()).abs() < 1e-6 * scaled && scaled >= 0.999
            })
            .map_or(12, |d| d.unsigned_abs() as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn labels(values: &[f64], width: f64) -> Vec<String> {
        let scale = Scale::over(values.iter().copied(), 0.0, width, 11.0);
        scale.ticks().into_iter().map(|(_, label)| label).collect()
    }

    #[test]
    fn ticks_are_round_and_hold_zero() {
        assert_eq!(
            labels(&[-0.42, 1.31], 300.0),
            ["−0.5", "0.0", "0.5", "1.0", "1.5"]
        );
        assert_eq!(labels(&[3.0, 8.0], 300.0), ["0", "2", "4", "6", "8"]);
    }

    #[test]
    fn no_values_and_only_zeros_still_have_an_axis() {
        assert_eq!(labels(&[], 200.0).first().unwrap(), "0.0");
        assert_eq!(labels(&[0.0, 0.0], 200.0), labels(&[], 200.0));
    }

    proptest! {
        #[test]
        fn every_value_is_on_the_paper_and_labels_stay_apart(
            values in prop::collection::vec(-1e9_f64..1e9, 1..40),
            exponent in -12_i32..6,
            width in 90.0_f64..700.0,
        ) {
            let values: Vec<f64> = values.iter().map(|v| v * 10.0_f64.powi(exponent)).collect();
            let scale = Scale::over(values.iter().copied(), 10.0, 10.0 + width, 11.0);
            for &value in &values {
                prop_assert!((9.99..10.01 + width).contains(&scale.at(value)));
            }
            let ticks = scale.ticks();
            prop_assert!((2..=14).contains(&ticks.len()), "{ticks:?}");
            for pair in ticks.windows(2).filter(|_| ticks.len() > 3) {
                let [(left, one), (right, other)] = pair else { unreachable!() };
                let room = f64::midpoint(ems(one), ems(other)) * 11.0;
                prop_assert!(right - left >= room, "{ticks:?}");
            }
            prop_assert!(ticks.iter().any(|(at, _)| (at - scale.at(0.0)).abs() < 1e-6));
        }
    }
}
