//! From a baseline and a shock to a counterfactual, or to an error that says what was tried.

use crate::anderson::anderson;
use crate::baseline::Baseline;
use crate::certificate::{Certificate, errors};
use crate::closure::{DeficitClosure, Numeraire};
use crate::counterfactual::Counterfactual;
use crate::error::{Attempt, Cause, NoEquilibrium, SolveError};
use crate::neighbourhood::{Slopes, Steered};
use crate::newton::newton;
use crate::residual::{Infeasible, System};
use crate::run::Run;
use crate::settings::{Method, Settings};
use crate::shock::{Shock, ShockError};

const NEWTON_FIRST: [Method; 2] = [Method::Newton, Method::Anderson];
const ANDERSON_FIRST: [Method; 2] = [Method::Anderson, Method::Newton];
/// The solvers stop a little before the tolerance, so that rounding in the returned table
/// doesn't carry it over.
const MARGIN: f64 = 0.8;
/// Accuracy of the intermediate points when a shock is approached in steps.
const STEPPING_TOLERANCE: f64 = 1e-6;
/// Smallest step towards the shock, as a part of it, and most steps.
const SMALLEST_STEP: f64 = 1.0 / 64.0;
const MOST_STEPS: usize = 32;

/// Solves for the counterfactual of `shock`.
///
/// The first method starts from the baseline (`ŵ = 1`); if it fails the other one does; if
/// that fails too the shock is approached in steps. The same input gives the same bits on
/// one platform (the exponential and the logarithm are the platform's).
///
/// # Errors
/// [`SolveError`]: unusable settings, a shock of the wrong size, or no equilibrium. The
/// time is bounded by [`Settings::iteration_limit`].
pub fn solve(
    baseline: &Baseline,
    shock: &Shock,
    settings: &Settings,
) -> Result<Counterfactual, SolveError> {
    let start = vec![0.0; baseline.len()];
    search(baseline, shock, settings, start, None)
}

/// Searches from log wages, the tatonnement steered by `slopes` where there are any.
pub(crate) fn search(
    baseline: &Baseline,
    shock: &Shock,
    settings: &Settings,
    start: Vec<f64>,
    slopes: Option<&Slopes>,
) -> Result<Counterfactual, SolveError> {
    let n = baseline.len();
    settings.validate(n)?;
    if shock.countries() != n {
        return Err(SolveError::Shock(ShockError::Countries {
            shock: shock.countries(),
            baseline: n,
        }));
    }
    let mut search = Search {
        baseline,
        shock,
        settings,
        slopes,
        system: System::new(baseline, shock, settings),
        state: start,
        tried: Vec::new(),
        evaluations: 0,
        blocked: None,
    };
    if let Some((part, deficit)) = search.system.stranded_deficit() {
        return Err(search.stranded(part, deficit));
    }
    let (method, approached_from) = match search.in_one_go() {
        Some(method) => (method, 0.0),
        None => search.approach().ok_or_else(|| search.failure())?,
    };
    let result = search.counterfactual(method, approached_from);
    // A comparison that a NaN fails.
    if result.certificate.residual <= settings.tolerance {
        Ok(result)
    } else {
        Err(search.no_equilibrium(Cause::Unresolved, result.certificate.residual))
    }
}

struct Search<'a> {
    baseline: &'a Baseline,
    shock: &'a Shock,
    settings: &'a Settings,
    slopes: Option<&'a Slopes>,
    system: System,
    /// `ln ŵ`.
    state: Vec<f64>,
    tried: Vec<Attempt>,
    /// Of the systems given up for another share of the shock.
    evaluations: usize,
    blocked: Option<Infeasible>,
}

impl Search<'_> {
    fn order(&self) -> [Method; 2] {
        match self.settings.method {
            Method::Automatic | Method::Anderson => ANDERSON_FIRST,
            Method::Newton => NEWTON_FIRST,
        }
    }

    /// Both methods from the baseline.
    fn in_one_go(&mut self) -> Option<Method> {
        self.attempt_both(1.0, MARGIN * self.settings.tolerance)
    }

    /// Both methods from the present state; on success the state is the solution, else it
    /// is left as it was.
    fn attempt_both(&mut self, share: f64, tolerance: f64) -> Option<Method> {
        let start = self.state.clone();
        for method in self.order() {
            self.state.copy_from_slice(&start);
            if self.attempt(method, share, tolerance).converged() {
                return Some(method);
            }
        }
        self.state = start;
        None
    }

    fn attempt(&mut self, method: Method, share: f64, tolerance: f64) -> Run {
        let limit = self.settings.iteration_limit;
        let run = if method == Method::Newton {
            newton(&mut self.system, &mut self.state, tolerance, limit)
        } else if let Some(slopes) = self.slopes {
            let mut steered = Steered::new(&mut self.system, slopes);
            anderson(&mut steered, &mut self.state, tolerance, limit)
        } else {
            anderson(&mut self.system, &mut self.state, tolerance, limit)
        };
        self.tried.push(Attempt {
            method,
            share_of_shock: share,
            iterations: run.iterations,
            residual: run.residual,
            converged: run.converged(),
        });
        if !run.converged() {
            self.blocked = run.blocked;
        }
        run
    }

    /// Goes towards the shock in steps: a failed step is halved, a good one doubled.
    fn approach(&mut self) -> Option<(Method, f64)> {
        let (mut reached, mut step) = (0.0_f64, 0.5_f64);
        for _ in 0..MOST_STEPS {
            let target = (reached + step).min(1.0);
            self.evaluations += self.system.evaluations;
            self.system = if target < 1.0 {
                System::new(self.baseline, &self.shock.portion(target), self.settings)
            } else {
                System::new(self.baseline, self.shock, self.settings)
            };
            let tolerance = if target < 1.0 {
                STEPPING_TOLERANCE
            } else {
                MARGIN * self.settings.tolerance
            };
            match self.attempt_both(target, tolerance) {
                Some(method) if target >= 1.0 => return Some((method, reached)),
                Some(_) => {
                    reached = target;
                    step *= 2.0;
                }
                None => step = 0.5 * (target - reached),
            }
            if step < SMALLEST_STEP {
                return None;
            }
        }
        None
    }

    fn counterfactual(&self, method: Method, approached_from: f64) -> Counterfactual {
        let n = self.baseline.len();
        // Both methods end with an evaluation at the solution.
        let system = &self.system;
        let point = &system.point;
        let unit = self.unit();
        let money = unit * self.baseline.world_output();
        let mut trade = Vec::with_capacity(n * n);
        for (row, supply) in system.access.chunks_exact(n).zip(&point.supply) {
            let cells = row.iter().zip(&point.demand);
            trade.extend(cells.map(|(access, demand)| money * supply * access * demand));
        }
        let scaled = |values: &[f64], by: f64| values.iter().map(|x| by * x).collect::<Vec<f64>>();
        let output = scaled(&point.income, money);
        let expenditure = scaled(&point.expenditure, money);
        let exponent = -1.0 / system.theta;
        let prices = point.price_power.iter();
        let errors = errors(&trade, &output, &expenditure);
        Counterfactual {
            baseline: self.baseline.clone(),
            wage_change: scaled(&point.wage, unit),
            price_change: prices.map(|power| unit * power.powf(exponent)).collect(),
            trade,
            output,
            expenditure,
            certificate: Certificate {
                method,
                approached_from,
                iterations: self.iterations(),
                evaluations: self.evaluations + system.evaluations,
                residual: errors.residual,
                budget_residual: errors.budget_residual,
                world_balance: errors.world_balance,
            },
        }
    }

    /// What one unit of money while solving is in units of the numeraire. Homogeneous
    /// closures are solved in units of world output and converted here.
    fn unit(&self) -> f64 {
        match (self.settings.closure, self.settings.numeraire) {
            (DeficitClosure::Additive, _) | (_, Numeraire::WorldOutput) => 1.0,
            (_, Numeraire::Wage(k)) => 1.0 / self.system.point.wage[k],
        }
    }

    fn iterations(&self) -> usize {
        self.tried.iter().map(|attempt| attempt.iterations).sum()
    }

    fn failure(&self) -> SolveError {
        let cause = match self.blocked {
            Some(Infeasible::NegativeExpenditure(country)) => Cause::NegativeExpenditure {
                country: self.baseline.labels()[country].clone(),
            },
            Some(Infeasible::NotFinite) => Cause::NotFinite,
            None => Cause::Unresolved,
        };
        let whole = self
            .tried
            .iter()
            .filter(|attempt| attempt.share_of_shock >= 1.0);
        let reached = whole.map(|attempt| attempt.residual);
        self.no_equilibrium(cause, reached.fold(f64::INFINITY, f64::min))
    }

    fn stranded(&self, part: usize, deficit: f64) -> SolveError {
        let labels = self.baseline.labels().iter().enumerate();
        let members = labels.filter(|(i, _)| self.system.parts.part_of(*i) == part);
        let countries = members.map(|(_, label)| label.clone()).collect();
        let cause = Cause::StrandedDeficit { countries, deficit };
        self.no_equilibrium(cause, f64::INFINITY)
    }

    fn no_equilibrium(&self, cause: Cause, residual: f64) -> SolveError {
        SolveError::NoEquilibrium(Box::new(NoEquilibrium {
            cause,
            residual,
            iterations: self.iterations(),
            tried: self.tried.clone(),
        }))
    }
}
