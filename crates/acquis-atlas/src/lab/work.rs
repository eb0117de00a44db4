//! A run, carried out: the text of a scenario, solved, as files.

use std::sync::Arc;

use acquis_registry::SourceText;
use acquis_report::subject::answer::{Answer, KeptAnswer};
use acquis_scenario::{Progress, RunError, Scenario};
use acquis_store::{Reporter, Run, StoredFile, Unfinished, Work};

use super::shelf::Shelf;

/// The file in which the answer is kept for the pages.
pub(crate) const ANSWER: &str = "answer.json";

/// The file that says which variants the law refused; there only if there are any.
pub(crate) const REFUSED: &str = "refused.json";

/// Whether a file is kept for the pages and not for the reader.
pub(crate) fn is_for_pages(name: &str) -> bool {
    name == ANSWER || name == REFUSED
}

/// The variants of a run that the law refused, so that nothing was computed for them.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Refused {
    /// Their titles.
    pub(crate) variants: Vec<String>,
    /// Whether no variant was computed.
    pub(crate) all: bool,
}

impl Refused {
    /// What was refused of an answer; `None` if nothing was.
    pub(crate) fn of(answer: &KeptAnswer) -> Option<Self> {
        let refused = answer.variants.iter().filter(|it| it.results.is_none());
        let variants: Vec<String> = refused.map(|it| it.title.clone()).collect();
        let all = variants.len() == answer.variants.len();
        (!variants.is_empty()).then_some(Self { variants, all })
    }
}

/// Carries scenarios out on what is on the shelf.
#[derive(Debug)]
pub(crate) struct ScenarioWork {
    shelf: Arc<Shelf>,
}

impl ScenarioWork {
    pub(crate) fn new(shelf: Arc<Shelf>) -> Self {
        Self { shelf }
    }
}

impl Work for ScenarioWork {
    fn carry_out(&self, run: &Run, reporter: &Reporter) -> Result<Vec<StoredFile>, Unfinished> {
        let failed = |error: &dyn std::error::Error| Unfinished::Failed(with_causes(error));
        let name = &run.card.name;
        let file = SourceText::new(format!("{name}.toml"), run.text.as_str());
        let scenario = Scenario::read(name, &file).map_err(|error| failed(&error))?;
        let (registry, _) = self.shelf.pack(&scenario).map_err(|error| failed(&error))?;
        let (economy, _) = self
            .shelf
            .economy(&scenario)
            .map_err(|error| failed(&error))?;

        let draws = scenario.uncertainty.map_or(1, |asked| asked.draws as u64);
        reporter.expect(draws * scenario.variants.len() as u64);
        let progress = Progress {
            on_variant: &|number| reporter.reach(number as u64 * draws),
            on_draw: &|| reporter.advance(),
            is_cancelled: &|| reporter.is_cancelled(),
        };
        let outcome = acquis_scenario::run(&scenario, &registry, &economy, false, &progress);
        let outcome = outcome.map_err(|error| match error {
            RunError::Cancelled => Unfinished::Cancelled,
            error => failed(&error),
        })?;
        let answer = Answer {
            scenario: &scenario,
            registry: &registry,
            economy: &economy,
            outcome: &outcome,
        };
        let mut files = answer.files().map_err(|error| failed(&error))?;
        let kept = answer.kept().map_err(|error| failed(&error))?;
        if let Some(refused) = Refused::of(&kept) {
            let refused = serde_json::to_vec(&refused).map_err(|error| failed(&error))?;
            files.push((REFUSED.to_owned(), refused));
        }
        let kept = serde_json::to_vec(&kept).map_err(|error| failed(&error))?;
        files.push((ANSWER.to_owned(), kept));
        files.push(("scenario.toml".to_owned(), run.text.clone().into_bytes()));
        let files = files.into_iter();
        Ok(files
            .map(|(name, bytes)| StoredFile { name, bytes })
            .collect())
    }
}

/// An error with everything that it came from.
fn with_causes(error: &dyn std::error::Error) -> String {
    let mut sentence = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        sentence = format!("{sentence}: {cause}");
        source = cause.source();
    }
    sentence
}
