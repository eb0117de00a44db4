//! How a simulation of an industry can fail.

use thiserror::Error;

/// Data that can't be used, or a world that no price clears.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum GsimError {
    /// There are no importers or no exporters.
    #[error("the industry has {importers} importers and {exporters} exporters; it needs both")]
    Empty {
        /// Number of importers.
        importers: usize,
        /// Number of exporters.
        exporters: usize,
    },
    /// A list doesn't have one entry per cell, importer or exporter.
    #[error("{what}: {expected} values expected, {got} given")]
    Shape {
        /// Which list.
        what: &'static str,
        /// Values that the labels ask for.
        expected: usize,
        /// Values that were given.
        got: usize,
    },
    /// A label occurs twice among importers or among exporters.
    #[error("{label} occurs twice among the {role}")]
    DuplicateLabel {
        /// "importers" or "exporters".
        role: &'static str,
        /// The label.
        label: String,
    },
    /// Trade is negative, infinite or not a number.
    #[error(
        "imports of {importer} from {exporter} are {value}; they must be zero or a positive \
         finite value"
    )]
    Trade {
        /// The importer's label.
        importer: String,
        /// The exporter's label.
        exporter: String,
        /// The value.
        value: f64,
    },
    /// A tariff takes away the whole price, or isn't a finite number.
    #[error(
        "the tariff {when} of {importer} on {exporter} is {value}; it must be a finite \
         fraction above -1 (0.1 is ten per cent)"
    )]
    Tariff {
        /// The importer's label.
        importer: String,
        /// The exporter's label.
        exporter: String,
        /// "before" or "after".
        when: &'static str,
        /// The value.
        value: f64,
    },
    /// Nobody trades anything.
    #[error("nothing is traded between the {importers} importers and {exporters} exporters")]
    NoTrade {
        /// Number of importers.
        importers: usize,
        /// Number of exporters.
        exporters: usize,
    },
    /// Market clearing has no solution, or many: neither demand nor supply answers prices.
    #[error(
        "no set of prices clears the markets: demand and supply are both rigid somewhere (a \
         demand elasticity and a supply elasticity of zero)"
    )]
    Singular,
    /// The linear closing makes a flow or a price negative.
    #[error(
        "imports of {importer} from {exporter} would turn negative (quantity {quantity_change:+}, \
         world price {price_change:+}, as fractions): the change of duties is too large for the \
         linear closing; use Closing::ConstantElasticity"
    )]
    NegativeTrade {
        /// The importer's label.
        importer: String,
        /// The exporter's label.
        exporter: String,
        /// Change of the quantity, below -1 where it is the cause.
        quantity_change: f64,
        /// Change of the exporter's price, below -1 where it is the cause.
        price_change: f64,
    },
    /// Newton's method or the elimination ended without clearing the markets.
    #[error("the markets clear only to {residual:e} after {iterations} steps")]
    NotCleared {
        /// The residual reached.
        residual: f64,
        /// Steps made.
        iterations: usize,
    },
    /// A number overflowed.
    #[error("the answer isn't finite: values or elasticities are too large")]
    NotFinite,
}
