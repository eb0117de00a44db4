//! Why a vote could not be made of an organ's rule.

use acquis_decision::{GameError, IndicatorError, QuestionError, RuleError};
use acquis_registry::Finding;
use jiff::civil::Date;

use crate::almanac::NoSum;

/// Why an organ's rule and its members make no vote.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum VotingError {
    /// A name that is not there: an organ, a matter, a state.
    #[error(transparent)]
    Name(Box<Finding>),
    /// No rule on that day.
    #[error("no decision rule of {whose} is known for {day}; {known}")]
    NoRule {
        /// The organ, or the institution.
        whose: String,
        /// The day.
        day: Date,
        /// The rules there are, with their periods.
        known: String,
    },
    /// Nobody is a member.
    #[error("nobody takes part in {institution} on {day}")]
    NoMembers {
        /// The institution.
        institution: String,
        /// The day.
        day: Date,
    },
    /// A state that is taken out and is not in.
    #[error("{state} is no member of {institution} on {day}; the members are {members}")]
    NotAMember {
        /// The state.
        state: String,
        /// The institution.
        institution: String,
        /// The day.
        day: Date,
        /// The members.
        members: String,
    },
    /// A state that is put in and is in already.
    #[error("{state} is a member of {institution} on {day} already")]
    AlreadyAMember {
        /// The state.
        state: String,
        /// The institution.
        institution: String,
        /// The day.
        day: Date,
    },
    /// The sources say that votes have weights, and not which.
    #[error(
        "the rule of {organ} weighs votes, but no source gives the votes; choose weights, such as gdp:2003"
    )]
    NoVotes {
        /// The organ.
        organ: String,
    },
    /// The sources give votes for some only.
    #[error("the rule of {organ} gives no votes for {missing}; choose weights, or leave them out")]
    MissingVotes {
        /// The organ.
        organ: String,
        /// Those without votes.
        missing: String,
    },
    /// Votes for a state that is put in, under a rule that counts several kinds of votes.
    #[error(
        "the rule of {organ} counts several kinds of votes; {state} can't be given one number of them"
    )]
    SeveralVotes {
        /// The organ.
        organ: String,
        /// The state.
        state: String,
    },
    /// No quota.
    #[error("the rule of {organ} gives no quota for such votes; choose one, such as 2/3")]
    NoQuota {
        /// The organ.
        organ: String,
    },
    /// A number of votes where only a share makes sense.
    #[error("a quota of the votes cast is a share, not {votes} votes")]
    QuotaOfVotesCast {
        /// The number.
        votes: f64,
    },
    /// A quota for a rule that joins criteria.
    #[error(
        "the rule of {organ} joins several criteria; one quota can't take their place without weights"
    )]
    JoinedQuota {
        /// The organ.
        organ: String,
    },
    /// A figure that is not there.
    #[error(transparent)]
    Sum(#[from] NoSum),
    /// Figures of which no votes can be made.
    #[error(transparent)]
    Indicator(#[from] IndicatorError),
    /// A rule that can't be.
    #[error(transparent)]
    Rule(#[from] RuleError),
    /// A game without an answer.
    #[error(transparent)]
    Game(#[from] GameError),
    /// A sweep without an answer.
    #[error(transparent)]
    Question(#[from] QuestionError),
}

impl From<Finding> for VotingError {
    fn from(finding: Finding) -> Self {
        Self::Name(Box::new(finding))
    }
}
