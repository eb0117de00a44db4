//! Gravity with the law as regressors: for every pair and year the stage of integration
//! between exporter and importer, and what comes of the estimates.
//!
//! [`join_stages`] adds to a panel a dummy for every stage that occurs ([`StageQuestion`] says at
//! which grade and on which day of the year), and [`StageEstimates`] takes the coefficients to where a scenario reads them.
//! [`other_world`] hands an estimate over to general equilibrium.

mod estimates;
mod join;
mod panel;
mod world;

pub(crate) use estimates::stage_named;
pub use estimates::{EstimatedFrom, StageEstimates, UnestimatedStage};
pub use join::{
    JoinError, JoinedStage, StageColumn, StageJoin, StageQuestion, StateNumbers, UnknownState,
    join_stages,
};
pub use panel::YearDay;
pub use world::{ChangedRegressor, OtherWorld, WorldError, WorldQuestion, WorldRow, other_world};
