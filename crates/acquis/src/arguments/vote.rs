//! `acquis vote`: what can be asked of a rule.

use std::path::PathBuf;

use acquis_scenario::{
    Added, AskedQuota, Bloc, Measure, TypedPlayers, TypedShare, TypedSpread, TypedWanted,
    TypedWeights,
};
use clap::Args;

use super::On;

const RULES: &str = "Rules, for --rule and --against:
  [7; RUS=4, BLR=2, KAZ=2, KGZ=1, TJK=1]   votes with a quota; [2/3; ...] a share, [>1/2; ...] more than it
  [62; 10x4, 8, 5x4, 4x2, 3x3, 2]          without names: ten votes for each of four, ...
  [65%; population:2014]                   votes by gdp or population; also: gdp:2003 from 5% to 40%
  majority   2/3 of members   9 of members   2 of (FRA, DEU, ITA)   majority of cast
  consensus   consensus minus one   unanimity   veto(CHN, FRA)   blocking 4
  A and B,  A or B,  (A or B) and C";

#[derive(Debug, Args)]
#[command(after_help = RULES)]
pub(crate) struct VoteQuery {
    /// The organization or agreement; may be left out with --rule
    #[arg(value_name = "ORG", required_unless_present = "rule")]
    pub(crate) organization: Option<String>,
    #[command(flatten)]
    pub(crate) on: On,
    /// The organ, or part of its name; the first that weighs votes if left out
    #[arg(long, value_name = "NAME")]
    pub(crate) organ: Option<String>,
    /// What is decided, or part of its words, where the organ has several rules
    #[arg(long, value_name = "WORDS")]
    pub(crate) matter: Option<String>,
    #[command(flatten)]
    pub(crate) rule: RuleAsked,
    #[command(flatten)]
    pub(crate) questions: QuestionsAsked,
    /// Write each table as CSV and each picture as SVG to this folder too, and a report to read in
    /// a browser
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
}

/// What is put in the place of a rule, or of a part of it.
#[derive(Debug, Args)]
#[command(next_help_heading = "Another rule")]
pub(crate) struct RuleAsked {
    /// Compose a rule, in a line or in a TOML file; it is counted by itself or among the members of
    /// ORG
    #[arg(long, value_name = "RULE|FILE")]
    pub(crate) rule: Option<String>,
    /// Who votes under a composed rule: names, or how many
    #[arg(
        long,
        value_name = "A,B,...|N",
        requires = "rule",
        conflicts_with = "organization"
    )]
    pub(crate) members: Option<TypedPlayers>,
    /// Weigh votes by gdp or population of a year, such as gdp:2003, or as listed, such as
    /// RUS=4,BLR=2
    #[arg(long, value_name = "SERIES:YEAR|STATE=VOTES,...")]
    pub(crate) weights: Option<TypedWeights>,
    /// No share of votes below this one
    #[arg(long, value_name = "SHARE", requires = "weights")]
    pub(crate) floor: Option<TypedShare>,
    /// No share of votes above this one
    #[arg(long, value_name = "SHARE", requires = "weights")]
    pub(crate) cap: Option<TypedShare>,
    /// Another quota: a share such as 2/3, 80% or 0.8, or a whole number of votes; with a
    /// leading > more than it is needed
    #[arg(long)]
    pub(crate) quota: Option<AskedQuota>,
    /// Put a state in, with its votes where they are listed, as UZB=1; may be given more
    /// than once
    #[arg(long = "with", value_name = "STATE[=VOTES]")]
    pub(crate) with: Vec<Added>,
    /// Take a member out; may be given more than once
    #[arg(long, value_name = "STATE")]
    pub(crate) without: Vec<String>,
}

/// What is asked of the rule.
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
#[derive(Debug, Args)]
#[command(next_help_heading = "Questions")]
pub(crate) struct QuestionsAsked {
    /// Measures of power: banzhaf, shapley-shubik, absolute, swings, prevent, initiate, johnston,
    /// deegan-packel, holler, nucleolus
    #[arg(long, value_name = "NAME,...", value_delimiter = ',')]
    pub(crate) index: Vec<Measure>,
    /// Every measure that can be had for so many members
    #[arg(long, conflicts_with = "index")]
    pub(crate) all: bool,
    /// Show power as fractions
    #[arg(long)]
    pub(crate) exact: bool,
    /// Who gains and loses power against another day, another rule, or the rule itself
    #[arg(long, value_name = "DATE|RULE|FILE|itself")]
    pub(crate) against: Option<String>,
    /// What quotas from one half to all votes would do
    #[arg(long)]
    pub(crate) sweep: bool,
    /// Who can outvote this state, and with whom it can block; may be given more than once
    #[arg(long, value_name = "STATE")]
    pub(crate) outvote: Vec<String>,
    /// List the coalitions that win
    #[arg(long)]
    pub(crate) coalitions: bool,
    /// Members that vote as one, such as RUS,BLR; may be given more than once
    #[arg(long, value_name = "STATE,...")]
    pub(crate) bloc: Vec<Bloc>,
    /// Count abstention too
    #[arg(long)]
    pub(crate) abstention: bool,
    /// How sure power is where votes are known with an error: 10%, or RUS=5%,BLR=20%
    #[arg(long, value_name = "ERROR")]
    pub(crate) uncertain: Option<TypedSpread>,
    /// How often uncertain votes are drawn
    #[arg(long, value_name = "N", default_value_t = 1000, requires = "uncertain")]
    pub(crate) draws: usize,
    /// The seed of draws and searches
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub(crate) seed: u64,
    /// Look for votes whose power comes near to this: equal, population:2003, or
    /// RUS=40,BLR=30,KAZ=30
    #[arg(long, value_name = "POWER")]
    pub(crate) wanted: Option<TypedWanted>,
}
