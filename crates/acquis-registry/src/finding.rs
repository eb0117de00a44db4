//! What is wrong with a file, and where: one finding a mistake, each with its code, its
//! place, what was expected, and the nearest valid name.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// A file's name and text, kept so that a message can quote the line it is about.
#[derive(Debug, PartialEq, Eq)]
pub struct SourceText {
    /// The name to show: the path as the user gave it.
    pub name: String,
    /// The whole text.
    pub text: String,
    /// Where each line starts: many mistakes in a long text each ask for their line.
    line_starts: Vec<usize>,
}

impl SourceText {
    /// A file's text under the name to show.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Arc<Self> {
        let text: String = text.into();
        let ends = text.match_indices('\n').map(|(end, _)| end + 1);
        Arc::new(Self {
            line_starts: std::iter::once(0).chain(ends).collect(),
            name: name.into(),
            text,
        })
    }
}

/// A span of bytes in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub file: Arc<SourceText>,
    /// The bytes, within the file's text.
    pub span: Range<usize>,
}

impl Place {
    /// Line and column, both counted from 1; the column counts characters.
    pub fn line_column(&self) -> (usize, usize) {
        let text = &self.file.text;
        let mut start = self.span.start.min(text.len());
        while !text.is_char_boundary(start) {
            start -= 1;
        }
        let starts = &self.file.line_starts;
        let line = starts.partition_point(|&line| line <= start);
        let line_start = starts[line - 1];
        (line, text[line_start..start].chars().count() + 1)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (line, column) = self.line_column();
        write!(formatter, "{}:{line}:{column}", self.file.name)
    }
}

/// Whether a finding stops the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The file can't be used.
    Error,
    /// The file can be used, but a reader would want to know.
    Warning,
}

/// The rules a file is held to. Each has a code, a sentence and, where it is a rule of
/// law, its reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lint {
    /// Not well-formed TOML, an unknown key, a missing key or a value of the wrong type.
    Format,
    /// A text that is not one of the words the key allows.
    Word,
    /// Not a date.
    Date,
    /// A number that is not finite or out of range.
    Number,
    /// Two entries with one id.
    DuplicateId,
    /// A source that no `[[source]]` declares.
    UnknownSource,
    /// A state that no `[[state]]` declares.
    UnknownState,
    /// An organization or agreement that no file declares.
    UnknownInstitution,
    /// Two claims about one act are both preferred.
    TwoPreferred,
    /// An act by a state before it existed or after it ended.
    OutsideLifespan,
    /// A withdrawal or suspension of a state that takes no part.
    NotAParty,
    /// Predecessors or successors that form a circle.
    CyclicSuccession,
    /// An act that takes effect before it is done.
    EffectBeforeAct,
    /// A source that nothing cites.
    UnusedSource,
    /// A preferred claim that does not say why it beats the claims it disagrees with.
    UnexplainedPreference,
    /// A scenario's act that is not found in the registry.
    UnknownAct,
    /// A scenario or economy that can't be used as it is given.
    Economy,
}

impl Lint {
    /// Every rule, in the order of the codes.
    pub const ALL: [Self; 17] = [
        Self::Format,
        Self::Word,
        Self::Date,
        Self::Number,
        Self::DuplicateId,
        Self::UnknownSource,
        Self::UnknownState,
        Self::UnknownInstitution,
        Self::TwoPreferred,
        Self::OutsideLifespan,
        Self::NotAParty,
        Self::CyclicSuccession,
        Self::EffectBeforeAct,
        Self::UnusedSource,
        Self::UnexplainedPreference,
        Self::UnknownAct,
        Self::Economy,
    ];

    /// The stable code, `A01` onwards.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Format => "A01",
            Self::Word => "A02",
            Self::Date => "A03",
            Self::Number => "A04",
            Self::DuplicateId => "A05",
            Self::UnknownSource => "A06",
            Self::UnknownState => "A07",
            Self::UnknownInstitution => "A08",
            Self::TwoPreferred => "A09",
            Self::OutsideLifespan => "A10",
            Self::NotAParty => "A11",
            Self::CyclicSuccession => "A12",
            Self::EffectBeforeAct => "A13",
            Self::UnusedSource => "A14",
            Self::UnexplainedPreference => "A15",
            Self::UnknownAct => "A16",
            Self::Economy => "A17",
        }
    }

    /// The rule as a sentence.
    pub const fn rule(self) -> &'static str {
        match self {
            Self::Format => {
                "A file is TOML 1.0 with the keys that its tables allow, or a table with the columns that it needs."
            }
            Self::Word => "A key that takes one of several words takes no other.",
            Self::Date => "A date is an EDTF level 1 string.",
            Self::Number => "A number is finite and in its range.",
            Self::DuplicateId => "An id names one thing.",
            Self::UnknownSource => "Every claim has a source that the pack declares.",
            Self::UnknownState => "Every state that is named is declared.",
            Self::UnknownInstitution => {
                "Every organization or agreement that is named is declared."
            }
            Self::TwoPreferred => "Of the claims about one act at most one is preferred.",
            Self::OutsideLifespan => "A state acts while it exists.",
            Self::NotAParty => "Only a state that takes part can withdraw or be suspended.",
            Self::CyclicSuccession => "Nothing succeeds itself.",
            Self::EffectBeforeAct => "An act takes effect on its day or later.",
            Self::UnusedSource => "A source that is declared is cited.",
            Self::UnexplainedPreference => "A preferred claim among claims that disagree says why.",
            Self::UnknownAct => "A scenario strikes and moves acts that are there.",
            Self::Economy => {
                "A scenario runs on an economy whose trade is complete and positive at home."
            }
        }
    }

    /// The legal reason, where the rule is one of law and not of form.
    pub const fn reason(self) -> Option<&'static str> {
        match self {
            Self::OutsideLifespan => Some(
                "Vienna Convention on the Law of Treaties, art. 6: every State possesses capacity to conclude treaties",
            ),
            Self::NotAParty => Some(
                "Vienna Convention on the Law of Treaties, art. 54 and 57: withdrawal and suspension are acts of, or towards, a party",
            ),
            Self::EffectBeforeAct => Some(
                "Vienna Convention on the Law of Treaties, art. 28: treaties do not bind in relation to what took place before",
            ),
            _ => None,
        }
    }
}

/// One mistake in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule that is broken.
    pub lint: Lint,
    /// Whether it stops the work.
    pub severity: Severity,
    /// Where; `None` for a finding about a whole folder.
    pub place: Option<Place>,
    /// What is wrong, as a sentence without a full stop.
    pub message: String,
    /// What was expected instead.
    pub expected: Option<String>,
    /// The nearest valid name.
    pub nearest: Option<String>,
}

impl Finding {
    /// An error at a place.
    pub fn error(lint: Lint, place: Option<Place>, message: impl Into<String>) -> Self {
        Self {
            lint,
            severity: Severity::Error,
            place,
            message: message.into(),
            expected: None,
            nearest: None,
        }
    }

    /// A warning at a place.
    pub fn warning(lint: Lint, place: Option<Place>, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::error(lint, place, message)
        }
    }

    /// The same with what was expected.
    #[must_use]
    pub fn expecting(mut self, expected: impl Into<String>) -> Self {
        self.expected = Some(expected.into());
        self
    }

    /// The same with the name among `valid` that is nearest to `given`, if one is near.
    #[must_use]
    pub fn near<'n>(mut self, given: &str, valid: impl IntoIterator<Item = &'n str>) -> Self {
        self.nearest = nearest(given, valid);
        self
    }

    /// What is expected and what may have been meant, as one sentence.
    pub fn help(&self) -> Option<String> {
        match (&self.expected, &self.nearest) {
            (None, None) => None,
            (Some(expected), None) => Some(format!("expected {expected}")),
            (None, Some(nearest)) => Some(format!("did you mean {nearest:?}?")),
            (Some(expected), Some(nearest)) => {
                Some(format!("expected {expected}; did you mean {nearest:?}?"))
            }
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            write!(formatter, "{place}: ")?;
        }
        write!(formatter, "{}", self.message)?;
        if let Some(help) = self.help() {
            write!(formatter, " ({help})")?;
        }
        write!(formatter, " [{}]", self.lint.code())
    }
}

impl std::error::Error for Finding {}

/// Letters of a longer text are not compared with those of names: nobody meant a name by it.
const LONGEST_NAME: usize = 200;
/// So many pairs of letters are compared for one text, which takes a few milliseconds: names
/// beyond are not looked at. The names of a pack of thousands fit.
const MOST_PAIRS: usize = 4_000_000;

/// The valid name nearest to what was given, if one is near enough to be meant: by
/// Jaro-Winkler similarity, ignoring case. Of a great many names only the first are looked at.
pub fn nearest<'n>(given: &str, valid: impl IntoIterator<Item = &'n str>) -> Option<String> {
    nearest_above(0.75, given, valid)
}

/// The same for a given least similarity, between 0 and 1.
pub(crate) fn nearest_above<'n>(
    least: f64,
    given: &str,
    valid: impl IntoIterator<Item = &'n str>,
) -> Option<String> {
    if given.len() > LONGEST_NAME {
        return None;
    }
    let given = given.to_lowercase();
    let mut left = MOST_PAIRS;
    valid
        .into_iter()
        .filter(|name| name.len() <= LONGEST_NAME)
        .map_while(|name| {
            // What is too short to be compared costs too.
            let pairs = (given.len() + 8) * (name.len() + 8);
            left = left.checked_sub(pairs)?;
            let similarity = strsim::jaro_winkler(&given, &name.to_lowercase());
            Some((similarity, name))
        })
        .filter(|(similarity, _)| *similarity >= least)
        .max_by(|left, right| left.0.total_cmp(&right.0).then(right.1.cmp(left.1)))
        .map(|(_, name)| name.to_owned())
}

/// All that is wrong with what was loaded, in the order of the files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings(Vec<Finding>);

impl Findings {
    /// Adds one.
    pub fn push(&mut self, finding: Finding) {
        self.0.push(finding);
    }

    /// Adds one with the name among `valid` that is nearest to `given`, if one is near. Of many
    /// findings only the first are told what may have been meant: a text with thousands of
    /// unknown names, each compared with thousands of known ones, would take hours.
    pub fn push_near<'n>(
        &mut self,
        finding: Finding,
        given: &str,
        valid: impl IntoIterator<Item = &'n str>,
    ) {
        /// More than anybody reads.
        const MOST_WITH_A_GUESS: usize = 100;

        self.push(if self.len() < MOST_WITH_A_GUESS {
            finding.near(given, valid)
        } else {
            finding
        });
    }

    /// Adds all of another list.
    pub fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Whether any of them is an error.
    pub fn has_errors(&self) -> bool {
        self.0
            .iter()
            .any(|finding| finding.severity == Severity::Error)
    }

    /// The findings, errors before warnings, then by file and place.
    #[must_use]
    pub fn sorted(mut self) -> Self {
        self.0.sort_by(|left, right| {
            let key = |finding: &Finding| {
                finding
                    .place
                    .as_ref()
                    .map(|place| (place.file.name.clone(), place.span.start))
            };
            left.severity
                .cmp(&right.severity)
                .then_with(|| key(left).cmp(&key(right)))
                .then_with(|| left.message.cmp(&right.message))
        });
        self.0.dedup();
        self
    }

    /// The findings.
    pub fn iter(&self) -> std::slice::Iter<'_, Finding> {
        self.0.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<'f> IntoIterator for &'f Findings {
    type Item = &'f Finding;
    type IntoIter = std::slice::Iter<'f, Finding>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl From<Finding> for Findings {
    fn from(finding: Finding) -> Self {
        Self(vec![finding])
    }
}

impl fmt::Display for Findings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, finding) in self.0.iter().enumerate() {
            if index > 0 {
                formatter.write_str("\n")?;
            }
            write!(formatter, "{finding}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Findings {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guess_costs_little_whatever_the_names_are() {
        let names: Vec<String> = (0..4_000)
            .map(|number| format!("{number:05}{}", "a".repeat(150)))
            .collect();
        let known = || names.iter().map(String::as_str);
        let begun = std::time::Instant::now();
        let mut findings = Findings::default();
        for number in 0..4_000 {
            let given = format!("x{number}{}", "a".repeat(150));
            let finding = Finding::error(Lint::Word, None, "no such name");
            findings.push_near(finding, &given, known());
        }
        let taken = begun.elapsed();
        // Minutes, if each were compared with each.
        assert!(taken < std::time::Duration::from_secs(30), "{taken:?}");
        assert_eq!(findings.len(), 4_000);
        assert!(
            findings
                .iter()
                .next()
                .is_some_and(|it| it.nearest.is_some())
        );
        assert_eq!(nearest(&"a".repeat(1 << 20), known()), None);
    }

    #[test]
    fn among_the_names_of_a_large_pack_the_last_is_found() {
        let names: Vec<String> = (0..5_000).map(|it| format!("organization {it}")).collect();
        let known = names.iter().map(String::as_str).chain(["Commonwealth"]);
        assert_eq!(
            nearest("comonwealth", known).as_deref(),
            Some("Commonwealth")
        );
    }

    #[test]
    fn lines_and_columns_are_counted_as_an_editor_does() {
        let text = "ä = 1\r\n\nb = \"ö\" # ü\n";
        let file = SourceText::new("x.toml", text);
        for start in 0..=text.len() + 2 {
            let span = start..start;
            let place = Place {
                file: Arc::clone(&file),
                span,
            };
            let mut before = start.min(text.len());
            while !text.is_char_boundary(before) {
                before -= 1;
            }
            let lines: Vec<&str> = text[..before].split('\n').collect();
            let column = lines[lines.len() - 1].chars().count() + 1;
            assert_eq!(place.line_column(), (lines.len(), column), "{start}");
        }
    }
}
