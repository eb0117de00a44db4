//! How much each point of a line matters (Visvalingam and Whyatt 1993).
//!
//! The point whose triangle with its neighbours is smallest goes first, then the next, each with
//! the triangle it has by then. Done once, a line can be drawn at any size by leaving out the
//! points below a threshold, and neighbours that share the line keep sharing it.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// The weight of each point, in square degrees of the equator; the ends weigh most.
pub(super) fn weights(points: &[[f64; 2]]) -> Vec<f64> {
    let count = points.len();
    let mut weights = vec![f64::INFINITY; count];
    let mut before: Vec<usize> = (0..count).map(|at| at.saturating_sub(1)).collect();
    let mut after: Vec<usize> = (0..count).map(|at| at + 1).collect();
    let triangle = |at: usize, before: &[usize], after: &[usize]| {
        size(points[before[at]], points[at], points[after[at]])
    };
    let mut open: BinaryHeap<Reverse<(Ordered, usize)>> = (1..count.saturating_sub(1))
        .map(|at| Reverse((Ordered(triangle(at, &before, &after)), at)))
        .collect();
    let mut current: Vec<f64> = (0..count)
        .map(|at| {
            if at == 0 || at + 1 >= count {
                f64::INFINITY
            } else {
                triangle(at, &before, &after)
            }
        })
        .collect();
    let mut least = 0.0_f64;
    while let Some(Reverse((Ordered(area), at))) = open.pop() {
        // An entry that a neighbour's going has made stale, or a point that has gone.
        if weights[at] < f64::INFINITY || area.total_cmp(&current[at]).is_ne() {
            continue;
        }
        // A point never matters less than one that went before it.
        least = least.max(area);
        weights[at] = least;
        let (left, right) = (before[at], after[at]);
        after[left] = right;
        before[right] = left;
        for neighbour in [left, right] {
            if neighbour > 0 && neighbour + 1 < count {
                current[neighbour] = triangle(neighbour, &before, &after);
                open.push(Reverse((Ordered(current[neighbour]), neighbour)));
            }
        }
    }
    weights
}

fn size([ax, ay]: [f64; 2], [bx, by]: [f64; 2], [cx, cy]: [f64; 2]) -> f64 {
    let twice = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay);
    (twice / 2.0).abs() * by.to_radians().cos()
}

#[derive(Clone, Copy, PartialEq)]
struct Ordered(f64);

impl Eq for Ordered {}

impl PartialOrd for Ordered {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ordered {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_on_a_straight_line_goes_first_and_a_cape_last() {
        let weights = weights(&[[0.0, 0.0], [1.0, 0.0], [2.0, 0.0], [3.0, 2.0], [9.0, 0.0]]);
        assert!(weights[0].is_infinite() && weights[4].is_infinite());
        assert!(
            weights[1] <= weights[2] && weights[2] < weights[3],
            "{weights:?}"
        );
        assert!(weights[1].abs() < 1e-12);
    }

    #[test]
    fn lines_of_two_points_are_kept_whole() {
        assert!(
            weights(&[[0.0, 0.0], [1.0, 1.0]])
                .iter()
                .all(|w| w.is_infinite())
        );
        assert!(weights(&[]).is_empty());
    }
}
