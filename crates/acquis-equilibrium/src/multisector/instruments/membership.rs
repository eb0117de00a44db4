//! Who joins and who leaves a customs union that exists in the baseline.

use super::super::baseline::Baseline;
use super::super::shock::{RevenuePool, Shock};
use super::external_tariff::ExternalTariff;
use super::union::{InstrumentError, Union, pairs};

/// A state joins a customs union: it adopts the common tariff, and so loses free trade with
/// third states that the union doesn't have; tariffs between it and the members go.
#[derive(Debug, Clone, PartialEq)]
pub struct Accession {
    /// Positions of the members before.
    pub members: Vec<usize>,
    /// Who joins.
    pub newcomer: usize,
    /// The union's tariff; [`ExternalTariff::TradeWeightedMean`] reads it off what the
    /// members apply.
    pub external_tariff: ExternalTariff,
    /// Shares of the revenue with the newcomer; `None`: each keeps what it collects.
    pub pool: Option<RevenuePool>,
    /// Factors on non-tariff costs between the newcomer and the members, by sector; empty:
    /// none.
    pub non_tariff_costs: Vec<f64>,
}

impl Accession {
    /// Adds the accession to a shock.
    ///
    /// # Errors
    /// As [`Union::impose`].
    pub fn impose(&self, baseline: &Baseline, shock: &mut Shock) -> Result<(), InstrumentError> {
        let mut all = self.members.clone();
        all.push(self.newcomer);
        // Inside, and between the newcomer and the others.
        Union::free_trade_area(all.clone()).impose(baseline, shock)?;
        let common = self.external_tariff.schedule(baseline, &self.members)?;
        let enlarged = Union::customs_union(all, ExternalTariff::SimpleMean);
        enlarged.adopt(baseline, &common, &[self.newcomer], shock)?;
        for (sector, factor) in self.non_tariff_costs.iter().enumerate() {
            for &member in &self.members {
                shock.scale_cost(sector, member, self.newcomer, *factor)?;
                shock.scale_cost(sector, self.newcomer, member, *factor)?;
            }
        }
        if let Some(pool) = &self.pool {
            shock.add_pool(pool.clone())?;
        }
        Ok(())
    }
}

/// A member leaves a customs union: between it and the rest tariffs go back to those for
/// everyone, the rest keeps its common tariff.
#[derive(Debug, Clone, PartialEq)]
pub struct Withdrawal {
    /// Positions of the members before.
    pub members: Vec<usize>,
    /// Who leaves; all members: the union is dissolved.
    pub leavers: Vec<usize>,
    /// Tariffs that apply to those without preferences, `[J][N]` by sector and importer;
    /// see [`most_favoured_nation`].
    pub tariffs: Vec<f64>,
    /// Factors on non-tariff costs between those who part, by sector; empty: they don't
    /// come back.
    pub non_tariff_costs: Vec<f64>,
    /// Shares of the revenue among those who stay; `None`: each keeps what it collects.
    pub pool: Option<RevenuePool>,
}

impl Withdrawal {
    /// Adds the withdrawal to a shock.
    ///
    /// # Errors
    /// A leaver who isn't a member, a table of the wrong length, or an unknown position.
    pub fn impose(&self, baseline: &Baseline, shock: &mut Shock) -> Result<(), InstrumentError> {
        let (n, sectors) = (baseline.countries(), baseline.sectors());
        if let Some(&country) = self.leavers.iter().find(|who| !self.members.contains(who)) {
            return Err(InstrumentError::NotMember { country });
        }
        if self.tariffs.len() != sectors * n {
            return Err(InstrumentError::Sectors {
                what: "the tariffs without preferences",
                got: self.tariffs.len(),
                expected: sectors * n,
            });
        }
        let parting = |a: &usize, b: &usize| self.leavers.contains(a) || self.leavers.contains(b);
        for (importer, exporter) in pairs(&self.members).filter(|(a, b)| parting(a, b)) {
            for sector in 0..sectors {
                let rate = self.tariffs[sector * n + importer];
                shock.set_tariff(sector, importer, exporter, rate)?;
                if let Some(&factor) = self.non_tariff_costs.get(sector) {
                    shock.scale_cost(sector, importer, exporter, factor)?;
                }
            }
        }
        if let Some(pool) = &self.pool {
            shock.add_pool(pool.clone())?;
        }
        Ok(())
    }
}

/// Rates that importers apply to those without preferences, `[J][N]` by sector and importer:
/// the median of what each applies to `references`, itself left out. Name big exporters with
/// whom it has no agreement.
pub fn most_favoured_nation(baseline: &Baseline, references: &[usize]) -> Vec<f64> {
    let (n, sectors) = (baseline.countries(), baseline.sectors());
    let mut rates = Vec::with_capacity(sectors * n);
    for sector in 0..sectors {
        for importer in 0..n {
            let others = references.iter().filter(|&&other| other != importer);
            let mut applied: Vec<f64> = others
                .map(|&exporter| baseline.tariff(sector, importer, exporter))
                .collect();
            applied.sort_by(f64::total_cmp);
            rates.push(median(&applied));
        }
    }
    rates
}

fn median(sorted: &[f64]) -> f64 {
    match (sorted.len() / 2, sorted.len() % 2) {
        (0, 0) => 0.0,
        (middle, 0) => f64::midpoint(sorted[middle - 1], sorted[middle]),
        (middle, _) => sorted[middle],
    }
}

impl RevenuePool {
    /// The pool with another member at a given share, those of the others scaled down.
    #[must_use]
    pub fn with(&self, newcomer: usize, share: f64) -> Self {
        let others = self.shares.iter();
        let scaled = others.map(|&(country, old)| (country, old * (1.0 - share)));
        Self {
            shares: scaled.chain([(newcomer, share)]).collect(),
            collection_cost: self.collection_cost,
        }
    }

    /// The pool without some members, the shares of the others scaled up to one.
    #[must_use]
    pub fn without(&self, leavers: &[usize]) -> Self {
        let stay: Vec<(usize, f64)> = self
            .shares
            .iter()
            .copied()
            .filter(|(country, _)| !leavers.contains(country))
            .collect();
        let left: f64 = stay.iter().map(|(_, share)| share).sum();
        Self {
            shares: stay
                .into_iter()
                .map(|(country, share)| (country, share / left))
                .collect(),
            collection_cost: self.collection_cost,
        }
    }
}
