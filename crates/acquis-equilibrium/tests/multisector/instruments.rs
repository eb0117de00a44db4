//! Unions as shocks: what each instrument sets, against what its definition says.

use acquis_equilibrium::multisector::instruments::{
    Accession, ExternalTariff, InstrumentError, Preference, TradeRegime, Union, Withdrawal,
    most_favoured_nation, price_discount, tax_principle_switch,
};
use acquis_equilibrium::multisector::{
    Baseline, Elasticities, Observations, RevenuePool, Settings, Shock, ShockError, Solver,
};

/// A, B, C and the rest; goods and services, the latter without tariffs.
#[rustfmt::skip]
fn world() -> Baseline {
    let observed = Observations {
        countries: ["A", "B", "C", "R"].map(String::from).to_vec(),
        sectors: ["goods", "services"].map(String::from).to_vec(),
        flows: vec![
            90.0,  6.0,  4.0,  12.0,
             8.0, 40.0,  3.0,   9.0,
             5.0,  2.0, 60.0,  20.0,
            11.0, 10.0, 22.0, 700.0,

            70.0,  1.0,  0.0,   2.0,
             2.0, 30.0,  1.0,   1.0,
             0.0,  1.0, 50.0,   4.0,
             3.0,  1.0,  5.0, 900.0,
        ],
        tariffs: vec![
            0.00, 0.10, 0.02, 0.08,
            0.20, 0.00, 0.12, 0.15,
            0.03, 0.05, 0.00, 0.04,
            0.06, 0.06, 0.01, 0.00,

            0.0, 0.0, 0.0, 0.0,
            0.0, 0.0, 0.0, 0.0,
            0.0, 0.0, 0.0, 0.0,
            0.0, 0.0, 0.0, 0.0,
        ],
        ..Observations::default()
    };
    let theta = Elasticities::new(vec![5.0, 3.0]).unwrap();
    Baseline::new(&observed, &theta).unwrap().0
}

fn solved(baseline: &Baseline, shock: &Shock) -> acquis_equilibrium::multisector::Counterfactual {
    let solver = Solver::new(baseline.clone(), Settings::default()).unwrap();
    solver.solve(shock).unwrap()
}

fn imposed(baseline: &Baseline, union: &Union) -> acquis_equilibrium::multisector::Counterfactual {
    let mut shock = Shock::none(baseline);
    union.impose(baseline, &mut shock).unwrap();
    solved(baseline, &shock)
}

fn near(a: f64, b: f64) {
    assert!((a - b).abs() < 1e-12, "{a} {b}");
}

#[test]
fn an_exporter_takes_the_preference_only_if_it_pays() {
    let baseline = world();
    let mut area = Union::free_trade_area(vec![0, 1, 2]);
    area.regime = TradeRegime::FreeTradeArea {
        rules_of_origin: vec![0.04, 0.0],
        preference: Preference::Cheaper,
    };
    let result = imposed(&baseline, &area);
    // 10 % is worth the proof, 3 % is not; outsiders pay what they paid.
    near(result.tariff(0, 0, 1), 0.0);
    near(result.tariff(0, 2, 0), 0.03);
    near(result.tariff(0, 1, 3), 0.15);
}

#[test]
fn a_given_utilisation_leaves_a_part_of_the_tariff() {
    let baseline = world();
    let mut area = Union::free_trade_area(vec![0, 1]);
    area.regime = TradeRegime::FreeTradeArea {
        rules_of_origin: Vec::new(),
        preference: Preference::Utilised(0.75),
    };
    let result = imposed(&baseline, &area);
    near(result.tariff(0, 0, 1), 0.025);
    near(result.tariff(0, 1, 0), 0.05);
}

#[test]
fn the_common_tariff_follows_its_rule_cell_by_cell() {
    let baseline = world();
    let members = vec![0, 1];
    let weighted = (0.02 * 4.0 + 0.12 * 3.0) / 7.0;
    for (rule, towards_c) in [
        (ExternalTariff::SimpleMean, 0.07),
        (ExternalTariff::TradeWeightedMean, weighted),
        (ExternalTariff::Minimum, 0.02),
        (ExternalTariff::Maximum, 0.12),
        (ExternalTariff::LargestMember, 0.02),
        (ExternalTariff::OfMember(1), 0.12),
        (ExternalTariff::Schedule(vec![0.05, 0.0]), 0.05),
    ] {
        let result = imposed(&baseline, &Union::customs_union(members.clone(), rule));
        near(result.tariff(0, 0, 2), towards_c);
        near(result.tariff(0, 1, 2), towards_c);
        near(result.tariff(0, 0, 1), 0.0);
        near(result.tariff(0, 2, 0), 0.03);
    }
}

#[test]
fn article_xxiv_weighs_duties_at_the_imports_of_the_baseline() {
    let baseline = world();
    let of = |rule| {
        Union::customs_union(vec![0, 1], rule)
            .article_xxiv(&baseline)
            .unwrap()
    };
    let test = of(ExternalTariff::Maximum);
    let before = 4.0 * 0.02 + 12.0 * 0.08 + 3.0 * 0.12 + 9.0 * 0.15;
    let after = 7.0 * 0.12 + 21.0 * 0.15;
    assert!((test.duties_before - before).abs() < 1e-9);
    assert!((test.duties_after - after).abs() < 1e-9);
    assert!(!test.is_met());
    // The weighted mean of each cell keeps duties where they were.
    let test = of(ExternalTariff::TradeWeightedMean);
    assert!(test.is_met() && (test.average_after() - test.average_before()).abs() < 1e-12);
    assert!(
        Union::free_trade_area(vec![0, 1])
            .article_xxiv(&baseline)
            .unwrap()
            .is_met()
    );
}

#[test]
fn who_accedes_and_leaves_again_is_where_it_was() {
    let baseline = world();
    let union = imposed(
        &baseline,
        &Union::customs_union(vec![0, 1], ExternalTariff::Maximum),
    );
    let union = union.rebase();
    let accession = Accession {
        members: vec![0, 1],
        newcomer: 2,
        external_tariff: ExternalTariff::TradeWeightedMean,
        pool: None,
        non_tariff_costs: Vec::new(),
    };
    let mut shock = Shock::none(&union);
    accession.impose(&union, &mut shock).unwrap();
    let enlarged = solved(&union, &shock);
    // It takes the union's tariff towards the rest, and none is left inside.
    near(enlarged.tariff(0, 2, 3), 0.15);
    near(enlarged.tariff(0, 2, 0), 0.0);
    near(enlarged.tariff(0, 1, 2), 0.0);

    let enlarged = enlarged.rebase();
    let withdrawal = Withdrawal {
        members: vec![0, 1, 2],
        leavers: vec![2],
        tariffs: most_favoured_nation(&enlarged, &[3]),
        non_tariff_costs: Vec::new(),
        pool: None,
    };
    let mut shock = Shock::none(&enlarged);
    withdrawal.impose(&enlarged, &mut shock).unwrap();
    let apart = solved(&enlarged, &shock);
    near(apart.tariff(0, 0, 2), 0.15);
    near(apart.tariff(0, 2, 1), 0.15);
    near(apart.tariff(0, 0, 1), 0.0);
}

#[test]
fn shares_of_a_pool_go_along_with_membership() {
    // The EAEU's shares of 2017, in per cent, with and without its smallest member.
    let shares = [1.220, 4.560, 7.055, 1.900, 85.265];
    let pool = RevenuePool {
        shares: shares
            .iter()
            .enumerate()
            .map(|(n, share)| (n, share / 100.0))
            .collect(),
        collection_cost: 0.0,
    };
    let sum = |pool: &RevenuePool| pool.shares.iter().map(|(_, share)| share).sum::<f64>();
    near(sum(&pool), 1.0);
    let without = pool.without(&[0]);
    near(sum(&without), 1.0);
    near(without.shares[3].1, 0.85265 / (1.0 - 0.0122));
    let with = without.with(0, 0.0122);
    near(sum(&with), 1.0);
    near(with.shares[3].1, 0.85265);
}

#[test]
fn a_discount_and_a_tax_switch_move_money_and_no_price() {
    let baseline = world();
    let mut shock = Shock::none(&baseline);
    shock.add_transfer(price_discount(0, 0, 3, 0.25)).unwrap();
    let result = solved(&baseline, &shock);
    let amount = 0.25 * result.imports(0, 0)[3];
    assert!((result.transfers(0) - amount).abs() < 1e-9);
    assert!((result.transfers(3) + amount).abs() < 1e-9);
    let solver = Solver::new(baseline.clone(), Settings::default()).unwrap();
    let effects = solver.transfer_effects(&shock).unwrap();
    assert!((effects[0].amount - amount).abs() < 1e-9);
    assert!(effects[0].welfare[0] > 0.0 && effects[0].welfare[3] < 0.0);

    let mut shock = Shock::none(&baseline);
    for transfer in tax_principle_switch(&[0], 0, 1, 0.2) {
        shock.add_transfer(transfer).unwrap();
    }
    let result = solved(&baseline, &shock);
    // A buys more from B than it sells there (6 against 8): who is in surplus loses the tax.
    let net = 0.2 * (result.imports(0, 0)[1] - result.imports(0, 1)[0]);
    assert!((result.transfers(0) - net).abs() < 1e-9);
    near(result.transfers(0) + result.transfers(1), 0.0);
}

#[test]
fn unions_that_cannot_be_are_refused() {
    let baseline = world();
    let refused = |union: &Union| {
        union
            .impose(&baseline, &mut Shock::none(&baseline))
            .unwrap_err()
    };
    let alone = Union::free_trade_area(vec![0]);
    assert_eq!(refused(&alone), InstrumentError::Members { got: 1 });
    let unknown = Union::free_trade_area(vec![0, 9]);
    assert!(matches!(
        refused(&unknown),
        InstrumentError::Shock(ShockError::Unknown { .. })
    ));
    let twice = Union::free_trade_area(vec![0, 1, 0]);
    assert!(matches!(
        refused(&twice),
        InstrumentError::Shock(ShockError::Twice { .. })
    ));
    let short = Union::common_market(vec![0, 1], ExternalTariff::Minimum, vec![0.9], None);
    assert!(matches!(
        refused(&short),
        InstrumentError::Sectors { got: 1, .. }
    ));
    let rate = ExternalTariff::Schedule(vec![0.1, -1.0]);
    let error = refused(&Union::customs_union(vec![0, 1], rate));
    assert!(matches!(error, InstrumentError::Value { .. }));
    let stranger = Union::customs_union(vec![0, 1], ExternalTariff::OfMember(2));
    assert_eq!(
        refused(&stranger),
        InstrumentError::NotMember { country: 2 }
    );
}
