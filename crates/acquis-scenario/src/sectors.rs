//! A scenario in an economy of many sectors: the engine prepared once for all variants, and
//! what it finds.

use acquis_economy::Economy;
use acquis_equilibrium::multisector::{
    Baseline, Certificate, Counterfactual, DeficitClosure, Drawn, Elasticities, Flows, RepairKind,
    Repairs, Settings, Solver, WelfareParts,
};

use crate::border::Border;
use crate::draws::{Drawing, Quantiles};
use crate::policy::Uncertainty;
use crate::reform::Reform;
use crate::run::{Progress, RunError};
use crate::scenario::{Closure, Scenario};

/// An economy of many sectors, prepared for the variants of a scenario.
pub(crate) struct Sectors<'a> {
    scenario: &'a Scenario,
    economy: &'a Economy,
    solver: Solver,
    /// What was repaired in the data, in sentences.
    pub(crate) notes: Vec<String>,
}

/// What many sectors tell beyond the table of gains.
#[derive(Debug)]
pub struct SectorResults {
    /// Proof that the equations are solved.
    pub certificate: Certificate,
    /// The exact change of welfare in parts, by economy; `None` where the path to it could
    /// not be followed.
    pub parts: Option<Vec<WelfareParts>>,
    /// Change of welfare by a country's own tariffs, its partners', and the rest.
    pub origins: Vec<[f64; 3]>,
    /// Tariff revenue before and after, what pools and payments brought, by economy.
    pub public: Vec<PublicIncome>,
    /// Output and trade of every economy and sector.
    pub sectors: Vec<SectorRow>,
    /// Every flow between different economies.
    pub flows: Vec<FlowRow>,
    /// What the payments do.
    pub payments: Vec<PaymentRow>,
    /// What the law of the border says: common tariffs and Article XXIV.
    pub sentences: Vec<String>,
}

/// A country's public income, in the unit of the economy.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PublicIncome {
    /// Tariffs and export taxes collected before.
    pub revenue_before: f64,
    /// And after, at its own border.
    pub revenue_after: f64,
    /// From a revenue pool less what was handed over.
    pub pooled: f64,
    /// Payments received less made.
    pub payments: f64,
    /// Final income before, to compare with.
    pub income: f64,
}

/// One sector of one economy, in its unit.
#[derive(Debug, Clone, PartialEq)]
pub struct SectorRow {
    /// The economy's code.
    pub economy: String,
    /// The sector's code.
    pub sector: String,
    /// Gross output before and after.
    pub output: [f64; 2],
    /// Exports before and after.
    pub exports: [f64; 2],
    /// Imports before and after.
    pub imports: [f64; 2],
    /// Change of the price that users pay.
    pub price_change: f64,
}

/// One flow at the border, before the importer's tariff.
#[derive(Debug, Clone, PartialEq)]
pub struct FlowRow {
    /// Who sells.
    pub exporter: String,
    /// Who buys.
    pub importer: String,
    /// What.
    pub sector: String,
    /// The value before and after.
    pub value: [f64; 2],
    /// The tariff before and after, a fraction.
    pub tariff: [f64; 2],
}

/// What a payment costs and whom it helps.
#[derive(Debug, Clone, PartialEq)]
pub struct PaymentRow {
    /// Who pays.
    pub from: String,
    /// Who receives.
    pub to: String,
    /// What for.
    pub reason: String,
    /// How much, in the unit of the economy.
    pub amount: f64,
    /// Change of the payer's real income by the payment, a fraction.
    pub payer: f64,
    /// Change of the receiver's.
    pub receiver: f64,
}

/// A variant that was solved.
pub(crate) struct Solved {
    /// The world after it.
    pub(crate) world: Counterfactual,
    /// All flows before and after.
    pub(crate) flows: [Flows; 2],
    /// What is told of it.
    pub(crate) results: SectorResults,
    /// Quantiles over draws, by economy.
    pub(crate) quantiles: Option<Quantiles>,
}

impl<'a> Sectors<'a> {
    /// Brings the economy into equilibrium and prepares the engine.
    pub(crate) fn prepare(scenario: &'a Scenario, economy: &'a Economy) -> Result<Self, RunError> {
        let theta = Elasticities::new(scenario.thetas(economy))?;
        let (mut baseline, repairs) = Baseline::new(&economy.observations(), &theta)?;
        if scenario.purge {
            baseline = baseline.purged()?;
        }
        let settings = Settings {
            closure: engine_closure(scenario.closure_in(economy)),
            ..Settings::default()
        };
        Ok(Self {
            scenario,
            economy,
            notes: repair_notes(&repairs),
            solver: Solver::new(baseline, settings)?,
        })
    }

    pub(crate) fn baseline(&self) -> &Baseline {
        self.solver.baseline()
    }

    /// The engine alone.
    pub(crate) fn into_solver(self) -> Solver {
        self.solver
    }

    /// Solves a variant. `progress` is told of every draw that is done, and asked before each.
    pub(crate) fn solve(
        &self,
        reform: &Reform,
        progress: &Progress<'_>,
    ) -> Result<Solved, RunError> {
        let policy = &self.scenario.policy;
        let border = Border::new(self.baseline(), policy, self.economy, reform)?;
        let effects = &self.scenario.effects;
        let shock = border.shock(self.economy, effects, self.solver.elasticities())?;
        let solved = self.solver.solve(&shock)?;
        let origins = self.solver.tariff_origins(&shock)?;
        let countries = 0..self.baseline().countries();
        let origins = countries
            .map(|n| [origins.own[n], origins.partners[n], origins.other[n]])
            .collect();
        let unions = border.customs_unions();
        let sentences = unions.iter().map(|union| border.article_xxiv(union));
        let payments = self.solver.transfer_effects(&shock)?;
        let quantiles = match &self.scenario.uncertainty {
            Some(uncertainty) => Some(self.draw(&border, *uncertainty, progress)?),
            None => None,
        };
        let labels = self.baseline().country_labels();
        let flows = [self.baseline().flows(), solved.flows()];
        let results = SectorResults {
            certificate: solved.certificate,
            parts: self.solver.decompose(&shock).ok().map(|found| found.parts),
            origins,
            public: self.public(&solved),
            sectors: self.sector_rows(&solved, &flows),
            flows: self.flow_rows(&solved, &flows),
            payments: payments
                .into_iter()
                .zip(&policy.payments)
                .map(|(effect, payment)| PaymentRow {
                    from: labels[effect.from].clone(),
                    to: labels[effect.to].clone(),
                    reason: payment.reason.clone().unwrap_or_default(),
                    amount: effect.amount,
                    payer: effect.welfare[effect.from],
                    receiver: effect.welfare[effect.to],
                })
                .collect(),
            sentences: sentences.collect::<Result<_, _>>()?,
        };
        Ok(Solved {
            world: solved,
            flows,
            results,
            quantiles,
        })
    }

    /// Draws of the elasticities and of the effects of stages.
    fn draw(
        &self,
        border: &Border<'_>,
        uncertainty: Uncertainty,
        progress: &Progress<'_>,
    ) -> Result<Quantiles, RunError> {
        let theta = self.solver.elasticities().values();
        let drawing = Drawing::new(uncertainty, theta, &self.scenario.effects)?;
        let scenario = |row: &[f64]| -> Result<Drawn, RunError> {
            progress.go_on()?;
            let (thetas, effects) = drawing.read(row);
            let theta = Elasticities::new(thetas)?;
            Ok(Drawn {
                shock: border.shock(self.economy, &effects, &theta)?,
                elasticities: Some(theta),
            })
        };
        let countries = self.baseline().countries();
        let simulation = self.solver.simulate(
            &drawing.draws,
            scenario,
            |result: &Counterfactual| {
                (0..countries)
                    .map(|n| result.welfare_change(n) - 1.0)
                    .collect()
            },
            progress.on_draw,
        )?;
        Quantiles::of(&simulation, simulation.failures.len())
    }

    fn public(&self, solved: &Counterfactual) -> Vec<PublicIncome> {
        let baseline = self.baseline();
        (0..baseline.countries())
            .map(|country| PublicIncome {
                revenue_before: baseline.revenue(country),
                revenue_after: solved.tariff_revenue(country) + solved.export_revenue(country),
                pooled: solved.pooled_revenue(country),
                payments: solved.transfers(country),
                income: baseline.income(country),
            })
            .collect()
    }

    fn sector_rows(&self, solved: &Counterfactual, [before, after]: &[Flows; 2]) -> Vec<SectorRow> {
        let baseline = self.baseline();
        let countries = baseline.countries();
        let mut rows = Vec::with_capacity(countries * baseline.sectors());
        for (country, code) in baseline.country_labels().iter().enumerate() {
            for (sector, name) in baseline.sector_labels().iter().enumerate() {
                let others = || (0..countries).filter(|&other| other != country);
                let imports = |flows: &Flows| -> f64 {
                    others().map(|other| flows.at(sector, country, other)).sum()
                };
                let exports = |flows: &Flows| -> f64 {
                    others().map(|other| flows.at(sector, other, country)).sum()
                };
                rows.push(SectorRow {
                    economy: code.clone(),
                    sector: name.clone(),
                    output: [
                        baseline.output(country, sector),
                        solved.output(country, sector),
                    ],
                    exports: [exports(before), exports(after)],
                    imports: [imports(before), imports(after)],
                    price_change: solved.price_change(country, sector) - 1.0,
                });
            }
        }
        rows
    }

    fn flow_rows(&self, solved: &Counterfactual, [before, after]: &[Flows; 2]) -> Vec<FlowRow> {
        let baseline = self.baseline();
        let labels = baseline.country_labels();
        let mut rows = Vec::new();
        for (sector, name) in baseline.sector_labels().iter().enumerate() {
            for (exporter, seller) in labels.iter().enumerate() {
                for (importer, buyer) in labels.iter().enumerate() {
                    let old = before.at(sector, importer, exporter);
                    if exporter == importer || old <= 0.0 {
                        continue;
                    }
                    rows.push(FlowRow {
                        exporter: seller.clone(),
                        importer: buyer.clone(),
                        sector: name.clone(),
                        value: [old, after.at(sector, importer, exporter)],
                        tariff: [
                            baseline.tariff(sector, importer, exporter),
                            solved.tariff(sector, importer, exporter),
                        ],
                    });
                }
            }
        }
        rows
    }
}

fn engine_closure(closure: Closure) -> DeficitClosure {
    match closure {
        Closure::Additive => DeficitClosure::Nominal,
        Closure::Multiplicative => DeficitClosure::IncomeShare,
        Closure::WorldShare => DeficitClosure::WorldShare,
        Closure::Balanced => DeficitClosure::Balanced,
        Closure::ValueAddedShare => DeficitClosure::ValueAddedShare,
    }
}

/// What was repaired, a sentence for each kind.
fn repair_notes(repairs: &Repairs) -> Vec<String> {
    let mut notes = Vec::new();
    for kind in [
        RepairKind::ValueAddedShare,
        RepairKind::UnsuppliedInput,
        RepairKind::FinalDemand,
    ] {
        let of_kind = repairs.figures.iter().filter(|repair| repair.kind == kind);
        let count = of_kind.clone().count();
        let distance = |repair: &&acquis_equilibrium::multisector::Repair| {
            (repair.before - repair.after).abs()
        };
        let largest = of_kind.max_by(|a, b| distance(a).total_cmp(&distance(b)));
        if let Some(largest) = largest {
            notes.push(format!(
                "The economy was repaired: {}, {count} figures; the largest change is {} in {}, from {:.6} to {:.6}.",
                kind.describe(),
                largest.country,
                largest.sector,
                largest.before,
                largest.after,
            ));
        }
    }
    if let Some(change) = &repairs.rebalancing {
        notes.push(format!(
            "The economy was brought into equilibrium before anything changed: incomes moved by at most {:.3} %, output most in {}, {} (from {:.1} to {:.1}).",
            100.0 * change.income_change,
            change.country,
            change.sector,
            change.output_before,
            change.output_after,
        ));
    }
    notes
}
