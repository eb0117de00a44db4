//! Covariances, bootstraps, draws and what is made of the effects.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::cast_possible_truncation,
    reason = "a test stops where something is wrong, and its panels are small"
)]

use acquis_gravity::{
    Design, Dimensions, Estimator, Factor, Fit, Options, Random, Resampling, SmallSample,
    StandardErrors, bootstrap, estimate, estimate_each, fitted_trade, multilateral_resistances,
};

const COUNTRIES: u32 = 20;
const YEARS: u32 = 4;

struct World {
    trade: Vec<f64>,
    rta: Vec<f64>,
    exporter: Factor<'static>,
    importer: Factor<'static>,
    year: Factor<'static>,
    pair: Factor<'static>,
}

fn world() -> World {
    let mut random = Random::new(11);
    let (mut trade, mut rta) = (Vec::new(), Vec::new());
    let (mut exporter, mut importer, mut year) = (Vec::new(), Vec::new(), Vec::new());
    for i in 0..COUNTRIES {
        for j in 0..COUNTRIES {
            let adopted = random.below(8) as u32;
            let pair = random.normal();
            for t in 0..YEARS {
                let x = f64::from(u8::from(t >= adopted && i != j));
                rta.push(x);
                trade.push((0.5 * x + pair + 0.4 * random.normal() - 0.1 * f64::from(i)).exp());
                exporter.push(format!("C{i:02}"));
                importer.push(format!("C{j:02}"));
                year.push(i64::from(2000 + t));
            }
        }
    }
    let (exporter, importer) = (
        Factor::from_labels(&exporter),
        Factor::from_labels(&importer),
    );
    World {
        pair: Factor::cross(&[&exporter, &importer]).unwrap(),
        year: Factor::from_integers(&year),
        trade,
        rta,
        exporter,
        importer,
    }
}

impl World {
    fn design(&self) -> Design<'_> {
        let with_year = |factor: &Factor<'_>| Factor::cross(&[factor, &self.year]).unwrap();
        Design::new("trade", self.trade.as_slice())
            .regressor("rta", self.rta.as_slice())
            .unwrap()
            .effect("exporter^year", with_year(&self.exporter))
            .unwrap()
            .effect("importer^year", with_year(&self.importer))
            .unwrap()
            .effect("pair", self.pair.clone())
            .unwrap()
            .cluster("pair", self.pair.clone())
            .unwrap()
    }

    fn dimensions(&self) -> Dimensions<'_> {
        Dimensions {
            exporter: &self.exporter,
            importer: &self.importer,
            time: Some(&self.year),
        }
    }
}

fn fit(design: &Design<'_>, options: &Options) -> Fit {
    estimate(design, options).unwrap()
}

fn error_with(world: &World, errors: StandardErrors, small_sample: SmallSample) -> f64 {
    let options = Options {
        errors,
        small_sample,
        ..Options::default()
    };
    fit(&world.design(), &options).coefficients()[0].standard_error
}

#[test]
fn small_sample_factors_are_those_of_the_conventions() {
    use SmallSample::{Fixest, None, Ppmlhdfe};
    let world = world();
    let rows = f64::from(COUNTRIES * COUNTRIES * YEARS);
    let pairs = f64::from(COUNTRIES * COUNTRIES);
    let directional = f64::from(2 * (COUNTRIES * YEARS - 1));
    let ratio =
        |errors, a, b| (error_with(&world, errors, a) / error_with(&world, errors, b)).powi(2);
    let close =
        |own: f64, expected: f64| assert!((own - expected).abs() < 1e-9, "{own} {expected}");
    close(
        ratio(StandardErrors::Clustered, Ppmlhdfe, None),
        pairs / (pairs - 1.0),
    );
    // The pairs are nested in the clusters and don't count.
    let parameters = 2.0 + directional;
    let fixest = pairs / (pairs - 1.0) * (rows - 1.0) / (rows - parameters);
    close(ratio(StandardErrors::Clustered, Fixest, None), fixest);
    close(
        ratio(StandardErrors::Robust, Ppmlhdfe, None),
        rows / (rows - 1.0),
    );
    let parameters = parameters + pairs - 1.0;
    close(
        ratio(StandardErrors::Robust, Fixest, None),
        rows / (rows - parameters),
    );
    close(ratio(StandardErrors::Homoskedastic, Ppmlhdfe, None), 1.0);
}

#[test]
fn clusters_of_single_rows_are_robust() {
    let world = world();
    let rows: Vec<u32> = (0..world.trade.len() as u32).collect();
    let mut design = world.design();
    let robust = Options {
        errors: StandardErrors::Robust,
        small_sample: SmallSample::None,
        ..Options::default()
    };
    let expected = fit(&design, &robust).covariance[0];
    design = design.cluster("row", Factor::from_codes(&rows)).unwrap();
    // Two-way by pair and row: pairs + rows - (pair and row) = pairs.
    let two_way = Options {
        errors: StandardErrors::Clustered,
        ..robust.clone()
    };
    let both = fit(&design, &two_way).covariance[0];
    let pairs = fit(&world.design(), &two_way).covariance[0];
    assert!((both / pairs - 1.0).abs() < 1e-10);
    assert!(expected > 0.0 && (expected / pairs - 1.0).abs() > 1e-3);
}

#[test]
fn two_way_clustering_adds_up() {
    let world = world();
    let options = Options {
        small_sample: SmallSample::None,
        ..Options::default()
    };
    let with = |factors: &[&Factor<'static>]| {
        let with_year = |factor: &Factor<'_>| Factor::cross(&[factor, &world.year]).unwrap();
        let mut design = Design::new("trade", world.trade.as_slice())
            .regressor("rta", world.rta.as_slice())
            .unwrap()
            .effect("it", with_year(&world.exporter))
            .unwrap()
            .effect("jt", with_year(&world.importer))
            .unwrap();
        for (at, factor) in factors.iter().enumerate() {
            design = design.cluster(format!("{at}"), (*factor).clone()).unwrap();
        }
        fit(&design, &options).covariance[0]
    };
    let both = with(&[&world.exporter, &world.importer]);
    let sum = with(&[&world.exporter]) + with(&[&world.importer]) - with(&[&world.pair]);
    assert!((both - sum.max(0.0)).abs() < 1e-12 * sum.abs());
}

#[test]
fn least_squares_in_logarithms_has_exact_residual_variance() {
    let world = world();
    let options = Options {
        estimator: Estimator::LogLinear,
        errors: StandardErrors::Homoskedastic,
        ..Options::default()
    };
    let fit = fit(&world.design(), &options);
    let truth = 0.5;
    let coefficient = &fit.coefficients()[0];
    assert!((coefficient.estimate - truth).abs() < 3.0 * coefficient.standard_error);
    assert!(coefficient.interval.0 < coefficient.estimate);
    assert!(coefficient.p_value < 1e-4);
}

#[test]
fn bootstraps_agree_with_the_clustered_error_and_repeat_with_their_seed() {
    let world = world();
    let design = world.design();
    let options = Options::default();
    let fit = fit(&design, &options);
    let clustered = fit.coefficients()[0].standard_error;
    for (resampling, count) in [(Resampling::Wild, 2_000), (Resampling::Blocks, 200)] {
        let run = || bootstrap(&design, &fit, &options, resampling, count, 5).unwrap();
        let draws = run();
        assert_eq!(draws, run());
        assert_eq!(draws.draws.len() + draws.failed, count);
        let error = draws.standard_errors()[0];
        assert!(
            (error / clustered - 1.0).abs() < 0.25,
            "{resampling:?} {error} {clustered}"
        );
        let (low, high) = draws.intervals(0.95)[0];
        assert!(low < fit.estimates[0] && fit.estimates[0] < high);
    }
    let rows = bootstrap(&design, &fit, &options, Resampling::Pairs, 50, 5).unwrap();
    assert!(rows.draws.len() > 40);
}

#[test]
fn draws_have_the_covariance_of_the_fit() {
    let world = world();
    let fit = fit(&world.design(), &Options::default());
    let draws = fit.draws(20_000, 3);
    assert_eq!(draws[..5], fit.draws(5, 3)[..]);
    let mean = draws.iter().map(|draw| draw[0]).sum::<f64>() / 20_000.0;
    let variance = draws
        .iter()
        .map(|draw| (draw[0] - mean).powi(2))
        .sum::<f64>()
        / 20_000.0;
    assert!((mean - fit.estimates[0]).abs() < 0.03 * fit.covariance[0].sqrt());
    assert!((variance / fit.covariance[0] - 1.0).abs() < 0.05);
    let (statistic, p) = fit.wald(&["rta"]).unwrap();
    let z = fit.coefficients()[0].statistic;
    assert!((statistic - z * z).abs() < 1e-9 * statistic);
    assert!((p - fit.coefficients()[0].p_value).abs() < 1e-9);
}

#[test]
fn effects_add_up_to_the_fitted_values() {
    let world = world();
    let design = world.design();
    let fit = fit(&design, &Options::default());
    let factors = [
        Factor::cross(&[&world.exporter, &world.year]).unwrap(),
        Factor::cross(&[&world.importer, &world.year]).unwrap(),
        world.pair.clone(),
    ];
    for (&row, fitted) in fit.sample.iter().zip(&fit.fitted) {
        let mut predictor = fit.estimates[0] * world.rta[row as usize];
        for (factor, effects) in factors.iter().zip(fit.effects()) {
            let code = factor.codes()[row as usize];
            let at = effects.codes.binary_search(&code).unwrap();
            assert_eq!(effects.label(at), factor.label(code));
            predictor += effects.values[at];
        }
        assert!((predictor.exp() / fitted - 1.0).abs() < 1e-10);
    }
}

/// Anderson and van Wincoop (2003): the resistances solve their own equations.
#[test]
fn resistances_solve_the_system_of_structural_gravity() {
    let world = world();
    let design = Design::new("trade", world.trade.as_slice())
        .regressor("rta", world.rta.as_slice())
        .unwrap()
        .effect(
            "it",
            Factor::cross(&[&world.exporter, &world.year]).unwrap(),
        )
        .unwrap()
        .effect(
            "jt",
            Factor::cross(&[&world.importer, &world.year]).unwrap(),
        )
        .unwrap();
    let fit = fit(&design, &Options::default());
    let names = ("it", "jt");
    let resistances =
        multilateral_resistances(&design, &fit, &world.dimensions(), names, "C03").unwrap();
    let reference = resistances
        .iter()
        .find(|r| r.economy == "C03" && r.time == "2001")
        .unwrap();
    assert!((reference.inward.unwrap() - 1.0).abs() < 1e-12);
    let matrix = fitted_trade(&fit, &world.dimensions(), Some("2001")).unwrap();
    let n = matrix.labels.len();
    assert_eq!(n, COUNTRIES as usize);
    assert!(matrix.absent.is_empty());
    let of = |j: usize| {
        let economy = &matrix.labels[j];
        resistances
            .iter()
            .find(|r| r.economy == *economy && r.time == "2001")
            .unwrap()
    };
    let cost = |i: usize, j: usize| {
        let row = (i * n + j) * YEARS as usize + 1;
        (fit.estimates[0] * world.rta[row]).exp()
    };
    for i in 0..n {
        let sales: f64 = matrix.values[i * n..(i + 1) * n].iter().sum();
        // Π_i^{1-σ} = Σ_j cost_ij E_j / P_j^{1-σ}
        let outward: f64 = (0..n)
            .map(|j| {
                let spending: f64 = (0..n).map(|i| matrix.values[i * n + j]).sum();
                cost(i, j) * spending / of(j).inward.unwrap()
            })
            .sum();
        assert!(sales > 0.0);
        assert!((outward / of(i).outward.unwrap() - 1.0).abs() < 1e-7);
    }
}

#[test]
fn sectors_are_estimated_like_one_by_one() {
    let world = world();
    let design = world.design();
    let second: Vec<f64> = world
        .trade
        .iter()
        .enumerate()
        .map(|(row, y)| if row % 3 == 0 { 0.0 } else { y * y })
        .collect();
    let sectors = [
        ("a".to_owned(), world.trade.clone()),
        ("b".to_owned(), second.clone()),
    ];
    let fits = estimate_each(&design, &sectors, &Options::default()).unwrap();
    let alone = design.with_outcome("b", second).unwrap();
    assert_eq!(
        fits[1].estimates,
        fit(&alone, &Options::default()).estimates
    );
    assert_eq!(fits[0].outcome, "a");
}
