//! A legend that wraps like text.

use maud::{Markup, html};

use super::map::{DISPUTED, Fill, square};
use super::rows::Rect;
use super::{Look, px};
use crate::text::{ems, fitted, printable};

const SWATCH: f64 = 13.0;
const ROW: f64 = 21.0;
const TYPE: f64 = 12.0;

/// One entry: the class of its swatch and its words.
pub(crate) struct Entry {
    pub(crate) swatch: Swatch,
    pub(crate) text: String,
}

/// What a swatch looks like.
#[derive(Clone, Copy)]
pub(crate) enum Swatch {
    /// A square of this class.
    Square(&'static str),
    /// A square of the ground with a mark of this class around or in it.
    Outline,
    /// The mark for contested pairs.
    Dot,
    /// A round mark of this class.
    Circle(&'static str),
    /// A line of this class.
    Line(&'static str),
    /// The mark of a category.
    Mark(Look),
    /// The bar of a category.
    Bar(Look),
    /// The mark for contested things, without a ground.
    Contested,
    /// The land of a class.
    Fill(Fill),
    /// The mark of the state that the others are seen from.
    Chosen,
    /// Land that is disputed.
    Disputed,
}

/// The entries in lines no wider than `width`, and the height they take.
pub(crate) fn legend(entries: &[Entry], width: f64, y: f64) -> (Markup, f64) {
    let (mut x, mut line) = (0.0, 0.0);
    let mut placed = Vec::with_capacity(entries.len());
    for entry in entries {
        let text = fitted(&printable(&entry.text), (width - SWATCH - 6.0) / TYPE);
        let room = SWATCH + 6.0 + ems(&text) * TYPE;
        if x > 0.0 && x + room > width {
            (x, line) = (0.0, line + 1.0);
        }
        placed.push((x, y + line * ROW, entry.swatch, text));
        x += room + 14.0;
    }
    let height = if entries.is_empty() {
        0.0
    } else {
        (line + 1.0) * ROW
    };
    let shapes = html! {
        @for (x, y, mark, text) in &placed {
            (swatch(*mark, *x, *y))
            text x=(px(x + SWATCH + 6.0)) y=(px(y + 11.0)) font-size=(px(TYPE)) { (text) }
        }
    };
    (shapes, height)
}

fn swatch(swatch: Swatch, x: f64, y: f64) -> Markup {
    let (class, size) = match swatch {
        Swatch::Square(class) => (class, SWATCH),
        Swatch::Outline | Swatch::Dot => ("aq-s0", SWATCH),
        _ => ("", 0.0),
    };
    let (middle, centre) = (px(y + SWATCH / 2.0), px(x + SWATCH / 2.0));
    html! {
        @if size > 0.0 { rect class=(class) x=(px(x)) y=(px(y)) width=(px(size)) height=(px(size)) {} }
        @match swatch {
            Swatch::Square(_) => {}
            Swatch::Outline => {
                rect.aq-changed x=(px(x + 1.0)) y=(px(y + 1.0)) width=(px(size - 2.0)) height=(px(size - 2.0)) {}
            }
            Swatch::Dot => { circle.aq-contested cx=(px(x + size - 4.0)) cy=(px(y + 4.0)) r="2.8" {} }
            Swatch::Line(class) => { line class=(class) x1=(px(x)) x2=(px(x + SWATCH)) y1=(middle) y2=(middle) {} }
            Swatch::Circle(class) => { circle class=(class) cx=(centre) cy=(middle) r="5" {} }
            Swatch::Mark(look) => { (look.mark(x + SWATCH / 2.0, y + SWATCH / 2.0, 5.5)) }
            Swatch::Bar(look) => { (look.bar(Rect { x, y: y + 1.5, w: SWATCH + 3.0, h: 10.0 })) }
            Swatch::Fill(fill) => {
                rect class=(fill.ground) x=(px(x)) y=(px(y)) width=(px(SWATCH)) height=(px(SWATCH)) {}
                (fill.stroked(&[square(x, y, SWATCH)]))
                rect.aq-frame x=(px(x)) y=(px(y)) width=(px(SWATCH)) height=(px(SWATCH)) {}
            }
            Swatch::Chosen => {
                rect.aq-chosen x=(px(x + 1.0)) y=(px(y + 1.0)) width=(px(SWATCH - 2.0)) height=(px(SWATCH - 2.0)) {}
            }
            Swatch::Disputed => {
                (DISPUTED.over(&[square(x, y, SWATCH)]))
                rect.aq-frame x=(px(x)) y=(px(y)) width=(px(SWATCH)) height=(px(SWATCH)) {}
            }
            Swatch::Contested => { circle.aq-contested cx=(centre) cy=(middle) r="2.8" {} }
        }
    }
}
