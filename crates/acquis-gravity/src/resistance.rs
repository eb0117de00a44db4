//! Multilateral resistances, and fitted trade as a matrix for general equilibrium.
//!
//! With exporter-time effects `π`, importer-time effects `χ`, output `Y = Σ_j X_ij` and
//! expenditure `E = Σ_i X_ij`, structural gravity (Anderson and van Wincoop 2003) reads the
//! effects as
//!
//! ```text
//! Π_i^{1-σ} = Y_i E_R / exp(π_i)          outward resistance
//! P_j^{1-σ} = E_j / (exp(χ_j) E_R)        inward resistance, P_R = 1, χ_R = 0
//! ```
//!
//! in every period, for a reference importer `R` (Yotov, Piermartini, Monteiro and Larch
//! 2016, equations 2-23 and 2-24). Poisson fits reproduce `Y` and `E` exactly (Fally 2015),
//! so that the two are consistent with each other.

use std::collections::BTreeMap;

use crate::bias::Dimensions;
use crate::design::Design;
use crate::error::EstimateError;
use crate::factor::Factor;
use crate::fit::{EffectEstimates, Fit};

/// Resistances of one economy in one period, as powers `1 - σ` of the price indices.
#[derive(Debug, Clone, PartialEq)]
pub struct Resistance {
    /// The economy.
    pub economy: String,
    /// The period; empty for a cross-section.
    pub time: String,
    /// `Π^{1-σ}`, where it exports.
    pub outward: Option<f64>,
    /// `P^{1-σ}`, where it imports.
    pub inward: Option<f64>,
}

/// Fitted trade of one period.
#[derive(Debug, Clone, PartialEq)]
pub struct TradeMatrix {
    /// Economies that export or import, in alphabetical order.
    pub labels: Vec<String>,
    /// Exporter-major, `[exporter][importer]`; zero where there is no row.
    pub values: Vec<f64>,
    /// Cells (exporter, importer) without a row in the sample.
    pub absent: Vec<(usize, usize)>,
}

/// Multilateral resistances of every economy in every period, by economy and period.
///
/// `exporter_effect` and `importer_effect` are the names of the directional effects in the
/// design. In periods in which `reference` does not import there are no resistances.
///
/// # Errors
/// [`EstimateError::NotApplicable`] if the fit has no such effects or the reference never
/// imports.
pub fn multilateral_resistances(
    design: &Design<'_>,
    fit: &Fit,
    dimensions: &Dimensions<'_>,
    (exporter_effect, importer_effect): (&str, &str),
    reference: &str,
) -> Result<Vec<Resistance>, EstimateError> {
    let outward = levels(design, fit, exporter_effect)?;
    let inward = levels(design, fit, importer_effect)?;
    let outcome = &design.outcome.values;
    let mut sales: BTreeMap<(String, String), (f64, f64)> = BTreeMap::new();
    let mut purchases: BTreeMap<(String, String), (f64, f64)> = BTreeMap::new();
    for &row in &fit.sample {
        let row = row as usize;
        let time = dimensions
            .time
            .map_or_else(String::new, |time| label(time, row));
        let exporter = (time.clone(), label(dimensions.exporter, row));
        let importer = (time, label(dimensions.importer, row));
        sales.entry(exporter).or_insert((0.0, outward.of(row))).0 += outcome[row];
        purchases.entry(importer).or_insert((0.0, inward.of(row))).0 += outcome[row];
    }
    let mut out: BTreeMap<(String, String), Resistance> = BTreeMap::new();
    let at_reference: BTreeMap<String, (f64, f64)> = purchases
        .iter()
        .filter(|((_, economy), _)| economy == reference)
        .map(|((time, _), &value)| (time.clone(), value))
        .collect();
    if at_reference.is_empty() {
        let text = format!("`{reference}` is not an importer in the sample");
        return Err(EstimateError::NotApplicable(text));
    }
    for (is_outward, side) in [(true, &sales), (false, &purchases)] {
        for ((time, economy), (total, effect)) in side {
            let Some(&(spending, shift)) = at_reference.get(time) else {
                continue;
            };
            let entry = out.entry((economy.clone(), time.clone()));
            let resistance = entry.or_insert_with(|| Resistance {
                economy: economy.clone(),
                time: time.clone(),
                outward: None,
                inward: None,
            });
            if is_outward {
                resistance.outward = Some(total * spending / (effect + shift).exp());
            } else {
                resistance.inward = Some(total / ((effect - shift).exp() * spending));
            }
        }
    }
    Ok(out.into_values().collect())
}

/// Fitted trade between all economies in one period (`None` for a cross-section): what
/// general-equilibrium Poisson estimation begins with.
///
/// # Errors
/// [`EstimateError::NotApplicable`] if no row has this period.
pub fn fitted_trade(
    fit: &Fit,
    dimensions: &Dimensions<'_>,
    time: Option<&str>,
) -> Result<TradeMatrix, EstimateError> {
    let mut cells: BTreeMap<(String, String), f64> = BTreeMap::new();
    let mut labels = Vec::new();
    for (&row, fitted) in fit.sample.iter().zip(&fit.fitted) {
        let row = row as usize;
        if let (Some(wanted), Some(factor)) = (time, dimensions.time)
            && label(factor, row) != wanted
        {
            continue;
        }
        let ends = (
            label(dimensions.exporter, row),
            label(dimensions.importer, row),
        );
        labels.extend([ends.0.clone(), ends.1.clone()]);
        *cells.entry(ends).or_insert(0.0) += fitted;
    }
    labels.sort_unstable();
    labels.dedup();
    if labels.is_empty() {
        let text = format!(
            "no row of the sample is of {}",
            time.unwrap_or("any period")
        );
        return Err(EstimateError::NotApplicable(text));
    }
    let mut values = Vec::with_capacity(labels.len().pow(2));
    let mut absent = Vec::new();
    for (i, exporter) in labels.iter().enumerate() {
        for (j, importer) in labels.iter().enumerate() {
            let cell = cells.get(&(exporter.clone(), importer.clone()));
            if cell.is_none() {
                absent.push((i, j));
            }
            values.push(cell.copied().unwrap_or(0.0));
        }
    }
    Ok(TradeMatrix {
        labels,
        values,
        absent,
    })
}

fn label(factor: &Factor<'_>, row: usize) -> String {
    factor
        .codes()
        .get(row)
        .map_or_else(String::new, |&code| factor.label(code))
}

/// The estimates of one set of effects, by row.
struct Levels<'a> {
    codes: &'a [u32],
    estimates: &'a EffectEstimates,
}

impl Levels<'_> {
    fn of(&self, row: usize) -> f64 {
        let found = self.estimates.codes.binary_search(&self.codes[row]);
        found.map_or(f64::NAN, |at| self.estimates.values[at])
    }
}

fn levels<'a>(
    design: &'a Design<'_>,
    fit: &'a Fit,
    name: &str,
) -> Result<Levels<'a>, EstimateError> {
    let effect = design.effects.iter().find(|effect| effect.name == name);
    let estimates = fit.effects().iter().find(|effect| effect.name == name);
    match (effect, estimates) {
        (Some(effect), Some(estimates)) if effect.slope.is_none() => Ok(Levels {
            codes: effect.factor.codes(),
            estimates,
        }),
        _ => Err(EstimateError::NotApplicable(format!(
            "`{name}` is not a set of intercepts of the fit"
        ))),
    }
}
