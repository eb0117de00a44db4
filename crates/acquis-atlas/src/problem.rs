//! What went wrong, as a sentence that says what to do, with the right status.

use acquis_library::LibraryError;
use acquis_registry::{Finding, Findings, Lint, nearest};
use acquis_report::TableError;
use acquis_report::chart::ChartError;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use crate::lab::ShelfError;

/// So many mistakes are told, and how many more there are.
const MOST_TOLD: usize = 100;

/// Why a page can't be shown. In a browser it becomes a page, under `/api` a document of
/// type `application/problem+json` (RFC 9457).
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    status: StatusCode,
    sentence: String,
    advice: Vec<String>,
    meant: Option<String>,
    findings: Vec<Value>,
}

impl Problem {
    /// The address names something that is not there: 404.
    pub(crate) fn not_found(sentence: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, sentence)
    }

    /// The question can't be read: 400.
    pub(crate) fn unreadable(sentence: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, sentence)
    }

    /// The question can be read and makes no sense: 422.
    pub(crate) fn senseless(sentence: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, sentence)
    }

    /// The work ended because everybody who had asked for it left; nobody reads this.
    pub(crate) fn nobody_waits() -> Self {
        Self::new(
            StatusCode::REQUEST_TIMEOUT,
            "Nobody waited for the answer any more.",
        )
    }

    /// A problem with this status.
    pub(crate) fn new(status: StatusCode, sentence: impl Into<String>) -> Self {
        Self {
            status,
            sentence: sentence.into(),
            advice: Vec::new(),
            meant: None,
            findings: Vec::new(),
        }
    }

    /// The problem of a finding about a name: 404 where nothing has the name, else 422.
    pub(crate) fn of_finding(finding: &Finding) -> Self {
        let status = match finding.lint {
            Lint::UnknownState | Lint::UnknownInstitution => StatusCode::NOT_FOUND,
            _ => StatusCode::UNPROCESSABLE_ENTITY,
        };
        let message = match finding.message.strip_prefix("no ") {
            Some(what) => format!("There is no {what}."),
            None => sentence_of(&finding.message),
        };
        let mut problem = Self::new(status, message);
        let expected = finding.expected.as_ref();
        problem
            .advice
            .extend(expected.map(|expected| format!("Expected {expected}.")));
        problem.meant.clone_from(&finding.nearest);
        match finding.lint {
            _ if problem.meant.is_some() => problem,
            Lint::UnknownState => problem.advise(
                "Write a state by its code or name: all of them are on the page States, at /states.",
            ),
            Lint::UnknownInstitution => problem.advise(
                "Write an organization or agreement by its id or name: all of them are on the \
                 page Organizations, at /organizations.",
            ),
            _ => problem,
        }
    }

    /// Adds a sentence on what to do.
    #[must_use]
    pub(crate) fn advise(mut self, sentence: impl Into<String>) -> Self {
        self.advice.push(sentence.into());
        self
    }

    /// Adds the one of the known names that may have been meant, or all of them where none
    /// is like the one that was given and they are few.
    #[must_use]
    pub(crate) fn among<'n>(self, given: &str, known: impl IntoIterator<Item = &'n str>) -> Self {
        const FEW: usize = 12;
        let known: Vec<&str> = known.into_iter().collect();
        match nearest(given, known.iter().copied()) {
            Some(near) => self.advise(format!("Did you mean {near:?}?")),
            None if known.len() <= FEW => self.advise(format!("There are {}.", known.join(", "))),
            None => self,
        }
    }

    /// Adds the name that may have been meant, which the search finds.
    #[must_use]
    pub(crate) fn meant(mut self, name: impl Into<String>) -> Self {
        self.meant = Some(name.into());
        self
    }

    /// The name that may have been meant.
    pub(crate) fn what_was_meant(&self) -> Option<&str> {
        self.meant.as_deref()
    }

    /// The status.
    pub(crate) const fn status(&self) -> StatusCode {
        self.status
    }

    /// What is wrong.
    pub(crate) fn sentence(&self) -> &str {
        &self.sentence
    }

    /// What to do about it.
    pub(crate) fn advice(&self) -> &[String] {
        &self.advice
    }

    /// The problem as a document of RFC 9457.
    pub(crate) fn json(&self) -> Value {
        let mut document = json!({
            "type": "about:blank",
            "title": self.status.canonical_reason().unwrap_or("Problem"),
            "status": self.status.as_u16(),
            "detail": self.sentence,
            "advice": self.advice,
            "nearest": self.meant,
        });
        if !self.findings.is_empty() {
            document["findings"] = Value::from(self.findings.clone());
        }
        document
    }
}

/// "can't do it" as a sentence: with a capital and a full stop.
fn sentence_of(help: &str) -> String {
    let mut letters = help.chars();
    let mut sentence: String = letters
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .collect();
    sentence.push_str(letters.as_str());
    if !sentence.ends_with(['.', '?', '!']) {
        sentence.push('.');
    }
    sentence
}

impl IntoResponse for Problem {
    /// The status with the problem beside it; [`crate::server`] gives it its body, because
    /// only there it is known who asks.
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<Finding> for Problem {
    fn from(finding: Finding) -> Self {
        Self::of_finding(&finding)
    }
}

impl From<Findings> for Problem {
    /// The first finding says what is wrong; all of them are told with their places.
    fn from(findings: Findings) -> Self {
        let findings = findings.sorted();
        let Some(first) = findings.iter().next() else {
            return Self::senseless("Something is wrong with what was given.");
        };
        let mut problem = Self::of_finding(first);
        let all = findings.iter().count();
        problem.findings = findings.iter().take(MOST_TOLD).map(finding_json).collect();
        let more = findings.iter().take(MOST_TOLD).skip(1);
        problem.advice.extend(more.map(ToString::to_string));
        if all > MOST_TOLD {
            let rest = all - MOST_TOLD;
            problem = problem.advise(format!("There are {rest} more; cure these first."));
        }
        problem
    }
}

/// A finding with its place, for a program that sent the text.
pub(crate) fn finding_json(finding: &Finding) -> Value {
    let place = finding.place.as_ref().map(|place| {
        let (line, column) = place.line_column();
        json!({ "file": place.file.name, "line": line, "column": column })
    });
    json!({
        "code": finding.lint.code(),
        "severity": finding.severity,
        "message": finding.message,
        "expected": finding.expected,
        "nearest": finding.nearest,
        "place": place,
    })
}

impl From<LibraryError> for Problem {
    fn from(error: LibraryError) -> Self {
        match error {
            LibraryError::Findings(findings) => findings.into(),
            missing @ LibraryError::NotCarried(_) => {
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, format!("{missing}."))
            }
        }
    }
}

impl From<ShelfError> for Problem {
    fn from(error: ShelfError) -> Self {
        match error {
            ShelfError::Library(error) => error.into(),
            ShelfError::Store(error) => error.into(),
            passing @ ShelfError::Passing(_) => {
                let status = StatusCode::INTERNAL_SERVER_ERROR;
                Self::new(status, format!("What is kept can't be read: {passing}."))
            }
        }
    }
}

impl From<TableError> for Problem {
    fn from(error: TableError) -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            format!("An answer could not be set as a table: {error}."),
        )
    }
}

impl From<ChartError> for Problem {
    /// A viewpoint is chosen by the reader; all else that a chart refuses is ours.
    fn from(error: ChartError) -> Self {
        let status = match error {
            ChartError::NoViewpoint { .. } => StatusCode::BAD_REQUEST,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        };
        Self::new(status, format!("The picture can't be drawn: {error}."))
    }
}
