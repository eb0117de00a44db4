//! Against a dense Newton solution with explicit dummies on small random panels, and what
//! must not change when rows, labels or units do.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::cast_possible_truncation,
    reason = "a test stops where something is wrong, and its panels are small"
)]

use acquis_gravity::{
    Design, Factor, Fit, Options, Random, Separation, Singletons, SmallSample, estimate,
    separated_rows,
};
use proptest::prelude::*;

/// A panel of `countries` with themselves over `years`, some rows left out.
#[derive(Debug, Clone)]
struct Panel {
    outcome: Vec<f64>,
    regressors: Vec<Vec<f64>>,
    /// Exporter-year, importer-year, pair.
    effects: Vec<Vec<u32>>,
}

impl Panel {
    fn random(seed: u64, countries: usize, years: usize, regressors: usize) -> Self {
        let mut random = Random::new(seed);
        let mut panel = Self {
            outcome: Vec::new(),
            regressors: vec![Vec::new(); regressors],
            effects: vec![Vec::new(); 3],
        };
        for i in 0..countries {
            for j in 0..countries {
                for t in 0..years {
                    if random.uniform() < 0.1 {
                        continue;
                    }
                    let x: Vec<f64> = (0..regressors).map(|_| random.normal()).collect();
                    let zero = random.uniform() < 0.25;
                    let mean = (0.3 * x.iter().sum::<f64>() + random.normal()).exp();
                    panel.outcome.push(if zero { 0.0 } else { mean });
                    for (column, x) in panel.regressors.iter_mut().zip(x) {
                        column.push(x);
                    }
                    panel.effects[0].push((i * years + t) as u32);
                    panel.effects[1].push((j * years + t) as u32);
                    panel.effects[2].push((i * countries + j) as u32);
                }
            }
        }
        panel
    }

    fn design(&self) -> Design<'_> {
        let mut design = Design::new("y", self.outcome.as_slice());
        for (k, x) in self.regressors.iter().enumerate() {
            design = design.regressor(format!("x{k}"), x.as_slice()).unwrap();
        }
        for (name, codes) in ["it", "jt", "ij"].into_iter().zip(&self.effects) {
            design = design.effect(name, Factor::from_codes(codes)).unwrap();
        }
        design
            .cluster("ij", Factor::from_codes(&self.effects[2]))
            .unwrap()
    }

    fn only(&self, rows: &[usize]) -> Self {
        let pick = |values: &Vec<f64>| rows.iter().map(|&row| values[row]).collect();
        Self {
            outcome: pick(&self.outcome),
            regressors: self.regressors.iter().map(pick).collect(),
            effects: self
                .effects
                .iter()
                .map(|codes| rows.iter().map(|&row| codes[row]).collect())
                .collect(),
        }
    }
}

fn options() -> Options {
    Options {
        tolerance: 1e-11,
        ..Options::default()
    }
}

/// Coefficients and clustered covariance by Newton's method with explicit dummies and dense
/// orthogonalization. Normal equations would not do: on nearly saturated panels their
/// condition takes five digits of the covariance.
fn dense(panel: &Panel, fit: &Fit) -> (Vec<f64>, Vec<f64>) {
    let rows: Vec<usize> = fit.sample.iter().map(|&row| row as usize).collect();
    let panel = panel.only(&rows);
    let (n, k) = (rows.len(), panel.regressors.len());
    let dummies = independent_dummies(&panel);
    let mut mean: Vec<f64> = panel.outcome.iter().map(|y| 0.5 * y + 0.5).collect();
    let mut eta: Vec<f64> = mean.iter().map(|m| m.ln()).collect();
    let mut beta = vec![0.0; k];
    let mut influence = Vec::new();
    for _ in 0..100 {
        let roots: Vec<f64> = mean.iter().map(|m| m.sqrt()).collect();
        let scaled = |column: &[f64]| -> Vec<f64> {
            column
                .iter()
                .zip(&roots)
                .map(|(x, root)| x * root)
                .collect()
        };
        let mut basis = Vec::new();
        for dummy in &dummies {
            orthogonalize(&mut basis, scaled(dummy));
        }
        let first = basis.len();
        let mut triangle = vec![vec![0.0; k]; k];
        for (column, x) in panel.regressors.iter().enumerate() {
            let (on_basis, length) = orthogonalize(&mut basis, scaled(x));
            for (row, on) in on_basis[first..].iter().enumerate() {
                triangle[row][column] = *on;
            }
            triangle[column][column] = length;
        }
        let working: Vec<f64> = (0..n)
            .map(|row| roots[row] * (eta[row] + (panel.outcome[row] - mean[row]) / mean[row]))
            .collect();
        let mut left = working.clone();
        let on_basis = project_off(&basis, &mut left);
        let next = back_substitute(&triangle, &on_basis[first..]);
        let scale = next.iter().fold(1.0_f64, |most, b| most.max(b.abs()));
        let change = next
            .iter()
            .zip(&beta)
            .fold(0.0_f64, |most, (a, b)| most.max((a - b).abs()));
        beta = next;
        influence = (0..n)
            .map(|row| {
                let own: Vec<f64> = basis[first..].iter().map(|q| q[row] / roots[row]).collect();
                back_substitute(&triangle, &own)
            })
            .collect();
        // The effects settle after the coefficients do.
        let mut moved = 0.0;
        for row in 0..n {
            let predicted = (working[row] - left[row]) / roots[row];
            moved += mean[row] * (predicted - eta[row]).abs();
            eta[row] = predicted;
        }
        let total: f64 = mean.iter().sum();
        for row in 0..n {
            mean[row] = eta[row].exp();
        }
        if change < 1e-14 * scale && moved < 1e-12 * total {
            break;
        }
    }
    let clusters = panel.effects[2].iter().copied().max().unwrap() as usize + 1;
    let mut scores = vec![0.0; clusters * k];
    for row in 0..n {
        let at = panel.effects[2][row] as usize * k;
        for p in 0..k {
            scores[at + p] += influence[row][p] * (panel.outcome[row] - mean[row]);
        }
    }
    let mut present = panel.effects[2].clone();
    present.sort_unstable();
    present.dedup();
    let factor = present.len() as f64 / (present.len() as f64 - 1.0);
    let mut covariance = vec![0.0; k * k];
    for score in scores.chunks_exact(k) {
        for p in 0..k {
            for q in 0..k {
                covariance[p * k + q] += factor * score[p] * score[q];
            }
        }
    }
    (beta, covariance)
}

/// Dummies for the levels that occur, less those that others make up.
fn independent_dummies(panel: &Panel) -> Vec<Vec<f64>> {
    let mut basis = Vec::new();
    let mut out = Vec::new();
    for codes in &panel.effects {
        for level in 0..=codes.iter().copied().max().unwrap() {
            let dummy: Vec<f64> = codes
                .iter()
                .map(|&code| f64::from(u8::from(code == level)))
                .collect();
            if dummy.contains(&1.0) && orthogonalize(&mut basis, dummy.clone()).1 > 1e-8 {
                out.push(dummy);
            } else if dummy.contains(&1.0) {
                basis.pop();
            }
        }
    }
    out
}

/// Adds what is left of a column to an orthonormal basis; returns its coordinates on the
/// basis and the length of what was left.
fn orthogonalize(basis: &mut Vec<Vec<f64>>, mut column: Vec<f64>) -> (Vec<f64>, f64) {
    let on_basis = project_off(basis, &mut column);
    let length = column.iter().map(|x| x * x).sum::<f64>().sqrt();
    for x in &mut column {
        *x /= length;
    }
    basis.push(column);
    (on_basis, length)
}

/// Takes a basis out of a column, twice for the sake of rounding.
fn project_off(basis: &[Vec<f64>], column: &mut [f64]) -> Vec<f64> {
    let mut on_basis = vec![0.0; basis.len()];
    for _ in 0..2 {
        for (on, q) in on_basis.iter_mut().zip(basis) {
            let product: f64 = q.iter().zip(column.iter()).map(|(q, x)| q * x).sum();
            *on += product;
            for (x, q) in column.iter_mut().zip(q) {
                *x -= product * q;
            }
        }
    }
    on_basis
}

/// Solves an upper triangular system.
fn back_substitute(triangle: &[Vec<f64>], right: &[f64]) -> Vec<f64> {
    let mut out = right.to_vec();
    for row in (0..out.len()).rev() {
        for column in row + 1..out.len() {
            out[row] -= triangle[row][column] * out[column];
        }
        out[row] /= triangle[row][row];
    }
    out
}

/// 48 cases, or as many as `PROPTEST_CASES` says.
fn cases() -> ProptestConfig {
    let given = ProptestConfig::default();
    if std::env::var_os("PROPTEST_CASES").is_some() {
        given
    } else {
        ProptestConfig::with_cases(48)
    }
}

fn close(own: &[f64], other: &[f64], tolerance: f64) {
    for (own, other) in own.iter().zip(other) {
        assert!(
            (own - other).abs() <= tolerance * other.abs().max(1.0),
            "{own} {other}"
        );
    }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn coefficients_and_covariance_are_those_of_a_dense_solution(
        seed in any::<u64>(), countries in 4_usize..8, years in 3_usize..5, regressors in 1_usize..9,
    ) {
        let panel = Panel::random(seed, countries, years, regressors);
        let design = panel.design();
        let Ok(fit) = estimate(&design, &options()) else { return Ok(()) };
        prop_assert!(fit.certificate.score <= 1e-8);
        if !fit.collinear.is_empty() {
            return Ok(());
        }
        let (coefficients, covariance) = dense(&panel, &fit);
        close(&fit.estimates, &coefficients, 1e-9);
        let scale = covariance.iter().copied().fold(1e-300, f64::max);
        for (own, other) in fit.covariance.iter().zip(&covariance) {
            prop_assert!((own - other).abs() <= 1e-8 * scale.max(1.0), "{own} {other}");
        }
    }

    #[test]
    fn order_labels_and_units_do_not_matter(seed in any::<u64>(), scale in -8.0..8.0_f64) {
        let panel = Panel::random(seed, 6, 3, 2);
        let Ok(fit) = estimate(&panel.design(), &options()) else { return Ok(()) };
        let mut random = Random::new(seed ^ 1);
        let mut rows: Vec<usize> = (0..panel.outcome.len()).collect();
        for at in (1..rows.len()).rev() {
            rows.swap(at, random.below(at + 1));
        }
        let mut other = panel.only(&rows);
        for codes in &mut other.effects {
            let most = codes.iter().copied().max().unwrap();
            for code in codes {
                *code = 3 * (most - *code) + 5;
            }
        }
        for y in &mut other.outcome {
            *y *= 10_f64.powf(scale);
        }
        let again = estimate(&other.design(), &options()).unwrap();
        prop_assert_eq!(fit.observations, again.observations);
        close(&again.estimates, &fit.estimates, 1e-9);
        close(&again.covariance, &fit.covariance, 1e-8);
    }

    #[test]
    fn the_number_of_threads_does_not_matter(seed in any::<u64>()) {
        let panel = Panel::random(seed, 40, 12, 2);
        let run = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| estimate(&panel.design(), &options()).unwrap())
        };
        let (one, three) = (run(1), run(3));
        prop_assert_eq!(one.estimates, three.estimates);
        prop_assert_eq!(one.covariance, three.covariance);
        prop_assert_eq!(one.fitted, three.fitted);
    }

    #[test]
    fn weights_repeat_rows(seed in any::<u64>()) {
        let panel = Panel::random(seed, 9, 5, 2);
        let mut random = Random::new(seed ^ 2);
        let times: Vec<usize> = panel.outcome.iter().map(|_| random.below(3)).collect();
        let weights: Vec<f64> = times.iter().map(|&times| times as f64).collect();
        let rows: Vec<usize> =
            times.iter().enumerate().flat_map(|(row, &times)| vec![row; times]).collect();
        let repeated = panel.only(&rows);
        // A row that is there twice is no singleton.
        let options = Options { singletons: Singletons::Keep, ..options() };
        let weighted = panel.design().weights("w", weights).unwrap();
        let weighted = estimate(&weighted, &options);
        let repeated = estimate(&repeated.design(), &options);
        let (Ok(weighted), Ok(repeated)) = (weighted, repeated) else { return Ok(()) };
        close(&weighted.estimates, &repeated.estimates, 1e-9);
        close(&weighted.covariance, &repeated.covariance, 1e-8);
        close(&[weighted.deviance], &[repeated.deviance], 1e-9);
    }

    #[test]
    fn an_offset_shifts_a_coefficient(seed in any::<u64>(), shift in -2.0..2.0_f64) {
        let panel = Panel::random(seed, 6, 3, 2);
        let Ok(fit) = estimate(&panel.design(), &options()) else { return Ok(()) };
        let offset: Vec<f64> = panel.regressors[0].iter().map(|x| shift * x).collect();
        let shifted = estimate(&panel.design().offset("o", offset).unwrap(), &options()).unwrap();
        close(&[shifted.estimates[0] + shift, shifted.estimates[1]], &fit.estimates, 1e-9);
    }

    /// Searching for separated rows before the first iteration or only when the iterations
    /// show a sign leaves the same sample and the same estimate.
    #[test]
    fn separation_is_found_when_needed(seed in any::<u64>()) {
        found_when_needed(seed)?;
    }
}

/// A projection that stalls while a regressor is in doubt, and iterations that lead nowhere,
/// are signs of separation, too.
#[test]
fn a_stall_is_searched_before_it_is_a_failure() {
    for seed in [17_154_288_554_095_823_884, 17_112_848_679_754_813_401] {
        found_when_needed(seed).unwrap();
    }
}

fn found_when_needed(seed: u64) -> Result<(), TestCaseError> {
    let mut panel = Panel::random(seed, 5, 3, 1);
    let mut random = Random::new(seed ^ 3);
    for y in &mut panel.outcome {
        if random.uniform() < 0.5 {
            *y = 0.0;
        }
    }
    let options = Options {
        singletons: Singletons::Keep,
        ..options()
    };
    let before = Options {
        separation: Separation::Always,
        ..options.clone()
    };
    let fit = estimate(&panel.design(), &options);
    let searched = estimate(&panel.design(), &before);
    let (fit, searched) = match (fit, searched) {
        (Ok(fit), Ok(searched)) => (fit, searched),
        (fit, searched) => {
            prop_assert!(fit.is_err() && searched.is_err(), "{fit:?} {searched:?}");
            return Ok(());
        }
    };
    let separated = separated_rows(&panel.design(), &options).unwrap();
    prop_assert_eq!(panel.outcome.len() - fit.observations, separated.len());
    prop_assert_eq!(&fit.sample, &searched.sample);
    close(&fit.estimates, &searched.estimates, 1e-7);
    // A finite maximum has a positive mean in every row and no score in any direction,
    // and so proves that no row that is left is separated.
    prop_assert!(fit.fitted.iter().all(|&fitted| fitted > 0.0));
    Ok(())
}

/// Panels with hardly more rows than parameters and means down to 5e-20, against Newton's
/// method with sixty digits (mpmath).
#[test]
fn nearly_saturated_panels() {
    let exact: [(u64, [f64; 8], f64, f64); 2] = [
        (
            12_910_703_495_189_296_404,
            [
                0.033_581_373_707_497_86,
                1.739_675_320_143_461_8,
                1.748_829_535_238_017_9,
                4.496_049_372_052_885,
                2.036_053_695_381_359_3,
                0.402_111_463_862_812_66,
                -0.197_058_099_992_065_7,
                0.157_956_193_966_534_31,
            ],
            0.108_418_978_771_980_85,
            0.647_422_813_165_119_1,
        ),
        (
            12_123_175_591_714_317_976,
            [
                1.842_119_925_467_442_8,
                -5.740_127_359_691_098,
                -8.434_959_215_639_072,
                1.636_400_614_426_153_2,
                4.604_518_692_404_99,
                7.103_393_190_757_89,
                6.776_697_563_288_35,
                -1.346_239_884_243_234_5,
            ],
            0.304_600_778_851_027_6,
            15.717_774_309_777_309,
        ),
    ];
    for (seed, coefficients, first_variance, sixth_variance) in exact {
        let panel = Panel::random(seed, 4, 3, 8);
        let fit = estimate(&panel.design(), &options()).unwrap();
        close(&fit.estimates, &coefficients, 1e-12);
        let variances = [fit.covariance[0], fit.covariance[5 * 8 + 5]];
        for (own, other) in variances.iter().zip([first_variance, sixth_variance]) {
            assert!((own - other).abs() <= 1e-10 * other, "{own} {other}");
        }
        // The reference of the random panels, too.
        let (own, covariance) = dense(&panel, &fit);
        close(&own, &coefficients, 1e-11);
        assert!((covariance[0] - first_variance).abs() <= 1e-9 * first_variance);
    }
}

#[test]
fn a_slope_by_group_is_a_product_with_dummies() {
    let panel = Panel::random(7, 8, 3, 2);
    let exporter: Vec<u32> = panel.effects[0].iter().map(|code| code / 3).collect();
    let base = || {
        Design::new("y", panel.outcome.as_slice())
            .regressor("x0", panel.regressors[0].as_slice())
            .unwrap()
            .effect("it", Factor::from_codes(&panel.effects[0]))
            .unwrap()
            .effect("jt", Factor::from_codes(&panel.effects[1]))
            .unwrap()
    };
    let options = Options {
        small_sample: SmallSample::None,
        ..options()
    };
    let varying = base()
        .varying_slope(
            "i[[x1]]",
            Factor::from_codes(&exporter),
            "x1",
            panel.regressors[1].as_slice(),
        )
        .unwrap();
    let varying = estimate(&varying, &options).unwrap();
    let mut dummies = base();
    for level in 0..8 {
        let own = |row: usize| {
            if exporter[row] == level {
                panel.regressors[1][row]
            } else {
                0.0
            }
        };
        let values: Vec<f64> = (0..exporter.len()).map(own).collect();
        dummies = dummies.regressor(format!("x1:{level}"), values).unwrap();
    }
    let dummies = estimate(&dummies, &options).unwrap();
    close(&varying.estimates, &dummies.estimates[..1], 1e-9);
    close(&varying.covariance[..1], &dummies.covariance[..1], 1e-8);
    let slopes = &varying.effects()[2];
    close(&slopes.values, &dummies.estimates[1..], 1e-8);
}
