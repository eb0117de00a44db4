//! Why a vote could not be made of an organ's rule.

use acquis_decision::{GameError, IndicatorError, QuestionError, RuleError};
use acquis_registry::{Finding, Findings};
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
    #[error("nobody takes part in {body}")]
    NoMembers {
        /// The institution, with the day.
        body: String,
    },
    /// Somebody who is taken out and is not in.
    #[error("{voter} is no member of {body}; the members are {voters}")]
    NotAMember {
        /// Who.
        voter: String,
        /// Whose member, with the day.
        body: String,
        /// The members.
        voters: String,
    },
    /// Somebody who is put in and is in already.
    #[error("{voter} is a member of {body} already")]
    AlreadyAMember {
        /// Who.
        voter: String,
        /// Whose member, with the day.
        body: String,
    },
    /// Somebody who is asked about or named in a rule and has no vote.
    #[error("{name} has no vote; the members are {voters}{near}")]
    NoVoter {
        /// Who.
        name: String,
        /// The members.
        voters: String,
        /// The nearest name as a question, or nothing.
        near: String,
    },
    /// Somebody who is listed twice.
    #[error("{voter} is listed twice")]
    ListedTwice {
        /// Who.
        voter: String,
    },
    /// The sources say that votes have weights, and not which.
    #[error(
        "{whose} weighs votes, but no source gives the votes; choose weights, such as gdp:2003"
    )]
    NoVotes {
        /// The rule.
        whose: String,
    },
    /// The sources give votes for some only.
    #[error("{whose} gives no votes for {missing}; choose weights, or leave them out")]
    MissingVotes {
        /// The rule.
        whose: String,
        /// Those without votes.
        missing: String,
    },
    /// Votes for somebody who is put in, under a rule that counts several kinds of votes.
    #[error("{whose} counts several kinds of votes; {voter} can't be given one number of them")]
    SeveralVotes {
        /// The rule.
        whose: String,
        /// Who.
        voter: String,
    },
    /// No quota.
    #[error("{whose} gives no quota for such votes; choose one, such as 2/3")]
    NoQuota {
        /// The rule.
        whose: String,
    },
    /// A number of votes where only a share makes sense.
    #[error("a quota of the votes cast is a share, not {votes} votes")]
    QuotaOfVotesCast {
        /// The number.
        votes: f64,
    },
    /// A number of votes where the votes themselves are sought.
    #[error("where votes are sought the quota is a share of them, such as 2/3, not {votes} votes")]
    QuotaOfNoVotes {
        /// The number.
        votes: f64,
    },
    /// More draws of uncertain weights than can be waited for.
    #[error("{draws} draws are too many; there can be {most}")]
    TooManyDraws {
        /// How many.
        draws: usize,
        /// How many there may be.
        most: usize,
    },
    /// A distribution of power that gives nobody anything.
    #[error("the wanted distribution gives nobody any power")]
    NothingWanted,
    /// A quota for a rule that joins criteria.
    #[error("{whose} joins several criteria; one quota can't take their place without weights")]
    JoinedQuota {
        /// The rule.
        whose: String,
    },
    /// A question about one kind of votes, for a rule that joins criteria.
    #[error("{whose} joins several criteria, so that {what}; choose weights")]
    SeveralCriteria {
        /// The rule.
        whose: String,
        /// What can't be asked.
        what: &'static str,
    },
    /// A floor or a cap for votes that are listed.
    #[error("a floor or a cap is for votes by a series; listed votes are as they are")]
    HeldVotes,
    /// Neither an organization nor a rule.
    #[error("name an organization, or compose a rule")]
    NothingAsked,
    /// Members for a rule that an organization's members vote by.
    #[error("the members are those of the organization; put some in or take some out instead")]
    TwoBodies,
    /// A composed rule that says nothing of who votes.
    #[error("the composed rule names nobody; say who votes, such as 15 or FRA,DEU,ITA")]
    NobodyNamed,
    /// Votes without names, for members who have names.
    #[error(
        "the composed rule has votes for {number} members without names; name them, such as RUS=4"
    )]
    UnnamedVotes {
        /// How many votes.
        number: usize,
    },
    /// Votes without names, for another number of members.
    #[error("the composed rule has votes for {votes} members, not for {members}")]
    OtherNumber {
        /// How many votes.
        votes: usize,
        /// How many members.
        members: usize,
    },
    /// A composed rule that can't be read.
    #[error(transparent)]
    Composed(#[from] Findings),
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
