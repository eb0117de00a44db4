//! How the land of a class is filled: a ground, and strokes where the ground alone would not
//! tell it from others.

use maud::{Markup, html};

use crate::chart::Look;
use crate::chart::path::Path;
use crate::chart::stage_drawing::level_fill;
use crate::outlines::plane::{Point, hatch};

/// A fill: the class of its ground, that of type on it, and its strokes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Fill {
    pub(crate) ground: &'static str,
    pub(crate) ink: &'static str,
    pub(crate) strokes: Option<Strokes>,
}

/// Parallel strokes: their class, how far they are apart, how far they go right as they go down.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Strokes {
    pub(crate) class: &'static str,
    pub(crate) apart: f64,
    pub(crate) slope: f64,
}

const fn strokes(class: &'static str, apart: f64, slope: f64) -> Strokes {
    Strokes {
        class,
        apart,
        slope,
    }
}

/// The strokes over land that is disputed.
pub(crate) const DISPUTED: Strokes = Strokes {
    class: "aq-disputed",
    apart: 4.0,
    slope: -1.0,
};

impl Fill {
    /// The ground of a state about which there is nothing to say.
    pub(crate) const NOTHING: Self = Self {
        ground: "aq-s0",
        ink: "aq-t0",
        strokes: None,
    };

    /// What became less: striped, so that it differs from what grew in print without colours too.
    pub(crate) const SHRUNK: Self = Self {
        ground: "aq-down",
        ink: "aq-t0",
        strokes: Some(strokes("aq-stripes", 4.5, -1.0)),
    };

    pub(crate) fn level(level: usize, levels: usize) -> Self {
        let (ground, ink) = level_fill(level, levels);
        Self {
            ground,
            ink,
            strokes: None,
        }
    }

    pub(crate) fn look(look: Look) -> Self {
        let (ground, ink, strokes) = match look {
            Look::Full => ("aq-c0", "aq-u0", None),
            Look::Diamond => ("aq-c0", "aq-u0", Some(strokes("aq-stripes", 8.0, -1.0))),
            Look::Half => ("aq-w2", "aq-t0", Some(strokes("aq-h2", 6.0, -1.0))),
            Look::Ring => ("aq-w1", "aq-t0", Some(strokes("aq-h1", 6.0, 0.0))),
            Look::Open => ("aq-w3", "aq-t0", Some(strokes("aq-h3", 7.0, 1.0))),
            Look::Slight => ("aq-w3", "aq-t0", None),
            Look::Paused => ("aq-w4", "aq-t0", Some(strokes("aq-h4", 8.0, 1.0))),
            Look::Crossed => ("aq-s0", "aq-t0", Some(strokes("aq-h5", 9.0, 1.0))),
            Look::Dash | Look::Tick => ("aq-s0", "aq-t0", Some(strokes("aq-h5", 9.0, 0.0))),
        };
        Self {
            ground,
            ink,
            strokes,
        }
    }

    /// The strokes over land.
    pub(crate) fn stroked(&self, rings: &[Vec<Point>]) -> Markup {
        html! { @if let Some(strokes) = self.strokes { (strokes.over(rings)) } }
    }
}

impl Strokes {
    /// The strokes over land.
    pub(crate) fn over(&self, rings: &[Vec<Point>]) -> Markup {
        let strokes = hatch(rings, self.apart, self.slope).into_iter();
        let path = strokes.fold(Path::default(), |path, [[ax, ay], [bx, by]]| {
            path.start(ax, ay).line(bx, by)
        });
        html! { @if !path.is_empty() { path class=(self.class) d=(path.data()) {} } }
    }
}

/// The corners of a square.
pub(crate) fn square(x: f64, y: f64, side: f64) -> Vec<Point> {
    vec![[x, y], [x + side, y], [x + side, y + side], [x, y + side]]
}
