//! Who is what to what: a mark where a row and a column have something to do with each other.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::map::{DISPUTED, square};
use super::{About, Category, ChartError, DISPUTED_STANDING, existing, px};
use crate::text::printable;

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
    /// Whether its standing as a state is disputed.
    pub disputed: bool,
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
/// [`Chart`](super::Chart) draws it as a picture. [`table`](Self::table) is the same as an HTML table, in
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
    pub(super) about: About,
    pub(super) rows: Vec<Heading>,
    pub(super) columns: Vec<Heading>,
    pub(super) categories: Vec<Category>,
    pub(super) cells: BTreeMap<(usize, usize), MarkCell>,
}

/// A table of so many columns takes all the room that a wide page has.
const BROAD: usize = 10;

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
    pub(super) fn used(&self) -> impl Iterator<Item = &Category> {
        self.categories
            .iter()
            .enumerate()
            .filter(|(at, _)| self.cells.values().any(|cell| cell.category == *at))
            .map(|(_, category)| category)
    }

    pub(super) fn is_contested(&self) -> bool {
        self.cells.values().any(|cell| cell.contested)
    }

    /// Whether a row is of a state whose standing is disputed.
    pub(super) fn is_disputed(&self) -> bool {
        self.rows.iter().any(|row| row.disputed)
    }

    /// A cell in words: its category, what more there is, and whether it is contested.
    pub(super) fn said(&self, cell: &MarkCell) -> String {
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
        // A few columns would be torn apart where there is room for many.
        let is_broad = self.columns.len() >= BROAD;
        let class = if is_broad {
            "aq aq-marks aq-broad"
        } else {
            "aq aq-marks"
        };
        html! {
            div.table-room {
                div."table-scroll wide" role="region" tabindex="0" aria-label=(title) {
                    table class=(class) {
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
                th scope="row" title=[heading.disputed.then_some(DISPUTED_STANDING)] {
                    (anchor(heading, &heading.name))
                    @if heading.disputed {
                        svg.aq-beside viewBox="0 0 9 9" width="9" height="9" role="img" aria-label=(DISPUTED_STANDING) {
                            (disputed(0.0, 0.0))
                        }
                    }
                }
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
                @if self.is_disputed() {
                    li {
                        svg viewBox="0 0 9 9" width="12" height="12" aria-hidden="true" { (disputed(0.0, 0.0)) }
                        (DISPUTED_STANDING)
                    }
                }
            }
        }
    }
}

pub(super) fn contested(x: f64, y: f64) -> Markup {
    html! { circle.aq-contested cx=(px(x)) cy=(px(y)) r="2.8" {} }
}

/// The mark beside the name of what is of disputed standing: hatched, as its land is on a map.
pub(super) fn disputed(x: f64, y: f64) -> Markup {
    const SIDE: f64 = 8.0;
    html! {
        (DISPUTED.over(&[square(x + 0.5, y + 0.5, SIDE)]))
        rect.aq-frame x=(px(x + 0.5)) y=(px(y + 0.5)) width=(px(SIDE)) height=(px(SIDE)) {}
    }
}

fn anchor(heading: &Heading, text: &str) -> Markup {
    html! {
        @if let Some(href) = &heading.href { a href=(printable(href)) { (printable(text)) } }
        @else { (printable(text)) }
    }
}

fn column_head(column: &Heading) -> Markup {
    html! {
        th scope="col" title=(printable(&column.name)) { span.aq-upright { (anchor(column, &column.short)) } }
    }
}

/// Neighbours of one group, and how many there are.
pub(super) fn runs(headings: &[Heading]) -> Vec<(Option<&str>, usize)> {
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
