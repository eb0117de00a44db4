//! The search for minimal winning coalitions where several criteria count. It meets only
//! coalitions on the verge of winning, but of these there may be millions: so what a coalition
//! is measured by has a fixed width, and nothing is allocated on the way.

use std::ops::ControlFlow;

use acquis_coalitions::{Coalition, bits};

use crate::alternatives::alternatives;
use crate::game::Game;
use crate::middle::Counts;
use crate::power::GameError;
use crate::subsets::Amount;

/// A search whose width is hidden. Coalitions are masks of places in its order.
pub(crate) trait MinimalSearch: Sync {
    /// Visits the minimal winning coalitions that agree with a branch, until the visitor breaks
    /// off.
    fn follow(
        &self,
        branch: Branch,
        visit: &mut dyn FnMut(u64) -> ControlFlow<()>,
    ) -> ControlFlow<()>;

    /// The player at each place.
    fn order(&self) -> &[usize];
}

/// What was said to the players before a place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Branch {
    place: usize,
    places: u64,
}

impl Branch {
    /// Nobody was asked.
    pub(crate) const ROOT: Self = Self {
        place: 0,
        places: 0,
    };

    /// All the answers of the first players.
    pub(crate) fn after(players: usize) -> Vec<Self> {
        let answers = 0..1_u64 << players;
        let branch = |places| Self {
            place: players,
            places,
        };
        answers.map(branch).collect()
    }
}

/// Looks for the least sets of players, neither present nor absent, that win with those present,
/// in a game of at most 64 players.
pub(crate) fn search(
    game: &Game,
    present: Coalition,
    absent: Coalition,
) -> Result<Box<dyn MinimalSearch>, GameError> {
    let too_many = |why| GameError::TooLarge {
        what: "searching for minimal winning coalitions",
        players: game.len(),
        why,
    };
    let Some(quotas) = alternatives(game) else {
        return Err(too_many("takes fewer criteria"));
    };
    let largest = game.vectors.iter().map(|vector| vector.iter().sum());
    let search = if largest.max().unwrap_or(0) < u128::from(u64::MAX) {
        of_width::<u64>(game, &quotas, present, absent)
    } else {
        of_width::<u128>(game, &quotas, present, absent)
    };
    search.ok_or_else(|| too_many("takes at most 15 vectors of weights"))
}

/// The search with the least width that holds all measures.
fn of_width<T: Amount>(
    game: &Game,
    quotas: &[Vec<u128>],
    present: Coalition,
    absent: Coalition,
) -> Option<Box<dyn MinimalSearch>> {
    Some(match game.vectors.len() + 1 {
        ..=2 => Box::new(Search::<T, 2>::new(game, quotas, present, absent)),
        3 => Box::new(Search::<T, 3>::new(game, quotas, present, absent)),
        4 => Box::new(Search::<T, 4>::new(game, quotas, present, absent)),
        5..=8 => Box::new(Search::<T, 8>::new(game, quotas, present, absent)),
        9..=16 => Box::new(Search::<T, 16>::new(game, quotas, present, absent)),
        _ => return None,
    })
}

/// A coalition's members, and its weight by each vector; zeros fill what is left of the width.
type Measures<T, const W: usize> = [T; W];

fn sum<T: Amount, const W: usize>(a: &Measures<T, W>, b: &Measures<T, W>) -> Measures<T, W> {
    std::array::from_fn(|kind| a[kind] + b[kind])
}

fn difference<T: Amount, const W: usize>(a: &Measures<T, W>, b: &Measures<T, W>) -> Measures<T, W> {
    std::array::from_fn(|kind| T::lacking(a[kind], b[kind]))
}

/// Whether one is as large as another by every measure.
#[expect(
    clippy::needless_bitwise_bool,
    reason = "nobody can foretell which measure decides: stopping at the first is slower by a third"
)]
fn reaches<T: Amount, const W: usize>(one: &Measures<T, W>, other: &Measures<T, W>) -> bool {
    (0..W).fold(true, |so_far, kind| so_far & (one[kind] >= other[kind]))
}

/// Players are offered in turn, heavy ones first; a coalition that wins is never enlarged, and
/// one that can't win with all the rest is given up.
struct Search<T, const W: usize> {
    /// A coalition wins that reaches any.
    quotas: Vec<Measures<T, W>>,
    order: Vec<usize>,
    /// Of those who are present from the start.
    start: Measures<T, W>,
    /// By place.
    own: Vec<Measures<T, W>>,
    /// Of all from a place on.
    rest: Vec<Measures<T, W>>,
    /// By place: the earlier places that measure at least as much in everything.
    heavier: Vec<u64>,
}

impl<T: Amount, const W: usize> MinimalSearch for Search<T, W> {
    fn follow(
        &self,
        branch: Branch,
        visit: &mut dyn FnMut(u64) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let members = bits(branch.places).map(|place| &self.own[place]);
        let now = members.fold(self.start, |now, own| sum(&now, own));
        if !self.wins(&now) {
            self.go(branch, &now, visit)
        } else if self.is_minimal(branch.places, 0, &now) {
            visit(branch.places)
        } else {
            ControlFlow::Continue(())
        }
    }

    fn order(&self) -> &[usize] {
        &self.order
    }
}

impl<T: Amount, const W: usize> Search<T, W> {
    fn new(game: &Game, quotas: &[Vec<u128>], present: Coalition, absent: Coalition) -> Self {
        let of_player = |player: usize| {
            let mut measures = [T::default(); W];
            measures[0] = T::from_wide(1);
            for (measure, vector) in measures[1..].iter_mut().zip(&game.vectors) {
                *measure = T::from_wide(vector[player]);
            }
            measures
        };
        let order = heavy_first(game, present.mask() | absent.mask());
        let own: Vec<Measures<T, W>> = order.iter().map(|&player| of_player(player)).collect();
        let mut rest = vec![[T::default(); W]; own.len() + 1];
        for (place, own) in own.iter().enumerate().rev() {
            rest[place] = sum(&rest[place + 1], own);
        }
        let heavier = |place: usize| {
            let earlier = (0..place).filter(|&earlier| reaches(&own[earlier], &own[place]));
            earlier.fold(0, |mask, earlier| mask | 1 << earlier)
        };
        let filled = |quota: &Vec<u128>| {
            std::array::from_fn(|kind| T::from_wide(quota.get(kind).copied().unwrap_or_default()))
        };
        let present = bits(present.mask()).map(of_player);
        Self {
            quotas: quotas.iter().map(filled).collect(),
            start: present.fold([T::default(); W], |start, own| sum(&start, &own)),
            heavier: (0..own.len()).map(heavier).collect(),
            order,
            own,
            rest,
        }
    }

    #[inline]
    fn wins(&self, measures: &Measures<T, W>) -> bool {
        self.quotas.iter().any(|quota| reaches(measures, quota))
    }

    /// Takes each of the players from the branch's place on in turn as the next who is in.
    fn go(
        &self,
        branch: Branch,
        now: &Measures<T, W>,
        visit: &mut dyn FnMut(u64) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        for place in branch.place..self.order.len() {
            if !self.wins(&sum(now, &self.rest[place])) {
                break;
            }
            let joined = sum(now, &self.own[place]);
            let last = 1 << place;
            let places = branch.places | last;
            if !self.wins(&joined) {
                let place = place + 1;
                self.go(Branch { place, places }, &joined, visit)?;
            } else if self.is_minimal(places, last, &joined) {
                visit(places)?;
            }
        }
        ControlFlow::Continue(())
    }

    /// Whether a winning coalition, which is known to lose without those who are `needed`, loses
    /// without any of its members. If it loses without somebody, then also without those who
    /// are at least as heavy.
    #[inline]
    fn is_minimal(&self, places: u64, needed: u64, measures: &Measures<T, W>) -> bool {
        let mut unsettled = places;
        while unsettled != 0 {
            let place = unsettled.ilog2() as usize;
            let is_needed = needed >> place & 1 == 1;
            if !is_needed && self.wins(&difference(measures, &self.own[place])) {
                return false;
            }
            unsettled &= !(1 << place | self.heavier[place]);
        }
        true
    }
}

/// Players who aren't taken, those first who have the largest share of the whole in some vector.
fn heavy_first(game: &Game, taken: u64) -> Vec<usize> {
    let vectors = &game.vectors;
    let totals: Vec<u128> = vectors.iter().map(|vector| vector.iter().sum()).collect();
    let share = |player: usize| {
        let shares = vectors.iter().zip(&totals);
        let shares = shares.map(|(vector, total)| vector[player] as f64 / *total as f64);
        shares.fold(0.0, f64::max)
    };
    let mut order: Vec<usize> = (0..game.len()).filter(|p| taken >> p & 1 == 0).collect();
    order.sort_by(|&a, &b| share(b).total_cmp(&share(a)));
    order
}

/// How many coalitions each player is in, with all players of a size counted at once: bit `p` of
/// plane `k` is bit `k` of the number of player `p`, and a coalition is added as a carry.
pub(crate) struct Tally {
    /// `[size][bit of the number]`
    planes: Vec<[u64; u64::BITS as usize]>,
    numbers: Vec<i64>,
}

impl Tally {
    pub(crate) fn new(players: usize) -> Self {
        Self {
            planes: vec![[0; u64::BITS as usize]; players + 1],
            numbers: vec![0; players + 1],
        }
    }

    #[inline]
    pub(crate) fn add(&mut self, mask: u64) {
        let size = mask.count_ones() as usize;
        self.numbers[size] += 1;
        let mut carry = mask;
        for plane in &mut self.planes[size] {
            let both = *plane & carry;
            *plane ^= carry;
            carry = both;
            if carry == 0 {
                break;
            }
        }
    }

    /// Counts by size, `order` telling the player of each bit.
    pub(crate) fn counts(&self, order: &[usize]) -> Counts {
        let mut counts = Counts::none(order.len());
        counts.winning.clone_from(&self.numbers);
        for (place, &player) in order.iter().enumerate() {
            for (size, planes) in self.planes.iter().enumerate() {
                if self.numbers[size] == 0 {
                    continue;
                }
                let bits = planes.iter().map(|plane| plane >> place & 1);
                let number = bits.rev().fold(0, |number, bit| number << 1 | bit);
                counts.with_member[player][size] = number.cast_signed();
            }
        }
        counts
    }
}
