//! Several answers side by side: what each does to every economy.

use std::collections::BTreeMap;

use super::answer::KeptAnswer;
use super::origin::Origin;
use crate::chart::{ChartError, GroupedBars};
use crate::column::{Column, Unit};
use crate::table::{Cell, Table, TableError};

/// How many can stand side by side and still be told apart.
pub const MOST_COMPARED: usize = 4;

/// One side of a comparison: an alternative of an answer that was kept.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    /// What it is called here.
    label: &'a str,
    /// Its results; `None` if the law refused it.
    results: Option<&'a Table>,
}

/// The change of real income of every economy on each side.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// What the sides are called.
    labels: Vec<String>,
    /// By code, in the order of the first side that has it.
    economies: Vec<Compared>,
}

#[derive(Debug, Clone, PartialEq)]
struct Compared {
    code: String,
    name: String,
    /// Whether any side changes its stage with another state.
    is_concerned: bool,
    changes: Vec<Option<f64>>,
}

/// The sides that answers give, each with a label: the title of the answer, or that of the
/// alternative where there are several.
pub fn sides<'a>(answers: impl IntoIterator<Item = &'a KeptAnswer>) -> Vec<Side<'a>> {
    let of_answer = |answer: &'a KeptAnswer| {
        let several = answer.variants.len() > 1;
        answer.variants.iter().map(move |variant| Side {
            label: if several {
                &variant.title
            } else {
                &answer.report.title
            },
            results: variant.results.as_ref(),
        })
    };
    answers.into_iter().flat_map(of_answer).collect()
}

impl Comparison {
    /// Sets sides beside each other. Two sides of one label are told apart by a number.
    pub fn new(sides: &[Side<'_>]) -> Self {
        let mut comparison = Self {
            labels: told_apart(sides),
            economies: Vec::new(),
        };
        let mut places = BTreeMap::new();
        for (side, results) in sides.iter().enumerate() {
            for row in results.results.into_iter().flat_map(Results::rows) {
                let place = *places.entry(row.code.to_owned()).or_insert_with(|| {
                    comparison.economies.push(Compared {
                        code: row.code.to_owned(),
                        name: row.name.to_owned(),
                        is_concerned: false,
                        changes: vec![None; sides.len()],
                    });
                    comparison.economies.len() - 1
                });
                let economy = &mut comparison.economies[place];
                economy.is_concerned |= row.is_concerned;
                economy.changes[side] = row.change;
            }
        }
        // Those concerned by any side come first, as in the table of one answer.
        comparison
            .economies
            .sort_by_key(|economy| !economy.is_concerned);
        comparison
    }

    /// All economies as a table, a column for each side.
    ///
    /// # Errors
    /// None that the data can cause; the table's own check.
    pub fn table(&self) -> Result<Table, TableError> {
        let mut columns = vec![
            Column::text("state", "Code"),
            Column::text("name", "State"),
            Column::flag("concerned", "Concerned")
                .describe("Whether its stage with another state changes on any side"),
        ];
        for (side, label) in self.labels.iter().enumerate() {
            let name = format!("real_income_change_{}_pct", side + 1);
            columns.push(
                Column::change(name, label, Unit::PERCENT, 3)
                    .describe("Change in real income: expenditure over its price index"),
            );
        }
        let mut table = Table::new("comparison", "Change in real income, side by side", columns);
        for economy in &self.economies {
            let mut row = vec![
                economy.code.as_str().into(),
                economy.name.as_str().into(),
                Cell::Flag(economy.is_concerned),
            ];
            let changes = economy.changes.iter();
            row.extend(changes.map(|change| change.map_or(Cell::Missing, Cell::Number)));
            table.push_row(row)?;
        }
        Ok(table)
    }

    /// The economies that any side concerns, as bars.
    ///
    /// # Errors
    /// More sides than colours tell apart ([`MOST_COMPARED`]).
    pub fn chart(&self) -> Result<GroupedBars, ChartError> {
        let mut chart = GroupedBars::new(
            "Change in real income, side by side",
            "Real income",
            Unit::PERCENT,
            self.labels.iter().cloned(),
        )?
        .decimals(2)
        .source(Origin::Economies.line());
        for economy in self.economies.iter().filter(|economy| economy.is_concerned) {
            chart.push(&economy.name, economy.changes.clone())?;
        }
        Ok(chart)
    }

    /// How many economies any side concerns.
    pub fn concerned(&self) -> usize {
        let concerned = self.economies.iter().filter(|economy| economy.is_concerned);
        concerned.count()
    }
}

/// Labels of which no two are the same.
fn told_apart(sides: &[Side<'_>]) -> Vec<String> {
    let mut labels: Vec<String> = Vec::with_capacity(sides.len());
    for side in sides {
        let mut label = side.label.to_owned();
        let mut number = 2;
        while labels.contains(&label) {
            label = format!("{} ({number})", side.label);
            number += 1;
        }
        labels.push(label);
    }
    labels
}

/// A row of a table of results, as far as a comparison reads it.
struct Results<'t> {
    code: &'t str,
    name: &'t str,
    is_concerned: bool,
    change: Option<f64>,
}

impl<'t> Results<'t> {
    fn rows(table: &'t Table) -> Vec<Self> {
        let column = |name: &str| {
            table
                .columns()
                .iter()
                .position(|column| column.name == name)
        };
        let [Some(code), Some(name), Some(concerned), Some(change)] =
            ["state", "name", "concerned", "real_income_change_pct"].map(column)
        else {
            return Vec::new();
        };
        let text = |cell: &'t Cell| match cell {
            Cell::Text(text) => text.as_str(),
            _ => "",
        };
        let rows = table.rows().iter().map(|cells| Self {
            code: text(&cells[code]),
            name: text(&cells[name]),
            is_concerned: cells[concerned] == Cell::Flag(true),
            change: match cells[change] {
                Cell::Number(change) => Some(change),
                _ => None,
            },
        });
        rows.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::Chart as _;
    use crate::document::HtmlReport;
    use crate::subject::answer::KeptVariant;

    fn results(rows: &[(&str, bool, f64)]) -> Table {
        let columns = vec![
            Column::text("state", "State"),
            Column::text("name", "Name"),
            Column::flag("concerned", "Concerned"),
            Column::change("real_income_change_pct", "Real income", Unit::PERCENT, 3),
        ];
        let mut table = Table::new("results", "Results", columns);
        for (code, concerned, change) in rows {
            let name = format!("Land {code}");
            table
                .push_row(vec![
                    (*code).into(),
                    name.into(),
                    (*concerned).into(),
                    (*change).into(),
                ])
                .unwrap();
        }
        table
    }

    fn answer(title: &str, variants: &[(&str, Option<Table>)]) -> KeptAnswer {
        KeptAnswer {
            report: HtmlReport::new(title, ""),
            variants: variants
                .iter()
                .map(|(title, results)| KeptVariant {
                    name: "v".to_owned(),
                    title: (*title).to_owned(),
                    results: results.clone(),
                })
                .collect(),
        }
    }

    #[test]
    fn each_side_has_its_figures_and_what_it_lacks_is_missing() {
        let one = answer(
            "One",
            &[(
                "One",
                Some(results(&[("AAA", true, 1.0), ("BBB", false, -0.1)])),
            )],
        );
        let two = answer(
            "Two",
            &[
                (
                    "Union",
                    Some(results(&[("CCC", true, 2.0), ("AAA", false, 0.5)])),
                ),
                ("Refused", None),
            ],
        );
        let comparison = Comparison::new(&sides([&one, &two]));
        let table = comparison.table().unwrap();
        let heads: Vec<&str> = table.columns()[3..]
            .iter()
            .map(|c| c.header.as_str())
            .collect();
        assert_eq!(heads, ["One", "Union", "Refused"]);
        let row = |at: usize| &table.rows()[at];
        assert_eq!(row(0)[0], "AAA".into());
        assert_eq!(row(0)[3..], [1.0.into(), 0.5.into(), Cell::Missing]);
        assert_eq!(row(1)[0], "CCC".into(), "those concerned come first");
        assert_eq!(row(1)[3..], [Cell::Missing, 2.0.into(), Cell::Missing]);
        assert_eq!(row(2)[0], "BBB".into());
        assert_eq!(comparison.concerned(), 2);
        assert!(comparison.chart().unwrap().svg().contains("Land CCC"));
    }

    #[test]
    fn two_runs_of_one_title_are_told_apart() {
        let one = answer("Same", &[("x", Some(results(&[("AAA", true, 1.0)])))]);
        let comparison = Comparison::new(&sides([&one, &one, &one]));
        assert_eq!(comparison.labels, ["Same", "Same (2)", "Same (3)"]);
    }
}
