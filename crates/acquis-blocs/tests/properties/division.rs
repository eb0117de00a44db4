//! Axioms, certificates, and another program's answers.

use acquis_blocs::{Nucleolus, Tolerance, WorthGame};
use coopgame::game::Domain;
use coopgame::game::exact::ExactGame;
use coopgame::nucleolus::exact;
use num_rational::BigRational;
use num_traits::{One, Signed, Zero};
use proptest::prelude::*;

fn games(players: std::ops::RangeInclusive<usize>) -> impl Strategy<Value = WorthGame> {
    players.prop_flat_map(|players| {
        let worths = prop::collection::vec(-20_i32..60, (1 << players) - 1);
        worths.prop_map(move |worths| {
            let worths = worths.into_iter().map(|worth| f64::from(worth) / 4.0);
            WorthGame::new(players, std::iter::once(0.0).chain(worths).collect()).unwrap()
        })
    })
}

fn exact_worth(game: &WorthGame, mask: usize) -> BigRational {
    BigRational::from_float(game.worths()[mask]).unwrap()
}

fn excess(game: &WorthGame, division: &[BigRational], mask: usize) -> BigRational {
    let members = (0..game.players()).filter(|player| mask >> player & 1 == 1);
    members.fold(exact_worth(game, mask), |left, player| {
        left - &division[player]
    })
}

/// Rows in echelon form.
#[derive(Default)]
struct Echelon(Vec<(usize, Vec<BigRational>)>);

impl Echelon {
    fn reduce(&self, mut row: Vec<BigRational>) -> Vec<BigRational> {
        for (lead, other) in &self.0 {
            let factor = row[*lead].clone();
            for (entry, other) in row.iter_mut().zip(other) {
                *entry -= &factor * other;
            }
        }
        row
    }

    fn spans(&self, row: Vec<BigRational>) -> bool {
        self.reduce(row).iter().all(Zero::is_zero)
    }

    fn add(&mut self, row: Vec<BigRational>) {
        let row = self.reduce(row);
        if let Some(lead) = row.iter().position(|entry| !entry.is_zero()) {
            let scale = row[lead].clone();
            self.0
                .push((lead, row.into_iter().map(|entry| entry / &scale).collect()));
        }
    }
}

fn indicator(players: usize, mask: usize) -> Vec<BigRational> {
    let entry = |player: usize| BigRational::from_integer((mask >> player & 1).into());
    (0..players).map(entry).collect()
}

/// Kohlberg (1971): at each level the coalitions of no less excess, together with the floors that
/// bind, are balanced, and no coalition outside the span of earlier levels has more.
fn check_certificate(game: &WorthGame, nucleolus: &Nucleolus) -> Result<(), TestCaseError> {
    let n = game.players();
    let division = nucleolus.division.exact();
    let everybody = (1 << n) - 1;
    prop_assert!(excess(game, division, everybody).is_zero());
    let mut settled = Echelon::default();
    settled.add(indicator(n, everybody));
    for level in &nucleolus.levels {
        for mask in 1..everybody {
            if excess(game, division, mask) > level.excess {
                prop_assert!(settled.spans(indicator(n, mask)), "{mask:b} has more");
            }
        }
        let mut sum = vec![BigRational::zero(); n];
        let mut weights = BigRational::zero();
        for (coalition, weight) in &level.binding {
            let mask = usize::try_from(coalition.mask()).unwrap();
            prop_assert_eq!(&excess(game, division, mask), &level.excess);
            prop_assert!(weight.is_positive());
            weights += weight;
            for (sum, entry) in sum.iter_mut().zip(indicator(n, mask)) {
                *sum += entry * weight;
            }
        }
        prop_assert!(weights.is_one());
        for (player, weight) in &level.floors {
            let player = player.position();
            prop_assert!(weight.is_positive());
            prop_assert!(excess(game, division, 1 << player).is_zero());
            sum[player] += weight;
        }
        prop_assert!(settled.spans(sum));
        for (coalition, _) in &level.binding {
            settled.add(indicator(n, usize::try_from(coalition.mask()).unwrap()));
        }
        for (player, _) in &level.floors {
            settled.add(indicator(n, 1 << player.position()));
        }
    }
    prop_assert_eq!(settled.0.len(), n);
    Ok(())
}

fn relabelled(game: &WorthGame, order: &[usize]) -> WorthGame {
    WorthGame::of(game.players(), |coalition| {
        let members = coalition.players().map(|player| order[player.position()]);
        game.worths()[members.fold(0, |mask, player| mask | 1 << player)]
    })
    .unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 96,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn prenucleolus_is_certified(game in games(1..=7)) {
        check_certificate(&game, &game.prenucleolus())?;
    }

    #[test]
    fn nucleolus_is_certified(game in games(1..=7)) {
        if let Ok(nucleolus) = game.nucleolus() {
            for (player, share) in nucleolus.division.exact().iter().enumerate() {
                prop_assert!(share >= &exact_worth(&game, 1 << player));
            }
            check_certificate(&game, &nucleolus)?;
        } else {
            let alone: f64 = (0..game.players()).map(|i| game.worths()[1 << i]).sum();
            prop_assert!(alone > game.worth_of_all());
        }
    }

    #[test]
    fn another_program_finds_the_same(game in games(2..=5)) {
        let values: Vec<BigRational> =
            (1..game.worths().len()).map(|mask| exact_worth(&game, mask)).collect();
        let other = ExactGame::from_binary(values).unwrap();
        let found = exact::nucleolus(&other, Domain::Preimputation).unwrap();
        let own = game.prenucleolus();
        prop_assert_eq!(own.division.exact(), found.allocation.as_slice());
        if let Ok(own) = game.nucleolus() {
            let found = exact::nucleolus(&other, Domain::Imputation).unwrap();
            prop_assert_eq!(own.division.exact(), found.allocation.as_slice());
        }
    }

    #[test]
    fn least_core_is_least(game in games(2..=6), shares in prop::collection::vec(-5.0..5.0, 6)) {
        let least = game.least_core();
        let n = game.players();
        let mut division = shares[..n].to_vec();
        let left = game.worth_of_all() - division.iter().sum::<f64>();
        for share in &mut division {
            *share += left / n as f64;
        }
        let (_, most) = game.largest_excess(&division).unwrap().unwrap();
        prop_assert!(most >= least.excess() - 1e-9);
        let (_, own) = game.largest_excess(least.division.shares()).unwrap().unwrap();
        prop_assert!((own - least.excess()).abs() < 1e-9);
        prop_assert_eq!(
            least.core_is_empty(),
            !game.in_core(least.division.shares(), Tolerance::new(1e-9).unwrap()).unwrap()
        );
    }

    #[test]
    fn shapley_axioms(game in games(1..=8), seed in any::<prop::sample::Index>()) {
        let n = game.players();
        let shapley = game.shapley_value();
        let sum = shapley.exact().iter().fold(BigRational::zero(), |sum, share| sum + share);
        prop_assert_eq!(sum, exact_worth(&game, game.worths().len() - 1));
        // A player who adds only what it has alone gets that.
        let null = seed.index(n);
        let flat = WorthGame::of(n, |coalition| {
            let mask = usize::try_from(coalition.mask()).unwrap();
            let own = if mask >> null & 1 == 1 { 2.5 } else { 0.0 };
            own + game.worths()[mask & !(1 << null)]
        }).unwrap();
        let alone = BigRational::from_float(2.5).unwrap();
        let flat_shapley = flat.shapley_value();
        prop_assert_eq!(&flat_shapley.exact()[null], &alone);
        // Two games at once.
        let both = WorthGame::of(n, |coalition| {
            let mask = usize::try_from(coalition.mask()).unwrap();
            game.worths()[mask] + flat.worths()[mask]
        }).unwrap();
        let both = both.shapley_value();
        for player in 0..n {
            let sum = &shapley.exact()[player] + &flat_shapley.exact()[player];
            prop_assert_eq!(&both.exact()[player], &sum);
        }
    }

    #[test]
    fn names_do_not_matter(
        game in games(5..=5),
        order in Just(vec![0_usize, 1, 2, 3, 4]).prop_shuffle(),
    ) {
        let other = relabelled(&game, &order);
        let own = (game.shapley_value(), game.prenucleolus());
        let theirs = (other.shapley_value(), other.prenucleolus());
        for (place, &player) in order.iter().enumerate() {
            prop_assert_eq!(&own.0.exact()[player], &theirs.0.exact()[place]);
            prop_assert_eq!(&own.1.division.exact()[player], &theirs.1.division.exact()[place]);
        }
        prop_assert_eq!(
            game.optimal_structure().unwrap().1.to_bits(),
            other.optimal_structure().unwrap().1.to_bits()
        );
    }
}

/// Worths that floating point can't hold well have their exact nucleolus all the same.
#[test]
fn tenths_are_certified() {
    let game = WorthGame::of(8, |coalition| {
        let mask = coalition.mask();
        (mask * mask % 97) as f64 * 0.1 + (coalition.len() as f64).powf(1.3)
    })
    .unwrap();
    check_certificate(&game, &game.prenucleolus()).unwrap();
}
