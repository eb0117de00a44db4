//! A scenario is a reform laid over the law: acts added to a registry, struck from it or
//! moved in time. This crate takes it the whole way: the law before and after, what that
//! does to trade costs, the equilibrium, each state's gain, and who would have reason to
//! refuse.
//!
//! # The chain
//!
//! 1. [`Scenario::read`] reads the file; [`Economy::load`] the trade figures.
//! 2. The amendments are laid over the registry
//!    ([`Registry::amended`](acquis_registry::Registry::amended)), and the law of both is
//!    compared on one day at one grade ([`Reform`]). Commitments that exclude each other
//!    are reported, and a variant that brings new ones is refused unless told to go on.
//! 3. A pair of states whose stage moves from *s* to *s'* has its trade multiplied, at
//!    given multilateral resistances, by `exp(effect(s') - effect(s))` ([`StageEffects`]).
//!    A stage that holds already adds nothing, so no gain is counted twice.
//! 4. The equilibrium of `acquis_equilibrium` gives trade and real income with its
//!    certificate; [`Effects`] holds a [`Row`] for each economy.
//!
//! # One sector or many
//! The economy decides. With one sector a stage is a change of trade cost. With many it is
//! tariffs first: free trade, a common tariff by rule, or what applies without preference;
//! then what the estimated effect has beyond the tariff, as a cost that earns no revenue, so
//! that no tariff is counted twice. Revenue pools, payments and labour that moves come from
//! the scenario ([`TradePolicy`]); draws ([`Uncertainty`]) give quantiles.
//!
//! # Put together step by step
//! A [`Draft`] is a scenario file that is changed by clicks and fields ([`Edit`]);
//! [`reforms`] gives the law's answer at once, without the equilibrium.
//!
//! # Who decides
//! [`Vote`] takes the rule of an organ and its members on a day, or a [`ComposedRule`], to a rule
//! whose power `acquis_decision` counts, with the weights, the quota and the members that are
//! asked for. What is typed, on a command line or into a form, is read into a [`VoteRequest`]
//! and [`VoteQuestions`].
//!
//! # Which union would hold
//! [`BlocsGame`] takes the `[blocs]` table of a scenario to a game whose payoffs are equilibria, and
//! `acquis_blocs` says which blocs hold, who pays whom and who joins first ([`BlocsAnswer`]).
//!
//! # Where the effects of stages come from
//! From the literature, or from a file of estimates with their covariance, which
//! [`gravity`] makes of a panel of trade and the same acts that the law reads
//! ([`gravity::StageEstimates`]); draws then move every stage by its own.
//!
//! # What it leaves out
//!
//! The effect of a stage is the same for every pair and sector.

mod almanac;
mod blocs;
mod border;
mod draft;
mod draws;
mod effects;
pub mod figure;
pub mod gravity;
mod policy;
mod reform;
mod run;
mod scenario;
mod sectors;
mod voting;

pub use acquis_economy::{Economy, EconomyFiles, read_economy_files};
pub use acquis_law::Grade;
pub use almanac::{Almanac, NoSum};
pub use blocs::{
    AdmissionQuestion, AdmissionRule, AdmissionWay, BlocForm, BlocsAnswer, BlocsError, BlocsGame,
    BlocsQuestion, BlocsVerdict, Candidate, Focus, FocusReason, LevelsVerdict, Offer,
    OfferedStages, Sensitivity, SeveralVerdict, Sharing, SingleBlocVerdict, SingleVerdicts, Watch,
};
pub use draft::{
    ActsOf, Draft, Edit, EditError, MembershipCell, MembershipColumn, MembershipRow, Memberships,
    Scope, Start,
};
pub use draws::Quantiles;
pub use effects::StageEffects;
pub use policy::{CommonTariff, Payment, PaymentAmount, Pool, TradePolicy, Uncertainty};
pub use reform::{ChangedPair, Conflict, ConflictCase, Reform};
pub use run::{
    Effects, Imports, Model, Outcome, Progress, Row, RunError, Trade, VariantOutcome, Verdict,
    name_of, reforms, run, unknown_economy,
};
pub use scenario::{Base, Beside, Closure, Elasticity, ElasticityUsed, Scenario, Variant};
pub use sectors::{FlowRow, PaymentRow, PublicIncome, SectorResults, SectorRow};
pub use voting::{
    Added, Against, Also, AskedQuota, AskedWeights, Bloc, ComposedRule, Measure, Measures,
    NearestVotes, NotTyped, OrganRuleOn, Origin, Players, Powers, QuotaSweep, SweptQuota,
    TypedPlayers, TypedShare, TypedSpread, TypedWanted, TypedWeights, UncertainPower,
    UnknownMeasure, Vote, VoteQuestions, VoteRequest, Voter, VotingError, VotingQuestion, Winning,
    rule_file_text, rule_line,
};
