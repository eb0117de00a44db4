//! What becomes of trade deficits.

/// What becomes of each country's deficit `D`, imports less exports at the border, when
/// incomes change (closures (a) to (e) of the chapter on the model). Under every closure the
/// deficits of the world add up to zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum DeficitClosure {
    /// (a) `D' = D` in units of the numeraire. Not homogeneous: the result depends on the
    /// numeraire, and a large shock can leave a country with negative income.
    Nominal,
    /// (b) `D' = D · ΣVA'/ΣVA`: deficits keep their share of world value added.
    #[default]
    WorldShare,
    /// (c) A deficit keeps its share of the country's spending power,
    /// `I' = Ξ · (I/(wL+R)) · (w'L' + R')`, with `Ξ` such that the deficits add up to zero
    /// (Campos, Reggio and Timini 2025; with one sector (1.3b)).
    IncomeShare,
    /// (d) `D' = 0`. To separate the effect of balancing trade from that of the shock,
    /// purge the baseline first: [`Baseline::purged`](super::Baseline::purged).
    Balanced,
    /// (e) `D'/VA'` stays, and the remainder is spread over the countries in proportion to
    /// value added.
    ValueAddedShare,
}

/// The figures that a closure reads, each `[N]`.
pub(super) struct Incomes<'a> {
    /// Deficits of the baseline.
    pub(super) deficit: &'a [f64],
    /// Value added of the baseline.
    pub(super) value_added: &'a [f64],
    /// Value added and revenue of the baseline.
    pub(super) own_income: &'a [f64],
    /// Value added in the counterfactual.
    pub(super) new_value_added: &'a [f64],
    /// Value added and revenue in the counterfactual.
    pub(super) new_own_income: &'a [f64],
}

impl DeficitClosure {
    /// Writes the deficits of the counterfactual. `unit` is what one unit of the numeraire
    /// is worth in the money of the solution.
    pub(super) fn deficits(self, incomes: &Incomes<'_>, unit: f64, out: &mut [f64]) {
        let old_world: f64 = incomes.value_added.iter().sum();
        let new_world: f64 = incomes.new_value_added.iter().sum();
        match self {
            Self::Balanced => out.fill(0.0),
            Self::Nominal => scale(incomes.deficit, unit, out),
            Self::WorldShare => scale(incomes.deficit, new_world / old_world, out),
            Self::IncomeShare => {
                let old = incomes.deficit.iter().zip(incomes.own_income);
                for ((out, (deficit, own)), new) in
                    out.iter_mut().zip(old).zip(incomes.new_own_income)
                {
                    *out = (1.0 + deficit / own) * new;
                }
                let earned: f64 = incomes.new_own_income.iter().sum();
                let common = earned / out.iter().sum::<f64>();
                for (out, own) in out.iter_mut().zip(incomes.new_own_income) {
                    *out = common * *out - own;
                }
            }
            Self::ValueAddedShare => {
                let old = incomes.deficit.iter().zip(incomes.value_added);
                for ((out, (deficit, old)), new) in
                    out.iter_mut().zip(old).zip(incomes.new_value_added)
                {
                    *out = deficit / old * new;
                }
                let left = out.iter().sum::<f64>() / new_world;
                for (out, new) in out.iter_mut().zip(incomes.new_value_added) {
                    *out -= left * new;
                }
            }
        }
    }
}

fn scale(from: &[f64], by: f64, out: &mut [f64]) {
    for (out, value) in out.iter_mut().zip(from) {
        *out = by * value;
    }
}
