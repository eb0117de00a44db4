//! The simple game of a rule: who wins when nobody abstains.

use acquis_coalitions::{Coalition, Player, bits};
use num_bigint::BigUint;

use crate::rule::{Rule, Tree};

/// A monotone simple game whose winning coalitions are told by sizes and weights.
///
/// Empty coalitions lose and the coalition of all wins: a [`Rule`] that would say otherwise
/// can't be made.
#[derive(Debug, Clone)]
pub struct Game {
    pub(crate) players: Vec<String>,
    /// Distinct weights, `[vector][player]`, each without a common divisor. Equal votes for
    /// everybody aren't among them: they count members.
    pub(crate) vectors: Vec<Vec<u128>>,
    pub(crate) formula: Formula,
}

/// When a coalition wins.
#[derive(Debug, Clone)]
pub(crate) enum Formula {
    /// At least so many members.
    Members(usize),
    /// Weight by `vector` of at least `quota`.
    Weight {
        vector: usize,
        quota: u128,
    },
    All(Vec<Formula>),
    Any(Vec<Formula>),
}

impl Game {
    pub(crate) fn of(rule: &Rule) -> Self {
        let mut vectors = Vec::new();
        let formula = translate(&rule.tree, &mut vectors);
        Self {
            players: rule.players().to_vec(),
            vectors,
            formula,
        }
    }

    /// Names by position.
    pub fn players(&self) -> &[String] {
        &self.players
    }

    /// How many players.
    pub fn len(&self) -> usize {
        self.players.len()
    }

    /// Never: a rule has players.
    pub fn is_empty(&self) -> bool {
        self.players.is_empty()
    }

    /// Whether a coalition wins. Positions that aren't players' count for nothing.
    pub fn wins(&self, coalition: Coalition) -> bool {
        self.wins_with(|position| coalition.contains(Player::at(position)))
    }

    /// Whether those win of whom `is_member` is true; for any number of players.
    pub fn wins_with(&self, is_member: impl Fn(usize) -> bool) -> bool {
        let n = self.len();
        let members = (0..n).filter(|&position| is_member(position)).count();
        let weight = |vector: &Vec<u128>| -> u128 {
            (0..n).filter(|&p| is_member(p)).map(|p| vector[p]).sum()
        };
        let weights: Vec<u128> = self.vectors.iter().map(weight).collect();
        self.formula.holds(members, &weights)
    }

    pub(crate) fn wins_mask(&self, mask: u64) -> bool {
        let weight = |vector: &Vec<u128>| -> u128 { bits(mask).map(|p| vector[p]).sum() };
        let weights: Vec<u128> = self.vectors.iter().map(weight).collect();
        self.formula.holds(mask.count_ones() as usize, &weights)
    }

    /// Players without whom all the others lose.
    pub fn veto_players(&self) -> Vec<Player> {
        let vetoes = |&player: &usize| !self.wins_with(|position| position != player);
        (0..self.len()).filter(vetoes).map(Player::at).collect()
    }

    /// The player who wins alone and without whom the others lose.
    pub fn dictator(&self) -> Option<Player> {
        let mut vetoes = self.veto_players().into_iter();
        vetoes.find(|player| self.wins_with(|position| position == player.position()))
    }
}

impl Formula {
    /// Whether it holds for this many members with these weights by vector.
    pub(crate) fn holds(&self, members: usize, weights: &[u128]) -> bool {
        match self {
            Self::Members(least) => members >= *least,
            Self::Weight { vector, quota } => weights[*vector] >= *quota,
            Self::All(parts) => parts.iter().all(|part| part.holds(members, weights)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(members, weights)),
        }
    }
}

fn translate(tree: &Tree, vectors: &mut Vec<Vec<u128>>) -> Formula {
    let mut join = |parts: &[Tree]| parts.iter().map(|part| translate(part, vectors)).collect();
    match tree {
        Tree::All(parts) => Formula::All(join(parts)),
        Tree::Any(parts) => Formula::Any(join(parts)),
        Tree::Count(count) => {
            let divisor = count.votes.iter().fold(0, |a, &b| greatest_divisor(a, b));
            let votes: Vec<u128> = count.votes.iter().map(|vote| vote / divisor).collect();
            let quota = count.least_in_favour().div_ceil(divisor);
            if votes.iter().all(|&vote| vote == 1) {
                return Formula::Members(usize::try_from(quota).unwrap_or(usize::MAX));
            }
            let known = vectors.iter().position(|vector| *vector == votes);
            let vector = known.unwrap_or_else(|| {
                vectors.push(votes);
                vectors.len() - 1
            });
            Formula::Weight { vector, quota }
        }
    }
}

fn greatest_divisor(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// What a coalition of each size must weigh, where weights by one vector are all that counts
/// beside size.
#[derive(Debug, Clone)]
pub(crate) struct Staircase {
    /// Zeros if only size counts.
    pub(crate) weights: Vec<u128>,
    /// `[size]`, from 0 to the number of players: the least weight that wins, `None` if none
    /// does. Never rises with size.
    pub(crate) least: Vec<Option<u128>>,
}

impl Game {
    /// The game as a staircase, if at most one vector of weights counts.
    pub(crate) fn staircase(&self) -> Option<Staircase> {
        let weights = match self.vectors.as_slice() {
            [] => vec![0; self.len()],
            [weights] => weights.clone(),
            _ => return None,
        };
        let total: u128 = weights.iter().sum();
        let reachable = |least: &u128| *least <= total;
        let least = (0..=self.len()).map(|size| self.formula.least(size).filter(reachable));
        Some(Staircase {
            least: least.collect(),
            weights,
        })
    }

    /// The single quota of a game in which weight alone counts.
    pub(crate) fn quota(&self) -> Option<(&[u128], u128)> {
        let [weights] = self.vectors.as_slice() else {
            return None;
        };
        let mut by_size = (0..=self.len()).map(|size| self.formula.least(size));
        let quota = by_size.next()??;
        by_size
            .all(|least| least == Some(quota))
            .then_some((weights, quota))
    }
}

impl Formula {
    /// The least weight that wins with so many members, where there is one vector at most.
    fn least(&self, members: usize) -> Option<u128> {
        match self {
            Self::Members(least) => (members >= *least).then_some(0),
            Self::Weight { quota, .. } => Some(*quota),
            // `None` is below every number in the order of options: so the stricter of all is
            // found by hand.
            Self::All(parts) => parts
                .iter()
                .map(|part| part.least(members))
                .try_fold(0, |strictest, least| Some(strictest.max(least?))),
            Self::Any(parts) => parts.iter().filter_map(|part| part.least(members)).min(),
        }
    }
}

/// `2^n`
pub(crate) fn coalitions(n: usize) -> BigUint {
    BigUint::from(1_u32) << n
}
