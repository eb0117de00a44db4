//! Who is what to what: a mark where a row and a column have something to do with each other.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::legend::{Entry, Swatch, legend};
use super::{About, Category, Chart, ChartError, Drawing, FONT, Paper, existing, px};
use crate::text::{ems, fitted, printable};

/// What a row or a column is of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heading {
    /// Short name or code: for columns, and for rows on small paper.
    pub short: String,
    /// Name in full.
    pub name: String,
    /// Where it leads in a page.
    pub href: Option<String>,
    /// What it is one of; neighbours of one group stand together.
    pub group: Option<String>,
}

impl Heading {
    /// A heading by its short and its full name, without a link.
    pub fn new(short: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            short: short.into(),
            name: name.into(),
            ..Self::default()
        }
    }

    /// With somewhere to go.
    #[must_use]
    pub fn href(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }

    /// One of these.
    #[must_use]
    pub fn group(mut self, group: impl Into<String>) -> Self {
        self.group = Some(group.into());
        self
    }
}

/// What stands in a cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MarkCell {
    /// Index into the categories of the matrix.
    pub category: usize,
    /// Whether it rests on a contested claim.
    pub contested: bool,
    /// More in words, such as since when; empty for no more than the category.
    pub note: String,
    /// Where the cell leads in a page.
    pub href: Option<String>,
}

impl MarkCell {
    /// A cell of this category that nobody contests.
    pub fn of(category: usize) -> Self {
        Self {
            category,
            ..Self::default()
        }
    }
}

/// Rows, columns, and a mark with its category where they meet; most cells are empty.
///
/// [`Chart`] draws it as a picture. [`table`](Self::table) is the same as an HTML table, in
/// which a screen reader finds its way by rows and columns and every cell can be a link; a
/// page that is to be used rather than printed shows that.
///
/// ```
/// use acquis_report::chart::{Category, Chart, Heading, Look, MarkCell, MarkMatrix};
///
/// let mut matrix = MarkMatrix::new(
///     "Members",
///     vec![Heading::new("RUR", "Ruritania").href("/states/RUR"), Heading::new("GRA", "Graustark")],
///     vec![Heading::new("CU", "Customs Union")],
///     vec![Category::new("member", Look::Full), Category::new("observer", Look::Ring)],
/// );
/// matrix.set(0, 0, MarkCell::of(0))?;
/// matrix.set(1, 0, MarkCell { contested: true, ..MarkCell::of(1) })?;
/// assert!(matrix.svg().contains("observer"));
/// assert!(matrix.table().into_string().contains(r#"<a href="/states/RUR""#));
/// # Ok::<(), acquis_report::chart::ChartError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkMatrix {
    about: About,
    rows: Vec<Heading>,
    columns: Vec<Heading>,
    categories: Vec<Category>,
    cells: BTreeMap<(usize, usize), MarkCell>,
}

impl MarkMatrix {
    /// A matrix with nothing in its cells.
    pub fn new(
        title: impl Into<String>,
        rows: Vec<Heading>,
        columns: Vec<Heading>,
        categories: Vec<Category>,
    ) -> Self {
        Self {
            about: About::titled(title),
            rows,
            columns,
            categories,
            cells: BTreeMap::new(),
        }
    }

    /// Where the marks come from.
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

    /// Fills a cell.
    ///
    /// # Errors
    /// [`ChartError::NoSuch`] for a row, a column or a category that is not there.
    pub fn set(&mut self, row: usize, column: usize, cell: MarkCell) -> Result<(), ChartError> {
        let label = self.about.title.as_str();
        existing(label, "row", row, self.rows.len())?;
        existing(label, "column", column, self.columns.len())?;
        existing(label, "category", cell.category, self.categories.len())?;
        self.cells.insert((row, column), cell);
        Ok(())
    }

    /// The categories that are used, with their places.
    fn used(&self) -> impl Iterator<Item = &Category> {
        self.categories
            .iter()
            .enumerate()
            .filter(|(at, _)| self.cells.values().any(|cell| cell.category == *at))
            .map(|(_, category)| category)
    }

    fn is_contested(&self) -> bool {
        self.cells.values().any(|cell| cell.contested)
    }

    /// A cell in words: its category, what more there is, and whether it is contested.
    fn said(&self, cell: &MarkCell) -> String {
        let mut said = self.categories[cell.category].name.clone();
        if !cell.note.is_empty() {
            said = format!("{said}, {}", cell.note);
        }
        if cell.contested {
            said.push_str(", contested");
        }
        printable(&said).into_owned()
    }

    /// The matrix as an HTML table with its marks as small pictures, its legend below.
    ///
    /// Cells carry `data-row` and `data-column` with the short names of their headings, so that
    /// a script can find them.
    pub fn table(&self) -> Markup {
        let title = printable(&self.about.title);
        html! {
            div.table-room {
                div."table-scroll wide" role="region" tabindex="0" aria-label=(title) {
                    table."aq aq-marks" {
                        caption { (title) }
                        thead {
                            @if self.columns.iter().any(|column| column.group.is_some()) { (self.groups_row()) }
                            tr {
                                td {}
                                @for column in &self.columns { (column_head(column)) }
                            }
                        }
                        tbody {
                            @for (row, heading) in self.rows.iter().enumerate() { (self.row(row, heading)) }
                        }
                    }
                }
                (self.table_legend())
                @if !self.about.source.is_empty() { p.source { "Source: " (printable(&self.about.source)) } }
            }
        }
    }

    fn groups_row(&self) -> Markup {
        html! {
            tr.aq-groups {
                td {}
                @for (group, count) in runs(&self.columns) {
                    th scope="colgroup" colspan=(count) { (printable(group.unwrap_or_default())) }
                }
            }
        }
    }

    fn row(&self, row: usize, heading: &Heading) -> Markup {
        html! {
            tr {
                th scope="row" { (anchor(heading, &heading.name)) }
                @for (column, of) in self.columns.iter().enumerate() {
                    @let cell = self.cells.get(&(row, column));
                    td data-row=(printable(&heading.short)) data-column=(printable(&of.short)) {
                        @if let Some(cell) = cell { (self.table_cell(cell)) }
                    }
                }
            }
        }
    }

    fn table_cell(&self, cell: &MarkCell) -> Markup {
        let said = self.said(cell);
        let look = self.categories[cell.category].look;
        let drawn = html! {
            svg viewBox="0 0 22 22" width="22" height="22" aria-hidden="true" focusable="false" {
                (look.mark(11.0, 11.0, 7.0))
                @if cell.contested { (contested(18.0, 4.0)) }
            }
            span.aq-said { (said) }
        };
        html! {
            @if let Some(href) = &cell.href { a href=(printable(href)) title=(said) { (drawn) } }
            @else { span title=(said) { (drawn) } }
        }
    }

    fn table_legend(&self) -> Markup {
        html! {
            ul."aq aq-key" {
                @for category in self.used() {
                    li {
                        svg viewBox="0 0 18 18" width="18" height="18" aria-hidden="true" { (category.look.mark(9.0, 9.0, 6.5)) }
                        (printable(&category.name))
                    }
                }
                @if self.is_contested() {
                    li {
                        svg viewBox="0 0 18 18" width="18" height="18" aria-hidden="true" { (contested(9.0, 9.0)) }
                        "rests on a contested claim"
                    }
                }
            }
        }
    }

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

fn contested(x: f64, y: f64) -> Markup {
    html! { circle.aq-contested cx=(px(x)) cy=(px(y)) r="2.8" {} }
}

fn anchor(heading: &Heading, text: &str) -> Markup {
    html! {
        @if let Some(href) = &heading.href { a href=(printable(href)) { (printable(text)) } }
        @else { (printable(text)) }
    }
}

fn column_head(column: &Heading) -> Markup {
    html! {
        th scope="col" title=(printable(&column.name)) { (anchor(column, &column.short)) }
    }
}

/// Neighbours of one group, and how many there are.
fn runs(headings: &[Heading]) -> Vec<(Option<&str>, usize)> {
    let mut runs: Vec<(Option<&str>, usize)> = Vec::new();
    for heading in headings {
        let group = heading.group.as_deref();
        match runs.last_mut() {
            Some((last, count)) if *last == group => *count += 1,
            _ => runs.push((group, 1)),
        }
    }
    runs
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
            @let text = html! {
                text x="0" y=(px(y + 4.5)) { (fitted(&printable(name), (grid.left - 8.0) / FONT)) }
            };
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
