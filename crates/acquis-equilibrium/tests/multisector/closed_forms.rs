//! Worlds that can be solved by hand: autarky, one symmetric tariff, the optimal tariff, one
//! sector. Properties 4, 8, 9 and 11 of the chapter on the model.

use acquis_equilibrium::multisector::{
    Baseline, Counterfactual, DeficitClosure, Elasticities, Observations, Shock, Solver,
};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use crate::measures::{CONDITION, beyond, cells, distance, each, within};
use crate::plain;
use crate::worlds::{
    Change, Traits, World, baseline, draw, settings, solve, tight, untaxed_worlds,
};

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 192,
        rng_seed: RngSeed::Fixed(2015),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// 4. Everybody alone, without deficits or taxes.
    #[test]
    fn autarky_costs_what_home_shares_say(world in untaxed_worlds()) {
        let base = world.baseline().purged().unwrap();
        let (n, sectors) = (base.countries(), base.sectors());
        let mut shock = Shock::none(&base);
        for country in 0..n {
            close(&mut shock, country, n, sectors);
        }
        let result = solve(&base, &shock, settings(DeficitClosure::Balanced)).unwrap();
        for country in 0..n {
            let error = (result.welfare_change(country).ln() - autarky(&world, &base, country)).abs();
            prop_assert!(within("4 autarky", error, 5e-13));
        }
    }

    /// 4. One country alone while the others trade on.
    #[test]
    fn leaving_the_world_costs_what_home_shares_say(world in untaxed_worlds(), who in 0_usize..8) {
        let base = world.baseline().purged().unwrap();
        let (n, sectors) = (base.countries(), base.sectors());
        let who = who % n;
        let mut shock = Shock::none(&base);
        close(&mut shock, who, n, sectors);
        let result = solve(&base, &shock, settings(DeficitClosure::WorldShare)).unwrap();
        let error = (result.welfare_change(who).ln() - autarky(&world, &base, who)).abs();
        prop_assert!(within("4 one country's autarky", error, 5e-13));
    }

    /// 8.
    #[test]
    fn a_symmetric_tariff_has_a_closed_form(
        n in 2_usize..=8,
        home in 0.2..0.98_f64,
        rate in 0.0..1.0_f64,
        theta in 0.5..12.0_f64,
    ) {
        let result = symmetric_tariff(n, home, rate, theta);
        let expected = symmetric_closed_form(home, rate, theta);
        for welfare in each(&result, Counterfactual::welfare_change) {
            let error = beyond((welfare / expected).ln().abs(), &[&result]);
            prop_assert!(within("8 symmetric tariff", error, 2e-15));
        }
    }

    /// 9.
    #[test]
    fn the_optimal_tariff_is_johnsons(
        theta in 1.5..9.0_f64,
        size in 0.2..5.0_f64,
        home in (0.5..0.9_f64, 0.5..0.9_f64),
    ) {
        let (rate, partner_home_share) = optimal_tariff(theta, size, home);
        let expected = 1.0 / (theta * partner_home_share);
        prop_assert!(within("9 optimal tariff", (rate - expected).abs(), 1e-7));
    }

    /// 11.
    #[test]
    fn one_sector_is_the_one_sector_model(world in untaxed_worlds(), which in 0_usize..4) {
        use acquis_equilibrium as one;
        let (closure, same) = [
            (DeficitClosure::Nominal, one::DeficitClosure::Additive),
            (DeficitClosure::WorldShare, one::DeficitClosure::WorldShare),
            (DeficitClosure::IncomeShare, one::DeficitClosure::Multiplicative),
            (DeficitClosure::Balanced, one::DeficitClosure::Multiplicative),
        ][which];
        let world = first_sector(&world);
        let mut base = world.baseline();
        if closure == DeficitClosure::Balanced {
            base = base.purged().unwrap();
        }
        let n = base.countries();
        let Some(result) = solve(&base, &world.change.on(&base), tight(closure)) else {
            return Ok(());
        };
        // The other model counts from exporter to importer.
        let pairs = || (0..n).flat_map(|exporter| (0..n).map(move |importer| (exporter, importer)));
        let trade = pairs().map(|(exporter, importer)| base.flow(0, importer, exporter)).collect();
        let theta = world.theta[0];
        let mut effects = vec![0.0; n * n];
        for &(_, importer, exporter, factor) in &world.change.costs {
            effects[exporter * n + importer] = -theta * factor.ln();
        }
        let baseline = one::Baseline::new(world.observed.countries.clone(), trade).unwrap();
        let shock = one::Shock::from_log_trade_effects(n, effects).unwrap();
        let settings = one::Settings {
            closure: same,
            tolerance: 2e-14,
            ..one::Settings::new(one::TradeElasticity::new(theta).unwrap())
        };
        let expected = one::solve(&baseline, &shock, &settings).unwrap();
        let error = distance(&each(&result, Counterfactual::wage_change), &expected.wage_change)
            .max(distance(
                &each(&result, Counterfactual::welfare_change),
                &expected.welfare_change(),
            ))
            .max(distance(
                &cells(&result, Counterfactual::price_change),
                &expected.price_change,
            ));
        let error = beyond(error, &[&result]) - CONDITION * expected.certificate.residual;
        // A purged world's trade balances as well as it was settled, to 1e-13.
        let bound = if closure == DeficitClosure::Balanced { 1e-13 } else { 1.5e-14 };
        let name = ["11 nominal", "11 world share", "11 income share", "11 balanced"][which];
        prop_assert!(within(name, error, bound));
    }
}

/// 8. The figure of the prototype.
#[test]
fn a_symmetric_tariff_of_a_fifth() {
    for n in [2, 5, 9] {
        let result = symmetric_tariff(n, 0.8, 0.2, 4.0);
        for welfare in each(&result, Counterfactual::welfare_change) {
            assert!(
                (welfare - 0.990_809_148_882_587_2).abs() < 2e-15,
                "{n}: {welfare}"
            );
        }
    }
}

fn close(shock: &mut Shock, country: usize, n: usize, sectors: usize) {
    for sector in 0..sectors {
        for other in (0..n).filter(|&other| other != country) {
            shock
                .scale_cost(sector, country, other, f64::INFINITY)
                .unwrap();
            shock
                .scale_cost(sector, other, country, f64::INFINITY)
                .unwrap();
        }
    }
}

/// `ln Ŵ = Σ_j α_j Σ_s a_sj ln π_nns / θ_s` with `a = (I - Γ)^{-1}`.
fn autarky(world: &World, base: &Baseline, country: usize) -> f64 {
    let sectors = base.sectors();
    // The rise of prices solves (I - Γ^T) p = -ln π / θ.
    let mut table = vec![vec![0.0; sectors + 1]; sectors];
    for (j, row) in table.iter_mut().enumerate() {
        for (s, cell) in row[..sectors].iter_mut().enumerate() {
            let input = (country * sectors + s) * sectors + j;
            let inputs = &world.observed.input_coefficients;
            *cell = -inputs.get(input).copied().unwrap_or(0.0);
        }
        row[j] += 1.0;
        if base.spending(country, j) > 0.0 {
            let share = base.flow(j, country, country) / base.spending(country, j);
            row[sectors] = -share.ln() / world.theta[j];
        }
    }
    let prices = plain::eliminate(table);
    let shares = (0..sectors).map(|j| base.final_share(country, j));
    -shares
        .zip(prices)
        .map(|(share, price)| share * price)
        .sum::<f64>()
}

/// `n` identical countries whose home share is `home` under free trade levy one tariff.
fn symmetric_tariff(n: usize, home: f64, rate: f64, theta: f64) -> Counterfactual {
    let foreign = (1.0 - home) / (n - 1) as f64;
    let flow = |cell: usize| if cell / n == cell % n { home } else { foreign };
    let observed = Observations {
        countries: (0..n).map(|i| format!("C{i}")).collect(),
        sectors: vec!["goods".to_owned()],
        flows: (0..n * n).map(flow).collect(),
        ..Observations::default()
    };
    let base = baseline(&observed, &Elasticities::uniform(theta, 1).unwrap());
    let mut shock = Shock::none(&base);
    for importer in 0..n {
        for exporter in (0..n).filter(|&exporter| exporter != importer) {
            shock.set_tariff(0, importer, exporter, rate).unwrap();
        }
    }
    solve(&base, &shock, tight(DeficitClosure::Balanced)).unwrap()
}

fn symmetric_closed_form(home: f64, rate: f64, theta: f64) -> f64 {
    let dear = (1.0 - home) * (1.0 + rate).powf(-theta);
    let power = home + dear;
    let revenue = dear / power * rate / (1.0 + rate);
    power.powf(1.0 / theta) / (1.0 - revenue)
}

/// The tariff that is best for the first of two countries when the other has none, and the
/// other's home share under it. `home` are home shares under free trade.
fn optimal_tariff(theta: f64, size: f64, home: (f64, f64)) -> (f64, f64) {
    // Balanced trade: what one imports the other does.
    let imports = (size * (1.0 - home.0)).min(1.0 - home.1);
    let observed = Observations {
        countries: vec!["A".to_owned(), "B".to_owned()],
        sectors: vec!["goods".to_owned()],
        flows: vec![size - imports, imports, imports, 1.0 - imports],
        ..Observations::default()
    };
    let base = baseline(&observed, &Elasticities::uniform(theta, 1).unwrap());
    let solver = Solver::new(base.clone(), tight(DeficitClosure::Balanced)).unwrap();
    let at = |rate: f64| {
        let mut shock = Shock::none(&base);
        shock.set_tariff(0, 0, 1, rate).unwrap();
        solver.solve(&shock).unwrap()
    };
    // Where the derivative of welfare, from four points around, changes its sign.
    let slope = |rate: f64| {
        let h = 5e-3;
        let welfare = |step: f64| at(rate + step * h).welfare_change(0);
        8.0 * (welfare(1.0) - welfare(-1.0)) - (welfare(2.0) - welfare(-2.0))
    };
    let (mut low, mut high) = (0.0, 3.0);
    while high - low > 1e-10 {
        let middle = f64::midpoint(low, high);
        if slope(middle) > 0.0 {
            low = middle;
        } else {
            high = middle;
        }
    }
    let best = at(low);
    (low, best.imports(0, 1)[1] / best.spending(1, 0))
}

/// The world's first sector, with trade costs as the only change.
fn first_sector(world: &World) -> World {
    let (n, _) = world.observed.shape();
    let traits = Traits {
        inputs: false,
        ..world.traits
    };
    let mut world = draw(n, 1, world.seed, traits);
    world.change = Change {
        costs: world.change.costs,
        ..Change::default()
    };
    world
}
