//! A column: what its numbers are called, in files and for people, and how they are shown.

use std::fmt;

/// The unit of a column or an axis, as people write it: `%`, `million USD`, `points`.
///
/// A quantity without a unit (a name, a yes or no) has [`Unit::NONE`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Unit(std::borrow::Cow<'static, str>);

impl Unit {
    /// No unit: names, flags, plain counts of nothing in particular.
    pub const NONE: Self = Self(std::borrow::Cow::Borrowed(""));
    /// Per cent.
    pub const PERCENT: Self = Self(std::borrow::Cow::Borrowed("%"));
    /// A part of a whole, between zero and one, as files store it.
    pub const FRACTION: Self = Self(std::borrow::Cow::Borrowed("fraction"));

    /// A unit by its name.
    pub fn new(name: impl Into<String>) -> Self {
        Self(std::borrow::Cow::Owned(name.into()))
    }

    /// The unit as text; empty where there is none.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is [`Unit::NONE`].
    pub fn is_none(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl From<&str> for Unit {
    fn from(name: &str) -> Self {
        Self::new(name)
    }
}

impl From<String> for Unit {
    fn from(name: String) -> Self {
        Self::new(name)
    }
}

/// What a column holds, and how a renderer for people shows it.
///
/// Files (CSV, JSON, Parquet) always receive the value as it is; only terminal and page
/// round, sign and colour.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnKind {
    /// Words.
    Text,
    /// Figures that are written out, because those of one column are of several kinds: an
    /// estimate, below it its standard error in parentheses, below that a count. Minus is
    /// written `-`.
    Figure,
    /// A level, rounded to so many decimals.
    Number {
        /// Digits after the point.
        decimals: usize,
    },
    /// A change: always signed, coloured by its sign.
    Change {
        /// Digits after the point.
        decimals: usize,
    },
    /// A part of a whole: the fraction 0.125 is stored, 12.5 with the unit % is shown.
    Share {
        /// Digits after the point of the percentage.
        decimals: usize,
    },
    /// A whole number.
    Integer,
    /// Yes or no, neither of them better.
    Flag,
    /// Yes or no with a meaning, shown as one of two words.
    Verdict {
        /// The word for `true`, shown as favourable.
        yes: String,
        /// The word for `false`, shown as unfavourable.
        no: String,
        /// The word for neither, where there is no value.
        neither: String,
    },
}

impl ColumnKind {
    /// What the kind accepts, in the words of an error message.
    pub fn expects(&self) -> &'static str {
        match self {
            Self::Text | Self::Figure => "text",
            Self::Number { .. } | Self::Change { .. } | Self::Share { .. } => "a number",
            Self::Integer => "a whole number",
            Self::Flag | Self::Verdict { .. } => "a flag",
        }
    }

    /// Whether cells of this kind are aligned as figures.
    pub fn is_numeric(&self) -> bool {
        matches!(
            self,
            Self::Figure
                | Self::Number { .. }
                | Self::Change { .. }
                | Self::Share { .. }
                | Self::Integer
        )
    }
}

/// One column of a [`Table`](crate::Table).
///
/// ```
/// use acquis_report::{Column, Unit};
///
/// let exports = Column::change("exports_change_pct", "Exports", Unit::PERCENT, 2)
///     .describe("Change in the value of exports at constant prices");
/// assert_eq!(exports.name, "exports_change_pct");
/// assert_eq!(exports.shown_unit().as_str(), "%");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Column {
    /// Name in files: `snake_case` with the unit at the end, `exports_change_pct`.
    pub name: String,
    /// Heading for people, without the unit.
    pub header: String,
    /// Unit of the stored values.
    pub unit: Unit,
    /// What the cells hold.
    pub kind: ColumnKind,
    /// One sentence on what the column means; empty if the heading says it all.
    pub description: String,
}

impl Column {
    /// A column of any kind.
    pub fn new(
        name: impl Into<String>,
        header: impl Into<String>,
        unit: impl Into<Unit>,
        kind: ColumnKind,
    ) -> Self {
        Self {
            name: name.into(),
            header: header.into(),
            unit: unit.into(),
            kind,
            description: String::new(),
        }
    }

    /// Words.
    pub fn text(name: impl Into<String>, header: impl Into<String>) -> Self {
        Self::new(name, header, Unit::NONE, ColumnKind::Text)
    }

    /// Figures that are written out, see [`ColumnKind::Figure`].
    pub fn figure(
        name: impl Into<String>,
        header: impl Into<String>,
        unit: impl Into<Unit>,
    ) -> Self {
        Self::new(name, header, unit, ColumnKind::Figure)
    }

    /// A level with so many decimals.
    pub fn number(
        name: impl Into<String>,
        header: impl Into<String>,
        unit: impl Into<Unit>,
        decimals: usize,
    ) -> Self {
        Self::new(name, header, unit, ColumnKind::Number { decimals })
    }

    /// A signed change with so many decimals.
    pub fn change(
        name: impl Into<String>,
        header: impl Into<String>,
        unit: impl Into<Unit>,
        decimals: usize,
    ) -> Self {
        Self::new(name, header, unit, ColumnKind::Change { decimals })
    }

    /// A fraction, shown as a percentage with one decimal.
    pub fn share(name: impl Into<String>, header: impl Into<String>) -> Self {
        let kind = ColumnKind::Share { decimals: 1 };
        Self::new(name, header, Unit::FRACTION, kind)
    }

    /// A whole number.
    pub fn integer(
        name: impl Into<String>,
        header: impl Into<String>,
        unit: impl Into<Unit>,
    ) -> Self {
        Self::new(name, header, unit, ColumnKind::Integer)
    }

    /// Yes or no.
    pub fn flag(name: impl Into<String>, header: impl Into<String>) -> Self {
        Self::new(name, header, Unit::NONE, ColumnKind::Flag)
    }

    /// Yes or no in words of their own, `yes` being the favourable one.
    pub fn verdict(
        name: impl Into<String>,
        header: impl Into<String>,
        yes: impl Into<String>,
        no: impl Into<String>,
    ) -> Self {
        let kind = ColumnKind::Verdict {
            yes: yes.into(),
            no: no.into(),
            neither: String::new(),
        };
        Self::new(name, header, Unit::NONE, kind)
    }

    /// Gives a verdict column the word for a cell without a value.
    #[must_use]
    pub fn or_else(mut self, word: impl Into<String>) -> Self {
        if let ColumnKind::Verdict { neither, .. } = &mut self.kind {
            *neither = word.into();
        }
        self
    }

    /// Adds the sentence that explains the column.
    #[must_use]
    pub fn describe(mut self, sentence: impl Into<String>) -> Self {
        self.description = sentence.into();
        self
    }

    /// The unit of the figures as shown: a share is stored as a fraction and shown in %.
    pub fn shown_unit(&self) -> Unit {
        match self.kind {
            ColumnKind::Share { .. } => Unit::PERCENT,
            _ => self.unit.clone(),
        }
    }
}
