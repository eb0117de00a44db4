//! A level for each state: a pair stands at the lower of its two.

use acquis_blocs::{LevelMembership, LevelPath, Levels, Memberships, Rules, Table};

/// How memberships with levels stand.
#[derive(Debug, Clone)]
pub struct LevelsVerdict {
    /// Gains by membership, per cent of real income.
    pub percent: Table<Levels>,
    /// What one per cent of its income is to each candidate, in the unit of the economy.
    units: Vec<f64>,
    /// Memberships from which nobody gains by changing its level, by the sum of gains, the
    /// greatest first.
    pub stable: Vec<usize>,
    /// Who changes its level in turn, from nobody inside.
    pub path: LevelPath,
    /// The membership with the greatest sum of gains, in the unit of the economy.
    pub best: (usize, f64),
}

impl LevelsVerdict {
    pub(crate) fn of(percent: Table<Levels>, incomes: &[f64], rules: &Rules<'_>) -> Self {
        let units: Vec<f64> = incomes.iter().map(|income| income / 100.0).collect();
        let sum = |index: usize| -> f64 {
            let row = percent.payoffs(index).iter().zip(&units);
            row.map(|(gain, unit)| gain * unit).sum()
        };
        let mut stable = percent.stable_memberships(rules);
        stable.sort_by(|a, b| sum(*b).total_cmp(&sum(*a)).then(a.cmp(b)));
        let best =
            (0..percent.memberships().count()).fold((0, f64::NEG_INFINITY), |best, index| {
                let sum = sum(index);
                if sum > best.1 { (index, sum) } else { best }
            });
        Self {
            path: percent.path_of_deepening(0, rules),
            best,
            stable,
            units,
            percent,
        }
    }

    /// The membership at an index.
    pub fn membership(&self, index: usize) -> LevelMembership {
        self.percent.memberships().state(index)
    }

    /// The sum of gains in the unit of the economy.
    pub fn sum(&self, index: usize) -> f64 {
        let row = self.percent.payoffs(index).iter().zip(&self.units);
        row.map(|(gain, unit)| gain * unit).sum()
    }
}
