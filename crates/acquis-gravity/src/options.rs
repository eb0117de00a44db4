//! How to estimate.

use crate::error::DesignError;

/// What is minimized.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Estimator {
    /// Poisson pseudo-maximum likelihood, `E[y] = exp(x'β + effects)` (Santos Silva and
    /// Tenreyro 2006).
    #[default]
    Poisson,
    /// Ordinary least squares.
    LeastSquares,
    /// Ordinary least squares on `ln y`; rows where `y` is not positive are left out.
    LogLinear,
}

/// Levels of an effect with a single row add nothing but count as rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Singletons {
    /// Leave them out, again and again until none is left (ppmlhdfe, reghdfe).
    #[default]
    Drop,
    /// Keep them (fixest).
    Keep,
}

/// What to do about rows that no finite estimate fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Separation {
    /// Look for them where the iterations do not themselves prove that there are none: when
    /// Newton's step vanishes in every row, a finite maximum exists.
    #[default]
    WhenNeeded,
    /// Always look for them before estimating.
    Always,
    /// Only leave out levels whose outcomes are all zero.
    EffectsOnly,
}

/// The covariance of the coefficients.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StandardErrors {
    /// Clustered by the design's clusters if there are any, otherwise robust.
    #[default]
    Automatic,
    /// As if the variance were as the model says (for Poisson: equal to the mean).
    Homoskedastic,
    /// Heteroskedasticity-robust (HC1).
    Robust,
    /// One-way or multiway clustered (Cameron, Gelbach and Miller 2011).
    Clustered,
}

/// Small-sample factors on the covariance, with `N` rows, `G` clusters and `K` parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SmallSample {
    /// ppmlhdfe: `G/(G-1)` with the least `G` when clustered, `N/(N-1)` when robust.
    /// Reported against the normal distribution.
    #[default]
    Ppmlhdfe,
    /// fixest's default: `(N-1)/(N-K)`, `K` without effects nested in a cluster, times
    /// `G/(G-1)` with the least `G`.
    Fixest,
    /// None.
    None,
}

/// All options; [`Options::default`] is Poisson at a score of `1e-9`, clustered as the design
/// says, with ppmlhdfe's conventions.
#[derive(Debug, Clone, PartialEq)]
pub struct Options {
    /// What is minimized.
    pub estimator: Estimator,
    /// Largest projected score, see [`crate::Certificate`].
    pub tolerance: f64,
    /// Outer iterations at most.
    pub iterations: usize,
    /// Inner iterations at most in one projection.
    pub inner_iterations: usize,
    /// About singletons.
    pub singletons: Singletons,
    /// About separated rows.
    pub separation: Separation,
    /// The covariance.
    pub errors: StandardErrors,
    /// Small-sample factors.
    pub small_sample: SmallSample,
    /// Coverage of the confidence intervals.
    pub confidence: f64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            estimator: Estimator::default(),
            tolerance: 1e-9,
            iterations: 200,
            inner_iterations: 5_000,
            singletons: Singletons::default(),
            separation: Separation::default(),
            errors: StandardErrors::default(),
            small_sample: SmallSample::default(),
            confidence: 0.95,
        }
    }
}

impl Options {
    /// Whether every option is in its range.
    pub(crate) fn check(&self) -> Result<(), DesignError> {
        let wrong = |option, value, expected| {
            Err(DesignError::Option {
                option,
                value,
                expected,
            })
        };
        if !(1e-13..=1e-2).contains(&self.tolerance) {
            return wrong("tolerance", self.tolerance, "between 1e-13 and 1e-2");
        }
        if !(self.confidence > 0.0 && self.confidence < 1.0) {
            return wrong("confidence", self.confidence, "between 0 and 1");
        }
        if self.iterations == 0 {
            return wrong("iterations", 0.0, "at least 1");
        }
        if self.inner_iterations == 0 {
            return wrong("inner_iterations", 0.0, "at least 1");
        }
        Ok(())
    }
}
