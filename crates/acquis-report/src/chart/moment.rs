//! Single events in time: a mark, as wide as the event is uncertain, and its words beside it.

use maud::{Markup, html};

use super::time::{TimeScale, When};
use super::{Look, Paper, px};
use crate::text::{ems, fitted, printable};

/// Something that happened, or took effect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// When.
    pub when: When,
    /// What, in a few words.
    pub label: String,
    /// Its mark.
    pub look: Look,
    /// Whether sources disagree about it.
    pub contested: bool,
    /// Where it leads in a page.
    pub href: Option<String>,
}

impl Moment {
    /// An event that nobody contests and that leads nowhere.
    pub fn new(when: When, label: impl Into<String>, look: Look) -> Self {
        Self {
            when,
            label: label.into(),
            look,
            contested: false,
            href: None,
        }
    }

    /// Label, date and doubt in one line.
    pub(crate) fn said(&self) -> String {
        let date = if self.when.is_exact() {
            self.when.first().to_string()
        } else {
            format!("between {} and {}", self.when.first(), self.when.last())
        };
        let contested = if self.contested { ", contested" } else { "" };
        printable(&format!("{}, {date}{contested}", self.label)).into_owned()
    }

    /// The mark on a line at this height, with a bar under it where the day is not known.
    pub(crate) fn mark(&self, scale: &TimeScale, y: f64, radius: f64, paper: Paper) -> Markup {
        let (from, to) = (scale.at(self.when.first()), scale.at(self.when.last()));
        let x = f64::midpoint(from, to);
        let shapes = html! {
            g.aq-moment {
                title { (self.said()) }
                @if !self.when.is_exact() {
                    path.aq-unsure d=(format!("M{from} {top}v{h}M{from} {middle}H{to}M{to} {top}v{h}", from = px(from),
                        to = px(to), top = px(y - radius * 0.6), h = px(radius * 1.2), middle = px(y))) {}
                }
                circle.aq-paper cx=(px(x)) cy=(px(y)) r=(px(radius + 1.2)) {}
                (self.look.mark(x, y, radius))
                @if self.contested { circle.aq-contested cx=(px(x + radius)) cy=(px(y - radius)) r="2.6" {} }
            }
        };
        paper.linked(self.href.as_deref(), &shapes)
    }
}

/// A moment with its line and its words.
struct Placed<'a> {
    moment: &'a Moment,
    lane: usize,
    text: String,
    x: f64,
    end: bool,
}

const LANE: f64 = 17.0;
const TYPE: f64 = 11.0;
const RADIUS: f64 = 4.2;

/// Moments in lines below one another, each with its words beside it, and the height they take.
/// No words run into others.
pub(crate) fn lanes(
    moments: &[Moment],
    scale: &TimeScale,
    (top, width): (f64, f64),
    paper: Paper,
) -> (Markup, f64) {
    let placed = place(moments, scale, width);
    let count = placed.iter().map(|placed| placed.lane + 1).max();
    let shapes = html! {
        @for each in &placed {
            @let y = top + LANE * (each.lane as f64 + 0.5);
            (each.moment.mark(scale, y, RADIUS, paper))
            text class=(if each.end { "aq-small aq-end" } else { "aq-small" }) x=(px(each.x)) y=(px(y + 3.8)) { (each.text) }
        }
    };
    (shapes, LANE * count.unwrap_or_default() as f64)
}

fn place<'a>(moments: &'a [Moment], scale: &TimeScale, width: f64) -> Vec<Placed<'a>> {
    let mut shown: Vec<&Moment> = moments
        .iter()
        .filter(|moment| scale.touches(moment.when))
        .collect();
    shown.sort_by_key(|moment| moment.when);
    // What each line already holds, as stretches from left to right.
    let mut lines: Vec<Vec<(f64, f64)>> = Vec::new();
    let mut placed = Vec::with_capacity(shown.len());
    for moment in shown {
        let (from, to) = (
            scale.at(moment.when.first()) - RADIUS,
            scale.at(moment.when.last()) + RADIUS,
        );
        let label = printable(&moment.label);
        let right_room = (width - to - 6.0) / TYPE;
        let end = ems(&label) > right_room && from > width / 2.0;
        let text = if end {
            fitted(&label, (from - 6.0) / TYPE)
        } else {
            fitted(&label, right_room)
        };
        let room = ems(&text) * TYPE + 4.0;
        let taken = if end {
            (from - room - 6.0, to + 4.0)
        } else {
            (from - 4.0, to + room + 6.0)
        };
        let free =
            |line: &Vec<(f64, f64)>| line.iter().all(|(l, r)| taken.1 <= *l || *r <= taken.0);
        let lane = lines.iter().position(free).unwrap_or(lines.len());
        if lane == lines.len() {
            lines.push(Vec::new());
        }
        lines[lane].push(taken);
        placed.push(Placed {
            moment,
            lane,
            text,
            x: if end { from - 4.0 } else { to + 4.0 },
            end,
        });
    }
    placed
}

#[cfg(test)]
mod tests {
    use super::super::time::TimeSpan;
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_words_run_into_others_or_off_the_paper(
            acts in prop::collection::vec((1_i16..3000, 0_i16..400, "[A-Za-z :]{0,40}"), 0..25),
            width in 250.0_f64..800.0,
        ) {
            let start = date(2000, 1, 1);
            let moments: Vec<Moment> = acts
                .into_iter()
                .map(|(day, more, label)| {
                    let first = start.saturating_add(jiff::Span::new().days(day));
                    let last = first.saturating_add(jiff::Span::new().days(more));
                    Moment::new(When::within(first, last).unwrap(), label, Look::Full)
                })
                .collect();
            let span = TimeSpan::new(start, date(2010, 1, 1)).unwrap();
            let scale = TimeScale::new(span, 20.0, width);
            let boxes: Vec<(usize, f64, f64)> = place(&moments, &scale, width)
                .iter()
                .map(|placed| {
                    let room = ems(&placed.text) * TYPE;
                    let left = if placed.end { placed.x - room } else { placed.x };
                    (placed.lane, left, left + room)
                })
                .collect();
            for (at, one) in boxes.iter().enumerate() {
                // An ellipsis of a dot or so may pass the edge where nothing else fits.
                prop_assert!(one.1 >= -1.0 && one.2 <= width + ems("…") * TYPE, "{one:?}");
                for other in &boxes[at + 1..] {
                    prop_assert!(one.0 != other.0 || one.2 <= other.1 || other.2 <= one.1);
                }
            }
        }
    }
}
