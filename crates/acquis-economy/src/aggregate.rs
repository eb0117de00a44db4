//! Coarser divisions: countries into regions, sectors into fewer.

use crate::concordance::Concordance;
use crate::economy::{Card, Economy, Figures, Sector, TariffSchedule};
use crate::error::EconomyError;
use crate::meaning::Elasticities;

/// The economy in the groups of two concordances.
///
/// * Flows, final demand and gross output are sums; trade within a group is home sales.
/// * A tariff is the mean weighted by flows, home sales included, so that flow times tariff
///   keeps the revenue. Every schedule is weighted by the same flows.
/// * Value-added shares and input coefficients are means weighted by sales, so that they go
///   on adding up to one.
/// * An elasticity is the mean weighted by the world's cross-border flows of the sectors.
/// * A flow counts as an estimate if at least half of it is.
///
/// Where all weights are zero the plain mean is taken.
///
/// # Errors
/// A code that a concordance has and the economy has not, or the other way round.
pub fn aggregate(
    economy: &Economy,
    countries: &Concordance,
    sectors: &Concordance,
) -> Result<Economy, EconomyError> {
    let codes: Vec<String> = economy.sectors().iter().map(|it| it.code.clone()).collect();
    let grouping = Grouping {
        economy,
        country: countries.groups_of("country", economy.labels())?,
        sector: sectors.groups_of("sector", &codes)?,
        countries: countries.groups().len(),
        sectors: sectors.groups().len(),
    };
    let figures = economy.figures();
    let tariffs = figures.tariffs.iter().map(|schedule| TariffSchedule {
        name: schedule.name.clone(),
        rates: grouping.mean_of_pairs(&schedule.rates),
    });
    let sum_of_levels = |table: &Option<Vec<f64>>| table.as_deref().map(|it| grouping.levels(it));
    let aggregated = Figures {
        countries: countries.groups().to_vec(),
        sectors: grouping.named_sectors(sectors),
        flows: grouping.pairs(&figures.flows),
        tariffs: tariffs.collect(),
        value_added_shares: (figures.value_added_shares.as_deref())
            .map(|shares| grouping.mean_of_levels(shares)),
        input_coefficients: (figures.input_coefficients.as_deref())
            .map(|inputs| grouping.inputs(inputs)),
        final_demand: sum_of_levels(&figures.final_demand),
        gross_output: sum_of_levels(&figures.gross_output),
        elasticities: (figures.elasticities.as_ref()).map(|it| grouping.elasticities(it)),
        estimated: (figures.estimated.as_deref()).map(|flags| grouping.estimated(flags)),
    };
    Economy::new(grouping.card(countries), aggregated)
}

struct Grouping<'e> {
    economy: &'e Economy,
    /// The group of each country.
    country: Vec<usize>,
    /// The group of each sector.
    sector: Vec<usize>,
    /// Number of groups of countries.
    countries: usize,
    /// Number of groups of sectors.
    sectors: usize,
}

/// Sums for a mean: weighted, and plain for where all weights are zero.
#[derive(Clone, Copy, Default)]
struct Mean {
    weighted: f64,
    weight: f64,
    plain: f64,
    count: f64,
}

impl Mean {
    fn add(&mut self, value: f64, weight: f64) {
        self.weighted += value * weight;
        self.weight += weight;
        self.plain += value;
        self.count += 1.0;
    }

    fn value(self) -> f64 {
        if self.weight > 0.0 {
            self.weighted / self.weight
        } else {
            self.plain / self.count.max(1.0)
        }
    }
}

fn values(means: Vec<Mean>) -> Vec<f64> {
    means.into_iter().map(Mean::value).collect()
}

impl Grouping<'_> {
    /// The cell of the groups to which a bilateral cell belongs.
    fn pair(&self, cell: usize) -> usize {
        let count = self.country.len();
        let sector = self.sector[cell / (count * count)];
        let exporter = self.country[cell / count % count];
        (sector * self.countries + exporter) * self.countries + self.country[cell % count]
    }

    /// The cell of the groups to which a country's sector belongs.
    fn level(&self, cell: usize) -> usize {
        let count = self.sector.len();
        self.country[cell / count] * self.sectors + self.sector[cell % count]
    }

    fn pairs(&self, table: &[f64]) -> Vec<f64> {
        let mut sums = vec![0.0; self.sectors * self.countries * self.countries];
        for (cell, value) in table.iter().enumerate() {
            sums[self.pair(cell)] += value;
        }
        sums
    }

    fn mean_of_pairs(&self, table: &[f64]) -> Vec<f64> {
        let mut means = vec![Mean::default(); self.sectors * self.countries * self.countries];
        for (cell, (&value, &flow)) in table.iter().zip(self.economy.trade()).enumerate() {
            means[self.pair(cell)].add(value, flow);
        }
        values(means)
    }

    fn levels(&self, table: &[f64]) -> Vec<f64> {
        let mut sums = vec![0.0; self.countries * self.sectors];
        for (cell, value) in table.iter().enumerate() {
            sums[self.level(cell)] += value;
        }
        sums
    }

    fn mean_of_levels(&self, table: &[f64]) -> Vec<f64> {
        let mut means = vec![Mean::default(); self.countries * self.sectors];
        for (cell, (&value, sales)) in table.iter().zip(self.economy.sales()).enumerate() {
            means[self.level(cell)].add(value, sales);
        }
        values(means)
    }

    /// Inputs are summed over the inputs of a group and averaged over its users.
    fn inputs(&self, table: &[f64]) -> Vec<f64> {
        let fine = self.sector.len();
        let sales = self.economy.sales();
        let mut means = vec![Mean::default(); self.countries * self.sectors * self.sectors];
        for country in 0..self.country.len() {
            for using in 0..fine {
                let mut purchases = vec![0.0; self.sectors];
                for input in 0..fine {
                    let cell = (country * fine + input) * fine + using;
                    purchases[self.sector[input]] += table[cell];
                }
                let weight = sales[country * fine + using];
                let row = self.country[country] * self.sectors;
                for (input, purchase) in purchases.into_iter().enumerate() {
                    let cell = (row + input) * self.sectors + self.sector[using];
                    means[cell].add(purchase, weight);
                }
            }
        }
        values(means)
    }

    fn elasticities(&self, fine: &Elasticities) -> Elasticities {
        let count = self.country.len();
        let mut means = vec![Mean::default(); self.sectors];
        let squares = self.economy.trade().chunks(count * count);
        for ((sector, value), square) in fine.values.iter().enumerate().zip(squares) {
            let crossing = square.iter().enumerate();
            let crossing = crossing.filter(|(cell, _)| cell / count != cell % count);
            let weight = crossing.map(|(_, flow)| flow).sum();
            means[self.sector[sector]].add(*value, weight);
        }
        Elasticities {
            values: values(means),
            meaning: fine.meaning,
            source: if self.sectors == self.sector.len() {
                fine.source.clone()
            } else {
                format!("{}, weighted with cross-border flows", fine.source)
            },
        }
    }

    fn estimated(&self, flags: &[bool]) -> Vec<bool> {
        let mut means = vec![Mean::default(); self.sectors * self.countries * self.countries];
        for (cell, (&flag, &flow)) in flags.iter().zip(self.economy.trade()).enumerate() {
            means[self.pair(cell)].add(f64::from(u8::from(flag)), flow);
        }
        means.into_iter().map(|mean| mean.value() >= 0.5).collect()
    }

    fn named_sectors(&self, concordance: &Concordance) -> Vec<Sector> {
        let groups = concordance.groups().iter().enumerate();
        let sectors = groups.map(|(group, code)| {
            let members = self.economy.sectors().iter().zip(&self.sector);
            let members: Vec<&Sector> = members
                .filter(|(_, of)| **of == group)
                .map(|(sector, _)| sector)
                .collect();
            let name = match (concordance.name_of(code), members.as_slice()) {
                (Some(name), _) => name,
                (None, [only]) if only.code == *code => &only.name,
                _ => code,
            };
            Sector {
                code: code.clone(),
                name: name.to_owned(),
                is_tradable: members.iter().any(|sector| sector.is_tradable),
            }
        });
        sectors.collect()
    }

    fn card(&self, concordance: &Concordance) -> Card {
        let old = &self.economy.card;
        let (countries, sectors) = (self.countries, self.sectors);
        let mut card = old.clone();
        card.id = format!("{}-{countries}x{sectors}", old.id);
        card.title = format!("{}: {countries} regions, {sectors} sectors", old.title);
        card.names.clear();
        for (group, code) in concordance.groups().iter().enumerate() {
            let members = self.country.iter().filter(|of| **of == group).count();
            let name = match concordance.name_of(code) {
                Some(name) if members > 1 || old.names.contains_key(code) => Some(name),
                _ => old.names.get(code).map(String::as_str),
            };
            if let Some(name) = name {
                card.names.insert(code.clone(), name.to_owned());
            }
        }
        if countries < self.country.len() {
            card.notes.push(format!(
                "Aggregated from {} economies: trade within a region counts as home sales.",
                self.country.len()
            ));
        }
        card
    }
}
