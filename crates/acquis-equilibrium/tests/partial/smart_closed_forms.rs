//! SMART, worked by hand.

use acquis_equilibrium::partial::{Diversion, smart};

use crate::{RULES, assert_all_close, assert_close, market, response};

#[test]
fn one_partner_at_given_world_prices() {
    // Duty from 25 % to 10 %: the price falls by 0.15 / 1.25 = 12 %, demand of -2 adds 24 %.
    let market = market(&[(1_000.0, 0.25, 0.10)]);
    for rule in RULES {
        let result = smart(&market, &response(-2.0, 3.0, f64::INFINITY, rule)).unwrap();
        assert_close(result.trade_creation[0], 240.0, 1e-10);
        assert_close(result.trade_diversion[0], 0.0, 1e-10);
        assert_close(result.price_effect[0], 0.0, 0.0);
        assert_close(result.imports_after[0], 1_240.0, 1e-10);
        assert_close(result.revenue_before, 250.0, 1e-10);
        assert_close(result.revenue_after, 124.0, 1e-10);
        // 0.15 on 1,000, and the triangle 0.15 * 240 / 2.
        assert_close(result.consumer_surplus, 168.0, 1e-10);
        // 240 * (0.25 + 0.10) / 2.
        assert_close(result.welfare(), 42.0, 1e-10);
    }
}

#[test]
fn one_partner_with_finite_supply_is_laird_and_yeats() {
    // τ = -0.12; 1 - ε/e = 2: creation 120, the world price rises by 0.06 and revenue of the
    // exporter by τ ε (1 + e) / (e - ε) = 0.12 * 2 * 3 / 4 = 18 %.
    let market = market(&[(1_000.0, 0.25, 0.10)]);
    for rule in RULES {
        let result = smart(&market, &response(-2.0, 3.0, 2.0, rule)).unwrap();
        assert_close(result.trade_creation[0], 120.0, 1e-10);
        assert_close(result.world_price_change[0], 0.06, 1e-14);
        assert_close(result.price_effect[0], 60.0, 1e-10);
        assert_close(result.imports_after[0], 1_180.0, 1e-10);
        // The price at home falls by 1.25 * 0.06.
        assert_close(result.consumer_surplus, 0.075 * 1_060.0, 1e-10);
    }
}

#[test]
fn one_beneficiary_is_the_published_diversion() {
    let market = market(&[(60.0, 0.25, 0.0), (140.0, 0.40, 0.40)]);
    let x = 1.5 * 0.2;
    let given = |rule| response(-1.0, 1.5, f64::INFINITY, rule);
    let published = smart(&market, &given(Diversion::LairdYeats)).unwrap();
    let expected = 60.0 * 140.0 * x / (200.0 + 60.0 * x);
    assert_all_close(&published.trade_diversion, &[expected, -expected], 1e-12);
    let linear = smart(&market, &given(Diversion::Linear)).unwrap();
    let expected = 60.0 * 140.0 * x / 200.0;
    assert_all_close(&linear.trade_diversion, &[expected, -expected], 1e-12);
    let constant = smart(&market, &given(Diversion::ConstantElasticity)).unwrap();
    let growth = 1.25_f64.powf(1.5);
    let expected = 60.0 * growth * 200.0 / (60.0 * growth + 140.0) - 60.0;
    assert_all_close(&constant.trade_diversion, &[expected, -expected], 1e-12);
    // All creation is the beneficiary's.
    assert_all_close(&published.trade_creation, &[12.0, 0.0], 1e-12);
}

#[test]
fn two_beneficiaries_with_one_cut_share_in_proportion() {
    let market = market(&[(20.0, 0.25, 0.0), (40.0, 0.25, 0.0), (140.0, 0.40, 0.40)]);
    let x = 1.5 * 0.2;
    let total = 60.0 * 140.0 * x / (200.0 + 60.0 * x);
    let given = response(-1.0, 1.5, f64::INFINITY, Diversion::LairdYeats);
    let result = smart(&market, &given).unwrap();
    assert_all_close(
        &result.trade_diversion,
        &[total / 3.0, total * 2.0 / 3.0, -total],
        1e-12,
    );
}

#[test]
fn diversion_never_takes_more_than_there_is() {
    let market = market(&[(60.0, 1.0, 0.0), (140.0, 0.4, 0.4)]);
    for rule in [Diversion::LairdYeats, Diversion::ConstantElasticity] {
        let given = response(0.0, 1e9, f64::INFINITY, rule);
        let result = smart(&market, &given).unwrap();
        assert_all_close(&result.imports_after, &[200.0, 0.0], 1e-5);
    }
}

#[test]
fn a_cut_for_all_diverts_nothing() {
    let market = market(&[(60.0, 0.2, 0.05), (140.0, 0.2, 0.05), (0.0, 0.2, 0.05)]);
    for rule in RULES {
        for exports in [0.5, 4.0, f64::INFINITY] {
            let result = smart(&market, &response(-1.3, 5.0, exports, rule)).unwrap();
            assert_all_close(&result.trade_diversion, &[0.0; 3], 1e-12);
            let factor = 1.0 + 1.3 / exports;
            let each = 1.3 * 0.125 / factor;
            assert_all_close(
                &result.trade_creation,
                &[60.0 * each, 140.0 * each, 0.0],
                1e-12,
            );
        }
    }
}

#[test]
fn finite_supply_clears_each_partner_to_first_order() {
    let market = market(&[(60.0, 0.3, 0.0), (140.0, 0.1, 0.1), (25.0, 0.2, 0.4)]);
    let given = response(-1.3, 2.0, 1.7, Diversion::Linear);
    let result = smart(&market, &given).unwrap();
    for (i, imports) in [60.0, 140.0, 25.0].into_iter().enumerate() {
        let bought = result.trade_creation[i] + result.trade_diversion[i];
        assert_close(bought, imports * 1.7 * result.world_price_change[i], 1e-12);
    }
    // The others' price falls, as their goods are displaced.
    assert!(result.world_price_change[1] < 0.0);
}

#[test]
fn a_large_supply_elasticity_approaches_the_infinite_one() {
    let market = market(&[(60.0, 0.3, 0.0), (140.0, 0.1, 0.1)]);
    for rule in RULES {
        let near = smart(&market, &response(-1.3, 2.0, 1e12, rule)).unwrap();
        let limit = smart(&market, &response(-1.3, 2.0, f64::INFINITY, rule)).unwrap();
        assert_all_close(&near.imports_after, &limit.imports_after, 1e-9);
        assert_close(near.welfare(), limit.welfare(), 1e-9);
    }
}

#[test]
fn fixed_supply_puts_the_whole_cut_into_the_price() {
    let market = market(&[(60.0, 0.25, 0.0)]);
    let given = response(-1.3, 2.0, 0.0, Diversion::LairdYeats);
    let result = smart(&market, &given).unwrap();
    assert_close(result.world_price_change[0], 0.2, 1e-15);
    assert_close(result.trade_creation[0], 0.0, 1e-13);
    assert_close(result.consumer_surplus, 0.0, 1e-13);
}

#[test]
fn a_higher_duty_on_one_drives_buyers_to_the_others() {
    // The others' price falls by 1 - 1/1.25 = 20 % against the first's: x = 0.3, and they are
    // the published formula's beneficiaries.
    let market = market(&[(60.0, 0.0, 0.25), (140.0, 0.1, 0.1)]);
    let given = response(-1.0, 1.5, f64::INFINITY, Diversion::LairdYeats);
    let result = smart(&market, &given).unwrap();
    let expected = 140.0 * 60.0 * 0.3 / (200.0 + 140.0 * 0.3);
    assert_all_close(&result.trade_diversion, &[-expected, expected], 1e-12);
    assert_all_close(&result.trade_creation, &[-15.0, 0.0], 1e-12);
}
