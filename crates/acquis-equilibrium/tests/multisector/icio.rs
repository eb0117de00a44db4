//! The Eurasian Economic Union dissolved, in the OECD's world of 2019: 81 economies, 28
//! sectors, no input-output links. Its members in the data are Belarus, Kazakhstan and
//! Russia (Armenia and Kyrgyzstan are inside the rest of the world).
//!
//! Each member levies on the others what it levies on three large partners without a
//! preference, the United States, China and Japan: the median of its three rates in the
//! sector. (Preferences for developing countries make China's rate the odd one out where
//! there is one; the median leaves it out.) Nothing else changes.

use acquis_equilibrium::multisector::{
    Baseline, Counterfactual, DeficitClosure, Settings, Shock, Solver,
};

use crate::data::icio_2019;
use crate::measures::{distance, each, flows};

const MEMBERS: [&str; 3] = ["BLR", "KAZ", "RUS"];
const WITHOUT_PREFERENCE: [&str; 3] = ["CHN", "JPN", "USA"];

fn most_favoured(base: &Baseline, sector: usize, importer: usize) -> f64 {
    let mut rates =
        WITHOUT_PREFERENCE.map(|label| base.tariff(sector, importer, base.country(label).unwrap()));
    rates.sort_by(f64::total_cmp);
    rates[1]
}

fn members(base: &Baseline) -> [usize; 3] {
    MEMBERS.map(|label| base.country(label).unwrap())
}

fn dissolved(base: &Baseline) -> Shock {
    let mut shock = Shock::none(base);
    for sector in 0..base.sectors() {
        for importer in members(base) {
            let rate = most_favoured(base, sector, importer);
            for exporter in members(base) {
                if exporter != importer {
                    shock.set_tariff(sector, importer, exporter, rate).unwrap();
                }
            }
        }
    }
    shock
}

fn intra_trade(base: &Baseline, flow: impl Fn(usize, usize, usize) -> f64) -> f64 {
    let mut total = 0.0;
    for sector in 0..base.sectors() {
        for importer in members(base) {
            for exporter in members(base) {
                if importer != exporter {
                    total += flow(sector, importer, exporter);
                }
            }
        }
    }
    total
}

fn dissolve(elasticities: &str) {
    let Some((observed, theta)) = icio_2019(elasticities) else {
        return;
    };
    let (base, repairs) = Baseline::new(&observed, &theta).unwrap();
    // Without input-output links the observations are an equilibrium as they are.
    assert!(repairs.figures.is_empty() && repairs.rebalancing.is_none());
    let shock = dissolved(&base);
    let solver = Solver::new(base, Settings::default()).unwrap();
    let base = solver.baseline();
    let result = solver.solve(&shock).unwrap();
    let proof = result.certificate;
    println!("{elasticities}: {proof:?}");
    assert!(proof.residual <= 1e-12);
    assert!(proof.trade_balance <= 1e-12 && proof.world_balance <= 1e-14);

    let welfare = each(&result, Counterfactual::welfare_change);
    let before = intra_trade(base, |sector, importer, exporter| {
        base.flow(sector, importer, exporter)
    });
    let after = intra_trade(base, |sector, importer, exporter| {
        result.imports(sector, importer)[exporter]
    });
    println!(
        "trade among members {:+.2} %",
        100.0 * (after / before - 1.0)
    );
    assert!(after < 0.95 * before);
    for member in members(base) {
        let revenue = result.tariff_revenue(member) - base.revenue(member);
        println!(
            "{} welfare {:+.4} %, real wage {:+.4} %, more tariff revenue {:+.4} % of income",
            base.country_labels()[member],
            100.0 * (welfare[member] - 1.0),
            100.0 * (result.real_wage_change(member) - 1.0),
            100.0 * revenue / base.income(member)
        );
        assert!(result.real_wage_change(member) < 1.0);
        assert!(revenue > 0.0);
    }
    // Belarus and Russia lose. Kazakhstan, which buys from Russia three times what it sells
    // there, collects more in tariffs than its wages lose.
    let [belarus, kazakhstan, russia] = members(base);
    assert!(welfare[belarus] < 0.996 && welfare[russia] < 1.0 && welfare[kazakhstan] > 1.0);
    let worst = (0..base.countries()).min_by(|&a, &b| welfare[a].total_cmp(&welfare[b]));
    assert_eq!(worst, Some(belarus));
    home_shares_explain_prices(&result, theta.values());
    reversal(&result, base);
}

/// Arkolakis, Costinot and Rodríguez-Clare (2012): without inputs `P̂_nj/ŵ_n = π̂_nnj^{1/θ}`,
/// wherever a country sells to itself.
fn home_shares_explain_prices(result: &Counterfactual, theta: &[f64]) {
    let base = result.baseline();
    let mut checked = 0;
    for country in 0..base.countries() {
        for (sector, theta) in theta.iter().enumerate() {
            let old = base.flow(sector, country, country) / base.spending(country, sector);
            if old > 0.0 {
                let sold = result.imports(sector, country)[country];
                let new = sold / result.spending(country, sector);
                let dearer = result.price_change(country, sector) / result.wage_change(country);
                let error = dearer.ln() - (new / old).ln() / theta;
                assert!(error.abs() < 1e-12, "{country} {sector}: {error:e}");
                checked += 1;
            }
        }
    }
    assert!(
        10 * checked > 9 * base.countries() * base.sectors(),
        "{checked}"
    );
}

/// The union founded again.
fn reversal(result: &Counterfactual, base: &Baseline) {
    let alone = result.rebase();
    let mut shock = Shock::none(&alone);
    for sector in 0..base.sectors() {
        for importer in members(base) {
            for exporter in members(base) {
                if importer != exporter {
                    let rate = base.tariff(sector, importer, exporter);
                    shock.set_tariff(sector, importer, exporter, rate).unwrap();
                }
            }
        }
    }
    let settings = Settings {
        closure: DeficitClosure::WorldShare,
        ..Settings::default()
    };
    let again = Solver::new(alone, settings).unwrap().solve(&shock).unwrap();
    let there = each(result, Counterfactual::welfare_change);
    let back = each(&again, Counterfactual::welfare_change)
        .into_iter()
        .zip(&there);
    for (back, there) in back {
        assert!((back * there).ln().abs() < 1e-11);
    }
    let (n, sectors) = (base.countries(), base.sectors());
    let observed: Vec<f64> = (0..sectors * n * n)
        .map(|cell| base.flow(cell / n / n, cell / n % n, cell % n))
        .collect();
    assert!(distance(&flows(&again), &observed) < 1e-9);
}

#[test]
fn eaeu_dissolved_with_one_elasticity_for_all() {
    dissolve("u4");
}

#[test]
fn eaeu_dissolved_with_bagwell_staiger_yurukoglu_elasticities() {
    dissolve("bsy");
}
