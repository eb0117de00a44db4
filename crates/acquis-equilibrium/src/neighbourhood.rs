//! Many scenarios that are near each other, solved with what is known of one of them.

use pulp::{Arch, Simd, WithSimd};

use crate::baseline::Baseline;
use crate::counterfactual::Counterfactual;
use crate::error::SolveError;
use crate::kernels::weighted_column_sums;
use crate::newton::inverse_jacobian;
use crate::residual::{Infeasible, Residual, System};
use crate::settings::Settings;
use crate::shock::Shock;
use crate::solve::{search, solve};

/// One solved scenario, whose slopes steer the search for others near it.
///
/// Each step of the tatonnement is turned by the inverse of the Jacobian at the scenario in the
/// middle (the chord method), which takes up what economies do to each other; what is left
/// is small where the scenario is near, and is accelerated as always. Results are held to
/// the same certificate as those of [`solve()`](crate::solve()); where the search fails, it
/// begins anew at the baseline, without what is known here.
#[derive(Debug)]
pub struct Neighbourhood {
    baseline: Baseline,
    settings: Settings,
    log_wages: Vec<f64>,
    slopes: Option<Slopes>,
}

/// `-(J + 1 nᵀ)^{-1}`, column by column `[n * n]`: a product is then a sum of columns, which
/// vectors of any width add up without waiting for each other.
#[derive(Debug)]
pub(crate) struct Slopes(Vec<f64>);

impl Slopes {
    /// From the inverse of the bordered Jacobian, row-major.
    fn of(inverse: &[f64], n: usize) -> Self {
        let column = |k: usize| inverse[k..].iter().step_by(n).map(|cell| -cell);
        Self((0..n).flat_map(column).collect())
    }
}

impl Neighbourhood {
    /// Solves the scenario in the middle.
    ///
    /// # Errors
    /// As [`solve()`](crate::solve()).
    pub fn around(
        baseline: &Baseline,
        shock: &Shock,
        settings: &Settings,
    ) -> Result<Self, SolveError> {
        let solved = solve(baseline, shock, settings)?;
        let mut log_wages: Vec<f64> = solved.wage_change.iter().map(|wage| wage.ln()).collect();
        let mut system = System::new(baseline, shock, settings);
        let mut residual = vec![0.0; baseline.len()];
        let evaluated = system.residual(&mut log_wages, &mut residual);
        let inverse = evaluated.ok().and_then(|_| inverse_jacobian(&system));
        let slopes = inverse.map(|cells| Slopes::of(&cells, baseline.len()));
        Ok(Self {
            baseline: baseline.clone(),
            settings: *settings,
            log_wages,
            slopes,
        })
    }

    /// Solves a scenario, beginning at wages that are expected to be near the solution's,
    /// `ln ŵ`, `[n]`, or at those of the scenario in the middle if there are none or they can't
    /// be used.
    ///
    /// # Errors
    /// As [`solve()`](crate::solve()).
    pub fn solve(
        &self,
        shock: &Shock,
        log_wages: Option<&[f64]>,
    ) -> Result<Counterfactual, SolveError> {
        let usable = |wages: &&[f64]| {
            wages.len() == self.log_wages.len() && wages.iter().all(|u| u.is_finite())
        };
        let start = log_wages.filter(usable).unwrap_or(&self.log_wages);
        let slopes = self.slopes.as_ref();
        search(
            &self.baseline,
            shock,
            &self.settings,
            start.to_vec(),
            slopes,
        )
        .or_else(|_| solve(&self.baseline, shock, &self.settings))
    }
}

/// A system whose residual is already the step of the chord method.
pub(crate) struct Steered<'a> {
    system: &'a mut System,
    slopes: &'a Slopes,
    residual: Vec<f64>,
}

impl<'a> Steered<'a> {
    pub(crate) fn new(system: &'a mut System, slopes: &'a Slopes) -> Self {
        let residual = vec![0.0; system.len()];
        Self {
            system,
            slopes,
            residual,
        }
    }
}

struct Turn<'a> {
    slopes: &'a [f64],
    residual: &'a [f64],
    step: &'a mut [f64],
}

impl WithSimd for Turn<'_> {
    type Output = ();

    #[expect(
        clippy::inline_always,
        reason = "a loop uses the wide vectors of the function that it is inlined into"
    )]
    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        weighted_column_sums(self.slopes, self.residual, self.step);
    }
}

impl Residual for Steered<'_> {
    fn residual(&mut self, state: &mut [f64], step: &mut [f64]) -> Result<f64, Infeasible> {
        let size = self.system.residual(state, &mut self.residual)?;
        Arch::new().dispatch(Turn {
            slopes: &self.slopes.0,
            residual: &self.residual,
            step,
        });
        Ok(size)
    }

    fn scale(&self, scale: &mut [f64]) {
        scale.fill(1.0);
    }
}
