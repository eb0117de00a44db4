//! The geometry that all charts with one row per label share: labels at the left, an axis in
//! the middle, figures in an aligned column at the right.

use maud::{Markup, html};

use super::{FONT, px};
use crate::text::{broken, ems, fitted, printable};

/// A rectangle on the paper.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rect {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) w: f64,
    pub(crate) h: f64,
}

impl Rect {
    pub(crate) fn middle(&self) -> f64 {
        self.y + self.h / 2.0
    }

    #[cfg(test)]
    pub(crate) fn overlaps(&self, other: &Self) -> bool {
        let apart = |a: f64, aw: f64, b: f64, bw: f64| a + aw <= b + 1e-6 || b + bw <= a + 1e-6;
        !apart(self.x, self.w, other.x, other.w) && !apart(self.y, self.h, other.y, other.h)
    }
}

/// What a row asks for.
pub(crate) struct RowSpec<'a> {
    pub(crate) label: &'a str,
    /// Heading above the row, where it differs from that of the row before.
    pub(crate) group: Option<&'a str>,
    /// Lines of figures, one per series.
    pub(crate) figures: Vec<String>,
}

/// What a row gets.
#[derive(Clone, Debug)]
pub(crate) struct RowBox {
    pub(crate) lines: Vec<String>,
    pub(crate) label: Rect,
    pub(crate) plot: Rect,
    pub(crate) figures: Rect,
}

/// Where everything stands.
#[derive(Clone, Debug)]
pub(crate) struct RowLayout {
    pub(crate) headings: Vec<(String, Rect)>,
    pub(crate) rows: Vec<RowBox>,
    /// Left and right end of the axis.
    pub(crate) from: f64,
    pub(crate) to: f64,
    /// Below the axis title and the tick labels.
    pub(crate) top: f64,
    pub(crate) bottom: f64,
}

const GAP: f64 = 14.0;
const LINE: f64 = 16.0;
/// Axis title and tick labels.
const AXIS: f64 = 42.0;
const HEADING: f64 = 34.0;

/// Places the rows below `top`, each with lines of this height for its figures.
pub(crate) fn place(rows: &[RowSpec<'_>], width: f64, top: f64, line: f64) -> RowLayout {
    let widest = |texts: &mut dyn Iterator<Item = &str>| {
        texts.map(|text| ems(text) * FONT).fold(0.0_f64, f64::max)
    };
    let label_room = widest(&mut rows.iter().map(|row| row.label)).min(width * 0.34) + 2.0;
    let figures = &mut rows
        .iter()
        .flat_map(|row| row.figures.iter().map(String::as_str));
    let figure_room = widest(figures);
    let (from, to) = (label_room + GAP, width - figure_room - GAP);
    let mut layout = RowLayout {
        headings: Vec::new(),
        rows: Vec::with_capacity(rows.len()),
        from,
        to: to.max(from + 40.0),
        top: top + AXIS,
        bottom: top + AXIS,
    };
    let mut group = None;
    for row in rows {
        if row.group.is_some() && row.group != group {
            layout.add_heading(row.group.unwrap_or_default(), width);
        }
        group = row.group;
        layout.add_row(row, label_room, figure_room, line);
    }
    layout.bottom += 4.0;
    layout
}

impl RowLayout {
    fn add_heading(&mut self, heading: &str, width: f64) {
        let rect = Rect {
            x: 0.0,
            y: self.bottom,
            w: width,
            h: HEADING,
        };
        self.headings
            .push((fitted(&printable(heading), width / FONT / 1.1), rect));
        self.bottom += HEADING;
    }

    fn add_row(&mut self, row: &RowSpec<'_>, label_room: f64, figure_room: f64, line: f64) {
        let lines = broken(&printable(row.label), label_room / FONT, 3);
        let text_height = LINE * lines.len().max(1) as f64 + 6.0;
        let height = text_height.max(line * row.figures.len().max(1) as f64 + 6.0);
        let rect = |x: f64, w: f64| Rect {
            x,
            y: self.bottom,
            w,
            h: height,
        };
        self.rows.push(RowBox {
            label: rect(0.0, label_room),
            plot: rect(self.from, self.to - self.from),
            figures: rect(self.to + GAP, figure_room),
            lines,
        });
        self.bottom += height;
    }

    /// Rules, ticks, zero line and axis title, and the labels of rows and groups.
    pub(crate) fn scaffold(
        &self,
        axis: &str,
        ticks: &[(f64, String)],
        zero: f64,
        strong: &dyn Fn(usize) -> bool,
    ) -> Markup {
        let (top, bottom) = (px(self.top - 2.0), px(self.bottom));
        let end = self
            .rows
            .last()
            .map_or(self.to, |row| row.figures.x + row.figures.w);
        html! {
            text.aq-soft x=(px(self.axis_title_x(axis, end))) y=(px(self.top - 28.0)) {
                (fitted(axis, end / FONT))
            }
            @for (x, label) in ticks {
                text."aq-small aq-mid" x=(px(*x)) y=(px(self.top - 8.0)) { (label) }
                line.aq-grid x1=(px(*x)) x2=(px(*x)) y1=(top) y2=(bottom) {}
            }
            @for row in &self.rows {
                line.aq-rule x1="0" x2=(px(end)) y1=(px(row.label.y)) y2=(px(row.label.y)) {}
            }
            line.aq-zero x1=(px(zero)) x2=(px(zero)) y1=(top) y2=(bottom) {}
            @for (heading, rect) in &self.headings {
                rect.aq-paper x="0" y=(px(rect.y - 3.0)) width=(px(rect.w)) height=(px(rect.h + 2.0)) {}
                text.aq-strong x="0" y=(px(rect.y + rect.h - 9.0)) { (heading) }
            }
            @for (at, row) in self.rows.iter().enumerate() { (label(row, strong(at))) }
        }
    }

    /// The axis title stands above the axis, and moves left where it would leave the paper.
    fn axis_title_x(&self, axis: &str, end: f64) -> f64 {
        self.from.min(end - ems(axis) * FONT).max(0.0)
    }
}

fn label(row: &RowBox, strong: bool) -> Markup {
    let first = row.label.middle() + 4.5 - LINE / 2.0 * (row.lines.len() as f64 - 1.0);
    html! {
        @for (at, line) in row.lines.iter().enumerate() {
            text class=[strong.then_some("aq-strong")] x="0" y=(px(first + LINE * at as f64)) { (line) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_two_boxes_overlap_and_every_text_fits_its_box(
            labels in prop::collection::vec("[A-Za-zÀ-ÿА-я ]{0,60}", 1..41),
            groups in prop::collection::vec(prop::option::of("[ab]"), 41),
            figure in "[+−]?[0-9]{1,6}\\.[0-9]{2}",
            series in 1_usize..4,
            width in 380.0_f64..1000.0,
        ) {
            let specs: Vec<_> = labels
                .iter()
                .zip(&groups)
                .map(|(label, group)| RowSpec {
                    label,
                    group: group.as_deref(),
                    figures: vec![figure.clone(); series],
                })
                .collect();
            let layout = place(&specs, width, 0.0, 15.0);
            let mut boxes: Vec<Rect> = layout.headings.iter().map(|(_, rect)| *rect).collect();
            boxes.extend(layout.rows.iter().flat_map(|r| [r.label, r.plot, r.figures]));
            for (at, one) in boxes.iter().enumerate() {
                prop_assert!(one.x + one.w <= width + 1e-6 && one.y + one.h <= layout.bottom);
                for other in &boxes[at + 1..] {
                    prop_assert!(!one.overlaps(other), "{one:?} {other:?}");
                }
            }
            for row in &layout.rows {
                prop_assert!(row.lines.len() as f64 * LINE <= row.label.h);
                prop_assert!(row.lines.iter().all(|l| ems(l) * FONT <= row.label.w + 1e-6));
                prop_assert!(ems(&figure) * FONT <= row.figures.w + 1e-6);
                prop_assert!(series as f64 * 15.0 <= row.figures.h);
            }
        }
    }
}
