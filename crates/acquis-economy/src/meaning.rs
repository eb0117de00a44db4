//! What a figure means: at which point of its way a flow is valued, and what an elasticity
//! is the elasticity of.

use acquis_registry::document::Word;

/// The point at which flows are valued.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Valuation {
    /// Free on board: at the exporter's border.
    FreeOnBoard,
    /// Cost, insurance, freight: at the importer's border.
    CostInsuranceFreight,
    /// What the producer receives: taxes and margins of trade and transport left out.
    BasicPrices,
}

impl Word for Valuation {
    const WHAT: &'static str = "a valuation";
    const ALL: &'static [Self] = &[
        Self::FreeOnBoard,
        Self::CostInsuranceFreight,
        Self::BasicPrices,
    ];

    fn word(self) -> &'static str {
        match self {
            Self::FreeOnBoard => "fob",
            Self::CostInsuranceFreight => "cif",
            Self::BasicPrices => "basic_prices",
        }
    }
}

/// What a trade elasticity is the elasticity of.
///
/// With theta that of the tariff-inclusive share, the value before the tariff moves with
/// `(1 + tariff)^-(1 + theta)` at given expenditure and prices: the two differ by one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ElasticityMeaning {
    /// Of the share of expenditure, tariff included: theta, `sigma - 1`.
    TariffInclusiveShare,
    /// Of the value before the tariff: `theta + 1`, sigma.
    PreTariffValue,
}

impl Word for ElasticityMeaning {
    const WHAT: &'static str = "the meaning of an elasticity";
    const ALL: &'static [Self] = &[Self::TariffInclusiveShare, Self::PreTariffValue];

    fn word(self) -> &'static str {
        match self {
            Self::TariffInclusiveShare => "tariff_inclusive_share",
            Self::PreTariffValue => "pre_tariff_value",
        }
    }
}

impl ElasticityMeaning {
    /// What is taken from an elasticity of this meaning to have theta.
    pub(crate) const fn above_theta(self) -> f64 {
        match self {
            Self::TariffInclusiveShare => 0.0,
            Self::PreTariffValue => 1.0,
        }
    }
}

/// Trade elasticities, one for each sector, and where they come from.
#[derive(Debug, Clone, PartialEq)]
pub struct Elasticities {
    /// One for each sector, as the source means them.
    pub values: Vec<f64>,
    /// What they are the elasticity of.
    pub meaning: ElasticityMeaning,
    /// Who estimated them.
    pub source: String,
}

impl Elasticities {
    /// Theta of each sector: the elasticity of tariff-inclusive shares.
    pub fn thetas(&self) -> Vec<f64> {
        let above = self.meaning.above_theta();
        self.values.iter().map(|value| value - above).collect()
    }
}
