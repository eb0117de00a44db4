//! What a change of trade policy does to trade, wages, prices and welfare.
//!
//! # What question it answers
//! Given who sold how much to whom, and a change of trade costs: what would trade, wages,
//! prices and welfare have been, once incomes and prices everywhere have adjusted? The
//! crate knows no states and no treaties: trade with labels goes in, trade with a
//! certificate comes out. It has three rooms:
//!
//! | room | world | policy | what adjusts |
//! |---|---|---|---|
//! | this page, [`solve()`] | one sector, a trade matrix | effects on trade, technology | all prices, wages and incomes |
//! | [`multisector`] | many sectors with input-output links | tariffs, export taxes, trade costs, unions and their instruments | also revenue, inputs, labour that moves |
//! | [`partial`] | one product | tariffs | the prices of that product, incomes don't |
//!
//! The first needs nothing but trade and one elasticity. Take the second where duties, their
//! revenue or a sector matter, the third for single lines of a tariff. With one sector, no
//! tariffs and no inputs the first two are the same model. The rest of this page is about
//! the first.
//!
//! # The model of one sector
//! Each of `n` economies makes one good (or a range of goods) with labour. `X_ij` are sales
//! of exporter `i` to importer `j`, domestic sales included; `Y_i = Σ_j X_ij` is output,
//! `E_j = Σ_i X_ij` expenditure, `D = E - Y` the deficit, `π_ij = X_ij / E_j` the share of
//! `j`'s spending that goes to `i`. A hat is the ratio of new to old, `x̂ = x'/x`. Trade
//! costs change so that trade at given wages and prices is multiplied by
//! `B_ij = τ̂_ij^{-θ}`, and technology by `Â_i`. In equilibrium
//!
//! ```text
//! P̂_j^{-θ}  = Σ_i π_ij B_ij Â_i ŵ_i^{-θ}                          consumer prices
//! Y_i ŵ_i   = Â_i ŵ_i^{-θ} Σ_j π_ij B_ij E'_j / P̂_j^{-θ}          income is sales
//! E'_j      = Y_j ŵ_j + deficit                                   see DeficitClosure
//! Σ Y_i ŵ_i = Σ Y_i                                               see Numeraire
//! X'_ij     = π_ij B_ij Â_i ŵ_i^{-θ} E'_j / P̂_j^{-θ}
//! ```
//!
//! No trade cost, preference or technology level is needed: the observed shares hold them
//! (Dekle, Eaton and Kortum 2008). With `θ = σ - 1` this is Anderson and van Wincoop (2003)
//! with incomes that respond, in the form of Baier, Yotov and Zylkin (2019); Allen,
//! Arkolakis and Takahashi (2020) show that with balanced trade an equilibrium exists and is
//! unique up to the numeraire. [`StructuralGravity`] answers the question before incomes
//! respond, from output, expenditure and estimated trade costs.
//!
//! # Example
//! A customs union of A and B, which an estimate says doubles their trade at given
//! incomes (`ln 2 = 0.69`), seen from all three:
//!
//! ```
//! use acquis_equilibrium::{Baseline, Settings, Shock, TradeElasticity, solve};
//!
//! let labels = ["A", "B", "C"].map(String::from).to_vec();
//! #[rustfmt::skip]
//! let baseline = Baseline::new(labels, vec![
//!     80.0, 10.0,  10.0, // what A sells to A, B and C
//!     12.0, 50.0,   8.0,
//!      9.0,  6.0, 300.0,
//! ])?;
//! let effect = 2_f64.ln();
//! #[rustfmt::skip]
//! let union = Shock::from_log_trade_effects(3, vec![
//!     0.0,    effect, 0.0,
//!     effect, 0.0,    0.0,
//!     0.0,    0.0,    0.0,
//! ])?;
//! let settings = Settings::new(TradeElasticity::new(4.0)?);
//! let result = solve(&baseline, &union, &settings)?;
//!
//! let welfare = result.welfare_change();
//! assert!(welfare[0] > 1.02 && welfare[1] > 1.03); // the members gain
//! assert!(welfare[2] < 1.0); // the third loses a little
//! assert!(result.certificate.residual <= 1e-12);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Solvers
//! The unknown is `u = ln ŵ`, the residual `r_i = ln S_i - ln(Y_i ŵ_i)`, sales against income.
//! With balanced trade its Jacobian is minus a singular M-matrix, so that the tatonnement
//! `u_i + r_i / (-J_ii)` contracts; Anderson acceleration of depth 8 (Walker and Ni 2011) makes
//! it fast. With the diagonal taken at the start it needs 12 to 17 iterations in the worlds
//! below; the customary divisor `1 + θ` takes two and a half to five times as long. Newton's
//! method with a rank-one bordered Jacobian needs 3 to 5 iterations, but each costs `n³`.
//! Medians on one core of a shared machine, from the prepared baseline to the certified table
//! at `1e-12` (`benches/scenario.rs`):
//!
//! | economies | Anderson | Newton |
//! |---:|---:|---:|
//! | 3 | 2.8 µs | 3.8 µs |
//! | 12 | 9.1 µs | 9.5 µs |
//! | 16 | 13 µs | 18 µs |
//! | 20 | 17 µs | 25 µs |
//! | 36 | 25 µs | 51 µs |
//! | 44 | 31 µs | 73 µs |
//! | 194 | 0.38 ms | 3.5 ms |
//!
//! [`Method::Automatic`] therefore begins with Anderson and turns to Newton where it makes no
//! progress; its weak spot is
//! near autarky. If both fail from the baseline, the shock is imposed in steps. Thousands of
//! scenarios that are near each other are solved in a [`Neighbourhood`]: from what is known of
//! one, with its inverse Jacobian for a divisor, in about half the evaluations (six, where blocs of
//! twelve among 36 are each begun at what smaller ones say of them). The page of
//! [`multisector`] says how that model is solved.
//!
//! # What it leaves out
//! Sectors, intermediate goods, tariff revenue and factor movement, which are
//! [`multisector`]'s; dynamics. Flows that are zero stay zero. A bilateral factor that
//! contains a tariff treats it as a resource cost. Deficits are moved around, not explained.
//! Standard errors come from solving again for draws of the effects.
//!
//! # How it fails
//! Loudly: [`BaselineError`], [`ShockError`] and [`SettingsError`] name the cell or value
//! before anything is solved, [`SolveError::NoEquilibrium`] says what was tried. There is
//! never a table without a [`Certificate`] whose residual, recomputed from the table, is
//! within the tolerance. Known ways to get there:
//!
//! - A shock that cuts economies off from all trade while a deficit is held fixed: no
//!   equilibrium exists, and the error comes at once. With no deficits autarky is solved;
//!   the wages of parts that don't trade with each other are then indeterminate, and
//!   each part keeps its baseline output.
//! - [`DeficitClosure::Additive`] and large shocks: expenditure would turn negative.
//! - Near autarky a residual of `1e-12` bounds the error of relative wages less tightly, since
//!   hardly any trade ties them together.
//!
//! # References
//! - Allen, T., C. Arkolakis and Y. Takahashi (2020), "Universal Gravity", Journal of Political
//!   Economy 128(2).
//! - Anderson, J. and E. van Wincoop (2003), "Gravity with Gravitas", American Economic Review
//!   93(1).
//! - Arkolakis, C., A. Costinot and A. Rodríguez-Clare (2012), "New Trade Models, Same Old
//!   Gains?", American Economic Review 102(1).
//! - Baier, S., Y. Yotov and T. Zylkin (2019), "On the widely differing effects of free trade
//!   agreements", Journal of International Economics 116.
//! - Dekle, R., J. Eaton and S. Kortum (2008), "Global Rebalancing with Gravity", IMF Staff
//!   Papers 55(3).
//! - Walker, H. and P. Ni (2011), "Anderson Acceleration for Fixed-Point Iterations", SIAM
//!   Journal on Numerical Analysis 49(4).

mod anderson;
mod balancing;
mod baseline;
mod certificate;
mod closure;
mod counterfactual;
mod error;
mod kernels;
mod lu;
pub mod multisector;
mod neighbourhood;
mod newton;
pub mod partial;
mod parts;
mod residual;
mod run;
mod settings;
mod shock;
mod solve;
mod structural;

pub use baseline::{Baseline, BaselineError};
pub use certificate::Certificate;
pub use closure::{DeficitClosure, Numeraire};
pub use counterfactual::Counterfactual;
pub use error::{Attempt, Cause, NoEquilibrium, SolveError};
pub use neighbourhood::Neighbourhood;
pub use settings::{Method, Settings, SettingsError, TradeElasticity};
pub use shock::{Shock, ShockError};
pub use solve::solve;
pub use structural::{StructuralError, StructuralGravity};
