//! The instruments of unions, as shocks.
//!
//! A [`Union`] has members, a regime of trade among them and towards others, and what comes
//! on top: lower costs that are no tariffs, labour that moves, transfers. It is imposed on
//! a [`Shock`](super::Shock), so that several unions, and anything else, can change together.
//!
//! | stage | tariffs among members | towards others | on top |
//! |---|---|---|---|
//! | free trade area | none, at the cost of proving origin | each its own | |
//! | customs union | none | one common tariff | pooled revenue |
//! | common market | none | one common tariff | non-tariff costs, labour moves |
//! | economic union | none | one common tariff | and transfers |
//!
//! # Example
//! What a customs union of A and B, with the higher of their tariffs towards C, is worth:
//!
//! ```
//! use acquis_equilibrium::multisector::{
//!     Baseline, Elasticities, Observations, Settings, Shock, Solver,
//!     instruments::{ExternalTariff, Union},
//! };
//!
//! let labels = |names: &[&str]| names.iter().map(|name| name.to_string()).collect();
//! let observed = Observations {
//!     countries: labels(&["A", "B", "C"]),
//!     sectors: labels(&["goods"]),
//!     #[rustfmt::skip]
//!     flows: vec![
//!         80.0,  9.0,  11.0, // what A buys from A, B and C
//!          8.0, 50.0,  12.0,
//!         12.0,  9.0, 300.0,
//!     ],
//!     #[rustfmt::skip]
//!     tariffs: vec![
//!         0.0, 0.10, 0.05,
//!         0.1, 0.00, 0.15,
//!         0.0, 0.00, 0.00,
//!     ],
//!     ..Observations::default()
//! };
//! let (baseline, _) = Baseline::new(&observed, &Elasticities::uniform(4.0, 1)?)?;
//! let union = Union::customs_union(vec![0, 1], ExternalTariff::Maximum);
//! // Both tariffs towards C become 15 %: more than GATT's Article XXIV allows.
//! assert!(!union.article_xxiv(&baseline)?.is_met());
//!
//! let mut shock = Shock::none(&baseline);
//! union.impose(&baseline, &mut shock)?;
//! let result = Solver::new(baseline, Settings::default())?.solve(&shock)?;
//! assert!(result.tariff_revenue(1) > 0.0 && result.welfare_change(2) < 1.0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod external_tariff;
mod membership;
mod transfers;
mod union;

pub use external_tariff::{ArticleXxiv, ExternalTariff};
pub use membership::{Accession, Withdrawal, most_favoured_nation};
pub use transfers::{TransferEffect, price_discount, tax_principle_switch};
pub use union::{InstrumentError, Preference, TradeRegime, Union};
