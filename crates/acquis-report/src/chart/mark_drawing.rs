//! How a matrix of marks is drawn: cells as large as the paper allows, names at the left and
//! above, groups set apart.

use maud::{Markup, html};

use super::legend::{Entry, Swatch, legend};
use super::mark_matrix::{Heading, MarkMatrix, contested, disputed, runs};
use super::{About, Chart, DISPUTED_STANDING, Drawing, FONT, Paper, px};
use crate::text::{ems, fitted, printable};

impl MarkMatrix {
    fn key(&self, width: f64) -> (Markup, f64) {
        let mut entries: Vec<Entry> = self
            .used()
            .map(|category| Entry {
                swatch: Swatch::Mark(category.look),
                text: category.name.clone(),
            })
            .collect();
        if self.is_contested() {
            entries.push(Entry {
                swatch: Swatch::Contested,
                text: "rests on a contested claim".to_owned(),
            });
        }
        if self.is_disputed() {
            entries.push(Entry {
                swatch: Swatch::Disputed,
                text: DISPUTED_STANDING.to_owned(),
            });
        }
        legend(&entries, width, 0.0)
    }

    fn marks(&self, grid: &Grid, paper: Paper) -> Markup {
        let radius = (grid.cell * 0.28).clamp(2.5, 7.0);
        html! {
            @for ((row, column), cell) in &self.cells {
                @let (x, y) = (grid.column(*column), grid.row(*row));
                @let shapes = html! {
                    g {
                        title {
                            (printable(&self.rows[*row].name)) ", " (printable(&self.columns[*column].name)) ": "
                            (self.said(cell))
                        }
                        (self.categories[cell.category].look.mark(x, y, radius))
                        @if cell.contested { (contested(x + radius, y - radius)) }
                    }
                };
                (paper.linked(cell.href.as_deref(), &shapes))
            }
        }
    }
}

/// Where the cells stand.
struct Grid {
    left: f64,
    top: f64,
    cell: f64,
    line: f64,
    /// Room that groups add before each column and each row.
    columns: Vec<f64>,
    rows: Vec<f64>,
    named: bool,
}

const GROUP_GAP: f64 = 12.0;
const GROUP_LINE: f64 = 22.0;

impl Grid {
    fn fit(matrix: &MarkMatrix, width: f64, top: f64) -> Self {
        let widest = |text: fn(&Heading) -> &str, headings: &[Heading], most: f64| {
            let all = headings.iter().map(|heading| ems(text(heading)) * FONT);
            all.fold(0.0_f64, f64::max).min(most) + 8.0
        };
        let columns = gaps(&matrix.columns, GROUP_GAP);
        let rows = gaps(&matrix.rows, GROUP_LINE);
        let count = matrix.columns.len().max(1) as f64;
        let spare = columns.last().copied().unwrap_or_default();
        let name = widest(|h| &h.name, &matrix.rows, width * 0.3);
        let cell = |label: f64| (width - label - spare) / count;
        let named = cell(name) >= 15.0;
        let left = if named {
            name
        } else {
            widest(|h| &h.short, &matrix.rows, 60.0)
        };
        let cell = cell(left).clamp(4.0, 34.0);
        let head = widest(|h| &h.short, &matrix.columns, 120.0);
        let grouped = matrix.columns.iter().any(|column| column.group.is_some());
        Self {
            left,
            top: top + head + if grouped { GROUP_LINE } else { 0.0 },
            cell,
            line: cell.clamp(19.0, 26.0),
            columns,
            rows,
            named,
        }
    }

    /// The middle of a column.
    fn column(&self, at: usize) -> f64 {
        self.left + self.columns[at] + self.cell * (at as f64 + 0.5)
    }

    /// The middle of a row.
    fn row(&self, at: usize) -> f64 {
        self.top + self.rows[at] + self.line * (at as f64 + 0.5)
    }

    fn right(&self) -> f64 {
        self.columns.last().map_or(self.left, |gap| {
            self.left + gap + self.cell * self.columns.len() as f64
        })
    }

    fn bottom(&self) -> f64 {
        self.rows.last().map_or(self.top, |gap| {
            self.top + gap + self.line * self.rows.len() as f64
        })
    }
}

/// The room that groups add before each heading.
fn gaps(headings: &[Heading], gap: f64) -> Vec<f64> {
    let mut sum = 0.0;
    let mut last: Option<&str> = None;
    headings
        .iter()
        .map(|heading| {
            let group = heading.group.as_deref();
            if group != last {
                sum += gap;
            }
            last = group;
            sum
        })
        .collect()
}

/// Names at the left and above, with hairlines between the rows.
fn scaffold(matrix: &MarkMatrix, grid: &Grid, paper: Paper) -> Markup {
    let size = (grid.cell * 0.9).clamp(8.0, FONT);
    html! {
        @for (at, row) in matrix.rows.iter().enumerate() {
            @let y = grid.row(at);
            @let name = if grid.named { &row.name } else { &row.short };
            @let name = fitted(&printable(name), (grid.left - 8.0) / FONT);
            @let text = html! {
                text x="0" y=(px(y + 4.5)) {
                    @if row.disputed { title { (printable(&row.name)) ": " (DISPUTED_STANDING) } }
                    (name)
                }
            };
            @if row.disputed { (disputed(ems(&name) * FONT + 2.0, y - 4.0)) }
            line.aq-rule x1="0" x2=(px(grid.right())) y1=(px(y + grid.line / 2.0)) y2=(px(y + grid.line / 2.0)) {}
            (paper.linked(row.href.as_deref(), &text))
        }
        @for (at, column) in matrix.columns.iter().enumerate() {
            @let place = format!("translate({} {}) rotate(-90)", px(grid.column(at) + size * 0.36), px(grid.top - 4.0));
            @let text = html! {
                text transform=(place) font-size=(px(size)) {
                    title { (printable(&column.name)) }
                    (fitted(&printable(&column.short), 120.0 / size))
                }
            };
            (paper.linked(column.href.as_deref(), &text))
        }
        (groups(matrix, grid))
    }
}

fn groups(matrix: &MarkMatrix, grid: &Grid) -> Markup {
    let starts = |headings: &[Heading]| -> Vec<(usize, String, usize)> {
        let mut at = 0;
        let mut starts = Vec::new();
        for (group, count) in runs(headings) {
            if let Some(group) = group {
                starts.push((at, printable(group).into_owned(), count));
            }
            at += count;
        }
        starts
    };
    let head = grid.top
        - matrix
            .columns
            .iter()
            .map(|column| ems(&column.short) * FONT)
            .fold(0.0_f64, f64::max)
            .min(120.0)
        - 14.0;
    html! {
        @for (at, group, count) in starts(&matrix.columns) {
            text."aq-strong aq-soft" font-size="12" x=(px(grid.column(at) - grid.cell / 2.0)) y=(px(head)) {
                (fitted(&group, (grid.cell * count as f64 + GROUP_GAP) / 12.6))
            }
        }
        @for (at, group, _) in starts(&matrix.rows) {
            text."aq-strong aq-soft" font-size="12" x="0" y=(px(grid.row(at) - grid.line / 2.0 - 6.0)) {
                (fitted(&group, grid.right() / 12.6))
            }
        }
    }
}

impl Chart for MarkMatrix {
    fn about(&self) -> &About {
        &self.about
    }

    fn describe(&self) -> String {
        let counted: Vec<String> = self
            .categories
            .iter()
            .enumerate()
            .map(|(at, category)| {
                let count = self.cells.values().filter(|c| c.category == at).count();
                format!("{} {count}", category.name)
            })
            .collect();
        format!(
            "Matrix of {} rows and {} columns. Marks: {}.",
            self.rows.len(),
            self.columns.len(),
            counted.join(", ")
        )
    }

    fn draw(&self, paper: Paper) -> Drawing {
        let (key, key_height) = self.key(paper.width());
        let grid = Grid::fit(self, paper.width(), key_height + 12.0);
        let shapes = html! {
            (key)
            (scaffold(self, &grid, paper))
            (self.marks(&grid, paper))
        };
        Drawing {
            height: grid.bottom() + 4.0,
            shapes,
        }
    }

    fn is_linked(&self) -> bool {
        let leads = |headings: &[Heading]| headings.iter().any(|heading| heading.href.is_some());
        leads(&self.rows)
            || leads(&self.columns)
            || self.cells.values().any(|cell| cell.href.is_some())
    }
}
