//! How a simulation of one market can fail.

use thiserror::Error;

/// A market or an answer that can't be used.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum SmartError {
    /// There are no partners.
    #[error("the market has no partners")]
    Empty,
    /// Two partners have the same label.
    #[error("the partner {label} occurs twice")]
    DuplicateLabel {
        /// The label.
        label: String,
    },
    /// Imports are negative, infinite or not a number.
    #[error("imports from {partner} are {value}; they must be zero or a positive finite value")]
    Imports {
        /// The partner's label.
        partner: String,
        /// The value.
        value: f64,
    },
    /// A tariff takes away the whole price, or isn't a finite number.
    #[error(
        "the tariff {when} on {partner} is {value}; it must be a finite fraction above -1 \
         (0.1 is ten per cent)"
    )]
    Tariff {
        /// The partner's label.
        partner: String,
        /// "before" or "after".
        when: &'static str,
        /// The value.
        value: f64,
    },
    /// Nothing is imported from anyone; without imports there is nothing to scale.
    #[error("nothing is imported from any of the {partners} partners")]
    NoImports {
        /// How many partners there are.
        partners: usize,
    },
    /// The linear answer takes more from a partner than it sells.
    #[error(
        "imports from {partner} would become {value}: the change of {change} in its price at \
         home is too large for the linear terms of this model (the diversion rules LairdYeats \
         and ConstantElasticity never take all of a partner's trade, GSIM's closing with constant \
         elasticities takes any change)"
    )]
    Exhausted {
        /// The partner's label.
        partner: String,
        /// Its imports after the change.
        value: f64,
        /// The change of its price at home, as a fraction.
        change: f64,
    },
    /// Neither demand nor supply answers the price, so that none clears the market; or a number
    /// overflowed.
    #[error(
        "the answer isn't a finite number (demand elasticity {demand}, supply elasticity \
         {supply}): with neither demand nor supply answering, no price clears the market"
    )]
    NotFinite {
        /// The demand elasticity.
        demand: f64,
        /// The supply elasticity.
        supply: f64,
    },
}
