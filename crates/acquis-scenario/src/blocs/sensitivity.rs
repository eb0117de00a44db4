//! How sure the verdict is: the same game over draws of the elasticities and of the effects of
//! stages.

use std::collections::BTreeMap;

use acquis_blocs::{Coalition, Rules, SingleBlocs, Table};

use super::payoff::Parameters;
use crate::draws::Drawing;
use crate::policy::Uncertainty;
use crate::run::RunError;

/// In how many draws each bloc holds.
#[derive(Debug, Clone)]
pub struct Sensitivity {
    /// What was drawn.
    pub uncertainty: Uncertainty,
    /// How many draws were judged.
    pub draws: usize,
    /// In how many there is a bloc that holds.
    pub some: usize,
    /// In how many each bloc holds; blocs that never do are left out.
    holds: BTreeMap<Coalition, usize>,
    /// In how many draws no member leaves it.
    kept: BTreeMap<Coalition, usize>,
    /// By candidate: in how many draws it is in some bloc that holds.
    pub inside: Vec<usize>,
}

impl Sensitivity {
    pub(crate) fn new(uncertainty: Uncertainty, candidates: usize) -> Self {
        Self {
            uncertainty,
            draws: 0,
            some: 0,
            holds: BTreeMap::new(),
            kept: BTreeMap::new(),
            inside: vec![0; candidates],
        }
    }

    /// Judges a draw.
    pub(crate) fn take(&mut self, table: &Table<SingleBlocs>, rules: &Rules<'_>) {
        let stable = table.stable_blocs(rules);
        self.draws += 1;
        self.some += usize::from(!stable.is_empty());
        let union = stable.iter().fold(0, |union, bloc| union | bloc.mask());
        for player in Coalition::from_mask(union).players() {
            self.inside[player.position()] += 1;
        }
        for bloc in stable {
            *self.holds.entry(bloc).or_default() += 1;
        }
        for bloc in table.internally_stable_blocs(rules) {
            *self.kept.entry(bloc).or_default() += 1;
        }
    }

    /// The share of draws in which a bloc holds.
    pub fn holds(&self, bloc: Coalition) -> f64 {
        self.share(self.holds.get(&bloc))
    }

    /// The share of draws in which no member leaves the bloc.
    pub fn is_kept(&self, bloc: Coalition) -> f64 {
        self.share(self.kept.get(&bloc))
    }

    fn share(&self, count: Option<&usize>) -> f64 {
        *count.unwrap_or(&0) as f64 / self.draws.max(1) as f64
    }

    /// Blocs that hold in some draw, those that hold most often first.
    pub fn blocs(&self) -> Vec<Coalition> {
        let mut blocs: Vec<(usize, Coalition)> = self
            .holds
            .iter()
            .map(|(bloc, count)| (*count, *bloc))
            .collect();
        blocs.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        blocs.into_iter().map(|(_, bloc)| bloc).collect()
    }
}

/// The drawn parameters.
pub(crate) fn draws(
    uncertainty: Uncertainty,
    parameters: &Parameters,
) -> Result<Vec<Parameters>, RunError> {
    let drawing = Drawing::new(uncertainty, &parameters.thetas, &parameters.effects)?;
    let drawn = drawing.draws.rows().map(|row| {
        let (thetas, effects) = drawing.read(row);
        Parameters { thetas, effects }
    });
    Ok(drawn.collect())
}
