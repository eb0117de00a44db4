//! Where the words of a map go: inside of their land where they have room, beside it where not,
//! farther away with a line to it where the land around is full, and never over one another.
//! Where the map is small, words that would have to stand on the land of others are left out.

use crate::outlines::plane::{Frame, Point, contains, crossings};
use crate::text::ems;

/// Size of the type on a map.
pub(super) const TYPE: f64 = 11.5;
/// Size of the short name of a class.
pub(super) const SMALL: f64 = 9.5;

/// What could be written for a state, the best first.
#[derive(Clone, Debug)]
pub(super) struct Wish {
    /// The place that the words belong to.
    pub(super) at: Point,
    /// The half width of a mark at that place.
    pub(super) radius: f64,
    /// The land, as far as it is in the frame.
    pub(super) land: Vec<Vec<Point>>,
    /// Lines of words; the second is small.
    pub(super) texts: Vec<[String; 2]>,
    /// What is written beside the land; empty for nothing.
    pub(super) beside: String,
}

/// How far words may go from their land.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spread {
    /// Onto the land of others, and away with a line.
    Wide,
    /// Right beside it, where none of the others has land.
    Clear,
}

/// Words with their place.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Label {
    pub(super) lines: [String; 2],
    /// The middle of the first baseline.
    pub(super) at: Point,
    /// Whether they stand on their own land.
    pub(super) inside: bool,
    /// The line from their place to words that stand away from it.
    pub(super) leader: Option<[Point; 2]>,
    pub(super) around: Frame,
}

/// A label for each wish, if there is room for one.
pub(super) fn place(wishes: &[Wish], paper: Frame, spread: Spread) -> Vec<Option<Label>> {
    let mut labels: Vec<Option<Label>> = wishes.iter().map(inside).collect();
    let mut taken: Vec<Frame> = labels.iter().flatten().map(|label| label.around).collect();
    taken.extend(wishes.iter().filter(|wish| wish.radius > 0.0).map(mark));
    for (at, label) in labels.iter_mut().enumerate() {
        let wish = &wishes[at];
        if label.is_none() && !wish.beside.is_empty() {
            let others = wishes.iter().enumerate().filter(|(other, _)| *other != at);
            let closed: Vec<&[Vec<Point>]> = match spread {
                Spread::Wide => Vec::new(),
                Spread::Clear => others.map(|(_, other)| other.land.as_slice()).collect(),
            };
            *label = beside(wish, paper, &taken, spread, &closed);
            taken.extend(label.as_ref().map(|label| label.around));
            let leader = label.as_ref().and_then(|label| label.leader);
            taken.extend(leader.into_iter().flat_map(along).map(|[x, y]| Frame {
                left: x,
                top: y,
                right: x,
                bottom: y,
            }));
        }
    }
    labels
}

fn mark(wish: &Wish) -> Frame {
    let [x, y] = wish.at;
    Frame {
        left: x,
        top: y,
        right: x,
        bottom: y,
    }
    .grown(wish.radius)
}

fn inside(wish: &Wish) -> Option<Label> {
    let heights = heights(wish);
    wish.texts.iter().find_map(|lines| {
        let small = if lines[1].is_empty() {
            0.0
        } else {
            SMALL + 1.0
        };
        let half = ems(&lines[0]) * TYPE / 2.0;
        let half = half.max(ems(&lines[1]) * SMALL / 2.0) + 1.0;
        let height = TYPE * 0.8 + small;
        let mut fitting = heights.iter().filter_map(|y| {
            let (top, bottom) = (y - height / 2.0 - 1.0, y + height / 2.0 + 1.0);
            let (left, right) = open(&wish.land, wish.at[0], half, (top, bottom))?;
            let x = wish.at[0].clamp(left + half, right - half);
            Some(Frame {
                left: x - half,
                top,
                right: x + half,
                bottom,
            })
        });
        fitting.next().map(|around| Label {
            lines: lines.clone(),
            at: [
                f64::midpoint(around.left, around.right),
                around.top + 1.0 + TYPE * 0.8,
            ],
            inside: true,
            leader: None,
            around,
        })
    })
}

/// Heights at which words could stand on land, those nearest to its roomiest place first.
fn heights(wish: &Wish) -> Vec<f64> {
    const APART: f64 = 5.0;
    let Some(frame) = Frame::around(wish.land.iter().flatten()) else {
        return Vec::new();
    };
    let middle = wish.at[1];
    let mut heights = vec![middle];
    let mut away = APART;
    while away < frame.height() {
        let both = [middle - away, middle + away];
        heights.extend(
            both.into_iter()
                .filter(|y| (frame.top..frame.bottom).contains(y)),
        );
        away += APART;
    }
    heights
}

/// The stretch of land that is open between two heights and as wide as words, the nearest to `x`
/// of them.
fn open(land: &[Vec<Point>], x: f64, half: f64, (top, bottom): (f64, f64)) -> Option<(f64, f64)> {
    const LINES: u32 = 4;
    let stretches = |line: u32| -> Vec<(f64, f64)> {
        let height = top + (bottom - top) * f64::from(line) / f64::from(LINES);
        let across = crossings(land, height);
        across
            .chunks_exact(2)
            .map(|pair| (pair[0], pair[1]))
            .collect()
    };
    let mut open = stretches(0);
    for line in 1..=LINES {
        let here = stretches(line);
        open = open
            .iter()
            .flat_map(|(left, right)| here.iter().map(move |(l, r)| (left.max(*l), right.min(*r))))
            .filter(|(left, right)| right - left >= 2.0 * half)
            .collect();
    }
    let away = |(left, right): &(f64, f64)| (x - x.clamp(left + half, right - half)).abs();
    open.into_iter()
        .filter(|(left, right)| right - left >= 2.0 * half)
        .min_by(|one, other| away(one).total_cmp(&away(other)))
}

fn beside(
    wish: &Wish,
    paper: Frame,
    taken: &[Frame],
    spread: Spread,
    closed: &[&[Vec<Point>]],
) -> Option<Label> {
    let [x, y] = wish.at;
    let half = ems(&wish.beside) * TYPE / 2.0;
    let (far, up) = (wish.radius + 3.0 + half, wish.radius + 2.0 + TYPE * 0.4);
    let steps = [
        (far, 0.0),
        (-far, 0.0),
        (0.0, up),
        (0.0, -up),
        (far, up * 0.7),
        (-far, up * 0.7),
        (far, -up * 0.7),
        (-far, -up * 0.7),
        (far + 6.0, up * 1.4),
        (-far - 6.0, up * 1.4),
    ];
    let near = steps.map(|(dx, dy)| ([x + dx, y + dy], None));
    let far_off = (spread == Spread::Wide).then(|| away(wish, half));
    let mut places = near.into_iter().chain(far_off.into_iter().flatten());
    places.find_map(|(middle, leader)| {
        // Words that stand in a crowd of others need white between the lines.
        let tall = TYPE * if leader.is_some() { 0.62 } else { 0.45 };
        let around = Frame {
            left: middle[0] - half,
            top: middle[1] - tall,
            right: middle[0] + half,
            bottom: middle[1] + tall,
        };
        let fits = around.left >= paper.left
            && around.right <= paper.right
            && around.top >= paper.top
            && around.bottom <= paper.bottom;
        let own = mark(wish);
        let free = |other: &Frame| {
            *other == own || !around.meets(other) && leader.is_none_or(|line| !crosses(line, other))
        };
        let is_open = || !closed.iter().any(|land| is_on(&around, land));
        (fits && taken.iter().all(free) && is_open()).then(|| Label {
            lines: [wish.beside.clone(), String::new()],
            at: [middle[0], middle[1] + TYPE * 0.36],
            inside: false,
            leader,
            around,
        })
    })
}

/// Whether a part of a frame lies on land, as far as points of it tell.
fn is_on(frame: &Frame, land: &[Vec<Point>]) -> bool {
    const SHARES: [f64; 5] = [0.0, 0.25, 0.5, 0.75, 1.0];
    let points = SHARES.into_iter().flat_map(|across| {
        [
            frame.top,
            f64::midpoint(frame.top, frame.bottom),
            frame.bottom,
        ]
        .map(|y| [frame.left + across * frame.width(), y])
    });
    points.into_iter().any(|point| contains(land, point))
}

/// Places for the middle of words away from theirs, the nearest first, each with a line to it.
fn away(wish: &Wish, half: f64) -> impl Iterator<Item = (Point, Option<[Point; 2]>)> {
    const FAR: [f64; 10] = [12.0, 18.0, 25.0, 33.0, 42.0, 52.0, 64.0, 77.0, 91.0, 106.0];
    const WAYS: u32 = 24;
    let ([x, y], radius) = (wish.at, wish.radius);
    FAR.into_iter().flat_map(move |far| {
        (0..WAYS).map(move |way| {
            let (sin, cos) = (f64::from(way) / f64::from(WAYS) * std::f64::consts::TAU).sin_cos();
            let at = |far: f64| [x + far * cos, y + far * sin];
            let end = at(radius + far);
            // Words beside the end of the line, or above or below it where it is steep.
            let middle = if cos.abs() > 0.3 {
                [end[0] + (half + 1.0) * cos.signum(), end[1]]
            } else {
                [end[0], end[1] + TYPE * 0.5 * sin.signum()]
            };
            (middle, Some([at(radius), end]))
        })
    })
}

/// Whether a line runs through a frame.
fn crosses(line: [Point; 2], frame: &Frame) -> bool {
    let is_in = |[x, y]: Point| {
        (frame.left..=frame.right).contains(&x) && (frame.top..=frame.bottom).contains(&y)
    };
    along(line).any(is_in)
}

/// Points along a line, near enough to each other that no words fit between.
fn along([from, to]: [Point; 2]) -> impl Iterator<Item = Point> {
    const STEPS: u32 = 16;
    (0..=STEPS).map(move |step| {
        let share = f64::from(step) / f64::from(STEPS);
        [0, 1].map(|axis| from[axis] + share * (to[axis] - from[axis]))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PAPER: Frame = Frame {
        left: 0.0,
        top: 0.0,
        right: 400.0,
        bottom: 300.0,
    };

    fn square(x: f64, y: f64, half: f64) -> Vec<Point> {
        vec![
            [x - half, y - half],
            [x + half, y - half],
            [x + half, y + half],
            [x - half, y + half],
        ]
    }

    fn wish(at: Point, half: f64, radius: f64) -> Wish {
        let text = |text: &str| [text.to_owned(), String::new()];
        let land = if half > 0.0 {
            vec![square(at[0], at[1], half)]
        } else {
            Vec::new()
        };
        Wish {
            at,
            radius,
            land,
            texts: vec![text("Transbalkania"), text("TRA")],
            beside: "TRA".to_owned(),
        }
    }

    #[test]
    fn large_land_has_its_name_smaller_land_its_code_and_a_dot_its_code_beside_it() {
        let placed = place(
            &[
                wish([100.0, 100.0], 60.0, 0.0),
                wish([250.0, 100.0], 18.0, 0.0),
                wish([350.0, 100.0], 0.0, 4.0),
            ],
            PAPER,
            Spread::Wide,
        );
        let words: Vec<&str> = placed
            .iter()
            .flatten()
            .map(|label| label.lines[0].as_str())
            .collect();
        assert_eq!(words, ["Transbalkania", "TRA", "TRA"]);
        assert!(placed[1].as_ref().unwrap().inside && !placed[2].as_ref().unwrap().inside);
    }

    #[test]
    fn on_small_paper_words_that_would_stand_on_other_land_are_left_out() {
        let wishes = [
            wish([100.0, 100.0], 90.0, 0.0),
            // In the middle of the other, and in the sea.
            wish([100.0, 60.0], 0.0, 4.0),
            wish([300.0, 100.0], 0.0, 4.0),
        ];
        let is_placed = |spread| {
            place(&wishes, PAPER, spread)
                .iter()
                .map(Option::is_some)
                .collect::<Vec<_>>()
        };
        assert_eq!(is_placed(Spread::Wide), [true, true, true]);
        assert_eq!(is_placed(Spread::Clear), [true, false, true]);
    }

    proptest! {
        #[test]
        fn no_words_lie_over_others_that_were_put_beside_land_or_off_the_paper(
            places in prop::collection::vec((0.0_f64..400.0, 0.0_f64..300.0), 0..40),
        ) {
            let wishes: Vec<Wish> = places.into_iter().map(|(x, y)| wish([x, y], 0.0, 4.0)).collect();
            let labels: Vec<Label> = place(&wishes, PAPER, Spread::Wide).into_iter().flatten().collect();
            for (at, label) in labels.iter().enumerate() {
                prop_assert!(label.around.left >= 0.0 && label.around.right <= 400.0);
                for other in &labels[at + 1..] {
                    prop_assert!(!label.around.meets(&other.around));
                }
            }
        }
    }
}
