//! The preconditioner for poorly connected panels.
//!
//! Where trade runs only between neighbours, news of a level travels one neighbour per
//! iteration of conjugate gradients. An additive Schwarz preconditioner (crate `within`)
//! solves approximately for pairs of effects at once and carries it across in one. It is
//! built for all effects; since a block of an inverse is the inverse of the Schur complement,
//! its block for the effects that are not eliminated fits the reduced equations.

use rayon::ThreadPool;
use rayon::prelude::*;
use within::{
    Design, Effect, LocalSolverConfig, Preconditioner as Local, PreconditionerConfig,
    ReductionStrategy, Solver,
};

use crate::panel::Panel;
use crate::projection::Preconditioner;

/// A Schwarz preconditioner at one set of weights.
#[derive(Debug)]
pub(crate) struct Schwarz {
    local: Local,
    /// The crate adds up in an order that depends on the number of threads; in pools of one
    /// thread it does not. Lanes run beside each other, each in its pool.
    pools: Vec<ThreadPool>,
    lanes: Vec<(Vec<f64>, Vec<f64>)>,
}

impl Schwarz {
    /// Nothing if there are no two sets of intercepts to solve for at once, or the
    /// factorization fails: diagonal preconditioning then has to do.
    pub(crate) fn new<const L: usize>(panel: &Panel<L>) -> Option<Self> {
        let pool = || rayon::ThreadPoolBuilder::new().num_threads(1).build();
        let pools: Vec<ThreadPool> = (0..L).map(|_| pool()).collect::<Result<_, _>>().ok()?;
        let local = pools.first()?.install(|| factorize(panel))?;
        let n = local.nrows();
        let lane = || (vec![0.0; n], vec![0.0; n]);
        Some(Self {
            local,
            pools,
            lanes: (0..L).map(|_| lane()).collect(),
        })
    }

    /// At new weights: a preconditioner of old weights costs far more than a new one.
    pub(crate) fn rebuild<const L: usize>(&mut self, panel: &Panel<L>) {
        let local = self
            .pools
            .first()
            .and_then(|pool| pool.install(|| factorize(panel)));
        if let Some(local) = local {
            self.local = local;
        }
    }
}

fn factorize<const L: usize>(panel: &Panel<L>) -> Option<Local> {
    if panel.terms.is_empty() || panel.terms.iter().any(|term| term.slope.is_some()) {
        return None;
    }
    let mut columns: Vec<Vec<u32>> = panel
        .terms
        .iter()
        .map(|term| {
            let start = term.levels.start as u32;
            term.ids.iter().map(|id| id - start).collect()
        })
        .collect();
    if panel.eliminated && panel.runs.len() > 2 {
        let mut ids = vec![0; panel.rows()];
        for run in 0..panel.runs.len() - 1 {
            ids[panel.run(run)].fill(run as u32);
        }
        columns.push(ids);
    }
    let effects: Vec<Effect<'_>> = columns
        .iter()
        .map(|ids| Effect::new(ids.as_slice(), true, []))
        .collect::<Result<_, _>>()
        .ok()?;
    let design = Design::new(effects).ok()?;
    let config = PreconditionerConfig::Additive {
        local_solver: LocalSolverConfig::default(),
        reduction: ReductionStrategy::ParallelReduction,
    };
    let solver = Solver::new(design, Some(&panel.weight), &config).ok()?;
    let local = solver.preconditioner()?.clone();
    Some(local)
}

impl<const L: usize> Preconditioner<L> for Schwarz {
    fn apply(&mut self, residual: &[[f64; L]], out: &mut [[f64; L]], wanted: &[bool; L]) {
        let local = &self.local;
        self.lanes
            .par_iter_mut()
            .zip(&self.pools)
            .enumerate()
            .for_each(|(l, ((right, image), pool))| {
                if wanted[l] {
                    for (right, residual) in right.iter_mut().zip(residual) {
                        *right = residual[l];
                    }
                }
                if !wanted[l] || right.iter().all(|&value| value == 0.0) {
                    image.fill(0.0);
                    return;
                }
                let applied = pool.install(|| local.apply(right, image));
                if applied.is_err() {
                    image.copy_from_slice(right);
                }
            });
        for (l, (_, image)) in self.lanes.iter().enumerate() {
            for (out, image) in out.iter_mut().zip(image) {
                out[l] = *image;
            }
        }
    }
}
