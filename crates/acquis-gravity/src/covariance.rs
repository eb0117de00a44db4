//! The covariance of the coefficients.
//!
//! With `x̃` the projected regressors, `H = X̃'WX̃` and `s` a row's score, the homoskedastic
//! covariance is `H⁻¹` (times the residual variance for least squares), the others are
//! `H⁻¹ M H⁻¹`. `M` sums `x̃ x̃' s²` over rows (White 1980), or the outer products of scores
//! summed by cluster (Liang and Zeger 1986). Several dimensions of clustering are added over
//! their combinations with alternating signs (Cameron, Gelbach and Miller 2011), and
//! negative eigenvalues of the result are set to zero.

use crate::arrange::{Levels, Order};
use crate::dense::{Cholesky, Symmetric};
use crate::design::Design;
use crate::error::{DesignError, EstimateError};
use crate::factor::Factor;
use crate::fit::ClusterCount;
use crate::newton::lane;
use crate::objective::{Family, Objective};
use crate::options::{Options, SmallSample, StandardErrors};
use crate::panel::{Chunk, Gather, Panel, add_scaled, gathered};

/// What a covariance is made of.
pub(crate) struct Ingredients<'a, const L: usize> {
    pub(crate) design: &'a Design<'a>,
    pub(crate) options: &'a Options,
    pub(crate) order: &'a Order,
    pub(crate) panel: &'a Panel<L>,
    pub(crate) a: &'a [Vec<[f64; L]>],
    pub(crate) objective: &'a Objective<'a>,
    pub(crate) hessian: &'a Symmetric,
}

/// A covariance and how it came about.
#[derive(Debug)]
pub(crate) struct Covariance {
    pub(crate) matrix: Symmetric,
    pub(crate) kind: StandardErrors,
    pub(crate) clusters: Vec<ClusterCount>,
    pub(crate) repaired: bool,
    /// Degrees of freedom of the t distribution.
    pub(crate) freedom: f64,
    pub(crate) warnings: Vec<String>,
}

impl<const L: usize> Ingredients<'_, L> {
    /// The covariance that the options ask for.
    pub(crate) fn covariance(&self) -> Result<Covariance, EstimateError> {
        let clusters = &self.design.clusters;
        let kind = match self.options.errors {
            StandardErrors::Automatic if clusters.is_empty() => StandardErrors::Robust,
            StandardErrors::Automatic => StandardErrors::Clustered,
            kind => kind,
        };
        if kind == StandardErrors::Clustered && clusters.is_empty() {
            let text = "clustered standard errors need a cluster in the design".to_owned();
            return Err(EstimateError::NotApplicable(text));
        }
        let regressors = self.hessian.order();
        let inverse = match Cholesky::new(self.hessian) {
            Some(factor) => factor.inverse(),
            None => Symmetric::zeros(regressors),
        };
        match kind {
            StandardErrors::Clustered => self.clustered(&inverse),
            StandardErrors::Homoskedastic => self.homoskedastic(inverse),
            _ => self.robust(&inverse),
        }
    }

    fn rows(&self) -> f64 {
        self.order.rows.len() as f64
    }

    fn homoskedastic(&self, mut inverse: Symmetric) -> Result<Covariance, EstimateError> {
        let parameters = self.parameters(&[]);
        let (rows, left) = (self.rows(), self.left(parameters)?);
        match (self.objective.family, self.options.small_sample) {
            (Family::Gaussian, SmallSample::None) => {
                inverse.scale(self.objective.total_square / rows);
            }
            (Family::Gaussian, _) => inverse.scale(self.objective.total_square / left),
            (Family::Poisson, SmallSample::Fixest) => inverse.scale((rows - 1.0) / left),
            (Family::Poisson, _) => {}
        }
        Ok(Covariance {
            matrix: inverse,
            kind: StandardErrors::Homoskedastic,
            clusters: Vec::new(),
            repaired: false,
            freedom: left,
            warnings: Vec::new(),
        })
    }

    fn robust(&self, inverse: &Symmetric) -> Result<Covariance, EstimateError> {
        let mut matrix = inverse.sandwich(&self.meat());
        let (rows, left) = (self.rows(), self.left(self.parameters(&[]))?);
        matrix.scale(match (self.options.small_sample, self.objective.family) {
            (SmallSample::Ppmlhdfe, Family::Poisson) => rows / (rows - 1.0),
            (SmallSample::None, _) => 1.0,
            _ => rows / left,
        });
        Ok(Covariance {
            matrix,
            kind: StandardErrors::Robust,
            clusters: Vec::new(),
            repaired: false,
            freedom: left,
            warnings: Vec::new(),
        })
    }

    fn clustered(&self, inverse: &Symmetric) -> Result<Covariance, EstimateError> {
        let clusters = &self.design.clusters;
        let regressors = self.hessian.order();
        let mut counts = Vec::new();
        let mut warnings = Vec::new();
        let mut meat = Symmetric::zeros(regressors);
        // Every combination of dimensions once, as the bits of `subset`.
        for subset in 1_usize..1 << clusters.len() {
            let chosen: Vec<&Factor<'_>> = (0..clusters.len())
                .filter(|at| subset >> at & 1 == 1)
                .map(|at| &clusters[at].factor)
                .collect();
            let crossed;
            let factor = if let [single] = chosen.as_slice() {
                *single
            } else {
                crossed = Factor::cross(&chosen)?;
                &crossed
            };
            let groups = self.groups(factor);
            if subset.is_power_of_two() {
                let name = clusters[subset.trailing_zeros() as usize].name.clone();
                if groups.count < 2 {
                    return Err(DesignError::TooFewClusters {
                        cluster: name,
                        clusters: groups.count,
                    }
                    .into());
                }
                if groups.count <= regressors {
                    warnings.push(format!(
                        "{} clusters by {name} for {regressors} regressors: the clustered \
                         covariance is singular",
                        groups.count
                    ));
                }
                counts.push(ClusterCount {
                    name,
                    clusters: groups.count,
                });
            }
            let sums = self.group_scores(&groups);
            let sign = if chosen.len() % 2 == 1 { 1.0 } else { -1.0 };
            meat.add_scaled(sign, &outer_products(&sums, regressors));
        }
        let least = counts.iter().map(|count| count.clusters).min().unwrap_or(0) as f64;
        let (meat, repaired) = if clusters.len() > 1 {
            meat.nonnegative()
        } else {
            (meat, false)
        };
        if repaired {
            warnings.push(
                "the multiway covariance had negative eigenvalues, which were set to zero"
                    .to_owned(),
            );
        }
        let mut matrix = inverse.sandwich(&meat);
        let group_factor = least / (least - 1.0);
        matrix.scale(match (self.options.small_sample, self.objective.family) {
            (SmallSample::None, _) => 1.0,
            (SmallSample::Ppmlhdfe, Family::Poisson) => group_factor,
            // reghdfe and fixest agree for least squares.
            _ => {
                let dimensions: Vec<&Factor<'_>> = clusters.iter().map(|c| &c.factor).collect();
                let left = self.left(self.parameters(&dimensions))?;
                group_factor * (self.rows() - 1.0) / left
            }
        });
        Ok(Covariance {
            matrix,
            kind: StandardErrors::Clustered,
            clusters: counts,
            repaired,
            freedom: least - 1.0,
            warnings,
        })
    }

    /// Regressors, and levels of effects that are not nested in one of `clusters`, one less
    /// for each set but the first (fixest's count).
    fn parameters(&self, clusters: &[&Factor<'_>]) -> f64 {
        let levels = self.order.eliminated.iter().chain(&self.order.others);
        let mut parameters = self.hessian.order() as f64;
        if self.order.eliminated.is_some() || self.design.effects.is_empty() {
            parameters += 1.0;
        }
        for levels in levels {
            let effect = &self.design.effects[levels.effect];
            let count = levels.codes.len() as f64;
            if effect.slope.is_some() {
                parameters += count;
            } else if !clusters.iter().any(|c| self.nested(&effect.factor, c)) {
                parameters += count - 1.0;
            }
        }
        parameters
    }

    fn left(&self, parameters: f64) -> Result<f64, EstimateError> {
        let left = self.rows() - parameters;
        if left > 0.0 {
            return Ok(left);
        }
        if self.options.small_sample != SmallSample::Fixest
            && self.objective.family == Family::Poisson
        {
            return Ok(1.0);
        }
        Err(EstimateError::NoFreedom {
            parameters: parameters as usize,
            rows: self.order.rows.len(),
        })
    }

    /// Whether all rows of a level are in one cluster.
    fn nested(&self, effect: &Factor<'_>, cluster: &Factor<'_>) -> bool {
        let mut home = vec![u32::MAX; effect.levels()];
        if effect.codes() == cluster.codes() {
            return true;
        }
        self.order.rows.iter().all(|&row| {
            let home = &mut home[effect.codes()[row as usize] as usize];
            let own = cluster.codes()[row as usize];
            if *home == u32::MAX {
                *home = own;
            }
            *home == own
        })
    }

    /// The groups of the sample's rows.
    fn groups(&self, factor: &Factor<'_>) -> Groups {
        let same = |levels: &&Levels| {
            let own = self.design.effects[levels.effect].factor.codes();
            std::ptr::eq(own, factor.codes()) || own == factor.codes()
        };
        if let Some(runs) = self.order.eliminated.as_ref().filter(same) {
            return Groups {
                codes: None,
                count: runs.codes.len(),
            };
        }
        let mut codes = self.order.codes(factor.codes());
        let mut number = vec![u32::MAX; factor.levels()];
        let mut groups = 0;
        for code in &mut codes {
            let number = &mut number[*code as usize];
            if *number == u32::MAX {
                *number = groups;
                groups += 1;
            }
            *code = *number;
        }
        Groups {
            codes: Some(codes),
            count: groups as usize,
        }
    }

    /// Sum over the rows of `x̃ x̃' s²`.
    fn meat(&self) -> Symmetric {
        let regressors = self.hessian.order();
        let mut sums = vec![Symmetric::zeros(regressors); self.panel.chunks.len()];
        gathered!(self.panel, gather => {
            self.panel.over_chunks(&mut sums, |chunk, sum| {
                let mut x = vec![0.0; regressors];
                self.visit(gather, chunk, |_, blocks, scores| {
                    for (at, score) in scores.iter().enumerate() {
                        for (k, x) in x.iter_mut().enumerate() {
                            let (block, lane) = lane::<L>(k);
                            *x = score * blocks[block][at][lane];
                        }
                        for i in 0..regressors {
                            for j in 0..=i {
                                sum.add(i, j, x[i] * x[j]);
                            }
                        }
                    }
                });
            });
        });
        let mut meat = Symmetric::zeros(regressors);
        for sum in &sums {
            meat.add_scaled(1.0, sum);
        }
        meat
    }

    /// Sums of `x̃ s` by group, `[groups][regressors]`.
    fn group_scores(&self, groups: &Groups) -> Vec<f64> {
        let mut parts: Vec<Scores<L>> = self
            .panel
            .chunks
            .iter()
            .map(|chunk| {
                let reach = match &groups.codes {
                    None => chunk.runs.clone(),
                    // Numbered by appearance, so a chunk reaches a stretch of them.
                    Some(codes) => {
                        let codes = &codes[self.panel.chunk_rows(chunk)];
                        let least = codes.iter().min().map_or(0, |&code| code as usize);
                        let most = codes.iter().max().map_or(0, |&code| code as usize + 1);
                        least..most
                    }
                };
                Scores {
                    first: reach.start,
                    blocks: vec![vec![[0.0; L]; reach.len()]; self.panel.blocks.len()],
                }
            })
            .collect();
        gathered!(self.panel, gather => {
            self.panel.over_chunks(&mut parts, #[inline(always)] |chunk, part| {
                self.visit(gather, chunk, |run, blocks, scores| {
                    for (sums, lanes) in part.blocks.iter_mut().zip(blocks) {
                        match &groups.codes {
                            None => {
                                let sum = &mut sums[run - part.first];
                                for (score, lanes) in scores.iter().zip(lanes) {
                                    add_scaled(sum, *score, lanes);
                                }
                            }
                            Some(codes) => {
                                let codes = &codes[self.panel.run(run)];
                                for ((score, lanes), code) in scores.iter().zip(lanes).zip(codes) {
                                    let sum = &mut sums[*code as usize - part.first];
                                    add_scaled(sum, *score, lanes);
                                }
                            }
                        }
                    }
                });
            });
        });
        let regressors = self.hessian.order();
        let mut out = vec![0.0; groups.count * regressors];
        for part in &parts {
            for k in 0..regressors {
                let (block, lane) = lane::<L>(k);
                for (group, sums) in (part.first..).zip(&part.blocks[block]) {
                    out[group * regressors + k] += sums[lane];
                }
            }
        }
        out
    }

    /// Calls `visit` with each run of a chunk, its projected lanes by block, and the scores of
    /// its rows.
    #[expect(
        clippy::inline_always,
        reason = "must become part of the vectorized pass"
    )]
    #[inline(always)]
    fn visit<G: Gather>(
        &self,
        gather: &G,
        chunk: &Chunk,
        mut visit: impl FnMut(usize, &[Vec<[f64; L]>], &[f64]),
    ) {
        let panel = self.panel;
        let mut blocks = vec![panel.run_buffer(); panel.blocks.len()];
        let mut scores = vec![0.0; panel.longest];
        for run in chunk.runs.clone() {
            let residuals = panel.residuals(run);
            for (block, (a, rows)) in self.a.iter().zip(&mut blocks).enumerate() {
                panel.within(gather, block, run, a, residuals, rows);
            }
            let scores = &mut scores[..residuals.len()];
            let weights = &panel.weight[panel.run(run)];
            for ((score, residual), weight) in scores.iter_mut().zip(residuals).zip(weights) {
                *score = residual * weight;
            }
            visit(run, &blocks, scores);
        }
    }
}

/// The groups of the sample's rows, numbered without gaps.
struct Groups {
    /// By row; nothing where the groups are the runs.
    codes: Option<Vec<u32>>,
    count: usize,
}

/// Sums of scores of one chunk, by block and group from the `first` it reaches.
struct Scores<const L: usize> {
    first: usize,
    blocks: Vec<Vec<[f64; L]>>,
}

fn outer_products(sums: &[f64], regressors: usize) -> Symmetric {
    let mut out = Symmetric::zeros(regressors);
    if regressors > 0 {
        for sum in sums.chunks_exact(regressors) {
            for i in 0..regressors {
                for j in 0..=i {
                    out.add(i, j, sum[i] * sum[j]);
                }
            }
        }
    }
    out
}
