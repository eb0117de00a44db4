//! Fewer points: what a page cannot show goes, line by line, so that neighbours keep one border.

use std::collections::BTreeMap;

use crate::chains::{Chained, Line, NOBODY, Run};

/// A point goes if the triangle with its neighbours is smaller than this, in square degrees of
/// the equator: some 6 km by 6 km (Visvalingam and Whyatt 1993).
const TRIANGLE: f64 = 0.003;
/// An islet goes if it is smaller than this, unless it is the largest land of its area.
const ISLET: f64 = 0.012;

/// Simplifies the lines of all areas in place, and drops rings that nobody would see.
pub(crate) fn simplify(map: &mut Chained) {
    drop_islets(map);
    for line in &mut map.lines {
        line.points = thinned(&line.points);
    }
    // Lines that no ring runs along any more are of no use.
    let mut kept: BTreeMap<usize, usize> = BTreeMap::new();
    for (line, _) in map.rings.values().flatten().flatten() {
        let next = kept.len();
        kept.entry(*line).or_insert(next);
    }
    let mut lines: Vec<(usize, Line)> = std::mem::take(&mut map.lines)
        .into_iter()
        .enumerate()
        .filter_map(|(at, line)| Some((*kept.get(&at)?, line)))
        .collect();
    lines.sort_by_key(|(at, _)| *at);
    map.lines = lines.into_iter().map(|(_, line)| line).collect();
    for (line, _) in map.rings.values_mut().flatten().flatten() {
        *line = kept[line];
    }
}

/// Only rings of a single line with the sea around it can go without leaving a hole.
fn drop_islets(map: &mut Chained) {
    let lines = &map.lines;
    for rings in map.rings.values_mut() {
        let area = |ring: &Vec<Run>| -> f64 {
            let points: Vec<[f64; 2]> = ring
                .iter()
                .flat_map(|(line, _)| lines[*line].points.clone())
                .collect();
            area(&points)
        };
        let largest = rings.iter().map(area).fold(0.0_f64, f64::max);
        rings.retain(|ring| {
            let alone = ring.len() == 1 && lines[ring[0].0].sides.contains(&NOBODY);
            !alone || area(ring) >= ISLET.min(largest)
        });
    }
}

/// The size of a ring in square degrees of the equator.
pub(crate) fn area(points: &[[f64; 2]]) -> f64 {
    let width = points.iter().map(|[_, y]| y).sum::<f64>() / points.len() as f64;
    let twice: f64 = points
        .iter()
        .zip(points.iter().cycle().skip(1))
        .map(|([ax, ay], [bx, by])| ax * by - bx * ay)
        .sum();
    (twice / 2.0).abs() * width.to_radians().cos()
}

fn thinned(points: &[[f64; 2]]) -> Vec<[f64; 2]> {
    let mut kept = points.to_vec();
    let closed = points.first() == points.last();
    let least = if closed { 5 } else { 2 };
    // An island keeps its shape, however small.
    let smallest_kept = if closed {
        TRIANGLE.min(area(points) / 50.0)
    } else {
        TRIANGLE
    };
    while kept.len() > least {
        let smallest = (1..kept.len() - 1)
            .map(|at| (triangle(&kept[at - 1..=at + 1]), at))
            .min_by(|one, other| one.0.total_cmp(&other.0));
        match smallest {
            Some((triangle, at)) if triangle < smallest_kept => kept.remove(at),
            _ => break,
        };
    }
    kept
}

fn triangle(points: &[[f64; 2]]) -> f64 {
    let [[ax, ay], [bx, by], [cx, cy]] = [points[0], points[1], points[2]];
    let twice = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay);
    (twice / 2.0).abs() * by.to_radians().cos()
}
