//! Shapes on paper: cut to a frame, hatched, and with the place inside where words have room.

/// A point on paper.
pub(crate) type Point = [f64; 2];

/// The edges of a frame on paper.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Frame {
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) right: f64,
    pub(crate) bottom: f64,
}

impl Frame {
    /// The smallest frame around all points.
    pub(crate) fn around<'a>(points: impl IntoIterator<Item = &'a Point>) -> Option<Self> {
        points
            .into_iter()
            .fold(None, |frame: Option<Self>, &[x, y]| {
                let frame = frame.unwrap_or(Self {
                    left: x,
                    top: y,
                    right: x,
                    bottom: y,
                });
                Some(Self {
                    left: frame.left.min(x),
                    top: frame.top.min(y),
                    right: frame.right.max(x),
                    bottom: frame.bottom.max(y),
                })
            })
    }

    pub(crate) fn width(&self) -> f64 {
        self.right - self.left
    }

    pub(crate) fn height(&self) -> f64 {
        self.bottom - self.top
    }

    pub(crate) fn grown(self, by: f64) -> Self {
        Self {
            left: self.left - by,
            top: self.top - by,
            right: self.right + by,
            bottom: self.bottom + by,
        }
    }

    pub(crate) fn meets(&self, other: &Self) -> bool {
        self.left <= other.right
            && other.left <= self.right
            && self.top <= other.bottom
            && other.top <= self.bottom
    }

    fn sides(&self) -> [Side; 4] {
        [
            Side {
                axis: 0,
                sign: 1.0,
                at: self.left,
            },
            Side {
                axis: 0,
                sign: -1.0,
                at: self.right,
            },
            Side {
                axis: 1,
                sign: 1.0,
                at: self.top,
            },
            Side {
                axis: 1,
                sign: -1.0,
                at: self.bottom,
            },
        ]
    }

    /// The part of a ring inside of the frame; where it was cut it runs along the edge
    /// (Sutherland and Hodgman 1974).
    pub(crate) fn clip_ring(&self, ring: &[Point]) -> Vec<Point> {
        let sides = self.sides();
        sides
            .iter()
            .fold(ring.to_vec(), |ring, side| side.clip_ring(&ring))
    }

    /// The parts of a line inside of the frame.
    pub(crate) fn clip_line(&self, line: &[Point]) -> Vec<Vec<Point>> {
        let mut parts: Vec<Vec<Point>> = Vec::new();
        for pair in line.windows(2) {
            let Some([from, to]) = self.clip_stretch([pair[0], pair[1]]) else {
                continue;
            };
            match parts.last_mut() {
                Some(part) if part.last() == Some(&from) => part.push(to),
                _ => parts.push(vec![from, to]),
            }
        }
        parts
    }

    fn clip_stretch(&self, [mut from, mut to]: [Point; 2]) -> Option<[Point; 2]> {
        for side in self.sides() {
            match (side.holds(from), side.holds(to)) {
                (true, true) => {}
                (false, false) => return None,
                (true, false) => to = side.crossing(from, to),
                (false, true) => from = side.crossing(from, to),
            }
        }
        Some([from, to])
    }
}

/// One edge of a frame.
#[derive(Clone, Copy)]
struct Side {
    axis: usize,
    sign: f64,
    at: f64,
}

impl Side {
    fn holds(&self, point: Point) -> bool {
        (point[self.axis] - self.at) * self.sign >= 0.0
    }

    fn crossing(&self, from: Point, to: Point) -> Point {
        let share = (self.at - from[self.axis]) / (to[self.axis] - from[self.axis]);
        let other = 1 - self.axis;
        let mut point = [self.at; 2];
        point[other] = from[other] + share * (to[other] - from[other]);
        point
    }

    fn clip_ring(&self, ring: &[Point]) -> Vec<Point> {
        let mut kept = Vec::with_capacity(ring.len());
        let Some(mut last) = ring.last().copied() else {
            return kept;
        };
        for &point in ring {
            match (self.holds(last), self.holds(point)) {
                (true, true) => kept.push(point),
                (true, false) => kept.push(self.crossing(last, point)),
                (false, true) => kept.extend([self.crossing(last, point), point]),
                (false, false) => {}
            }
            last = point;
        }
        kept
    }
}

/// The size of rings on paper, holes taken off.
pub(crate) fn size(rings: &[Vec<Point>]) -> f64 {
    rings.iter().map(|ring| signed(ring)).sum::<f64>().abs()
}

fn signed(ring: &[Point]) -> f64 {
    let next = ring.iter().cycle().skip(1);
    let pairs = ring.iter().zip(next);
    pairs
        .map(|([ax, ay], [bx, by])| ax * by - bx * ay)
        .sum::<f64>()
        / 2.0
}

/// Where a level line crosses rings, from left to right; the land is between each two.
pub(crate) fn crossings(rings: &[Vec<Point>], y: f64) -> Vec<f64> {
    let mut all: Vec<f64> = Vec::new();
    for ring in rings {
        for (a, b) in ring.iter().zip(ring.iter().cycle().skip(1)) {
            if (a[1] > y) != (b[1] > y) {
                all.push(a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0]));
            }
        }
    }
    all.sort_by(f64::total_cmp);
    all
}

/// Slanted strokes within rings, as far apart as told; `slope` is how far a stroke goes right as
/// it goes down by one.
pub(crate) fn hatch(rings: &[Vec<Point>], apart: f64, slope: f64) -> Vec<[Point; 2]> {
    // Sheared, so that the strokes become level lines of the rings turned on their side.
    let sheared: Vec<Vec<Point>> = rings
        .iter()
        .map(|ring| ring.iter().map(|[x, y]| [*y, x - slope * y]).collect())
        .collect();
    let Some(frame) = Frame::around(sheared.iter().flatten()) else {
        return Vec::new();
    };
    let step = apart * (1.0 + slope * slope).sqrt();
    let mut strokes = Vec::new();
    let mut at = (frame.top / step).ceil() * step;
    while at < frame.bottom {
        for pair in crossings(&sheared, at).chunks_exact(2) {
            strokes.push([
                [at + slope * pair[0], pair[0]],
                [at + slope * pair[1], pair[1]],
            ]);
        }
        at += step;
    }
    strokes
}

/// Whether a point is inside of rings.
pub(crate) fn contains(rings: &[Vec<Point>], [x, y]: Point) -> bool {
    crossings(rings, y).iter().filter(|at| **at < x).count() % 2 == 1
}

/// The point inside of rings that is farthest from their edges, and how far it is: found by
/// halving squares and keeping those that can hold a better one.
pub(crate) fn roomiest(rings: &[Vec<Point>]) -> Option<(Point, f64)> {
    let frame = Frame::around(rings.iter().flatten())?;
    let side = frame.width().min(frame.height()).max(1.0) / 2.0;
    let depth = |point: Point| {
        let distance = to_edge(rings, point);
        if contains(rings, point) {
            distance
        } else {
            -distance
        }
    };
    let mut open: Vec<(f64, f64, Point)> = Vec::new();
    let push = |open: &mut Vec<(f64, f64, Point)>, half: f64, centre: Point| {
        open.push((depth(centre), half, centre));
    };
    let mut y = frame.top + side / 2.0;
    while y < frame.bottom + side / 2.0 {
        let mut x = frame.left + side / 2.0;
        while x < frame.right + side / 2.0 {
            push(&mut open, side / 2.0, [x, y]);
            x += side;
        }
        y += side;
    }
    let better = |best: &(Point, f64), next: &(f64, f64, Point)| next.0 > best.1;
    let mut best = ([frame.left, frame.top], f64::NEG_INFINITY);
    while let Some(next) = open.pop() {
        if better(&best, &next) {
            best = (next.2, next.0);
        }
        let (deep, half, [x, y]) = next;
        // Half a pixel more room is not worth a search.
        if deep + half * std::f64::consts::SQRT_2 > best.1 + 0.5 {
            let h = half / 2.0;
            for (dx, dy) in [(-h, -h), (h, -h), (-h, h), (h, h)] {
                push(&mut open, h, [x + dx, y + dy]);
            }
            open.sort_by(|one, other| one.0.total_cmp(&other.0));
        }
    }
    Some(best)
}

fn to_edge(rings: &[Vec<Point>], point: Point) -> f64 {
    let mut least = f64::INFINITY;
    for ring in rings {
        for (a, b) in ring.iter().zip(ring.iter().cycle().skip(1)) {
            least = least.min(to_stretch(point, *a, *b));
        }
    }
    least.sqrt()
}

/// The square of the distance from a point to a stretch.
fn to_stretch([x, y]: Point, [ax, ay]: Point, [bx, by]: Point) -> f64 {
    let (dx, dy) = (bx - ax, by - ay);
    let length = dx * dx + dy * dy;
    let share = if length > 0.0 {
        (((x - ax) * dx + (y - ay) * dy) / length).clamp(0.0, 1.0)
    } else {
        0.0
    };
    (x - ax - share * dx).powi(2) + (y - ay - share * dy).powi(2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const UNIT: Frame = Frame {
        left: 0.0,
        top: 0.0,
        right: 10.0,
        bottom: 10.0,
    };

    fn star() -> impl Strategy<Value = Vec<Point>> {
        (
            prop::collection::vec(1.0_f64..9.0, 3..20),
            -8.0_f64..18.0,
            -8.0_f64..18.0,
        )
            .prop_map(|(radii, x, y)| {
                let count = radii.len() as f64;
                radii
                    .iter()
                    .enumerate()
                    .map(|(at, r)| {
                        let (sin, cos) = (at as f64 / count * std::f64::consts::TAU).sin_cos();
                        [x + r * cos, y + r * sin]
                    })
                    .collect()
            })
    }

    #[test]
    fn words_go_to_the_middle_of_a_square_and_not_into_its_hole() {
        let square = |r: f64| vec![[-r, -r], [r, -r], [r, r], [-r, r]];
        let (at, room) = roomiest(&[square(50.0)]).unwrap();
        assert!(at[0].abs() < 1.0 && at[1].abs() < 1.0 && (room - 50.0).abs() < 1.0);
        let (at, room) = roomiest(&[square(50.0), square(20.0)]).unwrap();
        assert!(
            at[0].abs().max(at[1].abs()) > 20.0 && room > 14.0,
            "{at:?} {room}"
        );
    }

    proptest! {
        #[test]
        fn clipping_keeps_what_is_inside_and_nothing_else(ring in star(), x in 0.01_f64..9.99, y in 0.01_f64..9.99) {
            let clipped = UNIT.clip_ring(&ring);
            prop_assert!(clipped.iter().flatten().all(|c| (-1e-9..=10.0 + 1e-9).contains(c)));
            let [before, after] = [vec![ring], vec![clipped]];
            if to_edge(&before, [x, y]) > 1e-6 {
                prop_assert_eq!(contains(&before, [x, y]), contains(&after, [x, y]));
            }
        }

        #[test]
        fn strokes_stay_inside(ring in star(), slope in -2.0_f64..2.0) {
            let rings = vec![ring];
            for [a, b] in hatch(&rings, 1.7, slope) {
                let middle = [f64::midpoint(a[0], b[0]), f64::midpoint(a[1], b[1])];
                prop_assert!(contains(&rings, middle) || to_edge(&rings, middle) < 1e-6);
            }
        }

        #[test]
        fn the_roomiest_point_is_as_deep_as_any(ring in star(), x in -8.0_f64..18.0, y in -8.0_f64..18.0) {
            let rings = vec![ring];
            let (at, room) = roomiest(&rings).unwrap();
            prop_assert!(contains(&rings, at));
            if contains(&rings, [x, y]) {
                prop_assert!(to_edge(&rings, [x, y]) <= room + 0.8);
            }
        }
    }
}
