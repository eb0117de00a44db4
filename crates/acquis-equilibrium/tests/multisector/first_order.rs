//! Welfare by its parts: terms of trade, volume of trade, productivity, endowments and
//! deficits, to first order and along a path. Property 10 of the chapter on the model.

use acquis_equilibrium::multisector::{Counterfactual, DeficitClosure};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use crate::measures::{within, worse};
use crate::worlds::{Change, World, small_worlds, solve, tame_worlds, tight};

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 192,
        rng_seed: RngSeed::Fixed(2015),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// 10.
    #[test]
    fn small_shocks_have_the_first_order_effect(world in tame_worlds()) {
        let base = world.baseline();
        let error = |part: f64| -> Option<f64> {
            let change = world.change.part(&world.observed, 0.0, part);
            let result = solve(&base, &change.on(&base), tight(DeficitClosure::WorldShare))?;
            let effects = terms(&result, &observed_export_taxes(&world), &change, Weights::Before);
            let errors = effects.iter().enumerate();
            Some(errors
                .map(|(country, effect)| (result.welfare_change(country) - 1.0 - effect).abs())
                .fold(0.0, worse))
        };
        // A tenth of the shock, a hundredth of the error.
        let (Some(large), Some(small)) = (error(1e-2), error(1e-3)) else { return Ok(()) };
        prop_assert!(within("10 ratio of first-order errors", small / (large + 1e-10), 0.02));
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 48,
        rng_seed: RngSeed::Fixed(2015),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// 10. The effects of small steps add up to the exact one: the trapezoid rule with 8 and
    /// with 16 steps, extrapolated (Richardson 1911).
    #[test]
    fn small_effects_add_up_to_the_exact_one(world in small_worlds()) {
        let base = world.baseline();
        let Some(whole) = world.solve(&base, DeficitClosure::WorldShare) else { return Ok(()) };
        let (Some(coarse), Some(fine)) = (path(&world, 8), path(&world, 16)) else { return Ok(()) };
        let (mut error, mut step) = (0.0, 0.0);
        for country in 0..base.countries() {
            let exact = whole.welfare_change(country).ln();
            let integral = (4.0 * fine[country] - coarse[country]) / 3.0;
            error = worse(error, (integral - exact).abs());
            step = worse(step, (coarse[country] - fine[country]).abs());
        }
        prop_assert!(within("10 path integral", error, 5e-6));
        prop_assert!(within("10 share that extrapolation leaves", error / (step + 1e-10), 0.05));
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Weights {
    /// Of the world before, with changes `x̂ - 1`.
    Before,
    /// The mean of both worlds' shares of income, with changes `ln x̂`.
    Mean,
}

/// The effect on welfare of a change, to first order in the weights chosen, by country: what
/// it sells dearer less what it buys dearer at the border (terms of trade), taxes on what is
/// traded more (volume of trade), productivity, endowments and the change of its deficit; in
/// Caliendo and Parro (2015) with tariffs only.
fn terms(result: &Counterfactual, old_tax: &[f64], change: &Change, weights: Weights) -> Vec<f64> {
    let base = result.baseline();
    let (n, sectors) = (base.countries(), base.sectors());
    let relative = |ratio: f64| match weights {
        Weights::Before => ratio - 1.0,
        Weights::Mean => ratio.ln(),
    };
    // Weights are shares of income: `old / I` or the mean of `old / I` and `new / I'`.
    let weight = |country: usize, old: f64, new: f64| match weights {
        Weights::Before => old / base.income(country),
        Weights::Mean => f64::midpoint(old / base.income(country), new / result.income(country)),
    };
    let mut dearer = vec![1.0; sectors * n * n];
    for &(sector, importer, exporter, factor) in &change.costs {
        dearer[(sector * n + importer) * n + exporter] *= factor;
    }
    let new_tax = export_taxes(old_tax.to_vec(), n, change);
    let mut effects = vec![0.0; n];
    for sector in 0..sectors {
        for importer in 0..n {
            let new_flows = result.imports(sector, importer);
            for exporter in (0..n).filter(|&exporter| exporter != importer) {
                let (old, new) = (base.flow(sector, importer, exporter), new_flows[exporter]);
                if old <= 0.0 {
                    continue;
                }
                let cell = (sector * n + importer) * n + exporter;
                let (old_tax, tax) = (old_tax[cell], new_tax[cell]);
                let landed = result.cost_change(exporter, sector) * (1.0 + tax) / (1.0 + old_tax);
                let price = landed * dearer[cell];
                // The exporter's price doesn't contain the cost of the way.
                effects[exporter] += weight(exporter, old, new) * relative(landed);
                effects[importer] -= weight(importer, old, new) * relative(price);
                let volume = relative(new / old / price);
                let (old_rate, rate) = (
                    base.tariff(sector, importer, exporter),
                    result.tariff(sector, importer, exporter),
                );
                effects[importer] += weight(importer, old_rate * old, rate * new) * volume;
                let (old_part, part) = (old_tax / (1.0 + old_tax), tax / (1.0 + tax));
                // Goods lost on the way are bought too.
                let shipped = relative(new / old / landed);
                effects[exporter] += weight(exporter, old_part * old, part * new) * shipped;
            }
        }
    }
    for &(country, sector, factor) in &change.productivity {
        let (old, new) = (base.output(country, sector), result.output(country, sector));
        effects[country] += weight(country, old, new) * relative(factor);
    }
    for &(country, factor) in &change.endowments {
        let (old, new) = (base.value_added(country), result.value_added(country));
        effects[country] += weight(country, old, new) * relative(factor);
    }
    for (country, effect) in effects.iter_mut().enumerate() {
        let more = result.deficit(country) - base.deficit(country);
        *effect += match weights {
            Weights::Before => more / base.income(country),
            Weights::Mean => {
                let both = 1.0 / base.income(country) + 1.0 / result.income(country);
                0.5 * more * both
            }
        };
    }
    effects
}

fn observed_export_taxes(world: &World) -> Vec<f64> {
    let mut taxes = world.observed.export_taxes.clone();
    taxes.resize(world.observed.flows.len(), 0.0);
    taxes
}

fn export_taxes(mut taxes: Vec<f64>, n: usize, change: &Change) -> Vec<f64> {
    for &(sector, importer, exporter, rate) in &change.export_taxes {
        taxes[(sector * n + importer) * n + exporter] = rate;
    }
    taxes
}

/// The sum of the effects of that many equal steps, each with the mean of the weights at its
/// two ends.
fn path(world: &World, steps: u32) -> Option<Vec<f64>> {
    let mut base = world.baseline();
    let mut tax = observed_export_taxes(world);
    let mut total = vec![0.0; base.countries()];
    for step in 0..steps {
        let at = |step: u32| f64::from(step) / f64::from(steps);
        let change = world.change.part(&world.observed, at(step), at(step + 1));
        let result = solve(&base, &change.on(&base), tight(DeficitClosure::WorldShare))?;
        for (total, effect) in total
            .iter_mut()
            .zip(terms(&result, &tax, &change, Weights::Mean))
        {
            *total += effect;
        }
        tax = export_taxes(tax, result.baseline().countries(), &change);
        base = result.rebase();
    }
    Some(total)
}
