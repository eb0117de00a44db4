//! Stretches joined to lines between the points where areas meet, and lines to rings.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;

use crate::Owners;
use crate::overlay::Segments;

/// A line between two areas, with the area to its left and to its right.
pub(crate) struct Line {
    /// Longitudes run on without a jump, so they may pass 180.
    pub(crate) points: Vec<[f64; 2]>,
    pub(crate) sides: [Owners; 2],
}

/// A line in a ring, and whether it is run backwards.
pub(crate) type Run = (usize, bool);

/// The rings of each area.
pub(crate) type Rings = BTreeMap<Owners, Vec<Vec<Run>>>;

/// The lines of all areas, and the rings of each, their land to the right.
pub(crate) struct Chained {
    pub(crate) lines: Vec<Line>,
    pub(crate) rings: Rings,
}

/// The sea, and all else that is nobody's.
pub(crate) const NOBODY: Owners = [None, None];

/// Joins the stretches.
pub(crate) fn chain(segments: &Segments) -> Result<Chained, Box<dyn Error>> {
    let mut joined: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (from, to) in segments.sides.keys() {
        joined.entry(*from).or_default().push(*to);
        joined.entry(*to).or_default().push(*from);
    }
    let mut chains = Chains {
        segments,
        joined,
        done: BTreeSet::new(),
        lines: Vec::new(),
    };
    chains.run();
    let rings = rings(&chains.lines)?;
    let lines = chains
        .lines
        .into_iter()
        .map(|(numbers, sides)| Line {
            points: unrolled(numbers.iter().map(|at| segments.points[*at])),
            sides,
        })
        .collect();
    Ok(Chained { lines, rings })
}

/// Points as numbers, with the areas at both sides.
type NumberedLine = (Vec<usize>, [Owners; 2]);

struct Chains<'a> {
    segments: &'a Segments,
    joined: BTreeMap<usize, Vec<usize>>,
    done: BTreeSet<(usize, usize)>,
    lines: Vec<NumberedLine>,
}

impl Chains<'_> {
    /// First the lines that begin where areas meet, then those that meet nothing.
    fn run(&mut self) {
        let meeting: Vec<usize> = self
            .joined
            .keys()
            .copied()
            .filter(|at| self.meets(*at))
            .collect();
        let others: Vec<usize> = self
            .joined
            .keys()
            .copied()
            .filter(|at| !self.meets(*at))
            .collect();
        for start in meeting.into_iter().chain(others) {
            for next in self.joined[&start].clone() {
                if !self.done.contains(&key(start, next)) {
                    self.line(start, next);
                }
            }
        }
    }

    /// Whether something begins or ends at a point.
    fn meets(&self, at: usize) -> bool {
        match self.joined[&at].as_slice() {
            [one, other] => self.sides(*one, at) != self.sides(at, *other),
            _ => true,
        }
    }

    /// The areas to the left and the right of a stretch that is run from one point to another.
    fn sides(&self, from: usize, to: usize) -> [Owners; 2] {
        let [left, right] = self.segments.sides[&key(from, to)];
        if from < to {
            [left, right]
        } else {
            [right, left]
        }
    }

    fn line(&mut self, start: usize, next: usize) {
        let sides = self.sides(start, next);
        let (mut numbers, mut from, mut at) = (vec![start], start, next);
        loop {
            self.done.insert(key(from, at));
            numbers.push(at);
            if at == start || self.meets(at) {
                break;
            }
            let onward = self.joined[&at].iter().copied().find(|next| *next != from);
            let Some(onward) = onward else { break };
            (from, at) = (at, onward);
        }
        self.lines.push((numbers, sides));
    }
}

fn key(from: usize, to: usize) -> (usize, usize) {
    (from.min(to), from.max(to))
}

/// The rings of each area: each line is run once for the area at each of its sides.
fn rings(lines: &[NumberedLine]) -> Result<Rings, Box<dyn Error>> {
    let mut starts: BTreeMap<(Owners, usize), Vec<Run>> = BTreeMap::new();
    let end = |(line, backwards): Run, last: bool| {
        let numbers = &lines[line].0;
        if backwards == last {
            numbers[0]
        } else {
            numbers[numbers.len() - 1]
        }
    };
    for (at, (_, [left, right])) in lines.iter().enumerate() {
        for (owners, backwards) in [(*right, false), (*left, true)] {
            if owners != NOBODY {
                let start = end((at, backwards), false);
                starts
                    .entry((owners, start))
                    .or_default()
                    .push((at, backwards));
            }
        }
    }
    let mut rings = Rings::new();
    while let Some((&(owners, start), _)) = starts.iter().find(|(_, runs)| !runs.is_empty()) {
        let mut ring = Vec::new();
        let mut at = start;
        loop {
            let run = starts.get_mut(&(owners, at)).and_then(Vec::pop);
            let run = run.ok_or_else(|| format!("a ring of {owners:?} that does not close"))?;
            ring.push(run);
            at = end(run, true);
            if at == start {
                break;
            }
        }
        rings.entry(owners).or_default().push(ring);
    }
    Ok(rings)
}

/// Longitudes without a jump from one point to the next.
fn unrolled(points: impl Iterator<Item = [f64; 2]>) -> Vec<[f64; 2]> {
    let mut unrolled: Vec<[f64; 2]> = Vec::new();
    for [mut x, y] in points {
        if let Some([last, _]) = unrolled.last() {
            x += 360.0 * ((last - x) / 360.0).round();
        }
        unrolled.push([x, y]);
    }
    unrolled
}
