//! A table as a record: everything that makes it, so that it can be kept and read back. The
//! JSON for others ([`crate::json`]) names each cell; this keeps rows as they are.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::Value;

use crate::column::{Column, ColumnKind};
use crate::table::{Cell, Table};

#[derive(Serialize)]
struct Written<'t> {
    id: &'t str,
    title: &'t str,
    columns: &'t [Column],
    rows: Vec<Vec<Value>>,
    notes: &'t [String],
}

#[derive(Deserialize)]
struct Read {
    id: String,
    title: String,
    columns: Vec<Column>,
    rows: Vec<Vec<Value>>,
    notes: Vec<String>,
}

impl Serialize for Table {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let rows = self.rows().iter();
        let written = Written {
            id: self.id(),
            title: &self.title,
            columns: self.columns(),
            rows: rows.map(|row| row.iter().map(value).collect()).collect(),
            notes: &self.notes,
        };
        written.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Table {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read = Read::deserialize(deserializer)?;
        let mut table = Self::new(read.id, read.title, read.columns);
        for row in read.rows {
            let kinds = table.columns().iter().map(|column| Some(&column.kind));
            // A row that is too long is refused by the table itself.
            let kinds = kinds.chain(std::iter::repeat(None));
            let cells = row
                .into_iter()
                .zip(kinds)
                .map(|(value, kind)| cell(value, kind));
            let cells: Vec<Cell> = cells.collect();
            table.push_row(cells).map_err(de::Error::custom)?;
        }
        table.notes = read.notes;
        Ok(table)
    }
}

fn value(cell: &Cell) -> Value {
    match cell {
        Cell::Missing => Value::Null,
        Cell::Text(text) => text.as_str().into(),
        Cell::Number(number) => (*number).into(),
        Cell::Integer(number) => (*number).into(),
        Cell::Flag(flag) => (*flag).into(),
    }
}

/// The cell that a value is in a column of this kind. What fits no column comes back as
/// text, which the table refuses where it has no place.
fn cell(value: Value, kind: Option<&ColumnKind>) -> Cell {
    let whole = matches!(kind, Some(ColumnKind::Integer));
    match value {
        Value::Null => Cell::Missing,
        Value::Bool(flag) => Cell::Flag(flag),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(number), _) if whole => Cell::Integer(number),
            (_, Some(number)) => Cell::Number(number),
            _ => Cell::Text(number.to_string()),
        },
        Value::String(text) => Cell::Text(text),
        other => Cell::Text(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::column::Unit;
    use crate::document::{Block, HtmlReport, KeyFigure, NoticeKind, Section, View, Views};

    fn columns() -> Vec<Column> {
        vec![
            Column::text("state", "State").describe("A code"),
            Column::number("trade", "Trade", "million USD", 1),
            Column::change("change", "Change", Unit::PERCENT, 2),
            Column::share("estimated", "Estimated"),
            Column::integer("votes", "Votes", Unit::NONE),
            Column::flag("concerned", "Concerned"),
            Column::verdict("gains", "Verdict", "gains", "loses").or_else("unchanged"),
        ]
    }

    proptest! {
        #[test]
        fn any_table_is_read_back_as_it_was(
            rows in prop::collection::vec(
                (
                    prop::option::of(any::<String>()),
                    prop::option::of(-1e300..1e300_f64),
                    prop::option::of(prop::num::f64::NORMAL | prop::num::f64::SUBNORMAL),
                    prop::option::of(0.0..1.0_f64),
                    prop::option::of(any::<i64>()),
                    prop::option::of(any::<bool>()),
                    prop::option::of(any::<bool>()),
                ),
                0..6,
            ),
            note in any::<String>(),
        ) {
            let mut table = Table::new("kept", "Kept", columns()).note(note);
            for (text, level, change, share, count, flag, verdict) in rows {
                table.push_row(vec![
                    text.map_or(Cell::Missing, Cell::Text),
                    level.map_or(Cell::Missing, Cell::Number),
                    change.map_or(Cell::Missing, Cell::Number),
                    share.map_or(Cell::Missing, Cell::Number),
                    count.map_or(Cell::Missing, Cell::Integer),
                    flag.map_or(Cell::Missing, Cell::Flag),
                    verdict.map_or(Cell::Missing, Cell::Flag),
                ])?;
            }
            let kept = serde_json::to_string(&table)?;
            prop_assert_eq!(serde_json::from_str::<Table>(&kept)?, table);
        }
    }

    #[test]
    fn what_is_no_table_is_refused() {
        let table = Table::new("t", "T", vec![Column::integer("n", "N", Unit::NONE)]);
        let good = serde_json::to_value(&table).unwrap();
        for rows in [
            serde_json::json!([[1, 2]]),
            serde_json::json!([[]]),
            serde_json::json!([["one"]]),
            serde_json::json!([[1.5]]),
            serde_json::json!([[{}]]),
        ] {
            let mut bad = good.clone();
            bad["rows"] = rows;
            assert!(
                serde_json::from_value::<Table>(bad.clone()).is_err(),
                "{bad}"
            );
        }
    }

    #[test]
    fn a_report_that_was_kept_looks_the_same() {
        let mut table = Table::new("gains", "Gains", columns());
        let missing = || Cell::Missing;
        let view = |id: &str| View {
            id: id.to_owned(),
            name: id.to_owned(),
            svg: "<svg></svg>".to_owned(),
        };
        table
            .push_row(vec![
                "X".into(),
                1.0.into(),
                2.0.into(),
                0.5.into(),
                3_i64.into(),
                true.into(),
                missing(),
            ])
            .unwrap();
        let mut report = HtmlReport::new("A <union>", "Who gains?");
        report.meta.push(("Law".to_owned(), "2012".to_owned()));
        report.sections.push(Section::new(
            "gains",
            "Gains",
            vec![
                Block::Paragraph("All gain.".to_owned()),
                Block::KeyFigures(vec![KeyFigure {
                    label: "Income".to_owned(),
                    value: "+1.0".to_owned(),
                    unit: Unit::PERCENT,
                }]),
                Block::Figure {
                    svg: "<svg></svg>".to_owned(),
                    caption: "c".to_owned(),
                    source: "s".to_owned(),
                },
                Block::Views(Views {
                    caption: "c".to_owned(),
                    source: "s".to_owned(),
                    choice: "Seen by".to_owned(),
                    usual: view("one"),
                    others: vec![view("another")],
                }),
                Block::Notice {
                    kind: NoticeKind::Warning,
                    text: "Careful.".to_owned(),
                },
                Block::Definitions(vec![("a".to_owned(), "b".to_owned())]),
                Block::Table(table),
            ],
        ));
        let kept = serde_json::to_vec(&report).unwrap();
        let again: HtmlReport = serde_json::from_slice(&kept).unwrap();
        assert_eq!(again, report);
        assert_eq!(again.render(), report.render());
    }
}
