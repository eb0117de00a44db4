//! What was changed so that figures can be used: as data, so that it can be shown, counted
//! and disputed.

/// One figure that was changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Repair {
    /// The country; of a flow, the exporter.
    pub country: String,
    /// Of a flow, the importer.
    pub partner: Option<String>,
    /// The sector; `None` for a figure of the whole country.
    pub sector: Option<String>,
    /// What was done.
    pub what: RepairKind,
    /// The figure before, in the unit of the economy.
    pub from: f64,
    /// The figure after.
    pub to: f64,
}

/// What was done to a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RepairKind {
    /// Gross output below exports was raised to them, so that home sales are zero.
    OutputRaisedToExports,
    /// A negative final demand (as a rule of inventories) was set to zero, and output raised
    /// by as much.
    NegativeDemandRemoved,
    /// A negative purchase of inputs was set to zero.
    NegativeInputRemoved,
    /// Purchases of inputs above output were scaled down to it, so that value added is zero.
    InputsScaledToOutput,
    /// Home sales that would not be positive were set to a small share of output.
    HomeSalesSet,
}

impl RepairKind {
    /// What was done, for people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::OutputRaisedToExports => "gross output raised to exports",
            Self::NegativeDemandRemoved => "negative final demand set to zero",
            Self::NegativeInputRemoved => "negative purchase of inputs set to zero",
            Self::InputsScaledToOutput => "inputs scaled down to output",
            Self::HomeSalesSet => "home sales set to a small share of output",
        }
    }
}
