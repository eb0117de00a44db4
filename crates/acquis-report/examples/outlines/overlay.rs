//! Two coverages of nearly the same lines, laid over each other.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};
use std::error::Error;

use crate::Owners;
use crate::source::Ring;

/// Points of the two sources closer than this are one point: the coarser of them is rounded to
/// 0.0036 degrees.
const SAME: f64 = 0.003;

/// A stretch of a line, from the lower to the higher number of its points, with what lies to
/// its left and its right.
pub(crate) struct Segments {
    pub(crate) points: Vec<[f64; 2]>,
    pub(crate) sides: BTreeMap<(usize, usize), [Owners; 2]>,
}

/// What a source has to the left and the right of its stretches.
type Sides = BTreeMap<(usize, usize), [Option<usize>; 2]>;

/// The stretches of both sources, with the owners that each gives to both sides.
pub(crate) fn overlay(sources: &[Vec<Ring>; 2]) -> Result<Segments, Box<dyn Error>> {
    let mut points = Points::default();
    let rings: Vec<Vec<(usize, Vec<usize>)>> = sources
        .iter()
        .map(|source| {
            source
                .iter()
                .map(|ring| (ring.owner, points.numbered(&ring.points)))
                .collect()
        })
        .collect();
    let [mut first, second] = <[_; 2]>::try_from(rings).map_err(|_| "two sources")?;
    join_borders(&mut first, &second, &points.all);
    let graph = Graph::of(&first);
    let second: Vec<(usize, Vec<usize>)> = second
        .into_iter()
        .map(|(owner, ring)| (owner, graph.traced(&ring, &points.all)))
        .collect();
    let sides = [sides(&first, &points.all), sides(&second, &points.all)];
    let rings = [first, second];
    let mut all: Vec<(usize, usize)> = sides.iter().flat_map(|of| of.keys().copied()).collect();
    all.sort_unstable();
    all.dedup();
    let mut joined = BTreeMap::new();
    for key in all {
        let [one, other] = [0, 1].map(|source| {
            sides[source].get(&key).copied().unwrap_or_else(|| {
                let inside = owner_at(&rings[source], key, &points.all);
                [inside, inside]
            })
        });
        let of = |side: usize| settled([one[side], other[side]]);
        if of(0) != of(1) {
            joined.insert(key, [of(0), of(1)]);
        }
    }
    drop_slivers(&mut joined, &points.all);
    Ok(Segments {
        points: points.all,
        sides: joined,
    })
}

/// Where the sources differ by less than this, in square degrees, they differ in their rounding.
const SLIVER: f64 = 0.01;

/// Gives slivers to the state that the first source draws them in.
fn drop_slivers(joined: &mut BTreeMap<(usize, usize), [Owners; 2]>, points: &[[f64; 2]]) {
    let mut sizes: BTreeMap<Owners, f64> = BTreeMap::new();
    for ((from, to), [left, right]) in &*joined {
        let ([ax, ay], [bx, by]) = (points[*from], points[*to]);
        let half = (ax * by - bx * ay) / 2.0;
        *sizes.entry(*left).or_default() += half;
        *sizes.entry(*right).or_default() -= half;
    }
    let settle = |owners: &mut Owners| {
        if owners[0] != owners[1] && sizes[owners].abs() < SLIVER {
            owners[1] = owners[0];
        }
    };
    for sides in joined.values_mut() {
        sides.iter_mut().for_each(settle);
    }
    joined.retain(|_, [left, right]| left != right);
}

/// Land that only one of them has at all is nobody's quarrel.
fn settled(owners: Owners) -> Owners {
    match owners {
        [Some(one), None] | [None, Some(one)] => [Some(one), Some(one)],
        both => both,
    }
}

/// Points by their numbers, found again by their place.
#[derive(Default)]
struct Points {
    all: Vec<[f64; 2]>,
    cells: BTreeMap<(i64, i64), Vec<usize>>,
}

impl Points {
    /// The numbers of a ring's points; the 180th meridian is one line, whichever its sign.
    fn numbered(&mut self, ring: &[[f64; 2]]) -> Vec<usize> {
        let mut numbers: Vec<usize> = ring.iter().map(|point| self.number(*point)).collect();
        numbers.dedup();
        numbers
    }

    fn number(&mut self, [x, y]: [f64; 2]) -> usize {
        let point = [if x > 179.999 { -180.0 } else { x }, y];
        let cell = (cell(point[0]), cell(point[1]));
        let near = |at: &usize| distance(self.all[*at], point);
        let mut best: Option<(f64, usize)> = None;
        for dx in -1..=1 {
            for dy in -1..=1 {
                for at in self
                    .cells
                    .get(&(cell.0 + dx, cell.1 + dy))
                    .into_iter()
                    .flatten()
                {
                    if best.is_none_or(|(least, _)| near(at) < least) {
                        best = Some((near(at), *at));
                    }
                }
            }
        }
        if let Some((least, at)) = best
            && least < SAME
        {
            return at;
        }
        self.all.push(point);
        self.cells.entry(cell).or_default().push(self.all.len() - 1);
        self.all.len() - 1
    }
}

#[allow(clippy::cast_possible_truncation, reason = "degrees are small")]
fn cell(degrees: f64) -> i64 {
    (degrees / SAME).floor() as i64
}

fn distance(one: [f64; 2], other: [f64; 2]) -> f64 {
    (one[0] - other[0]).hypot(one[1] - other[1])
}

/// A border that only the second source has begins on lines of the first: its ends become
/// points of those lines.
fn join_borders(
    first: &mut [(usize, Vec<usize>)],
    second: &[(usize, Vec<usize>)],
    points: &[[f64; 2]],
) {
    let known: BTreeSet<usize> = first
        .iter()
        .flat_map(|(_, ring)| ring.iter().copied())
        .collect();
    let others = second.iter().flat_map(|(_, ring)| ring.iter().copied());
    let new: BTreeSet<usize> = others.filter(|at| !known.contains(at)).collect();
    for (_, ring) in first {
        for &end in &new {
            let on_it = |pair: &[usize]| lies_on(points[end], points[pair[0]], points[pair[1]]);
            if let Some(at) = ring.windows(2).position(on_it) {
                ring.insert(at + 1, end);
            }
        }
    }
}

fn lies_on([x, y]: [f64; 2], [ax, ay]: [f64; 2], [bx, by]: [f64; 2]) -> bool {
    let (dx, dy) = (bx - ax, by - ay);
    let share = ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy);
    share > 0.0 && share < 1.0 && distance([x, y], [ax + share * dx, ay + share * dy]) < 2.0 * SAME
}

/// Which points a source's lines join.
struct Graph(BTreeMap<usize, Vec<usize>>);

impl Graph {
    fn of(rings: &[(usize, Vec<usize>)]) -> Self {
        let mut joined: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (_, ring) in rings {
            for pair in ring.windows(2) {
                joined.entry(pair[0]).or_default().push(pair[1]);
                joined.entry(pair[1]).or_default().push(pair[0]);
            }
        }
        for neighbours in joined.values_mut() {
            neighbours.sort_unstable();
            neighbours.dedup();
        }
        Self(joined)
    }

    /// A ring whose stretches follow this graph's lines wherever those run close by.
    fn traced(&self, ring: &[usize], points: &[[f64; 2]]) -> Vec<usize> {
        let mut traced: Vec<usize> = ring.first().copied().into_iter().collect();
        for pair in ring.windows(2) {
            match self.path(pair[0], pair[1], points) {
                Some(path) => traced.extend(path),
                None => traced.push(pair[1]),
            }
        }
        traced
    }

    /// The shortest way between two points along the lines, if it is hardly longer than the
    /// straight one; without its first point.
    fn path(&self, from: usize, to: usize, points: &[[f64; 2]]) -> Option<Vec<usize>> {
        const SCALE: f64 = 1e6;
        let straight = distance(points[from], points[to]);
        let most = 1.6 * straight + 0.03;
        let mut best: BTreeMap<usize, (u64, usize)> = BTreeMap::new();
        let mut open = BinaryHeap::from([(Reverse(0_u64), from)]);
        best.insert(from, (0, from));
        while let Some((Reverse(length), at)) = open.pop() {
            if at == to {
                break;
            }
            for &next in self.0.get(&at).into_iter().flatten() {
                #[allow(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "millionths of a degree"
                )]
                let further = length + (distance(points[at], points[next]) * SCALE) as u64;
                let better = best.get(&next).is_none_or(|(known, _)| further < *known);
                if further as f64 <= most * SCALE && better {
                    best.insert(next, (further, at));
                    open.push((Reverse(further), next));
                }
            }
        }
        best.get(&to)?;
        let mut path = vec![to];
        let mut at = to;
        while best[&at].1 != from {
            at = best[&at].1;
            path.push(at);
        }
        path.reverse();
        Some(path)
    }
}

/// Rings run clockwise around their land, so it lies to the right. A stretch that one country
/// runs along both ways is no border: land that rounding has pressed flat, unless it is the cut
/// along the 180th meridian.
fn sides(rings: &[(usize, Vec<usize>)], points: &[[f64; 2]]) -> Sides {
    let mut sides = Sides::new();
    for (owner, ring) in rings {
        for pair in ring.windows(2).filter(|pair| pair[0] != pair[1]) {
            let key = (pair[0].min(pair[1]), pair[0].max(pair[1]));
            let right = usize::from(pair[0] < pair[1]);
            sides.entry(key).or_default()[right] = Some(*owner);
        }
    }
    let on_cut = |at: usize| points[at][0] < -179.999;
    sides.retain(|(from, to), [left, right]| left != right || (on_cut(*from) && on_cut(*to)));
    sides
}

/// Whose land the middle of a stretch lies in.
fn owner_at(
    rings: &[(usize, Vec<usize>)],
    (from, to): (usize, usize),
    points: &[[f64; 2]],
) -> Option<usize> {
    let x = f64::midpoint(points[from][0], points[to][0]);
    let y = f64::midpoint(points[from][1], points[to][1]);
    let mut inside: BTreeMap<usize, bool> = BTreeMap::new();
    for (owner, ring) in rings {
        // Longitudes run on without a jump, and the point is looked for once around.
        let mut turn = 0.0;
        for pair in ring.windows(2) {
            let ([ax, ay], [bx, by]) = (points[pair[0]], points[pair[1]]);
            let next = turn - 360.0 * ((bx - ax) / 360.0).round();
            let (from, to) = (ax + turn, bx + next);
            turn = next;
            for around in [x - 360.0, x, x + 360.0] {
                if (ay > y) != (by > y) && around < (to - from) * (y - ay) / (by - ay) + from {
                    let inside = inside.entry(*owner).or_default();
                    *inside = !*inside;
                }
            }
        }
    }
    inside
        .into_iter()
        .find(|(_, inside)| *inside)
        .map(|(owner, _)| owner)
}
