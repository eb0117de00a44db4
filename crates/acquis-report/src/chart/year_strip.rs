//! When things changed: a strip of time with a tick for every day on which something did.

use jiff::civil::Date;
use maud::{Markup, html};

use super::time::{TimeScale, TimeSpan};
use super::{About, Chart, ChartError, Drawing, Paper, px};

/// A day on which something changed.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Change {
    day: Date,
    count: usize,
    href: Option<String>,
}

/// Ticks on a time axis, the taller the more changed that day; a chosen day is marked. It stands
/// above the slider of a page.
///
/// ```
/// use acquis_report::chart::{Chart, TimeSpan, YearStrip};
/// use jiff::civil::date;
///
/// let span = TimeSpan::new(date(1991, 1, 1), date(2001, 1, 1))?;
/// let mut strip = YearStrip::new("Days on which the law changed", span).now(date(1995, 6, 1));
/// strip.push(date(1994, 4, 15), 3, Some("?on=1994-04-15".to_owned()))?;
/// assert!(strip.svg().contains("1994-04-15: 3 changes"));
/// # Ok::<(), acquis_report::chart::ChartError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YearStrip {
    about: About,
    span: TimeSpan,
    changes: Vec<Change>,
    now: Option<Date>,
}

const LOW: f64 = 7.0;
const HIGH: f64 = 24.0;
const TOP: f64 = 20.0;

impl YearStrip {
    /// A strip on which nothing changed.
    pub fn new(title: impl Into<String>, span: TimeSpan) -> Self {
        Self {
            about: About::titled(title),
            span,
            changes: Vec::new(),
            now: None,
        }
    }

    /// Marks a day.
    #[must_use]
    pub fn now(mut self, day: Date) -> Self {
        self.now = Some(day);
        self
    }

    /// Adds a day with how much changed on it and where it leads. A day outside of the span is
    /// not shown.
    ///
    /// # Errors
    /// [`ChartError::Twice`] for a day that is there already.
    pub fn push(
        &mut self,
        day: Date,
        count: usize,
        href: Option<String>,
    ) -> Result<(), ChartError> {
        if self.changes.iter().any(|change| change.day == day) {
            let label = day.to_string();
            return Err(ChartError::Twice { label });
        }
        self.changes.push(Change { day, count, href });
        Ok(())
    }
}

impl Change {
    fn tick(&self, scale: &TimeScale, most: usize, paper: Paper) -> Markup {
        // By the square root: one day with many acts must not hide all others.
        let share = (self.count as f64 / most.max(1) as f64).sqrt();
        let height = LOW + (HIGH - LOW) * share;
        let x = scale.at(self.day);
        let words = if self.count == 1 { "change" } else { "changes" };
        let shapes = html! {
            g.aq-moment {
                title { (self.day) ": " (self.count) " " (words) }
                rect.aq-clear x=(px(x - 2.5)) y=(px(TOP)) width="5" height=(px(HIGH + 2.0)) {}
                line.aq-change x1=(px(x)) x2=(px(x)) y1=(px(TOP + HIGH - height)) y2=(px(TOP + HIGH)) {}
            }
        };
        paper.linked(self.href.as_deref(), &shapes)
    }
}

impl Chart for YearStrip {
    fn about(&self) -> &About {
        &self.about
    }

    fn describe(&self) -> String {
        let days = self.changes.iter().map(|change| change.day);
        match (days.clone().min(), days.max()) {
            (Some(first), Some(last)) => format!(
                "{} days on which something changed, the first {first}, the last {last}.",
                self.changes.len()
            ),
            _ => "No day on which anything changed.".to_owned(),
        }
    }

    fn draw(&self, paper: Paper) -> Drawing {
        let scale = TimeScale::new(self.span, 8.0, paper.width() - 8.0);
        let shown = || self.changes.iter().filter(|change| scale.holds(change.day));
        let most = shown().map(|change| change.count).max().unwrap_or_default();
        let shapes = html! {
            (scale.axis(TOP, TOP + HIGH))
            line.aq-rule x1=(px(scale.left)) x2=(px(scale.right)) y1=(px(TOP + HIGH)) y2=(px(TOP + HIGH)) {}
            @for change in shown() { (change.tick(&scale, most, paper)) }
            (scale.now(self.now, TOP, TOP + HIGH))
        };
        Drawing {
            height: TOP + HIGH + 4.0,
            shapes,
        }
    }

    fn is_linked(&self) -> bool {
        self.changes.iter().any(|change| change.href.is_some())
    }
}
