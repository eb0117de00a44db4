//! Tables for a terminal: ruled like a printed table, figures aligned on the decimal point.

use comfy_table::presets::NOTHING;
use comfy_table::{
    Attribute, Cell as Box_, CellAlignment, Color, ColumnConstraint, ContentArrangement, LineStyle,
    Table as Grid, TableStyle, Width,
};

use crate::column::{Column, ColumnKind};
use crate::number::Signs;
use crate::shown::{Shown, Tone, shown};
use crate::table::Table;
use crate::text::printable;

/// What the terminal can show. The default is what is safe everywhere but a very old console:
/// no colour, Unicode rules and signs, as wide as the content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TerminalStyle {
    /// Columns of the terminal, if it has any. Text is wrapped to fit, figures never are; a
    /// table too wide even so continues below, its first column repeated.
    pub width: Option<usize>,
    /// Whether to write colour codes. Whoever calls has looked at the terminal and at
    /// `NO_COLOR`.
    pub colour: bool,
    /// Whether rules and signs may leave ASCII. Names in the table are shown as they are.
    pub unicode: bool,
}

impl Default for TerminalStyle {
    fn default() -> Self {
        Self {
            width: None,
            colour: false,
            unicode: true,
        }
    }
}

/// The table as lines of text, with its title above and its notes below.
///
/// ```
/// use acquis_report::{Column, Table, TerminalStyle, Unit, terminal::render};
///
/// let mut table = Table::new(
///     "gains",
///     "Gains",
///     vec![
///         Column::text("state", "State"),
///         Column::change("income_change_pct", "Real income", Unit::PERCENT, 2),
///     ],
/// );
/// table.push_row(vec!["Ruritania".into(), 1.25.into()])?;
/// table.push_row(vec!["Graustark".into(), (-0.5).into()])?;
/// let text = render(&table, TerminalStyle::default());
/// assert!(text.ends_with(" Ruritania         +1.25\n Graustark         −0.50\n━━━━━━━━━━━━━━━━━━━━━━━━━\n"));
/// # Ok::<(), acquis_report::TableError>(())
/// ```
pub fn render(table: &Table, style: TerminalStyle) -> String {
    let signs = if style.unicode {
        Signs::Typographic
    } else {
        Signs::Ascii
    };
    let rows: Vec<Vec<Shown>> = table
        .rows()
        .iter()
        .map(|row| {
            table
                .columns()
                .iter()
                .zip(row)
                .map(|(c, cell)| shown(c, cell, signs))
                .collect()
        })
        .collect();
    let rows = with_digits_aligned(table, rows);
    let title = printable(&table.title);
    let mut text = if style.colour {
        format!("\u{1b}[1m{title}\u{1b}[0m\n")
    } else {
        format!("{title}\n")
    };
    let parts: Vec<String> = parts(table, &rows, style.width)
        .iter()
        .map(|part| grid(table, &rows, part, style))
        .collect();
    text.push_str(&parts.join("\n"));
    for note in &table.notes {
        for line in wrapped(&printable(note), style.width.unwrap_or(NOTE_WIDTH)) {
            text.push_str(&line);
            text.push('\n');
        }
    }
    text
}

/// Written-out figures, filled on the right so that the last digits of `0.557**`, `(0.102)` and
/// `2,408` stand below each other.
fn with_digits_aligned(table: &Table, mut rows: Vec<Vec<Shown>>) -> Vec<Vec<Shown>> {
    let after_digits = |text: &str| {
        let last = text.rfind(|letter: char| letter.is_ascii_digit())?;
        Some(text[last + 1..].chars().count())
    };
    let figures = table.columns().iter().enumerate();
    let figures = figures.filter(|(_, column)| column.kind == ColumnKind::Figure);
    for (at, _) in figures {
        let tails = rows.iter().filter_map(|row| after_digits(&row[at].text));
        let longest = tails.max().unwrap_or(0);
        for row in &mut rows {
            if let Some(own) = after_digits(&row[at].text) {
                // A blank that is not broken nor trimmed.
                row[at]
                    .text
                    .extend(std::iter::repeat_n('\u{a0}', longest - own));
            }
        }
    }
    rows
}

/// A column of a part: its index, and the least width at which it can be read.
#[derive(Clone, Copy)]
struct Placed {
    column: usize,
    least: usize,
}

/// The columns, split into parts that fit the terminal one below the other. Every part repeats
/// a first column of words, which says whose row it is.
fn parts(table: &Table, rows: &[Vec<Shown>], width: Option<usize>) -> Vec<Vec<Placed>> {
    let columns = table.columns().iter().enumerate();
    let placed: Vec<Placed> = columns
        .map(|(at, column)| Placed {
            column: at,
            least: least_width(column, at, rows),
        })
        .collect();
    let Some(width) = width else {
        return vec![placed];
    };
    let names_rows = table
        .columns()
        .first()
        .is_some_and(|c| c.kind == ColumnKind::Text);
    let repeated = &placed[..usize::from(names_rows)];
    let mut parts = vec![repeated.to_vec()];
    for &next in &placed[repeated.len()..] {
        let part = parts.len() - 1;
        let used: usize = parts[part].iter().map(|placed| placed.least + GUTTER).sum();
        if used + next.least > width && parts[part].len() > repeated.len() {
            parts.push([repeated, &[next]].concat());
        } else {
            parts[part].push(next);
        }
    }
    parts
}

/// Words may be broken over lines between each other, but neither within (unless they are very
/// long) nor may figures be: a figure broken over two lines is a wrong figure.
fn least_width(column: &Column, at: usize, rows: &[Vec<Shown>]) -> usize {
    let longest_word = |text: &str| {
        text.split_whitespace()
            .map(|word| word.chars().count())
            .max()
            .unwrap_or(0)
            .min(LONG_WORD)
    };
    let cells = rows.iter().map(|row| match column.kind {
        ColumnKind::Text => longest_word(&row[at].text),
        _ => row[at].text.chars().count(),
    });
    let header = longest_word(&column.header).max(longest_word(column.shown_unit().as_str()));
    cells.max().unwrap_or(0).max(header) + 2
}

const LONG_WORD: usize = 16;
/// Between two columns, beside their padding.
const GUTTER: usize = 1;

fn grid(table: &Table, rows: &[Vec<Shown>], part: &[Placed], style: TerminalStyle) -> String {
    let columns: Vec<&Column> = part.iter().map(|p| &table.columns()[p.column]).collect();
    let mut grid = Grid::new();
    grid.load_style(rules(style.unicode))
        .set_content_arrangement(ContentArrangement::Dynamic);
    if style.colour {
        grid.enforce_styling();
    } else {
        grid.force_no_tty();
    }
    // Without a width of its own the grid would ask the process's terminal for one.
    let width = style.width.unwrap_or(usize::from(u16::MAX));
    grid.set_width(u16::try_from(width).unwrap_or(u16::MAX));
    grid.set_header(columns.iter().map(|column| header(column, style)));
    for row in rows {
        grid.add_row(
            columns
                .iter()
                .zip(part)
                .map(|(column, p)| boxed(column, &row[p.column], style)),
        );
    }
    for (at, placed) in part.iter().enumerate() {
        let least = Width::Fixed(u16::try_from(placed.least).unwrap_or(u16::MAX));
        if let Some(column) = grid.column_mut(at) {
            column.set_constraint(ColumnConstraint::LowerBoundary(least));
        }
    }
    let mut text = String::new();
    for line in grid.lines() {
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

const NOTE_WIDTH: usize = 80;

fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

fn rules(unicode: bool) -> TableStyle {
    let (thick, thin) = if unicode { ('━', '─') } else { ('=', '-') };
    NOTHING
        .top_border(LineStyle::none().fill(thick).junction(thick))
        .header_separator(LineStyle::none().fill(thin).junction(thin))
        .bottom_border(LineStyle::none().fill(thick).junction(thick))
}

fn header(column: &Column, style: TerminalStyle) -> Box_ {
    let unit = column.shown_unit();
    let mut text = printable(&column.header).into_owned();
    if !unit.is_none() {
        text.push('\n');
        text.push_str(&printable(unit.as_str()));
    }
    let cell = Box_::new(text).set_alignment(alignment(column));
    if style.colour {
        cell.add_attribute(Attribute::Bold)
    } else {
        cell
    }
}

fn boxed(column: &Column, shown: &Shown, style: TerminalStyle) -> Box_ {
    let cell = Box_::new(&shown.text).set_alignment(alignment(column));
    if !style.colour {
        return cell;
    }
    match shown.tone {
        Tone::Plain => cell,
        // Blue and yellow stay apart for every kind of colour vision; red and green do not.
        Tone::Gain => cell.fg(Color::Blue),
        Tone::Loss => cell.fg(Color::DarkYellow),
        Tone::Muted => cell.add_attribute(Attribute::Dim),
    }
}

fn alignment(column: &Column) -> CellAlignment {
    if column.kind.is_numeric() {
        CellAlignment::Right
    } else {
        CellAlignment::Left
    }
}
