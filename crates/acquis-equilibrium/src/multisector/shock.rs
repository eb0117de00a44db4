//! What changes: tariffs, trade costs, taxes on exports, productivity, endowments, and the
//! arrangements that a union makes among its members.

use std::collections::BTreeMap;

use thiserror::Error;

use super::baseline::Baseline;

/// Changes to a baseline of `N` countries and `J` sectors. What is not named stays.
///
/// Countries and sectors are positions in the baseline's labels. Tariffs and export taxes
/// are new levels; costs, productivity and endowments are factors, and factors given twice
/// multiply.
#[derive(Debug, Clone, PartialEq)]
pub struct Shock {
    countries: usize,
    sectors: usize,
    /// By sector and importer.
    pub(super) rows: BTreeMap<(usize, usize), RowChange>,
    /// By country and sector.
    pub(super) productivity: BTreeMap<(usize, usize), f64>,
    pub(super) endowment: BTreeMap<usize, f64>,
    pub(super) transfers: Vec<Transfer>,
    pub(super) pools: Vec<RevenuePool>,
    pub(super) mobility: Vec<Mobility>,
}

/// Changes to one importer's purchases in one sector, each `[N]` by exporter; empty tables
/// change nothing.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct RowChange {
    /// New tariffs; NaN where the old one stays.
    pub(super) tariffs: Vec<f64>,
    /// Factors on the iceberg cost; infinite where trade is prohibited.
    pub(super) costs: Vec<f64>,
    /// New export taxes; NaN where the old one stays.
    pub(super) export_taxes: Vec<f64>,
}

impl RowChange {
    fn is_empty(&self) -> bool {
        self.tariffs.is_empty() && self.costs.is_empty() && self.export_taxes.is_empty()
    }
}

/// A payment from one country to another, on top of what the deficits already hold.
#[derive(Debug, Clone, PartialEq)]
pub struct Transfer {
    /// Who pays.
    pub from: usize,
    /// Who receives.
    pub to: usize,
    /// How much.
    pub amount: TransferAmount,
}

/// The size of a transfer.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum TransferAmount {
    /// An amount in the unit of the baseline, counted in the numeraire.
    Fixed(f64),
    /// A part of the value at the border of what `exporter` sells to `importer` in `sector`
    /// after the shock: a price below the market, or a tax that one side forgoes.
    OfFlow {
        /// The sector of the goods.
        sector: usize,
        /// Who buys them.
        importer: usize,
        /// Who sells them.
        exporter: usize,
        /// The part of the flow's value.
        rate: f64,
    },
}

/// Members share the duties that they collect on goods from outside.
///
/// Each hands over what it collects less the part that it keeps for the cost of
/// collecting, and receives its share of the sum.
#[derive(Debug, Clone, PartialEq)]
pub struct RevenuePool {
    /// Members and their shares, which add up to one.
    pub shares: Vec<(usize, f64)>,
    /// Part of the duties that the collecting member keeps.
    pub collection_cost: f64,
}

/// Labour moves among members towards higher real wages, with a constant elasticity:
/// `L'_n ∝ L_n (ω̂_n)^ε` with the members' total fixed.
#[derive(Debug, Clone, PartialEq)]
pub struct Mobility {
    /// Members and their labour forces in any one unit.
    pub labour: Vec<(usize, f64)>,
    /// The elasticity `ε` of relative labour supply to relative real wages.
    pub elasticity: f64,
}

/// A shock that can't be used.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum ShockError {
    /// A position beyond the labels.
    #[error("{what} {index} of a world with {count}")]
    Unknown {
        /// `country` or `sector`.
        what: &'static str,
        /// The position that was given.
        index: usize,
        /// How many there are.
        count: usize,
    },
    /// A figure out of range.
    #[error("{what} is {value}; it must be {expected}")]
    Value {
        /// What the figure is.
        what: &'static str,
        /// The figure.
        value: f64,
        /// What would be usable.
        expected: &'static str,
    },
    /// The shares of a revenue pool don't add up to one.
    #[error("the shares of the revenue pool add up to {sum}, not to 1")]
    Shares {
        /// Their sum.
        sum: f64,
    },
    /// A country is named twice in one arrangement, or in two of a kind.
    #[error("{country} is named twice in {arrangement}")]
    Twice {
        /// The country's position or label.
        country: String,
        /// What it is named in.
        arrangement: &'static str,
    },
    /// The shock was made for a world of another size.
    #[error(
        "the shock is for {shock_countries} countries and {shock_sectors} sectors, the baseline has {countries} and {sectors}"
    )]
    Shape {
        /// Countries of the shock.
        shock_countries: usize,
        /// Sectors of the shock.
        shock_sectors: usize,
        /// Countries of the baseline.
        countries: usize,
        /// Sectors of the baseline.
        sectors: usize,
    },
    /// Prohibitions leave nobody to sell what a country needs.
    #[error("the shock leaves {country} without any supplier of {sector}, which it needs")]
    NoSupplier {
        /// The country's label.
        country: String,
        /// The sector's label.
        sector: String,
    },
}

impl Shock {
    /// No change to a world of the baseline's size.
    pub fn none(baseline: &Baseline) -> Self {
        Self {
            countries: baseline.countries(),
            sectors: baseline.sectors(),
            rows: BTreeMap::new(),
            productivity: BTreeMap::new(),
            endowment: BTreeMap::new(),
            transfers: Vec::new(),
            pools: Vec::new(),
            mobility: Vec::new(),
        }
    }

    /// Whether the shock changes nothing.
    pub fn is_none(&self) -> bool {
        self.rows.is_empty()
            && self.productivity.is_empty()
            && self.endowment.is_empty()
            && self.transfers.is_empty()
            && self.pools.is_empty()
            && self.mobility.is_empty()
    }

    /// Sets the importer's ad valorem tariff, a fraction of the value before it.
    ///
    /// # Errors
    /// An unknown position, or a rate that isn't finite and above -1.
    pub fn set_tariff(
        &mut self,
        sector: usize,
        importer: usize,
        exporter: usize,
        rate: f64,
    ) -> Result<(), ShockError> {
        check_rate("a tariff", rate)?;
        let row = self.row(sector, importer, exporter)?;
        set(&mut row.tariffs, exporter, rate);
        Ok(())
    }

    /// Multiplies the iceberg cost of bringing goods to the importer; an infinite factor
    /// prohibits the trade.
    ///
    /// # Errors
    /// An unknown position, or a factor that isn't positive.
    pub fn scale_cost(
        &mut self,
        sector: usize,
        importer: usize,
        exporter: usize,
        factor: f64,
    ) -> Result<(), ShockError> {
        if factor.is_nan() || factor <= 0.0 {
            return Err(ShockError::Value {
                what: "the factor of a trade cost",
                value: factor,
                expected: "positive (infinite prohibits trade)",
            });
        }
        let countries = self.countries;
        let row = self.row(sector, importer, exporter)?;
        row.costs.resize(countries, 1.0);
        row.costs[exporter] *= factor;
        Ok(())
    }

    /// Sets the exporter's ad valorem tax on what it sells to the importer, a fraction of
    /// the producer's price; below zero it is a subsidy.
    ///
    /// # Errors
    /// An unknown position, or a rate that isn't finite and above -1.
    pub fn set_export_tax(
        &mut self,
        sector: usize,
        importer: usize,
        exporter: usize,
        rate: f64,
    ) -> Result<(), ShockError> {
        check_rate("an export tax", rate)?;
        let row = self.row(sector, importer, exporter)?;
        set(&mut row.export_taxes, exporter, rate);
        Ok(())
    }

    /// Multiplies productivity, `Â`: unit cost falls by the factor.
    ///
    /// # Errors
    /// An unknown position, or a factor that isn't positive and finite.
    pub fn scale_productivity(
        &mut self,
        country: usize,
        sector: usize,
        factor: f64,
    ) -> Result<(), ShockError> {
        self.check_country(country)?;
        self.check_sector(sector)?;
        check_factor("the factor of productivity", factor)?;
        *self.productivity.entry((country, sector)).or_insert(1.0) *= factor;
        Ok(())
    }

    /// Multiplies the labour force (the composite factor) of a country.
    ///
    /// # Errors
    /// An unknown position, or a factor that isn't positive and finite.
    pub fn scale_endowment(&mut self, country: usize, factor: f64) -> Result<(), ShockError> {
        self.check_country(country)?;
        check_factor("the factor of an endowment", factor)?;
        *self.endowment.entry(country).or_insert(1.0) *= factor;
        Ok(())
    }

    /// Adds a transfer.
    ///
    /// # Errors
    /// An unknown position, or an amount that isn't finite.
    pub fn add_transfer(&mut self, transfer: Transfer) -> Result<(), ShockError> {
        self.check_country(transfer.from)?;
        self.check_country(transfer.to)?;
        let value = match transfer.amount {
            TransferAmount::Fixed(amount) => amount,
            TransferAmount::OfFlow {
                sector,
                importer,
                exporter,
                rate,
            } => {
                self.check_sector(sector)?;
                self.check_country(importer)?;
                self.check_country(exporter)?;
                rate
            }
        };
        if !value.is_finite() {
            return Err(ShockError::Value {
                what: "a transfer",
                value,
                expected: "finite",
            });
        }
        self.transfers.push(transfer);
        Ok(())
    }

    /// Adds a pool of customs revenue.
    ///
    /// # Errors
    /// An unknown or repeated member, a share below zero, shares that don't add up to one
    /// within `1e-9`, or a collection cost that isn't a share.
    pub fn add_pool(&mut self, pool: RevenuePool) -> Result<(), ShockError> {
        for &(country, share) in &pool.shares {
            self.check_country(country)?;
            if !(share.is_finite() && share >= 0.0) {
                return Err(ShockError::Value {
                    what: "a share of the revenue pool",
                    value: share,
                    expected: "between 0 and 1",
                });
            }
        }
        if !(0.0..=1.0).contains(&pool.collection_cost) {
            return Err(ShockError::Value {
                what: "the collection cost",
                value: pool.collection_cost,
                expected: "between 0 and 1",
            });
        }
        let sum: f64 = pool.shares.iter().map(|(_, share)| share).sum();
        if (sum - 1.0).abs() > 1e-9 {
            return Err(ShockError::Shares { sum });
        }
        let taken = self.pools.iter().flat_map(|pool| &pool.shares);
        let all = taken.chain(&pool.shares).map(|(country, _)| *country);
        check_once(all, "revenue pools")?;
        self.pools.push(pool);
        Ok(())
    }

    /// Lets labour move among members.
    ///
    /// # Errors
    /// An unknown or repeated member, a labour force that isn't positive and finite, or an
    /// elasticity that isn't finite and at least zero.
    pub fn add_mobility(&mut self, mobility: Mobility) -> Result<(), ShockError> {
        for &(country, labour) in &mobility.labour {
            self.check_country(country)?;
            check_factor("a labour force", labour)?;
        }
        if !(mobility.elasticity.is_finite() && mobility.elasticity >= 0.0) {
            return Err(ShockError::Value {
                what: "the elasticity of labour supply",
                value: mobility.elasticity,
                expected: "finite and not negative",
            });
        }
        let taken = self.mobility.iter().flat_map(|area| &area.labour);
        let all = taken.chain(&mobility.labour).map(|(country, _)| *country);
        check_once(all, "areas of free movement")?;
        self.mobility.push(mobility);
        Ok(())
    }

    /// Whether the shock sets a tariff of this importer.
    pub(super) fn changes_tariffs_of(&self, importer: usize) -> bool {
        let rows = self
            .rows
            .iter()
            .filter(|((_, owner), _)| *owner == importer);
        rows.into_iter().any(|(_, row)| !row.tariffs.is_empty())
    }

    /// The shock with the tariffs of some importers only, and everything else.
    pub(super) fn with_tariffs_of(&self, kept: impl Fn(usize) -> bool) -> Self {
        let mut shock = self.clone();
        shock.rows.retain(|(_, importer), row| {
            if !kept(*importer) {
                row.tariffs.clear();
            }
            !row.is_empty()
        });
        shock
    }

    /// The tariffs of the shock, and nothing else.
    pub(super) fn only_tariffs(&self) -> Self {
        let rows = self.rows.iter().filter(|(_, row)| !row.tariffs.is_empty());
        let rows = rows.map(|(key, row)| {
            let row = RowChange {
                tariffs: row.tariffs.clone(),
                ..RowChange::default()
            };
            (*key, row)
        });
        Self {
            countries: self.countries,
            sectors: self.sectors,
            rows: rows.collect(),
            productivity: BTreeMap::new(),
            endowment: BTreeMap::new(),
            transfers: Vec::new(),
            pools: Vec::new(),
            mobility: Vec::new(),
        }
    }

    /// Checks that the shock was made for a world of this size.
    pub(super) fn check(&self, baseline: &Baseline) -> Result<(), ShockError> {
        let (countries, sectors) = (baseline.countries(), baseline.sectors());
        if (self.countries, self.sectors) == (countries, sectors) {
            return Ok(());
        }
        Err(ShockError::Shape {
            shock_countries: self.countries,
            shock_sectors: self.sectors,
            countries,
            sectors,
        })
    }

    /// The changes to one importer's purchases in one sector.
    fn row(
        &mut self,
        sector: usize,
        importer: usize,
        exporter: usize,
    ) -> Result<&mut RowChange, ShockError> {
        self.check_sector(sector)?;
        self.check_country(importer)?;
        self.check_country(exporter)?;
        Ok(self.rows.entry((sector, importer)).or_default())
    }

    fn check_country(&self, index: usize) -> Result<(), ShockError> {
        check_position("country", index, self.countries)
    }

    fn check_sector(&self, index: usize) -> Result<(), ShockError> {
        check_position("sector", index, self.sectors)
    }
}

/// The figure at `index` of a table that ends where nothing more was set.
pub(super) fn given(table: &[f64], index: usize) -> Option<f64> {
    table.get(index).copied().filter(|value| !value.is_nan())
}

fn set(table: &mut Vec<f64>, index: usize, value: f64) {
    if table.len() <= index {
        table.resize(index + 1, f64::NAN);
    }
    table[index] = value;
}

fn check_position(what: &'static str, index: usize, count: usize) -> Result<(), ShockError> {
    if index < count {
        Ok(())
    } else {
        Err(ShockError::Unknown { what, index, count })
    }
}

fn check_rate(what: &'static str, value: f64) -> Result<(), ShockError> {
    if value.is_finite() && value > -1.0 {
        return Ok(());
    }
    Err(ShockError::Value {
        what,
        value,
        expected: "finite and above -1",
    })
}

fn check_factor(what: &'static str, value: f64) -> Result<(), ShockError> {
    if value.is_finite() && value > 0.0 {
        return Ok(());
    }
    Err(ShockError::Value {
        what,
        value,
        expected: "positive and finite",
    })
}

fn check_once(
    countries: impl Iterator<Item = usize>,
    arrangement: &'static str,
) -> Result<(), ShockError> {
    let mut seen = std::collections::BTreeSet::new();
    for country in countries {
        if !seen.insert(country) {
            return Err(ShockError::Twice {
                country: format!("country {country}"),
                arrangement,
            });
        }
    }
    Ok(())
}
