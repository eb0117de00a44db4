//! All blocs that some states can form, by the number of members and what they bring, with those
//! that hold named.
//!
//! A lattice of twelve has 4,083 blocs: too many for lines between them. So each is a tick in the
//! row of its size, at what it brings; the more a tick says, the higher it stands, and only
//! blocs that hold are dots with names. A way through the lattice is drawn as a line.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use maud::{Markup, html};

use super::bar::axis_title;
use super::legend::{Entry, Swatch, legend};
use super::scale::Scale;
use super::{About, Chart, ChartError, Drawing, Paper, drawable, px};
use crate::column::Unit;
use crate::text::{ems, fitted, printable};

/// How much is said of a bloc, from least to most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LatticeMark {
    /// A member would leave, whatever was paid.
    Plain,
    /// Payments among its members could keep it.
    Payable,
    /// No member would leave it as it is.
    Kept,
    /// No member would leave, nobody would join.
    Holds,
}

impl LatticeMark {
    const TICKS: [Self; 3] = [Self::Plain, Self::Payable, Self::Kept];

    const fn class(self) -> &'static str {
        match self {
            Self::Plain => "aq-v0",
            Self::Payable => "aq-v1",
            Self::Kept => "aq-v2",
            Self::Holds => "aq-up",
        }
    }

    /// Half the height of its tick.
    const fn reach(self) -> f64 {
        match self {
            Self::Plain => 3.0,
            Self::Payable => 5.0,
            Self::Kept | Self::Holds => 8.0,
        }
    }

    const fn words(self) -> &'static str {
        match self {
            Self::Plain => "a member would leave",
            Self::Payable => "payments could keep it",
            Self::Kept => "no member would leave",
            Self::Holds => "holds: nobody leaves or joins",
        }
    }
}

/// One bloc.
#[derive(Clone, Debug, PartialEq)]
pub struct LatticeNode {
    /// Who is in, in short.
    pub label: String,
    /// How many are in.
    pub size: usize,
    /// Where it stands on the axis.
    pub value: f64,
    /// What is said of it.
    pub mark: LatticeMark,
}

/// A bloc on a way through the lattice.
#[derive(Clone, Debug, PartialEq)]
pub struct LatticeStep {
    /// Who comes in with it, in short.
    pub label: String,
    /// How many are in.
    pub size: usize,
    /// Where it stands on the axis.
    pub value: f64,
}

/// A lattice of blocs.
///
/// ```
/// use acquis_report::chart::{Chart, Lattice, LatticeMark, LatticeNode};
///
/// let mut lattice = Lattice::new("Which union would hold", "Sum of gains", "million USD");
/// for (label, size, value, mark) in [
///     ("Ruritania, Graustark", 2, 1.5, LatticeMark::Holds),
///     ("Ruritania, Borduria", 2, 0.5, LatticeMark::Plain),
///     ("all three", 3, 2.5, LatticeMark::Payable),
/// ] {
///     lattice.push(LatticeNode { label: label.to_owned(), size, value, mark })?;
/// }
/// let svg = lattice.svg();
/// assert!(svg.contains("Ruritania, Graustark") && !svg.contains("Borduria"));
/// # Ok::<(), acquis_report::chart::ChartError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Lattice {
    about: About,
    axis: String,
    unit: Unit,
    nodes: Vec<LatticeNode>,
    way: Vec<LatticeStep>,
}

impl Lattice {
    /// A lattice without blocs yet; the axis says what they bring.
    pub fn new(title: impl Into<String>, axis: impl Into<String>, unit: impl Into<Unit>) -> Self {
        Self {
            about: About::titled(title),
            axis: axis.into(),
            unit: unit.into(),
            nodes: Vec::new(),
            way: Vec::new(),
        }
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

    /// Adds a bloc.
    ///
    /// # Errors
    /// [`ChartError::NotDrawable`] for a value that is not finite.
    pub fn push(&mut self, node: LatticeNode) -> Result<(), ChartError> {
        drawable(&node.label, node.value)?;
        self.nodes.push(node);
        Ok(())
    }

    /// Draws a way through blocs.
    ///
    /// # Errors
    /// [`ChartError::NotDrawable`] for a value that is not finite.
    pub fn through(&mut self, way: Vec<LatticeStep>) -> Result<(), ChartError> {
        for step in &way {
            drawable(&step.label, step.value)?;
        }
        self.way = way;
        Ok(())
    }

    /// The sizes, largest first.
    fn sizes(&self) -> Vec<usize> {
        let sizes: BTreeSet<usize> = self.nodes.iter().map(|node| node.size).collect();
        sizes.into_iter().rev().collect()
    }

    fn key(&self, width: f64) -> (Markup, f64) {
        let ticks = LatticeMark::TICKS.map(|mark| (mark, Swatch::Square(mark.class())));
        let holds = (
            LatticeMark::Holds,
            Swatch::Circle(LatticeMark::Holds.class()),
        );
        let entries = [holds].into_iter().chain(ticks.into_iter().rev());
        let used = entries.filter(|(mark, _)| self.nodes.iter().any(|node| node.mark == *mark));
        let mut entries: Vec<Entry> = used
            .map(|(mark, swatch)| Entry {
                swatch,
                text: mark.words().to_owned(),
            })
            .collect();
        if !self.way.is_empty() {
            entries.push(Entry {
                swatch: Swatch::Line("aq-whisker"),
                text: "a path of accession".to_owned(),
            });
        }
        legend(&entries, width, 0.0)
    }
}

/// The row of blocs of one size.
struct Row<'l> {
    size: usize,
    /// Where the ticks stand.
    middle: f64,
    bottom: f64,
    /// Blocs that hold, with the place of their name: start, and line from 0.
    named: Vec<(&'l LatticeNode, Option<(f64, usize)>)>,
}

const TYPE: f64 = 11.0;
const LINE: f64 = 14.0;
/// Room for the ticks of a row.
const TICKS: f64 = 26.0;
/// Names of one row stand on so many lines; blocs beyond are dots without a name.
const MOST_LINES: usize = 5;
const AXIS: f64 = 42.0;

impl Lattice {
    fn rows(&self, scale: &Scale, from: f64, to: f64, top: f64) -> Vec<Row<'_>> {
        let mut y = top;
        let mut rows = Vec::new();
        for size in self.sizes() {
            let holding = self
                .nodes
                .iter()
                .filter(|node| node.size == size && node.mark == LatticeMark::Holds);
            let mut holding: Vec<&LatticeNode> = holding.collect();
            holding.sort_by(|a, b| b.value.total_cmp(&a.value));
            let mut taken: Vec<Vec<(f64, f64)>> = vec![Vec::new(); MOST_LINES];
            let named: Vec<_> = holding
                .into_iter()
                .map(|node| {
                    (
                        node,
                        name_place(node, scale.at(node.value), (from, to), &mut taken),
                    )
                })
                .collect();
            let lines = taken.iter().filter(|line| !line.is_empty()).count();
            let middle = y + TICKS / 2.0;
            y += TICKS + LINE * lines as f64;
            rows.push(Row {
                size,
                middle,
                bottom: y,
                named,
            });
        }
        rows
    }

    /// Ticks of one mark and size as one shape; those at the same place are one.
    fn ticks(&self, row: &Row<'_>, mark: LatticeMark, scale: &Scale) -> String {
        let of_row = |node: &&LatticeNode| node.size == row.size && node.mark == mark;
        let places = self.nodes.iter().filter(of_row);
        let places: BTreeSet<i64> = places
            .map(|node| {
                #[expect(clippy::cast_possible_truncation, reason = "a place on the paper")]
                let tenths = (scale.at(node.value) * 5.0).round() as i64;
                tenths
            })
            .collect();
        let reach = mark.reach();
        let mut path = String::new();
        for place in places {
            let (x, y) = (px(place as f64 / 5.0), px(row.middle - reach));
            // Writing to a string does not fail.
            let _ = write!(path, "M{x} {y}v{}", px(2.0 * reach));
        }
        path
    }

    /// The way as a line, with who comes in beside each of its blocs.
    fn way(&self, rows: &[Row<'_>], scale: &Scale, to: f64) -> Markup {
        let mut path = String::new();
        let mut names = Vec::new();
        for step in &self.way {
            if let Some(row) = rows.iter().find(|row| row.size == step.size) {
                let x = scale.at(step.value);
                let pen = if path.is_empty() { 'M' } else { 'L' };
                // Writing to a string does not fail.
                let _ = write!(path, "{pen}{} {}", px(x), px(row.middle));
                let label = printable(&step.label).into_owned();
                let is_right = x + 8.0 + ems(&label) * TYPE <= to;
                let (class, x) = if is_right {
                    ("aq-halo", x + 8.0)
                } else {
                    ("aq-halo aq-end", x - 8.0)
                };
                names.push((class, x, row.middle + 4.0, label));
            }
        }
        html! {
            @if !path.is_empty() { path.aq-whisker d=(path) {} }
            @for (class, x, y, label) in &names {
                text class=(class) x=(px(*x)) y=(px(*y)) font-size=(px(TYPE)) { (label) }
            }
        }
    }
}

/// Where the name of a bloc goes: under its dot, on the first line that has room.
fn name_place(
    node: &LatticeNode,
    x: f64,
    (from, to): (f64, f64),
    taken: &mut [Vec<(f64, f64)>],
) -> Option<(f64, usize)> {
    let width = (ems(&printable(&node.label)) * TYPE).min(to - from);
    let start = (x - width / 2.0).clamp(from, (to - width).max(from));
    let end = start + width;
    let fits = |line: &Vec<(f64, f64)>| {
        let apart = |&(left, right): &(f64, f64)| end + 8.0 <= left || right + 8.0 <= start;
        line.iter().all(apart)
    };
    let line = taken.iter().position(fits)?;
    taken[line].push((start, end));
    Some((start, line))
}

impl Chart for Lattice {
    fn about(&self) -> &About {
        &self.about
    }

    fn describe(&self) -> String {
        let holding = self
            .nodes
            .iter()
            .filter(|node| node.mark == LatticeMark::Holds);
        let holding: Vec<&str> = holding.map(|node| node.label.as_str()).collect();
        let axis = axis_title(&self.axis, &self.unit);
        if holding.is_empty() {
            return format!("{} blocs by {axis}; none holds.", self.nodes.len());
        }
        format!(
            "{} blocs by {axis}; {} hold: {}.",
            self.nodes.len(),
            holding.len(),
            holding.join("; ")
        )
    }

    fn draw(&self, paper: Paper) -> Drawing {
        let width = paper.width();
        let (key, key_height) = self.key(width);
        let label = |size: usize| format!("{size} members");
        let sizes = self.sizes();
        let widest = sizes.iter().map(|size| ems(&label(*size)) * TYPE);
        let from = widest.fold(40.0, f64::max) + 12.0;
        // The last label stands half beyond the last tick.
        let to = width - 24.0;
        let values = self.nodes.iter().map(|node| node.value);
        let scale = Scale::over(values, from, to, TYPE);
        let top = key_height + 12.0 + AXIS;
        let rows = self.rows(&scale, from, to, top);
        let bottom = rows.last().map_or(top, |row| row.bottom) + 6.0;
        let axis = axis_title(&self.axis, &self.unit);
        let shapes = html! {
            (key)
            text.aq-small.aq-mid x=(px(f64::midpoint(from, to))) y=(px(top - AXIS + 12.0)) {
                (fitted(&printable(&axis), (to - from) / TYPE))
            }
            @for (x, tick) in scale.ticks() {
                line.aq-grid x1=(px(x)) x2=(px(x)) y1=(px(top - 6.0)) y2=(px(bottom)) {}
                text.aq-small.aq-mid x=(px(x)) y=(px(top - 12.0)) { (tick) }
            }
            line.aq-zero x1=(px(scale.at(0.0))) x2=(px(scale.at(0.0))) y1=(px(top - 6.0)) y2=(px(bottom)) {}
            @for row in &rows {
                text.aq-small x="0" y=(px(row.middle + 4.0)) { (label(row.size)) }
                @for mark in LatticeMark::TICKS {
                    @let path = self.ticks(row, mark, &scale);
                    @if !path.is_empty() { path class=(mark.class()) d=(path) {} }
                }
            }
            @for row in &rows { (names(row, &scale, (from, to))) }
            (self.way(&rows, &scale, to))
        };
        Drawing {
            height: bottom,
            shapes,
        }
    }
}

/// Dots and names of the blocs of a row that hold.
fn names(row: &Row<'_>, scale: &Scale, (from, to): (f64, f64)) -> Markup {
    html! {
        @for (node, place) in &row.named {
            circle class=(node.mark.class()) cx=(px(scale.at(node.value))) cy=(px(row.middle)) r="5" {
                title { (printable(&node.label)) }
            }
            @if let Some((start, line)) = place {
                text x=(px(*start)) y=(px(row.middle + TICKS / 2.0 + LINE * (*line as f64) + 9.0)) font-size=(px(TYPE)) {
                    (fitted(&printable(&node.label), (to - from) / TYPE))
                }
            }
        }
    }
}
