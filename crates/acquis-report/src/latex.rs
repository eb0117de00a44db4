//! Tables as LaTeX, ruled by `booktabs` as journals want them.

use std::fmt::Write as _;

use crate::column::Column;
use crate::number::Signs;
use crate::shown::shown;
use crate::table::{Cell, Table};

/// The table as a floating `table` with caption, label and notes. The document needs
/// `\usepackage{booktabs}`.
///
/// A row without any value becomes a rule. Figures that are written out are centred, other
/// figures stand to the right.
///
/// ```
/// use acquis_report::{Cell, Column, Table, latex::to_latex};
///
/// let mut table = Table::new(
///     "gravity",
///     "Trade & agreements",
///     vec![Column::text("term", ""), Column::figure("model_1", "(1)", "trade")],
/// );
/// table.push_row(vec!["log(dist_km)".into(), "-0.841***".into()])?;
/// table.push_row(vec![Cell::Missing, "(0.032)".into()])?;
/// let latex = to_latex(&table);
/// assert!(latex.contains(r"\caption{Trade \& agreements}"));
/// assert!(latex.contains("log(dist\\_km) & $-$0.841$^{***}$ \\\\\n & (0.032) \\\\\n\\bottomrule"));
/// # Ok::<(), acquis_report::TableError>(())
/// ```
pub fn to_latex(table: &Table) -> String {
    let columns = table.columns();
    let mut out = format!(
        "\\begin{{table}}[htbp]\n\\centering\n\\caption{{{}}}\n\\label{{tab:{}}}\n\\begin{{tabular}}{{{}}}\n\\toprule\n",
        escaped(&table.title),
        table.id(),
        columns.iter().map(place).collect::<String>(),
    );
    let line = |cells: Vec<String>| format!("{} \\\\\n", cells.join(" & "));
    out += &line(
        columns
            .iter()
            .map(|column| escaped(&column.header))
            .collect(),
    );
    if columns.iter().any(|column| !column.shown_unit().is_none()) {
        let unit = |column: &Column| escaped(column.shown_unit().as_str());
        out += &line(columns.iter().map(unit).collect());
    }
    out += "\\midrule\n";
    for row in table.rows() {
        if row.iter().all(|cell| *cell == Cell::Missing) {
            out += "\\midrule\n";
            continue;
        }
        let cell = |(column, cell): (&Column, &Cell)| {
            let text = shown(column, cell, Signs::Ascii).text;
            if column.kind.is_numeric() {
                figure(&text)
            } else {
                escaped(&text)
            }
        };
        out += &line(columns.iter().zip(row).map(cell).collect());
    }
    out += "\\bottomrule\n\\end{tabular}\n";
    for note in &table.notes {
        let _ = writeln!(out, "\\par\\smallskip{{\\footnotesize {}}}", escaped(note));
    }
    out += "\\end{table}\n";
    out
}

fn place(column: &Column) -> char {
    use crate::column::ColumnKind;
    match column.kind {
        ColumnKind::Figure => 'c',
        _ if column.kind.is_numeric() => 'r',
        _ => 'l',
    }
}

/// A figure with a true minus and stars raised.
fn figure(text: &str) -> String {
    let plain = text.trim_end_matches('*');
    let stars = &text[plain.len()..];
    let mut out = escaped(plain).replace('-', "$-$");
    if !stars.is_empty() {
        let _ = write!(out, "$^{{{stars}}}$");
    }
    out
}

/// Text without what LaTeX would take for a command.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' | '%' | '$' | '#' | '_' | '{' | '}' => {
                out.push('\\');
                out.push(letter);
            }
            '\\' => out.push_str("\\textbackslash{}"),
            '^' => out.push_str("\\textasciicircum{}"),
            '~' => out.push_str("\\textasciitilde{}"),
            '<' => out.push_str("$<$"),
            '>' => out.push_str("$>$"),
            '|' => out.push_str("$|$"),
            '\u{b2}' => out.push_str("$^2$"),
            '\u{3c7}' => out.push_str("$\\chi$"),
            '\u{d7}' => out.push_str("$\\times$"),
            '\u{2212}' => out.push_str("$-$"),
            letter => out.push(letter),
        }
    }
    out
}
