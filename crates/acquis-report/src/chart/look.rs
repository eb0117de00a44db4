//! One alphabet of categories, written as marks, as bars in time and as fills on a map.

use maud::{Markup, html};

use super::path::Path;
use super::px;
use super::rows::Rect;

/// How one of several categories is drawn. Every look has a shape of its own, so that none is
/// told from another by colour alone.
///
/// | look | mark | bar |
/// |---|---|---|
/// | [`Full`](Self::Full) | disc | full |
/// | [`Diamond`](Self::Diamond) | full diamond | full, striped |
/// | [`Half`](Self::Half) | disc, half full | lower half full |
/// | [`Ring`](Self::Ring) | ring | outline |
/// | [`Open`](Self::Open) | open diamond | broken outline |
/// | [`Slight`](Self::Slight) | open triangle | thin line |
/// | [`Paused`](Self::Paused) | two bars | two thin lines |
/// | [`Crossed`](Self::Crossed) | cross | thin dotted line |
/// | [`Dash`](Self::Dash) | dash | thin dotted line |
/// | [`Tick`](Self::Tick) | upright stroke | thin line |
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Look {
    /// The whole of it: a member, an entry into force.
    Full,
    /// The whole of it on other terms: a provisional party.
    Diamond,
    /// Half of it: an associate.
    Half,
    /// A looker-on: an observer.
    Ring,
    /// Promised and not yet held: a contracting state, a ratification.
    Open,
    /// Announced: a signatory, a signature.
    Slight,
    /// At rest: suspended.
    Paused,
    /// Left.
    Crossed,
    /// Ended.
    Dash,
    /// Anything else that happened.
    Tick,
}

impl Look {
    /// Every look.
    pub const ALL: [Self; 10] = [
        Self::Full,
        Self::Diamond,
        Self::Half,
        Self::Ring,
        Self::Open,
        Self::Slight,
        Self::Paused,
        Self::Crossed,
        Self::Dash,
        Self::Tick,
    ];

    /// The mark, around a point, as wide as twice the radius.
    pub(crate) fn mark(self, x: f64, y: f64, radius: f64) -> Markup {
        let r = radius;
        let diamond = |r: f64| {
            let (x, top, d) = (px(x), px(y - r), px(r));
            format!("M{x} {top}l{d} {d}l-{d} {d}l-{d} -{d}z")
        };
        html! {
            @match self {
                Self::Full => circle.aq-c0 cx=(px(x)) cy=(px(y)) r=(px(r)) {},
                Self::Diamond => path.aq-c0 d=(diamond(r * 1.15)) {},
                Self::Half => {
                    circle.aq-k2 cx=(px(x)) cy=(px(y)) r=(px(r - 0.8)) {}
                    path.aq-c2 d=(format!("M{0} {1}a{2} {2} 0 0 0 0 {3}z", px(x), px(y - r), px(r), px(2.0 * r))) {}
                },
                Self::Ring => circle.aq-k1 cx=(px(x)) cy=(px(y)) r=(px(r - 0.9)) {},
                Self::Open => path.aq-k3 d=(diamond(r)) {},
                Self::Slight => {
                    path.aq-k3 d=(format!("M{} {}h{}l-{r} -{h}z", px(x - r * 0.9), px(y + r * 0.75),
                        px(r * 1.8), r = px(r * 0.9), h = px(r * 1.5))) {}
                },
                Self::Paused => {
                    path.aq-down d=(format!("M{} {top}h{w}v{h}h-{w}zM{} {top}h{w}v{h}h-{w}z", px(x - r * 0.75),
                        px(x + r * 0.2), top = px(y - r * 0.85), w = px(r * 0.55), h = px(r * 1.7))) {}
                },
                Self::Crossed => {
                    path.aq-faint d=(format!("M{left} {top}l{d} {d}m0 -{d}l-{d} {d}", left = px(x - r * 0.7),
                        top = px(y - r * 0.7), d = px(r * 1.4))) {}
                },
                Self::Dash => path.aq-faint d=(format!("M{} {}h{}", px(x - r * 0.7), px(y), px(r * 1.4))) {},
                Self::Tick => path.aq-line d=(format!("M{} {}v{}", px(x), px(y - r), px(2.0 * r))) {},
            }
        }
    }

    /// The bar, from one time to another.
    pub(crate) fn bar(self, rect: Rect) -> Markup {
        let Rect { x, y, w, h } = rect;
        let middle = px(rect.middle());
        let box_of = |inset: f64| {
            (
                px(x + inset),
                px(y + inset),
                px((w - 2.0 * inset).max(0.2)),
                px(h - 2.0 * inset),
            )
        };
        html! {
            @match self {
                Self::Full => (filled("aq-c0", rect)),
                Self::Diamond => {
                    (filled("aq-c0", rect))
                    path.aq-stripes d=(stripes(rect).data()) {}
                },
                Self::Half => {
                    @let (bx, by, bw, bh) = box_of(0.75);
                    rect.aq-k2 x=(bx) y=(by) width=(bw) height=(bh) {}
                    (filled("aq-c2", Rect { y: y + h / 2.0, h: h / 2.0, ..rect }))
                },
                Self::Ring => {
                    @let (bx, by, bw, bh) = box_of(0.75);
                    rect.aq-k1 x=(bx) y=(by) width=(bw) height=(bh) {}
                },
                Self::Open => {
                    @let (bx, by, bw, bh) = box_of(0.75);
                    rect."aq-k3 aq-broken" x=(bx) y=(by) width=(bw) height=(bh) {}
                },
                Self::Slight | Self::Tick => (filled("aq-c3", Rect { y: rect.middle() - 1.5, h: 3.0, ..rect })),
                Self::Paused => {
                    (filled("aq-down", Rect { y: y + h * 0.2, h: 2.0, ..rect }))
                    (filled("aq-down", Rect { y: y + h * 0.8 - 2.0, h: 2.0, ..rect }))
                },
                Self::Crossed | Self::Dash => path."aq-faint aq-dotted" d=(format!("M{} {middle}h{}", px(x), px(w))) {},
            }
        }
    }

    /// The class that fills what may rise towards a bar, where its end is not known to the day.
    pub(crate) fn fill(self) -> &'static str {
        match self {
            Self::Full | Self::Diamond => "aq-c0",
            Self::Half => "aq-c2",
            Self::Ring => "aq-c1",
            Self::Open | Self::Slight => "aq-c3",
            Self::Paused => "aq-down",
            Self::Crossed | Self::Dash | Self::Tick => "aq-mute",
        }
    }
}

fn filled(class: &str, rect: Rect) -> Markup {
    html! {
        rect class=(class) x=(px(rect.x)) y=(px(rect.y)) width=(px(rect.w.max(0.2))) height=(px(rect.h)) {}
    }
}

/// Slanted strokes across a bar, each cut where it would leave it.
fn stripes(rect: Rect) -> Path {
    const APART: f64 = 7.0;
    let mut path = Path::default();
    let bottom = rect.y + rect.h;
    let mut start = rect.x - rect.h;
    while start < rect.x + rect.w {
        // The stroke climbs as far as it goes right.
        let (from, to) = (start.max(rect.x), (start + rect.h).min(rect.x + rect.w));
        if to > from {
            path = path
                .start(from, bottom - (from - start))
                .line(to, bottom - (to - start));
        }
        start += APART;
    }
    path
}

/// A category: its name and its look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Category {
    /// Name, for the legend and for those who hear the picture.
    pub name: String,
    /// Look.
    pub look: Look,
}

impl Category {
    /// A category by its name and its look.
    pub fn new(name: impl Into<String>, look: Look) -> Self {
        let name = name.into();
        Self { name, look }
    }
}
