//! The common tariff of a customs union, and GATT's test of it.

use super::super::baseline::Baseline;
use super::union::InstrumentError;

/// Where a common external tariff comes from. Rules work cell by cell: one rate for every
/// sector and outside exporter, from the rates that the members apply to it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum ExternalTariff {
    /// The mean of the members' rates.
    SimpleMean,
    /// Their mean weighted by what each imports; the simple mean where nobody imports.
    TradeWeightedMean,
    /// The lowest.
    Minimum,
    /// The highest.
    Maximum,
    /// The rate of the member with the largest value added.
    LargestMember,
    /// The rate of a given member.
    OfMember(usize),
    /// Given rates, one per sector, `[J]`, or one per sector and exporter, `[J][N]`.
    Schedule(Vec<f64>),
}

impl ExternalTariff {
    /// The common tariff by sector and exporter, `[J][N]`. Cells of members mean nothing.
    ///
    /// # Errors
    /// A schedule of the wrong length or with a rate that isn't finite and above -1, or a
    /// country that isn't a member.
    pub fn schedule(
        &self,
        baseline: &Baseline,
        members: &[usize],
    ) -> Result<Vec<f64>, InstrumentError> {
        let (n, sectors) = (baseline.countries(), baseline.sectors());
        let of_member = |member: usize| -> Vec<f64> {
            let cells = (0..sectors).flat_map(|j| (0..n).map(move |i| (j, i)));
            cells.map(|(j, i)| baseline.tariff(j, member, i)).collect()
        };
        let value_added = |&member: &usize| baseline.value_added(member);
        match self {
            Self::Schedule(rates) => given(rates, n, sectors),
            Self::OfMember(member) if !members.contains(member) => {
                Err(InstrumentError::NotMember { country: *member })
            }
            Self::OfMember(member) => Ok(of_member(*member)),
            Self::LargestMember => {
                let largest = members
                    .iter()
                    .max_by(|a, b| value_added(a).total_cmp(&value_added(b)));
                Ok(largest.map_or_else(Vec::new, |&member| of_member(member)))
            }
            rule => {
                let tables: Vec<Vec<f64>> = members.iter().map(|&m| of_member(m)).collect();
                let cells = (0..sectors * n).map(|cell| {
                    let rates: Vec<f64> = tables.iter().map(|table| table[cell]).collect();
                    let (sector, exporter) = (cell / n, cell % n);
                    let flows = members.iter().map(|&m| baseline.flow(sector, m, exporter));
                    rule.combine(&rates, flows)
                });
                Ok(cells.collect())
            }
        }
    }

    fn combine(&self, rates: &[f64], flows: impl Iterator<Item = f64>) -> f64 {
        let mean = rates.iter().sum::<f64>() / rates.len() as f64;
        match self {
            Self::Minimum => rates.iter().copied().fold(f64::INFINITY, f64::min),
            Self::Maximum => rates.iter().copied().fold(f64::NEG_INFINITY, f64::max),
            Self::TradeWeightedMean => {
                let (mut duty, mut value) = (0.0, 0.0);
                for (rate, flow) in rates.iter().zip(flows) {
                    duty += rate * flow;
                    value += flow;
                }
                if value > 0.0 { duty / value } else { mean }
            }
            _ => mean,
        }
    }
}

fn given(rates: &[f64], n: usize, sectors: usize) -> Result<Vec<f64>, InstrumentError> {
    if rates.len() != sectors && rates.len() != sectors * n {
        return Err(InstrumentError::Sectors {
            what: "the schedule of the common tariff",
            got: rates.len(),
            expected: sectors,
        });
    }
    let usable = |rate: &&f64| rate.is_finite() && **rate > -1.0;
    if let Some(&value) = rates.iter().find(|rate| !usable(rate)) {
        return Err(InstrumentError::Value {
            what: "a common tariff",
            value,
            expected: "finite and above -1",
        });
    }
    if rates.len() == sectors * n {
        return Ok(rates.to_vec());
    }
    Ok(rates
        .iter()
        .flat_map(|&rate| std::iter::repeat_n(rate, n))
        .collect())
}

/// The general incidence of duties towards outsiders before and after, as Article XXIV:5(a)
/// of GATT and paragraph 2 of the Understanding of 1994 ask for it: weighted average rates
/// and duties collected, at the imports of the baseline.
#[derive(Debug, Clone, PartialEq)]
pub struct ArticleXxiv {
    /// Imports of the members from outsiders in the sectors covered.
    pub imports: f64,
    /// Duties that the members collect on them.
    pub duties_before: f64,
    /// Duties that the common tariff would collect on the same imports.
    pub duties_after: f64,
    /// By sector covered: its position, and the weighted average rates before and after.
    pub sectors: Vec<(usize, f64, f64)>,
}

impl ArticleXxiv {
    /// `common` is `[J][N]` by exporter; `None` leaves every rate as it is.
    pub(super) fn of(
        baseline: &Baseline,
        members: &[usize],
        covered: &[usize],
        common: Option<&[f64]>,
    ) -> Self {
        let n = baseline.countries();
        let mut test = Self {
            imports: 0.0,
            duties_before: 0.0,
            duties_after: 0.0,
            sectors: Vec::with_capacity(covered.len()),
        };
        for &sector in covered {
            let (mut imports, mut before, mut after) = (0.0, 0.0, 0.0);
            for &importer in members {
                for exporter in (0..n).filter(|other| !members.contains(other)) {
                    let flow = baseline.flow(sector, importer, exporter);
                    let rate = baseline.tariff(sector, importer, exporter);
                    imports += flow;
                    before += rate * flow;
                    after += common.map_or(rate, |common| common[sector * n + exporter]) * flow;
                }
            }
            let average = |duties: f64| if imports > 0.0 { duties / imports } else { 0.0 };
            test.sectors.push((sector, average(before), average(after)));
            test.imports += imports;
            test.duties_before += before;
            test.duties_after += after;
        }
        test
    }

    /// The weighted average rate before.
    pub fn average_before(&self) -> f64 {
        self.average(self.duties_before)
    }

    /// The weighted average rate after.
    pub fn average_after(&self) -> f64 {
        self.average(self.duties_after)
    }

    fn average(&self, duties: f64) -> f64 {
        if self.imports > 0.0 {
            duties / self.imports
        } else {
            0.0
        }
    }

    /// Whether duties are on the whole not higher than before (rounding aside).
    pub fn is_met(&self) -> bool {
        self.duties_after <= self.duties_before * (1.0 + 1e-9)
    }
}
