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
//! # What it leaves out
//!
//! One sector, no tariffs and no revenue; the effect of a stage is the same for every
//! pair. Draws, transfers and blocs come with the multi-sector model.

mod almanac;
mod economy;
mod effects;
pub mod figure;
mod reform;
mod run;
mod scenario;

pub use almanac::{Almanac, NoSum};
pub use economy::{Economy, EconomyFiles, read_economy_files, trade_file};
pub use effects::StageEffects;
pub use reform::{ChangedPair, Conflict, Reform};
pub use run::{
    Effects, Imports, Outcome, Row, RunError, VariantOutcome, Verdict, run, unknown_economy,
};
pub use scenario::{Base, Closure, Elasticity, Scenario, Variant};
