//! How the program fails: a sentence that points at the place, and an exit status.

use std::fmt;
use std::process::ExitCode;

use acquis_library::LibraryError;
use acquis_registry::{Finding, Findings, Severity};
use acquis_report::subject::vote::VoteAnswerError;
use acquis_scenario::{BlocsError, RunError, VotingError};
use miette::{Diagnostic, LabeledSpan, MietteHandlerOpts, NamedSource, ReportHandler, SourceCode};

/// Exit status of a mistake in what was given.
const MISTAKE: u8 = 2;
/// Exit status of a scenario that the law refuses.
const REFUSED: u8 = 3;
/// More findings than this are counted, not shown.
const MOST_SHOWN: usize = 20;

/// Why a command did not do what was asked.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Mistakes in files or names.
    Findings(Findings),
    /// Something else, as a sentence.
    Message(String),
    /// Whoever reads the output has had enough.
    ReaderGone,
}

impl Failure {
    /// Prints the failure and gives the exit status.
    pub(crate) fn report(self) -> ExitCode {
        match self {
            Self::ReaderGone => return ExitCode::SUCCESS,
            Self::Findings(findings) => show(&findings),
            Self::Message(message) => show_one(&Pointed::message(message)),
        }
        ExitCode::from(MISTAKE)
    }
}

/// The exit status of a scenario that the law refuses.
pub(crate) fn refused() -> ExitCode {
    ExitCode::from(REFUSED)
}

/// The exit status of a mistake that has been shown already.
pub(crate) fn mistake() -> ExitCode {
    ExitCode::from(MISTAKE)
}

/// Shows findings on standard error, each with the line it is about.
pub(crate) fn show(findings: &Findings) {
    for finding in findings.iter().take(MOST_SHOWN) {
        show_one(&Pointed::finding(finding));
    }
    if findings.len() > MOST_SHOWN {
        let more = findings.len() - MOST_SHOWN;
        write_error(&format!("and {more} more\n"));
    }
}

fn show_one(pointed: &Pointed) {
    let handler = MietteHandlerOpts::new()
        .context_lines(1)
        .break_words(false)
        .build();
    let rendered = Rendered { pointed, handler };
    write_error(&format!("{rendered}\n"));
}

fn write_error(text: &str) {
    use std::io::Write as _;
    // Nothing can be done about a standard error that is closed.
    let _ = anstream::stderr().write_all(text.as_bytes());
}

struct Rendered<'p> {
    pointed: &'p Pointed,
    handler: miette::MietteHandler,
}

impl fmt::Display for Rendered<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.handler.debug(self.pointed, formatter)
    }
}

/// A finding in the shape that the renderer of diagnostics takes.
#[derive(Debug)]
struct Pointed {
    message: String,
    code: Option<&'static str>,
    help: Option<String>,
    severity: miette::Severity,
    source: Option<NamedSource<String>>,
    span: Option<LabeledSpan>,
}

impl Pointed {
    fn message(message: String) -> Self {
        Self {
            message,
            code: None,
            help: None,
            severity: miette::Severity::Error,
            source: None,
            span: None,
        }
    }

    fn finding(finding: &Finding) -> Self {
        let mut help: Vec<String> = finding.help().into_iter().collect();
        help.extend(finding.lint.reason().map(str::to_owned));
        let place = finding.place.as_ref();
        Self {
            message: finding.message.clone(),
            code: Some(finding.lint.code()),
            help: (!help.is_empty()).then(|| help.join("\n")),
            severity: match finding.severity {
                Severity::Error => miette::Severity::Error,
                Severity::Warning => miette::Severity::Warning,
            },
            source: place.map(|place| NamedSource::new(&place.file.name, place.file.text.clone())),
            span: place.map(|place| {
                // A table without keys of its own is pointed at by its first line.
                let text = place.file.text.get(place.span.clone()).unwrap_or_default();
                let length = text.find('\n').unwrap_or(text.len());
                LabeledSpan::new(Some("here".to_owned()), place.span.start, length)
            }),
        }
    }
}

impl fmt::Display for Pointed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Pointed {}

impl Diagnostic for Pointed {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.code
            .map(|code| Box::new(code) as Box<dyn fmt::Display>)
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(self.severity)
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help
            .as_ref()
            .map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source.as_ref().map(|source| source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        self.span
            .clone()
            .map(|span| Box::new(std::iter::once(span)) as Box<dyn Iterator<Item = LabeledSpan>>)
    }
}

impl From<Findings> for Failure {
    fn from(findings: Findings) -> Self {
        Self::Findings(findings)
    }
}

impl From<Finding> for Failure {
    fn from(finding: Finding) -> Self {
        Self::Findings(finding.into())
    }
}

impl From<LibraryError> for Failure {
    fn from(error: LibraryError) -> Self {
        match error {
            LibraryError::Findings(findings) => Self::Findings(findings),
            missing @ LibraryError::NotCarried(_) => Self::Message(missing.to_string()),
        }
    }
}

impl From<acquis_atlas::ServeError> for Failure {
    fn from(error: acquis_atlas::ServeError) -> Self {
        match error {
            acquis_atlas::ServeError::Library(error) => error.into(),
            other => Self::Message(other.to_string()),
        }
    }
}

impl From<acquis_exchange::ExchangeError> for Failure {
    fn from(error: acquis_exchange::ExchangeError) -> Self {
        match error {
            acquis_exchange::ExchangeError::Write(error) => error.into(),
            other => Self::Findings(other.into()),
        }
    }
}

impl From<acquis_economy::EconomyError> for Failure {
    fn from(error: acquis_economy::EconomyError) -> Self {
        Self::Findings(error.into())
    }
}

impl From<RunError> for Failure {
    fn from(error: RunError) -> Self {
        match error {
            RunError::Findings(findings) => Self::Findings(findings),
            other => Self::Message(other.to_string()),
        }
    }
}

impl From<BlocsError> for Failure {
    fn from(error: BlocsError) -> Self {
        match error.into_findings() {
            Ok(findings) => Self::Findings(findings),
            Err(BlocsError::Run(error)) => error.into(),
            Err(other) => Self::Message(other.to_string()),
        }
    }
}

impl From<VotingError> for Failure {
    fn from(error: VotingError) -> Self {
        match error {
            VotingError::Name(finding) => (*finding).into(),
            VotingError::Composed(findings) => findings.into(),
            other => Self::Message(other.to_string()),
        }
    }
}

impl From<VoteAnswerError> for Failure {
    fn from(error: VoteAnswerError) -> Self {
        match error {
            VoteAnswerError::Voting(error) => error.into(),
            other => Self::Message(other.to_string()),
        }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::BrokenPipe {
            Self::ReaderGone
        } else {
            Self::Message(error.to_string())
        }
    }
}

/// Errors of gravity are whole sentences, whose source is said in them.
macro_rules! whole_sentence {
    ($($error:ty),+) => {
        $(impl From<$error> for Failure {
            fn from(error: $error) -> Self {
                Self::Message(error.to_string())
            }
        })+
    };
}

whole_sentence!(
    acquis_gravity::FormulaError,
    acquis_gravity::TableError,
    acquis_gravity::RegressionError,
    acquis_scenario::gravity::JoinError,
    acquis_scenario::gravity::WorldError
);

/// Errors of making tables, pages and files are sentences already.
macro_rules! sentence {
    ($($error:ty),+) => {
        $(impl From<$error> for Failure {
            fn from(error: $error) -> Self {
                let mut message = error.to_string();
                let mut source = std::error::Error::source(&error);
                while let Some(cause) = source {
                    message = format!("{message}: {cause}");
                    source = cause.source();
                }
                Self::Message(message)
            }
        })+
    };
}

sentence!(
    acquis_report::TableError,
    acquis_report::ReportError,
    acquis_report::subject::answer::AnswerError,
    acquis_report::subject::page::PageError,
    serde_json::Error
);
