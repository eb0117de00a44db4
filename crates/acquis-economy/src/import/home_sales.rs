//! Home sales where a source has only what crosses borders: output less exports, with output
//! from GDP.

use super::ImportOptions;
use crate::error::EconomyError;
use crate::repair::{Repair, RepairKind};

/// Home sales as a share of output where output less exports is not positive.
const LEAST_SHARE: f64 = 0.01;

/// How home sales follow from GDP.
#[derive(Debug, Clone, Copy)]
pub(super) struct HomeSales {
    /// Gross output over GDP.
    output_ratio: f64,
    /// Home sales as a share of output where output less exports is not positive.
    least_share: f64,
}

impl HomeSales {
    pub(super) fn of(options: &ImportOptions) -> Result<Self, EconomyError> {
        let output_ratio = options.output_ratio.unwrap_or(1.0);
        if !(output_ratio.is_finite() && output_ratio > 0.0) {
            return Err(EconomyError::Setting {
                option: "output ratio",
                problem: format!("{output_ratio} is not a number above zero"),
            });
        }
        let least_share = options.least_home_share.unwrap_or(LEAST_SHARE);
        if !(least_share > 0.0 && least_share < 1.0) {
            return Err(EconomyError::Setting {
                option: "least home share",
                problem: format!("{least_share} is not between 0 and 1"),
            });
        }
        Ok(Self {
            output_ratio,
            least_share,
        })
    }

    /// Puts home sales on the diagonal of flows `[exporter][importer]`; GDP and flows in one
    /// unit. Gives what was set because it would not have been positive.
    pub(super) fn add(self, countries: &[String], gdp: &[f64], flows: &mut [f64]) -> Vec<Repair> {
        let count = countries.len();
        let mut repairs = Vec::new();
        for (country, gdp) in gdp.iter().enumerate() {
            let row = country * count..(country + 1) * count;
            flows[country * count + country] = 0.0;
            let exports: f64 = flows[row].iter().sum();
            let output = gdp * self.output_ratio;
            let mut home = output - exports;
            if home <= 0.0 {
                let set = output * self.least_share;
                repairs.push(Repair {
                    country: countries[country].clone(),
                    partner: None,
                    sector: None,
                    what: RepairKind::HomeSalesSet,
                    from: home,
                    to: set,
                });
                home = set;
            }
            flows[country * count + country] = home;
        }
        repairs
    }

    /// What a reader of results must know.
    pub(super) fn note(self) -> String {
        format!(
            "Home sales are output less exports, with output {} times GDP; where that is not positive, they are {} of output.",
            self.output_ratio, self.least_share
        )
    }
}
