//! How a matrix of stages is drawn: one ramp of fills, cells as large as the paper allows.

use std::fmt::Write as _;

use maud::{Markup, html};

use super::legend::{Entry, Swatch, legend};
use super::rows::Rect;
use super::stage_matrix::{StageMatrix, StagePanel, StageState};
use super::{About, Chart, Drawing, FONT, Paper, px};
use crate::text::{ems, fitted, printable};

/// How many levels the ramp tells apart.
pub(super) const MOST_LEVELS: usize = 8;

/// Fills from none to most, and the type on them.
const FILLS: [(&str, &str); MOST_LEVELS] = [
    ("aq-s0", "aq-t0"),
    ("aq-s1", "aq-t1"),
    ("aq-s2", "aq-t2"),
    ("aq-s3", "aq-t3"),
    ("aq-s4", "aq-t4"),
    ("aq-s5", "aq-t5"),
    ("aq-s6", "aq-t6"),
    ("aq-s7", "aq-t7"),
];

/// The fill of a level and the type on it: levels are spread over the whole ramp.
pub(super) fn level_fill(level: usize, levels: usize) -> (&'static str, &'static str) {
    let last = levels.saturating_sub(1).max(1);
    FILLS[(level.min(last) * (MOST_LEVELS - 1) + last / 2) / last]
}

/// How the panels are laid out on paper of some width.
#[derive(Clone, Copy, Debug)]
struct Grid {
    cell: f64,
    label: f64,
    head: f64,
    type_size: f64,
    beside: bool,
    named: bool,
}

const PANEL_GAP: f64 = 28.0;
const PANEL_HEADING: f64 = 26.0;
/// Panels stand side by side only where their cells keep this size.
const LEAST_BESIDE: f64 = 19.0;
const LARGEST_CELL: f64 = 34.0;

impl Grid {
    fn fit(states: &[StageState], panels: usize, width: f64) -> Self {
        let count = states.len().max(1) as f64;
        let widest = |text: fn(&StageState) -> &str, most: f64| {
            states
                .iter()
                .map(|s| ems(text(s)) * FONT)
                .fold(0.0_f64, f64::max)
                .min(most)
                + 8.0
        };
        let code = widest(|s| &s.code, 60.0);
        let name = widest(|s| &s.name, width * 0.24);
        let columns = panels.max(1) as f64;
        let beside_room = (width - PANEL_GAP * (columns - 1.0)) / columns;
        let beside = panels > 1 && (beside_room - name.min(110.0)) / count >= LEAST_BESIDE;
        let (room, name) = if beside {
            (beside_room, name.min(110.0))
        } else {
            (width, name)
        };
        let named = (room - name) / count >= 14.0;
        let label = if named { name } else { code };
        let cell = ((room - label) / count).min(LARGEST_CELL);
        let type_size = (cell * 0.82).clamp(7.0, FONT);
        Self {
            cell,
            label,
            head: code / FONT * type_size + 6.0,
            type_size,
            beside,
            named,
        }
    }

    fn side(&self, states: usize) -> f64 {
        self.cell * states as f64
    }

    fn origin(&self, panel: usize, states: usize, top: f64) -> (f64, f64) {
        let across = self.label + self.side(states) + PANEL_GAP;
        let down = PANEL_HEADING + self.head + self.side(states) + PANEL_GAP;
        if self.beside {
            (across * panel as f64, top)
        } else {
            (0.0, top + down * panel as f64)
        }
    }

    /// The place of a cell, with a hair's breadth around it.
    fn square(&self, row: usize, column: usize) -> Rect {
        let (x, y) = (self.cell * column as f64, self.cell * row as f64);
        Rect {
            x: x + 0.5,
            y: y + 0.5,
            w: self.cell - 1.0,
            h: self.cell - 1.0,
        }
    }
}

impl StageMatrix {
    fn fill(&self, level: usize) -> (&'static str, &'static str) {
        level_fill(level, self.levels.len())
    }

    fn key(&self, width: f64, y: f64) -> (Markup, f64) {
        let mut entries: Vec<Entry> = self
            .levels
            .iter()
            .enumerate()
            .map(|(at, level)| Entry {
                swatch: Swatch::Square(self.fill(at).0),
                text: match level.short.as_str() {
                    "" => level.name.clone(),
                    short => format!("{} ({short})", level.name),
                },
            })
            .collect();
        if self
            .panels
            .iter()
            .any(|panel| panel.any(|pair| pair.changed))
        {
            entries.push(Entry {
                swatch: Swatch::Outline,
                text: "changed".to_owned(),
            });
        }
        if self
            .panels
            .iter()
            .any(|panel| panel.any(|pair| pair.contested))
        {
            entries.push(Entry {
                swatch: Swatch::Dot,
                text: "rests on a contested claim".to_owned(),
            });
        }
        legend(&entries, width, y)
    }

    fn panel(&self, panel: &StagePanel, grid: Grid, at: (f64, f64)) -> Markup {
        let (x, y) = at;
        let heading_room = (grid.label + grid.side(self.states.len())) / FONT / 1.06;
        let inner = format!(
            "translate({} {})",
            px(x + grid.label),
            px(y + PANEL_HEADING + grid.head)
        );
        html! {
            text.aq-strong x=(px(x)) y=(px(y + 14.0)) { (fitted(&printable(&panel.heading), heading_room)) }
            g transform=(inner) {
                g font-size=(px(grid.type_size)) {
                    @for (at, state) in self.states.iter().enumerate() { (axis_labels(state, at, grid)) }
                }
                @for level in 0..self.levels.len() { (self.cells(panel, level, grid)) }
                (marks(panel, grid))
            }
        }
    }

    /// All cells of one level as one shape, and their short names on top.
    fn cells(&self, panel: &StagePanel, level: usize, grid: Grid) -> Markup {
        let (fill, ink) = self.fill(level);
        let short = printable(&self.levels[level].short).into_owned();
        let size = (grid.cell * 0.4).clamp(7.0, 11.0);
        let fits = !short.is_empty() && ems(&short) * size * 0.92 <= grid.cell - 1.0;
        let mut path = String::new();
        let mut middles = Vec::new();
        for (row, column) in off_diagonal(panel.states) {
            if panel.pair(row, column).level != level {
                continue;
            }
            let square = grid.square(row, column);
            let side = px(square.w);
            // Writing to a string does not fail.
            let _ = write!(
                path,
                "M{} {}h{side}v{side}h-{side}z",
                px(square.x),
                px(square.y)
            );
            middles.push((square.x + square.w / 2.0, square.middle() + size * 0.36));
        }
        html! {
            @if !path.is_empty() {
                path class=(fill) d=(path) { title { (printable(&self.levels[level].name)) } }
            }
            @if fits && !middles.is_empty() {
                g font-size=(px(size)) {
                    @for (x, y) in &middles {
                        text class={ "aq-mid " (ink) } x=(px(*x)) y=(px(*y)) { (short) }
                    }
                }
            }
        }
    }
}

fn off_diagonal(states: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..states).flat_map(move |row| {
        (0..states)
            .filter(move |column| *column != row)
            .map(move |column| (row, column))
    })
}

fn axis_labels(state: &StageState, at: usize, grid: Grid) -> Markup {
    let middle = grid.cell * (at as f64 + 0.5);
    let baseline = px(middle + grid.type_size * 0.36);
    let room = (grid.label - 6.0) / grid.type_size;
    let row = if grid.named { &state.name } else { &state.code };
    let upright = ems(&state.code) * grid.type_size <= grid.cell - 2.0;
    html! {
        text.aq-end x="-6" y=(baseline) { (fitted(&printable(row), room)) }
        @if upright {
            text.aq-mid x=(px(middle)) y="-6" { (printable(&state.code)) }
        } @else {
            text transform=(format!("translate({baseline} -5) rotate(-90)")) {
                (fitted(&printable(&state.code), grid.head / grid.type_size))
            }
        }
    }
}

fn marks(panel: &StagePanel, grid: Grid) -> Markup {
    let radius = (grid.cell * 0.13).clamp(1.8, 3.4);
    html! {
        @for (row, column) in off_diagonal(panel.states) {
            @let pair = panel.pair(row, column);
            @let square = grid.square(row, column);
            @if pair.changed {
                rect.aq-changed x=(px(square.x + 0.5)) y=(px(square.y + 0.5))
                    width=(px(square.w - 1.0)) height=(px(square.h - 1.0)) {}
            }
            @if pair.contested {
                circle.aq-contested cx=(px(square.x + square.w - radius - 1.2))
                    cy=(px(square.y + radius + 1.2)) r=(px(radius)) {}
            }
        }
    }
}

impl Chart for StageMatrix {
    fn about(&self) -> &About {
        &self.about
    }

    fn describe(&self) -> String {
        let headings: Vec<&str> = self.panels.iter().map(|p| p.heading.as_str()).collect();
        let changed = self.panels.last().map_or(0, |panel| {
            off_diagonal(panel.states)
                .filter(|&(i, j)| i < j && panel.pair(i, j).changed)
                .count()
        });
        format!(
            "Matrix of the stages between {} states: {}. Changed pairs: {changed}.",
            self.states.len(),
            headings.join("; ")
        )
    }

    fn draw(&self, paper: Paper) -> Drawing {
        let width = paper.width();
        let (key, key_height) = self.key(width, 0.0);
        let grid = Grid::fit(&self.states, self.panels.len(), width);
        let (count, top) = (self.states.len(), key_height + 16.0);
        let last = self.panels.len().saturating_sub(1);
        let (_, last_top) = grid.origin(last, count, top);
        let shapes = html! {
            (key)
            @for (at, panel) in self.panels.iter().enumerate() {
                (self.panel(panel, grid, grid.origin(at, count, top)))
            }
        };
        let height = last_top + PANEL_HEADING + grid.head + grid.side(count) + 4.0;
        Drawing { height, shapes }
    }
}
