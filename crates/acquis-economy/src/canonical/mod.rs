//! The canonical file: one Parquet file of long records, everything else in its metadata.
//!
//! Every record has a kind, and the columns that the kind needs; the others are null.
//!
//! | kind | country | importer | sector | `using_sector` | schedule | value | tariff | estimated |
//! |---|---|---|---|---|---|---|---|---|
//! | `flow` | exporter | importer | sector | | | flow | of the schedule in force | flag |
//! | `tariff` | exporter | importer | sector | | name | | of that schedule | |
//! | `value_added_share` | country | | sector | | | share of output | | |
//! | `input_coefficient` | country | | input | user | | share of output | | |
//! | `final_demand` | country | | sector | | | amount | | |
//! | `gross_output` | country | | sector | | | amount | | |
//! | `elasticity` | | | sector | | | elasticity | | |

mod metadata;
mod read;
mod write;

pub use read::{is_economy_file, load};

/// What a record says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Flow,
    Tariff,
    ValueAddedShare,
    InputCoefficient,
    FinalDemand,
    GrossOutput,
    Elasticity,
}

impl Kind {
    const ALL: [Self; 7] = [
        Self::Flow,
        Self::Tariff,
        Self::ValueAddedShare,
        Self::InputCoefficient,
        Self::FinalDemand,
        Self::GrossOutput,
        Self::Elasticity,
    ];

    const fn word(self) -> &'static str {
        match self {
            Self::Flow => "flow",
            Self::Tariff => "tariff",
            Self::ValueAddedShare => "value_added_share",
            Self::InputCoefficient => "input_coefficient",
            Self::FinalDemand => "final_demand",
            Self::GrossOutput => "gross_output",
            Self::Elasticity => "elasticity",
        }
    }
}
