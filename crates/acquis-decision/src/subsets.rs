//! All subsets of a few units, in classes of equal number, each sorted by weight: the halves
//! of meeting in the middle (Horowitz and Sahni 1974).

use std::ops::Add;

/// A sum of weights: `u64` where all totals fit, else `u128`.
pub(crate) trait Amount:
    Copy + Ord + Add<Output = Self> + Default + Send + Sync + 'static
{
    /// The amount, or the largest there is.
    fn from_wide(wide: u128) -> Self;
    /// `quota - have`, not below zero.
    fn lacking(quota: Self, have: Self) -> Self;
}

impl Amount for u64 {
    fn from_wide(wide: u128) -> Self {
        Self::try_from(wide).unwrap_or(Self::MAX)
    }
    fn lacking(quota: Self, have: Self) -> Self {
        quota.saturating_sub(have)
    }
}

impl Amount for u128 {
    fn from_wide(wide: u128) -> Self {
        wide
    }
    fn lacking(quota: Self, have: Self) -> Self {
        quota.saturating_sub(have)
    }
}

/// What joins or stays away as one: a player, or a union of several.
#[derive(Debug, Clone)]
pub(crate) struct Unit {
    /// How many players.
    pub(crate) members: usize,
    /// Weights by vector.
    pub(crate) weights: Vec<u128>,
}

/// Subsets with the same number of units and of members.
#[derive(Debug)]
pub(crate) struct Class<T> {
    pub(crate) units: usize,
    pub(crate) members: usize,
    /// Units in each subset; rows ascend by the first vector's sums.
    pub(crate) masks: Vec<u32>,
    /// `[vector][row]`
    pub(crate) sums: Vec<Vec<T>>,
}

/// Units whose subsets are listed at most.
pub(crate) const MOST_UNITS: usize = 22;

/// Lists the subsets of at most [`MOST_UNITS`] units, at least one vector of weights.
pub(crate) fn classes<T: Amount>(units: &[Unit], vectors: usize) -> Vec<Class<T>> {
    let subsets = 1_usize << units.len();
    let mut members = vec![0_u32; subsets];
    let mut sums = vec![vec![T::default(); subsets]; vectors];
    for (place, unit) in units.iter().enumerate() {
        let half = 1 << place;
        for (vector, sums) in sums.iter_mut().enumerate() {
            let weight = T::from_wide(unit.weights[vector]);
            let (without, with) = sums.split_at_mut(half);
            for (with, without) in with.iter_mut().zip(without) {
                *with = *without + weight;
            }
        }
        let joining = u32::try_from(unit.members).unwrap_or(u32::MAX);
        let (without, with) = members.split_at_mut(half);
        for (with, without) in with.iter_mut().zip(without) {
            *with = without.saturating_add(joining);
        }
    }
    let kind = |mask: u32| (mask.count_ones() as usize, members[mask as usize] as usize);
    let mut order: Vec<u32> = (0..u32::try_from(subsets).unwrap_or(u32::MAX)).collect();
    order.sort_unstable_by_key(|&mask| (kind(mask), sums[0][mask as usize], mask));
    let same_kind = order.chunk_by(|&a, &b| kind(a) == kind(b));
    let class = |masks: &[u32]| {
        let (units, members) = kind(masks[0]);
        let listed = |sums: &Vec<T>| masks.iter().map(|&mask| sums[mask as usize]).collect();
        Class {
            units,
            members,
            masks: masks.to_vec(),
            sums: sums.iter().map(listed).collect(),
        }
    };
    same_kind.map(class).collect()
}

/// For every row of `queries`, the rows of `points` with which it meets every quota.
/// `counts` is overwritten.
pub(crate) fn count_partners<T: Amount>(
    queries: &Class<T>,
    points: &Class<T>,
    quotas: &[T],
    counts: &mut Vec<u64>,
) {
    counts.clear();
    if quotas.len() == 1 {
        count_along(&queries.sums[0], &points.sums[0], quotas[0], counts);
        return;
    }
    counts.resize(queries.masks.len(), 0);
    let needs = |vector: usize| {
        let lacking = |&have: &T| T::lacking(quotas[vector], have);
        queries.sums[vector].iter().map(lacking).collect()
    };
    let search = Dominance {
        needs: (0..quotas.len()).map(needs).collect::<Vec<Vec<T>>>(),
        have: &points.sums,
    };
    // Rows that lack least come first.
    let rows = |n: usize| (0..u32::try_from(n).unwrap_or(u32::MAX)).collect::<Vec<_>>();
    let mut queries = rows(queries.masks.len());
    queries.reverse();
    let points = rows(points.masks.len());
    search.count(quotas.len() - 1, &queries, &points, counts);
}

/// Both ascend: as the query's weight rises, ever lighter points do.
fn count_along<T: Amount>(queries: &[T], points: &[T], quota: T, counts: &mut Vec<u64>) {
    let mut below = points.len();
    counts.extend(queries.iter().map(|&have| {
        let lacking = T::lacking(quota, have);
        while below > 0 && points[below - 1] >= lacking {
            below -= 1;
        }
        (points.len() - below) as u64
    }));
}

/// Counting, for every query, the points that have at least what it needs in every vector, by
/// dividing at the median of one vector after the other (Bentley 1980).
struct Dominance<'a, T> {
    /// `[vector][query]`
    needs: Vec<Vec<T>>,
    /// `[vector][point]`
    have: &'a [Vec<T>],
}

/// Products of queries and points up to this are counted one by one.
const FEW: usize = 256;

impl<T: Amount> Dominance<'_, T> {
    /// Counts by vectors `0..=last`; both lists ascend by vector 0.
    fn count(&self, last: usize, queries: &[u32], points: &[u32], counts: &mut [u64]) {
        if queries.is_empty() || points.is_empty() {
            return;
        }
        if last == 0 {
            self.merge(queries, points, counts);
            return;
        }
        if queries.len().saturating_mul(points.len()) <= FEW {
            self.one_by_one(last, queries, points, counts);
            return;
        }
        let have = &self.have[last];
        let need = &self.needs[last];
        let mut values: Vec<T> = points.iter().map(|&point| have[point as usize]).collect();
        let middle = values.len() / 2;
        let median = *values.select_nth_unstable(middle).1;
        // A pivot above the least value, so that both sides are smaller; if all points have
        // the same, the vector is decided.
        let least = values.iter().copied().min().unwrap_or(median);
        let pivot = if median > least {
            Some(median)
        } else {
            values.iter().copied().filter(|&value| value > least).min()
        };
        let Some(pivot) = pivot else {
            let content = |query: &u32| need[*query as usize] <= least;
            let content: Vec<u32> = queries.iter().copied().filter(content).collect();
            self.count(last - 1, &content, points, counts);
            return;
        };
        let (modest, demanding) = partition(queries, |query| need[query as usize] <= pivot);
        let (rich, poor) = partition(points, |point| have[point as usize] >= pivot);
        self.count(last - 1, &modest, &rich, counts);
        self.count(last, &modest, &poor, counts);
        self.count(last, &demanding, &rich, counts);
    }

    fn merge(&self, queries: &[u32], points: &[u32], counts: &mut [u64]) {
        let mut below = 0;
        for &query in queries {
            let need = self.needs[0][query as usize];
            while below < points.len() && self.have[0][points[below] as usize] < need {
                below += 1;
            }
            counts[query as usize] += (points.len() - below) as u64;
        }
    }

    fn one_by_one(&self, last: usize, queries: &[u32], points: &[u32], counts: &mut [u64]) {
        for &query in queries {
            let suffices = |point: &&u32| {
                let mut vectors = 0..=last;
                vectors.all(|k| self.have[k][**point as usize] >= self.needs[k][query as usize])
            };
            counts[query as usize] += points.iter().filter(suffices).count() as u64;
        }
    }
}

fn partition(rows: &[u32], is_first: impl Fn(u32) -> bool) -> (Vec<u32>, Vec<u32>) {
    rows.iter().copied().partition(|&row| is_first(row))
}
