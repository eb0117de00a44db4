//! What a stage means at the border, where the economy has tariffs and sectors, and the
//! instruments that come on top.

use acquis_equilibrium::multisector::instruments::ExternalTariff;
use acquis_registry::document::{Fields, Placed, Word};
use acquis_registry::{Finding, Findings, Lint};

/// Tariffs, revenue, transfers and labour of a scenario. One without any of these tables has
/// the defaults of each.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TradePolicy {
    /// Where a customs union's tariff comes from.
    pub external_tariff: CommonTariff,
    /// Economies whose goods pay an importer's tariff without preference: where a preference
    /// ends, the median of the rates on them applies. Empty: all that the reform doesn't
    /// touch.
    pub references: Vec<Placed<String>>,
    /// Cost of proving origin in a free trade area, as a part of the value.
    pub rules_of_origin: f64,
    /// Part of the trade that uses the preference; `None`: whoever gains by it.
    pub utilisation: Option<f64>,
    /// Sectors to which stages apply; empty: all that are traded.
    pub sectors: Vec<Placed<String>>,
    /// How members of a customs union share the duties on goods from outside.
    pub pool: Option<Pool>,
    /// Payments between states.
    pub payments: Vec<Payment>,
    /// Elasticity with which labour moves within a common market; `None`: it stays.
    pub labour_mobility: Option<f64>,
}

/// The rule for a common external tariff, by its word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CommonTariff {
    /// The mean of the members' rates.
    SimpleMean,
    /// Their mean weighted by imports.
    #[default]
    TradeWeightedMean,
    /// The lowest rate.
    Minimum,
    /// The highest rate.
    Maximum,
    /// The rate of the largest member.
    LargestMember,
}

impl Word for CommonTariff {
    const WHAT: &'static str = "a rule for a common external tariff";
    const ALL: &'static [Self] = &[
        Self::SimpleMean,
        Self::TradeWeightedMean,
        Self::Minimum,
        Self::Maximum,
        Self::LargestMember,
    ];

    fn word(self) -> &'static str {
        match self {
            Self::SimpleMean => "simple_mean",
            Self::TradeWeightedMean => "trade_weighted_mean",
            Self::Minimum => "minimum",
            Self::Maximum => "maximum",
            Self::LargestMember => "largest_member",
        }
    }
}

impl CommonTariff {
    /// What it means, for people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::SimpleMean => "the mean of the members' rates",
            Self::TradeWeightedMean => "the members' rates weighted by their imports",
            Self::Minimum => "the lowest of the members' rates",
            Self::Maximum => "the highest of the members' rates",
            Self::LargestMember => "the rates of the largest member",
        }
    }

    pub(crate) const fn engine(self) -> ExternalTariff {
        match self {
            Self::SimpleMean => ExternalTariff::SimpleMean,
            Self::TradeWeightedMean => ExternalTariff::TradeWeightedMean,
            Self::Minimum => ExternalTariff::Minimum,
            Self::Maximum => ExternalTariff::Maximum,
            Self::LargestMember => ExternalTariff::LargestMember,
        }
    }
}

/// How duties are shared.
#[derive(Debug, Clone, PartialEq)]
pub struct Pool {
    /// Members and their shares in per cent.
    pub shares: Vec<(Placed<String>, f64)>,
    /// Part that the collecting member keeps.
    pub collection_cost: f64,
}

/// A payment between states.
#[derive(Debug, Clone, PartialEq)]
pub struct Payment {
    /// Who pays.
    pub from: Placed<String>,
    /// Who receives.
    pub to: Placed<String>,
    /// How much.
    pub amount: PaymentAmount,
    /// What for.
    pub reason: Option<String>,
}

/// The size of a payment.
#[derive(Debug, Clone, PartialEq)]
pub enum PaymentAmount {
    /// In the unit of the economy.
    Fixed(f64),
    /// A part of what the payer sells to the receiver in a sector: a price below the market.
    Discount {
        /// The sector.
        sector: Placed<String>,
        /// The part.
        rate: f64,
    },
}

/// Draws of what was estimated.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Uncertainty {
    /// How many.
    pub draws: usize,
    /// Where the random numbers start.
    pub seed: u64,
    /// Standard error of the log of every elasticity, drawn sector by sector.
    pub elasticity_error: f64,
    /// Standard error of the effects of stages, drawn for all stages together; a file of
    /// estimates has its own covariance.
    pub effect_error: f64,
}

/// Most draws that a scenario may ask for.
const MOST_DRAWS: f64 = 1e6;

impl TradePolicy {
    pub(crate) fn decode(fields: &mut Fields<'_>, findings: &mut Findings) -> Self {
        let mut policy = fields
            .table("trade_policy", "[trade_policy]", findings, Self::border)
            .unwrap_or_default();
        policy.pool = fields
            .table("revenue_pool", "[revenue_pool]", findings, pool)
            .flatten();
        policy.payments = fields.tables("payment", "a payment", findings, payment);
        policy.labour_mobility = fields
            .table("labour", "[labour]", findings, |fields, findings| {
                fields.require("elasticity", findings);
                let expected = "an elasticity, not below zero";
                number(fields, "elasticity", 0.0..=f64::MAX, expected, findings)
            })
            .flatten();
        policy
    }

    fn border(fields: &mut Fields<'_>, findings: &mut Findings) -> Self {
        let part = "a part between 0 and 1";
        Self {
            external_tariff: fields.word("external_tariff", findings).unwrap_or_default(),
            references: fields.texts("most_favoured_nation", findings),
            rules_of_origin: number(
                fields,
                "rules_of_origin",
                0.0..=10.0,
                "a part of the value such as 0.03",
                findings,
            )
            .unwrap_or_default(),
            utilisation: number(fields, "utilisation", 0.0..=1.0, part, findings),
            sectors: fields.texts("sectors", findings),
            ..Self::default()
        }
    }
}

impl Uncertainty {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "whole numbers within range"
    )]
    pub(crate) fn decode(fields: &mut Fields<'_>, findings: &mut Findings) -> Option<Self> {
        fields.require("draws", findings);
        let whole = |value: f64, findings: &mut Findings, fields: &Fields<'_>, key: &str| {
            if value.fract() != 0.0 {
                let place = Some(fields.place_at(key));
                findings.push(
                    Finding::error(Lint::Number, place, format!("{value} {key}"))
                        .expecting("a whole number"),
                );
            }
            value
        };
        let expected = "a whole number from 2 to a million";
        let draws = number(fields, "draws", 2.0..=MOST_DRAWS, expected, findings);
        let seed = number(fields, "seed", 0.0..=9e15, "a whole number", findings).unwrap_or(1.0);
        let error = "a standard error, not below zero";
        let elasticity = number(fields, "elasticity_error", 0.0..=10.0, error, findings);
        let effect = number(fields, "effect_error", 0.0..=10.0, error, findings);
        let draws = whole(draws?, findings, fields, "draws");
        let seed = whole(seed, findings, fields, "seed");
        Some(Self {
            draws: draws as usize,
            seed: seed as u64,
            elasticity_error: elasticity.unwrap_or_default(),
            effect_error: effect.unwrap_or_default(),
        })
    }
}

/// A number within a range, if the key is there.
fn number(
    fields: &mut Fields<'_>,
    key: &'static str,
    range: std::ops::RangeInclusive<f64>,
    expected: &str,
    findings: &mut Findings,
) -> Option<f64> {
    let number = fields.number(key, findings)?;
    if range.contains(&number.value) {
        return Some(number.value);
    }
    let message = format!("{key} is {}", number.value);
    findings.push(Finding::error(Lint::Number, Some(number.place), message).expecting(expected));
    None
}

/// Shares of a pool must add up to one hundred within this.
const SHARES_TOLERANCE: f64 = 1e-6;

fn pool(fields: &mut Fields<'_>, findings: &mut Findings) -> Option<Pool> {
    let part = "a part between 0 and 1";
    let cost = number(fields, "collection_cost", 0.0..=1.0, part, findings);
    fields.require("shares", findings);
    let place = fields.place_at("shares");
    let shares = fields.table("shares", "the shares", findings, |fields, findings| {
        fields.numbers_by_name(findings)
    })?;
    let sum: f64 = shares.iter().map(|(_, share)| share).sum();
    if (sum - 100.0).abs() > SHARES_TOLERANCE || shares.iter().any(|(_, share)| *share < 0.0) {
        findings.push(
            Finding::error(
                Lint::Number,
                Some(place),
                format!("the shares of the revenue pool add up to {sum} %"),
            )
            .expecting("shares in per cent, none below zero, that add up to 100"),
        );
        return None;
    }
    Some(Pool {
        shares,
        collection_cost: cost.unwrap_or_default(),
    })
}

fn payment(fields: &mut Fields<'_>, findings: &mut Findings) -> Option<Payment> {
    let from = fields.required_text("from", findings);
    let to = fields.required_text("to", findings);
    let reason = fields.text("for", findings).map(|text| text.value);
    let amount = fields.number("amount", findings);
    let sector = fields.text("sector", findings);
    let rate = fields.number("rate", findings);
    let amount = match (amount, sector, rate) {
        (Some(amount), None, None) => PaymentAmount::Fixed(amount.value),
        (None, Some(sector), Some(rate)) => PaymentAmount::Discount {
            sector,
            rate: rate.value,
        },
        _ => {
            let place = Some(fields.place());
            findings.push(
                Finding::error(Lint::Format, place, "a payment of no size, or of two")
                    .expecting("either amount, or sector and rate"),
            );
            return None;
        }
    };
    Some(Payment {
        from: from?,
        to: to?,
        amount,
        reason,
    })
}
