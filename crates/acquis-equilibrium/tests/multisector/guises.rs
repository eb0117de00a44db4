//! The same world counted in other money, in another order, in halves. Properties 5 and 7 of
//! the chapter on the model.

use acquis_equilibrium::multisector::{
    Counterfactual, DeficitClosure, Numeraire, Observations, Settings,
};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use crate::measures::{beyond, cells, distance, each, hats, within};
use crate::synthetic::Draws;
use crate::worlds::{
    Change, World, closures, homogeneous_closures, solve, tame_worlds, tight, worlds,
};

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 192,
        rng_seed: RngSeed::Fixed(2015),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// 5.
    #[test]
    fn the_money_unit_does_not_matter(
        world in tame_worlds(),
        closure in closures(),
        factor in -9.0..9.0_f64,
    ) {
        let mut other = world.clone();
        other.observed.flows.iter_mut().for_each(|flow| *flow *= 10_f64.powf(factor));
        let (base, scaled) = (world.baseline(), other.baseline());
        let one = solve(&base, &world.change.on(&base), tight(closure));
        let two = solve(&scaled, &world.change.on(&scaled), tight(closure));
        prop_assert_eq!(one.is_some(), two.is_some());
        if let (Some(one), Some(two)) = (one, two) {
            let error = beyond(distance(&hats(&one), &hats(&two)), &[&one, &two]);
            prop_assert!(within("5 unit of money", error, 4e-15));
        }
    }

    /// 5. Where scaling rounds nothing, not a bit changes.
    #[test]
    fn powers_of_two_of_the_money_unit_change_no_bit(
        world in worlds(),
        closure in closures(),
        power in -30_i32..30,
    ) {
        let mut other = world.clone();
        other.observed.flows.iter_mut().for_each(|flow| *flow *= 2_f64.powi(power));
        let one = world.solve(&world.baseline(), closure).map(|one| hats(&one));
        let two = other.solve(&other.baseline(), closure).map(|two| hats(&two));
        prop_assert_eq!(one, two);
    }

    /// 5.
    #[test]
    fn the_numeraire_is_only_a_unit(
        world in tame_worlds(),
        closure in homogeneous_closures(),
        country in 0_usize..8,
        balanced: bool,
    ) {
        let mut base = world.baseline();
        let mut closure = closure;
        if balanced {
            base = base.purged().unwrap();
            closure = DeficitClosure::Nominal;
        }
        let country = country % base.countries();
        let wage = Settings {
            numeraire: Numeraire::Wage(country),
            ..tight(closure)
        };
        let shock = world.change.on(&base);
        let one = solve(&base, &shock, tight(closure));
        let two = solve(&base, &shock, wage);
        prop_assert_eq!(one.is_some(), two.is_some());
        if let (Some(one), Some(two)) = (one, two) {
            prop_assert!(within("5 numeraire", (two.wage_change(country) - 1.0).abs(), 1e-15));
            prop_assert!(within("5 real figures", distance(&real(&one), &real(&two)), 4e-15));
            let unit = one.wage_change(country);
            let counted: Vec<f64> = each(&two, Counterfactual::income)
                .iter()
                .map(|income| income * unit)
                .collect();
            let error = distance(&each(&one, Counterfactual::income), &counted);
            prop_assert!(within("5 amounts", error, 4e-15));
        }
    }

    /// 7.
    #[test]
    fn halving_countries_changes_nothing(world in tame_worlds(), closure in closures()) {
        let halves = halved(&world);
        let (base, split) = (world.baseline(), halves.baseline());
        let one = solve(&base, &world.change.on(&base), tight(closure));
        let two = solve(&split, &halves.change.on(&split), tight(closure));
        prop_assert_eq!(one.is_some(), two.is_some());
        if let (Some(one), Some(two)) = (one, two) {
            let twice = |figures: Vec<f64>, width: usize| -> Vec<f64> {
                figures.chunks_exact(width).flat_map(|row| [row, row].concat()).collect()
            };
            let wages = twice(each(&one, Counterfactual::wage_change), 1);
            let welfare = twice(each(&one, Counterfactual::welfare_change), 1);
            let prices = twice(cells(&one, Counterfactual::price_change), base.sectors());
            let error = distance(&wages, &each(&two, Counterfactual::wage_change))
                .max(distance(&welfare, &each(&two, Counterfactual::welfare_change)))
                .max(distance(&prices, &cells(&two, Counterfactual::price_change)));
            prop_assert!(within("7 halves", beyond(error, &[&one, &two]), 1.5e-14));
        }
    }

    /// 7.
    #[test]
    fn order_does_not_matter(world in tame_worlds(), closure in closures()) {
        let (moved, countries, sectors) = shuffled(&world);
        let (base, other) = (world.baseline(), moved.baseline());
        let one = solve(&base, &world.change.on(&base), tight(closure));
        let two = solve(&other, &moved.change.on(&other), tight(closure));
        prop_assert_eq!(one.is_some(), two.is_some());
        if let (Some(one), Some(two)) = (one, two) {
            let wages = each(&one, |_, country| two.wage_change(countries[country]));
            let welfare = each(&one, |_, country| two.welfare_change(countries[country]));
            let prices = cells(&one, |_, country, sector| {
                two.price_change(countries[country], sectors[sector])
            });
            let error = distance(&wages, &each(&one, Counterfactual::wage_change))
                .max(distance(&welfare, &each(&one, Counterfactual::welfare_change)))
                .max(distance(&prices, &cells(&one, Counterfactual::price_change)));
            prop_assert!(within("7 order", beyond(error, &[&one, &two]), 1.5e-14));
        }
    }
}

/// What doesn't depend on the unit of money.
fn real(world: &Counterfactual) -> Vec<f64> {
    let mut all = each(world, Counterfactual::welfare_change);
    all.extend(each(world, Counterfactual::real_wage_change));
    all.extend(cells(world, |world, country, sector| {
        world.price_change(country, sector) / world.wage_change(country)
    }));
    all
}

/// Everybody in two identical halves.
fn halved(world: &World) -> World {
    let (n, sectors) = world.observed.shape();
    let spread = |table: &[f64], factor: f64| -> Vec<f64> {
        let width = 2 * n;
        (0..4 * table.len())
            .map(|cell| {
                let (sector, importer, exporter) =
                    (cell / width / width, cell / width % width, cell % width);
                factor * table[world.observed.cell(sector, importer / 2, exporter / 2)]
            })
            .collect()
    };
    let twice = |table: &[f64], block: usize| -> Vec<f64> {
        table
            .chunks_exact(block)
            .flat_map(|rows| [rows, rows].concat())
            .collect()
    };
    let observed = Observations {
        countries: (0..2 * n).map(|i| format!("H{i}")).collect(),
        flows: spread(&world.observed.flows, 0.25),
        tariffs: spread_if(&world.observed.tariffs, |table| spread(table, 1.0)),
        export_taxes: spread_if(&world.observed.export_taxes, |table| spread(table, 1.0)),
        input_coefficients: twice(&world.observed.input_coefficients, sectors * sectors),
        ..world.observed.clone()
    };
    let pairs = |cells: &[(usize, usize, usize, f64)]| -> Vec<(usize, usize, usize, f64)> {
        let all = cells
            .iter()
            .flat_map(|&(sector, importer, exporter, value)| {
                let halves = [(0, 0), (0, 1), (1, 0), (1, 1)];
                halves.map(|(a, b)| (sector, 2 * importer + a, 2 * exporter + b, value))
            });
        all.collect()
    };
    let change = &world.change;
    let both = |country: usize| [2 * country, 2 * country + 1];
    World {
        change: Change {
            tariffs: pairs(&change.tariffs),
            costs: pairs(&change.costs),
            export_taxes: pairs(&change.export_taxes),
            productivity: change
                .productivity
                .iter()
                .flat_map(|&(country, sector, factor)| {
                    both(country).map(|half| (half, sector, factor))
                })
                .collect(),
            endowments: change
                .endowments
                .iter()
                .flat_map(|&(country, factor)| both(country).map(|half| (half, factor)))
                .collect(),
        },
        observed,
        ..world.clone()
    }
}

fn spread_if(table: &[f64], spread: impl Fn(&[f64]) -> Vec<f64>) -> Vec<f64> {
    if table.is_empty() {
        Vec::new()
    } else {
        spread(table)
    }
}

/// The same world in another order, and where countries and sectors went.
fn shuffled(world: &World) -> (World, Vec<usize>, Vec<usize>) {
    let (n, sectors) = world.observed.shape();
    let mut draws = Draws::new(world.seed);
    let mut order = |count: usize| -> Vec<usize> {
        let mut keys: Vec<(f64, usize)> = (0..count).map(|i| (draws.uniform(), i)).collect();
        keys.sort_by(|a, b| a.0.total_cmp(&b.0));
        keys.into_iter().map(|(_, i)| i).collect()
    };
    let (to, into) = (order(n), order(sectors));
    let mut moved = world.clone();
    let bilateral = |old: &[f64], new: &mut Vec<f64>| {
        for (cell, &value) in old.iter().enumerate() {
            let (sector, importer, exporter) = (cell / n / n, cell / n % n, cell % n);
            new[world
                .observed
                .cell(into[sector], to[importer], to[exporter])] = value;
        }
    };
    bilateral(&world.observed.flows, &mut moved.observed.flows);
    bilateral(&world.observed.tariffs, &mut moved.observed.tariffs);
    bilateral(
        &world.observed.export_taxes,
        &mut moved.observed.export_taxes,
    );
    for (cell, &value) in world.observed.input_coefficients.iter().enumerate() {
        let (country, s, j) = (
            cell / sectors / sectors,
            cell / sectors % sectors,
            cell % sectors,
        );
        let place = (to[country] * sectors + into[s]) * sectors + into[j];
        moved.observed.input_coefficients[place] = value;
    }
    for (j, &theta) in world.theta.iter().enumerate() {
        moved.theta[into[j]] = theta;
    }
    let change = &mut moved.change;
    for list in [
        &mut change.tariffs,
        &mut change.costs,
        &mut change.export_taxes,
    ] {
        for (sector, importer, exporter, _) in list.iter_mut() {
            (*sector, *importer, *exporter) = (into[*sector], to[*importer], to[*exporter]);
        }
    }
    for (country, sector, _) in &mut change.productivity {
        (*country, *sector) = (to[*country], into[*sector]);
    }
    for (country, _) in &mut change.endowments {
        *country = to[*country];
    }
    (moved, to, into)
}
