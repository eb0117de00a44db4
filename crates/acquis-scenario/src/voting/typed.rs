//! What somebody types to ask of a vote: quotas, weights, members, blocs. The command line and
//! a form on a page read the same text by the same code.

use std::fmt;
use std::str::FromStr;

use acquis_registry::{Quota, Series, Weights};

/// Text that isn't what it should be: one sentence that says what it may be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct NotTyped(String);

impl NotTyped {
    fn because(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }
}

/// A quota as typed: `2/3`, `80%`, `0.8`, `12`; with a leading `>` more than it is needed.
///
/// ```
/// use acquis_scenario::AskedQuota;
///
/// let quota: AskedQuota = ">1/2".parse()?;
/// assert!(quota.strict);
/// assert_eq!(quota.to_string(), ">1/2");
/// assert!("150%".parse::<AskedQuota>().is_err());
/// # Ok::<(), acquis_scenario::NotTyped>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AskedQuota {
    /// What must be reached.
    pub quota: Quota,
    /// Whether more than that is needed.
    pub strict: bool,
}

impl AskedQuota {
    /// This quota, to be reached and not exceeded.
    pub const fn at_least(quota: Quota) -> Self {
        Self {
            quota,
            strict: false,
        }
    }
}

impl FromStr for AskedQuota {
    type Err = NotTyped;

    fn from_str(text: &str) -> Result<Self, NotTyped> {
        let (text, strict) = match text.trim().strip_prefix('>') {
            Some(rest) => (rest.trim(), true),
            None => (text.trim(), false),
        };
        let quota = match text.split_once('.') {
            Some((whole, digits)) if whole == "0" || text == "1.0" => decimal(whole, digits),
            _ => Quota::from_text(text).or_else(|| amount(text).map(Quota::Votes)),
        };
        let quota = quota.filter(|quota| quota.votes_of(1.0) > 0.0);
        quota.map(|quota| Self { quota, strict }).ok_or_else(|| {
            NotTyped::because(
                "a quota is a share above zero such as 2/3, 80% or 0.8, or a number of votes",
            )
        })
    }
}

impl fmt::Display for AskedQuota {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.strict {
            formatter.write_str(">")?;
        }
        match self.quota {
            Quota::Votes(votes) => write!(formatter, "{votes}"),
            Quota::Share {
                numerator,
                denominator: 100,
            } => write!(formatter, "{numerator}%"),
            Quota::Share {
                numerator,
                denominator,
            } => write!(formatter, "{numerator}/{denominator}"),
        }
    }
}

/// `0.85` as 85/100: the decimal as typed, not the nearest binary number.
fn decimal(whole: &str, digits: &str) -> Option<Quota> {
    let places = u32::try_from(digits.len()).ok()?;
    Some(Quota::Share {
        numerator: format!("{whole}{digits}").parse().ok()?,
        denominator: 10_u32.checked_pow(places)?,
    })
}

fn amount(text: &str) -> Option<f64> {
    let amount: f64 = text.parse().ok()?;
    (amount.is_finite() && amount >= 0.0).then_some(amount)
}

/// A share as typed: `0.4`, `40%` or `2/5`, from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TypedShare(pub f64);

impl FromStr for TypedShare {
    type Err = NotTyped;

    fn from_str(text: &str) -> Result<Self, NotTyped> {
        let text = text.trim();
        let share = match (text.strip_suffix('%'), text.split_once('/')) {
            (Some(percent), _) => amount(percent.trim()).map(|percent| percent / 100.0),
            (None, Some((part, whole))) => match (amount(part.trim()), amount(whole.trim())) {
                (Some(part), Some(whole)) if whole > 0.0 => Some(part / whole),
                _ => None,
            },
            (None, None) => amount(text),
        };
        share
            .filter(|share| (0.0..=1.0).contains(share))
            .map(Self)
            .ok_or_else(|| NotTyped::because("a share is a number from 0 to 1, such as 0.4 or 40%"))
    }
}

/// Somebody with votes, as typed: `RUS`, or `RUS=4`.
#[derive(Debug, Clone, PartialEq)]
pub struct Added {
    /// Code or name.
    pub name: String,
    /// Votes, where they are given.
    pub votes: Option<f64>,
}

impl FromStr for Added {
    type Err = NotTyped;

    fn from_str(text: &str) -> Result<Self, NotTyped> {
        let (name, votes) = match text.split_once('=') {
            None => (text, None),
            Some((name, number)) => {
                let number = number.trim();
                let votes = amount(number).ok_or_else(|| {
                    NotTyped::because(format!("{number:?} is not a number of votes"))
                })?;
                (name, Some(votes))
            }
        };
        let name = name.trim().to_owned();
        if name.is_empty() {
            return Err(NotTyped::because("a name is missing"));
        }
        Ok(Self { name, votes })
    }
}

/// Weights as typed: by a series and a year, `gdp:2003`, or as listed, `RUS=4,BLR=2`.
#[derive(Debug, Clone, PartialEq)]
pub enum TypedWeights {
    /// By a series.
    Series(Weights),
    /// As listed.
    Each(Vec<(String, f64)>),
}

impl FromStr for TypedWeights {
    type Err = NotTyped;

    fn from_str(text: &str) -> Result<Self, NotTyped> {
        if text.contains('=') {
            return listed(text).map(Self::Each);
        }
        series(text).map(Self::Series)
    }
}

/// `gdp:2003`
fn series(text: &str) -> Result<Weights, NotTyped> {
    let wrong = || {
        NotTyped::because(
            "weights are gdp or population and a year, such as gdp:2003, or a list such as \
             RUS=4,BLR=2",
        )
    };
    let (series, year) = text.trim().split_once(':').ok_or_else(wrong)?;
    Ok(Weights {
        series: match series {
            "gdp" => Series::Gdp,
            "population" => Series::Population,
            _ => return Err(wrong()),
        },
        year: year.parse().map_err(|_| wrong())?,
        floor: None,
        cap: None,
    })
}

/// `RUS=4,BLR=2`
fn listed(text: &str) -> Result<Vec<(String, f64)>, NotTyped> {
    let each = names(text)?.into_iter().map(|one| {
        let Added { name, votes } = one.parse()?;
        match votes {
            Some(votes) => Ok((name, votes)),
            None => Err(NotTyped::because(format!("{name:?} has no number"))),
        }
    });
    each.collect()
}

/// Names with commas between them, at least one.
fn names(text: &str) -> Result<Vec<String>, NotTyped> {
    let names: Vec<String> = text.split(',').map(|name| name.trim().to_owned()).collect();
    if names.iter().any(String::is_empty) {
        return Err(NotTyped::because(
            "names stand with a comma between them, such as RUS,BLR",
        ));
    }
    Ok(names)
}

/// Members that vote as one, as typed: `RUS,BLR`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bloc(pub Vec<String>);

impl FromStr for Bloc {
    type Err = NotTyped;

    fn from_str(text: &str) -> Result<Self, NotTyped> {
        names(text).map(Self)
    }
}

/// Who votes under a rule that is composed, as typed: `AUT,BEL,BGR`, or `15` for as many
/// without names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TypedPlayers {
    /// These.
    Named(Vec<String>),
    /// So many, named by their numbers.
    Numbered(usize),
}

impl FromStr for TypedPlayers {
    type Err = NotTyped;

    fn from_str(text: &str) -> Result<Self, NotTyped> {
        if let Ok(number) = text.trim().parse::<usize>() {
            return if (1..=acquis_decision::Rule::MOST_PLAYERS).contains(&number) {
                Ok(Self::Numbered(number))
            } else {
                Err(NotTyped::because(format!(
                    "there can be 1 to {} members, not {number}",
                    acquis_decision::Rule::MOST_PLAYERS
                )))
            };
        }
        names(text).map(Self::Named)
    }
}

/// How uncertain weights are, as typed: `10%` for all, or `RUS=5%,BLR=20%`, those not named being
/// certain.
#[derive(Debug, Clone, PartialEq)]
pub enum TypedSpread {
    /// The same for all.
    All(f64),
    /// By name.
    Each(Vec<(String, f64)>),
}

impl FromStr for TypedSpread {
    type Err = NotTyped;

    fn from_str(text: &str) -> Result<Self, NotTyped> {
        if !text.contains('=') {
            return text.parse().map(|TypedShare(share)| Self::All(share));
        }
        let each = names(text)?.into_iter().map(|one| {
            let (name, spread) = one.split_once('=').ok_or_else(|| {
                NotTyped::because(format!("{one:?} has no share, such as {one}=10%"))
            })?;
            let TypedShare(spread) = spread.parse()?;
            Ok((name.trim().to_owned(), spread))
        });
        each.collect::<Result<_, NotTyped>>().map(Self::Each)
    }
}

/// A distribution of power that is wanted, as typed: `equal`, in proportion to a series,
/// `population:2003`, or to numbers, `RUS=40,KAZ=20,BLR=20,UKR=20`.
#[derive(Debug, Clone, PartialEq)]
pub enum TypedWanted {
    /// The same for all.
    Equal,
    /// In proportion to a series.
    Series(Weights),
    /// In proportion to these numbers; nothing for who isn't named.
    Each(Vec<(String, f64)>),
}

impl FromStr for TypedWanted {
    type Err = NotTyped;

    fn from_str(text: &str) -> Result<Self, NotTyped> {
        if text.trim() == "equal" {
            return Ok(Self::Equal);
        }
        if text.contains('=') {
            return listed(text).map(Self::Each);
        }
        series(text).map(Self::Series).map_err(|_| {
            NotTyped::because(
                "what is wanted is equal, in proportion to gdp or population of a year, such as \
                 population:2003, or a list such as RUS=40,BLR=30,KAZ=30",
            )
        })
    }
}
