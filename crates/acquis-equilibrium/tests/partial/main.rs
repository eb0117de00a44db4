//! SMART and GSIM against closed forms, each other, and identities that hold whatever the data.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failure here is a failed test"
)]
#![expect(
    clippy::float_cmp,
    reason = "what must be the same to the last bit is compared so"
)]

mod errors;
mod gsim_closed_forms;
mod properties;
mod smart_closed_forms;

use acquis_equilibrium::partial::{
    Closing, DemandElasticity, Diversion, Elasticities, GsimError, GsimResult, Industry, Market,
    Partner, Response, SubstitutionElasticity, SupplyElasticity, gsim,
};

const RULES: [Diversion; 3] = [
    Diversion::LairdYeats,
    Diversion::Linear,
    Diversion::ConstantElasticity,
];
const CLOSINGS: [Closing; 2] = [Closing::Linear, Closing::ConstantElasticity];

fn demand(value: f64) -> DemandElasticity {
    DemandElasticity::new(value).unwrap()
}

fn substitution(value: f64) -> SubstitutionElasticity {
    SubstitutionElasticity::new(value).unwrap()
}

fn supply(value: f64) -> SupplyElasticity {
    SupplyElasticity::new(value).unwrap()
}

fn names(prefix: &str, count: usize) -> Vec<String> {
    (0..count).map(|i| format!("{prefix}{i}")).collect()
}

fn assert_close(got: f64, expected: f64, tolerance: f64) {
    let error = (got - expected).abs();
    assert!(
        error <= tolerance,
        "{got} is not {expected} (off by {error:e})"
    );
}

fn assert_all_close(got: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(got.len(), expected.len());
    for (got, expected) in got.iter().zip(expected) {
        assert_close(*got, *expected, tolerance);
    }
}

fn sum(values: &[f64]) -> f64 {
    values.iter().sum()
}

/// A market of partners given as (imports, duty before, duty after).
fn market(partners: &[(f64, f64, f64)]) -> Market {
    let partners = partners.iter().enumerate();
    let named = partners.map(|(i, &(imports, before, after))| {
        Partner::new(format!("P{i}"), imports).tariffs(before, after)
    });
    Market::new(named.collect()).unwrap()
}

fn response(epsilon: f64, sigma: f64, exports: f64, diversion: Diversion) -> Response {
    Response {
        supply: supply(exports),
        diversion,
        ..Response::new(demand(epsilon), substitution(sigma))
    }
}

/// An industry with the same elasticities everywhere.
#[derive(Debug, Clone)]
struct World {
    importers: usize,
    exporters: usize,
    trade: Vec<f64>,
    before: Vec<f64>,
    after: Vec<f64>,
    demand: f64,
    substitution: f64,
    supply: f64,
}

impl World {
    fn industry(&self) -> Industry {
        Industry::new(
            names("M", self.importers),
            names("X", self.exporters),
            self.trade.clone(),
            self.before.clone(),
        )
        .unwrap()
    }

    fn solve(&self, closing: Closing) -> Result<GsimResult, GsimError> {
        let industry = self.industry();
        let elasticities = Elasticities::uniform(
            &industry,
            demand(self.demand),
            substitution(self.substitution),
            supply(self.supply),
        );
        gsim(&industry, &self.after, &elasticities, closing)
    }
}
