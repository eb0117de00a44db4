//! How far results are from what they should be. Bounds are ten times the errors that an
//! independent prototype had, whose Newton steps left no residuals. Where two solutions are
//! compared, [`beyond`] takes off what the residuals that their certificates admit explain.

use std::collections::BTreeMap;
use std::sync::Mutex;

use acquis_equilibrium::multisector::Counterfactual;

/// Whether `error` is within `bound`; remembers and prints the worst of its name, for whoever
/// looks how much room a bound leaves (`--nocapture`).
pub(crate) fn within(name: &'static str, error: f64, bound: f64) -> bool {
    static WORST: Mutex<BTreeMap<&str, f64>> = Mutex::new(BTreeMap::new());
    let mut all = WORST.lock().unwrap();
    let worst = all.entry(name).or_insert(0.0);
    if error > *worst || error.is_nan() {
        *worst = error;
        println!("worst {name}: {error:.1e} of {bound:.0e}");
    }
    error <= bound
}

/// `max |ln a - ln b|` over what isn't zero in both.
pub(crate) fn distance(a: &[f64], b: &[f64]) -> f64 {
    assert_eq!(a.len(), b.len());
    let pairs = a.iter().zip(b).filter(|(x, y)| **x != 0.0 || **y != 0.0);
    pairs.map(|(x, y)| (x / y).ln().abs()).fold(0.0, worse)
}

/// The larger; NaN wins.
pub(crate) fn worse(a: f64, b: f64) -> f64 {
    if a.is_nan() || b.is_nan() {
        f64::NAN
    } else {
        a.max(b)
    }
}

/// One figure of every country.
pub(crate) fn each(
    world: &Counterfactual,
    figure: impl Fn(&Counterfactual, usize) -> f64,
) -> Vec<f64> {
    let countries = 0..world.baseline().countries();
    countries.map(|country| figure(world, country)).collect()
}

/// One figure of every country and sector.
pub(crate) fn cells(
    world: &Counterfactual,
    figure: impl Fn(&Counterfactual, usize, usize) -> f64,
) -> Vec<f64> {
    let (n, sectors) = (world.baseline().countries(), world.baseline().sectors());
    let cells = (0..n).flat_map(|n| (0..sectors).map(move |j| (n, j)));
    cells.map(|(n, j)| figure(world, n, j)).collect()
}

/// All flows at the border, `[J][importer][exporter]`.
pub(crate) fn flows(world: &Counterfactual) -> Vec<f64> {
    let (n, sectors) = (world.baseline().countries(), world.baseline().sectors());
    let rows = (0..sectors).flat_map(|j| (0..n).map(move |importer| (j, importer)));
    rows.flat_map(|(j, importer)| world.imports(j, importer))
        .collect()
}

pub(crate) fn hats(world: &Counterfactual) -> Vec<f64> {
    let mut all = each(world, Counterfactual::wage_change);
    all.extend(each(world, Counterfactual::welfare_change));
    all.extend(each(world, Counterfactual::real_wage_change));
    all.extend(cells(world, Counterfactual::price_change));
    all.extend(cells(world, Counterfactual::cost_change));
    all
}

/// How much larger than the residuals the errors are that they make.
pub(crate) const CONDITION: f64 = 5.0;

/// What of a difference between solutions is more than their residuals can make, with
/// condition numbers up to [`CONDITION`].
pub(crate) fn beyond(error: f64, solutions: &[&Counterfactual]) -> f64 {
    let residuals: f64 = solutions
        .iter()
        .map(|solution| solution.certificate.residual)
        .sum();
    // A NaN stays one.
    if error <= CONDITION * residuals {
        0.0
    } else {
        error - CONDITION * residuals
    }
}
