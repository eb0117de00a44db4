//! The files of a scenario's answer: report, tables, the scenario as it was resolved, and the
//! certificate. The command line writes them into a folder, the workbench keeps them with
//! the run.

use acquis_registry::{EdtfDate, Registry};
use acquis_scenario::{Economy, Model, Outcome, Scenario, VariantOutcome};
use serde_json::{Value, json};

use super::page::{self, PageError};
use super::{scenario as subject, sectors};
use crate::document::HtmlReport;
use crate::error::ReportError;
use crate::table::{Table, TableError};
use crate::{csv, json as table_json, parquet};

/// What a scenario asked and what came out.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// The law that it changes.
    pub registry: &'a Registry,
    /// The economy that it was solved in.
    pub economy: &'a Economy,
    /// What came out.
    pub outcome: &'a Outcome,
}

/// Why the files of an answer could not be made; nothing that a solved scenario can cause.
#[derive(Debug, thiserror::Error)]
pub enum AnswerError {
    /// A chart or a table of the report.
    #[error(transparent)]
    Page(#[from] PageError),
    /// A table refused its data.
    #[error(transparent)]
    Table(#[from] TableError),
    /// A table that could not be encoded.
    #[error(transparent)]
    Report(#[from] ReportError),
    /// A JSON file.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
}

/// An answer as it is kept with a run, to be shown and compared without being computed again.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct KeptAnswer {
    /// The report.
    pub report: HtmlReport,
    /// The alternatives, in the order of the scenario.
    pub variants: Vec<KeptVariant>,
}

/// One alternative of an answer that was kept.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct KeptVariant {
    /// Short name.
    pub name: String,
    /// Title.
    pub title: String,
    /// What it does to each economy, in full; `None` if the law refused it.
    pub results: Option<Table>,
}

impl Answer<'_> {
    /// What is kept of the answer.
    ///
    /// # Errors
    /// None that a solved scenario can cause.
    pub fn kept(&self) -> Result<KeptAnswer, PageError> {
        let variants = self.outcome.variants.iter().map(|variant| {
            let results = variant.effects.as_ref().map(|effects| {
                let full = subject::Detail::Full;
                subject::results(self.scenario, self.economy, variant, effects, full)
            });
            Ok(KeptVariant {
                name: variant.name.clone(),
                title: variant.title.clone(),
                results: results.transpose()?,
            })
        });
        Ok(KeptAnswer {
            variants: variants.collect::<Result<_, TableError>>()?,
            report: self.report()?,
        })
    }

    /// Every table with the stem of its file. Where there are several variants, the name of
    /// the variant comes first.
    ///
    /// # Errors
    /// None that the data can cause; the tables' own checks.
    pub fn tables(&self) -> Result<Vec<(String, Table)>, TableError> {
        let mut tables = Vec::new();
        for variant in &self.outcome.variants {
            tables.push((
                self.stem(variant, "stages"),
                subject::stages(&variant.reform)?,
            ));
            let Some(effects) = &variant.effects else {
                continue;
            };
            let results = subject::results(
                self.scenario,
                self.economy,
                variant,
                effects,
                subject::Detail::Full,
            )?;
            tables.push((self.stem(variant, "results"), results));
            if let Some(quantiles) = sectors::quantiles(effects)? {
                tables.push((self.stem(variant, "quantiles"), quantiles));
            }
            if let Model::ManySectors(results) = &effects.model {
                for (name, table) in sectors::tables(self.economy, effects, results)? {
                    tables.push((self.stem(variant, name), table));
                }
            }
        }
        Ok(tables)
    }

    /// The report as a page.
    ///
    /// # Errors
    /// None that a solved scenario can cause.
    pub fn report(&self) -> Result<HtmlReport, PageError> {
        page::report(self.scenario, self.registry, self.economy, self.outcome)
    }

    /// All files, each with its name: `report.html`, `scenario.json`, `certificate.json`, and
    /// every table as CSV and Parquet.
    ///
    /// # Errors
    /// None that a solved scenario can cause.
    pub fn files(&self) -> Result<Vec<(String, Vec<u8>)>, AnswerError> {
        let report = self.report()?.render();
        let mut files = vec![
            ("report.html".to_owned(), report.into_bytes()),
            ("scenario.json".to_owned(), pretty(&self.resolved())?),
            ("certificate.json".to_owned(), pretty(&self.certificate())?),
        ];
        let metadata = [
            ("scenario".to_owned(), self.scenario.title.clone()),
            (
                "law_on".to_owned(),
                EdtfDate::day(self.scenario.base.date).to_string(),
            ),
            ("economy".to_owned(), self.economy.card.id.clone()),
        ];
        for (name, table) in self.tables()? {
            files.push((format!("{name}.csv"), csv::to_csv(&table)));
            let bytes = parquet::to_parquet(&table, &metadata)?;
            files.push((format!("{name}.parquet"), bytes));
        }
        Ok(files)
    }

    /// The whole answer as one JSON value: the scenario, the certificate and the tables.
    ///
    /// # Errors
    /// None that the data can cause; the tables' own checks.
    pub fn json(&self) -> Result<Value, TableError> {
        let tables: serde_json::Map<String, Value> = self
            .tables()?
            .into_iter()
            .map(|(name, table)| (name, table_json::to_json(&table)))
            .collect();
        Ok(json!({
            "scenario": self.resolved(),
            "certificate": self.certificate(),
            "tables": tables,
        }))
    }

    fn resolved(&self) -> Value {
        subject::resolved_json(self.scenario, self.economy, self.outcome)
    }

    fn certificate(&self) -> Value {
        subject::certificate_json(self.scenario, self.economy, self.outcome)
    }

    /// The stem of a variant's file: plain where there is one variant only.
    fn stem(&self, variant: &VariantOutcome, name: &str) -> String {
        if self.outcome.variants.len() > 1 {
            format!("{}-{name}", variant.name)
        } else {
            name.to_owned()
        }
    }
}

fn pretty(value: &Value) -> Result<Vec<u8>, serde_json::Error> {
    let mut bytes = serde_json::to_vec_pretty(value)?;
    bytes.push(b'\n');
    Ok(bytes)
}
