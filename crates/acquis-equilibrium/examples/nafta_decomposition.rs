//! The welfare effect of NAFTA's tariff cuts, taken apart in every way that the chapter
//! `docs/equilibrium.md` prints: the world of Caliendo and Parro (2015), deficits purged,
//! the tariffs of 1993 among the three members replaced by those of 2005. Reads the shared
//! test data: `cargo run -p acquis-equilibrium --example nafta_decomposition`.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "it prints, and bad data must stop it"
)]

#[path = "../tests/multisector/data.rs"]
#[allow(dead_code, reason = "shared with the tests")]
mod data;

use acquis_equilibrium::multisector::{
    Baseline, DeficitClosure, Numeraire, RepairKind, Repairs, Settings, Shock, Solver, WelfareParts,
};

const MEMBERS: [&str; 3] = ["MEX", "CAN", "USA"];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let Some(data) = data::nafta() else {
        return Ok(());
    };
    let (raw, repairs) = Baseline::new(&data.observations, &data.elasticities)?;
    print_repairs(&repairs);
    let members = MEMBERS.map(|label| raw.country(label).unwrap());
    let settings = Settings {
        closure: DeficitClosure::Balanced,
        ..Settings::default()
    };
    let solver = Solver::new(raw.purged()?, settings)?;
    decompose(&solver, &cut(&data, 1.0, solver.baseline()), members)?;

    println!("parts of the cut, Mexico: exact, formula, difference");
    for portion in [1.0, 0.5, 0.25, 0.125, 0.0625] {
        let result = solver.solve(&cut(&data, portion, solver.baseline()))?;
        let exact = 100.0 * (result.welfare_change(members[0]) - 1.0);
        let formula = 100.0 * result.first_order_formula()[members[0]].total();
        println!(
            "{portion:<8}{exact:>10.4}{formula:>10.4}{:>10.4}",
            formula - exact
        );
    }

    println!("exact, from the world with its deficits, by closure and numeraire");
    for closure in [
        DeficitClosure::Nominal,
        DeficitClosure::WorldShare,
        DeficitClosure::IncomeShare,
        DeficitClosure::Balanced,
        DeficitClosure::ValueAddedShare,
    ] {
        for numeraire in [Numeraire::WorldValueAdded, Numeraire::Wage(members[2])] {
            let settings = Settings {
                closure,
                numeraire,
                ..Settings::default()
            };
            let result = Solver::new(raw.clone(), settings)?.solve(&cut(&data, 1.0, &raw))?;
            let name = format!("{closure:?}, {numeraire:?}");
            line(&name, members, |n| result.welfare_change(n) - 1.0);
        }
    }
    Ok(())
}

fn print_repairs(repairs: &Repairs) {
    let kinds = [
        RepairKind::ValueAddedShare,
        RepairKind::UnsuppliedInput,
        RepairKind::FinalDemand,
    ];
    for kind in kinds {
        let figures = repairs.figures.iter().filter(|repair| repair.kind == kind);
        let largest = figures.clone().map(|r| (r.after - r.before).abs());
        println!(
            "{}: {} repaired, by up to {:.1e}",
            kind.describe(),
            figures.count(),
            largest.fold(0.0, f64::max)
        );
    }
    if let Some(rebalancing) = &repairs.rebalancing {
        println!("{rebalancing:?}");
    }
}

/// Every way to take the change of welfare apart, per cent of income.
fn decompose(
    solver: &Solver,
    shock: &Shock,
    members: [usize; 3],
) -> Result<(), Box<dyn std::error::Error>> {
    let result = solver.solve(shock)?;
    let before = solver.baseline();
    println!("{:<32}{:>10}{:>10}{:>10}", "per cent", "MEX", "CAN", "USA");
    line("exact", members, |n| result.welfare_change(n) - 1.0);
    line("real wage", members, |n| result.real_wage_change(n) - 1.0);
    let formula = result.first_order_formula();
    parts("published formula", members, &formula);
    let path = solver.decompose(shock)?;
    parts("path", members, &path.parts);
    let origins = solver.tariff_origins(shock)?;
    line("own tariffs", members, |n| origins.own[n]);
    line("partners' tariffs", members, |n| origins.partners[n]);
    line("revenue before", members, |n| {
        before.revenue(n) / before.income(n)
    });
    line("revenue after", members, |n| {
        result.tariff_revenue(n) / result.income(n)
    });
    let (old, new) = (before.flows(), result.flows());
    line("growth of imports from members", members, |n| {
        let partners = || members.into_iter().filter(|&other| other != n);
        let bought: f64 = partners().map(|other| old.between(n, other)).sum();
        partners().map(|other| new.between(n, other)).sum::<f64>() / bought - 1.0
    });
    let shifts = result.trade_shifts(&members);
    line("trade creation", members, |n| {
        shifts[n].creation() / before.income(n)
    });
    line("trade diversion", members, |n| {
        shifts[n].diversion() / before.income(n)
    });
    println!("remainder of the path: {:.1e}", path.remainder);
    println!("{:#?}", result.certificate);
    Ok(())
}

fn parts(name: &str, members: [usize; 3], parts: &[WelfareParts]) {
    line(name, members, |n| parts[n].total());
    line("  terms of trade", members, |n| parts[n].terms_of_trade);
    line("  volume of trade", members, |n| parts[n].volume_of_trade);
}

fn line(name: &str, members: [usize; 3], value: impl Fn(usize) -> f64) {
    let [a, b, c] = members.map(|member| 100.0 * value(member));
    println!("{name:<32}{a:>10.4}{b:>10.4}{c:>10.4}");
}

/// A part of the members' tariff cuts, in logarithms of one plus the rates.
fn cut(data: &data::Nafta, portion: f64, baseline: &Baseline) -> Shock {
    let members = MEMBERS.map(|label| baseline.country(label).unwrap());
    let mut shock = Shock::none(baseline);
    for sector in 0..baseline.sectors() {
        for importer in members {
            for exporter in members.into_iter().filter(|&other| other != importer) {
                let old = 1.0 + baseline.tariff(sector, importer, exporter);
                let new =
                    1.0 + data.tariffs_2005[data.observations.cell(sector, importer, exporter)];
                let rate = old * (new / old).powf(portion) - 1.0;
                shock.set_tariff(sector, importer, exporter, rate).unwrap();
            }
        }
    }
    shock
}
