//! How numbers move with another: lines or steps, with the range that they are uncertain by.

use maud::{Markup, html};

use super::bar::axis_title;
use super::path::Path;
use super::scale::Scale;
use super::{About, Chart, ChartError, Drawing, FONT, Paper, drawable, px};
use crate::column::Unit;
use crate::text::{ems, fitted, printable};

/// One place on a line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LinePoint {
    /// Where along the axis.
    pub x: f64,
    /// How high.
    pub y: f64,
    /// The range around it, such as two quantiles.
    pub band: Option<(f64, f64)>,
}

impl LinePoint {
    /// A place without a range.
    pub fn new(x: f64, y: f64) -> Self {
        Self { x, y, band: None }
    }

    /// With a range.
    #[must_use]
    pub fn band(mut self, low: f64, high: f64) -> Self {
        self.band = Some((low, high));
        self
    }
}

/// How a line goes from one place to the next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Course {
    /// Straight.
    #[default]
    Straight,
    /// It keeps its height until the next place: a number that changes at thresholds.
    Steps,
}

#[derive(Clone, Debug, PartialEq)]
struct Line {
    name: String,
    points: Vec<LinePoint>,
}

/// Up to six lines over one axis, each named at its end.
///
/// ```
/// use acquis_report::chart::{Chart, Course, LineChart, LinePoint};
///
/// let mut chart = LineChart::new("Power by quota", ("Quota", "% of the weight"), ("Power", "%"))
///     .course(Course::Steps);
/// let power = [(50.0, 40.0), (66.0, 50.0), (80.0, 33.0)];
/// chart.push("Ruritania", power.map(|(quota, power)| LinePoint::new(quota, power)))?;
/// assert!(chart.svg().contains("Ruritania"));
/// # Ok::<(), acquis_report::chart::ChartError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct LineChart {
    about: About,
    across: (String, Unit),
    upwards: (String, Unit),
    course: Course,
    lines: Vec<Line>,
    now: Option<f64>,
}

/// Stroke and ground of each line: dashes tell them apart as well as colours.
const LOOKS: [(&str, &str, &str); 6] = [
    ("aq-line0", "aq-w0", "aq-c0"),
    ("aq-line1", "aq-w1", "aq-c1"),
    ("aq-line2", "aq-w2", "aq-c2"),
    ("aq-line3", "aq-w3", "aq-c3"),
    ("aq-line4", "aq-w5", "aq-mute"),
    ("aq-line5", "aq-w4", "aq-down"),
];

const HEIGHT: f64 = 260.0;
const NAME: f64 = 12.0;
const NAME_LINE: f64 = 15.0;

impl LineChart {
    /// A chart without lines; each axis by what it measures and in which unit.
    pub fn new(
        title: impl Into<String>,
        across: (impl Into<String>, impl Into<Unit>),
        upwards: (impl Into<String>, impl Into<Unit>),
    ) -> Self {
        Self {
            about: About::titled(title),
            across: (across.0.into(), across.1.into()),
            upwards: (upwards.0.into(), upwards.1.into()),
            course: Course::default(),
            lines: Vec::new(),
            now: None,
        }
    }

    /// How lines go from place to place.
    #[must_use]
    pub fn course(mut self, course: Course) -> Self {
        self.course = course;
        self
    }

    /// Marks a place of the axis, such as the value in use.
    #[must_use]
    pub fn now(mut self, x: f64) -> Self {
        self.now = Some(x).filter(|x| x.abs() < 1e300);
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

    /// Adds a line; its places are put in order.
    ///
    /// # Errors
    /// [`ChartError::TooMany`] beyond six lines, [`ChartError::NotDrawable`] for a number that is
    /// not finite, [`ChartError::EmptyInterval`] for a range the wrong way round.
    pub fn push(
        &mut self,
        name: impl Into<String>,
        points: impl IntoIterator<Item = LinePoint>,
    ) -> Result<(), ChartError> {
        let name = name.into();
        if self.lines.len() == LOOKS.len() {
            return Err(ChartError::TooMany {
                what: "lines",
                most: LOOKS.len(),
                got: LOOKS.len() + 1,
            });
        }
        let mut points: Vec<LinePoint> = points.into_iter().collect();
        for point in &points {
            drawable(&name, point.x)?;
            drawable(&name, point.y)?;
            if let Some((low, high)) = point.band
                && drawable(&name, low)? > drawable(&name, high)?
            {
                return Err(ChartError::EmptyInterval {
                    label: name,
                    low,
                    high,
                });
            }
        }
        points.sort_by(|one, other| one.x.total_cmp(&other.x));
        self.lines.push(Line { name, points });
        Ok(())
    }

    fn points(&self) -> impl Iterator<Item = &LinePoint> {
        self.lines.iter().flat_map(|line| &line.points)
    }

    /// Corners of a line whose heights are those of its points, or of an end of their ranges.
    fn corners(
        &self,
        line: &Line,
        plot: &Plot,
        height: impl Fn(&LinePoint) -> f64,
    ) -> Vec<(f64, f64)> {
        let mut corners: Vec<(f64, f64)> = Vec::with_capacity(line.points.len() * 2);
        for point in &line.points {
            let (x, y) = (plot.x.at(point.x), plot.y.at(height(point)));
            if let (Course::Steps, Some((_, before))) = (self.course, corners.last().copied()) {
                corners.push((x, before));
            }
            corners.push((x, y));
        }
        corners
    }

    fn band(&self, line: &Line, class: &str, plot: &Plot) -> Markup {
        let low = |point: &LinePoint| point.band.map_or(point.y, |(low, _)| low);
        let high = |point: &LinePoint| point.band.map_or(point.y, |(_, high)| high);
        let mut around = self.corners(line, plot, high);
        around.extend(self.corners(line, plot, low).into_iter().rev());
        html! {
            @if line.points.iter().any(|point| point.band.is_some()) {
                path class=(class) d=(path(&around).close().data()) {}
            }
        }
    }

    fn line(&self, line: &Line, class: &str, plot: &Plot) -> Markup {
        let corners = self.corners(line, plot, |point| point.y);
        html! {
            @if !corners.is_empty() {
                path class=(class) d=(path(&corners).data()) { title { (printable(&line.name)) } }
            }
        }
    }

    /// The names at the ends of their lines, moved apart where they would meet.
    fn names(&self, plot: &Plot, room: f64) -> Markup {
        let mut names: Vec<(f64, usize)> = self
            .lines
            .iter()
            .enumerate()
            .filter_map(|(at, line)| Some((plot.y.at(line.points.last()?.y), at)))
            .collect();
        names.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
        let ends: Vec<f64> = names.iter().map(|(y, _)| *y).collect();
        let places = apart(&ends, plot.top, plot.bottom);
        html! {
            @for ((end, at), y) in names.iter().zip(places) {
                @let (stroke, _, fill) = LOOKS[*at];
                path class=(stroke) d=(format!("M{} {}L{} {}h9", px(plot.x_end + 1.0), px(*end), px(plot.x_end + 8.0), px(y))) {}
                circle class=(fill) cx=(px(plot.x_end)) cy=(px(*end)) r="2.5" {}
                text x=(px(plot.x_end + 21.0)) y=(px(y + 4.2)) font-size=(px(NAME)) {
                    (fitted(&printable(&self.lines[*at].name), room / NAME))
                }
            }
        }
    }

    fn plot(&self, width: f64) -> (Plot, f64) {
        let heights = self.points().flat_map(|point| {
            let (low, high) = point.band.unzip();
            [Some(point.y), low, high].into_iter().flatten()
        });
        let (top, bottom) = (46.0, 46.0 + HEIGHT);
        let y = Scale::upright(heights, bottom, top);
        let widest = y
            .ticks()
            .iter()
            .map(|(_, label)| ems(label) * 11.0)
            .fold(0.0_f64, f64::max);
        let names = self
            .lines
            .iter()
            .map(|line| ems(&line.name) * NAME)
            .fold(0.0_f64, f64::max);
        let room = names.min(width * 0.3);
        let (left, right) = (widest + 8.0, width - room - 25.0);
        let across = self.points().map(|point| point.x).chain(self.now);
        let x = Scale::within(across, left, right.max(left + 40.0), 11.0);
        let end = self
            .points()
            .map(|point| x.at(point.x))
            .fold(left, f64::max);
        (
            Plot {
                x,
                y,
                top,
                bottom,
                left,
                right: right.max(left + 40.0),
                x_end: end,
            },
            room,
        )
    }
}

/// Where the lines are drawn.
struct Plot {
    x: Scale,
    y: Scale,
    top: f64,
    bottom: f64,
    left: f64,
    right: f64,
    x_end: f64,
}

impl Plot {
    fn scaffold(&self, across: &str, upwards: &str, width: f64) -> Markup {
        html! {
            text.aq-soft x="0" y="14" { (fitted(upwards, width / FONT)) }
            @for (y, label) in self.y.ticks() {
                line.aq-grid x1=(px(self.left)) x2=(px(self.right)) y1=(px(y)) y2=(px(y)) {}
                text."aq-small aq-end" x=(px(self.left - 6.0)) y=(px(y + 3.8)) { (label) }
            }
            @for (x, label) in self.x.ticks() {
                line.aq-whisker x1=(px(x)) x2=(px(x)) y1=(px(self.bottom)) y2=(px(self.bottom + 4.0)) {}
                text."aq-small aq-mid" x=(px(x)) y=(px(self.bottom + 17.0)) { (label) }
            }
            line.aq-zero x1=(px(self.left)) x2=(px(self.right)) y1=(px(self.y.at(0.0))) y2=(px(self.y.at(0.0))) {}
            text."aq-soft aq-end" x=(px(self.right)) y=(px(self.bottom + 38.0)) { (fitted(across, width / FONT)) }
        }
    }
}

fn path(corners: &[(f64, f64)]) -> Path {
    corners.iter().fold(Path::default(), |path, (x, y)| {
        if path.is_empty() {
            path.start(*x, *y)
        } else {
            path.line(*x, *y)
        }
    })
}

/// Heights in order, each at least a line below the one before, as near to where they belong as
/// that allows, and within the plot as far as there is room.
fn apart(ends: &[f64], top: f64, bottom: f64) -> Vec<f64> {
    let mut places: Vec<f64> = Vec::with_capacity(ends.len());
    for end in ends {
        let least = places.last().map_or(top, |last| last + NAME_LINE);
        places.push(end.max(least));
    }
    let mut most = bottom;
    for place in places.iter_mut().rev() {
        *place = place.min(most);
        most = *place - NAME_LINE;
    }
    places
}

impl Chart for LineChart {
    fn about(&self) -> &About {
        &self.about
    }

    fn describe(&self) -> String {
        let said: Vec<String> = self
            .lines
            .iter()
            .filter_map(|line| {
                let (first, last) = (line.points.first()?, line.points.last()?);
                Some(format!(
                    "{} from {:.4} at {:.4} to {:.4} at {:.4}",
                    line.name, first.y, first.x, last.y, last.x
                ))
            })
            .collect();
        let (across, upwards) = (
            axis_title(&self.across.0, &self.across.1),
            axis_title(&self.upwards.0, &self.upwards.1),
        );
        format!("Lines of {upwards} by {across}. {}.", said.join("; "))
    }

    fn draw(&self, paper: Paper) -> Drawing {
        let (plot, room) = self.plot(paper.width());
        let across = axis_title(&self.across.0, &self.across.1);
        let upwards = axis_title(&self.upwards.0, &self.upwards.1);
        let shapes = html! {
            (plot.scaffold(&across, &upwards, paper.width()))
            @for (line, (_, ground, _)) in self.lines.iter().zip(LOOKS) { (self.band(line, ground, &plot)) }
            @if let Some(now) = self.now {
                line.aq-now x1=(px(plot.x.at(now))) x2=(px(plot.x.at(now))) y1=(px(plot.top)) y2=(px(plot.bottom)) {}
            }
            @for (line, (stroke, ..)) in self.lines.iter().zip(LOOKS) { (self.line(line, stroke, &plot)) }
            (self.names(&plot, room))
        };
        Drawing {
            height: plot.bottom + 44.0,
            shapes,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn names_keep_their_order_and_their_distance(ends in prop::collection::vec(0.0_f64..260.0, 0..7)) {
            let mut ends = ends;
            ends.sort_by(f64::total_cmp);
            let places = apart(&ends, 0.0, 260.0);
            prop_assert!(places.windows(2).all(|pair| pair[1] - pair[0] >= NAME_LINE - 1e-9));
            prop_assert!(places.iter().all(|y| (0.0..=260.0).contains(y)));
        }
    }
}
