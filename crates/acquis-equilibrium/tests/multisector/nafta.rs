//! Caliendo and Parro (2015), "Estimates of the Trade and Welfare Effects of NAFTA", Review
//! of Economic Studies 82(1): the tariffs of 1993 among Mexico, Canada and the United States
//! go to those of 2005, in a world whose aggregate deficits are purged first.

use std::sync::LazyLock;

use acquis_equilibrium::multisector::{
    Baseline, Counterfactual, DeficitClosure, RepairKind, Settings, Shock, Solver, WelfareParts,
};

use crate::data::nafta;

const MEMBERS: [&str; 3] = ["MEX", "CAN", "USA"];

struct Case {
    solver: Solver,
    shock: Shock,
    result: Counterfactual,
    members: [usize; 3],
}

static CASE: LazyLock<Option<Case>> = LazyLock::new(|| {
    let data = nafta()?;
    let (raw, _) = Baseline::new(&data.observations, &data.elasticities).unwrap();
    let baseline = raw.purged().unwrap();
    let members = MEMBERS.map(|label| baseline.country(label).unwrap());
    let mut shock = Shock::none(&baseline);
    for sector in 0..baseline.sectors() {
        for importer in members {
            for exporter in members.into_iter().filter(|&other| other != importer) {
                let cell = data.observations.cell(sector, importer, exporter);
                let rate = data.tariffs_2005[cell];
                shock.set_tariff(sector, importer, exporter, rate).unwrap();
            }
        }
    }
    let settings = Settings {
        closure: DeficitClosure::Balanced,
        ..Settings::default()
    };
    let solver = Solver::new(baseline, settings).unwrap();
    let result = solver.solve(&shock).unwrap();
    Some(Case {
        solver,
        shock,
        result,
        members,
    })
});

/// Rounded as the paper prints it.
fn printed(value: f64) -> String {
    format!("{value:.2}")
}

#[test]
fn the_published_first_order_figures_to_the_last_printed_digit() {
    let Some(case) = &*CASE else { return };
    let formula = case.result.first_order_formula();
    let per_cent = |part: fn(&WelfareParts) -> f64| {
        case.members
            .map(|member| printed(100.0 * part(&formula[member])))
    };
    // Table 2, "Welfare effects from NAFTA's tariff reductions".
    assert_eq!(per_cent(WelfareParts::total), ["1.31", "-0.06", "0.08"]);
    assert_eq!(
        per_cent(|parts| parts.terms_of_trade),
        ["-0.41", "-0.11", "0.04"]
    );
    assert_eq!(
        per_cent(|parts| parts.volume_of_trade),
        ["1.72", "0.04", "0.04"]
    );
    let real_wage = |member| printed(100.0 * (case.result.real_wage_change(member) - 1.0));
    assert_eq!(case.members.map(real_wage), ["1.72", "0.32", "0.11"]);
}

#[test]
fn the_published_growth_of_imports_from_partners() {
    let Some(case) = &*CASE else { return };
    let (before, after) = (case.solver.baseline().flows(), case.result.flows());
    let growth = case.members.map(|importer| {
        let partners = || case.members.into_iter().filter(|&other| other != importer);
        let old: f64 = partners()
            .map(|other| before.between(importer, other))
            .sum();
        let new: f64 = partners().map(|other| after.between(importer, other)).sum();
        printed(100.0 * (new / old - 1.0))
    });
    assert_eq!(growth, ["118.28", "11.11", "40.52"]);
}

#[test]
fn the_exact_change_of_welfare_and_its_parts() {
    let Some(case) = &*CASE else { return };
    let parts = case.solver.decompose(&case.shock).unwrap();
    assert!(parts.remainder < 1e-9, "{:e}", parts.remainder);
    // Recomputed by two other programs from the same equilibrium, in per cent.
    for (member, exact) in case.members.into_iter().zip([0.0073, -0.1101, 0.0741]) {
        let change = 100.0 * (case.result.welfare_change(member) - 1.0);
        assert!((change - exact).abs() < 1e-4, "{change} {exact}");
        let parts = 100.0 * parts.parts[member].total();
        assert!((change - parts).abs() < 1e-7, "{change} {parts}");
    }
    // Mexico's parts in 64 steps, from the same outside computation: -0.678 and +0.685.
    let mexico = &parts.parts[case.members[0]];
    assert!((100.0 * mexico.terms_of_trade + 0.678).abs() < 1e-3);
    assert!((100.0 * mexico.volume_of_trade - 0.685).abs() < 1e-3);
}

#[test]
fn own_and_partners_tariffs_add_up_to_the_exact_change() {
    let Some(case) = &*CASE else { return };
    let origins = case.solver.tariff_origins(&case.shock).unwrap();
    for country in 0..case.solver.baseline().countries() {
        let exact = case.result.welfare_change(country) - 1.0;
        let sum = origins.own[country] + origins.partners[country] + origins.other[country];
        assert!((exact - sum).abs() < 1e-12);
        assert!(origins.other[country].abs() < 1e-12);
    }
    // A small economy's own liberalization towards few partners costs it, theirs helps it.
    let mexico = case.members[0];
    assert!(origins.own[mexico] < 0.0 && origins.partners[mexico] > 0.0);
}

#[test]
fn repairs_of_the_published_data_are_reported() {
    let Some(data) = nafta() else { return };
    let (_, repairs) = Baseline::new(&data.observations, &data.elasticities).unwrap();
    let shares = repairs
        .figures
        .iter()
        .filter(|repair| repair.kind == RepairKind::ValueAddedShare);
    let largest = shares.fold(0.0_f64, |worst, repair| {
        worst.max((repair.before - repair.after).abs())
    });
    // The data add up to 1 within 3.7e-7.
    assert!(largest > 1e-7 && largest < 4e-7, "{largest:e}");
    let rebalancing = repairs.rebalancing.unwrap();
    assert!(rebalancing.income_change > 1e-3);
}

#[test]
fn members_trade_more_with_each_other_and_mexico_pays_with_its_terms_of_trade() {
    let Some(case) = &*CASE else { return };
    let shifts = case.result.trade_shifts(&case.members);
    for member in case.members {
        assert!(shifts[member].members > 0.0 && shifts[member].creation() > 0.0);
        assert!(shifts[member].diversion() > 0.0 && shifts[member].outsiders < 0.0);
    }
    let terms = |member| case.result.terms_of_trade_change(member);
    // The signs of Table 2.
    assert!(terms(case.members[0]) < 1.0 && terms(case.members[1]) < 1.0);
    assert!(terms(case.members[2]) > 1.0);
}
