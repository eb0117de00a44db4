//! `acquis vote`: what can be asked of an organ.

use std::path::PathBuf;

use acquis_registry::{Quota, Series, Weights};
use clap::Args;

use super::On;

#[derive(Debug, Args)]
pub(crate) struct VoteQuery {
    /// The organization or agreement
    #[arg(value_name = "ORG")]
    pub(crate) organization: String,
    /// The organ, or part of its name; the first that weighs votes if left out
    #[arg(long, value_name = "NAME")]
    pub(crate) organ: Option<String>,
    /// What is decided, or part of its words, where the organ has several rules
    #[arg(long, value_name = "WORDS")]
    pub(crate) matter: Option<String>,
    #[command(flatten)]
    pub(crate) on: On,
    /// Weigh votes by gdp or population of a year, such as gdp:2003, or as listed, such as
    /// RUS=4,BLR=2
    #[arg(long, value_name = "SERIES:YEAR|STATE=VOTES,...", value_parser = weights)]
    weights: Option<TypedWeights>,
    /// No share of votes below this one
    #[arg(long, value_name = "SHARE", requires = "weights", value_parser = fraction)]
    floor: Option<f64>,
    /// No share of votes above this one
    #[arg(long, value_name = "SHARE", requires = "weights", value_parser = fraction)]
    cap: Option<f64>,
    /// Another quota: a share such as 2/3, 80% or 0.8, or a whole number of votes; with a
    /// leading > more than it is needed
    #[arg(long, value_parser = quota)]
    quota: Option<AskedQuota>,
    /// Show what quotas from one half to all votes would do
    #[arg(long)]
    pub(crate) sweep: bool,
    /// Who can outvote this state, and with whom it can block; may be given more than once
    #[arg(long, value_name = "STATE")]
    pub(crate) outvote: Vec<String>,
    /// Take a member out; may be given more than once
    #[arg(long, value_name = "STATE")]
    pub(crate) without: Vec<String>,
    /// Put a state in, with its votes where they are listed, as UZB=1; may be given more
    /// than once
    #[arg(long = "with", value_name = "STATE[=VOTES]", value_parser = added)]
    pub(crate) with: Vec<Added>,
    /// Write each table as a CSV file to this folder too
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
}

impl VoteQuery {
    /// The weights that are asked for, with their floor and cap.
    pub(crate) fn weights(&self) -> Option<TypedWeights> {
        let mut weights = self.weights.clone();
        if let Some(TypedWeights::Series(weights)) = &mut weights {
            weights.floor = self.floor;
            weights.cap = self.cap;
        }
        weights
    }

    /// Whether a floor or a cap is asked for votes that are listed, where it means nothing.
    pub(crate) fn holds_listed_votes(&self) -> bool {
        let is_held = self.floor.is_some() || self.cap.is_some();
        is_held && matches!(self.weights, Some(TypedWeights::Each(_)))
    }

    /// The quota that is asked for, and whether it must be exceeded.
    pub(crate) fn quota(&self) -> (Option<Quota>, bool) {
        match self.quota {
            Some(asked) => (Some(asked.quota), asked.strict),
            None => (None, false),
        }
    }
}

/// A quota as typed.
#[derive(Debug, Clone, Copy)]
struct AskedQuota {
    quota: Quota,
    strict: bool,
}

/// A state with its votes, as typed.
#[derive(Debug, Clone)]
pub(crate) struct Added {
    /// Code or name.
    pub(crate) state: String,
    /// Its votes.
    pub(crate) votes: Option<f64>,
}

/// Weights as typed.
#[derive(Debug, Clone)]
pub(crate) enum TypedWeights {
    /// By a series.
    Series(Weights),
    /// As listed.
    Each(Vec<Added>),
}

fn weights(text: &str) -> Result<TypedWeights, String> {
    if text.contains('=') {
        let each = text.split(',').map(|one| {
            let one = added(one.trim())?;
            match one.votes {
                Some(_) => Ok(one),
                None => Err(format!("{:?} has no votes", one.state)),
            }
        });
        return Ok(TypedWeights::Each(each.collect::<Result<_, String>>()?));
    }
    let wrong = || {
        "weights are gdp or population and a year, such as gdp:2003, or a list such as RUS=4,BLR=2"
            .to_owned()
    };
    let (series, year) = text.split_once(':').ok_or_else(wrong)?;
    let series = match series {
        "gdp" => Series::Gdp,
        "population" => Series::Population,
        _ => return Err(wrong()),
    };
    Ok(TypedWeights::Series(Weights {
        series,
        year: year.parse().map_err(|_| wrong())?,
        floor: None,
        cap: None,
    }))
}

fn fraction(text: &str) -> Result<f64, String> {
    text.parse()
        .ok()
        .filter(|share: &f64| (0.0..=1.0).contains(share))
        .ok_or_else(|| "a share is a number from 0 to 1".to_owned())
}

fn quota(text: &str) -> Result<AskedQuota, String> {
    let (text, strict) = match text.trim().strip_prefix('>') {
        Some(rest) => (rest.trim(), true),
        None => (text.trim(), false),
    };
    let quota = match text.split_once('.') {
        Some((whole, digits)) if whole == "0" || text == "1.0" => decimal(whole, digits),
        _ => Quota::from_text(text).or_else(|| votes(text).map(Quota::Votes)),
    };
    let quota = quota.filter(|quota| quota.votes_of(1.0) > 0.0);
    quota
        .map(|quota| AskedQuota { quota, strict })
        .ok_or_else(|| {
            "a quota is a share above zero such as 2/3, 80% or 0.8, or a number of votes".to_owned()
        })
}

/// `0.85` as 85/100: the decimal as typed, not the nearest binary number.
fn decimal(whole: &str, digits: &str) -> Option<Quota> {
    let places = u32::try_from(digits.len()).ok()?;
    Some(Quota::Share {
        numerator: format!("{whole}{digits}").parse().ok()?,
        denominator: 10_u32.checked_pow(places)?,
    })
}

fn votes(text: &str) -> Option<f64> {
    let votes: f64 = text.parse().ok()?;
    (votes.is_finite() && votes > 0.0).then_some(votes)
}

fn added(text: &str) -> Result<Added, String> {
    let Some((state, number)) = text.split_once('=') else {
        return Ok(Added {
            state: text.to_owned(),
            votes: None,
        });
    };
    let votes = number
        .parse()
        .ok()
        .filter(|votes: &f64| votes.is_finite() && *votes >= 0.0)
        .ok_or_else(|| format!("{number:?} is not a number of votes"))?;
    Ok(Added {
        state: state.to_owned(),
        votes: Some(votes),
    })
}
