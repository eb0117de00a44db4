//! SMART: one importer, one product, many partners.
//!
//! # What question it answers
//! An importer changes its duties on a product, for all partners or for some. How much trade
//! is created, how much is taken from other partners, what happens to the treasury and to
//! buyers?
//!
//! # The model
//! Partner `c` sells `m_c` at world prices (all one before the change) and pays the duty `t_c`,
//! then `t'_c`. Its variety is unlike the others' (Armington); supply answers its world price
//! with the elasticity `e`, the same for all partners and infinite unless said otherwise. With
//! `ε <= 0` the elasticity of import demand, `σ` that of substitution, `s_c = m_c / Σ m`:
//!
//! ```text
//! τ_c  = (t'_c - t_c) / (1 + t_c)                 the duty's part of the price at home
//! ū    = Σ s_c τ_c / (1 - ε / e)                  average change of the price at home
//! u_c  = (e τ_c + σ ū) / (e - ε + σ)              change of the price at home; τ_c if e = ∞
//! p_c  = u_c - τ_c                                change of the world price; 0 if e = ∞
//!
//! TC_c = ε m_c u_c                                trade creation
//! TD_c = m_c (g_c / Σ s_k g_k - 1)                trade diversion, Σ_c TD_c = 0
//! PE_c = m_c p_c                                  price effect: the same goods at a new price
//! m'_c = m_c + TC_c + TD_c + PE_c
//! ```
//!
//! Creation and the price effect are those of Laird and Yeats (1986, annex I): with one partner
//! `u = τ / (1 - ε/e)`, their correction for a finite supply, and with many the sum of creation
//! is theirs too. They let the world price answer creation alone; here it answers diversion as
//! well (`p_c` clears each partner's market to first order), which is a choice of ours.
//!
//! The weights `g_c` of [`Diversion`] say how buyers turn from one partner to another. With
//! one beneficiary (or several with equal cuts) `k` and all others `K` unchanged,
//! [`Diversion::LairdYeats`] is the published formula
//!
//! ```text
//! TD_k = M_k M_K x / (M_k + M_K + M_k x),  x = -σ τ_k,
//! ```
//!
//! and [`Diversion::Linear`] that of Jammes and Olarreaga (2005), `M_k M_K σ (-τ_k) / (M_k + M_K)`.
//!
//! ```text
//! R  = Σ t_c m_c,  R' = Σ t'_c m'_c                           revenue
//! CS = -Σ (1 + t_c) u_c (m_c + (TC_c + TD_c) / 2)             consumer surplus
//! W  = CS + R' - R                                            welfare
//! ```
//!
//! The surplus is the area under linear demand curves: the change of price on what is bought
//! already, and the triangle on what is bought in addition. That the triangle counts diverted
//! trade too is our choice, without which revenue would count the loss from diversion and
//! surplus not its gain. With fixed world prices it makes welfare Harberger's sum
//! `W = Σ (TC_c + TD_c) (t_c + t'_c) / 2`. WITS says that "welfare" and "consumer surplus" both
//! mean the change of deadweight loss in its reports: compare them with
//! [`SmartResult::welfare`].
//!
//! # Example
//! A quarter of the imports comes from a partner whose duty of 20 % goes:
//!
//! ```
//! use acquis_equilibrium::partial::{
//!     DemandElasticity, Market, Partner, Response, SubstitutionElasticity, smart,
//! };
//!
//! let market = Market::new(vec![
//!     Partner::new("Partner", 100.0).tariffs(0.20, 0.00),
//!     Partner::new("Others", 300.0).tariffs(0.20, 0.20),
//! ])?;
//! let response = Response::new(
//!     DemandElasticity::new(-1.2)?,
//!     SubstitutionElasticity::new(1.5)?,
//! );
//! let result = smart(&market, &response)?;
//!
//! // The price at home falls by 0.2 / 1.2, a sixth: 100 * 1.2 / 6.
//! assert!((result.trade_creation[0] - 20.0).abs() < 1e-12);
//! // x = 1.5 / 6 = 1/4: 100 * 300 * 1/4 / (400 + 25).
//! assert!((result.trade_diversion[0] - 7_500.0 / 425.0).abs() < 1e-12);
//! assert!((result.trade_diversion.iter().sum::<f64>()).abs() < 1e-12);
//! assert!((result.revenue_before - 80.0).abs() < 1e-12);
//! assert!(result.revenue_change() < -20.0); // its own duty and some of the others'
//! assert!(result.consumer_surplus > 20.0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What it leaves out
//! Home producers (all that is known of them is in `ε`), other importers that compete for the
//! partners' goods, partners that sell nothing today, exporters' surplus, and second-order terms: creation and
//! price effect are linear in the change of price.
//!
//! # How it fails
//! [`SmartError`]. A market without imports, a negative or infinite value, a duty of -100 % or
//! below are refused when the [`Market`] is made. A linear answer that takes more from a
//! partner than it sells is [`SmartError::Exhausted`].
//!
//! # References
//! - Jammes, O. and M. Olarreaga (2005), "Explaining SMART and GSIM", World Bank.
//! - Laird, S. and A. Yeats (1986), "The UNCTAD trade policy simulation model", UNCTAD Discussion
//!   Paper 19.

mod error;

pub use error::SmartError;

use super::elasticity::{DemandElasticity, SubstitutionElasticity, SupplyElasticity};

/// One partner of the importer: what it sells, and its duty before and after.
#[derive(Debug, Clone, PartialEq)]
pub struct Partner {
    /// The partner's name.
    pub label: String,
    /// Imports from it at world prices, duty not included, before the change.
    pub imports: f64,
    /// Ad valorem duty before, as a fraction.
    pub tariff_before: f64,
    /// Ad valorem duty after, as a fraction.
    pub tariff_after: f64,
}

impl Partner {
    /// A partner that pays no duty, before or after.
    pub fn new(label: impl Into<String>, imports: f64) -> Self {
        Self {
            label: label.into(),
            imports,
            tariff_before: 0.0,
            tariff_after: 0.0,
        }
    }

    /// The same partner with these duties (fractions: `0.1` is ten per cent).
    #[must_use]
    pub fn tariffs(self, before: f64, after: f64) -> Self {
        Self {
            tariff_before: before,
            tariff_after: after,
            ..self
        }
    }

    /// `(t' - t) / (1 + t)`: what the change of duty does to the price at home.
    fn duty_change(&self) -> f64 {
        (self.tariff_after - self.tariff_before) / (1.0 + self.tariff_before)
    }

    fn check(&self) -> Result<(), SmartError> {
        if !self.imports.is_finite() || self.imports < 0.0 {
            return Err(SmartError::Imports {
                partner: self.label.clone(),
                value: self.imports,
            });
        }
        for (when, value) in [("before", self.tariff_before), ("after", self.tariff_after)] {
            if !value.is_finite() || value <= -1.0 {
                return Err(SmartError::Tariff {
                    partner: self.label.clone(),
                    when,
                    value,
                });
            }
        }
        Ok(())
    }
}

/// The imports of one product by one importer, checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Market {
    partners: Vec<Partner>,
    imports: f64,
}

impl Market {
    /// Checks the partners, and keeps their order in every result.
    ///
    /// # Errors
    /// [`SmartError`] for no partners, a label that occurs twice, negative or infinite imports, a
    /// duty at or below -1, and for a market in which nothing is imported.
    pub fn new(partners: Vec<Partner>) -> Result<Self, SmartError> {
        if partners.is_empty() {
            return Err(SmartError::Empty);
        }
        for (position, partner) in partners.iter().enumerate() {
            partner.check()?;
            if partners[..position]
                .iter()
                .any(|p| p.label == partner.label)
            {
                return Err(SmartError::DuplicateLabel {
                    label: partner.label.clone(),
                });
            }
        }
        let imports: f64 = partners.iter().map(|partner| partner.imports).sum();
        if imports == 0.0 {
            return Err(SmartError::NoImports {
                partners: partners.len(),
            });
        }
        if !imports.is_finite() {
            return Err(SmartError::Imports {
                partner: "all partners together".into(),
                value: imports,
            });
        }
        Ok(Self { partners, imports })
    }

    /// The partners in the order given.
    pub fn partners(&self) -> &[Partner] {
        &self.partners
    }

    /// Imports from all partners together.
    pub fn imports(&self) -> f64 {
        self.imports
    }

    /// `Σ_c s_c x_c` with the import shares `s_c`.
    fn average(&self, values: impl Iterator<Item = f64>) -> f64 {
        let shares = self.partners.iter().map(|p| p.imports / self.imports);
        shares.zip(values).map(|(share, value)| share * value).sum()
    }
}

/// How buyers turn from one partner to another: the weights `g_c` of the
/// [model](self#the-model). All three agree to first order and add up to zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Diversion {
    /// Laird and Yeats (1986): `g_c = 1 + σ (1 - r_c / max r)`, where `r_c = 1 + u_c` is the
    /// ratio of the new to the old price at home. The more is diverted the less is left to
    /// divert. The published formula knows beneficiaries and others; that everyone is measured
    /// against the partner whose price does worst, for several different cuts, is our choice.
    #[default]
    LairdYeats,
    /// Jammes and Olarreaga (2005): `g_c = 1 - σ (u_c - ū)`, linear and without limit. They
    /// state it for one beneficiary; this is its sum over all pairs of partners.
    Linear,
    /// `g_c = r_c^{-σ}`: a constant elasticity of substitution at a given total. How two
    /// partners share their trade doesn't depend on a third.
    ConstantElasticity,
}

impl Diversion {
    fn weights(self, market: &Market, change: &[f64], sigma: f64) -> Vec<f64> {
        match self {
            Self::LairdYeats => {
                let (_, worst) = extreme_ratios(market, change);
                let gain = |u: &f64| 1.0 + sigma * (1.0 - (1.0 + u) / worst).max(0.0);
                change.iter().map(gain).collect()
            }
            Self::Linear => {
                let mean = market.average(change.iter().copied());
                change.iter().map(|u| 1.0 - sigma * (u - mean)).collect()
            }
            Self::ConstantElasticity => {
                // Against the best ratio, so that no weight overflows.
                let (best, _) = extreme_ratios(market, change);
                let gain = |u: &f64| ((1.0 + u) / best).max(1.0).powf(-sigma);
                change.iter().map(gain).collect()
            }
        }
    }
}

/// Smallest and largest `1 + u_c` among the partners that sell something.
fn extreme_ratios(market: &Market, change: &[f64]) -> (f64, f64) {
    let sellers = market.partners.iter().zip(change);
    sellers
        .filter(|(partner, _)| partner.imports > 0.0)
        .map(|(_, u)| 1.0 + u)
        .fold((f64::INFINITY, 0.0), |(best, worst), ratio| {
            (ratio.min(best), ratio.max(worst))
        })
}

/// How the market answers: three elasticities and the rule of diversion.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Response {
    /// Of the importer's demand for the product.
    pub demand: DemandElasticity,
    /// Among the partners.
    pub substitution: SubstitutionElasticity,
    /// Of each partner's exports; infinite by default (WITS writes 99 for it).
    pub supply: SupplyElasticity,
    /// How buyers turn from one partner to another.
    pub diversion: Diversion,
}

impl Response {
    /// World prices given, diversion by Laird and Yeats.
    pub fn new(demand: DemandElasticity, substitution: SubstitutionElasticity) -> Self {
        Self {
            demand,
            substitution,
            supply: SupplyElasticity::INFINITE,
            diversion: Diversion::LairdYeats,
        }
    }
}

/// What the change of duties does, by partner in the market's order. Values are in the unit of
/// the imports, changes of prices are fractions.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SmartResult {
    /// `p_c`: change of the partner's world price.
    pub world_price_change: Vec<f64>,
    /// `u_c`: change of the price at home, duty included.
    pub domestic_price_change: Vec<f64>,
    /// `TC_c`: what is bought in addition because the product is cheaper.
    pub trade_creation: Vec<f64>,
    /// `TD_c`: what is bought from this partner instead of from another.
    pub trade_diversion: Vec<f64>,
    /// `PE_c`: the change of world price on what was bought already.
    pub price_effect: Vec<f64>,
    /// `m'_c`: imports after the change, at the new world prices, duty not included.
    pub imports_after: Vec<f64>,
    /// `R`: revenue before.
    pub revenue_before: f64,
    /// `R'`: revenue after.
    pub revenue_after: f64,
    /// `CS`: gain of the buyers, triangle included.
    pub consumer_surplus: f64,
}

impl SmartResult {
    /// `R' - R`.
    pub fn revenue_change(&self) -> f64 {
        self.revenue_after - self.revenue_before
    }

    /// `W`: consumer surplus and the change of revenue.
    pub fn welfare(&self) -> f64 {
        self.consumer_surplus + self.revenue_change()
    }

    /// `TC_c + TD_c + PE_c`: the change of imports from each partner.
    pub fn import_change(&self) -> Vec<f64> {
        let effects = self.trade_creation.iter().zip(&self.trade_diversion);
        let effects = effects.zip(&self.price_effect);
        effects.map(|((tc, td), pe)| tc + td + pe).collect()
    }
}

/// Applies the change of duties to the market.
///
/// # Errors
/// [`SmartError::Exhausted`] if a linear term takes more from a partner than it sells;
/// [`SmartError::NotFinite`] if demand and supply are both rigid, or a number overflows.
pub fn smart(market: &Market, response: &Response) -> Result<SmartResult, SmartError> {
    let domestic_price_change = domestic_price_changes(market, response);
    let result = effects(market, response, domestic_price_change);
    check(market, response, &result)?;
    Ok(result)
}

/// `u_c`, with market clearing weighed as `SupplyElasticity::weights` says.
fn domestic_price_changes(market: &Market, response: &Response) -> Vec<f64> {
    let (epsilon, sigma) = (response.demand.get(), response.substitution.get());
    let (elastic, rigid) = response.supply.weights();
    let duty = || market.partners.iter().map(Partner::duty_change);
    if rigid == 0.0 {
        return duty().collect();
    }
    let mean = elastic * market.average(duty()) / (elastic - rigid * epsilon);
    let slope = elastic + rigid * (sigma - epsilon);
    duty()
        .map(|tau| (elastic * tau + rigid * sigma * mean) / slope)
        .collect()
}

fn effects(market: &Market, response: &Response, domestic: Vec<f64>) -> SmartResult {
    let (epsilon, sigma) = (response.demand.get(), response.substitution.get());
    let weights = response.diversion.weights(market, &domestic, sigma);
    let mean_weight = market.average(weights.iter().copied());
    let mut result = SmartResult {
        world_price_change: Vec::with_capacity(domestic.len()),
        domestic_price_change: Vec::new(),
        trade_creation: Vec::with_capacity(domestic.len()),
        trade_diversion: Vec::with_capacity(domestic.len()),
        price_effect: Vec::with_capacity(domestic.len()),
        imports_after: Vec::with_capacity(domestic.len()),
        revenue_before: 0.0,
        revenue_after: 0.0,
        consumer_surplus: 0.0,
    };
    for ((partner, u), weight) in market.partners.iter().zip(&domestic).zip(&weights) {
        let imports = partner.imports;
        let world = u - partner.duty_change();
        let creation = epsilon * imports * u + 0.0; // never -0
        let diversion = imports * (weight / mean_weight - 1.0);
        let after = imports + creation + diversion + imports * world;
        result.revenue_before += partner.tariff_before * imports;
        result.revenue_after += partner.tariff_after * after;
        result.consumer_surplus -=
            (1.0 + partner.tariff_before) * u * (imports + 0.5 * (creation + diversion));
        result.world_price_change.push(world);
        result.trade_creation.push(creation);
        result.trade_diversion.push(diversion);
        result.price_effect.push(imports * world);
        result.imports_after.push(after);
    }
    result.domestic_price_change = domestic;
    result
}

fn check(market: &Market, response: &Response, result: &SmartResult) -> Result<(), SmartError> {
    let totals = [
        result.revenue_before,
        result.revenue_after,
        result.consumer_surplus,
    ];
    if !totals
        .iter()
        .chain(&result.imports_after)
        .all(|x| x.is_finite())
    {
        return Err(SmartError::NotFinite {
            demand: response.demand.get(),
            supply: response.supply.get(),
        });
    }
    let after = result
        .imports_after
        .iter()
        .zip(&result.domestic_price_change);
    for (partner, (&value, &change)) in market.partners.iter().zip(after) {
        // What is left may be nothing but rounding.
        if value < -1e-12 * partner.imports {
            return Err(SmartError::Exhausted {
                partner: partner.label.clone(),
                value,
                change,
            });
        }
    }
    Ok(())
}
