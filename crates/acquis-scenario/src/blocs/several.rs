//! Several blocs side by side.

use acquis_blocs::{CoalitionStructure, Memberships, Partitions, Rules, SizeError, Table};

/// How coalition structures stand.
#[derive(Debug, Clone)]
pub struct SeveralVerdict {
    /// Gains by structure, per cent of real income.
    pub percent: Table<Partitions>,
    /// What one per cent of its income is to each candidate, in the unit of the economy.
    units: Vec<f64>,
    /// How many structures no member of a bloc leaves to stand alone.
    pub internally_stable: usize,
    /// Structures from which nobody gains by standing alone or by moving to another bloc, by
    /// the sum of gains, the greatest first: coalition-structure Nash equilibria.
    pub nash: Vec<usize>,
    /// What might hold if all look ahead; `None` beyond eight candidates.
    pub consistent: Option<Vec<usize>>,
    /// The structure with the greatest sum of gains, in the unit of the economy.
    pub best: (usize, f64),
}

/// The largest consistent set of partitions is sought for so many candidates.
const MOST_FARSIGHTED: usize = 8;

impl SeveralVerdict {
    pub(crate) fn of(
        percent: Table<Partitions>,
        incomes: &[f64],
        farsighted: bool,
        rules: &Rules<'_>,
    ) -> Result<Self, SizeError> {
        let units: Vec<f64> = incomes.iter().map(|income| income / 100.0).collect();
        let mut nash = percent.nash_stable(rules);
        let sum = |index: usize| sum_of(&percent, &units, index);
        nash.sort_by(|a, b| sum(*b).total_cmp(&sum(*a)).then(a.cmp(b)));
        let everything = 0..percent.memberships().count();
        let best = everything.fold((0, f64::NEG_INFINITY), |best, index| {
            let sum = sum(index);
            if sum > best.1 { (index, sum) } else { best }
        });
        let consistent = (farsighted && percent.players() <= MOST_FARSIGHTED)
            .then(|| percent.largest_consistent_set(rules.tolerance))
            .transpose()?;
        Ok(Self {
            internally_stable: percent.internally_stable(rules).len(),
            best,
            nash,
            consistent,
            units,
            percent,
        })
    }

    /// The structure at an index.
    pub fn structure(&self, index: usize) -> CoalitionStructure {
        self.percent.memberships().state(index)
    }

    /// The sum of gains in a structure, in the unit of the economy.
    pub fn sum(&self, index: usize) -> f64 {
        sum_of(&self.percent, &self.units, index)
    }
}

fn sum_of(percent: &Table<Partitions>, units: &[f64], index: usize) -> f64 {
    let row = percent.payoffs(index).iter().zip(units);
    row.map(|(gain, unit)| gain * unit).sum()
}
