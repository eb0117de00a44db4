//! The scenarios that ship, and the rules of admission.

use acquis_blocs::{Coalition, Rules, Tolerance};
use acquis_scenario::{BlocsVerdict, FocusReason};

use super::{answer, asking, bloc, player, shipped, single};

/// The verdict of the twelve against its own definition, from the table of gains.
#[test]
fn the_twelve() {
    let mut scenario = shipped("which-union-2004");
    scenario.uncertainty = None;
    let answer = answer(&scenario);
    assert_eq!(answer.equilibria, 4096 - 12);
    let verdict = single(&answer);
    let holds = |mask: u64| {
        let coalition = Coalition::from_mask(mask);
        (0..12).all(|place| {
            let own = acquis_blocs::Player::at(place);
            let with = Coalition::from_mask(mask | 1 << place);
            let without = coalition.without(own);
            let gain = verdict.percent.payoff_beside(with, own).unwrap()
                - verdict.percent.payoff_beside(without, own).unwrap();
            if coalition.contains(own) {
                gain >= -5e-4
            } else {
                gain <= 5e-4
            }
        })
    };
    let expected: Vec<u64> = (0..4096)
        .filter(|mask: &u64| mask.count_ones() > 1 && holds(*mask))
        .collect();
    let mut found: Vec<u64> = verdict.stable.iter().map(|bloc| bloc.mask()).collect();
    found.sort_unstable();
    assert_eq!(found, expected);
    // Free trade that works among all is worth most, and Belarus and Russia, who have it, gain
    // nothing by a bloc of two.
    let two = bloc(&answer, &["BLR", "RUS"]);
    for code in ["BLR", "RUS"] {
        let gain = verdict
            .percent
            .payoff_beside(two, player(&answer, code))
            .unwrap();
        assert!(gain.abs() < 1e-9, "{code}: {gain}");
    }
}

/// An offer outside can only raise what a state must be paid to come in.
#[test]
fn an_offer_raises_the_price_of_consent() {
    let answer = answer(&shipped("two-unions-2012"));
    let BlocsVerdict::Single(verdicts) = &answer.verdict else {
        panic!("{:?}", answer.verdict)
    };
    let without = verdicts.without_offers.as_ref().unwrap();
    let union = bloc(&answer, &["BLR", "KAZ", "RUS"]);
    let ukraine = player(&answer, "UKR");
    assert!(answer.takers[ukraine.position()] && answer.offer_gains[ukraine.position()] > 0.0);
    let price = |verdict: &acquis_scenario::SingleBlocVerdict| {
        let inside = verdict
            .percent
            .payoff_beside(union.with(ukraine).unwrap(), ukraine)
            .unwrap();
        verdict.percent.payoff_beside(union, ukraine).unwrap() - inside
    };
    assert!(price(&verdicts.verdict) > price(without));
}

#[test]
fn who_can_be_refused() {
    let question = |admission: &str| {
        asking(&format!(
            "candidates = [\"BLR\", \"KAZ\", \"KGZ\", \"RUS\", \"TJK\"]\nstage = \"free_trade_area\"\n{admission}"
        ))
    };
    let open = answer(&question(""));
    let unanimity = answer(&question("admission = \"unanimity\""));
    let rule = answer(&question(
        "admission = \"rule\"\n[blocs.rule]\ninstitution = \"EurAsEC\"\norgan = \"Integration Committee\"",
    ));
    assert!(rule.admission_rule.as_ref().unwrap().contains("EurAsEC"));
    // Payoffs don't depend on who decides; whom unanimity admits the rule admits too.
    for mask in 0..32_u64 {
        let coalition = Coalition::from_mask(mask);
        let Some(strict) = single(&unanimity).assessment(coalition) else {
            continue;
        };
        let by_rule = single(&rule).assessment(coalition).unwrap();
        let free = single(&open).assessment(coalition).unwrap();
        assert_eq!(strict.applying, free.applying);
        assert_eq!(
            strict.admitted.mask() & !by_rule.admitted.mask(),
            0,
            "{coalition}"
        );
        assert_eq!(
            by_rule.admitted.mask() & !free.admitted.mask(),
            0,
            "{coalition}"
        );
    }
}

/// Draws are seeded, and none of no spread differs from the estimates.
#[test]
fn draws_without_spread_are_certain() {
    let mut scenario = asking(
        "candidates = [\"ARM\", \"KAZ\", \"UKR\", \"MDA\"]\nstage = \"free_trade_area\"\n[uncertainty]\ndraws = 3\nseed = 7",
    );
    let certain = answer(&scenario);
    let BlocsVerdict::Single(verdicts) = &certain.verdict else {
        panic!("{:?}", certain.verdict)
    };
    let sensitivity = verdicts.sensitivity.as_ref().unwrap();
    for &stable in &verdicts.verdict.stable {
        assert!((sensitivity.holds(stable) - 1.0).abs() < f64::EPSILON);
    }
    assert_eq!(sensitivity.blocs().len(), verdicts.verdict.stable.len());
    // With spread the shares are those of the draws' own tables.
    let uncertainty = scenario.uncertainty.as_mut().unwrap();
    (uncertainty.effect_error, uncertainty.draws) = (0.3, 8);
    let (one, other) = (answer(&scenario), answer(&scenario));
    let shares = |answer: &acquis_scenario::BlocsAnswer| match &answer.verdict {
        BlocsVerdict::Single(verdicts) => {
            let sensitivity = verdicts.sensitivity.clone().unwrap();
            let blocs = sensitivity.blocs();
            blocs
                .iter()
                .map(|bloc| (*bloc, sensitivity.holds(*bloc).to_bits()))
                .collect::<Vec<_>>()
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(shares(&one), shares(&other));
    assert_eq!(one.equilibria, (1 + 8) * (16 - 4));
}

/// The focus is kept by its least payments: nobody of it is better off outside.
#[test]
fn payments_keep_the_bloc() {
    let answer = answer(&shipped("two-unions-2012"));
    let verdict = single(&answer);
    let transfers = verdict.money.least_transfers(verdict.focus.bloc).unwrap();
    if transfers.surplus < 0.0 {
        assert_eq!(verdict.focus.why, FocusReason::Everybody);
        return;
    }
    for player in verdict.focus.bloc.players() {
        let received: f64 = transfers
            .payments
            .iter()
            .map(|payment| {
                if payment.to == player {
                    payment.amount
                } else if payment.from == player {
                    -payment.amount
                } else {
                    0.0
                }
            })
            .sum();
        let inside = verdict
            .money
            .payoff_beside(verdict.focus.bloc, player)
            .unwrap();
        let outside = verdict
            .money
            .payoff_beside(verdict.focus.bloc.without(player), player)
            .unwrap();
        assert!(inside + received >= outside - 1e-6, "{player:?}");
    }
    let rules = Rules {
        tolerance: Tolerance::EXACT,
        ..Rules::default()
    };
    assert!(verdict.money.assess(verdict.focus.bloc, &rules).is_some());
}
