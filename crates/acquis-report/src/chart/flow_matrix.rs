//! What flows from each to each: squares as large as the flow.
//!
//! A matrix rather than ribbons between the states: in it every flow has a place of its own, the
//! two directions of a pair stand apart, and areas can be compared, which ribbons that cross and
//! bend do not allow.

use maud::{Markup, html};

use super::legend::{Entry, Swatch, legend};
use super::map::{Fill, square};
use super::{About, Chart, ChartError, Drawing, FONT, Heading, Paper, drawable, existing, px};
use crate::column::Unit;
use crate::number::{Signs, change, level};
use crate::text::{ems, fitted, printable};

/// A flow from one to another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Flow {
    /// How much.
    pub value: f64,
    /// How much it was before, if the picture compares.
    pub before: Option<f64>,
    /// Whether it rests on an estimate.
    pub estimated: bool,
}

impl Flow {
    /// A flow of which nothing else is said.
    pub fn new(value: f64) -> Self {
        Self {
            value,
            before: None,
            estimated: false,
        }
    }

    /// That was so much before.
    #[must_use]
    pub fn before(mut self, before: f64) -> Self {
        self.before = Some(before);
        self
    }
}

/// From each row to each column, a square whose area is the flow; where there is a before, its
/// square is drawn as an outline, and what grew differs from what shrank.
///
/// ```
/// use acquis_report::chart::{Chart, Flow, FlowMatrix, Heading};
///
/// let states = vec![Heading::new("RUR", "Ruritania"), Heading::new("GRA", "Graustark")];
/// let mut trade = FlowMatrix::new("Trade", "million USD", states, ("from", "to"));
/// trade.set(0, 1, Flow::new(250.0).before(200.0))?;
/// assert!(trade.svg().contains("+25.0"));
/// # Ok::<(), acquis_report::chart::ChartError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct FlowMatrix {
    about: About,
    unit: Unit,
    parties: Vec<Heading>,
    ways: (String, String),
    decimals: usize,
    /// `[from][to]`.
    flows: Vec<Option<Flow>>,
}

const LARGEST: f64 = 46.0;

impl FlowMatrix {
    /// A matrix without flows; `ways` are the words for rows and for columns.
    pub fn new(
        title: impl Into<String>,
        unit: impl Into<Unit>,
        parties: Vec<Heading>,
        ways: (impl Into<String>, impl Into<String>),
    ) -> Self {
        Self {
            about: About::titled(title),
            unit: unit.into(),
            ways: (ways.0.into(), ways.1.into()),
            decimals: 0,
            flows: vec![None; parties.len() * parties.len()],
            parties,
        }
    }

    /// Digits after the point; none unless told.
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

    /// Sets the flow from one to another. What stays at home is left out of the picture by not
    /// being set.
    ///
    /// # Errors
    /// [`ChartError::NoSuch`] for one that is not there, [`ChartError::NotDrawable`] for a flow
    /// that is negative or not finite.
    pub fn set(&mut self, from: usize, to: usize, flow: Flow) -> Result<(), ChartError> {
        let count = self.parties.len();
        existing(&self.about.title, "row", from, count)?;
        existing(&self.about.title, "column", to, count)?;
        let label = format!("{} to {}", self.parties[from].name, self.parties[to].name);
        for value in std::iter::once(flow.value).chain(flow.before) {
            drawable(&label, value)?;
            if value < 0.0 {
                return Err(ChartError::NotDrawable { label, value });
            }
        }
        self.flows[from * count + to] = Some(flow);
        Ok(())
    }

    fn flows(&self) -> impl Iterator<Item = (usize, usize, Flow)> {
        let count = self.parties.len();
        let flows = self.flows.iter().enumerate();
        flows.filter_map(move |(at, flow)| Some((at / count, at % count, (*flow)?)))
    }

    fn largest(&self) -> f64 {
        let all = self
            .flows()
            .flat_map(|(_, _, flow)| std::iter::once(flow.value).chain(flow.before));
        all.fold(0.0_f64, f64::max)
    }

    fn amount(&self, value: f64) -> String {
        let unit = self.unit.as_str();
        let space = if unit.is_empty() { "" } else { " " };
        format!(
            "{}{space}{}",
            level(value, self.decimals, Signs::Typographic),
            printable(unit)
        )
    }

    fn said(&self, from: usize, to: usize, flow: Flow) -> String {
        let pair = format!("{} to {}", self.parties[from].name, self.parties[to].name);
        let before = flow.before.map_or_else(String::new, |before| {
            // What hardly was there before grows by a number that says nothing.
            let percent =
                Some((flow.value / before - 1.0) * 100.0).filter(|percent| *percent < 1e4);
            let percent = percent.map(|percent| change(percent, 1, Signs::Typographic));
            let percent = percent.map_or_else(String::new, |percent| format!(" ({percent} %)"));
            format!(", before {}{percent}", self.amount(before))
        });
        let estimated = if flow.estimated { ", estimated" } else { "" };
        let said = format!("{pair}: {}{before}{estimated}", self.amount(flow.value));
        printable(&said).into_owned()
    }

    fn square(&self, (from, to, flow): (usize, usize, Flow), grid: &Grid, largest: f64) -> Markup {
        let (x, y) = (grid.column(to), grid.row(from));
        let side = |value: f64| (value / largest).sqrt() * (grid.cell - 2.0);
        html! {
            g.aq-state {
                title { (self.said(from, to, flow)) }
                rect.aq-clear x=(px(x - grid.cell / 2.0)) y=(px(y - grid.cell / 2.0)) width=(px(grid.cell)) height=(px(grid.cell)) {}
                (filled(flow, (x, y), side(flow.value)))
                @if let Some(before) = flow.before { (centred("aq-was", x, y, side(before))) }
                @if flow.estimated { circle.aq-contested cx=(px(x + grid.cell / 2.0 - 4.0)) cy=(px(y - grid.cell / 2.0 + 4.0)) r="2.2" {} }
            }
        }
    }

    fn key(&self, width: f64) -> (Markup, f64) {
        let entry = |swatch: Swatch, text: &str| Entry {
            swatch,
            text: text.to_owned(),
        };
        let compares = self.flows().any(|(_, _, flow)| flow.before.is_some());
        let mut entries = Vec::new();
        if compares {
            entries.push(entry(Swatch::Square("aq-up"), "now, grown or the same"));
            entries.push(entry(Swatch::Fill(Fill::SHRUNK), "now, shrunk"));
            entries.push(entry(Swatch::Square("aq-was"), "before"));
        }
        if self.flows().any(|(_, _, flow)| flow.estimated) {
            entries.push(entry(Swatch::Contested, "estimated"));
        }
        legend(&entries, width, 0.0)
    }

    /// What an area stands for: the largest flow rounded down to a round number, and a tenth of it.
    /// Beside each other, or below where the paper is narrow. The height comes with it.
    fn measure(&self, grid: &Grid, largest: f64, top: f64, width: f64) -> (Markup, f64) {
        let round = 10.0_f64.powf(largest.log10().floor());
        let side = |value: f64| (value / largest).sqrt() * (grid.cell - 2.0);
        let line = grid.cell.max(FONT + 5.0);
        let (mut x, mut y) = (0.0, top + line / 2.0);
        let sizes: Vec<(f64, f64, f64, String)> = [round, round / 10.0]
            .into_iter()
            .map(|value| {
                let words = self.amount(value);
                let room = grid.cell + 6.0 + ems(&words) * FONT;
                if x > 0.0 && x + room > width {
                    (x, y) = (0.0, y + line);
                }
                let left = x;
                x += room + 14.0;
                (left, y, side(value), words)
            })
            .collect();
        let shapes = html! {
            @for (x, y, side, words) in sizes {
                (centred("aq-mute", x + grid.cell / 2.0, y, side))
                text x=(px(x + grid.cell + 4.0)) y=(px(y + 4.5)) font-size="12" { (words) }
            }
        };
        (shapes, y + line / 2.0 - top)
    }

    fn headings(&self, grid: &Grid, paper: Paper) -> Markup {
        let size = (grid.cell * 0.8).clamp(7.5, FONT);
        html! {
            text."aq-small" x="0" y=(px(grid.top - 8.0)) { (fitted(&printable(&self.ways.0), grid.left / 11.0)) " ↓" }
            text."aq-small aq-end" x=(px(grid.left - 6.0)) y=(px(grid.top - grid.head + 10.0)) { (printable(&self.ways.1)) " →" }
            @for (at, party) in self.parties.iter().enumerate() {
                @let name = if grid.named { &party.name } else { &party.short };
                @let row = html! {
                    text font-size=(px(size)) x="0" y=(px(grid.row(at) + size * 0.36)) { (fitted(&printable(name), (grid.left - 8.0) / size)) }
                };
                @let place = format!("translate({} {}) rotate(-90)", px(grid.column(at) + size * 0.36), px(grid.top - 5.0));
                @let column = html! { text font-size=(px(size)) transform=(place) { (fitted(&printable(&party.short), 60.0 / size)) } };
                (paper.linked(party.href.as_deref(), &row))
                (paper.linked(party.href.as_deref(), &column))
                line.aq-rule x1=(px(grid.left)) x2=(px(grid.right(self.parties.len()))) y1=(px(grid.row(at))) y2=(px(grid.row(at))) {}
                line.aq-rule x1=(px(grid.column(at))) x2=(px(grid.column(at))) y1=(px(grid.top)) y2=(px(grid.bottom(self.parties.len()))) {}
            }
        }
    }
}

/// The square of a flow as it is now, in the fill that says whether it shrank. In a small one
/// stripes would hide the colour.
fn filled(flow: Flow, (x, y): (f64, f64), side: f64) -> Markup {
    const STRIPED: f64 = 9.0;
    let corner = |at: f64| at - side / 2.0;
    match flow.before {
        Some(before) if flow.value < before => html! {
            (centred(Fill::SHRUNK.ground, x, y, side))
            @if side >= STRIPED { (Fill::SHRUNK.stroked(&[square(corner(x), corner(y), side)])) }
        },
        _ => centred("aq-up", x, y, side),
    }
}

fn centred(class: &str, x: f64, y: f64, side: f64) -> Markup {
    html! { rect class=(class) x=(px(x - side / 2.0)) y=(px(y - side / 2.0)) width=(px(side)) height=(px(side)) {} }
}

struct Grid {
    left: f64,
    top: f64,
    head: f64,
    cell: f64,
    named: bool,
}

impl Grid {
    fn fit(parties: &[Heading], width: f64, top: f64) -> Self {
        let widest = |text: fn(&Heading) -> &str, most: f64| {
            let all = parties.iter().map(|party| ems(text(party)) * FONT);
            all.fold(0.0_f64, f64::max).min(most) + 10.0
        };
        let count = parties.len().max(1) as f64;
        let name = widest(|party| &party.name, width * 0.28);
        let named = (width - name) / count >= 16.0;
        let left = if named {
            name
        } else {
            widest(|party| &party.short, 60.0).max(44.0)
        };
        let head = widest(|party| &party.short, 60.0) + 14.0;
        Self {
            left,
            top: top + head,
            head,
            cell: ((width - left) / count).clamp(3.0, LARGEST),
            named,
        }
    }

    fn column(&self, at: usize) -> f64 {
        self.left + self.cell * (at as f64 + 0.5)
    }

    fn row(&self, at: usize) -> f64 {
        self.top + self.cell * (at as f64 + 0.5)
    }

    fn right(&self, count: usize) -> f64 {
        self.left + self.cell * count as f64
    }

    fn bottom(&self, count: usize) -> f64 {
        self.top + self.cell * count as f64
    }
}

impl Chart for FlowMatrix {
    fn about(&self) -> &About {
        &self.about
    }

    fn describe(&self) -> String {
        let mut flows: Vec<(usize, usize, Flow)> = self.flows().collect();
        flows.sort_by(|one, other| other.2.value.total_cmp(&one.2.value));
        let largest: Vec<String> = flows
            .iter()
            .take(3)
            .map(|(from, to, flow)| self.said(*from, *to, *flow))
            .collect();
        format!(
            "Matrix of {} flows between {}. The largest: {}.",
            flows.len(),
            self.parties.len(),
            largest.join("; ")
        )
    }

    fn draw(&self, paper: Paper) -> Drawing {
        let (key, key_height) = self.key(paper.width());
        let grid = Grid::fit(&self.parties, paper.width(), key_height + 4.0);
        let largest = self.largest();
        let bottom = grid.bottom(self.parties.len());
        let (measure, measure_height) = if largest > 0.0 {
            let (shapes, height) = self.measure(&grid, largest, bottom + 12.0, paper.width());
            (shapes, height + 18.0)
        } else {
            (html! {}, 0.0)
        };
        let shapes = html! {
            (key)
            (self.headings(&grid, paper))
            @if largest > 0.0 {
                @for flow in self.flows() { (self.square(flow, &grid, largest)) }
            }
            (measure)
        };
        Drawing {
            height: bottom + measure_height + 4.0,
            shapes,
        }
    }

    fn is_linked(&self) -> bool {
        self.parties.iter().any(|party| party.href.is_some())
    }
}
