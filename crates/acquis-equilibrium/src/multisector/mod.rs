//! Many sectors: the model of Caliendo and Parro (2015) in exact hats.

mod access;
mod arrangements;
mod baseline;
mod certificate;
mod closure;
mod counterfactual;
mod decomposition;
mod elasticities;
mod error;
mod flows;
pub mod instruments;
mod observations;
mod preconditioner;
mod purchases;
mod repair;
mod sensitivity;
mod settings;
mod shock;
mod solve;
mod spread;
mod sweep;
mod system;

pub use baseline::Baseline;
pub use certificate::Certificate;
pub use closure::DeficitClosure;
pub use counterfactual::Counterfactual;
pub use decomposition::{Decomposition, DecompositionError, TariffOrigins, WelfareParts};
pub use elasticities::{Elasticities, ElasticityError};
pub use error::{Cause, NoEquilibrium, SolveError};
pub use flows::{Flows, TradeShift};
pub use observations::{DataError, Observations};
pub use repair::{BaselineError, Rebalancing, Repair, RepairKind, Repairs};
pub use settings::{Method, Numeraire, Settings, SettingsError};
pub use shock::{Mobility, RevenuePool, Shock, ShockError, Transfer, TransferAmount};
pub use solve::Solver;
