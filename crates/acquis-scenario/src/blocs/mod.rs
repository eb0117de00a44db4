//! Which union would hold: the equilibrium engine as the payoff of games over blocs.
//!
//! A [`BlocsQuestion`] names candidates and what they could form: one bloc at a stage, several side by
//! side, or a level for each. [`BlocsGame`] checks it against the registry and the economy and
//! plays it: for each state of the game the stages between all pairs follow from the law
//! on the day of the base and from who stands together,
//!
//! ```text
//! stage(i, j) = the deeper of what holds already and what their bloc sets
//! ```
//!
//! so that a pair with a deeper stage gains nothing; the change of trade costs against the law
//! of the figures goes to the engine as in [`run`](crate::run), and what comes back is
//!
//! ```text
//! V_i = 100 (Ŵ_i - 1)        change of real income, per cent
//! V_i income_i / 100         the same in money: the equivalent variation at the prices of the figures
//! ```
//!
//! Who would leave, join or move is judged in per cent of each one's income; what is paid, summed or
//! shared out is money. Payments don't move prices: they are what they are worth at the
//! prices of the figures. `docs/blocs.md` defines every concept with its source.

mod arrangement;
mod ballot;
mod error;
mod game;
mod ground;
mod levels;
mod payoff;
mod question;
mod sensitivity;
mod several;
mod single;

pub use error::BlocsError;
pub use game::{BlocsAnswer, BlocsGame, BlocsVerdict, SingleVerdicts, Watch};
pub use ground::{Candidate, OfferedStages};
pub use levels::LevelsVerdict;
pub use question::{
    AdmissionQuestion, AdmissionRule, AdmissionWay, BlocForm, BlocsQuestion, Offer,
};
pub use sensitivity::Sensitivity;
pub use several::SeveralVerdict;
pub use single::{Focus, FocusReason, Sharing, SingleBlocVerdict};
