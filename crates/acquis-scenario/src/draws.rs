//! Draws of what was estimated: elasticities, and the effects of stages as they vary together.

use acquis_equilibrium::multisector::{Draws, Simulation};

use crate::effects::StageEffects;
use crate::policy::Uncertainty;
use crate::run::RunError;

/// Quantiles of the change of real income over draws.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantiles {
    /// How many draws have an equilibrium.
    pub draws: usize,
    /// How many have none.
    pub failures: usize,
    /// By economy: at 5, 50 and 95 per cent of draws, fractions.
    pub real_income: Vec<[f64; 3]>,
    /// By economy: the part of draws in which it gains.
    pub gains: Vec<f64>,
}

impl Quantiles {
    /// The quantiles of a simulation, of which `failures` draws have no equilibrium.
    pub(crate) fn of(simulation: &Simulation, failures: usize) -> Result<Self, RunError> {
        if simulation.outcomes.is_empty() {
            return Err(RunError::NoDraw { draws: failures });
        }
        let [low, middle, high] = [0.05, 0.5, 0.95].map(|p| simulation.quantile(p));
        let quantiles = low.iter().zip(&middle).zip(&high);
        Ok(Self {
            draws: simulation.outcomes.len(),
            failures,
            real_income: quantiles
                .map(|((low, middle), high)| [*low, *middle, *high])
                .collect(),
            gains: simulation.share_above(0.0),
        })
    }
}

/// What a draw is made of: the log of every elasticity, then the moves of the effects.
pub(crate) struct Drawing<'a> {
    effects: &'a StageEffects,
    sectors: usize,
    pub(crate) draws: Draws,
}

impl<'a> Drawing<'a> {
    pub(crate) fn new(
        uncertainty: Uncertainty,
        thetas: &[f64],
        effects: &'a StageEffects,
    ) -> Result<Self, RunError> {
        let moves = effects.covariance(uncertainty.effect_error);
        let sectors = thetas.len();
        let stages = moves.len().isqrt();
        let width = sectors + stages;
        let mut mean: Vec<f64> = thetas.iter().map(|theta| theta.ln()).collect();
        mean.resize(width, 0.0);
        let mut covariance = vec![0.0; width * width];
        let variance = uncertainty.elasticity_error * uncertainty.elasticity_error;
        for sector in 0..sectors {
            covariance[sector * width + sector] = variance;
        }
        for row in 0..stages {
            let start = (sectors + row) * width + sectors;
            covariance[start..start + stages].copy_from_slice(&moves[row * stages..][..stages]);
        }
        Ok(Self {
            effects,
            sectors,
            draws: Draws::normal(&mean, &covariance, uncertainty.draws, uncertainty.seed)?,
        })
    }

    /// The elasticities and effects of one draw.
    pub(crate) fn read(&self, row: &[f64]) -> (Vec<f64>, StageEffects) {
        let (logs, moves) = row.split_at(self.sectors);
        let thetas = logs.iter().map(|log| log.exp()).collect();
        (thetas, self.effects.moved(moves))
    }
}
