//! Before and after: two marks per label and the way between them.

use maud::html;

use super::bar::axis_title;
use super::legend::{Entry, Swatch, legend};
use super::rows::{RowSpec, place};
use super::scale::Scale;
use super::{About, Chart, ChartError, Drawing, Paper, drawable, px};
use crate::column::Unit;
use crate::number::{Signs, level};

/// Two levels per label, joined by a line: hollow before, full after.
///
/// ```
/// use acquis_report::chart::{Chart, Dumbbell};
///
/// let mut chart = Dumbbell::new("Tariffs", "Average tariff", "%", "2009", "2011");
/// chart.push("Ruritania", 6.5, 9.2)?;
/// assert!(chart.svg().contains("6.5 → 9.2"));
/// # Ok::<(), acquis_report::chart::ChartError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Dumbbell {
    about: About,
    axis: String,
    unit: Unit,
    decimals: usize,
    names: [String; 2],
    items: Vec<(String, f64, f64)>,
}

impl Dumbbell {
    /// A chart without labels yet; `before` and `after` name the two marks.
    pub fn new(
        title: impl Into<String>,
        axis: impl Into<String>,
        unit: impl Into<Unit>,
        before: impl Into<String>,
        after: impl Into<String>,
    ) -> Self {
        Self {
            about: About::titled(title),
            axis: axis.into(),
            unit: unit.into(),
            decimals: 1,
            names: [before.into(), after.into()],
            items: Vec::new(),
        }
    }

    /// Digits after the point; one unless told.
    #[must_use]
    pub fn decimals(mut self, decimals: usize) -> Self {
        self.decimals = decimals;
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

    /// Adds a label with its two levels.
    ///
    /// # Errors
    /// [`ChartError::NotDrawable`] for a number that is not finite.
    pub fn push(
        &mut self,
        label: impl Into<String>,
        before: f64,
        after: f64,
    ) -> Result<(), ChartError> {
        let label = label.into();
        drawable(&label, before)?;
        drawable(&label, after)?;
        self.items.push((label, before, after));
        Ok(())
    }

    fn figure_text(&self, before: f64, after: f64) -> String {
        let shown = |value| level(value, self.decimals, Signs::Typographic);
        format!("{} → {}", shown(before), shown(after))
    }
}

impl Chart for Dumbbell {
    fn about(&self) -> &About {
        &self.about
    }

    fn describe(&self) -> String {
        let axis = axis_title(&self.axis, &self.unit);
        let [before, after] = &self.names;
        format!(
            "{axis} of {} labels, {before} and {after}.",
            self.items.len()
        )
    }

    fn draw(&self, paper: Paper) -> Drawing {
        let width = paper.width();
        let marks = [Swatch::Circle("aq-before"), Swatch::Circle("aq-up")];
        let entries: Vec<Entry> = marks
            .into_iter()
            .zip(&self.names)
            .map(|(swatch, name)| Entry {
                swatch,
                text: name.clone(),
            })
            .collect();
        let (key, key_height) = legend(&entries, width, 0.0);
        let specs: Vec<RowSpec<'_>> = self
            .items
            .iter()
            .map(|(label, before, after)| RowSpec {
                label,
                group: None,
                figures: vec![self.figure_text(*before, *after)],
            })
            .collect();
        let layout = place(&specs, width, key_height + 12.0, 16.0);
        let values = self
            .items
            .iter()
            .flat_map(|(_, before, after)| [*before, *after]);
        // The marks at the ends need half their width inside the axis.
        let scale = Scale::over(values, layout.from + 6.0, layout.to - 6.0, 11.0);
        let axis = axis_title(&self.axis, &self.unit);
        let shapes = html! {
            (key)
            (layout.scaffold(&axis, &scale.ticks(), scale.at(0.0), &|_| false))
            @for ((_, before, after), row) in self.items.iter().zip(&layout.rows) {
                @let (from, to, middle) = (scale.at(*before), scale.at(*after), row.plot.middle());
                line.aq-span x1=(px(from)) x2=(px(to)) y1=(px(middle)) y2=(px(middle)) {}
                circle.aq-before cx=(px(from)) cy=(px(middle)) r="4.5" {}
                circle.aq-up cx=(px(to)) cy=(px(middle)) r="5.5" {}
                text.aq-end x=(px(row.figures.x + row.figures.w)) y=(px(middle + 4.5)) {
                    (self.figure_text(*before, *after))
                }
            }
        };
        Drawing {
            height: layout.bottom,
            shapes,
        }
    }
}
