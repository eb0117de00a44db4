//! Can two coalitions without a common member both win? Such a rule, called improper, can
//! adopt a decision and its opposite.

use acquis_coalitions::Coalition;

use crate::game::{Formula, Game};

/// Whether two disjoint coalitions can both win.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Propriety {
    /// Any two winning coalitions have a common member.
    Proper,
    /// These two don't.
    Improper {
        /// A winning coalition.
        one: Coalition,
        /// Another, all of whose members are outside the first.
        other: Coalition,
    },
    /// No two were found, but not all could be looked at.
    Unknown,
}

/// Alternatives that are compared in pairs at most.
const MOST_ALTERNATIVES: usize = 256;
/// Partial divisions that are looked at.
const MOST_STEPS: usize = 1 << 22;

impl Game {
    /// Whether the rule is proper.
    ///
    /// Any two ways to win that ask for more than all of something together (members, or
    /// weight by one vector) prove it; otherwise divisions into two sides are searched.
    pub fn propriety(&self) -> Propriety {
        if self.is_proper_by_quotas() {
            return Propriety::Proper;
        }
        if self.len() > Coalition::WIDTH {
            return Propriety::Unknown;
        }
        let share = |player: usize| {
            let vectors = self.vectors.iter();
            let shares = vectors.map(|v| v[player] as f64 / v.iter().sum::<u128>() as f64);
            shares.fold(0.0, f64::max)
        };
        let mut order: Vec<usize> = (0..self.len()).collect();
        order.sort_by(|&a, &b| share(b).total_cmp(&share(a)));
        let mut search = Search {
            game: self,
            order,
            steps: 0,
        };
        match search.divide(0, [0, 0]) {
            Some([one, other]) => Propriety::Improper {
                one: Coalition::from_mask(one),
                other: Coalition::from_mask(other),
            },
            None if search.steps > MOST_STEPS => Propriety::Unknown,
            None => Propriety::Proper,
        }
    }

    /// A sentence for the user of an improper rule, `None` of any other.
    pub fn warning(&self) -> Option<String> {
        let Propriety::Improper { one, other } = self.propriety() else {
            return None;
        };
        let names = |coalition: Coalition| {
            let names = coalition
                .players()
                .map(|player| &*self.players()[player.position()]);
            names.collect::<Vec<_>>().join(", ")
        };
        Some(format!(
            "two coalitions without a common member can both win: {} against {}",
            names(one),
            names(other)
        ))
    }

    fn is_proper_by_quotas(&self) -> bool {
        let Some(ways) = alternatives(&self.formula, self.vectors.len()) else {
            return false;
        };
        let totals: Vec<u128> = self.vectors.iter().map(|v| v.iter().sum()).collect();
        let meet = |a: &Way, b: &Way| {
            let quotas = a.quotas.iter().zip(&b.quotas).zip(&totals);
            a.members.saturating_add(b.members) > self.len()
                || quotas.into_iter().any(|((a, b), total)| a + b > *total)
        };
        ways.iter().all(|a| ways.iter().all(|b| meet(a, b)))
    }
}

/// What suffices to win: so many members, and so much weight by each vector.
#[derive(Clone)]
struct Way {
    members: usize,
    quotas: Vec<u128>,
}

/// The formula as alternatives; `None` if there are too many.
fn alternatives(formula: &Formula, vectors: usize) -> Option<Vec<Way>> {
    let free = Way {
        members: 0,
        quotas: vec![0; vectors],
    };
    match formula {
        Formula::Members(members) => Some(vec![Way {
            members: *members,
            ..free
        }]),
        Formula::Weight { vector, quota } => {
            let mut way = free;
            way.quotas[*vector] = *quota;
            Some(vec![way])
        }
        Formula::Any(parts) => {
            let mut ways = Vec::new();
            for part in parts {
                ways.extend(alternatives(part, vectors)?);
            }
            (ways.len() <= MOST_ALTERNATIVES).then_some(ways)
        }
        Formula::All(parts) => parts.iter().try_fold(vec![free], |ways, part| {
            let more = alternatives(part, vectors)?;
            let both = |a: &Way, b: &Way| Way {
                members: a.members.max(b.members),
                quotas: a
                    .quotas
                    .iter()
                    .zip(&b.quotas)
                    .map(|(a, b)| *a.max(b))
                    .collect(),
            };
            let joined = ways
                .iter()
                .flat_map(|a| more.iter().map(move |b| both(a, b)));
            let joined: Vec<Way> = joined.collect();
            (joined.len() <= MOST_ALTERNATIVES).then_some(joined)
        }),
    }
}

struct Search<'a> {
    game: &'a Game,
    order: Vec<usize>,
    steps: usize,
}

impl Search<'_> {
    /// Gives every player from `place` on to one of two sides so that both win.
    fn divide(&mut self, place: usize, sides: [u64; 2]) -> Option<[u64; 2]> {
        self.steps += 1;
        if self.steps > MOST_STEPS {
            return None;
        }
        let rest = self.order[place..]
            .iter()
            .fold(0, |rest, &p| rest | 1_u64 << p);
        if !sides.iter().all(|side| self.game.wins_mask(side | rest)) {
            return None;
        }
        let Some(&player) = self.order.get(place) else {
            return Some(sides);
        };
        let [one, other] = sides;
        let joined = [[one | 1 << player, other], [one, other | 1 << player]];
        // The two sides are alike until somebody is on one.
        let tried = if place == 0 {
            &joined[..1]
        } else {
            &joined[..]
        };
        tried
            .iter()
            .find_map(|sides| self.divide(place + 1, *sides))
    }
}
