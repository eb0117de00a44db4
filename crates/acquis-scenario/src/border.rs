//! From a change of stages to a change of tariffs and costs, in an economy of many sectors.
//!
//! Two states that come to a free trade area or deeper drop their tariffs on each other in
//! the sectors covered; two that fall below it go back to what each levies without
//! preference. A customs union that forms takes a common tariff by rule; who joins one takes
//! the union's; who leaves one keeps it towards others. What the estimated effect of a stage
//! has beyond the tariff comes as a trade cost that earns no revenue,
//!
//! ```text
//! d̂ = exp(-β/θ) (1 + τ)/(1 + τ'),   β = effect(after) - effect(before) on ln trade,
//! ```
//!
//! and never turns against the direction of the stage: an effect that the tariff exceeds
//! leaves no cost. So no tariff is counted twice.

use std::sync::Arc;

use acquis_economy::Economy;
use acquis_equilibrium::multisector::instruments::{Union, most_favoured_nation};
use acquis_equilibrium::multisector::{
    Baseline, Elasticities, Mobility, RevenuePool, Shock, ShockError, Transfer, TransferAmount,
};
use acquis_registry::document::Placed;
use acquis_registry::{Finding, Findings, Lint, Stage};

use crate::effects::StageEffects;
use crate::policy::{PaymentAmount, TradePolicy};
use crate::reform::Reform;
use crate::run::RunError;

/// What the shock of a reform is made from.
pub(crate) struct Border<'a> {
    pub(crate) baseline: &'a Baseline,
    pub(crate) policy: &'a TradePolicy,
    terms: Arc<Terms>,
    pairs: Vec<Pair>,
    /// States that are concerned and the stages between them, by position.
    concerned: Vec<Standing>,
}

/// What doesn't depend on who is in.
pub(crate) struct Terms {
    /// Positions of the sectors to which stages apply.
    pub(crate) sectors: Vec<usize>,
    /// Tariffs without preference, `[J][N]` by importer.
    without_preference: Vec<f64>,
}

/// Two economies whose stage changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pair {
    pub(crate) first: usize,
    pub(crate) second: usize,
    pub(crate) before: Stage,
    pub(crate) after: Stage,
}

/// Two economies that the reform concerns.
pub(crate) type Standing = Pair;

impl Terms {
    /// Terms for a policy; where it names no economies whose goods pay without preference, all
    /// are taken that nothing touches.
    pub(crate) fn new(
        baseline: &Baseline,
        policy: &TradePolicy,
        economy: &Economy,
        touched: impl Fn(usize) -> bool,
    ) -> Result<Self, Findings> {
        let references = if policy.references.is_empty() {
            (0..baseline.countries())
                .filter(|&country| !touched(country))
                .collect()
        } else {
            let known = |name| position(economy, name);
            policy
                .references
                .iter()
                .map(known)
                .collect::<Result<Vec<_>, _>>()?
        };
        Ok(Self {
            sectors: sectors(policy, economy)?,
            without_preference: most_favoured_nation(baseline, &references),
        })
    }
}

/// A customs union that forms or grows.
pub(crate) struct CustomsUnion {
    /// All members.
    pub(crate) members: Vec<usize>,
    /// Those whose tariffs make the common one.
    core: Vec<usize>,
    /// Those that take it.
    newcomers: Vec<usize>,
}

impl<'a> Border<'a> {
    pub(crate) fn new(
        baseline: &'a Baseline,
        policy: &'a TradePolicy,
        economy: &Economy,
        reform: &Reform,
    ) -> Result<Self, Findings> {
        let pairs: Vec<Pair> = reform
            .changed
            .iter()
            .filter_map(|pair| {
                Some(Pair {
                    first: economy.position(pair.first.as_str())?,
                    second: economy.position(pair.second.as_str())?,
                    before: pair.before,
                    after: pair.after,
                })
            })
            .collect();
        let touched = |country: usize| {
            pairs
                .iter()
                .any(|pair| pair.first == country || pair.second == country)
        };
        Ok(Self {
            terms: Arc::new(Terms::new(baseline, policy, economy, touched)?),
            baseline,
            policy,
            concerned: standings(economy, reform),
            pairs,
        })
    }

    /// Between pairs whose stage changes, among those that are concerned.
    pub(crate) fn between(
        baseline: &'a Baseline,
        policy: &'a TradePolicy,
        terms: Arc<Terms>,
        pairs: Vec<Pair>,
        concerned: Vec<Standing>,
    ) -> Self {
        Self {
            baseline,
            policy,
            terms,
            pairs,
            concerned,
        }
    }

    /// The customs unions that form or grow.
    pub(crate) fn customs_unions(&self) -> Vec<CustomsUnion> {
        let unions = groups(&self.concerned, |pair| pair.after >= Stage::CustomsUnion);
        let old = groups(&self.concerned, |pair| pair.before >= Stage::CustomsUnion);
        let mut formed = Vec::new();
        for members in unions {
            // What is left of a union keeps its tariff.
            if old
                .iter()
                .any(|group| members.iter().all(|state| group.contains(state)))
            {
                continue;
            }
            let inside = |group: &&Vec<usize>| group.iter().all(|state| members.contains(state));
            let mut cores = old.iter().filter(inside);
            let (core, newcomers) = match (cores.next(), cores.next()) {
                (Some(core), None) => {
                    let joins = members
                        .iter()
                        .copied()
                        .filter(|state| !core.contains(state));
                    (core.clone(), joins.collect())
                }
                _ => (members.clone(), members.clone()),
            };
            if !newcomers.is_empty() {
                formed.push(CustomsUnion {
                    members,
                    core,
                    newcomers,
                });
            }
        }
        formed
    }

    /// The shock of the reform.
    pub(crate) fn shock(
        &self,
        economy: &Economy,
        effects: &StageEffects,
        theta: &Elasticities,
    ) -> Result<Shock, RunError> {
        let mut shock = Shock::none(self.baseline);
        for pair in &self.pairs {
            let effect = effects.of(pair.after) - effects.of(pair.before);
            for (importer, exporter) in [(pair.first, pair.second), (pair.second, pair.first)] {
                for &sector in &self.terms.sectors {
                    let elasticity = theta.values()[sector];
                    self.cross(
                        &mut shock,
                        *pair,
                        (sector, importer, exporter),
                        effect,
                        elasticity,
                    )?;
                }
            }
        }
        for union in self.customs_unions() {
            self.common_tariff(&mut shock, &union)?;
        }
        self.instruments(&mut shock, economy)?;
        Ok(shock)
    }

    /// One sector's trade in one direction between two states whose stage changes.
    fn cross(
        &self,
        shock: &mut Shock,
        pair: Pair,
        (sector, importer, exporter): (usize, usize, usize),
        effect: f64,
        elasticity: f64,
    ) -> Result<(), ShockError> {
        let tariff = self.baseline.tariff(sector, importer, exporter);
        let countries = self.baseline.countries();
        let (free_before, free_after) = (is_free(pair.before), is_free(pair.after));
        let (new, origin) = match (free_before, free_after) {
            (false, true) => self.preferential(pair.after, tariff),
            (true, false) => (
                self.terms.without_preference[sector * countries + importer],
                1.0,
            ),
            _ => (tariff, 1.0),
        };
        if (new - tariff).abs() > 0.0 {
            shock.set_tariff(sector, importer, exporter, new)?;
        }
        let by_policy = (1.0 + new) / (1.0 + tariff) * origin;
        let rest = (-effect / elasticity).exp() / by_policy;
        let rest = if effect > 0.0 {
            rest.min(1.0)
        } else if effect < 0.0 {
            rest.max(1.0)
        } else {
            1.0
        };
        let cost = origin * rest;
        if (cost - 1.0).abs() > 0.0 {
            shock.scale_cost(sector, importer, exporter, cost)?;
        }
        Ok(())
    }

    /// The tariff under a preference, and the cost of proving origin.
    fn preferential(&self, stage: Stage, tariff: f64) -> (f64, f64) {
        let origin = if stage >= Stage::CustomsUnion {
            0.0
        } else {
            self.policy.rules_of_origin
        };
        match self.policy.utilisation {
            None if tariff > origin => (0.0, 1.0 + origin),
            Some(part) if tariff > 0.0 => ((1.0 - part) * tariff, 1.0 + part * origin),
            // Nobody proves origin to be spared less than that costs.
            _ => (tariff, 1.0),
        }
    }

    fn common_tariff(&self, shock: &mut Shock, union: &CustomsUnion) -> Result<(), RunError> {
        let rule = self.policy.external_tariff.engine();
        let common = rule.schedule(self.baseline, &union.core)?;
        let countries = self.baseline.countries();
        for &sector in &self.terms.sectors {
            for &importer in &union.newcomers {
                let outsiders = (0..countries).filter(|other| !union.members.contains(other));
                // Towards those with whom the stage changes too it is that change that counts.
                for exporter in outsiders.filter(|&other| !self.changes(importer, other)) {
                    let rate = common[sector * countries + exporter];
                    shock.set_tariff(sector, importer, exporter, rate)?;
                }
            }
        }
        Ok(())
    }

    /// Whether the stage between two economies changes.
    fn changes(&self, one: usize, other: usize) -> bool {
        let pair = |pair: &Pair| [pair.first, pair.second];
        self.pairs
            .iter()
            .map(pair)
            .any(|pair| pair == [one, other] || pair == [other, one])
    }

    /// Whether a union's tariff meets Article XXIV:5(a), in a sentence.
    pub(crate) fn article_xxiv(&self, union: &CustomsUnion) -> Result<String, RunError> {
        let rule = self
            .policy
            .external_tariff
            .engine()
            .schedule(self.baseline, &union.core)?;
        let mut test = Union::customs_union(
            union.members.clone(),
            acquis_equilibrium::multisector::instruments::ExternalTariff::Schedule(rule),
        );
        test.sectors.clone_from(&self.terms.sectors);
        let test = test.article_xxiv(self.baseline)?;
        let names = |list: &[usize]| -> String {
            let labels = list
                .iter()
                .map(|&state| self.baseline.country_labels()[state].as_str());
            labels.collect::<Vec<_>>().join(", ")
        };
        Ok(format!(
            "Customs union of {}: its tariff on outsiders is {:.2} % on average at the imports of \
             the base year, {:.2} % before; GATT Article XXIV:5(a) is {}",
            names(&union.members),
            100.0 * test.average_after(),
            100.0 * test.average_before(),
            if test.is_met() { "met" } else { "not met" },
        ))
    }

    /// Pooled revenue, payments and labour.
    fn instruments(&self, shock: &mut Shock, economy: &Economy) -> Result<(), RunError> {
        if let Some(pool) = &self.policy.pool {
            let share = |(name, share): &(Placed<String>, f64)| {
                Ok((position(economy, name)?, share / 100.0))
            };
            shock.add_pool(RevenuePool {
                shares: pool
                    .shares
                    .iter()
                    .map(share)
                    .collect::<Result<_, Findings>>()?,
                collection_cost: pool.collection_cost,
            })?;
        }
        for payment in &self.policy.payments {
            let (from, to) = (
                position(economy, &payment.from)?,
                position(economy, &payment.to)?,
            );
            let amount = match &payment.amount {
                PaymentAmount::Fixed(amount) => TransferAmount::Fixed(*amount),
                PaymentAmount::Discount { sector, rate } => TransferAmount::OfFlow {
                    sector: sector_position(economy, sector)?,
                    importer: to,
                    exporter: from,
                    rate: *rate,
                },
            };
            shock.add_transfer(Transfer { from, to, amount })?;
        }
        if let Some(elasticity) = self.policy.labour_mobility {
            let markets = groups(&self.concerned, |pair| pair.after >= Stage::CommonMarket);
            for members in markets {
                let labour = |&state: &usize| (state, self.baseline.value_added(state));
                shock.add_mobility(Mobility {
                    labour: members.iter().map(labour).collect(),
                    elasticity,
                })?;
            }
        }
        Ok(())
    }
}

fn is_free(stage: Stage) -> bool {
    stage >= Stage::FreeTradeArea
}

/// Stages between all economies that the reform concerns.
fn standings(economy: &Economy, reform: &Reform) -> Vec<Standing> {
    let states = reform.after.states();
    let mut standings = Vec::new();
    for (row, first) in states.iter().enumerate() {
        for (column, second) in states.iter().enumerate().skip(row + 1) {
            let places = (
                economy.position(first.as_str()),
                economy.position(second.as_str()),
            );
            if let (Some(first), Some(second)) = places {
                standings.push(Pair {
                    first,
                    second,
                    before: reform.before.stage(row, column),
                    after: reform.after.stage(row, column),
                });
            }
        }
    }
    standings
}

/// Groups of economies that pairs of a kind hold together, two or more each.
fn groups(pairs: &[Pair], holds: impl Fn(&Pair) -> bool) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for pair in pairs.iter().filter(|pair| holds(pair)) {
        let at = |state: usize, groups: &[Vec<usize>]| {
            groups.iter().position(|group| group.contains(&state))
        };
        match (at(pair.first, &groups), at(pair.second, &groups)) {
            (None, None) => groups.push(vec![pair.first, pair.second]),
            (Some(one), None) => groups[one].push(pair.second),
            (None, Some(other)) => groups[other].push(pair.first),
            (Some(one), Some(other)) if one != other => {
                let (low, high) = (one.min(other), one.max(other));
                let joined = groups.remove(high);
                groups[low].extend(joined);
            }
            _ => {}
        }
    }
    for group in &mut groups {
        group.sort_unstable();
    }
    groups
}

fn sectors(policy: &TradePolicy, economy: &Economy) -> Result<Vec<usize>, Findings> {
    if policy.sectors.is_empty() {
        let traded = economy.sectors().iter().enumerate();
        let traded = traded.filter(|(_, sector)| sector.is_tradable);
        return Ok(traded.map(|(position, _)| position).collect());
    }
    policy
        .sectors
        .iter()
        .map(|name| sector_position(economy, name))
        .collect()
}

fn position(economy: &Economy, name: &Placed<String>) -> Result<usize, Findings> {
    economy.position(&name.value).ok_or_else(|| {
        let known = economy.labels().iter().map(String::as_str);
        unknown(name, "economy", economy, known)
    })
}

fn sector_position(economy: &Economy, name: &Placed<String>) -> Result<usize, Findings> {
    let mut codes = economy.sectors().iter();
    codes
        .position(|sector| sector.code == name.value)
        .ok_or_else(|| {
            let known = economy.sectors().iter().map(|sector| sector.code.as_str());
            unknown(name, "sector", economy, known)
        })
}

fn unknown<'n>(
    name: &Placed<String>,
    what: &str,
    economy: &Economy,
    known: impl Iterator<Item = &'n str>,
) -> Findings {
    let message = format!("no {what} {:?} in {}", name.value, economy.card.id);
    Finding::error(Lint::Economy, Some(name.place.clone()), message)
        .near(&name.value, known)
        .into()
}
