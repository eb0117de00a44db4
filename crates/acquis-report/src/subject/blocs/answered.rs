//! The files of an answer on blocs: report, lattice, tables, and all of it as JSON. The command
//! line writes them into a folder, a server sends them.

use acquis_registry::{EdtfDate, Registry};
use acquis_scenario::{BlocsAnswer, BlocsQuestion, BlocsVerdict, Economy, Scenario};
use serde_json::{Map, Value, json};

use super::{files, lattice, page, tables, words};
use crate::chart::Chart as _;
use crate::document::HtmlReport;
use crate::subject::answer::AnswerError;
use crate::subject::page::PageError;
use crate::table::{Table, TableError};
use crate::{csv, json as table_json, parquet};

/// A question on blocs and its answer.
#[derive(Debug, Clone, Copy)]
pub struct Answered<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// What it asks.
    pub question: &'a BlocsQuestion,
    /// The law that the blocs stand on.
    pub registry: &'a Registry,
    /// The economy that they are solved in.
    pub economy: &'a Economy,
    /// What came out.
    pub answer: &'a BlocsAnswer,
}

impl Answered<'_> {
    /// What was asked and assumed, as terms with their meaning.
    pub fn assumptions(&self) -> Vec<(String, String)> {
        page::assumptions(self)
    }

    /// The report as a page.
    ///
    /// # Errors
    /// None that a solved game can cause.
    pub fn report(&self) -> Result<HtmlReport, PageError> {
        page::report(self)
    }

    /// All files, each with its name: `report.html`, `answer.json`, `lattice.svg` where one bloc
    /// is asked about, and every table as CSV and Parquet.
    ///
    /// # Errors
    /// None that a solved game can cause.
    pub fn files(&self) -> Result<Vec<(String, Vec<u8>)>, AnswerError> {
        let mut answer = serde_json::to_vec_pretty(&self.json()?)?;
        answer.push(b'\n');
        let report = self.report()?.render();
        let mut all = vec![
            ("report.html".to_owned(), report.into_bytes()),
            ("answer.json".to_owned(), answer),
        ];
        if let Some(lattice) = lattice(self.economy, self.answer).map_err(PageError::from)? {
            all.push(("lattice.svg".to_owned(), lattice.svg().into_bytes()));
        }
        let metadata = [
            ("scenario".to_owned(), self.scenario.title.clone()),
            (
                "law_on".to_owned(),
                EdtfDate::day(self.scenario.base.date).to_string(),
            ),
            ("economy".to_owned(), self.economy.card.id.clone()),
        ];
        for table in files(self.economy, self.answer)? {
            let name = table.id();
            all.push((format!("{name}.csv"), csv::to_csv(&table)));
            let bytes = parquet::to_parquet(&table, &metadata)?;
            all.push((format!("{name}.parquet"), bytes));
        }
        Ok(all)
    }

    /// The whole answer as one JSON value: words, assumptions and the tables that are read.
    ///
    /// # Errors
    /// None that the data can cause; the tables' own checks.
    pub fn json(&self) -> Result<Value, TableError> {
        let named = |table: &Table| (table.id().to_owned(), table_json::to_json(table));
        let tables = tables(self.economy, self.answer)?;
        let tables: Map<String, Value> = tables.iter().map(named).collect();
        let assumptions = self.assumptions().into_iter();
        let assumptions: Map<String, Value> = assumptions
            .map(|(term, meaning)| (term, meaning.into()))
            .collect();
        Ok(json!({
            "scenario": self.scenario.name,
            "kind": match &self.answer.verdict {
                BlocsVerdict::Single(_) => "single",
                BlocsVerdict::Several(_) => "several",
                BlocsVerdict::Levels(_) => "levels",
            },
            "equilibria": self.answer.equilibria,
            "words": words(self.economy, self.answer),
            "assumptions": assumptions,
            "notes": self.answer.notes,
            "tables": tables,
        }))
    }
}
