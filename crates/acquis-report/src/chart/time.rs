//! Time as an axis: dates that keep their precision, years as ticks.

use jiff::civil::Date;
use maud::{Markup, html};

use super::{ChartError, px};
use crate::text::ems;

/// When something was: a day, or somewhere from a first to a last day. It is drawn as wide as
/// it is uncertain, so that a year is a bar of a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct When {
    first: Date,
    last: Date,
}

impl When {
    /// A day.
    pub fn day(day: Date) -> Self {
        Self {
            first: day,
            last: day,
        }
    }

    /// Some day from the first to the last, both of them possible.
    ///
    /// # Errors
    /// [`ChartError::Backwards`] if the last comes before the first.
    pub fn within(first: Date, last: Date) -> Result<Self, ChartError> {
        if first <= last {
            Ok(Self { first, last })
        } else {
            Err(ChartError::Backwards { first, last })
        }
    }

    /// The first day that is possible.
    pub fn first(self) -> Date {
        self.first
    }

    /// The last day that is possible.
    pub fn last(self) -> Date {
        self.last
    }

    /// Whether it is known to the day.
    pub fn is_exact(self) -> bool {
        self.first == self.last
    }
}

/// The time that a picture shows, from its first day to its last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeSpan {
    from: Date,
    to: Date,
}

impl TimeSpan {
    /// From a day to a later one.
    ///
    /// # Errors
    /// [`ChartError::Backwards`] unless the second is later.
    pub fn new(from: Date, to: Date) -> Result<Self, ChartError> {
        if from < to {
            Ok(Self { from, to })
        } else {
            Err(ChartError::Backwards {
                first: from,
                last: to,
            })
        }
    }

    /// Its first day.
    pub fn from(self) -> Date {
        self.from
    }

    /// Its last day.
    pub fn to(self) -> Date {
        self.to
    }
}

/// A day as a year and a fraction, so that every year is as wide as any other.
fn years(day: Date) -> f64 {
    f64::from(day.year()) + f64::from(day.day_of_year() - 1) / f64::from(day.days_in_year())
}

/// The span between two places on the paper.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct TimeScale {
    span: TimeSpan,
    pub(crate) left: f64,
    pub(crate) right: f64,
}

/// Steps in years that people count in.
const STEPS: [i16; 9] = [1, 2, 5, 10, 20, 50, 100, 200, 500];

impl TimeScale {
    pub(crate) fn new(span: TimeSpan, left: f64, right: f64) -> Self {
        let right = right.max(left + 1.0);
        Self { span, left, right }
    }

    /// The place of a day; a day outside of the span has the place of its nearer end.
    pub(crate) fn at(&self, day: Date) -> f64 {
        let (from, to) = (years(self.span.from), years(self.span.to));
        let share = ((years(day) - from) / (to - from)).clamp(0.0, 1.0);
        self.left + share * (self.right - self.left)
    }

    /// Whether a day is shown.
    pub(crate) fn holds(&self, day: Date) -> bool {
        (self.span.from..=self.span.to).contains(&day)
    }

    /// Whether any day of a time is shown.
    pub(crate) fn touches(&self, when: When) -> bool {
        when.first <= self.span.to && self.span.from <= when.last
    }

    /// Years that begin within the span, as far apart as their labels need, with their places.
    pub(crate) fn ticks(&self, font: f64) -> Vec<(f64, String)> {
        let width = ems("8888") * font + 10.0;
        let per_year = (self.right - self.left) / (years(self.span.to) - years(self.span.from));
        let step = STEPS
            .into_iter()
            .find(|step| f64::from(*step) * per_year >= width)
            .unwrap_or(1000);
        (self.span.from.year()..=self.span.to.year())
            .filter(|year| year.rem_euclid(step) == 0)
            .filter_map(|year| {
                let day = Date::new(year, 1, 1).ok().filter(|day| self.holds(*day))?;
                Some((self.at(day), year.to_string()))
            })
            .collect()
    }

    /// Upright lines at the ticks with their years above.
    pub(crate) fn axis(&self, top: f64, bottom: f64) -> Markup {
        const TYPE: f64 = 11.0;
        let clear = |x: f64, label: &str| {
            let half = ems(label) * TYPE / 2.0;
            x.min(self.right - half + 6.0).max(self.left + half - 20.0)
        };
        html! {
            @for (x, label) in self.ticks(TYPE) {
                line.aq-grid x1=(px(x)) x2=(px(x)) y1=(px(top)) y2=(px(bottom)) {}
                text."aq-small aq-mid" x=(px(clear(x, &label))) y=(px(top - 6.0)) { (label) }
            }
        }
    }

    /// A line for a chosen day, if it is shown.
    pub(crate) fn now(&self, now: Option<Date>, top: f64, bottom: f64) -> Markup {
        html! {
            @if let Some(now) = now.filter(|now| self.holds(*now)) {
                @let x = self.at(now);
                line.aq-now x1=(px(x)) x2=(px(x)) y1=(px(top - 2.0)) y2=(px(bottom)) { title { (now) } }
                path.aq-today d=(format!("M{} {}h8l-4 5z", px(x - 4.0), px(top - 6.0))) {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn scale(from: i16, to: i16, width: f64) -> TimeScale {
        let span = TimeSpan::new(date(from, 1, 1), date(to, 1, 1)).unwrap();
        TimeScale::new(span, 0.0, width)
    }

    #[test]
    fn ticks_are_round_years() {
        let labels: Vec<String> = scale(1991, 2016, 400.0)
            .ticks(11.0)
            .into_iter()
            .map(|(_, label)| label)
            .collect();
        assert_eq!(labels, ["1995", "2000", "2005", "2010", "2015"]);
    }

    #[test]
    fn what_runs_backwards_is_refused() {
        let error = When::within(date(2006, 2, 1), date(2006, 1, 1)).unwrap_err();
        assert_eq!(error.to_string(), "2006-01-01 comes before 2006-02-01");
        assert!(TimeSpan::new(date(2006, 1, 1), date(2006, 1, 1)).is_err());
    }

    proptest! {
        #[test]
        fn days_keep_their_order_and_stay_on_the_paper(
            days in prop::collection::vec((1000_i16..3000, 1_i16..366), 2..30),
            span in (1000_i16..2000, 1_i16..900),
        ) {
            let scale = scale(span.0, span.0 + span.1, 300.0);
            let mut days: Vec<Date> = days
                .into_iter()
                .map(|(year, day)| date(year, 1, 1).with().day_of_year(day).build().unwrap())
                .collect();
            days.sort();
            let places: Vec<f64> = days.iter().map(|day| scale.at(*day)).collect();
            prop_assert!(places.windows(2).all(|pair| pair[0] <= pair[1]));
            prop_assert!(places.iter().all(|x| (0.0..=300.0).contains(x)));
            let ticks = scale.ticks(11.0);
            prop_assert!(ticks.windows(2).all(|pair| pair[1].0 - pair[0].0 > ems("8888") * 11.0));
        }
    }
}
