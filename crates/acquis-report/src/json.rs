//! Tables as JSON: one object per row, keyed by the names of the columns.

use serde_json::{Map, Value, json};

use crate::column::{Column, ColumnKind};
use crate::table::{Cell, Table};

/// The table as a JSON value: `id`, `title`, `columns`, `rows`, `notes`.
///
/// Every column carries its `name`, `header`, `unit` and `kind`, and its `description` if it
/// has one. No value is `null`.
///
/// ```
/// use acquis_report::{Column, Table, json::to_json};
///
/// let mut table = Table::new("votes", "Votes", vec![Column::integer("votes", "Votes", "votes")]);
/// table.push_row(vec![57_i64.into()])?;
/// assert_eq!(to_json(&table)["rows"][0]["votes"], 57);
/// assert_eq!(to_json(&table)["columns"][0]["unit"], "votes");
/// # Ok::<(), acquis_report::TableError>(())
/// ```
pub fn to_json(table: &Table) -> Value {
    let columns: Vec<Value> = table.columns().iter().map(column_to_json).collect();
    let rows: Vec<Value> = table
        .rows()
        .iter()
        .map(|row| {
            let names = table.columns().iter().map(|column| column.name.clone());
            Value::Object(names.zip(row.iter().map(cell_to_json)).collect())
        })
        .collect();
    json!({
        "id": table.id(),
        "title": table.title,
        "columns": columns,
        "rows": rows,
        "notes": table.notes,
    })
}

/// One column as JSON, also used for the metadata of Parquet files.
pub(crate) fn column_to_json(column: &Column) -> Value {
    let mut object = Map::new();
    object.insert("name".to_owned(), column.name.clone().into());
    object.insert("header".to_owned(), column.header.clone().into());
    object.insert("unit".to_owned(), column.unit.as_str().into());
    object.insert("kind".to_owned(), kind_name(&column.kind).into());
    if !column.description.is_empty() {
        object.insert("description".to_owned(), column.description.clone().into());
    }
    Value::Object(object)
}

fn kind_name(kind: &ColumnKind) -> &'static str {
    match kind {
        ColumnKind::Text => "text",
        ColumnKind::Figure => "figure",
        ColumnKind::Number { .. } => "number",
        ColumnKind::Change { .. } => "change",
        ColumnKind::Share { .. } => "share",
        ColumnKind::Integer => "integer",
        ColumnKind::Flag => "flag",
        ColumnKind::Verdict { .. } => "verdict",
    }
}

fn cell_to_json(cell: &Cell) -> Value {
    match cell {
        Cell::Missing => Value::Null,
        Cell::Text(text) => text.clone().into(),
        Cell::Number(value) => (*value).into(),
        Cell::Integer(value) => (*value).into(),
        Cell::Flag(value) => (*value).into(),
    }
}
