//! A map on paper: which land lies where, at which scale, and what of it is in the frame.

use std::fmt::Write as _;

use crate::outlines::plane::{Frame, Point};
use crate::outlines::projection::{Projection, angle, cap, unit};
use crate::outlines::{Area, Outlines};

/// The paper of a map.
#[derive(Clone, Debug)]
pub(super) struct Sheet {
    projection: Projection,
    scale: f64,
    /// The place of the projection's origin.
    origin: Point,
    pub(super) frame: Frame,
    /// Points that matter less than this are left out.
    least: f64,
}

/// Paper narrower than this is that of a phone.
pub(super) const PHONE: f64 = 560.0;
/// White around the land that a map is fitted to.
const PAD: f64 = 12.0;
/// Islands that are farther from the rest of their state than this, in degrees, don't widen a map.
const FAR: f64 = 10.0;
/// For finding the middle and the size of a map coarse lines do.
const COARSE: f64 = 0.5;

impl Sheet {
    /// A sheet of this width for the land of some areas, or for all land.
    pub(super) fn fit(outlines: &Outlines, states: &[Vec<&Area>], width: f64) -> Self {
        let rings: Vec<Vec<[f64; 2]>> = states
            .iter()
            .flat_map(|areas| mainland(outlines, areas))
            .collect();
        if rings.is_empty() {
            let all = outlines.areas.iter().flat_map(|area| &area.rings);
            let rings: Vec<_> = all.map(|ring| outlines.ring(ring, COARSE)).collect();
            return Self::around(Projection::of_the_world(&rings), &rings, width);
        }
        Self::around(Projection::fit(&rings), &rings, width)
    }

    fn around(projection: Projection, rings: &[Vec<[f64; 2]>], width: f64) -> Self {
        let mut sheet = Self {
            projection,
            scale: 1.0,
            origin: [0.0, 0.0],
            frame: Frame {
                left: -9.0,
                top: -9.0,
                right: 9.0,
                bottom: 9.0,
            },
            least: COARSE,
        };
        let points: Vec<Point> = rings
            .iter()
            .flat_map(|ring| sheet.ring(ring))
            .flatten()
            .collect();
        let frame = Frame::around(&points).unwrap_or(sheet.frame);
        let room = width - 2.0 * PAD;
        let wide = room / frame.width().max(1e-6);
        // On a phone a map may be taller than wide, on a desk it stays in sight as a whole.
        let tallest = if width < PHONE { 1.2 * width } else { 620.0 };
        let scale = wide.min((tallest - 2.0 * PAD) / frame.height().max(1e-6));
        let height = (frame.height() * scale + 2.0 * PAD).max(0.4 * width);
        sheet.scale = scale;
        sheet.origin = [
            width / 2.0 - f64::midpoint(frame.left, frame.right) * scale,
            height / 2.0 - f64::midpoint(frame.top, frame.bottom) * scale,
        ];
        sheet.frame = Frame {
            left: 0.0,
            top: 0.0,
            right: width,
            bottom: height,
        };
        // A triangle of a third of a square pixel is not seen.
        sheet.least = 0.35 * (180.0 / std::f64::consts::PI / scale).powi(2);
        sheet
    }

    /// Points of a line that matter less can't be seen at this scale.
    pub(super) fn least(&self) -> f64 {
        self.least
    }

    /// The place of a longitude and latitude.
    pub(super) fn at(&self, [x, y]: [f64; 2]) -> Point {
        let turn = self
            .projection
            .cut()
            .map_or(0.0, |cut| ((x - cut) / 360.0).ceil());
        self.placed([x - 360.0 * turn, y])
    }

    fn placed(&self, point: [f64; 2]) -> Point {
        let [x, y] = self.projection.project(point);
        [
            self.origin[0] + x * self.scale,
            self.origin[1] - y * self.scale,
        ]
    }

    /// The parts of a ring on the sphere that are in the frame.
    pub(super) fn ring(&self, ring: &[[f64; 2]]) -> Vec<Vec<Point>> {
        let edge = self.frame;
        self.pieces(ring, |sphere, ring| vec![sphere.clip_ring(ring)])
            .into_iter()
            .map(|mut piece| {
                piece.extend(piece.first().copied());
                let piece: Vec<Point> = dense(&piece)
                    .into_iter()
                    .map(|point| self.placed(point))
                    .collect();
                edge.clip_ring(&piece)
            })
            .filter(|piece| piece.len() > 2)
            .collect()
    }

    /// The parts of a line on the sphere that are in the frame.
    pub(super) fn line(&self, line: &[[f64; 2]]) -> Vec<Vec<Point>> {
        let edge = self.frame;
        self.pieces(line, Frame::clip_line)
            .into_iter()
            .flat_map(|piece| {
                let piece: Vec<Point> = dense(&piece)
                    .into_iter()
                    .map(|point| self.placed(point))
                    .collect();
                edge.clip_line(&piece)
            })
            .collect()
    }

    /// A ring or a line, cut where the projection is, without what lies behind.
    fn pieces(
        &self,
        shape: &[[f64; 2]],
        clip: impl Fn(&Frame, &[Point]) -> Vec<Vec<Point>>,
    ) -> Vec<Vec<[f64; 2]>> {
        let Some(cut) = self.projection.cut() else {
            let seen = shape.iter().any(|point| !self.projection.is_behind(*point));
            return if seen {
                vec![shape.to_vec()]
            } else {
                Vec::new()
            };
        };
        let sphere = Frame {
            left: cut - 360.0,
            top: -90.0,
            right: cut,
            bottom: 90.0,
        };
        let mut pieces = Vec::new();
        for turn in [-720.0, -360.0, 0.0, 360.0, 720.0] {
            let turned: Vec<[f64; 2]> = shape.iter().map(|[x, y]| [x + turn, *y]).collect();
            let meets = Frame::around(&turned).is_some_and(|around| around.meets(&sphere));
            if meets {
                pieces.extend(clip(&sphere, &turned));
            }
        }
        pieces
    }

    /// The parts of an area that are in the frame.
    pub(super) fn land(&self, outlines: &Outlines, area: &Area) -> Vec<Vec<Point>> {
        let rings = area
            .rings
            .iter()
            .map(|ring| outlines.ring(ring, self.least));
        rings.flat_map(|ring| self.ring(&ring)).collect()
    }
}

/// The rings of a state that belong together: the largest, and all that are near to it or to one
/// another.
fn mainland(outlines: &Outlines, areas: &[&Area]) -> Vec<Vec<[f64; 2]>> {
    let mut rings: Vec<Vec<[f64; 2]>> = areas
        .iter()
        .flat_map(|area| &area.rings)
        .map(|ring| outlines.ring(ring, COARSE))
        .collect();
    let caps: Vec<Option<([f64; 3], f64)>> = rings
        .iter()
        .map(|ring| cap(&ring.iter().map(|point| unit(*point)).collect::<Vec<_>>()))
        .collect();
    let near = |one: usize, other: usize| match (caps[one], caps[other]) {
        (Some((a, ra)), Some((b, rb))) => angle(a, b) - ra - rb < FAR,
        _ => false,
    };
    let radius = |at: &usize| caps[*at].map_or(0.0, |(_, radius)| radius);
    let largest = (0..rings.len()).max_by(|one, other| radius(one).total_cmp(&radius(other)));
    let mut kept: Vec<usize> = largest.into_iter().collect();
    let mut next = 0;
    while let Some(&at) = kept.get(next) {
        for other in 0..rings.len() {
            if !kept.contains(&other) && near(at, other) {
                kept.push(other);
            }
        }
        next += 1;
    }
    kept.sort_unstable();
    kept.into_iter()
        .map(|at| std::mem::take(&mut rings[at]))
        .collect()
}

/// Long stretches get points between, so that they bend as the projection bends them.
fn dense(points: &[[f64; 2]]) -> Vec<[f64; 2]> {
    const STEP: f64 = 2.5;
    let mut dense: Vec<[f64; 2]> = points.first().copied().into_iter().collect();
    for pair in points.windows(2) {
        let ([ax, ay], [bx, by]) = (pair[0], pair[1]);
        let steps = ((bx - ax).abs().max((by - ay).abs()) / STEP)
            .ceil()
            .clamp(1.0, 200.0);
        let mut step = 1.0;
        while step <= steps {
            let share = step / steps;
            dense.push([ax + share * (bx - ax), ay + share * (by - ay)]);
            step += 1.0;
        }
    }
    dense
}

/// A path through points to a tenth of a pixel, by its moves, which are shorter than places.
/// What shrinks to a point, or for land to a line, is left out.
pub(super) fn path(shapes: &[Vec<Point>], closed: bool) -> String {
    #[allow(clippy::cast_possible_truncation, reason = "pixels of a page")]
    let tenths = |length: f64| (length * 10.0).round() as i64;
    let least = if closed { 3 } else { 2 };
    let mut path = String::new();
    for shape in shapes {
        let mut places: Vec<[i64; 2]> = shape
            .iter()
            .map(|[x, y]| [tenths(*x), tenths(*y)])
            .collect();
        places.dedup();
        if closed && places.len() > 1 && places.first() == places.last() {
            places.pop();
        }
        let Some([mut x, mut y]) = places.first().copied().filter(|_| places.len() >= least) else {
            continue;
        };
        // Writing to a string does not fail.
        let _ = write!(path, "M{} {}l", Tenths(x), Tenths(y));
        for (at, [next_x, next_y]) in places[1..].iter().enumerate() {
            let space = if at == 0 { "" } else { " " };
            let _ = write!(path, "{space}{} {}", Tenths(next_x - x), Tenths(next_y - y));
            (x, y) = (*next_x, *next_y);
        }
        if closed {
            path.push('z');
        }
    }
    path.replace(" -", "-")
}

/// Tenths as a decimal without what could be left out.
struct Tenths(i64);

impl std::fmt::Display for Tenths {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (whole, part) = (self.0.unsigned_abs() / 10, self.0.unsigned_abs() % 10);
        let sign = if self.0 < 0 { "-" } else { "" };
        match (whole, part) {
            (whole, 0) => write!(formatter, "{sign}{whole}"),
            (0, part) => write!(formatter, "{sign}.{part}"),
            (whole, part) => write!(formatter, "{sign}{whole}.{part}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outlines::plane::size;

    fn areas<'a>(outlines: &'a Outlines, code: &str) -> Vec<&'a Area> {
        let all = outlines.areas.iter();
        all.filter(|area| area.drawn_in[0] == code).collect()
    }

    /// The land of a state as it is drawn, in square kilometres.
    fn drawn(code: &str, sheet: &Sheet) -> f64 {
        const RADIUS: f64 = 6371.0;
        let outlines = Outlines::built_in();
        let land: Vec<Vec<Point>> = areas(outlines, code)
            .iter()
            .flat_map(|area| sheet.land(outlines, area))
            .collect();
        size(&land) * (RADIUS / sheet.scale).powi(2)
    }

    /// Total areas as the United Nations' Demographic Yearbook gives them, in square kilometres.
    /// Lines are simplified and islets left out, so they hold to some per cent. Russia lies on
    /// both sides of the 180th meridian, and Fiji too.
    const TRUE: [(&str, f64, f64); 6] = [
        ("RUS", 17_098_246.0, 0.02),
        ("KAZ", 2_724_902.0, 0.02),
        ("BRA", 8_515_767.0, 0.02),
        ("ISL", 103_000.0, 0.03),
        ("NZL", 268_107.0, 0.03),
        ("FJI", 18_272.0, 0.15),
    ];

    #[test]
    fn states_are_drawn_as_large_as_they_are() {
        let outlines = Outlines::built_in();
        let world = Sheet::fit(outlines, &[], 8000.0);
        for (code, size, tolerance) in TRUE {
            let region = Sheet::fit(outlines, &[areas(outlines, code)], 8000.0);
            for (sheet, kind) in [(&world, "world"), (&region, "region")] {
                let share = drawn(code, sheet) / size;
                assert!(
                    (share - 1.0).abs() < tolerance,
                    "{code} on a map of its {kind}: {share}"
                );
            }
        }
    }

    #[test]
    fn no_line_runs_along_the_cut_of_the_sources() {
        for line in &Outlines::built_in().lines {
            let on_cut = |[x, _]: &[f64; 2]| (x.abs() - 180.0).abs() < 1e-6;
            assert!(
                !line.points.windows(2).any(|pair| pair.iter().all(on_cut)),
                "{line:?}"
            );
        }
    }

    #[test]
    fn land_on_both_sides_of_the_180th_meridian_is_one_piece() {
        let outlines = Outlines::built_in();
        let sheet = Sheet::fit(outlines, &[areas(outlines, "RUS")], 800.0);
        let (west, east) = (sheet.at([179.9, 67.0]), sheet.at([-179.9, 67.0]));
        assert!(
            (west[0] - east[0]).hypot(west[1] - east[1]) < 2.0,
            "{west:?} {east:?}"
        );
        let land: Vec<_> = areas(outlines, "RUS")
            .iter()
            .flat_map(|area| sheet.land(outlines, area))
            .collect();
        let largest = land
            .iter()
            .map(|ring| size(std::slice::from_ref(ring)))
            .fold(0.0_f64, f64::max);
        assert!(largest / size(&land) > 0.95);
    }

    #[test]
    fn everything_on_the_sheet_is_in_its_frame() {
        let outlines = Outlines::built_in();
        for codes in [&["FJI", "KIR"][..], &["USA"], &["LSO"], &["NOR", "ZAF"]] {
            let states: Vec<Vec<&Area>> = codes.iter().map(|code| areas(outlines, code)).collect();
            let sheet = Sheet::fit(outlines, &states, 380.0);
            for area in &outlines.areas {
                for [x, y] in sheet.land(outlines, area).iter().flatten() {
                    assert!(x.is_finite() && y.is_finite());
                    assert!(
                        *x >= -1e-6
                            && *x <= sheet.frame.right + 1e-6
                            && *y >= -1e-6
                            && *y <= sheet.frame.bottom + 1e-6
                    );
                }
            }
        }
    }

    #[test]
    fn paths_say_where_points_are_to_a_tenth() {
        let shape = vec![[0.0, 1.04], [10.06, 1.04], [10.0, -2.5], [0.0, 1.0]];
        assert_eq!(path(&[shape], true), "M0 1l10.1 0-.1-3.5z");
        assert_eq!(path(&[vec![[0.0, 0.0], [0.01, 0.0]]], false), "");
    }
}
