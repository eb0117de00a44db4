//! Random worlds and random changes to them.
//!
//! A world is drawn from a seed, so that what proptest shrinks is its size and what it
//! contains, not its thousands of cells.

use acquis_equilibrium::multisector::{
    Baseline, Cause, Counterfactual, DeficitClosure, Elasticities, Observations, Settings, Shock,
    SolveError, Solver,
};
use proptest::prelude::*;

use crate::synthetic::Draws;

/// What a world contains.
#[derive(Debug, Clone, Copy)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "any of them goes with any other"
)]
pub(crate) struct Traits {
    pub(crate) tariffs: bool,
    pub(crate) export_taxes: bool,
    /// Intermediate goods.
    pub(crate) inputs: bool,
    /// Elasticities from 0.5 to 60 instead of 2 to 10.
    pub(crate) extreme: bool,
    /// Some final demand below zero, so that the world has to be repaired and rebalanced.
    pub(crate) unbalanced: bool,
    /// Everybody sells something of everything at home, and of what is traded to everybody:
    /// whoever is cut off, trade can balance among the others.
    pub(crate) complete: bool,
}

/// A drawn world with a change to it.
#[derive(Debug, Clone)]
pub(crate) struct World {
    pub(crate) observed: Observations,
    pub(crate) theta: Vec<f64>,
    pub(crate) change: Change,
    /// For what a test wants to draw itself.
    pub(crate) seed: u64,
    pub(crate) traits: Traits,
}

/// A shock that isn't tied to a baseline.
#[derive(Debug, Clone, Default)]
pub(crate) struct Change {
    /// Sector, importer, exporter, new rate.
    pub(crate) tariffs: Vec<(usize, usize, usize, f64)>,
    /// Sector, importer, exporter, factor.
    pub(crate) costs: Vec<(usize, usize, usize, f64)>,
    /// Sector, importer, exporter, new rate.
    pub(crate) export_taxes: Vec<(usize, usize, usize, f64)>,
    /// Country, sector, factor.
    pub(crate) productivity: Vec<(usize, usize, f64)>,
    /// Country, factor.
    pub(crate) endowments: Vec<(usize, f64)>,
}

impl Change {
    pub(crate) fn on(&self, baseline: &Baseline) -> Shock {
        let mut shock = Shock::none(baseline);
        for &(sector, importer, exporter, rate) in &self.tariffs {
            shock.set_tariff(sector, importer, exporter, rate).unwrap();
        }
        for &(sector, importer, exporter, factor) in &self.costs {
            shock
                .scale_cost(sector, importer, exporter, factor)
                .unwrap();
        }
        for &(sector, importer, exporter, rate) in &self.export_taxes {
            shock
                .set_export_tax(sector, importer, exporter, rate)
                .unwrap();
        }
        for &(country, sector, factor) in &self.productivity {
            shock.scale_productivity(country, sector, factor).unwrap();
        }
        for &(country, factor) in &self.endowments {
            shock.scale_endowment(country, factor).unwrap();
        }
        shock
    }

    /// The path from `from` to the whole change on the world `observed`, which is straight in
    /// logarithms of the factors and of one plus the rates: what a baseline at `from` needs
    /// to come to `to`.
    pub(crate) fn part(&self, observed: &Observations, from: f64, to: f64) -> Self {
        let rate = |old: f64, new: f64| (to * new.ln_1p() + (1.0 - to) * old.ln_1p()).exp_m1();
        let factor = |whole: f64| whole.powf(to - from);
        let old = |table: &[f64], cell: usize| table.get(cell).copied().unwrap_or(0.0);
        let mut part = self.clone();
        for (sector, importer, exporter, new) in &mut part.tariffs {
            let cell = observed.cell(*sector, *importer, *exporter);
            *new = rate(old(&observed.tariffs, cell), *new);
        }
        for (sector, importer, exporter, new) in &mut part.export_taxes {
            let cell = observed.cell(*sector, *importer, *exporter);
            *new = rate(old(&observed.export_taxes, cell), *new);
        }
        part.costs
            .iter_mut()
            .for_each(|cost| cost.3 = factor(cost.3));
        part.productivity
            .iter_mut()
            .for_each(|gain| gain.2 = factor(gain.2));
        part.endowments
            .iter_mut()
            .for_each(|gain| gain.1 = factor(gain.1));
        part
    }
}

impl World {
    pub(crate) fn elasticities(&self) -> Elasticities {
        Elasticities::new(self.theta.clone()).unwrap()
    }

    pub(crate) fn baseline(&self) -> Baseline {
        baseline(&self.observed, &self.elasticities())
    }

    pub(crate) fn solve(
        &self,
        baseline: &Baseline,
        closure: DeficitClosure,
    ) -> Option<Counterfactual> {
        solve(baseline, &self.change.on(baseline), settings(closure))
    }
}

pub(crate) fn baseline(observed: &Observations, theta: &Elasticities) -> Baseline {
    Baseline::new(observed, theta).unwrap().0
}

/// As exact as extreme worlds allow.
pub(crate) fn settings(closure: DeficitClosure) -> Settings {
    Settings {
        closure,
        tolerance: TOLERANCE,
        ..Settings::default()
    }
}

pub(crate) const TOLERANCE: f64 = 1e-13;

/// The counterfactual, or `None` where the closure leaves a country without income: a surplus
/// that is fixed, in whatever unit, can be more than a country has left after a shock.
pub(crate) fn solve(
    baseline: &Baseline,
    shock: &Shock,
    settings: Settings,
) -> Option<Counterfactual> {
    match Solver::new(baseline.clone(), settings)
        .unwrap()
        .solve(shock)
    {
        Ok(result) => Some(result),
        Err(SolveError::NoEquilibrium(report)) => {
            let poor = matches!(report.cause, Cause::NegativeIncome { .. });
            let fixed = !matches!(
                settings.closure,
                DeficitClosure::IncomeShare | DeficitClosure::Balanced
            );
            assert!(poor && fixed, "{report} ({:?})", settings.closure);
            None
        }
        Err(other) => panic!("{other}"),
    }
}

pub(crate) fn closures() -> impl Strategy<Value = DeficitClosure> {
    prop_oneof![
        Just(DeficitClosure::Nominal),
        Just(DeficitClosure::WorldShare),
        Just(DeficitClosure::IncomeShare),
        Just(DeficitClosure::Balanced),
        Just(DeficitClosure::ValueAddedShare),
    ]
}

/// The closures that don't depend on the numeraire and under which shocks compose.
pub(crate) fn homogeneous_closures() -> impl Strategy<Value = DeficitClosure> {
    prop_oneof![
        Just(DeficitClosure::WorldShare),
        Just(DeficitClosure::IncomeShare),
        Just(DeficitClosure::ValueAddedShare),
    ]
}

/// All sorts of worlds.
pub(crate) fn worlds() -> impl Strategy<Value = World> {
    let traits = prop::array::uniform5(prop::bool::weighted(0.6));
    (2_usize..=8, 1_usize..=6, any::<u64>(), traits).prop_map(|(n, sectors, seed, traits)| {
        let [tariffs, export_taxes, inputs, extreme, unbalanced] = traits;
        let traits = Traits {
            tariffs,
            export_taxes: export_taxes && tariffs,
            inputs,
            extreme,
            unbalanced: unbalanced && inputs,
            complete: false,
        };
        let world = draw(n, sectors, seed, traits);
        // A country can come out with a surplus larger than its income.
        if traits.unbalanced && Baseline::new(&world.observed, &world.elasticities()).is_err() {
            let traits = Traits {
                unbalanced: false,
                ..traits
            };
            return draw(n, sectors, seed, traits);
        }
        world
    })
}

/// Worlds without extreme elasticities and without repairs.
pub(crate) fn tame_worlds() -> impl Strategy<Value = World> {
    worlds().prop_map(|world| {
        let (n, sectors) = world.observed.shape();
        let traits = Traits {
            extreme: false,
            unbalanced: false,
            ..world.traits
        };
        draw(n, sectors, world.seed, traits)
    })
}

/// Worlds of few countries and sectors, for what is slow.
pub(crate) fn small_worlds() -> impl Strategy<Value = World> {
    tame_worlds().prop_map(|world| {
        let (n, sectors) = world.observed.shape();
        draw(n.min(4), sectors.min(3), world.seed, world.traits)
    })
}

/// Worlds without taxes, in which everybody could live alone.
pub(crate) fn untaxed_worlds() -> impl Strategy<Value = World> {
    tame_worlds().prop_map(|world| {
        let (n, sectors) = world.observed.shape();
        let traits = Traits {
            tariffs: false,
            export_taxes: false,
            complete: true,
            ..world.traits
        };
        draw(n, sectors, world.seed, traits)
    })
}

pub(crate) fn draw(n: usize, sectors: usize, seed: u64, traits: Traits) -> World {
    let mut draws = Draws::new(seed);
    let mut observed = Observations {
        countries: (0..n).map(|i| format!("C{i}")).collect(),
        sectors: (0..sectors).map(|j| format!("S{j}")).collect(),
        flows: vec![0.0; sectors * n * n],
        ..Observations::default()
    };
    let kinds = draw_flows(&mut observed, traits.complete, &mut draws);
    draw_taxes(&mut observed, traits, &mut draws);
    if traits.inputs {
        draw_inputs(&mut observed, traits.unbalanced, &mut draws);
    }
    let theta = (0..sectors).map(|_| {
        if traits.extreme {
            draws.between(0.5_f64.ln(), 60_f64.ln()).exp()
        } else {
            draws.between(2.0, 10.0)
        }
    });
    let theta = theta.collect();
    let change = draw_change(&observed, &kinds, traits, &mut draws);
    World {
        observed,
        theta,
        change,
        seed: draws.bits(),
        traits,
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Traded,
    SoldAtHome,
    /// Nobody makes it.
    Absent,
}

/// The first sector is traded by all: a ring of trade keeps every country connected, and all
/// have value added. Sizes spread over three orders of magnitude.
fn draw_flows(observed: &mut Observations, complete: bool, draws: &mut Draws) -> Vec<Kind> {
    let (n, sectors) = observed.shape();
    let size: Vec<f64> = (0..n)
        .map(|_| 10_f64.powf(draws.between(-1.5, 1.5)))
        .collect();
    let world: f64 = size.iter().sum();
    let mut kinds = Vec::new();
    for sector in 0..sectors {
        let kind = match draws.uniform() {
            chance if sector > 0 && chance < 0.25 => Kind::SoldAtHome,
            chance if sector > 0 && chance < 0.3 => Kind::Absent,
            _ => Kind::Traded,
        };
        kinds.push(kind);
        let weight = draws.between(0.2, 1.8);
        for importer in 0..n {
            for exporter in 0..n {
                let cell = observed.cell(sector, importer, exporter);
                let (chance, amount) = (draws.uniform(), draws.between(0.1, 1.0));
                let ring = importer == (exporter + 1) % n;
                observed.flows[cell] = weight
                    * if kind == Kind::Absent {
                        0.0
                    } else if importer == exporter {
                        // Now and then a country that sells nothing to itself.
                        let traded = sector > 0 && kind == Kind::Traded;
                        if traded && chance < 0.08 && !complete {
                            0.0
                        } else {
                            size[importer] * (0.4 + amount)
                        }
                    } else if kind == Kind::Traded && (chance > 0.25 || ring || complete) {
                        0.5 * amount * size[importer] * size[exporter] / world
                    } else {
                        0.0
                    };
            }
        }
    }
    kinds
}

fn draw_taxes(observed: &mut Observations, traits: Traits, draws: &mut Draws) {
    let (n, cells) = (observed.countries.len(), observed.flows.len());
    let foreign = |cell: usize| cell % n != cell / n % n;
    let mut rates = |chance: f64, low: f64, high: f64| -> Vec<f64> {
        (0..cells)
            .map(|cell| {
                let (draw, rate) = (draws.uniform(), draws.between(low, high));
                if draw < chance && foreign(cell) {
                    rate
                } else {
                    0.0
                }
            })
            .collect()
    };
    if traits.tariffs {
        observed.tariffs = rates(0.8, 0.0, 0.4);
    }
    if traits.export_taxes {
        observed.export_taxes = rates(0.15, -0.15, 0.3);
    }
}

/// Inputs with zeros among them, value-added shares from a tenth. No country's industries
/// use more of a good than nine tenths of what it buys, except some where `unbalanced`.
fn draw_inputs(observed: &mut Observations, unbalanced: bool, draws: &mut Draws) {
    let (n, sectors) = observed.shape();
    let rate = |table: &[f64], cell: usize| table.get(cell).copied().unwrap_or(0.0);
    let (mut spent, mut made) = (vec![0.0; n * sectors], vec![0.0; n * sectors]);
    for sector in 0..sectors {
        for importer in 0..n {
            for exporter in 0..n {
                let cell = observed.cell(sector, importer, exporter);
                let flow = observed.flows[cell];
                spent[importer * sectors + sector] += flow * (1.0 + rate(&observed.tariffs, cell));
                made[exporter * sectors + sector] +=
                    flow / (1.0 + rate(&observed.export_taxes, cell));
            }
        }
    }
    observed.input_coefficients = vec![0.0; n * sectors * sectors];
    for country in 0..n {
        let block = country * sectors * sectors..(country + 1) * sectors * sectors;
        let inputs = &mut observed.input_coefficients[block];
        for j in 0..sectors {
            let used = 1.0 - draws.between(0.1, 1.0);
            let column = || (j..sectors * sectors).step_by(sectors);
            for cell in column() {
                let (chance, weight) = (draws.uniform(), draws.uniform());
                inputs[cell] = if chance < 0.3 { 0.0 } else { weight };
            }
            let total: f64 = column().map(|cell| inputs[cell]).sum();
            let factor = if total > 0.0 { used / total } else { 0.0 };
            column().for_each(|cell| inputs[cell] *= factor);
        }
        for (s, row) in inputs.chunks_exact_mut(sectors).enumerate() {
            let made = &made[country * sectors..(country + 1) * sectors];
            let use_of: f64 = row.iter().zip(made).map(|(a, y)| a * y).sum();
            let loose = unbalanced && draws.uniform() < 0.2;
            let most = if loose { 1.1 } else { 0.9 } * spent[country * sectors + s];
            if use_of > most {
                for input in row {
                    *input *= most / use_of;
                }
            }
        }
    }
}

fn draw_change(
    observed: &Observations,
    kinds: &[Kind],
    traits: Traits,
    draws: &mut Draws,
) -> Change {
    let (n, sectors) = observed.shape();
    let mut change = Change::default();
    for sector in (0..sectors).filter(|&sector| kinds[sector] == Kind::Traded) {
        for importer in 0..n {
            for exporter in (0..n).filter(|&exporter| exporter != importer) {
                let at = |value| (sector, importer, exporter, value);
                let (chance, rate) = (draws.uniform(), draws.between(0.0, 0.5));
                if traits.tariffs && chance < 0.3 {
                    change
                        .tariffs
                        .push(at(if chance < 0.1 { 0.0 } else { rate }));
                }
                let (chance, log) = (draws.uniform(), draws.between(-0.4, 0.4));
                if chance < 0.4 {
                    change.costs.push(at(log.exp()));
                }
                let (chance, rate) = (draws.uniform(), draws.between(-0.1, 0.2));
                if traits.export_taxes && chance < 0.1 {
                    change.export_taxes.push(at(rate));
                }
            }
        }
    }
    for country in 0..n {
        for sector in 0..sectors {
            let (chance, log) = (draws.uniform(), draws.between(-0.2, 0.2));
            if chance < 0.2 {
                change.productivity.push((country, sector, log.exp()));
            }
        }
        let (chance, log) = (draws.uniform(), draws.between(-0.2, 0.2));
        if chance < 0.2 {
            change.endowments.push((country, log.exp()));
        }
    }
    change
}

pub(crate) fn tight(closure: DeficitClosure) -> Settings {
    Settings {
        tolerance: 1e-14,
        ..settings(closure)
    }
}
