//! Tables and blocks as HTML, to stand in a page of ours or in a server's page.

use maud::{Markup, PreEscaped, html};

use crate::column::{Column, ColumnKind};
use crate::document::{Block, NoticeKind, Views};
use crate::number::Signs;
use crate::shown::{Tone, shown};
use crate::table::{Cell, Table};
use crate::text::printable;

/// The style of a page that is a file of its own and holds the markup of this crate: type,
/// tables, figures, notices, in light, dark and print.
pub const STYLE: &str = concat!(
    ":root {\n",
    include_str!("style/light.css"),
    include_str!("style/type.css"),
    "color-scheme: light dark;\n}\n@media screen and (prefers-color-scheme: dark) { :root {\n",
    include_str!("style/dark.css"),
    "} }\n",
    include_str!("style/content.css"),
    include_str!("style/page.css"),
);

/// The same for the pages of a server, without the measures of a page, which are its own.
/// The reader's system chooses the colours, or the root does with `data-theme="dark"` or
/// `data-theme="light"`.
pub const SERVED_STYLE: &str = concat!(
    ":root {\n",
    include_str!("style/light.css"),
    include_str!("style/type.css"),
    "color-scheme: light dark;\n}\n:root[data-theme=\"light\"] { color-scheme: light; }\n",
    "@media screen and (prefers-color-scheme: dark) { :root:not([data-theme=\"light\"]) {\n",
    include_str!("style/dark.css"),
    "} }\n@media screen { :root[data-theme=\"dark\"] {\ncolor-scheme: dark;\n",
    include_str!("style/dark.css"),
    "} }\n",
    include_str!("style/content.css"),
);

/// The table, with its title as caption, a unit in every header that has one, and the notes
/// below.
///
/// The first column of words names the row (`scope="row"`).
///
/// ```
/// use acquis_report::{Column, Table, html};
///
/// let columns = vec![Column::text("state", "State")];
/// let mut states = Table::new("states", "States", columns);
/// states.push_row(vec!["<script>alert(1)</script>".into()])?;
/// let markup = html::table(&states).into_string();
/// assert!(markup.contains("&lt;script&gt;") && !markup.contains("<script>"));
/// # Ok::<(), acquis_report::TableError>(())
/// ```
pub fn table(table: &Table) -> Markup {
    table_with(table, &|_, _| None)
}

/// [`table`] with cells that `dress` may put otherwise: it is given the column and the words
/// as they would be shown, and gives markup in their place, such as a link, or nothing.
pub fn table_with(table: &Table, dress: &dyn Fn(&Column, &str) -> Option<Markup>) -> Markup {
    table_dressed(table, &Cells(dress))
}

/// What may stand in the place of a table's words: markup such as a link or an explanation,
/// or nothing, and then the words stand as they are.
pub trait Dress {
    /// In the place of a cell, of which the words are given as they would be shown.
    fn cell(&self, _column: &Column, _text: &str) -> Option<Markup> {
        None
    }

    /// In the place of what stands at the head of a column.
    fn head(&self, _column: &Column) -> Option<Markup> {
        None
    }

    /// In the place of a note below the table.
    fn note(&self, _note: &str) -> Option<Markup> {
        None
    }
}

/// Cells by themselves.
struct Cells<'d>(&'d dyn Fn(&Column, &str) -> Option<Markup>);

impl Dress for Cells<'_> {
    fn cell(&self, column: &Column, text: &str) -> Option<Markup> {
        (self.0)(column, text)
    }
}

/// [`table`] with words that `dress` may put otherwise.
pub fn table_dressed(table: &Table, dress: &dyn Dress) -> Markup {
    let width = if table.columns().len() > FITS {
        "table-scroll wide"
    } else {
        "table-scroll"
    };
    html! {
        div.table-room {
            // Focusable, so that a wide table can be scrolled from the keyboard.
            div class=(width) role="region" tabindex="0" aria-label=(printable(&table.title)) {
                table id=(table.id()) {
                    caption { (printable(&table.title)) }
                    thead { tr { @for column in table.columns() { (head(column, dress)) } } }
                    tbody {
                        @for row in table.rows() {
                            tr {
                                @for (at, (column, cell)) in table.columns().iter().zip(row).enumerate() {
                                    (data(column, cell, at == 0, dress))
                                }
                            }
                        }
                    }
                }
            }
            @if !table.notes.is_empty() {
                div.notes {
                    @for note in &table.notes {
                        p {
                            @match dress.note(note) {
                                Some(words) => (words),
                                None => (printable(note)),
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Up to so many columns a table fits a page on a desk; beyond, it scrolls in its own room.
const FITS: usize = 9;

fn head(column: &Column, dress: &dyn Dress) -> Markup {
    let unit = column.shown_unit();
    let title = (!column.description.is_empty()).then(|| printable(&column.description));
    html! {
        th scope="col" class=[column.kind.is_numeric().then_some("figure")] title=[title] {
            @match dress.head(column) {
                Some(words) => (words),
                None => (printable(&column.header)),
            }
            @if !unit.is_none() { " " span.unit { (printable(unit.as_str())) } }
        }
    }
}

fn data(column: &Column, cell: &Cell, first: bool, dress: &dyn Dress) -> Markup {
    let shown = shown(column, cell, Signs::Typographic);
    let mut classes = Vec::new();
    if column.kind.is_numeric() {
        classes.push("figure");
    }
    match shown.tone {
        Tone::Plain => {}
        Tone::Gain => classes.push("gain"),
        Tone::Loss => classes.push("loss"),
        Tone::Muted => classes.push("muted"),
    }
    if is_date(&shown.text) {
        classes.push("date");
    }
    let is_verdict = matches!(column.kind, ColumnKind::Verdict { .. }) && *cell != Cell::Missing;
    let class = (!classes.is_empty()).then(|| classes.join(" "));
    let words = dress.cell(column, &shown.text);
    let words = words.unwrap_or_else(|| html! { (shown.text) });
    html! {
        @if first && matches!(column.kind, ColumnKind::Text) {
            th scope="row" class=[class] { (words) }
        } @else if is_verdict {
            td class=[class] { span.verdict { (words) } }
        } @else {
            td class=[class] { (words) }
        }
    }
}

/// Whether the words are a date, which must not be broken at its hyphens.
fn is_date(words: &str) -> bool {
    let mut letters = words.bytes();
    words.len() >= "2004-06".len()
        && letters
            .by_ref()
            .take(4)
            .all(|letter| letter.is_ascii_digit())
        && letters.next() == Some(b'-')
        && letters.all(|letter| letter.is_ascii_digit() || letter == b'-')
}

/// Blocks one after the other, as they stand in a section of a report.
pub fn blocks(blocks: &[Block]) -> Markup {
    html! { @for each in blocks { (block(each)) } }
}

fn block(block: &Block) -> Markup {
    match block {
        Block::Paragraph(text) => html! { p { (printable(text)) } },
        Block::Subheading(text) => html! { h3 { (printable(text)) } },
        Block::List(items) => html! {
            ul { @for item in items { li { (printable(item)) } } }
        },
        Block::Figure {
            svg,
            caption,
            source,
        } => figure(svg, caption, source),
        Block::Views(views) => all_views(views),
        Block::Table(data) => table(data),
        Block::Notice { kind, text } => notice(*kind, text),
        Block::Definitions(pairs) => html! {
            dl { @for (term, meaning) in pairs { dt { (printable(term)) } dd { (printable(meaning)) } } }
        },
        Block::KeyFigures(figures) => html! {
            ul.key-figures {
                @for figure in figures {
                    li {
                        span.key-value {
                            (printable(&figure.value))
                            @if !figure.unit.is_none() {
                                " " span.unit { (printable(figure.unit.as_str())) }
                            }
                        }
                        span.key-label { (printable(&figure.label)) }
                    }
                }
            }
        },
        Block::Code(text) => html! { pre tabindex="0" { code { (code_text(text)) } } },
        Block::Markup(markup) => html! { (PreEscaped(markup.as_str())) },
    }
}

fn figure(svg: &str, caption: &str, source: &str) -> Markup {
    html! {
        figure {
            @if !caption.is_empty() { figcaption { (printable(caption)) } }
            (PreEscaped(svg))
            @if !source.is_empty() { p.source { "Source: " (printable(source)) } }
        }
    }
}

/// The usual drawing, the others behind a line that opens: a page that is a file of its own
/// can't ask for another.
fn all_views(views: &Views) -> Markup {
    html! {
        (figure(&views.usual.svg, &views.caption, &views.source))
        @for view in &views.others {
            details.view {
                summary { (printable(&views.choice)) " " (printable(&view.name)) }
                (figure(&view.svg, &views.caption, &views.source))
            }
        }
    }
}

fn notice(kind: NoticeKind, text: &str) -> Markup {
    let (class, word) = match kind {
        NoticeKind::Info => ("notice info", "Note"),
        NoticeKind::Warning => ("notice warning", "Caution"),
    };
    html! { div class=(class) role="note" { p { strong { (word) ". " } (printable(text)) } } }
}

/// Code keeps its line breaks; each line by itself is made safe.
fn code_text(text: &str) -> String {
    text.lines().map(printable).collect::<Vec<_>>().join("\n")
}
