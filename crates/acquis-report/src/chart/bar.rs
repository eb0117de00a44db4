//! Horizontal bars to both sides of zero.

use maud::{Markup, html};

use super::rows::{RowBox, RowLayout, RowSpec, place};
use super::scale::Scale;
use super::{About, Chart, ChartError, Drawing, Paper, drawable, px};
use crate::column::Unit;
use crate::number::{Signs, change, level};
use crate::shown::NO_VALUE;
use crate::text::printable;

/// One bar.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    /// What the bar is of.
    pub label: String,
    /// Its length; none is shown as *n/a*.
    pub value: Option<f64>,
    /// Range of uncertainty around the value.
    pub interval: Option<(f64, f64)>,
    /// Heading over the bars of a group. Bars of one group stand together.
    pub group: Option<String>,
    /// Whether to set this bar off. As soon as one bar is, all others are paler.
    pub emphasis: bool,
}

impl Bar {
    /// A bar of this length.
    pub fn new(label: impl Into<String>, value: f64) -> Self {
        Self {
            value: Some(value),
            ..Self::missing(label)
        }
    }

    /// A label without a value.
    pub fn missing(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            value: None,
            interval: None,
            group: None,
            emphasis: false,
        }
    }

    /// With a range of uncertainty.
    #[must_use]
    pub fn interval(mut self, low: f64, high: f64) -> Self {
        self.interval = Some((low, high));
        self
    }

    /// Below this heading.
    #[must_use]
    pub fn group(mut self, heading: impl Into<String>) -> Self {
        self.group = Some(heading.into());
        self
    }

    /// Set off from the others.
    #[must_use]
    pub fn emphasized(mut self) -> Self {
        self.emphasis = true;
        self
    }
}

/// One signed number per label, as bars from a common zero; drawn in the order given.
///
/// ```
/// use acquis_report::chart::{Bar, BarChart, Chart};
///
/// let mut chart = BarChart::new("Gains", "Change in real income", "%").decimals(1);
/// chart.push(Bar::new("Ruritania", 1.25).group("Members").emphasized())?;
/// chart.push(Bar::missing("Syldavia").group("Others"))?;
/// assert!(chart.svg().contains("n/a"));
/// # Ok::<(), acquis_report::chart::ChartError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct BarChart {
    about: About,
    axis: String,
    unit: Unit,
    decimals: usize,
    signed: bool,
    bars: Vec<Bar>,
}

impl BarChart {
    /// A chart without bars; `axis` says what is measured, without its unit.
    pub fn new(title: impl Into<String>, axis: impl Into<String>, unit: impl Into<Unit>) -> Self {
        Self {
            about: About::titled(title),
            axis: axis.into(),
            unit: unit.into(),
            decimals: 2,
            signed: true,
            bars: Vec::new(),
        }
    }

    /// Digits after the point; two unless told.
    #[must_use]
    pub fn decimals(mut self, decimals: usize) -> Self {
        self.decimals = decimals;
        self
    }

    /// Figures without a plus sign, for levels rather than changes.
    #[must_use]
    pub fn levels(mut self) -> Self {
        self.signed = false;
        self
    }

    /// Where the numbers come from.
    #[must_use]
    pub fn source(mut self, source: impl Into<String>) -> Self {
        self.about.source = source.into();
        self
    }

    /// The picture in words.
    #[must_use]
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.about.description = description.into();
        self
    }

    /// Adds a bar below the others.
    ///
    /// # Errors
    /// [`ChartError::NotDrawable`] for a number that is not finite,
    /// [`ChartError::EmptyInterval`] for an interval the wrong way round.
    pub fn push(&mut self, bar: Bar) -> Result<(), ChartError> {
        if let Some(value) = bar.value {
            drawable(&bar.label, value)?;
        }
        if let Some((low, high)) = bar.interval
            && drawable(&bar.label, low)? > drawable(&bar.label, high)?
        {
            let label = bar.label;
            return Err(ChartError::EmptyInterval { label, low, high });
        }
        self.bars.push(bar);
        Ok(())
    }

    fn figure_text(&self, value: Option<f64>) -> String {
        match value {
            None => NO_VALUE.to_owned(),
            Some(value) if self.signed => change(value, self.decimals, Signs::Typographic),
            Some(value) => level(value, self.decimals, Signs::Typographic),
        }
    }

    fn layout(&self, width: f64) -> RowLayout {
        let specs: Vec<RowSpec<'_>> = self
            .bars
            .iter()
            .map(|bar| RowSpec {
                label: &bar.label,
                group: bar.group.as_deref(),
                figures: vec![self.figure_text(bar.value)],
            })
            .collect();
        place(&specs, width, 0.0, LINE)
    }

    fn bar(&self, bar: &Bar, row: &RowBox, scale: &Scale, pale: bool) -> Markup {
        let middle = row.plot.middle();
        let figure = self.figure_text(bar.value);
        let text_class = match (bar.value.is_some(), bar.emphasis) {
            (false, _) => "aq-end aq-soft",
            (true, true) => "aq-end aq-strong",
            (true, false) => "aq-end",
        };
        html! {
            @if let Some(value) = bar.value { (solid(value, middle, scale, pale && !bar.emphasis)) }
            @if let Some((low, high)) = bar.interval { (whisker(low, high, middle, scale)) }
            text class=(text_class) x=(px(row.figures.x + row.figures.w)) y=(px(middle + 4.5)) { (figure) }
        }
    }
}

const LINE: f64 = 16.0;
const THICKNESS: f64 = 12.0;

/// A bar from zero to its value.
fn solid(value: f64, middle: f64, scale: &Scale, pale: bool) -> Markup {
    let (zero, end) = (scale.at(0.0), scale.at(value));
    let class = match (value < 0.0, pale) {
        (false, false) => "aq-up",
        (false, true) => "aq-up aq-pale",
        (true, false) => "aq-down",
        (true, true) => "aq-down aq-pale",
    };
    let (x, width) = (zero.min(end), (end - zero).abs());
    html! {
        rect class=(class) x=(px(x)) y=(px(middle - THICKNESS / 2.0)) width=(px(width)) height=(px(THICKNESS)) {}
    }
}

fn whisker(low: f64, high: f64, middle: f64, scale: &Scale) -> Markup {
    let (left, right) = (px(scale.at(low)), px(scale.at(high)));
    let (top, bottom) = (px(middle - 4.0), px(middle + 4.0));
    let path = format!(
        "M{left} {top}V{bottom}M{left} {}H{right}M{right} {top}V{bottom}",
        px(middle)
    );
    html! { path.aq-whisker d=(path) {} }
}

/// The axis title as shown: what is measured, and in which unit.
pub(crate) fn axis_title(axis: &str, unit: &Unit) -> String {
    match (axis, unit.as_str()) {
        (axis, "") => printable(axis).into_owned(),
        ("", unit) => printable(unit).into_owned(),
        (axis, unit) => printable(&format!("{axis}, {unit}")).into_owned(),
    }
}

impl Chart for BarChart {
    fn about(&self) -> &About {
        &self.about
    }

    fn describe(&self) -> String {
        let mut valued: Vec<(&str, f64)> = self
            .bars
            .iter()
            .filter_map(|bar| Some((bar.label.as_str(), bar.value?)))
            .collect();
        valued.sort_by(|a, b| b.1.total_cmp(&a.1));
        let said = |(label, value): &(&str, f64)| {
            format!("{label} with {}", self.figure_text(Some(*value)))
        };
        let axis = axis_title(&self.axis, &self.unit);
        match (valued.first(), valued.last()) {
            (Some(most), Some(least)) if valued.len() > 1 => format!(
                "Bar chart of {} values ({axis}), from {} down to {}.",
                valued.len(),
                said(most),
                said(least)
            ),
            _ => format!("Bar chart ({axis})."),
        }
    }

    fn draw(&self, paper: Paper) -> Drawing {
        let width = paper.width();
        let layout = self.layout(width);
        let values = self.bars.iter().flat_map(|bar| {
            let (low, high) = bar.interval.unzip();
            [bar.value, low, high].into_iter().flatten()
        });
        let scale = Scale::over(values, layout.from, layout.to, 11.0);
        let pale = self.bars.iter().any(|bar| bar.emphasis);
        let strong = |at: usize| self.bars[at].emphasis;
        let axis = axis_title(&self.axis, &self.unit);
        let shapes = html! {
            (layout.scaffold(&axis, &scale.ticks(), scale.at(0.0), &strong))
            @for (bar, row) in self.bars.iter().zip(&layout.rows) {
                (self.bar(bar, row, &scale, pale))
            }
        };
        Drawing {
            height: layout.bottom,
            shapes,
        }
    }
}
