//! Tables as CSV (RFC 4180, UTF-8, line feeds): full precision, names with units in the header.

use std::borrow::Cow;

use crate::table::{Cell, Table};

/// The table as CSV.
///
/// Numbers are the shortest decimals that read back as the same number. No value is an empty
/// field; an empty text is a quoted empty field. Title and notes have no place in the format
/// and stay out.
///
/// ```
/// use acquis_report::{Cell, Column, Table, Unit, csv::to_csv};
///
/// let mut table = Table::new(
///     "tariffs",
///     "Tariffs",
///     vec![Column::text("state", "State"), Column::number("tariff_pct", "Tariff", "%", 1)],
/// );
/// table.push_row(vec!["Borduria, East".into(), 7.25.into()])?;
/// table.push_row(vec!["Syldavia".into(), Cell::Missing])?;
/// let csv = to_csv(&table);
/// assert_eq!(csv, b"state,tariff_pct\n\"Borduria, East\",7.25\nSyldavia,\n");
/// # Ok::<(), acquis_report::TableError>(())
/// ```
pub fn to_csv(table: &Table) -> Vec<u8> {
    let mut csv = String::new();
    let names = table
        .columns()
        .iter()
        .map(|column| text_field(&column.name));
    push_line(&mut csv, names);
    for row in table.rows() {
        push_line(&mut csv, row.iter().map(field));
    }
    csv.into_bytes()
}

fn push_line<'a>(csv: &mut String, fields: impl Iterator<Item = Cow<'a, str>>) {
    let start = csv.len();
    for (at, field) in fields.enumerate() {
        if at > 0 {
            csv.push(',');
        }
        csv.push_str(&field);
    }
    // An empty line would be skipped by readers, and a row be lost with it.
    if csv.len() == start {
        csv.push_str("\"\"");
    }
    csv.push('\n');
}

fn field(cell: &Cell) -> Cow<'_, str> {
    match cell {
        Cell::Missing => Cow::Borrowed(""),
        Cell::Text(text) => text_field(text),
        Cell::Number(value) => Cow::Owned(format!("{value:?}")),
        Cell::Integer(value) => Cow::Owned(value.to_string()),
        Cell::Flag(true) => Cow::Borrowed("true"),
        Cell::Flag(false) => Cow::Borrowed("false"),
    }
}

fn text_field(text: &str) -> Cow<'_, str> {
    let trimmed_by_readers = text.starts_with(' ') || text.ends_with(' ');
    if text.is_empty() || trimmed_by_readers || text.contains([',', '"', '\n', '\r']) {
        Cow::Owned(format!("\"{}\"", text.replace('"', "\"\"")))
    } else {
        Cow::Borrowed(text)
    }
}
