//! What goes beside a panel: the data dictionary, and metadata after the W3C recommendation
//! "CSV on the Web".

use acquis_registry::document::Word as _;
use acquis_registry::{PackCard, Source};
use serde_json::{Value, json};

use super::{ColumnType, Panel};

impl Panel {
    /// The data dictionary as CSV: column, type, unit, meaning.
    ///
    /// ```
    /// use acquis_exchange::Panel;
    ///
    /// let dictionary = Panel::DyadYear.dictionary();
    /// assert!(dictionary.starts_with("column,type,unit,meaning\nyear,integer,,"));
    /// ```
    pub fn dictionary(self) -> String {
        let mut text = "column,type,unit,meaning\n".to_owned();
        for column in self.columns() {
            let fields = [
                column.name,
                column.column_type.word(),
                column.unit,
                column.meaning,
            ];
            text.push_str(&fields.map(quoted).join(","));
            text.push('\n');
        }
        text
    }

    /// The metadata of a panel's CSV file, to be written beside it under the file's name with
    /// `-metadata.json` at its end.
    pub fn csvw<'s>(
        self,
        csv_file: &str,
        card: &PackCard,
        sources: impl IntoIterator<Item = &'s Source>,
    ) -> Value {
        let columns: Vec<Value> = self
            .columns()
            .iter()
            .map(|column| {
                let datatype = match column.column_type {
                    // The default format of CSVW's booleans is true and false.
                    ColumnType::Flag => json!({ "base": "boolean", "format": "1|0" }),
                    other => json!(other.word()),
                };
                let mut described = json!({
                    "name": column.name,
                    "titles": column.name,
                    "datatype": datatype,
                    "required": column.is_key,
                    "dc:description": column.meaning,
                });
                if !column.unit.is_empty() {
                    described["schema:unitText"] = json!(column.unit);
                }
                described
            })
            .collect();
        let keys: Vec<&str> = self
            .columns()
            .iter()
            .filter(|column| column.is_key)
            .map(|column| column.name)
            .collect();
        let cited: Vec<String> = sources.into_iter().map(Source::citation).collect();
        let mut metadata = json!({
            "@context": ["http://www.w3.org/ns/csvw", { "@language": "en" }],
            "url": csv_file,
            "dc:title": format!("{}: {}", self.word(), card.title),
            "dc:description": card.description,
            "dc:source": cited,
            "dialect": { "encoding": "utf-8", "lineTerminators": ["\n"], "header": true },
            "tableSchema": { "columns": columns, "primaryKey": keys },
        });
        if let Some(licence) = &card.licence {
            metadata["dc:license"] = json!(licence);
        }
        metadata
    }
}

fn quoted(field: &str) -> String {
    if field.contains([',', '"', '\n']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}
