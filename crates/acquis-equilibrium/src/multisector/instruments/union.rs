//! Unions by stage.

use thiserror::Error;

use super::super::baseline::Baseline;
use super::super::shock::{Mobility, RevenuePool, Shock, ShockError, Transfer};
use super::external_tariff::{ArticleXxiv, ExternalTariff};

/// How goods of members become free of duty in a free trade area.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Preference {
    /// Each exporter takes the cheaper way: the preference at the cost of proving origin, or
    /// the tariff.
    Cheaper,
    /// A given part of trade uses the preference: the tariff falls to `(1 - υ) τ`, and the
    /// cost of proving origin is paid on the part that does.
    Utilised(f64),
}

/// Trade among members and towards others.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum TradeRegime {
    /// No tariffs among members, each its own towards others, and goods must prove their
    /// origin.
    FreeTradeArea {
        /// What proving origin costs, as a part of the value, by sector; empty: nothing.
        rules_of_origin: Vec<f64>,
        /// Who uses the preference.
        preference: Preference,
    },
    /// No tariffs among members and one tariff towards others.
    CustomsUnion {
        /// Where the common tariff comes from.
        external_tariff: ExternalTariff,
        /// Who gets the revenue; `None`: who collects it.
        pool: Option<RevenuePool>,
    },
}

/// A union of states and its instruments.
#[derive(Debug, Clone, PartialEq)]
pub struct Union {
    /// Positions of the members.
    pub members: Vec<usize>,
    /// Trade among them and towards others.
    pub regime: TradeRegime,
    /// Sectors that the regime covers, by position; empty: all.
    pub sectors: Vec<usize>,
    /// Factors on the cost of trade among members that is no tariff, by sector; below one
    /// where borders become cheaper to cross. Empty: none.
    pub non_tariff_costs: Vec<f64>,
    /// Labour that moves among members.
    pub mobility: Option<Mobility>,
    /// Payments.
    pub transfers: Vec<Transfer>,
}

/// A union that can't be formed.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum InstrumentError {
    /// Fewer than two members.
    #[error("a union needs two members, got {got}")]
    Members {
        /// How many were given.
        got: usize,
    },
    /// A table by sector has the wrong length.
    #[error("{what}: {got} figures for {expected} sectors")]
    Sectors {
        /// The table.
        what: &'static str,
        /// Figures given.
        got: usize,
        /// Sectors of the baseline.
        expected: usize,
    },
    /// A figure out of range.
    #[error("{what} is {value}; it must be {expected}")]
    Value {
        /// The figure.
        what: &'static str,
        /// Its value.
        value: f64,
        /// What would be usable.
        expected: &'static str,
    },
    /// A country that is not in the union.
    #[error("country {country} is not a member")]
    NotMember {
        /// Its position.
        country: usize,
    },
    /// A position that the shock refuses.
    #[error(transparent)]
    Shock(#[from] ShockError),
}

impl Union {
    /// Members trade freely, proving origin costs nothing, each keeps its own tariffs.
    pub fn free_trade_area(members: Vec<usize>) -> Self {
        Self::new(
            members,
            TradeRegime::FreeTradeArea {
                rules_of_origin: Vec::new(),
                preference: Preference::Cheaper,
            },
        )
    }

    /// Members trade freely behind one tariff; each keeps what it collects.
    pub fn customs_union(members: Vec<usize>, external_tariff: ExternalTariff) -> Self {
        Self::new(
            members,
            TradeRegime::CustomsUnion {
                external_tariff,
                pool: None,
            },
        )
    }

    /// A customs union with cheaper borders inside, and labour that moves.
    pub fn common_market(
        members: Vec<usize>,
        external_tariff: ExternalTariff,
        non_tariff_costs: Vec<f64>,
        mobility: Option<Mobility>,
    ) -> Self {
        Self {
            non_tariff_costs,
            mobility,
            ..Self::customs_union(members, external_tariff)
        }
    }

    /// A common market with payments among its members.
    pub fn economic_union(common_market: Self, transfers: Vec<Transfer>) -> Self {
        Self {
            transfers,
            ..common_market
        }
    }

    fn new(members: Vec<usize>, regime: TradeRegime) -> Self {
        Self {
            members,
            regime,
            sectors: Vec::new(),
            non_tariff_costs: Vec::new(),
            mobility: None,
            transfers: Vec::new(),
        }
    }

    /// Adds the union to a shock.
    ///
    /// # Errors
    /// Fewer than two members, tables that don't fit the sectors, figures out of range, or
    /// unknown positions. The shock may then hold a part of the union.
    pub fn impose(&self, baseline: &Baseline, shock: &mut Shock) -> Result<(), InstrumentError> {
        self.check(baseline)?;
        match &self.regime {
            TradeRegime::FreeTradeArea {
                rules_of_origin,
                preference,
            } => self.free_trade(baseline, rules_of_origin, *preference, shock)?,
            TradeRegime::CustomsUnion {
                external_tariff,
                pool,
            } => {
                self.free_trade(baseline, &[], Preference::Cheaper, shock)?;
                let common = external_tariff.schedule(baseline, &self.members)?;
                self.adopt(baseline, &common, &self.members, shock)?;
                if let Some(pool) = pool {
                    shock.add_pool(pool.clone())?;
                }
            }
        }
        if !self.non_tariff_costs.is_empty() {
            for (sector, factor) in self.non_tariff_costs.iter().enumerate() {
                for (importer, exporter) in pairs(&self.members) {
                    shock.scale_cost(sector, importer, exporter, *factor)?;
                }
            }
        }
        if let Some(mobility) = &self.mobility {
            shock.add_mobility(mobility.clone())?;
        }
        for transfer in &self.transfers {
            shock.add_transfer(transfer.clone())?;
        }
        Ok(())
    }

    /// GATT, Article XXIV:5(a): whether the common tariff is on the whole not higher than
    /// the members' were. A free trade area changes none.
    ///
    /// # Errors
    /// As [`Self::impose`].
    pub fn article_xxiv(&self, baseline: &Baseline) -> Result<ArticleXxiv, InstrumentError> {
        self.check(baseline)?;
        let covered = self.covered(baseline);
        match &self.regime {
            TradeRegime::FreeTradeArea { .. } => {
                Ok(ArticleXxiv::of(baseline, &self.members, &covered, None))
            }
            TradeRegime::CustomsUnion {
                external_tariff, ..
            } => {
                let common = external_tariff.schedule(baseline, &self.members)?;
                Ok(ArticleXxiv::of(
                    baseline,
                    &self.members,
                    &covered,
                    Some(&common),
                ))
            }
        }
    }

    fn check(&self, baseline: &Baseline) -> Result<(), InstrumentError> {
        if self.members.len() < 2 {
            return Err(InstrumentError::Members {
                got: self.members.len(),
            });
        }
        for (position, &member) in self.members.iter().enumerate() {
            if member >= baseline.countries() {
                return Err(ShockError::Unknown {
                    what: "country",
                    index: member,
                    count: baseline.countries(),
                }
                .into());
            }
            if self.members[..position].contains(&member) {
                return Err(ShockError::Twice {
                    country: baseline.country_labels()[member].clone(),
                    arrangement: "a union",
                }
                .into());
            }
        }
        check_length("non-tariff costs", &self.non_tariff_costs, baseline)?;
        if let TradeRegime::FreeTradeArea {
            rules_of_origin,
            preference,
        } = &self.regime
        {
            check_length("costs of proving origin", rules_of_origin, baseline)?;
            let bad = |cost: &&f64| !(cost.is_finite() && **cost >= 0.0);
            if let Some(&value) = rules_of_origin.iter().find(bad) {
                return Err(InstrumentError::Value {
                    what: "the cost of proving origin",
                    value,
                    expected: "finite and not negative",
                });
            }
            if let Preference::Utilised(value) = *preference
                && !(0.0..=1.0).contains(&value)
            {
                return Err(InstrumentError::Value {
                    what: "the utilisation of preferences",
                    value,
                    expected: "between 0 and 1",
                });
            }
        }
        Ok(())
    }

    /// Positions of the sectors that the regime covers.
    fn covered(&self, baseline: &Baseline) -> Vec<usize> {
        if self.sectors.is_empty() {
            (0..baseline.sectors()).collect()
        } else {
            self.sectors.clone()
        }
    }

    fn free_trade(
        &self,
        baseline: &Baseline,
        rules_of_origin: &[f64],
        preference: Preference,
        shock: &mut Shock,
    ) -> Result<(), ShockError> {
        for sector in self.covered(baseline) {
            let cost = rules_of_origin.get(sector).copied().unwrap_or(0.0);
            for (importer, exporter) in pairs(&self.members) {
                let tariff = baseline.tariff(sector, importer, exporter);
                let (left, cost) = match preference {
                    Preference::Cheaper if tariff > cost => (0.0, cost),
                    Preference::Utilised(part) if tariff > 0.0 => {
                        ((1.0 - part) * tariff, part * cost)
                    }
                    // Nobody proves origin to be spared less than that costs, and a
                    // subsidized import stays subsidized.
                    _ => (tariff, 0.0),
                };
                if (left - tariff).abs() > 0.0 {
                    shock.set_tariff(sector, importer, exporter, left)?;
                }
                if cost > 0.0 {
                    shock.scale_cost(sector, importer, exporter, 1.0 + cost)?;
                }
            }
        }
        Ok(())
    }

    /// Sets the common tariff, `[J][N]` by exporter, for some importers.
    pub(super) fn adopt(
        &self,
        baseline: &Baseline,
        common: &[f64],
        importers: &[usize],
        shock: &mut Shock,
    ) -> Result<(), ShockError> {
        let n = baseline.countries();
        for sector in self.covered(baseline) {
            for &importer in importers {
                for exporter in (0..n).filter(|other| !self.members.contains(other)) {
                    shock.set_tariff(sector, importer, exporter, common[sector * n + exporter])?;
                }
            }
        }
        Ok(())
    }
}

/// Ordered pairs of different members.
pub(super) fn pairs(members: &[usize]) -> impl Iterator<Item = (usize, usize)> + '_ {
    let all = members
        .iter()
        .flat_map(move |&a| members.iter().map(move |&b| (a, b)));
    all.filter(|(a, b)| a != b)
}

fn check_length(
    what: &'static str,
    table: &[f64],
    baseline: &Baseline,
) -> Result<(), InstrumentError> {
    let expected = baseline.sectors();
    if table.is_empty() || table.len() == expected {
        return Ok(());
    }
    Err(InstrumentError::Sectors {
        what,
        got: table.len(),
        expected,
    })
}
