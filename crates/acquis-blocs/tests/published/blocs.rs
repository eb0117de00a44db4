//! Blocs in papers.

use acquis_blocs::{
    Abatement, Admission, Coalition, Indifference, Memberships, Partitions, Rules, Run,
    SingleBlocs, SymmetricBlocs, SymmetricGame, Table,
};

/// Krugman (1991), "Is Bilateralism Bad?": world welfare is least with three blocs.
#[test]
fn three_blocs_are_worst() {
    for elasticity in 2..=10 {
        let world = SymmetricBlocs::new(f64::from(elasticity)).unwrap();
        let utility = |blocs: u32| world.utility(blocs).unwrap();
        let worst = (1..=20).min_by(|&a, &b| utility(a).total_cmp(&utility(b)));
        assert_eq!(worst, Some(3), "at elasticity {elasticity}");
    }
}

/// The same at an elasticity of four: 1, .95038, .94573, .94916.
#[test]
fn utilities_at_four() {
    let world = SymmetricBlocs::new(4.0).unwrap();
    for (blocs, published) in [(1, 1.0), (2, 0.95038), (3, 0.94573), (4, 0.94916)] {
        let utility = world.utility(blocs).unwrap();
        assert!(
            (utility - published).abs() < 0.5e-5,
            "{blocs} blocs: {utility}"
        );
    }
}

/// A tariff is the best answer to itself.
#[test]
fn tariff_is_its_own_answer() {
    for elasticity in [1.5, 2.0, 4.0, 10.0] {
        for blocs in 2..12 {
            let tariff = SymmetricBlocs::new(elasticity)
                .unwrap()
                .tariff(blocs)
                .unwrap();
            let share = 1.0 / ((1.0 + tariff).powf(elasticity) + f64::from(blocs) - 1.0);
            let best = 1.0 / ((elasticity - 1.0) * (1.0 - share));
            assert!((tariff - best).abs() < 1e-12, "{tariff} and {best}");
        }
    }
}

fn equal_players(players: usize) -> Abatement {
    Abatement::new(vec![1.0; players], vec![1.0; players]).unwrap()
}

/// Barrett (1994); Carraro and Siniscalco (1993): with linear damage, quadratic cost and equal states
/// the stable agreement has three members, whatever their number.
#[test]
fn three_hold() {
    for players in [3, 5, 8, 12] {
        let blocs = SingleBlocs::new(players).unwrap();
        let table = Table::evaluate(blocs, &equal_players(players), Run::new()).unwrap();
        let rules = Rules {
            indifferent: Indifference::Joins,
            ..Rules::default()
        };
        let stable = table.stable_blocs(&rules);
        assert!(stable.iter().all(|bloc| bloc.len() == 3));
        assert_eq!(stable.len(), players * (players - 1) * (players - 2) / 6);
        let largest = table.internally_stable_blocs(&rules).into_iter();
        assert_eq!(largest.map(Coalition::len).max(), Some(3));
        // Equal members have nothing to pay each other with.
        let potential = table.potentially_stable_blocs(&rules).into_iter();
        assert_eq!(potential.map(Coalition::len).max(), Some(3));
    }
}

/// Ray, A Game-Theoretic Perspective on Coalition Formation (2007): four players, all together worth
/// 22, two pairs nothing, one pair 16 beside two players alone with 1 each. A pair forms although
/// that is not efficient, since the others then stay alone.
#[test]
fn a_pair_forms() {
    let game = SymmetricGame::new(4, |size, structure: &[usize]| match (structure, size) {
        ([4], _) => 22.0,
        ([2, 1, 1], 2) => 16.0,
        ([2, 1, 1], 1) => 1.0,
        _ => 0.0,
    })
    .unwrap();
    assert_eq!(game.announced_sizes().unwrap(), [2, 1, 1]);
}

/// Bloch (1996), "Sequential formation of coalitions in games with externalities and fixed payoff
/// division", Games and Economic Behavior 14: in a linear Cournot oligopoly the first to
/// form is the smallest cartel of at least 80 % (Salant, Switzer and Reynolds 1983), the least whole
/// number above `(2n + 3 - √(4n + 5)) / 2`, and the rest stay alone.
#[test]
fn cartels_of_four_fifths() {
    for firms in 3_u8..=15 {
        let cournot = |_: usize, structure: &[usize]| {
            let rivals = structure.len() as f64 + 1.0;
            1.0 / (rivals * rivals)
        };
        let sizes = SymmetricGame::new(firms.into(), cournot).unwrap();
        let sizes = sizes.announced_sizes().unwrap();
        let n = f64::from(firms);
        let bound = (2.0 * n + 3.0 - (4.0 * n + 5.0).sqrt()) / 2.0;
        let cartel = *sizes.iter().max().unwrap();
        assert!(
            (cartel as f64) >= bound && (cartel as f64) < bound + 1.0,
            "{firms}: {sizes:?}"
        );
        assert!(sizes.iter().filter(|&&size| size > 1).count() == 1);
    }
}

/// The public good held by three of five, over partitions: under open membership in equilibrium.
#[test]
fn structures_of_five() {
    let partitions = Partitions::new(5).unwrap();
    let table = Table::evaluate(partitions, &equal_players(5), Run::new()).unwrap();
    let rules = Rules::default();
    let stable = table.nash_stable(&rules);
    assert!(!stable.is_empty());
    for index in table.internally_stable(&rules) {
        let structure = table.memberships().state(index);
        assert!(structure.sizes()[0] <= 3, "{structure}");
    }
    // All together do best: 5 × 5 - 25 / 2 each.
    let (best, sum) = table.greatest_sum();
    assert_eq!(table.memberships().state(best).sizes(), [5]);
    assert!((sum - 62.5).abs() < 1e-12);
    // Consent only takes deviations away.
    let consent = table.nash_stable(&rules.with_admission(Admission::Unanimity));
    assert!(stable.iter().all(|index| consent.contains(index)));
}
