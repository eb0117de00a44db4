//! Partial equilibrium: what a change of tariffs does to one product.
//!
//! # What question it answers
//! A tariff schedule has thousands of lines, and a negotiator asks about one of them: if this
//! duty goes, who sells more, who sells less, what does the treasury lose, what do buyers gain?
//! The rest of the economy (wages, incomes, other products) stands still. Two models answer,
//! each a function of its own:
//!
//! | function | world | needs | prices abroad |
//! |---|---|---|---|
//! | [`smart()`] | one importer and its partners | imports and duties by partner, three elasticities | fixed, or along one supply elasticity |
//! | [`gsim()`] | all importers and exporters | the matrix of trade and of duties, elasticities by country | clear every exporter's market |
//!
//! [`smart`](mod@smart) is the model of the World Bank's WITS and of UNCTAD (Laird and Yeats
//! 1986); [`gsim`](mod@gsim) is Francois and Hall's (2003) answer to its weakest point, that one
//! importer at a time doesn't see what its neighbours do.
//!
//! # Elasticities
//! One convention, held by types: [`DemandElasticity`] is negative or zero, as the papers print
//! it; [`SupplyElasticity`] is positive or zero or [`SupplyElasticity::INFINITE`];
//! [`SubstitutionElasticity`] is positive or zero. A tariff is a fraction of the price at the
//! border: `0.1` is ten per cent. Values are in the user's unit, at world prices, duty not
//! included.
//!
//! # How the two are related
//! With fixed world prices and one initial duty for all partners both are linear to first
//! order, and the same model: SMART with substitution `σ` and demand `ε` gives each partner what
//! GSIM gives it with the substitution elasticity `σ - ε`. SMART books the whole creation to
//! the partner whose duty falls, GSIM spreads it over all varieties of the product. So an
//! elasticity estimated for one of them is not the other's.
//!
//! # What it leaves out
//! Incomes, wages and other products, quotas and fixed duties, entry into markets
//! where nothing is sold today (zero stays zero), and time. [`crate::solve`] is the
//! model for a change so wide that incomes answer.
//!
//! # How it fails
//! [`ElasticityError`], [`SmartError`] and [`GsimError`] name the value, partner or cell. A large
//! change can drive a linear answer below zero trade; that is an error too, and names the rule
//! that has no such limit.

mod elasticity;
pub mod gsim;
pub mod smart;

pub use elasticity::{DemandElasticity, ElasticityError, SubstitutionElasticity, SupplyElasticity};
pub use gsim::{Closing, Elasticities, GsimError, GsimResult, Industry, gsim};
pub use smart::{Diversion, Market, Partner, Response, SmartError, SmartResult, smart};
