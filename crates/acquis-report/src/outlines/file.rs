//! Reading outlines from TopoJSON.

use jiff::civil::Date;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use super::thinning::weights;
use super::{Area, Line, Outlines, Run, Spot, Viewpoint};

/// Why a text is no outlines.
#[derive(Debug, thiserror::Error)]
pub enum OutlinesError {
    /// Not TopoJSON of the shape this program reads.
    #[error("not outlines that can be read")]
    Shape(#[from] serde_json::Error),
    /// A viewpoint is missing, or there is none at all.
    #[error("`{area}` is drawn in {got} states by {expected} viewpoints")]
    Viewpoints {
        /// The area.
        area: String,
        /// How many viewpoints there are.
        expected: usize,
        /// How many states are given.
        got: usize,
    },
    /// An area runs along a line that is not there, or a line has fewer than two points.
    #[error("`{area}` runs along line {line}, which is not there or too short")]
    NoLine {
        /// The area.
        area: String,
        /// The number of the line.
        line: i64,
    },
    /// A ring does not end where it begins.
    #[error("a ring of `{area}` does not close")]
    Open {
        /// The area.
        area: String,
    },
    /// A latitude beyond the poles.
    #[error("line {line} leaves the sphere")]
    OffTheSphere {
        /// The number of the line.
        line: usize,
    },
}

#[derive(Deserialize)]
struct Topology {
    transform: Transform,
    viewpoints: Vec<Viewpoint>,
    objects: Objects,
    arcs: Vec<Vec<[i64; 2]>>,
}

#[derive(Deserialize)]
struct Transform {
    scale: [f64; 2],
    translate: [f64; 2],
}

#[derive(Deserialize)]
struct Objects {
    areas: Collection<Polygons>,
    points: Collection<Point>,
}

#[derive(Deserialize)]
struct Collection<T> {
    geometries: Vec<T>,
}

#[derive(Deserialize)]
struct Polygons {
    id: String,
    properties: Properties,
    arcs: Vec<Vec<Vec<i64>>>,
}

#[derive(Deserialize)]
struct Point {
    id: String,
    properties: Properties,
    coordinates: [i64; 2],
}

#[derive(Deserialize)]
struct Properties {
    name: String,
    #[serde(default)]
    drawn_in: Vec<String>,
    before: Option<DrawnBefore>,
    #[serde(default)]
    town: String,
}

/// Where land was drawn before sources came to differ.
#[derive(Deserialize)]
struct DrawnBefore {
    #[serde(deserialize_with = "day")]
    day: Date,
    drawn_in: String,
}

fn day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().map_err(D::Error::custom)
}

pub(super) fn parse(text: &str) -> Result<Outlines, OutlinesError> {
    let topology: Topology = serde_json::from_str(text)?;
    let transform = &topology.transform;
    let mut lines = Vec::with_capacity(topology.arcs.len());
    for (line, arc) in topology.arcs.iter().enumerate() {
        let points = transform.points(arc);
        if points
            .iter()
            .any(|[x, y]| !(y.abs() <= 90.0 && x.abs() <= 1e4))
        {
            return Err(OutlinesError::OffTheSphere { line });
        }
        lines.push(Line {
            weights: weights(&points),
            points,
            along: Vec::new(),
        });
    }
    let mut areas = Vec::new();
    for polygons in topology.objects.areas.geometries {
        areas.push(area(
            polygons,
            topology.viewpoints.len(),
            areas.len(),
            &mut lines,
        )?);
    }
    let points = topology.objects.points.geometries.into_iter();
    let points = points
        .map(|point| Spot {
            code: point.id,
            name: point.properties.name,
            town: point.properties.town,
            at: transform.point(point.coordinates),
        })
        .collect();
    Ok(Outlines {
        lines,
        areas,
        points,
        viewpoints: topology.viewpoints,
    })
}

impl Transform {
    fn point(&self, [x, y]: [i64; 2]) -> [f64; 2] {
        [
            x as f64 * self.scale[0] + self.translate[0],
            y as f64 * self.scale[1] + self.translate[1],
        ]
    }

    /// Points from their differences.
    fn points(&self, arc: &[[i64; 2]]) -> Vec<[f64; 2]> {
        let mut at = [0_i64, 0];
        arc.iter()
            .map(|[x, y]| {
                at = [at[0].saturating_add(*x), at[1].saturating_add(*y)];
                self.point(at)
            })
            .collect()
    }
}

fn area(
    polygons: Polygons,
    viewpoints: usize,
    index: usize,
    lines: &mut [Line],
) -> Result<Area, OutlinesError> {
    let name = polygons.properties.name;
    let drawn_in = match polygons.properties.drawn_in {
        none if none.is_empty() => vec![polygons.id; viewpoints],
        listed => listed,
    };
    if viewpoints == 0 || drawn_in.len() != viewpoints {
        return Err(OutlinesError::Viewpoints {
            area: name,
            expected: viewpoints,
            got: drawn_in.len(),
        });
    }
    let mut rings = Vec::new();
    for ring in polygons.arcs.into_iter().flatten() {
        let mut runs = Vec::with_capacity(ring.len());
        for number in ring {
            let backwards = number < 0;
            let line = usize::try_from(if backwards { !number } else { number }).ok();
            match line.filter(|at| lines.get(*at).is_some_and(|line| line.points.len() > 1)) {
                Some(line) => runs.push(Run { line, backwards }),
                None => {
                    return Err(OutlinesError::NoLine {
                        area: name,
                        line: number,
                    });
                }
            }
        }
        if !closes(&runs, lines) {
            return Err(OutlinesError::Open { area: name });
        }
        for run in &runs {
            if !lines[run.line].along.contains(&index) {
                lines[run.line].along.push(index);
            }
        }
        rings.push(runs);
    }
    let before = polygons.properties.before;
    Ok(Area {
        name,
        drawn_in,
        before: before.map(|before| (before.day, before.drawn_in)),
        rings,
    })
}

/// Whether each line of a ring begins where the one before it ends, on the sphere.
fn closes(runs: &[Run], lines: &[Line]) -> bool {
    let next = runs.iter().cycle().skip(1);
    !runs.is_empty()
        && runs.iter().zip(next).all(|(run, next)| {
            let [ax, ay] = lines[run.line].start(!run.backwards);
            let [bx, by] = lines[next.line].start(next.backwards);
            let turn = ((ax - bx) / 360.0).round() * 360.0;
            (ax - bx - turn).abs() < 1e-9 && (ay - by).abs() < 1e-9
        })
}
