//! Who stands with whom at which level, whatever kind of game it is.

use acquis_blocs::{CoalitionStructure, LevelMembership, Player};

/// One state of a game, as the economy sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Arrangement {
    /// Pairs of candidates that stand together, with their level, from 0 for the shallowest.
    pub(crate) together: Vec<(usize, usize, usize)>,
    /// Whether each candidate stands alone.
    pub(crate) alone: Vec<bool>,
    /// Four bits for each candidate: nought outside; neighbours differ in one of them.
    pub(crate) code: u128,
}

/// A state that can be arranged.
pub(crate) trait Arranged: Sync {
    fn arrange(&self) -> Arrangement;
}

impl Arranged for CoalitionStructure {
    fn arrange(&self) -> Arrangement {
        let mut arrangement = Arrangement::nobody(self.players());
        let blocs = self.blocs().iter().filter(|bloc| bloc.len() > 1);
        for (number, bloc) in (1..).zip(blocs) {
            let members: Vec<usize> = bloc.players().map(Player::position).collect();
            for (place, &one) in members.iter().enumerate() {
                arrangement.alone[one] = false;
                // Sixteen candidates at most can have several blocs, of two or more each.
                arrangement.set(one, number);
                let others = members[place + 1..].iter();
                arrangement
                    .together
                    .extend(others.map(|&other| (one, other, 0)));
            }
        }
        arrangement
    }
}

impl Arranged for LevelMembership {
    fn arrange(&self) -> Arrangement {
        let levels = self.levels();
        let mut arrangement = Arrangement::nobody(levels.len());
        for (one, &own) in levels.iter().enumerate() {
            arrangement.set(one, own.into());
            for (other, &their) in levels.iter().enumerate().skip(one + 1) {
                let shared = own.min(their);
                if shared > 0 {
                    let level = usize::from(shared) - 1;
                    arrangement.together.push((one, other, level));
                    (arrangement.alone[one], arrangement.alone[other]) = (false, false);
                }
            }
        }
        arrangement
    }
}

impl Arrangement {
    fn nobody(candidates: usize) -> Self {
        Self {
            together: Vec::new(),
            alone: vec![true; candidates],
            code: 0,
        }
    }

    fn set(&mut self, candidate: usize, digit: u128) {
        self.code |= (digit & 15) << (4 * candidate);
    }
}

/// What neighbours' solutions say of the next: in the order of a block, each guess is made of
/// those with one candidate fewer,
///
/// ```text
/// u(S) ≈ Σ u(S - i) - Σ u(S - i - j) + u(S - i - j - k)
/// ```
///
/// for up to three candidates, exact where what they add doesn't depend on the others.
#[derive(Default)]
pub(crate) struct Neighbours<T> {
    codes: Vec<u128>,
    solutions: Vec<T>,
}

impl<T> Neighbours<T> {
    pub(crate) fn new() -> Self {
        Self {
            codes: Vec::new(),
            solutions: Vec::new(),
        }
    }

    pub(crate) fn keep(&mut self, code: u128, solution: T) {
        self.codes.push(code);
        self.solutions.push(solution);
    }

    fn find(&self, code: u128) -> Option<&T> {
        let place = self.codes.iter().rposition(|known| *known == code)?;
        self.solutions.get(place)
    }

    /// Units of candidates whose level can be one lower.
    fn below(&self, code: u128) -> impl Iterator<Item = (u128, &T)> {
        let units = (0..32).map(|candidate| 1_u128 << (4 * candidate));
        let inside = units.filter(move |unit| !(code / unit).is_multiple_of(16));
        inside.filter_map(move |unit| Some((unit, self.find(code - unit)?)))
    }

    /// One that differs in one candidate, if there is one, else the last.
    pub(crate) fn nearest(&self, code: u128) -> Option<&T> {
        let below = self.below(code).next().map(|(_, solution)| solution);
        below.or_else(|| self.solutions.last())
    }
}

impl Neighbours<Vec<f64>> {
    /// The guess; `None` at the beginning of a block.
    pub(crate) fn guess(&self, code: u128) -> Option<Vec<f64>> {
        let below: Vec<(u128, &Vec<f64>)> = self.below(code).take(3).collect();
        let units: Vec<u128> = below.iter().map(|(unit, _)| *unit).collect();
        let with = |sum: &mut Vec<f64>, solution: &Vec<f64>, sign: f64| {
            for (sum, value) in sum.iter_mut().zip(solution) {
                *sum += sign * value;
            }
        };
        let two = |a: usize, b: usize| self.find(code - units[a] - units[b]);
        match below.as_slice() {
            [] => self.solutions.last().cloned(),
            [(_, one)] => Some((*one).clone()),
            [(_, one), (_, other)] => {
                let Some(both) = two(0, 1) else {
                    return Some((*one).clone());
                };
                let mut sum = (*one).clone();
                with(&mut sum, other, 1.0);
                with(&mut sum, both, -1.0);
                Some(sum)
            }
            [(_, one), rest @ ..] => {
                let all = self.find(code - units.iter().sum::<u128>());
                let (Some(ab), Some(ac), Some(bc), Some(all)) =
                    (two(0, 1), two(0, 2), two(1, 2), all)
                else {
                    return Some((*one).clone());
                };
                let mut sum = (*one).clone();
                for (_, solution) in rest {
                    with(&mut sum, solution, 1.0);
                }
                for solution in [ab, ac, bc] {
                    with(&mut sum, solution, -1.0);
                }
                with(&mut sum, all, 1.0);
                Some(sum)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use acquis_blocs::{Levels, Memberships, Partitions, SingleBlocs};

    #[test]
    fn a_pair_stands_at_the_lower_of_its_two() {
        let arrangement = LevelMembership::new(vec![0, 2, 1, 3]).arrange();
        assert_eq!(arrangement.together, [(1, 2, 0), (1, 3, 1), (2, 3, 0)]);
        assert_eq!(arrangement.alone, [true, false, false, false]);
    }

    #[test]
    fn blocs_of_one_stand_alone() {
        let structure = SingleBlocs::new(5).unwrap().state(0b10110);
        let arrangement = structure.arrange();
        assert_eq!(arrangement.together, [(1, 2, 0), (1, 4, 0), (2, 4, 0)]);
        assert_eq!(arrangement.alone, [true, false, false, true, false]);
        assert_eq!(arrangement.code, 0x10110);
    }

    #[test]
    fn no_two_states_have_one_code() {
        fn codes<M: Memberships<State: Arranged>>(memberships: &M) -> Vec<u128> {
            let states = 0..memberships.count();
            let canonical = states.filter(|&index| memberships.canonical(index) == index);
            let mut codes: Vec<u128> = canonical
                .map(|index| memberships.state(index).arrange().code)
                .collect();
            codes.sort_unstable();
            codes
        }
        for mut codes in [
            codes(&Partitions::new(6).unwrap()),
            codes(&Levels::new(4, 4).unwrap()),
        ] {
            let count = codes.len();
            codes.dedup();
            assert_eq!(codes.len(), count);
        }
    }

    /// Solutions that are sums over pairs are guessed exactly once three neighbours are known.
    #[test]
    fn sums_over_pairs_are_guessed_exactly() {
        let blocs = SingleBlocs::new(6).unwrap();
        let value = |arrangement: &Arrangement| {
            let pairs = arrangement.together.iter();
            let sum: f64 = pairs.map(|(i, j, _)| (i * 7 + j) as f64).sum();
            vec![sum, -2.0 * sum]
        };
        let mut neighbours = Neighbours::new();
        for index in 0..64_usize {
            let mut arrangement = blocs.state(index).arrange();
            arrangement.code = (0..6)
                .filter(|bit| index >> bit & 1 == 1)
                .map(|bit| 1 << (4 * bit))
                .sum();
            let truth = value(&arrangement);
            if index.count_ones() >= 3 {
                assert_eq!(neighbours.guess(arrangement.code), Some(truth.clone()));
            }
            neighbours.keep(arrangement.code, truth);
        }
    }
}
