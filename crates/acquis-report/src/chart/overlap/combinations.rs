//! Every combination of sets that occurs, with the names of those in it: the `UpSet` plot of
//! Lex and others (2014) with its members written out.

use maud::{Markup, html};

use super::{CONTESTED, Overlap, OverlapForm, Zone, together};
use crate::chart::{Drawing, FONT, Paper, px};
use crate::text::{broken, ems, fitted, printable};

const LINE: f64 = 17.0;
const PAD: f64 = 9.0;

pub(super) fn draw(overlap: &Overlap, paper: Paper) -> Drawing {
    let width = paper.width();
    let groups = overlap.groups();
    let names: Vec<String> = groups
        .iter()
        .map(|(names, _)| printable(&together(names, |h| &h.short)).into_owned())
        .collect();
    let longest = names
        .iter()
        .map(|name| ems(name) * FONT)
        .fold(0.0_f64, f64::max)
        .min(150.0);
    let step = ((width * 0.5) / names.len().max(1) as f64).clamp(10.0, 30.0);
    let left = step * names.len() as f64 + 12.0;
    let mut zones = overlap.zones();
    zones.sort_by_key(|zone| (std::cmp::Reverse(zone.members.len()), zone.sets));
    let head = longest + 12.0;
    let mut y = head;
    let rows: Vec<(Zone, Vec<Vec<usize>>, f64)> = zones
        .into_iter()
        .map(|zone| {
            let lines = lines(overlap, &zone, (width - left) / FONT);
            let top = y;
            y += LINE * lines.len() as f64 + PAD;
            (zone, lines, top)
        })
        .collect();
    let remarks = remarks(overlap);
    let remarks: Vec<String> = remarks
        .iter()
        .flat_map(|remark| broken(&printable(remark), width / 11.0, 4))
        .collect();
    let (key, key_height) = overlap.key(width, y + 6.0);
    let below = y + key_height;
    let shapes = html! {
        @for (at, ((headings, _), name)) in groups.iter().zip(&names).enumerate() {
            @let place = format!("translate({} {}) rotate(-90)", px(step * (at as f64 + 0.5) + 4.5), px(head - 8.0));
            @let text = html! {
                text transform=(place) { title { (printable(&together(headings, |h| &h.name))) } (fitted(name, longest / FONT + 0.5)) }
            };
            (paper.linked(headings.first().and_then(|h| h.href.as_deref()), &text))
        }
        @for (zone, lines, top) in &rows {
            (row(overlap, zone, lines, Place { top: *top, left, step, sets: groups.len(), width }, paper))
        }
        (key)
        @for (at, remark) in remarks.iter().enumerate() {
            text.aq-small x="0" y=(px(below + 18.0 + 15.0 * at as f64)) { (remark) }
        }
    };
    Drawing {
        height: below + 8.0 + 15.0 * remarks.len() as f64,
        shapes,
    }
}

fn remarks(overlap: &Overlap) -> Vec<String> {
    let mut remarks = overlap.remarks();
    if overlap.form == OverlapForm::Best {
        let why = "Rectangles would show somebody where they are not, so each row is a combination of memberships that occurs.";
        remarks.insert(0, why.to_owned());
    }
    remarks
}

#[derive(Clone, Copy)]
struct Place {
    top: f64,
    left: f64,
    step: f64,
    sets: usize,
    width: f64,
}

/// The members of a combination, as many on a line as have room.
fn lines(overlap: &Overlap, zone: &Zone, room: f64) -> Vec<Vec<usize>> {
    let mut lines: Vec<Vec<usize>> = Vec::new();
    let mut used = f64::INFINITY;
    for member in &zone.members {
        let wide = ems(&overlap.members[*member].name) + ems(",  ");
        if used + wide > room {
            lines.push(Vec::new());
            used = 0.0;
        }
        used += wide;
        if let Some(line) = lines.last_mut() {
            line.push(*member);
        }
    }
    lines
}

fn row(overlap: &Overlap, zone: &Zone, lines: &[Vec<usize>], place: Place, paper: Paper) -> Markup {
    let Place {
        top,
        left,
        step,
        sets,
        width,
    } = place;
    let height = LINE * lines.len() as f64 + PAD;
    let middle = top + height / 2.0;
    let x = |set: usize| step * (set as f64 + 0.5);
    let within: Vec<usize> = (0..sets).filter(|set| zone.sets >> set & 1 == 1).collect();
    let radius = (step * 0.28).clamp(3.0, 6.0);
    html! {
        line.aq-rule x1="0" x2=(px(width)) y1=(px(top)) y2=(px(top)) {}
        @for set in 0..sets {
            @if !within.contains(&set) { circle.aq-grade0 cx=(px(x(set))) cy=(px(middle)) r=(px(radius * 0.6)) {} }
        }
        @if let (Some(first), Some(last)) = (within.first(), within.last()) {
            line.aq-span x1=(px(x(*first))) x2=(px(x(*last))) y1=(px(middle)) y2=(px(middle)) {}
        }
        @for set in &within { circle.aq-c0 cx=(px(x(*set))) cy=(px(middle)) r=(px(radius)) {} }
        @for (at, line) in lines.iter().enumerate() {
            (names(overlap, line, (left, top + PAD / 2.0 + LINE * (at as f64 + 0.75)), (width - left) / FONT, paper))
        }
    }
}

fn names(
    overlap: &Overlap,
    line: &[usize],
    (left, y): (f64, f64),
    room: f64,
    paper: Paper,
) -> Markup {
    let mut x = left;
    let placed: Vec<(usize, f64, f64, String)> = line
        .iter()
        .map(|member| {
            let name = fitted(&printable(&overlap.members[*member].name), room);
            let (at, wide) = (x, ems(&name) * FONT);
            x += wide + ems(",  ") * FONT;
            (*member, at, wide, name)
        })
        .collect();
    html! {
        @for (member, x, wide, name) in placed {
            @let text = html! { text x=(px(x)) y=(px(y)) { title { (overlap.said(member)) } (name) } };
            (paper.linked(overlap.members[member].href.as_deref(), &text))
            @if overlap.is_contested(member) {
                circle.aq-contested cx=(px(x + wide + 2.0)) cy=(px(y - 9.0)) r="2.6" { title { (CONTESTED) } }
            }
        }
    }
}
