//! From a baseline and a shock to a counterfactual, or to an error that says what was tried.

use std::sync::Arc;

use rayon::prelude::*;

use crate::anderson::anderson;
use crate::parts::Parts;
use crate::residual::Infeasible;

use super::access::Access;
use super::baseline::Baseline;
use super::certificate::{Certificate, Claim, check};
use super::closure::DeficitClosure;
use super::counterfactual::Counterfactual;
use super::elasticities::Elasticities;
use super::error::{Cause, NoEquilibrium, SolveError};
use super::preconditioner::Preconditioner;
use super::purchases::Cells;
use super::settings::{Method, Settings, SettingsError};
use super::shock::Shock;
use super::system::{Point, Problem, System};

/// The solver stops a little before the tolerance, so that rounding in what is returned
/// doesn't carry it over.
const MARGIN: f64 = 0.5;
/// Accuracy of the intermediate points when a shock is approached in steps.
const STEPPING_TOLERANCE: f64 = 1e-6;
/// Smallest step towards the shock, as a part of it, and most steps.
const SMALLEST_STEP: f64 = 1.0 / 64.0;
const MOST_STEPS: usize = 32;
/// Iterations of one attempt at the whole shock before it is approached in steps.
const FIRST_ATTEMPT: usize = 150;
/// Most times that an attempt is repeated to a smaller residual, because the certificate, which
/// takes prices as they are returned, finds more.
const FINER: usize = 4;
/// Bilateral cells above which a sweep is worth a second thread.
const WIDE: usize = 60_000;

/// A baseline prepared for any number of scenarios.
///
/// What is prepared (the linearised world) is only read, so one solver serves any number
/// of threads; clones share it.
#[derive(Debug, Clone)]
pub struct Solver {
    baseline: Arc<Baseline>,
    elasticities: Arc<Elasticities>,
    settings: Settings,
    preconditioner: Arc<Preconditioner>,
    wide: bool,
}

impl Solver {
    /// Prepares a baseline with its own elasticities.
    ///
    /// # Errors
    /// A setting that is out of range.
    pub fn new(baseline: Baseline, settings: Settings) -> Result<Self, SettingsError> {
        settings.check(&baseline)?;
        let (n, sectors) = (baseline.countries(), baseline.sectors());
        let wide = n * n * sectors > WIDE && rayon::current_num_threads() > 1;
        let elasticities = baseline.elasticities.clone();
        let preconditioner = prepare(&baseline, elasticities.values(), settings.method, wide);
        Ok(Self {
            elasticities: Arc::new(elasticities),
            preconditioner: Arc::new(preconditioner),
            baseline: Arc::new(baseline),
            settings,
            wide,
        })
    }

    /// The same prepared world with other elasticities: what was prepared steers well enough
    /// for draws of an estimate.
    ///
    /// # Errors
    /// Elasticities for another number of sectors.
    pub fn with_elasticities(&self, elasticities: Elasticities) -> Result<Self, SettingsError> {
        let (got, expected) = (elasticities.values().len(), self.baseline.sectors());
        if got != expected {
            return Err(SettingsError::Elasticities { got, expected });
        }
        Ok(Self {
            elasticities: Arc::new(elasticities),
            ..self.clone()
        })
    }

    /// The same prepared world with other settings.
    ///
    /// # Errors
    /// A setting that is out of range.
    pub fn with_settings(&self, settings: Settings) -> Result<Self, SettingsError> {
        settings.check(&self.baseline)?;
        let preconditioner = if settings.method == self.settings.method {
            Arc::clone(&self.preconditioner)
        } else {
            let theta = self.elasticities.values();
            Arc::new(prepare(&self.baseline, theta, settings.method, self.wide))
        };
        Ok(Self {
            settings,
            preconditioner,
            ..self.clone()
        })
    }

    /// The baseline.
    pub fn baseline(&self) -> &Baseline {
        &self.baseline
    }

    /// The settings.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The elasticities that shares move with.
    pub fn elasticities(&self) -> &Elasticities {
        &self.elasticities
    }

    /// Solves for the counterfactual of a shock.
    ///
    /// The same input gives the same bits on one platform, whatever the number of threads.
    ///
    /// # Errors
    /// A shock that doesn't fit the baseline, or no equilibrium. The time is bounded by
    /// [`Settings::iteration_limit`].
    pub fn solve(&self, shock: &Shock) -> Result<Counterfactual, SolveError> {
        Search::new(self, shock, self.wide, 1.0)?.run()
    }

    /// Solves on the thread that calls, beginning at a counterfactual that is expected to be near:
    /// a neighbour among many scenarios. The result is held to the same certificate; where the
    /// search fails from there it begins at the baseline.
    ///
    /// # Errors
    /// As [`Solver::solve`].
    pub fn solve_near(
        &self,
        shock: &Shock,
        near: &Counterfactual,
    ) -> Result<Counterfactual, SolveError> {
        let mut search = Search::new(self, shock, false, 1.0)?;
        let (own, others) = (&*self.baseline, near.baseline());
        let fits = own.countries() == others.countries() && own.sectors() == others.sectors();
        if fits {
            search.start_at(near);
            if let Ok(found) = search.run() {
                return Ok(found);
            }
        }
        self.solve_narrow(shock)
    }

    /// Solves for a part of a shock, from 0 to 1 in logarithms of the factors and of one
    /// plus the rates, starting from a counterfactual nearby.
    pub(super) fn solve_part(
        &self,
        shock: &Shock,
        portion: f64,
        near: Option<&Counterfactual>,
    ) -> Result<Counterfactual, SolveError> {
        let mut search = Search::new(self, shock, self.wide, portion)?;
        if let Some(near) = near {
            search.start_at(near);
        }
        search.run()
    }

    /// Solves many scenarios side by side, in the order given; each on one thread.
    pub fn solve_all(&self, shocks: &[Shock]) -> Vec<Result<Counterfactual, SolveError>> {
        let solve = |shock| self.solve_narrow(shock);
        shocks.par_iter().map(solve).collect()
    }

    /// Solves on the thread that calls, for callers that are many themselves.
    ///
    /// # Errors
    /// As [`Solver::solve`].
    pub fn solve_narrow(&self, shock: &Shock) -> Result<Counterfactual, SolveError> {
        Search::new(self, shock, false, 1.0)?.run()
    }
}

fn prepare(baseline: &Baseline, theta: &[f64], method: Method, wide: bool) -> Preconditioner {
    match method {
        Method::Prepared => Preconditioner::prepared(baseline, theta, wide),
        Method::Sweeps => Preconditioner::sweeps(baseline, theta),
    }
}

struct Search<'a> {
    solver: &'a Solver,
    shock: &'a Shock,
    wide: bool,
    /// The part of the shock that is asked for.
    portion: f64,
    access: Arc<Access>,
    preconditioner: Arc<Preconditioner>,
    /// `[ln ŵ | ln P̂ | X' / scale]`, where the search stands.
    state: Vec<f64>,
    /// Everything known there; set by the attempt that led there.
    point: Point,
    evaluations: usize,
    blocked: Option<Infeasible>,
    /// Smallest residual at the whole shock.
    residual: f64,
}

impl<'a> Search<'a> {
    fn new(
        solver: &'a Solver,
        shock: &'a Shock,
        wide: bool,
        portion: f64,
    ) -> Result<Self, SolveError> {
        let theta = solver.elasticities.values();
        let access = Arc::new(Access::new(&solver.baseline, theta, shock, portion)?);
        let mut search = Self {
            solver,
            shock,
            wide,
            portion,
            access,
            preconditioner: Arc::clone(&solver.preconditioner),
            state: Vec::new(),
            point: Point::default(),
            evaluations: 0,
            blocked: None,
            residual: f64::INFINITY,
        };
        search.state = search.system(&search.access, portion).start();
        Ok(search)
    }

    fn start_at(&mut self, near: &Counterfactual) {
        let spending = near.spending.iter().zip(&self.preconditioner.scale);
        self.state.clear();
        self.state.extend(&near.log_wage);
        self.state.extend(&near.log_price);
        self.state
            .extend(spending.map(|(spent, scale)| relative(*spent, *scale)));
    }

    fn run(mut self) -> Result<Counterfactual, SolveError> {
        if let Some((countries, deficit)) = self.stranded_deficit() {
            let cause = Cause::StrandedDeficit { countries, deficit };
            return Err(self.no_equilibrium(cause, 0.0));
        }
        let tolerance = MARGIN * self.solver.settings.tolerance;
        let limit = self.solver.settings.iteration_limit;
        let access = Arc::clone(&self.access);
        let approached_from = if self.attempt(&access, 1.0, tolerance, limit.min(FIRST_ATTEMPT)) {
            0.0
        } else {
            self.approach(tolerance, limit)?
        };
        let mut result = self.counterfactual(approached_from);
        let wanted = self.solver.settings.tolerance;
        let mut finer = tolerance;
        for _ in 0..FINER {
            if result.certificate.residual <= wanted {
                break;
            }
            finer *= (MARGIN * wanted / result.certificate.residual).clamp(0.01, 0.5);
            let access = Arc::clone(&self.access);
            if !self.attempt(&access, 1.0, finer, limit.min(FIRST_ATTEMPT)) {
                break;
            }
            result = self.counterfactual(approached_from);
        }
        // A comparison that a NaN fails.
        if result.certificate.residual <= wanted {
            Ok(result)
        } else {
            self.residual = result.certificate.residual;
            Err(self.no_equilibrium(Cause::Unresolved, approached_from))
        }
    }

    fn system<'s>(&'s self, access: &'s Access, portion: f64) -> System<'s> {
        let settings = &self.solver.settings;
        System::new(
            Problem {
                theta: self.solver.elasticities.values(),
                access,
                shock: self.shock,
                portion,
                closure: settings.closure,
                numeraire: settings.numeraire,
                wide: self.wide,
            },
            &self.preconditioner,
        )
    }

    /// Iterates on a part of the portion; on success the state is the solution, else it is
    /// left as it was.
    fn attempt(&mut self, access: &Access, part: f64, tolerance: f64, limit: usize) -> bool {
        let mut state = self.state.clone();
        let mut system = self.system(access, part * self.portion);
        let run = anderson(&mut system, &mut state, tolerance, limit);
        let (point, evaluations) = (system.point, system.evaluations);
        self.evaluations += evaluations;
        if part >= 1.0 {
            self.residual = self.residual.min(run.residual);
        }
        if run.converged() {
            // The last evaluation was at the solution.
            (self.state, self.point) = (state, point);
        } else {
            self.blocked = run.blocked;
        }
        run.converged()
    }

    /// Goes towards the shock in steps, preparing the world anew at each: a failed step is
    /// halved, a good one doubled. Returns the part from which the last step started.
    fn approach(&mut self, tolerance: f64, limit: usize) -> Result<f64, SolveError> {
        let (mut reached, mut step) = (0.0_f64, 0.5_f64);
        for _ in 0..MOST_STEPS {
            let part = (reached + step).min(1.0);
            let theta = self.solver.elasticities.values();
            let baseline = &self.solver.baseline;
            let access = Access::new(baseline, theta, self.shock, part * self.portion)?;
            let wanted = if part < 1.0 {
                STEPPING_TOLERANCE
            } else {
                tolerance
            };
            if self.attempt(&access, part, wanted, limit) {
                if part >= 1.0 {
                    self.access = Arc::new(access);
                    return Ok(reached);
                }
                self.prepare_again(access, part);
                reached = part;
                step *= 2.0;
            } else {
                step = 0.5 * (part - reached);
            }
            if step < SMALLEST_STEP {
                break;
            }
        }
        let cause = match self.blocked {
            Some(Infeasible::NegativeExpenditure(country)) => Cause::NegativeIncome {
                country: self.solver.baseline.countries[country].clone(),
            },
            Some(Infeasible::NotFinite) => Cause::NotFinite,
            None => Cause::Unresolved,
        };
        Err(self.no_equilibrium(cause, reached))
    }

    /// Linearises the world where the search stands.
    fn prepare_again(&mut self, access: Access, part: f64) {
        let here = {
            let mut here = self.found(Arc::new(access));
            here.certificate.approached_from = part;
            here
        };
        let settings = &self.solver.settings;
        let theta = self.solver.elasticities.values();
        let prepared = prepare(&here.rebase(), theta, settings.method, self.wide);
        let cells = here.spending.iter().zip(&prepared.scale);
        let spending = self.state.len() - here.spending.len();
        for (state, (spent, scale)) in self.state[spending..].iter_mut().zip(cells) {
            *state = relative(*spent, *scale);
        }
        self.preconditioner = Arc::new(prepared);
    }

    fn counterfactual(&mut self, approached_from: f64) -> Counterfactual {
        let mut result = self.found(Arc::clone(&self.access));
        let received: Vec<f64> = result
            .deficit
            .iter()
            .zip(&result.transfers)
            .zip(&result.pooled)
            .map(|((d, t), p)| d + t + p)
            .collect();
        let claim = Claim {
            access: &result.access,
            theta: result.elasticities.values(),
            log_wage: &result.log_wage,
            log_price: &result.log_price,
            spending: &result.spending,
            value_added: &result.value_added,
            received: &received,
        };
        let scale = floored(&result.spending, result.baseline().sectors());
        let errors = check(&claim, &scale, self.wide);
        result.certificate = Certificate {
            method: self.solver.settings.method,
            approached_from,
            evaluations: self.evaluations,
            residual: errors.largest(),
            price_residual: errors.price,
            expenditure_residual: errors.expenditure,
            labour_residual: errors.labour,
            trade_balance: errors.trade_balance,
            world_balance: errors.world_balance,
        };
        result
    }

    /// Everything at the solution that the last attempt found, with an empty certificate.
    fn found(&mut self, access: Arc<Access>) -> Counterfactual {
        let state = &self.state;
        let point = std::mem::take(&mut self.point);
        let baseline = Arc::clone(&self.solver.baseline);
        let (n, sectors) = (baseline.countries(), baseline.sectors());
        let stride = baseline.purchases.stride();
        let country_major = |table: &[f64], width: usize| -> Vec<f64> {
            let cells = (0..n).flat_map(|n| (0..sectors).map(move |j| j * width + n));
            cells.map(|cell| table[cell]).collect()
        };
        let cells = state[n * (1 + sectors)..]
            .iter()
            .zip(&self.preconditioner.scale);
        let money = match self.solver.settings.numeraire {
            super::settings::Numeraire::WorldValueAdded => 1.0,
            super::settings::Numeraire::Wage(country) => (-state[country]).exp(),
        };
        Counterfactual {
            spending: cells.map(|(spent, scale)| spent * scale).collect(),
            output: country_major(&point.sales, stride),
            kept: country_major(&point.kept, n),
            log_wage: state[..n].to_vec(),
            log_price: state[n..n * (1 + sectors)].to_vec(),
            log_labour: point.log_labour,
            log_cost: point.log_cost,
            value_added: point.value_added,
            tariff_revenue: point.tariff_revenue,
            export_revenue: point.export_revenue,
            deficit: point.deficit,
            transfers: point.transfers,
            pooled: point.pooled,
            income: point.income,
            money,
            elasticities: Arc::clone(&self.solver.elasticities),
            access,
            certificate: Certificate {
                method: self.solver.settings.method,
                approached_from: 0.0,
                evaluations: 0,
                residual: f64::INFINITY,
                price_residual: f64::INFINITY,
                expenditure_residual: f64::INFINITY,
                labour_residual: f64::INFINITY,
                trade_balance: f64::INFINITY,
                world_balance: f64::INFINITY,
            },
        }
    }

    /// A group of countries that the shock cuts off from all others, and its deficit where
    /// the closure can't do away with it.
    fn stranded_deficit(&self) -> Option<(Vec<String>, f64)> {
        let settings = &self.solver.settings;
        if !self.access.prohibits || settings.closure == DeficitClosure::Balanced {
            return None;
        }
        let baseline = &self.solver.baseline;
        let n = baseline.countries();
        let mut linked = vec![0.0; n * n];
        let mut cells = Cells::new(n);
        for sector in 0..baseline.sectors() {
            for importer in 0..n {
                self.access.read(sector, importer, &mut cells);
                let row = &mut linked[importer * n..(importer + 1) * n];
                for (linked, share) in row.iter_mut().zip(&cells.shares) {
                    *linked += share;
                }
            }
        }
        let parts = Parts::of(&linked, n);
        (0..parts.count()).find_map(|part| {
            let members = || (0..n).filter(|&country| parts.part_of(country) == part);
            let deficit: f64 = members().map(|country| baseline.deficit[country]).sum();
            let size: f64 = members().map(|country| baseline.value_added[country]).sum();
            let stranded = parts.count() > 1 && deficit.abs() > settings.tolerance * size;
            stranded.then(|| {
                let labels = members().map(|country| baseline.countries[country].clone());
                (labels.collect(), deficit)
            })
        })
    }

    fn no_equilibrium(&self, cause: Cause, reached: f64) -> SolveError {
        SolveError::NoEquilibrium(NoEquilibrium {
            cause,
            residual: self.residual,
            reached,
            evaluations: self.evaluations,
        })
    }
}

fn relative(spent: f64, scale: f64) -> f64 {
    if spent > 0.0 { spent / scale } else { 0.0 }
}

/// Each cell or a thousandth of its country's mean, whichever is larger.
fn floored(spending: &[f64], sectors: usize) -> Vec<f64> {
    let rows = spending.chunks_exact(sectors);
    rows.flat_map(|row| {
        let mean = row.iter().sum::<f64>() / sectors as f64;
        row.iter().map(move |x| x.max(1e-3 * mean))
    })
    .collect()
}
