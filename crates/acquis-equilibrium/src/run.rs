//! How one attempt of a solver ended.

use crate::residual::Infeasible;

/// Why an attempt stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Ending {
    Converged,
    /// No progress for long.
    Stalled,
    /// The Jacobian couldn't be solved.
    Singular,
    /// Every way forward leaves the region where the equations exist.
    Infeasible,
    #[default]
    IterationLimit,
}

/// Report of one attempt.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Run {
    pub(crate) ending: Ending,
    pub(crate) iterations: usize,
    /// Smallest residual seen.
    pub(crate) residual: f64,
    /// What stood in the way last.
    pub(crate) blocked: Option<Infeasible>,
}

impl Run {
    pub(crate) fn end(mut self, ending: Ending, iterations: usize, residual: f64) -> Self {
        self.ending = ending;
        self.iterations = iterations;
        self.residual = residual;
        self
    }

    pub(crate) fn converged(&self) -> bool {
        self.ending == Ending::Converged
    }
}
