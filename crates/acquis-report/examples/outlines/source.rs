//! Reading TopoJSON: the rings of every country, by its code.

use std::collections::BTreeMap;
use std::error::Error;
use std::fs;
use std::path::Path;

use serde_json::Value;

/// Codes of what has none in ISO 3166: private codes begin with X, as in the packs.
const PRIVATE: [(&str, &str); 6] = [
    ("Kosovo", "XKX"),
    ("N. Cyprus", "XNC"),
    ("Somaliland", "XSL"),
    ("Siachen Glacier", "XSG"),
    ("Indian Ocean Ter.", "XIO"),
    ("Ashmore and Cartier Is.", "AUS"),
];

/// Not a state, and in no projection of a region.
const LEFT_OUT: &str = "ATA";

/// The states of both sources: code and name, and their numeric codes.
pub(crate) struct Codes {
    pub(crate) known: Vec<(String, String)>,
    numeric: BTreeMap<String, usize>,
}

/// A ring of a country, as longitudes and latitudes, closed, in the direction of the source.
pub(crate) struct Ring {
    pub(crate) owner: usize,
    pub(crate) points: Vec<[f64; 2]>,
}

impl Codes {
    /// The codes of the file that has the three letters of each country.
    pub(crate) fn read(path: &Path) -> Result<Self, Box<dyn Error>> {
        let mut codes = Self {
            known: Vec::new(),
            numeric: BTreeMap::new(),
        };
        for country in countries(&load(path)?)? {
            let name = text(country, "/properties/name")?;
            let code = private(name).unwrap_or(text(country, "/properties/a3")?);
            let found = codes.known.iter().position(|(known, _)| known == code);
            let at = found.unwrap_or(codes.known.len());
            if found.is_none() {
                codes.known.push((code.to_owned(), name.to_owned()));
            }
            if private(name).is_none() {
                codes.numeric.insert(text(country, "/id")?.to_owned(), at);
            }
        }
        Ok(codes)
    }

    fn of(&self, country: &Value) -> Result<usize, Box<dyn Error>> {
        let name = text(country, "/properties/name")?;
        let found = match private(name) {
            Some(code) => self.known.iter().position(|(known, _)| known == code),
            None => self.numeric.get(text(country, "/id")?).copied(),
        };
        found.ok_or_else(|| format!("no code for {name}").into())
    }
}

fn private(name: &str) -> Option<&'static str> {
    PRIVATE
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, code)| *code)
}

/// The rings of every country of a file.
pub(crate) fn read(path: &Path, codes: &Codes) -> Result<Vec<Ring>, Box<dyn Error>> {
    let topology = load(path)?;
    let arcs = arcs(&topology)?;
    let mut rings = Vec::new();
    for country in countries(&topology)? {
        let owner = codes.of(country)?;
        if codes.known[owner].0 == LEFT_OUT {
            continue;
        }
        let polygons: Vec<Value> = match (country["type"].as_str(), &country["arcs"]) {
            (Some("Polygon"), arcs) => vec![arcs.clone()],
            (_, Value::Array(polygons)) => polygons.clone(),
            _ => continue,
        };
        for ring in polygons.iter().filter_map(Value::as_array).flatten() {
            let points = join(ring, &arcs)?;
            if points.len() >= 4 {
                rings.push(Ring { owner, points });
            }
        }
    }
    Ok(rings)
}

fn load(path: &Path) -> Result<Value, Box<dyn Error>> {
    Ok(serde_json::from_str(&fs::read_to_string(path)?)?)
}

fn countries(topology: &Value) -> Result<&Vec<Value>, Box<dyn Error>> {
    let found = topology.pointer("/objects/countries/geometries");
    found
        .and_then(Value::as_array)
        .ok_or_else(|| "no countries".into())
}

fn text<'a>(value: &'a Value, at: &str) -> Result<&'a str, Box<dyn Error>> {
    let found = value.pointer(at).and_then(Value::as_str);
    found.ok_or_else(|| format!("no text at {at} of {}", value["properties"]).into())
}

fn number(value: &Value) -> Result<f64, Box<dyn Error>> {
    value.as_f64().ok_or_else(|| "not a number".into())
}

/// The arcs, unpacked from their differences.
fn arcs(topology: &Value) -> Result<Vec<Vec<[f64; 2]>>, Box<dyn Error>> {
    let transform = |key: &str, at: usize| number(&topology["transform"][key][at]);
    let scale = [transform("scale", 0)?, transform("scale", 1)?];
    let move_by = [transform("translate", 0)?, transform("translate", 1)?];
    let list = topology["arcs"].as_array().ok_or("no arcs")?;
    list.iter()
        .map(|arc| {
            let mut at = [0.0, 0.0];
            let steps = arc.as_array().ok_or("an arc that is no list")?;
            steps
                .iter()
                .map(|step| {
                    at[0] += number(&step[0])?;
                    at[1] += number(&step[1])?;
                    Ok([at[0] * scale[0] + move_by[0], at[1] * scale[1] + move_by[1]])
                })
                .collect()
        })
        .collect()
}

/// A ring of its arcs; a negative index is an arc run backwards.
fn join(ring: &Value, arcs: &[Vec<[f64; 2]>]) -> Result<Vec<[f64; 2]>, Box<dyn Error>> {
    let mut points: Vec<[f64; 2]> = Vec::new();
    for index in ring.as_array().ok_or("a ring that is no list")? {
        let index = index.as_i64().ok_or("an arc without a number")?;
        let backwards = index < 0;
        let at = usize::try_from(if backwards { !index } else { index })?;
        let mut arc = arcs.get(at).ok_or("an arc that is not there")?.clone();
        if backwards {
            arc.reverse();
        }
        let skip = usize::from(!points.is_empty());
        points.extend(arc.into_iter().skip(skip));
    }
    Ok(points)
}
