//! Many sectors: general-equilibrium counterfactuals with tariffs, inputs and unions.
//!
//! # What question it answers
//! Given who sold how much of what to whom, at which tariffs and made of which inputs: what
//! would trade, output, wages, prices, revenue and welfare have been under other tariffs,
//! trade costs, technologies or unions? [`instruments`] turns unions (free trade areas,
//! customs unions, common markets, accession, withdrawal) into shocks. The chapter
//! `docs/equilibrium.md` derives every equation.
//!
//! # The model
//! Caliendo and Parro (2015): in every sector `j` countries buy from the cheapest source
//! (Eaton and Kortum 2002), goods are made of labour and of goods of all sectors. In hats,
//! `x̂ = x'/x` (Dekle, Eaton and Kortum 2008), with importer `n`, exporter `i`, expenditure
//! `X` at purchaser's prices, gross output `Y`, shares of expenditure `π`, tariffs `τ`,
//! export taxes `t` (`t = 0` in most data), iceberg costs `d`, productivity `A`,
//!
//! ```text
//! ln ĉ_ij = γ_ij ln ŵ_i + Σ_s Γ_i[s,j] ln P̂_is - ln Â_ij             unit cost        (2.1)
//! P̂_nj    = (Σ_i π_nij (κ̂_nij ĉ_ij)^{-θ_j})^{-1/θ_j}                 price            (2.2)
//! π'_nij  = π_nij (κ̂_nij ĉ_ij / P̂_nj)^{-θ_j}                         share            (2.3)
//! Y'_ij   = Σ_n π'_nij X'_nj / ((1 + τ'_nij)(1 + t'_nij))            sales            (2.4)
//! R'_n    = Σ_ji τ' π' X'/(1 + τ') and export taxes                  revenue          (2.5)
//! I'_n    = ŵ_n L̂_n w_n L_n + R'_n + D'_n + transfers               income           (2.6)
//! X'_nj   = Σ_s Γ_n[j,s] Y'_ns + α_nj I'_n                           expenditure      (2.7)
//! Σ_j γ_nj Y'_nj = ŵ_n L̂_n w_n L_n                                  market of labour (2.8)
//! ```
//!
//! with `κ̂ = d̂ (1 + τ')(1 + t') / ((1 + τ)(1 + t))`. Neither levels of costs nor of
//! technology are needed: the observed shares hold them. [`DeficitClosure`] says what becomes
//! of `D`, [`Numeraire`] what money is. The exact change of welfare is
//! `Ŵ_n = (I'_n/I_n) / Π_j P̂_nj^{α_nj}`; [`Solver::decompose`] and [`Solver::tariff_origins`] take it
//! apart. [`Counterfactual::first_order_formula`] is what Caliendo and Parro publish, and not the
//! change of welfare.
//!
//! # Example
//! Two sectors, of which one isn't traded and is an input of the other; A abolishes its
//! tariffs, then B answers:
//!
//! ```
//! use acquis_equilibrium::multisector::{
//!     Baseline, Elasticities, Observations, Settings, Shock, Solver,
//! };
//!
//! let labels = |names: &[&str]| names.iter().map(|name| name.to_string()).collect();
//! #[rustfmt::skip]
//! let observed = Observations {
//!     countries: labels(&["A", "B"]),
//!     sectors: labels(&["goods", "services"]),
//!     flows: vec![
//!         60.0, 20.0, // goods that A buys from A and B
//!         25.0, 90.0, // that B buys from A and B
//!         80.0,  0.0, // services
//!          0.0, 95.0,
//!     ],
//!     tariffs: vec![0.0, 0.1, 0.1, 0.0, 0.0, 0.0, 0.0, 0.0],
//!     input_coefficients: vec![
//!         0.2, 0.1, // A's purchases of goods for a unit of goods and of services
//!         0.3, 0.2, // of services
//!         0.2, 0.1,
//!         0.3, 0.2,
//!     ],
//!     ..Observations::default()
//! };
//! let (baseline, repairs) = Baseline::new(&observed, &Elasticities::new(vec![5.0, 4.0])?)?;
//! assert!(repairs.figures.is_empty());
//!
//! let mut alone = Shock::none(&baseline);
//! alone.set_tariff(0, 0, 1, 0.0)?;
//! let mut both = alone.clone();
//! both.set_tariff(0, 1, 0, 0.0)?;
//! let solver = Solver::new(baseline, Settings::default())?;
//! let (first, then) = (solver.solve(&alone)?, solver.solve(&both)?);
//!
//! assert!(first.welfare_change(0) < 1.0); // worse terms of trade cost A more
//! assert!(then.welfare_change(0) > first.welfare_change(0));
//! assert!(then.certificate.residual <= 1e-12);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The solver
//! 1. The state is `ln ŵ`, `ln P̂` and `X'`; one sweep through (2.1) to (2.7) leaves what (2.2),
//!    (2.7) and (2.8) lack. It reads every flow once and never forms `π'`.
//! 2. What is lacking becomes a step through the world linearised at the baseline, which
//!    [`Solver::new`] prepares once for any number of scenarios ([`Method::Prepared`]), or
//!    through an elasticity-aware wage step that needs no preparation ([`Method::Sweeps`]).
//! 3. Anderson acceleration (Walker and Ni 2011) combines the last eight steps.
//! 4. A shock that isn't solved in one go is approached in steps, the world linearised anew
//!    at each.
//! 5. The result is checked equation by equation by code of its own; the errors are the
//!    [`Certificate`].
//!
//! How long that takes is measured by `benches/multisector.rs`
//! (`cargo bench -p acquis-equilibrium --bench multisector`). Results are the same bits for any
//! number of threads.
//!
//! # What it leaves out
//! Time, adjustment, unemployment, entry of firms, profits, capital: competition is perfect
//! and labour one factor. Deficits are moved around and not explained. Elasticities are
//! constant; flows that are zero stay zero. Tariff lines are averaged into sectors before
//! they get here, quotas and fixed duties turned into rates. Trade inside an aggregate such as
//! "rest of the world" is its own domestic trade.
//!
//! # How it fails
//! Loudly. [`DataError`] and [`BaselineError`] name the figure that no repair can use; what
//! was repaired is in [`Repairs`]. [`ShockError`], [`ElasticityError`], [`SettingsError`],
//! [`DrawsError`] and [`instruments::InstrumentError`] come before anything is solved.
//! [`SolveError::NoEquilibrium`] says why ([`Cause`]) and how much of the shock can be had,
//! [`DecompositionError`] that no smooth path leads to a prohibition. No table comes without
//! a certificate within the tolerance.
//!
//! # References
//! - Caliendo, L. and F. Parro (2015), "Estimates of the Trade and Welfare Effects of NAFTA",
//!   Review of Economic Studies 82(1).
//! - Dekle, R., J. Eaton and S. Kortum (2008), "Global Rebalancing with Gravity", IMF Staff
//!   Papers 55(3).
//! - Eaton, J. and S. Kortum (2002), "Technology, Geography, and Trade", Econometrica 70(5).
//! - Walker, H. and P. Ni (2011), "Anderson Acceleration for Fixed-Point Iterations", SIAM
//!   Journal on Numerical Analysis 49(4).

mod access;
mod arrangements;
mod baseline;
mod certificate;
mod closure;
mod counterfactual;
mod decomposition;
mod draws;
mod elasticities;
mod error;
mod flows;
pub mod instruments;
mod linearisation;
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
pub use draws::{Drawn, Draws, DrawsError, Simulation};
pub use elasticities::{Elasticities, ElasticityError};
pub use error::{Cause, NoEquilibrium, SolveError};
pub use flows::{Flows, TradeShift};
pub use observations::{DataError, Observations};
pub use repair::{BaselineError, Rebalancing, Repair, RepairKind, Repairs};
pub use settings::{Method, Numeraire, Settings, SettingsError};
pub use shock::{Mobility, RevenuePool, Shock, ShockError, Transfer, TransferAmount};
pub use solve::Solver;
