//! A few bars per label: trade created and trade diverted, exports and imports.

use maud::html;

use super::bar::axis_title;
use super::legend::{Entry, Swatch, legend};
use super::rows::{RowBox, RowSpec, place};
use super::scale::Scale;
use super::{About, Chart, ChartError, Drawing, FONT, Paper, drawable, px};
use crate::column::Unit;
use crate::number::{Signs, change, level};
use crate::shown::NO_VALUE;

/// Series that four colours and their order tell apart.
const COLOURS: [&str; 4] = ["aq-c0", "aq-c1", "aq-c2", "aq-c3"];

/// Labels above which bars and figures are set closer, so that a picture of many stays in sight.
const MANY: usize = 12;

/// How high a bar with its figure is.
#[derive(Clone, Copy)]
struct Line {
    height: f64,
    thickness: f64,
    font: f64,
}

impl Line {
    const USUAL: Self = Self {
        height: 16.0,
        thickness: 10.0,
        font: FONT,
    };
    const CLOSE: Self = Self {
        height: 11.5,
        thickness: 8.0,
        font: 11.0,
    };

    const fn for_labels(count: usize) -> Self {
        if count > MANY {
            Self::CLOSE
        } else {
            Self::USUAL
        }
    }
}

/// Up to four numbers per label, each series in its colour.
///
/// ```
/// use acquis_report::chart::{Chart, GroupedBars};
///
/// let series = ["Trade creation", "Trade diversion"];
/// let mut chart = GroupedBars::new("Trade", "Change in imports", "million USD", series)?;
/// chart.push("Ruritania", vec![Some(120.0), Some(-35.0)])?;
/// assert!(chart.svg().contains("Trade diversion"));
/// # Ok::<(), acquis_report::chart::ChartError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct GroupedBars {
    about: About,
    axis: String,
    unit: Unit,
    decimals: usize,
    signed: bool,
    series: Vec<String>,
    items: Vec<(String, Vec<Option<f64>>)>,
}

impl GroupedBars {
    /// A chart with these series and no labels yet.
    ///
    /// # Errors
    /// [`ChartError::TooMany`] for more than four series.
    pub fn new<S: Into<String>>(
        title: impl Into<String>,
        axis: impl Into<String>,
        unit: impl Into<Unit>,
        series: impl IntoIterator<Item = S>,
    ) -> Result<Self, ChartError> {
        let series: Vec<String> = series.into_iter().map(Into::into).collect();
        if series.len() > COLOURS.len() {
            let (most, got) = (COLOURS.len(), series.len());
            return Err(ChartError::TooMany {
                what: "series",
                most,
                got,
            });
        }
        Ok(Self {
            about: About::titled(title),
            axis: axis.into(),
            unit: unit.into(),
            decimals: 1,
            signed: true,
            series,
            items: Vec::new(),
        })
    }

    /// Digits after the point; one unless told.
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

    /// Adds a label with one value per series; none is shown as *n/a*.
    ///
    /// # Errors
    /// [`ChartError::Width`] for the wrong number of values, [`ChartError::NotDrawable`] for
    /// one that is not finite.
    pub fn push(
        &mut self,
        label: impl Into<String>,
        values: Vec<Option<f64>>,
    ) -> Result<(), ChartError> {
        let label = label.into();
        if values.len() != self.series.len() {
            let (expected, got) = (self.series.len(), values.len());
            return Err(ChartError::Width {
                label,
                expected,
                got,
            });
        }
        for value in values.iter().flatten() {
            drawable(&label, *value)?;
        }
        self.items.push((label, values));
        Ok(())
    }

    fn figure_text(&self, value: Option<f64>) -> String {
        match value {
            None => NO_VALUE.to_owned(),
            Some(value) if self.signed => change(value, self.decimals, Signs::Typographic),
            Some(value) => level(value, self.decimals, Signs::Typographic),
        }
    }
}

impl Chart for GroupedBars {
    fn about(&self) -> &About {
        &self.about
    }

    fn describe(&self) -> String {
        let axis = axis_title(&self.axis, &self.unit);
        let series = self.series.join(", ");
        format!(
            "Bar chart of {series} for {} labels ({axis}).",
            self.items.len()
        )
    }

    fn draw(&self, paper: Paper) -> Drawing {
        let width = paper.width();
        let line = Line::for_labels(self.items.len());
        let entries: Vec<Entry> = self
            .series
            .iter()
            .zip(COLOURS)
            .map(|(name, class)| Entry {
                swatch: Swatch::Square(class),
                text: name.clone(),
            })
            .collect();
        let (key, key_height) = legend(&entries, width, 0.0);
        let specs: Vec<RowSpec<'_>> = self
            .items
            .iter()
            .map(|(label, values)| RowSpec {
                label,
                group: None,
                figures: values
                    .iter()
                    .map(|value| self.figure_text(*value))
                    .collect(),
            })
            .collect();
        let layout = place(&specs, width, key_height + 12.0, line.height);
        let values = self
            .items
            .iter()
            .flat_map(|(_, values)| values.iter().flatten().copied());
        let scale = Scale::over(values, layout.from, layout.to, 11.0);
        let axis = axis_title(&self.axis, &self.unit);
        let shapes = html! {
            (key)
            (layout.scaffold(&axis, &scale.ticks(), scale.at(0.0), &|_| false))
            @for ((_, values), row) in self.items.iter().zip(&layout.rows) {
                @for (at, value) in values.iter().enumerate() {
                    @let middle = line.middle(row, at, values.len());
                    @if let Some(value) = value {
                        @let (zero, end) = (scale.at(0.0), scale.at(*value));
                        rect class=(COLOURS[at]) x=(px(zero.min(end))) y=(px(middle - line.thickness / 2.0))
                            width=(px((end - zero).abs())) height=(px(line.thickness)) {}
                    }
                    text.aq-end font-size=[line.own_font()] x=(px(row.figures.x + row.figures.w)) y=(px(middle + line.font * 4.5 / FONT)) {
                        (self.figure_text(*value))
                    }
                }
            }
        };
        Drawing {
            height: layout.bottom,
            shapes,
        }
    }
}

impl Line {
    /// The middle of the line of one series within its row.
    fn middle(self, row: &RowBox, at: usize, of: usize) -> f64 {
        row.plot.middle() + self.height * (at as f64 - (of as f64 - 1.0) / 2.0)
    }

    /// The size of its figure, where it isn't that of all type.
    fn own_font(self) -> Option<String> {
        (self.font < FONT).then(|| px(self.font))
    }
}
