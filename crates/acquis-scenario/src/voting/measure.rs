//! The measures of power that can be asked for, by the names that are typed.

use std::fmt;
use std::str::FromStr;

use acquis_decision::Index;
use acquis_registry::nearest;

/// A measure of each member's power.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Measure {
    /// Share of all swings: normalized Penrose-Banzhaf.
    Banzhaf,
    /// Shapley-Shubik.
    ShapleyShubik,
    /// Penrose-Banzhaf, absolute.
    Absolute,
    /// Swings, as a number.
    Swings,
    /// Coleman's power to prevent.
    Prevent,
    /// Coleman's power to initiate.
    Initiate,
    /// Johnston.
    Johnston,
    /// Deegan and Packel.
    DeeganPackel,
    /// Holler, also called the public good index.
    Holler,
    /// The nucleolus.
    Nucleolus,
}

impl Measure {
    /// All, in the order in which they are shown.
    pub const ALL: [Self; 10] = [
        Self::Banzhaf,
        Self::ShapleyShubik,
        Self::Absolute,
        Self::Swings,
        Self::Prevent,
        Self::Initiate,
        Self::Johnston,
        Self::DeeganPackel,
        Self::Holler,
        Self::Nucleolus,
    ];

    /// The word that is typed for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Banzhaf => "banzhaf",
            Self::ShapleyShubik => "shapley-shubik",
            Self::Absolute => "absolute",
            Self::Swings => "swings",
            Self::Prevent => "prevent",
            Self::Initiate => "initiate",
            Self::Johnston => "johnston",
            Self::DeeganPackel => "deegan-packel",
            Self::Holler => "holler",
            Self::Nucleolus => "nucleolus",
        }
    }

    /// The index, of which swings are the count behind the first.
    pub const fn index(self) -> Index {
        match self {
            Self::Banzhaf => Index::Banzhaf,
            Self::ShapleyShubik => Index::ShapleyShubik,
            Self::Absolute | Self::Swings => Index::BanzhafAbsolute,
            Self::Prevent => Index::ColemanPrevent,
            Self::Initiate => Index::ColemanInitiate,
            Self::Johnston => Index::Johnston,
            Self::DeeganPackel => Index::DeeganPackel,
            Self::Holler => Index::Holler,
            Self::Nucleolus => Index::Nucleolus,
        }
    }
}

impl fmt::Display for Measure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.word())
    }
}

/// A word that names no measure.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{given:?} is no measure of power; there are {known}{near}")]
pub struct UnknownMeasure {
    given: String,
    known: String,
    near: String,
}

impl FromStr for Measure {
    type Err = UnknownMeasure;

    fn from_str(text: &str) -> Result<Self, UnknownMeasure> {
        let given = text.trim().to_lowercase();
        let named = |measure: &Self| measure.word() == given;
        Self::ALL.into_iter().find(named).ok_or_else(|| {
            let words = Self::ALL.map(Self::word);
            let near = nearest(&given, words);
            UnknownMeasure {
                given: text.trim().to_owned(),
                known: words.join(", "),
                near: near.map_or_else(String::new, |word| format!("; did you mean {word:?}?")),
            }
        })
    }
}

/// Which measures are asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Measures {
    /// The two best known.
    #[default]
    Usual,
    /// These; one that can't be had is an error.
    Named(Vec<Measure>),
    /// All that can be had for so many members.
    All,
}

impl Measures {
    /// The measures, in the order in which they are shown.
    pub fn list(&self) -> Vec<Measure> {
        match self {
            Self::Usual => vec![Measure::Banzhaf, Measure::ShapleyShubik],
            Self::Named(named) => {
                let mut each: Vec<Measure> = Vec::new();
                for measure in named {
                    if !each.contains(measure) {
                        each.push(*measure);
                    }
                }
                each
            }
            Self::All => Measure::ALL.to_vec(),
        }
    }

    /// Those that are indices, of which there is one at least: other questions are asked by
    /// them.
    pub fn indices(&self) -> Vec<Measure> {
        let mut indices = self.list();
        indices.retain(|measure| *measure != Measure::Swings);
        if indices.is_empty() {
            indices.push(Measure::Banzhaf);
        }
        indices
    }

    /// The first of the indices.
    pub fn first(&self) -> Measure {
        self.indices().first().copied().unwrap_or(Measure::Banzhaf)
    }
}
